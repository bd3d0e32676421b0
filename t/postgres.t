# slack_outbox postgres: on a server of the test's own.

use strict;
use warnings;

use lib 't/util';

use Test::Nginx::Socket;
use SlackTest;
use SlackClient;
use SlackPostgres;
use SlackProof qw(notify received until_true);
use SlackStatus qw(act);

our $server = SlackPostgres->new;

plan skip_all => 'PostgreSQL is not installed' if !$server;
plan 'no_plan';

$ENV{TEST_NGINX_POSTGRES} = $server->conninfo;
$ENV{TEST_NGINX_POOLER} = $server->pooler // '';

run_tests();


# rows of a table of a schema
sub count_of {
    my ($schema, $of) = @_;

    return $server->query("SELECT count(*) FROM $schema.$of");
}

# the status with which an event is answered
sub answer {
    return SlackClient::talk(SlackClient::request('/hook', SlackTest::payload('push.json'), 'Connection: close')) =~ m{^HTTP/1\.1 (\d+)} ? $1 : 0;
}

__DATA__

=== an event is stored, sent once, and known when it comes again; no password is told
--- http_config
    slack_outbox "postgres:$TEST_NGINX_POSTGRES password=sesamesesame" schema=one;
--- config
    location /slack/ { slack_status; }

    location = /hook {
        slack_notify acme dev;
    }
--- hook
push.json => 202 queued push
--- slack_like
^#dev as GitLab$
--- after
until_true { count_of('one', 'message WHERE state = 1') == 1 };
is(count_of('one', 'message WHERE state = 1'), 1, 'the message is settled');
is($server->query('SELECT sum(waiting) FROM one.counted'), 0, 'and none is counted');

my $status = SlackStatus::get('/slack/status.json')->{content} . SlackStatus::get('/slack/')->{content};

like($status, qr/schema=one/, 'the status shows where it is');
like($status, qr/"leader":(\d+),.*"outbox":\{[^}]*"leader":"[\w.-]+ \1"/, 'and which process of which host leads');
unlike($status, qr/sesame/, 'and no password');
--- no_error_log
sesame
[error]
[alert]
[crit]



=== what is stored is sent after a restart of the server
--- http_config
    slack_outbox "postgres:$TEST_NGINX_POSTGRES" schema=two;
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_notify acme dev;
    }
--- request
GET /_slack/_received
--- after
notify('issue_open.json');
until_true { received('#dev') == 1 };
act(pause => { workspace => 'acme' });
notify('push.json') for 1 .. 3;
$server->stop('immediate');
$server->start;
notify('tag_push.json');
act(resume => { workspace => 'acme' });
until_true { (map { @{ $_->{payload}{attachments} } } received('#dev')) == 5 };
is(scalar(map { @{ $_->{payload}{attachments} } } received('#dev')), 5, 'each, once');
--- no_error_log
[alert]



=== a server that is down: 503, one line, and back without a restart
--- http_config
    slack_outbox "postgres:$TEST_NGINX_POSTGRES" schema=three;
--- config
    location = /hook {
        slack_notify acme dev;
    }

    location = /other {
        return 200 "as ever\n";
    }
--- request
GET /other
--- response_body
as ever
--- after
$server->stop;
is(answer(), 503, 'nothing can be stored') for 1 .. 3;
$server->start;
until_true { answer() == 202 };
until_true { received('#dev') };
ok(scalar received('#dev'), 'sent');
--- grep_error_log eval: qr/outbox "[^"]*" cannot be reached/
--- grep_error_log_out eval
qr/\Aoutbox "dbname=postgres host=\S+ schema=three" cannot be reached\n/
--- no_error_log
[alert]



=== the leader dies, and what waits is sent by the next one
--- http_config
    slack_outbox "postgres:$TEST_NGINX_POSTGRES" schema=four;
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request
GET /_slack/_received
--- after
notify('issue_open.json');
until_true { received('#dev') == 1 };
$server->query("UPDATE four.leader SET term = term + 1, holder = 'another', until = now() + interval '2 s'");
notify('push.json');
until_true { received('#dev') == 2 };
is(scalar received('#dev'), 2, 'when its lease has ended');
--- no_error_log
[alert]
[crit]



=== with PgBouncer before it, which gives each transaction any of a few sessions
--- skip_eval: 3: !$ENV{TEST_NGINX_POOLER}
--- http_config
    slack_outbox "postgres:$TEST_NGINX_POOLER" schema=five;
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_notify acme dev;
    }
--- request
GET /_slack/_received
--- after
act(pause => { workspace => 'acme' });
my @sockets = map { SlackClient::connection() } 1 .. 20;
my $n = 0;
print {$_} SlackClient::request('/hook', SlackTest::payload('push.json'), 'Connection: close', 'Idempotency-Key: ' . ++$n) for @sockets;
is(scalar(grep { SlackClient::read_until($_) =~ m{^HTTP/1\.1 202 } } @sockets), 20, 'all are stored');
is(SlackStatus::status()->{outbox}{waiting}, 20, 'and counted');
act(resume => { workspace => 'acme' });
until_true { count_of('five', 'message WHERE state = 1') == 20 };
is(scalar(map { @{ $_->{payload}{attachments} } } received('#dev')), 20, 'each is sent, once');
$server->query(q(SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'));
is(answer(), 202, 'sessions are ended: stored in the next one');
until_true { count_of('five', 'message WHERE state = 1') == 21 };
is(count_of('five', 'message WHERE state = 1'), 21, 'and sent');
--- no_error_log
[alert]
