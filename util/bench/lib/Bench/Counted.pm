package Bench::Counted;

# An nginx with one worker under callgrind, whose instructions are counted from
# one mark to the next.

use strict;
use warnings;

use File::Copy qw(copy);
use File::Path qw(make_path);
use IO::Socket::INET;
use Time::HiRes qw(sleep time);

use Bench::Callgrind qw(read_dump);
use Bench::Server;

# any processor that valgrind runs on has what is left
my $PLAIN_CPU = join ',', map { "-$_" } qw(AVX2_Usable AVX2
    AVX_Fast_Unaligned_Load ERMS FSRM AVX512VL AVX512BW);

my $PATIENCE = 60;


# dir, conf with "location = /mark { mark; }"; keep => where callgrind's files
# go, if anywhere

sub start {
    my ($class, %option) = @_;

    my $dir = $option{dir};

    # neither what the C library chooses by processor, nor whether a heap
    # happens to end where memory goes back to the system, may tell them apart
    local $ENV{GLIBC_TUNABLES} =
        "glibc.malloc.trim_threshold=67108864:glibc.cpu.hwcaps=$PLAIN_CPU";

    my $nginx = Bench::Server->nginx(
        dir => $dir,
        conf => $option{conf},
        under => [
            qw(valgrind -q --tool=callgrind),
            "--callgrind-out-file=$dir/callgrind.%p"
        ]
    );

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

    my $socket = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1',
        PeerPort => $nginx->{port}
    ) or die "connect: $!\n";

    return bless {nginx => $nginx, socket => $socket, dumps => 0, cost => 0},
        $class;
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

    my $socket = $self->{socket};

    print {$socket} $request or die "nginx does not take a request\n";
    $socket->flush or die "nginx does not take a request\n";

    my $answer = '';
    my $want;

    while (!$want || length $answer < $want) {
        sysread $socket, $answer, 65_536, length $answer
            or die "nginx ended the connection: $answer\n";

        next if $want;

        my $head = index $answer, "\r\n\r\n";

        next if $head < 0;

        my ($length) = $answer =~ /^Content-Length: (\d+)/mi;
        $want = $head + 4 + ($length // 0);
    }

    $answer =~ m{^HTTP/1\.1 $status } or die 'the answer to ',
        $request =~ /^(.*)/, " is not $status: $answer\n";

    return $answer;
}


1;
