# Tokens of Slack apps in the configuration: what nginx refuses.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: a user's token
--- workspace
        bot_token xoxp-1-1-sesamesesame;
--- refused
"bot_token" directive has a user token, write the app's bot token, which begins with "xoxb-"
--- no_error_log
sesame



=== TEST 2: an app-level token
--- workspace
        bot_token xapp-1-1-sesamesesame;
--- refused
"bot_token" directive has an app-level token, write the app's bot token, which begins with "xoxb-"
--- no_error_log
sesame



=== TEST 3: a refresh token
--- workspace
        bot_token xoxe-1-sesamesesame;
--- refused
"bot_token" directive has a refresh token: turn off token rotation for the app and write its bot token, which begins with "xoxb-"
--- no_error_log
sesame



=== TEST 4: a token that rotates
--- workspace
        bot_token xoxe.xoxb-1-sesamesesame;
--- refused
"bot_token" directive has a token that expires within hours: turn off token rotation for the app and write its bot token, which begins with "xoxb-"
--- no_error_log
sesame



=== TEST 5: something else
--- workspace
        bot_token sesamesesamesesame;
--- refused
"bot_token" directive has no bot token, write the one that Slack shows under "OAuth & Permissions" of the app, which begins with "xoxb-"
--- no_error_log
sesame



=== TEST 6: the URL of a webhook
--- workspace
        bot_token https://hooks.slack.com/services/T1/B1/sesame;
--- refused
"bot_token" directive has no bot token, write the one that Slack shows under "OAuth & Permissions" of the app, which begins with "xoxb-"
--- no_error_log
sesame



=== TEST 7: a token that is cut
--- workspace
        bot_token xoxb-1;
--- refused
"bot_token" directive has no bot token, write the one that Slack shows under "OAuth & Permissions" of the app, which begins with "xoxb-"
--- no_error_log
sesame



=== TEST 8: a token with a quote
--- workspace
        bot_token xoxb-1-1-sesame'sesame;
--- refused
"bot_token" directive has a bot token with a character that none has
--- no_error_log
sesame



=== TEST 9: two tokens
--- workspace
        bot_token xoxb-1-1-sesamesesame;
        bot_token xoxb-1-1-sesamesesame;
--- refused
"bot_token" directive is duplicate: a message can be changed only by the app that has posted it, so a workspace has one token
--- no_error_log
sesame



=== TEST 10: without arguments
--- workspace
        bot_token;
--- refused
invalid number of arguments in "bot_token" directive
--- no_error_log
sesame



=== TEST 11: a file that is not there
--- workspace
        bot_token_file /nowhere/token;
--- refused
a file with one line, the secret, is needed: open() "/nowhere/token" failed (2: No such file or directory)
--- no_error_log
sesame



=== TEST 12: a token and a webhook
--- workspace
        bot_token xoxb-1-1-sesamesesame;
        webhook_url https://a.example/1;
--- refused
workspace "acme" has "bot_token" and "webhook_url", keep one of them
--- no_error_log
sesame



=== TEST 13: an API by http
--- workspace
        bot_token xoxb-1-1-sesamesesame;
        api_url http://slack.com/api;
--- refused
"api_url" directive has a URL that is not https, write "https://slack.com/api", or http to a loopback address for tests
--- no_error_log
sesame



=== TEST 14: an API by ftp
--- workspace
        bot_token xoxb-1-1-sesamesesame;
        api_url ftp://slack.com/api;
--- refused
"api_url" directive has a URL that is not https, write "https://slack.com/api", or http to a loopback address for tests
--- no_error_log
sesame



=== TEST 15: an API with a query
--- workspace
        bot_token xoxb-1-1-sesamesesame;
        api_url https://slack.com/api?a=b;
--- refused
"api_url" directive has a URL with more than host and path, write such as "https://slack.com/api"
--- no_error_log
sesame



=== TEST 16: an API with a password
--- workspace
        bot_token xoxb-1-1-sesamesesame;
        api_url https://a:b@slack.com/api;
--- refused
"api_url" directive has a URL with more than host and path, write such as "https://slack.com/api"
--- no_error_log
sesame



=== TEST 17: an API twice
--- workspace
        bot_token xoxb-1-1-sesamesesame;
        api_url https://a.example/;
        api_url https://b.example/;
--- refused
"api_url" directive is duplicate
--- no_error_log
sesame



=== TEST 18: a wrong post_rate
--- workspace
        bot_token xoxb-1-1-sesamesesame;
        post_rate fast;
--- refused
invalid rate "fast", write such as "1r/s" or "30r/m"
--- no_error_log
sesame



=== TEST 19: post_rate off with a burst
--- workspace
        bot_token xoxb-1-1-sesamesesame;
        post_rate off burst=2;
--- refused
invalid rate "off", write such as "1r/s" or "30r/m"
--- no_error_log
sesame



=== TEST 20: update_rate off
--- workspace
        bot_token xoxb-1-1-sesamesesame;
        update_rate off;
--- refused
invalid rate "off", write such as "1r/s" or "30r/m"
--- no_error_log
sesame



=== TEST 21: a wrong join
--- workspace
        bot_token xoxb-1-1-sesamesesame;
        join yes;
--- refused
invalid value "yes" in "join" directive, it must be "on" or "off"
--- no_error_log
sesame



=== TEST 22: a receiver
--- workspace
        bot_token xoxb-1-1-sesamesesame;
        receiver mattermost;
--- refused
workspace "acme" has "receiver" and "bot_token": only webhooks have other receivers than Slack
--- no_error_log
sesame



=== TEST 23: api_url with a webhook
--- workspace
        webhook_url https://a.example/1;
        api_url https://slack-gov.com/api;
--- refused
workspace "acme" has "api_url", which needs "bot_token": a webhook has no such thing
--- no_error_log
sesame



=== TEST 24: post_rate with a webhook
--- workspace
        webhook_url https://a.example/1;
        post_rate 60r/m;
--- refused
workspace "acme" has "post_rate", which needs "bot_token": a webhook has no such thing
--- no_error_log
sesame



=== TEST 25: update_rate with a webhook
--- workspace
        webhook_url https://a.example/1;
        update_rate 1r/s;
--- refused
workspace "acme" has "update_rate", which needs "bot_token": a webhook has no such thing
--- no_error_log
sesame



=== TEST 26: join with a webhook
--- workspace
        webhook_url https://a.example/1;
        join on;
--- refused
workspace "acme" has "join", which needs "bot_token": a webhook has no such thing
--- no_error_log
sesame



=== TEST 27: a route without a channel
--- http_config
    slack_workspace acme {
        bot_token xoxb-1-1-sesamesesame;
    }
--- config
    location = /hook {
        slack_notify acme;
    }
--- refused
no channel, and the token of workspace "acme" has none of its own, write "channel"



=== TEST 28: every directive
--- workspace
        bot_token_file $TEST_NGINX_SERVER_ROOT/html/token;
        api_url $SLACK/api/;
        post_rate 1000r/s burst=100;
        update_rate 1r/s;
        join on;
--- user_files
>>> token
xoxb-1-1-sesamesesame
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
