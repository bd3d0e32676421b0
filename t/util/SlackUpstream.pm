package SlackUpstream;

# An upstream for the tests of tapped locations: answers what it was asked,
# with the length and the digest of the body.  It runs until the test file
# ends; its port is in $TEST_NGINX_UPSTREAM_PORT.

use strict;
use warnings;

use Digest::MD5 qw(md5_hex);

use SlackServer;

($ENV{TEST_NGINX_UPSTREAM_PORT}, my $Pid) = SlackServer::start(\&serve);


# What it says to a request with this body: "POST /uri 12 bytes DIGEST".
sub answer {
    my ($method, $uri, $body) = @_;

    return sprintf "%s %s %d bytes %s\n", $method, $uri, length $body, md5_hex($body);
}


# HTTP/1.0, as nginx speaks to upstreams: a body has a length.
sub serve {
    my ($client) = @_;

    my ($head, $body) = SlackServer::request($client) or return;
    my ($method, $uri) = $head =~ m/^(\S+) (\S+)/;

    my $answer = answer($method, $uri, $body);
    my @more = $head =~ m/^(X-Slack-[^\r\n]*)/mig;
    my @seen = $head =~ m/^(X-Accel-[^\r\n]*)/mig;

    print {$client} join "\r\n", 'HTTP/1.0 200 OK', 'Content-Type: text/plain',
        'Content-Length: ' . length $answer, @more, @seen, '', $answer;

    return;
}


END { SlackServer::stop($Pid) if $Pid }


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
