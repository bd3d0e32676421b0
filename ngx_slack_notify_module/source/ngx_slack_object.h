
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What an event of a forge belongs to, as a string that no other object has:
 *
 *     merge_request gitlab.example.com 14 7
 *     confidential_issue gitlab.example.com:8443/git 14 3
 *     github pipeline github.com 555001
 *
 * The words are the sender, unless it is GitLab; what it is; where the forge
 * is; the number of the project, unless that of the object is the only one of
 * the forge; and that.  If one of them is not told, was cut or is none, there
 * is no string: two objects must never be taken for one.  For the senders'
 * files of source/.  Runs in the event loop.
 */


#ifndef _NGX_SLACK_OBJECT_H_INCLUDED_
#define _NGX_SLACK_OBJECT_H_INCLUDED_


#include <ngx_slack_event.h>


typedef struct {
    ngx_slack_event_t         *event;
    ngx_pool_t                *pool;
    ngx_str_t                  sender;    /* "github ", or empty */
    ngx_str_t                 *project;   /* its number */
} ngx_slack_object_t;


/*
 * Set "string" for the object with this number, or for a commit; of a
 * confidential event it is not that of others.  NGX_OK, even if "string" stays
 * empty; NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_object_number(ngx_slack_object_t *o, char *what,
    ngx_str_t *number, ngx_str_t *string);
ngx_int_t ngx_slack_object_commit(ngx_slack_object_t *o, ngx_str_t *sha,
    ngx_str_t *string);

/*
 * The same for a number that no other object of this sort has in all projects
 * of the forge.
 */

ngx_int_t ngx_slack_object_global(ngx_slack_object_t *o, char *what,
    ngx_str_t *number, ngx_str_t *string);

/*
 * The same for what only a page of the forge tells: "mark" stands before the
 * number in the path of the event's URL, and what follows is left out.
 */

ngx_int_t ngx_slack_object_page(ngx_slack_object_t *o, char *what, char *mark,
    ngx_str_t *string);


#endif /* _NGX_SLACK_OBJECT_H_INCLUDED_ */
