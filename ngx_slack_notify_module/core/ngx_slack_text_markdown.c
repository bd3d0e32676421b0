
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Text for Slack: several lines, code in them, and where they are cut.  Runs
 * in any thread if the text has no pool.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_text.h>
#include <ngx_slack_text_private.h>


#define NGX_SLACK_TEXT_CODE_MAX    1000  /* bytes searched for the end of
                                            code */
#define NGX_SLACK_TEXT_WORD_MAX    2048  /* bytes of a word that was cut */


/* classes of the bytes of lines */

#define NGX_SLACK_TEXT_LINES(at)                                              \
    {                                                                         \
        X8(DROP),                                                             \
        DROP, COPY, COPY, DROP, DROP, DROP, DROP, DROP,                       \
        X16(DROP),                                                            \
                                                                              \
        /*  !"#$%&' ()*+,-./ */                                               \
        COPY, COPY, COPY, COPY, COPY, COPY, AMP, COPY,                        \
        X8(COPY),                                                             \
                                                                              \
        /* 01234567 89:;<=>? */                                               \
        X8(COPY),                                                             \
        COPY, COPY, COPY, COPY, LT, COPY, GT, COPY,                           \
                                                                              \
        /* @ABCDEFG .. */                                                     \
        at, COPY, COPY, COPY, COPY, COPY, COPY, COPY,                         \
        X8(COPY),                                                             \
        X16(COPY),                                                            \
                                                                              \
        /* `abcdefg hijklmno */                                               \
        TICK, COPY, COPY, COPY, COPY, COPY, COPY, COPY,                       \
        X8(COPY),                                                             \
                                                                              \
        /* pqrstuvw xyz{|}~ */                                                \
        X8(COPY),                                                             \
        COPY, COPY, COPY, COPY, COPY, COPY, COPY, DROP,                       \
                                                                              \
        NGX_SLACK_TEXT_HIGH                                                   \
    }


static const u_char  ngx_slack_text_in_lines[2][256] = {
    NGX_SLACK_TEXT_LINES(COPY),
    NGX_SLACK_TEXT_LINES(AT)
};


void
ngx_slack_text_lines(ngx_slack_text_t *text, ngx_str_t *lines)
{
    u_char               *p, *q, *last;
    size_t                n, from;
    ngx_uint_t            class, fence;
    const u_char         *classes;
    ngx_slack_text_at_t   at;

    if (lines->len == 0 || text->full || text->limit <= NGX_SLACK_TEXT_FENCE) {
        return;
    }

    classes = ngx_slack_text_in_lines[text->guard];
    at.seen = NULL;

    p = lines->data;
    last = p + lines->len;
    fence = 0;
    from = text->len;

    while (p < last && *p <= ' ') {
        p++;
    }

    while (p < last && *(last - 1) <= ' ') {
        last--;
    }

    text->limit -= NGX_SLACK_TEXT_FENCE;

    while (p < last && !text->full) {

        q = ngx_slack_text_skip(p, last, classes);

        if (q > p) {
            ngx_slack_text_run(text, p, q - p);
            p = q;
        }

        if (p == last || text->full) {
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

        case AT:
            ngx_slack_text_at(text, &at, lines->data, p);
            break;

        case TICK:
            for (n = 1; p + n < last && p[n] == '`'; n++) { /* void */ }

            if (n >= 3) {
                p = ngx_slack_text_fence(text, p + n, last, !fence);
                fence ^= !text->full;
                continue;
            }

            if (text->len && text->start[text->len - 1] == '`') {

                /* what stood between them is dropped: this is no fence */

                ngx_slack_text_lit(text, " ");
            }

            ngx_slack_text_raw(text, p, n);
            break;

        case SPACE:
        case COPY:
            ngx_slack_text_run(text, p, n);
            break;

        default: /* DROP */
            break;
        }

        p += n;
    }

    text->limit += NGX_SLACK_TEXT_FENCE;

    if (text->failed) {
        return;
    }

    if (text->full) {
        ngx_slack_text_whole_word(text, from);
    }

    if (fence) {
        ngx_slack_text_append(text, (u_char *) "\n```", 4);
    }
}


u_char *
ngx_slack_text_fence(ngx_slack_text_t *text, u_char *p, u_char *last,
    ngx_uint_t opening)
{
    u_char      *q;
    ngx_uint_t   first;

    first = (text->len == 0 || text->start[text->len - 1] == LF);

    ngx_slack_text_lit(text, "```");

    if (!opening || !first) {
        return p;
    }

    for (q = p; q < last && *q != LF; q++) {
        if (*q == '`') {
            return p;
        }
    }

    return q < last ? q : p;
}


u_char *
ngx_slack_text_code(u_char *p, u_char *last, size_t ticks)
{
    u_char  *q;
    size_t   n;

    q = p;

    if (last - q > NGX_SLACK_TEXT_CODE_MAX) {
        last = q + NGX_SLACK_TEXT_CODE_MAX;
    }

    while (q < last && *q != LF) {

        if (*q != '`') {
            q++;
            continue;
        }

        for (n = 0; q < last && *q == '`'; n++) {
            q++;
        }

        if (n == ticks) {
            return q;
        }
    }

    return p;
}


void
ngx_slack_text_whole_word(ngx_slack_text_t *text, size_t from)
{
    u_char  *p, *first, *last;

    last = text->start + text->len - (sizeof(NGX_SLACK_TEXT_ELLIPSIS) - 1);
    first = text->start + from;

    if (last - first > NGX_SLACK_TEXT_WORD_MAX) {
        first = last - NGX_SLACK_TEXT_WORD_MAX;

        /* do not roll back into the middle of a character */

        while (first < last && (*first & 0xc0) == 0x80) {
            first++;
        }

        /* nor into the middle of an entity such as "&amp;" */

        for (p = first - 1;
             p >= text->start && first - p < 5 && *p != ';';
             p--)
        {

            if (*p != '&') {
                continue;
            }

            while (first < last && *first != ';') {
                first++;
            }

            first++;
            break;
        }
    }

    p = last;

    while (p > first && *(p - 1) > ' ' && *(p - 1) != '`') {
        p--;
    }

    for (first = p; last - p >= 3; p++) {

        if (p[0] == ':' && p[1] == '/' && p[2] == '/') {
            ngx_slack_text_rollback(text, first - text->start);
            ngx_slack_text_end(text);
            return;
        }
    }
}
