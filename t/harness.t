# The bundled harness tested on itself: what counts as a test.
# Each case is a test file of its own, run in a process of its own by the
# bundled harness; what counts is what it reports.  How a case is written is
# told in Test::Nginx::Socket::SelfTest.

use strict;
use warnings;

use Cwd ();
use File::Basename ();
use Test::More;

use lib Cwd::abs_path(File::Basename::dirname(__FILE__) . '/lib');
use Test::Nginx::Socket::SelfTest qw(run_cases);

run_cases(\*DATA);
done_testing();


__DATA__

CASE status
repeat: 2
expect: ok 4, not_ok 2
output: got: '200'\s+#\s+expected: '404'

=== TEST 1: the default
--- request
GET /a

=== TEST 2: a pattern
--- request
GET /a
--- error_code_like: ^2\d\d$

=== TEST 3: another
--- request
GET /a
--- error_code: 404


CASE response_body
repeat: 2
expect: ok 6, not_ok 2
output: got: "hello

=== TEST 1: as it is
--- request
GET /a
--- response_body
hello

=== TEST 2: another
--- request
GET /a
--- response_body
hell


CASE response_body_like and _unlike
expect: ok 6, not_ok 2

=== TEST 1: like
--- request
GET /a
--- response_body_like: ^h.*o

=== TEST 2: not like
--- request
GET /a
--- response_body_like: ^x

=== TEST 3: unlike
--- request
GET /a
--- response_body_unlike: x

=== TEST 4: not unlike
--- request
GET /a
--- response_body_unlike: h


CASE only the first of several body sections counts
expect: ok 2

=== TEST 1
--- request
GET /a
--- response_body_like: no
--- response_body
hello


CASE body filters
expect: ok 6

=== TEST 1: by name
--- request
GET /a
--- response_body_filters
md5_hex length
--- response_body: 32

=== TEST 2: code
--- request
GET /a
--- response_body_filters eval
[sub { uc $_[0] }]
--- response_body
HELLO

=== TEST 3: JSON with sorted keys
--- config
location /a { return 200 '{"b":[2,{"d":1,"c":null}],"a":1}'; }
--- request
GET /a
--- response_body_json_sort
--- response_body
{"a":1,"b":[2,{"c":null,"d":1}]}


CASE response_headers
expect: ok 5, not_ok 3

=== TEST 1: all there
--- request
GET /b
--- error_code: 201
--- response_headers
X-A: one, two
Content-Length: 4
! X-B

=== TEST 2: none there
--- request
GET /b
--- error_code: 201
--- response_headers
X-A: one
X-C: is there
! Content-Length


CASE response_headers_like is anchored
expect: ok 3, not_ok 1

=== TEST 1
--- request
GET /a
--- response_headers_like
Content-Length: \d

=== TEST 2
--- request
GET /a
--- response_headers_like
Content-Type: text


CASE raw_response_headers
expect: ok 4, not_ok 2

=== TEST 1
--- request
GET /a
--- raw_response_headers_like: Length: 6\r\n
--- raw_response_headers_unlike: X-A

=== TEST 2
--- request
GET /a
--- raw_response_headers_like: Length: 7\r\n
--- raw_response_headers_unlike: Length


CASE error_log, each pattern of each request
repeat: 2
expect: ok 14, not_ok 4
output: new lines of error\.log

=== TEST 1: text and regular expressions
--- request eval
["GET /a", "GET /a"]
--- response_body eval
["hello\n", "hello\n"]
--- error_log eval
["GET /a HTTP/1.1"]

=== TEST 2: substrings in lines
--- request
GET /a
--- error_log
no such line
neither .* this


CASE no_error_log, one failure for each line
head: sub add {
head:     open my $file, '>>', server_root() . '/logs/error.log' or die;
head:     print {$file} "out of oil\n" x 3;
head: }
expect: ok 4, not_ok 3

=== TEST 1: nothing found
--- request
GET /a
--- no_error_log eval
["[alert]", qr/\[(?:emerg|crit)\]/]

=== TEST 2: three lines
--- request
GET /a
--- init
main::add();
--- no_error_log
out of oil


CASE a repetition sees only what is new in the error log
repeat: 2
expect: ok 3, not_ok 1

=== TEST 1
--- request
GET /a
--- error_log
using the "epoll" event method


CASE unless it looks at all of it
head: check_accum_error_log();
repeat: 2
expect: ok 4

=== TEST 1
--- request
GET /a
--- error_log
using the "epoll" event method


CASE access_log and no_access_log, in the whole file
repeat: 2
expect: ok 8, not_ok 3

=== TEST 1
--- request
GET /a
--- access_log
GET /a
" 200
--- no_access_log eval
["GET /b", qr/GET .a/]


CASE grep_error_log
repeat: 2
expect: ok 7, not_ok 1

=== TEST 1: the part which matches
--- request
GET /a
--- grep_error_log eval
qr/request line: "\S+/
--- grep_error_log_out
request line: "GET

=== TEST 2: text, another result by repetition
--- request
GET /a
--- grep_error_log chop
request line:
--- grep_error_log_out eval
["request line:\n", "nothing\n"]


CASE shutdown_error_log, once for a block
repeat: 2
expect: ok 6, not_ok 3

=== TEST 1
--- request
GET /a
--- shutdown_error_log
exit
GET /a
--- no_shutdown_error_log eval
["[alert]", qr/\] \d+#\d+: exit$/]

=== TEST 2: at the end of the file
--- request
GET /a
--- no_shutdown_error_log
exit


CASE skipping and to do
repeat: 2
expect: ok 2, skip 14, todo 6
output: skip \S+ TEST 1 - old

=== TEST 1
--- skip_nginx: 3: > 0.1.0: old
--- request
GET /a

=== TEST 2
--- skip_nginx2: 2: > 0.1.0 and < 99.0
--- request
GET /a

=== TEST 3
--- skip_eval: 2: 1 + 1 == 2
--- request
GET /a

=== TEST 4
--- todo: 2: later
--- request
GET /a

=== TEST 5
--- todo_nginx: >= 1.0: later
--- request
GET /a

=== TEST 6: none of them holds
--- skip_nginx: 2: < 0.1.0
--- skip_nginx2: 2: < 0.1.0 or > 99.0
--- skip_eval: 2: 0
--- request
GET /a

=== TEST 7: no test at all
--- SKIP
--- request
GET /a


CASE unknown sections
fails: 1
expect: nothing
output: Bail out!.*TEST 1 - unknown section "reponse_body"

=== TEST 1
--- request
GET /a
--- reponse_body: x


CASE sections of the file's own
head: BEGIN { push @Test::Nginx::Socket::ExtraSections, 'path' }
head: add_block_preprocessor(sub {
head:     my ($block) = @_;
head:     $block->set_value(request => 'GET ' . $block->path);
head: });
expect: ok 1

=== TEST 1
--- path: /a


CASE sections which are not supported
fails: 1
expect: nothing
output: Bail out!.*section "http2" is not supported by the bundled harness

=== TEST 1
--- request
GET /a
--- http2


CASE sections given twice
fails: 1
expect: nothing
output: Bail out!.*section "error_log" is given twice

=== TEST 1
--- request
GET /a
--- error_log: a
--- error_log: b


CASE grep_error_log needs what it is compared with
expect: ok 1
fails: 1
output: Bail out!.*grep_error_log and grep_error_log_out need each other

=== TEST 1
--- request
GET /a
--- grep_error_log: x
