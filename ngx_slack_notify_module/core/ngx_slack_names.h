
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The names of channels that variables have given, in shared memory: as many
 * as a workspace may have, lest a sender fills outbox and status with names.
 * One without messages for some days goes.
 */


#ifndef _NGX_SLACK_NAMES_H_INCLUDED_
#define _NGX_SLACK_NAMES_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* of a workspace, and of slots for them: a power of 2, and more */

#ifndef NGX_SLACK_NAMES_MAX
#define NGX_SLACK_NAMES_MAX     10000
#define NGX_SLACK_NAMES_SLOTS   16384
#endif

#define NGX_SLACK_NAMES_KEEP    (7 * 24 * 3600)  /* seconds */


typedef struct {
    uint64_t                    hash;        /* 0: the slot is free */
    time_t                      seen;        /* seconds since the epoch */
} ngx_slack_name_t;


/* the names of a workspace; all zero: nobody's */

typedef struct {
    uint64_t                    workspace;   /* hash */
    time_t                      seen;
    time_t                      swept;
    ngx_uint_t                  n;
    ngx_slack_name_t            slots[NGX_SLACK_NAMES_SLOTS];
} ngx_slack_names_table_t;


/* in shared memory, zeroed by its creator, who sets the first two */

typedef struct {
    ngx_shmtx_t                *mutex;       /* of the same memory */
    ngx_uint_t                  n;           /* tables */
    ngx_slack_names_table_t     tables[1];
} ngx_slack_names_t;


/* The size of "n" tables in bytes. */

#define ngx_slack_names_size(n)                                               \
    (offsetof(ngx_slack_names_t, tables)                                      \
     + (n) * sizeof(ngx_slack_names_table_t))


/*
 * Notes that a message is for a channel.  NGX_DECLINED: its name is new, and
 * the workspace has too many.  If there are more workspaces than tables, the
 * one that was not used for the longest time gives up its own.  "names" may be
 * NULL, then nothing is limited.  Any thread.
 */

ngx_int_t ngx_slack_names_take(ngx_slack_names_t *names,
    ngx_str_t *workspace, ngx_str_t *channel, time_t now);


#endif /* _NGX_SLACK_NAMES_H_INCLUDED_ */
