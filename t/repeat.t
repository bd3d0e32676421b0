use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest data => 'alertmanager';
use SlackClient;

plan 'no_plan';
run_tests();


# The answers to the same body, whose last byte comes at the same moment on
# each of N connections.
sub at_once {
    my ($n, $file) = @_;

    my $request = SlackClient::request('/hook', SlackTest::payload($file), 'Connection: close');
    my $last    = chop $request;

    my @connections = map { SlackClient::connection() } 1 .. $n;

    print {$_} $request for @connections;
    print {$_} $last for @connections;

    return sort map { SlackClient::read_until($_) =~ s/.*\r\n\r\n//sr =~ s/,"id":[0-9]+//r } @connections;
}

__DATA__

=== TEST 1: an alert is announced when it fires, joins a group, and ends
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
firing.json
firing.json
joined.json
joined.json
firing.json
partly.json
partly.json
firing.json
all_resolved.json
all_resolved.json
resolved.json
firing.json
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
firing.json
firing.json
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
/hook firing.json
/hook?day=1 firing.json
/hook?day=1 firing.json
/ends resolved.json
/ends resolved.json
/ends firing.json
/ends resolved.json
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
generic_low.json
generic_low.json
generic.json
generic_end.json
generic_end.json
generic_title.json
generic_title.json
generic_hosts.json
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
firing.json
warning.json
warning.json
firing.json
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
firing.json
joined.json
many.json
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



=== TEST 11: of several Alertmanagers that send the same at once, one is heard
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- client eval
sub {
    my $queued   = qq({"status":"queued","event":"alert","messages":1}\n);
    my $repeated = qq({"status":"filtered","reason":"repeat","event":"alert"}\n);

    for my $file (qw(firing.json joined.json all_resolved.json)) {
        main::is_deeply([ ::at_once(5, $file) ], [ ($repeated) x 4, $queued ],
            "$file is told once");
    }
}
--- no_error_log
[error]
[alert]
