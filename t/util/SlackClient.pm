package SlackClient;

# A section "client": Perl that talks to nginx of the block as Test::Nginx
# does not, after the block's request (by default GET / of the harness).

use strict;
use warnings;

use File::Temp ();
use IO::Select;
use IO::Socket::INET;
use Socket qw(IPPROTO_TCP SOL_SOCKET SO_LINGER TCP_NODELAY);
use Test::Nginx::Socket;
use Test::More ();
use Time::HiRes ();

use SlackTest;

# an answer that takes longer than this does not come
my $Patience = 20;

my @Files;

{
    no warnings 'once';
    push @Test::Nginx::Socket::ExtraSections, qw(client);
}

add_block_preprocessor(sub {
    my ($block) = @_;

    return if !defined $block->client || defined $block->request;

    $block->set_value(request => 'GET /');
    $block->set_value(timeout => "${Patience}s") unless defined $block->timeout;
});

add_response_body_check(sub {
    my ($block, undef, $n, undef, $dry) = @_;

    return if $dry || $n || !defined $block->client;

    $block->client->();
});


# A connection to nginx; each print is a packet of its own.
sub connection {
    my ($port) = @_;

    my $socket = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1',
        PeerPort => $port // server_port_for_client(),
    ) or die "cannot connect to nginx: $!\n";

    $socket->autoflush(1);
    setsockopt $socket, IPPROTO_TCP, TCP_NODELAY, 1;

    return $socket;
}


# What comes until the pattern matches, or to the end.
sub read_until {
    my ($socket, $pattern) = @_;

    my $text   = '';
    my $select = IO::Select->new($socket);

    while (!defined $pattern || $text !~ $pattern) {
        $select->can_read($Patience) or last;
        sysread $socket, $text, 65536, length $text or last;
    }

    return $text;
}


# Some of what comes, '' at the end, undef if neither comes.
sub read_some {
    my ($socket) = @_;

    IO::Select->new($socket)->can_read($Patience) or return;

    my $text = '';
    sysread $socket, $text, 65536;

    return $text;
}


# Sends all packets on one connection, returns what comes until it is closed.
# The last request asks for that.
sub talk {
    my @packets = @_;

    my $socket = connection();

    for my $packet (@packets) {
        local $SIG{PIPE} = 'IGNORE';
        print {$socket} $packet or last;
    }

    return read_until($socket);
}


# "POST uri" with these headers and Host; a body gets its length.
sub request {
    my ($uri, $body, @headers) = @_;

    push @headers, 'Content-Length: ' . length $body
        unless grep { m/^(?:Transfer-Encoding|Content-Length):/i } @headers;

    return CORE::join "\r\n", "POST $uri HTTP/1.1", 'Host: localhost', @headers, '', $body;
}


# A body in chunks of these sizes, the last one repeats.
sub chunked {
    my ($body, @sizes) = @_;

    my $text = '';

    for (my $at = 0; $at < length $body;) {
        my $size = @sizes > 1 ? shift @sizes : $sizes[0];
        my $piece = substr $body, $at, $size;
        $text .= sprintf "%x\r\n%s\r\n", length $piece, $piece;
        $at += $size;
    }

    return "${text}0\r\n\r\n";
}


# Closes a connection by a reset.
sub reset_connection {
    my ($socket) = @_;

    setsockopt $socket, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
    close $socket;

    return;
}


# The codes of all answers in a text, in their order.
sub codes {
    my ($text) = @_;

    return CORE::join ' ', $text =~ m{^HTTP/1\.1 ([0-9]{3}) }mg;
}


# What curl prints, and its exit code; a reference is what it reads.
sub curl {
    my @args = @_;

    for my $arg (@args) {
        next unless ref $arg;

        my $file = File::Temp->new;
        print {$file} ${$arg};
        close $file;
        push @Files, $file;
        $arg = '@' . $file->filename;
    }

    open my $pipe, '-|', 'curl', '-sS', '--max-time', $Patience, @args
        or die "cannot run curl: $!; util/setup installs it\n";
    my $text = do { local $/ = undef; <$pipe> };
    close $pipe;
    @Files = ();

    return wantarray ? ($text, $? >> 8) : $text;
}


# The address of the block's nginx.
sub url {
    my ($uri, $port) = @_;

    return 'http://127.0.0.1:' . ($port // server_port_for_client()) . $uri;
}


# What Slack has received once there are so many messages.
sub slack {
    my ($wait) = @_;

    return curl(SlackTest::url() . "/_received.txt?wait=$wait&timeout=10");
}


# Waits until something is true; a failed test if it never is.
sub wait_for {
    my ($code, $name) = @_;

    for (1 .. $Patience * 50) {
        return 1 if $code->();
        Time::HiRes::sleep(0.02);
    }

    return Test::More::fail("$name in $Patience seconds");
}


# All of the error log of the block.
sub error_log {
    open my $fh, '<:raw', server_root() . '/logs/error.log' or return '';
    local $/ = undef;
    return <$fh> // '';
}


# Processes of the block's nginx: its pid, and its workers (itself, alone).
sub master {
    open my $fh, '<', server_root() . '/logs/nginx.pid' or return;
    my ($pid) = (<$fh> // '') =~ m/([0-9]+)/;
    return $pid;
}


# The workers, without those that a reload ends; in one process, that.
sub processes {
    my $master = master();

    open my $fh, '<', "/proc/$master/task/$master/children" or return $master;
    my @pids = grep { title($_) =~ m/worker process\0*\z/ } split ' ', <$fh> // '';

    return @pids ? @pids : $master;
}


# The same when all of them run: an answer by one worker does not tell that the
# others were started.
sub all_workers {
    my $all = $ENV{SLACK_TEST_WORKERS} // 1;
    my @pids;

    wait_for(sub { @pids = processes(); @pids >= $all }, 'all workers run');

    return @pids;
}


sub title {
    my ($pid) = @_;

    open my $fh, '<', "/proc/$pid/cmdline" or return '';

    return <$fh> // '';
}


# How many sockets the workers have open, of connections and of streams.
sub sockets {
    return scalar grep { (readlink // '') =~ m/\Asocket:/ } map { glob "/proc/$_/fd/*" } processes();
}


# The largest size a process has had in memory, in kilobytes.
sub peak {
    my ($pid) = @_;

    open my $fh, '<', "/proc/$pid/status" or die "no process $pid\n";
    local $/ = undef;
    my ($size) = <$fh> =~ m/^VmHWM:\s+([0-9]+) kB/m;

    return $size;
}


1;


__END__

=head1 NAME

SlackClient - clients of an unusual kind for the tests

=head1 SYNOPSIS

    use SlackTest;
    use SlackClient;

    --- config
        location = /hook {
            slack_notify acme;
        }
    --- client eval
    sub {
        my $text = SlackClient::talk(SlackClient::request('/hook', '{}', 'Connection: close'));
        Test::More::is(SlackClient::codes($text), '200', 'an answer');
    }

=cut
