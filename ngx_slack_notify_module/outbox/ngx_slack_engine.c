
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The registry of outbox engines.  Knows their names only; used when the
 * configuration is read.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_engine.h>


extern ngx_slack_outbox_engine_t  ngx_slack_sqlite_engine;


static ngx_slack_outbox_engine_t  *ngx_slack_engines[] = {
    &ngx_slack_sqlite_engine,
    NULL
};


ngx_slack_outbox_engine_t *
ngx_slack_engine_find(ngx_str_t *address)
{
    ngx_uint_t                  i;
    ngx_slack_outbox_engine_t  *engine;

    for (i = 0; ngx_slack_engines[i] != NULL; i++) {
        engine = ngx_slack_engines[i];

        if (address->len > engine->name.len
            && address->data[engine->name.len] == ':'
            && ngx_memcmp(address->data, engine->name.data, engine->name.len)
               == 0)
        {
            address->data += engine->name.len + 1;
            address->len -= engine->name.len + 1;

            return engine;
        }
    }

    return NULL;
}
