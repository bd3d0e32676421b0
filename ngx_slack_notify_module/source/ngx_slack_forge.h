
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What forges have in common: refs, pages of a project, drafts, changes, the
 * object of a note.  For the senders' files of source/.  Runs in the event
 * loop.
 */


#ifndef _NGX_SLACK_FORGE_H_INCLUDED_
#define _NGX_SLACK_FORGE_H_INCLUDED_


#include <ngx_slack_equal.h>
#include <ngx_slack_source.h>


#define ngx_slack_forge_is(s, literal)                                        \
    ((s)->len == sizeof(literal) - 1                                          \
     && ngx_memcmp((s)->data, literal, sizeof(literal) - 1) == 0)


/* whether a SHA stands for no commit: all zeros, 40, or 64 with SHA-256 */

ngx_uint_t ngx_slack_forge_zero(ngx_str_t *sha);


/* the first 8 characters of a SHA, part of the same memory */

ngx_str_t ngx_slack_forge_sha(ngx_str_t *sha);


/*
 * The first sets event->ref to the short name of a ref; event->tag must be
 * set.  The second sets the action of a push; created and removed must be set.
 */

void ngx_slack_forge_ref(ngx_slack_event_t *event, ngx_str_t *full);
void ngx_slack_forge_push(ngx_slack_event_t *event);


/* sets title, URL and number of commits, from commits and the other URLs */

void ngx_slack_forge_pushed(ngx_slack_event_t *event);


/*
 * Sets the URL of a page of the project, unless its URL or the tail is empty.
 * "path" is appended as it is, "tail" percent-encoded.  Here and below
 * NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_forge_url(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_str_t *url, char *path, ngx_str_t *tail);


/* sets the user's page, if the project's URL shows the forge's base URL */

ngx_int_t ngx_slack_forge_user_page(ngx_slack_event_t *event,
    ngx_pool_t *pool);


/*
 * Sets the object of a note: type, title, number, and target such as "#17",
 * which begins with "sign".  If "sign" is 0, the number is a SHA and the
 * target its first characters.  "type" must be static.
 */

ngx_int_t ngx_slack_forge_target(ngx_slack_event_t *event, ngx_pool_t *pool,
    char *type, u_char sign, ngx_str_t *number, ngx_str_t *title);


/* sets the merge request of a pipeline, "!7", unless the number is empty */

ngx_int_t ngx_slack_forge_request(ngx_slack_event_t *event, ngx_pool_t *pool,
    u_char sign, ngx_str_t *number);


/*
 * Returns the length of the mark of a draft that a title begins with, such as
 * "Draft: "; 0: there is none.
 */

size_t ngx_slack_forge_draft(ngx_str_t *title);


/* takes this mark away */

void ngx_slack_forge_bare(ngx_str_t *title);


/*
 * Adds to event->edits.  The second function compares two lists of names,
 * ngx_str_t, and adds what is only in the newer one as "what", and what is
 * only in the older one as "without".
 */

ngx_int_t ngx_slack_forge_edit(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_slack_edit_e what, ngx_str_t *name);
ngx_int_t ngx_slack_forge_compare(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_slack_edit_e what, ngx_slack_edit_e without, ngx_array_t *before,
    ngx_array_t *after);


/* appends to a list of ngx_str_t, which is initialised if it is zeroed */

ngx_int_t ngx_slack_forge_add(ngx_array_t *list, ngx_str_t *string,
    ngx_pool_t *pool);


#endif /* _NGX_SLACK_FORGE_H_INCLUDED_ */
