# Threads against the model: thousands of random sequences of events, out of
# order and repeated, through real routes.  In the end Slack must show what the
# model says, and each sender must have been told so.  THREAD_SEED repeats a
# run, THREAD_SEQUENCES is how many.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof;
use SlackTest;
use ThreadFlood qw(flood settled shown);
use ThreadModel;
use ThreadSequence qw(chance life pick request shuffled);

# all of them once: sanitizers and reloads look for other faults
my $SEQUENCES = $ENV{THREAD_SEQUENCES}
    // ($ENV{TEST_NGINX_USE_HUP} || $ENV{TEST_NGINX_LD_PRELOAD} || $ENV{TEST_NGINX_USE_VALGRIND} ? 300 : 10_000);
my $SEED      = $ENV{THREAD_SEED} // int rand 1_000_000;

# channels of each setting; Slack is asked one thing at a time for each
my $CHANNELS = 3;

my $ALL = 'merge_request:open,update,close,reopen,merge,approved issue:open,update,close,reopen'
    . ' pipeline:created,pending,running,success,failed,canceled note:create alert:triggered,resolved'
    . ' confidential_issue:open,update,close,reopen confidential_note:create';

my $FEW = 'merge_request:open,merge issue:open pipeline:success,failed alert:triggered,resolved';

my @DEFAULT = qw(pipeline:failed alert:triggered);

# Routes as the configuration has them and as the model does, C for the channel;
# "often" is how many of the sequences go there, "kinds" which of them.
my %SETTINGS = (
    update => {
        often  => 30,
        routes => [ { channels => ['C'], events => $ALL, thread => 'update broadcast=none', mode => 'update' } ],
    },
    shown => {
        often  => 4,
        routes => [ { channels => ['C'], events => $ALL, thread => 'update', mode => 'update',
            broadcast => \@DEFAULT } ],
    },
    reply => {
        often  => 2,
        routes => [ { channels => ['C'], events => $ALL, thread => 'reply broadcast=pipeline:failed', mode => 'reply',
            broadcast => ['pipeline:failed'] } ],
    },
    both => {
        often  => 2,
        routes => [ { channels => ['C'], events => $ALL, thread => 'both', mode => 'both',
            broadcast => \@DEFAULT } ],
    },
    few => {
        often  => 4,
        routes => [ { channels => ['C'], events => $FEW, thread => 'update broadcast=none', mode => 'update' } ],
    },
    pair => {
        often  => 1,
        routes => [ { channels => [qw(C C-too)], events => $ALL, thread => 'update broadcast=none',
            mode => 'update' } ],
    },
    two => {
        often  => 2,
        kinds  => [qw(merge_request pipeline issue)],
        routes => [
            { channels => ['C'], events => $FEW, thread => 'both broadcast=none', mode => 'both' },
            { channels => ['C'], events => $ALL, users => 'mallory', thread => 'both broadcast=none',
                mode => 'both' },
        ],
    },
);

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

our $Locations = join '', map { my $name = $_; map { location($name, $_) } 1 .. $CHANNELS } sort keys %SETTINGS;

log_level('warn');
no_long_string();
plan 'no_plan';
run_tests();


sub location {
    my ($name, $i) = @_;

    my $text = "    location = /$name-$i {\n";

    for my $route (@{ $SETTINGS{$name}{routes} }) {
        my @channels = map { s/^C/$name-$i/r } @{ $route->{channels} };

        $text .= "        slack_route acme {\n            events $route->{events};\n            repeat on;\n"
            . ($route->{users} ? "            users !$route->{users};\n" : '')
            . "            channel @channels;\n            thread $route->{thread};\n        }\n";
    }

    return "$text    }\n";
}


sub model {
    my ($name, $channel) = @_;

    return ThreadModel->new(map { my $route = $_; +{
        %$route,
        channels     => [ map { s/^C/$channel/r } @{ $route->{channels} } ],
        confidential => scalar($route->{events} =~ m{confidential}),
        filter       => sub { filter($route, $_[0]) },
    } } @{ $SETTINGS{$name}{routes} });
}


# What refuses an event: first what no root is excused from.
sub filter {
    my ($route, $event) = @_;

    return 'users' if defined $route->{users} && ($event->{user} // '') eq $route->{users};

    my ($actions) = $route->{events} =~ m/(?:^| )\Q$event->{kind}\E:(\S+)/ or return 'events';

    return 'action' if !grep { $_ eq $event->{action} } split m/,/, $actions;
    return '';
}


sub property {
    diag("THREAD_SEED=$SEED") if $ENV{THREAD_SEED};
    srand $SEED;

    my @names = map { ($_) x $SETTINGS{$_}{often} } sort keys %SETTINGS;
    my @runs  = map { sequence($_, pick(@names)) } 1 .. $SEQUENCES;
    my $wrong = 0;

    # some are told in two parts: what came first is shown meanwhile
    for my $part (0, 1) {
        my @told = grep { @{ $_->{parts}[$part] } } @runs;
        my @said = flood(map { $_->{parts}[$part] } @told);

        $wrong += answers($told[$_], $part, $said[$_]) for 0 .. $#told;
        settled() or die "Slack has not got all of it\n";
        delete_some(\@runs) if $part == 0;
    }

    is($wrong, 0, 'answers') or diag("THREAD_SEED=$SEED");
    is(compare(\@runs), 0, "$SEQUENCES sequences") or diag("THREAD_SEED=$SEED");

    return;
}


# A sequence: requests in two parts, and the model that saw the first one.
sub sequence {
    my ($number, $name) = @_;

    my $setting = $SETTINGS{$name};
    my $channel = "$name-" . (1 + int rand $CHANNELS);
    my @kinds   = @{ $setting->{kinds} // [qw(merge_request pipeline pipeline issue alert)] };
    my @come    = shuffled(life(pick(@kinds), $number));
    my $split   = chance(0.25) ? int rand @come + 1 : @come;
    my @parts   = ([ @come[ 0 .. $split - 1 ] ], [ @come[ $split .. $#come ] ]);

    my $run = {
        number => $number, name => $name, channel => $channel, events => \@parts,
        parts => [ map { [ map { request($_, "/$channel") } @$_ ] } @parts ],
        model => model($name, $channel), deleted => 0,
    };

    $run->{delete} = $name =~ m/^(?:update|reply)\z/ && chance(0.03) && @{ $parts[1] };

    return $run;
}


# The model is told what nginx was, and says the same: how often it did not.
sub answers {
    my ($run, $part, $said) = @_;

    my $wrong = 0;

    for my $i (0 .. $#$said) {
        my $event = $run->{events}[$part][$i];
        my $again = defined $event->{delivery} && $run->{seen}{ $event->{id} }++;
        my $word  = $run->{model}->deliver($event);

        # what was not stored may be a duplicate as well, and which filter is named
        # first where there are several is told elsewhere
        my $same = $again && $word ne 'queued' ? $said->[$i] =~ m/^200 /
                 : $word eq 'queued' ? $said->[$i] =~ m/^202 /
                 : $word =~ m/^(?:stale|thread)\z/ && $run->{name} !~ m/^(?:few|two)\z/
                     ? $said->[$i] =~ m/^200 .*"reason":"$word"/
                 : $said->[$i] =~ m/^200 /;

        next if $same;

        complain($run, "$event->{id} is $word, nginx says $said->[$i]");
        $wrong++;
    }

    $run->{model}->settle;

    return $wrong;
}


# A person deletes roots.
sub delete_some {
    my ($runs) = @_;

    my $shown = shown();

    for my $run (grep { $_->{delete} } @$runs) {
        my $threads = $run->{model}->shown($run->{channel});
        my @keys    = keys %$threads;
        my $roots   = $shown->{ $run->{channel} }{ $run->{number} } // [];

        # of one that is not the only one it is not known which it is
        next if @keys != 1 || @{ $threads->{ $keys[0] } } != 1 || @$roots != 1;

        SlackTest::control("/_delete?n=$roots->[0]{n}");
        $run->{model}->delete_root($run->{channel}, $keys[0]);
    }

    return;
}


# How many sequences are shown otherwise than they must be.
sub compare {
    my ($runs) = @_;

    my $shown = shown();
    my $wrong = 0;

    for my $run (@$runs) {
        for my $channel ($run->{model}->channels) {
            my $threads  = $run->{model}->shown($channel);
            my $expected = join ' ', sort map { written(@$_) } values %$threads;
            my $got      = join ' ', sort map { written($_) }
                grep { $_->{shows} ne 'nothing' || @{ $_->{replies} } }
                @{ $shown->{$channel}{ $run->{number} } // [] };

            next if $got eq $expected;

            complain($run, "#$channel shows $got, and must $expected");
            $wrong++;
        }
    }

    return $wrong;
}


sub written { return map { "$_->{shows}(@{ $_->{replies} })" } @_ }


# The first few; all of them would fill the screen.
sub complain {
    my ($run, $text) = @_;

    our $Complaints;

    return if $Complaints++ > 10;

    diag("$run->{name}, sequence $run->{number}: $text");
    diag('  ' . join ' ', map { $_ ? told($_) : '|' } @{ $run->{events}[0] }, undef, @{ $run->{events}[1] });

    return;
}


sub told {
    my ($event) = @_;

    return "$event->{id}=$event->{kind}:$event->{action}" . '@' . ($event->{stamp} // '-')
        . ($event->{final} ? 'f' : '') . (defined $event->{delivery} ? 'd' : '')
        . (($event->{user} // '') eq 'mallory' ? 'm' : '');
}

__DATA__

=== what Slack shows in the end
--- http_config
    keepalive_requests 1000000;
    slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/threads.db sync=normal;
--- workspace
        bot_token   xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url     $TEST_NGINX_API;
        rate        100000r/s burst=1000;
        post_rate   off;
        update_rate 100000r/m;
        coalesce    1;
--- config eval: $::Locations
--- request
GET /_slack/_requests.txt
--- timeout: 300s
--- after
main::property();
--- no_error_log
[error]
[alert]
[crit]
