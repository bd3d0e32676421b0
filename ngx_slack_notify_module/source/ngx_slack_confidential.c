
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Detects confidential events: one list for all kinds of events of all forges,
 * so that none of them misses a flag.  Knows events; no sender, not Slack.
 * Runs in the event loop.
 *
 * GitLab has a flag in the event's own object, "object_attributes", and in
 * what that belongs to, under the name of its type: a note that is not
 * confidential may be on a confidential work item.  The list also has types
 * for which GitLab does not send the flag today.  A private project does not
 * make an event confidential: its webhook was set up for those who may see the
 * project.
 */


#include <ngx_slack_confidential.h>


ngx_str_t  ngx_slack_confidential_flags[] = {

    /* the event's own object */

    ngx_string("confidential"),
    ngx_string("object_attributes.confidential"),
    ngx_string("object_attributes.internal"),

    /* its new and its former value */

    ngx_string("changes.confidential.current"),
    ngx_string("changes.confidential.previous"),
    ngx_string("changes.internal.current"),
    ngx_string("changes.internal.previous"),

    /* the object of a note, or what the object belongs to */

    ngx_string("issue.confidential"),
    ngx_string("work_item.confidential"),
    ngx_string("epic.confidential"),
    ngx_string("incident.confidential"),
    ngx_string("task.confidential"),
    ngx_string("ticket.confidential"),
    ngx_string("objective.confidential"),
    ngx_string("key_result.confidential"),
    ngx_string("requirement.confidential"),
    ngx_string("test_case.confidential"),
    ngx_string("vulnerability.confidential"),
    ngx_string("merge_request.confidential"),
    ngx_string("pull_request.confidential"),
    ngx_string("snippet.confidential"),
    ngx_string("design.confidential"),
    ngx_string("alert.confidential"),
    ngx_string("milestone.confidential"),
    ngx_string("noteable.confidential"),
    ngx_string("awardable.confidential"),
    ngx_string("parent.confidential"),
    ngx_string("note.confidential"),
    ngx_string("note.internal"),
    ngx_string("comment.confidential"),
    ngx_string("comment.internal"),
    ngx_string("discussion.confidential"),
    ngx_string("discussion.internal"),

    /* the same, nested in the object */

    ngx_string("object_attributes.issue.confidential"),
    ngx_string("object_attributes.work_item.confidential"),
    ngx_string("object_attributes.epic.confidential"),
    ngx_string("object_attributes.parent.confidential"),
    ngx_string("object_attributes.noteable.confidential"),
    ngx_string("issue.epic.confidential"),
    ngx_string("issue.parent.confidential"),
    ngx_string("work_item.epic.confidential"),
    ngx_string("work_item.parent.confidential"),
    ngx_string("epic.parent.confidential"),
    ngx_string("note.noteable.confidential"),

    ngx_null_string
};


ngx_uint_t
ngx_slack_confidential_name(ngx_str_t *name)
{
    return name->len >= sizeof("confidential") - 1
           && ngx_strncasecmp(name->data, (u_char *) "confidential",
                              sizeof("confidential") - 1)
              == 0;
}


ngx_int_t
ngx_slack_confidential_kind(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_str_t *reason)
{
    u_char     *p;
    ngx_str_t   name;

    if (ngx_slack_kinds[event->kind].confidential) {
        return NGX_OK;
    }

    switch (event->kind) {

    case NGX_SLACK_EVENT_ISSUE:
        event->kind = NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE;
        return NGX_OK;

    case NGX_SLACK_EVENT_NOTE:
        event->kind = NGX_SLACK_EVENT_CONFIDENTIAL_NOTE;
        return NGX_OK;
    }

    name = ngx_slack_kinds[event->kind].name;

    p = ngx_pnalloc(pool, sizeof("confidential ") - 1 + name.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    reason->data = p;

    p = ngx_cpymem(p, "confidential ", sizeof("confidential ") - 1);
    p = ngx_cpymem(p, name.data, name.len);

    reason->len = p - reason->data;

    return NGX_DECLINED;
}
