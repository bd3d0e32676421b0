use strict;
use warnings;

# How fast a channel is posted to, by the times at which requests came.

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackProof qw(notify requests stamps);
use Time::HiRes qw(sleep time);

our $Start;

plan 'no_plan';
run_tests();

__DATA__

=== a burst is used up once, also by messages that come one by one
--- config
    location = /hook { slack_notify acme dev; }
--- workspace
        rate 2r/s burst=3;
        coalesce 1;
--- hook eval: $::Start = time; "wiki_create.json"
--- after
for (1 .. 8) {
    sleep 0.1;
    notify('wiki_update.json');
}

my @times = stamps($::Start, requests('#dev', 9));

is(scalar @times, 9, 'all came');

# half a second for each after the third, from before the first was sent
for my $i (3 .. 8) {
    cmp_ok($times[$i], '>=', ($i - 2) * 0.5, "message $i does not come too early");
}
--- no_error_log
[alert]
[error]
