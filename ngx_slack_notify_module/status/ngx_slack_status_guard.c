
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Decides which requests may execute actions at a location of slack_status,
 * and which may be posted there at all.  Runs in the event loop.
 */


#include <ngx_slack_status.h>
#include <ngx_slack_equal.h>


static ngx_uint_t ngx_slack_guard_is_local(ngx_http_request_t *r);
static ngx_uint_t ngx_slack_guard_is_host(ngx_http_request_t *r,
    ngx_array_t *hosts);
static ngx_uint_t ngx_slack_guard_is_name(ngx_str_t *pattern,
    ngx_str_t *host);
static ngx_uint_t ngx_slack_guard_is_address(ngx_str_t *host);


static const char  ngx_slack_guard_other_site[] =
    "the request comes from a page of another site: use the page of this "
    "location, under the same name";


const char *
ngx_slack_status_refuses(ngx_http_request_t *r)
{
    ngx_slack_loc_conf_t  *slcf;

    slcf = ngx_http_get_module_loc_conf(r, ngx_slack_notify_module);

    if (slcf->actions == NGX_SLACK_ACTIONS_OFF) {
        return "this location is to read only: actions need "
               "\"slack_status actions\" in it";
    }

    if (slcf->actions == NGX_SLACK_ACTIONS_LOCAL
        && !ngx_slack_guard_is_local(r))
    {
        return "actions are taken from this host only, by a loopback address "
               "or a Unix socket: from elsewhere they need "
               "\"slack_status actions=remote\" in this location, which "
               "\"allow\" and \"deny\" or \"auth_basic\" should then restrict";
    }

    if (!ngx_slack_guard_is_host(r, slcf->hosts)) {
        return "actions are not taken under this name of a host: use a "
               "\"server_name\" of the server, without a regular expression "
               "and without \"*\" at its end, an IP address, or \"localhost\"";
    }

    return NULL;
}


static ngx_uint_t
ngx_slack_guard_is_local(ngx_http_request_t *r)
{
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    u_char               *p;
    struct sockaddr_in6  *sin6;
#endif

    switch (r->connection->sockaddr->sa_family) {

    case AF_INET:
        sin = (struct sockaddr_in *) r->connection->sockaddr;

        return (ntohl(sin->sin_addr.s_addr) >> 24) == 127;

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) r->connection->sockaddr;

        if (IN6_IS_ADDR_LOOPBACK(&sin6->sin6_addr)) {
            return 1;
        }

        p = sin6->sin6_addr.s6_addr;

        return IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr) && p[12] == 127;
#endif

#if (NGX_HAVE_UNIX_DOMAIN)
    case AF_UNIX:
        return 1;
#endif

    default:
        return 0;
    }
}


/*
 * Another site can make one of its names resolve to this host (DNS rebinding).
 * To a browser a page of that site is then of the same origin as this
 * location.  So accept only names that the operator configured.
 */

static ngx_uint_t
ngx_slack_guard_is_host(ngx_http_request_t *r, ngx_array_t *hosts)
{
    ngx_str_t   *host, *name;
    ngx_uint_t   i;

    /* in lower case, without the port */
    host = &r->headers_in.server;

    if (host->len == 0) {
        return 0;
    }

    if (ngx_slack_guard_is_address(host)
        || (host->len == sizeof("localhost") - 1
            && ngx_memcmp(host->data, "localhost", host->len) == 0))
    {
        return 1;
    }

    name = hosts->elts;

    for (i = 0; i < hosts->nelts; i++) {
        if (ngx_slack_guard_is_name(&name[i], host)) {
            return 1;
        }
    }

    return 0;
}


/* "NAME" matches itself, "*.NAME" any name below it, ".NAME" both */

static ngx_uint_t
ngx_slack_guard_is_name(ngx_str_t *pattern, ngx_str_t *host)
{
    size_t     len;
    ngx_str_t  name;

    name = *pattern;

    if (name.data[0] == '*') {
        name.data++;
        name.len--;

    } else if (name.data[0] == '.') {

        if (host->len == name.len - 1
            && ngx_memcmp(host->data, name.data + 1, host->len) == 0)
        {
            return 1;
        }

    } else {
        return ngx_slack_equal(host, &name);
    }

    if (host->len <= name.len) {
        return 0;
    }

    len = host->len - name.len;

    return ngx_memcmp(host->data + len, name.data, name.len) == 0;
}


static ngx_uint_t
ngx_slack_guard_is_address(ngx_str_t *host)
{
#if (NGX_HAVE_INET6)

    u_char  addr[16];

    if (host->data[0] == '[') {
        return host->data[host->len - 1] == ']'
               && ngx_inet6_addr(host->data + 1, host->len - 2, addr)
                  == NGX_OK;
    }

#endif

    return ngx_inet_addr(host->data, host->len) != INADDR_NONE;
}


/* Browsers send Sec-Fetch-Site and Origin, and a page cannot change them. */

const char *
ngx_slack_status_foreign(ngx_http_request_t *r)
{
    u_char    *p;
    ngx_str_t  value;

    static ngx_str_t  site = ngx_string("sec-fetch-site");
    static ngx_str_t  origin = ngx_string("origin");

    switch (ngx_slack_http_header(r, &site, &value)) {

    case 0:
        break;

    case 1:
        if ((value.len != sizeof("same-origin") - 1
             || ngx_memcmp(value.data, "same-origin", value.len) != 0)
            && (value.len != sizeof("none") - 1
                || ngx_memcmp(value.data, "none", value.len) != 0))
        {
            return ngx_slack_guard_other_site;
        }

        break;

    default:
        return ngx_slack_guard_other_site;
    }

    switch (ngx_slack_http_header(r, &origin, &value)) {

    case 0:
        return NULL;

    case 1:
        break;

    default:
        return ngx_slack_guard_other_site;
    }

    /* the scheme differs if a proxy terminates TLS */

    p = (u_char *) ngx_strnstr(value.data, "://", value.len);

    if (p == NULL || r->headers_in.host == NULL) {
        return ngx_slack_guard_other_site;
    }

    p += sizeof("://") - 1;
    value.len -= p - value.data;
    value.data = p;

    if (value.len != r->headers_in.host->value.len
        || ngx_strncasecmp(value.data, r->headers_in.host->value.data,
                           value.len)
           != 0)
    {
        return ngx_slack_guard_other_site;
    }

    return NULL;
}
