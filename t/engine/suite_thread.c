
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the cases of threads share: short ways to store messages with threads,
 * and to ask what became of them.
 */


#include "suite.h"


ngx_slack_entry_t             put_entry;
ngx_slack_waiting_message_t   changed;
ngx_slack_changing_t          changing[ROOM];
ngx_slack_thread_info_t       infos[ROOM];
ngx_uint_t                    ninfos;

static ngx_slack_new_message_t  put_message;
static ngx_uint_t               nchanging;
static char                     names[8192];


void
put_init(ngx_slack_new_message_t *message, const char *key,
    ngx_slack_new_part_e part, int64_t stamp)
{
    message->part.key = str(key);
    message->part.part = part;
    message->part.stamp = stamp;
    message->part.keep = 24 * 3600;
}


int64_t
put(const char *channel, const char *key, ngx_slack_new_part_e part,
    put_t *with, const char *body)
{
    ngx_slack_new_part_t  *p;

    entry_init(&put_entry, &put_message, "", channel, body);
    put_init(&put_message, key, part, 0);

    if (with != NULL) {
        p = &put_message.part;
        p->stamp = with->stamp;
        p->clock = with->clock;
        p->final = with->final;
        p->ends = with->ends;
        p->known = with->known;
        p->whole = with->whole;
        p->broadcast = with->broadcast;
        p->keep = with->keep ? with->keep : p->keep;
    }

    return (append_entries(outbox, &put_entry, 1) == NGX_OK
            && put_entry.result == NGX_SLACK_ENTRY_STORED)
           ? put_entry.id : 0;
}


int64_t
state(const char *key, int64_t stamp, const char *body)
{
    put_t  with = { .stamp = stamp };

    return put("#dev", key, NGX_SLACK_NEW_STATE, &with, body);
}


ngx_slack_waiting_message_t *
line(int64_t id)
{
    ngx_uint_t  i;

    if (wait_of("acme/#dev", ROOM) < 0) {
        return NULL;
    }

    for (i = 0; i < nmessages; i++) {
        if (messages[i].id == id) {
            return &messages[i];
        }
    }

    return NULL;
}


int
waits_as(int64_t id, ngx_slack_role_e role, const char *handle)
{
    ngx_slack_waiting_message_t  *message;

    message = line(id);

    return message != NULL && message->part.role == role
           && is(&message->part.handle, handle);
}


int64_t
change_of(int64_t thread)
{
    if (changed.envelope.data) {
        free(changed.envelope.data);
    }

    ngx_memzero(&changed, sizeof(ngx_slack_waiting_message_t));

    return (ngx_slack_outbox_change(outbox, thread, &changed) == NGX_OK)
           ? changed.id : 0;
}


ngx_int_t
sent(int64_t id, const char *handle)
{
    ngx_slack_settlement_t  st;

    ngx_memzero(&st, sizeof(ngx_slack_settlement_t));

    st.id = id;
    st.outcome = NGX_SLACK_SETTLE_SENT;
    st.attempts = 1;
    st.handle = str(handle);

    return settle_all(&st, 1, NULL, 0);
}


ngx_int_t
refused(int64_t id, ngx_uint_t outcome)
{
    return settle(id, outcome, 0, 0, "");
}


int64_t
shown(const char *key, int64_t stamp, const char *handle)
{
    int64_t  id;

    id = state(key, stamp, "root");

    return (sent(id, handle) == NGX_OK) ? id : 0;
}


static ngx_int_t
tell_change(ngx_slack_changing_t *from, void *data)
{
    if (nchanging == ROOM || from->channel.workspace.len != 4) {
        return NGX_ERROR;
    }

    changing[nchanging++] = *from;

    return NGX_OK;
}


int
tell_changes(ngx_slack_outbox_t *by, int64_t *last)
{
    nchanging = 0;

    return (ngx_slack_outbox_changes(by, last, tell_change, NULL) == NGX_OK)
           ? (int) nchanging : -1;
}


static ngx_int_t
know(ngx_slack_thread_info_t *thread, void *data)
{
    size_t  len;

    len = strlen(names);

    (void) snprintf(names + len, sizeof(names) - len, "%s%.*s=%.*s",
                    len ? " " : "",
                    (int) thread->key.len, (char *) thread->key.data,
                    (int) thread->handle.len, (char *) thread->handle.data);

    if (ninfos < ROOM) {
        infos[ninfos] = *thread;
    }

    ninfos++;

    return NGX_OK;
}


const char *
known(ngx_slack_scope_t *of)
{
    return known_by(of, NULL);
}


const char *
known_by(ngx_slack_scope_t *of, const char *key)
{
    ngx_str_t  name;

    name.data = (u_char *) key;
    name.len = key ? strlen(key) : 0;

    ninfos = 0;
    names[0] = '\0';

    return (ngx_slack_outbox_threads(outbox, of, key ? &name : NULL, know,
                                     NULL)
            == NGX_OK)
           ? names : "failed";
}
