# Which routes and secrets a location has: its own, or those of its server or
# of http.

use strict;
use warnings;

use lib 't/util';

use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== in http, server and location
--- http_config
    slack_route acme {
        channel http;
    }
--- config
    slack_route acme {
        channel server;
    }

    location = /hook {
        slack_route acme {
            channel location;
        }
    }
--- hook
push.json
--- slack_like
^#location as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== routes of http
--- http_config
    slack_notify acme http;
--- config
    location = /hook {
    }
--- hook
push.json
--- slack_like
^#http as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== routes of the server replace those of http
--- http_config
    slack_notify acme http;
    slack_notify acme http2;
--- config
    slack_notify acme server;

    location = /hook {
    }
--- hook
push.json => 202 queued push
--- slack_like
^#server as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== routes of the location replace those of the server
--- config
    slack_notify acme server;

    location = /hook {
        slack_notify acme location;
        slack_route acme {
            channel too;
        }
    }

    location = /other {
    }
--- hook
push.json        => 202 queued push: 2
/other push.json => 202 queued push
--- slack_wait: 3
--- slack_like
^#location as GitLab$
^#too as GitLab$
^#server as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== nested locations: inherited, replaced, ended
--- config
    location /hook {
        slack_notify acme outer;

        location /hook/same {
        }

        location /hook/new {
            slack_notify acme inner;

            location /hook/new/deeper {
            }
        }

        location /hook/off {
            slack_notify off;

            location /hook/off/on {
                slack_notify acme again;
            }
        }
    }
--- hook
/hook push.json            => 202 queued push
/hook/same push.json       => 202 queued push
/hook/new push.json        => 202 queued push
/hook/new/deeper push.json => 202 queued push
/hook/off/on push.json     => 202 queued push
--- slack_wait: 5
--- slack_like
^#outer as GitLab(?s:.*)^#outer as GitLab
^#inner as GitLab(?s:.*)^#inner as GitLab
^#again as GitLab
--- no_error_log
[error]
[alert]
[crit]



=== off: the location is as if there were no module
--- http_config
    slack_notify acme;
--- config
    location = /hook {
        slack_notify off;
        return 204;
    }
--- hook
push.json => 204
--- no_error_log
[error]
[alert]
[crit]
slack notify



=== off of a server, on in its location
--- http_config
    slack_notify acme http;
--- config
    slack_notify off;

    location = /off {
        proxy_pass $SLACK/_requests;
    }

    location = /hook {
        slack_notify acme on;
    }
--- hook
/off push.json => 404
push.json      => 202 queued push
--- slack_like
^#on as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== files of a server with routes are still served
--- config
    slack_notify acme;

    location = /file {
        alias $TEST_NGINX_SERVER_ROOT/html/file;
    }
--- user_files
>>> file
unchanged
--- request: GET /file
--- response_body
unchanged
--- no_error_log
[error]
[alert]
[crit]



=== a location with routes of its own answers 405
--- config
    location = /hook {
        slack_notify acme;
    }
--- request: GET /hook
--- error_code: 405
--- response_headers: Allow: POST
--- response_body_like: "status":"rejected"



=== "if" is the same location
--- config
    location = /hook {
        slack_notify acme dev;

        if ($arg_a) {
            add_header X-If yes;
        }
    }
--- request: GET /hook?a=1
--- error_code: 405
--- response_headers: Allow: POST
--- response_body_like: "status":"rejected"



=== "if" inherits routes
--- config
    location = /hook {
        slack_notify acme dev;

        if ($arg_a) {
            set $b 1;
        }
    }
--- hook
/hook?a=1 push.json
--- slack_like
^#dev as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== "if" inherits what ended them
--- http_config
    slack_notify acme dev;
--- config
    location = /hook {
        slack_notify off;

        if ($arg_a) {
            return 204;
        }
    }
--- hook
/hook?a=1 push.json => 204
--- no_error_log
[error]
[alert]
[crit]



=== limit_except inherits routes
--- config
    location = /hook {
        slack_notify acme dev;

        limit_except PUT {
            allow 127.0.0.1;
            deny all;
        }
    }
--- hook
push.json
--- slack_like
^#dev as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== limit_except is the same location
--- config
    location = /hook {
        slack_notify acme dev;

        limit_except PUT {
            allow 127.0.0.1;
            deny all;
        }
    }
--- request: GET /hook
--- error_code: 405
--- response_headers: Allow: POST
--- response_body_like: "status":"rejected"



=== secrets: inherited, replaced, several of a level, none
--- http_config
    slack_secret one;
    slack_secret two;
--- config
    slack_notify acme;

    location = /hook {
    }

    location = /other {
        slack_secret three;
    }

    location = /open {
        slack_secret off;
    }
--- hook
/open push.json | X-Gitlab-Token: three  => 202 queued push
/open push.json                          => 202 queued push
/hook push.json | X-Gitlab-Token: one    => 202 queued push
/hook push.json | X-Gitlab-Token: two    => 202 queued push
/hook push.json | X-Gitlab-Token: three  => 401
/other push.json | X-Gitlab-Token: three => 202 queued push
/other push.json | X-Gitlab-Token: one   => 401
--- no_error_log
[alert]
[crit]



=== a secret alone makes no webhook
--- config
    location = /hook {
        slack_secret one;
        return 204;
    }
--- hook
push.json => 204
--- no_error_log
[error]
[alert]
[crit]



=== slack_source is inherited
--- http_config
    slack_source gitlab;
--- config
    location = /hook {
        slack_notify acme;
    }

    location = /auto {
        slack_notify acme;
        slack_source auto;
    }
--- hook
push.json       => 202 queued push
/auto push.json => 202 queued push
--- no_error_log
[error]
[alert]
[crit]



=== slack_on_error: inherited and replaced
--- outbox
max=1
--- http_config
    slack_on_error pass;
--- config
    slack_notify acme dev,builds;

    location = /hook {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/upstream;
    }

    location = /fail {
        slack_on_error fail;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/upstream;
    }

    location = /upstream {
        slack_notify off;
        return 204;
    }
--- hook
push.json       => 204
/fail push.json => 503 error push: outbox is full
--- no_error_log
[alert]
[crit]



=== routes of http tap what is proxied, once
--- http_config
    slack_notify acme dev;
--- config
    location = /hook {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/upstream;
    }

    location = /upstream {
        slack_notify off;
        return 204;
    }
--- hook
push.json => 204
--- slack_like
\A#dev as GitLab(?!(?s:.*)^#)
--- no_error_log
[error]
[alert]
[crit]
