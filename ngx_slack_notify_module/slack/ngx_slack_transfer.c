
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * One request to Slack: libcurl's easy handle, its options, and the answer.
 * Knows workspaces and endpoints, not messages or the outbox.  Runs in a pool
 * thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_secret.h>
#include <ngx_slack_transfer.h>


#if (LIBCURL_VERSION_NUM < 0x075700)
#error this module needs libcurl 7.87 or newer
#endif


#define NGX_SLACK_CONNECTION_IDLE  60L      /* seconds, unused */
#define NGX_SLACK_CONNECTION_LIFE  300L     /* seconds, then DNS is asked
                                               again */
#define NGX_SLACK_ADDRESS_LIFE     5L       /* seconds to cache DNS answers */
#define NGX_SLACK_HEADERS_MAX      65536    /* bytes of an answer's headers */


static void ngx_slack_transfer_body(ngx_slack_transfer_t *t,
    ngx_slack_answer_t *answer);
static int ngx_slack_transfer_begin(void *data, char *remote, char *local,
    int remote_port, int local_port);
static size_t ngx_slack_transfer_read(char *buf, size_t size, size_t n,
    void *data);
static int ngx_slack_transfer_seek(void *data, curl_off_t offset, int origin);
static size_t ngx_slack_transfer_write(char *buf, size_t size, size_t n,
    void *data);
static size_t ngx_slack_transfer_header(char *buf, size_t size, size_t n,
    void *data);
static void ngx_slack_transfer_keep(u_char *buf, size_t size, u_char *p,
    size_t len, ngx_str_t *value);


ngx_slack_transfer_t *
ngx_slack_transfer_create(void)
{
    ngx_slack_transfer_t  *t;

    t = malloc(sizeof(ngx_slack_transfer_t));
    if (t == NULL) {
        return NULL;
    }

    t->easy = NULL;
    t->endpoint = NULL;
    t->request = NULL;
    t->large = NULL;

    return t;
}


void
ngx_slack_transfer_destroy(ngx_slack_transfer_t *t)
{
    curl_easy_cleanup(t->easy);
    free(t->large);
    free(t);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_transfer_start(ngx_slack_transfer_t *t, ngx_slack_request_t *request)
{
    int  rc;

    t->written = 0;
    t->received = 0;
    t->heard = 0;
    t->error[0] = '\0';
    ngx_str_null(&t->retry_after);
    ngx_str_null(&t->date);
    ngx_str_null(&t->scopes);

    rc = 0;

    if (t->endpoint->token.len && t->method != request->method) {
        rc |= (int) curl_easy_setopt(t->easy, CURLOPT_URL,
                       (char *) t->endpoint->methods[request->method].data);
        rc |= (int) curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER,
                       request->method == NGX_SLACK_METHOD_LOOKUP ? t->form
                                                                  : t->json);
        t->method = request->method;
    }

    rc |= (int) curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                                (curl_off_t) request->body.len);

    if (!request->workspace->ambiguous_drop) {
        rc |= (int) curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS,
                                     (char *) request->body.data);
    }

    if (rc != CURLE_OK) {
        return NGX_ERROR;
    }

    t->request = request;
    request->begun = 0;

    return NGX_OK;
}


struct curl_slist *
ngx_slack_transfer_headers(const char *type)
{
    char                header[64];
    struct curl_slist  *headers, *all;

    (void) snprintf(header, sizeof(header), "Content-Type: %s", type);

    headers = curl_slist_append(NULL, header);
    if (headers == NULL) {
        return NULL;
    }

    /* "Expect: 100-continue" would cost a round trip, or a delay */

    all = curl_slist_append(headers, "Expect:");

    if (all == NULL) {
        curl_slist_free_all(headers);
    }

    return all;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_transfer_setup(ngx_slack_transfer_t *t, ngx_slack_workspace_t *ws,
    ngx_slack_endpoint_t *endpoint, struct curl_slist *json,
    struct curl_slist *form, CURLSH *share)
{
    int    rc;
    CURL  *c;

    t->endpoint = NULL;

    /*
     * curl_easy_reset() does not suffice: if other handles still use the
     * HTTP/2 connection of this handle, the handle keeps its buffer, and
     * libcurl then refuses to set the size of a buffer.
     */

    curl_easy_cleanup(t->easy);

    t->easy = curl_easy_init();
    if (t->easy == NULL) {
        return NGX_ERROR;
    }

    c = t->easy;

    /* ngx_slack_transfer_start() sets the URL of a method */

    t->method = NGX_SLACK_METHOD_LAST;
    t->json = json;
    t->form = form;

    rc = (int) curl_easy_setopt(c, CURLOPT_URL, (char *) endpoint->url.data);

    if (endpoint->token.len) {
        rc |= (int) curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
        rc |= (int) curl_easy_setopt(c, CURLOPT_XOAUTH2_BEARER,
                                     (char *) endpoint->token.data);
    }

    rc |= (int) curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    rc |= (int) curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    rc |= (int) curl_easy_setopt(c, CURLOPT_HTTP_VERSION,
                                 (long) CURL_HTTP_VERSION_2TLS);

    if (ngx_strncasecmp(endpoint->url.data, (u_char *) "https:", 6) == 0) {
        /*
         * Wait for a connection that others may share.  Without TLS there is
         * no HTTP/2, so this would only delay the request.
         */
        rc |= (int) curl_easy_setopt(c, CURLOPT_PIPEWAIT, 1L);
    }

    rc |= (int) curl_easy_setopt(c, CURLOPT_POST, 1L);
    rc |= (int) curl_easy_setopt(c, CURLOPT_HTTPHEADER, json);
    rc |= (int) curl_easy_setopt(c, CURLOPT_USERAGENT,
                                 "ngx_slack_notify_module/"
                                 NGX_SLACK_NOTIFY_VERSION);

    rc |= (int) curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    rc |= (int) curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);
    rc |= (int) curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
                                 (long) ws->connect_timeout);
    rc |= (int) curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long) ws->timeout);
    rc |= (int) curl_easy_setopt(c, CURLOPT_DNS_CACHE_TIMEOUT,
                                 NGX_SLACK_ADDRESS_LIFE);
    rc |= (int) curl_easy_setopt(c, CURLOPT_MAXAGE_CONN,
                                 NGX_SLACK_CONNECTION_IDLE);
    rc |= (int) curl_easy_setopt(c, CURLOPT_MAXLIFETIME_CONN,
                                 NGX_SLACK_CONNECTION_LIFE);

    /*
     * There are many handles, so the buffers are about as small as libcurl
     * allows.
     */

    rc |= (int) curl_easy_setopt(c, CURLOPT_BUFFERSIZE, 4096L);
    rc |= (int) curl_easy_setopt(c, CURLOPT_UPLOAD_BUFFERSIZE, 16384L);

    /* an empty string disables the proxies of the environment */

    rc |= (int) curl_easy_setopt(c, CURLOPT_PROXY,
                                 ws->proxy.len ? (char *) ws->proxy.data : "");
    rc |= (int) curl_easy_setopt(c, CURLOPT_NOPROXY, "");
    rc |= (int) curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);

    rc |= (int) curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER,
                                 ws->ssl_verify ? 1L : 0L);
    rc |= (int) curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST,
                                 ws->ssl_verify ? 2L : 0L);

    if (ws->trusted_certificate.len) {
        rc |= (int) curl_easy_setopt(c, CURLOPT_CAINFO,
                                     (char *) ws->trusted_certificate.data);
        rc |= (int) curl_easy_setopt(c, CURLOPT_PROXY_CAINFO,
                                     (char *) ws->trusted_certificate.data);
    }

    /*
     * while a CA path is set, libcurl parses the whole CA bundle for each new
     * connection
     */

    rc |= (int) curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
    rc |= (int) curl_easy_setopt(c, CURLOPT_PROXY_CAPATH, NULL);
    rc |= (int) curl_easy_setopt(c, CURLOPT_SHARE, share);

    rc |= (int) curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->error);
    rc |= (int) curl_easy_setopt(c, CURLOPT_PRIVATE, t);
    rc |= (int) curl_easy_setopt(c, CURLOPT_PREREQFUNCTION,
                                 ngx_slack_transfer_begin);
    rc |= (int) curl_easy_setopt(c, CURLOPT_PREREQDATA, t);
    rc |= (int) curl_easy_setopt(c, CURLOPT_WRITEFUNCTION,
                                 ngx_slack_transfer_write);
    rc |= (int) curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
    rc |= (int) curl_easy_setopt(c, CURLOPT_HEADERFUNCTION,
                                 ngx_slack_transfer_header);
    rc |= (int) curl_easy_setopt(c, CURLOPT_HEADERDATA, t);

    if (ws->ambiguous_drop) {

        /*
         * When a reused connection turns out to be closed, libcurl sends the
         * request again, unless its body cannot be rewound.
         */

        rc |= (int) curl_easy_setopt(c, CURLOPT_READFUNCTION,
                                     ngx_slack_transfer_read);
        rc |= (int) curl_easy_setopt(c, CURLOPT_READDATA, t);
        rc |= (int) curl_easy_setopt(c, CURLOPT_SEEKFUNCTION,
                                     ngx_slack_transfer_seek);
        rc |= (int) curl_easy_setopt(c, CURLOPT_SEEKDATA, t);
    }

    if (rc != CURLE_OK) {
        return NGX_ERROR;
    }

    t->endpoint = endpoint;

    return NGX_OK;
}


/* executed in a pool thread */

void
ngx_slack_transfer_answer(ngx_slack_transfer_t *t, CURLcode rc,
    ngx_slack_transfer_error_t *error, ngx_slack_answer_t *answer)
{
    long                    status;
    ngx_uint_t              written;
    curl_off_t              sent, ready;
    ngx_slack_workspace_t  *ws;

    ngx_memzero(answer, sizeof(ngx_slack_answer_t));

    ws = t->request->workspace;
    status = 0;
    sent = 0;
    ready = 0;

    (void) curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    (void) curl_easy_getinfo(t->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    (void) curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME_T, &ready);

    written = (sent >= (curl_off_t) t->request->body.len
               || (ws->ambiguous_drop && t->written >= t->request->body.len));

    answer->status = status > 0 ? (ngx_uint_t) status : 0;
    answer->ready = (ngx_msec_t) (ready / 1000);
    answer->retry_after = t->retry_after;
    answer->date = t->date;
    answer->scopes = t->scopes;
    answer->token = (t->endpoint->token.len != 0);

    ngx_slack_transfer_body(t, answer);

    if (rc == CURLE_OK
        || (rc == CURLE_WRITE_ERROR && t->received > NGX_SLACK_ANSWER_MAX))
    {
        answer->transfer = NGX_SLACK_TRANSFER_DONE;
        return;
    }

    answer->transfer = (written || answer->status)
                       ? NGX_SLACK_TRANSFER_UNANSWERED
                       : NGX_SLACK_TRANSFER_UNSENT;

    ngx_slack_transfer_error(t->easy, rc, t->error, written, error);

    if (t->heard > NGX_SLACK_HEADERS_MAX) {
        ngx_slack_transfer_error_headers(error);
    }

    if (!written && ws->proxy.len) {
        ngx_slack_transfer_error_by_proxy(error, &ws->proxy);
    }

    answer->error = error->text;
    answer->hint = error->hint;
}


/* executed in a pool thread */

void
ngx_slack_transfer_done(ngx_slack_transfer_t *t)
{
    t->request = NULL;

    free(t->large);
    t->large = NULL;
}


/*
 * The body as it was received; of a token with our secrets masked.  A webhook
 * may have any URL, also one with a part such as "/ok".
 */

static void
ngx_slack_transfer_body(ngx_slack_transfer_t *t, ngx_slack_answer_t *answer)
{
    size_t  kept;

    kept = t->large ? NGX_SLACK_ANSWER_MAX : NGX_SLACK_BODY_KEPT;

    answer->body.data = t->large ? t->large : t->body;
    answer->body.len = ngx_min(t->received, kept);
    answer->cut = (t->received > kept);

    if (answer->token) {
        ngx_slack_secret_hide_token(answer->body.data, answer->body.len,
                                    &t->endpoint->token);
        ngx_slack_secret_hide(answer->body.data, answer->body.len,
                              &t->request->workspace->proxy);
        answer->shown = answer->body;

        ngx_slack_secret_hide_token(t->scopes.data, t->scopes.len,
                                    &t->endpoint->token);
        return;
    }

    answer->shown.data = t->shown;
    answer->shown.len = ngx_min(answer->body.len, NGX_SLACK_BODY_KEPT);

    ngx_memcpy(t->shown, answer->body.data, answer->shown.len);
    ngx_slack_secret_hide(t->shown, answer->shown.len, &t->endpoint->url);
    ngx_slack_secret_hide(t->shown, answer->shown.len,
                          &t->request->workspace->proxy);
}


/*
 * called by libcurl when the connection is established, including proxy and
 * TLS, and before the request is sent
 */

static int
ngx_slack_transfer_begin(void *data, char *remote, char *local,
    int remote_port, int local_port)
{
    ngx_slack_transfer_t  *t = data;

    t->request->begun = 1;

    return CURL_PREREQFUNC_OK;
}


static size_t
ngx_slack_transfer_read(char *buf, size_t size, size_t n, void *data)
{
    ngx_slack_transfer_t  *t = data;

    ngx_str_t  *body;

    body = &t->request->body;
    n = ngx_min(size * n, body->len - t->written);

    ngx_memcpy(buf, body->data + t->written, n);
    t->written += n;

    return n;
}


static int
ngx_slack_transfer_seek(void *data, curl_off_t offset, int origin)
{
    ngx_slack_transfer_t  *t = data;

    if (origin != SEEK_SET || offset != 0
        || t->written >= t->request->body.len)
    {
        return CURL_SEEKFUNC_FAIL;
    }

    t->written = 0;

    return CURL_SEEKFUNC_OK;
}


static size_t
ngx_slack_transfer_write(char *buf, size_t size, size_t n, void *data)
{
    ngx_slack_transfer_t  *t = data;

    size_t   len, kept;
    u_char  *body;

    len = size * n;

    if (t->large == NULL && t->received + len > NGX_SLACK_BODY_KEPT) {

        /* without memory for it the answer is cut */

        t->large = malloc(NGX_SLACK_ANSWER_MAX);
        if (t->large != NULL) {
            ngx_memcpy(t->large, t->body, ngx_min(t->received,
                                                  NGX_SLACK_BODY_KEPT));
        }
    }

    if (t->large) {
        kept = NGX_SLACK_ANSWER_MAX;
        body = t->large;

    } else {
        kept = NGX_SLACK_BODY_KEPT;
        body = t->body;
    }

    if (t->received < kept) {
        ngx_memcpy(body + t->received, buf, ngx_min(len, kept - t->received));
    }

    t->received += len;

    return (t->received > NGX_SLACK_ANSWER_MAX) ? 0 : len;
}


static size_t
ngx_slack_transfer_header(char *buf, size_t size, size_t n, void *data)
{
    ngx_slack_transfer_t  *t = data;

    size_t   len;
    u_char  *p;

    p = (u_char *) buf;
    len = size * n;

    t->heard += len;

    if (t->heard > NGX_SLACK_HEADERS_MAX) {
        return 0;
    }

    if (len > 5 && ngx_strncasecmp(p, (u_char *) "HTTP/", 5) == 0) {
        /* a new answer begins; the previous one was an interim answer */
        ngx_str_null(&t->retry_after);
        ngx_str_null(&t->date);
        ngx_str_null(&t->scopes);

    } else if (len > 12
               && ngx_strncasecmp(p, (u_char *) "Retry-After:", 12) == 0)
    {
        ngx_slack_transfer_keep(t->headers[0], sizeof(t->headers[0]),
                              p + 12, len - 12, &t->retry_after);

    } else if (len > 5 && ngx_strncasecmp(p, (u_char *) "Date:", 5) == 0) {
        ngx_slack_transfer_keep(t->headers[1], sizeof(t->headers[1]),
                              p + 5, len - 5, &t->date);

    } else if (len > 15
               && ngx_strncasecmp(p, (u_char *) "X-OAuth-Scopes:", 15) == 0)
    {
        ngx_slack_transfer_keep(t->scope, sizeof(t->scope), p + 15, len - 15,
                                &t->scopes);
    }

    return len;
}


static void
ngx_slack_transfer_keep(u_char *buf, size_t size, u_char *p, size_t len,
    ngx_str_t *value)
{
    while (len && *p <= ' ') {
        p++;
        len--;
    }

    while (len && p[len - 1] <= ' ') {
        len--;
    }

    value->data = buf;
    value->len = ngx_min(len, size);

    ngx_memcpy(buf, p, value->len);
}
