
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Parses the templates of the configuration.  Runs in the master when the
 * configuration is read.
 */


#include <ngx_slack_template_private.h>
#include <ngx_slack_list.h>


#define NGX_SLACK_TEMPLATE_SHOWN  40         /* code points in errors */


typedef struct {
    ngx_pool_t                  *pool;
    ngx_slack_template_t        *template;
    ngx_str_t                   *where;
    u_char                      *last;
    ngx_array_t                 *parts;      /* that parts are added to */
    ngx_uint_t                   ticks;      /* in inline code */
    ngx_uint_t                   fence;
} ngx_slack_template_parser_t;


static char *ngx_slack_template_clean(ngx_slack_template_parser_t *t,
    ngx_str_t *source);
static char *ngx_slack_template_ticks(ngx_slack_template_parser_t *t,
    u_char **p);
static char *ngx_slack_template_ampersand(ngx_slack_template_parser_t *t,
    u_char **p);
static char *ngx_slack_template_variable(ngx_slack_template_parser_t *t,
    u_char **p, u_char *last, ngx_slack_template_kind_e kind,
    ngx_str_t *text);
static char *ngx_slack_template_brackets(ngx_slack_template_parser_t *t,
    u_char **p);
static char *ngx_slack_template_link(ngx_slack_template_parser_t *t,
    u_char *p, u_char *end);
static char *ngx_slack_template_texts(ngx_slack_template_parser_t *t,
    u_char *p, u_char *last, ngx_array_t **parts);
static char *ngx_slack_template_add(ngx_slack_template_parser_t *t,
    ngx_slack_template_kind_e kind, u_char *p, u_char *last);
static ngx_slack_template_part_t *ngx_slack_template_push(
    ngx_slack_template_parser_t *t, ngx_slack_template_kind_e kind);
static char *ngx_slack_template_wrong(ngx_slack_template_parser_t *t,
    u_char *p, char *reason);


static char  ngx_slack_template_no_memory[] = "no memory for \"%V\"";


char *
ngx_slack_template_parse(ngx_pool_t *pool, ngx_str_t *source,
    ngx_slack_template_t *template, ngx_str_t *where)
{
    char                         *err;
    u_char                       *p, *begin;
    ngx_slack_template_parser_t   t;

    ngx_memzero(&t, sizeof(ngx_slack_template_parser_t));

    *where = *source;

    t.pool = pool;
    t.template = template;
    t.where = where;
    t.last = source->data + source->len;
    t.parts = &template->parts;

    if (ngx_array_init(&template->parts, pool, 8,
                       sizeof(ngx_slack_template_part_t))
        != NGX_OK
        || ngx_array_init(&template->variables, pool, 4,
                          sizeof(ngx_slack_template_variable_t))
           != NGX_OK)
    {
        return ngx_slack_template_no_memory;
    }

    template->source = *source;

    err = ngx_slack_template_clean(&t, source);

    for (p = source->data; err == NULL && p < t.last; /* void */) {

        switch (*p) {

        case '$':
            err = ngx_slack_template_variable(&t, &p, t.last,
                                              NGX_SLACK_TEMPLATE_VARIABLE,
                                              NULL);
            break;

        case '<':
            err = ngx_slack_template_brackets(&t, &p);
            break;

        case '&':
            err = ngx_slack_template_ampersand(&t, &p);
            break;

        case '`':
            err = ngx_slack_template_ticks(&t, &p);
            break;

        default:
            begin = p;

            while (p < t.last && strchr("$<&`", *p) == NULL) {

                /* inline code ends with its line */

                t.ticks = (*p++ == LF) ? 0 : t.ticks;
            }

            err = ngx_slack_template_add(&t, NGX_SLACK_TEMPLATE_TEXT, begin,
                                         p);
        }
    }

    return err;
}


static char *
ngx_slack_template_clean(ngx_slack_template_parser_t *t, ngx_str_t *source)
{
    u_char  *p, *scrubbed;

    if (ngx_slack_text_prefix(source->data, source->len,
                              NGX_SLACK_TEMPLATE_MAX)
        < source->len)
    {
        return ngx_slack_template_wrong(t, source->data,
                                        "more than 3000 characters begin "
                                        "with \"%V\"");
    }

    for (p = source->data; p < t->last; p++) {
        if (*p < ' ' && *p != LF && *p != '\t') {
            return ngx_slack_template_wrong(t, source->data,
                                            "a control character is in "
                                            "\"%V\"");
        }
    }

    scrubbed = ngx_pnalloc(t->pool, 3 * source->len + 1);
    if (scrubbed == NULL) {
        return ngx_slack_template_no_memory;
    }

    if (ngx_slack_text_scrub(scrubbed, source->data, source->len)
        != source->len
        || ngx_memcmp(scrubbed, source->data, source->len) != 0)
    {
        return ngx_slack_template_wrong(t, source->data,
                                        "\"%V\" is not valid UTF-8");
    }

    return NULL;
}


static char *
ngx_slack_template_ticks(ngx_slack_template_parser_t *t, u_char **p)
{
    u_char  *begin;

    begin = *p;

    while (*p < t->last && **p == '`') {
        (*p)++;
    }

    if (*p - begin >= 3) {
        t->fence ^= 1;
        t->ticks = 0;
        t->template->fence = 1;

    } else if (!t->fence) {
        t->ticks ^= 1;
    }

    return ngx_slack_template_add(t, NGX_SLACK_TEMPLATE_ENTITY, begin, *p);
}


/* An ampersand that begins no entity is an entity from here on. */

static char *
ngx_slack_template_ampersand(ngx_slack_template_parser_t *t, u_char **p)
{
    size_t   len;
    u_char  *begin;

    static u_char  amp[] = "&amp;";

    begin = *p;
    len = ngx_slack_template_entity(begin, t->last);

    *p += len ? len : 1;

    return len ? ngx_slack_template_add(t, NGX_SLACK_TEMPLATE_ENTITY, begin,
                                        begin + len)
               : ngx_slack_template_add(t, NGX_SLACK_TEMPLATE_ENTITY, amp,
                                        amp + sizeof(amp) - 1);
}


/* Reads "$name" or "${name}", as nginx does. */

static char *
ngx_slack_template_variable(ngx_slack_template_parser_t *t, u_char **p,
    u_char *last, ngx_slack_template_kind_e kind, ngx_str_t *text)
{
    u_char                         *begin, *lower;
    ngx_str_t                       name;
    ngx_uint_t                      i, braces;
    ngx_slack_template_part_t      *part;
    ngx_slack_template_variable_t  *variable;

    begin = *p;
    name.data = begin + 1;

    braces = (name.data < last && *name.data == '{');
    name.data += braces;

    for (*p = name.data; *p < last; (*p)++) {
        if ((**p < '0' || **p > '9') && **p != '_'
            && ((**p | 0x20) < 'a' || (**p | 0x20) > 'z'))
        {
            break;
        }
    }

    name.len = *p - name.data;

    if (braces && (*p == last || *(*p)++ != '}')) {
        return ngx_slack_template_wrong(t, begin,
                                        "the closing bracket of the variable "
                                        "is missing in \"%V\"");
    }

    if (name.len == 0) {
        return ngx_slack_template_wrong(t, begin,
                                        "\"$\" begins no name of a variable "
                                        "in \"%V\"");
    }

    if (name.data[0] >= '0' && name.data[0] <= '9') {
        return ngx_slack_template_wrong(t, begin,
                                        "a numbered capture is not there any "
                                        "more when a message is written, use "
                                        "one with a name instead of \"%V\"");
    }

    /* names of variables are in small letters */

    lower = ngx_pnalloc(t->pool, name.len);
    if (lower == NULL) {
        return ngx_slack_template_no_memory;
    }

    for (i = 0; i < name.len; i++) {
        lower[i] = (u_char) ngx_tolower(name.data[i]);
    }

    variable = t->template->variables.elts;

    for (i = 0; i < t->template->variables.nelts; i++) {
        if (variable[i].name.len == name.len
            && ngx_memcmp(variable[i].name.data, lower, name.len) == 0)
        {
            break;
        }
    }

    if (i == t->template->variables.nelts) {

        variable = ngx_array_push(&t->template->variables);
        if (variable == NULL) {
            return ngx_slack_template_no_memory;
        }

        variable->name.len = name.len;
        variable->name.data = lower;
        variable->list = ngx_slack_list_find(&variable->name);
        variable->index = NGX_ERROR;
    }

    part = ngx_slack_template_push(t, kind);
    if (part == NULL) {
        return ngx_slack_template_no_memory;
    }

    part->variable = i;
    part->code = (t->ticks || t->fence);

    if (text) {
        part->text = *text;
    }

    return NULL;
}


static char *
ngx_slack_template_brackets(ngx_slack_template_parser_t *t, u_char **p)
{
    char                           *err;
    u_char                         *begin, *end, *q;
    ngx_slack_template_token_t      token;
    const ngx_slack_template_id_t  *id;

    begin = *p;
    end = ngx_strlchr(begin, t->last, '>');
    q = ngx_strlchr(begin + 1, end ? end : t->last, '<');

    if (end == NULL || q) {
        return ngx_slack_template_wrong(t, begin,
                                        "\"<\" has no \">\" in \"%V\", write "
                                        "\"&lt;\" for the character itself");
    }

    *p = end + 1;

    id = ngx_slack_template_id(begin, end);

    if (id) {
        q = begin + id->begin.len;

        if (*q == '$') {
            err = ngx_slack_template_variable(t, &q, end,
                                              NGX_SLACK_TEMPLATE_ID,
                                              (ngx_str_t *) &id->begin);
            if (err || q == end) {
                return err;
            }

        } else if (ngx_slack_template_token(begin, end, &token) == NGX_OK) {
            return ngx_slack_template_add(t, NGX_SLACK_TEMPLATE_MENTION, begin,
                                          end + 1);
        }

        return ngx_slack_template_wrong(t, begin,
                                        "there must be an ID, such as "
                                        "U024BE7LH, or one variable and "
                                        "nothing else between \"<\" and \">\" "
                                        "of \"%V\"");
    }

    if (begin[1] == '!') {

        if (ngx_slack_template_token(begin, end, &token) == NGX_OK) {
            return ngx_slack_template_add(t, NGX_SLACK_TEMPLATE_MENTION, begin,
                                          end + 1);
        }

        return ngx_slack_template_wrong(t, begin,
                                        "only \"<!here>\", \"<!channel>\", "
                                        "\"<!everyone>\" and "
                                        "\"<!subteam^ID>\" may begin with "
                                        "\"<!\", not \"%V\"");
    }

    return ngx_slack_template_link(t, begin, end);
}


static char *
ngx_slack_template_link(ngx_slack_template_parser_t *t, u_char *p, u_char *end)
{
    char                       *err;
    u_char                     *begin, *bar, *q;
    ngx_slack_template_part_t  *part;

    begin = p++;
    bar = ngx_strlchr(p, end, '|');

    if (*p != '$'
        && ngx_strncmp(p, "https://", 8) != 0
        && ngx_strncmp(p, "http://", 7) != 0
        && ngx_strncmp(p, "mailto:", 7) != 0)
    {
        return ngx_slack_template_wrong(t, begin,
                                        "a link must begin with \"https://\", "
                                        "\"http://\", \"mailto:\" or a "
                                        "variable, not \"%V\"");
    }

    if (bar && ngx_strlchr(bar + 1, end, '|')) {
        return ngx_slack_template_wrong(t, begin,
                                        "a link has a second \"|\" in "
                                        "\"%V\"");
    }

    for (q = p; q < end; q++) {
        if (*q < ' ' || (*q == ' ' && (bar == NULL || q < bar))) {
            return ngx_slack_template_wrong(t, begin,
                                            "a link has a space in its URL "
                                            "or a line break in \"%V\"");
        }
    }

    part = ngx_slack_template_push(t, NGX_SLACK_TEMPLATE_LINK);
    if (part == NULL) {
        return ngx_slack_template_no_memory;
    }

    err = ngx_slack_template_texts(t, p, bar ? bar : end, &part->url);

    if (err == NULL && bar) {
        err = ngx_slack_template_texts(t, bar + 1, end, &part->label);
    }

    return err;
}


/* Reads the URL or the label of a link: variables, and texts, decoded. */

static char *
ngx_slack_template_texts(ngx_slack_template_parser_t *t, u_char *p,
    u_char *last, ngx_array_t **parts)
{
    char         *err;
    u_char       *begin, *text;
    ngx_array_t  *outer;

    *parts = ngx_array_create(t->pool, 2, sizeof(ngx_slack_template_part_t));
    if (*parts == NULL) {
        return ngx_slack_template_no_memory;
    }

    outer = t->parts;
    t->parts = *parts;
    err = NULL;

    while (err == NULL && p < last) {

        if (*p == '$') {
            err = ngx_slack_template_variable(t, &p, last,
                                              NGX_SLACK_TEMPLATE_VARIABLE,
                                              NULL);
            continue;
        }

        for (begin = p; p < last && *p != '$'; p++) { /* void */ }

        text = ngx_pnalloc(t->pool, p - begin);
        if (text == NULL) {
            err = ngx_slack_template_no_memory;
            break;
        }

        err = ngx_slack_template_add(t, NGX_SLACK_TEMPLATE_TEXT, text,
                                     ngx_slack_template_decode(text, begin,
                                                               p));
    }

    t->parts = outer;

    return err;
}


static char *
ngx_slack_template_add(ngx_slack_template_parser_t *t,
    ngx_slack_template_kind_e kind, u_char *p, u_char *last)
{
    ngx_slack_template_part_t  *part;

    part = ngx_slack_template_push(t, kind);
    if (part == NULL) {
        return ngx_slack_template_no_memory;
    }

    part->text.data = p;
    part->text.len = last - p;

    return NULL;
}


static ngx_slack_template_part_t *
ngx_slack_template_push(ngx_slack_template_parser_t *t,
    ngx_slack_template_kind_e kind)
{
    ngx_slack_template_part_t  *part;

    part = ngx_array_push(t->parts);
    if (part == NULL) {
        return NULL;
    }

    ngx_memzero(part, sizeof(ngx_slack_template_part_t));
    part->kind = kind;

    return part;
}


/* Shows where the error is: the beginning of what is wrong, on one line. */

static char *
ngx_slack_template_wrong(ngx_slack_template_parser_t *t, u_char *p,
    char *reason)
{
    u_char  *q;

    for (q = p; q < t->last && *q != LF; q++) { /* void */ }

    t->where->data = p;
    t->where->len = ngx_slack_text_prefix(p, q - p, NGX_SLACK_TEMPLATE_SHOWN);

    return reason;
}
