
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The parts of the page that show the present state: numbers, channels, and
 * waiting messages.  Runs in a pool thread.
 */


#include <ngx_slack_status_page.h>
#include <ngx_slack_status_token.h>


static void ngx_slack_draw_figure(ngx_slack_text_t *text, const char *name,
    ngx_uint_t n);
static void ngx_slack_draw_changes(ngx_slack_text_t *text,
    ngx_slack_counters_t *c);
static void ngx_slack_draw_guard(ngx_slack_text_t *text,
    ngx_slack_guard_counters_t *guard);
static void ngx_slack_draw_note(ngx_slack_text_t *text, const char *grade,
    const char *words);
static void ngx_slack_draw_workspace(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t  *text, ngx_slack_status_place_t *place);
static void ngx_slack_draw_channel(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_slack_status_place_t *place,
    ngx_slack_status_channel_t *ch);
static void ngx_slack_draw_state(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_slack_status_place_t *place,
    ngx_slack_status_channel_t *ch);
static void ngx_slack_draw_count(ngx_slack_text_t *text, const char *name,
    ngx_uint_t n, const char *grade);
static void ngx_slack_draw_ages(ngx_slack_text_t *text,
    ngx_slack_status_place_t  *place, ngx_slack_status_channel_t *ch);


void
ngx_slack_page_now(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    ngx_str_t              error;
    ngx_slack_counters_t  *c, none;

    c = s->counters;

    if (c == NULL) {
        ngx_memzero(&none, sizeof(ngx_slack_counters_t));
        c = &none;
    }

    if (!s->ok) {
        ngx_slack_draw_note(text, "bad",
                            "The outbox could not be read: what waits and the "
                            "dead letters are not known now. See the error "
                            "log.");
    }

    if (s->outbox_error.time) {
        error.data = s->outbox_error.data;
        error.len = s->outbox_error.len;

        ngx_slack_page_put(text, "<p class=\"note bad\">Storing failed: ");
        ngx_slack_html_value(text, &error);
        ngx_slack_page_put(text, " ");
        ngx_slack_html_time(text, s->outbox_error.time, s->now);
        ngx_slack_page_put(text, "</p>");
    }

    if (s->waiting && (s->history == NULL || s->history->leader == 0)
        && s->leader.len == 0)
    {
        ngx_slack_draw_note(text, "warn",
                            "Messages wait and no worker delivers yet. If it "
                            "lasts, see the error log.");
    }

    ngx_slack_page_put(text, "<dl><div><dt>Waiting</dt><dd>");
    ngx_slack_html_number(text, s->waiting);
    ngx_slack_page_put(text, "<small> of ");
    ngx_slack_html_number(text, s->smcf->outbox.max);
    ngx_slack_page_put(text, "</small></dd></div>");

    ngx_slack_draw_figure(text, "In flight", s->in_flight);
    ngx_slack_draw_figure(text, "Sent", c->sent);
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

    ngx_slack_page_put(text, "</dd></div><div><dt>Counting for</dt><dd>");
    ngx_slack_html_span(text, s->history ? s->now - s->history->started : 0);
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


static void
ngx_slack_draw_note(ngx_slack_text_t *text, const char *grade,
    const char *words)
{
    ngx_slack_page_put(text, "<p class=\"note ");
    ngx_slack_page_put(text, grade);
    ngx_slack_page_put(text, "\">");
    ngx_slack_page_put(text, words);
    ngx_slack_page_put(text, "</p>");
}


void
ngx_slack_page_channels(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    ngx_uint_t                 i;
    ngx_slack_status_place_t  *place;

    if (s->places.nelts == 0) {
        ngx_slack_page_put(text, "<div class=\"empty\"><p>No workspace is "
                                 "configured. Add a &quot;slack_workspace"
                                 "&quot; block to nginx.conf.</p></div>");
        return;
    }

    ngx_slack_page_put(text, "<table class=\"cards\"><thead><tr>"
                             "<th scope=\"col\">Channel</th>"
                             "<th scope=\"col\">State</th>"
                             "<th class=\"n\" scope=\"col\">Waiting</th>"
                             "<th class=\"n\" scope=\"col\">In flight</th>"
                             "<th class=\"n\" scope=\"col\">Sent</th>"
                             "<th class=\"n\" scope=\"col\">Retried</th>"
                             "<th class=\"n\" scope=\"col\">Dead</th>"
                             "<th scope=\"col\">Last sent</th>"
                             "<th scope=\"col\">Last error</th>"
                             "<th scope=\"col\"></th></tr></thead><tbody>");

    place = s->places.elts;

    for (i = 0; i < s->places.nelts; i++) {
        ngx_slack_draw_workspace(s, text, &place[i]);
    }

    ngx_slack_page_put(text, "</tbody></table>");
}


static void
ngx_slack_draw_workspace(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_slack_status_place_t *place)
{
    u_char                       buf[NGX_SLACK_TOKEN_TEXT];
    ngx_str_t                    token;
    ngx_uint_t                   i;
    ngx_slack_status_channel_t  *ch;

    ngx_slack_page_put(text, "<tr class=\"workspace\" data-key=\"w ");
    ngx_slack_html_value(text, &place->name);
    ngx_slack_page_put(text, "\"><th scope=\"rowgroup\">");
    ngx_slack_html_value(text, &place->name);
    ngx_slack_page_put(text, " </th><td colspan=\"8\">");

    if (place->paused) {
        ngx_slack_page_put(text, "<span class=\"warn\">paused</span>");

    } else if (!place->configured) {
        ngx_slack_page_put(text, "<span class=\"warn\">not in the "
                                 "configuration: its messages wait</span>");

    } else if (place->channels.nelts == 0) {
        ngx_slack_page_put(text, "<span class=\"soft\">no route uses it"
                                 "</span>");

    } else if (place->workspace->bot_token.len) {
        ngx_slack_page_put(text, "<span class=\"soft\">");

        token.data = buf;
        token.len = ngx_slack_status_token_text(buf, place->workspace, 1)
                    - buf;
        ngx_slack_html_value(text, &token);

        ngx_slack_page_put(text, "</span>");
    }

    ngx_slack_page_put(text, "</td><td class=\"do live\"></td></tr>");

    ch = place->channels.elts;

    for (i = 0; i < place->channels.nelts; i++) {
        ngx_slack_draw_channel(s, text, place, &ch[i]);
    }
}


static void
ngx_slack_draw_channel(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text,
    ngx_slack_status_place_t *place, ngx_slack_status_channel_t *ch)
{
    ngx_slack_page_put(text, "<tr class=\"channel\" data-key=\"c ");
    ngx_slack_html_value(text, &place->name);
    ngx_slack_page_put(text, " ");
    ngx_slack_html_value(text, &ch->name);
    ngx_slack_page_put(text, "\"><th scope=\"row\">");
    ngx_slack_page_channel(text, &ch->name);
    ngx_slack_page_put(text, "</th><td data-name=\"State\">");
    ngx_slack_draw_state(s, text, place, ch);
    ngx_slack_page_put(text, "</td>");

    ngx_slack_draw_count(text, "Waiting", ch->waiting, "");
    ngx_slack_draw_count(text, "In flight", ch->in_flight, "");
    ngx_slack_draw_count(text, "Sent", ch->sent, "");
    ngx_slack_draw_count(text, "Retried", ch->retried, " warn");
    ngx_slack_draw_count(text, "Dead", ch->dead_letters, " bad");

    ngx_slack_page_put(text, "<td data-name=\"Last sent\">");
    ngx_slack_html_time(text, ch->success, s->now);
    ngx_slack_page_put(text, "</td><td data-name=\"Last error\">");

    if (ch->failed) {
        ngx_slack_page_put(text, "<span>");
        ngx_slack_html_value(text, &ch->error);
        ngx_slack_page_put(text, " <span class=\"soft\">");
        ngx_slack_html_time(text, ch->failed, s->now);
        ngx_slack_page_put(text, "</span></span>");
    }

    ngx_slack_page_put(text, "</td><td class=\"do live\"></td></tr>");
}


static void
ngx_slack_draw_state(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text,
    ngx_slack_status_place_t *place, ngx_slack_status_channel_t *ch)
{
    if (ch->paused || place->paused) {
        ngx_slack_page_put(text, "<span class=\"warn\">paused</span>");

    } else if (ch->suspended > s->now) {
        ngx_slack_page_put(text, "<span class=\"warn\">held until ");
        ngx_slack_html_time(text, ch->suspended, s->now);
        ngx_slack_page_put(text, "</span>");

    } else if (!place->configured) {
        ngx_slack_page_put(text, "<span class=\"soft\">waits</span>");

    } else if (ch->unserved) {
        ngx_slack_page_put(text, "<span class=\"warn\">waits for an instance "
                                 "that has it</span>");

    } else if (ch->in_flight || ch->waiting) {
        ngx_slack_page_put(text, "<span class=\"good\">delivering</span>");

    } else {
        ngx_slack_page_put(text, "<span class=\"soft\">idle</span>");
    }
}


static void
ngx_slack_draw_count(ngx_slack_text_t *text, const char *name, ngx_uint_t n,
    const char *grade)
{
    ngx_slack_page_put(text, "<td class=\"n");
    ngx_slack_page_put(text, n ? grade : " zero");
    ngx_slack_page_put(text, "\" data-name=\"");
    ngx_slack_page_put(text, name);
    ngx_slack_page_put(text, "\">");
    ngx_slack_html_number(text, n);
    ngx_slack_page_put(text, "</td>");
}


void
ngx_slack_page_queue(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    ngx_uint_t                   i, k;
    ngx_slack_status_place_t    *place;
    ngx_slack_status_channel_t  *ch;

    if (s->waiting == 0) {
        ngx_slack_page_put(text, "<div class=\"empty\"><p>Nothing waits.</p>"
                                 "</div>");
        return;
    }

    ngx_slack_page_put(text, "<div class=\"scroll\" tabindex=\"0\" "
                             "role=\"region\" aria-labelledby=\"queue-title\">"
                             "<table class=\"heat\"><thead><tr>"
                             "<th scope=\"col\">Channel</th>");

    for (i = 0; i < NGX_SLACK_SURVEY_AGES; i++) {
        ngx_slack_page_put(text, "<th scope=\"col\">");
        ngx_slack_html_value(text, &ngx_slack_status_ages[i]);
        ngx_slack_page_put(text, "</th>");
    }

    ngx_slack_page_put(text, "</tr></thead><tbody>");

    place = s->places.elts;

    for (i = 0; i < s->places.nelts; i++) {

        ch = place[i].channels.elts;

        for (k = 0; k < place[i].channels.nelts; k++) {
            if (ch[k].waiting) {
                ngx_slack_draw_ages(text, &place[i], &ch[k]);
            }
        }
    }

    ngx_slack_page_put(text, "</tbody></table></div>");
}


/* each power of ten is a darker colour */

static void
ngx_slack_draw_ages(ngx_slack_text_t *text, ngx_slack_status_place_t *place,
    ngx_slack_status_channel_t *ch)
{
    ngx_uint_t  i, n, heat;

    static const char  *heats[] = { "h0", "h1", "h2", "h3", "h4" };

    ngx_slack_page_put(text, "<tr><th scope=\"row\">");
    ngx_slack_html_value(text, &place->name);
    ngx_slack_page_put(text, " ");
    ngx_slack_page_channel(text, &ch->name);
    ngx_slack_page_put(text, "</th>");

    for (i = 0; i < NGX_SLACK_SURVEY_AGES; i++) {

        heat = 0;

        for (n = ch->ages[i]; n && heat < 4; n /= 10) {
            heat++;
        }

        ngx_slack_page_put(text, "<td class=\"");
        ngx_slack_page_put(text, heats[heat]);
        ngx_slack_page_put(text, "\">");

        if (ch->ages[i]) {
            ngx_slack_html_number(text, ch->ages[i]);

        } else {
            ngx_slack_page_put(text, "\xC2\xB7");
        }

        ngx_slack_page_put(text, "</td>");
    }

    ngx_slack_page_put(text, "</tr>");
}
