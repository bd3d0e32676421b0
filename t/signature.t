# Signed requests (Standard Webhooks).

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackSign;

our $Old = 'whsec_b2xkIHNlY3JldCBvZiB0aGUgd2ViaG9vaw==';
our $New = 'whsec_AAH+/3JhbmRvbSBieXRlcyBvZiAzMiBieXRlcyAuLi4=';
our $Wrong = 'whsec_d3Jvbmc=';

$ENV{TEST_NGINX_OLD} = $Old;
$ENV{TEST_NGINX_NEW} = $New;

our $Refused = qq(401 {"status":"rejected","reason":"unauthorized"}\n);
our $Queued  = qq(202 {"status":"queued","event":"push","messages":1}\n);


# a signed line of "hook"
sub line {
    my ($id, %option) = @_;

    return SlackSign::line('push.json', secret => $Old, id => $id, %option) . "\n";
}


# the same with one header changed
sub changed {
    my ($id, $from, $to) = @_;

    my $line = line($id);
    $line =~ s/$from/$to/ or die "$from is not in $line\n";

    return $line;
}

plan 'no_plan';
run_tests();

__DATA__

=== right, and wrong in each part that is signed
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_notify acme;
    }
--- hook eval
::line('msg_1')
. ::line('msg_2', secret => $::Wrong)
. ::changed('msg_3', qr/msg_3/, 'msg_4')
. ::changed('msg_5', qr/timestamp: [0-9]+/, 'timestamp: ' . (time + 10))
. ::changed('msg_6', qr/^push\.json/, 'push_1k.json')
. ::changed('msg_7', qr/v1,/, 'v1,A')
. ::changed('msg_8', qr/v1,./, 'v1,')
--- answers eval
$::Queued . $::Refused x 6
--- no_error_log
[alert]
[crit]



=== what is no signature
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_notify acme;
    }
--- hook eval
CORE::join '', map { ::line('msg_1', sent => $_) } '', 'v1', 'v1,', ' ', '%s,%s', ',%s', 'v1, %s', 'v2,%s', 'v1,' . '!' x 44, 'v1,' . '=' x 44, 'v1,' . 'A' x 44, 'v1,' . 'A' x 1000
--- answers eval
($::Refused x 6) . $::Queued . $::Refused x 5
--- no_error_log
[alert]
[crit]



=== each of those listed is tried
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_notify acme;
    }
--- hook eval
my $other = 'v1,' . 'B' x 43 . '=';
::line('msg_1', sent => "$other %s")
. ::line('msg_2', sent => "%s $other")
. ::line('msg_3', sent => "v1a,abc v2,def $other   %s v3")
. ::line('msg_4', sent => "$other " x 40 . '%s')
. ::line('msg_5', sent => "$other $other")
. ::line('msg_6', sent => '%s' =~ s/%s/v1a,x/r)
--- answers eval
$::Queued x 4 . $::Refused x 2
--- no_error_log
[alert]
[crit]



=== several keys
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_secret $TEST_NGINX_NEW;
        slack_notify acme;
    }
--- hook eval
::line('msg_1') . ::line('msg_2', secret => $::New) . ::line('msg_3', secret => $::Wrong)
--- answers eval
$::Queued x 2 . $::Refused
--- no_error_log
[alert]
[crit]



=== five minutes, to both sides
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_notify acme;
    }
--- hook eval
::line('msg_1', age => 240) . ::line('msg_2', age => -240) . ::line('msg_3', age => 400) . ::line('msg_4', age => -400) . ::line('msg_5', age => time)
--- answers eval
$::Queued x 2 . $::Refused x 3
--- no_error_log
[alert]
[crit]



=== what is no timestamp
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_notify acme;
    }
--- hook eval
CORE::join '', map { ::changed('msg_1', qr/timestamp: [0-9]+/, "timestamp: $_") } '', 'now', '-1', '1.5', time . '.0', time . 'x', '9' x 30
--- answers eval
$::Refused x 7
--- no_error_log
[alert]
[crit]



=== the headers must be there, once each
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_notify acme;
    }
--- hook eval
::changed('msg_1', qr/webhook-id: msg_1 \| /, '')
. ::changed('msg_2', qr/webhook-timestamp: [0-9]+ \| /, '')
. ::changed('msg_3', qr/(webhook-id: msg_3 \| )/, '$1$1' =~ s/\$1/webhook-id: msg_3 | /gr)
. ::changed('msg_4', qr/(?=webhook-timestamp)/, 'webhook-timestamp: ' . time . ' | ')
. ::changed('msg_5', qr/(?=webhook-signature)/, 'webhook-signature: v1,x | ')
. ::changed('msg_6', qr/(webhook-signature: (\S+))/, 'webhook-signature: v1,x | webhook-signature: v1,y')
. ::line('')
--- answers eval
$::Refused x 7
--- no_error_log
[alert]
[crit]



=== a signature that is sent must verify, whatever the token
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_secret token;
        slack_notify acme;
    }
--- hook eval
::line('msg_1')
. ::line('msg_2', more => ['X-Gitlab-Token: wrong'])
. ::line('msg_3', secret => $::Wrong, more => ['X-Gitlab-Token: token'])
. ::line('msg_4', age => 1000, more => ['X-Gitlab-Token: token'])
. "push.json | X-Gitlab-Token: token\n"
. "push.json | X-Gitlab-Token: $::Old\n"
. "push.json | webhook-id: msg_5 | webhook-timestamp: 1 | X-Gitlab-Token: token\n"
. "push.json\n"
--- answers eval
$::Queued x 2 . $::Refused x 2 . $::Queued . $::Refused . $::Queued . $::Refused
--- no_error_log
[alert]
[crit]



=== signed, but there is no key to verify it
--- config
    location = /hook {
        slack_secret token;
        slack_notify acme;
    }
--- hook eval
::line('msg_1', more => ['X-Gitlab-Token: token'])
--- answers eval
$::Refused
--- error_log
slack notify: request refused, the request is signed, but no slack_secret begins with whsec_, client: 127.0.0.1
--- no_error_log
[alert]
[crit]



=== a key, and a token instead of a signature
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_notify acme;
    }
--- hook
push.json | X-Gitlab-Token: token
--- answers eval
$::Refused
--- error_log
slack notify: request refused, the request is not signed, but every slack_secret begins with whsec_, client: 127.0.0.1
--- no_error_log
[alert]
[crit]



=== the log tells the cause: wrong
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_notify acme;
    }
--- hook eval
::line('msg_1', secret => $::Wrong)
--- answers eval
$::Refused
--- error_log
slack notify: request refused, webhook-signature is wrong, the sender's secret must be a slack_secret of the location, and nothing may change the body on the way, client: 127.0.0.1
--- no_error_log
[alert]
[crit]



=== the log tells the cause: too old
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_notify acme;
    }
--- hook eval
::line('msg_1', age => 1000)
--- answers eval
$::Refused
--- error_log
slack notify: request refused, webhook-timestamp is not within five minutes of this clock, client: 127.0.0.1
--- no_error_log
[alert]
[crit]



=== the log tells the cause: a header is missing
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_notify acme;
    }
--- hook eval
::changed('msg_1', qr/webhook-id: msg_1 \| /, '')
--- answers eval
$::Refused
--- error_log
slack notify: request refused, webhook-id and webhook-timestamp must be sent once each, client: 127.0.0.1
--- no_error_log
[alert]
[crit]



=== the log tells the cause: twice
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_notify acme;
    }
--- hook eval
::changed('msg_1', qr/(?=webhook-signature)/, 'webhook-signature: v1,x | ')
--- answers eval
$::Refused
--- error_log
slack notify: request refused, webhook-signature was sent twice, client: 127.0.0.1
--- no_error_log
[alert]
[crit]



=== a replay is a duplicate, whatever else its headers say
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_notify acme;
    }
--- hook eval
::line('msg_1', more => ['Idempotency-Key: a'])
. ::line('msg_1', more => ['Idempotency-Key: a'])
. ::line('msg_1', more => ['Idempotency-Key: b', 'X-Gitlab-Webhook-UUID: c'])
. ::line('msg_1', age => 100)
. ::line('msg_2', more => ['Idempotency-Key: a'])
. ::line('msg_' . 'x' x 1000)
. ::line('msg_' . 'x' x 1000)
. ::line('msg_' . 'x' x 1001)
--- answers eval
my $duplicate = qq(200 {"status":"duplicate","event":"push"}\n);
$::Queued . $duplicate x 3 . $::Queued x 2 . $duplicate . $::Queued
--- slack_like
\A(?:#general as GitLab\n(?:.+\n)+\n*){4}\z
--- slack_wait
4
--- no_error_log
[error]
[alert]



=== an event no route takes is verified too
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;

        slack_route acme {
            events pipeline;
        }
    }
--- hook eval
::line('msg_1') . ::line('msg_2', secret => $::Wrong)
--- answers eval
qq(200 {"status":"filtered","reason":"events"}\n) . $::Refused
--- no_error_log
[alert]
[crit]



=== a wrong signature comes before what is wrong with the body
--- config
    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_notify acme;
    }
--- request eval
["POST /hook\n{\"a\":", "POST /hook\n{\"a\":", "POST /hook", "POST /hook"]
--- more_headers eval
[map { CORE::join "\n", @$_ } [SlackSign::headers('{"a":', secret => $::Wrong, id => 1)], [SlackSign::headers('{"a":', secret => $::Old, id => 1)], [SlackSign::headers('', secret => $::Wrong, id => 2)], [SlackSign::headers('', secret => $::Old, id => 2)]]
--- error_code eval
[401, 400, 401, 400]
--- response_body eval
['{"status":"rejected","reason":"unauthorized"}' . "\n", '{"status":"rejected","reason":"body ends early at byte 5"}' . "\n", '{"status":"rejected","reason":"unauthorized"}' . "\n", '{"status":"rejected","reason":"body is empty"}' . "\n"]
--- no_error_log
[alert]
[crit]



=== a body in many pieces, and in a form as it was sent
--- config
    client_body_buffer_size 1k;

    location = /hook {
        slack_secret $TEST_NGINX_OLD;
        slack_notify acme;
    }
--- request eval
my $json = SlackTest::payload('push_30k.json');
my $form = 'payload=' . SlackTest::payload('push.json') =~ s/([^A-Za-z0-9 ])/sprintf '%%%02X', ord $1/ger =~ s/ /+/gr;
["POST /hook\n$json", "POST /hook\n" . CORE::join('', map { sprintf "%x\r\n%s\r\n", length, $_ } $json =~ m/(.{1,1000})/gs) . "0\r\n\r\n", "POST /hook\n$form", "POST /hook\n$form "]
--- more_headers eval
my $json = SlackTest::payload('push_30k.json');
my $form = 'payload=' . SlackTest::payload('push.json') =~ s/([^A-Za-z0-9 ])/sprintf '%%%02X', ord $1/ger =~ s/ /+/gr;
[CORE::join("\n", SlackSign::headers($json, secret => $::Old, id => 1)),
CORE::join("\n", 'Transfer-Encoding: chunked', SlackSign::headers($json, secret => $::Old, id => 2)),
CORE::join("\n", 'Content-Type: application/x-www-form-urlencoded', SlackSign::headers($form, secret => $::Old, id => 3)),
CORE::join("\n", 'Content-Type: application/x-www-form-urlencoded', 'Content-Length: ' . (1 + length $form), SlackSign::headers($form, secret => $::Old, id => 4))]
--- error_code eval
[202, 202, 202, 401]
--- response_body_like eval
["queued", "queued", "queued", "unauthorized"]
--- no_error_log
[alert]
[crit]



=== a key in a file, headers in any case
--- config
    location = /hook {
        slack_secret $TEST_NGINX_NEW;
        slack_notify acme;
    }
--- hook eval
::line('msg_1', secret => $::New) =~ s/webhook-(\w+)/Webhook-\u$1/gr . ::line('msg_2', secret => $::New) =~ s/(webhook-\w+)/\U$1/gr
--- no_error_log
[error]
[alert]
