use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: one changed file is enough
--- config
    location = /hook {
        slack_route acme {
            paths docs/*;
        }
    }
--- hook
push.json
push_many.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"paths","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 2: added, modified and removed files
--- config
    location = /hook {
        slack_route acme {
            paths CHANGELOG.md;
        }
    }
--- hook
push.json
push_many.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"paths","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 3: stars go over slashes
--- config
    location = /hook {
        slack_route acme {
            paths *.rb;
        }
    }
--- hook
push.json
push_many.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 4: from end to end
--- config
    location = /hook {
        slack_route acme {
            paths lib CHANGELOG *.r;
        }
    }
--- hook
push.json
--- answers
200 {"status":"filtered","reason":"paths","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 5: regular expressions
--- config
    location = /hook {
        slack_route acme {
            paths ~^lib/(gyro|valves)\.rb$;
        }
    }
--- hook
push_many.json
push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"paths","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 6: a push of nothing but excluded files
--- config
    location = /hook {
        slack_route acme {
            paths !lib/* !spec/*;
        }
    }
--- hook
push_many.json
push.json
--- answers
200 {"status":"filtered","reason":"paths","event":"push"}
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 7: exclusions win, file by file
--- config
    location = /hook {
        slack_route acme {
            paths *.rb !lib/* !spec/*;
        }
    }
--- hook
push.json
push_many.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"paths","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 8: a push that tells no files
--- config
    location = /hook {
        slack_route acme {
            paths *.rb;
        }
    }
--- hook
push_1k.json
push_system.json
push_delete_branch.json
push_new_branch.json
--- answers
200 {"status":"filtered","reason":"paths","event":"push"}
200 {"status":"filtered","reason":"paths","event":"push"}
200 {"status":"filtered","reason":"paths","event":"push"}
200 {"status":"filtered","reason":"paths","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 9: a push that tells no files, and nothing but exclusions
--- config
    location = /hook {
        slack_route acme {
            paths !*.md;
        }
    }
--- hook
push_1k.json
push_delete_branch.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 10: other events are not filtered
--- config
    location = /hook {
        slack_route acme {
            paths *.rb;
        }
    }
--- hook
tag_push.json
issue_open.json
merge_request_open.json
pipeline_success.json
--- answers
202 {"status":"queued","event":"tag_push","messages":1}
202 {"status":"queued","event":"issue","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
--- no_error_log
[error]
[alert]
[crit]
