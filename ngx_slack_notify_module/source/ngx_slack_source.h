
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Senders.  A sender is one file that defines an ngx_slack_source_t with its
 * table of fields, and one line in the registry (ngx_slack_source.c).
 */


#ifndef _NGX_SLACK_SOURCE_H_INCLUDED_
#define _NGX_SLACK_SOURCE_H_INCLUDED_


#include <ngx_slack_event.h>
#include <ngx_slack_json.h>


/*
 * Where a value of the payload goes.  The rows of a table are read in their
 * order, and only for the kinds they name.  A target that has a value already
 * keeps it, so a later row is a fallback.
 */

typedef enum {
    NGX_SLACK_FIELD_STRING = 0,   /* ngx_str_t */
    NGX_SLACK_FIELD_LINE,         /* ngx_str_t, the first line only */
    NGX_SLACK_FIELD_NAME,         /* ngx_str_t, a subject of filters */
    NGX_SLACK_FIELD_NUMBER,       /* ngx_uint_t, from a number or digits */
    NGX_SLACK_FIELD_TIME,         /* time_t */
    NGX_SLACK_FIELD_LIST,         /* ngx_array_t of ngx_str_t */
    NGX_SLACK_FIELD_FILES,        /* the same, rows add to each other; read
                                     only if a filter asks for files */
    NGX_SLACK_FIELD_ROWS,         /* a member of the elements of an
                                     ngx_array_t of structures, ngx_str_t */
    NGX_SLACK_FIELD_ROW_LINES,    /* the same, the first line only */
    NGX_SLACK_FIELD_MARKED        /* ngx_array_t of ngx_slack_marked_t, rows
                                     add to each other */
} ngx_slack_field_type_e;


typedef struct {
    ngx_uint_t                kinds;      /* ngx_slack_kind_bit(), 0: first
                                             of all, to tell the kind */
    ngx_str_t                 path;
    size_t                    offset;     /* of the target in the sender's
                                             event */
    ngx_slack_field_type_e    type;
    size_t                    member;     /* rows: offset in the element;
                                             others: NGX_SLACK_SUBJECT_... */
} ngx_slack_field_t;


/* A value, and the element of the outermost array that it is in. */

typedef struct {
    ngx_uint_t                index;
    ngx_str_t                 text;
} ngx_slack_marked_t;


/*
 * The most events of one request.  More of them would flood a channel; how
 * many are left out is said with the last one (event->more).
 */
#define NGX_SLACK_EVENTS_MAX  20


/* An array of rows in the sender's event; a table of them ends with size 0. */

typedef struct {
    size_t                    offset;
    size_t                    size;       /* of an element */
} ngx_slack_rows_t;


/*
 * How a sender proves that it knows a secret of the configuration.  Only the
 * first of its proofs whose header was sent is checked: a right token does not
 * make up for a wrong signature.
 */

typedef enum {
    NGX_SLACK_PROOF_TOKEN = 0,    /* the secret itself */
    NGX_SLACK_PROOF_HEX,          /* HMAC-SHA256 of the body, in hex */
    NGX_SLACK_PROOF_WEBHOOK       /* Standard Webhooks, secrets "whsec_…" */
} ngx_slack_proof_type_e;


typedef struct {
    ngx_str_t                 header;     /* lower case */
    ngx_str_t                 shown;      /* as people write it */
    ngx_slack_proof_type_e    type;
    ngx_str_t                 prefix;     /* of the header's value */
    ngx_uint_t                payload;    /* of a form the value of "payload"
                                             is signed, not the body */
} ngx_slack_proof_t;


#define ngx_slack_kind_bit(kind)  ((ngx_uint_t) 1 << (kind))
#define NGX_SLACK_KINDS_ALL       ((ngx_uint_t) -1)


typedef struct {
    ngx_str_t                 name;       /* in slack_source */

    /*
     * tables of fields, of which the first ones take precedence; each ends
     * with an empty path, the list with NULL
     */
    ngx_slack_field_t       **fields;

    /*
     * path of an array each element of which is an event of its own; empty: a
     * request is one event.  A field below this path is the element's, and
     * rows are numbered within it; all other fields belong to each event.  A
     * request without such an array, or with an empty one, is one event.
     */
    ngx_str_t                 events;

    /*
     * the sender's event: a structure that begins with ngx_slack_event_t;
     * zeroed before the fields are filled
     */
    size_t                    event_size;

    ngx_slack_rows_t         *rows;

    /*
     * headers that name the event, lower case; one of them shows that a
     * request is this sender's, the first that was sent counts; ends with
     * len 0
     */
    ngx_str_t                *headers;

    ngx_slack_proof_t        *proofs;     /* ends with an empty header */

    /* headers with an id of the delivery, lower case, best first; the same */
    ngx_str_t                *deliveries;

    /*
     * paths; where no header tells the sender, a body with a value at one of
     * them is this sender's; ends with len 0
     */
    ngx_str_t                *marks;

    /*
     * the kinds of events that may come with this value of the event header,
     * NGX_SLACK_KINDS_ALL if it does not tell, 0 if we know none
     */
    ngx_uint_t              (*kinds)(ngx_str_t *header);

    /*
     * runs when the fields without kinds are filled, and sets event->kind;
     * "header" is the value of the event header and may be empty.  If the kind
     * is NGX_SLACK_EVENT_UNKNOWN, sets "reason" to what the sender calls it
     */
    void                    (*identify)(ngx_slack_event_t *event,
                                ngx_str_t *header, ngx_str_t *reason);

    /*
     * runs when all fields are filled, and builds what the payload does not
     * say.  NGX_OK; NGX_DECLINED with a reason: the event is never announced;
     * NGX_ERROR: no memory
     */
    ngx_int_t               (*complete)(ngx_slack_event_t *event,
                                ngx_pool_t *pool, ngx_str_t *reason);
} ngx_slack_source_t;


/* A sender and its paths in a set of paths; made with the configuration. */

typedef struct {
    ngx_slack_field_t        *field;
    ngx_uint_t                slot;
} ngx_slack_reader_field_t;


typedef struct {
    ngx_slack_source_t       *source;
    ngx_slack_json_paths_t   *paths;
    ngx_int_t                *marks;      /* slots of them */
    ngx_uint_t                events;     /* number of the array of events,
                                             0: none */

    /* by kind, the first: fields without kinds; each ends with field NULL */
    ngx_slack_reader_field_t *fields[NGX_SLACK_EVENT_MAX];
} ngx_slack_reader_t;


/* all senders, ends with NULL */

extern ngx_slack_source_t  *ngx_slack_sources[];


ngx_slack_source_t *ngx_slack_source_find(ngx_str_t *name);


/*
 * Adds the paths of fields and marks to the set, which the caller compiles.
 * "files": whether a filter asks for changed files.
 */

ngx_slack_reader_t *ngx_slack_reader_create(ngx_slack_source_t *source,
    ngx_slack_json_paths_t *paths, ngx_pool_t *pool, ngx_uint_t files);

/* Whether a document that was read with this set is the sender's. */

ngx_uint_t ngx_slack_reader_recognises(ngx_slack_reader_t *reader,
    ngx_slack_json_t *json);


/*
 * The list of the events of a document that was read to its end; at least
 * one.  NGX_OK, NGX_ERROR: no memory.
 */

typedef struct {
    ngx_slack_reader_t       *reader;
    ngx_slack_json_t         *json;
    ngx_uint_t                nevents;    /* 1 to NGX_SLACK_EVENTS_MAX */
    ngx_uint_t                more;       /* events that are left out */
} ngx_slack_events_t;

ngx_int_t ngx_slack_reader_events(ngx_slack_reader_t *reader,
    ngx_slack_json_t *json, ngx_slack_events_t *events);

/*
 * Makes the document that of event n, counted from 0: its values, also those
 * of paths of the configuration, are the event's until the next call.
 */

void ngx_slack_events_select(ngx_slack_events_t *events, ngx_uint_t n);

/*
 * Event n of the list, which becomes the selected one.  "header" is the value
 * of the sender's event header, may be empty.  NGX_OK; NGX_DECLINED with a
 * reason: an event nobody is told of (event->kind is set if it is known);
 * NGX_ERROR: no memory.  The event lives in the pool.
 */

ngx_int_t ngx_slack_events_read(ngx_slack_events_t *events, ngx_uint_t n,
    ngx_str_t *header, ngx_pool_t *pool, ngx_slack_event_t **event,
    ngx_str_t *reason);


#endif /* _NGX_SLACK_SOURCE_H_INCLUDED_ */
