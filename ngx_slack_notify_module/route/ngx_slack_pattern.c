
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Lists of patterns (see the header).  Knows strings and nginx's regular
 * expressions.  Compiled when the configuration is read, tested in the event
 * loop.
 */


#include <ngx_slack_log.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_pattern.h>


#if (NGX_PCRE2)

/* PCRE2 keeps its stack on the heap, and the limit of calls bounds it. */
#define NGX_SLACK_PATTERN_LIMITS                                              \
    "(*LIMIT_MATCH=" NGX_SLACK_PATTERN_CALLS ")"

#else

#define NGX_SLACK_PATTERN_LIMITS                                              \
    "(*LIMIT_MATCH=" NGX_SLACK_PATTERN_CALLS ")"                              \
    "(*LIMIT_RECURSION=" NGX_SLACK_PATTERN_DEPTH ")"

#endif


static ngx_int_t ngx_slack_pattern_regex(ngx_conf_t *cf,
    ngx_slack_pattern_t *pattern, ngx_str_t *text);
static ngx_uint_t ngx_slack_pattern_brackets(ngx_str_t *text);
static ngx_uint_t ngx_slack_pattern_range(u_char *p);
static ngx_int_t ngx_slack_pattern_match(ngx_slack_pattern_t *pattern,
    ngx_str_t *value, ngx_slack_pattern_state_t *state);


char *
ngx_slack_patterns_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_str_t             *value;
    ngx_uint_t             i;
    ngx_slack_patterns_t  *list;

    list = (ngx_slack_patterns_t *) (p + cmd->offset);

    if (list->patterns.nelts) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_slack_patterns_add(cf, list, &value[i]) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


ngx_int_t
ngx_slack_patterns_add(ngx_conf_t *cf, ngx_slack_patterns_t *list,
    ngx_str_t *text)
{
    ngx_str_t             s;
    ngx_slack_pattern_t  *pattern;

    if (list->patterns.elts == NULL
        && ngx_array_init(&list->patterns, cf->pool, 4,
                          sizeof(ngx_slack_pattern_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    pattern = ngx_array_push(&list->patterns);
    if (pattern == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(pattern, sizeof(ngx_slack_pattern_t));

    s = *text;

    if (s.len && s.data[0] == '!') {
        pattern->exclude = 1;
        s.data++;
        s.len--;

    } else {
        list->includes++;
    }

    if (s.len == 0) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "invalid pattern \"%V\"",
                           text);
        return NGX_ERROR;
    }

    if (s.data[0] == '~') {

        if (s.len == 1 || (s.len == 2 && s.data[1] == '*')) {
            ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                               "invalid pattern \"%V\"", text);
            return NGX_ERROR;
        }

        return ngx_slack_pattern_regex(cf, pattern, &s);
    }

    pattern->text = s;
    pattern->literal = ngx_strlchr(s.data, s.data + s.len, '*') == NULL
                       && ngx_strlchr(s.data, s.data + s.len, '?') == NULL;

    if (ngx_slack_pattern_brackets(&s)) {
        ngx_slack_conf_log(NGX_LOG_WARN, cf, 0,
                           "brackets stand for themselves in \"%V\", only "
                           "\"*\" and \"?\" do not; for a choice write a "
                           "regular expression, \"~...\"", text);
    }

    return NGX_OK;
}


/*
 * Whether a pattern has brackets as a shell takes them: "[0-9]", "[a-zA-Z]",
 * "[!x]", "[^x]", "[Ff]", "[123]", "{a,b}".  "renovate[bot]" and "[slug].tsx"
 * are names.
 */

static ngx_uint_t
ngx_slack_pattern_brackets(ngx_str_t *text)
{
    u_char  *p, *last, *close, *digit;

    last = text->data + text->len;

    for (p = text->data; p < last; p++) {

        if (*p == '{') {
            close = ngx_strlchr(p, last, '}');

            if (close && ngx_strlchr(p, close, ',')) {
                return 1;
            }
        }

        if (*p != '[') {
            continue;
        }

        close = ngx_strlchr(p, last, ']');

        if (close == NULL) {
            continue;
        }

        for (digit = p + 1; digit < close; digit++) {
            if (*digit < '0' || *digit > '9') {
                break;
            }
        }

        if (close - p > 2 && (p[1] == '!' || p[1] == '^' || digit == close)) {
            return 1;
        }

        if (close - p > 3 && ngx_slack_pattern_range(p + 1)) {
            return 1;
        }

        if (close - p == 3 && p[1] != p[2]
            && ngx_tolower(p[1]) == ngx_tolower(p[2]))
        {
            return 1;
        }
    }

    return 0;
}


/* "a-z", "A-Z", "0-9" or a part of one of them */

static ngx_uint_t
ngx_slack_pattern_range(u_char *p)
{
    return p[1] == '-' && p[0] < p[2]
           && ((p[0] >= '0' && p[2] <= '9') || (p[0] >= 'A' && p[2] <= 'Z')
               || (p[0] >= 'a' && p[2] <= 'z'));
}


static ngx_int_t
ngx_slack_pattern_regex(ngx_conf_t *cf, ngx_slack_pattern_t *pattern,
    ngx_str_t *text)
{
#if (NGX_PCRE)
    u_char               errstr[NGX_MAX_CONF_ERRSTR];
    ngx_str_t            written;
    ngx_regex_compile_t  rc;

    ngx_memzero(&rc, sizeof(ngx_regex_compile_t));

    written.data = text->data + 1;
    written.len = text->len - 1;

    if (written.data[0] == '*') {
        rc.options = NGX_REGEX_CASELESS;
        written.data++;
        written.len--;
    }

    /*
     * PCRE applies the lowest of several limits, so a pattern cannot raise
     * these.
     */

    rc.pattern.len = sizeof(NGX_SLACK_PATTERN_LIMITS) - 1 + written.len;
    rc.pattern.data = ngx_pnalloc(cf->pool, rc.pattern.len + 1);
    if (rc.pattern.data == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(rc.pattern.data, NGX_SLACK_PATTERN_LIMITS "%V%Z", &written);

    rc.pool = cf->pool;
    rc.err.len = NGX_MAX_CONF_ERRSTR;
    rc.err.data = errstr;

    if (ngx_regex_compile(&rc) != NGX_OK) {

        /* report the error for the pattern as it was written */

        rc.err.len = NGX_MAX_CONF_ERRSTR;
        rc.pattern = written;

        if (ngx_regex_compile(&rc) == NGX_OK) {
            ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                               "using regex \"%V\" requires PCRE 8.33 or "
                               "later", text);
            return NGX_ERROR;
        }

        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "%V", &rc.err);
        return NGX_ERROR;
    }

    pattern->regex = rc.regex;

    return NGX_OK;
#else
    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "using regex \"%V\" requires PCRE library", text);

    return NGX_ERROR;
#endif
}


ngx_uint_t
ngx_slack_patterns_test(ngx_slack_patterns_t *list, ngx_str_t *value,
    ngx_slack_pattern_state_t *state)
{
    ngx_uint_t            i, rc;
    ngx_slack_pattern_t  *pattern;

    rc = NGX_SLACK_PATTERN_NONE;
    pattern = list->patterns.elts;

    for (i = 0; i < list->patterns.nelts; i++) {

        if (rc == NGX_SLACK_PATTERN_MATCH && !pattern[i].exclude) {
            continue;
        }

        switch (ngx_slack_pattern_match(&pattern[i], value, state)) {

        case NGX_OK:
            break;

        case NGX_DECLINED:
            continue;

        default: /* NGX_ERROR */
            return NGX_SLACK_PATTERN_FAILED;
        }

        if (pattern[i].exclude) {
            return NGX_SLACK_PATTERN_EXCLUDE;
        }

        rc = NGX_SLACK_PATTERN_MATCH;
    }

    return rc;
}


ngx_int_t
ngx_slack_patterns_pass(ngx_slack_patterns_t *list, ngx_str_t *value,
    ngx_slack_pattern_state_t *state)
{
    switch (ngx_slack_patterns_test(list, value, state)) {

    case NGX_SLACK_PATTERN_MATCH:
        return NGX_OK;

    case NGX_SLACK_PATTERN_NONE:
        return list->includes ? NGX_DECLINED : NGX_OK;

    case NGX_SLACK_PATTERN_FAILED:
        return NGX_ERROR;

    default: /* NGX_SLACK_PATTERN_EXCLUDE */
        return NGX_DECLINED;
    }
}


/* NGX_OK: matches; NGX_DECLINED: does not; NGX_ERROR: not known */

static ngx_int_t
ngx_slack_pattern_match(ngx_slack_pattern_t *pattern, ngx_str_t *value,
    ngx_slack_pattern_state_t *state)
{
    ngx_uint_t  matched;

#if (NGX_PCRE)

    ngx_int_t  rc;
    ngx_str_t  subject;

    if (pattern->regex) {

        if (state->failures == NGX_SLACK_PATTERN_FAILURES) {
            return NGX_ERROR;
        }

        /* an empty value may have no data, but PCRE needs a pointer */

        subject.len = value->len;
        subject.data = value->len ? value->data : (u_char *) "";

        rc = ngx_regex_exec(pattern->regex, &subject, NULL, 0);

        if (rc < NGX_REGEX_NO_MATCHED) {
            state->failures++;
            state->error = rc;
            return NGX_ERROR;
        }

        return (rc == NGX_REGEX_NO_MATCHED) ? NGX_DECLINED : NGX_OK;
    }

#endif

    if (pattern->literal) {
        matched = ngx_slack_equal(&pattern->text, value);

    } else {
        matched = ngx_slack_glob(&pattern->text, value);
    }

    return matched ? NGX_OK : NGX_DECLINED;
}


ngx_uint_t
ngx_slack_glob(ngx_str_t *glob, ngx_str_t *value)
{
    u_char  *p, *v, *plast, *vlast, *star, *retry;

    p = glob->data;
    plast = p + glob->len;
    v = value->data;
    vlast = v + value->len;

    star = NULL;
    retry = NULL;

    while (v < vlast) {

        if (p < plast && *p == '*') {
            star = ++p;
            retry = v;
            continue;
        }

        if (p < plast && *p == '?') {

            /* a whole UTF-8 character, not a byte */

            p++;
            v++;

            while (v < vlast && (*v & 0xc0) == 0x80) {
                v++;
            }

            continue;
        }

        if (p < plast && *p == *v) {
            p++;
            v++;
            continue;
        }

        if (star == NULL) {
            return 0;
        }

        /* it is enough to extend the match of the last "*" */

        p = star;
        v = ++retry;
    }

    while (p < plast && *p == '*') {
        p++;
    }

    return p == plast;
}
