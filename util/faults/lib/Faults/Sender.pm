package Faults::Sender;

# Senders of events: processes which post one after another and write down
# what was answered, a line for each.

use strict;
use warnings;

use IO::Socket::INET;
use IO::Select;
use POSIX qw(WNOHANG _exit);
use Time::HiRes qw(sleep time);

use Faults qw(now slurp);


# The body of a small event, to be known again by its mark.
sub payload {
    my ($mark) = @_;

    my $url = 'https://gitlab.example.com/acme/rocket';

    return qq({"object_kind":"wiki_page","user":{"name":"Priya Vance","username":"pvance"},)
        . qq("project":{"name":"Rocket","web_url":"$url","namespace":"Acme",)
        . qq("path_with_namespace":"acme/rocket","default_branch":"main"},)
        . qq("object_attributes":{"title":"$mark","message":"$mark",)
        . qq("url":"$url/-/wikis/$mark","action":"create"}});
}


# The text of a request with a small event, for a connection that others use too.
sub text {
    my ($nginx, $path, $mark) = @_;

    my $body = payload($mark);

    return "POST $path HTTP/1.1\r\nHost: localhost\r\n"
        . 'X-Gitlab-Token: ' . $nginx->token . "\r\n"
        . "X-Gitlab-Event: Wiki Page Hook\r\nContent-Type: application/json\r\n"
        . 'Content-Length: ' . length($body) . "\r\n\r\n$body";
}


# One request on a connection of its own: { status, headers, body }; status 0
# = there was no answer.  It tells of a wiki page unless HEADERS name an event.
sub ask {
    my ($port, $path, $body, $headers, $timeout) = @_;

    my $socket = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => $timeout
    ) or return { status => 0, headers => '', body => '' };

    my $method = defined $body ? 'POST' : 'GET';

    my @event = grep({ m/^X-Gitlab-Event:/ } @$headers) ? () : 'X-Gitlab-Event: Wiki Page Hook';

    $body //= '';

    local $SIG{PIPE} = 'IGNORE';

    syswrite $socket, join "\r\n", "$method $path HTTP/1.1", 'Host: localhost',
        'Connection: close', 'Content-Type: application/json',
        'Content-Length: ' . length($body), @event,
        @$headers, '', $body;

    my $end    = now() + $timeout;
    my $select = IO::Select->new($socket);
    my $answer = '';

    while (now() < $end && $select->can_read($end - now())) {
        my $n = sysread $socket, $answer, 65_536, length $answer;
        last if !$n;
    }

    my ($head, $text) = split m/\r\n\r\n/, $answer, 2;
    my ($status) = ($head // '') =~ m{^HTTP/1\.[01] ([0-9]{3}) };

    # an answer that was cut off is none
    my ($length) = ($head // '') =~ m/^Content-Length: ([0-9]+)/mi;
    $status = 0 if defined $length && length($text // '') < $length;

    return { status => $status // 0, headers => $head // '', body => $text // '' };
}


# Starts senders, one for each of "rooms"; each goes on until "accepted" of
# its events were answered 202, or it is stopped.  Options: nginx, dir, rooms,
# accepted, pause (seconds between two), timeout; hosts (in place of nginx):
# several, which take turns, and what one does not accept is sent to the next
# one again, with the same delivery id.
sub new {
    my ($class, %option) = @_;

    my $self = bless { pause => 0, timeout => 60, owner => $$, %option }, $class;

    for my $room (@{ $self->{rooms} }) {
        my $path = "$self->{dir}/sent-$room";
        my $pid = fork // die "cannot fork: $!\n";

        if ($pid == 0) {
            $self->send_all($room, $path);
            POSIX::_exit(0);
        }

        $self->{pids}{$pid} = $room;
    }

    return $self;
}


sub send_all {
    my ($self, $room, $path) = @_;

    my ($accepted, $n) = (0, 0);

    open my $log, '>>:raw', $path or die "cannot write $path: $!\n";

    while ($accepted < $self->{accepted} && getppid == $self->{owner}) {
        my $mark   = "ev-$room-" . ++$n;
        my $answer = $self->{hosts} ? $self->send_to_any($mark, $room, $n)
                   : $self->{nginx}->event($mark, room => $room, timeout => $self->{timeout});
        my ($id)   = $answer->{body} =~ m/"id":([0-9]+)/;

        syswrite $log, join(' ', $mark, $answer->{status}, $id // 0, time) . "\n";

        if ($answer->{status} == 202) {
            $accepted++;
        }

        else {
            sleep 0.02;
        }

        sleep $self->{pause} if $self->{pause};
    }

    return;
}


sub send_to_any {
    my ($self, $mark, $room, $n) = @_;

    my @hosts = @{ $self->{hosts} };

    while (getppid == $self->{owner}) {
        my $answer = $hosts[ $n++ % @hosts ]->event($mark, room => $room,
            timeout => $self->{timeout}, headers => ["Idempotency-Key: $mark"]);

        if ($answer->{status} =~ m/^2/) {
            $answer->{status} = 202;    # stored now, or known
            return $answer;
        }

        sleep 0.1;
    }

    return { status => 0, headers => '', body => '' };
}


sub running {
    my ($self) = @_;

    for my $pid (keys %{ $self->{pids} }) {
        delete $self->{pids}{$pid} if waitpid($pid, WNOHANG) == $pid;
    }

    return scalar keys %{ $self->{pids} };
}


# What was written down by now: { mark, status, id, time }.
sub answers {
    my ($self) = @_;

    my @answers;

    for my $room (@{ $self->{rooms} }) {
        for my $line (split m/\n/, slurp("$self->{dir}/sent-$room")) {
            my %answer = (room => $room);

            @answer{qw(mark status id time)} = split ' ', $line;
            push @answers, \%answer if defined $answer{time};
        }
    }

    return @answers;
}


sub accepted { my ($self) = @_; return grep { $_->{status} == 202 } $self->answers }


sub stop {
    my ($self) = @_;

    kill 'TERM', keys %{ $self->{pids} };
    waitpid $_, 0 for keys %{ $self->{pids} };
    $self->{pids} = {};

    return;
}


sub DESTROY {
    my ($self) = @_;

    local ($?, $@);
    $self->stop if $self->{owner} == $$;

    return;
}


1;
