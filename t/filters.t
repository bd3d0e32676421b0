use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== branches all
--- config
    location = /hook {
        slack_route acme {
            branches all;
        }
    }
--- hook
push.json      => 202 queued push
push_many.json => 202 queued push
tag_push.json  => 202 queued tag_push
--- no_error_log
[error]
[alert]



=== branches default
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
tag_push.json           => 202 queued tag_push
pipeline_success.json   => 202 queued pipeline
pipeline_tag.json       => 202 queued pipeline
deployment_success.json => 202 queued deployment
merge_request_open.json => 202 queued merge_request
--- no_error_log
[error]
[alert]



=== branches protected
--- config
    location = /hook {
        slack_route acme {
            branches protected;
        }
    }
--- hook
push.json               => 202 queued push
push_protected.json     => 202 queued push
push_many.json          => 200 filtered push: branches
push_old.json           => 200 filtered push: branches
deployment_success.json => 200 filtered deployment: branches
--- no_error_log
[error]
[alert]



=== branches protected, told by protected_branches where GitLab does not
--- config
    location = /hook {
        slack_route acme {
            branches protected;
            protected_branches mai* ~^rel;
        }
    }
--- hook
push_old.json           => 202 queued push
deployment_success.json => 202 queued deployment
push_many.json          => 200 filtered push: branches
--- no_error_log
[error]
[alert]



=== branches default_and_protected
--- config
    location = /hook {
        slack_route acme {
            branches default_and_protected;
        }
    }
--- hook
push.json           => 202 queued push
push_protected.json => 202 queued push
push_many.json      => 200 filtered push: branches
--- no_error_log
[error]
[alert]



=== branches by glob, regex and exclusion
--- config
    location = /hook {
        slack_route acme {
            branches release/* ~^flight !*software;
        }
    }
--- hook
push_protected.json => 202 queued push
push_many.json      => 200 filtered push: branches
push.json           => 200 filtered push: branches
tag_push.json       => 202 queued tag_push
--- no_error_log
[error]
[alert]



=== nothing but exclusions: all others pass
--- config
    location = /hook {
        slack_route acme {
            branches !flight*;
        }
    }
--- hook
push.json           => 202 queued push
push_many.json      => 200 filtered push: branches
push_protected.json => 202 queued push
--- no_error_log
[error]
[alert]



=== patterns look at the target of merge requests
--- config
    location = /hook {
        slack_route acme {
            branches release/*;
        }
    }
--- hook
merge_request_open.json => 200 filtered merge_request: branches
push_protected.json     => 202 queued push
--- no_error_log
[error]
[alert]



=== a class beside a pattern counts for merge requests, too
--- config
    location = /hook {
        slack_route acme {
            branches default release/*;
        }
    }
--- hook
merge_request_open.json => 202 queued merge_request
--- no_error_log
[error]
[alert]



=== pipelines broken
--- config
    location = /hook {
        slack_route acme {
            pipelines broken;
        }
    }
--- hook
pipeline_failed.json   => 202 queued pipeline
pipeline_success.json  => 200 filtered pipeline: pipelines
pipeline_warnings.json => 200 filtered pipeline: pipelines
pipeline_fixed.json    => 200 filtered pipeline: pipelines
push.json              => 202 queued push
--- no_error_log
[error]
[alert]



=== pipelines changed, as GitLab tells
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_fixed.json         => 202 queued pipeline
pipeline_still_failing.json => 200 filtered pipeline: pipelines
--- no_error_log
[error]
[alert]



=== pipelines changed, by the last status that was seen
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_success.json => 200 filtered pipeline: pipelines
pipeline_failed.json  => 202 queued pipeline
pipeline_failed.json  => 200 filtered pipeline: pipelines
pipeline_success.json => 202 queued pipeline
pipeline_success.json => 200 filtered pipeline: pipelines
--- no_error_log
[error]
[alert]



=== labels any
--- config
    location = /hook {
        slack_route acme {
            labels any Feature Bug;
        }
    }
--- hook
merge_request_open.json => 202 queued merge_request
issue_open.json         => 202 queued issue
note_issue.json         => 202 queued note
note_commit.json        => 200 filtered note: labels
push.json               => 202 queued push
--- no_error_log
[error]
[alert]



=== labels any, exact
--- config
    location = /hook {
        slack_route acme {
            labels any bug;
        }
    }
--- hook
merge_request_open.json => 200 filtered merge_request: labels
--- no_error_log
[error]
[alert]



=== labels all
--- config
    location = /hook {
        slack_route acme {
            labels all Bug priority::1;
        }
    }
--- hook
merge_request_open.json => 200 filtered merge_request: labels
issue_open.json         => 202 queued issue
--- no_error_log
[error]
[alert]



=== labels none
--- config
    location = /hook {
        slack_route acme {
            labels none priority::1;
        }
    }
--- hook
merge_request_open.json => 202 queued merge_request
issue_open.json         => 200 filtered issue: labels
note_commit.json        => 202 queued note
--- no_error_log
[error]
[alert]



=== labels, and-ed
--- config
    location = /hook {
        slack_route acme {
            labels any Bug;
            labels none priority::1;
        }
    }
--- hook
merge_request_open.json => 202 queued merge_request
issue_open.json         => 200 filtered issue: labels
--- no_error_log
[error]
[alert]



=== users
--- config
    location = /hook {
        slack_route acme {
            users mok* !*bot;
        }
    }
--- hook
push.json      => 202 queued push
push_many.json => 200 filtered push: users
--- no_error_log
[error]
[alert]



=== users, excluded
--- config
    location = /hook {
        slack_route acme {
            users !mokafor;
        }
    }
--- hook
push.json      => 200 filtered push: users
push_many.json => 202 queued push
--- no_error_log
[error]
[alert]



=== projects
--- config
    location = /hook {
        slack_route acme {
            projects acme/*;
        }
    }
--- hook
push.json => 202 queued push
--- no_error_log
[error]
[alert]



=== projects, another
--- config
    location = /hook {
        slack_route acme {
            projects other/*;
        }
    }
--- hook
push.json => 200 filtered push: projects
--- no_error_log
[error]
[alert]



=== paths
--- config
    location = /hook {
        slack_route acme {
            paths lib/sensor/*;
        }
    }
--- hook
push.json            => 202 queued push
push_many.json       => 200 filtered push: paths
issue_open.json      => 202 queued issue
push_new_branch.json => 200 filtered push: paths
--- no_error_log
[error]
[alert]



=== paths, a push of nothing but excluded files
--- config
    location = /hook {
        slack_route acme {
            paths !lib/* !spec/*;
        }
    }
--- hook
push.json => 202 queued push
--- no_error_log
[error]
[alert]



=== match
--- config
    location = /hook {
        slack_route acme {
            match object_attributes.target_branch main ~^rel;
        }
    }
--- hook
merge_request_open.json => 202 queued merge_request
push.json               => 200 filtered push: match
--- no_error_log
[error]
[alert]



=== match in an array
--- config
    location = /hook {
        slack_route acme {
            match labels[].title priority::*;
        }
    }
--- hook
issue_open.json         => 202 queued issue
merge_request_open.json => 200 filtered merge_request: match
--- no_error_log
[error]
[alert]



=== match, excluded
--- config
    location = /hook {
        slack_route acme {
            match labels.title !priority::*;
        }
    }
--- hook
issue_open.json         => 200 filtered issue: match
merge_request_open.json => 202 queued merge_request
push.json               => 202 queued push
--- no_error_log
[error]
[alert]



=== actions
--- config
    location = /hook {
        slack_route acme {
            events merge_request:open,merge wiki_page;
        }
    }
--- hook
merge_request_open.json  => 202 queued merge_request
merge_request_merge.json => 202 queued merge_request
merge_request_close.json => 200 filtered merge_request: action
wiki_create.json         => 202 queued wiki_page
--- no_error_log
[error]
[alert]



=== if, with a variable of the event
--- http_config
    map $slack_user $wanted {
        mokafor 1;
        yhartmann 0;
    }
--- config
    location = /hook {
        slack_route acme if=$wanted {
            channel dev;
        }
    }
--- hook
push.json               => 202 queued push
push_many.json          => 200 filtered push: if
issue_open.json         => 202 queued issue
merge_request_open.json => 200 filtered merge_request: if
--- no_error_log
[error]
[alert]



=== several routes and channels, each channel once
--- config
    location = /hook {
        slack_notify acme dev,#ops,U024BE7LH;
        slack_route acme {
            channel ops dev more;
            username Other;
        }
    }
--- hook
tag_push_delete.json => 202 queued tag_push: 4
--- slack_like
^#dev as GitLab$
^#ops as GitLab$
^#more as Other$
^U024BE7LH as GitLab$
--- slack_wait: 4
--- no_error_log
[error]
[alert]
