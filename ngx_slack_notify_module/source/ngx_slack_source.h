
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


/* a header of the request; the name in lower case */

typedef struct {
    ngx_str_t                 name;
    ngx_str_t                 value;
} ngx_slack_header_t;


/*
 * Where a value of the payload goes.  The rows of a table are walked in their
 * order, those of "kinds" only for these; a target that has a value already
 * is left alone, so that a later row is a fallback.
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


/* a value and which element of the outermost array it is in */

typedef struct {
    ngx_uint_t                index;
    ngx_str_t                 text;
} ngx_slack_marked_t;


/* an array of rows in the sender's event; size 0 ends */

typedef struct {
    size_t                    offset;
    size_t                    size;       /* of an element */
} ngx_slack_rows_t;


/*
 * How a sender proves that it knows a secret of the configuration.  The first
 * of its proofs whose header was sent decides, alone: a signature that is
 * wrong is not mended by a token that is right.
 */

typedef enum {
    NGX_SLACK_PROOF_TOKEN = 0,    /* the secret itself */
    NGX_SLACK_PROOF_HEX,          /* HMAC-SHA256 of the body, in hex */
    NGX_SLACK_PROOF_WEBHOOK       /* Standard Webhooks, secrets "whsec_…" */
} ngx_slack_proof_type_e;


typedef struct {
    ngx_str_t                 header;     /* as people write it */
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
     * tables of fields, each ends with an empty path; ends with NULL.  Those
     * before come first
     */
    ngx_slack_field_t       **fields;

    /*
     * the sender's event: a structure that begins with ngx_slack_event_t;
     * zeroed before the fields are filled
     */
    size_t                    event_size;

    ngx_slack_rows_t         *rows;

    /* headers with its event, which tell the sender; the first counts */
    ngx_str_t                *headers;    /* lower case, ends with len 0 */

    ngx_slack_proof_t        *proofs;     /* ends with an empty header */

    /* headers with an id of the delivery, best first; ends with len 0 */
    ngx_str_t                *deliveries;

    /*
     * paths of which any, where no header tells, shows that a body is this
     * sender's; ends with len 0
     */
    ngx_str_t                *marks;

    /*
     * the kinds that may come under the value of its event header,
     * NGX_SLACK_KINDS_ALL if that does not tell; 0: none we know
     */
    ngx_uint_t              (*kinds)(ngx_str_t *header);

    /*
     * after the fields without kinds: sets event->kind; "header" as above,
     * may be empty.  For NGX_SLACK_EVENT_UNKNOWN sets "reason": what it is
     */
    void                    (*identify)(ngx_slack_event_t *event,
                                ngx_str_t *header, ngx_str_t *reason);

    /*
     * after all fields: builds what the payload does not say.  NGX_OK,
     * NGX_DECLINED with a reason: never announced, NGX_ERROR: no memory
     */
    ngx_int_t               (*complete)(ngx_slack_event_t *event,
                                ngx_pool_t *pool, ngx_str_t *reason);
} ngx_slack_source_t;


/* a sender with its paths in a set of paths; made with the configuration */

typedef struct {
    ngx_slack_field_t        *field;
    ngx_uint_t                slot;
} ngx_slack_reader_field_t;


typedef struct {
    ngx_slack_source_t       *source;
    ngx_slack_json_paths_t   *paths;
    ngx_int_t                *marks;      /* slots of them */

    /* by kind, the first: of all; each ends with a field NULL */
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

/* whether a document that was read with this set is the sender's */

ngx_uint_t ngx_slack_reader_recognises(ngx_slack_reader_t *reader,
    ngx_slack_json_t *json);


/*
 * The event of a document that was read to its end.  NGX_OK; NGX_DECLINED
 * with a reason: an event nobody is told of (event->kind is set if it is
 * known); NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_reader_event(ngx_slack_reader_t *reader,
    ngx_slack_json_t *json, ngx_str_t *header, ngx_pool_t *pool,
    ngx_slack_event_t **event, ngx_str_t *reason);


#endif /* _NGX_SLACK_SOURCE_H_INCLUDED_ */
