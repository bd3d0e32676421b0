package StandinClient;

# Starts util/slack-standin and talks to it, for the tests of the stand-in itself.

use strict;
use warnings;

use Exporter qw(import);
use FindBin;
use IO::Socket::INET;
use IPC::Open3 qw(open3);
use Mojo::JSON qw(encode_json);
use Mojo::UserAgent;
use Test::More ();

our @EXPORT = qw(
    $HOOK $SECRET $PROGRAM $ua start_standin stop_standin started url port reset_all hook api
    api_answer get text last_request last_message received faults raw raw_message attached
);

our $PROGRAM = "$FindBin::Bin/../util/slack-standin";
our $HOOK    = '/services/T1/B1/notToBeSeen';
our $SECRET  = 'notToBeSeen';
our $ua      = Mojo::UserAgent->new->max_redirects(0)->inactivity_timeout(0);

my ($pid, $stdin, $stdout, $url, $port);


# Another stand-in: its process, its input, its output, its URL.
sub started {
    my (@options) = @_;

    my $child = open3(my $in, my $out, '>&STDERR', $^X, $PROGRAM, '--port', 0, '--until-eof', @options);
    my $line  = readline $out // '';
    my ($where) = $line =~ m{^slack-standin: (https?://127\.0\.0\.1:[0-9]+)/$}
        or Test::More::BAIL_OUT("no ready line but \"$line\"");

    return ($child, $in, $out, $where);
}


# The one that all the others talk to.
sub start_standin {
    ($pid, $stdin, $stdout, $url) = started();
    ($port) = $url =~ m/([0-9]+)$/;

    return;
}


sub stop_standin {
    close $stdin;
    waitpid $pid, 0;
    Test::More::is($?, 0, 'the stand-in ended well');

    return;
}


sub url { return $url }

sub port { return $port }


sub reset_all {
    my ($how) = @_;

    Test::More::is($ua->post("$url/_reset" . ($how // ''))->result->code, 200, 'reset');

    return;
}


# Posts JSON, given as data or as it is, and returns status and body.
sub hook {
    my ($message, $path) = @_;

    my $body = ref $message ? encode_json($message) : $message;
    my $res  = $ua->post($url . ($path // $HOOK),
                         { 'Content-Type' => 'application/json' }, $body)->result;

    return ($res->code, $res->body);
}


# Calls a method of the Web API, and returns the whole answer; a TOKEN that is empty is
# not sent.
sub api_answer {
    my ($method, $message, $token) = @_;

    my $body = ref $message ? encode_json($message) : $message;
    my %more = defined $token && $token eq '' ? ()
             : (Authorization => 'Bearer ' . ($token // 'xoxb-test'));

    return $ua->post("$url/api/$method",
        { 'Content-Type' => 'application/json; charset=utf-8', %more }, $body)->result;
}


sub api { return api_answer(@_)->json }

sub get { return $ua->get("$url$_[0]")->result }

sub text { my $text = get($_[0])->body; utf8::decode($text); return $text }

sub received { return get('/_received')->json }

sub last_message { return received()->[-1] }

sub last_request { return get('/_requests')->json->[-1] }


sub faults {
    my ($faults, $query) = @_;

    my $res = $ua->post("$url/_fault" . ($query // ''), json => $faults)->result;

    return ($res->code, $res->body);
}


# One raw request, and all that comes until the other side closes, what came matches
# ENOUGH, or SECONDS passed without a byte: (bytes, how it ended).
sub raw {
    my ($request, $seconds, $enough) = @_;

    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port)
        or BAIL_OUT("cannot connect: $!");
    my $got = '';

    $socket->syswrite($request);

    while (1) {
        my $ready = '';

        vec($ready, fileno $socket, 1) = 1;
        return ($got, 'open') if !select $ready, undef, undef, $seconds // 30;

        my $n = sysread $socket, $got, 65_536, length $got;

        return ($got, 'error') if !defined $n;
        return ($got, 'closed') if !$n;
        return ($got, 'open') if $enough && $got =~ $enough;
    }
}


sub raw_message {
    my ($text) = @_;

    my $body = encode_json({ text => $text });

    return "POST $HOOK HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
           . 'Content-Length: ' . length($body) . "\r\n\r\n$body";
}


# A message with one attachment, otherwise good.
sub attached { return { attachments => [ { fallback => 'f', @_ } ] } }


1;
