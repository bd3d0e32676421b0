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
use SlackProof qw(stored_messages log_count notify outbox received reload requests until_true);
use SlackServer;
use SlackStop qw(ends faults heard hooks hup locations moved told_to under_way workspaces);

# nginx has no reload without a master
master_on();

# outboxes that two blocks have one after the other
$ENV{TEST_NGINX_OUTBOX} = tempdir(CLEANUP => 1) . '/slack/outbox.db';
$ENV{TEST_NGINX_OUTBOX_FAST} = $ENV{TEST_NGINX_OUTBOX} =~ s/outbox\.db/fast.db/r;

mkdir File::Basename::dirname($ENV{TEST_NGINX_OUTBOX}) or die "cannot make a directory: $!\n";

our @ALL = qw(slow hang pair early tunnel);

# a fast stop does not wait for what is slow
our @FAST = qw(hang pair early tunnel);

our $Dir = tempdir(CLEANUP => 1);
our (%Port, @Pids);

END { SlackServer::stop(@Pids) }

# who leads, by the lock
sub leader {
    my $inode = (stat SlackProof::outbox_file() . '.leader')[1];

    return SlackTest::payload('/proc/locks') =~ m/^\d+:\s+FLOCK\s+\S+\s+WRITE\s+(\d+)\s+\S+:$inode\s/m ? $1 : 0;
}

# A server whose first answer comes late; the file NAME has a line for each of
# the others, whether they came before the first one's Retry-After was over.
sub late {
    my ($name, $first) = @_;

    my $end;

    ($Port{$name}, my $pid) = SlackServer::start(sub {
        SlackServer::request($_[0]) or return;

        my $answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

        if (defined $end) {
            open my $fh, '>>', "$Dir/$name" or die "cannot write $Dir/$name: $!\n";
            print {$fh} Time::HiRes::time() < $end ? "too early\n" : "again\n";
            close $fh or die "cannot write $Dir/$name: $!\n";

        } else {
            open my $fh, '>', "$Dir/$name" or die "cannot write $Dir/$name: $!\n";
            close $fh or die "cannot write $Dir/$name: $!\n";
            $answer = $first;
            sleep 3;
            $end = Time::HiRes::time() + ($first =~ m/^Retry-After: ([0-9]+)/m ? $1 : 0);
        }

        syswrite $_[0], $answer;
    });
    push @Pids, $pid;

    return "webhook_url http://127.0.0.1:$Port{$name}/services/T1/B1/secret channel=$name;\n";
}

no_shuffle();
plan 'no_plan';
run_tests();

__DATA__

=== reload
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



=== graceful stop: before
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



=== graceful stop: after
--- http_config eval: "slack_outbox sqlite:\$TEST_NGINX_OUTBOX;\n" . main::workspaces(1)
--- config eval: main::locations(@main::ALL)
--- request
GET /_slack/_requests
--- after
ends(@ALL);
--- no_error_log
[alert]
[crit]



=== fast stop: before
--- http_config eval: "slack_outbox sqlite:\$TEST_NGINX_OUTBOX_FAST;\n" . main::workspaces()
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
--- http_config eval: "slack_outbox sqlite:\$TEST_NGINX_OUTBOX_FAST;\n" . main::workspaces(1)
--- config eval: main::locations(@main::FAST)
--- request
GET /_slack/_requests
--- after
ends(@FAST);
--- no_error_log
[alert]
[crit]



=== a graceful stop that becomes a fast one
--- http_config eval: main::workspaces()
--- config eval: main::locations('hang')
--- faults eval: main::faults(1)
--- hook eval: main::hooks()
--- after
under_way('hang');

kill 'QUIT', SlackClient::master();
until_true { log_count(qr/waiting for the answers to 2 posts/) };
told_to('TERM');

my @messages = stored_messages(99);

is((grep { m/^#lose_hang dead 1 no answer before nginx/ } @messages), 1, 'one is dead');
is((grep { m/^#keep_hang waiting 1 no answer before nginx/ } @messages), 1, 'one is tried again');
--- no_error_log
[alert]
[crit]



=== worker_shutdown_timeout is shorter
--- main_config
    worker_shutdown_timeout 50ms;
--- http_config eval: main::workspaces()
--- config eval: main::locations('slow')
--- faults eval: main::faults(4)
--- hook eval: main::hooks()
--- after
under_way('slow');
reload();

stored_messages();
is(join(' ', heard('keep_slow', 3)), 'created created edited', 'one is sent again');
is(join(' ', heard('lose_slow', 2)), 'created edited', 'one is not');
is((grep { m/^#lose_slow dead 1 no answer before nginx/ } stored_messages()), 1, 'but is dead');
--- no_error_log
[alert]
[crit]



=== reload after reload, while an old worker lives on and stores, of two threads
--- main_config
    thread_pool two threads=2;
--- http_config eval: "slack_thread_pool two;\n" . main::workspaces()
--- config eval
main::locations('hang') . 'location = /other { slack_notify keep other; }'
--- faults eval: main::faults(1)
--- hook eval: main::hooks()
--- after
under_way('hang');

my $old    = leader();
my $body   = SlackTest::payload('push.json');
my @socket = map { SlackClient::connection() } 1 .. 2;

for my $socket (@socket) {
    print {$socket} SlackClient::request('/other', '', 'Content-Length: ' . length $body, 'Connection: close'),
        substr $body, 0, 1000;
    $socket->flush;
}

Time::HiRes::sleep(0.2);

hup() for 1 .. 3;

# nobody else leads until the posts are cut off
is(leader(), $old, 'the old worker still waits for Slack');

my $socket = shift @socket;

print {$socket} substr $body, 1000;
$socket->flush;
like(SlackClient::read_until($socket), qr{\AHTTP/1\.1 202 }, 'it stores meanwhile');

until_true { my $leader = leader(); $leader && $leader != $old };
isnt(leader(), $old, 'then it leads no more');
ok(kill(0, $old), 'and lives') if !$ENV{SLACK_TEST_WORKERS};

ends('hang');
is(scalar received('#other', 1), 1, 'what it has stored is delivered');

hup();
notify('tag_push.json', '/other');
is(scalar received('#other', 2), 2, 'and what comes after that');
--- no_error_log
[alert]
[crit]



=== what Slack says meanwhile is not forgotten
--- http_config eval
"slack_workspace late {\nretry 100ms 1s;\n"
    . main::late(failed => "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    . main::late(held => "HTTP/1.1 429 Slow\r\nRetry-After: 3\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    . "}\n"
--- config
    location = /hook { slack_notify late failed,held; }
--- hook
wiki_create.json
--- after
until_true { -e "$Dir/failed" && -e "$Dir/held" };
reload();

is_deeply([ stored_messages() ], [ '#failed sent 1 HTTP 200 "ok"', '#held sent 0 HTTP 200 "ok"' ], 'in the outbox');
is(SlackTest::payload("$Dir/failed"), "again\n", 'the failed one is sent again');
is(SlackTest::payload("$Dir/held"), "again\n", 'the other one when it may be');
--- no_error_log
[alert]
[crit]
