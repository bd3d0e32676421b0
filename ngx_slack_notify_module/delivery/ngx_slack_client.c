
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Requests to Slack by libcurl's multi interface.  Easy handles, connections,
 * TLS sessions and the parsed CA bundle are reused.  Knows workspaces and
 * webhooks; not messages, not the outbox.  Runs in a pool thread, one at a
 * time; created and destroyed in the event loop while no task runs.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <curl/curl.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <ngx_slack_client.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_transfer.h>


#define NGX_SLACK_CONNECTIONS  256L         /* kept open */


struct ngx_slack_client_s {
    CURLM                      *multi;
    CURLSH                     *share;
    struct curl_slist          *headers;
    ngx_fd_t                    poked;
    ngx_uint_t                  finished;
    int64_t                     used;       /* last, monotonic */
    ngx_queue_t                 busy;       /* ngx_slack_transfer_t */
    ngx_queue_t                 free;
    ngx_log_t                  *log;
};


static ngx_int_t ngx_slack_client_open(ngx_slack_client_t *client);
static void ngx_slack_client_close(ngx_slack_client_t *client);
static ngx_slack_transfer_t *ngx_slack_client_transfer(
    ngx_slack_client_t *client, ngx_slack_webhook_t *webhook);
static void ngx_slack_client_finish(ngx_slack_client_t *client);
static void ngx_slack_client_release(ngx_slack_client_t *client,
    ngx_slack_transfer_t *t);


ngx_slack_client_t *
ngx_slack_client_create(ngx_log_t *log)
{
    ngx_slack_client_t  *client;

    client = calloc(1, sizeof(ngx_slack_client_t));
    if (client == NULL) {
        ngx_log_error(NGX_LOG_ERR, log, ngx_errno,
                      "slack client: no memory");
        return NULL;
    }

    client->log = log;
    ngx_queue_init(&client->busy);
    ngx_queue_init(&client->free);

    client->poked = eventfd(0, EFD_NONBLOCK|EFD_CLOEXEC);

    if (client->poked == -1) {
        ngx_log_error(NGX_LOG_ERR, log, ngx_errno,
                      "slack client: eventfd() failed");
        free(client);
        return NULL;
    }

    if (ngx_slack_client_open(client) != NGX_OK) {
        ngx_slack_client_destroy(client);
        return NULL;
    }

    return client;
}


void
ngx_slack_client_destroy(ngx_slack_client_t *client)
{
    ngx_slack_client_close(client);

    if (client->poked != -1) {
        (void) close(client->poked);
    }

    free(client);
}


/* executed in a worker thread */

ngx_int_t
ngx_slack_client_post(ngx_slack_client_t *client, ngx_slack_post_t *post)
{
    CURLMcode              mc;
    ngx_slack_transfer_t  *t;

    if (client->multi == NULL && ngx_slack_client_open(client) != NGX_OK) {
        return NGX_ERROR;
    }

    t = ngx_slack_client_transfer(client, post->webhook);
    if (t == NULL) {
        return NGX_ERROR;
    }

    if ((t->webhook != post->webhook
         && ngx_slack_transfer_setup(t, post->workspace, post->webhook,
                                     client->headers, client->share)
            != NGX_OK)
        || ngx_slack_transfer_start(t, post) != NGX_OK)
    {
        ngx_log_error(NGX_LOG_ERR, client->log, 0,
                      "slack client: libcurl refuses the settings of "
                      "slack_workspace \"%V\"", &post->workspace->name);
        return NGX_ERROR;
    }

    mc = curl_multi_add_handle(client->multi, t->easy);

    if (mc != CURLM_OK) {
        ngx_log_error(NGX_LOG_ERR, client->log, 0,
                      "slack client: curl_multi_add_handle() failed (%s)",
                      curl_multi_strerror(mc));
        t->post = NULL;
        return NGX_ERROR;
    }

    ngx_queue_remove(&t->queue);
    ngx_queue_insert_tail(&client->busy, &t->queue);

    client->used = ngx_slack_clock_monotonic();

    return NGX_OK;
}


/* executed in a worker thread */

void
ngx_slack_client_run(ngx_slack_client_t *client, ngx_msec_t timeout)
{
    int                 running;
    uint64_t            n;
    struct pollfd       pfd;
    struct curl_waitfd  fd;

    client->finished = 0;

    if (ngx_queue_empty(&client->busy)) {

        /* libcurl has nothing to do: its timers need no turn */

        pfd.fd = client->poked;
        pfd.events = POLLIN;
        pfd.revents = 0;

        (void) poll(&pfd, 1, (int) timeout);

    } else {
        (void) curl_multi_perform(client->multi, &running);
        ngx_slack_client_finish(client);

        if (client->finished || timeout == 0) {
            return;
        }

        fd.fd = client->poked;
        fd.events = CURL_WAIT_POLLIN;
        fd.revents = 0;

        if (curl_multi_poll(client->multi, &fd, 1, (int) timeout, NULL)
            != CURLM_OK)
        {
            /* no memory: do not spin */
            ngx_msleep(1);
        }

        (void) curl_multi_perform(client->multi, &running);
        ngx_slack_client_finish(client);
    }

    if (read(client->poked, &n, sizeof(uint64_t)) == -1
        && ngx_errno != NGX_EAGAIN)
    {
        ngx_log_error(NGX_LOG_ALERT, client->log, ngx_errno,
                      "slack client: read() of eventfd failed");
    }
}


/* executed in a worker thread */

void
ngx_slack_client_cancel(ngx_slack_client_t *client)
{
    ngx_queue_t           *q;
    ngx_slack_post_t      *post;
    ngx_slack_transfer_t  *t;

    while (!ngx_queue_empty(&client->busy)) {

        q = ngx_queue_head(&client->busy);
        t = ngx_queue_data(q, ngx_slack_transfer_t, queue);
        post = t->post;

        ngx_slack_client_release(client, t);

        post->handler(post, NULL);
    }
}


/* executed in a worker thread */

void
ngx_slack_client_tidy(ngx_slack_client_t *client, ngx_msec_t idle)
{
    if (client->multi == NULL || !ngx_queue_empty(&client->busy)) {
        return;
    }

    if (ngx_slack_clock_monotonic() - client->used >= (int64_t) idle) {
        ngx_slack_client_close(client);
    }
}


void
ngx_slack_client_poke(ngx_slack_client_t *client)
{
    uint64_t  n;

    n = 1;

    /* EAGAIN: poked very often already */

    if (write(client->poked, &n, sizeof(uint64_t)) == -1
        && ngx_errno != NGX_EAGAIN)
    {
        ngx_log_error(NGX_LOG_ALERT, client->log, ngx_errno,
                      "slack client: write() to eventfd failed");
    }
}


static ngx_int_t
ngx_slack_client_open(ngx_slack_client_t *client)
{
    int                 rc;
    struct curl_slist  *next;

    client->multi = curl_multi_init();
    client->share = curl_share_init();

    client->headers = curl_slist_append(NULL, "Content-Type: application/json;"
                                              " charset=utf-8");
    if (client->multi == NULL || client->share == NULL
        || client->headers == NULL)
    {
        goto failed;
    }

    /* "Expect: 100-continue" would cost a turn, and time where ignored */

    next = curl_slist_append(client->headers, "Expect:");
    if (next == NULL) {
        goto failed;
    }

    rc = (int) curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS,
                                 NGX_SLACK_CONNECTIONS);
    rc |= (int) curl_share_setopt(client->share, CURLSHOPT_SHARE,
                                  CURL_LOCK_DATA_SSL_SESSION);
    if (rc != 0) {
        goto failed;
    }

    client->used = ngx_slack_clock_monotonic();

    return NGX_OK;

failed:

    ngx_log_error(NGX_LOG_ERR, client->log, 0,
                  "slack client: libcurl could not be set up");

    ngx_slack_client_close(client);

    return NGX_ERROR;
}


static void
ngx_slack_client_close(ngx_slack_client_t *client)
{
    ngx_queue_t           *q;
    ngx_slack_transfer_t  *t;

    while (!ngx_queue_empty(&client->busy)) {
        q = ngx_queue_head(&client->busy);
        t = ngx_queue_data(q, ngx_slack_transfer_t, queue);
        ngx_slack_client_release(client, t);
    }

    while (!ngx_queue_empty(&client->free)) {
        q = ngx_queue_head(&client->free);
        t = ngx_queue_data(q, ngx_slack_transfer_t, queue);
        ngx_queue_remove(q);

        ngx_slack_transfer_destroy(t);
    }

    if (client->multi) {
        (void) curl_multi_cleanup(client->multi);
        client->multi = NULL;
    }

    if (client->share) {
        (void) curl_share_cleanup(client->share);
        client->share = NULL;
    }

    curl_slist_free_all(client->headers);
    client->headers = NULL;
}


/* a free handle, if possible one that is set up already */

static ngx_slack_transfer_t *
ngx_slack_client_transfer(ngx_slack_client_t *client,
    ngx_slack_webhook_t *webhook)
{
    ngx_uint_t             n;
    ngx_queue_t           *q;
    ngx_slack_transfer_t  *t;

    n = 0;

    for (q = ngx_queue_head(&client->free);
         q != ngx_queue_sentinel(&client->free) && n < 8;
         q = ngx_queue_next(q))
    {
        t = ngx_queue_data(q, ngx_slack_transfer_t, queue);

        if (t->webhook == webhook) {
            return t;
        }

        n++;
    }

    if (!ngx_queue_empty(&client->free)) {
        q = ngx_queue_head(&client->free);
        return ngx_queue_data(q, ngx_slack_transfer_t, queue);
    }

    t = ngx_slack_transfer_create();
    if (t == NULL) {
        ngx_log_error(NGX_LOG_ERR, client->log, 0, "slack client: no memory");
        return NULL;
    }

    ngx_queue_insert_head(&client->free, &t->queue);

    return t;
}


static void
ngx_slack_client_finish(ngx_slack_client_t *client)
{
    int                    n;
    void                  *data;
    CURLMsg               *msg;
    CURLcode               rc;
    ngx_slack_post_t      *post;
    ngx_slack_answer_t     answer;
    ngx_slack_trouble_t    trouble;
    ngx_slack_transfer_t  *t;

    while ((msg = curl_multi_info_read(client->multi, &n)) != NULL) {

        if (msg->msg != CURLMSG_DONE) {
            continue;
        }

        rc = msg->data.result;
        data = NULL;

        (void) curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE,
                                 (char **) &data);
        t = data;
        post = t->post;

        ngx_slack_transfer_answer(t, rc, &trouble, &answer);

        (void) curl_multi_remove_handle(client->multi, t->easy);

        client->finished++;

        post->handler(post, &answer);

        ngx_slack_client_release(client, t);
    }

    if (client->finished) {
        client->used = ngx_slack_clock_monotonic();
    }
}


/* the handle is free again, with its connection kept for the next */

static void
ngx_slack_client_release(ngx_slack_client_t *client, ngx_slack_transfer_t *t)
{
    if (t->post) {
        /* of a finished one this is done already, and does no harm */
        (void) curl_multi_remove_handle(client->multi, t->easy);
        t->post = NULL;
    }

    ngx_queue_remove(&t->queue);
    ngx_queue_insert_head(&client->free, &t->queue);
}
