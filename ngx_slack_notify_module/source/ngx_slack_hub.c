
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Payloads structured like GitHub's: pushes, issues, pull requests, reviews,
 * notes, releases.  Knows such payloads and events; no sender, not Slack.
 * Runs in the event loop.
 */


#include <ngx_slack_hub.h>


/* the sender's word for an action, and ours */

typedef struct {
    ngx_str_t                  name;
    ngx_str_t                  action;
} ngx_slack_hub_action_t;


static ngx_slack_hub_event_t *ngx_slack_hub_find(ngx_slack_hub_site_t *site,
    ngx_str_t *header);
static ngx_uint_t ngx_slack_hub_is_tag(ngx_slack_hub_t *h);
static ngx_int_t ngx_slack_hub_ref(ngx_slack_hub_t *h, ngx_pool_t *pool);
static void ngx_slack_hub_distinct(ngx_slack_event_t *event);
static ngx_int_t ngx_slack_hub_identity(ngx_slack_event_t *event,
    ngx_pool_t *pool);


static ngx_slack_hub_action_t  ngx_slack_hub_actions[] = {
    { ngx_string("opened"), ngx_string("open") },
    { ngx_string("closed"), ngx_string("close") },
    { ngx_string("reopened"), ngx_string("reopen") },
    { ngx_string("created"), ngx_string("create") },
    { ngx_string("edited"), ngx_string("update") },
    { ngx_string("updated"), ngx_string("update") },
    { ngx_string("deleted"), ngx_string("delete") },
    { ngx_string("transferred"), ngx_string("transfer") },
    { ngx_string("ready_for_review"), ngx_string("ready") },
    { ngx_null_string, ngx_null_string }
};


ngx_uint_t
ngx_slack_hub_kinds(ngx_slack_hub_site_t *site, ngx_str_t *header)
{
    ngx_slack_hub_event_t  *row;

    row = ngx_slack_hub_find(site, header);

    /* the answer names an unknown event, so its body has to be read */

    return row ? row->kinds : HUB_ALL;
}


static ngx_slack_hub_event_t *
ngx_slack_hub_find(ngx_slack_hub_site_t *site, ngx_str_t *header)
{
    ngx_slack_hub_event_t  *row;

    for (row = site->events; row->name.len; row++) {
        if (ngx_slack_equal(&row->name, header)) {
            return row;
        }
    }

    return NULL;
}


void
ngx_slack_hub_identify(ngx_slack_hub_t *h, ngx_slack_hub_site_t *site,
    ngx_str_t *header, ngx_str_t *reason)
{
    h->site = site;
    h->row = ngx_slack_hub_find(site, header);

    if (h->row == NULL) {

        if (header->len) {
            *reason = *header;

        } else {
            ngx_str_set(reason, "no header names the event");
        }

        return;
    }

    h->event.kind = h->row->kind;

    if (h->event.kind == NGX_SLACK_EVENT_PUSH && ngx_slack_hub_is_tag(h)) {
        h->event.kind = NGX_SLACK_EVENT_TAG_PUSH;
    }
}


static ngx_uint_t
ngx_slack_hub_is_tag(ngx_slack_hub_t *h)
{
    return ngx_slack_forge_is(&h->ref_type, "tag")
           || (h->full_ref.len > 10
               && ngx_memcmp(h->full_ref.data, "refs/tags/", 10) == 0);
}


ngx_int_t
ngx_slack_hub_complete(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_str_t *reason)
{
    ngx_slack_hub_t  *h;

    h = (ngx_slack_hub_t *) event;

    return h->row->handler(h, pool, reason);
}


ngx_str_t *
ngx_slack_hub_action(ngx_str_t *name)
{
    ngx_slack_hub_action_t  *a;

    for (a = ngx_slack_hub_actions; a->name.len; a++) {
        if (ngx_slack_equal(&a->name, name)) {
            return &a->action;
        }
    }

    return NULL;
}


ngx_int_t
ngx_slack_hub_push(ngx_slack_hub_t *h, ngx_pool_t *pool, ngx_str_t *reason)
{
    h->event.created = ngx_slack_forge_zero(&h->event.before) ? 1 : 0;
    h->event.removed = ngx_slack_forge_zero(&h->event.after) ? 1 : 0;

    h->event.forced = !h->event.created && !h->event.removed
                      && ngx_slack_forge_is(&h->forced, "true");

    if (ngx_slack_hub_ref(h, pool) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_slack_hub_distinct(&h->event);

    return NGX_OK;
}


/*
 * Counts the commits that another branch has already, for example those that a
 * merge of the main branch brings, instead of listing them.
 */

static void
ngx_slack_hub_distinct(ngx_slack_event_t *event)
{
    ngx_uint_t           i, n;
    ngx_slack_commit_t  *commit;

    commit = event->commits.elts;

    for (i = 0, n = 0; i < event->commits.nelts; i++) {
        if (!ngx_slack_forge_is(&commit[i].distinct, "false")) {
            commit[n++] = commit[i];
        }
    }

    event->known_commits = event->commits.nelts - n;
    event->total_commits -= event->known_commits;
    event->commits.nelts = n;
}


ngx_int_t
ngx_slack_hub_created(ngx_slack_hub_t *h, ngx_pool_t *pool, ngx_str_t *reason)
{
    h->event.created = 1;

    return ngx_slack_hub_ref(h, pool);
}


ngx_int_t
ngx_slack_hub_deleted(ngx_slack_hub_t *h, ngx_pool_t *pool, ngx_str_t *reason)
{
    h->event.removed = 1;

    return ngx_slack_hub_ref(h, pool);
}


static ngx_int_t
ngx_slack_hub_ref(ngx_slack_hub_t *h, ngx_pool_t *pool)
{
    ngx_slack_event_t  *event;

    event = &h->event;

    event->tag = (event->kind == NGX_SLACK_EVENT_TAG_PUSH);

    ngx_slack_forge_push(event);
    ngx_slack_forge_ref(event, &h->full_ref);

    if (ngx_slack_forge_url(event, pool, &event->ref_url,
                            event->tag ? h->site->tag : h->site->branch,
                            &event->ref)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_slack_forge_pushed(event);

    return (event->created || event->removed)
           ? ngx_slack_hub_identity(event, pool) : NGX_OK;
}


/* A created or deleted ref may cause two events, one of them a push. */

static ngx_int_t
ngx_slack_hub_identity(ngx_slack_event_t *event, ngx_pool_t *pool)
{
    u_char                *p;
    ngx_slack_identity_t  *identity;

    if (ngx_array_init(&event->identities, pool, 1,
                       sizeof(ngx_slack_identity_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    identity = ngx_array_push(&event->identities);
    if (identity == NULL) {
        return NGX_ERROR;
    }

    p = ngx_pnalloc(pool, sizeof("branch \n") - 1 + event->project.len
                          + event->ref.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    identity->key.data = p;
    identity->key.len = ngx_sprintf(p, "%s %V\n%V",
                                    event->tag ? "tag" : "branch",
                                    &event->project, &event->ref)
                        - p;
    identity->state = event->action;
    identity->since = 0;

    return NGX_OK;
}


ngx_int_t
ngx_slack_hub_issue(ngx_slack_hub_t *h, ngx_pool_t *pool, ngx_str_t *reason)
{
    ngx_str_t  *action;

    static ngx_str_t  update = ngx_string("update");

    action = ngx_slack_hub_action(&h->action);

    /* labeled, assigned, pinned, and future actions */

    h->event.action = action ? *action : update;

    if (h->event.type.len == 0) {
        ngx_str_set(&h->event.type, "Issue");
    }

    return ngx_slack_hub_edits(h, pool);
}


ngx_int_t
ngx_slack_hub_request(ngx_slack_hub_t *h, ngx_pool_t *pool, ngx_str_t *reason)
{
    ngx_str_t          *action;
    ngx_slack_event_t  *event;

    static ngx_str_t  update = ngx_string("update");

    event = &h->event;

    ngx_str_set(&event->type, "pull request");

    /* the forges' own services announce that a draft is ready */

    event->expected = 1;

    if (h->draft.len) {
        event->draft = ngx_slack_forge_is(&h->draft, "true");

    } else {
        event->draft = ngx_slack_forge_draft(&event->title) ? 1 : 0;
    }

    if (event->draft) {
        event->mark = ngx_slack_forge_draft(&event->title);
    }

    if (ngx_slack_forge_is(&h->action, "closed")
        && ngx_slack_forge_is(&h->merged, "true"))
    {
        ngx_str_set(&event->action, "merge");
        return NGX_OK;
    }

    action = ngx_slack_hub_action(&h->action);

    event->action = action ? *action : update;

    if (h->title_before.len && !event->draft
        && ngx_slack_forge_draft(&h->title_before)
        && !ngx_slack_forge_draft(&event->title))
    {
        ngx_str_set(&event->action, "ready");
    }

    if (ngx_slack_forge_is(&event->action, "ready")) {
        return NGX_OK;
    }

    if (h->reviewer.len) {

        if (ngx_slack_forge_is(&h->action, "review_requested")) {
            return ngx_slack_forge_add(&event->reviewers, &h->reviewer, pool);
        }

        if (ngx_slack_forge_is(&h->action, "review_request_removed")) {
            return ngx_slack_forge_add(&event->unreviewers, &h->reviewer,
                                       pool);
        }
    }

    return ngx_slack_hub_edits(h, pool);
}


/* An approval, or a dismissed review; any other review is a note. */

ngx_int_t
ngx_slack_hub_review(ngx_slack_hub_t *h, ngx_pool_t *pool, ngx_str_t *reason)
{
    if (h->event.kind == NGX_SLACK_EVENT_NOTE) {

        if (h->event.text.len == 0) {
            ngx_str_set(reason, "review without a text");
            return NGX_DECLINED;
        }

        return ngx_slack_hub_note(h, pool, reason);
    }

    ngx_str_set(&h->event.type, "pull request");

    if (ngx_slack_forge_is(&h->action, "dismissed")) {
        ngx_str_set(&h->event.action, "unapproved");
        ngx_str_set(&h->event.state, "dismissed");

    } else {
        ngx_str_set(&h->event.action, "approved");
    }

    return NGX_OK;
}


ngx_int_t
ngx_slack_hub_note(ngx_slack_hub_t *h, ngx_pool_t *pool, ngx_str_t *reason)
{
    ngx_str_t          *action, number;
    ngx_slack_event_t  *event;

    event = &h->event;

    if (h->review.len && !ngx_slack_forge_is(&h->action, "edited")) {
        ngx_str_set(&event->action, "create");
        event->state = h->review;

    } else {
        action = ngx_slack_hub_action(&h->action);
        event->action = action ? *action : h->action;
    }

    if (h->commit_sha.len && event->number.len == 0) {
        return ngx_slack_forge_target(event, pool, "commit", 0,
                                      &h->commit_sha, &event->title);
    }

    number = event->number;

    return ngx_slack_forge_target(event, pool,
                                  h->pull.len ? "pull request" : "issue",
                                  '#', &number, &event->title);
}


ngx_int_t
ngx_slack_hub_release(ngx_slack_hub_t *h, ngx_pool_t *pool, ngx_str_t *reason)
{
    u_char             *p;
    ngx_str_t          *action;
    ngx_slack_event_t  *event;

    event = &h->event;

    if (ngx_slack_forge_is(&h->draft, "true")) {

        /* a draft is not visible to everybody */

        ngx_str_set(reason, "draft of a release");
        return NGX_DECLINED;
    }

    /*
     * a published release also causes "created", and "released" or
     * "prereleased"
     */

    if (ngx_slack_forge_is(&h->action, "published")) {
        ngx_str_set(&event->action, "create");

    } else if (ngx_slack_forge_is(&h->action, "created")) {
        event->action = h->action;

    } else {
        action = ngx_slack_hub_action(&h->action);
        event->action = action ? *action : h->action;
    }

    event->tag = 1;

    if (ngx_slack_forge_is(&h->prerelease, "true")) {
        ngx_str_set(&event->type, "Pre-release");
    }

    if (h->assets.nelts) {
        p = ngx_pnalloc(pool, NGX_INT_T_LEN);
        if (p == NULL) {
            return NGX_ERROR;
        }

        event->count.data = p;
        event->count.len = ngx_sprintf(p, "%ui", h->assets.nelts) - p;
    }

    return ngx_slack_forge_url(event, pool, &event->ref_url, h->site->tag,
                               &event->ref);
}
