# Cards: how the object of an event stands.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== GitHub
--- config
    location = /hook {
        slack_source github;
        slack_route acme {
            events push tag_push wiki_page issue
                   merge_request:open,close,merge,approved,unapproved,update,ready note
                   pipeline:success,failed,running deployment alert
                   confidential_issue confidential_note job release
                   feature_flag milestone emoji member subgroup project
                   vulnerability access_token;
            format card;
            channel dev;
        }
    }
--- hook
../github/pull_request_opened.json
../github/pull_request_fork.json
../github/pull_request_merged.json
../github/pull_request_review_changes.json
../github/pull_request_review_dismissed.json
../github/issues_opened.json
../github/workflow_run_pull.json
../github/workflow_run_failure.json
../github/deployment_status_failure.json
--- slack
#dev as GitLab
[good]
  title: Open · Pull request #42 Retry the fuel gauge when it answers late -> https://github.example.com/acme/rocket/pull/42
  author: tlind -> https://github.example.com/tlind
  text: Closes #17
  field: Branches = late-gauge → main (short)
  field: Label = fuel (short)
  footer: acme/rocket
  ts: 1772633400
  fallback: tlind opened pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[good]
  title: Open · Pull request #42 Retry the fuel gauge when it answers late -> https://github.example.com/acme/rocket/pull/42
  author: yhartmann -> https://github.example.com/yhartmann
  text: Closes #17
  field: Branches = yhartmann/rocket:main → release/1.x (short)
  field: Label = fuel (short)
  footer: acme/rocket
  ts: 1772633400
  fallback: yhartmann opened pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[#6F42C1]
  title: Merged · Pull request #42 Retry the fuel gauge when it answers late -> https://github.example.com/acme/rocket/pull/42
  author: mokafor -> https://github.example.com/mokafor
  text: Closes #17
  field: Branches = late-gauge → main (short)
  field: Label = fuel (short)
  footer: acme/rocket
  ts: 1772633400
  fallback: mokafor merged pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[warning]
  title: Changes requested · Pull request #42 Retry the fuel gauge when it answers late -> https://github.example.com/acme/rocket/pull/42#pullrequestreview-6001
  author: pvance -> https://github.example.com/pvance
  text: What if it *never* answers?
  footer: acme/rocket
  ts: 1772640000
  fallback: pvance requested changes on pull request #42 in acme/rocket: Retry the fuel gauge when it answers late

#dev as GitLab
[good]
  title: Open · Pull request #42 Retry the fuel gauge when it answers late -> https://github.example.com/acme/rocket/pull/42
  author: mokafor -> https://github.example.com/mokafor
  text: Closes #17
  field: Branches = late-gauge → main (short)
  field: Label = fuel (short)
  footer: acme/rocket
  ts: 1772633400
  fallback: mokafor dismissed a review of pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[#C95823]
  title: Open · Issue #17 Gauge shows &lt;0&gt; after &amp; before launch -> https://github.example.com/acme/rocket/issues/17
  author: tlind -> https://github.example.com/tlind
  text: Steps:\n1. *Fill* the tank\n2. Look at the gauge
  field: Labels = bug, high priority (short)
  footer: acme/rocket
  ts: 1772632931
  fallback: [acme/rocket] Issue #17 Gauge shows &lt;0&gt; after &amp; before launch opened by tlind

#dev as GitLab
[good]
  title: Passed · Build &amp; test #318 of main -> https://github.example.com/acme/rocket/actions/runs/555001
  author: mokafor -> https://github.example.com/mokafor
  field: Branch = <https://github.example.com/acme/rocket/tree/main|main> (short)
  field: Commit = <https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|Docs: what "late" means> (short)
  field: Pull request = <https://github.example.com/acme/rocket/pull/42|#42> (short)
  field: Duration = 3 min 3 s (short)
  footer: acme/rocket
  ts: 1772633003
  fallback: acme/rocket: Pipeline #318 of pull request #42 by mokafor has passed in 03:03

#dev as GitLab
[danger]
  title: Failed · Build &amp; test #319 of main -> https://github.example.com/acme/rocket/actions/runs/555002
  author: mokafor -> https://github.example.com/mokafor
  field: Branch = <https://github.example.com/acme/rocket/tree/main|main> (short)
  field: Commit = <https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|Docs: what "late" means> (short)
  field: Duration = 1 h 0 min (short)
  footer: acme/rocket
  ts: 1772636421
  fallback: acme/rocket: Pipeline #319 of branch main by mokafor has failed in 01:00:01

#dev as GitLab
[danger]
  title: Failed · Deploy of main to production -> https://github.example.com/acme/rocket/actions/runs/555001/job/11
  author: mokafor -> https://github.example.com/mokafor
  field: Environment = <https://rocket.acme.example/|production> (short)
  field: Ref = main (short)
  field: Commit = <https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|Docs: what "late" means> (short)
  field: Log = <https://github.example.com/acme/rocket/actions/runs/555001/job/11|Job #318> (short)
  footer: acme/rocket
  ts: 1772633400
  fallback: Deploy to production failed in acme/rocket
--- no_error_log
[error]
[alert]



=== Gitea
--- config
    location = /hook {
        slack_source gitea;
        slack_route acme {
            events push tag_push wiki_page issue
                   merge_request:open,close,merge,approved,unapproved,update,ready note
                   pipeline:success,failed,running deployment alert
                   confidential_issue confidential_note job release
                   feature_flag milestone emoji member subgroup project
                   vulnerability access_token;
            format card;
            channel dev;
        }
    }
--- hook
../gitea/pull_request_opened.json
../gitea/issues_closed.json
../gitea/workflow_run_failure.json
../gitea/repository_created.json
--- slack
#dev as GitLab
[good]
  title: Open · Pull request #42 Retry the fuel gauge when it answers late -> https://git.acme.example/acme/rocket/pulls/42
  author: Tomasz Lind (tlind) -> https://git.acme.example/tlind
  text: Closes #17
  field: Branches = late-gauge → main (short)
  field: Label = fuel (short)
  footer: acme/rocket
  ts: 1772633400
  fallback: Tomasz Lind (tlind) opened pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[#6F42C1]
  title: Closed · Issue #17 Gauge shows &lt;0&gt; after &amp; before launch -> https://git.acme.example/acme/rocket/issues/17
  author: Mira Okafor (mokafor) -> https://git.acme.example/mokafor
  text: *Fill* the tank, then look
  field: Label = bug (short)
  footer: acme/rocket
  ts: 1772632931
  fallback: [acme/rocket] Issue #17 Gauge shows &lt;0&gt; after &amp; before launch closed by Mira Okafor (mokafor)

#dev as GitLab
[danger]
  title: Failed · build.yml #31 of main -> https://git.acme.example/acme/rocket/actions/runs/31
  author: Mira Okafor (mokafor) -> https://git.acme.example/mokafor
  field: Branch = <https://git.acme.example/acme/rocket/src/branch/main|main> (short)
  field: Commit = <https://git.acme.example/acme/rocket/commit/077564fb04323d23b1f76da35a5c35b419711fa4|Test &lt;late&gt; &amp; lost answers> (short)
  field: Duration = 3 min 3 s (short)
  footer: acme/rocket
  ts: 1772633003
  fallback: acme/rocket: Pipeline #31 of branch main by Mira Okafor (mokafor) has failed in 03:03

#dev as GitLab
[#334455]
  title: Created · Project rocket -> https://git.acme.example/acme/rocket
  author: Acme (mokafor) -> https://git.acme.example/mokafor
  field: Visibility = Private (short)
  footer: acme/rocket
  fallback: Project acme/rocket created
--- no_error_log
[error]
[alert]



=== alerts
--- config
    location = /hook {
        slack_source alertmanager;
        slack_route acme {
            events push tag_push wiki_page issue
                   merge_request:open,close,merge,approved,unapproved,update,ready note
                   pipeline:success,failed,running deployment alert
                   confidential_issue confidential_note job release
                   feature_flag milestone emoji member subgroup project
                   vulnerability access_token;
            format card;
            channel dev;
        }
    }
--- hook
../alertmanager/firing.json
../alertmanager/many.json
../alertmanager/partly.json
../alertmanager/resolved.json
../alertmanager/grafana.json
../alertmanager/generic.json
--- slack
#dev as GitLab
[danger]
  title: Firing · TankPressureHigh -> https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&g0.tab=1
  text: Pressure above 3.2 bar\nTank of *Apex* for 5 minutes
  field: Severity = Critical (short)
  field: Started = <!date^1772632931^{date_short_pretty} {time}|2026-03-04 14:02 UTC> (short)
  field: Labels = namespace=orbit, job=rocket, instance=tank-1
  field: Links = <https://wiki.example.com/runbooks/tank|Runbook>, <https://alerts.example.com/#/alerts?receiver=slack/ops|All alerts>, <https://alerts.example.com/#/silences/new?filter=%7Balertname%3D%22TankPressureHigh%22%2C%20severity%3D%22critical%22%2C%20namespace%3D%22orbit%22%2C%20job%3D%22rocket%22%2C%20instance%3D%22tank-1%22%7D|Silence>
  footer: orbit
  fallback: Alert firing in orbit: TankPressureHigh

#dev as GitLab
[danger]
  title: 13 firing, 5 more · TankPressureHigh -> https://alerts.example.com/#/alerts?receiver=slack/ops
  text: • <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-1>: Pressure in tank 1\n• <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-2>: Pressure in tank 2\n• <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-3>: Pressure in tank 3\n• <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-4>: Pressure in tank 4\n• <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-5>: Pressure in tank 5\n• <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-6>: Pressure in tank 6\n• <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-7>: Pressure in tank 7\n• <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-8>: Pressure in tank 8\n• <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-9>: Pressure in tank 9\n• <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|severity=warning, instance=tank-10>: Pressure in tank 10\n<https://alerts.example.com/#/alerts?receiver=slack/ops|and 8 more alerts>
  field: Severity = Critical (short)
  field: Labels = namespace=orbit, job=rocket
  field: Links = <https://alerts.example.com/#/silences/new?filter=%7Balertname%3D%22TankPressureHigh%22%2C%20namespace%3D%22orbit%22%2C%20job%3D%22rocket%22%7D|Silence>
  footer: orbit
  ts: 1772632931
  fallback: 13 alerts firing in orbit (5 more not listed): TankPressureHigh

#dev as GitLab
[danger]
  title: 1 firing, 1 resolved · TankPressureHigh -> https://alerts.example.com/#/alerts?receiver=slack/ops
  text: Pressure above 3.2 bar\nTank of *Apex* for 5 minutes\n• <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|instance=tank-1>\n• <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|instance=tank-2> resolved
  field: Severity = Critical (short)
  field: Labels = namespace=orbit, job=rocket
  field: Links = <https://wiki.example.com/runbooks/tank|Runbook>, <https://alerts.example.com/#/silences/new?filter=%7Balertname%3D%22TankPressureHigh%22%2C%20severity%3D%22critical%22%2C%20namespace%3D%22orbit%22%2C%20job%3D%22rocket%22%7D|Silence>
  footer: orbit
  ts: 1772634131
  fallback: 1 firing, 1 resolved in orbit: TankPressureHigh

#dev as GitLab
[good]
  title: Resolved · TankPressureHigh -> https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&g0.tab=1
  text: Pressure above 3.2 bar\nTank of *Apex* for 5 minutes
  field: Severity = Critical (short)
  field: Started = <!date^1772632931^{date_short_pretty} {time}|2026-03-04 14:02 UTC> (short)
  field: Ended = <!date^1772634131^{date_short_pretty} {time}|2026-03-04 14:22 UTC> (short)
  field: Labels = namespace=orbit, job=rocket, instance=tank-1
  field: Links = <https://wiki.example.com/runbooks/tank|Runbook>, <https://alerts.example.com/#/alerts?receiver=slack/ops|All alerts>
  footer: orbit
  fallback: Alert resolved in orbit: TankPressureHigh

#dev as GitLab
[#C95823]
  title: Firing · Fuel low -> https://grafana.example.com/alerting/1/edit
  text: Fuel below 10 %
  field: Started = <!date^1772632931^{date_short_pretty} {time}|2026-03-04 14:02 UTC> (short)
  field: Labels = grafana_folder=Rocket
  field: Links = <https://grafana.example.com/d/fuel|Dashboard>, <https://grafana.example.com/alerting/silence/new|Silence>, <https://grafana.example.com/|All alerts>
  fallback: Alert firing: Fuel low

#dev as GitLab
[danger]
  title: Firing · Queue is &lt;stuck&gt;
  text: No job for *10 minutes*
  field: Severity = High (short)
  field: Started = <!date^1772632931^{date_short_pretty} {time}|2026-03-04 14:02 UTC> (short)
  field: Environment = production
  field: Hosts = queue-1, queue-2
  field: Monitoring tool = Nagios
  footer: launcher
  fallback: Alert firing in launcher: Queue is &lt;stuck&gt;
--- no_error_log
[error]
[alert]
