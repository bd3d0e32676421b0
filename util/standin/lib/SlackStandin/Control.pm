package SlackStandin::Control;

# What a test tells the stand-in: to forget, which limits and channels there are, what
# to do to coming requests, and which messages somebody deleted.

use Mojo::Base -strict, -signatures;

use Exporter qw(import);

use SlackStandin::Channels;
use SlackStandin::Decode qw(plain_value reason);
use SlackStandin::Faults;
use SlackStandin::Pace;
use SlackStandin::Strict qw(decode_strict);
use SlackStandin::WebApi qw(method_of);

our @EXPORT_OK = qw(reset_all declare_channels delete_message add_faults show_faults complain);

# How the limits of methods are called in /_reset: post_rate=, post_burst= and so on.
my %LIMITED = (
    test   => 'auth.test',
    post   => 'chat.postMessage',
    update => 'chat.update',
    delete => 'chat.delete',
    join   => 'conversations.join',
    open   => 'conversations.open',
    lookup => 'users.lookupByEmail',
);


# POST /_reset
sub reset_all ($app, $c) {
    my @numbers = (qw(rate burst), map { ("${_}_rate", "${_}_burst") } keys %LIMITED);
    my %given   = map { $_ => $c->param($_) // '' } @numbers, qw(strict team client_msg_id);
    my $channels = SlackStandin::Channels->new;

    for my $key (@numbers) {
        next if $given{$key} =~ m/^(?:[0-9]+(?:\.[0-9]+)?)?\z/;
        return complain($c, "$key=$given{$key} is not a number, such as $key=1");
    }

    return complain($c, reason($@))
        if !eval { $channels->declare($_) for @{ $c->every_param('channel') }; 1 };

    my %methods = map { $LIMITED{$_} => [ $given{"${_}_rate"}, $given{"${_}_burst"} || 1 ] }
                  grep { $given{"${_}_rate"} } keys %LIMITED;

    $app->faults->queue([]);
    $app->pace(SlackStandin::Pace->new(
        rate => $given{rate} || 0, burst => $given{burst} || 1, methods => \%methods,
    ));
    $app->strict($given{strict} eq '0' ? 0 : 1);
    $app->duplicates($given{client_msg_id} eq '0' ? 0 : 1);
    $app->team($given{team});
    $app->channels($channels);
    $app->store->clear;

    $c->render(text => "ok\n");

    return;
}


sub complain ($c, $text) {
    $c->res->headers->content_type('text/plain; charset=utf-8');
    $c->render(text => "$text\n", status => 400);

    return;
}


# POST /_channel?channel=NAME:WORD…, answers with the IDs
sub declare_channels ($app, $c) {
    my @ids = eval { map { $app->channels->declare($_) } @{ $c->every_param('channel') } };

    return complain($c, reason($@)) if $@;
    return complain($c, 'channel= is wanted, such as channel=dev:private') if !@ids;

    $c->render(text => join '', map { "$_\n" } @ids);

    return;
}


# POST /_delete?n=N
sub delete_message ($app, $c) {
    my $n      = $c->param('n') // '';
    my $record = $n =~ m/^[1-9][0-9]{0,8}\z/ ? $app->store->messages->[ $n - 1 ] : undef;

    return complain($c, 'n= is wanted, the number of a message that is there')
        if !$record || $record->{deleted};

    $app->store->delete_message($record);
    $app->store->touch($record);
    $c->render(text => "ok\n");

    return;
}


# POST /_fault
sub add_faults ($app, $c) {
    my ($channel, $method) = map { plain_value($c->param($_)) } qw(channel method);
    my %only;

    my @faults = eval {
        my $list = decode_strict($c->req->body);

        die "a JSON array of faults is wanted, such as [\"500:oops\",\"reset\"]\n"
            if ref $list ne 'ARRAY';
        map { SlackStandin::Faults->parse($_) } @$list;
    };

    return complain($c, reason($@)) if $@;
    return complain($c, "method=$method is no method of the stand-in")
        if defined $method && !method_of($method);

    $only{method} = $method                              if defined $method;
    $only{place}  = $app->channels->place($channel, '')  if defined $channel;

    $app->faults->add(\%only, @faults);
    $c->render(text => @faults . "\n");

    return;
}


# GET /_fault
sub show_faults ($app, $c) {
    $c->render(json => [
        map { { fault => $_->{spec}, channel => ($_->{only}{place} // {})->{channel},
                $_->{only}{method} ? (method => $_->{only}{method}) : () } } @{ $app->faults->queue }
    ]);

    return;
}


1;
