
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The filters of a route: a row each, with the directive that sets it and the
 * test of an event.  Knows events and captured values, but no sender and no
 * Slack.  Directives are read in the master, tests run in the event loop.
 *
 * The rules are the same as in GitLab's Slack integration if that has the
 * filter (branches of pushes, pipelines and deployments; labels of issues,
 * merge requests and notes).
 */


#include <ngx_slack_filter.h>


static ngx_int_t ngx_slack_filter_pipelines(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal);
static ngx_int_t ngx_slack_filter_users(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal);
static ngx_int_t ngx_slack_filter_projects(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal);
static ngx_int_t ngx_slack_filter_paths(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal);
static ngx_int_t ngx_slack_filter_repeat(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal);
static ngx_int_t ngx_slack_filter_passes(ngx_slack_patterns_t *list,
    ngx_str_t *name, ngx_slack_refusal_t *refusal);


#define ngx_slack_filter_is(s, literal)                                       \
    ((s)->len == sizeof(literal) - 1                                          \
     && ngx_memcmp((s)->data, literal, sizeof(literal) - 1) == 0)


static ngx_conf_enum_t  ngx_slack_filter_pipelines_modes[] = {
    { ngx_string("all"), NGX_SLACK_PIPELINES_ALL },
    { ngx_string("broken"), NGX_SLACK_PIPELINES_BROKEN },
    { ngx_string("changed"), NGX_SLACK_PIPELINES_CHANGED },
    { ngx_null_string, 0 }
};


static ngx_conf_enum_t  ngx_slack_filter_repeat_modes[] = {
    { ngx_string("on"), NGX_SLACK_REPEAT_ON },
    { ngx_string("off"), NGX_SLACK_REPEAT_OFF },
    { ngx_null_string, 0 }
};


/*
 * In the order of the tests.  If several routes decline an event, the answer
 * to the sender names the filter that is last in this table.
 */

ngx_slack_filter_rule_t  ngx_slack_filters[] = {

    { { ngx_string("events"), NGX_CONF_1MORE,
        ngx_slack_filter_set_events, 0, 0, NULL },
      ngx_slack_filter_kind, 0 },

    /* tests the actions after ":" in "events"; reported under this name */

    { { ngx_string("action"), 0, NULL, 0, 0, NULL },
      ngx_slack_filter_action, 1 },

    { { ngx_string("pipelines"), NGX_CONF_TAKE1,
        ngx_slack_conf_set_enum, 0,
        offsetof(ngx_slack_filter_t, pipelines),
        ngx_slack_filter_pipelines_modes },
      ngx_slack_filter_pipelines, 1 },

    { { ngx_string("branches"), NGX_CONF_1MORE,
        ngx_slack_filter_set_branches, 0, 0, NULL },
      ngx_slack_filter_branches, 0 },

    /* supplements "branches", not a filter itself */

    { { ngx_string("protected_branches"), NGX_CONF_1MORE,
        ngx_slack_patterns_set, 0,
        offsetof(ngx_slack_filter_t, protected), NULL },
      NULL, 0 },

    { { ngx_string("labels"), NGX_CONF_2MORE,
        ngx_slack_filter_set_labels, 0, 0, NULL },
      ngx_slack_filter_labels, 1 },

    { { ngx_string("users"), NGX_CONF_1MORE,
        ngx_slack_patterns_set, 0,
        offsetof(ngx_slack_filter_t, users), NULL },
      ngx_slack_filter_users, 0 },

    { { ngx_string("projects"), NGX_CONF_1MORE,
        ngx_slack_patterns_set, 0,
        offsetof(ngx_slack_filter_t, projects), NULL },
      ngx_slack_filter_projects, 0 },

    { { ngx_string("paths"), NGX_CONF_1MORE,
        ngx_slack_patterns_set, 0,
        offsetof(ngx_slack_filter_t, paths), NULL },
      ngx_slack_filter_paths, 0 },

    { { ngx_string("match"), NGX_CONF_2MORE,
        ngx_slack_filter_set_match, 0, 0, NULL },
      ngx_slack_filter_match, 0 },

    { { ngx_string("repeat"), NGX_CONF_TAKE1,
        ngx_slack_conf_set_enum, 0,
        offsetof(ngx_slack_filter_t, repeat),
        ngx_slack_filter_repeat_modes },
      ngx_slack_filter_repeat, 0 },

    { ngx_null_command, NULL, 0 }
};


void
ngx_slack_filter_init(ngx_slack_filter_t *filter)
{
    /* the other members stay zeroed: no kinds, no patterns, no labels */

    filter->pipelines = NGX_CONF_UNSET_UINT;
    filter->repeat = NGX_CONF_UNSET_UINT;
}


void
ngx_slack_filter_init_values(ngx_slack_filter_t *filter)
{
    if (filter->kinds == 0) {
        filter->kinds = ngx_slack_filter_default_kinds();
    }

    ngx_conf_init_uint_value(filter->pipelines, NGX_SLACK_PIPELINES_ALL);
    ngx_conf_init_uint_value(filter->repeat, NGX_SLACK_REPEAT_OFF);
}


ngx_int_t
ngx_slack_filter_test(ngx_slack_filter_t *filter, ngx_slack_event_t *event,
    ngx_slack_json_t *json, ngx_uint_t set, ngx_slack_refusal_t *refusal)
{
    ngx_uint_t                i, changed;
    ngx_slack_filter_rule_t  *rule;

    refusal->cause = NGX_SLACK_CAUSE_NONE;
    refusal->path = NULL;
    refusal->if_changed = 0;

    changed = 0;
    rule = ngx_slack_filters;

    for (i = 0; rule[i].directive.name.len; i++) {

        if (rule[i].test == NULL) {
            continue;
        }

        if (rule[i].test(filter, event, json, set, refusal) != NGX_OK) {
            refusal->filter = i;
            return NGX_DECLINED;
        }

        /* the first filter that has set the condition */

        if (refusal->if_changed && changed == 0) {
            changed = i;
        }
    }

    refusal->filter = changed;

    return NGX_OK;
}


ngx_int_t
ngx_slack_filter_object(ngx_slack_filter_t *filter, ngx_slack_event_t *event,
    ngx_slack_json_t *json, ngx_uint_t set, ngx_slack_refusal_t *refusal)
{
    ngx_slack_filter_rule_t  *rule;

    refusal->if_changed = 0;

    for (rule = ngx_slack_filters; rule->directive.name.len; rule++) {

        if (rule->test == NULL || rule->state) {
            continue;
        }

        if (rule->test(filter, event, json, set, refusal) != NGX_OK) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
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
ngx_slack_filter_pipelines(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal)
{
    ngx_uint_t  failed;

    if (event->kind != NGX_SLACK_EVENT_PIPELINE
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
        refusal->if_changed = 1;
        return NGX_OK;
    }

    if (failed ? ngx_slack_filter_is(&event->change, "broken")
               : ngx_slack_filter_is(&event->change, "fixed"))
    {
        return NGX_OK;
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_slack_filter_users(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
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

    return ngx_slack_filter_passes(&filter->users, &event->user, refusal);
}


static ngx_int_t
ngx_slack_filter_projects(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
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

    return ngx_slack_filter_passes(&filter->projects, &event->project,
                                   refusal);
}


/* An empty name means that it is known that there is none. */

static ngx_int_t
ngx_slack_filter_passes(ngx_slack_patterns_t *list, ngx_str_t *name,
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
 * A push passes if any changed file does.  GitLab lists the files of 20
 * commits at most.
 */

static ngx_int_t
ngx_slack_filter_paths(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
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

        rc = ngx_slack_filter_passes(&filter->paths, &file[i], refusal);

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


static ngx_int_t
ngx_slack_filter_repeat(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal)
{
    if (ngx_slack_filter_remembers(filter, event)) {
        refusal->if_changed = 1;
    }

    return NGX_OK;
}
