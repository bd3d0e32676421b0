use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: an alert is announced when it fires, joins a group, and ends
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
../alertmanager/firing.json
../alertmanager/firing.json
../alertmanager/joined.json
../alertmanager/joined.json
../alertmanager/firing.json
../alertmanager/partly.json
../alertmanager/partly.json
../alertmanager/firing.json
../alertmanager/all_resolved.json
../alertmanager/all_resolved.json
../alertmanager/resolved.json
../alertmanager/firing.json
--- answers
202 {"status":"queued","event":"alert","messages":1}
200 {"status":"filtered","reason":"repeat","event":"alert"}
202 {"status":"queued","event":"alert","messages":1}
200 {"status":"filtered","reason":"repeat","event":"alert"}
200 {"status":"filtered","reason":"repeat","event":"alert"}
202 {"status":"queued","event":"alert","messages":1}
200 {"status":"filtered","reason":"repeat","event":"alert"}
200 {"status":"filtered","reason":"repeat","event":"alert"}
202 {"status":"queued","event":"alert","messages":1}
200 {"status":"filtered","reason":"repeat","event":"alert"}
200 {"status":"filtered","reason":"repeat","event":"alert"}
202 {"status":"queued","event":"alert","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 2: repeat on, beside a route without
--- config
    location = /hook {
        slack_source alertmanager;
        slack_route acme {
            repeat  on;
            channel loud;
        }
        slack_route acme {
            repeat  off;
            channel quiet;
        }
    }
--- hook
../alertmanager/firing.json
../alertmanager/firing.json
--- answers
202 {"status":"queued","event":"alert","messages":2}
202 {"status":"queued","event":"alert","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 3: what nobody was told of is news later, an end of it too
--- config
    location = /hook {
        slack_source alertmanager;
        slack_route acme if=$arg_day {
            channel ops;
        }
    }

    location = /ends {
        slack_source alertmanager;
        slack_route acme {
            events alert:resolved;
        }
    }
--- hook
/hook ../alertmanager/firing.json
/hook?day=1 ../alertmanager/firing.json
/hook?day=1 ../alertmanager/firing.json
/ends ../alertmanager/resolved.json
/ends ../alertmanager/resolved.json
/ends ../alertmanager/firing.json
/ends ../alertmanager/resolved.json
--- answers
200 {"status":"filtered","reason":"if","event":"alert"}
202 {"status":"queued","event":"alert","messages":1}
200 {"status":"filtered","reason":"repeat","event":"alert"}
202 {"status":"queued","event":"alert","messages":1}
200 {"status":"filtered","reason":"repeat","event":"alert"}
200 {"status":"filtered","reason":"action","event":"alert"}
202 {"status":"queued","event":"alert","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 4: generic alerts, by fingerprint, or title and place
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
../alertmanager/generic_low.json
../alertmanager/generic_low.json
../alertmanager/generic.json
../alertmanager/generic_end.json
../alertmanager/generic_end.json
../alertmanager/generic_title.json
../alertmanager/generic_title.json
../alertmanager/generic_hosts.json
--- answers
202 {"status":"queued","event":"alert","messages":1}
200 {"status":"filtered","reason":"repeat","event":"alert"}
202 {"status":"queued","event":"alert","messages":1}
202 {"status":"queued","event":"alert","messages":1}
200 {"status":"filtered","reason":"repeat","event":"alert"}
202 {"status":"queued","event":"alert","messages":1}
200 {"status":"filtered","reason":"repeat","event":"alert"}
202 {"status":"queued","event":"alert","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 5: what found no room is not remembered
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- outbox
max=1
--- faults
["500:no","500:no","500:no","500:no","500:no","500:no"]
--- hook
../alertmanager/firing.json
../alertmanager/warning.json
../alertmanager/warning.json
../alertmanager/firing.json
--- answers
202 {"status":"queued","event":"alert","messages":1}
503 {"status":"error","reason":"outbox is full","event":"alert"}
503 {"status":"error","reason":"outbox is full","event":"alert"}
200 {"status":"filtered","reason":"repeat","event":"alert"}
--- no_error_log
[alert]



=== TEST 6: labels of any of the alerts
--- config
    location = /hook {
        slack_source alertmanager;
        slack_route acme {
            labels any instance=tank-2;
            labels none severity=warning;
        }
    }
--- hook
../alertmanager/firing.json
../alertmanager/joined.json
../alertmanager/many.json
--- answers
200 {"status":"filtered","reason":"labels","event":"alert"}
202 {"status":"queued","event":"alert","messages":1}
200 {"status":"filtered","reason":"labels","event":"alert"}
--- no_error_log
[error]
[alert]



=== TEST 7: wrong value
--- config
    location = /hook {
        slack_route acme {
            repeat maybe;
        }
    }
--- refused
invalid value "maybe" in "repeat" directive, it must be "on" or "off"



=== TEST 8: duplicate
--- config
    location = /hook {
        slack_route acme {
            repeat on;
            repeat off;
        }
    }
--- refused
"repeat" directive is duplicate



=== TEST 9: no value
--- config
    location = /hook {
        slack_route acme {
            repeat;
        }
    }
--- refused
invalid number of arguments in "repeat" directive



=== TEST 10: not of a workspace
--- config
    location = /hook {
        slack_notify acme;
    }
--- workspace
    repeat on;
--- refused
unknown directive "repeat" in "slack_workspace", see "Inside slack_workspace" in the README
