use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: running
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
deployment_running.json
--- answers
202 {"status":"queued","event":"deployment","messages":1}
--- slack
#dev as GitLab
[#334455] pretext: Starting deploy to staging
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket> with job <https://gitlab.example.com/acme/rocket/-/jobs/8004|#8004> by <https://gitlab.example.com/mokafor|Mira Okafor (mokafor)>\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  ts: 1772638318
  fallback: Starting deploy to staging in Acme / Rocket
--- no_error_log
[error]
[alert]



=== TEST 2: success
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
deployment_success.json
--- answers
202 {"status":"queued","event":"deployment","messages":1}
--- slack
#dev as GitLab
[good] pretext: Deploy to staging succeeded
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket> with job <https://gitlab.example.com/acme/rocket/-/jobs/8004|#8004> by <https://gitlab.example.com/mokafor|Mira Okafor (mokafor)>\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  ts: 1772638318
  fallback: Deploy to staging succeeded in Acme / Rocket
--- no_error_log
[error]
[alert]



=== TEST 3: failed
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
deployment_failed.json
--- answers
202 {"status":"queued","event":"deployment","messages":1}
--- slack
#dev as GitLab
[danger] pretext: Deploy to production failed
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket> with job <https://gitlab.example.com/acme/rocket/-/jobs/8004|#8004> by <https://gitlab.example.com/mokafor|Mira Okafor (mokafor)>\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  ts: 1772638318
  fallback: Deploy to production failed in Acme / Rocket
--- no_error_log
[error]
[alert]



=== TEST 4: canceled
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
deployment_canceled.json
--- answers
202 {"status":"queued","event":"deployment","messages":1}
--- slack
#dev as GitLab
[warning] pretext: Deploy to staging canceled
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket> with job <https://gitlab.example.com/acme/rocket/-/jobs/8004|#8004> by <https://gitlab.example.com/mokafor|Mira Okafor (mokafor)>\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  ts: 1772638318
  fallback: Deploy to staging canceled in Acme / Rocket
--- no_error_log
[error]
[alert]



=== TEST 5: nothing but what is always there
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
deployment_null.json
--- answers
202 {"status":"queued","event":"deployment","messages":1}
--- slack
#dev as GitLab
[good] pretext: Deploy to staging succeeded
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket>\n7c23b3d2
  ts: 1772638318
  fallback: Deploy to staging succeeded in Acme / Rocket
--- no_error_log
[error]
[alert]



=== TEST 6: other statuses as GitLab says them
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
deployment_rejected.json
--- answers
202 {"status":"queued","event":"deployment","messages":1}
--- slack
#dev as GitLab
[#334455] pretext: Deploy to staging rejected
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket> with job <https://gitlab.example.com/acme/rocket/-/jobs/8004|#8004> by <https://gitlab.example.com/mokafor|Mira Okafor (mokafor)>\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  ts: 1772638318
  fallback: Deploy to staging rejected in Acme / Rocket
--- no_error_log
[error]
[alert]



=== TEST 7: actions can be named
--- config
    location = /hook {
        slack_route acme {
            events deployment:failed,canceled;
            channel dev;
        }
    }
--- hook
deployment_running.json
deployment_failed.json
deployment_canceled.json
deployment_success.json
--- answers
200 {"status":"filtered","reason":"action","event":"deployment"}
202 {"status":"queued","event":"deployment","messages":1}
202 {"status":"queued","event":"deployment","messages":1}
200 {"status":"filtered","reason":"action","event":"deployment"}
--- slack
#dev as GitLab
[danger] pretext: Deploy to production failed
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket> with job <https://gitlab.example.com/acme/rocket/-/jobs/8004|#8004> by <https://gitlab.example.com/mokafor|Mira Okafor (mokafor)>\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  ts: 1772638318
  fallback: Deploy to production failed in Acme / Rocket

#dev as GitLab
[warning] pretext: Deploy to staging canceled
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket> with job <https://gitlab.example.com/acme/rocket/-/jobs/8004|#8004> by <https://gitlab.example.com/mokafor|Mira Okafor (mokafor)>\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  ts: 1772638318
  fallback: Deploy to staging canceled in Acme / Rocket
--- no_error_log
[error]
[alert]
