
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Markup of people: entities of HTML.  Runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_markdown_private.h>


#define NGX_SLACK_ENTITY_MAX  9           /* bytes between "&" and ";" */


typedef struct {
    ngx_str_t   name;
    uint32_t    code;
} ngx_slack_entity_t;


static ngx_int_t ngx_slack_markdown_number(u_char *p, u_char *last,
    uint32_t *code);
static ngx_int_t ngx_slack_markdown_allowed(uint32_t *code);


/* by how often they are seen */

static const ngx_slack_entity_t  ngx_slack_entities[] = {
    { ngx_string("nbsp"), ' ' },
    { ngx_string("amp"), '&' },
    { ngx_string("lt"), '<' },
    { ngx_string("gt"), '>' },
    { ngx_string("quot"), '"' },
    { ngx_string("apos"), '\'' },
    { ngx_string("mdash"), 0x2014 },
    { ngx_string("ndash"), 0x2013 },
    { ngx_string("hellip"), 0x2026 },
    { ngx_string("rarr"), 0x2192 },
    { ngx_string("larr"), 0x2190 },
    { ngx_string("uarr"), 0x2191 },
    { ngx_string("darr"), 0x2193 },
    { ngx_string("harr"), 0x2194 },
    { ngx_string("rArr"), 0x21d2 },
    { ngx_string("bull"), 0x2022 },
    { ngx_string("middot"), 0xb7 },
    { ngx_string("copy"), 0xa9 },
    { ngx_string("reg"), 0xae },
    { ngx_string("trade"), 0x2122 },
    { ngx_string("lsquo"), 0x2018 },
    { ngx_string("rsquo"), 0x2019 },
    { ngx_string("ldquo"), 0x201c },
    { ngx_string("rdquo"), 0x201d },
    { ngx_string("laquo"), 0xab },
    { ngx_string("raquo"), 0xbb },
    { ngx_string("times"), 0xd7 },
    { ngx_string("divide"), 0xf7 },
    { ngx_string("plusmn"), 0xb1 },
    { ngx_string("le"), 0x2264 },
    { ngx_string("ge"), 0x2265 },
    { ngx_string("ne"), 0x2260 },
    { ngx_string("asymp"), 0x2248 },
    { ngx_string("infin"), 0x221e },
    { ngx_string("minus"), 0x2212 },
    { ngx_string("deg"), 0xb0 },
    { ngx_string("micro"), 0xb5 },
    { ngx_string("sect"), 0xa7 },
    { ngx_string("para"), 0xb6 },
    { ngx_string("euro"), 0x20ac },
    { ngx_string("pound"), 0xa3 },
    { ngx_string("yen"), 0xa5 },
    { ngx_string("cent"), 0xa2 },
    { ngx_string("check"), 0x2713 },
    { ngx_string("cross"), 0x2717 },
    { ngx_string("auml"), 0xe4 },
    { ngx_string("ouml"), 0xf6 },
    { ngx_string("uuml"), 0xfc },
    { ngx_string("Auml"), 0xc4 },
    { ngx_string("Ouml"), 0xd6 },
    { ngx_string("Uuml"), 0xdc },
    { ngx_string("szlig"), 0xdf },
    { ngx_string("eacute"), 0xe9 },
    { ngx_string("egrave"), 0xe8 },
    { ngx_string("agrave"), 0xe0 },
    { ngx_string("ccedil"), 0xe7 },
    { ngx_string("ntilde"), 0xf1 },
    { ngx_string("aring"), 0xe5 },
    { ngx_string("oslash"), 0xf8 },
    { ngx_string("ensp"), ' ' },
    { ngx_string("emsp"), ' ' },
    { ngx_string("thinsp"), ' ' },
    { ngx_string("lbrack"), '[' },
    { ngx_string("rbrack"), ']' },
    { ngx_string("lpar"), '(' },
    { ngx_string("rpar"), ')' },
    { ngx_string("num"), '#' },
    { ngx_string("vert"), '|' },
    { ngx_string("ast"), '*' },
    { ngx_string("lowbar"), '_' },
    { ngx_string("bsol"), '\\' },
    { ngx_string("commat"), '@' },
    { ngx_string("colon"), ':' },
    { ngx_string("shy"), 0 },
    { ngx_string("zwnj"), 0 },
    { ngx_string("zwj"), 0 },
    { ngx_null_string, 0 }
};


u_char *
ngx_slack_markdown_entity(u_char *p, u_char *last, uint32_t *code)
{
    u_char                    *name, *end;
    size_t                     len;
    const ngx_slack_entity_t  *entity;

    name = p + 1;

    if (last - name > NGX_SLACK_ENTITY_MAX + 1) {
        last = name + NGX_SLACK_ENTITY_MAX + 1;
    }

    for (end = name; end < last && *end != ';'; end++) {
        if (*end <= ' ' || *end == '&') {
            return NULL;
        }
    }

    if (end == last || end == name) {
        return NULL;
    }

    if (*name == '#') {
        return (ngx_slack_markdown_number(name + 1, end, code) == NGX_OK)
               ? end + 1 : NULL;
    }

    len = end - name;

    for (entity = ngx_slack_entities; entity->name.len; entity++) {

        if (entity->name.len == len
            && ngx_memcmp(entity->name.data, name, len) == 0)
        {
            *code = entity->code;
            return end + 1;
        }
    }

    return NULL;
}


static ngx_int_t
ngx_slack_markdown_number(u_char *p, u_char *last, uint32_t *code)
{
    u_char    ch;
    uint32_t  n, radix, digit;

    radix = 10;

    if (p < last && (*p | 0x20) == 'x') {
        radix = 16;
        p++;
    }

    if (p == last) {
        return NGX_DECLINED;
    }

    for (n = 0; p < last; p++) {
        ch = *p;

        if (ngx_slack_markdown_is_digit(ch)) {
            digit = ch - '0';

        } else if (radix == 16 && (ch | 0x20) >= 'a' && (ch | 0x20) <= 'f') {
            digit = (ch | 0x20) - 'a' + 10;

        } else {
            return NGX_DECLINED;
        }

        n = n * radix + digit;

        if (n > 0x10ffff) {
            return NGX_DECLINED;
        }
    }

    *code = n;

    return ngx_slack_markdown_allowed(code);
}


/*
 * The same that are removed from any text: what comes as an entity has not
 * been seen by ngx_slack_text_scrub().
 */

static ngx_int_t
ngx_slack_markdown_allowed(uint32_t *code)
{
    uint32_t  n;

    n = *code;

    if (n == '\t' || n == LF || n == CR || n == 0xa0 || n == 0x2028
        || n == 0x2029)
    {
        *code = ' ';
        return NGX_OK;
    }

    if (n < ' ' || (n >= 0x7f && n < 0xa0) || (n >= 0xd800 && n < 0xe000)
        || (n & 0xfffe) == 0xfffe || (n >= 0xfdd0 && n < 0xfdf0))
    {
        return NGX_DECLINED;
    }

    /* what is not seen or reorders text */

    if (n == 0xad || (n >= 0x200b && n <= 0x200f)
        || (n >= 0x202a && n <= 0x202e) || (n >= 0x2060 && n <= 0x206f)
        || n == 0xfeff)
    {
        *code = 0;
    }

    /* a fence would not be known to be one */

    if (n == '`') {
        *code = '\'';
    }

    return NGX_OK;
}


u_char *
ngx_slack_markdown_utf8(u_char *dst, uint32_t code)
{
    if (code < 0x80) {
        *dst++ = (u_char) code;
        return dst;
    }

    if (code < 0x800) {
        *dst++ = (u_char) (0xc0 | code >> 6);

    } else if (code < 0x10000) {
        *dst++ = (u_char) (0xe0 | code >> 12);
        *dst++ = (u_char) (0x80 | (code >> 6 & 0x3f));

    } else {
        *dst++ = (u_char) (0xf0 | code >> 18);
        *dst++ = (u_char) (0x80 | (code >> 12 & 0x3f));
        *dst++ = (u_char) (0x80 | (code >> 6 & 0x3f));
    }

    *dst++ = (u_char) (0x80 | (code & 0x3f));

    return dst;
}
