# One line for each event: state, object, who, project.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== issues and merge requests
--- config
    location = /hook {
        slack_route acme {
            events push tag_push wiki_page issue
                   merge_request:open,close,merge,approved,unapproved,update,ready note
                   pipeline:success,failed,running deployment alert
                   confidential_issue confidential_note job release
                   feature_flag milestone emoji member subgroup project
                   vulnerability access_token;
            format compact;
            channel dev;
        }
    }
--- hook
issue_open.json
issue_close.json
issue_confidential_open.json
merge_request_open.json
merge_request_merge.json
merge_request_approved.json
merge_request_draft_open.json
merge_request_fork.json
merge_request_null.json
--- slack
#dev as GitLab
[#C95823]
  text: Opened · <https://gitlab.example.com/acme/rocket/-/issues/118|Issue #118 Countdown stops at T-40 s> · Mira Okafor · Acme / Rocket
  fallback: Opened · Issue #118 Countdown stops at T-40 s · Mira Okafor · Acme / Rocket

#dev as GitLab
[#6F42C1]
  text: Closed · <https://gitlab.example.com/acme/rocket/-/issues/118|Issue #118 Countdown stops at T-40 s> · Tomasz Lind · Acme / Rocket
  fallback: Closed · Issue #118 Countdown stops at T-40 s · Tomasz Lind · Acme / Rocket

#dev as GitLab
[#C95823]
  text: Opened · <https://gitlab.example.com/acme/rocket/-/issues/119|Confidential issue #119 Signing key of the flight recorder is in the image> · Priya Vance · Acme / Rocket
  fallback: Opened · Confidential issue #119 Signing key of the flight recorder is in the image · Priya Vance · Acme / Rocket

#dev as GitLab
[good]
  text: Opened · <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> · Tomasz Lind · Acme / Rocket
  fallback: Opened · !42 Retry the fuel gauge when it answers late · Tomasz Lind · Acme / Rocket

#dev as GitLab
[#6F42C1]
  text: Merged · <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> · Mira Okafor · Acme / Rocket
  fallback: Merged · !42 Retry the fuel gauge when it answers late · Mira Okafor · Acme / Rocket

#dev as GitLab
[good]
  text: Approved · <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> · Priya Vance · Acme / Rocket
  fallback: Approved · !42 Retry the fuel gauge when it answers late · Priya Vance · Acme / Rocket

#dev as GitLab
[#334455]
  text: Opened (draft) · <https://gitlab.example.com/acme/rocket/-/merge_requests/43|!43 Ask for two keys on the manual abort> · Yuki Hartmann · Acme / Rocket
  fallback: Opened (draft) · !43 Ask for two keys on the manual abort · Yuki Hartmann · Acme / Rocket

#dev as GitLab
[good]
  text: Opened · <https://gitlab.example.com/acme/rocket/-/merge_requests/44|!44 Translate the hold reasons into French &amp; Polish> · Léo Aldana · Acme / Rocket
  fallback: Opened · !44 Translate the hold reasons into French &amp; Polish · Léo Aldana · Acme / Rocket

#dev as GitLab
[good]
  text: Opened · <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> · tlind · Acme / Rocket
  fallback: Opened · !42 Retry the fuel gauge when it answers late · tlind · Acme / Rocket
--- no_error_log
[error]
[alert]



=== pushes and comments
--- config
    location = /hook {
        slack_route acme {
            events push tag_push wiki_page issue
                   merge_request:open,close,merge,approved,unapproved,update,ready note
                   pipeline:success,failed,running deployment alert
                   confidential_issue confidential_note job release
                   feature_flag milestone emoji member subgroup project
                   vulnerability access_token;
            format compact;
            channel dev;
        }
    }
--- hook
push.json
push_new_branch.json
tag_push.json
note_mr.json
note_confidential.json
--- slack
#dev as GitLab
[#334455]
  text: Pushed 3 commits · <https://gitlab.example.com/acme/rocket/-/compare/6b1d8b144bba9a0620748c256b4610eac99ff381...6d909b36a78b4d2f94a1d997f52647d9e8a7f887|Branch main> · Mira Okafor · Acme / Rocket
  fallback: Pushed 3 commits · Branch main · Mira Okafor · Acme / Rocket

#dev as GitLab
[#334455]
  text: Created · <https://gitlab.example.com/acme/rocket/-/commits/fuel-gauge-retry|Branch fuel-gauge-retry> · Tomasz Lind · Acme / Rocket
  fallback: Created · Branch fuel-gauge-retry · Tomasz Lind · Acme / Rocket

#dev as GitLab
[#334455]
  text: Created · <https://gitlab.example.com/acme/rocket/-/tags/v2.4.0-rc1|Tag v2.4.0-rc1> · Priya Vance · Acme / Rocket
  fallback: Created · Tag v2.4.0-rc1 · Priya Vance · Acme / Rocket

#dev as GitLab
[#334455]
  text: Comment · <https://gitlab.example.com/acme/rocket/-/merge_requests/42#note_1242|Merge request !42 Retry the fuel gauge when it answers late> · Priya Vance · Acme / Rocket
  fallback: Comment · Merge request !42 Retry the fuel gauge when it answers late · Priya Vance · Acme / Rocket

#dev as GitLab
[#334455]
  text: Confidential comment · <https://gitlab.example.com/acme/rocket/-/issues/119#note_1248|Issue #119 Signing key of the flight recorder is in the image> · Priya Vance · Acme / Rocket
  fallback: Confidential comment · Issue #119 Signing key of the flight recorder is in the image · Priya Vance · Acme / Rocket
--- no_error_log
[error]
[alert]



=== pipelines, jobs and deployments
--- config
    location = /hook {
        slack_route acme {
            events push tag_push wiki_page issue
                   merge_request:open,close,merge,approved,unapproved,update,ready note
                   pipeline:success,failed,running deployment alert
                   confidential_issue confidential_note job release
                   feature_flag milestone emoji member subgroup project
                   vulnerability access_token;
            format compact;
            channel dev;
        }
    }
--- hook
pipeline_mr.json
pipeline_success.json
pipeline_warnings.json
pipeline_running.json
pipeline_null.json
job.json
deployment_failed.json
deployment_success.json
--- slack
#dev as GitLab
[danger]
  text: Failed · <https://gitlab.example.com/acme/rocket/-/pipelines/9301/failures|Pipeline #9301 of fuel-gauge-retry> · Tomasz Lind · Acme / Rocket
  fallback: Failed · Pipeline #9301 of fuel-gauge-retry · Tomasz Lind · Acme / Rocket

#dev as GitLab
[good]
  text: Passed · <https://gitlab.example.com/acme/rocket/-/pipelines/9302|Pipeline #9302 of main> · Mira Okafor · Acme / Rocket
  fallback: Passed · Pipeline #9302 of main · Mira Okafor · Acme / Rocket

#dev as GitLab
[warning]
  text: Passed with warnings · <https://gitlab.example.com/acme/rocket/-/pipelines/9302/failures|Pipeline #9302 of main> · Mira Okafor · Acme / Rocket
  fallback: Passed with warnings · Pipeline #9302 of main · Mira Okafor · Acme / Rocket

#dev as GitLab
[#334455]
  text: Running · <https://gitlab.example.com/acme/rocket/-/pipelines/9302|Pipeline #9302 of main> · Mira Okafor · Acme / Rocket
  fallback: Running · Pipeline #9302 of main · Mira Okafor · Acme / Rocket

#dev as GitLab
[danger]
  text: Failed · <https://gitlab.example.com/acme/rocket/-/pipelines/9302|Pipeline #9302 of main> · Acme / Rocket
  fallback: Failed · Pipeline #9302 of main · Acme / Rocket

#dev as GitLab
[danger]
  text: Failed · <https://gitlab.example.com/acme/rocket/-/jobs/8106|Job #8106 bench &lt;cold&gt;> · Mira Okafor · Acme / Rocket
  fallback: Failed · Job #8106 bench &lt;cold&gt; · Mira Okafor · Acme / Rocket

#dev as GitLab
[danger]
  text: Failed · <https://gitlab.example.com/acme/rocket/-/jobs/8004|Deploy of main to production> · Mira Okafor · Acme / Rocket
  fallback: Failed · Deploy of main to production · Mira Okafor · Acme / Rocket

#dev as GitLab
[good]
  text: Succeeded · <https://staging.rocket.example.com|Deploy of main to staging> · Mira Okafor · Acme / Rocket
  fallback: Succeeded · Deploy of main to staging · Mira Okafor · Acme / Rocket
--- no_error_log
[error]
[alert]



=== others
--- config
    location = /hook {
        slack_route acme {
            events push tag_push wiki_page issue
                   merge_request:open,close,merge,approved,unapproved,update,ready note
                   pipeline:success,failed,running deployment alert
                   confidential_issue confidential_note job release
                   feature_flag milestone emoji member subgroup project
                   vulnerability access_token;
            format compact;
            channel dev;
        }
    }
--- hook
wiki_create.json
release_create.json
milestone_create.json
feature_flag.json
emoji_award.json
member_add.json
subgroup_create.json
system_project_rename.json
vulnerability.json
access_token_expiring.json
alert_triggered.json
--- slack
#dev as GitLab
[#334455]
  text: Created · <https://gitlab.example.com/acme/rocket/-/wikis/bench/2026-03|Wiki page Bench of March> · Priya Vance · Acme / Rocket
  fallback: Created · Wiki page Bench of March · Priya Vance · Acme / Rocket

#dev as GitLab
[good]
  text: Created · <https://gitlab.example.com/acme/rocket/-/releases/v2.4.0|Release Rocket 2.4.0> · Acme / Rocket
  fallback: Created · Release Rocket 2.4.0 · Acme / Rocket

#dev as GitLab
[#334455]
  text: Created · <https://gitlab.example.com/acme/rocket/-/milestones/8|Milestone June launch> · Acme / Rocket
  fallback: Created · Milestone June launch · Acme / Rocket

#dev as GitLab
[#334455]
  text: On · <https://gitlab.example.com/acme/rocket/-/feature_flags|Feature flag two_keys_abort> · Yuki Hartmann · Acme / Rocket
  fallback: On · Feature flag two_keys_abort · Yuki Hartmann · Acme / Rocket

#dev as GitLab
[#334455]
  text: Reaction · <https://gitlab.example.com/acme/rocket/-/issues/118#note_1241|:rocket: to a comment on issue #118 Countdown stops at T-40 s> · Léo Aldana · Acme / Rocket
  fallback: Reaction · :rocket: to a comment on issue #118 Countdown stops at T-40 s · Léo Aldana · Acme / Rocket

#dev as GitLab
[#334455]
  text: Added · Member · Léo Aldana · Acme
  fallback: Added · Member · Léo Aldana · Acme

#dev as GitLab
[#334455]
  text: Created · Subgroup Ground · acme/ground
  fallback: Created · Subgroup Ground · acme/ground

#dev as GitLab
[#334455]
  text: Renamed · Project Tower · Mira Okafor · acme/ground/tower
  fallback: Renamed · Project Tower · Mira Okafor · acme/ground/tower

#dev as GitLab
[danger]
  text: Detected · <https://gitlab.example.com/acme/rocket/-/security/vulnerabilities/31|Vulnerability Frame parser reads past its buffer> · acme/rocket
  fallback: Detected · Vulnerability Frame parser reads past its buffer · acme/rocket

#dev as GitLab
[warning]
  text: Expiring · <https://gitlab.example.com/acme/rocket/-/settings/access_tokens|Access token launch-bot deploy> · Acme / Rocket
  fallback: Expiring · Access token launch-bot deploy · Acme / Rocket

#dev as GitLab
[#C95823]
  text: Firing · <https://gitlab.example.com/acme/rocket/-/alert_management/12/details|Tank pressure above 3.2 bar for 5 minutes>
  fallback: Firing · Tank pressure above 3.2 bar for 5 minutes
--- no_error_log
[error]
[alert]



=== GitHub
--- config
    location = /hook {
        slack_source github;
        slack_route acme {
            events push tag_push wiki_page issue
                   merge_request:open,close,merge,approved,unapproved,update,ready note
                   pipeline:success,failed,running deployment alert
                   confidential_issue confidential_note job release
                   feature_flag milestone emoji member subgroup project
                   vulnerability access_token;
            format compact;
            channel dev;
        }
    }
--- hook
../github/pull_request_opened.json
../github/pull_request_fork.json
../github/pull_request_merged.json
../github/pull_request_review_changes.json
../github/pull_request_review_dismissed.json
../github/issues_opened.json
../github/workflow_run_pull.json
../github/workflow_run_failure.json
../github/deployment_status_failure.json
--- slack
#dev as GitLab
[good]
  text: Opened · <https://github.example.com/acme/rocket/pull/42|Pull request #42 Retry the fuel gauge when it answers late> · tlind · acme/rocket
  fallback: Opened · Pull request #42 Retry the fuel gauge when it answers late · tlind · acme/rocket

#dev as GitLab
[good]
  text: Opened · <https://github.example.com/acme/rocket/pull/42|Pull request #42 Retry the fuel gauge when it answers late> · yhartmann · acme/rocket
  fallback: Opened · Pull request #42 Retry the fuel gauge when it answers late · yhartmann · acme/rocket

#dev as GitLab
[#6F42C1]
  text: Merged · <https://github.example.com/acme/rocket/pull/42|Pull request #42 Retry the fuel gauge when it answers late> · mokafor · acme/rocket
  fallback: Merged · Pull request #42 Retry the fuel gauge when it answers late · mokafor · acme/rocket

#dev as GitLab
[warning]
  text: Changes requested · <https://github.example.com/acme/rocket/pull/42#pullrequestreview-6001|Pull request #42 Retry the fuel gauge when it answers late> · pvance · acme/rocket
  fallback: Changes requested · Pull request #42 Retry the fuel gauge when it answers late · pvance · acme/rocket

#dev as GitLab
[good]
  text: Approval withdrawn · <https://github.example.com/acme/rocket/pull/42|Pull request #42 Retry the fuel gauge when it answers late> · mokafor · acme/rocket
  fallback: Approval withdrawn · Pull request #42 Retry the fuel gauge when it answers late · mokafor · acme/rocket

#dev as GitLab
[#C95823]
  text: Opened · <https://github.example.com/acme/rocket/issues/17|Issue #17 Gauge shows &lt;0&gt; after &amp; before launch> · tlind · acme/rocket
  fallback: Opened · Issue #17 Gauge shows &lt;0&gt; after &amp; before launch · tlind · acme/rocket

#dev as GitLab
[good]
  text: Passed · <https://github.example.com/acme/rocket/actions/runs/555001|Build &amp; test #318 of main> · mokafor · acme/rocket
  fallback: Passed · Build &amp; test #318 of main · mokafor · acme/rocket

#dev as GitLab
[danger]
  text: Failed · <https://github.example.com/acme/rocket/actions/runs/555002|Build &amp; test #319 of main> · mokafor · acme/rocket
  fallback: Failed · Build &amp; test #319 of main · mokafor · acme/rocket

#dev as GitLab
[danger]
  text: Failed · <https://github.example.com/acme/rocket/actions/runs/555001/job/11|Deploy of main to production> · mokafor · acme/rocket
  fallback: Failed · Deploy of main to production · mokafor · acme/rocket
--- no_error_log
[error]
[alert]



=== Gitea
--- config
    location = /hook {
        slack_source gitea;
        slack_route acme {
            events push tag_push wiki_page issue
                   merge_request:open,close,merge,approved,unapproved,update,ready note
                   pipeline:success,failed,running deployment alert
                   confidential_issue confidential_note job release
                   feature_flag milestone emoji member subgroup project
                   vulnerability access_token;
            format compact;
            channel dev;
        }
    }
--- hook
../gitea/pull_request_opened.json
../gitea/issues_closed.json
../gitea/workflow_run_failure.json
../gitea/repository_created.json
--- slack
#dev as GitLab
[good]
  text: Opened · <https://git.acme.example/acme/rocket/pulls/42|Pull request #42 Retry the fuel gauge when it answers late> · Tomasz Lind · acme/rocket
  fallback: Opened · Pull request #42 Retry the fuel gauge when it answers late · Tomasz Lind · acme/rocket

#dev as GitLab
[#6F42C1]
  text: Closed · <https://git.acme.example/acme/rocket/issues/17|Issue #17 Gauge shows &lt;0&gt; after &amp; before launch> · Mira Okafor · acme/rocket
  fallback: Closed · Issue #17 Gauge shows &lt;0&gt; after &amp; before launch · Mira Okafor · acme/rocket

#dev as GitLab
[danger]
  text: Failed · <https://git.acme.example/acme/rocket/actions/runs/31|build.yml #31 of main> · Mira Okafor · acme/rocket
  fallback: Failed · build.yml #31 of main · Mira Okafor · acme/rocket

#dev as GitLab
[#334455]
  text: Created · <https://git.acme.example/acme/rocket|Project rocket> · Acme · acme/rocket
  fallback: Created · Project rocket · Acme · acme/rocket
--- no_error_log
[error]
[alert]



=== alerts
--- config
    location = /hook {
        slack_source alertmanager;
        slack_route acme {
            events push tag_push wiki_page issue
                   merge_request:open,close,merge,approved,unapproved,update,ready note
                   pipeline:success,failed,running deployment alert
                   confidential_issue confidential_note job release
                   feature_flag milestone emoji member subgroup project
                   vulnerability access_token;
            format compact;
            channel dev;
        }
    }
--- hook
../alertmanager/firing.json
../alertmanager/many.json
../alertmanager/partly.json
../alertmanager/resolved.json
../alertmanager/grafana.json
../alertmanager/generic.json
--- slack
#dev as GitLab
[danger]
  text: Firing · <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|TankPressureHigh> · orbit
  fallback: Firing · TankPressureHigh · orbit

#dev as GitLab
[danger]
  text: 13 firing, 5 more · <https://alerts.example.com/#/alerts?receiver=slack/ops|TankPressureHigh> · orbit
  fallback: 13 firing, 5 more · TankPressureHigh · orbit

#dev as GitLab
[danger]
  text: 1 firing, 1 resolved · <https://alerts.example.com/#/alerts?receiver=slack/ops|TankPressureHigh> · orbit
  fallback: 1 firing, 1 resolved · TankPressureHigh · orbit

#dev as GitLab
[good]
  text: Resolved · <https://prometheus.example.com/graph?g0.expr=pressure+%3E+3.2&amp;g0.tab=1|TankPressureHigh> · orbit
  fallback: Resolved · TankPressureHigh · orbit

#dev as GitLab
[#C95823]
  text: Firing · <https://grafana.example.com/alerting/1/edit|Fuel low>
  fallback: Firing · Fuel low

#dev as GitLab
[danger]
  text: Firing · Queue is &lt;stuck&gt; · launcher
  fallback: Firing · Queue is &lt;stuck&gt; · launcher
--- no_error_log
[error]
[alert]
