use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== triggered
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
alert_triggered.json => 202 queued alert
--- slack
#dev as GitLab
[#C95823] pretext: Alert firing
  title: Tank pressure above 3.2 bar for 5 minutes -> https://gitlab.example.com/acme/rocket/-/alert_management/12/details
  field: Severity = Critical (short)
  field: Events = 3 (short)
  field: Status = Triggered (short)
  field: Start time = 4 March 2026, 14:02 UTC (short)
  fallback: Alert firing: Tank pressure above 3.2 bar for 5 minutes
--- no_error_log
[error]
[alert]



=== resolved
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
alert_resolved.json => 202 queued alert
--- slack
#dev as GitLab
[good] pretext: Alert resolved
  title: Tank pressure above 3.2 bar for 5 minutes -> https://gitlab.example.com/acme/rocket/-/alert_management/12/details
  field: Severity = Critical (short)
  field: Events = 4 (short)
  field: Status = Resolved (short)
  field: Start time = 4 March 2026, 14:02 UTC (short)
  fallback: Alert resolved: Tank pressure above 3.2 bar for 5 minutes
--- no_error_log
[error]
[alert]



=== with a project
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
alert_project.json => 202 queued alert
--- slack
#dev as GitLab
[#C95823] pretext: Alert firing in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  title: Tank pressure above 3.2 bar for 5 minutes -> https://gitlab.example.com/acme/rocket/-/alert_management/13/details
  field: Severity = Low (short)
  field: Events = 1 (short)
  field: Status = Triggered (short)
  field: Start time = 4 March 2026, 14:02 UTC (short)
  fallback: Alert firing in Acme / Rocket: Tank pressure above 3.2 bar for 5 minutes
--- no_error_log
[error]
[alert]



=== acknowledged
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
alert_acknowledged.json => 202 queued alert
--- slack
#dev as GitLab
[#C95823] pretext: Alert acknowledged
  title: Tank pressure above 3.2 bar for 5 minutes -> https://gitlab.example.com/acme/rocket/-/alert_management/12/details
  field: Severity = Critical (short)
  field: Events = 3 (short)
  field: Status = Acknowledged (short)
  field: Start time = 4 March 2026, 14:02 UTC (short)
  fallback: Alert acknowledged: Tank pressure above 3.2 bar for 5 minutes
--- no_error_log
[error]
[alert]



=== null, and a time that is none
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
alert_null.json => 202 queued alert
--- slack
#dev as GitLab
[#C95823] pretext: Alert firing
  title: Tank pressure above 3.2 bar for 5 minutes
  field: Status = Triggered (short)
  field: Start time = soon (short)
  fallback: Alert firing: Tank pressure above 3.2 bar for 5 minutes
--- no_error_log
[error]
[alert]



=== actions can be named
--- config
    location = /hook {
        slack_route acme {
            events alert:resolved;
            channel dev;
        }
    }
--- hook
alert_triggered.json => 200 filtered alert: action
alert_resolved.json  => 202 queued alert
--- slack
#dev as GitLab
[good] pretext: Alert resolved
  title: Tank pressure above 3.2 bar for 5 minutes -> https://gitlab.example.com/acme/rocket/-/alert_management/12/details
  field: Severity = Critical (short)
  field: Events = 4 (short)
  field: Status = Resolved (short)
  field: Start time = 4 March 2026, 14:02 UTC (short)
  fallback: Alert resolved: Tank pressure above 3.2 bar for 5 minutes
--- no_error_log
[error]
[alert]
