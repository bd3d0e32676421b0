
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Senders.  A sender is one file that defines an ngx_slack_source_t with its
 * table of fields, and one line in the registry (ngx_slack_source.c).  Events
 * are read in the event loop.
 */


#ifndef _NGX_SLACK_SOURCE_H_INCLUDED_
#define _NGX_SLACK_SOURCE_H_INCLUDED_


#include <ngx_slack_event.h>
#include <ngx_slack_json.h>


/*
 * Types of fields: the target of a value from the payload.  The rows of a
 * table are read in their order, and only for the kinds they name.  A target
 * that has a value keeps it, so that later rows are fallbacks.
 */

typedef enum {
    NGX_SLACK_FIELD_STRING = 0,   /* ngx_str_t */
    NGX_SLACK_FIELD_LINE,         /* ngx_str_t, the first line only */
    NGX_SLACK_FIELD_NAME,         /* ngx_str_t, a subject of filters */
    NGX_SLACK_FIELD_NUMBER,       /* ngx_uint_t, from a number or digits */
    NGX_SLACK_FIELD_TIME,         /* time_t */
    NGX_SLACK_FIELD_LIST,         /* ngx_array_t of ngx_str_t */
    NGX_SLACK_FIELD_FILES,        /* like LIST, but the values of several rows
                                     are added; read only if a filter needs
                                     files */
    NGX_SLACK_FIELD_ROWS,         /* ngx_str_t, a member of the structures in
                                     an ngx_array_t */
    NGX_SLACK_FIELD_ROW_LINES,    /* like ROWS, the first line only */
    NGX_SLACK_FIELD_MARKED,       /* ngx_array_t of ngx_slack_marked_t, the
                                     values of several rows are added */
    NGX_SLACK_FIELD_STAMP         /* int64_t, ms since the epoch: the newest
                                     time of all values of all rows */
} ngx_slack_field_type_e;


typedef struct {
    ngx_uint_t                kinds;      /* ngx_slack_kind_bit(); 0: read
                                             before all others, to identify the
                                             kind; NGX_SLACK_KINDS_CARD,
                                             NGX_SLACK_KINDS_PEOPLE: read only
                                             if cards or people are wanted */
    ngx_str_t                 path;
    size_t                    offset;     /* of the target in the sender's
                                             event */
    ngx_slack_field_type_e    type;
    size_t                    member;     /* ROWS, ROW_LINES: offset in the
                                             structure; others:
                                             NGX_SLACK_SUBJECT_... */
} ngx_slack_field_t;


/* A value and its index in the outermost array. */

typedef struct {
    ngx_uint_t                index;
    ngx_str_t                 text;
} ngx_slack_marked_t;


/*
 * The maximum number of events of one request, because more would flood a
 * channel.  The last of them tells how many are left out (event->more).
 */
#define NGX_SLACK_EVENTS_MAX  20


/*
 * An array of structures in the sender's event; size 0 ends a table of them.
 */

typedef struct {
    size_t                    offset;
    size_t                    size;       /* bytes of an element */
} ngx_slack_rows_t;


/*
 * How a sender proves that it knows a configured secret.  Only the first proof
 * whose header was sent is checked: a right token does not make up for a wrong
 * signature.
 */

typedef enum {
    NGX_SLACK_PROOF_TOKEN = 0,    /* the secret itself */
    NGX_SLACK_PROOF_HEX,          /* HMAC-SHA256 of the body, in hex */
    NGX_SLACK_PROOF_WEBHOOK       /* Standard Webhooks, secrets "whsec_…" */
} ngx_slack_proof_type_e;


typedef struct {
    ngx_str_t                 header;     /* lower case */
    ngx_str_t                 shown;      /* its usual spelling */
    ngx_slack_proof_type_e    type;
    ngx_str_t                 prefix;     /* of the header's value */
    ngx_uint_t                payload;    /* of a form, the value of "payload"
                                             is signed, not the body */
} ngx_slack_proof_t;


#define ngx_slack_kind_bit(kind)  ((ngx_uint_t) 1 << (kind))
#define NGX_SLACK_KINDS_ALL       (ngx_slack_kind_bit(NGX_SLACK_EVENT_MAX) - 1)

/* not kinds */
#define NGX_SLACK_KINDS_CARD      ngx_slack_kind_bit(NGX_SLACK_EVENT_MAX)
#define NGX_SLACK_KINDS_PEOPLE    ngx_slack_kind_bit(NGX_SLACK_EVENT_MAX + 1)


typedef struct {
    ngx_str_t                 name;       /* as in slack_source */

    /*
     * Tables of fields, the first ones take precedence.  An empty path ends a
     * table, NULL ends the list.
     */
    ngx_slack_field_t       **fields;

    /*
     * Path of an array whose elements are an event each; empty: a request is
     * one event.  A field below this path is the element's, and its rows are
     * numbered inside it; all other fields belong to each event.  A request
     * without this array, or with an empty one, is one event.
     */
    ngx_str_t                 events;

    /*
     * bytes of the sender's event, a structure that begins with
     * ngx_slack_event_t; it is zeroed before the fields are filled
     */
    size_t                    event_size;

    ngx_slack_rows_t         *rows;

    /*
     * Headers that name the event, in lower case.  Any of them shows that the
     * request is this sender's; the first that was sent is used.  An element
     * with len 0 ends the list.
     */
    ngx_str_t                *headers;

    ngx_slack_proof_t        *proofs;     /* an empty header ends it */

    /*
     * headers with a delivery id, lower case, best first; len 0 ends the list
     */
    ngx_str_t                *deliveries;

    /*
     * Paths.  If no header tells the sender, a body with a value at one of
     * them is this sender's.  An element with len 0 ends the list.
     */
    ngx_str_t                *marks;

    /*
     * Returns the kinds of events that may come with this value of the event
     * header; NGX_SLACK_KINDS_ALL: the header does not tell; 0: no known kind.
     */
    ngx_uint_t              (*kinds)(ngx_str_t *header);

    /*
     * Called when the fields without kinds are filled; sets event->kind.
     * "header" is the value of the event header and may be empty.  If the kind
     * is NGX_SLACK_EVENT_UNKNOWN, sets "reason" to the sender's name for it.
     */
    void                    (*identify)(ngx_slack_event_t *event,
                                ngx_str_t *header, ngx_str_t *reason);

    /*
     * Called when all fields are filled; sets what the payload implies.
     * NGX_OK; NGX_DECLINED with a reason: the event is never announced;
     * NGX_ERROR: no memory.
     */
    ngx_int_t               (*complete)(ngx_slack_event_t *event,
                                ngx_pool_t *pool, ngx_str_t *reason);

    /*
     * Called for a complete event if cards are wanted: sets what event->stand
     * lacks.  NGX_OK or NGX_ERROR: no memory.
     */
    ngx_int_t               (*stand)(ngx_slack_event_t *event,
                                ngx_pool_t *pool);

    /*
     * Called for a complete event if people are wanted: sets event->people.
     * NULL: the sender tells of none.  NGX_OK or NGX_ERROR: no memory.
     */
    ngx_int_t               (*people)(ngx_slack_event_t *event,
                                ngx_pool_t *pool);

    /*
     * Called for a complete event whose kind is final: sets object, belongs,
     * parent and final, and of an alert the stamp.  NGX_OK or NGX_ERROR: no
     * memory.
     */
    ngx_int_t               (*object)(ngx_slack_event_t *event,
                                ngx_pool_t *pool);
} ngx_slack_source_t;


/*
 * A field and its slot, and a sender with its fields in a set of paths;
 * created when the configuration is read, not changed afterwards.
 */

typedef struct {
    ngx_slack_field_t        *field;
    ngx_uint_t                slot;
} ngx_slack_reader_field_t;


typedef struct {
    ngx_slack_source_t       *source;
    ngx_slack_json_paths_t   *paths;
    ngx_int_t                *marks;      /* their slots */
    ngx_uint_t                events;     /* split number of the array of
                                             events; 0: none */
    ngx_uint_t                want;       /* NGX_SLACK_WANT_... */

    /* by kind; the first for fields without kinds; field NULL ends each */
    ngx_slack_reader_field_t *fields[NGX_SLACK_EVENT_MAX];
} ngx_slack_reader_t;


/* all senders; NULL ends the list */

extern ngx_slack_source_t  *ngx_slack_sources[];


ngx_slack_source_t *ngx_slack_source_find(ngx_str_t *name);


/* What a configuration may want of events besides what messages show. */

#define NGX_SLACK_WANT_FILES    1         /* changed files, for a filter */
#define NGX_SLACK_WANT_OBJECTS  2         /* what they belong to: "object" and
                                             what goes with it */
#define NGX_SLACK_WANT_CARDS    4         /* how their objects stand: "stand"
                                             */
#define NGX_SLACK_WANT_PEOPLE   8         /* whom they concern: "people" */

/*
 * Creates a reader when the configuration is read: adds the paths of fields
 * and marks to the set, which the caller compiles.  "want" has bits
 * NGX_SLACK_WANT_...  NULL: no memory.
 */

ngx_slack_reader_t *ngx_slack_reader_create(ngx_slack_source_t *source,
    ngx_slack_json_paths_t *paths, ngx_pool_t *pool, ngx_uint_t want);

/* Whether a document that was read with this set has a mark of the sender. */

ngx_uint_t ngx_slack_reader_recognises(ngx_slack_reader_t *reader,
    ngx_slack_json_t *json);


/*
 * The events of a document that was read to its end; there is at least one.
 * The caller owns the structure.  NGX_OK or NGX_ERROR: no memory.
 */

typedef struct {
    ngx_slack_reader_t       *reader;
    ngx_slack_json_t         *json;
    ngx_uint_t                nevents;    /* 1 to NGX_SLACK_EVENTS_MAX */
    ngx_uint_t                more;       /* further events, left out */
} ngx_slack_events_t;

ngx_int_t ngx_slack_reader_events(ngx_slack_reader_t *reader,
    ngx_slack_json_t *json, ngx_slack_events_t *events);

/*
 * Selects event n, counted from 0: until the next call the document has the
 * values of this event, also at paths of the configuration.
 */

void ngx_slack_events_select(ngx_slack_events_t *events, ngx_uint_t n);

/*
 * Selects event n and reads it.  "header" is the value of the sender's event
 * header and may be empty.  NGX_OK; NGX_DECLINED with a reason: the event is
 * not announced (event->kind is set if it is known); NGX_ERROR: no memory.
 * The event is in the pool.
 */

ngx_int_t ngx_slack_events_read(ngx_slack_events_t *events, ngx_uint_t n,
    ngx_str_t *header, ngx_pool_t *pool, ngx_slack_event_t **event,
    ngx_str_t *reason);


#endif /* _NGX_SLACK_SOURCE_H_INCLUDED_ */
