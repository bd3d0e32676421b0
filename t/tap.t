# A location that also has a content handler: the event is taken on its way,
# and the request goes on unchanged.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackSign;
use SlackUpstream;

our $Key = 'whsec_c2VjcmV0IG9mIHRoZSB3ZWJob29r';

$ENV{TEST_NGINX_KEY} = $Key;

# what the upstream says to a file that was posted
sub posted {
    my ($file, $uri) = @_;

    return SlackUpstream::answer('POST', $uri // '/hook', SlackTest::payload($file));
}

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== stored, and passed on
--- config
    location = /hook {
        slack_notify acme dev;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
    }
--- hook
push.json => 200
--- response_body_like eval
[quotemeta ::posted('push.json'), "^#dev as GitLab\n.*Mira"]
--- slack_like
\A#dev as GitLab\n(?:.+\n)+\n*\z
--- slack_wait
1
--- no_error_log
[error]
[alert]



=== a body in a temp file
--- config
    client_body_buffer_size 1k;

    location = /hook {
        slack_notify acme;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
    }
--- request eval
"POST /hook\n" . SlackTest::payload('push_30k.json')
--- more_headers
X-Gitlab-Event: Push Hook
--- response_body eval
::posted('push_30k.json')
--- access_log
"POST /hook
--- error_log
a client request body is buffered to a temporary file
slack outbox commit: 1 entries
--- no_error_log
[error]
[alert]



=== a body in chunks, and one of 25 MB
--- config
    location = /hook {
        client_max_body_size 26m;
        slack_notify acme;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        proxy_set_header X-Slack-Status $slack_status;
    }
--- request eval
my $body = SlackTest::payload('push.json');
my $big = $body =~ s/\}\s*\z/,"more":"/r . 'x"\"' x (25 * 1024 * 256) . '"}';
$big =~ s/x"/x-/g;
["POST /hook\n" . CORE::join('', map { sprintf "%x\r\n%s\r\n", length, $_ } $body =~ m/(.{1,7})/gs) . "0\r\n\r\n", "POST /hook\n$big"]
--- more_headers eval
["Transfer-Encoding: chunked\nX-Gitlab-Event: Push Hook", "X-Gitlab-Event: Push Hook"]
--- timeout: 20s
--- log_level: info
--- response_headers eval
["X-Slack-Status: queued", "X-Slack-Status: queued"]
--- response_body eval
my $body = SlackTest::payload('push.json');
my $big = $body =~ s/\}\s*\z/,"more":"/r . 'x"\"' x (25 * 1024 * 256) . '"}';
$big =~ s/x"/x-/g;
[map { SlackUpstream::answer('POST', '/hook', $_) } $body, $big]
--- no_error_log
[error]
[alert]



=== a form
--- config
    location = /hook {
        slack_notify acme;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        proxy_set_header X-Slack-Status "$slack_status $slack_event";
    }
--- request eval
my $form = 'a=1&payload=' . SlackTest::payload('push.json') =~ s/([^A-Za-z0-9 ])/sprintf '%%%02X', ord $1/ger =~ s/ /+/gr;
"POST /hook\n$form"
--- more_headers
Content-Type: application/x-www-form-urlencoded
--- response_headers
X-Slack-Status: queued push
--- response_body eval
my $form = 'a=1&payload=' . SlackTest::payload('push.json') =~ s/([^A-Za-z0-9 ])/sprintf '%%%02X', ord $1/ger =~ s/ /+/gr;
SlackUpstream::answer('POST', '/hook', $form)
--- no_error_log
[error]
[alert]



=== what is no webhook passes untouched
--- config
    location = /hook {
        slack_secret token;
        slack_notify acme;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        proxy_set_header X-Slack-Status "<$slack_status>";
    }
--- request eval
["GET /hook?a=b", "PUT /hook\n{}", "DELETE /hook", "POST /hook\na text", "POST /hook\n\0\1\2binary"]
--- more_headers eval
["", "Content-Type: application/json", "", "Content-Type: text/plain", "Content-Type: multipart/form-data; boundary=x"]
--- response_body eval
[SlackUpstream::answer('GET', '/hook?a=b', ''), SlackUpstream::answer('PUT', '/hook', '{}'), SlackUpstream::answer('DELETE', '/hook', ''), SlackUpstream::answer('POST', '/hook', 'a text'), SlackUpstream::answer('POST', '/hook', "\0\1\2binary")]
--- response_headers eval
[("X-Slack-Status: <>") x 5]
--- no_error_log
[error]
[alert]
slack notify: request refused



=== JSON that is none, an unknown event, an empty body pass on
--- config
    location = /hook {
        slack_notify acme;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        proxy_set_header X-Slack-Status "$slack_status, $slack_reason";
    }
--- request eval
["POST /hook\n{\"a\":", "POST /hook\n{\"object_kind\":\"surprise\"}", "POST /hook", "POST /hook\n" . '[' x 100]
--- response_body eval
[SlackUpstream::answer('POST', '/hook', '{"a":'), SlackUpstream::answer('POST', '/hook', '{"object_kind":"surprise"}'), SlackUpstream::answer('POST', '/hook', ''), SlackUpstream::answer('POST', '/hook', '[' x 100)]
--- response_headers eval
["X-Slack-Status: rejected, body ends early at byte 5", "X-Slack-Status: ignored, surprise", "X-Slack-Status: rejected, body is empty", "X-Slack-Status: rejected, body is nested too deep at byte 65"]
--- no_error_log
[error]
[alert]



=== filtered, and duplicates
--- config
    location = /hook {
        slack_route acme {
            branches main;
        }
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        proxy_set_header X-Slack-Status "$slack_status $slack_reason $slack_messages";
    }
--- request eval
[map { "POST /hook\n" . SlackTest::payload($_) } 'push.json', 'push.json', 'push_new_branch.json']
--- more_headers
Idempotency-Key: 1b671a64-40d5-491e-99b0-da01ff1f3341
X-Gitlab-Event: Push Hook
--- response_body eval
[map { ::posted($_) } 'push.json', 'push.json', 'push_new_branch.json']
--- response_headers eval
["X-Slack-Status: queued  1", "X-Slack-Status: duplicate  0", "X-Slack-Status: filtered branches 0"]
--- no_error_log
[error]
[alert]



=== decided by the header: the body is not looked at
--- config
    location = /hook {
        slack_route acme {
            events pipeline;
        }
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        proxy_set_header X-Slack-Status "$slack_status $slack_reason";
    }
--- request eval
["POST /hook\n" . SlackTest::payload('push.json'), "POST /hook\n{no json"]
--- more_headers
X-Gitlab-Event: Push Hook
--- response_body eval
[::posted('push.json'), SlackUpstream::answer('POST', '/hook', '{no json')]
--- response_headers eval
[("X-Slack-Status: filtered events") x 2]
--- no_error_log
[error]
[alert]



=== 401: the upstream is not asked
--- config
    location = /hook {
        slack_secret token;
        slack_notify acme;
        proxy_pass http://127.0.0.1:1;
    }
--- request eval
[("POST /hook\n" . SlackTest::payload('push.json')) x 2, "POST /hook\n{no json"]
--- more_headers eval
["X-Gitlab-Event: Push Hook", "X-Gitlab-Token: wrong", ""]
--- error_code eval
[401, 401, 401]
--- response_body eval
[(qq({"status":"rejected","reason":"unauthorized"}\n)) x 3]
--- no_error_log
[alert]
[crit]
connect() failed



=== 401 by a signature, known after the body
--- config
    location = /hook {
        slack_secret $TEST_NGINX_KEY;
        slack_notify acme;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
    }
    location = /decided {
        slack_secret $TEST_NGINX_KEY;
        slack_route acme {
            events pipeline;
        }
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
    }
--- hook eval
my @wrong = (secret => 'whsec_AAAA', id => 1);
my @right = (secret => $::Key, id => 1);
CORE::join "\n", map { ("/hook $_", "/decided $_") } SlackSign::line('push.json', @wrong), SlackSign::line('push.json', @right)
--- answers
401
401
200
200
--- no_error_log
[alert]
[crit]



=== a broken outbox: slack_on_error fail, the default
--- http_config
    slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/html/outbox/bad.db;
--- config
    location = /hook {
        slack_notify acme;
        proxy_pass http://127.0.0.1:1;
    }
--- user_files
>>> outbox/bad.db-wal/file
--- request eval
"POST /hook\n" . SlackTest::payload('push.json')
--- error_code: 503
--- response_headers
Retry-After: 30
--- response_body
{"status":"error","reason":"outbox is failing","event":"push"}
--- no_error_log
[alert]
connect() failed



=== a broken outbox: slack_on_error pass
--- http_config
    slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/html/outbox/bad.db;
--- config
    slack_on_error pass;

    location = /hook {
        slack_notify acme;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        proxy_set_header X-Slack-Status "$slack_status, $slack_reason";
    }

    location = /terminal {
        slack_notify acme;
    }
--- user_files
>>> outbox/bad.db-wal/file
--- request eval
["POST /hook\n" . SlackTest::payload('push.json'), "POST /terminal\n" . SlackTest::payload('push.json')]
--- error_code eval
[200, 503]
--- response_headers eval
["X-Slack-Status: error, outbox is failing\n! Retry-After", "Retry-After: 30"]
--- response_body eval
[::posted('push.json'), qq({"status":"error","reason":"outbox is failing","event":"push"}\n)]
--- no_error_log
[alert]



=== a full outbox
--- outbox
max=1
--- config
    location = /hook {
        slack_notify acme dev,ops;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
    }
    location = /pass {
        slack_on_error pass;
        slack_notify acme dev,ops;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        proxy_set_header X-Slack-Status "$slack_status, $slack_reason";
    }
--- request eval
["POST /hook\n" . SlackTest::payload('push.json'), "POST /pass\n" . SlackTest::payload('push.json')]
--- error_code eval
[503, 200]
--- response_headers eval
["Retry-After: 30", "X-Slack-Status: error, outbox is full"]
--- no_error_log
[alert]



=== proxy_request_buffering off, and a mirror
--- config
    location = /hook {
        slack_notify acme;
        proxy_request_buffering off;
        proxy_http_version 1.1;
        proxy_set_header X-Slack-Status $slack_status;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
    }

    location = /mirrored {
        slack_notify acme;
        mirror /mirror;
        proxy_set_header X-Slack-Status $slack_status;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
    }

    location = /mirror {
        internal;
        slack_notify acme;
        access_log $TEST_NGINX_SERVER_ROOT/logs/mirror.log;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
    }
--- hook
/hook     push_30k.json => 200
/mirrored push_30k.json => 200
--- slack_like
\A(?:#general as GitLab\n(?:.+\n)+\n*){2}\z
--- slack_wait
2
--- no_error_log
[error]
[alert]



=== other content handlers
--- config
    location = /return {
        slack_notify acme;
        return 200 "never tapped: return ends the request before\n";
    }

    location = /empty {
        slack_notify acme;
        empty_gif;
    }

    location = /stub {
        slack_notify acme;
        stub_status;
    }
--- hook
/return push.json => 200
/empty  push.json => 405
/stub   push.json => 405
--- slack_like
\A(?:#general as GitLab\n(?:.+\n)+\n*){2}\z
--- slack_wait
2
--- no_error_log
[alert]
[crit]
