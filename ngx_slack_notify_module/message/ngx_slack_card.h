
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Private to message/: cards, which show how the object of an event stands:
 * state, title, description, people and so on, in one attachment.  A kind of
 * events without a card of its own has the one of ngx_slack_card_other.c.
 * Runs in the event loop.
 */


#ifndef _NGX_SLACK_CARD_H_INCLUDED_
#define _NGX_SLACK_CARD_H_INCLUDED_


#include <ngx_slack_format.h>


#define NGX_SLACK_COLOR_MERGED    "#6F42C1"


/*
 * What compact lines and cards say of a kind of events.  Texts are appended
 * escaped, words as they are, because they become the label of a link.
 */

typedef struct {

    /*
     * Appends the state, "Merged".  "news": what has happened to the object,
     * "Approved", rather than how it stands, "Open".
     */
    void                    (*state)(ngx_slack_text_t *text,
                                ngx_slack_event_t *event, ngx_uint_t news);

    /* Appends the words that name the object, "!7 Title". */
    void                    (*object)(ngx_slack_text_t *words,
                                ngx_slack_event_t *event);

    /* Returns the object's URL, which may be empty. */
    ngx_str_t              *(*url)(ngx_slack_event_t *event);

    const char             *(*color)(ngx_slack_event_t *event);

    /* Writes the text and the fields of the card. */
    void                    (*body)(ngx_slack_attachment_t *a,
                                ngx_slack_event_t *event);
} ngx_slack_card_t;


extern const ngx_slack_card_t  ngx_slack_card_request;
extern const ngx_slack_card_t  ngx_slack_card_note;
extern const ngx_slack_card_t  ngx_slack_card_push;
extern const ngx_slack_card_t  ngx_slack_card_pipeline;
extern const ngx_slack_card_t  ngx_slack_card_deployment;
extern const ngx_slack_card_t  ngx_slack_card_alert;
extern const ngx_slack_card_t  ngx_slack_card_other;


/* writes what the event's attachment shows as a card, all but the fallback */

void ngx_slack_card(ngx_slack_attachment_t *a, ngx_slack_event_t *event);


#endif /* _NGX_SLACK_CARD_H_INCLUDED_ */
