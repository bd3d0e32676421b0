# A real Alertmanager, that of Debian's package prometheus-alertmanager: an
# alert fires, is repeated and ends; and a full outbox has it try again.

use strict;
use warnings;

use File::Temp qw(tempdir);
use HTTP::Tiny;
use JSON::PP ();
use POSIX ();

use lib 't/util';
use Test::Nginx::Socket;
use SlackClient;
use SlackProof qw(received until_true);
use SlackServer;
use SlackTest;

my ($Program) = grep { -x $_ } map { "$_/prometheus-alertmanager" } split m/:/, $ENV{PATH};

plan skip_all => 'NOT TESTED: prometheus-alertmanager is not installed, run util/setup --ci'
    if !$Program;

our ($Port, $Pid);

END { SlackServer::stop($Pid) if $Pid }

no_long_string();
plan 'no_plan';
run_tests();


# Posts to the location /alerts of the block, all intervals as short as may be.
sub alertmanager {
    my $dir = tempdir(CLEANUP => 1);

    $Port = SlackServer::free_port();

    open my $fh, '>', "$dir/config.yml" or die "cannot write $dir/config.yml: $!\n";
    print {$fh} <<"END";
route:
  receiver: slack
  group_by: [alertname]
  group_wait: 1ms
  group_interval: 500ms
  repeat_interval: 500ms
receivers:
  - name: slack
    webhook_configs:
      - url: @{[ SlackClient::url('/alerts') ]}
        http_config:
          authorization:
            credentials: s3cret
END
    close $fh or die "cannot write $dir/config.yml: $!\n";

    $Pid = fork // die "cannot fork: $!\n";

    if (!$Pid) {
        open STDOUT, '>', "$dir/log";
        open STDERR, '>&', \*STDOUT;
        exec $Program, "--config.file=$dir/config.yml", "--storage.path=$dir/data",
            "--web.listen-address=127.0.0.1:$Port", '--cluster.listen-address='
            or POSIX::_exit(1);
    }

    until_true { HTTP::Tiny->new->get("http://127.0.0.1:$Port/-/ready")->{success} }
        or die 'Alertmanager does not start: ' . SlackTest::payload("$dir/log");

    return;
}


sub stop {
    SlackServer::stop($Pid);
    undef $Pid;

    return;
}


# An alert as Prometheus posts it; times as HTTP has them, in seconds from now.
sub alert {
    my ($starts, $ends) = @_;

    my ($start, $end) = map { POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime(time + $_)) } $starts, $ends;

    my $answer = HTTP::Tiny->new->post("http://127.0.0.1:$Port/api/v2/alerts", {
        headers => { 'Content-Type' => 'application/json' },
        content => JSON::PP::encode_json([ {
            labels       => { alertname => 'TankPressureHigh', severity => 'critical', instance => 'tank-1' },
            annotations  => { summary => 'Pressure above 3.2 bar' },
            startsAt     => $start,
            endsAt       => $end,
            generatorURL => 'https://prometheus.example.com/graph',
        } ]),
    });

    return $answer->{success};
}


# What Alertmanager was answered.
sub answers {
    return split m/\n/, SlackTest::payload("$ENV{TEST_NGINX_SERVER_ROOT}/logs/alerts.log");
}


sub answered {
    my ($pattern, $n) = @_;

    return until_true { (grep { $_ =~ $pattern } answers()) >= ($n // 1) };
}

__DATA__

=== fires, is repeated, ends
--- http_config
    log_format alerts '$status $slack_status $slack_reason';
--- config
    location = /alerts {
        access_log   logs/alerts.log alerts;
        slack_secret s3cret;
        slack_notify acme ops;
    }
--- request
GET /_slack/_requests
--- after
main::alertmanager();

ok(main::alert(-60, 600), 'an alert fires');
ok(main::answered(qr/^202 queued/), 'it is announced');
ok(main::answered(qr/^200 filtered repeat/, 2), 'a repetition is not');

ok(main::alert(-60, -1), 'it ends');
ok(main::answered(qr/^202 queued/, 2), 'that is announced');
ok(main::alert(-60, 600), 'it fires again');
ok(main::answered(qr/^202 queued/, 3), 'that is announced');
main::stop();

my @told;

until_true {
    @told = map { map { $_->{fallback} } @{ $_->{payload}{attachments} } } received('#ops');
    @told >= 3;
};

is_deeply(\@told, [ 'Alert firing: TankPressureHigh', 'Alert resolved: TankPressureHigh',
    'Alert firing: TankPressureHigh' ], 'what Slack received');
--- no_error_log
[error]
[alert]



=== a full outbox makes it try again
--- http_config
    log_format alerts '$status $slack_status $slack_reason';
--- config
    location = /hook {
        slack_notify acme busy;
    }

    location = /alerts {
        access_log   logs/alerts.log alerts;
        slack_secret s3cret;
        slack_notify acme ops;
    }
--- outbox
max=1
--- workspace
    retry 500ms 500ms;
--- faults
#busy ["500:no","500:no","500:no","500:no"]
--- hook
push.json
--- after
main::alertmanager();

ok(main::alert(-60, 600), 'an alert fires');
ok(main::answered(qr/^503 error outbox is full/), 'there is no room for it');
ok(main::answered(qr/^202 queued/), 'it comes again when there is');
main::stop();

my @received = received('#ops', 1);
is(scalar @received, 1, 'and to Slack');
--- no_error_log
[alert]
