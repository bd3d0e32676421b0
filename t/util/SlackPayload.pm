package SlackPayload;

# Payloads of t/data that are changed in a place, and what is answered to them;
# for sections "client".

use strict;
use warnings;

use Exporter qw(import);

use SlackClient;
use SlackJson qw(json);
use SlackStatus ();
use SlackTest;

our @EXPORT_OK = qw(answer attachment channels logged said with);


# A payload with values, written as JSON, at paths; "-" takes away what is there.
sub with {
    my ($file, @changes) = @_;

    my $json    = json()->allow_nonref;
    my $payload = $json->decode(SlackTest::payload($file));

    while (my ($path, $value) = splice @changes, 0, 2) {
        my @keys   = split m/[.]/, $path;
        my $last   = pop @keys;
        my $object = $payload;

        for my $key (@keys) {
            $object->{$key} = {} if ref $object->{$key} ne 'HASH';
            $object = $object->{$key};
        }

        if ($value eq '-') {
            delete $object->{$last};

        } else {
            $object->{$last} = $json->decode($value);
        }
    }

    return $json->encode($payload);
}


# What is answered to a body: the code and the JSON, without the id.
sub answer {
    my ($uri, $body, @headers) = @_;

    my $text = SlackClient::talk(SlackClient::request($uri, $body,
        'Content-Type: application/json', @headers, 'Connection: close'));

    my ($code, $json) = $text =~ m/^HTTP\/1.1 ([0-9]+) .*^(\{.*\})/ms
        or return "no answer: $text";

    $json =~ s/,"id":[0-9]+\}/}/;

    return "$code $json";
}


# The attachment that a location with "slack_source" makes of an event with this
# header, of a payload "sender/file" with changes; or why there is none.
# A location /slack/ has "slack_status actions".
sub attachment {
    my ($location, $event, $file, @changes) = @_;

    my (undef, $answer) = SlackStatus::act(
        "explain?location=$location&event=" . $event =~ tr/ /+/r, with("../$file.json", @changes));

    return $answer->{message} ? $answer->{message}{attachments}[0]
                              : join ' ', grep { defined } @$answer{qw(result reason)};
}


# The same, but only the fallback of the attachment.
sub said {
    my $attachment = attachment(@_);

    return ref $attachment ? $attachment->{fallback} : $attachment;
}


# The channels of the messages that Slack has, once there are so many.
sub channels {
    my ($n) = @_;

    my $text = SlackClient::talk(
        "GET /_slack/_received.txt?wait=$n&timeout=10 HTTP/1.1\r\n"
            . "Host: localhost\r\nConnection: close\r\n\r\n");

    return sort $text =~ m/^(#\S+) as GitLab$/mg;
}


# The module's lines of the error log.
sub logged {
    return grep { m/slack notify: / }
        map { "$_\n" } split m/\n/, SlackTest::payload("$ENV{TEST_NGINX_SERVER_ROOT}/logs/error.log");
}

1;
