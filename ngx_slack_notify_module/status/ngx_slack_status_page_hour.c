
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

#define NGX_SLACK_PLOT_AXIS                                                   \
    "</svg><div class=\"axis\" aria-hidden=\"true\">"                         \
    "<span>60 min ago</span><output class=\"reading\"></output>"              \
    "<span>now</span></div>"

#define ngx_slack_plot_bit(name)                                              \
    ((ngx_uint_t) 1 << NGX_SLACK_COUNT_ ## name)


static void ngx_slack_plot(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, const char *title,
    const ngx_slack_plot_series_t *series);
static void ngx_slack_plot_minute(ngx_slack_text_t *text,
    ngx_slack_history_minute_t *minute, ngx_uint_t i, ngx_uint_t most,
    const ngx_slack_plot_series_t *series);
static void ngx_slack_plot_begin(ngx_slack_text_t *text,
    ngx_slack_history_minute_t *minute, ngx_uint_t i);
static void ngx_slack_plot_bar(ngx_slack_text_t *text, const char *grade,
    ngx_uint_t i, ngx_uint_t y, ngx_uint_t tenths);
static void ngx_slack_plot_delays(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
static void ngx_slack_plot_delay_words(ngx_slack_text_t *text,
    int64_t *delays);
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
    ngx_slack_plot_delays(s, text);
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
        ngx_slack_page_put(text, "peak ");
        ngx_slack_html_number(text, most);
        ngx_slack_page_put(text, " in a minute");

    } else {
        ngx_slack_page_put(text, "none");
    }

    ngx_slack_page_put(text, "</span></figcaption><svg class=\"plot\" "
                             "viewBox=\"0 0 600 96\" "
                             "preserveAspectRatio=\"none\" role=\"img\" "
                             "aria-label=\"");
    ngx_slack_page_put(text, title);
    ngx_slack_page_put(text, ", last hour: ");
    ngx_slack_plot_words(text, series, totals);
    ngx_slack_page_put(text, "; peak ");
    ngx_slack_html_number(text, most);
    ngx_slack_page_put(text, " in a minute\">");

    for (i = 0; i < NGX_SLACK_HISTORY_MINUTES; i++) {
        ngx_slack_plot_minute(text, &s->minutes[i], i, most, series);
    }

    ngx_slack_page_put(text, NGX_SLACK_PLOT_AXIS "<ul class=\"key\">");

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
    ngx_uint_t  k, tenths, y, counts[NGX_SLACK_PLOT_SERIES];

    for (k = 0; k < NGX_SLACK_PLOT_SERIES; k++) {
        counts[k] = ngx_slack_plot_count(minute, series[k].names);
    }

    ngx_slack_plot_begin(text, minute, i);
    ngx_slack_plot_words(text, series, counts);
    ngx_slack_page_put(text, "</title>");

    y = NGX_SLACK_PLOT_HEIGHT * 10;

    for (k = 0; k < NGX_SLACK_PLOT_SERIES; k++) {

        if (counts[k] == 0) {
            continue;
        }

        tenths = ngx_max(20, NGX_SLACK_PLOT_TOP * 10 * counts[k] / most);
        y -= ngx_min(y, tenths);

        ngx_slack_plot_bar(text, series[k].grade, i, y, tenths);
    }

    ngx_slack_page_put(text, "</g>");
}


/* the whole height of a minute is pointed at */

static void
ngx_slack_plot_begin(ngx_slack_text_t *text,
    ngx_slack_history_minute_t *minute, ngx_uint_t i)
{
    u_char    *last, buf[160];
    ngx_tm_t   tm;

    ngx_gmtime((time_t) minute->minute * 60, &tm);

    last = ngx_sprintf(buf, "<g><path d=\"M%ui 0h10v96h-10z\" "
                            "fill-opacity=\"0\"/><title>%02d:%02d UTC: ",
                       i * 10, tm.ngx_tm_hour, tm.ngx_tm_min);

    ngx_slack_text_append(text, buf, (size_t) (last - buf));
}


/* "y" and "tenths" are tenths of a pixel: where it begins, and its height */

static void
ngx_slack_plot_bar(ngx_slack_text_t *text, const char *grade, ngx_uint_t i,
    ngx_uint_t y, ngx_uint_t tenths)
{
    u_char  *last, buf[160];

    last = ngx_sprintf(buf, "<rect class=\"%s\" x=\"%ui\" y=\"%ui.%ui\" "
                            "width=\"8\" height=\"%ui.%ui\"></rect>",
                       grade, i * 10 + 1, y / 10, y % 10, tenths / 10,
                       tenths % 10);
    ngx_slack_text_append(text, buf, (size_t) (last - buf));
}


/* the time from event to Slack: within it came half of them, and nearly all */

static void
ngx_slack_plot_delays(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    int64_t     most, hour[2], delays[NGX_SLACK_HISTORY_MINUTES][2];
    ngx_uint_t  i, k, tenths;

    static const char  *grades[] = { "k-dark", "k-light" };

    most = 1;
    hour[0] = ngx_slack_history_percentile(s->minutes,
                                           NGX_SLACK_HISTORY_MINUTES, 50);
    hour[1] = ngx_slack_history_percentile(s->minutes,
                                           NGX_SLACK_HISTORY_MINUTES, 95);

    for (i = 0; i < NGX_SLACK_HISTORY_MINUTES; i++) {
        delays[i][0] = ngx_slack_history_percentile(&s->minutes[i], 1, 50);
        delays[i][1] = ngx_slack_history_percentile(&s->minutes[i], 1, 95);

        most = ngx_max(most, delays[i][1]);
    }

    ngx_slack_page_put(text, "<figure><figcaption><b>Event to Slack</b> "
                             "<span class=\"soft\">");

    if (hour[0] < 0) {
        ngx_slack_page_put(text, "none");

    } else {
        ngx_slack_page_put(text, "peak of p95 ");
        ngx_slack_html_delay(text, most);
    }

    ngx_slack_page_put(text, "</span></figcaption><svg class=\"plot\" "
                             "viewBox=\"0 0 600 96\" "
                             "preserveAspectRatio=\"none\" role=\"img\" "
                             "aria-label=\"Time from event to Slack, last "
                             "hour: ");
    ngx_slack_plot_delay_words(text, hour);
    ngx_slack_page_put(text, "\">");

    for (i = 0; i < NGX_SLACK_HISTORY_MINUTES; i++) {

        ngx_slack_plot_begin(text, &s->minutes[i], i);
        ngx_slack_plot_delay_words(text, delays[i]);
        ngx_slack_page_put(text, "</title>");

        /* the shorter time stands before the longer one */

        for (k = 2; k-- > 0 && delays[i][k] >= 0; /* void */) {

            tenths = (ngx_uint_t) (NGX_SLACK_PLOT_TOP * 10 * delays[i][k]
                                   / most);
            tenths = ngx_max(20, tenths);

            ngx_slack_plot_bar(text, grades[k], i,
                               NGX_SLACK_PLOT_HEIGHT * 10 - tenths, tenths);
        }

        ngx_slack_page_put(text, "</g>");
    }

    ngx_slack_page_put(text, NGX_SLACK_PLOT_AXIS "<ul class=\"key\">");

    for (k = 0; k < 2 && hour[k] >= 0; k++) {
        ngx_slack_page_put(text, "<li class=\"");
        ngx_slack_page_put(text, grades[k]);
        ngx_slack_page_put(text, k ? "\">95 % within " : "\">half within ");
        ngx_slack_html_delay(text, hour[k]);
        ngx_slack_page_put(text, "</li>");
    }

    ngx_slack_page_put(text, "</ul></figure>");
}


static void
ngx_slack_plot_delay_words(ngx_slack_text_t *text, int64_t *delays)
{
    if (delays[0] < 0) {
        ngx_slack_page_put(text, "none sent");
        return;
    }

    ngx_slack_page_put(text, "half within ");
    ngx_slack_html_delay(text, delays[0]);
    ngx_slack_page_put(text, ", 95 % within ");
    ngx_slack_html_delay(text, delays[1]);
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
