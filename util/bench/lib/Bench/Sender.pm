package Bench::Sender;

# An nginx with the module, whose messages go to what stands in for Slack.

use strict;
use warnings;

use Exporter qw(import);
use Fcntl qw(:flock);

use Bench::Build qw(module);
use Bench::Server;
use Bench::Slack qw(bundle);

our @EXPORT_OK = qw(hold_leader sender);

# requests of a workspace under way at most
my $OF_WORKSPACE = 64;


# what a route to channels says of threads, by the kind of sender
my %THREAD = (
    reply => 'thread reply key=one;',
    change => 'events pipeline:running,success; thread update;'
);


# nginx with the module, towards that sink, a route to each channel; "kind" is
# "webhook", "token", or with a token "reply", which puts all messages of a
# channel into one thread, and "change", which changes messages

sub sender {
    my ($dir, $sink, $how, $kind, $channels, $rate) = @_;

    my $scheme = $how eq 'HTTP/1.1' ? 'http' : 'https';
    my $host = "$scheme://127.0.0.1:$sink->{port}";

    # root can put the bundle at its place, for nginx alone; others name it
    my (@under, $trusted);

    if ($scheme eq 'https' && !$>) {
        @under = (qw(unshare -m sh -c),
            "mount --bind $dir/bundle.pem @{[bundle()]} && exec \"\$0\" \"\$@\"");

    } elsif ($scheme eq 'https') {
        $trusted = "trusted_certificate $dir/bundle.pem;";
    }

    $trusted //= '';

    my $routes = '';
    my $workspaces = '';

    for (my $n = 1; $n <= $channels; $n += 8) {
        my $last = $n + 7 < $channels ? $n + 7 : $channels;
        my $name = 'acme-' . int(($n - 1) / $OF_WORKSPACE);

        $routes .= sprintf "            slack_route %s { channel %s; %s }\n",
            $name, join(',', map { "channel-$_" } $n .. $last),
            $THREAD{$kind} // '';

        next if ($n - 1) % $OF_WORKSPACE;

        my $endpoint = $kind eq 'webhook'
            ? "webhook_url $host/services/T0/B0/bench legacy;"
            : "bot_token xoxb-1-$n-of-the-benchmark; api_url $host/api;"
                . ' post_rate off; update_rate 1000r/s;';

        $workspaces .= <<"END";
    slack_workspace $name {
        $endpoint
        coalesce 1;
        $rate
        $trusted
    }

END
    }

    my $conf = sprintf <<"END", module();
load_module %s;
worker_processes 1;
error_log error.log;
pid nginx.pid;
thread_pool slack threads=4;

events {
    worker_connections 1024;
}

http {
    access_log off;
    keepalive_requests 100000000;
    client_body_buffer_size 64k;
    client_body_temp_path temp/client_body;
    proxy_temp_path temp/proxy;
    fastcgi_temp_path temp/fastcgi;
    uwsgi_temp_path temp/uwsgi;
    scgi_temp_path temp/scgi;

    slack_outbox sqlite:$dir/outbox/outbox.db;
    slack_thread_pool slack;

$workspaces    server {
        listen 127.0.0.1:\@PORT\@;

        location = /hook {
$routes        }
    }
}
END

    return Bench::Server->nginx(
        dir => $dir,
        conf => $conf,
        under => \@under
    );
}


sub hold_leader {
    my ($dir) = @_;

    mkdir "$dir/outbox";

    open my $lock, '>', "$dir/outbox/outbox.db.leader"
        or die "$dir/outbox: $!\n";
    flock $lock, LOCK_EX or die "flock: $!\n";

    return $lock;
}


1;
