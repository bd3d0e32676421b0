use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== true and false, as with access_log
--- config
    location = /1 {
        slack_notify acme "if=1";
    }

    location = /2 {
        slack_notify acme "if=no";
    }

    location = /3 {
        slack_notify acme "if=00";
    }

    location = /4 {
        slack_notify acme "if= ";
    }

    location = /5 {
        slack_notify acme "if=0";
    }

    location = /6 {
        slack_notify acme "if=$arg_empty";
    }

    location = /7 {
        slack_notify acme "if=$arg_empty$arg_empty";
    }
--- hook
/1 push.json => 202 queued push
/2 push.json => 202 queued push
/3 push.json => 202 queued push
/4 push.json => 202 queued push
/5 push.json => 200 filtered push: if
/6 push.json => 200 filtered push: if
/7 push.json => 200 filtered push: if
--- no_error_log
[error]
[alert]
[crit]



=== variables of the request
--- config
    location = /hook {
        slack_notify acme dev if=$arg_slack;
    }
--- hook
/hook?slack=1 push.json => 202 queued push
/hook?slack=0 push.json => 200 filtered push: if
/hook push.json         => 200 filtered push: if
--- slack_like
^#dev as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== variables of the event
--- http_config
    map $slack_event:$slack_user:$slack_branch $by_map {
        push:mokafor:main           1;
        ~^merge_request:tlind:      1;
        default                     0;
    }
--- config
    location = /hook {
        slack_route acme if=$by_map {
            channel dev;
        }
    }
--- hook
push.json                => 202 queued push
push_many.json           => 200 filtered push: if
merge_request_open.json  => 202 queued merge_request
merge_request_merge.json => 200 filtered merge_request: if
--- slack_wait: 2
--- slack_like
^#dev as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== fields of the payload
--- http_config
    map $slack_json_object_attributes__target_branch $to_main {
        main     yes;
    }
--- config
    location = /hook {
        slack_notify acme if=$to_main$slack_json_checkout_sha;
    }
--- hook
merge_request_open.json => 202 queued merge_request
push.json               => 202 queued push
issue_open.json         => 200 filtered issue: if
--- no_error_log
[error]
[alert]
[crit]



=== title, action, project and address
--- http_config
    map "$slack_project|$slack_action|$slack_title|$slack_url" $wanted {
        ~^acme/rocket\|open\|.*gauge.*\|https://gitlab\.example\.com/acme/rocket/-/merge_requests/    1;
    }
--- config
    location = /hook {
        slack_notify acme if=$wanted;
    }
--- hook
merge_request_open.json       => 202 queued merge_request
merge_request_draft_open.json => 200 filtered merge_request: if
merge_request_close.json      => 200 filtered merge_request: if
--- no_error_log
[error]
[alert]
[crit]



=== each route has its own
--- config
    location = /hook {
        slack_route acme if=$arg_a {
            channel a;
        }

        slack_route acme if=$arg_b {
            channel b;
            events issue;
        }

        slack_notify acme c if=$arg_c;
    }
--- hook
/hook?a=1&c=1 push.json   => 202 queued push: 2
/hook?b=1 push.json       => 200 filtered push: if
/hook?b=1 issue_open.json => 202 queued issue
--- slack_wait: 3
--- slack_like
^#a as GitLab$
^#b as GitLab$
^#c as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== what filters refuse is not asked
--- config
    location = /hook {
        slack_route acme if=$arg_a {
            events issue;
        }
    }
--- hook
/hook push.json => 200 filtered: events
--- no_error_log
[error]
[alert]
[crit]



=== in http
--- http_config
    slack_notify acme http if=$arg_a;
--- config
    location = /hook {

    }
--- hook
/hook?a=1 push.json => 202 queued push
/hook push.json     => 200 filtered push: if
--- slack_like
^#http as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== in a server
--- config
    slack_route acme if=$arg_a {
        channel server;
    }

    location = /hook {

    }
--- hook
/hook?a=1 push.json => 202 queued push
/hook push.json     => 200 filtered push: if
--- slack_like
^#server as GitLab$
--- no_error_log
[error]
[alert]
[crit]
