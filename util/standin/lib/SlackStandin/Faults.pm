package SlackStandin::Faults;

# The queue of faults: what to do to the next requests instead of answering them as
# Slack would.  Parses and hands out; SlackStandin::Request acts.

use Mojo::Base -base, -signatures;

has queue => sub { [] };

my $SECONDS = qr/[0-9]+(?:\.[0-9]+)?/;


# One fault from its text; dies with what is wrong, for people.
sub parse ($class, $spec) {
    die "a fault is a string, such as \"500:oops\" or \"reset\"\n"
        if !defined $spec || ref $spec;

    my %fault = (spec => $spec);
    my $word  = $spec;

    $fault{accept} = 1 if $word =~ s/^accept\+//;

    if ($word =~ m/^(10[02-9]|[2-5][0-9]{2}):(.*)\z/s) {
        my ($status, $rest) = ($1, $2);
        my ($body, @headers) = split m/;[ ]*(?=[A-Za-z][A-Za-z0-9-]*:[ ])/, $rest;

        # 1xx comes before the answer, not instead of it
        return { %fault, kind => 'interim', accept => 1, status => $status } if $status < 200;

        return {
            %fault,
            kind    => 'status',
            status  => $status,
            body    => $body // '',
            headers => [ map { [ split m/:[ ]/, $_, 2 ] } @headers ],
        };
    }

    return { %fault, kind => 'reset', accept => 1 } if $word eq 'reset-after';
    return { %fault, kind => 'ok' } if $spec eq 'ok';
    return { %fault, kind => $word } if $word =~ m/^(?:reset|hang|truncated|garbage)\z/;

    return { %fault, kind => 'slow', accept => 1, seconds => $1 }
        if $word =~ m/^slow:($SECONDS)\z/;
    return { %fault, kind => 'redirect', url => $1 } if $word =~ m{^redirect:(\S+)\z};
    return { %fault, kind => 'huge', bytes => $1 }   if $word =~ m/^huge:([0-9]{1,10})\z/;

    # errors in Slack's own shape
    return { %fault, kind => 'error', error => $1, detail => $2 }
        if $word =~ m/^error:([a-z][a-z_]*)(?::(.+))?\z/s;

    # Slack's own answer, spoilt
    return { %fault, kind => $word, accept => 1 } if $word =~ m/^(?:cut|half|number-ts)\z/;
    return { %fault, kind => 'without', accept => 1, key => $1 } if $word =~ m/^without:(\w+)\z/;
    return { %fault, kind => 'warning', accept => 1, warning => $1 } if $word =~ m/^warning:(\w+)\z/;
    return { %fault, kind => 'padded', accept => 1, bytes => $1 }
        if $word =~ m/^padded:([0-9]{1,10})\z/;

    die "unknown fault \"$spec\"; there are NNN:BODY, NNN:BODY;Header: VALUE, error:NAME, "
        . "error:NAME:DETAIL, ok, reset, reset-after, hang, slow:SECONDS, redirect:URL, "
        . "truncated, garbage, huge:BYTES, each but ok also with accept+ before it; and "
        . "warning:NAME, without:KEY, number-ts, padded:BYTES, cut, half\n";
}


# Adds faults; ONLY has the place and the method they are for, where these matter.
sub add ($self, $only, @faults) {
    push @{ $self->queue }, map { { %$_, only => $only } } @faults;

    return $self;
}


# Takes the first fault that applies to the request out of the queue.  Without a method
# of its own a fault waits for a message.
sub take ($self, $request) {
    my $queue = $self->queue;

    for my $i (0 .. $#$queue) {
        my $only = $queue->[$i]{only};

        next if $only->{place} && !_same_place($only->{place}, $request->{place} // {});
        next if defined $only->{method} ? $only->{method} ne ($request->{method} // '')
                                        : !$request->{message};

        return splice @$queue, $i, 1;
    }

    return undef;
}


# A channel may be named once by its name, once by its ID; the direct messages of a
# member have one ID for each app.
sub _same_place ($one, $other) {
    return grep { $one->{$_} eq ($other->{$_} // '') } qw(channel channel_id);
}


1;
