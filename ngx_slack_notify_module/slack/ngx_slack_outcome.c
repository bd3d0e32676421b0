
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The outcome table: decides by status, body and headers of an answer.  Knows
 * no connection, no clock and no outbox.  Has no state, so it runs in any
 * thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <curl/curl.h>

#include <ngx_slack_outcome.h>
#include <ngx_slack_error.h>
#include <ngx_slack_json_skim.h>
#include <ngx_slack_shown.h>


typedef enum {
    NGX_SLACK_ANSWER_MEMBER_OK = 0,
    NGX_SLACK_ANSWER_MEMBER_ERROR,
    NGX_SLACK_ANSWER_MEMBER_RETRY_AFTER,
    NGX_SLACK_ANSWER_MEMBER_LAST
} ngx_slack_answer_member_e;


/* members of a JSON answer; strings as written in the body */

typedef struct {
    ngx_uint_t                ok;           /* 0: absent, 1: true, 2: not
                                               true */
    ngx_str_t                 error;
    ngx_str_t                 retry_after;

    ngx_uint_t                member;       /* whose value is next */
    ngx_uint_t                opened;       /* of the outermost object */
    ngx_uint_t                closed;
} ngx_slack_json_answer_t;


static void ngx_slack_outcome_set(ngx_slack_outcome_t *outcome,
    ngx_slack_outcome_e what, const char *hint);
static void ngx_slack_outcome_hold(ngx_slack_answer_t *answer,
    ngx_slack_json_answer_t *said, int64_t now, ngx_slack_outcome_t *outcome);
static void ngx_slack_outcome_say(ngx_slack_outcome_t *outcome,
    ngx_uint_t  status, ngx_str_t *shown);
static ngx_int_t ngx_slack_outcome_seconds(ngx_str_t *value, ngx_msec_t *ms);
static ngx_int_t ngx_slack_outcome_date(ngx_str_t *value, time_t *when);
static ngx_int_t ngx_slack_outcome_json(ngx_str_t *body,
    ngx_slack_json_answer_t *said);
static ngx_int_t ngx_slack_outcome_key(void *data, u_char *token, size_t len,
    ngx_uint_t escaped);
static ngx_int_t ngx_slack_outcome_scalar(void *data, ngx_uint_t type,
    u_char *token, size_t len, ngx_uint_t escaped);
static ngx_int_t ngx_slack_outcome_open(void *data, ngx_uint_t array);
static void ngx_slack_outcome_close(void *data);
static void ngx_slack_outcome_trim(ngx_str_t *value);
static ngx_int_t ngx_slack_outcome_is(ngx_str_t *value, const char *text);


/* names as written in the body, with quotes */

static ngx_str_t  ngx_slack_answer_members[] = {
    [NGX_SLACK_ANSWER_MEMBER_OK] = ngx_string("\"ok\""),
    [NGX_SLACK_ANSWER_MEMBER_ERROR] = ngx_string("\"error\""),
    [NGX_SLACK_ANSWER_MEMBER_RETRY_AFTER] = ngx_string("\"retry_after\"")
};


static const ngx_slack_json_skim_handlers_t  ngx_slack_outcome_handlers = {
    .key = ngx_slack_outcome_key,
    .scalar = ngx_slack_outcome_scalar,
    .open = ngx_slack_outcome_open,
    .close = ngx_slack_outcome_close
};


/*
 * Nothing is logged: if memory runs out, the part of the answer that was read
 * counts.
 */

static ngx_log_t  ngx_slack_outcome_log;


void
ngx_slack_outcome_judge(ngx_slack_answer_t *answer, int64_t now,
    ngx_slack_outcome_t *outcome)
{
    size_t                    n;
    ngx_str_t                 body, shown;
    ngx_uint_t                status;
    ngx_slack_json_answer_t   said;
    const ngx_slack_error_t  *error;

    ngx_memzero(outcome, sizeof(ngx_slack_outcome_t));
    ngx_memzero(&said, sizeof(ngx_slack_json_answer_t));

    status = answer->status;
    outcome->server_error = (status >= 500);

    if (answer->transfer == NGX_SLACK_TRANSFER_UNSENT
        || (answer->transfer == NGX_SLACK_TRANSFER_UNANSWERED && status < 300))
    {
        ngx_slack_outcome_set(outcome,
                              answer->transfer == NGX_SLACK_TRANSFER_UNSENT
                              ? NGX_SLACK_OUTCOME_RETRY
                              : NGX_SLACK_OUTCOME_AMBIGUOUS, answer->hint);

        n = ngx_min(ngx_strlen(answer->error), sizeof(outcome->reason) - 1);
        ngx_memcpy(outcome->reason, answer->error, n);
        outcome->len = n;
        return;
    }

    body = answer->body;
    ngx_slack_outcome_trim(&body);

    shown = body;

    if (ngx_slack_outcome_json(&body, &said) == NGX_OK
        && said.error.len)
    {
        shown = said.error;
    }

    error = ngx_slack_error_find(&shown);

    ngx_slack_outcome_say(outcome, status, &answer->shown);

    if (status == 429) {
        ngx_slack_outcome_hold(answer, &said, now, outcome);
        return;
    }

    if (status == 407) {
        ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_RETRY,
                              "check the credentials in proxy");
        return;
    }

    if (status < 200 || status == 408 || status >= 500) {
        ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_RETRY, NULL);
        return;
    }

    if (status >= 300 && status < 400) {
        /* the URL is wrong, which concerns all channels of the endpoint */
        ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
                              "redirects are not followed, "
                              "check webhook_url");
        return;
    }

    if (answer->transfer == NGX_SLACK_TRANSFER_UNANSWERED) {
        /* an error, but its name may be cut off */
        ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_RETRY, NULL);
        return;
    }

    if (status < 300
        && (ngx_slack_outcome_is(&body, "ok") == NGX_OK || said.ok == 1))
    {
        ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_SENT, NULL);
        return;
    }

    if (error == NULL) {
        ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_DEAD,
                              status < 300
                              ? "this is not an answer of Slack, "
                                "check webhook_url"
                              : NULL);
        return;
    }

    if (error->outcome == NGX_SLACK_OUTCOME_HOLD) {
        ngx_slack_outcome_hold(answer, &said, now, outcome);
        return;
    }

    ngx_slack_outcome_set(outcome, error->outcome, error->hint);
}


static void
ngx_slack_outcome_set(ngx_slack_outcome_t *outcome,
    ngx_slack_outcome_e what, const char *hint)
{
    outcome->outcome = what;
    outcome->hint = hint;
}


/* uses the header, else the body, else one second */

static void
ngx_slack_outcome_hold(ngx_slack_answer_t *answer,
    ngx_slack_json_answer_t *said, int64_t now, ngx_slack_outcome_t *outcome)
{
    time_t      when, date;
    ngx_msec_t  ms;

    ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_HOLD, NULL);

    if (ngx_slack_outcome_seconds(&answer->retry_after, &ms) == NGX_OK) {
        goto found;
    }

    if (ngx_slack_outcome_date(&answer->retry_after, &when) == NGX_OK) {

        if (ngx_slack_outcome_date(&answer->date, &date) != NGX_OK) {
            date = (time_t) (now / 1000);
        }

        ms = 0;

        if (when > date) {
            ms = (when - date > NGX_SLACK_HOLD_MAX / 1000)
                 ? NGX_SLACK_HOLD_MAX : (ngx_msec_t) (when - date) * 1000;
        }

        goto found;
    }

    if (ngx_slack_outcome_seconds(&said->retry_after, &ms) == NGX_OK) {
        goto found;
    }

    ms = 0;

found:

    ms = ngx_max(ms, NGX_SLACK_HOLD_MIN);
    outcome->hold = ngx_min(ms, NGX_SLACK_HOLD_MAX);
}


static void
ngx_slack_outcome_say(ngx_slack_outcome_t *outcome, ngx_uint_t status,
    ngx_str_t *shown)
{
    int        n;
    char       buf[NGX_SLACK_REASON_MAX + 1];
    ngx_str_t  trimmed;

    trimmed = *shown;
    ngx_slack_outcome_trim(&trimmed);

    if (ngx_slack_shown_ascii(buf, sizeof(buf), &trimmed)) {
        n = snprintf(outcome->reason, sizeof(outcome->reason),
                     "HTTP %lu \"%s\"", (unsigned long) status, buf);

    } else {
        n = snprintf(outcome->reason, sizeof(outcome->reason),
                     "HTTP %lu without a body", (unsigned long) status);
    }

    outcome->len = n < 0 ? 0 : ngx_min((size_t) n,
                                       sizeof(outcome->reason) - 1);
}


/* Parses seconds, perhaps with a fraction, and rounds up to milliseconds. */

static ngx_int_t
ngx_slack_outcome_seconds(ngx_str_t *value, ngx_msec_t *ms)
{
    u_char     *p, *last;
    ngx_str_t   s;
    ngx_uint_t  digit;
    ngx_msec_t  n;

    s = *value;
    ngx_slack_outcome_trim(&s);

    if (s.len == 0 || *s.data < '0' || *s.data > '9') {
        return NGX_DECLINED;
    }

    p = s.data;
    last = s.data + s.len;

    for (n = 0; p < last && *p >= '0' && *p <= '9'; p++) {
        if (n < NGX_SLACK_HOLD_MAX) {
            n = n * 10 + (ngx_msec_t) (*p - '0') * 1000;
        }
    }

    if (p < last && *p == '.') {

        digit = 100;

        for (p++; p < last && *p >= '0' && *p <= '9'; p++) {
            n += (ngx_msec_t) (*p - '0') * digit;

            if (digit == 0 && *p != '0') {
                n++;
            }

            digit /= 10;
        }
    }

    if (p != last) {
        return NGX_DECLINED;
    }

    *ms = n;

    return NGX_OK;
}


static ngx_int_t
ngx_slack_outcome_date(ngx_str_t *value, time_t *when)
{
    char    buf[64];
    size_t  i;

    if (value->len == 0 || value->len >= sizeof(buf)) {
        return NGX_DECLINED;
    }

    for (i = 0; i < value->len; i++) {
        buf[i] = (char) value->data[i];
    }

    buf[i] = '\0';

    *when = curl_getdate(buf, NULL);

    return (*when == (time_t) -1) ? NGX_DECLINED : NGX_OK;
}


/*
 * Finds "ok", "error" and "retry_after" in the outermost object.  Nested
 * values are skipped, so that an echo of our own message is not taken for
 * Slack's answer.  The body may be cut: what was read counts, unless a key
 * occurs twice.
 */

static ngx_int_t
ngx_slack_outcome_json(ngx_str_t *body, ngx_slack_json_answer_t *said)
{
    ngx_int_t              rc;
    ngx_slack_json_skim_t  skim;

    if (body->len == 0 || *body->data != '{') {
        return NGX_DECLINED;
    }

    ngx_slack_json_skim_init(&skim, &ngx_slack_outcome_handlers, said,
                             &ngx_slack_outcome_log);

    rc = ngx_slack_json_skim(&skim, body->data, body->len);

    ngx_slack_json_token_free(&skim.token);

    if (rc == NGX_DECLINED && !said->closed) {

        /* not JSON */

        said->ok = 2;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_outcome_key(void *data, u_char *token, size_t len,
    ngx_uint_t escaped)
{
    ngx_slack_json_answer_t  *said = data;

    ngx_str_t   *name;
    ngx_uint_t   i;

    for (i = 0; i < NGX_SLACK_ANSWER_MEMBER_LAST; i++) {
        name = &ngx_slack_answer_members[i];

        if (name->len == len && ngx_memcmp(name->data, token, len) == 0) {
            said->member = i;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_slack_outcome_scalar(void *data, ngx_uint_t type, u_char *token,
    size_t len, ngx_uint_t escaped)
{
    ngx_slack_json_answer_t  *said = data;

    switch (said->member) {

    case NGX_SLACK_ANSWER_MEMBER_OK:
        said->ok = (said->ok == 0 && type == NGX_SLACK_JSON_TRUE) ? 1 : 2;
        break;

    case NGX_SLACK_ANSWER_MEMBER_ERROR:
        if (type == NGX_SLACK_JSON_STRING && said->error.len == 0) {
            said->error.data = token + 1;
            said->error.len = len - 2;
        }

        break;

    default: /* NGX_SLACK_ANSWER_MEMBER_RETRY_AFTER */
        if (type == NGX_SLACK_JSON_NUMBER) {
            said->retry_after.data = token;
            said->retry_after.len = len;
        }

        break;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_outcome_open(void *data, ngx_uint_t array)
{
    ngx_slack_json_answer_t  *said = data;

    if (!said->opened) {
        said->opened = 1;
        return NGX_OK;
    }

    if (said->member == NGX_SLACK_ANSWER_MEMBER_OK) {
        said->ok = 2;
    }

    return NGX_DECLINED;
}


static void
ngx_slack_outcome_close(void *data)
{
    ngx_slack_json_answer_t  *said = data;

    said->closed = 1;
}


static void
ngx_slack_outcome_trim(ngx_str_t *value)
{
    while (value->len && *value->data <= ' ') {
        value->data++;
        value->len--;
    }

    while (value->len && value->data[value->len - 1] <= ' ') {
        value->len--;
    }
}


static ngx_int_t
ngx_slack_outcome_is(ngx_str_t *value, const char *text)
{
    size_t  len;

    len = ngx_strlen(text);

    return (value->len == len && ngx_memcmp(value->data, text, len) == 0)
           ? NGX_OK : NGX_DECLINED;
}
