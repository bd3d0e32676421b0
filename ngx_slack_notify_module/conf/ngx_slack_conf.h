
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the operator wrote: the structures of the configuration, and how it is
 * read and checked.  All functions run when the configuration is read, in the
 * master.
 */


#ifndef _NGX_SLACK_CONF_H_INCLUDED_
#define _NGX_SLACK_CONF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <ngx_slack_conf_value.h>
#include <ngx_slack_delivery.h>
#include <ngx_slack_event.h>
#include <ngx_slack_json.h>
#include <ngx_slack_log.h>
#include <ngx_slack_message.h>
#include <ngx_slack_outbox.h>
#include <ngx_slack_route.h>
#include <ngx_slack_secret.h>
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
} ngx_slack_conf_route_t;


typedef struct {
    ngx_str_t                   value;       /* secret; of a signing secret
                                                the key */
    unsigned                    signing:1;
} ngx_slack_conf_secret_t;


/* a variable $slack_json_… the configuration names */

typedef struct {
    ngx_str_t                   name;        /* of the variable */
    ngx_uint_t                 *slots;       /* in each set of paths */
} ngx_slack_conf_field_t;


typedef struct {
    ngx_slack_outbox_conf_t     outbox;

    ngx_thread_pool_t          *pool;

    ngx_array_t                 workspaces;  /* ngx_slack_workspace_t */
    ngx_array_t                 routes;      /* ngx_slack_conf_route_t * */
    ngx_array_t                 readers;     /* ngx_slack_reader_t *, each
                                                with a set of its own */
    ngx_array_t                 any;         /* ngx_slack_reader_t *, all
                                                with one set, to tell by the
                                                body */
    ngx_array_t                 sets;        /* ngx_slack_json_paths_t *: of
                                                the readers, then that one */
    ngx_array_t                 fields;      /* ngx_slack_conf_field_t */

    ngx_slack_delivery_conf_t   delivery;

    ngx_array_t                 locations;   /* ngx_slack_conf_location_t */
    ngx_uint_t                  status;      /* slack_status is used */
    ngx_http_handler_pt         status_handler;
} ngx_slack_main_conf_t;


typedef struct {
    ngx_array_t                *routes;      /* ngx_slack_conf_route_t * */
    ngx_flag_t                  off;         /* slack_notify off */
    ngx_flag_t                  own;         /* routes of this very level */
    ngx_uint_t                  kinds;       /* of all routes */
    ngx_str_t                   scope;       /* names the place to the outbox,
                                                see ngx_slack_conf_scope() */
    ngx_array_t                *secrets;     /* ngx_slack_conf_secret_t */
    ngx_uint_t                  source;      /* index, NGX_SLACK_AUTO */
    ngx_uint_t                  on_error;
    ngx_uint_t                  status;      /* slack_status */
    ngx_uint_t                  actions;     /* NGX_SLACK_ACTIONS_... */
    ngx_array_t                *hosts;       /* ngx_str_t: names of the server
                                                that actions may be sent to,
                                                "*.NAME" and ".NAME" too */
    ngx_str_t                   status_file; /* where it stands */
    ngx_uint_t                  status_line;
} ngx_slack_loc_conf_t;


/* a location that has routes */

typedef struct {
    ngx_str_t                   server;
    ngx_str_t                   name;
    ngx_slack_loc_conf_t       *slcf;
} ngx_slack_conf_location_t;


#define NGX_SLACK_AUTO  NGX_MAX_UINT32_VALUE

/* who may act at a location of slack_status */

#define NGX_SLACK_ACTIONS_OFF     0
#define NGX_SLACK_ACTIONS_LOCAL   1      /* clients on this host */
#define NGX_SLACK_ACTIONS_REMOTE  2      /* all clients */


/*
 * The directives inside a block: rows as in nginx, with the offset in "conf",
 * which each setter gets.  A row may be the first member of a structure of
 * "size" bytes.  The last row has an empty name, the last table of a block
 * NULL for its commands.
 */

typedef struct {
    ngx_command_t              *commands;
    size_t                      size;
    void                       *conf;
} ngx_slack_conf_table_t;


extern ngx_module_t  ngx_slack_notify_module;


/* ngx_slack_conf_main.c, ngx_slack_conf_location.c: as nginx calls them */

void *ngx_slack_conf_create_main(ngx_conf_t *cf);
char *ngx_slack_conf_init_main(ngx_conf_t *cf, void *conf);
void *ngx_slack_conf_create_loc(ngx_conf_t *cf);
char *ngx_slack_conf_merge_loc(ngx_conf_t *cf, void *parent, void *child);


/* ngx_slack_conf_{workspace,route,settings,secret,status}.c: setters */

char *ngx_slack_conf_workspace(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_conf_route(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_conf_notify(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_conf_outbox(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_conf_thread_pool(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_conf_source(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_conf_secret(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_conf_secret_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* slack_status; cmd->post is an ngx_http_handler_pt *, of the content */
char *ngx_slack_conf_status(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/*
 * When a location with slack_status is merged: sets its content handler and
 * the hosts.  NGX_ERROR is logged, or there is no memory.
 */
ngx_int_t ngx_slack_conf_merge_status(ngx_conf_t *cf,
    ngx_slack_loc_conf_t *conf);

/*
 * Setters of directives that only slack_workspace has.  No message shows a
 * URL.
 */

char *ngx_slack_conf_webhook_url(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_conf_webhook_url_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_conf_proxy(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/*
 * a file with a secret, its only line, read when the configuration is:
 * NUL-terminated, in the pool; NGX_ERROR is logged
 */
ngx_int_t ngx_slack_conf_read_secret(ngx_conf_t *cf, ngx_str_t *name,
    ngx_str_t *secret);

/* "dev, #builds U024BE7LH" to a list; NGX_ERROR is logged */
ngx_int_t ngx_slack_conf_channels(ngx_conf_t *cf, ngx_array_t *list,
    ngx_str_t *words, ngx_uint_t n);

/*
 * Setters that both blocks use.  At cmd->offset in "conf" is: of channels an
 * ngx_array_t *, NULL before; of the others an ngx_str_t, zeroed before.
 */

char *ngx_slack_conf_set_channels(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_conf_set_username(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_conf_set_icon_emoji(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_conf_set_icon_url(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* the most a time may be: none of the sums and products overflows then */

#define NGX_SLACK_CONF_DAYS          3650
#define NGX_SLACK_CONF_TIMEOUT_DAYS  1

/*
 * "value", a part of "word" of the configuration: a number from 1 to "max", or
 * a time of at most "days", in seconds ("is_sec") or in milliseconds.
 * NGX_DECLINED: it is none; NGX_ERROR: it is too great, which is logged
 */
ngx_int_t ngx_slack_conf_number(ngx_conf_t *cf, ngx_str_t *word,
    ngx_str_t *value, ngx_int_t max, ngx_int_t *number);
ngx_int_t ngx_slack_conf_time(ngx_conf_t *cf, ngx_str_t *word,
    ngx_str_t *value, ngx_uint_t is_sec, ngx_int_t days, ngx_int_t *time);

/* parses the block of "name { … }"; returns what a setter does */
char *ngx_slack_conf_block(ngx_conf_t *cf, char *name,
    ngx_slack_conf_table_t *tables);

/* whether the block that is being parsed, if any, has a directive "name" */
ngx_uint_t ngx_slack_conf_block_has(ngx_conf_t *cf, ngx_str_t *name);

/* what is known once the whole configuration is; logged */
ngx_int_t ngx_slack_conf_resolve(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);
ngx_int_t ngx_slack_conf_resolve_outbox(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);
ngx_int_t ngx_slack_conf_readers(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);

#define NGX_SLACK_JSON_PREFIX  "slack_json_"

/* collects the fields that $slack_json_… variables name */
ngx_int_t ngx_slack_conf_find_fields(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);


#endif /* _NGX_SLACK_CONF_H_INCLUDED_ */
