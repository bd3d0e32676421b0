package SlackStandin::Faults;

# The queue of faults: what to do to the next messages instead of answering them as
# Slack would.  Parses and hands out; SlackStandin::App acts.

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

    die "unknown fault \"$spec\"; there are NNN:BODY, NNN:BODY;Header: VALUE, ok, reset, "
        . "reset-after, hang, slow:SECONDS, redirect:URL, truncated, garbage, huge:BYTES, "
        . "each but ok also with accept+ before it\n";
}


# Adds faults, for messages to CHANNEL only when that is defined.
sub add ($self, $channel, @faults) {
    push @{ $self->queue }, map { { %$_, channel => $channel } } @faults;

    return $self;
}


# Takes the first fault that applies to a message to CHANNEL out of the queue.
sub take ($self, $channel) {
    my $queue = $self->queue;

    for my $i (0 .. $#$queue) {
        my $only = $queue->[$i]{channel};

        next if defined $only && $only ne ($channel // '');
        return splice @$queue, $i, 1;
    }

    return undef;
}


1;
