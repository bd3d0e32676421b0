
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Fills all fields of an event that a sender may fill; included by the one
 * file of a unit program.
 */


#ifndef _NGX_SLACK_FILL_H_INCLUDED_
#define _NGX_SLACK_FILL_H_INCLUDED_


#include "events.h"


/* the strings of an event */

static size_t  fields[] = {
    offsetof(ngx_slack_event_t, action),
    offsetof(ngx_slack_event_t, project),
    offsetof(ngx_slack_event_t, project_name),
    offsetof(ngx_slack_event_t, project_url),
    offsetof(ngx_slack_event_t, project_avatar),
    offsetof(ngx_slack_event_t, user),
    offsetof(ngx_slack_event_t, user_name),
    offsetof(ngx_slack_event_t, user_url),
    offsetof(ngx_slack_event_t, user_avatar),
    offsetof(ngx_slack_event_t, title),
    offsetof(ngx_slack_event_t, url),
    offsetof(ngx_slack_event_t, text),
    offsetof(ngx_slack_event_t, state),
    offsetof(ngx_slack_event_t, number),
    offsetof(ngx_slack_event_t, ref),
    offsetof(ngx_slack_event_t, ref_url),
    offsetof(ngx_slack_event_t, compare_url),
    offsetof(ngx_slack_event_t, type),
    offsetof(ngx_slack_event_t, target),
    offsetof(ngx_slack_event_t, name),
    offsetof(ngx_slack_event_t, change),
    offsetof(ngx_slack_event_t, after),
    offsetof(ngx_slack_event_t, request),
    offsetof(ngx_slack_event_t, request_title),
    offsetof(ngx_slack_event_t, request_url),
    offsetof(ngx_slack_event_t, jobs_url),
    offsetof(ngx_slack_event_t, commit_id),
    offsetof(ngx_slack_event_t, commit_title),
    offsetof(ngx_slack_event_t, commit_url),
    offsetof(ngx_slack_event_t, job),
    offsetof(ngx_slack_event_t, job_url),
    offsetof(ngx_slack_event_t, severity),
    offsetof(ngx_slack_event_t, count),
    offsetof(ngx_slack_event_t, started),
    offsetof(ngx_slack_event_t, until),
    offsetof(ngx_slack_event_t, source_branch),
    offsetof(ngx_slack_event_t, target_branch),
    offsetof(ngx_slack_event_t, ended),
    offsetof(ngx_slack_event_t, stand.state),
    offsetof(ngx_slack_event_t, stand.source),
    offsetof(ngx_slack_event_t, stand.milestone),
    offsetof(ngx_slack_event_t, stand.milestone_url),
    offsetof(ngx_slack_event_t, stand.silence)
};

#define NFIELDS  (sizeof(fields) / sizeof(fields[0]))


/* what a string becomes */

typedef ngx_str_t (*value_pt)(void *data);


static ngx_str_t
same(void *data)
{
    return *(ngx_str_t *) data;
}


static inline void
fill_array(ngx_array_t *array, value_pt value, void *data)
{
    ngx_str_t  *s;

    s = ngx_array_push(array);
    if (s == NULL) {
        exit(2);
    }

    *s = value(data);
}


static inline void
fill_pair(ngx_array_t *array, value_pt value, void *data)
{
    ngx_slack_pair_t  *pair;

    pair = ngx_array_push(array);
    if (pair == NULL) {
        exit(2);
    }

    pair->name = value(data);
    pair->value = value(data);
}


static inline void
fill(ngx_slack_event_t *event, ngx_uint_t n, value_pt value, void *data)
{
    ngx_uint_t           i;
    ngx_slack_job_t     *job;
    ngx_slack_edit_t    *edit;
    ngx_slack_commit_t  *commit;

    for (i = 0; i < NFIELDS; i++) {
        *(ngx_str_t *) ((u_char *) event + fields[i]) = value(data);
    }

    for (i = 0; i < n; i++) {
        commit = ngx_array_push(&event->commits);
        job = ngx_array_push(&event->jobs);
        edit = ngx_array_push(&event->edits);

        if (commit == NULL || job == NULL || edit == NULL) {
            exit(2);
        }

        commit->id = value(data);
        commit->title = value(data);
        commit->url = value(data);
        commit->author = value(data);
        job->name = value(data);
        job->stage = value(data);
        job->url = value(data);
        job->allowed = i & 1;
        edit->what = i % NGX_SLACK_EDIT_MAX;
        edit->name = value(data);

        fill_array(&event->labels, value, data);
        fill_array(&event->stages, value, data);
        fill_array(&event->reviewers, value, data);
        fill_array(&event->unreviewers, value, data);
        fill_array(&event->stand.assignees, value, data);
        fill_array(&event->stand.reviewers, value, data);
        fill_pair(&event->stand.stages, value, data);
    }

    event->time = 1;
}


#endif /* _NGX_SLACK_FILL_H_INCLUDED_ */
