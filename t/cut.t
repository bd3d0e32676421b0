# Bodies that core ends before their last byte, and what nginx does then: an
# error page, a named location or post_action that has routes of its own, or
# inherits some.  Each request is answered or closed, no socket stays, and no
# event is stored.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackClient;
use SlackHttp2;
use SlackServer;
use SlackUpstream;

our $Port  = SlackServer::free_port();
our $Port2 = SlackServer::free_port();

# an upstream that lets a client go on sending meanwhile
($ENV{TEST_NGINX_SLOW_PORT}, my $Slow) = SlackServer::start(sub {
    my ($client) = @_;

    my ($head) = SlackServer::request($client) or return;
    Time::HiRes::sleep(0.05);
    print {$client} "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n";
});

END { SlackServer::stop($Slow) }

our $Event = '{"object_kind":"wiki_page","x":"' . 'x' x 100 . '"}';

# How a body ends: the packets, the last one "close" or "reset" if the client
# does that; and whether anybody is there for an answer.
our @Ends = (
    [ 'too large, at once', 413, sub { chunks($_[0], "400\r\nx") } ],
    [ 'too large, later', 413, sub { (chunks($_[0], whole()), "400\r\nx") } ],
    [ 'too large, and goes on', 413, sub { (chunks($_[0], whole()), "400\r\nx", "x" x 1023, "\r\n0\r\n\r\n") } ],
    [ 'a bad chunk, at once', 400, sub { chunks($_[0], "xyz\r\n") } ],
    [ 'a bad chunk, later', 400, sub { (chunks($_[0], whole()), "xyz\r\n") } ],
    [ 'too slow, chunked', '', sub { chunks($_[0], whole()) } ],
    [ 'too slow, with a length', '', sub { measured($_[0], 200, '{') } ],
    [ 'closed, chunked', '', sub { (chunks($_[0], whole()), 'close') } ],
    [ 'closed, with a length', '', sub { (measured($_[0], 200, $Event), 'close') } ],
    [ 'reset', '', sub { (measured($_[0], 200, '{'), 'reset') } ],
);

our @Ends2 = (
    [ 'too large', 413, sub { ($_[1], SlackHttp2::data('x' x 600)) } ],
    [ 'too large, later', 413, sub { ($_[1], SlackHttp2::data($Event), SlackHttp2::data('x' x 600)) } ],
    [ 'shorter than its length', 400, sub { ($_[0], SlackHttp2::data($Event, 1)) } ],
    [ 'longer than its length', 400, sub { ($_[0], SlackHttp2::data('x' x 201)) } ],
    [ 'too slow', '', sub { ($_[1], SlackHttp2::data($Event)) } ],
    [ 'stream reset', '', sub { ($_[1], SlackHttp2::data($Event), SlackHttp2::reset(), 'close') } ],
    [ 'closed', '', sub { ($_[1], SlackHttp2::data($Event), 'close') } ],
    [ 'reset', '', sub { ($_[0], SlackHttp2::data($Event), 'reset') } ],
);

# Where core goes on: the code in place of its own, if it is another one.
our %Way = (
    '/uri'             => undef,
    '/named'           => undef,
    '/code'            => 418,
    '/ok'              => 200,
    '/equals'          => 400,
    '/recursive'       => undef,
    '/server'          => undef,
    '/inherited/'      => undef,
    '/inherited/named' => 405,              # core's, of a file
    '/tap'             => undef,
    '/tap/uri'         => undef,
    '/other'           => undef,
    '/other/tap'       => undef,
    '/form'            => undef,
    '/signed'          => undef,
    '/variable'        => undef,
    '/slow'            => undef,
    '/post'            => undef,
    '/post/named'      => undef,
    '/post/other'      => undef,
    '/post/tap'        => undef,
    '/slack/drop'      => undef,
    '/to_slack'        => undef,
);


sub whole { return sprintf "%x\r\n%s\r\n", length $Event, $Event }

sub headers {
    my ($uri) = @_;

    return 'X-Gitlab-Event: Wiki Page Hook', 'Connection: close',
        $uri eq '/form' ? 'Content-Type: application/x-www-form-urlencoded' : 'Content-Type: application/json',
        $uri eq '/signed' ? 'X-Hub-Signature-256: sha256=' . 'a' x 64 : ();
}

sub chunks { return SlackClient::request($_[0], $_[1], 'Transfer-Encoding: chunked', headers($_[0])) }

sub measured { return SlackClient::request($_[0], $_[2], "Content-Length: $_[1]", headers($_[0])) }


# sends what is no word of ours; true if the client has left
sub left {
    my ($socket, @packets) = @_;

    local $SIG{PIPE} = 'IGNORE';

    for my $packet (@packets) {

        if ($packet eq 'close') {
            close $socket;
            return 1;
        }

        if ($packet eq 'reset') {
            SlackClient::reset_connection($socket);
            return 1;
        }

        # let nginx read what was sent before
        Time::HiRes::sleep(0.01) if $packet ne $packets[0];

        print {$socket} $packet or last;
    }

    return;
}


# Both send a request, and return what waits for the answer: it has the code,
# '' if the connection is closed without one, "nothing" if neither happens.
sub http1 {
    my ($uri, $packets) = @_;

    my $socket = SlackClient::connection($Port);
    my $left   = left($socket, $packets->($uri));

    return sub {
        return 'left' if $left;

        my $text = '';

        while (1) {
            my $more = SlackClient::read_some($socket);
            return 'nothing' if !defined $more;
            last if $more eq '';
            $text .= $more;
        }

        return SlackClient::codes($text);
    };
}


sub http2 {
    my ($uri, $packets) = @_;

    my $socket  = SlackHttp2::connection($Port2);
    my @headers = grep { !m/^Connection/ } headers($uri);
    my $left    = left($socket, $packets->(SlackHttp2::request($uri, @headers, 'Content-Length: 200'), SlackHttp2::request($uri, @headers)));

    return sub { $left ? 'left' : SlackHttp2::status($socket) // 'nothing' };
}


# Each way by each end; no worker may die, and no socket stay.
sub all {
    my ($talk, @ends) = @_;

    my @workers = SlackClient::all_workers();
    my $before  = SlackClient::sockets();

    for my $end (@ends) {
        my ($name, $code, $packets) = @$end;

        my %answer;

        for my $uri (sort keys %Way) {
            my $wait = $talk->($uri, $packets);

            # time-outs are waited for together
            $answer{$uri} = $name =~ m/^too slow/ ? $wait : $wait->();
        }

        for my $uri (sort keys %Way) {
            my $got = ref $answer{$uri} ? $answer{$uri}->() : $answer{$uri};
            my $expected = $got eq 'left' ? 'left' : $code ne '' && defined $Way{$uri} ? $Way{$uri} : $code;

            Test::More::is($got, $expected, "$uri, $name");
        }
    }

    SlackClient::wait_for(sub { SlackClient::sockets() <= $before }, 'all sockets are closed');
    Test::More::is("@{[sort +SlackClient::processes()]}", "@{[sort @workers]}", 'the workers live');

    Test::More::like(SlackClient::talk(SlackClient::request('/hook', SlackTest::payload('push_1k.json'), 'Connection: close')), qr/"queued"/, 'and take an event');
    Test::More::is(() = SlackClient::slack(1) =~ m/^#\w+ as /mg, 1, 'which is all that Slack hears of');

    return;
}


our $Server = <<"END" . <<'END' . "    }\n";
    server {
        listen 127.0.0.1:$Port;
        listen 127.0.0.1:$Port2 http2;

END
    client_body_timeout 2s;
    client_max_body_size 500;
    error_page 400 408 413 /server_page;

    slack_notify acme inherited;

    location = /uri { slack_notify acme; error_page 400 408 413 /page; }
    location = /named { slack_notify acme; error_page 400 408 413 @page; }
    location = /code { slack_notify acme; error_page 400 408 413 =418 @page; }
    location = /ok { slack_notify acme; error_page 400 408 413 =200 /page; }
    location = /equals { slack_notify acme; error_page 400 408 413 = @page; }

    location = /recursive {
        slack_notify acme;
        recursive_error_pages on;
        error_page 400 408 413 @recursive;
    }

    location @recursive {
        slack_notify acme;
        recursive_error_pages on;
        error_page 400 408 413 /recursive;
    }

    location = /server { slack_notify acme; }

    location /inherited/ { error_page 400 408 413 /static.html; }
    location /inherited/named { error_page 400 408 413 @static; }

    location = /tap {
        slack_notify acme;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        error_page 400 408 413 @tap;
    }

    location = /tap/uri {
        slack_notify acme;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        error_page 400 408 413 /page;
    }

    location = /other {
        slack_notify off;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        error_page 400 408 413 @page;
    }

    location = /other/tap {
        slack_notify off;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        error_page 400 408 413 @tap;
    }

    location = /form { slack_notify acme; error_page 400 408 413 @page; }
    location = /signed { slack_secret one; slack_source github; slack_notify acme; error_page 400 408 413 @page; }

    location = /variable { slack_notify acme; error_page 400 408 413 @variable; }

    location @variable {
        slack_notify acme;
        set $seen "$slack_status $slack_reason";
        add_header X-Seen $seen always;
    }

    location = /slow { slack_notify acme; error_page 400 408 413 @slow; }

    location @slow {
        client_max_body_size 0;
        auth_request /wait;
        slack_notify acme;
    }

    location = /wait {
        internal;
        slack_notify off;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SLOW_PORT;
        proxy_pass_request_body off;
        proxy_set_header Content-Length "";
        proxy_method GET;
    }

    location = /post { slack_notify acme; post_action /page; }
    location = /post/named { slack_notify acme; post_action @page; }
    location = /post/other { slack_notify off; proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT; post_action @page; }
    location = /post/tap { slack_notify acme; proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT; post_action @tap; }

    location /slack/ { slack_status actions; error_page 400 408 413 @page; }
    location = /to_slack { slack_notify acme; error_page 400 408 413 @slack; }
    location @slack { slack_status actions; }

    location = /page { slack_notify acme page; }
    location @page { slack_notify acme page; }
    location @tap { slack_notify acme page; proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT; proxy_method GET; proxy_set_header Content-Length ""; proxy_pass_request_body off; }
    location @static { root html; try_files /index.html =404; }
    location = /static.html { root html; try_files /index.html =404; }
    location = /server_page { root html; try_files /index.html =404; }
END

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== HTTP/1.1
--- http_config eval: $::Server
--- config
    location = /hook {
        slack_notify acme;
    }
--- client eval
sub { ::all(\&::http1, @::Ends) }
--- timeout: 60s
--- no_error_log
[alert]
[crit]
--- no_shutdown_error_log
[alert]



=== HTTP/2
--- http_config eval: $::Server
--- config
    location = /hook {
        slack_notify acme;
    }
--- client eval
sub { ::all(\&::http2, @::Ends2) }
--- timeout: 60s
--- no_error_log
[alert]
[crit]
--- no_shutdown_error_log
[alert]
