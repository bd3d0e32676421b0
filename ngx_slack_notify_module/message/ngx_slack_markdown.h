
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Markup of people, as descriptions, comments and release notes have it:
 * Markdown with HTML in it becomes what receivers of messages show.  Runs in
 * any thread if the text has no pool.
 */


#ifndef _NGX_SLACK_MARKDOWN_H_INCLUDED_
#define _NGX_SLACK_MARKDOWN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_text.h>


/*
 * Appends a Markdown text of several lines, escaped.
 *
 * Links with http, https or mailto become links, and where a label looks like
 * a URL of another host, the host follows it.  Images become their URLs; as
 * the label of a link, their names.  "base" is the URL of the project, by
 * which relative links become absolute; it may be empty.
 *
 * "**bold**" and "<b>bold</b>" become the receiver's bold.  Rows of tables, of
 * pipes or of HTML, become lines with a bar between the cells.  HTML comments
 * and the tags that are known disappear, entities become characters, every
 * code fence is closed.  All else, and what is nested oddly or has no end, is
 * shown as it was written.
 *
 * Takes time in proportion to the text's length.
 */

void ngx_slack_text_markdown(ngx_slack_text_t *text, ngx_str_t *markdown,
    ngx_str_t *base);


#endif /* _NGX_SLACK_MARKDOWN_H_INCLUDED_ */
