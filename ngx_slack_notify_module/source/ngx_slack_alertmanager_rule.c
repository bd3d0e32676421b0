
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The webhook of Grafana's alerting before version 9: how a rule stands, and
 * the series that made it so.  It tells no times.  Runs in the event loop.
 */


#include <ngx_slack_alertmanager.h>


/* series that are shown, at most */
#define NGX_SLACK_AM_MATCHES  10


static ngx_int_t ngx_slack_am_rule_tags(ngx_slack_am_t *am, ngx_pool_t *pool);
static ngx_int_t ngx_slack_am_rule_state(ngx_slack_am_t *am, ngx_pool_t *pool);
static ngx_int_t ngx_slack_am_rule_values(ngx_slack_am_t *am,
    ngx_pool_t *pool);
static ngx_int_t ngx_slack_am_rule_value(ngx_slack_am_t *am, ngx_uint_t i,
    ngx_str_t *value, ngx_pool_t *pool);


ngx_int_t
ngx_slack_am_rule(ngx_slack_am_t *am, ngx_pool_t *pool)
{
    ngx_slack_event_t  *event;

    event = &am->event;

    event->title = am->rule;
    event->url = am->rule_url;
    event->text = am->message;

    /* all that it has instead of labels; they name severity and project */

    event->told |= NGX_SLACK_SUBJECT_LABELS|NGX_SLACK_SUBJECT_PROJECT;

    ngx_str_null(&event->severity);
    ngx_str_null(&event->started);
    ngx_str_null(&event->ended);

    ngx_slack_am_label(&am->tags, "severity", &event->severity);
    ngx_slack_am_label(&am->tags, "project", &event->project);

    event->level = ngx_slack_am_level(&event->severity);

    if (ngx_slack_am_rule_state(am, pool) != NGX_OK
        || ngx_slack_am_rule_values(am, pool) != NGX_OK
        || ngx_slack_am_rule_tags(am, pool) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_am_pair(&event->links, "Image", &am->image, pool);
}


/* Filters see all tags, messages those that are not shown elsewhere. */

static ngx_int_t
ngx_slack_am_rule_tags(ngx_slack_am_t *am, ngx_pool_t *pool)
{
    ngx_str_t           *tag, *place, shown;
    ngx_uint_t           i;
    ngx_array_t          rest;
    ngx_slack_event_t   *event;

    event = &am->event;
    tag = am->tags.elts;

    if (ngx_array_init(&event->labels, pool, am->tags.nelts + 1,
                       sizeof(ngx_str_t))
        != NGX_OK
        || ngx_array_init(&rest, pool, am->tags.nelts + 1, sizeof(ngx_str_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < am->tags.nelts; i++) {

        place = ngx_array_push(&event->labels);
        if (place == NULL) {
            return NGX_ERROR;
        }

        *place = tag[i];

        if (ngx_slack_am_starts(&tag[i], "severity=")) {
            continue;
        }

        place = ngx_array_push(&rest);
        if (place == NULL) {
            return NGX_ERROR;
        }

        *place = tag[i];
    }

    if (ngx_slack_am_join(&shown, &rest, ", ", pool) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_am_pair(&event->facts, "Labels", &shown, pool);
}


/* A rule without data, and one that is paused, neither fires nor has ended. */

static ngx_int_t
ngx_slack_am_rule_state(ngx_slack_am_t *am, ngx_pool_t *pool)
{
    ngx_str_t              key, id, org;
    ngx_slack_event_t     *event;
    ngx_slack_identity_t  *identity;

    event = &am->event;

    event->firing = ngx_slack_am_is(&am->state, "alerting");
    event->resolved = ngx_slack_am_is(&am->state, "ok");

    event->action = am->state;

    if (event->firing) {
        ngx_str_set(&event->action, "triggered");

    } else if (event->resolved) {
        ngx_str_set(&event->action, "resolved");
    }

    event->state = event->action;

    id = am->rule_id.len ? am->rule_id : am->rule;
    org = am->org;

    if (ngx_slack_am_concat(&key, &org, "\n", &id, pool) != NGX_OK
        || ngx_slack_am_identity(event, &key, &event->severity, 0,
                                 event->resolved, pool)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    identity = event->identities.elts;

    if (event->firing + event->resolved == 0) {
        identity->state = am->state;
    }

    am->rule_key = identity->key;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_am_rule_values(ngx_slack_am_t *am, ngx_pool_t *pool)
{
    ngx_str_t    value, values, *place;
    ngx_uint_t   i;
    ngx_array_t  list;

    if (ngx_array_init(&list, pool, 4, sizeof(ngx_str_t)) != NGX_OK) {
        return NGX_ERROR;
    }

    for (i = 0; i < ngx_min(am->matches.nelts, NGX_SLACK_AM_MATCHES); i++) {

        if (ngx_slack_am_rule_value(am, i, &value, pool) != NGX_OK) {
            return NGX_ERROR;
        }

        if (value.len == 0) {
            continue;
        }

        place = ngx_array_push(&list);
        if (place == NULL) {
            return NGX_ERROR;
        }

        *place = value;
    }

    if (ngx_slack_am_join(&values, &list, ", ", pool) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_am_pair(&am->event.facts, "Values", &values, pool);
}


/* "cpu {host=a}: 93.5" */

static ngx_int_t
ngx_slack_am_rule_value(ngx_slack_am_t *am, ngx_uint_t i, ngx_str_t *value,
    ngx_pool_t *pool)
{
    ngx_str_t              tags, close;
    ngx_slack_am_match_t  *match;

    match = (ngx_slack_am_match_t *) am->matches.elts + i;

    *value = match->metric;

    if (ngx_slack_am_marked(&tags, &am->match_tags, i, ", ", pool) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_str_set(&close, "}");

    if (value->len == 0) {
        *value = tags;

    } else if (tags.len
               && (ngx_slack_am_concat(value, value, " {", &tags, pool)
                   != NGX_OK
                   || ngx_slack_am_concat(value, value, "", &close, pool)
                      != NGX_OK))
    {
        return NGX_ERROR;
    }

    return ngx_slack_am_concat(value, value, ": ", &match->value, pool);
}
