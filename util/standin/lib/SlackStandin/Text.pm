package SlackStandin::Text;

# Slack's rules for text: what must be escaped, which <...> tokens there are, which
# of them notify people.  Knows nothing of messages.

use strict;
use warnings;

use Exporter qw(import);

our @EXPORT_OK = qw(faults_of_text pings_of_text pings_of_mattermost pings_of_discord italics excerpt);

# What may stand between < and >, besides links.
my @TOKENS = (
    qr/^\@[UW][A-Z0-9]+(?:\|[^|\n]+)?$/,
    qr/^#[CG][A-Z0-9]+(?:\|[^|\n]*)?$/,
    qr/^!(?:here|channel|everyone)(?:\|[^|\n]+)?$/,
    qr/^!subteam\^S[A-Z0-9]+(?:\|[^|\n]+)?$/,
    qr/^!date\^[0-9]+\^[^|^\n]+(?:\^https?:[^|^\s]+)?\|[^|\n]+$/,
);

my $PING = qr/<(?:\@[UW][A-Z0-9]+|!(?:here|channel|everyone)|!subteam\^S[A-Z0-9]+)(?:\|[^<>]*)?>/;


# The reasons why TEXT is not well written; "mrkdwn" says that formatting applies
# (quotes at the start of a line, code fences).
sub faults_of_text {
    my ($text, $mrkdwn) = @_;

    my @faults;

    while ($text =~ m/&(?!(?:amp|lt|gt);)/g) {
        push @faults, 'unescaped or cut & in "' . excerpt($text, $-[0]) . '"';
    }

    pos($text) = 0;

    while ($text =~ m/([<>])/g) {
        my $at = $-[0];

        if ($1 eq '>') {
            next if $mrkdwn && _quotes($text, $at);
            push @faults, 'unescaped > in "' . excerpt($text, $at) . '"';
            next;
        }

        if ($text !~ m/\G([^<>]*)>/gc) {
            push @faults, 'unescaped or unclosed < in "' . excerpt($text, $at) . '"';
            next;
        }

        my $reason = _fault_of_token($1);
        push @faults, $reason . ' in "' . excerpt($text, $at) . '"' if $reason;
    }

    if ($mrkdwn && (() = $text =~ m/```/g) % 2) {
        push @faults, 'code fence ``` without its other end';
    }

    return @faults;
}


# Whether the > at AT belongs to the quotation mark of a line.
sub _quotes {
    my ($text, $at) = @_;

    my $start = $at ? rindex($text, "\n", $at - 1) + 1 : 0;

    return substr($text, $start, $at - $start) =~ m/^>*\z/;
}


sub _fault_of_token {
    my ($token) = @_;

    if ($token =~ m/^(?:https?|mailto):/) {
        my ($url, $label) = split m/\|/, $token, 2;

        return 'space in the URL of a link' if $url =~ m/\s/;
        return 'link to nowhere' if $url !~ m{^(?:https?://[^/?#]+|mailto:[^@]+@.)};

        return if !defined $label;

        return 'link with an empty label' if $label !~ m/\S/;
        return '| in the label of a link' if $label =~ m/\|/;
        return 'line break in the label of a link' if $label =~ m/[\r\n]/;
        return;
    }

    for my $known (@TOKENS) {
        return if $token =~ $known;
    }

    return 'unescaped <, or no token of Slack\'s';
}


# The tokens in TEXT that notify somebody; plain @channel and its like only when
# NAMES says that the message asks Slack to look for names.
sub pings_of_text {
    my ($text, $names) = @_;

    my @pings = $text =~ m/$PING/g;

    if ($names) {
        push @pings, $text =~ m/(?<![\w.@])(\@(?:channel|here|everyone))\b/g;
    }

    return @pings;
}


# The same in Mattermost and Rocket.Chat, where every @name notifies, wherever it
# stands; an invisible U+200B after the @ keeps it from that.  URLs of links are none
# of the text.
sub pings_of_mattermost {
    my ($text) = @_;

    my @pings = $text =~ m/$PING/g;

    $text =~ s/$PING//g;
    $text =~ s/<(?:https?|mailto):[^<>|]*\|?//g;

    push @pings, $text =~ m/(\@\w[\w.-]*)/g;

    return @pings;
}


# In Discord only the text itself notifies, its attachments do not.
sub pings_of_discord {
    my ($text, undef, $at) = @_;

    return if $at ne '/text';
    return $text =~ m/(\@(?:everyone|here)\b|<\@[!&]?[0-9]+>)/g;
}


# What stands between single asterisks: bold in Slack, italic in Markdown.
sub italics {
    my ($text) = @_;

    return $text =~ m/(?<![\w*])(\*[^\s*](?:[^*\n]*[^\s*])?\*)(?![\w*])/g;
}


sub excerpt {
    my ($text, $at) = @_;

    my $from = $at > 12 ? $at - 12 : 0;
    my $part = substr $text, $from, 40;

    $part =~ s/\s+/ /g;

    return $part;
}


1;
