package SlackSign;

# Signs requests as Standard Webhooks has it: HMAC-SHA256 with the bytes of a
# secret "whsec_BASE64" over "ID.TIMESTAMP.BODY", in base64 after "v1,"; and as
# Slack does: "v0=" and HMAC-SHA256 over "v0:TIMESTAMP:BODY" in hexadecimal.

use strict;
use warnings;

use Digest::SHA qw(hmac_sha256 hmac_sha256_hex);
use MIME::Base64 qw(decode_base64 encode_base64);

use SlackTest;


# "v1,BASE64" of a body.
sub signature {
    my ($secret, $id, $timestamp, $body) = @_;

    my ($key) = $secret =~ m/\Awhsec_(.*)\z/ or die "not a signing secret: $secret\n";

    return 'v1,' . encode_base64(hmac_sha256("$id.$timestamp.$body", decode_base64($key)), '');
}


# The three headers of a signed body, in their order.  Options: secret, id,
# age (in seconds), and sent => what replaces the signature, "%s" being it.
sub headers {
    my ($body, %option) = @_;

    my $id        = $option{id} // die "no id to sign\n";
    my $timestamp = time - ($option{age} // 0);
    my $signature = signature($option{secret}, $id, $timestamp, $body);

    return (
        "webhook-id: $id",
        "webhook-timestamp: $timestamp",
        'webhook-signature: ' . ($option{sent} // '%s') =~ s/%s/$signature/gr,
    );
}


# A line of the section "hook" of SlackTest; "more" is a list of headers.
sub line {
    my ($file, %option) = @_;

    return join ' | ', $file, headers(SlackTest::payload($file), %option), @{ $option{more} // [] };
}


# The two headers of a body that Slack sends.  Options: age (in seconds), or
# timestamp.
sub slack {
    my ($secret, $body, %option) = @_;

    my $timestamp = $option{timestamp} // time - ($option{age} // 0);

    return ("X-Slack-Request-Timestamp: $timestamp",
        'X-Slack-Signature: v0=' . hmac_sha256_hex("v0:$timestamp:$body", $secret));
}


1;


__END__

=head1 NAME

SlackSign - signed requests for the tests

=head1 SYNOPSIS

    --- hook eval
    SlackSign::line('push.json', secret => 'whsec_c2VjcmV0', id => 'msg_1')

=cut
