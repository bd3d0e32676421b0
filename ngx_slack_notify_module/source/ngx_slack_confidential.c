
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What shows that an event is confidential: one list for all kinds of events
 * of all forges, so that none has a gap of its own.  Knows events; no sender,
 * not Slack.  Runs in the event loop.
 *
 * GitLab flags the event's own object, "object_attributes", and what that
 * belongs to, each under the name of its type: a note that is not confidential
 * may be on a confidential work item.  Names that GitLab does not use today
 * are those of the types it has.  Whether a project is private is no flag of
 * the event: who may see the project is what its webhook is set up for.
 */


#include <ngx_slack_confidential.h>


#define ngx_slack_confidential_field(path)                                    \
    { 0, ngx_string(path), offsetof(ngx_slack_event_t, confidential),         \
      NGX_SLACK_FIELD_SIGN, 0 }


ngx_slack_field_t  ngx_slack_confidential_fields[] = {

    /* the event's own object */

    ngx_slack_confidential_field("confidential"),
    ngx_slack_confidential_field("object_attributes.confidential"),
    ngx_slack_confidential_field("object_attributes.internal"),

    /* what it becomes, and what it was until now */

    ngx_slack_confidential_field("changes.confidential.current"),
    ngx_slack_confidential_field("changes.confidential.previous"),
    ngx_slack_confidential_field("changes.internal.current"),
    ngx_slack_confidential_field("changes.internal.previous"),

    /* what it is on, or in */

    ngx_slack_confidential_field("issue.confidential"),
    ngx_slack_confidential_field("work_item.confidential"),
    ngx_slack_confidential_field("epic.confidential"),
    ngx_slack_confidential_field("incident.confidential"),
    ngx_slack_confidential_field("task.confidential"),
    ngx_slack_confidential_field("ticket.confidential"),
    ngx_slack_confidential_field("objective.confidential"),
    ngx_slack_confidential_field("key_result.confidential"),
    ngx_slack_confidential_field("requirement.confidential"),
    ngx_slack_confidential_field("test_case.confidential"),
    ngx_slack_confidential_field("vulnerability.confidential"),
    ngx_slack_confidential_field("merge_request.confidential"),
    ngx_slack_confidential_field("pull_request.confidential"),
    ngx_slack_confidential_field("snippet.confidential"),
    ngx_slack_confidential_field("design.confidential"),
    ngx_slack_confidential_field("alert.confidential"),
    ngx_slack_confidential_field("milestone.confidential"),
    ngx_slack_confidential_field("noteable.confidential"),
    ngx_slack_confidential_field("awardable.confidential"),
    ngx_slack_confidential_field("parent.confidential"),
    ngx_slack_confidential_field("note.confidential"),
    ngx_slack_confidential_field("note.internal"),
    ngx_slack_confidential_field("comment.confidential"),
    ngx_slack_confidential_field("comment.internal"),
    ngx_slack_confidential_field("discussion.confidential"),
    ngx_slack_confidential_field("discussion.internal"),

    /* what that is in */

    ngx_slack_confidential_field("object_attributes.issue.confidential"),
    ngx_slack_confidential_field("object_attributes.work_item.confidential"),
    ngx_slack_confidential_field("object_attributes.epic.confidential"),
    ngx_slack_confidential_field("object_attributes.parent.confidential"),
    ngx_slack_confidential_field("object_attributes.noteable.confidential"),
    ngx_slack_confidential_field("issue.epic.confidential"),
    ngx_slack_confidential_field("issue.parent.confidential"),
    ngx_slack_confidential_field("work_item.epic.confidential"),
    ngx_slack_confidential_field("work_item.parent.confidential"),
    ngx_slack_confidential_field("epic.parent.confidential"),
    ngx_slack_confidential_field("note.noteable.confidential"),

    { 0, ngx_null_string, 0, 0, 0 }
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
