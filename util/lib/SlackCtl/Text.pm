package SlackCtl::Text;

# How slackctl writes: tables, times, sizes, names, messages.  Nothing that
# comes from outside steers a terminal.

use strict;
use warnings;

use Exporter qw(import);
use JSON::PP;

our @EXPORT_OK = qw(characters plain json table span ago size name message);

# what steers a terminal besides control characters, and what is no character
my $MARKS = qr/[\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}]
    | [\x{feff}\x{fdd0}-\x{fdef}\x{d800}-\x{dfff}]
    | [\x{fffe}\x{ffff}\x{1fffe}\x{1ffff}\x{10fffe}\x{10ffff}]/x;


sub plain {
    my ($text) = @_;

    $text //= '';
    $text =~ s/([\x00-\x09\x0b-\x1f\x7f-\x9f]|$MARKS)/sprintf '\\x{%x}', ord $1/ge;

    return $text;
}


sub json {
    my ($data) = @_;

    my $json = JSON::PP->new->canonical->pretty->encode($data);

    # JSON escapes the lower ones, not these
    $json =~ s/([\x7f-\x9f]|$MARKS)/escaped(ord $1)/ge;

    return $json;
}


sub escaped {
    my ($code) = @_;

    return sprintf '\\u%04x', $code if $code < 0x10000;

    $code -= 0x10000;

    return sprintf '\\u%04x\\u%04x', 0xd800 + ($code >> 10), 0xdc00 + ($code & 0x3ff);
}


# the first row is that of the headings

sub table {
    my @rows = map { [ map { plain($_) =~ s/\n/\\n/gr } @$_ ] } @_;

    return "none\n" if @rows == 1;

    my @width;

    for my $row (@rows) {
        for my $i (0 .. $#$row) {
            $width[$i] = length $row->[$i]
                if length $row->[$i] > ($width[$i] // 0);
        }
    }

    my $text = '';

    for my $row (@rows) {
        my $line = join '  ', map { sprintf '%-*s', $width[$_], $row->[$_] }
                              0 .. $#$row;
        $text .= $line =~ s/ +\z/\n/r;
        $text .= "\n" if $text !~ /\n\z/;
    }

    return $text;
}


sub span {
    my ($seconds) = @_;

    $seconds = 0 if $seconds < 0;

    return $seconds < 100   ? "${seconds}s"
         : $seconds < 6000  ? int($seconds / 60) . 'm'
         : $seconds < 172800 ? int($seconds / 3600) . 'h'
         :                    int($seconds / 86400) . 'd';
}


sub ago {
    my ($now, $time) = @_;

    return defined $time ? span($now - $time) : '-';
}


sub size {
    my ($bytes) = @_;

    return '?' if !defined $bytes;

    my @units = qw(bytes KB MB GB);

    while ($bytes >= 10_000 && @units > 1) {
        $bytes /= 1024;
        shift @units;
    }

    return sprintf '%d %s', $bytes, $units[0];
}


sub name {
    my ($channel) = @_;

    return $channel eq '' ? '(webhook\'s own)' : $channel;
}


# in one line or, long, with all its texts

sub message {
    my ($message, $long) = @_;

    my @attachments = @{ $message->{attachments} // [] };

    return join "\n", map { plain($_->{fallback} // $_->{text} // '') }
                      @attachments
        if !$long;

    return join "\n", map { plain($_) } grep { defined && $_ ne '' }
           $message->{text}, map { @$_{qw(pretext title text)} } @attachments;
}


# words of the command line are bytes

sub characters {
    my ($word) = @_;

    utf8::decode($word);

    return $word;
}


1;
