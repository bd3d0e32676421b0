package SlackCtl::Status;

# What "slackctl status" prints.

use strict;
use warnings;

use Exporter qw(import);
use SlackCtl::Show qw(channel_state);
use SlackCtl::Text qw(ago name plain size span table);

our @EXPORT_OK = qw(needs_somebody show_status);


sub show_status {
    my ($s) = @_;

    my ($total, $outbox) = @$s{qw(totals outbox)};

    printf "%s\n", plain($s->{verdict}{text}) if $s->{verdict};
    printf "%smodule %s, up %s, %s\n",
        defined $s->{host} ? plain($s->{host}) . ', ' : '',
        plain($s->{version}), span($s->{time} - $s->{started}), leader($s);
    printf "outbox %s, %s of %s wait, %s%s\n", plain($outbox->{file} // $outbox->{database}),
        $outbox->{waiting}, $outbox->{max}, size($outbox->{size}),
        $outbox->{ok} ? '' : ', CANNOT BE READ';
    printf "last error of storing %s ago: %s\n",
        span($s->{time} - $outbox->{last_error}{time}),
        plain($outbox->{last_error}{text}) if $outbox->{last_error};
    printf "%d stored, %d sent, %d retried, %d dead letters\n\n",
        map { $total->{$_} // 0 } qw(stored sent retried dead);

    my @rows;

    for my $workspace (@{ $s->{workspaces} }) {
        for my $channel (@{ $workspace->{channels} }) {
            push @rows, [
                $workspace->{name}, name($channel->{name}),
                @$channel{qw(waiting sent retried dead)},
                ago($s->{time}, $channel->{oldest}),
                ago($s->{time}, $channel->{last_success}),
                channel_state($s, $workspace, $channel) ];
        }
    }

    print table([qw(WORKSPACE CHANNEL WAITING SENT RETRIED DEAD OLDEST SUCCESS STATE)],
          @rows);

    return;
}


# who delivers: a worker of this host, or one of another that shares the outbox
sub leader {
    my ($s) = @_;

    my $other = $s->{outbox}{leader};

    return "worker $s->{leader} delivers"
        . (defined $s->{leader_since} ? ' for ' . span($s->{time} - $s->{leader_since}) : '')
        if defined $s->{leader};

    return 'delivered by ' . plain($other =~ s/ (\d+)\z/, worker $1/r) if $other;
    return 'no worker delivers yet';
}


# a channel that needs somebody, or dead letters that nobody has looked at

sub needs_somebody {
    my ($s) = @_;

    return 1 if ($s->{totals}{dead} // 0) > 0;

    return grep { $_->{needs} || defined $_->{suspended_until}
                  || $_->{no_endpoint} }
           map { @{ $_->{channels} } } @{ $s->{workspaces} };
}


1;
