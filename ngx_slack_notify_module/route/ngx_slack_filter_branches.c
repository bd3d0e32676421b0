
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The filter "branches": classes of branches, and patterns of their names.
 * The setter runs when the configuration is read, the test in the event loop.
 */


#include <ngx_slack_filter.h>
#include <ngx_slack_words.h>


static ngx_uint_t ngx_slack_filter_branch_class(u_char *name);
static void ngx_slack_filter_branch_like(ngx_conf_t *cf, ngx_str_t *name);


static ngx_conf_enum_t  ngx_slack_filter_branch_classes[] = {
    { ngx_string("all"), NGX_SLACK_BRANCHES_ALL },
    { ngx_string("default"), NGX_SLACK_BRANCHES_DEFAULT },
    { ngx_string("protected"), NGX_SLACK_BRANCHES_PROTECTED },
    { ngx_string("default_and_protected"),
      NGX_SLACK_BRANCHES_DEFAULT|NGX_SLACK_BRANCHES_PROTECTED },
    { ngx_null_string, 0 }
};


char *
ngx_slack_filter_set_branches(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_slack_filter_t  *filter = conf;

    ngx_str_t   *value;
    ngx_uint_t   i, class;

    if (filter->branch_classes || filter->branches.patterns.nelts) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        class = ngx_slack_filter_branch_class(value[i].data);

        if (class) {
            filter->branch_classes |= class;
            continue;
        }

        if (value[i].data[0] == '!'
            && ngx_slack_filter_branch_class(value[i].data + 1))
        {
            ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                               "a class of branches cannot be excluded, "
                               "\"%V\"; for a branch of this name "
                               "use \"!~^%s$\"",
                               &value[i], value[i].data + 1);
            return NGX_CONF_ERROR;
        }

        ngx_slack_filter_branch_like(cf, &value[i]);

        if (ngx_slack_patterns_add(cf, &filter->branches, &value[i])
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/* Returns the class with this name, or 0 if there is none. */

static ngx_uint_t
ngx_slack_filter_branch_class(u_char *name)
{
    ngx_uint_t  i;

    for (i = 0; ngx_slack_filter_branch_classes[i].name.len; i++) {
        if (ngx_strcmp(ngx_slack_filter_branch_classes[i].name.data, name)
            == 0)
        {
            return ngx_slack_filter_branch_classes[i].value;
        }
    }

    return 0;
}


/* A branch may have the name, but it is more likely a slip of the pen. */

static void
ngx_slack_filter_branch_like(ngx_conf_t *cf, ngx_str_t *name)
{
    ngx_uint_t         i;
    ngx_slack_words_t  words;

    ngx_slack_words_begin(&words, name);

    for (i = 0; ngx_slack_filter_branch_classes[i].name.len; i++) {
        ngx_slack_words_add(&words, &ngx_slack_filter_branch_classes[i].name);
    }

    if (words.nearest == NULL) {
        return;
    }

    ngx_slack_conf_log(NGX_LOG_WARN, cf, 0,
                       "\"%V\" is the name of a branch, the class of branches "
                       "is \"%V\"; if the name is meant, write \"~^%V$\"",
                       name, words.nearest, name);
}


ngx_int_t
ngx_slack_filter_branches(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal)
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
        && ngx_slack_equal(branch, &event->default_branch))
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

    /* there are only exclusions, so all other branches pass */

    if (filter->branch_classes == 0 && filter->branches.includes == 0) {
        return NGX_OK;
    }

    return NGX_DECLINED;
}
