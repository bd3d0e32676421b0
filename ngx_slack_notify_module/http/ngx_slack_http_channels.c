
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The channels of a route that have variables: their values for an event, and
 * where it goes if they are none.  Runs in the event loop.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_zone.h>


/* words of a value that are looked at */
#define NGX_SLACK_HTTP_WORDS    100

/* characters of a value that a line of the log shows */
#define NGX_SLACK_HTTP_SHOWN    60

/* of the rare lines of channels: routes by their line, and names */
#define NGX_SLACK_HTTP_WARNED   (NGX_SLACK_RARE_CAUSES - 1)
#define NGX_SLACK_HTTP_NAMES    (NGX_SLACK_RARE_CAUSES - 1)


/* why a value is no channel */

typedef struct {
    ngx_slack_conf_named_t     *named;       /* NULL: all are */
    ngx_str_t                   value;       /* the word, or nothing */
    const char                 *why;
    ngx_uint_t                  cause;       /* of the rare line */
} ngx_slack_http_wrong_t;


static ngx_int_t ngx_slack_http_value_channels(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_conf_route_t *route,
    ngx_slack_conf_named_t *named, ngx_array_t *channels,
    ngx_slack_http_wrong_t *wrong);
static const char *ngx_slack_http_add_channel(ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_array_t *channels, ngx_str_t *channel,
    ngx_uint_t *cause);
static ngx_int_t ngx_slack_http_instead(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_conf_route_t *route,
    ngx_array_t *channels, ngx_slack_http_wrong_t *wrong);
static void ngx_slack_http_wrong(ngx_log_t *log,
    ngx_slack_conf_route_t *route, ngx_slack_http_wrong_t *wrong,
    const char *instead);


ngx_int_t
ngx_slack_http_channels(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_uint_t known, ngx_array_t **list)
{
    ngx_uint_t               i;
    ngx_array_t             *channels;
    ngx_slack_conf_named_t  *named;
    ngx_slack_http_wrong_t   wrong;

    channels = ngx_array_create(r->pool, 2, sizeof(ngx_str_t));
    if (channels == NULL) {
        return NGX_ERROR;
    }

    *list = channels;

    ngx_memzero(&wrong, sizeof(ngx_slack_http_wrong_t));

    named = route->named->elts;

    for (i = 0; i < route->named->nelts; i++) {
        if (ngx_slack_http_value_channels(r, ctx, route, &named[i], channels,
                                          &wrong)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (wrong.named == NULL || known) {
        return NGX_OK;
    }

    return ngx_slack_http_instead(r, ctx, route, channels, &wrong);
}


/* Adds the channels of a value; sets "wrong" if it has any other word. */

static ngx_int_t
ngx_slack_http_value_channels(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_slack_conf_named_t *named,
    ngx_array_t *channels, ngx_slack_http_wrong_t *wrong)
{
    u_char       buf[NGX_SLACK_CHANNEL_SIZE];
    ngx_str_t    value, word, name, *channel;
    ngx_uint_t   n, cause;
    const char  *why;

    if (ngx_http_complex_value(r, &named->value, &value) != NGX_OK) {
        return NGX_ERROR;
    }

    for (n = 0; /* void */ ; n++) {

        cause = route->line % NGX_SLACK_HTTP_WARNED;
        word = ngx_slack_channel_next(&value);

        if (word.len == 0 && n) {
            return NGX_OK;
        }

        if (word.len == 0) {
            why = "it is empty, let a \"map\" have a default";

        } else if (n == NGX_SLACK_HTTP_WORDS) {
            why = "the list is too long, a route has at most 10 channels";

        } else {
            why = ngx_slack_channel_check(route->workspace, &word, buf, &name);
        }

        if (why == NULL) {

            if (ngx_slack_channel_listed(route->channels, &name)
                || ngx_slack_channel_listed(channels, &name))
            {
                continue;
            }

            why = ngx_slack_http_add_channel(ctx, route, channels, &name,
                                             &cause);
        }

        if (why) {
            if (wrong->named == NULL) {
                wrong->named = named;
                wrong->value = word;
                wrong->why = why;
                wrong->cause = cause;
            }

            if (word.len == 0 || n == NGX_SLACK_HTTP_WORDS) {
                return NGX_OK;
            }

            continue;
        }

        channel = ngx_array_push(channels);
        if (channel == NULL) {
            return NGX_ERROR;
        }

        channel->len = name.len;
        channel->data = ngx_pstrdup(r->pool, &name);

        if (channel->data == NULL) {
            return NGX_ERROR;
        }
    }
}


/* Whether there is room for one more; returns NULL, or why there is none. */

static const char *
ngx_slack_http_add_channel(ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_array_t *channels, ngx_str_t *channel,
    ngx_uint_t *cause)
{
    if (route->channels->nelts + channels->nelts >= NGX_SLACK_CHANNELS_MAX) {
        return "a route has at most 10 channels";
    }

    if (!ctx->explain
        && ngx_slack_names_take(ngx_slack_zone_names(),
                                &route->workspace->name, channel, ngx_time())
           != NGX_OK)
    {
        *cause = NGX_SLACK_HTTP_NAMES;

        return "variables have given the workspace 10000 other channels, see "
               "to it that senders do not choose their names";
    }

    return NULL;
}


/*
 * Where an event goes if a value is no channel: to the workspace's.  Nobody
 * has allowed these to read what is confidential.
 */

static ngx_int_t
ngx_slack_http_instead(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_array_t *channels,
    ngx_slack_http_wrong_t *wrong)
{
    ngx_str_t              *channel, *name, none;
    ngx_uint_t              i, n, nowhere;
    const char             *instead;
    ngx_slack_workspace_t  *ws;

    ws = route->workspace;
    nowhere = 1;

    ngx_str_null(&none);

    n = ws->channels->nelts;
    name = ws->channels->elts;

    if (n == 0) {
        n = 1;
        name = &none;
    }

    if (ngx_slack_kinds[ctx->event->kind].confidential
        || ctx->event->confidential)
    {
        instead = "the event is confidential, and becomes a dead letter";

    } else if (ngx_slack_channel_served(ws, name) != NULL) {
        instead = "the workspace has no channel for it, and the event becomes "
                  "a dead letter";

    } else {
        instead = "the event goes to the channel of the workspace";
        nowhere = 0;
    }

    if (!ctx->explain) {
        ngx_slack_http_wrong(r->connection->log, route, wrong, instead);
    }

    if (nowhere) {
        ngx_str_set(&none, NGX_SLACK_OUTBOX_NOWHERE);

        n = 1;
        name = &none;
    }

    for (i = 0; i < n; i++) {

        if (ngx_slack_channel_listed(channels, &name[i])) {
            continue;
        }

        channel = ngx_array_push(channels);
        if (channel == NULL) {
            return NGX_ERROR;
        }

        *channel = name[i];
    }

    return NGX_OK;
}


/* At most one line a minute for a route, and one for too many names. */

static void
ngx_slack_http_wrong(ngx_log_t *log, ngx_slack_conf_route_t *route,
    ngx_slack_http_wrong_t *wrong, const char *instead)
{
    ngx_str_t    value, *shown;
    const char  *more;

    if (!ngx_slack_log_allowed(NGX_SLACK_RARE_CHANNEL, wrong->cause)) {
        return;
    }

    value = wrong->value;
    more = "";

    value.len = ngx_min(value.len, 4 * NGX_SLACK_HTTP_SHOWN);
    value.len = ngx_slack_text_prefix(value.data, value.len,
                                      NGX_SLACK_HTTP_SHOWN);

    if (value.len < wrong->value.len) {
        more = "...";
    }

    shown = ngx_slack_secret_word(&value);

    ngx_slack_log(NGX_LOG_WARN, log, 0,
                  "slack notify: the value \"%V%s\" of \"channel %V\" of the "
                  "slack_route in %V:%ui is no channel: %s; %s",
                  shown, more, &wrong->named->source, &route->file,
                  route->line, wrong->why, instead);
}
