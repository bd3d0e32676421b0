package Bench::Syscalls;

# Counts the system calls of events that are stored, by strace.
#
# How many events share a commit depends on the load, so here it is given: both
# workers are stopped, each of their connections gets a request, and both go on
# at the same time.  So each commit has as many events as a worker has
# connections, waits for the other worker's, and finds that it has written.

use strict;
use warnings;

use Exporter qw(import);
use Time::HiRes qw(sleep time);

use Bench::Client qw(answer connection post);

our @EXPORT_OK = qw(check_syscalls count_syscalls);

# of each worker, and so the events of a commit: what 32 connections to two
# workers come to
my $CONNECTIONS = 16;

my $WARM_UP = 10;
my $ROUNDS = 100;

# so much more than committed is a failure, and so many an event at any rate
my $TOLERANCE = 1.05;
my $MUST = 10;

# seconds to wait for an answer, and for strace
my $PATIENCE = 30;


# of 1,000 events, nothing if they cannot be counted here; prints them.  server
# => Bench::Server of two workers, request => text, status => of its answer,
# dir => for strace

sub count_syscalls {
    my (%option) = @_;

    my @pids = $option{server}->workers;
    my @sockets;

    # who is stopped does not take a connection
    for my $pid (@pids) {
        kill 'STOP', grep { $_ != $pid } @pids;
        push @sockets, map { served(%option) } 1 .. $CONNECTIONS;
        kill 'CONT', @pids;
    }

    together(\@pids, \@sockets, %option) for 1 .. $WARM_UP;

    my $file = "$option{dir}/strace";
    my $strace = attach("$file.err", $file, @pids)
        or return skipped();

    together(\@pids, \@sockets, %option) for 1 .. $ROUNDS;

    kill 'INT', $strace;
    waitpid $strace, 0;

    return show(calls($file), $ROUNDS * @sockets, $ROUNDS * @pids);
}


sub skipped {
    print "SKIPPED: system calls are not counted: strace cannot be run, or may"
        . " not look into processes\n";

    return;
}


sub show {
    my ($calls, $events, $commits) = @_;

    my $all = 0;
    $all += $_ for values %$calls;

    printf "%-32s %9s %8s\n", 'system calls, queued 4 KB', 'an event',
        'a commit';

    for my $name (sort { $calls->{$b} <=> $calls->{$a} } keys %$calls) {
        next if $calls->{$name} * 200 < $events;
        printf "%-32s %9.2f %8.1f\n", $name, $calls->{$name} / $events,
            $calls->{$name} / $commits;
    }

    printf "%-32s %9.2f %8.1f\n\n", 'all', $all / $events, $all / $commits;

    return $all * 1000 / $events;
}


# of 1,000 events, now and as committed; 1: too many

sub check_syscalls {
    my ($now, $then) = @_;

    return 0 if !defined $now;

    if (!$then) {
        print "not ok: how many system calls are expected is not committed\n";
        return 1;
    }

    my $ratio = $now / $then;
    my $text = sprintf '%.2f system calls an event, %+.1f %% of the committed'
        . ' %.2f', $now / 1000, ($ratio - 1) * 100, $then / 1000;

    if ($ratio > $TOLERANCE || $now > 1000 * $MUST) {
        print "not ok: $text; at most $MUST are allowed at any rate\n";
        return 1;
    }

    print $ratio < 2 - $TOLERANCE ? "better: $text; commit it with --update\n"
        : "ok: $text\n";

    return 0;
}


# a connection that has had an answer

sub served {
    my (%option) = @_;

    my $socket = connection($option{server}{port});

    post($socket, $option{request});
    answer($socket, $option{status});

    return $socket;
}


sub together {
    my ($pids, $sockets, %option) = @_;

    kill 'STOP', @$pids;
    await_stop($_) for @$pids;

    post($_, $option{request}) for @$sockets;

    kill 'CONT', @$pids;
    answer($_, $option{status}) for @$sockets;

    return;
}


sub await_stop {
    my ($pid) = @_;

    my $end = time + $PATIENCE;

    while (time < $end) {
        return if text("/proc/$pid/stat") =~ /\) [Tt] /;
        sleep 0.0005;
    }

    die "a worker does not stop\n";
}


# the pid of strace when it looks into all threads of the processes

sub attach {
    my ($said, $file, @pids) = @_;

    defined(my $strace = fork) or die "fork: $!\n";

    if (!$strace) {
        open STDERR, '>', $said or die "$said: $!\n";

        exec {'strace'} qw(strace -f -c -U), 'calls,name', '-o', $file,
            map { ('-p', $_) } @pids
            or do { require POSIX; POSIX::_exit(127) };
    }

    my $end = time + $PATIENCE;

    while (time < $end) {
        my @threads = map { glob "/proc/$_/task/[0-9]*" } @pids;

        return $strace if !grep {
            text("$_/status") !~ /^TracerPid:\t$strace$/m
        } @threads;

        return if waitpid($strace, 1) == $strace;

        sleep 0.01;
    }

    kill 'KILL', $strace;
    waitpid $strace, 0;

    return;
}


sub calls {
    my ($file) = @_;

    my %calls = map { /^\s*(\d+) (\w+)$/ ? ($2, $1) : () } split /\n/,
        text($file);

    delete $calls{total};

    return \%calls;
}


sub text {
    my ($file) = @_;

    open my $fh, '<', $file or return '';
    local $/ = undef;

    return scalar(<$fh>) // '';
}


1;
