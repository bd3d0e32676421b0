use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: a push
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
--- slack
#dev as GitLab
[#334455] pretext: Mira Okafor (mokafor) pushed to branch <https://gitlab.example.com/acme/rocket/-/commits/main|main> of <https://gitlab.example.com/acme/rocket|Acme / Rocket> (<https://gitlab.example.com/acme/rocket/-/compare/6b1d8b144bba9a0620748c256b4610eac99ff381...6d909b36a78b4d2f94a1d997f52647d9e8a7f887|Compare changes>)
  text: <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late - Tomasz Lind\n<https://gitlab.example.com/acme/rocket/-/commit/f38135a41ec6ba9a9cf074525127fa70eb43841a|f38135a4>: Show the wind limit in m/s &amp; knots - Yuki Hartmann\n<https://gitlab.example.com/acme/rocket/-/commit/6d909b36a78b4d2f94a1d997f52647d9e8a7f887|6d909b36>: Merge branch 'fuel-gauge-retry' into 'main' - Mira Okafor
  fallback: Mira Okafor (mokafor) pushed to branch main of Acme / Rocket
--- no_error_log
[error]
[alert]



=== TEST 2: an event nobody asked for is filtered
--- config
    location = /hook {
        slack_route acme {
            events pipeline;
        }
    }
--- hook
push.json
--- answers
200 {"status":"filtered","reason":"events"}
--- slack
