
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Routes: which events go to which channels.  They are created when the
 * configuration is read, in the master, and not changed afterwards.  Events
 * are tested in the event loop.
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
    ngx_uint_t               *slots;      /* by set of paths */
} ngx_slack_match_t;


typedef struct {
    /* the kinds taken, and for each its actions; NULL: the announced ones */
    ngx_uint_t                kinds;      /* 1 << ngx_slack_event_kind_e */
    ngx_uint_t                named;      /* those given by name, not by
                                             "all" */
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
 * Why a filter cannot know whether an event passes; such an event is declined.
 */

typedef enum {
    NGX_SLACK_CAUSE_NONE = 0,             /* the filter does know */
    NGX_SLACK_CAUSE_REGEX,                /* a regular expression failed */
    NGX_SLACK_CAUSE_UNREAD,               /* too long, too many values, or an
                                             object instead of a value */
    NGX_SLACK_CAUSE_UNTOLD,               /* the sender does not tell it */
    NGX_SLACK_CAUSE_LAST
} ngx_slack_cause_e;


/*
 * Why a route declined, or on what its consent depends.  The caller zeroes it
 * for each event and uses it for all routes in turn.
 */

typedef struct {
    ngx_uint_t                filter;     /* index in ngx_slack_filters[] */
    ngx_uint_t                if_changed; /* 1: it passes only if the status of
                                             its pipeline or the state of its
                                             alerts differs from the
                                             remembered one */
    ngx_uint_t                cause;      /* ngx_slack_cause_e */
    ngx_str_t                *path;       /* of "match"; else NULL */
    ngx_slack_pattern_state_t patterns;
} ngx_slack_refusal_t;


/*
 * A filter: the directive of slack_route that sets it, and its test.
 *
 * The directive is like one of nginx; its setter is called with the
 * ngx_slack_filter_t, and its offset is in that structure.  A NULL setter:
 * there is no directive with this name.
 *
 * The test returns NGX_OK: the event passes, with refusal->if_changed only on
 * that condition; NGX_DECLINED: it does not, and if this is not known,
 * refusal->cause says why.  An event whose value is not known is declined,
 * whether a pattern excludes or not.  "json" has the captured values, "set" is
 * the index of their set of paths.  A NULL test: the directive only
 * supplements another filter.
 */

typedef struct {
    ngx_command_t             directive;
    ngx_int_t               (*test)(ngx_slack_filter_t *filter,
                                ngx_slack_event_t *event,
                                ngx_slack_json_t *json, ngx_uint_t set,
                                ngx_slack_refusal_t *refusal);
    ngx_uint_t                state;      /* 1: it selects states of an object
                                             rather than objects */
} ngx_slack_filter_rule_t;


/* all filters in the order of their tests; an empty name ends the table */

extern ngx_slack_filter_rule_t  ngx_slack_filters[];

#define ngx_slack_filter_name(i)  (&ngx_slack_filters[i].directive.name)


/*
 * Called before and after the directives of a route are read.  The caller
 * zeroes the filter before.  The second function sets the defaults.
 */

void ngx_slack_filter_init(ngx_slack_filter_t *filter);
void ngx_slack_filter_init_values(ngx_slack_filter_t *filter);


/*
 * Tests the event with all filters.  Returns the same as a test; "refusal"
 * names the first filter that declined it, or the one that set the condition.
 */

ngx_int_t ngx_slack_filter_test(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal);

/*
 * Tests an event that was declined with those filters only that select
 * objects, not states of an object: whether the event may change what is shown
 * of an object, with refusal->if_changed only on that condition.  NGX_OK or
 * NGX_DECLINED.
 */

ngx_int_t ngx_slack_filter_object(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal);

/*
 * Adds "KIND", "KIND:ACTION,..." or "all" to the events of a filter, which
 * then refers to the word.  A status that no sender is known to have is taken,
 * with a warning.  NGX_OK; NGX_ERROR: there is no such event or action,
 * logged, or no memory.
 */

ngx_int_t ngx_slack_filter_add_event(ngx_conf_t *cf,
    ngx_slack_filter_t *filter, ngx_str_t *word);

/* Whether the events of a filter have the event: NGX_OK or NGX_DECLINED. */

ngx_int_t ngx_slack_filter_has(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event);

/*
 * The same where events without actions are meant with all of their actions,
 * not only those that are announced.
 */

ngx_int_t ngx_slack_filter_names(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event);

/*
 * Whether a filter may take all events that "other" names.  NGX_DECLINED: not
 * the kind whose name is in "never".
 */

ngx_int_t ngx_slack_filter_covers(ngx_slack_filter_t *filter,
    ngx_slack_filter_t *other, ngx_str_t *never);

/* whether the route treats a repetition of the event differently */

ngx_uint_t ngx_slack_filter_remembers(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event);


#endif /* _NGX_SLACK_ROUTE_H_INCLUDED_ */
