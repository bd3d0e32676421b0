
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What forges have in common: refs, pages of a project, drafts, what a note
 * is on.  For the senders' files of source/.
 */


#ifndef _NGX_SLACK_FORGE_H_INCLUDED_
#define _NGX_SLACK_FORGE_H_INCLUDED_


#include <ngx_slack_source.h>


#define ngx_slack_forge_is(s, literal)                                        \
    ((s)->len == sizeof(literal) - 1                                          \
     && ngx_memcmp((s)->data, literal, sizeof(literal) - 1) == 0)

/* an empty string may have no data */

#define ngx_slack_forge_equal(a, b)                                           \
    ((a)->len == (b)->len                                                     \
     && ((a)->len == 0 || ngx_memcmp((a)->data, (b)->data, (a)->len) == 0))


/* whether a sha stands for no commit: 40 zeros, 64 with SHA-256 */

ngx_uint_t ngx_slack_forge_zero(ngx_str_t *sha);


/* a sha as people write it, its first 8 characters */

ngx_str_t ngx_slack_forge_sha(ngx_str_t *sha);


/*
 * event->ref: the short name of a ref, of which event->tag is set; and the
 * action of a push, of which created and removed are set
 */

void ngx_slack_forge_ref(ngx_slack_event_t *event, ngx_str_t *full);
void ngx_slack_forge_push(ngx_slack_event_t *event);


/* title, URL and number of commits, after commits and URLs were set */

void ngx_slack_forge_pushed(ngx_slack_event_t *event);


/*
 * A page of the project; none if there is no project or no tail.  "path" is
 * kept as it is, "tail" percent-encoded.  Here and below NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_forge_url(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_str_t *url, char *path, ngx_str_t *tail);


/* that of the user, if the project's URL shows where the forge's begin */

ngx_int_t ngx_slack_forge_user_page(ngx_slack_event_t *event,
    ngx_pool_t *pool);


/*
 * What a note is on: type, title, number, and the target "#17"; "sign" 0: a
 * sha, of which the beginning is told
 */

ngx_int_t ngx_slack_forge_target(ngx_slack_event_t *event, ngx_pool_t *pool,
    char *type, u_char sign, ngx_str_t *number, ngx_str_t *title);


/* whether a title says that it is a draft */

ngx_uint_t ngx_slack_forge_draft(ngx_str_t *title);


/* appends to a list of strings, which need not be initialised */

ngx_int_t ngx_slack_forge_add(ngx_array_t *list, ngx_str_t *string,
    ngx_pool_t *pool);


#endif /* _NGX_SLACK_FORGE_H_INCLUDED_ */
