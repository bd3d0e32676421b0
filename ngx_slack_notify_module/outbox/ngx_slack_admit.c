
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Examines the outbox, and counts what waits in one that is left, from the
 * master (see the header).  The master may be root and must not open the
 * workers' files itself.  So a child process with the workers' user does it,
 * and reports through a pipe.  Runs in the master, when the configuration is
 * read.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_admit.h>
#include <ngx_slack_engine.h>
#include <ngx_slack_equal.h>
#include <ngx_slack_log.h>

#include <grp.h>
#include <poll.h>
#include <sys/wait.h>


#define NGX_SLACK_ADMIT_WAIT  5000           /* ms to wait for the child */
#define NGX_SLACK_ADMIT_TEXT  1024           /* bytes of its report */
#define NGX_SLACK_ADMIT_UNKNOWN  "unknown"   /* how many messages wait */


/* writes its report to "text", NUL-terminated; an empty one is none */

typedef void (*ngx_slack_admit_pt)(ngx_slack_outbox_conf_t *conf,
    ngx_log_t *log, u_char *text, size_t size);


static ngx_int_t ngx_slack_admit_ask(ngx_slack_outbox_conf_t *conf,
    ngx_cycle_t *cycle, ngx_slack_admit_pt handler, u_char *text, size_t size,
    ngx_log_t *log);
static void ngx_slack_admit_child(ngx_slack_outbox_conf_t *conf,
    ngx_cycle_t *cycle, ngx_slack_admit_pt handler, ngx_log_t *log,
    ngx_fd_t fd);
static void ngx_slack_admit_examine(ngx_slack_outbox_conf_t *conf,
    ngx_log_t *log, u_char *text, size_t size);
static void ngx_slack_admit_count(ngx_slack_outbox_conf_t *conf,
    ngx_log_t *log, u_char *text, size_t size);
static ngx_int_t ngx_slack_admit_read(ngx_fd_t fd, u_char *why, size_t size);


ngx_int_t
ngx_slack_admit(ngx_slack_outbox_conf_t *conf, ngx_cycle_t *cycle,
    ngx_log_t *log)
{
    u_char      why[NGX_SLACK_ADMIT_TEXT];
    ngx_int_t   rc;
    ngx_uint_t  start, single;

    if (conf->engine->examine == NULL) {
        return NGX_OK;
    }

    /* nginx starts: no old cycle, and no sockets of an old binary */

    start = (ngx_is_init_cycle(ngx_cycle) && !ngx_inherited);

    /*
     * nothing to refuse: the first worker that opens the outbox logs its
     * faults
     */

    if (start && !ngx_test_config) {
        return NGX_OK;
    }

    /*
     * A single process, which is master and worker at once, has threads that
     * do not survive a fork, and its engine is already running.
     */

    single = (!start && !ngx_inherited && ngx_process == NGX_PROCESS_SINGLE);

    rc = single ? conf->engine->examine(conf, why, sizeof(why))
                : ngx_slack_admit_ask(conf, cycle, ngx_slack_admit_examine,
                                    why, sizeof(why), log);

    if (rc != NGX_DECLINED) {
        return NGX_OK;
    }

    if (start) {
        ngx_slack_log(NGX_LOG_WARN, log, 0,
                      "outbox \"%V\" %s; with this configuration nginx "
                      "starts, but answers webhooks with 503",
                      &conf->address, why);
        return NGX_OK;
    }

    ngx_slack_log(NGX_LOG_EMERG, log, 0,
                  "outbox \"%V\" %s; nginx goes on as it was",
                  &conf->address, why);

    return NGX_ERROR;
}


void
ngx_slack_admit_left(ngx_slack_outbox_conf_t *conf,
    ngx_slack_outbox_conf_t *left, ngx_cycle_t *cycle, ngx_log_t *log)
{
    u_char                          waiting[NGX_SLACK_ADMIT_TEXT];
    ngx_slack_outbox_description_t  description, former;

    left->engine->describe(left, &former);
    conf->engine->describe(conf, &description);

    if (left->engine == conf->engine
        && ngx_slack_equal(&former.address, &description.address))
    {
        return;
    }

    /* its threads use the outbox, and do not survive a fork */

    if (ngx_process == NGX_PROCESS_SINGLE) {
        return;
    }

    if (ngx_slack_admit_ask(left, cycle, ngx_slack_admit_count, waiting,
                            sizeof(waiting), log)
        != NGX_DECLINED)
    {
        return;
    }

    if (ngx_strcmp(waiting, NGX_SLACK_ADMIT_UNKNOWN) == 0) {
        ngx_slack_log(NGX_LOG_WARN, log, 0,
                      "slack_outbox was changed: \"%V\" cannot be read, "
                      "messages may wait in it",
                      &former.address);
        return;
    }

    ngx_slack_log(NGX_LOG_WARN, log, 0,
                  "slack_outbox was changed: %s messages wait in \"%V\", "
                  "until an nginx that has it sends them",
                  waiting, &former.address);
}


/*
 * NGX_DECLINED: "text" has what the handler reports; NGX_OK: it reports
 * nothing, or has not answered (logged)
 */

static ngx_int_t
ngx_slack_admit_ask(ngx_slack_outbox_conf_t *conf, ngx_cycle_t *cycle,
    ngx_slack_admit_pt handler, u_char *text, size_t size, ngx_log_t *log)
{
    int                             status;
    ngx_fd_t                        fds[2];
    ngx_int_t                       rc;
    ngx_pid_t                       pid;
    ngx_slack_outbox_description_t  description;

    if (pipe(fds) == -1) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno, "pipe() failed");
        return NGX_OK;
    }

    pid = fork();

    if (pid == 0) {
        (void) close(fds[0]);
        ngx_slack_admit_child(conf, cycle, handler, log, fds[1]);
    }

    (void) close(fds[1]);

    if (pid == -1) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno, "fork() failed");
        (void) close(fds[0]);
        return NGX_OK;
    }

    rc = ngx_slack_admit_read(fds[0], text, size);

    (void) close(fds[0]);

    if (rc == NGX_ERROR) {

        /* do not wait for the child: it cannot exit while its disk hangs */

        (void) kill(pid, SIGKILL);
        (void) waitpid(pid, &status, WNOHANG);

        conf->engine->describe(conf, &description);

        ngx_slack_log(NGX_LOG_WARN, log, 0,
                      "outbox \"%V\" cannot be checked, %V",
                      &description.address, &description.advice);
        return NGX_OK;
    }

    while (waitpid(pid, &status, 0) == -1 && ngx_errno == NGX_EINTR) {
        /* void */
    }

    return rc;
}


/* runs in the child process and never returns */

static void
ngx_slack_admit_child(ngx_slack_outbox_conf_t *conf, ngx_cycle_t *cycle,
    ngx_slack_admit_pt handler, ngx_log_t *log, ngx_fd_t fd)
{
    u_char            text[NGX_SLACK_ADMIT_TEXT];
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    if (geteuid() == 0
        && (setgroups(0, NULL) == -1
            || setgid(ccf->group) == -1
            || setuid(ccf->user) == -1))
    {
        _exit(1);
    }

    text[0] = '\0';

    handler(conf, log, text, sizeof(text));

    /* the text fits in the buffer of a pipe, so it is written at once */

    if (text[0] && write(fd, text, ngx_strlen(text)) == -1) {
        _exit(1);
    }

    _exit(0);
}


static void
ngx_slack_admit_examine(ngx_slack_outbox_conf_t *conf, ngx_log_t *log,
    u_char *text, size_t size)
{
    if (conf->engine->examine(conf, text, size) != NGX_DECLINED) {
        text[0] = '\0';
    }
}


/*
 * How many messages wait; nothing if none do.  What ails an outbox that nobody
 * uses any more is no error of the one in use: it goes to no log, and the
 * lines of the other workers are not held back for it.
 */

static void
ngx_slack_admit_count(ngx_slack_outbox_conf_t *conf, ngx_log_t *log,
    u_char *text, size_t size)
{
    ngx_log_t                 quiet;
    ngx_slack_store_t        *store;
    ngx_slack_survey_t        survey;
    ngx_slack_outbox_conf_t   own;

    /*
     * This process may be killed at any time, and must not hold a lock in
     * memory that workers share.
     */

    own = *conf;
    own.history = NULL;
    own.tally = NULL;
    own.turnstile = NULL;
    own.leader = NULL;

    ngx_slack_log_share(NULL);

    quiet = *log;
    quiet.log_level = NGX_LOG_STDERR;
    quiet.next = NULL;

    ngx_memzero(&survey, sizeof(ngx_slack_survey_t));

    survey.pool = ngx_create_pool(NGX_DEFAULT_POOL_SIZE, log);
    store = own.engine->create(&own, &quiet);

    if (survey.pool == NULL || store == NULL
        || own.engine->survey(store, &survey) != NGX_OK)
    {
        ngx_memcpy(text, NGX_SLACK_ADMIT_UNKNOWN,
                   sizeof(NGX_SLACK_ADMIT_UNKNOWN));
        return;
    }

    if (survey.waiting) {
        *ngx_snprintf(text, size - 1, "%ui", survey.waiting) = '\0';
    }
}


/*
 * NGX_OK: the child reported nothing; NGX_DECLINED: it reported "why";
 * NGX_ERROR: it did not exit in time
 */

static ngx_int_t
ngx_slack_admit_read(ngx_fd_t fd, u_char *why, size_t size)
{
    int            ready;
    size_t         len;
    ssize_t        n;
    struct pollfd  pfd;

    len = 0;

    for ( ;; ) {
        pfd.fd = fd;
        pfd.events = POLLIN;

        ready = poll(&pfd, 1, NGX_SLACK_ADMIT_WAIT);

        if (ready == -1 && ngx_errno == NGX_EINTR) {
            continue;
        }

        if (ready <= 0) {
            return NGX_ERROR;
        }

        n = read(fd, why + len, size - 1 - len);

        if (n == -1) {
            return NGX_ERROR;
        }

        if (n == 0) {
            break;
        }

        len += (size_t) n;
    }

    why[len] = '\0';

    return len ? NGX_DECLINED : NGX_OK;
}
