
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What an answer of Slack, or the lack of one, means for the message, its
 * channel and its endpoint.  Pure rules: no state, no input, no output.
 */


#ifndef _NGX_SLACK_OUTCOME_H_INCLUDED_
#define _NGX_SLACK_OUTCOME_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* how far a request came */

typedef enum {
    NGX_SLACK_TRANSFER_DONE = 0,       /* answered */
    NGX_SLACK_TRANSFER_UNSENT,         /* not written as a whole */
    NGX_SLACK_TRANSFER_UNANSWERED      /* written; no whole answer came */
} ngx_slack_transfer_e;


/* what came of a request */

typedef struct {
    ngx_slack_transfer_e      transfer;
    ngx_uint_t                status;       /* 0: none came */
    ngx_str_t                 body;         /* of any bytes, may be cut */
    ngx_str_t                 shown;        /* the same without our secrets */
    ngx_str_t                 retry_after;  /* headers, empty: none */
    ngx_str_t                 date;
    ngx_msec_t                ready;        /* from start to first byte sent */

    /* texts if the transfer was not done, hint may be NULL */
    const char               *error;
    const char               *hint;
} ngx_slack_answer_t;


/* what it means */

typedef enum {
    NGX_SLACK_OUTCOME_SENT = 0,
    NGX_SLACK_OUTCOME_RETRY,
    NGX_SLACK_OUTCOME_HOLD,            /* the channel; no attempt is counted */
    NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
    NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
    NGX_SLACK_OUTCOME_DEAD,            /* Slack refuses the content */
    NGX_SLACK_OUTCOME_AMBIGUOUS        /* Slack may have it */
} ngx_slack_outcome_e;


#define NGX_SLACK_REASON_MAX  200               /* bytes of Slack's answer */

#define NGX_SLACK_HOLD_MIN   1000               /* ms */
#define NGX_SLACK_HOLD_MAX   (60 * 60 * 1000)   /* ms */


typedef struct {
    ngx_slack_outcome_e       outcome;
    ngx_msec_t                hold;         /* ms, of HOLD */
    unsigned                  server_error:1;   /* HTTP 5xx */

    /* printable ASCII: what happened; what to do about it, NULL: nothing */
    size_t                    len;
    char                      reason[NGX_SLACK_REASON_MAX + 64];
    const char               *hint;
} ngx_slack_outcome_t;


/*
 * Judges an answer.  "now" is the wall clock in milliseconds: an HTTP date in
 * Retry-After is compared with the answer's own Date, and with it only if
 * there is none.
 */

void ngx_slack_outcome_judge(ngx_slack_answer_t *answer, int64_t now,
    ngx_slack_outcome_t *outcome);


#endif /* _NGX_SLACK_OUTCOME_H_INCLUDED_ */
