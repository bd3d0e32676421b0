
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The operator's words for an event: which template fits, and the values of
 * its variables.  Runs in the event loop.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_list.h>


static ngx_int_t ngx_slack_http_template(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_conf_route_t *route,
    ngx_slack_own_t *own);
static ngx_int_t ngx_slack_http_mention(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_conf_route_t *route,
    ngx_slack_own_t *own);


ngx_int_t
ngx_slack_http_own(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_slack_own_t *own)
{
    ngx_memzero(own, sizeof(ngx_slack_own_t));

    if (route->messages
        && ngx_slack_http_template(r, ctx, route, own) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return route->mention ? ngx_slack_http_mention(r, ctx, route, own)
                          : NGX_OK;
}


static ngx_int_t
ngx_slack_http_template(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_slack_own_t *own)
{
    ngx_uint_t                 i;
    ngx_slack_conf_message_t  *message;

    message = route->messages->elts;

    for (i = 0; i < route->messages->nelts; i++) {

        if (ngx_slack_filter_names(message[i].events, ctx->event) == NGX_OK) {
            own->template = &message[i].template;

            return ngx_slack_http_values(r, ctx, own->template, &own->values);
        }
    }

    return NGX_OK;
}


/*
 * Evaluates the mention with no values that are known already, so that our
 * variables escape what comes from a sender, also where a map passes it on.
 * Afterwards all variables have the values they had.
 */

static ngx_int_t
ngx_slack_http_mention(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_slack_own_t *own)
{
    size_t                      size;
    ngx_int_t                   rc;
    ngx_http_core_main_conf_t  *cmcf;
    ngx_http_variable_value_t  *values;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);

    size = cmcf->variables.nelts * sizeof(ngx_http_variable_value_t);

    values = ngx_palloc(r->pool, ngx_max(size, 1));
    if (values == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(values, r->variables, size);

    ngx_slack_http_flush(ctx);

    ctx->foreign = &ngx_slack_receivers[route->workspace->receiver];

    own->mention = &route->mention->template;

    rc = ngx_slack_http_values(r, ctx, own->mention, &own->mention_values);

    ctx->foreign = NULL;

    ngx_memcpy(r->variables, values, size);

    return rc;
}


ngx_int_t
ngx_slack_http_values(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_template_t *template, ngx_str_t **values)
{
    ngx_str_t                      *value;
    ngx_uint_t                      i, n;
    ngx_http_variable_value_t      *v;
    ngx_slack_template_variable_t  *variable;

    n = template->variables.nelts;
    variable = template->variables.elts;

    value = ngx_pcalloc(r->pool, ngx_max(n, 1) * sizeof(ngx_str_t));
    if (value == NULL) {
        return NGX_ERROR;
    }

    *values = value;

    for (i = 0; i < n; i++) {

        if (variable[i].list != NGX_SLACK_LIST_NONE && !template->words) {

            /* as a variable of nginx it would have no line breaks */

            if (ngx_slack_list_value(variable[i].list, ctx->event, 1, r->pool,
                                     &value[i])
                != NGX_OK)
            {
                return NGX_ERROR;
            }

        } else {
            v = ngx_http_get_flushed_variable(r, variable[i].index);

            if (v == NULL) {
                return NGX_ERROR;
            }

            if (v->not_found) {
                continue;
            }

            value[i].data = v->data;
            value[i].len = v->len;
        }

        if (ngx_slack_template_value(r->pool, &value[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
