use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: of each kind of event
--- config
    location = /hook {
        slack_route acme {
            users mok*;
        }
    }
--- hook
push.json
issue_open.json
merge_request_merge.json
pipeline_success.json
deployment_success.json
push_many.json
tag_push.json
issue_close.json
note_issue.json
merge_request_open.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"issue","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"deployment","messages":1}
200 {"status":"filtered","reason":"users","event":"push"}
200 {"status":"filtered","reason":"users","event":"tag_push"}
200 {"status":"filtered","reason":"users","event":"issue"}
200 {"status":"filtered","reason":"users","event":"note"}
200 {"status":"filtered","reason":"users","event":"merge_request"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 2: several
--- config
    location = /hook {
        slack_route acme {
            users yhartmann pvance;
        }
    }
--- hook
push_many.json
tag_push.json
push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"tag_push","messages":1}
200 {"status":"filtered","reason":"users","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 3: excluded
--- config
    location = /hook {
        slack_route acme {
            users !mokafor !*-bot;
        }
    }
--- hook
push_many.json
push.json
issue_incident.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"users","event":"push"}
200 {"status":"filtered","reason":"users","event":"issue"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 4: exclusions win
--- config
    location = /hook {
        slack_route acme {
            users * !mokafor;
        }
    }
--- hook
push_many.json
push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"users","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 5: regular expressions
--- config
    location = /hook {
        slack_route acme {
            users ~^(moka|tl) !~*VANCE$;
        }
    }
--- hook
push.json
push_protected.json
push_many.json
tag_push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"users","event":"push"}
200 {"status":"filtered","reason":"users","event":"tag_push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 6: the username, not the name
--- config
    location = /hook {
        slack_route acme {
            users "Mira Okafor" *Okafor*;
        }
    }
--- hook
push.json
--- answers
200 {"status":"filtered","reason":"users","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 7: nobody told
--- config
    location = /hook {
        slack_route acme {
            users *;
        }
    }
--- hook
alert_triggered.json | X-Gitlab-Event: -
pipeline_null_user.json
--- answers
202 {"status":"queued","event":"alert","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 8: nobody told, somebody wanted
--- config
    location = /hook {
        slack_route acme {
            users mokafor;
        }
    }
--- hook
alert_triggered.json | X-Gitlab-Event: -
pipeline_null_user.json
--- answers
200 {"status":"filtered","reason":"users","event":"alert"}
200 {"status":"filtered","reason":"users","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 9: nobody told, somebody not wanted
--- config
    location = /hook {
        slack_route acme {
            users !mokafor;
        }
    }
--- hook
alert_triggered.json | X-Gitlab-Event: -
pipeline_null_user.json
--- answers
202 {"status":"queued","event":"alert","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
--- no_error_log
[error]
[alert]
[crit]
