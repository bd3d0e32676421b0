package Bench::Targets;

# The servers that are compared, each as its users would set it up.

use strict;
use warnings;

use Exporter qw(import);
use FindBin;
use File::Path qw(make_path);

use Bench::Build qw(module own_module);
use Bench::Peers qw(bullmq node_sqlite);
use Bench::Routes qw(routes);
use Bench::Server;

our @EXPORT_OK = qw(start_targets);

my $MODULES = '/usr/lib/nginx/modules';
my $PEERS = "$FindBin::RealBin/peers";

# name, server, path, what the header says, status, wants ids
my @TARGETS = (
    ['readbody', 'ours', '/readbody', 'good', 202],
    ['refused by token', 'ours', '/queued', 'wrong', 401],
    ['decided by header', 'ours', '/header', 'good', 200],
    ['filtered after parsing', 'ours', '/filtered', 'good', 200],
    ['queued durable', 'ours', '/queued', 'good', 202],
    ['queued durable, delivery id', 'ours', '/queued', 'good', 202, 1],
    ['queued durable, bot token', 'token', '/queued', 'good', 202],
    ['queued, sync=normal', 'normal', '/queued', 'good', 202],
    ['Node, SQLite', 'sqlite', '/', 'good', 202],
    ['BullMQ, Redis', 'bullmq', '/', 'good', 202],
    ['Lua', 'lua', '/hook', 'good', 202],
    ['njs', 'njs', '/hook', 'good', 202],
    ['Node', 'node', '/', 'good', 202],
    ['webhook', 'webhook', '/hooks/gitlab', 'good', 202]
);

my %START = (
    ours => \&ours,
    token => \&token,
    normal => \&normal,
    sqlite => \&node_sqlite,
    bullmq => \&bullmq,
    lua => \&lua,
    njs => \&njs,
    node => \&node,
    webhook => \&webhook
);


# [{ name, server, path, token, status, id }]; below a directory, with so many
# workers, on that processor if one is given; without those that could not be
# installed

sub start_targets {
    my ($dir, $workers, $cpu, $wanted) = @_;

    my @under = defined $cpu ? (qw(taskset -c), $cpu) : ();
    my %server;
    my @found;

    for my $target (@TARGETS) {
        my ($name, $kind, $path, $token, $status, $id) = @$target;

        next if $wanted && $name !~ $wanted;

        make_path("$dir/$kind");
        $server{$kind} //= $START{$kind}->("$dir/$kind", $workers, \@under)
            // next;

        push @found, {
            name => $name,
            server => $server{$kind},
            path => $path,
            status => $status,
            id => $id,
            token => $token eq 'good' ? 'token-of-the-benchmark' : $token
        };
    }

    return @found;
}


sub nginx_conf {
    my ($workers, $modules, $http) = @_;

    my $load = join '', map { "load_module $_;\n" } @$modules;

    return $load . <<"END";
worker_processes $workers;
error_log error.log;
pid nginx.pid;
thread_pool slack threads=4;

events {
    worker_connections 2048;
}

http {
    access_log off;
    keepalive_requests 100000000;
    client_max_body_size 32m;
    client_body_temp_path temp/client_body;
    proxy_temp_path temp/proxy;
    fastcgi_temp_path temp/fastcgi;
    uwsgi_temp_path temp/uwsgi;
    scgi_temp_path temp/scgi;

$http
}
END
}


# does not wait for the disk, so that it tells how much of "durable" that is

sub normal {
    return ours(@_, 'sync=normal');
}


sub token {
    return ours(@_, 'sync=full', <<'END');
        bot_token xoxb-1-1-of-the-benchmark;
        api_url http://127.0.0.1:@PORT@/api;
END
}


sub ours {
    my ($dir, $workers, $under, $sync, $endpoint) = @_;

    $sync //= 'sync=full';
    $endpoint //= <<'END';
        webhook_url http://127.0.0.1:@PORT@/services/T0/B0/bench legacy;
END

    # a Slack that takes all, at its one message per second
    my $conf = nginx_conf($workers, [own_module('readbody'), module()],
        <<"END" . <<'END'
    slack_outbox sqlite:\@DIR\@/outbox/outbox.db max=10000000 $sync;

    slack_workspace acme {
$endpoint
END
        channel general;
        username GitLab;
    }

    slack_thread_pool slack;

    server {
        listen 127.0.0.1:@PORT@;

        location = /readbody {
            client_body_buffer_size 2m;
            readbody;
        }

        location /services/ {
            default_type text/plain;
            return 200 ok;
        }

        location /api/ {
            default_type application/json;
            return 200 '{"ok":true,"channel":"C0BENCH0001","ts":"1764460800.000100"}';
        }

        location = /header {
            slack_secret token-of-the-benchmark;
            slack_route acme { events pipeline; }
        }

        location = /filtered {
            slack_secret token-of-the-benchmark;
            slack_route acme { events push; branches release/*; }
        }

        location = /queued {
            slack_secret token-of-the-benchmark;

END
        . routes('acme') . <<'END');
        }
    }
END

    return Bench::Server->nginx(dir => $dir, conf => $conf, under => $under);
}


sub lua {
    my ($dir, $workers, $under) = @_;

    my $conf = nginx_conf($workers,
        [map { "$MODULES/${_}_module.so" } qw(ndk_http ngx_http_lua)], <<"END");
    lua_shared_dict queue 32m;

    server {
        listen 127.0.0.1:\@PORT\@;

        location = /hook {
            client_body_buffer_size 2m;
            content_by_lua_file $PEERS/hook.lua;
        }
    }
END

    return Bench::Server->nginx(dir => $dir, conf => $conf, under => $under);
}


sub njs {
    my ($dir, $workers, $under) = @_;

    my $conf = nginx_conf($workers, ["$MODULES/ngx_http_js_module.so"],
        <<"END");
    js_path $PEERS/;
    js_import hook.js;

    server {
        listen 127.0.0.1:\@PORT\@;

        location = /hook {
            client_body_buffer_size 2m;
            js_content hook.hook;
        }
    }
END

    return Bench::Server->nginx(dir => $dir, conf => $conf, under => $under);
}


sub node {
    my ($dir, $workers, $under) = @_;

    my $port = Bench::Server->free_port;

    return Bench::Server->start(
        name => 'node',
        dir => $dir,
        port => $port,
        command => [@$under, 'node', "$PEERS/hook.node.js", $port, $workers]
    );
}


# a Go program takes the processors that it is given

sub webhook {
    my ($dir, $workers, $under) = @_;

    my $port = Bench::Server->free_port;

    return Bench::Server->start(
        name => 'webhook',
        dir => $dir,
        port => $port,
        command => [
            @$under, qw(webhook -ip 127.0.0.1 -port), $port, '-hooks',
            "$PEERS/hooks.json"
        ]
    );
}


1;
