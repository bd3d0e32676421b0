package SlackCtl::Show;

# What slackctl prints of channels, dead letters, threads, and of what explain
# says.

use strict;
use warnings;

use Exporter qw(import);
use SlackCtl::Text qw(ago message name plain span table);

our @EXPORT_OK = qw(channel_state dead_letter explanation remains thread_table);


# the words are nginx's

sub channel_state {
    my ($s, $workspace, $channel) = @_;

    my @state = in_state($s, $channel);

    push @state, $channel->{last_error}{text}
        if $channel->{last_error}
           && $channel->{state} =~ /^(?:retrying|held|suspended|failing)\z/;
    push @state, $channel->{advice} if defined $channel->{advice};

    return join ', ', @state;
}


# "retrying, next in 8s", "held for 60s"

sub in_state {
    my ($s, $channel) = @_;

    return $channel->{state} if !defined $channel->{until};

    my $left = span($channel->{until} - $s->{time});

    return $channel->{state} eq 'retrying' ? "retrying, next in $left"
                                           : "$channel->{state} for $left";
}


# what is held after a resumption, of one channel or of all

sub remains {
    my ($s, $name) = @_;

    return map { plain('but ' . name($_->{name}) . ' is still '
                       . channel_state($s, undef, $_)) . "\n" }
           grep { $_->{state} eq 'held'
                  && (!defined $name || $_->{name} eq $name) }
           map { @{ $_->{channels} } } @{ $s->{workspaces} };
}


# of one event

sub explanation {
    my ($event) = @_;

    my $text = plain(explained($event)) . "\n";

    $text .= "\n" . table([qw(ROUTE WORKSPACE CHANNELS TAKEN)],
                          map { [ "$_->{file}:$_->{line}", $_->{workspace},
                                  join(' ', map { name($_) } @{ $_->{channels} }),
                                  taken($_) ] } @{ $event->{routes} })
        if @{ $event->{routes} };
    $text .= "\n" . table([qw(THREAD CHANNEL MESSAGE)],
                          map { [ $_->{key}, name($_->{channel}), role($_) ] }
                          @{ $event->{threads} })
        if @{ $event->{threads} // [] };
    $text .= "\n" . message($event->{message}, 1) . "\n" if $event->{message};

    return $text;
}


sub explained {
    my ($answer) = @_;

    my ($event, $action, $project) =
        map { $_ // '' } @$answer{qw(event action project)};
    my $what = '';

    if ($event ne '') {
        $what = join ' ', grep { $_ ne '' } $event, $action;
        $what .= " of $answer->{source}";
        $what .= " in $project" if $project ne '';
        $what .= ' at ';
    }

    $what .= "$answer->{location}: $answer->{result}";
    $what .= " ($answer->{reason})" if ($answer->{reason} // '') ne '';

    return $what;
}


sub taken {
    my ($route) = @_;

    return "no: $route->{reason}" if !$route->{taken};

    return join ', ', 'yes', $route->{only_if_changed} ? 'if it changed' : (),
        ($route->{format} // 'full') ne 'full' ? "as $route->{format}" : ();
}


# what a message is to its thread, as far as the outbox knows that

sub role {
    my ($thread) = @_;

    my $as = $thread->{as};
    my $known = $thread->{only_if_shown};

    return 'nothing, as no message shows it' if $known && $as eq 'nothing';
    return 'nothing, as the root tells it' if $as eq 'nothing';

    return join ', ', $as,
        $thread->{broadcast} && $as ne 'root' ? 'shown in the channel' : (),
        $known && !defined $thread->{root} ? 'if the thread is known' : (),
        $thread->{final} ? 'final' : ();
}


sub dead_letter {
    my ($s, $dead) = @_;

    my $text = sprintf "%s, for %s %s, died %s ago after %d attempt%s: %s\n",
        map { plain($_) } $dead->{id}, $dead->{workspace},
        name($dead->{channel}), ago($s->{time}, $dead->{died}),
        $dead->{attempts}, $dead->{attempts} == 1 ? '' : 's',
        $dead->{answer};

    return $dead->{message} ? $text . message($dead->{message}, 1) . "\n"
                              : $text;
}


sub thread_table {
    my ($answer) = @_;

    return table([qw(ID WORKSPACE CHANNEL KEY TOUCHED EXPIRES MESSAGE STATE)],
                 map {
        [ $_->{id}, $_->{workspace}, name($_->{channel}), $_->{key},
          ago($answer->{time}, $_->{touched}),
          span($_->{expires} - $answer->{time}),
          $_->{message} ? join(' ', @{ $_->{message} }{qw(channel ts)}) : '-',
          thread_state($_) ]
    } @{ $answer->{threads} });
}


sub thread_state {
    my ($thread) = @_;

    my @state;

    push @state, $thread->{ended} ? 'ended' : 'final'
        if $thread->{ended} || $thread->{final};
    push @state, 'a change waits' if $thread->{waits};
    push @state, 'not sent yet' if !$thread->{message} && !$thread->{ended};

    return join ', ', @state;
}


1;
