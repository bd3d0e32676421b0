# A reload or a restart under way: requests that came before, messages that
# wait, and a configuration that names other workspaces, secrets or nothing
# that can be read.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackClient;
use SlackProof qw(stored_messages log_count log_lines notify received reload requests rewrite_conf until_true);

# nginx has no reload without a master
master_on();

no_long_string();
plan 'no_plan';
run_tests();


sub hup {
    my %old = map { $_ => 1 } SlackClient::processes();

    kill 'HUP', SlackClient::master();

    until_true { grep { !$old{$_} } SlackClient::processes() } or die "no reload\n";

    return;
}

__DATA__

=== half a body before, the rest after the reload
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request
GET /_slack/_requests
--- after
my $body   = SlackTest::payload('push.json');
my $socket = SlackClient::connection();

print {$socket} SlackClient::request('/hook', '', 'Content-Length: ' . length $body, 'Connection: close'), substr $body, 0, 1000;
$socket->flush;
Time::HiRes::sleep(0.2);

hup();

notify('tag_push.json');
print {$socket} substr $body, 1000;
$socket->flush;
local $/ = undef;
like(scalar readline $socket, qr{\AHTTP/1\.1 202 }, 'the old worker answers');

until_true { received() == 2 };
is(scalar received(), 2, 'both are delivered');
--- no_error_log
[alert]
[crit]



=== worker_shutdown_timeout ends a sender that stalls; nothing is stored
--- main_config
    worker_shutdown_timeout 300ms;
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- request
GET /_slack/_requests
--- after
my $socket = SlackClient::connection();

print {$socket} SlackClient::request('/hook', '', 'Content-Length: 5000', 'Connection: close'), '{"object_kind":"push"';
$socket->flush;
Time::HiRes::sleep(0.2);

reload();

local $/ = undef;
is(scalar readline $socket // '', '', 'no answer');
is(scalar stored_messages(0), 0, 'nothing in the outbox');
notify('push.json');
until_true { received() == 1 };
is(scalar received(), 1, 'the new generation serves');
--- no_error_log
[alert]
[crit]



=== what waits is delivered by the next generation, in order
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        coalesce 1;
--- faults
["429:slow down;Retry-After: 1"]
--- hook
wiki_create.json
wiki_update.json
wiki_delete.json
--- after
reload();
reload();

until_true { received() == 3 };
like(join(' ', map { $_->{payload}{attachments}[0]{fallback} } received()), qr/created.*edited.*deleted/s, 'all, in order');
is((grep { $_->{early} && $_->{early} > 0 } requests()), 0, 'none before Retry-After is over');
--- no_error_log
[alert]
[crit]
dead letter



=== a workspace that was renamed: its messages wait until it is back
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- faults
["429:slow down;Retry-After: 3"]
--- hook
wiki_create.json
--- after
until_true { log_count(qr/too fast for Slack/) };

rewrite_conf(sub { s/\bacme\b/other/g });
reload();
until_true { log_count(qr/"acme" is not in the configuration/) };
is(scalar log_lines(qr/\[warn\].*slack_workspace "acme" is not in the configuration, or has no endpoint for channel "#dev": messages for it wait/), 1, 'one line');

notify('tag_push.json');
until_true { received() == 1 };

rewrite_conf(sub { s/\bother\b/acme/g });
reload();
until_true { received() == 2 };
like(join(' ', map { $_->{payload}{attachments}[0]{fallback} } received()), qr/tag.*created/s, 'both came');
--- no_error_log
[alert]
[crit]
dead letter



=== a changed file of secrets counts after the reload
--- config
    location = /hook {
        slack_secret_file $TEST_NGINX_SERVER_ROOT/html/token;
        slack_notify acme dev;
    }
--- user_files
>>> token
the old one
--- request
GET /_slack/_requests
--- after
my $path = "$ENV{TEST_NGINX_SERVER_ROOT}/html/token";
my $body = SlackTest::payload('push.json');
my $code = sub { (SlackClient::talk(SlackClient::request('/hook', $body, "X-Gitlab-Token: $_[0]", 'Connection: close')) =~ m{\AHTTP/1\.1 (\d+)})[0] };

is($code->('the old one'), 202, 'the first');

open my $fh, '>', $path or die;
print {$fh} "the new one\n";
close $fh;

is($code->('the new one'), 401, 'not before the reload');
reload();
is($code->('the old one'), 401, 'the first is refused');
is($code->('the new one'), 202, 'the second is taken');
--- no_error_log
[alert]
[crit]



=== a wrong configuration leaves everything as it is
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace
        coalesce 1;
--- faults
["429:slow down;Retry-After: 1"]
--- hook
wiki_create.json
--- after
rewrite_conf(sub { s/slack_notify acme dev/slack_notify nobody dev/ });

kill 'HUP', SlackClient::master();
until_true { log_count(qr/\[emerg\]/) };
like((log_lines(qr/\[emerg\]/))[0], qr/unknown slack_workspace "nobody" in .*nginx\.conf:\d+|"nobody".* in .*nginx\.conf:\d+/, 'it is told');

notify('tag_push.json');
until_true { received() == 2 };
is(scalar received(), 2, 'and all goes on');
--- no_error_log
[alert]
[crit]
