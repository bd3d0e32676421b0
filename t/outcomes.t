use strict;
use warnings;

# What each word of Slack does to a message, from the webhook to the outbox.

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackProof qw(stored_messages log_lines requests);

our %DEAD = (
    invalid_payload       => 400,
    no_text               => 400,
    too_many_attachments  => 400,
    invalid_blocks        => 400,
    invalid_blocks_format => 400,
    invalid_attachments   => 400,
    msg_too_long          => 400,
    msg_blocks_too_long   => 400,
    a_word_of_tomorrow    => 400,
    another_of_tomorrow   => 410,
);

our %CHANNEL = (
    user_not_found                    => 400,
    channel_not_found                 => 404,
    channel_is_archived               => 410,
    action_prohibited                 => 403,
    posting_to_general_channel_denied => 403,
);

our %WEBHOOK = (
    invalid_token   => 403,
    no_service      => 404,
    no_service_id   => 404,
    no_active_hooks => 404,
    no_team         => 404,
    team_disabled   => 404,
);

our %RETRY = (
    rollup_error => 500,
    request_slow => 408,
    internal     => 500,
    bad_gateway  => 502,
    no_service   => 503,
    timed_out    => 504,
);

# the words of a table are the names of the channels, too
sub names { return join ',', sort keys %{ $_[0] } }

sub faults {
    my ($table) = @_;

    return join '', map { qq(#$_ ["$table->{$_}:$_"]\n) } sort keys %$table;
}

# a webhook for each of them
sub hooks {
    my ($table) = @_;
    my $n = 0;

    my ($first, @more) = sort keys %$table;

    return join '', "        channel $first;\n",
        map { $n++; "        webhook_url \$SLACK/services/\$SLACK_TEAM/B$n/secret channel=$_ legacy;\n" }
        $first, @more;
}

sub location_for {
    my ($table) = @_;

    return '    location = /hook { slack_notify acme ' . names($table) . "; }\n";
}

sub statuses { return join ' ', map { $_->{status} } requests("#$_[0]", $_[1]) }

plan 'no_plan';
run_tests();

__DATA__

=== a refused message is a dead letter, the next one is sent
--- config eval: main::location_for(\%main::DEAD)
--- faults eval: main::faults(\%main::DEAD)
--- workspace
        coalesce 1;
--- hook
wiki_create.json
wiki_update.json
--- after
my @messages = stored_messages();

for my $word (sort keys %DEAD) {
    is(statuses($word, 2), "$DEAD{$word} 200", "$word: posted once, and the next one");
    is_deeply([ grep { m/^#$word / } @messages ],
        [ qq(#$word dead 1 HTTP $DEAD{$word} "$word"), "#$word sent 0 HTTP 200 \"ok\"" ],
        "$word: in the outbox");
    is(scalar log_lines(qr/"acme", channel "#$word": message \d+ is a dead letter, HTTP $DEAD{$word} "$word"/),
        1, "$word: one line");
}
--- no_error_log
[alert]



=== a refused channel is tried again, alone, and loses nothing
--- config eval: main::location_for(\%main::CHANNEL)
--- faults eval: main::faults(\%main::CHANNEL)
--- workspace
        coalesce 1;
        retry 200ms 1s;
--- hook
wiki_create.json
wiki_update.json
--- after
my @messages = stored_messages();

for my $word (sort keys %CHANNEL) {
    is(statuses($word, 3), "$CHANNEL{$word} 200 200", "$word: posted again");
    is(scalar(grep { m/^#$word sent 0 / } @messages), 2, "$word: both are sent, no attempt counted");
    is(scalar log_lines(qr/\[error\].*"acme", channel "#$word": Slack refuses the channel, HTTP $CHANNEL{$word} "$word"; \w.*; its messages wait/),
        1, "$word: one loud line with what to do");
    is(scalar log_lines(qr/\[notice\].*"#$word": works again/), 1, "$word: and one when it is over");
}
--- no_error_log
[alert]
dead letter
refuses the webhook



=== a refused webhook: its messages wait
--- config eval: main::location_for(\%main::WEBHOOK)
--- faults eval: main::faults(\%main::WEBHOOK)
--- workspace eval: main::hooks(\%main::WEBHOOK) . "        retry 60s 60s;\n"
--- hook
wiki_create.json
wiki_update.json
--- after
for my $word (sort keys %WEBHOOK) {
    is(statuses($word, 1), $WEBHOOK{$word}, "$word: tried once, not once per message");
    is(scalar log_lines(qr/\[error\].*"acme", channel "#$word": Slack refuses the webhook, HTTP $WEBHOOK{$word} "$word"; \w.*; messages of all its channels wait/),
        1, "$word: one loud line with what to do");
}

my $n = 2 * keys %WEBHOOK;
is(scalar(grep { m/ waiting 0 \z/ } stored_messages($n)), $n, 'all wait, no attempt counted');
--- no_error_log
[alert]
dead letter
refuses the channel



=== a failure on Slack's side is tried again, whatever it says
--- config eval: main::location_for(\%main::RETRY)
--- faults eval: main::faults(\%main::RETRY)
--- workspace
        coalesce 1;
        retry 100ms 1s;
--- hook
wiki_create.json
wiki_update.json
--- after
my @messages = stored_messages();

for my $word (sort keys %RETRY) {
    is(statuses($word, 3), "$RETRY{$word} 200 200", "$word: posted again");
    is_deeply([ map { m/^#$word (sent \d)/ ? $1 : () } @messages ], [ 'sent 1', 'sent 0' ],
        "$word: one attempt counted, order kept");
    is(scalar log_lines(qr/\[warn\].*"acme", channel "#$word": HTTP $RETRY{$word} "$word"; attempt \d+ of message \d+, next in/),
        1, "$word: one line");
}
--- no_error_log
[alert]
[error]
dead letter
