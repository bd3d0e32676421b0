package SlackJudge;

# Looks at each message which Slack received for what an outside value must
# never do to it.  Adds the section "judge" to SlackTest: how many messages.

use strict;
use warnings;

use Test::Nginx::Socket;
use Test::More ();
use SlackJson qw(json);

# the last preprocessor runs first: this one must find what SlackTest made
BEGIN { add_block_preprocessor(\&prepare) }

use SlackTest;

# code points; with fallback and fields[].title they are all a message has
my %Longest = (
    pretext     => 3000,
    text        => 7000,
    title       => 1000,
    fallback    => 1000,
    author_name => 256,
    footer      => 300,
    value       => 2000,
);

my %Marked = map { $_ => 1 } qw(pretext text value);
my %Url    = map { $_ => 1 } qw(title_link author_link author_icon footer_icon);
my %Plain  = map { $_ => 1 } qw(color short ts);

{
    no warnings 'once';
    push @Test::Nginx::Socket::ExtraSections, 'judge';
}

add_response_body_check(\&check);


# After SlackTest made the requests: two more, which tell what Slack got.
sub prepare {
    my ($block) = @_;

    defined $block->judge or return;

    my $requests = $block->request;
    ref $requests or die $block->name . ": use SlackJudge instead of SlackTest, and a hook\n";

    chomp(my $wait = $block->judge);

    my @requests = @$requests;
    my @headers  = @{ scalar $block->more_headers };
    my @codes    = @{ scalar $block->error_code };

    push @requests, "GET /_slack/_received?wait=$wait&timeout=10", 'GET /_slack/_requests';
    push @headers, ('X-Test: judge') x 2;
    push @codes, (200) x 2;

    $block->set_value(request      => \@requests);
    $block->set_value(more_headers => \@headers);
    $block->set_value(error_code   => \@codes);

    return;
}


sub check {
    my ($block, $body, $n, undef, $dry) = @_;

    return if $dry || !defined $block->judge;

    my $last = $#{ scalar $block->request };
    my $name = $block->name;

    if ($n == $last - 1) {
        chomp(my $wanted = $block->judge);

        my $records = json()->decode($body);

        Test::More::is(scalar @$records, $wanted, "$name - messages");
        judge($_, "$name - message $_->{n}") for @$records;
    }

    if ($n == $last) {
        my $requests = json()->decode($body);

        # the Web API refuses with status 200, too
        my @refused = grep { ($_->{status} // 0) != 200 || $_->{error} ne 'ok' } @$requests;
        my @early   = grep { $_->{early} } @$requests;

        Test::More::is(join("\n", map { ($_->{status} // '-') . " $_->{error}: $_->{why}" } @refused),
            '', "$name - nothing was refused");
        Test::More::is(scalar @early, 0, "$name - every Retry-After was kept");
    }

    return;
}


sub judge {
    my ($record, $name) = @_;

    my ($attachment) = @{ $record->{payload}{attachments} };

    Test::More::is(json()->encode($record->{pings}), '[]', "$name - pings nobody");
    Test::More::is($record->{channel}, '#general', "$name - channel");
    Test::More::is(join(' ', grep { $record->{$_} } qw(slackbot unthreaded part early)), '',
        "$name - arrives as it was meant");

    Test::More::like($attachment->{fallback}, qr/&lt;!channel&gt; &lt;!here/,
        "$name - the value is there, escaped");

    for my $key (sort keys %$attachment) {
        my $value = $attachment->{$key};

        if ($key eq 'fields') {
            is_sound($_->{value}, 'value', "$name - $_->{title}") for @$value;

        } elsif ($key ne 'mrkdwn_in' && !$Plain{$key}) {
            is_sound($value, $key, "$name - $key");
        }
    }

    return;
}


sub is_sound {
    my ($value, $key, $name) = @_;

    my @faults = $Url{$key} ? url_faults($value) : text_faults($value, $key);

    Test::More::is(join('; ', @faults), '', $name)
        or Test::More::diag(Test::More::explain($value));

    return;
}


sub url_faults {
    my ($value) = @_;

    my @faults;

    push @faults, 'no URL' if $value !~ m{\Ahttps?://[^\x00-\x20"<>|\x7f-\x{10ffff}]+\z};
    push @faults, 'long'   if length $value > 2000;

    return @faults;
}


sub text_faults {
    my ($value, $key) = @_;

    my @faults;
    my $rest = $value;

    $rest =~ s{<https?://[^<>|"\s]+\|[^<>|\n]+>}{}g if $Marked{$key};

    push @faults, 'a bracket that is not escaped'   if $rest =~ m/[<>]/;
    push @faults, 'an ampersand that is no entity'  if $rest =~ m/&(?!(?:amp|lt|gt);)/;
    push @faults, 'a control character'             if $rest =~ m/[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
    push @faults, 'something that reorders text'    if $rest =~ m/[\x{202a}-\x{202e}\x{2066}-\x{2069}]/;
    push @faults, 'a byte order mark'               if $rest =~ m/\x{feff}/;
    push @faults, 'an open code fence'              if (() = $rest =~ m/```/g) % 2;
    push @faults, 'a code fence in a line'          if $key ne 'text' && $rest =~ m/```/;
    push @faults, 'a line break'                    if $key ne 'text' && $rest =~ m/[\n\x{2028}]/;
    push @faults, 'more than ' . $Longest{$key}     if length $value > $Longest{$key};

    return @faults;
}


1;


__END__

=head1 NAME

SlackJudge - judges the messages of a test block

=head1 SYNOPSIS

    use Test::Nginx::Socket;
    use SlackJudge;

    === nothing in an issue can ping
    --- config
        location = /hook { slack_notify acme; }
    --- hook
    hostile_issue.json
    --- judge
    1

=head1 DESCRIPTION

Used instead of SlackTest, whose sections it has, too.

C<judge> is the number of messages to wait for.  None may ping, land with Slackbot or outside of
its thread, or be split for its length; in each attachment, which must hold the hostile values of
t/data, every text must be escaped once, whole and within the limits, every URL percent-encoded.
None may have been refused by the stand-in, and none may have come before a Retry-After was over.

=cut
