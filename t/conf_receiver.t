# The directive "receiver" of slack_workspace: its words, and channels that
# another receiver than Slack does not know.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $A   = 'webhook_url https://a.example/1';
my $IDS = '"receiver mattermost" does not know Slack\'s IDs, write the name of the channel, or "@NAME" for a direct message';
my $OWN = 'a webhook of "receiver discord" posts to its own channel only, write a slack_workspace for each webhook';

refused(
    { in => 'workspace' },

    arguments('receiver;'),
    duplicate("receiver slack;\nreceiver slack;"),
    [ 'receiver teams;' => 'invalid value "teams" in "receiver" directive, it must be "slack", "mattermost" or "discord"' ],

    [ "receiver mattermost;\nchannel  dev U024BE7LH;" => "invalid channel \"U024BE7LH\", $IDS", 'block' ],
    [ "channel  C024BE91L;\nreceiver mattermost;"     => "invalid channel \"C024BE91L\", $IDS", 'block' ],
    [
        "$A channel=W012A3CDE;\nreceiver    mattermost;\nchannel     dev;" => "invalid channel \"W012A3CDE\", $IDS",
        'block'
    ],
    [
        "receiver mattermost;\nchannel  \@Joe;" =>
            'invalid channel "@Joe", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR'
    ],
    [ "receiver discord;\nchannel  dev;" => "invalid channel \"#dev\", $OWN", 'block' ],
);

refused(
    { in => 'workspace', bare => 1 },
    [ "$A channel=dev;\nreceiver    discord;" => "invalid channel \"dev\", $OWN", 'block' ],
);

# of routes
refused(
    { in => 'route', workspace => 'receiver mattermost;' },
    [ 'channel dev,U024BE7LH;' => "invalid channel \"U024BE7LH\", $IDS", 'block' ],
);

refused(
    { in => 'location', workspace => 'receiver mattermost;' },
    [ 'slack_notify acme U024BE7LH;' => "invalid channel \"U024BE7LH\", $IDS" ],
);

refused(
    { in => 'location', workspace => "$A;\nreceiver    discord;", bare => 1 },
    [ 'slack_notify acme dev;' => "invalid channel \"#dev\", $OWN" ],
    [ 'slack_notify acme $slack_branch;' => "invalid channel \"\$slack_branch\", $OWN" ],
);

done_testing();
