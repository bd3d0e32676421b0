package SlackStandin::Reading;

# What a test reads: messages and requests, at once or when there are enough of them.

use Mojo::Base -strict, -signatures;

use Exporter qw(import);
use Mojo::IOLoop;

use SlackStandin::Control qw(complain);

our @EXPORT_OK = qw(received requests);

use constant {
    WAIT_SECONDS => 5,          # a long poll without timeout=
    WAIT_MAX     => 3_600,
};


# GET /_received, /_received.txt
sub received ($app, $c, $writer) {
    my ($wait, $edits) = map { $c->param($_) // 0 } qw(wait edits);
    my $store = $app->store;

    _when($store, $c, $writer, sub {
        return @{ $store->messages } >= $wait && $store->edits >= $edits;
    }, $wait, $edits);

    return;
}


# GET /_requests, /_requests.txt
sub requests ($app, $c, $writer) {
    my $wait   = $c->param('wait') // 0;
    my $method = $c->param('method');
    my $store  = $app->store;

    _when($store, $c, $writer, sub { return $store->requests_of($method) >= $wait }, $wait);

    return;
}


# Answers with what WRITER writes when ENOUGH says so, or timeout= is over.
sub _when ($store, $c, $writer, $enough, @numbers) {
    my $timeout = $c->param('timeout') // WAIT_SECONDS;

    for my $number (@numbers, $timeout) {
        next if $number =~ m/^[0-9]+(?:\.[0-9]+)?\z/;
        return complain($c, "\"$number\" is not a number; wait=, edits= and timeout= are");
    }

    $timeout = WAIT_MAX if $timeout > WAIT_MAX;

    my $type = $writer =~ m/json/ ? 'application/json' : 'text/plain; charset=utf-8';
    my $done = sub {
        my $text = $store->$writer($c->param('method'));

        utf8::encode($text) if $writer =~ m/text/;
        $c->res->headers->content_type($type);
        $c->render(data => $text);
    };

    return $done->() if $enough->();

    my ($watch, $timer);
    my $stop = sub {
        $store->unwatch($watch) if $watch;
        Mojo::IOLoop->remove($timer)  if $timer;
        undef $watch;
        undef $timer;
    };

    $c->render_later;
    $c->tx->on(finish => $stop);

    $timer = Mojo::IOLoop->timer($timeout => sub {
        $stop->();
        $done->();
    });

    $watch = $store->watch(sub ($request) {
        return if $request && !$enough->();
        $stop->();
        $done->();
    });

    return;
}


1;
