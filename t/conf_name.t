# "username", "icon_emoji" and "icon_url" of slack_workspace and slack_route:
# names and icons that Slack would not take.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $LONG    = '"username" directive is longer than 80 characters';
my $EMOJI   = '"icon_emoji" directive is not the name of an emoji';
my $NO_HTTP = '"icon_url" directive is neither http nor https';
my $URL     = 'https://example.com/';

for my $block (qw(workspace route)) {
    refused(
        { in => $block, title => "$block:" },

        arguments('username;',         'icon_emoji;',     'icon_url;'),
        arguments('username Git Lab;', 'icon_emoji a b;', 'icon_url https://a b;'),

        [ 'icon_emoji :rocket;'  => $EMOJI ],
        [ 'icon_url rocket.png;' => $NO_HTTP ],
    );
}

refused(
    { in => 'workspace' },

    duplicate(
        "username GitLab;\nusername GitLab;",
        "icon_emoji rocket;\nicon_emoji rocket;",
        "icon_url https://example.com/i.png;\nicon_url https://example.com/i.png;",
    ),

    [ 'username ' . "\xc3\xbc" x 81 . ';' => $LONG ],
    [ 'username "";'           => '"username" directive is empty' ],
    [ "username \"Git\nLab\";" => '"username" directive has characters that are not UTF-8 or cannot be seen' ],

    [ 'icon_emoji "";' => '"icon_emoji" directive is empty' ],
    same($EMOJI, 'icon_emoji "a b";', 'icon_emoji rocket:;', 'icon_emoji ::;', 'icon_emoji :;'),

    [ 'icon_url ftp://x/y.png;' => $NO_HTTP ],
    [ "icon_url \"${URL}a b\";" => '"icon_url" directive has a space' ],
    [ "icon_url $URL" . 'a' x (256 - length $URL) . ';' => '"icon_url" directive is longer than 255 characters' ],
);

refused(
    { in => 'route' },

    duplicate(
        "username a;\nusername b;",
        "icon_emoji a;\nicon_emoji b;",
        "icon_url https://a;\nicon_url https://b;",
    ),

    [ 'username ' . 'a' x 81 . ';' => $LONG ],
);

done_testing();
