
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What an attachment is expected to be; included by the one file of a unit
 * program.
 */


#ifndef _NGX_SLACK_EXPECT_H_INCLUDED_
#define _NGX_SLACK_EXPECT_H_INCLUDED_


#include <yajl/yajl_tree.h>

#include "events.h"
#include "tap.h"


/* whose attachments they are */
static ngx_uint_t  receiver = NGX_SLACK_RECEIVER_SLACK;

/* how they are written */
static ngx_uint_t  format = NGX_SLACK_FORMAT_FULL;


/* the attachment of an event, byte for byte */

static inline void
expect(ngx_slack_event_t *event, const char *json, const char *name)
{
    ngx_str_t  attachment;

    ngx_str_null(&attachment);

    if (ngx_slack_message_attachment(event, receiver, format, pool,
                                     &attachment)
        != NGX_OK)
    {
        tap_ok(0, name);
        return;
    }

    tap_is(attachment.data, attachment.len, json, name);
}


/* a part of the attachment: "title", "fields.0.value"; NULL: there is none */

static inline void
expect_part(ngx_slack_event_t *event, const char *part, const char *value,
    const char *name)
{
    char        *copy, *key, *rest;
    yajl_val     tree, v;
    ngx_str_t    attachment;
    const char  *path[2];

    if (ngx_slack_message_attachment(event, receiver, format, pool,
                                     &attachment)
        != NGX_OK)
    {
        tap_ok(0, name);
        return;
    }

    tree = parse(&attachment);

    copy = strdup(part);
    if (copy == NULL) {
        exit(2);
    }

    path[1] = NULL;
    v = tree;

    for (key = strtok_r(copy, ".", &rest);
         key && v;
         key = strtok_r(NULL, ".", &rest))
    {
        if (*key >= '0' && *key <= '9') {
            v = (YAJL_IS_ARRAY(v) && (size_t) atoi(key) < v->u.array.len)
                ? v->u.array.values[atoi(key)] : NULL;
            continue;
        }

        path[0] = key;
        v = yajl_tree_get(v, path, yajl_t_any);
    }

    if (value == NULL) {
        tap_ok(tree != NULL && v == NULL, name);

    } else if (v == NULL || !YAJL_IS_STRING(v)) {
        tap_ok(0, name);

    } else {
        tap_is((u_char *) v->u.string, strlen(v->u.string),
               value, name);
    }

    free(copy);
    yajl_tree_free(tree);
}


#endif /* _NGX_SLACK_EXPECT_H_INCLUDED_ */
