
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The directives "member" and "people", and channels "@ROLE": who people are
 * in Slack, and who of them messages name or go to.  Runs in the master when
 * the configuration is read.
 */


#include <ngx_slack_conf.h>
#include <ngx_slack_equal.h>


typedef struct {
    ngx_str_t                   name;
    ngx_uint_t                  role;
} ngx_slack_conf_role_t;


static ngx_slack_conf_role_t  ngx_slack_conf_roles[] = {
    { ngx_string("assignee"), NGX_SLACK_PERSON_ASSIGNEE },
    { ngx_string("reviewer"), NGX_SLACK_PERSON_REVIEWER },
    { ngx_string("author"), NGX_SLACK_PERSON_AUTHOR },
    { ngx_string("committer"), NGX_SLACK_PERSON_COMMITTER },
    { ngx_string("mentioned"), NGX_SLACK_PERSON_MENTIONED },
    { ngx_null_string, 0 }
};


char *
ngx_slack_conf_set_member(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    void                              **member;
    ngx_str_t                          *value;
    ngx_http_compile_complex_value_t    ccv;

    member = (void **) (p + cmd->offset);

    if (*member) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        return "is empty, write a variable that a \"map\" sets by "
               "$slack_person";
    }

    *member = ngx_pcalloc(cf->pool, sizeof(ngx_http_complex_value_t));
    if (*member == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = &value[1];
    ccv.complex_value = *member;

    if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (ccv.complex_value->lengths == NULL) {
        return "is the same for all people, write a variable that a \"map\" "
               "sets by $slack_person";
    }

    return NGX_CONF_OK;
}


char *
ngx_slack_conf_set_people(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_str_t              *value;
    ngx_uint_t              i, *people;
    ngx_slack_conf_role_t  *role;

    people = (ngx_uint_t *) (p + cmd->offset);

    if (*people) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        for (role = ngx_slack_conf_roles; role->name.len; role++) {
            if (ngx_slack_equal(&role->name, &value[i])) {
                break;
            }
        }

        if (role->name.len == 0) {
            ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                               "invalid value \"%V\" in \"people\", it must "
                               "be \"assignee\", \"reviewer\", \"author\", "
                               "\"committer\" or \"mentioned\"",
                               ngx_slack_secret_word(&value[i]));
            return NGX_CONF_ERROR;
        }

        *people |= role->role;
    }

    return NGX_CONF_OK;
}


ngx_int_t
ngx_slack_conf_people_workspace(ngx_conf_t *cf, ngx_slack_conf_route_t *route)
{
    char                   *what;
    ngx_str_t              *channel;
    ngx_uint_t              i;
    ngx_slack_workspace_t  *ws;

    ws = route->workspace;
    what = "people";

    channel = route->channels->elts;

    for (i = 0; ws->receiver == NGX_SLACK_RECEIVER_SLACK
                && i < route->channels->nelts; i++)
    {
        route->direct |= ngx_slack_conf_role(&channel[i]);
    }

    if (route->direct) {
        what = "channel @ROLE";

        if (ws->bot_token.len == 0) {
            ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                          "\"channel @ROLE\" needs the token of a Slack app, "
                          "and workspace \"%V\" has a webhook; give it a "
                          "\"bot_token\", or name a channel in %V:%ui",
                          &ws->name, &route->file, route->line);
            return NGX_ERROR;
        }

    } else if (route->people == 0) {
        return NGX_OK;
    }

    if (ws->member == NULL) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "\"%s\" needs to know who people are in Slack, and "
                      "workspace \"%V\" has no \"member\"; give it one, or "
                      "leave \"%s\" out in %V:%ui",
                      what, &ws->name, what, &route->file, route->line);
        return NGX_ERROR;
    }

    if (ws->receiver != NGX_SLACK_RECEIVER_SLACK) {
        ngx_slack_log(NGX_LOG_EMERG, cf->log, 0,
                      "\"people\" is for Slack only, and workspace \"%V\" has "
                      "another \"receiver\"; leave \"people\" out in %V:%ui",
                      &ws->name, &route->file, route->line);
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_uint_t
ngx_slack_conf_role(ngx_str_t *channel)
{
    ngx_slack_conf_role_t  *role;

    if (channel->len < 2 || channel->data[0] != '@') {
        return 0;
    }

    for (role = ngx_slack_conf_roles; role->name.len; role++) {
        if (role->name.len == channel->len - 1
            && ngx_memcmp(role->name.data, channel->data + 1, role->name.len)
               == 0)
        {
            return role->role;
        }
    }

    return 0;
}
