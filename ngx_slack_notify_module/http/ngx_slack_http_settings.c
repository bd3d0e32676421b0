
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Directives without a block, and what the blocks share: secrets, lists of
 * channels, personas.  Runs when the configuration is read.
 */


#include <ngx_slack_engine.h>
#include <ngx_slack_http.h>


/* larger than any secret, small enough to be read at once */
#define NGX_SLACK_SECRET_FILE_MAX  4096

#define NGX_SLACK_SIGNING_PREFIX   "whsec_"


static char *ngx_slack_http_outbox_param(ngx_conf_t *cf,
    ngx_slack_http_main_conf_t *smcf, ngx_str_t *value);
static char *ngx_slack_http_add_secret(ngx_conf_t *cf,
    ngx_slack_http_loc_conf_t *slcf, ngx_str_t *value);
static ngx_uint_t ngx_slack_http_is_id(ngx_str_t *name);


char *
ngx_slack_http_outbox(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_http_main_conf_t  *smcf = conf;

    char        *rv;
    ngx_str_t   *value, address;
    ngx_uint_t   i;

    if (smcf->outbox.engine) {
        return "is duplicate";
    }

    value = cf->args->elts;

    address = value[1];

    smcf->outbox.engine = ngx_slack_engine_find(&address);

    if (smcf->outbox.engine == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown outbox engine in \"%V\"", &value[1]);
        return NGX_CONF_ERROR;
    }

    smcf->outbox.address = address;
    smcf->outbox_file = cf->conf_file->file.name;
    smcf->outbox_line = cf->conf_file->line;

    for (i = 2; i < cf->args->nelts; i++) {
        rv = ngx_slack_http_outbox_param(cf, smcf, &value[i]);
        if (rv != NGX_CONF_OK) {
            return rv;
        }
    }

    rv = smcf->outbox.engine->check(&smcf->outbox, cf);

    if (rv != NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "outbox \"%V\" %s",
                           &value[1], rv);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_slack_http_outbox_param(ngx_conf_t *cf, ngx_slack_http_main_conf_t *smcf,
    ngx_str_t *value)
{
    time_t     *time;
    ngx_int_t   n;
    ngx_str_t   s;

    time = NULL;
    s = *value;

    if (ngx_strncmp(s.data, "max=", 4) == 0) {
        n = ngx_atoi(s.data + 4, s.len - 4);

        if (n == NGX_ERROR || n == 0) {
            goto invalid;
        }

        smcf->outbox.max = (ngx_uint_t) n;

        return NGX_CONF_OK;
    }

    if (ngx_strcmp(s.data, "sync=full") == 0) {
        smcf->outbox.sync_full = 1;
        return NGX_CONF_OK;
    }

    if (ngx_strcmp(s.data, "sync=normal") == 0) {
        smcf->outbox.sync_full = 0;
        return NGX_CONF_OK;
    }

    if (ngx_strncmp(s.data, "keep_sent=", 10) == 0) {
        time = &smcf->outbox.keep_sent;
        s.data += 10;
        s.len -= 10;

    } else if (ngx_strncmp(s.data, "keep_failed=", 12) == 0) {
        time = &smcf->outbox.keep_failed;
        s.data += 12;
        s.len -= 12;

    } else if (ngx_strncmp(s.data, "dedup=", 6) == 0) {
        time = &smcf->outbox.dedup;
        s.data += 6;
        s.len -= 6;
    }

    if (time) {
        *time = ngx_parse_time(&s, 1);

        if (*time != (time_t) NGX_ERROR) {
            return NGX_CONF_OK;
        }
    }

invalid:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"",
                       value);

    return NGX_CONF_ERROR;
}


char *
ngx_slack_http_thread_pool(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_http_main_conf_t  *smcf = conf;

    ngx_str_t  *value;

    if (smcf->pool) {
        return "is duplicate";
    }

    value = cf->args->elts;

    smcf->pool_name = value[1];
    smcf->pool = ngx_thread_pool_add(cf, &smcf->pool_name);

    if (smcf->pool == NULL) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_slack_http_source(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_slack_http_loc_conf_t  *slcf = conf;

    ngx_str_t   *value, *name;
    ngx_uint_t   i;

    if (slcf->source != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "auto") == 0) {
        slcf->source = NGX_SLACK_AUTO;
        return NGX_CONF_OK;
    }

    for (i = 0; ngx_slack_sources[i]; i++) {
        name = &ngx_slack_sources[i]->name;

        if (name->len == value[1].len
            && ngx_memcmp(name->data, value[1].data, name->len) == 0)
        {
            slcf->source = i;
            return NGX_CONF_OK;
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "unknown source \"%V\"",
                       &value[1]);

    return NGX_CONF_ERROR;
}


char *
ngx_slack_http_secret(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t  *value;

    value = cf->args->elts;

    return ngx_slack_http_add_secret(cf, conf, &value[1]);
}


char *
ngx_slack_http_secret_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t  *value, secret;

    value = cf->args->elts;

    if (ngx_slack_http_read_secret(cf, &value[1], &secret) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return ngx_slack_http_add_secret(cf, conf, &secret);
}


static char *
ngx_slack_http_add_secret(ngx_conf_t *cf, ngx_slack_http_loc_conf_t *slcf,
    ngx_str_t *value)
{
    size_t                    prefix;
    ngx_str_t                 encoded;
    ngx_slack_http_secret_t  *secret;

    if (value->len == 0) {
        return "has an empty secret";
    }

    if (slcf->secrets == NGX_CONF_UNSET_PTR) {
        slcf->secrets = ngx_array_create(cf->pool, 2,
                                         sizeof(ngx_slack_http_secret_t));
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
ngx_slack_http_read_secret(ngx_conf_t *cf, ngx_str_t *name, ngx_str_t *secret)
{
    u_char           *p;
    size_t            size;
    ssize_t           n;
    ngx_fd_t          fd;
    ngx_str_t         path;
    ngx_file_info_t   fi;

    path = *name;

    if (ngx_conf_full_name(cf->cycle, &path, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    fd = ngx_open_file(path.data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_open_file_n " \"%V\" failed", &path);
        return NGX_ERROR;
    }

    secret->len = 0;
    secret->data = NULL;

    if (ngx_fd_info(fd, &fi) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_fd_info_n " \"%V\" failed", &path);
        goto done;
    }

    if (!ngx_is_file(&fi) || ngx_file_size(&fi) > NGX_SLACK_SECRET_FILE_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is not a file with a secret", &path);
        goto done;
    }

    if (ngx_file_access(&fi) & (S_IROTH|S_IWOTH)) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
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
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
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
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" has no secret",
                           &path);
        goto done;
    }

    if (ngx_strlchr(p, p + size, LF)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" has more than one line, give each secret "
                           "a file", &path);
        goto done;
    }

    secret->data = p;
    secret->len = size;

done:

    if (ngx_close_file(fd) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_ALERT, cf, ngx_errno,
                           ngx_close_file_n " \"%V\" failed", &path);
    }

    return secret->len ? NGX_OK : NGX_ERROR;
}


ngx_int_t
ngx_slack_http_channels(ngx_conf_t *cf, ngx_array_t *list, ngx_str_t *words,
    ngx_uint_t n)
{
    u_char      *p, *last, *comma, *hash;
    ngx_str_t    name, *channel, *other;
    ngx_uint_t   i, j;

    for (i = 0; i < n; i++) {

        p = words[i].data;
        last = p + words[i].len;

        while (p < last) {

            comma = ngx_strlchr(p, last, ',');
            name.data = p;
            name.len = (comma ? comma : last) - p;
            p = comma ? comma + 1 : last;

            while (name.len && name.data[0] == ' ') {
                name.data++;
                name.len--;
            }

            while (name.len && name.data[name.len - 1] == ' ') {
                name.len--;
            }

            if (name.len == 0) {
                continue;
            }

            if (name.data[0] == '@') {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "invalid channel \"%V\", a direct message "
                                   "needs the member ID (U…)", &name);
                return NGX_ERROR;
            }

            /* Slack: at most 80 characters, none of them a space */

            for (j = 0; j < name.len; j++) {
                if (name.data[j] <= ' ' || name.data[j] == 0x7f
                    || (name.data[j] == '#' && j > 0)
                    || name.data[j] == '<' || name.data[j] == '>')
                {
                    break;
                }
            }

            if (j < name.len || (name.len == 1 && name.data[0] == '#')
                || ngx_utf8_length(name.data, name.len) > 81)
            {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "invalid channel \"%V\"", &name);
                return NGX_ERROR;
            }

            if (name.data[0] != '#' && !ngx_slack_http_is_id(&name)) {
                hash = ngx_pnalloc(cf->pool, name.len + 1);
                if (hash == NULL) {
                    return NGX_ERROR;
                }

                hash[0] = '#';
                ngx_memcpy(hash + 1, name.data, name.len);

                name.data = hash;
                name.len++;
            }

            other = list->elts;

            for (j = 0; j < list->nelts; j++) {
                if (other[j].len == name.len
                    && ngx_memcmp(other[j].data, name.data, name.len) == 0)
                {
                    break;
                }
            }

            if (j < list->nelts) {
                continue;
            }

            if (list->nelts == NGX_SLACK_CHANNELS_MAX) {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "more than %d channels",
                                   NGX_SLACK_CHANNELS_MAX);
                return NGX_ERROR;
            }

            channel = ngx_array_push(list);
            if (channel == NULL) {
                return NGX_ERROR;
            }

            *channel = name;
        }
    }

    if (list->nelts == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "empty list of channels");
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* U024BE7LH, W…: a member; C…, G…, D…: a conversation */

static ngx_uint_t
ngx_slack_http_is_id(ngx_str_t *name)
{
    size_t  i;

    if (name->len < 9 || ngx_strchr("UWCGD", name->data[0]) == NULL) {
        return 0;
    }

    for (i = 1; i < name->len; i++) {
        if ((name->data[i] < 'A' || name->data[i] > 'Z')
            && (name->data[i] < '0' || name->data[i] > '9'))
        {
            return 0;
        }
    }

    return 1;
}


char *
ngx_slack_http_persona(ngx_conf_t *cf, ngx_str_t *value,
    ngx_slack_persona_t *persona)
{
    ngx_str_t  *target, name;

    if (ngx_strcmp(value[0].data, "username") == 0) {
        target = &persona->username;

        /* Slack's limit of a shown name */

        if (ngx_utf8_length(value[1].data, value[1].len) > 80) {
            return "is longer than 80 characters";
        }

    } else if (ngx_strcmp(value[0].data, "icon_emoji") == 0) {
        target = &persona->icon_emoji;

    } else {
        target = &persona->icon_url;

        if (ngx_strncmp(value[1].data, "https://", 8) != 0
            && ngx_strncmp(value[1].data, "http://", 7) != 0)
        {
            return "is neither http nor https";
        }

        if (value[1].len > 255) {
            return "is longer than 255 characters";
        }
    }

    if (target->data) {
        return "is duplicate";
    }

    if (value[1].len == 0) {
        return "is empty";
    }

    *target = value[1];

    if (target != &persona->icon_emoji) {
        return NGX_CONF_OK;
    }

    if (ngx_strlchr(value[1].data, value[1].data + value[1].len, ' ')) {
        return "has a space";
    }

    if (value[1].data[0] == ':') {
        return NGX_CONF_OK;
    }

    name.len = value[1].len + 2;
    name.data = ngx_pnalloc(cf->pool, name.len);
    if (name.data == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_sprintf(name.data, ":%V:", &value[1]);

    *target = name;

    return NGX_CONF_OK;
}


char *
ngx_slack_http_block(ngx_conf_t *cf, char *(*handler)(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf), void *conf)
{
    char        *rv;
    ngx_conf_t   save;

    save = *cf;

    cf->handler = handler;
    cf->handler_conf = conf;

    rv = ngx_conf_parse(cf, NULL);

    *cf = save;

    return rv;
}
