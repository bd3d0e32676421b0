use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== any
--- config
    location = /hook {
        slack_route acme {
            labels any Feature Bug;
        }
    }
--- hook
issue_open.json               => 202 queued issue
merge_request_open.json       => 202 queued merge_request
note_issue.json               => 202 queued note
note_mr.json                  => 202 queued note
merge_request_fork.json       => 200 filtered merge_request: labels
merge_request_draft_open.json => 200 filtered merge_request: labels
--- no_error_log
[error]
[alert]
[crit]



=== any, with a space and entities
--- config
    location = /hook {
        slack_route acme {
            labels any "UI & texts";
        }
    }
--- hook
merge_request_fork.json => 202 queued merge_request
merge_request_open.json => 200 filtered merge_request: labels
--- no_error_log
[error]
[alert]
[crit]



=== titles are exact
--- config
    location = /hook {
        slack_route acme {
            labels any bug Bu "Bug " ~Bug priority;
        }
    }
--- hook
issue_open.json         => 200 filtered issue: labels
merge_request_open.json => 200 filtered merge_request: labels
--- no_error_log
[error]
[alert]
[crit]



=== all
--- config
    location = /hook {
        slack_route acme {
            labels all Bug priority::1;
        }
    }
--- hook
issue_open.json         => 202 queued issue
merge_request_open.json => 200 filtered merge_request: labels
--- no_error_log
[error]
[alert]
[crit]



=== all, with one of them twice
--- config
    location = /hook {
        slack_route acme {
            labels all Bug Bug;
        }
    }
--- hook
issue_open.json         => 202 queued issue
merge_request_fork.json => 200 filtered merge_request: labels
--- no_error_log
[error]
[alert]
[crit]



=== none
--- config
    location = /hook {
        slack_route acme {
            labels none priority::1 wontfix;
        }
    }
--- hook
merge_request_open.json       => 202 queued merge_request
merge_request_draft_open.json => 202 queued merge_request
issue_open.json               => 200 filtered issue: labels
--- no_error_log
[error]
[alert]
[crit]



=== and-ed
--- config
    location = /hook {
        slack_route acme {
            labels any Bug Feature;
            labels none priority::1;
        }
    }
--- hook
merge_request_open.json => 202 queued merge_request
issue_open.json         => 200 filtered issue: labels
merge_request_fork.json => 200 filtered merge_request: labels
--- no_error_log
[error]
[alert]
[crit]



=== and-ed, of one mode
--- config
    location = /hook {
        slack_route acme {
            labels any Bug;
            labels any priority::1;
        }
    }
--- hook
issue_open.json         => 202 queued issue
merge_request_open.json => 200 filtered merge_request: labels
--- no_error_log
[error]
[alert]
[crit]



=== notes on what has no labels
--- config
    location = /hook {
        slack_route acme {
            labels any Bug;
        }
    }
--- hook
note_commit.json  => 200 filtered note: labels
note_snippet.json => 200 filtered note: labels
--- no_error_log
[error]
[alert]
[crit]



=== none, and notes on what has no labels
--- config
    location = /hook {
        slack_route acme {
            labels none Bug;
        }
    }
--- hook
note_commit.json  => 202 queued note
note_snippet.json => 202 queued note
note_issue.json   => 200 filtered note: labels
--- no_error_log
[error]
[alert]
[crit]



=== other events are not filtered
--- config
    location = /hook {
        slack_route acme {
            labels any nothing;
        }
    }
--- hook
push.json                                => 202 queued push
tag_push.json                            => 202 queued tag_push
pipeline_success.json                    => 202 queued pipeline
wiki_create.json                         => 202 queued wiki_page
deployment_success.json                  => 202 queued deployment
alert_triggered.json | X-Gitlab-Event: - => 202 queued alert
--- no_error_log
[error]
[alert]
[crit]



=== confidential issues and notes, too
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            labels any Bug;
        }
    }
--- hook
issue_confidential_open.json => 202 queued confidential_issue
note_confidential.json       => 202 queued confidential_note
--- no_error_log
[error]
[alert]
[crit]



=== confidential issues and notes, not these
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            labels none Bug;
        }
    }
--- hook
issue_confidential_open.json => 200 filtered confidential_issue: labels
note_confidential.json       => 200 filtered confidential_note: labels
--- no_error_log
[error]
[alert]
[crit]
