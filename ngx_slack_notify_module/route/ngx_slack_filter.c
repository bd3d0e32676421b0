
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
    ngx_slack_event_t *event, ngx_log_t *log);
static ngx_int_t ngx_slack_filter_labels(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event);
static ngx_int_t ngx_slack_filter_paths(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_log_t *log);
static ngx_int_t ngx_slack_filter_matches(ngx_slack_filter_t *filter,
    ngx_slack_json_t *json, ngx_uint_t set, ngx_log_t *log);


/* an empty string may have no data */

#define ngx_slack_filter_equal(a, b)                                          \
    ((a)->len == (b)->len                                                     \
     && ((a)->len == 0 || ngx_memcmp((a)->data, (b)->data, (a)->len) == 0))

#define ngx_slack_filter_is(s, literal)                                       \
    ((s)->len == sizeof(literal) - 1                                          \
     && ngx_memcmp((s)->data, literal, sizeof(literal) - 1) == 0)


ngx_uint_t
ngx_slack_filter_default_kinds(void)
{
    ngx_uint_t  i, kinds;

    kinds = 0;

    for (i = NGX_SLACK_EVENT_UNKNOWN + 1; i < NGX_SLACK_EVENT_MAX; i++) {
        if (!ngx_slack_kinds[i].confidential && !ngx_slack_kinds[i].optional) {
            kinds |= (ngx_uint_t) 1 << i;
        }
    }

    return kinds;
}


char *
ngx_slack_filter_event(ngx_conf_t *cf, ngx_slack_filter_t *filter,
    ngx_str_t *word)
{
    u_char                  *p, *comma, *last;
    ngx_str_t                name, *action, *known;
    ngx_array_t             *actions;
    const ngx_slack_kind_t  *kind;

    last = word->data + word->len;
    p = ngx_strlchr(word->data, last, ':');

    name.data = word->data;
    name.len = (p ? p : last) - word->data;

    if (p == NULL && ngx_slack_filter_is(&name, "all")) {
        filter->kinds |= ngx_slack_filter_default_kinds();
        return NULL;
    }

    kind = ngx_slack_kind_find(&name);

    if (kind == NULL) {
        return "unknown event \"%V\", see \"Events and actions\" in "
               "the README";
    }

    if (filter->named & ((ngx_uint_t) 1 << kind->kind)) {
        return "duplicate event \"%V\"";
    }

    filter->named |= (ngx_uint_t) 1 << kind->kind;
    filter->kinds |= (ngx_uint_t) 1 << kind->kind;

    if (p == NULL) {
        return NULL;
    }

    actions = ngx_array_create(cf->pool, 4, sizeof(ngx_str_t));
    if (actions == NULL) {
        return "no memory for event \"%V\"";
    }

    filter->actions[kind->kind] = actions;

    do {
        p++;

        comma = ngx_strlchr(p, last, ',');

        action = ngx_array_push(actions);
        if (action == NULL) {
            return "no memory for event \"%V\"";
        }

        action->data = p;
        action->len = (comma ? comma : last) - p;

        if (action->len == 0) {
            return "invalid event \"%V\"";
        }

        for (known = kind->actions; known->len; known++) {
            if (ngx_slack_filter_equal(known, action)) {
                break;
            }
        }

        if (known->len == 0 && !kind->open_actions) {
            return "unknown action in event \"%V\", see \"Events and "
                   "actions\" in the README";
        }

        p = comma;

    } while (p);

    return NULL;
}


ngx_int_t
ngx_slack_filter_test(ngx_slack_filter_t *filter, ngx_slack_event_t *event,
    ngx_slack_json_t *json, ngx_uint_t set, ngx_log_t *log,
    ngx_uint_t *reason)
{
    ngx_int_t  rc;

    if (!(filter->kinds & ((ngx_uint_t) 1 << event->kind))) {
        *reason = NGX_SLACK_FILTER_EVENTS;
        return NGX_DECLINED;
    }

    if (ngx_slack_filter_action(filter, event) != NGX_OK) {
        *reason = NGX_SLACK_FILTER_ACTIONS;
        return NGX_DECLINED;
    }

    rc = ngx_slack_filter_pipelines(filter, event);

    if (rc == NGX_DECLINED) {
        *reason = NGX_SLACK_FILTER_PIPELINES;
        return NGX_DECLINED;
    }

    if (ngx_slack_filter_branches(filter, event, log) != NGX_OK) {
        *reason = NGX_SLACK_FILTER_BRANCHES;
        return NGX_DECLINED;
    }

    if (ngx_slack_filter_labels(filter, event) != NGX_OK) {
        *reason = NGX_SLACK_FILTER_LABELS;
        return NGX_DECLINED;
    }

    if (!ngx_slack_patterns_pass(&filter->users, &event->user, log)) {
        *reason = NGX_SLACK_FILTER_USERS;
        return NGX_DECLINED;
    }

    if (!ngx_slack_patterns_pass(&filter->projects, &event->project, log)) {
        *reason = NGX_SLACK_FILTER_PROJECTS;
        return NGX_DECLINED;
    }

    if (ngx_slack_filter_paths(filter, event, log) != NGX_OK) {
        *reason = NGX_SLACK_FILTER_PATHS;
        return NGX_DECLINED;
    }

    if (ngx_slack_filter_matches(filter, json, set, log) != NGX_OK) {
        *reason = NGX_SLACK_FILTER_MATCH;
        return NGX_DECLINED;
    }

    if (rc == NGX_AGAIN) {
        *reason = NGX_SLACK_FILTER_PIPELINES;

    } else if (ngx_slack_filter_remembers(filter, event)) {
        *reason = NGX_SLACK_FILTER_REPEAT;
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
    ngx_slack_event_t *event, ngx_log_t *log)
{
    ngx_str_t               *branch;
    ngx_uint_t               protected, rc;
    const ngx_slack_kind_t  *kind;

    kind = &ngx_slack_kinds[event->kind];

    if (kind->branches && !event->tag) {
        branch = &event->ref;
        protected = event->protected;

    } else if (kind->target && filter->branches.patterns.nelts) {
        branch = &event->target_branch;
        protected = NGX_SLACK_UNKNOWN;

    } else {
        return NGX_OK;
    }

    if (branch->len == 0) {
        return NGX_OK;
    }

    rc = ngx_slack_patterns_test(&filter->branches, branch, log);

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

        if (protected == NGX_SLACK_UNKNOWN
            && ngx_slack_patterns_test(&filter->protected, branch, log)
               == NGX_SLACK_PATTERN_MATCH)
        {
            return NGX_OK;
        }
    }

    /* nothing but exclusions: all others pass */

    if (filter->branch_classes == 0 && filter->branches.includes == 0) {
        return NGX_OK;
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_slack_filter_labels(ngx_slack_filter_t *filter, ngx_slack_event_t *event)
{
    ngx_str_t           *have, *want;
    ngx_uint_t           i, j, n, found;
    ngx_slack_labels_t  *labels;

    if (!ngx_slack_kinds[event->kind].labels) {
        return NGX_OK;
    }

    if (ngx_slack_kinds[event->kind].unlabelled && event->labels.nelts == 0) {
        return NGX_OK;
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
                return NGX_DECLINED;
            }

            break;

        case NGX_SLACK_LABELS_ALL:
            if (found < labels[n].titles.nelts) {
                return NGX_DECLINED;
            }

            break;

        default: /* NGX_SLACK_LABELS_NONE */
            if (found) {
                return NGX_DECLINED;
            }
        }
    }

    return NGX_OK;
}


/* one changed file that passes makes the push pass */

static ngx_int_t
ngx_slack_filter_paths(ngx_slack_filter_t *filter, ngx_slack_event_t *event,
    ngx_log_t *log)
{
    ngx_str_t   *file;
    ngx_uint_t   i;

    if (filter->paths.patterns.nelts == 0
        || event->kind != NGX_SLACK_EVENT_PUSH)
    {
        return NGX_OK;
    }

    file = event->files.elts;

    for (i = 0; i < event->files.nelts; i++) {
        if (ngx_slack_patterns_pass(&filter->paths, &file[i], log)) {
            return NGX_OK;
        }
    }

    if (event->files.nelts == 0 && filter->paths.includes == 0) {
        return NGX_OK;
    }

    return NGX_DECLINED;
}


/* none of the values may be excluded, one must match if anything is asked */

static ngx_int_t
ngx_slack_filter_matches(ngx_slack_filter_t *filter, ngx_slack_json_t *json,
    ngx_uint_t set, ngx_log_t *log)
{
    ngx_uint_t               i, found;
    ngx_slack_match_t       *match;
    ngx_slack_json_value_t  *value;

    match = filter->matches.elts;

    for (i = 0; i < filter->matches.nelts; i++) {

        found = (match[i].patterns.includes == 0);

        value = ngx_slack_json_values(json, match[i].slots[set]);

        for ( /* void */ ; value; value = value->next) {

            switch (ngx_slack_patterns_test(&match[i].patterns, &value->text,
                                            log))
            {
            case NGX_SLACK_PATTERN_EXCLUDE:
                return NGX_DECLINED;

            case NGX_SLACK_PATTERN_MATCH:
                found = 1;
                break;
            }
        }

        if (!found) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}
