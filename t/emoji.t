use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== awarded, not revoked
--- config
    location = /hook {
        slack_route acme {
            events emoji;
            channel dev;
        }
    }
--- hook
emoji_award.json  => 202 queued emoji
emoji_revoke.json => 200 filtered emoji: action
--- slack
#dev as GitLab
[] pretext: Léo Aldana (laldana) reacted with :rocket: to <https://gitlab.example.com/acme/rocket/-/issues/118#note_1241|a comment on issue #118> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Countdown stops at T-40 s*
  fallback: Léo Aldana (laldana) reacted with :rocket: to a comment on issue #118 in Acme / Rocket: Countdown stops at T-40 s
--- no_error_log
[error]
[alert]



=== revoked
--- config
    location = /hook {
        slack_route acme {
            events emoji:revoke;
            channel dev;
        }
    }
--- hook
emoji_revoke.json => 202 queued emoji
--- slack
#dev as GitLab
[] pretext: Léo Aldana (laldana) took back :thumbsup: from <https://gitlab.example.com/acme/rocket/-/merge_requests/42|merge request !42> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Read the gauge &lt;three&gt; times*
  fallback: Léo Aldana (laldana) took back :thumbsup: from merge request !42 in Acme / Rocket: Read the gauge &lt;three&gt; times
--- no_error_log
[error]
[alert]



=== nothing is said of what is confidential
--- config
    location = /hook {
        slack_route acme {
            events emoji issue note;
            channel dev;
        }
    }
--- hook
emoji_internal.json     => 200 ignored emoji: confidential emoji
emoji_confidential.json => 200 ignored emoji: confidential emoji
--- slack
--- no_error_log
[error]
[alert]
