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

use constant {
    TEXT_MAX            => 40_000,    # Slack cuts here
    TEXT_STRICT         => 4_000,     # Slack's advice
    ATTACHMENT_STRICT   => 8_000,
    FIELD_VALUE_MAX     => 2_000,
    TITLE_MAX           => 1_024,
    FOOTER_MAX          => 300,
    ICON_URL_MAX        => 255,
    MARKDOWN_MAX        => 12_000,
};

my %KIND = (
    string    => sub ($self, $v, $at) { $self->_is_string($v, $at) },
    url       => \&_url,
    title     => sub ($self, $v, $at) { $self->_text($v, $at, TITLE_MAX, 0) },
    plain     => sub ($self, $v, $at) { $self->_text($v, $at, TEXT_STRICT, 0) },
    footer    => sub ($self, $v, $at) { $self->_text($v, $at, FOOTER_MAX, 0) },
    mrkdwn    => sub ($self, $v, $at) { $self->_text($v, $at, TEXT_STRICT, 1) },
    value     => sub ($self, $v, $at) { $self->_text($v, $at, FIELD_VALUE_MAX, 1) },
    body      => sub ($self, $v, $at) { $self->_text($v, $at, ATTACHMENT_STRICT, 1) },
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
    parse     => \&_parse,
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


sub _fault ($self, $error, $at, $reason) {
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
    return $self->_fault($self->_error_at($at), $at, $reason);
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


sub _text ($self, $text, $at, $max, $mrkdwn) {
    $self->_is_string($text, $at) or return;

    $self->_wrong($at, $_) for faults_of_text($text, $mrkdwn);
    push @{ $self->pings }, pings_of_text($text, $self->names);

    if ($self->strict && length $text > $max) {
        $self->_wrong($at, length($text) . " characters, more than $max");
    }

    return;
}


sub _top_text ($self, $text, $at) {
    $self->_text($text, $at, TEXT_MAX, 1);

    return if !$self->_string_p($text);

    my $max = $self->strict ? TEXT_STRICT : TEXT_MAX;

    if (length $text > $max) {
        $self->_fault('msg_too_long', $at, length($text) . " characters, more than $max");
    }

    return;
}


sub _markdown ($self, $text, $at) {
    $self->_is_string($text, $at) or return;

    if (length $text > MARKDOWN_MAX) {
        $self->_fault('msg_too_long', $at,
                      length($text) . ' characters, more than ' . MARKDOWN_MAX);
    }

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

    return if !$self->_string_p($value) || length $value <= ICON_URL_MAX;

    $self->_wrong($at, length($value) . ' characters, more than ' . ICON_URL_MAX);
    return;
}


sub _parse ($self, $value, $at) {
    $self->_is_string($value, $at) or return;

    $self->_wrong($at, 'neither none nor full') if $value !~ m/^(?:none|full)\z/;
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

    $self->_fault('invalid_metadata_format', $at, 'needs event_type and event_payload');
    return;
}


1;
