# Bodies with a Content-Encoding: none of them is read.

use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use IO::Compress::Gzip qw(gzip);

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackClient;
use SlackUpstream;

our $Plain = SlackTest::payload('push_1k.json');
gzip(\$Plain, \our $Gzip) or die 'cannot compress';

sub refused { return qq({"status":"rejected","reason":"Content-Encoding \\"$_[0]\\" is not read"}) }

# headers, and the answer to the body as it is
our @Answers = (
    [ 'gzip', 415, refused('gzip'), 'Content-Encoding: gzip' ],
    [ 'whatever its case', 415, refused('GZIP'), 'content-encoding: GZIP' ],
    [ 'another one', 415, refused('br'), 'Content-Encoding: br' ],
    [ 'several', 415, refused('gzip, identity'), 'Content-Encoding: gzip, identity' ],
    [ 'twice', 415, refused('identity'), 'Content-Encoding: identity', 'Content-Encoding: gzip' ],
    [ 'a long one', 415, refused('x' x 32), 'Content-Encoding: ' . 'x' x 200 ],
    [ 'none', 202, undef, 'Content-Encoding: identity' ],
    [ 'an empty one', 202, undef, 'Content-Encoding:' ],
    [ 'a form', 415, refused('gzip'), 'Content-Encoding: gzip', 'Content-Type: application/x-www-form-urlencoded' ],
    [ 'an event nobody hears of', 415, refused('gzip'), 'Content-Encoding: gzip', 'X-Gitlab-Event: Issue Hook' ],
    [ 'neither JSON nor a form', 415, '{"status":"rejected","reason":"neither JSON nor a form"}', 'Content-Encoding: gzip', 'Content-Type: text/xml' ],
);


# code and JSON of the answer
sub ask {
    my ($uri, $body, @headers) = @_;

    unshift @headers, 'X-Gitlab-Event: Push Hook' unless grep { m/^(?:X-Gitlab-Event|X-Hub)/ } @headers;

    my $text = SlackClient::talk(SlackClient::request($uri, $body, @headers, 'Connection: close'));

    return SlackClient::codes($text), $text =~ m/^(\{.*\})$/m;
}

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== answers to the sender
--- config
    location = /hook {
        slack_route acme {
            events push;
        }
    }
--- client eval
sub {
    for my $case (@::Answers) {
        my ($name, $code, $json, @headers) = @$case;

        for my $body ($code == 415 ? ($::Gzip, $::Plain) : $::Plain) {
            my @answer = ::ask('/hook', $body, @headers);

            Test::More::is($answer[0], $code, "$name - code");
            Test::More::is($answer[1], $json, "$name - answer") if defined $json;
        }
    }

    Test::More::is(() = SlackClient::slack(2) =~ m/^#general/mg, 2, 'what was read is delivered');
}
--- no_error_log
[error]
[alert]



=== who may not come in does not hear of it
--- config
    location = /hook {
        slack_secret one;
        slack_notify acme;
    }
--- client eval
sub {
    my @hub = ('Content-Encoding: gzip', 'X-GitHub-Event: push');
    my $wrong = 'X-Hub-Signature-256: sha256=' . 'a' x 64;
    my $right = 'X-Hub-Signature-256: sha256=' . Digest::SHA::hmac_sha256_hex($::Gzip, 'one');

    Test::More::is((::ask('/hook', $::Gzip, 'Content-Encoding: gzip'))[0], 401, 'no token');
    Test::More::is((::ask('/hook', $::Gzip, 'Content-Encoding: gzip', 'X-Gitlab-Token: one'))[0], 415, 'the token');
    Test::More::is((::ask('/hook', $::Gzip, @hub, $wrong))[0], 401, 'a wrong signature');
    Test::More::is((::ask('/hook', $::Gzip, @hub, $right))[0], 415, 'a right one');
}
--- no_error_log
[alert]
[crit]



=== a tapped request goes on, unless it may not come in
--- config
    location = /hook {
        slack_notify acme;
        proxy_set_header X-Slack-Status "$slack_status, $slack_reason";
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
    }
    location = /secret {
        slack_secret one;
        slack_notify acme;
        proxy_set_header X-Slack-Status "$slack_status, $slack_reason";
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
    }
--- client eval
sub {
    my $text = SlackClient::talk(SlackClient::request('/hook', $::Gzip, 'X-Gitlab-Event: Push Hook', 'Content-Encoding: gzip', 'Connection: close'));
    Test::More::like($text, qr/^X-Slack-Status: rejected, Content-Encoding "gzip" is not read\r$/m, 'it says why');

    my $expected = SlackUpstream::answer('POST', '/hook', $::Gzip);
    Test::More::like($text, qr/^\Q$expected\E/m, 'the upstream has the body as it is');

    my @hub = ('Content-Encoding: gzip', 'X-GitHub-Event: push');
    my $wrong = 'X-Hub-Signature-256: sha256=' . 'a' x 64;
    my $right = 'X-Hub-Signature-256: sha256=' . Digest::SHA::hmac_sha256_hex($::Gzip, 'one');

    Test::More::is((::ask('/secret', $::Gzip, 'Content-Encoding: gzip'))[0], 401, 'no token');
    Test::More::is((::ask('/secret', $::Gzip, @hub, $wrong))[0], 401, 'a wrong signature');
    Test::More::is((::ask('/secret', $::Gzip, @hub, $right))[0], 200, 'a right one');

    my @lines = SlackClient::error_log() =~ m/\[warn\].*slack notify: an event is forwarded to the upstream unread/g;
    Test::More::is(scalar @lines, 1, 'one warning');
}
--- no_error_log
[alert]
[crit]
