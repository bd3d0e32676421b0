use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== one changed file is enough
--- config
    location = /hook {
        slack_route acme {
            paths docs/*;
        }
    }
--- hook
push.json      => 202 queued push
push_many.json => 200 filtered push: paths
--- no_error_log
[error]
[alert]
[crit]



=== added, modified and removed files
--- config
    location = /hook {
        slack_route acme {
            paths CHANGELOG.md;
        }
    }
--- hook
push.json      => 202 queued push
push_many.json => 200 filtered push: paths
--- no_error_log
[error]
[alert]
[crit]



=== stars go over slashes
--- config
    location = /hook {
        slack_route acme {
            paths *.rb;
        }
    }
--- hook
push.json      => 202 queued push
push_many.json => 202 queued push
--- no_error_log
[error]
[alert]
[crit]



=== from end to end
--- config
    location = /hook {
        slack_route acme {
            paths lib CHANGELOG *.r;
        }
    }
--- hook
push.json => 200 filtered push: paths
--- no_error_log
[error]
[alert]
[crit]



=== regular expressions
--- config
    location = /hook {
        slack_route acme {
            paths ~^lib/(gyro|valves)\.rb$;
        }
    }
--- hook
push_many.json => 202 queued push
push.json      => 200 filtered push: paths
--- no_error_log
[error]
[alert]
[crit]



=== a push of nothing but excluded files
--- config
    location = /hook {
        slack_route acme {
            paths !lib/* !spec/*;
        }
    }
--- hook
push_many.json => 200 filtered push: paths
push.json      => 202 queued push
--- no_error_log
[error]
[alert]
[crit]



=== exclusions win, file by file
--- config
    location = /hook {
        slack_route acme {
            paths *.rb !lib/* !spec/*;
        }
    }
--- hook
push.json      => 202 queued push
push_many.json => 200 filtered push: paths
--- no_error_log
[error]
[alert]
[crit]



=== a push that tells no files
--- config
    location = /hook {
        slack_route acme {
            paths *.rb;
        }
    }
--- hook
push_1k.json            => 200 filtered push: paths
push_system.json        => 200 filtered push: paths
push_delete_branch.json => 200 filtered push: paths
push_new_branch.json    => 200 filtered push: paths
--- no_error_log
[error]
[alert]
[crit]



=== a push that tells no files, and nothing but exclusions
--- config
    location = /hook {
        slack_route acme {
            paths !*.md;
        }
    }
--- hook
push_1k.json            => 202 queued push
push_delete_branch.json => 202 queued push
--- no_error_log
[error]
[alert]
[crit]



=== other events are not filtered
--- config
    location = /hook {
        slack_route acme {
            paths *.rb;
        }
    }
--- hook
tag_push.json           => 202 queued tag_push
issue_open.json         => 202 queued issue
merge_request_open.json => 202 queued merge_request
pipeline_success.json   => 202 queued pipeline
--- no_error_log
[error]
[alert]
[crit]
