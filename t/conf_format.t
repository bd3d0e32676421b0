# The directive "format" of slack_route: its words.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $WORDS = 'in "format", it must be "full", "compact" or "card"';

refused(
    { in => 'route' },

    arguments('format;', 'format full card;'),
    duplicate("format card;\nformat card;"),
    [ 'format short;'  => "invalid value \"short\" $WORDS" ],
    [ 'format Card;'   => "invalid value \"Card\" $WORDS" ],
    [ 'format compac;' => "invalid value \"compac\" $WORDS" ],
    [ 'format "";'     => "invalid value \"\" $WORDS" ],
    [ 'format xoxb-1-1-sesamesesame;' => "invalid value \"(hidden)\" $WORDS" ],
);

done_testing();
