# HTTP/2, by curl and h2load.

use strict;
use warnings;

use File::Temp ();

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackClient;
use SlackServer;
use SlackUpstream;

$ENV{TEST_NGINX_SOCKET} = server_root() . '/h2.sock';
$ENV{TEST_NGINX_H2_PORT} = SlackServer::free_port();

# what curl prints for these arguments, the code last
sub h2 {
    my ($uri, @args) = @_;

    return SlackClient::curl('--http2-prior-knowledge', '--unix-socket', $ENV{TEST_NGINX_SOCKET},
        '-w', 'HTTP/%{http_version} %{http_code}', @args, "http://localhost$uri");
}


# the same of what is refused, by nghttp: unlike curl it takes an answer that
# comes before the body is sent, of whichever location; the options are its own
sub refused {
    my ($uri, $body, @args) = @_;

    my $file = File::Temp->new;

    if (defined $body) {
        print {$file} $body;
        close $file;
        push @args, '-d', $file->filename;
    }

    open my $pipe, '-|', 'nghttp', '-v', @args, "http://127.0.0.1:$ENV{TEST_NGINX_H2_PORT}$uri"
        or die "cannot run nghttp: $!; util/setup installs it\n";
    my @lines = <$pipe>;
    close $pipe;

    my ($status) = map { m/ :status: ([0-9]+)/ } @lines;
    my ($text)   = grep { m/^\{/ } @lines;

    return ($text // '') . 'HTTP/2 ' . ($status // 'without an answer');
}


# how h2load counts the answers to a request that is sent so many times: unlike
# curl it takes an answer that comes before all of a large body is sent
sub load {
    my ($uri, $n, $body, @args) = @_;

    my $file = File::Temp->new;
    print {$file} $body;
    close $file;

    my $streams = $n < 30 ? $n : 30;

    open my $pipe, '-|', 'h2load', '-n', $n, '-c', 1, '-m', $streams, '-d', $file->filename, @args, '-B', "unix:$ENV{TEST_NGINX_SOCKET}", "http://localhost$uri"
        or die "cannot run h2load: $!; util/setup installs it\n";
    my ($codes) = map { m/^status codes: (.+)/ } <$pipe>;
    close $pipe;

    return $codes;
}


our @Push = ('-H', 'Content-Type: application/json', '-H', 'X-Gitlab-Event: Push Hook');
our $Queued = qr/\A\{"status":"queued","event":"push","messages":1,"id":[0-9]+\}\nHTTP\/2 202\z/;

add_block_preprocessor(sub {
    my ($block) = @_;

    $block->set_value(http_config => ($block->http_config // '') . <<"END");
    server {
        listen unix:$ENV{TEST_NGINX_SOCKET} http2;
        listen 127.0.0.1:$ENV{TEST_NGINX_H2_PORT} http2;

        ${\ $block->h2_config }
    }
END
});

{
    no warnings 'once';
    push @Test::Nginx::Socket::ExtraSections, qw(h2_config);
}

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== with a length, without, in many frames, in none
--- h2_config
    client_body_buffer_size 1k;

    location = /hook {
        slack_notify acme;
    }
--- config
--- client eval
sub {
    my $small = SlackTest::payload('push_1k.json');
    my $large = SlackTest::payload('push_30k.json');

    Test::More::like(::h2('/hook', @::Push, '--data-binary', \$small), $::Queued, 'small');
    Test::More::like(::h2('/hook', @::Push, '--data-binary', \$large), $::Queued, 'large');
    Test::More::like(::h2('/hook', @::Push, '-H', 'Content-Length:', '--data-binary', \$small), $::Queued, 'small, no length');
    Test::More::like(::h2('/hook', @::Push, '-H', 'Content-Length:', '--data-binary', \$large), $::Queued, 'large, no length');
    Test::More::is(::h2('/hook', @::Push, '-X', 'POST'), qq({"status":"rejected","reason":"body is empty"}\nHTTP/2 400), 'no body');
    Test::More::is(::h2('/hook', @::Push, '--data-binary', ''), qq({"status":"rejected","reason":"body is empty"}\nHTTP/2 400), 'empty');
    Test::More::is(() = SlackClient::slack(4) =~ m/^#general/mg, 4, 'all are delivered');
}
--- no_error_log
[error]
[alert]
client_body_temp/



=== 25 MB
--- h2_config
    location = /hook {
        client_max_body_size 26m;
        slack_notify acme;
    }
--- config
--- log_level: info
--- client eval
sub {
    my $body = SlackTest::payload('push.json') =~ s/\}\s*\z/,"more":"/r . 'x' x (25 * 1024 * 1024) . '"}';

    my ($worker) = SlackClient::processes();

    ::h2('/hook', @::Push, '--data-binary', \SlackTest::payload('push.json'));
    my $before = SlackClient::peak($worker);

    Test::More::like(::h2('/hook', @::Push, '--data-binary', \$body), $::Queued, 'stored');
    Test::More::cmp_ok(SlackClient::peak($worker) - $before, '<', 3 * 1024, 'the worker does not grow with it') if !$ENV{TEST_NGINX_LD_PRELOAD} && !$ENV{TEST_NGINX_USE_VALGRIND};
    Test::More::is(::load('/hook', 1, ' ' x (27 * 1024 * 1024), @::Push), '0 2xx, 0 3xx, 1 4xx, 0 5xx', 'over client_max_body_size');
}
--- no_error_log
[alert]
[crit]



=== refusals
--- h2_config
    location = /hook {
        slack_secret one;
        slack_notify acme;
    }
--- config
--- client eval
sub {
    my $body = SlackTest::payload('push_1k.json');
    my $refused = qq({"status":"rejected","reason":"unauthorized"}\nHTTP/2 401);

    Test::More::is(::refused('/hook', $body), $refused, 'no token');
    Test::More::is(::refused('/hook', $body, '-H', 'X-Gitlab-Token: two'), $refused, 'wrong');
    Test::More::is(::refused('/hook', $body, '-H', 'X-Gitlab-Token: one', '-H', 'X-Gitlab-Token: one'), $refused, 'twice');
    Test::More::like(::h2('/hook', @::Push, '-H', 'X-Gitlab-Token: one', '--data-binary', \$body), $::Queued, 'right');
    Test::More::is(::refused('/hook', undef, '-H', 'X-Gitlab-Token: one'), qq({"status":"rejected","reason":"method is not POST"}\nHTTP/2 405), 'GET');
    Test::More::is(::refused('/hook', $body, '-H', 'X-Gitlab-Token: one', '-H', 'Content-Type: text/xml'), qq({"status":"rejected","reason":"neither JSON nor a form"}\nHTTP/2 415), 'XML');
    Test::More::is(::refused('/hook', '{"a', '-H', 'X-Gitlab-Token: one', '-H', 'Content-Type: application/json'), qq({"status":"rejected","reason":"body ends early at byte 3"}\nHTTP/2 400), 'truncated');
    Test::More::is(() = SlackClient::slack(1) =~ m/^#general/mg, 1, 'what was stored is delivered');
}
--- no_error_log
[alert]
[crit]



=== many streams of one connection
--- h2_config
    location = /hook {
        slack_notify acme;
    }
--- config
--- client eval
sub {
    my $body = SlackTest::payload('push.json');

    Test::More::is(::load('/hook', 60, $body, @::Push), '60 2xx, 0 3xx, 0 4xx, 0 5xx', 'each is stored');
    Test::More::is(() = SlackClient::slack(60) =~ m/^#general/mg, 60, 'each is delivered');
}
--- no_error_log
[error]
[alert]



=== a form, a tapped location
--- h2_config
    client_body_buffer_size 1k;

    location = /hook {
        slack_notify acme;
    }
    location = /tap {
        slack_notify acme;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
    }
--- config
--- client eval
sub {
    my $body = SlackTest::payload('push_30k.json');
    my $answer = SlackUpstream::answer('POST', '/tap', $body);

    Test::More::like(::h2('/hook', '-H', 'X-Gitlab-Event: Push Hook', '--data-urlencode', "payload=$body"), $::Queued, 'a form');
    Test::More::is(::h2('/tap', @::Push, '--data-binary', \$body), "${answer}HTTP/2 200", 'the upstream has it all');
    Test::More::is(::h2('/tap', @::Push, '-H', 'Content-Length:', '--data-binary', \$body), "${answer}HTTP/2 200", 'the same without a length');
    Test::More::is(() = SlackClient::slack(3) =~ m/^#general/mg, 3, 'all are delivered');
}
--- no_error_log
[error]
[alert]



=== a stream that is reset
--- h2_config
    location = /hook {
        slack_notify acme;
    }
--- config
--- client eval
sub {
    my $body = SlackTest::payload('push_30k.json');

    # curl gives up in the midst of the body
    my (undef, $code) = SlackClient::curl('--http2-prior-knowledge', '--unix-socket', $ENV{TEST_NGINX_SOCKET}, @::Push, '--limit-rate', 2000, '--max-time', 1, '--data-binary', \$body, 'http://localhost/hook');
    Test::More::is($code, 28, 'curl gave up');

    Test::More::like(::h2('/hook', @::Push, '--data-binary', \$body), $::Queued, 'the next one is stored');
    Test::More::is(() = SlackClient::slack(1) =~ m/^#general/mg, 1, 'only that is delivered');
}
--- no_error_log
[alert]
[crit]
