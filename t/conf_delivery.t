# How a slack_workspace delivers: rate, connect_timeout, timeout, retry,
# coalesce, on_ambiguous.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $SEE     = 'see "Inside slack_workspace" in the README';
my $TIME    = 'directive invalid value, write such as "10s" or "500ms"';
my $NUMBER  = '"coalesce" directive invalid value, write a number from 1 to 100';
my $YEARS   = 'is too long, it may be at most 10 years, "3650d"';
my $DAY     = 'is too long, it may be at most a day, "1d"';

refused(
    { in => 'workspace' },

    arguments(map { "$_;" } qw(rate connect_timeout timeout coalesce on_ambiguous)),
    arguments(
        'rate 1r/s burst=1 2;',
        'connect_timeout 1s 1s;',
        'timeout 1s 1s;',
        'retry 1s;',
        'retry 1s 1s for=1h 1;',
        'coalesce 1 2;',
        'on_ambiguous drop retry;',
    ),

    duplicate(
        map { "$_;\n$_;" } 'rate 1r/s', 'connect_timeout 1s', 'timeout 1s', 'retry 1s 1m', 'coalesce 5',
            'on_ambiguous drop'
    ),

    # rate
    (
        map { [ "rate $_;" => "invalid rate \"$_\", write such as \"1r/s\" or \"30r/m\"" ] }
            qw(0r/s -1r/s 1 r/s 1r/h 1.5r/s manyr/s fast)
    ),
    (map { [ "rate 1r/s $_;" => "invalid parameter \"$_\", $SEE" ] } qw(burst=0 burst= burst=x burst bursts=1)),
    (map { [ "rate $_;" => "\"$_\" is too great, it may be at most 1000000" ] } qw(1000001r/s 99999999999999999999r/m)),
    (
        map { [ "rate 1r/s $_;" => "\"$_\" is too great, it may be at most 100000" ] }
            qw(burst=100001 burst=99999999999999999999)
    ),

    # timeouts
    same("\"connect_timeout\" $TIME", map { "connect_timeout $_;" } qw(0 soon 1x -1s)),
    same("\"timeout\" $TIME",         map { "timeout $_;" } qw(0 soon 1x -1s)),
    [ 'connect_timeout 25h;'            => "\"25h\" $DAY" ],
    [ 'timeout 99999999999999999s;'     => "\"99999999999999999s\" $DAY" ],
    [ 'timeout 9223372036854775807ms;'  => "\"9223372036854775807ms\" $DAY" ],

    # retry
    [ 'retry 0 1m;'         => "invalid parameter \"0\", $SEE" ],
    [ 'retry soon 1m;'      => "invalid parameter \"soon\", $SEE" ],
    [ 'retry 1s never;'     => "invalid parameter \"never\", $SEE" ],
    [ 'retry 1s 1m ever=1h;' => "invalid parameter \"ever=1h\", $SEE" ],
    [ 'retry 1s 1m for=;'   => "invalid parameter \"for=\", $SEE" ],
    [ 'retry 1s 1m for=0;'  => "invalid parameter \"for=0\", $SEE" ],
    [ 'retry 1s 1m 24h;'    => "invalid parameter \"24h\", $SEE" ],
    [ 'retry 5m 1s;'        => '"retry" directive has a largest delay below the first one' ],
    [ 'retry 99999999999999999s 99999999999999999s;' => "\"99999999999999999s\" $YEARS" ],
    [ 'retry 1s 3651d;'                              => "\"3651d\" $YEARS" ],
    [ 'retry 1s 1m for=99999999999999999s;'          => "\"for=99999999999999999s\" $YEARS" ],

    # coalesce
    same($NUMBER, map { "coalesce $_;" } qw(0 -1 many 1.5 101 99999999999999999999)),

    # on_ambiguous
    (
        map { [ "on_ambiguous $_;" => "invalid value \"$_\" in \"on_ambiguous\" directive, it must be \"retry\" or \"drop\"" ] }
            qw(maybe perhaps)
    ),
);

# the largest delay would never be waited
warned(
    { in => 'workspace' },
    [ 'retry 1s 5m for=1m;'    => '"retry" gives up after 60 seconds, before it waits the largest delay of 300: enlarge "for="' ],
    [ 'retry 1s 1500ms for=1;' => '"retry" gives up after 1 seconds, before it waits the largest delay of 2: enlarge "for="' ],
);

taken({ in => 'workspace' }, 'retry 1s 5m for=5m;', 'retry 1s 5m;', 'retry 500ms 500ms for=1s;');

done_testing();
