use strict;
use warnings;

use lib 't/util';

use File::Temp qw(tempdir);
use Test::Nginx::Socket;
use SlackTest;

# directories of somebody else, the outbox may have the second
my %dirs = (OTHERS => 'README', SHARED => 'outbox.db-wal');

for my $name (keys %dirs) {
    my $dir = $ENV{"TEST_NGINX_$name"} = tempdir(CLEANUP => 1);

    write_file("$dir/$dirs{$name}");
    chmod 0755, $dir;
    chown 54321, 54321, $dir;
}

plan 'no_plan';
run_tests();


sub write_file {
    my ($name) = @_;

    open my $fh, '>', $name or die "cannot write $name: $!\n";
    close $fh or die "cannot write $name: $!\n";

    return;
}


__DATA__

=== TEST 1: all parameters
--- outbox
max=10 keep_sent=30m keep_failed=1w dedup=2h sync=normal
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== TEST 2: sync=full
--- outbox
sync=full
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab$



=== TEST 3: a relative path, its directory is made
--- http_config
slack_outbox sqlite:outbox_temp/relative.db;
--- config
    location = /hook {
        slack_notify acme;
    }
    location = /file {
        alias $TEST_NGINX_SERVER_ROOT/outbox_temp/relative.db;
    }
--- request eval
["POST /hook\n" . SlackTest::payload("push.json"), "GET /file"]
--- more_headers
Content-Type: application/json
X-Gitlab-Event: Push Hook
--- error_code eval
[202, 200]
--- response_body_like eval
[qr/queued/, qr/^SQLite format 3/]



=== TEST 4: no slack_outbox: a directory beside that of client bodies
--- outbox
default
--- http_config
    client_body_temp_path $TEST_NGINX_SERVER_ROOT/html/bodies;
--- config
    location = /hook {
        slack_notify acme;
    }
    location = /file {
        alias $TEST_NGINX_SERVER_ROOT/html/slack/outbox.db;
    }
--- request eval
["POST /hook\n" . SlackTest::payload("push.json"), "GET /file"]
--- more_headers
Content-Type: application/json
X-Gitlab-Event: Push Hook
--- error_code eval
[202, 200]
--- response_body_like eval
[qr/queued/, qr/^SQLite format 3/]
--- no_error_log
[error]
[alert]
[crit]



=== TEST 5: max: all messages of an event or none
--- outbox
max=1
--- config
    location = /hook {
        slack_notify acme dev,builds;
    }
--- hook
push.json
--- answers
503 {"status":"error","reason":"outbox is full","event":"push"}



=== TEST 6: twice
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db;
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db;
--- refused
"slack_outbox" directive is duplicate



=== TEST 7: without arguments
--- http_config
slack_outbox;
--- refused
invalid number of arguments in "slack_outbox" directive



=== TEST 8: an engine nobody knows
--- http_config
slack_outbox mysql:/var/lib/outbox;
--- refused
outbox "mysql:/var/lib/outbox": no such engine; there is sqlite, write "sqlite:PATH"



=== TEST 9: no engine
--- http_config
slack_outbox /var/lib/outbox.db;
--- refused
outbox "/var/lib/outbox.db": no such engine; there is sqlite, write "sqlite:PATH"



=== TEST 10: no path
--- http_config
slack_outbox sqlite:;
--- refused
outbox "sqlite:" has no path



=== TEST 11: a directory
--- http_config
slack_outbox sqlite:/tmp/;
--- refused
outbox "sqlite:/tmp/" names a directory, not a file in it



=== TEST 12: a directory without a slash
--- http_config
slack_outbox sqlite:/usr/share;
--- refused
outbox "sqlite:/usr/share" names a directory, not a file in it



=== TEST 13: a directory all may write to
--- http_config
slack_outbox sqlite:/tmp/outbox.db;
--- refused
the outbox needs a directory of its own, others may write to "/tmp"; name another or use "chmod 700"



=== TEST 14: a file as directory
--- http_config
slack_outbox sqlite:/dev/null/outbox.db;
--- refused
"/dev/null" of the outbox is not a directory



=== TEST 15: a directory that has nowhere to be made
--- http_config
slack_outbox sqlite:/nowhere/slack/outbox.db;
--- refused
there is no "/nowhere" to make the directory of the outbox in, make it or name another



=== TEST 16: a directory with files of others
--- skip_eval: 2: $> != 0
--- http_config
slack_outbox sqlite:$TEST_NGINX_OTHERS/outbox.db;
--- refused
the outbox needs a directory of its own, "$TEST_NGINX_OTHERS" has "README" in it



=== TEST 17: files of the database are no others
--- skip_eval: 1: $> != 0
--- http_config
slack_outbox sqlite:$TEST_NGINX_SHARED/outbox.db;
--- config
    location = /hook {
        slack_notify acme;
    }
--- request: GET /



=== TEST 18: a wrong parameter, max=0
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db max=0;
--- refused
invalid parameter "max=0", see "slack_outbox" in the README



=== TEST 19: a wrong parameter, max=-1
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db max=-1;
--- refused
invalid parameter "max=-1", see "slack_outbox" in the README



=== TEST 20: a wrong parameter, max=many
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db max=many;
--- refused
invalid parameter "max=many", see "slack_outbox" in the README



=== TEST 21: a wrong parameter, max=
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db max=;
--- refused
invalid parameter "max=", see "slack_outbox" in the README



=== TEST 22: a wrong parameter, keep_sent=soon
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db keep_sent=soon;
--- refused
invalid parameter "keep_sent=soon", see "slack_outbox" in the README



=== TEST 23: a wrong parameter, keep_failed=7x
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db keep_failed=7x;
--- refused
invalid parameter "keep_failed=7x", see "slack_outbox" in the README



=== TEST 24: a wrong parameter, dedup=
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db dedup=;
--- refused
invalid parameter "dedup=", see "slack_outbox" in the README



=== TEST 25: a wrong parameter, sync=maybe
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db sync=maybe;
--- refused
invalid parameter "sync=maybe", see "slack_outbox" in the README



=== TEST 26: a wrong parameter, sync
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db sync;
--- refused
invalid parameter "sync", see "slack_outbox" in the README



=== TEST 27: a wrong parameter, what=1
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db what=1;
--- refused
invalid parameter "what=1", the engine "sqlite" does not take it, see "slack_outbox" in the README



=== TEST 28: a wrong parameter, max
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db max;
--- refused
invalid parameter "max", see "slack_outbox" in the README



=== TEST 29: in a server
--- config
slack_outbox sqlite:/var/lib/a.db;
--- refused
"slack_outbox" directive is not allowed here



=== TEST 30: slack_thread_pool twice
--- http_config
slack_thread_pool slack;
slack_thread_pool slack;
--- refused
"slack_thread_pool" directive is duplicate



=== TEST 31: slack_thread_pool without arguments
--- http_config
slack_thread_pool;
--- refused
invalid number of arguments in "slack_thread_pool" directive



=== TEST 32: slack_thread_pool of a pool nobody declared
--- http_config
slack_thread_pool nowhere;
--- refused
unknown thread pool "nowhere"



=== TEST 33: slack_thread_pool in a server
--- config
slack_thread_pool default;
--- refused
"slack_thread_pool" directive is not allowed here



=== TEST 34: a pool of one thread
--- main_config
thread_pool few threads=1;
--- http_config
slack_thread_pool few;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== TEST 35: a pool of one thread, declared after its use
--- http_config
slack_thread_pool few;
--- post_main_config
thread_pool few threads=1;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== TEST 36: the pool "default" of one thread
--- main_config
thread_pool default threads=1;
--- http_config
slack_thread_pool default;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== TEST 37: two threads do
--- main_config
thread_pool two threads=2;
--- http_config
slack_thread_pool two;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== TEST 38: the pool "default" need not be declared
--- http_config
slack_thread_pool default;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== TEST 39: more than there may be, max=100000001
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db max=100000001;
--- refused
"max=100000001" is too great, it may be at most 100000000



=== TEST 40: more than there may be, max=9223372036854775807
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db max=9223372036854775807;
--- refused
"max=9223372036854775807" is too great, it may be at most 100000000



=== TEST 41: more than there may be, max=99999999999999999999
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db max=99999999999999999999;
--- refused
"max=99999999999999999999" is too great, it may be at most 100000000



=== TEST 42: more than there may be, keep_sent=3651d
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db keep_sent=3651d;
--- refused
"keep_sent=3651d" is too long, it may be at most 10 years, "3650d"



=== TEST 43: more than there may be, keep_failed=99999999999999999s
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db keep_failed=99999999999999999s;
--- refused
"keep_failed=99999999999999999s" is too long, it may be at most 10 years, "3650d"



=== TEST 44: more than there may be, keep_failed=9223372036854775807
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db keep_failed=9223372036854775807;
--- refused
"keep_failed=9223372036854775807" is too long, it may be at most 10 years, "3650d"



=== TEST 45: more than there may be, keep_failed=99999999999999999999999999y
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db keep_failed=99999999999999999999999999y;
--- refused
"keep_failed=99999999999999999999999999y" is too long, it may be at most 10 years, "3650d"



=== TEST 46: more than there may be, dedup=10y1s
--- http_config
slack_outbox sqlite:$TEST_NGINX_SERVER_ROOT/outbox_temp/a.db dedup=10y1s;
--- refused
"dedup=10y1s" is too long, it may be at most 10 years, "3650d"



=== TEST 47: as much as there may be
--- outbox
max=100000000 keep_sent=10y keep_failed=3650d dedup=315360000s
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== TEST 48: an engine that there will never be
--- http_config
slack_outbox redis:127.0.0.1;
--- refused
outbox "redis:127.0.0.1": no such engine; there is sqlite, write "sqlite:PATH"
