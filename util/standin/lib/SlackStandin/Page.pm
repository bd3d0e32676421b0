package SlackStandin::Page;

# What the page of the stand-in gets: itself, and each request as it comes.

use Mojo::Base -strict, -signatures;

use Exporter qw(import);
use Mojo::IOLoop;
use Mojo::JSON qw(encode_json);

our @EXPORT_OK = qw(front events);

use constant {
    MESSAGES  => 1_000,    # a page that is opened late still gets
    HEARTBEAT => 15,
};


sub front ($c) {
    $c->res->headers->header('Content-Security-Policy' =>
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        . "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    $c->res->headers->cache_control('no-store');
    $c->reply->static('page.html');

    return;
}


# Server-sent events: what there is, "now", then each request as it comes.
sub events ($c, $store) {
    my @old = @{ $store->requests };

    splice @old, 0, @old - MESSAGES if @old > MESSAGES;

    $c->res->headers->content_type('text/event-stream')->cache_control('no-store');
    $c->write("retry: 1000\nevent: reset\ndata: {}\n\n"
              . join '', map({ _event($_) } @old), "event: now\ndata: {}\n\n");

    my $watch = $store->watch(sub ($request) {
        $c->write($request ? _event($request) : "event: reset\ndata: {}\n\n");
    });
    my $beat = Mojo::IOLoop->recurring(HEARTBEAT, sub { $c->write(": beat\n\n") });

    $c->tx->on(finish => sub {
        $store->unwatch($watch);
        Mojo::IOLoop->remove($beat);
    });

    return;
}


# The view of a request; of a text that Slack split, one view for each message.
sub _event ($request) {
    my %view    = %$request;
    my $record  = delete $view{record};
    my $more    = delete $view{more};
    my @records = $record ? ($record, @{ $more // [] }) : ({});

    return join '', map { 'data: ' . encode_json({ %view, %{ _shown($_) } }) . "\n\n" } @records;
}


sub _shown ($record) {
    return {} if !%$record;

    my %shown = map { $_ => $record->{$_} }
                grep { exists $record->{$_} }
                qw(payload pings edited username icon channel channel_id ts bid
                   slackbot unthreaded deleted part receiver);

    return { %shown, message => $record->{n} };
}


1;
