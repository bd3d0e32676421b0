
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What groups of alerts, single alerts and rules have in common: identities,
 * severities, labels, facts and links.  Runs in the event loop.
 */


#include <ngx_slack_alertmanager.h>


typedef struct {
    ngx_str_t                 name;
    ngx_uint_t                level;
} ngx_slack_am_severity_t;


/*
 * Severities of widespread alerting rules, GitLab and syslog; the last row is
 * for any other.
 */

static ngx_slack_am_severity_t  ngx_slack_am_severities[] = {
    { ngx_string("critical"), NGX_SLACK_SEVERITY_CRITICAL },
    { ngx_string("page"), NGX_SLACK_SEVERITY_CRITICAL },
    { ngx_string("emergency"), NGX_SLACK_SEVERITY_CRITICAL },
    { ngx_string("fatal"), NGX_SLACK_SEVERITY_CRITICAL },
    { ngx_string("error"), NGX_SLACK_SEVERITY_CRITICAL },
    { ngx_string("high"), NGX_SLACK_SEVERITY_CRITICAL },
    { ngx_string("warning"), NGX_SLACK_SEVERITY_WARNING },
    { ngx_string("medium"), NGX_SLACK_SEVERITY_WARNING },
    { ngx_string("low"), NGX_SLACK_SEVERITY_WARNING },
    { ngx_string("info"), NGX_SLACK_SEVERITY_INFO },
    { ngx_string("notice"), NGX_SLACK_SEVERITY_INFO },
    { ngx_string("none"), NGX_SLACK_SEVERITY_INFO },
    { ngx_null_string, NGX_SLACK_SEVERITY_UNKNOWN }
};


ngx_int_t
ngx_slack_am_identity(ngx_slack_event_t *event, ngx_str_t *key,
    ngx_str_t *severity, int64_t since, ngx_uint_t resolved, ngx_pool_t *pool)
{
    ngx_str_t              firing;
    ngx_slack_identity_t  *identity;

    if (event->identities.elts == NULL
        && ngx_array_init(&event->identities, pool, 4,
                          sizeof(ngx_slack_identity_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    identity = ngx_array_push(&event->identities);
    if (identity == NULL) {
        return NGX_ERROR;
    }

    identity->key = *key;
    identity->since = since;

    if (resolved) {
        ngx_str_set(&identity->state, "resolved");
        return NGX_OK;
    }

    /* An alert whose severity has changed is not a repetition. */

    ngx_str_set(&firing, "firing");

    return ngx_slack_am_concat(&identity->state, &firing, " ", severity, pool);
}


ngx_int_t
ngx_slack_am_pair(ngx_array_t *pairs, char *name, ngx_str_t *value,
    ngx_pool_t *pool)
{
    ngx_slack_pair_t  *pair;

    if (value->len == 0) {
        return NGX_OK;
    }

    if (pairs->elts == NULL
        && ngx_array_init(pairs, pool, 4, sizeof(ngx_slack_pair_t)) != NGX_OK)
    {
        return NGX_ERROR;
    }

    pair = ngx_array_push(pairs);
    if (pair == NULL) {
        return NGX_ERROR;
    }

    pair->name.data = (u_char *) name;
    pair->name.len = ngx_strlen(name);
    pair->value = *value;

    return NGX_OK;
}


ngx_int_t
ngx_slack_am_join(ngx_str_t *s, ngx_array_t *list, char *separator,
    ngx_pool_t *pool)
{
    u_char      *p;
    size_t       len, between;
    ngx_str_t   *string;
    ngx_uint_t   i;

    ngx_str_null(s);

    if (list->nelts == 0) {
        return NGX_OK;
    }

    string = list->elts;
    between = ngx_strlen(separator);
    len = between * (list->nelts - 1);

    for (i = 0; i < list->nelts; i++) {
        len += string[i].len;
    }

    s->data = ngx_pnalloc(pool, len);
    if (s->data == NULL) {
        return NGX_ERROR;
    }

    p = s->data;

    for (i = 0; i < list->nelts; i++) {

        if (i) {
            p = ngx_cpymem(p, separator, between);
        }

        if (string[i].len) {
            p = ngx_cpymem(p, string[i].data, string[i].len);
        }
    }

    s->len = len;

    return NGX_OK;
}


ngx_int_t
ngx_slack_am_concat(ngx_str_t *s, ngx_str_t *a, char *separator, ngx_str_t *b,
    ngx_pool_t *pool)
{
    ngx_str_t    two[2];
    ngx_array_t  list;

    if (a->len == 0 || b->len == 0) {
        *s = a->len ? *a : *b;
        return NGX_OK;
    }

    two[0] = *a;
    two[1] = *b;

    list.elts = two;
    list.nelts = 2;

    return ngx_slack_am_join(s, &list, separator, pool);
}


ngx_int_t
ngx_slack_am_marked(ngx_str_t *s, ngx_array_t *list, ngx_uint_t index,
    char *separator, ngx_pool_t *pool)
{
    ngx_str_t           *place;
    ngx_uint_t           i;
    ngx_array_t          strings;
    ngx_slack_marked_t  *marked;

    ngx_str_null(s);

    marked = list->elts;
    i = ngx_slack_am_find_marked(list, index);

    if (i == list->nelts || marked[i].index != index) {
        return NGX_OK;
    }

    if (ngx_array_init(&strings, pool, 8, sizeof(ngx_str_t)) != NGX_OK) {
        return NGX_ERROR;
    }

    for ( /* void */ ; i < list->nelts && marked[i].index == index; i++) {

        place = ngx_array_push(&strings);
        if (place == NULL) {
            return NGX_ERROR;
        }

        *place = marked[i].text;
    }

    return ngx_slack_am_join(s, &strings, separator, pool);
}


ngx_uint_t
ngx_slack_am_find_marked(ngx_array_t *list, ngx_uint_t index)
{
    ngx_uint_t           i, low, high;
    ngx_slack_marked_t  *marked;

    marked = list->elts;
    low = 0;
    high = list->nelts;

    while (low < high) {
        i = low + (high - low) / 2;

        if (marked[i].index < index) {
            low = i + 1;

        } else {
            high = i;
        }
    }

    return low;
}


void
ngx_slack_am_label(ngx_array_t *labels, char *name, ngx_str_t *value)
{
    size_t       len;
    ngx_str_t   *s;
    ngx_uint_t   i;

    s = labels->elts;
    len = ngx_strlen(name);

    for (i = 0; i < labels->nelts && value->len == 0; i++) {
        if (s[i].len > len + 1 && s[i].data[len] == '='
            && ngx_memcmp(s[i].data, name, len) == 0)
        {
            value->data = s[i].data + len + 1;
            value->len = s[i].len - len - 1;
        }
    }
}


ngx_uint_t
ngx_slack_am_level(ngx_str_t *severity)
{
    ngx_slack_am_severity_t  *s;

    for (s = ngx_slack_am_severities; s->name.len; s++) {
        if (s->name.len == severity->len
            && ngx_strncasecmp(s->name.data, severity->data, s->name.len)
               == 0)
        {
            break;
        }
    }

    return s->level;
}


/* Go writes "0001-01-01T00:00:00Z" for a time that is not set. */

ngx_uint_t
ngx_slack_am_ended(ngx_str_t *time)
{
    return time->len > 4 && ngx_strncmp(time->data, "0001", 4) != 0;
}
