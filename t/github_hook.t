# GitHub's webhooks: who may post, what a route that serves GitLab too sees.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest data => 'github';

plan 'no_plan';
run_tests();

__DATA__

=== signed with any of the secrets, as JSON and as a form
--- config
    location = /hook {
        slack_secret one;
        slack_secret two;
        slack_secret whsec_b25l;
        slack_notify acme dev;
    }
--- hook
push.json | signed one
push.json | signed two
push.json | form | signed one
push.json | form | signed two
push.json | signed three
push.json | form | signed three
push.json | signed whsec_b25l
push.json
push.json | X-Hub-Signature-256: sha256=
push.json | X-Hub-Signature-256: sha256=00
push.json | X-Hub-Signature: sha1=d03207e4b030cf234e3447bac4d93add4c6643d8
push.json | X-Hub-Signature-256: one
push.json | X-Gitlab-Token: one
push.json | Authorization: Bearer one
push.json | signed one | X-Hub-Signature-256: sha256=00
--- answers eval
(qq(202 {"status":"queued","event":"push","messages":1}\n) x 4)
. (qq(401 {"status":"rejected","reason":"unauthorized"}\n) x 11)
--- log_like
request refused, X-Hub-Signature-256 is wrong
request refused, X-Hub-Signature-256 was not sent
request refused, X-Hub-Signature-256 was sent twice
--- no_error_log
[alert]



=== the known example
--- config
    location = /hook {
        slack_secret "It's a Secret to Everybody";
        slack_source github;
        slack_notify acme dev;
    }
--- request
POST /hook
Hello, World!
--- more_headers
X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17
--- error_code: 400
--- response_body_like: body is not JSON at byte
--- no_error_log
[error]
[alert]



=== a signature is asked for where no route takes the event, too
--- config
    location = /hook {
        slack_secret one;
        slack_route acme {
            events issue;
        }
    }
--- hook
push.json | signed one        => 200 filtered: events
push.json | form | signed one => 200 filtered: events
push.json | signed two        => 401 rejected: unauthorized
push.json | form | signed two => 401 rejected: unauthorized
--- no_error_log
[alert]



=== only signing secrets of another kind
--- config
    location = /hook {
        slack_secret whsec_b25l;
        slack_notify acme dev;
    }
--- hook
push.json | signed one => 401 rejected: unauthorized
--- log_like
request refused, X-Hub-Signature-256 was sent, but every slack_secret begins with whsec_
--- no_error_log
[alert]



=== a delivery that comes again is known
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push.json | X-GitHub-Delivery: 72d3162e-cc78-11e3-81ab-4c9367dc0958 => 202 queued push
push.json | X-GitHub-Delivery: 72d3162e-cc78-11e3-81ab-4c9367dc0958 => 200 duplicate push
push.json | X-GitHub-Delivery: 72d3162e-cc78-11e3-81ab-4c9367dc0959 => 202 queued push
--- no_error_log
[error]
[alert]



=== a route for both, with filters and variables
--- config
    location = /hook {
        slack_route acme {
            events   pull_request:open,merge push tag_push issue note;
            branches main release/*;
            labels   none duplicate;
            users    !*[bot] !tlind;
            projects acme/*;
            channel  dev;
        }
    }
    location = /files {
        slack_route acme {
            events push;
            paths  *.t;
        }
    }
    location = /labels {
        slack_route acme {
            events issue note pull_request;
            labels any bug;
        }
    }
    location = /match {
        slack_route acme {
            match repository.private true;
            match sender.login mokafor;
        }
    }
--- hook
pull_request_merged.json           => 202 queued merge_request
pull_request_fork.json             => 202 queued merge_request
pull_request_opened.json           => 200 filtered merge_request: users
pull_request_closed.json           => 200 filtered merge_request: action
push.json                          => 202 queued push
push_branch.json                   => 200 filtered push: branches
push_tag.json                      => 202 queued tag_push
../gitlab/merge_request_merge.json => 202 queued merge_request
../gitlab/push.json                => 202 queued push
/files push.json                   => 202 queued push
/files push_tag.json               => 200 filtered tag_push: events
/labels issues_closed.json         => 202 queued issue
/labels issue_comment_issue.json   => 202 queued note
/labels issue_comment_pull.json    => 200 filtered note: labels
/labels pull_request_opened.json   => 200 filtered merge_request: labels
/match issues_closed.json          => 202 queued issue
/match issues_reopened.json        => 200 filtered issue: match
--- no_error_log
[error]
[alert]



=== what has changed is told workflow by workflow
--- config
    location = /hook {
        slack_route acme {
            events    pipeline;
            pipelines changed;
        }
    }
--- hook
workflow_run_failure.json      => 202 queued pipeline
workflow_run_lint_success.json => 200 filtered pipeline: pipelines
workflow_run_failure.json      => 200 filtered pipeline: pipelines
workflow_run_fork.json         => 202 queued pipeline
workflow_run_lint_success.json => 200 filtered pipeline: pipelines
workflow_run_success.json      => 202 queued pipeline
workflow_run_success.json      => 200 filtered pipeline: pipelines
--- no_error_log
[error]
[alert]



=== refs told twice, with repeat on; and where a route wants one only
--- config
    location = /hook {
        slack_route acme {
            repeat on;
        }
    }
    location = /made {
        slack_route acme {
            events push:create;
        }
    }
--- hook
push_branch.json              => 202 queued push
create_branch.json            => 202 queued push
/made create_branch.json      => 202 queued push
/made push_branch.json        => 200 filtered push: repeat
/made push_branch_delete.json => 200 filtered push: action
/made push_branch.json        => 202 queued push
--- no_error_log
[error]
[alert]



=== variables
--- http_config
    log_format told '$slack_event:$slack_action $slack_project $slack_user '
                    '$slack_branch "$slack_title" $slack_url '
                    '$slack_json_pull_request__head__ref';
--- config
    access_log logs/access.log told;

    location = /hook {
        slack_notify acme dev;
    }
--- hook
pull_request_merged.json
--- access_log
merge_request:merge acme/rocket mokafor main "Retry the fuel gauge when it answers late" https://github.example.com/acme/rocket/pull/42 late-gauge
--- no_error_log
[error]
[alert]
