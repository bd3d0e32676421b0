
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The address and the parameters of the PostgreSQL engine.  Runs in the master
 * when the configuration is read, and asks no server.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_log.h>
#include <ngx_slack_postgres.h>


/* bytes of a password; a name of PostgreSQL */
#define NGX_SLACK_POSTGRES_PASSWORD  1024
#define NGX_SLACK_POSTGRES_NAME      63


static char *ngx_slack_postgres_check_name(ngx_str_t *name);
static ngx_int_t ngx_slack_postgres_show(ngx_slack_outbox_conf_t *conf,
    PQconninfoOption *options, ngx_pool_t *pool);
static ngx_int_t ngx_slack_postgres_read_password(
    ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf);
static ssize_t ngx_slack_postgres_read(ngx_fd_t fd, u_char *buf,
    ngx_file_info_t *fi);


static ngx_conf_enum_t  ngx_slack_postgres_syncs[] = {
    { ngx_string("full"), 1 },
    { ngx_string("normal"), 0 },
    { ngx_null_string, 0 }
};


ngx_slack_outbox_param_t  ngx_slack_postgres_params[] = {

    NGX_SLACK_ENGINE_PARAMS,

    { ngx_string("sync"), NGX_SLACK_PARAM_CHOICE, 1,
      offsetof(ngx_slack_postgres_conf_t, sync), 0,
      ngx_slack_postgres_syncs },

    { ngx_string("schema"), NGX_SLACK_PARAM_TEXT, 1,
      offsetof(ngx_slack_postgres_conf_t, schema), 0, NULL },

    { ngx_string("password_file"), NGX_SLACK_PARAM_TEXT, 1,
      offsetof(ngx_slack_postgres_conf_t, password_file), 0, NULL },

    { ngx_null_string, 0, 0, 0, 0, NULL }
};


void *
ngx_slack_postgres_create_conf(ngx_pool_t *pool)
{
    ngx_slack_postgres_conf_t  *own;

    own = ngx_pcalloc(pool, sizeof(ngx_slack_postgres_conf_t));
    if (own == NULL) {
        return NULL;
    }

    ngx_str_set(&own->schema, "slack");
    own->sync = 1;

    return own;
}


char *
ngx_slack_postgres_check(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf)
{
    char                       *error, *rv;
    ngx_int_t                   rc;
    PQconninfoOption           *options, *option;
    ngx_slack_postgres_conf_t  *own;

    own = conf->own;

    rv = ngx_slack_postgres_check_name(&own->schema);

    if (rv != NULL) {
        return rv;
    }

    if (ngx_strlchr(conf->address.data,
                    conf->address.data + conf->address.len, '\0')
        != NULL)
    {
        return "has a NUL in its address";
    }

    error = NULL;
    options = PQconninfoParse((char *) conf->address.data, &error);

    if (options == NULL) {

        /* the text of libpq may have the password in it */

        PQfreemem(error);

        return "has an address that is no connection string of PostgreSQL, "
               "write such as \"postgres:host=db1,db2 dbname=slack "
               "user=slack target_session_attrs=read-write\"";
    }

    for (option = options; option->keyword; option++) {
        if (ngx_strcmp(option->keyword, "password") == 0
            && option->val != NULL && own->password_file.len == 0)
        {
            ngx_slack_log(NGX_LOG_WARN, cf->log, 0,
                          "the address of slack_outbox has a password, which "
                          "everybody who reads the configuration can see; "
                          "write it to a file and name that with "
                          "\"password_file=\" in %V:%ui",
                          &conf->file, conf->line);
        }
    }

    rc = ngx_slack_postgres_show(conf, options, cf->pool);

    PQconninfoFree(options);

    return (rc == NGX_OK) ? NULL
                          : "has an address for which there is no memory";
}


static char *
ngx_slack_postgres_check_name(ngx_str_t *name)
{
    u_char      c;
    ngx_uint_t  i;

    for (i = 0; i < name->len; i++) {
        c = name->data[i];

        if ((c < 'a' || c > 'z') && c != '_' && (c < '0' || c > '9' || i == 0))
        {
            break;
        }
    }

    if (name->len == 0 || name->len > NGX_SLACK_POSTGRES_NAME || i < name->len
        || ngx_strncmp(name->data, "pg_", 3) == 0)
    {
        return "has a \"schema=\" that is no name of small letters, digits "
               "and \"_\"";
    }

    return NULL;
}


/* what operators see: where, and no secrets */

static ngx_int_t
ngx_slack_postgres_show(ngx_slack_outbox_conf_t *conf,
    PQconninfoOption *options, ngx_pool_t *pool)
{
    size_t                      len;
    u_char                     *p;
    PQconninfoOption           *option;
    ngx_slack_postgres_conf_t  *own;

    own = conf->own;
    len = conf->address.len + sizeof("postgres:") + own->schema.len + 64;

    p = ngx_pnalloc(pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    own->shown.data = p;

    for (option = options; option->keyword; option++) {

        if (option->val == NULL
            || (ngx_strcmp(option->keyword, "host") != 0
                && ngx_strcmp(option->keyword, "hostaddr") != 0
                && ngx_strcmp(option->keyword, "port") != 0
                && ngx_strcmp(option->keyword, "dbname") != 0))
        {
            continue;
        }

        p = ngx_slprintf(p, own->shown.data + len, "%s=%s ", option->keyword,
                         option->val);
    }

    p = ngx_slprintf(p, own->shown.data + len, "schema=%V", &own->schema);

    own->shown.len = (size_t) (p - own->shown.data);

    return NGX_OK;
}


ngx_int_t
ngx_slack_postgres_complete(ngx_slack_outbox_conf_t *conf, ngx_conf_t *cf)
{
    ngx_slack_postgres_conf_t  *own;

    own = conf->own;

    return own->password_file.len ? ngx_slack_postgres_read_password(conf, cf)
                                  : NGX_OK;
}


static ngx_int_t
ngx_slack_postgres_read_password(ngx_slack_outbox_conf_t *conf,
    ngx_conf_t *cf)
{
    size_t                      len;
    u_char                      buf[NGX_SLACK_POSTGRES_PASSWORD];
    ssize_t                     n;
    ngx_fd_t                    fd;
    ngx_err_t                   err;
    ngx_file_info_t             fi;
    ngx_slack_postgres_conf_t  *own;

    own = conf->own;

    if (ngx_conf_full_name(cf->cycle, &own->password_file, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    n = -1;
    fd = ngx_open_file(own->password_file.data, NGX_FILE_RDONLY, NGX_FILE_OPEN,
                       0);
    err = ngx_errno;

    if (fd != NGX_INVALID_FILE) {
        n = ngx_slack_postgres_read(fd, buf, &fi);
        err = ngx_errno;

        (void) ngx_close_file(fd);
    }

    if (n == -1) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, err,
                      "password_file \"%V\" cannot be read in %V:%ui",
                      &own->password_file, &conf->file, conf->line);
        return NGX_ERROR;
    }

    len = (size_t) n;

    while (len && (buf[len - 1] == '\n' || buf[len - 1] == '\r')) {
        len--;
    }

    if (len == 0 || (size_t) n == sizeof(buf)
        || ngx_strlchr(buf, buf + len, '\n') != NULL
        || ngx_strlchr(buf, buf + len, '\0') != NULL)
    {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "password_file \"%V\" has not one line with a password "
                      "in %V:%ui",
                      &own->password_file, &conf->file, conf->line);
        return NGX_ERROR;
    }

    if (ngx_file_access(&fi) & (S_IROTH|S_IWOTH)) {
        ngx_slack_log(NGX_LOG_WARN, cf->log, 0,
                      "password_file \"%V\" can be read by everybody, use "
                      "\"chmod 600\" in %V:%ui",
                      &own->password_file, &conf->file, conf->line);
    }

    own->password.data = ngx_pnalloc(cf->pool, len + 1);

    if (own->password.data != NULL) {
        (void) ngx_cpystrn(own->password.data, buf, len + 1);
        own->password.len = len;
    }

    explicit_bzero(buf, sizeof(buf));

    return own->password.data ? NGX_OK : NGX_ERROR;
}


static ssize_t
ngx_slack_postgres_read(ngx_fd_t fd, u_char *buf, ngx_file_info_t *fi)
{
    if (ngx_fd_info(fd, fi) == NGX_FILE_ERROR || !ngx_is_file(fi)) {
        return -1;
    }

    return ngx_read_fd(fd, buf, NGX_SLACK_POSTGRES_PASSWORD);
}


void
ngx_slack_postgres_describe(ngx_slack_outbox_conf_t *conf,
    ngx_slack_outbox_description_t *description)
{
    ngx_slack_postgres_conf_t  *own;

    own = conf->own;

    description->kind = "database";
    description->address = own->shown;
    ngx_str_set(&description->advice, "check the server");
}
