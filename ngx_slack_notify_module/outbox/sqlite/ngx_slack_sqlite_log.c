
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A thin layer over SQLite's access to files.  For each page of a commit
 * SQLite makes two writes to its log (WAL).  This layer collects them in a
 * buffer and writes them with one system call.  All other files are opened by
 * SQLite's default VFS.  Runs in a pool thread; while it collects, it holds
 * the lock of the turnstile.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>

#include <pthread.h>


/* bytes of the buffer; longer commits are written in several pieces */

#define NGX_SLACK_SQLITE_GATHERED  131072

/*
 * https://www.sqlite.org/fileformat2.html#the_write_ahead_log: the size of the
 * header before each page, and the offset in it of the number of pages of the
 * database, which is 0 unless this is the last page of a commit
 */

#define NGX_SLACK_SQLITE_FRAME     24
#define NGX_SLACK_SQLITE_COMMITS   4


typedef struct {
    sqlite3_file               file;         /* the part that SQLite knows */
    sqlite3_file              *lower;        /* the default VFS's file, behind
                                                this struct */

    u_char                    *gathered;     /* the buffer; NULL: not yet
                                                allocated */
    size_t                     len;
    sqlite3_int64              offset;       /* of the first byte of the
                                                buffer */

    unsigned                   gathers:1;
    unsigned                   last:1;       /* the last header was that of the
                                                last page of a commit */
} ngx_slack_sqlite_log_t;


static void ngx_slack_sqlite_log_register(void);
static int ngx_slack_sqlite_log_open(sqlite3_vfs *vfs, const char *name,
    sqlite3_file *file, int flags, int *out);
static ngx_slack_sqlite_log_t *ngx_slack_sqlite_log_find(
    ngx_slack_store_t *store);
static int ngx_slack_sqlite_log_flush(ngx_slack_sqlite_log_t *log);
static int ngx_slack_sqlite_log_close(sqlite3_file *file);
static int ngx_slack_sqlite_log_read(sqlite3_file *file, void *buf, int size,
    sqlite3_int64 offset);
static int ngx_slack_sqlite_log_write(sqlite3_file *file, const void *buf,
    int size, sqlite3_int64 offset);
static int ngx_slack_sqlite_log_truncate(sqlite3_file *file,
    sqlite3_int64 size);
static int ngx_slack_sqlite_log_sync(sqlite3_file *file, int flags);
static int ngx_slack_sqlite_log_size(sqlite3_file *file, sqlite3_int64 *size);
static int ngx_slack_sqlite_log_lock(sqlite3_file *file, int level);
static int ngx_slack_sqlite_log_unlock(sqlite3_file *file, int level);
static int ngx_slack_sqlite_log_reserved(sqlite3_file *file, int *reserved);
static int ngx_slack_sqlite_log_control(sqlite3_file *file, int op, void *arg);
static int ngx_slack_sqlite_log_sector(sqlite3_file *file);
static int ngx_slack_sqlite_log_traits(sqlite3_file *file);


static const sqlite3_io_methods  ngx_slack_sqlite_log_methods = {
    1,                                       /* version 1: the log needs no
                                                shared memory */
    ngx_slack_sqlite_log_close,
    ngx_slack_sqlite_log_read,
    ngx_slack_sqlite_log_write,
    ngx_slack_sqlite_log_truncate,
    ngx_slack_sqlite_log_sync,
    ngx_slack_sqlite_log_size,
    ngx_slack_sqlite_log_lock,
    ngx_slack_sqlite_log_unlock,
    ngx_slack_sqlite_log_reserved,
    ngx_slack_sqlite_log_control,
    ngx_slack_sqlite_log_sector,
    ngx_slack_sqlite_log_traits,
    NULL, NULL, NULL, NULL, NULL, NULL
};

static sqlite3_vfs     ngx_slack_sqlite_log_vfs;
static sqlite3_vfs    *ngx_slack_sqlite_log_lower;
static pthread_once_t  ngx_slack_sqlite_log_once = PTHREAD_ONCE_INIT;


const char *
ngx_slack_sqlite_log_name(void)
{
    (void) pthread_once(&ngx_slack_sqlite_log_once,
                        ngx_slack_sqlite_log_register);

    return ngx_slack_sqlite_log_vfs.zName;
}


/* executed in a pool thread */

ngx_int_t
ngx_slack_sqlite_log_commit(ngx_slack_store_t *store)
{
    ngx_int_t                rc;
    ngx_slack_sqlite_log_t  *log;

    log = ngx_slack_sqlite_log_find(store);

    if (log != NULL && log->gathered == NULL) {
        log->gathered = ngx_alloc(NGX_SLACK_SQLITE_GATHERED, store->log);
    }

    if (log == NULL || log->gathered == NULL) {
        return ngx_slack_sqlite_run(store, NGX_SLACK_SQL_COMMIT);
    }

    log->gathers = 1;
    log->last = 0;

    rc = ngx_slack_sqlite_run(store, NGX_SLACK_SQL_COMMIT);

    /*
     * What is left belongs to a commit that failed.  It must not be written,
     * as others may write there soon.
     */

    log->gathers = 0;
    log->len = 0;

    return rc;
}


/*
 * Runs once in a process.  If it fails, zName is NULL, which means SQLite's
 * default VFS.
 */

static void
ngx_slack_sqlite_log_register(void)
{
    sqlite3_vfs  *lower;

    lower = sqlite3_vfs_find(NULL);

    if (lower == NULL) {
        return;
    }

    ngx_slack_sqlite_log_lower = lower;

    /* apart from xOpen, the default VFS's functions and data are used */

    ngx_slack_sqlite_log_vfs = *lower;
    ngx_slack_sqlite_log_vfs.pNext = NULL;
    ngx_slack_sqlite_log_vfs.zName = "ngx_slack";
    ngx_slack_sqlite_log_vfs.szOsFile = sizeof(ngx_slack_sqlite_log_t)
                                        + lower->szOsFile;
    ngx_slack_sqlite_log_vfs.xOpen = ngx_slack_sqlite_log_open;

    if (sqlite3_vfs_register(&ngx_slack_sqlite_log_vfs, 0) != SQLITE_OK) {
        ngx_slack_sqlite_log_vfs.zName = NULL;
    }
}


static int
ngx_slack_sqlite_log_open(sqlite3_vfs *vfs, const char *name,
    sqlite3_file *file, int flags, int *out)
{
    int                      rc;
    sqlite3_vfs             *lower;
    ngx_slack_sqlite_log_t  *log;

    lower = ngx_slack_sqlite_log_lower;

    if (!(flags & SQLITE_OPEN_WAL)) {
        return lower->xOpen(lower, name, file, flags, out);
    }

    ngx_memzero(file, sizeof(ngx_slack_sqlite_log_t));

    log = (ngx_slack_sqlite_log_t *) file;
    log->lower = (sqlite3_file *) (log + 1);

    rc = lower->xOpen(lower, name, log->lower, flags, out);

    /* SQLite closes a file that has methods, even after an error */

    if (log->lower->pMethods != NULL) {
        file->pMethods = &ngx_slack_sqlite_log_methods;
    }

    return rc;
}


static ngx_slack_sqlite_log_t *
ngx_slack_sqlite_log_find(ngx_slack_store_t *store)
{
    sqlite3_file  *file;

    file = NULL;

    (void) sqlite3_file_control(store->db, NULL, SQLITE_FCNTL_JOURNAL_POINTER,
                                &file);

    if (file == NULL || file->pMethods != &ngx_slack_sqlite_log_methods) {
        return NULL;
    }

    return (ngx_slack_sqlite_log_t *) file;
}


static int
ngx_slack_sqlite_log_flush(ngx_slack_sqlite_log_t *log)
{
    int  len;

    len = (int) log->len;

    if (len == 0) {
        return SQLITE_OK;
    }

    log->len = 0;

    return log->lower->pMethods->xWrite(log->lower, log->gathered, len,
                                        log->offset);
}


static int
ngx_slack_sqlite_log_close(sqlite3_file *file)
{
    ngx_slack_sqlite_log_t  *log = (ngx_slack_sqlite_log_t *) file;

    ngx_free(log->gathered);
    log->gathered = NULL;

    return log->lower->pMethods->xClose(log->lower);
}


static int
ngx_slack_sqlite_log_read(sqlite3_file *file, void *buf, int size,
    sqlite3_int64 offset)
{
    int                      rc;
    ngx_slack_sqlite_log_t  *log = (ngx_slack_sqlite_log_t *) file;

    rc = ngx_slack_sqlite_log_flush(log);

    if (rc != SQLITE_OK) {
        return rc;
    }

    return log->lower->pMethods->xRead(log->lower, buf, size, offset);
}


/*
 * A reader may see a commit only after it was written, so the buffer is
 * written at the end of the commit.  An error of an earlier piece fails the
 * commit.
 */

static int
ngx_slack_sqlite_log_write(sqlite3_file *file, const void *buf, int size,
    sqlite3_int64 offset)
{
    int                      rc;
    size_t                   len;
    ngx_slack_sqlite_log_t  *log = (ngx_slack_sqlite_log_t *) file;

    static const u_char  none[4] = { 0 };

    if (!log->gathers) {
        return log->lower->pMethods->xWrite(log->lower, buf, size, offset);
    }

    len = (size_t) size;

    if (offset != log->offset + (sqlite3_int64) log->len
        || len > NGX_SLACK_SQLITE_GATHERED - log->len)
    {
        rc = ngx_slack_sqlite_log_flush(log);

        if (rc != SQLITE_OK) {
            return rc;
        }

        if (len > NGX_SLACK_SQLITE_GATHERED) {
            return log->lower->pMethods->xWrite(log->lower, buf, size,
                                                offset);
        }

        log->offset = offset;
    }

    ngx_memcpy(log->gathered + log->len, buf, len);
    log->len += len;

    if (len == NGX_SLACK_SQLITE_FRAME) {
        log->last = (ngx_memcmp((u_char *) buf + NGX_SLACK_SQLITE_COMMITS,
                                none, sizeof(none))
                     != 0);

        return SQLITE_OK;
    }

    if (!log->last) {
        return SQLITE_OK;
    }

    /* later writes, such as new checksums of old pages, are not buffered */

    log->gathers = 0;

    return ngx_slack_sqlite_log_flush(log);
}


static int
ngx_slack_sqlite_log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int                      rc;
    ngx_slack_sqlite_log_t  *log = (ngx_slack_sqlite_log_t *) file;

    rc = ngx_slack_sqlite_log_flush(log);

    if (rc != SQLITE_OK) {
        return rc;
    }

    return log->lower->pMethods->xTruncate(log->lower, size);
}


static int
ngx_slack_sqlite_log_sync(sqlite3_file *file, int flags)
{
    int                      rc;
    ngx_slack_sqlite_log_t  *log = (ngx_slack_sqlite_log_t *) file;

    rc = ngx_slack_sqlite_log_flush(log);

    if (rc != SQLITE_OK) {
        return rc;
    }

    return log->lower->pMethods->xSync(log->lower, flags);
}


static int
ngx_slack_sqlite_log_size(sqlite3_file *file, sqlite3_int64 *size)
{
    int                      rc;
    ngx_slack_sqlite_log_t  *log = (ngx_slack_sqlite_log_t *) file;

    rc = ngx_slack_sqlite_log_flush(log);

    if (rc != SQLITE_OK) {
        return rc;
    }

    return log->lower->pMethods->xFileSize(log->lower, size);
}


static int
ngx_slack_sqlite_log_lock(sqlite3_file *file, int level)
{
    ngx_slack_sqlite_log_t  *log = (ngx_slack_sqlite_log_t *) file;

    return log->lower->pMethods->xLock(log->lower, level);
}


static int
ngx_slack_sqlite_log_unlock(sqlite3_file *file, int level)
{
    ngx_slack_sqlite_log_t  *log = (ngx_slack_sqlite_log_t *) file;

    return log->lower->pMethods->xUnlock(log->lower, level);
}


static int
ngx_slack_sqlite_log_reserved(sqlite3_file *file, int *reserved)
{
    ngx_slack_sqlite_log_t  *log = (ngx_slack_sqlite_log_t *) file;

    return log->lower->pMethods->xCheckReservedLock(log->lower, reserved);
}


static int
ngx_slack_sqlite_log_control(sqlite3_file *file, int op, void *arg)
{
    ngx_slack_sqlite_log_t  *log = (ngx_slack_sqlite_log_t *) file;

    return log->lower->pMethods->xFileControl(log->lower, op, arg);
}


static int
ngx_slack_sqlite_log_sector(sqlite3_file *file)
{
    ngx_slack_sqlite_log_t  *log = (ngx_slack_sqlite_log_t *) file;

    return log->lower->pMethods->xSectorSize(log->lower);
}


static int
ngx_slack_sqlite_log_traits(sqlite3_file *file)
{
    ngx_slack_sqlite_log_t  *log = (ngx_slack_sqlite_log_t *) file;

    return log->lower->pMethods->xDeviceCharacteristics(log->lower);
}
