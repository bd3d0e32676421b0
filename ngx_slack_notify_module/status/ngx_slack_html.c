
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Appends HTML to a text: values, numbers, times.  Knows nothing of the page.
 * Runs in any thread.
 */


#include <ngx_slack_html.h>
#include <ngx_slack_shown.h>


#define NGX_SLACK_HTML_CLOCK  "%02d:%02d:%02d UTC"


static ngx_str_t *ngx_slack_html_entity(u_char ch);
static void ngx_slack_html_begin(ngx_slack_text_t *text, time_t when,
    const char *clock);


static ngx_str_t  ngx_slack_html_entities[] = {
    ngx_string("&amp;"),
    ngx_string("&lt;"),
    ngx_string("&gt;"),
    ngx_string("&quot;"),
    ngx_string("&#39;"),
    ngx_string("\xEF\xBF\xBD")           /* control characters: U+FFFD */
};


void
ngx_slack_html_value(ngx_slack_text_t *text, ngx_str_t *value)
{
    u_char     buf[NGX_SLACK_SHOWN_SIZE];
    ngx_str_t  rest, piece;

    rest = *value;

    while (rest.len) {
        piece.len = ngx_slack_shown(buf, &rest);
        piece.data = buf;

        ngx_slack_html_escape(text, &piece);
    }
}


void
ngx_slack_html_escape(ngx_slack_text_t *text, ngx_str_t *value)
{
    size_t      i, from;
    ngx_str_t  *entity;

    from = 0;

    for (i = 0; i < value->len; i++) {
        entity = ngx_slack_html_entity(value->data[i]);

        if (entity) {
            ngx_slack_text_append(text, value->data + from, i - from);
            ngx_slack_text_append(text, entity->data, entity->len);
            from = i + 1;
        }
    }

    ngx_slack_text_append(text, value->data + from, i - from);
}


static ngx_str_t *
ngx_slack_html_entity(u_char ch)
{
    switch (ch) {

    case '&':
        return &ngx_slack_html_entities[0];

    case '<':
        return &ngx_slack_html_entities[1];

    case '>':
        return &ngx_slack_html_entities[2];

    case '"':
        return &ngx_slack_html_entities[3];

    case '\'':
        return &ngx_slack_html_entities[4];

    default:
        return (ch < ' ' && ch != '\n' && ch != '\t')
               ? &ngx_slack_html_entities[5] : NULL;
    }
}


void
ngx_slack_html_number(ngx_slack_text_t *text, ngx_uint_t n)
{
    u_char  *p, *last, buf[NGX_INT_T_LEN];
    size_t   len;

    last = ngx_sprintf(buf, "%ui", n);
    p = buf;

    while (p < last) {
        len = (size_t) (last - p) % 3;

        if (len == 0) {
            len = 3;
        }

        if (p != buf) {
            ngx_slack_text_append(text, (u_char *) ",", 1);
        }

        ngx_slack_text_append(text, p, len);
        p += len;
    }
}


void
ngx_slack_html_span(ngx_slack_text_t *text, time_t seconds)
{
    u_char  *last, buf[2 * NGX_TIME_T_LEN + sizeof(" h  min")];

    if (seconds < 60) {
        last = ngx_sprintf(buf, "%T s", ngx_max(seconds, 0));

    } else if (seconds < 3600) {
        last = ngx_sprintf(buf, "%T min", seconds / 60);

    } else if (seconds < 86400) {
        last = ngx_sprintf(buf, "%T h", seconds / 3600);

        if (seconds % 3600 >= 60) {
            last = ngx_sprintf(last, " %T min", seconds % 3600 / 60);
        }

    } else {
        last = ngx_sprintf(buf, "%T day%s", seconds / 86400,
                           seconds < 2 * 86400 ? "" : "s");
    }

    ngx_slack_text_append(text, buf, (size_t) (last - buf));
}


void
ngx_slack_html_delay(ngx_slack_text_t *text, int64_t ms)
{
    u_char  *last, buf[2 * NGX_INT64_LEN + sizeof(". s")];

    if (ms >= 60000) {
        ngx_slack_html_span(text, (time_t) (ms / 1000));
        return;
    }

    last = (ms < 1000) ? ngx_sprintf(buf, "%L ms", ms)
                       : ngx_sprintf(buf, "%L.%L s", ms / 1000,
                                     ms % 1000 / 100);

    ngx_slack_text_append(text, buf, (size_t) (last - buf));
}


void
ngx_slack_html_time(ngx_slack_text_t *text, time_t when, time_t now)
{
    if (when <= 0) {
        return;
    }

    if (when > now) {
        ngx_slack_html_begin(text, when, NGX_SLACK_HTML_CLOCK);
        ngx_slack_text_append(text, (u_char *) "</time>, in ",
                              sizeof("</time>, in ") - 1);
        ngx_slack_html_span(text, when - now);
        return;
    }

    ngx_slack_html_begin(text, when, "");
    ngx_slack_html_span(text, now - when);
    ngx_slack_text_append(text, (u_char *) " ago</time>",
                          sizeof(" ago</time>") - 1);
}


void
ngx_slack_html_clock(ngx_slack_text_t *text, time_t when)
{
    ngx_slack_html_begin(text, when, NGX_SLACK_HTML_CLOCK);
    ngx_slack_text_append(text, (u_char *) "</time>", 7);
}


static void
ngx_slack_html_begin(ngx_slack_text_t *text, time_t when, const char *clock)
{
    u_char    *last, buf[128];
    ngx_tm_t   tm;

    ngx_gmtime(when, &tm);

    last = ngx_snprintf(buf, sizeof(buf),
               "<time%s datetime=\"%4d-%02d-%02dT%02d:%02d:%02dZ\" "
               "title=\"%4d-%02d-%02d %02d:%02d:%02d UTC\">",
               *clock ? " class=\"clock\"" : "",
               tm.ngx_tm_year, tm.ngx_tm_mon, tm.ngx_tm_mday, tm.ngx_tm_hour,
               tm.ngx_tm_min, tm.ngx_tm_sec,
               tm.ngx_tm_year, tm.ngx_tm_mon, tm.ngx_tm_mday, tm.ngx_tm_hour,
               tm.ngx_tm_min, tm.ngx_tm_sec);

    ngx_slack_text_append(text, buf, (size_t) (last - buf));

    last = ngx_snprintf(buf, sizeof(buf), clock, tm.ngx_tm_hour,
                        tm.ngx_tm_min, tm.ngx_tm_sec);

    ngx_slack_text_append(text, buf, (size_t) (last - buf));
}
