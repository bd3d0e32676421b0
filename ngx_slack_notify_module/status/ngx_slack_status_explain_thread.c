
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the messages of an explained event would be to their threads.  Looks
 * for these in the outbox in a pool thread; the other functions run in the
 * event loop.
 */


#include <ngx_slack_equal.h>
#include <ngx_slack_status_member.h>
#include <ngx_slack_status.h>


static ngx_int_t ngx_slack_status_explain_thread(
    ngx_slack_thread_info_t *thread, void *data);
static ngx_str_t *ngx_slack_status_explain_root(
    ngx_slack_status_root_t *root);
static ngx_str_t *ngx_slack_status_explain_as(ngx_slack_status_root_t *first,
    ngx_slack_status_root_t *root);
static ngx_uint_t ngx_slack_status_explain_begins(
    ngx_slack_status_root_t *root);
static ngx_uint_t ngx_slack_status_explain_equal(ngx_slack_status_root_t *a,
    ngx_slack_status_root_t *b);


ngx_array_t *
ngx_slack_status_explain_roots(ngx_slack_http_event_t *event, ngx_pool_t *pool)
{
    ngx_uint_t                i, n;
    ngx_array_t              *roots;
    ngx_slack_status_root_t  *root;
    ngx_slack_new_message_t  *message;

    n = 0;
    message = NULL;

    if (event->result == NGX_SLACK_RESULT_QUEUED) {
        n = event->entry->nmessages;
        message = event->entry->messages;
    }

    roots = ngx_array_create(pool, n + 1, sizeof(ngx_slack_status_root_t));
    if (roots == NULL) {
        return NULL;
    }

    for (i = 0; i < n; i++) {

        if (message[i].part.part == NGX_SLACK_NEW_NONE) {
            continue;
        }

        root = ngx_array_push(roots);
        if (root == NULL) {
            return NULL;
        }

        ngx_memzero(root, sizeof(ngx_slack_status_root_t));

        root->message = &message[i];
    }

    return roots;
}


/* executed in a pool thread */

void
ngx_slack_status_explain_look(ngx_array_t *roots, ngx_slack_outbox_t *outbox)
{
    ngx_uint_t                i;
    ngx_slack_scope_t         scope;
    ngx_slack_status_root_t  *root;

    root = roots->elts;

    for (i = 0; i < roots->nelts; i++) {

        scope.workspace = root[i].message->workspace;
        scope.channel = root[i].message->channel;
        scope.whole = 0;

        root[i].looked = (ngx_slack_outbox_threads(outbox, &scope,
                                      &root[i].message->part.key,
                                      ngx_slack_status_explain_thread,
                                      &root[i])
                          == NGX_OK);
    }
}


/* executed in a pool thread; a key has one thread in a channel */

static ngx_int_t
ngx_slack_status_explain_thread(ngx_slack_thread_info_t *thread, void *data)
{
    ngx_slack_status_root_t  *root = data;

    root->sent = (thread->handle.len != 0);
    root->root = thread->root;
    root->ended = thread->ended;

    return NGX_OK;
}


void
ngx_slack_status_explain_threads(ngx_array_t *roots,
    ngx_slack_json_writer_t *w)
{
    ngx_str_t                *has;
    ngx_uint_t                i;
    ngx_slack_new_part_t     *part;
    ngx_slack_status_root_t  *root;

    ngx_slack_json_writer_lit(w, "threads");
    ngx_slack_json_writer_array(w);

    root = roots->elts;

    for (i = 0; i < roots->nelts; i++) {

        part = &root[i].message->part;

        ngx_slack_json_writer_object(w);

        ngx_slack_status_member_text(w, "workspace",
                                     &root[i].message->workspace);
        ngx_slack_status_member_text(w, "channel", &root[i].message->channel);
        ngx_slack_status_member_text(w, "key", &part->key);

        has = ngx_slack_status_explain_root(&root[i]);

        if (has) {
            ngx_slack_status_member_text(w, "root", has);

        } else {
            ngx_slack_status_member_null(w, "root");
        }

        ngx_slack_status_member_text(w, "as",
                              ngx_slack_status_explain_as(root, &root[i]));
        ngx_slack_status_member_bool(w, "broadcast",
                                     part->broadcast
                                     && part->part != NGX_SLACK_NEW_STATE);
        ngx_slack_status_member_bool(w, "only_if_shown", part->known);
        ngx_slack_status_member_bool(w, "final", part->final);

        ngx_slack_json_writer_object_end(w);
    }

    ngx_slack_json_writer_array_end(w);
}


/* NULL: the outbox could not be read */

static ngx_str_t *
ngx_slack_status_explain_root(ngx_slack_status_root_t *root)
{
    static ngx_str_t  none = ngx_string("none");
    static ngx_str_t  sent = ngx_string("sent");
    static ngx_str_t  waiting = ngx_string("waiting");

    if (!root->looked) {
        return NULL;
    }

    if (!root->root) {
        return &none;
    }

    return root->sent ? &sent : &waiting;
}


/*
 * What a message would be sent as.  "first" is the first of the event: a reply
 * that goes with a state before it is left out if that becomes the root.  If
 * the outbox could not be read, it is told as for a thread that has a root.
 */

static ngx_str_t *
ngx_slack_status_explain_as(ngx_slack_status_root_t *first,
    ngx_slack_status_root_t *root)
{
    ngx_slack_status_root_t  *state;

    static ngx_str_t  begins = ngx_string("root");
    static ngx_str_t  nothing = ngx_string("nothing");

    static ngx_str_t  names[] = {
        [NGX_SLACK_NEW_NONE] = ngx_string(""),
        [NGX_SLACK_NEW_START] = ngx_string("root"),
        [NGX_SLACK_NEW_REPLY] = ngx_string("reply"),
        [NGX_SLACK_NEW_STATE] = ngx_string("change"),
        [NGX_SLACK_NEW_HISTORY] = ngx_string("reply")
    };

    if (!ngx_slack_status_explain_begins(root)) {
        return &names[root->message->part.part];
    }

    if (root->message->part.known) {
        return &nothing;
    }

    if (root->message->part.part == NGX_SLACK_NEW_HISTORY) {
        for (state = first; state < root; state++) {
            if (state->message->part.part == NGX_SLACK_NEW_STATE
                && !state->message->part.known
                && ngx_slack_status_explain_equal(state, root))
            {
                return &nothing;
            }
        }
    }

    return &begins;
}


static ngx_uint_t
ngx_slack_status_explain_begins(ngx_slack_status_root_t *root)
{
    return root->message->part.part == NGX_SLACK_NEW_START
           || (root->looked && (!root->root || root->ended));
}


static ngx_uint_t
ngx_slack_status_explain_equal(ngx_slack_status_root_t *a,
    ngx_slack_status_root_t *b)
{
    ngx_slack_new_message_t  *one, *two;

    one = a->message;
    two = b->message;

    return ngx_slack_equal(&one->part.key, &two->part.key)
           && ngx_slack_equal(&one->workspace, &two->workspace)
           && ngx_slack_equal(&one->channel, &two->channel);
}
