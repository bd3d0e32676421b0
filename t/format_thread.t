# Formats and what surrounds a message: threads, coalescing, several routes,
# receivers.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof qw(until_true);
use SlackTest;
use SlackStatus qw(act);
use SlackThread qw(requests_of settled shown tell);

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

no_long_string();
plan 'no_plan';
run_tests();


# what each message that was accepted shows: title, text or pretext of its attachments
sub lines_of {
    my ($channel) = @_;

    return map { join "\n", map { $_->{title} // $_->{pretext} // $_->{text} } @{ $_->{payload}{attachments} } }
        grep { ($_->{channel} // '') eq $channel } @{ SlackProof::ask('/_received') };
}

__DATA__

=== update: the message is a card, and what changes it, too
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
--- config
    location = /hook {
        slack_route acme {
            events merge_request;
            thread update;
        }
    }
--- request
GET /_slack/_received
--- after
tell('merge_request_open.json', 202);
settled(1);

is(join("\n", lines_of('#dev')), "Open \x{b7} !42 Retry the fuel gauge when it answers late", 'the root is a card');

tell('merge_request_merge.json', 202);
until_true { (shown('#dev'))[0]{updates} };

is(join("\n", lines_of('#dev')), "Merged \x{b7} !42 Retry the fuel gauge when it answers late", 'and so is the change');

my ($change) = requests_of('chat.update');
my ($attachment) = @{ SlackProof::ask('/_received')->[0]{payload}{attachments} };

is($attachment->{color}, '#6F42C1', 'its colour is that of the new state');
is(join('; ', map { "$_->{title}=$_->{value}" } @{ $attachment->{fields} }),
    "Branches=fuel-gauge-retry \x{2192} main; Label=Bug; Assignee=Tomasz Lind; Reviewer=Priya Vance", 'with all fields');
--- no_error_log
[error]
[alert]



=== both: below the card the replies tell in full what happened
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        coalesce   1;
        channel    dev;
--- config
    location = /hook {
        slack_route acme {
            events merge_request note pipeline;
            thread both;
        }
    }
--- request
GET /_slack/_received
--- after
tell('merge_request_open.json', 202);
settled(1);
tell('note_mr.json', 202);
tell('pipeline_mr.json', 202);
tell('merge_request_merge.json', 202);

until_true { my ($root) = shown('#dev'); $root->{updates} && @{ $root->{replies} } == 3 };

my ($root, @replies) = lines_of('#dev');

is($root, "Merged \x{b7} !42 Retry the fuel gauge when it answers late", 'the root');
like($replies[0], qr/^Priya Vance \(pvance\) <\S+\|commented on merge request !42>/, 'a comment');
is($replies[1], 'Acme / Rocket: Pipeline #9301 has failed in 05:31', 'a pipeline');
like($replies[2], qr/^Mira Okafor \(mokafor\) merged merge request /, 'the history');
--- no_error_log
[error]
[alert]



=== both, with another format: root, change and replies have it
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        coalesce   1;
        channel    dev;
--- config
    location = /hook {
        slack_route acme { events merge_request; thread both; format compact; channel short; }
        slack_route acme { events merge_request; thread both; format full; channel long; }
    }
--- request
GET /_slack/_received
--- after
tell('merge_request_open.json', 202);
settled(2);
tell('merge_request_merge.json', 202);

until_true { !grep { my ($root) = shown($_); !$root->{updates} || !@{ $root->{replies} } } '#short', '#long' };

my $compact = qr/^Merged \x{b7} <\S+\|!42 Retry the fuel gauge when it answers late> \x{b7} Mira Okafor \x{b7} Acme \/ Rocket$/;

like($_, $compact, 'compact') for lines_of('#short');
like($_, qr/^Mira Okafor \(mokafor\) merged merge request /, 'full') for lines_of('#long');
is(scalar(() = lines_of('#short')), 2, 'root and reply');
--- no_error_log
[error]
[alert]



=== reply: a card whether it is the first or not; a comment is none
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        coalesce   1;
        channel    dev;
--- config
    location = /hook {
        slack_route acme {
            events merge_request note;
            thread reply;
            format card;
        }
    }
--- request
GET /_slack/_received
--- after
tell('merge_request_open.json', 202);
tell('note_mr.json', 202);
tell('merge_request_merge.json', 202);
settled(3);

my @lines = lines_of('#dev');

like($lines[0], qr/^Open \x{b7} !42 /, 'the first');
like($lines[1], qr/^Priya Vance \(pvance\) <\S+\|commented on/, 'a comment');
like($lines[2], qr/^Merged \x{b7} !42 /, 'the last');
--- no_error_log
[error]
[alert]



=== an alert that is broadcast
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
--- config
    location = /hook {
        slack_source alertmanager;
        slack_route acme {
            events alert;
            repeat on;
            thread update;
        }
    }
--- request
GET /_slack/_received
--- after
tell('../alertmanager/firing.json', 202);
settled(1);
tell('../alertmanager/firing.json', 202, change => sub { $_[0] =~ s/"severity": "critical"/"severity": "page"/gr =~ s/T14:02/T15:02/gr });

until_true { my ($root) = shown('#dev'); $root->{updates} && @{ $root->{replies} } };

my ($root, $reply) = lines_of('#dev');

is($root, "Firing \x{b7} TankPressureHigh", 'the root is a card');
is($reply, 'TankPressureHigh', 'the reply is written in full');
--- no_error_log
[error]
[alert]



=== events that waited share a post, lines and cards alike
--- workspace
        webhook_url $SLACK_HOOK legacy;
        rate       20r/m;
        channel    dev;
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_route acme { events push issue merge_request pipeline wiki_page; format compact; channel short; }
        slack_route acme { events push issue merge_request pipeline wiki_page; format card; channel long; }
    }
--- request
GET /_slack/_received
--- after
act(pause => { workspace => 'acme' });
tell($_, 202) for qw(wiki_create.json push.json issue_open.json merge_request_open.json pipeline_success.json);
act(resume => { workspace => 'acme' });
settled(4);

my @records = @{ SlackProof::ask('/_received') };

is(join(' ', map { scalar @{ $_->{payload}{attachments} } } @records), '1 1 4 4', 'what waited is in one post');
is(scalar(grep { m/\n/ } map { $_->{text} } map { @{ $_->{payload}{attachments} } } grep { $_->{channel} eq '#short' } @records),
    0, 'each a line');
--- no_error_log
[error]
[alert]



=== one event, one body of each format
--- config
    location = /hook {
        slack_route acme { channel a; format card; }
        slack_route acme { channel b; format compact; }
        slack_route acme { channel c; }
        slack_route acme { channel d; format card; }
        slack_route acme { channel a; format compact; }
    }
--- request
GET /_slack/_received
--- after
tell('issue_open.json', 202);
settled(4);

is((lines_of('#a'))[0], "Open \x{b7} Issue #118 Countdown stops at T-40 s", 'the first route that takes it');
like((lines_of('#b'))[0], qr/^Opened \x{b7} </, 'a line');
like((lines_of('#c'))[0], qr{^\[<\S+\|Acme / Rocket>\] Issue <}, 'in full');
is((lines_of('#d'))[0], (lines_of('#a'))[0], 'a card again');
--- no_error_log
[error]
[alert]



=== Mattermost, Rocket.Chat
--- workspace
        webhook_url $SLACK_HOOK;
        receiver   mattermost;
        rate       1000r/s burst=100;
--- config
    location = /hook {
        slack_source alertmanager;
        slack_route acme { channel a; format card; repeat on; }
        slack_route acme { channel b; format compact; repeat on; }
    }
--- request
GET /_slack/_received
--- after
tell('../alertmanager/resolved.json', 202);
settled(2);

my ($card) = map { @{ $_->{payload}{attachments} } } grep { $_->{channel} eq '#a' } @{ SlackProof::ask('/_received') };

is(join(', ', map { $_->{value} } grep { $_->{title} =~ m/^(?:Start|End)ed$/ } @{ $card->{fields} }),
    '2026-03-04 14:02 UTC, 2026-03-04 14:22 UTC', 'times as all can read them');
like((lines_of('#b'))[0], qr/^Resolved \x{b7} /, 'a line');
--- no_error_log
[error]
[alert]
