
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The operator's configuration: its structures, and how it is read and
 * checked.
 *
 * All functions run in the master when the configuration is read.  Setters
 * return NGX_CONF_OK, NGX_CONF_ERROR, which is logged, or the end of an error
 * message, which the caller logs behind the name of the directive.  Other
 * functions return NGX_OK, or NGX_ERROR, which is logged.  Results are in
 * cf->pool and live as long as the cycle; strings of directives are not
 * copied.
 */


#ifndef _NGX_SLACK_CONF_H_INCLUDED_
#define _NGX_SLACK_CONF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <ngx_slack_channel.h>
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


#define NGX_SLACK_CHANNELS_MAX  10       /* the limit of GitLab's Slack
                                            integration */

#define NGX_SLACK_ON_ERROR_FAIL  0
#define NGX_SLACK_ON_ERROR_PASS  1


/* "thread" of slack_route: what belongs together, and how it is shown. */

#define NGX_SLACK_THREAD_OFF     0       /* all zero: the default */
#define NGX_SLACK_THREAD_REPLY   1
#define NGX_SLACK_THREAD_UPDATE  2
#define NGX_SLACK_THREAD_BOTH    3

typedef struct {
    ngx_uint_t                  mode;        /* NGX_SLACK_THREAD_... */
    ngx_slack_filter_t         *broadcast;   /* events whose replies are shown
                                                in the channel, too: only kinds
                                                and actions; NULL: none */
    ngx_http_complex_value_t   *key;         /* NULL: the event's object */
    time_t                      keep;        /* seconds */
    unsigned                    set:1;       /* the directive was read */
    unsigned                    none:1;      /* "broadcast=none" */
    unsigned                    by_default:1;    /* "broadcast" is the
                                                    default */
} ngx_slack_conf_thread_t;


/* "message" of slack_route: a template for some events; and "mention". */

typedef struct {
    ngx_slack_filter_t         *events;      /* only kinds and actions; NULL:
                                                a mention, for all */
    ngx_slack_template_t        template;
    ngx_str_t                   file;
    ngx_uint_t                  line;
} ngx_slack_conf_message_t;


/* a word of a list of channels that has variables */

typedef struct {
    ngx_str_t                   source;      /* as written */
    ngx_http_complex_value_t    value;       /* one channel, or a list */
} ngx_slack_conf_named_t;


/* A route of slack_route or slack_notify. */

typedef struct {
    ngx_str_t                   workspace_name;
    ngx_slack_workspace_t      *workspace;

    ngx_array_t                *conditions;  /* ngx_http_complex_value_t */
    ngx_slack_filter_t          filter;
    ngx_slack_conf_thread_t     thread;

    ngx_array_t                *channels;    /* ngx_str_t; NULL: not set */
    ngx_array_t                *named;       /* ngx_slack_conf_named_t, further
                                                channels, known when an event
                                                has come; NULL: none */
    ngx_slack_persona_t         persona;     /* data is NULL where not set */
    ngx_str_t                   envelope;
    ngx_uint_t                  format;      /* NGX_SLACK_FORMAT_... */
    ngx_uint_t                  people;      /* NGX_SLACK_PERSON_..., whom its
                                                messages name */
    ngx_uint_t                  direct;      /* likewise, to whom they go: the
                                                channels "@ROLE" */
    ngx_array_t                *messages;    /* ngx_slack_conf_message_t; NULL:
                                                none */
    ngx_slack_conf_message_t   *mention;     /* NULL: none */

    ngx_array_t                 words;       /* ngx_str_t, as it is written */
    ngx_str_node_t              twin;        /* by the words */
    ngx_str_t                   file;
    ngx_uint_t                  line;
} ngx_slack_conf_route_t;


/* A secret of slack_secret or slack_secret_file. */

typedef struct {
    ngx_str_t                   value;       /* the secret; of a signing secret
                                                the decoded key */
    unsigned                    signing:1;
} ngx_slack_conf_secret_t;


/* a variable $slack_json_... that the configuration uses */

typedef struct {
    ngx_str_t                   name;        /* of the variable */
    ngx_uint_t                 *slots;       /* one for each set of paths */
} ngx_slack_conf_field_t;


/* The configuration of http{}; one per cycle. */

typedef struct {
    ngx_slack_outbox_conf_t     outbox;

    ngx_thread_pool_t          *pool;

    ngx_array_t                 workspaces;  /* ngx_slack_workspace_t */
    ngx_array_t                 routes;      /* ngx_slack_conf_route_t * */
    ngx_array_t                 readers;     /* ngx_slack_reader_t *, one per
                                                source, each with its own set
                                                of paths */
    ngx_array_t                 any;         /* the same with one common
                                                set, to tell the source by
                                                the body */
    ngx_array_t                 sets;        /* ngx_slack_json_paths_t *:
                                                one per reader, then the
                                                common one */
    ngx_array_t                 fields;      /* ngx_slack_conf_field_t */

    ngx_slack_delivery_conf_t   delivery;

    ngx_uint_t                  people;      /* any route has people */
    ngx_array_t                 locations;   /* ngx_slack_conf_location_t */
    ngx_uint_t                  status;      /* slack_status is used
                                                anywhere */
    ngx_uint_t                  mentions;    /* a route has "mention" */
    ngx_http_handler_pt         status_handler;
} ngx_slack_main_conf_t;


/* The configuration of a location, or what locations inherit. */

typedef struct {
    ngx_array_t                *routes;      /* ngx_slack_conf_route_t * */
    ngx_rbtree_t                twins;       /* of these, set with routes */
    ngx_rbtree_node_t           twins_sentinel;
    ngx_flag_t                  off;         /* slack_notify off */
    ngx_flag_t                  own;         /* set on this level */
    ngx_uint_t                  kinds;       /* wanted by any route */
    ngx_str_t                   scope;       /* the location's name in the
                                                outbox, see
                                                ngx_slack_conf_scope() */
    ngx_array_t                *secrets;     /* ngx_slack_conf_secret_t; NULL:
                                                none */
    ngx_flag_t                  open;        /* slack_secret off */
    ngx_uint_t                  source;      /* index or NGX_SLACK_AUTO */
    ngx_uint_t                  on_error;
    ngx_uint_t                  status;      /* has slack_status */
    ngx_uint_t                  actions;     /* NGX_SLACK_ACTIONS_... */
    ngx_array_t                *hosts;       /* ngx_str_t: server names to
                                                which actions may be sent, also
                                                "*.NAME" and ".NAME" */
    ngx_str_t                   status_file; /* of the directive */
    ngx_uint_t                  status_line;
} ngx_slack_loc_conf_t;


/* a location that has routes */

typedef struct {
    ngx_str_t                   server;
    ngx_str_t                   name;
    ngx_slack_loc_conf_t       *slcf;
} ngx_slack_conf_location_t;


#define NGX_SLACK_AUTO  NGX_MAX_UINT32_VALUE

/* Which clients may use the actions of a location with slack_status. */

#define NGX_SLACK_ACTIONS_OFF     0
#define NGX_SLACK_ACTIONS_LOCAL   1      /* clients on this host */
#define NGX_SLACK_ACTIONS_REMOTE  2      /* all clients */


/*
 * A table of directives inside a block.  Its rows are those of nginx, and each
 * setter gets "conf", to which the row's offset applies.  A row may be the
 * first member of a larger structure of "size" bytes.  The last row has an
 * empty name; the last table of a block has NULL for its commands.
 */

typedef struct {
    ngx_command_t              *commands;
    size_t                      size;
    void                       *conf;
} ngx_slack_conf_table_t;


extern ngx_module_t  ngx_slack_notify_module;


/* Create, initialise and merge configurations; called by nginx. */

void *ngx_slack_conf_create_main(ngx_conf_t *cf);
char *ngx_slack_conf_init_main(ngx_conf_t *cf, void *conf);
void *ngx_slack_conf_create_loc(ngx_conf_t *cf);
char *ngx_slack_conf_merge_loc(ngx_conf_t *cf, void *parent, void *child);

/* Notes in the log which locations with routes take requests of anybody. */
void ngx_slack_conf_open_locations(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);


/* Setters of directives outside of blocks. */

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

/*
 * The setter of slack_status.  cmd->post is an ngx_http_handler_pt * to the
 * location's content handler.
 */
char *ngx_slack_conf_status(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/*
 * Sets the content handler and the hosts of a location with slack_status;
 * called when the location is merged.
 */
ngx_int_t ngx_slack_conf_merge_status(ngx_conf_t *cf,
    ngx_slack_loc_conf_t *conf);

/*
 * Setters of directives that only slack_workspace has.  Their messages never
 * show a URL.
 */

char *ngx_slack_conf_webhook_url(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_conf_webhook_url_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_conf_bot_token(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_conf_bot_token_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_conf_api_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_conf_proxy(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_conf_set_receiver(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/*
 * Check the channels that the receiver of a workspace has to know: those of
 * the workspace itself, called at the end of its block, where the receiver
 * gets its default; and those of a route, which is in "file" and "line".
 */
ngx_int_t ngx_slack_conf_receiver(ngx_conf_t *cf, ngx_slack_workspace_t *ws);
ngx_int_t ngx_slack_conf_receiver_channels(ngx_conf_t *cf,
    ngx_slack_workspace_t *ws, ngx_array_t *channels, ngx_str_t *file,
    ngx_uint_t line);

/* The same for the words with variables of a route. */
ngx_int_t ngx_slack_conf_receiver_named(ngx_conf_t *cf,
    ngx_slack_conf_route_t *route);

/* Refuses a parameter of a directive inside slack_workspace. */
char *ngx_slack_conf_invalid(ngx_conf_t *cf, ngx_str_t *value);

/*
 * Setters of rates, "Nr/s" or "Nr/m" with "burst=M"; a rate of posts may be
 * "off".  At cmd->offset in "conf" is an ngx_slack_rate_t whose limit is
 * NGX_CONF_UNSET_UINT.
 */
char *ngx_slack_conf_set_rate(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_conf_set_post_rate(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/*
 * Before and after a block slack_workspace is parsed: makes the endpoint of a
 * token, or refuses what needs one.
 */
void ngx_slack_conf_token_init(ngx_slack_workspace_t *ws);
ngx_int_t ngx_slack_conf_token_done(ngx_conf_t *cf, ngx_slack_workspace_t *ws);

/*
 * Parses a URL of http or https; "scheme" is the error message for any other.
 * Returns the same as a setter.
 */
char *ngx_slack_conf_url(ngx_conf_t *cf, ngx_str_t *url, char *scheme,
    ngx_url_t *u);

/*
 * Completes the endpoints of a workspace whose block was read, and checks that
 * they serve its channels.
 */
ngx_int_t ngx_slack_conf_workspace_endpoints(ngx_conf_t *cf,
    ngx_slack_workspace_t *ws);

/*
 * Checks that the endpoints of the route's workspace serve the channels of the
 * route.  Called before the route inherits the workspace's name and icon.
 */
ngx_int_t ngx_slack_conf_route_endpoints(ngx_conf_t *cf,
    ngx_slack_conf_route_t *route);

/*
 * The setter of "thread": at cmd->offset in "conf" is a zeroed
 * ngx_slack_conf_thread_t.  Then, when the route is read, a warning if it
 * broadcasts events that it never takes; and when its workspace is known, the
 * check that this has a token.
 */
char *ngx_slack_conf_set_thread(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
void ngx_slack_conf_thread_check(ngx_conf_t *cf,
    ngx_slack_conf_route_t *route);
ngx_int_t ngx_slack_conf_thread_endpoint(ngx_conf_t *cf,
    ngx_slack_conf_route_t *route);

/*
 * The setter of "format": at cmd->offset in "conf" is an ngx_uint_t that is
 * NGX_CONF_UNSET_UINT.  When the route is read, the second function sets the
 * default, which depends on "thread".
 */
char *ngx_slack_conf_set_format(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
void ngx_slack_conf_format_default(ngx_slack_conf_route_t *route);

/*
 * Setters of "member", at cmd->offset in "conf" a void * that was NULL, and of
 * "people", there a zeroed ngx_uint_t.  When the route's workspace is known,
 * the third function sets to whom the route's messages go, and checks that
 * people can be named there.  The last one returns the role of a channel
 * "@ROLE"; 0: it is none.
 */
char *ngx_slack_conf_set_member(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_conf_set_people(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
ngx_int_t ngx_slack_conf_people_workspace(ngx_conf_t *cf,
    ngx_slack_conf_route_t *route);
ngx_uint_t ngx_slack_conf_role(ngx_str_t *channel);

/*
 * The setter of "message": at cmd->offset in "conf" is an ngx_array_t *, which
 * was NULL.  Then, when the route is read, a warning for each that names
 * events that the route never takes.
 */
char *ngx_slack_conf_set_message(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
void ngx_slack_conf_messages_check(ngx_conf_t *cf,
    ngx_slack_conf_route_t *route);

/*
 * The setter of "mention": at cmd->offset in "conf" is an
 * ngx_slack_conf_message_t *, which was NULL.
 */
char *ngx_slack_conf_set_mention(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/*
 * Parses a template, which was zeroed; returns the same as a setter.  When all
 * of the configuration is read, the second function refuses a variable that
 * nobody has defined.
 */
char *ngx_slack_conf_template(ngx_conf_t *cf, ngx_str_t *source,
    ngx_slack_template_t *template);
ngx_int_t ngx_slack_conf_template_variables(ngx_conf_t *cf,
    ngx_slack_template_t *template, const char *directive, ngx_str_t *file,
    ngx_uint_t line);

/*
 * Reads a secret from a file, as its only line.  The result is NUL-terminated.
 */
ngx_int_t ngx_slack_conf_read_secret(ngx_conf_t *cf, ngx_str_t *name,
    ngx_str_t *secret);

/*
 * Adds the channels of n words, such as "dev, #builds U024BE7LH @jdoe", to a
 * list of ngx_str_t, and those with variables to one of
 * ngx_slack_conf_named_t, which is made for the first (NULL: an error).
 */
ngx_int_t ngx_slack_conf_channels(ngx_conf_t *cf, ngx_array_t *list,
    ngx_array_t **named, ngx_str_t *words, ngx_uint_t n);

/* The setter of a route's channels; "conf" is the route. */
char *ngx_slack_conf_set_route_channels(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/*
 * Setters that both blocks use.  At cmd->offset in "conf" is an ngx_array_t *
 * for channels, which was NULL, and a zeroed ngx_str_t for the others.  The
 * text is any that can be shown, in one line; username and icons are such
 * texts with limits of their own.
 */

char *ngx_slack_conf_set_channels(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_conf_set_text(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_slack_conf_set_username(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_conf_set_icon_emoji(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_slack_conf_set_icon_url(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* The largest times, in days.  No sum or product of them overflows. */

#define NGX_SLACK_CONF_DAYS          3650
#define NGX_SLACK_CONF_TIMEOUT_DAYS  1

/*
 * Parse "value", which is a part of "word" of the configuration: a number from
 * 1 to "max", or a time of at most "days" days.  The time is in seconds if
 * "is_sec" is set, else in milliseconds.
 *
 * NGX_DECLINED  not a number or time, or a number of 0; not logged
 * NGX_ERROR     too large, logged
 */
ngx_int_t ngx_slack_conf_number(ngx_conf_t *cf, ngx_str_t *word,
    ngx_str_t *value, ngx_int_t max, ngx_int_t *number);
ngx_int_t ngx_slack_conf_time(ngx_conf_t *cf, ngx_str_t *word,
    ngx_str_t *value, ngx_uint_t is_sec, ngx_int_t days, ngx_int_t *time);

/*
 * Parses the block of the directive "name"; "tables" end with NULL commands.
 * To "words", an array of ngx_str_t or NULL, the words of each directive are
 * added, with an empty one after them.  Returns the same as a setter.
 */
char *ngx_slack_conf_block(ngx_conf_t *cf, char *name,
    ngx_slack_conf_table_t *tables, ngx_array_t *words);

/* Adds the words of one directive likewise.  NGX_OK; NGX_ERROR: no memory */
ngx_int_t ngx_slack_conf_block_words(ngx_array_t *words, ngx_array_t *args);

/* Whether the block that is being parsed, if any, has a directive "name". */
ngx_uint_t ngx_slack_conf_block_has(ngx_conf_t *cf, ngx_str_t *name);

/*
 * Complete the configuration once all of it was read: workspaces of routes and
 * the shared zone, the outbox, and the readers of bodies.
 */
ngx_int_t ngx_slack_conf_resolve(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);
ngx_int_t ngx_slack_conf_resolve_outbox(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);
ngx_int_t ngx_slack_conf_readers(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);

#define NGX_SLACK_JSON_PREFIX  "slack_json_"

/* Whether the configuration uses a variable. */
ngx_uint_t ngx_slack_conf_has_variable(ngx_conf_t *cf, const char *name);

/* Collects the fields that variables $slack_json_... name in smcf->fields. */
ngx_int_t ngx_slack_conf_find_fields(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);


#endif /* _NGX_SLACK_CONF_H_INCLUDED_ */
