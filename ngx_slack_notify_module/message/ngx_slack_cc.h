
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The people that a message names at its end.  Whether one of them is notified
 * is decided when the message is posted, so a stored message has a place for
 * each: what notifies, and the name that stands there otherwise.  A place
 * begins, is parted and ends with noncharacters of Unicode, which no value
 * from outside has, see ngx_slack_text_scrub().
 *
 * The functions run in any thread, except where told otherwise.
 */


#ifndef _NGX_SLACK_CC_H_INCLUDED_
#define _NGX_SLACK_CC_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_text.h>


#define NGX_SLACK_CC_MAX    10      /* people of a message */
#define NGX_SLACK_CC_ID     32      /* bytes of an ID of Slack's */
#define NGX_SLACK_CC_EMAIL  254     /* bytes of an address */


/* what a value is that tells who somebody is in Slack */

typedef enum {
    NGX_SLACK_CC_NOBODY = 0,        /* none of these */
    NGX_SLACK_CC_MEMBER,            /* "U024BE7LH", "W…" */
    NGX_SLACK_CC_GROUP,             /* "S…", a user group */
    NGX_SLACK_CC_ADDRESS            /* "jane@example.com", of which Slack knows
                                       whose it is */
} ngx_slack_cc_kind_e;


/* a person; both strings are not escaped */

typedef struct {
    ngx_slack_cc_kind_e       kind;
    ngx_str_t                 token;        /* of a kind, else empty */
    ngx_str_t                 name;         /* of any characters */
} ngx_slack_cc_t;


/*
 * Tells what a value is.  An address that is nobody's, such as one with
 * "noreply", is none.
 */

ngx_slack_cc_kind_e ngx_slack_cc_kind(ngx_str_t *value);


/*
 * Appends "before" and the places of all, of an array of ngx_slack_cc_t; names
 * are cut to "max" code points.  Leaves out who does not fit into "room" code
 * points.  Returns how many code points are shown at most; 0: nothing is
 * written.  Only this function runs in the thread of the text's pool.
 */

size_t ngx_slack_cc_append(ngx_slack_text_t *text, ngx_array_t *cc,
    const char *before, size_t max, size_t room);


/* a place in a stored message */

typedef struct {
    ngx_str_t                 token;        /* as ngx_slack_cc_t */
    ngx_str_t                 name;         /* as it is to be shown */
    u_char                   *start;
    u_char                   *end;
} ngx_slack_cc_place_t;


/*
 * Finds the next place from *pos on, which is moved behind it.  NGX_DONE:
 * there is none.
 */

ngx_int_t ngx_slack_cc_next(ngx_str_t *message, size_t *pos,
    ngx_slack_cc_place_t *place);


/* The number of places; finding none is fast. */

ngx_uint_t ngx_slack_cc_places(ngx_str_t *message);


/*
 * Whom a place notifies: writes at most NGX_SLACK_CC_ID bytes of the ID of a
 * member or a group and returns their number; 0: nobody, the name is shown.
 */

typedef size_t (*ngx_slack_cc_pt)(ngx_slack_cc_place_t *place, u_char *id,
    void *data);


/*
 * Copies a message with what "whom" decides in its places; NULL: names.
 * "copy" is in malloc()ed memory; the caller free()s copy->data.  NGX_OK or
 * NGX_ERROR: no memory, not logged.
 */

ngx_int_t ngx_slack_cc_resolve(ngx_str_t *message, ngx_slack_cc_pt whom,
    void *data, ngx_str_t *copy);


/* Writes "<@U…>" or "<!subteam^S…>"; returns its end.  Room: the ID and 16. */

u_char *ngx_slack_cc_mention(u_char *p, u_char *id, size_t len);


#endif /* _NGX_SLACK_CC_H_INCLUDED_ */
