use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: issue: event_type
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
issue_confidential_open.json
--- answers
202 {"status":"queued","event":"confidential_issue","messages":1}
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Confidential issue <https://gitlab.example.com/acme/rocket/-/issues/119|#119 Signing key of the flight recorder is in the image> opened by Priya Vance (pvance)
  title: #119 Signing key of the flight recorder is in the image -> https://gitlab.example.com/acme/rocket/-/issues/119
  text: The key lies in `/opt/recorder/key.pem` of every image since 2.2.
  ts: 1772637989
  fallback: [Acme / Rocket] Confidential issue #119 Signing key of the flight recorder is in the image opened by Priya Vance (pvance)
--- no_error_log
[error]
[alert]



=== TEST 2: issue: object_attributes.confidential alone
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
issue_confidential_flag_only.json
--- answers
202 {"status":"queued","event":"confidential_issue","messages":1}
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Confidential issue <https://gitlab.example.com/acme/rocket/-/issues/120|#120 Rotate the recorder's key> opened by Priya Vance (pvance)
  title: #120 Rotate the recorder's key -> https://gitlab.example.com/acme/rocket/-/issues/120
  text: The key lies in `/opt/recorder/key.pem` of every image since 2.2.
  ts: 1772637989
  fallback: [Acme / Rocket] Confidential issue #120 Rotate the recorder's key opened by Priya Vance (pvance)
--- no_error_log
[error]
[alert]



=== TEST 3: work item
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
work_item_confidential.json
--- answers
202 {"status":"queued","event":"confidential_issue","messages":1}
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Confidential task <https://gitlab.example.com/acme/rocket/-/work_items/123|#123 Ask the supplier about the recall> opened by Léo Aldana (laldana)
  title: #123 Ask the supplier about the recall -> https://gitlab.example.com/acme/rocket/-/work_items/123
  text: They have not told the public yet.
  ts: 1772637989
  fallback: [Acme / Rocket] Confidential task #123 Ask the supplier about the recall opened by Léo Aldana (laldana)
--- no_error_log
[error]
[alert]



=== TEST 4: note: event_type
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
note_confidential.json
--- answers
202 {"status":"queued","event":"confidential_note","messages":1}
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) <https://gitlab.example.com/acme/rocket/-/issues/119#note_1248|confidentially commented on issue #119> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Signing key of the flight recorder is in the image*
  text: The supplier confirms it.
  ts: 1772638810
  fallback: Priya Vance (pvance) confidentially commented on issue #119 in Acme / Rocket: Signing key of the flight recorder is in the image
--- no_error_log
[error]
[alert]



=== TEST 5: note: internal alone
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
note_internal.json
--- answers
202 {"status":"queued","event":"confidential_note","messages":1}
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) <https://gitlab.example.com/acme/rocket/-/issues/118#note_1249|confidentially commented on issue #118> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Countdown stops at T-40 s*
  text: Do not tell the customer yet.
  ts: 1772638810
  fallback: Priya Vance (pvance) confidentially commented on issue #118 in Acme / Rocket: Countdown stops at T-40 s
--- no_error_log
[error]
[alert]



=== TEST 6: note: on a confidential issue alone
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
note_on_confidential_issue.json
--- answers
202 {"status":"queued","event":"confidential_note","messages":1}
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) <https://gitlab.example.com/acme/rocket/-/issues/120#note_1250|confidentially commented on issue #120> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Rotate the recorder's key*
  text: Key rotated on two of five machines.
  ts: 1772638810
  fallback: Priya Vance (pvance) confidentially commented on issue #120 in Acme / Rocket: Rotate the recorder's key
--- no_error_log
[error]
[alert]



=== TEST 7: a confidential issue goes to no route that does not name it
--- config
    location = /hook {
        slack_notify acme dev;
        slack_route acme {
            events all issue:open note:create,update;
        }
    }
--- hook
issue_confidential_open.json
--- answers
200 {"status":"filtered","reason":"events","event":"confidential_issue"}
--- slack
--- no_error_log
[error]
[alert]



=== TEST 8: a confidential issue by its flag goes to no route that does not name it
--- config
    location = /hook {
        slack_notify acme dev;
        slack_route acme {
            events all issue:open note:create,update;
        }
    }
--- hook
issue_confidential_flag_only.json
--- answers
200 {"status":"filtered","reason":"events","event":"confidential_issue"}
--- slack
--- no_error_log
[error]
[alert]



=== TEST 9: a confidential work item goes to no route that does not name it
--- config
    location = /hook {
        slack_notify acme dev;
        slack_route acme {
            events all issue:open note:create,update;
        }
    }
--- hook
work_item_confidential.json
--- answers
200 {"status":"filtered","reason":"events","event":"confidential_issue"}
--- slack
--- no_error_log
[error]
[alert]



=== TEST 10: a confidential note goes to no route that does not name it
--- config
    location = /hook {
        slack_notify acme dev;
        slack_route acme {
            events all issue:open note:create,update;
        }
    }
--- hook
note_confidential.json
--- answers
200 {"status":"filtered","reason":"events","event":"confidential_note"}
--- slack
--- no_error_log
[error]
[alert]



=== TEST 11: a confidential internal note goes to no route that does not name it
--- config
    location = /hook {
        slack_notify acme dev;
        slack_route acme {
            events all issue:open note:create,update;
        }
    }
--- hook
note_internal.json
--- answers
200 {"status":"filtered","reason":"events","event":"confidential_note"}
--- slack
--- no_error_log
[error]
[alert]



=== TEST 12: a confidential note on a confidential issue goes to no route that does not name it
--- config
    location = /hook {
        slack_notify acme dev;
        slack_route acme {
            events all issue:open note:create,update;
        }
    }
--- hook
note_on_confidential_issue.json
--- answers
200 {"status":"filtered","reason":"events","event":"confidential_note"}
--- slack
--- no_error_log
[error]
[alert]



=== TEST 13: the header alone
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
issue_open.json | X-Gitlab-Event: Confidential Issue Hook
note_issue.json | X-Gitlab-Event: Confidential Note Hook
--- answers
200 {"status":"filtered","reason":"events","event":"confidential_issue"}
200 {"status":"filtered","reason":"events","event":"confidential_note"}
--- slack
--- no_error_log
[error]
[alert]



=== TEST 14: the header alone, a route names it
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel secret-dev;
        }
    }
--- hook
issue_open.json | X-Gitlab-Event: Confidential Issue Hook
note_issue.json | X-Gitlab-Event: Confidential Note Hook
issue_open.json
note_issue.json
--- answers
202 {"status":"queued","event":"confidential_issue","messages":1}
202 {"status":"queued","event":"confidential_note","messages":1}
200 {"status":"filtered","reason":"events","event":"issue"}
200 {"status":"filtered","reason":"events","event":"note"}
--- slack_like
^#secret-dev as GitLab$
Confidential issue
confidentially commented
--- slack_wait: 1
--- no_error_log
[error]
[alert]



=== TEST 15: issue: event_type alone
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
issue_confidential_event_type_only.json
--- answers
202 {"status":"queued","event":"confidential_issue","messages":1}
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Confidential issue <https://gitlab.example.com/acme/rocket/-/issues/119|#119 Signing key of the flight recorder is in the image> opened by Priya Vance (pvance)
  title: #119 Signing key of the flight recorder is in the image -> https://gitlab.example.com/acme/rocket/-/issues/119
  text: The key lies in `/opt/recorder/key.pem` of every image since 2.2.
  ts: 1772637989
  fallback: [Acme / Rocket] Confidential issue #119 Signing key of the flight recorder is in the image opened by Priya Vance (pvance)
--- no_error_log
[error]
[alert]



=== TEST 16: work item: event_type alone
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
work_item_confidential_event_type_only.json
--- answers
202 {"status":"queued","event":"confidential_issue","messages":1}
--- slack
#dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Confidential task <https://gitlab.example.com/acme/rocket/-/work_items/123|#123 Ask the supplier about the recall> opened by Léo Aldana (laldana)
  title: #123 Ask the supplier about the recall -> https://gitlab.example.com/acme/rocket/-/work_items/123
  text: They have not told the public yet.
  ts: 1772637989
  fallback: [Acme / Rocket] Confidential task #123 Ask the supplier about the recall opened by Léo Aldana (laldana)
--- no_error_log
[error]
[alert]



=== TEST 17: note: event_type alone
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
note_confidential_event_type_only.json
--- answers
202 {"status":"queued","event":"confidential_note","messages":1}
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) <https://gitlab.example.com/acme/rocket/-/issues/119#note_1248|confidentially commented on issue #119> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Signing key of the flight recorder is in the image*
  text: The supplier confirms it.
  ts: 1772638810
  fallback: Priya Vance (pvance) confidentially commented on issue #119 in Acme / Rocket: Signing key of the flight recorder is in the image
--- no_error_log
[error]
[alert]



=== TEST 18: note: object_attributes.confidential alone
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
note_confidential_flag_only.json
--- answers
202 {"status":"queued","event":"confidential_note","messages":1}
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) <https://gitlab.example.com/acme/rocket/-/issues/118#note_1249|confidentially commented on issue #118> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Countdown stops at T-40 s*
  text: Do not tell the customer yet.
  ts: 1772638810
  fallback: Priya Vance (pvance) confidentially commented on issue #118 in Acme / Rocket: Countdown stops at T-40 s
--- no_error_log
[error]
[alert]



=== TEST 19: each sign alone keeps it from routes that do not name it
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
issue_confidential_event_type_only.json
issue_confidential_flag_only.json
work_item_confidential_event_type_only.json
note_confidential_event_type_only.json
note_confidential_flag_only.json
note_internal.json
note_on_confidential_issue.json
issue_open.json | X-Gitlab-Event: confidential issue hook
--- answers
200 {"status":"filtered","reason":"events","event":"confidential_issue"}
200 {"status":"filtered","reason":"events","event":"confidential_issue"}
200 {"status":"filtered","reason":"events","event":"confidential_issue"}
200 {"status":"filtered","reason":"events","event":"confidential_note"}
200 {"status":"filtered","reason":"events","event":"confidential_note"}
200 {"status":"filtered","reason":"events","event":"confidential_note"}
200 {"status":"filtered","reason":"events","event":"confidential_note"}
200 {"status":"filtered","reason":"events","event":"confidential_issue"}
--- slack
--- no_error_log
[error]
[alert]



=== TEST 20: never doubled: only the route that names it
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
issue_confidential_flag_only.json
note_internal.json
--- answers
202 {"status":"queued","event":"confidential_issue","messages":1}
202 {"status":"queued","event":"confidential_note","messages":1}
--- slack
#private-dev as GitLab
[#C95823] pretext: [<https://gitlab.example.com/acme/rocket|Acme / Rocket>] Confidential issue <https://gitlab.example.com/acme/rocket/-/issues/120|#120 Rotate the recorder's key> opened by Priya Vance (pvance)
  title: #120 Rotate the recorder's key -> https://gitlab.example.com/acme/rocket/-/issues/120
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



=== TEST 21: the kinds are named apart, and so are their actions
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
issue_confidential_open.json
note_confidential.json
--- answers
200 {"status":"filtered","reason":"action","event":"confidential_issue"}
200 {"status":"filtered","reason":"action","event":"confidential_note"}
--- slack
--- no_error_log
[error]
[alert]



=== TEST 22: all and a confidential kind
--- config
    location = /hook {
        slack_route acme {
            events all confidential_note;
            channel dev;
        }
    }
--- hook
note_confidential_flag_only.json
note_old.json
issue_confidential_flag_only.json
--- answers
202 {"status":"queued","event":"confidential_note","messages":1}
202 {"status":"queued","event":"note","messages":1}
200 {"status":"filtered","reason":"events","event":"confidential_issue"}
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
