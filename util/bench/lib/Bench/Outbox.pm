package Bench::Outbox;

# Fills the file of an outbox with what takes from hours to months to come.

use strict;
use warnings;

use Exporter qw(import);

our @EXPORT_OK = qw(fill);

# ms that a thread is remembered
my $KEPT = 30 * 24 * 3600 * 1000;


# A file in which an nginx, which has ended, has stored one message: like that
# one so many messages are "waiting" and "dead", in so many "channels" called
# channel-1 and so on, and so many "roots" of threads are known in the channel
# of that one.  Ids go on where they were, and what does not wait is settled.
# "ages" is of the oldest of them, in ms; the others are younger and younger.

sub fill {
    my ($file, %option) = @_;

    my ($channels, $waiting, $dead, $roots, $ages) =
        map { $option{$_} // 0 } qw(channels waiting dead roots ages);

    my $settled = $dead + $roots;
    my $n = $settled + $waiting;

    open my $sqlite, '|-', "sqlite3 -bail $file >/dev/null"
        or die "sqlite3: $!\n";

    print {$sqlite} <<"END";
PRAGMA synchronous = OFF;
BEGIN;
CREATE TEMP TABLE last AS SELECT * FROM message ORDER BY id DESC LIMIT 1;

@{[series($channels)]}
INSERT INTO destination (workspace, channel)
SELECT d.workspace, 'channel-' || i
FROM count, last AS l JOIN destination AS d ON d.id = l.destination
WHERE true ON CONFLICT DO NOTHING;

CREATE TEMP TABLE place (n INTEGER PRIMARY KEY, id INTEGER);
INSERT INTO place SELECT row_number() OVER (ORDER BY id) - 1, id
FROM destination WHERE channel LIKE 'channel-%';

@{[series($roots)]}
INSERT INTO thread (id, destination, key, handle, stamp, rank, flags, root,
    change, since, touched, expires, last)
SELECT l.id + i, l.destination, 'root-' || i,
    printf('C0BENCH0001/1764460800.%06d', i), 0, 0, 0, l.id + i, 0, 0,
    l.created, l.created + $KEPT, l.id + i
FROM count, last AS l;

@{[series($n)]}
INSERT INTO message (id, destination, state, created, due, attempts, done,
    event, project, answer, envelope, body)
SELECT l.id + i, p.id, iif(i > $settled, 0, 2),
    l.created - ($n - i) * $ages / $n, 0,
    iif(i > $settled, 0, 1), iif(i > $settled, 0, l.created), l.event,
    l.project, iif(i > $settled, '', 'no_service'), l.envelope, l.body
FROM count, last AS l
JOIN place AS p ON p.n = i % (SELECT count(*) FROM place)
WHERE i > $roots;

UPDATE counter SET settled = settled + $settled;
COMMIT;
PRAGMA wal_checkpoint(TRUNCATE);
END

    close $sqlite or die "sqlite3 failed\n";

    return;
}


# rows 1 to n

sub series {
    my ($n) = @_;

    return 'WITH RECURSIVE count (i) AS (SELECT 1 WHERE ' . ($n > 0 ? 1 : 0)
        . " UNION ALL SELECT i + 1 FROM count WHERE i < $n)";
}


1;
