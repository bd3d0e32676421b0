
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The client_msg_id of a post.  Runs in a pool thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_sha1.h>

#include <ngx_slack_post_id.h>


/* executed in a pool thread */

void
ngx_slack_post_id(ngx_slack_post_t *post, ngx_uint_t fresh,
    u_char uuid[NGX_SLACK_POST_ID])
{
    u_char      *p, name[72], hash[20];
    ngx_uint_t   i;
    ngx_sha1_t   sha1;

    ngx_sha1_init(&sha1);
    ngx_sha1_update(&sha1, post->dispatcher->identity,
                    sizeof(post->dispatcher->identity));

    for (i = 0; i < post->n; i++) {
        p = ngx_sprintf(name, "%L %L%s\n", post->messages[i].id,
                        post->messages[i].created,
                        post->reply ? " reply" : "");
        ngx_sha1_update(&sha1, name, p - name);
    }

    if (fresh) {
        ngx_sha1_update(&sha1, "fresh", 5);
    }

    ngx_sha1_final(hash, &sha1);

    hash[6] = (u_char) ((hash[6] & 0x0f) | 0x50);
    hash[8] = (u_char) ((hash[8] & 0x3f) | 0x80);

    p = ngx_hex_dump(uuid, hash, 4);
    *p++ = '-';

    for (i = 4; i < 10; i += 2) {
        p = ngx_hex_dump(p, &hash[i], 2);
        *p++ = '-';
    }

    (void) ngx_hex_dump(p, &hash[10], 6);
}
