use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: by its path
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



=== TEST 2: globs
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



=== TEST 3: excluded
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



=== TEST 4: exclusions win
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



=== TEST 5: regular expressions
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



=== TEST 6: the path, not the name
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



=== TEST 7: without a project
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



=== TEST 8: without a project, and nothing but exclusions
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
