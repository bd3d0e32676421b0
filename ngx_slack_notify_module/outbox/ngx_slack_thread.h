
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Threads in the outbox: messages of a channel that belong together, because
 * they tell of the same object.  Plain data, used in any thread.
 *
 * A thread has a key that is unique in its channel.  Its root is the message
 * that others reply to, or that they change.  What the receiver calls the
 * root's message is the thread's handle: opaque bytes, which delivery gives
 * to settle() and gets from messages() and change().
 *
 * A message that tells how the whole object stands has a stamp, the time of
 * that state by the sender's clock.  The outbox compares stamps, so that the
 * newest state is shown; it knows nothing else of the object.  But when the
 * states of an event (ngx_slack_state.h) tell of what began anew, and of
 * nothing that goes on, such a message begins the thread anew.
 */


#ifndef _NGX_SLACK_THREAD_H_INCLUDED_
#define _NGX_SLACK_THREAD_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* what a new message is to its thread */

typedef enum {
    NGX_SLACK_NEW_NONE = 0,                  /* it has no thread */

    /* Always begins the thread anew, and is its root. */
    NGX_SLACK_NEW_START,

    /* A reply; the root if the thread has none. */
    NGX_SLACK_NEW_REPLY,

    /*
     * A state: changes the root, which replaces an earlier change that still
     * waits; the root if the thread has none.  A state that is older than the
     * newest one is stale and not stored.
     */
    NGX_SLACK_NEW_STATE,

    /*
     * A reply that goes with the state before it in the same entry: stored
     * only if that state did not become the root.  It is never stale.
     */
    NGX_SLACK_NEW_HISTORY
} ngx_slack_new_part_e;


typedef struct {
    ngx_str_t                   key;         /* at most 128 bytes, or a digest;
                                                empty: no thread */
    ngx_slack_new_part_e        part;

    /*
     * Of a state, and of a reply that tells as much: only if it ends the
     * thread, or comes after the end, its stamp is looked at.
     */
    int64_t                     stamp;       /* ms since the epoch; 0: not
                                                told, so it is news */
    ngx_uint_t                  clock;       /* 0 to 255: stamps of different
                                                clocks are not compared, and
                                                the later one to arrive is
                                                news */
    unsigned                    final:1;     /* beats one of the same stamp
                                                that is not; it need not settle
                                                down */
    unsigned                    ends:1;      /* the thread ends: its next
                                                message begins it anew, unless
                                                that is older than this one and
                                                comes within an hour: then a
                                                state is stale, and a reply
                                                joins the thread */
    unsigned                    whole:1;     /* of a reply: it tells how the
                                                whole object stands, so a state
                                                may change it if it becomes the
                                                root.  A state that finds
                                                another root begins the thread
                                                anew */
    unsigned                    known:1;     /* store it only if the thread has
                                                a root, sent or waiting, and
                                                has not ended */

    unsigned                    always:1;    /* of a state of a message with
                                                "changed": if no state of the
                                                event has changed, it is stored
                                                as if "known" was set */

    unsigned                    broadcast:1; /* of a reply: shown in the
                                                channel, too */
    time_t                      keep;        /* seconds to remember the thread
                                                after its last message */
    ngx_uint_t                  became;      /* private to the engine: what
                                                became of a state */
} ngx_slack_new_part_t;


/*
 * What a waiting message is to be sent as.  The outbox decides it when the
 * message is stored, and settle() may change it.  So does what becomes of the
 * thread: of the replies to a root that was not sent and does not wait any
 * more the first one is given as a root, and the others are blocked by it; a
 * root whose thread has got a handle meanwhile is given as a reply.
 */

typedef enum {
    NGX_SLACK_ROLE_PLAIN = 0,                /* a message without a thread */
    NGX_SLACK_ROLE_ROOT,                     /* begins a thread; may share a
                                                post with other messages */
    NGX_SLACK_ROLE_STATE_ROOT,               /* begins a thread, and changes
                                                later: has a post of its own */
    NGX_SLACK_ROLE_REPLY,
    NGX_SLACK_ROLE_BROADCAST,                /* a reply, shown in the channel,
                                                too */
    NGX_SLACK_ROLE_CHANGE                    /* changes the root; it does not
                                                stand in the channel's line */
} ngx_slack_role_e;


/* the thread of a waiting message; all zero if it has none */

typedef struct {
    int64_t                     id;          /* 0: no thread */
    ngx_slack_role_e            role;
    ngx_str_t                   handle;      /* of the root, empty: the root
                                                was not sent; allocated with
                                                the message's envelope */
    int64_t                     change;      /* of a STATE_ROOT: id of the
                                                waiting change whose envelope
                                                and body the message has in
                                                place of its own; 0: none */
    unsigned                    blocked:1;   /* of a reply: the root waits in
                                                the line before it, and this
                                                must not be sent before */
    unsigned                    final:1;     /* of a change */
} ngx_slack_waiting_part_t;


/* a thread, for operators */

typedef struct {
    int64_t                     id;
    ngx_str_t                   workspace;   /* valid during the call only */
    ngx_str_t                   channel;
    ngx_str_t                   key;
    ngx_str_t                   handle;      /* empty: the root was not sent */
    int64_t                     stamp;       /* of the newest state that told
                                                one; 0: none */
    int64_t                     touched;     /* by the newest message, ms since
                                                the epoch, give or take a
                                                minute; so is the next one */
    int64_t                     expires;
    unsigned                    root:1;      /* it has a root, sent or
                                                waiting */
    unsigned                    final:1;
    unsigned                    waits:1;     /* a change waits */
    unsigned                    ended:1;
} ngx_slack_thread_info_t;

/* A result other than NGX_OK ends the walk, which then returns NGX_ERROR. */

typedef ngx_int_t (*ngx_slack_thread_pt)(ngx_slack_thread_info_t *thread,
    void *data);


#endif /* _NGX_SLACK_THREAD_H_INCLUDED_ */
