use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest data => 'github';

plan 'no_plan';
run_tests();

__DATA__

=== runs of workflows and checks of apps
--- config
    location = /hook {
        slack_route acme {
            events  pipeline:success,failed,canceled,running,pending,neutral;
            channel dev;
        }
    }

    location = /plain {
        slack_notify acme dev;
    }
--- hook
workflow_run_success.json          => 202 queued pipeline
workflow_run_failure.json          => 202 queued pipeline
workflow_run_requested.json        => 202 queued pipeline
workflow_run_in_progress.json      => 202 queued pipeline
workflow_run_cancelled.json        => 202 queued pipeline
workflow_run_fork.json             => 202 queued pipeline
check_suite_failure.json           => 202 queued pipeline
check_suite_neutral.json           => 202 queued pipeline
check_suite_actions.json           => 200 ignored pipeline: check suite of a workflow run
/plain workflow_run_cancelled.json => 200 filtered pipeline: action
/plain workflow_run_requested.json => 200 filtered pipeline: action
--- slack
#dev as GitLab
[good]
  title: acme/rocket: Pipeline #318 has passed in 03:03 -> https://github.example.com/acme/rocket/actions/runs/555001
  author: mokafor -> https://github.example.com/mokafor
  field: Branch = <https://github.example.com/acme/rocket/tree/main|main> (short)
  field: Commit = <https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|Docs: what "late" means> (short)
  field: Pipeline name = Build &amp; test
  footer: acme/rocket
  ts: 1772633003
  fallback: acme/rocket: Pipeline #318 of branch main by mokafor has passed in 03:03

#dev as GitLab
[danger]
  title: acme/rocket: Pipeline #319 has failed in 01:00:01 -> https://github.example.com/acme/rocket/actions/runs/555002
  author: mokafor -> https://github.example.com/mokafor
  field: Branch = <https://github.example.com/acme/rocket/tree/main|main> (short)
  field: Commit = <https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|Docs: what "late" means> (short)
  field: Pipeline name = Build &amp; test
  footer: acme/rocket
  ts: 1772636421
  fallback: acme/rocket: Pipeline #319 of branch main by mokafor has failed in 01:00:01

#dev as GitLab
[#334455]
  title: acme/rocket: Pipeline #318 is pending -> https://github.example.com/acme/rocket/actions/runs/555001
  author: mokafor -> https://github.example.com/mokafor
  field: Branch = <https://github.example.com/acme/rocket/tree/main|main> (short)
  field: Commit = <https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|Docs: what "late" means> (short)
  field: Pipeline name = Build &amp; test
  footer: acme/rocket
  ts: 1772632820
  fallback: acme/rocket: Pipeline #318 of branch main by mokafor is pending

#dev as GitLab
[#334455]
  title: acme/rocket: Pipeline #318 is running -> https://github.example.com/acme/rocket/actions/runs/555001
  author: mokafor -> https://github.example.com/mokafor
  field: Branch = <https://github.example.com/acme/rocket/tree/main|main> (short)
  field: Commit = <https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|Docs: what "late" means> (short)
  field: Pipeline name = Build &amp; test
  footer: acme/rocket
  ts: 1772632825
  fallback: acme/rocket: Pipeline #318 of branch main by mokafor is running

#dev as GitLab
[warning]
  title: acme/rocket: Pipeline #318 was canceled in 03:03 -> https://github.example.com/acme/rocket/actions/runs/555001
  author: mokafor -> https://github.example.com/mokafor
  field: Branch = <https://github.example.com/acme/rocket/tree/main|main> (short)
  field: Commit = <https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|Docs: what "late" means> (short)
  field: Pipeline name = Build &amp; test
  footer: acme/rocket
  ts: 1772633003
  fallback: acme/rocket: Pipeline #318 of branch main by mokafor was canceled in 03:03

#dev as GitLab
[danger]
  title: acme/rocket: Pipeline #318 has failed in 03:03 -> https://github.example.com/acme/rocket/actions/runs/555001
  author: yhartmann -> https://github.example.com/yhartmann
  field: Branch = <https://github.example.com/yhartmann/rocket/tree/main|yhartmann:main> (short)
  field: Commit = <https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|Docs: what "late" means> (short)
  field: Pipeline name = Build &amp; test
  footer: acme/rocket
  ts: 1772633003
  fallback: acme/rocket: Pipeline #318 of branch yhartmann:main by yhartmann has failed in 03:03

#dev as GitLab
[danger]
  title: acme/rocket: Pipeline #777002 has failed in 05:00 -> https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb/checks
  author: mokafor -> https://github.example.com/mokafor
  field: Branch = <https://github.example.com/acme/rocket/tree/main|main> (short)
  field: Commit = <https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|Docs: what "late" means> (short)
  field: Pipeline name = Wind tunnel
  footer: acme/rocket
  ts: 1772633120
  fallback: acme/rocket: Pipeline #777002 of branch main by mokafor has failed in 05:00

#dev as GitLab
[#334455]
  title: acme/rocket: Pipeline #777002 is neutral in 05:00 -> https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb/checks
  author: mokafor -> https://github.example.com/mokafor
  field: Branch = <https://github.example.com/acme/rocket/tree/main|main> (short)
  field: Commit = <https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|Docs: what "late" means> (short)
  field: Pipeline name = Wind tunnel
  footer: acme/rocket
  ts: 1772633120
  fallback: acme/rocket: Pipeline #777002 of branch main by mokafor is neutral in 05:00
--- no_error_log
[error]
[alert]



=== deployments
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
deployment_status_in_progress.json => 202 queued deployment
deployment_status_success.json     => 202 queued deployment
deployment_status_failure.json     => 202 queued deployment
deployment_status_sha.json         => 202 queued deployment
deployment_status_inactive.json    => 200 ignored deployment: deployment is inactive
--- slack
#dev as GitLab
[#334455] pretext: Starting deploy to production
  text: <https://github.example.com/acme/rocket|acme/rocket> with job <https://github.example.com/acme/rocket/actions/runs/555001/job/11|#318> by <https://github.example.com/mokafor|mokafor>\n<https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|a625406f>: Docs: what "late" means
  ts: 1772633400
  fallback: Starting deploy to production in acme/rocket

#dev as GitLab
[good] pretext: Deploy to production succeeded
  text: <https://github.example.com/acme/rocket|acme/rocket> with job <https://github.example.com/acme/rocket/actions/runs/555001/job/11|#318> by <https://github.example.com/mokafor|mokafor>\n<https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|a625406f>: Docs: what "late" means
  ts: 1772633400
  fallback: Deploy to production succeeded in acme/rocket

#dev as GitLab
[danger] pretext: Deploy to production failed
  text: <https://github.example.com/acme/rocket|acme/rocket> with job <https://github.example.com/acme/rocket/actions/runs/555001/job/11|#318> by <https://github.example.com/mokafor|mokafor>\n<https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|a625406f>: Docs: what "late" means
  ts: 1772633400
  fallback: Deploy to production failed in acme/rocket

#dev as GitLab
[good] pretext: Deploy to production succeeded
  text: <https://github.example.com/acme/rocket|acme/rocket> by <https://github.example.com/mokafor|mokafor>\n<https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|a625406f>
  ts: 1772633400
  fallback: Deploy to production succeeded in acme/rocket
--- no_error_log
[error]
[alert]



=== releases, one message for each; drafts are not for everybody
--- config
    location = /hook {
        slack_route acme {
            events  release;
            channel dev;
        }
    }

    location = /all {
        slack_route acme {
            events  release:create,update,delete;
            channel dev;
        }
    }

    location = /plain {
        slack_notify acme dev;
    }
--- hook
release_created.json          => 200 filtered release: action
release_published.json        => 202 queued release
release_released.json         => 200 filtered release: action
release_prerelease.json       => 202 queued release
release_draft.json            => 200 ignored release: draft of a release
release_deleted.json          => 202 queued release
release_edited.json           => 200 filtered release: action
/all release_edited.json      => 202 queued release
/all release_draft.json       => 200 ignored release: draft of a release
/plain release_published.json => 200 filtered: events
--- slack
#dev as GitLab
[good] pretext: Release <https://github.example.com/acme/rocket/releases/tag/v1.4.0|1.4 "Kestrel"> published in <https://github.example.com/acme/rocket|acme/rocket> by mokafor
  text: ## New\n\n* *Late* gauges are asked again
  field: Tag = <https://github.example.com/acme/rocket/releases/tag/v1.4.0|v1.4.0> (short)
  field: Assets = 2 (short)
  ts: 1772650800
  fallback: Release 1.4 "Kestrel" published in acme/rocket by mokafor

#dev as GitLab
[good] pretext: Pre-release <https://github.example.com/acme/rocket/releases/tag/v1.5.0-rc1|v1.5.0-rc1> published in <https://github.example.com/acme/rocket|acme/rocket> by mokafor
  field: Tag = <https://github.example.com/acme/rocket/releases/tag/v1.5.0-rc1|v1.5.0-rc1> (short)
  ts: 1772650800
  fallback: Pre-release v1.5.0-rc1 published in acme/rocket by mokafor

#dev as GitLab
[] pretext: Release 1.4 "Kestrel" deleted in <https://github.example.com/acme/rocket|acme/rocket> by mokafor
  fallback: Release 1.4 "Kestrel" deleted in acme/rocket by mokafor

#dev as GitLab
[] pretext: Release <https://github.example.com/acme/rocket/releases/tag/v1.4.0|1.4 "Kestrel"> updated in <https://github.example.com/acme/rocket|acme/rocket> by mokafor
  fallback: Release 1.4 "Kestrel" updated in acme/rocket by mokafor
--- no_error_log
[error]
[alert]
