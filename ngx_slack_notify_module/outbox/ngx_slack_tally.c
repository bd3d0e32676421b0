
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Counts of waiting messages in shared memory (see the header).  Knows nothing
 * of the database.  Runs in pool threads.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_mutex.h>
#include <ngx_slack_tally.h>


static void ngx_slack_tally_copy(ngx_slack_tally_counts_t *dst,
    ngx_slack_tally_counts_t *src);
static ngx_int_t ngx_slack_tally_apply(ngx_slack_tally_t *tally,
    ngx_slack_tally_mark_t *mark, ngx_slack_tally_counts_t *counts);
static ngx_int_t ngx_slack_tally_take(ngx_slack_tally_counts_t *counts,
    ngx_slack_tally_settlement_t *st);
static int ngx_libc_cdecl ngx_slack_tally_compare(const void *one,
    const void *two);


/* executed in a pool thread */

void
ngx_slack_tally_settle(ngx_slack_tally_t *tally,
    ngx_slack_tally_settlement_t *settlements, ngx_uint_t n)
{
    ngx_uint_t  i, slot;

    ngx_slack_mutex_lock(tally->mutex);

    for (i = 0; i < n; i++) {
        slot = (ngx_uint_t) settlements[i].settled
               % NGX_SLACK_TALLY_SETTLED;

        /* A process that dies here leaves an entry that matches no outbox. */

        tally->settlements[slot].outbox = 0;
        ngx_memory_barrier();
        tally->settlements[slot].revision = settlements[i].revision;
        tally->settlements[slot].settled = settlements[i].settled;
        tally->settlements[slot].id = settlements[i].id;
        tally->settlements[slot].channel = settlements[i].channel;
        tally->settlements[slot].dead = settlements[i].dead;
        ngx_memory_barrier();
        tally->settlements[slot].outbox = settlements[i].outbox;
    }

    ngx_slack_mutex_unlock(tally->mutex);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_tally_get(ngx_slack_tally_t *tally, ngx_slack_tally_mark_t *mark,
    ngx_slack_tally_counts_t *counts)
{
    ngx_int_t                rc;
    ngx_slack_tally_mark_t  *old;

    rc = NGX_OK;

    ngx_slack_mutex_lock(tally->mutex);

    old = &tally->counts.mark;

    /*
     * Dead letters are purged oldest first.  A change of the oldest one is the
     * only sign of a purge.
     */

    if (!tally->valid
        || old->outbox != mark->outbox
        || old->revision != mark->revision
        || old->newest > mark->newest
        || old->settled > mark->settled
        || mark->settled - old->settled > NGX_SLACK_TALLY_SETTLED
        || (old->dead && (old->dead != mark->dead
                          || old->died != mark->died)))
    {
        rc = NGX_DECLINED;

    } else {
        ngx_slack_tally_copy(counts, &tally->counts);
    }

    ngx_slack_mutex_unlock(tally->mutex);

    return (rc == NGX_OK) ? ngx_slack_tally_apply(tally, mark, counts) : rc;
}


/* executed in a pool thread */

void
ngx_slack_tally_put(ngx_slack_tally_t *tally,
    ngx_slack_tally_counts_t *counts)
{
    ngx_slack_tally_mark_t  *old;

    qsort(counts->channels, counts->n, sizeof(ngx_slack_tally_channel_t),
          ngx_slack_tally_compare);

    ngx_slack_mutex_lock(tally->mutex);

    old = &tally->counts.mark;

    if (!tally->valid
        || old->outbox != counts->mark.outbox
        || old->revision != counts->mark.revision
        || old->settled <= counts->mark.settled)
    {
        tally->valid = 0;
        ngx_memory_barrier();
        ngx_slack_tally_copy(&tally->counts, counts);
        ngx_memory_barrier();
        tally->valid = 1;
    }

    ngx_slack_mutex_unlock(tally->mutex);
}


/* executed in a pool thread */

ngx_slack_tally_channel_t *
ngx_slack_tally_find(ngx_slack_tally_counts_t *counts, int64_t id)
{
    ngx_slack_tally_channel_t  key;

    ngx_memzero(&key, sizeof(ngx_slack_tally_channel_t));
    key.id = id;

    return bsearch(&key, counts->channels, counts->n,
                   sizeof(ngx_slack_tally_channel_t),
                   ngx_slack_tally_compare);
}


static void
ngx_slack_tally_copy(ngx_slack_tally_counts_t *dst,
    ngx_slack_tally_counts_t *src)
{
    ngx_memcpy(dst, src, offsetof(ngx_slack_tally_counts_t, channels)
                         + src->n * sizeof(ngx_slack_tally_channel_t));
}


/* Runs without the mutex: an entry that is being written does not match. */

static ngx_int_t
ngx_slack_tally_apply(ngx_slack_tally_t *tally, ngx_slack_tally_mark_t *mark,
    ngx_slack_tally_counts_t *counts)
{
    int64_t                        settled;
    ngx_slack_tally_settlement_t  *slot, st;

    for (settled = counts->mark.settled + 1;
         settled <= mark->settled;
         settled++)
    {
        slot = &tally->settlements[(ngx_uint_t) settled
                                   % NGX_SLACK_TALLY_SETTLED];

        if (slot->outbox != mark->outbox) {
            return NGX_AGAIN;
        }

        ngx_memory_barrier();
        st = *slot;
        ngx_memory_barrier();

        if (slot->outbox != mark->outbox
            || st.revision != mark->revision
            || st.settled != settled
            || slot->settled != settled)
        {
            return NGX_AGAIN;
        }

        if (ngx_slack_tally_take(counts, &st) != NGX_OK) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_tally_take(ngx_slack_tally_counts_t *counts,
    ngx_slack_tally_settlement_t *st)
{
    ngx_uint_t                  age;
    ngx_slack_tally_channel_t  *ch;

    ch = ngx_slack_tally_find(counts, st->channel);

    /* messages that are newer than the counts are not included in them */

    if (st->id <= counts->mark.newest) {

        for (age = 0; age < NGX_SLACK_SURVEY_AGES - 1; age++) {
            if (st->id > counts->upto[age]) {
                break;
            }
        }

        if (ch == NULL || ch->waiting[age] == 0) {
            return NGX_DECLINED;
        }

        ch->waiting[age]--;
    }

    if (!st->dead) {
        return NGX_OK;
    }

    if (ch == NULL) {

        if (counts->n == NGX_SLACK_TALLY_CHANNELS) {
            return NGX_DECLINED;
        }

        ch = &counts->channels[counts->n++];

        ngx_memzero(ch, sizeof(ngx_slack_tally_channel_t));
        ch->id = st->channel;
        ch->dead = 1;

        qsort(counts->channels, counts->n, sizeof(ngx_slack_tally_channel_t),
              ngx_slack_tally_compare);

        return NGX_OK;
    }

    ch->dead++;

    return NGX_OK;
}


static int ngx_libc_cdecl
ngx_slack_tally_compare(const void *one, const void *two)
{
    int64_t  a, b;

    a = ((const ngx_slack_tally_channel_t *) one)->id;
    b = ((const ngx_slack_tally_channel_t *) two)->id;

    return (a > b) - (a < b);
}
