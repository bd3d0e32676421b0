# The answers to the sender: each code, its headers and its object.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== 202, with the number of messages and the id of the first
--- config
    location = /hook {
        slack_notify acme dev,ops;
        slack_notify acme ops;
    }
--- request eval
"POST /hook\n" . SlackTest::payload('push.json')
--- more_headers
X-Gitlab-Event: Push Hook
Content-Type: application/json
--- error_code: 202
--- response_headers
Content-Type: application/json
! Retry-After
! Allow
--- response_body_like
^\{"status":"queued","event":"push","messages":2,"id":[1-9][0-9]*\}$
--- no_error_log
[error]
[alert]



=== 200 filtered, with the filter that said no, each time
--- config
    location = /events {
        slack_route acme {
            events pipeline;
        }
    }

    location = /action {
        slack_route acme {
            events push:create;
        }
    }

    location = /branches {
        slack_route acme {
            branches release/*;
        }
    }

    location = /users {
        slack_route acme {
            users nobody;
        }
    }

    location = /projects {
        slack_route acme {
            projects other/*;
        }
    }

    location = /paths {
        slack_route acme {
            paths *.none;
        }
    }

    location = /labels {
        slack_route acme {
            labels any "no such label";
        }
    }

    location = /match {
        slack_route acme {
            match object_kind tag_push;
        }
    }

    location = /pipelines {
        slack_route acme {
            pipelines broken;
        }
    }

    location = /if {
        slack_route acme if=$arg_none {
        }
    }

    location = /furthest {
        slack_route acme {
            events pipeline;
        }
        slack_route acme {
            branches release/*;
        }
    }
--- hook
/events    push.json             => 200 filtered: events
/action    push.json             => 200 filtered push: action
/branches  push.json             => 200 filtered push: branches
/users     push.json             => 200 filtered push: users
/projects  push.json             => 200 filtered push: projects
/paths     push.json             => 200 filtered push: paths
/labels    issue_open.json       => 200 filtered issue: labels
/match     push.json             => 200 filtered push: match
/pipelines pipeline_success.json => 200 filtered pipeline: pipelines
/if        push.json             => 200 filtered push: if
/furthest  push.json             => 200 filtered push: branches
/events    issue_open.json       => 200 filtered: events
/users     issue_open.json       => 200 filtered issue: users
/labels    issue_open.json       => 200 filtered issue: labels
/if        issue_open.json       => 200 filtered issue: if
/users     push.json             => 200 filtered push: users
/events    push.json             => 200 filtered: events
/pipelines pipeline_success.json => 200 filtered pipeline: pipelines
/action    push.json             => 200 filtered push: action
/if        push.json             => 200 filtered push: if
--- slack
--- no_error_log
[error]
[alert]



=== 200 duplicate, by the id of the delivery, in each location
--- config
    location = /hook {
        slack_notify acme;
    }
    location = /other {
        slack_notify acme;
    }
--- hook
/hook  push.json | Idempotency-Key: 1b671a64-40d5-491e-99b0-da01ff1f3341 => 202 queued push
/hook  push.json | Idempotency-Key: 1b671a64-40d5-491e-99b0-da01ff1f3341 => 200 duplicate push
/other push.json | Idempotency-Key: 1b671a64-40d5-491e-99b0-da01ff1f3341 => 202 queued push
/other push.json | Idempotency-Key: 1b671a64-40d5-491e-99b0-da01ff1f3341 => 200 duplicate push
/hook  push.json | Idempotency-Key: 2b671a64-40d5-491e-99b0-da01ff1f3341 => 202 queued push
/hook  push.json => 202 queued push
/hook  push.json => 202 queued push
--- slack_like
\A(?:#general as GitLab\n(?:.+\n)+\n*){5}\z
--- slack_wait
5
--- no_error_log
[error]
[alert]



=== the id of a duplicate is that of what was stored
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
[("POST /hook\n" . SlackTest::payload('push.json')) x 3]
--- more_headers
X-Gitlab-Event: Push Hook
Idempotency-Key: 1b671a64-40d5-491e-99b0-da01ff1f3341
--- error_code eval
[202, 200, 200]
--- response_body_like eval
my $id;
[qr/\A\{"status":"queued","event":"push","messages":1,"id":([0-9]+)(?{ $id = $^N })\}\n\z/, (qr/\A\{"status":"duplicate","event":"push","id":((??{ $id }))\}\n\z/) x 2]
--- no_error_log
[error]
[alert]



=== 200 ignored: what nobody is told of
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
system_repository_update.json => 200 ignored: repository_update
system_user_failed_login.json => 200 ignored: user_failed_login
note_system.json              => 200 ignored note: system note
--- slack
--- no_error_log
[error]
[alert]



=== 200 ignored: JSON that is no event
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
[map { "POST /hook\n$_" } '{}', '[]', '1', '"text"', 'null', '[{"object_kind":"push"}]', '{"object_kind":"surprise"}', '{"object_kind":null}', '{"object_kind":{"push":1}}', '{"object_kind":"a\"b\\\\c\u0001</script>\u00e9"}', '{"object_kind":"' . 'x' x 1000 . '"}']
--- error_code eval
[(200) x 11]
--- response_body_like eval
['"reason":"unknown', '"reason":"unknown', '"reason":"unknown', '"reason":"unknown', '"reason":"unknown', '"reason":"unknown', '\{"status":"ignored","reason":"surprise"\}', '"reason":"unknown', '"reason":"unknown', '^\{"status":"ignored","reason":"a\\\\"b\\\\\\\\c</script>é"\}$', '"reason":"x{1,200}']
--- no_error_log
[error]
[alert]



=== 400 empty
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
["POST /hook", "POST /hook", "POST /hook\npayload="]
--- more_headers eval
["", "Content-Type: application/json", "Content-Type: application/x-www-form-urlencoded"]
--- error_code eval
[400, 400, 400]
--- response_body eval
[("{\"status\":\"rejected\",\"reason\":\"body is empty\"}\n") x 3]
--- response_headers eval
[("Content-Type: application/json") x 3]
--- no_error_log
[error]
[alert]



=== 400 not JSON: the place, never the content
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
[map { "POST /hook\n$_" } 'hidden', '{"hidden" 1}', '{"hidden":tru}', '[1,]', '{"object_kind":"hidden"}}', '{"object_kind":"hidden"} {}', "{'hidden':1}", '<xml>hidden</xml>', "{\"hidden\":\"a\nb\"}", "\xef\xbb\xbf\xef\xbb\xbf{}"]
--- error_code eval
[(400) x 10]
--- response_body_like eval
[map { "\\A\\{\"status\":\"rejected\",\"reason\":\"body is not JSON at byte $_\"\\}\n\\z" } '[0-2]', '1[01]', '1[0-4]', '[34]', '2[45]', '2[56]', '[12]', '[01]', '1[0-5]', '[3-6]']
--- no_error_log
[error]
[alert]



=== 400 truncated
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
my $body = SlackTest::payload('push.json');
[map { "POST /hook\n" . substr $body, 0, $_ } 1, 100, 1001, -2 + length $body]
--- error_code eval
[(400) x 4]
--- response_body eval
my $length = -2 + length SlackTest::payload('push.json');
[map { "{\"status\":\"rejected\",\"reason\":\"body ends early at byte $_\"}\n" } 1, 100, 1001, $length]
--- no_error_log
[error]
[alert]



=== 400 nested too deep
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
["POST /hook\n" . '[' x 64 . ']' x 64, "POST /hook\n" . '[' x 65, "POST /hook\n" . '[' x 1000000, "POST /hook\n" . '{"a":' x 100000 . '1' . '}' x 100000]
--- error_code eval
[200, 400, 400, 400]
--- response_body_like eval
['"status":"ignored"', '"body is nested too deep at byte 65"', '"body is nested too deep at byte 65"', '"body is nested too deep at byte [0-9]+"']
--- no_error_log
[error]
[alert]



=== 400 a number without end
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
["POST /hook\n{\"a\":" . '1' x 1024 . '}', "POST /hook\n{\"a\":" . '1' x 1025 . '}', "POST /hook\n{\"a\":" . '1' x 100000 . '}']
--- error_code eval
[200, 400, 400]
--- response_body_like eval
['"ignored"', '"body has a number that is too long at byte [0-9]+"', '"body has a number that is too long at byte [0-9]+"']
--- no_error_log
[error]
[alert]



=== 405, with Allow
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
["GET /hook", "PUT /hook\n{}", "DELETE /hook", "PATCH /hook\n{}", "OPTIONS /hook", "HEAD /hook"]
--- error_code eval
[(405) x 6]
--- response_headers eval
[("Allow: POST\nContent-Type: application/json") x 6]
--- response_body eval
[("{\"status\":\"rejected\",\"reason\":\"method is not POST\"}\n") x 5, ""]
--- no_error_log
[error]
[alert]



=== 405 comes before a wrong token
--- config
    location = /hook {
        slack_secret one;
        slack_notify acme;
    }
--- request
GET /hook
--- error_code: 405
--- no_error_log
[error]
[alert]



=== 413
--- config
    location = /hook {
        client_max_body_size 2k;
        slack_notify acme;
    }
--- request eval
my $body = SlackTest::payload('push.json');
["POST /hook\n$body", "POST /hook\n" . sprintf("%x\r\n%s\r\n0\r\n\r\n", length $body, $body), "POST /hook\n{}"]
--- more_headers eval
["", "Transfer-Encoding: chunked", ""]
--- error_code eval
[413, 413, 200]
--- no_error_log
[alert]
[crit]



=== 415, neither JSON nor a form with payload=
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
[("POST /hook\n{\"object_kind\":\"push\"}") x 6, "POST /hook\npaylod=%7B%7D&other=1", "POST /hook"]
--- more_headers eval
["Content-Type: text/plain", "Content-Type: application/xml; charset=json", "Content-Type: multipart/form-data; boundary=x", "Content-Type: application/jsonp", "Content-Type: json", "Content-Type: application/x-www-form-urlencoded", "Content-Type: application/x-www-form-urlencoded", "Content-Type: application/x-www-form-urlencoded"]
--- error_code eval
[(415) x 8]
--- response_body eval
[("{\"status\":\"rejected\",\"reason\":\"neither JSON nor a form\"}\n") x 5, ("{\"status\":\"rejected\",\"reason\":\"form without payload\"}\n") x 3]
--- response_headers eval
[("Content-Type: application/json") x 8]
--- no_error_log
[error]
[alert]



=== what is JSON
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
[("POST /hook\n{\"object_kind\":\"surprise\"}") x 6]
--- more_headers eval
["", "Content-Type: application/json", "Content-Type: Application/JSON", "Content-Type: application/json; charset=utf-8", "Content-Type: application/json ;charset=utf-8", "Content-Type: application/vnd.gitlab+json"]
--- error_code eval
[(200) x 6]
--- response_body eval
[("{\"status\":\"ignored\",\"reason\":\"surprise\"}\n") x 6]
--- no_error_log
[error]
[alert]



=== 503 when the outbox is full
--- outbox
max=1
--- config
    location = /hook {
        slack_notify acme dev,ops;
    }
    location = /one {
        slack_notify acme dev;
    }
--- request eval
[map { "POST $_\n" . SlackTest::payload('push.json') } '/hook', '/one']
--- error_code eval
[503, 202]
--- response_headers eval
["Retry-After: 30\nContent-Type: application/json", "! Retry-After"]
--- response_body_like eval
['\A\{"status":"error","reason":"outbox is full","event":"push"\}\n\z', 'queued']
--- no_error_log
[alert]
[crit]



=== 503 when the outbox is broken, and nothing else is
--- http_config
    slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/html/outbox/bad.db;
--- config
    location = /hook {
        slack_notify acme;
    }
    location = /other {
        return 200 "other\n";
    }
--- user_files
>>> outbox/bad.db-wal/file
--- request eval
["POST /hook\n" . SlackTest::payload('push.json'), "POST /hook\n" . SlackTest::payload('push.json'), "GET /other", "POST /hook\n{"]
--- error_code eval
[503, 503, 200, 400]
--- response_headers eval
["Retry-After: 30\nContent-Type: application/json", "Retry-After: 30", "! Retry-After", "! Retry-After"]
--- response_body_like eval
['\A\{"status":"error","reason":"outbox is failing","event":"push"\}\n\z', 'outbox is failing', '\Aother\n\z', 'ends early']
--- no_error_log
[alert]



=== never 5xx because Slack is down
--- workspace
        webhook_url http://127.0.0.1:1/services/T0/B0/x;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
push.json
--- no_error_log
[alert]
[crit]
