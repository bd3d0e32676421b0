
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Alertmanager's payloads, shared by its files in source/.  Strings are
 * captured values, empty if the payload lacks them, in the request's pool.
 * Runs in the event loop.
 */


#ifndef _NGX_SLACK_ALERTMANAGER_H_INCLUDED_
#define _NGX_SLACK_ALERTMANAGER_H_INCLUDED_


#include <ngx_slack_source.h>


typedef struct {
    ngx_str_t                 status;
    ngx_str_t                 name;
    ngx_str_t                 severity;
    ngx_str_t                 summary;
    ngx_str_t                 starts;
    ngx_str_t                 ends;
    ngx_str_t                 url;
    ngx_str_t                 dashboard;
    ngx_str_t                 silence;
    ngx_str_t                 image;
    ngx_str_t                 values;         /* as one text */
    ngx_str_t                 fingerprint;
} ngx_slack_am_alert_t;


/* a series, as Grafana's alerting before version 9 tells it */

typedef struct {
    ngx_str_t                 metric;
    ngx_str_t                 value;
} ngx_slack_am_match_t;


typedef struct {
    ngx_slack_event_t         event;

    ngx_str_t                 group_key;
    ngx_str_t                 group_id;       /* the same, empty if it was
                                                 cut */
    ngx_str_t                 version;
    ngx_str_t                 generic_title;
    ngx_array_t               all;            /* ngx_slack_am_alert_t */
    ngx_array_t               labels;         /* ngx_slack_marked_t */
    ngx_array_t               values;         /* likewise, "name=value" */
    ngx_array_t               common;         /* ngx_str_t, "name=value" */
    ngx_array_t               group;          /* likewise */

    ngx_str_t                 receiver;
    ngx_str_t                 external;
    ngx_str_t                 summary;
    ngx_str_t                 description;
    ngx_str_t                 runbook;
    ngx_str_t                 dashboard;

    ngx_str_t                 rule;           /* of Grafana before version 9 */
    ngx_str_t                 rule_id;
    ngx_str_t                 rule_url;
    ngx_str_t                 rule_key;       /* what identifies it */
    ngx_str_t                 org;
    ngx_str_t                 state;
    ngx_str_t                 message;
    ngx_str_t                 image;
    ngx_array_t               tags;           /* ngx_str_t, "name=value" */
    ngx_array_t               matches;        /* ngx_slack_am_match_t */
    ngx_array_t               match_tags;     /* ngx_slack_marked_t */

    ngx_str_t                 fingerprint;
    ngx_array_t               fingerprints;   /* ngx_str_t */
    ngx_str_t                 service;
    ngx_str_t                 tool;
    ngx_str_t                 environment;
    ngx_array_t               hosts;          /* ngx_str_t */
} ngx_slack_am_t;


#define ngx_slack_am_is(s, literal)                                           \
    ((s)->len == sizeof(literal) - 1                                          \
     && ngx_memcmp((s)->data, literal, sizeof(literal) - 1) == 0)

#define ngx_slack_am_starts(s, literal)                                       \
    ((s)->len >= sizeof(literal) - 1                                          \
     && ngx_memcmp((s)->data, literal, sizeof(literal) - 1) == 0)


/*
 * Completes the event of a group, after its fields were filled.  Here and
 * below NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_am_group(ngx_slack_am_t *am, ngx_pool_t *pool);


/* the same for a rule of Grafana before version 9 */

ngx_int_t ngx_slack_am_rule(ngx_slack_am_t *am, ngx_pool_t *pool);


/* sets how what a complete event tells of stands */

ngx_int_t ngx_slack_am_stand(ngx_slack_event_t *event, ngx_pool_t *pool);


/* sets what a complete event belongs to */

ngx_int_t ngx_slack_am_object(ngx_slack_event_t *event, ngx_pool_t *pool);


/*
 * Adds an alert and its state to event->identities, so that a repetition is
 * detected.  "key" identifies the alert, "since" is when it began, ms since
 * the epoch, or 0.
 */

ngx_int_t ngx_slack_am_identity(ngx_slack_event_t *event,
    ngx_str_t *key, ngx_str_t *severity, int64_t since, ngx_uint_t resolved,
    ngx_pool_t *pool);


/*
 * Adds a pair to facts or links, unless its value is empty.  "name" must be
 * static.
 */

ngx_int_t ngx_slack_am_pair(ngx_array_t *pairs, char *name,
    ngx_str_t *value, ngx_pool_t *pool);


/*
 * Join the strings of a list, or two strings, to "s".  Of the two, an empty
 * one is left out with the separator, and "s" may be one of them.
 */

ngx_int_t ngx_slack_am_join(ngx_str_t *s, ngx_array_t *list,
    char *separator, ngx_pool_t *pool);
ngx_int_t ngx_slack_am_concat(ngx_str_t *s, ngx_str_t *a,
    char *separator, ngx_str_t *b, ngx_pool_t *pool);


/*
 * Joins the strings of a list (ngx_slack_marked_t) that have this index, in
 * their order.
 */

ngx_int_t ngx_slack_am_marked(ngx_str_t *s, ngx_array_t *list,
    ngx_uint_t index, char *separator, ngx_pool_t *pool);

/* the first one that has this index, or a greater one; its place */

ngx_uint_t ngx_slack_am_find_marked(ngx_array_t *list, ngx_uint_t index);


/* Sets the value from "name=value", unless it is set already. */

void ngx_slack_am_label(ngx_array_t *labels, char *name, ngx_str_t *value);


/* Returns NGX_SLACK_SEVERITY_… for a sender's name of a severity. */

ngx_uint_t ngx_slack_am_level(ngx_str_t *severity);


/* Whether this is a time, such as that at which an alert ended. */

ngx_uint_t ngx_slack_am_ended(ngx_str_t *time);


#endif /* _NGX_SLACK_ALERTMANAGER_H_INCLUDED_ */
