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

=== resolved ends the thread
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



=== another incident, whose end before nobody told, is another message
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
tell('incident.json', 202);
settled(1);
tell('incident.json', 200);
tell('incident_new.json', 202);
settled(2);
tell('incident_new.json', 200, change => sub { $_[0] =~ s/02:00:00/02:00:07/gr });

my @shown = shown('#dev');

is(scalar @shown, 2, 'another message');
is(scalar(grep { $_->{edited} } @shown), 0, 'and no change of the first');
--- no_error_log
[error]
[alert]



=== so it is where later events reply
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
--- config
    location = /hook {
        slack_source alertmanager;
        slack_route acme {
            thread reply;
        }
    }
--- request
GET /_slack/_received
--- after
tell('incident.json', 202);
settled(1);
tell('incident_new.json', 202);
settled(2);
tell('incident_new.json', 202, change => sub { $_[0] =~ s/("status": )"firing"/$1"resolved"/gr });
settled(3);

is(join(' ', map { scalar @{ $_->{replies} } } shown('#dev')), '0 1', 'another message, which gets the replies');
--- no_error_log
[error]
[alert]



=== one alert of a group starts again: the group goes on
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
tell('joined.json', 202);
settled(1);
tell('joined.json', 202, change => sub { $_[0] =~ s/2026-03-04T14:05:00Z/2026-03-04T18:05:00Z/r });
until_true { (shown('#dev'))[0]{edited} };

is(scalar shown('#dev'), 1, 'the same message');
--- no_error_log
[error]
[alert]



=== a rule of Grafana before version 9
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
tell('rule.json', 202);
settled(1);
tell('rule_no_data.json', 202);
until_true { (shown('#dev'))[0]{edited} };

is((shown('#dev'))[0]{text}, 'Alert has no data: Queue disk', 'it is followed');

tell('rule_ok.json', 202);
until_true { (shown('#dev'))[0]{text} =~ m/resolved/ };
tell('rule.json', 202);
settled(2);

is(join(', ', map { $_->{text} } shown('#dev')), 'Alert resolved: Queue disk, Alert firing: Queue disk',
    'until it has ended');
--- no_error_log
[error]
[alert]
