
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The lists that templates show: a row for each variable.  Knows events; runs
 * in the event loop.
 */


#include <ngx_slack_list.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_format.h>


#define NGX_SLACK_LIST_VALUE  1024           /* bytes, usually enough */


static void ngx_slack_list_commits(ngx_slack_text_t *text,
    ngx_slack_event_t *event, const char *glue);
static void ngx_slack_list_jobs(ngx_slack_text_t *text,
    ngx_slack_event_t *event, const char *glue);
static void ngx_slack_list_assignees(ngx_slack_text_t *text,
    ngx_slack_event_t *event, const char *glue);
static void ngx_slack_list_reviewers(ngx_slack_text_t *text,
    ngx_slack_event_t *event, const char *glue);
static void ngx_slack_list_labels(ngx_slack_text_t *text,
    ngx_slack_event_t *event, const char *glue);
static void ngx_slack_list_description(ngx_slack_text_t *text,
    ngx_slack_event_t *event, const char *glue);
static void ngx_slack_list_names(ngx_slack_text_t *text, ngx_array_t *names,
    const char *glue);
static void ngx_slack_list_glue(ngx_slack_text_t *text, const char *glue);


const ngx_slack_list_t  ngx_slack_lists[] = {
    { ngx_string("slack_commits"), 1, ngx_slack_list_commits },
    { ngx_string("slack_failed_jobs"), 0, ngx_slack_list_jobs },
    { ngx_string("slack_assignees"), 0, ngx_slack_list_assignees },
    { ngx_string("slack_reviewers"), 0, ngx_slack_list_reviewers },
    { ngx_string("slack_labels"), 0, ngx_slack_list_labels },
    { ngx_string("slack_description"), 1, ngx_slack_list_description },
    { ngx_null_string, 0, NULL }
};


ngx_uint_t
ngx_slack_list_find(ngx_str_t *name)
{
    ngx_uint_t  i;

    for (i = 0; ngx_slack_lists[i].name.len; i++) {
        if (ngx_slack_equal(&ngx_slack_lists[i].name, name)) {
            return i;
        }
    }

    return NGX_SLACK_LIST_NONE;
}


ngx_int_t
ngx_slack_list_value(ngx_uint_t list, ngx_slack_event_t *event,
    ngx_uint_t lines, ngx_pool_t *pool, ngx_str_t *value)
{
    u_char            buf[NGX_SLACK_LIST_VALUE];
    ngx_int_t         rc;
    ngx_slack_text_t  text;

    ngx_slack_text_init(&text, NULL, buf, sizeof(buf),
                        NGX_SLACK_TEXT_NO_LIMIT);

    ngx_slack_lists[list].write(&text, event,
                                (lines && ngx_slack_lists[list].lines)
                                ? "\n" : ", ");

    rc = ngx_slack_text_copy(&text, pool, value);

    ngx_slack_text_done(&text);

    return rc;
}


/* "11111111 Add engines - Jane Doe", the newest last, as in a push */

static void
ngx_slack_list_commits(ngx_slack_text_t *text, ngx_slack_event_t *event,
    const char *glue)
{
    ngx_str_t            s;
    ngx_uint_t           i, total;
    ngx_slack_commit_t  *commit;

    commit = event->commits.elts;

    for (i = 0; i < event->commits.nelts; i++) {

        /* the sender told nothing about this commit */

        if (commit[i].id.len == 0 && commit[i].title.len == 0) {
            continue;
        }

        ngx_slack_list_glue(text, glue);

        s = ngx_slack_format_short_sha(&commit[i].id);
        ngx_slack_text_verbatim(text, &s, NGX_SLACK_NAME_MAX);

        s = ngx_slack_text_first_line(&commit[i].title);

        if (s.len) {
            ngx_slack_text_lit(text, " ");
            ngx_slack_text_verbatim(text, &s, NGX_SLACK_HEADLINE_MAX);
        }

        if (commit[i].author.len) {
            ngx_slack_text_lit(text, " - ");
            ngx_slack_text_verbatim(text, &commit[i].author,
                                    NGX_SLACK_NAME_MAX);
        }
    }

    total = ngx_max(event->total_commits, event->commits.nelts);

    if (total > event->commits.nelts) {
        ngx_slack_list_glue(text, glue);
        ngx_slack_format_more(text, event->commits.nelts, total, "commit",
                              NULL);
    }
}


static void
ngx_slack_list_jobs(ngx_slack_text_t *text, ngx_slack_event_t *event,
    const char *glue)
{
    ngx_uint_t        i;
    ngx_slack_job_t  *job;

    job = event->jobs.elts;

    for (i = 0; i < event->jobs.nelts; i++) {
        ngx_slack_list_glue(text, glue);
        ngx_slack_text_verbatim(text, &job[i].name, NGX_SLACK_NAME_MAX);

        if (job[i].allowed) {
            ngx_slack_text_lit(text, " (allowed to fail)");
        }
    }
}


static void
ngx_slack_list_assignees(ngx_slack_text_t *text, ngx_slack_event_t *event,
    const char *glue)
{
    ngx_slack_list_names(text, &event->stand.assignees, glue);
}


static void
ngx_slack_list_reviewers(ngx_slack_text_t *text, ngx_slack_event_t *event,
    const char *glue)
{
    ngx_slack_list_names(text, &event->stand.reviewers, glue);
}


static void
ngx_slack_list_labels(ngx_slack_text_t *text, ngx_slack_event_t *event,
    const char *glue)
{
    ngx_slack_list_names(text, &event->labels, glue);
}


static void
ngx_slack_list_description(ngx_slack_text_t *text, ngx_slack_event_t *event,
    const char *glue)
{
    ngx_slack_text_append(text, event->text.data, event->text.len);
}


static void
ngx_slack_list_names(ngx_slack_text_t *text, ngx_array_t *names,
    const char *glue)
{
    ngx_str_t   *name;
    ngx_uint_t   i;

    name = names->elts;

    for (i = 0; i < names->nelts; i++) {
        ngx_slack_list_glue(text, glue);
        ngx_slack_text_verbatim(text, &name[i], NGX_SLACK_HEADLINE_MAX);
    }
}


static void
ngx_slack_list_glue(ngx_slack_text_t *text, const char *glue)
{
    if (text->len) {
        ngx_slack_text_raw(text, (u_char *) glue, ngx_strlen(glue));
    }
}
