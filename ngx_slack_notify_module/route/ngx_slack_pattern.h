
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Lists of patterns: a glob ("*" is any characters, "?" is one), "~regex", or
 * "~*regex" (case-insensitive).  A pattern after "!" excludes.  Patterns are
 * compiled when the configuration is read and tested in the event loop.
 *
 * If a regular expression fails on a value, it is not known whether it
 * matches, so the value passes no list.
 */


#ifndef _NGX_SLACK_PATTERN_H_INCLUDED_
#define _NGX_SLACK_PATTERN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    ngx_str_t                 text;       /* glob without "!" */
#if (NGX_PCRE)
    ngx_regex_t              *regex;      /* NULL: a glob */
#endif
    unsigned                  exclude:1;
    unsigned                  literal:1;  /* a glob without "*" and "?" */
} ngx_slack_pattern_t;


typedef struct {
    ngx_array_t               patterns;   /* ngx_slack_pattern_t */
    ngx_uint_t                includes;   /* how many do not exclude */
} ngx_slack_patterns_t;


/*
 * The limits of a regular expression at one position of a value: the number of
 * calls of PCRE's match(), of about 10 ns each, and their depth, which limits
 * the stack that PCRE1 uses, about 500 bytes for each.
 */
#define NGX_SLACK_PATTERN_CALLS    "50000"
#define NGX_SLACK_PATTERN_DEPTH    "8000"

/*
 * Failures of regular expressions for one event, after which all others count
 * as failed without being tried.
 */
#define NGX_SLACK_PATTERN_FAILURES 16


/* zeroed by the caller for each event */

typedef struct {
    ngx_uint_t                failures;
    ngx_int_t                 error;      /* the last error of PCRE */
} ngx_slack_pattern_state_t;


#define NGX_SLACK_PATTERN_NONE     0      /* no match */
#define NGX_SLACK_PATTERN_MATCH    1
#define NGX_SLACK_PATTERN_EXCLUDE  2
#define NGX_SLACK_PATTERN_FAILED   3      /* a regular expression failed; not
                                             known */


/*
 * Setter of a directive that takes patterns, called when the configuration is
 * read.  At cmd->offset in "conf" is an ngx_slack_patterns_t, which was
 * zeroed.
 */
char *ngx_slack_patterns_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/*
 * Adds a pattern when the configuration is read; the list refers to "text".
 * NGX_OK; NGX_ERROR: an invalid pattern, logged, or no memory.
 */
ngx_int_t ngx_slack_patterns_add(ngx_conf_t *cf, ngx_slack_patterns_t *list,
    ngx_str_t *text);

/*
 * Returns NGX_SLACK_PATTERN_...: an exclusion takes precedence over a match,
 * and a failure ends the test.
 */
ngx_uint_t ngx_slack_patterns_test(ngx_slack_patterns_t *list,
    ngx_str_t *value, ngx_slack_pattern_state_t *state);

/*
 * Tests whether a value passes: no pattern excludes it, and if there are
 * patterns that do not exclude, one of them matches.  NGX_OK; NGX_DECLINED;
 * NGX_ERROR: a regular expression failed, so the value must not pass.  The
 * second function tests a glob alone.
 */
ngx_int_t ngx_slack_patterns_pass(ngx_slack_patterns_t *list,
    ngx_str_t *value, ngx_slack_pattern_state_t *state);

ngx_uint_t ngx_slack_glob(ngx_str_t *glob, ngx_str_t *value);


#endif /* _NGX_SLACK_PATTERN_H_INCLUDED_ */
