package SlackStandin::Store;

# What came in: every request, and the messages among them that were accepted.
# Writes both as JSON and as plain text, and tells who waits for more.

use Mojo::Base -base, -signatures;

use Mojo::JSON qw(encode_json);

has messages => sub { [] };
has requests => sub { [] };
has edits    => 0;
has by_ts    => sub { {} };
has watchers => sub { {} };
has last_ts  => sub { {} };    # channel ID → [seconds, digits]
has by_uuid  => sub { {} };    # "channel ID, app, client_msg_id" → record


# A new ts as Slack makes them: seconds, six digits, later than the last of the same
# channel.  Two channels have the same one when both got a message in one second, and
# through a float each loses its tail.
sub new_ts ($self, $time, $channel_id) {
    my $last = $self->last_ts->{$channel_id} //= [0, 0];

    if ($time >= $last->[0] + 1) {
        @$last = (int $time, 0);
    }

    $last->[1] += 10;
    @$last = ($last->[0] + 1, 10) if $last->[1] > 999_990;

    return sprintf '%d.%06d', @$last;
}


sub add_message ($self, $record) {
    push @{ $self->messages }, $record;

    $record->{n} = @{ $self->messages };
    $self->by_ts->{"$record->{channel_id} $record->{ts}"} = $record;

    return $record;
}


sub message ($self, $channel_id, $ts) { return $self->by_ts->{"$channel_id $ts"} }


# A message that is still there.
sub alive ($self, $channel_id, $ts) {
    my $record = $self->message($channel_id, $ts);

    return $record && !$record->{deleted} ? $record : undef;
}


sub edit_message ($self, $record, $payload, $ts) {
    $record->{payload} = { %{ $record->{payload} }, %$payload };
    $record->{edited}  = $ts;
    push @{ $record->{updates} }, $payload;
    delete $record->{json};

    $self->edits($self->edits + 1);

    return $record;
}


sub add_reply ($self, $parent) {
    $parent->{replies}++;
    delete $parent->{json};

    return;
}


# The record stays, as that of a message that was deleted.
sub delete_message ($self, $record) {
    $record->{deleted} = Mojo::JSON->true;
    delete $record->{json};

    return $record;
}


sub add_request ($self, $request) {
    push @{ $self->requests }, $request;

    $request->{n} = @{ $self->requests };
    $_->($request) for values %{ $self->watchers };

    return $request;
}


# Tells those who watch that the message of RECORD is another one now.
sub touch ($self, $record) {
    my ($request) = grep { ($_->{message} // 0) == $record->{n} } @{ $self->requests } or return;

    $_->($request) for values %{ $self->watchers };

    return;
}


# The requests of METHOD, or all when that is undefined.
sub requests_of ($self, $method) {
    return defined $method ? grep { ($_->{method} // '') eq $method } @{ $self->requests }
                           : @{ $self->requests };
}


# CB is called with each request that comes, and with undef when all is forgotten.
sub watch ($self, $cb) {
    $self->watchers->{$cb} = $cb;

    return $cb;
}


sub unwatch ($self, $cb) {
    delete $self->watchers->{$cb};

    return;
}


sub clear ($self) {
    $self->messages([])->requests([])->by_ts({})->by_uuid({})->edits(0);
    $_->(undef) for values %{ $self->watchers };

    return;
}


# The hidden parts of a record are those kept for ourselves.
sub _json ($record, @hidden) {
    my %shown = %$record;

    delete @shown{ 'json', @hidden };

    # the encoder writes every / as \/, which nobody wants to write in a test
    return encode_json(\%shown) =~ s{\\(.)}{$1 eq '/' ? '/' : "\\$1"}egr;
}


sub messages_json ($self, $ = undef) {
    return '[' . join(",\n", map { $_->{json} //= _json($_, 'owner') } @{ $self->messages }) . "]\n";
}


sub requests_json ($self, $method = undef) {
    return '[' . join(",\n", map { _json($_, qw(payload record more)) } $self->requests_of($method))
           . "]\n";
}


sub requests_text ($self, $method = undef) {
    my $text = '';

    for my $request ($self->requests_of($method)) {
        my @said = map { $request->{$_} // '-' } qw(status error channel);

        push @said, $request->{why} if ($request->{why} // '') ne '';
        $text .= join(' ', map { _line($_) } @said) . "\n";
    }

    return $text;
}


sub messages_text ($self, $ = undef) {
    return join "\n", map { $self->_message_text($_) } @{ $self->messages };
}


# One line of a value: breaks and what cannot be seen are written out.
sub _line ($value) {
    return ref $value eq 'JSON::PP::Boolean' ? ($value ? 'true' : 'false') : ''
        if ref $value;

    $value =~ s/\n/\\n/g;
    $value =~ s/\r/\\r/g;
    $value =~ s/\t/\\t/g;
    $value =~ s/([\p{Cc}\p{Cf}\x{2028}\x{2029}])/sprintf '\\x{%X}', ord $1/eg;

    return $value;
}


sub _message_text ($self, $record) {
    my $payload = $record->{payload};
    my $head    = $record->{channel};

    $head .= " as $record->{username}" if defined $record->{username};
    $head .= " icon $record->{icon}"   if defined $record->{icon};
    $head .= ' (edited)'               if defined $record->{edited};
    $head .= ' (deleted)'              if $record->{deleted};
    $head .= ' (Slackbot)'             if $record->{slackbot};
    $head .= ' (not in the thread)'    if $record->{unthreaded};
    $head .= " (part $record->{part})" if $record->{part};
    $head .= ' (early)'                if $record->{early};

    my @lines = (_line($head));

    if (defined $payload->{thread_ts}) {
        my $parent = $self->message($record->{channel_id}, $payload->{thread_ts});

        push @lines, 'thread: ' . ($parent ? "message $parent->{n}" : $payload->{thread_ts});
    }

    for my $key (qw(text markdown_text)) {
        push @lines, "$key: " . _line($payload->{$key}) if ($payload->{$key} // '') ne '';
    }

    push @lines, map { _block_line($_) } @{ $payload->{blocks} // [] };
    push @lines, map { _attachment_lines($_) } @{ $payload->{attachments} // [] };

    return join '', map { "$_\n" } @lines;
}


sub _attachment_lines ($attachment) {
    my $a     = $attachment;
    my $first = '[' . _line($a->{color} // '') . ']';

    $first .= ' pretext: ' . _line($a->{pretext}) if defined $a->{pretext};

    my @lines;

    for my $pair ([qw(title title title_link)], [qw(author author_name author_link)]) {
        my ($word, $key, $link) = @$pair;

        next if !defined $a->{$key};
        push @lines, "$word: " . _line($a->{$key})
                     . (defined $a->{$link} ? ' -> ' . _line($a->{$link}) : '');
    }

    push @lines, 'text: ' . _line($a->{text}) if defined $a->{text};
    push @lines, map { _block_line($_) } @{ $a->{blocks} // [] };

    for my $field (@{ $a->{fields} // [] }) {
        push @lines, 'field: ' . _line($field->{title} // '') . ' = '
                     . _line($field->{value} // '') . ($field->{short} ? ' (short)' : '');
    }

    for my $pair ([qw(image image_url)], [qw(thumb thumb_url)], [qw(footer footer)],
                  [qw(ts ts)], [qw(fallback fallback)]) {
        my ($word, $key) = @$pair;

        push @lines, "$word: " . _line($a->{$key}) if defined $a->{$key};
    }

    return ($first, map { "  $_" } @lines);
}


sub _block_line ($block) {
    my @texts = grep { ref eq 'HASH' } $block->{text}, @{ $block->{fields} // [] },
                                       @{ $block->{elements} // [] };
    my @said  = map { ref $_->{text} eq 'HASH' ? $_->{text}{text} : $_->{text} } @texts;

    unshift @said, $block->{text} if defined $block->{text} && !ref $block->{text};

    return "block $block->{type}" . (@said ? ": " : "") . join " | ", map { _line($_ // "") } @said;
}


1;
