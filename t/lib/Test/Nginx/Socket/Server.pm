package Test::Nginx::Socket::Server;

# The nginx process: start, stop, reload, and the signs of trouble it
# leaves behind (exit status, reports on stderr, lines in the error log).

use strict;
use warnings;

use Config ();
use Cwd ();
use Errno qw(ESRCH);
use Exporter 'import';
use File::Spec;
use File::Temp ();
use IO::Select;
use IO::Socket::INET;
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep time);

use Test::Nginx::Socket::Config qw(
    clean_logs conf_file conf_text error_log_path log_path
    setup_server_root write_conf
);
use Test::Nginx::Socket::Log qw(
    append_log crash_lines log_tail report_lines rewind_log
);
use Test::Nginx::Socket::Options qw(%Opt bail_out is_owner parse_time
                                    value_of);

our @EXPORT_OK = qw(
    is_alive nginx_version openssl_version prepare_server run_to_death
    server_findings stop_server take_failures
);

# how long nginx may take to get ready; it is only a limit for a process
# which neither listens nor dies
my $START_LIMIT = 30;

my ($Pid, $Status, $Stderr, $Conf, $BlockName, $StopLimit);
my (@Failures, @Findings, $Version);


sub _valgrind_options {
    my $options = $ENV{TEST_NGINX_USE_VALGRIND};

    return unless $options;

    my @command = ('valgrind', '-q');

    if ($options =~ /\A\d+\z/) {
        $options = '--tool=memcheck --leak-check=full'
            . ' --show-leak-kinds=definite --keep-debuginfo=yes';
    }

    push @command, split ' ', $options;

    if (-f 'util/valgrind.supp') {
        push @command, '--suppressions=' . Cwd::abs_path('util/valgrind.supp');
    }

    if ($ENV{TEST_NGINX_VALGRIND_EXIT_ON_FIRST_ERR}) {
        push @command, '--exit-on-first-error=yes', '--error-exitcode=9';
    }

    return @command;
}


sub _binary {
    my $binary = $ENV{TEST_NGINX_BINARY} || 'nginx';

    return $binary if $binary =~ m{/} && -x $binary;

    for my $dir (File::Spec->path, qw(/usr/local/sbin /usr/sbin)) {
        my $path = File::Spec->catfile($dir, $binary);
        return $path if -f $path && -x _;
    }

    return bail_out("cannot find the program \"$binary\"; install nginx"
                    . ' (Debian: apt-get install nginx) or set'
                    . ' TEST_NGINX_BINARY to its path');
}


sub _version_text {
    return $Version //= do {
        my $binary = _binary();
        my $text = `'$binary' -V 2>&1`;
        $text;
    };
}


# (1, 22, 1) as a version string, undef when nginx does not tell
sub nginx_version {
    my ($version) = _version_text() =~ m{^nginx version: \S+?/(\d+[.\d]*)}m;
    return $version;
}


sub openssl_version {
    my ($version) = _version_text() =~ m{built with OpenSSL (\d[.\w]*)};
    return $version;
}


sub _start {
    my ($block, @wrapper) = @_;

    my $root = $Opt{server_root};
    my @command = (
        @wrapper, _binary(),
        '-p', "$root/", '-c', conf_file(), '-e', error_log_path($block),
    );

    # nginx inherits it: what the processes write to stderr ends up here
    $Stderr = File::Temp->new;
    $Status = undef;
    $BlockName = "$0 " . $block->name;
    rewind_log();
    _set_stop_limit($block);

    my $pid = fork;
    bail_out("fork() failed: $!") unless defined $pid;

    _exec_nginx(@command) if $pid == 0;

    $Pid = $pid;

    # both do it: whichever comes first, the group exists from then on
    POSIX::setpgid($pid, $pid);
    return;
}


sub _exec_nginx {
    my @command = @_;

    POSIX::setpgid(0, 0);
    $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP PIPE);

    open STDIN, '<', File::Spec->devnull or POSIX::_exit(127);
    open STDERR, '>>', $Stderr->filename or POSIX::_exit(127);
    open STDOUT, '>&', \*STDERR or POSIX::_exit(127);

    if ($ENV{TEST_NGINX_LD_PRELOAD}) {
        $ENV{LD_PRELOAD} = $ENV{TEST_NGINX_LD_PRELOAD};
    }

    no warnings 'exec';
    exec { $command[0] } @command;
    print {*STDERR} "cannot run $command[0]: $!\n";
    return POSIX::_exit(127);
}


# A hanging exit is a fault: it gets what the block gives its client, but not
# so little that a busy machine fails it.
sub _set_stop_limit {
    my ($block) = @_;

    my $timeout = parse_time(value_of($block, "timeout") // $Opt{timeout},
                             "timeout");

    $StopLimit = $timeout < 5 ? 5 : $timeout;
    $StopLimit *= 10 if _valgrind_options();
    return;
}


# True while nginx runs; notes how it ended when it does not.
sub is_alive {
    return 0 unless $Pid && !defined $Status;

    my $pid = waitpid $Pid, WNOHANG;
    return 1 if $pid == 0;

    $Status = $pid == $Pid ? $? : 0;
    return 0;
}


sub _wait_for_exit {
    my ($limit) = @_;

    my $until = time + $limit;

    while (is_alive()) {
        return 0 if time > $until;
        sleep 0.002;
    }

    return 1;
}


# nginx writes its pid file once all its sockets listen.  Connecting to see
# whether it does would leave traces in the logs.
sub _wait_until_ready {
    my $until = time + $START_LIMIT * (_valgrind_options() ? 4 : 1);
    my $pid_file = log_path('nginx.pid');

    while (is_alive() && time < $until) {
        return 1 if -s $pid_file;
        sleep 0.005;
    }

    return 0;
}


# Has the block's configuration running when it returns.  Returns the name of
# a directive this nginx does not have, when that is to be tolerated.
sub prepare_server {
    my ($block, $hook) = @_;

    return unless $Opt{managed};

    my $hup = $Opt{use_hup};
    my $token = $hup ? sprintf '%08x%08x', rand 2**32, rand 2**32 : undef;
    my $conf = conf_text($block, master => $Opt{master} || $hup,
                         hup_token => $token);

    if ($hup && is_alive()) {
        _reload($block, $conf, $token, $hook);
        return;
    }

    if (!$Opt{force_restart} && is_alive() && $conf eq ($Conf // '')) {
        return;
    }

    stop_server();
    setup_server_root($block);
    $hook->();
    write_conf($conf);
    $Conf = $conf;

    _start($block, _valgrind_options());
    return if _wait_until_ready();

    if ($ENV{TEST_NGINX_IGNORE_MISSING_DIRECTIVES} && !is_alive()
        && _stderr_text() =~ /unknown directive "([^"]*)"/)
    {
        my $missing = $1;

        ($Pid, $Status) = ();
        return $missing;
    }

    my $state = is_alive() ? 'does not get ready' : _how_it_ended($Status);
    my $said = _stderr_text();
    my $tail = log_tail();

    _kill();
    ($Pid, $Status) = ();
    return bail_out("$BlockName - cannot start nginx, it $state\n$said$tail");
}


# "was killed by SIGSEGV" or "exited with code 1"
sub _how_it_ended {
    my ($status) = @_;

    my $signal = $status & 127;
    return 'exited with code ' . ($status >> 8) unless $signal;

    my @names = split ' ', $Config::Config{sig_name};
    return 'was killed by SIG' . ($names[$signal] // $signal);
}


# Ends nginx by QUIT and notes everything that should not have happened
# during its life.
sub stop_server {
    return unless $Pid;

    if (is_alive()) {
        if (!_tell_to_exit($ENV{TEST_NGINX_FAST_SHUTDOWN} ? 'TERM' : 'QUIT')) {
            push @Failures, "$BlockName - nginx exits within $StopLimit s of"
                . ' being told to';
            _kill();
        }
    }

    if (defined $Status && $Status != 0) {
        push @Failures, "$BlockName - nginx ends well, but it "
            . _how_it_ended($Status);
    }

    _collect_reports();

    # processes which nginx left behind, if any
    kill 'KILL', -$Pid;
    ($Pid, $Status) = ();
    return;
}


# An nginx without a master process that has just looked for signals sleeps over
# one until the next event: it is told again each second.
sub _tell_to_exit {
    my ($signal) = @_;

    my $until = time + $StopLimit;

    while (time < $until) {
        kill $signal, $Pid;
        return 1 if _wait_for_exit(1);
    }

    return 0;
}


sub _kill {
    return unless $Pid;

    kill 'KILL', -$Pid;

    if (!defined $Status) {
        waitpid $Pid, 0;
        $Status = 0;
    }

    return;
}


sub _stderr_text {
    open my $file, '<', $Stderr->filename or return '';
    local $/ = undef;
    return <$file> // '';
}


# Looks through stderr and the error log of the nginx which has ended.
sub _collect_reports {
    my ($quiet) = @_;

    my $text = _stderr_text();
    my @bad = grep {
        /^==\d+==/ && !/^==\d+==\s*Warning:/
            || /^\S+:\d+:\d+: runtime error:/
    } split /^/m, $text;

    _note_findings(@bad);

    if (length $text && !$quiet) {
        $text =~ s/^/# nginx: /mg;
        $text .= "\n" unless $text =~ /\n\z/;
        print {*STDERR} $text;
    }

    _note_signs();
    append_log($BlockName);
    return;
}


# What the error log of the block tells when all is over.
sub _note_signs {
    push @Failures, map { "$BlockName - no process of nginx crashes: $_" }
        crash_lines();

    _note_findings(report_lines());
    return;
}


sub _note_findings {
    my @lines = @_;

    push @Findings, join '', "$BlockName:\n", @lines if @lines;
    return;
}


# Names of the extra tests which have failed since the last call.
sub take_failures {
    my @failures = @Failures;

    @Failures = ();
    return @failures;
}


# What valgrind and the sanitizers have reported all over the file.
sub server_findings {
    return @Findings;
}


# Runs nginx with a configuration it must refuse.  Returns how it ended,
# undef when it would not.
sub run_to_death {
    my ($block, $hook) = @_;

    stop_server();
    setup_server_root($block);
    $hook->();
    write_conf(conf_text($block, master => $Opt{master}));
    $Conf = undef;

    _start($block);

    # a ready nginx gets another moment: its worker may still refuse
    my $alive = _wait_until_ready() && !_wait_for_exit(0.5);

    if ($alive) {
        _kill();
        $Status = undef;
    }

    my $status = $Status;
    my $quiet = defined value_of($block, 'suppress_stderr')
        || defined $status && !$Opt{verbose};

    _collect_reports($quiet);
    ($Pid, $Status) = ();
    return $status;
}


sub _reload {
    my ($block, $conf, $token, $hook) = @_;

    # what the old configuration's processes did belongs to its block
    _note_signs();
    append_log($BlockName);

    my %old = map { $_ => 1 } _serving_workers();

    $BlockName = "$0 " . $block->name;
    clean_logs($block);
    rewind_log();
    _set_stop_limit($block);
    $hook->();
    write_conf($conf);
    $Conf = $conf;

    # the master opens the new logs first, so that a reload which fails is
    # logged there too; every configuration has an access log
    kill 'USR1', $Pid;
    _wait_for_file(log_path('access.log'));
    kill 'HUP', $Pid;

    return if defined value_of($block, 'reload_fails');

    my $until = time + $START_LIMIT * (_valgrind_options() ? 4 : 1);
    my $seen = 0;

    while (is_alive() && time < $until) {
        last if log_tail() =~ /\[emerg\]/;

        if (my @serving = _serving_workers()) {
            return if !grep { $old{$_} } @serving;

        } else {
            # no /proc: ask often enough to have met every worker
            $seen = _running_token() eq $token ? $seen + 1 : 0;
            return if $seen >= 20;
        }

        sleep 0.01;
    }

    return bail_out("$BlockName - nginx does not reload its configuration\n"
                    . log_tail());
}


sub _wait_for_file {
    my ($path) = @_;

    my $until = time + $START_LIMIT;

    while (!-e $path && is_alive() && time < $until) {
        sleep 0.002;
    }

    return;
}


# Workers which still accept connections.  A worker told to finish says so
# in its title.
sub _serving_workers {
    open my $list, '<', "/proc/$Pid/task/$Pid/children" or return;

    my @pids = split ' ', <$list> // '';
    my @serving;

    for my $pid (@pids) {
        open my $file, '<', "/proc/$pid/cmdline" or next;
        my $title = <$file> // '';
        push @serving, $pid if $title !~ /is shutting down/;
    }

    return @serving;
}


sub _running_token {
    my $socket = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1',
        PeerPort => $Opt{server_port},
        Timeout  => 1,
    ) or return '';

    print {$socket} "GET /ver HTTP/1.0\r\nHost: Test-Nginx\r\n\r\n";
    $socket->flush;

    my $select = IO::Select->new($socket);
    my $text = '';

    while ($select->can_read(1)) {
        last unless sysread $socket, $text, 4096, length $text;
    }

    my ($token) = $text =~ /\r\n\r\n(\w+)\z/;
    return $token // '';
}


1;
