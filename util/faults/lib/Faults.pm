package Faults;

# What the fault scripts share: a directory of their own, secrets that must
# not leak, waiting, figures, and clean skips.  Servers are in Faults::Nginx
# and Faults::Slack, senders in Faults::Sender.

use strict;
use warnings;

use Cwd ();
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use File::Temp ();
use IO::Socket::INET;
use POSIX ();
use Test::More ();
use Time::HiRes qw(clock_gettime sleep CLOCK_MONOTONIC);

our @EXPORT_OK = qw(
    root by_token scene ci figure skip_scene now wait_for free_port slurp spew append
    secret secrets sql private_mounts companion parallel
);

my $Root = Cwd::abs_path(dirname(__FILE__) . '/../../..');
my ($Dir, $Scene, $Made);


sub root { return $Root }


# A shorter run?
sub ci { return $ENV{FAULTS_CI} ? 1 : 0 }


# The directory of this script; kept below FAULTS_DIR when the runner gives
# one: the last script looks for secrets in all of them.
sub scene {
    my ($name) = @_;

    return $Dir if defined $Dir;

    my $base = $ENV{FAULTS_DIR};

    if (!defined $base) {
        $Made = $base = File::Temp::tempdir('ngx_slack_faults.XXXXXX', TMPDIR => 1);
        chmod 0755, $base;
    }

    $Scene = $name . (by_token() ? '-token' : '');
    $Dir = "$base/$Scene";
    make_path($Dir);

    return $Dir;
}


# Whether workspaces have the token of an app in place of a webhook: "crash" is
# "crash-token" then, the same script by another name.
sub by_token { return $0 =~ m/-token\z/ }


# What was measured: told by the runner at its end.
sub figure {
    my ($format, @values) = @_;

    my $text = sprintf "%-8s $format", $Scene, @values;

    Test::More::note($text);
    append("$ENV{FAULTS_DIR}/figures", "$text\n") if defined $ENV{FAULTS_DIR};

    return;
}


# Skips all of a script, and says so where it cannot be overlooked.
sub skip_scene {
    my ($why) = @_;

    print STDERR "faults: SKIPPED $0: $why\n";
    Test::More::plan(skip_all => $why);

    return;
}


# Seconds, of the clock that does not jump.
sub now { return clock_gettime(CLOCK_MONOTONIC) }


# Waits until CHECK is true, returns that, or nothing when SECONDS are over.
sub wait_for {
    my ($seconds, $check, $pause) = @_;

    my $end = now() + $seconds;

    while (1) {
        my $found = $check->();

        return $found if $found;
        return if now() > $end;

        sleep($pause // 0.02);
    }
}


sub free_port {
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)
        or die "no free port: $!\n";

    return $socket->sockport;
}


sub slurp {
    my ($path) = @_;

    open my $fh, '<:raw', $path or return '';
    local $/;
    return scalar(<$fh>) // '';
}


sub spew {
    my ($path, $text) = @_;

    open my $fh, '>:raw', $path or die "cannot write $path: $!\n";
    print {$fh} $text;
    close $fh or die "cannot write $path: $!\n";

    return $path;
}


sub append {
    my ($path, $text) = @_;

    open my $fh, '>>:raw', $path or die "cannot write $path: $!\n";
    print {$fh} $text;
    close $fh or die "cannot write $path: $!\n";

    return;
}


# A word nobody else uses, noted as one that must not appear anywhere.
sub secret {
    my ($kind) = @_;

    my $word = join '', map { ('a' .. 'z', 'A' .. 'Z', 0 .. 9)[ rand 62 ] } 1 .. 24;

    append(list_of_secrets(), "$kind $word\n");

    return $word;
}


# All of this run: lines "KIND WORD".
sub secrets { return map { [ split ' ', $_, 2 ] } split m/\n/, slurp(list_of_secrets()) }


sub list_of_secrets { return dirname($Dir) . '/secrets.list' }


# Asks a database; lines, fields set apart by "|".
sub sql {
    my ($db, $query) = @_;

    my $pid = open(my $pipe, '-|') // die "cannot fork: $!\n";

    if ($pid == 0) {
        open STDERR, '>>', "$Dir/sqlite3.log";
        exec 'sqlite3', '-batch', '-cmd', '.timeout 10000', $db, $query
            or POSIX::_exit(127);
    }

    my @lines = <$pipe>;
    close $pipe;

    chomp @lines;

    return wantarray ? @lines : $lines[0];
}


# A process that calls CODE again and again as long as this one lives; its pid.
sub companion {
    my ($code) = @_;

    my $parent = $$;
    my $pid = fork // die "cannot fork: $!\n";

    return $pid if $pid;

    $SIG{$_} = 'DEFAULT' for qw(INT TERM);
    $SIG{PIPE} = 'IGNORE';

    $code->() while getppid == $parent;

    POSIX::_exit(0);
}


# Calls CODE with 1 to N, each in a process of its own; returns the words each
# of them returns, as arrays.
sub parallel {
    my ($n, $code) = @_;

    my @pipes;

    for my $i (1 .. $n) {
        my $pid = open(my $pipe, '-|') // die "cannot fork: $!\n";

        if ($pid == 0) {
            syswrite STDOUT, join(' ', $code->($i)) . "\n";
            POSIX::_exit(0);
        }

        push @pipes, $pipe;
    }

    return map { [ split ' ', readline($_) // '' ] } @pipes;
}


# Runs the script again with mounts of its own, and what OPTIONS of unshare(1)
# name besides; false if that is not allowed.
sub private_mounts {
    my (@options) = @_;

    return 1 if $ENV{FAULTS_MOUNTS};

    system("unshare -m @options true 2>/dev/null") == 0 or return 0;

    local $ENV{FAULTS_MOUNTS} = 1;
    exec 'unshare', '-m', '--propagation', 'private', @options, $^X, $0, @ARGV;
    die "cannot run unshare: $!\n";
}


END {
    my $status = $?;

    remove_tree($Made) if defined $Made && !$ENV{FAULTS_KEEP} && $status == 0;
    print STDERR "# kept: $Made\n" if defined $Made && -d $Made;
    $? = $status;
}


1;
