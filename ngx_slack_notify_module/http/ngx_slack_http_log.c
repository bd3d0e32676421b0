
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Makes the event loop write the log lines of pool threads as they arrive.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_log_queue.h>


static void ngx_slack_http_log_handler(ngx_event_t *ev);


static ngx_connection_t  *ngx_slack_http_log_connection;


ngx_int_t
ngx_slack_http_log_init(ngx_cycle_t *cycle)
{
    ngx_connection_t  *c;

    if (ngx_slack_log_queue_open(cycle->log->log_level) != NGX_OK) {
        return NGX_ERROR;
    }

    c = ngx_get_connection(ngx_slack_log_queue_fd(), cycle->log);
    if (c == NULL) {
        return NGX_ERROR;
    }

    c->pool = cycle->pool;
    c->read->log = cycle->log;
    c->write->log = cycle->log;
    c->read->handler = ngx_slack_http_log_handler;

    /*
     * At the end of the worker core neither waits for this connection nor
     * reports it as a leak.
     */

    c->read->channel = 1;
    c->write->channel = 1;

    ngx_slack_http_log_connection = c;

    return (ngx_add_event(c->read, NGX_READ_EVENT, 0) == NGX_ERROR) ? NGX_ERROR
                                                                   : NGX_OK;
}


void
ngx_slack_http_log_exit(void)
{
    ngx_connection_t  *c;

    c = ngx_slack_http_log_connection;
    ngx_slack_http_log_connection = NULL;

    if (c->read->active) {
        (void) ngx_del_event(c->read, NGX_READ_EVENT, 0);
    }

    ngx_free_connection(c);
    c->fd = (ngx_socket_t) -1;

    ngx_slack_log_queue_close();
}


static void
ngx_slack_http_log_handler(ngx_event_t *ev)
{
    ngx_slack_log_queue_flush();
}
