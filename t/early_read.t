# client_body_early_read of nginx 1.31.5: the body is there, in memory or in a
# file, before a location is chosen.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackClient;
use SlackSign;
use SlackUpstream;

our $Form   = 'Content-Type: application/x-www-form-urlencoded';
our $Secret = 'whsec_c2VjcmV0IG9mIHRoZSB3ZWJob29r';
our $Queued = qr/^\{"status":"queued","event":"push","messages":1,"id":[0-9]+\}$/;


sub form {
    my ($json) = @_;

    return 'payload=' . $json =~ s/([^A-Za-z0-9 ])/sprintf '%%%02X', ord $1/ger =~ s/ /+/gr;
}

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== in memory and in a file, as JSON and as a form, in chunks
--- skip_nginx: 20: < 1.31.5
--- config
    client_body_early_read 1;
    client_body_buffer_size 8k;

    location = /hook {
        slack_notify acme;
    }
--- request eval
["POST /hook\n" . SlackTest::payload('push.json'), "POST /hook\n" . SlackTest::payload('push_30k.json'), "POST /hook\n" . ::form(SlackTest::payload('push_30k.json')), "POST /hook\n" . SlackClient::chunked(SlackTest::payload('push_30k.json'), 1000), "POST /hook\n"]
--- more_headers eval
["X-Gitlab-Event: Push Hook", "", $::Form, "Transfer-Encoding: chunked", ""]
--- error_code eval
[(202) x 4, 400]
--- response_body_like eval
[($::Queued) x 4, "body is empty"]
--- no_error_log
[error]
[alert]



=== what the headers decide, a signature
--- skip_nginx: 20: < 1.31.5
--- config
    client_body_early_read $content_length;
    client_body_buffer_size 8k;

    location = /token {
        slack_secret one;
        slack_notify acme;
    }
    location = /signed {
        slack_secret whsec_c2VjcmV0IG9mIHRoZSB3ZWJob29r;
        slack_notify acme;
    }
--- request eval
my $push = SlackTest::payload('push_30k.json');
["POST /token\n$push", "POST /token\n$push", "POST /token\n{}", "POST /signed\n$push", "POST /signed\n$push"]
--- more_headers eval
my $push = SlackTest::payload('push_30k.json');
["X-Gitlab-Event: Push Hook", "X-Gitlab-Token: one", "X-Gitlab-Event: Repository Update Hook\nX-Gitlab-Token: one", map({ CORE::join "\n", @$_ } [SlackSign::headers($push, id => 1, secret => $::Secret)], [SlackSign::headers("$push ", id => 2, secret => $::Secret)])]
--- error_code eval
[401, 202, 200, 202, 401]
--- response_body_like eval
["unauthorized", $::Queued, "ignored|filtered", $::Queued, "unauthorized"]
--- no_error_log
[alert]
[crit]



=== a tap sends on what came
--- skip_nginx: 10: < 1.31.5
--- config
    client_body_early_read 1;
    client_body_buffer_size 8k;

    location = /hook {
        slack_notify acme;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        proxy_set_header X-Slack-Status $slack_status;
    }
--- request eval
["POST /hook\n" . SlackTest::payload('push.json'), "POST /hook\n" . SlackTest::payload('push_30k.json')]
--- more_headers
X-Gitlab-Event: Push Hook
--- response_headers eval
["X-Slack-Status: queued", "X-Slack-Status: queued"]
--- response_body eval
[map { SlackUpstream::answer('POST', '/hook', SlackTest::payload($_)) } qw(push.json push_30k.json)]
--- no_error_log
[error]
[alert]
