# What an update of an issue or a merge request says: what was changed.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use Test::More ();
use SlackPayload qw(said);
use SlackProof qw(received);
use SlackTest;

our $Config = <<'EOC';
    location /slack/ { slack_status actions; }

    location /gitlab { slack_source gitlab; slack_route acme { events merge_request:update issue:update; } }
    location /github { slack_source github; slack_route acme { events merge_request:update issue:update; } }
    location /gitea  { slack_source gitea;  slack_route acme { events merge_request:update issue:update; } }

    location /gitlab/all { slack_source gitlab; slack_notify acme; }
    location /github/all { slack_source github; slack_notify acme; }
    location /gitea/all  { slack_source gitea;  slack_notify acme; }
EOC

# rows: the payload, its changes; the end of what is said of it
sub ends {
    my ($sender, $event, $begin, @rows) = @_;

    for my $row (@rows) {
        my ($file, @changes) = @$row;
        my $end = pop @changes;

        Test::More::is(said("/$sender", $event, "$sender/$file", @changes), $begin . $end,
            join ' ', $sender, $file, @changes);
    }

    return;
}


sub labels { return '[' . join(',', map { qq({"title":"$_"}) } @_) . ']' }
sub people { return '[' . join(',', map { qq({"name":"$_","username":"\L$_"}) } @_) . ']' }

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== GitLab, merge requests
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
my @as = ('merge_request_update', 'object_attributes.oldrev' => '-');

ends('gitlab', 'Merge Request Hook',
    'Tomasz Lind (tlind) updated merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket',
    [ @as, '' ],
    [ 'merge_request_update', ': pushed new commits' ],

    [ @as, 'changes.labels' => '{"previous":[],"current":' . labels('bug') . '}', ': added label bug' ],
    [ @as, 'changes.labels' => '{"previous":' . labels('a', 'bug') . ',"current":' . labels('bug', 'c', 'd', '<e>') . '}',
        ': added labels c, d and &lt;e&gt;, removed label a' ],
    [ @as, 'changes.labels' => '{"previous":' . labels('a', 'b') . ',"current":[]}', ': removed labels a and b' ],
    [ @as, 'changes.labels' => '{"previous":[],"current":' . labels(1 .. 12) . '}',
        ': added labels 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more labels' ],
    [ @as, 'changes.labels' => '{"previous":[],"current":' . labels(1 .. 200) . '}', ': changed the labels' ],

    [ @as, 'changes.title' => '{"previous":"Try","current":"Retry"}', ': changed the title from "Try"' ],
    [ @as, 'changes.description' => '{"previous":"","current":"Why"}', ': edited the description' ],
    [ @as, 'changes.description' => '{"previous":"Why","current":null}', ': edited the description' ],
    [ @as, 'changes.target_branch' => '{"previous":"next","current":"main"}', ': changed the target branch from next to main' ],
    [ @as, 'changes.assignees' => '{"previous":' . people('Ana') . ',"current":' . people('Ana', 'Ben') . '}', ': assigned Ben' ],
    [ @as, 'changes.assignees' => '{"previous":' . people('Ana') . ',"current":[]}', ': unassigned Ana' ],
    [ @as, 'changes.assignees' => '{"previous":[],"current":[{"username":"ben"}]}', ': assigned ben' ],
    [ @as, 'changes.milestone_id' => '{"previous":null,"current":7}', ': set the milestone' ],
    [ @as, 'changes.milestone_id' => '{"previous":7,"current":null}', ': removed the milestone' ],
    [ @as, 'changes.merge_when_pipeline_succeeds' => '{"previous":false,"current":true}', ': set it to merge automatically' ],
    [ @as, 'changes.merge_when_pipeline_succeeds' => '{"previous":true,"current":false}', ': cancelled the automatic merge' ],

    # several in one
    [ 'merge_request_update', 'changes.title' => '{"previous":"Try","current":"Retry"}',
        'changes.labels' => '{"previous":[],"current":' . labels('bug') . '}',
        ': pushed new commits, changed the title from "Try", added label bug' ],

    # of wrong types
    [ @as, 'changes' => '[]', '' ],
    [ @as, 'changes.labels' => '{"previous":7,"current":[{"title":null}]}', '' ],
    [ @as, 'changes.assignees' => '{"previous":[null],"current":[[]]}', '' ],
);

ends('gitlab', 'Merge Request Hook', '',
    [ @as, 'object_attributes.draft' => 'true', 'object_attributes.title' => '"Draft: Retry"',
        'changes.title' => '{"previous":"Retry","current":"Draft: Retry"}', 'changes.draft' => '{"previous":false,"current":true}',
        'Tomasz Lind (tlind) updated draft merge request !42 Retry in Acme / Rocket: marked it as a draft' ],
    [ 'merge_request_update_reviewers', 'changes.labels' => '{"previous":[],"current":' . labels('bug') . '}',
        "Tomasz Lind (tlind) requested a review from Priya Vance and Yuki Hartmann and removed L\x{e9}o Aldana as reviewer on merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket: added label bug" ],
);
--- no_error_log
[error]
[alert]



=== GitLab, issues
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
my @as = ('issue_update', 'changes.labels' => '-');

ends('gitlab', 'Issue Hook', '[Acme / Rocket] Issue #118 Countdown stops at T-40 s updated by Priya Vance (pvance)',
    [ 'issue_update', ': added label UI &amp; texts, removed label priority::1' ],
    [ @as, '' ],
    [ @as, 'changes.title' => '{"previous":"Draft: a","current":"a"}', ': changed the title from "Draft: a"' ],
    [ @as, 'changes.description' => '{"previous":"a","current":"b"}', ': edited the description' ],
    [ @as, 'changes.assignees' => '{"previous":[],"current":' . people('Ben') . '}', ': assigned Ben' ],
    [ @as, 'changes.milestone_id' => '{"previous":1,"current":2}', ': set the milestone' ],
);
--- no_error_log
[error]
[alert]



=== GitHub
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
my $of = 'pull_request_synchronize';

ends('github', 'pull_request', 'tlind updated pull request #42 Retry the fuel gauge when it answers late in acme/rocket',
    [ $of, ': pushed new commits' ],
    [ $of, action => '"labeled"', label => '{"name":"bug & ui"}', ': added label bug &amp; ui' ],
    [ $of, action => '"unlabeled"', label => '{"name":"bug"}', ': removed label bug' ],
    [ $of, action => '"assigned"', assignee => '{"login":"ben"}', ': assigned ben' ],
    [ $of, action => '"unassigned"', assignee => '{"login":"ben"}', ': unassigned ben' ],
    [ $of, action => '"unassigned"', assignee => 'null', ': removed an assignee' ],
    [ $of, action => '"milestoned"', milestone => '{"title":"1.0"}', ': set milestone 1.0' ],
    [ $of, action => '"demilestoned"', milestone => '{"title":"1.0"}', ': removed milestone 1.0' ],
    [ $of, action => '"edited"', changes => '{"title":{"from":"Try"}}', ': changed the title from "Try"' ],
    [ $of, action => '"edited"', changes => '{"body":{"from":"Why"},"base":{"ref":{"from":"next"},"sha":{"from":"1"}}}',
        ': edited the description, changed the target branch from next to main' ],
    [ $of, action => '"edited"', changes => '{}', '' ],
    [ $of, action => '"auto_merge_enabled"', ': set it to merge automatically' ],
    [ $of, action => '"auto_merge_disabled"', reason => '"The base branch was <changed>"',
        ': cancelled the automatic merge (The base branch was &lt;changed&gt;)' ],
    [ $of, action => '"enqueued"', ': added it to the merge queue' ],
    [ $of, action => '"dequeued"', reason => '"CI_FAILURE"', ': removed it from the merge queue (CI failure)' ],
    [ $of, action => '"dequeued"', reason => '"MERGE_CONFLICT"', ': removed it from the merge queue (merge conflict)' ],
    [ $of, action => '"dequeued"', ': removed it from the merge queue' ],
    [ $of, action => '"locked"', ': locked the comments' ],
    [ $of, action => '"a_new_action"', '' ],
);

ends('github', 'pull_request', '',
    [ $of, action => '"converted_to_draft"', 'pull_request.draft' => 'true',
        'tlind updated draft pull request #42 Retry the fuel gauge when it answers late in acme/rocket: marked it as a draft' ],
);

ends('github', 'issues', '[acme/rocket] Issue #17 Gauge shows &lt;0&gt; after &amp; before launch updated by tlind',
    [ 'issues_labeled', ': added label bug' ],
    [ 'issues_labeled', action => '"unlabeled"', ': removed label bug' ],
    [ 'issues_labeled', action => '"assigned"', assignee => '{"login":"ben"}', ': assigned ben' ],
    [ 'issues_labeled', action => '"milestoned"', milestone => '{"title":"1.0"}', ': set milestone 1.0' ],
    [ 'issues_labeled', action => '"edited"', changes => '{"title":{"from":"Gauge"}}', ': changed the title from "Gauge"' ],
    [ 'issues_labeled', action => '"pinned"', ': pinned it' ],
    [ 'issues_labeled', action => '"unpinned"', ': unpinned it' ],
    [ 'issues_labeled', action => '"unlocked"', ': unlocked the comments' ],
);
--- no_error_log
[error]
[alert]



=== Gitea, which mostly says that something changed
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
my $of = 'pull_request_synchronized';

ends('gitea', 'pull_request', 'Tomasz Lind (tlind) updated pull request #42 Retry the fuel gauge when it answers late in acme/rocket',
    [ $of, ': pushed new commits' ],
    [ $of, action => '"label_updated"', ': changed the labels' ],
    [ $of, action => '"label_cleared"', ': removed the labels' ],
    [ $of, action => '"assigned"', ': changed the assignees' ],
    [ $of, action => '"unassigned"', ': removed an assignee' ],
    [ $of, action => '"milestoned"', 'pull_request.milestone' => '{"title":"1.0"}', ': set milestone 1.0' ],
    [ $of, action => '"demilestoned"', ': removed the milestone' ],
    [ $of, action => '"edited"', changes => '{"ref":{"from":"next"}}', ': changed the target branch from next to main' ],
    [ $of, action => '"edited"', changes => '{"title":{"from":"Try"},"body":{"from":"Why"}}',
        ': changed the title from "Try", edited the description' ],
);

ends('gitea', 'pull_request', '',
    [ $of, action => '"edited"', changes => '{"title":{"from":"Retry"}}', 'pull_request.title' => '"WIP: Retry"', 'pull_request.draft' => 'true',
        'Tomasz Lind (tlind) updated draft pull request #42 Retry in acme/rocket: marked it as a draft' ],
    [ $of, action => '"edited"', changes => '{"title":{"from":"Try"}}', 'pull_request.title' => '"WIP: Retry"', 'pull_request.draft' => 'true',
        'Tomasz Lind (tlind) updated draft pull request #42 Retry in acme/rocket: changed the title from "Try", marked it as a draft' ],
    [ $of, action => '"edited"', changes => '{"title":{"from":"WIP: Try"}}', 'pull_request.title' => '"WIP: Retry"', 'pull_request.draft' => 'true',
        'Tomasz Lind (tlind) updated draft pull request #42 Retry in acme/rocket: changed the title from "WIP: Try"' ],
);

ends('gitea', 'issues', '[acme/rocket] Issue #17 Gauge shows &lt;0&gt; after &amp; before launch updated by Tomasz Lind (tlind)',
    [ 'issues_label', ': changed the labels' ],
    [ 'issues_label', action => '"milestoned"', 'issue.milestone' => '{"title":"1.0"}', ': set milestone 1.0' ],
    [ 'issues_label', action => '"edited"', changes => '{"body":{"from":"Why"}}', ': edited the description' ],
);
--- no_error_log
[error]
[alert]



=== ready for review is news at GitHub and Gitea, at GitLab on request
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
my $ready = 'marked pull request #42 Retry the fuel gauge when it answers late in acme/rocket as ready for review';

is(said('/github/all', 'pull_request', 'github/pull_request_ready'), "tlind $ready", 'GitHub');
is(said('/gitea/all', 'pull_request', 'gitea/pull_request_ready'), "Tomasz Lind (tlind) $ready", 'Gitea');
is(said('/gitlab/all', 'Merge Request Hook', 'gitlab/merge_request_update_draft_ready'), 'filtered action', 'GitLab');

is(said('/github', 'pull_request', 'github/pull_request_ready'), 'filtered action', 'GitHub, to those who name others');
is(said('/github/all', 'pull_request', 'github/pull_request_synchronize'), 'filtered action', 'other updates are none');
is(said('/gitea/all', 'pull_request', 'gitea/pull_request_synchronized'), 'filtered action', 'nor at Gitea');
--- no_error_log
[error]
[alert]
