# slack_outbox postgres: a network, a name server and a disk that fail, where
# the machine permits such ones of our own.  Events are answered 503 in time,
# with a line a minute, other locations do not notice, and all goes on by
# itself, without a restart, when it is mended.

use strict;
use warnings;

use lib 't/util';

use SlackNetwork;

use Test::Nginx::Socket;
use SlackTest;
use SlackPostgres;
use SlackProof;
use SlackTrouble qw(answer fails settled);

our $server = SlackPostgres->new;

plan skip_all => 'PostgreSQL is not installed' if !$server;
plan 'no_plan';

$ENV{TEST_NGINX_POSTGRES} = $server->move($SlackNetwork::FAR, SlackNetwork::far());

# one whose tables are on a small disk
our $small = SlackNetwork::disk('small', '4m', 'nobody');
$server->query($_) for (
    "CREATE TABLESPACE small LOCATION '$small'",
    'CREATE DATABASE small',
    'ALTER DATABASE small SET default_tablespace = small',
);

# each block begins with a network that works
SlackNetwork::dns_says($SlackNetwork::FAR);

our $Config = <<'EOC';
    location = /other { return 200; }
    location = /hook { slack_notify acme dev; }
EOC

master_on();
no_long_string();
run_tests();

__DATA__

=== the disk is full
--- http_config
    slack_outbox "postgres:host=10.77.0.2 dbname=small user=slack" schema=full;
--- config eval: $::Config
--- request
GET /other
--- timeout: 60s
--- after
my $stored = 1;
is(answer(), 202, 'an event is stored');
settled($stored);
SlackNetwork::fill($small);
my $refused = 0;
for (1 .. 200) {
    my $taken = answer() == 202;
    $stored += $taken;
    $refused = $taken ? 0 : $refused + 1;
    last if $refused == 5;
}
fails(qr/has no space left on its disk: ERROR:  could not extend file ".*": No space left on device.*; free some, nothing is stored until then/, sub {
    unlink "$small/ballast" or die;
}, $stored);
is($server->query(q(SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%')), 0, 'no transaction is left open');



=== a name that nobody knows, until the name server is told
--- http_config
    slack_outbox "postgres:host=db.test dbname=postgres user=slack" schema=unknown;
--- config eval: $::Config
--- post_setup_server_root
SlackNetwork::dns_says('unknown');
--- request
GET /other
--- timeout: 60s
--- after
fails(qr/cannot be reached: could not translate host name "db.test" to address: /, sub {
    SlackNetwork::dns_says($SlackNetwork::FAR);
});



=== a name server that does not answer
--- http_config
    slack_outbox "postgres:host=db.test dbname=postgres user=slack" schema=silent;
--- config eval: $::Config
--- post_setup_server_root
SlackNetwork::dns_says('silent');
--- request
GET /other
--- timeout: 60s
--- after
fails(qr/cannot be reached: could not translate host name "db.test" to address: /, sub {
    SlackNetwork::dns_says($SlackNetwork::FAR);
});



=== a name that moves to another address
--- http_config
    slack_outbox "postgres:host=db.test dbname=postgres user=slack" schema=moved;
--- config eval: $::Config
--- post_setup_server_root
SlackNetwork::dns_says('127.0.0.9');
--- request
GET /other
--- timeout: 60s
--- after
fails(qr/cannot be reached: connection to server at "db.test" \(127.0.0.9\), port 5432 failed: Connection refused/, sub {
    SlackNetwork::dns_says($SlackNetwork::FAR);
});



=== the network is cut before there is a connection
--- http_config
    slack_outbox "postgres:$TEST_NGINX_POSTGRES" schema=early;
--- config eval: $::Config
--- post_setup_server_root
SlackNetwork::cut();
--- request
GET /other
--- timeout: 60s
--- after
fails(qr/cannot be reached: connection to server at "10.77.0.2", port 5432 failed: /, sub {
    SlackNetwork::mend();
});



=== the network is cut below connections, and nobody is told
--- http_config
    slack_outbox "postgres:$TEST_NGINX_POSTGRES" schema=late;
--- config eval: $::Config
--- request
GET /other
--- timeout: 60s
--- after
is(answer(), 202, 'an event is stored');
settled(1);
SlackNetwork::cut();
fails(qr/cannot be reached: /, sub {
    SlackNetwork::mend();
}, 1);
