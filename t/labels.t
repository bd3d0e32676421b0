use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: any
--- config
    location = /hook {
        slack_route acme {
            labels any Feature Bug;
        }
    }
--- hook
issue_open.json
merge_request_open.json
note_issue.json
note_mr.json
merge_request_fork.json
merge_request_draft_open.json
--- answers
202 {"status":"queued","event":"issue","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"note","messages":1}
202 {"status":"queued","event":"note","messages":1}
200 {"status":"filtered","reason":"labels","event":"merge_request"}
200 {"status":"filtered","reason":"labels","event":"merge_request"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 2: any, with a space and entities
--- config
    location = /hook {
        slack_route acme {
            labels any "UI & texts";
        }
    }
--- hook
merge_request_fork.json
merge_request_open.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
200 {"status":"filtered","reason":"labels","event":"merge_request"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 3: titles are exact
--- config
    location = /hook {
        slack_route acme {
            labels any bug Bu "Bug " ~Bug priority;
        }
    }
--- hook
issue_open.json
merge_request_open.json
--- answers
200 {"status":"filtered","reason":"labels","event":"issue"}
200 {"status":"filtered","reason":"labels","event":"merge_request"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 4: all
--- config
    location = /hook {
        slack_route acme {
            labels all Bug priority::1;
        }
    }
--- hook
issue_open.json
merge_request_open.json
--- answers
202 {"status":"queued","event":"issue","messages":1}
200 {"status":"filtered","reason":"labels","event":"merge_request"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 5: all, with one of them twice
--- config
    location = /hook {
        slack_route acme {
            labels all Bug Bug;
        }
    }
--- hook
issue_open.json
merge_request_fork.json
--- answers
202 {"status":"queued","event":"issue","messages":1}
200 {"status":"filtered","reason":"labels","event":"merge_request"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 6: none
--- config
    location = /hook {
        slack_route acme {
            labels none priority::1 wontfix;
        }
    }
--- hook
merge_request_open.json
merge_request_draft_open.json
issue_open.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
200 {"status":"filtered","reason":"labels","event":"issue"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 7: and-ed
--- config
    location = /hook {
        slack_route acme {
            labels any Bug Feature;
            labels none priority::1;
        }
    }
--- hook
merge_request_open.json
issue_open.json
merge_request_fork.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
200 {"status":"filtered","reason":"labels","event":"issue"}
200 {"status":"filtered","reason":"labels","event":"merge_request"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 8: and-ed, of one mode
--- config
    location = /hook {
        slack_route acme {
            labels any Bug;
            labels any priority::1;
        }
    }
--- hook
issue_open.json
merge_request_open.json
--- answers
202 {"status":"queued","event":"issue","messages":1}
200 {"status":"filtered","reason":"labels","event":"merge_request"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 9: notes on what has no labels
--- config
    location = /hook {
        slack_route acme {
            labels any Bug;
        }
    }
--- hook
note_commit.json
note_snippet.json
--- answers
200 {"status":"filtered","reason":"labels","event":"note"}
200 {"status":"filtered","reason":"labels","event":"note"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 10: none, and notes on what has no labels
--- config
    location = /hook {
        slack_route acme {
            labels none Bug;
        }
    }
--- hook
note_commit.json
note_snippet.json
note_issue.json
--- answers
202 {"status":"queued","event":"note","messages":1}
202 {"status":"queued","event":"note","messages":1}
200 {"status":"filtered","reason":"labels","event":"note"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 11: other events are not filtered
--- config
    location = /hook {
        slack_route acme {
            labels any nothing;
        }
    }
--- hook
push.json
tag_push.json
pipeline_success.json
wiki_create.json
deployment_success.json
alert_triggered.json | X-Gitlab-Event: -
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"tag_push","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"wiki_page","messages":1}
202 {"status":"queued","event":"deployment","messages":1}
202 {"status":"queued","event":"alert","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 12: confidential issues and notes, too
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            labels any Bug;
        }
    }
--- hook
issue_confidential_open.json
note_confidential.json
--- answers
202 {"status":"queued","event":"confidential_issue","messages":1}
202 {"status":"queued","event":"confidential_note","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 13: confidential issues and notes, not these
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue confidential_note;
            labels none Bug;
        }
    }
--- hook
issue_confidential_open.json
note_confidential.json
--- answers
200 {"status":"filtered","reason":"labels","event":"confidential_issue"}
200 {"status":"filtered","reason":"labels","event":"confidential_note"}
--- no_error_log
[error]
[alert]
[crit]
