use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: kinds without a message
--- config
    location = /hook {
        slack_route acme {
            events all confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
access_token_expiring.json | X-Gitlab-Event: Resource Access Token Hook
emoji_award.json | X-Gitlab-Event: Emoji Hook
feature_flag.json | X-Gitlab-Event: Feature Flag Hook
job.json | X-Gitlab-Event: Job Hook
member_add.json | X-Gitlab-Event: Member Hook
milestone_create.json | X-Gitlab-Event: Milestone Hook
project_create.json | X-Gitlab-Event: Project Hook
subgroup_create.json | X-Gitlab-Event: Subgroup Hook
vulnerability.json | X-Gitlab-Event: Vulnerability Hook
--- answers
200 {"status":"ignored","reason":"access_token"}
200 {"status":"ignored","reason":"emoji"}
200 {"status":"ignored","reason":"feature_flag"}
200 {"status":"ignored","reason":"build"}
200 {"status":"ignored","reason":"user_add_to_group"}
200 {"status":"ignored","reason":"milestone"}
200 {"status":"ignored","reason":"project_create"}
200 {"status":"ignored","reason":"subgroup_create"}
200 {"status":"ignored","reason":"vulnerability"}
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
