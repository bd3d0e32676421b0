package Bench::Client;

# Who asks a server: a connection, requests, and whole answers.

use strict;
use warnings;

use Exporter qw(import);
use IO::Socket::INET;

our @EXPORT_OK = qw(answer connection post);


sub connection {
    my ($port) = @_;

    return IO::Socket::INET->new(
        PeerAddr => '127.0.0.1',
        PeerPort => $port
    ) || die "connect: $!\n";
}


# sends a request, which may be longer than the socket takes at once; print
# would send it in pieces of 8 KB, which nginx reads one by one

sub post {
    my ($socket, $request) = @_;

    my $sent = 0;

    while ($sent < length $request) {
        $sent += syswrite($socket, $request, length $request, $sent)
            // die "nginx does not take a request: $!\n";
    }

    return;
}


# reads an answer to its end, which has to have this status, and returns it

sub answer {
    my ($socket, $status) = @_;

    my $answer = '';
    my $want;

    while (!$want || length $answer < $want) {
        sysread $socket, $answer, 65_536, length $answer
            or die "nginx ended the connection: $answer\n";

        next if $want;

        my $head = index $answer, "\r\n\r\n";

        next if $head < 0;

        my ($length) = $answer =~ /^Content-Length: (\d+)/mi;
        $want = $head + 4 + ($length // 0);
    }

    $answer =~ m{^HTTP/1\.1 $status }
        or die "answer is not $status: $answer\n";

    return $answer;
}


1;
