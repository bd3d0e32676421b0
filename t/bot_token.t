# A Slack app's bot token: several channels, direct messages and names through
# chat.postMessage; what Slack refuses, and for whom.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof qw(received until_true);
use SlackStatus qw(status);
use SlackTest;

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

# requests of a method, as "channel error"
sub asked {
    my ($method, $n) = @_;

    my @found;

    until_true {
        @found = grep { $_->{method} eq $method } @{ SlackProof::ask('/_requests') };
        @found >= $n;
    };

    return map { ($_->{channel} // '-') . " $_->{error}" } @found;
}

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== several channels, an ID and a direct message
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        username   Builds;
        icon_emoji :rocket:;
--- config
    location = /hook {
        slack_notify acme dev,ops,U024BE7LH,C024BE91L;
    }
--- hook
push.json => 202 queued push: 4
--- after
my %got = map { ($_->{payload}{channel} => $_) } received(undef, 4);

is(join(' ', sort keys %got), '#dev #ops C024BE91L U024BE7LH', 'all of them');
is(join(' ', map { $_->{via} } values %got), 'api api api api', 'by the Web API');
is("$got{'#dev'}{payload}{username} $got{'#dev'}{payload}{icon_emoji}", 'Builds :rocket:', 'with its name');
ok(!exists $got{U024BE7LH}{payload}{username} && !$got{U024BE7LH}{slackbot}, 'a direct message is not with Slackbot');
is($got{'#dev'}{content_type}, 'application/json; charset=utf-8', 'JSON');
is(scalar(grep { $_->{payload}{client_msg_id} =~ m/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\z/ } values %got), 4, 'UUIDs');
--- no_error_log
[error]
[alert]



=== auth.test once, beside the first post; in log and status
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-nojoin-nocustomize-secretsecret;
        coalesce   1;
        api_url    $TEST_NGINX_API;
        username   Builds;
        join       on;
--- config
    location /slack/ { slack_status; }
    location = /hook {
        slack_notify acme U024BE7LH,U024BE7LJ;
    }
--- hook
push.json
wiki_create.json
--- after
is(scalar received(undef, 4), 4, 'all came');
is(scalar(() = asked('auth.test', 1)), 1, 'one auth.test');
my ($ws) = @{ status()->{workspaces} };
like($ws->{token}{team}, qr/./, 'the team');
like($ws->{token}{bot}, qr/./, 'the bot');
is_deeply($ws->{token}{missing}, [ 'chat:write.customize', 'channels:join' ], 'what is missing');
--- log_like
\[notice\].*slack_workspace "acme": token of team ".+", bot ".+", scopes .*chat:write
\[warn\].*the token lacks what the configuration uses: chat:write.customize,channels:join;
--- no_error_log
secretsecret
[error]
[alert]



=== a token that rotates is told loudly
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-rotating-secretsecret;
        api_url    $TEST_NGINX_API;
--- config
    location /slack/ { slack_status; }
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push.json
--- log_like
\[error\].*slack_workspace "acme": its token expires in \d+ seconds, as token rotation is on for the app
--- no_error_log
[alert]



=== auth.test that fails delays nothing
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request
GET /_slack/_received
--- after
SlackTest::control('/_fault?method=auth.test', '["500:oops"]');
SlackProof::notify('push.json');
is(scalar received('#dev', 1), 1, 'the message came');
is(scalar(() = asked('auth.test', 1)), 1, 'and the test was made');
ok(until_true { SlackProof::log_text() =~ m{\[warn\].*its token could not be checked by auth.test: HTTP 500 "oops"} }, 'the log tells');
--- no_error_log
[error]
[alert]



=== ok:false with status 200 is no success; a channel waits, others go on
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        retry 60s 60s;
--- config
    location = /hook {
        slack_notify acme private,C0PRIVATE,archived,dev;
    }
--- hook
push.json => 202 queued push: 4
--- after
is(scalar received('#dev', 1), 1, 'one came');
is(join(', ', sort(asked('chat.postMessage', 4))), '#archived is_archived, #dev ok, #private channel_not_found, #private not_in_channel', 'as Slack said');
--- log_like
channel "#private": Slack refuses the channel, HTTP 200 "channel_not_found".*; check the channel; a private one is named by its ID
channel "C0PRIVATE": Slack refuses the channel, HTTP 200 "not_in_channel".*; invite the app to the channel
channel "#archived": Slack refuses the channel, HTTP 200 "is_archived"; unarchive
--- no_error_log
[alert]



=== a revoked token is suspended as a whole
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-revoked-secretsecret;
        api_url    $TEST_NGINX_API;
        retry 60s 60s;
--- config
    location = /hook {
        slack_notify acme dev,ops,general;
    }
--- hook
push.json
--- after
is_deeply([ map { m/ (.*)/ } asked('chat.postMessage', 1) ], [ ('token_revoked') x (() = asked('chat.postMessage', 1)) ], 'refused');
is(scalar received(), 0, 'nothing came');
--- log_like
\[error\].*Slack refuses the token, HTTP 200 "token_revoked"; check the app and its token in Slack and set bot_token; messages of all its channels wait
--- no_error_log
secretsecret
[alert]



=== the scope that is missing is named
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-nowrite-secretsecret;
        api_url    $TEST_NGINX_API;
        retry 60s 60s;
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push.json
--- log_like
Slack refuses the token, HTTP 200 "missing_scope", needs chat:write; give the app this scope and install it again
--- no_error_log
[alert]



=== 429 holds all posts of the token, not auth.test; none comes too early
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        coalesce   1;
        api_url    $TEST_NGINX_API;
--- config
    location = /hook {
        slack_notify acme one,two,three,four,five,six,seven,eight;
    }
--- request
GET /_slack/_received
--- after
SlackTest::control('/_fault?channel=one', '["429:{\"ok\":false,\"error\":\"ratelimited\"};Retry-After: 1"]');
SlackProof::notify('push.json') for 1 .. 2;
my @got = received(undef, 16);
is(scalar @got, 16, 'all came');
my ($limited) = grep { ($_->{status} // 0) == 429 } @{ SlackProof::ask('/_requests') };
is(scalar(grep { $_->{n} > $limited->{n} && $_->{time} < $limited->{time} + 0.9 && $_->{early} } @{ SlackProof::ask('/_requests') }), scalar(grep { $_->{early} } @{ SlackProof::ask('/_requests') }), 'only those that were under way');
my @after = grep { $_->{time} >= $limited->{time} + 0.9 && $_->{method} eq 'chat.postMessage' } @{ SlackProof::ask('/_requests') };
isnt($after[0]{channel}, '#one', 'another channel comes first');
ok(until_true { SlackProof::log_text() =~ m{\[warn\].*channel "#one": too fast for Slack, HTTP 429 "ratelimited"; all posts of the token wait; next try of message \d+ in 1\.[0-2]s} }, 'the log tells');
--- no_error_log
[error]
[alert]



=== post_rate is the ceiling of a token, also in two workspaces
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        post_rate  1r/m;
--- http_config
    slack_workspace other {
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        post_rate  100r/m;
    }
--- config
    location = /hook {
        slack_notify acme one,two;
        slack_notify other three;
    }
    location /slack/ { slack_status; }
--- hook
push.json
wiki_create.json
--- after
is(scalar received(undef, 1), 1, 'one message');
until_true { status()->{totals}{waiting} == 5 };
is(status()->{totals}{waiting}, 5, 'the others wait');
is(scalar received(), 1, 'it stays one');
--- no_error_log
[error]
[alert]



=== two names of one channel are one line, told once
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       5r/s burst=1;
--- config
    location = /a { slack_notify acme dev; }
    location = /b { slack_notify acme C024BE91L; }
    location = /hook { slack_notify acme dev; }
--- reset
channel=dev:C024BE91L
--- request
GET /_slack/_received
--- after
for (1 .. 4) {
    SlackProof::notify('push.json', '/a');
    SlackProof::notify('wiki_create.json', '/b');
}
my @got;
until_true { @got = received(); 8 == map { @{ $_->{payload}{attachments} } } @got };
my @all = map { $_->{fallback} =~ m/(wiki|push)/ } map { @{ $_->{payload}{attachments} } } @got;
is("@all", join(' ', ('push', 'wiki') x 4), 'all came, in their order');
my %id = map { ($_->{channel_id} => 1) } @got;
is(join(' ', keys %id), 'C024BE91L', 'to one channel');
ok(until_true { SlackProof::log_text() =~ m{\[warn\].*slack_workspace "acme", channel ".+" is also written ".+": both are C024BE91L in Slack and share one pace; write one name in the configuration} }, 'the log tells');
--- no_error_log
[error]
[alert]



=== join on: a public channel, once
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-nopublic-secretsecret;
        coalesce   1;
        api_url    $TEST_NGINX_API;
        join       on;
--- config
    location = /hook { slack_notify acme C024BE91L; }
--- hook
push.json
wiki_create.json
--- after
is(scalar received(undef, 2), 2, 'both came');
is(join(', ', asked('conversations.join', 1)), 'C024BE91L ok', 'joined once');
--- log_like
\[notice\].*channel "C024BE91L": the app has joined the channel
--- no_error_log
[error]
[alert]



=== join on: no ID, and no scope
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-nopublic-nojoin-secretsecret;
        api_url    $TEST_NGINX_API;
        join       on;
        retry      60s 60s;
--- config
    location = /hook { slack_notify acme dev,C024BE91L; }
--- hook
push.json
--- log_like
channel "#dev": Slack refuses the channel, HTTP 200 "not_in_channel".*; invite the app to the channel, or name it by its ID
channel "C024BE91L": Slack refuses the channel, HTTP 200 "not_in_channel"; conversations.join: HTTP 200 "missing_scope", needs channels:join; give the app this scope
--- no_error_log
[alert]



=== what Slack refuses about a message is in its dead letter
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
--- config
    location = /hook { slack_notify acme dev; }
    location /slack/ { slack_status; }
--- faults
["error:invalid_attachments:must be shorter"]
--- hook
push.json
wiki_create.json
--- after
is(scalar received('#dev', 1), 1, 'the next one came');
my ($dead) = @{ status()->{dead_letters} };
like($dead->{answer} // $dead->{reason}, qr/^HTTP 200 "invalid_attachments": .*must be shorter/, 'with what Slack said');
--- log_like
is a dead letter, HTTP 200 "invalid_attachments": .*must be shorter
--- no_error_log
[alert]



=== internal_error is ambiguous: sent again with the same client_msg_id
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        retry      100ms 100ms;
--- config
    location = /hook { slack_notify acme dev; }
--- faults
["accept+error:internal_error"]
--- hook
push.json
--- after
is(scalar(() = asked('chat.postMessage', 2)), 2, 'sent twice');
is(scalar received('#dev', 1), 1, 'posted once, as Slack knows the id');
--- log_like
HTTP 200 "internal_error" \(Slack may have it\)
--- no_error_log
[error]
[alert]



=== the message of a client_msg_id is gone: once more with another one
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
--- config
    location = /hook { slack_notify acme dev; }
--- faults
["error:duplicate_message_not_found"]
--- hook
push.json
--- after
is(scalar received('#dev', 1), 1, 'it came');
is_deeply([ asked('chat.postMessage', 2) ], [ '#dev fault', '#dev ok' ], 'with the second post');
--- no_error_log
[error]
[alert]



=== answers that are none of Slack's, or odd
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        coalesce   1;
        api_url    $TEST_NGINX_API;
        retry      100ms 100ms;
--- config
    location = /hook { slack_notify acme dev; }
--- faults
["without:ts", "number-ts", "padded:20000", "padded:1000000", "half", "huge:1000000", "cut", "200:<html>Sign in</html>"]
--- hook
push.json
--- after
SlackProof::notify('wiki_create.json') for 1 .. 9;
ok(until_true { 10 <= map { @{ $_->{payload}{attachments} } } received('#dev') }, 'all came');
ok(until_true { SlackProof::log_text() =~ m{this is not an answer of Slack's Web API, check api_url} }, 'the log tells');
ok(until_true { SlackProof::log_text() =~ m{the token works again} }, 'the log tells');
--- no_error_log
[alert]
