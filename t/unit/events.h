
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Events for the unit programs of message/; included by the one file of a
 * program.
 */


#ifndef _NGX_SLACK_EVENTS_H_INCLUDED_
#define _NGX_SLACK_EVENTS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_message.h>

#include <yajl/yajl_tree.h>


#define P  "https://gitlab.test/acme/rocket"

#define set(field, s)                                                         \
    do {                                                                      \
        (field).data = (u_char *) s;                                          \
        (field).len = sizeof(s) - 1;                                          \
    } while (0)


static ngx_pool_t  *pool;


/* the shim has none */

__attribute__((weak)) ngx_int_t
ngx_atoi(u_char *line, size_t n)
{
    ngx_int_t  value;

    for (value = 0; n--; line++) {
        if (*line < '0' || *line > '9') {
            return NGX_ERROR;
        }

        value = value * 10 + (*line - '0');
    }

    return value;
}


static inline void
add(ngx_array_t *array, const char *s)
{
    ngx_str_t  *v;

    v = ngx_array_push(array);

    if (v != NULL) {
        v->data = (u_char *) s;
        v->len = strlen(s);
    }
}


static inline void
add_commit(ngx_slack_event_t *event, const char *id, const char *title)
{
    ngx_slack_commit_t  *c;

    c = ngx_array_push(&event->commits);

    if (c != NULL) {
        c->id.data = (u_char *) id;
        c->id.len = strlen(id);
        c->title.data = (u_char *) title;
        c->title.len = strlen(title);
        set(c->url, P "/-/commit/1");
        set(c->author, "Omar");
    }
}


static inline void
add_job(ngx_slack_event_t *event, const char *name)
{
    ngx_slack_job_t  *job;

    job = ngx_array_push(&event->jobs);

    if (job != NULL) {
        job->name.data = (u_char *) name;
        job->name.len = strlen(name);
        set(job->stage, "test");
        set(job->url, P "/-/jobs/7");
        job->allowed = 0;
    }
}


static inline void
start(ngx_slack_event_t *event, ngx_uint_t kind)
{
    ngx_memzero(event, sizeof(ngx_slack_event_t));

    event->kind = kind;

    if (ngx_array_init(&event->labels, pool, 1, sizeof(ngx_str_t)) != NGX_OK
        || ngx_array_init(&event->files, pool, 1, sizeof(ngx_str_t)) != NGX_OK
        || ngx_array_init(&event->stages, pool, 1, sizeof(ngx_str_t))
           != NGX_OK
        || ngx_array_init(&event->reviewers, pool, 1, sizeof(ngx_str_t))
           != NGX_OK
        || ngx_array_init(&event->stand.assignees, pool, 1, sizeof(ngx_str_t))
           != NGX_OK
        || ngx_array_init(&event->stand.reviewers, pool, 1, sizeof(ngx_str_t))
           != NGX_OK
        || ngx_array_init(&event->stand.stages, pool, 1,
                          sizeof(ngx_slack_pair_t))
           != NGX_OK
        || ngx_array_init(&event->unreviewers, pool, 1, sizeof(ngx_str_t))
           != NGX_OK
        || ngx_array_init(&event->edits, pool, 1, sizeof(ngx_slack_edit_t))
           != NGX_OK
        || ngx_array_init(&event->commits, pool, 1,
                          sizeof(ngx_slack_commit_t)) != NGX_OK
        || ngx_array_init(&event->jobs, pool, 1, sizeof(ngx_slack_job_t))
           != NGX_OK)
    {
        fprintf(stderr, "no memory\n");
        exit(1);
    }
}


/* what events of all kinds have in common */

static inline void
common(ngx_slack_event_t *event, ngx_uint_t kind)
{
    start(event, kind);

    set(event->project, "acme/rocket");
    set(event->project_name, "Acme / Rocket");
    set(event->project_url, P);
    set(event->user, "jdoe");
    set(event->user_name, "Jane Doe");
}


/* NULL: no JSON */

static inline yajl_val
parse(ngx_str_t *json)
{
    char      *copy;
    yajl_val   tree;

    copy = strndup((char *) json->data, json->len);
    if (copy == NULL) {
        exit(2);
    }

    tree = yajl_tree_parse(copy, NULL, 0);

    free(copy);

    return tree;
}


#endif /* _NGX_SLACK_EVENTS_H_INCLUDED_ */
