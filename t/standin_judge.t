# The stand-in's judgement of a message.

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
    is received()->[0]{payload}{text}, "\x{1F680} é", 'and one character';
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

    is scalar @{ received() }, scalar @good, 'all are recorded';
    is_deeply [ map { $_->{payload} } @{ received() } ], \@good, 'as they were sent';
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
        ['invalid_payload', { text => 'x', parse => 'some' }, qr/not one of none, full/],
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

    is scalar @{ received() }, 0, 'none was accepted';

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

    my @pings = map { $_->{pings} } @{ received() };

    is_deeply [ sort @{ $pings[0] } ], ['<!channel>', '<!here>', '<!subteam^S1>', '<@U123|ada>'], 'tokens anywhere';
    is_deeply $pings[1], [], 'plain names are nobody';
    is_deeply $pings[2], ['@channel'], 'but with link_names';
    is_deeply $pings[3], ['@here'], 'or parse full';
    is_deeply $pings[4], [], 'nor is what is escaped, nor a channel';
};


stop_standin();
done_testing;
