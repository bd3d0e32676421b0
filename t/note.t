use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== on a commit
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
note_commit.json => 202 queued note
--- slack
#dev as GitLab
[#334455] pretext: Yuki Hartmann (yhartmann) <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e#note_1240|commented on commit 7c23b3d2> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Retry the fuel gauge when it answers late*
  text: Is 40 ms enough when the tank is below 5 °C?
  ts: 1772638810
  fallback: Yuki Hartmann (yhartmann) commented on commit 7c23b3d2 in Acme / Rocket: Retry the fuel gauge when it answers late
--- no_error_log
[error]
[alert]



=== on an issue
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
note_issue.json => 202 queued note
--- slack
#dev as GitLab
[#334455] pretext: Yuki Hartmann (yhartmann) <https://gitlab.example.com/acme/rocket/-/issues/118#note_1241|commented on issue #118> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Countdown stops at T-40 s*
  text: Seen again today, with the *new* gauge.\n\n&gt; fuel gauge: no answer &lt;after 10 ms&gt;\n\nLog &amp; plot are in the wiki.
  ts: 1772638810
  fallback: Yuki Hartmann (yhartmann) commented on issue #118 in Acme / Rocket: Countdown stops at T-40 s
--- no_error_log
[error]
[alert]



=== on a merge request
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
note_mr.json => 202 queued note
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) <https://gitlab.example.com/acme/rocket/-/merge_requests/42#note_1242|commented on merge request !42> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Retry the fuel gauge when it answers late*
  text: Looks good to me, one question about the timeout.
  ts: 1772638810
  fallback: Priya Vance (pvance) commented on merge request !42 in Acme / Rocket: Retry the fuel gauge when it answers late
--- no_error_log
[error]
[alert]



=== on a diff
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
note_mr_diff.json => 202 queued note
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) <https://gitlab.example.com/acme/rocket/-/merge_requests/42#note_1243|commented on merge request !42> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Retry the fuel gauge when it answers late*
  text: ```\n    sleep(0.04) if attempts &lt; 3 &amp;&amp; !answer\n```\n\nThen `&lt;=` is not needed.
  ts: 1772638810
  fallback: Priya Vance (pvance) commented on merge request !42 in Acme / Rocket: Retry the fuel gauge when it answers late
--- no_error_log
[error]
[alert]



=== on a snippet
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
note_snippet.json => 202 queued note
--- slack
#dev as GitLab
[#334455] pretext: Yuki Hartmann (yhartmann) <https://gitlab.example.com/acme/rocket/-/snippets/53#note_1244|commented on snippet $53> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Plot of the gauge's answers*
  text: Nice plot. Can it show knots, too?
  ts: 1772638810
  fallback: Yuki Hartmann (yhartmann) commented on snippet $53 in Acme / Rocket: Plot of the gauge's answers
--- no_error_log
[error]
[alert]



=== on something else
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
note_other.json => 202 queued note
--- slack
#dev as GitLab
[#334455] pretext: Yuki Hartmann (yhartmann) <https://gitlab.example.com/acme/rocket/-/issues/118/designs/panel.png#note_1247|commented> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  text: The handle should be on the left side.
  ts: 1772638810
  fallback: Yuki Hartmann (yhartmann) commented in Acme / Rocket
--- no_error_log
[error]
[alert]



=== edits are not announced
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
note_update.json => 200 filtered note: action
--- slack
--- no_error_log
[error]
[alert]



=== edits are announced to those who name them
--- config
    location = /hook {
        slack_route acme {
            events note:update;
            channel dev;
        }
    }
--- hook
note_update.json => 202 queued note
--- slack
#dev as GitLab
[#334455] pretext: Yuki Hartmann (yhartmann) <https://gitlab.example.com/acme/rocket/-/issues/118#note_1241|edited a comment on issue #118> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Countdown stops at T-40 s*
  text: Seen again today, with the *new* gauge (serial 0042).
  ts: 1772639700
  fallback: Yuki Hartmann (yhartmann) edited a comment on issue #118 in Acme / Rocket: Countdown stops at T-40 s
--- no_error_log
[error]
[alert]



=== system notes never
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
note_system.json => 200 ignored note: system note
--- slack
--- no_error_log
[error]
[alert]



=== relative images get the address of the project
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
note_image.json => 202 queued note
--- slack
#dev as GitLab
[#334455] pretext: Yuki Hartmann (yhartmann) <https://gitlab.example.com/acme/rocket/-/issues/118#note_1251|commented on issue #118> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Countdown stops at T-40 s*
  text: This is what the panel shows:\n\nhttps://gitlab.example.com/acme/rocket/uploads/9b1d0c7e/panel.png\n\nand the <https://gitlab.example.com/acme/rocket/uploads/77aa01/count.log|log>
  ts: 1772638810
  fallback: Yuki Hartmann (yhartmann) commented on issue #118 in Acme / Rocket: Countdown stops at T-40 s
--- no_error_log
[error]
[alert]



=== before 16.11: neither action nor event_type
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
note_old.json => 202 queued note
--- slack
#dev as GitLab
[#334455] pretext: Yuki Hartmann (yhartmann) <https://gitlab.example.com/acme/rocket/-/issues/118#note_1241|commented on issue #118> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Countdown stops at T-40 s*
  text: Seen again today, with the *new* gauge.\n\n&gt; fuel gauge: no answer &lt;after 10 ms&gt;\n\nLog &amp; plot are in the wiki.
  ts: 1772638810
  fallback: Yuki Hartmann (yhartmann) commented on issue #118 in Acme / Rocket: Countdown stops at T-40 s
--- no_error_log
[error]
[alert]



=== a commit without a title
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
note_commit_old.json => 202 queued note
--- slack
#dev as GitLab
[#334455] pretext: Yuki Hartmann (yhartmann) <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e#note_1240|commented on commit 7c23b3d2> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Retry the fuel gauge when it answers late*
  text: Is 40 ms enough when the tank is below 5 °C?
  ts: 1772638810
  fallback: Yuki Hartmann (yhartmann) commented on commit 7c23b3d2 in Acme / Rocket: Retry the fuel gauge when it answers late
--- no_error_log
[error]
[alert]



=== null where GitLab may send null
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
note_null.json => 202 queued note
--- slack
#dev as GitLab
[] pretext: Yuki Hartmann (yhartmann) commented on issue
  fallback: Yuki Hartmann (yhartmann) commented on issue
--- no_error_log
[error]
[alert]
