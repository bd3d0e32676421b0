
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The parts of the page, as HTML.  Its script gets the page anew and takes
 * them from there.
 */


#ifndef _NGX_SLACK_STATUS_PAGE_H_INCLUDED_
#define _NGX_SLACK_STATUS_PAGE_H_INCLUDED_


#include <ngx_slack_html.h>
#include <ngx_slack_status_state.h>


#define NGX_SLACK_PAGE_EVENTS  25            /* unless more are asked for */


/*
 * Each part runs in a pool thread and sets text->failed if there is no memory.
 */

typedef void (*ngx_slack_page_part_pt)(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);

void ngx_slack_page_title(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
void ngx_slack_page_verdict(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
void ngx_slack_page_about(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
void ngx_slack_page_needs(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
void ngx_slack_page_now(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
void ngx_slack_page_search(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
void ngx_slack_page_workspaces(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
void ngx_slack_page_channels(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
void ngx_slack_page_queue(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
void ngx_slack_page_hour(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
void ngx_slack_page_dead_letters(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
void ngx_slack_page_events(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);


/*
 * ngx_slack_status_page_html.c: HTML as it is written in the source; a number
 * of things, "1 message" or "2 messages" if "one" is "message"; the name of a
 * channel.
 */

void ngx_slack_page_put(ngx_slack_text_t *text, const char *html);
void ngx_slack_page_many(ngx_slack_text_t *text, ngx_uint_t n,
    const char *one);
void ngx_slack_page_channel(ngx_slack_text_t *text, ngx_str_t *name);


/* the state of a channel, in the words of its table, with its time */

void ngx_slack_page_state(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_slack_status_channel_t *ch);


/*
 * A button, which needs the page's script.  "action" is the name of the
 * resource and, with a capital, the button's own.  It acts on a workspace, on
 * a channel of it unless "channel" is NULL, or on the dead letter "id" if that
 * is not 0.
 */

void ngx_slack_page_button(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, const char *action, ngx_str_t *workspace,
    ngx_str_t *channel, int64_t id);


#endif /* _NGX_SLACK_STATUS_PAGE_H_INCLUDED_ */
