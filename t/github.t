use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest data => 'github';

plan 'no_plan';
run_tests();

__DATA__

=== push
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push.json               => 202 queued push
push_branch.json        => 202 queued push
push_branch_delete.json => 202 queued push
push_tag.json           => 202 queued tag_push
push_tag_delete.json    => 202 queued tag_push
--- slack
#dev as GitLab
[#334455] pretext: mokafor pushed to branch <https://github.example.com/acme/rocket/tree/main|main> of <https://github.example.com/acme/rocket|acme/rocket> (<https://github.example.com/acme/rocket/compare/51de2b835bd3...a625406f6977|Compare changes>)
  text: <https://github.example.com/acme/rocket/commit/2f22765d04931a078909145ca628d2264c852d7d|2f22765d>: Read the fuel gauge twice - Mira Okafor\n<https://github.example.com/acme/rocket/commit/6b1f53303a732ccc8c6aae6640399827c15250e3|6b1f5330>: Test &lt;late&gt; &amp; lost answers - Tomasz Lind\n<https://github.example.com/acme/rocket/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb|a625406f>: Docs: what "late" means - Mira Okafor
  fallback: mokafor pushed to branch main of acme/rocket

#dev as GitLab
[] pretext: mokafor pushed new branch <https://github.example.com/acme/rocket/tree/feature/gauge%232|feature/gauge#2> to <https://github.example.com/acme/rocket|acme/rocket>
  fallback: mokafor pushed new branch feature/gauge#2 to acme/rocket

#dev as GitLab
[] pretext: mokafor removed branch feature/gauge#2 from <https://github.example.com/acme/rocket|acme/rocket>
  fallback: mokafor removed branch feature/gauge#2 from acme/rocket

#dev as GitLab
[] pretext: mokafor pushed new tag <https://github.example.com/acme/rocket/releases/tag/v1.4.0|v1.4.0> to <https://github.example.com/acme/rocket|acme/rocket>
  fallback: mokafor pushed new tag v1.4.0 to acme/rocket

#dev as GitLab
[] pretext: mokafor removed tag v1.4.0 from <https://github.example.com/acme/rocket|acme/rocket>
  fallback: mokafor removed tag v1.4.0 from acme/rocket
--- no_error_log
[error]
[alert]



=== refs that are made and gone, told once of twice
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
create_branch.json      => 202 queued push
push_branch.json        => 200 filtered push: repeat
delete_branch.json      => 202 queued push
push_branch_delete.json => 200 filtered push: repeat
push_branch.json        => 202 queued push
create_branch.json      => 200 filtered push: repeat
create_tag.json         => 202 queued tag_push
push_tag.json           => 200 filtered tag_push: repeat
push_tag_delete.json    => 202 queued tag_push
delete_tag.json         => 200 filtered tag_push: repeat
--- slack
#dev as GitLab
[] pretext: mokafor pushed new branch <https://github.example.com/acme/rocket/tree/feature/gauge%232|feature/gauge#2> to <https://github.example.com/acme/rocket|acme/rocket>
  fallback: mokafor pushed new branch feature/gauge#2 to acme/rocket

#dev as GitLab
[] pretext: mokafor removed branch feature/gauge#2 from <https://github.example.com/acme/rocket|acme/rocket>
  fallback: mokafor removed branch feature/gauge#2 from acme/rocket

#dev as GitLab
[] pretext: mokafor pushed new branch <https://github.example.com/acme/rocket/tree/feature/gauge%232|feature/gauge#2> to <https://github.example.com/acme/rocket|acme/rocket>
  fallback: mokafor pushed new branch feature/gauge#2 to acme/rocket

#dev as GitLab
[] pretext: mokafor pushed new tag <https://github.example.com/acme/rocket/releases/tag/v1.4.0|v1.4.0> to <https://github.example.com/acme/rocket|acme/rocket>
  fallback: mokafor pushed new tag v1.4.0 to acme/rocket

#dev as GitLab
[] pretext: mokafor removed tag v1.4.0 from <https://github.example.com/acme/rocket|acme/rocket>
  fallback: mokafor removed tag v1.4.0 from acme/rocket
--- no_error_log
[error]
[alert]



=== issues
--- config
    location = /hook {
        slack_route acme {
            events  issue:open,close,reopen,update;
            channel dev;
        }
    }

    location = /plain {
        slack_notify acme dev;
    }
--- hook
issues_opened.json        => 202 queued issue
issues_closed.json        => 202 queued issue
issues_reopened.json      => 202 queued issue
issues_edited.json        => 202 queued issue
issues_labeled.json       => 202 queued issue
issues_type.json          => 202 queued issue
issues_deleted.json       => 200 filtered issue: action
/plain issues_edited.json => 200 filtered issue: action
--- slack
#dev as GitLab
[#C95823] pretext: [<https://github.example.com/acme/rocket|acme/rocket>] Issue <https://github.example.com/acme/rocket/issues/17|#17 Gauge shows &lt;0&gt; after &amp; before launch> opened by tlind
  text: Steps:\n\n1. *Fill* the tank\n2. Look at the gauge
  ts: 1772632931
  fallback: [acme/rocket] Issue #17 Gauge shows &lt;0&gt; after &amp; before launch opened by tlind

#dev as GitLab
[] pretext: [<https://github.example.com/acme/rocket|acme/rocket>] Issue <https://github.example.com/acme/rocket/issues/17|#17 Gauge shows &lt;0&gt; after &amp; before launch> closed by mokafor
  fallback: [acme/rocket] Issue #17 Gauge shows &lt;0&gt; after &amp; before launch closed by mokafor

#dev as GitLab
[] pretext: [<https://github.example.com/acme/rocket|acme/rocket>] Issue <https://github.example.com/acme/rocket/issues/17|#17 Gauge shows &lt;0&gt; after &amp; before launch> reopened by tlind
  fallback: [acme/rocket] Issue #17 Gauge shows &lt;0&gt; after &amp; before launch reopened by tlind

#dev as GitLab
[] pretext: [<https://github.example.com/acme/rocket|acme/rocket>] Issue <https://github.example.com/acme/rocket/issues/17|#17 Gauge shows &lt;0&gt; after &amp; before launch> updated by tlind: changed the title from "Gauge"
  fallback: [acme/rocket] Issue #17 Gauge shows &lt;0&gt; after &amp; before launch updated by tlind: changed the title from "Gauge"

#dev as GitLab
[] pretext: [<https://github.example.com/acme/rocket|acme/rocket>] Issue <https://github.example.com/acme/rocket/issues/17|#17 Gauge shows &lt;0&gt; after &amp; before launch> updated by tlind: added label bug
  fallback: [acme/rocket] Issue #17 Gauge shows &lt;0&gt; after &amp; before launch updated by tlind: added label bug

#dev as GitLab
[#C95823] pretext: [<https://github.example.com/acme/rocket|acme/rocket>] Feature <https://github.example.com/acme/rocket/issues/17|#17 Gauge shows &lt;0&gt; after &amp; before launch> opened by tlind
  ts: 1772632931
  fallback: [acme/rocket] Feature #17 Gauge shows &lt;0&gt; after &amp; before launch opened by tlind
--- no_error_log
[error]
[alert]



=== pull requests
--- config
    location = /hook {
        slack_route acme {
            events  merge_request:open,close,reopen,merge,ready,update;
            channel dev;
        }
    }

    location = /plain {
        slack_notify acme dev;
    }
--- hook
pull_request_opened.json          => 202 queued merge_request
pull_request_draft.json           => 202 queued merge_request
pull_request_closed.json          => 202 queued merge_request
pull_request_merged.json          => 202 queued merge_request
pull_request_reopened.json        => 202 queued merge_request
pull_request_ready.json           => 202 queued merge_request
pull_request_request.json         => 202 queued merge_request
pull_request_request_team.json    => 202 queued merge_request
pull_request_request_removed.json => 202 queued merge_request
pull_request_synchronize.json     => 202 queued merge_request
/plain pull_request_request.json  => 200 filtered merge_request: action
--- slack
#dev as GitLab
[] pretext: tlind opened pull request <https://github.example.com/acme/rocket/pull/42|#42 Retry the fuel gauge when it answers late> in <https://github.example.com/acme/rocket|acme/rocket>
  fallback: tlind opened pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[] pretext: tlind opened draft pull request <https://github.example.com/acme/rocket/pull/42|#42 Retry the fuel gauge when it answers late> in <https://github.example.com/acme/rocket|acme/rocket>
  fallback: tlind opened draft pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[] pretext: mokafor closed pull request <https://github.example.com/acme/rocket/pull/42|#42 Retry the fuel gauge when it answers late> in <https://github.example.com/acme/rocket|acme/rocket>
  fallback: mokafor closed pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[] pretext: mokafor merged pull request <https://github.example.com/acme/rocket/pull/42|#42 Retry the fuel gauge when it answers late> in <https://github.example.com/acme/rocket|acme/rocket>
  fallback: mokafor merged pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[] pretext: tlind reopened pull request <https://github.example.com/acme/rocket/pull/42|#42 Retry the fuel gauge when it answers late> in <https://github.example.com/acme/rocket|acme/rocket>
  fallback: tlind reopened pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[] pretext: tlind marked pull request <https://github.example.com/acme/rocket/pull/42|#42 Retry the fuel gauge when it answers late> in <https://github.example.com/acme/rocket|acme/rocket> as ready for review
  fallback: tlind marked pull request #42 Retry the fuel gauge when it answers late in acme/rocket as ready for review

#dev as GitLab
[] pretext: tlind requested a review from pvance on pull request <https://github.example.com/acme/rocket/pull/42|#42 Retry the fuel gauge when it answers late> in <https://github.example.com/acme/rocket|acme/rocket>
  fallback: tlind requested a review from pvance on pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[] pretext: tlind requested a review from Fuel &amp; tanks on pull request <https://github.example.com/acme/rocket/pull/42|#42 Retry the fuel gauge when it answers late> in <https://github.example.com/acme/rocket|acme/rocket>
  fallback: tlind requested a review from Fuel &amp; tanks on pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[] pretext: tlind removed pvance as reviewer on pull request <https://github.example.com/acme/rocket/pull/42|#42 Retry the fuel gauge when it answers late> in <https://github.example.com/acme/rocket|acme/rocket>
  fallback: tlind removed pvance as reviewer on pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[] pretext: tlind updated pull request <https://github.example.com/acme/rocket/pull/42|#42 Retry the fuel gauge when it answers late> in <https://github.example.com/acme/rocket|acme/rocket>: pushed new commits
  fallback: tlind updated pull request #42 Retry the fuel gauge when it answers late in acme/rocket: pushed new commits
--- no_error_log
[error]
[alert]



=== reviews: approvals are merge requests', the others notes
--- config
    location = /hook {
        slack_notify acme dev;
    }

    location = /edits {
        slack_route acme {
            events  note:update;
            channel dev;
        }
    }
--- hook
pull_request_review_approved.json      => 202 queued merge_request
pull_request_review_dismissed.json     => 202 queued merge_request
pull_request_review_changes.json       => 202 queued note
pull_request_review_commented.json     => 202 queued note
pull_request_review_empty.json         => 200 ignored note: review without a text
pull_request_review_edited.json        => 200 filtered note: action
/edits pull_request_review_edited.json => 202 queued note
--- slack
#dev as GitLab
[] pretext: pvance approved pull request <https://github.example.com/acme/rocket/pull/42|#42 Retry the fuel gauge when it answers late> in <https://github.example.com/acme/rocket|acme/rocket>
  fallback: pvance approved pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[] pretext: mokafor dismissed a review of pull request <https://github.example.com/acme/rocket/pull/42|#42 Retry the fuel gauge when it answers late> in <https://github.example.com/acme/rocket|acme/rocket>
  fallback: mokafor dismissed a review of pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[#334455] pretext: pvance <https://github.example.com/acme/rocket/pull/42#pullrequestreview-6001|requested changes on pull request #42> in <https://github.example.com/acme/rocket|acme/rocket>: *Retry the fuel gauge when it answers late*
  text: What if it *never* answers?
  ts: 1772640000
  fallback: pvance requested changes on pull request #42 in acme/rocket: Retry the fuel gauge when it answers late

#dev as GitLab
[#334455] pretext: pvance <https://github.example.com/acme/rocket/pull/42#pullrequestreview-6001|commented on pull request #42> in <https://github.example.com/acme/rocket|acme/rocket>: *Retry the fuel gauge when it answers late*
  text: Two questions inline
  ts: 1772640000
  fallback: pvance commented on pull request #42 in acme/rocket: Retry the fuel gauge when it answers late

#dev as GitLab
[#334455] pretext: pvance <https://github.example.com/acme/rocket/pull/42#pullrequestreview-6001|edited a comment on pull request #42> in <https://github.example.com/acme/rocket|acme/rocket>: *Retry the fuel gauge when it answers late*
  text: Good to go!
  ts: 1772640000
  fallback: pvance edited a comment on pull request #42 in acme/rocket: Retry the fuel gauge when it answers late
--- no_error_log
[error]
[alert]



=== comments
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
issue_comment_issue.json         => 202 queued note
issue_comment_pull.json          => 202 queued note
commit_comment.json              => 202 queued note
pull_request_review_comment.json => 202 queued note
issue_comment_edited.json        => 200 filtered note: action
issue_comment_deleted.json       => 200 filtered note: action
--- slack
#dev as GitLab
[#334455] pretext: mokafor <https://github.example.com/acme/rocket/issues/17#issuecomment-3301|commented on issue #17> in <https://github.example.com/acme/rocket|acme/rocket>: *Gauge shows &lt;0&gt; after &amp; before launch*
  text: Seen on *Apex* too.\n\nhttps://img.example.com/dial.png
  ts: 1772643600
  fallback: mokafor commented on issue #17 in acme/rocket: Gauge shows &lt;0&gt; after &amp; before launch

#dev as GitLab
[#334455] pretext: mokafor <https://github.example.com/acme/rocket/pull/42#issuecomment-3302|commented on pull request #42> in <https://github.example.com/acme/rocket|acme/rocket>: *Retry the fuel gauge when it answers late*
  text: @tlind see #17 &lt;!channel&gt;
  ts: 1772643600
  fallback: mokafor commented on pull request #42 in acme/rocket: Retry the fuel gauge when it answers late

#dev as GitLab
[#334455] pretext: pvance <https://github.example.com/acme/rocket/commit/2f22765d04931a078909145ca628d2264c852d7d#commitcomment-71|commented on commit 2f22765d> in <https://github.example.com/acme/rocket|acme/rocket>
  text: Why twice?
  ts: 1772647200
  fallback: pvance commented on commit 2f22765d in acme/rocket

#dev as GitLab
[#334455] pretext: pvance <https://github.example.com/acme/rocket/pull/42#discussion_r81|commented on pull request #42> in <https://github.example.com/acme/rocket|acme/rocket>: *Retry the fuel gauge when it answers late*
  text: `timeout` is in *ms* here
  ts: 1772640060
  fallback: pvance commented on pull request #42 in acme/rocket: Retry the fuel gauge when it answers late
--- no_error_log
[error]
[alert]



=== wiki pages
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
gollum_created.json => 202 queued wiki_page
gollum_edited.json  => 202 queued wiki_page: 3
gollum_none.json    => 200 ignored wiki_page: no pages
--- slack
#dev as GitLab
[#334455] pretext: mokafor created <https://github.example.com/acme/rocket/wiki/Fuel-gauge|wiki page> in <https://github.example.com/acme/rocket|acme/rocket>: *Fuel gauge*
  text: First notes
  fallback: mokafor created wiki page in acme/rocket: Fuel gauge

#dev as GitLab
[] pretext: mokafor edited <https://github.example.com/acme/rocket/wiki/Home|wiki page> in <https://github.example.com/acme/rocket|acme/rocket>: *Home*
  fallback: mokafor edited wiki page in acme/rocket: Home

#dev as GitLab
[] pretext: mokafor edited <https://github.example.com/acme/rocket/wiki/Fuel-gauge|wiki page> in <https://github.example.com/acme/rocket|acme/rocket>: *Fuel gauge*
  fallback: mokafor edited wiki page in acme/rocket: Fuel gauge

#dev as GitLab
[] pretext: mokafor created <https://github.example.com/acme/rocket/wiki/Tanks|wiki page> in <https://github.example.com/acme/rocket|acme/rocket>: *Tanks*
  fallback: mokafor created wiki page in acme/rocket: Tanks
--- no_error_log
[error]
[alert]



=== what is not announced is named
--- config
    location = /hook {
        slack_route acme {
            events all release confidential_issue confidential_note;
        }
    }
--- hook
ping.json                     => 200 ignored: ping
star.json                     => 200 ignored: star
repository_advisory.json      => 200 ignored: repository_advisory
ping.json | X-GitHub-Event: - => 200 ignored: no header names the event
push.json | X-GitHub-Event: - => 200 ignored: no header names the event
--- slack
--- no_error_log
[error]
[alert]



=== hostile
--- config
    location = /hook {
        slack_route acme {
            events  issue merge_request:update pipeline:nothing wiki_page;
            channel dev;
        }
    }
--- hook
hostile_issues.json | X-GitHub-Event: issues             => 202 queued issue
hostile_pull_request.json | X-GitHub-Event: pull_request => 202 queued merge_request
hostile_workflow_run.json | X-GitHub-Event: workflow_run => 200 filtered pipeline: action
hostile_gollum.json | X-GitHub-Event: gollum             => 202 queued wiki_page
--- slack_wait
3
--- slack_like
^#dev as
--- no_error_log
[error]
[alert]



=== markup of people
--- config
    location = /hook {
        slack_route acme {
            events  push issue note release;
            channel dev;
        }
    }
--- hook
issues_badges.json
issue_comment_card.json
issue_comment_images.json
issue_comment_html_table.json
issues_details.json
issue_comment_table.json
release_table.json
issues_fences.json
push_marks.json
--- slack
#dev as GitLab
[#C95823] pretext: [<https://github.example.com/orbit/lander|orbit/lander>] Issue <https://github.example.com/orbit/lander/issues/12|#12 Slow boot> opened by ana
  text: <https://docs.example.com/about|Compat score>\n\n<https://docs.example.com> https://i.example.com/a.png <https://docs.example.com/b>
  ts: 1795168800
  fallback: [orbit/lander] Issue #12 Slow boot opened by ana

#dev as GitLab
[#334455] pretext: ana <https://github.example.com/orbit/lander/issues/12#issuecomment-77|commented on issue #12> in <https://github.example.com/orbit/lander|orbit/lander>: *Slow boot*
  text: https://cdn.example.com/images/card-logo-16.png <https://cards.example.com/c/AbCd1234/12-fix-the-boot|Fix the boot sequence>
  ts: 1795168800
  fallback: ana commented on issue #12 in orbit/lander: Slow boot

#dev as GitLab
[#334455] pretext: ana <https://github.example.com/orbit/lander/issues/12#issuecomment-77|commented on issue #12> in <https://github.example.com/orbit/lander|orbit/lander>: *Slow boot*
  text: Look:\n\nhttps://github.example.com/user-attachments/assets/0f0f0f0f-1111-2222-3333-444444444444\n\nhttps://github.example.com/user-attachments/assets/9d2c7c70-5555-6666-7777-888888888888\n\n<https://ci.example.com/run/1|Build>
  ts: 1795168800
  fallback: ana commented on issue #12 in orbit/lander: Slow boot

#dev as GitLab
[#334455] pretext: checker[bot] <https://github.example.com/orbit/lander/issues/12#issuecomment-77|commented on issue #12> in <https://github.example.com/orbit/lander|orbit/lander>: *Slow boot*
  text: 2 Errors\n:no_entry_sign: | Missing `CHANGELOG` entry\nGenerated by :no_entry_sign: <https://checker.example.com/|checker>
  ts: 1795168800
  fallback: checker[bot] commented on issue #12 in orbit/lander: Slow boot

#dev as GitLab
[#C95823] pretext: [<https://github.example.com/orbit/lander|orbit/lander>] Issue <https://github.example.com/orbit/lander/issues/12|#12 Template> opened by ana
  text: ## What\nMakes the valves trim.\n\n*Log output*\n```\nvalve 1 ok\n```\n\n- [x] tests\n- [ ] docs\n- [ ] `Ctrl`+`C`   — H2O\n\nCloses #12, cc @ana @orbit/reviewers
  ts: 1795168800
  fallback: [orbit/lander] Issue #12 Template opened by ana

#dev as GitLab
[#334455] pretext: ana <https://github.example.com/orbit/lander/issues/12#issuecomment-77|commented on issue #12> in <https://github.example.com/orbit/lander|orbit/lander>: *Slow boot*
  text: Coverage report\n\n*File* | *Lines* | *Miss*\n`a_b.c` | 97% | 3\nb|c.c | *88%* | 12\n\nThat is all.
  ts: 1795168800
  fallback: ana commented on issue #12 in orbit/lander: Slow boot

#dev as GitLab
[good] pretext: Release <https://github.example.com/orbit/lander/releases/tag/v1.2.0|1.2.0> published in <https://github.example.com/orbit/lander|orbit/lander> by ana
  text: *Component* | *Version*\nPump | 3.1\nValve | 0.9
  field: Tag = <https://github.example.com/orbit/lander/releases/tag/v1.2.0|v1.2.0> (short)
  fallback: Release 1.2.0 published in orbit/lander by ana

#dev as GitLab
[#C95823] pretext: [<https://github.example.com/orbit/lander|orbit/lander>] Issue <https://github.example.com/orbit/lander/issues/12|#12 Fences> opened by ana
  text: Steps:\n\n```\nreturn foo &amp;&amp; "&lt;b&gt;"\n```\n\n```\na: 1\n```\n\n    indented code *x*\n\nDone with ``a ` b``.
  ts: 1795168800
  fallback: [orbit/lander] Issue #12 Fences opened by ana

#dev as GitLab
[#334455] pretext: ana pushed to branch <https://github.example.com/orbit/lander/tree/main|main> of <https://github.example.com/orbit/lander|orbit/lander> (<https://github.example.com/orbit/lander/compare/111111111111...222222222222|Compare changes>)
  text: <https://github.example.com/orbit/lander/commit/1111111111111111111111111111111111111111|11111111>: Pass *\x{200B}args and **kwargs to __\x{200B}init__, fix `_private_` and ~\x{200B}tmp~ - Ana Novak\n<https://github.example.com/orbit/lander/commit/2222222222222222222222222222222222222222|22222222>: Vms::\x{200B}Camera: add new aggregate - Ana Novak
  fallback: ana pushed to branch main of orbit/lander
--- no_error_log
[error]
[alert]
