use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: unknown directive in a workspace
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        color red;
--- must_die
--- error_log
unknown directive "color" in "slack_workspace", see "Inside slack_workspace" in the README in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 2: webhook_url without a scheme
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        webhook_url hooks.slack.com/services/T/B/sesame;
--- must_die
--- error_log
"webhook_url" directive has a URL that is neither http nor https, write the whole one that Slack shows for the incoming webhook, "https://hooks.slack.com/services/..." in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 3: rate
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        rate fast;
--- must_die
--- error_log
invalid rate "fast", write such as "1r/s" or "30r/m" in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 4: rate, burst
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        rate 1r/s burst=0;
--- must_die
--- error_log
invalid parameter "burst=0", see "Inside slack_workspace" in the README in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 5: coalesce
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        coalesce 0;
--- must_die
--- error_log
"coalesce" directive invalid value, write a number from 1 to 100 in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 6: coalesce, too many
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        coalesce 101;
--- must_die
--- error_log
"coalesce" directive invalid value, write a number from 1 to 100 in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 7: retry
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        retry 5m 1s;
--- must_die
--- error_log
"retry" directive has a largest delay below the first one in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 8: on_ambiguous
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        on_ambiguous perhaps;
--- must_die
--- error_log
invalid value "perhaps" in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 9: ssl_verify
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        ssl_verify maybe;
--- must_die
--- error_log
it must be "on" or "off" in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 10: trusted_certificate
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        trusted_certificate nowhere.pem;
--- must_die
--- error_log
nowhere.pem" failed (2: No such file or directory) in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 11: proxy
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        proxy socks5://127.0.0.1;
--- must_die
--- error_log
"proxy" directive has a URL that is neither http nor https, write "http://HOST:PORT" in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 12: timeout
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        timeout soon;
--- must_die
--- error_log
"timeout" directive invalid value, write such as "10s" or "500ms" in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 13: duplicate in a workspace
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        channel a;
        channel b;
--- must_die
--- error_log
"channel" directive is duplicate in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 14: a name as direct message
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        channel @jdoe;
--- must_die
--- error_log
invalid channel "@jdoe", a direct message needs the member ID
--- suppress_stderr
--- no_error_log
sesame



=== TEST 15: eleven channels
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        channel a,b,c,d,e,f,g,h,i,j,k;
--- must_die
--- error_log
more than 10 channels in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 16: icon_url
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        icon_url ftp://x/y.png;
--- must_die
--- error_log
"icon_url" directive is neither http nor https in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 17: unknown event
--- config
    location = /hook {
        slack_route acme {
            events push pushes;
        }
    }
--- must_die
--- error_log
unknown event "pushes", see "Events and actions" in the README in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 18: unknown action
--- config
    location = /hook {
        slack_route acme {
            events issue:opened;
        }
    }
--- must_die
--- error_log
unknown action in event "issue:opened", see "Events and actions" in the README in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 19: event twice
--- config
    location = /hook {
        slack_route acme {
            events push push:create;
        }
    }
--- must_die
--- error_log
duplicate event "push:create" in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 20: unknown directive in a route
--- config
    location = /hook {
        slack_route acme {
            colour red;
        }
    }
--- must_die
--- error_log
unknown directive "colour" in "slack_route", see "Inside slack_route" in the README in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 21: regex
--- config
    location = /hook {
        slack_route acme {
            branches ~(;
        }
    }
--- must_die
--- error_log
pcre
--- suppress_stderr
--- no_error_log
sesame



=== TEST 22: empty pattern
--- config
    location = /hook {
        slack_route acme {
            users !;
        }
    }
--- must_die
--- error_log
invalid pattern "!" in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 23: labels mode
--- config
    location = /hook {
        slack_route acme {
            labels some Bug;
        }
    }
--- must_die
--- error_log
it must be "any", "all" or "none" in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 24: labels without titles
--- config
    location = /hook {
        slack_route acme {
            labels any;
        }
    }
--- must_die
--- error_log
invalid number of arguments in "labels" directive in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 25: pipelines
--- config
    location = /hook {
        slack_route acme {
            pipelines red;
        }
    }
--- must_die
--- error_log
invalid value "red" in "pipelines" directive, it must be "all", "broken" or "changed" in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 26: match path
--- config
    location = /hook {
        slack_route acme {
            match a..b c;
        }
    }
--- must_die
--- error_log
invalid path "a..b" in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 27: unknown workspace
--- config
    location = /hook {
        slack_notify nobody;
    }
--- must_die
--- error_log
unknown workspace "nobody", no slack_workspace in http has that name in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 28: off beside a route
--- config
    location = /hook {
        slack_notify off;
        slack_notify acme;
    }
--- must_die
--- error_log
conflicts with "slack_notify off" in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 29: unknown source
--- config
    location = /hook {
        slack_notify acme;
        slack_source svn;
    }
--- must_die
--- error_log
unknown source "svn", see "slack_source" in the README in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 30: slack_on_error
--- config
    location = /hook {
        slack_on_error ignore;
    }
--- must_die
--- error_log
invalid value "ignore" in "slack_on_error" directive, it must be "fail" or "pass" in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 31: an empty secret
--- config
    location = /hook {
        slack_secret "";
    }
--- must_die
--- error_log
"slack_secret" directive has an empty secret in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 32: a signing secret that is not base64
--- config
    location = /hook {
        slack_secret whsec_***;
    }
--- must_die
--- error_log
not base64
--- suppress_stderr
--- no_error_log
sesame



=== TEST 33: a secret file that is not there
--- config
    location = /hook {
        slack_secret_file nowhere.token;
    }
--- must_die
--- error_log
nowhere.token" failed (2: No such file or directory) in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 34: unknown engine
--- http_config
    slack_outbox mysql:/tmp/x;
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- must_die
--- error_log
outbox "mysql:/tmp/x": no such engine; there is sqlite, write "sqlite:PATH" in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 35: max
--- http_config
    slack_outbox sqlite:logs/o.db max=none;
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- must_die
--- error_log
invalid parameter "max=none", see "slack_outbox" in the README in
--- suppress_stderr
--- no_error_log
sesame



=== TEST 36: a shared directory
--- http_config
    slack_outbox sqlite:/tmp/outbox.db;
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- must_die
--- error_log
the outbox needs a directory of its own
--- suppress_stderr
--- no_error_log
sesame



=== TEST 37: duplicate workspace
--- http_config
    slack_workspace w { webhook_url http://127.0.0.1/x; }
    slack_workspace w { webhook_url http://127.0.0.1/x; }
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- must_die
--- error_log
duplicate workspace "w"
--- suppress_stderr
--- no_error_log
sesame



=== TEST 38: workspace without a webhook
--- http_config
    slack_workspace w { channel dev; }
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- must_die
--- error_log
workspace "w" has no
--- suppress_stderr
--- no_error_log
sesame
