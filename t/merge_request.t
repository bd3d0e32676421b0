use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== opened
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_open.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Tomasz Lind (tlind) opened merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Tomasz Lind (tlind) opened merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
--- no_error_log
[error]
[alert]



=== closed
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_close.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Mira Okafor (mokafor) closed merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Mira Okafor (mokafor) closed merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
--- no_error_log
[error]
[alert]



=== reopened says reopened
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_reopen.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Mira Okafor (mokafor) reopened merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Mira Okafor (mokafor) reopened merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
--- no_error_log
[error]
[alert]



=== merged
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_merge.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Mira Okafor (mokafor) merged merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Mira Okafor (mokafor) merged merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
--- no_error_log
[error]
[alert]



=== approved
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_approved.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Priya Vance (pvance) approved merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Priya Vance (pvance) approved merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
--- no_error_log
[error]
[alert]



=== unapproved
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_unapproved.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Priya Vance (pvance) unapproved merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Priya Vance (pvance) unapproved merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
--- no_error_log
[error]
[alert]



=== one approval
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_approval.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Yuki Hartmann (yhartmann) added an approval to merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Yuki Hartmann (yhartmann) added an approval to merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
--- no_error_log
[error]
[alert]



=== one approval taken back
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_unapproval.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Yuki Hartmann (yhartmann) removed an approval from merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Yuki Hartmann (yhartmann) removed an approval from merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
--- no_error_log
[error]
[alert]



=== approvals reset by a push
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_system_unapproved.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Tomasz Lind (tlind) reset the approvals of merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket> with new changes
  fallback: Tomasz Lind (tlind) reset the approvals of merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket with new changes
--- no_error_log
[error]
[alert]



=== a draft is marked
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_draft_open.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Yuki Hartmann (yhartmann) opened draft merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/43|!43 Ask for two keys on the manual abort> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Yuki Hartmann (yhartmann) opened draft merge request !43 Ask for two keys on the manual abort in Acme / Rocket
--- no_error_log
[error]
[alert]



=== from a fork
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_fork.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Léo Aldana (laldana) opened merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/44|!44 Translate the hold reasons into French &amp; Polish> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Léo Aldana (laldana) opened merge request !44 Translate the hold reasons into French &amp; Polish in Acme / Rocket
--- no_error_log
[error]
[alert]



=== edits are not announced
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_update.json => 200 filtered merge_request: action
--- slack
--- no_error_log
[error]
[alert]



=== edits are announced to those who name them
--- config
    location = /hook {
        slack_route acme {
            events merge_request:update;
            channel dev;
        }
    }
--- hook
merge_request_update.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Tomasz Lind (tlind) updated merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: pushed new commits
  fallback: Tomasz Lind (tlind) updated merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket: pushed new commits
--- no_error_log
[error]
[alert]



=== a draft that becomes ready is not announced by default
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_update_draft_ready.json => 200 filtered merge_request: action
--- slack
--- no_error_log
[error]
[alert]



=== ready
--- config
    location = /hook {
        slack_route acme {
            events merge_request:ready;
            channel dev;
        }
    }
--- hook
merge_request_update_draft_ready.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Tomasz Lind (tlind) marked merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket> as ready for review
  fallback: Tomasz Lind (tlind) marked merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket as ready for review
--- no_error_log
[error]
[alert]



=== reviewers
--- config
    location = /hook {
        slack_route acme {
            events merge_request:update;
            channel dev;
        }
    }
--- hook
merge_request_update_reviewers.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Tomasz Lind (tlind) requested a review from Priya Vance and Yuki Hartmann and removed Léo Aldana as reviewer on merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Tomasz Lind (tlind) requested a review from Priya Vance and Yuki Hartmann and removed Léo Aldana as reviewer on merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
--- no_error_log
[error]
[alert]



=== by a system hook
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



=== null where GitLab may send null
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_null.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: tlind opened merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: tlind opened merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
--- no_error_log
[error]
[alert]



=== the Test button of old versions: no action, no URL, a draft by its title
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_test.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Tomasz Lind (tlind) opened draft merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Tomasz Lind (tlind) opened draft merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
--- no_error_log
[error]
[alert]



=== ready, told by the title only
--- config
    location = /hook {
        slack_route acme {
            events merge_request:ready;
            channel dev;
        }
    }
--- hook
merge_request_update_ready_old.json => 202 queued merge_request
merge_request_update.json           => 200 filtered merge_request: action
merge_request_open.json             => 200 filtered merge_request: action
--- slack
#dev as GitLab
[] pretext: Tomasz Lind (tlind) marked merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket> as ready for review
  fallback: Tomasz Lind (tlind) marked merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket as ready for review
--- no_error_log
[error]
[alert]



=== an update is not ready
--- config
    location = /hook {
        slack_route acme {
            events merge_request:update;
            channel dev;
        }
    }
--- hook
merge_request_update_draft_ready.json => 200 filtered merge_request: action
merge_request_update_ready_old.json   => 200 filtered merge_request: action
--- slack
--- no_error_log
[error]
[alert]



=== a review asked for again
--- config
    location = /hook {
        slack_route acme {
            events merge_request:update;
            channel dev;
        }
    }
--- hook
merge_request_update_reviewers_again.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Tomasz Lind (tlind) requested a review from Priya Vance on merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Tomasz Lind (tlind) requested a review from Priya Vance on merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
--- no_error_log
[error]
[alert]



=== all reviewers removed
--- config
    location = /hook {
        slack_route acme {
            events merge_request:update;
            channel dev;
        }
    }
--- hook
merge_request_update_reviewers_none.json => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Tomasz Lind (tlind) removed Priya Vance and Yuki Hartmann as reviewers on merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Tomasz Lind (tlind) removed Priya Vance and Yuki Hartmann as reviewers on merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
--- no_error_log
[error]
[alert]



=== changed reviewers are not announced by default
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
merge_request_update_reviewers.json       => 200 filtered merge_request: action
merge_request_update_reviewers_again.json => 200 filtered merge_request: action
--- slack
--- no_error_log
[error]
[alert]



=== actions can be named
--- config
    location = /hook {
        slack_route acme {
            events merge_request:merge,approved;
            channel dev;
        }
    }
--- hook
merge_request_open.json     => 200 filtered merge_request: action
merge_request_approval.json => 200 filtered merge_request: action
merge_request_approved.json => 202 queued merge_request
merge_request_merge.json    => 202 queued merge_request
--- slack
#dev as GitLab
[] pretext: Priya Vance (pvance) approved merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Priya Vance (pvance) approved merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket

#dev as GitLab
[] pretext: Mira Okafor (mokafor) merged merge request <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Mira Okafor (mokafor) merged merge request !42 Retry the fuel gauge when it answers late in Acme / Rocket
--- no_error_log
[error]
[alert]
