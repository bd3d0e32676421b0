
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Markup of people: where lines begin, and tables of pipes.  Runs in any
 * thread if the text has no pool.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_markdown_private.h>


static u_char *ngx_slack_markdown_cell(ngx_slack_markdown_t *md, u_char *p);
static u_char *ngx_slack_markdown_ruler(u_char *p, u_char *last);


u_char *
ngx_slack_markdown_line(ngx_slack_markdown_t *md, u_char *p)
{
    u_char      *end, *ruler;
    ngx_uint_t   i;

    for (i = 0; i < md->nnames; i++) {
        if (p == md->names[i].line) {
            p = md->names[i].next;
        }
    }

    end = memchr(p, LF, md->last - p);

    if (end == NULL) {
        end = md->last;
    }

    if (memchr(p, '|', end - p) == NULL) {
        md->table = 0;
        md->header = 0;
        return p;
    }

    if (md->header) {
        md->header = 0;

        ruler = ngx_slack_markdown_ruler(p, md->last);

        if (ruler) {
            p = ruler;
            md->table = (p < md->last && *p != LF);

            if (!md->table) {
                return p;
            }

            /* a row, or what follows a table without rows */

            end = memchr(p, LF, md->last - p);

            if (memchr(p, '|', (end ? end : md->last) - p) == NULL) {
                md->table = 0;
                return p;
            }
        }
    }

    if (!md->table) {

        if (end == md->last
            || ngx_slack_markdown_ruler(end + 1, md->last) == NULL)
        {
            return p;
        }

        md->table = 1;
        md->header = 1;
    }

    while (p < md->last && (*p == ' ' || *p == '\t')) {
        p++;
    }

    if (p < md->last && *p == '|') {
        p++;
    }

    return ngx_slack_markdown_cell(md, p);
}


/*
 * Returns the line after the one at p if this is what divides the header of a
 * table from its rows; else NULL.
 */

static u_char *
ngx_slack_markdown_ruler(u_char *p, u_char *last)
{
    ngx_uint_t  dashes, bars;

    for (dashes = 0, bars = 0; p < last && *p != LF; p++) {

        switch (*p) {

        case '-':
            dashes++;
            break;

        case '|':
            bars++;
            break;

        case ':':
        case ' ':
        case '\t':
            break;

        default:
            return NULL;
        }
    }

    if (dashes == 0 || bars == 0) {
        return NULL;
    }

    return (p < last) ? p + 1 : p;
}


u_char *
ngx_slack_markdown_bar(ngx_slack_markdown_t *md, u_char *p)
{
    for (p++; p < md->last && (*p == ' ' || *p == '\t'); p++) { /* void */ }

    ngx_slack_markdown_trim(md);

    if (p == md->last || *p == LF) {
        ngx_slack_markdown_trim_row(md);
        return p;
    }

    /* an empty cell at the beginning has been left out */

    if (!ngx_slack_markdown_fresh(md)) {
        ngx_slack_text_lit(md->text, " | ");
    }

    return ngx_slack_markdown_cell(md, p);
}


/*
 * Begins a cell.  One of the header is written at once, in bold, if it has no
 * markup of its own.
 */

static u_char *
ngx_slack_markdown_cell(ngx_slack_markdown_t *md, u_char *p)
{
    u_char     *q;
    ngx_str_t   cell;

    while (p < md->last && (*p == ' ' || *p == '\t')) {
        p++;
    }

    if (!md->header) {
        return p;
    }

    for (q = p; q < md->last && *q != LF && *q != '|'; q++) {

        if (*q == '*' || *q == '`' || *q == '[' || *q == '<' || *q == '&'
            || *q == '\\')
        {
            return p;
        }
    }

    cell.data = p;
    cell.len = q - p;

    ngx_slack_text_bold(md->text, &cell, NGX_SLACK_MARKDOWN_LABEL_MAX);

    return q;
}


void
ngx_slack_markdown_trim(ngx_slack_markdown_t *md)
{
    size_t             n;
    ngx_slack_text_t  *text;

    text = md->text;

    if (text->full) {
        return;
    }

    n = text->len;

    while (n > md->from
           && (text->start[n - 1] == ' ' || text->start[n - 1] == '\t'))
    {
        n--;
    }

    if (n < text->len) {
        ngx_slack_text_rollback(text, n);
    }
}


void
ngx_slack_markdown_trim_row(ngx_slack_markdown_t *md)
{
    size_t             n;
    ngx_slack_text_t  *text;

    text = md->text;

    ngx_slack_markdown_trim(md);

    n = text->len;

    while (!text->full && n >= md->from + 2 && text->start[n - 1] == '|'
           && text->start[n - 2] == ' ')
    {
        ngx_slack_text_rollback(text, n - 2);
        n -= 2;
    }
}
