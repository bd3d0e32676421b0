use strict;
use warnings;

use lib 't/util';

use File::Temp qw(tempfile);
use Test::Nginx::Socket;
use SlackTest;

# files with secrets that only their owner may read
$ENV{TEST_NGINX_TOKEN_FILE}   = secret_file("from-a-file\n");
$ENV{TEST_NGINX_DOS_FILE}     = secret_file("with CR and LF \r\n\r\n");
$ENV{TEST_NGINX_SIGNING_FILE} = secret_file("whsec_***\n");

plan 'no_plan';
run_tests();


sub secret_file {
    my ($secret) = @_;

    my ($fh, $name) = tempfile(UNLINK => 1);

    print {$fh} $secret or die "cannot write $name: $!\n";
    close $fh or die "cannot write $name: $!\n";

    return $name;
}


__DATA__

=== TEST 1: what nginx takes for variables elsewhere is plain
--- config
    location = /hook {
        slack_notify acme;
        slack_secret "p$slack_user ${x} \\1";
        slack_secret a#b$;
    }
--- hook
push.json | X-Gitlab-Token: p$slack_user ${x} \1
push.json | X-Gitlab-Token: a#b$
push.json | X-Gitlab-Token: p
push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
401 {"status":"rejected","reason":"unauthorized"}
401 {"status":"rejected","reason":"unauthorized"}
--- no_error_log
[alert]
[crit]



=== TEST 2: files, and their line ends
--- config
    location = /hook {
        slack_notify acme;
        slack_secret_file $TEST_NGINX_TOKEN_FILE;
        slack_secret_file $TEST_NGINX_DOS_FILE;
        slack_secret direct;
    }
--- hook
push.json | X-Gitlab-Token: from-a-file
push.json | X-Gitlab-Token: with CR and LF
push.json | X-Gitlab-Token: direct
push.json | X-Gitlab-Token: from-a-fil
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
401 {"status":"rejected","reason":"unauthorized"}
--- no_error_log
readable by others
[alert]
[crit]



=== TEST 3: a file beside nginx.conf by its relative name
--- config
    location = /hook {
        slack_notify acme;
        slack_secret_file ../html/token;
    }
--- user_files
>>> token
relative
--- hook
push.json | X-Gitlab-Token: relative
push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
401 {"status":"rejected","reason":"unauthorized"}
--- no_error_log
[alert]
[crit]



=== TEST 4: readable by others
--- config
    location = /hook {
        slack_notify acme;
        slack_secret_file ../html/token;
        slack_secret "";
    }
--- refused
"$TEST_NGINX_SERVER_ROOT/conf/../html/token" with a secret is readable by others, use "chmod 600"
"slack_secret" directive has an empty secret
--- user_files
>>> token
relative



=== TEST 5: an empty secret
--- config
    location = /hook {
        slack_notify acme;
        slack_secret "";
    }
--- refused
"slack_secret" directive has an empty secret



=== TEST 6: no secret
--- config
    location = /hook {
        slack_notify acme;
        slack_secret;
    }
--- refused
invalid number of arguments in "slack_secret" directive



=== TEST 7: two secrets in one
--- config
    location = /hook {
        slack_notify acme;
        slack_secret one two;
    }
--- refused
invalid number of arguments in "slack_secret" directive



=== TEST 8: no file
--- config
    location = /hook {
        slack_notify acme;
        slack_secret_file;
    }
--- refused
invalid number of arguments in "slack_secret_file" directive



=== TEST 9: a file that is not there
--- config
    location = /hook {
        slack_notify acme;
        slack_secret_file /nowhere/token;
    }
--- refused
a file with one line, the secret, is needed: open() "/nowhere/token" failed (2: No such file or directory)



=== TEST 10: a directory
--- config
    location = /hook {
        slack_notify acme;
        slack_secret_file /etc;
    }
--- refused
"/etc" is not a file with one line, the secret



=== TEST 11: an empty file
--- config
    location = /hook {
        slack_notify acme;
        slack_secret_file ../html/token;
    }
--- refused
"$TEST_NGINX_SERVER_ROOT/conf/../html/token" is empty, write the secret into it
--- user_files
>>> token



=== TEST 12: two secrets in a file
--- config
    location = /hook {
        slack_notify acme;
        slack_secret_file ../html/token;
    }
--- refused
"$TEST_NGINX_SERVER_ROOT/conf/../html/token" has more than one line, give each secret a file
--- user_files
>>> token
one
two



=== TEST 13: a signing secret without anything
--- config
    location = /hook {
        slack_notify acme;
        slack_secret whsec_;
    }
--- refused
"slack_secret" directive has a signing secret that is not base64 after "whsec_"



=== TEST 14: a signing secret that is not base64
--- config
    location = /hook {
        slack_notify acme;
        slack_secret whsec_***;
    }
--- refused
"slack_secret" directive has a signing secret that is not base64 after "whsec_"



=== TEST 15: a signing secret that is not base64, in a file
--- config
    location = /hook {
        slack_notify acme;
        slack_secret_file $TEST_NGINX_SIGNING_FILE;
    }
--- refused
"slack_secret_file" directive has a signing secret that is not base64 after "whsec_"



=== TEST 16: outside http
--- main_config
slack_secret a;
--- refused
"slack_secret" directive is not allowed here



=== TEST 17: hidden: a URL after a forgotten ";"
--- http_config
    slack_workspace other {
        channel dev
        webhook_url https://hooks.slack.com/services/T1/B1/secret;
    }
--- refused
invalid channel "webhook_url", a ";" is missing before it; a name with "#" needs quotes



=== TEST 18: hidden: a URL without its directive
--- http_config
    slack_workspace other {
        https://hooks.slack.com/services/T1/B1/secret;
    }
--- refused
unknown directive "(hidden)" in "slack_workspace", see "Inside slack_workspace" in the README



=== TEST 19: hidden: a URL as the name of a workspace
--- http_config
    slack_workspace https://hooks.slack.com/services/T1/B1/secret {
    }
--- refused
invalid workspace name "(hidden)", choose a word of letters and digits, but not "off"



=== TEST 20: hidden: a URL in place of a workspace
--- config
    location = /hook {
        slack_notify https://hooks.slack.com/services/T1/B1/secret;
    }
--- refused
unknown workspace "(hidden)", no slack_workspace in http has that name



=== TEST 21: hidden: a URL in place of a workspace, slack_route
--- config
    location = /hook {
        slack_route https://hooks.slack.com/services/T1/B1/secret {
        }
    }
--- refused
unknown workspace "(hidden)", no slack_workspace in http has that name



=== TEST 22: hidden: a URL as channel
--- config
    location = /hook {
        slack_notify acme https://hooks.slack.com/services/T1/B1/secret;
    }
--- refused
invalid channel "(hidden)", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR



=== TEST 23: hidden: a URL as parameter
--- config
    location = /hook {
        slack_route acme https://hooks.slack.com/services/T1/B1/secret {
        }
    }
--- refused
invalid parameter "(hidden)", write "if=CONDITION"



=== TEST 24: hidden: a URL as event
--- config
    location = /hook {
        slack_route acme {
            events push
            https://hooks.slack.com/services/T1/B1/secret;
        }
    }
--- refused
unknown event "(hidden)", see "Events and actions" in the README



=== TEST 25: hidden: a URL as file
--- workspace
        webhook_url_file https://hooks.slack.com/services/T1/B1/secret;
--- refused
a secret is given instead of the name of a file with it



=== TEST 26: hidden: two URLs
--- workspace
        webhook_url https://hooks.slack.com/services/T1/B1/secret https://hooks.slack.com/services/T1/B1/secret;
--- refused
invalid parameter "(hidden)", write "channel=NAME" or "legacy"



=== TEST 27: hidden: a URL as a channel of webhook_url
--- workspace
        webhook_url https://hooks.slack.com/services/T1/B1/secret channel=https://hooks.slack.com/services/T1/B1/secret;
--- refused
invalid channel "(hidden)", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR



=== TEST 28: hidden: too many arguments
--- workspace
        webhook_url https://hooks.slack.com/services/T1/B1/secret channel=dev legacy 1;
--- refused
invalid number of arguments in "webhook_url" directive



=== TEST 29: hidden: a block in place of the end
--- workspace
        webhook_url https://hooks.slack.com/services/T1/B1/secret {
--- refused
unexpected "{"



=== TEST 30: hidden: the block ends before the directive
--- http_config
    slack_workspace other {
        webhook_url https://hooks.slack.com/services/T1/B1/secret
    }
--- refused
unexpected "}"



=== TEST 31: hidden: more after a quoted URL
--- workspace
        webhook_url "https://hooks.slack.com/services/T1/B1/secret"x;
--- refused
unexpected "x"



=== TEST 32: hidden: a wrong port
--- workspace
        webhook_url https://hooks.slack.com:x/services/T1/B1/secret;
--- refused
invalid port in the URL of "webhook_url"



=== TEST 33: hidden: the password of a proxy
--- workspace
        proxy user:secret@proxy.example:3128;
--- refused
"proxy" directive has a URL that is neither http nor https, write "http://HOST:PORT"



=== TEST 34: hidden: the password of a proxy after a forgotten ";"
--- workspace
        retry 1s
        proxy http://user:secret@proxy.example:3128;
--- refused
invalid parameter "proxy", see "Inside slack_workspace" in the README



=== TEST 35: hidden: the password of a proxy as for=
--- workspace
        retry 1s 1m
        http://user:secret@proxy.example:3128;
--- refused
invalid parameter "(hidden)", see "Inside slack_workspace" in the README



=== TEST 36: hidden: a signing secret as file
--- config
    location = /hook {
        slack_notify acme;
        slack_secret_file whsec_c2VjcmV0;
    }
--- refused
a secret is given instead of the name of a file with it
