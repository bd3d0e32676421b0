
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Push and tag push: who did what to which ref of which project, and the
 * commits.  Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


#define NGX_SLACK_PUSH_COMMITS  20

/* code points reserved for the link to the commits that are not listed */

#define NGX_SLACK_PUSH_RESERVE  (NGX_SLACK_TEXT_URL_MAX + 64)


static void ngx_slack_format_push_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_push_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
static ngx_uint_t ngx_slack_format_push_commits(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_push_known(ngx_slack_text_t *text,
    ngx_slack_event_t *event);
static void ngx_slack_format_push_commit(ngx_slack_text_t *text,
    ngx_slack_commit_t *commit);


const ngx_slack_formatter_t  ngx_slack_format_push = {
    ngx_slack_format_push_sentence,
    ngx_slack_format_push_body,
    0
};


static void
ngx_slack_format_push_sentence(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    ngx_slack_format_actor(text, event);

    if (event->removed) {
        ngx_slack_text_lit(text, " removed ");

    } else if (event->created) {
        ngx_slack_text_lit(text, " pushed new ");

    } else if (event->forced) {
        ngx_slack_text_lit(text, " force-pushed to ");

    } else {
        ngx_slack_text_lit(text, " pushed to ");
    }

    if (event->tag) {
        ngx_slack_text_lit(text, "tag");

    } else {
        ngx_slack_text_lit(text, "branch");
    }

    if (event->ref.len) {
        ngx_slack_text_lit(text, " ");
    }

    if (event->removed) {
        ngx_slack_text_label(text, &event->ref, NGX_SLACK_REF_MAX);

    } else if (event->ref.len) {
        ngx_slack_text_link(text, &event->ref_url, &event->ref,
                            NGX_SLACK_REF_MAX);
    }

    if (event->project_name.len || event->project.len) {

        if (event->removed) {
            ngx_slack_text_lit(text, " from ");

        } else if (event->created) {
            ngx_slack_text_lit(text, " to ");

        } else {
            ngx_slack_text_lit(text, " of ");
        }

        ngx_slack_format_project(text, event);
    }

    if (!event->removed && !event->created) {

        /*
         * A tag moves, and nobody expects commits of it.  A sender that tells
         * no SHA tells no commits either.
         */

        if (!event->tag && event->after.len
            && event->commits.nelts == 0 && event->total_commits == 0)
        {
            ngx_slack_text_lit(text, " without new commits");
        }

        ngx_slack_format_compare(text, event);
    }
}


static void
ngx_slack_format_push_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_uint_t         total, shown;
    ngx_slack_text_t  *text;

    if (event->removed || (event->created && event->tag)) {
        return;
    }

    total = ngx_max(event->total_commits, event->commits.nelts);

    if (total == 0 && (event->created || event->known_commits == 0)) {
        return;
    }

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_TEXT);

    shown = ngx_slack_format_push_commits(text, event);

    if (shown < total) {

        if (text->len) {
            ngx_slack_text_lit(text, "\n");
        }

        ngx_slack_format_more(text, shown, total, "commit",
                              event->created ? &event->ref_url
                                             : &event->compare_url);
    }

    if (event->known_commits && !event->created) {

        if (text->len) {
            ngx_slack_text_lit(text, "\n");
        }

        ngx_slack_format_push_known(text, event);
    }

    ngx_slack_format_color(a, NGX_SLACK_COLOR_NEUTRAL);
    ngx_slack_format_body(a);
}


/* Appends lines of commits as long as they fit; returns their number. */

static ngx_uint_t
ngx_slack_format_push_commits(ngx_slack_text_t *text,
    ngx_slack_event_t *event)
{
    size_t               mark, reserve;
    ngx_uint_t           i, shown;
    ngx_slack_commit_t  *commits;

    /* the newest commits are last */

    commits = event->commits.elts;
    i = 0;

    if (event->commits.nelts > NGX_SLACK_PUSH_COMMITS) {
        i = event->commits.nelts - NGX_SLACK_PUSH_COMMITS;
    }

    reserve = ngx_min(NGX_SLACK_PUSH_RESERVE, text->limit / 2);
    text->limit -= reserve;

    for (shown = 0; i < event->commits.nelts; i++, shown++) {

        /* the sender told nothing about this commit: omit its line */

        if (commits[i].id.len == 0 && commits[i].title.len == 0) {
            continue;
        }

        mark = text->len;

        if (mark) {
            ngx_slack_text_lit(text, "\n");
        }

        ngx_slack_format_push_commit(text, &commits[i]);

        if (text->full) {
            ngx_slack_text_rollback(text, mark);
            break;
        }
    }

    text->limit += reserve;

    return shown;
}


/* appends "2 commits that are on other branches" */

static void
ngx_slack_format_push_known(ngx_slack_text_t *text, ngx_slack_event_t *event)
{
    ngx_slack_words_t  words;

    ngx_slack_format_words(&words);

    ngx_slack_text_number(&words.text, event->known_commits);

    if (event->known_commits == 1) {
        ngx_slack_text_lit(&words.text, " commit that is on another branch");

    } else {
        ngx_slack_text_lit(&words.text, " commits that are on other branches");
    }

    ngx_slack_format_link(text, &event->compare_url, &words);
}


static void
ngx_slack_format_push_commit(ngx_slack_text_t *text,
    ngx_slack_commit_t *commit)
{
    ngx_str_t  sha, title;

    sha = ngx_slack_format_short_sha(&commit->id);
    title = ngx_slack_text_first_line(&commit->title);

    ngx_slack_text_link(text, &commit->url, &sha, sha.len);

    if (title.len) {
        ngx_slack_text_lit(text, ": ");
        ngx_slack_text_typed(text, &title, NGX_SLACK_HEADLINE_MAX);
    }

    if (commit->author.len) {
        ngx_slack_text_lit(text, " - ");
        ngx_slack_text_label(text, &commit->author, NGX_SLACK_NAME_MAX);
    }
}
