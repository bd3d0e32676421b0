
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The top of the page: the verdict, what needs somebody, and figures.  Runs in
 * a pool thread.
 */


#include <ngx_slack_status_page.h>
#include <ngx_slack_version.h>


#define NGX_SLACK_PAGE_NEEDS  20             /* channels that are told of */


static void ngx_slack_draw_leader(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
static void ngx_slack_draw_note(ngx_slack_text_t *text, const char *title,
    const char *words);
static void ngx_slack_draw_need(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_slack_status_place_t *place,
    ngx_slack_status_channel_t *ch);
static void ngx_slack_draw_figure(ngx_slack_text_t *text, const char *name,
    ngx_uint_t n);
static void ngx_slack_draw_delay(ngx_slack_text_t *text,
    ngx_slack_status_snapshot_t *s);
static void ngx_slack_draw_changes(ngx_slack_text_t *text,
    ngx_slack_counters_t *c);
static void ngx_slack_draw_guard(ngx_slack_text_t *text,
    ngx_slack_guard_counters_t *guard);


/* of the tab, where there is room for some words: what matters comes first */

void
ngx_slack_page_title(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    if (s->needing) {
        ngx_slack_page_put(text, "(");
        ngx_slack_html_number(text, s->needing);
        ngx_slack_page_put(text, ") ");
    }

    ngx_slack_html_value(text, &s->verdict);
    ngx_slack_page_put(text, " \xC2\xB7 Slack messages of ");
    ngx_slack_html_value(text, (ngx_str_t *) &ngx_cycle->hostname);
}


void
ngx_slack_page_verdict(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    static const char  *grades[] = {
        [NGX_SLACK_GRADE_GOOD] = "good\"><i aria-hidden=\"true\">"
                                 "\xE2\x9C\x93</i> ",
        [NGX_SLACK_GRADE_WARN] = "warn\"><i aria-hidden=\"true\">"
                                 "\xE2\x96\xB2</i> ",
        [NGX_SLACK_GRADE_BAD] = "bad\"><i aria-hidden=\"true\">"
                                "\xE2\x96\xA0</i> "
    };

    ngx_slack_page_put(text, "<span class=\"");
    ngx_slack_page_put(text, grades[s->grade]);
    ngx_slack_html_value(text, &s->verdict);
    ngx_slack_page_put(text, "</span>");
}


void
ngx_slack_page_about(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    static ngx_str_t  version = ngx_string(NGX_SLACK_NOTIFY_VERSION);

    ngx_slack_page_put(text, "<b>");
    ngx_slack_html_value(text, (ngx_str_t *) &ngx_cycle->hostname);
    ngx_slack_page_put(text, "</b>, ngx_slack_notify_module ");
    ngx_slack_html_value(text, &version);
    ngx_slack_page_put(text, "; ");

    ngx_slack_draw_leader(s, text);

    if (s->history) {
        ngx_slack_page_put(text, "; counting for ");
        ngx_slack_html_span(text, s->now - s->history->started);
    }
}


static void
ngx_slack_draw_leader(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    u_char  *last, buf[NGX_INT64_LEN];

    if (s->led && !s->leads) {
        ngx_slack_page_put(text, "delivered by worker ");
        ngx_slack_html_value(text, &s->leader);
        return;
    }

    if (!s->leads) {
        ngx_slack_page_put(text, "nobody of this host delivers");
        return;
    }

    last = ngx_sprintf(buf, "%uA", s->history->leader);

    ngx_slack_page_put(text, "worker ");
    ngx_slack_text_append(text, buf, (size_t) (last - buf));
    ngx_slack_page_put(text, " delivers for ");
    ngx_slack_html_span(text, s->now - (time_t) s->history->led);
}


/* what needs somebody: what it is, what to do, and the buttons for that */

void
ngx_slack_page_needs(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    ngx_str_t                     error;
    ngx_uint_t                    i, k, n, state;
    ngx_slack_status_place_t     *place;
    ngx_slack_status_channel_t  **ch;

    if (!s->ok) {
        ngx_slack_draw_note(text, "The outbox cannot be read",
                            "What waits and the dead letters are not known "
                            "now. The error log says why.");
    }

    if (s->outbox_error.time) {
        error.data = s->outbox_error.data;
        error.len = s->outbox_error.len;

        ngx_slack_page_put(text, "<article class=\"need\"><h3>Storing has "
                                 "failed</h3><p>");
        ngx_slack_html_value(text, &error);
        ngx_slack_page_put(text, ", ");
        ngx_slack_html_time(text, s->outbox_error.time, s->now);
        ngx_slack_page_put(text, "</p><p class=\"advice\">Senders were "
                                 "answered 503; those that do not retry have "
                                 "to be asked to send again.</p></article>");
    }

    if (s->waiting && !s->led) {
        ngx_slack_draw_note(text, "Nobody delivers",
                            "Messages wait and no worker delivers yet. If it "
                            "lasts, see the error log.");
    }

    /* by state, the worst first */

    n = 0;

    for (state = 0; s->needing && state < NGX_SLACK_STAND_LAST; state++) {

        place = s->places.elts;

        for (i = 0; i < s->places.nelts; i++) {

            ch = place[i].channels.elts;

            for (k = 0; k < place[i].channels.nelts; k++) {

                if (ch[k]->needs && ch[k]->state == state
                    && n++ < NGX_SLACK_PAGE_NEEDS)
                {
                    ngx_slack_draw_need(s, text, &place[i], ch[k]);
                }
            }
        }
    }

    if (n > NGX_SLACK_PAGE_NEEDS) {
        ngx_slack_page_put(text, "<p class=\"soft\">");
        ngx_slack_html_number(text, n - NGX_SLACK_PAGE_NEEDS);
        ngx_slack_page_put(text, " more are listed among the <a href=\""
                                 "?state=needs#channels\">channels</a>.</p>");
    }
}


static void
ngx_slack_draw_note(ngx_slack_text_t *text, const char *title,
    const char *words)
{
    ngx_slack_page_put(text, "<article class=\"need\"><h3>");
    ngx_slack_page_put(text, title);
    ngx_slack_page_put(text, "</h3><p>");
    ngx_slack_page_put(text, words);
    ngx_slack_page_put(text, "</p></article>");
}


static void
ngx_slack_draw_need(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text,
    ngx_slack_status_place_t *place, ngx_slack_status_channel_t *ch)
{
    ngx_str_t  advice;

    ngx_slack_page_put(text, "<article class=\"need\" data-key=\"n ");
    ngx_slack_html_value(text, &place->name);
    ngx_slack_page_put(text, " ");
    ngx_slack_html_value(text, &ch->name);
    ngx_slack_page_put(text, "\"><h3>");
    ngx_slack_html_value(text, &place->name);
    ngx_slack_page_put(text, " ");
    ngx_slack_page_channel(text, &ch->name);
    ngx_slack_page_put(text, "</h3><p>");
    ngx_slack_page_state(s, text, ch);

    if (ch->waiting) {
        ngx_slack_page_put(text, ", ");
        ngx_slack_page_many(text, ch->waiting, "message");
        ngx_slack_page_put(text, ch->waiting == 1 ? " waits" : " wait");
    }

    if (ch->dead_letters) {
        ngx_slack_page_put(text, ", <a href=\"#dead\">");
        ngx_slack_page_many(text, ch->dead_letters, "dead letter");
        ngx_slack_page_put(text, "</a>");
    }

    ngx_slack_page_put(text, "</p>");

    if (ch->failed) {
        ngx_slack_page_put(text, "<p class=\"soft\">");
        ngx_slack_html_value(text, &ch->error);
        ngx_slack_page_put(text, ", ");
        ngx_slack_html_time(text, ch->failed, s->now);
        ngx_slack_page_put(text, "</p>");
    }

    if (ngx_slack_status_advice(ch)) {
        advice.data = (u_char *) ngx_slack_status_advice(ch);
        advice.len = ngx_strlen(advice.data);

        ngx_slack_page_put(text, "<p class=\"advice\">");
        ngx_slack_html_value(text, &advice);
        ngx_slack_page_put(text, "</p>");
    }

    ngx_slack_page_put(text, "<p class=\"do\">");

    if (place->configured) {
        ngx_slack_page_button(s, text, "test", &place->name, &ch->name, 0);

        ngx_slack_page_button(s, text, (ch->paused || place->paused)
                                       ? "resume" : "pause",
                              &place->name, &ch->name, 0);
    }

    if (ch->dead_letters) {
        ngx_slack_page_button(s, text, "replay", &place->name, &ch->name, 0);
        ngx_slack_page_button(s, text, "drop", &place->name, &ch->name, 0);
    }

    ngx_slack_page_put(text, "</p></article>");
}


void
ngx_slack_page_now(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    ngx_str_t              refuses;
    ngx_slack_counters_t  *c, none;

    if (s->refuses) {
        refuses.data = (u_char *) s->refuses;
        refuses.len = ngx_strlen(s->refuses);

        ngx_slack_page_put(text, "<p class=\"note live\">Actions are refused "
                                 "here: ");
        ngx_slack_html_value(text, &refuses);
        ngx_slack_page_put(text, ".</p>");
    }

    c = s->counters;

    if (c == NULL) {
        ngx_memzero(&none, sizeof(ngx_slack_counters_t));
        c = &none;
    }

    ngx_slack_page_put(text, "<dl><div><dt>Waiting</dt><dd>");
    ngx_slack_html_number(text, s->waiting);
    ngx_slack_page_put(text, "<small> of ");
    ngx_slack_html_number(text, s->smcf->outbox.max);
    ngx_slack_page_put(text, "</small></dd></div>");

    ngx_slack_draw_figure(text, "In flight", s->in_flight);
    ngx_slack_draw_figure(text, "Sent", c->sent);
    ngx_slack_draw_delay(text, s);
    ngx_slack_draw_figure(text, "Retried", c->retried);
    ngx_slack_draw_changes(text, c);
    ngx_slack_draw_guard(text, s->guard);

    ngx_slack_page_put(text, "<div><dt>Dead letters</dt><dd><span");
    ngx_slack_page_put(text, s->dead ? " class=\"bad\">" : ">");
    ngx_slack_html_number(text, s->dead);
    ngx_slack_page_put(text, "</span></dd></div>");

    ngx_slack_page_put(text, "<div><dt>Oldest waiting</dt><dd>");

    if (s->oldest) {
        ngx_slack_html_span(text, s->now - s->oldest);

    } else {
        ngx_slack_page_put(text, "\xE2\x80\x93");
    }

    ngx_slack_page_put(text, "</dd></div></dl>");
}


static void
ngx_slack_draw_figure(ngx_slack_text_t *text, const char *name, ngx_uint_t n)
{
    ngx_slack_page_put(text, "<div><dt>");
    ngx_slack_page_put(text, name);
    ngx_slack_page_put(text, "</dt><dd>");
    ngx_slack_html_number(text, n);
    ngx_slack_page_put(text, "</dd></div>");
}


/* of threads; without them the page does not name what it does not count */

static void
ngx_slack_draw_changes(ngx_slack_text_t *text, ngx_slack_counters_t *c)
{
    ngx_uint_t  i, n;

    struct {
        ngx_uint_t   n;
        const char  *name;
    } others[] = {
        { c->superseded, " superseded" },
        { c->stale, " stale" },
        { c->fallbacks, " fallbacks" }
    };

    if (c->changed == 0 && c->superseded == 0 && c->stale == 0
        && c->fallbacks == 0)
    {
        return;
    }

    ngx_slack_page_put(text, "<div><dt>Changes</dt><dd>");
    ngx_slack_html_number(text, c->changed);

    for (i = 0, n = 0; i < sizeof(others) / sizeof(others[0]); i++) {

        if (others[i].n == 0) {
            continue;
        }

        ngx_slack_page_put(text, n++ ? ", " : "<small> ");
        ngx_slack_html_number(text, others[i].n);
        ngx_slack_page_put(text, others[i].name);
    }

    ngx_slack_page_put(text, n ? "</small></dd></div>" : "</dd></div>");
}


/* requests that come from Slack; its tests of a certificate are well, too */

static void
ngx_slack_draw_guard(ngx_slack_text_t *text, ngx_slack_guard_counters_t *guard)
{
    ngx_uint_t  i, refused;

    if (guard == NULL) {
        return;
    }

    refused = 0;

    for (i = NGX_SLACK_GUARD_UNSIGNED; i < NGX_SLACK_GUARD_LAST; i++) {
        refused += guard->n[i];
    }

    ngx_slack_page_put(text, "<div><dt>From Slack</dt><dd>");
    ngx_slack_html_number(text, guard->n[NGX_SLACK_GUARD_PASSED]
                                + guard->n[NGX_SLACK_GUARD_SSL_CHECK]);

    if (refused) {
        ngx_slack_page_put(text, "<small> ");
        ngx_slack_html_number(text, refused);
        ngx_slack_page_put(text, " refused</small>");
    }

    ngx_slack_page_put(text, "</dd></div>");
}


/* the time from event to Slack; within it came half of them, and nearly all */

static void
ngx_slack_draw_delay(ngx_slack_text_t *text, ngx_slack_status_snapshot_t *s)
{
    int64_t  half, most;

    half = ngx_slack_history_percentile(s->minutes, NGX_SLACK_HISTORY_MINUTES,
                                        50);
    most = ngx_slack_history_percentile(s->minutes, NGX_SLACK_HISTORY_MINUTES,
                                        95);

    if (half < 0) {
        return;
    }

    ngx_slack_page_put(text, "<div><dt>Event to Slack</dt><dd>");
    ngx_slack_html_delay(text, half);
    ngx_slack_page_put(text, "<small> p95 ");
    ngx_slack_html_delay(text, most);
    ngx_slack_page_put(text, "</small></dd></div>");
}
