
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The names of channels that variables have given (see the header): a hash
 * table for each workspace, of hashes alone.  Two names with one hash, of 64
 * bits, would count as one.  Runs in any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_mutex.h>
#include <ngx_slack_names.h>


/* seconds between two walks through a full table */
#define NGX_SLACK_NAMES_SWEEP  60


static ngx_slack_names_table_t *ngx_slack_names_table(
    ngx_slack_names_t *names, uint64_t workspace);
static ngx_slack_name_t *ngx_slack_names_slot(ngx_slack_names_table_t *table,
    uint64_t hash);
static void ngx_slack_names_sweep(ngx_slack_names_table_t *table, time_t now);
static uint64_t ngx_slack_names_hash(ngx_str_t *name);


ngx_int_t
ngx_slack_names_take(ngx_slack_names_t *names, ngx_str_t *workspace,
    ngx_str_t *channel, time_t now)
{
    uint64_t                  hash;
    ngx_int_t                 rc;
    ngx_slack_name_t         *slot;
    ngx_slack_names_table_t  *table;

    if (names == NULL) {
        return NGX_OK;
    }

    rc = NGX_OK;
    hash = ngx_slack_names_hash(channel);

    ngx_slack_mutex_lock(names->mutex);

    table = ngx_slack_names_table(names, ngx_slack_names_hash(workspace));
    table->seen = now;

    slot = ngx_slack_names_slot(table, hash);

    if (slot->hash == 0 && table->n >= NGX_SLACK_NAMES_MAX) {
        ngx_slack_names_sweep(table, now);
        slot = ngx_slack_names_slot(table, hash);
    }

    if (slot->hash) {
        slot->seen = now;

    } else if (table->n < NGX_SLACK_NAMES_MAX) {
        slot->hash = hash;
        slot->seen = now;
        table->n++;

    } else {
        rc = NGX_DECLINED;
    }

    ngx_slack_mutex_unlock(names->mutex);

    return rc;
}


/* There is at least one. */

static ngx_slack_names_table_t *
ngx_slack_names_table(ngx_slack_names_t *names, uint64_t workspace)
{
    ngx_uint_t                i;
    ngx_slack_names_table_t  *table, *oldest;

    table = names->tables;
    oldest = table;

    for (i = 0; i < names->n; i++) {

        if (table[i].workspace == workspace) {
            return &table[i];
        }

        if (table[i].seen < oldest->seen) {
            oldest = &table[i];
        }
    }

    ngx_memzero(oldest, sizeof(ngx_slack_names_table_t));

    oldest->workspace = workspace;

    return oldest;
}


/*
 * The slot of a name, or the free one where it belongs: there are more slots
 * than names.
 */

static ngx_slack_name_t *
ngx_slack_names_slot(ngx_slack_names_table_t *table, uint64_t hash)
{
    ngx_uint_t  i;

    i = (ngx_uint_t) hash % NGX_SLACK_NAMES_SLOTS;

    while (table->slots[i].hash && table->slots[i].hash != hash) {
        i = (i + 1) % NGX_SLACK_NAMES_SLOTS;
    }

    return &table->slots[i];
}


/*
 * Removes names that were not seen for so long.  The others move up to the
 * places that become free: without these they might not be found.
 */

static void
ngx_slack_names_sweep(ngx_slack_names_table_t *table, time_t now)
{
    time_t            age;
    ngx_uint_t        i, first;
    ngx_slack_name_t  name;

    age = now - table->swept;

    if (age >= 0 && age < NGX_SLACK_NAMES_SWEEP) {
        return;
    }

    table->swept = now;
    table->n = 0;

    /* begin behind a free slot, so that no row of names is cut */

    for (first = 0; table->slots[first].hash; first++) { /* void */ }

    for (i = 1; i <= NGX_SLACK_NAMES_SLOTS; i++) {

        name = table->slots[(first + i) % NGX_SLACK_NAMES_SLOTS];

        if (name.hash == 0) {
            continue;
        }

        table->slots[(first + i) % NGX_SLACK_NAMES_SLOTS].hash = 0;

        if (now - name.seen < NGX_SLACK_NAMES_KEEP) {
            *ngx_slack_names_slot(table, name.hash) = name;
            table->n++;
        }
    }
}


/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/; never 0 */

static uint64_t
ngx_slack_names_hash(ngx_str_t *name)
{
    size_t    i;
    uint64_t  hash;

    hash = 14695981039346656037ULL;

    for (i = 0; i < name->len; i++) {
        hash = (hash ^ name->data[i]) * 1099511628211ULL;
    }

    return hash ? hash : 1;
}
