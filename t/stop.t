# Posts that are on their way to Slack when nginx is reloaded or stopped: those
# that were written may finish, and are settled; what is cut off is ambiguous;
# what was not written goes out later.

use strict;
use warnings;

use lib 't/util';

use File::Temp qw(tempdir);
use Test::Nginx::Socket;
use SlackTest;
use SlackClient;
use SlackProof qw(letters log_count notify outbox received reload requests until_true);
use SlackStop qw(ends faults hooks locations moved told_to under_way workspaces);

# nginx has no reload without a master
master_on();

# an outbox that two blocks have one after the other
$ENV{TEST_NGINX_OUTBOX} = tempdir(CLEANUP => 1) . '/slack/outbox.db';

mkdir File::Basename::dirname($ENV{TEST_NGINX_OUTBOX}) or die "cannot make a directory: $!\n";

our @ALL = qw(slow hang pair early);

# who leads, by the lock
sub leader {
    my $inode = (stat SlackProof::outbox_file() . '.leader')[1];

    return SlackTest::payload('/proc/locks') =~ m/^\d+:\s+FLOCK\s+\S+\s+WRITE\s+(\d+)\s+\S+:$inode\s/m ? $1 : 0;
}

no_shuffle();
plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: reload
--- http_config eval: main::workspaces()
--- config eval: main::locations(@main::ALL)
--- faults eval: main::faults(2.5)
--- hook eval: main::hooks()
--- after
under_way(@ALL);

my $path = "$ENV{TEST_NGINX_SERVER_ROOT}/conf/nginx.conf";
my $conf = moved(SlackTest::payload($path));

open my $fh, '>', $path or die "cannot write $path: $!\n";
print {$fh} $conf;
close $fh or die "cannot write $path: $!\n";

reload();

ends(@ALL);
--- no_error_log
[alert]
[crit]



=== TEST 2: graceful stop: before
--- http_config eval: "slack_outbox sqlite:\$TEST_NGINX_OUTBOX;\n" . main::workspaces()
--- config eval: main::locations(@main::ALL)
--- faults eval: main::faults(2.5)
--- hook eval: main::hooks()
--- after
under_way(@ALL);
told_to('QUIT', @ALL);
--- no_error_log
[alert]
[crit]



=== TEST 3: graceful stop: after
--- http_config eval: "slack_outbox sqlite:\$TEST_NGINX_OUTBOX;\n" . main::workspaces(1)
--- config eval: main::locations(@main::ALL)
--- request
GET /_slack/_requests
--- after
ends(@ALL);
--- no_error_log
[alert]
[crit]
