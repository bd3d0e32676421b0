
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
#include <ngx_slack_said.h>
#include <ngx_slack_shown.h>


#define NGX_SLACK_OUTCOME_NO_SLACK                                            \
    "this is not an answer of Slack, check webhook_url"
#define NGX_SLACK_OUTCOME_NO_API                                              \
    "this is not an answer of Slack's Web API, check api_url"


static void ngx_slack_outcome_set(ngx_slack_outcome_t *outcome,
    ngx_slack_outcome_e what, const char *hint);
static void ngx_slack_outcome_2xx(ngx_slack_answer_t *answer,
    ngx_slack_said_t  *said, ngx_slack_outcome_t *outcome);
static void ngx_slack_outcome_hold(ngx_slack_answer_t *answer,
    ngx_slack_said_t  *said, int64_t now, ngx_slack_outcome_t *outcome);
static void ngx_slack_outcome_say(ngx_slack_answer_t *answer,
    ngx_slack_said_t  *said, ngx_slack_outcome_t *outcome);
static void ngx_slack_outcome_channel(ngx_slack_said_t *said,
    ngx_slack_outcome_t *outcome);
static void ngx_slack_outcome_ts(ngx_slack_said_t *said,
    ngx_slack_outcome_t *outcome);
static ngx_int_t ngx_slack_outcome_seconds(ngx_str_t *value, ngx_msec_t *ms);
static ngx_int_t ngx_slack_outcome_date(ngx_str_t *value, time_t *when);
static void ngx_slack_outcome_trim(ngx_str_t *value);
static ngx_uint_t ngx_slack_outcome_is(ngx_str_t *value, const char *text);


void
ngx_slack_outcome_judge(ngx_slack_answer_t *answer, int64_t now,
    ngx_slack_outcome_t *outcome)
{
    size_t                    n;
    ngx_str_t                 name;
    ngx_uint_t                status;
    ngx_slack_said_t          said;
    const ngx_slack_error_t  *error;

    ngx_memzero(outcome, sizeof(ngx_slack_outcome_t));

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

    ngx_slack_outcome_trim(&answer->body);
    ngx_slack_said_read(&answer->body, answer->cut, &said);

    name = said.members[NGX_SLACK_SAID_ERROR];

    if (name.len == 0) {
        name = answer->body;
    }

    ngx_slack_outcome_say(answer, &said, outcome);

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
                              answer->token
                              ? "redirects are not followed, check api_url"
                              : "redirects are not followed, "
                                "check webhook_url");
        return;
    }

    if (answer->transfer == NGX_SLACK_TRANSFER_UNANSWERED) {
        /* an error, but its name may be cut off */
        ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_RETRY, NULL);
        return;
    }

    error = said.ok && status < 300 ? NULL : ngx_slack_error_find(&name);

    if (error == NULL) {
        ngx_slack_outcome_2xx(answer, &said, outcome);
        return;
    }

    if (error->outcome == NGX_SLACK_OUTCOME_HOLD) {
        ngx_slack_outcome_hold(answer, &said, now, outcome);
        return;
    }

    outcome->not_member = ngx_slack_outcome_is(&name, "not_in_channel")
                          ? 1 : 0;

    ngx_slack_outcome_set(outcome, error->outcome, error->hint);
}


/* an answer without an error that is known */

static void
ngx_slack_outcome_2xx(ngx_slack_answer_t *answer, ngx_slack_said_t *said,
    ngx_slack_outcome_t *outcome)
{
    ngx_uint_t  refused;

    refused = (said->members[NGX_SLACK_SAID_ERROR].len != 0
               || said->refused);

    if (answer->token) {

        if (answer->status < 300 && said->ok) {
            ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_SENT, NULL);
            ngx_slack_outcome_channel(said, outcome);
            ngx_slack_outcome_ts(said, outcome);
            return;
        }

        if (refused) {
            ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_DEAD, NULL);
            return;
        }

        ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
                              NGX_SLACK_OUTCOME_NO_API);
        return;
    }

    if (answer->status >= 300 || refused) {
        ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_DEAD, NULL);
        return;
    }

    if (answer->body.len == 0 || said->object
        || ngx_slack_outcome_is(&answer->body, "ok"))
    {
        ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_SENT, NULL);
        outcome->unusual = ngx_slack_outcome_is(&answer->body, "ok") ? 0 : 1;
        return;
    }

    /* a login page, or the portal of a network */

    ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_SUSPEND_ENDPOINT,
                          NGX_SLACK_OUTCOME_NO_SLACK);
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
ngx_slack_outcome_hold(ngx_slack_answer_t *answer, ngx_slack_said_t *said,
    int64_t now, ngx_slack_outcome_t *outcome)
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

    if (ngx_slack_outcome_seconds(&said->members[NGX_SLACK_SAID_RETRY_AFTER],
                                  &ms)
        == NGX_OK)
    {
        goto found;
    }

    ms = 0;

found:

    ms = ngx_max(ms, NGX_SLACK_HOLD_MIN);
    outcome->hold = ngx_min(ms, NGX_SLACK_HOLD_MAX);
}


/*
 * The reason: the status, then "ok" of a message that a token has sent, or the
 * name of Slack's error and what Slack adds, or else the answer itself.
 */

static void
ngx_slack_outcome_say(ngx_slack_answer_t *answer, ngx_slack_said_t *said,
    ngx_slack_outcome_t *outcome)
{
    int           n;
    char          buf[NGX_SLACK_REASON_MAX + 1];
    char          detail[NGX_SLACK_DETAIL_MAX + 1];
    ngx_str_t     text, *more;
    const char   *what;

    text = answer->shown;
    more = NULL;
    what = "";

    if (answer->token && said->ok && answer->status < 300) {
        /* the answer repeats our message */
        ngx_str_set(&text, "ok");

    } else if (answer->token && said->members[NGX_SLACK_SAID_ERROR].len) {

        text = said->members[NGX_SLACK_SAID_ERROR];

        if (said->members[NGX_SLACK_SAID_NEEDED].len) {
            more = &said->members[NGX_SLACK_SAID_NEEDED];
            what = ", needs ";

        } else if (said->members[NGX_SLACK_SAID_DETAIL].len) {
            more = &said->members[NGX_SLACK_SAID_DETAIL];
            what = ": ";
        }
    }

    ngx_slack_outcome_trim(&text);

    detail[0] = '\0';

    if (more && ngx_slack_shown_ascii(detail, sizeof(detail), more) == 0) {
        what = "";
    }

    if (ngx_slack_shown_ascii(buf, sizeof(buf), &text)) {
        n = snprintf(outcome->reason, sizeof(outcome->reason),
                     "HTTP %lu \"%s\"%s%s", (unsigned long) answer->status,
                     buf, what, detail);

    } else {
        n = snprintf(outcome->reason, sizeof(outcome->reason),
                     "HTTP %lu without a body",
                     (unsigned long) answer->status);
    }

    outcome->len = n < 0 ? 0 : ngx_min((size_t) n,
                                       sizeof(outcome->reason) - 1);
}


/* Keeps the ID of the channel if it looks like one. */

static void
ngx_slack_outcome_channel(ngx_slack_said_t *said, ngx_slack_outcome_t *outcome)
{
    size_t      i;
    ngx_str_t  *id;

    id = &said->members[NGX_SLACK_SAID_CHANNEL];

    if (id->len < 2 || id->len > NGX_SLACK_ID_MAX
        || ngx_strlchr((u_char *) "CGD", (u_char *) "CGD" + 3, id->data[0])
           == NULL)
    {
        return;
    }

    for (i = 1; i < id->len; i++) {
        if ((id->data[i] < '0' || id->data[i] > '9')
            && (id->data[i] < 'A' || id->data[i] > 'Z'))
        {
            return;
        }
    }

    ngx_memcpy(outcome->channel, id->data, id->len);
    outcome->channel_len = id->len;
}


/*
 * Keeps the message's ts if it looks like one, "1764460800.000100", and notes
 * whether the message is a reply.
 */

static void
ngx_slack_outcome_ts(ngx_slack_said_t *said, ngx_slack_outcome_t *outcome)
{
    size_t      i;
    ngx_str_t  *ts;
    ngx_uint_t  points;

    outcome->unthreaded = (said->message
                           && said->members[NGX_SLACK_SAID_THREAD].len == 0);

    ts = &said->members[NGX_SLACK_SAID_TS];

    if (ts->len == 0 || ts->len > NGX_SLACK_TS_MAX) {
        return;
    }

    points = 0;

    for (i = 0; i < ts->len; i++) {

        if (ts->data[i] == '.' && i && i < ts->len - 1) {
            points++;

        } else if (ts->data[i] < '0' || ts->data[i] > '9') {
            return;
        }
    }

    if (points != 1) {
        return;
    }

    ngx_memcpy(outcome->ts, ts->data, ts->len);
    outcome->ts_len = ts->len;
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


static ngx_uint_t
ngx_slack_outcome_is(ngx_str_t *value, const char *text)
{
    size_t  len;

    len = ngx_strlen(text);

    return value->len == len && ngx_memcmp(value->data, text, len) == 0;
}
