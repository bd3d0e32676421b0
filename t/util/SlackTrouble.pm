package SlackTrouble;

# What the tests of an outbox that fails look at: events are answered 503, soon
# enough, one line tells the cause, other locations do not notice, and all goes
# on by itself.

use strict;
use warnings;

use Exporter qw(import);
use SlackClient;
use SlackProof qw(log_count log_lines received until_true);
use SlackTest;
use Test::More ();
use Time::HiRes qw(time);

our @EXPORT_OK = qw(answer fails refuses settled);

# seconds in which an event is answered: an answer of the server, which may
# take five, and a connection, which may take three, before or after it
my $LONGEST = 12;

my $id = 0;


# A request with an event that has its own delivery id.
sub event {
    return SlackClient::request('/hook', SlackTest::payload('push.json'), 'Connection: close', 'Idempotency-Key: ' . ++$id);
}


sub status { return $_[0] =~ m{^HTTP/1\.1 (\d+)} ? $1 : 0 }


# A status of nginx, for an event by default.
sub answer {
    my ($uri) = @_;

    return status(SlackClient::talk(
        $uri ? "GET $uri HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" : event()));
}


# Sends an event; who calls what it returns gets the status.
sub begin {
    my $socket = SlackClient::connection();

    print {$socket} event();

    return sub { return status(SlackClient::read_until($socket)) };
}


# What is told, "crit" lines about the outbox: one, like this, besides one of
# the end of a connection.
sub told {
    my ($line) = @_;

    my @lines = grep { !m/lost the connection|ended the session/ }
        log_lines(qr/\[crit\] .*outbox "[^"]*" (?!lost|ended)/);

    Test::More::is(scalar @lines, 1, 'a line tells') or Test::More::diag(@lines);
    Test::More::like($lines[0], $line, 'of the cause');

    return;
}


# So many events have reached Slack, and no more.
sub settled {
    my ($events) = @_;

    my $sent = sub { return scalar map { @{ $_->{payload}{attachments} } } received('#dev') };

    until_true { $sent->() >= $events };

    Test::More::is($sent->(), $events, 'each that was stored is sent, once');

    return;
}


# An event is not stored, and a line like this tells.
sub refuses {
    my ($line) = @_;

    for (1 .. 3) {
        my $start  = time;
        my $status = begin();

        Test::More::is(answer('/other'), 200, 'another location answers');
        Test::More::cmp_ok(time - $start, '<', 1, 'at once');
        Test::More::is($status->(), 503, 'an event is not stored');
        Test::More::cmp_ok(time - $start, '<', $LONGEST, 'which it hears in time');
    }

    told($line);

    return;
}


# The same, until it is mended.  So many events were stored before.
sub fails {
    my ($line, $mend, $before) = @_;

    refuses($line);
    $mend->();

    # each worker finds that out by itself, and only one has told the cause
    my $stored = $before //= 0;

    Test::More::ok(
        until_true {
            $stored += answer() == 202;
            $stored > $before && log_count(qr/outbox ".*" works again/);
        },
        'stored when that is mended, which is told'
    );

    settled($stored);

    return;
}


1;
