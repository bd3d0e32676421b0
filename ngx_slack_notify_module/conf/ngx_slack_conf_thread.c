
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The directive "thread" of slack_route.  Runs in the master when the
 * configuration is read.
 */


#include <ngx_slack_conf.h>
#include <ngx_slack_equal.h>


#define NGX_SLACK_CONF_THREAD_KEEP  (30 * 24 * 60 * 60)     /* seconds */


static char *ngx_slack_conf_thread_broadcast(ngx_conf_t *cf,
    ngx_slack_conf_thread_t *thread, ngx_str_t *word, ngx_str_t *value);
static char *ngx_slack_conf_thread_key(ngx_conf_t *cf,
    ngx_slack_conf_thread_t *thread, ngx_str_t *value);
static char *ngx_slack_conf_thread_keep(ngx_conf_t *cf,
    ngx_slack_conf_thread_t *thread, ngx_str_t *word, ngx_str_t *value);
static char *ngx_slack_conf_thread_default(ngx_conf_t *cf,
    ngx_slack_conf_thread_t *thread);
static char *ngx_slack_conf_thread_invalid(ngx_conf_t *cf, ngx_str_t *word);


static ngx_conf_enum_t  ngx_slack_conf_thread_modes[] = {
    { ngx_string("off"), NGX_SLACK_THREAD_OFF },
    { ngx_string("reply"), NGX_SLACK_THREAD_REPLY },
    { ngx_string("update"), NGX_SLACK_THREAD_UPDATE },
    { ngx_string("both"), NGX_SLACK_THREAD_BOTH },
    { ngx_null_string, 0 }
};


char *
ngx_slack_conf_set_thread(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    char                     *rv;
    ngx_str_t                *value, s;
    ngx_uint_t                i;
    ngx_conf_enum_t          *mode;
    ngx_slack_conf_thread_t  *thread;

    thread = (ngx_slack_conf_thread_t *) (p + cmd->offset);

    if (thread->set) {
        return "is duplicate";
    }

    thread->set = 1;

    value = cf->args->elts;

    for (mode = ngx_slack_conf_thread_modes; mode->name.len; mode++) {
        if (ngx_slack_equal(&mode->name, &value[1])) {
            break;
        }
    }

    if (mode->name.len == 0) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "invalid value \"%V\" in \"thread\", it must be "
                           "\"off\", \"reply\", \"update\" or \"both\"",
                           ngx_slack_secret_word(&value[1]));
        return NGX_CONF_ERROR;
    }

    thread->mode = mode->value;

    if (thread->mode == NGX_SLACK_THREAD_OFF && cf->args->nelts > 2) {
        return "\"off\" takes no parameters";
    }

    for (i = 2; i < cf->args->nelts; i++) {

        s = value[i];

        if (ngx_strncmp(s.data, "broadcast=", 10) == 0) {
            s.data += 10;
            s.len -= 10;

            rv = ngx_slack_conf_thread_broadcast(cf, thread, &value[i], &s);

        } else if (ngx_strncmp(s.data, "key=", 4) == 0) {
            s.data += 4;
            s.len -= 4;

            rv = ngx_slack_conf_thread_key(cf, thread, &s);

        } else if (ngx_strncmp(s.data, "keep=", 5) == 0) {
            s.data += 5;
            s.len -= 5;

            rv = ngx_slack_conf_thread_keep(cf, thread, &value[i], &s);

        } else {
            rv = ngx_slack_conf_thread_invalid(cf, &value[i]);
        }

        if (rv != NGX_CONF_OK) {
            return rv;
        }
    }

    if (thread->keep == 0) {
        thread->keep = NGX_SLACK_CONF_THREAD_KEEP;
    }

    if (thread->broadcast || thread->none
        || thread->mode == NGX_SLACK_THREAD_OFF
        || thread->mode == NGX_SLACK_THREAD_REPLY)
    {
        return NGX_CONF_OK;
    }

    return ngx_slack_conf_thread_default(cf, thread);
}


/* Reads one or several events, separated by blanks, or "none". */

static char *
ngx_slack_conf_thread_broadcast(ngx_conf_t *cf,
    ngx_slack_conf_thread_t *thread, ngx_str_t *word, ngx_str_t *value)
{
    u_char     *p, *last;
    ngx_str_t   event;

    p = value->data;
    last = p + value->len;

    if (value->len == 4 && ngx_strncmp(p, "none", 4) == 0) {

        if (thread->broadcast || thread->none) {
            return "has \"broadcast=none\" beside another \"broadcast=\"";
        }

        thread->none = 1;

        return NGX_CONF_OK;
    }

    if (thread->none) {
        return "has \"broadcast=none\" beside another \"broadcast=\"";
    }

    if (thread->broadcast == NULL) {
        thread->broadcast = ngx_pcalloc(cf->pool, sizeof(ngx_slack_filter_t));
        if (thread->broadcast == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    for ( ;; ) {

        while (p < last && *p == ' ') {
            p++;
        }

        event.data = p;

        while (p < last && *p != ' ') {
            p++;
        }

        event.len = p - event.data;

        if (event.len == 0) {
            break;
        }

        if (ngx_slack_filter_add_event(cf, thread->broadcast, &event)
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    if (thread->broadcast->kinds == 0) {
        return ngx_slack_conf_thread_invalid(cf, word);
    }

    return NGX_CONF_OK;
}


static char *
ngx_slack_conf_thread_key(ngx_conf_t *cf, ngx_slack_conf_thread_t *thread,
    ngx_str_t *value)
{
    ngx_http_compile_complex_value_t  ccv;

    if (thread->key) {
        return "has a duplicate \"key=\"";
    }

    if (value->len == 0) {
        return "has an empty \"key=\", give it a value such as "
               "\"key=$slack_branch\"";
    }

    thread->key = ngx_pcalloc(cf->pool, sizeof(ngx_http_complex_value_t));
    if (thread->key == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = value;
    ccv.complex_value = thread->key;

    return (ngx_http_compile_complex_value(&ccv) == NGX_OK) ? NGX_CONF_OK
                                                            : NGX_CONF_ERROR;
}


static char *
ngx_slack_conf_thread_keep(ngx_conf_t *cf, ngx_slack_conf_thread_t *thread,
    ngx_str_t *word, ngx_str_t *value)
{
    ngx_int_t  rc, keep;

    if (thread->keep) {
        return "has a duplicate \"keep=\"";
    }

    rc = ngx_slack_conf_time(cf, word, value, 1, NGX_SLACK_CONF_DAYS, &keep);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_DECLINED || keep == 0) {
        return ngx_slack_conf_thread_invalid(cf, word);
    }

    thread->keep = (time_t) keep;

    return NGX_CONF_OK;
}


/*
 * A change notifies nobody, so failures are also posted unless the operator
 * says otherwise.
 */

static char *
ngx_slack_conf_thread_default(ngx_conf_t *cf, ngx_slack_conf_thread_t *thread)
{
    ngx_uint_t  i;

    static ngx_str_t  events[] = {
        ngx_string("pipeline:failed"),
        ngx_string("alert:triggered")
    };

    thread->broadcast = ngx_pcalloc(cf->pool, sizeof(ngx_slack_filter_t));
    if (thread->broadcast == NULL) {
        return NGX_CONF_ERROR;
    }

    for (i = 0; i < 2; i++) {
        if (ngx_slack_filter_add_event(cf, thread->broadcast, &events[i])
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    thread->by_default = 1;

    return NGX_CONF_OK;
}


void
ngx_slack_conf_thread_check(ngx_conf_t *cf, ngx_slack_conf_route_t *route)
{
    ngx_str_t                 never;
    ngx_slack_conf_thread_t  *thread;

    thread = &route->thread;

    if (thread->broadcast == NULL || thread->by_default
        || ngx_slack_filter_covers(&route->filter, thread->broadcast, &never)
           == NGX_OK)
    {
        return;
    }

    ngx_slack_log(NGX_LOG_WARN, cf->log, 0,
                  "\"broadcast=\" has \"%V\", which the route never takes in "
                  "%V:%ui", &never, &route->file, route->line);
}


ngx_int_t
ngx_slack_conf_thread_endpoint(ngx_conf_t *cf, ngx_slack_conf_route_t *route)
{
    if (route->thread.mode == NGX_SLACK_THREAD_OFF
        || route->workspace->bot_token.len)
    {
        return NGX_OK;
    }

    ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                  "\"thread\" needs the token of a Slack app, and workspace "
                  "\"%V\" has a webhook; give it a \"bot_token\", or leave "
                  "\"thread\" out in %V:%ui",
                  &route->workspace->name, &route->file, route->line);

    return NGX_ERROR;
}


static char *
ngx_slack_conf_thread_invalid(ngx_conf_t *cf, ngx_str_t *word)
{
    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "invalid parameter \"%V\" in \"thread\", see \"Inside "
                       "slack_route\" in the README",
                       ngx_slack_secret_word(word));

    return NGX_CONF_ERROR;
}
