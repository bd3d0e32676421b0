# Many events for one channel: they share messages while the rate or Slack
# holds them back, each as recognisable as alone, and hold up nobody else.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackClient;
use SlackProof qw(log_lines notify received requests until_true);
use SlackStatus qw(act);

no_long_string();
plan 'no_plan';
run_tests();


# N events with numbers of their own, posted on one connection.
sub flood {
    my ($n, $uri) = @_;

    my $body = SlackTest::payload('wiki_create.json');
    my @packets;

    for my $number (1 .. $n) {
        my $text = $body;

        $text =~ s/"title": *"[^"]*"/"title":"Page $number."/g or die "the event has no title\n";
        push @packets, SlackClient::request($uri // '/hook', $text, $number == $n ? 'Connection: close' : ());
    }

    my $text = SlackClient::talk(CORE::join '', @packets);

    is(scalar(() = $text =~ m{^HTTP/1\.1 202 }mg), $n, "$n events are taken");

    return;
}


# The numbers of the events of each message.
sub pages {
    my ($channel) = @_;

    return map { [ map { $_->{fallback} =~ m/Page ([0-9]+)\./g } @{ $_->{payload}{attachments} } ] } received($channel);
}

__DATA__

=== a thousand events take at most sixty messages, in order
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        # what is not held back goes alone, so the machine must be faster
        rate 3r/s;
--- faults
["429:slow down;Retry-After: 1"]
--- timeout: 90s
--- request
GET /_slack/_requests
--- after
is((act(pause => { workspace => 'acme' }))[0], 200, 'they wait for each other');
flood(1000);
is((act(resume => { workspace => 'acme' }))[0], 200, 'and go');

until_true { (map { @$_ } pages('#dev')) >= 1000 };

my @pages = pages('#dev');

is(CORE::join(' ', map { @$_ } @pages), CORE::join(' ', 1 .. 1000), 'each once, in order');
cmp_ok(scalar @pages, '<=', 60, 'at one message a second: within a minute');
is(scalar(grep { @$_ > 20 } @pages), 0, 'no more than 20 in one');
is(scalar(grep { ($_->{error} // '') ne 'ok' && !$_->{fault} } requests('#dev')), 0, 'none is refused');
--- no_error_log
[alert]
[crit]
[error]



=== the largest events: what they share stays below Slack's limits
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        rate 50r/s;
        coalesce 100;
--- faults
["429:slow down;Retry-After: 3"]
--- timeout: 60s
--- request
GET /_slack/_requests
--- after
notify('push_30k.json') for 1 .. 70;

until_true { (map { @{ $_->{payload}{attachments} } } received('#dev')) >= 70 };

my @received = received('#dev');

is(scalar(map { @{ $_->{payload}{attachments} } } @received), 70, 'each is there');
is(scalar(grep { @{ $_->{payload}{attachments} } > 30 } @received), 0, 'no more than 30 in one');
is(scalar(grep { ($_->{error} // '') ne 'ok' && !$_->{fault} } requests('#dev')), 0, 'none is refused');
--- no_error_log
[alert]
[crit]
[error]



=== a lone event does not wait for others
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        rate 1000r/s;
--- request
GET /_slack/_requests
--- after
for my $n (1 .. 5) {
    notify('wiki_create.json');
    until_true { received('#dev') >= $n };
}

is(CORE::join(' ', map { scalar @{ $_->{payload}{attachments} } } received('#dev')), '1 1 1 1 1', 'each alone');
--- no_error_log
[alert]
[error]



=== a held channel holds up no other
--- config
    location = /hook {
        slack_notify acme dev;
    }

    location = /other {
        slack_notify acme ops;
    }
--- workspace
        rate 50r/s;
--- faults
#dev ["429:slow down;Retry-After: 4"]
--- request
GET /_slack/_requests
--- after
flood(50);

my $before = 0;

for my $n (1 .. 20) {
    notify('tag_push.json', '/other');
    until_true { received('#ops') >= $n };
    $before = $n if received('#dev') == 0;
}

# all of them, unless the machine takes seconds for that
cmp_ok($before, '>=', 1, 'the other channel came while this one is held');
until_true { (map { @$_ } pages('#dev')) >= 50 };
is(CORE::join(' ', map { @$_ } pages('#dev')), CORE::join(' ', 1 .. 50), 'then these, in order');
--- no_error_log
[alert]
[error]



=== a failed message that several events share: the log names each, and the wait that will be
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        rate  12r/m;
        retry 2s 2s for=1h;
--- faults
["200:ok", "500:oops"]
--- request
GET /_slack/_requests
--- after
flood(1);
until_true { log_lines(qr/message \d+ sent/) };

# they wait for five seconds
flood(3);
until_true { log_lines(qr/HTTP 500 "oops"/) };

my ($ids) = SlackProof::log_text() =~ m{HTTP 500 "oops"; attempt 1 of messages ([\d, ]+), next in [1-5]\.\ds};
my @ids = split m{, }, $ids // '';

is(scalar @ids, 3, 'one line tells of three messages, and their wait');

for my $id (@ids) {
    is(scalar log_lines(qr/attempt 1 of .*\b$id\b/), 1, "message $id has one line of its attempt");
}

until_true { (map { @$_ } pages('#dev')) == 3 };
is(CORE::join(' ', map { @$_ } pages('#dev')), '1 2 3', 'they are sent, in order');
--- no_error_log
[alert]
[error]
