
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the directive "events" of a route takes: kinds of events and their
 * actions.  Knows events; no sender, no Slack.  Runs when the configuration is
 * read.
 */


#include <ngx_slack_route.h>


#define ngx_slack_filter_equal(a, b)                                          \
    ((a)->len == (b)->len                                                     \
     && ngx_memcmp((a)->data, (b)->data, (a)->len) == 0)


ngx_uint_t
ngx_slack_filter_default_kinds(void)
{
    ngx_uint_t  i, kinds;

    kinds = 0;

    for (i = NGX_SLACK_EVENT_UNKNOWN + 1; i < NGX_SLACK_EVENT_MAX; i++) {
        if (!ngx_slack_kinds[i].confidential && !ngx_slack_kinds[i].optional) {
            kinds |= (ngx_uint_t) 1 << i;
        }
    }

    return kinds;
}


char *
ngx_slack_filter_event(ngx_conf_t *cf, ngx_slack_filter_t *filter,
    ngx_str_t *word)
{
    u_char                  *p, *comma, *last;
    ngx_str_t                name, *action, *known;
    ngx_array_t             *actions;
    const ngx_slack_kind_t  *kind;

    static ngx_str_t  all = ngx_string("all");

    last = word->data + word->len;
    p = ngx_strlchr(word->data, last, ':');

    name.data = word->data;
    name.len = (p ? p : last) - word->data;

    if (p == NULL && ngx_slack_filter_equal(&name, &all)) {
        filter->kinds |= ngx_slack_filter_default_kinds();
        return NULL;
    }

    kind = ngx_slack_kind_find(&name);

    if (kind == NULL) {
        return "unknown event \"%V\", see \"Events and actions\" in "
               "the README";
    }

    if (filter->named & ((ngx_uint_t) 1 << kind->kind)) {
        return "duplicate event \"%V\"";
    }

    filter->named |= (ngx_uint_t) 1 << kind->kind;
    filter->kinds |= (ngx_uint_t) 1 << kind->kind;

    if (p == NULL) {
        return NULL;
    }

    actions = ngx_array_create(cf->pool, 4, sizeof(ngx_str_t));
    if (actions == NULL) {
        return "no memory for event \"%V\"";
    }

    filter->actions[kind->kind] = actions;

    do {
        p++;

        comma = ngx_strlchr(p, last, ',');

        action = ngx_array_push(actions);
        if (action == NULL) {
            return "no memory for event \"%V\"";
        }

        action->data = p;
        action->len = (comma ? comma : last) - p;

        if (action->len == 0) {
            return "invalid event \"%V\"";
        }

        for (known = kind->actions; known->len; known++) {
            if (ngx_slack_filter_equal(known, action)) {
                break;
            }
        }

        if (known->len == 0 && !kind->open_actions) {
            return "unknown action in event \"%V\", see \"Events and "
                   "actions\" in the README";
        }

        p = comma;

    } while (p);

    return NULL;
}
