package SlackStop;

# What the tests of nginx's end have in common: a location whose channels have
# a post each on its way to Slack, in all states a post can be in, and what
# must have become of them in the end.
#
# Workspaces "keep" and "lose" differ in on_ambiguous.  Their channels, each
# with two messages, "created" and "edited":
#
#   slow    Slack has the post and answers after a while
#   hang    Slack has the post and does not answer
#   pair    the same; both messages share the post, unless a busy machine took
#           longer than a second between them
#   early   the TLS handshake hangs, nothing has been written
#   tunnel  the proxy does not answer to CONNECT, nothing has been written

use strict;
use warnings;

use Exporter qw(import);
use File::Temp qw(tempdir);
use Test::More ();
use Test::Nginx::Socket;

use SlackClient;
use SlackFront;
use SlackProof qw(stored_messages received requests until_true);
use SlackServer;
use SlackTest;

our @EXPORT_OK = qw(ends faults heard hooks hup locations moved told_to under_way workspaces);

my $CUT = 'no answer before nginx stopped or reloaded';

# where a TLS handshake or a proxy hangs, and a file for each that was asked
my $Dir = tempdir(CLEANUP => 1);
my (%Port, @Pids, %Heard, %Shared);


SlackFront::certificate($Dir);

END { SlackServer::stop(@Pids) }


sub silent {
    my ($name) = @_;

    return $Port{$name} if $Port{$name};

    my @open;

    ($Port{$name}, my $pid) = SlackServer::start(sub {
        sysread $_[0], my $hello, 1 or return;
        open my $fh, '>', "$Dir/$name" or die "cannot write $Dir/$name: $!\n";
        close $fh or die "cannot write $Dir/$name: $!\n";

        # that one stays open when the server closes its own
        open my $copy, '+<&', $_[0] or die "cannot keep a connection: $!\n";
        push @open, $copy;
    });
    push @Pids, $pid;

    return $Port{$name};
}


sub locations {
    my @states = @_;

    my $text = "location = /hook {\n";

    for my $name (qw(keep lose)) {
        $text .= 'slack_notify ' . workspace($name, $_) . " ${name}_$_;\n" for @states;
    }

    return "$text}\n";
}


# Those that share posts, and those that have a proxy, have one of their own.
sub workspace {
    my ($name, $state) = @_;

    return $state =~ m/^(?:pair|tunnel)\z/ ? "${name}_$state" : $name;
}


# With WORKS all channels reach the stand-in.
sub workspaces {
    my ($works) = @_;

    my $text = '';

    # a host for each: libcurl has a request wait for another's connection to
    # the same one, whatever their proxies
    for my $name (qw(keep lose)) {
        my $mode  = $name eq 'lose' ? 'drop' : 'retry';
        my $inner = "webhook_url \$SLACK_HOOK legacy; rate 10r/s; on_ambiguous $mode;"
            . ' connect_timeout 60s; timeout 60s;';
        my ($early, $tunnel) = ('', '');

        if (!$works) {
            $early  = 'webhook_url https://127.0.0.1:' . silent("${name}_early")
                . "/services/T1/B1/secret channel=${name}_early;\n"

                # the system's many take the sanitizers half a minute
                . "trusted_certificate $Dir/cert.pem;\n";
            $tunnel = "webhook_url https://$name.example/services/T1/B1/secret "
                . "channel=${name}_tunnel; proxy http://127.0.0.1:" . silent("${name}_tunnel") . ";\n";
        }

        $text .= "slack_workspace $name {\n$early$inner coalesce 1;\n}\n";
        $text .= "slack_workspace ${name}_pair {\n$inner\n}\n";
        $text .= "slack_workspace ${name}_tunnel {\n$tunnel$inner coalesce 1;\n}\n";
    }

    return $text;
}


# A configuration in which all channels reach the stand-in.
sub moved { return $_[0] =~ s/^webhook_url https:\S+ channel=\w+_(?:early|tunnel);.*\n//mgr }


# A new generation of workers, if the old one is still there or not.
sub hup {
    my %old = map { $_ => 1 } SlackClient::processes();

    kill 'HUP', SlackClient::master();

    until_true { grep { !$old{$_} } SlackClient::processes() } or die "no reload\n";

    return;
}


sub faults {
    my ($slow) = @_;

    return join '', map {
        ("#${_}_slow [\"slow:$slow\"]\n", "#${_}_hang [\"accept+hang\"]\n",
         "#${_}_pair [\"429:later;Retry-After: 1\", \"accept+hang\"]\n")
    } qw(keep lose);
}


sub hooks { return "wiki_create.json\nwiki_update.json\n" }


# Waits until Slack has all posts that it can have.
sub under_way {
    my @states = @_;

    %Heard = ();

    for my $name (qw(keep lose)) {
        for my $state (@states) {
            if ($state =~ m/^(?:early|tunnel)\z/) {
                until_true { -e "$Dir/${name}_$state" } or die "${name}_$state does not connect\n";
                unlink "$Dir/${name}_$state";

            } else {
                my $n = $state eq 'pair' ? 2 : 1;
                requests("#${name}_$state", $n) >= $n or die "${name}_$state is not posted\n";
            }

            $Shared{$name} = heard("${name}_pair") > 1 if $state eq 'pair';
        }
    }

    return;
}


# Sends SIGNAL to nginx until it is gone.  What Slack has received until then
# is kept for the block that follows.
sub told_to {
    my ($signal, @states) = @_;

    my $master = SlackClient::master();
    my $file   = server_root() . '/logs/nginx.pid';
    my $n      = 0;

    # in a single process a signal may wait for the next event
    until_true { kill $signal, $master if $n++ % 20 == 0 && -e $file; !-e $file };

    Test::More::ok(!-e $file, "$signal: nginx has ended");

    for my $name (qw(keep lose)) {
        $Heard{"${name}_$_"} = [ heard("${name}_$_") ] for @states;
    }

    return;
}


# The messages that Slack received for a channel, in order.
sub heard {
    my ($channel, $n) = @_;

    my @heard;

    until_true {
        @heard = map { $_->{fallback} =~ m/\b(created|edited)\b/ ? $1 : '?' }
            map { @{ $_->{payload}{attachments} } } received("#$channel");
        @heard >= ($n // 0);
    };

    return @heard;
}


# All has been delivered that will be: is it what must be?
sub ends {
    my @states = @_;

    # what Slack has received of each, and what the outbox says
    my $sent = 'HTTP 200 "ok"';
    my %must = (
        keep_slow   => [ 'created edited', "sent 0 $sent", "sent 0 $sent" ],
        keep_hang   => [ 'created created edited', "sent 1 $sent", "sent 0 $sent" ],
        keep_pair   => $Shared{keep}
            ? [ 'created edited created edited', "sent 1 $sent", "sent 1 $sent" ]
            : [ 'created created edited', "sent 1 $sent", "sent 0 $sent" ],
        keep_early  => [ 'created edited', "sent 0 $sent", "sent 0 $sent" ],
        keep_tunnel => [ 'created edited', "sent 0 $sent", "sent 0 $sent" ],
        lose_slow   => [ 'created edited', "sent 0 $sent", "sent 0 $sent" ],
        lose_hang   => [ 'created edited', "dead 1 $CUT", "sent 0 $sent" ],
        lose_pair   => [ 'created edited', "dead 1 $CUT", $Shared{lose} ? "dead 1 $CUT" : "sent 0 $sent" ],
        lose_early  => [ 'created edited', "sent 0 $sent", "sent 0 $sent" ],
        lose_tunnel => [ 'created edited', "sent 0 $sent", "sent 0 $sent" ],
    );

    my @messages = stored_messages();

    for my $channel (map { ("keep_$_", "lose_$_") } @states) {
        my ($words, @rows) = @{ $must{$channel} };

        Test::More::is(join(' ', @{ $Heard{$channel} // [] }, heard($channel)), $words,
            "$channel: what Slack received");
        Test::More::is_deeply([ map { m/^#$channel (.*)/ ? $1 : () } @messages ], \@rows,
            "$channel: what the outbox says");
    }

    return;
}


1;
