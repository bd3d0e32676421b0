# Threads over a reload: what waits keeps what it is, and a workspace that has a
# webhook now knows no threads.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof qw(log_text until_true);
use SlackStatus ();
use SlackTest;
use SlackThread qw(settled shown tell);

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

our $Both = <<'END';
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_route acme {
            thread both;
        }
    }
END

sub logged {
    my ($pattern) = @_;

    Test::More::ok(until_true(sub { log_text() =~ $pattern }), "the log tells: $pattern");

    return;
}

# the merge request was merged at that minute, or only updated
sub merged_at {
    my ($minute, $state) = @_;

    return sub {
        my ($body) = @_;

        $body =~ s/("object_attributes":\{.*?"updated_at":")[^"]+/${1}2026-03-04 16:$minute:00 UTC/s;
        $body =~ s/"action":"merge"/"action":"$state"/ if $state;

        return $body;
    };
}

sub merge { return tell('merge_request_merge.json', 202, change => merged_at(@_)) }

# nginx has no reload without a master
master_on();

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== the workspace has a webhook now: what waits comes as messages
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
--- config eval: $::Both
--- request
GET /_slack/_received
--- after
tell('merge_request_open.json', 202);
settled(1);
SlackStatus::acted(pause => { workspace => 'acme' });
merge('01');
merge('02', 'close');

my $hook = SlackTest::hook();

SlackProof::rewrite_conf(sub { s/bot_token .*;/webhook_url $hook legacy;/; s/api_url .*;//; s/thread both;// });
SlackProof::reload();
SlackStatus::acted(resume => { workspace => 'acme' });
until_true { SlackStatus::status()->{totals}{waiting} == 0 };

my @shown = shown('#dev');

like($shown[0]{text}, qr/opened/, 'the message is as it was');
is(join(' ', map { m/(merged|closed)/ } map { $_->{text} } @shown[1 .. $#shown]), 'merged closed closed', 'two replies and the last state');
logged(qr/\[notice\].*messages there can no longer be changed, the state of message \d+ is sent as a message/);
--- no_error_log
[error]
[alert]



=== the same token: all goes on where it was
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        coalesce   1;
        channel    dev;
--- config eval: $::Both
--- request
GET /_slack/_received
--- after
tell('merge_request_open.json', 202);
settled(1);
SlackProof::reload();
merge('01');
SlackProof::reload();
tell('note_mr.json', 202);
until_true { my ($root) = shown('#dev'); $root->{updates} && @{ $root->{replies} } == 2 };

my @shown = shown('#dev');

is(scalar @shown, 1, 'one message');
is($shown[0]{updates}, 1, 'changed once');
is(scalar @{ $shown[0]{replies} }, 2, 'two replies');
--- no_error_log
[error]
[alert]
