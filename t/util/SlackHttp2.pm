package SlackHttp2;

# A client of HTTP/2 that can stop at any point of a request, as no ordinary
# client does: frames of RFC 9113, headers as literals of RFC 7541.

use strict;
use warnings;

use SlackClient;

my %TYPE = (data => 0, headers => 1, reset => 3, settings => 4);

my ($END_STREAM, $END_HEADERS) = (1, 4);


# A connection that has said hello.
sub connection {
    my ($port) = @_;

    my $socket = SlackClient::connection($port);

    print {$socket} "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", frame('settings', 0, 0, '');

    return $socket;
}


sub frame {
    my ($type, $flags, $stream, $payload) = @_;

    return substr(pack('N', length $payload), 1) . pack('CCN', $TYPE{$type}, $flags, $stream) . $payload;
}


# The headers of "POST uri", which a body follows.
sub request {
    my ($uri, @headers) = @_;

    my $block = CORE::join '', map { literal(split m/:\s*/, $_, 2) } @headers;

    return frame('headers', $END_HEADERS, 1,
        literal(':method', 'POST') . literal(':scheme', 'http') . literal(':path', $uri)
        . literal(':authority', 'localhost') . $block =~ s/\A://r);
}


# not indexed, neither string compressed; both are shorter than 127 bytes
sub literal {
    my ($name, $value) = @_;

    $name = lc $name;

    return "\0" . chr(length $name) . $name . chr(length $value) . $value;
}


sub data  { my ($data, $last) = @_; return frame('data', $last ? $END_STREAM : 0, 1, $data) }
sub reset { return frame('reset', 0, 1, pack 'N', 8) }


# The status of the answer, '' if the stream or the connection ends without;
# undef if neither happens.
sub status {
    my ($socket) = @_;

    my $text = '';

    for ( ;; ) {

        while (length $text >= 9) {
            my $length = unpack 'N', "\0" . substr $text, 0, 3;
            last if length $text < 9 + $length;

            my ($type, undef, $stream) = unpack 'CCN', substr $text, 3, 6;
            my $payload = substr $text, 9, $length;
            substr $text, 0, 9 + $length, '';

            next if $stream != 1;
            return '' if $type == $TYPE{reset};
            return code($payload) if $type == $TYPE{headers};
        }

        my $more = SlackClient::read_some($socket);
        return $more if !defined $more || $more eq '';
        $text .= $more;
    }

    return;
}


# ":status" is the first of nginx's headers: one of the static table, or a
# literal with the name from there
sub code {
    my ($block) = @_;

    my %static = (0x88 => 200, 0x89 => 204, 0x8a => 206, 0x8b => 304, 0x8c => 400, 0x8d => 404, 0x8e => 500);

    # nginx may say first that its own table of headers is empty
    $block =~ s/\A[\x20-\x3f]//;

    my $first = ord $block;

    return $static{$first} // substr $block, 2, 3;
}


1;
