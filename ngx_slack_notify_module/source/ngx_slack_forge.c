
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What forges have in common.  Knows events; no sender, not Slack.  Runs in
 * the event loop.
 */


#include <ngx_slack_forge.h>
#include <ngx_slack_text.h>


#define NGX_SLACK_FORGE_SHA  8

/*
 * More labels and people than an object has.  Limits the work of comparing
 * them, which is quadratic.
 */
#define NGX_SLACK_FORGE_NAMES_MAX  100


static ngx_int_t ngx_slack_forge_only(ngx_slack_event_t *event,
    ngx_pool_t *pool, ngx_slack_edit_e what, ngx_array_t *from,
    ngx_array_t *without);


ngx_uint_t
ngx_slack_forge_zero(ngx_str_t *sha)
{
    size_t  i;

    if (sha->len != 40 && sha->len != 64) {
        return 0;
    }

    for (i = 0; i < sha->len; i++) {
        if (sha->data[i] != '0') {
            return 0;
        }
    }

    return 1;
}


ngx_str_t
ngx_slack_forge_sha(ngx_str_t *sha)
{
    ngx_str_t  s;

    s.data = sha->data;
    s.len = ngx_slack_text_prefix(sha->data, sha->len, NGX_SLACK_FORGE_SHA);

    return s;
}


void
ngx_slack_forge_ref(ngx_slack_event_t *event, ngx_str_t *full)
{
    ngx_str_t  *refs;

    static ngx_str_t  heads = ngx_string("refs/heads/");
    static ngx_str_t  tags = ngx_string("refs/tags/");

    refs = event->tag ? &tags : &heads;

    event->ref = *full;

    if (event->ref.len > refs->len
        && ngx_memcmp(event->ref.data, refs->data, refs->len) == 0)
    {
        event->ref.data += refs->len;
        event->ref.len -= refs->len;
    }
}


void
ngx_slack_forge_push(ngx_slack_event_t *event)
{
    if (event->removed) {
        ngx_str_set(&event->action, "delete");

    } else if (event->created) {
        ngx_str_set(&event->action, "create");

    } else {
        ngx_str_set(&event->action, "update");
    }
}


void
ngx_slack_forge_pushed(ngx_slack_event_t *event)
{
    ngx_uint_t           i;
    ngx_slack_commit_t  *commit;

    commit = event->commits.elts;

    for (i = 0; i < event->commits.nelts; i++) {
        commit[i].title = ngx_slack_text_first_line(&commit[i].title);
    }

    event->total_commits = ngx_max(event->total_commits,
                                   event->commits.nelts);

    if (event->commits.nelts) {
        event->title = commit[event->commits.nelts - 1].title;
    }

    if (event->removed) {
        event->url = event->project_url;

    } else {
        event->url = event->created ? event->ref_url : event->compare_url;
    }
}


ngx_int_t
ngx_slack_forge_url(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_str_t *url, char *path, ngx_str_t *tail)
{
    u_char     *p;
    size_t      len;
    ngx_str_t  *base;

    base = &event->project_url;

    if (base->len == 0 || tail->len == 0) {
        return NGX_OK;
    }

    len = ngx_strlen(path);

    url->data = ngx_pnalloc(pool, base->len + len + 3 * tail->len);
    if (url->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(url->data, base->data, base->len);
    p = ngx_cpymem(p, path, len);
    p = ngx_slack_text_escape_path(p, tail->data, tail->len);

    url->len = p - url->data;

    return NGX_OK;
}


ngx_int_t
ngx_slack_forge_user_page(ngx_slack_event_t *event, ngx_pool_t *pool)
{
    u_char  *p;
    size_t   len;

    len = event->project_url.len;

    if (event->user_url.len
        || event->user.len == 0
        || event->project.len == 0
        || len <= event->project.len + 1
        || event->project_url.data[len - event->project.len - 1] != '/'
        || ngx_memcmp(event->project_url.data + len - event->project.len,
                      event->project.data, event->project.len)
           != 0)
    {
        return NGX_OK;
    }

    len -= event->project.len;

    event->user_url.data = ngx_pnalloc(pool, len + 3 * event->user.len);
    if (event->user_url.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(event->user_url.data, event->project_url.data, len);
    p = ngx_slack_text_escape_path(p, event->user.data, event->user.len);

    event->user_url.len = p - event->user_url.data;

    return NGX_OK;
}


ngx_int_t
ngx_slack_forge_target(ngx_slack_event_t *event, ngx_pool_t *pool,
    char *type, u_char sign, ngx_str_t *number, ngx_str_t *title)
{
    u_char  *p;

    event->type.data = (u_char *) type;
    event->type.len = ngx_strlen(type);
    event->title = *title;
    event->number = *number;

    if (number->len == 0) {
        return NGX_OK;
    }

    if (sign == 0 || sign == '$') {

        /* commits and snippets have no labels */

        event->told |= NGX_SLACK_SUBJECT_LABELS;
    }

    if (sign == 0) {
        event->number = ngx_slack_forge_sha(number);
        event->target = event->number;

        return NGX_OK;
    }

    event->target.len = 1 + number->len;
    event->target.data = ngx_pnalloc(pool, event->target.len);
    if (event->target.data == NULL) {
        return NGX_ERROR;
    }

    p = event->target.data;

    *p++ = sign;
    ngx_memcpy(p, event->number.data, event->number.len);

    return NGX_OK;
}


ngx_int_t
ngx_slack_forge_request(ngx_slack_event_t *event, ngx_pool_t *pool,
    u_char sign, ngx_str_t *number)
{
    u_char  *p;

    if (number->len == 0) {
        return NGX_OK;
    }

    event->request.len = 1 + number->len;
    event->request.data = ngx_pnalloc(pool, event->request.len);
    if (event->request.data == NULL) {
        return NGX_ERROR;
    }

    p = event->request.data;

    *p++ = sign;
    ngx_memcpy(p, number->data, number->len);

    return NGX_OK;
}


size_t
ngx_slack_forge_draft(ngx_str_t *title)
{
    size_t      len;
    ngx_str_t  *prefix;

    static ngx_str_t  prefixes[] = {
        ngx_string("Draft:"), ngx_string("[Draft]"), ngx_string("(Draft)"),
        ngx_string("WIP:"), ngx_string("[WIP]"),
        ngx_null_string
    };

    for (prefix = prefixes; prefix->len; prefix++) {
        if (title->len >= prefix->len
            && ngx_strncasecmp(title->data, prefix->data, prefix->len) == 0)
        {
            for (len = prefix->len; len < title->len; len++) {
                if (title->data[len] != ' ') {
                    break;
                }
            }

            return len;
        }
    }

    return 0;
}


void
ngx_slack_forge_bare(ngx_str_t *title)
{
    size_t  mark;

    mark = ngx_slack_forge_draft(title);

    if (mark) {
        title->data += mark;
        title->len -= mark;
    }
}


ngx_int_t
ngx_slack_forge_add(ngx_array_t *list, ngx_str_t *string, ngx_pool_t *pool)
{
    ngx_str_t  *s;

    if (list->elts == NULL
        && ngx_array_init(list, pool, 4, sizeof(ngx_str_t)) != NGX_OK)
    {
        return NGX_ERROR;
    }

    s = ngx_array_push(list);
    if (s == NULL) {
        return NGX_ERROR;
    }

    *s = *string;

    return NGX_OK;
}


ngx_int_t
ngx_slack_forge_edit(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_slack_edit_e what, ngx_str_t *name)
{
    ngx_slack_edit_t  *edit;

    if (event->edits.elts == NULL
        && ngx_array_init(&event->edits, pool, 4, sizeof(ngx_slack_edit_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    edit = ngx_array_push(&event->edits);
    if (edit == NULL) {
        return NGX_ERROR;
    }

    edit->what = what;

    if (name) {
        edit->name = *name;

    } else {
        ngx_str_null(&edit->name);
    }

    return NGX_OK;
}


ngx_int_t
ngx_slack_forge_compare(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_slack_edit_e what, ngx_slack_edit_e without, ngx_array_t *before,
    ngx_array_t *after)
{
    if (before->nelts > NGX_SLACK_FORGE_NAMES_MAX
        || after->nelts > NGX_SLACK_FORGE_NAMES_MAX)
    {
        return ngx_slack_forge_edit(event, pool, what, NULL);
    }

    if (ngx_slack_forge_only(event, pool, what, after, before) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_forge_only(event, pool, without, before, after);
}


static ngx_int_t
ngx_slack_forge_only(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_slack_edit_e what, ngx_array_t *from, ngx_array_t *without)
{
    ngx_str_t   *a, *b;
    ngx_uint_t   i, j;

    a = from->elts;
    b = without->elts;

    for (i = 0; i < from->nelts; i++) {

        for (j = 0; j < without->nelts; j++) {
            if (ngx_slack_equal(&a[i], &b[j])) {
                break;
            }
        }

        if (j == without->nelts
            && a[i].len
            && ngx_slack_forge_edit(event, pool, what, &a[i]) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
