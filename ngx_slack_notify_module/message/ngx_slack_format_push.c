
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
        ngx_slack_format_compare(text, event);
    }
}


static void
ngx_slack_format_push_body(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    size_t               mark, reserve;
    ngx_uint_t           i, total, shown;
    ngx_slack_text_t    *text;
    ngx_slack_commit_t  *commits;

    if (event->created || event->removed) {
        return;
    }

    total = ngx_max(event->total_commits, event->commits.nelts);

    if (total == 0) {
        return;
    }

    /* the newest commits are last */

    commits = event->commits.elts;
    i = 0;

    if (event->commits.nelts > NGX_SLACK_PUSH_COMMITS) {
        i = event->commits.nelts - NGX_SLACK_PUSH_COMMITS;
    }

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_TEXT);

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

    if (shown < total) {

        if (text->len) {
            ngx_slack_text_lit(text, "\n");
        }

        ngx_slack_format_more(text, shown, total, "commit",
                              &event->compare_url);
    }

    ngx_slack_format_color(a, NGX_SLACK_COLOR_NEUTRAL);
    ngx_slack_format_body(a);
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
        ngx_slack_text_label(text, &title, NGX_SLACK_HEADLINE_MAX);
    }

    if (commit->author.len) {
        ngx_slack_text_lit(text, " - ");
        ngx_slack_text_label(text, &commit->author, NGX_SLACK_NAME_MAX);
    }
}
