# The directive "thread" of slack_route: what nginx says to wrong ones.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $TOKEN = 'bot_token xoxb-17653672481-19874698323-sesamesesame;';
my $HOOK  = 'webhook_url https://hooks.slack.com/services/T1/B1/sesamesesame;';

my $MODES = 'it must be "off", "reply", "update" or "both"';
my $SEE   = 'in "thread", see "Inside slack_route" in the README';
my $OFF   = '"thread" directive "off" takes no parameters';
my $NEVER = 'which the route never takes';
my $NONE  = '"thread" directive has "broadcast=none" beside another "broadcast="';

refused(
    { in => 'route', workspace => $TOKEN },

    arguments('thread;'),
    duplicate("thread reply;\nthread reply;", "thread off;\nthread both;"),

    # the mode
    [ 'thread on;'                    => "invalid value \"on\" in \"thread\", $MODES" ],
    [ 'thread Reply;'                 => "invalid value \"Reply\" in \"thread\", $MODES" ],
    [ 'thread "";'                    => "invalid value \"\" in \"thread\", $MODES" ],
    [ 'thread xoxb-1-1-sesamesesame;' => "invalid value \"(hidden)\" in \"thread\", $MODES" ],
    [ 'thread off key=a;'             => $OFF ],
    [ 'thread off keep=1d;'           => $OFF ],
    [ 'thread reply update;'          => "invalid parameter \"update\" $SEE" ],

    # keep=
    [ 'thread reply keep;'            => "invalid parameter \"keep\" $SEE" ],
    [ 'thread reply keep=;'           => "invalid parameter \"keep=\" $SEE" ],
    [ 'thread reply keep=0;'          => "invalid parameter \"keep=0\" $SEE" ],
    [ 'thread reply keep=soon;'       => "invalid parameter \"keep=soon\" $SEE" ],
    [ 'thread reply keep=-1d;'        => "invalid parameter \"keep=-1d\" $SEE" ],
    [ 'thread reply keep=4000d;'      => '"keep=4000d" is too long, it may be at most 10 years, "3650d"' ],
    [ 'thread reply keep=1d keep=2d;' => '"thread" directive has a duplicate "keep="' ],

    # key=
    [ 'thread reply key=;'       => '"thread" directive has an empty "key=", give it a value such as "key=$slack_branch"' ],
    [ 'thread reply key=a key=b;' => '"thread" directive has a duplicate "key="' ],
    [ 'thread reply key=$slack_nothing;' => 'unknown "slack_nothing" variable', 'nowhere' ],

    # broadcast=
    [ 'thread both broadcast=;'     => "invalid parameter \"broadcast=\" $SEE" ],
    [ 'thread both "broadcast= ";'  => "invalid parameter \"broadcast= \" $SEE" ],
    [ 'thread both broadcast=merges;' => "unknown event \"merges\", $EVENTS" ],
    [
        'thread both broadcast=issue:merge;' =>
            'unknown action "merge" in event "issue:merge", there are: open, close, reopen, update'
    ],
    [ 'thread both "broadcast=note issue:";' => 'invalid event "issue:"' ],
    [ 'thread both "broadcast=note note";'   => 'duplicate event "note"' ],
    [ 'thread both broadcast=note broadcast=none;' => $NONE ],
    [ 'thread both broadcast=none broadcast=note;' => $NONE ],
    [ 'thread both broadcast=none broadcast=none;' => $NONE ],
);

taken(
    { in => 'route', workspace => $TOKEN },

    'thread off;',
    'thread reply;',
    'thread update;',
    'thread both;',
    'thread both broadcast=none;',
    'thread both broadcast=pipeline:failed broadcast=merge_request:merge,ready;',
    'thread update "broadcast=pipeline:failed alert:triggered" key=$slack_branch keep=7d;',
    'thread reply keep=1s key=$slack_project:$slack_branch;',
    'thread reply broadcast=all;',
);

# a broadcast of what the route does not take
warned(
    { in => 'route', at => 'block', workspace => $TOKEN },

    [ "events push;\nthread both broadcast=issue;"   => "\"broadcast=\" has \"issue\", $NEVER" ],
    [ 'thread both broadcast=confidential_issue;'    => "\"broadcast=\" has \"confidential_issue\", $NEVER" ],
    [
        "thread both broadcast=pipeline:failed;\nevents pipeline:success;" =>
            "\"broadcast=\" has \"pipeline\", $NEVER"
    ],
    [ "events issue;\nthread both broadcast=issue:update;"     => "\"broadcast=\" has \"issue\", $NEVER" ],
    [ "events issue:open;\nthread both broadcast=issue:close;" => "\"broadcast=\" has \"issue\", $NEVER" ],
    [ 'thread both broadcast=merge_request:update;' => "\"broadcast=\" has \"merge_request\", $NEVER" ],
);

# a webhook has no threads
taken({ in => 'route', workspace => $HOOK }, 'thread off;');

refused(
    { in => 'route', at => 'block', workspace => $HOOK },

    same(
        '"thread" needs the token of a Slack app, and workspace "acme" has a webhook; '
            . 'give it a "bot_token", or leave "thread" out',
        map { "thread $_;" } qw(reply update both)
    ),
);

done_testing();
