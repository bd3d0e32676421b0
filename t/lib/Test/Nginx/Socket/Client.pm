package Test::Nginx::Socket::Client;

# The HTTP client: makes requests of a block's sections, sends them over
# non-blocking sockets, takes responses apart.  It makes no tests of its
# own; what went wrong is told in the result.

use strict;
use warnings;

use Errno qw(EAGAIN EINPROGRESS EINTR EWOULDBLOCK);
use Exporter 'import';
use HTTP::Response;
use IO::Select;
use IO::Socket::IP;
use Socket qw(SOCK_STREAM);
use Time::HiRes qw(sleep time);

use Test::Nginx::Socket::Options
    qw(%Opt bail_out expand parse_time value_of);

our @EXPORT_OK = qw(build_requests exchange parse_responses);

my $READ_SIZE = 65_536;


# The block's requests: hashes with "packets" (hashes of "value" and, in
# seconds, "delay") and "methods", one for each response to come.
sub build_requests {
    my ($block) = @_;

    my $raw = value_of($block, 'raw_request');
    return _raw_request($block, $raw) if defined $raw;

    my $pipelined = value_of($block, 'pipelined_requests');
    return _pipelined_request($block, $pipelined) if defined $pipelined;

    my $request = value_of($block, 'request');

    if (!defined $request && defined value_of($block, 'request_eval')) {
        $request = _eval_text($block, 'request_eval');
    }

    if (!defined $request) {
        bail_out("$0 " . $block->name . ' - no "request", "raw_request" or'
                 . ' "pipelined_requests" section');
    }

    my @parts = ref $request eq 'ARRAY' ? @$request : $request;

    return map { _one_request($block, $parts[$_], $_, 'close') } 0 .. $#parts;
}


sub _eval_text {
    my ($block, $section) = @_;

    my $value = eval value_of($block, $section);  ## no critic (eval)
    bail_out("$0 " . $block->name . " - $section: $@") if $@;
    return $value;
}


sub _raw_request {
    my ($block, $raw) = @_;

    my $delay = value_of($block, 'raw_request_middle_delay');
    $delay = defined $delay
        ? parse_time($delay, 'raw_request_middle_delay') : $Opt{sleep};

    my @values = ref $raw eq 'ARRAY' ? @$raw : $raw;
    my ($method) = _bytes($values[0]) =~ /\A\s*(\S+)/;

    return {
        packets => [map { { value => _bytes($values[$_]),
                            delay => $_ ? $delay : 0 } } 0 .. $#values],
        methods => [$method // ''],
    };
}


sub _pipelined_request {
    my ($block, $parts) = @_;

    if (ref $parts ne 'ARRAY' || !@$parts) {
        bail_out("$0 " . $block->name . ' - pipelined_requests must be an'
                 . ' array of requests');
    }

    my @requests = map {
        _one_request($block, expand($block, $parts->[$_]), $_,
                     $_ == $#$parts ? 'close' : 'keep-alive')
    } 0 .. $#$parts;

    my $text = join '', map { $_->{value} } map { @{ $_->{packets} } }
        @requests;

    return {
        packets => [{ value => $text, delay => 0 }],
        methods => [map { @{ $_->{methods} } } @requests],
    };
}


# Octets of a text, which may have come out of Perl code as characters.
sub _bytes {
    my ($text) = @_;

    $text //= '';
    utf8::encode($text) unless utf8::downgrade($text, 1);
    return $text;
}


# One request from its text or its array of packets.  The white space
# around the body does not count, unless its length is the author's own.
sub _one_request {
    my ($block, $part, $index, $connection) = @_;

    my @packets = map {
        ref $_ eq 'HASH'
            ? { value => _bytes($_->{value}), delay => $_->{delay_before} }
            : { value => _bytes($_) }
    } ref $part eq 'ARRAY' ? @$part : $part;

    $packets[$_]{delay} //= $_ ? $Opt{sleep} : 0 for 0 .. $#packets;

    my ($method, $url, $version) = _take_request_line($block, \@packets);
    my ($headers, $names) = _more_headers($block, $index);

    my @head = ("$method $url $version");

    push @head, 'Host: ' . $Opt{server_name} unless $names->{host};
    push @head, "Connection: $connection" unless $names->{connection};
    push @head, @$headers;

    if (!$names->{'content-length'} && !$names->{'transfer-encoding'}) {
        my $length = _trim_packets(\@packets);
        push @head, "Content-Length: $length" if $length;
    }

    $packets[0]{value} = join("\r\n", @head, '', '') . $packets[0]{value};

    return { packets => \@packets, methods => [$method] };
}


# The request line may be spread over packets: it is taken from the whole,
# and then off the packets.
sub _take_request_line {
    my ($block, $packets) = @_;

    my $text = join '', map { $_->{value} } @$packets;

    $text =~ /\A (?: [ \t]* (?: [#][^\n]* )? \r?\n )* ([^\n]*) \n? /x;

    my ($line, $taken) = ($1, $+[0]);
    my ($method, $url, $version, @more) = split ' ', $line;

    if (!defined $method || @more) {
        bail_out("$0 " . $block->name . " - \"$line\" is no request line;"
                 . ' write METHOD [url [version]]');
    }

    for my $packet (@$packets) {
        my $length = length $packet->{value};
        my $part = $taken < $length ? $taken : $length;

        substr $packet->{value}, 0, $part, '';
        $taken -= $part;
    }

    return ($method, $url // '/', $version // 'HTTP/1.1');
}


# Removes white space around the body as a whole; returns what is left.
sub _trim_packets {
    my ($packets) = @_;

    my $length = 0;

    for my $packet (@$packets) {
        $packet->{value} =~ s/\A\s+//;
        last if length $packet->{value};
    }

    for my $packet (reverse @$packets) {
        my $end = length $packet->{value};

        # a regular expression anchored at the end tries every position
        $end-- while $end && substr($packet->{value}, $end - 1, 1) =~ /\s/;
        substr $packet->{value}, $end, length($packet->{value}) - $end, '';
        last if $end;
    }

    $length += length $_->{value} for @$packets;
    return $length;
}


sub _more_headers {
    my ($block, $index) = @_;

    my $text = value_of($block, 'more_headers');
    $text = $text->[$index] if ref $text eq 'ARRAY';

    my (@headers, %names);

    for my $line (split /\r?\n/, _bytes($text)) {
        next if $line =~ /\A\s*(?:[#]|\z)/;

        my ($name, $value) = $line =~ /\A([^:]+):[ \t]*(.*)\z/s;

        if (!defined $name) {
            bail_out("$0 " . $block->name . " - more_headers: \"$line\" is"
                     . ' no header; write Name: value');
        }

        $names{ lc($name =~ s/\A\s+//r) } = 1;
        push @headers, "$name: $value";
    }

    return (\@headers, \%names);
}


sub _connect {
    my ($block, $is_alive) = @_;

    my $addr = value_of($block, 'server_addr_for_client')
        || $Opt{server_addr};

    my $why;

    for my $try (1 .. 20) {
        my $socket = IO::Socket::IP->new(
            PeerHost => $addr,
            PeerPort => $Opt{client_port},
            Type     => SOCK_STREAM,
            Timeout  => 5,
        );
        return ($socket) if $socket;

        $why = $@ || "$!";
        last if !$is_alive->();
        sleep 0.05;
    }

    return (undef, $why);
}


# Sends the packets and reads until the peer closes.  Returns a hash: "text"
# as it came, "timed_out", "no_connection" (why), "broken" (why).
sub exchange {
    my ($block, $request, $is_alive) = @_;

    local $SIG{PIPE} = 'IGNORE';

    my ($socket, $why) = _connect($block, $is_alive);
    return { text => '', no_connection => $why } unless $socket;

    $socket->blocking(0);

    my $timeout = parse_time(value_of($block, 'timeout') // $Opt{timeout},
                             'timeout');
    my @packets = @{ $request->{packets} };
    my %result = (text => '');
    my ($readers, $writers) = (IO::Select->new($socket), IO::Select->new);
    my $sent = 0;
    my $last = time;
    my $due = $last + ($packets[0]{delay} || 0);
    my $shutdown = value_of($block, 'shutdown');

    for ( ;; ) {
        my $now = time;
        my $ready = @packets && $now >= $due;
        my $wait = @packets && !$ready ? $due - $now
                                       : $last + $timeout - $now;

        if ($wait <= 0) {
            $result{timed_out} = 1;
            last;
        }

        $ready ? $writers->add($socket) : $writers->remove($socket);
        my ($can_read, $can_write) =
            IO::Select::select($readers, $writers, undef, $wait);

        if ($can_write && @$can_write) {
            $last = time;
            my $done = _write_some($socket, $packets[0]{value}, \$sent);

            if (!defined $done) {
                # the answer may be there all the same
                @packets = ();

            } elsif ($done) {
                shift @packets;
                $sent = 0;
                $due = time + $packets[0]{delay} if @packets;
                _shutdown($socket, $shutdown) if !@packets;
            }
        }

        if ($can_read && @$can_read) {
            my $n = sysread $socket, $result{text}, $READ_SIZE,
                            length $result{text};

            if (defined $n) {
                last if $n == 0;
                $last = time;

            } elsif (!_again()) {
                $result{broken} = "$!";
                last;
            }
        }

        # waiting for a packet's time is no silence of the peer
        $last = time if @packets && !$ready;
    }

    close $socket;
    return \%result;
}


sub _shutdown {
    my ($socket, $how) = @_;

    return unless defined $how;

    shutdown $socket, length $how ? $how : 1;
    return;
}


sub _again {
    return $! == EAGAIN || $! == EWOULDBLOCK || $! == EINTR
        || $! == EINPROGRESS;
}


# True when all is sent, undef when the peer takes no more.
sub _write_some {
    my ($socket, undef, $sent) = @_;

    my $n = syswrite $socket, $_[1], length($_[1]) - $$sent, $$sent;

    if (!defined $n) {
        return _again() ? 0 : undef;
    }

    $$sent += $n;
    return $$sent >= length $_[1];
}


# Takes the text of a connection apart: a response for each method, as hashes
# of "code", "headers" (an HTTP::Response), "raw_headers", "body" and
# "errors", "warnings".
sub parse_responses {
    my ($block, $request, $result) = @_;

    if (defined value_of($block, 'http09')) {
        return {
            code => 200, headers => HTTP::Response->new, raw_headers => '',
            body => $result->{text}, errors => [], warnings => [],
        };
    }

    my $pos = 0;
    my @responses = map { _parse_one($result, \$pos, $_) }
        @{ $request->{methods} };

    my $rest = length($result->{text}) - $pos;

    if ($rest > 0) {
        push @{ $responses[-1]{warnings} },
            "$rest bytes after the end of the last response";
    }

    return @responses;
}


sub _parse_one {
    my ($result, $pos, $method) = @_;

    my $text = \$result->{text};
    my %response = (
        code => '', headers => HTTP::Response->new, raw_headers => '',
        body => '', errors => [], warnings => [],
    );

    # what is interim says nothing about the response
    _skip_head($text, $pos)
        while substr($$text, $$pos, 12) =~ m{\AHTTP/1[.]\d 1(?!01)\d\d};

    if (substr($$text, $$pos, 5) ne 'HTTP/') {
        $response{body} = substr $$text, $$pos;
        $$pos = length $$text;
        return \%response;
    }

    $response{raw_headers} = _skip_head($text, $pos);
    $response{headers} = HTTP::Response->parse($response{raw_headers});
    $response{code} = $response{headers}->code // '';

    return \%response
        if $method eq 'HEAD' || $response{code} =~ /\A(?:101|204|304)\z/;

    my $encoding = $response{headers}->header('Transfer-Encoding') // '';
    my $length = $response{headers}->header('Content-Length');

    if ($encoding =~ /\bchunked\b/i) {
        _take_chunks($result, $pos, \%response);

    } elsif (defined $length && $length =~ /\A\d+\z/) {
        $response{body} = substr $$text, $$pos, $length;
        $$pos += length $response{body};

        if (length $response{body} < $length) {
            push @{ $response{warnings} },
                "response body truncated: $length expected, but got "
                . length $response{body};
        }

    } else {
        $response{body} = substr $$text, $$pos;
        $$pos = length $$text;
    }

    return \%response;
}


# Header lines up to and with the empty one, from the position on.
sub _skip_head {
    my ($text, $pos) = @_;

    my $end = index $$text, "\r\n\r\n", $$pos;
    $end = $end < 0 ? length $$text : $end + 4;

    my $head = substr $$text, $$pos, $end - $$pos;
    $$pos = $end;
    return $head;
}


sub _take_chunks {
    my ($result, $pos, $response) = @_;

    my $text = \$result->{text};

    for ( ;; ) {
        my $end = index $$text, "\r\n", $$pos;
        my $line = $end < 0 ? '' : substr $$text, $$pos, $end - $$pos;

        if ($line !~ /\A([0-9a-fA-F]{1,15})[ \t]*(?:;|\z)/) {
            _bad_chunk($result, $response, $pos, 'no chunk size');
            return;
        }

        my $size = hex $1;
        $$pos = $end + 2;
        last if $size == 0;

        $response->{body} .= substr $$text, $$pos, $size;

        if ($$pos + $size + 2 > length $$text) {
            $$pos = length $$text;
            _bad_chunk($result, $response, $pos, 'chunk cut off');
            return;
        }

        $$pos += $size;

        if (substr($$text, $$pos, 2) ne "\r\n") {
            _bad_chunk($result, $response, $pos, 'no line end after chunk');
            return;
        }

        $$pos += 2;
    }

    # trailers, if any, and the empty line
    if (substr($$text, $$pos, 2) eq "\r\n") {
        $$pos += 2;

    } elsif (index($$text, "\r\n\r\n", $$pos) >= 0) {
        _skip_head($text, $pos);

    } else {
        _bad_chunk($result, $response, $pos, 'no end after last chunk');
    }

    return;
}


# A stream which the client itself broke off after a time-out ends anywhere.
sub _bad_chunk {
    my ($result, $response, $pos, $what) = @_;

    my $text = \$result->{text};
    my $at_end = $$pos >= length $$text || $what eq 'no end after last chunk';

    if (!$result->{timed_out} || !$at_end) {
        my $near = substr $$text, $$pos, 20;
        $near =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ge;
        push @{ $response->{errors} },
            "malformed chunked body: $what at \"$near\"";
    }

    $$pos = length $$text;
    return;
}


1;
