package SlackPostgres;

# A PostgreSQL server of the tests: in a directory of its own, reached by a
# socket in it, owned by "nobody" if the tests run as root.  It ends with the
# program.
#
#     my $server = SlackPostgres->new or skip 'PostgreSQL is not installed', 1;
#     $server->conninfo;

use strict;
use warnings;

use File::Temp qw(tempdir);

my @USER = $> == 0 ? qw(setpriv --reuid=nobody --regid=nogroup --clear-groups --) : ();


# The newest one that is installed; undef if there is none.
sub new {
    my ($class) = @_;

    my ($bin) = reverse sort { version($a) <=> version($b) } grep { -x "$_/postgres" } glob '/usr/lib/postgresql/*/bin';
    return undef if !$bin;

    my $dir = tempdir('ngx-slack-pg-XXXXXX', DIR => $ENV{TMPDIR} // '/tmp', CLEANUP => 0);
    my $self = bless { bin => $bin, dir => $dir, pid => $$ }, $class;

    if ($> == 0) {
        chown +(getpwnam 'nobody')[2, 3], $dir or die "cannot give $dir to nobody: $!\n";
    }

    $self->run("$bin/initdb", '-D', "$dir/data", '-A', 'trust', '-U', 'slack', '-E', 'UTF8', '--locale=C', '--no-sync');
    $self->start;

    return $self;
}


sub version {
    my ($bin) = @_;

    return $bin =~ m{/([0-9.]+)/bin\z} ? $1 : 0;
}


sub start {
    my ($self) = @_;

    my $options = "-k $self->{dir} -c listen_addresses= -c fsync=off -c max_connections=200";

    $self->run("$self->{bin}/pg_ctl", '-D', "$self->{dir}/data", '-o', $options, '-l', "$self->{dir}/log", '-w', 'start');

    return;
}


sub stop {
    my ($self, $mode) = @_;

    $self->run("$self->{bin}/pg_ctl", '-D', "$self->{dir}/data", '-m', $mode // 'fast', '-w', 'stop');

    return;
}


sub conninfo {
    my ($self) = @_;

    return "host=$self->{dir} user=slack dbname=postgres";
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
        exec @USER, @command;
        exit 127;
    }

    waitpid $pid, 0;
    die "$command[0] has failed, see $self->{dir}/out\n" if $?;

    return;
}


sub DESTROY {
    my ($self) = @_;

    return if $self->{pid} != $$;

    local ($?, $@);

    eval { $self->stop('immediate') };
    system 'rm', '-rf', '--', $self->{dir};

    return;
}


1;
