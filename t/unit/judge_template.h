
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Judges what was made of a template: whatever the values are, it is clean and
 * within its limit, and what stands between "<" and ">" is a link, or what the
 * operator wrote.  Included by the one file of a program.
 */


#ifndef _NGX_SLACK_JUDGE_TEMPLATE_H_INCLUDED_
#define _NGX_SLACK_JUDGE_TEMPLATE_H_INCLUDED_


#include <ngx_slack_template.h>

#include "judge.h"


/* the place of a string in another one, NULL: it has none */

static inline u_char *
judge_find(ngx_str_t *s, const u_char *p, size_t len)
{
    return memmem(s->data, s->len, p, len);
}


/* an ID of the kind that "begin" names, alone the value of a variable */

static inline ngx_uint_t
judge_id(ngx_slack_template_t *template, ngx_str_t *values, u_char *p,
    u_char *end, const char *begin, const char *letters)
{
    char        with[16];
    size_t      len, i, n;
    ngx_uint_t  k;

    len = strlen(begin);

    if ((size_t) (end - p) <= len || memcmp(p, begin, len) != 0) {
        return 0;
    }

    n = (size_t) snprintf(with, sizeof(with), "%s$", begin);

    if (judge_find(&template->source, (u_char *) with, n) == NULL
        || strchr(letters, p[len]) == NULL)
    {
        return 0;
    }

    for (i = len; i < (size_t) (end - p); i++) {
        if ((p[i] < 'A' || p[i] > 'Z') && (p[i] < '0' || p[i] > '9')) {
            return 0;
        }
    }

    for (k = 0; k < template->variables.nelts; k++) {
        if (values[k].len == (size_t) (end - p) - len
            && memcmp(values[k].data, p + len, values[k].len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


static inline ngx_uint_t
judge_token(ngx_slack_template_t *template, ngx_str_t *values, u_char *p,
    u_char *end, ngx_uint_t whose)
{
    u_char  *bar, *q;

    if (judge_id(template, values, p, end, "<@", "UW")
        || judge_id(template, values, p, end, "<#", "CG")
        || judge_id(template, values, p, end, "<!subteam^", "S"))
    {
        return 1;
    }

    if (p[1] == '@' || p[1] == '#' || p[1] == '!') {
        return judge_find(&template->source, p, end + 1 - p)
               ? 1 : wrong("template", "a token nobody wrote");
    }

    bar = memchr(p, '|', end - p);

    judged_receiver = whose;

    if (!judge_url("template", (char *) p + 1, (char *) (bar ? bar : end))) {
        return 0;
    }

    for (q = p + 1; q < end; q++) {
        if (*q == '<' || *q == LF || (*q == '|' && q != bar)) {
            return wrong("template", "an odd link");
        }
    }

    return (bar != end - 1) ? 1 : wrong("template", "a link without a label");
}


static inline ngx_uint_t
judge_markup(ngx_slack_template_t *template, ngx_str_t *values, u_char *p,
    u_char *last, ngx_uint_t whose)
{
    u_char     *end;
    size_t      n;
    ngx_uint_t  raw;

    /* a bare ">" is a quotation, if the operator wants one */

    raw = 0;

    for (n = 0; n < template->source.len; n++) {
        raw += (template->source.data[n] == '>');
        raw -= (template->source.data[n] == '<');
    }

    for ( /* void */ ; p < last; p++) {

        if (*p == '&'
            && (last - p < 4
                || (memcmp(p, "&lt;", 4) != 0 && memcmp(p, "&gt;", 4) != 0
                    && (last - p < 5 || memcmp(p, "&amp;", 5) != 0))))
        {
            return wrong("template", "& that is no entity");
        }

        if (*p == '>' && raw == 0) {
            return wrong("template", "> without <");
        }

        if (*p != '<') {
            continue;
        }

        end = memchr(p, '>', last - p);

        if (end == NULL) {
            return wrong("template", "< without >");
        }

        if (!judge_token(template, values, p, end, whose)) {
            return 0;
        }

        p = end;
    }

    return 1;
}


/* code points of the template's own "@" are not judged: they may ring */

static inline ngx_uint_t
judge_template(ngx_slack_template_t *template, ngx_str_t *values,
    ngx_slack_text_t *text, size_t max, ngx_uint_t whose)
{
    u_char      *scrubbed;
    size_t       n;
    ngx_uint_t   ok;

    if (ngx_slack_text_chars(text) > max) {
        return wrong("template", "too long");
    }

    scrubbed = malloc(3 * text->len + 1);
    if (scrubbed == NULL) {
        exit(2);
    }

    n = ngx_slack_text_scrub(scrubbed, text->start, text->len);
    ok = (n == text->len && memcmp(scrubbed, text->start, n) == 0)
         ? 1 : wrong("template", "not clean UTF-8");
    scrubbed[n] = '\0';

    ok = ok && judge_markup(template, values, scrubbed, scrubbed + n, whose);

    free(scrubbed);

    return ok;
}


#endif /* _NGX_SLACK_JUDGE_TEMPLATE_H_INCLUDED_ */
