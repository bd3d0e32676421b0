
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Alerts: groups as Prometheus Alertmanager's webhook (version 4) and Grafana
 * send them, rules of Grafana before version 9, and single alerts in the
 * generic JSON of GitLab's HTTP endpoints.  Knows these payloads, JSON and
 * events; not Slack.  Runs in the event loop.
 *
 * A group is sent again whenever one of its alerts starts or ends, and every
 * repeat_interval.  A repetition is detected alert by alert: the identity is
 * the fingerprint, the state is whether it fires and how severe it is.  The
 * outbox tells by the time of its start whether it is another incident.
 */


#include <ngx_slack_alertmanager.h>
#include <ngx_slack_time.h>


#define AM_ALERT  ngx_slack_kind_bit(NGX_SLACK_EVENT_ALERT)

#define AM_EVENT(member)  offsetof(ngx_slack_event_t, member)
#define AM_OWN(member)    offsetof(ngx_slack_am_t, member)

#define ngx_slack_am_string(path, offset)                                     \
    { AM_ALERT, ngx_string(path), offset, NGX_SLACK_FIELD_STRING, 0 }
#define ngx_slack_am_number(path, offset)                                     \
    { AM_ALERT, ngx_string(path), offset, NGX_SLACK_FIELD_NUMBER, 0 }
#define ngx_slack_am_list(path, offset)                                       \
    { AM_ALERT, ngx_string(path), offset, NGX_SLACK_FIELD_LIST, 0 }
#define ngx_slack_am_identifies(path, offset, type)                           \
    { AM_ALERT, ngx_string(path), offset, NGX_SLACK_FIELD_##type,             \
      NGX_SLACK_SUBJECT_OBJECT }
#define ngx_slack_am_row(path, member)                                        \
    { AM_ALERT, ngx_string(path), AM_OWN(all), NGX_SLACK_FIELD_ROWS,          \
      offsetof(ngx_slack_am_alert_t, member) }


static ngx_uint_t ngx_slack_am_kinds(ngx_str_t *header);
static void ngx_slack_am_identify(ngx_slack_event_t *event, ngx_str_t *header,
    ngx_str_t *reason);
static ngx_int_t ngx_slack_am_complete(ngx_slack_event_t *event,
    ngx_pool_t *pool, ngx_str_t *reason);
static ngx_int_t ngx_slack_am_generic(ngx_slack_am_t *am, ngx_pool_t *pool);


static ngx_slack_field_t  ngx_slack_am_fields[] = {

    { 0, ngx_string("groupKey"), AM_OWN(group_key), NGX_SLACK_FIELD_STRING,
      0 },
    { 0, ngx_string("alerts[].status"), AM_OWN(all), NGX_SLACK_FIELD_ROWS,
      offsetof(ngx_slack_am_alert_t, status) },
    { 0, ngx_string("title"), AM_OWN(generic_title), NGX_SLACK_FIELD_LINE,
      NGX_SLACK_SUBJECT_OBJECT },
    { 0, ngx_string("ruleName"), AM_OWN(rule), NGX_SLACK_FIELD_LINE,
      NGX_SLACK_SUBJECT_OBJECT },

    /* Alertmanager, Grafana */

    { AM_ALERT, ngx_string("groupKey"), AM_OWN(group_id), NGX_SLACK_FIELD_NAME,
      0 },
    ngx_slack_am_string("version", AM_OWN(version)),
    ngx_slack_am_string("receiver", AM_OWN(receiver)),
    ngx_slack_am_string("externalURL", AM_OWN(external)),
    ngx_slack_am_number("truncatedAlerts", AM_EVENT(truncated)),
    ngx_slack_am_string("commonAnnotations.summary", AM_OWN(summary)),
    ngx_slack_am_string("commonAnnotations.title", AM_OWN(summary)),
    ngx_slack_am_string("commonAnnotations.description", AM_OWN(description)),
    ngx_slack_am_string("commonAnnotations.message", AM_OWN(description)),
    ngx_slack_am_string("commonAnnotations.runbook_url", AM_OWN(runbook)),
    ngx_slack_am_string("commonAnnotations.runbook", AM_OWN(runbook)),
    ngx_slack_am_string("commonAnnotations.dashboard_url", AM_OWN(dashboard)),
    ngx_slack_am_string("commonAnnotations.dashboard", AM_OWN(dashboard)),

    /* one of these labels names the project */

    { AM_ALERT, ngx_string("commonLabels.*"), AM_OWN(common),
      NGX_SLACK_FIELD_LIST,
      NGX_SLACK_SUBJECT_LABELS|NGX_SLACK_SUBJECT_PROJECT },

    ngx_slack_am_list("groupLabels.*", AM_OWN(group)),
    { AM_ALERT, ngx_string("alerts[].labels.*"), AM_OWN(labels),
      NGX_SLACK_FIELD_MARKED, NGX_SLACK_SUBJECT_LABELS },
    ngx_slack_am_row("alerts[].labels.alertname", name),
    ngx_slack_am_row("alerts[].labels.severity", severity),
    ngx_slack_am_row("alerts[].annotations.summary", summary),
    ngx_slack_am_row("alerts[].annotations.title", summary),
    ngx_slack_am_row("alerts[].annotations.description", summary),
    ngx_slack_am_row("alerts[].startsAt", starts),
    ngx_slack_am_row("alerts[].endsAt", ends),
    ngx_slack_am_row("alerts[].generatorURL", url),
    ngx_slack_am_row("alerts[].fingerprint", fingerprint),

    /* Grafana */

    ngx_slack_am_row("alerts[].dashboardURL", dashboard),
    ngx_slack_am_row("alerts[].panelURL", dashboard),
    ngx_slack_am_row("alerts[].silenceURL", silence),
    ngx_slack_am_row("alerts[].imageURL", image),
    ngx_slack_am_row("alerts[].valueString", values),
    { AM_ALERT, ngx_string("alerts[].values.*"), AM_OWN(values),
      NGX_SLACK_FIELD_MARKED, 0 },

    /* Grafana before version 9 */

    ngx_slack_am_string("state", AM_OWN(state)),
    ngx_slack_am_string("ruleUrl", AM_OWN(rule_url)),
    ngx_slack_am_identifies("ruleId", AM_OWN(rule_id), STRING),
    ngx_slack_am_identifies("orgId", AM_OWN(org), STRING),
    ngx_slack_am_string("message", AM_OWN(message)),
    ngx_slack_am_string("imageUrl", AM_OWN(image)),
    ngx_slack_am_list("tags.*", AM_OWN(tags)),
    { AM_ALERT, ngx_string("evalMatches[].metric"), AM_OWN(matches),
      NGX_SLACK_FIELD_ROWS, offsetof(ngx_slack_am_match_t, metric) },
    { AM_ALERT, ngx_string("evalMatches[].value"), AM_OWN(matches),
      NGX_SLACK_FIELD_ROWS, offsetof(ngx_slack_am_match_t, value) },
    { AM_ALERT, ngx_string("evalMatches[].tags.*"), AM_OWN(match_tags),
      NGX_SLACK_FIELD_MARKED, 0 },

    /* generic alerts of GitLab's HTTP endpoints */

    ngx_slack_am_string("description", AM_OWN(description)),
    ngx_slack_am_string("severity", AM_EVENT(severity)),
    ngx_slack_am_string("start_time", AM_EVENT(started)),
    ngx_slack_am_string("end_time", AM_EVENT(ended)),
    ngx_slack_am_string("fingerprint", AM_OWN(fingerprint)),
    ngx_slack_am_identifies("fingerprint", AM_OWN(fingerprints), LIST),
    { AM_ALERT, ngx_string("service"), AM_OWN(service), NGX_SLACK_FIELD_NAME,
      NGX_SLACK_SUBJECT_PROJECT|NGX_SLACK_SUBJECT_OBJECT },
    ngx_slack_am_identifies("monitoring_tool", AM_OWN(tool), STRING),
    ngx_slack_am_identifies("gitlab_environment_name", AM_OWN(environment),
                            STRING),
    ngx_slack_am_identifies("hosts[]", AM_OWN(hosts), LIST),

    { 0, ngx_null_string, 0, 0, 0 }
};


static ngx_slack_field_t  *ngx_slack_am_tables[] = {
    ngx_slack_am_fields,
    NULL
};


static ngx_str_t  ngx_slack_am_none[] = {
    ngx_null_string
};


static ngx_slack_proof_t  ngx_slack_am_proofs[] = {
    { .header = ngx_string("authorization"),
      .shown = ngx_string("Authorization"),
      .type = NGX_SLACK_PROOF_TOKEN,
      .prefix = ngx_string("Bearer ") },
    { .header = ngx_null_string }
};


static ngx_str_t  ngx_slack_am_marks[] = {
    ngx_string("groupKey"),
    ngx_string("alerts[].status"),
    ngx_string("title"),
    ngx_null_string
};


static ngx_slack_rows_t  ngx_slack_am_arrays[] = {
    { AM_OWN(all), sizeof(ngx_slack_am_alert_t) },
    { AM_OWN(matches), sizeof(ngx_slack_am_match_t) },
    { 0, 0 }
};


ngx_slack_source_t  ngx_slack_source_alertmanager = {
    .name = ngx_string("alertmanager"),
    .fields = ngx_slack_am_tables,
    .event_size = sizeof(ngx_slack_am_t),
    .rows = ngx_slack_am_arrays,
    .headers = ngx_slack_am_none,
    .proofs = ngx_slack_am_proofs,
    .deliveries = ngx_slack_am_none,
    .marks = ngx_slack_am_marks,
    .kinds = ngx_slack_am_kinds,
    .identify = ngx_slack_am_identify,
    .complete = ngx_slack_am_complete,
    .stand = ngx_slack_am_stand,
    .object = ngx_slack_am_object
};


static ngx_uint_t
ngx_slack_am_kinds(ngx_str_t *header)
{
    return AM_ALERT;
}


static void
ngx_slack_am_identify(ngx_slack_event_t *event, ngx_str_t *header,
    ngx_str_t *reason)
{
    ngx_slack_am_t  *am;

    am = (ngx_slack_am_t *) event;

    if (am->group_key.len || am->all.nelts || am->generic_title.len
        || am->rule.len)
    {
        event->kind = NGX_SLACK_EVENT_ALERT;
        return;
    }

    ngx_str_set(reason, "neither alerts nor a title");
}


static ngx_int_t
ngx_slack_am_complete(ngx_slack_event_t *event, ngx_pool_t *pool,
    ngx_str_t *reason)
{
    ngx_int_t        rc;
    ngx_slack_am_t  *am;

    am = (ngx_slack_am_t *) event;

    if (am->all.nelts) {
        rc = ngx_slack_am_group(am, pool);

        if (event->truncated) {

            /* the alerts that were left out have labels, too */

            event->unread |= NGX_SLACK_SUBJECT_LABELS;
        }

    } else if (am->group_key.len) {
        ngx_str_set(reason, "no alerts");
        return NGX_DECLINED;

    } else if (am->rule.len && am->state.len) {
        return ngx_slack_am_rule(am, pool);

    } else if (am->generic_title.len == 0) {
        ngx_str_set(reason, "neither alerts nor a title");
        return NGX_DECLINED;

    } else {
        rc = ngx_slack_am_generic(am, pool);
    }

    if (rc == NGX_OK && event->firing + event->resolved == 0) {
        ngx_str_set(reason, "no alerts");
        return NGX_DECLINED;
    }

    if (event->firing) {
        ngx_str_set(&event->action, "triggered");

    } else {
        ngx_str_set(&event->action, "resolved");
    }

    event->state = event->action;

    return rc;
}


static ngx_int_t
ngx_slack_am_generic(ngx_slack_am_t *am, ngx_pool_t *pool)
{
    ngx_str_t           key, hosts;
    ngx_uint_t          resolved;
    ngx_slack_event_t  *event;

    event = &am->event;

    resolved = ngx_slack_am_ended(&event->ended);

    event->firing = !resolved;
    event->resolved = resolved;

    event->title = am->generic_title;
    event->text = am->description;
    event->project = am->service;
    event->name = am->environment;
    event->level = ngx_slack_am_level(&event->severity);
    event->time = ngx_slack_time_parse(resolved ? &event->ended
                                                : &event->started);

    if (ngx_slack_am_join(&hosts, &am->hosts, ", ", pool) != NGX_OK
        || ngx_slack_am_pair(&event->facts, "Environment", &am->environment,
                             pool)
           != NGX_OK
        || ngx_slack_am_pair(&event->facts, "Hosts", &hosts, pool) != NGX_OK
        || ngx_slack_am_pair(&event->facts, "Monitoring tool", &am->tool,
                             pool)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    key = am->fingerprint;

    if (key.len == 0
        && (ngx_slack_am_concat(&key, &event->title, "\n", &am->service, pool)
            != NGX_OK
            || ngx_slack_am_concat(&key, &key, "\n", &am->tool, pool)
               != NGX_OK
            || ngx_slack_am_concat(&key, &key, "\n", &am->environment, pool)
               != NGX_OK
            || ngx_slack_am_concat(&key, &key, "\n", &hosts, pool) != NGX_OK))
    {
        return NGX_ERROR;
    }

    return ngx_slack_am_identity(event, &key, &event->severity,
                                 ngx_slack_time_parse_ms(&event->started),
                                 resolved, pool);
}
