use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== of a project and of a group
--- config
    location = /hook {
        slack_route acme {
            events milestone;
            channel dev;
        }
    }
--- hook
milestone_create.json      => 202 queued milestone
milestone_close_group.json => 202 queued milestone
milestone_delete.json      => 202 queued milestone
--- slack
#dev as GitLab
[#334455] pretext: Milestone <https://gitlab.example.com/acme/rocket/-/milestones/8|June launch> created in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  text: All that must be done before June
  field: Due = 2026-06-01 (short)
  ts: 1772438400
  fallback: Milestone June launch created in Acme / Rocket

#dev as GitLab
[] pretext: Milestone June launch closed in Ground
  fallback: Milestone June launch closed in Ground

#dev as GitLab
[] pretext: Milestone June launch deleted in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Milestone June launch deleted in Acme / Rocket
--- no_error_log
[error]
[alert]



=== actions can be named
--- config
    location = /hook {
        slack_route acme {
            events milestone:close;
            projects acme/ground;
            channel dev;
        }
    }
--- hook
milestone_create.json      => 200 filtered milestone: action
milestone_close_group.json => 202 queued milestone
--- slack
#dev as GitLab
[] pretext: Milestone June launch closed in Ground
  fallback: Milestone June launch closed in Ground
--- no_error_log
[error]
[alert]



=== feature flags
--- config
    location = /hook {
        slack_route acme {
            events feature_flag;
            channel dev;
        }
    }
--- hook
feature_flag.json     => 202 queued feature_flag
feature_flag_off.json => 202 queued feature_flag
--- slack
#dev as GitLab
[#334455] pretext: Yuki Hartmann (yhartmann) turned on feature flag <https://gitlab.example.com/acme/rocket/-/feature_flags|two_keys_abort> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  text: Ask for two keys on the manual abort
  fallback: Yuki Hartmann (yhartmann) turned on feature flag two_keys_abort in Acme / Rocket

#dev as GitLab
[] pretext: Yuki Hartmann (yhartmann) turned off feature flag <https://gitlab.example.com/acme/rocket/-/feature_flags|two_keys_abort> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Yuki Hartmann (yhartmann) turned off feature flag two_keys_abort in Acme / Rocket
--- no_error_log
[error]
[alert]



=== feature flags that are turned off
--- config
    location = /hook {
        slack_route acme {
            events feature_flag:off;
            channel dev;
        }
    }
--- hook
feature_flag.json     => 200 filtered feature_flag: action
feature_flag_off.json => 202 queued feature_flag
--- slack
#dev as GitLab
[] pretext: Yuki Hartmann (yhartmann) turned off feature flag <https://gitlab.example.com/acme/rocket/-/feature_flags|two_keys_abort> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Yuki Hartmann (yhartmann) turned off feature flag two_keys_abort in Acme / Rocket
--- no_error_log
[error]
[alert]



=== access tokens
--- config
    location = /hook {
        slack_route acme {
            events access_token;
            channel dev;
        }
    }
--- hook
access_token_expiring.json => 202 queued access_token
access_token_group.json    => 202 queued access_token
--- slack
#dev as GitLab
[warning] pretext: Access token <https://gitlab.example.com/acme/rocket/-/settings/access_tokens|launch-bot deploy> of <https://gitlab.example.com/acme/rocket|Acme / Rocket> expires on 2026-03-11
  fallback: Access token launch-bot deploy of Acme / Rocket expires on 2026-03-11

#dev as GitLab
[warning] pretext: Access token launch-bot deploy of Ground expires on 2026-03-11
  fallback: Access token launch-bot deploy of Ground expires on 2026-03-11
--- no_error_log
[error]
[alert]
