# What operators post to slack_status: tests of a workspace or channel, and
# what is refused.

use strict;
use warnings;

use File::Temp qw(tempdir);

use lib 't/util';
use Test::Nginx::Socket;
use SlackFront;
use SlackServer;
use SlackStatus qw(act acted status);
use SlackTest;
use SlackProof qw(stored_messages log_lines notify outbox received reload requests);

our $Dir  = tempdir(CLEANUP => 1);
our $Port = SlackServer::free_port();

SlackFront::certificate($Dir, name => 'self');
SlackFront::certificate($Dir, name => 'other');

no_long_string();
plan 'no_plan';
run_tests();


# what is wrong with the refusal of a body, if anything is
sub refused {
    my ($action, $body, $why) = @_;

    my ($code, $answer) = act($action, $body);
    my $error = ref $answer eq 'HASH' ? $answer->{error} // 'none' : $answer;

    return if $code == 400 && (ref $why ? $error =~ $why : $error eq $why);

    return "$body: $code $error\n";
}

__DATA__

=== a test message comes to Slack
--- config
    location /hook { slack_notify acme dev; }
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- workspace
        icon_emoji :bell:;
--- request
GET /_slack/_received
--- after
my $answer = acted(test => { workspace => 'acme' });

like(delete $answer->{id}, qr/^[0-9]{13}$/, 'it has an id');
is_deeply($answer, { status => 'sent', answer => 'HTTP 200 "ok"' }, 'Slack has it');

my ($message) = received('#general', 1);
is($message->{payload}{username}, 'GitLab', 'from the workspace\'s user');
is($message->{payload}{icon_emoji}, ':bell:', 'with its icon');
like($message->{payload}{attachments}[0]{text}, qr/^Test: nginx on \S+ posts this to \*#general\* of the workspace \*acme\*\. If /, 'what it says');
unlike($message->{payload}{attachments}[0]{fallback}, qr/\*/, 'plainly, too');

is(acted(test => { workspace => 'acme', channel => '#dev' })->{status}, 'sent', 'another channel');
is(scalar received('#dev', 1), 1, 'it has come there');
is(scalar log_lines(qr/\[notice\].* slack_workspace "acme", channel "#dev": tested by an operator, sent/), 1, 'it is logged');

my ($code, $json) = act(test => { workspace => 'acme', channel => '#dve' });
is($code, 404, 'a channel that nobody has configured is refused, as by pause');
is($json->{error}, 'slack_workspace "acme" has no channel "#dve"', 'why');
is_deeply([ (act(pause => { workspace => 'acme', channel => '#dve' }))[1]{error} ], [ $json->{error} ], 'in the same words');
--- no_error_log
[error]
[alert]



=== Slack's words; a failed test is not tried again
--- config
    location /hook { slack_notify acme dev; }
    location /a { slack_notify acme a; }
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- workspace
        retry 60s 60s;
--- request
GET /_slack/_received
--- faults
#a ["404:no_service", "410:channel_is_archived", "400:no_text", "500:"]
--- after
my @wanted = (
    [ '404', qr/^HTTP 404 "no_service"; \w/, 'the webhook is refused' ],
    [ '410', qr/^HTTP 410 "channel_is_archived"; \w/, 'the channel is refused, at once though it was refused before' ],
    [ '400', qr/^HTTP 400 "no_text"/, 'the message is refused' ],
    [ '500', qr/^HTTP 500/, 'Slack fails' ],
);

for my $wanted (@wanted) {
    my $answer = acted(test => { workspace => 'acme', channel => '#a' });

    is($answer->{status}, 'failed', $wanted->[2]);
    like($answer->{answer}, $wanted->[1], 'in its words');
    is($answer->{cause}, 'slack', 'it was Slack');
}

is(scalar(requests('#a')), 4, 'each was tried once');
is_deeply([ outbox('SELECT count(*) FROM message WHERE state <> 1') ], [ 0 ], 'nothing of it waits or is a dead letter');

notify('wiki_create.json');
is_deeply([ (stored_messages())[4] ], [ '#dev sent 0 HTTP 200 "ok"' ], 'what comes later is sent');
--- no_error_log
[alert]



=== a certificate is told from other errors
--- http_config eval
SlackFront::server($::Dir, $::Port, name => 'self')
--- config
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- workspace eval
<<"END"
        webhook_url https://127.0.0.1:$::Port/services/\$SLACK_TEAM/B1/secret legacy;
        webhook_url http://127.0.0.1:1/services/\$SLACK_TEAM/B1/other channel=dead;
        trusted_certificate $::Dir/other.pem;
        retry 60s 60s;
END
--- request
GET /_slack/_received
--- after
my $answer = acted(test => { workspace => 'acme' });

is($answer->{status}, 'failed', 'it fails');
is($answer->{cause}, 'certificate', 'for its certificate');
like($answer->{answer}, qr/^certificate verify failed \(self-signed certificate\); see trusted_certificate \(slack_workspace in \S+:[0-9]+\)$/, 'with what mends it, and where');

$answer = acted(test => { workspace => 'acme', channel => '#dead' });
is("$answer->{status} $answer->{cause}", 'failed transfer', 'nobody listens');
unlike($answer->{answer}, qr/secret|services|other/, 'no word of the URL');
--- no_error_log
[alert]



=== what is wrong is said
--- http_config
    slack_workspace two { webhook_url $SLACK_HOOK legacy; channel a,b; }
    slack_workspace own { webhook_url $SLACK_HOOK channel=a; }
--- config
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- request
GET /_slack/_received
--- after
my @wanted = (
    [ test => {}, 400, '"workspace" is missing' ],
    [ test => { workspace => 'two' }, 400, 'slack_workspace "two" has several channels: which one?' ],
    [ test => { workspace => 'none' }, 404, 'no slack_workspace "none" is in the configuration' ],
    [ test => { workspace => 'own', channel => '#b' }, 404, 'slack_workspace "own" has no endpoint for channel "#b"' ],
    [ test => { workspace => 'two', channel => 'x' x 101 }, 400, 'the channel\'s name is too long' ],
    [ pause => {}, 400, '"workspace" is missing' ],
    [ pause => { workspace => 'none' }, 404, 'no slack_workspace "none" is in the configuration' ],
    [ pause => { workspace => 'two', channel => '#c' }, 404, 'slack_workspace "two" has no channel "#c"' ],
    [ replay => {}, 400, 'which dead letters?  One of "ids", "workspace" and "all":true is wanted' ],
    [ drop => { all => JSON::PP::false() }, 400, 'which dead letters?  One of "ids", "workspace" and "all":true is wanted' ],
    [ drop => { all => JSON::PP::true(), ids => [ 1 ] }, 400, 'which dead letters?  One of "ids", "workspace" and "all":true is wanted' ],
    [ drop => { ids => [ '1; DROP TABLE message' ] }, 400, 'an id is not a number' ],
    [ drop => { ids => [ '1234567890123456789' ] }, 400, 'an id is not a number' ],
    [ drop => { ids => [ 1 .. 1001 ] }, 400, 'more than 1000 ids' ],
    [ drop => '{"ids":[1,', 400, 'body ends early at byte 10' ],
    [ drop => q{}, 400, q{body ends early at byte 0} ],
);

for my $wanted (@wanted) {
    my ($action, $body, @answer) = @$wanted;
    my ($code, $json) = act($action, $body);

    is_deeply([ $code, $json->{error} ], \@answer, "$action: $answer[1]");
}

is_deeply([ act(replay => { ids => [ 1, '2' ] }) ], [ 200, { count => 0 } ], 'ids that there are not');
is_deeply([ outbox('SELECT count(*) FROM message') ], [ 0 ], 'nothing was stored');
--- no_error_log
[error]
[alert]



=== a test of what is paused, and behind others
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_notify acme; }
--- request
GET /_slack/_received
--- after
acted(pause => { workspace => 'acme' });
is_deeply([ act(test => { workspace => 'acme' }) ], [ 409, { error => 'it is paused: resume it first' } ], 'it says so');
is_deeply([ stored_messages() ], [], 'and stores nothing');
is(scalar received(), 0, 'nothing has come');
--- no_error_log
[alert]



=== a body that does not say what is meant changes nothing
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_notify acme; }
--- request
GET /_slack/_received
--- faults
["400:no_text", "400:no_text"]
--- after
notify('wiki_create.json') for 1, 2;
my @before = stored_messages();
is(scalar(grep { m/ dead / } @before), 2, 'two dead letters');
my ($id) = outbox('SELECT id FROM message');

my $workspace = '"workspace" must be a string';
my $which = 'which dead letters?  One of "ids", "workspace" and "all":true is wanted';

# what is wrong for each action
my @any = (
    [ 'null', 'the body is not an object' ],
    [ '"acme"', 'the body is not an object' ],
    [ 'true', 'the body is not an object' ],
    [ '1', 'the body is not an object' ],
    [ '[]', 'the body is not an object' ],
    [ '[{"workspace":"acme"}]', 'the body is not an object' ],
    [ '{"workspace":"acme"}{"workspace":"acme"}', qr/^body .* at byte 2\d$/ ],
    [ '{"workspace":"acme"} x', qr/^body .* at byte 2\d$/ ],
    [ '{"workspace":"acme"', 'body ends early at byte 19' ],
    [ "{\"workspace\":\"acme\"}\0", qr/^body .* at byte 2\d$/ ],
    [ '{"workspace":null}', $workspace ],
    [ '{"workspace":true}', $workspace ],
    [ '{"workspace":7}', $workspace ],
    [ '{"workspace":["acme"]}', $workspace ],
    [ '{"workspace":[]}', $workspace ],
    [ '{"workspace":{}}', $workspace ],
    [ '{"workspace":{"name":"acme"}}', $workspace ],
    [ '{"workspace":""}', '"workspace" is empty' ],
    [ '{"workspace":"acme","workspace":"acme"}', '"workspace" is given twice' ],
    [ '{"workspace":"acme","work\u0073pace":"acme"}', '"workspace" is given twice' ],
    [ '{"workspace":"acme","workspace":null}', '"workspace" is given twice' ],
    [ '{"workspace":null,"workspace":"acme"}', $workspace ],
    [ '{"workspace":"acme","channel":null}', '"channel" must be a string' ],
    [ '{"workspace":"acme","channel":["#general"]}', '"channel" must be a string' ],
    [ '{"workspace":"acme","channel":{"name":"#general"}}', '"channel" must be a string' ],
    [ '{"workspace":"acme","channel":false}', '"channel" must be a string' ],
    [ '{"workspace":"acme","channel":"#general","channel":"#general"}', '"channel" is given twice' ],
    [ '{"workspace":"ac\u0000me"}', '"workspace" has invalid characters' ],
    [ '{"workspace":"acme\u0007"}', '"workspace" has invalid characters' ],
    [ "{\"workspace\":\"acme\x7f\"}", '"workspace" has invalid characters' ],
    [ "{\"workspace\":\"acme\xff\"}", '"workspace" has invalid characters' ],
    [ '{"workspace":"acme","channel":"#general\u200e"}', '"channel" has invalid characters' ],
    [ '{"workspace":"acme","channel":"#general\udc00"}', '"channel" has invalid characters' ],
    [ '{"workspace":"acme","chanel":"#general"}', 'unknown member "chanel"' ],
    [ '{"workspace":"acme","Channel":"#general"}', 'unknown member "Channel"' ],
    [ '{"workspace":"acme","channel ":"#general"}', 'unknown member "channel "' ],
    [ '{"workspace":"acme","":"#general"}', 'unknown member ""' ],
    [ '{"workspace":"acme","channel\u0000":"#general"}', 'unknown member "channel"' ],
    [ "{\"workspace\":\"acme\",\"x\xc3\":1}", "unknown member \"x\x{fffd}\"" ],
    [ '{"workspace":"acme","dry_run":true}', 'unknown member "dry_run"' ],
    [ '{"workspace":"acme","x":{"channel":"#general"}}', 'unknown member "x"' ],
    [ '{"x.workspace":"acme"}', 'unknown member "x.workspace"' ],
    [ '{"channel":"#general"}', '"channel" needs a "workspace"' ],
    [ '{"channel":""}', '"channel" needs a "workspace"' ],
);

# those of dead letters
my @messages = (
    [ '{}', $which ],
    [ qq({"ids":["$id",null],"workspace":"acme"}), '"ids" must be a list of numbers' ],
    [ qq({"ids":["$id",null]}), '"ids" must be a list of numbers' ],
    [ qq({"ids":["$id",["$id"]]}), '"ids" must be a list of numbers' ],
    [ qq({"ids":["$id",{"id":"$id"}]}), '"ids" must be a list of numbers' ],
    [ qq({"ids":["$id",true]}), '"ids" must be a list of numbers' ],
    [ qq({"ids":[["$id"]]}), '"ids" must be a list of numbers' ],
    [ qq({"ids":"$id"}), '"ids" must be a list of numbers' ],
    [ qq({"ids":$id}), '"ids" must be a list of numbers' ],
    [ qq({"ids":{"0":"$id"}}), '"ids" must be a list of numbers' ],
    [ '{"ids":null,"workspace":"acme"}', '"ids" must be a list of numbers' ],
    [ '{"ids":{},"workspace":"acme"}', '"ids" must be a list of numbers' ],
    [ '{"ids":[]}', '"ids" is empty' ],
    [ '{"ids":[],"workspace":"acme"}', '"ids" is empty' ],
    [ '{"ids":[],"all":true}', '"ids" is empty' ],
    [ '{"ids":[""]}', 'an id is not a number' ],
    [ qq({"ids":["-$id"]}), 'an id is not a number' ],
    [ qq({"ids":["+$id"]}), 'an id is not a number' ],
    [ qq({"ids":[" $id"]}), 'an id is not a number' ],
    [ qq({"ids":["$id\\u0000"]}), 'an id is not a number' ],
    [ qq({"ids":[$id.0]}), 'an id is not a number' ],
    [ '{"ids":[1e3]}', 'an id is not a number' ],
    [ '{"ids":[-1]}', 'an id is not a number' ],
    [ qq({"ids":["$id"],"ids":["$id"]}), '"ids" is given twice' ],
    [ qq({"ids":["$id"],"workspace":"acme"}), $which ],
    [ qq({"ids":["$id"],"channel":"#general"}), '"channel" needs a "workspace"' ],
    [ '{"all":true,"channel":"#general"}', '"channel" needs a "workspace"' ],
    [ '{"all":true,"workspace":""}', '"workspace" is empty' ],
    [ '{"all":true,"workspace":"acme"}', $which ],
    [ '{"all":false}', $which ],
    [ '{"all":false,"workspace":"acme"}', $which ],
    [ qq({"all":false,"ids":["$id"]}), $which ],
    [ '{"all":null}', '"all" must be true or false' ],
    [ '{"all":1}', '"all" must be true or false' ],
    [ '{"all":"true"}', '"all" must be true or false' ],
    [ '{"all":[true]}', '"all" must be true or false' ],
    [ '{"all":{}}', '"all" must be true or false' ],
    [ '{"all":null,"workspace":"acme"}', '"all" must be true or false' ],
    [ '{"all":true,"all":true}', '"all" is given twice' ],
);

# these two are not theirs
my @holds = map { [ "{\"workspace\":\"acme\",$_}", 'unknown member ' . (m/^("\w+")/)[0] ] }
    '"ids":["1"]', '"ids":null', '"all":true', '"all":false';

my %rows = ((map { $_ => [ @any, @holds, [ '{}', '"workspace" is missing' ] ] } qw(test pause resume)),
            (map { $_ => [ @any, @messages ] } qw(replay drop)));

for my $action (sort keys %rows) {
    my @wrong = grep { defined } map { refused($action, @$_) } @{ $rows{$action} };
    is("@wrong", '', "$action: " . @{ $rows{$action} } . ' bodies');
}

is_deeply([ stored_messages() ], \@before, 'no dead letter has moved');
my ($channel) = @{ status()->{workspaces}[0]{channels} };
ok(!$channel->{paused} && !status()->{workspaces}[0]{paused}, 'nothing is paused');
is(scalar received(), 0, 'nothing has come');

# and what does
is_deeply([ act(replay => qq({"ids":[$id]})) ], [ 200, { count => 1 } ], 'one of them by its number');
is_deeply([ act(drop => '{ "channel" : "#general" , "workspace" : "acme" }') ], [ 200, { count => 1 } ], 'the other by its channel');
is_deeply([ act(drop => '{"all":true}') ], [ 200, { count => 0 } ], 'and no more');
--- no_error_log
[alert]
