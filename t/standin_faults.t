# The stand-in misbehaves as it is told.

use strict;
use warnings;
use utf8;

use Test::More;

use FindBin;
use lib "$FindBin::Bin/util";

use Mojo::JSON qw(true false);
use Time::HiRes qw(time);
use StandinClient;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output todo_output);

start_standin();


subtest 'faults' => sub {
    reset_all();

    my $count = sub { return scalar @{ received() } };

    is_deeply [faults(['500:oops', '503:', '429:slow down;Retry-After: 30;X-Other: a', 'ok'])], [200, "4\n"], 'queued';
    is scalar @{ get('/_fault')->json }, 4, 'and listed';
    is_deeply [hook({ text => 'x' })], [500, 'oops'], 'status and body';
    is_deeply [hook({ text => 'x' })], [503, ''], 'an empty body';

    my $res = $ua->post(url() . "$HOOK", json => { text => 'x' })->result;
    is_deeply [$res->code, $res->body], [429, 'slow down'], 'status';
    is $res->headers->header('Retry-After'), 30, 'with a header';
    is $res->headers->header('X-Other'), 'a', 'and another';

    is $count->(), 0, 'none was accepted';
    is_deeply [hook({ text => 'x' })], [200, 'ok'], 'ok is no fault';
    cmp_ok last_request()->{early}, '>', 0, 'but it came before that Retry-After was over';
    is_deeply [hook({ text => 'x' })], [200, 'ok'], 'the queue is empty';
    is $count->(), 2, 'both were accepted';

    like text('/_requests.txt'), qr/\A500 fault #general 500:oops\n503 fault #general 503:\n/, 'the list names them';

    # connections
    reset_all();
    faults(['reset']);
    is_deeply [raw(raw_message('x'))], ['', 'error'], 'reset';
    is $count->(), 0, 'not accepted';

    faults(['reset-after']);
    is_deeply [raw(raw_message('x'))], ['', 'error'], 'reset-after';
    is $count->(), 1, 'accepted';

    faults(['hang']);
    is_deeply [raw(raw_message('x'), 0.3)], ['', 'open'], 'hang';
    is $count->(), 1, 'not accepted';
    like text('/_requests.txt'), qr/^- fault #general hang$/m, 'no status';

    faults(['slow:0.4']);
    my $start = time;
    is_deeply [hook({ text => 'x' })], [200, 'ok'], 'slow';
    cmp_ok time - $start, '>=', 0.39, 'it took its time';
    is $count->(), 2, 'accepted';

    faults(['slow:0.1']);
    is_deeply [hook({})], [400, 'no_text'], 'a slow refusal';

    faults(['redirect:http://127.0.0.1:1/x']);
    $res = $ua->post(url() . "$HOOK", json => { text => 'x' })->result;
    is $res->code, 302, 'redirect';
    is $res->headers->location, 'http://127.0.0.1:1/x', 'there';

    faults(['truncated']);
    my ($got, $end) = raw(raw_message('x'));
    like $got, qr{^HTTP/1.1 200 OK\r\n.*Content-Length: 100\r\n\r\nok$}s, 'truncated';
    is $end, 'closed', 'and closed';

    faults(['garbage']);
    ($got, $end) = raw(raw_message('x'));
    isnt $got, '', 'garbage';
    unlike $got, qr/^HTTP/, 'is not HTTP';
    is $end, 'closed', 'and closed';

    faults(['huge:3000000', 'huge:0']);
    $res = $ua->post(url() . "$HOOK", json => { text => 'x' })->result;
    is $res->code, 200, 'huge';
    is length $res->body, 3_000_000, 'so many bytes';
    $res = $ua->post(url() . "$HOOK", json => { text => 'x' })->result;
    is_deeply [$res->code, $res->body], [200, ''], 'even none';

    faults(['103:']);
    ($got) = raw(raw_message('x') =~ s/\r\n\r\n/\r\nConnection: close\r\n\r\n/r);
    like $got, qr{^HTTP/1.1 103 [^\r]*\r\n\r\nHTTP/1.1 200 OK\r\n.*\r\n\r\nok$}s, 'an interim answer';
    is $count->(), 3, 'of these only the last was accepted';

    faults(['accept+500:x', 'accept+500:x']);
    is_deeply [hook({ text => 'x' })], [500, 'x'], 'accept+';
    is $count->(), 4, 'accepted all the same';
    hook({});
    is $count->(), 4, 'but nothing that is refused';

    # channels
    reset_all();
    faults(['500:a', '500:b'], '?channel=dev');
    faults(['501:c']);
    is_deeply [hook({ text => 'x' })], [501, 'c'], 'faults of another channel are passed over';
    is_deeply [hook({ text => 'x' })], [200, 'ok'], 'and not used up';
    is_deeply [hook({ text => 'x', channel => '#dev' })], [500, 'a'], 'they wait for theirs';
    is api('chat.postMessage', { channel => 'C0123', text => 'x' })->{ok}, true, 'another is free';
    is $ua->post(url() . "/api/chat.postMessage", { Authorization => 'Bearer xoxb-1' }, json => { channel => 'dev', text => 'x' })
          ->result->code, 500, 'through the Web API, too';

    # wrong ones
    for my $wrong ('500', 'resett', 'slow:x', 'redirect:', 'huge:', '999:x', '101:', 5, 'accept+ok') {
        my ($code, $body) = faults([$wrong]);

        is $code, 400, "wrong: $wrong";
        like $body, qr/fault/, 'and told so';
    }

    is((faults({}))[0], 400, 'not a list');

    faults(['500:x']);
    reset_all();
    is_deeply [hook({ text => 'x' })], [200, 'ok'], 'reset forgets faults';
};


subtest 'faults of the Web API' => sub {
    reset_all();

    my %good = (channel => 'dev', text => 'x');
    my $post = sub { return api_answer('chat.postMessage', { %good, @_ }) };

    # errors
    faults(['error:fatal_error', 'error:missing_scope', 'error:missing_scope:groups:write',
            'error:invalid_blocks:too long [json-pointer:/blocks/0]', 'error:no_such_error', 'accept+error:internal_error']);

    is_deeply $post->()->json, { ok => false, error => 'fatal_error' }, 'an error';

    my $answer = $post->()->json;
    is_deeply [ @$answer{qw(error needed)} ], ['missing_scope', 'chat:write'], 'missing_scope has what is needed';
    like $answer->{provided}, qr/^chat:write,/, 'and what there is';
    is $post->()->json->{needed}, 'groups:write', 'or what was said';
    is_deeply $post->()->json->{response_metadata}{messages}, ['[ERROR] too long [json-pointer:/blocks/0]'], 'messages';
    is $post->()->json->{error}, 'no_such_error', 'any word';
    is scalar @{ received() }, 0, 'none was accepted';

    is $post->()->json->{error}, 'internal_error', 'an error';
    is scalar @{ received() }, 1, 'of a message that is there nevertheless';

    faults(['error:no_service', 'error:rollup_error', 'error:unheard_of']);
    is_deeply [hook({ text => 'x' })], [404, 'no_service'], 'a webhook has its own';
    is_deeply [hook({ text => 'x' })], [500, 'rollup_error'], 'with its status';
    is_deeply [hook({ text => 'x' })], [400, 'unheard_of'], 'or 400';

    # methods
    reset_all();
    faults(['500:oops', 'error:invalid_auth', 'hang'], '?method=auth.test');
    faults(['error:ratelimited'], '?method=chat.postMessage&channel=ops');
    is $post->()->json->{ok}, true, 'those of another method are passed over';
    is $post->(channel => 'ops')->json->{error}, 'ratelimited', 'method and channel';
    is api_answer('auth.test', {})->code, 500, 'they wait for theirs';
    is api('auth.test', {})->{error}, 'invalid_auth', 'one after the other';
    is_deeply [raw("POST /api/auth.test HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer xoxb-x\r\nContent-Length: 0\r\n\r\n", 0.3)],
        ['', 'open'], 'hang';

    faults(['503:']);
    is api_answer('auth.test', {})->code, 200, 'without a method they are for messages';
    is $post->()->code, 503, 'such as this one';
    is_deeply [ map { $_->{method} } @{ get('/_fault')->json } ], [], 'none is left';

    # a 429 that is to hold the method
    faults(["429:;Retry-After: 30"], '?method=chat.postMessage');
    $post->();
    $post->(channel => 'ops');
    cmp_ok last_request()->{early}, '>', 0, 'a 429 holds all channels';
    api('auth.test', {});
    ok !exists last_request()->{early}, 'but no other method';

    reset_all();
    my $id = $post->(channel => 'dev')->json->{channel};
    faults(['error:is_archived'], "?channel=$id");
    is $post->(channel => 'dev')->json->{error}, 'is_archived', 'a channel by its ID';
    faults(['error:is_archived'], '?channel=U0ADA');
    is $post->(channel => 'U0ADA')->json->{error}, 'is_archived', 'direct messages';

    # answers that are spoilt
    reset_all();
    faults(['warning:message_truncated', 'without:ts', 'without:channel', 'number-ts', 'padded:1000000', 'half', 'cut', '200:hello']);

    $answer = $post->()->json;
    ok $answer->{ok}, 'an answer';
    is $answer->{warning}, 'message_truncated', 'with a warning';
    is_deeply $answer->{response_metadata}, { warnings => ['message_truncated'] }, 'at its two places';

    $answer = $post->()->json;
    ok $answer->{ok}, 'an answer';
    ok !exists $answer->{ts}, 'without ts';
    ok !exists $post->()->json->{channel}, 'without channel';
    like $post->()->body, qr/"ts":[0-9.]+[,}]/, 'ts as a number';

    $answer = $post->();
    cmp_ok length $answer->body, '>', 999_990, 'a long one';
    ok $answer->json->{ok}, 'which is JSON';

    $answer = $post->()->body;
    like $answer, qr/^\{"/, 'half of one';
    is Mojo::JSON::j($answer), undef, 'is no JSON';

    my ($got, $end) = raw("POST /api/chat.postMessage HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer xoxb-x\r\n"
        . "Content-Type: application/json\r\nContent-Length: 28\r\n\r\n{\"channel\":\"dev\",\"text\":\"x\"}");
    my ($length, $body) = $got =~ m/Content-Length: ([0-9]+)\r\n\r\n(.*)\z/s;
    is length $body, int($length / 2), 'half of what was announced';
    is $end, 'closed', 'and closed';

    is scalar @{ received() }, 7, 'these were accepted';
    is $post->()->body, 'hello', 'no JSON at all';
    is scalar @{ received() }, 7, 'that was not';

    for my $wrong ('error:', 'error:Not A Word', 'without:', 'padded:x', 'accept+cut:1') {
        is((faults([$wrong]))[0], 400, "wrong: $wrong");
    }

    is((faults(['hang'], '?method=chat.unknown'))[0], 400, 'an unknown method');
};


stop_standin();
done_testing;
