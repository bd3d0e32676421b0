
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What an event of a forge belongs to.  Knows events; no sender, not Slack.
 * Runs in the event loop.
 */


#include <ngx_slack_object.h>
#include <ngx_slack_forge.h>


/* digits of a 64-bit number */
#define NGX_SLACK_OBJECT_DIGITS  20

/* of a host with its port and the path of the forge, and of a page */
#define NGX_SLACK_OBJECT_BASE    255
#define NGX_SLACK_OBJECT_PAGE    1024


/* where the forge is, a part of an URL */

typedef struct {
    u_char                    *data;
    size_t                     host;      /* host and port */
    size_t                     len;       /* with the path that follows */
    ngx_uint_t                 upper;     /* the host has upper case */
} ngx_slack_object_base_t;


static ngx_int_t ngx_slack_object_set(ngx_slack_object_t *o, char *what,
    ngx_str_t *project, ngx_str_t *id, ngx_str_t *string);
static ngx_int_t ngx_slack_object_write(ngx_slack_object_t *o, char *what,
    ngx_slack_object_base_t *base, ngx_str_t *project, ngx_str_t *id,
    ngx_str_t *string);
static ngx_uint_t ngx_slack_object_base(ngx_slack_event_t *event,
    ngx_slack_object_base_t *base);
static ngx_uint_t ngx_slack_object_host(ngx_str_t *url,
    ngx_slack_object_base_t *base);
static ngx_uint_t ngx_slack_object_plain(u_char *p, size_t len);
static ngx_uint_t ngx_slack_object_is_number(ngx_str_t *s);


ngx_int_t
ngx_slack_object_number(ngx_slack_object_t *o, char *what, ngx_str_t *number,
    ngx_str_t *string)
{
    if (!ngx_slack_object_is_number(o->project)
        || !ngx_slack_object_is_number(number))
    {
        return NGX_OK;
    }

    return ngx_slack_object_set(o, what, o->project, number, string);
}


ngx_int_t
ngx_slack_object_commit(ngx_slack_object_t *o, ngx_str_t *sha,
    ngx_str_t *string)
{
    /* it is the last word, so nothing in it looks like another object */

    if (!ngx_slack_object_is_number(o->project)
        || (sha->len != 40 && sha->len != 64)
        || ngx_slack_forge_zero(sha))
    {
        return NGX_OK;
    }

    return ngx_slack_object_set(o, "commit", o->project, sha, string);
}


ngx_int_t
ngx_slack_object_global(ngx_slack_object_t *o, char *what, ngx_str_t *number,
    ngx_str_t *string)
{
    if (!ngx_slack_object_is_number(number)) {
        return NGX_OK;
    }

    return ngx_slack_object_set(o, what, NULL, number, string);
}


ngx_int_t
ngx_slack_object_page(ngx_slack_object_t *o, char *what, char *mark,
    ngx_str_t *string)
{
    u_char                   *p, *last, *digits;
    size_t                    len;
    ngx_str_t                *url;
    ngx_slack_object_base_t   base;

    url = &o->event->url;

    if (!ngx_slack_object_host(url, &base)) {
        return NGX_OK;
    }

    len = ngx_strlen(mark);
    last = url->data + url->len;

    for (p = base.data + base.host; (size_t) (last - p) > len; p++) {
        if (ngx_memcmp(p, mark, len) == 0) {
            break;
        }
    }

    if ((size_t) (last - p) <= len) {
        return NGX_OK;
    }

    digits = p + len;

    for (p = digits; p < last && *p >= '0' && *p <= '9'; p++) { /* void */ }

    base.len = p - base.data;

    if (p == digits
        || (p < last && *p != '/')
        || p - digits > NGX_SLACK_OBJECT_DIGITS
        || base.len > NGX_SLACK_OBJECT_PAGE
        || !ngx_slack_object_plain(base.data + base.host,
                                   base.len - base.host))
    {
        return NGX_OK;
    }

    return ngx_slack_object_write(o, what, &base, NULL, NULL, string);
}


static ngx_int_t
ngx_slack_object_set(ngx_slack_object_t *o, char *what, ngx_str_t *project,
    ngx_str_t *id, ngx_str_t *string)
{
    ngx_slack_object_base_t  base;

    if (!ngx_slack_object_base(o->event, &base)) {
        return NGX_OK;
    }

    return ngx_slack_object_write(o, what, &base, project, id, string);
}


static ngx_int_t
ngx_slack_object_write(ngx_slack_object_t *o, char *what,
    ngx_slack_object_base_t *base, ngx_str_t *project, ngx_str_t *id,
    ngx_str_t *string)
{
    u_char  *p;
    size_t   len, kind;

    kind = ngx_strlen(what);

    len = o->sender.len + sizeof("confidential_ ") - 1 + kind + base->len;

    if (project) {
        len += 1 + project->len;
    }

    if (id) {
        len += 1 + id->len;
    }

    p = ngx_pnalloc(o->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    string->data = p;

    if (o->sender.len) {
        p = ngx_cpymem(p, o->sender.data, o->sender.len);
    }

    if (o->event->confidential) {
        p = ngx_cpymem(p, "confidential_", sizeof("confidential_") - 1);
    }

    p = ngx_cpymem(p, what, kind);
    *p++ = ' ';

    if (base->upper) {
        ngx_strlow(p, base->data, base->host);

    } else {
        ngx_memcpy(p, base->data, base->host);
    }

    p += base->host;

    if (base->len > base->host) {
        p = ngx_cpymem(p, base->data + base->host, base->len - base->host);
    }

    if (project) {
        *p++ = ' ';
        p = ngx_cpymem(p, project->data, project->len);
    }

    if (id) {
        *p++ = ' ';
        p = ngx_cpymem(p, id->data, id->len);
    }

    string->len = p - string->data;

    return NGX_OK;
}


/*
 * The project's URL shows the forge's if it ends with the project's path: two
 * forges may be at different paths of a host.
 */

static ngx_uint_t
ngx_slack_object_base(ngx_slack_event_t *event, ngx_slack_object_base_t *base)
{
    u_char     *p, *last;
    ngx_str_t  *url;

    if (event->unread & NGX_SLACK_SUBJECT_PROJECT) {
        return 0;
    }

    url = &event->project_url;

    if (url->len == 0) {

        /* the URL of a deployment is not the forge's */

        if (event->kind == NGX_SLACK_EVENT_DEPLOYMENT) {
            return 0;
        }

        return ngx_slack_object_host(&event->url, base);
    }

    if (!ngx_slack_object_host(url, base)) {
        return 0;
    }

    p = base->data + base->host;
    last = url->data + url->len;

    if (event->project.len == 0
        || (size_t) (last - p) <= event->project.len
        || *(last - event->project.len - 1) != '/'
        || ngx_memcmp(last - event->project.len, event->project.data,
                      event->project.len)
           != 0)
    {
        return 1;
    }

    base->len = last - event->project.len - 1 - base->data;

    return base->len <= NGX_SLACK_OBJECT_BASE
           && ngx_slack_object_plain(base->data + base->host,
                                     base->len - base->host);
}


static ngx_uint_t
ngx_slack_object_host(ngx_str_t *url, ngx_slack_object_base_t *base)
{
    u_char  *p, *last;

    if (url->len == 0) {
        return 0;
    }

    p = url->data;
    last = url->data + url->len;

    if (url->len > 8 && ngx_memcmp(p, "https://", 8) == 0) {
        p += 8;

    } else if (url->len > 7 && ngx_memcmp(p, "http://", 7) == 0) {
        p += 7;

    } else {
        return 0;
    }

    base->data = p;
    base->upper = 0;

    for ( /* void */ ; p < last; p++) {

        if (*p > 'Z') {
            continue;
        }

        if (*p >= 'A') {
            base->upper = 1;
            continue;
        }

        if (*p == '/' || *p == '?' || *p == '#') {
            break;
        }

        if (*p <= ' ' || *p == '@') {
            return 0;
        }
    }

    base->host = p - base->data;
    base->len = base->host;

    return base->host && base->host <= NGX_SLACK_OBJECT_BASE;
}


/* whether it has no space, which separates the words of an object */

static ngx_uint_t
ngx_slack_object_plain(u_char *p, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        if (p[i] <= ' ') {
            return 0;
        }
    }

    return 1;
}


static ngx_uint_t
ngx_slack_object_is_number(ngx_str_t *s)
{
    size_t  i;

    for (i = 0; i < s->len; i++) {
        if (s->data[i] < '0' || s->data[i] > '9') {
            return 0;
        }
    }

    return s->len && s->len <= NGX_SLACK_OBJECT_DIGITS;
}
