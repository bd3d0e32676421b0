
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Writes templates.  Runs in the event loop.
 */


#include <ngx_slack_template_private.h>


#define NGX_SLACK_TEMPLATE_FENCE  4          /* of LF and a fence */


static void ngx_slack_template_part(ngx_slack_template_writer_t *w,
    ngx_slack_template_part_t *part);
static void ngx_slack_template_in_text(ngx_slack_template_writer_t *w,
    ngx_slack_template_part_t *part);
static void ngx_slack_template_code(ngx_slack_template_writer_t *w,
    ngx_str_t *value);
static void ngx_slack_template_plain(ngx_slack_text_t *text, ngx_str_t *value);
static ngx_uint_t ngx_slack_template_clean_value(ngx_str_t *value);
static void ngx_slack_template_close(ngx_slack_text_t *text, size_t from);


ngx_int_t
ngx_slack_template_value(ngx_pool_t *pool, ngx_str_t *value)
{
    u_char  *p;

    if (value->len > NGX_SLACK_TEMPLATE_VALUE) {
        value->len = NGX_SLACK_TEMPLATE_VALUE;
    }

    if (ngx_slack_template_clean_value(value)) {
        return NGX_OK;
    }

    p = ngx_pnalloc(pool, 3 * value->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    value->len = ngx_slack_text_scrub(p, value->data, value->len);
    value->data = p;

    return NGX_OK;
}


/* Most values are of ASCII and need no copy. */

static ngx_uint_t
ngx_slack_template_clean_value(ngx_str_t *value)
{
    size_t  i;

    for (i = 0; i < value->len; i++) {
        if ((value->data[i] < ' ' && value->data[i] != LF)
            || value->data[i] >= 0x7f)
        {
            return 0;
        }
    }

    return 1;
}


void
ngx_slack_template_write(ngx_slack_text_t *text,
    ngx_slack_template_t *template, ngx_str_t *values)
{
    size_t                        from, reserve;
    ngx_uint_t                    i;
    ngx_slack_template_part_t    *part;
    ngx_slack_template_writer_t   w;

    w.text = text;
    w.template = template;
    w.values = values;

    ngx_slack_text_init(&w.url, NULL, w.url_buf, sizeof(w.url_buf),
                        NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_text_init(&w.label, NULL, w.label_buf, sizeof(w.label_buf),
                        NGX_SLACK_TEXT_NO_LIMIT);

    from = text->len;
    reserve = 0;

    if (template->fence) {
        reserve = ngx_min(NGX_SLACK_TEMPLATE_FENCE, text->limit);
        text->limit -= reserve;
    }

    part = template->parts.elts;

    for (i = 0; i < template->parts.nelts && !text->full; i++) {
        ngx_slack_template_part(&w, &part[i]);
    }

    text->limit += reserve;

    if (reserve && text->full && !text->failed) {
        ngx_slack_template_close(text, from);
    }

    if (w.url.failed || w.label.failed) {
        text->failed = 1;
        text->full = 1;
    }

    ngx_slack_text_done(&w.url);
    ngx_slack_text_done(&w.label);
}


static void
ngx_slack_template_part(ngx_slack_template_writer_t *w,
    ngx_slack_template_part_t *part)
{
    ngx_str_t          value;
    ngx_slack_text_t  *text;

    text = w->text;

    switch (part->kind) {

    case NGX_SLACK_TEMPLATE_TEXT:
        ngx_slack_text_verbatim(text, &part->text, part->text.len);
        break;

    case NGX_SLACK_TEMPLATE_MENTION:
        if (text->plain) {
            break;
        }

        /* fall through */

    case NGX_SLACK_TEMPLATE_ENTITY:

        /* a backtick that ends a value is no part of these */

        if (part->text.data[0] == '`' && text->len
            && text->start[text->len - 1] == '`')
        {
            ngx_slack_text_lit(text, " ");
        }

        ngx_slack_text_raw(text, part->text.data, part->text.len);
        break;

    case NGX_SLACK_TEMPLATE_ID:
        value = w->values[part->variable];

        if (!ngx_slack_template_is_id(&part->text, &value)) {
            ngx_slack_template_in_text(w, part);
            break;
        }

        if (text->plain) {
            break;
        }

        ngx_slack_text_reset(&w->label, NGX_SLACK_TEXT_NO_LIMIT);
        ngx_slack_text_append(&w->label, part->text.data, part->text.len);
        ngx_slack_text_append(&w->label, value.data, value.len);
        ngx_slack_text_lit(&w->label, ">");
        ngx_slack_text_raw(text, w->label.start, w->label.len);
        break;

    case NGX_SLACK_TEMPLATE_VARIABLE:
        ngx_slack_template_in_text(w, part);
        break;

    default: /* NGX_SLACK_TEMPLATE_LINK */
        ngx_slack_template_anchor(w, part);
        break;
    }
}


/* A value in the text.  One that is cut leaves room for what follows. */

static void
ngx_slack_template_in_text(ngx_slack_template_writer_t *w,
    ngx_slack_template_part_t *part)
{
    size_t             limit, used;
    ngx_str_t          value;
    ngx_slack_text_t  *text;

    text = w->text;
    value = w->values[part->variable];

    if (value.len == 0) {
        return;
    }

    limit = text->limit;
    used = 0;

    /* a value of fewer bytes, even if all of them are escaped, is not cut */

    if (value.len > NGX_SLACK_TEMPLATE_CUT / 6) {
        used = ngx_slack_text_chars(text);

        if (limit - ngx_min(used, limit) > NGX_SLACK_TEMPLATE_CUT) {
            text->limit = used + NGX_SLACK_TEMPLATE_CUT - 1;
        }
    }

    if (text->plain) {
        ngx_slack_template_plain(text, &value);

    } else if (w->template->words) {
        ngx_slack_template_words(w, &value);

    } else if (part->code) {
        ngx_slack_template_code(w, &value);

    } else if (ngx_strlchr(value.data, value.data + value.len, LF)) {
        ngx_slack_text_lines(text, &value);

    } else {
        ngx_slack_text_label(text, &value, value.len);
    }

    if (text->limit < limit) {
        text->limit = limit;
        text->full = text->failed;
    }
}


/* In code a backtick would be its end. */

static void
ngx_slack_template_code(ngx_slack_template_writer_t *w, ngx_str_t *value)
{
    size_t             i;
    ngx_str_t          s;
    ngx_slack_text_t  *copy;

    copy = &w->label;

    ngx_slack_text_reset(copy, NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_text_append(copy, value->data, value->len);

    if (copy->failed) {
        return;
    }

    for (i = 0; i < copy->len; i++) {
        if (copy->start[i] == '`') {
            copy->start[i] = '\'';
        }
    }

    s.data = copy->start;
    s.len = copy->len;

    ngx_slack_text_lines(w->text, &s);
}


/* A value on one line, for a text that is not shown as markup. */

static void
ngx_slack_template_plain(ngx_slack_text_t *text, ngx_str_t *value)
{
    ngx_slack_text_label(text, value, value->len);
}


/* Closes a fence that was left open because the text is full. */

static void
ngx_slack_template_close(ngx_slack_text_t *text, size_t from)
{
    u_char      *p, *last;
    ngx_uint_t   open;

    p = text->start + from;
    last = text->start + text->len;

    for (open = 0; last - p >= 3; p++) {

        if (p[0] != '`' || p[1] != '`' || p[2] != '`') {
            continue;
        }

        open ^= 1;

        while (p + 1 < last && p[1] == '`') {
            p++;
        }
    }

    if (open) {
        ngx_slack_text_append(text, (u_char *) "\n```",
                              NGX_SLACK_TEMPLATE_FENCE);
    }
}


ngx_uint_t
ngx_slack_template_blank(ngx_slack_text_t *text)
{
    size_t  i;

    for (i = 0; i < text->len; i++) {
        if (text->start[i] > ' ') {
            return 0;
        }
    }

    return 1;
}
