# Threads: what belongs together is one message with its replies, or one that
# changes.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof qw(until_true);
use SlackTest;
use SlackStatus ();
use SlackThread qw(requests_of settled shown tell);

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== reply: the first event of an object is the root
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
--- config
    location = /hook {
        slack_route acme {
            events merge_request note pipeline issue push;
            thread reply;
        }
    }
--- hook
merge_request_open.json  => 202 queued merge_request
merge_request_merge.json => 202 queued merge_request
issue_open.json          => 202 queued issue
--- after
settled(3);

my @shown = shown('#dev');

is(scalar @shown, 2, 'two messages in the channel');
is(scalar @{ $shown[0]{replies} }, 1, 'the first has a reply');
is(scalar @{ $shown[1]{replies} }, 0, 'the other has none');
like($shown[0]{text}, qr/opened/, 'the root tells the first');
like($shown[0]{replies}[0]{text}, qr/merged/, 'the reply the second');
ok(!$shown[0]{replies}[0]{broadcast}, 'which is not shown in the channel');
--- no_error_log
[error]
[alert]



=== update: later events change the message
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
--- config
    location = /hook {
        slack_route acme {
            events merge_request note;
            thread update;
        }
    }
--- hook
merge_request_open.json  => 202 queued merge_request
merge_request_merge.json => 202 queued merge_request
note_mr.json             => 200 filtered note: thread
--- after
until_true { (shown('#dev'))[0]{text} =~ m/merged/ };

my @shown = shown('#dev');

is(scalar @shown, 1, 'one message in the channel');
is(scalar @{ $shown[0]{replies} }, 0, 'without replies');
like($shown[0]{text}, qr/merged/, 'it tells the last state');
--- no_error_log
[error]
[alert]



=== both: a change, and a reply as history
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        coalesce   1;
        channel    dev;
--- config
    location = /hook {
        slack_route acme {
            events merge_request note;
            thread both;
        }
    }
--- request
GET /_slack/_received
--- after
tell('merge_request_open.json', 202);
settled(1);
tell('merge_request_merge.json', 202);
tell('note_mr.json', 202);

until_true { my ($root) = shown('#dev'); $root->{text} =~ m/merged/ && @{ $root->{replies} } == 2 };

my @shown = shown('#dev');

is(scalar @shown, 1, 'one message in the channel');
like($shown[0]{text}, qr/merged/, 'it tells the last state');
ok($shown[0]{edited}, 'it was changed');
is(scalar @{ $shown[0]{replies} }, 2, 'two replies');
like($shown[0]{replies}[0]{text}, qr/merged/, 'the first tells the merge');
like($shown[0]{replies}[1]{text}, qr/commented/, 'the second the note');
--- no_error_log
[error]
[alert]



=== a root that waits takes the newest state
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_route acme {
            thread both broadcast=none;
        }
    }
--- request
GET /_slack/_received
--- after
SlackStatus::acted(pause => { workspace => 'acme' });
tell('merge_request_open.json', 202);
tell('merge_request_merge.json', 202);
SlackStatus::acted(resume => { workspace => 'acme' });

until_true { my ($root) = shown('#dev'); $root && @{ $root->{replies} } };

my @shown = shown('#dev');

is(scalar @shown, 1, 'one message');
like($shown[0]{text}, qr/merged/, 'it is posted with the last state');
is($shown[0]{updates}, 0, 'and not changed');
is(scalar @{ $shown[0]{replies} }, 1, 'the reply tells the history');
until_true { SlackStatus::status()->{totals}{waiting} == 0 };
is(SlackStatus::status()->{totals}{waiting}, 0, 'nothing waits');
--- no_error_log
[error]
[alert]



=== late events; a message never lies
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
--- config
    location /slack/ { slack_status; }
    location = /hook {
        slack_route acme {
            events    pipeline:failed,success;
            pipelines broken;
            thread    update broadcast=none;
        }
    }
--- request
GET /_slack/_received
--- after
my $at = sub {
    my ($status, $time) = @_;
    sub { $_[0] =~ s/"status":"(?:failed|success)"/"status":"$status"/r =~ s/"finished_at":"[^"]+"/"finished_at":"$time"/gr };
};

my $before = SlackStatus::status()->{totals};

tell('pipeline_success.json', 200, change => $at->('success', '2026-03-04 16:00:00 UTC'));
tell('pipeline_success.json', 202, change => $at->('failed', '2026-03-04 16:01:00 UTC'));
settled(1);
for my $late (qw(success failed)) {
    like(tell('pipeline_success.json', 200, change => $at->($late, '2026-03-04 15:00:00 UTC')),
        qr/^\{"status":"filtered","reason":"stale","event":"pipeline"\}$/, "$late, late");
}

tell('pipeline_success.json', 202, change => $at->('success', '2026-03-04 16:02:00 UTC'));

until_true { (shown('#dev'))[0]{text} =~ m/passed/ };

my @shown = shown('#dev');

is(scalar @shown, 1, 'one message');
like($shown[0]{text}, qr/passed/, 'the refused state changes it');
until_true { SlackStatus::status()->{totals}{changed} > $before->{changed} };

my $after = SlackStatus::status()->{totals};
is($after->{stale} - $before->{stale}, 2, 'two were stale');
is($after->{changed} - $before->{changed}, 1, 'one change');
--- no_error_log
[error]
[alert]



=== broadcast; two routes, two channels; a direct message
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
--- config
    location = /hook {
        slack_route acme {
            events  merge_request:open;
            thread  both;
            channel dev,U024BE7LH;
        }
        slack_route acme {
            events  merge_request:merge;
            thread  both broadcast=merge_request:merge;
            channel dev,U024BE7LH;
        }
    }
--- request
GET /_slack/_received
--- after
tell('merge_request_open.json', 202);
settled(2);
tell('merge_request_merge.json', 202);

for my $channel ('#dev', 'U024BE7LH') {
    until_true { my ($root) = shown($channel); $root && @{ $root->{replies} } && $root->{edited} };

    my @shown = shown($channel);

    is(scalar @shown, 1, "$channel: one message");
    like($shown[0]{text}, qr/merged/, 'changed');
    is(join(' ', map { $_->{broadcast} } @{ $shown[0]{replies} }), '1', 'one reply, shown in the channel');
}

is(scalar requests_of('chat.update'), 2, 'two changes');
--- no_error_log
[error]
[alert]



=== a value of one's own
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        coalesce   1;
        channel    dev;
--- http_config
    large_client_header_buffers 4 32k;
--- config
    location = /hook {
        slack_route acme {
            thread reply key=$slack_project;
        }
    }
    location = /none {
        slack_route acme {
            thread reply key=$arg_key;
        }
    }
--- request
GET /_slack/_received
--- after
tell('push.json', 202);
tell('issue_open.json', 202);
tell('merge_request_open.json', 202);
settled(3);
tell('issue_open.json', 202, uri => '/none');
tell('issue_open.json', 202, uri => '/none?key=' . 'x' x 10_000);
tell('merge_request_open.json', 202, uri => '/none?key=' . 'x' x 10_000);
settled(6);

my @shown = shown('#dev');

is(scalar @shown, 3, 'three messages');
is(scalar @{ $shown[0]{replies} }, 2, 'of a project');
is(scalar @{ $shown[1]{replies} }, 0, 'an empty value is no thread');
is(scalar @{ $shown[2]{replies} }, 1, 'a long value');
--- no_error_log
[error]
[alert]
