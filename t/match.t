use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== a field
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
[crit]



=== a field at the top
--- config
    location = /hook {
        slack_route acme {
            match object_kind push tag_*;
        }
    }
--- hook
push.json       => 202 queued push
tag_push.json   => 202 queued tag_push
issue_open.json => 200 filtered issue: match
--- no_error_log
[error]
[alert]
[crit]



=== numbers, true and false
--- config
    location = /hook {
        slack_route acme {
            match ref_protected true;
            match total_commits_count ~^[1-9];
            match project.id ~^[0-9]+$;
        }
    }
--- hook
push.json      => 202 queued push
push_many.json => 200 filtered push: match
--- no_error_log
[error]
[alert]
[crit]



=== null is no value
--- config
    location = /hook {
        slack_route acme {
            match object_attributes.duration *;
        }
    }
--- hook
pipeline_success.json => 202 queued pipeline
pipeline_running.json => 200 filtered pipeline: action
--- no_error_log
[error]
[alert]
[crit]



=== a field of each object of an array
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
[crit]



=== the same without brackets
--- config
    location = /hook {
        slack_route acme {
            match labels.title priority::*;
        }
    }
--- hook
issue_open.json         => 202 queued issue
merge_request_open.json => 200 filtered merge_request: match
--- no_error_log
[error]
[alert]
[crit]



=== values of an array
--- config
    location = /hook {
        slack_route acme {
            match commits[].modified[] app/helpers/*;
        }
    }
--- hook
push.json      => 202 queued push
push_many.json => 200 filtered push: match
--- no_error_log
[error]
[alert]
[crit]



=== excluded, in an array
--- config
    location = /hook {
        slack_route acme {
            match labels.title !priority::*;
        }
    }
--- hook
merge_request_open.json => 202 queued merge_request
push.json               => 202 queued push
issue_open.json         => 200 filtered issue: match
--- no_error_log
[error]
[alert]
[crit]



=== several are or-ed
--- config
    location = /hook {
        slack_route acme {
            match object_attributes.action close reopen;
        }
    }
--- hook
issue_close.json  => 202 queued issue
issue_reopen.json => 202 queued issue
issue_open.json   => 200 filtered issue: match
--- no_error_log
[error]
[alert]
[crit]



=== repeated are and-ed
--- config
    location = /hook {
        slack_route acme {
            match object_kind issue;
            match labels[].title priority::*;
        }
    }
--- hook
issue_open.json         => 202 queued issue
merge_request_open.json => 200 filtered merge_request: match
issue_incident.json     => 200 filtered issue: match
--- no_error_log
[error]
[alert]
[crit]



=== the same field, twice
--- config
    location = /hook {
        slack_route acme {
            match user.username *f*;
            match user.username !mok*;
        }
    }
--- hook
issue_open.json => 200 filtered issue: match
push.json       => 200 filtered push: match
--- no_error_log
[error]
[alert]
[crit]



=== a field that is not there
--- config
    location = /hook {
        slack_route acme {
            match no.such.field *;
        }
    }
--- hook
push.json => 200 filtered push: match
--- no_error_log
[error]
[alert]
[crit]



=== a field that is not there cannot be excluded
--- config
    location = /hook {
        slack_route acme {
            match no.such.field !*;
        }
    }
--- hook
push.json => 202 queued push
--- no_error_log
[error]
[alert]
[crit]



=== not of objects
--- config
    location = /hook {
        slack_route acme {
            match project *;
        }
    }
--- hook
push.json => 200 filtered push: match
--- no_error_log
[error]
[alert]
[crit]



=== stages of jobs
--- config
    location = /hook {
        slack_route acme {
            match builds[].stage deploy*;
            match builds.status failed;
        }
    }
--- hook
pipeline_failed.json  => 202 queued pipeline
pipeline_success.json => 200 filtered pipeline: match
--- no_error_log
[error]
[alert]
[crit]
