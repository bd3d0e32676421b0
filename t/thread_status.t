# Threads as operators see and forget them: GET /slack/threads, POST
# /slack/forget, and the totals of the page.

use strict;
use warnings;

use JSON::PP ();

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof qw(log_lines outbox_file until_true);
use SlackStatus qw(act acted get status);
use SlackTest;
use SlackThread qw(settled shown tell);

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

no_long_string();
plan 'no_plan';
run_tests();


# the threads, with a query if it is given
sub threads {
    my ($query) = @_;

    my $answer = get('/slack/threads' . (defined $query ? "?$query" : ''));

    die "threads: $answer->{status} $answer->{content}\n" if !$answer->{success};

    return JSON::PP->new->utf8->decode($answer->{content});
}


# of each thread: channel and what it is of
sub listed { return map { "$_->{channel} " . ($_->{key} =~ /(\S+) / ? $1 : $_->{key}) } @{ threads(@_)->{threads} } }

__DATA__

=== what is told of threads
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        coalesce   1;
        channel    dev;
--- config
    location /slack/ { slack_status; }
    location = /hook {
        slack_route acme { events merge_request; thread reply; channel dev,ops; }
        slack_route acme { events issue; thread update keep=2d; channel dev; }
        slack_route acme { events push; thread off; }
    }
--- request
GET /_slack/_received
--- after
is_deeply(threads()->{threads}, [], 'none yet');

tell('merge_request_open.json', 202);
tell('issue_open.json', 202);
tell('push.json', 202);
settled(4);
until_true { 3 == grep { $_->{message} } @{ threads()->{threads} } };

my $answer = threads();
my ($issue) = grep { $_->{key} =~ m/issue/ } @{ $answer->{threads} };
my ($shown) = grep { $_->{text} =~ m/opened/i && $_->{text} =~ m/issue/i } shown('#dev');

like($issue->{id}, qr/^[0-9]+$/, 'an id');
is("$issue->{workspace} $issue->{channel}", 'acme #dev', 'where');
is_deeply($issue->{message}, { channel => $shown->{id}, ts => $shown->{ts} }, 'which message of Slack it is');
cmp_ok(abs($answer->{time} - time), '<', 30, 'the time');
cmp_ok(abs($issue->{touched} - time), '<', 120, 'when it was touched');
cmp_ok(abs($issue->{expires} - time - 2 * 86400), '<', 120, 'how long it is known');
cmp_ok($issue->{stamp}, '>', 1_000_000_000, 'the time of the state');
cmp_ok($issue->{stamp}, '<', 10_000_000_000, 'in seconds');
is_deeply([ map { $_ ? 1 : 0 } @$issue{qw(final waits ended)} ], [ 0, 0, 0 ], 'it goes on');
ok(!$answer->{more}, 'there are no more');

is_deeply([ sort(listed()) ], [ '#dev ' . ($issue->{key} =~ /(\S+) /)[0], map { "$_ " . 'merge_request' } '#dev', '#ops' ], 'all');
is_deeply([ listed('workspace=acme&channel=%23ops') ], ['#ops merge_request'], 'of a channel');
is(scalar listed('workspace=acme'), 3, 'of a workspace');
is(scalar listed('workspace=acme&channel='), 0, 'of a webhook\'s own channel');
is(scalar listed('workspace=none'), 0, 'of a workspace that is not configured');

$answer = threads('n=2');
is(scalar @{ $answer->{threads} }, 2, 'as many as are asked for');
ok($answer->{more}, 'and that there are more');
ok(!threads('n=3')->{more}, 'no more');

for my $wrong ('n=0', 'n=1001', 'n=', 'n=-1', 'n=a', 'n=99999999999999999999') {
    my $refusal = get("/slack/threads?$wrong");
    is("$refusal->{status} $refusal->{content}", "400 {\"error\":\"n= is a number from 1 to 1000\"}\n", $wrong);
}

for my $wrong ([ 'channel=%23dev', '\"channel\" needs a \"workspace\"' ], [ 'workspace=', '\"workspace\" is empty' ]) {
    my $refusal = get("/slack/threads?$wrong->[0]");
    is("$refusal->{status} $refusal->{content}", "400 {\"error\":\"$wrong->[1]\"}\n", $wrong->[0]);
}

is((act('threads', {}))[0], 405, 'it is read, not posted');

my ($code, $refusal) = act('forget', { all => JSON::PP::true() });
is($code, 403, 'where operators only read nothing is forgotten');
like($refusal->{error}, qr/"slack_status actions"/, 'with the next step');
is(scalar listed(), 3, 'they are all there');
--- no_error_log
[error]
[alert]



=== forgotten threads: the next event is a message of its own
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        coalesce   1;
        channel    dev;
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_route acme { thread reply; channel dev,ops; }
    }
--- request
GET /_slack/_received
--- after
my $n = 0;
my $next = sub {
    tell('merge_request_open.json', 202);
    tell('issue_open.json', 202);
    $n += 4;
    settled($n);
    until_true { 4 == grep { $_->{message} } @{ threads()->{threads} } };
};
my $roots = sub { join ' ', map { "$_ " . scalar shown($_) } '#dev', '#ops' };

$next->();
is($roots->(), '#dev 2 #ops 2', 'messages');
my @threads = @{ threads()->{threads} };
is_deeply([ map { "@{$threads[$_]}{qw(touched id)}" } 0 .. 3 ],
    [ map { "$_->[0] $_->[1]" } sort { $b->[0] <=> $a->[0] || $b->[1] <=> $a->[1] } map { [ @$_{qw(touched id)} ] } @threads ], 'the newest first');
my ($one) = grep { $_->{key} =~ m/merge_request/ && $_->{channel} eq '#dev' } @threads;

is_deeply([ act('forget', { ids => [ $one->{id}, '1' ] }) ], [ 200, { count => 1 } ], 'one is forgotten');
is_deeply([ act('forget', { ids => [ $one->{id} ] }) ], [ 200, { count => 0 } ], 'once');
is(scalar listed(), 3, 'it is not listed any more');
$next->();
is($roots->(), '#dev 3 #ops 2', 'its next event is a message');

is(acted(forget => { workspace => 'acme', channel => '#ops' })->{count}, 2, 'those of a channel');
is_deeply([ grep { m/#ops/ } listed() ], [], 'are gone');
$next->();
is($roots->(), '#dev 3 #ops 4', 'their next events are messages');

is(acted(forget => { workspace => 'none' })->{count}, 0, 'of what is not configured: none');
is(acted(forget => { workspace => 'acme' })->{count}, 4, 'those of a workspace');
$next->();
is(acted(forget => { all => JSON::PP::true() })->{count}, 4, 'all');
$next->();
is($roots->(), '#dev 7 #ops 8', 'and so on');

is_deeply([ map { m/operator: ([0-9]+)/ } log_lines(qr/\[notice\].* slack_status: threads forgotten by an operator: [0-9]+/) ], [ 1, 2, 4, 4 ], 'it is logged');

my $which = 'which threads?  One of "ids", "workspace" and "all":true is wanted';

for my $wrong (
    [ {}, $which ],
    [ { all => JSON::PP::false() }, $which ],
    [ { all => JSON::PP::true(), ids => [1] }, $which ],
    [ { workspace => 'acme', ids => [1] }, $which ],
    [ { ids => ['x'] }, 'an id is not a number' ],
    [ { ids => [ 1 .. 1001 ] }, 'more than 1000 ids' ],
    [ { channel => '#dev' }, '"channel" needs a "workspace"' ],
    [ q{}, 'body ends early at byte 0' ])
{
    my ($code, $answer) = act('forget', $wrong->[0]);
    is("$code $answer->{error}", "400 $wrong->[1]", 'refused');
}

is(scalar listed(), 4, 'nothing was forgotten by these');
--- no_error_log
[error]
[alert]



=== a thread that waits, what waits for a forgotten one, and what the page tells
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        coalesce   1;
        channel    dev;
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_route acme { thread update; }
    }
--- request
GET /_slack/_received
--- after
my $page = sub { get('/slack/')->{content} =~ m{<dt>Changes</dt><dd>(.*?)</dd>} ? $1 : 'none' };

is($page->(), 'none', 'the page does not tell of changes where there are none');

acted(pause => { workspace => 'acme' });
tell('merge_request_open.json', 202);
my ($thread) = @{ threads()->{threads} };
is($thread->{message}, undef, 'it was not sent');
acted(resume => { workspace => 'acme' });
settled(1);
until_true { threads()->{threads}[0]{message} };

acted(pause => { workspace => 'acme' });
tell('merge_request_merge.json', 202);
($thread) = @{ threads()->{threads} };
is_deeply([ map { $_ ? 1 : 0 } @$thread{qw(message final waits)} ], [ 1, 1, 1 ], 'its last state waits');
is(acted(forget => { ids => [ $thread->{id} ] })->{count}, 1, 'it is forgotten');
acted(resume => { workspace => 'acme' });

until_true { 2 == shown('#dev') };
my @shown = shown('#dev');
is(scalar @shown, 2, 'what has waited is a message');
like($shown[0]{text}, qr/opened/, 'the old one');
is($shown[0]{updates}, 0, 'was not changed');
like($shown[1]{text}, qr/merged/, 'the new one');

tell('issue_open.json', 202);
settled(3);
until_true { 1 == grep { $_->{key} =~ m/issue/ && $_->{message} } @{ threads()->{threads} } };
tell('issue_close.json', 202);
until_true { status()->{totals}{changed} };
is($page->(), '1', 'a change');

tell('issue_open.json', 200);
is($page->(), '1<small> 1 stale</small>', 'and what was stale');
--- no_error_log
[error]
[alert]



=== many threads; keys of any bytes
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        channel    dev;
--- config
    location /slack/ { slack_status actions; }
    location = /hook { slack_route acme { thread reply key=$arg_key; } }
--- request
GET /_slack/_received
--- after
acted(pause => { workspace => 'acme' });

my @keys = ('<b>', '"', '\\', "a'b", '%00', '%E4', 'x' x 200, 1 .. 94);
tell('issue_open.json', 202, uri => "/hook?key=$_") for @keys;

my $answer = threads();
is(scalar @{ $answer->{threads} }, 100, 'a hundred if no number is asked for');
ok($answer->{more}, 'and there are more');

$answer = threads('n=1000');
is(scalar @{ $answer->{threads} }, 101, 'all');
ok(!$answer->{more}, 'and no more');
is($answer->{threads}[0]{key}, 'key 94', 'the newest is the first');
is($answer->{threads}[-1]{key}, 'key <b>', 'the oldest the last');

my @told = map { $_->{key} } @{ $answer->{threads} };
is_deeply([ reverse @told[-4 .. -1] ], [ map { "key $_" } @keys[0 .. 3] ], 'keys as they are');
is(scalar(grep { m/^[0-9a-f]{32}\z/ } @told), 1, 'a long one is a digest');
is(scalar(grep { m/[^\x20-\x7e]/ } @told), 0, 'all can be shown');

is(acted(forget => { all => JSON::PP::true() })->{count}, 101, 'all are forgotten');
is_deeply(threads()->{threads}, [], 'none is left');
--- no_error_log
[error]
[alert]



=== an outbox that cannot be read
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        channel    dev;
--- config
    location /slack/ { slack_status actions; }
    location = /hook { slack_route acme { thread reply; } }
--- request
GET /_slack/_received
--- after
tell('issue_open.json', 202);
settled(1);

system('sqlite3', '-batch', '-cmd', '.timeout 10000', outbox_file(), 'DROP TABLE thread') == 0 or die "sqlite3 failed\n";

my $failed = "{\"error\":\"the outbox failed, see the error log\"}\n";
my $answer = get('/slack/threads');
is("$answer->{status} $answer->{content}", "503 $failed", 'threads are not told');
is((act('forget', { all => JSON::PP::true() }))[0], 503, 'nor forgotten');
--- no_error_log
[alert]
