
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The filter "labels": exact titles of labels.  The setter runs when the
 * configuration is read, the test in the event loop.
 */


#include <ngx_slack_filter.h>


static ngx_conf_enum_t  ngx_slack_filter_label_modes[] = {
    { ngx_string("any"), NGX_SLACK_LABELS_ANY },
    { ngx_string("all"), NGX_SLACK_LABELS_ALL },
    { ngx_string("none"), NGX_SLACK_LABELS_NONE },
    { ngx_null_string, 0 }
};


char *
ngx_slack_filter_set_labels(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_slack_filter_t  *filter = conf;

    ngx_int_t            choice;
    ngx_str_t           *title, *value;
    ngx_uint_t           i;
    ngx_slack_labels_t  *labels;

    if (filter->labels.elts == NULL
        && ngx_array_init(&filter->labels, cf->pool, 2,
                          sizeof(ngx_slack_labels_t))
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    labels = ngx_array_push(&filter->labels);
    if (labels == NULL) {
        return NGX_CONF_ERROR;
    }

    choice = ngx_slack_conf_choice(cf, ngx_slack_filter_label_modes);
    if (choice == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    labels->mode = choice;

    if (ngx_array_init(&labels->titles, cf->pool, cf->args->nelts,
                       sizeof(ngx_str_t))
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    for (i = 2; i < cf->args->nelts; i++) {
        title = ngx_array_push(&labels->titles);
        if (title == NULL) {
            return NGX_CONF_ERROR;
        }

        *title = value[i];
    }

    return NGX_CONF_OK;
}


ngx_int_t
ngx_slack_filter_labels(ngx_slack_filter_t *filter,
    ngx_slack_event_t *event, ngx_slack_json_t *json, ngx_uint_t set,
    ngx_slack_refusal_t *refusal)
{
    ngx_str_t               *have, *want;
    ngx_uint_t               i, j, n, found, cause;
    ngx_slack_labels_t      *labels;
    const ngx_slack_kind_t  *kind;

    kind = &ngx_slack_kinds[event->kind];

    if (!kind->labels) {
        return NGX_OK;
    }

    if (event->unread & NGX_SLACK_SUBJECT_LABELS) {
        cause = NGX_SLACK_CAUSE_UNREAD;

    } else if (event->labels.nelts) {
        cause = NGX_SLACK_CAUSE_NONE;

    } else if (kind->unlabelled) {
        return NGX_OK;

    } else {
        cause = (event->told & NGX_SLACK_SUBJECT_LABELS)
                ? NGX_SLACK_CAUSE_NONE : NGX_SLACK_CAUSE_UNTOLD;
    }

    have = event->labels.elts;
    labels = filter->labels.elts;

    for (n = 0; n < filter->labels.nelts; n++) {

        found = 0;
        want = labels[n].titles.elts;

        for (i = 0; i < labels[n].titles.nelts; i++) {
            for (j = 0; j < event->labels.nelts; j++) {
                if (ngx_slack_equal(&want[i], &have[j])) {
                    found++;
                    break;
                }
            }
        }

        switch (labels[n].mode) {

        case NGX_SLACK_LABELS_ANY:

            if (found == 0) {
                return ngx_slack_filter_unknown(refusal, cause);
            }

            break;

        case NGX_SLACK_LABELS_ALL:

            if (found < labels[n].titles.nelts) {
                return ngx_slack_filter_unknown(refusal, cause);
            }

            break;

        default: /* NGX_SLACK_LABELS_NONE */

            if (found) {
                return NGX_DECLINED;
            }

            if (cause) {
                return ngx_slack_filter_unknown(refusal, cause);
            }
        }
    }

    return NGX_OK;
}
