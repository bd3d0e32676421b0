
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * HTML that several parts of the page share.  Runs in a pool thread.
 */


#include <ngx_slack_status_page.h>


void
ngx_slack_page_put(ngx_slack_text_t *text, const char *html)
{
    ngx_slack_text_append(text, (u_char *) html, ngx_strlen(html));
}


void
ngx_slack_page_many(ngx_slack_text_t *text, ngx_uint_t n, const char *one)
{
    ngx_slack_html_number(text, n);
    ngx_slack_page_put(text, " ");
    ngx_slack_page_put(text, one);

    if (n != 1) {
        ngx_slack_page_put(text, "s");
    }
}


void
ngx_slack_page_channel(ngx_slack_text_t *text, ngx_str_t *name)
{
    if (name->len) {
        ngx_slack_html_value(text, name);

    } else {
        ngx_slack_page_put(text, "the webhook&#39;s own");
    }
}


void
ngx_slack_page_state(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text,
    ngx_slack_status_channel_t *ch)
{
    const ngx_slack_status_state_t  *state;

    state = &ngx_slack_status_states[ch->state];

    ngx_slack_page_put(text, "<span class=\"state ");
    ngx_slack_page_put(text, state->grade);
    ngx_slack_page_put(text, "\"><i aria-hidden=\"true\">");
    ngx_slack_page_put(text, state->mark);
    ngx_slack_page_put(text, "</i> ");
    ngx_slack_html_value(text, (ngx_str_t *) &state->name);

    if (state->until && ch->until > s->now) {
        ngx_slack_page_put(text, state->until);
        ngx_slack_html_time(text, ch->until, s->now);

    } else if (state->until) {
        ngx_slack_page_put(text, ", now");
    }

    ngx_slack_page_put(text, "</span>");
}


void
ngx_slack_page_button(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text,
    const char *action, ngx_str_t *workspace, ngx_str_t *channel, int64_t id)
{
    u_char     *last, name[sizeof("Replay")], number[NGX_INT64_LEN];
    ngx_str_t   refuses;

    last = ngx_slprintf(name, name + sizeof(name), "%s", action);
    name[0] = ngx_toupper(name[0]);

    ngx_slack_page_put(text, "<button type=\"button\" class=\"small live");

    if (ngx_strcmp(action, "drop") == 0) {
        ngx_slack_page_put(text, " grave");
    }

    ngx_slack_page_put(text, "\" data-do=\"");
    ngx_slack_page_put(text, action);
    ngx_slack_page_put(text, "\" aria-label=\"");
    ngx_slack_text_append(text, name, (size_t) (last - name));
    ngx_slack_page_put(text, " ");

    if (id) {
        last = ngx_sprintf(number, "%L", id);

        ngx_slack_page_put(text, "dead letter ");
        ngx_slack_text_append(text, number, (size_t) (last - number));
        ngx_slack_page_put(text, "\" data-id=\"");
        ngx_slack_text_append(text, number, (size_t) (last - number));

    } else {

        if (ngx_strcmp(action, "replay") == 0
            || ngx_strcmp(action, "drop") == 0)
        {
            ngx_slack_page_put(text, "dead letters of ");
        }

        if (channel) {
            ngx_slack_page_channel(text, channel);
            ngx_slack_page_put(text, " of ");
        }

        ngx_slack_html_value(text, workspace);
        ngx_slack_page_put(text, "\" data-workspace=\"");
        ngx_slack_html_value(text, workspace);

        if (channel) {
            ngx_slack_page_put(text, "\" data-channel=\"");
            ngx_slack_html_value(text, channel);
        }
    }

    if (s->refuses) {
        refuses.data = (u_char *) s->refuses;
        refuses.len = ngx_strlen(s->refuses);

        ngx_slack_page_put(text, "\" aria-disabled=\"true\" title=\"");
        ngx_slack_html_value(text, &refuses);
    }

    ngx_slack_page_put(text, "\">");

    last = ngx_slprintf(name, name + sizeof(name), "%s", action);
    name[0] = ngx_toupper(name[0]);

    ngx_slack_text_append(text, name, (size_t) (last - name));
    ngx_slack_page_put(text, "</button> ");
}
