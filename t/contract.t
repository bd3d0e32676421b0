use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== queued, filtered, ignored
--- config
    location = /hook {
        slack_route acme {
            events push wiki_page:delete;
        }
    }
--- hook
push.json                                            => 202 queued push
wiki_create.json                                     => 200 filtered wiki_page: action
job.json                                             => 200 filtered: events
system_key_create.json | X-Gitlab-Event: System Hook => 200 ignored: key_create
--- no_error_log
[error]
[alert]



=== a delivery that came before is stored once
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
wiki_create.json | Idempotency-Key: 5f0c-1 => 202 queued wiki_page
wiki_create.json | Idempotency-Key: 5f0c-1 => 200 duplicate wiki_page
wiki_update.json | Idempotency-Key: 5f0c-2 => 202 queued wiki_page
--- slack_like
(?s)\A(?!.*cold start.*cold start).*hot run
--- slack_wait: 2
--- no_error_log
[error]
[alert]



=== 405 names the method
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request
GET /hook
--- error_code: 405
--- response_headers
Allow: POST
Content-Type: application/json
--- response_body
{"status":"rejected","reason":"method is not POST"}



=== 415
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request
POST /hook
payload
--- more_headers
Content-Type: text/plain
--- error_code: 415
--- response_body
{"status":"rejected","reason":"neither JSON nor a form"}



=== a form without payload
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request
POST /hook
load=%7B%7D&pay=1
--- more_headers
Content-Type: application/x-www-form-urlencoded
--- error_code: 415
--- response_body
{"status":"rejected","reason":"form without payload"}



=== a form with payload
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request eval
(my $body = SlackTest::payload('wiki_create.json')) =~ s/([^A-Za-z0-9 ])/sprintf '%%%02x', ord $1/ge;
$body =~ tr/ /+/;
["POST /hook\na=1&payload=$body&payload=2", "GET /_slack/_received.txt?wait=1&timeout=10"]
--- more_headers
Content-Type: application/x-www-form-urlencoded; charset=utf-8
--- error_code eval
[202, 200]
--- response_body_like eval
[qr/queued/, qr/cold start figures/]
--- timeout: 15s



=== an empty body
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request
POST /hook
--- more_headers
Content-Type: application/json
--- error_code: 400
--- response_body
{"status":"rejected","reason":"body is empty"}



=== not JSON: the position, never the content
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request
POST /hook
{"object_kind":"push", sesame}
--- more_headers
Content-Type: application/json
--- error_code: 400
--- response_body_like chomp
^\{"status":"rejected","reason":"body is not JSON at byte [0-9]+"\}$
--- response_body_unlike
sesame
--- no_error_log
[alert]
reason sesame



=== nested too deep
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request eval
"POST /hook\n" . '[' x 5000
--- more_headers
Content-Type: application/json
--- error_code: 400
--- response_body_like chomp
nested too deep



=== cut off
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request eval
"POST /hook\n" . substr SlackTest::payload('push.json'), 0, 2000
--- more_headers
Content-Type: application/json
--- error_code: 400
--- response_body_like chomp
rejected



=== a full outbox: 503, nothing of the event is stored
--- config
    location = /hook {
        slack_notify acme a,b;
    }
--- workspace
        webhook_url http://127.0.0.1:$TEST_NGINX_RAND_PORT_1/services/T/B/x legacy;
        retry 1h 1h;
--- outbox: max=3
--- hook
wiki_create.json => 202 queued wiki_page: 2
wiki_update.json => 503 error wiki_page: outbox is full
--- no_error_log
[alert]
[crit]



=== 503 tells when to come back
--- config
    location = /hook {
        slack_notify acme a,b;
    }
--- outbox: max=1
--- request eval
"POST /hook\n" . SlackTest::payload('wiki_create.json')
--- more_headers
Content-Type: application/json
--- error_code: 503
--- response_headers_like
Retry-After: [0-9]+



=== tokens: right, second one, wrong, none
--- config
    location = /hook {
        slack_secret open-sesame;
        slack_secret 'a second one';
        slack_notify acme dev;
    }
--- hook
wiki_create.json | X-Gitlab-Token: open-sesame  => 202 queued wiki_page
wiki_create.json | X-Gitlab-Token: a second one => 202 queued wiki_page
wiki_create.json | X-Gitlab-Token: open-sesamE  => 401 rejected: unauthorized
wiki_create.json                                => 401 rejected: unauthorized
--- no_error_log
[alert]



=== a token sent twice fails
--- config
    location = /hook {
        slack_secret open-sesame;
        slack_notify acme dev;
    }
--- raw_request eval
my $body = SlackTest::payload('wiki_create.json');
"POST /hook HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nX-Gitlab-Token: open-sesame\r\nX-Gitlab-Token: open-sesame\r\nContent-Length: " . length($body) . "\r\n\r\n$body"
--- error_code: 401
--- error_log
request refused, X-Gitlab-Token was sent twice
--- no_error_log
[alert]



=== signed requests: right, one of several, wrong, too old
--- config
    location = /hook {
        slack_secret whsec_c2VzYW1lLXNlc2FtZS1zZXNhbWU=;
        slack_notify acme dev;
    }
--- request eval
use Digest::SHA qw(hmac_sha256_base64);
@main::headers = ();
my $body = SlackTest::payload('wiki_create.json');
my $sign = sub { my ($id, $t) = @_; my $s = hmac_sha256_base64("$id.$t.$body", 'sesame-sesame-sesame'); $s .= '=' while length($s) % 4; "v1,$s" };
my $now = time;
my $h = sub { my ($id, $t, $s) = @_; push @main::headers, "Content-Type: application/json\nwebhook-id: $id\nwebhook-timestamp: $t\nwebhook-signature: $s" };
my $bad = 'v1,' . ('A' x 43) . '=';
$h->('id1', $now, $sign->('id1', $now));
$h->('id2', $now, "v2,abc $bad " . $sign->('id2', $now));
$h->('id3', $now, $bad);
$h->('id4', $now - 400, $sign->('id4', $now - 400));
$h->('id5', $now, $sign->('id6', $now));
$h->('id1', $now, $sign->('id1', $now));
[ ("POST /hook\n$body") x 6 ]
--- more_headers eval
\@main::headers
--- error_code eval
[202, 202, 401, 401, 401, 200]
--- response_body_like eval
[qr/queued/, qr/queued/, qr/unauthorized/, qr/unauthorized/, qr/unauthorized/, qr/duplicate/]
--- no_error_log
[alert]
sesame-sesame



=== a tap passes the body on untouched and stores the event once
--- http_config
    server {
        listen 127.0.0.1:$TEST_NGINX_RAND_PORT_2;
        location / {
            client_body_in_single_buffer on;
            client_body_buffer_size 64k;
            proxy_pass http://127.0.0.1:$TEST_NGINX_RAND_PORT_3;
        }
    }
    server {
        listen 127.0.0.1:$TEST_NGINX_RAND_PORT_3;
        location / {
            add_header X-Length $content_length;
            return 200 "upstream $request_method $content_length\n";
        }
    }
--- config
    location = /hook {
        slack_notify acme dev;
        proxy_pass http://127.0.0.1:$TEST_NGINX_RAND_PORT_2;
    }
--- hook
push.json     => 200 upstream POST 3875
push_30k.json => 200 upstream POST 29117
job.json      => 200 upstream POST 2558
--- slack_like
(?s)pushed to branch.*pushed to branch
--- slack_wait: 1
--- no_error_log
[error]
[alert]



=== a chunked body, keep-alive
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request eval
my $body = SlackTest::payload('push_30k.json');
my $chunks = CORE::join '', map { sprintf "%x\r\n%s\r\n", length $_, $_ } $body =~ m/(.{1,97})/gs;
"POST /hook\n${chunks}0\r\n\r\n"
--- more_headers
Content-Type: application/json
Transfer-Encoding: chunked
--- error_code: 202
--- response_body_like chomp
queued
--- no_error_log
[error]
[alert]
a client request body is buffered to a temporary file



=== variables in the log
--- http_config
    log_format slack '$slack_status|$slack_reason|$slack_messages|$slack_event|$slack_action|$slack_project|$slack_user|$slack_branch|$slack_json_object_kind|$slack_json_commits__author__name';
--- config
    location = /hook {
        slack_notify acme dev;
        access_log logs/access.log slack;
    }
--- request eval
"POST /hook\n" . SlackTest::payload('push.json')
--- more_headers
Content-Type: application/json
--- error_code: 202
--- access_log
queued|-|1|push|update|acme/rocket|mokafor|main|push|Tomasz Lind,Yuki Hartmann,Mira Okafor
--- no_error_log
[error]
[alert]
