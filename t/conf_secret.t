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

done_testing();
