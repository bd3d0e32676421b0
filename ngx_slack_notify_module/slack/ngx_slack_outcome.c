
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The outcome table: an answer's status, words and headers to what is to be
 * done.  Knows no connection, no clock and no outbox.  Runs in a pool
 * thread, and anywhere else as well: it has no state.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <curl/curl.h>

#include <ngx_slack_outcome.h>
#include <ngx_slack_error.h>
#include <ngx_slack_shown.h>


#define NGX_SLACK_DEPTH_MAX  64


/* what a JSON answer says, strings as they stand in the body */

typedef struct {
    ngx_uint_t                ok;           /* 0: not told, 1: true, 2: no */
    ngx_str_t                 error;
    ngx_str_t                 retry_after;
} ngx_slack_verdict_t;


static void ngx_slack_outcome_set(ngx_slack_outcome_t *outcome,
    ngx_uint_t what, const char *hint);
static void ngx_slack_outcome_wait(ngx_slack_answer_t *answer,
    ngx_slack_verdict_t *verdict, int64_t now, ngx_slack_outcome_t *outcome);
static void ngx_slack_outcome_say(ngx_slack_outcome_t *outcome,
    ngx_uint_t  status, ngx_str_t *shown);
static ngx_int_t ngx_slack_outcome_seconds(ngx_str_t *value, ngx_msec_t *ms);
static ngx_int_t ngx_slack_outcome_date(ngx_str_t *value, time_t *when);
static ngx_int_t ngx_slack_outcome_json(ngx_str_t *body,
    ngx_slack_verdict_t *verdict);
static u_char *ngx_slack_outcome_string(u_char *p, u_char *last,
    ngx_str_t *value);
static void ngx_slack_outcome_trim(ngx_str_t *value);
static ngx_int_t ngx_slack_outcome_is(ngx_str_t *value, const char *text);


void
ngx_slack_outcome_judge(ngx_slack_answer_t *answer, int64_t now,
    ngx_slack_outcome_t *outcome)
{
    size_t                    n;
    ngx_str_t                 body, shown;
    ngx_uint_t                status;
    ngx_slack_verdict_t       verdict;
    const ngx_slack_error_t  *word;

    ngx_memzero(outcome, sizeof(ngx_slack_outcome_t));
    ngx_memzero(&verdict, sizeof(ngx_slack_verdict_t));

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
    word = NULL;

    if (ngx_slack_outcome_json(&body, &verdict) == NGX_OK) {
        if (verdict.error.len) {
            shown = verdict.error;
        }
    }

    word = ngx_slack_error_find(&shown);

    ngx_slack_outcome_say(outcome, status, &answer->shown);

    if (status == 429) {
        ngx_slack_outcome_wait(answer, &verdict, now, outcome);
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
        /* it is the URL that is wrong, for all its channels */
        ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_SUSPEND_WORKSPACE,
                              "redirects are not followed, "
                              "check webhook_url");
        return;
    }

    if (answer->transfer == NGX_SLACK_TRANSFER_UNANSWERED) {
        /* an error, but its word may be cut */
        ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_RETRY, NULL);
        return;
    }

    if (status < 300
        && (ngx_slack_outcome_is(&body, "ok") == NGX_OK || verdict.ok == 1))
    {
        ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_SENT, NULL);
        return;
    }

    if (word == NULL) {
        ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_DEAD,
                              status < 300
                              ? "this is not an answer of Slack, "
                                "check webhook_url"
                              : NULL);
        return;
    }

    if (word->outcome == NGX_SLACK_OUTCOME_WAIT) {
        ngx_slack_outcome_wait(answer, &verdict, now, outcome);
        return;
    }

    ngx_slack_outcome_set(outcome, word->outcome, word->hint);
}


static void
ngx_slack_outcome_set(ngx_slack_outcome_t *outcome, ngx_uint_t what,
    const char *hint)
{
    outcome->outcome = what;
    outcome->hint = hint;
}


/* the header tells, else the body, else one second */

static void
ngx_slack_outcome_wait(ngx_slack_answer_t *answer,
    ngx_slack_verdict_t *verdict, int64_t now, ngx_slack_outcome_t *outcome)
{
    time_t      when, date;
    ngx_msec_t  ms;

    ngx_slack_outcome_set(outcome, NGX_SLACK_OUTCOME_WAIT, NULL);

    if (ngx_slack_outcome_seconds(&answer->retry_after, &ms) == NGX_OK) {
        goto found;
    }

    if (ngx_slack_outcome_date(&answer->retry_after, &when) == NGX_OK) {

        if (ngx_slack_outcome_date(&answer->date, &date) != NGX_OK) {
            date = (time_t) (now / 1000);
        }

        ms = 0;

        if (when > date) {
            ms = (when - date > NGX_SLACK_WAIT_MAX / 1000)
                 ? NGX_SLACK_WAIT_MAX : (ngx_msec_t) (when - date) * 1000;
        }

        goto found;
    }

    if (ngx_slack_outcome_seconds(&verdict->retry_after, &ms) == NGX_OK) {
        goto found;
    }

    ms = 0;

found:

    ms = ngx_max(ms, NGX_SLACK_WAIT_MIN);
    outcome->wait = ngx_min(ms, NGX_SLACK_WAIT_MAX);
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


/* a number of seconds, perhaps with a fraction, rounded up to milliseconds */

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
        if (n < NGX_SLACK_WAIT_MAX) {
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
 * Finds "ok", "error" and "retry_after" among the keys of the outermost
 * object; what is nested is only skipped, so that an echo of our own message
 * cannot speak for Slack.  The body may be cut: what was seen counts, unless
 * a key comes twice.
 */

static ngx_int_t
ngx_slack_outcome_json(ngx_str_t *body, ngx_slack_verdict_t *verdict)
{
    u_char     *p, *last, *start;
    ngx_str_t   key, value;
    ngx_uint_t  depth, is_key;

    if (body->len == 0 || *body->data != '{') {
        return NGX_DECLINED;
    }

    p = body->data + 1;
    last = body->data + body->len;

    depth = 1;
    is_key = 1;
    ngx_str_null(&key);

    while (p < last && depth) {

        switch (*p) {

        case '{':
        case '[':
            if (depth == 1 && !is_key
                && ngx_slack_outcome_is(&key, "ok") == NGX_OK)
            {
                verdict->ok = 2;
            }

            if (++depth > NGX_SLACK_DEPTH_MAX) {
                return NGX_DECLINED;
            }

            p++;
            break;

        case '}':
        case ']':
            depth--;
            p++;
            break;

        case ',':
            if (depth == 1) {
                is_key = 1;
            }

            p++;
            break;

        case ':':
            if (depth == 1) {
                is_key = 0;
            }

            p++;
            break;

        case '"':
            p = ngx_slack_outcome_string(p, last, &value);
            if (p == NULL) {
                return NGX_OK;
            }

            if (depth > 1) {
                break;
            }

            if (is_key) {
                key = value;
                break;
            }

            if (ngx_slack_outcome_is(&key, "error") == NGX_OK
                && verdict->error.len == 0)
            {
                verdict->error = value;

            } else if (ngx_slack_outcome_is(&key, "ok") == NGX_OK) {
                verdict->ok = 2;
            }

            break;

        case ' ':
        case '\t':
        case '\r':
        case '\n':
            p++;
            break;

        default:

            for (start = p; p < last; p++) {
                if (*p == ',' || *p == '}' || *p == ']' || *p == ':'
                    || *p == '"' || *p <= ' ')
                {
                    break;
                }
            }

            if (p == start) {

                /* no JSON */

                verdict->ok = 2;
                return NGX_OK;
            }

            if (depth > 1 || is_key) {
                break;
            }

            value.data = start;
            value.len = (size_t) (p - start);

            if (ngx_slack_outcome_is(&key, "ok") == NGX_OK) {
                verdict->ok = (verdict->ok == 0
                               && ngx_slack_outcome_is(&value, "true")
                                  == NGX_OK) ? 1 : 2;

            } else if (ngx_slack_outcome_is(&key, "retry_after") == NGX_OK) {
                verdict->retry_after = value;
            }
        }
    }

    return NGX_OK;
}


/* past the closing quote; NULL if there is none */

static u_char *
ngx_slack_outcome_string(u_char *p, u_char *last, ngx_str_t *value)
{
    value->data = ++p;

    for ( /* void */ ; p < last; p++) {

        if (*p == '\\') {
            p++;
            continue;
        }

        if (*p == '"') {
            value->len = (size_t) (p - value->data);
            return p + 1;
        }
    }

    return NULL;
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
