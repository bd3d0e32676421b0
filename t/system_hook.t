use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== a push lists no commits
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push_system.json | X-Gitlab-Event: System Hook => 202 queued push
--- slack
#dev as GitLab
[#334455] pretext: Mira Okafor (mokafor) pushed to branch <https://gitlab.example.com/acme/rocket/-/commits/main|main> of <https://gitlab.example.com/acme/rocket|Acme / Rocket> (<https://gitlab.example.com/acme/rocket/-/compare/6b1d8b144bba9a0620748c256b4610eac99ff381...6d909b36a78b4d2f94a1d997f52647d9e8a7f887|Compare changes>)
  text: <https://gitlab.example.com/acme/rocket/-/compare/6b1d8b144bba9a0620748c256b4610eac99ff381...6d909b36a78b4d2f94a1d997f52647d9e8a7f887|3 commits>
  fallback: Mira Okafor (mokafor) pushed to branch main of Acme / Rocket
--- no_error_log
[error]
[alert]



=== a new tag
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
system_tag_push.json => 202 queued tag_push
--- slack
#dev as GitLab
[] pretext: Priya Vance (pvance) pushed new tag <https://gitlab.example.com/acme/rocket/-/tags/v2.4.0-rc1|v2.4.0-rc1> to <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Priya Vance (pvance) pushed new tag v2.4.0-rc1 to Acme / Rocket
--- no_error_log
[error]
[alert]



=== a merge request
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
system_merge_request.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Mira Okafor (mokafor) opened merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/45|!45 Keep the last good wind reading> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Mira Okafor (mokafor) opened merge request !45 Keep the last good wind reading in Acme / Rocket
--- no_error_log
[error]
[alert]



=== what is not asked for is never told
--- config
    location = /hook {
        slack_route acme {
            events all confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
system_key_create.json        => 200 ignored: key_create
system_user_failed_login.json => 200 ignored: user_failed_login
system_project_create.json    => 200 filtered project: events
system_repository_update.json => 200 ignored: repository_update
--- slack
--- no_error_log
[error]
[alert]



=== the body tells the kind, whatever the header says
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
issue_close.json | X-Gitlab-Event: System Hook   => 202 queued issue
wiki_delete.json | X-Gitlab-Event: -             => 202 queued wiki_page
tag_push_delete.json | X-Gitlab-Event: Push Hook => 202 queued tag_push
--- slack
#dev as GitLab
[] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Issue <https://gitlab.example.com/acme/rocket/-/issues/118|#118 Countdown stops at T-40 s> closed by Tomasz Lind (tlind)
  fallback: [Acme / Rocket] Issue #118 Countdown stops at T-40 s closed by Tomasz Lind (tlind)

#dev as GitLab
[] pretext: Priya Vance (pvance) deleted wiki page in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Bench of March*
  fallback: Priya Vance (pvance) deleted wiki page in Acme / Rocket: Bench of March

#dev as GitLab
[] pretext: Priya Vance (pvance) removed tag v2.3.9-broken from <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Priya Vance (pvance) removed tag v2.3.9-broken from Acme / Rocket
--- no_error_log
[error]
[alert]
