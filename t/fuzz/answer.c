
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What Slack's answers mean.  Input: lines with the status, with a "t" behind
 * it for the answer to a token, Retry-After and Date; the rest is the body.
 */

/* fuzz: slack/ngx_slack_outcome.c slack/ngx_slack_error.c
 *       slack/ngx_slack_said.c json/ngx_slack_json_decode.c
 *       json/ngx_slack_json_skim.c json/ngx_slack_json_token.c
 *       core/ngx_slack_shown.c core/ngx_slack_text_scrub.c
 * libs: -lcurl -lyajl
 */


#include <ngx_slack_outcome.h>
#include <ngx_slack_shown.h>

#include <yajl/yajl_tree.h>

#include "fuzz.h"


static void answer_trim(ngx_str_t *value);
static ngx_uint_t answer_digits(ngx_str_t *value);
static void answer_wait(ngx_slack_answer_t *answer,
    ngx_slack_outcome_t *outcome);
static void answer_sent(ngx_slack_answer_t *answer,
    ngx_slack_outcome_t *outcome);
static void answer_judge(ngx_slack_answer_t *answer);


static void
answer_trim(ngx_str_t *value)
{
    while (value->len && value->data[0] <= ' ') {
        value->data++;
        value->len--;
    }

    while (value->len && value->data[value->len - 1] <= ' ') {
        value->len--;
    }
}


static ngx_uint_t
answer_digits(ngx_str_t *value)
{
    size_t  i;

    for (i = 0; i < value->len; i++) {
        if (value->data[i] < '0' || value->data[i] > '9') {
            return 0;
        }
    }

    return value->len != 0;
}


static void
answer_wait(ngx_slack_answer_t *answer, ngx_slack_outcome_t *outcome)
{
    ngx_int_t   seconds;
    ngx_str_t   value;
    ngx_uint_t  expected;

    if (outcome->outcome != NGX_SLACK_OUTCOME_HOLD) {
        fuzz_check(outcome->hold == 0, "a wait without need");
        return;
    }

    fuzz_check(outcome->hold >= NGX_SLACK_HOLD_MIN
               && outcome->hold <= NGX_SLACK_HOLD_MAX, "the wait");

    value = answer->retry_after;
    answer_trim(&value);

    if (!answer_digits(&value)) {
        return;
    }

    expected = NGX_SLACK_HOLD_MAX;
    seconds = ngx_atoi(value.data, value.len);

    if (seconds != NGX_ERROR && seconds <= NGX_SLACK_HOLD_MAX / 1000) {
        expected = (ngx_uint_t) ngx_max(seconds, 1) * 1000;
    }

    fuzz_check(outcome->hold == expected, "Retry-After");
}


/* what counts as sent is "ok", empty, or JSON that refuses nothing */

static void
answer_sent(ngx_slack_answer_t *answer, ngx_slack_outcome_t *outcome)
{
    char        *text;
    size_t       i;
    yajl_val     tree, value;
    ngx_str_t    body;
    ngx_uint_t   yes, no;
    const char  *key;

    body = answer->body;
    answer_trim(&body);

    if (!answer->token && body.len == 2 && memcmp(body.data, "ok", 2) == 0) {
        fuzz_check(outcome->outcome == NGX_SLACK_OUTCOME_SENT, "ok");
        return;
    }

    if (body.len == 0) {
        fuzz_check((outcome->outcome == NGX_SLACK_OUTCOME_SENT)
                   == !answer->token, "an empty body");
        return;
    }

    if (body.data[0] != '{') {
        fuzz_check(outcome->outcome != NGX_SLACK_OUTCOME_SENT, "sent");
        return;
    }

    if (memchr(body.data, '\\', body.len) || memchr(body.data, 0, body.len)) {
        return;
    }

    text = strndup((char *) body.data, body.len);
    if (text == NULL) {
        exit(2);
    }

    tree = yajl_tree_parse(text, NULL, 0);
    free(text);

    if (!YAJL_IS_OBJECT(tree)) {
        yajl_tree_free(tree);
        return;
    }

    yes = 0;
    no = 0;

    for (i = 0; i < tree->u.object.len; i++) {
        key = tree->u.object.keys[i];
        value = tree->u.object.values[i];

        if (strcmp(key, "ok") == 0) {

            if (YAJL_IS_TRUE(value)) {
                yes++;

            } else {
                no++;
            }
        }

        if (!answer->token && strcmp(key, "error") == 0
            && YAJL_IS_STRING(value) && YAJL_GET_STRING(value)[0] != '\0')
        {
            /* unless "ok" says that it was accepted */
            no += (yes == 0);
        }
    }

    yajl_tree_free(tree);

    if (outcome->outcome == NGX_SLACK_OUTCOME_SENT) {
        fuzz_check(no == 0 || yes == 1, "sent, says JSON");
        fuzz_check(yes == 1 || !answer->token, "sent by a token");
    }
}


static void
answer_judge(ngx_slack_answer_t *answer)
{
    size_t               i;
    ngx_slack_outcome_t  outcome;

    memset(&outcome, 0xa5, sizeof(ngx_slack_outcome_t));

    ngx_slack_outcome_judge(answer, (int64_t) FUZZ_NOW * 1000, &outcome);

    fuzz_check(outcome.outcome <= NGX_SLACK_OUTCOME_NO_REPLY, "the outcome");
    fuzz_check(outcome.channel_len <= NGX_SLACK_ID_MAX, "a channel");
    fuzz_check(outcome.len < sizeof(outcome.reason)
               && outcome.len == strlen(outcome.reason), "its length");
    fuzz_check(outcome.len != 0, "no reason");

    for (i = 0; i < outcome.len; i++) {
        fuzz_check(outcome.reason[i] >= ' ' && outcome.reason[i] <= '~',
                   "a reason that is not fit for a log");
    }

    answer_wait(answer, &outcome);

    if (answer->transfer != NGX_SLACK_TRANSFER_DONE) {
        fuzz_check(outcome.outcome != NGX_SLACK_OUTCOME_SENT, "not sent");
        return;
    }

    if (answer->status >= 200 && answer->status < 300) {
        answer_sent(answer, &outcome);

    } else {
        fuzz_check(outcome.outcome != NGX_SLACK_OUTCOME_SENT, "no 2xx");
    }

    if (answer->status == 429) {
        fuzz_check(outcome.outcome == NGX_SLACK_OUTCOME_HOLD, "429");
    }

    if (answer->status == 408 || answer->status >= 500) {
        fuzz_check(outcome.outcome == NGX_SLACK_OUTCOME_RETRY, "5xx");
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char                words[64];
    u_char             *copy;
    size_t              n;
    ngx_int_t           status;
    ngx_str_t           rest, line;
    ngx_slack_answer_t  answer;

    copy = fuzz_dup(data, size);

    rest.data = copy;
    rest.len = size;

    ngx_memzero(&answer, sizeof(ngx_slack_answer_t));
    answer.error = "cut off";

    if (fuzz_line(&rest, &line)) {

        if (line.len && line.data[line.len - 1] == 't') {
            line.len--;
            answer.token = 1;
        }

        status = ngx_atoi(line.data, line.len);
        answer.status = (status < 0) ? 200 : (ngx_uint_t) status % 1000;
    }

    (void) fuzz_line(&rest, &answer.retry_after);
    (void) fuzz_line(&rest, &answer.date);

    answer.body = rest;
    answer.shown = rest;

    answer_judge(&answer);

    answer.transfer = NGX_SLACK_TRANSFER_UNANSWERED;
    answer_judge(&answer);

    answer.transfer = NGX_SLACK_TRANSFER_UNSENT;
    answer_judge(&answer);

    n = ngx_slack_shown_ascii(words, size % sizeof(words), &rest);
    fuzz_check(n == 0 || n < size % sizeof(words), "words beyond their room");

    free(copy);

    return 0;
}
