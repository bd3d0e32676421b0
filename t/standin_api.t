# The stand-in's Web API: methods, tokens, answers, limits.

use strict;
use warnings;
use utf8;

use Test::More;

use FindBin;
use lib "$FindBin::Bin/util";

use Mojo::JSON qw(encode_json true false);
use StandinClient;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output todo_output);

start_standin();

my $UUID = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';


subtest 'auth.test' => sub {
    reset_all();

    my $answer = api_answer('auth.test', {}, 'xoxb-T7-A7-x');
    my $told   = $answer->json;
    my ($bot, $user) = delete @$told{qw(bot_id user_id)};

    is_deeply $told, {
        ok => true, url => 'https://stand-in.slack.com/', team => 'Stand-in', team_id => 'T7', user => 'bot',
        app_id => 'A7', app_name => 'App A7', is_enterprise_install => false,
    }, 'who it is';
    like $bot,  qr/^B[0-9A-F]{10}$/, 'the bot';
    like $user, qr/^U[0-9A-F]{10}$/, 'its user';
    is $answer->headers->header('X-OAuth-Scopes'),
        'chat:write,chat:write.public,chat:write.customize,channels:join,im:write,users:read,users:read.email', 'scopes';
    is $answer->headers->header('X-Accepted-OAuth-Scopes'), undef, 'and it needs none';

    is api('auth.test', {}, 'xoxb-T7-A7-y')->{bot_id}, $bot, 'another token of this app';
    isnt api('auth.test', {}, 'xoxb-T8-A7-y')->{bot_id}, $bot, 'but another one in another workspace';
    isnt api('auth.test', {}, 'xoxb-T7-y')->{bot_id}, $bot, 'and without an app';

    is api('auth.test', {}, 'xoxb-rotating')->{expires_in}, 43_200, 'a token that rotates';

    my $org = api('auth.test', {}, 'xoxb-org');
    is_deeply [ @$org{qw(is_enterprise_install enterprise_id)} ], [true, 'E0STANDIN'], 'one of an organisation';

    is $ua->post(url() . '/api/auth.test', { Authorization => 'Bearer xoxb-x' })->result->json->{ok}, true,
        'needs no body';
    is api('auth.test', { x => 1 })->{error}, 'invalid_arguments', 'and takes no arguments';
    is $ua->get(url() . '/api/auth.test', { Authorization => 'Bearer xoxb-x' })->result->json->{error},
        'invalid_post_type', 'nor a GET';

    my @requests = @{ get('/_requests')->json };
    is $requests[0]{method}, 'auth.test', 'requests have the method';
    is $requests[0]{error},  'ok',        'and the outcome';
    ok !exists $requests[0]{message},     'but no message';
    is scalar @{ received() }, 0, 'there is none';
    unlike get('/_requests')->body, qr/xoxb/, 'tokens are not kept';

    my $all = @requests;

    api('chat.postMessage', { channel => 'dev', text => 'x' });
    is scalar @{ get('/_requests?method=chat.postMessage&wait=1')->json }, 1, 'requests of one method';
    is text('/_requests.txt?method=chat.postMessage'), "200 ok #dev\n", 'as text';
    is scalar @{ get('/_requests')->json }, $all + 1, 'or all';
};


subtest 'tokens and scopes' => sub {
    reset_all();

    my %good = (channel => 'dev', text => 'x');

    my @cases = (
        ['not_authed',           {%good}, ''],
        ['invalid_auth',         {%good}, 'xoxp-user'],
        ['token_revoked',        {%good}, 'xoxb-revoked'],
        ['token_expired',        {%good}, 'xoxb-T1-expired-x'],
        ['account_inactive',     {%good}, 'xoxb-inactive'],
        ['is_bot',               {%good}, 'xoxb-is_bot'],
        ['app_access_restricted', {%good}, 'xoxb-app_access_restricted'],
        ['internal_error',       {%good}, 'xoxb-internal_error'],
        ['ratelimited',          {%good}, 'xoxb-ratelimited'],
    );

    for my $case (@cases) {
        my ($error, $message, $token) = @$case;

        is api($_, $message, $token)->{error}, $error, "$error: $_" for 'chat.postMessage', 'auth.test';
    }

    is api('chat.postMessage', { %good, token => 'xoxb-x' }, '')->{error}, 'not_authed', 'a token in JSON does not count';
    is api('chat.postMessage', { %good, token => 'xoxb-x' })->{error}, 'invalid_arguments', 'nor is it an argument';
    is api_answer('chat.postMessage?token=xoxb-x', {%good}, '')->json->{error}, 'not_authed', 'nor does one in a query';

    my $answer = api_answer('chat.postMessage', {%good}, 'xoxb-nowrite')->json;
    is_deeply $answer, {
        ok => false, error => 'missing_scope', needed => 'chat:write',
        provided => 'chat:write.public,chat:write.customize,channels:join,im:write,users:read,users:read.email',
    }, 'missing_scope says what is needed';
    is api('chat.postMessage', {%good}, 'xoxb-noscope')->{provided}, 'none', 'and what there is';
    is api('auth.test', {}, 'xoxb-noscope')->{ok}, true, 'auth.test needs none';

    my @scopes = (
        ['chat.postMessage',   { %good, username => 'x' },         'nocustomize', 'chat:write.customize'],
        ['chat.postMessage',   { %good, icon_emoji => ':x:' },     'nocustomize', 'chat:write.customize'],
        ['chat.update',        { channel => 'C0DEV', ts => '1.2' }, 'nowrite', 'chat:write'],
        ['chat.delete',        { channel => 'C0DEV', ts => '1.2' }, 'nowrite', 'chat:write'],
        ['conversations.join', { channel => 'C0DEV' },             'nojoin',  'channels:join'],
        ['conversations.open', { users => 'U0ADA' },               'noim',    'im:write'],
        ['conversations.open', { users => 'U0ADA,U0BOB' },         'x',       'mpim:write'],
    );

    for my $case (@scopes) {
        my ($method, $message, $word, $scope) = @$case;
        my $told = api($method, $message, "xoxb-$word");

        is_deeply [ @$told{qw(error needed)} ], ['missing_scope', $scope], "$method without $scope";
    }

    is $ua->get(url() . '/api/users.lookupByEmail?email=a@b.example', { Authorization => 'Bearer xoxb-noemail' })
          ->result->json->{needed}, 'users:read.email', 'users.lookupByEmail without users:read.email';

    my $res = api_answer('conversations.join', { channel => 'C0DEV' }, 'xoxb-nojoin');
    is $res->headers->header('X-Accepted-OAuth-Scopes'), 'channels:join', 'the header names it, too';
    is scalar @{ received() }, 0, 'nothing was accepted';
};


subtest 'chat.postMessage' => sub {
    reset_all();

    my $answer = api('chat.postMessage', { channel => '#dev', text => 'x', username => 'Bot', icon_emoji => ':x:',
                                           metadata => { event_type => 'a', event_payload => {} } });

    ok $answer->{ok}, 'ok';
    like $answer->{channel}, qr/^C[A-Z0-9]{10}$/, 'the ID of the channel';
    like $answer->{ts}, qr/^[0-9]{10}\.[0-9]{5}0$/, 'ts';
    is $answer->{message}{text}, 'x', 'the message';
    is $answer->{message}{subtype}, 'bot_message', 'is of a bot by its own name';

    my $second = api('chat.postMessage', { channel => $answer->{channel}, text => 'by ID' });
    is $second->{channel}, $answer->{channel}, 'the ID is stable';
    cmp_ok $second->{ts}, 'gt', $answer->{ts}, 'ts grows';

    my $res = $ua->post(url() . '/api/chat.postMessage', form => {
        token => 'xoxb-formToken', channel => 'dev', text => 'form', unfurl_links => 'false',
        attachments => encode_json([ { fallback => 'f' } ]),
    })->result->json;
    ok $res->{ok}, 'form with token';
    is $res->{message}{attachments}[0]{id}, 1, 'the answer shows the attachments as Slack keeps them';
    unlike get('/_received')->body, qr/formToken|xoxb/, 'the token is not kept';

    $answer = api('chat.postMessage', { channel => '#dev', thread_ts => $answer->{ts}, text => 'reply' });
    is $answer->{message}{thread_ts}, received()->[0]{ts}, 'reply';
    is received()->[0]{replies}, 1, 'the root knows it';

    is text('/_received.txt'), <<'END', 'all are recorded';
#dev as Bot icon :x:
text: x

#dev
text: by ID

#dev
text: form
[]
  fallback: f

#dev
thread: message 1
text: reply
END
};


subtest 'errors of chat.postMessage' => sub {
    reset_all();

    my %good  = (channel => '#dev', text => 'x');
    my $reply = do {
        my $first = api('chat.postMessage', {%good});
        api('chat.postMessage', { %good, thread_ts => $first->{ts} });
    };

    my @cases = (
        ['is_archived',     { %good, channel => 'archived' }],
        ['channel_not_found', { %good, channel => '#nowhere' }],
        ['restricted_action_read_only_channel', { %good, channel => '#readonly' }],
        ['channel_not_found', { %good, channel => 'Über Alles' }],
        ['channel_not_found', { %good, channel => '@ada' }],
        ['invalid_arguments', { text => 'x' }],
        ['invalid_arguments', { %good, channel => 5 }],
        ['invalid_arguments', { %good, ts => '1503435956.000247' }],
        ['invalid_arguments', { %good, client_msg_id => 'once' }],
        ['no_text',         { channel => '#dev' }],
        ['too_many_attachments', { %good, attachments => [ map { { text => 'x' } } 1 .. 101 ] }],
        ['invalid_attachments', { %good, attachments => [ {} ] }],
        ['invalid_blocks',  { %good, blocks => [ { type => 'x' } ] }],
        ['invalid_metadata_format', { %good, metadata => {} }],
        ['markdown_text_conflict', { %good, markdown_text => 'x' }],
        ['cannot_reply_to_message', { %good, thread_ts => '1503435956.000247' }],
        ['cannot_reply_to_message', { %good, thread_ts => $reply->{ts} }],
        ['invalid_json',    '{'],
        ['json_not_object', '[]'],
    );

    for my $case (@cases) {
        my ($error, $message) = @$case;
        my $answer = api('chat.postMessage', $message);

        is $answer->{error}, $error, $error;
        ok !$answer->{ok}, 'not ok';
    }

    my $answer = api('chat.postMessage', { %good, attachments => [ { color => 'x', text => 'x' } ] });
    is_deeply $answer->{response_metadata}{messages},
        ['[ERROR] neither good, warning, danger nor #RRGGBB [json-pointer:/attachments/0/color]'], 'details';

    is api('chat.unknown', {})->{error}, 'unknown_method', 'unknown method';
    is $ua->post(url() . '/api/chat.postMessage', { 'Content-Type' => 'text/xml', Authorization => 'Bearer xoxb-1' }, 'x')
          ->result->json->{error}, 'invalid_post_type', 'content type';
    is $ua->post(url() . '/api/chat.postMessage', { 'Content-Type' => 'application/json; charset=koi8-r', Authorization => 'Bearer xoxb-1' }, '{}')
          ->result->json->{error}, 'invalid_charset', 'charset';
    is scalar @{ received() }, 2, 'none of these was accepted';
};


subtest 'ts' => sub {
    reset_all();

    my @ts;

    # within one second, unless the machine is slow
    for (1 .. 5) {
        @ts = map { api('chat.postMessage', { channel => $_, text => 'x' })->{ts} } qw(fresh-one fresh-two);
        last if substr($ts[0], 0, 10) eq substr $ts[1], 0, 10;
    }

    like $ts[0] + 0, qr/^[0-9]{10}\.[0-9]{1,5}$/, 'as a number it loses its tail';
    is_deeply [ map { m/\.0000[0-9]0$/ ? 1 : 0 } @ts ], [1, 1], 'each channel counts for itself';

    my $answer = api_answer('chat.postMessage', { channel => 'fresh-one', text => 'x' })->body;
    like $answer, qr/"ts":"[0-9.]+"/, 'it is a string';
};


subtest 'long texts' => sub {
    reset_all();

    my $answer = api('chat.postMessage', { channel => 'dev', text => 'é' x 4_000, attachments => [ { text => 'a' } ] });
    is scalar @{ received() }, 1, '4,000 characters are one message';

    $answer = api('chat.postMessage', { channel => 'dev', text => 'a' x 4_000 . 'b' x 4_000 . 'c',
                                        attachments => [ { text => 'a' } ] });

    my @parts = @{ received() }[ 1 .. 3 ];

    is_deeply [ map { [ $_->{part}, length $_->{payload}{text}, $_->{payload}{attachments} ? 1 : 0 ] } @parts ],
        [ [1, 4_000, 0], [2, 4_000, 0], [3, 1, 1] ], 'more are several, attachments go with the last';
    is $answer->{ts}, $parts[0]{ts}, 'the answer is about the first';
    like text('/_received.txt'), qr/^#dev \(part 2\)$/m, 'which can be seen';

    api('chat.postMessage', { channel => 'dev', text => 'x' x 40_001 });
    is scalar @{ received() }, 4 + 10, 'and what is over 40,000 is cut';
};


subtest 'chat.update' => sub {
    reset_all();

    my $post = api('chat.postMessage', { channel => '#dev', text => 'old', attachments => [ { fallback => 'kept' } ] });
    my %that = (channel => $post->{channel}, ts => $post->{ts});
    my $answer = api('chat.update', { %that, text => 'new' });

    ok $answer->{ok}, 'ok';
    is $answer->{ts}, $post->{ts}, 'the same ts';
    is $answer->{text}, 'new', 'new text';
    is text('/_received.txt'), "#dev (edited)\ntext: new\n[]\n  fallback: kept\n", 'what is left out is kept';

    ok api('chat.update', { %that, text => 'new', attachments => [], parse => 'none' })->{ok}, 'an empty array';
    is text('/_received.txt?edits=2'), "#dev (edited)\ntext: new\n", 'removes';

    my $record = last_message();
    like $record->{edited}, qr/^[0-9]{10}\.[0-9]{6}$/, 'edited is a ts';
    is_deeply $record->{updates}, [ { text => 'new' }, { text => 'new', attachments => [], parse => 'none' } ],
        'what each update sent is told';

    my $other = api('chat.postMessage', { channel => '#other', text => 'x' });
    my $reply = api('chat.postMessage', { channel => '#dev', text => 'x', thread_ts => $post->{ts} });

    hook({ channel => '#dev', text => 'by hook' });
    my $hooked = last_message();

    my @cases = (
        ['invalid_arguments', { %that, text => 'a & b' }],
        ['channel_not_found', { %that, channel => '#dev', text => 'x' }],
        ['channel_not_found', { %that, channel => 'U0ADA', text => 'x' }],
        ['message_not_found', { %that, ts => '1503435956.000247', text => 'x' }],
        ['message_not_found', { %that, channel => $other->{channel} =~ s/.$/X/r, text => 'x' }],
        ['invalid_arguments', { %that, ts => $post->{ts} + 0, text => 'x' }],
        ['invalid_arguments', { channel => $post->{channel}, text => 'x' }],
        ['invalid_arguments', { ts => $post->{ts}, text => 'x' }],
        ['invalid_arguments', { %that, text => 'x', username => 'x' }],
        ['msg_too_long',      { %that, text => 'x' x 4_001 }],
        ['no_text',           { %that, text => '' }],
        ['cant_update_message', { %that, text => 'x' }, 'xoxb-other'],
        ['cant_update_message', { %that, ts => $hooked->{ts}, text => 'x' }],
        ['cant_broadcast_message', { %that, reply_broadcast => true }],
        ['no_dual_broadcast_content_update', { %that, ts => $reply->{ts}, reply_broadcast => true, text => 'x' }],
    );

    for my $case (@cases) {
        my ($error, $message, $token) = @$case;

        is api('chat.update', $message, $token)->{error}, $error, $error;
    }

    ok api('chat.update', { %that, ts => $reply->{ts}, reply_broadcast => true })->{ok}, 'a reply is broadcast';

    reset_all('?strict=0');
    $post = api('chat.postMessage', { channel => '#dev', text => 'x' });
    is api('chat.update', { channel => $post->{channel}, ts => $post->{ts}, text => 'x' x 4_001 })->{error},
        'msg_too_long', 'also when not strict';
};


subtest 'chat.delete, and what is deleted' => sub {
    reset_all();

    my $post  = sub { return api('chat.postMessage', { channel => 'dev', text => 'x', @_ }) };
    my $first = $post->();
    my %that  = (channel => $first->{channel}, ts => $first->{ts});

    is api('chat.delete', {%that}, 'xoxb-other')->{error}, 'cant_delete_message', 'not that of another app';
    is api('chat.delete', { %that, channel => 'dev' })->{error}, 'channel_not_found', 'not by name';
    is api('chat.delete', {%that})->{ts}, $first->{ts}, 'its own';
    is api('chat.delete', {%that})->{error}, 'message_not_found', 'once';
    is api('chat.update', { %that, text => 'x' })->{error}, 'message_not_found', 'it cannot be changed any more';
    is text('/_received.txt'), "#dev (deleted)\ntext: x\n", 'as text';

    my $reply = $post->(thread_ts => $first->{ts});
    ok $reply->{ok}, 'a reply is taken';
    ok !exists $reply->{message}{thread_ts}, 'as a message of the channel';
    is last_message()->{unthreaded}, true, 'which is told';
    ok $post->(thread_ts => $reply->{ts})->{ok}, 'it can have replies itself';

    my $root = $post->();
    $post->(thread_ts => $root->{ts});
    is $ua->post(url() . '/_delete?n=' . (@{ received() } - 1))->result->code, 200, 'a person deletes';
    is received()->[-2]{deleted}, true, 'a root';
    is $post->(thread_ts => $root->{ts})->{message}{thread_ts}, $root->{ts}, 'with replies: its thread lives on';

    my $named = $post->(username => 'x');
    is api('chat.delete', { %that, ts => $named->{ts} })->{error}, 'cant_delete_message', 'not under another name';

    is $ua->post(url() . "/_delete?n=$_")->result->code, 400, "no message: $_" for 1, 99, 'x';
};


subtest 'client_msg_id' => sub {
    reset_all();

    my $post  = sub { my ($token, %more) = @_;
                      return api('chat.postMessage', { channel => 'dev', text => 'x', client_msg_id => $UUID, %more }, $token) };
    my $first = $post->();

    ok !exists $first->{is_duplicate}, 'the first is none';

    my $again = $post->(undef, text => 'other');
    is $again->{ok}, true, 'the second is taken';
    is $again->{is_duplicate}, true, 'as a duplicate';
    is $again->{ts}, $first->{ts}, 'with the first ts';
    is $again->{message}{text}, 'x', 'and the first text';
    is scalar @{ received() }, 1, 'and not recorded';
    is last_request()->{duplicate}, 1, 'but in the requests';

    ok !exists $post->(undef, client_msg_id => uc $UUID =~ s/^./2/r)->{is_duplicate}, 'another id';
    ok !exists $post->(undef, channel => 'ops')->{is_duplicate}, 'another channel';
    ok !exists $post->('xoxb-other')->{is_duplicate}, 'another app';

    api('chat.delete', { channel => $first->{channel}, ts => $first->{ts} });
    is $post->()->{error}, 'duplicate_message_not_found', 'the first is deleted';

    reset_all('?client_msg_id=0');
    $post->() for 1, 2;
    is scalar @{ received() }, 2, 'it can be without effect';
};


subtest 'limits' => sub {
    reset_all('?post_rate=60&post_burst=2&update_rate=1');

    my $post = sub { return api_answer('chat.postMessage', { channel => $_[0], text => 'x' }, $_[1]) };
    my $first = $post->('dev')->json;
    my %that  = (channel => $first->{channel}, ts => $first->{ts}, text => 'y');

    is $post->('ops')->code, 200, 'within the burst';

    my $res = $post->('new');
    is $res->code, 429, 'beyond it, whatever the channel';
    is $res->headers->header('Retry-After'), 1, 'Retry-After';
    is_deeply $res->json, { ok => false, error => 'ratelimited' }, 'body';
    ok !exists last_request()->{early}, 'it did not come too early';

    $post->('ops');
    cmp_ok last_request()->{early}, '>', 0, 'the next does';

    is api_answer('auth.test', {})->code, 200, 'another method goes on';
    ok !exists last_request()->{early}, 'and is not early';
    is $post->('dev', 'xoxb-other')->code, 200, 'another app, too';
    ok !exists last_request()->{early}, 'nor is that';

    is api_answer('chat.update', {%that})->code, 200, 'an update';
    $res = api_answer('chat.update', {%that});
    is $res->code, 429, 'has its own limit';
    cmp_ok $res->headers->header('Retry-After'), '>', 50, 'per minute';

    is $post->('dev', 'xoxb-A1-a')->code, 200, 'an app' for 1, 2;
    is $post->('dev', 'xoxb-A1-b')->code, 429, 'has one limit for all its tokens';

    reset_all('?rate=0.01');
    is $post->('dev')->code, 200, 'the limit of a channel';
    $res = $post->('dev');
    is $res->code, 429, 'counts here, too';
    is $res->json->{error}, 'ratelimited', 'with the same answer';
    is $post->('ops')->code, 429, 'and it holds the method, for all channels';
    cmp_ok last_request()->{early}, '>', 0, 'this one came too early';
    is $post->('ops', 'xoxb-other')->code, 200, 'not for another app';

    reset_all();
    faults(['429:;Retry-After: 30'], '?method=chat.postMessage');
    $post->('dev');
    %that = (%that, ts => $post->('dev')->json->{ts});
    cmp_ok last_message()->{early}, '>', 0, 'a message that is taken in spite of a 429';
    is text('/_received.txt'), "#dev (early)\ntext: x\n", 'says so';
    ok api('chat.update', {%that})->{ok}, 'an update is none';

    is $ua->post(url() . '/_reset?post_rate=fast')->result->code, 400, 'a rate is a number';
};


subtest 'tokens of others' => sub {
    reset_all('?team=T2');

    my $answer = api('chat.postMessage', { channel => 'dev', text => 'x' }, 'xoxb-T1-x');
    is $answer->{ok}, true, 'those of another workspace are taken';
    like $answer->{ts}, qr/^[0-9]{10}\.000010$/, 'with an answer';
    is text('/_requests.txt'), '', 'and not recorded';

    api('chat.postMessage', { channel => 'dev', text => 'own' }, 'xoxb-T2-x');
    api('chat.postMessage', { channel => 'dev', text => 'any' }, 'xoxb-x');
    is text('/_received.txt'), "#dev\ntext: own\n\n#dev\ntext: any\n", 'its own are, and those that name none';
};


stop_standin();
done_testing;
