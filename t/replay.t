# Dead letters sent again or dropped, channels and workspaces paused and
# resumed: what comes to Slack, and what does not.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackStatus qw(act acted status);
use SlackTest;
use SlackProof qw(stored_messages log_lines notify outbox received reload requests until_true);

# a process that is its own worker does not reload
master_on();

no_long_string();
plan 'no_plan';
run_tests();


# the titles of pages, numbered, as they have come
sub pages {
    my ($channel, $n) = @_;

    return map { map { $_->{fallback} =~ m/page-(\d+)/ ? $1 : () } @{ $_->{payload}{attachments} } }
           received($channel, $n);
}


sub page {
    my ($n, $uri) = @_;

    notify('wiki_create.json', $uri, sub { $_[0] =~ s/"title": *"[^"]*"/"title": "page-$n"/r });

    return;
}

__DATA__

=== dead letters are sent again: some, those of a channel, all
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_notify acme dev; }
    location /ops  { slack_notify acme ops; }
--- workspace
        coalesce 1;
--- request
GET /_slack/_received
--- faults
#dev ["400:no_text", "400:no_text", "400:no_text", "400:no_text", "400:no_text"]
#ops ["400:no_text"]
--- after
page($_) for 1 .. 5;
page(6, '/ops');
is(scalar(grep { m/ dead 1 / } stored_messages()), 6, 'all are dead letters');

my @dead = @{ status()->{dead_letters} };
is(scalar @dead, 6, 'they are shown');
like($dead[0]{answer}, qr/^HTTP 400 "no_text"/, 'with Slack\'s answer');

my ($first) = outbox('SELECT min(id) FROM message');

is_deeply(acted(replay => { ids => [ $first + 2, "$first" ] }), { count => 2 }, 'two of them');
is_deeply([ pages('#dev', 2) ], [ 1, 3 ], 'are sent, the older one first');
is_deeply(acted(replay => { ids => [ "$first" ] }), { count => 0 }, 'once');

is_deeply(acted(replay => { workspace => 'acme', channel => '#ops' }), { count => 1 }, 'those of a channel');
is_deeply([ pages('#ops', 1) ], [ 6 ], 'are sent');

is_deeply(acted(replay => { all => JSON::PP::true() }), { count => 3 }, 'all that are left');
is_deeply([ pages('#dev', 5) ], [ 1, 3, 2, 4, 5 ], 'are sent');
is(scalar(grep { m/ sent 0 HTTP 200 "ok"/ } stored_messages()), 6, 'with attempts counted anew');
is(status()->{totals}{dead}, 0, 'none is left');
is(scalar log_lines(qr/\[notice\].* slack_status: dead letters replayed: 3/), 1, 'it is logged');
--- no_error_log
[alert]
has been counted wrong



=== one that dies again is not sent for ever; others are dropped
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_notify acme dev; }
--- workspace
        coalesce 1;
--- request
GET /_slack/_received
--- faults
["400:no_text", "400:no_text", "400:too_long"]
--- after
page($_) for 1, 2;
is(scalar(grep { m/ dead 1 / } stored_messages()), 2, 'both are dead letters');

is_deeply(acted(replay => { workspace => 'acme' }), { count => 2 }, 'they are replayed');
is_deeply([ stored_messages() ], [ '#dev dead 1 HTTP 400 "too_long"', '#dev sent 0 HTTP 200 "ok"' ], 'one dies again');

my $n = requests();
is_deeply(acted(drop => { all => JSON::PP::true() }), { count => 1 }, 'it is dropped');
is_deeply(acted(replay => { all => JSON::PP::true() }), { count => 0 }, 'nothing is left');
is_deeply([ stored_messages() ], [ '#dev sent 1 dropped', '#dev sent 0 HTTP 200 "ok"' ], 'as the outbox says');
is(status()->{totals}{dead}, 0, 'no dead letters');

page(3);
is_deeply([ pages('#dev', 2) ], [ 2, 3 ], 'the next one is sent');
is(scalar requests(), $n + 1, 'and nothing else');
--- no_error_log
[alert]



=== a channel is paused and resumed; others go on
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_notify acme dev; }
    location /ops  { slack_notify acme ops; }
--- workspace
        coalesce 1;
--- request
GET /_slack/_received
--- after
page(1);
is(scalar received('#dev', 1), 1, 'it works');
is_deeply(acted(pause => { workspace => 'acme', channel => '#dev' }), { paused => JSON::PP::true() }, 'it is paused');

page($_) for 2 .. 4;
page(5, '/ops');
is(scalar received('#ops', 1), 1, 'another channel goes on');

my ($acme) = grep { $_->{name} eq 'acme' } @{ status()->{workspaces} };
my ($dev) = grep { $_->{name} eq '#dev' } @{ $acme->{channels} };
is("$acme->{paused} $dev->{paused} $dev->{waiting}", '0 1 3', 'status tells');

reload();
page(6, '/ops');
is(scalar received('#ops', 2), 2, 'new workers deliver');
is(scalar received('#dev'), 1, 'and obey it');

is_deeply(acted(resume => { workspace => 'acme', channel => '#dev' }), { paused => JSON::PP::false() }, 'it is resumed');
is_deeply([ pages('#dev', 4) ], [ 1 .. 4 ], 'all come, in their order');
is(scalar log_lines(qr/\[notice\].* slack_workspace "acme", channel "#dev": (?:paused|resumed) by an operator/, 2), 2, 'both are logged');
--- no_error_log
[error]
[alert]



=== a workspace is paused; one of its channels by itself
--- http_config
    slack_workspace other { webhook_url $SLACK_HOOK legacy; channel other; rate 1000r/s burst=1000; }
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_notify acme dev,ops; slack_notify other; }
--- workspace
        rate 5r/s;
        coalesce 20;
--- request
GET /_slack/_received
--- after
acted(pause => { workspace => 'acme' });
acted(pause => { workspace => 'acme', channel => '#ops' });

page($_) for 1 .. 8;
is(scalar received('#other', 8), 8, 'another workspace goes on');
is_deeply([ grep { m/ waiting / } stored_messages(16) ], [ ('#dev waiting 0 ', '#ops waiting 0 ') x 8 ], 'this one waits');

is_deeply(acted(resume => { workspace => 'acme', channel => '#dev' }), { paused => JSON::PP::true() }, 'a channel of a paused workspace stays so');
is_deeply(acted(resume => { workspace => 'acme' }), { paused => JSON::PP::false() }, 'the workspace is resumed');

until_true { (pages('#dev')) == 8 };
is_deeply([ pages('#dev') ], [ 1 .. 8 ], 'what has waited comes');
cmp_ok(scalar received('#dev'), '<=', 3, 'at the pace of the channel, together');
is(scalar received('#ops'), 0, 'the channel that was paused by itself stays so');

acted(resume => { workspace => 'acme', channel => '#ops' });
until_true { (pages('#ops')) == 8 };
is_deeply([ pages('#ops') ], [ 1 .. 8 ], 'until it is resumed');
--- no_error_log
[error]
[alert]



=== the time of a pause is no age; to resume is to try at once
--- config
    location /slack/ { slack_status actions; }
    location /hook { slack_notify acme dev; }
--- workspace
        retry 60s 60s for=1h;
        coalesce 1;
--- request
GET /_slack/_received
--- faults
#dev ["500:", "410:channel_is_archived"]
--- after
page($_) for 1, 2;
until_true { grep { m/ waiting 1 / } stored_messages(2) };

acted(pause => { workspace => 'acme' });

# a day later: it was paused a second after they came
SlackProof::edit('UPDATE message SET created = created - 86400000; UPDATE pause SET since = since - 86399000');

acted(resume => { workspace => 'acme' });
is(scalar(until_true { grep { m/channel_is_archived/ } log_lines(qr/refuses the channel/) }), 1, 'it is tried at once');

acted(resume => { workspace => 'acme', channel => '#dev' });
is_deeply([ pages('#dev', 2) ], [ 1, 2 ], 'once more, and none has died of age');
--- no_error_log
[alert]
dead letter
