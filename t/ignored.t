use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: kinds that must be named
--- config
    location = /hook {
        slack_route acme {
            events all confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
access_token_expiring.json
emoji_award.json
feature_flag.json
job.json
member_add.json
milestone_create.json
project_create.json
subgroup_create.json
vulnerability.json
job.json | X-Gitlab-Event: System Hook
--- answers
200 {"status":"filtered","reason":"events"}
200 {"status":"filtered","reason":"events"}
200 {"status":"filtered","reason":"events"}
200 {"status":"filtered","reason":"events"}
200 {"status":"filtered","reason":"events"}
200 {"status":"filtered","reason":"events"}
200 {"status":"filtered","reason":"events"}
200 {"status":"filtered","reason":"events"}
200 {"status":"filtered","reason":"events"}
200 {"status":"filtered","reason":"events","event":"job"}
--- slack
--- no_error_log
[error]
[alert]



=== TEST 2: a body made by a custom webhook template
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
template_custom.json | X-Gitlab-Event: Push Hook
--- answers
200 {"status":"ignored","reason":"unknown event"}
--- slack
--- no_error_log
[error]
[alert]
