
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Where the outbox is: the default of slack_outbox, and the directory, which
 * the master makes for the workers.  Runs in the master, when the whole
 * configuration is read.
 */


#include <ngx_slack_engine.h>
#include <ngx_slack_conf.h>


#define NGX_SLACK_OUTBOX_DIR   "slack"
#define NGX_SLACK_OUTBOX_FILE  "outbox.db"


static ngx_int_t ngx_slack_conf_outbox_default(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);
static ngx_int_t ngx_slack_conf_outbox_path(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);
static ngx_int_t ngx_slack_conf_outbox_check(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);
static ngx_int_t ngx_slack_conf_outbox_parent(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf);
static ngx_uid_t ngx_slack_conf_worker_uid(ngx_conf_t *cf);
static ngx_int_t ngx_slack_conf_outbox_other(ngx_conf_t *cf,
    ngx_slack_main_conf_t      *smcf, ngx_str_t *other);


ngx_int_t
ngx_slack_conf_resolve_outbox(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf)
{
    if (smcf->outbox.engine == NULL
        && ngx_slack_conf_outbox_default(cf, smcf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_conf_outbox_path(cf, smcf);
}


/* a directory of our own beside that of client bodies */

static ngx_int_t
ngx_slack_conf_outbox_default(ngx_conf_t *cf,
    ngx_slack_main_conf_t *smcf)
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
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "outbox \"%V\" %s",
                           &address, rv);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/*
 * When all is read the master makes the directory and gives it to the workers,
 * so it must not be one that others use.
 */

static ngx_int_t
ngx_slack_conf_outbox_path(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf)
{
    size_t                   len;
    ngx_str_t               *address;
    ngx_slack_outbox_dir_t  *dir;

    address = &smcf->outbox.address;

    for (len = address->len; len > 1 && address->data[len - 1] != '/'; len--)
    {
        /* void */
    }

    if (len > 1) {
        len--;
    }

    dir = &smcf->outbox.dir;

    dir->path.data = ngx_pnalloc(cf->pool, len + 1);
    if (dir->path.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_cpystrn(dir->path.data, address->data, len + 1);

    dir->path.len = len;
    dir->file = smcf->outbox_file;
    dir->line = smcf->outbox_line;
    dir->core = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                                 ngx_core_module);

    smcf->outbox_dir = dir->path;

    return ngx_slack_conf_outbox_check(cf, smcf);
}


static ngx_int_t
ngx_slack_conf_outbox_check(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf)
{
    ngx_str_t       *dir, other;
    ngx_file_info_t  fi;

    dir = &smcf->outbox_dir;

    if (ngx_file_info(dir->data, &fi) == NGX_FILE_ERROR) {

        return ngx_slack_conf_outbox_parent(cf, smcf);
    }

    if (!ngx_is_dir(&fi)) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "\"%V\" of the outbox is not a directory in %V:%ui",
                      dir, &smcf->outbox_file, smcf->outbox_line);
        return NGX_ERROR;
    }

    if (ngx_file_access(&fi) & S_IWOTH) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "the outbox needs a directory of its own, "
                      "others may write to \"%V\"; name another or use "
                      "\"chmod 700\" in %V:%ui",
                      dir, &smcf->outbox_file, smcf->outbox_line);
        return NGX_ERROR;
    }

    if (geteuid() != 0 || fi.st_uid == ngx_slack_conf_worker_uid(cf)) {
        return NGX_OK;
    }

    if (ngx_slack_conf_outbox_other(cf, smcf, &other) != NGX_OK) {
        return NGX_ERROR;
    }

    if (other.len) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "the outbox needs a directory of its own, \"%V\" "
                      "has \"%V\" in it in %V:%ui",
                      dir, &other, &smcf->outbox_file, smcf->outbox_line);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* the directory can be made, else what there is not is named */

static ngx_int_t
ngx_slack_conf_outbox_parent(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf)
{
    u_char          *p;
    ngx_int_t        rc;
    ngx_file_info_t  fi;

    rc = NGX_OK;

    p = smcf->outbox_dir.data + smcf->outbox_dir.len;

    do {
        p--;
    } while (p > smcf->outbox_dir.data && *p != '/');

    if (p == smcf->outbox_dir.data) {
        return NGX_OK;
    }

    *p = '\0';

    if (ngx_file_info(smcf->outbox_dir.data, &fi) == NGX_FILE_ERROR
        && ngx_errno == NGX_ENOENT)
    {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "there is no \"%s\" to make the directory of the outbox "
                      "in, make it or name another in %V:%ui",
                      smcf->outbox_dir.data, &smcf->outbox_file,
                      smcf->outbox_line);
        rc = NGX_ERROR;
    }

    /* what else may be wrong is reported when it is made */

    *p = '/';

    return rc;
}


static ngx_uid_t
ngx_slack_conf_worker_uid(ngx_conf_t *cf)
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
ngx_slack_conf_outbox_other(ngx_conf_t *cf, ngx_slack_main_conf_t *smcf,
    ngx_str_t *other)
{
    u_char    *name;
    size_t     len;
    ngx_int_t  rc;
    ngx_str_t  file;
    ngx_dir_t  dir;

    ngx_str_null(other);

    file.data = smcf->outbox.address.data + smcf->outbox_dir.len;
    file.len = smcf->outbox.address.len - smcf->outbox_dir.len;

    while (file.len && file.data[0] == '/') {
        file.data++;
        file.len--;
    }

    if (ngx_open_dir(&smcf->outbox_dir, &dir) == NGX_ERROR) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, ngx_errno,
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
        ngx_slack_log(NGX_LOG_ALERT, cf->log, ngx_errno,
                      ngx_close_dir_n " \"%V\" failed", &smcf->outbox_dir);
    }

    return rc;
}
