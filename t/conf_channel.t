# The directive "channel" of slack_workspace and slack_route, and the channels
# of slack_notify: what is no channel, and how many there may be.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $WRITE   = 'write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR';
my $ID      = 'a direct message needs the member ID, such as U024BE7LH';
my $ROUTES  = 'only the channels of routes may have variables, write a name here';
my $NONE    = 'empty list of channels, name one';
my $MANY    = 'more than 10 channels';
my $MISSING = 'a ";" is missing before it; a name with "#" needs quotes';
my $LONG    = 'a' x 81;

refused(
    { in => 'workspace' },

    arguments('channel;'),
    duplicate("channel dev;\nchannel dev;", "channel a;\nchannel b;"),

    [ 'channel @joe;'          => "invalid channel \"\@joe\", $ID", 'block' ],
    [ 'channel @jdoe;'         => "invalid channel \"\@jdoe\", $ID", 'block' ],
    [ 'channel "#";'           => "invalid channel \"#\", $WRITE" ],
    [ 'channel a#b;'           => "invalid channel \"a#b\", $WRITE" ],
    [ 'channel $slack_branch;' => "invalid channel \"\$slack_branch\", $ROUTES" ],
    [ 'channel dev,${slack_branch};' => "invalid channel \"\${slack_branch}\", $ROUTES" ],
    [ 'channel <!channel>;'    => "invalid channel \"<!channel>\", $WRITE" ],
    [ "channel $LONG;"         => "invalid channel \"$LONG\", $WRITE" ],
    [ 'channel ",";'           => $NONE ],
    [ 'channel "";'            => $NONE ],
    [ 'channel a b c d e f g h i j k;' => $MANY ],
    [ 'channel a,b,c,d,e,f,g,h,i,j,k;' => $MANY ],
);

refused(
    { in => 'route' },

    arguments('channel;'),
    duplicate("channel a;\nchannel b;"),

    [ 'channel @joe;' => "invalid channel \"\@joe\", $ID", 'block' ],
    [ 'channel a/b;'  => "invalid channel \"a/b\", $WRITE" ],
    [ 'channel ",";'  => $NONE ],
    [ 'channel a b c d e f g h i j k;' => $MANY ],

    # with variables
    [ 'channel a b c d e f g h i j $slack_branch;' => $MANY ],
    [ 'channel $slack_branch,a,$slack_user,b/c;' => "invalid channel \"b/c\", $WRITE" ],
    [ 'channel @$slack_user;' => "invalid channel \"\@\$slack_user\", $ID", 'block' ],
    [ 'channel $;'            => 'invalid variable name' ],
    [ 'channel ${x;'          => 'the closing bracket in "x" variable is missing' ],
    [ 'channel $no_such;'     => 'unknown "no_such" variable', 'nowhere' ],
);

taken(
    { in => 'route' },
    'channel $slack_branch;',
    'channel a,b,c "d $slack_branch,$slack_user-x" "#$slack_event";',
    'channel a,a,a,a,a,a,a,a,a,a,$slack_branch;',
);

# of slack_notify
refused(
    { in => 'location' },

    [ 'slack_notify acme Dev;'  => "invalid channel \"Dev\", $WRITE" ],
    [ 'slack_notify acme U024;' => "invalid channel \"U024\", $WRITE" ],
);

# a ";" that is missing, or is in a comment
refused(
    { in => 'location' },
    [ "slack_notify acme dev\nslack_secret something;" => "invalid channel \"slack_secret\", $MISSING" ],
);

refused(
    { in => 'route' },
    [ "channel #dev;\nusername GitLab;" => "invalid channel \"username\", $MISSING" ],
);

done_testing();
