package SlackStandin::Request;

# The way of one request: fault, verdict, record, answer.  A verdict is { status, text,
# type, headers }; who can give it, and how errors are written, the caller puts into
# the request: "verdict", "error_answer" and "limit_answer", see take().

use Mojo::Base -strict, -signatures;

use Exporter qw(import);
use Mojo::IOLoop;
use Time::HiRes qw(time);

use SlackStandin::Misbehave qw(misbehave send_answer status_of hold_of spoilt);

our @EXPORT_OK = qw(take refuse limit_rate);

# faults after which Slack's own answer comes nevertheless
my %ANSWERED = (slow => 1, interim => 1);


# IN has: via, team, bid; method, channel, payload where they apply; message: whether
# the request is to leave a message; hold: what a 429 holds; and three functions:
#
#     verdict($app, $c, $in)              judges, records, answers
#     error_answer($in, $error, %more)    the answer for an error of Slack's; MORE may
#                                         have "messages" and "needed"
#     limit_answer($in, $seconds)         the answer 429
sub take ($app, $c, $in) {
    my $fault = $app->faults->take($in);

    undef $fault if $fault && $fault->{kind} eq 'ok';

    my $early   = defined $in->{hold} ? $app->pace->early($in->{hold}) : 0;
    my $request = $in->{request} = { time => time };

    for my $key (qw(via team bid method receiver channel)) {
        $request->{$key} = $in->{$key} if defined $in->{$key};
    }

    $request->{early} = $early if $early;

    if (ref $in->{payload} eq 'HASH') {
        $request->{payload} = { %{ $in->{payload} } };
        delete $request->{payload}{token};
    }

    my $answer = !$fault || $fault->{accept} ? $in->{verdict}->($app, $c, $in) : undef;

    if ($fault) {
        _do_fault($app, $c, $in, $fault, $answer);
        return;
    }

    $request->{status} = $answer->{status};
    $app->store->add_request($request);
    send_answer($c, $answer);

    return;
}


# Notes why the request is refused, and returns the answer.
sub refuse ($in, $error, $why = '', %more) {
    @{ $in->{request} }{qw(error why)} = ($error, $why);

    return $in->{error_answer}->($in, $error, messages => $why eq '' ? undef : ["[ERROR] $why"],
                                 %more);
}


# The same for a request beyond a limit, which is to come again after WAIT seconds.
sub limit_rate ($app, $in, $wait) {
    $app->pace->hold($in->{hold}, $wait);
    @{ $in->{request} }{qw(error why)} =
        ('rate_limited', $in->{request}{early} ? 'before Retry-After was over' : '');

    return $in->{limit_answer}->($in, $wait);
}


# Does FAULT to the request instead of giving ANSWER at once.
sub _do_fault ($app, $c, $in, $fault, $answer) {
    my $request = $in->{request};
    my $kind    = $fault->{kind};

    $request->{fault} = $fault->{spec};
    $request->{error} = 'fault' if !$answer || !$ANSWERED{$kind};
    $request->{why}   = join ', ', $fault->{spec}, grep { ($_ // '') ne '' } $request->{why};

    if ($kind eq 'error') {
        $answer = _error_of_fault($in, $fault);
        $request->{status} = $answer->{status};
    }

    else {
        $request->{status} = $ANSWERED{$kind} || spoilt($fault) ? $answer->{status}
                                                                : status_of($fault);
        delete $request->{status} if !defined $request->{status};
    }

    $app->pace->hold($in->{hold}, hold_of($fault)) if defined $in->{hold} && hold_of($fault);
    $app->store->add_request($request);

    if ($kind eq 'slow') {
        $c->render_later;
        Mojo::IOLoop->timer($fault->{seconds} => sub { send_answer($c, $answer) if $c->tx });
        return;
    }

    misbehave($c, $fault, $answer) if $kind ne 'error';
    send_answer($c, $answer)       if $kind eq 'error' || $kind eq 'interim';

    return;
}


# The detail of missing_scope is the scope, that of others a message.
sub _error_of_fault ($in, $fault) {
    my ($error, $detail) = @$fault{qw(error detail)};
    my %more;

    if (defined $detail) {
        %more = $error eq 'missing_scope' ? (needed => $detail)
                                          : (messages => ["[ERROR] $detail"]);
    }

    return $in->{error_answer}->($in, $error, %more);
}


1;
