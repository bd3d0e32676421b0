
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Private to message/: which card a kind of events has.
 */


#ifndef _NGX_SLACK_CARD_KINDS_H_INCLUDED_
#define _NGX_SLACK_CARD_KINDS_H_INCLUDED_


#include <ngx_slack_card.h>


const ngx_slack_card_t *ngx_slack_card_of(ngx_slack_event_t *event);


#endif /* _NGX_SLACK_CARD_KINDS_H_INCLUDED_ */
