# The variables $slack_…: in log_format, add_header, map and if=, for each
# outcome, and where there is nothing to tell.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackUpstream;

our $Http = <<'EOC';
    log_format slack 'S=$slack_status R=$slack_reason M=$slack_messages '
                     'E=$slack_event A=$slack_action P=$slack_project '
                     'U=$slack_user B=$slack_branch T=$slack_title '
                     'L=$slack_url I=$slack_id.';
    access_log logs/access.log slack;
EOC

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== a push
--- http_config eval: $::Http
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_wait
1
--- access_log eval
qr/S=queued R=- M=1 E=push A=update P=\S+ U=\S+ B=\S+ T=.* L=http\S+ I=[1-9]\d*\./
--- no_error_log
[error]
[alert]



=== filtered
--- http_config eval: $::Http
--- config
    location = /hook {
        slack_route acme {
            users nobody;
        }
    }
--- hook
merge_request_open.json => 200 filtered merge_request: users
--- access_log eval
qr/S=filtered R=users M=0 E=merge_request A=open P=\S+ U=\S+ B=\S+ T=.+ L=http\S+ I=-\./
--- no_error_log
[error]
[alert]



=== a duplicate has the id of the one that was stored
--- http_config eval: $::Http
--- config
    location = /hook {
        slack_notify acme;
        add_header X-Slack "$slack_status ${slack_reason}- $slack_messages $slack_event $slack_id" always;
    }
--- hook
push.json | Idempotency-Key: one => 202
push.json | Idempotency-Key: one => 200 duplicate push
--- slack_wait
1
--- response_headers_like eval
['X-Slack: queued - 1 push [1-9]\d*', 'X-Slack: duplicate \S+ 0 push [1-9]\d*']
--- no_error_log
[error]
[alert]



=== refused, and no event
--- http_config eval: $::Http
--- config
    location = /hook {
        slack_secret token;
        slack_notify acme;
    }
--- hook
push.json => 401 rejected: unauthorized
--- access_log eval
qr/S=rejected R=\S+ M=0 E=\S+ A=- P=- U=- B=- T=- L=- I=-\./



=== a location without our directives
--- http_config eval: $::Http
--- config
    location = /other {
        return 200 "<$slack_status$slack_reason$slack_messages$slack_id$slack_event$slack_action$slack_project$slack_user$slack_branch$slack_title$slack_url$slack_object$slack_json_a__b>\n";
    }
--- request
GET /other
--- response_body
<>
--- access_log
S=- R=- M=- E=- A=- P=- U=- B=- T=- L=- I=-.
--- no_error_log
[error]
[alert]



=== headers of the answer, and of the request to an upstream
--- config
    location = /hook {
        slack_notify acme dev,ops;
        add_header X-Slack "$slack_status,$slack_messages,$slack_event" always;
    }

    location = /tap {
        slack_notify acme dev;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
        proxy_set_header X-Slack-Status "$slack_status,$slack_messages,$slack_event";
    }
--- request eval
["POST /hook\n" . SlackTest::payload('push.json'), "POST /tap\n" . SlackTest::payload('tag_push.json')]
--- more_headers eval
["X-Gitlab-Event: Push Hook", "X-Gitlab-Event: Tag Push Hook"]
--- error_code eval
[202, 200]
--- response_headers eval
["X-Slack: queued,2,push", "X-Slack-Status: queued,1,tag_push"]
--- no_error_log
[error]
[alert]



=== map and if=
--- http_config
    map $slack_project $quiet {
        default   1;
        ~.        "";
    }

    map "$slack_event:$slack_json_project__name" $wanted {
        ~^push:.+   1;
        default     0;
    }
--- config
    location = /hook {
        slack_route acme if=$wanted {
            channel dev;
        }
        slack_route acme if=$quiet {
            channel ops;
        }
    }
--- hook
push.json       => 202 queued push
issue_open.json => 200 filtered issue: if
--- slack_like
\A#dev as GitLab\n(?:.+\n)+\n*\z
--- slack_wait
1
--- no_error_log
[error]
[alert]



=== fields of the payload: values, numbers, arrays, none
--- http_config
    log_format fields 'ref=$slack_json_ref id=$slack_json_project__id '
                      'none=$slack_json_no__such__field '
                      'commits=$slack_json_commits__id '
                      'object=$slack_json_project.';
    access_log logs/access.log fields;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_wait
1
--- access_log eval
qr/ref=refs\/heads\/\S+ id=\d+ none=- commits=[0-9a-f]{40}(?:,[0-9a-f]{40})+ object=-\./
--- no_error_log
[error]
[alert]



=== a value of the payload cannot break a line of the log
--- http_config
    log_format fields 'ref=<$slack_json_ref> user=<$slack_user>.';
    access_log logs/access.log fields;
--- config
    location = /hook {
        slack_notify acme;
    }
--- request eval
"POST /hook\n" . SlackTest::payload('push.json') =~ s/"ref":\s*"[^"]*"/"ref":"refs\/heads\/a\\nb\\"c"/r
--- more_headers
X-Gitlab-Event: Push Hook
--- error_code: 202
--- access_log
ref=<refs/heads/a b\x22c>
--- no_error_log
[alert]



=== after an internal redirect the outcome is still known
--- http_config eval: $::Http
--- config
    location = /hook {
        slack_secret token;
        slack_notify acme;
        error_page 401 = /refused;
    }

    location = /refused {
        internal;
        return 404 "<$slack_status>\n";
    }
--- request eval
"POST /hook\n" . SlackTest::payload('push.json')
--- more_headers
X-Gitlab-Event: Push Hook
--- error_code: 404
--- response_body
<rejected>
--- access_log
S=rejected



=== what is no webhook
--- http_config eval: $::Http
--- config
    location = /hook {
        slack_notify acme;
        error_page 405 = /refused;
    }
--- request
GET /hook
--- error_code: 404
--- access_log
S=rejected



=== a body that is no JSON
--- http_config eval: $::Http
--- config
    location = /hook {
        slack_notify acme;
    }
--- request
POST /hook
{"a"
--- more_headers
X-Gitlab-Event: Push Hook
--- error_code: 400
--- access_log eval
qr/S=rejected R=\S.* M=0 E=\S+ A=- P=- U=- B=- T=- L=- I=-\./



=== an outbox that is full
--- http_config eval: $::Http
--- outbox: max=1
--- config
    location = /hook {
        slack_notify acme dev,ops;
    }
--- hook
push.json => 503 error push: outbox is full
--- access_log eval
qr/S=error R=outbox is full M=0 E=push A=update P=\S+ .* I=-\./



=== a name that is no field fails the configuration
--- config
    location = /hook {
        slack_notify acme;
        add_header X-Field $slack_json_a____b;
    }
--- must_die
--- error_log
variable "$slack_json_a____b" names no field



=== a value begins no header of its own
--- http_config eval: $::Http
--- config
    location = /hook {
        slack_notify acme;
        add_header X-Slack "$slack_reason" always;
    }

    location = /tap {
        slack_notify acme;
        proxy_set_header X-Slack-Title $slack_title;
        proxy_set_header X-Slack-Json $slack_json_project__description;
        proxy_set_header X-Slack-List $slack_json_labels__title;
        proxy_pass http://127.0.0.1:$TEST_NGINX_UPSTREAM_PORT;
    }
--- request eval
[
    "POST /hook\n" . '{"object_kind":"a\r\nX-Slack-Evil: 1\u0000\u007fb"}',
    "POST /tap\n" . '{"object_kind":"issue","object_attributes":{"title":"a\r\nX-Slack-Evil: 1","action":"open"},'
        . '"project":{"description":"c\nX-Slack-Evil: 2"},"labels":[{"title":"d\r"},{"title":"\nX-Slack-Evil: 3"}]}',
]
--- more_headers
Content-Type: application/json
--- raw_response_headers_unlike eval
[(qr/^X-Slack-Evil/m) x 2]
--- raw_response_headers_like eval
[qr/^X-Slack: a X-Slack-Evil: 1b\r$/m, qr/^X-Slack-Title: a\r$(?s:.*)^X-Slack-Json: c X-Slack-Evil: 2\r$(?s:.*)^X-Slack-List: d, X-Slack-Evil: 3\r$/m]
--- error_code eval
[200, 200]
--- no_error_log
[error]
[alert]
