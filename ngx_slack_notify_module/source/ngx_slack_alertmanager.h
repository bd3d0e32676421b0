
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Alertmanager's payloads as its files of source/ share them.  Strings are
 * captured values, empty where the payload has none.
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
    ngx_str_t                 fingerprint;
} ngx_slack_am_alert_t;


typedef struct {
    ngx_slack_event_t         event;

    ngx_str_t                 group_key;
    ngx_str_t                 version;
    ngx_str_t                 generic_title;
    ngx_array_t               all;            /* ngx_slack_am_alert_t */
    ngx_array_t               labels;         /* ngx_slack_marked_t */
    ngx_array_t               common;         /* ngx_str_t, "name=value" */
    ngx_array_t               group;          /* the same */

    ngx_str_t                 receiver;
    ngx_str_t                 external;
    ngx_str_t                 summary;
    ngx_str_t                 description;
    ngx_str_t                 runbook;
    ngx_str_t                 dashboard;
    ngx_str_t                 silence;

    ngx_str_t                 fingerprint;
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
 * A group, after its fields were filled.  NGX_ERROR, here and below: no
 * memory.
 */

ngx_int_t ngx_slack_am_group(ngx_slack_am_t *am, ngx_pool_t *pool);


/* Adds what has happened to which alert, so that a repetition is known. */

ngx_int_t ngx_slack_am_identity(ngx_slack_event_t *event,
    ngx_str_t *key, ngx_str_t *severity, ngx_uint_t resolved,
    ngx_pool_t *pool);


/* Adds to facts or links, if there is a value. */

ngx_int_t ngx_slack_am_pair(ngx_array_t *pairs, char *name,
    ngx_str_t *value, ngx_pool_t *pool);


/*
 * Join the strings of a list, or two; between two the separator stands only if
 * neither is empty.  "s" may be one of the two.
 */

ngx_int_t ngx_slack_am_join(ngx_str_t *s, ngx_array_t *list,
    char *separator, ngx_pool_t *pool);
ngx_int_t ngx_slack_am_concat(ngx_str_t *s, ngx_str_t *a,
    char *separator, ngx_str_t *b, ngx_pool_t *pool);


/* The severity, NGX_SLACK_SEVERITY_…, that a sender's name for it means. */

ngx_uint_t ngx_slack_am_level(ngx_str_t *severity);


/* Whether this is the time at which an alert ended. */

ngx_uint_t ngx_slack_am_ended(ngx_str_t *time);


#endif /* _NGX_SLACK_ALERTMANAGER_H_INCLUDED_ */
