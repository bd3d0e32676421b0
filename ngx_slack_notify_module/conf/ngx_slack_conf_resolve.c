
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Completes the configuration when all of it was read: workspaces of routes,
 * defaults, and the paths of payloads to capture.  Runs in the master.
 */


#include <ngx_slack_conf.h>
#include <ngx_slack_zone.h>


static ngx_int_t ngx_slack_conf_resolve_route(ngx_conf_t *cf,
    ngx_slack_main_conf_t      *smcf, ngx_slack_conf_route_t *route);
static ngx_int_t ngx_slack_conf_resolve_names(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);
static ngx_int_t ngx_slack_conf_route_variables(ngx_conf_t *cf,
    ngx_slack_conf_route_t *route);
static ngx_slack_json_paths_t *ngx_slack_conf_set(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);
static ngx_int_t ngx_slack_conf_reader(ngx_conf_t *cf, ngx_array_t *readers,
    ngx_slack_source_t *source, ngx_slack_json_paths_t *set,
    ngx_uint_t want);
static ngx_int_t ngx_slack_conf_match_slots(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf, ngx_slack_json_paths_t *set,
    ngx_uint_t n);


ngx_int_t
ngx_slack_conf_resolve(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf)
{
    ngx_str_t                 pool;
    ngx_uint_t                i;
    ngx_slack_conf_route_t  **route;

    route = smcf->routes.elts;

    for (i = 0; i < smcf->routes.nelts; i++) {
        if (ngx_slack_conf_resolve_route(cf, smcf, route[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (smcf->workspaces.nelts == 0) {
        return NGX_OK;
    }

    if (smcf->pool == NULL) {
        ngx_str_set(&pool, "default");

        smcf->pool = ngx_thread_pool_add(cf, &pool);

        if (smcf->pool == NULL) {
            return NGX_ERROR;
        }
    }

    if (ngx_slack_conf_resolve_outbox(cf, smcf) != NGX_OK) {
        return NGX_ERROR;
    }

    smcf->delivery.outbox = &smcf->outbox;
    smcf->delivery.workspaces = &smcf->workspaces;
    smcf->delivery.pool = smcf->pool;

    smcf->delivery.zone = ngx_slack_zone_add(cf, &ngx_slack_notify_module,
                                             &smcf->outbox);

    return smcf->delivery.zone ? ngx_slack_conf_resolve_names(cf, smcf)
                               : NGX_ERROR;
}


/* A table for each workspace that has channels with variables. */

static ngx_int_t
ngx_slack_conf_resolve_names(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf)
{
    ngx_uint_t                i, k, n;
    ngx_slack_workspace_t    *ws;
    ngx_slack_conf_route_t  **route;

    n = 0;
    ws = smcf->workspaces.elts;
    route = smcf->routes.elts;

    for (i = 0; i < smcf->workspaces.nelts; i++) {
        for (k = 0; k < smcf->routes.nelts; k++) {
            if (route[k]->named && route[k]->workspace == &ws[i]) {
                n++;
                break;
            }
        }
    }

    if (n == 0) {
        return NGX_OK;
    }

    smcf->delivery.names = ngx_slack_zone_add_names(cf,
                                                    &ngx_slack_notify_module,
                                                    n);

    return smcf->delivery.names ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_slack_conf_resolve_route(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf,
    ngx_slack_conf_route_t *route)
{
    ngx_slack_persona_t    *persona;
    ngx_slack_workspace_t  *ws;

    ws = ngx_slack_workspace_find(&smcf->workspaces, &route->workspace_name);

    if (ws == NULL) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "unknown workspace \"%V\", no slack_workspace in http "
                      "has that name in %V:%ui",
                      ngx_slack_secret_word(&route->workspace_name),
                      &route->file, route->line);
        return NGX_ERROR;
    }

    route->workspace = ws;

    if (route->channels == NULL) {
        route->channels = ws->channels;
    }

    if (ngx_slack_conf_people_workspace(cf, route) != NGX_OK
        || ngx_slack_conf_receiver_channels(cf, ws, route->channels,
                                            &route->file, route->line)
           != NGX_OK
        || ngx_slack_conf_receiver_named(cf, route) != NGX_OK
        || ngx_slack_conf_route_endpoints(cf, route) != NGX_OK
        || ngx_slack_conf_thread_endpoint(cf, route) != NGX_OK)
    {
        return NGX_ERROR;
    }

    persona = &route->persona;

    if (persona->username.data == NULL) {
        persona->username = ws->username;
    }

    if (persona->icon_emoji.data == NULL && persona->icon_url.data == NULL) {
        persona->icon_emoji = ws->icon_emoji;
        persona->icon_url = ws->icon_url;
    }

    if (persona->username.len || persona->icon_emoji.len
        || persona->icon_url.len)
    {
        ws->scopes |= NGX_SLACK_SCOPE_CUSTOMIZE;
    }

    return ngx_slack_message_envelope(persona, cf->pool, &route->envelope);
}


ngx_int_t
ngx_slack_conf_readers(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf)
{
    ngx_uint_t                i, want;
    ngx_slack_json_paths_t   *set, **sets;
    ngx_slack_conf_route_t  **route;

    want = ngx_slack_conf_has_variable(cf, "slack_object")
           ? NGX_SLACK_WANT_OBJECTS : 0;

    if (ngx_slack_conf_has_variable(cf, "slack_assignees")
        || ngx_slack_conf_has_variable(cf, "slack_reviewers"))
    {
        want |= NGX_SLACK_WANT_CARDS;
    }

    route = smcf->routes.elts;

    for (i = 0; i < smcf->routes.nelts; i++) {
        if (ngx_slack_conf_route_variables(cf, route[i]) != NGX_OK) {
            return NGX_ERROR;
        }

        if (route[i]->filter.paths.patterns.nelts) {
            want |= NGX_SLACK_WANT_FILES;
        }

        if (route[i]->thread.mode != NGX_SLACK_THREAD_OFF) {
            want |= NGX_SLACK_WANT_OBJECTS;
        }

        if (route[i]->format == NGX_SLACK_FORMAT_CARD) {
            want |= NGX_SLACK_WANT_CARDS;
        }

        if (route[i]->people || route[i]->direct) {
            want |= NGX_SLACK_WANT_PEOPLE;
            smcf->people = 1;
        }
    }

    for (i = 0; ngx_slack_sources[i]; i++) {

        set = ngx_slack_conf_set(cf, smcf);

        if (set == NULL
            || ngx_slack_conf_reader(cf, &smcf->readers, ngx_slack_sources[i],
                                     set, want)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    set = ngx_slack_conf_set(cf, smcf);
    if (set == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; ngx_slack_sources[i]; i++) {
        if (ngx_slack_conf_reader(cf, &smcf->any, ngx_slack_sources[i], set,
                                  want)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (ngx_slack_conf_find_fields(cf, smcf) != NGX_OK) {
        return NGX_ERROR;
    }

    sets = smcf->sets.elts;

    for (i = 0; i < smcf->sets.nelts; i++) {

        if (ngx_slack_conf_match_slots(cf, smcf, sets[i], i) != NGX_OK
            || ngx_slack_json_paths_compile(sets[i]) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_conf_route_variables(ngx_conf_t *cf, ngx_slack_conf_route_t *route)
{
    ngx_uint_t                 i;
    ngx_slack_conf_message_t  *message;

    message = route->mention;

    if (message
        && ngx_slack_conf_template_variables(cf, &message->template, "mention",
                                             &message->file, message->line)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (route->messages == NULL) {
        return NGX_OK;
    }

    message = route->messages->elts;

    for (i = 0; i < route->messages->nelts; i++) {
        if (ngx_slack_conf_template_variables(cf, &message[i].template,
                                              "message", &message[i].file,
                                              message[i].line)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_slack_json_paths_t *
ngx_slack_conf_set(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf)
{
    ngx_slack_json_paths_t  **set;

    set = ngx_array_push(&smcf->sets);
    if (set == NULL) {
        return NULL;
    }

    *set = ngx_slack_json_paths_create(cf->pool);

    return *set;
}


static ngx_int_t
ngx_slack_conf_reader(ngx_conf_t *cf, ngx_array_t *readers,
    ngx_slack_source_t *source, ngx_slack_json_paths_t *set, ngx_uint_t want)
{
    ngx_slack_reader_t  **reader;

    reader = ngx_array_push(readers);
    if (reader == NULL) {
        return NGX_ERROR;
    }

    *reader = ngx_slack_reader_create(source, set, cf->pool, want);

    return *reader ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_slack_conf_match_slots(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf,
    ngx_slack_json_paths_t *set, ngx_uint_t n)
{
    ngx_int_t                 slot;
    ngx_uint_t                i, k;
    ngx_slack_match_t        *match;
    ngx_slack_conf_route_t  **route;

    route = smcf->routes.elts;

    for (i = 0; i < smcf->routes.nelts; i++) {

        match = route[i]->filter.matches.elts;

        for (k = 0; k < route[i]->filter.matches.nelts; k++) {

            if (match[k].slots == NULL) {
                match[k].slots = ngx_pcalloc(cf->pool, smcf->sets.nelts
                                                       * sizeof(ngx_uint_t));
                if (match[k].slots == NULL) {
                    return NGX_ERROR;
                }
            }

            slot = ngx_slack_json_paths_add(set, &match[k].path);
            if (slot < 0) {
                return NGX_ERROR;
            }

            match[k].slots[n] = (ngx_uint_t) slot;
        }
    }

    return NGX_OK;
}
