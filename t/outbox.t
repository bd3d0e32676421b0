# slack_outbox: its parameters, and where its file is made.

use strict;
use warnings;

use lib 't/util';

use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== all parameters
--- outbox
max=10 keep_sent=30m keep_failed=1w dedup=2h sync=normal
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json => 202 queued push
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== sync=full
--- outbox
sync=full
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab$



=== a relative path, its directory is made
--- http_config
slack_outbox sqlite:outbox_temp/relative.db;
--- config
    location = /hook {
        slack_notify acme;
    }
    location = /file {
        alias $TEST_NGINX_SERVER_ROOT/outbox_temp/relative.db;
    }
--- request eval
["POST /hook\n" . SlackTest::payload("push.json"), "GET /file"]
--- more_headers
Content-Type: application/json
X-Gitlab-Event: Push Hook
--- error_code eval
[202, 200]
--- response_body_like eval
[qr/queued/, qr/^SQLite format 3/]



=== no slack_outbox: a directory beside that of client bodies
--- outbox
default
--- http_config
    client_body_temp_path $TEST_NGINX_SERVER_ROOT/html/bodies;
--- config
    location = /hook {
        slack_notify acme;
    }
    location = /file {
        alias $TEST_NGINX_SERVER_ROOT/html/slack/outbox.db;
    }
--- request eval
["POST /hook\n" . SlackTest::payload("push.json"), "GET /file"]
--- more_headers
Content-Type: application/json
X-Gitlab-Event: Push Hook
--- error_code eval
[202, 200]
--- response_body_like eval
[qr/queued/, qr/^SQLite format 3/]
--- no_error_log
[error]
[alert]
[crit]



=== max: all messages of an event or none
--- outbox
max=1
--- config
    location = /hook {
        slack_notify acme dev,builds;
    }
--- hook
push.json => 503 error push: outbox is full



=== as much as there may be
--- outbox
max=100000000 keep_sent=10y keep_failed=3650d dedup=315360000s
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]
