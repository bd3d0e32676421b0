
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The directives slack_secret and slack_secret_file, and files with secrets.
 * Runs in the master when the configuration is read.
 */


#include <ngx_slack_conf.h>


/* in bytes; larger than any secret, small enough to be read at once */
#define NGX_SLACK_SECRET_FILE_MAX  4096

/* marks a signing secret, as defined by Standard Webhooks */
#define NGX_SLACK_SIGNING_PREFIX   "whsec_"


static ngx_int_t ngx_slack_conf_secret_begins(ngx_conf_t *cf,
    ngx_str_t *path, u_char *p, size_t size);
static char *ngx_slack_conf_add_secret(ngx_conf_t *cf,
    ngx_slack_loc_conf_t      *slcf, ngx_str_t *value);


char *
ngx_slack_conf_secret(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_loc_conf_t  *slcf = conf;

    ngx_str_t  *value;

    value = cf->args->elts;

    if (value[1].len == 3 && ngx_strncmp(value[1].data, "off", 3) == 0) {

        if (slcf->open == 1) {
            return "is duplicate";
        }

        if (slcf->secrets != NGX_CONF_UNSET_PTR) {
            return "\"off\" conflicts with a secret of the same level";
        }

        slcf->open = 1;

        return NGX_CONF_OK;
    }

    return ngx_slack_conf_add_secret(cf, conf, &value[1]);
}


char *
ngx_slack_conf_secret_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t  *value, secret;

    value = cf->args->elts;

    if (ngx_slack_conf_read_secret(cf, &value[1], &secret) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return ngx_slack_conf_add_secret(cf, conf, &secret);
}


static char *
ngx_slack_conf_add_secret(ngx_conf_t *cf, ngx_slack_loc_conf_t *slcf,
    ngx_str_t *value)
{
    size_t                    prefix;
    ngx_str_t                 encoded;
    ngx_slack_conf_secret_t  *secret;

    if (value->len == 0) {
        return "has an empty secret";
    }

    if (slcf->open == 1) {
        return "conflicts with \"slack_secret off\"";
    }

    if (slcf->secrets == NGX_CONF_UNSET_PTR) {
        slcf->secrets = ngx_array_create(cf->pool, 2,
                                         sizeof(ngx_slack_conf_secret_t));
        if (slcf->secrets == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    secret = ngx_array_push(slcf->secrets);
    if (secret == NULL) {
        return NGX_CONF_ERROR;
    }

    prefix = sizeof(NGX_SLACK_SIGNING_PREFIX) - 1;

    if (value->len < prefix
        || ngx_memcmp(value->data, NGX_SLACK_SIGNING_PREFIX, prefix) != 0)
    {
        secret->value = *value;
        secret->signing = 0;

        return NGX_CONF_OK;
    }

    encoded.data = value->data + prefix;
    encoded.len = value->len - prefix;

    secret->signing = 1;
    secret->value.data = ngx_pnalloc(cf->pool,
                                     ngx_base64_decoded_length(encoded.len));
    if (secret->value.data == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_decode_base64(&secret->value, &encoded) != NGX_OK
        || secret->value.len == 0)
    {
        return "has a signing secret that is not base64 after \""
               NGX_SLACK_SIGNING_PREFIX "\"";
    }

    return NGX_CONF_OK;
}


ngx_int_t
ngx_slack_conf_read_secret(ngx_conf_t *cf, ngx_str_t *name, ngx_str_t *secret)
{
    u_char          *p;
    size_t           size;
    ssize_t          n;
    ngx_fd_t         fd;
    ngx_str_t        path;
    ngx_file_info_t  fi;

    if (ngx_slack_secret_word(name) != name) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "a secret is given instead of the name of a file "
                           "with it");
        return NGX_ERROR;
    }

    path = *name;

    if (ngx_conf_full_name(cf->cycle, &path, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    fd = ngx_open_file(path.data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, ngx_errno,
                           "a file with one line, the secret, is needed: "
                           ngx_open_file_n " \"%V\" failed", &path);
        return NGX_ERROR;
    }

    secret->len = 0;
    secret->data = NULL;

    if (ngx_fd_info(fd, &fi) == NGX_FILE_ERROR) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_fd_info_n " \"%V\" failed", &path);
        goto done;
    }

    if (!ngx_is_file(&fi) || ngx_file_size(&fi) > NGX_SLACK_SECRET_FILE_MAX) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is not a file with one line, the secret",
                           &path);
        goto done;
    }

    if (ngx_file_access(&fi) & (S_IROTH|S_IWOTH)) {
        ngx_slack_conf_log(NGX_LOG_WARN, cf, 0,
                           "\"%V\" with a secret is readable by others, "
                           "use \"chmod 600\"", &path);
    }

    size = (size_t) ngx_file_size(&fi);

    p = ngx_pnalloc(cf->pool, size + 1);
    if (p == NULL) {
        goto done;
    }

    n = ngx_read_fd(fd, p, size);

    if (n == -1 || (size_t) n != size) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_read_fd_n " \"%V\" failed", &path);
        goto done;
    }

    while (size
           && (p[size - 1] == LF || p[size - 1] == CR || p[size - 1] == ' '))
    {
        size--;
    }

    p[size] = '\0';

    if (size == 0) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is empty, write the secret into it",
                           &path);
        goto done;
    }

    if (ngx_strlchr(p, p + size, LF)) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" has more than one line, give each secret "
                           "a file", &path);
        goto done;
    }

    if (ngx_slack_conf_secret_begins(cf, &path, p, size) != NGX_OK) {
        goto done;
    }

    secret->data = p;
    secret->len = size;

done:

    if (ngx_close_file(fd) == NGX_FILE_ERROR) {
        ngx_slack_conf_log(NGX_LOG_ALERT, cf, ngx_errno,
                           ngx_close_file_n " \"%V\" failed", &path);
    }

    return secret->len ? NGX_OK : NGX_ERROR;
}


/*
 * What editors and copying add in front of a secret.  No URL and no token
 * begins so; another secret that does is not the one that the sender has.
 */

static ngx_int_t
ngx_slack_conf_secret_begins(ngx_conf_t *cf, ngx_str_t *path, u_char *p,
    size_t size)
{
    char  *begins;

    if (size >= 3 && ngx_memcmp(p, "\xef\xbb\xbf", 3) == 0) {
        begins = "a byte order mark, save it as UTF-8 without one";

    } else if (*p == ' ' || *p == '\t') {
        begins = "a blank, remove it";

    } else if (size > 1 && (*p == '"' || *p == '\'') && p[size - 1] == *p) {
        begins = "a quote, write the secret without quotes";

    } else {
        return NGX_OK;
    }

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "\"%V\" begins with %s", path,
                       begins);

    return NGX_ERROR;
}
