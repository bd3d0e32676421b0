# The stand-in's channels and members: names, IDs, who may post where.

use strict;
use warnings;
use utf8;

use Test::More;

use FindBin;
use lib "$FindBin::Bin/util";

use Mojo::JSON qw(true false);
use StandinClient;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output todo_output);

start_standin();


sub post {
    my ($channel, $token, %more) = @_;

    return api('chat.postMessage', { channel => $channel, text => 'x', %more }, $token);
}


subtest 'names and IDs' => sub {
    reset_all();

    my $id = post('#dev')->{channel};

    is post('dev')->{channel}, $id, 'with and without #';
    is post($id)->{channel}, $id, 'by ID';
    is_deeply [ map { $_->{channel} } @{ received() } ], [('#dev') x 3], 'it is one channel';
    is post('C0UNKNOWN')->{channel}, 'C0UNKNOWN', 'an ID without a name';
    is post('G0UNKNOWN')->{channel}, 'G0UNKNOWN', 'an old private one';

    reset_all('?channel=ops:C0OPS&channel=operations:C0OPS');
    is post($_)->{channel}, 'C0OPS', "declared: $_" for '#ops', 'operations', 'C0OPS';
    is_deeply [ map { $_->{channel} } @{ received() } ], ['#ops', '#operations', '#ops'], 'two names of one channel';

    reset_all();
    is post('#dev')->{channel}, $id, 'a reset does not change IDs';
};


subtest 'public channels' => sub {
    reset_all('?channel=busy:C0BUSY:too_many_members');

    is post('dev', 'xoxb-nopublic')->{error}, 'not_in_channel', 'not without chat:write.public';
    my $id = post('dev')->{channel};

    my $join = sub { return api('conversations.join', { channel => $_[0] }, $_[1] // 'xoxb-nopublic') };
    my $answer = $join->($id);
    is_deeply $answer, { ok => true, channel => { id => $id, name => 'dev', is_channel => true, is_private => false,
                                                  is_member => true } }, 'join';
    is post('dev', 'xoxb-nopublic')->{ok}, true, 'as a member';
    is post('dev', 'xoxb-nopublic-2')->{error}, 'not_in_channel', 'not another app';

    $answer = $join->($id);
    is $answer->{ok}, true, 'again';
    is $answer->{warning}, 'already_in_channel', 'with a warning';

    my @cases = (
        ['channel_not_found', 'dev'],
        ['channel_not_found', 'U0ADA'],
        ['channel_not_found', 'C0NOWHERE'],
        ['is_archived', 'C0ARCHIVED'],
        ['method_not_supported_for_channel_type', 'C0PRIVATE'],
        ['method_not_supported_for_channel_type', 'G0UNKNOWN'],
        ['too_many_members', 'C0BUSY'],
        ['invalid_arguments', undef],
    );

    is $join->($_->[1])->{error}, $_->[0], "join: $_->[0]" for @cases;
    is scalar @{ received() }, 2, 'two messages';
};


subtest 'private channels' => sub {
    reset_all('?channel=board:C0BOARD:private:hidden');

    is post('private')->{error}, 'channel_not_found', 'not by name';
    is post('C0PRIVATE')->{error}, 'not_in_channel', 'not without an invitation';
    is post('C0BOARD')->{error}, 'channel_not_found', 'one that is hidden is not there';
    is post('C0INSIDERS')->{ok}, true, 'as a member';
    is post('insiders')->{error}, 'channel_not_found', 'but not by name';

    is $ua->post(url() . '/_channel?channel=board:private:hidden:member')->result->body, "C0BOARD\n", 'it is invited';
    is post('C0BOARD')->{ok}, true, 'and is in';
    $ua->post(url() . '/_channel?channel=board:private');
    is post('C0BOARD')->{error}, 'not_in_channel', 'and is out again';
};


subtest 'what channels refuse' => sub {
    reset_all('?channel=calm:C0CALM');

    my $root = post('calm');
    my %that = (channel => 'C0CALM', ts => $root->{ts}, text => 'y');

    # word of the channel, the error for a root, a reply, an update
    my @cases = (
        ['is_archived',      'is_archived', 'is_archived', 'is_inactive'],
        ['restricted_action', ('restricted_action') x 2, 'ok'],
        ['restricted_action_read_only_channel', ('restricted_action_read_only_channel') x 2, 'ok'],
        ['restricted_action_thread_only_channel', 'restricted_action_thread_only_channel', 'ok', 'ok'],
        ['restricted_action_thread_locked', 'ok', 'restricted_action_thread_locked', 'ok'],
        ['restricted_action_non_threadable_channel', 'ok', 'restricted_action_non_threadable_channel', 'ok'],
        ['cannot_reply_to_message', 'ok', 'cannot_reply_to_message', 'ok'],
        ['messages_tab_disabled', ('messages_tab_disabled') x 2, 'ok'],
        ['message_limit_exceeded', ('message_limit_exceeded') x 3],
        ['edit_window_closed', 'ok', 'ok', 'edit_window_closed'],
        ['posting_to_channel_denied', 'ok', 'ok', 'posting_to_channel_denied'],
        ['team_not_found', ('team_not_found') x 3],
        ['channel_not_found', ('channel_not_found') x 3],
    );

    for my $case (@cases) {
        my ($word, @errors) = @$case;

        $ua->post(url() . "/_channel?channel=calm:$word");

        my @answers = (post('C0CALM'), post('C0CALM', undef, thread_ts => $root->{ts}), api('chat.update', {%that}));

        is_deeply [ map { $_->{error} // 'ok' } @answers ], \@errors, $word;
    }

    is post('#locked')->{ok}, true, '#locked can be posted to';
    is api('chat.update', { channel => 'C0LOCKED', ts => last_message()->{ts}, text => 'x' })->{error},
        'edit_window_closed', 'but not edited';

    is_deeply [hook({ text => 'x', channel => $_->[0] })], [ @$_[1, 2] ], "a webhook: $_->[0]"
        for ['C0ARCHIVED', 410, 'channel_is_archived'], ['C0READONLY', 403, 'action_prohibited'],
            ['#private', 404, 'channel_not_found'], ['#insiders', 200, 'ok'];

    for my $wrong ('', '?channel=', '?channel=Dev', '?channel=dev:unheard', '?channel=dev:a%20b') {
        my $res = $ua->post(url() . "/_channel$wrong")->result;

        is $res->code, 400, "wrong: $wrong";
        like $res->body, qr/channel/, 'is told';
    }

    is $ua->post(url() . '/_reset?channel=dev:unheard')->result->code, 400, 'by a reset, too';
};


subtest 'organisations' => sub {
    reset_all();

    my $id = post('dev')->{channel};

    is post('dev', 'xoxb-org')->{error}, 'team_not_found', 'their tokens take no names';
    is post($id, 'xoxb-org')->{ok}, true, 'but IDs';
    is post('U0ADA', 'xoxb-org')->{ok}, true, 'and members';
};


subtest 'direct messages' => sub {
    reset_all();

    my $dm = post('U0ADA');
    like $dm->{channel}, qr/^D[A-Z0-9]{10}$/, 'a member has a D…';
    is post($dm->{channel})->{channel}, $dm->{channel}, 'which leads there, too';
    isnt post('W0ADA')->{channel}, $dm->{channel}, 'a W… is somebody else';
    is_deeply [ map { $_->{channel} } @{ received() } ], [qw(U0ADA U0ADA W0ADA)], 'they are called by the member';
    ok api('chat.update', { channel => $dm->{channel}, ts => $dm->{ts}, text => 'y' })->{ok}, 'a change wants the D…';
    ok post($dm->{channel}, undef, username => 'x')->{ok}, 'a name is good there';
    ok !exists last_message()->{slackbot}, 'it stays in the conversation';

    is post($dm->{channel}, 'xoxb-other')->{error}, 'channel_not_found', 'that of another app';
    isnt post('U0ADA', 'xoxb-other')->{channel}, $dm->{channel}, 'which has its own';
    is post('D0NEVER')->{error}, 'channel_not_found', 'one that never was';
    is post('U0NOBODY')->{error}, 'channel_not_found', 'a member that cannot be written to';
    is api('conversations.join', { channel => $dm->{channel} })->{error}, 'method_not_supported_for_channel_type', 'none joins';

    # the trap
    for my $more ([ username => 'Bot' ], [ icon_emoji => ':x:' ], [ icon_url => 'https://e.example/x.png' ]) {
        my $answer = post('U0ADA', undef, @$more);

        ok $answer->{ok}, "with $more->[0] it is taken";
        is last_message()->{slackbot}, true, 'and lands with Slackbot';
        isnt $answer->{channel}, $dm->{channel}, 'in another conversation';
        is api('chat.update', { channel => $answer->{channel}, ts => $answer->{ts}, text => 'y' })->{error},
            'channel_not_found', 'that cannot be changed';
    }

    like text('/_received.txt'), qr/^U0ADA as Bot \(Slackbot\)$/m, 'as text';
};


subtest 'conversations.open' => sub {
    reset_all();

    my $open = sub { return api('conversations.open', {@_}) };

    is $open->(users => 'U0ADA', prevent_creation => true)->{error}, 'channel_not_found', 'not yet';
    my $first = $open->(users => 'U0ADA');
    is $first->{channel}{id}, post('U0ADA')->{channel}, 'the D… of a member';
    ok !exists $first->{already_open}, 'is new';
    is $open->(users => 'U0ADA')->{already_open}, true, 'and then open';
    is $open->(channel => $first->{channel}{id})->{channel}{id}, $first->{channel}{id}, 'by itself';

    my @cases = (
        ['users_list_not_supplied'],
        ['user_not_found', users => 'U0NOBODY'],
        ['user_not_found', users => 'ada'],
        ['channel_not_found', channel => 'D0NEVER'],
        ['invalid_arguments', user => 'U0ADA'],
    );

    is $open->(@$_[ 1 .. $#$_ ])->{error}, $_->[0], $_->[0] for @cases;
};


subtest 'users.lookupByEmail' => sub {
    reset_all();

    my %auth   = (Authorization => 'Bearer xoxb-x');
    my $lookup = sub { return $ua->get(url() . '/api/users.lookupByEmail', {%auth}, form => {@_})->result->json };
    my $ada    = $lookup->(email => 'Ada@acme.example');

    like $ada->{user}{id}, qr/^U[A-Z0-9]{10}$/, 'a member';
    is $lookup->(email => 'ada@acme.example')->{user}{id}, $ada->{user}{id}, 'however it is written';
    isnt $lookup->(email => 'bob@acme.example')->{user}{id}, $ada->{user}{id}, 'another is another';
    is $ua->post(url() . '/api/users.lookupByEmail', {%auth}, form => { email => 'ada@acme.example' })->result->json->{user}{id},
        $ada->{user}{id}, 'by a form';
    is api('users.lookupByEmail', { email => 'ada@acme.example' })->{error}, 'invalid_arguments', 'not by JSON';
    is $lookup->(email => 'nobody@acme.example')->{error}, 'users_not_found', 'nobody';
    is $lookup->()->{error}, 'invalid_arguments', 'no address';
};


stop_standin();
done_testing;
