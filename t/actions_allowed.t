# Who may act at a location of slack_status: "actions" and "actions=remote",
# addresses of clients, names of hosts, pages of other sites.

use strict;
use warnings;

use IO::Socket::INET;

use lib 't/util';
use JSON::PP ();
use Test::Nginx::Socket;
use SlackStatus qw(act acted post status);
use SlackTest;
use SlackProof qw(stored_messages notify received);

no_long_string();
plan 'no_plan';
run_tests();


# The code of an action that is sent under a name of the host; undef: none.
sub hosted {
    my ($host) = @_;

    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => server_port(), Timeout => 10)
        or die "cannot connect: $!\n";

    my $body = '{"workspace":"acme"}';

    print {$socket} defined $host ? "POST /slack/resume HTTP/1.1\r\nHost: $host\r\n" : "POST /slack/resume HTTP/1.0\r\n",
        "Content-Type: application/json\r\nContent-Length: ", length $body, "\r\nConnection: close\r\n\r\n$body";

    my $answer = do { local $/ = undef; <$socket> };

    return $answer =~ m{^HTTP/1\.\d ([0-9]+)} ? $1 : 'none';
}

__DATA__

=== to read only
--- config
    location /slack/ { slack_status; allow 127.0.0.1; deny all; }
    location /hook { slack_notify acme; }
--- request
GET /_slack/_received
--- faults
["400:no_text"]
--- after
notify('wiki_create.json');
stored_messages();

for my $action (qw(test replay drop forget pause resume)) {
    my ($code, $json) = act($action, { workspace => 'acme' });

    is($code, 403, "$action is refused");
    like($json->{error}, qr/"slack_status actions"/, 'it says what to do');
}

is((act('explain', { location => '/hook', payload => {} }))[0], 200, 'explain changes nothing');
ok(!status()->{actions}, 'the page learns it');
is_deeply([ stored_messages() ], [ '#general dead 1 HTTP 400 "no_text"' ], 'nothing has happened');
--- no_error_log
[alert]



=== addresses of clients
--- config
    set_real_ip_from 127.0.0.1;
    real_ip_header X-From;
    location /slack/ { slack_status actions; }
    location /remote/ { slack_status actions=remote; }
    location /read/ { slack_status; }
    location /if/ { slack_status actions; if ($arg_dead) { set $x 1; } }
--- request
GET /_slack/_received
--- after
my @cases = (
    [ 200, 200, '127.0.0.1' ],
    [ 200, 200, '127.8.9.10' ],
    [ 200, 200, '::1' ],
    [ 200, 200, '::ffff:127.0.0.1' ],
    [ 200, 200, 'unix:' ],
    [ 403, 200, '192.0.2.1' ],
    [ 403, 200, '10.127.0.1' ],
    [ 403, 200, '128.0.0.1' ],
    [ 403, 200, '2001:db8::1' ],
    [ 403, 200, '::ffff:192.0.2.1' ],
);

for my $case (@cases) {
    my ($local, $remote, $from) = @$case;

    is((post('/slack/resume', { workspace => 'acme' }, 'X-From' => $from))[0], $local, "actions: $from, $local");
    is((post('/remote/resume', { workspace => 'acme' }, 'X-From' => $from))[0], $remote, "actions=remote: $from, $remote");
    is((post('/read/resume', { workspace => 'acme' }, 'X-From' => $from))[0], 403, "none: $from");
}

like((post('/slack/resume', {}, 'X-From' => '192.0.2.1'))[1]{error}, qr/"slack_status actions=remote"/, 'it says what to do');
ok(status(undef, '/slack/')->{actions}, 'the page learns that one may act');
ok(status('dead=1', '/if/')->{actions}, 'also within "if"');
--- no_error_log
[alert]



=== names of the host
--- config
    server_name ops.example.com *.wild.example.com .dot.example.com tail.* ~^re\d+[.]example[.]com$ _;
    location /slack/ { slack_status actions; }
--- request
GET /_slack/_received
--- after
my @cases = (
    [ 200, '127.0.0.1' ],
    [ 200, '127.0.0.1:8080' ],
    [ 200, '[::1]' ],
    [ 200, 'localhost' ],
    [ 200, 'LocalHost:80' ],
    [ 200, 'ops.example.com' ],
    [ 200, 'OPS.example.com.' ],
    [ 200, 'a.wild.example.com' ],
    [ 200, 'a.b.wild.example.com' ],
    [ 200, 'dot.example.com' ],
    [ 200, 'a.dot.example.com' ],
    [ 403, 'wild.example.com' ],
    [ 403, 'notwild.example.com' ],
    [ 403, 'adot.example.com' ],
    [ 403, 'tail.example.net' ],
    [ 403, 're1.example.com' ],
    [ 403, '_' ],
    [ 403, 'evil.example.net' ],
    [ 403, 'ops.example.com.evil.example.net' ],
    [ 403, '127.0.0.1.evil.example.net' ],
    [ 403, undef ],
);

for my $case (@cases) {
    my ($code, $host) = @$case;

    is(hosted($host), $code, ($host // 'no Host') . ": $code");
}
--- no_error_log
[alert]



=== pages of other sites, other types of content
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_notify acme; }
--- request
GET /_slack/_received
--- after
my @refused = (
    [ 403, Origin => 'https://evil.example.com' ],
    [ 403, Origin => 'null' ],
    [ 403, 'Sec-Fetch-Site' => 'cross-site' ],
    [ 403, 'Sec-Fetch-Site' => 'same-site' ],
    [ 415, 'Content-Type' => 'text/plain' ],
    [ 415, 'Content-Type' => 'application/x-www-form-urlencoded' ],
);

for my $refused (@refused) {
    my ($code, @headers) = @$refused;

    is((act('pause', { workspace => 'acme' }, @headers))[0], $code, "@headers: $code");
    is((act('explain', {}, @headers))[0], $code, "explain, @headers: $code");
}

like((act('pause', {}, Origin => 'null'))[1]{error}, qr/use the page of this location/, 'it says what to do');
ok(!status()->{workspaces}[0]{paused}, 'nothing is paused');
is_deeply(acted('pause', { workspace => 'acme' }, 'Sec-Fetch-Site' => 'same-origin'), { paused => JSON::PP::true() }, 'the page itself may');
--- no_error_log
[alert]
