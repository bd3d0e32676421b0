
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The last hour as two plots, of events and of messages, with one bar per
 * minute.  Runs in a pool thread.
 */


#include <ngx_slack_status_page.h>


#define NGX_SLACK_PLOT_HEIGHT  96            /* as in page.css */
#define NGX_SLACK_PLOT_TOP     92


/*
 * counts drawn in one colour of a bar; "names" are bits of ngx_slack_count_e
 */

typedef struct {
    ngx_uint_t                  names;
    const char                 *grade;
    const char                 *words;
} ngx_slack_plot_series_t;


#define NGX_SLACK_PLOT_SERIES  3

#define ngx_slack_plot_bit(name)                                              \
    ((ngx_uint_t) 1 << NGX_SLACK_COUNT_ ## name)


static void ngx_slack_plot(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, const char *title,
    const ngx_slack_plot_series_t *series);
static void ngx_slack_plot_minute(ngx_slack_text_t *text,
    ngx_slack_history_minute_t *minute, ngx_uint_t i, ngx_uint_t most,
    const ngx_slack_plot_series_t *series);
static ngx_uint_t ngx_slack_plot_count(ngx_slack_history_minute_t *minute,
    ngx_uint_t names);
static void ngx_slack_plot_words(ngx_slack_text_t *text,
    const ngx_slack_plot_series_t *series, ngx_uint_t *counts);


static const ngx_slack_plot_series_t  ngx_slack_plot_events[] = {

    { ngx_slack_plot_bit(QUEUED), "k-good", "queued" },

    { ngx_slack_plot_bit(FILTERED)|ngx_slack_plot_bit(DUPLICATE)
      |ngx_slack_plot_bit(IGNORED), "k-quiet", "filtered or ignored" },

    { ngx_slack_plot_bit(REJECTED)|ngx_slack_plot_bit(ERROR), "k-bad",
      "rejected or failed" }
};


static const ngx_slack_plot_series_t  ngx_slack_plot_messages[] = {
    { ngx_slack_plot_bit(SENT), "k-good", "sent" },
    { ngx_slack_plot_bit(RETRIED), "k-warn", "to be tried again" },
    { ngx_slack_plot_bit(DEAD), "k-bad", "dead" }
};


void
ngx_slack_page_hour(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    ngx_slack_page_put(text, "<div class=\"plots\">");
    ngx_slack_plot(s, text, "Events", ngx_slack_plot_events);
    ngx_slack_plot(s, text, "Messages", ngx_slack_plot_messages);
    ngx_slack_page_put(text, "</div>");
}


static void
ngx_slack_plot(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text,
    const char *title, const ngx_slack_plot_series_t *series)
{
    ngx_uint_t  i, k, n, sum, most, all, totals[NGX_SLACK_PLOT_SERIES];

    most = 1;
    all = 0;
    ngx_memzero(totals, sizeof(totals));

    for (i = 0; i < NGX_SLACK_HISTORY_MINUTES; i++) {

        sum = 0;

        for (k = 0; k < NGX_SLACK_PLOT_SERIES; k++) {
            n = ngx_slack_plot_count(&s->minutes[i], series[k].names);
            totals[k] += n;
            sum += n;
        }

        most = ngx_max(most, sum);
        all += sum;
    }

    ngx_slack_page_put(text, "<figure><figcaption><b>");
    ngx_slack_page_put(text, title);
    ngx_slack_page_put(text, "</b> <span class=\"soft\">");

    if (all) {
        ngx_slack_page_put(text, "at most ");
        ngx_slack_html_number(text, most);
        ngx_slack_page_put(text, " a minute");

    } else {
        ngx_slack_page_put(text, "none");
    }

    ngx_slack_page_put(text, "</span></figcaption><svg viewBox=\"0 0 600 96\" "
                             "preserveAspectRatio=\"none\" role=\"img\" "
                             "aria-label=\"");
    ngx_slack_page_put(text, title);
    ngx_slack_page_put(text, ", last hour: ");
    ngx_slack_plot_words(text, series, totals);
    ngx_slack_page_put(text, "; at most ");
    ngx_slack_html_number(text, most);
    ngx_slack_page_put(text, " in a minute\">");

    for (i = 0; i < NGX_SLACK_HISTORY_MINUTES; i++) {
        ngx_slack_plot_minute(text, &s->minutes[i], i, most, series);
    }

    ngx_slack_page_put(text, "</svg><div class=\"axis\" aria-hidden=\"true\">"
                             "<span>60 min ago</span><span>now</span></div>"
                             "<ul class=\"key\">");

    for (k = 0; k < NGX_SLACK_PLOT_SERIES; k++) {
        ngx_slack_page_put(text, "<li class=\"");
        ngx_slack_page_put(text, series[k].grade);
        ngx_slack_page_put(text, "\">");
        ngx_slack_html_number(text, totals[k]);
        ngx_slack_page_put(text, " ");
        ngx_slack_page_put(text, series[k].words);
        ngx_slack_page_put(text, "</li>");
    }

    ngx_slack_page_put(text, "</ul></figure>");
}


static void
ngx_slack_plot_minute(ngx_slack_text_t *text,
    ngx_slack_history_minute_t *minute, ngx_uint_t i, ngx_uint_t most,
    const ngx_slack_plot_series_t *series)
{
    u_char     *last, buf[160];
    ngx_tm_t    tm;
    ngx_uint_t  k, tenths, y, counts[NGX_SLACK_PLOT_SERIES];

    for (k = 0; k < NGX_SLACK_PLOT_SERIES; k++) {
        counts[k] = ngx_slack_plot_count(minute, series[k].names);
    }

    ngx_gmtime((time_t) minute->minute * 60, &tm);

    last = ngx_sprintf(buf, "<g><title>%02d:%02d UTC: ", tm.ngx_tm_hour,
                       tm.ngx_tm_min);
    ngx_slack_text_append(text, buf, (size_t) (last - buf));

    ngx_slack_plot_words(text, series, counts);

    last = ngx_sprintf(buf, "</title><rect x=\"%ui\" y=\"0\" width=\"10\" "
                            "height=\"96\" fill-opacity=\"0\"></rect>",
                       i * 10);
    ngx_slack_text_append(text, buf, (size_t) (last - buf));

    y = NGX_SLACK_PLOT_HEIGHT * 10;

    for (k = 0; k < NGX_SLACK_PLOT_SERIES; k++) {

        if (counts[k] == 0) {
            continue;
        }

        tenths = ngx_max(20, NGX_SLACK_PLOT_TOP * 10 * counts[k] / most);
        y -= ngx_min(y, tenths);

        last = ngx_sprintf(buf, "<rect class=\"%s\" x=\"%ui\" y=\"%ui.%ui\" "
                                "width=\"8\" height=\"%ui.%ui\"></rect>",
                           series[k].grade, i * 10 + 1, y / 10, y % 10,
                           tenths / 10, tenths % 10);
        ngx_slack_text_append(text, buf, (size_t) (last - buf));
    }

    ngx_slack_page_put(text, "</g>");
}


static ngx_uint_t
ngx_slack_plot_count(ngx_slack_history_minute_t *minute, ngx_uint_t names)
{
    ngx_uint_t  i, n;

    n = 0;

    for (i = 0; i < NGX_SLACK_COUNT_LAST; i++) {
        if (names & ((ngx_uint_t) 1 << i)) {
            n += minute->counts[i];
        }
    }

    return n;
}


static void
ngx_slack_plot_words(ngx_slack_text_t *text,
    const ngx_slack_plot_series_t *series, ngx_uint_t *counts)
{
    ngx_uint_t  k;

    for (k = 0; k < NGX_SLACK_PLOT_SERIES; k++) {

        if (k) {
            ngx_slack_page_put(text, ", ");
        }

        ngx_slack_html_number(text, counts[k]);
        ngx_slack_page_put(text, " ");
        ngx_slack_page_put(text, series[k].words);
    }
}
