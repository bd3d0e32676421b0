
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
    ngx_str_t                 body;         /* any bytes; of a token with our
                                               secrets masked */
    ngx_str_t                 shown;        /* its beginning, with our secrets
                                               masked */
    ngx_str_t                 retry_after;  /* headers; empty: none */
    ngx_str_t                 date;
    ngx_str_t                 scopes;       /* X-OAuth-Scopes */
    unsigned                  cut:1;        /* the body was longer */
    unsigned                  token:1;      /* of the Web API, not of a
                                               webhook */
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
    NGX_SLACK_OUTCOME_AMBIGUOUS,       /* Slack may have received it */
    NGX_SLACK_OUTCOME_FRESH,           /* send it again, once, with another
                                          client_msg_id */
    NGX_SLACK_OUTCOME_NO_ROOT,         /* the message to be changed is gone, or
                                          is not ours */
    NGX_SLACK_OUTCOME_NO_CHANGE,       /* it may not be changed any more */
    NGX_SLACK_OUTCOME_NO_REPLY         /* the thread or the channel takes no
                                          replies */
} ngx_slack_outcome_e;


#define NGX_SLACK_REASON_MAX  200               /* bytes of Slack's answer */
#define NGX_SLACK_DETAIL_MAX  300               /* bytes of what Slack adds */
#define NGX_SLACK_ID_MAX      32                /* bytes of a channel's ID */
#define NGX_SLACK_TS_MAX      32                /* bytes of a message's ts */

#define NGX_SLACK_HOLD_MIN   1000               /* ms */
#define NGX_SLACK_HOLD_MAX   (60 * 60 * 1000)   /* ms */


typedef struct {
    ngx_slack_outcome_e       outcome;
    ngx_msec_t                hold;         /* of HOLD, ms */
    unsigned                  server_error:1;   /* HTTP 5xx */
    unsigned                  unusual:1;    /* sent, but a webhook of Slack
                                               would say "ok" */
    unsigned                  not_member:1; /* of the channel: joining it may
                                               help */
    unsigned                  unthreaded:1; /* sent, but to the channel: Slack
                                               says nothing else if the parent
                                               of a reply is gone */

    /* what happened, in printable ASCII, and a static hint; NULL: no hint */
    size_t                    len;
    char                      reason[NGX_SLACK_REASON_MAX
                                     + NGX_SLACK_DETAIL_MAX + 64];
    const char               *hint;

    /* the channel's ID as Slack tells it to a token; empty: none */
    ngx_uint_t                channel_len;
    u_char                    channel[NGX_SLACK_ID_MAX];

    /* what Slack calls the message in that channel; empty: it did not tell */
    ngx_uint_t                ts_len;
    u_char                    ts[NGX_SLACK_TS_MAX];
} ngx_slack_outcome_t;


/*
 * Sets the outcome for an answer.  "now" is the wall clock in milliseconds
 * since the epoch.  It is used only if Retry-After is an HTTP date and the
 * answer has no Date to compare it with.
 */

void ngx_slack_outcome_judge(ngx_slack_answer_t *answer, int64_t now,
    ngx_slack_outcome_t *outcome);


#endif /* _NGX_SLACK_OUTCOME_H_INCLUDED_ */
