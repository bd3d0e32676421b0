use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== by its path
--- config
    location = /hook {
        slack_route acme {
            projects acme/rocket;
        }
    }
--- hook
push.json                 => 202 queued push
issue_open.json           => 202 queued issue
pipeline_failed_moon.json => 200 filtered pipeline: projects
--- no_error_log
[error]
[alert]
[crit]



=== globs
--- config
    location = /hook {
        slack_route acme {
            projects acme/r* other/*;
        }
    }
--- hook
push.json                 => 202 queued push
pipeline_failed_moon.json => 200 filtered pipeline: projects
--- no_error_log
[error]
[alert]
[crit]



=== excluded
--- config
    location = /hook {
        slack_route acme {
            projects !acme/moon;
        }
    }
--- hook
push.json                 => 202 queued push
pipeline_failed_moon.json => 200 filtered pipeline: projects
--- no_error_log
[error]
[alert]
[crit]



=== exclusions win
--- config
    location = /hook {
        slack_route acme {
            projects acme/* !*/rocket;
        }
    }
--- hook
pipeline_failed_moon.json => 202 queued pipeline
push.json                 => 200 filtered push: projects
--- no_error_log
[error]
[alert]
[crit]



=== regular expressions
--- config
    location = /hook {
        slack_route acme {
            projects ~^acme/(moon|mars)$;
        }
    }
--- hook
pipeline_failed_moon.json => 202 queued pipeline
push.json                 => 200 filtered push: projects
--- no_error_log
[error]
[alert]
[crit]



=== the path, not the name
--- config
    location = /hook {
        slack_route acme {
            projects Rocket rocket "Acme / Rocket";
        }
    }
--- hook
push.json => 200 filtered push: projects
--- no_error_log
[error]
[alert]
[crit]



=== without a project
--- config
    location = /hook {
        slack_route acme {
            projects acme/*;
        }
    }
--- hook
alert_triggered.json | X-Gitlab-Event: - => 200 filtered alert: projects
alert_project.json | X-Gitlab-Event: -   => 202 queued alert
--- no_error_log
[error]
[alert]
[crit]



=== without a project, and nothing but exclusions
--- config
    location = /hook {
        slack_route acme {
            projects !acme/*;
        }
    }
--- hook
alert_triggered.json | X-Gitlab-Event: - => 202 queued alert
alert_project.json | X-Gitlab-Event: -   => 200 filtered alert: projects
--- no_error_log
[error]
[alert]
[crit]
