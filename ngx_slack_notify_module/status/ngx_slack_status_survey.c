
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Takes the survey of the outbox, once for all requests to this worker within
 * a second.  Runs in a pool thread, one job at a time, unless stated
 * otherwise.
 */


#include <ngx_slack_clock.h>
#include <ngx_slack_status_snapshot.h>
#include <ngx_slack_log_queue.h>


#define NGX_SLACK_SURVEY_SHARED  1000        /* ms, how long it is shared */


/* one for each worker */

typedef struct {
    ngx_slack_survey_t          survey;
    int64_t                     taken;       /* start of the survey, monotonic
                                                ms */
    ngx_atomic_uint_t           acted;       /* see ngx_slack_counters.h */
    ngx_uint_t                  valid;
} ngx_slack_status_survey_t;


static ngx_uint_t ngx_slack_status_survey_serves(
    ngx_slack_status_snapshot_t *s, ngx_slack_outbox_t *outbox);
static ngx_atomic_uint_t ngx_slack_status_survey_acted(
    ngx_slack_status_snapshot_t *s);


static ngx_slack_status_survey_t  ngx_slack_status_survey;


/* executed in a pool thread */

ngx_slack_survey_t *
ngx_slack_status_survey_take(ngx_slack_status_snapshot_t *s,
    ngx_slack_outbox_t *outbox)
{
    ngx_slack_status_survey_t  *shared;

    shared = &ngx_slack_status_survey;

    if (ngx_slack_status_survey_serves(s, outbox)) {
        return &shared->survey;
    }

    ngx_slack_status_survey_forget();

    shared->survey.pool = ngx_create_pool(NGX_DEFAULT_POOL_SIZE,
                                          ngx_slack_log_threads());
    if (shared->survey.pool == NULL) {
        return NULL;
    }

    shared->survey.max = s->ndead;
    shared->survey.after_died = s->died;
    shared->survey.after_id = s->id;

    shared->taken = ngx_slack_clock_monotonic();
    shared->acted = ngx_slack_status_survey_acted(s);

    if (ngx_slack_outbox_survey(outbox, &shared->survey) != NGX_OK) {
        return NULL;
    }

    /*
     * a hundred dead letters take much memory, and few requests ask for so
     * many
     */

    shared->valid = (s->ndead <= NGX_SLACK_DEAD_LETTERS_DEFAULT);

    return &shared->survey;
}


/* also called in the event loop, when no thread runs any more */

void
ngx_slack_status_survey_forget(void)
{
    if (ngx_slack_status_survey.survey.pool) {
        ngx_destroy_pool(ngx_slack_status_survey.survey.pool);
    }

    ngx_memzero(&ngx_slack_status_survey, sizeof(ngx_slack_status_survey_t));
}


/*
 * Whether the last survey serves this snapshot.  It does if it was started
 * after the request came.  Otherwise it must not be older than a second; for
 * counts alone, which are scraped, that is enough, for dead letters the outbox
 * must not have changed since.
 */

static ngx_uint_t
ngx_slack_status_survey_serves(ngx_slack_status_snapshot_t *s,
    ngx_slack_outbox_t *outbox)
{
    ngx_slack_status_survey_t  *shared;

    shared = &ngx_slack_status_survey;

    if (!shared->valid || shared->acted != ngx_slack_status_survey_acted(s)) {
        return 0;
    }

    if (s->ndead
        && (s->ndead != shared->survey.max
            || s->died != shared->survey.after_died
            || s->id != shared->survey.after_id))
    {
        return 0;
    }

    if (s->asked <= shared->taken) {
        return 1;
    }

    if (ngx_slack_clock_monotonic() - shared->taken >= NGX_SLACK_SURVEY_SHARED)
    {
        return 0;
    }

    return s->ndead == 0
           || ngx_slack_outbox_same(outbox, &shared->survey);
}


static ngx_atomic_uint_t
ngx_slack_status_survey_acted(ngx_slack_status_snapshot_t *s)
{
    return s->counters ? ngx_atomic_fetch_add(&s->counters->acted, 0) : 0;
}
