# An outbox that somebody edits while nginx runs: any number in any column.
# What waits is delivered, and with sanitizers nothing overflows on the way.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackProof qw(edit stored_messages notify outbox outbox_file received reload until_true);
use SlackStatus;

master_on();
no_long_string();
plan 'no_plan';
run_tests();


__DATA__

=== numbers of waiting messages and of their channels
--- workspace
        rate 1000r/s burst=10;
        retry 300ms 500ms for=1h;
        coalesce 1;
--- config
    location = /hook {
        slack_notify acme dev;
    }
    location /slack/ {
        slack_status;
    }
--- faults
["500:oops"]
--- hook
push.json
--- after
my ($n, $old) = (1, 0);

until_true { received() == $n };

for my $value (qw(9223372036854775807 -9223372036854775808 -1)) {
    for my $edit ("UPDATE message SET created = $value", "UPDATE message SET due = $value",
        "UPDATE message SET attempts = $value", "UPDATE destination SET not_before = $value",
        "UPDATE destination SET failures = $value", "UPDATE destination SET settled = $value",
        "UPDATE counter SET settled = $value", "UPDATE steering SET revision = $value",
        "INSERT OR REPLACE INTO pause VALUES ('acme', 0, '#dev', 0, $value, $value)",
        "INSERT OR REPLACE INTO pause VALUES ('acme', 0, '#dev', $value, 1, 0)")
    {
        # a message that waits for its next attempt meanwhile
        SlackTest::add_faults('["500:oops"]');
        notify('push.json');
        edit($edit);

        # the new leader takes all of it from the file
        reload() if $edit =~ m/destination|due/ && $value =~ m/807|808/;

        # one that was stored long ago is too old for another attempt
        my $dead;

        $n++;
        until_true {
            ($dead) = outbox('SELECT count(*) FROM message WHERE state = 2');
            received() + $dead == $n;
        };
        is(received() + $dead, $n, "$edit: it is delivered, or a dead letter");
        is($dead, 0, '... no dead letter') if $edit !~ m/created = -/ && !$old;
        $old = 1 if $dead;
    }
}

like(SlackStatus::get('/slack/metrics')->{content}, qr/^slack_notify_outbox_up 1$/m, 'the status is there');
ok(SlackStatus::status('dead=100')->{outbox}{ok}, 'all of it');
--- no_error_log
[alert]
[crit]
runtime error
