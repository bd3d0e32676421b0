# The directive "events" of slack_route: events, their actions, "all".

use strict;
use warnings;

use lib 't/util';

use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: nothing in it
--- config
    location = /hook {
        slack_route acme {

        }
    }
--- hook
push.json
issue_open.json | X-Gitlab-Event: Issue Hook
issue_confidential_open.json | X-Gitlab-Event: Confidential Issue Hook
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"issue","messages":1}
200 {"status":"filtered","reason":"events","event":"confidential_issue"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 2: "all", and the actions of one event
--- config
    location = /hook {
        slack_route acme {
            events all merge_request:merge;
        }
    }
--- hook
push.json
merge_request_open.json
merge_request_merge.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"action","event":"merge_request"}
202 {"status":"queued","event":"merge_request","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 3: the actions of one event, and "all"
--- config
    location = /hook {
        slack_route acme {
            events merge_request:merge all;
        }
    }
--- hook
merge_request_open.json
push.json
--- answers
200 {"status":"filtered","reason":"action","event":"merge_request"}
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]
[crit]
