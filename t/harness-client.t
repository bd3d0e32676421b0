# The bundled harness tested on itself: requests, answers, mock peers.
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

CASE several requests, packets, headers for each
repeat: 2
expect: ok 18

=== TEST 1
--- config
location ~ . { return 200 "$request_method $http_x_a\n"; }
--- request eval
["GET /1", ["GE", "T /2"],
 [{value => "POST /3\n"}, {value => "x", delay_before => 0.1}]]
--- more_headers eval
["X-A: 1", "X-A: 2", "# none\n"]
--- response_body eval
["GET 1\n", "GET 2\n", "POST \n"]
--- response_headers eval
["Content-Length: 6", "Content-Length: 6", "Content-Length: 6"]


CASE pipelined requests
expect: ok 6

=== TEST 1
--- pipelined_requests eval
["GET /a", "HEAD /a", "GET /b"]
--- error_code eval
[200, 200, 201]
--- response_body eval
["hello\n", "", "bye\n"]


CASE raw requests
expect: ok 6

=== TEST 1: packets
--- raw_request eval
["GET /a HTTP/1.1\r\nHost: x\r\nConn", "ection: close\r\n\r\n"]
--- raw_request_middle_delay: 0.05
--- response_body
hello

=== TEST 2: HTTP/0.9
--- raw_request eval
"GET /a\r\n"
--- http09
--- response_body
hello

=== TEST 3: half closed
--- request
GET /a HTTP/1.0
--- shutdown
--- response_body
hello


CASE bodies: trimmed, chunked, as long as they say
expect: ok 12

=== TEST 1: trimmed
--- tcp_listen: $TEST_NGINX_RAND_PORT_1
--- tcp_query_len: 73
--- tcp_query eval
qr/Content-Length: 3\r\n\r\na b\z/
--- tcp_reply eval
"HTTP/1.0 200 OK\r\n\r\nok\n"
--- more_headers
Host: x
--- request eval
"POST /peer

  a b

"

=== TEST 2: chunked
--- tcp_listen: $TEST_NGINX_RAND_PORT_1
--- tcp_query_auto_timeout: 0.2
--- tcp_query eval
qr/Content-Length: 5\r\n\r\nhello\z/
--- tcp_reply eval
"HTTP/1.0 200 OK\r\n\r\nok\n"
--- more_headers
Transfer-Encoding: chunked
--- request eval
"POST /peer
3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"

=== TEST 3: with a length of its own
--- tcp_listen: $TEST_NGINX_RAND_PORT_1
--- tcp_query_auto_timeout: 0.2
--- tcp_query eval
qr/Content-Length: 4\r\n\r\nabc\n\z/
--- tcp_reply eval
"HTTP/1.0 200 OK\r\n\r\nok\n"
--- more_headers
Content-Length: 4
--- request
POST /peer
abc

=== TEST 4: comments before the request, a comment in the headers
--- config
location = / {
    return 200 "$request_method $http_x_a $host $http_connection\n";
}
--- more_headers
# none
X-A: 1
host: example.com
--- request

# nothing

   # but this
   DELETE /
--- response_body
DELETE 1 example.com close

=== TEST 5: default address
--- config
location = /x { return 404; }
--- request
GET
--- response_body_like: It works

=== TEST 6: Expect: 100-continue is answered before the answer
--- tcp_listen: $TEST_NGINX_RAND_PORT_1
--- tcp_reply eval
"HTTP/1.0 200 OK\r\n\r\nok\n"
--- more_headers
Expect: 100-continue
--- request
POST /peer
abc


CASE 25 MB up and down
expect: ok 7

=== TEST 1
--- config
location /up { proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/sink; }
location /sink { return 200 "$content_length\n"; }
--- log_level: error
--- request eval
"POST /up\n" . "x" x 25_000_000
--- response_body
25000000
--- timeout: 60

=== TEST 2
--- log_level: error
--- user_files eval
[["big" => "y" x 25_000_000]]
--- request
GET /big
--- timeout: 60
--- response_body_filters eval
sub { length($_[0]) . " " . ($_[0] =~ tr/y//) }
--- response_body: 25000000 25000000

=== TEST 3: chunked up, to a peer, and what it says down
--- log_level: error
--- tcp_listen: $TEST_NGINX_RAND_PORT_1
--- tcp_query_len: 25000077
--- tcp_reply eval
"HTTP/1.0 200 OK\r\n\r\n" . "z" x 25_000_000
--- timeout: 60
--- more_headers
Transfer-Encoding: chunked
--- request eval
"POST /peer\n" . ("3e8\r\n" . "x" x 1000 . "\r\n") x 25000 . "0\r\n\r\n"
--- response_body_filters: length
--- response_body: 25000000


CASE chunked answers
head: $ENV{TEST_NGINX_PEER} = Test::Nginx::Socket::Options::free_port();
head: server_port_for_client($ENV{TEST_NGINX_PEER});
expect: ok 6, not_ok 3
output: malformed chunked body: chunk cut off
output: malformed chunked body: no chunk size at "zz

=== TEST 1: decoded, with extensions and a trailer, after an interim answer
--- tcp_listen: $TEST_NGINX_PEER
--- tcp_reply eval
["HTTP/1.1 100 Continue\r\n\r\n",
 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
 "3;x=y\r\nhel\r\n", "3\r\nlo\n\r\n0\r\nX: y\r\n\r\n"]
--- request
GET /
--- response_body
hello

=== TEST 2: cut off
--- tcp_listen: $TEST_NGINX_PEER
--- tcp_reply eval
"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello"
--- request
GET /
--- response_body chomp
hello

=== TEST 3: no size
--- tcp_listen: $TEST_NGINX_PEER
--- tcp_reply eval
"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
--- request
GET /

=== TEST 4: no answer at all
--- tcp_listen: $TEST_NGINX_PEER
--- tcp_reply:
--- request
GET /

=== TEST 5: where none is expected
--- tcp_listen: $TEST_NGINX_PEER
--- tcp_reply:
--- request
GET /
--- error_code:


CASE timing out
expect: ok 3, not_ok 4
output: the client does not time out

=== TEST 1: is a failure of its own
--- request
GET /slow
--- timeout: 100ms

=== TEST 2: unless it is meant to
--- request
GET /slow
--- timeout: 100ms
--- abort
--- error_code_like: ^(200|)$

=== TEST 3: a slow answer within its time
--- tcp_listen: $TEST_NGINX_RAND_PORT_1
--- tcp_reply_delay: 500ms
--- tcp_reply eval
"HTTP/1.0 200 OK\r\n\r\nok\n"
--- timeout: 60
--- request
GET /peer
--- response_body
ok

=== TEST 4: no longer than it may take
--- tcp_listen: $TEST_NGINX_RAND_PORT_1
--- tcp_reply_delay: 60
--- timeout: 0.3
--- request
GET /peer


CASE ignore_response
expect: ok 1

=== TEST 1: leaves but the error log
--- request
GET /a
--- ignore_response
--- error_code: 404
--- response_body: no
--- access_log
no
--- error_log
GET /a


CASE mock peers
repeat: 2
expect: ok 16, not_ok 6
output: TEST 2: \S+ .*tcp_query_len.*TEST 4.*udp_query

=== TEST 1: stream
--- tcp_listen: $TEST_NGINX_RAND_PORT_1
--- tcp_query_len: 50
--- tcp_query eval
qr{\AGET /peer HTTP/1.0\r\n}
--- tcp_reply eval
sub { return ["HTTP/1.0 200 OK\r\n\r\n", length($_[0]) > 40 ? "ok\n" : ""] }
--- request
GET /peer
--- response_body
ok

=== TEST 2: another query and another length than expected
--- tcp_listen: $TEST_NGINX_RAND_PORT_1
--- tcp_query_len: 10
--- tcp_query: other
--- tcp_reply eval
"HTTP/1.0 200 OK\r\n\r\nok\n"
--- request
GET /peer

=== TEST 3: datagrams
--- config
location /u {
    access_log syslog:server=127.0.0.1:$TEST_NGINX_RAND_PORT_1;
    return 200;
}
--- udp_listen: $TEST_NGINX_RAND_PORT_1
--- udp_query eval
qr{GET /u}
--- request
GET /u

=== TEST 4: which never come
--- udp_listen: $TEST_NGINX_RAND_PORT_1
--- udp_query: x
--- timeout: 0.2
--- request
GET /a


CASE expectations for several requests must be arrays
expect: ok 1
fails: 1
output: Bail out!.*response_body must be an array

=== TEST 1
--- request eval
["GET /a", "GET /a"]
--- response_body
hello


CASE a client which cannot connect
head: my $port = Test::Nginx::Socket::Options::free_port();
head: server_port_for_client($port);
expect: not_ok 5
output: the client can connect.*Bail out!.*cannot connect for the third time

=== TEST 1
--- request
GET /a

=== TEST 2
--- request
GET /a

=== TEST 3
--- request
GET /a
