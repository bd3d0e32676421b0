
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Requests to Slack with libcurl's multi interface.  Waits for its sockets
 * with epoll, which needs no system call per socket and turn.  Reuses easy
 * handles, connections, TLS sessions and the parsed CA bundle.  Knows
 * workspaces and endpoints, not messages or the outbox.  Runs in a pool
 * thread, one at a time; created and destroyed in the event loop while no task
 * runs.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <curl/curl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <ngx_slack_client.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_log.h>
#include <ngx_slack_transfer.h>


#define NGX_SLACK_CONNECTIONS   256L        /* kept open when idle */
#define NGX_SLACK_READY         64          /* events per turn */
#define NGX_SLACK_CLIENT_NEVER  INT64_MAX


struct ngx_slack_client_s {
    CURLM                      *multi;
    CURLSH                     *share;
    struct curl_slist          *headers;
    struct curl_slist          *forms;      /* headers of a form */
    ngx_fd_t                    poked;
    int                         epoll;
    int64_t                     timer;      /* libcurl's timer, monotonic ms */
    ngx_uint_t                  finished;
    int64_t                     used;       /* last use, monotonic ms */
    ngx_queue_t                 busy;       /* ngx_slack_transfer_t */
    ngx_queue_t                 free;
    ngx_log_t                  *log;
};


static ngx_int_t ngx_slack_client_open(ngx_slack_client_t *client);
static void ngx_slack_client_close(ngx_slack_client_t *client);
static int ngx_slack_client_socket(CURL *easy, curl_socket_t s, int what,
    void *data, void *known);
static int ngx_slack_client_timer(CURLM *multi, long timeout, void *data);
static ngx_uint_t ngx_slack_client_turn(ngx_slack_client_t *client,
    int timeout);
static void ngx_slack_client_act(ngx_slack_client_t *client, curl_socket_t s,
    int events);
static ngx_slack_transfer_t *ngx_slack_client_transfer(
    ngx_slack_client_t  *client, ngx_slack_endpoint_t *endpoint);
static void ngx_slack_client_finish(ngx_slack_client_t *client);
static void ngx_slack_client_release(ngx_slack_client_t *client,
    ngx_slack_transfer_t *t);


ngx_slack_client_t *
ngx_slack_client_create(ngx_log_t *log)
{
    struct epoll_event   ev;
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

    client->epoll = -1;
    client->poked = eventfd(0, EFD_NONBLOCK|EFD_CLOEXEC);

    if (client->poked == -1) {
        ngx_log_error(NGX_LOG_ERR, log, ngx_errno,
                      "slack client: eventfd() failed");
        ngx_slack_client_destroy(client);
        return NULL;
    }

    ngx_memzero(&ev, sizeof(struct epoll_event));

    ev.events = EPOLLIN;
    ev.data.fd = client->poked;

    client->epoll = epoll_create1(EPOLL_CLOEXEC);

    if (client->epoll == -1
        || epoll_ctl(client->epoll, EPOLL_CTL_ADD, client->poked, &ev) == -1)
    {
        ngx_log_error(NGX_LOG_ERR, log, ngx_errno,
                      "slack client: epoll failed");
        ngx_slack_client_destroy(client);
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

    if (client->epoll != -1) {
        (void) close(client->epoll);
    }

    if (client->poked != -1) {
        (void) close(client->poked);
    }

    free(client);
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_client_send(ngx_slack_client_t *client, ngx_slack_request_t *request)
{
    CURLMcode              mc;
    ngx_slack_transfer_t  *t;

    if (client->multi == NULL && ngx_slack_client_open(client) != NGX_OK) {
        return NGX_ERROR;
    }

    t = ngx_slack_client_transfer(client, request->endpoint);
    if (t == NULL) {
        return NGX_ERROR;
    }

    if ((t->endpoint != request->endpoint
         && ngx_slack_transfer_setup(t, request->workspace, request->endpoint,
                                     client->headers, client->forms,
                                     client->share)
            != NGX_OK)
        || ngx_slack_transfer_start(t, request) != NGX_OK)
    {
        ngx_slack_log(NGX_LOG_ERR, client->log, 0,
                      "slack client: libcurl refuses the settings of "
                      "slack_workspace \"%V\"", &request->workspace->name);
        return NGX_ERROR;
    }

    mc = curl_multi_add_handle(client->multi, t->easy);

    if (mc != CURLM_OK) {
        ngx_slack_log(NGX_LOG_ERR, client->log, 0,
                      "slack client: curl_multi_add_handle() failed (%s)",
                      curl_multi_strerror(mc));
        t->request = NULL;
        return NGX_ERROR;
    }

    ngx_queue_remove(&t->queue);
    ngx_queue_insert_tail(&client->busy, &t->queue);

    client->used = ngx_slack_clock_monotonic();

    return NGX_OK;
}


/* executed in a pool thread */

void
ngx_slack_client_run(ngx_slack_client_t *client, ngx_msec_t timeout)
{
    int64_t     now, end;
    ngx_uint_t  poked;

    client->finished = 0;

    now = ngx_slack_clock_monotonic();
    end = now + (int64_t) timeout;

    do {
        poked = ngx_slack_client_turn(client,
                         (int) ngx_max(ngx_min(end, client->timer) - now, 0));

        now = ngx_slack_clock_monotonic();

        /* libcurl's timer has expired while waiting or in this turn */

        if (client->timer <= now) {
            ngx_slack_client_act(client, CURL_SOCKET_TIMEOUT, 0);
        }

        if (client->multi) {
            ngx_slack_client_finish(client);
        }

    } while (!client->finished && !poked && now < end);
}


/* executed in a pool thread */

void
ngx_slack_client_cancel(ngx_slack_client_t *client, ngx_uint_t begun)
{
    ngx_queue_t           *q, *next;
    ngx_slack_request_t   *request;
    ngx_slack_transfer_t  *t;

    for (q = ngx_queue_head(&client->busy);
         q != ngx_queue_sentinel(&client->busy);
         q = next)
    {
        next = ngx_queue_next(q);

        t = ngx_queue_data(q, ngx_slack_transfer_t, queue);
        request = t->request;

        if (request->begun && !begun) {
            continue;
        }

        ngx_slack_client_release(client, t);

        request->handler(request, NULL);
    }
}


/* executed in a pool thread */

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

    /* EAGAIN: the counter is full, so a poke is pending */

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
    int  rc;

    client->timer = NGX_SLACK_CLIENT_NEVER;

    client->multi = curl_multi_init();
    client->share = curl_share_init();

    client->headers = ngx_slack_transfer_headers("application/json;"
                                                 " charset=utf-8");
    client->forms = ngx_slack_transfer_headers("application/"
                                               "x-www-form-urlencoded");

    if (client->multi == NULL || client->share == NULL
        || client->headers == NULL || client->forms == NULL)
    {
        goto failed;
    }

    rc = (int) curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS,
                                 NGX_SLACK_CONNECTIONS);
    rc |= (int) curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION,
                                  ngx_slack_client_socket);
    rc |= (int) curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
    rc |= (int) curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION,
                                  ngx_slack_client_timer);
    rc |= (int) curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
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

    client->timer = NGX_SLACK_CLIENT_NEVER;

    if (client->share) {
        (void) curl_share_cleanup(client->share);
        client->share = NULL;
    }

    curl_slist_free_all(client->headers);
    curl_slist_free_all(client->forms);
    client->headers = NULL;
    client->forms = NULL;
}


/* called by libcurl to register the sockets it waits for */

static int
ngx_slack_client_socket(CURL *easy, curl_socket_t s, int what, void *data,
    void *known)
{
    ngx_slack_client_t  *client = data;

    int                 op;
    struct epoll_event  ev;

    ngx_memzero(&ev, sizeof(struct epoll_event));

    ev.data.fd = s;

    if (what & CURL_POLL_IN) {
        ev.events |= EPOLLIN;
    }

    if (what & CURL_POLL_OUT) {
        ev.events |= EPOLLOUT;
    }

    if (what == CURL_POLL_REMOVE) {
        op = EPOLL_CTL_DEL;

    } else {
        op = known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
        (void) curl_multi_assign(client->multi, s, client);
    }

    /* after an error the request ends with a timeout */

    if (epoll_ctl(client->epoll, op, s, &ev) == -1
        && op != EPOLL_CTL_DEL)
    {
        ngx_log_error(NGX_LOG_ALERT, client->log, ngx_errno,
                      "slack client: epoll_ctl(%d, %d) failed", op, s);
    }

    return 0;
}


/* called by libcurl to set its timer */

static int
ngx_slack_client_timer(CURLM *multi, long timeout, void *data)
{
    ngx_slack_client_t  *client = data;

    if (timeout < 0) {
        client->timer = NGX_SLACK_CLIENT_NEVER;
        return 0;
    }

    client->timer = ngx_slack_clock_monotonic() + timeout;

    if (timeout) {
        /* libcurl's clock is finer than ours: do not call it too early */
        client->timer++;
    }

    return 0;
}


/* Processes ready sockets, waits for "timeout" ms.  Returns 1 if poked. */

static ngx_uint_t
ngx_slack_client_turn(ngx_slack_client_t *client, int timeout)
{
    int                 i, n;
    uint64_t            value;
    ngx_uint_t          poked;
    struct epoll_event  events[NGX_SLACK_READY];

    poked = 0;

    n = epoll_wait(client->epoll, events, NGX_SLACK_READY, timeout);

    if (n == -1 && ngx_errno != NGX_EINTR) {
        ngx_log_error(NGX_LOG_ALERT, client->log, ngx_errno,
                      "slack client: epoll_wait() failed");
        ngx_msleep(1);
    }

    for (i = 0; i < n; i++) {

        if (events[i].data.fd != client->poked) {
            ngx_slack_client_act(client, events[i].data.fd,
                                 (events[i].events & EPOLLIN
                                  ? CURL_CSELECT_IN : 0)
                                 | (events[i].events & EPOLLOUT
                                    ? CURL_CSELECT_OUT : 0)
                                 | (events[i].events & (EPOLLERR|EPOLLHUP)
                                    ? CURL_CSELECT_ERR : 0));
            continue;
        }

        poked = 1;

        if (read(client->poked, &value, sizeof(uint64_t)) == -1
            && ngx_errno != NGX_EAGAIN)
        {
            ngx_log_error(NGX_LOG_ALERT, client->log, ngx_errno,
                          "slack client: read() of eventfd failed");
        }
    }

    return poked;
}


static void
ngx_slack_client_act(ngx_slack_client_t *client, curl_socket_t s, int events)
{
    int  running;

    if (client->multi == NULL) {
        return;
    }

    if (curl_multi_socket_action(client->multi, s, events, &running)
        != CURLM_OK)
    {
        /* no memory: avoid a busy loop */
        ngx_msleep(1);
    }
}


/* Finds an unused transfer, preferably one set up for the endpoint. */

static ngx_slack_transfer_t *
ngx_slack_client_transfer(ngx_slack_client_t *client,
    ngx_slack_endpoint_t *endpoint)
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

        if (t->endpoint == endpoint) {
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
    int                         n;
    void                       *data;
    CURLMsg                    *msg;
    CURLcode                    rc;
    ngx_slack_answer_t          answer;
    ngx_slack_request_t        *request;
    ngx_slack_transfer_t       *t;
    ngx_slack_transfer_error_t  error;

    while ((msg = curl_multi_info_read(client->multi, &n)) != NULL) {

        if (msg->msg != CURLMSG_DONE) {
            continue;
        }

        rc = msg->data.result;
        data = NULL;

        (void) curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE,
                                 (char **) &data);
        t = data;
        request = t->request;

        ngx_slack_transfer_answer(t, rc, &error, &answer);

        (void) curl_multi_remove_handle(client->multi, t->easy);

        client->finished++;

        request->handler(request, &answer);

        ngx_slack_client_release(client, t);
    }

    if (client->finished) {
        client->used = ngx_slack_clock_monotonic();
    }
}


/* Frees the transfer for reuse; its connection is kept open. */

static void
ngx_slack_client_release(ngx_slack_client_t *client, ngx_slack_transfer_t *t)
{
    if (t->request) {
        /* harmless if the handle of a finished request was removed already */
        (void) curl_multi_remove_handle(client->multi, t->easy);
        ngx_slack_transfer_done(t);
    }

    ngx_queue_remove(&t->queue);
    ngx_queue_insert_head(&client->free, &t->queue);
}
