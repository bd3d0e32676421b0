# $slack_object: what an event belongs to.  How it belongs to it, how new the
# event is and whether it ends the object: t/unit/object.c.

use strict;
use warnings;

use lib 't/util';
use JSON::PP ();
use Test::Nginx::Socket;
use Test::More ();
use SlackTest;
use SlackClient;
use SlackPayload qw(with);

our $Config = <<'EOC';
    location = /hook {
        slack_route acme { users nobody; }
        add_header X-Object "<$slack_object>" always;
    }
EOC

my %Header = (
    gitlab => 'X-Gitlab-Event',
    github => 'X-GitHub-Event',
    gitea  => 'X-Gitea-Event',
);

# what is told of a payload: a file, or "file of t/data" with changes
sub object {
    my ($name, @changes) = @_;

    my ($sender, $file) = split m{/}, $name, 2;
    my ($event, $payload) = $file =~ m/(?:(.*):)?(.*)/;

    my @headers = $Header{$sender} && defined $event ? "$Header{$sender}: $event" : ();

    my $text = SlackClient::talk(SlackClient::request('/hook',
        with("../$sender/$payload.json", @changes),
        'Content-Type: application/json', @headers, 'Connection: close'));

    return $text =~ m/^X-Object: <(.*)>\r$/m ? $1 : "no answer: $text";
}


# rows: the payload, its changes; what is told of it
sub objects {
    for my $row (@_) {
        my ($payload, @rest) = @$row;
        my $expected = pop @rest;

        Test::More::is(object($payload, @rest), $expected, join ' ', $payload, @rest);
    }

    return;
}

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== GitLab
--- config eval: $::Config
--- client eval
sub {
    my $host = 'gitlab.example.com';
    my $at   = "$host 15";
    my $sha  = '6d909b36a78b4d2f94a1d997f52647d9e8a7f887';

    main::objects(
        (map { ["gitlab/merge_request_$_", "merge_request $at 42"] }
            qw(open merge close reopen approved unapproved update)),
        ['gitlab/note_mr', "merge_request $at 42"],
        ['gitlab/note_mr_diff', "merge_request $at 42"],
        ['gitlab/System Hook:system_merge_request', "merge_request $at 45"],

        ['gitlab/issue_open', "issue $at 118"],
        ['gitlab/issue_close', "issue $at 118"],
        ['gitlab/note_issue', "issue $at 118"],
        ['gitlab/note_update', "issue $at 118"],
        ['gitlab/emoji_award', "issue $at 118"],
        ['gitlab/issue_incident', "issue $at 121"],
        ['gitlab/work_item_task', "issue $at 122"],
        ['gitlab/work_item_epic_group', 'issue gitlab.example.com 3005'],

        ['gitlab/push', "commit $at $sha"],
        ['gitlab/System Hook:push_system', "commit $at $sha"],
        ['gitlab/note_commit', "commit $at 7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e"],
        ['gitlab/push_delete_branch', ''],
        ['gitlab/tag_push', ''],

        ['gitlab/pipeline_running', "pipeline $host 9302"],
        ['gitlab/pipeline_failed', "pipeline $host 9302"],
        ['gitlab/pipeline_retry', "pipeline $host 9302"],
        ['gitlab/job', "pipeline $host 9302"],
        ['gitlab/job_old', "pipeline $host 9302"],

        ['gitlab/deployment_running', "deployment $host 615"],
        ['gitlab/deployment_success', "deployment $host 615"],

        ['gitlab/alert_triggered',
            'alert gitlab.example.com/acme/rocket/-/alert_management/12'],
        ['gitlab/alert_resolved',
            'alert gitlab.example.com/acme/rocket/-/alert_management/12'],

        (map { ["gitlab/$_", ''] } qw(
            wiki_create release_create milestone_create feature_flag member_add vulnerability
            note_snippet
        )),
    );
}
--- no_error_log
[error]
[alert]



=== GitLab: what is confidential has objects of its own
--- config eval: $::Config
--- client eval
sub {
    my $at = 'confidential_issue gitlab.example.com 15';

    main::objects(
        ['gitlab/issue_confidential_open', "$at 119"],
        ['gitlab/issue_open', 'object_attributes.confidential' => 'true', "$at 118"],
        ['gitlab/note_internal', "$at 118"],
        ['gitlab/note_issue', 'event_type' => '"confidential_note"', "$at 118"],
        ['gitlab/note_issue', 'issue.confidential' => 'true', "$at 118"],
        ['gitlab/note_mr', 'object_attributes.internal' => 'true',
            'confidential_merge_request gitlab.example.com 15 42'],
    );
}
--- no_error_log
[error]
[alert]



=== GitLab: hosts, and what is missing
--- config eval: $::Config
--- client eval
sub {
    my ($mr, $url, $path) = ('gitlab/merge_request_open', 'project.web_url',
        'project.path_with_namespace');

    main::objects(
        [$mr, $url => '"https://git.example.com/acme/rocket"',
            'merge_request git.example.com 15 42'],
        [$mr, $url => '"https://GitLab.Example.COM/acme/rocket"',
            'merge_request gitlab.example.com 15 42'],
        [$mr, $url => '"http://gitlab.example.com:8080/acme/rocket"',
            'merge_request gitlab.example.com:8080 15 42'],
        [$mr, $url => '"https://gitlab.example.com/one/acme/rocket"',
            'merge_request gitlab.example.com/one 15 42'],
        [$mr, 'project.id' => '16', 'merge_request gitlab.example.com 16 42'],
        [$mr, 'project.id' => '"16"', 'merge_request gitlab.example.com 16 42'],

        # moved
        [$mr, $url => '"https://gitlab.example.com/a/b"', $path => '"a/b"',
            'merge_request gitlab.example.com 15 42'],

        [$mr, 'object_attributes.iid' => '-', ''],
        [$mr, 'object_attributes.iid' => 'null', ''],
        [$mr, 'object_attributes.iid' => '"42 1"', ''],
        [$mr, 'object_attributes.iid' => '"' . '4' x 20_000 . '"', ''],
        [$mr, 'project.id' => '-', ''],
        [$mr, 'project.id' => '[]', ''],
        [$mr, 'project' => '-', ''],
        [$mr, $url => '-', 'object_attributes.url' => '-', ''],
        [$mr, $url => '"https://' . 'h' x 20_000 . '"', ''],
        ['gitlab/push', 'after' => '"' . '0' x 40 . '"', ''],
        ['gitlab/push', 'after' => '-', ''],
        ['gitlab/deployment_success', 'deployment_id' => '-', ''],
        ['gitlab/deployment_success', $url => '-', ''],
        ['gitlab/pipeline_failed', 'object_attributes.id' => 'null', ''],
        ['gitlab/alert_triggered', 'object_attributes.url' => '-', ''],
    );
}
--- no_error_log
[error]
[alert]



=== GitHub
--- config eval: $::Config
--- client eval
sub {
    my $host = 'github.example.com';
    my $at   = "$host 700123";

    main::objects(
        (map { ["github/pull_request:pull_request_$_", "github merge_request $at 42"] }
            qw(opened closed merged ready synchronize)),
        (map { ["github/pull_request_review:pull_request_review_$_",
                "github merge_request $at 42"] } qw(approved dismissed changes)),
        ['github/pull_request_review_comment:pull_request_review_comment',
            "github merge_request $at 42"],
        ['github/issue_comment:issue_comment_pull', "github merge_request $at 42"],

        ['github/issues:issues_opened', "github issue $at 17"],
        ['github/issues:issues_closed', "github issue $at 17"],
        ['github/issue_comment:issue_comment_issue', "github issue $at 17"],

        ['github/push:push', "github commit $at a625406f6977d45c1391b078f4d3656e0b75bfcb"],
        ['github/commit_comment:commit_comment',
            "github commit $at 2f22765d04931a078909145ca628d2264c852d7d"],
        ['github/push:push_branch_delete', ''],
        ['github/push:push_tag', ''],
        ['github/create:create_branch', ''],

        (map { ["github/workflow_run:workflow_run_$_", "github pipeline $host 555001"] }
            qw(requested in_progress success cancelled pull)),
        ['github/workflow_run:workflow_run_failure', "github pipeline $host 555002"],
        ['github/check_suite:check_suite_failure', "github check_suite $host 777002"],
        (map { ["github/deployment_status:deployment_status_$_", "github deployment $host 601"] }
            qw(in_progress success failure)),

        ['github/release:release_published', ''],

        ['github/issues:issues_opened', 'repository.html_url' => '"https://GitHub.com/acme/rocket"',
            'github issue github.com 700123 17'],
        ['github/issues:issues_opened', 'repository.id' => '-', ''],
        ['github/issues:issues_opened', 'repository' => '-', ''],
        ['github/issues:issues_opened', 'confidential' => 'true',
            "github confidential_issue $at 17"],
        ['github/workflow_run:workflow_run_success', 'workflow_run.id' => '-', ''],
    );
}
--- no_error_log
[error]
[alert]



=== Gitea, at the address of another forge
--- config eval: $::Config
--- client eval
sub {
    my $host = 'git.acme.example';
    my $at   = "$host 15";

    main::objects(
        (map { ["gitea/pull_request:pull_request_$_", "gitea merge_request $at 42"] }
            qw(opened merged closed gogs)),
        ['gitea/pull_request_approved:pull_request_approved', "gitea merge_request $at 42"],
        ['gitea/pull_request_rejected:pull_request_rejected', "gitea merge_request $at 42"],
        ['gitea/issue_comment:issue_comment_pull', "gitea merge_request $at 42"],
        ['gitea/issues:issues_opened', "gitea issue $at 17"],
        ['gitea/issue_comment:issue_comment_issue', "gitea issue $at 17"],
        ['gitea/workflow_run:workflow_run_success', "gitea pipeline $host 88"],
        ['gitea/release:release_published', ''],

        ['gitea/issues:issues_opened',
            'repository.html_url' => '"https://gitlab.example.com/acme/rocket"',
            'gitea issue gitlab.example.com 15 17'],
        ['gitlab/issue_open', 'object_attributes.iid' => '17',
            'issue gitlab.example.com 15 17'],
        ['gitea/issues:issues_opened',
            'repository.html_url' => '"https://git.acme.example/git/acme/rocket"',
            'gitea issue git.acme.example/git 15 17'],
    );
}
--- no_error_log
[error]
[alert]



=== alerts
--- config eval: $::Config
--- client eval
sub {
    my $group = 'alert group {}:{alertname="TankPressureHigh"}';
    my $long  = 'k' x 3000;

    main::objects(
        ['alertmanager/firing', $group],
        ['alertmanager/resolved', $group],
        ['alertmanager/firing', 'externalURL' => '"https://other.example.com"', $group],
        ['alertmanager/firing', 'groupKey' => qq("$long"), "alert group $long"],
        ['alertmanager/firing', 'groupKey' => '"' . 'k' x 20_000 . '"', ''],
        ['alertmanager/firing', 'groupKey' => '-',
            'alert fingerprint a1b2c3d40000020c'],
        ['alertmanager/grafana', 'alert group {}'],
        ['alertmanager/generic_end', 'alert fingerprint queue'],
        ['alertmanager/generic_end', 'end_time' => '-', 'alert fingerprint queue'],
        ['alertmanager/generic_end', 'fingerprint' => '-',
            'alert identity Queue is <stuck> launcher Nagios production queue-1'],
    );
}
--- no_error_log
[error]
[alert]
