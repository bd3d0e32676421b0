
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Failed transfers in plain words, with the directive to change.  Knows
 * libcurl, not Slack.  Runs in a pool thread, ngx_slack_transfer_error_hint()
 * in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_secret.h>
#include <ngx_slack_shown.h>
#include <ngx_slack_transfer_error.h>


typedef struct {
    long                      code;
    const char               *text;
    const char               *hint;
} ngx_slack_transfer_error_text_t;


static void ngx_slack_transfer_error_timeout(CURL *easy, ngx_uint_t written,
    ngx_slack_transfer_error_t *error);
static void ngx_slack_transfer_error_connect(CURL *easy,
    ngx_slack_transfer_error_t *error);
static void ngx_slack_transfer_error_verify(CURL *easy, const char *detail,
    ngx_slack_transfer_error_t *error);
static void ngx_slack_transfer_error_tls(const char *detail,
    ngx_slack_transfer_error_t *error);
static ngx_int_t ngx_slack_transfer_error_proxy(CURL *easy,
    ngx_slack_transfer_error_t *error);
static void ngx_slack_transfer_error_set(ngx_slack_transfer_error_t *error,
    const char *text, const char *hint);


#define NGX_SLACK_SEE_CA  "see trusted_certificate"


/* by libcurl's code; codes with a function below are not listed */

static const ngx_slack_transfer_error_text_t
    ngx_slack_transfer_error_texts[] =
{

    { CURLE_URL_MALFORMAT,
      "the URL is malformed", "check webhook_url" },

    { CURLE_COULDNT_RESOLVE_HOST,
      "host name could not be resolved",
      "check the host in webhook_url and the DNS of this machine, or see "
      "proxy" },

    { CURLE_COULDNT_RESOLVE_PROXY,
      "host name of the proxy could not be resolved", "check proxy" },

    { CURLE_SSL_CACERT_BADFILE,
      "the file of trusted certificates could not be read",
      NGX_SLACK_SEE_CA },

    { CURLE_PROXY,
      "the proxy refused", "check proxy" },

    { CURLE_WEIRD_SERVER_REPLY,
      "the answer is not HTTP", "check webhook_url" },

    { CURLE_UNSUPPORTED_PROTOCOL,
      "the answer is not HTTP", "check webhook_url" },

    { CURLE_GOT_NOTHING,
      "connection closed without an answer", NULL },

    { CURLE_PARTIAL_FILE,
      "connection closed in the middle of the answer", NULL },

    { CURLE_SEND_ERROR,
      "connection lost while sending", NULL },

    { CURLE_RECV_ERROR,
      "connection lost while waiting for the answer", NULL },

    { CURLE_SEND_FAIL_REWIND,
      "connection lost after the request", NULL },

    { CURLE_HTTP2,
      "HTTP/2 connection failed", NULL },

    { CURLE_HTTP2_STREAM,
      "HTTP/2 stream was reset", NULL },

    { CURLE_OUT_OF_MEMORY,
      "no memory", NULL },

    { 0, NULL, NULL }
};


/* by the values of X509_V_ERR_… in OpenSSL's x509_vfy.h */

static const ngx_slack_transfer_error_text_t
    ngx_slack_transfer_error_verdicts[] =
{

    { 2, "unknown certificate authority", NGX_SLACK_SEE_CA },
    { 9, "certificate is not yet valid", "check the clock of this machine" },
    { 10, "certificate has expired",
      "it must be renewed; check the clock of this machine too" },
    { 18, "self-signed certificate", NGX_SLACK_SEE_CA },
    { 19, "self-signed certificate in chain", NGX_SLACK_SEE_CA },
    { 20, "unknown certificate authority", NGX_SLACK_SEE_CA },
    { 21, "unknown certificate authority", NGX_SLACK_SEE_CA },
    { 23, "certificate is revoked", NULL },
    { 62, "certificate is for another host", "check webhook_url and proxy" },

    { 0, NULL, NULL }
};


/* executed in a pool thread */

void
ngx_slack_transfer_error(CURL *easy, CURLcode rc, const char *detail,
    ngx_uint_t written, ngx_slack_transfer_error_t *error)
{
    const ngx_slack_transfer_error_text_t  *t;

    switch (rc) {

    case CURLE_OPERATION_TIMEDOUT:
        ngx_slack_transfer_error_timeout(easy, written, error);
        return;

    case CURLE_COULDNT_CONNECT:
        ngx_slack_transfer_error_connect(easy, error);
        return;

    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        ngx_slack_transfer_error_verify(easy, detail, error);
        return;

    case CURLE_SSL_CONNECT_ERROR:
        ngx_slack_transfer_error_tls(detail, error);
        return;

    case CURLE_RECV_ERROR:
    case CURLE_PROXY:
        if (ngx_slack_transfer_error_proxy(easy, error) == NGX_OK) {
            return;
        }

        if (rc == CURLE_RECV_ERROR && !written) {
            ngx_slack_transfer_error_set(error, "connection lost before the "
                                           "request was sent",
                                         "if it lasts, check proxy");
            return;
        }

        break;

    default:
        break;
    }

    for (t = ngx_slack_transfer_error_texts; t->text; t++) {
        if (t->code == (long) rc) {
            ngx_slack_transfer_error_set(error, t->text, t->hint);
            return;
        }
    }

    /* a constant text of libcurl, without secrets */

    ngx_slack_transfer_error_set(error, curl_easy_strerror(rc), NULL);
}


const char *
ngx_slack_transfer_error_hint(const char *text)
{
    const ngx_slack_transfer_error_text_t  *t;

    for (t = ngx_slack_transfer_error_verdicts; t->text; t++) {
        if (strstr(text, t->text)) {
            return t->hint;
        }
    }

    for (t = ngx_slack_transfer_error_texts; t->text; t++) {
        if (strstr(text, t->text)) {
            return t->hint;
        }
    }

    return strstr(text, "certificate verify failed") ? NGX_SLACK_SEE_CA : NULL;
}


/* executed in a pool thread */

void
ngx_slack_transfer_error_headers(ngx_slack_transfer_error_t *error)
{
    ngx_slack_transfer_error_set(error,
                                 "the headers of the answer are too large",
                                 "check webhook_url and proxy");
}


/* executed in a pool thread */

void
ngx_slack_transfer_error_by_proxy(ngx_slack_transfer_error_t *error,
    ngx_str_t *proxy)
{
    char       name[80];
    size_t     len;
    ngx_str_t  host;

    host = ngx_slack_secret_host(proxy);

    len = ngx_min(host.len, sizeof(name) - 1);
    ngx_memcpy(name, host.data, len);
    name[len] = '\0';

    len = ngx_strlen(error->text);

    (void) snprintf(error->text + len, sizeof(error->text) - len,
                    ", by proxy %s", name);
}


/* The progress of the transfer shows which side did not respond. */

static void
ngx_slack_transfer_error_timeout(CURL *easy, ngx_uint_t written,
    ngx_slack_transfer_error_t *error)
{
    long        port;
    curl_off_t  resolved, ready;

    port = 0;
    resolved = 0;
    ready = 0;

    (void) curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &resolved);
    (void) curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &ready);

    /*
     * CURLINFO_CONNECT_TIME is set only after the TLS handshake, so the local
     * port shows whether the connection was established.  With libcurl 8 the
     * port is not set then, and the error is reported as a connect timeout.
     */

    (void) curl_easy_getinfo(easy, CURLINFO_LOCAL_PORT, &port);

    if (written) {
        ngx_slack_transfer_error_set(error, "no answer in time",
                                     "see timeout");

    } else if (ready > 0) {
        ngx_slack_transfer_error_set(error,
                                     "request could not be sent in time",
                                     "see timeout");

    } else if (port > 0) {
        ngx_slack_transfer_error_set(error, "TLS handshake or proxy timed out",
                                     "see connect_timeout and proxy");

    } else if (resolved > 0) {
        ngx_slack_transfer_error_set(error, "connect timed out",
                                     "check the network, or see proxy and "
                                     "connect_timeout");

    } else {
        ngx_slack_transfer_error_set(error, "no connection in time",
                                     "check the DNS of this machine, or see "
                                     "proxy");
    }
}


static void
ngx_slack_transfer_error_connect(CURL *easy, ngx_slack_transfer_error_t *error)
{
    long  err;

    err = 0;

    (void) curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &err);

    switch (err) {

    case NGX_ECONNREFUSED:
        ngx_slack_transfer_error_set(error, "connection refused",
                                     "check the network, or see proxy");
        break;

    case NGX_ENETUNREACH:
    case NGX_EHOSTUNREACH:
    case NGX_ENETDOWN:
    case NGX_EHOSTDOWN:
        ngx_slack_transfer_error_set(error, "network or host is unreachable",
                                     "check the network, or see proxy");
        break;

    case NGX_ETIMEDOUT:
        ngx_slack_transfer_error_set(error, "connect timed out",
                                     "check the network, or see proxy");
        break;

    default:
        ngx_slack_transfer_error_set(error, "connect failed",
                                     "check the network, or see proxy");
    }
}


static void
ngx_slack_transfer_error_verify(CURL *easy, const char *detail,
    ngx_slack_transfer_error_t *error)
{
    long                                    verdict;
    const ngx_slack_transfer_error_text_t  *t;

    verdict = 0;

    (void) curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verdict);

    if (verdict < 2 && strstr(detail, "subject name")) {
        /* libcurl compares the name itself, before it asks OpenSSL */
        verdict = 62;
    }

    for (t = ngx_slack_transfer_error_verdicts; t->text; t++) {

        if (t->code == verdict) {
            (void) snprintf(error->text, sizeof(error->text),
                            "certificate verify failed (%s)", t->text);
            error->hint = t->hint;
            return;
        }
    }

    (void) snprintf(error->text, sizeof(error->text),
                    "certificate verify failed (%ld)", verdict);
    error->hint = NGX_SLACK_SEE_CA;
}


/*
 * The reason is the last part, as in "error:0A00010B:SSL routines::wrong
 * version number".
 */

static void
ngx_slack_transfer_error_tls(const char *detail,
    ngx_slack_transfer_error_t *error)
{
    char         buf[80];
    ngx_str_t    reason;
    const char  *p;

    p = strrchr(detail, ':');

    if (p == NULL || p - detail < 2 || p[-1] != ':') {
        ngx_slack_transfer_error_set(error, "TLS handshake failed", NULL);
        return;
    }

    reason.data = (u_char *) p + 1;
    reason.len = ngx_strlen(p + 1);

    (void) ngx_slack_shown_ascii(buf, sizeof(buf), &reason);

    (void) snprintf(error->text, sizeof(error->text),
                    "TLS handshake failed (%s)", buf);

    if (ngx_strcmp(buf, "wrong version number") == 0) {
        error->hint = "the other side does not speak TLS there, "
                        "check webhook_url and proxy";

    } else if (strstr(buf, "protocol") || strstr(buf, "legacy")) {
        error->hint = "the other side may speak an old TLS only";

    } else {
        error->hint = NULL;
    }
}


/* Sets the error if the proxy refused CONNECT; else NGX_DECLINED. */

static ngx_int_t
ngx_slack_transfer_error_proxy(CURL *easy, ngx_slack_transfer_error_t *error)
{
    long  status;

    status = 0;

    (void) curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status);

    if (status < 300) {
        return NGX_DECLINED;
    }

    (void) snprintf(error->text, sizeof(error->text),
                    "the proxy refused to connect (HTTP %ld)", status);

    /* some proxies answer 401 instead of 407 */

    error->hint = (status == 407 || status == 401)
                    ? "check the credentials in proxy" : "check proxy";

    return NGX_OK;
}


static void
ngx_slack_transfer_error_set(ngx_slack_transfer_error_t *error,
    const char *text, const char *hint)
{
    (void) snprintf(error->text, sizeof(error->text), "%s", text);
    error->hint = hint;
}
