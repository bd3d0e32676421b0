# Messages that wait while an endpoint changes: a webhook becomes a token, or a
# token a webhook; the token is rotated; what is known of a token and its
# channels outlives a reload.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof qw(stored_messages log_count notify outbox received reload requests rewrite_conf until_true);
use SlackStatus qw(channel_of status);
use SlackTest;

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

# nginx has no reload without a master
master_on();

no_long_string();
plan 'no_plan';
run_tests();


# requests of a method, as "channel error"
sub asked {
    my ($method) = @_;

    return map { ($_->{channel} // '-') . " $_->{error}" }
        grep { ($_->{method} // '') eq $method } @{ SlackProof::ask('/_requests') };
}


# what the status says of a channel
sub of { return channel_of(status(), @_) }


# how messages came, as "channel by"
sub ways { return map { "$_->{channel} " . ($_->{via} // 'webhook') } received(@_) }


sub token_line { return "bot_token xoxb-" . team() . '-A1' . ($_[0] // '') . '-secretsecret; api_url ' . $ENV{TEST_NGINX_API} . ';' }


# the team of the block, as nginx.conf has it
sub team {
    return (SlackTest::payload("$ENV{TEST_NGINX_SERVER_ROOT}/conf/nginx.conf") =~ m/\b(T\d+N\d+)\b/)[0];
}

__DATA__

=== a webhook becomes a token: what waits goes out by it
--- config
    location = /hook { slack_notify acme dev,U024BE7LH; }
--- workspace
        webhook_url $SLACK/services/$SLACK_TEAM/B1/revoked legacy;
        retry 100ms 60s;
        coalesce 1;
--- hook
wiki_create.json
wiki_update.json
--- after
until_true { log_count(qr/Slack refuses the webhook/) };

my $token = token_line();
rewrite_conf(sub { s/webhook_url \S+ legacy;/$token/ });
reload();

is(join(', ', sort(ways(undef, 4))), '#dev api, #dev api, U024BE7LH api, U024BE7LH api', 'all by the token');
my ($direct) = received('U024BE7LH');
ok(!exists $direct->{payload}{username} && !$direct->{slackbot}, 'a direct message is not with Slackbot');
like(join(' ', map { $_->{payload}{attachments}[0]{fallback} } received('#dev')), qr/created.*edited/, 'in their order');
--- no_error_log
[alert]
[crit]
dead letter
secretsecret



=== a token becomes the webhook of one channel: the others wait
--- config
    location = /hook { slack_notify acme dev,ops; }
    location /slack/ { slack_status; }
--- workspace
        bot_token xoxb-$SLACK_TEAM-A1-revoked-secretsecret;
        api_url   $TEST_NGINX_API;
        channel   dev;
        retry     100ms 60s;
--- hook
wiki_create.json
--- after
until_true { log_count(qr/Slack refuses the token/) };

my $team = team();
my $url  = SlackTest::url() . "/services/$team/B1/secret";
rewrite_conf(sub {
    s{bot_token \S+;}{webhook_url $url;};
    s{api_url \s*\S+;}{};
    s{acme dev,ops}{acme};
});
reload();

is_deeply([ ways(undef, 1) ], ['#general webhook'], 'one by the webhook, whose channel it is');
ok(until_true { (of('#ops') // {})->{no_endpoint} }, 'the status shows the other');
is(of('#ops')->{waiting}, 1, 'which waits');
ok(until_true { log_count(qr/"acme" is not in the configuration, or has no endpoint for channel "#ops": messages for it wait/) }, 'and the log tells');

rewrite_conf(sub {
    s{webhook_url \S+;}{bot_token xoxb-$team-A1-secretsecret; api_url $ENV{TEST_NGINX_API};};
});
reload();

is_deeply([ ways('#ops', 1) ], ['#ops api'], 'until it has an endpoint again');
ok(until_true { !(of('#ops') // {})->{no_endpoint} }, 'which the status shows');
--- no_error_log
[alert]
[crit]
dead letter



=== a token has no channel of its own: such messages of a webhook wait
--- config
    location = /hook { slack_notify acme; }
    location /slack/ { slack_status; }
--- http_config
    slack_workspace acme {
        webhook_url $SLACK/services/$SLACK_TEAM/B1/revoked;
        retry 100ms 60s;
    }
--- hook
wiki_create.json
--- after
until_true { log_count(qr/Slack refuses the webhook/) };

my ($hook) = SlackTest::payload("$ENV{TEST_NGINX_SERVER_ROOT}/conf/nginx.conf") =~ m/(webhook_url \S+;)/;
$hook =~ s/revoked/secret/;
my $token  = token_line() . ' channel dev;';
rewrite_conf(sub { s/webhook_url \S+;/$token/ });
reload();

notify('push.json');
is_deeply([ ways(undef, 1) ], ['#dev api'], 'new messages go out');
ok(until_true { (of('') // {})->{no_endpoint} }, 'the status shows the old one');
is(of('')->{waiting}, 1, 'which waits');
is_deeply([ asked('chat.postMessage') ], ['#dev ok'], 'and was not tried');
ok(log_count(qr/no endpoint for channel "": messages for it wait/), 'the log tells');

rewrite_conf(sub { s/\Q$token\E/$hook/ });
reload();
is(scalar received(undef, 2), 2, 'it goes out by the webhook');
--- no_error_log
[alert]
[crit]
dead letter



=== auth.test and the ID of a channel are kept; the token is rotated
--- config
    location = /hook { slack_notify acme dev; }
    location /slack/ { slack_status; }
--- workspace
        bot_token_file $TEST_NGINX_SERVER_ROOT/html/token;
        api_url $TEST_NGINX_API;
        username $SLACK_TEAM;
        join    on;
        retry   100ms 60s;
--- user_files eval
">>> token\nxoxb-nobody-secretsecret\n"
--- request
GET /_slack/_received
--- after
my $file  = "$ENV{TEST_NGINX_SERVER_ROOT}/html/token";
my ($team) = SlackTest::payload("$ENV{TEST_NGINX_SERVER_ROOT}/conf/nginx.conf") =~ m/username (T\w+);/;
my $token = sub {
    open my $fh, '>', $file or die;
    print {$fh} "xoxb-$team-A1$_[0]-secretsecret\n";
    close $fh or die;
    chmod 0600, $file or die;
};

$token->('');
reload();

notify('push.json');
my ($first) = received('#dev', 1);
my $id = $first->{channel_id};
like($id, qr/^C/, 'the channel has an ID');
ok(until_true { join(' ', outbox(q{SELECT handle FROM handle})) eq $id }, 'which is kept');
ok(until_true { status()->{workspaces}[0]{token}{team} }, 'auth.test was made');

reload();
notify('push.json');
is(scalar received('#dev', 2), 2, 'a message after a reload');
is_deeply([ asked('auth.test') ], ['- ok'], 'without another auth.test');
ok(status()->{workspaces}[0]{token}{team}, 'and the status knows the token');

$token->('-revoked');
reload();
notify('push.json');
ok(until_true { log_count(qr/Slack refuses the token, HTTP 200 "token_revoked"/) }, 'a revoked token');
is((outbox(q{SELECT handle FROM handle}))[0], $id, 'keeps its ID');

$token->('-nopublic');
reload();
is(scalar received(undef, 3), 3, 'the message goes out by another token');
is_deeply([ asked('conversations.join') ], ['#dev ok'], 'which has joined the channel, as its ID was kept');
--- no_error_log
[alert]
[crit]
dead letter
secretsecret



=== a hold by 429 outlives a reload
--- config
    location = /hook { slack_notify acme one,two,three,four; }
--- workspace
        bot_token xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url   $TEST_NGINX_API;
        post_rate 1000r/s;
        coalesce  1;
--- faults
["429:{\"ok\":false,\"error\":\"ratelimited\"};Retry-After: 3"]
--- hook
wiki_create.json
--- after
until_true { log_count(qr/all posts of the token wait/) };
notify('wiki_update.json');
reload();
reload();
notify('wiki_delete.json');

is(scalar received(undef, 12), 12, 'all came');
my ($limited) = grep { ($_->{status} // 0) == 429 } requests();
is(scalar(grep { $_->{early} && $_->{early} > 0 && $_->{time} > $limited->{time} + 1.5 } requests()), 0, 'none before the hold is over');
--- no_error_log
[alert]
[crit]
dead letter
