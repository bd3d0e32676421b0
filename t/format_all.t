# Every payload of t/data in every format: the stand-in takes each message, and
# each format keeps to its shape.  Messages that wait share posts.

use strict;
use warnings;

use lib 't/util';
use HTTP::Tiny;
use Test::Nginx::Socket;
use SlackProof qw(until_true);
use SlackStatus qw(status);
use SlackTest;

no_long_string();
no_shuffle();
plan 'no_plan';
run_tests();


# the names of a folder's payloads, as seen from that of GitLab
sub payloads {
    my ($sender) = @_;

    return map { s{^t/data/}{../}r } sort glob "t/data/$sender/*.json";
}


# the sender's payload, to its location
sub sent_to {
    my ($sender, $file) = @_;

    my %headers = map { m/^([^:]+):\s*(.*)\z/ ? ($1, $2) : () } SlackTest::headers($file);

    return HTTP::Tiny->new->post('http://127.0.0.1:' . server_port_for_client() . "/$sender",
        { content => SlackTest::payload($file), headers => \%headers });
}


# what no message in this format may be; empty: it is sound
sub faults {
    my ($format, $attachment) = @_;

    my @faults;
    my $keys = join ' ', sort keys %$attachment;

    if ($format eq 'compact') {
        my ($state) = $attachment->{text} =~ m/^([^<\x{b7}]+)/;

        push @faults, "parts $keys"                   if $keys ne 'color fallback mrkdwn_in text';
        push @faults, 'more than one line'            if $attachment->{text} =~ m/\n/;
        push @faults, length($attachment->{text}) . ' characters' if length $attachment->{text} > 300;
        push @faults, 'no separator'                  if $attachment->{text} !~ m/ \x{b7} /;
        push @faults, 'the fallback is something else'
            if index $attachment->{fallback}, $state;
    }

    if ($format eq 'card') {
        push @faults, "no $_" for grep { !length($attachment->{$_} // '') } qw(fallback title color);
        push @faults, 'a pretext'            if defined $attachment->{pretext};
        push @faults, 'no state'             if $attachment->{title} !~ m/^\S.* \x{b7} \S|^(?:Confidential c|C)omment/;
        push @faults, 'more than five lines' if $attachment->{text} && $attachment->{fallback} !~ m/alerts? (?:firing|resolved)/i
            && ($attachment->{text} =~ tr/\n//) > 4;
        push @faults, 'an empty field'       if grep { $_->{value} !~ m/\S/ } @{ $attachment->{fields} // [] };
    }

    return @faults;
}


# all that came to the stand-in, by channel
sub attachments {
    my %of;

    for my $record (@{ SlackProof::ask('/_received') }) {
        push @{ $of{ $record->{channel} } }, @{ $record->{payload}{attachments} };
    }

    return %of;
}

__DATA__

=== every payload, every format
--- config eval
my $events = join ' ', qw(
    push tag_push wiki_page issue:open,close,reopen,update
    merge_request:open,close,reopen,merge,approved,unapproved,approval,unapproval,update,ready note:create,update
    pipeline:success,failed,running,canceled,pending,created deployment alert confidential_issue:open,close,reopen,update
    confidential_note:create,update job:success,failed release:create,update,delete feature_flag milestone
    emoji:award,revoke member subgroup project:create,delete,rename,transfer,update vulnerability access_token
);

"location /slack/ { slack_status actions; }\n" . join '', map {
    my $sender = $_;

    "location = /$sender {\n slack_source $sender;\n"
        . join('', map { " slack_route acme { events $events; repeat on; format $_; channel $_; }\n" } qw(full compact card))
        . "}\n";
} qw(gitlab github gitea alertmanager)
--- request
GET /_slack/_received
--- timeout: 60s
--- after
my ($all, $sent) = (0, 0);

for my $sender (qw(gitlab github gitea alertmanager)) {
    for my $file (payloads($sender)) {
        my $answer = sent_to($sender, $file);

        like($answer->{status}, qr/^20[02]$/, "$file: it is taken");

        $all++;
        next if $answer->{content} !~ m/"messages":([0-9]+)/;

        is($1 % 3, 0, "$file: the same in each format");
        $sent += $1 / 3;
    }
}

cmp_ok($all, '>', 250, 'payloads');
cmp_ok($sent, '>', 230, 'messages of a format');

until_true { my $s = status(); $s->{totals}{waiting} == 0 && $s->{totals}{sent} + $s->{totals}{died} >= 3 * $sent };

is(status()->{totals}{died}, 0, 'no dead letter');

my @refused = grep { $_->{status} != 200 || $_->{error} ne 'ok' } @{ SlackProof::ask('/_requests') };
is(join("\n", map { "$_->{error}: $_->{why}" } @refused), '', 'nothing was refused');
is(scalar(grep { @{ $_->{pings} } } @{ SlackProof::ask('/_received') }), 0, 'nobody is notified');

my %of = attachments();

for my $format (qw(full compact card)) {
    is(scalar @{ $of{"#$format"} }, $sent, "all arrive, $format");

    for my $attachment (@{ $of{"#$format"} }) {
        is(join('; ', faults($format, $attachment)), '', "$format: " . ($attachment->{title} // $attachment->{text} // $attachment->{pretext} // ''));
    }
}
--- no_error_log
[error]
[alert]
