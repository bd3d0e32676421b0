# The stand-in for Slack, through its own web interface: webhooks, what it tells, how it starts.

use strict;
use warnings;
use utf8;

use Test::More;

use FindBin;
use lib "$FindBin::Bin/util";

use File::Temp qw(tempdir);
use IPC::Open3 qw(open3);
use Mojo::JSON qw(decode_json to_json true false);
use Time::HiRes qw(time);
use StandinClient;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output todo_output);

start_standin();


subtest 'a webhook takes JSON and forms' => sub {
    is_deeply [hook({ text => 'hello' })], [200, 'ok'], 'JSON';
    like $ua->post(url() . "$HOOK", json => { text => 'x' })->result->headers->content_type,
        qr{^text/html}, 'an answer of plain text';

    my $res = $ua->post(url() . "$HOOK", form => { payload => to_json({ text => 'ö &amp; x' }) })->result;
    is $res->body, 'ok', 'form';

    $res = $ua->post(url() . "$HOOK", form => { other => 1 })->result;
    is_deeply [$res->code, $res->body], [400, 'invalid_payload'], 'form without payload';

    $res = $ua->post(url() . "$HOOK", { 'Content-Type' => 'text/plain' }, '{"text":"x"}')->result;
    is_deeply [$res->code, $res->body], [400, 'invalid_payload'], 'other types are refused';
    like last_request()->{why}, qr{content type "text/plain"}, 'and the reason kept';

    $res = $ua->post(url() . "$HOOK", { 'Content-Type' => 'application/json; charset=latin1' }, '{"text":"x"}')->result;
    is $res->body, 'invalid_payload', 'other charsets, too';

    is scalar @{ received() }, 3, 'three were accepted';
    is received()->[2]{payload}{text}, 'ö &amp; x', 'UTF-8 arrives';
};


subtest 'connections: keep-alive, chunked, Expect' => sub {
    reset_all();

    my $one = raw_message('one');
    my ($got) = raw($one . (raw_message('two') =~ s/\r\n\r\n/\r\nConnection: close\r\n\r\n/r));

    is scalar(() = $got =~ m/\r\n\r\nok/g), 2, 'two requests on one connection';

    ($got) = raw("POST $HOOK HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                 . "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                 . "7\r\n{\"text\"\r\n5\r\n:\"c\"}\r\n0\r\n\r\n");
    like $got, qr/\r\n\r\nok$/, 'a chunked body';

    ($got) = raw(raw_message('three') =~ s/\r\n\r\n/\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n/r);
    like $got, qr/\r\n\r\nok$/, 'Expect';

    is text('/_received.txt'),
        "#general\ntext: one\n\n#general\ntext: two\n\n#general\ntext: c\n\n#general\ntext: three\n",
        'all arrived in order';
};


subtest 'kinds of webhooks' => sub {
    reset_all();

    my %message = (text => 'x', channel => 'dev', username => 'GitLab', icon_emoji => ':fox_face:');

    hook(\%message);
    hook(\%message, '/services/T1/BAPPX/s');
    hook({ text => 'x', channel => 'C0123ABC' });
    hook({ text => 'x', channel => '@ada' });

    is text('/_received.txt'), <<'END', 'a legacy one obeys, that of an app does not';
#dev as GitLab icon :fox_face:
text: x

#app-BAPPX
text: x

C0123ABC
text: x

@ada
text: x
END
};


subtest 'errors of a webhook' => sub {
    reset_all();

    my @cases = (
        ['/services/T1/B1/revoked',     {}, 404, 'no_service'],
        ['/services/T1/B1/badtoken',    {}, 403, 'invalid_token'],
        ['/services/T1/B1/team_disabled', {}, 404, 'team_disabled'],
        ['/services/T1/B1/rollup_error',  {}, 500, 'rollup_error'],
        ['/services/T1/B1',             {}, 404, 'no_service'],
        ['/services/T1/B1/a/b',         {}, 404, 'no_service'],
        [$HOOK, { channel => '#archived' }, 410, 'channel_is_archived'],
        [$HOOK, { channel => 'nowhere' },   404, 'channel_not_found'],
        [$HOOK, { channel => '#readonly' }, 403, 'action_prohibited'],
        [$HOOK, { channel => '@nobody' },   400, 'user_not_found'],
        [$HOOK, { channel => '#Not A Name' }, 404, 'channel_not_found'],
    );

    for my $case (@cases) {
        my ($path, $more, $status, $error) = @$case;

        is_deeply [hook({ text => 'x', %$more }, $path)], [$status, $error],
            join ' ', $error, $path =~ s/\Q$SECRET\E/SECRET/r, %$more;
    }

    is scalar @{ received() }, 0, 'none was accepted';
    is scalar @{ get('/_requests')->json }, scalar @cases, 'all are in the list of requests';

    my @lines = split m/\n/, text('/_requests.txt');
    is $lines[0], '404 no_service #general', 'as text';
    is $lines[6], '410 channel_is_archived #archived', 'with the channel';

    is $ua->post(url() . "/other", json => {})->result->code, 404, 'an unknown path';
    is last_request()->{error}, 'not_found', 'is in the list, too';
};


subtest 'messages of others' => sub {
    reset_all('?team=T2');
    faults(['500:oops']);

    is_deeply [hook({ text => 'left' }, '/services/T1/B1/x')], [200, 'ok'], 'those of another team are taken';
    is text('/_requests.txt'), '', 'and not recorded';
    is_deeply [hook({ text => 'own' }, '/services/T2/B1/x')], [500, 'oops'], 'the fault is for its own';

    reset_all();
    is_deeply [hook({ text => 'any' }, '/services/T1/B1/x')], [200, 'ok'], 'without a team all are its own';
    is scalar @{ received() }, 1, 'and recorded';
};


subtest 'what is told as text' => sub {
    reset_all();

    hook({
        channel     => '#dev',
        username    => 'Gît',
        icon_url    => 'https://e.example/i.png',
        text        => "one\ntwo\tx\r\x{200B}\x{202E}\\n",
        attachments => [
            {
                color => 'good', pretext => 'before', title => 'T', title_link => 'https://e.example/t', author_name => 'A',
                author_link => 'https://e.example/a', text => "a\n\nb", footer => 'F', ts => 12, fallback => 'fb',
                fields => [ { title => 'x', value => 'y', short => true }, { title => 'long', value => "1\n2", short => false } ],
                image_url => 'https://e.example/p.png', thumb_url => 'https://e.example/q.png',
            },
            { fallback => 'only', title => 'no link', author_name => 'nobody' },
        ],
    });
    hook({ text => 'é 🚀' });
    hook({ text => 'reply', thread_ts => received()->[1]{ts} });
    hook({ text => 'reply', thread_ts => '1503435956.000247' });
    hook({ blocks => [
        { type => 'section', text => { type => 'mrkdwn', text => "a\nb" }, fields => [ { type => 'mrkdwn', text => 'c' } ] },
        { type => 'divider' },
    ] });

    is text('/_received.txt'), <<'END', 'every line';
#dev as Gît icon https://e.example/i.png
text: one\ntwo\tx\r\x{200B}\x{202E}\n
[good] pretext: before
  title: T -> https://e.example/t
  author: A -> https://e.example/a
  text: a\n\nb
  field: x = y (short)
  field: long = 1\n2
  image: https://e.example/p.png
  thumb: https://e.example/q.png
  footer: F
  ts: 12
  fallback: fb
[]
  title: no link
  author: nobody
  fallback: only

#general
text: é 🚀

#general
thread: message 2
text: reply

#general
thread: 1503435956.000247
text: reply

#general
block section: a\nb | c
block divider
END
};


subtest 'what is told as JSON' => sub {
    reset_all();

    my $before = time;

    $ua->post(url() . "$HOOK", { 'Content-Type' => 'application/json', 'User-Agent' => 'nginx/1' }, '{"text":"https:\/\/x"}');

    my $res    = get('/_received');
    my $record = $res->json->[0];

    like $res->headers->content_type, qr{^application/json}, 'type';
    cmp_ok $record->{time}, '>=', $before - 0.001, 'time';
    like delete $record->{ts}, qr/^[0-9]{10}\.[0-9]{6}$/, 'ts';
    like delete $record->{channel_id}, qr/^C[A-Z0-9]{10}$/, 'channel_id';
    delete $record->{time};

    is_deeply $record, {
        n => 1, via => 'webhook', team => 'T1', bid => 'B1', channel => '#general', payload => { text => 'https://x' },
        content_type => 'application/json', user_agent => 'nginx/1', pings => [],
    }, 'record';

    like $res->body, qr{https://x}, 'slashes are not escaped';

    my @keys = $res->body =~ m/"(\w+)":/g;
    my %seen;
    my @outer = grep { !$seen{$_}++ && $_ ne 'text' } @keys;
    is_deeply \@outer, [ sort @outer ], 'keys are sorted';

    hook({ text => 'x' }, '/services/T1/B1/notToBeSeen/x');
    unlike get($_)->body, qr/\Q$SECRET\E/, "no secret in $_"
        for qw(/_received /_received.txt /_requests /_requests.txt);
};


subtest 'the rate limit' => sub {
    reset_all('?rate=0.001&burst=2');

    is_deeply [hook({ text => 'x' })], [200, 'ok'], "within the burst: $_" for 1, 2;

    my $res = $ua->post(url() . "$HOOK", json => { text => 'x' })->result;
    my $wait = $res->headers->header('Retry-After');

    is $res->code, 429, 'beyond it';
    cmp_ok $wait, '>', 0, 'Retry-After';
    is $res->body, qq({"retry_after":$wait,"ok":false,"error":"rate_limited"}), 'body';
    ok !last_request()->{early}, 'it did not come too early';

    is_deeply [hook({ text => 'x', channel => 'other' })], [200, 'ok'], 'another channel';

    hook({ text => 'x' });
    cmp_ok last_request()->{early}, '>', 0, 'this one came before Retry-After was over';
    is ((split m/\n/, text('/_requests.txt'))[-1], '429 rate_limited #general before Retry-After was over', 'as text');

    is scalar @{ received() }, 3, 'what is limited is not accepted';

    reset_all();
    hook({ text => 'x' }) for 1 .. 5;
    is scalar @{ received() }, 5, 'reset takes the limit away';

    is $ua->post(url() . "/_reset?rate=fast")->result->code, 400, 'a rate is a number';
};


subtest 'waiting' => sub {
    reset_all();

    my $start = time;
    is text('/_received.txt?wait=1&timeout=0.3'), '', 'tells what there is when time is over';
    cmp_ok time - $start, '>=', 0.29, 'and not before';

    my @done;
    my $wait = sub {
        my ($path) = @_;

        return $ua->get_p(url() . "$path")->then(sub { push @done, [ $path, shift->result->body ] });
    };

    my $all = Mojo::Promise->all(
        $wait->('/_received.txt?wait=2&timeout=600'),
        $wait->('/_requests.txt?wait=3&timeout=600'),
        Mojo::Promise->timer(0.2)->then(sub { $ua->post_p(url() . "$HOOK", json => { text => 'one' }) })
            ->then(sub { $ua->post_p(url() . "$HOOK", json => { text => 'a & b' }) })
            ->then(sub { push @done, ['posting']; $ua->post_p(url() . "$HOOK", json => { text => 'two' }) }),
    );

    $all->wait;

    is $done[0][0], 'posting', 'both waited until enough had come';
    is_deeply { map { @$_ } @done[ 1, 2 ] }, {
        '/_received.txt?wait=2&timeout=600' => "#general\ntext: one\n\n#general\ntext: two\n",
        '/_requests.txt?wait=3&timeout=600' =>
            qq(200 ok #general\n400 invalid_payload #general /text: unescaped or cut & in "a & b"\n200 ok #general\n),
    }, 'and got all';

    is scalar @{ get('/_received?wait=2')->json }, 2, 'nothing to wait for';
    is scalar @{ get('/_requests?wait=3')->json }, 3, 'nor here';
    is get('/_received?wait=x')->code, 400, 'a number is wanted';
    is get('/_received?wait=1&timeout=x')->code, 400, 'here, too';
};


subtest 'the page' => sub {
    my $res = get('/');

    is $res->code, 200, 'is there';
    like $res->headers->content_type, qr{^text/html}, 'as HTML';
    like $res->headers->header('Content-Security-Policy'), qr/default-src 'none'/, 'with a policy';
    unlike $res->body, qr{(?:src|href)="(?:https?:)?//}, 'and nothing from outside';

    for my $part ($res->body =~ m{(?:src|href)="(/[^"]+)"}g) {
        is get($part)->code, 200, "$part is there";
    }

    unlike get($_)->body, qr/innerHTML|insertAdjacentHTML|document\.write|\beval\b/, "no HTML is made of messages in $_" for qw(/page.js /message.js);

    reset_all();
    hook({ text => 'before' });
    faults(['500:oops']);
    hook({ text => 'refused', channel => 'dev' });

    my ($got) = raw("GET /_events HTTP/1.1\r\nHost: x\r\n\r\n", 30, qr{500:oops.*\n\n}s);

    my @events = map { decode_json($_) } $got =~ m/^data: (\{"[^\n]+)$/mg;
    is scalar @events, 2, 'events of what came before';
    is $events[0]{payload}{text}, 'before', 'the accepted message';
    is $events[1]{fault}, '500:oops', 'and the refused one';

    my $tx = $ua->build_tx(GET => url() . "/_events");
    my $seen = '';

    $tx->res->content->unsubscribe('read')->on(read => sub {
        my ($content, $bytes) = @_;

        $seen .= $bytes;

        $ua->post_p(url() . "$HOOK", json => { text => 'live' }) if $seen =~ m/before/ && $seen !~ m/live/;
        Mojo::IOLoop->stop if $seen =~ m/live/;
    });
    $ua->start($tx => sub { });
    Mojo::IOLoop->start;

    like $seen, qr/"text":"live"/, 'events of what comes';
};


subtest 'starting and stopping' => sub {
    my $run = sub {
        my $child = open3(my $in, my $out, undef, $^X, $PROGRAM, @_);

        close $in;
        my $said = join '', readline $out;
        waitpid $child, 0;

        return ($? >> 8, $said);
    };

    my ($status, $said) = $run->('--port', port());
    is $status, 2, 'a port in use';
    like $said, qr/cannot listen on 127\.0\.0\.1:@{[ port() ]}: .*give another --port/, 'says what to do';

    for my $wrong (['--port', 70_000], ['--rate', -1], ['--tls-cert', 'x'], ['--tls-cert', '/none', '--tls-key', '/none'],
                   ['--unknown'], ['word']) {
        is +($run->(@$wrong))[0], 2, "wrong: @$wrong";
    }

    like +($run->('--help'))[1], qr/SYNOPSIS.*_received\.txt/s, 'help';

    for my $signal (qw(TERM INT)) {
        my ($child) = my @more = started();

        kill $signal, $child;
        waitpid $child, 0;
        is $?, 0, "SIG$signal";
    }

    my ($child, $in, $out, $where) = started('--rate', 0.001);

    $ua->post("$where$HOOK", json => { text => 'x' });
    is $ua->post("$where$HOOK", json => { text => 'x' })->result->code, 429, '--rate';
    close $in;
    waitpid $child, 0;
    is $?, 0, 'ends with its standard input';
};


subtest 'TLS' => sub {
    my $dir = tempdir(CLEANUP => 1);

    plan skip_all => 'needs IO::Socket::SSL and openssl'
        if !eval { require IO::Socket::SSL; 1 }
           || system "openssl req -x509 -newkey rsa:2048 -nodes -keyout $dir/key.pem -out $dir/cert.pem "
                     . '-days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 2>/dev/null';

    my ($child, $in, $out, $where) = started('--tls-cert', "$dir/cert.pem", '--tls-key', "$dir/key.pem");
    my $tls = Mojo::UserAgent->new->ca("$dir/cert.pem");

    like $where, qr/^https:/, 'the ready line says https';
    is $tls->post("$where$HOOK", json => { text => 'x' })->result->body, 'ok', 'a message';

    for my $fault (qw(reset garbage)) {
        $tls->post("$where/_fault", json => [$fault]);
        ok $tls->post("$where$HOOK", json => { text => 'x' })->error, $fault;
    }

    is $tls->post("$where$HOOK", json => { text => 'x' })->result->body, 'ok', 'and it lives on';

    close $in;
    waitpid $child, 0;
    is $?, 0, 'ended';
};


stop_standin();
done_testing;
