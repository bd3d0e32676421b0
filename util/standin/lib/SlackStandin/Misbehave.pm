package SlackStandin::Misbehave;

# Does a fault to a connection: the answers, and the ends of connections, that a
# well-behaved server never gives.  Those that spoil Slack's own answer get it as
# { status, text, type, headers }.

use Mojo::Base -strict, -signatures;

use Exporter qw(import);
use Mojo::IOLoop;
use Mojo::JSON qw(decode_json encode_json);
use Mojo::Util qw(encode);
use Socket qw(SOL_SOCKET SO_LINGER);

our @EXPORT_OK = qw(misbehave send_answer status_of hold_of spoilt);

use constant CHUNK => 65_536;

my %STATUS = (redirect => 302, truncated => 200, huge => 200, cut => 200);

my $TRUNCATED = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nok";
my $GARBAGE   = "\x00\x16 this is not HTTP \xff\xfe\r\n\r\n" . 'x' x 200;

my %DO = (
    status    => \&_status,
    redirect  => \&_redirect,
    interim   => \&_interim,
    hang      => sub ($c, $fault) { $c->render_later },
    reset     => \&_reset,
    truncated => sub ($c, $fault) { _raw($c, $TRUNCATED) },
    garbage   => sub ($c, $fault) { _raw($c, $GARBAGE) },
    huge      => \&_huge,
    cut       => \&_cut,
);

# What becomes of the text of Slack's own answer.
my %SPOIL = (
    half      => sub ($text, $fault) { substr $text, 0, length($text) / 2 },
    padded    => \&_padded,
    'number-ts' => sub ($text, $fault) { $text =~ s/"ts":"([0-9.]+)"/"ts":$1/gr },
    warning   => sub ($text, $fault) {
        my $json = decode_json($text);

        $json->{warning} = $fault->{warning};
        $json->{response_metadata}{warnings} = [ $fault->{warning} ];
        encode_json($json);
    },
    without   => sub ($text, $fault) {
        my $json = decode_json($text);

        delete $json->{ $fault->{key} };
        encode_json($json);
    },
);


# The HTTP status the other side sees, or undef when it sees none.
sub status_of ($fault) { return 0 + ($fault->{status} // $STATUS{ $fault->{kind} } // return) }


# Seconds that FAULT tells the sender to wait, 0 = says nothing.
sub hold_of ($fault) {
    for my $header (@{ $fault->{headers} // [] }) {
        return $header->[1] if lc $header->[0] eq 'retry-after' && $header->[1] =~ m/^[0-9]+\z/;
    }

    return 0 if ($fault->{status} // 0) != 429;
    return $fault->{body} =~ m/"retry_after"\s*:\s*([0-9]+(?:\.[0-9]+)?)/ ? $1 : 0;
}


# Whether FAULT spoils Slack's own answer, rather than being one.
sub spoilt ($fault) { return exists $SPOIL{ $fault->{kind} } }


sub misbehave ($c, $fault, $answer = undef) {
    if (spoilt($fault)) {
        my $text = eval { $SPOIL{ $fault->{kind} }->($answer->{text}, $fault) } // $answer->{text};

        return send_answer($c, { %$answer, text => $text });
    }

    $DO{ $fault->{kind} }->($c, { %$fault, answer => $answer });

    return;
}


sub send_answer ($c, $answer) {
    my $headers = $c->res->headers;

    $headers->header($_ => $answer->{headers}{$_}) for keys %{ $answer->{headers} // {} };
    $headers->content_type($answer->{type} // 'text/html');
    $c->render(data => $answer->{text}, status => $answer->{status});

    return;
}


# An object with one more key, BYTES long or a little more.
sub _padded ($text, $fault) {
    my $left = $fault->{bytes} - length $text;

    return $text if $left <= 0 || $text !~ m/^\{/;
    return $text =~ s/^\{/'{"padding":"' . 'x' x $left . '",'/er;
}


# The first half of the answer, then the end of the connection.
sub _cut ($c, $fault) {
    my $answer = $fault->{answer};
    my $length = length $answer->{text};

    return _raw($c, "HTTP/1.1 $answer->{status} OK\r\nContent-Type: "
        . ($answer->{type} // 'text/html') . "\r\nContent-Length: $length\r\n\r\n"
        . substr $answer->{text}, 0, $length / 2);
}


sub _status ($c, $fault) {
    $c->res->headers->content_type('text/html');
    $c->res->headers->header(@$_) for @{ $fault->{headers} };
    $c->render(data => encode('UTF-8', $fault->{body}), status => $fault->{status});

    return;
}


sub _redirect ($c, $fault) {
    $c->res->headers->location($fault->{url});
    $c->render(data => '', status => 302);

    return;
}


sub _interim ($c, $fault) {
    my $stream = Mojo::IOLoop->stream($c->tx->connection) or return;

    $stream->write("HTTP/1.1 $fault->{status} Wait\r\n\r\n");

    return;
}


# Ends the connection with RST instead of FIN.
sub _reset ($c, $fault) {
    $c->render_later;

    my $stream = Mojo::IOLoop->stream($c->tx->connection) or return;
    my $handle = $stream->handle;

    setsockopt $handle, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
    $stream->close;

    if ($handle->isa('IO::Socket::SSL')) {
        $handle->close(SSL_no_shutdown => 1);
        return;
    }

    close $handle;

    return;
}


sub _raw ($c, $bytes) {
    $c->render_later;

    my $stream = Mojo::IOLoop->stream($c->tx->connection) or return;

    $stream->write($bytes);
    $stream->close_gracefully;

    return;
}


sub _huge ($c, $fault) {
    my $left = $fault->{bytes};
    my $next;

    $c->res->code(200);
    $c->res->headers->content_type('text/html')->content_length($left);

    $next = sub ($c, @) {
        my $part = $left > CHUNK ? CHUNK : $left;

        $left -= $part;
        $c->write('x' x $part => $left ? $next : ());
        undef $next if !$left;
    };

    $c->tx->on(finish => sub { undef $next });
    $c->$next;

    return;
}


1;
