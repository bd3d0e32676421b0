
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the files of http/ share: the context of a request.
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


/* what a secret makes of the request */

typedef struct {
    ngx_slack_hmac_t           *hmac;
    ngx_slack_conf_secret_t    *secret;
} ngx_slack_http_hmac_t;


/* what a route says to an event, when that is only asked */

typedef struct {
    ngx_slack_conf_route_t     *route;
    ngx_int_t                   rc;          /* NGX_OK, NGX_AGAIN: takes it if
                                                it has changed, NGX_DECLINED */
    ngx_str_t                  *reason;      /* which filter has declined */
} ngx_slack_http_verdict_t;


/* $slack_status; the order is that of ngx_slack_http_results[] */

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
    NGX_SLACK_STATE_ANSWER,                  /* result is known */
    NGX_SLACK_STATE_PASS,                    /* on to the upstream */
    NGX_SLACK_STATE_ANSWERED
} ngx_slack_http_state_e;


typedef struct {
    ngx_http_request_t         *request;
    ngx_uint_t                  state;       /* ngx_slack_http_state_e */

    ngx_slack_reader_t         *reader;
    ngx_uint_t                  set;         /* index of its set of paths */
    ngx_str_t                   header;      /* value of the event header */
    ngx_str_t                   delivery;    /* id, empty: none */

    ngx_slack_json_t           *json;
    ngx_slack_form_t           *form;
    ngx_array_t                *hmacs;       /* ngx_slack_http_hmac_t */
    ngx_slack_proof_t          *proof;       /* how the body is signed */
    ngx_str_t                   signature;   /* value of its header */
    ngx_slack_conf_secret_t    *signer;      /* of a signed id; NULL: the id is
                                                not signed */

    unsigned                    tap:1;
    unsigned                    fed:1;       /* the body filter saw bytes */
    unsigned                    decided:1;   /* by its headers: filtered */
    unsigned                    any:1;       /* by whom, the body tells */
    unsigned                    failed:1;    /* no memory while reading */
    unsigned                    walking:1;   /* a pool thread reads the body
                                                from its temporary file */

    ngx_slack_event_t          *event;
    ngx_slack_entry_t          *entry;
    ngx_str_t                  *unchanged;   /* reason if that is all */

    ngx_slack_loc_conf_t       *slcf;        /* whose routes; NULL: those of
                                                the request's location */
    ngx_array_t                *verdicts;    /* ngx_slack_http_verdict_t; with
                                                it nothing is stored */

    ngx_slack_text_t           *collect;     /* of slack_status: the body */
    void                       *job;         /* and what answers it */

    ngx_uint_t                  code;        /* of the answer */
    ngx_uint_t                  status;      /* ngx_slack_http_result_e */
    ngx_str_t                   reason;
} ngx_slack_http_ctx_t;


extern ngx_str_t     ngx_slack_http_results[];


/* ngx_slack_http_auth.c: NGX_OK or NGX_HTTP_UNAUTHORIZED, logged */

ngx_int_t ngx_slack_http_auth_headers(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_array_t *secrets);
ngx_int_t ngx_slack_http_auth_body(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);

/* what is signed, in pieces, between the two */

void ngx_slack_http_auth_feed(ngx_slack_http_ctx_t *ctx, u_char *data,
    size_t len);


/* ngx_slack_http_body.c: the request body filter */

void ngx_slack_http_body_init(void);

/*
 * Whether core has ended the body before its last byte: it was too large or
 * malformed, or the client was gone or too slow.  Core then goes on with an
 * error page or post_action, and what was read of the body is still there.
 */
ngx_uint_t ngx_slack_http_body_cut(ngx_http_request_t *r);

/* for a body another module has read already; NGX_AGAIN: comes back */
ngx_int_t ngx_slack_http_body_walk(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);


/* ngx_slack_http_decide.c: what to do with an event that was read */

void ngx_slack_http_decide(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx);
void ngx_slack_http_result(ngx_slack_http_ctx_t *ctx, ngx_uint_t code,
    ngx_uint_t status, ngx_str_t *reason);


/*
 * ngx_slack_http_entry.c: the entry of these messages, an array of
 * ngx_slack_new_message_t, in the context; "remember": what it says of
 * pipelines and alerts, too
 */

ngx_int_t ngx_slack_http_entry(ngx_http_request_t *r,
    ngx_slack_http_ctx_t  *ctx, ngx_array_t *messages, ngx_uint_t remember);


/* ngx_slack_http_note.c: the result goes to the history */

void ngx_slack_http_note(ngx_slack_http_ctx_t *ctx);


/* ngx_slack_http_answer.c: what ngx_http_finalize_request() takes */

ngx_int_t ngx_slack_http_answer(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);

/* adds a header to the answer; the strings stay where they are */
ngx_int_t ngx_slack_http_answer_header(ngx_http_request_t *r,
    const char *name, const char *value);


/* ngx_slack_http_lookup.c */

/*
 * the value of a request header by its name, in any case: how many of them
 * there are, value is that of the first
 */
ngx_uint_t ngx_slack_http_header(ngx_http_request_t *r, ngx_str_t *name,
    ngx_str_t *value);


/* ngx_slack_http_headers.c */

/*
 * Reads the headers of a webhook's request into the context.  NGX_OK: the body
 * is to be read; NGX_DECLINED: the result is known; NGX_ERROR: no memory.
 */
ngx_int_t ngx_slack_http_headers(ngx_http_request_t *r,
    ngx_slack_http_ctx_t  *ctx, ngx_slack_loc_conf_t *slcf);

/*
 * who reads the body: the i-th sender of smcf->readers, or one past the last,
 * then the body tells
 */
void ngx_slack_http_choose(ngx_slack_http_ctx_t *ctx,
    ngx_slack_main_conf_t      *smcf, ngx_uint_t i);


/* ngx_slack_http_request.c */

ngx_int_t ngx_slack_http_handler(ngx_http_request_t *r);

/* NULL: no memory */
ngx_slack_http_ctx_t *ngx_slack_http_ctx_create(ngx_http_request_t *r);

/* the context, also after an internal redirect; NULL: none */
ngx_slack_http_ctx_t *ngx_slack_http_ctx(ngx_http_request_t *r);

/* hands the entry to the outbox; goes on in the event loop */
ngx_int_t ngx_slack_http_store(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx);


/* ngx_slack_http_variables.c */

ngx_int_t ngx_slack_http_add_variables(ngx_conf_t *cf);


/* ngx_slack_http_log.c; the first and the last of a worker */

ngx_int_t ngx_slack_http_log_init(ngx_cycle_t *cycle);
void ngx_slack_http_log_exit(void);


/*
 * ngx_slack_http_request.c: this worker's way to the outbox, set when it
 * starts; NULL: there is none
 */

extern ngx_slack_writer_t  *ngx_slack_http_commit;


#endif /* _NGX_SLACK_HTTP_H_INCLUDED_ */
