use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackPayload qw(answer channels with);

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== issue: event_type
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
issue_confidential_open.json => 202 queued confidential_issue
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Confidential issue <https://gitlab.example.com/acme/rocket/-/issues/119|#119 Signing key of the flight recorder is in the image> opened by Priya Vance (pvance)
  text: The key lies in `/opt/recorder/key.pem` of every image since 2.2.
  ts: 1772637989
  fallback: [Acme / Rocket] Confidential issue #119 Signing key of the flight recorder is in the image opened by Priya Vance (pvance)
--- no_error_log
[error]
[alert]



=== issue: object_attributes.confidential alone
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
issue_confidential_flag_only.json => 202 queued confidential_issue
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Confidential issue <https://gitlab.example.com/acme/rocket/-/issues/120|#120 Rotate the recorder's key> opened by Priya Vance (pvance)
  text: The key lies in `/opt/recorder/key.pem` of every image since 2.2.
  ts: 1772637989
  fallback: [Acme / Rocket] Confidential issue #120 Rotate the recorder's key opened by Priya Vance (pvance)
--- no_error_log
[error]
[alert]



=== work item
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
work_item_confidential.json => 202 queued confidential_issue
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Confidential task <https://gitlab.example.com/acme/rocket/-/work_items/123|#123 Ask the supplier about the recall> opened by Léo Aldana (laldana)
  text: They have not told the public yet.
  ts: 1772637989
  fallback: [Acme / Rocket] Confidential task #123 Ask the supplier about the recall opened by Léo Aldana (laldana)
--- no_error_log
[error]
[alert]



=== note: event_type
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
note_confidential.json => 202 queued confidential_note
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) <https://gitlab.example.com/acme/rocket/-/issues/119#note_1248|confidentially commented on issue #119> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Signing key of the flight recorder is in the image*
  text: The supplier confirms it.
  ts: 1772638810
  fallback: Priya Vance (pvance) confidentially commented on issue #119 in Acme / Rocket: Signing key of the flight recorder is in the image
--- no_error_log
[error]
[alert]



=== note: internal alone
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
note_internal.json => 202 queued confidential_note
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) <https://gitlab.example.com/acme/rocket/-/issues/118#note_1249|confidentially commented on issue #118> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Countdown stops at T-40 s*
  text: Do not tell the customer yet.
  ts: 1772638810
  fallback: Priya Vance (pvance) confidentially commented on issue #118 in Acme / Rocket: Countdown stops at T-40 s
--- no_error_log
[error]
[alert]



=== note: on a confidential issue alone
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
note_on_confidential_issue.json => 202 queued confidential_note
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) <https://gitlab.example.com/acme/rocket/-/issues/120#note_1250|confidentially commented on issue #120> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Rotate the recorder's key*
  text: Key rotated on two of five machines.
  ts: 1772638810
  fallback: Priya Vance (pvance) confidentially commented on issue #120 in Acme / Rocket: Rotate the recorder's key
--- no_error_log
[error]
[alert]



=== a confidential issue goes to no route that does not name it
--- config
    location = /hook {
        slack_notify acme dev;
        slack_route acme {
            events all issue:open note:create,update;
        }
    }
--- hook
issue_confidential_open.json => 200 filtered confidential_issue: events
--- slack
--- no_error_log
[error]
[alert]



=== a confidential issue by its flag goes to no route that does not name it
--- config
    location = /hook {
        slack_notify acme dev;
        slack_route acme {
            events all issue:open note:create,update;
        }
    }
--- hook
issue_confidential_flag_only.json => 200 filtered confidential_issue: events
--- slack
--- no_error_log
[error]
[alert]



=== a confidential work item goes to no route that does not name it
--- config
    location = /hook {
        slack_notify acme dev;
        slack_route acme {
            events all issue:open note:create,update;
        }
    }
--- hook
work_item_confidential.json => 200 filtered confidential_issue: events
--- slack
--- no_error_log
[error]
[alert]



=== a confidential note goes to no route that does not name it
--- config
    location = /hook {
        slack_notify acme dev;
        slack_route acme {
            events all issue:open note:create,update;
        }
    }
--- hook
note_confidential.json => 200 filtered confidential_note: events
--- slack
--- no_error_log
[error]
[alert]



=== a confidential internal note goes to no route that does not name it
--- config
    location = /hook {
        slack_notify acme dev;
        slack_route acme {
            events all issue:open note:create,update;
        }
    }
--- hook
note_internal.json => 200 filtered confidential_note: events
--- slack
--- no_error_log
[error]
[alert]



=== a confidential note on a confidential issue goes to no route that does not name it
--- config
    location = /hook {
        slack_notify acme dev;
        slack_route acme {
            events all issue:open note:create,update;
        }
    }
--- hook
note_on_confidential_issue.json => 200 filtered confidential_note: events
--- slack
--- no_error_log
[error]
[alert]



=== the header alone
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
issue_open.json | X-Gitlab-Event: Confidential Issue Hook => 200 filtered confidential_issue: events
note_issue.json | X-Gitlab-Event: Confidential Note Hook  => 200 filtered confidential_note: events
--- slack
--- no_error_log
[error]
[alert]



=== the header alone, a route names it
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel secret-dev;
        }
    }
--- hook
issue_open.json | X-Gitlab-Event: Confidential Issue Hook => 202 queued confidential_issue
note_issue.json | X-Gitlab-Event: Confidential Note Hook  => 202 queued confidential_note
issue_open.json                                           => 200 filtered issue: events
note_issue.json                                           => 200 filtered note: events
--- slack_like
^#secret-dev as GitLab$
Confidential issue
confidentially commented
--- slack_wait: 1
--- no_error_log
[error]
[alert]



=== issue: event_type alone
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
issue_confidential_event_type_only.json => 202 queued confidential_issue
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Confidential issue <https://gitlab.example.com/acme/rocket/-/issues/119|#119 Signing key of the flight recorder is in the image> opened by Priya Vance (pvance)
  text: The key lies in `/opt/recorder/key.pem` of every image since 2.2.
  ts: 1772637989
  fallback: [Acme / Rocket] Confidential issue #119 Signing key of the flight recorder is in the image opened by Priya Vance (pvance)
--- no_error_log
[error]
[alert]



=== work item: event_type alone
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
work_item_confidential_event_type_only.json => 202 queued confidential_issue
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Confidential task <https://gitlab.example.com/acme/rocket/-/work_items/123|#123 Ask the supplier about the recall> opened by Léo Aldana (laldana)
  text: They have not told the public yet.
  ts: 1772637989
  fallback: [Acme / Rocket] Confidential task #123 Ask the supplier about the recall opened by Léo Aldana (laldana)
--- no_error_log
[error]
[alert]



=== note: event_type alone
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
note_confidential_event_type_only.json => 202 queued confidential_note
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) <https://gitlab.example.com/acme/rocket/-/issues/119#note_1248|confidentially commented on issue #119> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Signing key of the flight recorder is in the image*
  text: The supplier confirms it.
  ts: 1772638810
  fallback: Priya Vance (pvance) confidentially commented on issue #119 in Acme / Rocket: Signing key of the flight recorder is in the image
--- no_error_log
[error]
[alert]



=== note: object_attributes.confidential alone
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
note_confidential_flag_only.json => 202 queued confidential_note
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) <https://gitlab.example.com/acme/rocket/-/issues/118#note_1249|confidentially commented on issue #118> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Countdown stops at T-40 s*
  text: Do not tell the customer yet.
  ts: 1772638810
  fallback: Priya Vance (pvance) confidentially commented on issue #118 in Acme / Rocket: Countdown stops at T-40 s
--- no_error_log
[error]
[alert]



=== each sign alone keeps it from routes that do not name it
--- config
    location = /hook {
        slack_notify acme;
        slack_route acme {
            events all;
            channel all;
        }
        slack_route acme {
            events issue:open,update note:create,update;
            channel plain;
        }
    }
--- hook
issue_confidential_event_type_only.json                   => 200 filtered confidential_issue: events
issue_confidential_flag_only.json                         => 200 filtered confidential_issue: events
work_item_confidential_event_type_only.json               => 200 filtered confidential_issue: events
note_confidential_event_type_only.json                    => 200 filtered confidential_note: events
note_confidential_flag_only.json                          => 200 filtered confidential_note: events
note_internal.json                                        => 200 filtered confidential_note: events
note_on_confidential_issue.json                           => 200 filtered confidential_note: events
issue_open.json | X-Gitlab-Event: confidential issue hook => 200 filtered confidential_issue: events
--- slack
--- no_error_log
[error]
[alert]



=== never doubled: only the route that names it
--- config
    location = /hook {
        slack_notify acme;
        slack_route acme {
            events all;
            channel all;
        }
        slack_route acme {
            events confidential_issue;
            channel private-dev;
        }
        slack_route acme {
            events issue confidential_note;
            channel private-dev;
        }
    }
--- hook
issue_confidential_flag_only.json => 202 queued confidential_issue
note_internal.json                => 202 queued confidential_note
--- slack
#private-dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Confidential issue <https://gitlab.example.com/acme/rocket/-/issues/120|#120 Rotate the recorder's key> opened by Priya Vance (pvance)
  text: The key lies in `/opt/recorder/key.pem` of every image since 2.2.
  ts: 1772637989
  fallback: [Acme / Rocket] Confidential issue #120 Rotate the recorder's key opened by Priya Vance (pvance)

#private-dev as GitLab
[#334455] pretext: Priya Vance (pvance) <https://gitlab.example.com/acme/rocket/-/issues/118#note_1249|confidentially commented on issue #118> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Countdown stops at T-40 s*
  text: Do not tell the customer yet.
  ts: 1772638810
  fallback: Priya Vance (pvance) confidentially commented on issue #118 in Acme / Rocket: Countdown stops at T-40 s
--- no_error_log
[error]
[alert]



=== the kinds are named apart, and so are their actions
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue:close;
            channel private-dev;
        }
        slack_route acme {
            events confidential_note:update;
            channel private-dev;
        }
    }
--- hook
issue_confidential_open.json => 200 filtered confidential_issue: action
note_confidential.json       => 200 filtered confidential_note: action
--- slack
--- no_error_log
[error]
[alert]



=== all and a confidential kind
--- config
    location = /hook {
        slack_route acme {
            events all confidential_note;
            channel dev;
        }
    }
--- hook
note_confidential_flag_only.json  => 202 queued confidential_note
note_old.json                     => 202 queued note
issue_confidential_flag_only.json => 200 filtered confidential_issue: events
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) <https://gitlab.example.com/acme/rocket/-/issues/118#note_1249|confidentially commented on issue #118> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Countdown stops at T-40 s*
  text: Do not tell the customer yet.
  ts: 1772638810
  fallback: Priya Vance (pvance) confidentially commented on issue #118 in Acme / Rocket: Countdown stops at T-40 s

#dev as GitLab
[#334455] pretext: Yuki Hartmann (yhartmann) <https://gitlab.example.com/acme/rocket/-/issues/118#note_1241|commented on issue #118> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Countdown stops at T-40 s*
  text: Seen again today, with the *new* gauge.\n\n&gt; fuel gauge: no answer &lt;after 10 ms&gt;\n\nLog &amp; plot are in the wiki.
  ts: 1772638810
  fallback: Yuki Hartmann (yhartmann) commented on issue #118 in Acme / Rocket: Countdown stops at T-40 s
--- no_error_log
[error]
[alert]



=== a note on a confidential work item, and on a confidential epic
--- config
    location = /hook {
        slack_notify acme dev;
        slack_route acme {
            events all issue note;
        }
        slack_route acme {
            events confidential_note;
            channel private-dev;
        }
    }
--- hook
note_confidential_work_item.json | X-Gitlab-Event: Note Hook => 202 queued confidential_note
note_confidential_epic.json | X-Gitlab-Event: Note Hook      => 202 queued confidential_note
--- slack
#private-dev as GitLab
[#334455] pretext: Ana Novak (ana) <https://gitlab.example.com/orbit/lander/-/issues/12#note_88|confidentially commented on issue #12> in <https://gitlab.example.com/orbit/lander|Orbit / Lander>: *Slow boot*
  text: secret detail
  fallback: Ana Novak (ana) confidentially commented on issue #12 in Orbit / Lander: Slow boot

#private-dev as GitLab
[#334455] pretext: Ana Novak (ana) <https://gitlab.example.com/groups/orbit/-/epics/3#note_88|confidentially commented> in <https://gitlab.example.com/orbit/lander|Orbit / Lander>
  text: secret detail
  fallback: Ana Novak (ana) confidentially commented in Orbit / Lander
--- no_error_log
[error]
[alert]
