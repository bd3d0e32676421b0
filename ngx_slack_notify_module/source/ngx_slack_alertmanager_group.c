
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A group of alerts, as Alertmanager and Grafana send it: which alerts fire,
 * which have ended, what they share.  Knows their payload and events; not
 * Slack.  Runs in the event loop.
 */


#include <ngx_slack_alertmanager.h>
#include <ngx_slack_text.h>
#include <ngx_slack_time.h>


/* common labels that are compared, at most */
#define NGX_SLACK_AM_COMMON  64


static ngx_int_t ngx_slack_am_alerts(ngx_slack_am_t *am, ngx_uint_t resolved,
    ngx_pool_t *pool);
static ngx_int_t ngx_slack_am_own_labels(ngx_slack_am_t *am, ngx_uint_t index,
    ngx_pool_t *pool, ngx_str_t *all, ngx_str_t *own);
static ngx_int_t ngx_slack_am_group_links(ngx_slack_am_t *am,
    ngx_pool_t *pool);
static ngx_int_t ngx_slack_am_labels(ngx_slack_am_t *am, ngx_pool_t *pool);
static ngx_uint_t ngx_slack_am_has(ngx_array_t *list, ngx_str_t *string);
static void ngx_slack_am_label(ngx_array_t *labels, char *name,
    ngx_str_t *value);


ngx_int_t
ngx_slack_am_group(ngx_slack_am_t *am, ngx_pool_t *pool)
{
    time_t                 time;
    ngx_str_t              severity;
    ngx_uint_t             i, level;
    ngx_slack_event_t     *event;
    ngx_slack_am_alert_t  *alert;

    event = &am->event;
    alert = am->all.elts;

    /*
     * these fields are for generic alerts; Grafana sends others under these
     * names
     */

    ngx_str_null(&event->severity);
    ngx_str_null(&event->started);
    ngx_str_null(&event->ended);

    if (ngx_slack_am_alerts(am, 0, pool) != NGX_OK
        || ngx_slack_am_alerts(am, 1, pool) != NGX_OK
        || ngx_slack_am_labels(am, pool) != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* the highest severity of those that fire; if none does, of all */

    for (i = 0; i < am->all.nelts; i++) {

        time = ngx_slack_time_parse(ngx_slack_am_ended(&alert[i].ends)
                                    ? &alert[i].ends : &alert[i].starts);

        event->time = ngx_max(event->time, time);

        if (event->firing
            && ngx_slack_am_is(&alert[i].status, "resolved"))
        {
            continue;
        }

        severity = alert[i].severity;
        level = ngx_slack_am_level(&severity);

        if (event->severity.len == 0 || level > event->level) {
            event->severity = severity;
            event->level = level;
        }
    }

    ngx_slack_am_label(&am->common, "alertname", &event->title);

    if (event->title.len == 0 && am->group.nelts) {
        if (ngx_slack_am_join(&event->title, &am->group, ", ", pool)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (event->title.len == 0) {
        event->title = alert[0].name;
    }

    if (am->all.nelts == 1) {
        event->started = alert[0].starts;

        if (ngx_slack_am_ended(&alert[0].ends)) {
            event->ended = alert[0].ends;
        }
    }

    ngx_slack_am_label(&am->common, "project", &event->project);
    ngx_slack_am_label(&am->common, "namespace", &event->project);
    ngx_slack_am_label(&am->common, "job", &event->project);

    if (ngx_slack_am_concat(&event->text, &am->summary, "\n\n",
                            &am->description, pool)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_am_group_links(am, pool);
}


/* adds the alerts that fire, or with "resolved" those that have ended */

static ngx_int_t
ngx_slack_am_alerts(ngx_slack_am_t *am, ngx_uint_t resolved, ngx_pool_t *pool)
{
    ngx_str_t              all, own;
    ngx_uint_t             i;
    ngx_slack_alert_t     *shown;
    ngx_slack_event_t     *event;
    ngx_slack_am_alert_t  *alert;

    event = &am->event;
    alert = am->all.elts;

    if (event->alerts.elts == NULL
        && ngx_array_init(&event->alerts, pool, am->all.nelts,
                          sizeof(ngx_slack_alert_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < am->all.nelts; i++) {

        /* an element without a status is not an alert */

        if (alert[i].status.len == 0
            || ngx_slack_am_is(&alert[i].status, "resolved") != resolved)
        {
            continue;
        }

        if (resolved) {
            event->resolved++;

        } else {
            event->firing++;
        }

        if (ngx_slack_am_own_labels(am, i, pool, &all, &own) != NGX_OK
            || ngx_slack_am_identity(event,
                                     alert[i].fingerprint.len
                                     ? &alert[i].fingerprint : &all,
                                     &alert[i].severity, resolved, pool)
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (am->all.nelts == 1) {
            return NGX_OK;
        }

        shown = ngx_array_push(&event->alerts);
        if (shown == NULL) {
            return NGX_ERROR;
        }

        shown->name = own.len ? own : alert[i].name;
        shown->url = alert[i].url;
        shown->resolved = resolved ? 1 : 0;
        ngx_str_null(&shown->text);

        if (am->summary.len == 0) {
            shown->text = ngx_slack_text_first_line(&alert[i].summary);
        }
    }

    return NGX_OK;
}


/*
 * Collects all labels of an alert, and those that it does not share with all
 * others.  They are in the order of the alerts.
 */

static ngx_int_t
ngx_slack_am_own_labels(ngx_slack_am_t *am, ngx_uint_t index, ngx_pool_t *pool,
    ngx_str_t *all, ngx_str_t *own)
{
    ngx_str_t           *place;
    ngx_uint_t           i, low, high;
    ngx_array_t          every, single;
    ngx_slack_marked_t  *label;

    label = am->labels.elts;
    low = 0;
    high = am->labels.nelts;

    while (low < high) {
        i = low + (high - low) / 2;

        if (label[i].index < index) {
            low = i + 1;

        } else {
            high = i;
        }
    }

    if (ngx_array_init(&every, pool, 8, sizeof(ngx_str_t)) != NGX_OK
        || ngx_array_init(&single, pool, 4, sizeof(ngx_str_t)) != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = low; i < am->labels.nelts && label[i].index == index; i++) {

        place = ngx_array_push(&every);
        if (place == NULL) {
            return NGX_ERROR;
        }

        *place = label[i].text;

        if (ngx_slack_am_has(&am->common, &label[i].text)) {
            continue;
        }

        place = ngx_array_push(&single);
        if (place == NULL) {
            return NGX_ERROR;
        }

        *place = label[i].text;
    }

    if (ngx_slack_am_join(all, &every, "\n", pool) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_am_join(own, &single, ", ", pool);
}


static ngx_int_t
ngx_slack_am_group_links(ngx_slack_am_t *am, ngx_pool_t *pool)
{
    u_char             *p;
    size_t              len;
    ngx_str_t           page;
    ngx_slack_event_t  *event;

    event = &am->event;
    page = am->external;

    /*
     * Grafana sends the same webhook with another version, but has other pages
     */

    if (page.len && ngx_slack_am_is(&am->version, "4")) {

        len = page.len - (page.data[page.len - 1] == '/');

        page.data = ngx_pnalloc(pool, len + sizeof("/#/alerts?receiver=") - 1
                                      + 3 * am->receiver.len);
        if (page.data == NULL) {
            return NGX_ERROR;
        }

        p = ngx_cpymem(page.data, am->external.data, len);
        p = ngx_cpymem(p, "/#/alerts?receiver=",
                       sizeof("/#/alerts?receiver=") - 1);

        if (am->receiver.len) {
            p = ngx_slack_text_escape_path(p, am->receiver.data,
                                           am->receiver.len);
        }

        page.len = p - page.data;
    }

    if (am->all.nelts == 1) {
        event->url = ((ngx_slack_am_alert_t *) am->all.elts)->url;
    }

    if (event->url.len == 0) {
        event->url = page;
        page.len = 0;
    }

    if (ngx_slack_am_pair(&event->links, "Runbook", &am->runbook, pool)
        != NGX_OK
        || ngx_slack_am_pair(&event->links, "Dashboard", &am->dashboard, pool)
           != NGX_OK
        || ngx_slack_am_pair(&event->links, "Silence", &am->silence, pool)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_am_pair(&event->links, "All alerts", &page, pool);
}


/* Filters see the labels of all alerts, messages show those that all share. */

static ngx_int_t
ngx_slack_am_labels(ngx_slack_am_t *am, ngx_pool_t *pool)
{
    ngx_str_t           *label, *place, shared;
    ngx_uint_t           i;
    ngx_array_t          rest;
    ngx_slack_event_t   *event;
    ngx_slack_marked_t  *marked;

    event = &am->event;
    label = am->common.elts;
    marked = am->labels.elts;

    if (ngx_array_init(&rest, pool, 8, sizeof(ngx_str_t)) != NGX_OK
        || ngx_array_init(&event->labels, pool,
                          am->common.nelts + am->labels.nelts + 1,
                          sizeof(ngx_str_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < am->common.nelts; i++) {

        place = ngx_array_push(&event->labels);
        if (place == NULL) {
            return NGX_ERROR;
        }

        *place = label[i];

        /* shown elsewhere */

        if (ngx_slack_am_starts(&label[i], "alertname=")
            || ngx_slack_am_starts(&label[i], "severity="))
        {
            continue;
        }

        place = ngx_array_push(&rest);
        if (place == NULL) {
            return NGX_ERROR;
        }

        *place = label[i];
    }

    for (i = 0; i < am->labels.nelts; i++) {

        place = ngx_array_push(&event->labels);
        if (place == NULL) {
            return NGX_ERROR;
        }

        *place = marked[i].text;
    }

    if (ngx_slack_am_join(&shared, &rest, ", ", pool) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_am_pair(&event->facts, "Labels", &shared, pool);
}


static ngx_uint_t
ngx_slack_am_has(ngx_array_t *list, ngx_str_t *string)
{
    ngx_str_t   *s;
    ngx_uint_t   i, n;

    s = list->elts;
    n = ngx_min(list->nelts, NGX_SLACK_AM_COMMON);

    for (i = 0; i < n; i++) {
        if (s[i].len == string->len
            && ngx_memcmp(s[i].data, string->data, string->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* sets the value from "name=value", unless it is set already */

static void
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
