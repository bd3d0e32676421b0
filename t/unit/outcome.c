
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The rules of delivery: outcomes, Slack's words, secrets, pacing, delays.
 */

/* unit: slack/ngx_slack_outcome.c slack/ngx_slack_error.c
 *       slack/ngx_slack_said.c json/ngx_slack_json_decode.c
 *       json/ngx_slack_json_skim.c json/ngx_slack_json_token.c
 *       delivery/ngx_slack_pace.c slack/ngx_slack_transfer_error.c
 *       slack/ngx_slack_workspace.c core/ngx_slack_sign.c
 *       core/ngx_slack_secret.c core/ngx_slack_shown.c
 *       core/ngx_slack_text_scrub.c
 *       libs: -lcurl -lcrypto -lyajl */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_outcome.h>
#include <ngx_slack_pace.h>
#include <ngx_slack_secret.h>
#include <ngx_slack_shown.h>
#include <ngx_slack_transfer_error.h>
#include <ngx_slack_workspace.h>

#include "tap.h"


#define SENT       NGX_SLACK_OUTCOME_SENT
#define RETRY      NGX_SLACK_OUTCOME_RETRY
#define WAIT       NGX_SLACK_OUTCOME_HOLD
#define CHANNEL    NGX_SLACK_OUTCOME_SUSPEND_CHANNEL
#define WORKSPACE  NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT
#define DEAD       NGX_SLACK_OUTCOME_DEAD
#define AMBIGUOUS  NGX_SLACK_OUTCOME_AMBIGUOUS

#define NOW        1763935000000


typedef struct {
    ngx_uint_t                status;
    const char               *body;
    ngx_uint_t                outcome;
} row_t;


typedef struct {
    const char               *header;
    const char               *date;
    const char               *body;
    ngx_msec_t                wait;
} wait_t;


static row_t  rows[] = {

    { 200, "ok", SENT },
    { 200, " ok\r\n", SENT },
    { 200, "{\"ok\":true}", SENT },
    { 200, "{ \"ts\" : \"1.2\", \"ok\" : true , \"x\":[1]}", SENT },
    { 200, "{\"ok\":true,\"message\":{\"ok\":false,\"error\":\"no\"}}", SENT },
    { 200, "{\"ok\":false,\"message\":\"\\\"ok\\\":true\"}", DEAD },
    { 200, "{\"ok\":false,\"m\":{\"ok\":true}}", DEAD },
    { 200, "{\"m\":{\"ok\":true}}", SENT },
    { 200, "{\"ok\":\"true\"}", WORKSPACE },
    { 200, "{\"ok\":false,\"ok\":true}", WORKSPACE },
    { 200, "{\"ok\":true,\"ok\":false}", WORKSPACE },
    { 200, "{\"ok\":true,\"ok\":\"no\"}", WORKSPACE },
    { 200, "{\"ok\":true,\"ok\":{}}", WORKSPACE },
    { 200, "{\"ok\":true,\"ok\":[true]}", WORKSPACE },
    { 200, "[{\"ok\":true}]", WORKSPACE },
    { 200, "{\"ok\"", WORKSPACE },
    { 200, "", SENT },
    { 200, "okay", WORKSPACE },
    { 200, "OK", WORKSPACE },
    { 200, "<html>ok</html>", WORKSPACE },
    { 204, "", SENT },
    { 200, "{\"success\":true}", SENT },
    { 200, "{}", SENT },
    { 200, "{\"error\":\"of_tomorrow\"}", DEAD },
    { 200, "{\"error\":\"no_service\"}", WORKSPACE },
    { 200, "no_service", WORKSPACE },
    { 200, "invalid_payload", DEAD },

    { 100, "", RETRY },
    { 408, "", RETRY },
    { 407, "", RETRY },
    { 500, "rollup_error", RETRY },
    { 502, "<html>", RETRY },
    { 503, "no_service", RETRY },
    { 504, "ok", RETRY },
    { 599, "invalid_payload", RETRY },

    { 301, "", WORKSPACE },
    { 302, "ok", WORKSPACE },

    { 400, "invalid_payload", DEAD },
    { 400, "no_text", DEAD },
    { 400, "too_many_attachments", DEAD },
    { 400, "invalid_blocks", DEAD },
    { 400, "invalid_blocks_format", DEAD },
    { 400, "invalid_attachments", DEAD },
    { 400, "msg_too_long", DEAD },
    { 400, "msg_blocks_too_long", DEAD },
    { 400, "a_word_of_tomorrow", DEAD },
    { 400, "no_servic", DEAD },
    { 400, "no_service_", DEAD },
    { 404, "", DEAD },
    { 413, "<html>", DEAD },
    { 418, "ok", DEAD },

    { 403, "invalid_token", WORKSPACE },
    { 404, "no_service", WORKSPACE },
    { 403, "no_service", WORKSPACE },
    { 410, "no_service\n", WORKSPACE },
    { 404, "no_service_id", WORKSPACE },
    { 404, "no_active_hooks", WORKSPACE },
    { 404, "no_team", WORKSPACE },
    { 404, "team_disabled", WORKSPACE },

    { 400, "user_not_found", CHANNEL },
    { 404, "channel_not_found", CHANNEL },
    { 410, "channel_is_archived", CHANNEL },
    { 403, "action_prohibited", CHANNEL },
    { 403, "posting_to_general_channel_denied", CHANNEL },

    { 200, "{\"ok\":false,\"error\":\"internal_error\"}",
      AMBIGUOUS },
    { 200, "{\"ok\":false,\"error\":\"fatal_error\"}", AMBIGUOUS },
    { 200, "{\"ok\":false,\"error\":\"service_unavailable\"}", RETRY },
    { 200, "{\"ok\":false,\"error\":\"request_timeout\"}", RETRY },
    { 200, "{\"ok\":false,\"error\":\"team_added_to_org\"}", RETRY },
    { 200, "{\"ok\":false,\"error\":\"external_channel_migrating\"}", RETRY },
    { 200, "{\"ok\":false,\"error\":\"ratelimited\"}", WAIT },
    { 200, "{\"ok\":false,\"error\":\"rate_limited\"}", WAIT },
    { 200, "{\"ok\":false,\"error\":\"invalid_auth\"}", WORKSPACE },
    { 200, "{\"ok\":false,\"error\":\"not_authed\"}", WORKSPACE },
    { 200, "{\"ok\":false,\"error\":\"token_revoked\"}", WORKSPACE },
    { 200, "{\"ok\":false,\"error\":\"token_expired\"}", WORKSPACE },
    { 200, "{\"ok\":false,\"error\":\"account_inactive\"}", WORKSPACE },
    { 200, "{\"ok\":false,\"error\":\"missing_scope\"}", WORKSPACE },
    { 200, "{\"ok\":false,\"error\":\"org_login_required\"}", WORKSPACE },
    { 200, "{\"ok\":false,\"error\":\"is_archived\"}", CHANNEL },
    { 200, "{\"ok\":false,\"error\":\"not_in_channel\"}", CHANNEL },
    { 200, "{\"ok\":false,\"error\":\"restricted_action\"}", CHANNEL },
    { 200, "{\"ok\":false,\"error\":\"restricted_action_read_only_channel\"}",
      CHANNEL },
    { 200, "{\"ok\":false,\"error\":\"invalid_arguments\"}", DEAD },
    { 200, "{\"ok\":false,\"error\":\"invalid_metadata_format\"}", DEAD },
    { 200, "{\"ok\":false,\"error\":\"never_heard_of\"}", DEAD },
    { 200, "{\"ok\":false}", DEAD },

    { 429, "", WAIT },
    { 429, "no_service", WAIT },

    { 0, NULL, 0 }
};


static wait_t  waits[] = {

    { "3", "", "", 3000 },
    { " 3 ", "", "", 3000 },
    { "1.5", "", "", 1500 },
    { "2.0001", "", "", 2001 },
    { "0", "", "", 1000 },
    { "-5", "", "", 1000 },
    { "", "", "", 1000 },
    { "soon", "", "", 1000 },
    { "3600", "", "", 3600000 },
    { "3601", "", "", 3600000 },
    { "99999999999999999999999999999", "", "", 3600000 },
    { "", "", "{\"retry_after\":7,\"ok\":false}", 7000 },
    { "", "", "{\"ok\":false,\"retry_after\": 2.5 }", 2500 },
    { "4", "", "{\"retry_after\":7}", 4000 },
    { "soon", "", "{\"retry_after\":7}", 7000 },
    { "", "", "{\"retry_after\":1e9}", 1000 },
    { "", "", "{\"retry_after\":\"9\"}", 1000 },
    { "", "", "{\"x\":{\"retry_after\":9}}", 1000 },

    /* an HTTP date: against the answer's own, else against the clock */

    { "Sun, 23 Nov 2025 22:00:30 GMT", "Sun, 23 Nov 2025 22:00:00 GMT", "",
      30000 },
    { "Sun, 23 Nov 2025 21:00:30 GMT", "Sun, 23 Nov 2025 22:00:00 GMT", "",
      1000 },
    { "Mon, 23 Nov 2026 21:00:30 GMT", "Sun, 23 Nov 2025 22:00:00 GMT", "",
      3600000 },
    { "Sun, 23 Nov 2025 21:57:10 GMT", "", "", 30000 },

    { NULL, NULL, NULL, 0 }
};


static ngx_str_t
text(const char *s)
{
    ngx_str_t  t;

    t.data = (u_char *) s;
    t.len = strlen(s);

    return t;
}


static void
judge(ngx_uint_t transfer, ngx_uint_t status, const char *body,
    const char *retry_after, const char *date, ngx_slack_outcome_t *outcome)
{
    ngx_slack_answer_t  answer;

    ngx_memzero(&answer, sizeof(ngx_slack_answer_t));

    answer.transfer = transfer;
    answer.status = status;
    answer.body = text(body);
    answer.shown = answer.body;
    answer.retry_after = text(retry_after);
    answer.date = text(date);
    answer.error = "connection refused";
    answer.hint = "see proxy";

    ngx_slack_outcome_judge(&answer, NOW, outcome);
}


static void
test_rows(void)
{
    char                 name[200];
    row_t               *row;
    wait_t              *w;
    ngx_slack_outcome_t  out;

    for (row = rows; row->body; row++) {
        judge(NGX_SLACK_TRANSFER_DONE, row->status, row->body, "", "", &out);
        (void) snprintf(name, sizeof(name), "%u \"%s\" is %u",
                        (unsigned) row->status,
                        row->body[0] && row->body[0] > ' ' ? row->body : "",
                        (unsigned) row->outcome);

        if (strchr(name, '\n')) {
            *strchr(name, '\n') = '"';
        }

        if (!tap_ok(out.outcome == row->outcome, name)) {
            printf("# got %u\n", (unsigned) out.outcome);
        }
    }

    for (w = waits; w->header; w++) {
        judge(NGX_SLACK_TRANSFER_DONE, 429, w->body, w->header, w->date,
              &out);
        (void) snprintf(name, sizeof(name), "429 \"%s\" %s", w->header,
                        w->body);

        if (!tap_ok(out.outcome == WAIT && out.hold == w->wait, name)) {
            printf("# got %lu\n", (unsigned long) out.hold);
        }
    }
}


static void
test_transfers(void)
{
    ngx_slack_outcome_t  out;

    judge(NGX_SLACK_TRANSFER_UNSENT, 0, "", "", "", &out);
    tap_ok(out.outcome == RETRY, "not written: retry");
    tap_is((u_char *) out.reason, out.len, "connection refused", "its reason");
    tap_ok(out.hint && strcmp(out.hint, "see proxy") == 0, "its hint");

    judge(NGX_SLACK_TRANSFER_UNANSWERED, 0, "", "", "", &out);
    tap_ok(out.outcome == AMBIGUOUS, "written, no answer: ambiguous");

    judge(NGX_SLACK_TRANSFER_UNANSWERED, 200, "ok", "", "", &out);
    tap_ok(out.outcome == AMBIGUOUS, "200 in pieces: ambiguous");

    judge(NGX_SLACK_TRANSFER_UNANSWERED, 503, "", "", "", &out);
    tap_ok(out.outcome == RETRY, "503 in pieces: retry");

    judge(NGX_SLACK_TRANSFER_UNANSWERED, 404, "no_service", "", "", &out);
    tap_ok(out.outcome == RETRY, "404 in pieces: retry");

    judge(NGX_SLACK_TRANSFER_UNANSWERED, 429, "", "9", "", &out);
    tap_ok(out.outcome == WAIT && out.hold == 9000, "429 in pieces: wait");

    judge(NGX_SLACK_TRANSFER_DONE, 503, "x", "", "", &out);
    tap_ok(out.server_error, "503 is an error of the server");

    judge(NGX_SLACK_TRANSFER_DONE, 410, "channel_is_archived", "", "", &out);
    tap_ok(!out.server_error, "410 is not");
    tap_ok(out.hint && strstr(out.hint, "unarchive"), "says what to do");
    tap_is((u_char *) out.reason, out.len, "HTTP 410 \"channel_is_archived\"",
           "says Slack's word");

    judge(NGX_SLACK_TRANSFER_DONE, 400, "", "", "", &out);
    tap_is((u_char *) out.reason, out.len, "HTTP 400 without a body",
           "an empty body is said so");
}


static void
test_words(void)
{
    char                 buf[16], big[4000];
    size_t               n;
    ngx_str_t            s;
    ngx_uint_t           i, bad;
    ngx_slack_outcome_t  out;

    s = text("a\n\n b\t\"c\"\\\x1b[31m\xc3\xa9\x7f");
    n = ngx_slack_shown_ascii(buf, sizeof(buf), &s);
    tap_is((u_char *) buf, n, "a b 'c'?[31m?", "words are made printable");

    s = text("0123456789012345678901234567890");
    n = ngx_slack_shown_ascii(buf, sizeof(buf), &s);
    tap_is((u_char *) buf, n, "012345678901234", "words are cut");

    for (i = 0; i < sizeof(big) - 1; i++) {
        big[i] = (char) (1 + i % 255);
    }

    big[sizeof(big) - 1] = '\0';

    judge(NGX_SLACK_TRANSFER_DONE, 400, big, "", "", &out);

    for (bad = 0, i = 0; i < out.len; i++) {
        bad += (out.reason[i] < 0x20 || out.reason[i] > 0x7e);
    }

    tap_ok(bad == 0, "hostile bytes do not get through");
    tap_ok(out.len <= NGX_SLACK_REASON_MAX + 20 && out.reason[out.len] == '\0',
           "a hostile body is cut");

    /* deep, and every way of being cut */

    ngx_memset(big, '[', sizeof(big) - 1);
    big[0] = '{';
    judge(NGX_SLACK_TRANSFER_DONE, 200, big, "", "", &out);
    tap_ok(out.outcome == WORKSPACE, "a nesting bomb is no success");

    s = text("{\"a\":[{\"b\":\"\\\"\"}],\"ok\":true,\"error\":\"x\"}");

    for (bad = 0, i = 1; i < 24; i++) {
        ngx_memcpy(big, s.data, i);
        big[i] = '\0';
        judge(NGX_SLACK_TRANSFER_DONE, 200, big, "", "", &out);
        bad += (out.outcome != WORKSPACE);
    }

    tap_ok(bad == 0, "no beginning of an answer is a success");
}


static void
test_secrets(void)
{
    u_char     body[200];
    size_t     n;
    ngx_str_t  url;

    url = text("https://hooks.slack.com/services/T0AAAAAAA/B0BBBBBBB/s3cretX");
    n = (size_t) snprintf((char *) body, sizeof(body), "no such URL: %s s3cr"
                          " s3cretX no_service", url.data);

    ngx_slack_secret_hide(body, n, &url);

    tap_is(body, n, "no such URL: https://hooks.slack.com/services/*********/"
           "*********/******* s3cr ******* no_service", "a URL is hidden");

    url = text("http://user:passw0rd@proxy.example:3128");
    n = (size_t) snprintf((char *) body, sizeof(body), "%s", url.data);

    ngx_slack_secret_hide(body, n, &url);

    tap_is(body, n, "http://user:********@proxy.example:3128",
           "a proxy's password is hidden");

    url = text("http://user:p%40ssw0rd@proxy.example:3128");
    n = (size_t) snprintf((char *) body, sizeof(body),
                          "Proxy-Authorization: Basic "
                          "dXNlcjpwQHNzdzByZA==");

    ngx_slack_secret_hide(body, n, &url);

    tap_is(body, n, "Proxy-Authorization: Basic ****************ZA==",
           "the proxy's credentials as the request has them, too");

    ngx_str_null(&url);
    n = (size_t) snprintf((char *) body, sizeof(body), "nothing");
    ngx_slack_secret_hide(body, n, &url);
    tap_is(body, n, "nothing", "nothing to hide");
}


static void
test_pace(void)
{
    int64_t           now, first;
    ngx_uint_t        n;
    ngx_slack_pace_t  pace;

    ngx_slack_pace_init(&pace, 1000, 1);
    tap_ok(ngx_slack_pace_tokens(&pace, 5000) == 1, "one at first");

    ngx_slack_pace_take(&pace, 5000);
    tap_ok(ngx_slack_pace_tokens(&pace, 5999) == 0, "none within a second");
    tap_ok(ngx_slack_pace_next(&pace) == 6000, "the next after a second");
    tap_ok(ngx_slack_pace_tokens(&pace, 6000) == 1, "one after it");
    tap_ok(ngx_slack_pace_tokens(&pace, 1000000) == 1, "rest earns no more");

    ngx_slack_pace_init(&pace, 1000, 3);
    tap_ok(ngx_slack_pace_tokens(&pace, 5000) == 3, "a burst of three");

    ngx_slack_pace_take(&pace, 5000);
    ngx_slack_pace_take(&pace, 5000);
    tap_ok(ngx_slack_pace_tokens(&pace, 5000) == 1, "one of three is left");
    ngx_slack_pace_take(&pace, 5000);
    tap_ok(ngx_slack_pace_tokens(&pace, 5000) == 0, "none is left");
    tap_ok(ngx_slack_pace_next(&pace) == 6000, "the fourth after a second");
    tap_ok(ngx_slack_pace_tokens(&pace, 7000) == 2, "two after two");

    ngx_slack_pace_hold(&pace, 60000);
    tap_ok(ngx_slack_pace_next(&pace) == 60000, "held");
    tap_ok(ngx_slack_pace_tokens(&pace, 59999) == 0, "none before");
    tap_ok(ngx_slack_pace_tokens(&pace, 60000) == 1, "no burst after a hold");

    ngx_slack_pace_hold(&pace, 100);
    tap_ok(ngx_slack_pace_next(&pace) == 60000, "an earlier hold is none");

    /* a minute at two a second, whenever one asks */

    ngx_slack_pace_init(&pace, 2000, 5);
    first = 777;

    for (n = 0, now = first; now < first + 60000; now += 7) {
        if (ngx_slack_pace_tokens(&pace, now)) {
            ngx_slack_pace_take(&pace, now);
            n++;
        }
    }

    tap_ok(n >= 120 && n <= 125, "rate and burst over a minute");

    ngx_slack_pace_init(&pace, 4000000000, 1);
    tap_ok(ngx_slack_pace_tokens(&pace, 1) > 1000, "an absurd rate is none");
}


static void
test_delays(void)
{
    ngx_uint_t  i, bad;
    ngx_msec_t  d;

    tap_ok(ngx_slack_pace_backoff(1000, 300000, 1) == 1000, "first delay");
    tap_ok(ngx_slack_pace_backoff(1000, 300000, 4) == 8000, "doubling");
    tap_ok(ngx_slack_pace_backoff(1000, 300000, 10) == 300000, "largest");
    tap_ok(ngx_slack_pace_backoff(1000, 300000, 4000000000) == 300000,
           "never beyond");
    tap_ok(ngx_slack_pace_backoff(5000, 1000, 1) == 1000, "min above max");
    tap_ok(ngx_slack_pace_backoff(0, 0, 9) == 0, "no delay");
    tap_ok(ngx_slack_pace_suspend(1000, 3) == 16000, "suspended: by four");
    tap_ok(ngx_slack_pace_suspend(1000, 99) == 3600000, "to an hour");

    for (bad = 0, i = 0; i < 5000; i++) {
        d = ngx_slack_pace_jitter(10000, i * 7919);
        bad += (d < 8000 || d > 12000);
    }

    tap_ok(bad == 0, "jitter of a fifth");
    tap_ok(ngx_slack_pace_jitter(10000, 0) == 8000
           && ngx_slack_pace_jitter(10000, 1000) == 12000, "all of it");

    tap_ok(ngx_slack_pace_remembered(5000, 9000, 1000, 7) == 0, "past");
    tap_ok(ngx_slack_pace_remembered(9500, 9000, 1000, 7) == 500, "ahead");
    tap_ok(ngx_slack_pace_remembered(9000 + 86400000, 9000, 3600000, 7) == 7,
           "a day ahead: the clock was set");
}


static void
test_webhooks(void)
{
    ngx_str_t              s;
    ngx_slack_endpoint_t   locations[3];
    ngx_slack_workspace_t  ws;

    ngx_memzero(&ws, sizeof(ngx_slack_workspace_t));
    ngx_memzero(locations, sizeof(locations));

    locations[0].channel = text("dev");
    locations[1].any = 1;
    locations[2].channel = text("ops");
    locations[2].any = 1;

    ws.endpoints.elts = locations;
    ws.endpoints.nelts = 3;

    s = text("#dev");
    tap_ok(ngx_slack_workspace_endpoint(&ws, &s) == &locations[0], "#dev");
    s = text("ops");
    tap_ok(ngx_slack_workspace_endpoint(&ws, &s) == &locations[2], "ops");
    s = text("#de");
    tap_ok(ngx_slack_workspace_endpoint(&ws, &s) == &locations[1], "the rest");
    s = text("");
    tap_ok(ngx_slack_workspace_endpoint(&ws, &s) == &locations[1],
           "no channel");

    locations[1].any = 0;
    tap_ok(ngx_slack_workspace_endpoint(&ws, &s) == &locations[1],
           "the webhook's own channel");
    s = text("#de");
    tap_ok(ngx_slack_workspace_endpoint(&ws, &s) == NULL,
           "a webhook without a channel takes no other");
    s = text("#ops");
    tap_ok(ngx_slack_workspace_endpoint(&ws, &s) == &locations[2],
           "one for a channel, even if it takes any");

    ws.endpoints.nelts = 1;
    tap_ok(ngx_slack_workspace_endpoint(&ws, &s) == NULL, "none for it");
    s = text("");
    tap_ok(ngx_slack_workspace_endpoint(&ws, &s) == NULL,
           "nor for no channel");
}


int
main(void)
{
    test_rows();
    test_transfers();
    test_words();
    test_secrets();
    test_pace();
    test_delays();
    test_webhooks();

    return tap_done();
}
