
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Whom an event concerns: what the senders share that tell of people.  Runs in
 * the event loop.
 */


#ifndef _NGX_SLACK_PEOPLE_H_INCLUDED_
#define _NGX_SLACK_PEOPLE_H_INCLUDED_


#include <ngx_slack_event.h>


/*
 * A limit of the people of an event, and of the work of comparing them, which
 * is quadratic.  A message names fewer.
 */
#define NGX_SLACK_PEOPLE_MAX  100


/* a person as rows of a sender's tables fill it */

typedef struct {
    ngx_slack_person_t        person;
    ngx_str_t                 id;
    ngx_str_t                 distinct;       /* of a commit, see
                                                 ngx_slack_commit_t */
} ngx_slack_told_person_t;


/* What payloads of forges tell of people, filled only if people are wanted. */

typedef struct {
    ngx_array_t               assignees;      /* ngx_slack_told_person_t */
    ngx_array_t               reviewers;
    ngx_array_t               committers;
    ngx_slack_told_person_t   author;
    ngx_slack_told_person_t   actor;          /* what the event's user lacks */
    ngx_slack_told_person_t   added;          /* the one that the event is
                                                 about */
    ngx_str_t                 author_id;
    ngx_str_t                 text_before;
    ngx_str_t                 text_after;     /* not empty: the text changed */
} ngx_slack_told_people_t;


/*
 * Adds a person to event->people, or the role to the same person, unless there
 * are too many, nothing is told of the person, or it is the actor, who may be
 * NULL.  NGX_OK or NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_people_add(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_slack_person_t *actor, ngx_slack_person_t *person, ngx_uint_t role);


/* the same for each of an array of ngx_slack_told_person_t */

ngx_int_t ngx_slack_people_add_all(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_slack_person_t *actor, ngx_array_t *people, ngx_uint_t role);


/* Whether both are the same, as far as what is told of both shows it. */

ngx_uint_t ngx_slack_people_same(ngx_slack_person_t *a, ngx_slack_person_t *b);


/*
 * Adds whom the text mentions as "@name", outside of code and of comments;
 * none whom "before", the former text, mentions already.  Usernames point into
 * the text.
 */

ngx_int_t ngx_slack_people_mentioned(ngx_slack_event_t *event,
    ngx_pool_t *pool, ngx_slack_person_t *actor, ngx_str_t *text,
    ngx_str_t *before);


/*
 * Finds whom a text mentions, in its order, at most "max" names, which point
 * into it.  Returns their number.
 */

ngx_uint_t ngx_slack_people_names(ngx_str_t *text, ngx_str_t *names,
    ngx_uint_t max);


#endif /* _NGX_SLACK_PEOPLE_H_INCLUDED_ */
