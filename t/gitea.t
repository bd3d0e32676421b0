# Gitea, Forgejo and Gogs.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest data => 'gitea';

plan 'no_plan';
run_tests();

__DATA__

=== push; the newest commit is sent first and said last
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push.json     => 202 queued push
push_one.json => 202 queued push
--- slack
#dev as GitLab
[#334455] pretext: Mira Okafor (mokafor) pushed to branch <https://git.acme.example/acme/rocket/src/branch/main|main> of <https://git.acme.example/acme/rocket|acme/rocket> (<https://git.acme.example/acme/rocket/compare/d9a91b8d68c00d74c2845396b7bd2c6bd83a244a...077564fb04323d23b1f76da35a5c35b419711fa4|Compare changes>)
  text: <https://git.acme.example/acme/rocket/commit/a46e558d11cb2400bab09c1ca969e615142ef3d6|a46e558d>: Read the fuel gauge twice - Mira Okafor\n<https://git.acme.example/acme/rocket/commit/077564fb04323d23b1f76da35a5c35b419711fa4|077564fb>: Test &lt;late&gt; &amp; lost answers - Tomasz Lind\n<https://git.acme.example/acme/rocket/compare/d9a91b8d68c00d74c2845396b7bd2c6bd83a244a...077564fb04323d23b1f76da35a5c35b419711fa4|and 5 more commits>
  fallback: Mira Okafor (mokafor) pushed to branch main of acme/rocket

#dev as GitLab
[#334455] pretext: Mira Okafor (mokafor) pushed to branch <https://git.acme.example/acme/rocket/src/branch/main|main> of <https://git.acme.example/acme/rocket|acme/rocket> (<https://git.acme.example/acme/rocket/compare/d9a91b8d68c00d74c2845396b7bd2c6bd83a244a...077564fb04323d23b1f76da35a5c35b419711fa4|Compare changes>)
  text: <https://git.acme.example/acme/rocket/commit/077564fb04323d23b1f76da35a5c35b419711fa4|077564fb>: Test &lt;late&gt; &amp; lost answers - Tomasz Lind
  fallback: Mira Okafor (mokafor) pushed to branch main of acme/rocket
--- no_error_log
[error]
[alert]



=== refs that are made and gone
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
create_branch.json => 202 queued push
push_branch.json   => 200 filtered push: repeat
delete_branch.json => 202 queued push
push_tag.json      => 202 queued tag_push
create_tag.json    => 200 filtered tag_push: repeat
delete_tag.json    => 202 queued tag_push
--- slack
#dev as GitLab
[] pretext: Mira Okafor (mokafor) pushed new branch <https://git.acme.example/acme/rocket/src/branch/feature/gauge%232|feature/gauge#2> to <https://git.acme.example/acme/rocket|acme/rocket>
  fallback: Mira Okafor (mokafor) pushed new branch feature/gauge#2 to acme/rocket

#dev as GitLab
[] pretext: Mira Okafor (mokafor) removed branch feature/gauge#2 from <https://git.acme.example/acme/rocket|acme/rocket>
  fallback: Mira Okafor (mokafor) removed branch feature/gauge#2 from acme/rocket

#dev as GitLab
[] pretext: Mira Okafor (mokafor) pushed new tag <https://git.acme.example/acme/rocket/src/tag/v1.4.0|v1.4.0> to <https://git.acme.example/acme/rocket|acme/rocket>
  fallback: Mira Okafor (mokafor) pushed new tag v1.4.0 to acme/rocket

#dev as GitLab
[] pretext: Mira Okafor (mokafor) removed tag v1.4.0 from <https://git.acme.example/acme/rocket|acme/rocket>
  fallback: Mira Okafor (mokafor) removed tag v1.4.0 from acme/rocket
--- no_error_log
[error]
[alert]



=== issues
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
issues_opened.json => 202 queued issue
issues_closed.json => 202 queued issue
issues_old.json    => 202 queued issue
issues_label.json  => 200 filtered issue: action
--- slack
#dev as GitLab
[#C95823] pretext: [<https://git.acme.example/acme/rocket|acme/rocket>] Issue <https://git.acme.example/acme/rocket/issues/17|#17 Gauge shows &lt;0&gt; after &amp; before launch> opened by Tomasz Lind (tlind)
  text: *Fill* the tank, then look
  ts: 1772632931
  fallback: [acme/rocket] Issue #17 Gauge shows &lt;0&gt; after &amp; before launch opened by Tomasz Lind (tlind)

#dev as GitLab
[] pretext: [<https://git.acme.example/acme/rocket|acme/rocket>] Issue <https://git.acme.example/acme/rocket/issues/17|#17 Gauge shows &lt;0&gt; after &amp; before launch> closed by Mira Okafor (mokafor)
  fallback: [acme/rocket] Issue #17 Gauge shows &lt;0&gt; after &amp; before launch closed by Mira Okafor (mokafor)

#dev as GitLab
[] pretext: [<https://git.acme.example/acme/rocket|acme/rocket>] Issue <https://git.acme.example/acme/rocket/issues/17|#17 Gauge shows &lt;0&gt; after &amp; before launch> reopened by Tomasz Lind (tlind)
  fallback: [acme/rocket] Issue #17 Gauge shows &lt;0&gt; after &amp; before launch reopened by Tomasz Lind (tlind)
--- no_error_log
[error]
[alert]



=== pull requests
--- config
    location = /hook {
        slack_route acme {
            events   pull_request:open,close,reopen,merge,ready,update;
            branches main;
            channel  dev;
        }
    }

    location = /gogs {
        slack_route acme {
            branches release/*;
            channel  dev;
        }
    }
--- hook
pull_request_opened.json       => 202 queued merge_request
pull_request_wip.json          => 202 queued merge_request
pull_request_ready.json        => 202 queued merge_request
pull_request_closed.json       => 202 queued merge_request
pull_request_merged.json       => 202 queued merge_request
pull_request_reopened.json     => 202 queued merge_request
pull_request_request.json      => 202 queued merge_request
pull_request_synchronized.json => 202 queued merge_request
pull_request_gogs.json         => 200 filtered merge_request: branches
/gogs pull_request_gogs.json | X-Gitea-Event: - | X-Gogs-Event: pull_request => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Tomasz Lind (tlind) opened pull request <https://git.acme.example/acme/rocket/pulls/42|#42 Retry the fuel gauge when it answers late> in <https://git.acme.example/acme/rocket|acme/rocket>
  fallback: Tomasz Lind (tlind) opened pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[] pretext: Tomasz Lind (tlind) opened draft pull request <https://git.acme.example/acme/rocket/pulls/42|#42 Retry the fuel gauge> in <https://git.acme.example/acme/rocket|acme/rocket>
  fallback: Tomasz Lind (tlind) opened draft pull request #42 Retry the fuel gauge in acme/rocket

#dev as GitLab
[] pretext: Tomasz Lind (tlind) marked pull request <https://git.acme.example/acme/rocket/pulls/42|#42 Retry the fuel gauge when it answers late> in <https://git.acme.example/acme/rocket|acme/rocket> as ready for review
  fallback: Tomasz Lind (tlind) marked pull request #42 Retry the fuel gauge when it answers late in acme/rocket as ready for review

#dev as GitLab
[] pretext: Mira Okafor (mokafor) closed pull request <https://git.acme.example/acme/rocket/pulls/42|#42 Retry the fuel gauge when it answers late> in <https://git.acme.example/acme/rocket|acme/rocket>
  fallback: Mira Okafor (mokafor) closed pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[] pretext: Mira Okafor (mokafor) merged pull request <https://git.acme.example/acme/rocket/pulls/42|#42 Retry the fuel gauge when it answers late> in <https://git.acme.example/acme/rocket|acme/rocket>
  fallback: Mira Okafor (mokafor) merged pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[] pretext: Tomasz Lind (tlind) reopened pull request <https://git.acme.example/acme/rocket/pulls/42|#42 Retry the fuel gauge when it answers late> in <https://git.acme.example/acme/rocket|acme/rocket>
  fallback: Tomasz Lind (tlind) reopened pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[] pretext: Tomasz Lind (tlind) requested a review from Mira Okafor on pull request <https://git.acme.example/acme/rocket/pulls/42|#42 Retry the fuel gauge when it answers late> in <https://git.acme.example/acme/rocket|acme/rocket>
  fallback: Tomasz Lind (tlind) requested a review from Mira Okafor on pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[] pretext: Tomasz Lind (tlind) updated pull request <https://git.acme.example/acme/rocket/pulls/42|#42 Retry the fuel gauge when it answers late> in <https://git.acme.example/acme/rocket|acme/rocket>: pushed new commits
  fallback: Tomasz Lind (tlind) updated pull request #42 Retry the fuel gauge when it answers late in acme/rocket: pushed new commits

#dev as GitLab
[] pretext: Tomasz Lind (tlind) opened pull request <https://git.acme.example/acme/rocket/pulls/42|#42 Retry the fuel gauge when it answers late> in <https://git.acme.example/acme/rocket|acme/rocket>
  fallback: Tomasz Lind (tlind) opened pull request #42 Retry the fuel gauge when it answers late in acme/rocket
--- no_error_log
[error]
[alert]



=== reviews and comments
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pull_request_approved.json      => 202 queued merge_request
pull_request_rejected.json      => 202 queued note
pull_request_comment.json       => 202 queued note
pull_request_comment_empty.json => 200 ignored note: review without a text
issue_comment_issue.json        => 202 queued note
issue_comment_pull.json         => 202 queued note
issue_comment_pull_old.json     => 202 queued note
issue_comment_edited.json       => 200 filtered note: action
--- slack
#dev as GitLab
[] pretext: pvance approved pull request <https://git.acme.example/acme/rocket/pulls/42|#42 Retry the fuel gauge when it answers late> in <https://git.acme.example/acme/rocket|acme/rocket>
  fallback: pvance approved pull request #42 Retry the fuel gauge when it answers late in acme/rocket

#dev as GitLab
[#334455] pretext: pvance <https://git.acme.example/acme/rocket/pulls/42|requested changes on pull request #42> in <https://git.acme.example/acme/rocket|acme/rocket>: *Retry the fuel gauge when it answers late*
  text: What if it *never* answers?
  fallback: pvance requested changes on pull request #42 in acme/rocket: Retry the fuel gauge when it answers late

#dev as GitLab
[#334455] pretext: pvance <https://git.acme.example/acme/rocket/pulls/42|commented on pull request #42> in <https://git.acme.example/acme/rocket|acme/rocket>: *Retry the fuel gauge when it answers late*
  text: Two questions inline
  fallback: pvance commented on pull request #42 in acme/rocket: Retry the fuel gauge when it answers late

#dev as GitLab
[#334455] pretext: Mira Okafor (mokafor) <https://git.acme.example/acme/rocket/issues/17#issuecomment-331|commented on issue #17> in <https://git.acme.example/acme/rocket|acme/rocket>: *Gauge shows &lt;0&gt; after &amp; before launch*
  text: Seen on *Apex* too
  ts: 1772643600
  fallback: Mira Okafor (mokafor) commented on issue #17 in acme/rocket: Gauge shows &lt;0&gt; after &amp; before launch

#dev as GitLab
[#334455] pretext: Mira Okafor (mokafor) <https://git.acme.example/acme/rocket/pulls/42#issuecomment-332|commented on pull request #42> in <https://git.acme.example/acme/rocket|acme/rocket>: *Retry the fuel gauge when it answers late*
  text: See #17 &lt;!channel&gt;
  ts: 1772643600
  fallback: Mira Okafor (mokafor) commented on pull request #42 in acme/rocket: Retry the fuel gauge when it answers late

#dev as GitLab
[#334455] pretext: Mira Okafor (mokafor) <https://git.acme.example/acme/rocket/pulls/42#issuecomment-332|commented on pull request #42> in <https://git.acme.example/acme/rocket|acme/rocket>: *Retry the fuel gauge when it answers late*
  text: See #17
  ts: 1772643600
  fallback: Mira Okafor (mokafor) commented on pull request #42 in acme/rocket: Retry the fuel gauge when it answers late
--- no_error_log
[error]
[alert]



=== runs, releases, wiki pages, repositories
--- config
    location = /hook {
        slack_route acme {
            events  pipeline release wiki_page project;
            channel dev;
        }
    }
--- hook
workflow_run_success.json   => 202 queued pipeline
workflow_run_failure.json   => 202 queued pipeline
workflow_run_requested.json => 200 filtered pipeline: action
release_published.json      => 202 queued release
release_deleted.json        => 202 queued release
release_updated.json        => 200 filtered release: action
release_draft.json          => 200 ignored release: draft of a release
wiki_created.json           => 202 queued wiki_page
wiki_edited.json            => 202 queued wiki_page
wiki_deleted.json           => 202 queued wiki_page
repository_created.json     => 202 queued project
repository_deleted.json     => 202 queued project
fork.json                   => 200 ignored: fork
--- slack
#dev as GitLab
[good]
  title: acme/rocket: Pipeline #31 has passed in 03:03 -> https://git.acme.example/acme/rocket/actions/runs/31
  author: Mira Okafor (mokafor) -> https://git.acme.example/mokafor
  field: Branch = <https://git.acme.example/acme/rocket/src/branch/main|main> (short)
  field: Commit = <https://git.acme.example/acme/rocket/commit/077564fb04323d23b1f76da35a5c35b419711fa4|Test &lt;late&gt; &amp; lost answers> (short)
  field: Pipeline name = build.yml
  footer: acme/rocket
  ts: 1772633003
  fallback: acme/rocket: Pipeline #31 of branch main by Mira Okafor (mokafor) has passed in 03:03

#dev as GitLab
[danger]
  title: acme/rocket: Pipeline #31 has failed in 03:03 -> https://git.acme.example/acme/rocket/actions/runs/31
  author: Mira Okafor (mokafor) -> https://git.acme.example/mokafor
  field: Branch = <https://git.acme.example/acme/rocket/src/branch/main|main> (short)
  field: Commit = <https://git.acme.example/acme/rocket/commit/077564fb04323d23b1f76da35a5c35b419711fa4|Test &lt;late&gt; &amp; lost answers> (short)
  field: Pipeline name = build.yml
  footer: acme/rocket
  ts: 1772633003
  fallback: acme/rocket: Pipeline #31 of branch main by Mira Okafor (mokafor) has failed in 03:03

#dev as GitLab
[good] pretext: Release <https://git.acme.example/acme/rocket/releases/tag/v1.4.0|1.4 "Kestrel"> published in <https://git.acme.example/acme/rocket|acme/rocket> by Mira Okafor (mokafor)
  text: * *Late* gauges are asked again
  field: Tag = <https://git.acme.example/acme/rocket/src/tag/v1.4.0|v1.4.0> (short)
  field: Assets = 1 (short)
  ts: 1772650800
  fallback: Release 1.4 "Kestrel" published in acme/rocket by Mira Okafor (mokafor)

#dev as GitLab
[] pretext: Release 1.4 "Kestrel" deleted in <https://git.acme.example/acme/rocket|acme/rocket> by Mira Okafor (mokafor)
  fallback: Release 1.4 "Kestrel" deleted in acme/rocket by Mira Okafor (mokafor)

#dev as GitLab
[#334455] pretext: Mira Okafor (mokafor) created <https://git.acme.example/acme/rocket/wiki/Fuel%20gauge|wiki page> in <https://git.acme.example/acme/rocket|acme/rocket>: *Fuel gauge*
  text: First notes
  fallback: Mira Okafor (mokafor) created wiki page in acme/rocket: Fuel gauge

#dev as GitLab
[] pretext: Mira Okafor (mokafor) edited <https://git.acme.example/acme/rocket/wiki/Fuel%20gauge|wiki page> in <https://git.acme.example/acme/rocket|acme/rocket>: *Fuel gauge*
  fallback: Mira Okafor (mokafor) edited wiki page in acme/rocket: Fuel gauge

#dev as GitLab
[] pretext: Mira Okafor (mokafor) deleted wiki page in <https://git.acme.example/acme/rocket|acme/rocket>: *Fuel gauge*
  fallback: Mira Okafor (mokafor) deleted wiki page in acme/rocket: Fuel gauge

#dev as GitLab
[#334455] pretext: Project acme/rocket created
  field: Name = rocket (short)
  field: Visibility = Private (short)
  field: Owner = Acme (short)
  fallback: Project acme/rocket created

#dev as GitLab
[#334455] pretext: Project acme/rocket deleted
  field: Name = rocket (short)
  field: Visibility = Public (short)
  field: Owner = Acme (short)
  fallback: Project acme/rocket deleted
--- no_error_log
[error]
[alert]



=== signed, as JSON and as a form, where the payload is signed
--- config
    location = /hook {
        slack_secret one;
        slack_secret two;
        slack_notify acme dev;
    }
--- hook
push.json | signed one
push.json | signed two
push.json | form | signed one
push.json | form | signed two
push.json | signed three
push.json | form | signed three
push.json
push.json | X-Gitea-Signature:
push.json | signed one | X-Forgejo-Signature: 00
push.json | X-Hub-Signature-256: sha256=00
--- answers eval
(qq(202 {"status":"queued","event":"push","messages":1}\n) x 4)
. (qq(401 {"status":"rejected","reason":"unauthorized"}\n) x 6)
--- log_like
request refused, X-Gitea-Signature is wrong
request refused, X-Forgejo-Signature is wrong
request refused, neither X-Forgejo-Signature nor X-Gitea-Signature nor X-Gogs-Signature was sent
--- no_error_log
[alert]



=== all headers that Forgejo sends; a delivery that comes again
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push.json | X-GitHub-Event: push | X-GitHub-Delivery: a | X-Gogs-Event: push | X-Gogs-Delivery: b | X-Forgejo-Event: push | X-Forgejo-Delivery: c => 202 queued push
push.json | X-GitHub-Event: push | X-GitHub-Delivery: a | X-Gitea-Delivery: c => 200 duplicate push
push.json | X-GitHub-Event: push | X-GitHub-Delivery: a => 202 queued push
push.json | X-GitHub-Event: push | X-GitHub-Delivery: a => 202 queued push
push.json | X-Gitea-Event: -                            => 200 ignored: no header names the event
--- no_error_log
[error]
[alert]



=== hostile
--- config
    location = /hook {
        slack_route acme {
            events  push note wiki_page;
            channel dev;
        }
    }
--- hook
hostile_push.json | X-Gitea-Event: push                      => 202 queued push
hostile_rejected.json | X-Gitea-Event: pull_request_rejected => 202 queued note
hostile_wiki.json | X-Gitea-Event: wiki                      => 202 queued wiki_page
--- slack_wait
3
--- slack_like
^#dev as
--- no_error_log
[error]
[alert]
