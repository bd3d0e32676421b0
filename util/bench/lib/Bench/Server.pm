package Bench::Server;

# A program that serves on 127.0.0.1, in a process group and a directory of its
# own.  It ends with its object, whatever happens.

use strict;
use warnings;

use Exporter qw(import);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use IO::Socket::INET;
use POSIX qw(:sys_wait_h setpgid);
use Time::HiRes qw(sleep time);

use Bench::Build qw(find_nginx);

our @EXPORT_OK = qw(free_port);

my $PATIENCE = 60;


# name => in messages, port => to wait for, command => [...], dir => where it
# runs and what goes with it, beside => [servers] that it needs, which end with
# it

sub start {
    my ($class, %option) = @_;

    my $self = bless {%option, owner => $$}, $class;

    defined(my $pid = fork) or die "fork: $!\n";

    if (!$pid) {
        setpgid(0, 0);

        chdir $self->{dir} or POSIX::_exit(126);
        open STDIN, '<', '/dev/null' or POSIX::_exit(126);
        open STDOUT, '>', "$self->{dir}/out" or POSIX::_exit(126);
        open STDERR, '>&', \*STDOUT or POSIX::_exit(126);

        exec @{$self->{command}} or POSIX::_exit(127);
    }

    setpgid($pid, $pid);
    $self->{pid} = $pid;

    return $self->wait_for_port;
}


sub wait_for_port {
    my ($self) = @_;

    my $end = time + $PATIENCE;

    while (time < $end) {
        $self->complain('does not start') if waitpid($self->{pid}, WNOHANG);

        my $socket = IO::Socket::INET->new(
            PeerAddr => '127.0.0.1',
            PeerPort => $self->{port}
        );

        return $self if $socket && $self->is_ready;

        sleep 0.02;
    }

    $self->complain("does not listen after $PATIENCE seconds");

    return;
}


# nginx writes its pid when all of it is there

sub is_ready {
    my ($self) = @_;

    return !$self->{pid_file} || -s $self->{pid_file};
}


sub complain {
    my ($self, $what) = @_;

    my @words;

    for my $file ("$self->{dir}/out", "$self->{dir}/error.log") {
        open my $fh, '<', $file or next;
        my @lines = <$fh>;
        push @words, splice @lines, @lines > 10 ? -10 : 0;
    }

    die "$self->{name} $what\n", @words;
}


sub stop {
    my ($self) = @_;

    my $pid = delete $self->{pid};

    return if !$pid || $self->{owner} != $$;

    # one that was stopped cannot end
    kill 'CONT', -$pid;
    kill 'TERM', $pid;

    my $end = time + 10;
    my $ended = 0;

    while (!$ended && time < $end) {
        $ended = waitpid $pid, WNOHANG;
        sleep 0.02 if !$ended;
    }

    kill 'KILL', -$pid;
    waitpid $pid, 0 if !$ended;

    $_->stop for @{$self->{beside} // []};

    return;
}


# process groups of all that serves

sub groups {
    my ($self) = @_;

    return ($self->{pid}, map { $_->groups } @{$self->{beside} // []});
}


sub DESTROY {
    my ($self) = @_;

    local ($?, $@, $!);
    $self->stop;

    return;
}


# conf => text, with @DIR@ and @PORT@; worker processes that root starts stay
# root, as only root may enter the directory

sub nginx {
    my ($class, %option) = @_;

    my $dir = delete $option{dir};
    my $conf = delete $option{conf};
    my $port = $option{port} //= free_port();

    make_path(map { "$dir/$_" } qw(temp outbox));

    $conf = ($> ? '' : "user root;\n") . $conf;
    $conf =~ s/\@DIR\@/$dir/g;
    $conf =~ s/\@PORT\@/$port/g;

    open my $fh, '>', "$dir/nginx.conf" or die "$dir/nginx.conf: $!\n";
    print {$fh} $conf;
    close $fh or die "$dir/nginx.conf: $!\n";

    my @command = (
        @{delete $option{under} // []}, find_nginx(), '-p', "$dir/", '-c',
        'nginx.conf', '-e', 'error.log', '-g', 'daemon off;'
    );

    return $class->start(
        name => 'nginx',
        %option,
        dir => $dir,
        pid_file => "$dir/nginx.pid",
        command => \@command
    );
}


# pids of nginx's workers, oldest first

sub workers {
    my ($self) = @_;

    my $file = "/proc/$self->{pid}/task/$self->{pid}/children";

    open my $fh, '<', $file or die "$file: $!\n";
    my @pids = split ' ', <$fh> // '';

    return @pids;
}


# also as a method

sub free_port {
    my $socket = IO::Socket::INET->new(
        LocalAddr => '127.0.0.1',
        Listen => 1
    ) or die "no port of 127.0.0.1 is free: $!\n";

    return $socket->sockport;
}


# a directory that goes with the program

sub temp_dir {
    my ($class) = @_;

    return tempdir('ngx_slack_bench.XXXXXX', TMPDIR => 1, CLEANUP => 1);
}


1;
