use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== without a header the body tells
--- config
    location = /hook {
        slack_route acme {
            events push alert pipeline;
            channel dev;
        }
    }
--- hook
push.json | X-Gitlab-Event: -                  => 202 queued push
../alertmanager/firing.json                    => 202 queued alert
../alertmanager/generic.json                   => 202 queued alert
alert_triggered.json                           => 202 queued alert
pipeline_failed.json | X-Gitlab-Event: -       => 202 queued pipeline
system_project_create.json | X-Gitlab-Event: - => 200 filtered project: events
../alertmanager/nothing.json                   => 200 ignored: unknown event
--- slack_wait
5
--- slack_like
pretext: Alert firing in orbit
pretext: Alert firing in launcher
pretext: Alert firing$
--- no_error_log
[error]
[alert]



=== a header tells, whatever the body is
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
../alertmanager/firing.json | X-Gitlab-Event: Push Hook => 200 ignored: unknown event
--- no_error_log
[error]
[alert]



=== slack_source tells, whatever the body is
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
/alerts push.json                      => 200 ignored: neither alerts nor a title
/gitlab ../alertmanager/firing.json    => 200 ignored: unknown event
/alerts ../alertmanager/no_alerts.json => 200 ignored alert: no alerts
/alerts ../alertmanager/nothing.json   => 200 ignored: neither alerts nor a title
/none /dev/null                        => 200 filtered: events
--- no_error_log
[error]
[alert]



=== filters and variables see whoever it is
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
../alertmanager/firing.json   => 202 queued alert
push.json | X-Gitlab-Event: - => 202 queued push
push.json                     => 202 queued push
../alertmanager/generic.json  => 200 filtered alert: match
--- slack_wait
3
--- slack_like
^#one as
^#two as
--- no_error_log
[error]
[alert]



=== a secret, in any sender's way
--- config
    location = /hook {
        slack_secret one;
        slack_secret two;
        slack_notify acme dev;
    }
--- hook
../alertmanager/firing.json | Authorization: Bearer one  => 202 queued alert
../alertmanager/generic.json | Authorization: Bearer two => 202 queued alert
push.json | X-Gitlab-Event: - | X-Gitlab-Token: two      => 202 queued push
--- no_error_log
[error]
[alert]



=== no secret, a wrong one, or not in the sender's way
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
../alertmanager/firing.json                               => 401 rejected: unauthorized
../alertmanager/firing.json | Authorization: Bearer two   => 401 rejected: unauthorized
../alertmanager/firing.json | Authorization: Basic b25lOm9uZQ== => 401 rejected: unauthorized
../alertmanager/firing.json | Authorization: Bearer one | X-Gitlab-Token: two => 401 rejected: unauthorized
push.json | Authorization: Bearer one                     => 401 rejected: unauthorized
/alerts ../alertmanager/firing.json                       => 401 rejected: unauthorized
/alerts ../alertmanager/firing.json | X-Gitlab-Token: one => 401 rejected: unauthorized
--- log_like
request refused, neither webhook-signature nor X-Gitlab-Token nor Authorization nor X-Forgejo-Signature nor X-Gitea-Signature nor X-Gogs-Signature nor X-Hub-Signature-256 was sent
request refused, Authorization is wrong
request refused, X-Gitlab-Token is wrong
request refused, Authorization was not sent
--- no_error_log
[alert]
