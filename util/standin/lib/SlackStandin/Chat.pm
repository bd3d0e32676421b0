package SlackStandin::Chat;

# The methods chat.postMessage, chat.update and chat.delete.  Each returns the data of
# its answer, or a refusal.

use Mojo::Base -strict, -signatures;

use Exporter qw(import);

use SlackStandin::Judge;
use SlackStandin::Request qw(refuse);

our @EXPORT_OK = qw(chat_post chat_update chat_delete);

use constant {
    TEXT_MAX => 40_000,    # what is longer Slack cuts
    PART_MAX => 4_000,     # what is longer Slack splits
};


sub chat_post ($app, $c, $in) {
    my ($payload, $place, $token) = @$in{qw(payload place token)};
    my ($refusal, $pings) = _judged($app, $in, 'post');

    return $refusal if $refusal;
    return refuse($in, 'invalid_arguments', 'no channel') if !$place;

    my $customised = grep { exists $payload->{$_} } qw(username icon_emoji icon_url);

    return refuse($in, 'missing_scope', '', needed => 'chat:write.customize')
        if $customised && !$token->has_scope('chat:write.customize');

    my $threaded = defined $payload->{thread_ts};
    my ($error, $why) = $app->channels->refusal($place, $token, $threaded ? 'reply' : 'root');

    return refuse($in, $error, $why) if defined $error;

    my $more = $in->{request}{early} ? { early => $in->{request}{early} } : {};

    # a message under another name is Slackbot's, if it goes to a member
    if ($customised && $place->{given} =~ m/^[UW]/) {
        $place = { %$place, channel_id => $app->channels->dm($place->{given}, 'Slackbot') };
        $more->{slackbot} = Mojo::JSON->true;
    }

    my $uuid = _uuid($app, $in, $place);

    if (defined $uuid && (my $first = $app->store->by_uuid->{$uuid})) {
        return refuse($in, 'duplicate_message_not_found') if $first->{deleted};

        $in->{request}{duplicate} = $first->{n};
        return +{ _posted($in, $first), is_duplicate => Mojo::JSON->true };
    }

    if ($threaded) {
        my $parent = $app->store->message($place->{channel_id}, $payload->{thread_ts});

        return refuse($in, 'cannot_reply_to_message', 'thread_ts is no message of this channel')
            if !$parent;
        return refuse($in, 'cannot_reply_to_message', 'thread_ts is itself a reply')
            if defined $parent->{payload}{thread_ts} && !$parent->{unthreaded};

        # nobody is told when the parent is gone; one with replies leaves its place
        if   ($parent->{deleted} && !$parent->{replies}) { $more->{unthreaded} = Mojo::JSON->true }
        else                                             { $app->store->add_reply($parent) }
    }

    my ($first, @more) = _record_parts($app, $c, $in, $place, $pings, $more);

    $app->store->by_uuid->{$uuid} = $first if defined $uuid;
    @{ $in->{request} }{qw(message record)} = ($first->{n}, $first);
    $in->{request}{more} = \@more if @more;

    return +{ _posted($in, $first) };
}


# What tells a retry from a new message, if it was given and counts.
sub _uuid ($app, $in, $place) {
    my $uuid = $in->{payload}{client_msg_id};

    return undef if !defined $uuid || !$app->duplicates;
    return join ' ', $place->{channel_id}, $in->{token}->id, lc $uuid;
}


# Records the message, or several when its text is long, and returns the records.
sub _record_parts ($app, $c, $in, $place, $pings, $more) {
    my %payload = %{ $in->{payload} };
    my $text    = substr $payload{text} // '', 0, TEXT_MAX;
    my $now     = $in->{request}{time};
    my @parts   = unpack '(a' . PART_MAX . ')*', $text;
    my @records;

    @parts = ($text) if @parts < 2;

    for my $i (0 .. $#parts) {
        my %part = %payload;

        if (@parts > 1) {
            $part{text} = $parts[$i];
            delete @part{qw(attachments blocks)} if $i < $#parts;
        }

        $app->channels->note($place);

        my %record = (
            time         => $now,
            via          => 'api',
            team         => $in->{team},
            bid          => $in->{bid},
            channel      => $place->{channel},
            channel_id   => $place->{channel_id},
            ts           => $app->store->new_ts($now, $place->{channel_id}),
            payload      => \%part,
            pings        => $i ? [] : [@$pings],
            content_type => $c->req->headers->content_type // '',
            user_agent   => $c->req->headers->user_agent // '',
            owner        => $in->{token}->id,
            %$more,
        );

        my $icon = $part{icon_emoji} // $part{icon_url};

        $record{username} = $part{username} if defined $part{username};
        $record{icon}     = $icon           if defined $icon;
        $record{part}     = $i + 1          if @parts > 1;

        push @records, $app->store->add_message(\%record);
    }

    return @records;
}


sub _posted ($in, $record) {
    return (
        channel => $record->{channel_id},
        ts      => $record->{ts},
        message => _message($in, $record),
    );
}


# A message as Slack's answers show it: not quite as it was sent.
sub _message ($in, $record) {
    my $payload = $record->{payload};
    my %message = (
        type   => 'message',
        user   => $in->{token}->user,
        bot_id => $record->{bid},
        app_id => $in->{token}->app,
        team   => $record->{team},
        ts     => $record->{ts},
        text   => $payload->{text} // '',
    );

    for my $key (qw(blocks metadata username)) {
        $message{$key} = $payload->{$key} if defined $payload->{$key};
    }

    $message{subtype} = 'bot_message' if defined $record->{username} || defined $record->{icon};
    $message{thread_ts} = $payload->{thread_ts}
        if defined $payload->{thread_ts} && !$record->{unthreaded};

    $message{edited} = { user => $in->{token}->user, ts => $record->{edited} }
        if defined $record->{edited};

    if (my $attachments = $payload->{attachments}) {
        $message{attachments} = [ map { { %{ $attachments->[$_] }, id => $_ + 1 } } 0 .. $#$attachments ];
    }

    return \%message;
}


sub chat_update ($app, $c, $in) {
    my ($payload, $place, $token) = @$in{qw(payload place token)};
    my ($refusal, $pings) = _judged($app, $in, 'update');

    return $refusal if $refusal;

    ($refusal, my $record) = _own_message($app, $in, 'update', 'cant_update_message');

    return $refusal if $refusal;

    if ($payload->{reply_broadcast}) {
        return refuse($in, 'cant_broadcast_message', 'not a reply')
            if !defined $record->{payload}{thread_ts};
        return refuse($in, 'no_dual_broadcast_content_update', 'broadcast and new content together')
            if grep { exists $payload->{$_} } qw(text attachments blocks);
    }

    my %new = %$payload;

    delete @new{qw(channel ts)};

    my $judge = SlackStandin::Judge->new(api => 1);

    $judge->something({ %{ $record->{payload} }, %new });

    return refuse($in, $judge->error, 'nothing would be left of the message') if $judge->error;

    $record->{pings} = [ @{ $record->{pings} }, @$pings ];
    $record->{early} = $in->{request}{early} if $in->{request}{early};
    $app->store->edit_message($record, \%new,
                              $app->store->new_ts($in->{request}{time}, $record->{channel_id}));

    @{ $in->{request} }{qw(message record)} = ($record->{n}, $record);

    return +{ _posted($in, $record), text => $record->{payload}{text} // '' };
}


sub chat_delete ($app, $c, $in) {
    for my $key (sort keys %{ $in->{payload} }) {
        return refuse($in, 'invalid_arguments', "/$key: unknown key") if $key !~ m/^(?:channel|ts)\z/;
    }

    my ($refusal, $record) = _own_message($app, $in, 'delete', 'cant_delete_message');

    return $refusal if $refusal;
    return refuse($in, 'cant_delete_message', 'posted under another name')
        if defined $record->{username} || defined $record->{icon};

    $app->store->delete_message($record);
    @{ $in->{request} }{qw(message record)} = ($record->{n}, $record);

    return { channel => $record->{channel_id}, ts => $record->{ts} };
}


# ---- what they share ----

# A refusal, or undef and whom the message would notify.
sub _judged ($app, $in, $form) {
    my $judge = SlackStandin::Judge->new(api => 1, strict => $app->strict);

    $judge->judge($in->{payload}, $form);

    return (undef, $judge->pings) if !defined $judge->error;

    return refuse($in, $judge->error, $judge->why, messages => $judge->messages);
}


# A refusal, or undef and the message of this app that a request of KIND (update or
# delete) names; OTHERS is the error for the message of another.
sub _own_message ($app, $in, $kind, $others) {
    my ($payload, $place, $token) = @$in{qw(payload place token)};

    return refuse($in, 'invalid_arguments', 'no channel') if !$place;
    return refuse($in, 'invalid_arguments', 'no ts')      if !defined $payload->{ts};

    my ($error, $why) = $app->channels->refusal($place, $token, $kind);

    return refuse($in, $error, $why) if defined $error;

    my $record = $app->store->alive($place->{channel_id}, "$payload->{ts}");

    return refuse($in, 'message_not_found', 'no message with this ts in this channel') if !$record;
    return refuse($in, $others, 'the message of somebody else')
        if ($record->{owner} // '') ne $token->id;

    return (undef, $record);
}


1;
