
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A group of alerts, as Alertmanager and Grafana send it: which alerts fire,
 * which have ended, what they share.  Knows their payload and events; not
 * Slack.  Runs in the event loop.
 */


#include <ngx_slack_alertmanager.h>
#include <ngx_slack_equal.h>
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
static ngx_int_t ngx_slack_am_title(ngx_slack_am_t *am, ngx_pool_t *pool);
static ngx_int_t ngx_slack_am_shared_labels(ngx_slack_am_t *am,
    ngx_str_t *shared, ngx_pool_t *pool);
static ngx_str_t ngx_slack_am_shared(ngx_slack_am_t *am, size_t member);
static ngx_uint_t ngx_slack_am_has(ngx_array_t *list, ngx_str_t *string);


ngx_int_t
ngx_slack_am_group(ngx_slack_am_t *am, ngx_pool_t *pool)
{
    time_t                 time;
    ngx_str_t              severity, values;
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

    for (i = 0; i < am->all.nelts; i++) {

        if (ngx_slack_am_marked(&values, &am->values, i, ", ", pool)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (values.len) {
            alert[i].values = values;
        }
    }

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

    if (ngx_slack_am_title(am, pool) != NGX_OK) {
        return NGX_ERROR;
    }

    if (am->all.nelts == 1) {
        event->started = alert[0].starts;

        if (ngx_slack_am_pair(&event->facts, "Values", &alert[0].values, pool)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

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
                                     &alert[i].severity,
                                     ngx_slack_time_parse_ms(&alert[i].starts),
                                     resolved, pool)
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

            if (shown->text.len == 0) {
                shown->text = alert[i].values;
            }
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
    ngx_uint_t           i;
    ngx_array_t          every, single;
    ngx_slack_marked_t  *label;

    label = am->labels.elts;

    if (ngx_array_init(&every, pool, 8, sizeof(ngx_str_t)) != NGX_OK
        || ngx_array_init(&single, pool, 4, sizeof(ngx_str_t)) != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = ngx_slack_am_find_marked(&am->labels, index);
         i < am->labels.nelts && label[i].index == index;
         i++)
    {

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
    ngx_str_t           page, silence, image;
    ngx_slack_event_t  *event;

    event = &am->event;
    page = am->external;

    silence = ngx_slack_am_shared(am, offsetof(ngx_slack_am_alert_t, silence));
    image = ngx_slack_am_shared(am, offsetof(ngx_slack_am_alert_t, image));

    if (am->dashboard.len == 0) {
        am->dashboard = ngx_slack_am_shared(am, offsetof(ngx_slack_am_alert_t,
                                                         dashboard));
    }

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
        || ngx_slack_am_pair(&event->links, "Silence", &silence, pool)
           != NGX_OK
        || ngx_slack_am_pair(&event->links, "Image", &image, pool) != NGX_OK)
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
    ngx_slack_event_t   *event;
    ngx_slack_marked_t  *marked;

    event = &am->event;
    label = am->common.elts;
    marked = am->labels.elts;

    if (ngx_array_init(&event->labels, pool,
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
    }

    for (i = 0; i < am->labels.nelts; i++) {

        place = ngx_array_push(&event->labels);
        if (place == NULL) {
            return NGX_ERROR;
        }

        *place = marked[i].text;
    }

    if (ngx_slack_am_shared_labels(am, &shared, pool) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_am_pair(&event->facts, "Labels", &shared, pool);
}


/* The common labels, but for those that are shown elsewhere. */

static ngx_int_t
ngx_slack_am_shared_labels(ngx_slack_am_t *am, ngx_str_t *shared,
    ngx_pool_t *pool)
{
    ngx_str_t    *label, *place;
    ngx_uint_t    i;
    ngx_array_t   rest;

    if (ngx_array_init(&rest, pool, 8, sizeof(ngx_str_t)) != NGX_OK) {
        return NGX_ERROR;
    }

    label = am->common.elts;

    for (i = 0; i < am->common.nelts; i++) {

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

    return ngx_slack_am_join(shared, &rest, ", ", pool);
}


/*
 * Alerts of several names are titled by what all of them share: the name of
 * one would say nothing of the others.  Grafana reports that it cannot
 * evaluate a rule as an alert of another name.
 */

static ngx_int_t
ngx_slack_am_title(ngx_slack_am_t *am, ngx_pool_t *pool)
{
    ngx_str_t          *title, rule;
    ngx_slack_event_t  *event;

    event = &am->event;
    title = &event->title;

    /* a group's title is not its alert's */

    ngx_str_null(title);
    ngx_str_null(&rule);

    ngx_slack_am_label(&am->common, "alertname", title);

    if (title->len == 0 && am->all.nelts == 1) {
        *title = ((ngx_slack_am_alert_t *) am->all.elts)->name;
    }

    if (ngx_slack_am_is(title, "DatasourceNoData")
        || ngx_slack_am_is(title, "DatasourceError"))
    {
        ngx_slack_am_label(&am->common, "rulename", &rule);

        return ngx_slack_am_concat(title, title, ": ", &rule, pool);
    }

    if (title->len == 0
        && ngx_slack_am_join(title, &am->group, ", ", pool) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return title->len ? NGX_OK : ngx_slack_am_shared_labels(am, title, pool);
}


/* A member of the alerts if it is the same of all of them, or else empty. */

static ngx_str_t
ngx_slack_am_shared(ngx_slack_am_t *am, size_t member)
{
    u_char      *row;
    ngx_str_t   *first, *other, none;
    ngx_uint_t   i;

    ngx_str_null(&none);

    row = am->all.elts;
    first = (ngx_str_t *) (row + member);

    for (i = 1; i < am->all.nelts; i++) {
        other = (ngx_str_t *) (row + i * am->all.size + member);

        if (!ngx_slack_equal(other, first)) {
            return none;
        }
    }

    return *first;
}


static ngx_uint_t
ngx_slack_am_has(ngx_array_t *list, ngx_str_t *string)
{
    ngx_str_t   *s;
    ngx_uint_t   i, n;

    s = list->elts;
    n = ngx_min(list->nelts, NGX_SLACK_AM_COMMON);

    for (i = 0; i < n; i++) {
        if (ngx_slack_equal(&s[i], string)) {
            return 1;
        }
    }

    return 0;
}
