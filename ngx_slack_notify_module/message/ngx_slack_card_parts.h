
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Private to message/: what the cards of several kinds of events have.
 * Nothing is written of what the event does not have.  Runs in the event loop.
 */


#ifndef _NGX_SLACK_CARD_PARTS_H_INCLUDED_
#define _NGX_SLACK_CARD_PARTS_H_INCLUDED_


#include <ngx_slack_format.h>


/* Appends the wording of a word, without one the word itself, readable. */

void ngx_slack_card_said(ngx_slack_text_t *text,
    const ngx_slack_wording_t *table, ngx_str_t *word);


/* Appends the name of the event's kind, "Wiki page". */

void ngx_slack_card_kind_name(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


/* Appends a value to words, as the beginning of a sentence. */

void ngx_slack_card_capital(ngx_slack_text_t *words, ngx_str_t *value);


/*
 * Append "#17 Title", or the title only, to words, preceded by a space unless
 * they are empty; "sigil" is the "#".  The title of a draft is written without
 * its "Draft:".
 */

void ngx_slack_card_number(ngx_slack_text_t *words, ngx_slack_event_t *event,
    const char *sigil);
void ngx_slack_card_title(ngx_slack_text_t *words, ngx_slack_event_t *event);


/* The URL of the object, the same as event->url. */

ngx_str_t *ngx_slack_card_url(ngx_slack_event_t *event);


/*
 * Begins a->text with the first lines of the event's text that are not blank,
 * as the sender formatted them.  The caller may append to it.
 */

void ngx_slack_card_excerpt(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


/* Write fields. */

void ngx_slack_card_names(ngx_slack_attachment_t *a, const char *one,
    const char *several, ngx_array_t *names);
void ngx_slack_card_ref(ngx_slack_attachment_t *a, ngx_slack_event_t *event);
void ngx_slack_card_commit(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);
void ngx_slack_card_duration(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


/* A field with a time that the sender wrote, as the reader's local time. */

void ngx_slack_card_date(ngx_slack_attachment_t *a, const char *title,
    ngx_str_t *time);


#endif /* _NGX_SLACK_CARD_PARTS_H_INCLUDED_ */
