# A proxy between us and Slack: tinyproxy of Debian, with CONNECT and Basic
# authentication; and proxies that refuse, hang or are not there.

use strict;
use warnings;

use File::Temp qw(tempdir);
use IO::Socket::INET;
use Time::HiRes qw(sleep);

use lib 't/util';
use Test::Nginx::Socket;
use SlackFront;
use SlackProof;
use SlackServer;
use SlackTest;

our $Dir = tempdir(CLEANUP => 1);
our ($Front, $Proxy, $Forbidden) = map { SlackServer::free_port() } 1 .. 3;
our $Silent = SlackServer::listener();

SlackFront::certificate($Dir);

our $Pid = start_proxy();

END { SlackServer::stop($Pid) if $Pid }

no_long_string();
plan 'no_plan';
run_tests();


sub start_proxy {
    open my $fh, '>', "$Dir/tinyproxy.conf" or die;
    print {$fh} <<"END";
Port $Proxy
Listen 127.0.0.1
Timeout 20
MaxClients 50
Allow 127.0.0.1
BasicAuth us3rname s3cretpass
ConnectPort $Front
LogLevel Connect
LogFile "$Dir/proxy.log"
PidFile "$Dir/proxy.pid"
END
    close $fh or die;

    my $pid = fork // die "cannot fork: $!\n";

    if (!$pid) {
        open STDOUT, '>', '/dev/null';
        open STDERR, '>', '/dev/null';
        exec 'tinyproxy', '-d', '-c', "$Dir/tinyproxy.conf" or POSIX::_exit(1);
    }

    for (1 .. 200) {
        return $pid if IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $Proxy);
        sleep 0.05;
    }

    die "tinyproxy does not start\n";
}


sub front { return SlackFront::server($Dir, $Front) }


sub workspace {
    my ($proxy, $port) = @_;

    return "        webhook_url https://127.0.0.1:" . ($port // $Front) . "/services/\$SLACK_TEAM/B1/secret legacy;\n"
        . "        trusted_certificate $Dir/cert.pem;\n        proxy $proxy;\n"
        . "        retry 60s 60s;\n        connect_timeout 2s;\n";
}

__DATA__

=== CONNECT with credentials
--- http_config eval: main::front()
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::workspace("http://us3rname:s3cretpass\@127.0.0.1:$::Proxy")
--- hook
wiki_create.json
--- slack_like
^#dev as GitLab$
--- slack_wait: 1
--- after
my $log = SlackTest::payload("$main::Dir/proxy.log");
like($log, qr/CONNECT 127\.0\.0\.1:$main::Front HTTP/, 'by the proxy');
unlike($log, qr{/services/}, 'which sees no webhook');
--- no_error_log
[alert]
[error]
[warn]
s3cretpass



=== wrong credentials
--- http_config eval: main::front()
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::workspace("http://us3rname:wr0ngpass\@127.0.0.1:$::Proxy")
--- hook
wiki_create.json
--- log_like
\[warn\].*slack_workspace "acme", channel "#dev": the proxy refused to connect \(HTTP 40[17]\), by proxy 127\.0\.0\.1:\d+; check the credentials in proxy; attempt \d+ of message \d+, next in
--- no_error_log
[alert]
wr0ngpass
us3rname



=== a port the proxy does not let through
--- http_config eval: main::front()
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::workspace("http://us3rname:s3cretpass\@127.0.0.1:$::Proxy", $::Forbidden)
--- hook
wiki_create.json
--- log_like
"#dev": the proxy refused to connect \(HTTP 403\), by proxy 127\.0\.0\.1:\d+; check proxy; attempt \d+ of message \d+, next in
--- no_error_log
[alert]
s3cretpass



=== no proxy there
--- http_config eval: main::front()
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::workspace("http://us3rname:s3cretpass\@127.0.0.1:1")
--- hook
wiki_create.json
--- log_like
"#dev": connection refused, by proxy 127\.0\.0\.1:1; check the network, or see proxy; attempt \d+ of message \d+, next in
--- no_error_log
[alert]
s3cretpass
us3rname



=== a proxy that does not answer
--- http_config eval: main::front()
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::workspace('http://us3rname:s3cretpass@127.0.0.1:' . $::Silent->sockport) =~ s/connect_timeout 2s/connect_timeout 300ms/r
--- hook
wiki_create.json
--- log_like
"#dev": (?:TLS handshake or proxy|connect) timed out, by proxy 127\.0\.0\.1:\d+; .*proxy.*; attempt \d+ of message \d+, next in
--- no_error_log
[alert]
s3cretpass



=== a proxy whose name is unknown
--- http_config eval: main::front()
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::workspace('http://us3rname:s3cretpass@no-such-host.invalid:3128')
--- hook
wiki_create.json
--- log_like
"#dev": (?:host name of the proxy could not be resolved|no connection in time|connect timed out), by proxy no-such-host\.invalid:3128; .*proxy
--- no_error_log
[alert]
s3cretpass
