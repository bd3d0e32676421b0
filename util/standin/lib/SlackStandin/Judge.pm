package SlackStandin::Judge;

# Judges one message as strictly as Slack's documentation allows.  Every rule names
# the error Slack would answer; what the documentation leaves open is refused, so
# that a sender passing here is understood by every kind of Slack.

use Mojo::Base 'SlackStandin::Values', -signatures;

use SlackStandin::Text qw(faults_of_text);

use constant {
    FIELDS_MAX          => 20,        # ours: the documentation names no number
    BLOCKS_MAX          => 50,
    BLOCKS_TEXT_MAX     => 13_200,
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

# A webhook that another chat takes as Slack's has only what that one understands.
my %RECEIVER = map { $_ => $COMMON{$_} } grep { !m/^(?:blocks|thread_ts|reply_broadcast)\z/ }
               keys %COMMON;

my %MESSAGE = (
    webhook  => { %COMMON },
    receiver => \%RECEIVER,
    discord  => { map { $_ => $RECEIVER{$_} } grep { $_ ne 'channel' } keys %RECEIVER },
    post     => {
        %COMMON,
        text          => 'post_text',
        metadata      => 'metadata',
        markdown_text => 'markdown',
        client_msg_id => 'uuid',
    },
    update   => {
        (map { $_ => $COMMON{$_} } qw(attachments blocks channel link_names reply_broadcast)),
        text          => 'update_text',
        parse         => 'update_parse',
        metadata      => 'metadata',
        markdown_text => 'markdown',
        ts            => 'timestamp',
    },
);

my %ATTACHMENT = (
    fallback       => 'plain',
    color          => 'color',
    pretext        => 'pretext',
    author_name    => 'author',
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

my %FIELD = (title => 'field_title', value => 'value', short => 'boolean');

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

my %KIND = (SlackStandin::Values->kinds, fields => \&_fields);


# Judges MESSAGE as FORM: webhook, receiver, discord, post or update.  Afterwards faults() lists what is
# wrong, each as { error, at, reason }, and pings() whom the message would notify.
sub judge ($self, $message, $form) {
    return $self->add_fault($self->_payload_error, '', 'not an object')
        if ref $message ne 'HASH';

    $self->names(1) if $message->{link_names} || ($message->{parse} // '') eq 'full';

    $self->_keys($message, $MESSAGE{$form}, '', $self->_payload_error);

    my $attachments = $message->{attachments};
    my $blocks      = $message->{blocks};

    $self->_attachments($attachments)     if ref $attachments eq 'ARRAY';
    $self->_blocks($blocks, '/blocks')    if ref $blocks eq 'ARRAY';
    $self->something($message)            if $form ne 'update';

    if (defined $message->{markdown_text} && grep { defined $message->{$_} } qw(text blocks)) {
        $self->add_fault('markdown_text_conflict', '', 'markdown_text beside text or blocks');
    }

    return $self;
}


sub _keys ($self, $object, $known, $at, $error) {
    for my $key (sort keys %$object) {
        my $where = "$at/$key";

        if (!exists $known->{$key}) {
            $self->add_fault($error, $where, 'unknown key');
            next;
        }

        $KIND{ $known->{$key} }->($self, $object->{$key}, $where);
    }

    return;
}


# no_text: Slack wants text, an attachment or a block.
sub something ($self, $message) {
    return if ($message->{text} // '') =~ m/\S/;
    return if ($message->{markdown_text} // '') =~ m/\S/;

    for my $key (qw(attachments blocks)) {
        return if ref $message->{$key} eq 'ARRAY' && @{ $message->{$key} };
        return if exists $message->{$key} && ref $message->{$key} ne 'ARRAY';
    }

    return if exists $message->{text} && !$self->_string_p($message->{text});

    $self->add_fault('no_text', '', 'neither text nor attachments nor blocks');
    return;
}


sub _attachments ($self, $attachments) {
    my $max = $self->limit('attachments');

    if (@$attachments > $max) {
        $self->add_fault('too_many_attachments', '/attachments',
                      @$attachments . " attachments, more than $max");
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


sub _blocks ($self, $blocks, $at) {
    my $sum = 0;

    if (@$blocks > BLOCKS_MAX) {
        $self->add_fault('invalid_blocks', $at,
                      @$blocks . ' blocks, more than ' . BLOCKS_MAX);
        return;
    }

    for my $i (0 .. $#$blocks) {
        $sum += $self->_block($blocks->[$i], "$at/$i");
    }

    if ($sum > BLOCKS_TEXT_MAX) {
        $self->add_fault('msg_blocks_too_long', $at,
                      "$sum characters, more than " . BLOCKS_TEXT_MAX);
    }

    return;
}


# Judges one block and returns the length of its texts.
sub _block ($self, $block, $at) {
    if (ref $block ne 'HASH') {
        $self->add_fault('invalid_blocks_format', $at, 'not an object');
        return 0;
    }

    my $type = $block->{type} // '';
    my $rule = $BLOCK{$type};

    if (!$rule) {
        $self->add_fault('invalid_blocks', "$at/type", 'unknown type of block');
        return 0;
    }

    my %known = map { $_ => 1 } @{ $rule->{keys} }, qw(type block_id);

    for my $key (grep { !$known{$_} } sort keys %$block) {
        $self->add_fault('invalid_blocks', "$at/$key", 'unknown key');
    }

    my $sum = 0;

    if ($rule->{text} && exists $block->{text}) {
        $sum += $self->_text_object($block->{text}, "$at/text", @{ $rule->{text} });
    }

    if ($type eq 'section') {
        my $fields = $block->{fields};

        if (!exists $block->{text} && ref $fields ne 'ARRAY') {
            $self->add_fault('invalid_blocks', $at, 'needs text or fields');
        }

        if (ref $fields eq 'ARRAY') {
            $self->add_fault('invalid_blocks', "$at/fields", 'more than 10 fields')
                if @$fields > 10;
            $sum += $self->_text_object($fields->[$_], "$at/fields/$_", 2_000, 0)
                for 0 .. $#$fields;
        }
    }

    elsif ($type eq 'header' && !exists $block->{text}) {
        $self->add_fault('invalid_blocks', $at, 'needs text');
    }

    elsif ($type eq 'image') {
        $self->add_fault('invalid_blocks', $at, 'needs image_url and alt_text')
            if grep { !$self->_string_p($block->{$_}) } qw(image_url alt_text);
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
        $self->add_fault('invalid_blocks', $at, "needs 1 to $max elements");
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
            $self->add_fault('invalid_blocks', "$at/$i", 'unknown type of element');
        }
    }

    return $sum;
}


sub _text_object ($self, $object, $at, $max, $plain) {
    my $type = ref $object eq 'HASH' ? $object->{type} // '' : '';

    if ($type !~ m/^(?:mrkdwn|plain_text)\z/ || !$self->_string_p($object->{text})) {
        $self->add_fault('invalid_blocks', $at, 'not a text object');
        return 0;
    }

    my $text   = $object->{text};
    my $length = length $text;

    $self->add_fault('invalid_blocks', $at, 'must be plain_text') if $plain && $type eq 'mrkdwn';
    $self->add_fault('invalid_blocks', $at, 'must be more than 0 characters') if !$length;
    $self->add_fault('invalid_blocks', $at, "must be less than @{[$max + 1]} characters")
        if $length > $max;

    if ($type eq 'mrkdwn') {
        $self->add_fault('invalid_blocks', $at, $_) for faults_of_text($text, 1);
        push @{ $self->pings }, $self->rings->($text, $self->names, $at);
    }

    return $length;
}


1;
