# What operators are told of a token: by status.json, the page, a test message,
# and slackctl.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof qw(stored_messages notify received until_true);
use SlackStatus qw(acted get status);
use SlackTest;

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

delete @ENV{grep { /proxy$/i || /^SLACKCTL/ } keys %ENV};

no_long_string();
plan 'no_plan';
run_tests();


# the token of the workspace, of status.json
sub token { return status()->{workspaces}[0]{token} }


# the status of slackctl, and what it prints
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

=== a token with all that is used
--- workspace
        bot_token xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url   $TEST_NGINX_API;
--- config
    location = /hook { slack_notify acme dev; }
    location = /ops { slack_notify acme ops,archived; }
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- request
GET /_slack/_received
--- after
my $unknown = token();
is_deeply($unknown, { team => undef, bot => undef, url => undef, scopes => [], missing => [], rotates => JSON::PP::false, told => undef, error => undef }, 'not known before the first message')
    or diag(JSON::PP->new->canonical->encode($unknown));
like(get('/slack/')->{content}, qr/the token has not been checked yet|no route uses it/, 'the page says so');

notify('push.json');
is(scalar received('#dev', 1), 1, 'a message');
ok(until_true { token()->{team} }, 'then it is known');

my $token = token();
is("$token->{team} $token->{bot} $token->{rotates}", 'Stand-in bot 0', 'team and bot');
is_deeply($token->{missing}, [], 'nothing is missing');
ok((grep { $_ eq 'chat:write.customize' } @{ $token->{scopes} }), 'the scopes');
ok($token->{told} > 1e9 && !defined $token->{error}, 'since when');

my $page = get('/slack/')->{content};
like($page, qr/>token of team Stand-in, bot bot</, 'the page shows it');
unlike($page . get('/slack/status.json')->{content} . get('/slack/metrics')->{content}, qr/secretsecret/, 'without the token');

my $answer = acted(test => { workspace => 'acme', channel => '#ops' });
is($answer->{status}, 'sent', 'a test message');
is(scalar received('#ops', 1), 1, 'comes');

my ($code, $said) = ctl('test', 'acme', 'archived');
is($code, 1, 'one that Slack refuses');
like($said, qr/\Afailed: HTTP 200 "is_archived"; unarchive the channel.*\ntoken of team Stand-in, .*: nothing\n\z/, 'fails, and the token is told');
--- no_error_log
[alert]
secretsecret



=== slackctl test: what is missing
--- workspace
        bot_token xoxb-$SLACK_TEAM-A1-nojoin-secretsecret;
        api_url   $TEST_NGINX_API;
        channel   dev,ops;
        join      on;
--- config
    location = /hook { slack_notify acme dev; }
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- request
GET /_slack/_received
--- after
my ($code, $said) = ctl('test', 'acme');

is($code, 0, 'no channel: the token is tested');
like($said, qr/\Atoken of team Stand-in, bot bot, scopes chat:write,\S*, missing for what your configuration uses: channels:join\n\z/, 'and told');
is(scalar received(), 0, 'no message');
is_deeply(token()->{missing}, [ 'channels:join' ], 'as in the status');

is((ctl('test', 'acme', 'dev'))[0], 0, 'a channel: a message');
is(scalar received('#dev', 1), 1, 'comes');
--- no_error_log
[alert]
secretsecret



=== slackctl test: a token that Slack refuses
--- workspace
        bot_token xoxb-$SLACK_TEAM-A1-revoked-secretsecret;
        api_url   $TEST_NGINX_API;
        channel   dev,ops;
        retry     60s 60s;
--- config
    location = /hook { slack_notify acme dev; }
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- request
GET /_slack/_received
--- after
my ($code, $said) = ctl('test', 'acme');

is($code, 1, 'it fails');
like($said, qr/the token could not be checked: HTTP 200 "token_revoked"/, 'with the reason');
is(token()->{error}, 'HTTP 200 "token_revoked"', 'as in the status');


($code, $said) = ctl('test', 'acme', 'dev');
is($code, 1, 'so does a message');
like($said, qr/\Afailed: HTTP 200 "token_revoked"; check the app and its token in Slack and set bot_token\n/, 'with what to do');
is_deeply([ grep { m/ waiting / } stored_messages() ], [], 'which is not tried again');
--- no_error_log
[alert]
secretsecret
