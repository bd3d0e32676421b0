
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The directive "mention" of slack_route: words that notify people.  Runs in
 * the master when the configuration is read.
 */


#include <ngx_slack_conf.h>
#include <ngx_slack_equal.h>


static ngx_uint_t ngx_slack_conf_foreign(ngx_str_t *name);


char *
ngx_slack_conf_set_mention(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    char                            *rv;
    ngx_str_t                       *value;
    ngx_uint_t                       i;
    ngx_slack_main_conf_t           *smcf;
    ngx_slack_conf_message_t       **place, *mention;
    ngx_slack_template_variable_t   *variable;

    place = (ngx_slack_conf_message_t **) (p + cmd->offset);

    if (*place) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        return "is empty";
    }

    mention = ngx_pcalloc(cf->pool, sizeof(ngx_slack_conf_message_t));
    if (mention == NULL) {
        return NGX_CONF_ERROR;
    }

    mention->file = cf->conf_file->file.name;
    mention->line = cf->conf_file->line;

    rv = ngx_slack_conf_template(cf, &value[1], &mention->template);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    mention->template.words = 1;

    if (ngx_slack_text_prefix(value[1].data, value[1].len,
                              NGX_SLACK_MESSAGE_MENTION)
        < value[1].len)
    {
        return "has more than 500 characters";
    }

    variable = mention->template.variables.elts;

    for (i = 0; i < mention->template.variables.nelts; i++) {

        if (!ngx_slack_conf_foreign(&variable[i].name)) {
            continue;
        }

        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "\"mention\" has \"$%V\", but what is sent must "
                           "not say who is notified; choose words of your own "
                           "by a \"map\" of it", &variable[i].name);
        return NGX_CONF_ERROR;
    }

    smcf = ngx_http_conf_get_module_main_conf(cf, ngx_slack_notify_module);

    smcf->mentions = 1;

    *place = mention;

    return NGX_CONF_OK;
}


/* Whether the value of a variable is what a client has sent. */

static ngx_uint_t
ngx_slack_conf_foreign(ngx_str_t *name)
{
    ngx_uint_t  i;

    static ngx_str_t  prefixes[] = {
        ngx_string("slack_"),
        ngx_string("http_"),
        ngx_string("arg_"),
        ngx_string("cookie_"),
        ngx_null_string
    };

    static ngx_str_t  names[] = {
        ngx_string("args"),
        ngx_string("query_string"),
        ngx_string("request"),
        ngx_string("request_uri"),
        ngx_string("request_body"),
        ngx_string("uri"),
        ngx_string("document_uri"),
        ngx_null_string
    };

    for (i = 0; prefixes[i].len; i++) {
        if (name->len >= prefixes[i].len
            && ngx_memcmp(name->data, prefixes[i].data, prefixes[i].len) == 0)
        {
            return 1;
        }
    }

    for (i = 0; names[i].len; i++) {
        if (ngx_slack_equal(name, &names[i])) {
            return 1;
        }
    }

    return 0;
}
