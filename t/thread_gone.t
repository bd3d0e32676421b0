# Threads whose first message is gone, closed or not ours any more, limits of
# changes, and workspaces that cannot have threads any more.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof qw(log_text until_true);
use SlackStatus ();
use SlackTest;
use SlackThread qw(requests_of settled shown tell);

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

our $Update = <<'END';
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_route acme {
            thread update broadcast=none;
        }
    }
END

our $Reply = $Update =~ s/update broadcast=none/reply/r;
our $Both  = $Update =~ s/update/both/r;

sub fault { return SlackTest::control("/_fault?method=$_[0]", $_[1]) }

sub logged {
    my ($pattern) = @_;

    Test::More::ok(until_true(sub { log_text() =~ $pattern }), "the log tells: $pattern");

    return;
}

# the merge request was merged at that minute, or only updated
sub merged_at {
    my ($minute, $state) = @_;

    return sub {
        my ($body) = @_;

        $body =~ s/("object_attributes":\{.*?"updated_at":")[^"]+/${1}2026-03-04 16:$minute:00 UTC/s;
        $body =~ s/"action":"merge"/"action":"$state"/ if $state;

        return $body;
    };
}

sub merge { return tell('merge_request_merge.json', 202, change => merged_at(@_)) }

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== update: the message was deleted
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
--- config eval: $::Update
--- request
GET /_slack/_received
--- after
my $before = SlackStatus::status()->{totals}{fallbacks};

tell('merge_request_open.json', 202);
settled(1);
SlackTest::control('/_delete?n=1', '');
merge('01');
settled(2);
merge('02');
until_true { (shown('#dev'))[0]{updates} };

my @shown = shown('#dev');

is(scalar @shown, 1, 'one message');
like($shown[0]{text}, qr/merged/, 'posted anew, with the state');
is(SlackStatus::status()->{totals}{fallbacks} - $before, 1, 'which is told');
is(scalar requests_of('chat.update'), 2, 'a change that failed, and one of the new message');
logged(qr/\[notice\].*the message cannot be changed, HTTP 200 "message_not_found".*; change \d+ is posted anew/);
--- no_error_log
[error]
[alert]



=== update: it may not be changed any more, and takes no replies
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
--- config eval: $::Update
--- request
GET /_slack/_received
--- after
tell('merge_request_open.json', 202);
settled(1);
fault('chat.update', '["error:edit_window_closed"]');
merge('01');
settled(2);
merge('02');
settled(3);

my @shown = shown('#dev');

is(scalar @shown, 1, 'one message');
is($shown[0]{updates}, 0, 'as it was');
is(scalar @{ $shown[0]{replies} }, 2, 'states reply to it');
is(scalar requests_of('chat.update'), 1, 'no more changes are tried');

fault('chat.postMessage', '["error:restricted_action_thread_locked"]');
merge('03');
settled(4);
merge('04');
settled(5);

@shown = shown('#dev');

is(scalar @shown, 3, 'where no replies are taken they are messages');
is(scalar @{ $shown[0]{replies} }, 2, 'and reply no more');
logged(qr/\[notice\].*the message cannot be changed, HTTP 200 "edit_window_closed"; change \d+ and later ones reply to it/);
logged(qr/\[notice\].*Slack accepts no reply there, HTTP 200 "restricted_action_thread_locked"; message \d+ is sent to the channel/);
--- no_error_log
[error]
[alert]



=== reply: the message was deleted
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        coalesce   1;
        channel    dev;
--- config eval: $::Reply
--- request
GET /_slack/_received
--- after
tell('merge_request_open.json', 202);
settled(1);
SlackTest::control('/_delete?n=1', '');
merge('01');
settled(2);
tell('note_mr.json', 202);
settled(3);

my @shown = shown('#dev');

is(scalar @shown, 1, 'one message');
like($shown[0]{text}, qr/merged/, 'the reply took its place');
is(scalar @{ $shown[0]{replies} }, 1, 'and has the next one');
logged(qr/\[notice\].*the first message of a thread was deleted, reply \d+ replaces it/);
--- no_error_log
[error]
[alert]



=== a limit of changes holds no posts; a failure is tried again
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        retry      10ms 20ms;
        channel    dev;
--- config eval: $::Both
--- request
GET /_slack/_received
--- after
tell('merge_request_open.json', 202);
settled(1);
fault('chat.update', '["429:2", "500:oops", "reset"]');
merge('01');
settled(2);

my ($root) = shown('#dev');

is(scalar @{ $root->{replies} }, 1, 'the reply came');
is($root->{updates}, 0, 'while the change waits');

until_true { (shown('#dev'))[0]{updates} };

is((shown('#dev'))[0]{updates}, 1, 'and comes');
is(scalar requests_of('chat.update'), 4, 'it was tried again');
logged(qr/\[warn\].*too fast for Slack, HTTP 429 .*; all changes of the token wait \d+\.\ds/);
logged(qr/\[warn\].*HTTP 500 "oops"; attempt 1 of change \d+, next in \d+\.\ds/);
--- timeout: 40
--- no_error_log
[error]
[alert]



=== a change that Slack refuses is a dead letter; replayed it is no news
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
--- config eval: $::Update
--- request
GET /_slack/_received
--- after
tell('merge_request_open.json', 202);
settled(1);
fault('chat.update', '["error:invalid_attachments"]');
merge('01');
until_true { SlackStatus::status()->{totals}{dead} };
merge('02', 'close');
until_true { (shown('#dev'))[0]{updates} };
SlackStatus::acted(replay => { all => JSON::PP::true() });
until_true { SlackStatus::status()->{totals}{dead} == 0 && SlackStatus::status()->{totals}{waiting} == 0 };

my @shown = shown('#dev');

is($shown[0]{updates}, 1, 'the older state is not shown again');
like($shown[0]{text}, qr/closed/, 'the newest stays');
logged(qr/\[error\].*change \d+ is a dead letter, HTTP 200 "invalid_attachments"; Slack refuses it;/);
--- no_error_log
[alert]



=== paused, the changes wait too
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev,ops;
--- config eval: $::Update
--- request
GET /_slack/_received
--- after
tell('merge_request_open.json', 202);
settled(2);
SlackStatus::acted(pause => { workspace => 'acme', channel => '#dev' });
merge('01');
until_true { (shown('#ops'))[0]{updates} };
is((shown('#dev'))[0]{updates}, 0, 'the channel that is paused shows the old state');
SlackStatus::acted(resume => { workspace => 'acme', channel => '#dev' });
until_true { (shown('#dev'))[0]{updates} };
is((shown('#dev'))[0]{updates}, 1, 'until it goes on');
--- no_error_log
[error]
[alert]



=== pushes that wait share posts, and are roots each
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1r/s;
        channel    dev;
--- config eval: $::Reply
--- request
GET /_slack/_received
--- after
SlackStatus::acted(pause => { workspace => 'acme' });

my $sha = sub { my $n = sprintf '%040x', $_[0]; sub { $_[0] =~ s/("(?:after|checkout_sha)":")[0-9a-f]{40}/$1$n/gr } };

tell('push.json', 202, change => $sha->($_)) for 1 .. 40;
SlackStatus::acted(resume => { workspace => 'acme' });
until_true { SlackStatus::status()->{totals}{waiting} == 0 };

my @shown = shown('#dev');

ok(@shown <= 4, 'forty pushes in ' . @shown . ' posts');

tell('note_commit.json', 202, change => sub { my $n = sprintf '%040x', 7; $_[0] =~ s/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e/$n/gr });
until_true { grep { @{ $_->{replies} } } shown('#dev') };
is(scalar(grep { @{ $_->{replies} } } shown('#dev')), 1, 'a comment replies to the post that has its commit');
is(scalar(() = shown('#dev')), scalar @shown, 'and is no message');
--- timeout: 40
--- no_error_log
[error]
[alert]
