package Faults::Fleet;

# A PostgreSQL server and several nginx with an outbox in it: who leads, and a
# log of all who did, which the server itself writes.

use strict;
use warnings;

use Faults qw(root now wait_for);
use Faults::Nginx;

use lib root() . '/t/util';
use SlackPostgres;


# Options: dir, names (of the nginx), and those of Faults::Nginx; undef where
# PostgreSQL is not installed.
sub new {
    my ($class, %option) = @_;

    my $server = SlackPostgres->new or return;
    my $self   = bless { server => $server, names => delete $option{names} }, $class;
    my $dir    = delete $option{dir};

    # workers find the socket in it
    chmod 0711, $server->{dir} or die "chmod: $!\n";

    for my $name (@{ $self->{names} }) {
        mkdir "$dir/$name" or die "cannot make $dir/$name: $!\n";

        # they differ in the team their webhook names: that tells who has sent
        $self->{nginx}{$name} = Faults::Nginx->new(dir => "$dir/$name", team => uc "T$name",
            level => 'info', address => 'postgres:' . $server->conninfo,
            parameters => 'schema=fleet', %option);
    }

    return $self;
}


# All at once on an empty database.
sub start {
    my ($self) = @_;

    $_->start for values %{ $self->{nginx} };

    wait_for(20, sub { $self->holder }) or die "nobody leads\n";

    $self->{server}->query(<<'SQL');
CREATE TABLE public.terms (at timestamptz, term bigint, holder text);
INSERT INTO public.terms SELECT clock_timestamp(), term, holder FROM fleet.leader;
CREATE FUNCTION public.note_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.terms VALUES (clock_timestamp(), NEW.term, NEW.holder);
    RETURN NULL;
END $$;
CREATE TRIGGER note_term AFTER UPDATE ON fleet.leader FOR EACH ROW
    WHEN (OLD.term <> NEW.term OR OLD.holder <> NEW.holder)
    EXECUTE FUNCTION public.note_term();
CREATE TABLE public.holds (at timestamptz, channel text, until bigint);
CREATE FUNCTION public.note_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.holds VALUES (clock_timestamp(), ltrim(NEW.channel, '#'), NEW.not_before);
    RETURN NULL;
END $$;
CREATE TRIGGER note_hold AFTER UPDATE ON fleet.destination FOR EACH ROW
    WHEN (OLD.not_before < NEW.not_before)
    EXECUTE FUNCTION public.note_hold()
SQL

    return $self;
}


sub server { return $_[0]{server} }

sub nginx { my ($self, $name) = @_; return $self->{nginx}{$name} }

sub all { my ($self) = @_; return map { $self->{nginx}{$_} } @{ $self->{names} } }


# The first column of what a query gives, or nothing if the server is down.
sub query {
    my ($self, $sql) = @_;

    open my $saved, '>&', \*STDERR or die "cannot keep stderr: $!\n";
    open STDERR, '>>', "$self->{server}{dir}/psql" or die "cannot write: $!\n";

    my @lines = eval { $self->{server}->query($sql) };

    open STDERR, '>&', $saved or die "cannot restore stderr: $!\n";

    return wantarray ? @lines : $lines[0];
}


# "HOST PID RANDOM" of the process that leads.
sub holder {
    my ($self) = @_;

    return $self->query(q(SELECT holder FROM fleet.leader WHERE until > clock_timestamp()));
}


# The name of the nginx that leads, and the process.
sub leader {
    my ($self) = @_;

    my ($pid) = ($self->holder // '') =~ m/ (\d+) / or return;

    return ($self->name_of($pid) // '', $pid);
}


sub name_of {
    my ($self, $pid) = @_;

    for my $name (@{ $self->{names} }) {
        return $name if grep { $_ == $pid } $self->{nginx}{$name}->pids;
    }

    # one that is gone
    for my $name (@{ $self->{names} }) {
        return $name if $self->{nginx}{$name}->log_text =~ m/^\S+ \S+ \[\w+\] $pid#|process $pid(?: |$)/m;
    }

    return;
}


# All terms: { at, term, name, pid }; without a name: nobody leads from then on.
sub terms {
    my ($self) = @_;

    my (@terms, %names);

    for my $line ($self->query(
        q(SELECT concat_ws('|', extract(epoch FROM at), term, holder) FROM public.terms ORDER BY at)))
    {
        my ($at, $term, $holder) = split m/\|/, $line;
        my ($pid) = ($holder // '') =~ m/ (\d+) /;

        push @terms, { at => $at, term => $term, pid => $pid,
            name => defined $pid ? $names{$pid} //= $self->name_of($pid) : undef };
    }

    return @terms;
}


# What the outbox has known of channels that take nothing: { at, channel, until }.
sub holds {
    my ($self) = @_;

    return map {
        my %hold;
        @hold{qw(at channel until)} = split m/\|/;
        \%hold;
    } $self->query(q(SELECT concat_ws('|', extract(epoch FROM at), channel, until / 1000.0) FROM public.holds));
}


sub waiting { my ($self) = @_; return $self->query('SELECT count(*) FROM fleet.message WHERE state IN (0, 3)') }


sub stop {
    my ($self) = @_;

    for my $nginx ($self->all) {
        kill 'CONT', $nginx->pids;
        $nginx->kill_all;
    }

    return;
}


1;
