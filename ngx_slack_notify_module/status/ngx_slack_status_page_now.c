
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The parts of the page that list workspaces, channels and waiting messages.
 * Runs in a pool thread.
 */


#include <ngx_slack_status_page.h>
#include <ngx_slack_status_token.h>


/*
 * Rows of the table of channels: those that are not well; and of those that
 * are, shown and folded.  More are found by a search.
 */

#define NGX_SLACK_PAGE_FIRST   50
#define NGX_SLACK_PAGE_WELL    20
#define NGX_SLACK_PAGE_FOLDED  50
#define NGX_SLACK_PAGE_QUEUE   50


static void ngx_slack_draw_places(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_slack_status_place_t *place);
static ngx_uint_t ngx_slack_draw_rows(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_uint_t first, ngx_uint_t last,
    ngx_uint_t from, ngx_uint_t n);
static void ngx_slack_draw_head(ngx_slack_text_t *text);
static void ngx_slack_draw_channel(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_slack_status_place_t *place,
    ngx_slack_status_channel_t *ch);
static void ngx_slack_draw_count(ngx_slack_text_t *text, const char *name,
    ngx_uint_t n, const char *grade);
static void ngx_slack_draw_ages(ngx_slack_text_t *text,
    ngx_slack_status_place_t  *place, ngx_slack_status_channel_t *ch);


/* the fields of the search, as they were sent */

void
ngx_slack_page_search(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    ngx_uint_t  i;

    ngx_slack_page_put(text, "<label>Find <input type=\"search\" name=\"q\" "
                             "id=\"q\" autocomplete=\"off\" "
                             "spellcheck=\"false\" value=\"");
    ngx_slack_html_value(text, &s->ask.q);
    ngx_slack_page_put(text, "\" placeholder=\"channel or workspace\">"
                             "</label> <label>State <select name=\"state\" "
                             "id=\"of-state\"><option value=\"\">any</option>"
                             "<option value=\"needs\"");
    ngx_slack_page_put(text, s->ask.needs ? " selected" : "");
    ngx_slack_page_put(text, ">needs you</option>");

    for (i = 0; i < NGX_SLACK_STAND_LAST; i++) {
        ngx_slack_page_put(text, s->ask.state == i ? "<option selected>"
                                                   : "<option>");
        ngx_slack_html_value(text,
                             (ngx_str_t *) &ngx_slack_status_states[i].name);
        ngx_slack_page_put(text, "</option>");
    }

    ngx_slack_page_put(text, "</select></label>");
}


void
ngx_slack_page_workspaces(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text)
{
    ngx_uint_t                 i;
    ngx_slack_status_place_t  *place;

    if (s->places.nelts == 0) {
        ngx_slack_page_put(text, "<div class=\"empty\"><p>No workspace is "
                                 "configured. Add a &quot;slack_workspace"
                                 "&quot; block to nginx.conf.</p></div>");
        return;
    }

    ngx_slack_page_put(text, "<ul class=\"workspaces\">");

    place = s->places.elts;

    for (i = 0; i < s->places.nelts; i++) {
        ngx_slack_draw_places(s, text, &place[i]);
    }

    ngx_slack_page_put(text, "</ul>");
}


static void
ngx_slack_draw_places(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text,
    ngx_slack_status_place_t *place)
{
    u_char     buf[NGX_SLACK_TOKEN_TEXT];
    ngx_str_t  token;

    ngx_slack_page_put(text, "<li class=\"workspace\" data-key=\"w ");
    ngx_slack_html_value(text, &place->name);
    ngx_slack_page_put(text, "\"><b>");
    ngx_slack_html_value(text, &place->name);
    ngx_slack_page_put(text, "</b> <span class=\"is\">");

    if (place->paused) {
        ngx_slack_page_put(text, "<span class=\"state warn\"><i aria-hidden="
                                 "\"true\">\xE2\x80\x96</i> paused</span>");

    } else if (!place->configured) {
        ngx_slack_page_put(text, "<span class=\"state bad\"><i aria-hidden="
                                 "\"true\">\xE2\x96\xA0</i> no endpoint"
                                 "</span>: not in the configuration, its "
                                 "messages wait");

    } else if (place->workspace->bot_token.len) {
        token.data = buf;
        token.len = ngx_slack_status_token_text(buf, place->workspace, 1)
                    - buf;
        ngx_slack_html_value(text, &token);

    } else if (place->channels.nelts == 0) {
        ngx_slack_page_put(text, "no route uses it");

    } else {
        ngx_slack_page_many(text, place->channels.nelts, "channel");
    }

    ngx_slack_page_put(text, "</span> <span class=\"do\">");

    if (place->configured) {
        ngx_slack_page_button(s, text, "test", &place->name, NULL, 0);
    }

    if (place->configured || place->paused) {
        ngx_slack_page_button(s, text, place->paused ? "resume" : "pause",
                              &place->name, NULL, 0);
    }

    ngx_slack_page_put(text, "</span></li>");
}


/* those that are not well come first */

void
ngx_slack_page_channels(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    ngx_uint_t  first, well;

    if (s->channels == 0) {
        return;
    }

    if (s->found == 0) {
        ngx_slack_page_put(text, "<div class=\"empty\"><p>No channel is like "
                                 "that.</p></div>");
        return;
    }

    ngx_slack_draw_head(text);
    first = ngx_slack_draw_rows(s, text, 0, NGX_SLACK_STAND_PAUSED, 0,
                                  NGX_SLACK_PAGE_FIRST);
    well = ngx_slack_draw_rows(s, text, NGX_SLACK_STAND_DELIVERING,
                               NGX_SLACK_STAND_IDLE, 0, NGX_SLACK_PAGE_WELL);
    ngx_slack_page_put(text, "</tbody></table>");

    if (well > NGX_SLACK_PAGE_WELL) {
        ngx_slack_page_put(text, "<details class=\"more\"><summary>");
        ngx_slack_html_number(text, well - NGX_SLACK_PAGE_WELL);
        ngx_slack_page_put(text, " more that are well</summary>");
        ngx_slack_draw_head(text);
        (void) ngx_slack_draw_rows(s, text, NGX_SLACK_STAND_DELIVERING,
                                   NGX_SLACK_STAND_IDLE, NGX_SLACK_PAGE_WELL,
                                   NGX_SLACK_PAGE_FOLDED);
        ngx_slack_page_put(text, "</tbody></table></details>");
    }

    if (first > NGX_SLACK_PAGE_FIRST
        || well > NGX_SLACK_PAGE_WELL + NGX_SLACK_PAGE_FOLDED)
    {
        ngx_slack_page_put(text, "<p class=\"soft\">Not all of ");
        ngx_slack_html_number(text, s->found);
        ngx_slack_page_put(text, " channels are listed: find others by name "
                                 "or state.</p>");
    }
}


/*
 * Draws at most n of the channels in the states "first" to "last" that are
 * asked for, without the first "from" of them.  Returns how many there are.
 */

static ngx_uint_t
ngx_slack_draw_rows(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text,
    ngx_uint_t first, ngx_uint_t last, ngx_uint_t from, ngx_uint_t n)
{
    ngx_uint_t                    i, k, state, count;
    ngx_slack_status_place_t     *place;
    ngx_slack_status_channel_t  **ch;

    count = 0;

    for (state = first; state <= last; state++) {

        if (s->states[state] == 0) {
            continue;
        }

        place = s->places.elts;

        for (i = 0; i < s->places.nelts; i++) {

            ch = place[i].channels.elts;

            for (k = 0; k < place[i].channels.nelts; k++) {

                if (ch[k]->state != state || !ch[k]->asked) {
                    continue;
                }

                if (count >= from && count - from < n) {
                    ngx_slack_draw_channel(s, text, &place[i], ch[k]);
                }

                count++;
            }
        }
    }

    return count;
}


static void
ngx_slack_draw_head(ngx_slack_text_t *text)
{
    ngx_slack_page_put(text, "<table class=\"cards\"><thead><tr>"
                             "<th scope=\"col\">Channel</th>"
                             "<th scope=\"col\">State</th>"
                             "<th class=\"n\" scope=\"col\">Waiting</th>"
                             "<th class=\"n\" scope=\"col\">Sent</th>"
                             "<th class=\"n\" scope=\"col\">Retried</th>"
                             "<th class=\"n\" scope=\"col\">Dead</th>"
                             "<th scope=\"col\">Last sent</th>"
                             "<th scope=\"col\">Last error</th>"
                             "<th class=\"live\" scope=\"col\">"
                             "<span class=\"away\">Actions</span></th>"
                             "</tr></thead><tbody>");
}


static void
ngx_slack_draw_channel(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text,
    ngx_slack_status_place_t *place, ngx_slack_status_channel_t *ch)
{
    ngx_slack_page_put(text, "<tr class=\"channel\" data-key=\"c ");
    ngx_slack_html_value(text, &place->name);
    ngx_slack_page_put(text, " ");
    ngx_slack_html_value(text, &ch->name);
    ngx_slack_page_put(text, "\"><th scope=\"row\"><span class=\"soft\">");
    ngx_slack_html_value(text, &place->name);
    ngx_slack_page_put(text, "</span> ");
    ngx_slack_page_channel(text, &ch->name);
    ngx_slack_page_put(text, "</th><td data-name=\"State\">");
    ngx_slack_page_state(s, text, ch);
    ngx_slack_page_put(text, "</td>");

    ngx_slack_draw_count(text, "Waiting", ch->waiting, "");
    ngx_slack_draw_count(text, "Sent", ch->sent, "");
    ngx_slack_draw_count(text, "Retried", ch->retried, "");
    ngx_slack_draw_count(text, "Dead", ch->dead_letters, " bad");

    ngx_slack_page_put(text, "<td data-name=\"Last sent\">");
    ngx_slack_html_time(text, ch->success, s->now);
    ngx_slack_page_put(text, "</td><td class=\"error\" "
                             "data-name=\"Last error\">");

    if (ch->failed) {
        ngx_slack_page_put(text, "<span>");
        ngx_slack_html_value(text, &ch->error);
        ngx_slack_page_put(text, " <span class=\"soft\">");
        ngx_slack_html_time(text, ch->failed, s->now);
        ngx_slack_page_put(text, "</span></span>");
    }

    ngx_slack_page_put(text, "</td><td class=\"do live\">");

    if (place->configured) {
        ngx_slack_page_button(s, text, "test", &place->name, &ch->name, 0);
        ngx_slack_page_button(s, text, ch->paused ? "resume" : "pause",
                              &place->name, &ch->name, 0);
    }

    ngx_slack_page_put(text, "</td></tr>");
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
    ngx_uint_t                    i, k, n;
    ngx_slack_status_place_t     *place;
    ngx_slack_status_channel_t  **ch;

    if (s->waiting == 0) {
        ngx_slack_page_put(text, "<div class=\"empty\"><p>Nothing waits.</p>"
                                 "</div>");
        return;
    }

    ngx_slack_page_put(text, "<div class=\"scroll\" tabindex=\"0\" "
                             "role=\"region\" aria-label=\"Waiting, by age: "
                             "table\">"
                             "<table class=\"heat\"><thead><tr>"
                             "<th scope=\"col\">Channel</th>");

    for (i = 0; i < NGX_SLACK_SURVEY_AGES; i++) {
        ngx_slack_page_put(text, "<th scope=\"col\">");
        ngx_slack_html_value(text, &ngx_slack_status_ages[i]);
        ngx_slack_page_put(text, "</th>");
    }

    ngx_slack_page_put(text, "</tr></thead><tbody>");

    n = 0;
    place = s->places.elts;

    for (i = 0; i < s->places.nelts; i++) {

        ch = place[i].channels.elts;

        for (k = 0; k < place[i].channels.nelts; k++) {
            if (ch[k]->waiting && n++ < NGX_SLACK_PAGE_QUEUE) {
                ngx_slack_draw_ages(text, &place[i], ch[k]);
            }
        }
    }

    ngx_slack_page_put(text, "</tbody></table></div>");

    if (n > NGX_SLACK_PAGE_QUEUE) {
        ngx_slack_page_put(text, "<p class=\"soft\">");
        ngx_slack_page_many(text, n - NGX_SLACK_PAGE_QUEUE, "channel");
        ngx_slack_page_put(text, " more have waiting messages.</p>");
    }
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
