
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What can be told only when the whole configuration is read: workspaces of
 * routes, defaults, wanted paths of payloads, the outbox's directory.
 */


#include <ngx_slack_engine.h>
#include <ngx_slack_http.h>


#define NGX_SLACK_OUTBOX_DIR   "slack"
#define NGX_SLACK_OUTBOX_FILE  "outbox.db"


static ngx_int_t ngx_slack_http_resolve_route(ngx_conf_t *cf,
    ngx_slack_http_main_conf_t *smcf, ngx_slack_http_route_t *route);
static ngx_int_t ngx_slack_http_route_webhooks(ngx_conf_t *cf,
    ngx_slack_http_route_t *route);
static ngx_int_t ngx_slack_http_default_outbox(ngx_conf_t *cf,
    ngx_slack_http_main_conf_t *smcf);
static ngx_int_t ngx_slack_http_outbox_path(ngx_conf_t *cf,
    ngx_slack_http_main_conf_t *smcf);
static ngx_int_t ngx_slack_http_outbox_check(ngx_conf_t *cf,
    ngx_slack_http_main_conf_t *smcf);
static ngx_uid_t ngx_slack_http_worker_uid(ngx_conf_t *cf);
static ngx_int_t ngx_slack_http_outbox_other(ngx_conf_t *cf,
    ngx_slack_http_main_conf_t *smcf, ngx_str_t *other);
static ngx_slack_json_paths_t *ngx_slack_http_set(ngx_conf_t *cf,
    ngx_slack_http_main_conf_t *smcf);
static ngx_int_t ngx_slack_http_reader(ngx_conf_t *cf, ngx_array_t *readers,
    ngx_slack_source_t *source, ngx_slack_json_paths_t *set,
    ngx_uint_t files);
static ngx_int_t ngx_slack_http_match_slots(ngx_conf_t *cf,
    ngx_slack_http_main_conf_t *smcf, ngx_slack_json_paths_t *set,
    ngx_uint_t n);


ngx_int_t
ngx_slack_http_resolve(ngx_conf_t *cf, ngx_slack_http_main_conf_t *smcf)
{
    ngx_str_t                 pool;
    ngx_uint_t                i;
    ngx_slack_http_route_t  **route;

    route = smcf->routes.elts;

    for (i = 0; i < smcf->routes.nelts; i++) {
        if (ngx_slack_http_resolve_route(cf, smcf, route[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (smcf->workspaces.nelts == 0) {
        return NGX_OK;
    }

    if (smcf->pool == NULL) {
        ngx_str_set(&pool, "default");

        smcf->pool_name = pool;
        smcf->pool = ngx_thread_pool_add(cf, &smcf->pool_name);

        if (smcf->pool == NULL) {
            return NGX_ERROR;
        }
    }

    if (smcf->outbox.engine == NULL
        && ngx_slack_http_default_outbox(cf, smcf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_slack_http_outbox_path(cf, smcf) != NGX_OK) {
        return NGX_ERROR;
    }

    smcf->delivery.outbox = &smcf->outbox;
    smcf->delivery.workspaces = &smcf->workspaces;
    smcf->delivery.pool = smcf->pool;
    smcf->delivery.pool_name = smcf->pool_name;

    return ngx_slack_delivery_add_zone(cf, &ngx_slack_notify_module,
                                       &smcf->delivery);
}


static ngx_int_t
ngx_slack_http_resolve_route(ngx_conf_t *cf, ngx_slack_http_main_conf_t *smcf,
    ngx_slack_http_route_t *route)
{
    ngx_uint_t              i;
    ngx_slack_persona_t    *persona;
    ngx_slack_workspace_t  *ws;

    ws = smcf->workspaces.elts;

    for (i = 0; i < smcf->workspaces.nelts; i++) {
        if (ws[i].name.len == route->workspace_name.len
            && ngx_memcmp(ws[i].name.data, route->workspace_name.data,
                          ws[i].name.len)
               == 0)
        {
            break;
        }
    }

    if (i == smcf->workspaces.nelts) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "unknown workspace \"%V\" in %V:%ui",
                      ngx_slack_http_shown(&route->workspace_name),
                      &route->file, route->line);
        return NGX_ERROR;
    }

    route->workspace = &ws[i];

    if (route->channels == NULL) {
        route->channels = &ws[i].channels;
    }

    persona = &route->persona;

    if (persona->username.data == NULL) {
        persona->username = ws[i].username;
    }

    if (persona->icon_emoji.data == NULL && persona->icon_url.data == NULL) {
        persona->icon_emoji = ws[i].icon_emoji;
        persona->icon_url = ws[i].icon_url;
    }

    if (ngx_slack_message_envelope(persona, cf->pool, &route->envelope)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_http_route_webhooks(cf, route);
}


/* a message without a webhook would wait in the outbox for ever */

static ngx_int_t
ngx_slack_http_route_webhooks(ngx_conf_t *cf, ngx_slack_http_route_t *route)
{
    ngx_str_t              *channel, none;
    ngx_uint_t              i;
    ngx_slack_workspace_t  *ws;

    ws = route->workspace;

    ngx_str_null(&none);

    if (route->channels->nelts == 0
        && ngx_slack_workspace_webhook(ws, &none) == NULL)
    {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "no channel, and workspace \"%V\" has no webhook "
                      "without \"channel=\" in %V:%ui",
                      &ws->name, &route->file, route->line);
        return NGX_ERROR;
    }

    channel = route->channels->elts;

    for (i = 0; i < route->channels->nelts; i++) {
        if (ngx_slack_workspace_webhook(ws, &channel[i]) == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "workspace \"%V\" has no webhook for channel "
                          "\"%V\" in %V:%ui",
                          &ws->name, &channel[i], &route->file, route->line);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* a directory of our own beside that of client bodies */

static ngx_int_t
ngx_slack_http_default_outbox(ngx_conf_t *cf,
    ngx_slack_http_main_conf_t *smcf)
{
    char                      *rv;
    u_char                    *p;
    size_t                     len;
    ngx_str_t                  body, address;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->client_body_temp_path) {
        body = clcf->client_body_temp_path->name;

    } else {
        ngx_str_set(&body, NGX_HTTP_CLIENT_TEMP_PATH);

        if (ngx_conf_full_name(cf->cycle, &body, 0) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    for (len = body.len; len && body.data[len - 1] == '/'; len--) {
        /* void */
    }

    while (len && body.data[len - 1] != '/') {
        len--;
    }

    address.len = sizeof("sqlite:/" NGX_SLACK_OUTBOX_DIR
                         NGX_SLACK_OUTBOX_FILE) - 1 + len;
    address.data = ngx_pnalloc(cf->pool, address.len + 1);
    if (address.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(address.data, "sqlite:", sizeof("sqlite:") - 1);
    p = ngx_cpymem(p, body.data, len);
    ngx_memcpy(p, NGX_SLACK_OUTBOX_DIR "/" NGX_SLACK_OUTBOX_FILE,
               sizeof(NGX_SLACK_OUTBOX_DIR "/" NGX_SLACK_OUTBOX_FILE));

    smcf->outbox.engine = ngx_slack_engine_find(&address);
    smcf->outbox.address = address;
    smcf->outbox_file = cf->conf_file->file.name;
    smcf->outbox_line = cf->conf_file->line;

    rv = smcf->outbox.engine->check(&smcf->outbox, cf);

    if (rv != NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "outbox \"%V\" %s",
                           &address, rv);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/*
 * The master makes the directory and gives it to the workers, as it does with
 * its temp paths; so it must not be one that others use.
 */

static ngx_int_t
ngx_slack_http_outbox_path(ngx_conf_t *cf, ngx_slack_http_main_conf_t *smcf)
{
    size_t       len;
    ngx_str_t   *address;
    ngx_path_t  *path;

    address = &smcf->outbox.address;

    for (len = address->len; len > 1 && address->data[len - 1] != '/'; len--)
    {
        /* void */
    }

    if (len > 1) {
        len--;
    }

    path = ngx_pcalloc(cf->pool, sizeof(ngx_path_t));
    if (path == NULL) {
        return NGX_ERROR;
    }

    path->name.data = ngx_pnalloc(cf->pool, len + 1);
    if (path->name.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_cpystrn(path->name.data, address->data, len + 1);

    path->name.len = len;
    path->conf_file = smcf->outbox_file.data;
    path->line = smcf->outbox_line;

    smcf->outbox_dir = path->name;

    if (ngx_slack_http_outbox_check(cf, smcf) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_add_path(cf, &path);
}


static ngx_int_t
ngx_slack_http_outbox_check(ngx_conf_t *cf, ngx_slack_http_main_conf_t *smcf)
{
    ngx_str_t        *dir, other;
    ngx_file_info_t   fi;

    dir = &smcf->outbox_dir;

    if (ngx_file_info(dir->data, &fi) == NGX_FILE_ERROR) {

        /* what cannot be made is reported when it is made */

        return NGX_OK;
    }

    if (!ngx_is_dir(&fi)) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"%V\" of the outbox is not a directory in %V:%ui",
                      dir, &smcf->outbox_file, smcf->outbox_line);
        return NGX_ERROR;
    }

    if (ngx_file_access(&fi) & S_IWOTH) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "the outbox needs a directory of its own, "
                      "others may write to \"%V\" in %V:%ui",
                      dir, &smcf->outbox_file, smcf->outbox_line);
        return NGX_ERROR;
    }

    if (geteuid() != 0 || fi.st_uid == ngx_slack_http_worker_uid(cf)) {
        return NGX_OK;
    }

    if (ngx_slack_http_outbox_other(cf, smcf, &other) != NGX_OK) {
        return NGX_ERROR;
    }

    if (other.len) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "the outbox needs a directory of its own, \"%V\" "
                      "has \"%V\" in it in %V:%ui",
                      dir, &other, &smcf->outbox_file, smcf->outbox_line);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_uid_t
ngx_slack_http_worker_uid(ngx_conf_t *cf)
{
    struct passwd    *pwd;
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                           ngx_core_module);

    if (ccf->user != (ngx_uid_t) NGX_CONF_UNSET_UINT) {
        return ccf->user;
    }

    pwd = getpwnam(NGX_USER);

    return pwd ? pwd->pw_uid : (ngx_uid_t) NGX_CONF_UNSET_UINT;
}


/* a file in the directory that is not the database's; empty: none */

static ngx_int_t
ngx_slack_http_outbox_other(ngx_conf_t *cf, ngx_slack_http_main_conf_t *smcf,
    ngx_str_t *other)
{
    u_char     *name;
    size_t      len;
    ngx_int_t   rc;
    ngx_str_t   file;
    ngx_dir_t   dir;

    ngx_str_null(other);

    file.data = smcf->outbox.address.data + smcf->outbox_dir.len;
    file.len = smcf->outbox.address.len - smcf->outbox_dir.len;

    while (file.len && file.data[0] == '/') {
        file.data++;
        file.len--;
    }

    if (ngx_open_dir(&smcf->outbox_dir, &dir) == NGX_ERROR) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno,
                      ngx_open_dir_n " \"%V\" failed", &smcf->outbox_dir);
        return NGX_ERROR;
    }

    rc = NGX_OK;

    while (ngx_read_dir(&dir) == NGX_OK) {

        name = ngx_de_name(&dir);
        len = ngx_de_namelen(&dir);

        if ((len == 1 && name[0] == '.')
            || (len == 2 && name[0] == '.' && name[1] == '.')
            || (len >= file.len
                && ngx_memcmp(name, file.data, file.len) == 0))
        {
            continue;
        }

        other->data = ngx_pnalloc(cf->pool, len);

        if (other->data == NULL) {
            rc = NGX_ERROR;
            break;
        }

        ngx_memcpy(other->data, name, len);
        other->len = len;

        break;
    }

    if (ngx_close_dir(&dir) == NGX_ERROR) {
        ngx_log_error(NGX_LOG_ALERT, cf->log, ngx_errno,
                      ngx_close_dir_n " \"%V\" failed", &smcf->outbox_dir);
    }

    return rc;
}


ngx_int_t
ngx_slack_http_readers(ngx_conf_t *cf, ngx_slack_http_main_conf_t *smcf)
{
    ngx_uint_t                i, files;
    ngx_slack_json_paths_t   *set, **sets;
    ngx_slack_http_route_t  **route;

    files = 0;
    route = smcf->routes.elts;

    for (i = 0; i < smcf->routes.nelts; i++) {
        if (route[i]->filter.paths.patterns.nelts) {
            files = 1;
        }
    }

    for (i = 0; ngx_slack_sources[i]; i++) {

        set = ngx_slack_http_set(cf, smcf);

        if (set == NULL
            || ngx_slack_http_reader(cf, &smcf->readers, ngx_slack_sources[i],
                                     set, files)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    set = ngx_slack_http_set(cf, smcf);
    if (set == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; ngx_slack_sources[i]; i++) {
        if (ngx_slack_http_reader(cf, &smcf->any, ngx_slack_sources[i], set,
                                  files)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (ngx_slack_http_find_fields(cf, smcf) != NGX_OK) {
        return NGX_ERROR;
    }

    sets = smcf->sets.elts;

    for (i = 0; i < smcf->sets.nelts; i++) {

        if (ngx_slack_http_match_slots(cf, smcf, sets[i], i) != NGX_OK
            || ngx_slack_json_paths_compile(sets[i]) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_slack_json_paths_t *
ngx_slack_http_set(ngx_conf_t *cf, ngx_slack_http_main_conf_t *smcf)
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
ngx_slack_http_reader(ngx_conf_t *cf, ngx_array_t *readers,
    ngx_slack_source_t *source, ngx_slack_json_paths_t *set, ngx_uint_t files)
{
    ngx_slack_reader_t  **reader;

    reader = ngx_array_push(readers);
    if (reader == NULL) {
        return NGX_ERROR;
    }

    *reader = ngx_slack_reader_create(source, set, cf->pool, files);

    return *reader ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_slack_http_match_slots(ngx_conf_t *cf, ngx_slack_http_main_conf_t *smcf,
    ngx_slack_json_paths_t *set, ngx_uint_t n)
{
    ngx_int_t                 slot;
    ngx_uint_t                i, k;
    ngx_slack_match_t        *match;
    ngx_slack_http_route_t  **route;

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
