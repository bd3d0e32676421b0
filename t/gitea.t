# Gitea, Forgejo and Gogs.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest data => 'gitea';

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: push; the newest commit is sent first and said last
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push.json
push_one.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
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



=== TEST 2: refs that are made and gone
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
create_branch.json
push_branch.json
delete_branch.json
push_tag.json
create_tag.json
delete_tag.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"repeat","event":"push"}
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"tag_push","messages":1}
200 {"status":"filtered","reason":"repeat","event":"tag_push"}
202 {"status":"queued","event":"tag_push","messages":1}
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



=== TEST 3: issues
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
issues_opened.json
issues_closed.json
issues_old.json
issues_label.json
--- answers
202 {"status":"queued","event":"issue","messages":1}
202 {"status":"queued","event":"issue","messages":1}
202 {"status":"queued","event":"issue","messages":1}
200 {"status":"filtered","reason":"action","event":"issue"}
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



=== TEST 4: pull requests
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
pull_request_opened.json
pull_request_wip.json
pull_request_ready.json
pull_request_closed.json
pull_request_merged.json
pull_request_reopened.json
pull_request_request.json
pull_request_synchronized.json
pull_request_gogs.json
/gogs pull_request_gogs.json | X-Gitea-Event: - | X-Gogs-Event: pull_request
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
200 {"status":"filtered","reason":"branches","event":"merge_request"}
202 {"status":"queued","event":"merge_request","messages":1}
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



=== TEST 5: reviews and comments
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pull_request_approved.json
pull_request_rejected.json
pull_request_comment.json
pull_request_comment_empty.json
issue_comment_issue.json
issue_comment_pull.json
issue_comment_pull_old.json
issue_comment_edited.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"note","messages":1}
202 {"status":"queued","event":"note","messages":1}
200 {"status":"ignored","reason":"review without a text","event":"note"}
202 {"status":"queued","event":"note","messages":1}
202 {"status":"queued","event":"note","messages":1}
202 {"status":"queued","event":"note","messages":1}
200 {"status":"filtered","reason":"action","event":"note"}
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



=== TEST 6: runs, releases, wiki pages, repositories
--- config
    location = /hook {
        slack_route acme {
            events  pipeline release wiki_page project;
            channel dev;
        }
    }
--- hook
workflow_run_success.json
workflow_run_failure.json
workflow_run_requested.json
release_published.json
release_deleted.json
release_updated.json
release_draft.json
wiki_created.json
wiki_edited.json
wiki_deleted.json
repository_created.json
repository_deleted.json
fork.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"action","event":"pipeline"}
202 {"status":"queued","event":"release","messages":1}
202 {"status":"queued","event":"release","messages":1}
200 {"status":"filtered","reason":"action","event":"release"}
200 {"status":"ignored","reason":"draft of a release","event":"release"}
202 {"status":"queued","event":"wiki_page","messages":1}
202 {"status":"queued","event":"wiki_page","messages":1}
202 {"status":"queued","event":"wiki_page","messages":1}
202 {"status":"queued","event":"project","messages":1}
202 {"status":"queued","event":"project","messages":1}
200 {"status":"ignored","reason":"fork"}
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



=== TEST 7: signed, as JSON and as a form, where the payload is signed
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



=== TEST 8: all headers that Forgejo sends; a delivery that comes again
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push.json | X-GitHub-Event: push | X-GitHub-Delivery: a | X-Gogs-Event: push | X-Gogs-Delivery: b | X-Forgejo-Event: push | X-Forgejo-Delivery: c
push.json | X-GitHub-Event: push | X-GitHub-Delivery: a | X-Gitea-Delivery: c
push.json | X-GitHub-Event: push | X-GitHub-Delivery: a
push.json | X-GitHub-Event: push | X-GitHub-Delivery: a
push.json | X-Gitea-Event: -
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"duplicate","event":"push"}
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
200 {"status":"ignored","reason":"no header names the event"}
--- no_error_log
[error]
[alert]



=== TEST 9: hostile
--- config
    location = /hook {
        slack_route acme {
            events  push note wiki_page;
            channel dev;
        }
    }
--- hook
hostile_push.json | X-Gitea-Event: push
hostile_rejected.json | X-Gitea-Event: pull_request_rejected
hostile_wiki.json | X-Gitea-Event: wiki
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"note","messages":1}
202 {"status":"queued","event":"wiki_page","messages":1}
--- slack_wait
3
--- slack_like
^#dev as
--- no_error_log
[error]
[alert]
