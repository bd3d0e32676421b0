
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The log of pool threads: lines wait in memory for the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_log_queue.h>

#include <pthread.h>
#include <sys/eventfd.h>


/* precedes the bytes of each line in the queue */

typedef struct {
    ngx_uint_t                  level;
    size_t                      len;
} ngx_slack_log_head_t;


/*
 * Threads append to "lines" under the mutex.  The event loop exchanges "lines"
 * for "spare" and writes without the mutex.  "open" is read without it, hence
 * no bit fields.
 */

typedef struct {
    ngx_log_t                   log;
    pthread_mutex_t             mutex;
    pthread_t                   loop;        /* the event loop's thread */
    ngx_fd_t                    fd;
    u_char                     *lines;
    u_char                     *spare;
    size_t                      used;        /* bytes of "lines" */
    ngx_uint_t                  lost;        /* lines that did not fit */
    ngx_uint_t                  called;      /* eventfd was signalled */
    ngx_uint_t                  open;
} ngx_slack_log_queue_t;


static void ngx_slack_log_queue_writer(ngx_log_t *log, ngx_uint_t level,
    u_char *buf, size_t len);
static void ngx_slack_log_queue_add(ngx_uint_t level, u_char *buf, size_t len);
static void ngx_slack_log_queue_write(ngx_uint_t level, u_char *buf,
    size_t len);


static ngx_slack_log_queue_t  ngx_slack_log_queue = {
    .mutex = PTHREAD_MUTEX_INITIALIZER,
    .fd = -1
};


ngx_int_t
ngx_slack_log_queue_open(ngx_uint_t level)
{
    ngx_slack_log_queue_t  *queue;

    queue = &ngx_slack_log_queue;

    queue->fd = eventfd(0, EFD_NONBLOCK|EFD_CLOEXEC);

    if (queue->fd == -1) {
        ngx_log_error(NGX_LOG_EMERG, ngx_cycle->log, ngx_errno,
                      "slack: eventfd() failed");
        return NGX_ERROR;
    }

    queue->lines = ngx_alloc(NGX_SLACK_LOG_QUEUE_SIZE, ngx_cycle->log);
    queue->spare = ngx_alloc(NGX_SLACK_LOG_QUEUE_SIZE, ngx_cycle->log);

    if (queue->lines == NULL || queue->spare == NULL) {
        ngx_slack_log_queue_close();
        return NGX_ERROR;
    }

    queue->used = 0;
    queue->lost = 0;
    queue->called = 0;

    queue->log.log_level = level;
    queue->log.writer = ngx_slack_log_queue_writer;

    queue->loop = pthread_self();
    queue->open = 1;

    return NGX_OK;
}


ngx_fd_t
ngx_slack_log_queue_fd(void)
{
    return ngx_slack_log_queue.fd;
}


ngx_log_t *
ngx_slack_log_threads(void)
{
    return ngx_slack_log_queue.open ? &ngx_slack_log_queue.log
                                    : ngx_cycle->log;
}


void
ngx_slack_log_queue_flush(void)
{
    u_char                 *p, *last;
    uint64_t                value;
    ngx_uint_t              lost;
    ngx_slack_log_head_t    head;
    ngx_slack_log_queue_t  *queue;

    queue = &ngx_slack_log_queue;

    /* Read first: a line that is added from here on signals again. */

    if (read(queue->fd, &value, sizeof(uint64_t)) == -1) {
        /* no signal, but lines may wait nevertheless */
    }

    (void) pthread_mutex_lock(&queue->mutex);

    p = queue->lines;
    last = p + queue->used;
    lost = queue->lost;

    queue->lines = queue->spare;
    queue->spare = p;
    queue->used = 0;
    queue->lost = 0;
    queue->called = 0;

    (void) pthread_mutex_unlock(&queue->mutex);

    while (p < last) {
        ngx_memcpy(&head, p, sizeof(ngx_slack_log_head_t));
        p += sizeof(ngx_slack_log_head_t);

        ngx_slack_log_queue_write(head.level, p, head.len);
        p += head.len;
    }

    if (lost) {
        ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                      "slack: %ui lines of this log are missing here, there "
                      "were too many at once", lost);
    }
}


void
ngx_slack_log_queue_close(void)
{
    ngx_slack_log_queue_t  *queue;

    queue = &ngx_slack_log_queue;

    if (queue->open) {
        ngx_slack_log_queue_flush();
        queue->open = 0;
    }

    (void) close(queue->fd);
    queue->fd = -1;

    ngx_free(queue->lines);
    ngx_free(queue->spare);

    queue->lines = NULL;
    queue->spare = NULL;
}


/* Called by ngx_log_error_core(); the line ends with a line feed. */

static void
ngx_slack_log_queue_writer(ngx_log_t *log, ngx_uint_t level, u_char *buf,
    size_t len)
{
    if (!pthread_equal(pthread_self(), ngx_slack_log_queue.loop)) {
        ngx_slack_log_queue_add(level, buf, len);
        return;
    }

    /* Some code may still hold this log when the queue is closed. */

    if (ngx_slack_log_queue.open) {
        ngx_slack_log_queue_flush();
    }

    ngx_slack_log_queue_write(level, buf, len);
}


/* executed in a pool thread */

static void
ngx_slack_log_queue_add(ngx_uint_t level, u_char *buf, size_t len)
{
    u_char                 *p;
    uint64_t                n;
    ngx_uint_t              call;
    ngx_slack_log_head_t    head;
    ngx_slack_log_queue_t  *queue;

    queue = &ngx_slack_log_queue;

    head.level = level;
    head.len = len;

    (void) pthread_mutex_lock(&queue->mutex);

    if (NGX_SLACK_LOG_QUEUE_SIZE - queue->used
        < sizeof(ngx_slack_log_head_t) + len)
    {
        queue->lost++;

    } else {
        p = queue->lines + queue->used;
        p = ngx_cpymem(p, &head, sizeof(ngx_slack_log_head_t));
        ngx_memcpy(p, buf, len);

        queue->used += sizeof(ngx_slack_log_head_t) + len;
    }

    call = !queue->called;
    queue->called = 1;

    (void) pthread_mutex_unlock(&queue->mutex);

    n = 1;

    if (call && write(queue->fd, &n, sizeof(uint64_t)) == -1) {
        /* the counter cannot be full; the next flush writes the lines */
    }
}


/*
 * Writes to the logs of the cycle as ngx_log_error_core() does.  In the event
 * loop.
 */

static void
ngx_slack_log_queue_write(ngx_uint_t level, u_char *buf, size_t len)
{
    ngx_log_t  *log;

    for (log = ngx_cycle->log; log; log = log->next) {

        /* nginx keeps the logs ordered by level */

        if (log->log_level < level) {
            break;
        }

        if (log->writer) {
            log->writer(log, level, buf, len);
            continue;
        }

        /* as nginx, do not write to a full disk during the same second */

        if (ngx_time() == log->disk_full_time) {
            continue;
        }

        if (ngx_write_fd(log->file->fd, buf, len) == -1
            && ngx_errno == NGX_ENOSPC)
        {
            log->disk_full_time = ngx_time();
        }
    }
}
