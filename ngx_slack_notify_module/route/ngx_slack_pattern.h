
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Lists of patterns: a glob ("*" any characters, "?" one), "~regex", "~*regex"
 * without regard to case, each also after "!" to exclude.
 *
 * A value that a regular expression fails on is neither matched nor not: it
 * passes no list.
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
    unsigned                  literal:1;  /* a glob without wildcards */
} ngx_slack_pattern_t;


typedef struct {
    ngx_array_t               patterns;   /* ngx_slack_pattern_t */
    ngx_uint_t                includes;   /* how many do not exclude */
} ngx_slack_patterns_t;


/*
 * What one regular expression may cost at one place of a value: so many calls
 * of PCRE's match(), of some 10 ns each.  The second bounds the stack that
 * PCRE1 takes, at 500 bytes for each.
 */
#define NGX_SLACK_PATTERN_CALLS    "50000"
#define NGX_SLACK_PATTERN_DEPTH    "8000"

/* regular expressions that may fail for an event; then all count as failed */
#define NGX_SLACK_PATTERN_FAILURES 16


/* zeroed for each event */

typedef struct {
    ngx_uint_t                failures;
    ngx_int_t                 error;      /* of PCRE, the last */
} ngx_slack_pattern_state_t;


#define NGX_SLACK_PATTERN_NONE     0      /* no pattern speaks of it */
#define NGX_SLACK_PATTERN_MATCH    1
#define NGX_SLACK_PATTERN_EXCLUDE  2
#define NGX_SLACK_PATTERN_FAILED   3      /* a regular expression did, so it
                                             is not known */


/*
 * The setter of a directive that takes patterns; at cmd->offset in "conf" is
 * an ngx_slack_patterns_t, zeroed.
 */
char *ngx_slack_patterns_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/*
 * adds a pattern when the configuration is read; NGX_ERROR is logged or out
 * of memory
 */
ngx_int_t ngx_slack_patterns_add(ngx_conf_t *cf, ngx_slack_patterns_t *list,
    ngx_str_t *text);

/* NGX_SLACK_PATTERN_...: exclusions win; nothing is tried after a failure */
ngx_uint_t ngx_slack_patterns_test(ngx_slack_patterns_t *list,
    ngx_str_t *value, ngx_slack_pattern_state_t *state);

/*
 * Whether a value passes: not excluded and, if the list has any pattern that
 * does not exclude, matched by one of these.  NGX_OK, NGX_DECLINED;
 * NGX_ERROR: a regular expression failed, so it must not pass.
 */
ngx_int_t ngx_slack_patterns_pass(ngx_slack_patterns_t *list,
    ngx_str_t *value, ngx_slack_pattern_state_t *state);

ngx_uint_t ngx_slack_glob(ngx_str_t *glob, ngx_str_t *value);


#endif /* _NGX_SLACK_PATTERN_H_INCLUDED_ */
