
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Times in the formats that senders use.  Runs in any thread.
 */


#include <ngx_slack_time.h>


static ngx_int_t ngx_slack_time_digits(u_char **p, u_char *last, size_t n);
static time_t ngx_slack_time_zone(u_char *p, u_char *last);


time_t
ngx_slack_time_parse(ngx_str_t *text)
{
    time_t      days;
    u_char     *p, *last;
    ngx_int_t   year, month, day, hour, min, sec;

    if (text->len == 0) {
        return 0;
    }

    p = text->data;
    last = text->data + text->len;

    year = ngx_slack_time_digits(&p, last, 4);

    if (year < 1970 || p == last || *p++ != '-') {
        return 0;
    }

    month = ngx_slack_time_digits(&p, last, 2);

    if (month < 1 || month > 12 || p == last || *p++ != '-') {
        return 0;
    }

    day = ngx_slack_time_digits(&p, last, 2);

    if (day < 1 || day > 31 || p == last || (*p != 'T' && *p != ' ')) {
        return 0;
    }

    p++;

    hour = ngx_slack_time_digits(&p, last, 2);

    if (hour < 0 || hour > 23 || p == last || *p++ != ':') {
        return 0;
    }

    min = ngx_slack_time_digits(&p, last, 2);

    if (min < 0 || min > 59 || p == last || *p++ != ':') {
        return 0;
    }

    sec = ngx_slack_time_digits(&p, last, 2);

    if (sec < 0 || sec > 60) {
        return 0;
    }

    if (p < last && *p == '.') {
        do {
            p++;
        } while (p < last && *p >= '0' && *p <= '9');
    }

    /* days since the epoch, by Gauss' formula for years that begin in March */

    if (month <= 2) {
        month += 12;
        year--;
    }

    days = 365 * year + year / 4 - year / 100 + year / 400
           + 367 * (month - 2) / 12 + day - 719499;

    return days * 86400 + hour * 3600 + min * 60 + sec
           - ngx_slack_time_zone(p, last);
}


static ngx_int_t
ngx_slack_time_digits(u_char **p, u_char *last, size_t n)
{
    ngx_int_t  value;

    if ((size_t) (last - *p) < n) {
        return NGX_ERROR;
    }

    value = ngx_atoi(*p, n);

    *p += n;

    return value;
}


/* the offset of a zone, in seconds east of Greenwich; 0 for anything else */

static time_t
ngx_slack_time_zone(u_char *p, u_char *last)
{
    u_char     sign;
    ngx_int_t  hour, min;

    while (p < last && *p == ' ') {
        p++;
    }

    if (p == last || (*p != '+' && *p != '-')) {
        return 0;
    }

    sign = *p++;

    hour = ngx_slack_time_digits(&p, last, 2);

    if (p < last && *p == ':') {
        p++;
    }

    min = (p < last) ? ngx_slack_time_digits(&p, last, 2) : 0;

    if (hour < 0 || hour > 23 || min < 0 || min > 59) {
        return 0;
    }

    return (sign == '-') ? -(hour * 3600 + min * 60) : hour * 3600 + min * 60;
}
