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
push.json
issue_open.json
pipeline_failed_moon.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"issue","messages":1}
200 {"status":"filtered","reason":"projects","event":"pipeline"}
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
push.json
pipeline_failed_moon.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"projects","event":"pipeline"}
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
push.json
pipeline_failed_moon.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"projects","event":"pipeline"}
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
pipeline_failed_moon.json
push.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"projects","event":"push"}
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
pipeline_failed_moon.json
push.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"projects","event":"push"}
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
push.json
--- answers
200 {"status":"filtered","reason":"projects","event":"push"}
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
alert_triggered.json | X-Gitlab-Event: -
alert_project.json | X-Gitlab-Event: -
--- answers
200 {"status":"filtered","reason":"projects","event":"alert"}
202 {"status":"queued","event":"alert","messages":1}
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
alert_triggered.json | X-Gitlab-Event: -
alert_project.json | X-Gitlab-Event: -
--- answers
202 {"status":"queued","event":"alert","messages":1}
200 {"status":"filtered","reason":"projects","event":"alert"}
--- no_error_log
[error]
[alert]
[crit]
