use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackPayload qw(said);
use SlackProof qw(received);
use SlackTest;

our $Config = <<'EOC';
    location /slack/ { slack_status actions; }
    location /only { slack_source github; slack_route acme { events push deployment pipeline; users ana; } }
    location /all  { slack_source github; slack_route acme { events push deployment pipeline; users !ana; } }
    location /gitea/only { slack_source gitea; slack_route acme { users ana; } }
    location /gitea/all  { slack_source gitea; slack_route acme { users !ana; } }
EOC

plan 'no_plan';
run_tests();

__DATA__

=== of each kind of event
--- config
    location = /hook {
        slack_route acme {
            users mok*;
        }
    }
--- hook
push.json                => 202 queued push
issue_open.json          => 202 queued issue
merge_request_merge.json => 202 queued merge_request
pipeline_success.json    => 202 queued pipeline
deployment_success.json  => 202 queued deployment
push_many.json           => 200 filtered push: users
tag_push.json            => 200 filtered tag_push: users
issue_close.json         => 200 filtered issue: users
note_issue.json          => 200 filtered note: users
merge_request_open.json  => 200 filtered merge_request: users
--- no_error_log
[error]
[alert]
[crit]



=== several
--- config
    location = /hook {
        slack_route acme {
            users yhartmann pvance;
        }
    }
--- hook
push_many.json => 202 queued push
tag_push.json  => 202 queued tag_push
push.json      => 200 filtered push: users
--- no_error_log
[error]
[alert]
[crit]



=== excluded
--- config
    location = /hook {
        slack_route acme {
            users !mokafor !*-bot;
        }
    }
--- hook
push_many.json      => 202 queued push
push.json           => 200 filtered push: users
issue_incident.json => 200 filtered issue: users
--- no_error_log
[error]
[alert]
[crit]



=== exclusions win
--- config
    location = /hook {
        slack_route acme {
            users * !mokafor;
        }
    }
--- hook
push_many.json => 202 queued push
push.json      => 200 filtered push: users
--- no_error_log
[error]
[alert]
[crit]



=== regular expressions
--- config
    location = /hook {
        slack_route acme {
            users ~^(moka|tl) !~*VANCE$;
        }
    }
--- hook
push.json           => 202 queued push
push_protected.json => 202 queued push
push_many.json      => 200 filtered push: users
tag_push.json       => 200 filtered tag_push: users
--- no_error_log
[error]
[alert]
[crit]



=== the username, not the name
--- config
    location = /hook {
        slack_route acme {
            users "Mira Okafor" *Okafor*;
        }
    }
--- hook
push.json => 200 filtered push: users
--- no_error_log
[error]
[alert]
[crit]



=== nobody told
--- config
    location = /hook {
        slack_route acme {
            users *;
        }
    }
--- hook
alert_triggered.json | X-Gitlab-Event: - => 202 queued alert
pipeline_null_user.json                  => 202 queued pipeline
--- no_error_log
[error]
[alert]
[crit]



=== nobody told, somebody wanted
--- config
    location = /hook {
        slack_route acme {
            users mokafor;
        }
    }
--- hook
alert_triggered.json | X-Gitlab-Event: - => 200 filtered alert: users
pipeline_null_user.json                  => 200 filtered pipeline: users
--- no_error_log
[error]
[alert]
[crit]



=== nobody told, somebody not wanted
--- config
    location = /hook {
        slack_route acme {
            users !mokafor;
        }
    }
--- hook
alert_triggered.json | X-Gitlab-Event: - => 202 queued alert
pipeline_null_user.json                  => 202 queued pipeline
--- no_error_log
[error]
[alert]
[crit]



=== whose sender is null, and somebody else is named
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
my @nobody = (sender => 'null');

for my $row (
    [ push => 'push', pusher => '{"name":"ana"}' ],
    [ deployment_status => 'deployment_status_failure', 'deployment_status.creator' => '{"login":"ana"}' ],
    [ workflow_run => 'workflow_run_success', 'workflow_run.triggering_actor' => '{"login":"ana"}' ],
) {
    my ($event, $file, @who) = @$row;

    for my $sender ([ sender => 'null' ], [ sender => '-' ]) {
        unlike(said('/only', $event, "github/$file", @who, @$sender), qr/^filtered/, "$event, wanted, @$sender");
        is(said('/all', $event, "github/$file", @who, @$sender), 'filtered users', "$event, not wanted, @$sender");
    }

    is(said('/only', $event, "github/$file", @who), 'filtered users', "$event of a sender, wanted");
    unlike(said('/all', $event, "github/$file", @who), qr/^filtered/, "$event of a sender, not wanted");

    # nobody at all
    is(said('/only', $event, "github/$file", $who[0] => 'null', @nobody), 'filtered users', "$event of nobody");
}

is(said('/only', 'push', 'github/push', pusher => '{"name":"ana"}', @nobody), 'ana pushed to branch main of acme/rocket', 'who it was');

my @gitea = ('gitea/push', pusher => '{"login":"ana","full_name":"Ana Novak","username":"ana"}', @nobody);

is(said('/gitea/only', 'push', @gitea), 'Ana Novak (ana) pushed to branch main of acme/rocket', 'Gitea, wanted');
is(said('/gitea/all', 'push', @gitea), 'filtered users', 'Gitea, not wanted');
--- no_error_log
[error]
[alert]
