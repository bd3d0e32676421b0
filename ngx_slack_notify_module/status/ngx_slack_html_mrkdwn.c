
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Converts Slack's mrkdwn to HTML, so that a message looks about as it does in
 * Slack: links, mentions, code, bold, italic, struck.  Malformed mrkdwn is
 * shown as it is written.  Only this file creates markup, the text cannot.
 * Runs in any thread.
 */


#include <ngx_slack_html.h>


/* nesting of marks; deeper marks are shown as they are written */

#define NGX_SLACK_MRKDWN_DEPTH  4


static void ngx_slack_mrkdwn_inline(ngx_slack_text_t *text, u_char *p,
    u_char *last, ngx_uint_t depth);
static u_char *ngx_slack_mrkdwn_end(u_char *start, u_char *p, u_char *last);
static const char *ngx_slack_mrkdwn_element(u_char mark);
static void ngx_slack_mrkdwn_token(ngx_slack_text_t *text, u_char *p,
    u_char *last);
static ngx_uint_t ngx_slack_mrkdwn_is_link(u_char *p, u_char *last);
static void ngx_slack_mrkdwn_plain(ngx_slack_text_t *text, u_char *p,
    u_char *last);
static void ngx_slack_mrkdwn_tag(ngx_slack_text_t *text, const char *open,
    const char *element);
static u_char *ngx_slack_mrkdwn_fence(u_char *p, u_char *last);


void
ngx_slack_html_mrkdwn(ngx_slack_text_t *text, ngx_str_t *value)
{
    u_char  *p, *last, *open, *close;

    p = value->data;
    last = value->data + value->len;

    for ( ;; ) {

        open = ngx_slack_mrkdwn_fence(p, last);

        close = (open == last) ? last
                               : ngx_slack_mrkdwn_fence(open + 3, last);

        if (close == last) {
            ngx_slack_mrkdwn_inline(text, p, last, 0);
            return;
        }

        ngx_slack_mrkdwn_inline(text, p, open, 0);

        open += 3;

        if (*open == LF) {
            open++;
        }

        ngx_slack_mrkdwn_tag(text, "<", "pre");
        ngx_slack_mrkdwn_inline(text, open, close, NGX_SLACK_MRKDWN_DEPTH);
        ngx_slack_mrkdwn_tag(text, "</", "pre");

        p = close + 3;

        /* Slack shows no empty line beside a block */

        if (p < last && *p == LF) {
            p++;
        }
    }
}


void
ngx_slack_html_link(ngx_slack_text_t *text, ngx_str_t *url, ngx_str_t *label)
{
    ngx_uint_t  link;

    link = ngx_slack_mrkdwn_is_link(url->data, url->data + url->len);

    if (link) {
        ngx_slack_text_append(text, (u_char *) "<a href=\"", 9);
        ngx_slack_mrkdwn_plain(text, url->data, url->data + url->len);
        ngx_slack_text_append(text, (u_char *)
                              "\" rel=\"noreferrer noopener\" "
                              "target=\"_blank\">",
                              sizeof("\" rel=\"noreferrer noopener\" "
                                     "target=\"_blank\">") - 1);
    }

    ngx_slack_mrkdwn_inline(text, label->data, label->data + label->len,
                            NGX_SLACK_MRKDWN_DEPTH);

    if (link) {
        ngx_slack_mrkdwn_tag(text, "</", "a");
    }
}


static void
ngx_slack_mrkdwn_inline(ngx_slack_text_t *text, u_char *p, u_char *last,
    ngx_uint_t depth)
{
    u_char      *from, *start, *end;
    const char  *element;

    start = p;
    from = p;

    for ( /* void */ ; p < last; p++) {

        if (*p == '<') {

            end = ngx_strlchr(p, last, '>');

            if (end == NULL) {
                continue;
            }

            ngx_slack_mrkdwn_plain(text, from, p);
            ngx_slack_mrkdwn_token(text, p + 1, end);

            p = end;
            from = p + 1;
            continue;
        }

        element = (depth < NGX_SLACK_MRKDWN_DEPTH)
                  ? ngx_slack_mrkdwn_element(*p) : NULL;

        if (element == NULL) {
            continue;
        }

        end = ngx_slack_mrkdwn_end(start, p, last);

        if (end == NULL) {
            continue;
        }

        ngx_slack_mrkdwn_plain(text, from, p);

        ngx_slack_mrkdwn_tag(text, "<", element);
        ngx_slack_mrkdwn_inline(text, p + 1, end,
                                *p == '`' ? NGX_SLACK_MRKDWN_DEPTH
                                          : depth + 1);
        ngx_slack_mrkdwn_tag(text, "</", element);

        p = end;
        from = p + 1;
    }

    ngx_slack_mrkdwn_plain(text, from, last);
}


/*
 * Finds where the text that the mark at p begins ends, in the same line; NULL:
 * it has no end.
 */

static u_char *
ngx_slack_mrkdwn_end(u_char *start, u_char *p, u_char *last)
{
    u_char  mark, *q;

#define ngx_slack_mrkdwn_is_word(ch)                                          \
    ((ch) >= 0x80 || ((ch) >= '0' && (ch) <= '9')                             \
     || (((ch) | 0x20) >= 'a' && ((ch) | 0x20) <= 'z'))

    mark = *p;

    if ((p > start && ngx_slack_mrkdwn_is_word(p[-1]))
        || p + 1 == last || p[1] == ' ' || p[1] == LF || p[1] == mark)
    {
        return NULL;
    }

    /* U+200B is how a mark is kept from counting */

    if (last - p > 3 && p[1] == 0xe2 && p[2] == 0x80 && p[3] == 0x8b) {
        return NULL;
    }

    for (q = p + 2; q < last && *q != LF; q++) {

        if (*q == mark && q[-1] != ' '
            && (q + 1 == last || !ngx_slack_mrkdwn_is_word(q[1])))
        {
            return q;
        }
    }

    return NULL;
}


static const char *
ngx_slack_mrkdwn_element(u_char mark)
{
    switch (mark) {

    case '*':
        return "b";

    case '_':
        return "i";

    case '~':
        return "s";

    case '`':
        return "code";

    default:
        return NULL;
    }
}


/* appends what stands between "<" and ">" */

static void
ngx_slack_mrkdwn_token(ngx_slack_text_t *text, u_char *p, u_char *last)
{
    u_char     *bar;
    ngx_str_t   head, label;

    bar = ngx_strlchr(p, last, '|');

    head.data = p;
    head.len = (bar ? bar : last) - p;

    label = head;

    if (bar) {
        label.data = bar + 1;
        label.len = last - label.data;
    }

    if (ngx_slack_mrkdwn_is_link(p, last)) {
        ngx_slack_html_link(text, &head, &label);
        return;
    }

    if (p < last && (*p == '@' || *p == '#' || *p == '!')) {

        ngx_slack_text_append(text, (u_char *) "<span class=\"mention\">",
                              sizeof("<span class=\"mention\">") - 1);

        if (*p != '!' || bar == NULL) {
            ngx_slack_text_append(text, (u_char *) (*p == '#' ? "#" : "@"), 1);
        }

        if (bar == NULL) {
            label.data++;
            label.len--;
        }

        ngx_slack_mrkdwn_plain(text, label.data, label.data + label.len);
        ngx_slack_mrkdwn_tag(text, "</", "span");

        return;
    }

    ngx_slack_mrkdwn_plain(text, p - 1, last + 1);
}


static ngx_uint_t
ngx_slack_mrkdwn_is_link(u_char *p, u_char *last)
{
    ngx_uint_t  i;

    static ngx_str_t  schemes[] = {
        ngx_string("https://"),
        ngx_string("http://"),
        ngx_string("mailto:")
    };

    for (i = 0; i < sizeof(schemes) / sizeof(ngx_str_t); i++) {
        if ((size_t) (last - p) > schemes[i].len
            && ngx_strncasecmp(p, schemes[i].data, schemes[i].len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* keeps Slack's three entities, which are HTML's too, and escapes the rest */

static void
ngx_slack_mrkdwn_plain(ngx_slack_text_t *text, u_char *p, u_char *last)
{
    u_char     *from;
    ngx_str_t   s;

    for (from = p; p < last; p++) {

        if (*p != '&'
            || (ngx_strncmp(p, "&amp;", ngx_min(last - p, 5)) != 0
                && ngx_strncmp(p, "&lt;", ngx_min(last - p, 4)) != 0
                && ngx_strncmp(p, "&gt;", ngx_min(last - p, 4)) != 0)
            || ngx_strlchr(p, last, ';') == NULL)
        {
            continue;
        }

        s.data = from;
        s.len = p - from;
        ngx_slack_html_escape(text, &s);

        ngx_slack_text_append(text, p, 1);
        from = p + 1;
    }

    s.data = from;
    s.len = last - from;
    ngx_slack_html_escape(text, &s);
}


static void
ngx_slack_mrkdwn_tag(ngx_slack_text_t *text, const char *open,
    const char *element)
{
    ngx_slack_text_append(text, (u_char *) open, ngx_strlen(open));
    ngx_slack_text_append(text, (u_char *) element, ngx_strlen(element));
    ngx_slack_text_append(text, (u_char *) ">", 1);
}


/* finds the next "```", or the end */

static u_char *
ngx_slack_mrkdwn_fence(u_char *p, u_char *last)
{
    for ( /* void */ ; last - p >= 3; p++) {
        if (p[0] == '`' && p[1] == '`' && p[2] == '`') {
            return p;
        }
    }

    return last;
}
