# Bytes from outside in all that operators and senders are shown: each hostile
# value by each way in, and then every output is looked at.

use strict;
use warnings;

# counts go on over a reload: each block wants an nginx of its own
BEGIN { delete $ENV{TEST_NGINX_USE_HUP} }

use lib 't/util';
use Encode ();
use JSON::PP ();
use Test::Nginx::Socket;
use SlackClient;
use SlackTest;
use SlackProof qw(log_text outbox received until_true);
use SlackStatus qw(act get status);

no_long_string();
plan 'no_plan';
run_tests();


# what it is, its bytes, and what is shown of it
sub hostile {
    my $r = "\x{fffd}";

    return (
        [ 'cut'           => "star\xc3",                           "star$r" ],
        [ 'cut early'     => "\xe2\x80",                           $r ],
        [ 'no UTF-8'      => "\xff\xfe\x80",                       $r x 3 ],
        [ 'overlong'      => "a\xc0\xafb",                         "a${r}b", qr/^a$r+b$/ ],
        [ 'surrogates'    => "\xed\xa0\x80\xed\xb0\x80",           $r x 2 ],
        [ 'too large'     => "\xf7\xbf\xbf\xbf",                   $r ],
        [ 'noncharacter'  => "a\xef\xbf\xbfb",                     "a${r}b" ],
        [ 'escapes'       => "a\x1b[2J\x07\x08b\x7fc",             'a[2Jbc' ],
        [ 'C1 controls'   => "a\xc2\x9b2Jb",                       'a2Jb' ],
        [ 'tab'           => "a\tb",                               'a b' ],
        [ 'U+2028'        => "a\xe2\x80\xa8b\xe2\x80\xa9c",        'a b c' ],
        [ 'bidi'          => "a\xe2\x80\xaeb\xe2\x81\xa6c\xd8\x9cd\xe2\x80\x8fe", 'abcde' ],
        [ 'U+FEFF'        => "a\xef\xbb\xbfb",                     'ab' ],
        [ 'HTML'          => q{<script>"&'</script>},              q{<script>"&'</script>} ],
        [ 'JSON'          => q{a","b":"\\},                        q{a","b":"\\} ],
        [ 'metrics'       => q[a"} 1\n],                           q[a"} 1\n] ],
        [ 'wide'          => "\xc3\xa4\xf0\x9f\x9a\x80\xe6\x97\xa5", "\x{e4}\x{1f680}\x{65e5}" ],
        [ 'long'          => "\xe6\x97" x 300,                     $r x 300 ],
    );
}


# what only JSON can bring
sub of_json {
    return (
        [ 'NUL'           => 'a\u0000b',     'ab' ],
        [ 'lines'         => 'a\r\nb\nc',    'a b c' ],
        [ 'a lone high'   => 'a\ud800',      'a?' ],
        [ 'a lone low'    => 'a\udc00b',     "a\x{fffd}b" ],
        [ 'bidi, escaped' => 'a\u202eb',     'ab' ],
        [ 'U+2028'        => 'a\u2028b',     'a b' ],
        [ 'noncharacter'  => 'a\uffffb',     "a\x{fffd}b" ],
    );
}


# the body of the answer to a request of these bytes
sub raw {
    my ($uri, $body, @headers) = @_;

    my $socket = SlackClient::connection();
    my $head = '';

    while (my ($name, $value) = splice @headers, 0, 2) { $head .= "$name: $value\r\n" }

    print $socket "POST $uri HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n",
        "Content-Type: application/json\r\n${head}Content-Length: ", length $body, "\r\n\r\n$body";

    local $/ = undef;
    my $answer = <$socket> // '';

    return $answer =~ s/\A.*?\r\n\r\n//sr;
}


# its characters, if all of them may be shown
sub shown {
    my ($bytes, $name) = @_;

    my $text = eval { Encode::decode('UTF-8', $bytes, Encode::FB_CROAK) };
    my $bad = qr/[\x00-\x08\x0b-\x1f\x7f-\x9f\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}\x{feff}\x{fffe}\x{ffff}]/;

    # a message is as Slack gets it, and marks that reorder nothing stay there
    $text =~ s/"message":\{.*//s if defined $text && $name =~ /^explain push/;

    return $text if defined $text && $text !~ $bad;

    fail("$name: " . (defined $text ? 'a character that is not to be shown' : 'no UTF-8'));

    return $text // '';
}


# the JSON, each string of it in one line
sub json {
    my ($bytes, $name) = @_;

    shown($bytes, $name);
    fail("$name: escaped, and there again when it is read: $bytes")
        if $bytes =~ s/\\\\//gr =~ /\\u(?:00[01]|d[89a-f])|\\[nrtbf]/i;

    return eval { JSON::PP->new->utf8->decode($bytes) } // fail("$name: no JSON: $bytes");
}


# status.json, the page, metrics and our own lines of the log
sub outputs {
    my ($name, @wanted) = @_;

    my $status = json(get('/slack/status.json')->{content}, "$name, status.json");
    my $page = shown(get('/slack/')->{content}, "$name, page");
    my $metrics = shown(get('/slack/metrics')->{content}, "$name, metrics");

    for my $wanted (@wanted) {
        my $html = $wanted =~ s/&/&amp;/gr =~ s/</&lt;/gr =~ s/>/&gt;/gr =~ s/"/&quot;/gr =~ s/'/&#39;/gr;
        ok(index($page, $html) >= 0, "$name: the page has it") or diag $html;
    }

    unlike($page, qr/<script>/, "$name: nothing of it is markup");

    my @bad = grep { !m/\A(?:\#.*|[a-z_]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})?[ ][0-9]+)\z/ } split /\n/, $metrics;
    is_deeply(\@bad, [], "$name: each line of metrics is one");

    # nginx adds what it says of the request
    for my $line (split /\n/, log_text()) {
        next if $line !~ /\[(?:warn|error|notice|info|emerg|crit|alert)\].*\b(?:slack|outbox)/;
        shown($line =~ s/, client: .*//sr, "$name, log");
    }

    return $status;
}

__DATA__

=== names of events, by headers
--- config
    location /slack/ { slack_status actions; }
    location /github { slack_source github; slack_notify acme; }
    location /gitea { slack_source gitea; slack_notify acme; }
    location /gitlab { slack_source gitlab; slack_notify acme; }
    location /auto { slack_notify acme; }
    location /tap { slack_notify acme; proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/upstream; }
    location /upstream { return 200 '{}'; }
--- request
GET /_slack/_received
--- after
my %header = (github => 'X-GitHub-Event', gitea => 'X-Gitea-Event', gitlab => 'X-Gitlab-Event',
              auto => 'X-GitHub-Event', tap => 'X-GitHub-Event');
my %delivery = (github => 'X-GitHub-Delivery', gitea => 'X-Gitea-Delivery', gitlab => 'X-Gitlab-Event-UUID',
                auto => 'X-GitHub-Delivery', tap => 'X-GitHub-Delivery');

for my $place (sort keys %header) {
    my @wanted;

    for my $row (hostile()) {
        my ($name, $bytes, $shown) = @$row;

        my $answer = json(raw("/$place", '{"x":1}', $header{$place} => $bytes, $delivery{$place} => $bytes,
                              # nginx refuses such names of headers by itself
                              ($bytes =~ /[\x00-\x20\x7f:]/ ? () : ("X-$bytes" => $bytes))), "$place, $name");

        is(substr($answer->{reason} // '', 0, length $shown), $shown, "$place, $name: the answer") if $place =~ /git[eh]/ && length $shown < 100 && $name ne 'overlong';
        push @wanted, $shown if $place =~ /git[eh]/ && length $shown < 20 && $name ne 'overlong';
    }

    my $status = outputs($place, @wanted);
    my %said = map { $_->{event} => 1 } @{ $status->{events} };
    is_deeply([ grep { !$said{$_} } @wanted ], [], "$place: status.json has them");
}
--- no_error_log
[alert]



=== fields of payloads
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_source gitlab; slack_route acme { events push issue; branches none; } }
--- request
GET /_slack/_received
--- after
my @wanted;

for my $row (hostile(), of_json()) {
    my ($name, $bytes, $shown) = @$row;

    my $text = $bytes =~ /\\[urn]/ && $name ne 'metrics' ? $bytes
             : $bytes =~ s/(["\\])/\\$1/gr =~ s/([\x00-\x1f])/sprintf '\\u%04x', ord $1/ger;

    json(raw('/hook', qq({"object_kind":"$text"})), "kind, $name");
    json(raw('/hook', qq({"object_kind":"push","ref":"refs/heads/$text","project":{"path_with_namespace":"$text"}})), "push, $name");
    json(raw('/hook', qq({"object_kind":"issue","object_attributes":{"action":"$text"},"project":{"path_with_namespace":"$text"}})), "issue, $name");
    json(raw('/slack/explain', qq({"object_kind":"$text","project":{"path_with_namespace":"$text"}})), "explain, $name");
    json(raw('/slack/explain', qq({"object_kind":"push","object_attributes":{"action":"$text"},"project":{"path_with_namespace":"$text"}})), "explain push, $name");

    push @wanted, $shown if length $shown < 20 && $name !~ /overlong|lone high/;
}

my $status = outputs('payloads', @wanted);
my %said = map { $_->{project} => 1 } @{ $status->{events} };
is_deeply([ grep { !$said{$_} } @wanted ], [], 'status.json has them');
--- no_error_log
[alert]



=== what operators ask for
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_notify acme; }
    location /other { slack_notify acme other; }
--- request
GET /_slack/_received
--- after
for my $row (hostile()) {
    my ($name, $bytes, $shown) = @$row;

    my $query = $bytes =~ s/(.)/sprintf '%%%02X', ord $1/gser;
    my $text = $bytes =~ s/(["\\])/\\$1/gr =~ s/([\x00-\x1f])/sprintf '\\u%04x', ord $1/ger;

    my $answer = json(raw("/slack/explain?location=/hook&event=$query", '{"x":1}'), "explain, $name");
    is($answer->{event}, $shown, "explain, $name: the event") if length $shown < 100 && $name ne 'overlong';

    json(raw("/slack/explain?location=$query", '{"x":1}'), "explain of a location, $name");
    json(raw("/slack/$query", '{"x":1}'), "resource, $name");
    json(raw("/slack/status.json?dead=$query", '{}'), "query, $name");

    for my $action (qw(test pause resume replay drop)) {
        json(raw("/slack/$action", qq({"workspace":"$text"})), "$action of a workspace, $name");
        json(raw("/slack/$action", qq({"workspace":"acme","channel":"#$text"})), "$action of a channel, $name");
        json(raw("/slack/$action", qq({"$text":"acme"})), "$action with a member, $name");
    }
}

outputs('actions');
--- no_error_log
[alert]



=== names of the configuration
--- config eval
CORE::join q{}, "    location /slack/ { slack_status actions; }\n",
    map { "    location \"/$_\" { slack_notify acme; }\n" } "star\xc3", "a\x1b[2Jb\x7f", "a\xe2\x80\xaeb", "a\\nb", '<script>'
--- request
GET /_slack/_received
--- after
my @wanted = ("/star\x{fffd}", '/a[2Jb', '/ab', '/a b', '/<script>');

my $answer = json(raw('/slack/explain', '{}'), 'explain');
is_deeply([ sort @{ $answer->{locations} } ], [ sort @wanted ], 'all are offered');

for my $path ('/star%c3', '/a%1b[2Jb%7f', '/a%e2%80%aeb', '/a%0ab', '/%3Cscript%3E') {
    json(raw($path, '{"object_kind":"surprise"}'), $path);
    json(raw("/slack/explain?location=$path", '{"object_kind":"surprise"}'), "explain, $path");
}

my $status = outputs('locations');
is_deeply([ sort map { $_->{location} } @{ $status->{events} } ], [ sort @wanted ], 'status.json has them');
--- no_error_log
[alert]



=== answers of Slack
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_notify acme; }
--- workspace
        retry 60s 60s;
--- request
GET /_slack/_received
--- faults
["400:a\u001b[2J\u0007\u202e\u2028\u00e9<script>\"", "400:\u007f\n\u0001x", "404:\u009b\u061c<b>"]
--- after
json(raw('/slack/test', '{"workspace":"acme"}'), 'test');
json(raw('/hook', SlackTest::payload('wiki_create.json')), 'event');
until_true { status()->{totals}{dead} };
json(raw('/slack/test', '{"workspace":"acme"}'), 'test');

my $status = outputs('Slack');
ok(scalar(grep { $_->{answer} =~ /^HTTP 400 / } @{ $status->{dead_letters} }), 'a dead letter with its words');
--- no_error_log
[alert]



=== words of the configuration
--- config eval
"    location /hook { slack_notify \"no\\nsuch\x1b[2J\xc3\"; }\n"
--- refused eval
"unknown workspace \"no such[2J\xef\xbf\xbd\", no slack_workspace in http has that name"



=== words of a block
--- config eval
"    location /hook { slack_route acme { \"no\\nsuch\x1b[2J\xc3\" x; } }\n"
--- refused eval
"unknown directive \"no such[2J\xef\xbf\xbd\" in \"slack_route\", see \"Inside slack_route\" in the README"
