# Addresses: who has one is asked of Slack, remembered, and never holds a message
# up for long.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use JSON::PP ();
use SlackPayload qw(answer);
use SlackProof qw(log_count received until_true);
use SlackStatus ();
use SlackTest;
use SlackThread qw(requests_of);

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

our $Workspace = <<'EOC';
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
        member     $slack_person_email;
EOC

our $Config = <<'EOC';
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_route acme {
            events merge_request;
            people assignee;
        }
    }
EOC

no_long_string();

# nginx has no reload without a master
master_on();

plan 'no_plan';
run_tests();


# a merge request with assignees of these addresses
sub tell {
    my ($iid, @emails) = @_;

    my $payload = JSON::PP->new->utf8->canonical->encode({
        object_kind       => 'merge_request',
        user              => { username => 'ole', name => 'Ole' },
        project           => { id => 15, path_with_namespace => 'a/b', web_url => 'https://gl.test/a/b' },
        object_attributes => { iid => $iid, action => 'open', title => "T$iid", url => 'https://gl.test/a/b/1' },
        assignees         => [ map { { username => "u$_", name => "N$_", email => $emails[$_] } } 0 .. $#emails ],
    });

    like(answer('/hook', $payload, 'X-Gitlab-Event: Merge Request Hook'), qr/^202/, 'taken');

    return;
}


sub cc { return map { map { $_->{pretext} =~ m/\ncc (.*)/ ? $1 : '' } @{ $_->{payload}{attachments} } } received('#dev') }


sub arrived {
    my ($n) = @_;

    until_true { cc() >= $n };
    is(scalar(my @all = cc()), $n, "$n messages");

    return;
}


sub lookups { return scalar(my @all = requests_of('users.lookupByEmail')) }

__DATA__

=== found and not found, and asked once
--- workspace eval: $::Workspace
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
main::tell(1, 'jane@acme.test', 'nobody@acme.test', '[REDACTED]', '12+jane@users.noreply.github.com', '');
main::arrived(1);

like((main::cc())[0], qr/^<\@U[A-Z0-9]+>, N1, N2, N3, N4\z/, 'the one who is found is notified');
is(main::lookups(), 2, 'only two were asked for');
is_deeply([ sort map { $_->{error} } requests_of('users.lookupByEmail') ], [qw(ok users_not_found)], 'and are answered');

main::tell(2, 'JANE@acme.test', 'nobody@acme.test');
SlackProof::reload();
main::tell(3, 'nobody@acme.test');
main::arrived(3);

is(main::lookups(), 2, 'nobody is asked for again, also after a reload');
is((main::cc())[1], 'N0, N1', 'and a minute has one mention');
--- no_error_log
[error]
[alert]
[crit]



=== at most 2 look-ups a day of who is found, 8 of who is not
--- workspace eval: $::Workspace
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
main::tell($_, (map { "jane\@$_.test" } 'a' .. 'e'), map { "nobody\@$_.test" } 'a' .. 'e') for 1 .. 4;
main::arrived(4);

my %hours = (found => [], not => []);

for (SlackProof::outbox(q{SELECT length(value), (expires - unixepoch() * 1000) / 3600000.0 FROM memo})) {
    my ($found, $hours) = split /\|/;

    # a mention is remembered for a minute
    push @{ $hours{ $found ? 'found' : 'not' } }, $hours if $hours > 0.1;
}

# asked again when it has expired, so the least time tells how often
for my $case ([ found => 19.2, 28.8, 2 ], [ not => 3.2, 4.8, 8 ]) {
    my ($kind, $least, $most, $times) = @$case;
    my @hours = sort { $a <=> $b } @{ $hours{$kind} };

    is(@hours, 5, "$kind: all are remembered");
    cmp_ok($hours[0], '>', $least - 0.02, '... for no less');
    cmp_ok($hours[-1], '<', $most + 0.02, '... and no more');
    isnt($hours[0], $hours[-1], '... than differs');
    cmp_ok(24 / $least, '<=', $times, '... that is so often a day');
}
--- no_error_log
[error]
[alert]
[crit]



=== a scope that is missing is told once, and nothing waits
--- workspace eval: $::Workspace =~ s/A1/A1-noemail/r
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
main::tell($_, "jane$_\@acme.test") for 1 .. 3;
main::arrived(3);

is_deeply([ main::cc() ], [qw(N0 N0 N0)], 'names');
is(log_count(qr/\[error\].*"acme": addresses that "member" yields are not looked up .*users:read\.email/), 1, 'told once');
cmp_ok(main::lookups(), '<=', 3, 'and not asked any more');
my $n = main::lookups();
main::tell(4, 'jane4@acme.test');
main::arrived(4);
is(main::lookups(), $n, 'at all');
--- no_error_log
[alert]
[crit]



=== no answer: the message waits two seconds at most
--- workspace eval: $::Workspace
--- config eval: $::Config
--- timeout: 30s
--- request
GET /_slack/_received
--- after
SlackTest::control('/_fault?method=users.lookupByEmail', '["hang", "slow:5"]');

my $from = time;

main::tell(1, 'jane@acme.test');
main::tell(2, 'joe@acme.test');
main::arrived(2);

cmp_ok(time - $from, '<=', 4, 'both are there soon');
is_deeply([ main::cc() ], [qw(N0 N0)], 'by name');
--- no_error_log
[error]
[alert]
[crit]



=== a 429 holds look-ups, not messages
--- workspace eval: $::Workspace
--- config eval: $::Config
--- timeout: 30s
--- request
GET /_slack/_received
--- after
SlackTest::control('/_fault?method=users.lookupByEmail', '["429:x;Retry-After: 3"]');

main::tell(1, 'jane@acme.test');
main::arrived(1);
main::tell(2, 'joe@acme.test');
main::arrived(2);

is_deeply([ main::cc() ], [qw(N0 N0)], 'by name');
is(main::lookups(), 1, 'one was asked for');

select undef, undef, undef, 3.2;
main::tell(3, 'joe@acme.test');
main::arrived(3);

like((main::cc())[2], qr/^<\@U/, 'then it goes on');
is(scalar(grep { $_->{early} } requests_of('users.lookupByEmail')), 0, 'not too early');
--- no_error_log
[error]
[alert]
[crit]



=== two messages at once ask once
--- workspace eval: $::Workspace
--- config
    location = /hook {
        slack_route acme {
            events merge_request;
            channel dev,ops;
            people assignee;
        }
    }
--- request
GET /_slack/_received
--- after
main::tell(1, 'jane@acme.test', "jane\@acme.test");
main::arrived(1);
until_true { received('#ops') };

is(main::lookups(), 1, 'one look-up');
like((main::cc())[0], qr/^<\@U[A-Z0-9]+>, N1\z/, 'of one member');
is_deeply((received('#dev'))[0]{pings}, (received('#ops'))[0]{pings}, 'in both channels');
--- no_error_log
[error]
[alert]
[crit]



=== a webhook cannot ask
--- workspace
        member $slack_person_email;
        channel dev;
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
main::tell(1, 'jane@acme.test');
main::arrived(1);

is((main::cc())[0], 'N0', 'by name');
is(main::lookups(), 0, 'nothing is asked');
is(log_count(qr/jane\@acme/), 0, 'and no address is logged');
--- no_error_log
[error]
[alert]
[crit]
