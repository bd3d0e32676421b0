
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Who of an event's people a message names, and who they are in Slack by
 * "member" of the workspace.  Runs in the event loop.
 */


#include <ngx_slack_http.h>


static ngx_int_t ngx_slack_http_person(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_http_complex_value_t *member,
    ngx_slack_person_t *person, ngx_slack_cc_t *cc);


ngx_int_t
ngx_slack_http_people(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_uint_t roles, ngx_array_t **list,
    ngx_uint_t *known)
{
    ngx_int_t            rc;
    ngx_uint_t           i, n;
    ngx_array_t         *people;
    ngx_slack_cc_t       cc, names[NGX_SLACK_CC_MAX], *place;
    ngx_slack_person_t  *person;

    *list = NULL;
    *known = 0;

    people = &ctx->event->people;
    person = people->elts;
    place = NULL;
    n = 0;
    rc = NGX_OK;

    for (i = 0; i < people->nelts && *known < NGX_SLACK_CC_MAX; i++) {

        if ((person[i].roles & roles) == 0) {
            continue;
        }

        rc = ngx_slack_http_person(r, ctx, route->workspace->member,
                                   &person[i], &cc);

        if (rc != NGX_OK) {
            break;
        }

        if (cc.kind == NGX_SLACK_CC_NOBODY) {

            if (n < NGX_SLACK_CC_MAX) {
                names[n++] = cc;
            }

            continue;
        }

        if (*list == NULL) {
            *list = ngx_array_create(r->pool, NGX_SLACK_CC_MAX,
                                     sizeof(ngx_slack_cc_t));
            if (*list == NULL) {
                rc = NGX_ERROR;
                break;
            }
        }

        place = ngx_array_push(*list);
        if (place == NULL) {
            rc = NGX_ERROR;
            break;
        }

        *place = cc;
        (*known)++;
    }

    /* nothing that comes later may see what was evaluated for a person */

    if (people->nelts) {
        ctx->person = NULL;
        ngx_slack_http_flush(ctx);
    }

    if (rc != NGX_OK || n == 0) {
        return rc;
    }

    /* who is not known comes last, as far as there is room */

    if (*list == NULL) {
        *list = ngx_array_create(r->pool, n, sizeof(ngx_slack_cc_t));
        if (*list == NULL) {
            return NGX_ERROR;
        }
    }

    for (i = 0; i < n && (*list)->nelts < NGX_SLACK_CC_MAX; i++) {

        place = ngx_array_push(*list);
        if (place == NULL) {
            return NGX_ERROR;
        }

        *place = names[i];
    }

    return NGX_OK;
}


/*
 * A "map" of $slack_person is a variable that nginx would cache for the whole
 * request, so what the person before has left is discarded.
 */

static ngx_int_t
ngx_slack_http_person(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_http_complex_value_t *member, ngx_slack_person_t *person,
    ngx_slack_cc_t *cc)
{
    u_char     *at;
    ngx_str_t   value;

    ngx_slack_http_flush(ctx);

    ctx->person = person;

    if (ngx_http_complex_value(r, member, &value) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_memzero(cc, sizeof(ngx_slack_cc_t));

    cc->kind = ngx_slack_cc_kind(&value);

    if (cc->kind != NGX_SLACK_CC_NOBODY) {
        cc->token = value;
    }

    cc->name = person->name.len ? person->name : person->username;

    if (cc->name.len == 0) {

        /* addresses are shown to nobody */

        cc->name = person->email;

        at = ngx_strlchr(cc->name.data, cc->name.data + cc->name.len, '@');

        if (at) {
            cc->name.len = at - cc->name.data;
        }
    }

    return NGX_OK;
}
