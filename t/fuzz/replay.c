
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Gives a target the files named, or those of directories named, one after
 * the other, where there is no libFuzzer.  A finding ends the program after
 * the name of the file was told.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <dirent.h>

#include "fuzz.h"


static char        replay_name[4096];
static ngx_uint_t  replay_files;


static void replay_abort(int signo);
static void replay_file(const char *name);
static void replay_directory(const char *name);


static void
replay_abort(int signo)
{
    fprintf(stderr, "finding: %s\n", replay_name);
}


static void
replay_file(const char *name)
{
    FILE     *file;
    long      size;
    uint8_t  *data;

    snprintf(replay_name, sizeof(replay_name), "%s", name);

    file = fopen(name, "rb");

    if (file == NULL
        || fseek(file, 0, SEEK_END) != 0
        || (size = ftell(file)) < 0
        || fseek(file, 0, SEEK_SET) != 0)
    {
        fprintf(stderr, "cannot read %s: %s\n", name, strerror(errno));
        exit(2);
    }

    data = malloc((size_t) size);

    if ((data == NULL && size)
        || fread(data, 1, (size_t) size, file) != (size_t) size)
    {
        fprintf(stderr, "cannot read %s\n", name);
        exit(2);
    }

    fclose(file);

    (void) LLVMFuzzerTestOneInput(data, (size_t) size);

    free(data);
    replay_files++;
}


static void
replay_directory(const char *name)
{
    DIR            *dir;
    char            path[4096];
    struct dirent  *entry;

    dir = opendir(name);

    if (dir == NULL) {
        replay_file(name);
        return;
    }

    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.') {
            continue;
        }

        snprintf(path, sizeof(path), "%s/%s", name, entry->d_name);
        replay_file(path);
    }

    closedir(dir);
}


int
main(int argc, char **argv)
{
    int  i;

    signal(SIGABRT, replay_abort);

    for (i = 1; i < argc; i++) {
        replay_directory(argv[i]);
    }

    printf("%u files\n", (unsigned) replay_files);

    return 0;
}
