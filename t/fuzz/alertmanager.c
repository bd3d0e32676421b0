
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Alerts through to the message that Slack gets: groups of Alertmanager and
 * Grafana, and GitLab's generic ones.  All else is as with GitLab's payloads.
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


#define GITLAB_SENDER  "alertmanager"

#include "gitlab.c"
