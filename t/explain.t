# What would become of a payload: asked of slack_status, nothing is stored.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackStatus qw(act acted status);
use SlackTest;
use SlackProof qw(edit notify outbox received);

no_long_string();
plan 'no_plan';
run_tests();


sub explain {
    my ($file, $query) = @_;

    return act('explain' . (defined $query ? "?$query" : ''), SlackTest::payload($file));
}


# each route: where it stands, to whom, what it says
sub routes {
    my ($answer) = @_;

    return map { ($_->{file} =~ m{/nginx\.conf\z} ? '' : 'file? ') . ($_->{line} > 0 ? '' : 'line? ')
                 . "$_->{workspace} @{ $_->{channels} }: " . ($_->{taken} ? 'yes' : "no, $_->{reason}")
                 . ($_->{only_if_changed} ? ', if changed' : '') } @{ $answer->{routes} };
}

__DATA__

=== who takes a push, who does not and why, and the message
--- config
    location /slack/ { slack_status actions; }
    location /hook {
        slack_route acme { events push; channel dev,ops; username Robot; }
        slack_route acme { events push; branches none/*; channel a; }
        slack_route acme { events issue; channel b; }
        slack_route acme { users !*; channel c; }
        slack_notify acme d if=$arg_never;
    }
--- request
GET /_slack/_received
--- after
my $events = status()->{events};
my ($code, $answer) = explain('push.json');

is($code, 200, 'it is answered');
is("$answer->{location} $answer->{source} $answer->{event} $answer->{project} $answer->{result}", '/hook gitlab push acme/rocket queued', 'what it is');
is_deeply([ routes($answer) ], [ 'acme #dev #ops: yes', 'acme #a: no, branches', 'acme #b: no, events', 'acme #c: no, users', 'acme #d: no, if' ], 'what each route says');

my @lines = map { $_->{line} } @{ $answer->{routes} };
is_deeply([ map { $_ - $lines[0] } @lines ], [ 0 .. 4 ], 'and where each stands');

is(scalar received(), 0, 'nothing has come to Slack');
is_deeply(status()->{events}, $events, 'it is no event');
is_deeply([ outbox('SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM memory)') ], [ 0 ], 'nothing was stored');

notify('push.json');
my ($real) = received('#dev', 1);
is_deeply($answer->{message}, $real->{payload}, 'the message is what Slack gets then');
--- no_error_log
[error]
[alert]



=== nobody takes it; what is ignored; what is no JSON
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_route acme { events issue pipeline; pipelines changed; } }
--- request
GET /_slack/_received
--- after
my ($code, $answer) = explain('push.json');
is("$answer->{result} $answer->{reason}", 'filtered events', 'filtered');
is($answer->{message}, undef, 'without a message');

($code, $answer) = explain('pipeline_failed.json');
is_deeply([ routes($answer) ], [ 'acme #general: yes, if changed' ], 'a route that wants what has changed');
is($answer->{result}, 'queued', 'would take it');

($code, $answer) = act('explain', { object_kind => 'surprise' });
is("$answer->{result} $answer->{reason} @{ $answer->{routes} }", 'ignored surprise ', 'an unknown event');

($code, $answer) = act('explain?event=Issue%20Hook', '{"object_kind":"issue",');
is("$code $answer->{result} $answer->{event}", '200 rejected Issue Hook', 'no JSON');
like($answer->{reason}, qr/^body ends early at byte 23$/, 'with the place');

($code, $answer) = act('explain', '');
is("$code $answer->{result} $answer->{reason}", '200 rejected body is empty', 'nothing');
--- no_error_log
[error]
[alert]



=== several locations, several senders
--- http_config
    server {
        listen 127.0.0.1:$TEST_NGINX_RAND_PORT_1;
        server_name elsewhere;
        location /a { slack_notify acme elsewhere; }
    }
--- config
    location /slack/ { slack_status actions; }
    location /a { slack_notify acme a; }
    location /b { slack_source alertmanager; slack_notify acme b; }
--- request
GET /_slack/_received
--- after
is_deeply([ explain('push.json') ], [ 400, { error => 'several locations have routes: name one', locations => [ 'elsewhere/a', 'localhost/a', '/b' ] } ], 'they are named');
is((explain('push.json', 'location=/c'))[0], 404, 'there is none of that name');
is((explain('push.json', 'location=/a'))[0], 404, 'which of the two?');

my ($code, $answer) = explain('push.json', 'location=elsewhere/a&event=Push+Hook');
is_deeply([ $code, routes($answer) ], [ 200, 'acme #elsewhere: yes' ], 'one of them');

($code, $answer) = act('explain?location=%2Fb', SlackTest::payload("../alertmanager/firing.json"));
is("$answer->{location} $answer->{source} $answer->{event} $answer->{result}", '/b alertmanager alert queued', 'another sender');
--- no_error_log
[error]
[alert]



=== a location is named as it is written, whatever characters it has
--- config
    location /slack/ { slack_status actions; }
    location /a+b { slack_notify acme plus; }
    location "/a b" { slack_notify acme blank; }
    location /100% { slack_notify acme percent; }
    location /a%20b { slack_notify acme twice; }
    location "/a&event=b" { slack_notify acme and; }
    location /größe { slack_notify acme wide; }
    location = /exact { slack_notify acme exact; }
    location ~ ^/(\w+)\+hook$ { slack_notify acme regex; }
    location @named { slack_notify acme named; }
    location /a+ { slack_notify acme end; }
--- request
GET /_slack/_received
--- after
my @wanted = (
    [ '/a+b' => 'plus' ], [ '/a b' => 'blank' ], [ '/100%' => 'percent' ], [ '/a%20b' => 'twice' ],
    [ '/a&event=b' => 'and' ], [ "/gr\xc3\xb6\xc3\x9fe" => 'wide' ], [ '/exact' => 'exact' ],
    [ '^/(\w+)\+hook$' => 'regex' ], [ '@named' => 'named' ], [ '/a+' => 'end' ],
);

# as programs encode it, as forms do, and all of it
my %encoders = (
    program => sub { $_[0] =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ger },
    form    => sub { $_[0] =~ s/([^A-Za-z0-9._~ -])/sprintf '%%%02x', ord $1/ger =~ tr/ /+/r },
    all     => sub { $_[0] =~ s/(.)/sprintf '%%%02X', ord $1/gser },
);

for my $encoder (sort keys %encoders) {
    for my $wanted (@wanted) {
        my ($name, $channel) = @$wanted;
        my ($code, $answer) = explain('push.json', 'event=x&location=' . $encoders{$encoder}->($name) . '&x=y');

        is_deeply([ $code, $code == 200 ? ($answer->{location}, $answer->{routes}[0]{channels}[0]) : () ],
                  [ 200, $name =~ s/(\xc3.)/utf8::decode(my $c = $1); $c/ger, "#$channel" ], "$encoder: #$channel");
    }
}

# each of them is offered, and found as it was offered
my ($code, $answer) = explain('push.json');
is($code, 400, 'none is named');
is(scalar @{ $answer->{locations} }, scalar @wanted, 'all are offered');

for my $name (@{ $answer->{locations} }) {
    utf8::encode(my $bytes = $name);
    my ($found, $json) = explain('push.json', 'location=' . $encoders{program}->($bytes));
    is($json->{location}, $name, 'found as it is offered');
}

# what is encoded wrongly stands for itself, and an argument's name is whole
is((explain('push.json', 'location=/100%'))[0], 200, 'a lone percent sign');
is((explain('push.json', 'xlocation=/exact'))[0], 400, 'another argument');
is((explain('push.json', 'location=/exact&location=/none'))[0], 200, 'the first of two');
is((explain('push.json', 'event=a%2Bb+c&location=/exact'))[0], 200, 'an event');
is((act('explain?event=a%2Bb+c%26d%00%0a&location=/exact', { object_kind => undef }))[1]{event}, 'a+b c&d ', 'as it is written');
--- no_error_log
[alert]



=== threads: what the messages would be to them
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    http://127.0.0.1:1/api;
        channel    dev;
--- http_config
    slack_workspace hooks { webhook_url $SLACK_HOOK legacy; channel dev; }
--- config
    location /slack/ { slack_status actions; }
    location /off { slack_route acme { thread off; } }
    location /reply { slack_route acme { events push pipeline merge_request note confidential_issue; thread reply; channel dev,ops; } }
    location /update { slack_route acme { events push pipeline merge_request note; thread update; } }
    location /both { slack_route acme { events pipeline merge_request note; thread both broadcast=none; } }
    location /pipelines { slack_route acme { events pipeline; thread both; } }
    location /reply_shown { slack_route acme { thread reply broadcast=issue:close; } }
    location /update_shown { slack_route acme { thread update broadcast=merge_request:merge; } }
    location /both_shown { slack_route acme { thread both broadcast=merge_request:merge; } }
    location /known { slack_route acme { events merge_request:close; thread update broadcast=none; } }
    location /key { slack_route acme { events push merge_request confidential_issue; thread reply key=$slack_project; } }
    location /no_key { slack_route acme { thread reply key=$arg_none; } }
    location /webhook { slack_route hooks { events push issue; } }
--- request
GET /_slack/_received
--- after
my $mr     = 'merge_request gitlab.example.com 15 42';
my $issue  = 'issue gitlab.example.com 15 118';
my $commit = 'commit gitlab.example.com 15 6d909b36a78b4d2f94a1d997f52647d9e8a7f887';
my $build  = 'pipeline gitlab.example.com 9302';

# location, payload, result, what each message is
my @wanted = (
    [ off => 'merge_request_open', 'queued' ],
    [ webhook => 'issue_open', 'queued' ],
    [ webhook => 'merge_request_open', 'filtered events' ],
    [ reply => 'push', 'queued', map { "$_ [$commit] root" } '#dev', '#ops' ],
    [ reply => 'merge_request_open', 'queued', map { "$_ [$mr] reply" } '#dev', '#ops' ],
    [ reply => 'merge_request_merge', 'queued', map { "$_ [$mr] reply final" } '#dev', '#ops' ],
    [ reply => 'note_mr', 'queued', map { "$_ [$mr] reply" } '#dev', '#ops' ],
    [ reply => 'issue_confidential_open', 'queued', map { "$_ [confidential_issue gitlab.example.com 15 119] reply" } '#dev', '#ops' ],
    [ update => 'push', 'queued', "#dev [$commit] root" ],
    [ update => 'merge_request_open', 'queued', "#dev [$mr] change" ],
    [ update => 'merge_request_merge', 'queued', "#dev [$mr] change final" ],
    [ update => 'note_mr', 'filtered thread' ],
    [ update => 'pipeline_failed', 'queued', "#dev [$build] change final", "#dev [$build] reply broadcast final" ],
    [ both => 'merge_request_open', 'queued', "#dev [$mr] change", "#dev [$mr] reply" ],
    [ both => 'merge_request_merge', 'queued', "#dev [$mr] change final", "#dev [$mr] reply final" ],
    [ both => 'note_mr', 'queued', "#dev [$mr] reply" ],
    [ pipelines => 'pipeline_failed', 'queued', "#dev [$build] change final", "#dev [$build] reply broadcast final" ],
    [ pipelines => 'pipeline_success', 'queued', "#dev [$build] change final", "#dev [$build] reply final" ],
    [ reply_shown => 'issue_open', 'queued', "#dev [$issue] reply" ],
    [ reply_shown => 'issue_close', 'queued', "#dev [$issue] reply broadcast final" ],
    [ update_shown => 'merge_request_open', 'queued', "#dev [$mr] change" ],
    [ update_shown => 'merge_request_merge', 'queued', "#dev [$mr] change final", "#dev [$mr] reply broadcast final" ],
    [ both_shown => 'merge_request_open', 'queued', "#dev [$mr] change", "#dev [$mr] reply" ],
    [ both_shown => 'merge_request_merge', 'queued', "#dev [$mr] change final", "#dev [$mr] reply broadcast final" ],
    [ known => 'merge_request_open', 'queued', "#dev [$mr] change only_if_shown" ],
    [ known => 'note_mr', 'filtered events' ],
    [ key => 'push', 'queued', '#dev [key acme/rocket] reply' ],
    [ key => 'merge_request_merge', 'queued', '#dev [key acme/rocket] reply final' ],
    [ key => 'issue_confidential_open', 'queued', '#dev [confidential_issue acme/rocket] reply' ],
    [ no_key => 'issue_open', 'queued' ],
);

sub told {
    my ($location, $file) = @_;
    my ($code, $answer) = explain("$file.json", "location=/$location");
    my $threads = $answer->{threads};

    return ($answer->{result} . ($answer->{reason} eq '' ? '' : " $answer->{reason}"),
        join(' ', sort keys %{ { map { $_->{workspace} => 1 } @$threads } }),
        join(' ', sort keys %{ { map { ($_->{root} // 'null') => 1 } @$threads } }),
        map { my $thread = $_; join ' ', $thread->{channel}, "[$thread->{key}]", $thread->{as}, grep { $thread->{$_} } qw(broadcast only_if_shown final) } @$threads);
}

# while there are no threads, what might follow begins one; it tells of a state
# itself, so what goes with that is left out
sub alone {
    my %begun;

    return map {
        my ($where, $as, $more) = m/^(\S+ \[.*\]) (\w+)(.*)/ or die "no thread: $_\n";
        $as = $more =~ m/only_if_shown/ || $begun{$where}++ ? 'nothing' : 'root';
        "$where $as$more";
    } @_;
}

for my $wanted (@wanted) {
    my ($location, $file, $result, @threads) = @$wanted;

    is_deeply([ told($location, $file) ], [ $result, @threads ? qw(acme none) : ('', ''), alone(@threads) ], "$location: $file: $result, without threads");
}

is_deeply([ outbox('SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM thread)') ], [ 0 ], 'nothing was stored');

# each has a root that was sent
my %keys = map { m/\[(.*)\]/ ? ($1 => 1) : () } map { @$_ } @wanted;
edit(join ' ', "INSERT INTO destination (id, workspace, channel) VALUES (901, 'acme', '#dev'), (902, 'acme', '#ops');",
    map { my $key = $_; map { "INSERT INTO thread (destination, key, handle, stamp, rank, flags, root, change, since, touched, expires, last)"
        . " VALUES ($_, '$key', 'C1 1.1', 0, 0, 0, 0, 0, 0, 0, 9000000000000, 0);" } 901, 902 } sort keys %keys);

for my $wanted (@wanted) {
    my ($location, $file, $result, @threads) = @$wanted;

    is_deeply([ told($location, $file) ], [ $result, @threads ? qw(acme sent) : ('', ''), @threads ], "$location: $file: $result, with threads");
}

# one that has ended, one that has expired, one without a root, one of another channel
for my $case (
    [ 'flags = 4', 'sent', 'root' ], [ 'expires = 1', 'none', 'root' ], [ "handle = ''", 'none', 'root' ],
    [ 'destination = 903', 'none', 'root' ]
) {
    my ($set, $root, $as) = @$case;
    edit("UPDATE thread SET destination = 901, flags = 0, expires = 9000000000000, handle = 'C1 1.1' WHERE id IN (SELECT max(id) FROM thread WHERE key = '$mr' AND destination <> 902);"
        . " UPDATE thread SET $set WHERE key = '$mr' AND destination <> 902");
    is_deeply([ told(update => 'merge_request_open') ], [ 'queued', 'acme', $root, "#dev [$mr] $as" ], $set);
}
edit("DELETE FROM thread WHERE key = '$mr'");

# a root that waits, as Slack cannot be reached
notify('merge_request_open.json', '/both');
is_deeply([ told(both => 'merge_request_open') ], [ 'queued', 'acme', 'waiting', "#dev [$mr] change", "#dev [$mr] reply" ], 'a root that waits');
--- no_error_log
[alert]



=== threads that cannot be looked for are told as if they had a root
--- http_config
    slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/html/outbox/bad.db;
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    http://127.0.0.1:1/api;
        channel    dev;
--- config
    location /slack/ { slack_status actions; }
    location /both { slack_route acme { events merge_request; thread both; } }
--- user_files
>>> outbox/bad.db-wal/file
a directory
--- request
GET /_slack/_received
--- after
my ($code, $answer) = explain('merge_request_open.json');
is($code, 200, 'it is explained');
is($answer->{result}, 'queued', 'what the routes do');
is_deeply([ map { [ $_->{root}, $_->{as} ] } @{ $answer->{threads} } ], [ [ undef, 'change' ], [ undef, 'reply' ] ], 'no root is told');
--- no_error_log
[alert]



=== the format of each route: the default, and what is said instead of it
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $SLACK/api;
        channel    dev;
--- config
    location /slack/ { slack_status actions; }
    location /hook {
        slack_route acme { channel a; }
        slack_route acme { channel b; thread off; }
        slack_route acme { channel c; thread reply; }
        slack_route acme { channel d; thread update; }
        slack_route acme { channel e; thread both; }
        slack_route acme { channel f; format compact; }
        slack_route acme { channel g; format card; }
        slack_route acme { channel h; format full; thread update; }
        slack_route acme { channel i; thread both; format compact; }
        slack_notify acme j;
    }
--- request
GET /_slack/_received
--- after
my (undef, $answer) = act('explain', SlackTest::payload('push.json'));

is(join(' ', map { "@{ $_->{channels} }=$_->{format}" } @{ $answer->{routes} }),
    '#a=full #b=full #c=full #d=card #e=card #f=compact #g=card #h=full #i=compact #j=full', 'of each route');
--- no_error_log
[error]
[alert]
