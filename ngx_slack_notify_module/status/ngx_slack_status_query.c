
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


typedef struct ngx_slack_status_argument_s  ngx_slack_status_argument_t;

/* NGX_OK, or NGX_DECLINED: it is no such value */

typedef ngx_int_t (*ngx_slack_status_argument_pt)(
    ngx_slack_status_snapshot_t *s, ngx_slack_status_argument_t *arg,
    ngx_str_t *value);

struct ngx_slack_status_argument_s {
    const char                    *name;
    ngx_uint_t                     where;
    ngx_slack_status_argument_pt   set;
    size_t                         offset;   /* in the snapshot */
    ngx_int_t                      max;      /* of a number */
    const char                    *wrong;    /* what the value should be */
};


static ngx_int_t ngx_slack_status_query_known(ngx_http_request_t *r,
    ngx_uint_t page, ngx_str_t *error);
static ngx_int_t ngx_slack_status_query_say(ngx_http_request_t *r,
    ngx_str_t *error, const char *what, ngx_str_t *name);
static ngx_int_t ngx_slack_status_set_number(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_argument_t *arg, ngx_str_t *value);
static ngx_int_t ngx_slack_status_set_text(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_argument_t *arg, ngx_str_t *value);
static ngx_int_t ngx_slack_status_set_after(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_argument_t *arg, ngx_str_t *value);
static ngx_int_t ngx_slack_status_set_state(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_argument_t *arg, ngx_str_t *value);


static const char  ngx_slack_status_wrong_dead[] =
    "dead= is a number up to 100, after= what dead_next was";

static ngx_slack_status_argument_t  ngx_slack_status_arguments[] = {

    { "dead", NGX_SLACK_QUERY_BOTH, ngx_slack_status_set_number,
      offsetof(ngx_slack_status_snapshot_t, ndead),
      NGX_SLACK_DEAD_LETTERS_MAX, ngx_slack_status_wrong_dead },

    { "after", NGX_SLACK_QUERY_JSON, ngx_slack_status_set_after, 0, 0,
      ngx_slack_status_wrong_dead },

    { "q", NGX_SLACK_QUERY_BOTH, ngx_slack_status_set_text,
      offsetof(ngx_slack_status_snapshot_t, ask.q), 0, NULL },

    { "workspace", NGX_SLACK_QUERY_BOTH, ngx_slack_status_set_text,
      offsetof(ngx_slack_status_snapshot_t, ask.workspace), 0, NULL },

    { "state", NGX_SLACK_QUERY_BOTH, ngx_slack_status_set_state, 0, 0,
      "state= is \"needs\" (somebody), or idle, waiting, delivering, "
      "retrying, held, suspended, failing, paused or \"no endpoint\"" },

    { "events", NGX_SLACK_QUERY_BOTH, ngx_slack_status_set_number,
      offsetof(ngx_slack_status_snapshot_t, ask.events),
      NGX_SLACK_HISTORY_EVENTS, "events= is a number up to 100" },

    { "channels", NGX_SLACK_QUERY_JSON, ngx_slack_status_set_number,
      offsetof(ngx_slack_status_snapshot_t, ask.channels),
      NGX_SLACK_LISTED_MAX, "channels= is a number up to 10000" },

    { "from", NGX_SLACK_QUERY_JSON, ngx_slack_status_set_number,
      offsetof(ngx_slack_status_snapshot_t, ask.from),
      NGX_MAX_INT_T_VALUE, "from= is what channels_next was" },

    { NULL, 0, NULL, 0, 0, NULL }
};


ngx_int_t
ngx_slack_status_query(ngx_http_request_t *r, ngx_slack_status_snapshot_t *s,
    ngx_uint_t page, ngx_str_t *error)
{
    ngx_int_t                     rc;
    ngx_str_t                     value;
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

        if (rc == NGX_OK && arg->set(s, arg, &value) != NGX_OK) {
            return ngx_slack_status_query_say(r, error, arg->wrong, NULL);
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


static ngx_int_t
ngx_slack_status_set_number(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_argument_t *arg, ngx_str_t *value)
{
    ngx_int_t  n;

    n = ngx_atoi(value->data, value->len);

    if (n == NGX_ERROR || n > arg->max) {
        return NGX_DECLINED;
    }

    *(ngx_uint_t *) ((u_char *) s + arg->offset) = (ngx_uint_t) n;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_status_set_text(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_argument_t *arg, ngx_str_t *value)
{
    *(ngx_str_t *) ((u_char *) s + arg->offset) = *value;

    return NGX_OK;
}


/* time of death in ms, and id */

static ngx_int_t
ngx_slack_status_set_after(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_argument_t *arg, ngx_str_t *value)
{
    u_char  *p, *last;

    last = value->data + value->len;
    p = ngx_strlchr(value->data, last, '-');

    if (p == NULL) {
        return NGX_DECLINED;
    }

    s->died = ngx_atoi(value->data, p - value->data);
    s->id = ngx_atoi(p + 1, last - p - 1);

    return (s->died == NGX_ERROR || s->id == NGX_ERROR) ? NGX_DECLINED
                                                        : NGX_OK;
}


static ngx_int_t
ngx_slack_status_set_state(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_argument_t *arg, ngx_str_t *value)
{
    if (value->len == 0) {
        return NGX_OK;
    }

    if (value->len == sizeof("needs") - 1
        && ngx_strncmp(value->data, "needs", value->len) == 0)
    {
        s->ask.needs = 1;
        return NGX_OK;
    }

    s->ask.state = ngx_slack_status_state_find(value);

    return (s->ask.state == NGX_SLACK_STAND_LAST) ? NGX_DECLINED : NGX_OK;
}
