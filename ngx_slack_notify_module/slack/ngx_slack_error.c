
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Slack's errors, of incoming webhooks and of the Web API, and the outcome of
 * each: one row per error.  The names come from Slack's documentation of
 * incoming webhooks and of the methods chat.postMessage, chat.update,
 * auth.test and conversations.join (https://docs.slack.dev/reference/methods),
 * and from answers that users have seen.  Runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_error.h>


#define NGX_SLACK_HINT_WEBHOOK                                                \
    "make a new incoming webhook in Slack and set webhook_url"
#define NGX_SLACK_HINT_TOKEN                                                  \
    "check the app and its token in Slack and set bot_token"
#define NGX_SLACK_HINT_EXPIRED                                                \
    "turn off token rotation for the app, install it again and set"           \
    " bot_token"
#define NGX_SLACK_HINT_ADMIN                                                  \
    "ask an administrator of the Slack workspace"
#define NGX_SLACK_HINT_SCOPE                                                  \
    "give the app this scope and install it again"
#define NGX_SLACK_HINT_CHANNEL                                                \
    "check the channel; a private one is named by its ID, and the app"        \
    " has to be in it"
#define NGX_SLACK_HINT_ID                                                     \
    "name the channel by its ID"
#define NGX_SLACK_HINT_MEMBER                                                 \
    "check the member ID that stands as the channel"
#define NGX_SLACK_HINT_UNARCHIVE                                              \
    "unarchive the channel, or name another one"
#define NGX_SLACK_HINT_JOIN                                                   \
    "invite the app to the channel, or set \"join on\" for public ones"
#define NGX_SLACK_HINT_JOINING                                                \
    "invite the app to the channel"
#define NGX_SLACK_HINT_TAB                                                    \
    "turn on the messages tab of the app in Slack"
#define NGX_SLACK_HINT_PLAN                                                   \
    "the plan's limit of messages is reached; see Slack"
#define NGX_SLACK_HINT_VERSION                                                \
    "use a newer version of this module"
#define NGX_SLACK_HINT_API                                                    \
    "check api_url"


static const ngx_slack_error_t  ngx_slack_errors[] = {

    /* transient errors */

    { "rollup_error", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "service_unavailable", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "request_timeout", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "team_added_to_org", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "external_channel_migrating", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "update_failed", NGX_SLACK_OUTCOME_RETRY, NULL },

    /* part of the request may have been carried out */

    { "internal_error", NGX_SLACK_OUTCOME_AMBIGUOUS, NULL },
    { "fatal_error", NGX_SLACK_OUTCOME_AMBIGUOUS, NULL },

    /* rate limits */

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
    { "no_team", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, NGX_SLACK_HINT_WEBHOOK },
    { "team_disabled", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_ADMIN },
    { "invalid_auth", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_TOKEN },
    { "not_authed", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, NGX_SLACK_HINT_TOKEN },
    { "token_revoked", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_TOKEN },
    { "account_inactive", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_TOKEN },
    { "not_allowed_token_type", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_TOKEN },
    { "is_bot", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, NGX_SLACK_HINT_TOKEN },
    { "token_expired", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_EXPIRED },
    { "missing_scope", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_SCOPE },
    { "no_permission", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_SCOPE },
    { "accesslimited", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_ADMIN },
    { "access_denied", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_ADMIN },
    { "app_access_restricted", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
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
      NGX_SLACK_HINT_VERSION },
    { "deprecated_endpoint", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_VERSION },
    { "unknown_method", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NGX_SLACK_HINT_API },

    /* errors of the channel */

    { "channel_not_found", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_CHANNEL },
    { "team_not_found", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, NGX_SLACK_HINT_ID },
    { "user_not_found", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_MEMBER },
    { "channel_is_archived", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_UNARCHIVE },
    { "is_archived", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_UNARCHIVE },
    { "is_inactive", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_UNARCHIVE },
    { "not_in_channel", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_JOIN },
    { "action_prohibited", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_ADMIN },
    { "posting_to_general_channel_denied", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_ADMIN },
    { "posting_to_channel_denied", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_ADMIN },
    { "ekm_access_denied", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_ADMIN },
    { "restricted_action", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_ADMIN },
    { "restricted_action_read_only_channel", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_ADMIN },
    { "restricted_action_thread_only_channel",
      NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, NGX_SLACK_HINT_ADMIN },
    { "messages_tab_disabled", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_TAB },
    { "message_limit_exceeded", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_PLAN },
    { "channel_is_limited_access", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_JOINING },
    { "method_not_supported_for_channel_type",
      NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, NGX_SLACK_HINT_JOINING },
    { "too_many_members", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_JOINING },

    /* errors of a thread, or of the message to be changed */

    { "cannot_reply_to_message", NGX_SLACK_OUTCOME_NO_REPLY, NULL },
    { "restricted_action_thread_locked", NGX_SLACK_OUTCOME_NO_REPLY, NULL },
    { "restricted_action_non_threadable_channel", NGX_SLACK_OUTCOME_NO_REPLY,
      NULL },
    { "message_not_found", NGX_SLACK_OUTCOME_NO_ROOT, NULL },
    { "cant_update_message", NGX_SLACK_OUTCOME_NO_ROOT, NULL },
    { "edit_window_closed", NGX_SLACK_OUTCOME_NO_CHANGE, NULL },
    { "block_mismatch", NGX_SLACK_OUTCOME_NO_ROOT, NULL },
    { "streaming_state_conflict", NGX_SLACK_OUTCOME_NO_ROOT, NULL },
    { "cant_broadcast_message", NGX_SLACK_OUTCOME_NO_ROOT, NULL },

    /* errors of client_msg_id */

    { "duplicate_message_not_found", NGX_SLACK_OUTCOME_FRESH, NULL },
    { "duplicate_channel_not_found", NGX_SLACK_OUTCOME_FRESH, NULL },

    /* other errors of channels, such as restricted_action_... */

    { "restricted_action*", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL,
      NGX_SLACK_HINT_ADMIN },

    /* errors of the message; unknown errors have the same outcome */

    { "invalid_payload", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "no_text", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "msg_too_long", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "msg_blocks_too_long", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "too_many_attachments", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "attachment_payload_limit_exceeded", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_blocks", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_blocks_format", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_attachments", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_arguments", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "markdown_text_conflict", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "no_dual_broadcast_content_update", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "too_many_contact_cards", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "send_on_behalf_not_allowed", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "as_user_not_supported", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "missing_file_data", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "draft_already_deleted", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "draft_already_sent", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "draft_has_conflict", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "draft_not_found", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "slack_connect_*", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "blocked_file_type", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "file_deleted", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "file_is_deleted", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "file_not_found", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "file_share_limit_reached", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "max_file_sharing_exceeded", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "unable_to_share_files", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "metadata_must_be_sent_from_app", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_metadata_*", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "metadata_too_large", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_charset", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_post_type", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "missing_post_type", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_form_data", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_arg_name", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_array_arg", NGX_SLACK_OUTCOME_DEAD, NULL },
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
