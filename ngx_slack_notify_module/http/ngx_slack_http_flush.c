
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Handles the values of variables that nginx caches while it decides one of
 * several events, or asks who one of several people is.  Runs in the
 * event loop.
 *
 * The module's own variables are never cached, but variables derived from
 * them, by map for example, are, and there is no way to know which.  So
 * between two events, or people, all values are discarded that did not exist
 * before the first event.  Values that set, auth_request and captures stored
 * before then are kept.
 */


#include <ngx_slack_http.h>


ngx_int_t
ngx_slack_http_remember(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_uint_t                  i, n;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);

    n = cmcf->variables.nelts;

    ctx->evaluated = ngx_pnalloc(r->pool, ngx_max(n, 1));
    if (ctx->evaluated == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {
        ctx->evaluated[i] = (r->variables[i].valid
                             || r->variables[i].not_found);
    }

    return NGX_OK;
}


void
ngx_slack_http_flush(ngx_slack_http_ctx_t *ctx)
{
    ngx_uint_t                  i;
    ngx_http_request_t         *r;
    ngx_http_core_main_conf_t  *cmcf;

    r = ctx->request;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);

    for (i = 0; i < cmcf->variables.nelts; i++) {
        if (!ctx->evaluated[i]) {
            r->variables[i].valid = 0;
            r->variables[i].not_found = 0;
        }
    }
}
