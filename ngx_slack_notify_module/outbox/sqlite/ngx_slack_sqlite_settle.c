
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Settling: the outcomes of messages, and what they mean for their threads.
 * Takes its turn like storing.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_memory.h>
#include <ngx_slack_sqlite_thread.h>


typedef struct {
    int64_t                   term;
    ngx_uint_t                over;              /* the term is over */

    ngx_slack_settlement_t   *settlements;
    ngx_uint_t                n;
    ngx_slack_standing_t     *standings;
    ngx_uint_t                m;

    ngx_slack_tally_settlement_t  *settled;  /* for the tally; NULL: none */
    ngx_uint_t                     nsettled;
} ngx_slack_sqlite_settle_ctx_t;


static ngx_int_t ngx_slack_sqlite_settle_all(ngx_slack_store_t *store,
    void *data);
static ngx_int_t ngx_slack_sqlite_settle_message(ngx_slack_store_t *store,
    ngx_slack_sqlite_settle_ctx_t *ctx, ngx_slack_settlement_t *st,
    int64_t now);
static ngx_int_t ngx_slack_sqlite_postpone(ngx_slack_store_t *store,
    ngx_slack_settlement_t *st);
static ngx_int_t ngx_slack_sqlite_settle_late(ngx_slack_store_t *store,
    ngx_slack_settlement_t *st);
static ngx_int_t ngx_slack_sqlite_settle_thread(ngx_slack_store_t *store,
    ngx_slack_settlement_t *st, int64_t thread, int64_t part);
static ngx_int_t ngx_slack_sqlite_settle_refused(ngx_slack_store_t *store,
    ngx_slack_settlement_t *st);
static ngx_int_t ngx_slack_sqlite_refuse_root(ngx_slack_store_t *store,
    ngx_slack_sqlite_thread_t *thread, ngx_slack_sqlite_part_t *part,
    int64_t id, ngx_uint_t waits);
static ngx_int_t ngx_slack_sqlite_refuse_part(ngx_slack_store_t *store,
    ngx_slack_sqlite_thread_t *thread, ngx_slack_settlement_t *st,
    ngx_uint_t waits);
static ngx_int_t ngx_slack_sqlite_set_root(ngx_slack_store_t *store,
    ngx_slack_settlement_t *st, int64_t thread, int64_t part);
static ngx_int_t ngx_slack_sqlite_set_standing(ngx_slack_store_t *store,
    ngx_slack_standing_t *standing, int64_t now);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_settle(ngx_slack_store_t *store, int64_t term,
    ngx_slack_settlement_t *settlements, ngx_uint_t n,
    ngx_slack_standing_t *standings, ngx_uint_t m)
{
    ngx_int_t                      rc;
    ngx_slack_sqlite_settle_ctx_t  ctx;

    ctx.term = term;
    ctx.over = 0;
    ctx.settlements = settlements;
    ctx.n = n;
    ctx.standings = standings;
    ctx.m = m;
    ctx.settled = NULL;

    if (store->conf->tally && n) {

        /*
         * without memory the tally misses these, and the next survey counts
         * all
         */

        ctx.settled = ngx_alloc(n * sizeof(ngx_slack_tally_settlement_t),
                                store->log);
    }

    rc = ngx_slack_sqlite_transact(store, ngx_slack_sqlite_settle_all, &ctx);

    if (rc != NGX_OK && ctx.over) {
        rc = NGX_DECLINED;
    }

    if (ctx.settled == NULL) {
        return rc;
    }

    if (rc == NGX_OK) {
        ngx_slack_sqlite_noted(store, ctx.settled, ctx.nsettled);
    }

    ngx_free(ctx.settled);

    return rc;
}


static ngx_int_t
ngx_slack_sqlite_settle_all(ngx_slack_store_t *store, void *data)
{
    int64_t                         now;
    ngx_uint_t                      i;
    ngx_slack_sqlite_settle_ctx_t  *ctx;

    ctx = data;
    now = ngx_slack_clock_wall();

    if (!ngx_slack_sqlite_leader_holds(&store->leader, ctx->term)) {
        ctx->over = 1;
        return NGX_ERROR;
    }

    ngx_slack_sqlite_forget_threads(store);

    /* this may be the second try of the transaction */

    ctx->nsettled = 0;

    for (i = 0; i < ctx->n; i++) {
        if (ngx_slack_sqlite_settle_message(store, ctx, &ctx->settlements[i],
                                            now)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (ngx_slack_sqlite_note(store, ctx->settled, ctx->nsettled) != NGX_OK) {
        return NGX_ERROR;
    }

    for (i = 0; i < ctx->m; i++) {
        if (ngx_slack_sqlite_set_standing(store, &ctx->standings[i], now)
            != NGX_OK
            || ngx_slack_sqlite_set_memos(store, ctx->standings[i].memos,
                                          ctx->standings[i].nmemos)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_settle_message(ngx_slack_store_t *store,
    ngx_slack_sqlite_settle_ctx_t *ctx, ngx_slack_settlement_t *st,
    int64_t now)
{
    int64_t                        channel, thread, part;
    ngx_int_t                      rc;
    ngx_str_t                      answer;
    ngx_uint_t                     state;
    sqlite3_stmt                  *stmt;
    ngx_slack_tally_settlement_t  *settled;

    answer = st->answer;

    switch (st->outcome) {

    case NGX_SLACK_SETTLE_RETRY:
        return ngx_slack_sqlite_postpone(store, st);

    case NGX_SLACK_SETTLE_ROOT:
    case NGX_SLACK_SETTLE_REPLY:
    case NGX_SLACK_SETTLE_PLAIN:
        return ngx_slack_sqlite_settle_refused(store, st);

    case NGX_SLACK_SETTLE_SUPERSEDED:
        ngx_str_set(&answer, "superseded");

        /* fall through */

    case NGX_SLACK_SETTLE_SENT:
        state = NGX_SLACK_SQLITE_SENT;
        break;

    default: /* NGX_SLACK_SETTLE_DEAD */
        state = NGX_SLACK_SQLITE_DEAD;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SETTLE, 1, st->id);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SETTLE, 2, (int64_t) state);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SETTLE, 3, now);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SETTLE, 4,
                              (int64_t) st->attempts);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_SETTLE, 5, &answer);

    rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_SETTLE);

    if (rc == NGX_DONE) {

        /* it is settled already, or the id belongs to another file */

        return ngx_slack_sqlite_settle_late(store, st);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    stmt = store->stmts[NGX_SLACK_SQL_SETTLE];

    channel = sqlite3_column_int64(stmt, 0);
    thread = sqlite3_column_int64(stmt, 1);
    part = sqlite3_column_int64(stmt, 2);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_SETTLE) != NGX_OK) {
        return NGX_ERROR;
    }

    store->waiting--;

    if (state == NGX_SLACK_SQLITE_DEAD
        && ngx_slack_sqlite_announced(store, st->id, -1) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ctx->settled) {
        settled = &ctx->settled[ctx->nsettled++];

        settled->settled = store->newest - store->waiting;
        settled->id = st->id;
        settled->channel = channel;
        settled->dead = (state == NGX_SLACK_SQLITE_DEAD);
    }

    return thread ? ngx_slack_sqlite_settle_thread(store, st, thread, part)
                  : NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_postpone(ngx_slack_store_t *store, ngx_slack_settlement_t *st)
{
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_POSTPONE, 1, st->id);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_POSTPONE, 2, st->due);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_POSTPONE, 3,
                              (int64_t) st->attempts);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_POSTPONE, 4, &st->answer);

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_POSTPONE);
}


/* The message does not wait any more: only its handle is of use. */

static ngx_int_t
ngx_slack_sqlite_settle_late(ngx_slack_store_t *store,
    ngx_slack_settlement_t *st)
{
    ngx_int_t                rc;
    ngx_slack_sqlite_part_t  part;

    if (st->outcome != NGX_SLACK_SETTLE_SENT || st->handle.len == 0) {
        return NGX_OK;
    }

    rc = ngx_slack_sqlite_part(store, st->id, &part);

    if (rc == NGX_DECLINED || (rc == NGX_OK && part.thread == 0)) {
        return NGX_OK;
    }

    return (rc == NGX_OK) ? ngx_slack_sqlite_set_root(store, st, part.thread,
                                                      part.part)
                          : NGX_ERROR;
}


/* The message that is this part of the thread is sent, superseded or dead. */

static ngx_int_t
ngx_slack_sqlite_settle_thread(ngx_slack_store_t *store,
    ngx_slack_settlement_t *st, int64_t thread, int64_t part)
{
    ngx_uint_t  role;

    role = ngx_slack_sqlite_role(part);

    if (role == NGX_SLACK_ROLE_CHANGE
        && ngx_slack_sqlite_end_change(store, thread, st->id) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (st->outcome == NGX_SLACK_SETTLE_SENT && st->handle.len) {
        return ngx_slack_sqlite_set_root(store, st, thread, part);
    }

    /* a change waits for ever for a root that has no handle */

    if (role == NGX_SLACK_ROLE_ROOT || role == NGX_SLACK_ROLE_STATE_ROOT) {
        return ngx_slack_sqlite_lost(store, thread);
    }

    return NGX_OK;
}


/* The receiver refuses what the message was to be, but not the message. */

static ngx_int_t
ngx_slack_sqlite_settle_refused(ngx_slack_store_t *store,
    ngx_slack_settlement_t *st)
{
    ngx_int_t                  rc;
    ngx_uint_t                 waits;
    ngx_slack_sqlite_part_t    part;
    ngx_slack_sqlite_thread_t  thread;

    rc = ngx_slack_sqlite_part(store, st->id, &part);

    if (rc != NGX_OK || part.thread == 0) {
        return (rc == NGX_ERROR) ? NGX_ERROR : NGX_OK;
    }

    waits = (part.state == NGX_SLACK_SQLITE_WAITING
             || part.state == NGX_SLACK_SQLITE_CHANGE);

    rc = ngx_slack_sqlite_thread(store, part.thread, &thread);

    if (rc == NGX_DECLINED) {

        /* somebody has edited the file */

        return waits ? ngx_slack_sqlite_turn(store, st->id,
                                             NGX_SLACK_ROLE_PLAIN)
                     : NGX_OK;
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    rc = (st->outcome == NGX_SLACK_SETTLE_ROOT)
         ? ngx_slack_sqlite_refuse_root(store, &thread, &part, st->id, waits)
         : ngx_slack_sqlite_refuse_part(store, &thread, st, waits);

    if (rc != NGX_OK) {
        return (rc == NGX_DECLINED) ? NGX_OK : NGX_ERROR;
    }

    if (ngx_slack_sqlite_revise_threads(store) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_sqlite_set_thread(store, &thread);
}


/* The receiver has no root any more.  NGX_DECLINED: this is known already. */

static ngx_int_t
ngx_slack_sqlite_refuse_root(ngx_slack_store_t *store,
    ngx_slack_sqlite_thread_t *thread, ngx_slack_sqlite_part_t *part,
    int64_t id, ngx_uint_t waits)
{
    ngx_slack_role_e  role;

    if (thread->root == id ? !waits
                           : thread->has == NGX_SLACK_SQLITE_ROOT_WAITS)
    {
        return NGX_DECLINED;
    }

    thread->forgets = 1;
    thread->flags &= NGX_SLACK_SQLITE_ENDED;
    thread->root = 0;

    if (!waits) {
        return ngx_slack_sqlite_succeed(store, thread);
    }

    thread->root = id;
    thread->flags |= ngx_slack_sqlite_root_flag(part->part);
    role = ngx_slack_sqlite_role(part->part);

    if (thread->change == id) {
        thread->change = 0;
        thread->since = 0;
    }

    return ngx_slack_sqlite_turn(store, id,
                                 (role == NGX_SLACK_ROLE_CHANGE
                                  || role == NGX_SLACK_ROLE_STATE_ROOT)
                                 ? NGX_SLACK_ROLE_STATE_ROOT
                                 : NGX_SLACK_ROLE_ROOT);
}


/* The receiver takes no changes of the root, or no replies to it, any more. */

static ngx_int_t
ngx_slack_sqlite_refuse_part(ngx_slack_store_t *store,
    ngx_slack_sqlite_thread_t *thread, ngx_slack_settlement_t *st,
    ngx_uint_t waits)
{
    int64_t           id;
    ngx_slack_role_e  role;

    id = waits ? st->id : 0;

    if (st->outcome == NGX_SLACK_SETTLE_PLAIN) {
        thread->flags |= NGX_SLACK_SQLITE_NO_REPLIES;
        role = NGX_SLACK_ROLE_PLAIN;

    } else {
        thread->flags |= NGX_SLACK_SQLITE_NO_CHANGES;
        role = NGX_SLACK_ROLE_REPLY;

        /* what has replaced it meanwhile will be refused, too */

        id = waits ? st->id : thread->change;
    }

    if (id == 0) {
        return NGX_OK;
    }

    if (thread->change == id) {
        thread->change = 0;
        thread->since = 0;
    }

    if (ngx_slack_sqlite_turn(store, id, role) != NGX_OK) {
        return NGX_ERROR;
    }

    if (thread->root != id) {
        return NGX_OK;
    }

    /* it was the root, which there is none of any more */

    thread->root = 0;

    return ngx_slack_sqlite_succeed(store, thread);
}


static ngx_int_t
ngx_slack_sqlite_set_root(ngx_slack_store_t *store, ngx_slack_settlement_t *st,
    int64_t thread, int64_t part)
{
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SET_ROOT, 1, thread);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_SET_ROOT, 2, &st->handle);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SET_ROOT, 3, st->id);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SET_ROOT, 4,
                              ngx_slack_sqlite_root_flag(part));

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_SET_ROOT);
}


static ngx_int_t
ngx_slack_sqlite_set_standing(ngx_slack_store_t *store,
    ngx_slack_standing_t *standing, int64_t now)
{
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SET_STANDING, 1,
                              standing->id);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SET_STANDING, 2,
                              standing->not_before);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SET_STANDING, 3,
                              (int64_t) standing->failures);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_SET_STANDING, 4,
                               &standing->answer);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SET_STANDING, 5, now);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_SET_STANDING) != NGX_OK) {
        return NGX_ERROR;
    }

    if (standing->handle.len == 0) {
        return NGX_OK;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SET_HANDLE, 1,
                              standing->id);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_SET_HANDLE, 2,
                               &standing->handle);

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_SET_HANDLE);
}
