# Requests from Slack: slack_signing_secret lets through to the upstream only
# what Slack has signed, as it came.

use strict;
use warnings;

use lib 't/util';

use File::Temp ();
use HTTP::Tiny;
use JSON::PP ();
use Test::Nginx::Socket;
use SlackTest;
use SlackClient;
use SlackGuard;
use SlackSign;
use SlackStatus;
use SlackUpstream;

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== each part that is signed, and what is no signature
--- config
    location = /slack {
        slack_signing_secret $TEST_NGINX_KEY;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }
--- client eval
sub {
    my @signed = SlackSign::slack($::Key, $::Body);
    my ($timestamp, $signature) = @signed;

    my @rows = (
        [ 200, 'signed', @signed ],
        [ 200, 'in capitals', $timestamp, $signature =~ s/=(.*)/'=' . uc $1/er ],
        [ 200, 'sent again: Slack retries', @signed ],
        [ 200, '299 s ago', SlackSign::slack($::Key, $::Body, age => 299) ],
        [ 200, '290 s ahead', SlackSign::slack($::Key, $::Body, age => -290) ],
        [ 401, '310 s ago', SlackSign::slack($::Key, $::Body, age => 310) ],
        [ 401, '310 s ahead', SlackSign::slack($::Key, $::Body, age => -310) ],
        [ 401, 'another secret', SlackSign::slack($::New, $::Body) ],
        [ 401, 'another body', SlackSign::slack($::Key, "$::Body.") ],
        [ 401, 'another time', ::changed(qr/(?<=Timestamp: )\d+/, time + 3) ],
        [ 401, 'no headers' ],
        [ 401, 'no timestamp', $signature ],
        [ 401, 'no signature', $timestamp ],
        [ 401, 'two signatures', @signed, $signature ],
        [ 401, 'two timestamps', @signed, $timestamp ],
        [ 401, 'v1', ::changed(qr/v0=/, 'v1=') ],
        [ 401, 'no version', ::changed(qr/v0=/, '') ],
        [ 401, 'a digit less', ::changed(qr/.$/, '') ],
        [ 401, 'a digit more', ::changed(qr/(?<=v0=)/, 'a') ],
        [ 401, 'no digit', ::changed(qr/(?<=v0=)./, 'g') ],
        [ 401, 'an empty signature', $timestamp, 'X-Slack-Signature:' ],
        [ 401, 'an empty timestamp', 'X-Slack-Request-Timestamp:', $signature ],
        [ 401, 'a signed timestamp', ::changed(qr/(?<=Timestamp: )/, '+') ],
        [ 401, 'a long timestamp', ::changed(qr/(?<=Timestamp: )/, '0' x 100) ],
        [ 401, 'a timestamp beyond all', ::changed(qr/(?<=Timestamp: )\d+/, '9' x 10) ],
        [ 401, 'a long signature', $timestamp, 'X-Slack-Signature: v0=' . 'a' x 3000 ],
    );

    for my $row (@rows) {
        my ($code, $name, @headers) = @$row;

        ::is(::asked('/slack', $::Body, @headers), $code, $name);
    }

    ::is(::told('/slack', $::Body, @signed), SlackUpstream::answer('POST', '/slack', $::Body), 'the body is as it was');

    # the example of Slack's page on verifying requests
    my $example = 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V'
        . '&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text='
        . '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN'
        . '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';

    ::is((SlackSign::slack($::Key, $example, timestamp => 1531420618))[1],
        'X-Slack-Signature: v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503', 'signed as by Slack');
}
--- error_log
slack_signing_secret: request refused, X-Slack-Signature is wrong: the app's "Signing Secret" must be a slack_signing_secret of the location, and nothing may change the body on the way
slack_signing_secret: request refused, X-Slack-Signature or X-Slack-Request-Timestamp was not sent: it does not come from Slack, or a proxy has removed them
slack_signing_secret: request refused, X-Slack-Signature or X-Slack-Request-Timestamp was sent twice
slack_signing_secret: request refused, X-Slack-Signature is not "v0=" and 64 hexadecimal digits, or X-Slack-Request-Timestamp is not a time
slack_signing_secret: request refused, X-Slack-Request-Timestamp is more than 300 seconds away from this host's time: check its clock, or somebody repeats a request
--- no_error_log
[alert]
[crit]
8f742231b10e8888abcd99yyyzzz85a5



=== two secrets, one of them in a file, and nested locations
--- config eval
my ($fh, $name) = File::Temp::tempfile(UNLINK => 1);
print {$fh} "$::New\n";
close $fh;

"
    location /slack/ {
        slack_signing_secret      $::Key;
        slack_signing_secret_file $name;
        proxy_pass \$TEST_NGINX_UPSTREAM;

        location /slack/inside {
            proxy_pass \$TEST_NGINX_UPSTREAM;
        }

        location /slack/own {
            slack_signing_secret of-its-own;
            proxy_pass \$TEST_NGINX_UPSTREAM;
        }
    }

    location /open {
        proxy_pass \$TEST_NGINX_UPSTREAM;
    }
"
--- client eval
sub {
    my @rows = (
        [ '/slack/a', 200, 200, 401, 401 ],
        [ '/slack/inside', 200, 200, 401, 401 ],
        [ '/slack/own', 401, 401, 200, 401 ],
        [ '/open', 200, 200, 200, 200 ],
    );

    for my $row (@rows) {
        my ($uri, @codes) = @$row;

        ::is_deeply([ (map { ::asked($uri, $::Body, SlackSign::slack($_, $::Body)) } $::Key, $::New, 'of-its-own'), ::asked($uri, $::Body) ],
            \@codes, $uri);
    }
}
--- no_error_log
[alert]
[crit]



=== bodies reach the upstream as they come
--- config
    client_body_buffer_size 4k;

    location /slack {
        slack_signing_secret $TEST_NGINX_KEY;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location /slack/unbuffered {
        slack_signing_secret $TEST_NGINX_KEY;
        proxy_request_buffering off;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location /slack/file {
        slack_signing_secret $TEST_NGINX_KEY;
        client_body_in_file_only clean;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location /slack/single {
        slack_signing_secret $TEST_NGINX_KEY;
        client_body_in_single_buffer on;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }
--- timeout: 30s
--- client eval
sub {
    for my $uri (map { "/slack$_" } '', '/unbuffered', '/file', '/single') {
        for my $size (0, 1, 4096, 5000, 300_000, 2_000_000) {
            my $body = CORE::join '', map { chr(($_ * 7) % 256) } 1 .. $size;
            my @signed = (SlackSign::slack($::Key, $body), 'Content-Type: application/json');
            my $answer = SlackUpstream::answer('POST', $uri, $body);

            ::is(::told($uri, $body, @signed), $answer, "$uri, $size bytes");

            next if $size > 300_000;

            my $chunked = SlackClient::chunked($body, 3, 1000);
            ::is(::told($uri, $chunked, @signed, 'Transfer-Encoding: chunked'), $answer, "$uri, $size bytes in chunks");
        }

        my $request = SlackClient::request($uri, $::Body, SlackSign::slack($::Key, $::Body), $::Form, 'Connection: close');
        ::like(SlackClient::talk(split //, $request), qr/\r\n\r\n\Q${\SlackUpstream::answer('POST', $uri, $::Body)}\E\z/, "$uri, byte by byte");
    }
}
--- no_error_log
[alert]
[crit]
[error]



=== Slack's test of the certificate, signed or not
--- config
    location = /slack {
        slack_signing_secret $TEST_NGINX_KEY;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }
--- client eval
sub {
    for my $body ('ssl_check=1&token=x', 'token=x&ssl_check=1') {
        ::is(::told('/slack', $body), '', "$body: 200 by the guard");
        ::is(::asked('/slack', $body), 200, "$body");
        ::is(::asked('/slack', $body, SlackSign::slack($::Key, $body)), 200, "$body, signed");
        ::is(::asked('/slack', $body, SlackSign::slack($::New, $body)), 200, "$body, signed by another");
    }

    for my $body ('ssl_check=0', 'ssl_check=', 'ssl_check', 'ssl_check=11', 'ssl_check=1.', 'a=ssl_check=1', 'ssl_check=0&ssl_check=1') {
        ::is(::asked('/slack', $body), 401, substr($body, -30) . ': refused');
        ::is(::told('/slack', $body, SlackSign::slack($::Key, $body)), SlackUpstream::answer('POST', '/slack', $body), 'signed: goes on');
    }

    ::is(::asked('/slack', 'a' x 4097 . '&ssl_check=1'), 401, 'not a small form');

    my @rows = (
        [ 200, 'GET', '/slack?ssl_check=1&token=x' ],
        [ 200, 'HEAD', '/slack?token=x&ssl_check=1' ],
        [ 401, 'GET', '/slack' ],
        [ 401, 'GET', '/slack?ssl_check=0' ],
        [ 401, 'GET', '/slack?ssl_check=11' ],
        [ 401, 'HEAD', '/slack' ],
        [ 401, 'PUT', '/slack?ssl_check=1' ],
        [ 401, 'DELETE', '/slack?ssl_check=1' ],
        [ 401, 'OPTIONS', '/slack' ],
    );

    for my $row (@rows) {
        my ($code, $method, $uri) = @$row;

        ::is(SlackClient::codes(SlackClient::talk("$method $uri HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")), $code, "$method $uri");
    }
}
--- no_error_log
[alert]
[crit]



=== limits and access beside it
--- http_config
    limit_req_zone $http_x_limit zone=guard:64k rate=1r/m;
--- user_files
>>> htpasswd
jdoe:{PLAIN}secret
--- config
    location = /limited {
        limit_req zone=guard;
        slack_signing_secret $TEST_NGINX_KEY;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /basic {
        auth_basic slack;
        auth_basic_user_file $TEST_NGINX_SERVER_ROOT/html/htpasswd;
        slack_signing_secret $TEST_NGINX_KEY;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /any {
        satisfy any;
        allow all;
        auth_basic slack;
        auth_basic_user_file $TEST_NGINX_SERVER_ROOT/html/htpasswd;
        slack_signing_secret $TEST_NGINX_KEY;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /denied {
        deny all;
        slack_signing_secret $TEST_NGINX_KEY;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /methods {
        slack_signing_secret $TEST_NGINX_KEY;
        limit_except POST { deny all; }
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /if {
        slack_signing_secret $TEST_NGINX_KEY;

        if ($arg_other) {
            proxy_pass $TEST_NGINX_UPSTREAM;
        }

        proxy_pass $TEST_NGINX_UPSTREAM;
    }
--- client eval
sub {
    my @signed = SlackSign::slack($::Key, $::Body);
    my $basic = 'Authorization: Basic amRvZTpzZWNyZXQ=';

    my @rows = (
        [ 200, 401, '/limited' ],
        [ 503, 503, '/limited', 'X-Limit: 1', 'once' ],
        [ 401, 401, '/basic' ],
        [ 200, 401, '/basic', $basic ],
        [ 200, 401, '/any' ],
        [ 200, 401, '/any', $basic ],
        [ 403, 403, '/denied' ],
        [ 200, 401, '/methods' ],
        [ 200, 401, '/if' ],
        [ 200, 401, '/if?other=1' ],
    );

    for my $row (@rows) {
        my ($signed, $unsigned, $uri, @headers) = @$row;

        ::asked($uri, $::Body, @headers) if @headers && $headers[-1] eq 'once' && pop @headers;

        ::is(::asked($uri, $::Body, @signed, @headers), $signed, "$uri, signed");
        ::is(::asked($uri, $::Body, @headers), $unsigned, "$uri, not signed");
    }
}
--- no_error_log
[alert]
[crit]



=== what the status tells
--- config
    location /status/ { slack_status; }

    location = /slack {
        slack_signing_secret $TEST_NGINX_KEY;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }
--- client eval
sub {
    my @signed = SlackSign::slack($::Key, $::Body);

    my $before = SlackStatus::status(undef, '/status/')->{from_slack};

    ::asked('/slack', $::Body, @signed) for 1 .. 3;
    ::asked('/slack', 'ssl_check=1');
    ::asked('/slack', $::Body);
    ::asked('/slack', $::Body, @signed, $signed[0]);
    ::asked('/slack', $::Body, 'X-Slack-Request-Timestamp: x', $signed[1]);
    ::asked('/slack', $::Body, SlackSign::slack($::Key, $::Body, age => 1000));
    ::asked('/slack', $::Body, SlackSign::slack($::New, $::Body)) for 1, 2;

    my $after = SlackStatus::status(undef, '/status/')->{from_slack};
    my %counted = map { $_ => $after->{$_} - $before->{$_} } keys %$after;

    ::is_deeply(\%counted, { passed => 3, ssl_check => 1, unsigned => 1, twice => 1, malformed => 1, time => 1, signature => 2, body => 0 }, 'each by its result');

    my $metrics = SlackStatus::get('/status/metrics')->{content};
    ::like($metrics, qr/^slack_notify_guarded_requests_total\{result="$_"\} $after->{$_}$/m, "metrics: $_") for sort keys %$after;

    ::like(SlackStatus::get('/status/')->{content}, qr{From Slack</dt><dd>\d+<small> \d+ refused</small>}, 'the page');
}
--- no_error_log
[alert]
[crit]



=== without a guard
--- config
    location /status/ { slack_status; }
    location = /hook { slack_notify acme; }
--- client eval
sub {
    ::is(SlackStatus::status(undef, '/status/')->{from_slack}, undef, 'nothing to count');
    ::unlike(SlackStatus::get('/status/metrics')->{content}, qr/guarded/, 'metrics');
    ::unlike(SlackStatus::get('/status/')->{content}, qr/From Slack/, 'the page');
}
--- no_error_log
[alert]
[crit]



=== HTTP/2
--- http_config
    server {
        listen unix:$TEST_NGINX_GUARD_SOCKET http2;
        client_body_buffer_size 4k;

        location = /slack {
            slack_signing_secret $TEST_NGINX_KEY;
            proxy_pass $TEST_NGINX_UPSTREAM;
        }
    }
--- config
    location = /other { return 204; }
--- client eval
sub {
    for my $size (0, 1, 5000, 300_000) {
        my $body = 'a' x $size;
        my @curl = ('--http2-prior-knowledge', '--unix-socket', $ENV{TEST_NGINX_GUARD_SOCKET}, '--data-binary', \$body, 'http://localhost/slack');

        ::is(SlackClient::curl((map { ('-H', $_) } SlackSign::slack($::Key, $body)), @curl), SlackUpstream::answer('POST', '/slack', $body), "$size bytes");
        ::like(SlackClient::curl((map { ('-H', $_) } SlackSign::slack($::Key, "$body.")), @curl), qr/401 Authorization Required/, "$size bytes, signed for another body");
    }
}
--- no_error_log
[alert]
[crit]



=== a slash command from the stand-in to an upstream that answers
--- http_config
    server {
        listen 127.0.0.1:$TEST_NGINX_ANSWER_PORT;
        default_type application/json;

        location = /ephemeral { return 200 '{"response_type":"ephemeral","text":"only you"}'; }
        location = /all { return 200 '{"response_type":"in_channel","text":"all of you"}'; }
        location = /plain { default_type text/plain; return 200 "a text"; }
        location = /empty { return 200 ""; }
        location = /broken { return 500; }
    }
--- config
    location ~ ^/(ephemeral|all|plain|empty|broken)$ {
        slack_signing_secret $TEST_NGINX_KEY;
        proxy_pass http://127.0.0.1:$TEST_NGINX_ANSWER_PORT;
    }

    location = /down {
        slack_signing_secret $TEST_NGINX_KEY;
        proxy_pass http://127.0.0.1:1;
        error_page 502 504 =200 @later;
    }

    location @later {
        default_type text/plain;
        return 200 "GitLab does not answer";
    }
--- client eval
sub {
    my @rows = (
        [ '/ephemeral', {}, { status => 200, error => 'ok', visible => 'one', answer => { response_type => 'ephemeral', text => 'only you' } } ],
        [ '/all', {}, { status => 200, error => 'ok', visible => 'all', answer => { response_type => 'in_channel', text => 'all of you' } } ],
        [ '/plain', {}, { status => 200, error => 'ok', visible => 'one', answer => { text => 'a text' } } ],
        [ '/empty', {}, { status => 200, error => 'ok' } ],
        [ '/down', {}, { status => 200, error => 'ok', visible => 'one', answer => { text => 'GitLab does not answer' } } ],
        [ '/broken', {}, { status => 500, error => 'dispatch_failed' } ],
        [ '/ephemeral', { secret => $::New }, { status => 401, error => 'dispatch_failed' } ],
        [ '/ephemeral', { age => 400 }, { status => 401, error => 'dispatch_failed' } ],
    );

    for my $row (@rows) {
        my ($uri, $given, $expected) = @$row;

        my $answer = HTTP::Tiny->new->post_form(SlackTest::url() . '/_command', {
            url => SlackClient::url($uri), secret => $::Key, command => '/gitlab', text => "help & <more>\n", %$given,
        });

        ::is_deeply(JSON::PP::decode_json($answer->{content}), $expected, CORE::join ' ', $uri, %$given);
    }

    my $requests = JSON::PP::decode_json(HTTP::Tiny->new->get(SlackTest::url() . '/_requests')->{content});

    ::is(scalar(grep { ($_->{via} // '') eq 'command' } @$requests), scalar @rows, 'the stand-in has noted them');
}
--- no_error_log
[alert]
[crit]



=== what the server has for its locations ends here
--- config
    slack_secret other;
    slack_notify acme;

    location = /slack {
        slack_signing_secret secret;
        return 204;
    }

    location = /hook {
        slack_notify acme;
    }
--- request
GET /slack
--- error_code: 204
--- no_error_log
[error]
[alert]
