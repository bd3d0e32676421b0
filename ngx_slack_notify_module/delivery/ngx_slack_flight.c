
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * From waiting messages to a request: which of a channel's messages go, alone
 * or sharing one.  Knows the outbox's engine and the envelope; not what
 * messages say.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_clock.h>
#include <ngx_slack_flight.h>
#include <ngx_slack_log.h>
#include <ngx_slack_message.h>


#define NGX_SLACK_ATTACHMENTS_MAX  30       /* in a shared message */
#define NGX_SLACK_SHARED_MAX       200000   /* its bytes, about */
#define NGX_SLACK_ALONE_AFTER      4        /* attempts */
#define NGX_SLACK_LETTERS_MAX      128      /* looked at in one turn */
#define NGX_SLACK_STORE_PAUSE      1000     /* ms, after an error of it */


static ngx_uint_t ngx_slack_flight_letters(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch, ngx_slack_letter_t *letters, ngx_uint_t *n);
static ngx_uint_t ngx_slack_flight_expired(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch, ngx_slack_letter_t *letters, ngx_uint_t n);
static int64_t ngx_slack_flight_paused(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch, ngx_slack_letter_t *letter);
static ngx_uint_t ngx_slack_flight_seats(ngx_slack_channel_t *ch);
static ngx_uint_t ngx_slack_flight_share(ngx_slack_channel_t *ch,
    ngx_slack_letter_t *letters, ngx_uint_t n, ngx_uint_t tokens);
static ngx_int_t ngx_slack_flight_send(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch, ngx_slack_letter_t *letters, ngx_uint_t n);
static ngx_slack_flight_t *ngx_slack_flight_create(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch, ngx_slack_letter_t *letters, ngx_uint_t n);
static void ngx_slack_flight_answered(ngx_slack_post_t *post,
    ngx_slack_answer_t *answer);
static void ngx_slack_flight_cut(ngx_slack_flight_t *flight);
static int64_t ngx_slack_flight_due(ngx_slack_dispatcher_t *d,
    ngx_slack_channel_t *ch, ngx_slack_letter_t *letter);


/* executed in a worker thread */

void
ngx_slack_flight_start(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch)
{
    ngx_int_t           rc;
    ngx_uint_t          i, k, n, all, tokens;
    ngx_slack_letter_t  letters[NGX_SLACK_LETTERS_MAX];

    if (ch->paused) {
        /* when it is resumed the outbox tells of it as of a new one */
        ngx_slack_schedule_remove(d->schedule, ch);
        return;
    }

    tokens = ngx_slack_pace_tokens(&ch->pace, d->now);

    if (tokens == 0) {
        ngx_slack_schedule_landed(d->schedule, ch);
        ch->waited = 1;
        ngx_slack_schedule_at(d->schedule, ch,
                              ngx_slack_pace_next(&ch->pace));
        return;
    }

    all = ngx_slack_flight_letters(d, ch, letters, &n);

    if (all == NGX_MAX_UINT32_VALUE) {
        ngx_slack_schedule_landed(d->schedule, ch);
        ngx_slack_schedule_at(d->schedule, ch, d->now + NGX_SLACK_STORE_PAUSE);
        return;
    }

    if (n == 0) {

        if (all == 0) {
            ngx_slack_schedule_remove(d->schedule, ch);
            return;
        }

        /* the look has said when the first of them will be due */

        ngx_slack_schedule_landed(d->schedule, ch);
        return;
    }

    k = ngx_slack_flight_expired(d, ch, letters, n);

    if (k == 0) {
        k = ngx_slack_flight_share(ch, letters, n, tokens);

        rc = ngx_slack_flight_send(d, ch, letters, k);

        if (rc != NGX_OK) {
            ngx_slack_schedule_landed(d->schedule, ch);
            ngx_slack_schedule_at(d->schedule, ch,
                                  d->now + NGX_SLACK_STORE_PAUSE);
        }
    }

    for (i = 0; i < n; i++) {
        free(letters[i].envelope.data);
    }
}


/*
 * The channel's oldest messages that are due, in "letters" and *n; returns
 * how many were looked at, NGX_MAX_UINT32_VALUE if the outbox failed.  If
 * none is due, the channel's turn is when the first will be.
 */

static ngx_uint_t
ngx_slack_flight_letters(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_slack_letter_t *letters, ngx_uint_t *n)
{
    int64_t     due, first;
    ngx_uint_t  i, got, want;

    want = 1;

    if (ch->waited) {
        want = ngx_slack_flight_seats(ch);
    }

    want = ngx_min(want + ch->postponed, NGX_SLACK_LETTERS_MAX);

    for ( ;; ) {

        got = want;

        if (d->outbox->engine->letters(d->store, ch->id, letters, &got)
            != NGX_OK)
        {
            *n = 0;
            return NGX_MAX_UINT32_VALUE;
        }

        *n = 0;
        ch->postponed = 0;
        first = NGX_SLACK_NEVER;

        for (i = 0; i < got; i++) {

            due = ngx_slack_flight_due(d, ch, &letters[i]);

            if (due <= d->now) {
                letters[(*n)++] = letters[i];
                continue;
            }

            first = ngx_min(first, due);
            ch->postponed++;
            free(letters[i].envelope.data);
        }

        if (*n || got < want || want == NGX_SLACK_LETTERS_MAX) {
            break;
        }

        want = ngx_min(want * 4, NGX_SLACK_LETTERS_MAX);
    }

    ch->sleeping = 0;

    if (*n == 0 && got) {
        ch->sleeping = 1;
        ngx_slack_schedule_at(d->schedule, ch, first);
    }

    return got;
}


/*
 * Messages which are too old are not tried again, or not at all if there is
 * trouble; none dies untried only because nginx was not there.
 */

static ngx_uint_t
ngx_slack_flight_expired(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_slack_letter_t *letters, ngx_uint_t n)
{
    int64_t              age, max;
    ngx_uint_t           k, trouble;
    ngx_slack_flight_t  *flight;

    trouble = (ch->failures || ch->gate->failures);
    max = (int64_t) ch->gate->lane->workspace->retry_for * 1000;

    for (k = 0; k < n; k++) {

        /* by the clock as it is, and as it would be if it was never set */

        age = ngx_min(d->wall, d->now + d->offset) - letters[k].created
              - ngx_slack_flight_paused(d, ch, &letters[k]);

        if (age <= max || (!trouble && letters[k].attempts == 0)) {
            break;
        }
    }

    if (k == 0) {
        return 0;
    }

    flight = ngx_slack_flight_create(d, ch, letters, k);
    if (flight == NULL) {
        return 0;
    }

    flight->settle = NGX_SLACK_LETTER_DEAD;
    flight->outcome.len = (size_t) snprintf(flight->outcome.reason,
                                        sizeof(flight->outcome.reason),
                                        "not delivered in time; at last: %s",
                                        ch->answer[0] ? ch->answer
                                                      : "not known");

    ngx_slack_log(NGX_LOG_ERR, d->log, 0,
                  "slack_workspace \"%V\", channel \"%V\": dead letters: "
                  "%ui (%L to %L), %s; mend the cause and send them again, "
                  "see \"Dead letters\" in the README",
                  &ch->gate->lane->workspace->name, &ch->name, k,
                  letters[0].id, letters[k - 1].id, flight->outcome.reason);

    (void) ngx_atomic_fetch_add(&d->counters->dead, k);
    ngx_slack_flight_count(flight, NGX_SLACK_LEDGER_DEAD);

    ngx_slack_flight_landed(flight);

    return k;
}


/* ms of a message's age for which its channel was paused */

static int64_t
ngx_slack_flight_paused(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_slack_letter_t *letter)
{
    int64_t  since, until;

    since = ngx_max(ch->paused_since, letter->created);
    until = ngx_min(ch->paused_until, d->wall);

    return ngx_max(until - since, 0);
}


/* how many of a channel may share a message */

static ngx_uint_t
ngx_slack_flight_seats(ngx_slack_channel_t *ch)
{
    ngx_uint_t  n;

    n = ngx_max(ch->gate->lane->workspace->coalesce, 1);

    return ngx_min(n, NGX_SLACK_ATTACHMENTS_MAX);
}


/* how many of them share a message */

static ngx_uint_t
ngx_slack_flight_share(ngx_slack_channel_t *ch, ngx_slack_letter_t *letters,
    ngx_uint_t n, ngx_uint_t tokens)
{
    size_t      size;
    ngx_str_t  *envelope;
    ngx_uint_t  k;

    /* more were looked at if some are not due */

    n = ngx_min(n, ngx_slack_flight_seats(ch));

    /* nothing held them back, or they may go one after another at once */

    if (!ch->waited || n <= tokens) {
        return 1;
    }

    if (letters[0].id <= ch->single
        || letters[0].attempts >= NGX_SLACK_ALONE_AFTER)
    {
        return 1;
    }

    envelope = &letters[0].envelope;
    size = letters[0].body.len;

    for (k = 1; k < n; k++) {

        if (letters[k].envelope.len != envelope->len
            || ngx_memcmp(letters[k].envelope.data, envelope->data,
                          envelope->len) != 0
            || letters[k].attempts >= NGX_SLACK_ALONE_AFTER)
        {
            break;
        }

        size += letters[k].body.len;

        if (size > NGX_SLACK_SHARED_MAX) {
            break;
        }
    }

    return k;
}


static ngx_int_t
ngx_slack_flight_send(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_slack_letter_t *letters, ngx_uint_t n)
{
    ngx_str_t            bodies[NGX_SLACK_ATTACHMENTS_MAX];
    ngx_uint_t           i;
    ngx_slack_flight_t  *flight;

    flight = ngx_slack_flight_create(d, ch, letters, n);
    if (flight == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {
        bodies[i] = letters[i].body;
    }

    if (ngx_slack_message_compose(&letters[0].envelope, &ch->name, bodies, n,
                                  &flight->post.body)
        != NGX_OK)
    {
        ngx_slack_log(NGX_LOG_ERR, d->log, 0,
                      "slack_workspace \"%V\": message %L could not be "
                      "composed", &ch->gate->lane->workspace->name,
                      letters[0].id);
        free(flight);
        return NGX_ERROR;
    }

    flight->post.workspace = ch->gate->lane->workspace;
    flight->post.webhook = ch->gate->webhook;
    flight->post.handler = ngx_slack_flight_answered;
    flight->post.data = flight;

    if (ngx_slack_client_post(d->client, &flight->post) != NGX_OK) {
        free(flight->post.body.data);
        free(flight);
        return NGX_ERROR;
    }

    ngx_slack_pace_take(&ch->pace, d->now);
    flight->started = d->now;

    d->in_flight++;
    (void) ngx_atomic_fetch_add(&d->counters->in_flight, 1);

    if (ch->ledger) {
        (void) ngx_atomic_fetch_add(&ch->ledger->in_flight,
                                    (ngx_atomic_int_t) n);
    }

    return NGX_OK;
}


static ngx_slack_flight_t *
ngx_slack_flight_create(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_slack_letter_t *letters, ngx_uint_t n)
{
    ngx_uint_t           i;
    ngx_slack_flight_t  *flight;

    flight = calloc(1, sizeof(ngx_slack_flight_t)
                       + (n - 1) * sizeof(ngx_slack_passenger_t));
    if (flight == NULL) {
        ngx_log_error(NGX_LOG_ERR, d->log, 0, "slack: no memory");
        return NULL;
    }

    flight->dispatcher = d;
    flight->channel = ch;
    flight->n = n;

    for (i = 0; i < n; i++) {
        flight->passengers[i].id = letters[i].id;
        flight->passengers[i].created = letters[i].created;
        flight->passengers[i].attempts = letters[i].attempts;
    }

    return flight;
}


static void
ngx_slack_flight_answered(ngx_slack_post_t *post, ngx_slack_answer_t *answer)
{
    ngx_slack_flight_t *flight = post->data;

    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;

    d->in_flight--;
    (void) ngx_atomic_fetch_add(&d->counters->in_flight, -1);

    if (flight->channel->ledger) {
        (void) ngx_atomic_fetch_add(&flight->channel->ledger->in_flight,
                                    -(ngx_atomic_int_t) flight->n);
    }

    free(post->body.data);
    ngx_str_null(&post->body);

    ngx_slack_flight_clock(d);

    if (answer == NULL) {
        ngx_slack_flight_cut(flight);
        return;
    }

    /* Slack counts from when it comes there, after connect and handshake */

    ngx_slack_pace_sent(&flight->channel->pace,
                        flight->started + (int64_t) answer->ready);

    ngx_slack_outcome_judge(answer, d->wall, &flight->outcome);

    ngx_slack_flight_land(flight);
}


/* the worker ends, and no answer has come */

static void
ngx_slack_flight_cut(ngx_slack_flight_t *flight)
{
    ngx_slack_outcome_t  *out;

    if (!flight->post.begun) {

        /* Slack has seen nothing of it: its messages wait as before */

        ngx_slack_flight_stand(flight);
        ngx_slack_flight_landed(flight);
        return;
    }

    out = &flight->outcome;

    flight->cut = 1;

    out->outcome = NGX_SLACK_OUTCOME_AMBIGUOUS;
    out->len = (size_t) snprintf(out->reason, sizeof(out->reason),
                                 "no answer before nginx stopped or reloaded");

    ngx_slack_flight_land(flight);
}


/* executed in a worker thread */

void
ngx_slack_flight_clock(ngx_slack_dispatcher_t *d)
{
    d->now = ngx_slack_clock_monotonic();
    d->wall = ngx_slack_clock_wall();
}


/* executed in a worker thread */

void
ngx_slack_flight_count(ngx_slack_flight_t *flight, ngx_uint_t what)
{
    time_t                   now;
    ngx_slack_channel_t     *ch;
    ngx_slack_dispatcher_t  *d;

    d = flight->dispatcher;
    ch = flight->channel;
    now = (time_t) (d->wall / 1000);

    if (what != NGX_SLACK_LEDGER_LAST) {
        ngx_slack_ledger_messages(d->ledger, ch->ledger, what, flight->n, now);
    }

    if (ch->ledger && what != NGX_SLACK_LEDGER_SENT) {
        ngx_slack_ledger_tell(&ch->ledger->error,
                              (u_char *) flight->outcome.reason,
                              flight->outcome.len, now);
    }
}


/* when a message is due, monotonic ms */

static int64_t
ngx_slack_flight_due(ngx_slack_dispatcher_t *d, ngx_slack_channel_t *ch,
    ngx_slack_letter_t *letter)
{
    int64_t  max;

    /* with jitter it is never more than that; else the clock was set */

    max = (int64_t) (ch->gate->lane->workspace->retry_max * 6 / 5) + 1000;

    return d->now + ngx_slack_pace_remembered(letter->due, d->wall, max, 0);
}
