# What is not known is refused: by exclusions, and by other patterns, too.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackPayload qw(answer channels logged with);

# takes more than any limit: each "a" doubles the ways
our $Hostile = 'a' x 60 . 'b';

our $Title = 'object_attributes.title';

sub refused {
    my ($filter, $event) = @_;

    return qq(200 {"status":"filtered","reason":"$filter","event":"$event"});
}

sub queued {
    my ($event) = @_;

    return qq(202 {"status":"queued","event":"$event","messages":1});
}

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== a regular expression that fails, in each filter
--- config
    location = /b1 { slack_route acme { branches !~^(a+)+$; } }
    location = /b2 { slack_route acme { branches all !~^(a+)+$; } }
    location = /b3 { slack_route acme { branches protected; protected_branches !~^(a+)+$ *; } }
    location = /b4 { slack_route acme { branches ~^(a+)+$ a*; } }
    location = /u1 { slack_route acme { users !~^(a+)+$; } }
    location = /u2 { slack_route acme { users ~*^(A+)+$ a*; } }
    location = /p1 { slack_route acme { projects !~^(a+)+$; } }
    location = /f1 { slack_route acme { paths !~^(a+)+$; } }
    location = /f2 { slack_route acme { paths ~^(a+)+$ *.rb; } }
    location = /m1 { slack_route acme { match object_kind push; match message !~^(a+)+$; } }
    location = /m2 { slack_route acme { match message ~^(a+)+$ a*; } }
    location = /m3 { slack_route acme { match message a* ~^(a+)+$; } }
--- client eval
sub {
    my $sent = 0;

    for my $case (
        [ '/b1', 'branches', ref => qq("refs/heads/$::Hostile") ],
        [ '/b2', 'branches', ref => qq("refs/heads/$::Hostile") ],
        [ '/b3', 'branches', ref => qq("refs/heads/$::Hostile"), ref_protected => '-' ],
        [ '/b4', 'branches', ref => qq("refs/heads/$::Hostile") ],
        [ '/u1', 'users',    user_username => qq("$::Hostile") ],
        [ '/u2', 'users',    user_username => qq("$::Hostile") ],
        [ '/p1', 'projects', 'project.path_with_namespace' => qq("$::Hostile") ],
        [ '/f1', 'paths',    commits => qq([{"id":"1","message":"m","added":["$::Hostile","ok.rb"]}]), total_commits_count => 1 ],
        [ '/f2', 'paths',    commits => qq([{"id":"1","message":"m","added":["$::Hostile","ok.rb"]}]), total_commits_count => 1 ],
        [ '/m1', 'match',    message => qq("$::Hostile") ],
        [ '/m2', 'match',    message => qq("$::Hostile") ],
    ) {
        my ($uri, $filter, @changes) = @$case;

        Test::More::is(::answer($uri, ::with('push.json', @changes)), ::refused($filter, 'push'), "$uri, $filter");
    }

    for my $case ([ '/b1' ], [ '/u1' ], [ '/p1' ], [ '/f1' ], [ '/m1', message => '"m"' ], [ '/m3', message => qq("$::Hostile") ]) {
        my ($uri, @changes) = @$case;
        $sent++;

        Test::More::is(::answer($uri, ::with('push.json', @changes)), ::queued('push'), "$uri, what is known");
    }

    Test::More::is_deeply([::channels($sent)], [('#general') x $sent], 'Slack received no other');
}
--- no_error_log
[error]
[alert]
[crit]



=== the same with just-in-time compilation, and one line a minute for all of it
--- main_config
    pcre_jit on;
--- config
    location = /hook {
        slack_route acme {
            match object_attributes.title !~^(a+)+$;
        }
    }
--- client eval
sub {
    for (1 .. 5) {
        Test::More::is(::answer('/hook', ::with('issue_open.json', $::Title, qq("$::Hostile"))), ::refused('match', 'issue'), 'refused');
    }

    Test::More::is(::answer('/hook', ::with('issue_open.json', $::Title, '"aaa"')), ::refused('match', 'issue'), 'excluded');
    Test::More::is(::answer('/hook', ::with('issue_open.json', $::Title, '"bbb"')), ::queued('issue'), 'taken');
    Test::More::is_deeply([::channels(1)], ['#general'], 'Slack received one');

    my @lines = ::logged();

    Test::More::is(scalar @lines, 1, 'one line');
    Test::More::like($lines[0], qr/\[warn\] .*slack notify: "match object_attributes\.title" of the slack_route in \S+nginx\.conf:[0-9]+ refused an event: a regular expression reached a limit of PCRE \(PCRE: -[0-9]+\); make it simpler, for example without nested repetitions/, 'what it says');
    Test::More::unlike($lines[0], qr/aaa/, 'not the value');
}
--- no_error_log
[error]
[alert]
[crit]



=== a regular expression has its limit behind verbs, and cannot raise it
--- config
    location = /utf  { slack_route acme { match object_attributes.title !~(*UTF)^(é+)+$; } }
    location = /more { slack_route acme { match object_attributes.title "!~(*LIMIT_MATCH=2000000000)^(a+)+$"; } }
    location = /less { slack_route acme { match object_attributes.title "!~(*LIMIT_MATCH=3)^(a|b)+c"; } }
    location = /case { slack_route acme { match object_attributes.title "!~*(?s)^(A+)+$"; } }
--- client eval
sub {
    my $accents = '\u00e9' x 60 . 'b';

    Test::More::is(::answer('/utf', ::with('issue_open.json', $::Title, qq("$accents"))), ::refused('match', 'issue'), 'behind (*UTF)');
    Test::More::is(::answer('/more', ::with('issue_open.json', $::Title, qq("$::Hostile"))), ::refused('match', 'issue'), 'raised');
    Test::More::is(::answer('/less', ::with('issue_open.json', $::Title, '"abababababc"')), ::refused('match', 'issue'), 'lowered');
    Test::More::is(::answer('/less', ::with('issue_open.json', $::Title, '"x"')), ::queued('issue'), 'lowered, not reached');
    Test::More::is(::answer('/case', ::with('issue_open.json', $::Title, qq("$::Hostile"))), ::refused('match', 'issue'), 'without regard to case');
    Test::More::is(::answer('/case', ::with('issue_open.json', $::Title, '"x"')), ::queued('issue'), 'known');
}
--- no_error_log
[error]
[alert]
[crit]



=== a value that is cut, and more values than are read
--- config
    location = /not  { slack_route acme { match object_attributes.title !secret; } }
    location = /glob { slack_route acme { match object_attributes.title x*; } }
    location = /re   { slack_route acme { match object_attributes.title ~x; } }
    location = /both { slack_route acme { match object_attributes.title x* !secret; } }
    location = /list { slack_route acme { match list[].name !secret; } }
    location = /one  { slack_route acme { match list[].name n7 n8; } }
    location = /none { slack_route acme { match list[].name other; } }
--- client eval
sub {
    my $fits = 'x' x 16384;
    my @cut  = ("${fits}x", '\u0078' x 16385, 'x' x 200_000, '\"' x 100_000);

    for my $uri (qw(/not /glob /re /both)) {
        Test::More::is(::answer($uri, ::with('issue_open.json', $::Title, qq("$fits"))), ::queued('issue'), "$uri, the longest");

        for my $text (@cut) {
            (my $body = ::with('issue_open.json', $::Title, '"@"')) =~ s/"\@"/"$text"/;
            Test::More::is(::answer($uri, $body), ::refused('match', 'issue'), "$uri, " . length $text);
        }
    }

    my $many  = CORE::join ',', map { qq({"name":"n$_"}) } 1 .. 9_000;
    my $more  = CORE::join ',', map { qq({"name":"n$_"}) } 1 .. 10_001;
    my $large = CORE::join ',', map { '{"name":"n' . $_ . 'x' x 16_000 . '"}' } 1 .. 70;

    Test::More::is(::answer('/list', ::with('issue_open.json', list => "[$many]")), ::queued('issue'), 'many values');
    Test::More::is(::answer('/list', ::with('issue_open.json', list => "[$more]")), ::refused('match', 'issue'), 'more values');
    Test::More::is(::answer('/list', ::with('issue_open.json', list => qq([$more,{"name":"secret"}]))), ::refused('match', 'issue'), 'an excluded one behind');
    Test::More::is(::answer('/list', ::with('issue_open.json', list => "[$large]")), ::refused('match', 'issue'), 'large values');
    Test::More::is(::answer('/one', ::with('issue_open.json', list => "[$more]")), ::queued('issue'), 'one that is known to fit');
    Test::More::is(::answer('/none', ::with('issue_open.json', list => "[$more]")), ::refused('match', 'issue'), 'none that is known to fit');

    my @lines = ::logged();

    Test::More::is(scalar @lines, 1, 'one line');
    Test::More::like($lines[0], qr/\[warn\] .*"match object_attributes\.title" of the slack_route in \S+:[0-9]+ refused an event: its value was not read as a whole: it is longer than 16384 bytes, more values than are read, or an object where a value belongs; filter by another field, or correct the path/, 'what it says');
}
--- no_error_log
[error]
[alert]
[crit]



=== a field that is not there, null, empty, and of every type
--- config
    location = /not { slack_route acme { match a.b !secret; } }
    location = /yes { slack_route acme { match a.b 7 true x; } }
    location = /any { slack_route acme { match a.b *; } }
--- client eval
sub {
    # what "a" is, and what the three routes say: taken, or not
    for my $case (
        [ '-',                     1, 0, 0, 'not there' ],
        [ 'null',                  1, 0, 0, 'null on the way' ],
        [ '{}',                    1, 0, 0, 'not there, in an object' ],
        [ '[]',                    1, 0, 0, 'an empty array on the way' ],
        [ '[{},{"c":1}]',          1, 0, 0, 'not in an array' ],
        [ '{"b":null}',            1, 0, 1, 'null' ],
        [ '{"b":[]}',              1, 0, 0, 'an empty array' ],
        [ '{"b":7}',               1, 1, 1, 'a number' ],
        [ '{"b":true}',            1, 1, 1, 'true' ],
        [ '{"b":["y","x"]}',       1, 1, 1, 'an array' ],
        [ '[{"b":"x"},{"b":9}]',   1, 1, 1, 'in an array' ],
        [ '{"b":"secret"}',        0, 0, 1, 'excluded' ],
        [ '{"b":["x","secret"]}',  0, 1, 1, 'excluded in an array' ],
        [ '{"b":{}}',              0, 0, 0, 'an object' ],
        [ '{"b":{"secret":1}}',    0, 0, 0, 'an object with members' ],
        [ '{"b":["x",{}]}',        0, 1, 1, 'an object in an array' ],
        [ '"secret"',              0, 0, 0, 'a string on the way' ],
        [ '5',                     0, 0, 0, 'a number on the way' ],
        [ 'false',                 0, 0, 0, 'false on the way' ],
        [ '[{"b":"x"},"secret"]',  0, 1, 1, 'a string in an array on the way' ],
    ) {
        my ($a, @taken) = @$case;
        my $name = pop @taken;

        for my $uri (qw(/not /yes /any)) {
            my $expected = shift @taken ? ::queued('issue') : ::refused('match', 'issue');
            Test::More::is(::answer($uri, ::with('issue_open.json', a => $a)), $expected, "$uri, $name");
        }
    }
}
--- no_error_log
[error]
[alert]
[crit]



=== users: who did it is not told, or nobody did it
--- config
    location = /not { slack_route acme { users !bot;    events all release job; } }
    location = /any { slack_route acme { users * !bot;  events all release job; } }
    location = /me  { slack_route acme { users mokafor; events all release job; } }
--- client eval
sub {
    my $long = '"' . 'x' x 20_000 . '"';

    for my $case (
        [ 'push.json',             'push',          1 ],
        [ 'push.json',             'push',          0, user_username => '-' ],
        [ 'push.json',             'push',          0, user_username => 'null' ],
        [ 'push.json',             'push',          0, user_username => '""' ],
        [ 'push.json',             'push',          0, user_username => '{}' ],
        [ 'push.json',             'push',          0, user_username => $long ],
        [ 'push.json',             'push',          0, user_username => '-', user => '"mokafor"' ],
        [ 'issue_open.json',       'issue',         0, user => '-' ],
        [ 'issue_open.json',       'issue',         0, user => 'null' ],
        [ 'merge_request_merge.json', 'merge_request', 0, user => '"bot"' ],
        [ 'note_issue.json',       'note',          0, 'user.username' => '{"x":"bot"}' ],
        [ 'wiki_create.json',      'wiki_page',     0, user => '[]' ],
        [ 'pipeline_success.json', 'pipeline',      0, user => '-' ],
        [ 'pipeline_success.json', 'pipeline',      0, user => '"bot"' ],
        [ 'pipeline_success.json', 'pipeline',      0, user => '{"username":null,"name":"A Bot"}' ],
        [ 'deployment_success.json', 'deployment',  0, user => '-' ],
        [ 'job.json',              'job',           0, user => '-' ],
        [ 'release_create.json',   'release',       0 ],
    ) {
        my ($file, $kind, $taken, @changes) = @$case;
        my $name = CORE::join ' ', map { substr $_, 0, 40 } $file, @changes;

        for my $uri (qw(/not /any /me)) {
            Test::More::is(::answer($uri, ::with($file, @changes)), $taken ? ::queued($kind) : ::refused('users', $kind), "$uri, $name");
        }
    }

    # nobody

    for my $case (
        [ 'pipeline_success.json', 'pipeline',   user => 'null' ],
        [ 'deployment_success.json', 'deployment', user => 'null' ],
        [ 'job.json',              'job',        user => 'null', build_status => '"failed"' ],
        [ 'alert_triggered.json',  'alert' ],
    ) {
        my ($file, $kind, @changes) = @$case;

        Test::More::is(::answer('/not', ::with($file, @changes)), ::queued($kind), "nobody did $file");
        Test::More::is(::answer('/any', ::with($file, @changes)), ::queued($kind), "nobody did $file, any");
        Test::More::is(::answer('/me', ::with($file, @changes)), ::refused('users', $kind), "nobody did $file, somebody is wanted");
    }

    Test::More::is(::answer('/not', ::with('push.json', user_username => '"bot"')), ::refused('users', 'push'), 'excluded');

    my @lines = ::logged();

    Test::More::is(scalar @lines, 2, 'a line for each cause');
    Test::More::like($lines[0], qr/\[warn\] .*"users" of the slack_route in \S+:[0-9]+ refused an event: the sender does not provide it, or not all of it; take such events by a route without this filter/, 'what it says');
}
--- no_error_log
[error]
[alert]
[crit]



=== projects, branches
--- config
    location = /p { slack_route acme { projects !acme/secret; } }
    location = /q { slack_route acme { projects *; } }
    location = /b { slack_route acme { branches !secret/*; } }
    location = /c { slack_route acme { branches default !secret/*; } }
    location = /d { slack_route acme { branches default; } }
    location = /m { slack_route acme { branches main; } }
--- client eval
sub {
    my $long    = '"' . 'x' x 20_000 . '"';
    my $project = 'project.path_with_namespace';

    for my $value ('-', 'null', '""', '{"x":1}', $long) {
        for my $uri (qw(/p /q)) {
            Test::More::is(::answer($uri, ::with('push.json', $project => $value)), ::refused('projects', 'push'), "$uri, " . substr $value, 0, 20);
        }
    }

    for my $value ('-', 'null', '"acme/secret"') {
        Test::More::is(::answer('/p', ::with('issue_open.json', project => $value)), ::refused('projects', 'issue'), "project $value");
    }

    Test::More::is(::answer('/p', ::with('alert_triggered.json')), ::queued('alert'), 'an alert is of no project');
    Test::More::is(::answer('/p', ::with('alert_project.json', $project => '{}')), ::refused('projects', 'alert'), 'but if it is told');

    for my $case (
        [ 'push.json',               'push',       'ref' ],
        [ 'deployment_success.json', 'deployment', 'ref' ],
        [ 'pipeline_success.json',   'pipeline',   'object_attributes.ref' ],
        [ 'merge_request_open.json', 'merge_request', 'object_attributes.target_branch' ],
    ) {
        my ($file, $kind, $path) = @$case;

        for my $value ('-', 'null', '{}', $long, qq(["x",{}])) {
            for my $uri (qw(/b /c)) {
                Test::More::is(::answer($uri, ::with($file, $path => $value)), ::refused('branches', $kind), "$uri, $kind, " . substr $value, 0, 20);
            }
        }

        for my $value ('{}', $long) {
            Test::More::is(::answer('/m', ::with($file, $path => $value)), ::refused('branches', $kind), "/m, $kind, " . substr $value, 0, 20);

            # classes alone let merge requests pass
            Test::More::is(::answer('/d', ::with($file, $path => $value)), $kind eq 'merge_request' ? ::queued($kind) : ::refused('branches', $kind), "/d, $kind, " . substr $value, 0, 20);
        }
    }

    for my $uri (qw(/b /c /d /m)) {
        Test::More::is(::answer($uri, ::with('tag_push.json')), ::queued('tag_push'), "$uri, a tag");
        Test::More::is(::answer($uri, ::with('pipeline_tag.json')), ::queued('pipeline'), "$uri, a pipeline of a tag");
        Test::More::is(::answer($uri, ::with('note_mr.json')), ::queued('note'), "$uri, a note");
    }

    for my $uri (qw(/d /m)) {
        Test::More::is(::answer($uri, ::with('deployment_old.json')), ::queued('deployment'), "$uri, no branch is told, none is excluded");
    }
}
--- no_error_log
[error]
[alert]
[crit]



=== labels
--- config
    location = /none { slack_route acme { labels none secret; events all confidential_note; } }
    location = /any  { slack_route acme { labels any Bug;     events all confidential_note; } }
--- client eval
sub {
    my $more  = CORE::join ',', map { qq({"title":"l$_"}) } 1 .. 10_001;
    my $large = '[{"title":"Bug"},{"title":"' . 'x' x 20_000 . '"}]';

    for my $case (
        [ 1, 1, '[{"title":"Bug"}]' ],
        [ 1, 0, '[]' ],
        [ 1, 0, 'null' ],
        [ 0, 0, '-' ],
        [ 0, 1, '[{"title":"secret"},{"title":"Bug"}]' ],
        [ 0, 0, '["secret"]' ],
        [ 0, 0, '"secret"' ],
        [ 0, 0, '[{"title":{"x":"secret"}}]' ],
        [ 0, 1, $large ],
        [ 0, 1, qq([{"title":"Bug"},$more]) ],
        [ 0, 0, qq([$more,{"title":"Bug"}]) ],
    ) {
        my ($none, $any, $labels) = @$case;

        for my $what ([ 'issue_open.json', 'issue', 'labels' ], [ 'note_issue.json', 'note', 'issue.labels' ], [ 'note_mr.json', 'note', 'merge_request.labels' ], [ 'note_confidential_work_item.json', 'confidential_note', 'work_item.labels' ], [ 'note_confidential_epic.json', 'confidential_note', 'epic.labels' ]) {
            my ($file, $kind, $path) = @$what;
            my $body = ::with($file, 'object_attributes.labels' => '-', $path => $labels);

            Test::More::is(::answer('/none', $body), $none ? ::queued($kind) : ::refused('labels', $kind), "none, $path, " . substr $labels, 0, 40);
            Test::More::is(::answer('/any', $body), $any ? ::queued($kind) : ::refused('labels', $kind), "any, $path, " . substr $labels, 0, 40);
        }
    }

    for my $file (qw(note_commit.json note_snippet.json)) {
        Test::More::is(::answer('/none', ::with($file)), ::queued('note'), "$file has none");
    }

    Test::More::is(::answer('/none', ::with('note_other.json')), ::refused('labels', 'note'), 'a note on a design');
}
--- no_error_log
[error]
[alert]
[crit]



=== labels of alerts
--- config
    location = /none { slack_source alertmanager; slack_route acme { labels none team=secret; } }
    location = /p    { slack_source alertmanager; slack_route acme { projects !secret; } }
--- client eval
sub {
    my $i = 0;

    my $alert = sub {
        my ($labels, $common, $more) = @_;
        $i++;
        return qq({"version":"4","groupKey":"g$i","commonLabels":$common,"alerts":[{"status":"firing","fingerprint":"f$i","startsAt":"2026-03-04T15:00:00Z","labels":$labels}]$more});
    };

    my $long = 'x' x 1100;

    for my $case (
        [ 1, '{"team":"core"}', '{}', '' ],
        [ 1, '{}', '{}', '' ],
        [ 0, '{"team":"secret"}', '{}', '' ],
        [ 0, '{"team":"core"}', '{"team":"secret"}', '' ],
        [ 0, qq({"team":"core","x":"$long"}), '{}', '' ],
        [ 0, qq({"team":"core","$long":"x"}), '{}', '' ],
        [ 0, '{"team":{"x":"secret"}}', '{}', '' ],
        [ 0, '{"team":["secret"]}', '{}', '' ],
        [ 0, '"team=secret"', '{}', '' ],
        [ 0, '{"team":"core"}', '{}', ',"truncatedAlerts":3' ],
    ) {
        my $taken = shift @$case;

        Test::More::is(::answer('/none', $alert->(@$case)), $taken ? ::queued('alert') : ::refused('labels', 'alert'), substr "@$case", 0, 60);
    }

    Test::More::is(::answer('/p', $alert->('{}', '{"project":"secret"}', '')), ::refused('projects', 'alert'), 'a project');
    Test::More::is(::answer('/p', $alert->('{}', '{}', '')), ::queued('alert'), 'none');
    Test::More::is(::answer('/p', $alert->('{}', qq({"project":"secret$long"}), '')), ::refused('projects', 'alert'), 'one that is cut');
}
--- no_error_log
[error]
[alert]
[crit]



=== paths: one file that passes is enough; files that are not known
--- config
    location = /not { slack_route acme { paths !secret/*; } }
    location = /yes { slack_route acme { paths open/*; } }
--- client eval
sub {
    my $commit = sub { return '{"id":"1","message":"m","added":[' . CORE::join(',', map { qq("$_") } @_) . ']}' };
    my $more   = CORE::join ',', map { qq("secret/$_") } 1 .. 10_001;

    for my $case (
        [ 1, 1, 1, '[' . $commit->('open/a') . ']' ],
        [ 0, 0, 1, '[' . $commit->('secret/a') . ']' ],
        [ 1, 1, 1, '[' . $commit->('secret/a', 'open/a') . ']' ],
        [ 1, 1, 9, '[' . $commit->('secret/a', 'open/a') . ']' ],
        [ 0, 0, 9, '[' . $commit->('secret/a') . ']' ],
        [ 1, 0, 0, '[]' ],
        [ 0, 0, 9, '[]' ],
        [ 0, 0, 9, 'null' ],
        [ 0, 0, 1, '["secret/a"]' ],
        [ 0, 0, 1, '[{"id":"1","message":"m","added":{"x":"secret/a"}}]' ],
        [ 0, 0, 1, '[' . $commit->('open/' . 'x' x 20_000) . ']' ],
        [ 0, 0, 1, qq([{"id":"1","message":"m","added":[$more]}]) ],
    ) {
        my ($not, $yes, $total, $commits) = @$case;
        my @changes = (commits => $commits, total_commits_count => $total);

        Test::More::is(::answer('/not', ::with('push.json', @changes)), $not ? ::queued('push') : ::refused('paths', 'push'), "not, $total, " . substr $commits, 0, 60);
        Test::More::is(::answer('/yes', ::with('push.json', @changes)), $yes ? ::queued('push') : ::refused('paths', 'push'), "yes, $total, " . substr $commits, 0, 60);
    }

    Test::More::is(::answer('/not', ::with('push_system.json')), ::refused('paths', 'push'), 'a system hook lists no files');
    Test::More::is(::answer('/not', ::with('push_delete_branch.json')), ::queued('push'), 'a branch that is gone has none');
}
--- no_error_log
[error]
[alert]
[crit]



=== a failure is of its route: others, and the next event, go on
--- config
    location = /hook {
        slack_route acme { match object_attributes.title !~^(a+)+$; channel one; }
        slack_route acme { match object_attributes.title a*;        channel two; }
        slack_route acme { match object_attributes.title ~^a;       channel three; }
    }
--- client eval
sub {
    Test::More::is(::answer('/hook', ::with('issue_open.json', $::Title, qq("$::Hostile"))), '202 {"status":"queued","event":"issue","messages":2}', 'two of three');
    Test::More::is(::answer('/hook', ::with('issue_open.json', $::Title, '"ab"')), '202 {"status":"queued","event":"issue","messages":3}', 'the next');
    Test::More::is_deeply([::channels(5)], [ '#one', '#three', '#three', '#two', '#two' ], 'where they went');
}
--- no_error_log
[error]
[alert]
[crit]
