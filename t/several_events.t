# Several events in one request: GitHub tells of all wiki pages that were
# changed together.  gollum_edited.json has three: "Home" and "Fuel gauge" were
# edited, "Tanks" is new.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackStatus qw(act status);
use SlackTest data => 'github';
use SlackProof qw(notify outbox received);

our $Http = <<'EOC';
    map $slack_title $team {
        Home          home;
        "Fuel gauge"  fuel;
        default       "";
    }

    map $team $known { "" 0; default 1; }

    log_format slack 'S=$slack_status R=$slack_reason M=$slack_messages '
                     'E=$slack_event A=$slack_action T=$slack_title '
                     'J=$slack_json_pages__page_name K=$team I=$slack_id.';
    access_log logs/access.log slack;
EOC

# how many pages, all of them edited
sub pages {
    my ($n) = @_;

    return '{"pages":[' . join(',', map { qq({"title":"p$_","action":"edited"}) } 1 .. $n)
        . '],"repository":{"full_name":"acme/rocket"},"sender":{"login":"mokafor"}}';
}

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== each is filtered for itself; the request tells of the first taken
--- http_config eval: $::Http
--- config
    location = /hook {
        slack_route acme {
            events  wiki_page:create;
            channel dev;
        }
    }
--- hook
gollum_edited.json => 202 queued wiki_page
--- slack_like
created .*: \*Tanks\*
--- access_log eval
qr/S=queued R=- M=1 E=wiki_page A=create T=Tanks J=Tanks K= I=[1-9]\d*\./
--- no_error_log
[error]
[alert]



=== none is taken: the first of them is told of
--- http_config eval: $::Http
--- config
    location = /hook {
        slack_route acme { users nobody; }
    }
--- hook
gollum_edited.json => 200 filtered wiki_page: users
--- slack
--- access_log eval
qr/S=filtered R=users M=0 E=wiki_page A=update T=Home J=Home K=home I=-\./
--- no_error_log
[error]
[alert]



=== conditions, also through map, are evaluated for each
--- http_config eval: $::Http
--- config
    location = /hook {
        set $kept $slack_title;
        slack_notify acme one  if=$known;
        slack_notify acme two  if=$kept;
        slack_route  acme if=$slack_json_pages__page_name { match pages[].action created; channel three; }
    }
--- hook
gollum_edited.json => 202 queued wiki_page: 3
--- after
is(join(' ', map { $_->{payload}{attachments}[0]{fallback} =~ m/: (.*)/ } received('#one', 2)), 'Home Fuel gauge', 'by a map of a map');
is(join(' ', map { $_->{payload}{attachments}[0]{fallback} =~ m/: (.*)/ } received('#three', 1)), 'Tanks', 'by a field of the page itself');
is(scalar received(), 3, 'what set has kept from before is empty');
--- access_log eval
qr/S=queued R=- M=3 E=wiki_page A=update T=Home J=Home K=home I=[1-9]\d*\./
--- no_error_log
[error]
[alert]



=== one entry: one delivery id, ids of messages in a row
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_notify acme dev,ops;
    }
--- hook
gollum_edited.json | X-GitHub-Delivery: one => 202 queued wiki_page: 6
gollum_edited.json | X-GitHub-Delivery: one => 200 duplicate wiki_page
--- after
is_deeply([ outbox('SELECT max(id) - min(id) + 1, count(*) FROM message WHERE id > 0') ], [ '6|6' ], 'six messages');
is_deeply([ map { "$_->{result} $_->{event} $_->{action}" } @{ status()->{events} }[0 .. 5] ],
    [ 'duplicate wiki_page create', ('duplicate wiki_page update') x 2, 'queued wiki_page create', ('queued wiki_page update') x 2 ],
    'each is an event of the history');
--- no_error_log
[error]
[alert]



=== explain shows each
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_source github;
        slack_route acme { events wiki_page:create; channel dev; }
    }
--- request
GET /_slack/_received
--- after
my $stored = status()->{totals}{stored};
my ($code, $answer) = act('explain?event=gollum', SlackTest::payload('gollum_edited.json'));

is("$code $answer->{event} $answer->{action} $answer->{result}", '200 wiki_page create queued', 'the first that is taken');
like($answer->{message}{attachments}[0]{fallback}, qr/: Tanks$/, 'and its message');

is_deeply([ map { "$_->{action} $_->{result} $_->{reason} $_->{routes}[0]{taken}" } @{ $answer->{events} } ],
    [ 'update filtered action 0', 'update filtered action 0', 'create queued  1' ], 'all of them');
is_deeply($answer->{events}[2]{message}, $answer->{message}, 'with what would be sent');
is(status()->{totals}{stored}, $stored, 'nothing was stored');

($code, $answer) = act('explain?event=gollum', SlackTest::payload('gollum_created.json'));
is($answer->{events}, undef, 'no list of one');
--- no_error_log
[error]
[alert]



=== at most 20, the last one says how many more there were
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request eval
"POST /hook\n" . main::pages(25)
--- more_headers
X-GitHub-Event: gollum
--- error_code: 202
--- response_body_like: "messages":20,
--- slack_wait
1
--- slack_like
p19\*(?s:.*)p20 and 5 more\*
--- no_error_log
[error]
[alert]



=== elements of no use, and an empty list
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request eval
["POST /hook\n{\"pages\":[1,{},{\"title\":\"t\",\"action\":\"edited\"},null,[{\"title\":\"u\"}]]}", "POST /hook\n{\"pages\":[]}", "POST /hook\n{\"pages\":{\"title\":\"t\"}}"]
--- more_headers
X-GitHub-Event: gollum
--- error_code eval
[202, 200, 202]
--- response_body_like eval
['"messages":2,', '"no pages"', '"messages":1,']
--- no_error_log
[error]
[alert]



=== words of one's own: each event has its own values, also those of maps
--- http_config
    map $slack_title $page { default "[$slack_title]"; }
    map $slack_title $who  { Home "<@U024BE7LH>"; Tanks "<!here>"; default "$slack_title"; }
--- config
    location = /hook {
        slack_route acme if=$page$who {
            events  wiki_page;
            mention $who;
            message wiki_page "$page $slack_title $slack_action";
        }
    }
--- hook
gollum_edited.json => 202 queued wiki_page: 3
--- slack_like
pretext: <@U024BE7LH>\n.*text: \[Home\] Home update\n
pretext: Fuel gauge\n.*text: \[Fuel gauge\] Fuel gauge update\n
pretext: <!here>\n.*text: \[Tanks\] Tanks create\n
--- slack_wait
3
--- no_error_log
[error]
[alert]
