
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The filter "match": patterns of any field of the payload.  The setter runs
 * when the configuration is read, the test in the event loop.
 */


#include <ngx_slack_filter.h>


char *
ngx_slack_filter_set_match(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_slack_filter_t  *filter = conf;

    ngx_str_t           *value;
    ngx_uint_t           i;
    ngx_slack_match_t   *match;

    if (filter->matches.elts == NULL
        && ngx_array_init(&filter->matches, cf->pool, 2,
                          sizeof(ngx_slack_match_t))
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    match = ngx_array_push(&filter->matches);
    if (match == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(match, sizeof(ngx_slack_match_t));

    value = cf->args->elts;

    match->path = value[1];

    if (!ngx_slack_json_is_path(&value[1])) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "invalid path \"%V\"",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_slack_patterns_add(cf, &match->patterns, &value[i])
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/*
 * No value may be excluded, and if there are patterns that do not exclude, one
 * value must match one of them.
 */

ngx_int_t
ngx_slack_filter_match(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal)
{
    ngx_uint_t               i, found, part;
    ngx_slack_match_t       *match;
    ngx_slack_json_value_t  *value;

    match = filter->matches.elts;

    for (i = 0; i < filter->matches.nelts; i++) {

        refusal->path = &match[i].path;

        part = ngx_slack_json_states(json)[match[i].slots[set]]
               & NGX_SLACK_JSON_PART;

        if (part && ngx_slack_filter_excludes(&match[i].patterns)) {
            return ngx_slack_filter_unknown(refusal, NGX_SLACK_CAUSE_UNREAD);
        }

        found = (match[i].patterns.includes == 0);

        value = ngx_slack_json_values(json, match[i].slots[set]);

        for ( /* void */ ; value; value = value->next) {

            if (value->cut) {
                continue;
            }

            switch (ngx_slack_patterns_test(&match[i].patterns, &value->text,
                                            &refusal->patterns))
            {
            case NGX_SLACK_PATTERN_FAILED:
                return ngx_slack_filter_unknown(refusal,
                                                NGX_SLACK_CAUSE_REGEX);

            case NGX_SLACK_PATTERN_EXCLUDE:
                return NGX_DECLINED;

            case NGX_SLACK_PATTERN_MATCH:
                found = 1;
                break;
            }
        }

        if (!found) {
            return ngx_slack_filter_unknown(refusal,
                                            part ? NGX_SLACK_CAUSE_UNREAD
                                                 : NGX_SLACK_CAUSE_NONE);
        }
    }

    return NGX_OK;
}
