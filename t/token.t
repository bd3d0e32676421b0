# X-Gitlab-Token.

use strict;
use warnings;

use File::Temp ();

use lib 't/util';
use Test::Nginx::Socket;
use SlackClient ();
use SlackProof qw(log_count log_text until_true);
use SlackTest;

# nobody else may read them, or nginx warns
my %file = (TOKEN => "from a file\r\n", DOS => "with CR and LF \r\n\r\n");

for my $name (keys %file) {
    my $text = $file{$name};

    $file{$name} = File::Temp->new;
    print { $file{$name} } $text;
    $file{$name}->flush;

    $ENV{"TEST_NGINX_${name}_FILE"} = $file{$name}->filename;
}

plan 'no_plan';
run_tests();

__DATA__

=== right, wrong, missing, empty, twice
--- config
    location = /hook {
        slack_secret s3cr3t-of-Gitlab;
        slack_notify acme;
    }
--- hook
push.json | X-Gitlab-Token: s3cr3t-of-Gitlab  => 202 queued push
push.json | X-Gitlab-Token: s3cr3t-of-gitlab  => 401 rejected: unauthorized
push.json                                     => 401 rejected: unauthorized
push.json | X-Gitlab-Token:                   => 401 rejected: unauthorized
push.json | X-Gitlab-Token: s3cr3t-of-Gitlab | X-Gitlab-Token: s3cr3t-of-Gitlab => 401 rejected: unauthorized
push.json | X-Gitlab-Token: s3cr3t-of-Gitlab | X-Gitlab-Token: other => 401 rejected: unauthorized
push.json | X-Gitlab-Token: other | X-Gitlab-Token: s3cr3t-of-Gitlab => 401 rejected: unauthorized
push.json | X-Gitlab-Token: s3cr3t-of-Gitla   => 401 rejected: unauthorized
push.json | X-Gitlab-Token: s3cr3t-of-Gitlab2 => 401 rejected: unauthorized
push.json | X-Gitlab-Token: s3cr3t-of-Gitlab, s3cr3t-of-Gitlab => 401 rejected: unauthorized
push.json | X-Gitlab-Tokens: s3cr3t-of-Gitlab => 401 rejected: unauthorized
--- slack_like
\A#general as GitLab\n.*\n.*\n.*\n*\z
--- slack_wait
1
--- no_error_log
[alert]
[crit]



=== the log tells the cause: no token
--- config
    location = /hook {
        slack_secret one;
        slack_notify acme;
    }
--- hook
push.json => 401 rejected: unauthorized
--- error_log eval
qr/\[error\] .*: \*[0-9]+ slack notify: request refused, neither webhook-signature nor X-Gitlab-Token was sent, give the sender a secret, client: 127.0.0.1, server: localhost, request: "POST \/hook/
--- no_error_log
[alert]
[crit]



=== the log tells the cause: a wrong token
--- config
    location = /hook {
        slack_secret one;
        slack_notify acme;
    }
--- hook
push.json | X-Gitlab-Token: wrong => 401 rejected: unauthorized
--- error_log eval
qr/\[error\] .*: \*[0-9]+ slack notify: request refused, X-Gitlab-Token is wrong, the sender's token must be a slack_secret of the location, client: 127.0.0.1, server: localhost, request: "POST \/hook/
--- no_error_log
[alert]
[crit]



=== the log tells the cause: a token twice
--- config
    location = /hook {
        slack_secret one;
        slack_notify acme;
    }
--- hook
push.json | X-Gitlab-Token: one | X-Gitlab-Token: one => 401 rejected: unauthorized
--- error_log eval
qr/\[error\] .*: \*[0-9]+ slack notify: request refused, X-Gitlab-Token was sent twice, client: 127.0.0.1, server: localhost, request: "POST \/hook/
--- no_error_log
[alert]
[crit]



=== the name of the header in any case
--- config
    location = /hook {
        slack_secret one;
        slack_notify acme;
    }
--- hook
push.json | x-gitlab-token: one
push.json | X-GITLAB-TOKEN: one
push.json | X-GitLab-tOken: one
--- no_error_log
[error]
[alert]



=== any of several
--- config
    location = /hook {
        slack_secret      old;
        slack_secret      new;
        slack_secret_file $TEST_NGINX_TOKEN_FILE;
        slack_notify      acme;
    }
--- hook
push.json | X-Gitlab-Token: old         => 202
push.json | X-Gitlab-Token: new         => 202
push.json | X-Gitlab-Token: from a file => 202
push.json | X-Gitlab-Token: from        => 401
push.json | X-Gitlab-Token: oldnew      => 401
--- no_error_log
[alert]
[crit]



=== the newline at the end of a file does not count
--- config
    location = /hook {
        slack_secret_file $TEST_NGINX_TOKEN_FILE;
        slack_notify      acme;
    }
--- hook
push.json | X-Gitlab-Token: from a file
--- no_error_log
[error]
[alert]



=== secrets are taken as they stand
--- config
    location = /hook {
        slack_secret 'a$b "c"; {d} \e é';
        slack_notify acme;
    }
--- hook
push.json | X-Gitlab-Token: a$b "c"; {d} \e é => 202
push.json | X-Gitlab-Token: a                  => 401
--- no_error_log
[alert]
[crit]



=== inherited, and replaced
--- config
    slack_secret of-server;

    location = /hook {
        slack_notify acme;
    }

    location = /own {
        slack_secret of-location;
        slack_notify acme;

        if ($arg_x) {
            set $x 1;
        }
    }
--- hook
/hook push.json | X-Gitlab-Token: of-server      => 202
/hook push.json | X-Gitlab-Token: of-location    => 401
/own push.json | X-Gitlab-Token: of-location     => 202
/own push.json | X-Gitlab-Token: of-server       => 401
/own?x=1 push.json | X-Gitlab-Token: of-location => 202
/own?x=1 push.json                               => 401
--- no_error_log
[alert]
[crit]



=== no secret: no header is asked for
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
push.json | X-Gitlab-Token: any
--- no_error_log
[error]
[alert]



=== who may not come in learns nothing of the rest
--- config
    location = /hook {
        slack_secret one;
        slack_notify acme;
    }
--- request eval
["POST /hook\n{\"not\": json", "POST /hook", "POST /hook\n" . SlackTest::payload('job.json'), "POST /hook\ntext"]
--- more_headers eval
["", "", "X-Gitlab-Event: Job Hook", "Content-Type: text/plain"]
--- error_code eval
[401, 401, 401, 401]
--- response_body eval
[(qq({"status":"rejected","reason":"unauthorized"}\n)) x 4]
--- response_headers eval
[("Content-Type: application/json") x 4]
--- no_error_log
[alert]
[crit]



=== none of the secret or of the token in the log
--- log_level: info
--- config
    location = /hook {
        slack_secret cornflower;
        slack_notify acme;
    }
--- hook
push.json | X-Gitlab-Token: marigold   => 401
push.json | X-Gitlab-Token: cornflower => 202
--- no_error_log
cornflower
marigold



=== a flood does not fill the log, and none of it is passed over
--- config
    location = /hook {
        slack_secret one;
        slack_notify acme;
    }
--- hook
push.json => 401 rejected: unauthorized
--- after
# one connection: each worker counts for itself
my $line = qr/request refused, neither/;
my $before = log_count($line);
my $socket = SlackClient::connection();
my $sent = 500;

print {$socket} SlackClient::request('/hook', 'x', 'X-Gitlab-Event: Push Hook') x $sent;

my $answers = '';

while ((() = $answers =~ m/rejected/g) < $sent) {
    my $text = SlackClient::read_until($socket, qr/./);
    last if !length $text;
    $answers .= $text;
}

is(scalar(() = $answers =~ m/^HTTP\/1\.1 401 /mg), $sent, 'each is answered');

my $lines = log_count($line) - $before;
cmp_ok($lines, '>', 0, 'the log tells of it');
cmp_ok($lines, '<', $sent, 'not in a line each');

my $more = qr/\[error\] .*: (\d+) more requests refused, too many in a second for a line each, client: /;

my $told = until_true {
    print {$socket} SlackClient::request('/hook', 'x', 'X-Gitlab-Event: Push Hook');
    SlackClient::read_until($socket, qr/rejected.*\n/);
    $sent++;
    my $n = 0;
    $n += $_ for log_text() =~ m/$more/g;
    $n + log_count($line) - $before >= $sent ? $n : 0;
};

cmp_ok($told, '>', 0, 'but how many there were');
is($told + log_count($line) - $before, $sent, 'all of them');
--- no_error_log
[alert]
[crit]



=== what nginx takes for variables elsewhere is plain
--- config
    location = /hook {
        slack_notify acme;
        slack_secret "p$slack_user ${x} \\1";
        slack_secret a#b$;
    }
--- hook
push.json | X-Gitlab-Token: p$slack_user ${x} \1 => 202 queued push
push.json | X-Gitlab-Token: a#b$                 => 202 queued push
push.json | X-Gitlab-Token: p                    => 401 rejected: unauthorized
push.json                                        => 401 rejected: unauthorized
--- no_error_log
[alert]
[crit]



=== files, and their line ends
--- config
    location = /hook {
        slack_notify acme;
        slack_secret_file $TEST_NGINX_TOKEN_FILE;
        slack_secret_file $TEST_NGINX_DOS_FILE;
        slack_secret direct;
    }
--- hook
push.json | X-Gitlab-Token: from a file    => 202 queued push
push.json | X-Gitlab-Token: with CR and LF => 202 queued push
push.json | X-Gitlab-Token: direct         => 202 queued push
push.json | X-Gitlab-Token: from a fil     => 401 rejected: unauthorized
--- no_error_log
readable by others
[alert]
[crit]



=== a file beside nginx.conf by its relative name
--- config
    location = /hook {
        slack_notify acme;
        slack_secret_file ../html/token;
    }
--- user_files
>>> token
relative
--- hook
push.json | X-Gitlab-Token: relative => 202 queued push
push.json                            => 401 rejected: unauthorized
--- no_error_log
[alert]
[crit]
