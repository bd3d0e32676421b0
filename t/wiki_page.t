use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== created
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
wiki_create.json => 202 queued wiki_page
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) created <https://gitlab.example.com/acme/rocket/-/wikis/bench/2026-03|wiki page> (<https://gitlab.example.com/acme/rocket/-/wikis/bench/2026-03/diff?version_id=7de94dbc8a1ae956540b9e91c117cfab536b8c3c|Compare changes>) in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Bench of March*
  text: Add the cold start figures
  fallback: Priya Vance (pvance) created wiki page in Acme / Rocket: Bench of March
--- no_error_log
[error]
[alert]



=== edited
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
wiki_update.json => 202 queued wiki_page
--- slack
#dev as GitLab
[#334455] pretext: Priya Vance (pvance) edited <https://gitlab.example.com/acme/rocket/-/wikis/bench/2026-03|wiki page> (<https://gitlab.example.com/acme/rocket/-/wikis/bench/2026-03/diff?version_id=1f7632c9b7581f8d3c2e8c315aa7627416e107d4|Compare changes>) in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Bench of March*
  text: Correct the hot run &amp; add a plot
  fallback: Priya Vance (pvance) edited wiki page in Acme / Rocket: Bench of March
--- no_error_log
[error]
[alert]



=== deleted says deleted
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
wiki_delete.json => 202 queued wiki_page
--- slack
#dev as GitLab
[] pretext: Priya Vance (pvance) deleted wiki page in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Bench of March*
  fallback: Priya Vance (pvance) deleted wiki page in Acme / Rocket: Bench of March
--- no_error_log
[error]
[alert]



=== null where GitLab may send null
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
wiki_null.json => 202 queued wiki_page
--- slack
#dev as GitLab
[] pretext: Priya Vance (pvance) edited <https://gitlab.example.com/acme/rocket/-/wikis/bench/2026-03|wiki page> in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Bench of March*
  fallback: Priya Vance (pvance) edited wiki page in Acme / Rocket: Bench of March
--- no_error_log
[error]
[alert]



=== actions can be named
--- config
    location = /hook {
        slack_route acme {
            events wiki_page:delete;
            channel dev;
        }
    }
--- hook
wiki_create.json => 200 filtered wiki_page: action
wiki_delete.json => 202 queued wiki_page
--- slack
#dev as GitLab
[] pretext: Priya Vance (pvance) deleted wiki page in <https://gitlab.example.com/acme/rocket|Acme / Rocket>: *Bench of March*
  fallback: Priya Vance (pvance) deleted wiki page in Acme / Rocket: Bench of March
--- no_error_log
[error]
[alert]
