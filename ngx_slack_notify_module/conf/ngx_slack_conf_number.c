
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Numbers and times of directives, with limits that keep all later
 * calculations from overflowing.  Runs in the master when the configuration is
 * read.
 */


#include <ngx_slack_conf.h>


#define NGX_SLACK_RATE_MAX   1000000
#define NGX_SLACK_BURST_MAX  100000


/*
 * a value that begins with so many digits is a number, though too large for
 * nginx
 */

#define NGX_SLACK_CONF_DIGITS  10


static ngx_uint_t ngx_slack_conf_great(ngx_str_t *value);


ngx_int_t
ngx_slack_conf_number(ngx_conf_t *cf, ngx_str_t *word, ngx_str_t *value,
    ngx_int_t max, ngx_int_t *number)
{
    *number = ngx_atoi(value->data, value->len);

    if (*number == NGX_ERROR && !ngx_slack_conf_great(value)) {
        return NGX_DECLINED;
    }

    if (*number == NGX_ERROR || *number > max) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is too great, it may be at most %i",
                           ngx_slack_secret_word(word), max);
        return NGX_ERROR;
    }

    return (*number == 0) ? NGX_DECLINED : NGX_OK;
}


ngx_int_t
ngx_slack_conf_time(ngx_conf_t *cf, ngx_str_t *word, ngx_str_t *value,
    ngx_uint_t is_sec, ngx_int_t days, ngx_int_t *time)
{
    ngx_int_t  max;

    max = days * 24 * 60 * 60 * (is_sec ? 1 : 1000);

    *time = ngx_parse_time(value, is_sec);

    if (*time == NGX_ERROR && !ngx_slack_conf_great(value)) {
        return NGX_DECLINED;
    }

    if (*time == NGX_ERROR || *time > max) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is too long, it may be at most %s",
                           ngx_slack_secret_word(word),
                           (days == NGX_SLACK_CONF_DAYS)
                           ? "10 years, \"3650d\"" : "a day, \"1d\"");
        return NGX_ERROR;
    }

    return NGX_OK;
}


/*
 * Whether ngx_atoi() or ngx_parse_time() refused the value only for its size.
 */

static ngx_uint_t
ngx_slack_conf_great(ngx_str_t *value)
{
    size_t  i;

    for (i = 0; i < value->len; i++) {
        if (value->data[i] < '0' || value->data[i] > '9') {
            break;
        }
    }

    return i >= NGX_SLACK_CONF_DIGITS;
}


char *
ngx_slack_conf_set_rate(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    size_t             len;
    u_char            *unit;
    ngx_int_t          rc, n, scale;
    ngx_str_t         *value, s;
    ngx_slack_rate_t  *rate;

    rate = (ngx_slack_rate_t *) (p + cmd->offset);

    if (rate->limit != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;
    len = value[1].len;

    if (len <= 3) {
        goto invalid;
    }

    unit = value[1].data + len - 3;

    if (ngx_strncmp(unit, "r/s", 3) == 0) {
        scale = 1;

    } else if (ngx_strncmp(unit, "r/m", 3) == 0) {
        scale = 60;

    } else {
        goto invalid;
    }

    s.data = value[1].data;
    s.len = len - 3;

    rc = ngx_slack_conf_number(cf, &value[1], &s, NGX_SLACK_RATE_MAX, &n);

    if (rc == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    if (rc == NGX_DECLINED) {
        goto invalid;
    }

    rate->limit = ngx_max((ngx_uint_t) n * 1000 / scale, 1);

    if (cf->args->nelts == 3) {
        if (ngx_strncmp(value[2].data, "burst=", 6) != 0) {
            return ngx_slack_conf_invalid(cf, &value[2]);
        }

        s.data = value[2].data + 6;
        s.len = value[2].len - 6;

        rc = ngx_slack_conf_number(cf, &value[2], &s, NGX_SLACK_BURST_MAX,
                                   &n);

        if (rc == NGX_ERROR) {
            return NGX_CONF_ERROR;
        }

        if (rc == NGX_DECLINED) {
            return ngx_slack_conf_invalid(cf, &value[2]);
        }

        rate->burst = (ngx_uint_t) n;
    }

    return NGX_CONF_OK;

invalid:

    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "invalid rate \"%V\", write such as \"1r/s\" or "
                       "\"30r/m\"", ngx_slack_secret_word(&value[1]));

    return NGX_CONF_ERROR;
}


char *
ngx_slack_conf_invalid(ngx_conf_t *cf, ngx_str_t *value)
{
    ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                       "invalid parameter \"%V\", see \"Inside "
                       "slack_workspace\" in the README",
                       ngx_slack_secret_word(value));

    return NGX_CONF_ERROR;
}
