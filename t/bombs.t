# Bodies made to hurt: each is answered as README.md says, in memory that is
# bounded, and nothing that Slack gets is broken by them.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackClient;

our $Close    = 'Connection: close';
our $Queued   = qr/^\{"status":"queued",/m;
our $Filtered = qr/^\{"status":"filtered",/m;

my $MEGA = 1024 * 1024;

# a worker's growth, kB, over client_body_buffer_size
my $GROWTH = 2560;


sub payload { return SlackTest::payload(@_) }


# The answer to a body, alone on its connection.
sub post {
    my ($body, @headers) = @_;

    return SlackClient::talk(SlackClient::request('/hook', $body, @headers, $Close));
}


# Posts all on one connection, returns the answers: [code, body].
sub post_all {
    my @bodies = @_;

    my $socket = SlackClient::connection();
    my @answers;

    for my $i (0 .. $#bodies) {
        my @headers = $i == $#bodies ? ($Close) : ();

        print {$socket} SlackClient::request('/hook', $bodies[$i], @headers);

        my $text = SlackClient::read_until($socket, qr/\r\n\r\n.*\}\n?\z/s);
        my ($code, $answer) = $text =~ m/^HTTP\/1\.1 (\d+) .*?\r\n\r\n(.*?)\s*\z/s;

        push @answers, [ $code // 0, $answer // '' ];
    }

    return @answers;
}


# A payload with further members, which nobody wants.
sub with {
    my ($members, $file) = @_;

    return payload($file // 'push_1k.json') =~ s/\}\s*\z/,$members}/r;
}


# An issue with a title, as it stands in JSON.
sub issue {
    my ($title) = @_;

    return payload('issue_open.json') =~ s/("object_attributes":\{.*?"title":")[^"]*/$1$title/sr;
}


# Posts each of NAME => [BODY, answer], two times, and looks at the workers.
sub bombs {
    my ($buffer, %bombs) = @_;

    my %answers;

    for (1 .. 10) {
        my $text = post(payload('push_1k.json'));
        Test::More::like($text, $Queued, 'before');
        $answers{$1}++ if $text =~ m/^X-Worker: ([0-9]+)\r$/m;
    }

    SlackClient::slack(10);

    # what a worker needs for its first requests is not theirs
    my @workers = SlackClient::all_workers();
    my %before  = map { $_ => SlackClient::peak($_) } grep { ($answers{$_} // 0) >= 3 } @workers;

    for my $name (sort keys %bombs) {
        my ($body, $like, @headers) = @{ $bombs{$name} };
        $body = $body->();

        Test::More::like(post($body, @headers), $like, "$name - answer") for 1 .. 2;

        next if $ENV{TEST_NGINX_LD_PRELOAD} || $ENV{TEST_NGINX_USE_VALGRIND};

        for my $pid (sort keys %before) {
            my $grown = SlackClient::peak($pid) - $before{$pid};

            Test::More::cmp_ok($grown, '<=', $GROWTH + $buffer, "$name - memory");
            Test::More::note("$name: $grown kB");
        }
    }

    Test::More::is_deeply([ SlackClient::processes() ], \@workers, 'the same processes');
    Test::More::like(post(payload('push_1k.json')), $Queued, 'after');

    return;
}


# What Slack got once WAIT messages came; the stand-in refuses what is broken.
sub accepted {
    my ($wait) = @_;

    my $got = SlackClient::slack($wait);
    my $all = SlackClient::curl(SlackTest::url() . '/_requests');

    Test::More::unlike($all, qr/"status":[345]/, 'Slack refused nothing');
    Test::More::unlike($all, qr/<[!@]/, 'no pings');

    return $got;
}


sub mega { return $MEGA }


add_block_preprocessor(sub {
    my ($block) = @_;

    $block->set_value(http_config => ($block->http_config // '') . "    add_header X-Worker \$pid always;\n");
});

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== nested
--- config
    location = /hook {
        client_max_body_size 26m;
        slack_notify acme;
    }
--- log_level: info
--- client eval
sub {
    my %bombs = map {
        my ($name, $open, $like) = @$_;
        ($name => [ sub { $open x (25 * ::mega() / length $open) }, qr/^\{"status":"rejected","reason":"body $like"\}$/m ]);
    } ['arrays', '[', 'is nested too deep at byte 65'],
      ['objects', '{"a":', 'is nested too deep at byte \d+'],
      ['both', '[{"object_attributes":', 'is nested too deep at byte \d+'],
      ['wanted', '{"commits":[', 'is nested too deep at byte \d+'],
      ['spaced', "[\n", 'is nested too deep at byte \d+'];

    for my $depth (63, 64) {
        $bombs{"depth $depth"} = [ sub { ::with('"x":' . '[' x $depth . ']' x $depth) },
                                   $depth < 64 ? $::Queued : qr/is nested too deep/ ];
    }

    ::bombs(16, %bombs);
}
--- timeout: 60s
--- no_error_log
[error]
[alert]



=== 25 MB
--- config
    location = /hook {
        client_max_body_size 26m;
        slack_notify acme;
    }
--- log_level: info
--- client eval
sub {
    my $long = sub { my ($text, $mega) = @_; $text x ($mega * ::mega() / length $text) };

    ::bombs(16,
        'a string'          => [ sub { ::with('"x":"' . $long->('text <&> ', 24) . '"') }, $::Queued ],
        'a wanted string'   => [ sub { ::issue($long->('<!channel> & ', 24)) }, $::Queued ],
        'escapes'           => [ sub { ::issue($long->('\\u0000\\ud800', 24)) }, $::Queued ],
        'backslashes'       => [ sub { ::issue($long->('\\\\', 24)) }, $::Queued ],
        'broken UTF-8'      => [ sub { ::issue($long->("\xff\xc0\xaf", 24)) }, $::Queued ],
        'a key'             => [ sub { ::with('"' . $long->('k', 24) . '":1') }, $::Queued ],
        'keys with escapes' => [ sub { ::with('"' . $long->('\\n', 24) . '":1') }, $::Queued ],
        'white space'       => [ sub { ::with($long->(" \n", 24) . '"x":1') }, $::Queued ],
        'a number'          => [ sub { ::with('"x":' . $long->('1', 24)) }, qr/"body has a number that is too long at byte \d+"/ ],
        'a fraction'        => [ sub { ::with('"x":0.' . $long->('1', 24)) }, qr/"body has a number that is too long at byte \d+"/ ],
        'a word'            => [ sub { ::with('"x":' . $long->('true', 24)) }, qr/"body is not JSON at byte \d+"/ ],
        'no JSON'           => [ sub { $long->('x', 25) }, qr/"body is not JSON at byte \d+"/ ],
        'NULs'              => [ sub { $long->("\0", 25) }, qr/"body is not JSON at byte \d+"/ ],
        'an open string'    => [ sub { '{"object_kind":"' . $long->('push', 25) }, qr/"body ends early at byte \d+"/ ],
        'no end'            => [ sub { ::with('"x":[' . $long->('"text",', 24)) =~ s/\}\s*\z//r }, qr/"body ends early at byte \d+"/ ],
        'strings'           => [ sub { ::with('"x":[' . $long->('"some text",', 24) . '0]') }, $::Queued ],
        'empty objects'     => [ sub { ::with('"x":[' . $long->('{},', 24) . '0]') }, $::Queued ],
        'wanted values'     => [ sub { ::with('"labels":[' . $long->('{"title":"a"},', 24) . '0]', 'issue_open.json') }, $::Queued ],
        'commits'           => [ sub { '{"commits":[' . $long->('{"id":"a","title":"b","url":"c"},', 24) . '{}],' . ::payload('push_1k.json') =~ s/\A\s*\{//r }, $::Queued ],
        'long commits'      => [ sub { '{"commits":[' . $long->('{"message":"' . 'b' x 16300 . '"},', 24) . '{}],' . ::payload('push_1k.json') =~ s/\A\s*\{//r }, $::Queued ],
        'files'             => [ sub { ::with('"commits":[{"added":[' . $long->('"a",', 24) . '"b"]}]') }, $::Queued ],
        'builds'            => [ sub { ::with('"builds":[' . $long->('{"name":"a","status":"failed"},', 24) . '{}]', 'pipeline_failed.json') }, $::Queued ],
        'a form'            => [ sub { 'payload=' . ::with('"x":"' . $long->('%41', 24) . '"') =~ s/&/%26/gr }, $::Queued, 'Content-Type: application/x-www-form-urlencoded' ],
        'form fields'       => [ sub { $long->('a=b&', 24) }, qr/"form without payload"/, 'Content-Type: application/x-www-form-urlencoded' ],
        'more than allowed' => [ sub { $long->(' ', 27) }, qr/^HTTP\/1\.1 413 /m ],
    );
}
--- timeout: 120s
--- no_error_log
[alert]
[crit]



=== a million keys, and the same one a million times
--- config
    location = /hook {
        client_max_body_size 26m;
        slack_notify acme;
    }
--- log_level: info
--- client eval
sub {
    ::bombs(16,
        'keys'        => [ sub { ::with(CORE::join ',', map { qq("k$_":$_) } 1 .. 1_000_000) }, $::Queued ],
        'one key'     => [ sub { ::with(CORE::join ',', ('"x":1') x 1_000_000) }, $::Queued ],
        'wanted key'  => [ sub { ::with(CORE::join ',', ('"ref":"refs/heads/main"') x 1_000_000) }, $::Queued ],
        'objects'     => [ sub { ::with(CORE::join ',', ('"project":{"name":"a"}') x 1_000_000) }, $::Queued ],
        'hash of all' => [ sub { ::with(CORE::join ',', ('"":1,"a":2') x 1_000_000) }, $::Queued ],
    );
}
--- timeout: 60s
--- no_error_log
[error]
[alert]



=== keys that come twice: the last one counts
--- config
    location = /hook {
        slack_notify acme;
    }
--- client eval
sub {
    my $body = ::payload('issue_open.json');

    my @answers = ::post_all(
        $body =~ s/\}\s*\z/,"object_attributes":{"title":"second"}}/r,
        $body =~ s/("object_attributes":\{)/$1"title":"first","title":"zeroth",/r,
        $body =~ s/\A\{/{"object_kind":"pipeline",/r,
        $body =~ s/\}\s*\z/,"object_kind":"nothing"}/r,
    );

    Test::More::is(CORE::join(' ', map { $_->[0] } @answers), '202 202 202 200', 'answers');

    my $got = ::accepted(3);
    Test::More::like($got, qr/second/, 'the second of two objects');
    Test::More::unlike($got, qr/first|zeroth/, 'not the first of two titles');
}
--- no_error_log
[error]
[alert]



=== texts that are no text
--- config
    location = /hook {
        slack_notify acme;
    }
--- client eval
sub {
    my @texts = (
        '\\ud800', '\\udc00', '\\ud800\\ud800', '\\udc00\\ud800', 'a\\ud83db', '\\ud83d\\ude80',
        "\xed\xa0\x80", "\xed\xb0\x80", "\xc0\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf",
        "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff\xfe", "\x80", "\xc3", "\xe2\x82", "\xf0\x9f\x9a",
        '\\u0000', 'a\\u0000b', '\\u0001\\u001f\\u007f', "\x7f", '\\ufeff', "\xef\xbf\xbf", '\\uffff',
        '\\u202e\\u2066', "\xf0\x9f\x9a\x80", '\\u003c!channel\\u003e',
    );

    my @answers = ::post_all(map { ::issue("x$_") } @texts);

    Test::More::is(CORE::join(' ', map { $_->[0] } @answers), CORE::join(' ', (202) x @texts), 'all are queued');
    ::accepted(scalar @texts);

    # a raw NUL and other control characters, escapes that are none

    @answers = ::post_all(map { ::issue("x$_") } "\0", "\x01", "\x1f", "\n", '\\x', '\\u12g4', '\\u12');

    Test::More::is(CORE::join(' ', map { $_->[0] } @answers), CORE::join(' ', (400) x 7), 'all are rejected');
    Test::More::unlike("@{$_}", qr/\\x|u12|[\0\x01]/, 'the content is not named') for @answers;
}
--- no_error_log
[error]
[alert]



=== strings of 1 MB wherever there are strings
--- config
    location = /hook {
        client_max_body_size 26m;
        slack_notify acme;
    }
--- log_level: info
--- client eval
sub {
    my %bombs;

    for my $file (qw(push_1k issue_open merge_request_open note_mr wiki_create deployment_failed alert_project pipeline_failed)) {
        my $body = ::payload("$file.json");
        my $n    = 0;

        # the members with texts, two of them at a time in 1 MB each

        for my $key (qw(title message note description url name username ref status action)) {
            my $text = $key eq 'url' ? 'https://x.test/' . 'a&' x (::mega() / 2) : '*`<!here>\\n' x (::mega() / 11);
            my $big  = $body =~ s/("\Q$key\E": *")[^"]*"/$1$text"/r;

            $bombs{"$file: $key"} = [ sub { $big }, qr/^\{"status":"(?:queued|filtered|ignored)",/m ] if $big ne $body && $n++ < 3;
        }
    }

    ::bombs(16, %bombs);
    ::accepted(11);
}
--- timeout: 60s
--- no_error_log
[error]
[alert]



=== numbers beyond 64 bits
--- config
    location = /hook {
        slack_notify acme;
    }
--- client eval
sub {
    my @numbers = qw(18446744073709551616 9223372036854775808 -9223372036854775809 1e400 -1e400 1e-400 0.5 -0 1e5),
    my $long    = '9' x 1024;
    my @bodies;

    for my $number (@numbers, $long) {
        push @bodies,
            ::payload('push_1k.json') =~ s/\}\s*\z/,"total_commits_count":$number}/r,
            ::payload('issue_open.json') =~ s/("iid": *)\d+/$1$number/gr,
            ::payload('pipeline_failed.json') =~ s/("duration": *)[^,}]+/$1$number/gr =~ s/("id": *)\d+/$1$number/gr,
            ::payload('merge_request_open.json') =~ s/: *\d+/:$number/gr;
    }

    my @answers = ::post_all(@bodies);
    my @queued  = grep { $_->[0] == 202 } @answers;

    Test::More::is(scalar @queued, scalar @bodies, 'all are queued')
        or Test::More::diag(CORE::join "\n", map { "@$_" } @answers);
    ::accepted(scalar @bodies);

    my ($answer) = ::post_all(::with(qq("x":9$long)));
    Test::More::like("@$answer", qr/^400 .*"body has a number that is too long at byte \d+"/, 'a digit more');
}
--- timeout: 40s
--- no_error_log
[error]
[alert]



=== cut at each byte
--- config
    keepalive_requests 100000;

    location = /hook {
        slack_notify acme;
    }
--- log_level: info
--- client eval
sub {
    for my $file (qw(push_1k alert_project)) {
        my $body    = ::payload("$file.json") =~ s/\s+\z//r;
        my @answers = ::post_all(map { substr $body, 0, $_ } 0 .. length $body);
        my $whole   = pop @answers;
        my $empty   = shift @answers;

        Test::More::is($whole->[0], 202, "$file - the whole");
        Test::More::is("@$empty", '400 {"status":"rejected","reason":"body is empty"}', "$file - nothing");

        my @wrong = grep { "@{ $answers[$_] }" ne '400 {"status":"rejected","reason":"body ends early at byte ' . ($_ + 1) . '"}' } 0 .. $#answers;

        Test::More::is(CORE::join("\n", map { "$_: @{ $answers[$_] }" } @wrong), '', "$file - cut");
    }
}
--- timeout: 60s
--- no_error_log
[error]
[alert]



=== each byte another one
--- config
    keepalive_requests 100000;

    location = /hook {
        slack_notify acme;
    }
--- log_level: info
--- client eval
sub {
    my $body = ::payload('alert_project.json') =~ s/\s+\z//r;

    for my $byte ("\0", "\xff", '"', '\\', '{', ']', '9', "\n") {
        my @answers = ::post_all(map { my $text = $body; substr $text, $_, 1, $byte; $text } 0 .. length($body) - 1);
        my @wrong   = grep { $_->[0] !~ m/^(?:200|202|400)$/ } @answers;

        Test::More::is(scalar @answers, length $body, sprintf 'byte %02x - all answered', ord $byte);
        Test::More::is(CORE::join("\n", map { "@$_" } @wrong), '', sprintf 'byte %02x - and well', ord $byte);
    }

    ::accepted(1);
}
--- timeout: 60s
--- no_error_log
[alert]
[crit]



=== tapped, bombs go on as they came
--- http_config
    log_format length $content_length:$slack_status;

--- config
    location = /hook {
        client_max_body_size 26m;
        slack_notify acme;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/upstream;
    }

    location = /upstream {
        slack_notify off;
        client_max_body_size 26m;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/read;
    }

    location = /read {
        slack_notify off;
        return 200 "got $content_length\n";
    }
--- log_level: info
--- client eval
sub {
    for my $bomb ('[' x ::mega(), '{"a":' x ::mega(), "\0" x ::mega(), ::with('"x":' . '1' x 5000), '{"x":"' . '\\u0000' x 100000) {
        my $text = ::post($bomb);
        Test::More::like($text, qr/^got @{[length $bomb]}$/m, 'as it came');
    }
}
--- timeout: 30s
--- no_error_log
[error]
[alert]
