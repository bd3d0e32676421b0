
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The people that a message names, from the values of "member" to places in a
 * stored message, and from places to mentions.  Knows no events.  Runs in any
 * thread, appending in that of the text's pool.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_cc.h>


#define NGX_SLACK_CC_ID_MIN  9              /* characters */

/* code points of a mention whose ID is not known yet */
#define NGX_SLACK_CC_FOUND   16


#define NGX_SLACK_CC_MARK    3              /* bytes */

static u_char  ngx_slack_cc_open[] = "\xef\xb7\x90";     /* U+FDD0 */
static u_char  ngx_slack_cc_part[] = "\xef\xb7\x91";
static u_char  ngx_slack_cc_close[] = "\xef\xb7\x92";


static ngx_slack_cc_kind_e ngx_slack_cc_id(ngx_str_t *value);
static ngx_uint_t ngx_slack_cc_address(ngx_str_t *value);
static ngx_uint_t ngx_slack_cc_noreply(ngx_str_t *value);
static u_char *ngx_slack_cc_find(u_char *p, u_char *last, u_char *mark);
static size_t ngx_slack_cc_write(ngx_slack_text_t *text, ngx_slack_cc_t *cc,
    size_t max);


ngx_slack_cc_kind_e
ngx_slack_cc_kind(ngx_str_t *value)
{
    ngx_slack_cc_kind_e  kind;

    kind = ngx_slack_cc_id(value);

    if (kind == NGX_SLACK_CC_NOBODY && ngx_slack_cc_address(value)
        && !ngx_slack_cc_noreply(value))
    {
        kind = NGX_SLACK_CC_ADDRESS;
    }

    return kind;
}


static ngx_slack_cc_kind_e
ngx_slack_cc_id(ngx_str_t *value)
{
    size_t  i;
    u_char  c;

    if (value->len < NGX_SLACK_CC_ID_MIN || value->len > NGX_SLACK_CC_ID) {
        return NGX_SLACK_CC_NOBODY;
    }

    for (i = 0; i < value->len; i++) {
        c = value->data[i];

        if ((c < 'A' || c > 'Z') && (c < '0' || c > '9')) {
            return NGX_SLACK_CC_NOBODY;
        }
    }

    switch (value->data[0]) {

    case 'U':
    case 'W':
        return NGX_SLACK_CC_MEMBER;

    case 'S':
        return NGX_SLACK_CC_GROUP;

    default:
        return NGX_SLACK_CC_NOBODY;
    }
}


/*
 * Only what is common in addresses: none of the others needs an escape in a
 * form or in JSON.
 */

static ngx_uint_t
ngx_slack_cc_address(ngx_str_t *value)
{
    size_t      i;
    u_char      c;
    ngx_uint_t  at, dot;

    if (value->len > NGX_SLACK_CC_EMAIL) {
        return 0;
    }

    at = 0;
    dot = 0;

    for (i = 0; i < value->len; i++) {
        c = value->data[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9') || c == '-')
        {
            continue;
        }

        if (c == '.') {
            dot = at;
            continue;
        }

        if (c == '@' && !at && i) {
            at = 1;
            continue;
        }

        if (at || (c != '_' && c != '+' && c != '\'' && c != '%' && c != '='
                   && c != '~'))
        {
            return 0;
        }
    }

    return dot && value->data[value->len - 1] != '.';
}


/* GitHub's, GitLab's and Gitea's for who hides the own address, and others */

static ngx_uint_t
ngx_slack_cc_noreply(ngx_str_t *value)
{
    size_t      i, k;
    ngx_uint_t  n;

    static ngx_str_t  words[] = {
        ngx_string("noreply"),
        ngx_string("no-reply"),
        ngx_string("donotreply"),
        ngx_string("do-not-reply")
    };

    for (n = 0; n < sizeof(words) / sizeof(ngx_str_t); n++) {
        for (i = 0; i + words[n].len <= value->len; i++) {

            for (k = 0; k < words[n].len; k++) {
                if (ngx_tolower(value->data[i + k]) != words[n].data[k]) {
                    break;
                }
            }

            if (k == words[n].len) {
                return 1;
            }
        }
    }

    return 0;
}


size_t
ngx_slack_cc_append(ngx_slack_text_t *text, ngx_array_t *cc,
    const char *before, size_t max, size_t room)
{
    u_char             buf[512];
    size_t             chars, shown;
    ngx_uint_t         i, n;
    ngx_slack_cc_t    *person;
    ngx_slack_text_t   one;

    ngx_slack_text_init(&one, NULL, buf, sizeof(buf), NGX_SLACK_TEXT_NO_LIMIT);

    person = cc->elts;
    shown = 0;
    n = 0;

    for (i = 0; i < cc->nelts && n < NGX_SLACK_CC_MAX; i++) {

        ngx_slack_text_reset(&one, NGX_SLACK_TEXT_NO_LIMIT);

        chars = ngx_slack_cc_write(&one, &person[i], max);

        if (chars == 0) {
            continue;
        }

        chars += n ? 2 : ngx_strlen(before);

        if (chars > room - shown) {
            continue;
        }

        if (n++ == 0) {
            ngx_slack_text_append(text, (u_char *) before, ngx_strlen(before));

        } else {
            ngx_slack_text_append(text, (u_char *) ", ", 2);
        }

        ngx_slack_text_append(text, one.start, one.len);

        shown += chars;
    }

    if (one.failed) {
        text->failed = 1;
        text->full = 1;
    }

    ngx_slack_text_done(&one);

    return shown;
}


/*
 * Writes a place, or only the name.  Returns how many code points of it are
 * shown at most; 0: nothing of it can be seen.
 */

static size_t
ngx_slack_cc_write(ngx_slack_text_t *text, ngx_slack_cc_t *cc, size_t max)
{
    size_t  chars, mention, mark;

    if (cc->kind != NGX_SLACK_CC_NOBODY) {
        ngx_slack_text_append(text, ngx_slack_cc_open, NGX_SLACK_CC_MARK);
        ngx_slack_text_append(text, cc->token.data, cc->token.len);
        ngx_slack_text_append(text, ngx_slack_cc_part, NGX_SLACK_CC_MARK);
    }

    mark = text->len;
    chars = ngx_slack_text_chars(text);

    ngx_slack_text_typed(text, &cc->name, max);

    if (text->len == mark) {
        return 0;
    }

    chars = ngx_slack_text_chars(text) - chars;

    if (cc->kind == NGX_SLACK_CC_NOBODY) {
        return chars;
    }

    ngx_slack_text_append(text, ngx_slack_cc_close, NGX_SLACK_CC_MARK);

    switch (cc->kind) {

    case NGX_SLACK_CC_MEMBER:
        mention = sizeof("<@>") - 1 + cc->token.len;
        break;

    case NGX_SLACK_CC_GROUP:
        mention = sizeof("<!subteam^>") - 1 + cc->token.len;
        break;

    default:
        mention = NGX_SLACK_CC_FOUND;
    }

    return ngx_max(chars, mention);
}


ngx_int_t
ngx_slack_cc_next(ngx_str_t *message, size_t *pos, ngx_slack_cc_place_t *place)
{
    u_char  *p, *last, *part, *end;

    p = message->data + *pos;
    last = message->data + message->len;

    p = ngx_slack_cc_find(p, last, ngx_slack_cc_open);

    if (p == NULL) {
        return NGX_DONE;
    }

    place->start = p;
    p += NGX_SLACK_CC_MARK;

    part = ngx_slack_cc_find(p, last, ngx_slack_cc_part);

    if (part == NULL) {
        return NGX_DONE;
    }

    place->token.data = p;
    place->token.len = part - p;

    p = part + NGX_SLACK_CC_MARK;

    end = ngx_slack_cc_find(p, last, ngx_slack_cc_close);

    if (end == NULL) {
        return NGX_DONE;
    }

    place->name.data = p;
    place->name.len = end - p;
    place->end = end + NGX_SLACK_CC_MARK;

    *pos = place->end - message->data;

    return NGX_OK;
}


/*
 * Finds a mark.  Few texts have its first byte, and memchr() is much faster
 * than memmem(): each message that is posted is looked through.
 */

static u_char *
ngx_slack_cc_find(u_char *p, u_char *last, u_char *mark)
{
    while (p < last) {

        p = memchr(p, mark[0], last - p);

        if (p == NULL || last - p < NGX_SLACK_CC_MARK) {
            return NULL;
        }

        if (p[1] == mark[1] && p[2] == mark[2]) {
            return p;
        }

        p++;
    }

    return NULL;
}


ngx_uint_t
ngx_slack_cc_places(ngx_str_t *message)
{
    size_t                pos;
    ngx_uint_t            n;
    ngx_slack_cc_place_t  place;

    pos = 0;

    for (n = 0; ngx_slack_cc_next(message, &pos, &place) == NGX_OK; n++) {
        /* void */
    }

    return n;
}


ngx_int_t
ngx_slack_cc_resolve(ngx_str_t *message, ngx_slack_cc_pt whom, void *data,
    ngx_str_t *copy)
{
    u_char                *p, *from, id[NGX_SLACK_CC_ID];
    size_t                 pos, len;
    ngx_slack_cc_place_t   place;

    copy->data = malloc(message->len + 1 + ngx_slack_cc_places(message)
                                           * (NGX_SLACK_CC_ID + 16));
    if (copy->data == NULL) {
        return NGX_ERROR;
    }

    p = copy->data;
    from = message->data;
    pos = 0;

    while (ngx_slack_cc_next(message, &pos, &place) == NGX_OK) {

        p = ngx_cpymem(p, from, place.start - from);
        from = place.end;

        len = whom ? whom(&place, id, data) : 0;

        p = len ? ngx_slack_cc_mention(p, id, len)
                : ngx_cpymem(p, place.name.data, place.name.len);
    }

    p = ngx_cpymem(p, from, message->data + message->len - from);

    copy->len = p - copy->data;

    return NGX_OK;
}


u_char *
ngx_slack_cc_mention(u_char *p, u_char *id, size_t len)
{
    if (id[0] == 'S') {
        p = ngx_cpymem(p, "<!subteam^", sizeof("<!subteam^") - 1);

    } else {
        p = ngx_cpymem(p, "<@", sizeof("<@") - 1);
    }

    p = ngx_cpymem(p, id, len);
    *p++ = '>';

    return p;
}
