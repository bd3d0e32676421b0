
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What to say of a word that is none of those that are known: which there are,
 * and which of them is most like it.  The functions run in the master when the
 * configuration is read; they allocate nothing and do not fail.
 */


#ifndef _NGX_SLACK_WORDS_H_INCLUDED_
#define _NGX_SLACK_WORDS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_SLACK_WORDS_FAR   NGX_MAX_UINT32_VALUE


typedef struct {
    ngx_str_t                *word;           /* as it was written */
    ngx_str_t                *nearest;        /* NULL: none is like it */
    ngx_uint_t                distance;       /* of the nearest one */
    size_t                    len;
    u_char                    list[NGX_MAX_CONF_ERRSTR / 2];
} ngx_slack_words_t;


/* Begins with a word; the structure need not be initialized. */

void ngx_slack_words_begin(ngx_slack_words_t *words, ngx_str_t *word);


/* Adds a known word, in the order in which they are to be listed. */

void ngx_slack_words_add(ngx_slack_words_t *words, ngx_str_t *known);


/* Adds the words of an array, of which the last one has len 0; or NULL. */

void ngx_slack_words_add_all(ngx_slack_words_t *words, ngx_str_t *known);


/*
 * Writes ", did you mean "WORD"?" into "buf", of NGX_SLACK_WORDS_HINT bytes,
 * or a comma if no known word is like it.  Returns it.
 */

#define NGX_SLACK_WORDS_HINT  128

ngx_str_t ngx_slack_words_hint(ngx_slack_words_t *words, u_char *buf);


/*
 * How many characters must be changed to make one word of the other, small and
 * capital ones being the same; NGX_SLACK_WORDS_FAR: more than a slip of the
 * pen, which is one in four of the known word's, and three at most.
 */

ngx_uint_t ngx_slack_words_distance(ngx_str_t *word, ngx_str_t *known);


#endif /* _NGX_SLACK_WORDS_H_INCLUDED_ */
