
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Log lines with values from outside, scrubbed as a whole.  Runs in any thread
 * unless marked otherwise.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_log.h>
#include <ngx_slack_shown.h>


static void ngx_slack_log_format(ngx_str_t *line, u_char *buf,
    const char *fmt, va_list args);


void
ngx_slack_log(ngx_uint_t level, ngx_log_t *log, ngx_err_t err,
    const char *fmt, ...)
{
    u_char     buf[NGX_MAX_ERROR_STR];
    va_list    args;
    ngx_str_t  line;

    if (log->log_level < level) {
        return;
    }

    va_start(args, fmt);
    ngx_slack_log_format(&line, buf, fmt, args);
    va_end(args);

    ngx_log_error(level, log, err, "%V", &line);
}


/* executed in the master when the configuration is read */

void
ngx_slack_conf_log(ngx_uint_t level, ngx_conf_t *cf, ngx_err_t err,
    const char *fmt, ...)
{
    u_char     buf[NGX_MAX_ERROR_STR];
    va_list    args;
    ngx_str_t  line;

    va_start(args, fmt);
    ngx_slack_log_format(&line, buf, fmt, args);
    va_end(args);

    ngx_conf_log_error(level, cf, err, "%V", &line);
}


/* "buf" has NGX_MAX_ERROR_STR bytes, which is the longest line nginx logs. */

static void
ngx_slack_log_format(ngx_str_t *line, u_char *buf, const char *fmt,
    va_list args)
{
    size_t     n, room;
    u_char     text[NGX_MAX_ERROR_STR], piece[NGX_SLACK_SHOWN_SIZE];
    ngx_str_t  rest;

    rest.data = text;
    rest.len = ngx_vslprintf(text, text + NGX_MAX_ERROR_STR, fmt, args) - text;

    line->data = buf;
    line->len = 0;

    while (rest.len) {

        n = ngx_slack_shown(piece, &rest);
        room = NGX_MAX_ERROR_STR - line->len;

        if (n > room) {

            for (n = room; n && (piece[n] & 0xc0) == 0x80; n--) {
                /* void */
            }

            rest.len = 0;
        }

        ngx_memcpy(buf + line->len, piece, n);
        line->len += n;
    }
}
