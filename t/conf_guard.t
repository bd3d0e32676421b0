# slack_signing_secret: what is no secret of a Slack app, and what may not
# stand in the same location.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $DIR    = SlackConf::dir();
my $PASS   = 'proxy_pass http://127.0.0.1:1;';
my $OTHERS = 'in the same location is for others: use two locations, none inside the other';
my $WHERE  = "\"slack_signing_secret\" in $DIR/conf/nginx.conf:+1 is for requests from Slack,";

refused(
    { in => 'location' },

    [ "slack_signing_secret \"\"; $PASS" => '"slack_signing_secret" directive has an empty secret' ],
    [
        "slack_signing_secret xoxb-1-2-3sesamesesame; $PASS" =>
            '"slack_signing_secret" directive has a URL or a token; '
            . 'the signing secret of a Slack app is on its page "Basic Information"'
    ],
    [
        "slack_signing_secret_file no-such-file; $PASS" => 'a file with one line, the secret, is needed: '
            . "open() \"$DIR/conf/no-such-file\" failed (2: No such file or directory)"
    ],

    [ "slack_signing_secret secret;\nslack_notify acme;" => "$WHERE \"slack_route\" or \"slack_notify\" $OTHERS", 'nowhere' ],
    [
        "slack_signing_secret secret;\n$PASS\nlocation /slack/hook { slack_notify acme; }" =>
            "$WHERE \"slack_route\" or \"slack_notify\" $OTHERS",
        'nowhere'
    ],
    [ "slack_signing_secret secret;\nslack_secret other;\n$PASS" => "$WHERE \"slack_secret\" $OTHERS", 'nowhere' ],
    [ "slack_signing_secret secret;\nslack_status;"              => "$WHERE \"slack_status\" $OTHERS", 'nowhere' ],
);

refused({ in => 'server' }, [ 'slack_signing_secret secret;' => '"slack_signing_secret" directive is not allowed here' ]);

done_testing();
