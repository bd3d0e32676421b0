package Bench::Peers;

# The peers that keep what they accept, as their users would set them up, and
# what npm has for them.

use strict;
use warnings;

use Exporter qw(import);
use File::Copy qw(copy);
use File::Path qw(make_path);
use FindBin;

use Bench::Build qw(root);
use Bench::Server;

our @EXPORT_OK = qw(bullmq node_sqlite);

my $PEERS = "$FindBin::RealBin/peers";

# what a package is found by when it is there, and whose scripts have to run:
# better-sqlite3 is fetched or compiled by its own
my %INSTALLED = (
    bullmq => 'ioredis/package.json',
    sqlite => 'better-sqlite3/build/Release/better_sqlite3.node'
);
my %SCRIPTS = (sqlite => 'better-sqlite3');

# those of the node that is installed, where it has them
my $HEADERS = '/usr/include/node/node_api.h';

# what could not be installed is tried once
my %missing;


# below a directory, with so many workers, after a command; undef if npm cannot
# install what it needs

sub node_sqlite {
    my ($dir, $workers, $under) = @_;

    my $modules = modules('sqlite') // return;
    my $port = Bench::Server->free_port;

    return Bench::Server->start(
        name => 'node',
        dir => $dir,
        port => $port,
        command => [
            @$under, 'env', "NODE_PATH=$modules", 'node',
            "$PEERS/hook.sqlite.js", $port, $workers, "$dir/messages.db"
        ]
    );
}


# express and BullMQ, before a Redis that waits for the disk

sub bullmq {
    my ($dir, $workers, $under) = @_;

    my $modules = modules('bullmq') // return;
    my ($port, $own) = (Bench::Server->free_port, Bench::Server->free_port);

    make_path(map { "$dir/$_" } qw(redis node));

    my $redis = Bench::Server->start(
        name => 'redis-server',
        dir => "$dir/redis",
        port => $port,
        command => [
            @$under, qw(redis-server --bind 127.0.0.1 --appendonly yes
                --appendfsync always), '--save', '', '--port', $port
        ]
    );

    return Bench::Server->start(
        name => 'node',
        dir => "$dir/node",
        port => $own,
        beside => [$redis],
        command => [
            @$under, 'env', "NODE_PATH=$modules", 'node',
            "$PEERS/hook.bullmq.js", $own, $workers, $port
        ]
    );
}


# where they are

sub modules {
    my ($peer) = @_;

    return if $missing{$peer};

    my $dir = root() . "/build/bench/$peer";
    my $modules = "$dir/node_modules";

    if (!-e "$modules/$INSTALLED{$peer}" && !install($peer, $dir)) {
        $missing{$peer} = 1;
        return;
    }

    return $modules;
}


sub install {
    my ($peer, $dir) = @_;

    make_path($dir);
    copy("$PEERS/$peer/package.json", $dir) or die "$dir: $!\n";

    local $ENV{npm_config_nodedir} = '/usr' if -e $HEADERS;

    my @commands = (
        [qw(install --no-audit --no-fund --ignore-scripts --no-package-lock)]
    );

    push @commands, ['rebuild', $SCRIPTS{$peer}] if $SCRIPTS{$peer};

    for my $command (@commands) {
        my @said = npm('--prefix', $dir, @$command) or next;

        print "# the peer \"$peer\" is skipped, as npm could not install it\n",
            map { "# $_" } splice @said, @said > 5 ? -5 : 0;

        return 0;
    }

    return 1;
}


# what it said if it failed

sub npm {
    my @arguments = @_;

    open my $out, '-|', join(' ', map { quotemeta } 'npm', @arguments)
        . ' 2>&1' or return "npm: $!\n";
    my @said = <$out>;

    return if close $out;

    return @said ? @said : "npm failed\n";
}


1;
