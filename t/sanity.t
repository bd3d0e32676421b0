# The module loads, leaves alone what has nothing to do with it, and answers.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== a location without our directives
--- config
    location = /other {
        return 200 "other\n";
    }
--- request
GET /other
--- response_body
other
--- no_error_log
[error]
[alert]



=== an event is stored and delivered
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push.json => 202 queued push
--- slack_like
^#dev as GitLab$
--- slack_wait
1
--- no_error_log
[error]
[alert]



=== nothing of ours in the configuration
--- plain
--- config
    location = /other {
        return 200 "other\n";
    }
--- request
GET /other
--- response_body
other
--- no_error_log eval
# a worker that a reload ended may still tell of its last task
[qr/\[(?:error|alert)\]/, qr/^(?!.*\[debug\]).*slack/]



=== a workspace and no route
--- config
    location = /other {
        return 200 "other\n";
    }
--- request
POST /other
{}
--- response_body
other
--- no_error_log
[error]
[alert]
slack notify



=== a location that inherits routes still serves its files
--- config
    slack_notify acme;

    location /files/ {
    }
--- user_files
>>> files/a.txt
a file
--- request
GET /files/a.txt
--- response_body
a file
--- no_error_log
[error]
[alert]



=== slack_notify off
--- config
    slack_notify acme;

    location = /off {
        slack_notify off;
        return 200 "off\n";
    }

    location /files/ {
        slack_notify off;
    }
--- user_files
>>> files/a.txt
a file
--- request eval
["POST /off\n{}", "POST /files/a.txt\n{}"]
--- error_code eval
[200, 405]
--- response_body_like eval
["^off\n\\z", "405 Not Allowed"]
--- no_error_log
[error]
[alert]
slack notify



=== many events on one connection
--- config
    location = /hook {
        slack_notify acme;
    }
--- pipelined_requests eval
[map { "POST /hook\n" . SlackTest::payload('push_1k.json') } 1 .. 20]
--- more_headers
X-Gitlab-Event: Push Hook
Content-Type: application/json
--- error_code eval
[(202) x 20]
--- response_body_like eval
[("^\\{\"status\":\"queued\",\"event\":\"push\",\"messages\":1,\"id\":[1-9][0-9]*\\}\n\\z") x 20]
--- no_error_log
[error]
[alert]
