
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Gitea's payloads through to the message that Slack gets.  As the
 * body does not tell the event, one that comes without a header is tried as
 * each of them.  All else is as with GitLab's payloads.
 */

/* fuzz: json/ngx_slack_json.c json/ngx_slack_json_paths.c
 *       json/ngx_slack_json_values.c
 *       json/ngx_slack_json_decode.c json/ngx_slack_json_skim.c
 *       json/ngx_slack_json_text.c json/ngx_slack_json_token.c
 *       json/ngx_slack_json_writer.c core/ngx_slack_text.c
 *       core/ngx_slack_text_value.c core/ngx_slack_text_url.c
 *       core/ngx_slack_text_markdown.c core/ngx_slack_text_scrub.c
 *       core/ngx_slack_receiver.c core/ngx_slack_shown.c
 *       core/ngx_slack_time.c
 *       source/ message/
 * libs: -lyajl
 */


#define GITLAB_SENDER  "gitea"

#define GITLAB_HEADERS                                                        \
    "push", "create", "delete", "issues", "issue_comment", "pull_request",    \
    "pull_request_approved", "pull_request_rejected",                         \
    "pull_request_comment", "workflow_run", "release", "wiki", "repository"

#include "gitlab.c"
