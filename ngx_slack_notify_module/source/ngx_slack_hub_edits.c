
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Payloads structured like GitHub's: what an update of an issue or a pull
 * request changed.  Knows such payloads and events; no sender, not Slack.
 * Runs in the event loop.
 *
 * GitHub names the label or the person that an event is about, Gitea only says
 * that something changed.
 */


#include <ngx_slack_hub.h>


/* the sender's word for an action, and what it changes */

typedef struct {
    ngx_str_t                  name;
    ngx_slack_edit_e         what;
    size_t                     member;        /* of ngx_slack_hub_t, the name
                                                 of what was changed; 0: it has
                                                 none */
} ngx_slack_hub_edit_t;


static ngx_int_t ngx_slack_hub_edited(ngx_slack_hub_t *h, ngx_pool_t *pool);
static ngx_int_t ngx_slack_hub_retitled(ngx_slack_hub_t *h, ngx_pool_t *pool);


#define ngx_slack_hub_edit(name, what, member)                              \
    { ngx_string(name), NGX_SLACK_EDIT_##what,                              \
      offsetof(ngx_slack_hub_t, member) }

#define ngx_slack_hub_nameless(name, what)                                    \
    { ngx_string(name), NGX_SLACK_EDIT_##what, 0 }


static ngx_slack_hub_edit_t  ngx_slack_hub_edit_words[] = {
    ngx_slack_hub_nameless("synchronize", COMMITS),
    ngx_slack_hub_nameless("synchronized", COMMITS),
    ngx_slack_hub_nameless("converted_to_draft", DRAFT),
    ngx_slack_hub_edit("labeled", LABEL, label),
    ngx_slack_hub_edit("unlabeled", NO_LABEL, label),
    ngx_slack_hub_edit("label_updated", LABEL, label),
    ngx_slack_hub_edit("label_cleared", NO_LABEL, label),
    ngx_slack_hub_edit("assigned", ASSIGNEE, assignee),
    ngx_slack_hub_edit("unassigned", NO_ASSIGNEE, assignee),
    ngx_slack_hub_edit("milestoned", MILESTONE, milestone),
    ngx_slack_hub_edit("demilestoned", NO_MILESTONE, milestone),
    ngx_slack_hub_nameless("auto_merge_enabled", AUTO_MERGE),
    ngx_slack_hub_edit("auto_merge_disabled", NO_AUTO_MERGE, cause),
    ngx_slack_hub_nameless("enqueued", QUEUE),
    ngx_slack_hub_edit("dequeued", NO_QUEUE, cause),
    ngx_slack_hub_nameless("locked", LOCK),
    ngx_slack_hub_nameless("unlocked", NO_LOCK),
    ngx_slack_hub_nameless("pinned", PIN),
    ngx_slack_hub_nameless("unpinned", NO_PIN),
    { ngx_null_string, NGX_SLACK_EDIT_MAX, 0 }
};


ngx_int_t
ngx_slack_hub_edits(ngx_slack_hub_t *h, ngx_pool_t *pool)
{
    ngx_slack_hub_edit_t  *edit;

    if (!ngx_slack_forge_is(&h->event.action, "update")) {
        return NGX_OK;
    }

    if (ngx_slack_forge_is(&h->action, "edited")) {
        return ngx_slack_hub_edited(h, pool);
    }

    for (edit = ngx_slack_hub_edit_words; edit->name.len; edit++) {

        if (ngx_slack_equal(&edit->name, &h->action)) {
            return ngx_slack_forge_edit(&h->event, pool, edit->what,
                                          edit->member
                                          ? (ngx_str_t *) ((u_char *) h
                                                           + edit->member)
                                          : NULL);
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_slack_hub_edited(ngx_slack_hub_t *h, ngx_pool_t *pool)
{
    if (h->title_before.len && ngx_slack_hub_retitled(h, pool) != NGX_OK) {
        return NGX_ERROR;
    }

    if (h->text_before.len
        && ngx_slack_forge_edit(&h->event, pool, NGX_SLACK_EDIT_TEXT, NULL)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (h->target_before.len) {
        return ngx_slack_forge_edit(&h->event, pool, NGX_SLACK_EDIT_TARGET,
                                      &h->target_before);
    }

    return NGX_OK;
}


/* At Gitea a draft is one by its title. */

static ngx_int_t
ngx_slack_hub_retitled(ngx_slack_hub_t *h, ngx_pool_t *pool)
{
    ngx_str_t  bare;

    if (h->event.mark == 0 || ngx_slack_forge_draft(&h->title_before)) {
        return ngx_slack_forge_edit(&h->event, pool, NGX_SLACK_EDIT_TITLE,
                                      &h->title_before);
    }

    bare = h->event.title;
    ngx_slack_forge_bare(&bare);

    if (!ngx_slack_equal(&bare, &h->title_before)
        && ngx_slack_forge_edit(&h->event, pool, NGX_SLACK_EDIT_TITLE,
                                  &h->title_before)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_slack_forge_edit(&h->event, pool, NGX_SLACK_EDIT_DRAFT,
                                  NULL);
}
