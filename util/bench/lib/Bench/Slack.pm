package Bench::Slack;

# What stands in for Slack: an nginx that answers after a while, or a socket of
# the caller's own.

use strict;
use warnings;

use Exporter qw(import);
use IO::Select;
use IO::Socket::INET;
use Socket qw(MSG_PEEK);

use Bench::Build qw(own_module);
use Bench::Server;

our @EXPORT_OK = qw(
    bundle listener next_request posted read_request reply sink
);

my $PATIENCE = 60;

# where Debian's libraries look for the CAs that are trusted
my $BUNDLE = '/etc/ssl/certs/ca-certificates.crt';


sub bundle { return $BUNDLE }


sub listener {
    return IO::Socket::INET->new(
        LocalAddr => '127.0.0.1',
        Listen => 1024
    ) || die "no port of 127.0.0.1 is free: $!\n";
}


sub next_request {
    my ($slack, $server) = @_;

    my $select = IO::Select->new($slack, $server);

    for my $ready ($select->can_read($PATIENCE)) {
        return $slack->accept if $ready == $slack;
        return $server if !has_ended($server);
    }

    $select->remove($server);
    $select->can_read($PATIENCE) or die "Slack hears nothing\n";

    return $slack->accept;
}


# looks, and takes nothing

sub has_ended {
    my ($socket) = @_;

    my $byte = '';

    return !defined recv($socket, $byte, 1, MSG_PEEK) || $byte eq '';
}


sub read_request {
    my ($socket) = @_;

    my $text = '';

    while ($text !~ /\r\n\r\n/
        || $text =~ /^Content-Length: (\d+)\r.*?\r\n\r\n(.*)/msi
        && length $2 < $1)
    {
        sysread($socket, $text, 65_536, length $text)
            or die "nginx ended a connection to Slack\n";
    }

    return $text;
}


sub reply {
    my ($socket, $status, $text, $headers) = @_;

    syswrite $socket, "HTTP/1.1 $status\r\n" . ($headers // '')
        . "Content-Type: text/plain\r\nContent-Length: " . length($text)
        . "\r\n\r\n$text";

    return;
}


# what chat.postMessage answers, about as long as Slack's

sub posted {
    my $icons = join ',',
        map { qq("image_$_":"https:\\/\\/a.slack-edge.com\\/bot_$_.png") }
        36, 48, 72;
    my $text = 'pushed to branch main of group/project ' x 8;

    return sprintf '{"ok":true,"channel":"C0BENCH0001",'
        . '"ts":"1764460800.000100","message":{"user":"U0BENCH0001",'
        . '"type":"message","ts":"1764460800.000100","bot_id":"B0BENCH0001",'
        . '"app_id":"A0BENCH0001","team":"T0BENCH0001",'
        . '"bot_profile":{"id":"B0BENCH0001","name":"gitlab","icons":{%s}},'
        . '"attachments":[{"id":1,"fallback":"%s","text":"%s"}]}}',
        $icons, $text, $text;
}


# a Slack, in another nginx

sub sink {
    my ($dir, $how, $latency) = @_;

    my $tls = $how eq 'HTTP/1.1' ? '' : 'ssl';
    $tls .= ' http2' if $how eq 'HTTP/2';

    my $conf = sprintf <<'END', own_module('sink');
load_module %s;
worker_processes 1;
error_log error.log;
pid nginx.pid;

events {
    worker_connections 2048;
}

http {
    log_format time $msec;
    access_log access.log time;
    keepalive_requests 100000000;
    keepalive_timeout 600s;
    http2_max_concurrent_streams 256;
    client_body_buffer_size 64k;
    client_body_temp_path temp/client_body;
    proxy_temp_path temp/proxy;
    fastcgi_temp_path temp/fastcgi;
    uwsgi_temp_path temp/uwsgi;
    scgi_temp_path temp/scgi;

    server {
END

    $conf .= "        listen 127.0.0.1:\@PORT\@ $tls;\n";

    if ($tls) {
        certificate($dir);
        $conf .= "        ssl_certificate $dir/sink.pem;\n"
            . "        ssl_certificate_key $dir/sink.key;\n";
    }

    $conf .= "        location / { sink ${latency}ms; }\n    }\n}\n";

    # HTTP/2 had a limit of its own in old versions
    return Bench::Server->nginx(dir => "$dir/sink", conf => $conf);
}


# of 127.0.0.1, by itself, and all of the system's beside it

sub certificate {
    my ($dir) = @_;

    my @command = (
        qw(openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj),
        '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout',
        "$dir/sink.key", '-out', "$dir/sink.pem"
    );

    open my $out, '-|', join(' ', map { quotemeta } @command) . ' 2>&1'
        or die "openssl: $!\n";
    my @said = <$out>;
    close $out or die "openssl failed\n", @said;

    open my $bundle, '>', "$dir/bundle.pem" or die "$dir/bundle.pem: $!\n";

    for my $file ($BUNDLE, "$dir/sink.pem") {
        open my $fh, '<', $file or die "$file: $!\n";
        print {$bundle} $_ while <$fh>;
    }

    close $bundle or die "$dir/bundle.pem: $!\n";

    return;
}


1;
