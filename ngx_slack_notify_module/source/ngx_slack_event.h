
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The normalised event: what a sender tells, in common terms and without the
 * structure of the sender's payload.  A sender (source/) fills it, filters
 * (route/) and formatters (message/) read it.
 *
 * All strings are valid UTF-8 without control characters (except LF and TAB),
 * not escaped for Slack, and in the request's pool.  An empty string (len 0)
 * means that the sender did not tell.  URLs are the sender's or were built
 * from its data; refs in built URLs are percent-encoded.
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


/* a flag; UNKNOWN: the sender did not tell */

#define NGX_SLACK_NO       0
#define NGX_SLACK_YES      1
#define NGX_SLACK_UNKNOWN  2


typedef struct {
    ngx_str_t                 id;             /* full SHA */
    ngx_str_t                 title;          /* first line */
    ngx_str_t                 url;
    ngx_str_t                 author;         /* name */
    ngx_str_t                 distinct;       /* "false": another branch has it
                                                 already; the sender's own */
} ngx_slack_commit_t;


typedef struct {
    ngx_str_t                 name;
    ngx_str_t                 stage;
    ngx_str_t                 url;
    unsigned                  allowed:1;      /* it may fail, and the pipeline
                                                 passes nevertheless */
} ngx_slack_job_t;


/* What an update changed.  Messages tell it in this order. */

typedef enum {
    NGX_SLACK_EDIT_COMMITS = 0,             /* there are new commits */
    NGX_SLACK_EDIT_TITLE,                   /* name: the former title */
    NGX_SLACK_EDIT_TEXT,                    /* the description */
    NGX_SLACK_EDIT_TARGET,                  /* name: the former target
                                                 branch */
    NGX_SLACK_EDIT_DRAFT,                   /* it is a draft now */
    NGX_SLACK_EDIT_LABEL,                   /* name: a label it has now */
    NGX_SLACK_EDIT_NO_LABEL,
    NGX_SLACK_EDIT_ASSIGNEE,                /* name: a person */
    NGX_SLACK_EDIT_NO_ASSIGNEE,
    NGX_SLACK_EDIT_MILESTONE,               /* name: the milestone */
    NGX_SLACK_EDIT_NO_MILESTONE,
    NGX_SLACK_EDIT_AUTO_MERGE,
    NGX_SLACK_EDIT_NO_AUTO_MERGE,           /* name: the reason */
    NGX_SLACK_EDIT_QUEUE,                   /* it waits in a merge queue */
    NGX_SLACK_EDIT_NO_QUEUE,                /* name: the reason */
    NGX_SLACK_EDIT_LOCK,                    /* of comments */
    NGX_SLACK_EDIT_NO_LOCK,
    NGX_SLACK_EDIT_PIN,
    NGX_SLACK_EDIT_NO_PIN,
    NGX_SLACK_EDIT_MAX
} ngx_slack_edit_e;


typedef struct {
    ngx_uint_t                what;           /* ngx_slack_edit_e */
    ngx_str_t                 name;           /* empty: the sender does not
                                                 tell */
} ngx_slack_edit_t;


/* a name and its value, or a title and its URL */

typedef struct {
    ngx_str_t                 name;
    ngx_str_t                 value;
} ngx_slack_pair_t;


/* one of several alerts of an event */

typedef struct {
    ngx_str_t                 name;
    ngx_str_t                 text;           /* first line */
    ngx_str_t                 url;
    unsigned                  resolved:1;
} ngx_slack_alert_t;


/* something with a state, such as an alert, and the state in this event */

typedef struct {
    ngx_str_t                 key;
    ngx_str_t                 state;
    int64_t                   since;          /* when it began: of an alert
                                                 that has ended, the alert; ms
                                                 since the epoch, 0: not
                                                 told */
} ngx_slack_identity_t;


/* severity, as messages show it */

typedef enum {
    NGX_SLACK_SEVERITY_UNKNOWN = 0,
    NGX_SLACK_SEVERITY_INFO,
    NGX_SLACK_SEVERITY_WARNING,
    NGX_SLACK_SEVERITY_CRITICAL
} ngx_slack_severity_e;


/* how an event belongs to its object, see ngx_slack_event_t.object */

typedef enum {
    NGX_SLACK_OBJECT_NONE = 0,                /* it has no object */
    NGX_SLACK_OBJECT_START,                   /* it begins the object anew: a
                                                 push */
    NGX_SLACK_OBJECT_WHOLE,                   /* it tells how the whole object
                                                 stands */
    NGX_SLACK_OBJECT_PART                     /* it tells of a part of it: a
                                                 note, a job, an emoji */
} ngx_slack_object_e;


/* What a person is to the event's object, a bit each. */

#define NGX_SLACK_PERSON_ASSIGNEE   0x01
#define NGX_SLACK_PERSON_REVIEWER   0x02
#define NGX_SLACK_PERSON_AUTHOR     0x04      /* of the object; of a pipeline
                                                 who has started it */
#define NGX_SLACK_PERSON_COMMITTER  0x08      /* the author of a commit; git
                                                 lets anybody write any */
#define NGX_SLACK_PERSON_MENTIONED  0x10      /* as "@name" in the text */


/* Only what the sender tells: of somebody mentioned only the username. */

typedef struct {
    ngx_uint_t                roles;          /* NGX_SLACK_PERSON_... */
    ngx_str_t                 username;
    ngx_str_t                 name;
    ngx_str_t                 email;          /* as told, perhaps none at all,
                                                 such as "[REDACTED]" */
} ngx_slack_person_t;


/*
 * How the object of an event stands, beyond what the event itself tells; read
 * only if cards are wanted, NGX_SLACK_WANT_CARDS.
 */

typedef struct {
    ngx_str_t                 state;          /* of an issue or merge request:
                                                 "opened", "closed", "merged",
                                                 or the sender's word */
    ngx_str_t                 source;         /* project of a merge request's
                                                 source branch */
    ngx_array_t               assignees;      /* ngx_str_t, names */
    ngx_array_t               reviewers;      /* ngx_str_t, names; all that are
                                                 asked, not only new ones */
    ngx_str_t                 milestone;      /* its title */
    ngx_str_t                 milestone_url;

    ngx_array_t               stages;         /* ngx_slack_pair_t: a pipeline's
                                                 stages in their order, and the
                                                 status of each */
    ngx_str_t                 silence;        /* URL of the form that silences
                                                 what fires */
} ngx_slack_stand_t;


/*
 * The subjects of filters, and what identifies the object, a bit each.  A
 * value that was cut is not used at all, because half of a name is another
 * name.
 */

#define NGX_SLACK_SUBJECT_USER     0x01
#define NGX_SLACK_SUBJECT_PROJECT  0x02
#define NGX_SLACK_SUBJECT_REF      0x04
#define NGX_SLACK_SUBJECT_TARGET   0x08       /* target branch */
#define NGX_SLACK_SUBJECT_LABELS   0x10
#define NGX_SLACK_SUBJECT_FILES    0x20
#define NGX_SLACK_SUBJECT_OBJECT   0x40       /* of no filter */


typedef struct {
    ngx_uint_t                kind;           /* ngx_slack_event_kind_e */
    ngx_str_t                 action;         /* as in the kinds table, or the
                                                 sender's own word; empty: not
                                                 told */

    unsigned                  expected:1;     /* actions that are "expected" of
                                                 the kind are announced, too */

    ngx_uint_t                more;           /* events of the same request
                                                 after this one that are left
                                                 out */

    ngx_uint_t                confidential;   /* the sender marks it as such */

    /*
     * What the event belongs to, for threads: the same object of the same
     * sender has the same string in all its events, for example "merge_request
     * gitlab.example.com 14 7", with the numeric project id and the iid or id.
     * Two hosts never share an object, and a confidential event never shares
     * one with an event that is not.  An alert's has no host, because the
     * hosts of a cluster send the same alerts, and may be long.  Empty, and
     * "belongs" is NONE: it belongs to nothing, or the payload does not tell
     * all that the string is made of.  See ngx_slack_object.h.
     */
    ngx_str_t                 object;
    ngx_slack_object_e        belongs;
    ngx_str_t                 parent;         /* of a pipeline or job: the
                                                 object that it was run for,
                                                 a merge request; or empty */
    int64_t                   stamp;          /* of a WHOLE: the newest time
                                                 that the payload tells of the
                                                 object, of a pipeline also of
                                                 its jobs; ms since the epoch,
                                                 0: not told */
    unsigned                  final:1;        /* the object has an end: closed,
                                                 merged, finished, resolved */

    ngx_uint_t                told;           /* NGX_SLACK_SUBJECT_...: the
                                                 sender told it, even if
                                                 empty, or the object cannot
                                                 have it */
    ngx_uint_t                unread;         /* NGX_SLACK_SUBJECT_...: not
                                                 read completely, because it is
                                                 too long, has too many values
                                                 or a wrong type */

    ngx_str_t                 project;        /* acme/rocket */
    ngx_str_t                 project_name;   /* Acme / Rocket */
    ngx_str_t                 project_url;
    ngx_str_t                 project_avatar;
    ngx_str_t                 default_branch;

    ngx_str_t                 user;           /* username (login) */
    ngx_str_t                 user_name;      /* display name */
    ngx_str_t                 user_url;
    ngx_str_t                 user_avatar;

    ngx_str_t                 title;          /* of the object, first line */
    ngx_str_t                 url;            /* of the object */
    ngx_str_t                 text;           /* description, note, message,
                                                 what the sender says of a
                                                 deployment */
    ngx_str_t                 state;          /* opened, merged, running …;
                                                 emoji: "comment" if it is on
                                                 one; member: the role; note:
                                                 "changes_requested", or empty;
                                                 project: its visibility */
    ngx_str_t                 number;         /* IID or ID, digits */
    time_t                    time;           /* seconds; 0: not told */

    ngx_array_t               labels;         /* ngx_str_t; nelts 0: none */

    /* for branch filters; tags are not branches */

    ngx_str_t                 ref;            /* short name, branch or tag */
    ngx_str_t                 ref_url;
    ngx_str_t                 target_branch;  /* of a merge request, also for
                                                 notes on it */
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
    ngx_uint_t                known_commits;  /* further ones, which another
                                                 branch has already */
    unsigned                  forced:1;       /* the ref's history changed */
    ngx_array_t               files;          /* ngx_str_t, if wanted */

    /* issue, merge request, note */

    ngx_str_t                 type;           /* Issue, Incident, Task …; merge
                                                 request: empty, or the
                                                 sender's term, and then the
                                                 number is written with "#";
                                                 note and emoji: what it is on,
                                                 for example "merge request";
                                                 member: group or project;
                                                 vulnerability: its scanner;
                                                 release: empty, or
                                                 "Pre-release" */
    ngx_str_t                 target;         /* note, emoji: "!7", "#17",
                                                 "$53", 8 characters of a SHA;
                                                 job: number of its pipeline;
                                                 project: its former path */
    unsigned                  draft:1;
    size_t                    mark;           /* of a draft: bytes at the start
                                                 of the title that say just
                                                 this, such as "Draft: " */
    unsigned                  system:1;       /* by the sender itself */
    ngx_array_t               reviewers;      /* ngx_str_t, requested */
    ngx_array_t               unreviewers;    /* ngx_str_t, removed */
    ngx_array_t               edits;          /* ngx_slack_edit_t, what an
                                                 update changed besides the
                                                 reviewers; as far as the
                                                 sender tells */

    /* pipeline, job */

    ngx_str_t                 name;           /* of pipeline, environment, job,
                                                 emoji, or of a file */
    unsigned                  warnings:1;     /* passed with warnings */
    ngx_uint_t                duration;       /* seconds */
    ngx_str_t                 change;         /* "broken", "fixed",
                                                 "still_failing" or
                                                 "success" */
    ngx_array_t               stages;         /* ngx_str_t, failed */
    ngx_array_t               jobs;           /* ngx_slack_job_t, failed */
    ngx_str_t                 jobs_url;       /* page with all jobs */
    ngx_str_t                 request;        /* the merge request that it was
                                                 run for, "!7" or "#7" */
    ngx_str_t                 request_title;
    ngx_str_t                 request_url;
    ngx_str_t                 series;         /* tells apart pipelines on the
                                                 same ref, such as the name of
                                                 a workflow; empty: there is
                                                 only one */

    /* milestone, member, access token */

    ngx_str_t                 until;          /* a date, as the sender wrote
                                                 it */

    /* pipeline, deployment, job */

    ngx_str_t                 commit_id;      /* deployment: short SHA */
    ngx_str_t                 commit_title;
    ngx_str_t                 commit_url;
    ngx_str_t                 job;            /* deployment: job's number */
    ngx_str_t                 job_url;        /* of the job, or if it has no
                                                 number of the log */

    /*
     * alert; severity also vulnerability; count also number of a release's
     * assets
     */

    ngx_str_t                 severity;
    ngx_str_t                 count;          /* number of occurrences */
    ngx_str_t                 started;        /* as the sender wrote it */
    ngx_str_t                 ended;
    ngx_uint_t                level;          /* ngx_slack_severity_e */
    ngx_uint_t                firing;         /* number of alerts; both 0: the
                                                 sender does not count */
    ngx_uint_t                resolved;
    ngx_uint_t                truncated;      /* further alerts that the sender
                                                 left out */
    ngx_array_t               alerts;         /* ngx_slack_alert_t, firing ones
                                                 first; if there are several */
    ngx_array_t               facts;          /* ngx_slack_pair_t */
    ngx_array_t               links;          /* ngx_slack_pair_t */

    /*
     * The event is a repetition if the state of each identity is the
     * remembered one and did not begin anew; if there are no identities, it
     * never is.
     */
    ngx_array_t               identities;     /* ngx_slack_identity_t */

    ngx_slack_stand_t         stand;

    /*
     * Whom the event concerns, each once: on an update only those that it
     * added, and never who has caused the event; read only if people are
     * wanted, NGX_SLACK_WANT_PEOPLE.
     */
    ngx_array_t               people;         /* ngx_slack_person_t */
} ngx_slack_event_t;


/*
 * A kind of events.  "actions" are those a configuration may name, "announced"
 * those taken by a route that names none, as in GitLab's Slack integration
 * (NULL: all), and "expected" those that it takes of senders whose users
 * expect them, see ngx_slack_event_t (NULL: none).  An event without action is
 * announced, unless the kind has open_actions.
 */

typedef struct {
    ngx_uint_t                kind;
    ngx_str_t                 name;           /* in the configuration */
    ngx_str_t                *actions;        /* known ones; the last has
                                                 len 0 */
    ngx_str_t                *others;         /* with open_actions: further
                                                 ones that senders are known
                                                 to have, the last has len 0;
                                                 or NULL */
    ngx_str_t                *announced;      /* the last has len 0 */
    ngx_str_t                *expected;       /* the last has len 0 */
    unsigned                  confidential:1;
    unsigned                  open_actions:1; /* others are kept verbatim */
    unsigned                  branches:1;     /* branch filters apply to ref */
    unsigned                  target:1;       /* branch patterns apply to
                                                 target_branch */
    unsigned                  labels:1;       /* label filters apply */
    unsigned                  unlabelled:1;   /* but not to one without any */
    unsigned                  optional:1;     /* taken only by routes that name
                                                 it, not by default or "all" */
    unsigned                  actor:2;        /* NGX_SLACK_YES: it has an
                                                 actor; NGX_SLACK_NO: it has
                                                 none; NGX_SLACK_UNKNOWN: none
                                                 if the sender says null */
    unsigned                  project:1;      /* it belongs to one */
} ngx_slack_kind_t;


/* indexed by ngx_slack_event_kind_e */

extern const ngx_slack_kind_t  ngx_slack_kinds[];


/*
 * Returns the row for a name such as "merge_request", or an alias such as
 * "pull_request"; NULL: there is none.
 */

const ngx_slack_kind_t *ngx_slack_kind_find(ngx_str_t *name);


/*
 * returns NGX_OK if a route without actions takes this one, else NGX_DECLINED;
 * "expected" as in the event
 */

ngx_int_t ngx_slack_kind_announced(const ngx_slack_kind_t *kind,
    ngx_str_t *action, ngx_uint_t expected);


#endif /* _NGX_SLACK_EVENT_H_INCLUDED_ */
