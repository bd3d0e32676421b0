
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Routes: who hears of which events.  Filled when the configuration is read,
 * in the master; only read afterwards.
 */


#ifndef _NGX_SLACK_ROUTE_H_INCLUDED_
#define _NGX_SLACK_ROUTE_H_INCLUDED_


#include <ngx_slack_event.h>
#include <ngx_slack_json.h>
#include <ngx_slack_pattern.h>


#define NGX_SLACK_BRANCHES_DEFAULT    0x01
#define NGX_SLACK_BRANCHES_PROTECTED  0x02
#define NGX_SLACK_BRANCHES_ALL        0x04

#define NGX_SLACK_PIPELINES_ALL       0
#define NGX_SLACK_PIPELINES_BROKEN    1
#define NGX_SLACK_PIPELINES_CHANGED   2

#define NGX_SLACK_REPEAT_OFF          0
#define NGX_SLACK_REPEAT_ON           1

#define NGX_SLACK_LABELS_ANY          0
#define NGX_SLACK_LABELS_ALL          1
#define NGX_SLACK_LABELS_NONE         2


typedef struct {
    ngx_uint_t                mode;       /* NGX_SLACK_LABELS_… */
    ngx_array_t               titles;     /* ngx_str_t */
} ngx_slack_labels_t;


typedef struct {
    ngx_slack_patterns_t      patterns;
    ngx_str_t                 path;
    ngx_uint_t               *slots;      /* in each set of paths */
} ngx_slack_match_t;


typedef struct {
    /* the kinds taken, and the actions of each; NULL: those announced */
    ngx_uint_t                kinds;      /* 1 << ngx_slack_event_kind_e */
    ngx_uint_t                named;      /* of these, not through "all" */
    ngx_array_t              *actions[NGX_SLACK_EVENT_MAX];

    ngx_uint_t                branch_classes;
    ngx_slack_patterns_t      branches;
    ngx_slack_patterns_t      protected;
    ngx_uint_t                pipelines;  /* NGX_SLACK_PIPELINES_… */
    ngx_array_t               labels;     /* ngx_slack_labels_t */
    ngx_slack_patterns_t      users;
    ngx_slack_patterns_t      projects;
    ngx_slack_patterns_t      paths;
    ngx_array_t               matches;    /* ngx_slack_match_t */
    ngx_uint_t                repeat;     /* NGX_SLACK_REPEAT_… */
} ngx_slack_filter_t;


/* why a filter cannot know whether an event passes, so that it does not */

typedef enum {
    NGX_SLACK_CAUSE_NONE = 0,             /* it knows */
    NGX_SLACK_CAUSE_REGEX,                /* a regular expression failed */
    NGX_SLACK_CAUSE_UNREAD,               /* too long, more than are read, or
                                             an object for a value */
    NGX_SLACK_CAUSE_UNTOLD,               /* the sender does not tell */
    NGX_SLACK_CAUSE_LAST
} ngx_slack_cause_e;


/* zeroed for each event, and used for one route after another */

typedef struct {
    ngx_uint_t                filter;     /* index in ngx_slack_filters[] */
    ngx_uint_t                cause;      /* ngx_slack_cause_e */
    ngx_str_t                *path;       /* of "match", else NULL */
    ngx_slack_pattern_state_t patterns;
} ngx_slack_refusal_t;


/*
 * A filter: the directive of slack_route that sets it, and its test.
 *
 * The directive is as in nginx, its setter gets the ngx_slack_filter_t and its
 * offset is one in that structure; NULL for a setter: no directive has this
 * name.
 *
 * The test returns NGX_OK: the event passes; NGX_DECLINED: it does not, and
 * refusal->cause says whether that is known; NGX_AGAIN: it passes if the
 * status of its pipeline or the state of its alerts is another than the one
 * remembered.  What is not known is refused: an exclusion cannot tell that it
 * does not fit, and another pattern that it does.  "json" holds the captured
 * values, "set" is the index of their set of paths.  NULL for a test: the
 * directive helps another filter.
 */

typedef struct {
    ngx_command_t             directive;
    ngx_int_t               (*test)(ngx_slack_filter_t *filter,
                                ngx_slack_event_t *event,
                                ngx_slack_json_t *json, ngx_uint_t set,
                                ngx_slack_refusal_t *refusal);
} ngx_slack_filter_rule_t;


/* all filters, in the order they are tested; the last has an empty name */

extern ngx_slack_filter_rule_t  ngx_slack_filters[];

#define ngx_slack_filter_name(i)  (&ngx_slack_filters[i].directive.name)


/*
 * Before and after the directives of a route are read; the filter is zeroed
 * before.  Afterwards what was not set has its default.
 */

void ngx_slack_filter_init(ngx_slack_filter_t *filter);
void ngx_slack_filter_init_values(ngx_slack_filter_t *filter);


/*
 * Tests the event with all filters; returns what a test does.  "refusal" says
 * which filter refused it, or would.
 */

ngx_int_t ngx_slack_filter_test(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal);

/* whether it matters to the route if the event is a repetition */

ngx_uint_t ngx_slack_filter_remembers(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event);


#endif /* _NGX_SLACK_ROUTE_H_INCLUDED_ */
