
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Routes: who hears of which events.  Filled by http/ when the configuration
 * is read.
 */


#ifndef _NGX_SLACK_ROUTE_H_INCLUDED_
#define _NGX_SLACK_ROUTE_H_INCLUDED_


#include <ngx_slack_event.h>
#include <ngx_slack_json.h>
#include <ngx_slack_pattern.h>


#define NGX_SLACK_BRANCHES_DEFAULT    0x01
#define NGX_SLACK_BRANCHES_PROTECTED  0x02
#define NGX_SLACK_BRANCHES_ALL        0x04

#define NGX_SLACK_PIPELINES_UNSET     0   /* as all */
#define NGX_SLACK_PIPELINES_ALL       1
#define NGX_SLACK_PIPELINES_BROKEN    2
#define NGX_SLACK_PIPELINES_CHANGED   3

#define NGX_SLACK_REPEAT_UNSET        0   /* as off */
#define NGX_SLACK_REPEAT_OFF          1
#define NGX_SLACK_REPEAT_ON           2

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


/*
 * the default of "events": every kind that is neither confidential nor
 * optional
 */
ngx_uint_t ngx_slack_filter_default_kinds(void);

/*
 * "KIND" or "KIND:ACTION,…" of the events directive; "all" is the default and
 * leaves the actions of kinds that are named too; NULL or a text for the error
 * message with "%V" being the word
 */
char *ngx_slack_filter_event(ngx_conf_t *cf, ngx_slack_filter_t *filter,
    ngx_str_t *word);


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
    ngx_uint_t                filter;     /* the further down the later */
    ngx_uint_t                cause;      /* ngx_slack_cause_e */
    ngx_str_t                *path;       /* of "match", else NULL */
    ngx_slack_pattern_state_t patterns;
} ngx_slack_refusal_t;


/*
 * Whether an event passes.  NGX_OK; NGX_AGAIN: if the status of its pipeline
 * or the state of its alerts is another than the one remembered;
 * NGX_DECLINED: no.  "refusal" names the filter that says no, or would.
 *
 * What is not known is refused: an exclusion cannot tell that it does not fit,
 * and another pattern that it does.
 */
ngx_int_t ngx_slack_filter_test(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal);

/* whether it matters to the route if the event is a repetition */

ngx_uint_t ngx_slack_filter_remembers(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event);

/* the name of a filter for people */
extern ngx_str_t  ngx_slack_filter_names[];


#endif /* _NGX_SLACK_ROUTE_H_INCLUDED_ */
