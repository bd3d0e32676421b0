
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Payloads structured like GitHub's: how the object of an event stands, which
 * only cards show: people and milestone of issues and pull requests, and the
 * pull request that a run of a workflow is for.  Runs in the event loop.
 */


#include <ngx_slack_hub.h>


#define HUB_CARD  NGX_SLACK_KINDS_CARD


static ngx_int_t ngx_slack_hub_stand_pull(ngx_slack_hub_t *h,
    ngx_pool_t *pool);


ngx_slack_field_t  ngx_slack_hub_card_fields[] = {

    ngx_slack_hub_field(HUB_CARD|HUB_ISSUE, "issue.assignees[].login",
                        event.stand.assignees, LIST),
    ngx_slack_hub_field(HUB_CARD|HUB_ISSUE, "issue.assignee.login",
                        event.stand.assignees, LIST),
    ngx_slack_hub_field(HUB_CARD|HUB_ISSUE, "issue.milestone.title",
                        event.stand.milestone, LINE),
    ngx_slack_hub_field(HUB_CARD|HUB_ISSUE, "issue.milestone.html_url",
                        event.stand.milestone_url, STRING),

    ngx_slack_hub_field(HUB_CARD|HUB_REQUEST, "pull_request.assignees[].login",
                        event.stand.assignees, LIST),
    ngx_slack_hub_field(HUB_CARD|HUB_REQUEST, "pull_request.assignee.login",
                        event.stand.assignees, LIST),
    ngx_slack_hub_field(HUB_CARD|HUB_REQUEST,
                        "pull_request.requested_reviewers[].login",
                        event.stand.reviewers, LIST),
    ngx_slack_hub_field(HUB_CARD|HUB_REQUEST,
                        "pull_request.requested_teams[].name", teams, LIST),
    ngx_slack_hub_field(HUB_CARD|HUB_REQUEST, "pull_request.milestone.title",
                        event.stand.milestone, LINE),
    ngx_slack_hub_field(HUB_CARD|HUB_REQUEST,
                        "pull_request.milestone.html_url",
                        event.stand.milestone_url, STRING),
    ngx_slack_hub_field(HUB_CARD|HUB_REQUEST,
                        "pull_request.head.repo.full_name", event.stand.source,
                        STRING),
    ngx_slack_hub_field(HUB_CARD|HUB_REQUEST, "pull_request.merged_at",
                        merged_at, STRING),

    { 0, ngx_null_string, 0, 0, 0 }
};


ngx_int_t
ngx_slack_hub_stand(ngx_slack_event_t *event, ngx_pool_t *pool)
{
    if (event->kind != NGX_SLACK_EVENT_MERGE_REQUEST) {
        return NGX_OK;
    }

    return ngx_slack_hub_stand_pull((ngx_slack_hub_t *) event, pool);
}


static ngx_int_t
ngx_slack_hub_stand_pull(ngx_slack_hub_t *h, ngx_pool_t *pool)
{
    ngx_str_t   *team;
    ngx_uint_t   i;

    if (ngx_slack_forge_is(&h->merged, "true") || h->merged_at.len) {
        ngx_str_set(&h->event.stand.state, "merged");

    } else {
        h->event.stand.state = h->pull_state;
    }

    team = h->teams.elts;

    for (i = 0; i < h->teams.nelts; i++) {
        if (ngx_slack_forge_add(&h->event.stand.reviewers, &team[i], pool)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
