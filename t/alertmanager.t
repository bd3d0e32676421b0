use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest data => 'alertmanager';

plan 'no_plan';
run_tests();

__DATA__

=== one alert
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
firing.json => 202 queued alert
--- slack
#ops as GitLab
[danger] pretext: Alert firing in orbit
  title: TankPressureHigh -> https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&g0.tab=1
  text: Pressure above 3.2 bar\n\nTank of *Apex* for 5 minutes
  field: Severity = Critical (short)
  field: Start time = 4 March 2026, 14:02 UTC (short)
  field: Labels = namespace=orbit, job=rocket, instance=tank-1
  field: Links = <https://wiki.example.com/runbooks/tank|Runbook>, <https://alerts.example.com/#/alerts?receiver=slack/ops|All alerts>
  fallback: Alert firing in orbit: TankPressureHigh
--- no_error_log
[error]
[alert]



=== one resolved
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
resolved.json
--- slack
#ops as GitLab
[good] pretext: Alert resolved in orbit
  title: TankPressureHigh -> https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&g0.tab=1
  text: Pressure above 3.2 bar\n\nTank of *Apex* for 5 minutes
  field: Severity = Critical (short)
  field: Start time = 4 March 2026, 14:02 UTC (short)
  field: End time = 4 March 2026, 14:22 UTC (short)
  field: Labels = namespace=orbit, job=rocket, instance=tank-1
  field: Links = <https://wiki.example.com/runbooks/tank|Runbook>, <https://alerts.example.com/#/alerts?receiver=slack/ops|All alerts>
  fallback: Alert resolved in orbit: TankPressureHigh
--- no_error_log
[error]
[alert]



=== several
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
joined.json
partly.json
all_resolved.json
--- slack
#ops as GitLab
[danger] pretext: 2 alerts firing in orbit
  title: TankPressureHigh -> https://alerts.example.com/#/alerts?receiver=slack/ops
  text: Pressure above 3.2 bar\n\nTank of *Apex* for 5 minutes\n\nFiring: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|instance=tank-1>\nFiring: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|instance=tank-2>
  field: Severity = Critical (short)
  field: Labels = namespace=orbit, job=rocket
  field: Links = <https://wiki.example.com/runbooks/tank|Runbook>
  ts: 1772633100
  fallback: 2 alerts firing in orbit: TankPressureHigh

#ops as GitLab
[danger] pretext: 1 firing, 1 resolved in orbit
  title: TankPressureHigh -> https://alerts.example.com/#/alerts?receiver=slack/ops
  text: Pressure above 3.2 bar\n\nTank of *Apex* for 5 minutes\n\nFiring: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|instance=tank-1>\nResolved: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|instance=tank-2>
  field: Severity = Critical (short)
  field: Labels = namespace=orbit, job=rocket
  field: Links = <https://wiki.example.com/runbooks/tank|Runbook>
  ts: 1772634131
  fallback: 1 firing, 1 resolved in orbit: TankPressureHigh

#ops as GitLab
[good] pretext: 2 alerts resolved in orbit
  title: TankPressureHigh -> https://alerts.example.com/#/alerts?receiver=slack/ops
  text: Pressure above 3.2 bar\n\nTank of *Apex* for 5 minutes\n\nResolved: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|instance=tank-1>\nResolved: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|instance=tank-2>
  field: Severity = Critical (short)
  field: Labels = namespace=orbit, job=rocket
  field: Links = <https://wiki.example.com/runbooks/tank|Runbook>
  ts: 1772634131
  fallback: 2 alerts resolved in orbit: TankPressureHigh
--- no_error_log
[error]
[alert]



=== many
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
many.json
--- slack
#ops as GitLab
[danger] pretext: 13 alerts firing in orbit (5 more not listed)
  title: TankPressureHigh -> https://alerts.example.com/#/alerts?receiver=slack/ops
  text: Firing: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-1> - Pressure in tank 1\nFiring: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-2> - Pressure in tank 2\nFiring: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-3> - Pressure in tank 3\nFiring: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-4> - Pressure in tank 4\nFiring: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-5> - Pressure in tank 5\nFiring: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-6> - Pressure in tank 6\nFiring: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-7> - Pressure in tank 7\nFiring: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-8> - Pressure in tank 8\nFiring: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-9> - Pressure in tank 9\nFiring: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-10> - Pressure in tank 10\n<https://alerts.example.com/#/alerts?receiver=slack/ops|and 8 more alerts>
  field: Severity = Critical (short)
  field: Labels = namespace=orbit, job=rocket
  ts: 1772632931
  fallback: 13 alerts firing in orbit (5 more not listed): TankPressureHigh
--- no_error_log
[error]
[alert]



=== hostile
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
hostile.json
--- slack
#ops as GitLab
[#C95823] pretext: 2 alerts firing
  title: a=b
  text: Firing: alertname=&lt;!channel&gt; &amp; *bold*, empty= - &lt;https://evil.example|click&gt; &lt;!here&gt;\nFiring
  field: Severity = &lt;@U1&gt; (short)
  field: Labels = x=a|b&gt;
  field: Links = Runbook: ask &lt;@U1&gt;, <https://d.example.com/a%7Cb|Dashboard>
  fallback: 2 alerts firing: a=b
--- no_error_log
[error]
[alert]



=== generic
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
generic.json
generic_end.json
--- slack
#ops as GitLab
[danger] pretext: Alert firing in launcher
  title: Queue is &lt;stuck&gt;
  text: No job for *10 minutes*
  field: Severity = High (short)
  field: Start time = 4 March 2026, 14:02 UTC (short)
  field: Environment = production
  field: Hosts = queue-1, queue-2
  field: Monitoring tool = Nagios
  fallback: Alert firing in launcher: Queue is &lt;stuck&gt;

#ops as GitLab
[good] pretext: Alert resolved in launcher
  title: Queue is &lt;stuck&gt;
  field: Severity = High (short)
  field: Start time = 4 March 2026, 14:02 UTC (short)
  field: End time = 4 March 2026, 14:22 UTC (short)
  field: Environment = production
  field: Hosts = queue-1
  field: Monitoring tool = Nagios
  fallback: Alert resolved in launcher: Queue is &lt;stuck&gt;
--- no_error_log
[error]
[alert]



=== Grafana
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
grafana.json
--- slack
#ops as GitLab
[#C95823] pretext: Alert firing
  title: Fuel low -> https://grafana.example.com/alerting/1/edit
  text: Fuel below 10 %
  field: Start time = 4 March 2026, 14:02 UTC (short)
  field: Labels = grafana_folder=Rocket
  field: Links = <https://grafana.example.com/d/fuel|Dashboard>, <https://grafana.example.com/alerting/silence/new|Silence>, <https://grafana.example.com/|All alerts>
  fallback: Alert firing: Fuel low
--- no_error_log
[error]
[alert]



=== Grafana: what it cannot evaluate, and a group
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
grafana_no_data.json
grafana_group.json
--- slack
#ops as GitLab
[#C95823] pretext: Alert firing
  title: DatasourceNoData: Queue &amp; disk -> https://grafana.example.com/alerting/grafana/u1/view?orgId=1
  field: Start time = 20 November 2026, 08:00 UTC (short)
  field: Labels = grafana_folder=Unix, datasource_uid=P1, ref_id=A, rulename=Queue &amp; disk
  field: Values = B=6.705, C=1
  field: Links = <https://grafana.example.com/alerting/silence/new?alertmanager=grafana&amp;matcher=alertname%3DDatasourceNoData&amp;orgId=1|Silence>, <https://grafana.example.com/|All alerts>
  fallback: Alert firing: DatasourceNoData: Queue &amp; disk

#ops as GitLab
[#C95823] pretext: 2 alerts firing
  title: Queue length -> https://grafana.example.com/
  text: Firing: <https://grafana.example.com/alerting/grafana/u1/view?orgId=1|host=q1> - B=12\nFiring: <https://grafana.example.com/alerting/grafana/u1/view?orgId=1|host=q2> - [ var='B' labels={host=q2} value=13 ]
  field: Links = <https://grafana.example.com/d/queues?orgId=1|Dashboard>
  ts: 1795161600
  fallback: 2 alerts firing: Queue length
--- no_error_log
[error]
[alert]



=== Grafana before version 9
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
rule.json
rule_ok.json
rule_no_data.json
rule_paused.json
--- slack
#ops as GitLab
[danger] pretext: Alert firing
  title: Queue disk -> https://grafana.example.com/d/abc?viewPanel=2
  text: Someone is testing the alert notification within Grafana.
  field: Severity = Critical (short)
  field: Values = High value: 100
  field: Links = <https://grafana.example.com/a.png|Image>
  fallback: Alert firing: Queue disk

#ops as GitLab
[good] pretext: Alert resolved
  title: Queue disk -> https://grafana.example.com/d/abc?viewPanel=2
  field: Severity = Critical (short)
  fallback: Alert resolved: Queue disk

#ops as GitLab
[#C95823] pretext: Alert has no data
  title: Queue disk -> https://grafana.example.com/d/abc?viewPanel=2
  field: Status = No data (short)
  fallback: Alert has no data: Queue disk

#ops as GitLab
[#334455] pretext: Alert paused
  title: Queue disk -> https://grafana.example.com/d/abc?a=1&b=2
  text: Asked by &lt;!channel&gt;
  field: Status = Paused (short)
  field: Values = cpu {host=a, core=1}: 93.5, cpu {host=&lt;b&gt;}, host=c: 7
  field: Links = <https://grafana.example.com/a.png|Image>
  fallback: Alert paused: Queue disk
--- no_error_log
[error]
[alert]



=== alerts of several names
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
different.json
nothing_shared.json
--- slack
#ops as GitLab
[danger] pretext: 1 firing, 1 resolved in orbit
  title: namespace=orbit -> https://alerts.example.com/#/alerts?receiver=slack/ops
  text: Firing: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|alertname=TankPressureHigh, severity=critical, instance=tank-1> - Pressure above 3.2 bar\nResolved: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|alertname=QueueStuck, severity=warning, instance=tank-2> - No job for 10 minutes
  field: Severity = Critical (short)
  field: Labels = namespace=orbit, job=rocket
  ts: 1772634131
  fallback: 1 firing, 1 resolved in orbit: namespace=orbit

#ops as GitLab
[danger] pretext: 3 alerts firing
  text: Firing: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|alertname=TankPressureHigh, severity=critical, namespace=orbit, job=rocket, instance=tank-1> - Pressure above 3.2 bar\nFiring: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|alertname=QueueStuck, severity=warning, namespace=orbit, job=rocket, instance=tank-2> - No job for 10 minutes\nFiring: <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|alertname=CertExpires, host=web>
  field: Severity = Critical (short)
  ts: 1772633100
  fallback: 3 alerts firing
--- no_error_log
[error]
[alert]



=== a byte order mark
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
generic_bom.json
--- slack
#ops as GitLab
[danger] pretext: Alert firing
  title: Backup failed
  field: Severity = Critical (short)
  fallback: Alert firing: Backup failed
--- no_error_log
[error]
[alert]
