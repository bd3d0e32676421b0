
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The entry point of the module: the table of directives, the handlers, and
 * what happens when a process starts and ends.  It connects the rooms.  Runs
 * in the master when the configuration is read, then in the event loop.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_status.h>
#include <ngx_slack_log_queue.h>
#include <ngx_slack_wakeup.h>


static ngx_int_t ngx_slack_http_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_slack_http_postconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_slack_http_init_process(ngx_cycle_t *cycle);
static void ngx_slack_http_exit_process(ngx_cycle_t *cycle);
static ngx_slack_main_conf_t *ngx_slack_http_main(ngx_cycle_t *cycle);


static ngx_conf_enum_t  ngx_slack_conf_on_errors[] = {
    { ngx_string("fail"), NGX_SLACK_ON_ERROR_FAIL },
    { ngx_string("pass"), NGX_SLACK_ON_ERROR_PASS },
    { ngx_null_string, 0 }
};


static ngx_http_handler_pt  ngx_slack_status_content =
    ngx_slack_status_handler;


static ngx_command_t  ngx_slack_http_commands[] = {

    { ngx_string("slack_outbox"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_slack_conf_outbox,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_thread_pool"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_slack_conf_thread_pool,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_workspace"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_BLOCK|NGX_CONF_TAKE1,
      ngx_slack_conf_workspace,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_route"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_BLOCK
                        |NGX_CONF_TAKE12,
      ngx_slack_conf_route,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_notify"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_slack_conf_notify,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_source"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_slack_conf_source,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_secret"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_slack_conf_secret,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_secret_file"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_slack_conf_secret_file,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("slack_on_error"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_slack_conf_set_enum,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_slack_loc_conf_t, on_error),
      ngx_slack_conf_on_errors },

    { ngx_string("slack_status"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS|NGX_CONF_TAKE1,
      ngx_slack_conf_status,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      &ngx_slack_status_content },

      ngx_null_command
};


static ngx_http_module_t  ngx_slack_http_module_ctx = {
    ngx_slack_http_preconfiguration,       /* preconfiguration */
    ngx_slack_http_postconfiguration,      /* postconfiguration */

    ngx_slack_conf_create_main,            /* create main configuration */
    ngx_slack_conf_init_main,              /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_slack_conf_create_loc,             /* create location configuration */
    ngx_slack_conf_merge_loc               /* merge location configuration */
};


ngx_module_t  ngx_slack_notify_module = {
    NGX_MODULE_V1,
    &ngx_slack_http_module_ctx,            /* module context */
    ngx_slack_http_commands,               /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    ngx_slack_http_init_process,           /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_slack_http_exit_process,           /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_slack_http_preconfiguration(ngx_conf_t *cf)
{
    return ngx_slack_http_add_variables(cf);
}


static ngx_int_t
ngx_slack_http_postconfiguration(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *h;
    ngx_slack_main_conf_t      *smcf;
    ngx_http_core_main_conf_t  *cmcf;

    smcf = ngx_http_conf_get_module_main_conf(cf, ngx_slack_notify_module);

    if (ngx_slack_conf_readers(cf, smcf) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_conf_open_locations(cf, smcf);

    if (smcf->routes.nelts == 0 && !smcf->status) {
        return NGX_OK;
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_PRECONTENT_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_slack_http_handler;

    ngx_slack_http_body_init();

    return NGX_OK;
}


static ngx_int_t
ngx_slack_http_init_process(ngx_cycle_t *cycle)
{
    ngx_slack_main_conf_t  *smcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    smcf = ngx_slack_http_main(cycle);

    if (smcf == NULL || smcf->workspaces.nelts == 0) {
        return NGX_OK;
    }

    if (ngx_slack_http_log_init(cycle) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_http_commit = ngx_slack_commit_create(&smcf->outbox, smcf->pool,
                                                    ngx_slack_wakeup_messages,
                                                    ngx_slack_log_threads());
    if (ngx_slack_http_commit == NULL) {
        return NGX_ERROR;
    }

    return ngx_slack_delivery_init_process(cycle, &smcf->delivery);
}


/* nginx has joined the thread pool before, so no task runs any more. */

static void
ngx_slack_http_exit_process(ngx_cycle_t *cycle)
{
    if (ngx_slack_http_commit == NULL) {
        return;
    }

    ngx_slack_status_job_exit();
    ngx_slack_delivery_exit_process(cycle);

    ngx_slack_commit_destroy(ngx_slack_http_commit);
    ngx_slack_http_commit = NULL;

    ngx_slack_http_log_exit();
}


static ngx_slack_main_conf_t *
ngx_slack_http_main(ngx_cycle_t *cycle)
{
    ngx_http_conf_ctx_t  *ctx;

    ctx = (ngx_http_conf_ctx_t *) cycle->conf_ctx[ngx_http_module.index];

    if (ctx == NULL) {
        return NULL;
    }

    return ctx->main_conf[ngx_slack_notify_module.ctx_index];
}
