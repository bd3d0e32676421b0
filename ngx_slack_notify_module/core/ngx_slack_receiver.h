
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Who understands the messages of a workspace: Slack, or a service with
 * webhooks in Slack's format.
 */


#ifndef _NGX_SLACK_RECEIVER_H_INCLUDED_
#define _NGX_SLACK_RECEIVER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_SLACK_RECEIVER_SLACK       0
#define NGX_SLACK_RECEIVER_MATTERMOST  1      /* also Rocket.Chat */
#define NGX_SLACK_RECEIVER_DISCORD     2
#define NGX_SLACK_RECEIVER_MAX         3


/* the parts of an attachment that have a limit */

typedef enum {
    NGX_SLACK_PART_FALLBACK = 0,
    NGX_SLACK_PART_PRETEXT,
    NGX_SLACK_PART_TEXT,
    NGX_SLACK_PART_TITLE,
    NGX_SLACK_PART_FIELD,
    NGX_SLACK_PART_FOOTER,
    NGX_SLACK_PART_AUTHOR,
    NGX_SLACK_PART_MAX
} ngx_slack_part_e;


typedef struct {

    /* code points of each part */
    size_t                    parts[NGX_SLACK_PART_MAX];

    /* code points of all parts of one attachment, without the fallback */
    size_t                    sum;

    /* of one post */
    ngx_uint_t                attachments;
    size_t                    bytes;        /* of attachments that share it */

    /*
     * "@channel", "@here" and "@NAME" in plain text ring: an invisible
     * U+200B has to follow each "@" of a value from outside.
     */
    unsigned                  guard:1;

    /* bold is "**bold**" as in Markdown, not "*bold*" */
    unsigned                  strong:1;

    /* colours are "#RRGGBB", not "good", "warning" or "danger" */
    unsigned                  hex:1;

    /* "<!date^...>" becomes the reader's local time */
    unsigned                  dates:1;
} ngx_slack_receiver_t;


/* by NGX_SLACK_RECEIVER_...; any thread */

extern const ngx_slack_receiver_t  ngx_slack_receivers[];


#endif /* _NGX_SLACK_RECEIVER_H_INCLUDED_ */
