# No channel by accident: which endpoint serves a channel, and what is sent
# along.  The webhook of a Slack app (here with a BID of BAPP...) posts to its
# own channel whatever the message says, and answers "ok".

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackStatus qw(act acted status);
use SlackTest;
use SlackProof qw(stored_messages log_count notify received reload rewrite_conf until_true);

# nginx has no reload without a master
master_on();

no_long_string();
no_shuffle();
plan 'no_plan';
run_tests();


# where a message came, and which of its parts say where it belongs and whose it is
sub parts {
    my ($message) = @_;

    my $payload = $message->{payload};

    return join ' ', $message->{channel}, map { "$_=$payload->{$_}" }
        grep { defined $payload->{$_} } qw(channel username icon_emoji icon_url);
}

__DATA__

=== what comes from an app's webhook: no channel, no name, no icon
--- workspace
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPDEV/secret;
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPOPS/secret channel=ops;
        channel dev;
        icon_emoji rocket;
--- config
    location = /hook {
        slack_notify acme;
        slack_route acme { channel ops; username Robot; icon_url https://example.com/r.png; }
    }
--- request
GET /_slack/_received
--- after
notify('push.json');
is_deeply([ sort map { parts($_) } received(undef, 2) ], [ '#app-BAPPDEV', '#app-BAPPOPS' ], 'nothing of them');
--- no_error_log
[error]
[alert]



=== what comes from an app's webhook that names no channel
--- http_config
    slack_workspace acme {
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPDEV/secret;
    }
--- config
    location = /hook {
        slack_notify acme;
    }
--- request
GET /_slack/_received
--- after
notify('push.json');
is_deeply([ map { parts($_) } received(undef, 1) ], [ '#app-BAPPDEV' ], 'its own channel');
is_deeply([ stored_messages() ], [ ' sent 0 HTTP 200 "ok"' ], 'which has no name here');
--- no_error_log
[warn]
[error]
[alert]



=== what comes from a legacy webhook, one for the rest and one for a channel
--- workspace
        webhook_url $SLACK/services/$SLACK_TEAM/B1/secret legacy;
        webhook_url $SLACK/services/$SLACK_TEAM/B2/secret channel=ops legacy;
        icon_emoji rocket;
--- config
    location = /hook {
        slack_notify acme dev,ops,U024BE7LH;
    }
--- request
GET /_slack/_received
--- after
notify('push.json');
is_deeply([ sort map { "$_->{bid} " . parts($_) } received(undef, 3) ],
    [ 'B1 #dev channel=#dev username=GitLab icon_emoji=:rocket:',
      'B1 U024BE7LH channel=U024BE7LH username=GitLab icon_emoji=:rocket:',
      'B2 #ops channel=#ops username=GitLab icon_emoji=:rocket:' ], 'all of them');
--- no_error_log
[warn]
[error]
[alert]



=== an app's webhook for the workspace's channel, a legacy one for the rest
--- workspace
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPDEV/secret;
        webhook_url $SLACK/services/$SLACK_TEAM/B1/secret legacy;
        channel dev;
--- config
    location = /hook {
        slack_notify acme dev,ops;
    }
--- request
GET /_slack/_received
--- after
notify('push.json');
is_deeply([ sort map { parts($_) } received(undef, 2) ],
    [ '#app-BAPPDEV', '#ops channel=#ops username=GitLab' ], 'each what it takes');
--- no_error_log
[warn]
[error]
[alert]



=== and with the webhook of that channel it comes there alone
--- workspace
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPGENERAL/secret;
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPPRIVATE/secret channel=private-dev;
        channel general;
--- config
    location = /hook {
        slack_route acme { events push; }
        slack_route acme { events confidential_issue; channel private-dev; }
    }
--- request
GET /_slack/_received
--- after
notify('issue_confidential_open.json');
notify('push.json');
is_deeply([ sort map { $_->{channel} . ' ' . ($_->{payload}{attachments}[0]{fallback} =~ m/(issue|push)/)[0] } received(undef, 2) ],
    [ '#app-BAPPGENERAL push', '#app-BAPPPRIVATE issue' ], 'each where it belongs');
--- no_error_log
[error]
[alert]



=== the webhook is a legacy one no more: what it does not serve waits, and goes nowhere else
--- workspace
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPDEV/secret legacy;
        channel dev;
        retry 60s 60s;
        coalesce 1;
--- config
    location = /hook { slack_notify acme private; }
    location = /dev { slack_notify acme; }
    location /slack/ { slack_status actions; }
--- faults
#app-BAPPDEV ["500:"]
--- request
GET /_slack/_received
--- after
notify('wiki_create.json');
until_true { (stored_messages(1))[0] =~ m/ waiting 1 / };

rewrite_conf(sub { s/secret legacy;/secret;/; s/slack_notify acme private;/slack_notify acme;/ });
reload();

until_true { log_count(qr/"acme" is not in the configuration, or has no endpoint for channel "#private": messages for it wait/) };

notify('push.json', '/dev');
is_deeply([ map { parts($_) } received(undef, 1) ], [ '#app-BAPPDEV' ], 'what is served comes');

my %channel;
until_true {
    %channel = map { $_->{name} => $_ } @{ status()->{workspaces}[0]{channels} };
    $channel{'#private'}{no_endpoint};
};
ok($channel{'#private'}{no_endpoint}, 'the status tells');
is($channel{'#private'}{waiting}, 1, 'that it waits');
ok(!$channel{'#dev'}{no_endpoint}, 'and the other does not');
is_deeply([ act(test => { workspace => 'acme', channel => '#private' }) ],
    [ 404, { error => 'slack_workspace "acme" has no endpoint for channel "#private"' } ], 'a test is refused');

rewrite_conf(sub { s/secret;/secret channel=dev;\n webhook_url \$X channel=private;/; my ($u) = m/webhook_url (\S+)/; $u =~ s/BAPPDEV/BAPPPRIVATE/; s/\$X/$u/ });
reload();
acted(test => { workspace => 'acme', channel => '#private' });
is_deeply([ sort map { $_->{channel} } received(undef, 3) ],
    [ '#app-BAPPDEV', '#app-BAPPPRIVATE', '#app-BAPPPRIVATE' ], 'with a webhook of its own it comes');
--- no_error_log
[alert]
[crit]



=== a webhook that is given a channel: what was for the webhook's own waits
--- http_config
    slack_workspace acme {
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPDEV/secret;
        retry 60s 60s;
    }
--- config
    location = /hook { slack_notify acme; }
    location /slack/ { slack_status actions; }
--- faults
#app-BAPPDEV ["500:"]
--- request
GET /_slack/_received
--- after
notify('wiki_create.json');
until_true { (stored_messages(1))[0] =~ m/ waiting 1 / };

rewrite_conf(sub { s/secret;/secret channel=dev;/; s/slack_notify acme;/slack_notify acme dev;/ });
reload();

until_true { log_count(qr/"acme" is not in the configuration, or has no endpoint for channel "": messages for it wait/) };
notify('push.json');
is(scalar received(undef, 1), 1, 'what is served comes');

my %channel;
until_true {
    %channel = map { $_->{name} => $_ } @{ status()->{workspaces}[0]{channels} };
    $channel{''}{no_endpoint};
};
is_deeply([ map { $channel{$_}{no_endpoint} ? 1 : 0 } '', '#dev' ], [ 1, 0 ], 'the status tells which');
--- no_error_log
[alert]
[crit]



=== what an app's webhook would get, and what a dead letter was
--- workspace
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPDEV/secret;
        webhook_url $SLACK/services/$SLACK_TEAM/B1/secret channel=ops legacy;
        channel dev;
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_notify acme; }
    location /ops { slack_notify acme ops; }
--- faults
["400:no_text", "400:no_text"]
--- request
GET /_slack/_received
--- after
my %parts;

for my $location (qw(/hook /ops)) {
    my (undef, $answer) = act("explain?location=$location&event=Push+Hook", SlackTest::payload('push.json'));
    $parts{$location} = parts({ channel => 'explained', payload => $answer->{message} });
}

is_deeply(\%parts, { '/hook' => 'explained', '/ops' => 'explained channel=#ops username=GitLab' }, 'as it would be sent');

notify('push.json', $_) for qw(/hook /ops);
until_true { 2 == grep { m/ dead / } stored_messages(2) };

is_deeply([ sort map { parts({ channel => $_->{channel}, payload => $_->{message} }) } @{ status()->{dead_letters} } ],
    [ '#dev', '#ops channel=#ops username=GitLab' ], 'as it was sent');
--- no_error_log
[alert]
[crit]



=== a test says where it belongs, and what it means to read it elsewhere
--- http_config
    slack_workspace own { webhook_url $SLACK/services/$SLACK_TEAM/BAPPOWN/secret; }
--- workspace
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPDEV/secret channel=dev;
        webhook_url $SLACK/services/$SLACK_TEAM/B1/secret legacy;
--- config
    location /slack/ { slack_status actions; }
--- request
GET /_slack/_received
--- after
my %text = (
    '#general' => qr/^Test: nginx on \S+ posts this to \*#general\* of the workspace \*acme\*\. If you read it in another channel, the webhook is not a legacy one and ignores the channel: remove "legacy" from the configuration and give each channel a webhook of its own, or use a bot token\.$/,
    '#dev' => qr/^Test: nginx on \S+ posts this to \*#dev\* of the workspace \*acme\*\. If you read it in another channel, the webhook is that of another channel, which gets all messages that are meant for this one: correct webhook_url or its "channel="\.$/,
    '' => qr/^Test: nginx on \S+ posts this to the channel of the webhook of the workspace \*own\*\.$/,
);
my %at = ('#general' => '#general', '#dev' => '#app-BAPPDEV', '' => '#app-BAPPOWN');

for my $channel (sort keys %text) {
    my $answer = acted(test => { workspace => $channel eq '' ? 'own' : 'acme', channel => $channel });
    is($answer->{status}, 'sent', "a test for \"$channel\"");

    my ($message) = received($at{$channel}, 1);
    my $attachment = $message->{payload}{attachments}[0];
    like($attachment->{text}, $text{$channel}, 'what it says');
    is($attachment->{fallback}, $attachment->{text} =~ tr/*//dr, 'plainly, too');
}
--- no_error_log
[error]
[alert]



=== messages that nothing serves any more become dead letters
--- workspace
        webhook_url $SLACK/services/$SLACK_TEAM/B1/secret legacy;
        retry 100ms 100ms for=1s;
--- config
    location /slack/ { slack_status actions; }
    location = /hook { slack_notify acme ops; }
--- faults
["429:slow down;Retry-After: 30"]
--- hook
push.json
--- after
until_true { log_count(qr/too fast for Slack/) };
rewrite_conf(sub { s/ legacy;/ channel=dev;/; s/slack_notify acme ops/slack_notify acme dev/; s/channel general/channel dev/ });
sleep 2;
reload();
ok(until_true { grep { m/^#ops dead / } stored_messages(1) }, 'a dead letter');
is(status()->{dead_letters}[0]{answer}, 'no endpoint serves the channel', 'it tells why');
ok(log_count(qr/\[error\].*slack_workspace "acme", channel "#ops": dead letters: 1 \(\d+ to \d+\), no endpoint serves the channel; fix/), 'told');
--- no_error_log
[alert]
[crit]
