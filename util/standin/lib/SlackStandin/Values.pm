package SlackStandin::Values;

# Judges the single values of a message, such as a text, a colour or a URL, and
# collects what is wrong and whom the message would notify.

use Mojo::Base -base, -signatures;

use B ();
use SlackStandin::Text qw(faults_of_text pings_of_text);

has api    => 0;
has strict => 1;
has faults => sub { [] };
has pings  => sub { [] };
has names  => 0;
has limits => sub { {} };    # those of a receiver that has other ones
has rings  => sub { \&pings_of_text };

# The longest text of each kind, in characters.
my %LIMIT = (
    text        => 4_000,     # Slack's advice
    body        => 8_000,
    value       => 2_000,
    plain       => 4_000,
    author      => 4_000,
    field_title => 4_000,
    pretext     => 4_000,
    title       => 1_024,
    footer      => 300,
    icon_url    => 255,
    markdown    => 12_000,
    attachments => 100,
);

use constant TEXT_MAX => 40_000;    # Slack cuts here

my %KIND = (
    string    => sub ($self, $v, $at) { $self->_is_string($v, $at) },
    url       => \&_url,
    (map { my $kind = $_; ($kind => sub ($self, $v, $at) { $self->_text($v, $at, $kind, 0) }) }
         qw(title plain author field_title footer)),
    (map { my $kind = $_; ($kind => sub ($self, $v, $at) { $self->_text($v, $at, $kind, 1) }) }
         qw(pretext value body)),
    text      => \&_top_text,
    markdown  => \&_markdown,
    boolean   => \&_boolean,
    switch    => \&_switch,
    array     => sub ($self, $v, $at) { $self->_is_array($v, $at) },
    color     => \&_color,
    seconds   => \&_seconds,
    mrkdwn_in => \&_mrkdwn_in,
    name      => \&_name,
    emoji     => \&_emoji,
    icon      => \&_icon,
    parse     => sub ($self, $v, $at) { $self->_one_of($v, $at, qw(none full)) },
    update_parse => sub ($self, $v, $at) { $self->_one_of($v, $at, qw(none full client)) },
    uuid      => \&_uuid,
    post_text   => sub ($self, $v, $at) { $self->_text($v, $at, undef, 1) },
    update_text => \&_update_text,
    timestamp => \&_timestamp,
    metadata  => \&_metadata,
);


# Kinds of values, and what judges each: a method, given the value and its place.
sub kinds ($class) { return %KIND }


sub error ($self) {
    my ($first) = @{ $self->faults };

    return $first && $first->{error};
}


# All that is wrong, for people; the same for the same message.
sub why ($self) {
    my @faults = @{ $self->faults };
    my @said   = map { $_->{at} eq '' ? $_->{reason} : "$_->{at}: $_->{reason}" }
                 splice @faults, 0, 5;

    push @said, sprintf 'and %d more', scalar @faults if @faults;

    return join '; ', @said;
}


# What is wrong, as the Web API says it in response_metadata.messages.
sub messages ($self) {
    return [
        map { "[ERROR] $_->{reason}" . ($_->{at} eq '' ? '' : " [json-pointer:$_->{at}]") }
        @{ $self->faults }
    ];
}


sub add_fault ($self, $error, $at, $reason) {
    push @{ $self->faults }, { error => $error, at => $at, reason => $reason };

    return $self;
}


sub _payload_error ($self) { return $self->api ? 'invalid_arguments' : 'invalid_payload' }


# The error for something wrong at the JSON pointer AT.
sub _error_at ($self, $at) {
    return 'invalid_attachments' if $at =~ m{^/attachments/};
    return 'invalid_blocks'      if $at =~ m{^/blocks/};
    return $self->_payload_error;
}


sub _wrong ($self, $at, $reason) {
    return $self->add_fault($self->_error_at($at), $at, $reason);
}


# A JSON string, not a number.
sub _string_p ($self, $value) {
    return 0 if ref $value || !defined $value;

    # a number that was never a string has no POK
    return (B::svref_2object(\$value)->FLAGS & B::SVf_POK) ? 1 : 0;
}


sub _is_string ($self, $value, $at) {
    return 1 if $self->_string_p($value);

    $self->_wrong($at, 'not a string');
    return 0;
}


sub _is_array ($self, $value, $at) {
    return 1 if ref $value eq 'ARRAY';

    $self->_wrong($at, 'not an array');
    return 0;
}


sub limit ($self, $kind) { return $self->limits->{$kind} // $LIMIT{$kind} }


# A text of KIND, whose limit counts when we are strict; undef has none.
sub _text ($self, $text, $at, $kind, $mrkdwn) {
    $self->_is_string($text, $at) or return;

    $self->_wrong($at, $_) for faults_of_text($text, $mrkdwn);
    push @{ $self->pings }, $self->rings->($text, $self->names, $at);

    return if !$self->strict || !defined $kind || length $text <= $self->limit($kind);

    $self->_wrong($at, length($text) . ' characters, more than ' . $self->limit($kind));
    return;
}


sub _top_text ($self, $text, $at) {
    $self->_text($text, $at, undef, 1);

    return $self->_longest($text, $at, $self->strict ? $self->limit('text') : TEXT_MAX);
}


# Slack refuses an update whose text it would take in a post.
sub _update_text ($self, $text, $at) {
    $self->_text($text, $at, undef, 1);

    return $self->_longest($text, $at, $self->limit('text'));
}


sub _longest ($self, $text, $at, $max) {
    return if !$self->_string_p($text) || length $text <= $max;

    $self->add_fault('msg_too_long', $at, length($text) . " characters, more than $max");
    return;
}


sub _markdown ($self, $text, $at) {
    $self->_is_string($text, $at) or return;

    return $self->_longest($text, $at, $self->limit('markdown'));
}


# What a client of Slack's gives each message, so that a retry is told from a new one.
sub _uuid ($self, $value, $at) {
    $self->_is_string($value, $at) or return;

    return if $value =~ m/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\z/i;

    $self->_wrong($at, 'not a UUID');
    return;
}


sub _boolean ($self, $value, $at) {
    return if ref $value eq 'JSON::PP::Boolean';

    $self->_wrong($at, 'not true or false');
    return;
}


# link_names: true, false, 0 or 1.
sub _switch ($self, $value, $at) {
    return if !ref $value && ($value // '') =~ m/^[01]\z/;
    return $self->_boolean($value, $at);
}


sub _color ($self, $value, $at) {
    $self->_is_string($value, $at) or return;

    return if $value =~ m/^(?:good|warning|danger|#[0-9a-fA-F]{6})\z/;

    $self->_wrong($at, 'neither good, warning, danger nor #RRGGBB');
    return;
}


sub _url ($self, $value, $at) {
    $self->_is_string($value, $at) or return;

    return if $value =~ m{^https?://[^\s<>|/?#"]+(?:[/?#][^\s<>|"]*)?\z};

    $self->_wrong($at, 'not a http or https URL');
    return;
}


sub _seconds ($self, $value, $at) {
    my $said = defined $value && !ref $value ? "$value" : '';

    return if $said =~ m/^[0-9]+\z/;
    return if $self->_string_p($value) && $said =~ m/^[0-9]+\.[0-9]+\z/;

    $self->_wrong($at, 'not seconds since 1970');
    return;
}


sub _mrkdwn_in ($self, $value, $at) {
    $self->_is_array($value, $at) or return;

    for my $i (0 .. $#$value) {
        $self->_is_string($value->[$i], "$at/$i") or next;

        next if $value->[$i] =~ m/^(?:text|pretext|fields)\z/;
        $self->_wrong("$at/$i", 'neither text, pretext nor fields');
    }

    return;
}


sub _name ($self, $value, $at) {
    $self->_is_string($value, $at) or return;

    $self->_wrong($at, 'empty') if $value !~ m/\S/;
    return;
}


sub _emoji ($self, $value, $at) {
    $self->_is_string($value, $at) or return;

    return if $value =~ m/^:[\w+'-]+:(?::skin-tone-[2-6]:)?\z/;

    $self->_wrong($at, 'not an emoji name such as :rocket:');
    return;
}


sub _icon ($self, $value, $at) {
    $self->_url($value, $at);

    return if !$self->_string_p($value) || length $value <= $self->limit('icon_url');

    $self->_wrong($at, length($value) . ' characters, more than ' . $self->limit('icon_url'));
    return;
}


sub _one_of ($self, $value, $at, @words) {
    $self->_is_string($value, $at) or return;

    $self->_wrong($at, 'not one of ' . join ', ', @words) if !grep { $_ eq $value } @words;
    return;
}


sub _timestamp ($self, $value, $at) {
    return if $self->_string_p($value) && $value =~ m/^[0-9]{10}\.[0-9]{6}\z/;

    $self->_wrong($at, 'not the ts of a message, a string such as "1503435956.000247"');
    return;
}


sub _metadata ($self, $value, $at) {
    return if ref $value eq 'HASH'
              && $self->_string_p($value->{event_type})
              && ref $value->{event_payload} eq 'HASH'
              && keys %$value == 2;

    $self->add_fault('invalid_metadata_format', $at, 'needs event_type and event_payload');
    return;
}


1;
