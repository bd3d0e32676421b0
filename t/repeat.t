use strict;
use warnings;

use POSIX ();

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest data => 'alertmanager';
use SlackClient;
use SlackProof qw(stored_messages received);
use SlackThread qw(tell);

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

# Posts a payload whose alerts, all of them, began at that time.
sub began {
    my ($file, $status, $time) = @_;

    return tell($file, $status, change => sub { $_[0] =~ s/("startsAt"|"start_time"): ?"[^"]+"/$1:"$time"/gr });
}


# a time so many seconds from now, as senders write it
sub at { return POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime(time + $_[0])) }

__DATA__

=== an alert is announced when it fires, joins a group, and ends
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
firing.json       => 202 queued alert
firing.json       => 200 filtered alert: repeat
joined.json       => 202 queued alert
joined.json       => 200 filtered alert: repeat
firing.json       => 200 filtered alert: repeat
partly.json       => 202 queued alert
partly.json       => 200 filtered alert: repeat
firing.json       => 200 filtered alert: repeat
all_resolved.json => 202 queued alert
all_resolved.json => 200 filtered alert: repeat
resolved.json     => 200 filtered alert: repeat
firing.json       => 202 queued alert
--- no_error_log
[error]
[alert]



=== repeat on, beside a route without
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
firing.json => 202 queued alert: 2
firing.json => 202 queued alert
--- no_error_log
[error]
[alert]



=== what nobody was told of is news later, an end of it too
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
/hook firing.json       => 200 filtered alert: if
/hook?day=1 firing.json => 202 queued alert
/hook?day=1 firing.json => 200 filtered alert: repeat
/ends resolved.json     => 202 queued alert
/ends resolved.json     => 200 filtered alert: repeat
/ends firing.json       => 200 filtered alert: action
/ends resolved.json     => 202 queued alert
--- no_error_log
[error]
[alert]



=== generic alerts, by fingerprint, or title and place
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
generic_low.json   => 202 queued alert
generic_low.json   => 200 filtered alert: repeat
generic.json       => 202 queued alert
generic_end.json   => 202 queued alert
generic_end.json   => 200 filtered alert: repeat
generic_title.json => 202 queued alert
generic_title.json => 200 filtered alert: repeat
generic_hosts.json => 202 queued alert
--- no_error_log
[error]
[alert]



=== what found no room is not remembered
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
firing.json  => 202 queued alert
warning.json => 503 error alert: outbox is full
warning.json => 503 error alert: outbox is full
firing.json  => 200 filtered alert: repeat
--- no_error_log
[alert]



=== labels of any of the alerts
--- config
    location = /hook {
        slack_source alertmanager;
        slack_route acme {
            labels any instance=tank-2;
            labels none severity=warning;
        }
    }
--- hook
firing.json => 200 filtered alert: labels
joined.json => 202 queued alert
many.json   => 200 filtered alert: labels
--- no_error_log
[error]
[alert]



=== of several Alertmanagers that send the same at once, one is heard
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



=== another incident, whose end before nobody told
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- hook
incident.json     => 202 queued alert
incident.json     => 200 filtered alert: repeat
incident_new.json => 202 queued alert
incident_new.json => 200 filtered alert: repeat
incident.json     => 200 filtered alert: repeat
--- no_error_log
[error]
[alert]



=== what began since it was heard, and clocks that differ
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme ops;
    }
--- request
GET /_slack/_received
--- after
for my $file (qw(firing.json generic.json)) {
    began($file, 202, at(-3600));
    began($file, 200, at(-3593));
    began($file, 200, at(-3607));
    began($file, 202, at(30));
    began($file, 200, at(30));
    began($file, 200, at(37));
    began($file, 200, at(-3600));
}

# a clock that is wrong
began('warning.json', 202, '2099-01-01T00:00:00Z');
began('warning.json', 200, '2099-01-01T00:00:00Z');
began('warning.json', 200, '2099-01-01T00:00:05Z');

# the end of one is news, and so is the end of another one
began('resolved.json', 202, at(30));
began('resolved.json', 200, at(33));
began('resolved.json', 202, at(1800));

# one of a group
began('joined.json', 202, at(3000));
began('joined.json', 200, at(3000));
tell('joined.json', 202, change => sub { $_[0] =~ s/"startsAt": ?"2026-03-04T14:05:00Z"/'"startsAt":"' . at(3300) . '"'/er });

is(received('#ops', 9), 9, 'all came that are news');
--- no_error_log
[error]
[alert]



=== an announcement that nobody got, as the webhook was revoked
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme;
    }
--- workspace
        retry 100ms 100ms for=1s;
--- faults eval
'[' . CORE::join(',', ('"404:no_service"') x 100) . ']'
--- request
GET /_slack/_received
--- after
tell('incident.json', 202);
tell('incident.json', 200);
is_deeply([ stored_messages() ], [ '#general dead 0 not delivered in time; at last: HTTP 404 "no_service"' ], 'it is dead');

SlackTest::control('/_reset');

tell('incident.json', 202);
tell('incident.json', 200);
is(received('#general', 1), 1, 'it has come');
tell('incident.json', 200);
--- no_error_log
[alert]



=== one of two channels got it
--- config
    location = /hook {
        slack_source alertmanager;
        slack_notify acme dev,ops;
    }
--- faults
#ops ["400:no_text"]
--- request
GET /_slack/_received
--- after
tell('incident.json', 202);
is_deeply([ stored_messages() ], [ '#dev sent 0 HTTP 200 "ok"', '#ops dead 1 HTTP 400 "no_text"' ], 'one is dead');
tell('incident.json', 200);
--- no_error_log
[alert]



=== rules of Grafana before version 9, and what it cannot evaluate
--- config
    location = /hook {
        slack_source alertmanager;
        slack_route acme {
            channel ops;
        }
    }

    location = /on {
        slack_source alertmanager;
        slack_route acme {
            repeat  on;
            channel ops;
        }
    }
--- hook
rule.json                => 202 queued alert
rule.json                => 200 filtered alert: repeat
rule_ok.json             => 202 queued alert
rule_ok.json             => 200 filtered alert: repeat
rule.json                => 202 queued alert
rule_no_data.json        => 202 queued alert
rule_no_data.json        => 200 filtered alert: repeat
rule.json                => 202 queued alert
/on rule.json            => 202 queued alert
/on rule.json            => 202 queued alert
grafana_no_data.json     => 202 queued alert
grafana_no_data.json     => 200 filtered alert: repeat
/on grafana_no_data.json => 202 queued alert
/on grafana_no_data.json => 202 queued alert
--- no_error_log
[error]
[alert]
