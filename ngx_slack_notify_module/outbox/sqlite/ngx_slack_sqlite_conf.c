
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The configuration of the SQLite engine: its parameters, the path of its
 * file, and the checks of the file's directory, which must not have other
 * uses.  Runs in the master, when the configuration is read.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_log.h>
#include <ngx_slack_sqlite_conf.h>


#define NGX_SLACK_SQLITE_DEFAULT  "slack/outbox.db"

/* bytes for the longest suffix of the path: ".corrupt-TIME-wal" */
#define NGX_SLACK_SQLITE_SUFFIX   64


static ngx_int_t ngx_slack_sqlite_check_dir(ngx_slack_outbox_conf_t *conf,
    ngx_conf_t *cf);
static ngx_int_t ngx_slack_sqlite_check_parent(ngx_slack_outbox_conf_t *conf,
    ngx_conf_t *cf);
static ngx_uid_t ngx_slack_sqlite_worker_uid(ngx_slack_sqlite_dir_t *dir);
static ngx_int_t ngx_slack_sqlite_other_file(ngx_slack_outbox_conf_t *conf,
    ngx_conf_t *cf, ngx_str_t *other);


static ngx_conf_enum_t  ngx_slack_sqlite_syncs[] = {
    { ngx_string("full"), NGX_SLACK_SQLITE_SYNC_FULL },
    { ngx_string("normal"), NGX_SLACK_SQLITE_SYNC_NORMAL },
    { ngx_null_string, 0 }
};


ngx_slack_outbox_param_t  ngx_slack_sqlite_params[] = {

    NGX_SLACK_ENGINE_PARAMS,

    { ngx_string("sync"), NGX_SLACK_PARAM_CHOICE, 1,
      offsetof(ngx_slack_sqlite_conf_t, sync), 0, ngx_slack_sqlite_syncs },

    { ngx_null_string, 0, 0, 0, 0, NULL }
};


void *
ngx_slack_sqlite_create_conf(ngx_pool_t *pool)
{
    ngx_slack_sqlite_conf_t  *own;

    own = ngx_pcalloc(pool, sizeof(ngx_slack_sqlite_conf_t));
    if (own == NULL) {
        return NULL;
    }

    own->sync = NGX_SLACK_SQLITE_SYNC_FULL;

    return own;
}


/* a separate directory beside nginx's temporary ones */

ngx_int_t
ngx_slack_sqlite_set_default(ngx_slack_outbox_conf_t *conf, ngx_pool_t *pool,
    ngx_str_t *place)
{
    u_char  *p;

    p = ngx_pnalloc(pool, place->len + sizeof(NGX_SLACK_SQLITE_DEFAULT));
    if (p == NULL) {
        return NGX_ERROR;
    }

    conf->address.data = p;
    conf->address.len = place->len + sizeof(NGX_SLACK_SQLITE_DEFAULT) - 1;

    p = ngx_cpymem(p, place->data, place->len);
    ngx_memcpy(p, NGX_SLACK_SQLITE_DEFAULT, sizeof(NGX_SLACK_SQLITE_DEFAULT));

    return NGX_OK;
}


char *
ngx_slack_sqlite_check(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf)
{
    u_char      *last;
    struct stat  st;

    if (conf->address.len == 0) {
        return "has no path";
    }

    if (ngx_strlchr(conf->address.data,
                    conf->address.data + conf->address.len, '\0')
        != NULL)
    {
        return "has a NUL in its path";
    }

    if (ngx_conf_full_name(cf->cycle, &conf->address, 0) != NGX_OK) {
        return "has a path for which there is no memory";
    }

    last = conf->address.data + conf->address.len;

    if (last[-1] == '/'
        || (stat((char *) conf->address.data, &st) == 0
            && S_ISDIR(st.st_mode)))
    {
        return "names a directory, not a file in it";
    }

    if (conf->address.len + NGX_SLACK_SQLITE_SUFFIX > NGX_MAX_PATH) {
        return "has too long a path";
    }

    return NULL;
}


/*
 * The master will create the directory, or give it to the workers, so it must
 * not be one with other uses.
 */

ngx_int_t
ngx_slack_sqlite_complete(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf)
{
    size_t                   len;
    ngx_str_t               *address;
    ngx_slack_sqlite_dir_t  *dir;

    address = &conf->address;

    for (len = address->len; len > 1 && address->data[len - 1] != '/'; len--)
    {
        /* void */
    }

    if (len > 1) {
        len--;
    }

    dir = &((ngx_slack_sqlite_conf_t *) conf->own)->dir;

    dir->path.data = ngx_pnalloc(cf->pool, len + 1);
    if (dir->path.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_cpystrn(dir->path.data, address->data, len + 1);

    dir->path.len = len;
    dir->file = conf->file;
    dir->line = conf->line;
    dir->core = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                                 ngx_core_module);

    return ngx_slack_sqlite_check_dir(conf, cf);
}


ngx_int_t
ngx_slack_sqlite_prepare(ngx_slack_outbox_conf_t *conf, ngx_log_t *log)
{
    ngx_slack_sqlite_conf_t  *own = conf->own;

    return ngx_slack_sqlite_dir_make(&own->dir, log);
}


void
ngx_slack_sqlite_describe(ngx_slack_outbox_conf_t *conf,
    ngx_slack_outbox_description_t *description)
{
    description->kind = "file";
    description->address = conf->address;
    ngx_str_set(&description->advice, "check its disk");
}


static ngx_int_t
ngx_slack_sqlite_check_dir(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf)
{
    ngx_str_t                *dir, other;
    ngx_file_info_t           fi;
    ngx_slack_sqlite_conf_t  *own = conf->own;

    dir = &own->dir.path;

    if (ngx_file_info(dir->data, &fi) == NGX_FILE_ERROR) {

        return ngx_slack_sqlite_check_parent(conf, cf);
    }

    if (!ngx_is_dir(&fi)) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "\"%V\" of the outbox is not a directory in %V:%ui",
                      dir, &conf->file, conf->line);
        return NGX_ERROR;
    }

    if (ngx_file_access(&fi) & S_IWOTH) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "the outbox needs a directory of its own, "
                      "others may write to \"%V\"; name another or use "
                      "\"chmod 700\" in %V:%ui",
                      dir, &conf->file, conf->line);
        return NGX_ERROR;
    }

    if (geteuid() != 0
        || fi.st_uid == ngx_slack_sqlite_worker_uid(&own->dir))
    {
        return NGX_OK;
    }

    if (ngx_slack_sqlite_other_file(conf, cf, &other) != NGX_OK) {
        return NGX_ERROR;
    }

    if (other.len) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "the outbox needs a directory of its own, \"%V\" "
                      "has \"%V\" in it in %V:%ui",
                      dir, &other, &conf->file, conf->line);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* Checks that the parent directory exists, and logs its name if not. */

static ngx_int_t
ngx_slack_sqlite_check_parent(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf)
{
    u_char           *p;
    ngx_int_t         rc;
    ngx_str_t        *dir;
    ngx_file_info_t   fi;

    rc = NGX_OK;
    dir = &((ngx_slack_sqlite_conf_t *) conf->own)->dir.path;

    p = dir->data + dir->len;

    do {
        p--;
    } while (p > dir->data && *p != '/');

    if (p == dir->data) {
        return NGX_OK;
    }

    *p = '\0';

    if (ngx_file_info(dir->data, &fi) == NGX_FILE_ERROR
        && ngx_errno == NGX_ENOENT)
    {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "there is no \"%s\" to make the directory of the outbox "
                      "in, make it or name another in %V:%ui",
                      dir->data, &conf->file,
                      conf->line);
        rc = NGX_ERROR;
    }

    /* other errors are logged when the directory is created */

    *p = '/';

    return rc;
}


static ngx_uid_t
ngx_slack_sqlite_worker_uid(ngx_slack_sqlite_dir_t *dir)
{
    struct passwd  *pwd;

    if (dir->core->user != (ngx_uid_t) NGX_CONF_UNSET_UINT) {
        return dir->core->user;
    }

    pwd = getpwnam(NGX_USER);

    return pwd ? pwd->pw_uid : (ngx_uid_t) NGX_CONF_UNSET_UINT;
}


/*
 * Finds a file in the directory that does not belong to the database; empty:
 * there is none.
 */

static ngx_int_t
ngx_slack_sqlite_other_file(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf,
    ngx_str_t *other)
{
    u_char     *name;
    size_t      len;
    ngx_int_t   rc;
    ngx_str_t   file, *path;
    ngx_dir_t   dir;

    ngx_str_null(other);

    path = &((ngx_slack_sqlite_conf_t *) conf->own)->dir.path;

    file.data = conf->address.data + path->len;
    file.len = conf->address.len - path->len;

    while (file.len && file.data[0] == '/') {
        file.data++;
        file.len--;
    }

    if (ngx_open_dir(path, &dir) == NGX_ERROR) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, ngx_errno,
                      ngx_open_dir_n " \"%V\" failed", path);
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
                      ngx_close_dir_n " \"%V\" failed", path);
    }

    return rc;
}
