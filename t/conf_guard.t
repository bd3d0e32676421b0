# slack_signing_secret: what nginx refuses, and what it warns of.

use strict;
use warnings;

use lib 't/util';

use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: an empty secret
--- config
    location = /slack { slack_signing_secret ""; proxy_pass http://127.0.0.1:1; }
--- must_die
--- error_log
[emerg]
"slack_signing_secret" directive has an empty secret in



=== TEST 2: another kind of secret
--- config
    location = /slack { slack_signing_secret xoxb-1-2-3secretsecret; proxy_pass http://127.0.0.1:1; }
--- must_die
--- error_log
"slack_signing_secret" directive has a URL or a token; the signing secret of a Slack app is on its page "Basic Information" in
--- no_error_log
secretsecret



=== TEST 3: a file that is not there
--- config
    location = /slack { slack_signing_secret_file no-such-file; proxy_pass http://127.0.0.1:1; }
--- must_die
--- error_log
a file with one line, the secret, is needed



=== TEST 4: outside of a location
--- config
    slack_signing_secret secret;
--- must_die
--- error_log
"slack_signing_secret" directive is not allowed here



=== TEST 5: webhooks in the same location
--- config
    location = /slack {
        slack_signing_secret secret;
        slack_notify acme;
    }
--- must_die
--- error_log eval
qr/"slack_signing_secret" in \S+nginx.conf:\d+ is for requests from Slack, "slack_route" or "slack_notify" in the same location is for others: use two locations, none inside the other/



=== TEST 6: webhooks inside of it
--- config
    location /slack {
        slack_signing_secret secret;
        proxy_pass http://127.0.0.1:1;
        location /slack/hook { slack_notify acme; }
    }
--- must_die
--- error_log
"slack_route" or "slack_notify" in the same location is for others



=== TEST 7: a webhook's secret
--- config
    location = /slack {
        slack_signing_secret secret;
        slack_secret other;
        proxy_pass http://127.0.0.1:1;
    }
--- must_die
--- error_log
"slack_secret" in the same location is for others



=== TEST 8: the status page
--- config
    location /slack/ {
        slack_signing_secret secret;
        slack_status;
    }
--- must_die
--- error_log
"slack_status" in the same location is for others



=== TEST 9: what the server has for its locations ends here
--- config
    slack_secret other;
    slack_notify acme;

    location = /slack {
        slack_signing_secret secret;
        return 204;
    }

    location = /hook {
        slack_notify acme;
    }
--- request
GET /slack
--- error_code: 204
--- no_error_log
[error]
[alert]
