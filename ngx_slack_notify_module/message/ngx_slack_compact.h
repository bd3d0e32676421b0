
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Private to message/: an event in one line, "Merged · !7 Title · Jane Doe ·
 * Acme / Rocket".  Runs in the event loop.
 */


#ifndef _NGX_SLACK_COMPACT_H_INCLUDED_
#define _NGX_SLACK_COMPACT_H_INCLUDED_


#include <ngx_slack_format.h>


/* code points of a line, with its markup */
#define NGX_SLACK_COMPACT_MAX  300


/*
 * Begins a->text as "part" and writes the line to it; the object is a link
 * unless the line is plain.
 */

void ngx_slack_compact_line(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event, ngx_slack_part_e part, ngx_uint_t plain);


/* writes all parts of the event's attachment: the line and its colour */

void ngx_slack_compact(ngx_slack_attachment_t *a, ngx_slack_event_t *event);


#endif /* _NGX_SLACK_COMPACT_H_INCLUDED_ */
