
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Reads one JSON object whose members are known, strictly, because an
 * operator's action must do exactly what is written there.  Payloads of
 * senders, of which most members do not matter, are read by ngx_slack_json.h.
 */


#ifndef _NGX_SLACK_JSON_MEMBERS_H_INCLUDED_
#define _NGX_SLACK_JSON_MEMBERS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_SLACK_JSON_MEMBER_TEXT = 0,          /* a string */
    NGX_SLACK_JSON_MEMBER_FLAG,              /* true or false */
    NGX_SLACK_JSON_MEMBER_NUMBERS            /* a list of numbers, each of
                                                which may be written as a
                                                string */
} ngx_slack_json_member_e;


/*
 * A member.  The caller sets name, type and max; an empty name ends the table.
 */

typedef struct {
    ngx_str_t                 name;
    ngx_uint_t                type;          /* ngx_slack_json_member_e */
    ngx_uint_t                max;           /* elements of a list */

    ngx_uint_t                found;         /* the object has it */
    ngx_str_t                 text;          /* in the pool */
    ngx_uint_t                flag;
    ngx_array_t              *list;          /* ngx_str_t: numbers as they were
                                                written; a string may hold any
                                                characters; not empty */
} ngx_slack_json_member_t;


/*
 * Reads the body, which must be exactly one object.  NGX_DECLINED: the body is
 * not JSON, a member is unknown, is repeated or has the wrong type, or a text
 * contains something that ngx_slack_shown() would replace; "error", in the
 * pool, says which, and may quote bytes of the body.  NGX_ERROR: no memory.
 * Nothing is logged.  Runs in any thread.
 */

ngx_int_t ngx_slack_json_members(ngx_str_t *body,
    ngx_slack_json_member_t *members, ngx_pool_t *pool, ngx_str_t *error);


#endif /* _NGX_SLACK_JSON_MEMBERS_H_INCLUDED_ */
