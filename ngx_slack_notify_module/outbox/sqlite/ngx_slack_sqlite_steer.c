
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Actions of operators: replaying or dropping dead letters and forgetting
 * threads, in transactions so small that storing does not wait long; pausing
 * and resuming channels and workspaces.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_memory.h>
#include <ngx_slack_sqlite_thread.h>


#define NGX_SLACK_SQLITE_MESSAGES  200           /* of one transaction */

/*
 * ms: after so long an ended pause is deleted, as no message waits so long
 * that it could matter
 */
#define NGX_SLACK_SQLITE_PAUSES   ((int64_t) 90 * 24 * 3600 * 1000)


typedef ngx_int_t (*ngx_slack_sqlite_message_pt)(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, int64_t id, int64_t now);


typedef struct {
    ngx_slack_steer_t            *steer;
    ngx_slack_sqlite_message_pt   handler;
    int64_t                      *ids;
    ngx_uint_t                    n;
    ngx_uint_t                    pos;
    ngx_uint_t                    looked;        /* in this transaction */
    ngx_uint_t                    done;
    ngx_uint_t                    full;
} ngx_slack_sqlite_selection_t;


typedef struct {
    ngx_slack_scope_t            *scope;
    ngx_slack_sqlite_statement_e  statement;
    ngx_uint_t                    paused;
} ngx_slack_sqlite_pause_t;


static ngx_int_t ngx_slack_sqlite_select(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, ngx_slack_sqlite_message_pt handler,
    ngx_slack_sqlite_statement_e list);
static ngx_int_t ngx_slack_sqlite_ids(ngx_slack_store_t *store,
    ngx_slack_scope_t *scope, ngx_slack_sqlite_statement_e list,
    ngx_slack_sqlite_selection_t *messages);
static ngx_int_t ngx_slack_sqlite_piece(ngx_slack_store_t *store,
    void *data);
static ngx_int_t ngx_slack_sqlite_replay_message(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, int64_t id, int64_t now);
static ngx_int_t ngx_slack_sqlite_move(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, int64_t id, ngx_slack_sqlite_part_t *part);
static ngx_int_t ngx_slack_sqlite_replay_part(ngx_slack_store_t *store,
    ngx_slack_sqlite_part_t *part, int64_t id, int64_t now);
static void ngx_slack_sqlite_replay_role(ngx_slack_sqlite_thread_t *thread,
    ngx_slack_sqlite_part_t *part, int64_t id, ngx_slack_role_e *role);
static ngx_int_t ngx_slack_sqlite_drop_as(ngx_slack_store_t *store, int64_t id,
    ngx_uint_t state, const char *answer, int64_t now);
static ngx_int_t ngx_slack_sqlite_drop_message(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, int64_t id, int64_t now);
static ngx_int_t ngx_slack_sqlite_mark(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, ngx_slack_sqlite_statement_e statement);
static ngx_int_t ngx_slack_sqlite_set_mark(ngx_slack_store_t *store,
    void *data);


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_steer(ngx_slack_store_t *store, ngx_slack_steer_t *steer)
{
    steer->count = 0;
    steer->paused = 0;

    switch (steer->action) {

    case NGX_SLACK_STEER_REPLAY:
        return ngx_slack_sqlite_select(store, steer,
                                       ngx_slack_sqlite_replay_message,
                                       NGX_SLACK_SQL_DEAD_IDS);

    case NGX_SLACK_STEER_DROP:
        return ngx_slack_sqlite_select(store, steer,
                                       ngx_slack_sqlite_drop_message,
                                       NGX_SLACK_SQL_DEAD_IDS);

    case NGX_SLACK_STEER_FORGET:
        return ngx_slack_sqlite_select(store, steer,
                                       ngx_slack_sqlite_forget_thread,
                                       NGX_SLACK_SQL_THREAD_IDS);

    case NGX_SLACK_STEER_PAUSE:
        return ngx_slack_sqlite_mark(store, steer, NGX_SLACK_SQL_PAUSE);

    case NGX_SLACK_STEER_RESUME:
        return ngx_slack_sqlite_mark(store, steer, NGX_SLACK_SQL_RESUME);

    default: /* NGX_SLACK_STEER_NUDGE */
        return ngx_slack_sqlite_mark(store, steer, NGX_SLACK_SQL_NUDGE);
    }
}


/*
 * The ids are looked up once, so that a message which becomes a dead letter
 * again meanwhile is not processed twice.  The oldest come first, as messages
 * are sent in this order.
 */

static ngx_int_t
ngx_slack_sqlite_select(ngx_slack_store_t *store, ngx_slack_steer_t *steer,
    ngx_slack_sqlite_message_pt handler, ngx_slack_sqlite_statement_e list)
{
    ngx_int_t                     rc;
    ngx_slack_sqlite_selection_t  messages;

    ngx_memzero(&messages, sizeof(ngx_slack_sqlite_selection_t));

    messages.steer = steer;
    messages.handler = handler;

    if (steer->ids) {
        messages.ids = steer->ids;
        messages.n = steer->n;
        rc = NGX_OK;

    } else {
        rc = ngx_slack_sqlite_ids(store, steer->scope, list, &messages);
    }

    while (rc == NGX_OK && messages.pos < messages.n && !messages.full) {

        rc = ngx_slack_sqlite_transact(store, ngx_slack_sqlite_piece,
                                       &messages);
        if (rc == NGX_OK) {
            messages.pos += messages.looked;
            steer->count += messages.done;
        }
    }

    if (messages.ids != steer->ids) {
        ngx_free(messages.ids);
    }

    return (rc == NGX_OK && messages.full) ? NGX_BUSY : rc;
}


static ngx_int_t
ngx_slack_sqlite_ids(ngx_slack_store_t *store, ngx_slack_scope_t *scope,
    ngx_slack_sqlite_statement_e list, ngx_slack_sqlite_selection_t *messages)
{
    int64_t    *ids;
    ngx_int_t   rc;
    ngx_uint_t  size;

    if (ngx_slack_sqlite_read(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_sqlite_bind_scope(store, list, scope);

    size = 0;

    for ( ;; ) {
        rc = ngx_slack_sqlite_step(store, list);

        if (rc != NGX_OK) {
            break;
        }

        if (messages->n == size) {
            size = ngx_max(2 * size, 64);

            ids = ngx_alloc(size * sizeof(int64_t), store->log);
            if (ids == NULL) {
                rc = NGX_ERROR;
                break;
            }

            if (messages->n) {
                ngx_memcpy(ids, messages->ids, messages->n * sizeof(int64_t));
            }

            ngx_free(messages->ids);
            messages->ids = ids;
        }

        messages->ids[messages->n++] =
                                   sqlite3_column_int64(store->stmts[list], 0);
    }

    return ngx_slack_sqlite_read_done(store,
                                      (rc == NGX_DONE) ? NGX_OK : NGX_ERROR);
}


static ngx_int_t
ngx_slack_sqlite_piece(ngx_slack_store_t *store, void *data)
{
    ngx_slack_sqlite_selection_t  *messages = data;

    int64_t    now;
    ngx_int_t  rc;

    ngx_slack_sqlite_forget_threads(store);

    /* this may be the second try of the transaction */

    messages->looked = 0;
    messages->done = 0;
    messages->full = 0;

    now = ngx_slack_clock_wall();

    while (messages->looked < NGX_SLACK_SQLITE_MESSAGES
           && messages->pos + messages->looked < messages->n)
    {
        rc = messages->handler(store, messages->steer,
                               messages->ids[messages->pos + messages->looked],
                               now);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (rc == NGX_BUSY) {
            messages->full = 1;
            break;
        }

        messages->looked++;
        messages->done += (rc == NGX_OK);
    }

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_REVISE);
}


/* NGX_DECLINED, here and when a message is dropped: there is none */

static ngx_int_t
ngx_slack_sqlite_replay_message(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, int64_t id, int64_t now)
{
    ngx_int_t                rc;
    ngx_slack_sqlite_part_t  part;

    rc = ngx_slack_sqlite_part(store, id, &part);

    if (rc == NGX_OK && part.state != NGX_SLACK_SQLITE_DEAD) {
        rc = NGX_DECLINED;
    }

    if (rc != NGX_OK) {
        return rc;
    }

    if (store->waiting >= (int64_t) store->conf->max) {
        return NGX_BUSY;
    }

    rc = ngx_slack_sqlite_move(store, steer, id, &part);

    return (rc == NGX_OK) ? ngx_slack_sqlite_replay_part(store, &part, id, now)
                          : rc;
}


/* To steer->to.  NGX_DECLINED: it has no channel, and is given none. */

static ngx_int_t
ngx_slack_sqlite_move(ngx_slack_store_t *store, ngx_slack_steer_t *steer,
    int64_t id, ngx_slack_sqlite_part_t *part)
{
    ngx_int_t                 rc;
    ngx_str_t                 workspace;
    sqlite3_stmt             *stmt;
    ngx_slack_new_message_t   message;

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_AT, 1, part->destination);

    rc = ngx_slack_sqlite_step(store, NGX_SLACK_SQL_AT);

    if (rc != NGX_OK) {
        return (rc == NGX_DONE) ? NGX_DECLINED : NGX_ERROR;
    }

    stmt = store->stmts[NGX_SLACK_SQL_AT];

    if (steer->to.len == 0) {
        rc = (ngx_strcmp(sqlite3_column_text(stmt, 1),
                         NGX_SLACK_OUTBOX_NOWHERE)
              == 0) ? NGX_DECLINED : NGX_OK;

        (void) sqlite3_reset(stmt);

        return rc;
    }

    workspace.data = (u_char *) sqlite3_column_text(stmt, 0);
    workspace.len = (size_t) sqlite3_column_bytes(stmt, 0);

    ngx_memzero(&message, sizeof(ngx_slack_new_message_t));

    message.channel = steer->to;
    message.workspace.len = workspace.len;
    message.workspace.data = ngx_alloc(workspace.len + 1, store->log);

    if (message.workspace.data != NULL) {
        ngx_memcpy(message.workspace.data, workspace.data, workspace.len);
    }

    (void) sqlite3_reset(stmt);

    if (message.workspace.data == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_slack_sqlite_channel(store, &message, &part->destination);

    ngx_free(message.workspace.data);

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    part->thread = 0;
    part->part = 0;

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_MOVE, 1, id);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_MOVE, 2, part->destination);

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_MOVE);
}


/* A state that is not the newest any more is not sent again. */

static ngx_int_t
ngx_slack_sqlite_replay_part(ngx_slack_store_t *store,
    ngx_slack_sqlite_part_t *part, int64_t id, int64_t now)
{
    ngx_int_t                  rc;
    ngx_slack_role_e           role;
    ngx_slack_sqlite_thread_t  thread;

    if (ngx_slack_sqlite_announced(store, id, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    role = NGX_SLACK_ROLE_PLAIN;
    rc = NGX_DECLINED;

    if (part->thread
        && ngx_slack_sqlite_role(part->part) != NGX_SLACK_ROLE_PLAIN)
    {
        rc = ngx_slack_sqlite_thread(store, part->thread, &thread);
    }

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_OK) {
        role = ngx_slack_sqlite_role(part->part);

        if (role == NGX_SLACK_ROLE_CHANGE
            || role == NGX_SLACK_ROLE_STATE_ROOT)
        {
            if (thread.change
                || ngx_slack_sqlite_older(&thread,
                                          ngx_slack_sqlite_stamp(part->part),
                                          ngx_slack_sqlite_rank(part->part)))
            {
                return ngx_slack_sqlite_drop_as(store, id,
                                                NGX_SLACK_SQLITE_DEAD,
                                                "superseded", now);
            }
        }

        ngx_slack_sqlite_replay_role(&thread, part, id, &role);

        if (role == NGX_SLACK_ROLE_CHANGE) {
            thread.change = id;
            thread.since = now;
        }

        if (ngx_slack_sqlite_set_thread(store, &thread) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    part->state = (role == NGX_SLACK_ROLE_CHANGE) ? NGX_SLACK_SQLITE_CHANGE
                                                  : NGX_SLACK_SQLITE_WAITING;

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_REPLAY, 1, id);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_REPLAY, 2, now);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_REPLAY, 3,
                              (int64_t) part->state);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_REPLAY, 4,
                              (role == NGX_SLACK_ROLE_CHANGE)
                              ? part->destination : 0);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_REPLAY, 5, (int64_t) role);

    if (ngx_slack_sqlite_run(store, NGX_SLACK_SQL_REPLAY) != NGX_OK) {
        return NGX_ERROR;
    }

    store->waiting++;

    return NGX_OK;
}


/* What was dead had no thread to wait for, and may find it changed. */

static void
ngx_slack_sqlite_replay_role(ngx_slack_sqlite_thread_t *thread,
    ngx_slack_sqlite_part_t *part, int64_t id, ngx_slack_role_e *role)
{
    ngx_uint_t  state;

    state = (*role == NGX_SLACK_ROLE_CHANGE
             || *role == NGX_SLACK_ROLE_STATE_ROOT);

    if (thread->has == NGX_SLACK_SQLITE_NO_ROOT) {
        thread->root = id;
        thread->flags &= NGX_SLACK_SQLITE_ENDED;
        thread->flags |= ngx_slack_sqlite_root_flag(part->part);
        *role = state ? NGX_SLACK_ROLE_STATE_ROOT : NGX_SLACK_ROLE_ROOT;

    } else if (state && !(thread->flags & (NGX_SLACK_SQLITE_NO_CHANGES
                                           |NGX_SLACK_SQLITE_PART_ROOT)))
    {
        *role = NGX_SLACK_ROLE_CHANGE;

    } else if (*role != NGX_SLACK_ROLE_BROADCAST) {
        *role = NGX_SLACK_ROLE_REPLY;
    }
}


static ngx_int_t
ngx_slack_sqlite_drop_message(ngx_slack_store_t *store,
    ngx_slack_steer_t *steer, int64_t id, int64_t now)
{
    ngx_int_t                rc;
    ngx_slack_sqlite_part_t  part;

    rc = ngx_slack_sqlite_part(store, id, &part);

    if (rc != NGX_OK) {
        return rc;
    }

    if (part.state == NGX_SLACK_SQLITE_SENT
        || (part.state != NGX_SLACK_SQLITE_DEAD && !steer->waiting))
    {
        return NGX_DECLINED;
    }

    rc = ngx_slack_sqlite_drop_as(store, id, part.state, "dropped", now);

    if (rc != NGX_OK || part.state == NGX_SLACK_SQLITE_DEAD) {
        return rc;
    }

    store->waiting--;

    if (ngx_slack_sqlite_announced(store, id, -1) != NGX_OK) {
        return NGX_ERROR;
    }

    if (part.thread == 0) {
        return NGX_OK;
    }

    return (part.state == NGX_SLACK_SQLITE_CHANGE)
           ? ngx_slack_sqlite_end_change(store, part.thread, id)
           : ngx_slack_sqlite_lost(store, part.thread);
}


static ngx_int_t
ngx_slack_sqlite_drop_as(ngx_slack_store_t *store, int64_t id,
    ngx_uint_t state, const char *answer, int64_t now)
{
    ngx_str_t  text;

    text.data = (u_char *) answer;
    text.len = ngx_strlen(answer);

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DROP, 1, id);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DROP, 2, now);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_DROP, 3, (int64_t) state);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_DROP, 4, &text);

    return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_DROP);
}


static ngx_int_t
ngx_slack_sqlite_mark(ngx_slack_store_t *store, ngx_slack_steer_t *steer,
    ngx_slack_sqlite_statement_e statement)
{
    ngx_slack_sqlite_pause_t  pause;

    pause.scope = steer->scope;
    pause.statement = statement;
    pause.paused = 0;

    if (ngx_slack_sqlite_transact(store, ngx_slack_sqlite_set_mark, &pause)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    steer->paused = pause.paused;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_sqlite_set_mark(ngx_slack_store_t *store, void *data)
{
    ngx_slack_sqlite_pause_t  *pause = data;

    int64_t             now;
    ngx_str_t           channel;
    sqlite3_stmt       *stmt;
    ngx_slack_scope_t  *scope;

    now = ngx_slack_clock_wall();
    scope = pause->scope;

    if (scope->whole) {
        ngx_str_null(&channel);

    } else {
        channel = scope->channel;
    }

    ngx_slack_sqlite_bind_text(store, pause->statement, 1, &scope->workspace);
    ngx_slack_sqlite_bind_int(store, pause->statement, 2, scope->whole);
    ngx_slack_sqlite_bind_text(store, pause->statement, 3, &channel);
    ngx_slack_sqlite_bind_int(store, pause->statement, 4, now);

    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_FORGET_PAUSES, 1,
                              now - NGX_SLACK_SQLITE_PAUSES);

    if (ngx_slack_sqlite_run(store, pause->statement) != NGX_OK
        || ngx_slack_sqlite_run(store, NGX_SLACK_SQL_FORGET_PAUSES) != NGX_OK
        || ngx_slack_sqlite_run(store, NGX_SLACK_SQL_REVISE) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_IS_PAUSED, 1,
                               &scope->workspace);
    ngx_slack_sqlite_bind_int(store, NGX_SLACK_SQL_IS_PAUSED, 2,
                              scope->whole);
    ngx_slack_sqlite_bind_text(store, NGX_SLACK_SQL_IS_PAUSED, 3, &channel);

    if (ngx_slack_sqlite_step(store, NGX_SLACK_SQL_IS_PAUSED) != NGX_OK) {
        return NGX_ERROR;
    }

    stmt = store->stmts[NGX_SLACK_SQL_IS_PAUSED];
    pause->paused = sqlite3_column_int(stmt, 0) ? 1 : 0;

    (void) sqlite3_reset(stmt);

    return NGX_OK;
}
