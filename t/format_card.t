# Cards: how the object of an event stands.

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
            format card;
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
  title: Open · Issue #118 Countdown stops at T-40 s -> https://gitlab.example.com/acme/rocket/-/issues/118
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  text: The countdown stops at T-40 s when the gauge answers late.\n*Steps*\n1. Cold start\n2. `rake count:down`\n…
  field: Labels = Bug, priority::1 (short)
  field: Assignee = Tomasz Lind (short)
  footer: Acme / Rocket
  ts: 1772637989
  fallback: [Acme / Rocket] Issue #118 Countdown stops at T-40 s opened by Mira Okafor (mokafor)

#dev as GitLab
[#6F42C1]
  title: Closed · Issue #118 Countdown stops at T-40 s -> https://gitlab.example.com/acme/rocket/-/issues/118
  author: Tomasz Lind (tlind) -> https://gitlab.example.com/tlind
  text: The countdown stops at T-40 s when the gauge answers late.\n*Steps*\n1. Cold start\n2. `rake count:down`\n…
  field: Labels = Bug, priority::1 (short)
  field: Assignee = Tomasz Lind (short)
  footer: Acme / Rocket
  ts: 1772637989
  fallback: [Acme / Rocket] Issue #118 Countdown stops at T-40 s closed by Tomasz Lind (tlind)

#dev as GitLab
[#C95823]
  title: Open · Confidential issue #119 Signing key of the flight recorder is in the image -> https://gitlab.example.com/acme/rocket/-/issues/119
  author: Priya Vance (pvance) -> https://gitlab.example.com/pvance
  text: The key lies in `/opt/recorder/key.pem` of every image since 2.2.
  field: Label = Bug (short)
  field: Assignee = Tomasz Lind (short)
  footer: Acme / Rocket
  ts: 1772637989
  fallback: [Acme / Rocket] Confidential issue #119 Signing key of the flight recorder is in the image opened by Priya Vance (pvance)

#dev as GitLab
[good]
  title: Open · !42 Retry the fuel gauge when it answers late -> https://gitlab.example.com/acme/rocket/-/merge_requests/42
  author: Tomasz Lind (tlind) -> https://gitlab.example.com/tlind
  text: The gauge needs up to 40 ms after a cold start.\nCloses #118
  field: Branches = fuel-gauge-retry → main (short)
  field: Label = Bug (short)
  field: Assignee = Tomasz Lind (short)
  field: Reviewer = Priya Vance (short)
  footer: Acme / Rocket
  ts: 1772637989
  fallback: Tomasz Lind (tlind) opened merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket

#dev as GitLab
[#6F42C1]
  title: Merged · !42 Retry the fuel gauge when it answers late -> https://gitlab.example.com/acme/rocket/-/merge_requests/42
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  text: The gauge needs up to 40 ms after a cold start.\nCloses #118
  field: Branches = fuel-gauge-retry → main (short)
  field: Label = Bug (short)
  field: Assignee = Tomasz Lind (short)
  field: Reviewer = Priya Vance (short)
  footer: Acme / Rocket
  ts: 1772637989
  fallback: Mira Okafor (mokafor) merged merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket

#dev as GitLab
[good]
  title: Approved · !42 Retry the fuel gauge when it answers late -> https://gitlab.example.com/acme/rocket/-/merge_requests/42
  author: Priya Vance (pvance) -> https://gitlab.example.com/pvance
  text: The gauge needs up to 40 ms after a cold start.\nCloses #118
  field: Branches = fuel-gauge-retry → main (short)
  field: Label = Bug (short)
  field: Assignee = Tomasz Lind (short)
  field: Reviewer = Priya Vance (short)
  footer: Acme / Rocket
  ts: 1772637989
  fallback: Priya Vance (pvance) approved merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket

#dev as GitLab
[#334455]
  title: Draft · !43 Ask for two keys on the manual abort -> https://gitlab.example.com/acme/rocket/-/merge_requests/43
  author: Yuki Hartmann (yhartmann) -> https://gitlab.example.com/yhartmann
  field: Branches = two-keys → main (short)
  footer: Acme / Rocket
  ts: 1772637989
  fallback: Yuki Hartmann (yhartmann) opened draft merge request !43 Ask for two keys on the manual abort in Acme / Rocket

#dev as GitLab
[good]
  title: Open · !44 Translate the hold reasons into French &amp; Polish -> https://gitlab.example.com/acme/rocket/-/merge_requests/44
  author: Léo Aldana (laldana) -> https://gitlab.example.com/laldana
  field: Branches = laldana/rocket:main → main (short)
  field: Label = UI &amp; texts (short)
  footer: Acme / Rocket
  ts: 1772637989
  fallback: Léo Aldana (laldana) opened merge request !44 Translate the hold reasons into French &amp; Polish in Acme / Rocket

#dev as GitLab
[good]
  title: Open · !42 Retry the fuel gauge when it answers late -> https://gitlab.example.com/acme/rocket/-/merge_requests/42
  author: tlind -> https://gitlab.example.com/tlind
  field: Branches = fuel-gauge-retry → main (short)
  field: Label = Bug (short)
  field: Assignee = Tomasz Lind (short)
  footer: Acme / Rocket
  fallback: tlind opened merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
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
            format card;
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
  title: Pushed 3 commits · Branch main -> https://gitlab.example.com/acme/rocket/-/compare/6b1d8b144bba9a0620748c256b4610eac99ff381...6d909b36a78b4d2f94a1d997f52647d9e8a7f887
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  text: <https://gitlab.example.com/acme/rocket/-/commit/6d909b36a78b4d2f94a1d997f52647d9e8a7f887|6d909b36> Merge branch 'fuel-gauge-retry' into 'main' · Mira Okafor\n<https://gitlab.example.com/acme/rocket/-/commit/f38135a41ec6ba9a9cf074525127fa70eb43841a|f38135a4> Show the wind limit in m/s &amp; knots · Yuki Hartmann\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2> Retry the fuel gauge when it answers late · Tomasz Lind
  footer: Acme / Rocket
  fallback: Mira Okafor (mokafor) pushed to branch main of Acme / Rocket

#dev as GitLab
[#334455]
  title: Created · Branch fuel-gauge-retry -> https://gitlab.example.com/acme/rocket/-/commits/fuel-gauge-retry
  author: Tomasz Lind (tlind) -> https://gitlab.example.com/tlind
  footer: Acme / Rocket
  fallback: Tomasz Lind (tlind) pushed new branch fuel-gauge-retry to Acme / Rocket

#dev as GitLab
[#334455]
  title: Created · Tag v2.4.0-rc1 -> https://gitlab.example.com/acme/rocket/-/tags/v2.4.0-rc1
  author: Priya Vance (pvance) -> https://gitlab.example.com/pvance
  footer: Acme / Rocket
  fallback: Priya Vance (pvance) pushed new tag v2.4.0-rc1 to Acme / Rocket

#dev as GitLab
[#334455]
  title: Comment · Merge request !42 Retry the fuel gauge when it answers late -> https://gitlab.example.com/acme/rocket/-/merge_requests/42#note_1242
  author: Priya Vance (pvance) -> https://gitlab.example.com/pvance
  text: Looks good to me, one question about the timeout.
  footer: Acme / Rocket
  ts: 1772638810
  fallback: Priya Vance (pvance) commented on merge request !42 in Acme / Rocket: Retry the fuel gauge when it answers late

#dev as GitLab
[#334455]
  title: Confidential comment · Issue #119 Signing key of the flight recorder is in the image -> https://gitlab.example.com/acme/rocket/-/issues/119#note_1248
  author: Priya Vance (pvance) -> https://gitlab.example.com/pvance
  text: The supplier confirms it.
  footer: Acme / Rocket
  ts: 1772638810
  fallback: Priya Vance (pvance) confidentially commented on issue #119 in Acme / Rocket: Signing key of the flight recorder is in the image
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
            format card;
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
  title: Failed · Pipeline #9301 of fuel-gauge-retry -> https://gitlab.example.com/acme/rocket/-/pipelines/9301/failures
  author: Tomasz Lind (tlind) -> https://gitlab.example.com/tlind
  field: Stages = deploy skipped, *test* failed, build passed
  field: Failed jobs = <https://gitlab.example.com/acme/rocket/-/jobs/8803|lint &amp; spell> (allowed to fail), <https://gitlab.example.com/acme/rocket/-/jobs/8804|rspec 2/2>, <https://gitlab.example.com/acme/rocket/-/jobs/8806|bench &lt;cold&gt;>
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/fuel-gauge-retry|fuel-gauge-retry> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  field: Merge request = <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> (short)
  field: Duration = 5 min 31 s (short)
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9301 of merge request !42 Retry the fuel gauge when it answers late by Tomasz Lind (tlind) has failed in 05:31

#dev as GitLab
[good]
  title: Passed · Pipeline #9302 of main -> https://gitlab.example.com/acme/rocket/-/pipelines/9302
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Stages = deploy passed, test passed, build passed
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  field: Duration = 5 min 31 s (short)
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9302 of branch main by Mira Okafor (mokafor) has passed in 05:31

#dev as GitLab
[warning]
  title: Passed with warnings · Pipeline #9302 of main -> https://gitlab.example.com/acme/rocket/-/pipelines/9302/failures
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Stages = test passed with warnings, build passed
  field: Failed job = <https://gitlab.example.com/acme/rocket/-/jobs/8202|lint &amp; spell> (allowed to fail)
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  field: Duration = 5 min 31 s (short)
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9302 of branch main by Mira Okafor (mokafor) has passed with warnings in 05:31

#dev as GitLab
[#334455]
  title: Running · Pipeline #9302 of main -> https://gitlab.example.com/acme/rocket/-/pipelines/9302
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Stages = deploy not started, test running, build passed
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  footer: Acme / Rocket
  fallback: Acme / Rocket: Pipeline #9302 of branch main by Mira Okafor (mokafor) is running

#dev as GitLab
[danger]
  title: Failed · Pipeline #9302 of main -> https://gitlab.example.com/acme/rocket/-/pipelines/9302
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  footer: Acme / Rocket
  fallback: Acme / Rocket: Pipeline #9302 of branch main by API has failed in 00:00

#dev as GitLab
[danger]
  title: Failed · Job #8106 bench &lt;cold&gt; -> https://gitlab.example.com/acme/rocket/-/jobs/8106
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  field: Stage = test (short)
  field: Pipeline = <https://gitlab.example.com/acme/rocket/-/pipelines/9302|9302> (short)
  field: Reason = Script failure (short)
  field: Duration = 41 s (short)
  footer: Acme / Rocket
  ts: 1772638041
  fallback: Job #8106 bench &lt;cold&gt; failed in Acme / Rocket by Mira Okafor (mokafor)

#dev as GitLab
[danger]
  title: Failed · Deploy of main to production -> https://gitlab.example.com/acme/rocket/-/jobs/8004
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Environment = <https://production.rocket.example.com|production> (short)
  field: Ref = main (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  field: Log = <https://gitlab.example.com/acme/rocket/-/jobs/8004|Job #8004> (short)
  footer: Acme / Rocket
  ts: 1772638318
  fallback: Deploy to production failed in Acme / Rocket

#dev as GitLab
[good]
  title: Succeeded · Deploy of main to staging -> https://staging.rocket.example.com
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Environment = <https://staging.rocket.example.com|staging> (short)
  field: Ref = main (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  field: Log = <https://gitlab.example.com/acme/rocket/-/jobs/8004|Job #8004> (short)
  footer: Acme / Rocket
  ts: 1772638318
  fallback: Deploy to staging succeeded in Acme / Rocket
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
            format card;
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
  title: Created · Wiki page Bench of March -> https://gitlab.example.com/acme/rocket/-/wikis/bench/2026-03
  author: Priya Vance (pvance) -> https://gitlab.example.com/pvance
  text: Add the cold start figures
  footer: Acme / Rocket
  fallback: Priya Vance (pvance) created wiki page in Acme / Rocket: Bench of March

#dev as GitLab
[good]
  title: Created · Release Rocket 2.4.0 -> https://gitlab.example.com/acme/rocket/-/releases/v2.4.0
  text: Fuel gauge retry &amp; wind limits in knots.
  field: Tag = <https://gitlab.example.com/acme/rocket/-/tags/v2.4.0|v2.4.0> (short)
  field: Assets = 5 (short)
  footer: Acme / Rocket
  ts: 1773137100
  fallback: Release Rocket 2.4.0 published in Acme / Rocket

#dev as GitLab
[#334455]
  title: Created · Milestone June launch -> https://gitlab.example.com/acme/rocket/-/milestones/8
  text: All that must be done before June
  field: Until = 2026-06-01 (short)
  footer: Acme / Rocket
  ts: 1772438400
  fallback: Milestone June launch created in Acme / Rocket

#dev as GitLab
[#334455]
  title: On · Feature flag two_keys_abort -> https://gitlab.example.com/acme/rocket/-/feature_flags
  author: Yuki Hartmann (yhartmann) -> https://gitlab.example.com/yhartmann
  text: Ask for two keys on the manual abort
  footer: Acme / Rocket
  fallback: Yuki Hartmann (yhartmann) turned on feature flag two_keys_abort in Acme / Rocket

#dev as GitLab
[#334455]
  title: Reaction · :rocket: to a comment on issue #118 Countdown stops at T-40 s -> https://gitlab.example.com/acme/rocket/-/issues/118#note_1241
  author: Léo Aldana (laldana) -> https://gitlab.example.com/laldana
  footer: Acme / Rocket
  fallback: Léo Aldana (laldana) reacted with :rocket: to a comment on issue #118 in Acme / Rocket: Countdown stops at T-40 s

#dev as GitLab
[#334455]
  title: Added · Member
  author: Léo Aldana (laldana)
  field: Role = Developer (short)
  field: Until = 2026-12-31 (short)
  footer: Acme
  ts: 1772355600
  fallback: Léo Aldana (laldana) was added to group Acme

#dev as GitLab
[#334455]
  title: Created · Subgroup Ground
  footer: acme/ground
  ts: 1772357400
  fallback: Subgroup acme/ground created

#dev as GitLab
[#334455]
  title: Renamed · Project Tower
  author: Mira Okafor
  field: Visibility = Private (short)
  field: Formerly = acme/ground/mast (short)
  footer: acme/ground/tower
  ts: 1772358300
  fallback: Project acme/ground/tower renamed, formerly acme/ground/mast

#dev as GitLab
[danger]
  title: Detected · Vulnerability Frame parser reads past its buffer -> https://gitlab.example.com/acme/rocket/-/security/vulnerabilities/31
  field: Severity = High (short)
  field: Found by = Dependency scanning (short)
  field: Identifier = ACME-2026-0007 (short)
  field: File = Gemfile.lock (short)
  footer: acme/rocket
  ts: 1772625600
  fallback: Vulnerability detected in acme/rocket: Frame parser reads past its buffer

#dev as GitLab
[warning]
  title: Expiring · Access token launch-bot deploy -> https://gitlab.example.com/acme/rocket/-/settings/access_tokens
  field: Until = 2026-03-11 (short)
  footer: Acme / Rocket
  fallback: Access token launch-bot deploy of Acme / Rocket expires on 2026-03-11

#dev as GitLab
[#C95823]
  title: Firing · Tank pressure above 3.2 bar for 5 minutes -> https://gitlab.example.com/acme/rocket/-/alert_management/12/details
  field: Severity = Critical (short)
  field: Events = 3 (short)
  field: Started = <!date^1772632931^{date_short_pretty} {time}|2026-03-04 14:02 UTC> (short)
  fallback: Alert firing: Tank pressure above 3.2 bar for 5 minutes
--- no_error_log
[error]
[alert]
