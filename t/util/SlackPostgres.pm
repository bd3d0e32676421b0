package SlackPostgres;

# A PostgreSQL server of the tests: in a directory of its own, reached by a
# socket in it, owned by "nobody" if the tests run as root.  It ends with the
# program, however that ends.
#
#     my $server = SlackPostgres->new or skip 'PostgreSQL is not installed', 1;
#     $server->conninfo;
#
# standby() makes a second one, which follows it until it is promoted.

use strict;
use warnings;

use File::Temp qw(tempdir);
use IO::Socket::INET;
use POSIX ();
use Time::HiRes qw(sleep);

my @USER = $> == 0 ? qw(setpriv --reuid=nobody --regid=nogroup --clear-groups --) : ();


# The newest one that is installed; undef if there is none.  Settings may be
# given; without any it does not wait for the disk.
sub new {
    my ($class, %settings) = @_;

    my ($bin) = reverse sort { version($a) <=> version($b) } grep { -x "$_/postgres" } glob '/usr/lib/postgresql/*/bin';
    return undef if !$bin;

    %settings = (fsync => 'off', %settings);

    my $self = bless {
        bin      => $bin,
        dir      => directory(),
        pid      => $$,
        listens  => '',
        settings => join(' ', map { "-c $_=$settings{$_}" } sort keys %settings)
    }, $class;

    $self->watch;
    $self->run("$bin/initdb", '-D', "$self->{dir}/data", '-A', 'trust', '-U', 'slack', '-E', 'UTF8', '--locale=C', '--no-sync');
    $self->start;

    return $self;
}


sub directory {
    my $dir = tempdir('ngx-slack-pg-XXXXXX', DIR => $ENV{TMPDIR} // '/tmp', CLEANUP => 0);

    if ($> == 0) {
        chown +(getpwnam 'nobody')[2, 3], $dir or die "cannot give $dir to nobody: $!\n";
    }

    return $dir;
}


sub version {
    my ($bin) = @_;

    return $bin =~ m{/([0-9.]+)/bin\z} ? $1 : 0;
}


sub start {
    my ($self) = @_;

    my $options = "-k $self->{dir} -c listen_addresses=$self->{listens} -c max_connections=200 $self->{settings}";

    $self->run("$self->{bin}/pg_ctl", '-D', "$self->{dir}/data", '-o', $options, '-l', "$self->{dir}/log", '-w', 'start');

    return;
}


sub stop {
    my ($self, $mode) = @_;

    $self->run("$self->{bin}/pg_ctl", '-D', "$self->{dir}/data", '-m', $mode // 'fast', '-w', 'stop');

    return;
}


# One that has all that this one has, and takes no changes.
sub standby {
    my ($self) = @_;

    # the same port, of no socket but that in its own directory
    my $other = bless { %$self, dir => directory() }, ref $self;

    $other->watch;
    $other->{listens} =~ s/^127\.0\.0\.1//;

    $self->run("$self->{bin}/pg_basebackup", '-D', "$other->{dir}/data", '-d', $self->conninfo, '-R', '-X', 'stream',
        '-c', 'fast', '--no-sync');
    $other->start;

    return $other;
}


sub promote {
    my ($self) = @_;

    $self->run("$self->{bin}/pg_ctl", '-D', "$self->{dir}/data", '-w', 'promote');

    return;
}


# Listens on a port of 127.0.0.1, with TLS and a certificate for "localhost"
# that it has signed itself; returns the port and the file of the certificate.
sub listen_with_tls {
    my ($self) = @_;

    my $port = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)->sockport;

    $self->run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
        '-addext', 'subjectAltName=DNS:localhost', '-keyout', "$self->{dir}/data/tls.key", '-out', "$self->{dir}/data/tls.crt");

    $self->stop;
    $self->{listens} = "127.0.0.1 -c port=$port -c ssl=on -c ssl_cert_file=tls.crt -c ssl_key_file=tls.key";
    $self->{port} = $port;
    $self->start;

    return ($port, "$self->{dir}/data/tls.crt");
}


# Runs in another network, "@prefix" before its commands, and listens at an
# address there; a connection string.  The socket in its directory is there
# for all networks.
sub move {
    my ($self, $address, @prefix) = @_;

    $self->stop;
    $self->{prefix} = \@prefix;
    $self->{listens} = $address;
    $self->start;
    $self->rule('host all all all trust');

    return "host=$address user=slack dbname=postgres";
}


# PgBouncer before it, which gives each transaction any of a few sessions; a
# connection string, or nothing if it is not installed.
sub pooler {
    my ($self) = @_;

    my ($program) = grep { -x } '/usr/sbin/pgbouncer', '/usr/bin/pgbouncer' or return;
    my $port      = $self->{port} // 5432;

    $self->write("$self->{dir}/users", qq("slack" ""\n));
    $self->write("$self->{dir}/pgbouncer.ini", <<"INI");
[databases]
postgres = host=$self->{dir} port=$port dbname=postgres user=slack
[pgbouncer]
unix_socket_dir = $self->{dir}
listen_port = 6432
auth_type = any
auth_file = $self->{dir}/users
pool_mode = transaction
default_pool_size = 3
pidfile = $self->{dir}/pgbouncer.pid
logfile = $self->{dir}/pgbouncer.log
INI

    $self->run($program, '-d', "$self->{dir}/pgbouncer.ini");

    return "host=$self->{dir} port=6432 user=slack dbname=postgres";
}


sub write {
    my ($self, $path, $text) = @_;

    open my $fh, '>', $path or die "cannot write $path: $!\n";
    print {$fh} $text;
    close $fh or die "cannot write $path: $!\n";

    return;
}


# First of all rules of pg_hba.conf.
sub rule {
    my ($self, $line) = @_;

    my $path = "$self->{dir}/data/pg_hba.conf";

    open my $file, '+<', $path or die "cannot open $path: $!\n";
    my $rules = join '', <$file>;
    seek $file, 0, 0;
    print {$file} "$line\n$rules";
    close $file or die "cannot write $path: $!\n";

    $self->query('SELECT pg_reload_conf()');

    return;
}


# A session that executes SQL and stays as it is until it is closed.
sub session {
    my ($self, $sql) = @_;

    open my $session, '|-', 'psql', '-XAtq', '-d', $self->conninfo or die "cannot run psql: $!\n";
    $session->autoflush(1);
    print {$session} "$sql\n";

    return $session;
}


sub conninfo {
    my ($self) = @_;

    return "host=$self->{dir} user=slack dbname=postgres" . ($self->{port} ? " port=$self->{port}" : '');
}


# The first column of what a query gives.
sub query {
    my ($self, $sql) = @_;

    my @command = ('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $self->conninfo, '-c', $sql);

    open my $pipe, '-|', @command or die "cannot run psql: $!\n";
    my @lines = <$pipe>;
    close $pipe or die "psql has failed: $sql\n";
    chomp @lines;

    return wantarray ? @lines : $lines[0];
}


sub run {
    my ($self, @command) = @_;

    my $pid = fork // die "cannot fork: $!\n";

    if ($pid == 0) {
        chdir '/';
        open STDIN, '<', '/dev/null';
        open STDOUT, '>>', "$self->{dir}/out";
        open STDERR, '>&', \*STDOUT;
        exec @{ $self->{prefix} // [] }, @USER, @command;
        exit 127;
    }

    waitpid $pid, 0;
    die "$command[0] has failed, see $self->{dir}/out\n" if $?;

    return;
}


# A process that waits until this one has closed a pipe, or is gone, killed or
# not, and then ends the server and removes its directory.
sub watch {
    my ($self) = @_;

    # one that was copied from another server has the pipe of that
    pipe my $end, my $alive or die "cannot make a pipe: $!\n";
    $self->{alive} = $alive;

    my $pid = fork // die "cannot fork: $!\n";

    if ($pid) {
        close $end;
        return;
    }

    # nobody who waits for the output of the program waits for it, too, and
    # what ends the program does not end it
    POSIX::setsid();
    @SIG{qw(INT TERM HUP)} = ('IGNORE') x 3;
    open STDIN,  '<',  '/dev/null';
    open STDOUT, '>',  '/dev/null';
    open STDERR, '>&', \*STDOUT;
    close $self->{alive};

    POSIX::close($_) for grep { $_ > 2 && $_ != fileno $end } map { m{(\d+)\z} } glob '/proc/self/fd/*';
    sysread $end, my $byte, 1;

    eval { $self->remove };
    POSIX::_exit(0);
}


sub remove {
    my ($self) = @_;

    eval { $self->stop('immediate') };

    for my $file (qw(pgbouncer.pid data/postmaster.pid)) {
        open my $fh, '<', "$self->{dir}/$file" or next;
        my ($pid) = (<$fh> // '') =~ m/^(\d+)/;

        kill 'KILL', $pid if $pid;
    }

    system 'rm', '-rf', '--', $self->{dir};

    return;
}


sub DESTROY {
    my ($self) = @_;

    return if $self->{pid} != $$;

    local ($?, $@);

    close $self->{alive};

    for (1 .. 1_000) {
        last if !-d $self->{dir};
        sleep 0.02;
    }

    return;
}


1;
