
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Markup of people: goes through a Markdown text once.  Runs in any thread if
 * the text has no pool.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_markdown_private.h>


#define NGX_SLACK_MARKDOWN_BOLD_MAX  300   /* bytes searched for the end of
                                              bold */


static void ngx_slack_markdown_run(ngx_slack_markdown_t *md);
static u_char *ngx_slack_markdown_lt(ngx_slack_markdown_t *md, u_char *p);
static u_char *ngx_slack_markdown_stars(ngx_slack_markdown_t *md, u_char *p);
static u_char *ngx_slack_markdown_amp(ngx_slack_markdown_t *md, u_char *p);
static u_char *ngx_slack_markdown_lf(ngx_slack_markdown_t *md, u_char *p);
static u_char *ngx_slack_markdown_strong(u_char *p, u_char *last);
static u_char *ngx_slack_markdown_comment(ngx_slack_markdown_t *md,
    u_char *p);
static void ngx_slack_markdown_finish(ngx_slack_markdown_t *md);


/* classes of the bytes of a Markdown text */

#define NGX_SLACK_MARKDOWN(at)                                                \
    {                                                                         \
        X8(DROP),                                                             \
        DROP, COPY, LINE, DROP, DROP, DROP, DROP, DROP,                       \
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
        /* @ABCDEFG .. XYZ[\]^_ */                                            \
        at, COPY, COPY, COPY, COPY, COPY, COPY, COPY,                         \
        X8(COPY),                                                             \
        X8(COPY),                                                             \
        COPY, COPY, COPY, BRACKET, SLASH, COPY, COPY, COPY,                   \
                                                                              \
        /* `abcdefg hijklmno */                                               \
        TICK, COPY, COPY, COPY, COPY, COPY, COPY, COPY,                       \
        X8(COPY),                                                             \
                                                                              \
        /* pqrstuvw xyz{|}~ */                                                \
        X8(COPY),                                                             \
        COPY, COPY, COPY, COPY, BAR, COPY, TILDE, DROP,                       \
                                                                              \
        NGX_SLACK_TEXT_HIGH                                                   \
    }


static const u_char  ngx_slack_in_markdown[2][256] = {
    NGX_SLACK_MARKDOWN(COPY),
    NGX_SLACK_MARKDOWN(AT)
};


void
ngx_slack_text_markdown(ngx_slack_text_t *text, ngx_str_t *markdown,
    ngx_str_t *base)
{
    u_char                *p, *last;
    ngx_slack_markdown_t   md;

    if (markdown->len == 0 || text->full
        || text->limit <= NGX_SLACK_TEXT_FENCE)
    {
        return;
    }

    p = markdown->data;
    last = p + markdown->len;

    while (p < last && *p <= ' ') {
        p++;
    }

    while (p < last && *(last - 1) <= ' ') {
        last--;
    }

    if (p == last) {
        return;
    }

    ngx_memzero(&md, sizeof(ngx_slack_markdown_t));

    md.text = text;
    md.base = base;
    md.first = p;
    md.last = last;
    md.from = text->len;
    md.whole = text->len;
    md.code = p;
    md.no_paren = p;

    ngx_slack_markdown_names(&md);

    text->limit -= NGX_SLACK_TEXT_FENCE;

    ngx_slack_markdown_run(&md);

    text->limit += NGX_SLACK_TEXT_FENCE;

    if (!text->failed) {
        ngx_slack_markdown_finish(&md);
    }
}


static void
ngx_slack_markdown_run(ngx_slack_markdown_t *md)
{
    u_char               *p, *q, *last;
    size_t                n;
    ngx_uint_t            class;
    const u_char         *classes;
    ngx_slack_text_t     *text;
    ngx_slack_text_at_t   at;

    text = md->text;
    last = md->last;
    classes = ngx_slack_in_markdown[text->guard];
    at.seen = NULL;

    p = ngx_slack_markdown_line(md, md->first);

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

        /* what stood around an end may have become something else */

        if (md->bold.mark.len && p > md->bold.end) {
            ngx_slack_markdown_mark_end(md, &md->bold);
        }

        if (md->tag.mark.len && p > md->tag.end) {
            ngx_slack_markdown_mark_end(md, &md->tag);
        }

        q = NULL;

        switch (class) {

        case AMP:
            q = ngx_slack_markdown_amp(md, p);
            break;

        case LT:
            q = ngx_slack_markdown_lt(md, p);
            break;

        case GT:
            ngx_slack_text_lit(text, "&gt;");
            q = p + 1;
            break;

        case TICK:
            q = ngx_slack_markdown_ticks(md, p);
            break;

        case TILDE:
            q = ngx_slack_markdown_tildes(md, p);
            break;

        case STAR:
            q = ngx_slack_markdown_stars(md, p);
            break;

        case LINE:
            q = ngx_slack_markdown_lf(md, p);
            break;

        case AT:
            ngx_slack_text_at(text, &at, md->first, p);
            q = p + 1;
            break;

        case BANG:
            if (ngx_slack_markdown_open(md, p) && last - p > 1
                && p[1] == '[')
            {
                q = ngx_slack_markdown_image(md, p);
            }

            break;

        case BRACKET:
            if (ngx_slack_markdown_open(md, p)) {
                q = ngx_slack_markdown_bracket(md, p);
            }

            break;

        case BAR:
            if (md->table && ngx_slack_markdown_open(md, p)) {
                q = ngx_slack_markdown_bar(md, p);
            }

            break;

        case SLASH:
            if (md->table && last - p > 1 && p[1] == '|') {
                ngx_slack_text_lit(text, "|");
                q = p + 2;
            }

            break;

        case DROP:
            q = p + n;
            break;
        }

        if (q == NULL) {
            ngx_slack_text_run(text, p, n);
            q = p + n;
        }

        p = q;
    }

    md->stop = p;
}


static u_char *
ngx_slack_markdown_amp(ngx_slack_markdown_t *md, u_char *p)
{
    u_char            *q, buf[4], *dst;
    uint32_t           code;
    ngx_slack_text_t  *text;

    text = md->text;
    code = 0;
    q = NULL;

    if (ngx_slack_markdown_open(md, p) || md->pre) {
        q = ngx_slack_markdown_entity(p, md->last, &code);
    }

    if (q == NULL) {
        code = '&';
    }

    switch (code) {

    case 0:
        break;

    case '&':
        ngx_slack_text_lit(text, "&amp;");
        break;

    case '<':
        ngx_slack_text_lit(text, "&lt;");
        break;

    case '>':
        ngx_slack_text_lit(text, "&gt;");
        break;

    case '@':
        if (text->guard) {
            ngx_slack_text_lit(text, "@" NGX_SLACK_TEXT_GUARD);
            break;
        }

        /* fall through */

    default:
        dst = ngx_slack_markdown_utf8(buf, code);
        ngx_slack_text_raw(text, buf, dst - buf);
    }

    return q ? q : p + 1;
}


static u_char *
ngx_slack_markdown_lt(ngx_slack_markdown_t *md, u_char *p)
{
    u_char           *q;
    ngx_slack_tag_t   tag;

    q = NULL;

    if (md->pre) {

        if (p == md->pre) {

            if (md->text->start[md->text->len - 1] != LF) {
                ngx_slack_text_lit(md->text, "\n");
            }

            ngx_slack_text_append(md->text, (u_char *) "```", 3);
            md->pre = NULL;
            md->fence = 0;
            md->code = p;
        }

        if (ngx_slack_markdown_tag(p, md->last, &tag) == NGX_OK) {
            q = tag.end;
        }

    } else if (ngx_slack_markdown_open(md, p)) {

        if (md->last - p >= 4 && p[1] == '!' && p[2] == '-' && p[3] == '-') {
            q = ngx_slack_markdown_comment(md, p);

        } else {
            q = ngx_slack_markdown_html(md, p);

            if (q == NULL) {
                q = ngx_slack_markdown_autolink(md, p);
            }
        }
    }

    if (q) {
        return (q < md->last && ngx_slack_markdown_open(md, q)
                && ngx_slack_markdown_first_of_line(md, q))
               ? ngx_slack_markdown_line(md, q) : q;
    }

    ngx_slack_text_lit(md->text, "&lt;");

    return p + 1;
}


static u_char *
ngx_slack_markdown_stars(ngx_slack_markdown_t *md, u_char *p)
{
    size_t             n;
    ngx_slack_text_t  *text;

    text = md->text;

    for (n = 1; p + n < md->last && p[n] == '*'; n++) { /* void */ }

    if (n == 2 && ngx_slack_markdown_open(md, p) && md->tag.mark.len
        && (md->tag.kind == NGX_SLACK_TAG_BOLD
            || md->tag.kind == NGX_SLACK_TAG_HEADING))
    {
        /* it is bold already */

        return p + n;
    }

    if (n != 2 || !ngx_slack_markdown_open(md, p) || md->tag.mark.len) {
        ngx_slack_text_run(text, p, n);
        return p + n;
    }

    if (md->bold.mark.len) {

        if (p == md->bold.end) {
            ngx_slack_markdown_mark_end(md, &md->bold);

        } else {
            ngx_slack_text_run(text, p, n);
        }

        return p + n;
    }

    md->bold.end = ngx_slack_markdown_strong(p + n, md->last);

    if (md->bold.end == NULL) {
        ngx_slack_text_run(text, p, n);
        return p + n;
    }

    md->bold.at = text->len;
    ngx_slack_text_raw(text, p, text->strong ? 2 : 1);

    if (!text->full) {
        ngx_str_set(&md->bold.mark, "**");
        md->bold.mark.len = text->strong ? 2 : 1;
    }

    return p + n;
}


/*
 * Returns the "**" on the line of p that closes the one before p; NULL: none.
 */

static u_char *
ngx_slack_markdown_strong(u_char *p, u_char *last)
{
    size_t  n;

    if (last - p > NGX_SLACK_MARKDOWN_BOLD_MAX) {
        last = p + NGX_SLACK_MARKDOWN_BOLD_MAX;
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


static u_char *
ngx_slack_markdown_lf(ngx_slack_markdown_t *md, u_char *p)
{
    if (md->row && p > md->row) {
        md->row = NULL;
    }

    if (md->row && !md->fence) {
        ngx_slack_text_lit(md->text, " ");
        return p + 1;
    }

    ngx_slack_text_lit(md->text, "\n");
    p++;

    return (ngx_slack_markdown_open(md, p) && p < md->last)
           ? ngx_slack_markdown_line(md, p) : p;
}


/*
 * Returns the place after the comment that begins at p ("<!--"), and after its
 * line if nothing else is on it.
 */

static u_char *
ngx_slack_markdown_comment(ngx_slack_markdown_t *md, u_char *p)
{
    p += 4;

    for ( ;; ) {
        p = memchr(p, '>', md->last - p);

        if (p == NULL) {
            return md->last;
        }

        p++;

        if (p[-2] == '-' && p[-3] == '-') {
            break;
        }
    }

    if (ngx_slack_markdown_fresh(md)) {
        while (p < md->last && *p <= ' ') {
            p++;
        }
    }

    return p;
}


static void
ngx_slack_markdown_finish(ngx_slack_markdown_t *md)
{
    size_t             n;
    ngx_slack_text_t  *text;

    text = md->text;

    if (text->full) {
        ngx_slack_text_whole_word(text, md->whole);

        /* what is open is closed, if it has not been removed just now */

        n = text->len - (sizeof(NGX_SLACK_TEXT_ELLIPSIS) - 1);

        if (md->stop < md->code && !md->fence && n > md->code_at)
        {
            ngx_slack_text_append(text, (u_char *) "``", md->ticks);
        }

        if (md->bold.mark.len && n > md->bold.at) {
            ngx_slack_text_append(text, md->bold.mark.data,
                                  md->bold.mark.len);
        }

        if (md->tag.mark.len && n > md->tag.at) {
            ngx_slack_text_append(text, md->tag.mark.data, md->tag.mark.len);
        }

    } else {

        /* If something at the end was removed, blanks before it are left. */

        n = text->len;

        while (n > md->from && text->start[n - 1] <= ' ') {
            n--;
        }

        ngx_slack_text_rollback(text, n);

        ngx_slack_markdown_mark_end(md, &md->bold);
        ngx_slack_markdown_mark_end(md, &md->tag);
    }

    if (md->fence) {
        ngx_slack_text_append(text, (u_char *) "\n```", 4);
    }
}
