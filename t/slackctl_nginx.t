# slackctl against nginx: what each command says and does, t/slackctl.t has the
# rest.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackProof qw(stored_messages notify received until_true);
use SlackThread qw(settled tell);

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

delete @ENV{grep { /proxy$/i || /^SLACKCTL/ } keys %ENV};

no_long_string();
plan 'no_plan';
run_tests();


# its status and what it prints
sub ctl {
    my (@words) = @_;

    my $url = 'http://127.0.0.1:' . server_port_for_client() . '/slack/';

    open my $pipe, '-|', "$^X util/slackctl --config=/dev/null --url=$url @words 2>&1"
        or die "cannot run slackctl: $!\n";
    my $said = do { local $/ = undef; <$pipe> } // '';
    close $pipe;

    return ($? >> 8, $said);
}

__DATA__

=== all commands
--- config
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
    location /hook { slack_notify acme dev; }
--- workspace
        coalesce 1;
--- request
GET /_slack/_received
--- faults
#dev ["400:no_text", "400:no_text"]
--- after
notify('wiki_create.json') for 1, 2;
is(scalar(grep { m/ dead / } stored_messages()), 2, 'two dead letters');

my ($code, $said) = ctl('status');
is($code, 1, 'status: there are dead letters');
like($said, qr/^acme +#dev +0 +0 +0 +2 .* failing, HTTP 400 "no_text", .*$/m, 'where');

($code, $said) = ctl('dead');
is($code, 0, 'dead');
my @ids = $said =~ /^([0-9]{13}) +acme +#dev +wiki_page +\S+ +\S+ +1 +HTTP 400 "no_text"$/mg;
is(scalar @ids, 2, 'both are listed');

is_deeply([ ctl('replay', $ids[1]) ], [ 0, "1 to be sent again\n" ], 'replay');
is(scalar received('#dev', 1), 1, 'it comes');
is_deeply([ ctl('drop', 'acme', 'dev') ], [ 0, "1 dropped\n" ], 'drop');
is_deeply([ ctl('drop', '--all') ], [ 1, "0 dropped\n" ], 'once');

is_deeply([ ctl('pause', 'acme', 'dev') ], [ 0, "paused\n" ], 'pause');
notify('wiki_create.json');
($code, $said) = ctl('status');
like($said, qr/^acme +#dev +1 .* paused$/m, 'status tells');
is_deeply([ ctl('test', 'acme', 'dev') ], [ 4, "slackctl: refused (HTTP 409): it is paused: resume it first\n" ], 'test of it');
is_deeply([ ctl('resume', 'acme', 'dev') ], [ 0, "resumed\n" ], 'resume');
is(scalar received('#dev', 2), 2, 'what has waited comes');

is_deeply([ ctl('test', 'acme') ], [ 0, "sent: HTTP 200 \"ok\"\n" ], 'test');
is(scalar received('#general', 1), 1, 'it comes');

($code, $said) = ctl('explain', 't/data/gitlab/push.json', q{--event='Push Hook'});
is($code, 0, 'explain');
like($said, qr/^push update of gitlab in acme\/rocket at \/hook: queued\n\n.*:[0-9]+ +acme +#dev +yes\n\n\S.* pushed /ms, 'who takes it, and the message');

($code, $said) = ctl('status');
is($code, 0, 'all is well');
like($said, qr/^acme +#dev +0 +2 +0 +0 +- .* idle$/m, 'in the end');
--- no_error_log
[alert]



=== threads
--- config
    location /slack/ { slack_status actions; }
    location = /hook { slack_route acme { thread reply; channel red,blue; } }
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    red;
--- request
GET /_slack/_received
--- after
is_deeply([ ctl('thread') ], [ 0, "none\n" ], 'none');
tell('issue_open.json', 202);
settled(2);
until_true { my ($code, $said) = ctl('thread'); $said !~ m/not sent yet/ };

my ($code, $said) = ctl('thread');
is($code, 0, 'thread');
is(scalar(() = $said =~ m/^[0-9]+ +acme +#(?:red|blue) +issue gitlab\.example\.com 15 118 +\d+s +\d+d +C\w+ [0-9]+\.[0-9]+$/mg), 2, 'both') or diag($said);
($code, $said) = ctl('thread', 'list', 'acme', 'blue');
my @ids = $said =~ /^([0-9]+) +acme +#blue /mg;
is(scalar @ids, 1, 'of a channel');
is_deeply([ ctl('thread', 'forget', @ids) ], [ 0, "1 forgotten\n" ], 'forget it');
is_deeply([ ctl('thread', 'forget', @ids) ], [ 1, "0 forgotten: \"slackctl thread\" lists them\n" ], 'once');
is_deeply([ ctl('thread', 'forget', 'acme', 'red') ], [ 0, "1 forgotten\n" ], 'that of a channel');
is_deeply([ ctl('thread', 'list', 'acme') ], [ 0, "none\n" ], 'they are gone');
--- no_error_log
[error]
[alert]



=== what is to read only
--- config
    location /slack/ { slack_status; }
--- request
GET /_slack/_received
--- after
is((ctl('status'))[0], 0, 'may be read');

my ($code, $said) = ctl('pause', 'acme');
is($code, 4, 'not acted on');
like($said, qr/"slack_status actions"/, 'with the next step');
--- no_error_log
[error]
[alert]
