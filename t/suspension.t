# A webhook or a channel that Slack refuses: one try per step of the backoff,
# however many messages wait; one loud line; it resumes by itself.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackProof qw(stored_messages log_lines notify received requests until_true);

no_long_string();
plan 'no_plan';
run_tests();


sub refused { return grep { ($_->{status} // 0) != 200 } requests(@_) }


# The pauses between tries, each in units of the step it should be: the delay
# grows fourfold, with 20 % of jitter.
sub steps {
    my ($first, @tries) = @_;

    my @steps;

    for my $n (1 .. $#tries) {
        push @steps, ($tries[$n]{time} - $tries[$n - 1]{time}) / $first;
        $first *= 4;
    }

    return @steps;
}

__DATA__

=== a revoked webhook with many messages and channels
--- config
    location = /hook {
        slack_notify acme dev,ops,qa;
    }
--- workspace
        retry 100ms 1s;
        coalesce 1;
--- faults
["404:no_service", "404:no_service", "404:no_service", "404:no_service", "404:no_service"]
--- request
GET /_slack/_requests
--- after
notify('wiki_create.json') for 1 .. 5;
until_true { received() == 15 };

is(scalar received(), 15, 'all came at last');
is(scalar refused(), 5, 'five tries for all of them together');

# up to three were on their way before one was refused; its answer came after
# the first of them
my @steps = steps(0.1, (refused())[0, 3, 4]);
is(scalar(grep { $_ < 0.75 } @steps), 0, 'each waited for its step') or diag("@steps");

is(scalar log_lines(qr/\[error\].*"acme", channel "#\w+": Slack refuses the webhook, HTTP 404 "no_service"; \w.*; messages of all its channels wait, next try in/), 1, 'one loud line');
is(scalar log_lines(qr/\[notice\].*"acme".*works again/), 1, 'and one when it is over');
is(scalar(grep { m/ sent 0 / } stored_messages()), 15, 'no attempt was counted');
--- no_error_log
[alert]
dead letter



=== an archived channel with many messages; others go on
--- config
    location = /hook {
        slack_notify acme dev,ops;
    }
--- workspace
        retry 100ms 1s;
        coalesce 1;
--- faults
#dev ["410:channel_is_archived", "410:channel_is_archived", "410:channel_is_archived"]
--- request
GET /_slack/_requests
--- after
notify('wiki_create.json') for 1 .. 5;
until_true { received() == 10 };

is(scalar received('#dev'), 5, 'all came at last');
is(scalar received('#ops'), 5, 'and those of the other channel');
is(scalar refused('#dev'), 3, 'three tries for five messages');

my @steps = steps(0.1, refused('#dev'));
is(scalar(grep { $_ < 0.75 } @steps), 0, 'each waited for its step') or diag("@steps");

my ($first) = received('#dev');
my ($last) = (received('#ops'))[-1];
cmp_ok($last->{n}, '<', $first->{n}, 'the other channel was not held up');

is(scalar log_lines(qr/\[error\].*"acme", channel "#dev": Slack refuses the channel, HTTP 410 "channel_is_archived"; \w.*; its messages wait, next try in/), 1, 'one loud line');
is(scalar log_lines(qr/\[notice\].*"acme", channel "#dev": works again/), 1, 'and one when it is over');
--- no_error_log
[alert]
dead letter



=== a long outage costs tries of the channel, not of each message
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        retry 100ms 400ms;
        coalesce 1;
--- faults eval
my @faults = ('"503:"') x 12; '[' . CORE::join(',', @faults) . ']'
--- request
GET /_slack/_requests
--- after
notify('wiki_create.json') for 1 .. 10;
until_true { received() == 10 };

is(scalar received(), 10, 'all came at last');
is(scalar refused(), 12, 'a try for each fault');
is(scalar(grep { @{ $_->{payload}{attachments} } != 1 } received()), 0, 'none shares a message');

# 100, 200, 400, 400 … less jitter; one message may be passed by another at once
my @pauses = do { my @tries = refused(); map { $tries[$_]{time} - $tries[$_ - 1]{time} } 1 .. $#tries };
cmp_ok(scalar(grep { $_ < 0.075 } @pauses), '<=', 1, 'the channel waits after each') or diag("@pauses");
--- no_error_log
[alert]
dead letter
