
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Slack's errors, of incoming webhooks and of the Web API, and the outcome of
 * each: one row per error.  The names come from Slack's developer
 * documentation (https://api.slack.com/messaging/webhooks#handling_errors,
 * https://api.slack.com/methods/chat.postMessage#errors) and from answers that
 * users have seen.  Runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_error.h>


#define NGX_SLACK_HINT_WEBHOOK                                                \
    "make a new incoming webhook in Slack and set webhook_url"
#define NGX_SLACK_HINT_TOKEN                                                  \
    "check the app and its token in Slack and set bot_token"
#define NGX_SLACK_HINT_ADMIN                                                  \
    "ask an administrator of the Slack workspace"
#define NGX_SLACK_HINT_SCOPE                                                  \
    "give the app the scope chat:write and install it again"
#define NGX_SLACK_HINT_CHANNEL                                                \
    "check the name of the channel, and that the app may see it"


static const ngx_slack_error_t  ngx_slack_errors[] = {

    /* transient errors */

    { "rollup_error", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "internal_error", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "fatal_error", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "service_unavailable", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "request_timeout", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "team_added_to_org", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "external_channel_migrating", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "update_failed", NGX_SLACK_OUTCOME_RETRY, NULL },

    { "ratelimited", NGX_SLACK_OUTCOME_HOLD, NULL },
    { "rate_limited", NGX_SLACK_OUTCOME_HOLD, NULL },

    /* errors of the endpoint or the whole workspace */

    { "invalid_token", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_WEBHOOK },
    { "no_service", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_WEBHOOK },
    { "no_service_id", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_WEBHOOK },
    { "no_active_hooks", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_WEBHOOK },
    { "no_team", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_WEBHOOK },
    { "team_disabled", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_ADMIN },
    { "invalid_auth", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_TOKEN },
    { "not_authed", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_TOKEN },
    { "token_revoked", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_TOKEN },
    { "token_expired", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_TOKEN },
    { "account_inactive", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_TOKEN },
    { "not_allowed_token_type", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_TOKEN },
    { "missing_scope", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_SCOPE },
    { "no_permission", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_SCOPE },
    { "ekm_access_denied", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_ADMIN },
    { "accesslimited", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_ADMIN },
    { "access_denied", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_ADMIN },
    { "org_login_required", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_ADMIN },
    { "two_factor_setup_required", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_ADMIN },
    { "team_access_not_granted", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_ADMIN },
    { "enterprise_is_restricted", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_ADMIN },
    { "method_deprecated", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      "use a newer version of this module" },

    /* errors of the channel */

    { "channel_not_found", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_CHANNEL },
    { "user_not_found", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      "check the member ID that stands as the channel" },
    { "channel_is_archived", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      "unarchive the channel, or name another one" },
    { "is_archived", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      "unarchive the channel, or name another one" },
    { "not_in_channel", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      "invite the app to the channel" },
    { "action_prohibited", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_ADMIN },
    { "posting_to_general_channel_denied", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_ADMIN },
    { "restricted_action*", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_ADMIN },
    { "cannot_reply_to_message", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_CHANNEL },
    { "messages_tab_disabled", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      "turn on the messages tab of the app in Slack" },
    { "message_limit_exceeded", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      "the plan's limit of messages is reached; see Slack" },

    /* errors of the message; unknown errors have the same outcome */

    { "invalid_payload", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "no_text", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "too_many_attachments", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_blocks", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_blocks_format", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_attachments", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "msg_too_long", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "msg_blocks_too_long", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "attachment_payload_limit_exceeded", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_arguments", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_metadata_*", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "metadata_too_large", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "markdown_text_conflict", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_charset", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_post_type", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_json", NGX_SLACK_OUTCOME_DEAD, NULL },

    { NULL, NGX_SLACK_OUTCOME_SENT, NULL }
};


const ngx_slack_error_t *
ngx_slack_error_find(ngx_str_t *name)
{
    size_t                    n;
    const ngx_slack_error_t  *e;

    for (e = ngx_slack_errors; e->name; e++) {

        n = ngx_strlen(e->name);

        if (e->name[n - 1] == '*') {
            n--;

            if (name->len >= n && ngx_memcmp(name->data, e->name, n) == 0) {
                return e;
            }

            continue;
        }

        if (name->len == n && ngx_memcmp(name->data, e->name, n) == 0) {
            return e;
        }
    }

    return NULL;
}
