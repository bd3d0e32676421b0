# The directive "events" of slack_route: events, their actions, "all".

use strict;
use warnings;

use lib 't/util';

use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== nothing in it
--- config
    location = /hook {
        slack_route acme {

        }
    }
--- hook
push.json                                    => 202 queued push
issue_open.json | X-Gitlab-Event: Issue Hook => 202 queued issue
issue_confidential_open.json | X-Gitlab-Event: Confidential Issue Hook => 200 filtered confidential_issue: events
--- no_error_log
[error]
[alert]
[crit]



=== "all", and the actions of one event
--- config
    location = /hook {
        slack_route acme {
            events all merge_request:merge;
        }
    }
--- hook
push.json                => 202 queued push
merge_request_open.json  => 200 filtered merge_request: action
merge_request_merge.json => 202 queued merge_request
--- no_error_log
[error]
[alert]
[crit]



=== the actions of one event, and "all"
--- config
    location = /hook {
        slack_route acme {
            events merge_request:merge all;
        }
    }
--- hook
merge_request_open.json => 200 filtered merge_request: action
push.json               => 202 queued push
--- no_error_log
[error]
[alert]
[crit]
