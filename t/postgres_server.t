# t/util/SlackPostgres.pm: the server of a test ends with it, also if that is
# killed, and nobody who waits for the test's output waits for it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/util";

use SlackPostgres;
use Test::More;
use Time::HiRes qw(sleep);

my $program = <<'PERL';
    use SlackPostgres;
    my $server = SlackPostgres->new or exit;
    $| = 1;
    print "$server->{dir} $$\n";
    %s;
PERL

my %ends = (
    'it ends'           => ['exit', 0],
    'it bails out'      => ['use Test::More; BAIL_OUT("away")', 255 << 8],
    'it leaves at once' => ['use POSIX (); POSIX::_exit(3)', 3 << 8],
    'it is killed'      => ['kill 9, $$', 9],
    'its group is'      => ['use POSIX (); POSIX::setpgid(0, 0); kill -15, $$', 15],
);

plan skip_all => 'PostgreSQL is not installed' if !SlackPostgres->new;

for my $how (sort keys %ends) {
    my ($end, $status) = @{ $ends{$how} };

    open my $pipe, '-|', $^X, "-I$FindBin::RealBin/util", '-e', 'open STDERR, ">", "/dev/null";' . sprintf $program, $end
        or die "cannot run perl: $!\n";

    my ($dir) = split ' ', <$pipe>;
    my @more = <$pipe>;
    close $pipe;

    is($?, $status, "$how: as it was told to");

    for (1 .. 1_500) {
        last if !-d $dir;
        sleep 0.02;
    }

    ok(!-d $dir, "$how: its directory is gone");
    is(servers($dir), '', "$how: its server, too");
}

done_testing();


# processes with the directory in their command line, but for those who look
sub servers {
    my ($dir) = @_;

    return join ' ', grep { $_ ne "/proc/$$/cmdline" && slurp($_) =~ m/\bpostgres\b.*\Q$dir\E/s } glob '/proc/[0-9]*/cmdline';
}


sub slurp {
    my ($name) = @_;

    open my $fh, '<', $name or return '';
    local $/;

    return <$fh> // '';
}
