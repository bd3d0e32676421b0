
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A disk that lies, to be preloaded.  What happens to files whose names begin
 * with FAULTS_DISK_PATH can be made to fail at any time by the page that the
 * file FAULTS_DISK_CONTROL is; and below FAULTS_DISK_SHADOW there is what of
 * each file would be left after a power loss, if the disk wrote nothing
 * unless it was told to: a copy of how it was when it was synced last.
 *
 * Knows nothing of nginx and SQLite but what they call.  Runs in any thread.
 */


#define _GNU_SOURCE
#define _LARGEFILE64_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>


#define DISK_FDS     4096
#define DISK_NAME    512

#define DISK_OPEN    1
#define DISK_READ    2
#define DISK_WRITE   4
#define DISK_SYNC    8


typedef struct {
    volatile int32_t  operations;            /* that fail: DISK_… */
    volatile int32_t  error;                 /* with this errno */
    volatile int32_t  failed;                /* how many did */
} disk_control_t;


static char *disk_string(const char *string);
static int disk_fails(int fd, int operation);
static int disk_ours(const char *name);
static void disk_opened(int fd, const char *name);
static void disk_keep(int fd);
static int disk_copy(int from, const char *name);


static int            (*disk_open64)(const char *, int, ...);
static int            (*disk_close)(int);
static int            (*disk_fdatasync)(int);
static int            (*disk_fsync)(int);
static int            (*disk_ftruncate64)(int, off64_t);
static ssize_t        (*disk_pread64)(int, void *, size_t, off64_t);
static ssize_t        (*disk_pwrite64)(int, const void *, size_t, off64_t);
static ssize_t        (*disk_write)(int, const void *, size_t);

static const char      *disk_path;
static const char      *disk_shadow;
static disk_control_t  *disk_control;

/* the last part of its name after the path; NULL: not ours */

static char            *disk_names[DISK_FDS];


__attribute__((constructor))
static void
disk_init(void)
{
    int          fd;
    void        *page;
    const char  *name;

    *(void **) &disk_open64 = dlsym(RTLD_NEXT, "open64");
    *(void **) &disk_close = dlsym(RTLD_NEXT, "close");
    *(void **) &disk_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    *(void **) &disk_fsync = dlsym(RTLD_NEXT, "fsync");
    *(void **) &disk_ftruncate64 = dlsym(RTLD_NEXT, "ftruncate64");
    *(void **) &disk_pread64 = dlsym(RTLD_NEXT, "pread64");
    *(void **) &disk_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
    *(void **) &disk_write = dlsym(RTLD_NEXT, "write");

    /* nginx empties its environment later */

    disk_path = disk_string(getenv("FAULTS_DISK_PATH"));
    disk_shadow = disk_string(getenv("FAULTS_DISK_SHADOW"));

    name = getenv("FAULTS_DISK_CONTROL");

    if (name == NULL) {
        return;
    }

    fd = disk_open64(name, O_RDWR|O_CLOEXEC);

    if (fd == -1) {
        return;
    }

    page = mmap(NULL, sizeof(disk_control_t), PROT_READ|PROT_WRITE, MAP_SHARED,
                fd, 0);

    if (page != MAP_FAILED) {
        disk_control = page;
    }

    (void) disk_close(fd);
}


int
open64(const char *name, int flags, ...)
{
    int      fd, mode;
    va_list  args;

    va_start(args, flags);
    mode = (flags & O_CREAT) ? va_arg(args, int) : 0;
    va_end(args);

    if (disk_control && (disk_control->operations & DISK_OPEN)
        && disk_ours(name)
        && (disk_control->error != EROFS || (flags & O_ACCMODE) != O_RDONLY))
    {
        (void) __sync_fetch_and_add(&disk_control->failed, 1);
        errno = disk_control->error;
        return -1;
    }

    fd = disk_open64(name, flags, mode);

    if (fd >= 0) {
        disk_opened(fd, name);
    }

    return fd;
}


int
close(int fd)
{
    if (fd >= 0 && fd < DISK_FDS && disk_names[fd]) {
        free(disk_names[fd]);
        disk_names[fd] = NULL;
    }

    return disk_close(fd);
}


int
fdatasync(int fd)
{
    int  rc;

    if (disk_fails(fd, DISK_SYNC)) {
        return -1;
    }

    rc = disk_fdatasync(fd);

    if (rc == 0) {
        disk_keep(fd);
    }

    return rc;
}


int
fsync(int fd)
{
    int  rc;

    if (disk_fails(fd, DISK_SYNC)) {
        return -1;
    }

    rc = disk_fsync(fd);

    if (rc == 0) {
        disk_keep(fd);
    }

    return rc;
}


int
ftruncate64(int fd, off64_t length)
{
    if (disk_fails(fd, DISK_WRITE)) {
        return -1;
    }

    return disk_ftruncate64(fd, length);
}


ssize_t
pread64(int fd, void *buf, size_t size, off64_t offset)
{
    if (disk_fails(fd, DISK_READ)) {
        return -1;
    }

    return disk_pread64(fd, buf, size, offset);
}


ssize_t
pwrite64(int fd, const void *buf, size_t size, off64_t offset)
{
    if (disk_fails(fd, DISK_WRITE)) {
        return -1;
    }

    return disk_pwrite64(fd, buf, size, offset);
}


ssize_t
write(int fd, const void *buf, size_t size)
{
    if (disk_fails(fd, DISK_WRITE)) {
        return -1;
    }

    return disk_write(fd, buf, size);
}


static char *
disk_string(const char *string)
{
    char  *copy;

    if (string == NULL) {
        return NULL;
    }

    copy = strdup(string);

    if (copy == NULL) {
        abort();
    }

    return copy;
}


static int
disk_fails(int fd, int operation)
{
    if (disk_control == NULL || !(disk_control->operations & operation)
        || fd < 0 || fd >= DISK_FDS || disk_names[fd] == NULL)
    {
        return 0;
    }

    (void) __sync_fetch_and_add(&disk_control->failed, 1);
    errno = disk_control->error;

    return 1;
}


static int
disk_ours(const char *name)
{
    return disk_path && strncmp(name, disk_path, strlen(disk_path)) == 0;
}


static void
disk_opened(int fd, const char *name)
{
    if (fd < DISK_FDS && disk_ours(name)) {
        free(disk_names[fd]);
        disk_names[fd] = disk_string(name + strlen(disk_path));
    }
}


/* those who sync the same file at the same time each make a whole copy */

static void
disk_keep(int fd)
{
    char  from[DISK_NAME], to[DISK_NAME];

    if (disk_shadow == NULL || fd < 0 || fd >= DISK_FDS
        || disk_names[fd] == NULL)
    {
        return;
    }

    (void) snprintf(from, sizeof(from), "%s/new-%ld-%d", disk_shadow,
                    (long) getpid(), fd);
    (void) snprintf(to, sizeof(to), "%s/db%s", disk_shadow, disk_names[fd]);

    if (disk_copy(fd, from) == 0) {
        (void) rename(from, to);
    }
}


static int
disk_copy(int from, const char *name)
{
    int          to, rc;
    char         buf[65536];
    off64_t      offset;
    ssize_t      n;
    struct stat  st;

    to = disk_open64(name, O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0644);

    if (to == -1 || fstat(from, &st) == -1) {
        return -1;
    }

    rc = 0;

    for (offset = 0; offset < st.st_size; offset += n) {
        n = disk_pread64(from, buf, sizeof(buf), offset);

        if (n <= 0 || disk_write(to, buf, (size_t) n) != n) {
            rc = (n == 0) ? 0 : -1;
            break;
        }
    }

    (void) disk_close(to);

    return rc;
}
