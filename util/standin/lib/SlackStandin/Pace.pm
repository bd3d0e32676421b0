package SlackStandin::Pace;

# Slack's limit of messages per second and channel: a bucket of tokens for each, and
# until when each channel was told to wait.

use Mojo::Base -base, -signatures;

use POSIX qw(ceil);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

has rate    => 0;
has burst   => 1;
has buckets => sub { {} };
has holds   => sub { {} };


# Whole seconds to wait before a message to CHANNEL is taken; 0 = taken now.
sub wait_for ($self, $channel) {
    my $rate = $self->rate or return 0;

    my $now    = clock_gettime(CLOCK_MONOTONIC);
    my $bucket = $self->buckets->{$channel} //= { tokens => $self->burst, at => $now };

    $bucket->{tokens} += ($now - $bucket->{at}) * $rate;
    $bucket->{tokens} = $self->burst if $bucket->{tokens} > $self->burst;
    $bucket->{at} = $now;

    if ($bucket->{tokens} >= 1) {
        $bucket->{tokens}--;
        return 0;
    }

    return ceil((1 - $bucket->{tokens}) / $rate) || 1;
}


# Notes that CHANNEL was told to wait.
sub hold ($self, $channel, $seconds) {
    $self->holds->{$channel} = clock_gettime(CLOCK_MONOTONIC) + $seconds;

    return;
}


# How many seconds too early a message to CHANNEL comes now; 0 = it may come.
sub early ($self, $channel) {
    my $left = ($self->holds->{$channel} // 0) - clock_gettime(CLOCK_MONOTONIC);

    return $left > 0 ? sprintf('%.3f', $left) + 0 : 0;
}


1;
