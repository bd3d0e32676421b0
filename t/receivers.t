# Who understands the messages: the same events for Slack, Mattermost and
# Discord, and what of them could ring there.

use strict;
use warnings;

use lib 't/util';
use JSON::PP ();
use List::Util qw(sum0);
use Test::Nginx::Socket;
use SlackStatus qw(act acted);
use SlackTest;
use SlackClient;
use SlackProof qw(stored_messages notify received until_true);

no_long_string();
plan 'no_plan';
run_tests();


# A payload in which people ring: in front of each text that a person writes.
sub ringing {
    my ($body) = @_;

    $body =~ s/("(?:name|user_name|title|message|description|note|username|user_username)":\s*")(?=\w)/$1\@all \@here a\@b /g
        or die "nobody could ring\n";
    $body =~ s{("web_url":\s*"[^"]*)"}{$1/\@channel"}g;
    $body =~ s{("url":\s*"https?://[^"]*)"}{$1?to=\@channel"}g;

    return $body;
}


# Posts it to /hook, with a key of its own.
sub ring { return notify($_[0], '/hook', \&ringing) }


# What came to a receiver, or to a webhook of Slack, once there are so many.
sub messages {
    my ($whose, $n) = (@_, 0);

    my @found;

    until_true { @found = grep { ($_->{receiver} // $_->{bid}) eq $whose } received(); @found >= $n };

    return @found;
}


sub payloads { return map { $_->{payload} } messages(@_) }


# What has notified somebody, in the stand-in's opinion.
sub pings { return map { @{ $_->{pings} } } @_ }


# All strings of a payload.
sub strings {
    my ($value) = @_;

    return map { strings($_) } @$value if ref $value eq 'ARRAY';
    return map { strings($_) } map { $value->{$_} } sort keys %$value if ref $value eq 'HASH';
    return ref $value || !defined $value ? () : $value;
}


# How many "@" are followed by U+200B, and how many are not.
sub counts {
    my $text = CORE::join "\n", map { strings($_) } @_;

    return (scalar(() = $text =~ m/\@\x{200b}/g), scalar(() = $text =~ m/\@(?!\x{200b})/g));
}

__DATA__

=== each receiver gets what it understands, and what rings there does not
--- http_config
    slack_workspace acme { webhook_url $SLACK/services/$SLACK_TEAM/B1/s; rate 1000r/s burst=1000; }
    slack_workspace town { webhook_url $SLACK/hooks/$SLACK_TEAM-key; rate 1000r/s burst=1000; receiver mattermost; }
    slack_workspace disc { webhook_url $SLACK/api/webhooks/$SLACK_TEAM-1/token/slack; rate 1000r/s burst=1000; receiver discord; username Robot; }
    slack_workspace also { webhook_url $SLACK/services/$SLACK_TEAM/B4/s; rate 1000r/s burst=1000; receiver slack; }
--- config
    location = /hook {
        slack_notify acme;
        slack_notify town;
        slack_notify disc;
        slack_notify also;
    }
--- request
GET /_slack/_received
--- after
my @files = qw(push.json issue_open.json merge_request_open.json note_mr.json pipeline_failed.json wiki_create.json);

ring($_) for @files;

my %got = map { $_ => [ payloads($_, scalar @files) ] } qw(B1 B4 mattermost discord);

is(scalar @{ $got{$_} }, scalar @files, "$_ got each") for sort keys %got;

my ($guarded, $bare) = counts(@{ $got{B1} });
is($guarded, 0, 'Slack gets no U+200B');
cmp_ok($bare, '>', 20, 'but what would ring elsewhere');

is_deeply($got{B4}, $got{B1}, '"receiver slack" is the default');

for my $whose (qw(mattermost discord)) {
    ($guarded, my $left) = counts(@{ $got{$whose} });
    cmp_ok($guarded, '>', 20, "$whose: each is followed by U+200B");
    is($left, 0, "$whose: none without it is left");
    is_deeply([ pings(messages($whose)) ], [], "$whose: nobody is notified");

    my $text = CORE::join ' ', map { strings($_) } @{ $got{$whose} };
    like($text, qr{/rocket/%40channel\|}, "$whose: in the URL of a link it is encoded");
    like($text, qr{\?to=%40channel\b}, "$whose: also in its query");
}

is(CORE::join(' ', map { $_->{attachments}[0]{color} // '-' } @{ $got{B1} }), '#334455 #C95823 - #334455 danger #334455', 'colours of Slack');
is(CORE::join(' ', map { $_->{attachments}[0]{color} // '-' } @{ $got{discord} }), '#334455 #C95823 - #334455 #A30200 #334455', 'colours of Discord');

is(CORE::join(' ', map { $_->{username} . (exists $_->{channel} ? ' channel' : '') } @{ $got{discord} }),
    CORE::join(' ', ('Robot') x @files), 'Discord gets the name, and no channel');

my ($wiki) = map { $_->{attachments}[0]{pretext} } $got{B1}[-1];
my ($town) = map { $_->{attachments}[0]{pretext} } $got{mattermost}[-1];
like($wiki, qr/ \*[^*]+\*\z| \*[^*]+\* /, 'bold of Slack');
like($town, qr/ \*\*[^*]+\*\*\z| \*\*[^*]+\*\* /, 'bold of Markdown');
is_deeply([ map { $_->{italic} } (messages('mattermost'))[-1] ], [ [] ], 'which is not italic');
--- no_error_log
[error]
[alert]



=== without a receiver it would ring
--- http_config
    slack_workspace town { webhook_url $SLACK/hooks/$SLACK_TEAM-key; rate 1000r/s burst=1000; }
--- config
    location = /hook { slack_notify town; }
--- request
GET /_slack/_received
--- after
ring('push.json');

my %rang = map { $_ => 1 } pings(messages('mattermost', 1));
is_deeply([ sort keys %rang ], [ '@all', '@b', '@here' ], 'whom the title of a commit notifies');
--- no_error_log
[error]
[alert]



=== a commit title keeps its asterisks, a text of several lines its bold
--- http_config
    slack_workspace town { webhook_url $SLACK/hooks/$SLACK_TEAM-key; rate 1000r/s burst=1000; receiver mattermost; }
--- config
    location = /hook { slack_notify town; }
--- request
GET /_slack/_received
--- after
notify('push.json', '/hook', sub { $_[0] =~ s/"title":\s*"[^"]*"/"title":"*.c: **all** \@all"/gr });
notify('note_mr.json', '/hook', sub { $_[0] =~ s/"note":\s*"[^"]*"/"note":"**bold** \@all\\n* one"/gr });

my ($push, $note) = payloads('mattermost', 2);
like($push->{attachments}[0]{text}, qr/: \*\.c: \*\*all\*\* \@\x{200b}all - /, 'title of a commit');
is($note->{attachments}[0]{text}, "**bold** \@\x{200b}all\n* one", 'comment');
--- no_error_log
[error]
[alert]



=== "@name" is a direct message, of Mattermost only
--- http_config
    slack_workspace town {
        webhook_url $SLACK/hooks/$SLACK_TEAM-key;
        webhook_url $SLACK/hooks/$SLACK_TEAM-mira channel=@mira.o-k_1;
        rate        1000r/s burst=1000;
        receiver    mattermost;
        channel     @jdoe,town-square "#off_topic";
    }
--- config
    location = /hook {
        slack_notify town;
        slack_notify town @mira.o-k_1;
    }
--- hook
tag_push_delete.json => 202 queued tag_push: 4
--- slack_wait: 4
--- slack_like
^@jdoe$
^#town-square$
^#off_topic$
^@mira.o-k_1$
--- no_error_log
[error]
[alert]



=== explain and the test message are those of the receiver
--- http_config
    slack_workspace acme { webhook_url $SLACK/services/$SLACK_TEAM/B1/s; rate 1000r/s burst=1000; }
    slack_workspace town { webhook_url $SLACK/hooks/$SLACK_TEAM-key; rate 1000r/s burst=1000; receiver mattermost; channel @jdoe; }
    slack_workspace disc { webhook_url $SLACK/api/webhooks/$SLACK_TEAM-1/token/slack; rate 1000r/s burst=1000; receiver discord; }
--- config
    location /slack/ { slack_status actions; }
    location = /hook { slack_notify acme; }
    location = /town { slack_notify town; }
--- request
GET /_slack/_received
--- after
for my $location (qw(/hook /town)) {
    my ($code, $answer) = act("explain?location=$location", ringing(SlackTest::payload('push.json')));
    is($code, 200, "$location is explained");

    my ($guarded, $bare) = counts($answer->{message}{attachments});
    is($guarded > 0 ? 'guarded' : 'not', $location eq '/town' ? 'guarded' : 'not', "$location: U+200B");
    is($bare > 0 ? 'rings' : 'quiet', $location eq '/town' ? 'quiet' : 'rings', "$location: what rings");
}

is(acted(test => { workspace => $_ })->{status}, 'sent', "a test of $_ is sent") for qw(town disc);
is((act(test => { workspace => 'disc', channel => '#dev' }))[0], 404, 'Discord has no channels');

my ($test) = payloads('mattermost', 1);
like($test->{attachments}[0]{text}, qr/ to \*\*\@\x{200b}jdoe\*\* of the workspace \*\*town\*\*\. If you read it in another channel, the webhook is locked/, 'it does not ring, and its bold is bold');
is((messages('mattermost'))[0]{channel}, '@jdoe', 'but is a direct message');
--- no_error_log
[error]
[alert]



=== Rocket.Chat
--- http_config
    slack_workspace town { webhook_url $SLACK/hooks/$SLACK_TEAM-id/token; rate 1000r/s burst=1000; receiver mattermost; channel general,@jdoe; }
--- config
    location = /hook { slack_notify town; }
--- request
GET /_slack/_received
--- after
ring('push.json');

my @found = messages('rocketchat', 2);
is(CORE::join(' ', sort map { $_->{channel} } @found), '#general @jdoe', 'it gets both');
is_deeply([ pings(@found) ], [], 'nobody is notified');
is_deeply([ map { m/^(\S+ \w+)/ } stored_messages() ], [ '#general sent', '@jdoe sent' ], 'its answer is a success');
--- no_error_log
[warn]
[error]
[alert]



=== at most ten events share a message for Discord
--- http_config
    slack_workspace disc { webhook_url $SLACK/api/webhooks/$SLACK_TEAM-1/token/slack; rate 4r/s; receiver discord; }
--- config
    location = /hook { slack_notify disc; }
--- request
GET /_slack/_received
--- after
my $body = SlackTest::payload('tag_push_delete.json');
my $text = SlackClient::talk(CORE::join '', map { SlackClient::request('/hook', $body, $_ == 30 ? 'Connection: close' : ()) } 1 .. 30);

is(scalar(() = $text =~ m{^HTTP/1\.1 202 }mg), 30, 'thirty events');

my @sizes;

until_true { @sizes = map { scalar @{ $_->{attachments} } } payloads('discord'); sum0(@sizes) >= 30 };

is(sum0(@sizes), 30, 'each comes');
is(scalar(grep { $_ > 10 } @sizes), 0, 'no message has more than ten');
cmp_ok(scalar(grep { $_ == 10 } @sizes), '>', 0, 'but one has ten');
--- no_error_log
[error]
[alert]
