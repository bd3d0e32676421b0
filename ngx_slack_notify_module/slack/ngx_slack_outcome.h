
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Decides what Slack's answer, or the lack of one, means for the message, its
 * channel and its endpoint.  Has no state, does no I/O and logs nothing; runs
 * in any thread.
 */


#ifndef _NGX_SLACK_OUTCOME_H_INCLUDED_
#define _NGX_SLACK_OUTCOME_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* how far a request got */

typedef enum {
    NGX_SLACK_TRANSFER_DONE = 0,       /* a complete answer was received */
    NGX_SLACK_TRANSFER_UNSENT,         /* the request was not sent
                                          completely */
    NGX_SLACK_TRANSFER_UNANSWERED      /* it was sent, but no complete answer
                                          was received */
} ngx_slack_transfer_e;


/*
 * The result of a request.  The client owns all that it points to; it is valid
 * during the call of the request's handler.
 */

typedef struct {
    ngx_slack_transfer_e      transfer;
    ngx_uint_t                status;       /* HTTP status; 0: none */
    ngx_str_t                 body;         /* any bytes, may be cut */
    ngx_str_t                 shown;        /* the body with our secrets
                                               masked */
    ngx_str_t                 retry_after;  /* headers; empty: none */
    ngx_str_t                 date;
    ngx_msec_t                ready;        /* ms from the start to the first
                                               byte sent */

    /* if the transfer failed: what happened, and what to do (NULL: nothing) */
    const char               *error;
    const char               *hint;
} ngx_slack_answer_t;


/* what an answer means */

typedef enum {
    NGX_SLACK_OUTCOME_SENT = 0,
    NGX_SLACK_OUTCOME_RETRY,
    NGX_SLACK_OUTCOME_HOLD,            /* hold the channel; no attempt is
                                          counted */
    NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
    NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
    NGX_SLACK_OUTCOME_DEAD,            /* Slack refuses the content */
    NGX_SLACK_OUTCOME_AMBIGUOUS        /* Slack may have received it */
} ngx_slack_outcome_e;


#define NGX_SLACK_REASON_MAX  200               /* bytes of Slack's answer */

#define NGX_SLACK_HOLD_MIN   1000               /* ms */
#define NGX_SLACK_HOLD_MAX   (60 * 60 * 1000)   /* ms */


typedef struct {
    ngx_slack_outcome_e       outcome;
    ngx_msec_t                hold;         /* of HOLD, ms */
    unsigned                  server_error:1;   /* HTTP 5xx */

    /* what happened, in printable ASCII, and a static hint; NULL: no hint */
    size_t                    len;
    char                      reason[NGX_SLACK_REASON_MAX + 64];
    const char               *hint;
} ngx_slack_outcome_t;


/*
 * Sets the outcome for an answer.  "now" is the wall clock in milliseconds
 * since the epoch.  It is used only if Retry-After is an HTTP date and the
 * answer has no Date to compare it with.
 */

void ngx_slack_outcome_judge(ngx_slack_answer_t *answer, int64_t now,
    ngx_slack_outcome_t *outcome);


#endif /* _NGX_SLACK_OUTCOME_H_INCLUDED_ */
