
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Connects.  Runs in a pool thread, and blocks there for as long as the
 * time-outs of libpq tell.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_postgres.h>


/*
 * libpq reads no file by this name, and says nothing about it: there is no
 * directory "/dev/null"
 */
#define NGX_SLACK_POSTGRES_NO_FILE  "/dev/null/none"

/* ms: a server that was not reached is not asked sooner */
#define NGX_SLACK_POSTGRES_PAUSE  1000

/* pg_current_xact_id() and gen_random_uuid() */
#define NGX_SLACK_POSTGRES_OLDEST 130000


static ngx_int_t ngx_slack_postgres_open(ngx_slack_store_t *store);
static ngx_int_t ngx_slack_postgres_connect(ngx_slack_store_t *store);
static ngx_uint_t ngx_slack_postgres_passfile(ngx_slack_store_t *store,
    char *flaw, size_t size);
static ngx_uint_t ngx_slack_postgres_unusable(const char *path, char *flaw,
    size_t size);
static void ngx_slack_postgres_refused(ngx_slack_store_t *store,
    const char *flaw);
static ngx_int_t ngx_slack_postgres_check_server(ngx_slack_store_t *store);


ngx_int_t
ngx_slack_postgres_begin(ngx_slack_store_t *store)
{
    if (ngx_slack_postgres_open(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_start(store, 1);

    return NGX_OK;
}


ngx_int_t
ngx_slack_postgres_begin_read(ngx_slack_store_t *store)
{
    if (ngx_slack_postgres_open(store) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_postgres_start(store, 0);

    return NGX_OK;
}


static ngx_int_t
ngx_slack_postgres_open(ngx_slack_store_t *store)
{
    if (store->db != NULL) {

        if (ngx_slack_postgres_alive(store) == NGX_OK) {
            return NGX_OK;
        }

        ngx_slack_postgres_close(store);
    }

    /* what has failed is logged, and said to each who asks again so soon */

    if (store->again && ngx_slack_clock_monotonic() < store->again) {
        return NGX_ERROR;
    }

    if (ngx_slack_postgres_connect(store) != NGX_OK
        || ngx_slack_postgres_check_server(store) != NGX_OK
        || ngx_slack_postgres_schema(store) != NGX_OK)
    {
        ngx_slack_postgres_close(store);
        store->again = ngx_slack_clock_monotonic() + NGX_SLACK_POSTGRES_PAUSE;

        return NGX_ERROR;
    }

    store->again = 0;

    return NGX_OK;
}


/* What the operator writes comes later and wins. */

static ngx_int_t
ngx_slack_postgres_connect(ngx_slack_store_t *store)
{
    char                        flaw[256];
    ngx_uint_t                  n;
    const char                 *names[12], *values[12];
    ngx_slack_postgres_conf_t  *own;

    own = store->conf->own;
    n = 0;

#define NGX_SLACK_POSTGRES_SET(name, value)                                   \
    names[n] = name;                                                          \
    values[n++] = value

    NGX_SLACK_POSTGRES_SET("fallback_application_name", "nginx slack_outbox");
    NGX_SLACK_POSTGRES_SET("client_encoding", "UTF8");
    NGX_SLACK_POSTGRES_SET("connect_timeout", "3");
    NGX_SLACK_POSTGRES_SET("tcp_user_timeout", "5000");
    NGX_SLACK_POSTGRES_SET("keepalives_idle", "5");
    NGX_SLACK_POSTGRES_SET("keepalives_interval", "2");
    NGX_SLACK_POSTGRES_SET("keepalives_count", "3");
    NGX_SLACK_POSTGRES_SET("dbname", (char *) store->conf->address.data);

    if (own->password.len) {
        NGX_SLACK_POSTGRES_SET("password", (char *) own->password.data);
    }

    /* libpq would tell of a file that it does not like on stderr, each time */

    if (ngx_slack_postgres_passfile(store, flaw, sizeof(flaw))) {
        NGX_SLACK_POSTGRES_SET("passfile", NGX_SLACK_POSTGRES_NO_FILE);
    }

    names[n] = NULL;
    values[n] = NULL;

    store->db = PQconnectdbParams(names, values, 1);

    if (store->db == NULL || PQstatus(store->db) != CONNECTION_OK
        || PQsetnonblocking(store->db, 1) != 0)
    {
        ngx_slack_postgres_refused(store, flaw);
        return NGX_ERROR;
    }

    store->connected = 1;

    /* operators are told what failed, not where in a function */

    (void) PQsetErrorContextVisibility(store->db, PQSHOW_CONTEXT_NEVER);

    return NGX_OK;
}


/*
 * Whether the address names a file with passwords that libpq does not use, and
 * why; an empty text: there is none, or it uses it.
 */

static ngx_uint_t
ngx_slack_postgres_passfile(ngx_slack_store_t *store, char *flaw,
    size_t size)
{
    ngx_uint_t         unusable;
    PQconninfoOption  *options, *option;

    flaw[0] = '\0';
    unusable = 0;

    options = PQconninfoParse((char *) store->conf->address.data, NULL);
    if (options == NULL) {
        return 0;
    }

    for (option = options; option->keyword; option++) {

        if (ngx_strcmp(option->keyword, "passfile") == 0
            && option->val != NULL && option->val[0] != '\0')
        {
            unusable = ngx_slack_postgres_unusable(option->val, flaw,
                                                   size);
        }
    }

    PQconninfoFree(options);

    return unusable;
}


/* the text may be cut, as paths may be long */

static ngx_uint_t
ngx_slack_postgres_unusable(const char *path, char *flaw, size_t size)
{
    u_char           *last;
    ngx_fd_t          fd;
    ngx_err_t         err;
    ngx_uint_t        unusable;
    const char       *format;
    ngx_file_info_t   fi;

    /* not to wait for somebody who writes to a pipe */

    fd = open(path, O_RDONLY|O_CLOEXEC|O_NONBLOCK);

    err = 0;
    unusable = 1;

    if (fd == NGX_INVALID_FILE || ngx_fd_info(fd, &fi) == NGX_FILE_ERROR) {
        err = ngx_errno;
        format = (err == NGX_ENOENT) ? "\"%s\" does not exist"
                                     : "\"%s\" cannot be read (errno %d)";

    } else if (!ngx_is_file(&fi)) {
        format = "\"%s\" is not a file";

    } else if (ngx_file_access(&fi) & (S_IRWXG|S_IRWXO)) {
        format = "\"%s\" can be used by others";

    } else {
        format = "\"%s\" has no line that fits";
        unusable = 0;
    }

    if (fd != NGX_INVALID_FILE) {
        (void) ngx_close_file(fd);
    }

    last = ngx_snprintf((u_char *) flaw, size - 1, format, path, err);
    *last = '\0';

    return unusable;
}


/* It is said if the server wants a password and there is none. */

static void
ngx_slack_postgres_refused(ngx_slack_store_t *store, const char *flaw)
{
    if (store->db == NULL || flaw[0] == '\0'
        || !PQconnectionNeedsPassword(store->db))
    {
        ngx_slack_postgres_error(store, NULL);
        return;
    }

    ngx_slack_postgres_fault(store, 25, "gets no password from its passfile",
                             flaw, "it must have a line for this server, "
                             "database and user, belong to the user of the "
                             "workers, and be for nobody else, \"chmod 600\"");
}


static ngx_int_t
ngx_slack_postgres_check_server(ngx_slack_store_t *store)
{
    const char  *value;

    if (PQserverVersion(store->db) < NGX_SLACK_POSTGRES_OLDEST) {
        ngx_slack_postgres_fault(store, 30, "is of a server that is too old",
                                 PQparameterStatus(store->db,
                                                   "server_version"),
                                 "13 is the oldest that will do");
        return NGX_ERROR;
    }

    value = PQparameterStatus(store->db, "server_encoding");

    if (value == NULL || ngx_strcmp(value, "UTF8") != 0) {
        ngx_slack_postgres_fault(store, 29, "has a database with the encoding",
                                 value ? value : "?",
                                 "make one with \"ENCODING 'UTF8'\"");
        return NGX_ERROR;
    }

    value = PQparameterStatus(store->db, "standard_conforming_strings");

    if (value == NULL || ngx_strcmp(value, "on") != 0) {
        ngx_slack_postgres_fault(store, 28, "has a setting that is unsafe",
                                 "standard_conforming_strings is off",
                                 "turn it on for the user");
        return NGX_ERROR;
    }

    return NGX_OK;
}
