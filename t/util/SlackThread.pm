package SlackThread;

# What the stand-in shows of threads, for the tests of them.

use strict;
use warnings;

use Exporter qw(import);
use HTTP::Tiny;
use SlackProof qw(until_true);
use SlackTest;
use Test::More ();
use Test::Nginx::Socket;

our @EXPORT_OK = qw(requests_of settled shown tell);


# The messages that the channel shows at its outermost level, oldest first:
# text, edited, broadcast and replies, which are such messages.
sub shown {
    my ($channel) = @_;

    my (@roots, %root);

    for my $record (@{ SlackProof::ask('/_received') }) {
        next if ($record->{channel} // '') ne $channel || $record->{deleted};

        my $payload = $record->{payload};
        my %message = (
            text      => join("\n", map { $_->{fallback} // '' } @{ $payload->{attachments} // [] }),
            edited    => defined $record->{edited} ? 1 : 0,
            broadcast => $payload->{reply_broadcast} ? 1 : 0,
            ts        => $record->{ts},
            id        => $record->{channel_id},
            updates   => scalar @{ $record->{updates} // [] },
            replies   => [],
        );

        my $parent = $record->{unthreaded} ? undef : $payload->{thread_ts};

        if (!defined $parent) {
            push @roots, \%message;
            $root{"$record->{channel_id} $record->{ts}"} = \%message;

        } elsif (my $root = $root{"$record->{channel_id} $parent"}) {
            push @{ $root->{replies} }, \%message;
        }
    }

    return @roots;
}


# Waits until N messages have come, however they are shown.
sub settled {
    my ($n) = @_;

    return until_true { @{ SlackProof::ask('/_received') } >= $n };
}


# The requests of a method that came, oldest first.
sub requests_of {
    my ($method) = @_;

    return grep { ($_->{method} // '') eq $method } @{ SlackProof::ask('/_requests') };
}


# Sends a payload, which CODE may change, and tests the answer's status; returns
# its body.
sub tell {
    my ($file, $status, %more) = @_;

    my $body = SlackTest::payload($file);
    $body = $more{change}->($body) if $more{change};

    my %headers = map { m/^([^:]+):\s*(.*)\z/ ? ($1, $2) : () } SlackTest::headers($file);

    my $answer = HTTP::Tiny->new->post(
        'http://127.0.0.1:' . server_port_for_client() . ($more{uri} // '/hook'),
        { content => $body, headers => { %headers, %{ $more{headers} // {} } } });

    Test::More::is($answer->{status}, $status, "$file: $status") or Test::More::diag($answer->{content});

    return $answer->{content};
}


1;
