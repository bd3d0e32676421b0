
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Times in the formats that senders use.  Runs in any thread.
 */


#include <ngx_slack_time.h>


static int64_t ngx_slack_time_read(ngx_str_t *text, ngx_uint_t *whole);
static ngx_int_t ngx_slack_time_digits(u_char **p, u_char *last, size_t n);
static ngx_int_t ngx_slack_time_fraction(u_char **p, u_char *last);
static time_t ngx_slack_time_zone(u_char *p, u_char *last, ngx_uint_t *whole);


time_t
ngx_slack_time_parse(ngx_str_t *text)
{
    ngx_uint_t  whole;

    return (time_t) (ngx_slack_time_read(text, &whole) / 1000);
}


int64_t
ngx_slack_time_parse_ms(ngx_str_t *text)
{
    int64_t     ms;
    ngx_uint_t  whole;

    ms = ngx_slack_time_read(text, &whole);

    return (whole && ms > 0) ? ms : 0;
}


/* "whole" is set if the text is a time to its end */

static int64_t
ngx_slack_time_read(ngx_str_t *text, ngx_uint_t *whole)
{
    u_char     *p, *last;
    int64_t     days, ms;
    ngx_int_t   year, month, day, hour, min, sec;

    *whole = 0;

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

    ms = ngx_slack_time_fraction(&p, last);

    /* days since the epoch, by Gauss' formula for years that begin in March */

    if (month <= 2) {
        month += 12;
        year--;
    }

    days = 365 * year + year / 4 - year / 100 + year / 400
           + 367 * (month - 2) / 12 + day - 719499;

    return (days * 86400 + hour * 3600 + min * 60 + sec
            - ngx_slack_time_zone(p, last, whole))
           * 1000 + ms;
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


/* reads ".5" and ".123456789"; returns milliseconds */

static ngx_int_t
ngx_slack_time_fraction(u_char **p, u_char *last)
{
    ngx_int_t  ms, unit;

    ms = 0;

    if (*p == last || **p != '.') {
        return 0;
    }

    unit = 100;

    for ((*p)++; *p < last && **p >= '0' && **p <= '9'; (*p)++) {
        ms += (**p - '0') * unit;
        unit /= 10;
    }

    return ms;
}


/* the offset of a zone, in seconds east of Greenwich; 0 for anything else */

static time_t
ngx_slack_time_zone(u_char *p, u_char *last, ngx_uint_t *whole)
{
    u_char     sign;
    ngx_int_t  hour, min;

    while (p < last && *p == ' ') {
        p++;
    }

    if (p == last || (*p != '+' && *p != '-')) {
        *whole = (p == last
                  || (last - p == 1 && *p == 'Z')
                  || (last - p == 3 && ngx_memcmp(p, "UTC", 3) == 0));
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

    *whole = (p == last);

    return (sign == '-') ? -(hour * 3600 + min * 60) : hour * 3600 + min * 60;
}
