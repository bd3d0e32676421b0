# The stand-in for Slack, tested through its own web interface.

use strict;
use warnings;
use utf8;

use Test::More;

use File::Temp qw(tempdir);
use FindBin;
use IO::Socket::INET;
use IPC::Open3 qw(open3);
use Mojo::JSON qw(encode_json decode_json to_json true false);
use Mojo::UserAgent;
use Time::HiRes qw(time);

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output todo_output);

my $PROGRAM = "$FindBin::Bin/../util/slack-standin";
my $HOOK    = '/services/T1/B1/notToBeSeen';
my $SECRET  = 'notToBeSeen';

my ($pid, $stdin, $stdout, $url, $port);
my $ua = Mojo::UserAgent->new->max_redirects(0)->inactivity_timeout(0);


sub start {
    my (@options) = @_;

    my $child = open3(my $in, my $out, '>&STDERR', $^X, $PROGRAM, '--port', 0, '--until-eof', @options);
    my $line  = readline $out // '';
    my ($where) = $line =~ m{^slack-standin: (https?://127\.0\.0\.1:[0-9]+)/$}
        or BAIL_OUT("no ready line but \"$line\"");

    return ($child, $in, $out, $where);
}


sub reset_all {
    my ($how) = @_;

    is $ua->post("$url/_reset" . ($how // ''))->result->code, 200, 'reset';

    return;
}


# Posts JSON, given as data or as it is, and returns status and body.
sub hook {
    my ($message, $path) = @_;

    my $body = ref $message ? encode_json($message) : $message;
    my $res  = $ua->post($url . ($path // $HOOK),
                         { 'Content-Type' => 'application/json' }, $body)->result;

    return ($res->code, $res->body);
}


sub api {
    my ($method, $message, $token) = @_;

    my $body = ref $message ? encode_json($message) : $message;
    my %more = defined $token && $token eq '' ? ()
             : (Authorization => 'Bearer ' . ($token // 'xoxb-test'));

    return $ua->post("$url/api/$method", { 'Content-Type' => 'application/json', %more }, $body)
              ->result->json;
}


sub get { return $ua->get("$url$_[0]")->result }

sub text { my $text = get($_[0])->body; utf8::decode($text); return $text }

sub last_request { return get('/_requests')->json->[-1] }


sub faults {
    my ($faults, $query) = @_;

    my $res = $ua->post("$url/_fault" . ($query // ''), json => $faults)->result;

    return ($res->code, $res->body);
}


# One raw request, and all that comes until the other side closes, what came matches
# ENOUGH, or SECONDS passed without a byte: (bytes, how it ended).
sub raw {
    my ($request, $seconds, $enough) = @_;

    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port)
        or BAIL_OUT("cannot connect: $!");
    my $got = '';

    $socket->syswrite($request);

    while (1) {
        my $ready = '';

        vec($ready, fileno $socket, 1) = 1;
        return ($got, 'open') if !select $ready, undef, undef, $seconds // 30;

        my $n = sysread $socket, $got, 65_536, length $got;

        return ($got, 'error') if !defined $n;
        return ($got, 'closed') if !$n;
        return ($got, 'open') if $enough && $got =~ $enough;
    }
}


sub raw_message {
    my ($text) = @_;

    my $body = encode_json({ text => $text });

    return "POST $HOOK HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
           . 'Content-Length: ' . length($body) . "\r\n\r\n$body";
}


# A message with one attachment, otherwise good.
sub attached { return { attachments => [ { fallback => 'f', @_ } ] } }


($pid, $stdin, $stdout, $url) = start();
($port) = $url =~ m/([0-9]+)$/;


subtest 'a webhook takes JSON and forms' => sub {
    is_deeply [hook({ text => 'hello' })], [200, 'ok'], 'JSON';
    like $ua->post("$url$HOOK", json => { text => 'x' })->result->headers->content_type,
        qr{^text/html}, 'an answer of plain text';

    my $res = $ua->post("$url$HOOK", form => { payload => to_json({ text => 'ö &amp; x' }) })->result;
    is $res->body, 'ok', 'form';

    $res = $ua->post("$url$HOOK", form => { other => 1 })->result;
    is_deeply [$res->code, $res->body], [400, 'invalid_payload'], 'form without payload';

    $res = $ua->post("$url$HOOK", { 'Content-Type' => 'text/plain' }, '{"text":"x"}')->result;
    is_deeply [$res->code, $res->body], [400, 'invalid_payload'], 'other types are refused';
    like last_request()->{why}, qr{content type "text/plain"}, 'and the reason kept';

    $res = $ua->post("$url$HOOK", { 'Content-Type' => 'application/json; charset=latin1' }, '{"text":"x"}')->result;
    is $res->body, 'invalid_payload', 'other charsets, too';

    is scalar @{ get('/_received')->json }, 3, 'three were accepted';
    is get('/_received')->json->[2]{payload}{text}, 'ö &amp; x', 'UTF-8 arrives';
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

    is scalar @{ get('/_received')->json }, 0, 'none was accepted';
    is scalar @{ get('/_requests')->json }, scalar @cases, 'all are in the list of requests';

    my @lines = split m/\n/, text('/_requests.txt');
    is $lines[0], '404 no_service #general', 'as text';
    is $lines[6], '410 channel_is_archived #archived', 'with the channel';

    is $ua->post("$url/other", json => {})->result->code, 404, 'an unknown path';
    is last_request()->{error}, 'not_found', 'is in the list, too';
};


subtest 'JSON is read strictly' => sub {
    reset_all();

    my @cases = (
        ['',                              qr/no JSON value/],
        ['{"text":"x"',                   qr/neither comma nor brace/],
        ['{"text":"x"} x',                qr/something after/],
        ['{"text":"x","text":"y"}',       qr/key "text" twice/],
        ["{\"text\":\"\xff\"}",           qr/not valid UTF-8/],
        ["{\"text\":\"\xed\xa0\x80\"}",   qr/not valid UTF-8/],
        ["{\"text\":\"\xc0\xaf\"}",       qr/not valid UTF-8/],
        ['{"text":"\ud83d x"}',           qr/lone surrogate/],
        ['{"text":"\udc00"}',             qr/lone surrogate/],
        ['{"text":"a\u0000"}',            qr/NUL/],
        ["{\"text\":\"a\nb\"}",           qr/control character/],
        ['{"text":"\x"}',                 qr/bad escape/],
        ['{"text":"x',                    qr/string without an end/],
        ['{text:"x"}',                    qr/no key/],
        ['[{"text":"x"},]',               qr/no JSON value/],
        ['{"text":01}',                   qr/neither comma/],
        ['[' x 100 . ']' x 100,           qr/nested too deeply/],
        ['["x"]',                         qr/not an object/],
        ['"x"',                           qr/not an object/],
        ['null',                          qr/not an object/],
    );

    for my $case (@cases) {
        my ($body, $why) = @$case;

        is_deeply [hook($body)], [400, 'invalid_payload'], 'refused: ' . substr $body =~ s/[^ -~]/?/gr, 0, 40;
        like last_request()->{why}, $why, 'for this reason';
    }

    is_deeply [hook('{"text":"\ud83d\ude80 \u00e9"}')], [200, 'ok'], 'a pair of surrogates is good';
    is get('/_received')->json->[0]{payload}{text}, "\x{1F680} é", 'and one character';
};


subtest 'good messages' => sub {
    reset_all();

    my @good = (
        { text => 'x', mrkdwn => false, unfurl_links => false, unfurl_media => false, parse => 'none', link_names => 0 },
        { text => 'x', icon_url => 'https://example.com/i.png', username => 'a' },
        { text => '&amp; &lt; &gt; &amp;amp;' },
        { text => '<https://e.example/a?b=1&amp;c=2|label &amp; more> <https://e.example> <mailto:a@b.example|mail>' },
        { text => '<@U012AB3CD> <#C024BE7LR|x> <#C024BE7LR> <!here> <!subteam^SAZ94GDB8|@x>' },
        { text => '<!date^1392734382^{date_short_pretty} {time}^https://e.example/|once>' },
        { text => "> quoted\n>> more\nnot" },
        { text => "```\ncode &lt;\n``` and ```more```" },
        { text => 'x' x 4_000 },
        { attachments => [ map { { fallback => "$_" } } 1 .. 100 ] },
        attached(color => 'good'), attached(color => 'warning'), attached(color => 'danger'), attached(color => '#00aAfF'),
        attached(ts => 1_700_000_000), attached(ts => '1700000000'), attached(ts => '1700000000.5'),
        attached(mrkdwn_in => [qw(text pretext fields)]),
        attached(fields => [ { title => 'a', value => 'b', short => true }, { value => 'c' } ]),
        attached(title => 'x' x 1_024, footer => 'x' x 300, text => 'x' x 8_000),
        attached(title => 't', title_link => 'https://e.example/x?y#z', author_name => 'a', author_link => 'http://e.example',
                 author_icon => 'https://e.example/a.png', footer => 'f', footer_icon => 'https://e.example/f.png'),
        { attachments => [ { text => 'only text' } ] },
        { text => 'x', thread_ts => '1503435956.000247' },
        { blocks => [ { type => 'section', text => { type => 'mrkdwn', text => 'x' } }, { type => 'divider' } ] },
        { attachments => [ { blocks => [ { type => 'header', text => { type => 'plain_text', text => 'x' } } ] } ] },
    );

    for my $i (0 .. $#good) {
        is_deeply [hook($good[$i])], [200, 'ok'], "message $i" or diag last_request()->{why};
    }

    is scalar @{ get('/_received')->json }, scalar @good, 'all are recorded';
    is_deeply [ map { $_->{payload} } @{ get('/_received')->json } ], \@good, 'as they were sent';
};


subtest 'each refusal' => sub {
    reset_all();

    my $section = sub { return { blocks => [ { type => 'section', @_ } ] } };

    my @cases = (
        # the whole
        ['no_text', {}, qr/neither text/],
        ['no_text', { text => '' }, qr/neither text/],
        ['no_text', { text => " \n" }, qr/neither text/],
        ['no_text', { attachments => [] }, qr/neither text/],
        ['invalid_payload', { text => 'x', txet => 1 }, qr{^/txet: unknown key$}],
        ['invalid_payload', { text => 'x', metadata => {} }, qr{^/metadata: unknown key$}],
        ['too_many_attachments', { attachments => [ map { { fallback => 'x' } } 1 .. 101 ] }, qr/101 attachments/],
        ['msg_too_long', { text => 'x' x 4_001 }, qr/4001 characters/],
        ['msg_too_long', { text => 'é' x 4_001 }, qr/4001 characters/],

        # types
        ['invalid_payload', { text => 5 }, qr{^/text: not a string$}],
        ['invalid_payload', { text => undef }, qr{^/text: not a string}],
        ['invalid_payload', { text => ['x'] }, qr{^/text: not a string$}],
        ['invalid_payload', { text => 'x', attachments => {} }, qr{^/attachments: not an array$}],
        ['invalid_payload', { text => 'x', unfurl_links => 0 }, qr/not true or false/],
        ['invalid_payload', { text => 'x', unfurl_media => 'false' }, qr/not true or false/],
        ['invalid_payload', { text => 'x', mrkdwn => 1 }, qr/not true or false/],
        ['invalid_payload', { text => 'x', link_names => 2 }, qr/not true or false/],
        ['invalid_payload', { text => 'x', parse => 'some' }, qr/neither none nor full/],
        ['invalid_payload', { text => 'x', username => '' }, qr/empty/],
        ['invalid_payload', { text => 'x', icon_emoji => 'fox' }, qr/not an emoji/],
        ['invalid_payload', { text => 'x', icon_url => 'fox.png' }, qr/not a http/],
        ['invalid_payload', { text => 'x', icon_url => 'https://e.example/' . 'x' x 255 }, qr/more than 255/],
        ['invalid_payload', { text => 'x', thread_ts => 1503435956 }, qr/not the ts of a message/],

        # attachments
        ['invalid_attachments', { attachments => ['x'] }, qr{^/attachments/0: not an object$}],
        ['invalid_attachments', { attachments => [ { fallback => 'x' }, {} ] }, qr{^/attachments/1: needs fallback or text$}],
        ['invalid_attachments', attached(colour => 'good'), qr{^/attachments/0/colour: unknown key$}],
        ['invalid_attachments', attached(color => 'green'), qr/neither good/],
        ['invalid_attachments', attached(color => '#12345'), qr/neither good/],
        ['invalid_attachments', attached(color => "#123456\n"), qr/neither good/],
        ['invalid_attachments', attached(text => 'x' x 8_001), qr/more than 8000/],
        ['invalid_attachments', attached(title => 'x' x 1_025), qr/more than 1024/],
        ['invalid_attachments', attached(footer => 'x' x 301), qr/more than 300/],
        ['invalid_attachments', attached(pretext => 'x' x 4_001), qr/more than 4000/],
        ['invalid_attachments', attached(title_link => 'javascript:alert(1)'), qr/not a http/],
        ['invalid_attachments', attached(title_link => 'https://e.example/a b'), qr/not a http/],
        ['invalid_attachments', attached(author_link => '/ada'), qr/not a http/],
        ['invalid_attachments', attached(author_icon => ''), qr/not a http/],
        ['invalid_attachments', attached(footer_icon => 'ftp://e.example/x'), qr/not a http/],
        ['invalid_attachments', attached(ts => 'now'), qr/not seconds/],
        ['invalid_attachments', attached(ts => '2026-01-01T00:00:00Z'), qr/not seconds/],
        ['invalid_attachments', attached(ts => 1.5), qr/not seconds/],
        ['invalid_attachments', attached(mrkdwn_in => ['title']), qr/neither text, pretext nor fields/],
        ['invalid_attachments', attached(mrkdwn_in => 'text'), qr/not an array/],
        ['invalid_attachments', attached(fields => {}), qr/not an array/],
        ['invalid_attachments', attached(fields => [ ('x') ]), qr/not an object/],
        ['invalid_attachments', attached(fields => [ {} ]), qr/needs title or value/],
        ['invalid_attachments', attached(fields => [ { title => 'a', short => 1 } ]), qr/not true or false/],
        ['invalid_attachments', attached(fields => [ { title => 'a', value => 5 } ]), qr/not a string/],
        ['invalid_attachments', attached(fields => [ { title => 'a', color => 'good' } ]), qr/unknown key/],
        ['invalid_attachments', attached(fields => [ { value => 'x' x 2_001 } ]), qr/more than 2000/],
        ['invalid_attachments', attached(fields => [ map { { title => 'x' } } 1 .. 21 ]), qr/21 fields/],

        # text
        ['invalid_payload', { text => 'a & b' }, qr/unescaped or cut &/],
        ['invalid_payload', { text => 'a &am' }, qr/unescaped or cut &/],
        ['invalid_payload', { text => 'a &quot;' }, qr/unescaped or cut &/],
        ['invalid_payload', { text => 'a < b' }, qr/unescaped or unclosed </],
        ['invalid_payload', { text => 'a <b> c' }, qr/no token of Slack's/],
        ['invalid_payload', { text => '<!everybody>' }, qr/no token of Slack's/],
        ['invalid_payload', { text => '<@ada>' }, qr/no token of Slack's/],
        ['invalid_payload', { text => '<!date^12^x>' }, qr/no token of Slack's/],
        ['invalid_payload', { text => '<javascript:alert(1)|x>' }, qr/no token of Slack's/],
        ['invalid_payload', { text => 'a > b' }, qr/unescaped >/],
        ['invalid_payload', { text => '<https://e.example|a>b>' }, qr/unescaped >/],
        ['invalid_payload', { text => '<https://e.example|a>>' }, qr/unescaped >/],
        ['invalid_payload', { text => '<https://e.example|cut' }, qr/unclosed </],
        ['invalid_payload', { text => '<https://e.example|a <b|c>' }, qr/unclosed </],
        ['invalid_payload', { text => '<https://e.example/a b|c>' }, qr/space in the URL/],
        ['invalid_payload', { text => '<https://e.example|a|b>' }, qr/\| in the label/],
        ['invalid_payload', { text => '<https://e.example|>' }, qr/empty label/],
        ['invalid_payload', { text => "<https://e.example|a\nb>" }, qr/line break in the label/],
        ['invalid_payload', { text => '<https://|x>' }, qr/link to nowhere/],
        ['invalid_payload', { text => '<mailto:nobody>' }, qr/link to nowhere/],
        ['invalid_payload', { text => '```code' }, qr/code fence/],
        ['invalid_attachments', attached(text => "```a```\n```b"), qr/code fence/],
        (map { ['invalid_attachments', attached($_ => 'a & b'), qr{^/attachments/0/$_: unescaped or cut &}] }
             qw(text pretext title footer fallback author_name)),
        (map { ['invalid_attachments', attached($_ => 'a > b'), qr{^/attachments/0/$_: unescaped >}] }
             qw(text pretext title footer fallback author_name)),
        ['invalid_attachments', attached(title => '> a'), qr/unescaped >/],
        ['invalid_attachments', attached(fields => [ { title => 'a < b' } ]), qr{/fields/0/title: unescaped or unclosed <}],
        ['invalid_attachments', attached(fields => [ { value => 'a <b>' } ]), qr{/fields/0/value: unescaped <}],

        # blocks
        ['invalid_blocks', { blocks => [ { type => 'marquee' } ] }, qr/unknown type of block/],
        ['invalid_blocks_format', { blocks => ['x'] }, qr/not an object/],
        ['invalid_blocks', { blocks => [ map { { type => 'divider' } } 1 .. 51 ] }, qr/51 blocks/],
        ['invalid_blocks', $section->(), qr/needs text or fields/],
        ['invalid_blocks', $section->(text => 'x'), qr/not a text object/],
        ['invalid_blocks', $section->(txt => 'x', text => { type => 'mrkdwn', text => 'x' }), qr/unknown key/],
        ['invalid_blocks', $section->(text => { type => 'mrkdwn', text => 'x' x 3_001 }), qr/must be less than 3001 characters/],
        ['invalid_blocks', $section->(text => { type => 'mrkdwn', text => '' }), qr/must be more than 0/],
        ['invalid_blocks', $section->(text => { type => 'mrkdwn', text => 'a & b' }), qr/unescaped or cut &/],
        ['invalid_blocks', $section->(fields => [ map { { type => 'mrkdwn', text => 'x' } } 1 .. 11 ]), qr/more than 10 fields/],
        ['invalid_blocks', { blocks => [ { type => 'header', text => { type => 'mrkdwn', text => 'x' } } ] }, qr/plain_text/],
        ['invalid_blocks', { blocks => [ { type => 'header', text => { type => 'plain_text', text => 'x' x 151 } } ] }, qr/less than 151/],
        ['invalid_blocks', { blocks => [ { type => 'context', elements => [] } ] }, qr/1 to 10 elements/],
        ['invalid_blocks', { blocks => [ { type => 'actions', elements => [ { type => 'x' } ] } ] }, qr/unknown type of element/],
        ['invalid_blocks', { blocks => [ { type => 'image', image_url => 'https://e.example/x' } ] }, qr/alt_text/],
        ['msg_blocks_too_long', { blocks => [ map { { type => 'section', text => { type => 'mrkdwn', text => 'x' x 3_000 } } } 1 .. 5 ] }, qr/15000 characters/],
    );

    for my $case (@cases) {
        my ($error, $message, $why) = @$case;
        my $name = substr encode_json($message), 0, 70;

        is_deeply [hook($message)], [400, $error], "$error: $name";
        like last_request()->{why}, $why, 'for this reason';
    }

    is scalar @{ get('/_received')->json }, 0, 'none was accepted';

    hook({ text => 'a & b', x => 1, attachments => [ map { {} } 1 .. 5 ] });
    like last_request()->{why}, qr{^/text: .*; /x: unknown key; .*; and 2 more$}, 'several faults are listed in order';
};


subtest 'when not strict' => sub {
    reset_all('?strict=0');

    is_deeply [hook({ text => 'x' x 40_000 })], [200, 'ok'], '40,000 characters';
    is_deeply [hook({ text => 'x' x 40_001 })], [400, 'msg_too_long'], 'but not more';
    is_deeply [hook(attached(text => 'x' x 9_000))], [200, 'ok'], 'long attachments';
    is_deeply [hook({ text => 'a & b' })], [400, 'invalid_payload'], 'escaping is still wanted';
};


subtest 'who would be notified' => sub {
    reset_all();

    hook({ text => '<!channel> <@U123|ada> x', attachments => [ { fallback => '<!here>', fields => [ { value => '<!subteam^S1>' } ] } ] });
    hook({ text => '@channel @here a@everyone' });
    hook({ text => '@channel a@everyone', link_names => 1 });
    hook({ text => 'hey @here', parse => 'full' });
    hook({ text => '&lt;!channel&gt; <#C123>' });

    my @pings = map { $_->{pings} } @{ get('/_received')->json };

    is_deeply [ sort @{ $pings[0] } ], ['<!channel>', '<!here>', '<!subteam^S1>', '<@U123|ada>'], 'tokens anywhere';
    is_deeply $pings[1], [], 'plain names are nobody';
    is_deeply $pings[2], ['@channel'], 'but with link_names';
    is_deeply $pings[3], ['@here'], 'or parse full';
    is_deeply $pings[4], [], 'nor is what is escaped, nor a channel';
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
    hook({ text => 'reply', thread_ts => get('/_received')->json->[1]{ts} });
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

    $ua->post("$url$HOOK", { 'Content-Type' => 'application/json', 'User-Agent' => 'nginx/1' }, '{"text":"https:\/\/x"}');

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


subtest 'chat.postMessage' => sub {
    reset_all();

    my $answer = api('chat.postMessage', { channel => '#dev', text => 'x', username => 'Bot', icon_emoji => ':x:',
                                           metadata => { event_type => 'a', event_payload => {} } });

    ok $answer->{ok}, 'ok';
    like $answer->{channel}, qr/^C[A-Z0-9]{10}$/, 'the ID of the channel';
    like $answer->{ts}, qr/^[0-9]{10}\.[0-9]{6}$/, 'ts';
    is $answer->{message}{text}, 'x', 'the message';

    my $second = api('chat.postMessage', { channel => $answer->{channel}, text => 'by ID' });
    is $second->{channel}, $answer->{channel}, 'the ID is stable';
    cmp_ok $second->{ts}, 'gt', $answer->{ts}, 'ts grows';

    is api('chat.postMessage', { channel => 'U0AB', text => 'x' })->{channel}, 'D0AB', 'a direct message';

    my $res = $ua->post("$url/api/chat.postMessage", form => {
        token => 'xoxb-formToken', channel => 'dev', text => 'form', unfurl_links => 'false',
        attachments => encode_json([ { fallback => 'f' } ]),
    })->result->json;
    ok $res->{ok}, 'form with token';
    unlike get('/_received')->body, qr/formToken|xoxb/, 'which is not kept';

    ok api('chat.postMessage', { channel => '#dev', thread_ts => $answer->{ts}, text => 'reply' })->{ok}, 'reply';

    is text('/_received.txt'), <<'END', 'all are recorded';
#dev as Bot icon :x:
text: x

#dev
text: by ID

U0AB
text: x

#dev
text: form
[]
  fallback: f

#dev
thread: message 1
text: reply
END
};


subtest 'errors of the Web API' => sub {
    reset_all();

    my %good  = (channel => '#dev', text => 'x');
    my $reply = do {
        my $first = api('chat.postMessage', {%good});
        api('chat.postMessage', { %good, thread_ts => $first->{ts} });
    };

    my @cases = (
        ['not_authed',      {%good}, ''],
        ['invalid_auth',    {%good}, 'xoxp-user'],
        ['token_revoked',   {%good}, 'xoxb-revoked'],
        ['token_expired',   {%good}, 'xoxb-expired'],
        ['account_inactive', {%good}, 'xoxb-inactive'],
        ['missing_scope',   {%good}, 'xoxb-noscope'],
        ['internal_error',  {%good}, 'xoxb-internal_error'],
        ['is_archived',     { %good, channel => 'archived' }],
        ['channel_not_found', { %good, channel => '#nowhere' }],
        ['not_in_channel',  { %good, channel => '#private' }],
        ['restricted_action_read_only_channel', { %good, channel => '#readonly' }],
        ['channel_not_found', { %good, channel => 'Über Alles' }],
        ['invalid_arguments', { text => 'x' }],
        ['invalid_arguments', { %good, ts => '1503435956.000247' }],
        ['no_text',         { channel => '#dev' }],
        ['msg_too_long',    { %good, text => 'x' x 4_001 }],
        ['too_many_attachments', { %good, attachments => [ map { { text => 'x' } } 1 .. 101 ] }],
        ['invalid_attachments', { %good, attachments => [ {} ] }],
        ['invalid_blocks',  { %good, blocks => [ { type => 'x' } ] }],
        ['invalid_metadata_format', { %good, metadata => {} }],
        ['cannot_reply_to_message', { %good, thread_ts => '1503435956.000247' }],
        ['cannot_reply_to_message', { %good, thread_ts => $reply->{ts} }],
        ['invalid_json',    '{'],
        ['json_not_object', '[]'],
    );

    for my $case (@cases) {
        my ($error, $message, $token) = @$case;
        my $answer = api('chat.postMessage', $message, $token);

        is $answer->{error}, $error, $error;
        ok !$answer->{ok}, 'not ok';
    }

    my $answer = api('chat.postMessage', { %good, attachments => [ { color => 'x', text => 'x' } ] });
    is_deeply $answer->{response_metadata}{messages},
        ['[ERROR] neither good, warning, danger nor #RRGGBB [json-pointer:/attachments/0/color]'], 'details';

    is api('chat.unknown', {})->{error}, 'unknown_method', 'unknown method';
    is $ua->post("$url/api/chat.postMessage", { 'Content-Type' => 'text/xml', Authorization => 'Bearer xoxb-1' }, 'x')
          ->result->json->{error}, 'invalid_post_type', 'content type';
    is $ua->post("$url/api/chat.postMessage", { 'Content-Type' => 'application/json; charset=koi8-r', Authorization => 'Bearer xoxb-1' }, '{}')
          ->result->json->{error}, 'invalid_charset', 'charset';
    is scalar @{ get('/_received')->json }, 2, 'none of these was accepted';
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

    ok api('chat.update', { %that, text => 'new', attachments => [] })->{ok}, 'an empty array';
    is text('/_received.txt?edits=2'), "#dev (edited)\ntext: new\n", 'removes';
    like get('/_received')->json->[0]{edited}, qr/^[0-9]{10}\.[0-9]{6}$/, 'edited is a ts';

    is api('chat.update', { %that, text => 'a & b' })->{error}, 'invalid_arguments', 'edits are judged, too';
    is api('chat.update', { %that, channel => '#dev', text => 'x' })->{error}, 'channel_not_found', 'wants the ID';
    is api('chat.update', { %that, ts => '1503435956.000247', text => 'x' })->{error}, 'message_not_found', 'unknown ts';
    is api('chat.update', { channel => $post->{channel}, text => 'x' })->{error}, 'invalid_arguments', 'no ts';
    is api('chat.update', { %that, text => 'x', username => 'x' })->{error}, 'invalid_arguments', 'no new name';
    is api('chat.update', { %that, text => 'x' }, 'xoxb-other')->{error}, 'cant_update_message', 'not of another bot';

    hook({ channel => '#dev', text => 'by hook' });
    my $hooked = get('/_received')->json->[1];
    is api('chat.update', { %that, ts => $hooked->{ts}, text => 'x' })->{error}, 'cant_update_message', 'nor of a webhook';

    my $locked = api('chat.postMessage', { channel => '#locked', text => 'x' });
    is api('chat.update', { channel => $locked->{channel}, ts => $locked->{ts}, text => 'x' })->{error}, 'edit_window_closed', 'locked';
};


subtest 'the rate limit' => sub {
    reset_all('?rate=0.001&burst=2');

    is_deeply [hook({ text => 'x' })], [200, 'ok'], "within the burst: $_" for 1, 2;

    my $res = $ua->post("$url$HOOK", json => { text => 'x' })->result;
    my $wait = $res->headers->header('Retry-After');

    is $res->code, 429, 'beyond it';
    cmp_ok $wait, '>', 0, 'Retry-After';
    is $res->body, qq({"retry_after":$wait,"ok":false,"error":"rate_limited"}), 'body';
    ok !last_request()->{early}, 'it did not come too early';

    is_deeply [hook({ text => 'x', channel => 'other' })], [200, 'ok'], 'another channel';

    $res = $ua->post("$url/api/chat.postMessage", { Authorization => 'Bearer xoxb-1' }, json => { channel => '#general', text => 'x' })->result;
    is $res->code, 429, 'the Web API has the same limit';
    is $res->json->{error}, 'rate_limited', 'and answer';
    cmp_ok last_request()->{early}, '>', 0, 'this one came before Retry-After was over';
    is ((split m/\n/, text('/_requests.txt'))[-1], '429 rate_limited #general before Retry-After was over', 'as text');

    is scalar @{ get('/_received')->json }, 3, 'what is limited is not accepted';

    reset_all();
    hook({ text => 'x' }) for 1 .. 5;
    is scalar @{ get('/_received')->json }, 5, 'reset takes the limit away';

    is $ua->post("$url/_reset?rate=fast")->result->code, 400, 'a rate is a number';
};


subtest 'messages of others' => sub {
    reset_all('?team=T2');
    faults(['500:oops']);

    is_deeply [hook({ text => 'left' }, '/services/T1/B1/x')], [200, 'ok'], 'those of another team are taken';
    is text('/_requests.txt'), '', 'and not recorded';
    is_deeply [hook({ text => 'own' }, '/services/T2/B1/x')], [500, 'oops'], 'the fault is for its own';

    reset_all();
    is_deeply [hook({ text => 'any' }, '/services/T1/B1/x')], [200, 'ok'], 'without a team all are its own';
    is scalar @{ get('/_received')->json }, 1, 'and recorded';
};


subtest 'faults' => sub {
    reset_all();

    my $count = sub { return scalar @{ get('/_received')->json } };

    is_deeply [faults(['500:oops', '503:', '429:slow down;Retry-After: 30;X-Other: a', 'ok'])], [200, "4\n"], 'queued';
    is scalar @{ get('/_fault')->json }, 4, 'and listed';
    is_deeply [hook({ text => 'x' })], [500, 'oops'], 'status and body';
    is_deeply [hook({ text => 'x' })], [503, ''], 'an empty body';

    my $res = $ua->post("$url$HOOK", json => { text => 'x' })->result;
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
    $res = $ua->post("$url$HOOK", json => { text => 'x' })->result;
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
    $res = $ua->post("$url$HOOK", json => { text => 'x' })->result;
    is $res->code, 200, 'huge';
    is length $res->body, 3_000_000, 'so many bytes';
    $res = $ua->post("$url$HOOK", json => { text => 'x' })->result;
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
    is $ua->post("$url/api/chat.postMessage", { Authorization => 'Bearer xoxb-1' }, json => { channel => 'dev', text => 'x' })
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


subtest 'waiting' => sub {
    reset_all();

    my $start = time;
    is text('/_received.txt?wait=1&timeout=0.3'), '', 'tells what there is when time is over';
    cmp_ok time - $start, '>=', 0.29, 'and not before';

    my @done;
    my $wait = sub {
        my ($path) = @_;

        return $ua->get_p("$url$path")->then(sub { push @done, [ $path, shift->result->body ] });
    };

    my $all = Mojo::Promise->all(
        $wait->('/_received.txt?wait=2&timeout=600'),
        $wait->('/_requests.txt?wait=3&timeout=600'),
        Mojo::Promise->timer(0.2)->then(sub { $ua->post_p("$url$HOOK", json => { text => 'one' }) })
            ->then(sub { $ua->post_p("$url$HOOK", json => { text => 'a & b' }) })
            ->then(sub { push @done, ['posting']; $ua->post_p("$url$HOOK", json => { text => 'two' }) }),
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

    my $tx = $ua->build_tx(GET => "$url/_events");
    my $seen = '';

    $tx->res->content->unsubscribe('read')->on(read => sub {
        my ($content, $bytes) = @_;

        $seen .= $bytes;

        $ua->post_p("$url$HOOK", json => { text => 'live' }) if $seen =~ m/before/ && $seen !~ m/live/;
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

    my ($status, $said) = $run->('--port', $port);
    is $status, 2, 'a port in use';
    like $said, qr/cannot listen on 127\.0\.0\.1:$port: .*give another --port/, 'says what to do';

    for my $wrong (['--port', 70_000], ['--rate', -1], ['--tls-cert', 'x'], ['--tls-cert', '/none', '--tls-key', '/none'],
                   ['--unknown'], ['word']) {
        is +($run->(@$wrong))[0], 2, "wrong: @$wrong";
    }

    like +($run->('--help'))[1], qr/SYNOPSIS.*_received\.txt/s, 'help';

    for my $signal (qw(TERM INT)) {
        my ($child) = my @more = start();

        kill $signal, $child;
        waitpid $child, 0;
        is $?, 0, "SIG$signal";
    }

    my ($child, $in, $out, $where) = start('--rate', 0.001);

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

    my ($child, $in, $out, $where) = start('--tls-cert', "$dir/cert.pem", '--tls-key', "$dir/key.pem");
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


close $stdin;
waitpid $pid, 0;
is $?, 0, 'the stand-in ended well';

done_testing;
