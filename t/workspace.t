# slack_workspace: what messages have of it.

use strict;
use warnings;

use lib 't/util';

use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== every directive
--- workspace
        webhook_url $SLACK_HOOK legacy;
        webhook_url_file $TEST_NGINX_SERVER_ROOT/html/url legacy channel=builds;
        channel dev;
        username "Build bot";
        icon_emoji rocket;
        icon_url https://example.com/icon.png;
        rate 100r/s burst=5;
        connect_timeout 2s;
        timeout 1500ms;
        retry 500ms 1m for=2d;
        coalesce 100;
        on_ambiguous drop;
        trusted_certificate /etc/ssl/certs/ca-certificates.crt;
        ssl_verify off;
--- user_files
>>> url
http://127.0.0.1:1/none
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#dev as Build bot icon :rocket:$
--- no_error_log
[error]
[alert]
[crit]



=== the least of a workspace
--- http_config
    slack_workspace acme {
        webhook_url $SLACK_HOOK;
    }
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general$
--- no_error_log
[error]
[alert]
[crit]



=== used before it is defined
--- http_config
    server {
        listen 127.0.0.1:$TEST_NGINX_RAND_PORT_1;

        location / {
            slack_notify late;
        }
    }

    slack_workspace late {
        webhook_url $SLACK_HOOK legacy;
    }
--- config
    location = /hook {
        slack_notify late dev;
    }
--- hook
push.json
--- slack_like
^#dev$
--- no_error_log
[error]
[alert]
[crit]



=== two workspaces, a message to each
--- http_config
    slack_workspace other {
        webhook_url $SLACK_HOOK legacy;
        channel dev;
        username Other;
    }
--- config
    location = /hook {
        slack_notify acme dev;
        slack_notify other;
    }
--- hook
push.json => 202 queued push: 2
--- slack_wait: 2
--- slack_like
^#dev as GitLab$
^#dev as Other$
--- no_error_log
[error]
[alert]
[crit]



=== an emoji with its colons, rates by the minute
--- workspace
        icon_emoji :rocket:;
        rate 600r/m;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab icon :rocket:$
--- no_error_log
[error]
[alert]
[crit]



=== icon_url alone, retry without for
--- workspace
        icon_url https://example.com/icon.png;
        retry 1s 1s;
        on_ambiguous retry;
        ssl_verify on;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab icon https://example.com/icon.png$
--- no_error_log
[error]
[alert]
[crit]



=== as much as there may be
--- workspace
        rate 1000000r/s burst=100000;
        connect_timeout 1d;
        timeout 24h;
        retry 3650d 3650d for=10y;
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



=== name and icon are sent where one of the webhooks takes them
--- workspace
        webhook_url $SLACK/services/$SLACK_TEAM/BAPP1/secret channel=dev;
        webhook_url $SLACK_HOOK legacy;
        icon_emoji rocket;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab icon :rocket:$
--- no_error_log
[warn]
[error]
[alert]
[crit]
