
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The answer to a test: what Slack said, and what to do about it.  Runs in the
 * event loop.
 */


#include <ngx_slack_status_test.h>
#include <ngx_slack_json_writer.h>
#include <ngx_slack_hint.h>
#include <ngx_slack_status_token.h>
#include <ngx_slack_zone.h>


static ngx_int_t ngx_slack_status_test_token(ngx_slack_status_test_t *test);
static ngx_int_t ngx_slack_status_test_texts(ngx_slack_status_test_t *test,
    ngx_slack_hint_t   *hint, ngx_str_t *words);


ngx_int_t
ngx_slack_status_test_answer(ngx_slack_status_test_t *test)
{
    u_char                   id[NGX_INT64_LEN], *last;
    u_char                   buf[NGX_SLACK_TOKEN_TEXT];
    ngx_str_t                words, status, token;
    ngx_slack_text_t         text;
    ngx_slack_hint_t         hint;
    ngx_http_request_t      *r;
    ngx_slack_json_writer_t  w;

    r = test->request;

    ngx_slack_hint_find(test->fate.answer, &hint);

    if (test->only_token) {
        return ngx_slack_status_test_token(test);
    }

    if (ngx_slack_status_test_texts(test, &hint, &words) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (test->failed) {
        ngx_str_set(&status, "failed");

    } else if (test->fate.state == NGX_SLACK_FATE_SENT) {
        ngx_str_set(&status, "sent");

    } else {
        ngx_str_set(&status, "waiting");
    }

    ngx_slack_log(NGX_LOG_NOTICE, r->connection->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": tested by an "
                  "operator, %V", &test->scope.workspace, &test->scope.channel,
                  &status);

    last = ngx_sprintf(id, "%L", test->fate.id);

    ngx_slack_text_init(&text, r->pool, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_json_writer_init(&w, &text);

    ngx_slack_json_writer_object(&w);
    ngx_slack_json_writer_lit(&w, "status");
    ngx_slack_json_writer_string(&w, status.data, status.len);
    ngx_slack_json_writer_lit(&w, "answer");
    ngx_slack_json_writer_shown(&w, &words);

    if (test->failed) {
        ngx_slack_json_writer_lit(&w, "cause");
        ngx_slack_json_writer_string(&w, (u_char *) hint.cause,
                                     ngx_strlen(hint.cause));
    }

    if (test->token) {
        token.data = buf;
        token.len = ngx_slack_status_token_text(buf, test->workspace, 0) - buf;

        ngx_slack_json_writer_lit(&w, "token");
        ngx_slack_json_writer_shown(&w, &token);
    }

    ngx_slack_json_writer_lit(&w, "id");
    ngx_slack_json_writer_string(&w, id, last - id);
    ngx_slack_json_writer_object_end(&w);

    if (ngx_slack_json_writer_done(&w) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_slack_status_send_json(r, NGX_HTTP_OK, &text);
}


/* without a channel: what the token is */

static ngx_int_t
ngx_slack_status_test_token(ngx_slack_status_test_t *test)
{
    u_char                   buf[NGX_SLACK_TOKEN_TEXT];
    ngx_str_t                token;
    ngx_uint_t               failed;
    ngx_slack_text_t         text;
    ngx_slack_token_info_t   info;
    ngx_slack_json_writer_t  w;

    token.data = buf;
    token.len = ngx_slack_status_token_text(buf, test->workspace, 0) - buf;

    failed = (ngx_slack_tokens_get(ngx_slack_zone_tokens(), test->token->hash,
                                   &info)
              != NGX_OK
              || info.told < test->started || info.error[0]);

    ngx_slack_text_init(&text, test->request->pool, NULL, 0,
                        NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_json_writer_init(&w, &text);

    ngx_slack_json_writer_object(&w);
    ngx_slack_json_writer_lit(&w, "status");

    if (failed) {
        ngx_slack_json_writer_lit(&w, "failed");

    } else {
        ngx_slack_json_writer_lit(&w, "known");
    }

    ngx_slack_json_writer_lit(&w, "token");
    ngx_slack_json_writer_shown(&w, &token);
    ngx_slack_json_writer_object_end(&w);

    if (ngx_slack_json_writer_done(&w) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_slack_status_send_json(test->request, NGX_HTTP_OK, &text);
}


/* sets Slack's words and what to do about them, or why they are not known */

static ngx_int_t
ngx_slack_status_test_texts(ngx_slack_status_test_t *test,
    ngx_slack_hint_t *hint, ngx_str_t *words)
{
    u_char            *p;
    ngx_slack_fate_t  *fate;

    fate = &test->fate;

    p = ngx_pnalloc(test->request->pool, sizeof(fate->answer) + 512
                                         + test->workspace->file.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    words->data = p;

    if (test->failed) {
        p = ngx_sprintf(p, "%s%s%s", fate->answer, hint->hint ? "; " : "",
                        hint->hint ? hint->hint : "");

        if (ngx_strcmp(hint->cause, "certificate") == 0) {
            p = ngx_sprintf(p, " (slack_workspace in %V:%ui)",
                            &test->workspace->file, test->workspace->line);
        }

    } else if (fate->state == NGX_SLACK_FATE_SENT) {
        p = ngx_sprintf(p, "%s", fate->answer);

    } else if (fate->before) {
        p = ngx_sprintf(p, "%ui messages of the channel go first%s%s; the "
                        "test is taken back", fate->before,
                        fate->answer[0] ? ", which were told " : "",
                        fate->answer);

    } else if (fate->answer[0]) {
        p = ngx_sprintf(p, "no try within %d s, the last one was told %s; "
                        "the test is taken back",
                        NGX_SLACK_TEST_TIME / 1000, fate->answer);

    } else {
        p = ngx_sprintf(p, "no answer within %d s, see the error log; the "
                        "test is taken back", NGX_SLACK_TEST_TIME / 1000);
    }

    words->len = p - words->data;

    return NGX_OK;
}


/* Slack says "ok" in any case: only who reads the test can tell */

const char *
ngx_slack_status_test_elsewhere(ngx_slack_status_test_t *test)
{
    ngx_slack_endpoint_t  *endpoint;

    if (test->token || test->scope.channel.len == 0) {
        return NULL;
    }

    if (test->workspace->receiver == NGX_SLACK_RECEIVER_MATTERMOST) {
        return "If you read it in another channel, the webhook is locked to "
               "that channel: unlock it there, or use one for each channel.";
    }

    endpoint = ngx_slack_workspace_endpoint(test->workspace,
                                            &test->scope.channel);

    if (endpoint->any) {
        return "If you read it in another channel, the webhook is not a "
               "legacy one and ignores the channel: remove \"legacy\" from "
               "the configuration and give each channel a webhook of its own, "
               "or use a bot token.";
    }

    return "If you read it in another channel, the webhook is that of "
           "another channel, which gets all messages that are meant for this "
           "one: correct webhook_url or its \"channel=\".";
}
