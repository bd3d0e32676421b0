
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The states of a channel, with the words that page, JSON, slackctl and README
 * have for them, and the verdict on all of them.  All functions run in a pool
 * thread.
 */


#ifndef _NGX_SLACK_STATUS_STATE_H_INCLUDED_
#define _NGX_SLACK_STATUS_STATE_H_INCLUDED_


#include <ngx_slack_status_snapshot.h>


/* a row of the table of states, in the order of ngx_slack_status_stand_e */

typedef struct {
    ngx_str_t                   name;
    const char                 *until;       /* between name and time; NULL:
                                                the state has no time */
    const char                 *grade;       /* as a class of the page */
    const char                 *mark;        /* the same for those who do not
                                                tell its colour */
    const char                 *advice;      /* what to do, if the error gives
                                                no hint; NULL: nothing */
} ngx_slack_status_state_t;


extern const ngx_slack_status_state_t  ngx_slack_status_states[];


/*
 * Finds a state by its name; NGX_SLACK_STAND_LAST: there is none of this name.
 */

ngx_uint_t ngx_slack_status_state_find(ngx_str_t *name);


/*
 * Sets state, until, needs, asked and hint of each channel, and what the
 * snapshot says of all of them.  NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_status_judge(ngx_slack_status_snapshot_t *s);


/* what to do about the channel, a static string; NULL: nothing is known */

const char *ngx_slack_status_advice(ngx_slack_status_channel_t *ch);


#endif /* _NGX_SLACK_STATUS_STATE_H_INCLUDED_ */
