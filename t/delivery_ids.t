# By what the id of a delivery is known: which requests are the same delivery,
# and which only have the same id.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackClient;
use SlackServer;
use SlackSign;

our $Port = SlackServer::free_port();

$ENV{TEST_NGINX_SIGNING} = our $One = 'whsec_b2xkIHNlY3JldCBvZiB0aGUgd2ViaG9vaw==';
our $Two = 'whsec_AAH+/3JhbmRvbSBieXRlcyBvZiAzMiBieXRlcyAuLi4=';

# Two requests of one id each: which differ how, and what the second one is.
# A request is host, URI and further words: "PORT", a secret.
our @Pairs = (
    [ 'the same request', 'duplicate', [ 'a', '/hook' ], [ 'a', '/hook' ] ],
    [ 'another location', 'queued', [ 'a', '/hook' ], [ 'a', '/other' ] ],
    [ 'another name of the server', 'duplicate', [ 'a', '/hook' ], [ 'alias', '/hook' ] ],
    [ 'another server', 'queued', [ 'a', '/hook' ], [ 'b', '/hook' ] ],
    [ 'a server of the same name at another port', 'queued', [ 'a', '/hook' ], [ 'a', '/hook', $Port ] ],
    [ 'servers without a name', 'queued', [ 'none', '/hook' ], [ 'none', '/hook', $Port ] ],
    [ 'a regex location, the same URI', 'duplicate', [ 'a', '/re/one' ], [ 'a', '/re/one' ] ],
    [ 'a regex location, two URIs', 'queued', [ 'a', '/re/one' ], [ 'a', '/re/two' ] ],
    [ 'a prefix location, two URIs', 'queued', [ 'a', '/prefix/one' ], [ 'a', '/prefix/two' ] ],
    [ 'other arguments', 'queued', [ 'a', '/hook?team=a' ], [ 'a', '/hook?team=b' ] ],
    [ 'the same arguments', 'duplicate', [ 'a', '/hook?team=a' ], [ 'a', '/hook?team=a' ] ],
    [ 'arguments and none', 'queued', [ 'a', '/hook' ], [ 'a', '/hook?' ] ],
    [ 'a rewrite from two URIs', 'queued', [ 'a', '/old/one' ], [ 'a', '/old/two' ] ],
    [ 'named locations of two URIs', 'queued', [ 'a', '/named/one' ], [ 'a', '/named/two' ] ],
    [ 'long ones', 'queued', [ 'a', '/prefix/' . 'x' x 3000 . 1 ], [ 'a', '/prefix/' . 'x' x 3000 . 2 ] ],
    [ 'signed, the same request', 'duplicate', [ 'a', '/signed', $One ], [ 'a', '/signed', $One ] ],
    [ 'signed, an argument appended', 'duplicate', [ 'a', '/signed', $One ], [ 'a', '/signed?x', $One ] ],
    [ 'signed, another server', 'duplicate', [ 'a', '/signed', $One ], [ 'b', '/signed', $One ] ],
    [ 'signed, another location', 'duplicate', [ 'a', '/signed', $One ], [ 'a', '/signed/2', $One ] ],
    [ 'signed, another secret', 'queued', [ 'a', '/signed', $One ], [ 'a', '/signed', $Two ] ],
    [ 'signed and not', 'queued', [ 'a', '/hook' ], [ 'a', '/signed', $One ] ],
);


sub ask {
    my ($id, $host, $uri, $more) = @_;

    my $body   = SlackTest::payload('push_1k.json');
    my $secret = defined $more && $more =~ m/^whsec/ ? $more : undef;
    my $port   = defined $more && !defined $secret ? $more : undef;

    # GitLab sends its own id, too, which a signature does not cover
    my @id = defined $secret ? (SlackSign::headers($body, secret => $secret, id => $id), 'Idempotency-Key: ' . rand)
        : "Idempotency-Key: $id";

    my $socket = SlackClient::connection($port);
    print {$socket} SlackClient::request($uri, $body, 'X-Gitlab-Event: Push Hook', 'Connection: close', @id) =~ s/^Host: localhost/Host: $host/mr;

    my ($status) = SlackClient::read_until($socket) =~ m/"status":"(\w+)"/;

    return $status;
}


our $Locations = <<"END";
        location = /hook { slack_notify acme; }
        location = /other { slack_notify acme; }
        location ~ ^/re/ { slack_notify acme; }
        location /prefix/ { slack_notify acme; }
        location /old/ { rewrite ^ /hook last; }
        location /named/ { try_files /no/such/file \@named; }
        location \@named { slack_notify acme; }
        location = /signed { slack_secret $One; slack_secret $Two; slack_notify acme; }
        location = /signed/2 { slack_secret $Two; slack_secret $One; slack_notify acme; }
    }
END

our $Servers = CORE::join '', map { "    server {\n$_\n$Locations" }
    'listen $TEST_NGINX_SERVER_PORT; server_name a alias;',
    'listen $TEST_NGINX_SERVER_PORT; server_name b a2;',
    'listen $TEST_NGINX_SERVER_PORT; server_name none;',
    "listen 127.0.0.1:$Port; server_name a;",
    "listen 127.0.0.1:$Port default_server; server_name none;";

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== the same delivery, or only the same id
--- http_config eval: $::Servers
--- config
--- client eval
sub {
    my $n = 0;

    for my $pair (@::Pairs) {
        my ($name, $second, @requests) = @$pair;

        my $id = 'id-' . $n++;

        Test::More::is(CORE::join(' ', map { ::ask($id, @$_) } @requests), "queued $second", $name);
    }

    my $queued = () = map { $_->[1] } grep { $_->[1] eq 'queued' } @::Pairs;
    Test::More::is(() = SlackClient::slack(@::Pairs + $queued) =~ m/^#general/mg, @::Pairs + $queued, 'all of them are delivered');
}
--- timeout: 60s
--- no_error_log
[alert]
[crit]



=== no secret of a URI is stored
--- config
    location = /hook {
        slack_notify acme;
    }
--- client eval
sub {
    Test::More::is(::ask('id', 'localhost', '/hook?token=in-the-uri'), 'queued', 'stored');

    my $dir = ::server_root() . '/outbox_temp';
    my $text = CORE::join '', map { SlackTest::payload($_) } glob "$dir/*";

    Test::More::unlike($text, qr/in-the-uri/, 'not in clear');
    Test::More::like($text, qr/general/, 'the channel is');
}
--- no_error_log
[error]
[alert]



=== a signed id is known as long as its signature is good
--- outbox: dedup=1s
--- config
    location = /hook { slack_notify acme; }
    location = /signed { slack_secret $TEST_NGINX_SIGNING; slack_notify acme; }
--- client eval
sub {
    my @first = (::ask('one', 'localhost', '/hook'), ::ask('two', 'localhost', '/signed', $::One));
    Time::HiRes::sleep(1.5);
    my @later = (::ask('one', 'localhost', '/hook'), ::ask('two', 'localhost', '/signed', $::One));

    Test::More::is("@first", 'queued queued', 'new');
    Test::More::is("@later", 'queued duplicate', 'later than dedup');
}
--- no_error_log
[error]
[alert]
