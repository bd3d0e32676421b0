
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Numbers and times of directives, with limits that keep all later
 * calculations from overflowing.  Runs in the master when the configuration is
 * read.
 */


#include <ngx_slack_conf.h>


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
