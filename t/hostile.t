use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: push
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request eval
["POST /hook\n" . SlackTest::payload('hostile.json'),
 "GET /_slack/_received?wait=1&timeout=10",
 "GET /_slack/_requests"]
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200, 200]
--- response_body_like eval
[qr/^\{"status":"queued","event":"push","messages":1,/,
 qr/^\[\{(?=.*"pings":\[\])(?!.*<!)(?!.*<@).*\}\]$/s,
 qr/^(?!.*"status":[345]).*"status":200/s]
--- timeout: 20s
--- no_error_log
[error]
[alert]



=== TEST 2: issue
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request eval
["POST /hook\n" . SlackTest::payload('hostile_issue.json'),
 "GET /_slack/_received?wait=1&timeout=10",
 "GET /_slack/_requests"]
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200, 200]
--- response_body_like eval
[qr/^\{"status":"queued","event":"issue","messages":1,/,
 qr/^\[\{(?=.*"pings":\[\])(?!.*<!)(?!.*<@).*\}\]$/s,
 qr/^(?!.*"status":[345]).*"status":200/s]
--- timeout: 20s
--- no_error_log
[error]
[alert]



=== TEST 3: merge_request
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request eval
["POST /hook\n" . SlackTest::payload('hostile_mr.json'),
 "GET /_slack/_received?wait=1&timeout=10",
 "GET /_slack/_requests"]
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200, 200]
--- response_body_like eval
[qr/^\{"status":"queued","event":"merge_request","messages":1,/,
 qr/^\[\{(?=.*"pings":\[\])(?!.*<!)(?!.*<@).*\}\]$/s,
 qr/^(?!.*"status":[345]).*"status":200/s]
--- timeout: 20s
--- no_error_log
[error]
[alert]



=== TEST 4: note
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request eval
["POST /hook\n" . SlackTest::payload('hostile_note.json'),
 "GET /_slack/_received?wait=1&timeout=10",
 "GET /_slack/_requests"]
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200, 200]
--- response_body_like eval
[qr/^\{"status":"queued","event":"note","messages":1,/,
 qr/^\[\{(?=.*"pings":\[\])(?!.*<!)(?!.*<@).*\}\]$/s,
 qr/^(?!.*"status":[345]).*"status":200/s]
--- timeout: 20s
--- no_error_log
[error]
[alert]



=== TEST 5: pipeline
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request eval
["POST /hook\n" . SlackTest::payload('hostile_pipeline.json'),
 "GET /_slack/_received?wait=1&timeout=10",
 "GET /_slack/_requests"]
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200, 200]
--- response_body_like eval
[qr/^\{"status":"queued","event":"pipeline","messages":1,/,
 qr/^\[\{(?=.*"pings":\[\])(?!.*<!)(?!.*<@).*\}\]$/s,
 qr/^(?!.*"status":[345]).*"status":200/s]
--- timeout: 20s
--- no_error_log
[error]
[alert]



=== TEST 6: wiki_page
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request eval
["POST /hook\n" . SlackTest::payload('hostile_wiki.json'),
 "GET /_slack/_received?wait=1&timeout=10",
 "GET /_slack/_requests"]
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200, 200]
--- response_body_like eval
[qr/^\{"status":"queued","event":"wiki_page","messages":1,/,
 qr/^\[\{(?=.*"pings":\[\])(?!.*<!)(?!.*<@).*\}\]$/s,
 qr/^(?!.*"status":[345]).*"status":200/s]
--- timeout: 20s
--- no_error_log
[error]
[alert]



=== TEST 7: deployment
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request eval
["POST /hook\n" . SlackTest::payload('hostile_deployment.json'),
 "GET /_slack/_received?wait=1&timeout=10",
 "GET /_slack/_requests"]
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200, 200]
--- response_body_like eval
[qr/^\{"status":"queued","event":"deployment","messages":1,/,
 qr/^\[\{(?=.*"pings":\[\])(?!.*<!)(?!.*<@).*\}\]$/s,
 qr/^(?!.*"status":[345]).*"status":200/s]
--- timeout: 20s
--- no_error_log
[error]
[alert]



=== TEST 8: alert
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request eval
["POST /hook\n" . SlackTest::payload('hostile_alert.json'),
 "GET /_slack/_received?wait=1&timeout=10",
 "GET /_slack/_requests"]
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200, 200]
--- response_body_like eval
[qr/^\{"status":"queued","event":"alert","messages":1,/,
 qr/^\[\{(?=.*"pings":\[\])(?!.*<!)(?!.*<@).*\}\]$/s,
 qr/^(?!.*"status":[345]).*"status":200/s]
--- timeout: 20s
--- no_error_log
[error]
[alert]
