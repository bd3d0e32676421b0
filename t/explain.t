# What would become of a payload: asked of slack_status, nothing is stored.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackStatus qw(act acted status);
use SlackTest;
use SlackProof qw(notify outbox received);

no_long_string();
plan 'no_plan';
run_tests();


sub explain {
    my ($file, $query) = @_;

    return act('explain' . (defined $query ? "?$query" : ''), SlackTest::payload($file));
}


# each route: where it stands, to whom, what it says
sub routes {
    my ($answer) = @_;

    return map { ($_->{file} =~ m{/nginx\.conf\z} ? '' : 'file? ') . ($_->{line} > 0 ? '' : 'line? ')
                 . "$_->{workspace} @{ $_->{channels} }: " . ($_->{taken} ? 'yes' : "no, $_->{reason}")
                 . ($_->{only_if_changed} ? ', if changed' : '') } @{ $answer->{routes} };
}

__DATA__

=== TEST 1: who takes a push, who does not and why, and the message
--- config
    location /slack/ { slack_status open; }
    location /hook {
        slack_route acme { events push; channel dev,ops; username Robot; }
        slack_route acme { events push; branches none/*; channel a; }
        slack_route acme { events issue; channel b; }
        slack_route acme { users !*; channel c; }
        slack_notify acme d if=$arg_never;
    }
--- request
GET /_slack/_received
--- after
my ($code, $answer) = explain('push.json');

is($code, 200, 'it is answered');
is("$answer->{location} $answer->{source} $answer->{event} $answer->{project} $answer->{result}", '/hook gitlab push acme/rocket queued', 'what it is');
is_deeply([ routes($answer) ], [ 'acme #dev #ops: yes', 'acme #a: no, branches', 'acme #b: no, events', 'acme #c: no, users', 'acme #d: no, if' ], 'what each route says');

my @lines = map { $_->{line} } @{ $answer->{routes} };
is_deeply([ map { $_ - $lines[0] } @lines ], [ 0 .. 4 ], 'and where each stands');

is(scalar received(), 0, 'nothing has come to Slack');
is_deeply(status()->{events}, [], 'it is no event');
is_deeply([ outbox('SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM memory)') ], [ 0 ], 'nothing was stored');

notify('push.json');
my ($real) = received('#dev', 1);
is_deeply($answer->{message}, $real->{payload}, 'the message is what Slack gets then');
--- no_error_log
[error]
[alert]



=== TEST 2: nobody takes it; what is ignored; what is no JSON
--- config
    location /slack/ { slack_status open; }
    location /hook { slack_route acme { events issue pipeline; pipelines changed; } }
--- request
GET /_slack/_received
--- after
my ($code, $answer) = explain('push.json');
is("$answer->{result} $answer->{reason}", 'filtered events', 'filtered');
is($answer->{message}, undef, 'without a message');

($code, $answer) = explain('pipeline_failed.json');
is_deeply([ routes($answer) ], [ 'acme #general: yes, if changed' ], 'a route that wants what has changed');
is($answer->{result}, 'queued', 'would take it');

($code, $answer) = act('explain', { object_kind => 'surprise' });
is("$answer->{result} $answer->{reason} @{ $answer->{routes} }", 'ignored surprise ', 'an unknown event');

($code, $answer) = act('explain?event=Issue%20Hook', '{"object_kind":"issue",');
is("$code $answer->{result} $answer->{event}", '200 rejected Issue Hook', 'no JSON');
like($answer->{reason}, qr/^body ends early at byte 23$/, 'with the place');

($code, $answer) = act('explain', '');
is("$code $answer->{result} $answer->{reason}", '200 rejected body is empty', 'nothing');
--- no_error_log
[error]
[alert]



=== TEST 3: several locations, several senders
--- http_config
    server {
        listen 127.0.0.1:$TEST_NGINX_RAND_PORT_1;
        server_name elsewhere;
        location /a { slack_notify acme elsewhere; }
    }
--- config
    location /slack/ { slack_status open; }
    location /a { slack_notify acme a; }
    location /b { slack_source alertmanager; slack_notify acme b; }
--- request
GET /_slack/_received
--- after
is_deeply([ explain('push.json') ], [ 400, { error => 'several locations have routes: name one', locations => [ 'elsewhere/a', 'localhost/a', '/b' ] } ], 'they are named');
is((explain('push.json', 'location=/c'))[0], 404, 'there is none of that name');
is((explain('push.json', 'location=/a'))[0], 404, 'which of the two?');

my ($code, $answer) = explain('push.json', 'location=elsewhere/a&event=Push+Hook');
is_deeply([ $code, routes($answer) ], [ 200, 'acme #elsewhere: yes' ], 'one of them');

($code, $answer) = act('explain?location=%2Fb', SlackTest::payload("../alertmanager/firing.json"));
is("$answer->{location} $answer->{source} $answer->{event} $answer->{result}", '/b alertmanager alert queued', 'another sender');
--- no_error_log
[error]
[alert]
