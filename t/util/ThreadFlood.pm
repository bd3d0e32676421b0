package ThreadFlood;

# Many events at once to nginx, and what Slack shows of them in the end: the
# messages of the stand-in as roots and replies.  Told in the POD below.

use strict;
use warnings;

use Exporter qw(import);
use HTTP::Tiny;
use IO::Select;
use Test::Nginx::Socket;
use Time::HiRes ();

use SlackClient ();
use SlackProof qw(outbox until_true);
use SlackTest;

our @EXPORT_OK = qw(flood settled shown updates);

# connections; what is in one queue keeps its order
my $CONNECTIONS = 32;

# seconds; only a failure lasts that long
my $PATIENCE = 300;


# Posts the requests of each queue one after another, many queues at once, and
# returns the answers likewise: "STATUS BODY".
sub flood {
    my @queues = @_;

    my $select = IO::Select->new;
    my @answers = map { [] } @queues;
    my @left = grep { @{ $queues[$_] } } 0 .. $#queues;
    my %of;

    for (1 .. $CONNECTIONS) {
        my $socket = SlackClient::connection();

        next_queue(\%of, $select, $socket, \@left) or last;
        $of{$socket}{text} = '';
        say_next($socket, $of{$socket}, \@queues);
    }

    while ($select->count) {
        my @ready = $select->can_read($PATIENCE) or die "nginx does not answer\n";

        for my $socket (@ready) {
            my $at = $of{$socket};

            sysread $socket, $at->{text}, 65_536, length $at->{text} or die "nginx closed a connection\n";

            my $answer = whole_answer(\$at->{text}) // next;

            push @{ $answers[ $at->{queue} ] }, $answer;
            $at->{text} = '';

            if ($at->{n} < @{ $queues[ $at->{queue} ] } || next_queue(\%of, $select, $socket, \@left)) {
                say_next($socket, $of{$socket}, \@queues);
            }
        }
    }

    return @answers;
}


sub next_queue {
    my ($of, $select, $socket, $left) = @_;

    if (!@$left) {
        $select->remove($socket);
        return 0;
    }

    $select->add($socket) if !$of->{$socket};
    @{ $of->{$socket} }{qw(queue n text)} = (shift @$left, 0, '');

    return 1;
}


sub say_next {
    my ($socket, $at, $queues) = @_;

    my $text = $queues->[ $at->{queue} ][ $at->{n}++ ];

    while (length $text) {
        my $n = syswrite $socket, $text or die "cannot write to nginx: $!\n";
        substr $text, 0, $n, '';
    }

    return;
}


sub whole_answer {
    my ($text) = @_;

    my ($status, $length) = $$text =~ m{^HTTP/1\.1 ([0-9]{3}) .*?^Content-Length: ([0-9]+)\r$}ms or return;
    my $end = index($$text, "\r\n\r\n");

    return if $end < 0 || length $$text < $end + 4 + $length;
    return "$status " . substr $$text, $end + 4, $length;
}


# Waits until nothing waits in the outbox any more.
sub settled {
    return until_true { (outbox('SELECT count(*) FROM message WHERE state IN (0, 3)'))[0] == 0 } $PATIENCE;
}


# What Slack shows: for each channel and each number of a mark ev-NUMBER-N the
# roots, oldest first: { n, shows (a mark), replies => [ MARK or "MARK!" ] }.
# One record of the stand-in is one line; a decoder of JSON would take minutes.
sub shown {
    my $answer = HTTP::Tiny->new(timeout => $PATIENCE)->get(SlackTest::url() . '/_received');

    die "stand-in: $answer->{status}\n" if !$answer->{success};

    my (%shown, %root);

    for my $line (split m/\n/, $answer->{content}) {
        my ($channel) = $line =~ m/"channel":"#([^"]+)"/;
        my ($n)       = $line =~ m/"n":([0-9]+)/;
        my ($ts)      = $line =~ m/"ts":"([0-9]+\.[0-9]+)"/;
        my ($payload) = $line =~ m/"payload":(\{.*?\}),"pings":/;
        my ($mark, $number) = $payload =~ m/\b(ev-([0-9]+)-[0-9]+)\b/ or die "no mark in $line\n";
        my ($of) = $payload =~ m/"thread_ts":"([0-9.]+)"/;

        if (defined $of && $line !~ m/"unthreaded":true/) {
            my $root = $root{"$channel $of"} // die "a reply to nothing: $line\n";
            push @{ $root->{replies} }, $mark . ($payload =~ m/"reply_broadcast":true/ ? '!' : '');
            next;
        }

        my $root = $root{"$channel $ts"} = {
            n => $n, shows => $line =~ m/"deleted":true/ ? 'nothing' : $mark, replies => [],
        };

        push @{ $shown{$channel}{$number} }, $root;
    }

    return \%shown;
}


# How many requests of METHOD came, and how many of them Slack refused.
sub updates {
    my ($method) = @_;

    my $answer = HTTP::Tiny->new(timeout => $PATIENCE)->get(SlackTest::url() . "/_requests.txt?method=$method");
    my @lines  = split m/\n/, $answer->{content};

    return (scalar @lines, scalar grep { !m/^200 ok / } @lines);
}


1;

__END__

=head1 NAME

ThreadFlood - many events at once, and what Slack shows of them

=head1 SYNOPSIS

    use ThreadFlood qw(flood settled shown);

    my @answers = flood([ $request, $request ], [ $request ]);
    settled();
    is(shown()->{dev}{17}[0]{shows}, 'ev-17-3', 'the newest');

=head1 DESCRIPTION

For a section C<after> of L<SlackProof>. The events are those of L<ThreadSequence>, which have
marks. An answer is its status and its body; the requests of one queue are posted one after
another, each when the one before was answered.

=cut
