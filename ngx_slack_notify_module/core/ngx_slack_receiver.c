
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What receivers of messages allow, and how they write: constants for any
 * thread.
 */


#include <ngx_slack_receiver.h>


/*
 * Slack: below its limits where it documents them (footer 300, field 2000) and
 * below what it shows ("Show more" from 700 on).  Alertmanager found 1024 for
 * titles.  A post has at most 100 attachments.
 *
 * Mattermost splits a post at 16383 characters and knows no other limits.
 *
 * Discord makes an embed of each attachment, the description of pretext and
 * text together, and refuses a message with more than 10, or with an embed
 * that exceeds its limits: title and author 256, description 4096, field 1024,
 * footer 2048, and 6000 for all embeds of a message together
 * (discord.com/developers, "Message", "Embed Limits").  Its OpenAPI
 * specification allows only "#RRGGBB" for the colour of a Slack attachment.
 */

const ngx_slack_receiver_t  ngx_slack_receivers[] = {

    [NGX_SLACK_RECEIVER_SLACK] = {
        .parts = { 1000, 3000, 7000, 1000, 2000, 300, 256 },
        .sum = NGX_MAX_SIZE_T_VALUE,
        .attachments = 100,
        .bytes = NGX_MAX_SIZE_T_VALUE,
        .dates = 1
    },

    [NGX_SLACK_RECEIVER_MATTERMOST] = {
        .parts = { 1000, 3000, 7000, 1000, 2000, 300, 256 },
        .sum = NGX_MAX_SIZE_T_VALUE,
        .attachments = 100,
        .bytes = NGX_MAX_SIZE_T_VALUE,
        .guard = 1,
        .strong = 1
    },

    [NGX_SLACK_RECEIVER_DISCORD] = {
        .parts = { 1000, 1500, 2500, 250, 1000, 300, 250 },
        .sum = 5500,
        .attachments = 10,
        .bytes = 5500,
        .guard = 1,
        .strong = 1,
        .hex = 1
    }
};
