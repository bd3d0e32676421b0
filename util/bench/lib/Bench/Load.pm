package Bench::Load;

# One round of load: wrk posts a body for some seconds.

use strict;
use warnings;

use Exporter qw(import);
use FindBin;
use Time::HiRes qw(sleep time);

use Bench::Usage qw(group_cpu machine_cpu processors);

our @EXPORT_OK = qw(load load_together);

# the share of the machine that others may use when a round begins, seconds
# for which that is looked at, and those after which it begins nevertheless
my $QUIET = 0.10;
my $LOOK = 0.2;
my $PATIENCE = 30;


# { rate, p50 and p99 in ms, cpu in us a request, others: their share of the
# machine, refused, broken }; server => Bench::Server, path, file, token,
# connections, seconds; cpu => the one that wrk is kept to; id => prefix;
# meanwhile => code to be called when wrk has begun; noisy => whether it begins
# while others are busy

sub load {
    my (%option) = @_;

    my $server = $option{server};

    await_quiet() if !$option{noisy};

    my @command = wrk(%option);

    my ($user, $system) = (times)[2, 3];
    my ($own, $all, $start) = (group_cpu($server->groups), machine_cpu(), time);

    open my $out, '-|', @command or die "wrk: $!\n";
    $option{meanwhile}->() if $option{meanwhile};

    my @lines = <$out>;
    close $out or die "wrk failed\n", @lines;

    my $elapsed = time - $start;
    my $used = group_cpu($server->groups) - $own;
    my ($user2, $system2) = (times)[2, 3];
    my $others = machine_cpu() - $all - $used - ($user2 - $user)
        - ($system2 - $system);

    my $result = result(@lines);

    $result->{cpu} = $used * 1e6 / $result->{requests} if $result->{requests};
    $result->{others} = $others / ($elapsed * processors());

    return $result;
}


# several at the same time, each of them as load() takes it: the sum of their
# rates

sub load_together {
    my @loads = @_;

    await_quiet();

    my ($rate, @out) = (0);

    for my $load (@loads) {
        open my $out, '-|', wrk(%$load) or die "wrk: $!\n";
        push @out, $out;
    }

    for my $out (@out) {
        my @lines = <$out>;
        close $out or die "wrk failed\n", @lines;

        $rate += result(@lines)->{rate};
    }

    return $rate;
}


sub wrk {
    my (%option) = @_;

    my @command = (
        qw(wrk -t 1 --timeout 30s -c), $option{connections}, '-d',
        "$option{seconds}s", '-s', "$FindBin::RealBin/post.lua",
        "http://127.0.0.1:$option{server}{port}$option{path}", '--',
        $option{file}, $option{token}, $option{id} // ()
    );

    unshift @command, qw(taskset -c), $option{cpu} if defined $option{cpu};

    return @command;
}


sub result {
    my @lines = @_;

    my ($result) = grep { /^RESULT/ } @lines;
    my (undef, $n, $us, $p50, $p99, $status, $broken) = split ' ',
        $result // die "wrk has no result\n", @lines;

    return {
        rate => $us ? $n * 1e6 / $us : 0,
        p50 => $p50 / 1000,
        p99 => $p99 / 1000,
        refused => $status,
        requests => $n,
        broken => $broken
    };
}


# a server may have answered what it has yet to do: that is not the next one's

sub await_quiet {
    my $end = time + $PATIENCE;

    while (time < $end) {
        my ($all, $start) = (machine_cpu(), time);

        sleep $LOOK;

        my $share = (machine_cpu() - $all) / (time - $start) / processors();

        return if $share < $QUIET;
    }

    return;
}


1;
