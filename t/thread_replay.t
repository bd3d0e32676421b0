# Dead letters of threads, replayed: what Slack has refused is shown after all,
# unless something newer is.  The model says what.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof qw(outbox);
use SlackStatus qw(acted);
use SlackTest;
use ThreadFlood qw(flood settled shown);
use ThreadModel;
use ThreadSequence qw(request states);

# pipelines of each group
my $N = 20;

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

no_long_string();
plan 'no_plan';
run_tests();


# Slack refuses the first or the second state of pipelines; half of them go on.
sub replayed {
    my ($which, $method) = @_;

    my $model = ThreadModel->new({ channels => ['dev'], mode => 'update' });
    my %states = map { $_ => [ states($_, qw(created running success)) ] } 1 .. 2 * $N;

    told($model, map { $_->[0] } values %states) if $which == 1;

    $_->[$which]{refused} = 1 for values %states;
    SlackTest::control("/_fault?method=$method", '[' . join(',', ('"error:invalid_attachments"') x (2 * $N)) . ']');
    told($model, map { $_->[$which] } values %states);
    is((outbox('SELECT count(*) FROM message WHERE state = 2'))[0], 2 * $N, 'dead letters');

    told($model, map { $states{$_}[2] } 1 .. $N);
    same($model, 'before');

    acted('replay', { all => JSON::PP::true() });
    $model->replay;
    $model->settle;
    settled();
    same($model, 'after');
    is((outbox('SELECT count(*) FROM message WHERE state = 2'))[0], 0, 'no dead letters are left');

    return;
}


sub told {
    my ($model, @events) = @_;

    my @said = map { $_->[0] } flood(map { [ request($_, '/hook') ] } @events);

    is(scalar(grep { !m/^202 / } @said), 0, 'all are stored') or diag($said[0]);
    $model->deliver($_) for @events;
    $model->settle;
    settled();

    return;
}


sub same {
    my ($model, $when) = @_;

    my $threads = $model->shown('dev');
    my $shown   = shown()->{dev} // {};

    my %expected = map { m/(\d+)/ ? ($1 => join ' ', map { $_->{shows} } @{ $threads->{$_} }) : () } keys %$threads;
    my %got      = map { $_ => join ' ', map { $_->{shows} } @{ $shown->{$_} } } keys %$shown;

    is_deeply(\%got, \%expected, "what is shown $when the replay");

    return;
}

__DATA__

=== changes
--- http_config
    slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/changes.db;
--- workspace
        bot_token   xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url     $TEST_NGINX_API;
        post_rate   off;
        update_rate 100000r/m;
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_route acme {
            events  pipeline:created,running,success;
            channel dev;
            thread  update broadcast=none;
        }
    }
--- request
GET /_slack/_requests.txt
--- timeout: 120s
--- after
main::replayed(1, 'chat.update');
--- no_error_log
[alert]
[crit]



=== roots
--- http_config
    slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/roots.db;
--- workspace
        bot_token   xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url     $TEST_NGINX_API;
        post_rate   off;
        update_rate 100000r/m;
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_route acme {
            events  pipeline:created,running,success;
            channel dev;
            thread  update broadcast=none;
        }
    }
--- request
GET /_slack/_requests.txt
--- timeout: 120s
--- after
main::replayed(0, 'chat.postMessage');
--- no_error_log
[alert]
[crit]
