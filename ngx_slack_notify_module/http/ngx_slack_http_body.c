
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The request body.  Each piece goes to the HMACs, the form decoder and the
 * JSON reader as it arrives, before core writes any of it to a file.  Runs in
 * the event loop; a pool thread reads a body that another module has written
 * to a file.
 *
 * If the module answers the request itself, its filter does not pass the
 * pieces on.  Core then keeps nothing: a request needs memory for one buffer
 * only, and no temporary file is created.
 */


#include <ngx_slack_http.h>
#include <ngx_slack_http_wait.h>
#include <ngx_slack_task.h>


#define NGX_SLACK_COLLECT_MAX  (4 * 1024 * 1024)

#define NGX_SLACK_WALK_SIZE  65536


typedef struct {
    ngx_slack_task_t           task;
    ngx_http_request_t        *request;
    ngx_slack_http_ctx_t      *ctx;
    ngx_chain_t               *cl;
    off_t                      pos;          /* in the file */

    ngx_fd_t                   fd;           /* for the thread */
    size_t                     size;
    ssize_t                    n;
    ngx_err_t                  err;
    u_char                    *buf;
} ngx_slack_http_walk_t;


static ngx_int_t ngx_slack_http_body_filter(ngx_http_request_t *r,
    ngx_chain_t *in);
static void ngx_slack_http_body_feed(ngx_slack_http_ctx_t *ctx, u_char *data,
    size_t len);
static ngx_int_t ngx_slack_http_walk(ngx_slack_http_walk_t *walk);
static void ngx_slack_http_walk_thread(void *data);
static void ngx_slack_http_walk_done(void *data);


static ngx_http_request_body_filter_pt  ngx_slack_http_next_body_filter;


void
ngx_slack_http_body_init(void)
{
    ngx_slack_http_next_body_filter = ngx_http_top_request_body_filter;
    ngx_http_top_request_body_filter = ngx_slack_http_body_filter;
}


static ngx_int_t
ngx_slack_http_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_chain_t           *cl, *last;
    ngx_slack_http_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_slack_notify_module);

    if (ctx == NULL || ctx->state != NGX_SLACK_STATE_READING) {
        return ngx_slack_http_next_body_filter(r, in);
    }

    last = NULL;

    for (cl = in; cl; cl = cl->next) {

        ctx->fed = 1;

        if (ngx_buf_in_memory(cl->buf)) {

            ngx_slack_http_body_feed(ctx, cl->buf->pos,
                                     cl->buf->last - cl->buf->pos);
        }

        if (ctx->tap) {
            continue;
        }

        cl->buf->pos = cl->buf->last;

        if (cl->buf->last_buf) {
            last = cl;
        }
    }

    return ngx_slack_http_next_body_filter(r, ctx->tap ? in : last);
}


static void
ngx_slack_http_body_feed(ngx_slack_http_ctx_t *ctx, u_char *data, size_t len)
{
    if (len == 0 || ctx->failed) {
        return;
    }

    if (ctx->collect) {

        if (len > NGX_SLACK_COLLECT_MAX - ctx->collect->len) {
            ctx->failed = 1;
            return;
        }

        ngx_slack_text_append(ctx->collect, data, len);
        return;
    }

    if (ctx->form == NULL || ctx->proof == NULL || !ctx->proof->payload) {
        ngx_slack_http_auth_feed(ctx, data, len);
    }

    /* ngx_slack_json_finish() reports errors */

    if (ctx->form) {
        (void) ngx_slack_form_feed(ctx->form, data, len);

    } else if (ctx->json) {
        (void) ngx_slack_json_parse(ctx->json, data, len);
    }
}


ngx_uint_t
ngx_slack_http_body_cut(ngx_http_request_t *r)
{
    ngx_http_request_body_t  *rb;

    rb = r->request_body;

    if (rb == NULL) {
        return 0;
    }

    /* Without a body core reads and saves nothing. */

    if (r->headers_in.content_length_n < 0 && !r->headers_in.chunked) {
        return 0;
    }

    return !rb->last_saved;
}


ngx_int_t
ngx_slack_http_body_walk(ngx_http_request_t *r, ngx_slack_http_ctx_t *ctx)
{
    ngx_slack_http_walk_t  *walk;
    ngx_slack_main_conf_t  *smcf;

    if (ctx->fed || r->request_body == NULL || r->request_body->bufs == NULL)
    {
        return NGX_OK;
    }

    ctx->fed = 1;

    walk = ngx_pcalloc(r->pool, sizeof(ngx_slack_http_walk_t));
    if (walk == NULL) {
        return NGX_ERROR;
    }

    smcf = ngx_http_get_module_main_conf(r, ngx_slack_notify_module);

    walk->task.pool = smcf->pool;
    walk->task.run = ngx_slack_http_walk_thread;
    walk->task.done = ngx_slack_http_walk_done;
    walk->task.data = walk;
    walk->task.slow = "slack notify: reading of a request body takes long; "
                      "check the disk of client_body_temp_path";
    walk->task.log = r->connection->log;

    ngx_slack_task_init(&walk->task);

    walk->request = r;
    walk->ctx = ctx;
    walk->cl = r->request_body->bufs;

    return ngx_slack_http_walk(walk);
}


/*
 * Parses the buffers in memory; a pool thread reads buffers in a file piece by
 * piece.  Returns as ngx_slack_http_body_walk() does.
 */

static ngx_int_t
ngx_slack_http_walk(ngx_slack_http_walk_t *walk)
{
    off_t       rest;
    ngx_buf_t  *b;

    for ( /* void */ ; walk->cl; walk->cl = walk->cl->next) {

        b = walk->cl->buf;

        if (!b->in_file) {
            if (ngx_buf_in_memory(b)) {
                ngx_slack_http_body_feed(walk->ctx, b->pos, b->last - b->pos);
            }

            continue;
        }

        rest = b->file_last - b->file_pos - walk->pos;

        if (rest == 0) {
            walk->pos = 0;
            continue;
        }

        if (walk->buf == NULL) {
            walk->buf = ngx_palloc(walk->request->pool, NGX_SLACK_WALK_SIZE);
            if (walk->buf == NULL) {
                return NGX_ERROR;
            }
        }

        walk->fd = b->file->fd;
        walk->size = (size_t) ngx_min(rest, NGX_SLACK_WALK_SIZE);
        walk->n = 0;
        walk->err = 0;

        if (ngx_slack_task_post(&walk->task) != NGX_OK) {
            return NGX_ERROR;
        }

        ngx_slack_http_block(walk->request);
        walk->ctx->walking = 1;

        return NGX_AGAIN;
    }

    return NGX_OK;
}


/* executed in a pool thread */

static void
ngx_slack_http_walk_thread(void *data)
{
    ngx_slack_http_walk_t  *walk = data;

    ngx_buf_t  *b;

    b = walk->cl->buf;

    walk->n = pread(walk->fd, walk->buf, walk->size,
                    b->file_pos + walk->pos);

    if (walk->n <= 0) {
        walk->err = walk->n ? ngx_errno : 0;
        walk->n = -1;
    }
}


static void
ngx_slack_http_walk_done(void *data)
{
    ngx_slack_http_walk_t  *walk = data;

    ngx_int_t              rc;
    ngx_http_request_t    *r;
    ngx_slack_http_ctx_t  *ctx;

    r = walk->request;
    ctx = walk->ctx;

    ngx_slack_http_unblock(r);
    ctx->walking = 0;

    if (walk->n < 0) {
        ngx_log_error(NGX_LOG_CRIT, r->connection->log, walk->err,
                      "slack notify: reading of a request body failed");
        ctx->failed = 1;
        rc = NGX_OK;

    } else {
        ngx_slack_http_body_feed(ctx, walk->buf, (size_t) walk->n);
        walk->pos += walk->n;

        rc = ngx_slack_http_walk(walk);
    }

    if (rc == NGX_AGAIN) {
        return;
    }

    if (rc == NGX_ERROR) {
        ctx->failed = 1;
    }

    ngx_slack_http_decide(r, ctx);

    ngx_slack_http_resume(r);
}
