# "bot_token" and what goes with one in a slack_workspace: what nginx says to a
# wrong token, and to what does not go with one.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $DIR = SlackConf::dir();

my $SECRET = 'sesamesesame';
my $TOKEN  = "xoxb-17653672481-19874698323-$SECRET";
my $HOOK   = "https://hooks.slack.com/services/T1/B1/$SECRET";

# what the messages have in common
my $BOT     = 'write the app\'s bot token, which begins with "xoxb-"';
my $ROTATES = 'turn off token rotation for the app and write its bot token, which begins with "xoxb-"';
my $NONE    = 'has no bot token, write the one that Slack shows under "OAuth & Permissions" of the app, which begins with "xoxb-"';
my $ODD     = '"bot_token" directive has a bot token with a character that none has';
my $API     = '"api_url" directive has a URL that is not https, write "https://slack.com/api", or http to a loopback address for tests';
my $MORE    = '"api_url" directive has a URL with more than host and path, write such as "https://slack.com/api"';
my $BOTH    = 'workspace "acme" has "bot_token" and "webhook_url", keep one of them';
my $ONE     = 'is duplicate: a message can be changed only by the app that has posted it, so a workspace has one token';
my $LEGACY  = 'say "legacy" of a webhook that takes any channel, or use "bot_token"';
my $CHANNEL = 'invalid channel "(hidden)", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR';

SlackConf::file(good   => "$TOKEN\n");
SlackConf::file(ends   => "$TOKEN \r\n\n");
SlackConf::file(others => "$TOKEN\n", 0644);
SlackConf::file(empty  => " \r\n\n");
SlackConf::file(two    => "$TOKEN\n$TOKEN\n");
SlackConf::file(long   => $TOKEN x 200);
SlackConf::file(user   => "xoxp-17653672481-$SECRET\n");
SlackConf::file(null   => "$TOKEN\0$SECRET\n");
SlackConf::file(hook   => "$HOOK\n");

refused(
    { in => 'workspace', bare => 1 },

    # kinds of tokens
    [ "bot_token xoxp-17653672481-$SECRET;" => "\"bot_token\" directive has a user token, $BOT" ],
    [ "bot_token xapp-1-A012-$SECRET;" => "\"bot_token\" directive has an app-level token, $BOT" ],
    [ "bot_token xoxe-1-$SECRET;" => "\"bot_token\" directive has a refresh token: $ROTATES" ],
    [ "bot_token xoxe.xoxb-1-$SECRET;" => "\"bot_token\" directive has a token that expires within hours: $ROTATES" ],
    [ "bot_token xoxe.xoxp-1-$SECRET;" => "\"bot_token\" directive has a token that expires within hours: $ROTATES" ],
    [ "bot_token xoxa-2-$SECRET-$SECRET;" => "\"bot_token\" directive $NONE" ],
    [ "bot_token $SECRET$SECRET;" => "\"bot_token\" directive $NONE" ],
    [ "bot_token $HOOK;" => "\"bot_token\" directive $NONE" ],
    [ "bot_token XOXB-1-1-$SECRET;" => "\"bot_token\" directive $NONE" ],
    [ 'bot_token xoxb-;' => "\"bot_token\" directive $NONE" ],
    [ 'bot_token xoxb-1-1-sesame;' => "\"bot_token\" directive $NONE", undef, { secret => 'xoxb-1-1-sesam' } ],
    [ 'bot_token "";' => "\"bot_token\" directive $NONE" ],
    [ "bot_token xoxb-\$slack_user-$SECRET;" => $ODD ],
    [ "bot_token \"xoxb-1-1 $SECRET\";" => $ODD ],
    [ "bot_token \"$TOKEN\\n\";" => $ODD ],
    [ "bot_token xoxb-1-1_$SECRET;" => $ODD ],
    [ "bot_token xoxb-1-1-\xc3\xa4$SECRET;" => $ODD ],
    [ "bot_token \"Bearer $TOKEN\";" => "\"bot_token\" directive $NONE" ],
    arguments('bot_token;'),
    arguments("bot_token $TOKEN $TOKEN;"),
    [ "bot_token $TOKEN {" => 'unexpected "{"' ],

    # files
    [ 'bot_token_file nothing;' => "a file with one line, the secret, is needed: open() \"$DIR/conf/nothing\" failed (2: No such file or directory)" ],
    [ 'bot_token_file .;' => "\"$DIR/conf/.\" is not a file with one line, the secret" ],
    [ 'bot_token_file empty;' => "\"$DIR/conf/empty\" is empty, write the secret into it" ],
    [ 'bot_token_file two;' => "\"$DIR/conf/two\" has more than one line, give each secret a file" ],
    [ 'bot_token_file long;' => "\"$DIR/conf/long\" is not a file with one line, the secret" ],
    [ 'bot_token_file user;' => "\"bot_token_file\" directive has a user token, $BOT" ],
    [ 'bot_token_file null;' => $ODD =~ s/bot_token/bot_token_file/r ],
    [ "bot_token_file $TOKEN;" => 'a secret is given instead of the name of a file with it' ],
    [ "bot_token_file xapp-1-$SECRET;" => 'a secret is given instead of the name of a file with it' ],
    arguments('bot_token_file good more;'),

    # twice, and beside a webhook
    [ "bot_token $TOKEN;\nbot_token $TOKEN;" => "\"bot_token\" directive $ONE" ],
    [ "bot_token_file good;\nbot_token $TOKEN;" => "\"bot_token\" directive $ONE" ],
    [ "bot_token $TOKEN;\nbot_token_file good;" => "\"bot_token_file\" directive $ONE" ],
    [ "bot_token $TOKEN;\nwebhook_url $HOOK;" => $BOTH, 'block' ],
    [ "webhook_url $HOOK;\nbot_token $TOKEN;" => $BOTH, 'block' ],
    [ "webhook_url_file hook;\nbot_token_file good;" => $BOTH, 'block' ],
    [ "bot_token_file good;\nwebhook_url_file hook legacy;" => $BOTH, 'block' ],
    [ 'channel dev;' => 'workspace "acme" has no "bot_token" or "webhook_url", also not in a file,', 'block' ],

    # the API
    [ 'api_url http://slack.com/api;' => $API ],
    [ 'api_url http://10.0.0.1/api;' => $API ],
    [ 'api_url http://127.evil.example/api;' => $API ],
    [ 'api_url http://localhost.evil.example/api;' => $API ],
    [ 'api_url http://user@127.0.0.1/api;' => $MORE ],
    [ 'api_url http://127.0.0.1@evil.example/api;' => $API ],
    [ 'api_url slack.com/api;' => $API ],
    [ 'api_url ftp://slack.com/api;' => $API ],
    [ 'api_url "";' => $API ],
    [ "api_url https://slack.com/api?token=$SECRET;" => $MORE ],
    [ 'api_url https://slack.com/api#a;' => $MORE ],
    [ "api_url https://bot:$SECRET\@slack.com/api;" => $MORE ],
    [ 'api_url https://;' => 'no host in the URL of "api_url"' ],
    [ 'api_url https:///api;' => 'no host in the URL of "api_url"' ],
    [ 'api_url https://slack.com:x/api;' => 'invalid port in the URL of "api_url"' ],
    [ 'api_url "https://slack.com/a pi";' => '"api_url" directive has a URL with a space or another character that must be encoded' ],
    duplicate("api_url https://slack.com/api;\napi_url https://slack.com/api;"),
    arguments('api_url;'),

    # what only a token has
    [ "webhook_url $HOOK;\nchannel dev;\napi_url https://slack.com/api;" => needs('api_url'), 'block' ],
    [ "webhook_url $HOOK;\nchannel dev;\njoin on;" => needs('join'), 'block' ],
    [ "webhook_url $HOOK;\nchannel dev;\njoin off;" => needs('join'), 'block' ],
    [ "webhook_url $HOOK;\nchannel dev;\npost_rate 1r/s;" => needs('post_rate'), 'block' ],
    [ "webhook_url $HOOK;\nchannel dev;\npost_rate off;" => needs('post_rate'), 'block' ],
    [ "webhook_url $HOOK;\nchannel dev;\nupdate_rate 1r/s;" => needs('update_rate'), 'block' ],

    # and what only a webhook has
    [ "bot_token $TOKEN;\nreceiver mattermost;" => receiver(), 'block' ],
    [ "bot_token $TOKEN;\nreceiver discord;" => receiver(), 'block' ],
    [ "bot_token $TOKEN;\nreceiver slack;" => receiver(), 'block' ],
    arguments("bot_token $TOKEN legacy;"),
    arguments("bot_token $TOKEN channel=dev;"),

    # values
    [ 'join yes;' => 'invalid value "yes" in "join" directive, it must be "on" or "off"' ],
    duplicate("join on;\njoin on;"),
    [ "join\nbot_token $TOKEN;" => 'a ";" is missing before "bot_token", which is read as a parameter of "join"' ],
    [ "join $TOKEN;" => 'invalid value "(hidden)" in "join" directive, it must be "on" or "off"' ],
    [ 'post_rate 1;' => rate('1') ],
    [ 'post_rate on;' => rate('on') ],
    [ 'post_rate 0r/s;' => rate('0r/s') ],
    [ 'post_rate -1r/s;' => rate('-1r/s') ],
    [ 'post_rate 1r/h;' => rate('1r/h') ],
    [ "post_rate $TOKEN;" => rate('(hidden)') ],
    [ 'post_rate off burst=1;' => rate('off') ],
    [ 'post_rate 9999999r/s;' => '"9999999r/s" is too great, it may be at most 1000000' ],
    [ 'post_rate 1r/s burst=0;' => 'invalid parameter "burst=0", see "Inside slack_workspace" in the README' ],
    [ 'post_rate 1r/s nodelay;' => 'invalid parameter "nodelay", see "Inside slack_workspace" in the README' ],
    duplicate("post_rate 1r/s;\npost_rate off;"),
    duplicate("post_rate off;\npost_rate off;"),
    duplicate("post_rate off;\npost_rate 1r/s;"),
    [ 'update_rate off;' => rate('off') ],
    arguments('update_rate 1r/s burst=2;'),
    duplicate("update_rate 1r/s;\nupdate_rate 1r/s;"),

    # channels
    [ "bot_token $TOKEN;" => 'no channel, and the token of workspace "acme" has none of its own, write "channel"', 'route' ],
    [ "webhook_url $HOOK;\nchannel U024BE7LH;" => "the webhook of a Slack app sends no direct message to \"U024BE7LH\"; $LEGACY", 'block' ],
    [ "webhook_url $HOOK channel=dev;" => "the webhook of a Slack app sends no direct message to \"W024BE7LH\"; $LEGACY", 'route', { location => 'slack_notify acme W024BE7LH;' } ],
    [ "webhook_url $HOOK channel=dev;" => "no webhook of workspace \"acme\" serves channel \"#ops\"; give its webhook \"channel=ops\", or $LEGACY", 'route', { location => 'slack_notify acme ops;' } ],
    [ "webhook_url $HOOK channel=dev;" => 'no channel, and workspace "acme" has neither a "channel" nor a webhook without "channel="', 'route' ],
    [ "bot_token $TOKEN;\nchannel a,b,c,d,e,f,g,h,i,j,k;" => 'more than 10 channels' ],
    [ "bot_token $TOKEN;\nchannel \@someone;" => 'invalid channel "@someone", a direct message needs the member ID, such as U024BE7LH', 'block' ],
    [ "channel\nbot_token $TOKEN;" => 'invalid channel "bot_token", a ";" is missing before it; a name with "#" needs quotes' ],
    [ "channel $TOKEN;" => $CHANNEL ],
    [ "channel \"#$TOKEN\";" => $CHANNEL ],
    [ "channel xapp-1-$SECRET;" => $CHANNEL ],
    [ "$TOKEN;" => 'unknown directive "(hidden)" in "slack_workspace", see "Inside slack_workspace" in the README' ],
    [ "bot_tokens $TOKEN;" => 'unknown directive "bot_tokens" in "slack_workspace", see "Inside slack_workspace" in the README' ],
);

taken(
    { in => 'workspace', bare => 1 },

    "bot_token $TOKEN;\nchannel dev;",
    "bot_token_file good;\nchannel dev;",
    "bot_token_file ends;\nchannel dev;",
    "bot_token xoxb-$SECRET;\nchannel dev;",
    [ "bot_token $TOKEN;", { location => 'slack_notify acme dev,C024BE91L,G024BE91L,U024BE7LH,W024BE7LH;' } ],
    "bot_token $TOKEN;\nchannel dev;\napi_url https://slack-gov.com/api/;",
    "bot_token $TOKEN;\nchannel dev;\napi_url https://proxy.example:8443/slack/api//;",
    "bot_token $TOKEN;\nchannel dev;\napi_url http://127.0.0.1:8065/api;",
    "bot_token $TOKEN;\nchannel dev;\napi_url http://127.0.0.2;",
    "bot_token $TOKEN;\nchannel dev;\napi_url http://localhost/api;",
    "bot_token $TOKEN;\nchannel dev;\napi_url http://[::1]:8065/api;",
    "join on;\npost_rate 1r/m burst=100000;\nupdate_rate 1000000r/s;\nchannel dev;\nbot_token $TOKEN;",
    "join off;\npost_rate off;\nchannel dev;\nbot_token $TOKEN;",
);

warned(
    { in => 'workspace', bare => 1 },

    [
        "bot_token_file others;\nchannel dev;" =>
            "\"$DIR/conf/others\" with a secret is readable by others, use \"chmod 600\"",
        1
    ],
);

done_testing();


sub needs { return "workspace \"acme\" has \"$_[0]\", which needs \"bot_token\": a webhook has no such thing" }


sub receiver { return 'workspace "acme" has "receiver" and "bot_token": only webhooks have other receivers than Slack' }


sub rate { return "invalid rate \"$_[0]\", write such as \"1r/s\" or \"30r/m\"" }
