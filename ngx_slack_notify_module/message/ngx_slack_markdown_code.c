
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Markup of people: code of Markdown, in a line and in fences.  Runs in any
 * thread if the text has no pool.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_markdown_private.h>


static u_char *ngx_slack_markdown_fence(ngx_slack_markdown_t *md, u_char *p,
    size_t n);


u_char *
ngx_slack_markdown_ticks(ngx_slack_markdown_t *md, u_char *p)
{
    size_t             n;
    ngx_slack_text_t  *text;

    text = md->text;

    for (n = 1; p + n < md->last && p[n] == '`'; n++) { /* void */ }

    if (n >= 3) {

        if (!md->fence) {
            md->fence_mark = '`';
            return ngx_slack_markdown_fence(md, p, n);
        }

        if (md->fence_mark == '`' && n >= md->fence) {
            return ngx_slack_markdown_fence(md, p, n);
        }

        /* within a fence that ends otherwise; Slack's would end here */

        ngx_slack_text_lit(text, "'''");
        return p + n;
    }

    if (md->tag.mark.len && md->tag.kind == NGX_SLACK_TAG_CODE) {
        ngx_slack_text_lit(text, "'");
        return p + n;
    }

    if (ngx_slack_markdown_open(md, p)) {
        md->code = ngx_slack_text_code(p + n, md->last, n);
        md->ticks = n;
        md->code_at = text->len;
    }

    if (text->len && text->start[text->len - 1] == '`') {

        /*
         * What stood between the backticks is dropped; the space keeps them
         * from becoming a fence.
         */

        ngx_slack_text_lit(text, " ");
    }

    ngx_slack_text_raw(text, p, n);

    return p + n;
}


u_char *
ngx_slack_markdown_tildes(ngx_slack_markdown_t *md, u_char *p)
{
    size_t  n;

    for (n = 1; p + n < md->last && p[n] == '~'; n++) { /* void */ }

    if (n >= 3 && p >= md->code
        && (md->fence ? md->fence_mark == '~' && n >= md->fence : 1)
        && ngx_slack_markdown_first_of_line(md, p))
    {
        md->fence_mark = '~';
        return ngx_slack_markdown_fence(md, p, n);
    }

    ngx_slack_text_run(md->text, p, n);

    return p + n;
}


/* begins or ends a fence, for which there are n characters at p */

static u_char *
ngx_slack_markdown_fence(ngx_slack_markdown_t *md, u_char *p, size_t n)
{
    if (md->fence) {
        p = ngx_slack_text_fence(md->text, p + n, md->last, 0);

        if (!md->text->full) {
            md->fence = 0;
        }

        return p;
    }

    ngx_slack_markdown_mark_end(md, &md->bold);
    ngx_slack_markdown_mark_end(md, &md->tag);
    ngx_memzero(md->opened, sizeof(md->opened));

    if (ngx_slack_markdown_first_of_line(md, p)) {
        ngx_slack_markdown_trim(md);
    }

    p = ngx_slack_text_fence(md->text, p + n, md->last, 1);

    if (!md->text->full) {
        md->fence = n;
        md->code = p;
        md->row = NULL;
        md->table = 0;
    }

    return p;
}


ngx_uint_t
ngx_slack_markdown_first_of_line(ngx_slack_markdown_t *md, u_char *p)
{
    while (p > md->first && (p[-1] == ' ' || p[-1] == '\t')) {
        p--;
    }

    return p == md->first || p[-1] == LF;
}
