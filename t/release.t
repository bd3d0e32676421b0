use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== released, changed, removed
--- config
    location = /hook {
        slack_route acme {
            events release;
            channel dev;
        }
    }
--- hook
release_create.json => 202 queued release
release_update.json => 200 filtered release: action
release_delete.json => 202 queued release
--- slack
#dev as GitLab
[good] pretext: Release <https://gitlab.example.com/acme/rocket/-/releases/v2.4.0|Rocket 2.4.0> published in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  text: Fuel gauge retry &amp; wind limits in knots.
  field: Tag = <https://gitlab.example.com/acme/rocket/-/tags/v2.4.0|v2.4.0> (short)
  field: Assets = 5 (short)
  ts: 1773137100
  fallback: Release Rocket 2.4.0 published in Acme / Rocket

#dev as GitLab
[] pretext: Release Rocket 2.4.0 deleted in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Release Rocket 2.4.0 deleted in Acme / Rocket
--- no_error_log
[error]
[alert]



=== actions can be named; a release may have no name
--- config
    location = /hook {
        slack_route acme {
            events all release:update;
            channel dev;
        }
    }
--- hook
release_create.json => 200 filtered release: action
release_update.json => 202 queued release
--- slack
#dev as GitLab
[] pretext: Release <https://gitlab.example.com/acme/rocket/-/releases/v2.4.0|v2.4.0> updated in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Release v2.4.0 updated in Acme / Rocket
--- no_error_log
[error]
[alert]



=== off unless named, with or without the header
--- config
    location = /hook {
        slack_route acme {
            events all;
            channel dev;
        }
    }
    location = /short {
        slack_notify acme dev;
    }
--- hook
release_create.json                               => 200 filtered: events
release_create.json | X-Gitlab-Event: System Hook => 200 filtered release: events
/short release_create.json                        => 200 filtered: events
--- slack
--- no_error_log
[error]
[alert]
