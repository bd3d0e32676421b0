# The stand-in's page in a browser: direct messages, threads, edits, and what a client
# ought not to have done.  Needs a Chromium.

use strict;
use warnings;
use utf8;

use Test::More;

use FindBin;
use lib "$FindBin::Bin/util";

use SlackBrowser;
use SlackServer;
use StandinClient;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output todo_output);

plan skip_all => 'no Chromium is installed' if !SlackBrowser::program();

start_standin();

my $browser = SlackBrowser->new;

$browser->view(1200, 900);


sub post { my (%message) = @_; return api('chat.postMessage', { channel => 'dev', %message }) }

sub shown { return $browser->text('#messages') }


my $root = post(text => 'the root');

post(text => 'another root');
post(text => 'a reply', thread_ts => $root->{ts}, reply_broadcast => Mojo::JSON->true);
api('chat.update', { channel => $root->{channel}, ts => $root->{ts}, text => 'the changed root' });
api('auth.test', {});
post(channel => 'U0ADA', text => 'plain');
post(channel => 'U0ADA', text => 'trapped', username => 'GitLab');
post(channel => 'ops', text => 'x' x 4_000 . 'the tail');
post(channel => 'nowhere', text => 'lost');
hook({ text => 'by hook' });
hook({ text => '**strong** *slanted* @all' }, '/hooks/key');

my $gone = post(text => 'soon gone');

api('chat.delete', { channel => $gone->{channel}, ts => $gone->{ts} });
post(text => 'a late reply', thread_ts => $gone->{ts});

$browser->open_page(url() . '/');
$browser->wait_for('document.querySelectorAll("article").length === 13');


subtest 'channels and direct messages' => sub {
    is $browser->text('#channels'), join("\n", map { "$_->[0]\n$_->[1]" }
        ['All channels', 13], ['#dev', 5], ['#general', 1], ['#nowhere', 1], ['#ops', 2], ['#town-square', 1],
        ['(no channel)', 1]) . "\nDirect messages\n" . join("\n", map { "$_->[0]\n$_->[1]" }
        ['Slackbot, to U0ADA', 1], ['U0ADA', 1]), 'the list';
    is $browser->text('#count'), '11 messages, 1 refused', 'the count';
};


subtest 'a thread' => sub {
    $browser->click('#channels li:nth-child(2) button');

    my ($day, @articles) = split m{\n(?=B\n)}, shown();

    like $articles[0], qr/the changed root/, 'the root as it is now';
    like $articles[0], qr/\(edited\)/, 'was edited';
    like $articles[0], qr/1 reply/, 'and has a reply';
    like $articles[0], qr/chat\.postMessage · bot B/, 'the method and the app';
    like $articles[1], qr/a reply/, 'which comes next';
    like $articles[1], qr/ALSO IN THE CHANNEL/, 'and was broadcast';
    like $articles[2], qr/another root/, 'before the next message';
    like $articles[3], qr/\(deleted\)/, 'what was deleted';
    like $articles[4], qr/not in its thread: the parent was deleted/, 'what stands in no thread';
};


subtest 'a thread that nobody opens' => sub {
    $browser->click('#replies');

    my ($day, @articles) = split m{\n(?=B\n)}, shown();

    like $articles[0], qr/the changed root.*1 reply/s, 'the root counts its replies';
    like $articles[1], qr/another root/, 'which are not there';
    like $articles[2], qr/a reply/, 'but in their turn if they are shown in the channel';
    is $browser->value('document.querySelectorAll("article.reply").length'), 0, 'they are messages as others';

    $browser->click('#replies');
    is $browser->value('document.querySelectorAll("article.reply").length'), 1, 'and replies again';
};


subtest 'the trap and other warnings' => sub {
    $browser->click('#channels .trap');
    is $browser->value('document.querySelectorAll("article.slackbot").length'), 1, 'marked';
    like shown(), qr/landed with Slackbot/, 'and told';

    $browser->click('#channels li:first-child button');
    like shown(), qr/part 2 of a text that Slack has split/, 'a long text';
    like shown(), qr/auth\.test → ok/, 'a request without a message';
    like shown(), qr/refused: 200 channel_not_found/, 'a refusal';
    like shown(), qr/webhook T1\/B1/, 'a webhook';
    like shown(), qr/webhook of mattermost/, 'another receiver';
    like shown(), qr/notifies \@all/, 'whom it notifies';
    is $browser->text('article b:not(.who b)') =~ m/strong/ ? 1 : 0, 1, 'two asterisks are bold there';
    like $browser->text('article i'), qr/slanted/, 'one is italic';
};


subtest 'as it comes' => sub {
    my $late = post(channel => 'later', text => 'live');

    ok $browser->wait_for('document.body.innerText.includes("live")'), 'a message';
    is $browser->value('document.querySelectorAll("article.changed").length'), 0, 'which is new, not changed';
    api('chat.update', { channel => $late->{channel}, ts => $late->{ts}, text => "live $_" }) for 1, 2;
    ok $browser->wait_for('document.querySelector("article.changed")?.innerText.includes("live 2")'), 'is changed';
    like $browser->text('article.changed'), qr/\(edited 2 times\)/, 'twice';
    is $browser->value('document.querySelectorAll("article.changed").length'), 1, 'not those that were before';
    $ua->post(url() . '/_delete?n=' . last_message()->{n});
    ok $browser->wait_for('document.querySelectorAll("article.deleted").length === 2'), 'is deleted';
};


subtest 'a slash command' => sub {
    my $answer = '{"response_type":"ephemeral","text":"*#17* is open"}';
    my ($port, $pid) = SlackServer::start(sub {
        my ($client) = @_;

        SlackServer::request($client);
        print {$client} join "\r\n", 'HTTP/1.0 200 OK', 'Content-Type: application/json',
            'Content-Length: ' . length $answer, '', $answer;
    });

    for my $to ($port, 1) {
        $ua->post(url() . '/_command' => form => {
            url => "http://127.0.0.1:$to/", secret => 'secret', command => '/gitlab', text => 'issue show 17',
            channel => '#asks',
        });
    }

    SlackServer::stop($pid);

    ok $browser->wait_for('document.querySelectorAll("article.command").length === 2'), 'both are shown';

    my $shown = $browser->text('#messages');

    like $shown, qr/jdoe.*in #asks.*slash command.*\/gitlab issue show 17/s, 'who gave which';
    like $shown, qr/Only visible to jdoe\s+#17 is open/, 'the answer';
    like $shown, qr/\/gitlab failed with the error dispatch_failed/, 'no answer';
};


is join("\n", $browser->problems), '', 'no errors';

$browser->screenshot($ENV{STANDIN_SCREENSHOT}) if defined $ENV{STANDIN_SCREENSHOT};
undef $browser;

stop_standin();
done_testing;
