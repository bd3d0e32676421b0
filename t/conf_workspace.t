use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: every directive
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



=== TEST 2: the least of a workspace
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



=== TEST 3: used before it is defined
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



=== TEST 4: two workspaces, a message to each
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
push.json
--- answers
202 {"status":"queued","event":"push","messages":2}
--- slack_wait: 2
--- slack_like
^#dev as GitLab$
^#dev as Other$
--- no_error_log
[error]
[alert]
[crit]



=== TEST 5: an emoji with its colons, rates by the minute
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



=== TEST 6: icon_url alone, retry without for
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



=== TEST 7: unknown workspace
--- http_config
    slack_notify nobody;
--- refused
unknown workspace "nobody", no slack_workspace in http has that name



=== TEST 8: unknown workspace of a route
--- config
    location = /hook {
        slack_route nobody {
        }
    }
--- refused
unknown workspace "nobody", no slack_workspace in http has that name



=== TEST 9: twice
--- http_config
    slack_workspace acme {
        webhook_url $SLACK_HOOK;
    }
    slack_workspace acme {
        webhook_url $SLACK_HOOK;
    }
--- must_die
--- error_log eval
qr{duplicate workspace "acme", see \S+/nginx\.conf:(\d+) in \S+/nginx\.conf:(??{ $1 + 3 })$}



=== TEST 10: without a name
--- http_config
    slack_workspace {
    }
--- refused
invalid number of arguments in "slack_workspace" directive



=== TEST 11: an empty name
--- http_config
    slack_workspace "" {
    }
--- refused
invalid workspace name "", choose a word of letters and digits, but not "off"



=== TEST 12: "off" is no name
--- http_config
    slack_workspace off {
    }
--- refused
invalid workspace name "off", choose a word of letters and digits, but not "off"



=== TEST 13: a name with a slash
--- http_config
    slack_workspace a/b {
    }
--- refused
invalid workspace name "a/b", choose a word of letters and digits, but not "off"



=== TEST 14: a name with a space
--- http_config
    slack_workspace "a b" {
    }
--- refused
invalid workspace name "a b", choose a word of letters and digits, but not "off"



=== TEST 15: a name of 65 characters
--- http_config
    slack_workspace aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa {
    }
--- refused
invalid workspace name "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", choose a word of letters and digits, but not "off"



=== TEST 16: without a webhook
--- http_config
    slack_workspace other {
        channel dev;
    }
--- refused
workspace "other" has no "bot_token" or "webhook_url", also not in a file,



=== TEST 17: not a block
--- http_config
    slack_workspace acme;
--- refused
directive "slack_workspace" has no opening "{"



=== TEST 18: in a server
--- config
    slack_workspace other {
    }
--- refused
"slack_workspace" directive is not allowed here



=== TEST 19: in a location
--- config
    location = /hook {
        slack_workspace other {
        }
    }
--- refused
"slack_workspace" directive is not allowed here



=== TEST 20: unknown directive
--- workspace
        colour red;
--- refused
unknown directive "colour" in "slack_workspace", see "Inside slack_workspace" in the README



=== TEST 21: a block within
--- workspace
        channel dev {
        }
--- refused
unexpected "{"



=== TEST 22: webhook_url without arguments
--- workspace
        webhook_url;
--- refused
invalid number of arguments in "webhook_url" directive



=== TEST 23: webhook_url_file without arguments
--- workspace
        webhook_url_file;
--- refused
invalid number of arguments in "webhook_url_file" directive



=== TEST 24: channel without arguments
--- workspace
        channel;
--- refused
invalid number of arguments in "channel" directive



=== TEST 25: username without arguments
--- workspace
        username;
--- refused
invalid number of arguments in "username" directive



=== TEST 26: icon_emoji without arguments
--- workspace
        icon_emoji;
--- refused
invalid number of arguments in "icon_emoji" directive



=== TEST 27: icon_url without arguments
--- workspace
        icon_url;
--- refused
invalid number of arguments in "icon_url" directive



=== TEST 28: rate without arguments
--- workspace
        rate;
--- refused
invalid number of arguments in "rate" directive



=== TEST 29: connect_timeout without arguments
--- workspace
        connect_timeout;
--- refused
invalid number of arguments in "connect_timeout" directive



=== TEST 30: timeout without arguments
--- workspace
        timeout;
--- refused
invalid number of arguments in "timeout" directive



=== TEST 31: coalesce without arguments
--- workspace
        coalesce;
--- refused
invalid number of arguments in "coalesce" directive



=== TEST 32: on_ambiguous without arguments
--- workspace
        on_ambiguous;
--- refused
invalid number of arguments in "on_ambiguous" directive



=== TEST 33: trusted_certificate without arguments
--- workspace
        trusted_certificate;
--- refused
invalid number of arguments in "trusted_certificate" directive



=== TEST 34: ssl_verify without arguments
--- workspace
        ssl_verify;
--- refused
invalid number of arguments in "ssl_verify" directive



=== TEST 35: proxy without arguments
--- workspace
        proxy;
--- refused
invalid number of arguments in "proxy" directive



=== TEST 36: retry without its largest delay
--- workspace
        retry 1s;
--- refused
invalid number of arguments in "retry" directive



=== TEST 37: webhook_url with too many arguments
--- workspace
        webhook_url https://a/b channel=c legacy d;
--- refused
invalid number of arguments in "webhook_url" directive



=== TEST 38: username with too many arguments
--- workspace
        username Git Lab;
--- refused
invalid number of arguments in "username" directive



=== TEST 39: icon_emoji with too many arguments
--- workspace
        icon_emoji a b;
--- refused
invalid number of arguments in "icon_emoji" directive



=== TEST 40: icon_url with too many arguments
--- workspace
        icon_url https://a b;
--- refused
invalid number of arguments in "icon_url" directive



=== TEST 41: rate with too many arguments
--- workspace
        rate 1r/s burst=1 2;
--- refused
invalid number of arguments in "rate" directive



=== TEST 42: connect_timeout with too many arguments
--- workspace
        connect_timeout 1s 1s;
--- refused
invalid number of arguments in "connect_timeout" directive



=== TEST 43: timeout with too many arguments
--- workspace
        timeout 1s 1s;
--- refused
invalid number of arguments in "timeout" directive



=== TEST 44: retry with too many arguments
--- workspace
        retry 1s 1s for=1h 1;
--- refused
invalid number of arguments in "retry" directive



=== TEST 45: coalesce with too many arguments
--- workspace
        coalesce 1 2;
--- refused
invalid number of arguments in "coalesce" directive



=== TEST 46: on_ambiguous with too many arguments
--- workspace
        on_ambiguous drop retry;
--- refused
invalid number of arguments in "on_ambiguous" directive



=== TEST 47: trusted_certificate with too many arguments
--- workspace
        trusted_certificate a b;
--- refused
invalid number of arguments in "trusted_certificate" directive



=== TEST 48: ssl_verify with too many arguments
--- workspace
        ssl_verify on off;
--- refused
invalid number of arguments in "ssl_verify" directive



=== TEST 49: proxy with too many arguments
--- workspace
        proxy http://a http://b;
--- refused
invalid number of arguments in "proxy" directive



=== TEST 50: channel twice
--- workspace
        channel dev;
        channel dev;
--- refused
"channel" directive is duplicate



=== TEST 51: username twice
--- workspace
        username GitLab;
        username GitLab;
--- refused
"username" directive is duplicate



=== TEST 52: icon_emoji twice
--- workspace
        icon_emoji rocket;
        icon_emoji rocket;
--- refused
"icon_emoji" directive is duplicate



=== TEST 53: icon_url twice
--- workspace
        icon_url https://example.com/i.png;
        icon_url https://example.com/i.png;
--- refused
"icon_url" directive is duplicate



=== TEST 54: rate twice
--- workspace
        rate 1r/s;
        rate 1r/s;
--- refused
"rate" directive is duplicate



=== TEST 55: connect_timeout twice
--- workspace
        connect_timeout 1s;
        connect_timeout 1s;
--- refused
"connect_timeout" directive is duplicate



=== TEST 56: timeout twice
--- workspace
        timeout 1s;
        timeout 1s;
--- refused
"timeout" directive is duplicate



=== TEST 57: retry twice
--- workspace
        retry 1s 1m;
        retry 1s 1m;
--- refused
"retry" directive is duplicate



=== TEST 58: coalesce twice
--- workspace
        coalesce 5;
        coalesce 5;
--- refused
"coalesce" directive is duplicate



=== TEST 59: on_ambiguous twice
--- workspace
        on_ambiguous drop;
        on_ambiguous drop;
--- refused
"on_ambiguous" directive is duplicate



=== TEST 60: trusted_certificate twice
--- workspace
        trusted_certificate /etc/ssl/certs/ca-certificates.crt;
        trusted_certificate /etc/ssl/certs/ca-certificates.crt;
--- refused
"trusted_certificate" directive is duplicate



=== TEST 61: ssl_verify twice
--- workspace
        ssl_verify on;
        ssl_verify on;
--- refused
"ssl_verify" directive is duplicate



=== TEST 62: proxy twice
--- workspace
        proxy http://127.0.0.1:3128;
        proxy http://127.0.0.1:3128;
--- refused
"proxy" directive is duplicate



=== TEST 63: webhook_url twice
--- workspace
        webhook_url https://a.example/1;
        webhook_url https://a.example/2;
--- refused
"webhook_url" directive is duplicate, give each but one a "channel="



=== TEST 64: webhook_url twice for a channel
--- workspace
        webhook_url https://a.example/1 channel=dev;
        webhook_url https://a.example/2 channel=#dev;
--- refused
"webhook_url" directive is duplicate for the channel



=== TEST 65: a wrong webhook_url, hooks.slack.com/services/T1
--- workspace
        webhook_url hooks.slack.com/services/T1;
--- refused
"webhook_url" directive has a URL that is neither http nor https, write the whole one that Slack shows for the incoming webhook, "https://hooks.slack.com/services/..."



=== TEST 66: a wrong webhook_url, ftp://hooks.slack.com/T1
--- workspace
        webhook_url ftp://hooks.slack.com/T1;
--- refused
"webhook_url" directive has a URL that is neither http nor https, write the whole one that Slack shows for the incoming webhook, "https://hooks.slack.com/services/..."



=== TEST 67: a wrong webhook_url, https://hooks.slack.com/T 1
--- workspace
        webhook_url "https://hooks.slack.com/T 1";
--- refused
"webhook_url" directive has a URL with a space or another character that must be encoded



=== TEST 68: a wrong webhook_url, https://hooks.slack.com/Tä
--- workspace
        webhook_url https://hooks.slack.com/Tä;
--- refused
"webhook_url" directive has a URL with a space or another character that must be encoded



=== TEST 69: a wrong webhook_url, https://
--- workspace
        webhook_url https://;
--- refused
no host in the URL of "webhook_url"



=== TEST 70: a wrong webhook_url, https:///services/T1
--- workspace
        webhook_url https:///services/T1;
--- refused
no host in the URL of "webhook_url"



=== TEST 71: a wrong webhook_url, https://:8065/services/T1
--- workspace
        webhook_url https://:8065/services/T1;
--- refused
no host in the URL of "webhook_url"



=== TEST 72: a wrong webhook_url, http://unix:/run/slack
--- workspace
        webhook_url http://unix:/run/slack;
--- refused
invalid host in the URL of "webhook_url"



=== TEST 73: a wrong webhook_url, https://hooks.slack.com:0/services/T1
--- workspace
        webhook_url https://hooks.slack.com:0/services/T1;
--- refused
invalid port in the URL of "webhook_url"



=== TEST 74: a wrong webhook_url, https://hooks.slack.com:x/services/T1
--- workspace
        webhook_url https://hooks.slack.com:x/services/T1;
--- refused
invalid port in the URL of "webhook_url"



=== TEST 75: a wrong webhook_url, https://hooks.slack.com:65536/services/T1
--- workspace
        webhook_url https://hooks.slack.com:65536/services/T1;
--- refused
invalid port in the URL of "webhook_url"



=== TEST 76: a webhook_url with an unknown parameter
--- workspace
        webhook_url https://a.example/1 chan=dev;
--- refused
invalid parameter "chan=dev", write "channel=NAME" or "legacy"



=== TEST 77: a webhook_url with an empty channel
--- workspace
        webhook_url https://a.example/1 channel=;
--- refused
invalid parameter "channel=", write "channel=NAME" or "legacy"



=== TEST 78: a webhook_url with several channels
--- workspace
        webhook_url https://a.example/1 channel=a,b;
--- refused
invalid parameter "channel=a,b", write "channel=NAME" or "legacy"



=== TEST 79: a webhook_url with a wrong channel
--- workspace
        webhook_url https://a.example/1 channel=@joe;
--- refused
invalid channel "@joe", a direct message needs the member ID, such as U024BE7LH



=== TEST 80: webhook_url_file that is not there
--- workspace
        webhook_url_file /nowhere/url;
--- refused
a file with one line, the secret, is needed: open() "/nowhere/url" failed (2: No such file or directory)



=== TEST 81: webhook_url_file that is a directory
--- workspace
        webhook_url_file /etc;
--- refused
"/etc" is not a file with one line, the secret



=== TEST 82: webhook_url_file that is empty
--- workspace
        webhook_url_file /dev/null;
--- refused
"/dev/null" is not a file with one line, the secret



=== TEST 83: a wrong URL in a file
--- workspace
        webhook_url_file ../html/url;
--- user_files
>>> url
hooks.slack.com/services/T1/B1/secret
--- refused
"webhook_url_file" directive has a URL that is neither http nor https, write the whole one that Slack shows for the incoming webhook, "https://hooks.slack.com/services/..."



=== TEST 84: an empty file
--- workspace
        webhook_url_file ../html/url;
--- user_files
>>> url
--- refused
"$TEST_NGINX_SERVER_ROOT/conf/../html/url" is empty, write the secret into it



=== TEST 85: a file of two lines
--- workspace
        webhook_url_file ../html/url;
--- user_files
>>> url
https://a.example/1
https://a.example/2
--- refused
"$TEST_NGINX_SERVER_ROOT/conf/../html/url" has more than one line, give each secret a file



=== TEST 86: a wrong channel, @joe
--- workspace
        channel @joe;
--- refused
invalid channel "@joe", a direct message needs the member ID, such as U024BE7LH



=== TEST 87: a wrong channel, "#"
--- workspace
        channel "#";
--- refused
invalid channel "#", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR



=== TEST 88: a wrong channel, a#b
--- workspace
        channel a#b;
--- refused
invalid channel "a#b", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR



=== TEST 89: a wrong channel, $slack_branch
--- workspace
        channel $slack_branch;
--- refused
invalid channel "$slack_branch", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR



=== TEST 90: a wrong channel, <!channel>
--- workspace
        channel <!channel>;
--- refused
invalid channel "<!channel>", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR



=== TEST 91: a wrong channel, aaaaaaaaaaaaaaaaaaaa
--- workspace
        channel aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;
--- refused
invalid channel "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR



=== TEST 92: a wrong channel, ","
--- workspace
        channel ",";
--- refused
empty list of channels, name one



=== TEST 93: a wrong channel, ""
--- workspace
        channel "";
--- refused
empty list of channels, name one



=== TEST 94: a wrong channel, a b c d e f g h i j
--- workspace
        channel a b c d e f g h i j k;
--- refused
more than 10 channels



=== TEST 95: a wrong channel, a,b,c,d,e,f,g,h,i,j,
--- workspace
        channel a,b,c,d,e,f,g,h,i,j,k;
--- refused
more than 10 channels



=== TEST 96: username of 81 characters
--- workspace
        username üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü;
--- refused
"username" directive is longer than 80 characters



=== TEST 97: empty username
--- workspace
        username "";
--- refused
"username" directive is empty



=== TEST 98: username with a line break
--- workspace
        username "Git
        Lab";
--- refused
"username" directive has characters that are not UTF-8 or cannot be seen



=== TEST 99: empty icon_emoji
--- workspace
        icon_emoji "";
--- refused
"icon_emoji" directive is empty



=== TEST 100: a wrong icon_emoji, a b
--- workspace
        icon_emoji "a b";
--- refused
"icon_emoji" directive is not the name of an emoji



=== TEST 101: a wrong icon_emoji, :rocket
--- workspace
        icon_emoji :rocket;
--- refused
"icon_emoji" directive is not the name of an emoji



=== TEST 102: a wrong icon_emoji, rocket:
--- workspace
        icon_emoji rocket:;
--- refused
"icon_emoji" directive is not the name of an emoji



=== TEST 103: a wrong icon_emoji, ::
--- workspace
        icon_emoji ::;
--- refused
"icon_emoji" directive is not the name of an emoji



=== TEST 104: a wrong icon_emoji, :
--- workspace
        icon_emoji :;
--- refused
"icon_emoji" directive is not the name of an emoji



=== TEST 105: icon_url that is none
--- workspace
        icon_url rocket.png;
--- refused
"icon_url" directive is neither http nor https



=== TEST 106: icon_url with a space
--- workspace
        icon_url "https://example.com/a b";
--- refused
"icon_url" directive has a space



=== TEST 107: icon_url of 256 characters
--- workspace
        icon_url https://example.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;
--- refused
"icon_url" directive is longer than 255 characters



=== TEST 108: a wrong rate, 0r/s
--- workspace
        rate 0r/s;
--- refused
invalid rate "0r/s", write such as "1r/s" or "30r/m"



=== TEST 109: a wrong rate, -1r/s
--- workspace
        rate -1r/s;
--- refused
invalid rate "-1r/s", write such as "1r/s" or "30r/m"



=== TEST 110: a wrong rate, 1
--- workspace
        rate 1;
--- refused
invalid rate "1", write such as "1r/s" or "30r/m"



=== TEST 111: a wrong rate, r/s
--- workspace
        rate r/s;
--- refused
invalid rate "r/s", write such as "1r/s" or "30r/m"



=== TEST 112: a wrong rate, 1r/h
--- workspace
        rate 1r/h;
--- refused
invalid rate "1r/h", write such as "1r/s" or "30r/m"



=== TEST 113: a wrong rate, 1.5r/s
--- workspace
        rate 1.5r/s;
--- refused
invalid rate "1.5r/s", write such as "1r/s" or "30r/m"



=== TEST 114: a wrong rate, manyr/s
--- workspace
        rate manyr/s;
--- refused
invalid rate "manyr/s", write such as "1r/s" or "30r/m"



=== TEST 115: a wrong rate, 1000001r/s
--- workspace
        rate 1000001r/s;
--- refused
"1000001r/s" is too great, it may be at most 1000000



=== TEST 116: a wrong burst, burst=0
--- workspace
        rate 1r/s burst=0;
--- refused
invalid parameter "burst=0", see "Inside slack_workspace" in the README



=== TEST 117: a wrong burst, burst=
--- workspace
        rate 1r/s burst=;
--- refused
invalid parameter "burst=", see "Inside slack_workspace" in the README



=== TEST 118: a wrong burst, burst=x
--- workspace
        rate 1r/s burst=x;
--- refused
invalid parameter "burst=x", see "Inside slack_workspace" in the README



=== TEST 119: a wrong burst, burst
--- workspace
        rate 1r/s burst;
--- refused
invalid parameter "burst", see "Inside slack_workspace" in the README



=== TEST 120: a wrong burst, bursts=1
--- workspace
        rate 1r/s bursts=1;
--- refused
invalid parameter "bursts=1", see "Inside slack_workspace" in the README



=== TEST 121: a wrong connect_timeout, 0
--- workspace
        connect_timeout 0;
--- refused
"connect_timeout" directive invalid value, write such as "10s" or "500ms"



=== TEST 122: a wrong connect_timeout, soon
--- workspace
        connect_timeout soon;
--- refused
"connect_timeout" directive invalid value, write such as "10s" or "500ms"



=== TEST 123: a wrong connect_timeout, 1x
--- workspace
        connect_timeout 1x;
--- refused
"connect_timeout" directive invalid value, write such as "10s" or "500ms"



=== TEST 124: a wrong connect_timeout, -1s
--- workspace
        connect_timeout -1s;
--- refused
"connect_timeout" directive invalid value, write such as "10s" or "500ms"



=== TEST 125: a wrong timeout, 0
--- workspace
        timeout 0;
--- refused
"timeout" directive invalid value, write such as "10s" or "500ms"



=== TEST 126: a wrong timeout, soon
--- workspace
        timeout soon;
--- refused
"timeout" directive invalid value, write such as "10s" or "500ms"



=== TEST 127: a wrong timeout, 1x
--- workspace
        timeout 1x;
--- refused
"timeout" directive invalid value, write such as "10s" or "500ms"



=== TEST 128: a wrong timeout, -1s
--- workspace
        timeout -1s;
--- refused
"timeout" directive invalid value, write such as "10s" or "500ms"



=== TEST 129: a wrong retry, 0 1m
--- workspace
        retry 0 1m;
--- refused
invalid parameter "0", see "Inside slack_workspace" in the README



=== TEST 130: a wrong retry, soon 1m
--- workspace
        retry soon 1m;
--- refused
invalid parameter "soon", see "Inside slack_workspace" in the README



=== TEST 131: a wrong retry, 1s never
--- workspace
        retry 1s never;
--- refused
invalid parameter "never", see "Inside slack_workspace" in the README



=== TEST 132: a wrong retry, 1s 1m ever=1h
--- workspace
        retry 1s 1m ever=1h;
--- refused
invalid parameter "ever=1h", see "Inside slack_workspace" in the README



=== TEST 133: a wrong retry, 1s 1m for=
--- workspace
        retry 1s 1m for=;
--- refused
invalid parameter "for=", see "Inside slack_workspace" in the README



=== TEST 134: a wrong retry, 1s 1m for=0
--- workspace
        retry 1s 1m for=0;
--- refused
invalid parameter "for=0", see "Inside slack_workspace" in the README



=== TEST 135: a wrong retry, 1s 1m 24h
--- workspace
        retry 1s 1m 24h;
--- refused
invalid parameter "24h", see "Inside slack_workspace" in the README



=== TEST 136: retry with its delays confused
--- workspace
        retry 5m 1s;
--- refused
"retry" directive has a largest delay below the first one



=== TEST 137: a wrong coalesce, 0
--- workspace
        coalesce 0;
--- refused
"coalesce" directive invalid value, write a number from 1 to 100



=== TEST 138: a wrong coalesce, -1
--- workspace
        coalesce -1;
--- refused
"coalesce" directive invalid value, write a number from 1 to 100



=== TEST 139: a wrong coalesce, many
--- workspace
        coalesce many;
--- refused
"coalesce" directive invalid value, write a number from 1 to 100



=== TEST 140: a wrong coalesce, 1.5
--- workspace
        coalesce 1.5;
--- refused
"coalesce" directive invalid value, write a number from 1 to 100



=== TEST 141: coalesce beyond what Slack takes
--- workspace
        coalesce 101;
--- refused
"coalesce" directive invalid value, write a number from 1 to 100



=== TEST 142: a wrong on_ambiguous
--- workspace
        on_ambiguous maybe;
--- refused
invalid value "maybe" in "on_ambiguous" directive, it must be "retry" or "drop"



=== TEST 143: a wrong ssl_verify
--- workspace
        ssl_verify yes;
--- refused
invalid value "yes" in "ssl_verify" directive, it must be "on" or "off"



=== TEST 144: trusted_certificate that is not there
--- workspace
        trusted_certificate /nowhere/ca.pem;
--- refused
a file with the certificates of CAs to trust is needed: stat() "/nowhere/ca.pem" failed (2: No such file or directory)



=== TEST 145: a wrong proxy, proxy.example:3128
--- workspace
        proxy proxy.example:3128;
--- refused
"proxy" directive has a URL that is neither http nor https, write "http://HOST:PORT"



=== TEST 146: a wrong proxy, socks5://proxy.example:1080
--- workspace
        proxy socks5://proxy.example:1080;
--- refused
"proxy" directive has a URL that is neither http nor https, write "http://HOST:PORT"



=== TEST 147: a wrong proxy, http://
--- workspace
        proxy http://;
--- refused
no host in the URL of "proxy"



=== TEST 148: a wrong proxy, http://user:pass@
--- workspace
        proxy http://user:pass@;
--- refused
no host in the URL of "proxy"



=== TEST 149: a wrong proxy, http://user:pass@proxy:port
--- workspace
        proxy http://user:pass@proxy:port;
--- refused
invalid port in the URL of "proxy"



=== TEST 150: a wrong webhook_url, http://hooks.slack.com/services/T1/B1/secret
--- workspace
        webhook_url http://hooks.slack.com/services/T1/B1/secret;
--- refused
"webhook_url" directive has a URL of Slack that is not https, write the whole one that Slack shows for the incoming webhook, "https://hooks.slack.com/services/..."



=== TEST 151: a wrong webhook_url, https://hooks.slack.com
--- workspace
        webhook_url https://hooks.slack.com;
--- refused
"webhook_url" directive has a URL without a path, write the whole one that Slack shows for the incoming webhook, "https://hooks.slack.com/services/..."



=== TEST 152: a wrong webhook_url, https://hooks.slack.com/
--- workspace
        webhook_url https://hooks.slack.com/;
--- refused
"webhook_url" directive has a URL without a path, write the whole one that Slack shows for the incoming webhook, "https://hooks.slack.com/services/..."



=== TEST 153: a wrong webhook_url, https://a.example
--- workspace
        webhook_url https://a.example;
--- refused
"webhook_url" directive has a URL without a path, write the whole one that Slack shows for the incoming webhook, "https://hooks.slack.com/services/..."



=== TEST 154: a wrong webhook_url, https://acme.slack.com/archives/C024BE7LR
--- workspace
        webhook_url https://acme.slack.com/archives/C024BE7LR;
--- refused
"webhook_url" directive has the URL of a page of Slack, write the whole one that Slack shows for the incoming webhook, "https://hooks.slack.com/services/..."



=== TEST 155: a wrong webhook_url, https://Slack.com/api/chat.postMessage
--- workspace
        webhook_url https://Slack.com/api/chat.postMessage;
--- refused
"webhook_url" directive has the URL of a page of Slack, write the whole one that Slack shows for the incoming webhook, "https://hooks.slack.com/services/..."



=== TEST 156: a wrong webhook_url, https://hooks.slack.com/workflows/T1/A1/1/secret
--- workspace
        webhook_url https://hooks.slack.com/workflows/T1/A1/1/secret;
--- refused
"webhook_url" directive has a URL of Slack that is not an incoming webhook's, write the whole one that Slack shows for the incoming webhook, "https://hooks.slack.com/services/..."



=== TEST 157: trusted_certificate that has none
--- workspace
        trusted_certificate /etc/passwd;
--- refused
"/etc/passwd" has no certificate in PEM, write those of the CAs to trust into it: "-----BEGIN CERTIFICATE-----" and what follows



=== TEST 158: trusted_certificate that is a directory
--- workspace
        trusted_certificate /etc;
--- refused
"/etc" is no file, write all certificates into one



=== TEST 159: trusted_certificate that is cut off
--- config
    location = /hook {
        slack_notify acme;
    }
--- workspace
        trusted_certificate ../html/ca.pem;
--- user_files
>>> ca.pem
-----BEGIN CERTIFICATE-----
MIIBszCCAVmgAwIBAgIUQw
-----END CERTIFICATE-----
--- must_die
--- error_log
html/ca.pem" has something that is no certificate in PEM, write those of the CAs to trust into it
--- suppress_stderr



=== TEST 160: more than there may be, rate 1r/s burst=100001
--- workspace
        rate 1r/s burst=100001;
--- refused
"burst=100001" is too great, it may be at most 100000



=== TEST 161: more than there may be, rate 1r/s burst=99999999999999999999
--- workspace
        rate 1r/s burst=99999999999999999999;
--- refused
"burst=99999999999999999999" is too great, it may be at most 100000



=== TEST 162: more than there may be, rate 99999999999999999999r/m
--- workspace
        rate 99999999999999999999r/m;
--- refused
"99999999999999999999r/m" is too great, it may be at most 1000000



=== TEST 163: more than there may be, connect_timeout 25h
--- workspace
        connect_timeout 25h;
--- refused
"25h" is too long, it may be at most a day, "1d"



=== TEST 164: more than there may be, timeout 99999999999999999s
--- workspace
        timeout 99999999999999999s;
--- refused
"99999999999999999s" is too long, it may be at most a day, "1d"



=== TEST 165: more than there may be, timeout 9223372036854775807ms
--- workspace
        timeout 9223372036854775807ms;
--- refused
"9223372036854775807ms" is too long, it may be at most a day, "1d"



=== TEST 166: more than there may be, retry 99999999999999999s 99999999999999999s
--- workspace
        retry 99999999999999999s 99999999999999999s;
--- refused
"99999999999999999s" is too long, it may be at most 10 years, "3650d"



=== TEST 167: more than there may be, retry 1s 3651d
--- workspace
        retry 1s 3651d;
--- refused
"3651d" is too long, it may be at most 10 years, "3650d"



=== TEST 168: more than there may be, retry 1s 1m for=99999999999999999s
--- workspace
        retry 1s 1m for=99999999999999999s;
--- refused
"for=99999999999999999s" is too long, it may be at most 10 years, "3650d"



=== TEST 169: more than there may be, coalesce 99999999999999999999
--- workspace
        coalesce 99999999999999999999;
--- refused
"coalesce" directive invalid value, write a number from 1 to 100



=== TEST 170: as much as there may be
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



=== TEST 171: several channels, an app's webhook
--- workspace
        webhook_url $SLACK_HOOK;
        channel dev,ops;
--- refused
workspace "acme" has several channels, but a webhook without "channel=" serves only one; give each channel a webhook with "channel=", or say "legacy" of a webhook that takes any channel, or use "bot_token"



=== TEST 172: several channels, one of two webhooks without "channel="
--- workspace
        webhook_url https://a.example/1;
        webhook_url https://a.example/2 channel=ops;
        channel dev,ops;
--- refused
workspace "acme" has several channels, but a webhook without "channel=" serves only one; give each channel a webhook with "channel=", or say "legacy" of a webhook that takes any channel, or use "bot_token"



=== TEST 173: a channel of the workspace that no webhook serves
--- workspace
        webhook_url https://a.example/1 channel=dev;
        channel dev,ops;
--- refused
no webhook of workspace "acme" serves channel "#ops"; give its webhook "channel=ops", or say "legacy" of a webhook that takes any channel, or use "bot_token"



=== TEST 174: the same, by its ID
--- workspace
        webhook_url https://a.example/1 channel=dev;
        channel C024BE7LR;
--- refused
no webhook of workspace "acme" serves channel "C024BE7LR"; give its webhook "channel=C024BE7LR", or say "legacy" of a webhook that takes any channel, or use "bot_token"



=== TEST 175: two webhooks for the workspace's channel
--- workspace
        webhook_url https://a.example/1;
        webhook_url https://a.example/2 channel=dev;
        channel dev;
--- refused
workspace "acme" has two webhooks for its channel "#dev", one with "channel=" and one without



=== TEST 176: channel=U024BE7LH: a member's ID of an app's webhook
--- workspace
        webhook_url https://a.example/1 channel=U024BE7LH;
--- refused
the webhook of a Slack app sends no direct message to "U024BE7LH"; say "legacy" of a webhook that takes any channel, or use "bot_token"



=== TEST 177: channel=W012A3CDE: the same of an organisation
--- workspace
        webhook_url https://a.example/1 channel=W012A3CDE;
--- refused
the webhook of a Slack app sends no direct message to "W012A3CDE"; say "legacy" of a webhook that takes any channel, or use "bot_token"



=== TEST 178: channel=D024BE7LH: the ID of a direct message
--- workspace
        webhook_url https://a.example/1 channel=D024BE7LH;
--- refused
the webhook of a Slack app sends no direct message to "D024BE7LH"; say "legacy" of a webhook that takes any channel, or use "bot_token"



=== TEST 179: a direct message as the workspace's channel
--- workspace
        webhook_url https://a.example/1;
        channel U024BE7LH;
--- refused
the webhook of a Slack app sends no direct message to "U024BE7LH"; say "legacy" of a webhook that takes any channel, or use "bot_token"



=== TEST 180: a direct message beside other channels
--- workspace
        webhook_url https://a.example/1 channel=dev;
        channel dev,U024BE7LH;
--- refused
the webhook of a Slack app sends no direct message to "U024BE7LH"; say "legacy" of a webhook that takes any channel, or use "bot_token"



=== TEST 181: two legacy webhooks without "channel="
--- workspace
        webhook_url https://a.example/1 legacy;
        webhook_url https://a.example/2 legacy;
--- refused
"webhook_url" directive is duplicate, give each but one a "channel="



=== TEST 182: a parameter twice, legacy legacy
--- workspace
        webhook_url https://a.example/1 legacy legacy;
--- refused
invalid parameter "legacy", write "channel=NAME" or "legacy"



=== TEST 183: a parameter twice, channel=dev channel=ops
--- workspace
        webhook_url https://a.example/1 channel=dev channel=ops;
--- refused
invalid parameter "channel=ops", write "channel=NAME" or "legacy"



=== TEST 184: a wrong parameter, Legacy
--- workspace
        webhook_url https://a.example/1 Legacy;
--- refused
invalid parameter "Legacy", write "channel=NAME" or "legacy"



=== TEST 185: a wrong parameter, legacy=on
--- workspace
        webhook_url https://a.example/1 legacy=on;
--- refused
invalid parameter "legacy=on", write "channel=NAME" or "legacy"



=== TEST 186: a wrong parameter, legacy=
--- workspace
        webhook_url https://a.example/1 legacy=;
--- refused
invalid parameter "legacy=", write "channel=NAME" or "legacy"



=== TEST 187: an app's webhook sends no username
--- http_config
    slack_workspace acme {
        webhook_url $SLACK/services/$SLACK_TEAM/BAPP1/secret;
        username Robot;
    }
--- config
    location = /hook {
        slack_notify acme;
    }
--- request
GET /_slack/_received
--- error_log eval
qr{\[warn\] .*name and icon of workspace "acme" are not sent, the webhook of a Slack app ignores them; say "legacy" of a webhook that takes any channel, or use "bot_token" in \S+:\d+$}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 188: an app's webhook sends no icon_emoji
--- http_config
    slack_workspace acme {
        webhook_url $SLACK/services/$SLACK_TEAM/BAPP1/secret;
        icon_emoji rocket;
    }
--- config
    location = /hook {
        slack_notify acme;
    }
--- request
GET /_slack/_received
--- error_log eval
qr{\[warn\] .*name and icon of workspace "acme" are not sent, the webhook of a Slack app ignores them; say "legacy" of a webhook that takes any channel, or use "bot_token" in \S+:\d+$}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 189: an app's webhook sends no icon_url
--- http_config
    slack_workspace acme {
        webhook_url $SLACK/services/$SLACK_TEAM/BAPP1/secret;
        icon_url https://example.com/icon.png;
    }
--- config
    location = /hook {
        slack_notify acme;
    }
--- request
GET /_slack/_received
--- error_log eval
qr{\[warn\] .*name and icon of workspace "acme" are not sent, the webhook of a Slack app ignores them; say "legacy" of a webhook that takes any channel, or use "bot_token" in \S+:\d+$}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 190: name and icon are sent where one of the webhooks takes them
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



=== TEST 191: an unknown receiver
--- workspace
        receiver teams;
--- refused
invalid value "teams" in "receiver" directive, it must be "slack", "mattermost" or "discord"



=== TEST 192: receiver twice
--- workspace
        receiver slack;
        receiver slack;
--- refused
"receiver" directive is duplicate



=== TEST 193: a receiver without a name
--- workspace
        receiver;
--- refused
invalid number of arguments in "receiver" directive



=== TEST 194: a member ID with receiver mattermost
--- workspace
        receiver mattermost;
        channel  dev U024BE7LH;
--- refused
invalid channel "U024BE7LH", "receiver mattermost" does not know Slack's IDs, write the name of the channel, or "@NAME" for a direct message



=== TEST 195: the ID of a channel, before receiver mattermost
--- workspace
        channel  C024BE91L;
        receiver mattermost;
--- refused
invalid channel "C024BE91L", "receiver mattermost" does not know Slack's IDs, write the name of the channel, or "@NAME" for a direct message



=== TEST 196: a webhook for a member ID with receiver mattermost
--- workspace
        webhook_url https://a.example/1 channel=W012A3CDE;
        receiver    mattermost;
        channel     dev;
--- refused
invalid channel "W012A3CDE", "receiver mattermost" does not know Slack's IDs, write the name of the channel, or "@NAME" for a direct message



=== TEST 197: a wrong name of a direct message
--- workspace
        receiver mattermost;
        channel  @Joe;
--- refused
invalid channel "@Joe", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR



=== TEST 198: a channel with receiver discord
--- workspace
        receiver discord;
        channel  dev;
--- refused
invalid channel "#dev", a webhook of "receiver discord" posts to its own channel only, write a slack_workspace for each webhook



=== TEST 199: a webhook for a channel with receiver discord
--- http_config
    slack_workspace acme {
        webhook_url https://a.example/1 channel=dev;
        receiver    discord;
    }
--- refused
invalid channel "dev", a webhook of "receiver discord" posts to its own channel only, write a slack_workspace for each webhook
