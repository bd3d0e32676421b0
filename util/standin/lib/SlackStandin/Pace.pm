package SlackStandin::Pace;

# Slack's limits: of messages per second and channel, of requests per minute, method and
# app.  A bucket of tokens for each, and until when each was told to wait.

use Mojo::Base -base, -signatures;

use POSIX qw(ceil);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

has rate    => 0;              # of each channel, per second
has burst   => 1;
has methods => sub { {} };     # method → [per minute, burst]
has buckets => sub { {} };
has holds   => sub { {} };     # key → when its Retry-After is over
has closed  => sub { {} };     # "method app" → the same, of our own limits


# Whole seconds to wait before a message to CHANNEL is taken; 0 = taken now.
sub wait_for ($self, $channel) {
    return $self->rate ? $self->_wait_for("# $channel", $self->rate, $self->burst) : 0;
}


# The same for a request of METHOD by APP.  After a 429 none is taken until its
# Retry-After is over.
sub wait_for_method ($self, $method, $app) {
    my $left = ($self->closed->{"$method $app"} // 0) - clock_gettime(CLOCK_MONOTONIC);

    return ceil($left) if $left > 0;

    my $limit = $self->methods->{$method} or return 0;

    return $self->_wait_for("$method $app", $limit->[0] / 60, $limit->[1]);
}


# A request of METHOD by APP got a 429.
sub close_method ($self, $method, $app, $seconds) {
    $self->closed->{"$method $app"} = clock_gettime(CLOCK_MONOTONIC) + $seconds;

    return;
}


sub _wait_for ($self, $key, $rate, $burst) {
    my $now    = clock_gettime(CLOCK_MONOTONIC);
    my $bucket = $self->buckets->{$key} //= { tokens => $burst, at => $now };

    $bucket->{tokens} += ($now - $bucket->{at}) * $rate;
    $bucket->{tokens} = $burst if $bucket->{tokens} > $burst;
    $bucket->{at} = $now;

    if ($bucket->{tokens} >= 1) {
        $bucket->{tokens}--;
        return 0;
    }

    return ceil((1 - $bucket->{tokens}) / $rate) || 1;
}


# Notes that KEY, a channel of a webhook or a method of an app, was told to wait.
sub hold ($self, $key, $seconds) {
    $self->holds->{$key} = clock_gettime(CLOCK_MONOTONIC) + $seconds;

    return;
}


# How many seconds too early a request of KEY comes now; 0 = it may come.
sub early ($self, $key) {
    my $left = ($self->holds->{$key} // 0) - clock_gettime(CLOCK_MONOTONIC);

    return $left > 0 ? sprintf('%.3f', $left) + 0 : 0;
}


1;
