package Bench::Usage;

# What process groups use, and what the rest of the machine does meanwhile.

use strict;
use warnings;

use Exporter qw(import);
use POSIX qw(sysconf _SC_CLK_TCK);

our @EXPORT_OK = qw(
    forget_peak group_cpu group_memory machine_cpu median memory_now memory_peak
    processors
);

my $TICKS = sysconf(_SC_CLK_TCK);


# seconds, also of children that have ended

sub group_cpu {
    my @groups = @_;

    my $sum = 0;

    for my $stat (stats(@groups)) {
        # utime, stime, cutime, cstime
        $sum += $stat->[$_] for 11 .. 14;
    }

    return $sum / $TICKS;
}


# MB, what is shared counted in parts

sub group_memory {
    my @groups = @_;

    my $sum = 0;

    for my $stat (stats(@groups)) {
        open my $fh, '<', "/proc/$stat->[-1]/smaps_rollup" or next;

        while (my $line = <$fh>) {
            $sum += $1 if $line =~ /^Pss:\s+(\d+)/;
        }
    }

    return $sum / 1024;
}


# MB of one process, now and at most since forget_peak()

sub memory_now { return memory_of($_[0], 'VmRSS') }


sub memory_peak { return memory_of($_[0], 'VmHWM') }


sub memory_of {
    my ($pid, $name) = @_;

    open my $fh, '<', "/proc/$pid/status" or die "/proc/$pid/status: $!\n";

    while (my $line = <$fh>) {
        return $1 / 1024 if $line =~ /^$name:\s+(\d+)/;
    }

    die "/proc/$pid/status has no $name\n";
}


sub forget_peak {
    my ($pid) = @_;

    open my $fh, '>', "/proc/$pid/clear_refs"
        or die "/proc/$pid/clear_refs: $!\n";
    print {$fh} "5\n";
    close $fh or die "/proc/$pid/clear_refs: $!\n";

    return;
}

# fields of /proc/PID/stat from the state on, and the pid

sub stats {
    my @groups = @_;

    my %wanted = map { $_ => 1 } @groups;
    my @found;

    for my $file (glob '/proc/[0-9]*/stat') {
        open my $fh, '<', $file or next;
        my ($pid, $rest) = (<$fh> // '') =~ /^(\d+) \(.*\) (.*)/s or next;

        my @fields = split ' ', $rest;
        push @found, [@fields, $pid] if $wanted{$fields[2]};
    }

    return @found;
}


# seconds that all processes together have used

sub machine_cpu {
    open my $fh, '<', '/proc/stat' or die "/proc/stat: $!\n";

    my @fields = split ' ', <$fh>;

    # user, nice, system, irq, softirq
    my $sum = 0;
    $sum += $fields[$_] for 1, 2, 3, 6, 7;

    return $sum / $TICKS;
}


sub processors {
    open my $fh, '<', '/proc/cpuinfo' or die "/proc/cpuinfo: $!\n";
    my @lines = <$fh>;

    return scalar grep { /^processor\s*:/ } @lines;
}


sub median {
    my @sorted = sort { $a <=> $b } grep { defined } @_;

    return if !@sorted;

    my $middle = int(@sorted / 2);

    return @sorted % 2 ? $sorted[$middle]
        : ($sorted[$middle - 1] + $sorted[$middle]) / 2;
}


1;
