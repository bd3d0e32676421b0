
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The page of slack_status with its style and script, which the build writes
 * to ngx_slack_page.h.  Each "{{name}}" in page.html is replaced with a part
 * of the snapshot, so that the page is readable without its script.  Handlers
 * run in the event loop, drawing in a pool thread.
 */


#include <ngx_slack_status_page.h>
#include <ngx_slack_page.h>


typedef struct {
    ngx_str_t                   name;
    ngx_slack_page_part_pt      draw;
} ngx_slack_page_part_t;


static ngx_int_t ngx_slack_page_write(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
static void ngx_slack_page_taken(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
static void ngx_slack_page_state_of(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text);
static void ngx_slack_page_draw(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, u_char *name, size_t len);
static ngx_int_t ngx_slack_page_static(ngx_http_request_t *r,
    const char *name, const char *data, size_t len);


static ngx_slack_page_part_t  ngx_slack_page_parts[] = {
    { ngx_string("taken"), ngx_slack_page_taken },
    { ngx_string("data"), ngx_slack_page_state_of },
    { ngx_string("title"), ngx_slack_page_title },
    { ngx_string("verdict"), ngx_slack_page_verdict },
    { ngx_string("about"), ngx_slack_page_about },
    { ngx_string("needs"), ngx_slack_page_needs },
    { ngx_string("search"), ngx_slack_page_search },
    { ngx_string("workspaces"), ngx_slack_page_workspaces },
    { ngx_string("now"), ngx_slack_page_now },
    { ngx_string("channels"), ngx_slack_page_channels },
    { ngx_string("queue"), ngx_slack_page_queue },
    { ngx_string("hour"), ngx_slack_page_hour },
    { ngx_string("dead"), ngx_slack_page_dead_letters },
    { ngx_string("events"), ngx_slack_page_events },
    { ngx_null_string, NULL }
};


ngx_int_t
ngx_slack_status_page_handler(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_slack_status_job_t       *job;
    ngx_slack_status_snapshot_t  *s;

    job = ngx_slack_status_report(r, ngx_slack_page_write,
                                  "text/html; charset=utf-8", &s);
    if (job == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    s->ndead = NGX_SLACK_DEAD_LETTERS_DEFAULT;
    s->ask.events = NGX_SLACK_PAGE_EVENTS;

    return ngx_slack_status_report_asked(job, s, 1);
}


/* executed in a pool thread */

static ngx_int_t
ngx_slack_page_write(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    u_char  *p, *last, *open, *close;

    p = (u_char *) ngx_slack_page_html;
    last = p + sizeof(ngx_slack_page_html) - 1;

    for ( ;; ) {

        open = (u_char *) ngx_strstr((char *) p, "{{");

        if (open == NULL) {
            break;
        }

        close = (u_char *) ngx_strstr((char *) open, "}}");

        if (close == NULL) {
            break;
        }

        ngx_slack_text_append(text, p, (size_t) (open - p));

        open += 2;

        ngx_slack_page_draw(s, text, open, (size_t) (close - open));

        p = close + 2;
    }

    ngx_slack_text_append(text, p, (size_t) (last - p));

    return text->failed ? NGX_ERROR : NGX_OK;
}


static void
ngx_slack_page_draw(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text,
    u_char *name, size_t len)
{
    ngx_slack_page_part_t  *part;

    for (part = ngx_slack_page_parts; part->draw; part++) {

        if (part->name.len == len
            && ngx_memcmp(part->name.data, name, len) == 0)
        {
            part->draw(s, text);
            return;
        }
    }
}


static void
ngx_slack_page_taken(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    ngx_slack_page_put(text, "As it was at ");
    ngx_slack_html_clock(text, s->now);
    ngx_slack_page_put(text, ".");
}


/* what the page's script has to know */

static void
ngx_slack_page_state_of(ngx_slack_status_snapshot_t *s, ngx_slack_text_t *text)
{
    u_char  *last, buf[160];

    last = ngx_sprintf(buf, "data-time=\"%T\" data-dead=\"%ui\" "
                       "data-listed=\"%ui\" data-events=\"%ui\"",
                       s->now, s->dead, s->dead_letters.nelts, s->nevents);

    ngx_slack_text_append(text, buf, (size_t) (last - buf));
}


ngx_int_t
ngx_slack_status_style_handler(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_slack_page_static(r, "text/css; charset=utf-8",
                                 ngx_slack_page_style,
                                 sizeof(ngx_slack_page_style) - 1);
}


ngx_int_t
ngx_slack_status_script_handler(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_slack_page_static(r, "text/javascript; charset=utf-8",
                                 ngx_slack_page_script,
                                 sizeof(ngx_slack_page_script) - 1);
}


static ngx_int_t
ngx_slack_page_static(ngx_http_request_t *r, const char *name,
    const char *data, size_t len)
{
    ngx_str_t  type, text;

    type.data = (u_char *) name;
    type.len = ngx_strlen(name);

    text.data = (u_char *) data;
    text.len = len;

    return ngx_slack_status_send(r, NGX_HTTP_OK, &type, &text);
}
