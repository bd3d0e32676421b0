
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Whom an event concerns.  Knows events, no sender and not Slack.  Runs in the
 * event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_people.h>


static ngx_uint_t ngx_slack_people_equal(ngx_str_t *a, ngx_str_t *b);


ngx_int_t
ngx_slack_people_add(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_slack_person_t *actor, ngx_slack_person_t *person, ngx_uint_t role)
{
    ngx_uint_t           i;
    ngx_slack_person_t  *p;

    if (person->username.len == 0 && person->name.len == 0
        && person->email.len == 0)
    {
        return NGX_OK;
    }

    if (actor && ngx_slack_people_same(actor, person)) {
        return NGX_OK;
    }

    p = event->people.elts;

    for (i = 0; i < event->people.nelts; i++) {

        if (!ngx_slack_people_same(&p[i], person)) {
            continue;
        }

        p[i].roles |= role;

        if (role == NGX_SLACK_PERSON_COMMITTER) {

            /* a commit must not tell whom another role means */

            return NGX_OK;
        }

        if (p[i].username.len == 0) {
            p[i].username = person->username;
        }

        if (p[i].name.len == 0) {
            p[i].name = person->name;
        }

        if (p[i].email.len == 0) {
            p[i].email = person->email;
        }

        return NGX_OK;
    }

    if (event->people.nelts == NGX_SLACK_PEOPLE_MAX) {
        return NGX_OK;
    }

    if (event->people.elts == NULL
        && ngx_array_init(&event->people, pool, 4, sizeof(ngx_slack_person_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    p = ngx_array_push(&event->people);
    if (p == NULL) {
        return NGX_ERROR;
    }

    *p = *person;
    p->roles = role;

    return NGX_OK;
}


ngx_int_t
ngx_slack_people_add_all(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_slack_person_t *actor, ngx_array_t *people, ngx_uint_t role)
{
    ngx_uint_t                i;
    ngx_slack_told_person_t  *told;

    told = people->elts;

    for (i = 0; i < people->nelts; i++) {
        if (ngx_slack_people_add(event, pool, actor, &told[i].person, role)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/*
 * A username says it, or else the address.  The name is that of many, but
 * somebody whose name is all that is told may be the one of this name.
 */

ngx_uint_t
ngx_slack_people_same(ngx_slack_person_t *a, ngx_slack_person_t *b)
{
    if (a->username.len && b->username.len) {
        return ngx_slack_people_equal(&a->username, &b->username);
    }

    if (ngx_slack_people_equal(&a->email, &b->email)
        && ngx_strlchr(a->email.data, a->email.data + a->email.len, '@'))
    {
        return 1;
    }

    return ngx_slack_people_equal(&a->name, &b->name);
}


/* Whether both are told and the same, in upper or lower case. */

static ngx_uint_t
ngx_slack_people_equal(ngx_str_t *a, ngx_str_t *b)
{
    return a->len && a->len == b->len
           && ngx_strncasecmp(a->data, b->data, a->len) == 0;
}


ngx_int_t
ngx_slack_people_mentioned(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_slack_person_t *actor, ngx_str_t *text, ngx_str_t *before)
{
    ngx_str_t           names[NGX_SLACK_PEOPLE_MAX];
    ngx_str_t           known[NGX_SLACK_PEOPLE_MAX];
    ngx_uint_t          i, k, n, m;
    ngx_slack_person_t  person;

    n = ngx_slack_people_names(text, names, NGX_SLACK_PEOPLE_MAX);

    if (n == 0) {
        return NGX_OK;
    }

    m = ngx_slack_people_names(before, known, NGX_SLACK_PEOPLE_MAX);

    ngx_memzero(&person, sizeof(ngx_slack_person_t));

    for (i = 0; i < n; i++) {

        for (k = 0; k < m; k++) {
            if (ngx_slack_people_equal(&names[i], &known[k])) {
                break;
            }
        }

        if (k < m) {
            continue;
        }

        person.username = names[i];

        if (ngx_slack_people_add(event, pool, actor, &person,
                                 NGX_SLACK_PERSON_MENTIONED)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
