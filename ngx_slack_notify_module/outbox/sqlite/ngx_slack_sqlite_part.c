
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The rule of threads: what a new message becomes, by how its thread stands,
 * and what it changes of that.  Knows no file.  Any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_thread.h>


/* ms: so long after the end of a thread older states of it are refused */
#define NGX_SLACK_SQLITE_TOMBSTONE  ((int64_t) 3600 * 1000)


static ngx_uint_t ngx_slack_sqlite_stale(ngx_slack_sqlite_thread_t *thread,
    ngx_slack_new_part_t *part, int64_t now);
static ngx_uint_t ngx_slack_sqlite_ends(ngx_slack_new_part_t *part);
static ngx_uint_t ngx_slack_sqlite_rank_of(ngx_slack_new_part_t *part);
static int64_t ngx_slack_sqlite_stamp_of(ngx_slack_new_part_t *part);


ngx_uint_t
ngx_slack_sqlite_decide(ngx_slack_entry_t *event, ngx_slack_new_part_t *part,
    ngx_uint_t before, ngx_uint_t only, int64_t now,
    ngx_slack_sqlite_thread_t *thread)
{
    ngx_uint_t  known;

    known = (thread != NULL && thread->expires >= now);

    if (known && part->part == NGX_SLACK_NEW_STATE
        && ngx_slack_sqlite_stale(thread, part, now))
    {
        return NGX_SLACK_SQLITE_BECAME_STALE;
    }

    /* what goes with a state goes to its thread, even if that has ended it */

    if (known && (thread->flags & NGX_SLACK_SQLITE_ENDED)
        && before == NGX_SLACK_SQLITE_BECAME_NOTHING
        && (part->part != NGX_SLACK_NEW_REPLY
            || !ngx_slack_sqlite_stale(thread, part, now)))
    {
        known = 0;
    }

    if (known && part->part == NGX_SLACK_NEW_STATE
        && (thread->flags & NGX_SLACK_SQLITE_PART_ROOT)
        && thread->has != NGX_SLACK_SQLITE_NO_ROOT)
    {
        known = 0;
    }

    /* nobody has told that it ended, but it did */

    if (event->anew && before == NGX_SLACK_SQLITE_BECAME_NOTHING
        && (part->part == NGX_SLACK_NEW_STATE || part->whole))
    {
        known = 0;
    }

    if (only && (!known || thread->has == NGX_SLACK_SQLITE_NO_ROOT)) {
        return NGX_SLACK_SQLITE_BECAME_NOTHING;
    }

    if (!known) {
        return NGX_SLACK_SQLITE_BECAME_ROOT;
    }

    return (part->part == NGX_SLACK_NEW_STATE)
           ? NGX_SLACK_SQLITE_BECAME_CHANGE
           : NGX_SLACK_SQLITE_BECAME_REPLY;
}


static ngx_uint_t
ngx_slack_sqlite_stale(ngx_slack_sqlite_thread_t *thread,
    ngx_slack_new_part_t *part, int64_t now)
{
    if ((thread->flags & NGX_SLACK_SQLITE_ENDED)
        && now - thread->touched > NGX_SLACK_SQLITE_TOMBSTONE)
    {
        return 0;
    }

    return ngx_slack_sqlite_older(thread, ngx_slack_sqlite_stamp_of(part),
                                  ngx_slack_sqlite_rank_of(part));
}


void
ngx_slack_sqlite_new_thread(ngx_slack_new_part_t *part, int64_t now,
    ngx_slack_sqlite_part_t *place, ngx_slack_sqlite_thread_t *thread)
{
    ngx_memzero(thread, sizeof(ngx_slack_sqlite_thread_t));

    thread->id = place->thread;
    thread->destination = place->destination;
    thread->flags = ngx_slack_sqlite_part_root(part);
    thread->root = thread->id;
    thread->touched = now;
    thread->expires = ngx_slack_sqlite_expiry(part, now);
    thread->last = thread->id;
    thread->has = NGX_SLACK_SQLITE_ROOT_WAITS;
    thread->found = 1;

    if (ngx_slack_sqlite_ends(part)) {
        thread->flags |= NGX_SLACK_SQLITE_ENDED;
    }

    if (part->part == NGX_SLACK_NEW_STATE
        || part->part == NGX_SLACK_NEW_START
        || ngx_slack_sqlite_ends(part))
    {
        thread->stamp = ngx_slack_sqlite_stamp_of(part);
        thread->rank = ngx_slack_sqlite_rank_of(part);
    }
}


void
ngx_slack_sqlite_set_stamp(ngx_slack_sqlite_thread_t *thread,
    ngx_slack_new_part_t *part)
{
    if (part->stamp > 0) {
        thread->stamp = ngx_slack_sqlite_stamp_of(part);
        thread->rank = ngx_slack_sqlite_rank_of(part);

    } else {

        /* it is news, and still no reason to show an older state after it */

        thread->rank = (thread->rank & ~(ngx_uint_t) 1) | part->final;
    }
}


ngx_uint_t
ngx_slack_sqlite_part_root(ngx_slack_new_part_t *part)
{
    return (part->part == NGX_SLACK_NEW_STATE || part->whole)
           ? 0 : NGX_SLACK_SQLITE_PART_ROOT;
}


/* "ends" of a reply that goes with a state is that of the state */

static ngx_uint_t
ngx_slack_sqlite_ends(ngx_slack_new_part_t *part)
{
    return part->ends && part->part != NGX_SLACK_NEW_HISTORY;
}


/* a thread that has ended is remembered as long as its stamp matters */

int64_t
ngx_slack_sqlite_expiry(ngx_slack_new_part_t *part, int64_t now)
{
    int64_t  expires;

    expires = now + (int64_t) part->keep * 1000;

    if (ngx_slack_sqlite_ends(part)) {
        expires = ngx_max(expires, now + NGX_SLACK_SQLITE_TOMBSTONE);
    }

    return ngx_min(expires, NGX_SLACK_SQLITE_TIME_MAX);
}


static ngx_uint_t
ngx_slack_sqlite_rank_of(ngx_slack_new_part_t *part)
{
    return 2 * (part->clock & 255) + part->final;
}


static int64_t
ngx_slack_sqlite_stamp_of(ngx_slack_new_part_t *part)
{
    int64_t  stamp;

    stamp = ngx_max(part->stamp, 0);

    return ngx_min(stamp, NGX_SLACK_SQLITE_TIME_MAX);
}


int64_t
ngx_slack_sqlite_pack(ngx_slack_new_part_t *part, ngx_slack_role_e role)
{
    int64_t  whole;

    whole = (part->part == NGX_SLACK_NEW_STATE || part->whole);

    return (ngx_slack_sqlite_stamp_of(part) << 13)
           | (whole << 12)
           | (int64_t) (ngx_slack_sqlite_rank_of(part) << 3)
           | (int64_t) role;
}
