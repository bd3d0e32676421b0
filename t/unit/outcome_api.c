
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Answers of the Web API: every error that Slack documents for the methods in
 * use, what it means, and what the operator is told; and members of answers.
 */

/* unit: slack/ngx_slack_outcome.c slack/ngx_slack_error.c
 *       slack/ngx_slack_said.c json/ngx_slack_json_decode.c
 *       slack/ngx_slack_scope.c core/ngx_slack_tokens.c
 *       json/ngx_slack_json_skim.c json/ngx_slack_json_token.c
 *       core/ngx_slack_shown.c core/ngx_slack_text_scrub.c
 *       core/ngx_slack_secret.c core/ngx_slack_sign.c
 *       libs: -lcurl -lcrypto -lyajl */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_outcome.h>
#include <ngx_slack_said.h>
#include <ngx_slack_scope.h>
#include <ngx_slack_secret.h>

#include "tap.h"


typedef struct {
    const char               *name;
    ngx_uint_t                outcome;
    const char               *hint;         /* a part of it; NULL: none */
} word_t;


typedef struct {
    ngx_uint_t                status;
    const char               *body;
    ngx_uint_t                outcome;
    const char               *reason;       /* NULL: any */
} row_t;


/* those of chat.postMessage, chat.update, conversations.join, all methods */

static word_t  errors[] = {
    { "ratelimited", NGX_SLACK_OUTCOME_HOLD, NULL },
    { "rate_limited", NGX_SLACK_OUTCOME_HOLD, NULL },
    { "internal_error", NGX_SLACK_OUTCOME_AMBIGUOUS, NULL },
    { "fatal_error", NGX_SLACK_OUTCOME_AMBIGUOUS, NULL },
    { "service_unavailable", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "request_timeout", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "team_added_to_org", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "external_channel_migrating", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "update_failed", NGX_SLACK_OUTCOME_RETRY, NULL },
    { "invalid_auth", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "token" },
    { "not_authed", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "token" },
    { "token_revoked", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "token" },
    { "token_expired", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "rotation" },
    { "account_inactive", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "token" },
    { "not_allowed_token_type", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "token" },
    { "is_bot", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "token" },
    { "missing_scope", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "scope" },
    { "no_permission", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "scope" },
    { "accesslimited", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "administrator" },
    { "access_denied", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "administrator" },
    { "org_login_required",
      NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "administrator" },
    { "two_factor_setup_required",
      NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "administrator" },
    { "team_access_not_granted",
      NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "administrator" },
    { "enterprise_is_restricted",
      NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "administrator" },
    { "app_access_restricted",
      NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "administrator" },
    { "ekm_access_denied",
      NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "administrator" },
    { "method_deprecated", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "version" },
    { "deprecated_endpoint", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "version" },
    { "unknown_method", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "api_url" },
    { "team_not_found", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "ID" },
    { "channel_not_found", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "private" },
    { "not_in_channel", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "invite" },
    { "is_archived", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "unarchive" },
    { "is_inactive", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "unarchive" },
    { "restricted_action",
      NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "administrator" },
    { "restricted_action_read_only_channel",
      NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "administrator" },
    { "restricted_action_thread_only_channel",
      NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "administrator" },
    { "restricted_action_of_tomorrow",
      NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "administrator" },
    { "posting_to_channel_denied",
      NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "administrator" },
    { "messages_tab_disabled", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "tab" },
    { "message_limit_exceeded", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "plan" },
    { "user_not_found", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "member" },
    { "channel_is_limited_access",
      NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "invite" },
    { "method_not_supported_for_channel_type",
      NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "invite" },
    { "too_many_members", NGX_SLACK_OUTCOME_SUSPEND_CHANNEL, "invite" },
    { "cannot_reply_to_message", NGX_SLACK_OUTCOME_NO_REPLY, NULL },
    { "restricted_action_thread_locked", NGX_SLACK_OUTCOME_NO_REPLY, NULL },
    { "restricted_action_non_threadable_channel",
      NGX_SLACK_OUTCOME_NO_REPLY, NULL },
    { "message_not_found", NGX_SLACK_OUTCOME_NO_ROOT, NULL },
    { "cant_update_message", NGX_SLACK_OUTCOME_NO_ROOT, NULL },
    { "edit_window_closed", NGX_SLACK_OUTCOME_NO_CHANGE, NULL },
    { "block_mismatch", NGX_SLACK_OUTCOME_NO_ROOT, NULL },
    { "streaming_state_conflict", NGX_SLACK_OUTCOME_NO_ROOT, NULL },
    { "cant_broadcast_message", NGX_SLACK_OUTCOME_NO_ROOT, NULL },
    { "duplicate_message_not_found", NGX_SLACK_OUTCOME_FRESH, NULL },
    { "duplicate_channel_not_found", NGX_SLACK_OUTCOME_FRESH, NULL },
    { "metadata_must_be_sent_from_app", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_metadata_format", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_metadata_schema", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "metadata_too_large", NGX_SLACK_OUTCOME_DEAD, NULL },
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
    { "slack_connect_canvas_sharing_blocked", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "slack_connect_file_link_sharing_blocked",
      NGX_SLACK_OUTCOME_DEAD, NULL },
    { "slack_connect_lists_sharing_blocked", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "slack_connect_clip_sharing_blocked", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "slack_connect_file_upload_sharing_blocked",
      NGX_SLACK_OUTCOME_DEAD, NULL },
    { "slack_connect_blocked_file_type", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "blocked_file_type", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "file_deleted", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "file_is_deleted", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "file_not_found", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "file_share_limit_reached", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "max_file_sharing_exceeded", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "unable_to_share_files", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_charset", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_post_type", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "missing_post_type", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_form_data", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_arg_name", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_array_arg", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "invalid_json", NGX_SLACK_OUTCOME_DEAD, NULL },
    { "a_word_of_tomorrow", NGX_SLACK_OUTCOME_DEAD, NULL },
    { NULL, 0, NULL }
};


static row_t  rows[] = {
    { 200, "{\"ok\":true,\"channel\":\"C024BE91L\",\"ts\":\"1.000002\"}",
      NGX_SLACK_OUTCOME_SENT, "HTTP 200 \"ok\"" },
    { 201, "{\"ok\":true,\"message\":{\"text\":\"echo\"}}",
      NGX_SLACK_OUTCOME_SENT, "HTTP 201 \"ok\"" },
    { 200, "{\"ok\":true}", NGX_SLACK_OUTCOME_SENT, NULL },
    { 200, "{\"ok\":true,\"ts\":1.000002}", NGX_SLACK_OUTCOME_SENT, NULL },
    { 200, "{\"ok\":true,\"warning\":\"x\",\"error\":\"y\"}",
      NGX_SLACK_OUTCOME_SENT, NULL },
    { 200, "{\"ok\":true,\"is_duplicate\":true}", NGX_SLACK_OUTCOME_SENT,
      NULL },
    { 200, "ok", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, NULL },
    { 200, "", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, NULL },
    { 200, "{}", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, NULL },
    { 200, "{\"ok\":true", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, NULL },
    { 200, "{\"ok\":1}", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, NULL },
    { 200, "{\"message\":{\"ok\":true}}", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      NULL },
    { 200, "<html>Sign in</html>", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, NULL },
    { 404, "<html>", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, NULL },
    { 302, "", NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, NULL },
    { 500, "{\"ok\":true}", NGX_SLACK_OUTCOME_RETRY,
      "HTTP 500 \"{'ok':true}\"" },
    { 429, "{\"ok\":false,\"error\":\"ratelimited\"}",
      NGX_SLACK_OUTCOME_HOLD, "HTTP 429 \"ratelimited\"" },
    { 200, "{\"ok\":false,\"error\":\"missing_scope\","
      "\"needed\":\"chat:write.public\",\"provided\":\"chat:write\"}",
      NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
      "HTTP 200 \"missing_scope\", needs chat:write.public" },
    { 200, "{\"ok\":false,\"error\":\"invalid_arguments\","
      "\"response_metadata\":{\"messages\":[\"[ERROR] too long"
      " [json-pointer:\\/attachments\\/0]\",\"[ERROR] b\"]}}",
      NGX_SLACK_OUTCOME_DEAD,
      "HTTP 200 \"invalid_arguments\": [ERROR] too long "
      "[json-pointer:/attachments/0]; [ERROR] b" },
    { 200, "{\"ok\":false,\"error\":\"no_text\",\"response_metadata\":"
      "{\"messages\":{\"a\":[\"b\"]}}}",
      NGX_SLACK_OUTCOME_DEAD, "HTTP 200 \"no_text\"" },
    { 400, "{\"ok\":false,\"error\":\"invalid_auth\"}",
      NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT, "HTTP 400 \"invalid_auth\"" },
    { 0, NULL, 0, NULL }
};


static void
judge(ngx_uint_t status, const char *body, ngx_slack_outcome_t *outcome)
{
    ngx_slack_answer_t  answer;

    ngx_memzero(&answer, sizeof(ngx_slack_answer_t));

    answer.token = 1;
    answer.status = status;
    answer.body.data = (u_char *) body;
    answer.body.len = strlen(body);
    answer.shown = answer.body;

    ngx_slack_outcome_judge(&answer, 0, outcome);
}


static void
test_errors(void)
{
    char                 body[200];
    word_t              *e;
    ngx_slack_outcome_t  out;

    for (e = errors; e->name; e++) {
        (void) snprintf(body, sizeof(body),
                        "{\"ok\":false,\"error\":\"%s\"}", e->name);
        judge(200, body, &out);

        if (!tap_ok(out.outcome == e->outcome
                    && (e->hint == NULL
                        || (out.hint && strstr(out.hint, e->hint))),
                    e->name))
        {
            printf("# %u, %s\n", (unsigned) out.outcome,
                   out.hint ? out.hint : "no hint");
        }
    }
}


static void
test_rows(void)
{
    row_t               *r;
    ngx_slack_outcome_t  out;

    for (r = rows; r->body; r++) {
        judge(r->status, r->body, &out);

        if (!tap_ok(out.outcome == r->outcome, r->body)) {
            printf("# %u\n", (unsigned) out.outcome);
        }

        if (r->reason) {
            tap_is((u_char *) out.reason, out.len, r->reason, "its reason");
        }
    }

    judge(200, rows[0].body, &out);
    tap_is(out.channel, out.channel_len, "C024BE91L", "the channel's ID");

    judge(200, "{\"ok\":true,\"channel\":\"#dev\"}", &out);
    tap_ok(out.channel_len == 0, "a name is no ID");

    judge(200, "{\"ok\":true,\"channel\":{\"id\":\"C024BE91L\"}}", &out);
    tap_ok(out.channel_len == 0, "an object is none");

    judge(200, "{\"ok\":true,\"channel\":\"C0123456789012345678901234567890"
          "1234567890\"}", &out);
    tap_ok(out.channel_len == 0, "nor is one that is too long");

    judge(200, "{\"ok\":false,\"error\":\"not_in_channel\"}", &out);
    tap_ok(out.not_member == 1, "joining may help");
}


static void
test_said(void)
{
    size_t             i;
    ngx_str_t          body;
    ngx_slack_said_t   said;
    static u_char      long_one[3000];

    body.data = (u_char *) "{\"ok\":true,\"url\":\"https:\\/\\/acme.slack.com"
                "\\/\",\"team\":\"Ac\\u00e9me\",\"expires_in\":43200}";
    body.len = strlen((char *) body.data);

    ngx_slack_said_read(&body, 0, &said);
    tap_is(said.members[NGX_SLACK_SAID_URL].data,
           said.members[NGX_SLACK_SAID_URL].len, "https://acme.slack.com/",
           "escapes are decoded");
    tap_is(said.members[NGX_SLACK_SAID_TEAM].data,
           said.members[NGX_SLACK_SAID_TEAM].len, "Ac\xc3\xa9me", "to UTF-8");
    tap_is(said.members[NGX_SLACK_SAID_EXPIRES].data,
           said.members[NGX_SLACK_SAID_EXPIRES].len, "43200", "a number");

    /* longer than there is room */

    body.len = (size_t) sprintf((char *) long_one,
                                "{\"ok\":false,\"error\":\"%01500d\","
                                "\"needed\":\"x\"}", 0);
    body.data = long_one;
    ngx_slack_said_read(&body, 0, &said);
    tap_ok(said.members[NGX_SLACK_SAID_ERROR].len == NGX_SLACK_SAID_SIZE
           && said.members[NGX_SLACK_SAID_NEEDED].len == 0,
           "a long one is cut");

    for (i = 0; i < body.len; i++) {
        body.len = i;
        ngx_slack_said_read(&body, 0, &said);

        if (said.object) {
            break;
        }

        body.len = strlen((char *) long_one);
    }

    tap_ok(i == body.len, "no beginning is an object");

    body.data = (u_char *) "{\"ok\":true,\"message\":{\"text\":\"abc";
    body.len = strlen((char *) body.data);
    ngx_slack_said_read(&body, 1, &said);
    tap_ok(said.object && said.ok, "unless it was cut");
}


static void
test_scopes(void)
{
    u_char  text[NGX_SLACK_SCOPES_TEXT];

    tap_ok(ngx_slack_scope_missing(NGX_SLACK_SCOPE_WRITE,
                                   (u_char *) "chat:write.public, chat:write",
                                   text) == 0, "all scopes are there");
    tap_ok(ngx_slack_scope_missing(NGX_SLACK_SCOPE_WRITE
                                   |NGX_SLACK_SCOPE_CUSTOMIZE
                                   |NGX_SLACK_SCOPE_JOIN,
                                   (u_char *) "chat:write.customizes,im:write",
                                   text) == 3
           && strcmp((char *) text,
                     "chat:write,chat:write.customize,channels:join") == 0,
           "none is there");
    tap_ok(ngx_slack_scope_missing(NGX_SLACK_SCOPE_JOIN, (u_char *) "", text)
           == 1, "no scopes");
}


static void
test_secrets(void)
{
    size_t     n;
    u_char     body[100];
    ngx_str_t  token;

    token.data = (u_char *) "xoxb-123456789-987654321-s3cretS3cret";
    token.len = strlen((char *) token.data);

    n = (size_t) sprintf((char *) body, "%s x s3cretS3cret y xoxb-1",
                         token.data);
    ngx_slack_secret_hide_token(body, n, &token);
    tap_is(body, n, "************************************* x ************ y "
           "xoxb-1", "a token is hidden");
}


int
main(void)
{
    test_errors();
    test_rows();
    test_said();
    test_scopes();
    test_secrets();

    return tap_done();
}
