
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Text for Slack: values on one line, also bold and linked ones.  Runs in any
 * thread if the text has no pool.
 *
 * Values are copied in runs; a table tells which bytes need care.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_text.h>
#include <ngx_slack_text_private.h>


/*
 * The marks of a label that is shown as it was typed.  "ends" are the last of
 * each kind: a mark with none behind it begins nothing.
 */

typedef struct {
    u_char               *first;
    u_char               *last;
    u_char               *ends[3];
    ngx_slack_text_at_t   at;
} ngx_slack_text_marks_t;


static ngx_uint_t ngx_slack_text_blank(u_char *p, u_char *last);
static ngx_uint_t ngx_slack_text_ticks(u_char *p, u_char *last);
static void ngx_slack_text_mark(ngx_slack_text_t *text,
    ngx_slack_text_marks_t *marks, u_char *p, size_t n);
static ngx_uint_t ngx_slack_text_begins(ngx_slack_text_marks_t *marks,
    u_char *p, size_t n);
static ngx_uint_t ngx_slack_text_emoji(u_char *p, u_char *last);
static ngx_int_t ngx_slack_text_anchor(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *label, size_t max, ngx_uint_t flags);


/* classes of the bytes of a label */

#define NGX_SLACK_TEXT_LABEL(at, mark, colon)                                 \
    {                                                                         \
        X8(DROP),                                                             \
        DROP, SPACE, SPACE, DROP, DROP, DROP, DROP, DROP,                     \
        X16(DROP),                                                            \
                                                                              \
        /*  !"#$%&' ()*+,-./ */                                               \
        COPY, COPY, COPY, COPY, COPY, COPY, AMP, COPY,                        \
        COPY, COPY, STAR, COPY, COPY, COPY, COPY, COPY,                       \
                                                                              \
        /* 01234567 89:;<=>? */                                               \
        X8(COPY),                                                             \
        COPY, COPY, colon, COPY, LT, COPY, GT, COPY,                          \
                                                                              \
        /* @ABCDEFG .. XYZ[\]^_ */                                            \
        at, COPY, COPY, COPY, COPY, COPY, COPY, COPY,                         \
        X8(COPY),                                                             \
        X8(COPY),                                                             \
        COPY, COPY, COPY, COPY, COPY, COPY, COPY, mark,                       \
                                                                              \
        /* `abcdefg hijklmno */                                               \
        TICK, COPY, COPY, COPY, COPY, COPY, COPY, COPY,                       \
        X8(COPY),                                                             \
                                                                              \
        /* pqrstuvw xyz{|}~ */                                                \
        X8(COPY),                                                             \
        COPY, COPY, COPY, COPY, BAR, COPY, mark, DROP,                        \
                                                                              \
        NGX_SLACK_TEXT_HIGH                                                   \
    }


/* [2] and [3] are for labels that are shown as they were typed */

static const u_char  ngx_slack_text_in_label[4][256] = {
    NGX_SLACK_TEXT_LABEL(COPY, COPY, COPY),
    NGX_SLACK_TEXT_LABEL(AT, COPY, COPY),
    NGX_SLACK_TEXT_LABEL(COPY, MARK, COLON),
    NGX_SLACK_TEXT_LABEL(AT, MARK, COLON)
};


/*
 * Whether nothing of the text is visible: a link needs something to click on.
 */

static ngx_uint_t
ngx_slack_text_blank(u_char *p, u_char *last)
{
    while (p < last) {

        if (*p <= ' ') {
            p++;
            continue;
        }

        /* U+00A0, U+00AD */

        if (*p == 0xc2 && last - p >= 2 && (p[1] == 0xa0 || p[1] == 0xad)) {
            p += 2;
            continue;
        }

        if (last - p < 3) {
            return 0;
        }

        /* U+1680, U+2000..U+200F, U+202F, U+205F..U+206F, U+3000 */

        if ((*p == 0xe1 && p[1] == 0x9a && p[2] == 0x80)
            || (*p == 0xe2 && p[1] == 0x80 && (p[2] < 0x90 || p[2] == 0xaf))
            || (*p == 0xe2 && p[1] == 0x81 && p[2] >= 0x9f && p[2] < 0xb0)
            || (*p == 0xe3 && p[1] == 0x80 && p[2] == 0x80))
        {
            p += 3;
            continue;
        }

        return 0;
    }

    return 1;
}


void
ngx_slack_text_label(ngx_slack_text_t *text, ngx_str_t *label, size_t max)
{
    ngx_slack_text_value(text, label, max, 0);
}


void
ngx_slack_text_typed(ngx_slack_text_t *text, ngx_str_t *label, size_t max)
{
    ngx_slack_text_value(text, label, max, NGX_SLACK_TEXT_TYPED);
}


void
ngx_slack_text_value(ngx_slack_text_t *text, ngx_str_t *label, size_t max,
    ngx_uint_t flags)
{
    u_char                  *p, *q, *last;
    size_t                   n, from;
    ngx_uint_t               class, cut, ticks, code;
    const u_char            *classes;
    ngx_slack_text_at_t      at;
    ngx_slack_text_marks_t   marks;

    if (label->len == 0) {
        return;
    }

    classes = ngx_slack_text_in_label[text->guard];

    if (flags & NGX_SLACK_TEXT_TYPED) {
        classes = ngx_slack_text_in_label[2 + text->guard];
    }

    at.seen = NULL;
    marks.first = NULL;

    p = label->data;
    last = p + label->len;

    while (p < last && *p <= ' ') {
        p++;
    }

    while (p < last && *(last - 1) <= ' ') {
        last--;
    }

    cut = 0;
    from = text->len;

    if ((size_t) (last - p) > max) {
        n = ngx_slack_text_prefix(p, last - p, max);

        if (n < (size_t) (last - p)) {
            last = p + ngx_slack_text_prefix(p, n, max - 1);
            cut = 1;
        }
    }

    ticks = 0;
    code = text->plain || !(flags & NGX_SLACK_TEXT_TYPED);

    while (p < last && !text->full) {

        q = ngx_slack_text_skip(p, last, classes);

        if (q > p) {
            ngx_slack_text_run(text, p, q - p);
            p = q;
        }

        if (p == last) {
            break;
        }

        n = 1;
        class = classes[*p];

        if (class == WIDE) {
            class = ngx_slack_text_wide(p, last);
            n = ngx_min(3, last - p);
        }

        switch (class) {

        case AMP:
            ngx_slack_text_lit(text, "&amp;");
            break;

        case LT:
            ngx_slack_text_lit(text, "&lt;");
            break;

        case GT:
            ngx_slack_text_lit(text, "&gt;");
            break;

        case BAR:
            if (flags & NGX_SLACK_TEXT_IN_LINK) {
                ngx_slack_text_lit(text, "\xc2\xa6");       /* U+00A6 */

            } else {
                ngx_slack_text_lit(text, "|");
            }

            break;

        case STAR:
            if (flags & NGX_SLACK_TEXT_IN_BOLD) {
                ngx_slack_text_lit(text, "\xe2\x88\x97");   /* U+2217 */
                break;
            }

            /* fall through */

        case MARK:
            while (p + n < last && p[n] == *p) {
                n++;
            }

            if (code) {
                ngx_slack_text_run(text, p, n);
                break;
            }

            if (marks.first == NULL) {
                ngx_memzero(&marks, sizeof(ngx_slack_text_marks_t));
                marks.first = label->data;
                marks.last = last;
            }

            ngx_slack_text_mark(text, &marks, p, n);
            break;

        case COLON:
            if (!code && ngx_slack_text_emoji(p, last)) {
                ngx_slack_text_lit(text, ":" NGX_SLACK_TEXT_GUARD);

            } else {
                ngx_slack_text_lit(text, ":");
            }

            break;

        case AT:
            ngx_slack_text_at(text, &at, label->data, p);
            break;

        case TICK:
            if (ticks == 0) {
                ticks = ngx_slack_text_ticks(p, last) ? '`' : '\'';
            }

            if (ticks == '`'
                && (text->len == 0 || text->start[text->len - 1] != '`'))
            {
                ngx_slack_text_lit(text, "`");
                code ^= 1;

            } else {
                ngx_slack_text_lit(text, "'");
            }

            break;

        case SPACE:
            if (text->len && text->start[text->len - 1] != ' ') {
                ngx_slack_text_lit(text, " ");
            }

            break;

        case COPY:
            ngx_slack_text_run(text, p, n);
            break;

        default: /* DROP */
            break;
        }

        p += n;
    }

    if (cut) {
        ngx_slack_text_lit(text, NGX_SLACK_TEXT_ELLIPSIS);
        return;
    }

    if (text->full) {
        return;
    }

    /* If characters at the end were dropped, spaces before them are left. */

    n = text->len;

    while (n > from && text->start[n - 1] == ' ') {
        n--;
    }

    if (n < text->len) {
        ngx_slack_text_rollback(text, n);
    }
}


/*
 * Appends n marks, "*", "_" or "~", of a label that is shown as it was typed.
 * Slack has no escape for them, but U+200B behind a mark keeps it from
 * counting.
 */

static void
ngx_slack_text_mark(ngx_slack_text_t *text, ngx_slack_text_marks_t *marks,
    u_char *p, size_t n)
{
    ngx_slack_text_run(text, p, n);

    if (!text->strong && ngx_slack_text_begins(marks, p, n)) {
        ngx_slack_text_lit(text, NGX_SLACK_TEXT_GUARD);
    }
}


/*
 * Whether marks could begin what another one ends: no word is before them, and
 * one is behind.
 */

static ngx_uint_t
ngx_slack_text_begins(ngx_slack_text_marks_t *marks, u_char *p, size_t n)
{
    u_char  *q, ch, **end;

    if (p + n == marks->last || p[n] <= ' ') {
        return 0;
    }

    if (p > marks->first) {
        ch = p[-1];

        if ((ch >= '0' && ch <= '9') || ch >= 0x80
            || ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z'))
        {
            return 0;
        }
    }

    end = &marks->ends[*p == '*' ? 0 : (*p == '_' ? 1 : 2)];

    if (*end == NULL) {
        for (q = marks->last; *(q - 1) != *p; q--) { /* void */ }

        *end = q;
    }

    if (*end <= p + n) {
        return 0;
    }

    return ngx_slack_text_find(&marks->at, marks->first, p)
           == NGX_SLACK_TEXT_OUTSIDE;
}


/* Whether the colon at p begins the name of an emoji. */

static ngx_uint_t
ngx_slack_text_emoji(u_char *p, u_char *last)
{
    u_char  *q;

    for (q = p + 1; q < last; q++) {

        if (!((*q >= '0' && *q <= '9')
              || ((*q | 0x20) >= 'a' && (*q | 0x20) <= 'z')
              || *q == '_' || *q == '-' || *q == '+' || *q == '\''))
        {
            break;
        }
    }

    return q < last && q > p + 1 && *q == ':';
}


/* Whether the backticks are paired, and no two of them are side by side. */

static ngx_uint_t
ngx_slack_text_ticks(u_char *p, u_char *last)
{
    ngx_uint_t  n;

    for (n = 0; p < last; p++) {

        if (*p != '`') {
            continue;
        }

        if (last - p > 1 && p[1] == '`') {
            return 0;
        }

        n++;
    }

    return n % 2 == 0;
}


void
ngx_slack_text_bold(ngx_slack_text_t *text, ngx_str_t *label, size_t max)
{
    size_t  mark, n;

    static u_char  stars[] = "**";

    n = text->strong ? 2 : 1;

    if (text->plain || text->full || text->limit < n) {
        ngx_slack_text_value(text, label, max, 0);
        return;
    }

    mark = text->len;

    /*
     * Reserve room for the closing asterisks before the first ones are
     * written.
     */

    text->limit -= n;

    ngx_slack_text_raw(text, stars, n);

    if (text->full) {
        text->limit += n;
        return;
    }

    ngx_slack_text_value(text, label, max, NGX_SLACK_TEXT_IN_BOLD);
    text->limit += n;

    if (ngx_slack_text_blank(text->start + mark + n,
                             text->start + text->len))
    {
        ngx_slack_text_rollback(text, mark);
        return;
    }

    ngx_slack_text_append(text, stars, n);
}


void
ngx_slack_text_link(ngx_slack_text_t *text, ngx_str_t *url, ngx_str_t *label,
    size_t max)
{
    if (text->plain || text->full || !ngx_slack_text_linkable(url)
        || ngx_slack_text_anchor(text, url, label, max, 0) != NGX_OK)
    {
        ngx_slack_text_value(text, label, max, 0);
    }
}


void
ngx_slack_text_typed_link(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *label, size_t max)
{
    if (text->plain || text->full || !ngx_slack_text_linkable(url)
        || ngx_slack_text_anchor(text, url, label, max, NGX_SLACK_TEXT_TYPED)
           != NGX_OK)
    {
        ngx_slack_text_value(text, label, max, NGX_SLACK_TEXT_TYPED);
    }
}


ngx_int_t
ngx_slack_text_mailto(ngx_slack_text_t *text, ngx_str_t *url, ngx_str_t *label,
    size_t max)
{
    if (text->plain || text->full || url->len > NGX_SLACK_TEXT_URL_MAX) {
        return NGX_DECLINED;
    }

    return ngx_slack_text_anchor(text, url, label, max, 0);
}


/* Writes a whole link.  NGX_DECLINED: it does not fit; nothing is written. */

static ngx_int_t
ngx_slack_text_anchor(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *label, size_t max, ngx_uint_t flags)
{
    size_t  mark, from, limit;

    /* Write the link without a limit first: it is kept whole or not at all. */

    mark = text->len;
    limit = text->limit;
    text->limit = NGX_MAX_SIZE_T_VALUE;

    ngx_slack_text_lit(text, "<");

    if (ngx_slack_text_encode(text, url, 1) == NGX_OK) {

        from = text->len;

        ngx_slack_text_lit(text, "|");
        ngx_slack_text_value(text, label, max,
                             flags | NGX_SLACK_TEXT_IN_LINK);

        if (!text->failed
            && ngx_slack_text_blank(text->start + from + 1,
                                    text->start + text->len))
        {
            ngx_slack_text_rollback(text, from);
        }

        ngx_slack_text_lit(text, ">");

        text->limit = limit;

        if (text->len <= limit) {
            return NGX_OK;
        }

        if (ngx_slack_text_chars(text) <= limit) {
            return NGX_OK;
        }
    }

    text->limit = limit;

    ngx_slack_text_rollback(text, mark);

    return NGX_DECLINED;
}
