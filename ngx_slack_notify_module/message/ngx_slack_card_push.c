
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Cards of pushes: the ref and its newest commits.  Knows events; runs in the
 * event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_card.h>
#include <ngx_slack_card_parts.h>


/* more lines would be folded by Slack */
#define NGX_SLACK_CARD_COMMITS  4


static void ngx_slack_card_push_state(ngx_slack_text_t *text,
    ngx_slack_event_t *event, ngx_uint_t news);
static void ngx_slack_card_push_object(ngx_slack_text_t *words,
    ngx_slack_event_t *event);
static ngx_str_t *ngx_slack_card_push_url(ngx_slack_event_t *event);
static const char *ngx_slack_card_push_color(ngx_slack_event_t *event);
static void ngx_slack_card_push_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static void ngx_slack_card_push_commit(ngx_slack_text_t *text,
    ngx_slack_commit_t *commit);


const ngx_slack_card_t  ngx_slack_card_push = {
    ngx_slack_card_push_state,
    ngx_slack_card_push_object,
    ngx_slack_card_push_url,
    ngx_slack_card_push_color,
    ngx_slack_card_push_body
};


static void
ngx_slack_card_push_state(ngx_slack_text_t *text, ngx_slack_event_t *event,
    ngx_uint_t news)
{
    ngx_uint_t  total;

    if (event->removed) {
        ngx_slack_text_lit(text, "Deleted");
        return;
    }

    if (event->created) {
        ngx_slack_text_lit(text, "Created");
        return;
    }

    total = ngx_max(event->total_commits, event->commits.nelts);

    ngx_slack_text_lit(text, "Pushed");

    if (total && !event->tag) {
        ngx_slack_text_lit(text, " ");
        ngx_slack_text_number(text, total);

        if (total == 1) {
            ngx_slack_text_lit(text, " commit");

        } else {
            ngx_slack_text_lit(text, " commits");
        }
    }
}


static void
ngx_slack_card_push_object(ngx_slack_text_t *words, ngx_slack_event_t *event)
{
    if (event->tag) {
        ngx_slack_text_lit(words, "Tag");

    } else {
        ngx_slack_text_lit(words, "Branch");
    }

    if (event->ref.len) {
        ngx_slack_text_lit(words, " ");
        ngx_slack_text_verbatim(words, &event->ref, NGX_SLACK_REF_MAX);
    }
}


static ngx_str_t *
ngx_slack_card_push_url(ngx_slack_event_t *event)
{
    static ngx_str_t  none = ngx_null_string;

    if (event->removed) {

        /* it was deleted, so its URL leads nowhere */

        return &none;
    }

    if (event->created || event->tag || event->compare_url.len == 0) {
        return &event->ref_url;
    }

    return &event->compare_url;
}


static const char *
ngx_slack_card_push_color(ngx_slack_event_t *event)
{
    return NGX_SLACK_COLOR_NEUTRAL;
}


static void
ngx_slack_card_push_body(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    size_t               mark;
    ngx_uint_t           i, n, total;
    ngx_slack_text_t    *text;
    ngx_slack_commit_t  *commit;

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_TEXT);

    if (event->removed || event->tag) {
        return;
    }

    /* the newest commits are last */

    commit = event->commits.elts;
    n = 0;

    for (i = event->commits.nelts; i-- > 0 && n < NGX_SLACK_CARD_COMMITS; ) {

        /* the sender told nothing about this commit: omit its line */

        if (commit[i].id.len == 0 && commit[i].title.len == 0) {
            continue;
        }

        mark = text->len;

        if (mark) {
            ngx_slack_text_lit(text, "\n");
        }

        ngx_slack_card_push_commit(text, &commit[i]);

        if (text->full) {
            ngx_slack_text_rollback(text, mark);
            break;
        }

        n++;
    }

    total = ngx_max(event->total_commits, event->commits.nelts);

    if (n < total) {

        if (text->len) {
            ngx_slack_text_lit(text, "\n");
        }

        ngx_slack_format_more(text, n, total, "commit", &event->compare_url);
    }

    ngx_slack_format_body(a);
}


static void
ngx_slack_card_push_commit(ngx_slack_text_t *text, ngx_slack_commit_t *commit)
{
    ngx_str_t  sha, title;

    sha = ngx_slack_format_short_sha(&commit->id);
    title = ngx_slack_text_first_line(&commit->title);

    ngx_slack_text_link(text, &commit->url, &sha, sha.len);

    if (title.len) {
        ngx_slack_text_lit(text, " ");
        ngx_slack_text_typed(text, &title, NGX_SLACK_HEADLINE_MAX);
    }

    if (commit->author.len) {
        ngx_slack_text_lit(text, " · ");
        ngx_slack_text_label(text, &commit->author, NGX_SLACK_NAME_MAX);
    }
}
