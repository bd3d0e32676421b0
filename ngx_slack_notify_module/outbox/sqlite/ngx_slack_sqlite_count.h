
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Counts for surveys.  Called in a pool thread, in a transaction that reads.
 * All return NGX_OK, or NGX_ERROR if the file cannot be read or there is no
 * memory.
 */


#ifndef _NGX_SLACK_SQLITE_COUNT_H_INCLUDED_
#define _NGX_SLACK_SQLITE_COUNT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>


/*
 * ngx_slack_sqlite_count.c: counts waiting messages by age and dead letters of
 * survey->channels, whose "id" and "dead" (0 or not) are set, and finds their
 * first and oldest waiting messages.  Allocates from survey->pool.
 */

ngx_int_t ngx_slack_sqlite_count(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey);

/* as many waiting messages, and two for each channel, are few */

#define NGX_SLACK_SQLITE_FEW   1024

/*
 * ngx_slack_sqlite_count_few.c: the same by reading each waiting message.
 * "newest" is the id of the newest message; upto[] is set as below.
 */

ngx_int_t ngx_slack_sqlite_count_few(ngx_slack_store_t *store,
    ngx_slack_survey_t *survey, int64_t newest, int64_t now, int64_t *upto);

/* Sets ch->dead to the number of dead letters if it is not 0. */

ngx_int_t ngx_slack_sqlite_count_dead(ngx_slack_store_t *store,
    ngx_slack_survey_channel_t *ch);

/*
 * ngx_slack_sqlite_age.c: finds the newest ids that have passed each age, of
 * those from "floor" to "newest"; "known" is what an earlier call found, or
 * NULL.  The ages are upper limits in ms of all groups but the last, see
 * NGX_SLACK_SURVEY_AGES.
 */

#define NGX_SLACK_SQLITE_AGES  (NGX_SLACK_SURVEY_AGES - 1)

extern const int64_t  ngx_slack_sqlite_ages[NGX_SLACK_SQLITE_AGES];

ngx_int_t ngx_slack_sqlite_aged(ngx_slack_store_t *store, int64_t floor,
    int64_t newest, int64_t now, int64_t *known, int64_t *upto);

/* Returns the group, below NGX_SLACK_SURVEY_AGES, of an id by these ages. */

ngx_uint_t ngx_slack_sqlite_age(int64_t id, int64_t *upto);


#endif /* _NGX_SLACK_SQLITE_COUNT_H_INCLUDED_ */
