
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Channels and messages for delivery, and settling.  Runs in a pool thread.
 * Reading needs no lock in WAL mode; settling takes its turn like storing.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_sqlite.h>


/* with up to so many newer messages, these are read instead of all channels */

#define NGX_SLACK_SQLITE_RECENT  256


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


static ngx_int_t ngx_slack_sqlite_message(ngx_slack_store_t *store,
    sqlite3_stmt  *stmt, ngx_slack_waiting_message_t *message);
static ngx_int_t ngx_slack_sqlite_settle_all(ngx_slack_store_t *store,
    void *data);
static ngx_int_t ngx_slack_sqlite_settle_message(ngx_slack_store_t *store,
    ngx_slack_sqlite_settle_ctx_t *ctx, ngx_slack_settlement_t *st,
    int64_t now);
static ngx_int_t ngx_slack_sqlite_settle_place(ngx_slack_store_t *store,
    ngx_slack_sqlite_settle_ctx_t *ctx);
static ngx_int_t ngx_slack_sqlite_set_standing(ngx_slack_store_t *store,
    ngx_slack_standing_t *standing, int64_t now);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_channels(ngx_slack_store_t *store, int64_t *last,
    ngx_slack_outbox_channel_pt handler, void *data)
{
    int64_t                       newest, since, revision;
    ngx_int_t                     rc;
    sqlite3_stmt                 *stmt;
    ngx_slack_outbox_channel_t    dest;
    ngx_slack_sqlite_statement_e  n;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    /*
     * The mark is read first, so messages that are stored meanwhile are
     * reported twice rather than never.
     */

    if (ngx_slack_sqlite_pair(store, NGX_SLACK_SQL_NEWEST, &newest, &revision)
        != NGX_OK)
    {
        return ngx_slack_sqlite_read_done(store, NGX_ERROR);
    }

    /*
     * Report all channels if this is another file, made by a clock that was
     * behind, or if an operator has changed older messages or pauses.
     */

    since = (*last > newest || revision != store->revision) ? 0 : *last;

    n = (since && newest - since <= NGX_SLACK_SQLITE_RECENT)
        ? NGX_SLACK_SQL_RECENT : NGX_SLACK_SQL_DESTINATIONS;

    stmt = store->stmts[n];

    ngx_slack_sqlite_bind_int(store, n, 1, since);

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, n);

        if (rc != NGX_OK) {
            break;
        }

        dest.id = sqlite3_column_int64(stmt, 0);
        dest.workspace.data = (u_char *) sqlite3_column_text(stmt, 1);
        dest.workspace.len = (size_t) sqlite3_column_bytes(stmt, 1);
        dest.channel.data = (u_char *) sqlite3_column_text(stmt, 2);
        dest.channel.len = (size_t) sqlite3_column_bytes(stmt, 2);
        dest.not_before = ngx_slack_sqlite_time(stmt, 3);
        dest.failures = ngx_slack_sqlite_number(stmt, 4);
        dest.paused = sqlite3_column_int(stmt, 5) ? 1 : 0;
        dest.paused_since = ngx_slack_sqlite_time(stmt, 6);
        dest.paused_until = ngx_slack_sqlite_time(stmt, 7);
        dest.tried = ngx_slack_sqlite_time(stmt, 8);
        dest.settled = ngx_slack_sqlite_time(stmt, 9);

        /* NULL if the handle is not known */

        dest.handle.data = (u_char *) sqlite3_column_text(stmt, 10);
        dest.handle.len = (size_t) sqlite3_column_bytes(stmt, 10);

        if (dest.workspace.data == NULL || dest.channel.data == NULL) {
            ngx_slack_sqlite_error(store, SQLITE_NOMEM);
            rc = NGX_ERROR;
            break;
        }

        if (handler(&dest, data) != NGX_OK) {
            (void) sqlite3_reset(stmt);
            return NGX_ERROR;
        }
    }

    if (rc != NGX_DONE) {
        return ngx_slack_sqlite_read_done(store, NGX_ERROR);
    }

    *last = newest;
    store->revision = revision;

    return NGX_OK;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_messages(ngx_slack_store_t *store, int64_t channel,
    ngx_slack_waiting_message_t *messages, ngx_uint_t *n)
{
    ngx_int_t      rc;
    ngx_uint_t     i, max;
    sqlite3_stmt  *stmt;

    max = *n;
    *n = 0;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_MESSAGES, 1, channel);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_MESSAGES, 2, (int64_t) max);

    stmt = store->stmts[NGX_SLACK_SQL_MESSAGES];

    for (i = 0; /* void */ ; i++) {
        rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_MESSAGES);

        if (rc == NGX_DONE) {
            *n = i;
            return NGX_OK;
        }

        if (rc != NGX_OK
            || ngx_slack_sqlite_message(store, stmt, &messages[i]) != NGX_OK)
        {
            break;
        }
    }

    while (i--) {
        ngx_free(messages[i].envelope.data);
    }

    return ngx_slack_sqlite_read_done(store, NGX_ERROR);
}


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

    if (rc == NGX_OK && ctx.nsettled) {
        ngx_slack_tally_settle(store->conf->tally, ctx.settled, ctx.nsettled);
    }

    ngx_free(ctx.settled);

    return rc;
}


static ngx_int_t
ngx_slack_sqlite_message(ngx_slack_store_t *store, sqlite3_stmt *stmt,
    ngx_slack_waiting_message_t *message)
{
    u_char      *p;
    size_t       elen, blen;
    const void  *envelope, *body;

    message->id = sqlite3_column_int64(stmt, 0);
    message->created = ngx_slack_sqlite_time(stmt, 1);
    message->due = ngx_slack_sqlite_time(stmt, 2);
    message->attempts = ngx_slack_sqlite_number(stmt, 3);

    envelope = sqlite3_column_blob(stmt, 4);
    elen = (size_t) sqlite3_column_bytes(stmt, 4);

    body = sqlite3_column_blob(stmt, 5);
    blen = (size_t) sqlite3_column_bytes(stmt, 5);

    /* an empty blob is NULL, and so is one that SQLite had no memory for */

    if ((envelope == NULL || body == NULL)
        && sqlite3_errcode(sqlite3_db_handle(stmt)) == SQLITE_NOMEM)
    {
        ngx_slack_sqlite_error(store, SQLITE_NOMEM);
        return NGX_ERROR;
    }

    p = ngx_alloc(elen + blen + 1, store->log);
    if (p == NULL) {
        return NGX_ERROR;
    }

    message->envelope.data = p;
    message->envelope.len = elen;

    if (envelope != NULL) {
        p = ngx_cpymem(p, envelope, elen);
    }

    message->body.data = p;
    message->body.len = blen;

    if (body != NULL) {
        p = ngx_cpymem(p, body, blen);
    }

    *p = '\0';

    return NGX_OK;
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

    if (ctx->nsettled
        && ngx_slack_sqlite_settle_place(store, ctx) != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < ctx->m; i++) {
        if (ngx_slack_sqlite_set_standing(store, &ctx->standings[i], now)
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
    int64_t                        channel;
    ngx_int_t                      rc;
    ngx_uint_t                     state;
    ngx_slack_tally_settlement_t  *settled;

    if (st->outcome == NGX_SLACK_SETTLE_RETRY) {
        ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_POSTPONE, 1, st->id);
        ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_POSTPONE, 2, st->due);
        ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_POSTPONE, 3,
                                  (int64_t) st->attempts);
        ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_POSTPONE, 4,
                                   &st->answer);

        return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_POSTPONE);
    }

    state = (st->outcome == NGX_SLACK_SETTLE_SENT) ? NGX_SLACK_SQLITE_SENT
                                                   : NGX_SLACK_SQLITE_DEAD;

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SETTLE, 1, st->id);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SETTLE, 2, (int64_t) state);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SETTLE, 3, now);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_SETTLE, 4,
                              (int64_t) st->attempts);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_SETTLE, 5, &st->answer);

    rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_SETTLE);

    if (rc != NGX_OK) {

        /* it is settled already, or the id belongs to another file */

        return (rc == NGX_DONE) ? NGX_OK : NGX_ERROR;
    }

    channel = sqlite3_column_int64(store->stmts[NGX_SLACK_SQL_SETTLE], 0);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_SETTLE) != NGX_OK) {
        return NGX_ERROR;
    }

    store->waiting--;

    if (ctx->settled) {
        settled = &ctx->settled[ctx->nsettled++];

        settled->settled = store->newest - store->waiting;
        settled->id = st->id;
        settled->channel = channel;
        settled->dead = (state == NGX_SLACK_SQLITE_DEAD);
    }

    return NGX_OK;
}


/* Notes the file and the revision that the settlements belong to. */

static ngx_int_t
ngx_slack_sqlite_settle_place(ngx_slack_store_t *store,
    ngx_slack_sqlite_settle_ctx_t *ctx)
{
    int64_t     newest, revision;
    uint64_t    file;
    ngx_uint_t  i;

    if (ngx_slack_sqlite_pair(store, NGX_SLACK_SQL_NEWEST, &newest, &revision)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    file = ngx_slack_sqlite_file(store);

    for (i = 0; i < ctx->nsettled; i++) {
        ctx->settled[i].outbox = file;
        ctx->settled[i].revision = revision;
    }

    return NGX_OK;
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
