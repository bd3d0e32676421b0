
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the files of http/ share: the context of a webhook's request, and the
 * functions that each file supplies.  All of it runs in the event loop unless
 * stated otherwise.  Memory is allocated from the request's pool.
 */


#ifndef _NGX_SLACK_HTTP_H_INCLUDED_
#define _NGX_SLACK_HTTP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <ngx_slack_commit.h>
#include <ngx_slack_conf.h>
#include <ngx_slack_form.h>
#include <ngx_slack_sign.h>


/* the HMAC of the request with one of the configured secrets */

typedef struct {
    ngx_slack_hmac_t           *hmac;
    ngx_slack_conf_secret_t    *secret;
} ngx_slack_http_hmac_t;


/* what a route decided about an event, for the explain page */

typedef struct {
    ngx_slack_conf_route_t     *route;
    ngx_array_t                *channels;    /* ngx_str_t, by their variables;
                                                NULL: as configured */
    ngx_str_t                  *reason;      /* name of the filter that has
                                                declined, or wants a change */
    unsigned                    taken:1;
    unsigned                    if_changed:1;    /* taken only if its state has
                                                changed */
} ngx_slack_http_verdict_t;


#define NGX_SLACK_HTTP_ROUTES  4             /* that are named of an event */


/* the result of a request, shown as $slack_status, or of one event */

typedef enum {
    NGX_SLACK_RESULT_NONE = 0,
    NGX_SLACK_RESULT_QUEUED,
    NGX_SLACK_RESULT_FILTERED,
    NGX_SLACK_RESULT_DUPLICATE,
    NGX_SLACK_RESULT_IGNORED,
    NGX_SLACK_RESULT_REJECTED,
    NGX_SLACK_RESULT_ERROR
} ngx_slack_http_result_e;


typedef enum {
    NGX_SLACK_STATE_READING = 0,
    NGX_SLACK_STATE_STORING,
    NGX_SLACK_STATE_ANSWER,                  /* the result is known */
    NGX_SLACK_STATE_PASS,                    /* continue with the upstream */
    NGX_SLACK_STATE_ANSWERED
} ngx_slack_http_state_e;


/* one of the events in the request's body */

typedef struct {
    ngx_slack_event_t          *event;
    ngx_uint_t                  result;      /* ngx_slack_http_result_e */
    ngx_str_t                   reason;
    ngx_slack_entry_t          *entry;       /* NULL: nothing to store */
    ngx_str_t                  *unchanged;   /* reason to report if the states
                                                in the entry did not change */
    ngx_array_t                *verdicts;    /* ngx_slack_http_verdict_t; NULL:
                                                not an explain request, or no
                                                route */

    /*
     * the first routes that take it, or the one whose filter was reached last;
     * "ntook" counts all that take it
     */
    ngx_slack_conf_route_t     *routes[NGX_SLACK_HTTP_ROUTES];
    ngx_uint_t                  ntook;
} ngx_slack_http_event_t;


/* a channel that an event goes to, and the route that sends it there */

typedef struct {
    ngx_slack_conf_route_t     *route;
    ngx_str_t                   channel;     /* empty: the webhook's */
    unsigned                    nowhere:1;   /* it has none: a dead letter */
    unsigned                    changed:1;   /* if its state has changed */
    unsigned                    known:1;     /* the route does not take it: it
                                                only changes what is shown */
} ngx_slack_http_target_t;


typedef struct {
    ngx_http_request_t         *request;
    ngx_uint_t                  state;       /* ngx_slack_http_state_e */

    ngx_slack_reader_t         *reader;
    ngx_uint_t                  set;         /* index of the reader's set of
                                                paths */
    ngx_str_t                   header;      /* value of the event header */
    ngx_str_t                   delivery;    /* delivery id; empty: none */

    ngx_slack_json_t           *json;
    ngx_slack_form_t           *form;
    ngx_array_t                *hmacs;       /* ngx_slack_http_hmac_t */
    ngx_slack_proof_t          *proof;       /* how the body is signed */
    ngx_str_t                   signature;   /* value of the proof's header */
    ngx_slack_conf_secret_t    *signer;      /* secret that signed the
                                                delivery id; NULL: the id is
                                                not signed */

    unsigned                    tap:1;
    unsigned                    fed:1;       /* the body filter saw bytes */
    unsigned                    decided:1;   /* filtered by its headers */
    unsigned                    any:1;       /* the body tells the sender */
    unsigned                    failed:1;    /* reading failed or ran out of
                                                memory */
    unsigned                    walking:1;   /* a pool thread reads the body
                                                from its temporary file */

    unsigned                    explain:1;   /* explain request: report the
                                                decisions, store nothing */

    ngx_slack_events_t          list;        /* the events found in the body */
    ngx_slack_http_event_t     *events;      /* array of list.nevents
                                                elements */
    ngx_slack_http_event_t      one;         /* "events" if there is only
                                                one */
    ngx_slack_event_t          *event;       /* shown by variables and the
                                                answer; while events are
                                                decided, the current one */
    ngx_slack_person_t         *person;      /* shown by variables while it is
                                                evaluated who that is; else
                                                NULL */
    u_char                     *evaluated;   /* for each indexed variable,
                                                whether it had a value before
                                                the first of several events was
                                                decided, or one whose people
                                                may be named, or before the
                                                only one if a route has
                                                "mention" */
    const ngx_slack_receiver_t *foreign;     /* variables escape what a sender
                                                sent for this receiver, and
                                                mark what could ring; NULL:
                                                they do not */
    ngx_slack_entry_t          *entry;       /* list of the entries to store */
    ngx_str_t                   place;       /* identifies where the request
                                                came in; data is NULL until it
                                                is needed */

    ngx_slack_loc_conf_t       *slcf;        /* whose routes are used; NULL:
                                                those of the request's
                                                location */

    ngx_slack_text_t           *collect;     /* collects the body for an action
                                                of slack_status */
    void                       *job;         /* the job of that action */

    ngx_uint_t                  code;        /* HTTP status of the answer */
    ngx_uint_t                  status;      /* ngx_slack_http_result_e */
    ngx_str_t                   reason;
    ngx_uint_t                  messages;    /* stored, of all events */
} ngx_slack_http_ctx_t;


/*
 * ngx_slack_http_auth.c
 *
 * Check the proof of origin.  "secrets" are those of the location; NULL: every
 * request is accepted.  ngx_slack_http_auth_headers() compares a token at
 * once, or prepares the HMACs of a signature, which ngx_slack_http_auth_body()
 * compares after the body.  Both return NGX_OK, NGX_HTTP_UNAUTHORIZED, which
 * was logged, or NGX_ERROR: no memory or another internal failure.
 */

ngx_int_t ngx_slack_http_auth_headers(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_array_t *secrets);
ngx_int_t ngx_slack_http_auth_body(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);

/*
 * adds a piece of the body, "len" bytes, to the HMACs; between these two calls
 */

void ngx_slack_http_auth_feed(ngx_slack_http_ctx_t *ctx, u_char *data,
    size_t len);


/*
 * ngx_slack_http_body.c
 *
 * Installs the request body filter, when the configuration is read.
 */

void ngx_slack_http_body_init(void);

/*
 * Returns 1 if core ended the body before its last byte: the body was too
 * large or malformed, or the client disconnected or was too slow.  Core then
 * continues with an error page or post_action, and the part that was read is
 * still there.
 */
ngx_uint_t ngx_slack_http_body_cut(ngx_http_request_t *r);

/*
 * Parses a body that another module has read already.  NGX_OK: done;
 * NGX_AGAIN: a pool thread reads the temporary file, and the request is
 * decided and resumed afterwards; NGX_ERROR: no memory, or the task could not
 * be posted.
 */
ngx_int_t ngx_slack_http_body_walk(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);


/*
 * ngx_slack_http_decide.c
 *
 * Decides about a body that was read: verifies the signature, finds the events
 * and their routes.  Afterwards ctx->state tells whether the request waits for
 * the outbox or its result is known.
 */

void ngx_slack_http_decide(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx);


/*
 * ngx_slack_http_routes.c
 *
 * Tests the event with all routes and sets its result and, if there is
 * something to store, its entry.  NGX_OK or NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_http_routes(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_http_event_t *e);


/*
 * ngx_slack_http_messages.c
 *
 * Add the route's channels, also the people that its messages go to, to the
 * targets of an event, as ngx_slack_http_target_t says; and the messages of
 * all its targets to an array of ngx_slack_new_message_t: none for a target
 * that its thread leaves out, two for a reply beside a change.  If channels of
 * the route have variables, *named is set to their values.  NGX_OK or
 * NGX_ERROR: no memory, or a value could not be evaluated.
 */

ngx_int_t ngx_slack_http_targets(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_array_t *targets,
    ngx_slack_conf_route_t *route, ngx_uint_t changed, ngx_uint_t known,
    ngx_array_t **named);
ngx_int_t ngx_slack_http_messages(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_array_t *targets, ngx_array_t *messages);


/*
 * ngx_slack_http_channels.c
 *
 * Sets the channels (ngx_str_t) of a route for ctx->event that have variables;
 * if a value is no channel, also those where the event goes instead, or
 * NGX_SLACK_OUTBOX_NOWHERE; which is logged.  With "known", only those that
 * are channels.  NGX_OK or NGX_ERROR: no memory, or a value could not be
 * evaluated.
 */

ngx_int_t ngx_slack_http_channels(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_conf_route_t *route,
    ngx_uint_t known, ngx_array_t **list);


/*
 * ngx_slack_http_template.c
 *
 * Finds the words that the operator has for ctx->event in a route, and the
 * values of their variables; and the values of any template.  NGX_OK or
 * NGX_ERROR: no memory, or a variable could not be evaluated.
 */

ngx_int_t ngx_slack_http_own(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_slack_own_t *own);
ngx_int_t ngx_slack_http_values(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_template_t *template,
    ngx_str_t **values);


/*
 * ngx_slack_http_thread.c
 *
 * Sets what a message of ctx->event by this route is to its thread, and
 * *history to 1 if a reply (NGX_SLACK_NEW_HISTORY) goes with the state.
 * NGX_DECLINED: the route's thread leaves the event out.  NGX_ERROR: no
 * memory, or a value could not be evaluated.
 */

ngx_int_t ngx_slack_http_thread(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_conf_route_t *route,
    ngx_slack_new_part_t *part, ngx_uint_t *history);


/*
 * ngx_slack_http_people.c
 *
 * Sets the people of ctx->event in these roles, NGX_SLACK_PERSON_..., as a
 * message of this route names them: an array of ngx_slack_cc_t, NULL if there
 * are none; and how many of them "member" knows, who come first.  Discards the
 * values of variables, see ngx_slack_http_flush().  NGX_OK or NGX_ERROR: no
 * memory, or a value could not be evaluated.
 */

ngx_int_t ngx_slack_http_people(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_conf_route_t *route,
    ngx_uint_t roles, ngx_array_t **list, ngx_uint_t *known);


/* ngx_slack_http_result.c */

/* names of results, by ngx_slack_http_result_e */
extern ngx_str_t     ngx_slack_http_results[];

/*
 * Sets the result of a request without an event, or before its events are
 * known.  "code" is the HTTP status of the answer, "status" an
 * ngx_slack_http_result_e.  "reason" is copied, its data are not; NULL: keep
 * the current reason.
 */
void ngx_slack_http_result(ngx_slack_http_ctx_t *ctx, ngx_uint_t code,
    ngx_uint_t status, ngx_str_t *reason);

/*
 * Sets the result of a request whose events all have a result: the first of
 * error, queued, duplicate, filtered and ignored that one of them has.
 * Variables then show the first queued event, or the first event if none was
 * queued.
 */
void ngx_slack_http_settle(ngx_slack_http_ctx_t *ctx);


/*
 * ngx_slack_http_flush.c
 *
 * Before the first of several events is decided, or one whose people may be
 * named, remember() notes which variables have values; between two events or
 * people, and for a mention, flush() discards the values of all others.
 * NGX_OK or NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_http_remember(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);
void ngx_slack_http_flush(ngx_slack_http_ctx_t *ctx);


/* ngx_slack_http_store.c */

/*
 * Passes the entries of the request to the outbox and blocks the request,
 * which is settled and resumed once they are stored.  If too many requests
 * wait for the outbox, it is settled at once, with an error.  NGX_OK or
 * NGX_ERROR: no memory.
 */
ngx_int_t ngx_slack_http_store(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);

/* this worker's writer of the outbox, set when it starts; NULL: no outbox */
extern ngx_slack_writer_t  *ngx_slack_http_commit;


/*
 * ngx_slack_http_entry.c
 *
 * Creates the entry of an event, and adds it to the entries of the request.
 * "messages" are ngx_slack_new_message_t; with "remember" the entry also
 * stores the states of pipelines and alerts.  NGX_OK or NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_http_entry(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_http_event_t *e,
    ngx_array_t *messages, ngx_uint_t remember);

/* Sets ctx->place.  NGX_OK or NGX_ERROR: no memory. */
ngx_int_t ngx_slack_http_place(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);


/*
 * ngx_slack_http_note.c
 *
 * Adds the result of an event to the history; "e" NULL: that of the request.
 */

void ngx_slack_http_note(ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_event_t *e);


/*
 * ngx_slack_http_answer.c
 *
 * Sends the answer.  Returns what ngx_http_finalize_request() takes.
 */

ngx_int_t ngx_slack_http_answer(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);

/*
 * Sends "body", which may be empty and must live as long as the request.
 * Returns what ngx_http_finalize_request() takes.
 */
ngx_int_t ngx_slack_http_send(ngx_http_request_t *r, ngx_uint_t code,
    ngx_str_t *type, ngx_str_t *body);

/*
 * Adds a header to the answer; both strings must live as long as the request.
 * NGX_OK or NGX_ERROR: no memory.
 */
ngx_int_t ngx_slack_http_answer_header(ngx_http_request_t *r,
    const char *name, const char *value);


/* ngx_slack_http_lookup.c */

/*
 * Finds the request headers with this name, which is given in lower case.
 * Returns their number.  "value" is set to that of the first, in the request's
 * memory, or to an empty string.
 */
ngx_uint_t ngx_slack_http_header(ngx_http_request_t *r, ngx_str_t *name,
    ngx_str_t *value);


/* ngx_slack_http_headers.c */

/*
 * Reads the headers of a webhook's request into the context.  NGX_OK: read the
 * body; NGX_DECLINED: the result is known; NGX_ERROR: no memory.
 */
ngx_int_t ngx_slack_http_headers(ngx_http_request_t *r,
    ngx_slack_http_ctx_t  *ctx, ngx_slack_loc_conf_t *slcf);

/*
 * Selects who reads the body: the i-th sender of smcf->readers, or one past
 * the last if the body has to tell the sender.
 */
void ngx_slack_http_choose(ngx_slack_http_ctx_t *ctx,
    ngx_slack_main_conf_t      *smcf, ngx_uint_t i);


/*
 * ngx_slack_http_request.c
 *
 * The handler of the precontent phase.  Returns NGX_DECLINED if the request
 * continues in its location, otherwise what nginx expects of a phase handler.
 */

ngx_int_t ngx_slack_http_handler(ngx_http_request_t *r);


/* ngx_slack_http_ctx.c */

/* creates the context of a request and attaches it; NULL: no memory */
ngx_slack_http_ctx_t *ngx_slack_http_ctx_create(ngx_http_request_t *r);

/* returns the context, also after an internal redirect; NULL: there is none */
ngx_slack_http_ctx_t *ngx_slack_http_ctx(ngx_http_request_t *r);

/*
 * Rejects the event of a request whose body core has given up and answered
 * with an error, with the code of that answer.
 */
void ngx_slack_http_incomplete(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);


/*
 * ngx_slack_http_variables.c
 *
 * Adds the module's variables, when the configuration is read.  NGX_OK or
 * NGX_ERROR: no memory, or the variable exists already.
 */

ngx_int_t ngx_slack_http_add_variables(ngx_conf_t *cf);


/*
 * ngx_slack_http_log.c
 *
 * Called when a worker starts (NGX_OK or NGX_ERROR) and when it ends.
 */

ngx_int_t ngx_slack_http_log_init(ngx_cycle_t *cycle);
void ngx_slack_http_log_exit(void);


#endif /* _NGX_SLACK_HTTP_H_INCLUDED_ */
