package SlackStandin::Misbehave;

# Does a fault to a connection: the answers, and the ends of connections, that a
# well-behaved server never gives.

use Mojo::Base -strict, -signatures;

use Exporter qw(import);
use Mojo::IOLoop;
use Mojo::Util qw(encode);
use Socket qw(SOL_SOCKET SO_LINGER);

our @EXPORT_OK = qw(misbehave status_of hold_of);

use constant CHUNK => 65_536;

my %STATUS = (redirect => 302, truncated => 200, huge => 200);

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
);


# The HTTP status the other side sees, or undef when it sees none.
sub status_of ($fault) { return 0 + ($fault->{status} // $STATUS{ $fault->{kind} } // return) }


# Seconds that FAULT tells the channel to wait, 0 = says nothing.
sub hold_of ($fault) {
    for my $header (@{ $fault->{headers} // [] }) {
        return $header->[1] if lc $header->[0] eq 'retry-after' && $header->[1] =~ m/^[0-9]+\z/;
    }

    return 0;
}


sub misbehave ($c, $fault) {
    $DO{ $fault->{kind} }->($c, $fault);

    return;
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
