package ThreadModel;

# What Slack must show of a sequence of events when threads are configured: the
# rules of threads, written down once more in as few words as possible, so that
# the module can be held against them.  Told in the POD below.

use strict;
use warnings;

# what a filter of this name refuses still changes a root that is known
my %Soft = map { $_ => 1 } qw(events action pipelines labels);

# how long a state older than the end of a thread is known as such
my $TOMBSTONE = 3600;


sub new {
    my ($class, @routes) = @_;

    my $self = bless { now => 1, routes => [], threads => {}, waiting => [], dead => [],
        plain => [], stored => {}, count => {} }, $class;

    push @{ $self->{routes} }, { mode => 'off', broadcast => [], keep => 30 * 86_400, %$_ }
        for @routes;

    return $self;
}


# An event arrives.  Returns 'queued', 'duplicate', or why nothing was stored.
sub deliver {
    my ($self, $event) = @_;

    if (defined $event->{delivery} && $self->{stored}{ $event->{delivery} }) {
        return $self->counted('duplicate');
    }

    my ($stored, $why) = (0, 'events');

    for my $channel ($self->channels) {
        my ($route, $known, $refused) = $self->taker($event, $channel);
        my $said = $route ? $self->store($event, $channel, $route, $known) : $refused;

        if ($said eq '') { $stored++ }
        else             { $why = $known && $said eq 'unknown' ? $refused : $said }
    }

    return $self->counted($why) if !$stored;

    $self->{stored}{ $event->{delivery} } = 1 if defined $event->{delivery};

    return $self->counted('queued');
}


sub counted {
    my ($self, $what) = @_;

    $self->{count}{$what}++;

    return $what;
}


sub channels {
    my ($self) = @_;

    my %seen;

    return grep { !$seen{$_}++ } map { @{ $_->{channels} } } @{ $self->{routes} };
}


# The first route of the channel that takes the event.  If none does: one whose
# root it changes if there is one, and what its filter is called.
sub taker {
    my ($self, $event, $channel) = @_;

    my ($softly, $refused);

    for my $route (grep { in($channel, $_->{channels}) } @{ $self->{routes} }) {
        my $filter = $route->{filter} ? $route->{filter}->($event) : '';

        # confidential events are for routes that name them, whatever else they say
        $filter = 'events' if $event->{confidential} && !$route->{confidential};

        return ($route, 0) if $filter eq '';

        $refused //= $filter;
        $softly  //= $route
            if $Soft{$filter} && !$event->{confidential} && $event->{belongs} eq 'whole'
            && $route->{mode} =~ m/^(?:update|both)\z/;
    }

    return ($softly, 1, $refused // 'events');
}


sub in { my ($word, $list) = @_; return scalar grep { $_ eq $word } @$list }


# Stores an event as what it is to the thread of its object; empty: it was stored.
sub store {
    my ($self, $event, $channel, $route, $known) = @_;

    my $key   = key($event, $route);
    my $mode  = $route->{mode};
    my $shown = broadcast($event, $route);

    if ($mode eq 'off' || $key eq '') {
        push @{ $self->{plain} }, { channel => $channel, event => $event };
        return '';
    }

    my $thread = $self->thread($channel, $key);
    my $root   = root($thread);

    $thread->{keep} = $route->{keep};

    if ($event->{belongs} eq 'start') {
        $self->add($thread, 'root', $event);
        return '';
    }

    if ($mode eq 'reply' || $event->{belongs} eq 'part' || $key ne key($event, $route, 1)) {
        return 'unknown' if $known;
        return 'thread'  if $mode eq 'update';

        my $whole = $event->{belongs} eq 'whole' && $key eq key($event, $route, 1);
        my $late  = $root && $root->{ended} && $whole && $self->late($event, $root);
        my $joins = $root && (!$root->{ended} || $late);

        $self->add($thread, $joins ? 'reply' : 'root', $event, broadcast => $shown);
        $root = $thread->{roots}[-1];
        $root->{part} = 1 if !$joins && !$whole;

        if ($event->{ends}) {
            $root->{ended} = $self->{now};
            @$root{qw(stamp clock final)} = @$event{qw(stamp kind final)};
        }

        return '';
    }

    # what tells of a part is not replaced by a state
    $root = undef if $root && $root->{part};

    my $stale = $root && $self->late($event, $root);

    return 'unknown' if $known && (!$root || $root->{ended}) && !$stale;

    my $first = !$root || $root->{ended} && !$stale;

    $self->add($thread, $first ? 'root' : 'change', $event, state => 1) if !$stale;

    # a state that became the root has told itself
    if (!$first && !$known && ($mode eq 'both' || $shown)) {
        $self->add($thread, 'reply', $event, broadcast => $shown);
        return '';
    }

    return $stale ? 'stale' : '';
}


# Whether an event is older than what is shown, or than the end of it an hour ago.
sub late {
    my ($self, $event, $root) = @_;

    return older($event, $root) && !($root->{ended} && $self->{now} > $root->{ended} + $TOMBSTONE);
}


# What an event belongs to; a pipeline in "reply" and "both" to its merge request.
# OWN: leaving that aside.
sub key {
    my ($event, $route, $own) = @_;

    my $key = $route->{key} ? $route->{key}->($event) : $event->{object} // '';

    $key = $event->{parent}
        if !$own && !$route->{key} && defined $event->{parent} && $route->{mode} =~ m/^(?:reply|both)\z/;

    return $key if $key eq '' || !$event->{confidential};
    return $route->{key} ? "$event->{kind} $key" : "confidential $key";
}


sub broadcast {
    my ($event, $route) = @_;

    my $word = defined $event->{action} ? "$event->{kind}:$event->{action}" : $event->{kind};

    return in($word, $route->{broadcast}) || in($event->{kind}, $route->{broadcast}) ? 1 : 0;
}


# Newest by the payload's clock; equal: final beats running, else the later one.
sub older {
    my ($event, $root) = @_;

    return 0 if !$event->{stamp} || !$root->{stamp} || $event->{kind} ne $root->{clock};
    return 1 if $event->{stamp} < $root->{stamp};
    return 0 if $event->{stamp} > $root->{stamp};

    return $root->{final} && !$event->{final} ? 1 : 0;
}


sub thread {
    my ($self, $channel, $key) = @_;

    my $thread = $self->{threads}{$channel}{$key} //= { channel => $channel, key => $key, roots => [] };
    my $root   = root($thread);

    # forgotten: what was shown stays
    $root->{lost} = 1 if $root && $self->{now} > $thread->{touched} + $thread->{keep};

    return $thread;
}


# The root that things belong to at present.
sub root {
    my ($thread) = @_;

    my $root = $thread->{roots}[-1];

    return $root && !$root->{lost} ? $root : undef;
}


# Stores an event as WHAT: root, change or reply.
sub add {
    my ($self, $thread, $what, $event, %as) = @_;

    push @{ $thread->{roots} }, { replies => [], states => 0 } if $what eq 'root';

    my $root = $thread->{roots}[-1];

    $thread->{touched} = $self->{now};

    if ($as{state}) {
        @$root{qw(stamp clock final)} = @$event{qw(stamp kind final)} if $event->{stamp};
        $root->{ended} = $self->{now} if $event->{ends};
    }

    $root->{states}++ if $what ne 'reply';

    push @{ $self->{waiting} }, { thread => $thread, root => $root, what => $what, event => $event,
        broadcast => $as{broadcast} && $what eq 'reply' };

    return;
}


# All that waits is sent.  Slack refuses what a person named "refused": a dead
# letter; the next message of the thread takes the place of a root.
sub settle {
    my ($self) = @_;

    my %last;

    # a state that waits gives way to the next one
    $last{ $_->{root} } = $_ for grep { $_->{what} ne 'reply' } @{ $self->{waiting} };

    for my $message (splice @{ $self->{waiting} }) {
        my ($root, $event) = @$message{qw(root event)};

        next if $message->{what} eq 'change' && $last{$root} != $message;

        # the root has the newest state
        $event = $last{$root}{event} if $message->{what} eq 'root';

        if ($event->{refused}) {
            push @{ $self->{dead} }, { %$message, event => $event };
            next;
        }

        $self->show($message, $event);
    }

    return;
}


sub show {
    my ($self, $message, $event) = @_;

    my ($root, $what) = @$message{qw(root what)};

    # What replaces a root that nobody can see any more is the root.  A reply
    # does only if it is the first: a thread with replies is still there.
    if ($root->{deleted} && !($what eq 'reply' && @{ $root->{replies} })) {
        @$root{qw(shows replies deleted)} = (undef, [], 0);
    }

    if (!defined $root->{shows} || $what eq 'change') {
        $root->{shows} = $event->{id};
    }

    elsif ($what eq 'reply') {
        push @{ $root->{replies} }, { id => $event->{id}, broadcast => $message->{broadcast} };
    }

    return;
}


# Dead letters are sent again, as far as they are not older than what is shown;
# Slack takes them now.
sub replay {
    my ($self) = @_;

    for my $message (splice @{ $self->{dead} }) {
        delete $message->{event}{refused};

        next if $message->{what} ne 'reply' && older($message->{event}, $message->{root});

        $message->{what} = 'change' if $message->{what} eq 'root' && defined $message->{root}{shows};
        push @{ $self->{waiting} }, $message;
    }

    return;
}


# A person deletes the root of an object.
sub delete_root {
    my ($self, $channel, $key) = @_;

    root($self->{threads}{$channel}{$key})->{deleted} = 1;

    return;
}


# A leader is killed: one root more of each thread whose root waits, at most.
sub kill_leader {
    my ($self) = @_;

    $_->{thread}{doubled}++ for grep { $_->{what} eq 'root' } @{ $self->{waiting} };

    return;
}


sub pass { my ($self, $seconds) = @_; $self->{now} += $seconds; return }


# What a channel shows: { KEY => [ROOT, ...] }, each ROOT { shows, replies, changes
# (at most), doubled (at most) }; and what has no thread, in its order.
sub shown {
    my ($self, $channel) = @_;

    my %threads;

    for my $key (keys %{ $self->{threads}{$channel} // {} }) {
        my $thread = $self->{threads}{$channel}{$key};
        my @roots  = grep { defined $_->{shows} && (!$_->{deleted} || @{ $_->{replies} }) } @{ $thread->{roots} };

        $threads{$key} = [ map { +{
            shows   => $_->{deleted} ? 'nothing' : $_->{shows},
            replies => [ map { $_->{id} . ($_->{broadcast} ? '!' : '') } @{ $_->{replies} } ],
            changes => $_->{states} - 1,
            doubled => $thread->{doubled} // 0,
        } } @roots ] if @roots;
    }

    return \%threads;
}


sub plain {
    my ($self, $channel) = @_;

    return map { $_->{event}{id} } grep { $_->{channel} eq $channel } @{ $self->{plain} };
}


# How many deliveries were answered WHAT: queued, duplicate, stale, thread, or the
# name of a filter.
sub count { my ($self, $what) = @_; return $self->{count}{$what} // 0 }


1;

__END__

=head1 NAME

ThreadModel - what Slack must show when events belong together

=head1 SYNOPSIS

    use ThreadModel;

    my $model = ThreadModel->new({ channels => ['#dev'], mode => 'update' });

    $model->deliver({ id => 'a', object => 'issue 1', kind => 'issue', action => 'open',
        belongs => 'whole', stamp => 1000 });
    $model->settle;
    is($model->shown('#dev')->{'issue 1'}[0]{shows}, 'a', 'the issue');

=head1 DESCRIPTION

A route has C<channels>, and may have C<mode> (of C<thread>), C<broadcast> (a list),
C<keep>, C<key> and C<filter> (code that gets an event and returns the key, or the
name of the filter that refuses it, empty if none does), C<confidential> (it names such
events).

An event has C<id>, C<kind>, C<belongs> (whole, part, start, none), and may have C<object>,
C<parent>, C<action>, C<stamp>, C<final>, C<ends>, C<confidential>, C<delivery> and C<refused>
(Slack will not take it).

Nothing is sent before C<settle>; what waits then is superseded as far as it may be. Slack
shows the same in the end if some was sent earlier, so that only the number of changes
differs: C<changes> is the greatest one. After C<kill_leader> a thread may have C<doubled>
roots more.

=cut
