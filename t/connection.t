# Connections to Slack that fail at each point of their way: what becomes of
# the message and what the log says.

use strict;
use warnings;

use File::Temp qw(tempdir);
use IO::Socket::INET;
use Socket qw(SOL_SOCKET SO_LINGER);
use Time::HiRes qw(sleep);

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof qw(stored_messages log_count until_true);
use SlackServer;
use SlackTest;

our $Dir = tempdir(CLEANUP => 1);

# what a server does with a connection
our %Server = (
    reset_at_once => sub { },
    reset_midway  => sub { sysread $_[0], my $some, 100 },
    reset_after   => sub { SlackServer::request($_[0]) },
    no_answer     => sub { SlackServer::request($_[0]); sleep 5 },
    silent        => sub { sleep 5 },
    drip          => sub { SlackServer::request($_[0]); slowly($_[0], "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") },
    headers       => sub { SlackServer::request($_[0]); say_to($_[0], "HTTP/1.1 200 OK\r\n"); say_to($_[0], 'X-More: ' . 'x' x 1000 . "\r\n") or return for 1 .. 1000; },
    interim       => sub { SlackServer::request($_[0]); say_to($_[0], "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" . good()) },
    zipped        => sub { SlackServer::request($_[0]); say_to($_[0], "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" . 'x' x 20) },
    no_length     => sub { SlackServer::request($_[0]); say_to($_[0], "HTTP/1.1 200 OK\r\n\r\nok"); shutdown $_[0], 1 },
    old           => sub { SlackServer::request($_[0]); say_to($_[0], "HTTP/0.9 hello\r\n\r\n") },
    written_down  => sub { write_down(CORE::join "\r\n\r\n", SlackServer::request($_[0])); say_to($_[0], good()) },
);

our %Port;
our @Pids = map { serve($_, $Server{$_}) } sort keys %Server;

# it is never accepted: two fill the queue, Linux drops what comes then
our $Full = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1) or die "cannot listen: $!\n";
our @Fill = map { IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $Full->sockport, Blocking => 0) } 1 .. 4;

END { SlackServer::stop(@Pids) }

no_long_string();
plan 'no_plan';
run_tests();


sub good { return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" }

sub say_to { local $SIG{PIPE} = 'IGNORE'; return syswrite $_[0], $_[1] }

sub slowly {
    my ($client, $text) = @_;

    for my $character (split m//, $text) {
        say_to($client, $character) or return;
        sleep 0.1;
    }

    return;
}


sub write_down {
    my ($text) = @_;

    open my $fh, '>', "$Dir/request.new" or die;
    print {$fh} $text;
    close $fh or die;
    rename "$Dir/request.new", "$Dir/request" or die;

    return;
}


# A server for each manner; what it leaves open is reset.
sub serve {
    my ($name, $code) = @_;

    my $reset = $name !~ m/^(?:interim|no_length|written)/;

    ($Port{$name}, my $pid) = SlackServer::start(sub {
        $code->($_[0]);
        setsockopt $_[0], SOL_SOCKET, SO_LINGER, pack('ii', 1, 0) if $reset;
    });

    return $pid;
}


# One try only.
sub hook {
    my ($name, $more, $scheme) = @_;

    my $port = $name =~ m/^[0-9]+$/ ? $name : $Port{$name};

    return "        webhook_url " . ($scheme // 'http') . "://127.0.0.1:$port/services/T1/B1/secret legacy;\n"
        . "        retry 60s 60s;\n        connect_timeout 300ms;\n        timeout 700ms;\n        " . ($more // '') . "\n";
}


# What is left of a message, when the log has this line.
sub left {
    my ($pattern) = @_;

    &until_true(sub { log_count($pattern) });
    is(scalar log_count($pattern), 1, "one line: $pattern");

    my @rows;
    &until_true(sub { @rows = stored_messages(1); $rows[0] !~ m/ waiting 0 / });

    return CORE::join ';', @rows;
}

__DATA__

=== refused
--- config
    location = /hook { slack_notify acme dev; }
--- workspace eval: main::hook(1)
--- hook
wiki_create.json
--- after
like(left(qr/\[warn\].*slack_workspace "acme", channel "#dev": connection refused; check the network, or see proxy; attempt 1 of message \d+, next in \d+\.\ds/), qr/^#dev waiting 1 connection refused/, 'it waits');
--- no_error_log
[alert]
[error]



=== reset at once
--- config
    location = /hook { slack_notify acme dev; }
--- workspace eval: main::hook('reset_at_once')
--- hook
wiki_create.json
--- after
like(left(qr/\[warn\].*"#dev": connect(?:ion| failed).*; attempt \d+ of message \d+, next in/), qr/^#dev waiting 1 connect/, 'it waits');
--- no_error_log
[alert]
[error]



=== reset in the middle of the request
--- config
    location = /hook { slack_notify acme dev; }
--- workspace eval: main::hook('reset_midway')
--- hook
push_30k.json
--- after
like(left(qr/\[warn\].*"#dev": connection .*; attempt \d+ of message \d+, next in/), qr/^#dev waiting 1 /, 'it waits');
--- no_error_log
[alert]
[error]



=== reset after the request: it may be doubled, the log says so
--- config
    location = /hook { slack_notify acme dev; }
--- workspace eval: main::hook('reset_after')
--- hook
wiki_create.json
--- after
like(left(qr/\[warn\].*"#dev": connection .* \(Slack may have it\); attempt \d+ of message \d+, next in/), qr/^#dev waiting 1 /, 'it waits');
--- no_error_log
[alert]
[error]



=== the same with on_ambiguous drop: a dead letter
--- config
    location = /hook { slack_notify acme dev; }
--- workspace eval: main::hook('reset_after', 'on_ambiguous drop;')
--- hook
wiki_create.json
--- after
like(left(qr/\[error\].*"#dev": message \d+ is a dead letter, connection .*; Slack may have it; see on_ambiguous;/), qr/^#dev dead 1 connection/, 'it is dead');
--- no_error_log
[alert]



=== connect hangs
--- config
    location = /hook { slack_notify acme dev; }
--- workspace eval: main::hook($::Full->sockport)
--- hook
wiki_create.json
--- after
like(left(qr/\[warn\].*"#dev": connect timed out; check the network, or see proxy and connect_timeout; attempt \d+ of message \d+, next in/), qr/^#dev waiting 1 connect timed out/, 'it waits');
--- no_error_log
[alert]
[error]



=== the TLS handshake hangs; on_ambiguous drop does not matter, nothing was sent
--- config
    location = /hook { slack_notify acme dev; }
--- workspace eval: main::hook('silent', 'on_ambiguous drop;', 'https')
--- hook
wiki_create.json
--- after
like(left(qr/\[warn\].*"#dev": (?:TLS handshake or proxy|connect) timed out; .*proxy.*; attempt \d+ of message \d+, next in/), qr/^#dev waiting 1 (?:TLS|connect)/, 'it waits');
--- no_error_log
[alert]
[error]



=== the answer does not come, or too slowly
--- config
    location = /hook { slack_notify acme dev; }
    location = /other { slack_notify other ops; }
--- workspace eval: main::hook('no_answer')
--- http_config eval
"    slack_workspace other {\n" . main::hook('drip') . "        channel general;\n    }\n"
--- hook
wiki_create.json
/other wiki_create.json
--- after
until_true { log_count(qr/waits/) == 2 };
is(scalar log_count(qr/\[warn\].*"#(?:dev|ops)": no answer in time \(Slack may have it\); see timeout; attempt \d+ of message \d+, next in/), 2, 'told');
--- no_error_log
[alert]
[error]



=== headers without an end
--- config
    location = /hook { slack_notify acme dev; }
--- workspace eval: main::hook('headers')
--- hook
wiki_create.json
--- after
like(left(qr/\[warn\].*"#dev": the headers of the answer are too large.*; attempt \d+ of message \d+, next in/), qr/^#dev waiting 1 /, 'it waits');
--- no_error_log
[alert]
[error]



=== interim answers, an answer without a length
--- config
    location = /hook { slack_notify acme dev; }
    location = /other { slack_notify other ops; }
--- workspace eval: main::hook('interim')
--- http_config eval
"    slack_workspace other {\n" . main::hook('no_length') . "        channel general;\n    }\n"
--- hook
wiki_create.json
/other wiki_create.json
--- after
is(CORE::join(';', stored_messages()), '#dev sent 0 HTTP 200 "ok";#ops sent 0 HTTP 200 "ok"', 'both are answers');
--- no_error_log
[alert]
[error]
[warn]



=== what is asked for: JSON, no compression, no Expect, no secrets of nginx
--- config
    location = /hook { slack_notify acme dev; }
--- workspace eval: main::hook('written_down')
--- hook
push_30k.json
--- after
until_true { -e "$main::Dir/request" };
my ($head, $body) = split m/\r\n\r\n/, SlackTest::payload("$main::Dir/request"), 2;

like($head, qr{\APOST /services/T1/B1/secret HTTP/1\.1\r\n}, 'the request line');
like($head, qr{^Content-Type: application/json; charset=utf-8\r$}mi, 'its type');
like($head, qr{^User-Agent: ngx_slack_notify_module/[0-9.]+\r$}mi, 'who asks');
unlike($head, qr{^(?:Accept-Encoding|Expect|Authorization|Cookie|Referer|TE):}mi, 'and nothing more');
is(ref JSON::PP::decode_json($body), 'HASH', 'JSON');
--- no_error_log
[alert]
[error]



=== an answer that is compressed though nobody asked, or no HTTP at all
--- config
    location = /hook { slack_notify acme dev; }
    location = /other { slack_notify other ops; }
--- workspace eval: main::hook('zipped')
--- http_config eval
"    slack_workspace other {\n" . main::hook('old') . "        channel general;\n    }\n"
--- hook
wiki_create.json
/other wiki_create.json
--- after
my @rows;
until_true { @rows = stored_messages(2); $rows[1] !~ m/ waiting 0 / };
like($rows[0], qr/^#dev waiting 0 /, 'it waits: this is not Slack');
like($rows[1], qr/^#ops (?:waiting|dead) 1 /, 'an outcome');
ok(until_true { log_count(qr/"#dev": Slack refuses the webhook, HTTP 200 "x+"; this is not an answer of Slack, check webhook_url; messages of all its channels wait/) }, 'told');
--- no_error_log
[alert]
