use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackJudge;

use JSON::PP ();

# A closed issue whose title, or whatever is given, is not what one expects.
sub issue {
    my (%attributes) = @_;

    my $body = JSON::PP->new->ascii->canonical->encode({
        object_kind       => 'issue',
        user              => { name => 'Mira', username => 'mira' },
        object_attributes => {
            iid    => 7,
            action => 'close',
            title  => 'Title',
            url    => 'https://gitlab.example.com/-/issues/7',
            %attributes
        },
    });

    return "POST /hook\n$body";
}

# The same as Slack gets it: once with markup, once without.
sub messages {
    my $text = '';

    while (my ($pretext, $fallback) = splice @_, 0, 2) {
        $text .= "\n" if $text ne '';
        $text .= "#general as GitLab\n[] pretext: Issue $pretext closed by Mira (mira)\n"
            . "  fallback: Issue $fallback closed by Mira (mira)\n";
    }

    utf8::encode($text);

    return $text;
}

plan 'no_plan';
run_tests();

__DATA__

=== push
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
hostile.json
--- judge
1
--- no_error_log
[error]
[alert]



=== issue
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
hostile_issue.json
--- judge
1
--- no_error_log
[error]
[alert]



=== merge request
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
hostile_mr.json
--- judge
1
--- no_error_log
[error]
[alert]



=== note
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
hostile_note.json
--- judge
1
--- no_error_log
[error]
[alert]



=== pipeline
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
hostile_pipeline.json
--- judge
1
--- no_error_log
[error]
[alert]



=== wiki page
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
hostile_wiki.json
--- judge
1
--- no_error_log
[error]
[alert]



=== deployment
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
hostile_deployment.json
--- judge
1
--- no_error_log
[error]
[alert]



=== alert
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
hostile_alert.json
--- judge
1
--- no_error_log
[error]
[alert]



=== one after the other
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
hostile_issue.json
hostile_mr.json
hostile.json
--- judge
3
--- no_error_log
[error]
[alert]



=== titles which are not what one expects
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
[(map { main::issue(title => $_) }
    '`',
    '*bold* _and_ ~all~',
    "```\ncode",
    '&lt;!channel&gt; &amp;',
    '<!channel>|<@U1>|<https://evil.example/|click>',
    "  \t spaces \r\n and a second line",
    "\x{202e}\x{2066}\x{feff}",
    '',
    "a\x{0}b\x{7}c\x{85}d\x{202e}e",
    "\x{e9}" x 256,
    "\x{1f680}" x 255,
    '<' x 200),
 'GET /_slack/_received.txt?wait=12&timeout=10']
--- more_headers
Content-Type: application/json
--- error_code eval
[(202) x 12, 200]
--- response_body_like eval
[('^\{"status":"queued"') x 12, '^' . quotemeta(main::messages(
    map { ("<https://gitlab.example.com/-/issues/7|$_->[0]>", $_->[1] // $_->[0]) }
    ["#7 '"],
    ['#7 *bold* _and_ ~all~'],
    ["#7 '''"],
    ['#7 &amp;lt;!channel&amp;gt; &amp;amp;'],
    ["#7 &lt;!channel&gt;\x{a6}&lt;\@U1&gt;\x{a6}&lt;https://evil.example/\x{a6}click&gt;",
     '#7 &lt;!channel&gt;|&lt;@U1&gt;|&lt;https://evil.example/|click&gt;'],
    ['#7 spaces'],
    ['#7'],
    ['#7'],
    ['#7 abcde'],
    ['#7 ' . "\x{e9}" x 254 . "\x{2026}"],
    ['#7 ' . "\x{1f680}" x 255],
    ['#7 ' . '&lt;' x 200],
)) . '$']
--- no_error_log
[error]
[alert]



=== what does not fit is cut whole
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
[main::issue(title => '<' x 300), 'GET /_slack/_received.txt?wait=1&timeout=10']
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200]
--- response_body_like eval
['^\{"status":"queued"',
 '^#general as GitLab\n\[\] pretext: Issue <https://gitlab.example.com/-/issues/7\|#7 (?:&lt;){254}'
 . "\xe2\x80\xa6" . '> closed by Mira \(mira\)\n  fallback: Issue #7 (?:&lt;){247}' . "\xe2\x80\xa6" . '\n$']
--- no_error_log
[error]
[alert]



=== only what may be a link becomes one
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
[(map { main::issue(url => $_) }
    'javascript:alert(1)',
    'ftp://gitlab.example.com/7',
    'https:///',
    '//gitlab.example.com/7',
    '',
    "https://gitlab.example.com/\x{e9} <!channel>|x>\"&a=b#c",
    'HTTPS://GITLAB.EXAMPLE.COM/7',
    'https://gitlab.example.com/' . 'x' x 1973,
    'https://gitlab.example.com/' . 'x' x 1974),
 'GET /_slack/_received.txt?wait=9&timeout=10']
--- more_headers
Content-Type: application/json
--- error_code eval
[(202) x 9, 200]
--- response_body_like eval
[('^\{"status":"queued"') x 9, '^' . quotemeta(main::messages(
    map { ($_ ? "<$_|#7 Title>" : '#7 Title', '#7 Title') }
    undef,
    undef,
    undef,
    undef,
    undef,
    'https://gitlab.example.com/%C3%A9%20%3C!channel%3E%7Cx%3E%22&amp;a=b#c',
    'https://GITLAB.EXAMPLE.COM/7',
    'https://gitlab.example.com/' . 'x' x 1973,
    undef,
)) . '$']
--- no_error_log
[error]
[alert]



=== events which tell nothing but their kind
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
[(map { qq(POST /hook\n{"object_kind":"$_"}) }
    qw(push tag_push issue merge_request note pipeline wiki_page deployment alert)),
 'GET /_slack/_received.txt?wait=8&timeout=10']
--- more_headers
Content-Type: application/json
--- error_code eval
[(202) x 5, 200, (202) x 3, 200]
--- response_body_like eval
[('^\{"status":"queued"') x 5, '^\{"status":"filtered","reason":"action","event":"pipeline"\}$',
 ('^\{"status":"queued"') x 3,
 '^' . quotemeta('#general as GitLab
[] pretext: Somebody pushed to branch
  fallback: Somebody pushed to branch

#general as GitLab
[] pretext: Somebody pushed to tag
  fallback: Somebody pushed to tag

#general as GitLab
[] pretext: Issue by Somebody
  fallback: Issue by Somebody

#general as GitLab
[] pretext: Somebody changed merge request
  fallback: Somebody changed merge request

#general as GitLab
[] pretext: Somebody commented
  fallback: Somebody commented

#general as GitLab
[] pretext: Somebody changed wiki page
  fallback: Somebody changed wiki page

#general as GitLab
[#334455] pretext: Deploy
  fallback: Deploy

#general as GitLab
[#C95823] pretext: Alert firing
  fallback: Alert firing
') . '$']
--- no_error_log
[error]
[alert]



=== values of other types than they should have
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
[(map { "POST /hook\n$_" }
    '{"object_kind":"push","commits":[1,null,"x",{"id":[]},{"id":1}],"ref":{"a":1},"project":[]}',
    '{"object_kind":"push","ref":"refs/heads/","total_commits_count":99999999999999999999}',
    '{"object_kind":"issue","object_attributes":{"iid":"7","title":true,"action":"close","url":{}}}',
    '{"object_kind":"issue","object_attributes":["close"],"user":"Mira"}',
    '{"object_kind":"pipeline","object_attributes":{"id":"9","status":"failed","duration":"x"},"builds":{"name":"a"}}',
    '{"object_kind":"pipeline","object_attributes":{"id":9,"status":"failed","duration":-1},"builds":[[],"a"]}',
    '{"object_kind":"pipeline","object_attributes":{"id":9,"status":"failed","duration":63.9,"finished_at":5}}'),
 'GET /_slack/_received.txt?wait=7&timeout=10']
--- more_headers
Content-Type: application/json
--- error_code eval
[(202) x 7, 200]
--- response_body_like eval
[('^\{"status":"queued"') x 7, '^' . quotemeta('#general as GitLab
[#334455] pretext: Somebody pushed to branch
  text: 1
  fallback: Somebody pushed to branch

#general as GitLab
[] pretext: Somebody pushed to branch refs/heads/
  fallback: Somebody pushed to branch refs/heads/

#general as GitLab
[] pretext: Issue #7 true closed by Somebody
  fallback: Issue #7 true closed by Somebody

#general as GitLab
[] pretext: Issue by Somebody
  fallback: Issue by Somebody

#general as GitLab
[danger]
  title: Pipeline #9 has failed in 00:00
  author: API
  fallback: Pipeline #9 by API has failed in 00:00

#general as GitLab
[danger]
  title: Pipeline #9 has failed in 00:00
  author: API
  fallback: Pipeline #9 by API has failed in 00:00

#general as GitLab
[danger]
  title: Pipeline #9 has failed in 01:03
  author: API
  fallback: Pipeline #9 by API has failed in 01:03
') . '$']
--- no_error_log
[error]
[alert]
