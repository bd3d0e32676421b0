# slack_outbox postgres: who leads after a leader was killed.  The next process
# of the same nginx does at once; another nginx waits for the end of the lease.

use strict;
use warnings;

use lib 't/util';

use Test::Nginx::Socket;
use SlackTest;
use SlackPostgres;
use SlackProof qw(received until_true);
use SlackStatus;
use SlackTrouble qw(answer settled);
use Time::HiRes qw(sleep);

our $server = SlackPostgres->new;

plan skip_all => 'PostgreSQL is not installed' if !$server;
plan 'no_plan';

# workers find the socket in it
chmod 0711, $server->{dir} or die "chmod: $!\n";

$ENV{TEST_NGINX_POSTGRES} = $server->conninfo;

our $Config = <<'EOC';
    location /slack/ { slack_status; }
    location = /hook { slack_notify acme dev; }
EOC

master_on();
workers(2);
no_long_string();
run_tests();


# A column of the leader's row.
sub row {
    my ($schema, $what) = @_;

    return $server->query("SELECT $what FROM $schema.leader");
}


# The process that leads, which is stopped then.  So nobody but us changes its
# row, which lasts for some time more.
sub stopped {
    my ($schema, $lasts) = @_;

    my $pid = until_true { row($schema, q(split_part(holder, ' ', 2))) };

    kill 'STOP', $pid or die "cannot stop $pid: $!\n";

    # what it has asked for is done
    until_true {
        $server->query(q(SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'nginx%' AND state <> 'idle')) == 0;
    };
    $server->query("UPDATE $schema.leader SET until = clock_timestamp() + interval '$lasts'");

    return $pid;
}


# How often a process of this nginx has begun to lead.
sub led {
    return SlackStatus::get('/slack/metrics')->{content} =~ m/^slack_notify_leads_total (\d+)$/m ? $1 : 'none';
}


# Another nginx with the same configuration; its master.
sub another_nginx {
    my $root  = $ENV{TEST_NGINX_SERVER_ROOT};
    my $other = "$server->{dir}/nginx";

    system("mkdir -p $other/conf $other/logs && cp $root/conf/* $other/conf/") == 0 or die "cannot copy $root\n";

    my $conf = SlackTest::payload("$root/conf/nginx.conf");

    $conf =~ s/\Q$root\E/$other/g;
    $conf =~ s/^(\s*listen\s+)[^;]+;/$1unix:$other\/socket;/mg;
    $conf =~ s/^\s*daemon\s.*;//mg;

    open my $fh, '>', "$other/conf/nginx.conf" or die "cannot write: $!\n";
    print {$fh} $conf;
    close $fh or die "cannot write: $!\n";

    local $ENV{LD_PRELOAD} = $ENV{TEST_NGINX_LD_PRELOAD} if $ENV{TEST_NGINX_LD_PRELOAD};

    system($ENV{TEST_NGINX_BINARY} || 'nginx', '-p', "$other/", '-c', 'conf/nginx.conf', '-e', "$other/logs/error.log", '-g', 'daemon on;') == 0
        or die "cannot start another nginx\n";

    my ($pid) = until_true { -s "$other/logs/nginx.pid" && SlackTest::payload("$other/logs/nginx.pid") =~ m/^(\d+)$/m };

    return SlackTest::payload("$other/logs/nginx.pid") =~ m/^(\d+)$/m ? $1 : $pid;
}


# Ends it with its workers.
sub end {
    my ($master) = @_;

    kill 'TERM', $master;
    until_true { !kill 0, $master };

    return;
}

__DATA__

=== the leader is killed, and its lease lasts for an hour: the next process of its nginx leads at once
--- http_config
    slack_outbox "postgres:$TEST_NGINX_POSTGRES" schema=killed;
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
ok(until_true { answer() == 202 }, 'an event is stored');
settled(1);
my $led = led();
my $pid = stopped('killed', '1 h');
my $term = row('killed', 'term');
kill 'KILL', $pid;
is(answer(), 202, 'another one, by another worker');
settled(2);
is(row('killed', 'term'), $term + 1, 'in the next term');
is(led(), $led + 1, 'which the metrics count');
isnt(row('killed', q(split_part(holder, ' ', 2))), $pid, 'of another process');
is(row('killed', q(until < clock_timestamp() + interval '20 s')), 't', 'with a lease of its own');
--- error_log
exited on signal 9



=== a leader that is stopped, not killed, goes on to be the leader as long as its lease lasts
--- http_config
    slack_outbox "postgres:$TEST_NGINX_POSTGRES" schema=stopped;
--- config eval: $::Config
--- request
GET /_slack/_received
--- timeout: 60s
--- after
ok(until_true { answer() == 202 }, 'an event is stored');
settled(1);
my $pid = stopped('stopped', '3 s');
my $term = row('stopped', 'term');
my $until = row('stopped', 'until');
SlackProof::rewrite_conf(sub { s/worker_processes\s+\d+/worker_processes 3/ });
my ($master) = SlackTest::payload("$ENV{TEST_NGINX_SERVER_ROOT}/logs/nginx.pid") =~ m/(\d+)/;
kill 'HUP', $master;
ok(until_true { row('stopped', 'term') > $term }, 'one of the next generation leads then');
is(row('stopped', "until - interval '15 s' >= '$until'"), 't', 'and not before');
kill 'CONT', $pid;
is(answer(), 202, 'another event is stored');
settled(2);



=== the leader is killed, and its lease lasts for some seconds: another nginx waits for its end
--- http_config
    slack_outbox "postgres:$TEST_NGINX_POSTGRES" schema=hosts;
--- config eval: $::Config
--- request
GET /_slack/_received
--- timeout: 60s
--- after
ok(until_true { answer() == 202 }, 'an event is stored');
settled(1);
my $other = another_nginx();
my ($master) = SlackTest::payload("$ENV{TEST_NGINX_SERVER_ROOT}/logs/nginx.pid") =~ m/(\d+)/;
my $pid = stopped('hosts', '4 s');
my ($term, $until) = (row('hosts', 'term'), row('hosts', 'until'));
kill 'STOP', $master;
kill 'KILL', $pid;
is(answer(), 202, 'another event is stored by a worker that is left');
settled(2);
is(row('hosts', 'term'), $term + 1, 'it is sent in the next term');
is(row('hosts', "until - interval '15 s' >= '$until'"), 't', 'which has begun when the lease had ended');
my $next = row('hosts', q(split_part(holder, ' ', 2)));
ok(scalar(grep { $_ eq $next } SlackProof::children($other)), 'that of the other nginx');
kill 'CONT', $master;
ok(until_true { !kill 0, $pid }, 'the first one has buried the dead');
sleep 2;
is(row('hosts', 'term'), $term + 1, 'and ends nobody else\'s term');
end($other);
is(answer(), 202, 'the other one has ended in order');
settled(3);
is(row('hosts', 'term'), $term + 2, 'and the first one leads');
--- error_log
exited on signal 9
