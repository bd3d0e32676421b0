# "channel" with variables: a map of the project, or of anything else, says for
# each event where it goes; what is no channel, and what happens to it then.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackStatus qw(act acted channel_of get status);
use SlackTest;
use SlackPayload qw(answer with);
use SlackProof qw(stored_messages log_lines notify outbox received reload requests rewrite_conf until_true);

# a process that is its own worker does not reload
master_on();
workers(2);

our $Team = <<'EOC' =~ s/\\xff/\xff/r;
    map $slack_project $team {
        acme/rocket   rocket;
        acme/several  "a,#b c";
        acme/direct   U024BE7LH,C024BE91L;
        acme/many     "a b c d e f g h i j k l";
        acme/same     "dev,#dev,dev";
        acme/upper    Rocket;
        acme/broad    "<!channel>";
        acme/pipe     "U1>|x";
        acme/role     @author;
        acme/token    xoxb-1111-2222-sesame;
        acme/commas   ", ,,";
        acme/lines    "a\nb";
        acme/tabs     "a\tb";
        acme/bytes    "a\xffb";
        default       "";
    }
EOC

# a title is a channel
our $Title = '$slack_json_object_attributes__title';

our $Gollum = '{"pages":[' . join(',', map { qq({"title":"$_","action":"edited","page_name":"$_"}) } qw(one two Bad one))
    . '],"repository":{"full_name":"acme/rocket"},"sender":{"login":"mokafor"}}';

no_long_string();
plan 'no_plan';
run_tests();


# posts a push of a project
sub push_of {
    my ($project, $uri) = @_;

    notify('push.json', $uri, sub { $_[0] =~ s{"path_with_namespace": *"[^"]*"}{"path_with_namespace": "$project"}gr });

    return;
}


# posts a wiki page whose title is the JSON text
sub page {
    my ($title) = @_;

    notify('wiki_create.json', '/hook', sub { $_[0] =~ s/"title": *"[^"]*"/"title": "$title"/r });

    return;
}


# the channels of what has come, once there are N
sub came { return join ' ', sort map { $_->{channel} } received(undef, @_) }


# the module's lines about channels: the value, why, what then
sub told {
    return map { m/\[warn\].* the value "(.*)" of "channel (\S+)" of the slack_route in .*nginx\.conf:[0-9]+ is no channel: (.*?)(?:, client|\z)/
        ? "$1 $2: $3" : () } log_lines(qr/is no channel/);
}

__DATA__

=== a map of the project: one, several, people, the same twice, beside a name
--- http_config eval: $::Team
--- config
    location /hook { slack_route acme { channel $team; } }
    location /two  { slack_route acme { channel dev,$team; } }
    location /part { slack_notify acme "#team-$slack_branch" "${team}-x"; }
--- request
GET /_slack/_received
--- after
push_of('acme/rocket');
is(came(1), '#rocket', 'one');

push_of('acme/several');
is(came(4), '#a #b #c #rocket', 'several');

push_of('acme/direct');
is(came(6), '#a #b #c #rocket C024BE91L U024BE7LH', 'people, and IDs');

push_of('acme/same', '/two');
is(came(7), '#a #b #c #dev #rocket C024BE91L U024BE7LH', 'the same, once');

push_of('acme/rocket', '/part');
is(came(9), '#a #b #c #dev #rocket #rocket-x #team-main C024BE91L U024BE7LH', 'a part of a name');

is_deeply([ told() ], [], 'nothing is wrong');
--- no_error_log
[error]
[alert]
[warn]



=== empty or wrong: the workspace's channel, with a warning once a minute
--- http_config eval: $::Team
--- config
    location /hook { slack_route acme { channel $team; } }
--- request
GET /_slack/_received
--- after
my %why = (
    'acme/other'  => ' $team: it is empty, let a "map" have a default',
    'acme/commas' => ' $team: it is empty, let a "map" have a default',
    'acme/many'   => 'k $team: a route has at most 10 channels',
    (map { $_->[0] => "$_->[1] \$team: " . 'write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR' }
        [ 'acme/lines', 'a b' ], [ 'acme/tabs', 'a b' ], [ 'acme/bytes', "a\x{ef}\x{bf}\x{bd}b" ],
        [ 'acme/upper', 'Rocket' ], [ 'acme/broad', '<!channel>' ], [ 'acme/pipe', 'U1>|x' ], [ 'acme/token', '(hidden)' ]),
    'acme/role'   => '@author $team: a direct message needs the member ID, such as U024BE7LH',
);
my $n = 0;
my $lines = 0;

for my $project (sort keys %why) {
    my $before = () = came() =~ m/#general/g;

    push_of($project);
    push_of($project);
    $n += $project eq 'acme/many' ? 22 : 2;

    is(scalar(() = came($n) =~ m/#general/g), $before + 2, "$project: the workspace's");
    is_deeply([ (told())[ $lines .. $#{ [ told() ] } ] ], [ "$why{$project}; the event goes to the channel of the workspace" ], 'one warning');
    $lines = told();
    reload();
}

unlike(join('', grep { !m/\[debug\]/ } log_lines(qr/./)), qr/sesame/, 'no token in the log');
--- no_error_log
[error]
[alert]



=== values as senders may choose them
--- config
    location /hook { slack_route acme { events wiki_page; channel $slack_json_object_attributes__title; } }
    location /slack/ { slack_status; }
--- request
GET /_slack/_received
--- after
my @titles = ('a\u001b[31mb', 'x' x 81, 'x' x 1_000_000, '\u2028', 'a\u202eb', '#', '@', '##a', '?',
    '$slack_title', '\ud800', '../x', 'a\"b', "\xff\xfe", 'xoxb-1-2-sesame', 'https://sesame.example.com/', 'A1B2C3D4E5F6');

for my $title (@titles) {
    page($title);
}

is(came(scalar @titles), join(' ', ('#general') x @titles), 'all go to the workspace\'s channel');
is(scalar(grep { $_ ne '#general' } outbox('SELECT channel FROM destination')), 0, 'which is the only one');

page('\u00e9quipe-1');
is((received("#\x{e9}quipe-1", 1))[0]{channel}, "#\x{e9}quipe-1", 'letters of others are letters');

is(scalar(told()), 1, 'one warning');
unlike(join('', grep { !m/\[debug\]/ } log_lines(qr/./)), qr/x{200}|sesame/, 'which is short and has no secret');
--- no_error_log
[error]
[alert]



=== a long value is shown in part
--- config
    location /hook { slack_route acme { events wiki_page; channel $slack_json_object_attributes__title; } }
--- request
GET /_slack/_received
--- after
page('A' x 500);
is(came(1), '#general', 'it goes to the workspace\'s');
like((told())[0], qr/^A{60}\.\.\. \$slack_json_/, 'by its first characters');
--- no_error_log
[error]
[alert]



=== a list may be long: the rest goes to the workspace's channel
--- config
    location /hook { slack_route acme { events wiki_page; channel $slack_json_object_attributes__title; } }
--- request
GET /_slack/_received
--- after
page('a,' x 1000 . 'b');
is(came(2), '#a #general', 'the same word counts once, and not for ever');
--- no_error_log
[error]
[alert]



=== confidential: a dead letter at once, which is sent where the operator says
--- http_config eval: $::Team
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_route acme { events confidential_issue push; channel $team; } }
    location /dev  { slack_route acme { events confidential_issue; channel "dev,$arg_c"; } }
--- hook
issue_confidential_open.json => 202 queued confidential_issue
--- after
is(came(1), '#rocket', 'with a channel it goes there');

# after a reload they go on
my $before = status()->{totals};

my $body = with('issue_confidential_open.json', 'project.path_with_namespace' => '"acme/other"');

is(answer('/hook', $body, 'X-Gitlab-Event: Confidential Issue Hook'),
    '202 {"status":"queued","reason":"channel","event":"confidential_issue","messages":0}', 'without one it is accepted');

is_deeply([ stored_messages() ], [ '#rocket sent 0 HTTP 200 "ok"', '? dead 0 channel' ], 'as a dead letter');
is(came(1), '#rocket', 'nobody was told');
is_deeply([ told() ], [ ' $team: it is empty, let a "map" have a default; the event is confidential, and becomes a dead letter' ], 'but the log');

my $status = status('dead=10');
my $dead = $status->{dead_letters}[0];

is("$dead->{workspace} $dead->{channel} $dead->{event} $dead->{project} $dead->{attempts} $dead->{answer}",
    'acme ? confidential_issue acme/other 0 channel', 'it is in the list');
like($dead->{message}{attachments}[0]{fallback}, qr/Confidential issue #119/, 'with its message');
is_deeply([ map { $status->{totals}{$_} - $before->{$_} } qw(stored died dead waiting) ], [ 1, 1, 1, 0 ], 'and in the counts');
is(channel_of($status, '?')->{dead}, 1, 'of a channel that is none');
is("$status->{events}[0]{result} $status->{events}[0]{messages} $status->{events}[0]{reason}", 'queued 0 channel', 'and of events');
# counts may be of the second before
ok(until_true { get('/slack/metrics')->{content} =~ m/^slack_notify_dead_letters\{workspace="acme",channel="\?"\} 1$/m }, 'and a metric');

is_deeply(acted(replay => { ids => [ "$dead->{id}" ] }), { count => 0 }, 'it is not sent to nowhere');
is_deeply(acted(replay => { all => JSON::PP::true() }), { count => 0 }, 'nor with all others');
is_deeply([ act(replay => { ids => [ "$dead->{id}" ], to => 'Rocket' }) ],
    [ 400, { error => '"to" is no channel: write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR' } ], 'nor to any word');
is((act(drop => { ids => [ "$dead->{id}" ], to => 'dev' }))[0], 400, 'to drop, no channel is wanted');

is_deeply(acted(replay => { ids => [ "$dead->{id}" ], to => 'secret' }), { count => 1 }, 'but to a channel');
is(came(2), '#rocket #secret', 'where it comes');
is_deeply([ stored_messages() ], [ '#rocket sent 0 HTTP 200 "ok"', '#secret sent 0 HTTP 200 "ok"' ], 'and is sent');

is(answer('/dev?c=Bad', $body, 'X-Gitlab-Event: Confidential Issue Hook'),
    '202 {"status":"queued","event":"confidential_issue","messages":1}', 'a name beside it gets it');
is_deeply([ (stored_messages())[ 2, 3 ] ], [ '#dev sent 0 HTTP 200 "ok"', '? dead 0 channel' ], 'the other one is a dead letter');
is(scalar received('#general'), 0, 'never to the workspace\'s channel');

is(acted(drop => { workspace => 'acme', channel => '?' })->{count}, 1, 'it can be dropped');
--- no_error_log
[error]
[alert]
has been counted wrong



=== confidential: on a full outbox, and a delivery that comes again
--- config
    location /hook { slack_route acme { events confidential_issue; channel $arg_c; } }
--- outbox
max=1
--- request
GET /_slack/_received
--- after
my $body = SlackTest::payload('issue_confidential_open.json');
my @issue = ('X-Gitlab-Event: Confidential Issue Hook');

is(answer('/hook', $body, @issue, "Idempotency-Key: $_"), '202 {"status":"queued","reason":"channel","event":"confidential_issue","messages":0}', "event $_") for 1, 2;
is(answer('/hook', $body, @issue, 'Idempotency-Key: 1'), '200 {"status":"duplicate","event":"confidential_issue"}', 'the same');
is_deeply([ stored_messages() ], [ ('? dead 0 channel') x 2 ], 'dead letters need no room');
--- no_error_log
[error]
[alert]



=== a workspace without a channel has none to go to: nothing is lost
--- http_config
    slack_workspace acme {
        bot_token xoxb-1111-2222-test;
        api_url $SLACK/api;
        rate 1000r/s;
    }
--- config
    location /hook { slack_route acme { channel $arg_c; } }
--- hook
/hook?c=C024BE91L push.json => 202 queued push
--- after
is(answer('/hook', SlackTest::payload('push.json'), 'X-Gitlab-Event: Push Hook'),
    '202 {"status":"queued","reason":"channel","event":"push","messages":0}', 'taken');
is_deeply([ map { s/ .*//r } stored_messages() ], [ 'C024BE91L', '?' ], 'a dead letter');
is_deeply([ told() ], [ ' $arg_c: it is empty, let a "map" have a default; the workspace has no channel for it, and the event becomes a dead letter' ], 'which is told');
--- no_error_log
[error]
[alert]



=== webhooks of an app: a channel that has none is no channel
--- workspace
        webhook_url $SLACK/services/$SLACK_TEAM/B1/secret channel=one;
        webhook_url $SLACK/services/$SLACK_TEAM/B2/secret channel=two;
        channel one;
--- config
    location /hook { slack_route acme { channel $arg_c; } }
--- hook
/hook?c=two push.json => 202 queued push
/hook?c=three push.json => 202 queued push
/hook?c=U024BE7LH push.json => 202 queued push
--- after
is_deeply([ map { s/ .*//r } stored_messages() ], [ '#two', '#one', '#one' ], 'it goes to the workspace\'s');
is_deeply([ told() ], [ 'three $arg_c: no webhook of the workspace serves it, give its webhook "channel=", say "legacy" of one that takes any channel, or use "bot_token"; the event goes to the channel of the workspace' ], 'as the log says');
--- no_error_log
[error]
[alert]



=== several events in one request: each its own
--- http_config
    map $slack_title $page { default $slack_title; }
--- config
    location /hook { slack_source github; slack_route acme { events wiki_page:update; channel $page; } }
--- request eval
"POST /hook\n$::Gollum"
--- more_headers
X-GitHub-Event: gollum
Content-Type: application/json
--- error_code: 202
--- response_body_like: "messages":4
--- after
is(came(4), '#general #one #one #two', 'nothing is kept from the one before');
--- no_error_log
[error]
[alert]



=== explain, pause and test know them; a reload changes the map
--- http_config eval: $::Team
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_route acme { channel dev,$team; events push confidential_issue; } }
--- request
GET /_slack/_received
--- after
my $push = SlackTest::payload('push.json');

is(join(' ', @{ acted('explain?event=Push+Hook', $push)->{routes}[0]{channels} }), '#dev #rocket', 'where it would go');
is(join(' ', @{ acted('explain?event=Tag+Push+Hook', SlackTest::payload('tag_push_delete.json'))->{routes}[0]{channels} }), '#dev $team', 'or not');

my $other = acted('explain?event=Confidential+Issue+Hook', with('issue_confidential_open.json', 'project.path_with_namespace' => '"acme/other"'));
is(join(' ', @{ $other->{routes}[0]{channels} }), '#dev ?', 'a confidential one without a channel');
is(scalar(told()), 0, 'which is not logged');
is_deeply([ outbox('SELECT count(*) FROM message') ], [ 0 ], 'nor stored');

is((act(pause => { workspace => 'acme', channel => '#rocket' }))[0], 404, 'it is not there yet');
# after a reload it is counted on
my $before = channel_of(status(), '#rocket');

push_of('acme/rocket');
is(came(2), '#dev #rocket', 'it comes');
is(channel_of(status(), '#rocket')->{sent} - ($before ? $before->{sent} : 0), 1, 'status shows it');
like(get('/slack/')->{content}, qr/#rocket/, 'so does the page');
is_deeply(acted(pause => { workspace => 'acme', channel => '#rocket' }), { paused => JSON::PP::true() }, 'it is paused');
push_of('acme/rocket');
is(came(3), '#dev #dev #rocket', 'and waits');
is(channel_of(status(), '#rocket')->{waiting}, 1, 'there');
is_deeply(acted(resume => { workspace => 'acme', channel => '#rocket' }), { paused => JSON::PP::false() }, 'it goes on');
is(came(4), '#dev #dev #rocket #rocket', 'and comes');
is(acted(test => { workspace => 'acme', channel => '#rocket' })->{status}, 'sent', 'it is tested');

rewrite_conf(sub { s{acme/rocket   rocket}{acme/rocket   moon} });
reload();
push_of('acme/rocket');
is((received('#moon', 1))[0]{channel}, '#moon', 'the new map holds');
--- no_error_log
[error]
[alert]
[warn]



=== threads: each channel has its own
--- http_config eval: $::Team
--- workspace
        bot_token xoxb-1111-2222-test;
        api_url $SLACK/api;
--- config
    location /hook { slack_route acme { thread reply; events merge_request note confidential_issue; channel $team; } }
--- request
GET /_slack/_received
--- after
notify('merge_request_open.json');
is_deeply([ map { s/ .*//r } stored_messages() ], [ '#rocket' ], 'a root');
is(answer('/hook', with('issue_confidential_open.json', 'project.path_with_namespace' => '"acme/other"'), 'X-Gitlab-Event: Confidential Issue Hook'),
    '202 {"status":"queued","reason":"channel","event":"confidential_issue","messages":0}', 'a dead letter');
is_deeply([ outbox('SELECT d.channel FROM thread t JOIN destination d ON d.id = t.destination') ], [ '#rocket' ], 'has no thread');
--- no_error_log
[error]
[alert]
