
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * HTML that several parts of the page share.  Runs in a pool thread.
 */


#include <ngx_slack_status_page.h>


void
ngx_slack_page_put(ngx_slack_text_t *text, const char *html)
{
    ngx_slack_text_append(text, (u_char *) html, ngx_strlen(html));
}


void
ngx_slack_page_many(ngx_slack_text_t *text, ngx_uint_t n, const char *one)
{
    ngx_slack_html_number(text, n);
    ngx_slack_page_put(text, " ");
    ngx_slack_page_put(text, one);

    if (n != 1) {
        ngx_slack_page_put(text, "s");
    }
}


void
ngx_slack_page_channel(ngx_slack_text_t *text, ngx_str_t *name)
{
    if (name->len) {
        ngx_slack_html_value(text, name);

    } else {
        ngx_slack_page_put(text, "the webhook&#39;s own");
    }
}
