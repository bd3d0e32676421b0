package Bench::Figures;

# The figures that count: what each must be, what it should be, and the table
# of what it is.

use strict;
use warnings;

use Exporter qw(import);

our @EXPORT_OK = qw(table);

# name as noted, what it is, must, aim, unit; a smaller one is better where
# the aim is below what must be; what has none of them is only reported
my @FIGURES = (
    ['Queued durable, pushes of 4 KB, beside the faster one of Node with SQLite'
        . ' and BullMQ with Redis, which keep what they accept, too'],
    ['durable/kept 2 32', 'events/s ÷ those of it, 2 workers', 2, 3],
    ['durable/kept 2 256', 'events/s ÷ those of it, 2 workers, 256 connections',
        1.5, 2.5],
    ['durable p99/kept 2 32', 'p99 of an answer ÷ that of it, 2 workers', 0.5,
        0.33],
    ['durable p99/kept 2 256',
        'p99 of an answer ÷ that of it, 2 workers, 256 connections', 0.5, 0.33],
    ['durable/kept 1 32', 'events/s ÷ those of it, pinned worker'],
    ['durable/kept 1 256',
        'events/s ÷ those of it, pinned worker, 256 connections'],
    ['durable p99/kept 1 32', 'p99 of an answer ÷ that of it, pinned worker'],
    ['durable p99/kept 1 256',
        'p99 of an answer ÷ that of it, pinned worker, 256 connections'],

    ['The price of keeping: queued durable beside those that keep nothing'],
    ['durable/readbody 1 32', '÷ readbody, pinned worker', 0.22, 0.30],
    ['durable/readbody 2 32', '÷ readbody, 2 workers', 0.30, 0.40],
    ['durable/readbody 2 256', '÷ readbody, 2 workers, 256 connections', 0.40,
        0.50],
    ['durable/Lua 1 32', '÷ Lua, pinned worker'],
    ['durable/njs 1 32', '÷ njs, pinned worker', 1.9, 3],
    ['durable/Node 1 32', '÷ Node, pinned worker', 1.5, 2],
    ['durable/webhook 1 32', '÷ webhook, pinned worker', 15, 25],
    ['durable/Lua 2 32', '÷ Lua, 2 workers'],
    ['durable/njs 2 32', '÷ njs, 2 workers', 1.2, 1.8],
    ['durable/Node 2 32', '÷ Node, 2 workers', 1.0, 1.3],
    ['durable/webhook 2 32', '÷ webhook, 2 workers', 3.5, 5],

    ['Queued in PostgreSQL, pushes of 4 KB, 2 workers'],
    ['postgres/pgbench 32', '÷ pgbench with as many rows a commit', 0.8, 1],
    ['postgres/pgbench 256',
        '÷ pgbench with as many rows a commit, 256 connections', 0.8, 1],
    ['postgres/BullMQ 32', '÷ BullMQ and Redis', 1.5, 2.5],
    ['postgres/BullMQ 256', '÷ BullMQ and Redis, 256 connections', 1.5, 2.5],
    ['postgres p99/commit 32', 'p99 of an answer ÷ a commit of one client', 4,
        2],
    ['postgres p99/commit 256',
        'p99 of an answer ÷ a commit of one client, 256 connections', 4, 2],
    ['postgres instances', 'sum of 3 instances ÷ one', 0.9, 1],
    ['postgres p99 many/few', 'p99 of an answer, 1,000,000 waiting ÷ 1,000',
        1.5, 1.1],
    ['postgres lookups', 'time of all statements, 1,000,000 waiting ÷ 1,000',
        2, 1.2],
    ['postgres scans', 'statements that look through all messages', 0, 0],

    ['Not queued, pushes of 4 KB'],
    ['filtered/readbody 1 32',
        'filtered after parsing ÷ readbody, pinned worker', 0.42, 0.50],
    ['filtered/readbody 2 32', 'filtered after parsing ÷ readbody, 2 workers',
        0.75, 0.80],
    ['header/readbody 1 32', 'decided by header ÷ readbody, pinned worker',
        0.95, 1.0],
    ['header/readbody 2 32', 'decided by header ÷ readbody, 2 workers', 0.95,
        1.0],
    ['token/readbody 1 32', 'refused by token ÷ readbody, pinned worker',
        0.95, 1.0],
    ['token/readbody 2 32', 'refused by token ÷ readbody, 2 workers', 0.95,
        1.0],

    ['Instructions'],
    ['instructions 1', 'queued durable, 1 KB', 65_000, 55_000],
    ['instructions 4', 'queued durable, 4 KB', 145_000, 125_000],
    ['instructions 30', 'queued durable, 30 KB', 650_000, 600_000],
    ['instructions beyond', 'beyond nginx, yajl and SQLite, 4 KB', 25_000,
        15_000],
    ['instructions added', 'added in a location without our directives', 150,
        50],
    ['instructions token/webhook', 'queued durable, 4 KB, for a bot token ÷'
        . ' for a webhook', 1.01, 1],

    ['Answers to the sender'],
    ['p99 2', 'p99 of a durable one, 2 workers', 10, 8, 'ms'],
    ['p99 4', 'p99 of a durable one, 4 workers', 15, 10, 'ms'],
    ['p99 reload', 'p99 of a durable one during reloads', 30, 15, 'ms'],

    ['Status while Slack hangs, two threads'],
    ['scrape 150000 / 1000', 'a scrape, 150,000 waiting ÷ 1,000 waiting', 3,
        1.5],
    ['append scraped / alone',
        'p99 of a durable answer, 150,000 waiting, scraped ÷ not', 3, 1.5],
    ['page KB', 'the page of 10,000 channels', 300, 150, 'KB'],
    ['page CPU', 'CPU of a load of it', 50, 25, 'ms'],
    ['other location, page / alone',
        'p99 of another location, page of 10,000 channels open ÷ not', 1.5,
        1.2],

    ['Delivery, Slack answers after 150 ms'],
    ['idle p50', 'event to Slack when idle, p50', 5, 2, 'ms'],
    ['idle p99', 'event to Slack when idle, p99', 30, 10, 'ms'],
    ['drain HTTP/1.1', 'drain of 256 channels ÷ ideal', 85, 95, '%'],
    ['drain TLS', 'drain of 256 channels over TLS ÷ ideal', 75, 90, '%'],
    ['cpu TLS', 'CPU of a message over TLS', 0.4, 0.2, 'ms'],
    ['idle token p50', 'bot token: event to Slack when idle, p50', 5, 2, 'ms'],
    ['drain token TLS', 'bot token: drain of 256 channels over TLS ÷ ideal',
        75, 93, '%'],
    ['idle change p50', 'change of a message: event to Slack when idle, p50',
        5, 2, 'ms'],
    ['drain reply TLS', 'replies: drain of 256 channels over TLS ÷ ideal',
        75, 93, '%'],
    ['cpu token/webhook TLS', 'CPU of a message over TLS, bot token ÷ webhook',
        1.15, 1],
    ['paced', '100 channels at 1 message/s, each', 0.95, 1, '/s'],
    ['retry late', 'later than Retry-After says, at most', 250, 50, 'ms'],
    ['retry early', 'earlier than Retry-After says, at most', 0, 0, 'ms'],

    ['How cost grows, in instructions: the most ÷ the first where it is flat,'
        . ' else one more at the end ÷ one more at the beginning'],
    ['growth routes start',
        '1 to 5,000 routes in a location: reading the configuration', 1.3, 1.1],
    ['growth routes event', '1 to 5,000 routes in a location: an event', 1.3,
        1.1],
    ['growth channels start',
        '1 to 10,000 channels: reading the configuration', 1.3, 1.1],
    ['growth channels event', '1 to 10,000 channels: an event', 1.3, 1.1],
    ['growth channels delivered',
        '1 to 10,000 channels: a delivered message', 1.3, 1.1],
    ['growth channels status', '1 to 10,000 channels: the status as JSON', 1.3,
        1.1],
    ['growth channels metrics', '1 to 10,000 channels: the metrics', 1.3, 1.1],
    ['growth channels rest',
        '1 to 10,000 channels: a second of doing nothing', 1.3, 1.1],
    ['growth waiting event', '0 to 1,000,000 waiting: an event', 1.3, 1.1],
    ['growth waiting delivered',
        '0 to 1,000,000 waiting: a delivered message', 1.3, 1.1],
    ['growth waiting status',
        '0 to 1,000,000 waiting: the status as JSON', 1.3, 1.1],
    ['growth waiting metrics', '0 to 1,000,000 waiting: the metrics', 1.3,
        1.1],
    ['growth waiting rest',
        '0 to 1,000,000 waiting: a second of doing nothing', 1.3, 1.1],
    ['growth dead event', '0 to 100,000 dead letters: an event', 1.3, 1.1],
    ['growth dead delivered',
        '0 to 100,000 dead letters: a delivered message', 1.3, 1.1],
    ['growth dead status',
        '0 to 100,000 dead letters: the status as JSON', 1.3, 1.1],
    ['growth dead metrics', '0 to 100,000 dead letters: the metrics', 1.3,
        1.1],
    ['growth dead rest',
        '0 to 100,000 dead letters: a second of doing nothing', 1.3, 1.1],
    ['growth roots event', '0 to 100,000 roots of threads: an event', 1.3,
        1.1],
    ['growth roots delivered',
        '0 to 100,000 roots of threads: a delivered message', 1.3, 1.1],
    ['growth roots status',
        '0 to 100,000 roots of threads: the status as JSON', 1.3, 1.1],
    ['growth roots metrics', '0 to 100,000 roots of threads: the metrics', 1.3,
        1.1],
    ['growth roots rest',
        '0 to 100,000 roots of threads: a second of doing nothing', 1.3, 1.1],
    ['growth body event', 'a body of 1 KB to 25 MB: an event', 1.3, 1.1],

    ['Memory'],
    ['memory waiting', '100,000 waiting messages, of a worker', 8, 4, 'MB'],
    ['memory waiting more', 'of a bot token, more than of a webhook', 1, 0.2,
        'MB'],
    ['memory body', 'a body of 25 MB', 1, 0.3, 'MB'],
    ['memory request', 'a request in flight', 64, 32, 'KB']
);


# lines of Markdown; of those that were noted, if not of all

sub table {
    my ($noted, $all) = @_;

    my @lines = (
        "| figure | must | aim | measured | |\n",
        "| --- | ---: | ---: | ---: | --- |\n"
    );
    my $group;

    for my $row (@FIGURES) {
        my ($name, $text, $must, $aim, $unit) = @$row;

        if (!defined $text) {
            $group = $name;
            next;
        }

        my $value = $noted->{$name};

        next if !defined $value && !$all;

        if (defined $group) {
            push @lines, "| **$group** | | | | |\n";
            $group = undef;
        }

        my $unit_text = $unit ? " $unit" : '';

        push @lines, sprintf "| %s | %s | %s | %s | %s |\n", $text,
            (map { defined ? number($_) . $unit_text : '' } $must, $aim),
            defined $value ? number($value) . $unit_text : '',
            verdict($value, $must, $aim);
    }

    return @lines;
}


sub verdict {
    my ($value, $must, $aim) = @_;

    return '**not measured**' if !defined $value;

    return 'reported' if !defined $must;

    my $less = $aim < $must || $must == 0;
    my $reaches = sub { $less ? $value <= $_[0] : $value >= $_[0] };

    return $reaches->($aim) ? 'aim' : $reaches->($must) ? 'must' : '**missed**';
}


sub number {
    my ($value) = @_;

    return sprintf '%.2f', $value if abs $value < 10 && $value != int $value;
    return sprintf '%.1f', $value if abs $value < 100 && $value != int $value;

    my $text = sprintf '%.0f', $value;
    1 while $text =~ s/^(-?\d+)(\d{3})/$1,$2/;

    return $text;
}


1;
