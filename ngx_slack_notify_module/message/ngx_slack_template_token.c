
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The tokens and entities of Slack's markup.  Runs in any thread.
 */


#include <ngx_slack_template_private.h>


#define NGX_SLACK_TEMPLATE_ID_MIN  9         /* characters */
#define NGX_SLACK_TEMPLATE_ID_MAX  32


static ngx_uint_t ngx_slack_template_special(u_char *p, u_char *end);


static const ngx_slack_template_id_t  ngx_slack_template_ids[] = {
    { ngx_string("<@"), "UW" },
    { ngx_string("<#"), "CG" },
    { ngx_string("<!subteam^"), "S" },
    { ngx_null_string, NULL }
};


static const struct {
    ngx_str_t  entity;
    u_char     ch;
} ngx_slack_template_entities[] = {
    { ngx_string("&amp;"), '&' },
    { ngx_string("&lt;"), '<' },
    { ngx_string("&gt;"), '>' },
    { ngx_null_string, 0 }
};


const ngx_slack_template_id_t *
ngx_slack_template_id(u_char *p, u_char *last)
{
    const ngx_slack_template_id_t  *id;

    for (id = ngx_slack_template_ids; id->kinds; id++) {
        if ((size_t) (last - p) >= id->begin.len
            && ngx_memcmp(p, id->begin.data, id->begin.len) == 0)
        {
            return id;
        }
    }

    return NULL;
}


ngx_uint_t
ngx_slack_template_is_id(ngx_str_t *begin, ngx_str_t *value)
{
    size_t                          i;
    const ngx_slack_template_id_t  *id;

    id = ngx_slack_template_id(begin->data, begin->data + begin->len);

    if (id == NULL
        || value->len < NGX_SLACK_TEMPLATE_ID_MIN
        || value->len > NGX_SLACK_TEMPLATE_ID_MAX
        || strchr(id->kinds, value->data[0]) == NULL)
    {
        return 0;
    }

    for (i = 0; i < value->len; i++) {
        if ((value->data[i] < 'A' || value->data[i] > 'Z')
            && (value->data[i] < '0' || value->data[i] > '9'))
        {
            return 0;
        }
    }

    return 1;
}


ngx_int_t
ngx_slack_template_token(u_char *p, u_char *end,
    ngx_slack_template_token_t *token)
{
    u_char                         *bar;
    ngx_str_t                       value;
    const ngx_slack_template_id_t  *id;

    token->kind = NGX_SLACK_TEMPLATE_MENTION;
    token->whole.data = p;
    token->whole.len = end + 1 - p;

    id = ngx_slack_template_id(p, end);

    if (id) {
        value.data = p + id->begin.len;
        value.len = end - value.data;

        return ngx_slack_template_is_id((ngx_str_t *) &id->begin, &value)
               ? NGX_OK : NGX_DECLINED;
    }

    if (end - p < 2) {
        return NGX_DECLINED;
    }

    if (p[1] == '!') {
        return ngx_slack_template_special(p + 2, end) ? NGX_OK : NGX_DECLINED;
    }

    token->kind = NGX_SLACK_TEMPLATE_LINK;

    bar = ngx_strlchr(p, end, '|');

    token->url.data = p + 1;
    token->url.len = (bar ? bar : end) - (p + 1);

    token->label.data = bar ? bar + 1 : NULL;
    token->label.len = bar ? end - (bar + 1) : 0;

    for (p++; p < end; p++) {
        if (*p < ' ' || *p == '<' || (bar && p > bar && *p == '|')) {
            return NGX_DECLINED;
        }
    }

    return (ngx_strncmp(token->url.data, "http://", 7) == 0
            || ngx_strncmp(token->url.data, "https://", 8) == 0
            || ngx_strncmp(token->url.data, "mailto:", 7) == 0)
           ? NGX_OK : NGX_DECLINED;
}


static ngx_uint_t
ngx_slack_template_special(u_char *p, u_char *end)
{
    size_t        len;
    const char  **word;

    static const char  *words[] = { "here", "channel", "everyone", NULL };

    for (word = words; *word; word++) {
        len = ngx_strlen(*word);

        if ((size_t) (end - p) == len && ngx_memcmp(p, *word, len) == 0) {
            return 1;
        }
    }

    return 0;
}


void
ngx_slack_template_foreign(ngx_slack_text_t *text, ngx_str_t *value)
{
    if (ngx_slack_template_rings(value)) {
        ngx_slack_text_lit(text, NGX_SLACK_TEMPLATE_FOREIGN);
    }

    ngx_slack_text_label(text, value, value->len);
}


ngx_uint_t
ngx_slack_template_rings(ngx_str_t *value)
{
    size_t       i, n;
    u_char      *p, *last;
    ngx_uint_t   k;

    static ngx_str_t  begins[] = {
        ngx_string("<"),
        ngx_string("@"),
        ngx_string("#"),
        ngx_string("!"),
        ngx_string("subteam^"),
        ngx_null_string
    };

    p = value->data;
    last = p + value->len;

    for (k = 0; begins[k].len; k++) {
        n = begins[k].len;

        if ((size_t) (last - p) >= n
            && ngx_memcmp(p, begins[k].data, n) == 0)
        {
            p += n;
        }
    }

    if (ngx_slack_template_special(p, last)) {
        return 1;
    }

    n = last - p;

    for (i = 0; i < n; i++) {
        if ((p[i] < 'A' || p[i] > 'Z') && (p[i] < '0' || p[i] > '9')) {
            return 0;
        }
    }

    return n >= NGX_SLACK_TEMPLATE_ID_MIN;
}


size_t
ngx_slack_template_entity(u_char *p, u_char *last)
{
    ngx_uint_t        i;
    const ngx_str_t  *entity;

    for (i = 0; ngx_slack_template_entities[i].ch; i++) {
        entity = &ngx_slack_template_entities[i].entity;

        if ((size_t) (last - p) >= entity->len
            && ngx_memcmp(p, entity->data, entity->len) == 0)
        {
            return entity->len;
        }
    }

    return 0;
}


u_char *
ngx_slack_template_decode(u_char *dst, u_char *p, u_char *last)
{
    size_t      n;
    ngx_uint_t  i;

    while (p < last) {

        n = (*p == '&') ? ngx_slack_template_entity(p, last) : 0;

        if (n == 0) {
            *dst++ = *p++;
            continue;
        }

        for (i = 0; ngx_slack_template_entities[i].ch; i++) {
            if (ngx_slack_template_entities[i].entity.data[1] == p[1]) {
                *dst++ = ngx_slack_template_entities[i].ch;
                break;
            }
        }

        p += n;
    }

    return dst;
}
