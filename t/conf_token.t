# What nginx says to a wrong token, and to what does not go with one: a table
# of workspaces, each for a run of "nginx -t" that logs at debug level.  The
# token is in none of its messages.

use strict;
use warnings;

use File::Temp qw(tempdir);
use Test::More;

my $DIR = tempdir(CLEANUP => 1);

# nginx without root
my $NGINX = $ENV{TEST_NGINX_BINARY} || (grep { -x } map { "$_/nginx" } split(m/:/, $ENV{PATH}), '/usr/sbin')[0];

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
my $ARGS    = 'invalid number of arguments in';

# Each row: the lines of a workspace, of which the last one is told, or the
# line of the workspace itself ("block") or of the route ("route"); what is
# said; what the route has.
my @refused = (

    # kinds of tokens
    [ "bot_token xoxp-17653672481-$SECRET;", "\"bot_token\" directive has a user token, $BOT" ],
    [ "bot_token xapp-1-A012-$SECRET;", "\"bot_token\" directive has an app-level token, $BOT" ],
    [ "bot_token xoxe-1-$SECRET;", "\"bot_token\" directive has a refresh token: $ROTATES" ],
    [ "bot_token xoxe.xoxb-1-$SECRET;", "\"bot_token\" directive has a token that expires within hours: $ROTATES" ],
    [ "bot_token xoxe.xoxp-1-$SECRET;", "\"bot_token\" directive has a token that expires within hours: $ROTATES" ],
    [ "bot_token xoxa-2-$SECRET-$SECRET;", "\"bot_token\" directive $NONE" ],
    [ "bot_token $SECRET$SECRET;", "\"bot_token\" directive $NONE" ],
    [ "bot_token $HOOK;", "\"bot_token\" directive $NONE" ],
    [ "bot_token XOXB-1-1-$SECRET;", "\"bot_token\" directive $NONE" ],
    [ 'bot_token xoxb-;', "\"bot_token\" directive $NONE" ],
    [ 'bot_token xoxb-1-1-sesame;', "\"bot_token\" directive $NONE", undef, 'xoxb-1-1-sesam' ],
    [ 'bot_token "";', "\"bot_token\" directive $NONE" ],
    [ "bot_token xoxb-\$slack_user-$SECRET;", $ODD ],
    [ "bot_token \"xoxb-1-1 $SECRET\";", $ODD ],
    [ "bot_token \"$TOKEN\\n\";", $ODD ],
    [ "bot_token xoxb-1-1_$SECRET;", $ODD ],
    [ "bot_token xoxb-1-1-\xc3\xa4$SECRET;", $ODD ],
    [ "bot_token \"Bearer $TOKEN\";", "\"bot_token\" directive $NONE" ],
    [ 'bot_token;', "$ARGS \"bot_token\" directive" ],
    [ "bot_token $TOKEN $TOKEN;", "$ARGS \"bot_token\" directive" ],
    [ "bot_token $TOKEN {", 'unexpected "{"' ],

    # files
    [ 'bot_token_file nothing;', "a file with one line, the secret, is needed: open() \"$DIR/conf/nothing\" failed (2: No such file or directory)" ],
    [ 'bot_token_file .;', "\"$DIR/conf/.\" is not a file with one line, the secret" ],
    [ 'bot_token_file empty;', "\"$DIR/conf/empty\" is empty, write the secret into it" ],
    [ 'bot_token_file two;', "\"$DIR/conf/two\" has more than one line, give each secret a file" ],
    [ 'bot_token_file long;', "\"$DIR/conf/long\" is not a file with one line, the secret" ],
    [ 'bot_token_file user;', "\"bot_token_file\" directive has a user token, $BOT" ],
    [ 'bot_token_file null;', $ODD =~ s/bot_token/bot_token_file/r ],
    [ "bot_token_file $TOKEN;", 'a secret is given instead of the name of a file with it' ],
    [ "bot_token_file xapp-1-$SECRET;", 'a secret is given instead of the name of a file with it' ],
    [ 'bot_token_file good more;', "$ARGS \"bot_token_file\" directive" ],

    # twice, and beside a webhook
    [ "bot_token $TOKEN;\nbot_token $TOKEN;", "\"bot_token\" directive $ONE" ],
    [ "bot_token_file good;\nbot_token $TOKEN;", "\"bot_token\" directive $ONE" ],
    [ "bot_token $TOKEN;\nbot_token_file good;", "\"bot_token_file\" directive $ONE" ],
    [ "bot_token $TOKEN;\nwebhook_url $HOOK;", $BOTH, 'block' ],
    [ "webhook_url $HOOK;\nbot_token $TOKEN;", $BOTH, 'block' ],
    [ "webhook_url_file hook;\nbot_token_file good;", $BOTH, 'block' ],
    [ "bot_token_file good;\nwebhook_url_file hook legacy;", $BOTH, 'block' ],
    [ 'channel dev;', 'workspace "acme" has no "bot_token" or "webhook_url", also not in a file,', 'block' ],

    # the API
    [ 'api_url http://slack.com/api;', $API ],
    [ 'api_url http://10.0.0.1/api;', $API ],
    [ 'api_url http://127.evil.example/api;', $API ],
    [ 'api_url http://localhost.evil.example/api;', $API ],
    [ 'api_url http://user@127.0.0.1/api;', $MORE ],
    [ 'api_url http://127.0.0.1@evil.example/api;', $API ],
    [ 'api_url slack.com/api;', $API ],
    [ 'api_url ftp://slack.com/api;', $API ],
    [ 'api_url "";', $API ],
    [ "api_url https://slack.com/api?token=$SECRET;", $MORE ],
    [ 'api_url https://slack.com/api#a;', $MORE ],
    [ "api_url https://bot:$SECRET\@slack.com/api;", $MORE ],
    [ 'api_url https://;', 'no host in the URL of "api_url"' ],
    [ 'api_url https:///api;', 'no host in the URL of "api_url"' ],
    [ 'api_url https://slack.com:x/api;', 'invalid port in the URL of "api_url"' ],
    [ 'api_url "https://slack.com/a pi";', '"api_url" directive has a URL with a space or another character that must be encoded' ],
    [ "api_url https://slack.com/api;\napi_url https://slack.com/api;", '"api_url" directive is duplicate' ],
    [ 'api_url;', "$ARGS \"api_url\" directive" ],

    # what only a token has
    [ "webhook_url $HOOK;\nchannel dev;\napi_url https://slack.com/api;", needs('api_url'), 'block' ],
    [ "webhook_url $HOOK;\nchannel dev;\njoin on;", needs('join'), 'block' ],
    [ "webhook_url $HOOK;\nchannel dev;\njoin off;", needs('join'), 'block' ],
    [ "webhook_url $HOOK;\nchannel dev;\npost_rate 1r/s;", needs('post_rate'), 'block' ],
    [ "webhook_url $HOOK;\nchannel dev;\npost_rate off;", needs('post_rate'), 'block' ],
    [ "webhook_url $HOOK;\nchannel dev;\nupdate_rate 1r/s;", needs('update_rate'), 'block' ],

    # and what only a webhook has
    [ "bot_token $TOKEN;\nreceiver mattermost;", receiver(), 'block' ],
    [ "bot_token $TOKEN;\nreceiver discord;", receiver(), 'block' ],
    [ "bot_token $TOKEN;\nreceiver slack;", receiver(), 'block' ],
    [ "bot_token $TOKEN legacy;", "$ARGS \"bot_token\" directive" ],
    [ "bot_token $TOKEN channel=dev;", "$ARGS \"bot_token\" directive" ],

    # values
    [ 'join yes;', 'invalid value "yes" in "join" directive, it must be "on" or "off"' ],
    [ "join on;\njoin on;", '"join" directive is duplicate' ],
    [ "join\nbot_token $TOKEN;", "$ARGS \"join\" directive" ],
    [ "join $TOKEN;", 'invalid value "(hidden)" in "join" directive, it must be "on" or "off"' ],
    [ 'post_rate 1;', rate('1') ],
    [ 'post_rate on;', rate('on') ],
    [ 'post_rate 0r/s;', rate('0r/s') ],
    [ 'post_rate -1r/s;', rate('-1r/s') ],
    [ 'post_rate 1r/h;', rate('1r/h') ],
    [ "post_rate $TOKEN;", rate('(hidden)') ],
    [ 'post_rate off burst=1;', rate('off') ],
    [ 'post_rate 9999999r/s;', '"9999999r/s" is too great, it may be at most 1000000' ],
    [ 'post_rate 1r/s burst=0;', 'invalid parameter "burst=0", see "Inside slack_workspace" in the README' ],
    [ 'post_rate 1r/s nodelay;', 'invalid parameter "nodelay", see "Inside slack_workspace" in the README' ],
    [ "post_rate 1r/s;\npost_rate off;", '"post_rate" directive is duplicate' ],
    [ "post_rate off;\npost_rate off;", '"post_rate" directive is duplicate' ],
    [ "post_rate off;\npost_rate 1r/s;", '"post_rate" directive is duplicate' ],
    [ 'update_rate off;', rate('off') ],
    [ 'update_rate 1r/s burst=2;', "$ARGS \"update_rate\" directive" ],
    [ "update_rate 1r/s;\nupdate_rate 1r/s;", '"update_rate" directive is duplicate' ],

    # channels
    [ "bot_token $TOKEN;", 'no channel, and the token of workspace "acme" has none of its own, write "channel"', 'route' ],
    [ "webhook_url $HOOK;\nchannel U024BE7LH;", "the webhook of a Slack app sends no direct message to \"U024BE7LH\"; $LEGACY", 'block' ],
    [ "webhook_url $HOOK channel=dev;", "the webhook of a Slack app sends no direct message to \"W024BE7LH\"; $LEGACY", 'route', undef, 'W024BE7LH' ],
    [ "webhook_url $HOOK channel=dev;", "no webhook of workspace \"acme\" serves channel \"#ops\"; give its webhook \"channel=ops\", or $LEGACY", 'route', undef, 'ops' ],
    [ "webhook_url $HOOK channel=dev;", 'no channel, and workspace "acme" has neither a "channel" nor a webhook without "channel="', 'route' ],
    [ "bot_token $TOKEN;\nchannel a,b,c,d,e,f,g,h,i,j,k;", 'more than 10 channels' ],
    [ "bot_token $TOKEN;\nchannel \@someone;", 'invalid channel "@someone", a direct message needs the member ID, such as U024BE7LH', 'block' ],
    [ "channel\nbot_token $TOKEN;", 'invalid channel "bot_token", a ";" is missing before it; a name with "#" needs quotes' ],
    [ "channel $TOKEN;", 'invalid channel "(hidden)", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR' ],
    [ "channel \"#$TOKEN\";", 'invalid channel "(hidden)", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR' ],
    [ "channel xapp-1-$SECRET;", 'invalid channel "(hidden)", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR' ],
    [ "$TOKEN;", 'unknown directive "(hidden)" in "slack_workspace", see "Inside slack_workspace" in the README' ],
    [ "bot_tokens $TOKEN;", 'unknown directive "bot_tokens" in "slack_workspace", see "Inside slack_workspace" in the README' ],
);

my @taken = (
    [ "bot_token $TOKEN;\nchannel dev;" ],
    [ "bot_token_file good;\nchannel dev;" ],
    [ "bot_token_file ends;\nchannel dev;" ],
    [ "bot_token xoxb-$SECRET;\nchannel dev;" ],
    [ "bot_token $TOKEN;", undef, undef, undef, 'dev,C024BE91L,G024BE91L,U024BE7LH,W024BE7LH' ],
    [ "bot_token $TOKEN;\nchannel dev;\napi_url https://slack-gov.com/api/;" ],
    [ "bot_token $TOKEN;\nchannel dev;\napi_url https://proxy.example:8443/slack/api//;" ],
    [ "bot_token $TOKEN;\nchannel dev;\napi_url http://127.0.0.1:8065/api;" ],
    [ "bot_token $TOKEN;\nchannel dev;\napi_url http://127.0.0.2;" ],
    [ "bot_token $TOKEN;\nchannel dev;\napi_url http://localhost/api;" ],
    [ "bot_token $TOKEN;\nchannel dev;\napi_url http://[::1]:8065/api;" ],
    [ "join on;\npost_rate 1r/m burst=100000;\nupdate_rate 1000000r/s;\nchannel dev;\nbot_token $TOKEN;" ],
    [ "join off;\npost_rate off;\nchannel dev;\nbot_token $TOKEN;" ],
    [ "bot_token_file others;\nchannel dev;", "[warn] \"$DIR/conf/others\" with a secret is readable by others, use \"chmod 600\" in $DIR/conf/nginx.conf:8" ],
);

plan skip_all => 'no nginx' if !$NGINX;

for my $name (qw(conf logs temp outbox)) {
    mkdir "$DIR/$name" or die "$name: $!\n";
}

file(good   => "$TOKEN\n");
file(ends   => "$TOKEN \r\n\n");
file(others => "$TOKEN\n", 0644);
file(empty  => " \r\n\n");
file(two    => "$TOKEN\n$TOKEN\n");
file(long   => $TOKEN x 200);
file(user   => "xoxp-17653672481-$SECRET\n");
file(null   => "$TOKEN\0$SECRET\n");
file(hook   => "$HOOK\n");

for my $row (@refused) {
    my ($lines, $message, $place, $part, $channel) = @$row;

    my ($said, $first, $route) = said($lines, $channel);

    my $line = ($place // '') eq 'block' ? $first - 1
             : ($place // '') eq 'route' ? $route
             :                             $first + ($lines =~ tr/\n//);

    is($said, "[emerg] $message in $DIR/conf/nginx.conf:$line", title($lines));
    hidden($said, $part);
}

for my $row (@taken) {
    my ($lines, $message, undef, undef, $channel) = @$row;

    my ($said) = said($lines, $channel);

    is($said, $message // '', title($lines) . ' is taken');
    hidden($said);
}

done_testing();


sub needs { return "workspace \"acme\" has \"$_[0]\", which needs \"bot_token\": a webhook has no such thing" }


sub receiver { return 'workspace "acme" has "receiver" and "bot_token": only webhooks have other receivers than Slack' }


sub rate { return "invalid rate \"$_[0]\", write such as \"1r/s\" or \"30r/m\"" }


sub title { return $_[0] =~ s/\s+/ /gr =~ s/[^\x20-\x7e]/?/gr }


# no part of the secret is in what was said, nor in the log
sub hidden {
    my ($said, $part) = @_;

    open my $fh, '<', "$DIR/logs/error.log" or die "error.log: $!\n";
    my $log = do { local $/; <$fh> };

    unlike($said . $log, $part ? qr/\Q$part\E/ : qr/$SECRET/, 'nothing shows the secret');

    return;
}


sub file {
    my ($name, $content, $mode) = @_;

    open my $fh, '>', "$DIR/conf/$name" or die "$name: $!\n";
    print {$fh} $content;
    close $fh or die "$name: $!\n";
    chmod $mode // 0600, "$DIR/conf/$name" or die "$name: $!\n";

    return;
}


# What "nginx -t" says without its last word, the number of the first line of
# the workspace, that of the route.
sub said {
    my ($lines, $channel) = @_;

    my $head = join '', (map { "load_module $_;\n" } split ' ', $ENV{TEST_NGINX_LOAD_MODULES} // ''),
        "error_log logs/error.log debug;\npid logs/nginx.pid;\nthread_pool slack threads=2;\nevents { }\n",
        'http { slack_thread_pool slack; slack_outbox sqlite:outbox/outbox.db; ',
        (map { "${_}_temp_path temp; " } qw(client_body proxy fastcgi uwsgi scgi)), 'access_log off;', "\n",
        "slack_workspace acme {\n";

    my $body = "$lines\n}\n";
    my $tail = 'server { listen 127.0.0.1:1; location / { slack_notify acme' . (defined $channel ? " $channel" : '') . "; } }\n}\n";

    file('nginx.conf', "$head$body$tail");
    unlink "$DIR/logs/error.log";

    local $ENV{LD_PRELOAD} = $ENV{TEST_NGINX_LD_PRELOAD} if $ENV{TEST_NGINX_LD_PRELOAD};

    open my $pipe, '-|', "$NGINX -t -q -p $DIR -e logs/error.log -c conf/nginx.conf 2>&1" or die "nginx: $!\n";
    my @said = <$pipe>;
    close $pipe;

    my ($first) = grep { m/^nginx: \[(?:emerg|alert|crit|error|warn)\]/ } @said;
    $first //= '';
    chomp $first;

    return ($first =~ s/^nginx: //r, 1 + ($head =~ tr/\n//), 1 + ("$head$body" =~ tr/\n//));
}
