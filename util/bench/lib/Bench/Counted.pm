package Bench::Counted;

# An nginx with one worker under callgrind, whose instructions are counted from
# one mark to the next.

use strict;
use warnings;

use File::Copy qw(copy);
use File::Path qw(make_path);
use Time::HiRes qw(sleep time);

use Bench::Callgrind qw(counted_nginx read_dump);
use Bench::Client qw(answer connection);

my $PATIENCE = 60;


# dir, conf with "location = /mark { mark; }"; keep => where callgrind's files
# go, if anywhere

sub start {
    my ($class, %option) = @_;

    my $dir = $option{dir};

    my $nginx = counted_nginx($dir, $option{conf});
    my $self = $class->speak($nginx);

    $self->{dir} = $dir;
    $self->{keep} = $option{keep};

    my $end = time + $PATIENCE;

    while (!$self->{pid}) {
        ($self->{pid}) = $nginx->workers;
        die "nginx does not start its worker\n" if time > $end;
        sleep 0.02;
    }

    # the second one tells what marking costs
    $self->mark;
    $self->{cost} = $self->mark;

    return $self;
}


# with one that nobody counts

sub speak {
    my ($class, $nginx) = @_;

    return bless {
        nginx => $nginx,
        socket => connection($nginx->{port}),
        dumps => 0,
        cost => 0
    }, $class;
}


sub stop {
    my ($self) = @_;

    close $self->{socket};
    $self->{nginx}->stop;

    return;
}


# instructions since the last one, also of threads

sub mark {
    my ($self, $name) = @_;

    $self->ask("GET /mark HTTP/1.1\r\nHost: bench\r\n\r\n", 204);
    $self->{dumps}++;

    my $file = "$self->{dir}/callgrind.$self->{pid}.$self->{dumps}";

    if ($self->{keep} && $name) {
        $name =~ tr/ ,/-/d;
        make_path($self->{keep});
        copy($file, "$self->{keep}/callgrind.$name")
            or die "$self->{keep}: $!\n";
    }

    my $count = read_dump($file)->{total} - $self->{cost};

    unlink $file;

    return $count;
}


sub get {
    my ($self, $path) = @_;

    return $self->ask("GET $path HTTP/1.1\r\nHost: bench\r\n\r\n", 200);
}


# a push, so many times

sub post {
    my ($self, $path, $body, $n) = @_;

    my $request = "POST $path HTTP/1.1\r\nHost: bench\r\n"
        . "Content-Type: application/json\r\nX-Gitlab-Event: Push Hook\r\n"
        . 'Content-Length: ' . length($body) . "\r\n\r\n$body";

    $self->ask($request, 202) for 1 .. $n;

    return;
}


# the whole answer is read, and has to have this status

sub ask {
    my ($self, $request, $status) = @_;

    Bench::Client::post($self->{socket}, $request);

    return answer($self->{socket}, $status);
}


1;
