
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Payloads structured like GitHub's, which Gitea, Forgejo and Gogs adopted.  A
 * sender with such payloads is a table of its events and a table of its own
 * fields.  Strings are captured values, empty if the payload lacks them, in
 * the request's pool.  Runs in the event loop.
 */


#ifndef _NGX_SLACK_HUB_H_INCLUDED_
#define _NGX_SLACK_HUB_H_INCLUDED_


#include <ngx_slack_forge.h>
#include <ngx_slack_people.h>


typedef struct ngx_slack_hub_s  ngx_slack_hub_t;


/*
 * Completes an event, after all fields were filled, with what the payload
 * implies.  NGX_OK; NGX_DECLINED with a reason: the event is never announced;
 * NGX_ERROR: no memory.
 */

typedef ngx_int_t (*ngx_slack_hub_handler_pt)(ngx_slack_hub_t *h,
    ngx_pool_t *pool, ngx_str_t *reason);


typedef struct {
    ngx_str_t                  name;          /* in the header */
    ngx_uint_t                 kinds;         /* that may have this name */
    ngx_uint_t                 kind;          /* default */
    ngx_slack_hub_handler_pt   handler;
} ngx_slack_hub_event_t;


typedef struct {
    ngx_str_t                  sender;        /* of objects, see
                                                 ngx_slack_object.h */
    ngx_slack_hub_event_t     *events;        /* an empty name ends it */
    char                      *branch;        /* paths below the project's URL,
                                                 before the name of a branch or
                                                 tag */
    char                      *tag;
    char                      *pull;          /* the same of a pull request,
                                                 before its number */
} ngx_slack_hub_site_t;


struct ngx_slack_hub_s {
    ngx_slack_event_t          event;

    ngx_slack_hub_site_t      *site;
    ngx_slack_hub_event_t     *row;

    ngx_str_t                  action;        /* the sender's word */
    ngx_str_t                  full_ref;
    ngx_str_t                  ref_type;
    ngx_str_t                  forced;

    ngx_str_t                  draft;
    ngx_str_t                  merged;
    ngx_str_t                  title_before;
    ngx_str_t                  text_before;
    ngx_str_t                  target_before;
    ngx_str_t                  reviewer;
    ngx_str_t                  label;         /* that was added or removed */
    ngx_str_t                  assignee;      /* likewise */
    ngx_str_t                  milestone;
    ngx_str_t                  cause;         /* of leaving a merge queue */

    ngx_str_t                  review;        /* its result */
    ngx_str_t                  pull;          /* not empty: the object is a
                                                 pull request */
    ngx_str_t                  commit_sha;

    ngx_str_t                  status;        /* of a run or deployment */
    ngx_str_t                  conclusion;
    time_t                     started;
    ngx_str_t                  head_project;  /* project of the branch */
    ngx_str_t                  head_url;
    ngx_str_t                  app;

    ngx_str_t                  prerelease;
    ngx_array_t                assets;        /* ngx_str_t */

    ngx_str_t                  private;       /* project: "true", "false" */

    ngx_str_t                  page_action;   /* the action of a wiki page */

    ngx_str_t                  project_id;
    ngx_str_t                  run_id;
    ngx_str_t                  suite_id;
    ngx_str_t                  deployment_id;
    ngx_str_t                  pull_state;    /* of a pull request, also if its
                                                 review is the event */
    ngx_array_t                pulls;         /* ngx_str_t, numbers of pull
                                                 requests of a run */
    ngx_array_t                pull_projects; /* ngx_str_t, their projects */

    ngx_str_t                  merged_at;     /* these of cards only */
    ngx_array_t                teams;         /* ngx_str_t, asked to review */
    ngx_slack_told_people_t    people;
};


#define HUB_PUSH        ngx_slack_kind_bit(NGX_SLACK_EVENT_PUSH)
#define HUB_TAG_PUSH    ngx_slack_kind_bit(NGX_SLACK_EVENT_TAG_PUSH)
#define HUB_PUSHES      (HUB_PUSH|HUB_TAG_PUSH)
#define HUB_ISSUE       ngx_slack_kind_bit(NGX_SLACK_EVENT_ISSUE)
#define HUB_REQUEST     ngx_slack_kind_bit(NGX_SLACK_EVENT_MERGE_REQUEST)
#define HUB_NOTE        ngx_slack_kind_bit(NGX_SLACK_EVENT_NOTE)
#define HUB_PIPELINE    ngx_slack_kind_bit(NGX_SLACK_EVENT_PIPELINE)
#define HUB_WIKI_PAGE   ngx_slack_kind_bit(NGX_SLACK_EVENT_WIKI_PAGE)
#define HUB_DEPLOYMENT  ngx_slack_kind_bit(NGX_SLACK_EVENT_DEPLOYMENT)
#define HUB_RELEASE     ngx_slack_kind_bit(NGX_SLACK_EVENT_RELEASE)
#define HUB_IN_PROJECT  (HUB_PUSH|HUB_ISSUE|HUB_REQUEST|HUB_NOTE)
#define HUB_ALL         NGX_SLACK_KINDS_ALL


/* rows of a table of fields, whose targets are members of ngx_slack_hub_t */

#define ngx_slack_hub_field(kinds, path, member, type)                        \
    { kinds, ngx_string(path), offsetof(ngx_slack_hub_t, member),             \
      NGX_SLACK_FIELD_##type, 0 }

/* fields that are subjects of filters, NGX_SLACK_SUBJECT_... */

#define ngx_slack_hub_subject(kinds, path, member, type, subject)             \
    { kinds, ngx_string(path), offsetof(ngx_slack_hub_t, member),             \
      NGX_SLACK_FIELD_##type, NGX_SLACK_SUBJECT_##subject }

#define ngx_slack_hub_rows(kinds, path, array, type, member)                  \
    { kinds, ngx_string(path), offsetof(ngx_slack_hub_t, array),              \
      NGX_SLACK_FIELD_ROWS, offsetof(type, member) }

#define ngx_slack_hub_stamp(kinds, path)                                      \
    ngx_slack_hub_field(kinds, path, event.stamp, STAMP)

#define ngx_slack_hub_row_lines(kinds, path, array, type, member)             \
    { kinds, ngx_string(path), offsetof(ngx_slack_hub_t, array),              \
      NGX_SLACK_FIELD_ROW_LINES, offsetof(type, member) }


/*
 * the fields that all senders share, the second table for cards, the third one
 * of people; the arrays of all fields
 */

extern ngx_slack_field_t  ngx_slack_hub_fields[];
extern ngx_slack_field_t  ngx_slack_hub_card_fields[];
extern ngx_slack_field_t  ngx_slack_hub_people_fields[];
extern ngx_slack_rows_t   ngx_slack_hub_arrays[];


/*
 * A sender's functions kinds(), identify() and complete() call these; the last
 * one is object() of all of them.
 */

ngx_uint_t ngx_slack_hub_kinds(ngx_slack_hub_site_t *site, ngx_str_t *header);
void ngx_slack_hub_identify(ngx_slack_hub_t *h, ngx_slack_hub_site_t *site,
    ngx_str_t *header, ngx_str_t *reason);
ngx_int_t ngx_slack_hub_complete(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_str_t *reason);
ngx_int_t ngx_slack_hub_stand(ngx_slack_event_t *event, ngx_pool_t *pool);
ngx_int_t ngx_slack_hub_people(ngx_slack_event_t *event, ngx_pool_t *pool);
ngx_int_t ngx_slack_hub_object(ngx_slack_event_t *event, ngx_pool_t *pool);


/* Handlers.  "created" and "deleted" are about a ref. */

ngx_int_t ngx_slack_hub_push(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason);
ngx_int_t ngx_slack_hub_created(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason);
ngx_int_t ngx_slack_hub_deleted(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason);
ngx_int_t ngx_slack_hub_issue(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason);
ngx_int_t ngx_slack_hub_request(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason);
ngx_int_t ngx_slack_hub_review(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason);
ngx_int_t ngx_slack_hub_note(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason);
ngx_int_t ngx_slack_hub_run(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason);
ngx_int_t ngx_slack_hub_release(ngx_slack_hub_t *h, ngx_pool_t *pool,
    ngx_str_t *reason);


/* sets what an update of an issue or a pull request changed */

ngx_int_t ngx_slack_hub_edits(ngx_slack_hub_t *h, ngx_pool_t *pool);


/*
 * Returns our action for the sender's, a static string; NULL: there is none.
 */

ngx_str_t *ngx_slack_hub_action(ngx_str_t *name);


/*
 * Returns our status of a run or a deployment for the sender's, a static
 * string; if there is none, "name" itself.
 */

ngx_str_t *ngx_slack_hub_status(ngx_str_t *name);


#endif /* _NGX_SLACK_HUB_H_INCLUDED_ */
