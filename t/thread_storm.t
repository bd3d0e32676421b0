# A storm of pipelines: each is one message that changes a few times, however
# many of its states come.  Counts, no clock.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof;
use SlackTest;
use ThreadFlood qw(flood settled shown updates);
use ThreadSequence qw(request states);

# a fifth under sanitizers
my $PIPELINES = $ENV{TEST_NGINX_LD_PRELOAD} ? 200 : 1_000;
my $CHANNELS  = 20;

# of these the end comes when all the rest was settled
my $LATE = $PIPELINES / 5;

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

our $Locations = join '', map { <<"CONF" } 1 .. $CHANNELS;
    location = /storm-$_ {
        slack_route acme {
            events  pipeline:created,pending,running,success,failed;
            channel storm-$_;
            thread  update broadcast=none;
        }
    }
CONF

log_level('warn');
no_long_string();
plan 'no_plan';
run_tests();


sub storm {
    my (%last, @first, @second);

    for my $number (1 .. $PIPELINES) {
        my @states   = states($number, qw(created pending running running), $number % 3 ? 'success' : 'failed');
        my @requests = map { request($_, '/storm-' . (1 + $number % $CHANNELS)) } @states;

        $last{$number} = $states[-1]{id};
        push @second, [ pop @requests ] if $number <= $LATE;
        push @first, \@requests;
    }

    told(@first);
    told(@second);

    my ($posts, $refused) = updates('chat.postMessage');
    is($posts, $PIPELINES, 'a post for each pipeline');
    is($refused, 0, 'all taken');

    my ($changes, $not) = updates('chat.update');
    cmp_ok($changes, '<=', $PIPELINES + $LATE, 'one change of each, one more of those that ended later');
    cmp_ok($changes, '>=', $LATE, 'and one of these at least');
    is($not, 0, 'all taken, too');

    my $shown = shown();
    my %got   = map { %$_ } values %$shown;

    is(scalar(grep { @{ $got{$_} } != 1 } keys %got), 0, 'one message of each');
    is(scalar(grep { ($got{$_}[0]{shows} // '') ne $last{$_} } keys %last), 0, 'and it shows the end');

    return;
}


sub told {
    my @queues = @_;

    my @wrong = grep { !m/^202 / } map { @$_ } flood(@queues);

    is(join("\n", splice @wrong, 0, 3), '', 'all are stored');
    ok(settled(), 'Slack has all of them');

    return;
}

__DATA__

=== a thousand pipelines of five states in twenty channels
--- http_config
    keepalive_requests 1000000;
    slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/storm.db;
--- workspace
        bot_token   xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url     $TEST_NGINX_API;
        rate        100r/s;
        post_rate   off;
        update_rate 5000r/m;
--- config eval: $::Locations
--- request
GET /_slack/_requests.txt
--- timeout: 300s
--- after
main::storm();
--- no_error_log
[error]
[alert]
[crit]
