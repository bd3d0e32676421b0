
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Judges an attachment by the rules of its receiver, and stricter: the only
 * tokens between "<" and ">" are links, since nothing else is ever written.
 * Included by the one file of a unit program.
 */


#ifndef _NGX_SLACK_JUDGE_H_INCLUDED_
#define _NGX_SLACK_JUDGE_H_INCLUDED_


#include <ngx_slack_text.h>

#include "events.h"


static char  why[256];


/*
 * The texts of an attachment, what they may be, and their limits: ours for
 * Slack, Discord's own for Discord.
 */

#define DISCORD_SUM          6000
#define DISCORD_DESCRIPTION  4096        /* of pretext and text */

static struct {
    const char  *key;
    size_t       max;
    size_t       discord;
    ngx_uint_t   mrkdwn;
    ngx_uint_t   url;
} known[] = {
    { "fallback", 1000, 1000, 0, 0 },
    { "pretext", 3000, 2000, 1, 0 },
    { "author_name", 256, 256, 0, 0 },
    { "author_icon", 2000, 2000, 0, 1 },
    { "author_link", 2000, 2000, 0, 1 },
    { "title", 1000, 256, 0, 0 },
    { "title_link", 2000, 2000, 0, 1 },
    { "text", 7000, 4096, 1, 0 },
    { "color", 7, 7, 0, 0 },
    { "footer", 300, 2048, 0, 0 },
    { "footer_icon", 2000, 2000, 0, 1 },
    { "value", 2000, 1024, 1, 0 },
    { NULL, 0, 0, 0, 0 }
};


/* whose attachment is judged, and the code points of its shown texts so far */

static ngx_uint_t  judged_receiver;
static size_t      judged_sum;
static size_t      judged_description;


static inline ngx_uint_t
wrong(const char *key, const char *reason)
{
    snprintf(why, sizeof(why), "%s: %s", key, reason);
    return 0;
}


/* no "@" that could ring is left, neither in texts nor in URLs */

static inline ngx_uint_t
judge_at(const char *key, const char *s)
{
    const char  *p;

    if (judged_receiver == NGX_SLACK_RECEIVER_SLACK) {
        return 1;
    }

    for (p = strchr(s, '@'); p; p = strchr(p + 1, '@')) {
        if (strncmp(p + 1, "\xe2\x80\x8b", 3) != 0) {
            return wrong(key, "@ without U+200B");
        }
    }

    return 1;
}


static inline ngx_uint_t
judge_url(const char *key, const char *s, const char *last)
{
    const char  *p;

    if (strncmp(s, "mailto:", 7) == 0) {

        /* others than Slack would ring for the "@" */

        if (judged_receiver != NGX_SLACK_RECEIVER_SLACK
            || memchr(s, '@', last - s) == NULL)
        {
            return wrong(key, "no address");
        }

    } else if (strncmp(s, "http://", 7) != 0
               && strncmp(s, "https://", 8) != 0)
    {
        return wrong(key, "no http URL");
    }

    p = (*s == 'm') ? s + 7 : strstr(s, "://") + 3;

    if (p == last || *p == '/' || *p == '?' || *p == '#') {
        return wrong(key, "no host");
    }

    for (p = s; p < last; p++) {
        if (*p <= ' ' || *p >= 0x7f || strchr("<>|\"`\\", *p)) {
            return wrong(key, "odd byte in a URL");
        }
    }

    return 1;
}


/* "<!date^SECONDS^{date_short_pretty} {time}|FALLBACK>", which Slack knows */

static inline ngx_uint_t
judge_date(const char *key, const char **at, size_t *chars)
{
    size_t       n;
    const char  *p, *end;

    static const char  tokens[] = "^{date_short_pretty} {time}|";

    if (judged_receiver != NGX_SLACK_RECEIVER_SLACK) {
        return wrong(key, "a date that only Slack knows");
    }

    p = *at + 7;
    n = strspn(p, "0123456789");

    if (n == 0 || strncmp(p + n, tokens, sizeof(tokens) - 1) != 0) {
        return wrong(key, "a date of another form");
    }

    p += n + sizeof(tokens) - 1;
    n = strspn(p, "0123456789-: UTC");
    end = p + n;

    if (n == 0 || *end != '>') {
        return wrong(key, "a date without a fallback");
    }

    *chars += end - *at;
    *at = end;

    return 1;
}


static inline ngx_uint_t
judge_text(const char *key, const char *s, size_t max, ngx_uint_t mrkdwn)
{
    size_t       chars;
    ngx_uint_t   fences, visible;
    const char  *p, *bar, *end;

    chars = 0;
    fences = 0;

    for (p = s; *p; p++) {
        chars += ((*p & 0xc0) != 0x80);

        if ((u_char) *p < ' ' && *p != LF && *p != '\t') {
            return wrong(key, "control character");
        }

        if (strncmp(p, "\xe2\x80\xae", 3) == 0) {
            return wrong(key, "bidi control");
        }

        switch (*p) {

        case '&':
            if (strncmp(p, "&amp;", 5) && strncmp(p, "&lt;", 4)
                && strncmp(p, "&gt;", 4))
            {
                return wrong(key, "& that is no entity");
            }

            break;

        case '>':
            return wrong(key, "> without <");

        case '`':
            if (p[1] == '`' && p[2] == '`') {
                fences++;
                chars += 2;
                p += 2;
            }

            break;

        case '<':
            if (!mrkdwn) {
                return wrong(key, "link in a plain text");
            }

            if (strncmp(p, "<!date^", 7) == 0) {

                if (!judge_date(key, &p, &chars)) {
                    return 0;
                }

                break;
            }

            bar = p + strcspn(p, "|<>");
            if (*bar == '<') {
                bar++;
                bar += strcspn(bar, "|<>");
            }

            if (!judge_url(key, p + 1, bar)) {
                return 0;
            }

            end = bar;

            if (*bar == '|') {
                end = bar + 1 + strcspn(bar + 1, "|<>\n");

                for (visible = 0, bar++; bar < end; bar++) {
                    visible |= (*bar > ' ');
                    visible |= (*bar < 0);
                }

                if (!visible) {
                    return wrong(key, "blank label");
                }
            }

            if (*end != '>') {
                return wrong(key, "link without its end");
            }

            for (p++; p < end; p++) {
                chars += ((*p & 0xc0) != 0x80);

                if (*p == '&' && strncmp(p, "&amp;", 5)
                    && strncmp(p, "&lt;", 4) && strncmp(p, "&gt;", 4))
                {
                    return wrong(key, "& in a link that is no entity");
                }
            }

            chars++;
            break;
        }
    }

    if (fences % 2) {
        return wrong(key, "fence without its other end");
    }

    if (chars > max) {
        return wrong(key, "too long");
    }

    if (strcmp(key, "fallback") != 0) {
        judged_sum += chars;
    }

    if (strcmp(key, "pretext") == 0 || strcmp(key, "text") == 0) {
        judged_description += chars;
    }

    if (judged_receiver == NGX_SLACK_RECEIVER_DISCORD
        && (judged_sum > DISCORD_SUM
            || judged_description > DISCORD_DESCRIPTION))
    {
        return wrong(key, "too long together");
    }

    return 1;
}


static inline ngx_uint_t
judge_value(const char *key, yajl_val v)
{
    size_t       i;
    ngx_uint_t   k;
    const char  *s;

    if (strcmp(key, "ts") == 0) {
        return YAJL_IS_INTEGER(v) ? 1 : wrong(key, "no number");
    }

    if (strcmp(key, "mrkdwn_in") == 0) {
        return YAJL_IS_ARRAY(v) ? 1 : wrong(key, "no array");
    }

    if (strcmp(key, "fields") == 0) {

        if (!YAJL_IS_ARRAY(v) || v->u.array.len == 0) {
            return wrong(key, "no array, or empty");
        }

        for (i = 0; i < v->u.array.len; i++) {
            if (!YAJL_IS_OBJECT(v->u.array.values[i])
                || v->u.array.values[i]->u.object.len != 3)
            {
                return wrong(key, "no field");
            }

            if (!judge_value("value",
                             v->u.array.values[i]->u.object.values[1]))
            {
                return 0;
            }
        }

        return 1;
    }

    if (!YAJL_IS_STRING(v)) {
        return wrong(key, "no string");
    }

    s = v->u.string;

    if (*s == '\0') {
        return wrong(key, "empty");
    }

    if (!judge_at(key, s)) {
        return 0;
    }

    if (judged_receiver == NGX_SLACK_RECEIVER_DISCORD
        && strcmp(key, "color") == 0 && (*s != '#' || strlen(s) != 7))
    {
        return wrong(key, "not #RRGGBB");
    }

    for (k = 0; known[k].key; k++) {

        if (strcmp(key, known[k].key) != 0) {
            continue;
        }

        if (known[k].url) {
            return strlen(s) <= known[k].max
                   ? judge_url(key, s, s + strlen(s)) : wrong(key, "too long");
        }

        return judge_text(key, s,
                          judged_receiver == NGX_SLACK_RECEIVER_DISCORD
                          ? known[k].discord : known[k].max,
                          known[k].mrkdwn);
    }

    return wrong(key, "unknown key");
}


static inline ngx_uint_t
judge(ngx_str_t *attachment, ngx_uint_t whose)
{
    u_char      *scrubbed;
    size_t       i, j, n;
    yajl_val     tree;
    ngx_uint_t   rc;

    judged_receiver = whose;
    judged_sum = 0;
    judged_description = 0;

    if (attachment->len > NGX_SLACK_ATTACHMENT_MAX) {
        return wrong("attachment", "too large");
    }

    scrubbed = malloc(3 * attachment->len);
    if (scrubbed == NULL) {
        exit(2);
    }

    n = ngx_slack_text_scrub(scrubbed, attachment->data, attachment->len);
    rc = (n == attachment->len
          && ngx_memcmp(scrubbed, attachment->data, n) == 0);
    free(scrubbed);

    if (!rc) {
        return wrong("attachment", "not clean UTF-8");
    }

    tree = parse(attachment);

    if (!YAJL_IS_OBJECT(tree)) {
        yajl_tree_free(tree);
        return wrong("attachment", "no JSON object");
    }

    for (i = 0; rc && i < tree->u.object.len; i++) {

        for (j = 0; j < i; j++) {
            if (strcmp(tree->u.object.keys[i], tree->u.object.keys[j]) == 0) {
                rc = wrong(tree->u.object.keys[i], "twice");
            }
        }

        if (rc) {
            rc = judge_value(tree->u.object.keys[i],
                             tree->u.object.values[i]);
        }
    }

    yajl_tree_free(tree);

    return rc;
}


/* a compact line: no other part is shown, and it is short */

static inline ngx_uint_t
judge_compact(ngx_str_t *attachment)
{
    size_t       i, chars;
    yajl_val     tree;
    ngx_uint_t   rc;
    const char  *p, *key;

    static const char  *parts[] = { "fallback", "color", "text", "mrkdwn_in" };

    tree = parse(attachment);
    rc = (tree->u.object.len == 4)
         ? 1 : wrong("compact", "other parts than its own");

    for (i = 0; rc && i < tree->u.object.len; i++) {
        key = tree->u.object.keys[i];

        if (strcmp(key, parts[i]) != 0) {
            rc = wrong(key, "a part that no line has");
            break;
        }

        if (strcmp(key, "text") != 0) {
            continue;
        }

        chars = 0;

        for (p = tree->u.object.values[i]->u.string; *p; p++) {
            chars += ((*p & 0xc0) != 0x80);
            rc = (rc && *p != LF);
        }

        if (!rc || chars > 300) {
            rc = wrong(key, "no short line");
        }
    }

    yajl_tree_free(tree);

    return rc;
}


#endif /* _NGX_SLACK_JUDGE_H_INCLUDED_ */
