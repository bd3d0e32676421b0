
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The normalised event: what a sender told us, in the field's terms and
 * without the sender's shapes.  A sender (source/ngx_slack_source_*.c) fills
 * it, filters (route/) and formatters (message/) read it.
 *
 * All strings are valid UTF-8 without NUL and other control characters
 * (except LF and TAB), not escaped for Slack, and live in the request's pool.
 * An empty string (len 0) means the sender did not tell.  URLs are as the
 * sender wrote or as the sender's file built them; refs in built ones are
 * percent-encoded.
 */


#ifndef _NGX_SLACK_EVENT_H_INCLUDED_
#define _NGX_SLACK_EVENT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_SLACK_EVENT_UNKNOWN = 0,
    NGX_SLACK_EVENT_PUSH,
    NGX_SLACK_EVENT_TAG_PUSH,
    NGX_SLACK_EVENT_ISSUE,
    NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE,
    NGX_SLACK_EVENT_MERGE_REQUEST,
    NGX_SLACK_EVENT_NOTE,
    NGX_SLACK_EVENT_CONFIDENTIAL_NOTE,
    NGX_SLACK_EVENT_PIPELINE,
    NGX_SLACK_EVENT_WIKI_PAGE,
    NGX_SLACK_EVENT_DEPLOYMENT,
    NGX_SLACK_EVENT_ALERT,
    NGX_SLACK_EVENT_RELEASE,
    NGX_SLACK_EVENT_JOB,
    NGX_SLACK_EVENT_MILESTONE,
    NGX_SLACK_EVENT_FEATURE_FLAG,
    NGX_SLACK_EVENT_EMOJI,
    NGX_SLACK_EVENT_MEMBER,
    NGX_SLACK_EVENT_SUBGROUP,
    NGX_SLACK_EVENT_PROJECT,
    NGX_SLACK_EVENT_VULNERABILITY,
    NGX_SLACK_EVENT_ACCESS_TOKEN,
    NGX_SLACK_EVENT_MAX
} ngx_slack_event_kind_e;


/* a flag the sender may not have told */

#define NGX_SLACK_NO       0
#define NGX_SLACK_YES      1
#define NGX_SLACK_UNKNOWN  2


typedef struct {
    ngx_str_t                 id;             /* full sha */
    ngx_str_t                 title;          /* first line */
    ngx_str_t                 url;
    ngx_str_t                 author;         /* name */
} ngx_slack_commit_t;


typedef struct {
    ngx_str_t                 name;
    ngx_str_t                 stage;
    ngx_str_t                 url;
} ngx_slack_job_t;


/* a name and its value, a title and its URL */

typedef struct {
    ngx_str_t                 name;
    ngx_str_t                 value;
} ngx_slack_pair_t;


/* one of several that come as one event */

typedef struct {
    ngx_str_t                 name;
    ngx_str_t                 text;           /* first line */
    ngx_str_t                 url;
    unsigned                  resolved:1;
} ngx_slack_alert_t;


/* something that lasts, and in which state this event has it */

typedef struct {
    ngx_str_t                 key;
    ngx_str_t                 state;
} ngx_slack_identity_t;


/* how severe it is, for the eye */

typedef enum {
    NGX_SLACK_SEVERITY_UNKNOWN = 0,
    NGX_SLACK_SEVERITY_INFO,
    NGX_SLACK_SEVERITY_WARNING,
    NGX_SLACK_SEVERITY_CRITICAL
} ngx_slack_severity_e;


/*
 * What filters look at, a bit each.  A value that cannot be read as a whole is
 * none: half of a name is another name.
 */

#define NGX_SLACK_SUBJECT_USER     0x01
#define NGX_SLACK_SUBJECT_PROJECT  0x02
#define NGX_SLACK_SUBJECT_REF      0x04
#define NGX_SLACK_SUBJECT_TARGET   0x08       /* branch */
#define NGX_SLACK_SUBJECT_LABELS   0x10
#define NGX_SLACK_SUBJECT_FILES    0x20


typedef struct {
    ngx_uint_t                kind;           /* ngx_slack_event_kind_e */
    ngx_str_t                 action;         /* of the kinds table, or the
                                                 sender's own name for it;
                                                 empty: not told */

    ngx_uint_t                more;           /* events of the same request
                                                 that are left out after this
                                                 one */

    ngx_uint_t                confidential;   /* the sender marks it so */

    ngx_uint_t                told;           /* NGX_SLACK_SUBJECT_...: the
                                                 sender spoke of it, or it
                                                 has none; it may be empty */
    ngx_uint_t                unread;         /* too long, too many, of a
                                                 wrong type: not all of it is
                                                 known */

    ngx_str_t                 project;        /* acme/rocket */
    ngx_str_t                 project_name;   /* Acme / Rocket */
    ngx_str_t                 project_url;
    ngx_str_t                 project_avatar;
    ngx_str_t                 default_branch;

    ngx_str_t                 user;           /* username (login) */
    ngx_str_t                 user_name;      /* display name */
    ngx_str_t                 user_url;
    ngx_str_t                 user_avatar;

    ngx_str_t                 title;          /* of the object: first line */
    ngx_str_t                 url;            /* of the object */
    ngx_str_t                 text;           /* description, note, message */
    ngx_str_t                 state;          /* opened, merged, running …;
                                                 emoji: "comment" if it is on
                                                 one; member: the role; note:
                                                 "changes_requested", or none;
                                                 project: who may see it */
    ngx_str_t                 number;         /* iid or id, digits */
    time_t                    time;           /* of the event, 0: not told */

    ngx_array_t               labels;         /* ngx_str_t; nelts 0: none */

    /* what branch filters look at; tags are no branches */

    ngx_str_t                 ref;            /* short name, branch or tag */
    ngx_str_t                 ref_url;
    ngx_str_t                 target_branch;  /* merge request, note on one */
    ngx_str_t                 source_branch;
    unsigned                  tag:1;          /* ref is a tag */
    unsigned                  protected:2;    /* NGX_SLACK_NO|YES|UNKNOWN */

    /* push, tag push, wiki page */

    unsigned                  created:1;      /* the ref is new */
    unsigned                  removed:1;      /* the ref is gone */
    ngx_str_t                 before;
    ngx_str_t                 after;
    ngx_str_t                 compare_url;    /* also wiki page */
    ngx_array_t               commits;        /* ngx_slack_commit_t */
    ngx_uint_t                total_commits;  /* >= commits.nelts */
    ngx_array_t               files;          /* ngx_str_t, if asked for */

    /* issue, merge request, note */

    ngx_str_t                 type;           /* Issue, Incident, Task …;
                                                 merge request: empty, or what
                                                 its sender calls it, and its
                                                 number begins with "#";
                                                 note: what it is on, for
                                                 example "merge request",
                                                 emoji too;
                                                 member: group or project;
                                                 vulnerability: its finder;
                                                 release: empty, or what
                                                 it is, "Pre-release" */
    ngx_str_t                 target;         /* note, emoji: "!7", "#17",
                                                 "$53", 8 characters of a sha;
                                                 job: number of its pipeline;
                                                 project: its former path */
    unsigned                  draft:1;
    unsigned                  system:1;       /* done by the sender itself */
    ngx_array_t               reviewers;      /* ngx_str_t, asked to review */
    ngx_array_t               unreviewers;    /* ngx_str_t, removed */

    /* pipeline, job */

    ngx_str_t                 name;           /* pipeline's, environment's,
                                                 job's, emoji's; of a file */
    unsigned                  warnings:1;     /* passed with warnings */
    ngx_uint_t                duration;       /* seconds */
    ngx_str_t                 change;         /* broken fixed still_failing
                                                 success */
    ngx_array_t               stages;         /* ngx_str_t, failed ones */
    ngx_array_t               jobs;           /* ngx_slack_job_t, failed */
    ngx_str_t                 jobs_url;       /* where all of them are */
    ngx_str_t                 series;         /* of which it is the newest on
                                                 its ref; empty: there is one
                                                 only */

    /* milestone, member, access token */

    ngx_str_t                 until;          /* a date, as it is written */

    /* pipeline, deployment, job */

    ngx_str_t                 commit_id;      /* deployment: short sha */
    ngx_str_t                 commit_title;
    ngx_str_t                 commit_url;
    ngx_str_t                 job;            /* deployment: number of job */
    ngx_str_t                 job_url;

    /* alert; severity also vulnerability; count also release: of assets */

    ngx_str_t                 severity;
    ngx_str_t                 count;          /* how many times it occurred */
    ngx_str_t                 started;        /* as the sender wrote it */
    ngx_str_t                 ended;
    ngx_uint_t                level;          /* ngx_slack_severity_e */
    ngx_uint_t                firing;         /* how many; 0 and 0: the sender
                                                 does not count */
    ngx_uint_t                resolved;
    ngx_uint_t                truncated;      /* more, not told which */
    ngx_array_t               alerts;         /* ngx_slack_alert_t, firing
                                                 ones first; of several */
    ngx_array_t               facts;          /* ngx_slack_pair_t */
    ngx_array_t               links;          /* ngx_slack_pair_t */

    /*
     * if the state of none of them is another than the remembered one, the
     * event is a repetition; none: it never is one
     */
    ngx_array_t               identities;     /* ngx_slack_identity_t */
} ngx_slack_event_t;


/*
 * One row per kind.  "actions" are those a configuration may name,
 * "announced" those a route takes that names none (GitLab's own service;
 * NULL: all).  An event without action is announced, unless others than the
 * known ones are taken verbatim.
 */

typedef struct {
    ngx_uint_t                kind;
    ngx_str_t                 name;           /* in the configuration */
    ngx_str_t                *actions;        /* known ones, ends with len 0 */
    ngx_str_t                *announced;      /* ends with len 0 */
    unsigned                  confidential:1;
    unsigned                  open_actions:1; /* others are taken verbatim */
    unsigned                  branches:1;     /* branch filters apply to ref */
    unsigned                  target:1;       /* branch patterns apply to
                                                 target_branch */
    unsigned                  labels:1;       /* label filters apply */
    unsigned                  unlabelled:1;   /* but not to one with none */
    unsigned                  optional:1;     /* taken by routes that name it,
                                                 not by default or "all" */
    unsigned                  actor:2;        /* NGX_SLACK_YES: somebody did
                                                 it; NGX_SLACK_NO: nobody;
                                                 NGX_SLACK_UNKNOWN: nobody if
                                                 the sender says null */
    unsigned                  project:1;      /* it is in one */
} ngx_slack_kind_t;


/* by ngx_slack_event_kind_e */

extern const ngx_slack_kind_t  ngx_slack_kinds[];


/*
 * the row of a name such as "merge_request", or of an alias such as
 * "pull_request"; NULL: there is none
 */

const ngx_slack_kind_t *ngx_slack_kind_find(ngx_str_t *name);


/* NGX_OK if a route without actions announces the event's action */

ngx_int_t ngx_slack_kind_announced(const ngx_slack_kind_t *kind,
    ngx_str_t *action);


#endif /* _NGX_SLACK_EVENT_H_INCLUDED_ */
