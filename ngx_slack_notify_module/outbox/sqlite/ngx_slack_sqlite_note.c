
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Notes settlements in the tally of waiting messages (ngx_slack_tally.h).
 * Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>
#include <ngx_slack_sqlite_memory.h>


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_note(ngx_slack_store_t *store,
    ngx_slack_tally_settlement_t *settled, ngx_uint_t n)
{
    int64_t     revision, unused;
    uint64_t    file;
    ngx_uint_t  i;

    if (n == 0 || store->conf->tally == NULL) {
        return NGX_OK;
    }

    if (ngx_slack_sqlite_pair(store, NGX_SLACK_SQL_REVISION, &revision,
                              &unused)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    file = ngx_slack_sqlite_file(store);

    for (i = 0; i < n; i++) {
        settled[i].outbox = file;
        settled[i].revision = revision;
    }

    return NGX_OK;
}


/* executed in a pool thread */

void
ngx_slack_sqlite_noted(ngx_slack_store_t *store,
    ngx_slack_tally_settlement_t *settled, ngx_uint_t n)
{
    if (n && store->conf->tally) {
        ngx_slack_tally_settle(store->conf->tally, settled, n);
    }
}
