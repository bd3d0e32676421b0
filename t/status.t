# slack_status: status.json, what it says of events and messages, who may ask
# for what, and the directive.

use strict;
use warnings;

# counts go on over a reload: each block wants an nginx of its own
BEGIN { delete $ENV{TEST_NGINX_USE_HUP} }

use lib 't/util';
use JSON::PP ();
use Test::Nginx::Socket;
use SlackTest;
use SlackProof qw(stored_messages notify received reload until_true);
use SlackStatus qw(acted channel_of get post status);

no_long_string();

# a process that is its own worker does not reload
master_on();

plan 'no_plan';
run_tests();


# the events, "result reason" each
sub results { return map { join ' ', @$_{qw(result reason)} } @{ $_[0]{events} } }

__DATA__

=== events and messages
--- config
    location = /hook {
        slack_route acme { events push pipeline; branches main; channel dev,ops; }
        slack_route acme { events wiki_page; channel wiki; }
    }
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- workspace
        coalesce 1;
--- faults
#wiki ["400:no_text"]
--- hook
push.json                                  => 202
push_new_branch.json                       => 200
wiki_create.json                           => 202
issue_open.json                            => 200
system_repository_update.json              => 200
/hook push.json | Content-Type: text/plain => 415
--- after
until_true { my $s = status(); $s->{totals}{sent} == 2 && $s->{totals}{dead} == 1 };

my $s = status();

like($s->{version}, qr/^\d+\.\d+\.\d+$/, 'version');
ok($s->{time} >= $s->{started} && $s->{started} > 1e9, 'times');
like($s->{leader}, qr/^\d+$/, 'somebody leads');
ok($s->{actions}, 'actions are allowed');
is_deeply([ sort keys %$s ], [ sort qw(version time started leader leader_since host verdict
    actions outbox totals ages from_slack workspaces channels_next minutes delay events ignored dead_letters dead_next) ], 'all there is');

my $outbox = $s->{outbox};
like($outbox->{file}, qr{/outbox_temp/\d+\.db$}, 'the outbox');
ok($outbox->{ok} && $outbox->{size} > 4096 && $outbox->{max} == 100000 && $outbox->{waiting} == 0,
    'it is well');
is($outbox->{last_error}, undef, 'no error');

is_deeply($s->{totals}, { stored => 3, sent => 2, retried => 0, limited => 0, suspended => 0,
    changed => 0, superseded => 0, stale => 0, fallbacks => 0,
    died => 1, dead => 1, waiting => 0, in_flight => 0, oldest => undef }, 'totals');

is(scalar @{ $s->{workspaces} }, 1, 'one workspace');
is_deeply([ map { $_->{name} } @{ $s->{workspaces}[0]{channels} } ], [ '#dev', '#ops', '#wiki' ],
    'its channels');
is($s->{workspaces}[0]{token}, undef, 'it has no token');
ok($s->{workspaces}[0]{configured} && !$s->{workspaces}[0]{paused}, 'it is configured');

my $dev = channel_of($s, '#dev');
ok($dev->{last_success} >= $s->{started}, 'the last success');
is_deeply({ %$dev, last_success => 1 }, { name => '#dev', state => 'idle', until => undef, needs => JSON::PP::false,
    advice => undef, paused => JSON::PP::false,
    no_endpoint => JSON::PP::false, waiting => 0,
    in_flight => 0, sent => 1, retried => 0, dead => 0, oldest => undef, last_success => 1,
    suspended_until => undef, last_error => undef, ages => [ (0) x @{ $s->{ages} } ] }, '#dev');

my $wiki = channel_of($s, '#wiki');
is($wiki->{dead}, 1, 'one is dead');
is($wiki->{last_error}{text}, 'HTTP 400 "no_text"', 'why');
is($wiki->{state}, 'failing', 'a channel whose last message is dead is not idle');
ok($wiki->{needs} && $wiki->{advice}, 'it needs somebody, who is told what to do');
is($s->{verdict}{text}, '1 channel needs you', 'the verdict');
is("$s->{verdict}{grade} $s->{verdict}{needs} $s->{verdict}{states}{failing} $s->{verdict}{states}{idle}", 'bad 1 1 2', 'its numbers');
ok($s->{leader_since} >= $s->{started} && length $s->{host}, 'who delivers, since when, and where');

is_deeply([ results($s) ], [ 'rejected neither JSON nor a form', 'ignored repository_update',
    'filtered events', 'queued ', 'filtered branches', 'queued ' ], 'the last events');
my ($first) = reverse @{ $s->{events} };
is_deeply([ map { "$_->{workspace} $_->{channel} $_->{state}" } @{ $first->{became} } ], [ 'acme #dev sent', 'acme #ops sent' ], 'what became of its messages');
ok($first->{became}[0]{time} >= $s->{started} && !defined $first->{became}[0]{url}, 'when; a webhook tells no address');
is_deeply([ map { @$_{qw(channel state)} } @{ $s->{events}[2 + 1]{became} } ], [ '#wiki', 'dead' ], 'and of another');
like($first->{routes}, qr{/nginx\.conf:\d+$}, 'the route that took it');
like($s->{events}[2]{routes}, qr{/nginx\.conf:\d+$}, 'and the one that refuses an event');
is_deeply({ %$first, time => 1, project => 1, became => 1, routes => 1 }, { time => 1, source => 'gitlab', event => 'push',
    action => 'update', project => 1, location => '/hook', result => 'queued', reason => '',
    messages => 2, became => 1, routes => 1 }, 'the first one');
like($first->{project}, qr{^\w+/\w+}, 'of a project');

is_deeply($s->{ignored}, [ { source => 'gitlab', event => 'repository_update', count => 1 } ],
    'what is not known');

is(scalar @{ $s->{minutes} }, 60, 'an hour');
my %sum;
for my $minute (@{ $s->{minutes} }) { $sum{$_} += $minute->{$_} // 0 for keys %$minute }
delete @sum{qw(time p50 p95)};
is_deeply(\%sum, { queued => 2, filtered => 2, duplicate => 0, ignored => 1, rejected => 1,
    error => 0, sent => 2, retried => 0, dead => 1 }, 'what happened in it');
ok($s->{delay}{p50} >= 16 && $s->{delay}{p95} >= $s->{delay}{p50} && $s->{delay}{p95} < 60000, 'how long it took from event to Slack');
ok((grep { $_->{p50} } @{ $s->{minutes} }) >= 1, 'by minutes, too');

my ($dead) = @{ $s->{dead_letters} };
like($dead->{id}, qr/^\d{13}$/, 'a dead letter');
is_deeply([ @$dead{qw(workspace channel event attempts answer)} ],
    [ 'acme', '#wiki', 'wiki_page', 1, 'HTTP 400 "no_text"' ], 'what it is');
is($dead->{message}{channel}, '#wiki', 'the message');
like($dead->{message}{attachments}[0]{fallback}, qr/wiki/, 'what it says');
is($s->{dead_next}, undef, 'no more of them');

reload();
until_true { status()->{leader} // '' ne $s->{leader} };
my $later = status();
is_deeply($later->{totals}, $s->{totals}, 'a reload changes no counts');
is_deeply($later->{events}, $s->{events}, 'nor events');
is_deeply($later->{workspaces}, $s->{workspaces}, 'nor those of channels');
--- no_error_log
[alert]
[crit]



=== dead letters by pages; what waits, and for how long
--- config
    location = /hook { slack_notify acme dev; }
    location = /ops { slack_notify acme ops; }
    location /slack/ { slack_status; }
--- workspace
        coalesce 1;
        retry 10s 10m;
--- faults
#dev ["400:no_text", "400:no_text", "400:no_text"]
#ops ["500:later"]
--- hook
wiki_create.json      => 202
wiki_create.json      => 202
wiki_create.json      => 202
/ops wiki_create.json => 202
/ops wiki_create.json => 202
--- after
until_true { my $s = status(); $s->{totals}{dead} == 3 && channel_of($s, '#ops')->{retried} };

my @ids = map { $_->{id} } @{ status()->{dead_letters} };
is(scalar @ids, 3, 'three');
is_deeply(\@ids, [ reverse sort @ids ], 'the newest first');

my $page = status('dead=2');
is_deeply([ map { $_->{id} } @{ $page->{dead_letters} } ], [ @ids[0, 1] ], 'a page');
like($page->{dead_next}, qr/^\d{13}-\d{13}$/, 'there is another');
$page = status("dead=2&after=$page->{dead_next}");
is_deeply([ map { $_->{id} } @{ $page->{dead_letters} } ], [ $ids[2] ], 'the last page');
is($page->{dead_next}, undef, 'no other');
is_deeply(status('dead=0')->{dead_letters}, [], 'none');

for my $query ('dead=101', 'dead=x', 'after=1', 'after=a-b', 'after=-') {
    my $answer = get("/slack/status.json?$query");
    is($answer->{status}, 400, $query);
    like($answer->{content}, qr/^\{"error":"dead= is a number/, 'what is wrong');
}

# filters and pages of channels
my %asked = (
    'q=OP'                 => '#ops',
    'q=acme'               => '#dev #ops',
    'q=nothing'            => '',
    'workspace=acme'       => '#dev #ops',
    'workspace=other'      => '',
    'state=retrying'       => '#ops',
    'state=failing'        => '#dev',
    'state=needs'          => '#dev',
    'state=idle'           => '',
    'channels=1'           => '#dev',
    'channels=1&from=1'    => '#ops',
    'channels=0'           => '',
);

for my $query (sort keys %asked) {
    is(join(' ', map { $_->{name} } map { @{ $_->{channels} } } @{ status($query)->{workspaces} }), $asked{$query}, $query);
}

is(status('channels=1')->{channels_next}, 1, 'there are more');
is(status('channels=1&from=1')->{channels_next}, undef, 'no more');
is(scalar @{ status('events=2')->{events} }, 2, 'fewer events');

my %refused = (
    'colour=red'        => '"colour" unknown argument: there are q, workspace, state, channels, from, events, dead and after',
    'state=well'        => 'state= is "needs" (somebody), or idle, waiting, delivering, retrying, held, suspended, failing, paused or "no endpoint"',
    'channels=10001'    => 'channels= is a number up to 10000',
    'from=x'            => 'from= is what channels_next was',
    'events=101'        => 'events= is a number up to 100',
);

for my $query (sort keys %refused) {
    my $answer = get("/slack/status.json?$query");
    is("$answer->{status} " . JSON::PP::decode_json($answer->{content})->{error}, "400 $refused{$query}", $query);
}

like(get('/slack/?channels=1')->{content}, qr/"channels\\" unknown argument: there are q, workspace, state, events and dead/, 'the page has fewer');

my $s = status();
my $ops = channel_of($s, '#ops');
is_deeply($ops->{ages}, [ 2, 0, 0, 0, 0, 0, 0 ], 'young ones wait');
is($s->{ages}[0], '< 1 min', 'the first column');
is($ops->{waiting}, 2, 'how many');
ok($ops->{oldest} > 0 && $ops->{oldest} <= $s->{time}, 'since when');
ok($ops->{suspended_until} > $s->{time}, 'until when they are held');
is("$ops->{state} " . (abs($ops->{until} - $ops->{suspended_until}) < 2), 'retrying 1', 'a channel that fails is not delivering, and when it is tried next');
is(channel_of($s, '#dev')->{state}, 'failing', 'nor is one idle');
is($ops->{last_error}{text}, 'HTTP 500 "later"', 'why');
is($s->{totals}{oldest}, $ops->{oldest}, 'the oldest of all');
ok(!$s->{actions}, 'a location to read only does not act');

my $age = 3 * 3600 * 1000;
system('sqlite3', '-cmd', '.timeout 5000', SlackProof::outbox_file(), "UPDATE message SET created"
    . " = created - $age WHERE id <= (SELECT min(id) FROM message WHERE state = 0)") == 0
    or die 'sqlite3 failed';
$ops = channel_of(status(), '#ops');
is_deeply($ops->{ages}, [ 1, 0, 0, 0, 1, 0, 0 ], 'one is older');
ok($ops->{oldest} < $s->{time} - 10000, 'that one');



=== other ways and methods
--- config
    location /slack/ { slack_status actions; }
    location = /exact/ { slack_status; }
    location ~ ^/by_regex/(?:\w|[.])*$ { slack_status actions; }
    location /bare { slack_status actions=remote; }
    location "/a b%\n/" { slack_status; }
    location /read/ { slack_status; allow 127.0.0.1; deny all; }
    location /except/ { slack_status; limit_except GET { deny all; } }
    location /if/ { slack_status; if ($arg_dead) { set $x 1; } }
    location /proxied/ { proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/slack/; }
--- request
GET /slack/status.json
--- after
is(get('/slack/none')->{status}, 404, 'no such resource');
like(get('/slack/none')->{content}, qr/^\{"error":"there is no such resource"\}$/, 'as JSON');
is(get('/slack/x/status.json')->{status}, 404, 'nor below another');
is(get('/slackstatus.json')->{status}, 404, 'nor beside it');

my ($code, $json) = post('/slack/status.json', {});
is($code, 405, 'what is read is not written');
is($json->{error}, 'method is not GET', 'why');

my $answer = get('/slack/status.json');
is($answer->{headers}{'cache-control'}, 'no-store', 'not for a cache');
is($answer->{headers}{'content-type'}, 'application/json', 'JSON');
like($answer->{headers}{'content-security-policy'}, qr/default-src 'none'/, 'with a policy');

is(get('/slack')->{status}, 301, 'without its slash');
is(get('/bare/status.json')->{status}, 200, 'a location without one');
is(get('/bare')->{status}, 301, 'leads to the page');
my $odd = get('/a%20b%25%0a');
is($odd->{status}, 301, 'a name with a line feed');
like($odd->{headers}{location}, qr{/a%20b%25%0A/\z}, 'is encoded');
is(get('/exact/')->{status}, get('/slack/')->{status}, 'an exact one has the page');
is(get('/exact/status.json')->{status}, 404, 'and nothing else');

my %acts = (slack => 1, by_regex => 1, bare => 1, read => 0, proxied => 1, if => 0);

for my $name (sort keys %acts) {
    is(status('dead=1', "/$name/")->{actions} ? 1 : 0, $acts{$name}, "/$name/");
}

is(get('/except/status.json')->{status}, 200, 'limit_except: read');
is((post('/except/status.json', {}))[0], 403, 'and not to be posted to');
--- no_error_log
[alert]



=== no workspace at all
--- plain
--- config
    location /slack/ { slack_status; }
--- request
GET /slack/status.json
--- response_body_like
^\{"version":"[0-9.]+",.*"leader":null,.*"workspaces":\[\],.*"dead_next":null\}$
--- no_error_log
[error]



=== a full outbox; a route of the server does not reach it
--- config
    slack_notify acme dev;
    location = /hook { slack_notify acme dev; }
    location /slack/ { slack_status; }
--- outbox
max=1
--- workspace
        retry 10s 10m;
--- faults
["500:later", "500:later"]
--- hook
wiki_create.json                    => 202
wiki_create.json                    => 503
/slack/status.json wiki_create.json => 405
--- after
my $s = status();
is_deeply([ results($s) ], [ 'error outbox is full', 'queued ' ], 'two events');
is($s->{outbox}{last_error}{text}, 'outbox is full', 'its error');
is($s->{outbox}{waiting}, 1, 'one waits');



=== a snapshot that is shared for a second shows what was done since
--- config
    location = /hook { slack_notify acme dev; }
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- workspace
        coalesce 1;
        retry 600s 600s;
--- faults
["400:no_text", "400:no_text", "500:later", "500:later", "500:later", "500:later", "500:later"]
--- request
GET /_slack/_requests
--- after
sub metric { return get('/slack/metrics')->{content} =~ m/^slack_notify_$_[0]\{.*"#dev"\} (\d+)$/m ? $1 : undef }

notify('wiki_create.json') for 1, 2;
until_true { status()->{totals}{dead} == 2 };

for my $n (1 .. 3) {
    my @ids = map { $_->{id} } @{ status()->{dead_letters} };

    is(metric('channel_paused'), 0, 'nothing is paused');
    acted(pause => { workspace => 'acme', channel => '#dev' });
    is(metric('channel_paused'), 1, 'a pause');
    ok(channel_of(status(), '#dev')->{paused}, 'in the other, too');

    if ($n < 3) {
        is(metric('dead_letters'), 3 - $n, 'dead letters');
        acted(drop => { ids => [ $ids[0] ] });
        is(metric('dead_letters') // 0, 2 - $n, 'one is dropped');
        is(scalar @{ status()->{dead_letters} }, 2 - $n, 'in the other, too');
    }

    acted(resume => { workspace => 'acme', channel => '#dev' });
    is(metric('channel_paused'), 0, 'a resumption');
}

for my $n (1 .. 5) {
    notify('wiki_create.json');
    is(channel_of(status(), '#dev')->{waiting}, $n, 'an event is stored');
}

my $s = status();
is_deeply(channel_of($s, '#dev')->{ages}, [ 5, 0, 0, 0, 0, 0, 0 ], 'of this minute');
is($s->{outbox}{waiting}, 5, 'all of them');
--- no_error_log
[alert]
[crit]
