
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the cards of several kinds of events have: readable words, the first
 * lines of a text, fields.  Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_card_parts.h>
#include <ngx_slack_time.h>


/* Slack folds a text of 700 characters or of more than five lines. */

#define NGX_SLACK_CARD_TEXT    600        /* code points */
#define NGX_SLACK_CARD_LINES   4

#define NGX_SLACK_CARD_NAMES   10


static ngx_uint_t ngx_slack_card_plain(ngx_slack_event_t *event);
static void ngx_slack_card_cut(ngx_slack_text_t *text);
static u_char *ngx_slack_card_trim(u_char *start, u_char *last);


void
ngx_slack_card_said(ngx_slack_text_t *text, const ngx_slack_wording_t *table,
    ngx_str_t *word)
{
    const ngx_str_t  *said;

    said = ngx_slack_format_wording(table, word);

    if (said) {
        ngx_slack_format_str(text, said);

    } else {
        ngx_slack_format_humanise(text, word);
    }
}


void
ngx_slack_card_kind_name(ngx_slack_text_t *text, ngx_slack_event_t *event)
{
    ngx_str_t  name;

    name = ngx_slack_kinds[event->kind].name;

    ngx_slack_format_humanise(text, &name);
}


void
ngx_slack_card_capital(ngx_slack_text_t *words, ngx_str_t *value)
{
    size_t  mark;

    mark = words->len;

    ngx_slack_text_verbatim(words, value, NGX_SLACK_NAME_MAX);

    if (words->len > mark) {
        words->start[mark] = (u_char) ngx_toupper(words->start[mark]);
    }
}


void
ngx_slack_card_number(ngx_slack_text_t *words, ngx_slack_event_t *event,
    const char *sigil)
{
    if (event->number.len) {

        if (words->len) {
            ngx_slack_text_lit(words, " ");
        }

        ngx_slack_text_raw(words, (u_char *) sigil, ngx_strlen(sigil));
        ngx_slack_text_verbatim(words, &event->number, NGX_SLACK_NAME_MAX);
    }

    ngx_slack_card_title(words, event);
}


void
ngx_slack_card_title(ngx_slack_text_t *words, ngx_slack_event_t *event)
{
    size_t      i;
    ngx_str_t   title, *mark;

    static ngx_str_t  marks[] = {
        ngx_string("draft:"), ngx_string("[draft]"), ngx_string("(draft)"),
        ngx_string("wip:"), ngx_string("[wip]"),
        ngx_null_string
    };

    title = ngx_slack_text_first_line(&event->title);

    for (mark = marks; event->draft && mark->len; mark++) {

        if (title.len <= mark->len) {
            continue;
        }

        for (i = 0; i < mark->len; i++) {
            if (ngx_tolower(title.data[i]) != mark->data[i]) {
                break;
            }
        }

        if (i == mark->len) {
            title.data += i;
            title.len -= i;
            title = ngx_slack_text_first_line(&title);
            break;
        }
    }

    if (title.len) {

        if (words->len) {
            ngx_slack_text_lit(words, " ");
        }

        ngx_slack_text_verbatim(words, &title, NGX_SLACK_HEADLINE_MAX);
    }
}


ngx_str_t *
ngx_slack_card_url(ngx_slack_event_t *event)
{
    return &event->url;
}


void
ngx_slack_card_excerpt(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    size_t             limit;
    ngx_slack_text_t  *text;

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_TEXT);

    if (event->text.len == 0) {
        return;
    }

    limit = text->limit;
    text->limit = ngx_min(limit, NGX_SLACK_CARD_TEXT);

    if (ngx_slack_card_plain(event)) {
        ngx_slack_text_lines(text, &event->text);

    } else {
        ngx_slack_text_markdown(text, &event->text, &event->project_url);
    }

    ngx_slack_card_cut(text);

    text->limit = limit;
}


/* Whether the text of the event is no Markdown, as in the full format. */

static ngx_uint_t
ngx_slack_card_plain(ngx_slack_event_t *event)
{
    return event->kind == NGX_SLACK_EVENT_ALERT
           || event->kind == NGX_SLACK_EVENT_WIKI_PAGE
           || event->kind == NGX_SLACK_EVENT_DEPLOYMENT;
}


/*
 * Removes blank lines, cuts the text after its first lines, and says so.  A
 * text that was cut already is not full any more, because what follows has a
 * limit of its own.
 */

static void
ngx_slack_card_cut(ngx_slack_text_t *text)
{
    u_char      *p, *dst, *last, *line;
    ngx_uint_t   lines, fences, cut;

    if (text->failed) {
        return;
    }

    p = text->start;
    last = text->start + text->len;
    dst = text->start;
    line = text->start;

    fences = 0;
    cut = 0;

    for (lines = 0; p < last; /* void */ ) {

        if (last - p >= 3 && p[0] == '`' && p[1] == '`' && p[2] == '`') {
            fences++;
            *dst++ = *p++;
            *dst++ = *p++;
            *dst++ = *p++;
            continue;
        }

        if (*p != LF) {
            *dst++ = *p++;
            continue;
        }

        p++;

        if (dst == line && fences % 2 == 0) {
            continue;
        }

        if (p < last && ++lines == NGX_SLACK_CARD_LINES) {
            cut = 1;
            break;
        }

        *dst++ = LF;
        line = dst;
    }

    dst = ngx_slack_card_trim(text->start, dst);

    if (cut && fences % 2 && dst - text->start >= 3
        && ngx_strncmp(dst - 3, "```", 3) == 0)
    {
        /* nothing of what it would enclose is left */

        dst = ngx_slack_card_trim(text->start, dst - 3);
        fences--;
    }

    ngx_slack_text_rollback(text, 0);
    text->len = dst - text->start;

    if (!cut) {
        return;
    }

    /* the limit has room: what is left out is longer than this */

    if (fences % 2) {
        ngx_slack_text_lit(text, "```");
    }

    ngx_slack_text_lit(text, "\n…");
}


/* returns the end of a text without white space there */

static u_char *
ngx_slack_card_trim(u_char *start, u_char *last)
{
    while (last > start && (last[-1] == LF || last[-1] == ' ')) {
        last--;
    }

    return last;
}


void
ngx_slack_card_names(ngx_slack_attachment_t *a, const char *one,
    const char *several, ngx_array_t *names)
{
    ngx_str_t         *name, none;
    ngx_uint_t         i, n;
    ngx_slack_text_t  *text;

    ngx_str_null(&none);

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);

    name = names->elts;
    n = ngx_min(names->nelts, NGX_SLACK_CARD_NAMES);

    for (i = 0; i < n; i++) {

        if (i) {
            ngx_slack_text_lit(text, ", ");
        }

        ngx_slack_text_label(text, &name[i], NGX_SLACK_NAME_MAX);
    }

    if (n < names->nelts) {
        ngx_slack_text_lit(text, " ");
        ngx_slack_format_more(text, n, names->nelts, "other", &none);
    }

    ngx_slack_format_field(a, names->nelts == 1 ? one : several, 1);
}


void
ngx_slack_card_ref(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    ngx_slack_format_link_field(a, event->tag ? "Tag" : "Branch",
                                &event->ref_url, &event->ref);
}


void
ngx_slack_card_commit(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    ngx_str_t          sha, title;
    ngx_slack_text_t  *text;

    sha = ngx_slack_format_short_sha(&event->commit_id);
    title = ngx_slack_text_first_line(&event->commit_title);

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);

    if (title.len) {
        ngx_slack_text_typed_link(text, &event->commit_url, &title,
                                  NGX_SLACK_HEADLINE_MAX);

    } else if (sha.len) {
        ngx_slack_text_link(text, &event->commit_url, &sha, sha.len);
    }

    ngx_slack_format_field(a, "Commit", 1);
}


/* writes "1 h 2 min", "2 min 3 s" or "3 s" */

void
ngx_slack_card_duration(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    ngx_uint_t         seconds;
    ngx_slack_text_t  *text;

    seconds = event->duration;

    if (seconds == 0) {
        return;
    }

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);

    if (seconds >= 3600) {
        ngx_slack_text_number(text, seconds / 3600);
        ngx_slack_text_lit(text, " h ");
    }

    if (seconds >= 60) {
        ngx_slack_text_number(text, seconds % 3600 / 60);
        ngx_slack_text_lit(text, " min");
    }

    if (seconds < 3600) {

        if (text->len) {
            ngx_slack_text_lit(text, " ");
        }

        ngx_slack_text_number(text, seconds % 60);
        ngx_slack_text_lit(text, " s");
    }

    ngx_slack_format_field(a, "Duration", 1);
}


void
ngx_slack_card_date(ngx_slack_attachment_t *a, const char *title,
    ngx_str_t *time)
{
    u_char            *p, buf[sizeof("<!date^^{date_short_pretty} {time}|"
                                     "1970-01-01 00:00 UTC>")
                              + NGX_TIME_T_LEN];
    time_t             t;
    struct tm          tm;
    ngx_slack_text_t  *text;

    t = time->len ? ngx_slack_time_parse(time) : 0;

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);

    if (t <= 0 || gmtime_r(&t, &tm) == NULL || tm.tm_year > 8099) {

        /* what is not a time is shown as it is */

        ngx_slack_text_label(text, time, NGX_SLACK_NAME_MAX);
        ngx_slack_format_field(a, title, 1);
        return;
    }

    p = buf;

    if (a->receiver->dates) {
        p = ngx_sprintf(p, "<!date^%T^{date_short_pretty} {time}|", t);
    }

    p = ngx_sprintf(p, "%04d-%02d-%02d %02d:%02d UTC", tm.tm_year + 1900,
                    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min);

    if (a->receiver->dates) {
        *p++ = '>';
    }

    ngx_slack_text_raw(text, buf, p - buf);
    ngx_slack_format_field(a, title, 1);
}
