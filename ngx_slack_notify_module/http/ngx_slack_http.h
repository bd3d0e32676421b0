
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the files of http/ share: configurations and the request's context.
 */


#ifndef _NGX_SLACK_HTTP_H_INCLUDED_
#define _NGX_SLACK_HTTP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <ngx_slack_commit.h>
#include <ngx_slack_delivery.h>
#include <ngx_slack_event.h>
#include <ngx_slack_form.h>
#include <ngx_slack_json.h>
#include <ngx_slack_log.h>
#include <ngx_slack_message.h>
#include <ngx_slack_outbox.h>
#include <ngx_slack_route.h>
#include <ngx_slack_sign.h>
#include <ngx_slack_source.h>
#include <ngx_slack_text.h>
#include <ngx_slack_workspace.h>


#if !(NGX_THREADS)
#error ngx_slack_notify_module needs nginx with threads
#endif


#define NGX_SLACK_CHANNELS_MAX  10       /* as GitLab's service allows */

#define NGX_SLACK_ON_ERROR_FAIL  0
#define NGX_SLACK_ON_ERROR_PASS  1


/* slack_route, slack_notify */

typedef struct {
    ngx_str_t                   workspace_name;
    ngx_slack_workspace_t      *workspace;

    ngx_array_t                *conditions;  /* ngx_http_complex_value_t */
    ngx_slack_filter_t          filter;

    ngx_array_t                *channels;    /* ngx_str_t; NULL: not set */
    ngx_slack_persona_t         persona;     /* data NULL: not set */
    ngx_str_t                   envelope;

    ngx_str_t                   file;
    ngx_uint_t                  line;
} ngx_slack_http_route_t;


typedef struct {
    ngx_str_t                   value;       /* secret; of a signing secret
                                                the key */
    unsigned                    signing:1;
} ngx_slack_http_secret_t;


/* what a secret makes of the request */

typedef struct {
    ngx_slack_hmac_t           *hmac;
    ngx_slack_http_secret_t    *secret;
} ngx_slack_http_hmac_t;


/* a variable $slack_json_… the configuration names */

typedef struct {
    ngx_str_t                   name;        /* of the variable */
    ngx_uint_t                 *slots;       /* in each set of paths */
} ngx_slack_http_field_t;


typedef struct {
    ngx_slack_outbox_conf_t     outbox;
    ngx_str_t                   outbox_dir;
    ngx_str_t                   outbox_file;
    ngx_uint_t                  outbox_line;

    ngx_thread_pool_t          *pool;
    ngx_str_t                   pool_name;

    ngx_array_t                 workspaces;  /* ngx_slack_workspace_t */
    ngx_array_t                 routes;      /* ngx_slack_http_route_t * */
    ngx_array_t                 readers;     /* ngx_slack_reader_t *, each
                                                with a set of its own */
    ngx_array_t                 any;         /* ngx_slack_reader_t *, all
                                                with one set, to tell by the
                                                body */
    ngx_array_t                 sets;        /* ngx_slack_json_paths_t *: of
                                                the readers, then that one */
    ngx_array_t                 fields;      /* ngx_slack_http_field_t */

    ngx_slack_delivery_conf_t   delivery;

    ngx_array_t                 hooks;       /* ngx_slack_http_hook_t */
    ngx_uint_t                  status;      /* slack_status is used */
} ngx_slack_http_main_conf_t;


typedef struct {
    ngx_array_t                *routes;      /* ngx_slack_http_route_t * */
    ngx_flag_t                  off;         /* slack_notify off */
    ngx_flag_t                  own;         /* routes of this very level */
    ngx_uint_t                  kinds;       /* of all routes */
    ngx_str_t                   scope;       /* names the place to the outbox,
                                                see ngx_slack_http_scope() */
    ngx_array_t                *secrets;     /* ngx_slack_http_secret_t */
    ngx_uint_t                  source;      /* index, NGX_SLACK_AUTO */
    ngx_uint_t                  on_error;
    ngx_uint_t                  status;      /* slack_status: 1, open: 2 */
    ngx_str_t                   status_file; /* where it stands */
    ngx_uint_t                  status_line;
} ngx_slack_http_loc_conf_t;


/* a location that has routes */

typedef struct {
    ngx_str_t                   server;
    ngx_str_t                   name;
    ngx_slack_http_loc_conf_t  *slcf;
} ngx_slack_http_hook_t;


/* what a route says to an event, when that is only asked */

typedef struct {
    ngx_slack_http_route_t     *route;
    ngx_int_t                   rc;          /* NGX_OK, NGX_AGAIN: takes it if
                                                it has changed, NGX_DECLINED */
    ngx_str_t                  *reason;      /* which filter has declined */
} ngx_slack_http_verdict_t;


#define NGX_SLACK_AUTO  NGX_MAX_UINT32_VALUE

#define NGX_SLACK_STATUS_ON    1
#define NGX_SLACK_STATUS_OPEN  2


/* $slack_status; the order is that of ngx_slack_http_statuses[] */

typedef enum {
    NGX_SLACK_STATUS_NONE = 0,
    NGX_SLACK_STATUS_QUEUED,
    NGX_SLACK_STATUS_FILTERED,
    NGX_SLACK_STATUS_DUPLICATE,
    NGX_SLACK_STATUS_IGNORED,
    NGX_SLACK_STATUS_REJECTED,
    NGX_SLACK_STATUS_ERROR
} ngx_slack_http_status_e;


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
    ngx_slack_http_secret_t    *signer;      /* of a signed id; NULL: the id is
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

    ngx_slack_http_loc_conf_t  *slcf;        /* whose routes; NULL: those of
                                                the request's location */
    ngx_array_t                *verdicts;    /* ngx_slack_http_verdict_t; with
                                                it nothing is stored */

    ngx_slack_text_t           *collect;     /* of slack_status: the body */
    void                       *job;         /* and what answers it */

    ngx_uint_t                  code;        /* of the answer */
    ngx_uint_t                  status;      /* ngx_slack_http_status_e */
    ngx_str_t                   reason;
} ngx_slack_http_ctx_t;


/*
 * A directive inside a block; a table of them ends with an empty name.  The
 * handler gets its words, value[0] is the name, n the number of arguments, and
 * returns what nginx's setters do.
 */

typedef struct {
    ngx_str_t                   name;
    ngx_uint_t                  min;         /* arguments */
    ngx_uint_t                  max;         /* 0: any number */
    char                     *(*handler)(ngx_conf_t *cf, void *conf,
                                  ngx_str_t *value, ngx_uint_t n);
} ngx_slack_http_option_t;


extern ngx_module_t  ngx_slack_notify_module;
extern ngx_str_t     ngx_slack_http_statuses[];


/* ngx_slack_http_{workspace,route,settings,secret}.c: directives */

char *ngx_slack_http_workspace(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_http_route(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_http_notify(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_http_outbox(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_http_thread_pool(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_http_source(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_http_on_error(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_http_secret(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_http_secret_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_http_status(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/*
 * in slack_workspace: value[0] is the directive, n the number of arguments;
 * what nginx's setters return, and no message shows a URL
 */
char *ngx_slack_http_webhook(ngx_conf_t *cf, ngx_slack_workspace_t *ws,
    ngx_str_t *value, ngx_uint_t n);
char *ngx_slack_http_proxy(ngx_conf_t *cf, ngx_slack_workspace_t *ws,
    ngx_str_t *value);

/*
 * the word as a message may show it: a URL or a token is not, it may have got
 * to a wrong place, after a missing ";" for one
 */
ngx_str_t *ngx_slack_http_shown(ngx_str_t *word);

/*
 * a file with a secret, its only line, read when the configuration is:
 * NUL-terminated, in the pool; NGX_ERROR is logged
 */
ngx_int_t ngx_slack_http_read_secret(ngx_conf_t *cf, ngx_str_t *name,
    ngx_str_t *secret);

/* "dev, #builds U024BE7LH" to a list; NGX_ERROR is logged */
ngx_int_t ngx_slack_http_channels(ngx_conf_t *cf, ngx_array_t *list,
    ngx_str_t *words, ngx_uint_t n);

/* username, icon_emoji, icon_url: the same in both blocks */
char *ngx_slack_http_persona(ngx_conf_t *cf, ngx_str_t *value,
    ngx_slack_persona_t *persona);

/* ngx_slack_http_route_block.c: what may stand inside slack_route */
extern ngx_slack_http_option_t  ngx_slack_http_route_options[];

char *ngx_slack_http_route_channel(ngx_conf_t *cf, void *conf,
    ngx_str_t *value, ngx_uint_t n);

/*
 * the directive's first parameter as one of CHOICES, at most ten, by their
 * value, not negative; NGX_ERROR: it is none, a message says which there are
 */
ngx_int_t ngx_slack_http_choice(ngx_conf_t *cf, ngx_conf_enum_t *choices);

/* the most a time may be: none of the sums and products overflows then */

#define NGX_SLACK_HTTP_DAYS          3650
#define NGX_SLACK_HTTP_TIMEOUT_DAYS  1

/*
 * "value", a part of "word" of the configuration: a number from 1 to "max", or
 * a time of at most "days", in seconds ("is_sec") or in milliseconds.
 * NGX_DECLINED: it is none; NGX_ERROR: it is too great, which is logged
 */
ngx_int_t ngx_slack_http_number(ngx_conf_t *cf, ngx_str_t *word,
    ngx_str_t *value, ngx_int_t max, ngx_int_t *number);
ngx_int_t ngx_slack_http_time(ngx_conf_t *cf, ngx_str_t *word,
    ngx_str_t *value, ngx_uint_t is_sec, ngx_int_t days, ngx_int_t *time);

/* parses the block of "name { … }"; what a directive's handler returns */
char *ngx_slack_http_block(ngx_conf_t *cf, char *name,
    ngx_slack_http_option_t *options, void *conf);

/* what is known once the whole configuration is; logged */
ngx_int_t ngx_slack_http_resolve(ngx_conf_t *cf,
    ngx_slack_http_main_conf_t *smcf);
ngx_int_t ngx_slack_http_resolve_outbox(ngx_conf_t *cf,
    ngx_slack_http_main_conf_t *smcf);
ngx_int_t ngx_slack_http_readers(ngx_conf_t *cf,
    ngx_slack_http_main_conf_t *smcf);


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
 * ngx_slack_http_entry.c
 *
 * When the configuration is read: what names a location to the outbox, where
 * ids of deliveries and states of alerts and pipelines are kept apart by it:
 * the first server_name, if other servers before it have the same one their
 * number, and the location's name.  NGX_ERROR: no memory
 */

ngx_int_t ngx_slack_http_scope(ngx_conf_t *cf,
    ngx_slack_http_loc_conf_t *conf);

/*
 * the entry of these messages (ngx_slack_record_t),
 * in the context; "remember": what it says of pipelines and alerts, too
 */

ngx_int_t ngx_slack_http_entry(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_array_t *records, ngx_uint_t remember);


/* ngx_slack_http_note.c: the result goes to the ledger */

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
    ngx_slack_http_ctx_t *ctx, ngx_slack_http_loc_conf_t *slcf);

/*
 * who reads the body: the i-th sender of smcf->readers, or one past the last,
 * then the body tells
 */
void ngx_slack_http_choose(ngx_slack_http_ctx_t *ctx,
    ngx_slack_http_main_conf_t *smcf, ngx_uint_t i);


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

/* collects the fields that $slack_json_… variables name */
ngx_int_t ngx_slack_http_find_fields(ngx_conf_t *cf,
    ngx_slack_http_main_conf_t *smcf);


/* ngx_slack_http_status.c: the content handler of slack_status */

ngx_int_t ngx_slack_http_status_handler(ngx_http_request_t *r);

/* ngx_slack_http_job.c: at the end of a worker, when no thread runs */

void ngx_slack_http_job_exit(void);


/* ngx_slack_http_log.c; the first and the last of a worker */

ngx_int_t ngx_slack_http_log_init(ngx_cycle_t *cycle);
void ngx_slack_http_log_exit(void);


/* ngx_slack_notify_module.c: this worker's way to the outbox */

extern ngx_slack_writer_t  *ngx_slack_http_commit;


#endif /* _NGX_SLACK_HTTP_H_INCLUDED_ */
