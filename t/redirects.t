# Requests that come to a location by a way of nginx's own: internal
# redirects, named locations, subrequests.  An event is stored once.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackUpstream;

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== rewrite to the location of the webhook
--- config
    location /old/ {
        rewrite ^ /hook last;
    }

    location = /hook {
        internal;
        slack_notify acme dev;
    }
--- hook
/old/hook push.json => 202 queued push
--- slack_like
\A#dev as GitLab\n(?:.+\n)+\n*\z
--- slack_wait
1
--- no_error_log
[error]
[alert]



=== a named location, and a file that is not there
--- config
    location = /hook {
        try_files /no/such/file @hook;
    }

    location @hook {
        slack_notify acme dev;
    }
--- hook
push.json => 202 queued push
--- slack_like
\A#dev as GitLab\n(?:.+\n)+\n*\z
--- slack_wait
1
--- no_error_log
[error]
[alert]



=== an error page of a tapped location that is a webhook itself
--- config
    location = /hook {
        slack_notify acme dev;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT/status/502;
        proxy_intercept_errors on;
        error_page 502 = @again;
    }

    location @again {
        slack_notify acme ops;
        add_header X-Slack "$slack_status $slack_messages" always;
        return 200 "taken over\n";
    }
--- hook
push.json => 200
--- slack_like
\A#dev as GitLab\n(?:.+\n)+\n*\z
--- slack_wait
1



=== out of a location that has stored, into one that would again
--- config
    location = /hook {
        slack_notify acme dev;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/gone;
        proxy_intercept_errors on;
        error_page 410 = /second;
    }

    location = /gone {
        return 410;
    }

    location = /second {
        slack_notify acme ops;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        add_header X-Slack "$slack_status $slack_messages" always;
    }
--- hook
push.json => 200
--- slack_like
\A#dev as GitLab\n(?:.+\n)+\n*\z
--- slack_wait
1
--- no_error_log
[error]
[alert]



=== an answer that sends on, X-Accel-Redirect
--- config
    location = /hook {
        slack_notify acme dev;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/accel;
    }

    location = /accel {
        add_header X-Accel-Redirect /inner;
        return 200;
    }

    location = /inner {
        internal;
        slack_notify acme ops;
        add_header X-Slack "$slack_status $slack_messages" always;
        return 200 "inner\n";
    }
--- hook
push.json => 200
--- slack_like
\A#dev as GitLab\n(?:.+\n)+\n*\z
--- slack_wait
1
--- no_error_log
[error]
[alert]



=== a refusal with a page of the operator's own stores nothing
--- config
    location = /hook {
        slack_secret token;
        slack_notify acme dev;
        error_page 401 = @refused;
    }

    location @refused {
        slack_notify acme ops;
        add_header X-Slack "$slack_status $slack_reason" always;
        return 403 "no\n";
    }

    location = /good {
        slack_secret token;
        slack_notify acme dev;
    }
--- hook
/hook push.json | X-Gitlab-Token: wrong => 403
/good push.json | X-Gitlab-Token: token => 202 queued push
--- slack_like
\A#dev as GitLab\n(?:.+\n)+\n*\z
--- slack_wait
1



=== a mirror sees the event as the request does
--- config
    location = /hook {
        mirror /mirror;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
    }

    location = /mirror {
        internal;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/slack;
    }

    location = /slack {
        slack_notify acme dev;
    }
--- hook
push.json => 200
--- slack_like
\A#dev as GitLab\n(?:.+\n)+\n*\z
--- slack_wait
1
--- no_error_log
[error]
[alert]



=== a subrequest for the permission to go on
--- config
    location = /hook {
        auth_request /auth;
        slack_notify acme dev;
    }

    location = /closed {
        auth_request /never;
        slack_notify acme ops;
    }

    location = /auth {
        internal;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/yes;
        proxy_pass_request_body off;
        proxy_set_header Content-Length "";
        proxy_method GET;
    }

    location = /never {
        return 403;
    }

    location = /yes {
        return 204;
    }
--- hook
/closed push.json => 403
/hook   push.json => 202 queued push
--- slack_like
\A#dev as GitLab\n(?:.+\n)+\n*\z
--- slack_wait
1



=== the location is found by rewrite and break
--- config
    location /in/ {
        rewrite ^/in/(.*)$ /out/$1 break;
        slack_notify acme dev;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
    }
--- hook
/in/hook push.json => 200
--- slack_like
\A#dev as GitLab\n(?:.+\n)+\n*\z
--- slack_wait
1
--- no_error_log
[error]
[alert]



=== post_action of a webhook that is one itself
--- config
    location = /hook {
        slack_notify acme dev;
        post_action @after;
    }

    location = /uri {
        slack_notify acme dev;
        post_action /after;
    }

    location = /filtered {
        slack_route acme {
            events issue;
        }
        post_action @after;
    }

    location @after {
        slack_notify acme ops;
    }

    location = /after {
        slack_notify acme ops;
    }
--- hook
/hook     push.json => 202 queued push
/uri      push.json => 202 queued push
/filtered push.json => 200 filtered: events
--- slack_like
\A(?:#dev as GitLab\n(?:.+\n)+\n*){2}\z
--- slack_wait
2
--- no_error_log
[error]
[alert]



=== an upstream that is not there, and a webhook that answers for it
--- config
    location = /hook {
        slack_notify acme dev;
        proxy_pass http://127.0.0.1:1;
        error_page 502 = @answer;
    }

    location = /code {
        slack_notify acme dev;
        proxy_pass http://127.0.0.1:1;
        error_page 502 @answer;
    }

    location @answer {
        slack_notify acme ops;
    }
--- hook
/hook push.json => 202 queued push
/code push.json => 502 queued push
--- slack_like
\A(?:#dev as GitLab\n(?:.+\n)+\n*){2}\z
--- slack_wait
2
--- no_error_log
[alert]
