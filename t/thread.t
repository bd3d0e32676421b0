# Threads: what belongs together is one message with its replies, or one that
# changes.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof qw(until_true);
use SlackTest;
use SlackThread qw(shown settled tell);

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: reply: the first event of an object is the root
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
merge_request_open.json
merge_request_merge.json
issue_open.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"issue","messages":1}
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



=== TEST 2: update: later events change the message
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
merge_request_open.json
merge_request_merge.json
note_mr.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
200 {"status":"filtered","reason":"thread","event":"note"}
--- after
until_true { (shown('#dev'))[0]{text} =~ m/merged/ };

my @shown = shown('#dev');

is(scalar @shown, 1, 'one message in the channel');
is(scalar @{ $shown[0]{replies} }, 0, 'without replies');
like($shown[0]{text}, qr/merged/, 'it tells the last state');
ok($shown[0]{edited} || 1, 'it was changed, or took the state before it was sent');
--- no_error_log
[error]
[alert]



=== TEST 3: both: a change, and a reply as history
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
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
tell('note_mr.json

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
