use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: without a header the body tells
--- config
    location = /hook {
        slack_route acme {
            events push alert pipeline;
            channel dev;
        }
    }
--- hook
push.json | X-Gitlab-Event: -
../alertmanager/firing.json
../alertmanager/generic.json
alert_triggered.json
pipeline_failed.json | X-Gitlab-Event: -
system_project_create.json | X-Gitlab-Event: -
../alertmanager/nothing.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"alert","messages":1}
202 {"status":"queued","event":"alert","messages":1}
202 {"status":"queued","event":"alert","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"events","event":"project"}
200 {"status":"ignored","reason":"unknown event"}
--- slack_wait
5
--- slack_like
pretext: Alert firing in orbit
pretext: Alert firing in launcher
pretext: Alert firing$
--- no_error_log
[error]
[alert]



=== TEST 2: a header tells, whatever the body is
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
../alertmanager/firing.json | X-Gitlab-Event: Push Hook
--- answers
200 {"status":"ignored","reason":"unknown event"}
--- no_error_log
[error]
[alert]



=== TEST 3: slack_source tells, whatever the body is
--- config
    location = /alerts {
        slack_source alertmanager;
        slack_notify acme dev;
    }

    location = /gitlab {
        slack_source gitlab;
        slack_notify acme dev;
    }

    location = /none {
        slack_source alertmanager;
        slack_route acme {
            events push;
        }
    }
--- hook
/alerts push.json
/gitlab ../alertmanager/firing.json
/alerts ../alertmanager/no_alerts.json
/alerts ../alertmanager/nothing.json
/none /dev/null
--- answers
200 {"status":"ignored","reason":"neither alerts nor a title"}
200 {"status":"ignored","reason":"unknown event"}
200 {"status":"ignored","reason":"no alerts","event":"alert"}
200 {"status":"ignored","reason":"neither alerts nor a title"}
200 {"status":"filtered","reason":"events"}
--- no_error_log
[error]
[alert]



=== TEST 4: filters and variables see whoever it is
--- http_config
    log_format told '$slack_status $slack_event $slack_project $slack_title '
                    '$slack_json_receiver $slack_json_object_kind';
--- config
    access_log logs/told.log told;

    location = /hook {
        slack_route acme {
            match   commonLabels.* instance=tank-1;
            channel one;
        }
        slack_route acme {
            match   object_kind push;
            channel two;
        }
    }
--- hook
../alertmanager/firing.json
push.json | X-Gitlab-Event: -
push.json
../alertmanager/generic.json
--- answers
202 {"status":"queued","event":"alert","messages":1}
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"match","event":"alert"}
--- slack_wait
3
--- slack_like
^#one as
^#two as
--- no_error_log
[error]
[alert]



=== TEST 5: a secret, in any sender's way
--- config
    location = /hook {
        slack_secret one;
        slack_secret two;
        slack_notify acme dev;
    }
--- hook
../alertmanager/firing.json | Authorization: Bearer one
../alertmanager/generic.json | Authorization: Bearer two
push.json | X-Gitlab-Event: - | X-Gitlab-Token: two
--- answers
202 {"status":"queued","event":"alert","messages":1}
202 {"status":"queued","event":"alert","messages":1}
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 6: no secret, a wrong one, or not in the sender's way
--- config
    location = /hook {
        slack_secret one;
        slack_notify acme dev;
    }

    location = /alerts {
        slack_secret one;
        slack_source alertmanager;
        slack_notify acme dev;
    }
--- hook
../alertmanager/firing.json
../alertmanager/firing.json | Authorization: Bearer two
../alertmanager/firing.json | Authorization: Basic b25lOm9uZQ==
../alertmanager/firing.json | Authorization: Bearer one | X-Gitlab-Token: two
push.json | Authorization: Bearer one
/alerts ../alertmanager/firing.json
/alerts ../alertmanager/firing.json | X-Gitlab-Token: one
--- answers
401 {"status":"rejected","reason":"unauthorized"}
401 {"status":"rejected","reason":"unauthorized"}
401 {"status":"rejected","reason":"unauthorized"}
401 {"status":"rejected","reason":"unauthorized"}
401 {"status":"rejected","reason":"unauthorized"}
401 {"status":"rejected","reason":"unauthorized"}
401 {"status":"rejected","reason":"unauthorized"}
--- log_like
request refused, neither webhook-signature nor X-Gitlab-Token nor Authorization nor X-Forgejo-Signature nor X-Gitea-Signature nor X-Gogs-Signature nor X-Hub-Signature-256 was sent
request refused, Authorization is wrong
request refused, X-Gitlab-Token is wrong
request refused, Authorization was not sent
--- no_error_log
[alert]
