
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * JSON reader: takes JSON as RFC 8259 has it, fed in pieces, keeps only the
 * values at wanted paths.  A byte order mark of UTF-8 before the document is
 * skipped; it counts in offsets and sizes.
 *
 * A path is keys separated by dots, "object_attributes.title".  Arrays are
 * transparent: "labels[].title" and "labels.title" mean the same, the title
 * of each element, and "changes[].commits[].id" crosses two.  A value carries
 * its indices in the two outermost arrays.  A last key "*" means any,
 * "labels.*"; its values read "key=value".
 */


#ifndef _NGX_SLACK_JSON_H_INCLUDED_
#define _NGX_SLACK_JSON_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* deeper nesting than any sender's, small enough for a stack of frames */
#define NGX_SLACK_JSON_DEPTH       64

/* of one kept string, after which it is cut; what Slack shows is shorter */
#define NGX_SLACK_JSON_STRING_MAX  16384

/* of a number as it is written; longer ones are an error */
#define NGX_SLACK_JSON_NUMBER_MAX  1024

/* of all that is kept of a document; then only a path's first short value */
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
 * What became of a path, whatever values it has.  An array between two keys of
 * a path, and null in place of an object, say that there are no values; where
 * nothing is told, the document does not have the path at all.
 */

#define NGX_SLACK_JSON_TOLD        0x01
#define NGX_SLACK_JSON_ARRAY       0x02  /* there is one at its end */
#define NGX_SLACK_JSON_CUT         0x04  /* a value is longer than kept */
#define NGX_SLACK_JSON_MORE        0x08  /* there are more values than kept */
#define NGX_SLACK_JSON_OBJECT      0x10  /* there is one at its end */
#define NGX_SLACK_JSON_SCALAR      0x20  /* a value in place of an object */

/* the values are not all there is */
#define NGX_SLACK_JSON_PART        (NGX_SLACK_JSON_CUT|NGX_SLACK_JSON_MORE    \
                                    |NGX_SLACK_JSON_OBJECT                    \
                                    |NGX_SLACK_JSON_SCALAR)


struct ngx_slack_json_value_s {
    ngx_str_t                 text;      /* as a person would write it; valid
                                            UTF-8, no control characters but
                                            LF and TAB; null is empty */
    ngx_uint_t                type;      /* ngx_slack_json_type_e */
    ngx_uint_t                index;     /* in the outermost array, or 0 */
    ngx_uint_t                inner;     /* in the next array within it, or
                                            0 */
    ngx_uint_t                cut;       /* it is longer than kept */
    ngx_slack_json_value_t   *next;
};


/*
 * Paths are collected while the configuration is read, and compiled after it;
 * only read from then on.
 */

ngx_slack_json_paths_t *ngx_slack_json_paths_create(ngx_pool_t *pool);

/*
 * the slot of a path, new or existing; NGX_ERROR: no memory,
 * or not a path
 */
ngx_int_t ngx_slack_json_paths_add(ngx_slack_json_paths_t *paths,
    ngx_str_t *path);

/*
 * the same, for who needs no more than the first line with something to see;
 * what is kept may still go on behind it
 */
ngx_int_t ngx_slack_json_paths_add_line(ngx_slack_json_paths_t *paths,
    ngx_str_t *path);

/*
 * A path of which only that matters whether any value but null and false is
 * there, see ngx_slack_json_flagged(); NGX_OK or NGX_ERROR, as above.
 */
ngx_int_t ngx_slack_json_paths_add_flag(ngx_slack_json_paths_t *paths,
    ngx_str_t *path);

/*
 * The elements of the array at the path are documents of their own, which
 * ngx_slack_json_split() takes apart.  Returns the number of the path for that
 * function, 1 to 255, or NGX_ERROR, as above.
 */
ngx_int_t ngx_slack_json_paths_split(ngx_slack_json_paths_t *paths,
    ngx_str_t *path);

/* whether it is a path */
ngx_uint_t ngx_slack_json_is_path(ngx_str_t *path);

ngx_int_t ngx_slack_json_paths_compile(ngx_slack_json_paths_t *paths);

ngx_uint_t ngx_slack_json_paths_slots(ngx_slack_json_paths_t *paths);


/*
 * A document.  Memory is the pool's and, for a token that comes in pieces, the
 * heap's, freed with the pool or by ngx_slack_json_finish().
 */

ngx_slack_json_t *ngx_slack_json_create(ngx_slack_json_paths_t *paths,
    ngx_pool_t *pool);

/*
 * feeds a piece; NGX_OK, NGX_DECLINED: not JSON or too deep (see
 * ngx_slack_json_error()), NGX_ERROR: no memory.  After an error every
 * further call returns the same.
 */
ngx_int_t ngx_slack_json_parse(ngx_slack_json_t *json, u_char *data,
    size_t len);

/* the end of the document; same results */
ngx_int_t ngx_slack_json_finish(ngx_slack_json_t *json);

/*
 * a constant text, and the offset in bytes where it went wrong; without an
 * error NULL, and the bytes fed so far
 */
char *ngx_slack_json_error(ngx_slack_json_t *json, off_t *offset);

/* nothing was fed so far, or nothing but a byte order mark */
ngx_uint_t ngx_slack_json_is_empty(ngx_slack_json_t *json);

/* the values of a slot in the order of the document, NULL: none */
ngx_slack_json_value_t *ngx_slack_json_values(ngx_slack_json_t *json,
    ngx_uint_t slot);

/*
 * Whether any of the flags has a value but null and false.  An object or an
 * array is such a value, whatever is in it, and of a key that is there twice
 * each value counts.
 */
ngx_uint_t ngx_slack_json_flagged(ngx_slack_json_t *json);

/*
 * NGX_SLACK_JSON_TOLD and others of all slots, 0: the path is not there; the
 * document's
 */
u_char *ngx_slack_json_states(ngx_slack_json_t *json);

/* the last value of a slot that is no null: duplicate keys, last one wins */
ngx_slack_json_value_t *ngx_slack_json_value(ngx_slack_json_t *json,
    ngx_uint_t slot);


/*
 * Takes the document apart, after ngx_slack_json_finish(): of the paths that
 * begin with the array of number "split" only the values of the selected
 * element are seen from then on, with the index they have within it; the
 * values of all other paths belong to each element.  The first element is
 * selected.  At most "max" elements are kept; "n" gets the number of those,
 * and "more" that of the others.  Without elements n is 0, and the document
 * stays whole.  NGX_ERROR: no memory.
 */
ngx_int_t ngx_slack_json_split(ngx_slack_json_t *json, ngx_uint_t split,
    ngx_uint_t max, ngx_uint_t *n, ngx_uint_t *more);

/* selects an element, counted from 0, of a document that was taken apart */
void ngx_slack_json_select(ngx_slack_json_t *json, ngx_uint_t n);


/* whether the text is one JSON value; 0 also without memory; malloc() */

ngx_uint_t ngx_slack_json_is_valid(ngx_str_t *text);


#endif /* _NGX_SLACK_JSON_H_INCLUDED_ */
