package Faults::Nginx;

# An nginx with the module, in a directory and a process group of its own:
# whatever it forks, upgrades to or leaves as orphans is found by that group.

use strict;
use warnings;

use File::Path qw(make_path);
use IO::Socket::INET;
use POSIX ();

use Faults qw(root now wait_for free_port slurp spew secret append);

my $Binary = (grep { -x } '/usr/sbin/nginx', map { "$_/nginx" } split m/:/, $ENV{PATH})[0];
my $Module = $ENV{FAULTS_MODULE} // root() . '/build/ngx_slack_notify_module.so';

# of each worker; a loaded machine is no failure
my $PATIENCE = 20;


# Options: dir, slack (a Faults::Slack), outbox (path, else in dir), address (of
# an outbox that is no file), and texts
# for the configuration: main, parameters (of slack_outbox), rooms
# (locations and channels), workspaces (their names, rooms take turns),
# workspace (what is in each), http, config; workers, level, team, env (of the process),
# module (path of another one), app (workspaces have the token of an app).
sub new {
    my ($class, %option) = @_;

    my $self = bless {
        workers => 2, level => 'debug', parameters => '', main => '', http => '',
        workspace => '', config => '', team => 'T1', env => {}, rooms => [qw(dev)],
        workspaces => [qw(acme)], port => free_port(), module => $Module,
        owner => $$, %option,
    }, $class;

    $self->{outbox} //= "$self->{dir}/outbox/outbox.db";
    $self->{address} //= "sqlite:$self->{outbox}";
    $self->{token} = secret('token');
    $self->{hook_secret} = secret('webhook');
    $self->{bot_secret} = secret('token-of-app') if Faults::by_token() || $self->{app};

    make_path("$self->{dir}/logs", "$self->{dir}/temp", "$self->{dir}/secrets");

    spew("$self->{dir}/secrets/token", "$self->{token}\n");
    spew("$self->{dir}/secrets/url",
        $self->{slack}->url . "/services/$self->{team}/B1/$self->{hook_secret}\n");
    spew("$self->{dir}/secrets/bot", "xoxb-$self->{team}-A1-$self->{bot_secret}\n")
        if $self->{bot_secret};
    chmod 0600, glob "$self->{dir}/secrets/*";

    $self->configure;

    return $self;
}


sub configure {
    my ($self) = @_;

    my $user = $> == 0 ? "user www-data;\n" : '';
    my $http = $self->{http};
    my $workspaces = join '', map { $self->workspace($_) } @{ $self->{workspaces} };
    my $i = 0;
    my $rooms = join '', map { room($_, $self->{workspaces}[ $i++ % @{ $self->{workspaces} } ]) }
        @{ $self->{rooms} };

    spew("$self->{dir}/nginx.conf", <<"CONF");
load_module $self->{module};
$user
worker_processes $self->{workers};
error_log logs/error.log $self->{level};
pid logs/nginx.pid;
thread_pool slack threads=4;
$self->{main}
events {
    worker_connections 1024;
    accept_mutex off;
}

http {
    access_log logs/access.log;
    client_body_temp_path temp/client_body;
    proxy_temp_path temp/proxy;
    fastcgi_temp_path temp/fastcgi;
    uwsgi_temp_path temp/uwsgi;
    scgi_temp_path temp/scgi;

    slack_outbox "$self->{address}" $self->{parameters};
    slack_thread_pool slack;

$workspaces
$http

    server {
        listen 127.0.0.1:$self->{port} backlog=1024;

$rooms
        location = /static {
            return 200 "static\\n";
        }

$self->{config}
    }
}
CONF

    return;
}


sub workspace {
    my ($self, $name) = @_;

    my $endpoint = $self->{bot_secret} ? by_token($self->{slack}->url) : 'webhook_url_file secrets/url legacy;';

    return <<"CONF";
    slack_workspace $name {
        $endpoint
        channel general;
$self->{workspace}
    }

CONF
}


# What a workspace has in place of a webhook at URL.
sub by_token { return "bot_token_file secrets/bot; post_rate off; api_url $_[0]/api;" }


sub room {
    my ($room, $workspace) = @_;

    return <<"CONF";
        location = /hook/$room {
            slack_secret_file secrets/token;
            slack_notify $workspace $room;
        }

CONF
}


sub port { return $_[0]{port} }

sub dir { return $_[0]{dir} }

sub db { return $_[0]{outbox} }

sub token { return $_[0]{token} }

sub log_text { return slurp("$_[0]{dir}/logs/error.log") }

sub log_path { return "$_[0]{dir}/logs/error.log" }


# Lines of the log that are no debugging, of the levels named.
sub log_lines {
    my ($self, $levels) = @_;

    my @lines;

    open my $fh, '<:raw', $self->log_path or return;

    while (my $line = <$fh>) {
        push @lines, $line if $line =~ m/^\S+ \S+ \[(?:$levels)\]/;
    }

    return @lines;
}


# A daemon, as the binary of one that is not cannot be upgraded.
sub start {
    my ($self) = @_;

    unlink "$self->{dir}/logs/nginx.pid";

    my $pid = fork // die "cannot fork: $!\n";

    if ($pid == 0) {
        open STDIN, '<', '/dev/null';
        open STDOUT, '>>', "$self->{dir}/logs/output";
        open STDERR, '>&', \*STDOUT;
        @ENV{ keys %{ $self->{env} } } = values %{ $self->{env} };
        exec $Binary, '-p', $self->{dir}, '-e', 'logs/error.log', '-c', 'nginx.conf'
            or POSIX::_exit(127);
    }

    waitpid $pid, 0;
    die 'nginx ended: ' . $self->tail if $?;

    my $up = wait_for($PATIENCE, sub {
        my ($master) = slurp("$self->{dir}/logs/nginx.pid") =~ m/^([0-9]+)\n/ or return;

        $self->{groups}{$master} = 1;
        return $self->connects && $self->workers >= $self->{workers};
    });

    die 'nginx did not start: ' . $self->tail if !$up;

    return $self;
}


# What nginx -t says of the configuration: true if it takes it, and its words.
sub check {
    my ($self) = @_;

    my $pid = open(my $pipe, '-|') // die "cannot fork: $!\n";

    if ($pid == 0) {
        open STDERR, '>&', \*STDOUT;
        exec $Binary, '-t', '-p', $self->{dir}, '-e', 'logs/error.log', '-c', 'nginx.conf'
            or POSIX::_exit(127);
    }

    my $words = do { local $/; <$pipe> };
    my $ok    = close $pipe;

    return ($ok, $words // '');
}


sub connects {
    my ($self) = @_;

    return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{port});
}


sub tail {
    my ($self) = @_;

    my @lines = ($self->log_lines('warn|error|crit|alert|emerg'),
        slurp("$self->{dir}/logs/output"));

    return join '', map { "  $_" } @lines > 10 ? @lines[ -10 .. -1 ] : @lines;
}


# Processes of this nginx, zombies apart: { pid, ppid, state, what }.
sub processes {
    my ($self) = @_;

    my @found;

    for my $path (glob '/proc/[0-9]*/stat') {
        my ($pid, $state, $ppid, $group)
            = slurp($path) =~ m/^([0-9]+) \(.*\) (\S) ([0-9]+) ([0-9]+) /s or next;

        next if !$self->{groups}{$group} || $state eq 'Z' || $state eq 'X';

        my ($title) = slurp("/proc/$pid/cmdline") =~ m/^([^\0]*)/;

        push @found, {
            pid   => $pid,
            ppid  => $ppid,
            state => $state,
            what  => $title =~ m/worker process/ ? 'worker'
                   : $title =~ m/master process/ ? 'master'
                   :                               'other',
        };
    }

    return @found;
}


sub pids { my ($self) = @_; return map { $_->{pid} } $self->processes }

sub workers { my ($self) = @_; return map { $_->{pid} } grep { $_->{what} eq 'worker' } $self->processes }


# The master that holds the pid file, if it lives.
sub master {
    my ($self) = @_;

    my ($pid) = slurp("$self->{dir}/logs/nginx.pid") =~ m/^([0-9]+)/ or return;

    return (grep { $_ == $pid } $self->pids)[0];
}


sub signal {
    my ($self, $signal) = @_;

    my $master = $self->master // return 0;

    return kill $signal, $master;
}


# All of its processes, at once; again, as a master may have started a worker
# for one that was killed just before it was killed itself.
sub kill_all {
    my ($self) = @_;

    $self->take_evidence('killed');

    wait_for($PATIENCE, sub {
        my @pids = $self->pids;
        kill 'KILL', @pids;
        return !@pids;
    }) or die "processes of nginx survive kill -9\n";

    return;
}


# Seconds until all of its processes, or those named, were gone; 0 = not.
sub gone {
    my ($self, $seconds, @pids) = @_;

    my $start = now();
    my $gone = wait_for($seconds, sub {
        my %alive = map { $_ => 1 } $self->pids;
        return !(@pids ? grep { $alive{$_} } @pids : %alive);
    });

    return $gone ? now() - $start || 0.001 : 0;
}


# Binary upgrade: a second master, then the first one ends gracefully.
sub upgrade {
    my ($self) = @_;

    my $old = $self->master // return 0;

    kill 'USR2', $old;

    my $new = wait_for(5, sub {
        my $pid = $self->master;
        return $pid && $pid != $old && $pid;
    }) or return 0;

    kill 'QUIT', $old;

    return $new;
}


# Sends one event: { status, headers, body }; status 0 = no answer.
sub request {
    my ($self, $path, %option) = @_;

    require Faults::Sender;

    return Faults::Sender::ask($self->{port}, $path, $option{body},
        ["X-Gitlab-Token: $self->{token}", @{ $option{headers} // [] }],
        $option{timeout} // 30);
}


sub event {
    my ($self, $mark, %option) = @_;

    require Faults::Sender;

    return $self->request('/hook/' . ($option{room} // 'dev'), %option,
        body => Faults::Sender::payload($mark));
}


# What is where on this machine while it runs: for the script that looks for
# secrets.
sub take_evidence {
    my ($self, $name) = @_;

    append("$self->{dir}/evidence-$name", slurp("/proc/$_/cmdline") . "\n"
        . slurp("/proc/$_/environ") . "\n") for $self->pids;

    return;
}


# Who holds the leader lock.
sub leader {
    my ($self) = @_;

    my $inode = (stat "$self->{outbox}.leader")[1] // return;

    for my $line (split m/\n/, slurp('/proc/locks')) {
        return $1 if $line =~ m/^\d+:\s+FLOCK\s+\S+\s+WRITE\s+(\d+)\s+\S+:$inode\s/;
    }

    return;
}


sub DESTROY {
    my ($self) = @_;

    local ($?, $@);

    return if $self->{owner} != $$ || !$self->{groups};

    kill 'CONT', $self->pids;
    eval { $self->kill_all };

    return;
}


1;
