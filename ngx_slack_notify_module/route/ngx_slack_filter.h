
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the files of the filters share.  A filter is a row of the table in
 * ngx_slack_filter.c.  If it is more than a few lines, its setter and its test
 * are in a file of their own.
 */


#ifndef _NGX_SLACK_FILTER_H_INCLUDED_
#define _NGX_SLACK_FILTER_H_INCLUDED_


#include <ngx_slack_conf_value.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_log.h>
#include <ngx_slack_route.h>


#define ngx_slack_filter_excludes(list)                                       \
    ((list)->patterns.nelts > (list)->includes)


/*
 * The result of a test that cannot know the answer: the event is declined,
 * with the cause, an ngx_slack_cause_e.
 */

static ngx_inline ngx_int_t
ngx_slack_filter_unknown(ngx_slack_refusal_t *refusal, ngx_uint_t cause)
{
    refusal->cause = cause;

    return NGX_DECLINED;
}


/*
 * Returns the default of "events", as bits: all kinds that are neither
 * confidential nor optional.
 */

ngx_uint_t ngx_slack_filter_default_kinds(void);


/*
 * Setters of the directives, called when the configuration is read, like those
 * of ngx_command_t.  "conf" is the ngx_slack_filter_t of the route.
 */

char *ngx_slack_filter_set_events(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_filter_set_branches(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_filter_set_labels(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_filter_set_match(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/* Tests, called in the event loop, see ngx_slack_filter_rule_t. */

ngx_int_t ngx_slack_filter_kind(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal);
ngx_int_t ngx_slack_filter_action(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal);
ngx_int_t ngx_slack_filter_branches(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal);
ngx_int_t ngx_slack_filter_labels(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal);
ngx_int_t ngx_slack_filter_match(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal);


#endif /* _NGX_SLACK_FILTER_H_INCLUDED_ */
