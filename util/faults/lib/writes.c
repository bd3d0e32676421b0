
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * To be preloaded: sees who writes to the files whose names begin with
 * FAULTS_WRITES_PATH, and tells in the page that FAULTS_WRITES_CONTROL is.
 *
 * A thread that is not the first of its process is held between its decision
 * to write to a descriptor and the write, until the descriptor is another
 * file's, or for a while; so what would happen once in a million times with
 * nginx's USR1 happens each time.
 *
 * Knows nothing of nginx but that it calls write().  Runs in any thread.
 */


#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>


#define WRITES_NAME   512
#define WRITES_HOLD   500                    /* ms */


typedef struct {
    volatile int32_t  loop;                  /* by the first thread */
    volatile int32_t  threads;               /* by others */
    volatile int32_t  astray;                /* into another file */
} writes_control_t;


static int writes_ours(int fd);


static ssize_t           (*writes_write)(int, const void *, size_t);

static char               *writes_path;
static writes_control_t   *writes_control;


__attribute__((constructor))
static void
writes_init(void)
{
    int          fd;
    void        *page;
    const char  *name, *path;

    *(void **) &writes_write = dlsym(RTLD_NEXT, "write");

    path = getenv("FAULTS_WRITES_PATH");
    name = getenv("FAULTS_WRITES_CONTROL");

    if (path == NULL || name == NULL) {
        return;
    }

    fd = open(name, O_RDWR|O_CLOEXEC);

    if (fd == -1) {
        return;
    }

    page = mmap(NULL, sizeof(writes_control_t), PROT_READ|PROT_WRITE,
                MAP_SHARED, fd, 0);

    if (page != MAP_FAILED) {

        /* nginx empties its environment later */

        writes_path = strdup(path);

        if (writes_path == NULL) {
            abort();
        }

        writes_control = page;
    }

    (void) close(fd);
}


ssize_t
write(int fd, const void *buf, size_t n)
{
    int  i;

    if (writes_path == NULL || !writes_ours(fd)) {
        return writes_write(fd, buf, n);
    }

    if (syscall(SYS_gettid) == getpid()) {
        (void) __sync_fetch_and_add(&writes_control->loop, 1);
        return writes_write(fd, buf, n);
    }

    (void) __sync_fetch_and_add(&writes_control->threads, 1);

    for (i = 0; i < WRITES_HOLD; i++) {

        if (!writes_ours(fd)) {
            (void) __sync_fetch_and_add(&writes_control->astray, 1);
            break;
        }

        (void) usleep(1000);
    }

    return writes_write(fd, buf, n);
}


static int
writes_ours(int fd)
{
    char     link[64], name[WRITES_NAME];
    ssize_t  n;

    (void) snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);

    n = readlink(link, name, sizeof(name) - 1);

    if (n == -1) {
        return 0;
    }

    name[n] = '\0';

    return strncmp(name, writes_path, strlen(writes_path)) == 0;
}
