
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The cards of the kinds of events, a row each.  Knows events; runs in the
 * event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_card_kinds.h>


static const ngx_slack_card_t  *ngx_slack_cards[NGX_SLACK_EVENT_MAX] = {
    [NGX_SLACK_EVENT_PUSH] = &ngx_slack_card_push,
    [NGX_SLACK_EVENT_TAG_PUSH] = &ngx_slack_card_push,
    [NGX_SLACK_EVENT_ISSUE] = &ngx_slack_card_request,
    [NGX_SLACK_EVENT_CONFIDENTIAL_ISSUE] = &ngx_slack_card_request,
    [NGX_SLACK_EVENT_MERGE_REQUEST] = &ngx_slack_card_request,
    [NGX_SLACK_EVENT_NOTE] = &ngx_slack_card_note,
    [NGX_SLACK_EVENT_CONFIDENTIAL_NOTE] = &ngx_slack_card_note,
    [NGX_SLACK_EVENT_PIPELINE] = &ngx_slack_card_pipeline,
    [NGX_SLACK_EVENT_DEPLOYMENT] = &ngx_slack_card_deployment,
    [NGX_SLACK_EVENT_ALERT] = &ngx_slack_card_alert
};


const ngx_slack_card_t *
ngx_slack_card_of(ngx_slack_event_t *event)
{
    const ngx_slack_card_t  *card;

    card = ngx_slack_cards[event->kind];

    return card ? card : &ngx_slack_card_other;
}
