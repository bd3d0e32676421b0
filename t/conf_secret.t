# slack_secret and slack_secret_file: what is no secret.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $DIR    = SlackConf::dir();
my $EMPTY  = '"slack_secret" directive has an empty secret';
my $BASE64 = '"slack_secret" directive has a signing secret that is not base64 after "whsec_"';
my $NEEDED = 'a file with one line, the secret, is needed: open()';
my $ABSENT = 'failed (2: No such file or directory)';

SlackConf::file(open    => "relative\n", 0644);
SlackConf::file(empty   => '');
SlackConf::file(two     => "one\ntwo\n");
SlackConf::file(signing => "whsec_***\n");

for my $level (qw(http server location)) {
    refused({ in => $level, title => "$level:" }, [ 'slack_secret "";' => $EMPTY ]);
}

refused({ in => 'main' }, [ 'slack_secret a;' => '"slack_secret" directive is not allowed here' ]);

refused(
    { in => 'location' },

    arguments('slack_secret;', 'slack_secret one two;'),
    same($BASE64, 'slack_secret whsec_;', 'slack_secret whsec_***;'),

    arguments('slack_secret_file;'),
    [ 'slack_secret_file /nowhere/token;' => "$NEEDED \"/nowhere/token\" $ABSENT" ],
    [ 'slack_secret_file nowhere.token;'  => "$NEEDED \"$DIR/conf/nowhere.token\" $ABSENT" ],
    [ 'slack_secret_file /etc;'           => '"/etc" is not a file with one line, the secret' ],
    [ 'slack_secret_file empty;'          => "\"$DIR/conf/empty\" is empty, write the secret into it" ],
    [ 'slack_secret_file two;'            => "\"$DIR/conf/two\" has more than one line, give each secret a file" ],
    [ 'slack_secret_file signing;'        => $BASE64 =~ s/slack_secret/slack_secret_file/r ],

    # readable by others, and what is wrong below it
    [
        "slack_secret_file open;\nslack_secret \"\";" =>
            [ "[warn] \"$DIR/conf/open\" with a secret is readable by others, use \"chmod 600\"", $EMPTY ],
        [ 1, 2 ]
    ],
);

# what an editor or copying has added
SlackConf::file(mark   => "\xef\xbb\xbfsesame\n");
SlackConf::file(blank  => " sesame\n");
SlackConf::file(tab    => "\tsesame\n");
SlackConf::file(quoted => "\"sesame\"\n");
SlackConf::file(single => "'sesame'\n");
SlackConf::file(inside => "\"sesame\n");

for my $row (
    [ location  => 'slack_secret_file' ],
    [ workspace => 'webhook_url_file' ],
    [ workspace => 'bot_token_file' ],
    )
{
    my ($in, $directive) = @$row;

    refused(
        { in => $in },
        [ "$directive mark;" => "\"$DIR/conf/mark\" begins with a byte order mark, save it as UTF-8 without one" ],
        [ "$directive blank;"  => "\"$DIR/conf/blank\" begins with a blank, remove it" ],
        [ "$directive tab;"    => "\"$DIR/conf/tab\" begins with a blank, remove it" ],
        [ "$directive quoted;" => "\"$DIR/conf/quoted\" begins with a quote, write the secret without quotes" ],
        [ "$directive single;" => "\"$DIR/conf/single\" begins with a quote, write the secret without quotes" ],
    );
}

taken({ in => 'location' }, 'slack_secret_file inside;');

# "off" means that there is to be none
refused(
    { in => 'location' },

    duplicate("slack_secret off;\nslack_secret off;"),
    [ "slack_secret sesame;\nslack_secret off;" => '"slack_secret" directive "off" conflicts with a secret of the same level' ],
    [ "slack_secret off;\nslack_secret sesame;" => '"slack_secret" directive conflicts with "slack_secret off"' ],
    [ "slack_secret off;\nslack_secret_file inside;" => '"slack_secret_file" directive conflicts with "slack_secret off"' ],
);

for my $level (qw(http server location)) {
    taken({ in => $level }, 'slack_secret off;');
}

# a location that takes requests of anybody
my $OPEN = 'they accept events from anybody whom nginx admits; if that is meant, write "slack_secret off;"';

noted(
    { in => 'location' },

    [ 'slack_notify acme;' => "location \"/\" has no slack_secret, and 1 of 1 with routes have none: $OPEN" ],
    [ 'slack_notify acme; slack_secret sesame;' => undef ],
    [ 'slack_notify acme; slack_secret off;'    => undef ],
    [ 'slack_notify acme; location = /in { return 204; }' => "location \"/\" has no slack_secret, and 1 of 1 with routes have none: $OPEN" ],
);

noted(
    { in => 'server' },

    [ 'slack_secret sesame;' => undef ],
    [ 'slack_secret off;'    => undef ],
    [ 'slack_secret sesame; location = /in { slack_secret off; slack_notify acme; }' => undef ],
    [ 'slack_secret off; location = /in { slack_secret sesame; slack_notify acme; }' => undef ],
    [
        'location = /in { slack_notify acme; } location = /closed { slack_secret sesame; slack_notify acme; }' =>
            "location \"/in\" has no slack_secret, and 2 of 3 with routes have none: $OPEN"
    ],
);

done_testing();
