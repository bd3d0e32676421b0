
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The variables $slack_….  Each row of the table is a variable; variables for
 * the payload's fields share the prefix "slack_json_".  Runs in the
 * event loop.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_list.h>


static ngx_int_t ngx_slack_http_variable_event(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_slack_http_variable_kind(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_slack_http_variable_branch(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_slack_http_variable_status(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_slack_http_variable_reason(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_slack_http_variable_messages(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_slack_http_variable_id(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_slack_http_variable_person(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_slack_http_variable_json(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_slack_http_variable_list(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_slack_http_variable_foreign(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_str_t *s);
static ngx_int_t ngx_slack_http_variable_string(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, ngx_str_t *value);
static ngx_int_t ngx_slack_http_variable_number(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, int64_t n);


static ngx_http_variable_t  ngx_slack_http_variables[] = {

    { ngx_string("slack_status"), NULL, ngx_slack_http_variable_status, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("slack_reason"), NULL, ngx_slack_http_variable_reason, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("slack_messages"), NULL, ngx_slack_http_variable_messages, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("slack_id"), NULL, ngx_slack_http_variable_id, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("slack_event"), NULL, ngx_slack_http_variable_kind, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("slack_action"), NULL, ngx_slack_http_variable_event,
      offsetof(ngx_slack_event_t, action), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("slack_project"), NULL, ngx_slack_http_variable_event,
      offsetof(ngx_slack_event_t, project), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("slack_user"), NULL, ngx_slack_http_variable_event,
      offsetof(ngx_slack_event_t, user), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("slack_branch"), NULL, ngx_slack_http_variable_branch, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("slack_title"), NULL, ngx_slack_http_variable_event,
      offsetof(ngx_slack_event_t, title), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("slack_url"), NULL, ngx_slack_http_variable_event,
      offsetof(ngx_slack_event_t, url), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("slack_object"), NULL, ngx_slack_http_variable_event,
      offsetof(ngx_slack_event_t, object), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("slack_person"), NULL, ngx_slack_http_variable_person,
      offsetof(ngx_slack_person_t, username), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("slack_person_name"), NULL, ngx_slack_http_variable_person,
      offsetof(ngx_slack_person_t, name), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("slack_person_email"), NULL, ngx_slack_http_variable_person,
      offsetof(ngx_slack_person_t, email), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string(NGX_SLACK_JSON_PREFIX), NULL, ngx_slack_http_variable_json,
      0, NGX_HTTP_VAR_NOCACHEABLE|NGX_HTTP_VAR_PREFIX, 0 },

      ngx_http_null_variable
};


ngx_int_t
ngx_slack_http_add_variables(ngx_conf_t *cf)
{
    ngx_str_t             name;
    ngx_uint_t            i;
    ngx_http_variable_t  *var, *v;

    for (v = ngx_slack_http_variables; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    for (i = 0; ngx_slack_lists[i].name.len; i++) {
        name = ngx_slack_lists[i].name;

        var = ngx_http_add_variable(cf, &name, NGX_HTTP_VAR_NOCACHEABLE);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = ngx_slack_http_variable_list;
        var->data = i;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_http_variable_event(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_slack_http_ctx_t  *ctx;

    ctx = ngx_slack_http_ctx(r);

    if (ctx == NULL || ctx->event == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    return ngx_slack_http_variable_string(r, v,
                           (ngx_str_t *) ((u_char *) ctx->event + data));
}


static ngx_int_t
ngx_slack_http_variable_kind(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t              name;
    ngx_slack_http_ctx_t  *ctx;

    ctx = ngx_slack_http_ctx(r);

    if (ctx == NULL || ctx->event == NULL || ctx->event->kind == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    name = ngx_slack_kinds[ctx->event->kind].name;

    return ngx_slack_http_variable_string(r, v, &name);
}


static ngx_int_t
ngx_slack_http_variable_branch(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_slack_http_ctx_t  *ctx;

    ctx = ngx_slack_http_ctx(r);

    if (ctx == NULL || ctx->event == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    return ngx_slack_http_variable_string(r, v,
                                          ctx->event->ref.len
                                          ? &ctx->event->ref
                                          : &ctx->event->target_branch);
}


static ngx_int_t
ngx_slack_http_variable_status(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_slack_http_ctx_t  *ctx;

    ctx = ngx_slack_http_ctx(r);

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    return ngx_slack_http_variable_string(r, v,
                                       &ngx_slack_http_results[ctx->status]);
}


static ngx_int_t
ngx_slack_http_variable_reason(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_slack_http_ctx_t  *ctx;

    ctx = ngx_slack_http_ctx(r);

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    return ngx_slack_http_variable_string(r, v, &ctx->reason);
}


static ngx_int_t
ngx_slack_http_variable_messages(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_slack_http_ctx_t  *ctx;

    ctx = ngx_slack_http_ctx(r);

    if (ctx == NULL || ctx->status == NGX_SLACK_RESULT_NONE) {
        v->not_found = 1;
        return NGX_OK;
    }

    if (ctx->status != NGX_SLACK_RESULT_QUEUED) {
        return ngx_slack_http_variable_number(r, v, 0);
    }

    return ngx_slack_http_variable_number(r, v, (int64_t) ctx->messages);
}


static ngx_int_t
ngx_slack_http_variable_id(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_slack_http_ctx_t  *ctx;

    ctx = ngx_slack_http_ctx(r);

    if (ctx == NULL
        || (ctx->status != NGX_SLACK_RESULT_QUEUED
            && ctx->status != NGX_SLACK_RESULT_DUPLICATE))
    {
        v->not_found = 1;
        return NGX_OK;
    }

    return ngx_slack_http_variable_number(r, v, ctx->entry->id);
}


/* The person that "member" is evaluated for; there is none at other times. */

static ngx_int_t
ngx_slack_http_variable_person(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_slack_http_ctx_t  *ctx;

    ctx = ngx_slack_http_ctx(r);

    if (ctx == NULL || ctx->person == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    return ngx_slack_http_variable_string(r, v,
                          (ngx_str_t *) ((u_char *) ctx->person + data));
}


/* The values at a path, separated by commas if there are several. */

static ngx_int_t
ngx_slack_http_variable_json(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t  *name = (ngx_str_t *) data;

    u_char                  *p;
    size_t                   len;
    ngx_str_t                s;
    ngx_uint_t               i;
    ngx_slack_http_ctx_t    *ctx;
    ngx_slack_main_conf_t   *smcf;
    ngx_slack_conf_field_t  *field;
    ngx_slack_json_value_t  *first, *value;

    v->not_found = 1;

    ctx = ngx_slack_http_ctx(r);

    if (ctx == NULL || ctx->event == NULL) {
        return NGX_OK;
    }

    smcf = ngx_http_get_module_main_conf(r, ngx_slack_notify_module);

    field = smcf->fields.elts;

    for (i = 0; i < smcf->fields.nelts; i++) {
        if (ngx_slack_equal(&field[i].name, name)) {
            break;
        }
    }

    if (i == smcf->fields.nelts) {
        return NGX_OK;
    }

    first = ngx_slack_json_values(ctx->json, field[i].slots[ctx->set]);

    if (first == NULL) {
        return NGX_OK;
    }

    v->not_found = 0;

    if (first->next == NULL) {
        return ngx_slack_http_variable_string(r, v, &first->text);
    }

    len = 0;

    for (value = first; value; value = value->next) {
        len += value->text.len + 1;
    }

    s.data = ngx_pnalloc(r->pool, len);
    if (s.data == NULL) {
        return NGX_ERROR;
    }

    p = s.data;

    for (value = first; value; value = value->next) {
        p = ngx_cpymem(p, value->text.data, value->text.len);
        *p++ = ',';
    }

    s.len = len - 1;

    return ngx_slack_http_variable_string(r, v, &s);
}


static ngx_int_t
ngx_slack_http_variable_list(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t              value;
    ngx_slack_http_ctx_t  *ctx;

    ctx = ngx_slack_http_ctx(r);

    if (ctx == NULL || ctx->event == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    if (ngx_slack_list_value(data, ctx->event, 0, r->pool, &value) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_slack_http_variable_string(r, v, &value);
}


/* The value as a mention may have it. */

static ngx_int_t
ngx_slack_http_variable_foreign(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_str_t *s)
{
    ngx_slack_text_t  text;

    ngx_slack_text_init(&text, r->pool, NULL, 0, NGX_SLACK_TEXT_NO_LIMIT);
    ngx_slack_text_receiver(&text, ctx->foreign);

    ngx_slack_template_foreign(&text, s);

    if (text.failed) {
        return NGX_ERROR;
    }

    s->data = text.start;
    s->len = text.len;

    return NGX_OK;
}


/*
 * A variable may be used in a header of the answer or of a request to an
 * upstream, where a line feed from the sender would start another header.
 * Replace control characters with spaces.
 */

static ngx_int_t
ngx_slack_http_variable_string(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, ngx_str_t *value)
{
    size_t                 i;
    u_char                *p;
    ngx_str_t             *s, escaped;
    ngx_slack_http_ctx_t  *ctx;

    s = value;

    if (s->len == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    ctx = ngx_slack_http_ctx(r);

    if (ctx && ctx->foreign) {
        escaped = *value;
        s = &escaped;

        if (ngx_slack_http_variable_foreign(r, ctx, s) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    v->len = (unsigned) s->len & 0xfffffff;
    v->data = s->data;
    v->valid = 1;
    v->no_cacheable = 1;
    v->not_found = 0;

    for (i = 0; i < s->len; i++) {
        if (s->data[i] < ' ' || s->data[i] == 0x7f) {
            break;
        }
    }

    if (i == s->len) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, s->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    v->data = p;

    for (i = 0; i < s->len; i++) {
        p[i] = (s->data[i] < ' ' || s->data[i] == 0x7f) ? ' ' : s->data[i];
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_http_variable_number(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, int64_t n)
{
    ngx_str_t  s;

    s.data = ngx_pnalloc(r->pool, NGX_INT64_LEN);
    if (s.data == NULL) {
        return NGX_ERROR;
    }

    s.len = ngx_sprintf(s.data, "%L", n) - s.data;

    return ngx_slack_http_variable_string(r, v, &s);
}
