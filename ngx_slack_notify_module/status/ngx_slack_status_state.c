
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Judges channels: the state of each, whether it needs somebody, and the
 * verdict on all of them in one sentence.  Runs in a pool thread.
 */


#include <ngx_slack_hint.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_html.h>
#include <ngx_slack_pace.h>
#include <ngx_slack_status_state.h>


/* failures in a row from which on somebody should look */

#define NGX_SLACK_STATE_FAILURES  3

/* seconds: storing has failed just now; nobody delivers since */

#define NGX_SLACK_STATE_RECENT  300
#define NGX_SLACK_STATE_LEADER  15


static ngx_uint_t ngx_slack_status_stands(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_place_t *place, ngx_slack_status_channel_t *ch);
static ngx_uint_t ngx_slack_status_asked(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_place_t *place, ngx_slack_status_channel_t *ch);
static ngx_uint_t ngx_slack_status_needs(ngx_slack_status_channel_t *ch);
static void ngx_slack_status_verdict(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
static void ngx_slack_status_verdict_put(ngx_slack_text_t *text,
    const char *words);
static void ngx_slack_status_verdict_many(ngx_slack_text_t *text,
    ngx_uint_t n, const char *one, const char *more);
static ngx_uint_t ngx_slack_status_contains(ngx_str_t *text, ngx_str_t *word);


const ngx_slack_status_state_t  ngx_slack_status_states[] = {

    [NGX_SLACK_STAND_NO_ENDPOINT] =
    { ngx_string("no endpoint"), NULL, "bad", "\xE2\x96\xA0",
      "nothing in the configuration serves it: name the channel at a "
      "webhook_url, or give the workspace back its block" },

    [NGX_SLACK_STAND_SUSPENDED] =
    { ngx_string("suspended"), " until ", "bad", "\xE2\x96\xA0",
      "Slack refuses the channel or its webhook: check it in Slack" },

    [NGX_SLACK_STAND_FAILING] =
    { ngx_string("failing"), NULL, "bad", "\xE2\x96\xA0",
      "Slack has refused the last message for good: see the dead letters" },

    [NGX_SLACK_STAND_RETRYING] =
    { ngx_string("retrying"), ", next at ", "warn", "\xE2\x96\xB2",
      "if it lasts, see the error log" },

    [NGX_SLACK_STAND_HELD] =
    { ngx_string("held"), " until ", "warn", "\xE2\x96\xB2",
      "Slack asks for slower messages: nothing is to be done" },

    [NGX_SLACK_STAND_PAUSED] =
    { ngx_string("paused"), NULL, "warn", "\xE2\x80\x96",
      "an operator has paused it: resume it when its cause is over" },

    [NGX_SLACK_STAND_DELIVERING] =
    { ngx_string("delivering"), NULL, "good", "\xE2\x97\x8F", NULL },

    [NGX_SLACK_STAND_WAITING] =
    { ngx_string("waiting"), NULL, "good", "\xE2\x97\x8F", NULL },

    [NGX_SLACK_STAND_IDLE] =
    { ngx_string("idle"), NULL, "soft", "\xE2\x97\x8B", NULL },

    [NGX_SLACK_STAND_LAST] =
    { ngx_null_string, NULL, NULL, NULL, NULL }
};


ngx_uint_t
ngx_slack_status_state_find(ngx_str_t *name)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_SLACK_STAND_LAST; i++) {
        if (ngx_slack_equal(&ngx_slack_status_states[i].name, name)) {
            break;
        }
    }

    return i;
}


ngx_int_t
ngx_slack_status_judge(ngx_slack_status_snapshot_t *s)
{
    ngx_uint_t                    i, k;
    ngx_slack_hint_t              hint;
    ngx_slack_text_t              text;
    ngx_slack_status_place_t     *place;
    ngx_slack_status_channel_t  **ch;

    place = s->places.elts;

    for (i = 0; i < s->places.nelts; i++) {

        ch = place[i].channels.elts;

        for (k = 0; k < place[i].channels.nelts; k++) {

            if (ch[k]->failed) {
                ngx_slack_hint_find((char *) ch[k]->error.data, &hint);

                ch[k]->hint = hint.hint;

                if (hint.suspends && ch[k]->failures) {
                    ch[k]->refused = 1;
                }
            }

            ch[k]->state = ngx_slack_status_stands(s, &place[i], ch[k]);

            s->states[ch[k]->state]++;
            s->channels++;

            if (ngx_slack_status_needs(ch[k])) {
                ch[k]->needs = 1;
                s->needing++;
            }

            if (ngx_slack_status_asked(s, &place[i], ch[k])) {
                ch[k]->asked = 1;
                s->found++;
            }
        }
    }

    for (i = 0; i < NGX_SLACK_HISTORY_MINUTES; i++) {
        s->sent += s->minutes[i].counts[NGX_SLACK_COUNT_SENT];
    }

    ngx_slack_text_init(&text, s->pool, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);

    ngx_slack_status_verdict(s, &text);

    s->verdict.data = text.start;
    s->verdict.len = text.len;

    return text.failed ? NGX_ERROR : NGX_OK;
}


/*
 * A channel that fails is never one that waits, delivers or is idle.  What an
 * operator has done comes first, then what only an operator can mend.
 */

static ngx_uint_t
ngx_slack_status_stands(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_place_t *place, ngx_slack_status_channel_t *ch)
{
    if (ch->paused || place->paused) {
        return NGX_SLACK_STAND_PAUSED;
    }

    if (ch->unserved || !place->configured) {
        return NGX_SLACK_STAND_NO_ENDPOINT;
    }

    ch->until = ngx_max(ch->suspended, ch->next);

    if (ch->until > s->now
        && (ch->suspended || (ch->waiting && (ch->failures || ch->held))))
    {
        if (ch->refused) {
            return NGX_SLACK_STAND_SUSPENDED;
        }

        return (ch->held || ch->failures == 0) ? NGX_SLACK_STAND_HELD
                                               : NGX_SLACK_STAND_RETRYING;
    }

    /* it is tried just now */

    ch->until = 0;

    if (ch->waiting && ch->failures) {
        return ch->refused ? NGX_SLACK_STAND_SUSPENDED
                           : NGX_SLACK_STAND_RETRYING;
    }

    if (ch->dead_letters && ch->failed > ch->success) {
        return NGX_SLACK_STAND_FAILING;
    }

    if (ch->in_flight) {
        return NGX_SLACK_STAND_DELIVERING;
    }

    return ch->waiting ? NGX_SLACK_STAND_WAITING : NGX_SLACK_STAND_IDLE;
}


static ngx_uint_t
ngx_slack_status_needs(ngx_slack_status_channel_t *ch)
{
    switch (ch->state) {

    case NGX_SLACK_STAND_NO_ENDPOINT:
        return ch->waiting || ch->dead_letters;

    case NGX_SLACK_STAND_SUSPENDED:
    case NGX_SLACK_STAND_FAILING:
        return 1;

    case NGX_SLACK_STAND_RETRYING:
        return ch->failures >= NGX_SLACK_STATE_FAILURES || ch->dead_letters;

    default:
        return ch->dead_letters ? 1 : 0;
    }
}


const char *
ngx_slack_status_advice(ngx_slack_status_channel_t *ch)
{
    switch (ch->state) {

    case NGX_SLACK_STAND_SUSPENDED:
    case NGX_SLACK_STAND_FAILING:
    case NGX_SLACK_STAND_RETRYING:
        if (ch->hint) {
            return ch->hint;
        }

        break;

    default:
        if (ch->dead_letters
            && ngx_slack_status_states[ch->state].advice == NULL)
        {
            return "it has dead letters: fix the cause and replay them, or "
                   "drop them";
        }
    }

    return ngx_slack_status_states[ch->state].advice;
}


/* whether a channel is among those that were asked for */

static ngx_uint_t
ngx_slack_status_asked(ngx_slack_status_snapshot_t *s,
    ngx_slack_status_place_t *place, ngx_slack_status_channel_t *ch)
{
    if (s->ask.workspace.len
        && !ngx_slack_equal(&s->ask.workspace, &place->name))
    {
        return 0;
    }

    if (s->ask.needs && !ch->needs) {
        return 0;
    }

    if (s->ask.state != NGX_SLACK_STAND_LAST && s->ask.state != ch->state) {
        return 0;
    }

    return s->ask.q.len == 0
           || ngx_slack_status_contains(&ch->name, &s->ask.q)
           || ngx_slack_status_contains(&place->name, &s->ask.q);
}


/* without regard to case, in ASCII */

static ngx_uint_t
ngx_slack_status_contains(ngx_str_t *text, ngx_str_t *word)
{
    size_t  i;

    for (i = 0; i + word->len <= text->len; i++) {
        if (ngx_strncasecmp(text->data + i, word->data, word->len) == 0) {
            return 1;
        }
    }

    return 0;
}


static void
ngx_slack_status_verdict(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text)
{
    ngx_uint_t  n;

    s->grade = NGX_SLACK_GRADE_BAD;

    if (!s->ok) {
        ngx_slack_status_verdict_put(text, "The outbox cannot be read");
        return;
    }

    if (s->outbox_error.time + NGX_SLACK_STATE_RECENT > s->now) {
        ngx_slack_status_verdict_put(text, "Events are not being stored");
        return;
    }

    if (s->waiting && !s->led
        && s->oldest + NGX_SLACK_STATE_LEADER < s->now)
    {
        ngx_slack_status_verdict_put(text, "Nobody delivers: ");
        ngx_slack_status_verdict_many(text, s->waiting, " message waits",
                                      " messages wait");
        return;
    }

    if (s->needing) {
        ngx_slack_status_verdict_many(text, s->needing, " channel needs you",
                                      " channels need you");
        return;
    }

    s->grade = NGX_SLACK_GRADE_WARN;

    n = s->states[NGX_SLACK_STAND_RETRYING] + s->states[NGX_SLACK_STAND_HELD];

    if (n) {
        ngx_slack_status_verdict_many(text, n, " channel is being retried, ",
                                      " channels are being retried, ");

    } else if (s->states[NGX_SLACK_STAND_PAUSED]) {
        ngx_slack_status_verdict_many(text, s->states[NGX_SLACK_STAND_PAUSED],
                                      " channel is paused, ",
                                      " channels are paused, ");

    } else {
        s->grade = NGX_SLACK_GRADE_GOOD;

        ngx_slack_status_verdict_put(text, "All is well: ");
        ngx_slack_html_number(text, s->sent);
        ngx_slack_status_verdict_put(text, " sent in the last hour, ");
    }

    if (s->waiting) {
        ngx_slack_status_verdict_many(text, s->waiting, " message waits",
                                      " messages wait");

    } else {
        ngx_slack_status_verdict_put(text, "nothing waits");
    }
}


static void
ngx_slack_status_verdict_put(ngx_slack_text_t *text, const char *words)
{
    ngx_slack_text_append(text, (u_char *) words, ngx_strlen(words));
}


static void
ngx_slack_status_verdict_many(ngx_slack_text_t *text, ngx_uint_t n,
    const char *one, const char *more)
{
    ngx_slack_html_number(text, n);
    ngx_slack_status_verdict_put(text, n == 1 ? one : more);
}
