
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What an update changed, as the end of a sentence: ": added label bug, edited
 * the description".  Knows events; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>


#define NGX_SLACK_EDITS_NAMES  10


/* how an edit is said */

typedef struct {
    ngx_str_t                  said;      /* the sender names nothing */
    ngx_str_t                  one;       /* before a name; empty: the name is
                                             said in another way */
    ngx_str_t                  many;      /* before several names */
    const char                *what;      /* of those that are not shown */
} ngx_slack_format_edit_t;


static void ngx_slack_format_edit(ngx_slack_text_t *text,
    ngx_slack_event_t *event, ngx_uint_t first);
static void ngx_slack_format_edit_names(ngx_slack_text_t *text,
    ngx_slack_edit_t *edit, ngx_uint_t total, const char *what);
static void ngx_slack_format_edit_reason(ngx_slack_text_t *text,
    ngx_str_t *reason);


static const ngx_slack_format_edit_t
    ngx_slack_format_edited[NGX_SLACK_EDIT_MAX] = {

    [NGX_SLACK_EDIT_COMMITS] = {
        .said = ngx_string("pushed new commits")
    },
    [NGX_SLACK_EDIT_TITLE] = {
        .said = ngx_string("changed the title")
    },
    [NGX_SLACK_EDIT_TEXT] = {
        .said = ngx_string("edited the description")
    },
    [NGX_SLACK_EDIT_TARGET] = {
        .said = ngx_string("changed the target branch")
    },
    [NGX_SLACK_EDIT_DRAFT] = {
        .said = ngx_string("marked it as a draft")
    },
    [NGX_SLACK_EDIT_LABEL] = {
        .said = ngx_string("changed the labels"),
        .one = ngx_string("added label "),
        .many = ngx_string("added labels "),
        .what = "label"
    },
    [NGX_SLACK_EDIT_NO_LABEL] = {
        .said = ngx_string("removed the labels"),
        .one = ngx_string("removed label "),
        .many = ngx_string("removed labels "),
        .what = "label"
    },
    [NGX_SLACK_EDIT_ASSIGNEE] = {
        .said = ngx_string("changed the assignees"),
        .one = ngx_string("assigned "),
        .many = ngx_string("assigned "),
        .what = "assignee"
    },
    [NGX_SLACK_EDIT_NO_ASSIGNEE] = {
        .said = ngx_string("removed an assignee"),
        .one = ngx_string("unassigned "),
        .many = ngx_string("unassigned "),
        .what = "assignee"
    },
    [NGX_SLACK_EDIT_MILESTONE] = {
        .said = ngx_string("set the milestone"),
        .one = ngx_string("set milestone "),
        .many = ngx_string("set milestones "),
        .what = "milestone"
    },
    [NGX_SLACK_EDIT_NO_MILESTONE] = {
        .said = ngx_string("removed the milestone"),
        .one = ngx_string("removed milestone "),
        .many = ngx_string("removed milestones "),
        .what = "milestone"
    },
    [NGX_SLACK_EDIT_AUTO_MERGE] = {
        .said = ngx_string("set it to merge automatically")
    },
    [NGX_SLACK_EDIT_NO_AUTO_MERGE] = {
        .said = ngx_string("cancelled the automatic merge")
    },
    [NGX_SLACK_EDIT_QUEUE] = {
        .said = ngx_string("added it to the merge queue")
    },
    [NGX_SLACK_EDIT_NO_QUEUE] = {
        .said = ngx_string("removed it from the merge queue")
    },
    [NGX_SLACK_EDIT_LOCK] = {
        .said = ngx_string("locked the comments")
    },
    [NGX_SLACK_EDIT_NO_LOCK] = {
        .said = ngx_string("unlocked the comments")
    },
    [NGX_SLACK_EDIT_PIN] = {
        .said = ngx_string("pinned it")
    },
    [NGX_SLACK_EDIT_NO_PIN] = {
        .said = ngx_string("unpinned it")
    }
};


void
ngx_slack_format_edits(ngx_slack_text_t *text, ngx_slack_event_t *event)
{
    ngx_uint_t         i, said;
    ngx_slack_edit_t  *edit;

    edit = event->edits.elts;
    said = 0;

    for (i = 0; i < event->edits.nelts && !text->full; i++) {

        /* those of one kind are side by side, and said with the first */

        if (i && edit[i].what == edit[i - 1].what) {
            continue;
        }

        if (said++) {
            ngx_slack_text_lit(text, ", ");

        } else {
            ngx_slack_text_lit(text, ": ");
        }

        ngx_slack_format_edit(text, event, i);
    }
}


/* Appends the changes that are of the same kind as the first. */

static void
ngx_slack_format_edit(ngx_slack_text_t *text, ngx_slack_event_t *event,
    ngx_uint_t first)
{
    ngx_uint_t                      n;
    ngx_slack_edit_t               *edit;
    const ngx_slack_format_edit_t  *row;

    edit = (ngx_slack_edit_t *) event->edits.elts + first;
    row = &ngx_slack_format_edited[edit->what];

    for (n = 1; first + n < event->edits.nelts; n++) {
        if (edit[n].what != edit->what) {
            break;
        }
    }

    if (edit->name.len && row->one.len) {
        ngx_slack_format_str(text, n == 1 ? &row->one : &row->many);
        ngx_slack_format_edit_names(text, edit, n, row->what);
        return;
    }

    ngx_slack_format_str(text, &row->said);

    if (edit->name.len == 0) {
        return;
    }

    switch (edit->what) {

    case NGX_SLACK_EDIT_TITLE:
        ngx_slack_text_lit(text, " from \"");
        ngx_slack_text_label(text, &edit->name, NGX_SLACK_HEADLINE_MAX);
        ngx_slack_text_lit(text, "\"");
        break;

    case NGX_SLACK_EDIT_TARGET:
        ngx_slack_text_lit(text, " from ");
        ngx_slack_text_label(text, &edit->name, NGX_SLACK_REF_MAX);

        if (event->target_branch.len) {
            ngx_slack_text_lit(text, " to ");
            ngx_slack_text_label(text, &event->target_branch,
                                 NGX_SLACK_REF_MAX);
        }

        break;

    default:
        ngx_slack_format_edit_reason(text, &edit->name);
    }
}


/* appends "A", "A and B", "A, B and C" */

static void
ngx_slack_format_edit_names(ngx_slack_text_t *text,
    ngx_slack_edit_t *edit, ngx_uint_t total, const char *what)
{
    ngx_str_t   none;
    ngx_uint_t  i, n;

    ngx_str_null(&none);

    n = ngx_min(total, NGX_SLACK_EDITS_NAMES);

    for (i = 0; i < n; i++) {

        if (i && i == total - 1) {
            ngx_slack_text_lit(text, " and ");

        } else if (i) {
            ngx_slack_text_lit(text, ", ");
        }

        ngx_slack_text_label(text, &edit[i].name, NGX_SLACK_NAME_MAX);
    }

    if (n < total) {
        ngx_slack_text_lit(text, " ");
        ngx_slack_format_more(text, n, total, what, &none);
    }
}


/* appends a sender's word such as "MERGE_CONFLICT" as " (merge conflict)" */

static void
ngx_slack_format_edit_reason(ngx_slack_text_t *text, ngx_str_t *reason)
{
    u_char             *p;
    size_t              i;
    ngx_slack_words_t   words;

    ngx_slack_format_words(&words);
    ngx_slack_text_verbatim(&words.text, reason, NGX_SLACK_HEADLINE_MAX);

    p = words.text.start;

    for (i = 0; i < words.text.len; i++) {
        if (p[i] == ' ' || (p[i] >= 'a' && p[i] <= 'z')) {
            break;
        }
    }

    if (i == words.text.len) {

        /* not a sentence, but a word; keep "CI" in front */

        for (i = 0; i < words.text.len; i++) {
            p[i] = (p[i] == '_') ? ' ' : (u_char) ngx_tolower(p[i]);
        }

        if (words.text.len > 3 && ngx_memcmp(p, "ci ", 3) == 0) {
            ngx_memcpy(p, "CI", 2);
        }
    }

    ngx_slack_text_lit(text, " (");
    ngx_slack_format_link(text, NULL, &words);
    ngx_slack_text_lit(text, ")");
}
