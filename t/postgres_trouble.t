# slack_outbox postgres: whatever ails the server or the way to it, events are
# answered 503, with a line a minute, other locations do not notice, and all
# goes on by itself, without a restart, when it is mended.

use strict;
use warnings;

use lib 't/util';

use Test::Nginx::Socket;
use SlackTest;
use SlackClient;
use SlackPostgres;
use SlackProof qw(log_lines received until_true);
use SlackTrouble qw(answer fails refuses settled);
use Time::HiRes qw(time);

our $server = SlackPostgres->new;

plan skip_all => 'PostgreSQL is not installed' if !$server;
plan 'no_plan';

$ENV{TEST_NGINX_POSTGRES_DIR} = $server->{dir};

# a certificate of somebody else
$ENV{TEST_NGINX_POSTGRES_CA} = "$server->{dir}/ca.crt";
system('openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other -keyout /dev/null'
    . " -out $server->{dir}/ca.crt 2>/dev/null") == 0 or die "openssl has failed\n";
($ENV{TEST_NGINX_POSTGRES_PORT}) = $server->listen_with_tls;
$ENV{TEST_NGINX_POSTGRES} = $server->conninfo;

$server->query($_) for (
    'CREATE ROLE plain LOGIN',
    q(CREATE ROLE keyed LOGIN PASSWORD 'closed'),
    q(CREATE ROLE turned LOGIN PASSWORD 'opensesame'),
    q(CREATE ROLE filed LOGIN PASSWORD 'opensesame'),
    'GRANT CREATE ON DATABASE postgres TO keyed, turned, filed',
);

# schemas that a superuser has made
system("util/postgres-sql $_ plain | psql -XAtq -d '" . $server->conninfo . "' >/dev/null") == 0
    or die "util/postgres-sql has failed\n" for qw(lacking later);

$server->query('REVOKE INSERT ON lacking.batch FROM plain');
$server->query('UPDATE later.meta SET version = 9, oldest = 8');
$server->rule('local all keyed,turned,filed scram-sha-256');

secret(password => 'opensesame', 0600);
secret(turned => 'opensesame', 0600);
secret(passfile => '*:*:*:filed:opensesame', 0600);
secret(public => 'opensesame', 0644);

our $Config = <<'EOC';
    location = /other { return 200; }
    location = /hook { slack_notify acme dev; }
EOC

master_on();
no_long_string();
run_tests();


# A file with a secret, which the workers can read.
sub secret {
    my ($name, $text, $mode) = @_;

    my $path = "$server->{dir}/$name";

    open my $fh, '>', "$path.new" or die "cannot write $path: $!\n";
    print {$fh} "$text\n";
    close $fh or die "cannot write $path: $!\n";
    chmod $mode, "$path.new" or die "cannot chmod $path: $!\n";

    if ($> == 0) {
        chown +(getpwnam 'nobody')[2, 3], "$path.new" or die "cannot chown $path: $!\n";
    }

    rename "$path.new", $path or die "cannot rename $path: $!\n";

    return;
}


# It has another content, or is not there, and then the right one again.
sub passfile {
    my ($cause, $line, $mode) = @_;

    my $right = '*:*:*:filed:opensesame';

    secret(passfile => $right, 0600);
    ok(until_true { answer() == 202 }, 'an event is stored');
    settled(1);

    defined $line ? secret(passfile => $line, $mode) : unlink "$server->{dir}/passfile";
    $server->query(q(SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'filed'));

    return fails($cause, sub { secret(passfile => $right, 0600) }, 1);
}


# A session that holds a lock which each append needs, in a schema.
sub locked {
    my ($schema) = @_;

    my $session = $server->session("BEGIN; LOCK TABLE $schema.batch IN ACCESS EXCLUSIVE MODE;");

    until_true {
        $server->query(q(SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted)
            . " AND relation = '$schema.batch' :: regclass");
    };

    return $session;
}

__DATA__

=== the user may make no schema, until somebody has executed what util/postgres-sql prints
--- http_config
    slack_outbox "postgres:host=$TEST_NGINX_POSTGRES_DIR port=$TEST_NGINX_POSTGRES_PORT dbname=postgres user=plain" schema=rights;
--- config eval: $::Config
--- request
GET /other
--- after
fails(qr/gives the user no right to that: ERROR:  permission denied for database postgres.*GRANT CREATE ON DATABASE to it, or execute as the owner what "util\/postgres-sql SCHEMA USER" prints/, sub {
    system("util/postgres-sql rights plain | psql -XAtq -d '" . $server->conninfo . "' >/dev/null") == 0 or die;
});
is($server->query(q(SELECT count(*) FROM rights.message WHERE state = 1)) > 0, 1, 'by a user who owns nothing');
is($server->query(q(SELECT count(*) FROM pg_class WHERE relowner = 'plain' :: regrole)), 0, 'of it');



=== the user lacks one grant: the line names the table
--- http_config
    slack_outbox "postgres:host=$TEST_NGINX_POSTGRES_DIR port=$TEST_NGINX_POSTGRES_PORT dbname=postgres user=plain" schema=lacking;
--- config eval: $::Config
--- request
GET /other
--- after
fails(qr/gives the user no right to that: ERROR:  permission denied for table batch/, sub {
    $server->query('GRANT INSERT ON lacking.batch TO plain');
});



=== a wrong password
--- http_config
    slack_outbox "postgres:host=$TEST_NGINX_POSTGRES_DIR port=$TEST_NGINX_POSTGRES_PORT dbname=postgres user=keyed" schema=keyed password_file=$TEST_NGINX_POSTGRES_DIR/password;
--- config eval: $::Config
--- request
GET /other
--- after
fails(qr/cannot be reached: .*password authentication failed for user "keyed"; check the address, the user and the password/, sub {
    $server->query(q(ALTER ROLE keyed PASSWORD 'opensesame'));
});
--- no_error_log
opensesame



=== a file with the password that others can read
--- http_config
    slack_outbox "postgres:host=$TEST_NGINX_POSTGRES_DIR port=$TEST_NGINX_POSTGRES_PORT dbname=postgres user=keyed" schema=keyed password_file=$TEST_NGINX_POSTGRES_DIR/public;
--- config eval: $::Config
--- request
GET /other
--- error_log
/public" can be read by everybody, use "chmod 600" in
--- no_error_log
opensesame



=== another password, while nginx runs: it is in the file, which is read by a reload
--- http_config
    slack_outbox "postgres:host=$TEST_NGINX_POSTGRES_DIR port=$TEST_NGINX_POSTGRES_PORT dbname=postgres user=turned" schema=turned password_file=$TEST_NGINX_POSTGRES_DIR/turned;
--- config eval: $::Config
--- request
GET /other
--- after
is(answer(), 202, 'an event is stored');
settled(1);
$server->query(q(ALTER ROLE turned PASSWORD 'secondsesame'));
is(answer(), 202, 'sessions go on') if !$ENV{SLACK_TEST_WORKERS};   # one has none yet
$server->query(q(SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'turned'));
refuses(qr/cannot be reached: .*password authentication failed for user "turned"; check .*; reload nginx after password_file was changed/);
secret(turned => 'secondsesame', 0600);
SlackProof::reload();
is(answer(), 202, 'stored when that is mended');
settled($ENV{SLACK_TEST_WORKERS} ? 2 : 3);
--- no_error_log
opensesame
secondsesame



=== a passfile that is not there, while nginx runs
--- http_config
    slack_outbox "postgres:host=$TEST_NGINX_POSTGRES_DIR port=$TEST_NGINX_POSTGRES_PORT dbname=postgres user=filed passfile=$TEST_NGINX_POSTGRES_DIR/passfile" schema=file_absent;
--- config eval: $::Config
--- request
GET /other
--- after
passfile(qr{outbox ".*" gets no password from its passfile: "\S+/passfile" does not exist; it must have a line .*"chmod 600"}, undef, 0);
--- no_error_log
opensesame
WARNING



=== a passfile that others can read, while nginx runs
--- http_config
    slack_outbox "postgres:host=$TEST_NGINX_POSTGRES_DIR port=$TEST_NGINX_POSTGRES_PORT dbname=postgres user=filed passfile=$TEST_NGINX_POSTGRES_DIR/passfile" schema=file_open;
--- config eval: $::Config
--- request
GET /other
--- after
passfile(qr{outbox ".*" gets no password from its passfile: "\S+/passfile" can be used by others; it must}, '*:*:*:filed:opensesame', 0644);
--- no_error_log
opensesame
WARNING



=== a passfile that has no line for the user, while nginx runs
--- http_config
    slack_outbox "postgres:host=$TEST_NGINX_POSTGRES_DIR port=$TEST_NGINX_POSTGRES_PORT dbname=postgres user=filed passfile=$TEST_NGINX_POSTGRES_DIR/passfile" schema=file_line;
--- config eval: $::Config
--- request
GET /other
--- after
passfile(qr{outbox ".*" gets no password from its passfile: "\S+/passfile" has no line that fits; it must}, '*:*:*:another:opensesame', 0600);
--- no_error_log
opensesame
WARNING



=== a passfile with a wrong password, while nginx runs
--- http_config
    slack_outbox "postgres:host=$TEST_NGINX_POSTGRES_DIR port=$TEST_NGINX_POSTGRES_PORT dbname=postgres user=filed passfile=$TEST_NGINX_POSTGRES_DIR/passfile" schema=file_wrong;
--- config eval: $::Config
--- request
GET /other
--- after
passfile(qr/cannot be reached: .*password authentication failed for user "filed" password retrieved from file ".*\/passfile"; check/, '*:*:*:filed:wrong', 0600);
--- no_error_log
opensesame



=== a passfile that nobody asks for may be as it is
--- http_config
    slack_outbox "postgres:$TEST_NGINX_POSTGRES passfile=$TEST_NGINX_POSTGRES_DIR/public" schema=unasked;
--- config eval: $::Config
--- request
GET /other
--- after
is(answer(), 202, 'an event is stored');
settled(1);
is(SlackProof::log_count(qr/passfile|password file/), 0, 'and nothing is said');



=== no such database
--- http_config
    slack_outbox "postgres:host=$TEST_NGINX_POSTGRES_DIR port=$TEST_NGINX_POSTGRES_PORT dbname=later user=slack";
--- config eval: $::Config
--- request
GET /other
--- after
fails(qr/cannot be reached: .*database "later" does not exist/, sub {
    $server->query('CREATE DATABASE later');
});



=== a name that nobody knows
--- http_config
    slack_outbox "postgres:host=db.invalid dbname=postgres user=slack" schema=dns;
--- config eval: $::Config
--- request
GET /other
--- timeout: 60s
--- after
is(answer(), 503, 'an event is not stored') for 1 .. 2;
is(answer('/other'), 200, 'another location answers');
is(scalar(my @lines = log_lines(qr/\[crit\] .*outbox.*cannot be reached: could not translate host name "db.invalid"/)), 1, 'a line tells');



=== the schema is of a later version
--- http_config
    slack_outbox "postgres:$TEST_NGINX_POSTGRES" schema=later;
--- config eval: $::Config
--- request
GET /other
--- after
fails(qr/was written by a later version of this module: its schema has the version 9, for modules that know 8, this one knows 3; install that version/, sub {
    $server->query('UPDATE later.meta SET oldest = 2');
});
is($server->query('SELECT version FROM later.meta'), 9, 'one that this version can use is left as it is');



=== another session holds a lock
--- http_config
    slack_outbox "postgres:$TEST_NGINX_POSTGRES" schema=locked;
--- config eval: $::Config
--- request
GET /other
--- timeout: 60s
--- after
until_true { answer() == 202 && received('#dev') };
my $session = locked('locked');
my $start = time;
is(answer(), 503, 'an event is not stored');
my $took = time - $start;
cmp_ok($took, '>', 4, 'it has waited');
cmp_ok($took, '<', 9, 'and not for ever');
is(answer('/other'), 200, 'another location answers');
my @lines = log_lines(qr/\[crit\] .*outbox/);
is(scalar @lines, 1, 'a line tells') or diag(@lines);
like($lines[0], qr/did not (?:give a lock|answer) in time/, 'of the cause');
close $session;
is(answer(), 202, 'stored when the lock is given back');



=== sessions are ended: nobody notices, also who waits for a lock then
--- http_config
    slack_outbox "postgres:$TEST_NGINX_POSTGRES" schema=ended;
--- config
    location = /hook { slack_notify acme dev; }
--- request
GET /_slack/_received
--- after
until_true { answer() == 202 };
my $end = q(SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'nginx%');
for (1 .. 5) {
    cmp_ok($server->query($end), '>', 0, 'sessions are ended');
    is(answer(), 202, 'an event is stored');
}
my $session = locked('ended');
my $socket = SlackClient::connection();
print {$socket} SlackClient::request('/hook', SlackTest::payload('push.json'), 'Connection: close', 'Idempotency-Key: waits');
ok(until_true { $server->query(q(SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'nginx%' AND wait_event_type = 'Lock')) > 0 }, 'an event waits');
$server->query($end);
close $session;
like(SlackClient::read_until($socket), qr{^HTTP/1\.1 202 }, 'and is stored, its session ended or not');



=== a standby takes no changes, until it is promoted; and a list of hosts is followed
--- http_config
    slack_outbox "postgres:host=$TEST_NGINX_POSTGRES_DIR port=$TEST_NGINX_POSTGRES_PORT dbname=postgres user=slack" schema=moved;
--- config eval: $::Config
--- request
GET /other
--- timeout: 60s
--- after
until_true { answer() == 202 };
my $standby = $server->standby;
my $list = "host=$server->{dir},$standby->{dir} port=$server->{port} dbname=postgres user=slack target_session_attrs=read-write";
my $alone = "host=$standby->{dir} port=$server->{port} dbname=postgres user=slack";
until_true { $standby->query('SELECT count(*) FROM moved.message') == $server->query('SELECT count(*) FROM moved.message') };
SlackProof::rewrite_conf(sub { s/postgres:[^"]+/postgres:$alone/ });
SlackProof::reload();
ok(until_true { answer() == 503 }, 'an event is not stored');
ok(scalar log_lines(qr/takes no changes, it is a standby: ERROR:  cannot .*; name all hosts, and target_session_attrs=read-write/), 'a line tells the cause');
is(answer('/other'), 200, 'another location answers');
SlackProof::rewrite_conf(sub { s/postgres:[^"]+/postgres:$list/ });
SlackProof::reload();
ok(until_true { answer() == 202 }, 'of a list the one that takes changes is asked');
$server->stop;
is(answer(), 503, 'it is down');
$standby->promote;
ok(until_true { answer() == 202 }, 'the other one is, when it takes changes');
ok(until_true { $standby->query(q(SELECT count(*) FROM moved.message WHERE state = 0)) == 0 }, 'and all is sent');
$server->start;



=== a certificate that is not trusted
--- http_config
    slack_outbox "postgres:host=localhost hostaddr=127.0.0.1 port=$TEST_NGINX_POSTGRES_PORT dbname=postgres user=slack sslmode=verify-full sslrootcert=$TEST_NGINX_POSTGRES_CA" schema=tls;
--- config eval: $::Config
--- request
GET /other
--- after
fails(qr/cannot be reached: .*certificate verify failed/, sub {
    system('cp', "$server->{dir}/data/tls.crt", $ENV{TEST_NGINX_POSTGRES_CA}) == 0 or die;
});
