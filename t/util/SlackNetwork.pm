package SlackNetwork;

# A network, a name server and disks of the test's own, where the machine
# permits them: a test that uses this module starts anew in namespaces, with a
# small tmpfs in place of /mnt, or is skipped.  All of it ends with the test.

use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;
use POSIX ();
use Socket qw(inet_aton);
use Time::HiRes qw(sleep);

my $DIR = '/mnt';
my $NS  = 'unshare -m -n --propagation private';

# of the two ends of a wire between two networks
our ($NEAR, $FAR) = qw(10.77.0.1 10.77.0.2);

my ($Owner, $Holder, $Holder_pid) = ($$);


sub import {
    return prepare() if $ENV{SLACK_TEST_NAMESPACES};

    if (system("$NS sh -c 'ip link set lo up && mount -t tmpfs own $DIR' 2>/dev/null") != 0) {
        print "1..0 # SKIP no networks and mounts of our own are permitted here\n";
        exit 0;
    }

    local $ENV{SLACK_TEST_NAMESPACES} = 1;
    exec split(' ', $NS), $^X, (map { "-I$_" } @INC), $0, @ARGV;
    die "cannot run unshare: $!\n";
}


sub prepare {
    run("mount -t tmpfs -o size=1m,mode=755 own $DIR");
    run('ip link set lo up');

    write_file("$DIR/resolv.conf", "nameserver 127.0.0.1\noptions timeout:2 attempts:1\n");
    run("mount --bind $DIR/resolv.conf /etc/resolv.conf");

    dns_says('unknown');
    name_server();

    return;
}


sub run {
    my ($command) = @_;

    system($command) == 0 or die "failed: $command\n";

    return;
}


# Replaces it at once.
sub write_file {
    my ($path, $text) = @_;

    open my $fh, '>', "$path.new" or die "cannot write $path: $!\n";
    print {$fh} $text;
    close $fh or die "cannot write $path: $!\n";
    rename "$path.new", $path or die "cannot rename $path: $!\n";

    return;
}


# A disk of a size, which belongs to a user; its path.
sub disk {
    my ($name, $size, $user) = @_;

    my ($uid, $gid) = (getpwnam $user)[2, 3];

    mkdir "$DIR/$name";
    run("mount -t tmpfs -o size=$size,uid=$uid,gid=$gid own $DIR/$name");

    return "$DIR/$name";
}


# Writes a file that takes all room that a disk has.
sub fill {
    my ($path) = @_;

    open my $fh, '>', "$path/ballast" or die "cannot write $path/ballast: $!\n";

    while (syswrite $fh, "\0" x 4096) {
        # until there is none
    }

    close $fh;

    return;
}


# What the name server says to who asks for any name: an address, "unknown", or
# "silent".
sub dns_says { return write_file("$DIR/dns", @_) }


# It begins before the test has anything open that others wait for.
sub name_server {
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 53, Proto => 'udp')
        or die "cannot listen: $!\n";
    my $parent = $$;
    my $pid    = fork // die "cannot fork: $!\n";

    return if $pid;

    open STDOUT, '>',  '/dev/null';
    open STDERR, '>&', \*STDOUT;

    while (getppid == $parent) {
        IO::Select->new($socket)->can_read(0.2) or next;
        $socket->recv(my $query, 512) // next;
        answer($socket, $query);
    }

    POSIX::_exit(0);
}


sub answer {
    my ($socket, $query) = @_;

    open my $fh, '<', "$DIR/dns" or return;
    my $what = <$fh>;

    return if $what eq 'silent';

    # what was asked, without additional records
    my ($id) = unpack 'n', $query;
    my ($question) = substr($query, 12) =~ m/\A((?:[\x01-\x3f].*?)\0....)/s or return;
    my $type = unpack 'n', substr $question, -4;

    my @answer = $what =~ m/^[0-9]/ && $type == 1
        ? pack('n n n N n a4', 0xc00c, 1, 1, 1, 4, inet_aton($what)) : ();

    $socket->send(pack('n n n n n n', $id, $what eq 'unknown' ? 0x8183 : 0x8180, 1, scalar @answer, 0, 0)
        . $question . join '', @answer);

    return;
}


# Another network, with the address $FAR, at the other end of a wire from this
# one, which has $NEAR; returns what a command there begins with.
sub far {
    my $here = readlink '/proc/self/ns/net';

    $Holder_pid = open $Holder, '|-', 'unshare', '-n', 'cat' or die "cannot run unshare: $!\n";

    for (1 .. 500) {
        last if (readlink "/proc/$Holder_pid/ns/net" // $here) ne $here;
        sleep 0.01;
    }

    my $there = "nsenter --net=/proc/$Holder_pid/ns/net --";

    run("ip link add near type veth peer name far netns $Holder_pid");
    run("ip address add $NEAR/24 dev near && ip link set near up");
    run("$there ip link set lo up");
    run("$there ip address add $FAR/24 dev far && $there ip link set far up");

    return split ' ', $there;
}


# Cuts the wire at its other end, or mends it: nobody is told.
sub cut  { return wire('down') }
sub mend { return wire('up') }

sub wire {
    my ($how) = @_;

    run("nsenter --net=/proc/$Holder_pid/ns/net -- ip link set far $how");

    return;
}


END {
    # perl would wait for it, and it for those who have the pipe, too
    kill 'KILL', $Holder_pid if $Holder_pid && $$ == $Owner;
}


1;
