
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Blocks a request while a pool thread works for it, in the way core's copy
 * filter does.  Knows nginx's requests only.  Runs in the event loop.
 */


#include <ngx_slack_http_wait.h>


void
ngx_slack_http_block(ngx_http_request_t *r)
{
    r->main->blocked++;
    r->aio = 1;
}


void
ngx_slack_http_unblock(ngx_http_request_t *r)
{
    ngx_http_set_log_request(r->connection->log, r);

    r->main->blocked--;
    r->aio = 0;
}


void
ngx_slack_http_resume(ngx_http_request_t *r)
{
    ngx_connection_t  *c;

    c = r->connection;

#if (nginx_version >= 1025004)
    if (r->done || r->main->terminated) {

        /*
         * nginx has ended the request meanwhile; its connection waits for the
         * thread
         */

        c->write->handler(c->write);
        return;
    }
#endif

    r->write_event_handler(r);

    ngx_http_run_posted_requests(c);
}
