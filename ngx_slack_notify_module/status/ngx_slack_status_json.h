
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Parts of status.json.  Errors stay in the writer.  Runs in a pool thread.
 */


#ifndef _NGX_SLACK_STATUS_JSON_H_INCLUDED_
#define _NGX_SLACK_STATUS_JSON_H_INCLUDED_


#include <ngx_slack_status_snapshot.h>
#include <ngx_slack_json_writer.h>


/* writes the last hour, the last events, and the dead letters */

void ngx_slack_status_json_lists(ngx_slack_status_snapshot_t *s,
    ngx_slack_json_writer_t *w);


/* writes the member "last_error"; "hint" is NULL if there is none */

void ngx_slack_status_json_error(ngx_slack_json_writer_t *w, time_t when,
    ngx_str_t *text, const char *hint);


/*
 * What became of a message of an event: one of the words of its state, or "no
 * longer waiting" if somebody else has settled it.  *channel is where it goes,
 * NULL if that is not known.
 */

const char *ngx_slack_status_fate(ngx_slack_status_snapshot_t *s,
    ngx_slack_history_message_t *message,
    ngx_slack_status_channel_t **channel);


/*
 * Writes the URL of a message in Slack to "buf", which has
 * NGX_SLACK_STATUS_URL bytes.  Its length is 0 if there is none.
 */

#define NGX_SLACK_STATUS_URL  256

void ngx_slack_status_url(ngx_slack_status_snapshot_t *s,
    ngx_slack_history_message_t *message, u_char *buf, ngx_str_t *url);


#endif /* _NGX_SLACK_STATUS_JSON_H_INCLUDED_ */
