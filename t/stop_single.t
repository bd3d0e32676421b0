# Posts that are on their way to Slack when an nginx in a single process is
# stopped.  See t/stop.t.

use strict;
use warnings;

use lib 't/util';

use File::Temp qw(tempdir);
use Test::Nginx::Socket;
use SlackTest;
use SlackProof;
use SlackStop qw(ends faults hooks locations told_to under_way workspaces);

# outboxes that two blocks have one after the other
for my $name (qw(QUIT TERM)) {
    $ENV{"TEST_NGINX_OUTBOX_$name"} = tempdir(CLEANUP => 1) . '/slack/outbox.db';

    mkdir File::Basename::dirname($ENV{"TEST_NGINX_OUTBOX_$name"}) or die "cannot make a directory: $!\n";
}

our @ALL  = qw(slow hang pair early tunnel);
our @FAST = qw(hang pair early tunnel);

no_shuffle();
plan 'no_plan';
run_tests();

__DATA__

=== graceful stop: before
--- http_config eval: "slack_outbox sqlite:\$TEST_NGINX_OUTBOX_QUIT;\n" . main::workspaces()
--- config eval: main::locations(@main::ALL)
--- faults eval: main::faults(2.5)
--- hook eval: main::hooks()
--- after
under_way(@ALL);
told_to('QUIT', @ALL);
--- no_error_log
[alert]
[crit]



=== graceful stop: after
--- http_config eval: "slack_outbox sqlite:\$TEST_NGINX_OUTBOX_QUIT;\n" . main::workspaces(1)
--- config eval: main::locations(@main::ALL)
--- request
GET /_slack/_requests
--- after
ends(@ALL);
--- no_error_log
[alert]
[crit]



=== fast stop: before
--- http_config eval: "slack_outbox sqlite:\$TEST_NGINX_OUTBOX_TERM;\n" . main::workspaces()
--- config eval: main::locations(@main::FAST)
--- faults eval: main::faults(1)
--- hook eval: main::hooks()
--- after
under_way(@FAST);
told_to('TERM', @FAST);
--- no_error_log
[alert]
[crit]



=== fast stop: after
--- http_config eval: "slack_outbox sqlite:\$TEST_NGINX_OUTBOX_TERM;\n" . main::workspaces(1)
--- config eval: main::locations(@main::FAST)
--- request
GET /_slack/_requests
--- after
ends(@FAST);
--- no_error_log
[alert]
[crit]
