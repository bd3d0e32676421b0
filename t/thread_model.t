# The model of threads against cases that were written by hand, before the
# module is held against the model.

use strict;
use warnings;

use lib 't/util';
use Test::More;
use ThreadModel;

# Each case: a name, the routes, what happens, and what the channel shows.
#
# Of routes "update !pipeline:failed" is a mode and what is broadcast; "-word" is
# an event refused softly (by "events"), "~word" by "projects"; "keep=N"; "key"
# takes the whole sender for one object; "confidential" names such events.
#
# What happens are words.  An event is OBJECT.ID@STAMP and letters: f final, e ends
# the thread, p a part of the object, s a start, n none, c confidential, d its delivery has
# an id, x Slack refuses it, b its action is "failed".  Its kind is the letters
# of OBJECT; "OBJECT>PARENT" names a parent.  ";" is a settle, "+N" seconds that pass,
# "kill", "replay", "delete:OBJECT".
#
# The channel shows, for each object, roots; after each its replies, "!" when broadcast.
my @cases = (
    [ 'off: messages', ['off'], 'i1.a@1 i1.b@2', '- a b' ],
    [ 'none: a message', ['update'], 'w1.a@1n w1.b@2n', '- a b' ],

    [ 'reply: the first is the root', ['reply'], 'i1.a@1 i1.b@2 i1.c@3', 'i1 a(b c)' ],
    [ 'reply: as they come, never stale', ['reply'], 'i1.c@3 i1.a@1 i1.b@2', 'i1 c(a b)' ],
    [ 'reply: two objects', ['reply'], 'i1.a@1 i2.b@1 i1.c@2', 'i1 a(c) i2 b()' ],
    [ 'reply: a part is a root, too', ['reply'], 'i1.n@0p i1.a@1', 'i1 n(a)' ],
    [ 'reply: broadcast', ['reply !p:failed'], 'p1.a@1 p1.b@2b p1.c@3', 'p1 a(b! c)' ],
    [ 'reply: a root is not broadcast', ['reply !p:failed'], 'p1.a@1b p1.b@2b', 'p1 a(b!)' ],
    [ 'reply: a pipeline of a merge request', ['reply'], 'm1.a@1 p1>m1.b@2 p1>m1.c@3', 'm1 a(b c)' ],
    [ 'reply: it ends, the next one is a root', ['reply'], 'a1.a@1 a1.b@2e a1.c@3', 'a1 a(b) c()' ],

    [ 'update: the newest', ['update'], 'i1.a@1 ; i1.b@2 ; i1.c@3', 'i1 c()' ],
    [ 'update: all at once', ['update'], 'i1.a@1 i1.b@2 i1.c@3', 'i1 c()' ],
    [ 'update: out of order', ['update'], 'i1.b@2 i1.a@1 i1.c@3', 'i1 c()' ],
    [ 'update: the newest came first', ['update'], 'i1.c@3 ; i1.b@2 i1.a@1', 'i1 c()' ],
    [ 'update: equal, the later one', ['update'], 'i1.a@1 i1.b@1', 'i1 b()' ],
    [ 'update: equal, final beats running', ['update'], 'i1.a@1f i1.b@1', 'i1 a()' ],
    [ 'update: equal, final comes later', ['update'], 'i1.a@1 i1.b@1f', 'i1 b()' ],
    [ 'update: both final, the later one', ['update'], 'i1.a@1f i1.b@1f', 'i1 b()' ],
    [ 'update: final, and it goes on', ['update'], 'i1.a@1f i1.b@2', 'i1 b()' ],
    [ 'update: no clock is news', ['update'], 'i1.a@5 i1.b@0', 'i1 b()' ],
    [ 'update: and forgets nothing', ['update'], 'i1.a@5 i1.b@0 i1.c@4', 'i1 b()' ],
    [ 'update: news after no clock', ['update'], 'i1.a@0 i1.b@1', 'i1 b()' ],
    [ 'update: notes are not told', ['update'], 'i1.n@0p i1.a@1 i1.o@0p', 'i1 a()' ],
    [ 'update: a broadcast reply', ['update !p:failed'], 'p1.a@1 p1.b@2bf', 'p1 b(b!)' ],
    [ 'update: not of the root', ['update !p:failed'], 'p1.b@2bf', 'p1 b()' ],
    [ 'update: a late one is no change', ['update !p:failed'], 'p1.c@3f p1.b@2bf', 'p1 c(b!)' ],
    [ 'update: a pipeline by itself', ['update'], 'm1.a@1 p1>m1.b@2', 'm1 a() p1 b()' ],

    [ 'both: changed, and a reply', ['both'], 'i1.a@1 i1.b@2 i1.c@3', 'i1 c(b c)' ],
    [ 'both: late ones are replies only', ['both'], 'i1.a@1 i1.c@3 i1.b@2', 'i1 c(c b)' ],
    [ 'both: parts', ['both'], 'i1.a@1 i1.n@0p i1.b@2', 'i1 b(n b)' ],
    [ 'both: broadcast', ['both !p:failed'], 'p1.a@1 p1.b@2bf p1.c@3', 'p1 c(b! c)' ],
    [ 'both: a pipeline of a merge request', ['both'], 'm1.a@1 p1>m1.b@2 m1.c@3', 'm1 c(b c)' ],

    [ 'a push begins anew', ['update'], 'u1.a@0s u1.b@0s', 'u1 a() b()' ],
    [ 'notes on its commit', ['reply'], 'u1.a@0s u1.n@0p', 'u1 a(n)' ],

    [ 'an alert: resolved', ['update'], 'a1.a@1 a1.b@2fe', 'a1 b()' ],
    [ 'an alert: the next firing', ['update'], 'a1.a@1 a1.b@2fe a1.c@3', 'a1 b() c()' ],
    [ 'an alert: its firing comes late', ['update'], 'a1.b@2fe a1.a@1 ; a1.c@3', 'a1 b() c()' ],
    [ 'an alert: its firing has the same time', ['update'], 'a1.b@1fe a1.a@1', 'a1 b()' ],
    [ 'an alert: over an hour late', ['update'], 'a1.b@2fe ; +3601 a1.a@1', 'a1 b() a()' ],
    [ 'an alert: within an hour', ['update'], 'a1.b@2fe ; +3599 a1.a@1', 'a1 b()' ],
    [ 'an alert: late history', ['both'], 'a1.b@2fe ; a1.a@1', 'a1 b(a)' ],

    [ 'a root never lies', ['update -p:failed'], 'p1.a@1 p1.b@2bf', 'p1 b()' ],
    [ 'unknown to it', ['update -p:failed'], 'p1.b@2bf p1.a@1', 'p1 a()' ],
    [ 'without history', ['both -p:failed'], 'p1.a@1 p1.b@2bf', 'p1 b()' ],
    [ 'without a broadcast', ['update -p:failed !p:failed'], 'p1.a@1 p1.b@2bf', 'p1 b()' ],
    [ 'it may lie in reply', ['reply -p:failed'], 'p1.a@1 p1.b@2bf', 'p1 a()' ],
    [ 'projects still refuse', ['update ~p:failed'], 'p1.a@1 p1.b@2bf', 'p1 a()' ],
    [ 'parts do not change it', ['both -i'], 'i1.n@0p', '' ],
    [ 'one that ended is not known', ['update -a:failed'], 'a1.a@1fe a1.b@2b', 'a1 a()' ],

    [ 'confidential: not by itself', ['update'], 'i1.a@1 i1.b@2c', 'i1 a()' ],
    [ 'confidential: not softly', ['update -i'], 'i1.a@1c', '' ],
    [ 'confidential: a root of its own', ['update confidential'], 'i1.a@1 i1.b@2c i1.c@3c',
        'confidential i1 c() i1 a()' ],
    [ 'confidential: with its notes', ['both confidential'], 'i1.a@1c i1.n@0pc i1.b@2pc', 'confidential i1 a(n b)' ],
    [ 'confidential: whatever the key', ['update confidential key'], 'i1.a@1 i2.b@2 i1.c@3c',
        'all b() i all c()' ],

    [ 'two routes, one takes it', [ 'update -p:failed', 'update' ], 'p1.a@1 p1.b@2bf', 'p1 b()' ],
    [ 'two routes, once', [ 'both', 'both' ], 'p1.a@1 p1.b@2', 'p1 b(b)' ],
    [ 'two routes, the root of the other', [ 'reply -p:failed', 'update' ], 'p1.a@1 p1.b@2bf', 'p1 b()' ],

    [ 'a key', ['reply key'], 'i1.a@1 m1.b@2 i2.c@3', 'all a(b c)' ],
    [ 'clocks of two kinds', ['update key'], 'i1.a@5 m1.b@1 i1.c@4', 'all c()' ],

    [ 'a delivery again', ['reply'], 'i1.a@1d i1.a@1d i1.b@2', 'i1 a(b)' ],
    [ 'an event again', ['reply'], 'i1.a@1 i1.a@1', 'i1 a(a)' ],
    [ 'a state again', ['update'], 'i1.a@1 i1.b@2 i1.a@1 i1.b@2', 'i1 b()' ],

    [ 'forgotten', ['reply keep=60'], 'i1.a@1 ; +61 i1.b@2', 'i1 a() b()' ],
    [ 'not yet', ['reply keep=60'], 'i1.a@1 ; +60 i1.b@2 ; +60 i1.c@3', 'i1 a(b c)' ],
    [ 'forgotten, and refused softly', ['update keep=60 -p:failed'], 'p1.a@1 ; +61 p1.b@2b', 'p1 a()' ],

    [ 'a dead root: the next one', ['reply'], 'i1.a@1x i1.b@2 i1.c@3', 'i1 b(c)' ],
    [ 'a dead root: the next state', ['update'], 'i1.a@1x ; i1.b@2', 'i1 b()' ],
    [ 'a dead change: the state before', ['update'], 'i1.a@1 ; i1.b@2x', 'i1 a()' ],
    [ 'a dead change: the state after', ['update'], 'i1.a@1 ; i1.b@2x ; i1.c@3', 'i1 c()' ],
    [ 'a dead change: not the stale one', ['update'], 'i1.a@1 ; i1.c@3x ; i1.b@2', 'i1 a()' ],
    [ 'replay', ['update'], 'i1.a@1 ; i1.b@2x ; replay', 'i1 b()' ],
    [ 'replay: a newer one is shown', ['update'], 'i1.a@1 ; i1.b@2x ; i1.c@3 ; replay', 'i1 c()' ],
    [ 'replay: a root', ['update'], 'i1.a@1x ; replay', 'i1 a()' ],
    [ 'replay: an old root', ['update'], 'i1.a@1x ; i1.b@2 ; replay', 'i1 b()' ],
    [ 'replay: a reply', ['reply'], 'i1.a@1 ; i1.b@2x ; i1.c@3 ; replay', 'i1 a(c b)' ],

    [ 'deleted: a change is the root', ['update'], 'i1.a@1 ; delete:i1 i1.b@2 ; i1.c@3', 'i1 c()' ],
    [ 'deleted: a reply is the root', ['reply'], 'i1.a@1 ; delete:i1 i1.b@2 ; i1.c@3', 'i1 b(c)' ],
    [ 'deleted: a thread with replies', ['reply'], 'i1.a@1 i1.b@2 ; delete:i1 i1.c@3', 'i1 nothing(b c)' ],
);

for my $case (@cases) {
    my ($name, $routes, $script, $expected) = @$case;

    my $model = ThreadModel->new(map { route($_) } @$routes);

    run($model, $_) for split ' ', $script;
    $model->settle;

    is(written($model), $expected, "$name: $script");
}

counts();
bounds();
order_is_free();

done_testing();


sub route {
    my ($text) = @_;

    my ($mode, @words) = split ' ', $text;
    my (%soft, %hard);
    my %route = (channels => ['#dev'], mode => $mode);

    for my $word (@words) {
        if    ($word =~ m/^!(.*)/)     { push @{ $route{broadcast} }, $1 }
        elsif ($word =~ m/^-(.*)/)     { $soft{$1} = 1 }
        elsif ($word =~ m/^~(.*)/)     { $hard{$1} = 1 }
        elsif ($word =~ m/^keep=(.*)/) { $route{keep} = $1 }
        elsif ($word eq 'key')         { $route{key} = sub { return 'all' } }
        else                           { $route{$word} = 1 }
    }

    $route{filter} = sub {
        my ($event) = @_;

        my @names = ($event->{kind}, "$event->{kind}:" . ($event->{action} // ''));

        return 'projects' if grep { $hard{$_} } @names;
        return 'events'   if grep { $soft{$_} } @names;
        return '';
    };

    return \%route;
}


sub run {
    my ($model, $word) = @_;

    return $model->settle                   if $word eq ';';
    return $model->kill_leader              if $word eq 'kill';
    return $model->replay                   if $word eq 'replay';
    return $model->pass($1)                 if $word =~ m/^\+(\d+)\z/;
    return $model->delete_root('#dev', $1)  if $word =~ m/^delete:(.*)/;
    return $model->deliver(event($word));
}


sub event {
    my ($word) = @_;

    my ($object, $parent, $id, $stamp, $letters) = $word =~ m/^(\w+)(?:>(\w+))?[.](\w+)\@(\d+)(\w*)\z/
        or die "what is $word?\n";
    my %has = map { $_ => 1 } split m//, $letters;
    my ($kind) = $object =~ m/^([a-z]+)/;

    return {
        id => $id, kind => $kind, object => $has{n} ? '' : $object, parent => $parent, stamp => $stamp,
        action       => $has{b} ? 'failed' : 'open',
        belongs      => $has{p} ? 'part' : $has{s} ? 'start' : $has{n} ? 'none' : 'whole',
        final        => $has{f}, ends => $has{e}, confidential => $has{c}, refused => $has{x},
        delivery     => $has{d} ? $id : undef,
    };
}


sub written {
    my ($model) = @_;

    my $shown = $model->shown('#dev');
    my @plain = $model->plain('#dev');
    my @words;

    for my $key (sort keys %$shown) {
        push @words, $key, map { "$_->{shows}(@{ $_->{replies} })" } @{ $shown->{$key} };
    }

    push @words, '-', @plain if @plain;

    return "@words";
}


# What the sender is told.
sub counts {
    my $model = ThreadModel->new(route('update -p:failed ~q'));

    my @words = qw(p1.a@2 p1.b@1 p1.c@3d p1.c@3d p1.n@0p p2.d@1b p1.e@4b q1.f@1 p1.g@1b);
    my @said  = map { $model->deliver(event($_)) } @words;

    is("@said", 'queued stale queued duplicate thread events queued projects stale', 'answers');
    is(join(' ', map { $model->count($_) } qw(queued stale duplicate thread events projects)), '3 2 1 1 1 1', 'counted');

    return;
}


# What depends on when it is sent has a bound.
sub bounds {
    my $model = ThreadModel->new(route('update'));

    run($model, $_) for qw(i1.a@1 i1.b@2 kill ; i1.c@1 i1.d@3 kill);
    $model->settle;

    my ($root) = @{ $model->shown('#dev')->{i1} };

    is($root->{changes}, 2, 'two states changed it at most');
    is($root->{doubled}, 1, 'one kill while it waited');
    is($root->{shows}, 'd', 'the newest is shown after a kill');

    return;
}


# The state shown last depends on no order, as long as one kind tells of it and
# no two states have one time.
sub order_is_free {
    my @words = map { "i1.e$_\@$_" } 1 .. 5;
    my %shown;

    for my $order (orders(@words)) {
        for my $mode (qw(update both)) {
            my $model = ThreadModel->new(route($mode));

            for my $word (@$order) {
                run($model, $word);
                run($model, ';') if $word =~ m/[24]$/;
            }

            $model->settle;
            $shown{ join ' ', map { $_->{shows} } @{ $model->shown('#dev')->{i1} } }++;
        }
    }

    is_deeply(\%shown, { e5 => 240 }, 'all orders of five states');

    return;
}


sub orders {
    my @words = @_;

    return [] if !@words;

    return map {
        my $i = $_;
        map { [ $words[$i], @$_ ] } orders(@words[ grep { $_ != $i } 0 .. $#words ]);
    } 0 .. $#words;
}
