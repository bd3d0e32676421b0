
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the messages of an explained event would be to their threads.  Runs in
 * the event loop.
 */


#include <ngx_slack_status_member.h>
#include <ngx_slack_status.h>


void
ngx_slack_status_explain_threads(ngx_slack_http_event_t *event,
    ngx_slack_json_writer_t *w)
{
    ngx_str_t                 name;
    ngx_uint_t                i, n;
    ngx_slack_new_part_t     *part;
    ngx_slack_new_message_t  *message;

    /* "root" is what the first event of an object becomes in any case */

    static ngx_str_t  names[] = {
        [NGX_SLACK_NEW_NONE] = ngx_string(""),
        [NGX_SLACK_NEW_START] = ngx_string("root"),
        [NGX_SLACK_NEW_REPLY] = ngx_string("reply"),
        [NGX_SLACK_NEW_STATE] = ngx_string("change"),
        [NGX_SLACK_NEW_HISTORY] = ngx_string("reply")
    };

    ngx_slack_json_writer_lit(w, "threads");
    ngx_slack_json_writer_array(w);

    n = 0;
    message = NULL;

    if (event->result == NGX_SLACK_RESULT_QUEUED) {
        n = event->entry->nmessages;
        message = event->entry->messages;
    }

    for (i = 0; i < n; i++) {

        part = &message[i].part;

        if (part->part == NGX_SLACK_NEW_NONE) {
            continue;
        }

        name = names[part->part];

        ngx_slack_json_writer_object(w);

        ngx_slack_status_member_text(w, "workspace", &message[i].workspace);
        ngx_slack_status_member_text(w, "channel", &message[i].channel);
        ngx_slack_status_member_text(w, "key", &part->key);
        ngx_slack_status_member_text(w, "as", &name);
        ngx_slack_status_member_bool(w, "broadcast",
                                     part->broadcast
                                     && part->part != NGX_SLACK_NEW_STATE);
        ngx_slack_status_member_bool(w, "only_if_shown", part->known);
        ngx_slack_status_member_bool(w, "final", part->final);

        ngx_slack_json_writer_object_end(w);
    }

    ngx_slack_json_writer_array_end(w);
}
