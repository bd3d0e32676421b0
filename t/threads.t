# A thread pool of few threads: events are stored and the status is told while
# Slack does not answer, and delivery goes on behind them.

use strict;
use warnings;

# counts go on over a reload: each block wants an nginx of its own
BEGIN { delete $ENV{TEST_NGINX_USE_HUP} }

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackProof qw(stored_messages notify outbox received reload requests until_true);
use SlackStatus qw(act channel_of get status);

no_long_string();

# a process that is its own worker does not reload
master_on();

plan 'no_plan';
run_tests();


# Slack has one post and does not answer: what is asked now is answered meanwhile
sub while_slack_hangs {
    notify('push.json');
    requests(undef, 1);

    for my $n (1 .. 5) {
        notify('tag_push.json');
        is(get("/slack/$_")->{status}, 200, $_) for qw(metrics status.json page.css), '';
        is((act('replay', { all => JSON::PP::true() }))[0], 200, 'an action');
    }

    is(channel_of(status(), '#general')->{waiting}, 6, 'all of them wait');
    is(channel_of(status(), '#general')->{in_flight}, 1, 'the first one in flight');
    is(scalar requests(), 1, 'as before');

    return;
}

__DATA__

=== one thread
--- main_config
thread_pool few threads=1;
worker_shutdown_timeout 1s;
--- http_config
slack_thread_pool few;
--- config
    location = /hook { slack_notify acme; }
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- workspace
        coalesce 1;
        timeout 60s;
--- faults
["hang"]
--- request
GET /_slack/_requests
--- after
while_slack_hangs();
--- no_error_log
[alert]
[crit]
[error]



=== two threads
--- main_config
thread_pool few threads=2;
worker_shutdown_timeout 1s;
--- http_config
slack_thread_pool few;
--- config
    location = /hook { slack_notify acme; }
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- workspace
        coalesce 1;
        timeout 60s;
--- faults
["hang"]
--- request
GET /_slack/_requests
--- after
while_slack_hangs();
--- no_error_log
[alert]
[crit]
[error]



=== three threads
--- main_config
thread_pool few threads=3;
worker_shutdown_timeout 1s;
--- http_config
slack_thread_pool few;
--- config
    location = /hook { slack_notify acme; }
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- workspace
        coalesce 1;
        timeout 60s;
--- faults
["hang"]
--- request
GET /_slack/_requests
--- after
while_slack_hangs();
--- no_error_log
[alert]
[crit]
[error]



=== an answer that comes when the thread is with others, each message once
--- main_config
thread_pool few threads=1;
worker_shutdown_timeout 1s;
--- http_config
slack_thread_pool few;
--- config
    location = /hook { slack_notify acme dev,ops,qa; }
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- workspace
        coalesce 1;
--- faults
["slow:0.3", "slow:0.2", "slow:0.1", "slow:0.3", "slow:0.2", "slow:0.1"]
--- request
GET /_slack/_requests
--- after
for (1 .. 40) {
    notify('push.json');
    get('/slack/metrics');
}

until_true { received() >= 120 };
until_true { !outbox('SELECT 1 FROM message WHERE state <> 1') };
is(scalar received(), 120, 'all are delivered');
is(scalar requests(), 120, 'in one attempt each');

my $s = status();
is($s->{totals}{waiting}, 0, 'nothing waits');
is($s->{totals}{in_flight}, 0, 'nothing is in flight');
--- no_error_log
[alert]
[crit]
[error]



=== a reload while the thread is with others, each message once
--- main_config
thread_pool few threads=1;
worker_shutdown_timeout 1s;
--- http_config
slack_thread_pool few;
--- config
    location = /hook { slack_notify acme dev,ops,qa; }
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- workspace
        coalesce 1;
--- faults
["slow:0.2", "slow:0.2", "slow:0.2", "slow:0.2", "slow:0.2", "slow:0.2"]
--- request
GET /_slack/_requests
--- after
for my $n (1 .. 30) {
    notify('push.json');
    get('/slack/metrics');
    reload() if $n % 10 == 3;
}

until_true { received() >= 90 };
until_true { !outbox('SELECT 1 FROM message WHERE state <> 1') };
is(scalar received(), 90, 'all are delivered');
is(scalar requests(), 90, 'in one attempt each');
--- no_error_log
[alert]
[crit]
[error]
