package SlackUpstream;

# An upstream for the tests of tapped locations: answers what it was asked,
# with the length and the digest of the body.  It runs until the test file
# ends; its port is in $TEST_NGINX_UPSTREAM_PORT.

use strict;
use warnings;

use Digest::MD5 qw(md5_hex);
use IO::Socket::INET;

my $Pid = start();


# What it says to a request with this body: "POST /uri 12 bytes DIGEST".
sub answer {
    my ($method, $uri, $body) = @_;

    return sprintf "%s %s %d bytes %s\n", $method, $uri, length $body, md5_hex($body);
}


sub start {
    my $socket = IO::Socket::INET->new(
        LocalAddr => '127.0.0.1',
        Listen    => 64,
        ReuseAddr => 1,
    ) or die "upstream: cannot listen: $!\n";

    $ENV{TEST_NGINX_UPSTREAM_PORT} = $socket->sockport;

    my $parent = $$;
    my $pid = fork // die "upstream: cannot fork: $!\n";
    return $pid if $pid;

    $SIG{$_} = 'DEFAULT' for qw(INT TERM);

    # a parent that was killed does not end us
    while (getppid == $parent) {
        my $ready = '';
        vec($ready, $socket->fileno, 1) = 1;
        next unless select $ready, undef, undef, 1;

        my $client = $socket->accept or next;
        serve($client);
        close $client;
    }

    require POSIX;
    POSIX::_exit(0);
}


# HTTP/1.0, as nginx speaks to upstreams: a body has a length.
sub serve {
    my ($client) = @_;

    my $text = '';

    while ($text !~ m/\r\n\r\n/) {
        sysread $client, $text, 65536, length $text or return;
    }

    my ($head, $body) = split m/\r\n\r\n/, $text, 2;
    my ($method, $uri) = $head =~ m/^(\S+) (\S+)/;
    my ($length) = $head =~ m/^Content-Length: *([0-9]+)/mi;

    while (length $body < ($length // 0)) {
        sysread $client, $body, 65536, length $body or return;
    }

    my $answer = answer($method, $uri, $body);
    my @more = $head =~ m/^(X-Slack-[^\r\n]*)/mig;
    my @seen = $head =~ m/^(X-Accel-[^\r\n]*)/mig;

    print {$client} join "\r\n", 'HTTP/1.0 200 OK', 'Content-Type: text/plain',
        'Content-Length: ' . length $answer, @more, @seen, '', $answer;

    return;
}


END {
    my $status = $?;

    if ($Pid) {
        kill 'TERM', $Pid;
        waitpid $Pid, 0;
    }

    $? = $status;
}


1;


__END__

=head1 NAME

SlackUpstream - an upstream that tells what it was asked

=head1 SYNOPSIS

    use SlackUpstream;

    --- config
        location = /hook {
            slack_notify acme;
            proxy_pass   http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        }
    --- request
    POST /hook
    {}
    --- response_body eval
    SlackUpstream::answer('POST', '/hook', '{}')

Headers C<X-Slack-...> and C<X-Accel-...> of the request come back in the answer.

=cut
