package SlackServer;

# Small servers for the tests, each a process of its own that ends with the
# test file; and ports for those of others.

use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;


sub listener {
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 64, ReuseAddr => 1)
        or die "cannot listen at 127.0.0.1: $!\n";

    return $socket;
}


# A port for a server that starts later.  The system gives those of listener() to anybody who connects
# meanwhile, so it is one below these.
sub free_port {
    for (1 .. 100) {
        my $port = 10_000 + int rand 22_768;

        return $port if IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 1);
    }

    die "there is no free port between 10000 and 32767\n";
}


# Calls CODE with each connection; returns the port and the process.
sub start {
    my ($code) = @_;

    my $socket = listener();
    my $port   = $socket->sockport;
    my $parent = $$;
    my $pid    = fork // die "cannot fork: $!\n";

    return ($port, $pid) if $pid;

    $SIG{$_} = 'DEFAULT' for qw(INT TERM);

    # a parent that was killed does not end us
    while (getppid == $parent) {
        IO::Select->new($socket)->can_read(1) or next;

        my $client = $socket->accept or next;

        $code->($client);
        close $client;
    }

    require POSIX;
    POSIX::_exit(0);
}


# Head and body of a request, whose body has a length; nothing if it is cut off.
sub request {
    my ($client) = @_;

    my $text = '';

    while ($text !~ m/\r\n\r\n/) {
        sysread $client, $text, 65536, length $text or return;
    }

    my ($head, $body) = split m/\r\n\r\n/, $text, 2;
    my ($length) = $head =~ m/^Content-Length: *([0-9]+)/mi;

    while (length $body < ($length // 0)) {
        sysread $client, $body, 65536, length $body or return;
    }

    return ($head, $body);
}


# The processes of an END block: an exit status is kept.
sub stop {
    my @pids = @_;

    local $?;
    kill 'KILL', @pids if @pids;
    waitpid $_, 0 for @pids;

    return;
}


1;
