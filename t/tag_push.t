use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== a new tag
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
tag_push.json => 202 queued tag_push
--- slack
#dev as GitLab
[] pretext: Priya Vance (pvance) pushed new tag <https://gitlab.example.com/acme/rocket/-/tags/v2.4.0-rc1|v2.4.0-rc1> to <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Priya Vance (pvance) pushed new tag v2.4.0-rc1 to Acme / Rocket
--- no_error_log
[error]
[alert]



=== a removed tag
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
tag_push_delete.json => 202 queued tag_push
--- slack
#dev as GitLab
[] pretext: Priya Vance (pvance) removed tag v2.3.9-broken from <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Priya Vance (pvance) removed tag v2.3.9-broken from Acme / Rocket
--- no_error_log
[error]
[alert]



=== an annotated tag
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
tag_push_annotated.json => 202 queued tag_push
--- slack
#dev as GitLab
[] pretext: Priya Vance (pvance) pushed new tag <https://gitlab.example.com/acme/rocket/-/tags/v2.4.0|v2.4.0> to <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Priya Vance (pvance) pushed new tag v2.4.0 to Acme / Rocket
--- no_error_log
[error]
[alert]



=== without a username, as old versions send it
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
tag_push_old.json => 202 queued tag_push
--- slack
#dev as GitLab
[] pretext: Priya Vance pushed new tag <https://gitlab.example.com/acme/rocket/-/tags/v2.4.0-rc1|v2.4.0-rc1> to <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Priya Vance pushed new tag v2.4.0-rc1 to Acme / Rocket
--- no_error_log
[error]
[alert]



=== actions can be named
--- config
    location = /hook {
        slack_route acme {
            events tag_push:delete;
            channel dev;
        }
    }
--- hook
tag_push.json           => 200 filtered tag_push: action
tag_push_delete.json    => 202 queued tag_push
push_delete_branch.json => 200 filtered push: events
--- slack
#dev as GitLab
[] pretext: Priya Vance (pvance) removed tag v2.3.9-broken from <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Priya Vance (pvance) removed tag v2.3.9-broken from Acme / Rocket
--- no_error_log
[error]
[alert]
