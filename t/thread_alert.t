# Threads of alerts: a group's message follows it until it is resolved.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof qw(until_true);
use SlackTest data => 'alertmanager';
use SlackThread qw(settled shown tell);

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: resolved ends the thread
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
--- config
    location = /hook {
        slack_source alertmanager;
        slack_route acme {
            thread update broadcast=none;
        }
    }
--- request
GET /_slack/_received
--- after
tell('firing.json', 202);
settled(1);
tell('resolved.json', 202);
until_true { (shown('#dev'))[0]{edited} };
tell('firing.json', 202, change => sub { $_[0] =~ s/"startsAt": ?"[^"]+"/"startsAt":"2099-01-01T00:00:00Z"/gr });
settled(2);

my @shown = shown('#dev');

is(scalar @shown, 2, 'the next firing is another message');
ok(!$shown[1]{edited}, 'of its own');
--- no_error_log
[error]
[alert]
