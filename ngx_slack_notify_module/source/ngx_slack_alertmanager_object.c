
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Alerts: what an event belongs to, the group if there is one, else the alert.
 * Knows their payloads and events; not Slack.  Runs in the event loop.
 */


#include <ngx_slack_alertmanager.h>
#include <ngx_slack_time.h>


/*
 * An identity that is longer may be of values that were cut, which have about
 * NGX_SLACK_JSON_STRING_MAX bytes each.
 */
#define NGX_SLACK_AM_IDENTITY  8192


static void ngx_slack_am_stamp(ngx_slack_event_t *event, ngx_str_t *time);
static ngx_int_t ngx_slack_am_object_alert(ngx_slack_am_t *am,
    ngx_pool_t *pool);
static ngx_int_t ngx_slack_am_object_set(ngx_slack_event_t *event,
    char *what, ngx_str_t *key, ngx_pool_t *pool);


ngx_int_t
ngx_slack_am_object(ngx_slack_event_t *event, ngx_pool_t *pool)
{
    ngx_uint_t             i;
    ngx_slack_am_t        *am;
    ngx_slack_am_alert_t  *alert;

    am = (ngx_slack_am_t *) event;
    alert = am->all.elts;

    event->belongs = NGX_SLACK_OBJECT_WHOLE;
    event->final = (event->firing == 0 && event->resolved);

    for (i = 0; i < am->all.nelts; i++) {
        ngx_slack_am_stamp(event, &alert[i].starts);
        ngx_slack_am_stamp(event, &alert[i].ends);
    }

    if (am->all.nelts == 0) {
        ngx_slack_am_stamp(event, &event->started);
        ngx_slack_am_stamp(event, &event->ended);

        return ngx_slack_am_object_alert(am, pool);
    }

    if (am->group_key.len) {

        /* empty if the key was cut */

        return ngx_slack_am_object_set(event, "alert group ", &am->group_id,
                                       pool);
    }

    /* without a key only a single alert is the same group next time */

    if (am->all.nelts > 1 || event->truncated
        || (event->unread & NGX_SLACK_SUBJECT_LABELS))
    {
        return NGX_OK;
    }

    return ngx_slack_am_object_alert(am, pool);
}


/* Go's "0001-01-01T00:00:00Z" for a time that is not set is read as none. */

static void
ngx_slack_am_stamp(ngx_slack_event_t *event, ngx_str_t *time)
{
    int64_t  ms;

    ms = ngx_slack_time_parse_ms(time);
    event->stamp = ngx_max(event->stamp, ms);
}


static ngx_int_t
ngx_slack_am_object_alert(ngx_slack_am_t *am, ngx_pool_t *pool)
{
    ngx_str_t              all;
    ngx_slack_event_t     *event;
    ngx_slack_identity_t  *identity;

    event = &am->event;

    if (event->unread & NGX_SLACK_SUBJECT_OBJECT) {
        return NGX_OK;
    }

    if (am->rule_key.len) {
        return ngx_slack_am_object_set(event, "alert rule ", &am->rule_key,
                                       pool);
    }

    if (am->all.nelts == 0 && am->fingerprints.nelts) {

        /* GitLab takes several, which are one together */

        if (ngx_slack_am_join(&all, &am->fingerprints, "\n", pool) != NGX_OK) {
            return NGX_ERROR;
        }

        if (all.len) {
            return ngx_slack_am_object_set(event, "alert fingerprint ", &all,
                                           pool);
        }
    }

    if (event->identities.nelts != 1) {
        return NGX_OK;
    }

    identity = event->identities.elts;

    if (identity->key.len > NGX_SLACK_AM_IDENTITY) {
        return NGX_OK;
    }

    return ngx_slack_am_object_set(event,
                                   am->all.nelts
                                   && ((ngx_slack_am_alert_t *)
                                       am->all.elts)->fingerprint.len
                                   ? "alert fingerprint " : "alert identity ",
                                   &identity->key, pool);
}


static ngx_int_t
ngx_slack_am_object_set(ngx_slack_event_t *event, char *what, ngx_str_t *key,
    ngx_pool_t *pool)
{
    size_t  len;

    if (key->len == 0) {
        return NGX_OK;
    }

    len = ngx_strlen(what);

    event->object.data = ngx_pnalloc(pool, len + key->len);
    if (event->object.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(ngx_cpymem(event->object.data, what, len), key->data, key->len);

    event->object.len = len + key->len;

    return NGX_OK;
}
