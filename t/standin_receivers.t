# The stand-in as Mattermost, Rocket.Chat and Discord.

use strict;
use warnings;
use utf8;

use Test::More;

use FindBin;
use lib "$FindBin::Bin/util";

use Mojo::JSON qw(encode_json to_json);
use StandinClient;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output todo_output);

start_standin();

my $MATTERMOST = '/hooks/notToBeSeen';
my $ROCKETCHAT = '/hooks/R1/notToBeSeen';
my $DISCORD    = '/api/webhooks/4711/notToBeSeen/slack';

my $SPACE = "\x{200B}";


sub answer {
    my ($path, $message) = @_;

    return $ua->post(url() . $path, { 'Content-Type' => 'application/json' }, encode_json($message))->result;
}


subtest 'answers' => sub {
    reset_all();

    my $res = answer($MATTERMOST, { text => 'x' });
    is_deeply [$res->code, $res->body], [200, 'ok'], 'Mattermost';
    like $res->headers->content_type, qr{^text/plain}, 'as text';

    $res = answer($ROCKETCHAT, { text => 'x' });
    is_deeply [$res->code, $res->body], [200, '{"success":true}'], 'Rocket.Chat';
    like $res->headers->content_type, qr{^application/json}, 'as JSON';

    $res = answer($DISCORD, { text => 'x' });
    is_deeply [$res->code, $res->body], [200, 'ok'], 'Discord';

    is $ua->post(url() . $MATTERMOST, form => { payload => to_json({ text => 'form' }) })->result->body, 'ok', 'a form';

    is text('/_received.txt'), <<'END', 'all are recorded';
#town-square
text: x

#general
text: x

#discord
text: x

#town-square
text: form
END

    is_deeply [ map { $_->{receiver} } @{ received() } ], [qw(mattermost rocketchat discord mattermost)], 'with their receiver';
    unlike get($_)->body, qr/\Q$SECRET\E/, "no secret in $_" for qw(/_received /_requests);

    is $ua->post(url() . $_, json => { text => 'x' })->result->code, 404, "no webhook: $_"
        for '/hooks/a/b/c', '/api/webhooks/1/slack', '/api/webhooks/1/x';
};


subtest 'refusals have the shape of the receiver' => sub {
    reset_all();

    my $res = answer('/hooks/revoked', { text => 'x' });
    is $res->code, 400, 'Mattermost: no such webhook';
    is $res->json->{id}, 'web.incoming_webhook.invalid.app_error', 'by its id';
    is answer($MATTERMOST, { text => 'a & b' })->json->{id}, 'web.incoming_webhook.parse.app_error', 'what is refused';
    is answer($MATTERMOST, { text => 'x', channel => '#nowhere' })->code, 404, 'no such channel';

    is answer('/hooks/R1/revoked', { text => 'x' })->json->{error}, 'no_service', 'Rocket.Chat';
    is answer($ROCKETCHAT, {})->json->{error}, 'no_text', 'says why';

    $res = answer('/api/webhooks/4711/revoked/slack', { text => 'x' });
    is_deeply [$res->code, $res->json->{code}], [404, 10_015], 'Discord: no such webhook';
    $res = answer('/api/webhooks/4711/badtoken/slack', { text => 'x' });
    is_deeply [$res->code, $res->json->{code}], [401, 50_027], 'wrong token';
    is answer($DISCORD, {})->json->{code}, 50_035, 'what is refused';

    is scalar @{ received() }, 0, 'none was accepted';
    is last_request()->{error}, 'no_text', 'the list of requests has the error by Slack\'s name';
};


subtest 'channels' => sub {
    reset_all();

    for my $channel ('dev', '#dev', '@ada') {
        is answer($MATTERMOST, { text => 'x', channel => $channel, username => 'GitLab' })->body, 'ok', $channel;
    }

    is answer($MATTERMOST, { text => 'x', channel => $_ })->code, 404, "an ID of Slack's: $_" for qw(U0ADA C0DEV);
    is text('/_received.txt'), join("\n", map { "$_ as GitLab\ntext: x\n" } '#dev', '#dev', '@ada'), 'where they went';

    is answer($DISCORD, { text => 'x', channel => 'dev' })->code, 400, 'Discord takes none';
    like last_request()->{why}, qr{/channel: unknown key}, 'says why';
    is answer($_, { blocks => [ { type => 'divider' } ] })->code, 400, "no blocks: $_" for $MATTERMOST, $DISCORD;
};


subtest 'who is notified' => sub {
    reset_all();

    my @texts = (
        ['@channel',                 '@channel'],
        ['hey @here, @all',          '@here @all'],
        ['by @ada.lovelace',         '@ada.lovelace'],
        ['a@b.example',              '@b.example'],
        ['`@all`',                   '@all'],
        ['<!channel> <@U123>',       '<!channel> <@U123>'],
        ['<https://git.example/@ada|by @ada>', '@ada'],
        ['<mailto:a@b.example|mail>', ''],
        ["\@${SPACE}channel \@${SPACE}ada", ''],
        ['@ alone @',                ''],
    );

    for my $path ($MATTERMOST, $ROCKETCHAT) {
        for my $case (@texts) {
            my ($text, $pings) = @$case;

            answer($path, { attachments => [ { text => $text, fallback => 'x' } ] });
            is join(' ', @{ last_message()->{pings} }), $pings, "$path: $text";
        }
    }

    answer($DISCORD, { text => '@everyone @here @ada <!channel>', attachments => [ { text => '@everyone', fallback => 'x' } ] });
    is_deeply last_message()->{pings}, ['@everyone', '@here'], 'Discord, of the text only';

    hook({ text => '@channel' });
    is_deeply last_message()->{pings}, [], 'Slack takes names for text';
};


subtest 'bold and italic' => sub {
    reset_all();

    answer($MATTERMOST, { text => '**bold** and *italic*, 2 * 3 * 4', attachments => [
        { fallback => 'x', text => '*slanted*', fields => [ { title => 'a', value => '*v*' } ] } ] });
    is_deeply last_message()->{italic}, ['*italic*', '*slanted*', '*v*'], 'what Slack would show bold';

    answer($ROCKETCHAT, { text => '*bold*' });
    ok !exists last_message()->{italic}, 'Rocket.Chat, too';
};


subtest 'limits of Discord' => sub {
    reset_all();

    my $field = sub { return { attachments => [ { fallback => 'x', fields => [ {@_} ] } ] } };
    my $card  = sub { return { attachments => [ { fallback => 'x', @_ } ] } };

    my @good = (
        { text => 'x' x 2_000 },
        { attachments => [ map { { text => 'x' } } 1 .. 10 ] },
        $field->(title => 'x' x 256, value => 'y' x 1_024),
        $card->(title => 'x' x 256, author_name => 'x' x 256, footer => 'x' x 300),
        $card->(text => 'x' x 4_096, mrkdwn_in => ['text'], color => '#00aaff'),
        { attachments => [ map { { text => 'x' x 3_000 } } 1, 2 ] },
        { text => 'x', username => 'GitLab', icon_emoji => ':x:', mrkdwn => Mojo::JSON->true },
    );

    is answer($DISCORD, $_)->body, 'ok', substr encode_json($_), 0, 50 for @good;
    is last_message()->{username}, 'GitLab', 'a name is shown';
    ok !exists last_message()->{icon}, 'an emoji is not';

    my @bad = (
        { text => 'x' x 2_001 },
        { attachments => [ map { { text => 'x' } } 1 .. 11 ] },
        $field->(title => 'x' x 257, value => 'y'),
        $field->(title => 'x', value => 'y' x 1_025),
        $card->(title => 'x' x 257), $card->(author_name => 'x' x 257), $card->(text => 'x' x 4_097),
        { attachments => [ map { { text => 'x' x 3_001 } } 1, 2 ] },
        { text => 'x', thread_ts => '1503435956.000247' },
    );

    is answer($DISCORD, $_)->code, 400, substr encode_json($_), 0, 50 for @bad;
    is scalar @{ received() }, scalar @good, 'so many were accepted';
};


subtest 'limits of rate, and faults' => sub {
    reset_all('?rate=0.5');

    answer($_, { text => 'x' }) for $MATTERMOST, $ROCKETCHAT, $DISCORD;

    my $res = answer($MATTERMOST, { text => 'x' });
    is $res->code, 429, 'Mattermost';
    is $res->body, 'limit exceeded', 'in its words';
    cmp_ok $res->headers->header('Retry-After'), '>=', 1, 'Retry-After';

    is answer($ROCKETCHAT, { text => 'x' })->json->{error}, 'error-too-many-requests', 'Rocket.Chat';

    $res = answer($DISCORD, { text => 'x' });
    like $res->json->{retry_after}, qr/^[0-9]+\.[0-9]+$/, 'Discord: with a fraction';
    ok !exists last_request()->{early}, 'it was not early';
    answer($DISCORD, { text => 'x' });
    cmp_ok last_request()->{early}, '>', 0, 'this one was';

    reset_all();
    faults(['429:{"retry_after":2.5}', 'error:no_service']);
    is answer($DISCORD, { text => 'x' })->code, 429, 'a 429 without header';
    is answer($DISCORD, { text => 'x' })->json->{message}, 'Unknown Webhook', 'an error';
    cmp_ok last_request()->{early}, '>', 1.4, 'which came early';
};


subtest 'those of others' => sub {
    reset_all('?team=T2');

    for my $path ('/hooks/T1-x', '/hooks/T1/x', '/api/webhooks/T1-4/x/slack') {
        like answer($path, { text => 'x' })->body, qr/ok|success/, "$path is taken";
    }

    is text('/_requests.txt'), '', 'and not recorded';
    answer('/hooks/T2-x', { text => 'own' });
    answer('/hooks/x', { text => 'any' });
    is text('/_received.txt'), "#town-square\ntext: own\n\n#town-square\ntext: any\n", 'own ones are';
};


stop_standin();
done_testing;
