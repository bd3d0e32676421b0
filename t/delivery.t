use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== 429 holds the channel for Retry-After and counts as no attempt
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- faults
["429:slow down;Retry-After: 1"]
--- hook
wiki_create.json
--- slack_like
^#dev as GitLab$
--- slack_wait: 1
--- log_like
channel "#dev": too fast for Slack, HTTP 429
--- no_error_log
[error]
[alert]
dead letter



=== no post comes before Retry-After is over
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        coalesce 1;
--- faults
["429:slow down;Retry-After: 1"]
--- request eval
["POST /hook\n" . SlackTest::payload('wiki_create.json'),
 "POST /hook\n" . SlackTest::payload('wiki_update.json'),
 "GET /_slack/_received.txt?wait=2&timeout=10",
 "GET /_slack/_requests"]
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 202, 200, 200]
--- response_body_like eval
[qr/queued/, qr/queued/, qr/created.*edited/s, qr/^(?!.*"early":(?!null|0,)[1-9])/s]
--- timeout: 15s
--- no_error_log
[alert]



=== 500 is tried again
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        retry 100ms 1s;
--- faults
["500:rollup_error", "503:", "408:"]
--- hook
wiki_create.json
--- slack_like
^#dev as GitLab$
--- slack_wait: 1
--- no_error_log
[alert]
dead letter



=== a reset connection is tried again
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        retry 100ms 1s;
--- faults
["reset", "garbage", "truncated"]
--- hook
wiki_create.json
--- slack_like
^#dev as GitLab$
--- slack_wait: 1
--- no_error_log
[alert]
dead letter



=== content that Slack refuses is a dead letter and blocks nothing
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        coalesce 1;
--- faults
["400:invalid_blocks"]
--- hook
wiki_create.json
wiki_update.json
--- slack_like
edited
--- slack_wait: 1
--- log_like
is a dead letter, HTTP 400 "invalid_blocks"
--- no_error_log
[alert]



=== an unknown refusal is a dead letter, with Slack's words made safe
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- faults
["418:I\u0001 am\na \"teapot\""]
--- hook
wiki_create.json
wiki_update.json
--- slack_like
edited
--- slack_wait: 1
--- log_like
is a dead letter, HTTP 418 "I
--- no_error_log
[alert]



=== an archived channel is suspended, others are not held up
--- config
    location = /hook {
        slack_notify acme archived,dev;
    }
--- hook
wiki_create.json => 202 queued wiki_page: 2
--- slack_like
^#dev as GitLab$
--- slack_wait: 1
--- log_like
channel_is_archived
--- no_error_log
[alert]
dead letter



=== a revoked webhook: one loud line with what to do, no secret in it
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval
"        webhook_url \$SLACK/services/\$SLACK_TEAM/B1/revoked legacy;\n"
--- hook
wiki_create.json => 202 queued wiki_page
--- log_like
slack_workspace "acme"
no_service
--- no_error_log
/revoked
dead letter
[alert]



=== order per channel is kept over a failure
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        retry 100ms 1s;
        coalesce 1;
--- faults
["500:oops"]
--- hook
wiki_create.json
wiki_update.json
wiki_delete.json
--- slack_like
(?s)created.*edited.*deleted
--- slack_wait: 3
--- no_error_log
[alert]



=== events that wait for the rate share a message
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        rate 10r/m;
--- hook
wiki_create.json
wiki_update.json
wiki_delete.json
--- slack_like
(?s)\A#dev as GitLab\n[^\n]*created.*\n#dev as GitLab\n[^\n]*edited[^#]*deleted
--- slack_wait: 2
--- no_error_log
[alert]
[error]



=== coalesce 1 shares nothing
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        rate 20r/s;
        coalesce 1;
--- hook
wiki_create.json
wiki_update.json
wiki_delete.json
--- slack_like
(?s)#dev.*created.*#dev.*edited.*#dev.*deleted
--- slack_wait: 3
--- no_error_log
[alert]
[error]



=== refused connections are tried again, the log says so
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        webhook_url http://127.0.0.1:$TEST_NGINX_RAND_PORT_1/services/T/B/verysecret legacy;
        retry 100ms 1s;
--- hook
wiki_create.json => 202 queued wiki_page
--- log_like
slack_workspace "acme"
refused
--- no_error_log
verysecret
dead letter
[alert]



=== redirects are not followed
--- config
    location = /hook {
        slack_notify acme dev;
    }
    location = /elsewhere {
        return 200 ok;
    }
--- workspace
        retry 100ms 1s;
        coalesce 1;
--- faults
["redirect:http://127.0.0.1:1/elsewhere"]
--- hook
wiki_create.json
wiki_update.json
--- slack_like
(?s)cold start.*hot run
--- slack_wait: 2
--- no_error_log
[alert]



=== on_ambiguous drop: a message Slack may have is not sent twice
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        on_ambiguous drop;
--- faults
["reset-after"]
--- hook
wiki_create.json
wiki_update.json
--- slack_like
(?s)\A(?!.*cold start.*cold start).*hot run
--- slack_wait: 2
--- log_like
dead letter
--- no_error_log
[alert]



=== on_ambiguous retry: it may be doubled, it is not lost
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        retry 100ms 1s;
--- faults
["reset-after"]
--- hook
wiki_create.json
--- slack_like
(?s)cold start.*cold start
--- slack_wait: 2
--- no_error_log
dead letter
[alert]



=== a body of megabytes is no answer of Slack and does no harm
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        retry 100ms 1s;
--- faults
["huge:5000000"]
--- hook
wiki_create.json
wiki_update.json
--- slack_like
created
edited
--- slack_wait: 2
--- log_like
this is not an answer of Slack, check webhook_url; messages of all its channels wait
the webhook works again
--- no_error_log
[alert]



=== older than for=: a dead letter
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        webhook_url http://127.0.0.1:$TEST_NGINX_RAND_PORT_1/services/T/B/verysecret legacy;
        retry 100ms 100ms for=1s;
--- hook
wiki_create.json => 202 queued wiki_page
--- log_like
dead letter
--- no_error_log
[alert]
