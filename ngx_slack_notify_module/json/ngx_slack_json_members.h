
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * One JSON object whose members are known, read strictly: what somebody asks
 * for by it must not become more than what is written there.  Payloads of
 * senders, of which most members do not matter, are read by ngx_slack_json.h.
 */


#ifndef _NGX_SLACK_JSON_MEMBERS_H_INCLUDED_
#define _NGX_SLACK_JSON_MEMBERS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_SLACK_JSON_MEMBER_TEXT = 0,          /* a string */
    NGX_SLACK_JSON_MEMBER_FLAG,              /* true or false */
    NGX_SLACK_JSON_MEMBER_NUMBERS            /* a list of numbers, each may be
                                                written as a string */
} ngx_slack_json_member_e;


/* a table of them ends with an empty name; name, type and max are given */

typedef struct {
    ngx_str_t                 name;
    ngx_uint_t                type;          /* ngx_slack_json_member_e */
    ngx_uint_t                max;           /* elements of a list */

    ngx_uint_t                found;         /* it was there */
    ngx_str_t                 text;          /* in the pool */
    ngx_uint_t                flag;
    ngx_array_t              *list;          /* ngx_str_t: numbers as they were
                                                written, of any characters;
                                                not empty */
} ngx_slack_json_member_t;


/*
 * Reads the body, which must be one object and nothing else.  NGX_DECLINED:
 * "error", in the pool, says what is wrong and may quote bytes of the body: it
 * is no JSON, or a member is unknown, is given twice, has another type than
 * its own, or a text that is not as it may be shown (see
 * ngx_slack_shown()).  NGX_ERROR: no memory.  For any thread.
 */

ngx_int_t ngx_slack_json_members(ngx_str_t *body,
    ngx_slack_json_member_t *members, ngx_pool_t *pool, ngx_str_t *error);


#endif /* _NGX_SLACK_JSON_MEMBERS_H_INCLUDED_ */
