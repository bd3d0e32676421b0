
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the SQLite engine remembers beside messages: delivery ids and states,
 * and in shared memory the settlements for the next count.  The functions run
 * in a pool thread, in a transaction unless said otherwise, and return
 * NGX_ERROR as told in ngx_slack_sqlite.h.
 */


#ifndef _NGX_SLACK_SQLITE_MEMORY_H_INCLUDED_
#define _NGX_SLACK_SQLITE_MEMORY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>


/* ngx_slack_sqlite_memory.c */

/*
 * Sets event->changed and event->anew by the stored states.  "anew" is only
 * looked at if a message of the event has a thread.
 */

ngx_int_t ngx_slack_sqlite_changed(ngx_slack_store_t *store,
    ngx_slack_entry_t *event);

/*
 * Stores the states of an event whose event->stored messages begin with the id
 * "first".  One that has not changed still belongs to earlier messages, unless
 * these replaced one.
 */

ngx_int_t ngx_slack_sqlite_set_states(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, int64_t first, int64_t now);

/*
 * States that nobody is told of are not stored.  But the stored value is not
 * valid any more, so an empty value replaces it, which differs from all
 * others.
 */

ngx_int_t ngx_slack_sqlite_forget_states(ngx_slack_store_t *store,
    ngx_slack_entry_t *event, int64_t now);

/*
 * A message that waited is a dead letter or dropped now ("more" is -1), or a
 * dead letter is none any more (1): states that no message tells of have
 * changed when they come again.
 */

ngx_int_t ngx_slack_sqlite_announced(ngx_slack_store_t *store, int64_t message,
    int more);

/*
 * NGX_OK: the entry is a duplicate, its results are set; NGX_DECLINED: it is
 * none.
 */

ngx_int_t ngx_slack_sqlite_known(ngx_slack_store_t *store,
    ngx_slack_entry_t *entry, int64_t expired);

/* NGX_DECLINED: the key exists. */

ngx_int_t ngx_slack_sqlite_add_key(ngx_slack_store_t *store,
    ngx_slack_entry_t *entry, int64_t message, int64_t now, int64_t expired);


/*
 * ngx_slack_sqlite_memo.c: both are parts of a transaction; the second one
 * deletes at most "max" memos that have expired.
 */

ngx_int_t ngx_slack_sqlite_set_memos(ngx_slack_store_t *store,
    ngx_slack_memo_t *memos, ngx_uint_t n);
ngx_int_t ngx_slack_sqlite_purge_memos(ngx_slack_store_t *store, int64_t now,
    ngx_uint_t max, ngx_uint_t *n);


/* ngx_slack_sqlite_note.c */

/*
 * Completes settlements for the tally, in their transaction, by the file and
 * the revision that they belong to.
 */

ngx_int_t ngx_slack_sqlite_note(ngx_slack_store_t *store,
    ngx_slack_tally_settlement_t *settled, ngx_uint_t n);

/* Notes them, after the commit. */

void ngx_slack_sqlite_noted(ngx_slack_store_t *store,
    ngx_slack_tally_settlement_t *settled, ngx_uint_t n);


#endif /* _NGX_SLACK_SQLITE_MEMORY_H_INCLUDED_ */
