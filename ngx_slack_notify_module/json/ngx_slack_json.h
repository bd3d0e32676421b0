
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * JSON reader: reads JSON (RFC 8259) in pieces of any size and keeps only the
 * values at wanted paths.  A byte order mark of UTF-8 before the document is
 * skipped; it counts in offsets and sizes.  A set of paths belongs to one
 * thread, and so do the documents that use it.
 *
 * A path is keys separated by dots, "object_attributes.title".  Arrays need no
 * notation: "labels[].title" and "labels.title" both mean the title of each
 * element, and "changes[].commits[].id" passes through two arrays.  A value
 * has its indices in the two outermost arrays.  A last key "*" means any key,
 * "labels.*"; its values read "key=value".
 */


#ifndef _NGX_SLACK_JSON_H_INCLUDED_
#define _NGX_SLACK_JSON_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * levels; no sender nests deeper, and so many frames fit in a document's
 * structure
 */
#define NGX_SLACK_JSON_DEPTH       64

/* bytes kept of a string; Slack shows less */
#define NGX_SLACK_JSON_STRING_MAX  16384

/* bytes of a number; a longer one is an error */
#define NGX_SLACK_JSON_NUMBER_MAX  1024

/*
 * Bytes and values kept of a document.  Beyond these, only the first value of
 * a path is kept, if it is short.
 */
#define NGX_SLACK_JSON_TOTAL_MAX   1048576
#define NGX_SLACK_JSON_VALUES_MAX  10000


typedef struct ngx_slack_json_paths_s  ngx_slack_json_paths_t;
typedef struct ngx_slack_json_s        ngx_slack_json_t;
typedef struct ngx_slack_json_value_s  ngx_slack_json_value_t;


typedef enum {
    NGX_SLACK_JSON_NULL = 0,
    NGX_SLACK_JSON_FALSE,
    NGX_SLACK_JSON_TRUE,
    NGX_SLACK_JSON_NUMBER,
    NGX_SLACK_JSON_STRING
} ngx_slack_json_type_e;


/*
 * State of a path, apart from its values: the document tells whether there are
 * any.  An array at the path and null instead of an object on the way tell
 * that there are none; if the bit is not set, the document does not have the
 * path.
 */

#define NGX_SLACK_JSON_TOLD        0x01
#define NGX_SLACK_JSON_ARRAY       0x02  /* the path ends at an array */
#define NGX_SLACK_JSON_CUT         0x04  /* a value was longer and is cut */
#define NGX_SLACK_JSON_MORE        0x08  /* more values than are kept */
#define NGX_SLACK_JSON_OBJECT      0x10  /* the path ends at an object */
#define NGX_SLACK_JSON_SCALAR      0x20  /* a value instead of an object */

/* the values kept are not all of the path */
#define NGX_SLACK_JSON_PART        (NGX_SLACK_JSON_CUT|NGX_SLACK_JSON_MORE    \
                                    |NGX_SLACK_JSON_OBJECT                    \
                                    |NGX_SLACK_JSON_SCALAR)


struct ngx_slack_json_value_s {
    ngx_str_t                 text;      /* unescaped valid UTF-8, no control
                                            characters but LF and TAB; empty
                                            for null */
    ngx_uint_t                type;      /* ngx_slack_json_type_e */
    ngx_uint_t                index;     /* in the outermost array; 0: none */
    ngx_uint_t                inner;     /* in the next array; 0: none */
    ngx_uint_t                cut;       /* the value was longer */
    ngx_slack_json_value_t   *next;
};


/*
 * A set of paths.  They are added while the configuration is read, then
 * compiled, and not changed any more.  Memory is the pool's.  NULL: no memory.
 */

ngx_slack_json_paths_t *ngx_slack_json_paths_create(ngx_pool_t *pool);

/*
 * Adds a path, unless it is in the set.  Returns its slot, or NGX_ERROR: no
 * memory, or not a path.
 */
ngx_int_t ngx_slack_json_paths_add(ngx_slack_json_paths_t *paths,
    ngx_str_t *path);

/*
 * The same for a caller that needs only the first line that is not blank.  The
 * text kept may be longer.
 */
ngx_int_t ngx_slack_json_paths_add_line(ngx_slack_json_paths_t *paths,
    ngx_str_t *path);

/*
 * Adds a path as a flag: only whether it has a value other than null and false
 * is kept, see ngx_slack_json_flagged().  NGX_OK or NGX_ERROR, as above.
 */
ngx_int_t ngx_slack_json_paths_add_flag(ngx_slack_json_paths_t *paths,
    ngx_str_t *path);

/*
 * Declares that each element of the array at the path is a document of its
 * own, see ngx_slack_json_split().  Returns the number of the path for that
 * function, 1 to 255, or NGX_ERROR: no memory, not a path, or too many.
 */
ngx_int_t ngx_slack_json_paths_split(ngx_slack_json_paths_t *paths,
    ngx_str_t *path);

/*
 * Whether the text is a path; compiles the set (NGX_OK or NGX_ERROR: no
 * memory); the number of its slots.
 */
ngx_uint_t ngx_slack_json_is_path(ngx_str_t *path);

ngx_int_t ngx_slack_json_paths_compile(ngx_slack_json_paths_t *paths);

ngx_uint_t ngx_slack_json_paths_slots(ngx_slack_json_paths_t *paths);


/*
 * Creates a document, to be read with a compiled set.  Memory is the pool's,
 * except that a token that arrives in pieces is on the heap;
 * ngx_slack_json_finish() or the end of the pool frees it.  NULL: no memory.
 */

ngx_slack_json_t *ngx_slack_json_create(ngx_slack_json_paths_t *paths,
    ngx_pool_t *pool);

/*
 * Reads the next piece, "len" bytes, which the caller may free afterwards.
 * NGX_OK; NGX_DECLINED: not JSON or nested too deep, see
 * ngx_slack_json_error(); NGX_ERROR: no memory.  After an error every further
 * call returns the same.  Nothing is logged.
 */
ngx_int_t ngx_slack_json_parse(ngx_slack_json_t *json, u_char *data,
    size_t len);

/* ends the document; returns the same */
ngx_int_t ngx_slack_json_finish(ngx_slack_json_t *json);

/*
 * Returns the error, a static string, and its offset in bytes.  Without an
 * error returns NULL, and the number of bytes read so far.
 */
char *ngx_slack_json_error(ngx_slack_json_t *json, off_t *offset);

/* whether nothing was read so far, except perhaps a byte order mark */
ngx_uint_t ngx_slack_json_is_empty(ngx_slack_json_t *json);

/*
 * Returns the values of a slot in the order of the document, NULL: none.  They
 * are the document's.
 */
ngx_slack_json_value_t *ngx_slack_json_values(ngx_slack_json_t *json,
    ngx_uint_t slot);

/*
 * Whether any of the flags has a value other than null and false.  Objects and
 * arrays count as such values, even empty ones, and of a repeated key each
 * value counts.
 */
ngx_uint_t ngx_slack_json_flagged(ngx_slack_json_t *json);

/*
 * Returns the states of all slots, NGX_SLACK_JSON_TOLD and others; 0: the
 * document does not have the path.  The array is the document's.
 */
u_char *ngx_slack_json_states(ngx_slack_json_t *json);

/*
 * Returns the last value of a slot, because the last of duplicate keys wins.
 * NULL: there is none, or it is null.
 */
ngx_slack_json_value_t *ngx_slack_json_value(ngx_slack_json_t *json,
    ngx_uint_t slot);


/*
 * Splits the document, after ngx_slack_json_finish(), into the elements of the
 * array with the number "split".  From then on the paths within this array
 * have only the values of the selected element, with their index inside it;
 * all other paths have the same values for each element.  The first element is
 * selected.  At most "max" elements are kept; "n" is set to their number,
 * "more" to that of the others.  If there are no elements, "n" is 0 and the
 * document is not split.  NGX_OK or NGX_ERROR: no memory.
 */
ngx_int_t ngx_slack_json_split(ngx_slack_json_t *json, ngx_uint_t split,
    ngx_uint_t max, ngx_uint_t *n, ngx_uint_t *more);

/* selects an element of a split document, counted from 0 */
void ngx_slack_json_select(ngx_slack_json_t *json, ngx_uint_t n);


/*
 * Whether the text is one JSON value; 0 also if there is no memory.  Uses
 * malloc(); runs in any thread.
 */

ngx_uint_t ngx_slack_json_is_valid(ngx_str_t *text);


#endif /* _NGX_SLACK_JSON_H_INCLUDED_ */
