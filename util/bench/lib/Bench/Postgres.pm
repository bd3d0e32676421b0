package Bench::Postgres;

# A PostgreSQL server that waits for the disk, nginx with the module whose
# outbox it has, and what pgbench says of the same rows.

use strict;
use warnings;

use Exporter qw(import);
use FindBin;

use lib "$FindBin::RealBin/../../t/util";

use Bench::Build qw(module);
use Bench::Routes qw(routes);
use Bench::Server;
use SlackPostgres;

our @EXPORT_OK = qw(
    connections database instance last_id pgbench rows_since
);

# pgbench sends 255 parameters at most, a row has two
my $ROWS = 120;

# all that a table of an outbox has, for pgbench
my $COPY = <<'END';
CREATE SCHEMA peer;
CREATE SEQUENCE peer.message_id INCREMENT BY 1024 START WITH 1024;
CREATE TABLE peer.message (LIKE slack.message INCLUDING ALL)
END


sub database {
    my $server = SlackPostgres->new(
        fsync => 'on',
        synchronous_commit => 'on',
        shared_buffers => '512MB',
        max_wal_size => '8GB'
    );

    return $server // die "PostgreSQL is not installed; run util/setup --ci\n";
}


# An nginx with so many workers, in a directory, of the outbox in that schema;
# its Slack is a location of its own, at one message per second.

sub instance {
    my ($database, $dir, $workers, $schema) = @_;

    my $conninfo = $database->conninfo;

    my $conf = sprintf <<"END", module();
load_module %s;
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
    client_body_temp_path temp/client_body;
    proxy_temp_path temp/proxy;
    fastcgi_temp_path temp/fastcgi;
    uwsgi_temp_path temp/uwsgi;
    scgi_temp_path temp/scgi;

    slack_outbox "postgres:$conninfo" schema=$schema max=100000000;

    slack_workspace acme {
        webhook_url http://127.0.0.1:\@PORT\@/services/T0/B0/bench legacy;
        channel general;
        username GitLab;
    }

    slack_thread_pool slack;

    server {
        listen 127.0.0.1:\@PORT\@;

        location /services/ {
            default_type text/plain;
            return 200 ok;
        }

        location = /queued {
            slack_secret token-of-the-benchmark;

@{[routes("acme")]}        }

        location /status/ {
            slack_status;
        }
    }
}
END

    return Bench::Server->nginx(dir => $dir, conf => $conf);
}


# connections that have stored something

sub connections {
    my ($database) = @_;

    return $database->query('SELECT count(*) FROM pg_stat_activity'
        . " WHERE query LIKE '%SELECT append(%' AND pid <> pg_backend_pid()");
}


sub last_id {
    my ($database) = @_;

    return $database->query('SELECT coalesce(max(id), 0) FROM slack.message');
}


# rows of a transaction, of those that have stored what has a later id

sub rows_since {
    my ($database, $id) = @_;

    return $database->query('SELECT coalesce(count(*) :: float8'
        . ' / nullif(count(DISTINCT xact), 0), 0) FROM slack.message'
        . " WHERE id > $id");
}


# { rate, ms, rows }: rows per second, and how long a transaction takes; each
# is one prepared statement that stores rows like the last one of the outbox

sub pgbench {
    my ($database, $dir, $clients, $rows, $seconds) = @_;

    my ($channel, $event, $project, $envelope, $body) = $database->query(
        'SELECT unnest(ARRAY[destination :: text, quote_literal(event),'
        . ' quote_literal(project), envelope :: text, body :: text])'
        . ' FROM (SELECT * FROM slack.message WHERE state = 0'
        . ' ORDER BY id DESC LIMIT 1) AS m');

    $rows = int($rows + 0.5) || 1;
    $rows = $ROWS if $rows > $ROWS;

    $database->query($COPY)
        if !$database->query("SELECT count(to_regclass('peer.message'))");

    my $at = int(time * 1000);

    $database->write("$dir/insert.sql", 'INSERT INTO peer.message (id,'
        . ' destination, state, created, stored, thread, part, event, project,'
        . ' envelope, body) VALUES '
        . join(', ', ("(nextval('peer.message_id'), $channel, 0, $at, $at, 0,"
            . " 0, $event, $project, :envelope, :body)") x $rows) . ";\n");

    my @command = (
        qw(pgbench -n -M prepared -c), $clients, '-j', $clients, '-T', $seconds,
        '-f', "$dir/insert.sql", '-D', "envelope=$envelope", '-D',
        "body=$body", $database->conninfo
    );

    open my $out, '-|', join(' ', map { quotemeta } @command) . ' 2>&1'
        or die "pgbench: $!\n";
    my $text = join '', <$out>;
    close $out or die "pgbench failed\n$text";

    my ($n) = $text =~ /transactions actually processed: (\d+)/
        or die "pgbench has no result\n$text";
    my ($tps) = $text =~ /^tps = ([\d.]+)/m;

    return {
        rate => $tps * $rows,
        ms => $tps ? 1000 * $clients / $tps : 0,
        rows => $rows
    };
}


1;
