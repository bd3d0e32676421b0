# Bodies in all the ways they come, and how little of them is kept.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackClient;

sub payload { return SlackTest::payload(@_) }


# a form with a payload
sub form {
    my ($json) = @_;

    return 'payload=' . $json =~ s/([^A-Za-z0-9 ])/sprintf '%%%02X', ord $1/ger =~ s/ /+/gr;
}


our $Form   = 'Content-Type: application/x-www-form-urlencoded';
our $Close  = 'Connection: close';
our $Queued = qr/^\{"status":"queued","event":"push","messages":1,"id":[0-9]+\}$/m;

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== in chunks of one byte and of others
--- config
    location = /hook {
        slack_notify acme;
    }
--- client eval
sub {
    my $body = ::payload('push_1k.json');

    for my $sizes ([1], [3], [100, 1, 1, 7], [100000]) {
        my $text = SlackClient::talk(SlackClient::request('/hook', SlackClient::chunked($body, @$sizes), 'Transfer-Encoding: chunked', $::Close));
        Test::More::like($text, $::Queued, "chunks of @$sizes");
    }
    Test::More::is(() = SlackClient::slack(4) =~ m/^#general/mg, 4, 'all are delivered');
}
--- no_error_log
[error]
[alert]



=== in packets of one byte, with and without a length
--- config
    client_body_buffer_size 100;

    location = /hook {
        slack_notify acme;
    }
--- client eval
sub {
    my $body = ::payload('push_1k.json');

    my $text = SlackClient::talk(SlackClient::request('/hook', '', 'Content-Length: ' . length $body, $::Close), split m//, $body);
    Test::More::like($text, $::Queued, "with a length");

    $text = SlackClient::talk(SlackClient::request('/hook', '', 'Transfer-Encoding: chunked', $::Close), split m//, SlackClient::chunked($body, 10));
    Test::More::like($text, $::Queued, "in chunks");
}
--- no_error_log
[error]
[alert]
a client request body is buffered to a temporary file



=== HTTP/1.0
--- config
    location = /hook {
        slack_notify acme;
    }
--- client eval
sub {
    my $request = SlackClient::request('/hook', ::payload('push_1k.json'));
    my $text = SlackClient::talk($request =~ s{HTTP/1.1}{HTTP/1.0}r);
    Test::More::like($text, $::Queued, "stored");

    $text = SlackClient::talk("POST /hook HTTP/1.0\r\n\r\n{}");
    Test::More::like($text, qr/"body is empty"/, "no length, no body");
}
--- no_error_log
[error]
[alert]



=== Expect: 100-continue
--- config
    location = /hook {
        slack_notify acme;
    }
    location = /token {
        slack_secret one;
        slack_notify acme;
    }
--- client eval
sub {
    my $body = ::payload('push_1k.json');
    my @headers = ('Content-Length: ' . length $body, 'Expect: 100-continue', $::Close);

    my $client = SlackClient::connection();
    print {$client} SlackClient::request('/hook', '', @headers);
    my $text = SlackClient::read_until($client, qr/\r\n\r\n/);
    Test::More::is(SlackClient::codes($text), '100', 'asked for the body');

    print {$client} $body;
    Test::More::like(SlackClient::read_until($client), $::Queued, 'stored');

    $client = SlackClient::connection();
    print {$client} SlackClient::request('/token', '', @headers);
    $text = SlackClient::read_until($client, qr/unauthorized/);
    Test::More::is(SlackClient::codes($text), '401', 'refused without it');
}
--- no_error_log
[alert]
[crit]



=== keep-alive: requests in one packet, of all outcomes
--- config
    location = /hook {
        slack_notify acme;
    }
    location = /token {
        slack_secret one;
        slack_notify acme;
    }
    location = /other {
        return 200 "other\n";
    }
--- client eval
sub {
    my $body = ::payload('push_1k.json');
    my $text = SlackClient::talk(CORE::join '',
        SlackClient::request('/hook', $body),
        SlackClient::request('/token', $body),
        SlackClient::request('/hook', SlackClient::chunked($body, 50), 'Transfer-Encoding: chunked'),
        SlackClient::request('/token', SlackClient::chunked($body, 50), 'Transfer-Encoding: chunked'),
        SlackClient::request('/hook', '{"a"}'),
        SlackClient::request('/hook', '{}', 'Content-Type: text/plain'),
        SlackClient::request('/hook', '{}') =~ s/^POST/PUT/r,
        SlackClient::request('/other', ''),
        SlackClient::request('/hook', ''),
        SlackClient::request('/hook', $body, $::Close));
    Test::More::is(SlackClient::codes($text), '202 401 202 401 400 415 405 200 400 202', 'each has its answer');
    Test::More::is(() = SlackClient::slack(3) =~ m/^#general/mg, 3, 'what was stored is delivered');
}
--- no_error_log
[alert]
[crit]



=== larger than its buffer, and no temp file is made
--- config
    client_body_buffer_size 1k;

    location = /hook {
        slack_notify acme;
    }
--- client eval
sub {
    my $body = ::payload('push_30k.json');

    Test::More::like(SlackClient::talk(SlackClient::request('/hook', $body, $::Close)), $::Queued, 'with a length');
    Test::More::like(SlackClient::talk(SlackClient::request('/hook', SlackClient::chunked($body, 5000), 'Transfer-Encoding: chunked', $::Close)), $::Queued, 'in chunks');
}
--- no_error_log
[error]
[alert]
[warn]
client_body_temp/



=== client_body_in_file_only, client_body_in_single_buffer
--- config
    location = /clean {
        client_body_in_file_only clean;
        slack_notify acme;
    }
    location = /on {
        client_body_in_file_only on;
        slack_notify acme;
    }
    location = /single {
        client_body_in_single_buffer on;
        client_body_buffer_size 1k;
        slack_notify acme;
    }
--- hook
/clean  push.json
/on     push_30k.json
/single push_30k.json
--- slack_like
\A(?:#general as GitLab\n(?:.+\n)+\n*){3}\z
--- slack_wait
3
--- no_error_log
[error]
[alert]



=== 25 MB, in memory that does not grow with it
--- log_level: info
--- config
    location = /hook {
        client_max_body_size 26m;
        slack_notify acme;
    }
--- client eval
sub {
    my $body = ::payload('push.json');
    my $mega = 1024 * 1024;

    my %big = (
        'one string'   => sub { $body =~ s/\}\s*\z/,"wiki":"/r . 'text <>&\\n\\u003c' x (25 * $mega / 16 - 500) . '"}' },
        'one key'      => sub { $body =~ s/\}\s*\z/,"/r . 'k' x (24 * $mega) . '":1}' },
        'many strings' => sub { $body =~ s/\}\s*\z/,"more":[/r . '"some text",' x (2 * $mega) . '0]}' },
        '10^6 keys'    => sub { $body =~ s/\}\s*\z/,/r . CORE::join(',', map { qq("key$_":$_) } 1 .. 1000000) . '}' },
        'the same key' => sub { $body =~ s/\}\s*\z/,/r . CORE::join(',', ('"ref":"refs/heads/main"') x 1000000) . '}' },
        'commits'      => sub { '{"commits":[' . CORE::join(',', ('{"id":"a","title":"b"}') x 1000000) . '],' . $body =~ s/\A\s*\{//r },
        'white space'  => sub { $body =~ s/\}\s*\z/ /r . "\n " x (12 * $mega) . '}' },
    );

    my ($worker) = SlackClient::processes();

    SlackClient::talk(SlackClient::request('/hook', $body, $::Close)) for 1 .. 10;
    my $before = SlackClient::peak($worker);

    for my $name (sort keys %big) {
        my $text = SlackClient::talk(SlackClient::request('/hook', $big{$name}->(), $::Close));
        Test::More::like($text, $::Queued, "$name - stored");
        my $after = SlackClient::peak($worker);
        Test::More::cmp_ok($after - $before, '<', 3 * 1024, "$name - the worker does not grow much") if !$ENV{TEST_NGINX_LD_PRELOAD} && !$ENV{TEST_NGINX_USE_VALGRIND};
    }
}
--- timeout: 60s
--- no_error_log
[error]
[alert]



=== a form, in pieces of all sizes
--- config
    location = /hook {
        slack_notify acme;
    }
--- client eval
sub {
    my $body = ::form('{"object_kind":"a b+c&d=e%f\u00e9/\"q\""}');
    my $expected = '{"status":"ignored","reason":"a b+c&d=e%fé/\"q\""}';

    for my $size (1 .. length $body) {
        my $text = SlackClient::talk(SlackClient::request('/hook', SlackClient::chunked($body, $size), 'Transfer-Encoding: chunked', $::Form, $::Close));
        my ($answer) = $text =~ m/^(\{.*\})$/m;
        Test::More::is($answer, $expected, "chunks of $size");
    }
}
--- no_error_log
[error]
[alert]



=== fields of a form
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
[map { "POST /hook\n$_" } 'payload={"object_kind":"k1"}', 'a=b&c=d&payload={"object_kind":"k2"}&e=f', 'payload={"object_kind":"k3"}&payload={"object_kind":"x"}', 'payloads={}&xpayload={}&pay=1&payload&payload={"object_kind":"k4"}', '&&payload=%7b%22object%5fkind%22%3A%22k5%22%7D', 'payload=%7B%22object_kind%22:%22k%+6%zz%4%22%7D', 'payload={"object_kind":"k7"}&', 'payload={"object_kind"%3a"k8"}&e', 'payload=%7', 'payload=%']
--- more_headers
Content-Type: application/x-www-form-urlencoded; charset=utf-8
--- error_code eval
[(200) x 8, 400, 400]
--- response_body_like eval
['"k1"', '"k2"', '"k3"', '"k4"', '"k5"', '"k% 6%zz%4"', '"k7"', '"k8"', '"reason":"body is', '"reason":"body is']
--- no_error_log
[error]
[alert]



=== a push in a form reaches Slack
--- config
    client_body_buffer_size 1k;

    location = /hook {
        slack_notify acme;
    }
--- request eval
["POST /hook\n" . ::form(::payload('push.json')), "GET /_slack/_received.txt?wait=1&timeout=10"]
--- more_headers eval
["$::Form\nX-Gitlab-Event: Push Hook", ""]
--- error_code eval
[202, 200]
--- response_body_like eval
[$::Queued, "^#general as GitLab\n.*m/s &amp; knots - Yuki"]
--- no_error_log
[error]
[alert]



=== no Content-Type, no X-Gitlab-Event
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json | Content-Type: - | X-Gitlab-Event: - => 202 queued push
--- no_error_log
[error]
[alert]



=== empty
--- config
    location = /hook {
        slack_notify acme;
    }
--- client eval
sub {
    for my $body (['no length', "POST /hook HTTP/1.1\r\nHost: localhost\r\n$::Close\r\n\r\n"],
                  ['length 0', SlackClient::request('/hook', '', $::Close)],
                  ['no chunk', SlackClient::request('/hook', "0\r\n\r\n", 'Transfer-Encoding: chunked', $::Close)])
    {
        Test::More::like(SlackClient::talk($body->[1]), qr/^HTTP\/1.1 400 .*\{"status":"rejected","reason":"body is empty"\}$/ms, $body->[0]);
    }

    my $text = SlackClient::talk(SlackClient::request('/hook', " \r\n\t", $::Close));
    Test::More::like($text, qr/^HTTP\/1.1 400 .*"body ends early at byte 4"/ms, 'white space');
}
--- no_error_log
[error]
[alert]



=== broken chunks, and a body that never ends
--- config
    location = /hook {
        slack_notify acme;
    }
--- client eval
sub {
    my $text = SlackClient::talk(SlackClient::request('/hook', "2\r\n{}\r\nnonsense\r\n", 'Transfer-Encoding: chunked', $::Close));
    Test::More::is(SlackClient::codes($text), '400', 'broken chunks');

    my $body = ::payload('push_1k.json');

    my $client = SlackClient::connection();
    print {$client} SlackClient::request('/hook', substr($body, 0, -10), 'Content-Length: ' . length $body);
    SlackClient::wait_for(sub { SlackClient::error_log() =~ m/slack notify handler/ }, 'the request is seen');
    SlackClient::reset_connection($client);

    $client = SlackClient::connection();
    print {$client} SlackClient::request('/hook', substr($body, 0, -10), 'Content-Length: ' . length $body);
    shutdown $client, 1;
    SlackClient::read_until($client);

    Test::More::is(SlackClient::codes(SlackClient::talk(SlackClient::request('/hook', $body, $::Close))), '202', 'a whole one');
    Test::More::is(() = SlackClient::slack(1) =~ m/^#general/mg, 1, 'nothing else was stored');
}
--- no_error_log
[alert]
[crit]



=== a client that leaves while its event is stored
--- config
    location = /hook {
        slack_notify acme;
    }
--- client eval
sub {
    for my $n (1 .. 20) {
        my $client = SlackClient::connection();
        print {$client} SlackClient::request('/hook', ::payload('push_1k.json'));

        # what was not read yet would be lost with the reset
        SlackClient::wait_for(sub { (() = SlackClient::error_log() =~ m/slack notify handler/g) >= $n }, 'the request is seen');
        SlackClient::reset_connection($client);
    }

    Test::More::is(() = SlackClient::slack(20) =~ m/^#general/mg, 20, 'each is delivered');
}
--- no_error_log
[alert]
[crit]



=== a body that was read before, in memory and in a file
--- config
    location /memory {
        error_page 502 = @hook;
        proxy_pass http://127.0.0.1:1;
    }
    location /file {
        error_page 502 = @hook;
        client_body_buffer_size 1k;
        proxy_pass http://127.0.0.1:1;
    }
    location /only {
        error_page 502 = @hook;
        client_body_in_file_only clean;
        proxy_pass http://127.0.0.1:1;
    }
    location @hook {
        slack_notify acme;
    }
--- request eval
[(map { my $file = $_; map { "POST /$_\n" . ::payload($file) } qw(memory file only) } qw(push.json push_30k.json)), map { "POST /$_\n" . ::form(::payload('push_30k.json')) } qw(memory file only)]
--- more_headers eval
["X-Gitlab-Event: Push Hook", "X-Gitlab-Event: Push Hook", "X-Gitlab-Event: Push Hook", "", "", "", ($::Form) x 3]
--- error_code eval
[(202) x 9]
--- response_body_like eval
[($::Queued) x 9]
--- no_error_log
[alert]
[crit]



=== the same, with a signature, and what is wrong with it
--- config
    location /memory {
        error_page 502 = @hook;
        client_body_buffer_size 1k;
        proxy_pass http://127.0.0.1:1;
    }
    location @hook {
        slack_secret whsec_c2VjcmV0IG9mIHRoZSB3ZWJob29r;
        slack_notify acme;
    }
--- request eval
["POST /memory\n" . ::payload('push_30k.json'), "POST /memory\n" . ::payload('push_30k.json'), "POST /memory\n" . substr(::payload('push_30k.json'), 0, 20001), "POST /memory\n", "POST /memory\n" . '[' x 10000]
--- more_headers eval
require SlackSign;
my $secret = 'whsec_c2VjcmV0IG9mIHRoZSB3ZWJob29r';
my $body = ::payload('push_30k.json');
[map { CORE::join "\n", @$_ } [SlackSign::headers($body, id => 1, secret => $secret)], [SlackSign::headers("$body ", id => 2, secret => $secret)], [SlackSign::headers(substr($body, 0, 20001), id => 3, secret => $secret)], [SlackSign::headers('', id => 4, secret => $secret)], [SlackSign::headers('[' x 10000, id => 5, secret => $secret)]]
--- error_code eval
[202, 401, 400, 400, 400]
--- response_body_like eval
[$::Queued, "unauthorized", "body ends early at byte 20001", "body is empty", "body is nested too deep at byte 65"]
--- no_error_log
[alert]
[crit]



=== long strings: what is shown is cut, what comes after is read
--- config
    location = /hook {
        client_max_body_size 26m;
        slack_notify acme;
    }
--- client eval
sub {
    my $note = ::payload('note_issue.json');

    for my $text ('long \\u003cb\\u003e text \\"quoted\\" ', 'ä\\ud83d\\ude80é ', 'x' x 1000) {
        my $body = $note =~ s/("note": *")/$1 . $text x (4000000 \/ length $text)/er;
        Test::More::isnt($body, $note, 'there is a note');
        my $answer = SlackClient::talk(SlackClient::request('/hook', $body, 'X-Gitlab-Event: Note Hook', $::Close));
        Test::More::like($answer, qr/^\{"status":"queued","event":"note","messages":1,/m, 'a note of 4 MB');
    }

    my $got = SlackClient::slack(3);
    Test::More::is(() = $got =~ m/^#general/mg, 3, 'all are delivered');
    Test::More::is(() = $got =~ m/text: .{100,}…/g, 3, 'each is cut');
}
--- timeout: 30s
--- log_level: info
--- no_error_log
[error]
[alert]



=== a form that ends inside an escape is no JSON
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
[map { "POST /hook\n$_" } 'payload={}%', 'payload={}%2', 'payload={}%20', 'payload={}%&a=b', 'payload={}%2&a=b', 'payload={}&a=%']
--- more_headers
Content-Type: application/x-www-form-urlencoded
--- error_code eval
[400, 400, 200, 400, 400, 200]
--- response_body_like eval
['at byte \d+"', 'at byte \d+"', 'ignored', 'at byte \d+"', 'at byte \d+"', 'ignored']
--- no_error_log
[error]
[alert]
