
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Text for Slack: converts people's Markdown.  Runs in any thread if the text
 * has no pool.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_text.h>
#include <ngx_slack_text_private.h>


#define NGX_SLACK_TEXT_FENCE       4     /* code points of LF and a fence */
#define NGX_SLACK_TEXT_IMAGE_MAX   1000  /* bytes of an image's name, at
                                            most */
#define NGX_SLACK_TEXT_CODE_MAX    1000  /* bytes searched for the end of
                                            code */
#define NGX_SLACK_TEXT_BOLD_MAX    300   /* bytes searched for the end of
                                            bold */
#define NGX_SLACK_TEXT_WORD_MAX    2048  /* bytes of a word that was cut */


static u_char *ngx_slack_text_fence(ngx_slack_text_t *text, u_char *p,
    u_char *last, ngx_uint_t opening);
static u_char *ngx_slack_text_code(u_char *p, u_char *last, size_t ticks);
static u_char *ngx_slack_text_strong(u_char *p, u_char *last);
static u_char *ngx_slack_text_comment(ngx_slack_text_t *text, u_char *p,
    u_char *last, size_t from);
static u_char *ngx_slack_text_image(ngx_slack_text_t *text, u_char *p,
    u_char *last, ngx_str_t *base);
static void ngx_slack_text_whole_word(ngx_slack_text_t *text, size_t from);


/* classes of the bytes of a Markdown text */

#define NGX_SLACK_TEXT_MARKDOWN(at)                                           \
    {                                                                         \
        X8(DROP),                                                             \
        DROP, COPY, COPY, DROP, DROP, DROP, DROP, DROP,                       \
        X16(DROP),                                                            \
                                                                              \
        /*  !"#$%&' ()*+,-./ */                                               \
        COPY, BANG, COPY, COPY, COPY, COPY, AMP, COPY,                        \
        COPY, COPY, STAR, COPY, COPY, COPY, COPY, COPY,                       \
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


static const u_char  ngx_slack_text_in_markdown[2][256] = {
    NGX_SLACK_TEXT_MARKDOWN(COPY),
    NGX_SLACK_TEXT_MARKDOWN(AT)
};


void
ngx_slack_text_markdown(ngx_slack_text_t *text, ngx_str_t *markdown,
    ngx_str_t *base)
{
    u_char               *p, *q, *last, *code, *strong;
    size_t                n, from;
    ngx_str_t             stars;
    ngx_uint_t            class, fence;
    const u_char         *classes;
    ngx_slack_text_at_t   at;

    if (markdown->len == 0) {
        return;
    }

    classes = ngx_slack_text_in_markdown[text->guard];
    at.seen = NULL;

    ngx_str_set(&stars, "**");

    if (!text->strong) {
        stars.len = 1;
    }

    p = markdown->data;
    last = p + markdown->len;
    code = p;
    strong = NULL;
    fence = 0;
    from = text->len;

    while (p < last && *p <= ' ') {
        p++;
    }

    while (p < last && *(last - 1) <= ' ') {
        last--;
    }

    if (text->full || text->limit <= NGX_SLACK_TEXT_FENCE) {
        return;
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
            if (!fence && p >= code && last - p >= 4
                && p[1] == '!' && p[2] == '-' && p[3] == '-')
            {
                p = ngx_slack_text_comment(text, p, last, from);
                continue;
            }

            ngx_slack_text_lit(text, "&lt;");
            break;

        case GT:
            ngx_slack_text_lit(text, "&gt;");
            break;

        case TICK:
            for (n = 1; p + n < last && p[n] == '`'; n++) { /* void */ }

            if (n >= 3) {
                fence = !fence;
                p = ngx_slack_text_fence(text, p, last, fence);

                if (text->full) {
                    /* the fence did not fit */
                    fence = !fence;
                }

                continue;
            }

            if (!fence && p >= code) {
                code = ngx_slack_text_code(p + n, last, n);
            }

            if (text->len && text->start[text->len - 1] == '`') {

                /*
                 * What stood between the backticks is dropped; the space keeps
                 * them from becoming a fence.
                 */

                ngx_slack_text_lit(text, " ");
            }

            ngx_slack_text_raw(text, p, n);
            break;

        case STAR:
            for (n = 1; p + n < last && p[n] == '*'; n++) { /* void */ }

            if (n == 2 && !fence && p >= code) {

                if (p == strong) {
                    strong = NULL;
                    ngx_slack_text_raw(text, stars.data, stars.len);
                    break;
                }

                if (strong == NULL || p > strong) {
                    strong = ngx_slack_text_strong(p + n, last);

                    if (strong) {
                        ngx_slack_text_raw(text, stars.data, stars.len);
                        break;
                    }
                }
            }

            ngx_slack_text_run(text, p, n);
            break;

        case AT:
            ngx_slack_text_at(text, &at, markdown->data, p);
            break;

        case BANG:
            if (!fence && p >= code && last - p > 1 && p[1] == '[') {

                q = ngx_slack_text_image(text, p, last, base);

                if (q) {
                    p = q;
                    continue;
                }
            }

            ngx_slack_text_lit(text, "!");
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

    } else {

        /*
         * If a comment at the end was removed, empty lines before it are left.
         */

        n = text->len;

        while (n > from && text->start[n - 1] <= ' ') {
            n--;
        }

        ngx_slack_text_rollback(text, n);
    }

    if (fence) {
        ngx_slack_text_append(text, (u_char *) "\n```", 4);
    }
}


/*
 * Writes a fence for the three or more backticks at p.  Leaves out the
 * language that may follow an opening fence.  Returns the place after it.
 */

static u_char *
ngx_slack_text_fence(ngx_slack_text_t *text, u_char *p, u_char *last,
    ngx_uint_t opening)
{
    u_char      *q;
    ngx_uint_t   first;

    first = (text->len == 0 || text->start[text->len - 1] == LF);

    ngx_slack_text_lit(text, "```");

    while (p < last && *p == '`') {
        p++;
    }

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


/*
 * Returns the end of inline code that began with "ticks" backticks before p; p
 * if it does not end on the same line.
 */

static u_char *
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


/*
 * Returns the "**" on the line of p that closes the one before p; NULL: none.
 */

static u_char *
ngx_slack_text_strong(u_char *p, u_char *last)
{
    size_t  n;

    if (last - p > NGX_SLACK_TEXT_BOLD_MAX) {
        last = p + NGX_SLACK_TEXT_BOLD_MAX;
    }

    if (p == last || *p <= ' ') {
        return NULL;
    }

    while (p < last && *p != LF) {

        if (*p != '*') {
            p++;
            continue;
        }

        for (n = 1; p + n < last && p[n] == '*'; n++) { /* void */ }

        if (n == 2 && p[-1] > ' ') {
            return p;
        }

        p += n;
    }

    return NULL;
}


/*
 * Returns the place after the comment that begins at p ("<!--"), and after its
 * line if nothing else is on it.
 */

static u_char *
ngx_slack_text_comment(ngx_slack_text_t *text, u_char *p, u_char *last,
    size_t from)
{
    p += 4;

    for ( ;; ) {
        p = memchr(p, '>', last - p);

        if (p == NULL) {
            return last;
        }

        p++;

        if (p[-2] == '-' && p[-3] == '-') {
            break;
        }
    }

    if (text->len == from || text->start[text->len - 1] == LF) {
        while (p < last && *p <= ' ') {
            p++;
        }
    }

    return p;
}


/*
 * Writes the URL of the image "![name](URL)" at p and returns the place after
 * it; NULL: this is no image.
 */

static u_char *
ngx_slack_text_image(ngx_slack_text_t *text, u_char *p, u_char *last,
    ngx_str_t *base)
{
    u_char     *end;
    ngx_str_t   url;

    static ngx_str_t  uploads = ngx_string("/uploads/");

    p += 2;

    end = (last - p > NGX_SLACK_TEXT_IMAGE_MAX)
          ? p + NGX_SLACK_TEXT_IMAGE_MAX : last;

    while (p < end && *p != ']' && *p != '[' && *p != LF) {
        p++;
    }

    if (end - p < 2 || p[0] != ']' || p[1] != '(') {
        return NULL;
    }

    p += 2;

    url.data = p;

    end = (last - p > NGX_SLACK_TEXT_URL_MAX)
          ? p + NGX_SLACK_TEXT_URL_MAX : last;

    while (p < end && *p > ' ' && *p != ')' && *p != '<' && *p != '`') {
        p++;
    }

    url.len = p - url.data;

    /* the image's title */

    while (p < end && *p != ')' && *p != LF && *p != '`') {
        p++;
    }

    if (p == end || *p != ')') {
        return NULL;
    }

    p++;

    /* GitLab's size, such as {width=100} */

    if (p < end && *p == '{') {

        while (p < end && *p != '}' && *p != LF && *p != '`') {
            p++;
        }

        if (p == end || *p != '}') {
            return NULL;
        }

        p++;
    }

    if (ngx_slack_text_linkable(&url)) {
        ngx_slack_text_value(text, &url, NGX_SLACK_TEXT_URL_MAX, 0);
        return p;
    }

    if (url.len > uploads.len && base->len
        && ngx_memcmp(url.data, uploads.data, uploads.len) == 0)
    {
        ngx_slack_text_value(text, base, NGX_SLACK_TEXT_URL_MAX, 0);
        ngx_slack_text_value(text, &url, NGX_SLACK_TEXT_URL_MAX,
                             NGX_SLACK_TEXT_IN_PATH);
        return p;
    }

    return NULL;
}


/* Removes a URL that was cut, because it would lead elsewhere. */

static void
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

        for (p = first - 1; first - p < 5 && *p != ';'; p--) {

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
