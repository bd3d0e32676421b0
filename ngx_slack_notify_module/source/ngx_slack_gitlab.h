
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * GitLab's payloads, shared by its files in source/.  Strings are captured
 * values, empty if the payload lacks them, in the request's pool.  Runs in the
 * event loop.
 */


#ifndef _NGX_SLACK_GITLAB_H_INCLUDED_
#define _NGX_SLACK_GITLAB_H_INCLUDED_


#include <ngx_slack_forge.h>
#include <ngx_slack_people.h>


/*
 * More than a merge request can have.  Limits the work of comparing them,
 * which is quadratic.
 */
#define NGX_SLACK_GITLAB_PEOPLE_MAX  1000


typedef struct {
    ngx_str_t                 id;
    ngx_str_t                 name;
    ngx_str_t                 stage;
    ngx_str_t                 status;
    ngx_str_t                 allowed;        /* "true": it may fail */
} ngx_slack_gitlab_job_t;


typedef struct {
    ngx_str_t                 name;
    ngx_str_t                 username;
    ngx_str_t                 again;          /* "true": a review is requested
                                                 again */
} ngx_slack_gitlab_person_t;


typedef struct {
    ngx_slack_event_t         event;

    ngx_str_t                 object_kind;
    ngx_str_t                 event_name;
    ngx_str_t                 event_type;
    ngx_str_t                 full_ref;

    ngx_str_t                 namespace;
    ngx_str_t                 project_name;

    ngx_str_t                 protected;
    ngx_str_t                 tag;
    ngx_str_t                 system;
    ngx_str_t                 draft;
    ngx_str_t                 draft_before;
    ngx_str_t                 draft_after;
    ngx_str_t                 title_before;
    ngx_str_t                 title_after;
    ngx_array_t               reviewers_before;
    ngx_array_t               reviewers_after;

    /* what an update changed */

    ngx_str_t                 commit_before;
    ngx_str_t                 text_before;
    ngx_str_t                 text_after;
    ngx_str_t                 target_before;
    ngx_str_t                 milestone_before;  /* numbers */
    ngx_str_t                 milestone_after;
    ngx_str_t                 auto_merge;
    ngx_array_t               labels_before;  /* ngx_str_t */
    ngx_array_t               labels_after;
    ngx_array_t               assignees_before;
    ngx_array_t               assignees_after;

    ngx_str_t                 project_id;
    ngx_str_t                 target_id;      /* project of merge_request */
    ngx_str_t                 issue_id;       /* in the whole instance */
    ngx_str_t                 deployment_id;

    ngx_str_t                 noteable;
    ngx_str_t                 commit_sha;
    ngx_str_t                 commit_title;
    ngx_str_t                 issue_iid;
    ngx_str_t                 issue_title;
    ngx_str_t                 request_iid;
    ngx_str_t                 request_title;
    ngx_str_t                 request_url;
    ngx_str_t                 request_project;   /* of its source branch */
    ngx_str_t                 snippet_id;
    ngx_str_t                 snippet_title;

    ngx_str_t                 emoji_on;       /* type of an emoji's object */
    ngx_str_t                 active;
    ngx_str_t                 allow_failure;

    ngx_str_t                 detailed_status;
    ngx_array_t               jobs;
    ngx_array_t               stages;         /* of cards only: ngx_str_t, in
                                                 their order */
    ngx_slack_told_people_t   people;
} ngx_slack_gitlab_t;


#define GL_PUSH        ngx_slack_kind_bit(NGX_SLACK_EVENT_PUSH)
#define GL_TAG_PUSH    ngx_slack_kind_bit(NGX_SLACK_EVENT_TAG_PUSH)
#define GL_ISSUE       (ngx_slack_kind_bit(NGX_SLACK_EVENT_ISSUE)             \
                        | ngx_slack_kind_bit(                                 \
                                       NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE))
#define GL_REQUEST     ngx_slack_kind_bit(NGX_SLACK_EVENT_MERGE_REQUEST)
#define GL_NOTE        (ngx_slack_kind_bit(NGX_SLACK_EVENT_NOTE)              \
                        | ngx_slack_kind_bit(                                 \
                                       NGX_SLACK_EVENT_CONFIDENTIAL_NOTE))
#define GL_PIPELINE    ngx_slack_kind_bit(NGX_SLACK_EVENT_PIPELINE)
#define GL_WIKI_PAGE   ngx_slack_kind_bit(NGX_SLACK_EVENT_WIKI_PAGE)
#define GL_DEPLOYMENT  ngx_slack_kind_bit(NGX_SLACK_EVENT_DEPLOYMENT)
#define GL_ALERT       ngx_slack_kind_bit(NGX_SLACK_EVENT_ALERT)
#define GL_RELEASE     ngx_slack_kind_bit(NGX_SLACK_EVENT_RELEASE)
#define GL_JOB         ngx_slack_kind_bit(NGX_SLACK_EVENT_JOB)
#define GL_MILESTONE   ngx_slack_kind_bit(NGX_SLACK_EVENT_MILESTONE)
#define GL_FLAG        ngx_slack_kind_bit(NGX_SLACK_EVENT_FEATURE_FLAG)
#define GL_EMOJI       ngx_slack_kind_bit(NGX_SLACK_EVENT_EMOJI)
#define GL_MEMBER      ngx_slack_kind_bit(NGX_SLACK_EVENT_MEMBER)
#define GL_SUBGROUP    ngx_slack_kind_bit(NGX_SLACK_EVENT_SUBGROUP)
#define GL_PROJECT     ngx_slack_kind_bit(NGX_SLACK_EVENT_PROJECT)
#define GL_VULNERABILITY ngx_slack_kind_bit(NGX_SLACK_EVENT_VULNERABILITY)
#define GL_TOKEN       ngx_slack_kind_bit(NGX_SLACK_EVENT_ACCESS_TOKEN)
#define GL_OBJECT      (GL_ISSUE|GL_REQUEST|GL_WIKI_PAGE|GL_ALERT)
#define GL_PUSHES      (GL_PUSH|GL_TAG_PUSH)
#define GL_IN_PROJECT  (GL_PUSH|GL_ISSUE|GL_REQUEST|GL_NOTE|GL_EMOJI          \
                        |GL_PIPELINE|GL_JOB)
#define GL_ALL         NGX_SLACK_KINDS_ALL

#define GL_EVENT(member)  offsetof(ngx_slack_event_t, member)
#define GL_OWN(member)    offsetof(ngx_slack_gitlab_t, member)


#define ngx_slack_gitlab_url(g, pool, url, path, tail)                        \
    ngx_slack_forge_url(&(g)->event, pool, url, path, tail)


/*
 * the tables of fields, the second one of cards, the third one of people; an
 * empty path ends each
 */

extern ngx_slack_field_t  ngx_slack_gitlab_fields[];
extern ngx_slack_field_t  ngx_slack_gitlab_card_fields[];
extern ngx_slack_field_t  ngx_slack_gitlab_people_fields[];


/*
 * Complete an event of the kind, after its fields were filled, with what the
 * payload implies.  NGX_OK or NGX_ERROR: no memory.
 */

ngx_int_t ngx_slack_gitlab_issue(ngx_slack_gitlab_t *g, ngx_pool_t *pool);
ngx_int_t ngx_slack_gitlab_request(ngx_slack_gitlab_t *g, ngx_pool_t *pool);
ngx_int_t ngx_slack_gitlab_note(ngx_slack_gitlab_t *g, ngx_pool_t *pool);
ngx_int_t ngx_slack_gitlab_pipeline(ngx_slack_gitlab_t *g, ngx_pool_t *pool);
ngx_int_t ngx_slack_gitlab_release(ngx_slack_gitlab_t *g, ngx_pool_t *pool);
ngx_int_t ngx_slack_gitlab_job(ngx_slack_gitlab_t *g, ngx_pool_t *pool);
ngx_int_t ngx_slack_gitlab_milestone(ngx_slack_gitlab_t *g, ngx_pool_t *pool);
ngx_int_t ngx_slack_gitlab_feature_flag(ngx_slack_gitlab_t *g,
    ngx_pool_t *pool);
void ngx_slack_gitlab_member(ngx_slack_gitlab_t *g);
void ngx_slack_gitlab_vulnerability(ngx_slack_gitlab_t *g);
ngx_int_t ngx_slack_gitlab_access_token(ngx_slack_gitlab_t *g,
    ngx_pool_t *pool);


/* sets what an update changed besides the reviewers */

ngx_int_t ngx_slack_gitlab_edits(ngx_slack_gitlab_t *g, ngx_pool_t *pool);


/* sets the merge request that a pipeline or a job was run for */

ngx_int_t ngx_slack_gitlab_run_for(ngx_slack_gitlab_t *g, ngx_pool_t *pool);


ngx_int_t ngx_slack_gitlab_emoji(ngx_slack_gitlab_t *g, ngx_pool_t *pool);


/* sets type, target and title of the object of a note or an emoji */

ngx_int_t ngx_slack_gitlab_noteable(ngx_slack_gitlab_t *g, ngx_pool_t *pool);


/* sets how the object of a complete event stands */

ngx_int_t ngx_slack_gitlab_stand(ngx_slack_event_t *event, ngx_pool_t *pool);


/* sets whom a complete event concerns */

ngx_int_t ngx_slack_gitlab_people(ngx_slack_event_t *event, ngx_pool_t *pool);


/* sets what a complete event belongs to */

ngx_int_t ngx_slack_gitlab_object(ngx_slack_event_t *event, ngx_pool_t *pool);


#endif /* _NGX_SLACK_GITLAB_H_INCLUDED_ */
