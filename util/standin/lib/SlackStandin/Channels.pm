package SlackStandin::Channels;

# The channels and direct messages of the stand-in's workspace: which ID has which
# name, which app is a member, and to whom a channel refuses what.

use Mojo::Base -base, -signatures;

use Digest::SHA qw(sha1_hex);
use SlackStandin::Answers qw(channel_errors error_of_channel);

has words   => sub { {} };    # ID → { word of the declaration => 1 }
has names   => sub { {} };    # ID → the first name it had
has ids     => sub { {} };    # name → ID
has members => sub { {} };    # ID → { id of the app => 1 }
has dms     => sub { {} };    # D… → { user, app }

my $ID   = qr/^[CGDUW][A-Z0-9]{2,}\z/;
my $NAME = qr/^#[^\s.,:#\@A-Z]{1,80}\z/;

# there from the start
my @BUILT_IN = (
    'archived:C0ARCHIVED:is_archived',
    'nowhere:C0NOWHERE:channel_not_found',
    'readonly:C0READONLY:restricted_action_read_only_channel',
    'locked:C0LOCKED:edit_window_closed',
    'private:C0PRIVATE:private',
    'insiders:C0INSIDERS:private:member',
);

my $NOBODY = qr/^[UW]0NOBODY\z/;


sub new ($class, @args) {
    my $self = $class->SUPER::new(@args);

    $self->declare($_) for @BUILT_IN;

    return $self;
}


# Declares a channel: "NAME:WORD:WORD…"; what was declared of it is replaced.  Dies
# with what is wrong, for people.
sub declare ($self, $spec) {
    my ($name, @words) = split m/:/, $spec;

    $name = '#' . ($name // '') =~ s/^#//r;
    die "\"$spec\" names no channel; such as channel=dev:private:member\n" if $name !~ $NAME;

    my ($id)  = grep { m/^[CG][A-Z0-9]{2,}\z/ } @words;
    my %known = map { $_ => 1 } qw(private member hidden), channel_errors();

    @words = grep { !defined $id || $_ ne $id } @words;

    for my $word (grep { !$known{$_} } @words) {
        die "unknown word \"$word\" for a channel; there are ", join(', ', sort keys %known),
            " and its ID\n";
    }

    $id //= $self->ids->{$name} // _id_of_name($name);

    $self->ids->{$name}   = $id;
    $self->names->{$id} //= $name;
    $self->words->{$id}   = { map { $_ => 1 } @words };
    delete $self->members->{$id};

    return $id;
}


sub _id_of_name ($name) {
    utf8::encode($name);

    return 'C' . substr uc sha1_hex($name), 0, 10;
}


# The direct messages of USER with APP.
sub dm ($self, $user, $app) {
    my $id = 'D' . substr uc sha1_hex("$user $app"), 0, 10;

    $self->dms->{$id} = { user => $user, app => $app };

    return $id;
}


# Where GIVEN leads: { channel: as people call it, channel_id, by_id }.  Of a member's
# ID it is the direct messages with APP.
sub place ($self, $given, $app) {
    my $by_id = $given =~ $ID ? 1 : 0;

    if ($by_id && $given =~ m/^[UW]/) {
        return { channel => $given, channel_id => $self->dm($given, $app), by_id => 1 };
    }

    if ($by_id) {
        my $dm = $self->dms->{$given};

        return {
            channel    => $dm ? $dm->{user} : $self->names->{$given} // $given,
            channel_id => $given,
            by_id      => 1,
        };
    }

    my $name = $given =~ m/^[#@]/ ? $given : "#$given";

    return { channel => $name, channel_id => $self->ids->{$name} // _id_of_name($name),
             by_id => 0 };
}


# A message has come to a channel by its name, which the ID has from now on.
sub note ($self, $place) {
    $self->names->{ $place->{channel_id} } //= $place->{channel};

    return;
}


sub word ($self, $id, $word) { return $self->words->{$id} && $self->words->{$id}{$word} }


sub private ($self, $id) { return $self->word($id, 'private') || $id =~ m/^G/ }


sub member ($self, $id, $app) {
    return 1 if $self->word($id, 'member') || ($self->members->{$id} // {})->{$app};

    # nobody declared it: the app is in a private channel that its configuration names
    return $id =~ m/^G/ && !$self->words->{$id};
}


sub enter ($self, $id, $app) {
    $self->members->{$id}{$app} = 1;

    return;
}


# The error with which a webhook that obeys "channel" is refused, or undef.
sub refusal_of_webhook ($self, $place) {
    my ($channel, $id) = @$place{qw(channel channel_id)};

    return 'user_not_found' if $channel eq '@nobody' || $channel =~ $NOBODY;
    return 'channel_not_found'
        if !$place->{by_id} && $channel !~ $NAME && $channel !~ m/^\@[^\s,#\@]{1,80}\z/;

    for my $error (keys %{ $self->words->{$id} // {} }) {
        my $said = SlackStandin::Answers::webhook_error($error);

        return $said if defined $said;
    }

    return 'channel_not_found' if $self->private($id) && !$self->member($id, '');
    return undef;
}


# The error and the reason with which a request of TOKEN is refused, or nothing.  KIND
# is root, reply, update, delete or join; the last three take IDs only.
sub refusal ($self, $place, $token, $kind) {
    my ($channel, $id) = @$place{qw(channel channel_id)};
    my $given = $place->{given};

    if ($kind =~ m/^(?:update|delete|join)\z/) {
        return ('channel_not_found', 'takes the ID of a channel, no name and no member')
            if $given !~ m/^[CGD][A-Z0-9]{2,}\z/;
    }

    return $self->_refusal_of_dm($place, $token, $kind) if $id =~ m/^D/;

    if (!$place->{by_id}) {
        return ('team_not_found', 'a token of an organisation takes no names') if $token->org;
        return ('channel_not_found', 'no name of a channel') if $channel !~ $NAME;
        return ('channel_not_found', 'a private channel is reached by its ID')
            if $self->private($id);
    }

    my $member = $self->member($id, $token->id);

    return ('channel_not_found', '') if $self->word($id, 'hidden') && !$member;

    my $error = error_of_channel($kind, keys %{ $self->words->{$id} // {} });

    return ('is_inactive', '') if $kind eq 'update' && $self->word($id, 'is_archived');
    return ($error, '') if defined $error;

    if ($kind eq 'join') {
        return ('method_not_supported_for_channel_type', 'not a public channel')
            if $self->private($id);
        return;
    }

    return if $member || $kind =~ m/^(?:update|delete)\z/;

    return ('not_in_channel', 'private, and not invited') if $self->private($id);
    return ('not_in_channel', 'no member, and no scope chat:write.public')
        if !$token->has_scope('chat:write.public');

    return;
}


sub _refusal_of_dm ($self, $place, $token, $kind) {
    my $dm = $self->dms->{ $place->{channel_id} };

    return ('method_not_supported_for_channel_type', 'direct messages') if $kind eq 'join';

    return ('channel_not_found', 'no direct messages of this app')
        if !$dm || $dm->{app} ne $token->id;
    return ('channel_not_found', 'the app may not write to this member')
        if $dm->{user} =~ $NOBODY;

    return;
}


1;
