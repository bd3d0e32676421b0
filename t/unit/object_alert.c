
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * source/: what an alert belongs to, how new it is and whether it has ended;
 * and core/ngx_slack_time.
 */

/* unit: json/ngx_slack_json.c json/ngx_slack_json_paths.c
 *       json/ngx_slack_json_values.c
 *       json/ngx_slack_json_decode.c json/ngx_slack_json_skim.c
 *       json/ngx_slack_json_text.c json/ngx_slack_json_token.c
 *       core/ngx_slack_text.c core/ngx_slack_text_value.c
 *       core/ngx_slack_text_url.c core/ngx_slack_text_markdown.c
 *       core/ngx_slack_text_scrub.c core/ngx_slack_receiver.c
 *       core/ngx_slack_shown.c core/ngx_slack_time.c
 *       json/ngx_slack_json_writer.c
 *       source/
 * libs: -lyajl
 */

#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_time.h>

#include "object.h"


static const row_t  rows[] = {

    { "alertmanager", "", "alertmanager/firing.json",
      "alert group {}:{alertname=\"TankPressureHigh\"}|whole||"
      "1772632931000|" },
    { "alertmanager", "", "alertmanager/resolved.json",
      "alert group {}:{alertname=\"TankPressureHigh\"}|whole||"
      "1772634131000|final" },
    { "alertmanager", "", "alertmanager/generic_end.json",
      "alert fingerprint queue|whole||1772634131000|final" },
    { "alertmanager", "", "{\"title\":\"Tank\",\"fingerprint\":null,"
      "\"service\":\"s\",\"hosts\":[\"a\",\"b\"]}",
      "alert identity Tank\ns\na, b|whole||0|" },
    { "alertmanager", "", "{\"title\":\"Tank\",\"fingerprint\":[\"a\",\"b\"]}",
      "alert fingerprint a\nb|whole||0|" },
    { "alertmanager", "", "{\"title\":\"Tank\",\"hosts\":{}}",
      "|none||0|" },
    { "alertmanager", "", "{\"alerts\":[{\"status\":\"firing\","
      "\"fingerprint\":\"f1\",\"startsAt\":\"2026-03-04T15:00:00.5Z\","
      "\"endsAt\":\"0001-01-01T00:00:00Z\"}]}",
      "alert fingerprint f1|whole||1772636400500|" },
    { "alertmanager", "", "{\"alerts\":[{\"status\":\"resolved\","
      "\"labels\":{\"a\":\"b\",\"c\":\"d\"}}]}",
      "alert identity a=b\nc=d|whole||0|final" },
    { "alertmanager", "", "{\"alerts\":[{\"status\":\"firing\","
      "\"fingerprint\":\"f1\"},{\"status\":\"resolved\","
      "\"fingerprint\":\"f2\",\"endsAt\":\"2026-03-04T15:00:00Z\"}]}",
      "|none||1772636400000|" },
    { "alertmanager", "", "{\"truncatedAlerts\":1,\"alerts\":[{"
      "\"status\":\"firing\",\"fingerprint\":\"f1\"}]}",
      "|none||0|" },

    /* Grafana before version 9 */

    { "alertmanager", "", "alertmanager/rule.json",
      "alert rule 1\n7|whole||0|" },
    { "alertmanager", "", "alertmanager/rule_ok.json",
      "alert rule 1\n7|whole||0|final" },
    { "alertmanager", "", "alertmanager/rule_no_data.json",
      "alert rule 1\n7|whole||0|" },
    { "alertmanager", "", "{\"ruleName\":\"r\",\"state\":\"ok\"}",
      "alert rule r|whole||0|final" },
    { "alertmanager", "", "{\"ruleName\":\"r\",\"title\":\"t\"}",
      "alert identity t|whole||0|" },
    { "alertmanager", "", "{\"title\":\"t\",\"state\":\"ok\"}",
      "alert identity t|whole||0|" },

    { NULL, NULL, NULL, NULL }
};


static const struct {
    const char                *text;
    int64_t                    ms;
} times[] = {
    { "2013-12-03T17:23:34Z", 1386091414000 },
    { "2013-12-03T17:23:34.5Z", 1386091414500 },
    { "2013-12-03T17:23:34.123456789Z", 1386091414123 },
    { "2013-12-03T17:23:34.07+01:00", 1386087814070 },
    { "2016-08-12 15:23:28 UTC", 1471015408000 },
    { "2016-08-12 15:23:28 +0200", 1471008208000 },
    { "2016-08-12 15:23:28 -0230", 1471024408000 },
    { "2016-08-12 15:23:28", 1471015408000 },
    { "2016-08-12 15:23:28 PST", 0 },
    { "2016-08-12 15:23:28 +99:00", 0 },
    { "2016-08-12 15:23:28 +0200 x", 0 },
    { "2016-08-12T15:23:28Zx", 0 },
    { "2016-08-12", 0 },
    { "0001-01-01T00:00:00Z", 0 },
    { "1970-01-01T00:00:00Z", 0 },
    { "1970-01-01T00:00:00+01:00", 0 },
    { "9999-12-31T23:59:60Z", 253402300800000 },
    { "", 0 },
    { NULL, 0 }
};


/* a group's key is whole or not there */

static void
group_key(size_t n, size_t expected)
{
    u_char             *p;
    size_t              len;
    ngx_int_t           rc;
    ngx_str_t           body, reason;
    ngx_slack_event_t  *event;

    static const row_t  row = { "alertmanager", "", "", "" };
    static const char   before[] = "{\"groupKey\":\"";
    static const char   after[] = "\",\"alerts\":[{\"status\":\"firing\","
                                  "\"fingerprint\":\"f\"}]}";

    pool = ngx_create_pool(4096, &quiet);
    if (pool == NULL) {
        tap_ok(0, "no memory");
        return;
    }

    body.len = sizeof(before) - 1 + n + sizeof(after) - 1;
    body.data = ngx_palloc(pool, body.len);
    if (body.data == NULL) {
        tap_ok(0, "no memory");
        return;
    }

    p = ngx_cpymem(body.data, before, sizeof(before) - 1);
    memset(p, 'k', n);
    ngx_memcpy(p + n, after, sizeof(after) - 1);

    rc = event_of(&row, &body, &event, &reason);
    len = (rc == NGX_OK) ? event->object.len : 0;

    tap_ok(rc == NGX_OK && len == expected
           && (event->belongs == NGX_SLACK_OBJECT_WHOLE) == (expected != 0),
           expected ? "a long group key" : "a group key that was cut");

    ngx_destroy_pool(pool);
}


int
main(void)
{
    size_t     i;
    ngx_str_t  text;

    from_table(rows);

    for (i = 0; times[i].text; i++) {
        text.data = (u_char *) times[i].text;
        text.len = strlen(times[i].text);

        tap_ok(ngx_slack_time_parse_ms(&text) == times[i].ms, times[i].text);
    }

    text.data = (u_char *) "2016-08-12 15:23:28.9 PST";
    text.len = 25;

    tap_ok(ngx_slack_time_parse(&text) == 1471015408,
           "a time that is shown may have any zone");

    group_key(16000, sizeof("alert group ") - 1 + 16000);
    group_key(20000, 0);

    long_one("alertmanager", "{\"title\":\"t\",\"fingerprint\":\"", 20000,
             "\"}", "|none||0|", "a fingerprint that was cut");
    long_one("alertmanager", "{\"title\":\"t\",\"monitoring_tool\":\"", 20000,
             "\"}", "|none||0|", "an identity that was cut");
    long_one("alertmanager", "{\"alerts\":[{\"status\":\"firing\","
             "\"fingerprint\":\"", 20000, "\"}]}", "|none||0|",
             "a fingerprint of a group that was cut");
    return tap_done();
}
