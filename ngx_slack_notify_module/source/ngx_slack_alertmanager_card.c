
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Alerts: what only cards show, the URL of the form that silences what fires,
 * with the labels filled in.  Knows the forms of Alertmanager and Grafana; not
 * Slack.  Runs in the event loop.
 */


#include <ngx_slack_alertmanager.h>
#include <ngx_slack_text.h>


/*
 * Longer names and values may have been cut, and half of a label would silence
 * nothing.
 */

#define NGX_SLACK_AM_NAME_MAX   127
#define NGX_SLACK_AM_LABEL_MAX  512


static ngx_int_t ngx_slack_am_silence(ngx_slack_am_t *am, ngx_array_t *labels,
    ngx_pool_t *pool);
static size_t ngx_slack_am_name_len(ngx_str_t *label);
static ngx_str_t ngx_slack_am_form(ngx_slack_am_t *am);
static u_char *ngx_slack_am_silence_page(ngx_slack_am_t *am, u_char *p);
static u_char *ngx_slack_am_silence_form(ngx_str_t *form, u_char *p,
    ngx_uint_t *params);
static u_char *ngx_slack_am_matcher(u_char *p, ngx_str_t *label);
static ngx_uint_t ngx_slack_am_plain(u_char *name, size_t len);
static u_char *ngx_slack_am_quoted(u_char *p, u_char *s, size_t len);
static u_char *ngx_slack_am_escaped(u_char *p, u_char *s, size_t len);


ngx_int_t
ngx_slack_am_stand(ngx_slack_event_t *event, ngx_pool_t *pool)
{
    ngx_slack_am_t  *am;

    am = (ngx_slack_am_t *) event;

    if (event->firing == 0) {
        return NGX_OK;
    }

    /*
     * The labels that all alerts share silence these and little else; if they
     * are too long for a URL, those that they are grouped by.
     */

    if (ngx_slack_am_silence(am, &am->common, pool) != NGX_OK) {
        return NGX_ERROR;
    }

    if (event->stand.silence.len) {
        return NGX_OK;
    }

    return ngx_slack_am_silence(am, &am->group, pool);
}


static ngx_int_t
ngx_slack_am_silence(ngx_slack_am_t *am, ngx_array_t *labels, ngx_pool_t *pool)
{
    u_char      *p, *start;
    size_t       size;
    ngx_str_t   *label, form;
    ngx_uint_t   i, grafana, params;

    form = ngx_slack_am_form(am);
    grafana = (form.len != 0);

    if (grafana) {

        if (am->all.nelts == 1) {

            /* it is the form of this alert */

            return NGX_OK;
        }

    } else if (am->external.len == 0 || !ngx_slack_am_is(&am->version, "4")) {
        return NGX_OK;
    }

    /* without any label all alerts would be silenced */

    if (labels->nelts == 0) {
        return NGX_OK;
    }

    size = am->external.len + form.len
           + sizeof("/#/silences/new?filter=%7B%7D");

    label = labels->elts;

    for (i = 0; i < labels->nelts; i++) {

        if (label[i].len > NGX_SLACK_AM_LABEL_MAX
            || ngx_slack_am_name_len(&label[i]) > NGX_SLACK_AM_NAME_MAX)
        {
            return NGX_OK;
        }

        /* each byte may become six, and there are quotes around both parts */

        size += 6 * label[i].len + sizeof("&matcher=%22%22%3D%22%22%2C%20");

        if (size > 8 * NGX_SLACK_TEXT_URL_MAX) {
            return NGX_OK;
        }
    }

    start = ngx_pnalloc(pool, size);
    if (start == NULL) {
        return NGX_ERROR;
    }

    params = 0;

    p = grafana ? ngx_slack_am_silence_form(&form, start, &params)
                : ngx_slack_am_silence_page(am, start);

    for (i = 0; i < labels->nelts; i++) {

        if (!grafana) {

            if (i) {
                p = ngx_cpymem(p, "%2C%20", sizeof("%2C%20") - 1);
            }

            p = ngx_slack_am_matcher(p, &label[i]);
            continue;
        }

        *p++ = params++ ? '&' : '?';
        p = ngx_cpymem(p, "matcher=", sizeof("matcher=") - 1);

        p = ngx_slack_am_escaped(p, label[i].data, label[i].len);
    }

    if (!grafana) {
        p = ngx_cpymem(p, "%7D", sizeof("%7D") - 1);
    }

    if (p - start > NGX_SLACK_TEXT_URL_MAX) {
        return NGX_OK;
    }

    am->event.stand.silence.data = start;
    am->event.stand.silence.len = p - start;

    return NGX_OK;
}


/* Grafana's form of the first alert; empty if another sender has told them */

static ngx_str_t
ngx_slack_am_form(ngx_slack_am_t *am)
{
    ngx_str_t              none;
    ngx_slack_am_alert_t  *alert;

    if (am->all.nelts) {
        alert = am->all.elts;
        return alert[0].silence;
    }

    ngx_str_null(&none);

    return none;
}


/* Alertmanager: the page with the form; its matchers follow */

static u_char *
ngx_slack_am_silence_page(ngx_slack_am_t *am, u_char *p)
{
    size_t  len;

    len = am->external.len
          - (am->external.data[am->external.len - 1] == '/');

    p = ngx_cpymem(p, am->external.data, len);

    return ngx_cpymem(p, "/#/silences/new?filter=%7B",
                      sizeof("/#/silences/new?filter=%7B") - 1);
}


/*
 * Grafana: the form of the first alert without its matchers; the number of
 * parameters it has is added to "params"
 */

static u_char *
ngx_slack_am_silence_form(ngx_str_t *form, u_char *p, ngx_uint_t *params)
{
    u_char  *s, *end, *last;

    s = form->data;
    last = s + form->len;

    end = ngx_strlchr(s, last, '#');
    last = end ? end : last;

    end = ngx_strlchr(s, last, '?');
    end = end ? end : last;

    p = ngx_cpymem(p, s, end - s);

    for (s = end + 1; s < last; s = end + 1) {

        end = ngx_strlchr(s, last, '&');
        end = end ? end : last;

        if (end == s
            || ((size_t) (end - s) >= sizeof("matcher=") - 1
                && ngx_strncmp(s, "matcher=", sizeof("matcher=") - 1) == 0))
        {
            continue;
        }

        *p++ = (*params)++ ? '&' : '?';
        p = ngx_cpymem(p, s, end - s);
    }

    return p;
}


/* appends name="value" of a label "name=value", percent-encoded */

static u_char *
ngx_slack_am_matcher(u_char *p, ngx_str_t *label)
{
    u_char  *equal, *last;

    last = label->data + label->len;
    equal = label->data + ngx_slack_am_name_len(label);

    if (ngx_slack_am_plain(label->data, equal - label->data)) {
        p = ngx_slack_am_escaped(p, label->data, equal - label->data);

    } else {
        p = ngx_slack_am_quoted(p, label->data, equal - label->data);
    }

    p = ngx_cpymem(p, "%3D", sizeof("%3D") - 1);

    equal += (equal < last);

    return ngx_slack_am_quoted(p, equal, last - equal);
}


static size_t
ngx_slack_am_name_len(ngx_str_t *label)
{
    u_char  *equal;

    equal = ngx_strlchr(label->data, label->data + label->len, '=');

    return equal ? (size_t) (equal - label->data) : label->len;
}


/* whether a name may stand without quotes */

static ngx_uint_t
ngx_slack_am_plain(u_char *name, size_t len)
{
    u_char  *last;

    if (len == 0 || (*name >= '0' && *name <= '9')) {
        return 0;
    }

    for (last = name + len; name < last; name++) {
        if (!((*name >= '0' && *name <= '9')
              || (*name >= 'A' && *name <= 'Z')
              || (*name >= 'a' && *name <= 'z')
              || *name == '_'))
        {
            return 0;
        }
    }

    return 1;
}


static u_char *
ngx_slack_am_quoted(u_char *p, u_char *s, size_t len)
{
    u_char  *last;

    p = ngx_cpymem(p, "%22", sizeof("%22") - 1);

    for (last = s + len; s < last; s++) {

        switch (*s) {

        case '"':
        case '\\':
            p = ngx_cpymem(p, "%5C", sizeof("%5C") - 1);
            break;

        case LF:
            p = ngx_cpymem(p, "%5Cn", sizeof("%5Cn") - 1);
            continue;
        }

        p = ngx_slack_am_escaped(p, s, 1);
    }

    return ngx_cpymem(p, "%22", sizeof("%22") - 1);
}


static u_char *
ngx_slack_am_escaped(u_char *p, u_char *s, size_t len)
{
    static u_char  hex[] = "0123456789ABCDEF";

    while (len--) {

        if ((*s >= '0' && *s <= '9')
            || (*s >= 'A' && *s <= 'Z')
            || (*s >= 'a' && *s <= 'z')
            || *s == '_' || *s == '-' || *s == '.')
        {
            *p++ = *s++;
            continue;
        }

        *p++ = '%';
        *p++ = hex[*s >> 4];
        *p++ = hex[*s & 0xf];
        s++;
    }

    return p;
}
