use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== all, the default
--- config
    location = /hook {
        slack_route acme {
            events all;
        }
    }
--- hook
push.json               => 202 queued push
push_many.json          => 202 queued push
push_delete_branch.json => 202 queued push
pipeline_mr.json        => 202 queued pipeline
deployment_success.json => 202 queued deployment
--- no_error_log
[error]
[alert]
[crit]



=== all
--- config
    location = /hook {
        slack_route acme {
            branches all;
        }
    }
--- hook
push.json               => 202 queued push
push_many.json          => 202 queued push
pipeline_mr.json        => 202 queued pipeline
deployment_success.json => 202 queued deployment
--- no_error_log
[error]
[alert]
[crit]



=== default
--- config
    location = /hook {
        slack_route acme {
            branches default;
        }
    }
--- hook
push.json               => 202 queued push
push_many.json          => 200 filtered push: branches
push_protected.json     => 200 filtered push: branches
push_new_branch.json    => 200 filtered push: branches
pipeline_success.json   => 202 queued pipeline
pipeline_mr.json        => 200 filtered pipeline: branches
deployment_success.json => 202 queued deployment
--- no_error_log
[error]
[alert]
[crit]



=== default, of a project that does not tell its default branch
--- config
    location = /hook {
        slack_route acme {
            branches default;
        }
    }
--- hook
push_null.json => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== protected
--- config
    location = /hook {
        slack_route acme {
            branches protected;
        }
    }
--- hook
push.json             => 202 queued push
push_protected.json   => 202 queued push
push_many.json        => 200 filtered push: branches
pipeline_success.json => 202 queued pipeline
pipeline_mr.json      => 200 filtered pipeline: branches
--- no_error_log
[error]
[alert]
[crit]



=== protected: the default branch is not if GitLab says so
--- config
    location = /hook {
        slack_route acme {
            branches protected;
        }
    }
--- hook
push_unprotected.json => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== protected: not told, so no
--- config
    location = /hook {
        slack_route acme {
            branches protected;
        }
    }
--- hook
push_old.json           => 200 filtered push: branches
pipeline_old.json       => 200 filtered pipeline: branches
deployment_success.json => 200 filtered deployment: branches
--- no_error_log
[error]
[alert]
[crit]



=== protected: not told, so by protected_branches
--- config
    location = /hook {
        slack_route acme {
            branches protected;
            protected_branches stable/* ~^MAI main;
        }
    }
--- hook
push_old.json           => 202 queued push
pipeline_old.json       => 202 queued pipeline
deployment_success.json => 202 queued deployment
--- no_error_log
[error]
[alert]
[crit]



=== protected_branches with an exclusion
--- config
    location = /hook {
        slack_route acme {
            branches protected;
            protected_branches * !main;
        }
    }
--- hook
push_old.json           => 200 filtered push: branches
deployment_success.json => 200 filtered deployment: branches
--- no_error_log
[error]
[alert]
[crit]



=== protected_branches do not overrule what GitLab says
--- config
    location = /hook {
        slack_route acme {
            branches protected;
            protected_branches *;
        }
    }
--- hook
push_unprotected.json => 200 filtered push: branches
push_many.json        => 200 filtered push: branches
pipeline_mr.json      => 200 filtered pipeline: branches
--- no_error_log
[error]
[alert]
[crit]



=== protected_branches alone filter nothing
--- config
    location = /hook {
        slack_route acme {
            protected_branches stable;
        }
    }
--- hook
push_many.json => 202 queued push
push_old.json  => 202 queued push
--- no_error_log
[error]
[alert]
[crit]



=== default_and_protected
--- config
    location = /hook {
        slack_route acme {
            branches default_and_protected;
        }
    }
--- hook
push.json             => 202 queued push
push_unprotected.json => 202 queued push
push_protected.json   => 202 queued push
push_many.json        => 200 filtered push: branches
pipeline_mr.json      => 200 filtered pipeline: branches
--- no_error_log
[error]
[alert]
[crit]



=== default and protected, each by its name
--- config
    location = /hook {
        slack_route acme {
            branches default protected;
        }
    }
--- hook
push_unprotected.json => 202 queued push
push_protected.json   => 202 queued push
push_many.json        => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== globs
--- config
    location = /hook {
        slack_route acme {
            branches release/* flight-???????? x*;
        }
    }
--- hook
push_protected.json     => 202 queued push
push_many.json          => 202 queued push
push.json               => 200 filtered push: branches
push_delete_branch.json => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== globs: a star goes over slashes
--- config
    location = /hook {
        slack_route acme {
            branches *2*4;
        }
    }
--- hook
push_protected.json => 202 queued push
push.json           => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== globs are exact, from end to end
--- config
    location = /hook {
        slack_route acme {
            branches release flight mai ain Main;
        }
    }
--- hook
push_protected.json => 200 filtered push: branches
push_many.json      => 200 filtered push: branches
push.json           => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== regular expressions
--- config
    location = /hook {
        slack_route acme {
            branches ~^(main|old/) ~4$;
        }
    }
--- hook
push.json               => 202 queued push
push_delete_branch.json => 202 queued push
push_protected.json     => 202 queued push
push_many.json          => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== regular expressions without regard to case
--- config
    location = /hook {
        slack_route acme {
            branches ~*^MAIN$ ~^FLIGHT;
        }
    }
--- hook
push.json      => 202 queued push
push_many.json => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== a class or a pattern
--- config
    location = /hook {
        slack_route acme {
            branches default release/*;
        }
    }
--- hook
push.json           => 202 queued push
push_protected.json => 202 queued push
push_many.json      => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== exclusions win over classes and patterns
--- config
    location = /hook {
        slack_route acme {
            branches all release/* !release/2.* !~^flight;
        }
    }
--- hook
push.json           => 202 queued push
push_protected.json => 200 filtered push: branches
push_many.json      => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== nothing but exclusions: all others pass
--- config
    location = /hook {
        slack_route acme {
            branches !release/*;
        }
    }
--- hook
push.json           => 202 queued push
push_many.json      => 202 queued push
push_protected.json => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== a branch that is called like a class
--- config
    location = /hook {
        slack_route acme {
            branches ~^default$;
        }
    }
--- hook
push.json => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== names with anything in them
--- config
    location = /hook {
        slack_route acme {
            branches "feature/a#b%c\"<&>|x'?";
        }
    }
--- hook
push_special_ref.json => 202 queued push
push.json             => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== tags are no branches: they pass
--- config
    location = /hook {
        slack_route acme {
            branches nothing;
        }
    }
--- hook
tag_push.json        => 202 queued tag_push
tag_push_delete.json => 202 queued tag_push
pipeline_tag.json    => 202 queued pipeline
push.json            => 200 filtered push: branches
--- no_error_log
[error]
[alert]
[crit]



=== other events have no branch: they pass
--- config
    location = /hook {
        slack_route acme {
            branches nothing;
        }
    }
--- hook
issue_open.json                          => 202 queued issue
note_issue.json                          => 202 queued note
wiki_create.json                         => 202 queued wiki_page
alert_triggered.json | X-Gitlab-Event: - => 202 queued alert
--- no_error_log
[error]
[alert]
[crit]



=== deployments that do not tell their ref pass
--- config
    location = /hook {
        slack_route acme {
            branches nothing;
        }
    }
--- hook
deployment_old.json     => 202 queued deployment
deployment_success.json => 200 filtered deployment: branches
--- no_error_log
[error]
[alert]
[crit]



=== the pipeline of a fork has its source branch
--- config
    location = /hook {
        slack_route acme {
            branches fuel-*;
        }
    }
--- hook
pipeline_mr.json      => 202 queued pipeline
pipeline_success.json => 200 filtered pipeline: branches
--- no_error_log
[error]
[alert]
[crit]
