
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The filters of a route.  Knows events and captured values; no sender, no
 * Slack.  Runs in the event loop.
 *
 * The rules are GitLab's own where it has the filter (branches of pushes,
 * pipelines and deployments; labels of issues, merge requests and notes).
 */


#include <ngx_slack_route.h>


/* in the order of the tests: a later one has come further */

enum {
    NGX_SLACK_FILTER_EVENTS = 0,
    NGX_SLACK_FILTER_ACTIONS,
    NGX_SLACK_FILTER_PIPELINES,
    NGX_SLACK_FILTER_BRANCHES,
    NGX_SLACK_FILTER_LABELS,
    NGX_SLACK_FILTER_USERS,
    NGX_SLACK_FILTER_PROJECTS,
    NGX_SLACK_FILTER_PATHS,
    NGX_SLACK_FILTER_MATCH,
    NGX_SLACK_FILTER_REPEAT
};


ngx_str_t  ngx_slack_filter_names[] = {
    ngx_string("events"),
    ngx_string("action"),
    ngx_string("pipelines"),
    ngx_string("branches"),
    ngx_string("labels"),
    ngx_string("users"),
    ngx_string("projects"),
    ngx_string("paths"),
    ngx_string("match"),
    ngx_string("repeat")
};


static ngx_int_t ngx_slack_filter_action(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event);
static ngx_int_t ngx_slack_filter_pipelines(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event);
static ngx_int_t ngx_slack_filter_branches(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_refusal_t *refusal);
static ngx_int_t ngx_slack_filter_labels(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_refusal_t *refusal);
static ngx_int_t ngx_slack_filter_users(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_refusal_t *refusal);
static ngx_int_t ngx_slack_filter_projects(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_refusal_t *refusal);
static ngx_int_t ngx_slack_filter_name(ngx_slack_patterns_t *list,
    ngx_str_t *name, ngx_slack_refusal_t *refusal);
static ngx_int_t ngx_slack_filter_paths(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_refusal_t *refusal);
static ngx_int_t ngx_slack_filter_matches(ngx_slack_filter_t *filter,
    ngx_slack_json_t *json, ngx_uint_t set, ngx_slack_refusal_t *refusal);
static ngx_int_t ngx_slack_filter_unknown(ngx_slack_refusal_t *refusal,
    ngx_uint_t cause);


#define ngx_slack_filter_excludes(list)                                       \
    ((list)->patterns.nelts > (list)->includes)

/* an empty string may have no data */

#define ngx_slack_filter_equal(a, b)                                          \
    ((a)->len == (b)->len                                                     \
     && ((a)->len == 0 || ngx_memcmp((a)->data, (b)->data, (a)->len) == 0))

#define ngx_slack_filter_is(s, literal)                                       \
    ((s)->len == sizeof(literal) - 1                                          \
     && ngx_memcmp((s)->data, literal, sizeof(literal) - 1) == 0)


ngx_int_t
ngx_slack_filter_test(ngx_slack_filter_t *filter, ngx_slack_event_t *event,
    ngx_slack_json_t *json, ngx_uint_t set, ngx_slack_refusal_t *refusal)
{
    ngx_int_t  rc;

    refusal->cause = NGX_SLACK_CAUSE_NONE;
    refusal->path = NULL;

    refusal->filter = NGX_SLACK_FILTER_EVENTS;

    if (!(filter->kinds & ((ngx_uint_t) 1 << event->kind))) {
        return NGX_DECLINED;
    }

    refusal->filter = NGX_SLACK_FILTER_ACTIONS;

    if (ngx_slack_filter_action(filter, event) != NGX_OK) {
        return NGX_DECLINED;
    }

    refusal->filter = NGX_SLACK_FILTER_PIPELINES;

    rc = ngx_slack_filter_pipelines(filter, event);

    if (rc == NGX_DECLINED) {
        return NGX_DECLINED;
    }

    refusal->filter = NGX_SLACK_FILTER_BRANCHES;

    if (ngx_slack_filter_branches(filter, event, refusal) != NGX_OK) {
        return NGX_DECLINED;
    }

    refusal->filter = NGX_SLACK_FILTER_LABELS;

    if (ngx_slack_filter_labels(filter, event, refusal) != NGX_OK) {
        return NGX_DECLINED;
    }

    refusal->filter = NGX_SLACK_FILTER_USERS;

    if (ngx_slack_filter_users(filter, event, refusal) != NGX_OK) {
        return NGX_DECLINED;
    }

    refusal->filter = NGX_SLACK_FILTER_PROJECTS;

    if (ngx_slack_filter_projects(filter, event, refusal) != NGX_OK) {
        return NGX_DECLINED;
    }

    refusal->filter = NGX_SLACK_FILTER_PATHS;

    if (ngx_slack_filter_paths(filter, event, refusal) != NGX_OK) {
        return NGX_DECLINED;
    }

    refusal->filter = NGX_SLACK_FILTER_MATCH;

    if (ngx_slack_filter_matches(filter, json, set, refusal) != NGX_OK) {
        return NGX_DECLINED;
    }

    if (rc == NGX_AGAIN) {
        refusal->filter = NGX_SLACK_FILTER_PIPELINES;

    } else if (ngx_slack_filter_remembers(filter, event)) {
        refusal->filter = NGX_SLACK_FILTER_REPEAT;
        return NGX_AGAIN;
    }

    return rc;
}


ngx_uint_t
ngx_slack_filter_remembers(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event)
{
    return event->identities.nelts
           && filter->repeat != NGX_SLACK_REPEAT_ON
           && (filter->kinds & ((ngx_uint_t) 1 << event->kind));
}


static ngx_int_t
ngx_slack_filter_action(ngx_slack_filter_t *filter, ngx_slack_event_t *event)
{
    ngx_str_t   *action;
    ngx_uint_t   i;

    if (filter->actions[event->kind] == NULL) {
        return ngx_slack_kind_announced(&ngx_slack_kinds[event->kind],
                                        &event->action);
    }

    action = filter->actions[event->kind]->elts;

    for (i = 0; i < filter->actions[event->kind]->nelts; i++) {
        if (ngx_slack_filter_equal(&action[i], &event->action)) {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_slack_filter_pipelines(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event)
{
    ngx_uint_t  failed;

    if (event->kind != NGX_SLACK_EVENT_PIPELINE
        || filter->pipelines == NGX_SLACK_PIPELINES_UNSET
        || filter->pipelines == NGX_SLACK_PIPELINES_ALL)
    {
        return NGX_OK;
    }

    failed = ngx_slack_filter_is(&event->action, "failed");

    if (filter->pipelines == NGX_SLACK_PIPELINES_BROKEN) {
        return failed ? NGX_OK : NGX_DECLINED;
    }

    if (!failed && !ngx_slack_filter_is(&event->action, "success")) {
        return NGX_DECLINED;
    }

    if (event->change.len == 0) {
        return NGX_AGAIN;
    }

    if (failed ? ngx_slack_filter_is(&event->change, "broken")
               : ngx_slack_filter_is(&event->change, "fixed"))
    {
        return NGX_OK;
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_slack_filter_branches(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_refusal_t *refusal)
{
    ngx_str_t               *branch;
    ngx_uint_t               protected, subject, rc;
    const ngx_slack_kind_t  *kind;

    kind = &ngx_slack_kinds[event->kind];

    if (kind->branches && !event->tag) {
        branch = &event->ref;
        subject = NGX_SLACK_SUBJECT_REF;
        protected = event->protected;

    } else if (kind->target && filter->branches.patterns.nelts) {
        branch = &event->target_branch;
        subject = NGX_SLACK_SUBJECT_TARGET;
        protected = NGX_SLACK_UNKNOWN;

    } else {
        return NGX_OK;
    }

    if (filter->branches.patterns.nelts == 0
        && (filter->branch_classes == 0
            || (filter->branch_classes & NGX_SLACK_BRANCHES_ALL)))
    {
        return NGX_OK;
    }

    if (event->unread & subject) {
        return ngx_slack_filter_unknown(refusal, NGX_SLACK_CAUSE_UNREAD);
    }

    if (branch->len == 0) {

        if (ngx_slack_filter_excludes(&filter->branches)) {
            return ngx_slack_filter_unknown(refusal, NGX_SLACK_CAUSE_UNTOLD);
        }

        return NGX_OK;
    }

    rc = ngx_slack_patterns_test(&filter->branches, branch,
                                 &refusal->patterns);

    if (rc == NGX_SLACK_PATTERN_FAILED) {
        return ngx_slack_filter_unknown(refusal, NGX_SLACK_CAUSE_REGEX);
    }

    if (rc == NGX_SLACK_PATTERN_EXCLUDE) {
        return NGX_DECLINED;
    }

    if (rc == NGX_SLACK_PATTERN_MATCH
        || (filter->branch_classes & NGX_SLACK_BRANCHES_ALL))
    {
        return NGX_OK;
    }

    if ((filter->branch_classes & NGX_SLACK_BRANCHES_DEFAULT)
        && ngx_slack_filter_equal(branch, &event->default_branch))
    {
        return NGX_OK;
    }

    if (filter->branch_classes & NGX_SLACK_BRANCHES_PROTECTED) {

        if (protected == NGX_SLACK_YES) {
            return NGX_OK;
        }

        if (protected == NGX_SLACK_UNKNOWN) {

            rc = ngx_slack_patterns_test(&filter->protected, branch,
                                         &refusal->patterns);

            if (rc == NGX_SLACK_PATTERN_FAILED) {
                return ngx_slack_filter_unknown(refusal,
                                                NGX_SLACK_CAUSE_REGEX);
            }

            if (rc == NGX_SLACK_PATTERN_MATCH) {
                return NGX_OK;
            }
        }
    }

    /* nothing but exclusions: all others pass */

    if (filter->branch_classes == 0 && filter->branches.includes == 0) {
        return NGX_OK;
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_slack_filter_labels(ngx_slack_filter_t *filter, ngx_slack_event_t *event,
    ngx_slack_refusal_t *refusal)
{
    ngx_str_t               *have, *want;
    ngx_uint_t               i, j, n, found, cause;
    ngx_slack_labels_t      *labels;
    const ngx_slack_kind_t  *kind;

    kind = &ngx_slack_kinds[event->kind];

    if (!kind->labels) {
        return NGX_OK;
    }

    if (event->unread & NGX_SLACK_SUBJECT_LABELS) {
        cause = NGX_SLACK_CAUSE_UNREAD;

    } else if (event->labels.nelts) {
        cause = NGX_SLACK_CAUSE_NONE;

    } else if (kind->unlabelled) {
        return NGX_OK;

    } else {
        cause = (event->told & NGX_SLACK_SUBJECT_LABELS)
                ? NGX_SLACK_CAUSE_NONE : NGX_SLACK_CAUSE_UNTOLD;
    }

    have = event->labels.elts;
    labels = filter->labels.elts;

    for (n = 0; n < filter->labels.nelts; n++) {

        found = 0;
        want = labels[n].titles.elts;

        for (i = 0; i < labels[n].titles.nelts; i++) {
            for (j = 0; j < event->labels.nelts; j++) {
                if (ngx_slack_filter_equal(&want[i], &have[j])) {
                    found++;
                    break;
                }
            }
        }

        switch (labels[n].mode) {

        case NGX_SLACK_LABELS_ANY:

            if (found == 0) {
                return ngx_slack_filter_unknown(refusal, cause);
            }

            break;

        case NGX_SLACK_LABELS_ALL:

            if (found < labels[n].titles.nelts) {
                return ngx_slack_filter_unknown(refusal, cause);
            }

            break;

        default: /* NGX_SLACK_LABELS_NONE */

            if (found) {
                return NGX_DECLINED;
            }

            if (cause) {
                return ngx_slack_filter_unknown(refusal, cause);
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_filter_users(ngx_slack_filter_t *filter, ngx_slack_event_t *event,
    ngx_slack_refusal_t *refusal)
{
    ngx_uint_t  nobody;

    if (filter->users.patterns.nelts == 0) {
        return NGX_OK;
    }

    if (event->unread & NGX_SLACK_SUBJECT_USER) {
        return ngx_slack_filter_unknown(refusal, NGX_SLACK_CAUSE_UNREAD);
    }

    if (event->user.len == 0) {

        switch (ngx_slack_kinds[event->kind].actor) {

        case NGX_SLACK_NO:
            nobody = 1;
            break;

        case NGX_SLACK_UNKNOWN:
            nobody = (event->told & NGX_SLACK_SUBJECT_USER)
                     && event->user_name.len == 0;
            break;

        default: /* NGX_SLACK_YES */
            nobody = 0;
        }

        if (!nobody) {
            return ngx_slack_filter_unknown(refusal, NGX_SLACK_CAUSE_UNTOLD);
        }
    }

    return ngx_slack_filter_name(&filter->users, &event->user, refusal);
}


static ngx_int_t
ngx_slack_filter_projects(ngx_slack_filter_t *filter, ngx_slack_event_t *event,
    ngx_slack_refusal_t *refusal)
{
    if (filter->projects.patterns.nelts == 0) {
        return NGX_OK;
    }

    if (event->unread & NGX_SLACK_SUBJECT_PROJECT) {
        return ngx_slack_filter_unknown(refusal, NGX_SLACK_CAUSE_UNREAD);
    }

    if (event->project.len == 0 && ngx_slack_kinds[event->kind].project) {
        return ngx_slack_filter_unknown(refusal, NGX_SLACK_CAUSE_UNTOLD);
    }

    return ngx_slack_filter_name(&filter->projects, &event->project, refusal);
}


/* an empty name is known to be none */

static ngx_int_t
ngx_slack_filter_name(ngx_slack_patterns_t *list, ngx_str_t *name,
    ngx_slack_refusal_t *refusal)
{
    ngx_int_t  rc;

    rc = ngx_slack_patterns_pass(list, name, &refusal->patterns);

    if (rc == NGX_ERROR) {
        return ngx_slack_filter_unknown(refusal, NGX_SLACK_CAUSE_REGEX);
    }

    return rc;
}


/*
 * One changed file that passes makes the push pass, whatever others there are.
 * GitLab lists those of 20 commits.
 */

static ngx_int_t
ngx_slack_filter_paths(ngx_slack_filter_t *filter, ngx_slack_event_t *event,
    ngx_slack_refusal_t *refusal)
{
    ngx_int_t    rc;
    ngx_str_t   *file;
    ngx_uint_t   i;

    if (filter->paths.patterns.nelts == 0
        || event->kind != NGX_SLACK_EVENT_PUSH)
    {
        return NGX_OK;
    }

    file = event->files.elts;

    for (i = 0; i < event->files.nelts; i++) {

        rc = ngx_slack_filter_name(&filter->paths, &file[i], refusal);

        if (rc == NGX_OK || refusal->cause) {
            return rc;
        }
    }

    if (event->unread & NGX_SLACK_SUBJECT_FILES) {
        return ngx_slack_filter_unknown(refusal, NGX_SLACK_CAUSE_UNREAD);
    }

    if (event->total_commits > event->commits.nelts) {
        return ngx_slack_filter_unknown(refusal, NGX_SLACK_CAUSE_UNTOLD);
    }

    if (event->files.nelts == 0 && filter->paths.includes == 0) {
        return NGX_OK;
    }

    return NGX_DECLINED;
}


/* none of the values may be excluded, one must match if anything is asked */

static ngx_int_t
ngx_slack_filter_matches(ngx_slack_filter_t *filter, ngx_slack_json_t *json,
    ngx_uint_t set, ngx_slack_refusal_t *refusal)
{
    ngx_uint_t               i, found, part;
    ngx_slack_match_t       *match;
    ngx_slack_json_value_t  *value;

    match = filter->matches.elts;

    for (i = 0; i < filter->matches.nelts; i++) {

        refusal->path = &match[i].path;

        part = ngx_slack_json_states(json)[match[i].slots[set]]
               & NGX_SLACK_JSON_PART;

        if (part && ngx_slack_filter_excludes(&match[i].patterns)) {
            return ngx_slack_filter_unknown(refusal, NGX_SLACK_CAUSE_UNREAD);
        }

        found = (match[i].patterns.includes == 0);

        value = ngx_slack_json_values(json, match[i].slots[set]);

        for ( /* void */ ; value; value = value->next) {

            if (value->cut) {
                continue;
            }

            switch (ngx_slack_patterns_test(&match[i].patterns, &value->text,
                                            &refusal->patterns))
            {
            case NGX_SLACK_PATTERN_FAILED:
                return ngx_slack_filter_unknown(refusal,
                                                NGX_SLACK_CAUSE_REGEX);

            case NGX_SLACK_PATTERN_EXCLUDE:
                return NGX_DECLINED;

            case NGX_SLACK_PATTERN_MATCH:
                found = 1;
                break;
            }
        }

        if (!found) {
            return ngx_slack_filter_unknown(refusal,
                                            part ? NGX_SLACK_CAUSE_UNREAD
                                                 : NGX_SLACK_CAUSE_NONE);
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_filter_unknown(ngx_slack_refusal_t *refusal, ngx_uint_t cause)
{
    refusal->cause = cause;

    return NGX_DECLINED;
}
