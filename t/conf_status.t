# slack_status: its parameters, and what may not stand in the same location.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $CONTENT = '"slack_status" conflicts with another directive that makes the content of location "/", '
    . 'give it a location of its own';

refused(
    { in => 'location' },

    duplicate("slack_status;\nslack_status actions;"),
    [ 'slack_status shut;' => 'invalid parameter "shut", it may be "actions" or "actions=remote"' ],

    [ "slack_status;\nslack_notify acme;" => 'a route conflicts with "slack_status" of the same location' ],
    [ "slack_notify acme;\nslack_status;" => '"slack_status" directive conflicts with a route of the same location' ],
    [ "slack_status;\nproxy_pass http://127.0.0.1:1;" => $CONTENT, 1 ],
    [ "proxy_pass http://127.0.0.1:1;\nslack_status;" => $CONTENT ],
);

done_testing();
