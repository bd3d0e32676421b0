package SlackGuard;

# What tests of slack_signing_secret share: two secrets, a signed body, requests
# on connections of their own.

use strict;
use warnings;

use Exporter qw(import);
use File::Temp ();

use SlackClient;
use SlackServer;
use SlackSign;
use SlackUpstream;

our @EXPORT = qw($Key $New $Form $Body asked told changed);

our $Key = '8f742231b10e8888abcd99yyyzzz85a5';
our $New = '0123456789abcdef0123456789abcdef';

$ENV{TEST_NGINX_KEY} = $Key;
$ENV{TEST_NGINX_NEW} = $New;
$ENV{TEST_NGINX_UPSTREAM} = "http://127.0.0.1:$ENV{TEST_NGINX_UPSTREAM_PORT}";

$ENV{TEST_NGINX_ANSWER_PORT} = SlackServer::free_port();
$ENV{TEST_NGINX_GUARD_SOCKET} = File::Temp::tempdir(CLEANUP => 1) . '/guard.sock';

our $Form = 'Content-Type: application/x-www-form-urlencoded';
our $Body = 'token=gIkuvaNzQIHg97ATvDxqgjtO&team_domain=example&command=%2Fgitlab&text=help';


# the codes of requests that are sent on connections of their own
sub asked {
    my ($uri, $body, @headers) = @_;

    return SlackClient::codes(SlackClient::talk(SlackClient::request($uri, $body, $Form, @headers, 'Connection: close')));
}


# the body of the answer
sub told {
    my ($uri, $body, @headers) = @_;

    my $text = SlackClient::talk(SlackClient::request($uri, $body, $Form, @headers, 'Connection: close'));
    $text =~ s/\A.*?\r\n\r\n//s;

    return $text;
}


# the two headers of Slack, one of them changed
sub changed {
    my ($from, $to) = @_;

    my @headers = SlackSign::slack($Key, $Body);
    s/$from/$to/ for @headers;

    return @headers;
}


1;
