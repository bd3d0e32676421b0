# The bundled harness tested on itself: the life of nginx.
# Each case is a test file of its own, run in a process of its own by the
# bundled harness; what counts is what it reports.  How a case is written is
# told in Test::Nginx::Socket::SelfTest.

use strict;
use warnings;

use Cwd ();
use File::Basename ();
use File::Temp qw(tempdir);
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

use lib Cwd::abs_path(File::Basename::dirname(__FILE__) . '/lib');
use Test::Nginx::Socket::SelfTest qw(
    counts finish_test read_file run_cases start_test write_file write_test
);

run_cases(\*DATA);
run_side_by_side();
run_as_nobody();
run_interrupted();
refuses_foreign_files();
done_testing();


# Two files at the same time, each with a port and a directory of its own.
sub run_side_by_side {
    my $dir = tempdir(CLEANUP => 1);
    my @paths = map {
        write_test($dir, $_, repeat => 3, blocks => <<'_END_')
=== TEST 1
--- request
GET /a
--- response_body
hello

=== TEST 2
--- request
GET /b
--- error_code: 201
_END_
    } qw(left right);

    my @pids = map { start_test($_) } @paths;

    for my $i (0, 1) {
        my $result = finish_test($paths[$i], $pids[$i]);

        is(counts($result), 'ok 9', "file $i of two side by side")
            or diag($result->{text});
    }

    is(join(' ', glob "$dir/t/servroot_*"), '',
       'files which pass leave no directory behind');
    return;
}


sub run_as_nobody {
    SKIP: {
        my ($uid, $gid) = (getpwnam 'nobody')[2, 3];

        skip('only root can become an ordinary user', 1) if $> != 0;
        skip('there is no user nobody', 1) unless defined $uid;

        my $dir = tempdir(CLEANUP => 1);
        my $path = write_test($dir, 'user', blocks => <<'_END_');
=== TEST 1
--- request
GET /a
_END_

        chown $uid, $gid, $dir;

        my $pid = fork;
        die "fork: $!" unless defined $pid;

        if ($pid == 0) {
            $) = "$gid $gid";
            POSIX::setgid($gid);
            POSIX::setuid($uid);
            POSIX::_exit(77) unless -r $INC{'Test/Nginx/Socket/SelfTest.pm'};

            waitpid start_test($path), 0;
            POSIX::_exit($? ? 1 : 0);
        }

        waitpid $pid, 0;
        my $status = $? >> 8;

        skip('the user nobody cannot read the harness', 1) if $status == 77;
        is($status, 0, 'an ordinary user can run a file')
            or diag(read_file("$path.out"));
    }

    return;
}


# A file which is told to stop takes its nginx along.
sub run_interrupted {
    my $dir = tempdir(CLEANUP => 1);
    my $path = write_test($dir, 'stopped', blocks => <<'_END_');
=== TEST 1
--- request
GET /a
--- wait: 600
_END_

    my $pid = start_test($path);
    my $until = time + 60;
    my $nginx;

    while (!$nginx && time < $until) {
        sleep 0.02;
        my ($file) = glob "$dir/t/servroot_*/logs/nginx.pid";
        ($nginx) = read_file($file) =~ /(\d+)/ if defined $file;
    }

    kill 'TERM', $pid;
    waitpid $pid, 0;

    is($? & 127, POSIX::SIGTERM(), 'a file ends by the signal it is sent');
    ok($nginx && !kill(0, $nginx), 'and nginx ends with it');
    return;
}


# Somebody's own files in the server root are not to be removed.
sub refuses_foreign_files {
    my $dir = tempdir(CLEANUP => 1);
    my $path = write_test($dir, 'case', blocks => <<'_END_');
=== TEST 1
--- request
GET /a
_END_

    mkdir "$dir/root" or die "$dir/root: $!";
    write_file("$dir/root/precious", 'data');

    my $result = finish_test($path, start_test($path,
        TEST_NGINX_RANDOMIZE => '', TEST_NGINX_SERVROOT => "$dir/root"));

    like($result->{text}, qr/Bail out!.*has "precious" in it/,
         'a server root with files of others is refused');
    is(read_file("$dir/root/precious"), 'data', 'and left as it is');
    return;
}


__DATA__

CASE must_die
repeat: 2
expect: ok 6, not_ok 6
output: nginx has started

=== TEST 1: any exit code, and the log
--- config
wrong;
--- must_die
--- error_log
unknown directive "wrong"
--- suppress_stderr

=== TEST 2: the right exit code
--- config
wrong;
--- must_die: 1

=== TEST 3: another one
--- config
wrong;
--- must_die: 7

=== TEST 4: a configuration without a fault
--- must_die
--- no_error_log
using the "epoll" event method


CASE places, files and code
head: $ENV{TEST_NGINX_OWN} = 'mine';
head: env_to_nginx('OWN=1');
head: my @cleaned;
head: add_test_cleanup_handler(sub { push @cleaned, $_[0]->name });
head: add_cleanup_handler(sub { print "# cleaned @cleaned\n" });
head: add_response_body_check(sub {
head:     my ($block, $body, $index, $repeat, $dry_run) = @_;
head:     is_str($body, qr/./, 'body check');
head: });
expect: ok 20
output: # cleaned TEST 1: variables, TEST 2

=== TEST 1: variables,
--- main_config
worker_rlimit_nofile 1000;
--- http_config
map $uri $own { default $TEST_NGINX_OWN; }
--- config
set $ports "$TEST_NGINX_RAND_PORT_2 $TEST_NGINX_RAND_PORT_2";
location /t { return 200 "$own $server_name $ports\n"; }
--- post_main_config
timer_resolution 100ms;
--- server_name: example.com
--- request
GET /t
--- response_body_like: ^mine example\.com (\d+) \1$

=== TEST 2
--- config
location /t { return 200 "$server_port\n"; }
--- request
GET /t
--- response_body
$ServerPort

=== TEST 3
--- config
location /t { return 200 "$server_port\n"; }
--- request
GET /t
--- response_body
$TEST_NGINX_SERVER_PORT

=== TEST 4
--- user_files
>>> a/b.txt 200001020304.05
here $TEST_NGINX_OWN
>>> c.txt
c

d
--- request eval
["GET /a/b.txt", "GET /c.txt"]
--- response_body eval
["here mine\n", "c\n\nd\n"]
--- response_headers_like eval
["Last-Modified: .* Jan 2000 .*", "Content-Length: 5"]

=== TEST 5
--- post_setup_server_root
open my $file, '>', "$ENV{TEST_NGINX_SERVER_ROOT}/conf/own.conf" or die;
print $file "location /t { return 200 own; }";
--- config
include own.conf;
--- request
GET /t
--- response_body: own


CASE a block without config takes the one before
head: shift @{ $Test::Nginx::Socket::Options::Opt{preprocessors} };
expect: ok 8

=== TEST 1
--- config
location /t { return 200 "$own\n"; }
--- http_config
map $uri $own { default one; }
--- request
GET /t
--- response_body
one

=== TEST 2
--- request
GET /t
--- response_body
one

=== TEST 3: and its own nginx
--- request
GET /t
--- response_body
one
--- no_error_log
[alert]
*3


CASE with a master and workers
head: master_on(); workers(2);
expect: ok 3

=== TEST 1
--- request
GET /a
--- no_error_log
[emerg]
--- grep_error_log eval
qr/start worker process(?= )/
--- grep_error_log_out
start worker process
start worker process


CASE reloading
env: USE_HUP=1
repeat: 2
expect: ok 18, skip 1

=== TEST 1
--- request
GET /a
--- shutdown_error_log
exit

=== TEST 2: has only its own logs
--- config
location = /again { return 200 "again\n"; }
--- request
GET /again
--- response_body
again
--- no_error_log
GET /a HTTP

=== TEST 3: goes on with the old configuration
--- config
wrong;
--- reload_fails
--- request
GET /again
--- response_body
again
--- wait: 0.2

=== TEST 4: must_die is run by an nginx of its own
--- config
wrong;
--- must_die
--- error_log
unknown directive

=== TEST 5: and after it
--- request
GET /a


CASE reloading a configuration with a fault
env: USE_HUP=1
fails: 1
expect: ok 1
output: "wrong".*Bail out!.*TEST 2 - nginx does not reload its configuration

=== TEST 1
--- request
GET /a

=== TEST 2
--- config
wrong;
--- request
GET /a


CASE the log of a block is its own
expect: ok 3

=== TEST 1
--- request
GET /b
--- error_code: 201

=== TEST 2
--- request
GET /a
--- no_error_log
GET /b


CASE nginx killed by a signal
head: add_test_cleanup_handler(sub {
head:     open my $file, '<', server_root() . '/logs/nginx.pid' or die;
head:     kill 'SEGV', <$file>;
head: });
expect: ok 1, not_ok 1
output: not ok 2 - \S+ TEST 1 - nginx ends well, but it was killed by SIGSEGV

=== TEST 1
--- request
GET /a


CASE a worker killed by a signal
head: master_on();
head: sub crash {
head:     my $logs = server_root() . '/logs';
head:     my $pid = `cat $logs/nginx.pid` + 0;
head:     kill 'SEGV', split ' ', `cat /proc/$pid/task/$pid/children`;
head:     select undef, undef, undef, 0.05
head:         while `grep -c 'exited on signal' $logs/error.log` == 0;
head: }
expect: ok 4, not_ok 1
output: not ok 2 - \S+ TEST 1 - no process of nginx crashes: .* signal 11

=== TEST 1
--- init
main::crash();
--- request
GET /a

=== TEST 2: is no failure when it is expected
--- init
main::crash();
--- request
GET /a
--- error_log
exited on signal 11
start worker process


CASE nginx exits with a code
env: BINARY=BIN/EXITING
expect: ok 1, not_ok 1
output: nginx ends well, but it exited with code 3

=== TEST 1
--- request
GET /a


CASE nginx does not exit
env: BINARY=BIN/STUBBORN
expect: ok 1, not_ok 1
output: nginx exits within 5 s of being told to

=== TEST 1
--- request
GET /a


CASE reports of valgrind and sanitizers
env: BINARY=BIN/REPORTING
expect: ok 2, not_ok 1
output: neither valgrind nor a sanitizer reports
output: TEST 1.*Invalid read.*TEST 2.*Invalid read

=== TEST 1
--- request
GET /a

=== TEST 2
--- request
GET /a


CASE valgrind
env: USE_VALGRIND=1
expect: ok 1
output: valgrind options: -q --tool=memcheck --leak-check=full
output: --suppressions=\S+/util/valgrind[.]supp

=== TEST 1
--- request
GET /a


CASE valgrind with options
env: USE_VALGRIND=-v --fair-sched=yes
expect: ok 1
output: valgrind options: -q -v --fair-sched=yes --suppressions

=== TEST 1
--- request
GET /a


CASE a library for nginx alone
env: LD_PRELOAD=libm.so.6
env: BINARY=BIN/PRELOADED
head: print "# ours: ", $ENV{LD_PRELOAD} // 'none', "\n";
expect: ok 1
output: # ours: none
output: preload is libm\.so\.6

=== TEST 1
--- request
GET /a


CASE directives which this nginx does not have
env: IGNORE_MISSING_DIRECTIVES=1
repeat: 2
expect: ok 2, skip 8

=== TEST 1
--- config
wrong;
--- request
GET /a
--- response_body: no
--- error_log
no
neither

=== TEST 2
--- request
GET /a


CASE modes which are not supported
env: CHECK_LEAK=1
fails: 1
expect: nothing
output: Bail out!.*TEST_NGINX_CHECK_LEAK is not supported

=== TEST 1
--- request
GET /a


CASE variables which are not set
expect: nothing
fails: 1
output: Bail out!.*no environment variable TEST_NGINX_NOT_SET

=== TEST 1
--- config
location / { return 200 $TEST_NGINX_NOT_SET; }
--- request
GET /a


CASE a configuration with a fault
expect: nothing
fails: 1
output: Bail out!.*cannot start nginx, it exited with code 1
output: unknown directive "wrong"

=== TEST 1
--- config
wrong;
--- request
GET /a


CASE reports of sanitizers in the error log, where nginx points its stderr
head: sub report {
head:     open my $file, '>>', server_root() . '/logs/error.log' or die;
head:     print {$file} "==1==ERROR: LeakSanitizer: leaks\n  in a.c\n";
head: }
expect: ok 2, not_ok 1
output: nor a sanitizer reports anything.*TEST 1:.*LeakSanitizer: leaks.*a\.c

=== TEST 1
--- init
main::report();
--- request
GET /a

=== TEST 2
--- request
GET /a
