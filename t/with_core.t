# Beside the directives of nginx's own that stand before, around and behind a
# webhook: access, limits, filters of the answer, connections.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackClient;
use SlackUpstream;

our $Users = ">>> passwd\ngitlab:{PLAIN}pass word\n";
our $Basic = 'Authorization: Basic Z2l0bGFiOnBhc3Mgd29yZA==';

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== auth_basic comes first; its failure stores nothing
--- config
    location = /hook {
        auth_basic hooks;
        auth_basic_user_file $TEST_NGINX_SERVER_ROOT/html/passwd;
        slack_notify acme dev;
    }
--- user_files eval: $::Users
--- request eval
["POST /hook\n" . SlackTest::payload('push.json'), "POST /hook\n" . SlackTest::payload('tag_push.json'), 'GET /_slack/_received.txt?wait=1']
--- more_headers eval
["X-Gitlab-Event: Push Hook", "X-Gitlab-Event: Tag Push Hook\n$::Basic", '']
--- error_code eval
[401, 202, 200]
--- response_body_like eval
[qr/401 Authorization Required/, qr/"status":"queued"/, qr/\A#dev.*pushed new tag(?!.*#dev)/s]
--- no_error_log
[alert]



=== deny and satisfy
--- config
    location = /denied {
        deny all;
        slack_notify acme dev;
    }

    location = /any {
        satisfy any;
        deny all;
        auth_basic hooks;
        auth_basic_user_file $TEST_NGINX_SERVER_ROOT/html/passwd;
        slack_notify acme dev;
    }
--- user_files eval: $::Users
--- request eval
["POST /denied\n" . SlackTest::payload('push.json'), "POST /any\n" . SlackTest::payload('push.json'), "POST /any\n" . SlackTest::payload('tag_push.json'), 'GET /_slack/_received.txt?wait=1']
--- more_headers eval
['', '', $::Basic, '']
--- error_code eval
[403, 401, 202, 200]
--- response_body_like eval
[qr/403 Forbidden/, qr/401 Authorization/, qr/"status":"queued"/, qr/\A#dev.*pushed new tag(?!.*#dev)/s]
--- no_error_log
[alert]



=== limit_req refuses before anything is stored
--- http_config
    limit_req_zone $server_name zone=hooks:1m rate=1r/m;
--- config
    location = /hook {
        limit_req zone=hooks;
        limit_req_status 429;
        slack_notify acme dev;
    }
--- hook
push.json     => 202
tag_push.json => 429
--- slack_like
\A#dev as GitLab\n(?:.+\n)+\n*\z
--- slack_wait: 1
--- no_error_log
[alert]



=== limit_conn, limit_rate and limit_except
--- http_config
    limit_conn_zone $server_name zone=conns:1m;
--- config
    location = /hook {
        limit_conn conns 1;
        limit_rate 100k;

        limit_except POST {
            deny all;
        }

        slack_notify acme dev;
    }
--- request eval
["POST /hook\n" . SlackTest::payload('push.json'), 'GET /hook', 'DELETE /hook']
--- error_code eval
[202, 403, 403]
--- response_body_like eval
[qr/queued/, qr/403 Forbidden/, qr/403 Forbidden/]
--- no_error_log
[alert]



=== client_max_body_size stores nothing; an error page of one's own
--- config
    error_page 413 /large;

    location = /hook {
        client_max_body_size 1k;
        slack_notify acme dev;
    }

    location = /large {
        internal;
        return 413 "too much\n";
    }
--- request eval
["POST /hook\n" . SlackTest::payload('push.json'), "POST /hook\n{}"]
--- error_code eval
[413, 200]
--- response_body_like eval
[qr/too much/, qr/ignored/]
--- no_error_log
[alert]



=== internal, return and rewrite come first
--- config
    location = /internal {
        internal;
        slack_notify acme dev;
    }

    location = /return {
        slack_notify acme dev;
        return 204;
    }

    location = /moved {
        slack_notify acme dev;
        rewrite ^ /elsewhere permanent;
    }

    location = /hook {
        slack_notify acme dev;
    }
--- hook
/internal push.json => 404
/return push.json   => 204
/moved push.json    => 301
/hook tag_push.json => 202
--- slack_like
\A#dev as GitLab\n(?:.+\n)+\n*\z
--- slack_wait: 1
--- no_error_log
[alert]



=== the answer passes through filters: gzip, headers
--- config
    gzip on;
    gzip_types application/json;
    gzip_min_length 1;

    location = /hook {
        slack_notify acme dev;
        add_header X-Own "$slack_status" always;
        expires -1;
    }
--- request
POST /hook
{}
--- more_headers
Accept-Encoding: gzip
--- error_code: 200
--- response_headers
Content-Encoding: gzip
X-Own: ignored
Cache-Control: no-cache
--- no_error_log
[error]
[alert]



=== a connection serves on after each answer, read or unread bodies
--- config
    client_body_buffer_size 1k;

    location = /hook {
        slack_notify acme dev;
    }

    location = /secret {
        slack_secret token;
        slack_notify acme dev;
    }

    location = /denied {
        deny all;
        slack_notify acme dev;
    }
--- client eval
sub {
    my $body = SlackTest::payload('push_30k.json');

    my $text = SlackClient::talk(
        SlackClient::request('/secret', $body),
        SlackClient::request('/hook', '{"object_kind":'),
        SlackClient::request('/hook', $body, 'Content-Type: text/plain'),
        "GET /hook HTTP/1.1\r\nHost: x\r\n\r\n",
        SlackClient::request('/hook', '{}'),
        SlackClient::request('/denied', $body),
        SlackClient::request('/hook', $body),
        SlackClient::request('/hook', $body, 'Connection: close'));

    Test::More::is(CORE::join(' ', $text =~ m{^HTTP/1\.1 (\d+)}mg), '401 400 415 405 200 403 202 202', 'each has its answer');
    Test::More::is(() = SlackClient::slack(2) =~ m/^#dev/mg, 2, 'two are delivered');
}
--- no_error_log
[alert]
[crit]



=== a tapped location keeps its access rules, and its upstream
--- config
    location = /hook {
        auth_basic hooks;
        auth_basic_user_file $TEST_NGINX_SERVER_ROOT/html/passwd;
        slack_notify acme dev;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        proxy_set_header X-Slack-Status $slack_status;
    }
--- user_files eval: $::Users
--- request eval
["POST /hook\n" . SlackTest::payload('push.json'), "POST /hook\n" . SlackTest::payload('tag_push.json'), 'GET /_slack/_received.txt?wait=1']
--- more_headers eval
["X-Gitlab-Event: Push Hook", "X-Gitlab-Event: Tag Push Hook\n$::Basic", '']
--- error_code eval
[401, 200, 200]
--- response_body_like eval
[qr/401 Authorization Required/, qr/./, qr/\A#dev.*pushed new tag(?!.*#dev)/s]
--- no_error_log
[alert]



=== a default error page and a code of one's own for our answers
--- config
    error_page 401 =404 /hidden;
    error_page 405 /method;

    location = /hook {
        slack_secret token;
        slack_notify acme dev;
    }

    location = /hidden {
        internal;
        return 404 "nothing here\n";
    }

    location = /method {
        internal;
        return 405 "post it\n";
    }
--- request eval
["POST /hook\n{}", 'GET /hook']
--- error_code eval
[404, 405]
--- response_body eval
["nothing here\n", "post it\n"]
--- no_error_log
[alert]
