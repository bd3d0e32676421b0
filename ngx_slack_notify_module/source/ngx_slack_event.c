
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The kinds of events: a row each.  Pure, runs anywhere.
 */


#include <ngx_slack_event.h>


typedef struct {
    ngx_uint_t                kind;
    ngx_str_t                 name;
} ngx_slack_alias_t;


static ngx_str_t  ngx_slack_none_actions[] = {
    ngx_null_string
};

static ngx_str_t  ngx_slack_push_actions[] = {
    ngx_string("create"), ngx_string("update"), ngx_string("delete"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_tag_push_actions[] = {
    ngx_string("create"), ngx_string("update"), ngx_string("delete"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_issue_actions[] = {
    ngx_string("open"), ngx_string("close"), ngx_string("reopen"),
    ngx_string("update"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_issue_announced[] = {
    ngx_string("open"), ngx_string("close"), ngx_string("reopen"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_merge_request_actions[] = {
    ngx_string("open"), ngx_string("close"), ngx_string("reopen"),
    ngx_string("merge"), ngx_string("approved"), ngx_string("unapproved"),
    ngx_string("approval"), ngx_string("unapproval"), ngx_string("update"),
    ngx_string("ready"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_merge_request_announced[] = {
    ngx_string("open"), ngx_string("close"), ngx_string("reopen"),
    ngx_string("merge"), ngx_string("approved"), ngx_string("unapproved"),
    ngx_string("approval"), ngx_string("unapproval"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_note_actions[] = {
    ngx_string("create"), ngx_string("update"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_note_announced[] = {
    ngx_string("create"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_pipeline_actions[] = {
    ngx_string("success"), ngx_string("failed"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_wiki_page_actions[] = {
    ngx_string("create"), ngx_string("update"), ngx_string("delete"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_deployment_actions[] = {
    ngx_string("running"), ngx_string("success"), ngx_string("failed"),
    ngx_string("canceled"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_alert_actions[] = {
    ngx_string("triggered"), ngx_string("acknowledged"),
    ngx_string("resolved"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_release_actions[] = {
    ngx_string("create"), ngx_string("update"), ngx_string("delete"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_release_announced[] = {
    ngx_string("create"), ngx_string("delete"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_job_actions[] = {
    ngx_string("created"), ngx_string("pending"), ngx_string("running"),
    ngx_string("success"), ngx_string("failed"), ngx_string("canceled"),
    ngx_string("skipped"), ngx_string("manual"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_job_announced[] = {
    ngx_string("failed"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_milestone_actions[] = {
    ngx_string("create"), ngx_string("close"), ngx_string("reopen"),
    ngx_string("delete"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_feature_flag_actions[] = {
    ngx_string("on"), ngx_string("off"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_emoji_actions[] = {
    ngx_string("award"), ngx_string("revoke"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_emoji_announced[] = {
    ngx_string("award"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_member_actions[] = {
    ngx_string("add"), ngx_string("update"), ngx_string("remove"),
    ngx_string("request"), ngx_string("deny"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_subgroup_actions[] = {
    ngx_string("create"), ngx_string("delete"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_project_actions[] = {
    ngx_string("create"), ngx_string("delete"), ngx_string("rename"),
    ngx_string("transfer"), ngx_string("update"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_project_announced[] = {
    ngx_string("create"), ngx_string("delete"), ngx_string("rename"),
    ngx_string("transfer"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_vulnerability_actions[] = {
    ngx_string("detected"), ngx_string("confirmed"), ngx_string("dismissed"),
    ngx_string("resolved"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_access_token_actions[] = {
    ngx_string("expiring"),
    ngx_null_string
};


/*
 * flags: confidential, open_actions, branches, target, labels, unlabelled,
 * optional, actor, project
 */

const ngx_slack_kind_t  ngx_slack_kinds[] = {

    { NGX_SLACK_EVENT_UNKNOWN, ngx_string("unknown"),
      ngx_slack_none_actions, ngx_slack_none_actions,
      0, 0, 0, 0, 0, 0, 0, NGX_SLACK_NO, 0 },

    { NGX_SLACK_EVENT_PUSH, ngx_string("push"),
      ngx_slack_push_actions, NULL,
      0, 0, 1, 0, 0, 0, 0, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_TAG_PUSH, ngx_string("tag_push"),
      ngx_slack_tag_push_actions, NULL,
      0, 0, 0, 0, 0, 0, 0, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_ISSUE, ngx_string("issue"),
      ngx_slack_issue_actions, ngx_slack_issue_announced,
      0, 0, 0, 0, 1, 0, 0, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE, ngx_string("confidential_issue"),
      ngx_slack_issue_actions, ngx_slack_issue_announced,
      1, 0, 0, 0, 1, 0, 0, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_MERGE_REQUEST, ngx_string("merge_request"),
      ngx_slack_merge_request_actions, ngx_slack_merge_request_announced,
      0, 0, 0, 1, 1, 0, 0, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_NOTE, ngx_string("note"),
      ngx_slack_note_actions, ngx_slack_note_announced,
      0, 0, 0, 0, 1, 0, 0, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_CONFIDENTIAL_NOTE, ngx_string("confidential_note"),
      ngx_slack_note_actions, ngx_slack_note_announced,
      1, 0, 0, 0, 1, 0, 0, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_PIPELINE, ngx_string("pipeline"),
      ngx_slack_pipeline_actions, ngx_slack_pipeline_actions,
      0, 1, 1, 0, 0, 0, 0, NGX_SLACK_UNKNOWN, 1 },

    { NGX_SLACK_EVENT_WIKI_PAGE, ngx_string("wiki_page"),
      ngx_slack_wiki_page_actions, NULL,
      0, 0, 0, 0, 0, 0, 0, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_DEPLOYMENT, ngx_string("deployment"),
      ngx_slack_deployment_actions, NULL,
      0, 1, 1, 0, 0, 0, 0, NGX_SLACK_UNKNOWN, 1 },

    { NGX_SLACK_EVENT_ALERT, ngx_string("alert"),
      ngx_slack_alert_actions, NULL,
      0, 1, 0, 0, 1, 1, 0, NGX_SLACK_NO, 0 },

    { NGX_SLACK_EVENT_RELEASE, ngx_string("release"),
      ngx_slack_release_actions, ngx_slack_release_announced,
      0, 0, 0, 0, 0, 0, 1, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_JOB, ngx_string("job"),
      ngx_slack_job_actions, ngx_slack_job_announced,
      0, 1, 1, 0, 0, 0, 1, NGX_SLACK_UNKNOWN, 1 },

    { NGX_SLACK_EVENT_MILESTONE, ngx_string("milestone"),
      ngx_slack_milestone_actions, NULL,
      0, 0, 0, 0, 0, 0, 1, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_FEATURE_FLAG, ngx_string("feature_flag"),
      ngx_slack_feature_flag_actions, NULL,
      0, 0, 0, 0, 0, 0, 1, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_EMOJI, ngx_string("emoji"),
      ngx_slack_emoji_actions, ngx_slack_emoji_announced,
      0, 0, 0, 0, 0, 0, 1, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_MEMBER, ngx_string("member"),
      ngx_slack_member_actions, NULL,
      0, 0, 0, 0, 0, 0, 1, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_SUBGROUP, ngx_string("subgroup"),
      ngx_slack_subgroup_actions, NULL,
      0, 0, 0, 0, 0, 0, 1, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_PROJECT, ngx_string("project"),
      ngx_slack_project_actions, ngx_slack_project_announced,
      0, 0, 0, 0, 0, 0, 1, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_VULNERABILITY, ngx_string("vulnerability"),
      ngx_slack_vulnerability_actions, NULL,
      0, 1, 0, 0, 0, 0, 1, NGX_SLACK_YES, 1 },

    { NGX_SLACK_EVENT_ACCESS_TOKEN, ngx_string("access_token"),
      ngx_slack_access_token_actions, NULL,
      0, 1, 0, 0, 0, 0, 1, NGX_SLACK_NO, 1 }
};


/* names that people bring along from elsewhere */

static ngx_slack_alias_t  ngx_slack_aliases[] = {
    { NGX_SLACK_EVENT_MERGE_REQUEST, ngx_string("pull_request") },
    { NGX_SLACK_EVENT_UNKNOWN, ngx_null_string }
};


const ngx_slack_kind_t *
ngx_slack_kind_find(ngx_str_t *name)
{
    ngx_uint_t               i;
    ngx_slack_alias_t       *alias;
    const ngx_slack_kind_t  *kind;

    for (i = NGX_SLACK_EVENT_UNKNOWN + 1; i < NGX_SLACK_EVENT_MAX; i++) {
        kind = &ngx_slack_kinds[i];

        if (kind->name.len == name->len
            && ngx_memcmp(kind->name.data, name->data, name->len) == 0)
        {
            return kind;
        }
    }

    for (alias = ngx_slack_aliases; alias->name.len; alias++) {
        if (alias->name.len == name->len
            && ngx_memcmp(alias->name.data, name->data, name->len) == 0)
        {
            return &ngx_slack_kinds[alias->kind];
        }
    }

    return NULL;
}


ngx_int_t
ngx_slack_kind_announced(const ngx_slack_kind_t *kind, ngx_str_t *action)
{
    ngx_str_t  *name;

    if (kind->announced == NULL) {
        return NGX_OK;
    }

    if (action->len == 0) {

        /* what old "Test" buttons send; but a pipeline is its status */

        return kind->open_actions ? NGX_DECLINED : NGX_OK;
    }

    for (name = kind->announced; name->len; name++) {
        if (name->len == action->len
            && ngx_memcmp(name->data, action->data, action->len) == 0)
        {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}
