# slack_outbox: engines, paths and parameters that nginx refuses.

use strict;
use warnings;

use lib 't/util';

use File::Temp qw(tempdir);
use SlackConf;
use Test::More;

my $SEE    = 'see "slack_outbox" in the README';
my $ENGINE = 'no such engine; there are sqlite and postgres, write "sqlite:PATH"';
my $OWN    = 'the outbox needs a directory of its own';
my $INFO   = 'has an address that is no connection string of PostgreSQL, write such as "postgres:host=db1,db2 dbname=slack user=slack target_session_attrs=read-write"';
my $NAME   = 'has a "schema=" that is no name of small letters, digits and "_"';
my $GREAT  = 'is too great, it may be at most 100000000';
my $LONG   = 'is too long, it may be at most 10 years, "3650d"';

refused(
    { in => 'http' },

    arguments('slack_outbox;'),
    duplicate("slack_outbox sqlite:outbox/a.db;\nslack_outbox sqlite:outbox/a.db;"),

    # engines
    (
        map { [ "slack_outbox $_;" => 'outbox "' . s/:.*//r . "\": $ENGINE" ] } 'mysql:/var/lib/outbox',
            '/var/lib/outbox.db', 'redis:127.0.0.1', 'postgre:password=sesame'
    ),

    # paths
    [ 'slack_outbox sqlite:;'                    => 'outbox "sqlite:" has no path' ],
    [ 'slack_outbox sqlite:/tmp/;'               => 'outbox "sqlite:/tmp/" names a directory, not a file in it' ],
    [ 'slack_outbox sqlite:/usr/share;'          => 'outbox "sqlite:/usr/share" names a directory, not a file in it' ],
    [ 'slack_outbox sqlite:/tmp/outbox.db;'      => "$OWN, others may write to \"/tmp\"; name another or use \"chmod 700\"" ],
    [ 'slack_outbox sqlite:/dev/null/outbox.db;' => '"/dev/null" of the outbox is not a directory' ],
    [
        'slack_outbox sqlite:/nowhere/slack/outbox.db;' =>
            'there is no "/nowhere" to make the directory of the outbox in, make it or name another'
    ],

    [ 'slack_outbox "postgres:host";' => "outbox \"postgres:CONNINFO\" $INFO" ],
    [ 'slack_outbox "postgres:host=db1 password=sesame pasword=x";' => "outbox \"postgres:CONNINFO\" $INFO" ],
    [ 'slack_outbox "postgres:hots=db1";' => "outbox \"postgres:CONNINFO\" $INFO" ],
    (
        map { [ "slack_outbox postgres:host=db1 schema=$_;" => "outbox \"postgres:CONNINFO\" $NAME" ] } 'Slack', '1st', 'a-b', 'pg_slack',
            'a' x 64
    ),
    [ 'slack_outbox postgres:host=db1 schema=;' => "invalid parameter \"schema=\", $SEE" ],
    [ 'slack_outbox sqlite:outbox/a.db schema=slack;' => "invalid parameter \"schema=slack\", the engine \"sqlite\" does not take it, $SEE" ],

    # parameters
    (
        map { [ "slack_outbox sqlite:outbox/a.db $_;" => "invalid parameter \"$_\", $SEE" ] }
            qw(max=0 max=-1 max=many max=none max= max keep_sent=soon keep_failed=7x dedup= sync=maybe sync)
    ),
    [ 'slack_outbox sqlite:outbox/a.db what=1;' => "invalid parameter \"what=1\", the engine \"sqlite\" does not take it, $SEE" ],
    (
        map { [ "slack_outbox sqlite:outbox/a.db $_;" => "\"$_\" $GREAT" ] }
            qw(max=100000001 max=9223372036854775807 max=99999999999999999999)
    ),
    (
        map { [ "slack_outbox sqlite:outbox/a.db $_;" => "\"$_\" $LONG" ] }
            qw(keep_sent=3651d keep_failed=99999999999999999s keep_failed=9223372036854775807
            keep_failed=99999999999999999999999999y dedup=10y1s)
    ),
);

refused({ in => 'server' }, [ 'slack_outbox sqlite:/var/lib/a.db;' => '"slack_outbox" directive is not allowed here' ]);

# directories of somebody else, of which the outbox may have the second
SKIP: {
    skip 'only root gives directories away', 2 if $> != 0;

    my $others = given_away('README');
    my $shared = given_away('outbox.db-wal');

    refused({ in => 'http' }, [ "slack_outbox sqlite:$others/outbox.db;" => "$OWN, \"$others\" has \"README\" in it" ]);
    taken({ in => 'http' }, "slack_outbox sqlite:$shared/outbox.db;");
}

taken({ in => 'http' }, 'slack_outbox "postgres:host=db1,db2 dbname=slack user=slack target_session_attrs=read-write" schema=hooks max=10 sync=normal;');

warned(
    { in => 'http' },
    [
        'slack_outbox "postgres:host=db1 password=sesame";' =>
            'the address of slack_outbox has a password, which everybody who reads the configuration can see; write it to a file and name that with "password_file="'
    ],
);

done_testing();


sub given_away {
    my ($name) = @_;

    my $dir = tempdir(CLEANUP => 1);

    open my $fh, '>', "$dir/$name" or die "cannot write $name: $!\n";
    close $fh or die "cannot write $name: $!\n";
    chmod 0755, $dir or die "$dir: $!\n";
    chown 54321, 54321, $dir or die "$dir: $!\n";

    return $dir;
}
