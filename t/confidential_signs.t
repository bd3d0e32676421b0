use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackPayload qw(answer channels with);


our @Parents = qw(
    object_attributes issue work_item epic incident task ticket objective key_result requirement
    test_case vulnerability merge_request pull_request snippet design alert milestone noteable
    awardable parent note comment discussion object_attributes.issue object_attributes.work_item
    object_attributes.epic object_attributes.parent object_attributes.noteable issue.epic
    issue.parent work_item.epic work_item.parent epic.parent note.noteable
);

our @Signs = (
    'confidential', (map { "$_.confidential" } @Parents),
    (map { "$_.internal" } qw(object_attributes note comment discussion)),
    (map { ("changes.$_.current", "changes.$_.previous") } qw(confidential internal)),
);

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== every sign, on issues and notes
--- config
    location = /hook {
        slack_notify acme dev;
        slack_route acme {
            events all issue:open,update note:create,update;
            channel plain;
        }
        slack_route acme {
            events confidential_issue confidential_note;
            channel private-dev;
        }
    }
--- client eval
sub {
    my $n = 0;

    for my $path (@::Signs) {
        for my $kind (qw(issue note)) {
            my $file = $kind eq 'issue' ? 'issue_open.json' : 'note_issue.json';
            $n++;
            Test::More::is(::answer('/hook', ::with($file, $path, 'true')), qq(202 {"status":"queued","event":"confidential_$kind","messages":1}), "$kind, $path");
        }
    }

    Test::More::is_deeply([::channels($n)], [('#private-dev') x $n], 'the channel of all of them');
}
--- no_error_log
[error]
[alert]



=== what is a sign: all values but null and false
--- config
    location = /hook {
        slack_route acme {
            events note;
        }
    }
--- client eval
sub {
    for my $value ('true', '1', '0', '"true"', '"false"', '""', '{}', '{"a":false}', '[]', '[false]', '[true]', '-0.0', '"' . 'x' x 20000 . '"') {
        for my $path ('object_attributes.confidential', 'work_item.confidential') {
            Test::More::is(::answer('/hook', ::with('note_issue.json', $path, $value)), '200 {"status":"filtered","reason":"events","event":"confidential_note"}', "$path, " . substr $value, 0, 20);
        }
    }

    for my $value ('null', 'false') {
        for my $path (@::Signs) {
            Test::More::is(::answer('/hook', ::with('note_issue.json', $path, $value)), '202 {"status":"queued","event":"note","messages":1}', "$path, $value");
        }
    }

    # what is told twice

    (my $twice = SlackTest::payload('note_issue.json')) =~ s/\}\s*\z/,"epic":{"confidential":true,"confidential":false},"epic":{"confidential":null}}/;
    Test::More::is(::answer('/hook', $twice), '200 {"status":"filtered","reason":"events","event":"confidential_note"}', 'twice');

    (my $many = SlackTest::payload('note_issue.json')) =~ s/\}\s*\z/',"epic":{' . '"confidential":false,' x 12000 . '"confidential":true}}'/e;
    Test::More::is(::answer('/hook', $many), '200 {"status":"filtered","reason":"events","event":"confidential_note"}', 'often');

    (my $escaped = SlackTest::payload('note_issue.json')) =~ s/\}\s*\z/,"epic":{"\\u0063onfidential":true}}/;
    Test::More::is(::answer('/hook', $escaped), '200 {"status":"filtered","reason":"events","event":"confidential_note"}', 'escaped');

    # no flags of the event

    for my $path (qw(project.confidential repository.confidential user.internal project.internal visibility)) {
        Test::More::is(::answer('/hook', ::with('note_issue.json', $path, 'true')), '202 {"status":"queued","event":"note","messages":1}', $path);
    }
}
--- no_error_log
[error]
[alert]



=== the names of an event
--- config
    location = /hook {
        slack_route acme {
            events all note:create,update issue:open,update;
        }
    }
--- client eval
sub {
    my %file = (issue => 'issue_open.json', note => 'note_issue.json');

    for my $kind (sort keys %file) {
        my $confidential = qq(200 {"status":"filtered","reason":"events","event":"confidential_$kind"});

        for my $name ("confidential_$kind", "Confidential_$kind", 'confidential_work_item') {
            Test::More::is(::answer('/hook', ::with($file{$kind}, 'event_type', qq("$name"))), $confidential, "event_type $name");
        }

        Test::More::is(::answer('/hook', ::with($file{$kind}, 'object_kind', qq("confidential_$kind"))), $confidential, "object_kind of $kind");

        for my $header ("Confidential \u$kind Hook", "CONFIDENTIAL \U$kind HOOK", 'Confidential Work Item Hook', 'Confidential') {
            Test::More::is(::answer('/hook', SlackTest::payload($file{$kind}), "X-Gitlab-Event: $header"), $confidential, "header $header of $kind");
        }
    }

    for my $file (qw(work_item_task.json issue_incident.json)) {
        Test::More::is(::answer('/hook', ::with($file, 'object_attributes.confidential', 'true')), '200 {"status":"filtered","reason":"events","event":"confidential_issue"}', $file);
    }
}
--- no_error_log
[error]
[alert]



=== of a kind that has no confidential counterpart nobody is told
--- config
    location = /hook {
        slack_notify acme;
        slack_route acme {
            events all emoji milestone vulnerability job release feature_flag confidential_issue confidential_note;
        }
    }
--- client eval
sub {
    for my $case (
        [ 'emoji_award.json',        'emoji',         'issue.confidential' ],
        [ 'emoji_award.json',        'emoji',         'epic.confidential' ],
        [ 'emoji_award.json',        'emoji',         'work_item.confidential' ],
        [ 'emoji_award.json',        'emoji',         'note.internal' ],
        [ 'merge_request_open.json', 'merge_request', 'object_attributes.confidential' ],
        [ 'merge_request_open.json', 'merge_request', 'issue.confidential' ],
        [ 'vulnerability.json',      'vulnerability', 'object_attributes.confidential' ],
        [ 'vulnerability.json',      'vulnerability', 'issue.confidential' ],
        [ 'milestone_create.json',   'milestone',     'object_attributes.confidential' ],
        [ 'alert_triggered.json',    'alert',         'incident.confidential' ],
        [ 'wiki_create.json',        'wiki_page',     'object_attributes.confidential' ],
        [ 'feature_flag.json',       'feature_flag',  'object_attributes.internal' ],
    ) {
        my ($file, $kind, $path) = @$case;

        Test::More::is(::answer('/hook', ::with($file, $path, 'true')), qq(200 {"status":"ignored","reason":"confidential $kind","event":"$kind"}), "$kind, $path");
        Test::More::is(::answer('/hook', ::with($file, $path, 'false')), qq(202 {"status":"queued","event":"$kind","messages":1}), "$kind, not $path");
    }
}
--- no_error_log
[error]
[alert]



=== other forges: the same flags, and a private repository is none
--- config
    location = /hook {
        slack_route acme {
            events all;
        }
    }
--- client eval
sub {
    for my $case (
        [ '../github/issues_opened.json', 'X-GitHub-Event: issues', 'issue', 'issue.confidential' ],
        [ '../github/issue_comment_issue.json', 'X-GitHub-Event: issue_comment', 'note', 'issue.confidential' ],
        [ '../github/issue_comment_issue.json', 'X-GitHub-Event: issue_comment', 'note', 'comment.internal' ],
        [ '../gitea/issues_opened.json', 'X-Gitea-Event: issues', 'issue', 'issue.confidential' ],
    ) {
        my ($file, $header, $kind, $path) = @$case;

        Test::More::is(::answer('/hook', ::with($file, $path, 'true'), $header), qq(200 {"status":"filtered","reason":"events","event":"confidential_$kind"}), "$file, $path");
        Test::More::is(::answer('/hook', ::with($file, 'repository.private', 'true'), $header), qq(202 {"status":"queued","event":"$kind","messages":1}), "$file, private");
    }
}
--- no_error_log
[error]
[alert]
