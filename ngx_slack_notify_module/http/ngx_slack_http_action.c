
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What an operator wants: the body of an action, read.
 * Runs in the event loop.
 */


#include <ngx_slack_http_action.h>


#define NGX_SLACK_ACTION_DIGITS  18          /* of an id */


/* the keys of the body */

#define NGX_SLACK_ACTION_WORKSPACE  0
#define NGX_SLACK_ACTION_CHANNEL    1
#define NGX_SLACK_ACTION_IDS        2
#define NGX_SLACK_ACTION_ALL        3
#define NGX_SLACK_ACTION_KEYS       4


static ngx_int_t ngx_slack_http_action_read(ngx_http_request_t *r,
    ngx_str_t *body, ngx_slack_http_wish_t *wish, ngx_int_t *answer);
static ngx_slack_workspace_t *ngx_slack_http_action_workspace(
    ngx_http_request_t *r, ngx_str_t *name);
static ngx_int_t ngx_slack_http_action_ids(ngx_http_request_t *r,
    ngx_slack_json_value_t *value, ngx_slack_http_wish_t *wish,
    ngx_int_t *answer);
static int ngx_libc_cdecl ngx_slack_http_action_cmp(const void *one,
    const void *two);


static ngx_str_t  ngx_slack_http_action_keys[] = {
    ngx_string("workspace"),
    ngx_string("channel"),
    ngx_string("ids"),
    ngx_string("all")
};


ngx_slack_http_job_t *
ngx_slack_http_action_create(ngx_http_request_t *r, ngx_str_t *body,
    ngx_slack_http_wish_t *wish, ngx_int_t *answer)
{
    ngx_slack_http_job_t        *job;
    ngx_slack_http_main_conf_t  *smcf;

    *answer = NGX_HTTP_INTERNAL_SERVER_ERROR;

    if (ngx_slack_http_action_read(r, body, wish, answer) != NGX_OK) {
        return NULL;
    }

    smcf = ngx_http_get_module_main_conf(r, ngx_slack_notify_module);

    if (smcf->workspaces.nelts == 0) {

        /* and no outbox */

        *answer = ngx_slack_http_status_error(r, NGX_HTTP_NOT_FOUND,
                                              "no slack_workspace is in the "
                                              "configuration");
        return NULL;
    }

    job = ngx_slack_http_job_create(r);
    if (job == NULL) {
        return NULL;
    }

    job->data = wish;

    return job;
}


ngx_int_t
ngx_slack_http_action_failed(ngx_http_request_t *r)
{
    return ngx_slack_http_status_error(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                       "the outbox failed, see the error "
                                       "log");
}


static ngx_int_t
ngx_slack_http_action_read(ngx_http_request_t *r, ngx_str_t *body,
    ngx_slack_http_wish_t *wish, ngx_int_t *answer)
{
    char                    *error;
    off_t                    offset;
    ngx_int_t                rc;
    ngx_uint_t               i;
    ngx_slack_json_t        *json;
    ngx_slack_json_paths_t  *paths;
    ngx_slack_json_value_t  *value[NGX_SLACK_ACTION_KEYS];

    ngx_memzero(wish, sizeof(ngx_slack_http_wish_t));

    paths = ngx_slack_json_paths_create(r->pool);
    if (paths == NULL) {
        return NGX_ERROR;
    }

    /* the slots of paths that are all different count up from 0 */

    for (i = 0; i < NGX_SLACK_ACTION_KEYS; i++) {
        if (ngx_slack_json_paths_add(paths, &ngx_slack_http_action_keys[i])
            != (ngx_int_t) i)
        {
            return NGX_ERROR;
        }
    }

    if (ngx_slack_json_paths_compile(paths) != NGX_OK) {
        return NGX_ERROR;
    }

    json = ngx_slack_json_create(paths, r->pool);
    if (json == NULL) {
        return NGX_ERROR;
    }

    if (ngx_slack_json_parse(json, body->data, body->len) == NGX_ERROR) {
        return NGX_ERROR;
    }

    rc = ngx_slack_json_finish(json);

    if (rc == NGX_DECLINED) {
        error = ngx_slack_json_error(json, &offset);

        *answer = ngx_slack_http_status_error(r, NGX_HTTP_BAD_REQUEST,
                                              "body %s at byte %O", error,
                                              offset);
        return NGX_DECLINED;
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    for (i = 0; i < NGX_SLACK_ACTION_KEYS; i++) {
        value[i] = ngx_slack_json_value(json, i);
    }

    wish->scope.whole = 1;

    if (value[NGX_SLACK_ACTION_WORKSPACE]) {
        wish->scope.workspace = value[NGX_SLACK_ACTION_WORKSPACE]->text;
        wish->workspace = ngx_slack_http_action_workspace(r,
                                                       &wish->scope.workspace);

        if (value[NGX_SLACK_ACTION_CHANNEL]) {
            wish->scope.channel = value[NGX_SLACK_ACTION_CHANNEL]->text;
            wish->scope.whole = 0;
        }
    }

    wish->all = (value[NGX_SLACK_ACTION_ALL]
                 && value[NGX_SLACK_ACTION_ALL]->type == NGX_SLACK_JSON_TRUE);

    if (value[NGX_SLACK_ACTION_IDS] == NULL) {
        return NGX_OK;
    }

    return ngx_slack_http_action_ids(r,
                         ngx_slack_json_values(json, NGX_SLACK_ACTION_IDS),
                         wish, answer);
}


static ngx_slack_workspace_t *
ngx_slack_http_action_workspace(ngx_http_request_t *r, ngx_str_t *name)
{
    ngx_uint_t                   i;
    ngx_slack_workspace_t       *ws;
    ngx_slack_http_main_conf_t  *smcf;

    smcf = ngx_http_get_module_main_conf(r, ngx_slack_notify_module);

    ws = smcf->workspaces.elts;

    for (i = 0; i < smcf->workspaces.nelts; i++) {
        if (ws[i].name.len == name->len
            && ngx_memcmp(ws[i].name.data, name->data, name->len) == 0)
        {
            return &ws[i];
        }
    }

    return NULL;
}


/* texts, as JavaScript cannot count so far; numbers are as good */

static ngx_int_t
ngx_slack_http_action_ids(ngx_http_request_t *r,
    ngx_slack_json_value_t *value, ngx_slack_http_wish_t *wish,
    ngx_int_t *answer)
{
    size_t                   i;
    int64_t                  id;
    ngx_str_t                text;
    ngx_uint_t               n;
    ngx_slack_json_value_t  *v;

    n = 0;

    for (v = value; v; v = v->next) {
        n++;
    }

    if (n > NGX_SLACK_ACTION_IDS_MAX) {
        *answer = ngx_slack_http_status_error(r, NGX_HTTP_BAD_REQUEST,
                                              "more than %d ids",
                                              NGX_SLACK_ACTION_IDS_MAX);
        return NGX_DECLINED;
    }

    wish->ids = ngx_palloc(r->pool, n * sizeof(int64_t));
    if (wish->ids == NULL) {
        return NGX_ERROR;
    }

    for (v = value; v; v = v->next) {

        text = v->text;
        id = 0;

        for (i = 0; i < text.len; i++) {

            if (text.data[i] < '0' || text.data[i] > '9') {
                break;
            }

            id = id * 10 + (text.data[i] - '0');
        }

        if (text.len == 0 || text.len > NGX_SLACK_ACTION_DIGITS
            || i < text.len)
        {
            *answer = ngx_slack_http_status_error(r, NGX_HTTP_BAD_REQUEST,
                                                  "an id is not a number");
            return NGX_DECLINED;
        }

        wish->ids[wish->n++] = id;
    }

    ngx_qsort(wish->ids, wish->n, sizeof(int64_t), ngx_slack_http_action_cmp);

    return NGX_OK;
}


static int ngx_libc_cdecl
ngx_slack_http_action_cmp(const void *one, const void *two)
{
    int64_t  a, b;

    a = *(const int64_t *) one;
    b = *(const int64_t *) two;

    return (a > b) - (a < b);
}
