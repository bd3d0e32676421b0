
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The filter "events": kinds of events and their actions.  The setter runs
 * when the configuration is read, the tests in the event loop.
 */


#include <ngx_slack_filter.h>
#include <ngx_slack_secret.h>


static ngx_int_t ngx_slack_filter_takes(ngx_slack_filter_t *filter,
    ngx_uint_t kind, ngx_str_t *name, ngx_uint_t expected);


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
ngx_slack_filter_set_events(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_slack_filter_t  *filter = conf;

    char        *err;
    ngx_str_t   *value;
    ngx_uint_t   i;

    if (filter->kinds) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        err = ngx_slack_filter_add_event(cf, filter, &value[i]);

        if (err) {
            ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, err,
                               ngx_slack_secret_word(&value[i]));
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/*
 * "all" means all default kinds; it does not change the actions of kinds that
 * are named too.
 */

char *
ngx_slack_filter_add_event(ngx_conf_t *cf, ngx_slack_filter_t *filter,
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


ngx_int_t
ngx_slack_filter_kind(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal)
{
    return (filter->kinds & ((ngx_uint_t) 1 << event->kind)) ? NGX_OK
                                                             : NGX_DECLINED;
}


ngx_int_t
ngx_slack_filter_action(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal)
{
    return ngx_slack_filter_takes(filter, event->kind, &event->action,
                                  event->expected);
}


ngx_int_t
ngx_slack_filter_has(ngx_slack_filter_t *filter, ngx_slack_event_t *event)
{
    if (!(filter->kinds & ((ngx_uint_t) 1 << event->kind))) {
        return NGX_DECLINED;
    }

    return ngx_slack_filter_takes(filter, event->kind, &event->action,
                                  event->expected);
}


ngx_int_t
ngx_slack_filter_names(ngx_slack_filter_t *filter, ngx_slack_event_t *event)
{
    if (!(filter->kinds & ((ngx_uint_t) 1 << event->kind))) {
        return NGX_DECLINED;
    }

    if (filter->actions[event->kind] == NULL) {
        return NGX_OK;
    }

    return ngx_slack_filter_takes(filter, event->kind, &event->action,
                                  event->expected);
}


ngx_int_t
ngx_slack_filter_covers(ngx_slack_filter_t *filter, ngx_slack_filter_t *other,
    ngx_str_t *never)
{
    ngx_str_t   *action;
    ngx_uint_t   i, k, bit;

    for (i = NGX_SLACK_EVENT_UNKNOWN + 1; i < NGX_SLACK_EVENT_MAX; i++) {

        bit = (ngx_uint_t) 1 << i;

        if (!(other->named & bit)) {
            continue;
        }

        *never = ngx_slack_kinds[i].name;

        if (!(filter->kinds & bit)) {
            return NGX_DECLINED;
        }

        if (other->actions[i] == NULL) {
            continue;
        }

        action = other->actions[i]->elts;

        for (k = 0; k < other->actions[i]->nelts; k++) {

            /* which senders there are is not known yet */

            if (ngx_slack_filter_takes(filter, i, &action[k], 1) != NGX_OK) {
                return NGX_DECLINED;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_filter_takes(ngx_slack_filter_t *filter, ngx_uint_t kind,
    ngx_str_t *name, ngx_uint_t expected)
{
    ngx_str_t   *action;
    ngx_uint_t   i;

    if (filter->actions[kind] == NULL) {
        return ngx_slack_kind_announced(&ngx_slack_kinds[kind], name,
                                        expected);
    }

    action = filter->actions[kind]->elts;

    for (i = 0; i < filter->actions[kind]->nelts; i++) {
        if (ngx_slack_filter_equal(&action[i], name)) {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}
