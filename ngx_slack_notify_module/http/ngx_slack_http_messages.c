
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The messages of an event: one for each channel that a route sends it to,
 * and what each is to its thread.  Runs in the event loop.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_equal.h>


/*
 * Attachments that were made for an event.  Routes with the same receiver and
 * format share one, but not those that have words of their own.
 */

typedef struct {
    ngx_str_t                   shared[NGX_SLACK_RECEIVER_MAX]
                                      [NGX_SLACK_FORMAT_MAX];
    ngx_slack_conf_route_t     *asked;       /* the last one with people */
    ngx_array_t                *cc;          /* whom it names, */
    ngx_uint_t                  known;       /* and how many are known */
    ngx_slack_conf_route_t     *route;       /* the last one with words */
    ngx_slack_own_t             own;
    ngx_str_t                   bodies[NGX_SLACK_FORMAT_MAX];
} ngx_slack_http_bodies_t;


static ngx_int_t ngx_slack_http_target(ngx_array_t *targets,
    ngx_slack_conf_route_t *route, ngx_str_t *channel, ngx_uint_t changed,
    ngx_uint_t known);
static ngx_slack_http_target_t *ngx_slack_http_target_find(
    ngx_array_t *targets, ngx_slack_conf_route_t *route, ngx_str_t *channel);
static ngx_int_t ngx_slack_http_body(ngx_http_request_t *r,
    ngx_slack_http_ctx_t *ctx, ngx_slack_conf_route_t *route,
    ngx_uint_t format, ngx_array_t *cc, ngx_slack_http_bodies_t *bodies,
    ngx_str_t *body);
static ngx_uint_t ngx_slack_http_format(ngx_slack_conf_route_t *route,
    ngx_slack_new_part_t *part);


ngx_int_t
ngx_slack_http_targets(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_array_t *targets, ngx_slack_conf_route_t *route, ngx_uint_t changed,
    ngx_uint_t known, ngx_array_t **named)
{
    ngx_str_t       *channel, none;
    ngx_uint_t       i, n;
    ngx_array_t     *people;
    ngx_slack_cc_t  *person;

    ngx_str_null(&none);

    n = route->channels->nelts;
    channel = route->channels->elts;

    if (n == 0 && route->named == NULL) {

        /* The webhook determines the channel. */

        n = 1;
        channel = &none;
    }

    for (i = 0; i < n; i++) {

        if (route->direct && channel[i].data[0] == '@') {
            continue;
        }

        if (ngx_slack_http_target(targets, route, &channel[i], changed, known)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (route->named) {

        if (ngx_slack_http_channels(r, ctx, route, known, named) != NGX_OK) {
            return NGX_ERROR;
        }

        channel = (*named)->elts;

        for (i = 0; i < (*named)->nelts; i++) {
            if (ngx_slack_http_target(targets, route, &channel[i], changed,
                                      known)
                != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    if (route->direct == 0 || known) {
        return NGX_OK;
    }

    if (ngx_slack_http_people(r, ctx, route, route->direct, &people, &n)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    person = n ? people->elts : NULL;

    for (i = 0; i < n; i++) {
        if (person[i].kind == NGX_SLACK_CC_MEMBER
            && ngx_slack_http_target(targets, route, &person[i].token, changed,
                                     0)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_http_target(ngx_array_t *targets, ngx_slack_conf_route_t *route,
    ngx_str_t *channel, ngx_uint_t changed, ngx_uint_t known)
{
    ngx_slack_http_target_t  *target;

    target = ngx_slack_http_target_find(targets, route, channel);

    if (target == NULL) {
        target = ngx_array_push(targets);
        if (target == NULL) {
            return NGX_ERROR;
        }

        target->route = route;
        target->channel = *channel;
        target->nowhere = (channel->len == 1
                           && channel->data[0]
                              == NGX_SLACK_OUTBOX_NOWHERE[0]);
        target->changed = changed ? 1 : 0;
        target->known = known ? 1 : 0;

    } else if (target->known && !known) {

        /* The first route that takes the event takes precedence. */

        target->route = route;
        target->changed = changed ? 1 : 0;
        target->known = 0;

    } else if (!changed && !known) {

        /* So does one that takes it unconditionally. */

        target->changed = 0;
    }

    return NGX_OK;
}


static ngx_slack_http_target_t *
ngx_slack_http_target_find(ngx_array_t *targets, ngx_slack_conf_route_t *route,
    ngx_str_t *channel)
{
    ngx_uint_t                i;
    ngx_slack_http_target_t  *target;

    target = targets->elts;

    for (i = 0; i < targets->nelts; i++) {
        if (target[i].route->workspace == route->workspace
            && ngx_slack_equal(&target[i].channel, channel))
        {
            return &target[i];
        }
    }

    return NULL;
}


ngx_int_t
ngx_slack_http_messages(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_array_t *targets, ngx_array_t *messages)
{
    ngx_int_t                 rc;
    ngx_str_t                 body;
    ngx_uint_t                i, k, history;
    ngx_array_t              *cc;
    ngx_slack_new_part_t      part;
    ngx_slack_conf_route_t   *route;
    ngx_slack_http_bodies_t   bodies;
    ngx_slack_http_target_t  *target;
    ngx_slack_new_message_t  *message;

    ngx_memzero(&bodies, sizeof(ngx_slack_http_bodies_t));

    target = targets->elts;

    for (i = 0; i < targets->nelts; i++) {

        route = target[i].route;

        rc = ngx_slack_http_thread(r, ctx, route, &part, &history);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (rc == NGX_DECLINED
            || (target[i].known && part.part != NGX_SLACK_NEW_STATE))
        {
            continue;
        }

        if (target[i].known) {
            part.known = 1;
            history = 0;
        }

        if (target[i].nowhere) {

            /* it has no thread, and is told once */

            ngx_memzero(&part, sizeof(ngx_slack_new_part_t));
            history = 0;
        }

        cc = NULL;

        if (route->people && !target[i].known) {

            /* several channels of a route come one after the other */

            if (bodies.asked != route) {
                bodies.asked = route;

                if (ngx_slack_http_people(r, ctx, route, route->people,
                                          &bodies.cc, &bodies.known)
                    != NGX_OK)
                {
                    return NGX_ERROR;
                }
            }

            cc = bodies.cc;

            if (bodies.known && part.part == NGX_SLACK_NEW_STATE) {

                /* a change of the root notifies nobody, a reply does */

                history = 1;
            }
        }

        for (k = 0; k <= history; k++) {

            if (ngx_slack_http_body(r, ctx, route,
                                    ngx_slack_http_format(route, &part), cc,
                                    &bodies, &body)
                != NGX_OK)
            {
                return NGX_ERROR;
            }

            message = ngx_array_push(messages);
            if (message == NULL) {
                return NGX_ERROR;
            }

            message->workspace = route->workspace->name;
            message->channel = target[i].channel;
            ngx_str_null(&message->dead);
            message->envelope = route->envelope;
            message->body = body;
            message->changed = target[i].changed;
            message->part = part;

            if (target[i].nowhere) {
                ngx_str_set(&message->dead, "channel");
                break;
            }

            /*
             * "pipelines changed" asks whether to announce a state; what was
             * announced must not lie.
             */

            message->part.always = (ctx->event->kind
                                    == NGX_SLACK_EVENT_PIPELINE);

            part.part = NGX_SLACK_NEW_HISTORY;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_http_body(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx,
    ngx_slack_conf_route_t *route, ngx_uint_t format, ngx_array_t *cc,
    ngx_slack_http_bodies_t *bodies, ngx_str_t *body)
{
    ngx_int_t   rc;
    ngx_str_t  *made;
    ngx_uint_t  receiver;

    rc = NGX_OK;
    receiver = route->workspace->receiver;

    if (route->messages == NULL && route->mention == NULL && cc == NULL) {
        made = &bodies->shared[receiver][format];

        if (made->len == 0) {
            rc = ngx_slack_message_attachment(ctx->event, receiver, format,
                                              r->pool, made);
        }

        *body = *made;

        return rc;
    }

    if (bodies->route != route || bodies->own.cc != cc) {
        bodies->route = route;
        ngx_memzero(bodies->bodies, sizeof(bodies->bodies));

        if (ngx_slack_http_own(r, ctx, route, &bodies->own) != NGX_OK) {
            return NGX_ERROR;
        }

        bodies->own.cc = cc;
    }

    made = &bodies->bodies[format];

    if (made->len == 0) {
        rc = ngx_slack_message_own(ctx->event, receiver, format, &bodies->own,
                                   r->pool, made);
    }

    *body = *made;

    return rc;
}


/*
 * A card shows how an object stands.  A reply tells what happened to it, and
 * does so in full below the card; one that may become the root is a card, too.
 */

static ngx_uint_t
ngx_slack_http_format(ngx_slack_conf_route_t *route,
    ngx_slack_new_part_t *part)
{
    if (route->format != NGX_SLACK_FORMAT_CARD) {
        return route->format;
    }

    if (part->part == NGX_SLACK_NEW_HISTORY
        || (part->part == NGX_SLACK_NEW_REPLY && !part->whole))
    {
        return NGX_SLACK_FORMAT_FULL;
    }

    return NGX_SLACK_FORMAT_CARD;
}
