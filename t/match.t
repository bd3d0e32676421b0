use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: a field
--- config
    location = /hook {
        slack_route acme {
            match object_attributes.target_branch main ~^rel;
        }
    }
--- hook
merge_request_open.json
push.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
200 {"status":"filtered","reason":"match","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 2: a field at the top
--- config
    location = /hook {
        slack_route acme {
            match object_kind push tag_*;
        }
    }
--- hook
push.json
tag_push.json
issue_open.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"tag_push","messages":1}
200 {"status":"filtered","reason":"match","event":"issue"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 3: numbers, true and false
--- config
    location = /hook {
        slack_route acme {
            match ref_protected true;
            match total_commits_count ~^[1-9];
            match project.id ~^[0-9]+$;
        }
    }
--- hook
push.json
push_many.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"match","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 4: null is no value
--- config
    location = /hook {
        slack_route acme {
            match object_attributes.duration *;
        }
    }
--- hook
pipeline_success.json
pipeline_running.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"action","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 5: a field of each object of an array
--- config
    location = /hook {
        slack_route acme {
            match labels[].title priority::*;
        }
    }
--- hook
issue_open.json
merge_request_open.json
--- answers
202 {"status":"queued","event":"issue","messages":1}
200 {"status":"filtered","reason":"match","event":"merge_request"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 6: the same without brackets
--- config
    location = /hook {
        slack_route acme {
            match labels.title priority::*;
        }
    }
--- hook
issue_open.json
merge_request_open.json
--- answers
202 {"status":"queued","event":"issue","messages":1}
200 {"status":"filtered","reason":"match","event":"merge_request"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 7: values of an array
--- config
    location = /hook {
        slack_route acme {
            match commits[].modified[] app/helpers/*;
        }
    }
--- hook
push.json
push_many.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"match","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 8: excluded, in an array
--- config
    location = /hook {
        slack_route acme {
            match labels.title !priority::*;
        }
    }
--- hook
merge_request_open.json
push.json
issue_open.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"match","event":"issue"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 9: several are or-ed
--- config
    location = /hook {
        slack_route acme {
            match object_attributes.action close reopen;
        }
    }
--- hook
issue_close.json
issue_reopen.json
issue_open.json
--- answers
202 {"status":"queued","event":"issue","messages":1}
202 {"status":"queued","event":"issue","messages":1}
200 {"status":"filtered","reason":"match","event":"issue"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 10: repeated are and-ed
--- config
    location = /hook {
        slack_route acme {
            match object_kind issue;
            match labels[].title priority::*;
        }
    }
--- hook
issue_open.json
merge_request_open.json
issue_incident.json
--- answers
202 {"status":"queued","event":"issue","messages":1}
200 {"status":"filtered","reason":"match","event":"merge_request"}
200 {"status":"filtered","reason":"match","event":"issue"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 11: the same field, twice
--- config
    location = /hook {
        slack_route acme {
            match user.username *f*;
            match user.username !mok*;
        }
    }
--- hook
issue_open.json
push.json
--- answers
200 {"status":"filtered","reason":"match","event":"issue"}
200 {"status":"filtered","reason":"match","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 12: a field that is not there
--- config
    location = /hook {
        slack_route acme {
            match no.such.field *;
        }
    }
--- hook
push.json
--- answers
200 {"status":"filtered","reason":"match","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 13: a field that is not there cannot be excluded
--- config
    location = /hook {
        slack_route acme {
            match no.such.field !*;
        }
    }
--- hook
push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 14: not of objects
--- config
    location = /hook {
        slack_route acme {
            match project *;
        }
    }
--- hook
push.json
--- answers
200 {"status":"filtered","reason":"match","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 15: stages of jobs
--- config
    location = /hook {
        slack_route acme {
            match builds[].stage deploy*;
            match builds.status failed;
        }
    }
--- hook
pipeline_failed.json
pipeline_success.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"match","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]
