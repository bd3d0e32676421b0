
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The kinds of events, a row each.  Has no side effects; runs in any thread.
 */


#include <ngx_slack_event.h>
#include <ngx_slack_equal.h>


typedef struct {
    ngx_uint_t                kind;
    ngx_str_t                 name;
} ngx_slack_alias_t;


static ngx_uint_t ngx_slack_kind_listed(ngx_str_t *list, ngx_str_t *action);


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

static ngx_str_t  ngx_slack_merge_request_expected[] = {
    ngx_string("ready"),
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

/* of GitLab's pipelines, and of GitHub's workflows */

static ngx_str_t  ngx_slack_pipeline_others[] = {
    ngx_string("canceled"), ngx_string("canceling"), ngx_string("created"),
    ngx_string("waiting_for_resource"), ngx_string("waiting_for_callback"),
    ngx_string("preparing"), ngx_string("pending"), ngx_string("running"),
    ngx_string("skipped"), ngx_string("manual"), ngx_string("scheduled"),
    ngx_string("neutral"), ngx_string("stale"),
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

static ngx_str_t  ngx_slack_deployment_others[] = {
    ngx_string("created"), ngx_string("pending"),
    ngx_string("waiting_for_resource"), ngx_string("skipped"),
    ngx_string("blocked"), ngx_string("approved"), ngx_string("rejected"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_alert_actions[] = {
    ngx_string("triggered"), ngx_string("acknowledged"),
    ngx_string("resolved"),
    ngx_null_string
};

static ngx_str_t  ngx_slack_alert_others[] = {
    ngx_string("ignored"),
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

static ngx_str_t  ngx_slack_job_others[] = {
    ngx_string("canceling"), ngx_string("waiting_for_resource"),
    ngx_string("waiting_for_callback"), ngx_string("preparing"),
    ngx_string("scheduled"),
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

const ngx_slack_kind_t  ngx_slack_kinds[NGX_SLACK_EVENT_MAX] = {

    [NGX_SLACK_EVENT_UNKNOWN] = {
        .kind = NGX_SLACK_EVENT_UNKNOWN,
        .name = ngx_string("unknown"),
        .actions = ngx_slack_none_actions,
        .announced = ngx_slack_none_actions,
        .actor = NGX_SLACK_NO
    },

    [NGX_SLACK_EVENT_PUSH] = {
        .kind = NGX_SLACK_EVENT_PUSH,
        .name = ngx_string("push"),
        .actions = ngx_slack_push_actions,
        .branches = 1,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_TAG_PUSH] = {
        .kind = NGX_SLACK_EVENT_TAG_PUSH,
        .name = ngx_string("tag_push"),
        .actions = ngx_slack_tag_push_actions,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_ISSUE] = {
        .kind = NGX_SLACK_EVENT_ISSUE,
        .name = ngx_string("issue"),
        .actions = ngx_slack_issue_actions,
        .announced = ngx_slack_issue_announced,
        .labels = 1,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE] = {
        .kind = NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE,
        .name = ngx_string("confidential_issue"),
        .actions = ngx_slack_issue_actions,
        .announced = ngx_slack_issue_announced,
        .confidential = 1,
        .labels = 1,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_MERGE_REQUEST] = {
        .kind = NGX_SLACK_EVENT_MERGE_REQUEST,
        .name = ngx_string("merge_request"),
        .actions = ngx_slack_merge_request_actions,
        .announced = ngx_slack_merge_request_announced,
        .expected = ngx_slack_merge_request_expected,
        .target = 1,
        .labels = 1,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_NOTE] = {
        .kind = NGX_SLACK_EVENT_NOTE,
        .name = ngx_string("note"),
        .actions = ngx_slack_note_actions,
        .announced = ngx_slack_note_announced,
        .labels = 1,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_CONFIDENTIAL_NOTE] = {
        .kind = NGX_SLACK_EVENT_CONFIDENTIAL_NOTE,
        .name = ngx_string("confidential_note"),
        .actions = ngx_slack_note_actions,
        .announced = ngx_slack_note_announced,
        .confidential = 1,
        .labels = 1,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_PIPELINE] = {
        .kind = NGX_SLACK_EVENT_PIPELINE,
        .name = ngx_string("pipeline"),
        .actions = ngx_slack_pipeline_actions,
        .others = ngx_slack_pipeline_others,
        .announced = ngx_slack_pipeline_actions,
        .open_actions = 1,
        .branches = 1,
        .actor = NGX_SLACK_UNKNOWN,
        .project = 1
    },

    [NGX_SLACK_EVENT_WIKI_PAGE] = {
        .kind = NGX_SLACK_EVENT_WIKI_PAGE,
        .name = ngx_string("wiki_page"),
        .actions = ngx_slack_wiki_page_actions,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_DEPLOYMENT] = {
        .kind = NGX_SLACK_EVENT_DEPLOYMENT,
        .name = ngx_string("deployment"),
        .actions = ngx_slack_deployment_actions,
        .others = ngx_slack_deployment_others,
        .open_actions = 1,
        .branches = 1,
        .actor = NGX_SLACK_UNKNOWN,
        .project = 1
    },

    [NGX_SLACK_EVENT_ALERT] = {
        .kind = NGX_SLACK_EVENT_ALERT,
        .name = ngx_string("alert"),
        .actions = ngx_slack_alert_actions,
        .others = ngx_slack_alert_others,
        .open_actions = 1,
        .labels = 1,
        .unlabelled = 1,
        .actor = NGX_SLACK_NO
    },

    [NGX_SLACK_EVENT_RELEASE] = {
        .kind = NGX_SLACK_EVENT_RELEASE,
        .name = ngx_string("release"),
        .actions = ngx_slack_release_actions,
        .announced = ngx_slack_release_announced,
        .optional = 1,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_JOB] = {
        .kind = NGX_SLACK_EVENT_JOB,
        .name = ngx_string("job"),
        .actions = ngx_slack_job_actions,
        .others = ngx_slack_job_others,
        .announced = ngx_slack_job_announced,
        .open_actions = 1,
        .branches = 1,
        .optional = 1,
        .actor = NGX_SLACK_UNKNOWN,
        .project = 1
    },

    [NGX_SLACK_EVENT_MILESTONE] = {
        .kind = NGX_SLACK_EVENT_MILESTONE,
        .name = ngx_string("milestone"),
        .actions = ngx_slack_milestone_actions,
        .optional = 1,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_FEATURE_FLAG] = {
        .kind = NGX_SLACK_EVENT_FEATURE_FLAG,
        .name = ngx_string("feature_flag"),
        .actions = ngx_slack_feature_flag_actions,
        .optional = 1,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_EMOJI] = {
        .kind = NGX_SLACK_EVENT_EMOJI,
        .name = ngx_string("emoji"),
        .actions = ngx_slack_emoji_actions,
        .announced = ngx_slack_emoji_announced,
        .optional = 1,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_MEMBER] = {
        .kind = NGX_SLACK_EVENT_MEMBER,
        .name = ngx_string("member"),
        .actions = ngx_slack_member_actions,
        .optional = 1,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_SUBGROUP] = {
        .kind = NGX_SLACK_EVENT_SUBGROUP,
        .name = ngx_string("subgroup"),
        .actions = ngx_slack_subgroup_actions,
        .optional = 1,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_PROJECT] = {
        .kind = NGX_SLACK_EVENT_PROJECT,
        .name = ngx_string("project"),
        .actions = ngx_slack_project_actions,
        .announced = ngx_slack_project_announced,
        .optional = 1,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_VULNERABILITY] = {
        .kind = NGX_SLACK_EVENT_VULNERABILITY,
        .name = ngx_string("vulnerability"),
        .actions = ngx_slack_vulnerability_actions,
        .open_actions = 1,
        .optional = 1,
        .actor = NGX_SLACK_YES,
        .project = 1
    },

    [NGX_SLACK_EVENT_ACCESS_TOKEN] = {
        .kind = NGX_SLACK_EVENT_ACCESS_TOKEN,
        .name = ngx_string("access_token"),
        .actions = ngx_slack_access_token_actions,
        .open_actions = 1,
        .optional = 1,
        .actor = NGX_SLACK_NO,
        .project = 1
    }
};


/* names of the same things at other forges */

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

        if (ngx_slack_equal(&kind->name, name)) {
            return kind;
        }
    }

    for (alias = ngx_slack_aliases; alias->name.len; alias++) {
        if (ngx_slack_equal(&alias->name, name)) {
            return &ngx_slack_kinds[alias->kind];
        }
    }

    return NULL;
}


ngx_int_t
ngx_slack_kind_announced(const ngx_slack_kind_t *kind, ngx_str_t *action,
    ngx_uint_t expected)
{
    if (kind->announced == NULL) {
        return NGX_OK;
    }

    if (action->len == 0) {

        /*
         * Old "Test" buttons send no action.  A pipeline without a status is
         * not announced.
         */

        return kind->open_actions ? NGX_DECLINED : NGX_OK;
    }

    if (ngx_slack_kind_listed(kind->announced, action)
        || (expected && kind->expected
            && ngx_slack_kind_listed(kind->expected, action)))
    {
        return NGX_OK;
    }

    return NGX_DECLINED;
}


static ngx_uint_t
ngx_slack_kind_listed(ngx_str_t *list, ngx_str_t *action)
{
    for ( /* void */ ; list->len; list++) {
        if (ngx_slack_equal(list, action)) {
            return 1;
        }
    }

    return 0;
}
