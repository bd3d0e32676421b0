package SlackStandin::Judge;

# Judges one message as strictly as Slack's documentation allows.  Every rule names
# the error Slack would answer; what the documentation leaves open is refused, so
# that a sender passing here is understood by every kind of Slack.

use Mojo::Base -base, -signatures;

use B ();
use SlackStandin::Text qw(faults_of_text pings_of_text excerpt);

has api    => 0;
has strict => 1;
has faults => sub { [] };
has pings  => sub { [] };
has names  => 0;

use constant {
    TEXT_MAX            => 40_000,    # Slack cuts here
    TEXT_STRICT         => 4_000,     # Slack's advice
    ATTACHMENT_STRICT   => 8_000,
    ATTACHMENTS_MAX     => 100,
    FIELDS_MAX          => 20,        # ours: the documentation names no number
    FIELD_VALUE_MAX     => 2_000,
    TITLE_MAX           => 1_024,
    FOOTER_MAX          => 300,
    ICON_URL_MAX        => 255,
    BLOCKS_MAX          => 50,
    BLOCKS_TEXT_MAX     => 13_200,
    MARKDOWN_MAX        => 12_000,
};

my %COMMON = (
    text         => 'text',
    attachments  => 'array',
    blocks       => 'array',
    channel      => 'string',
    username     => 'name',
    icon_emoji   => 'emoji',
    icon_url     => 'icon',
    mrkdwn       => 'boolean',
    unfurl_links => 'boolean',
    unfurl_media => 'boolean',
    link_names   => 'switch',
    parse        => 'parse',
    thread_ts    => 'timestamp',
    reply_broadcast => 'boolean',
);

my %MESSAGE = (
    webhook => { %COMMON },
    post    => { %COMMON, metadata => 'metadata', markdown_text => 'markdown' },
    update  => {
        (map { $_ => $COMMON{$_} }
             qw(text attachments blocks channel link_names parse reply_broadcast)),
        metadata      => 'metadata',
        markdown_text => 'markdown',
        ts            => 'timestamp',
    },
);

my %ATTACHMENT = (
    fallback       => 'plain',
    color          => 'color',
    pretext        => 'mrkdwn',
    author_name    => 'plain',
    author_subname => 'plain',
    author_link    => 'url',
    author_icon    => 'url',
    title          => 'title',
    title_link     => 'url',
    text           => 'body',
    fields         => 'fields',
    image_url      => 'url',
    thumb_url      => 'url',
    footer         => 'footer',
    footer_icon    => 'url',
    ts             => 'seconds',
    mrkdwn_in      => 'mrkdwn_in',
    callback_id    => 'string',
    actions        => 'array',
    blocks         => 'array',
);

my %FIELD = (title => 'plain', value => 'value', short => 'boolean');

# Text objects of each kind of block: key, longest text, plain_text only.
my %BLOCK = (
    section => { keys => [qw(text fields accessory expand)], text => [3_000, 0] },
    header  => { keys => [qw(text)],                         text => [150, 1] },
    context => { keys => [qw(elements)], elements => 10 },
    actions => { keys => [qw(elements)], elements => 25 },
    divider => { keys => [] },
    image   => { keys => [qw(image_url alt_text title)] },
    markdown  => { keys => [qw(text)] },
    rich_text => { keys => [qw(elements)] },
);

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
    fields    => \&_fields,
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


# Judges MESSAGE ("webhook", "post" or "update").  Afterwards faults() lists what is
# wrong, each as { error, at, reason }, and pings() whom the message would notify.
sub judge ($self, $message, $form) {
    return $self->_fault($self->_payload_error, '', 'not an object')
        if ref $message ne 'HASH';

    $self->names(1) if $message->{link_names} || ($message->{parse} // '') eq 'full';

    $self->_keys($message, $MESSAGE{$form}, '', $self->_payload_error);

    my $attachments = $message->{attachments};
    my $blocks      = $message->{blocks};

    $self->_attachments($attachments)     if ref $attachments eq 'ARRAY';
    $self->_blocks($blocks, '/blocks')    if ref $blocks eq 'ARRAY';
    $self->_something($message)           if $form ne 'update';

    return $self;
}


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


sub _keys ($self, $object, $known, $at, $error) {
    for my $key (sort keys %$object) {
        my $where = "$at/$key";

        if (!exists $known->{$key}) {
            $self->_fault($error, $where, 'unknown key');
            next;
        }

        $KIND{ $known->{$key} }->($self, $object->{$key}, $where);
    }

    return;
}


# no_text: Slack wants text, an attachment or a block.
sub _something ($self, $message) {
    return if ($message->{text} // '') =~ m/\S/;
    return if ($message->{markdown_text} // '') =~ m/\S/;

    for my $key (qw(attachments blocks)) {
        return if ref $message->{$key} eq 'ARRAY' && @{ $message->{$key} };
        return if exists $message->{$key} && ref $message->{$key} ne 'ARRAY';
    }

    return if exists $message->{text} && !_string_p($message->{text});

    $self->_fault('no_text', '', 'neither text nor attachments nor blocks');
    return;
}


sub _attachments ($self, $attachments) {
    if (@$attachments > ATTACHMENTS_MAX) {
        $self->_fault('too_many_attachments', '/attachments',
                      @$attachments . ' attachments, Slack takes ' . ATTACHMENTS_MAX);
        return;
    }

    for my $i (0 .. $#$attachments) {
        my $attachment = $attachments->[$i];
        my $at         = "/attachments/$i";

        if (ref $attachment ne 'HASH') {
            $self->_wrong($at, 'not an object');
            next;
        }

        $self->_keys($attachment, \%ATTACHMENT, $at, 'invalid_attachments');

        my $blocks = $attachment->{blocks};

        if (ref $blocks eq 'ARRAY' && @$blocks) {
            $self->_blocks($blocks, "$at/blocks");
            next;
        }

        next if grep { ($attachment->{$_} // '') =~ m/\S/ } qw(fallback text);

        $self->_wrong($at, 'needs fallback or text');
    }

    return;
}


sub _fields ($self, $fields, $at) {
    $self->_is_array($fields, $at) or return;

    if (@$fields > FIELDS_MAX) {
        $self->_wrong($at, @$fields . ' fields, more than ' . FIELDS_MAX);
    }

    for my $i (0 .. $#$fields) {
        my $field = $fields->[$i];

        if (ref $field ne 'HASH') {
            $self->_wrong("$at/$i", 'not an object');
            next;
        }

        $self->_keys($field, \%FIELD, "$at/$i", 'invalid_attachments');

        if (!grep { ($field->{$_} // '') ne '' } qw(title value)) {
            $self->_wrong("$at/$i", 'needs title or value');
        }
    }

    return;
}


sub _string_p ($value) {
    return 0 if ref $value || !defined $value;

    # a number that was never a string has no POK
    return (B::svref_2object(\$value)->FLAGS & B::SVf_POK) ? 1 : 0;
}


sub _is_string ($self, $value, $at) {
    return 1 if _string_p($value);

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

    return if !_string_p($text);

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
    return if _string_p($value) && $said =~ m/^[0-9]+\.[0-9]+\z/;

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

    return if !_string_p($value) || length $value <= ICON_URL_MAX;

    $self->_wrong($at, length($value) . ' characters, more than ' . ICON_URL_MAX);
    return;
}


sub _parse ($self, $value, $at) {
    $self->_is_string($value, $at) or return;

    $self->_wrong($at, 'neither none nor full') if $value !~ m/^(?:none|full)\z/;
    return;
}


sub _timestamp ($self, $value, $at) {
    return if _string_p($value) && $value =~ m/^[0-9]{10}\.[0-9]{6}\z/;

    $self->_wrong($at, 'not the ts of a message, a string such as "1503435956.000247"');
    return;
}


sub _metadata ($self, $value, $at) {
    return if ref $value eq 'HASH'
              && _string_p($value->{event_type})
              && ref $value->{event_payload} eq 'HASH'
              && keys %$value == 2;

    $self->_fault('invalid_metadata_format', $at, 'needs event_type and event_payload');
    return;
}


sub _blocks ($self, $blocks, $at) {
    my $sum = 0;

    if (@$blocks > BLOCKS_MAX) {
        $self->_fault('invalid_blocks', $at,
                      @$blocks . ' blocks, more than ' . BLOCKS_MAX);
        return;
    }

    for my $i (0 .. $#$blocks) {
        $sum += $self->_block($blocks->[$i], "$at/$i");
    }

    if ($sum > BLOCKS_TEXT_MAX) {
        $self->_fault('msg_blocks_too_long', $at,
                      "$sum characters, more than " . BLOCKS_TEXT_MAX);
    }

    return;
}


# Judges one block and returns the length of its texts.
sub _block ($self, $block, $at) {
    if (ref $block ne 'HASH') {
        $self->_fault('invalid_blocks_format', $at, 'not an object');
        return 0;
    }

    my $type = $block->{type} // '';
    my $rule = $BLOCK{$type};

    if (!$rule) {
        $self->_fault('invalid_blocks', "$at/type", 'unknown type of block');
        return 0;
    }

    my %known = map { $_ => 1 } @{ $rule->{keys} }, qw(type block_id);

    for my $key (grep { !$known{$_} } sort keys %$block) {
        $self->_fault('invalid_blocks', "$at/$key", 'unknown key');
    }

    my $sum = 0;

    if ($rule->{text} && exists $block->{text}) {
        $sum += $self->_text_object($block->{text}, "$at/text", @{ $rule->{text} });
    }

    if ($type eq 'section') {
        my $fields = $block->{fields};

        if (!exists $block->{text} && ref $fields ne 'ARRAY') {
            $self->_fault('invalid_blocks', $at, 'needs text or fields');
        }

        if (ref $fields eq 'ARRAY') {
            $self->_fault('invalid_blocks', "$at/fields", 'more than 10 fields')
                if @$fields > 10;
            $sum += $self->_text_object($fields->[$_], "$at/fields/$_", 2_000, 0)
                for 0 .. $#$fields;
        }
    }

    elsif ($type eq 'header' && !exists $block->{text}) {
        $self->_fault('invalid_blocks', $at, 'needs text');
    }

    elsif ($type eq 'image') {
        $self->_fault('invalid_blocks', $at, 'needs image_url and alt_text')
            if grep { !_string_p($block->{$_}) } qw(image_url alt_text);
    }

    elsif ($type eq 'markdown') {
        $self->_markdown($block->{text}, "$at/text");
        $sum += length($block->{text} // '');
    }

    elsif ($rule->{elements}) {
        $sum += $self->_elements($block->{elements}, "$at/elements", $rule->{elements});
    }

    return $sum;
}


sub _elements ($self, $elements, $at, $max) {
    if (ref $elements ne 'ARRAY' || !@$elements || @$elements > $max) {
        $self->_fault('invalid_blocks', $at, "needs 1 to $max elements");
        return 0;
    }

    my $sum = 0;

    for my $i (0 .. $#$elements) {
        my $element = $elements->[$i];
        my $type    = ref $element eq 'HASH' ? $element->{type} // '' : '';

        if ($type =~ m/^(?:mrkdwn|plain_text)\z/) {
            $sum += $self->_text_object($element, "$at/$i", 2_000, 0);
        }

        elsif ($type eq 'button') {
            $sum += $self->_text_object($element->{text}, "$at/$i/text", 75, 1);
            $self->_url($element->{url}, "$at/$i/url") if exists $element->{url};
        }

        elsif ($type ne 'image') {
            $self->_fault('invalid_blocks', "$at/$i", 'unknown type of element');
        }
    }

    return $sum;
}


sub _text_object ($self, $object, $at, $max, $plain) {
    my $type = ref $object eq 'HASH' ? $object->{type} // '' : '';

    if ($type !~ m/^(?:mrkdwn|plain_text)\z/ || !_string_p($object->{text})) {
        $self->_fault('invalid_blocks', $at, 'not a text object');
        return 0;
    }

    my $text   = $object->{text};
    my $length = length $text;

    $self->_fault('invalid_blocks', $at, 'must be plain_text') if $plain && $type eq 'mrkdwn';
    $self->_fault('invalid_blocks', $at, 'must be more than 0 characters') if !$length;
    $self->_fault('invalid_blocks', $at, "must be less than @{[$max + 1]} characters")
        if $length > $max;

    if ($type eq 'mrkdwn') {
        $self->_fault('invalid_blocks', $at, $_) for faults_of_text($text, 1);
        push @{ $self->pings }, pings_of_text($text, $self->names);
    }

    return $length;
}


1;
