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

=== TEST 1: of each kind of event
--- config
    location = /hook {
        slack_route acme {
            users mok*;
        }
    }
--- hook
push.json
issue_open.json
merge_request_merge.json
pipeline_success.json
deployment_success.json
push_many.json
tag_push.json
issue_close.json
note_issue.json
merge_request_open.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"issue","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"deployment","messages":1}
200 {"status":"filtered","reason":"users","event":"push"}
200 {"status":"filtered","reason":"users","event":"tag_push"}
200 {"status":"filtered","reason":"users","event":"issue"}
200 {"status":"filtered","reason":"users","event":"note"}
200 {"status":"filtered","reason":"users","event":"merge_request"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 2: several
--- config
    location = /hook {
        slack_route acme {
            users yhartmann pvance;
        }
    }
--- hook
push_many.json
tag_push.json
push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"tag_push","messages":1}
200 {"status":"filtered","reason":"users","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 3: excluded
--- config
    location = /hook {
        slack_route acme {
            users !mokafor !*-bot;
        }
    }
--- hook
push_many.json
push.json
issue_incident.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"users","event":"push"}
200 {"status":"filtered","reason":"users","event":"issue"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 4: exclusions win
--- config
    location = /hook {
        slack_route acme {
            users * !mokafor;
        }
    }
--- hook
push_many.json
push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"users","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 5: regular expressions
--- config
    location = /hook {
        slack_route acme {
            users ~^(moka|tl) !~*VANCE$;
        }
    }
--- hook
push.json
push_protected.json
push_many.json
tag_push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"users","event":"push"}
200 {"status":"filtered","reason":"users","event":"tag_push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 6: the username, not the name
--- config
    location = /hook {
        slack_route acme {
            users "Mira Okafor" *Okafor*;
        }
    }
--- hook
push.json
--- answers
200 {"status":"filtered","reason":"users","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 7: nobody told
--- config
    location = /hook {
        slack_route acme {
            users *;
        }
    }
--- hook
alert_triggered.json | X-Gitlab-Event: -
pipeline_null_user.json
--- answers
202 {"status":"queued","event":"alert","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 8: nobody told, somebody wanted
--- config
    location = /hook {
        slack_route acme {
            users mokafor;
        }
    }
--- hook
alert_triggered.json | X-Gitlab-Event: -
pipeline_null_user.json
--- answers
200 {"status":"filtered","reason":"users","event":"alert"}
200 {"status":"filtered","reason":"users","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 9: nobody told, somebody not wanted
--- config
    location = /hook {
        slack_route acme {
            users !mokafor;
        }
    }
--- hook
alert_triggered.json | X-Gitlab-Event: -
pipeline_null_user.json
--- answers
202 {"status":"queued","event":"alert","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 10: whose sender is null, and somebody else is named
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
