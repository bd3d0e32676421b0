package Test::Nginx::Socket::Peer;

# The mock peers of "tcp_listen" and "udp_listen": a child process for one
# connection or one datagram, which afterwards tells what it was sent.

use strict;
use warnings;

use Errno qw(EINTR);
use Exporter 'import';
use IO::Handle;
use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;
use POSIX ();
use Socket qw(SOCK_DGRAM SOCK_STREAM);
use Time::HiRes qw(sleep time);

use Test::Nginx::Socket::Options
    qw(%Opt bail_out expand parse_time value_of);

our @EXPORT_OK = qw(start_peers stop_peers);

my %Running;


# Starts what the block asks for.  The socket listens when this returns.
sub start_peers {
    my ($block) = @_;

    for my $kind (qw(tcp udp)) {
        my $where = value_of($block, "${kind}_listen");
        next unless defined $where;

        my $run = $kind eq 'tcp' ? _tcp_plan($block) : _udp_plan($block);

        $where = expand($block, $where);
        my $socket = _listen($kind, $where)
            or bail_out("$0 " . $block->name . " - ${kind}_listen: cannot"
                        . " listen on $where: $!");

        $Running{$kind} = _fork_child($socket, $run);
        $Running{$kind}{path} = $where if $where =~ /[.]sock\z/;
    }

    return;
}


# Stops the peers.  Returns by kind what each of them was sent, undef when
# nothing came; waits at most "timeout" seconds for the kinds named.
sub stop_peers {
    my ($timeout, @wanted) = @_;

    my %queries;

    for my $kind (@wanted) {
        next unless $Running{$kind};
        $queries{$kind} = _read_report($Running{$kind}{report}, $timeout);
    }

    for my $peer (values %Running) {
        kill 'KILL', $peer->{pid};
        waitpid $peer->{pid}, 0;
        unlink $peer->{path} if defined $peer->{path};
    }

    %Running = ();
    return \%queries;
}


sub _listen {
    my ($kind, $where) = @_;

    if ($where =~ /[.]sock\z/) {
        unlink $where;
        return IO::Socket::UNIX->new(
            Local => $where,
            $kind eq 'tcp' ? (Type => SOCK_STREAM, Listen => 5)
                           : (Type => SOCK_DGRAM),
        );
    }

    return IO::Socket::INET->new(
        LocalAddr => '127.0.0.1',
        LocalPort => $where,
        Proto     => $kind,
        $kind eq 'tcp' ? (ReuseAddr => 1, Listen => 5) : (),
    );
}


sub _fork_child {
    my ($socket, $run) = @_;

    pipe my $report, my $result or bail_out("pipe() failed: $!");

    my $pid = fork;
    bail_out("fork() failed: $!") unless defined $pid;

    if ($pid == 0) {
        close $report;
        $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP);
        $SIG{PIPE} = 'IGNORE';

        # the child must never get into the END blocks of the test file
        my $done = eval { $run->($socket, $result); 1 };
        print {*STDERR} "# mock peer: $@" unless $done;
        POSIX::_exit($done ? 0 : 1);
    }

    close $result;
    close $socket;
    return { pid => $pid, report => $report };
}


# The report is a byte for "something came", then what came.
sub _report {
    my ($result, $query) = @_;

    binmode $result;
    print {$result} "\1$query";
    close $result;
    return;
}


sub _read_report {
    my ($report, $timeout) = @_;

    my $select = IO::Select->new($report);
    my $text = '';

    while ($select->can_read($timeout)) {
        my $n = sysread $report, $text, 65_536, length $text;
        next if !defined $n && $! == EINTR;
        last unless $n;
    }

    return length $text ? substr($text, 1) : undef;
}


sub _delay {
    my ($block, $section) = @_;

    my $delay = value_of($block, $section);
    return defined $delay ? parse_time($delay, $section) : 0;
}


# Reply as a list of packets: text, an array, or code which is given the
# query and returns either.
sub _packets {
    my ($reply, $query) = @_;

    $reply = $reply->($query) if ref $reply eq 'CODE';

    return unless defined $reply;
    return ref $reply eq 'ARRAY' ? @$reply : $reply;
}


sub _tcp_plan {
    my ($block) = @_;

    my $reply = value_of($block, 'tcp_reply');
    my $delay = _delay($block, 'tcp_reply_delay');
    my $shutdown = value_of($block, 'tcp_shutdown');
    my $shutdown_delay = _delay($block, 'tcp_shutdown_delay');
    my $keep = defined value_of($block, 'tcp_no_close');
    my $length = value_of($block, 'tcp_query_len');
    my $query = value_of($block, 'tcp_query');
    my $idle = value_of($block, 'tcp_query_auto_timeout');

    if (!defined $length && defined $query && !ref $query) {
        $length = length $query;
    }

    if (defined $idle) {
        $idle = length $idle
            ? parse_time($idle, 'tcp_query_auto_timeout') : 0.1;
    }

    return sub {
        my ($socket, $result) = @_;

        my $client = $socket->accept or die "accept: $!\n";
        close $socket;

        if (defined $shutdown) {
            sleep $shutdown_delay if $shutdown_delay;
            shutdown $client, length $shutdown ? $shutdown : 1;
        }

        my $got = _read_query($client, $length, $idle);

        sleep $delay if $delay;
        _send_packets($client, _packets($reply, $got));

        # nobody reads the report before the response is there, and that may
        # take the end of the connection
        _close($client) unless $keep;
        _report($result, $got);

        # nginx sees the connection open until the block is over
        sleep 3600 if $keep;
    };
}


sub _read_query {
    my ($client, $length, $idle) = @_;

    my $select = IO::Select->new($client);
    my $got = '';

    for ( ;; ) {
        last if defined $length && length $got >= $length;
        last if !defined $length && defined $idle && length $got
            && !$select->can_read($idle);

        my $n = sysread $client, $got, 65_536, length $got;
        next if !defined $n && $! == EINTR;
        last unless $n;
        last if !defined $length && !defined $idle;
    }

    return $got;
}


# What was not asked for is read and dropped: a socket closed with data
# unread would be reset, and the reply lost with it.
sub _close {
    my ($client) = @_;

    my $select = IO::Select->new($client);

    shutdown $client, 1;

    while ($select->can_read(1)) {
        my $n = sysread $client, my $rest, 65_536;
        last if !$n && !(!defined $n && $! == EINTR);
    }

    close $client;
    return;
}


sub _send_packets {
    my ($client, @packets) = @_;

    for my $i (0 .. $#packets) {
        my $sent = 0;

        sleep $Opt{sleep} if $i;

        while ($sent < length $packets[$i]) {
            my $n = syswrite $client, $packets[$i],
                             length($packets[$i]) - $sent, $sent;
            next if !defined $n && $! == EINTR;
            return unless defined $n;
            $sent += $n;
        }
    }

    return;
}


sub _udp_plan {
    my ($block) = @_;

    my $reply = value_of($block, 'udp_reply');
    my $delay = _delay($block, 'udp_reply_delay');

    return sub {
        my ($socket, $result) = @_;

        my $peer = recv $socket, my $got, 65_536, 0;
        die "recv: $!\n" unless defined $peer;

        sleep $delay if $delay;
        send $socket, $_, 0, $peer for _packets($reply, $got);
        _report($result, $got);
    };
}


1;
