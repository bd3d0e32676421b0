
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Mentions in Markdown: "@name", but not in code, in comments, in addresses
 * and URLs.  Each character is looked at a few times at most, whatever the
 * text.  Runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_people.h>


#define NGX_SLACK_PEOPLE_NAME_MAX  255      /* bytes */
#define NGX_SLACK_PEOPLE_TICKS     32       /* "`" in a row; more are text */


typedef struct {
    u_char      *pos;
    u_char      *last;
    u_char      *paragraph;      /* end of the paragraph at pos, once known */
    uint32_t     open;           /* a bit for each number of "`" in a row that
                                    nothing closes up to there */
    unsigned     no_code:1;      /* nothing closes "<code" or "<pre" any
                                    more */
    unsigned     no_pre:1;
} ngx_slack_people_walk_t;


static ngx_uint_t ngx_slack_people_fence(ngx_slack_people_walk_t *w);
static u_char *ngx_slack_people_fence_run(u_char *p, u_char *last, u_char *c,
    ngx_uint_t *n);
static void ngx_slack_people_ticks(ngx_slack_people_walk_t *w);
static u_char *ngx_slack_people_paragraph(u_char *p, u_char *last);
static void ngx_slack_people_tag(ngx_slack_people_walk_t *w);
static u_char *ngx_slack_people_find(u_char *p, u_char *last,
    const char *what);
static ngx_uint_t ngx_slack_people_name(ngx_slack_people_walk_t *w,
    ngx_str_t *text, ngx_str_t *name);
static ngx_uint_t ngx_slack_people_in_name(u_char c);


ngx_uint_t
ngx_slack_people_names(ngx_str_t *text, ngx_str_t *names, ngx_uint_t max)
{
    ngx_uint_t               n, line;
    ngx_slack_people_walk_t  w;

    ngx_memzero(&w, sizeof(ngx_slack_people_walk_t));

    w.pos = text->data;
    w.last = text->data + text->len;

    n = 0;
    line = 1;

    while (w.pos < w.last && n < max) {

        if (line) {
            line = 0;

            if (ngx_slack_people_fence(&w)) {
                line = 1;
                continue;
            }
        }

        switch (*w.pos) {

        case LF:
            line = 1;
            w.pos++;
            break;

        case '\\':
            /* a line feed is one nevertheless */
            w.pos++;

            if (w.pos < w.last && *w.pos != LF) {
                w.pos++;
            }

            break;

        case '`':
            ngx_slack_people_ticks(&w);
            break;

        case '<':
            ngx_slack_people_tag(&w);
            break;

        case '@':
            n += ngx_slack_people_name(&w, text, &names[n]);
            break;

        default:
            w.pos++;
        }
    }

    return n;
}


/*
 * At the start of a line: skips a fenced block, which ends with the text if
 * nothing closes it.  The lines of a fence may be indented or quoted.
 */

static ngx_uint_t
ngx_slack_people_fence(ngx_slack_people_walk_t *w)
{
    u_char      *p, c, mark;
    ngx_uint_t   n, opened;

    p = ngx_slack_people_fence_run(w->pos, w->last, &mark, &opened);

    if (opened < 3) {
        return 0;
    }

    for ( /* void */ ; p < w->last && *p != LF; p++) {

        /* a span of code that is written with three or more */

        if (mark == '`' && *p == '`') {
            return 0;
        }
    }

    while (p < w->last) {

        p = ngx_slack_people_fence_run(p + 1, w->last, &c, &n);

        if (n >= opened && c == mark) {

            while (p < w->last && (*p == ' ' || *p == '\t')) {
                p++;
            }

            if (p == w->last || *p == LF) {
                break;
            }
        }

        while (p < w->last && *p != LF) {
            p++;
        }
    }

    w->pos = ngx_min(p, w->last);

    if (w->pos < w->last) {
        w->pos++;
    }

    return 1;
}


/* Counts the marks of a fence that a line begins with; returns their end. */

static u_char *
ngx_slack_people_fence_run(u_char *p, u_char *last, u_char *c, ngx_uint_t *n)
{
    *n = 0;
    *c = '\0';

    while (p < last && (*p == ' ' || *p == '\t' || *p == '>')) {
        p++;
    }

    if (p < last && (*p == '`' || *p == '~')) {
        *c = *p;
    }

    while (p < last && *p == *c && *c) {
        p++;
        (*n)++;
    }

    return p;
}


/* Skips a span of code, or only the marks if nothing in reach closes it. */

static void
ngx_slack_people_ticks(ngx_slack_people_walk_t *w)
{
    u_char      *p, *start;
    ngx_uint_t   n, k;

    for (p = w->pos; p < w->last && *p == '`'; p++) { /* void */ }

    n = p - w->pos;
    w->pos = p;

    if (n > NGX_SLACK_PEOPLE_TICKS) {
        return;
    }

    if (w->paragraph == NULL || p >= w->paragraph) {
        w->paragraph = ngx_slack_people_paragraph(p, w->last);
        w->open = 0;
    }

    if (w->open & ((uint32_t) 1 << (n - 1))) {
        return;
    }

    while (p < w->paragraph) {

        if (*p != '`') {
            p++;
            continue;
        }

        for (start = p; p < w->paragraph && *p == '`'; p++) { /* void */ }

        k = p - start;

        if (k == n) {
            w->pos = p;
            return;
        }
    }

    w->open |= (uint32_t) 1 << (n - 1);
}


/* The end of the paragraph: before a blank line. */

static u_char *
ngx_slack_people_paragraph(u_char *p, u_char *last)
{
    u_char  *end;

    for ( ;; ) {

        while (p < last && *p != LF) {
            p++;
        }

        if (p == last) {
            return last;
        }

        end = p++;

        while (p < last && (*p == ' ' || *p == '\t')) {
            p++;
        }

        if (p == last || *p == LF) {
            return end;
        }
    }
}


/* Skips a comment, and code that is written as HTML. */

static void
ngx_slack_people_tag(ngx_slack_people_walk_t *w)
{
    u_char  *end;
    size_t   len;

    len = w->last - w->pos;

    if (len >= 4 && ngx_memcmp(w->pos, "<!--", 4) == 0) {
        end = ngx_slack_people_find(w->pos + 4, w->last, "-->");
        w->pos = end ? end : w->last;
        return;
    }

    if (len >= 5 && !w->no_code
        && ngx_strncasecmp(w->pos, (u_char *) "<code", 5) == 0)
    {
        end = ngx_slack_people_find(w->pos, w->last, "</code");

        if (end) {
            w->pos = end;
            return;
        }

        w->no_code = 1;
    }

    if (len >= 4 && !w->no_pre
        && ngx_strncasecmp(w->pos, (u_char *) "<pre", 4) == 0)
    {
        end = ngx_slack_people_find(w->pos, w->last, "</pre");

        if (end) {
            w->pos = end;
            return;
        }

        w->no_pre = 1;
    }

    w->pos++;
}


/* Returns the end of the first "what", in any case; NULL: there is none. */

static u_char *
ngx_slack_people_find(u_char *p, u_char *last, const char *what)
{
    size_t  len;

    len = ngx_strlen(what);

    for ( /* void */ ; (size_t) (last - p) >= len; p++) {
        if (ngx_strncasecmp(p, (u_char *) what, len) == 0) {
            return p + len;
        }
    }

    return NULL;
}


/* Moves behind "@" and the name.  Returns 1 if it is a mention. */

static ngx_uint_t
ngx_slack_people_name(ngx_slack_people_walk_t *w, ngx_str_t *text,
    ngx_str_t *name)
{
    u_char      *p, *start;
    ngx_uint_t   i, apart;

    static ngx_str_t  all[] = {
        ngx_string("all"),
        ngx_string("channel"),
        ngx_string("everyone"),
        ngx_string("here")
    };

    p = w->pos;

    /* what an address has before it */

    apart = (p == text->data
             || (!ngx_slack_people_in_name(p[-1]) && p[-1] != '+'
                 && p[-1] != '@' && p[-1] != '%' && p[-1] != '='));

    start = ++p;

    while (p < w->last && ngx_slack_people_in_name(*p)) {
        p++;
    }

    w->pos = p;

    if (p < w->last && *p == '@') {
        w->pos++;
        return 0;
    }

    /* the end of a sentence */

    while (p > start && (p[-1] == '.' || p[-1] == '-' || p[-1] == '/')) {
        p--;
    }

    if (!apart || p == start || p - start > NGX_SLACK_PEOPLE_NAME_MAX
        || *start == '.' || *start == '-' || *start == '/')
    {
        return 0;
    }

    name->data = start;
    name->len = p - start;

    /* nobody is called so: these are for all who read it */

    for (i = 0; i < sizeof(all) / sizeof(ngx_str_t); i++) {
        if (name->len == all[i].len
            && ngx_strncasecmp(name->data, all[i].data, all[i].len) == 0)
        {
            return 0;
        }
    }

    return 1;
}


/* groups and teams have a "/" */

static ngx_uint_t
ngx_slack_people_in_name(u_char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'
           || c == '/';
}
