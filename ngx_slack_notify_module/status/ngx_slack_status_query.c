
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The arguments of the page and of status.json.  One that is unknown is
 * refused: a misspelt filter must not show everything.
 *
 * Runs in the event loop.
 */


#include <ngx_slack_status_state.h>


/* the page has fewer of them */

#define NGX_SLACK_QUERY_JSON  0
#define NGX_SLACK_QUERY_BOTH  1


/* returns NULL, or what the value should be */

typedef const char *(*ngx_slack_status_argument_pt)(
    ngx_slack_status_snapshot_t *s, ngx_str_t *value);

typedef struct {
    const char                    *name;
    ngx_uint_t                     where;
    ngx_slack_status_argument_pt   set;
} ngx_slack_status_argument_t;


static ngx_int_t ngx_slack_status_query_known(ngx_http_request_t *r,
    ngx_uint_t page, ngx_str_t *error);
static ngx_int_t ngx_slack_status_query_say(ngx_http_request_t *r,
    ngx_str_t *error, const char *what, ngx_str_t *name);
static const char *ngx_slack_status_set_dead(ngx_slack_status_snapshot_t *s,
    ngx_str_t *value);
static const char *ngx_slack_status_set_after(ngx_slack_status_snapshot_t *s,
    ngx_str_t *value);
static const char *ngx_slack_status_set_q(ngx_slack_status_snapshot_t *s,
    ngx_str_t *value);
static const char *ngx_slack_status_set_workspace(
    ngx_slack_status_snapshot_t *s, ngx_str_t *value);
static const char *ngx_slack_status_set_state(ngx_slack_status_snapshot_t *s,
    ngx_str_t *value);
static const char *ngx_slack_status_set_channels(
    ngx_slack_status_snapshot_t *s, ngx_str_t *value);
static const char *ngx_slack_status_set_from(ngx_slack_status_snapshot_t *s,
    ngx_str_t *value);
static const char *ngx_slack_status_set_events(ngx_slack_status_snapshot_t *s,
    ngx_str_t *value);


static const char  ngx_slack_status_wrong_dead[] =
    "dead= is a number up to 100, after= what dead_next was";

static ngx_slack_status_argument_t  ngx_slack_status_arguments[] = {
    { "dead", NGX_SLACK_QUERY_BOTH, ngx_slack_status_set_dead },
    { "after", NGX_SLACK_QUERY_JSON, ngx_slack_status_set_after },
    { "q", NGX_SLACK_QUERY_BOTH, ngx_slack_status_set_q },
    { "workspace", NGX_SLACK_QUERY_BOTH, ngx_slack_status_set_workspace },
    { "state", NGX_SLACK_QUERY_BOTH, ngx_slack_status_set_state },
    { "events", NGX_SLACK_QUERY_BOTH, ngx_slack_status_set_events },
    { "channels", NGX_SLACK_QUERY_JSON, ngx_slack_status_set_channels },
    { "from", NGX_SLACK_QUERY_JSON, ngx_slack_status_set_from },
    { NULL, 0, NULL }
};


ngx_int_t
ngx_slack_status_query(ngx_http_request_t *r, ngx_slack_status_snapshot_t *s,
    ngx_uint_t page, ngx_str_t *error)
{
    ngx_int_t                     rc;
    ngx_str_t                     value;
    const char                   *wrong;
    ngx_slack_status_argument_t  *arg;

    rc = ngx_slack_status_query_known(r, page, error);

    if (rc != NGX_OK) {
        return rc;
    }

    for (arg = ngx_slack_status_arguments; arg->name; arg++) {

        rc = ngx_slack_status_arg(r, arg->name, &value);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        wrong = (rc == NGX_OK) ? arg->set(s, &value) : NULL;

        if (wrong) {
            return ngx_slack_status_query_say(r, error, wrong, NULL);
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_status_query_known(ngx_http_request_t *r, ngx_uint_t page,
    ngx_str_t *error)
{
    u_char                       *p, *last, *end, *eq;
    ngx_str_t                     name;
    ngx_slack_status_argument_t  *arg;

    p = r->args.data;
    last = p + r->args.len;

    while (p < last) {

        end = ngx_strlchr(p, last, '&');
        end = end ? end : last;

        eq = ngx_strlchr(p, end, '=');

        name.data = p;
        name.len = (eq ? eq : end) - p;

        p = end + 1;

        if (name.len == 0) {
            continue;
        }

        for (arg = ngx_slack_status_arguments; arg->name; arg++) {

            if (name.len == ngx_strlen(arg->name)
                && ngx_strncmp(name.data, arg->name, name.len) == 0
                && (!page || arg->where == NGX_SLACK_QUERY_BOTH))
            {
                break;
            }
        }

        if (arg->name == NULL) {
            return ngx_slack_status_query_say(r, error, page
                       ? "unknown argument: there are q, workspace, state, "
                         "events and dead"
                       : "unknown argument: there are q, workspace, state, "
                         "channels, from, events, dead and after", &name);
        }
    }

    return NGX_OK;
}


/* "name" is what was not expected; NULL: there is no such */

static ngx_int_t
ngx_slack_status_query_say(ngx_http_request_t *r, ngx_str_t *error,
    const char *what, ngx_str_t *name)
{
    u_char  *p;
    size_t   len;

    len = ngx_strlen(what) + (name ? name->len + 3 : 0);

    error->data = ngx_pnalloc(r->pool, len);
    if (error->data == NULL) {
        return NGX_ERROR;
    }

    p = name ? ngx_sprintf(error->data, "\"%V\" ", name) : error->data;
    p = ngx_cpymem(p, what, ngx_strlen(what));

    error->len = p - error->data;

    return NGX_DECLINED;
}


static const char *
ngx_slack_status_set_dead(ngx_slack_status_snapshot_t *s, ngx_str_t *value)
{
    ngx_int_t  n;

    n = ngx_atoi(value->data, value->len);

    if (n == NGX_ERROR || n > NGX_SLACK_DEAD_LETTERS_MAX) {
        return ngx_slack_status_wrong_dead;
    }

    s->ndead = (ngx_uint_t) n;

    return NULL;
}


/* time of death in ms, and id */

static const char *
ngx_slack_status_set_after(ngx_slack_status_snapshot_t *s, ngx_str_t *value)
{
    u_char  *p, *last;

    last = value->data + value->len;
    p = ngx_strlchr(value->data, last, '-');

    if (p == NULL) {
        return ngx_slack_status_wrong_dead;
    }

    s->died = ngx_atoi(value->data, p - value->data);
    s->id = ngx_atoi(p + 1, last - p - 1);

    return (s->died == NGX_ERROR || s->id == NGX_ERROR)
           ? ngx_slack_status_wrong_dead : NULL;
}


static const char *
ngx_slack_status_set_q(ngx_slack_status_snapshot_t *s, ngx_str_t *value)
{
    s->ask.q = *value;

    return NULL;
}


static const char *
ngx_slack_status_set_workspace(ngx_slack_status_snapshot_t *s,
    ngx_str_t *value)
{
    s->ask.workspace = *value;

    return NULL;
}


static const char *
ngx_slack_status_set_state(ngx_slack_status_snapshot_t *s, ngx_str_t *value)
{
    if (value->len == 0) {
        return NULL;
    }

    if (value->len == sizeof("needs") - 1
        && ngx_strncmp(value->data, "needs", value->len) == 0)
    {
        s->ask.needs = 1;
        return NULL;
    }

    s->ask.state = ngx_slack_status_word(value);

    return s->ask.state == NGX_SLACK_STAND_LAST
           ? "state= is \"needs\" (somebody), or idle, waiting, delivering, "
             "retrying, held, suspended, failing, paused or \"no endpoint\""
           : NULL;
}


static const char *
ngx_slack_status_set_channels(ngx_slack_status_snapshot_t *s, ngx_str_t *value)
{
    ngx_int_t  n;

    n = ngx_atoi(value->data, value->len);

    if (n == NGX_ERROR || n > NGX_SLACK_LISTED_MAX) {
        return "channels= is a number up to 10000";
    }

    s->ask.channels = (ngx_uint_t) n;

    return NULL;
}


static const char *
ngx_slack_status_set_from(ngx_slack_status_snapshot_t *s, ngx_str_t *value)
{
    ngx_int_t  n;

    n = ngx_atoi(value->data, value->len);

    if (n == NGX_ERROR) {
        return "from= is what channels_next was";
    }

    s->ask.from = (ngx_uint_t) n;

    return NULL;
}


static const char *
ngx_slack_status_set_events(ngx_slack_status_snapshot_t *s, ngx_str_t *value)
{
    ngx_int_t  n;

    n = ngx_atoi(value->data, value->len);

    if (n == NGX_ERROR || n > NGX_SLACK_HISTORY_EVENTS) {
        return "events= is a number up to 100";
    }

    s->ask.events = (ngx_uint_t) n;

    return NULL;
}
