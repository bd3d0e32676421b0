
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What delivery reads from the outbox and writes back: channels,
 * waiting messages and their outcomes.  Plain data, used in pool threads.
 * Times are in milliseconds since the epoch; 0 means never.
 */


#ifndef _NGX_SLACK_WAITING_H_INCLUDED_
#define _NGX_SLACK_WAITING_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_thread.h>


/* a workspace's channel that has waiting messages */

typedef struct {
    int64_t                     id;
    ngx_str_t                   workspace;   /* valid during the call only */
    ngx_str_t                   channel;
    ngx_str_t                   handle;      /* as last settled: how the
                                                receiver knows the channel,
                                                opaque bytes; empty: unknown */
    int64_t                     not_before;  /* as last settled */
    ngx_uint_t                  failures;    /* in a row, as last settled */
    int64_t                     settled;     /* time of that settle */

    /* actions of operators */
    int64_t                     paused_since;    /* the last pause */
    int64_t                     paused_until;    /* that has ended */
    int64_t                     tried;       /* last request for an immediate
                                                try */
    unsigned                    paused:1;    /* at present */
} ngx_slack_outbox_channel_t;

/* A result other than NGX_OK ends the walk, which then returns NGX_ERROR. */

typedef ngx_int_t (*ngx_slack_outbox_channel_pt)(
    ngx_slack_outbox_channel_t *dest, void *data);


/* an endpoint of the leader: of one channel, or of all that have a name */

typedef struct {
    ngx_str_t                   workspace;
    ngx_str_t                   channel;     /* without '#'; may be empty */
    unsigned                    any:1;       /* all channels; "channel" is not
                                                looked at */
} ngx_slack_served_t;


/* a channel with "n" waiting messages to which the leader cannot deliver */

typedef struct {
    int64_t                     id;
    ngx_str_t                   workspace;   /* valid during the call only */
    ngx_str_t                   channel;
    ngx_uint_t                  n;
} ngx_slack_unserved_t;

typedef ngx_int_t (*ngx_slack_unserved_pt)(ngx_slack_unserved_t *unserved,
    void *data);


/* a waiting message */

typedef struct {
    int64_t                     id;
    int64_t                     created;
    int64_t                     due;         /* not before; 0: at once */
    ngx_uint_t                  attempts;    /* only those that count */
    ngx_slack_waiting_part_t    part;
    ngx_str_t                   envelope;    /* allocated in one piece: */
    ngx_str_t                   body;        /* ngx_free(envelope.data) */
    ngx_str_t                   first;       /* its own body, if it has that of
                                                a waiting change; else empty */
} ngx_slack_waiting_message_t;


/* a thread that has a waiting change and whose root was sent */

typedef struct {
    int64_t                     thread;      /* id */
    int64_t                     since;       /* when the first change of those
                                                that waited began to wait, */
    int64_t                     touched;     /* when the newest was stored */
    unsigned                    final:1;     /* of the newest */
    ngx_slack_outbox_channel_t  channel;
} ngx_slack_changing_t;

/* A result other than NGX_OK ends the walk, which then returns NGX_ERROR. */

typedef ngx_int_t (*ngx_slack_changing_pt)(ngx_slack_changing_t *changing,
    void *data);


#define NGX_SLACK_SETTLE_SENT        1
#define NGX_SLACK_SETTLE_RETRY       2
#define NGX_SLACK_SETTLE_DEAD        3

/* The message was sent as another one, which had its envelope and body. */
#define NGX_SLACK_SETTLE_SUPERSEDED  4

/*
 * The message goes (back) to the channel's line, in the order of its id, and
 * no attempt is counted: as the root, since the receiver has none any more,
 * and the handle is forgotten; as a reply, since the receiver lets nobody
 * change the root any more, and states of the thread are stored as replies
 * from now on; or as a plain message, since the receiver takes no replies, and
 * replies of the thread are plain messages from now on, also those that wait.
 * A new root ends all that.
 *
 * A message that does not wait any more stays what it is, and the thread's
 * waiting change, if there is one, becomes the root, or the reply, in its
 * place.  The root that waits already, and one that was sent in the meantime,
 * stay: nothing changes if the message is not the first to say so.
 */
#define NGX_SLACK_SETTLE_ROOT        5
#define NGX_SLACK_SETTLE_REPLY       6
#define NGX_SLACK_SETTLE_PLAIN       7


/* the outcome of a message */

typedef struct {
    int64_t                     id;
    ngx_uint_t                  outcome;     /* NGX_SLACK_SETTLE_… */
    int64_t                     due;         /* of a retry */
    ngx_uint_t                  attempts;    /* new value */
    ngx_str_t                   answer;      /* Slack's error, or the reason */
    ngx_str_t                   handle;      /* of SENT: the new handle of its
                                                thread, since the message is
                                                its root now; empty: as it
                                                was */
} ngx_slack_settlement_t;


/*
 * What delivery remembers until a time, in words of its own: both key and
 * value are opaque bytes.
 */

#define NGX_SLACK_MEMO_KEY    16             /* bytes */
#define NGX_SLACK_MEMO_VALUE  32             /* bytes, at most */

typedef struct {
    u_char                      key[NGX_SLACK_MEMO_KEY];
    size_t                      len;
    u_char                      value[NGX_SLACK_MEMO_VALUE];
    int64_t                     expires;
} ngx_slack_memo_t;


/* the state of a channel after its posts */

typedef struct {
    int64_t                     id;
    int64_t                     not_before;
    ngx_uint_t                  failures;
    ngx_str_t                   answer;      /* last refusal; empty: none */
    ngx_str_t                   handle;      /* empty: as it was */
    ngx_slack_memo_t           *memos;       /* to remember, too */
    ngx_uint_t                  nmemos;
} ngx_slack_standing_t;


#endif /* _NGX_SLACK_WAITING_H_INCLUDED_ */
