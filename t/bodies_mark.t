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

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== a byte order mark is skipped, in pieces of all sizes and in a form
--- config
    location = /hook {
        slack_notify acme;
    }
--- client eval
sub {
    my $body = "\xEF\xBB\xBF" . '{"object_kind":"kind"}';
    my %sent = (
        plain => [ $body, 'Content-Type: application/json' ],
        form  => [ ::form($body), $::Form ],
    );

    for my $how (sort keys %sent) {
        my ($bytes, $header) = @{ $sent{$how} };

        for my $size (1 .. length $bytes) {
            my $text = SlackClient::talk(SlackClient::request('/hook', SlackClient::chunked($bytes, $size), 'Transfer-Encoding: chunked', $header, $::Close));
            Test::More::like($text, qr/^HTTP\/1.1 200 .*\{"status":"ignored","reason":"kind"\}$/ms, "$how, chunks of $size");
        }
    }
}
--- no_error_log
[error]
[alert]



=== a byte order mark reaches Slack with its event, and is signed with it
--- config
    location = /hook {
        slack_secret signed;
        slack_source github;
        slack_notify acme;
    }
--- client eval
sub {
    my $body = "\xEF\xBB\xBF" . ::payload('../github/push.json');

    for my $signed ($body, substr $body, 3) {
        my $hmac = Digest::SHA::hmac_sha256_hex($signed, 'signed');
        my $text = SlackClient::talk(SlackClient::request('/hook', $body, 'Content-Type: application/json', 'X-GitHub-Event: push', "X-Hub-Signature-256: sha256=$hmac", $::Close));
        my ($code) = $text =~ m/^HTTP\/1.1 ([0-9]+) /;
        Test::More::is($code, $signed eq $body ? 202 : 401, 'a signature of ' . length $signed);
    }

    my $slack = SlackClient::talk("GET /_slack/_received.txt?wait=1&timeout=10 HTTP/1.1\r\nHost: localhost\r\n$::Close\r\n\r\n");
    Test::More::like($slack, qr/^#general as GitLab$/m, 'Slack received it');
}
--- no_error_log
[alert]



=== what is no byte order mark of UTF-8 before JSON, and what is no white space
--- config
    location = /hook {
        slack_notify acme;
    }
--- client eval
sub {
    my $mark = "\xEF\xBB\xBF";
    my $json = '{"object_kind":"kind"}';

    for my $case (
        [ 'a mark alone',             $mark,                     'body is empty' ],
        [ 'two thirds of a mark',     "\xEF\xBB",                'body ends early at byte 2' ],
        [ 'a mark and white space',   "$mark \n",                'body ends early at byte 5' ],
        [ 'two marks',                $mark . $mark . $json,     'body is not JSON at byte 4' ],
        [ 'a mark behind a space',    " $mark$json",             'body is not JSON at byte 2' ],
        [ 'a mark behind the end',    $json . $mark,             'body is not JSON at byte 23' ],
        [ 'UTF-16, little endian',    "\xFF\xFE\{\0}\0",         'body is not JSON at byte 1' ],
        [ 'UTF-16, big endian',       "\xFE\xFF\0{\0}",          'body is not JSON at byte 1' ],
        [ 'UTF-16, without a mark',   "{\0}\0",                  'body is not JSON at byte 2' ],
        [ 'an error behind a mark',   "$mark\{'",                'body is not JSON at byte 5' ],
        [ 'a vertical tab',           "\x0B$json",               'body is not JSON at byte 1' ],
        [ 'a form feed behind it',    "$json\x0C",               'body is not JSON at byte 23' ],
        [ 'a form feed, skipped',     "{\"x\":[1,\x0C2]}",       'body is not JSON at byte 9' ],
        [ 'a no-break space',         "\xC2\xA0$json",           'body is not JSON at byte 1' ],
        [ 'a next line',              "{\xC2\x85}",              'body is not JSON at byte 2' ],
        [ 'a NUL behind it',          "$json\0",                 'body is not JSON at byte 23' ],
    ) {
        my ($name, $body, $reason) = @$case;

        for my $sent ([ $body, 'Content-Type: application/json' ], [ ::form($body), $::Form ]) {
            my $text = SlackClient::talk(SlackClient::request('/hook', @$sent, $::Close));
            Test::More::like($text, qr/^HTTP\/1.1 400 .*"reason":"\Q$reason\E"\}$/ms, $name);
        }
    }
}
--- no_error_log
[error]
[alert]
