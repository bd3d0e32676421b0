package Faults::Slack;

# The stand-in for Slack of a script: starts it, tells it to misbehave, and
# reads what it received.

use strict;
use warnings;

use HTTP::Tiny;
use IPC::Open2 qw(open2);

use Faults qw(root wait_for);


sub new {
    my ($class, @options) = @_;

    my $self = bless { owner => $$ }, $class;

    $self->{pid} = open2(
        $self->{out}, $self->{in}, root() . '/util/slack-standin',
        '--port', 0, '--until-eof', @options
    );

    my $ready = readline($self->{out}) // '';

    ($self->{url}, $self->{port}) = $ready =~ m{(https?://[0-9.]+:([0-9]+))}
        or die "the stand-in for Slack did not start: $ready\n";

    return $self;
}


sub url { return $_[0]{url} }

sub port { return $_[0]{port} }


sub get {
    my ($self, $path) = @_;

    my $answer = HTTP::Tiny->new(timeout => 120)->get("$self->{url}$path");

    die "stand-in: $path: $answer->{status} $answer->{content}\n" if !$answer->{success};

    return $answer->{content};
}


sub post {
    my ($self, $path, $body) = @_;

    my $answer = HTTP::Tiny->new(timeout => 60)
        ->post("$self->{url}$path", { content => $body // '' });

    die "stand-in: $path: $answer->{status} $answer->{content}\n" if !$answer->{success};

    return;
}


sub reset_all { my ($self, $options) = @_; return $self->post('/_reset?' . ($options // '')) }


# Faults for the next messages, in order.
sub misbehave {
    my ($self, @faults) = @_;

    return $self->post('/_fault', '[' . join(',', map { "\"$_\"" } @faults) . ']');
}


# What was accepted, oldest first: { n, time, team, channel, marks, line }.
sub received { my ($self) = @_; return records($self->get('/_received')) }


# All that came, refused ones too.
sub requests { my ($self) = @_; return records($self->get('/_requests')) }


# One record is one line; a decoder of JSON would take minutes for thousands.
sub records {
    my ($text) = @_;

    my @records;

    for my $line (split m/\n/, $text) {
        my %seen;
        my %record = (line => $line);

        ($record{n})       = $line =~ m/"n":([0-9]+)/ or next;
        ($record{time})    = $line =~ m/"time":([0-9.]+)/;
        ($record{team})    = $line =~ m/"team":"([^"]*)"/;
        ($record{channel}) = $line =~ m/"channel":"#?([^"]*)"/;
        $record{marks} = [ grep { !$seen{$_}++ } $line =~ m/\b(ev-[0-9a-z]+-[0-9]+)\b/g ];

        push @records, \%record;
    }

    return sort { $a->{n} <=> $b->{n} } @records;
}


# How many messages each mark is in.
sub marks {
    my ($self) = @_;

    my %marks;

    $marks{$_}++ for map { @{ $_->{marks} } } $self->received;

    return \%marks;
}


# Waits until all marks have come, so many TIMES if a number comes before them;
# false when SECONDS are over.
sub wait_for_marks {
    my ($self, $seconds, @marks) = @_;

    my $times = @marks && $marks[0] =~ m/^[0-9]+\z/ ? shift @marks : 1;

    return wait_for($seconds, sub {
        my $have = $self->marks;
        return !grep { ($have->{$_} // 0) < $times } @marks;
    }, 0.3);
}


sub stop {
    my ($self) = @_;

    return if !$self->{pid} || $self->{owner} != $$;

    close $self->{in};
    waitpid delete $self->{pid}, 0;

    return;
}


sub DESTROY { my ($self) = @_; local ($?, $@); $self->stop; return }


1;
