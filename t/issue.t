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
issue_open.json => 202 queued issue
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Issue <https://gitlab.example.com/acme/rocket/-/issues/118|#118 Countdown stops at T-40 s> opened by Mira Okafor (mokafor)
  text: The countdown stops at T-40 s when the gauge answers late.\n\n*Steps*\n\n1. Cold start\n2. `rake count:down`\n3. Wait for T-40 s &amp; watch the log\n\n```\nfuel gauge: no answer &lt;after 10 ms&gt;\n```\n\nhttps://gitlab.example.com/acme/rocket/uploads/5f3c2a/gauge.png See <https://docs.example.com/plan?id=7&amp;v=2|the plan>.
  ts: 1772637989
  fallback: [Acme / Rocket] Issue #118 Countdown stops at T-40 s opened by Mira Okafor (mokafor)
--- no_error_log
[error]
[alert]



=== closed
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
issue_close.json => 202 queued issue
--- slack
#dev as GitLab
[] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Issue <https://gitlab.example.com/acme/rocket/-/issues/118|#118 Countdown stops at T-40 s> closed by Tomasz Lind (tlind)
  fallback: [Acme / Rocket] Issue #118 Countdown stops at T-40 s closed by Tomasz Lind (tlind)
--- no_error_log
[error]
[alert]



=== reopened says reopened
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
issue_reopen.json => 202 queued issue
--- slack
#dev as GitLab
[] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Issue <https://gitlab.example.com/acme/rocket/-/issues/118|#118 Countdown stops at T-40 s> reopened by Yuki Hartmann (yhartmann)
  fallback: [Acme / Rocket] Issue #118 Countdown stops at T-40 s reopened by Yuki Hartmann (yhartmann)
--- no_error_log
[error]
[alert]



=== edits are not announced
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
issue_update.json => 200 filtered issue: action
--- slack
--- no_error_log
[error]
[alert]



=== edits are announced to those who name them
--- config
    location = /hook {
        slack_route acme {
            events issue:update;
            channel dev;
        }
    }
--- hook
issue_update.json => 202 queued issue
--- slack
#dev as GitLab
[] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Issue <https://gitlab.example.com/acme/rocket/-/issues/118|#118 Countdown stops at T-40 s> updated by Priya Vance (pvance): added label UI &amp; texts, removed label priority::1
  fallback: [Acme / Rocket] Issue #118 Countdown stops at T-40 s updated by Priya Vance (pvance): added label UI &amp; texts, removed label priority::1
--- no_error_log
[error]
[alert]



=== the Test button of old versions: no action
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
issue_test.json => 202 queued issue
--- slack
#dev as GitLab
[] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Issue <https://gitlab.example.com/acme/rocket/-/issues/23|#23 Repaint the launch tower> opened by Mira Okafor (mokafor)
  fallback: [Acme / Rocket] Issue #23 Repaint the launch tower opened by Mira Okafor (mokafor)
--- no_error_log
[error]
[alert]



=== an incident
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
issue_incident.json => 202 queued issue
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Incident <https://gitlab.example.com/acme/rocket/-/issues/121|#121 No telemetry from the south mast> opened by Launch Bot (launch-bot)
  text: Frames stopped at 14:02 UTC.
  ts: 1772637989
  fallback: [Acme / Rocket] Incident #121 No telemetry from the south mast opened by Launch Bot (launch-bot)
--- no_error_log
[error]
[alert]



=== a task
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
work_item_task.json => 202 queued issue
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Task <https://gitlab.example.com/acme/rocket/-/work_items/122|#122 Order a second fuel gauge> opened by Léo Aldana (laldana)
  text: Same part as before.
  ts: 1772637989
  fallback: [Acme / Rocket] Task #122 Order a second fuel gauge opened by Léo Aldana (laldana)
--- no_error_log
[error]
[alert]



=== an epic of a group has no project
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
work_item_epic_group.json => 202 queued issue
--- slack
#dev as GitLab
[#C95823] pretext: Epic <https://gitlab.example.com/groups/acme/-/epics/5|#5 Second launch of the year> opened by Mira Okafor (mokafor)
  text: Everything we need before June.
  ts: 1772637989
  fallback: Epic #5 Second launch of the year opened by Mira Okafor (mokafor)
--- no_error_log
[error]
[alert]



=== null where GitLab may send null
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
issue_null.json => 202 queued issue
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Issue <https://gitlab.example.com/acme/rocket/-/issues/118|#118 Countdown stops at T-40 s> opened by mokafor
  fallback: [Acme / Rocket] Issue #118 Countdown stops at T-40 s opened by mokafor
--- no_error_log
[error]
[alert]



=== neither type nor labels nor action
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
issue_old.json => 202 queued issue
--- slack
#dev as GitLab
[] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Issue <https://gitlab.example.com/acme/rocket/-/issues/118|#118 Countdown stops at T-40 s> opened by Mira Okafor (mokafor)
  fallback: [Acme / Rocket] Issue #118 Countdown stops at T-40 s opened by Mira Okafor (mokafor)
--- no_error_log
[error]
[alert]



=== actions can be named
--- config
    location = /hook {
        slack_route acme {
            events issue:close,reopen;
            channel dev;
        }
    }
--- hook
issue_open.json   => 200 filtered issue: action
issue_close.json  => 202 queued issue
issue_reopen.json => 202 queued issue
issue_update.json => 200 filtered issue: action
--- slack
#dev as GitLab
[] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Issue <https://gitlab.example.com/acme/rocket/-/issues/118|#118 Countdown stops at T-40 s> closed by Tomasz Lind (tlind)
  fallback: [Acme / Rocket] Issue #118 Countdown stops at T-40 s closed by Tomasz Lind (tlind)

#dev as GitLab
[] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Issue <https://gitlab.example.com/acme/rocket/-/issues/118|#118 Countdown stops at T-40 s> reopened by Yuki Hartmann (yhartmann)
  fallback: [Acme / Rocket] Issue #118 Countdown stops at T-40 s reopened by Yuki Hartmann (yhartmann)
--- no_error_log
[error]
[alert]



=== markup of people
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
issue_markup.json
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/orbit/lander|Orbit / Lander>] Issue <https://gitlab.example.com/orbit/lander/-/issues/12|#12 :rotating_light: &lt;b&gt;Alert&lt;/b&gt; `x` &amp;amp; "q"> opened by Ana Novak (ana)
  text: <https://wiki.example.com/r|Runbook> and <https://gitlab.example.com/orbit/lander/uploads/abc/log.txt|upload> and https://gitlab.example.com/x?a=1&amp;b=2\n\n*a* | *b*\n1 | 2\n\n* [ ] todo\n\nhttps://gitlab.example.com/orbit/lander/uploads/abc/shot.png
  fallback: [Orbit / Lander] Issue #12 :rotating_light: &lt;b&gt;Alert&lt;/b&gt; `x` &amp;amp; "q" opened by Ana Novak (ana)
--- no_error_log
[error]
[alert]
