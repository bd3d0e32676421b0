
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Reads the body of an action: its target.  Runs in the event loop.
 */


#include <ngx_slack_status_action.h>
#include <ngx_slack_json_members.h>


#define NGX_SLACK_ACTION_DIGITS  18          /* of an id */


/*
 * members of the body in their order; those from "ids" on are only for actions
 * that select dead letters or threads, the last one only for replay
 */

#define NGX_SLACK_ACTION_WORKSPACE  0
#define NGX_SLACK_ACTION_CHANNEL    1
#define NGX_SLACK_ACTION_IDS        2
#define NGX_SLACK_ACTION_ALL        3
#define NGX_SLACK_ACTION_TO         4
#define NGX_SLACK_ACTION_MEMBERS    5


static ngx_int_t ngx_slack_status_action_read(ngx_http_request_t *r,
    ngx_str_t *body, ngx_uint_t selects,
    ngx_slack_status_target_t *target, ngx_int_t *answer);
static ngx_int_t ngx_slack_status_action_ids(ngx_http_request_t *r,
    ngx_array_t  *list, ngx_slack_status_target_t *target, ngx_int_t *answer);
static ngx_int_t ngx_slack_status_action_to(ngx_http_request_t *r,
    ngx_str_t *word, ngx_slack_status_target_t *target, ngx_int_t *answer);
static int ngx_libc_cdecl ngx_slack_status_action_cmp(const void *one,
    const void *two);


static ngx_slack_json_member_t
    ngx_slack_http_action_members[NGX_SLACK_ACTION_MEMBERS + 1] =
{
    { ngx_string("workspace"), NGX_SLACK_JSON_MEMBER_TEXT, 0,
      0, ngx_null_string, 0, NULL },

    { ngx_string("channel"), NGX_SLACK_JSON_MEMBER_TEXT, 0,
      0, ngx_null_string, 0, NULL },

    { ngx_string("ids"), NGX_SLACK_JSON_MEMBER_NUMBERS,
      NGX_SLACK_ACTION_IDS_MAX,
      0, ngx_null_string, 0, NULL },

    { ngx_string("all"), NGX_SLACK_JSON_MEMBER_FLAG, 0,
      0, ngx_null_string, 0, NULL },

    { ngx_string("to"), NGX_SLACK_JSON_MEMBER_TEXT, 0,
      0, ngx_null_string, 0, NULL },

    { ngx_null_string, 0, 0, 0, ngx_null_string, 0, NULL }
};


ngx_slack_status_job_t *
ngx_slack_status_action_create(ngx_http_request_t *r, ngx_str_t *body,
    ngx_uint_t selects, ngx_slack_status_target_t *target,
    ngx_int_t *answer)
{
    ngx_slack_main_conf_t  *smcf;

    *answer = NGX_HTTP_INTERNAL_SERVER_ERROR;

    if (ngx_slack_status_action_read(r, body, selects, target,
                                     answer) != NGX_OK) {
        return NULL;
    }

    smcf = ngx_http_get_module_main_conf(r, ngx_slack_notify_module);

    if (smcf->workspaces.nelts == 0) {

        /* without workspaces there is no outbox either */

        *answer = ngx_slack_status_error(r, NGX_HTTP_NOT_FOUND,
                                         "no slack_workspace is in the "
                                         "configuration");
        return NULL;
    }

    return ngx_slack_status_job_create(r);
}


ngx_int_t
ngx_slack_status_action_failed(ngx_http_request_t *r)
{
    return ngx_slack_status_error(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                  "the outbox failed, see the error "
                                  "log");
}


static ngx_int_t
ngx_slack_status_action_read(ngx_http_request_t *r, ngx_str_t *body,
    ngx_uint_t selects, ngx_slack_status_target_t *target,
    ngx_int_t *answer)
{
    ngx_int_t                 rc;
    ngx_str_t                 error;
    ngx_slack_main_conf_t    *smcf;
    ngx_slack_json_member_t  *workspace, *channel, *ids, *all;
    ngx_slack_json_member_t   members[NGX_SLACK_ACTION_MEMBERS + 1];

    ngx_memzero(target, sizeof(ngx_slack_status_target_t));

    ngx_memcpy(members, ngx_slack_http_action_members, sizeof(members));

    workspace = &members[NGX_SLACK_ACTION_WORKSPACE];
    channel = &members[NGX_SLACK_ACTION_CHANNEL];
    ids = &members[NGX_SLACK_ACTION_IDS];
    all = &members[NGX_SLACK_ACTION_ALL];

    if (selects == NGX_SLACK_SELECTS_NOTHING) {
        ngx_str_null(&ids->name);

    } else if (selects != NGX_SLACK_SELECTS_TO) {
        ngx_str_null(&members[NGX_SLACK_ACTION_TO].name);
    }

    rc = ngx_slack_json_members(body, members, r->pool, &error);

    if (rc == NGX_OK && workspace->found && workspace->text.len == 0) {
        ngx_str_set(&error, "\"workspace\" is empty");
        rc = NGX_DECLINED;
    }

    if (rc == NGX_OK && channel->found && !workspace->found) {
        ngx_str_set(&error, "\"channel\" needs a \"workspace\"");
        rc = NGX_DECLINED;
    }

    if (rc == NGX_DECLINED) {
        *answer = ngx_slack_status_error(r, NGX_HTTP_BAD_REQUEST, "%V",
                                         &error);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    target->scope.workspace = workspace->text;
    target->scope.channel = channel->text;
    target->scope.whole = !channel->found;

    if (workspace->found) {
        smcf = ngx_http_get_module_main_conf(r, ngx_slack_notify_module);

        target->workspace = ngx_slack_workspace_find(&smcf->workspaces,
                                                     &workspace->text);
    }

    target->ways = workspace->found + ids->found + all->found;
    target->all = all->flag ? 1 : 0;

    rc = NGX_OK;

    if (members[NGX_SLACK_ACTION_TO].found) {
        rc = ngx_slack_status_action_to(r, &members[NGX_SLACK_ACTION_TO].text,
                                        target, answer);
    }

    if (rc == NGX_OK && ids->found) {
        rc = ngx_slack_status_action_ids(r, ids->list, target, answer);
    }

    return rc;
}


/* The channel to which dead letters are replayed. */

static ngx_int_t
ngx_slack_status_action_to(ngx_http_request_t *r, ngx_str_t *word,
    ngx_slack_status_target_t *target, ngx_int_t *answer)
{
    u_char      *buf;
    const char  *why;

    buf = ngx_pnalloc(r->pool, NGX_SLACK_CHANNEL_SIZE);
    if (buf == NULL) {
        return NGX_ERROR;
    }

    why = target->workspace
          ? ngx_slack_channel_check(target->workspace, word, buf, &target->to)
          : ngx_slack_channel_name(word, buf, &target->to);

    if (why == NULL) {
        return NGX_OK;
    }

    *answer = ngx_slack_status_error(r, NGX_HTTP_BAD_REQUEST,
                                     "\"to\" is no channel: %s", why);

    return NGX_DECLINED;
}


/*
 * Converts the ids.  status.json shows them as strings, because JavaScript's
 * numbers are not exact beyond 53 bits; numbers are accepted too.
 */

static ngx_int_t
ngx_slack_status_action_ids(ngx_http_request_t *r, ngx_array_t *list,
    ngx_slack_status_target_t *target, ngx_int_t *answer)
{
    size_t      i;
    int64_t     id;
    ngx_str_t  *text;
    ngx_uint_t  n;

    target->ids = ngx_palloc(r->pool, list->nelts * sizeof(int64_t));
    if (target->ids == NULL) {
        return NGX_ERROR;
    }

    text = list->elts;

    for (n = 0; n < list->nelts; n++) {

        id = 0;

        for (i = 0; i < text[n].len; i++) {

            if (text[n].data[i] < '0' || text[n].data[i] > '9'
                || i == NGX_SLACK_ACTION_DIGITS)
            {
                break;
            }

            id = id * 10 + (text[n].data[i] - '0');
        }

        if (text[n].len == 0 || i < text[n].len) {
            *answer = ngx_slack_status_error(r, NGX_HTTP_BAD_REQUEST,
                                             "an id is not a number");
            return NGX_DECLINED;
        }

        target->ids[target->n++] = id;
    }

    ngx_qsort(target->ids, target->n, sizeof(int64_t),
              ngx_slack_status_action_cmp);

    return NGX_OK;
}


static int ngx_libc_cdecl
ngx_slack_status_action_cmp(const void *one, const void *two)
{
    int64_t  a, b;

    a = *(const int64_t *) one;
    b = *(const int64_t *) two;

    return (a > b) - (a < b);
}
