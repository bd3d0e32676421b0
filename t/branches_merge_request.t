use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== merge requests: patterns look at the target
--- config
    location = /hook {
        slack_route acme {
            branches release/* fuel-gauge-retry;
        }
    }
--- hook
merge_request_open.json  => 200 filtered merge_request: branches
merge_request_merge.json => 200 filtered merge_request: branches
--- no_error_log
[error]
[alert]
[crit]



=== merge requests: the target matches
--- config
    location = /hook {
        slack_route acme {
            branches ~^ma;
        }
    }
--- hook
merge_request_open.json  => 202 queued merge_request
merge_request_merge.json => 202 queued merge_request
--- no_error_log
[error]
[alert]
[crit]



=== merge requests: the target is excluded
--- config
    location = /hook {
        slack_route acme {
            branches all !main;
        }
    }
--- hook
merge_request_open.json => 200 filtered merge_request: branches
push_many.json          => 202 queued push
push.json               => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== merge requests: classes alone do not filter them
--- config
    location = /hook {
        slack_route acme {
            branches protected;
        }
    }
--- hook
merge_request_open.json => 202 queued merge_request
push_many.json          => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== merge requests: a class beside a pattern counts
--- config
    location = /hook {
        slack_route acme {
            branches default release/*;
        }
    }
--- hook
merge_request_open.json => 202 queued merge_request
--- no_error_log
[error]
[alert]
[crit]



=== merge requests: protected beside a pattern, by protected_branches
--- config
    location = /hook {
        slack_route acme {
            branches protected release/*;
            protected_branches main;
        }
    }
--- hook
merge_request_open.json => 202 queued merge_request
--- no_error_log
[error]
[alert]
[crit]
