# slackctl: what it asks of the status location, what it prints, and with which
# status it ends.  A small server stands for nginx.

use strict;
use warnings;

use FindBin;
use File::Temp qw(tempdir);
use IO::Socket::INET;
use JSON::PP;
use Test::More;

my $ROOT = "$FindBin::RealBin/..";
my $DIR  = tempdir(CLEANUP => 1);
my $JSON = JSON::PP->new->utf8->canonical;

my %status = (
    version => '1.0.0', time => 1000, started => 400, leader => 7, actions => JSON::PP::true,
    outbox => { file => '/o.db', size => 4096, waiting => 1, max => 100, ok => JSON::PP::true,
        last_error => undef },
    totals => { stored => 3, sent => 2, retried => 0, dead => 0 },
    workspaces => [ { name => 'acme', configured => JSON::PP::true, paused => JSON::PP::false,
        channels => [ { name => '#dev', paused => JSON::PP::false, waiting => 1, dead => 0,
            sent => 2, retried => 0, oldest => 940, last_success => 990, last_error => undef,
            suspended_until => undef, state => 'delivering', until => undef } ] } ],
    dead_letters => [], dead_next => undef,
);

my %dead = (workspace => 'acme', channel => '#dev', event => 'push', died => 900,
    attempts => 1, answer => "HTTP 400 \"no\e[2Jtext\x{202e}\"", project => "evil\e]0;x\a\n");

my $listen = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5, ReuseAddr => 1)
    or die "cannot listen: $!";
my $url = 'http://127.0.0.1:' . $listen->sockport . '/slack/';

delete @ENV{grep { /proxy$/i || /^SLACKCTL/ } keys %ENV};
$ENV{HOME} = $DIR;

# status
my ($code, $out, $err, @asked) = ctl([ 200, \%status ], 'status');
is $code, 0, 'status: all is well';
like $out, qr/^outbox \/o\.db, 1 of 100 wait/m, 'the outbox';
like $out, qr/^acme +#dev +1 +2 +0 +0 +60s +10s +delivering$/m, 'a channel';
like $asked[0], qr{^GET /slack/status\.json\?dead=0 HTTP}, 'it asks for no dead letters';

my %held = (%status, workspaces => [ { %{ $status{workspaces}[0] }, channels => [
    { %{ $status{workspaces}[0]{channels}[0] }, suspended_until => 1060,
        state => 'suspended', until => 1060, needs => JSON::PP::true, advice => 'mend it',
        last_error => { time => 999, text => 'HTTP 404 "no_service"' } } ] } ]);
($code, $out) = ctl([ 200, \%held ], 'status');
is $code, 1, 'status: a channel needs somebody';
like $out, qr/suspended for 60s, HTTP 404 "no_service", mend it$/m, 'why, and what to do';

# the words of all states are nginx's
for my $state ([ retrying => qr/retrying, next in 60s, HTTP 404 "no_service", mend it$/m ],
               [ held => qr/held for 60s, HTTP 404 "no_service", mend it$/m ]) {
    $held{workspaces}[0]{channels}[0]{state} = $state->[0];
    ($code, $out) = ctl([ 200, \%held ], 'status');
    like $out, $state->[1], $state->[0];
}

my %paused = (%status, verdict => { text => '1 channel is paused, nothing waits' }, host => 'hooks',
    leader_since => 700, workspaces => [ { %{ $status{workspaces}[0] },
    channels => [ { %{ $status{workspaces}[0]{channels}[0] }, state => 'paused' } ] } ]);
($code, $out) = ctl([ 200, \%paused ], 'status');
is $code, 0, 'a pause is no fault';
like $out, qr/ paused$/m, 'a paused channel';
like $out, qr/\A1 channel is paused, nothing waits\nhooks, module 1\.0\.0, up 10m, worker 7 delivers for 5m\n/, 'the verdict first, host and leader';

# channels of several answers
my %first = (%status, channels_next => 1);
my %second = (%status, workspaces => [ { %{ $status{workspaces}[0] },
    channels => [ { %{ $status{workspaces}[0]{channels}[0] }, name => '#ops' } ] } ]);
($code, $out, $err, @asked) = ctl([ 200, \%first ], [ 200, \%second ], 'status');
like $out, qr/ #dev .* #ops /s, 'both pages';
like $asked[1], qr{^GET /slack/status\.json\?dead=0&events=0&from=1 HTTP}, 'the next page is asked for';

($code, $out) = ctl([ 200, \%status ], 'status', '--json');
is_deeply $JSON->decode($out), \%status, 'as JSON it is what nginx says';

# dead letters of two pages; nothing of them reaches the terminal as it is
($code, $out, $err, @asked) = ctl(
    [ 200, { %status, dead_letters => [ { %dead, id => '12' } ], dead_next => '9-12' } ],
    [ 200, { %status, dead_letters => [ { %dead, id => '11' } ] } ], 'dead');
is $code, 0, 'dead';
like $out, qr/^12 .*^11 /ms, 'both pages';
ok $out !~ /[^\n\x20-\x7e]/, 'no control characters';
like $out, qr/no\\x\{1b\}\[2Jtext\\x\{202e\}/, 'but what stands for them';
like $asked[1], qr/dead=100&after=9-12 /, 'the next page is asked for';

($code, $out) = ctl([ 200, { %status, dead_letters => [ { %dead, id => 12,
    project => "\x{9b}2J" } ] } ], 'dead', '--json');
ok $out !~ /\xc2\x9b/ && $out =~ /\\u009b/, 'nor in JSON';

my $message = { attachments => [ { fallback => 'short', pretext => "Mira\e[m pushed",
    text => "one\ntwo" } ] };
($code, $out) = ctl([ 200, { %status, dead_letters => [ { %dead, id => '12',
    message => $message }, { %dead, id => '11' } ] } ], 'dead', '12');
is $code, 0, 'one of them';
like $out, qr/^12, for acme #dev, died 1m ago after 1 attempt: .*\nMira\\x\{1b\}\[m pushed\none\ntwo\n\z/,
    'what it says';
($code, $out, $err) = ctl([ 200, \%status ], 'dead', '13');
is $code, 1, 'none of that id';
like $err, qr/no dead letter 13$/, 'is told';

# actions
my @actions = (
    [ [qw(test acme dev)], 'test', { workspace => 'acme', channel => '#dev' },
        { status => 'sent', answer => 'HTTP 200 "ok"', id => '1' }, 0, qr/^sent: HTTP 200 "ok"$/ ],
    [ [qw(test acme)], 'test', { workspace => 'acme' },
        { status => 'failed', answer => "HTTP 404 \"no\e[m\"", id => '1' }, 1,
        qr/^failed: HTTP 404 "no\\x\{1b\}\[m"$/ ],
    [ [qw(replay 1 2)], 'replay', { ids => [ '1', '2' ] }, { count => 2 }, 0, qr/^2 to be sent/ ],
    [ [qw(drop 7)], 'drop', { ids => ['7'] }, { count => 0 }, 1, qr/^no dead letter has this id: "slackctl dead" lists/ ],
    [ [qw(replay 7 --to=ops)], 'replay', { ids => ['7'], to => 'ops' }, { count => 1 }, 0, qr/^1 to be sent/ ],
    [ [qw(replay 7)], 'replay', { ids => ['7'] }, { count => 0 }, 1, qr/^no dead letter has this id, or it needs --to=CHANNEL: / ],
    [ [qw(replay acme)], 'replay', { workspace => 'acme' }, { count => 0 }, 1, qr/^0 / ],
    [ [qw(drop --all)], 'drop', { all => JSON::PP::true }, { count => 1 }, 0, qr/^1 dropped$/ ],
    [ [qw(pause acme U024BE7LH)], 'pause', { workspace => 'acme', channel => 'U024BE7LH' },
        { paused => JSON::PP::true }, 0, qr/^paused$/ ],
    [ [qw(resume acme dev)], 'resume', { workspace => 'acme', channel => '#dev' },
        { paused => JSON::PP::true }, 0, qr/^still paused, as its workspace is: resume that$/ ],
    [ [qw(thread forget 1 2)], 'forget', { ids => [ '1', '2' ] }, { count => 2 }, 0, qr/^2 forgotten$/ ],
    [ [qw(thread forget 7)], 'forget', { ids => ['7'] }, { count => 0 }, 1, qr/^0 forgotten: "slackctl thread" lists them$/ ],
    [ [qw(thread forget acme)], 'forget', { workspace => 'acme' }, { count => 1 }, 0, qr/^1 forgotten$/ ],
    [ [qw(thread forget acme dev)], 'forget', { workspace => 'acme', channel => '#dev' }, { count => 1 }, 0, qr/^1 forgotten$/ ],
    [ [qw(thread forget --all)], 'forget', { all => JSON::PP::true }, { count => 3 }, 0, qr/^3 forgotten$/ ],
);

for my $action (@actions) {
    my ($words, $path, $body, $answer, $wanted, $said) = @$action;

    ($code, $out, $err, @asked) = ctl([ 200, $answer ], @$words);
    is $code, $wanted, "@$words";
    like $out, $said, 'what it says';
    like $asked[0], qr{^POST /slack/$path HTTP.*\r\nContent-Type: application/json\r\n}is,
        'how it asks';
    is_deeply $JSON->decode($asked[0] =~ s/.*?\r\n\r\n//sr), $body, 'and what';
}

# a resumption tells what Slack holds still
($code, $out, $err, @asked) = ctl([ 200, { paused => JSON::PP::false } ], [ 200, \%held ], qw(resume acme));
is $code, 0, 'resume acme';
is $out, qq{resumed\nbut #dev is still held for 60s, HTTP 404 "no_service", mend it\n}, 'what remains';
like $asked[1], qr{^GET /slack/status\.json\?dead=0&events=0&channels=10000&workspace=acme HTTP}, 'how it asks';
($code, $out) = ctl([ 200, { paused => JSON::PP::false } ], [ 200, \%held ], qw(resume acme ops));
is $out, "resumed\n", 'of that channel only';

# explain names the locations
($code, $out, $err) = ctl([ 400, { error => 'several locations have routes: name one', locations => [ '/a', '/b' ] } ],
    'explain', '/dev/null');
is $code, 4, 'explain: which location?';
like $err, qr{^Locations with routes: /a /b\nName one: --location=NAME$}m, 'it names them';

my ($version) = slurp("$ROOT/ngx_slack_notify_module/core/ngx_slack_version.h") =~ /"(\d+\.\d+\.\d+)"/;
($code, $out) = ctl('--version');
is $out, "slackctl $version\n", '--version is that of the module';

for my $watch ('--watch=0', '--watch=0.0') {
    ($code, $out, $err) = ctl('status', $watch);
    is $code, 2, $watch;
    like $err, qr/--watch is a number of seconds above 0/, 'why';
}

# threads
my %thread = (id => '7', workspace => 'acme', channel => '#dev', key => "h 1 issue\e[m 3", stamp => 900, touched => 940,
    expires => 1000 + 86400 * 7, message => { channel => 'C1', ts => '1700000000.000100' },
    map { $_ => JSON::PP::false } qw(final waits ended));
my @threads = (
    [ {}, qr/^7 +acme +#dev +h 1 issue\\x\{1b\}\[m 3 +60s +7d +C1 1700000000\.000100$/m ],
    [ { final => JSON::PP::true, waits => JSON::PP::true }, qr/ C1 1700000000\.000100 +final, a change waits$/m ],
    [ { final => JSON::PP::true, ended => JSON::PP::true }, qr/ C1 1700000000\.000100 +ended$/m ],
    [ { message => undef }, qr/ 7d +- +not sent yet$/m ],
    [ { message => undef, ended => JSON::PP::true }, qr/ 7d +- +ended$/m ],
    [ { channel => '' }, qr/^7 +acme +\(webhook's own\) /m ],
);

for my $thread (@threads) {
    ($code, $out) = ctl([ 200, { time => 1000, threads => [ { %thread, %{ $thread->[0] } } ], more => JSON::PP::false } ], 'thread');
    is $code, 0, 'thread';
    like $out, $thread->[1], 'how it stands';
    unlike $out, qr/only the newest/, 'all are shown';
}

($code, $out) = ctl([ 200, { time => 1000, threads => [ \%thread ], more => JSON::PP::true } ], 'thread');
like $out, qr/^only the newest are shown: name a workspace and a channel$/m, 'thread: there are more';

for my $asked ([ [], '' ], [ ['list'], '' ], [ [qw(list acme)], '&workspace=acme' ], [ [qw(acme dev)], '&channel=%23dev&workspace=acme' ],
    [ [qw(list list)], '&workspace=list' ], [ [ 'list', "gr\xc3\xb6\xc3\x9fe", '' ], '&channel=&workspace=gr%C3%B6%C3%9Fe' ])
{
    my ($words, $query) = @$asked;

    ($code, $out, $err, @asked) = ctl([ 200, { time => 1000, threads => [], more => JSON::PP::false } ], 'thread', @$words);
    is "$code $out", "0 none\n", "thread @$words";
    like $asked[0], qr{^GET /slack/threads\?n=1000\Q$query\E HTTP}, 'what it asks for';
}

($code, $out) = ctl([ 200, { time => 1000, threads => [ \%thread ], more => JSON::PP::false } ], 'thread', '--json');
is_deeply $JSON->decode($out)->{threads}, [ \%thread ], 'thread: as JSON it is what nginx says';

# words that are no ASCII, and what a shell leaves as it is
for my $words ([ 'acme', "gr\xc3\xb6\xc3\x9fe" ], [ "\xc3\xa4", '#a b' ], [ '"', "\\\t" ], [ 'acme', '' ]) {
    my ($workspace, $channel) = map { utf8::decode(my $word = $_); $word } @$words;
    $channel = "#$channel" if $channel =~ /^[^#]/;

    ($code, $out, $err, @asked) = ctl([ 200, { count => 1 } ], 'drop', @$words);
    is_deeply $JSON->decode($asked[0] =~ s/.*?\r\n\r\n//sr),
        { workspace => $workspace, channel => $channel }, 'drop: the words as they are';
}

for my $location ('/a+b', '/a b', '/100%', '/a%2Bb', '/a&event=b', "/gr\xc3\xb6\xc3\x9fe", "/\xff", '^/(\w+)$', '@named') {
    ($code, $out, $err, @asked) = ctl([ 200, { result => 'queued', routes => [], location => '/' } ],
        'explain', '/dev/null', "--location=$location");
    my ($sent) = $asked[0] =~ m{^POST /slack/explain\?location=(\S+) HTTP};
    ok $sent !~ /[+&]/, 'explain: nothing is left to be understood otherwise';
    is $sent =~ s/%([0-9A-F]{2})/chr hex $1/ger, $location, 'the location as it is';
}

# nothing that is shown steers a terminal, or is no text
my $hostile = "\x{1b}[2J\x{7f}\x{9b}\x{202e}\x{2028}\x{200f}\x{61c}\x{feff}\x{fffe}\x{10ffff}\n<";
my %hostile = (%status, version => $hostile, dead_letters => [ { id => '12', died => 1, attempts => 1,
    map { $_ => $hostile } qw(workspace channel event project answer) } ],
    workspaces => [ { name => $hostile, configured => JSON::PP::false, channels => [
        { %{ $status{workspaces}[0]{channels}[0] }, name => $hostile, suspended_until => 1060,
            last_error => { time => 999, text => $hostile } } ] } ]);

for my $shown ([ [ 200, \%hostile ], 'status' ], [ [ 200, \%hostile ], 'dead' ], [ [ 200, \%hostile ], 'dead', '12' ],
    [ [ 200, \%hostile ], 'status', '--json' ], [ [ 200, \%hostile ], 'dead', '--json' ],
    [ [ 200, { status => $hostile, answer => $hostile } ], 'test', 'acme' ],
    [ [ 400, { error => $hostile } ], 'pause', 'acme' ],
    [ [ 200, { time => 1000, threads => [ { %thread, message => { channel => $hostile, ts => $hostile },
        map { $_ => $hostile } qw(id workspace channel key) } ] } ], 'thread' ],
    [ [ 200, { routes => [ { file => $hostile, line => 1, workspace => $hostile, channels => [$hostile],
        taken => JSON::PP::false, reason => $hostile } ], message => { text => $hostile },
        map { $_ => $hostile } qw(location source event action project result reason) } ], 'explain', '/dev/null' ])
{
    ($code, $out, $err) = ctl(@$shown);
    my $said = $out . $err;

    ok utf8::decode($said), "@$shown[1 .. $#$shown]: UTF-8";
    unlike $said, qr/[^\n\x20-\x7e]/, 'and no character that is not to be shown';
}

# explain
my %explained = (location => '/hooks', source => 'gitlab', event => 'push', action => '',
    project => 'acme/rocket', result => 'filtered', reason => 'branches',
    routes => [ { file => '/n.conf', line => 12, workspace => 'acme', channels => ['#dev'],
        taken => JSON::PP::false, reason => 'branches' } ], message => undef);
($code, $out, $err, @asked) = ctl([ 200, \%explained ], 'explain',
    "$ROOT/t/data/gitlab/push.json", '--event', 'Push Hook');
is $code, 1, 'explain: nobody takes it';
like $out, qr/filtered \(branches\)\n\n.*^\/n\.conf:12 +acme +#dev +no: branches$/ms, 'why';
like $asked[0], qr{^POST /slack/explain\?event=Push%20Hook }, 'the event is named';
like $asked[0], qr/"object_kind"/, 'the payload is posted';

my %role = (workspace => 'acme', channel => '#dev', key => "issue\e[m 1", as => 'change',
    map { $_ => JSON::PP::false } qw(broadcast only_if_shown final));
($code, $out) = ctl([ 200, { %explained, result => 'queued', threads => [ { %role, final => JSON::PP::true },
    { %role, as => 'reply', broadcast => JSON::PP::true }, { %role, only_if_shown => JSON::PP::true, root => undef },
    { %role, only_if_shown => JSON::PP::true, root => 'sent' }, { %role, only_if_shown => JSON::PP::true, as => 'nothing' },
    { %role, as => 'nothing' }, { %role, as => 'root', broadcast => JSON::PP::true } ] } ], 'explain', '/dev/null');
like $out, qr/^\n?THREAD +CHANNEL +MESSAGE\nissue\\x\{1b\}\[m 1 +#dev +change, final$/m, 'explain: what they are to threads';
is join('; ', $out =~ m/#dev +([a-z ,]+)$/mg), 'change, final; reply, shown in the channel; change, if the thread is known; change; '
    . 'nothing, as no message shows it; nothing, as the root tells it; root',
    'explain: what they are to threads';
unlike +(ctl([ 200, { %explained, threads => [] } ], 'explain', '/dev/null'))[1], qr/THREAD/, 'if there are any';

%explained = (%explained, event => '', project => '', result => 'rejected',
    reason => 'body is empty', routes => []);
($code, $out) = ctl([ 200, \%explained ], 'explain', '/dev/null');
is $out, "/hooks: rejected (body is empty)\n", 'explain: not understood';

# refusals, credentials, wrong use
($code, $out, $err) = ctl([ 403, { error => "not\e[m restricted" } ], qw(pause acme));
is $code, 4, 'refused';
like $err, qr/HTTP 403\): not\\x\{1b\}\[m restricted/, 'with words';

{
    local $ENV{SLACKCTL_USER} = 'joe:pass';
    ($code, $out, $err, @asked) = ctl([ 401, {} ], 'status');
    is $code, 4, 'not authorized';
    like $err, qr/SLACKCTL_USER/, 'the next step is named';
    like $asked[0], qr/^Authorization: Basic am9lOnBhc3M=\r$/mi, 'credentials are sent';
    ok $err !~ /pass\b|am9l/, 'and not printed';
}

open my $fh, '>', "$DIR/.slackctl" or die $!;
print $fh "# mine\nurl $url\n";
close $fh;
($code) = ctl([ 200, \%status ], { url => undef }, 'status');
is $code, 0, 'the URL may stand in a file';

for my $wrong ([], ['nothing'], ['test'], [qw(replay)], [qw(pause a b c)], ['--bad'],
    ['explain', "$DIR/none"], ['--watch', 'drop', '--all'], [qw(--watch thread forget --all)], [qw(thread forget)],
    [qw(thread forget 1 --all)], [qw(thread list a b c)], ['--url=ftp://x/', 'status'])
{
    ($code, $out, $err) = ctl(@$wrong);
    is $code, 2, "wrong use: @$wrong";
    ok $err =~ /^slackctl: / && $out eq '', 'is told';
}

close $listen;
($code, $out, $err) = ctl('status');
is $code, 3, 'nobody answers';
like $err, qr/Is nginx running/, 'the next step is named';

like `bash -c '. "$ROOT/util/slackctl.bash-completion"; COMP_WORDS=(slackctl re); COMP_CWORD=1
    _slackctl; echo "\${COMPREPLY[*]}"'`, qr/^replay resume$/, 'commands are completed';
like `bash -c '. "$ROOT/util/slackctl.bash-completion"; COMP_WORDS=(slackctl thread ""); COMP_CWORD=2
    _slackctl; echo "\${COMPREPLY[*]}"'`, qr/^list forget$/, 'and those of threads';

done_testing;


# runs it with these answers; returns status, output, errors, requests
sub ctl {
    my @words = @_;

    my @answers;
    push @answers, shift @words while ref $words[0] eq 'ARRAY';
    my $option = ref $words[0] eq 'HASH' ? shift @words : { url => $url };

    unshift @words, "--url=$option->{url}" if $option->{url} && !grep { /^--url/ } @words;

    my $pid = fork // die "cannot fork: $!";

    if ($pid == 0) {
        open STDOUT, '>', "$DIR/out" or die $!;
        open STDERR, '>', "$DIR/err" or die $!;
        exec $^X, "$ROOT/util/slackctl", @words or exit 99;
    }

    my @asked = map { serve($_) } @answers;

    waitpid $pid, 0;

    return ($? >> 8, slurp("$DIR/out"), slurp("$DIR/err"), @asked);
}


sub serve {
    my ($answer) = @_;

    local $SIG{ALRM} = sub { die "slackctl asks nothing\n" };
    alarm 10;

    my $socket = $listen->accept or die "accept: $!";
    my $request = '';

    while ($request !~ /\r\n\r\n/) {
        sysread $socket, $request, 65536, length $request or last;
    }

    my ($length) = $request =~ /^Content-Length: (\d+)/mi;
    my $head = index($request, "\r\n\r\n") + 4;

    while ($length && length($request) < $head + $length) {
        sysread $socket, $request, 65536, length $request or last;
    }

    alarm 0;

    my $body = $JSON->encode($answer->[1]);
    print $socket "HTTP/1.1 $answer->[0] X\r\nConnection: close\r\nContent-Length: ",
        length $body, "\r\n\r\n$body";
    close $socket;

    return $request;
}


sub slurp {
    my ($name) = @_;

    open my $in, '<', $name or die "cannot read $name: $!\n";
    local $/;

    return scalar(<$in>) // '';
}
