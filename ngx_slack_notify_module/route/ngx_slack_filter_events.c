
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The filter "events": kinds of events and their actions.  The setter runs
 * when the configuration is read, the tests in the event loop.
 */


#include <ngx_slack_filter.h>
#include <ngx_slack_secret.h>
#include <ngx_slack_words.h>


static ngx_int_t ngx_slack_filter_unknown_event(ngx_conf_t *cf,
    ngx_str_t *word, ngx_str_t *name);
static ngx_int_t ngx_slack_filter_add_actions(ngx_conf_t *cf,
    ngx_array_t *actions, const ngx_slack_kind_t *kind, ngx_str_t *word,
    u_char *p);
static ngx_int_t ngx_slack_filter_unknown_action(ngx_conf_t *cf,
    const ngx_slack_kind_t *kind, ngx_str_t *word, ngx_str_t *action);
static ngx_uint_t ngx_slack_filter_listed(ngx_str_t *list, ngx_str_t *action);
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

    ngx_str_t   *value;
    ngx_uint_t   i;

    if (filter->kinds) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_slack_filter_add_event(cf, filter, &value[i]) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/*
 * "all" means all default kinds; it does not change the actions of kinds that
 * are named too.
 */

ngx_int_t
ngx_slack_filter_add_event(ngx_conf_t *cf, ngx_slack_filter_t *filter,
    ngx_str_t *word)
{
    u_char                  *p, *last;
    ngx_str_t                name;
    const ngx_slack_kind_t  *kind;

    static ngx_str_t  all = ngx_string("all");

    last = word->data + word->len;
    p = ngx_strlchr(word->data, last, ':');

    name.data = word->data;
    name.len = (p ? p : last) - word->data;

    if (p == NULL && ngx_slack_equal(&name, &all)) {
        filter->kinds |= ngx_slack_filter_default_kinds();
        return NGX_OK;
    }

    kind = ngx_slack_kind_find(&name);

    if (kind == NULL) {
        return ngx_slack_filter_unknown_event(cf, word, &name);
    }

    if (filter->named & ((ngx_uint_t) 1 << kind->kind)) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "duplicate event \"%V\"",
                           word);
        return NGX_ERROR;
    }

    filter->named |= (ngx_uint_t) 1 << kind->kind;
    filter->kinds |= (ngx_uint_t) 1 << kind->kind;

    if (p == NULL) {
        return NGX_OK;
    }

    filter->actions[kind->kind] = ngx_array_create(cf->pool, 4,
                                                   sizeof(ngx_str_t));
    if (filter->actions[kind->kind] == NULL) {
        return NGX_ERROR;
    }

    return ngx_slack_filter_add_actions(cf, filter->actions[kind->kind], kind,
                                        word, p + 1);
}


static ngx_int_t
ngx_slack_filter_unknown_event(ngx_conf_t *cf, ngx_str_t *word,
    ngx_str_t *name)
{
    u_char             buf[NGX_SLACK_WORDS_HINT];
    ngx_str_t          hint, *shown;
    ngx_uint_t         i;
    ngx_slack_words_t  words;

    shown = ngx_slack_secret_word(word);

    ngx_slack_words_begin(&words, (shown == word) ? name : shown);

    for (i = NGX_SLACK_EVENT_UNKNOWN + 1; i < NGX_SLACK_EVENT_MAX; i++) {
        ngx_slack_words_add(&words, (ngx_str_t *) &ngx_slack_kinds[i].name);
    }

    hint = ngx_slack_words_hint(&words, buf);

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "unknown event \"%V\"%V there are: %*s",
                       shown, &hint, words.len, words.list);

    return NGX_ERROR;
}


/* The actions are separated by ",", the first one begins at "p". */

static ngx_int_t
ngx_slack_filter_add_actions(ngx_conf_t *cf, ngx_array_t *actions,
    const ngx_slack_kind_t *kind, ngx_str_t *word, u_char *p)
{
    u_char     *comma, *last;
    ngx_str_t  *action;

    last = word->data + word->len;

    for ( ;; ) {

        comma = ngx_strlchr(p, last, ',');

        action = ngx_array_push(actions);
        if (action == NULL) {
            return NGX_ERROR;
        }

        action->data = p;
        action->len = (comma ? comma : last) - p;

        if (action->len == 0) {
            ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "invalid event \"%V\"",
                               word);
            return NGX_ERROR;
        }

        if (!ngx_slack_filter_listed(kind->actions, action)
            && !ngx_slack_filter_listed(kind->others, action)
            && ngx_slack_filter_unknown_action(cf, kind, word, action)
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (comma == NULL) {
            return NGX_OK;
        }

        p = comma + 1;
    }
}


/* A sender may have statuses that are not known here: those are taken. */

static ngx_int_t
ngx_slack_filter_unknown_action(ngx_conf_t *cf, const ngx_slack_kind_t *kind,
    ngx_str_t *word, ngx_str_t *action)
{
    u_char             buf[NGX_SLACK_WORDS_HINT];
    ngx_str_t          hint;
    ngx_slack_words_t  words;

    ngx_slack_words_begin(&words, action);
    ngx_slack_words_add_all(&words, kind->actions);
    ngx_slack_words_add_all(&words, kind->others);

    hint = ngx_slack_words_hint(&words, buf);

    if (kind->open_actions) {
        ngx_slack_conf_log(NGX_LOG_WARN, cf, 0,
                           "no sender is known to have the status of "
                           "\"%V:%V\"%V known are: %*s",
                           &kind->name, action, &hint, words.len, words.list);
        return NGX_OK;
    }

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "unknown action \"%V\" in event \"%V\"%V there are: "
                       "%*s", action, word, &hint, words.len, words.list);

    return NGX_ERROR;
}


static ngx_uint_t
ngx_slack_filter_listed(ngx_str_t *list, ngx_str_t *action)
{
    if (list == NULL) {
        return 0;
    }

    for ( /* void */ ; list->len; list++) {
        if (ngx_slack_equal(list, action)) {
            return 1;
        }
    }

    return 0;
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
        if (ngx_slack_equal(&action[i], name)) {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}
