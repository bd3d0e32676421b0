# The directive "events" of slack_route: what nginx says to events and actions
# that there are not.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $PUSH     = 'there are: create, update, delete';
my $MERGE    = 'there are: open, close, reopen, merge, approved, unapproved, approval, unapproval, update, ready';
my $PIPELINE = 'known are: success, failed, canceled, canceling, created, waiting_for_resource, '
    . 'waiting_for_callback, preparing, pending, running, skipped, manual, scheduled, neutral, stale';
my $DEPLOYMENT = 'known are: running, success, failed, canceled, created, pending, waiting_for_resource, '
    . 'skipped, blocked, approved, rejected';
my $UNUSUAL = 'no sender is known to have the status of';

refused(
    { in => 'route' },

    arguments('events;'),
    duplicate("events push;\nevents issue;"),

    # events
    [ 'events pushes;'      => "unknown event \"pushes\", $EVENTS" ],
    [ 'events push pushes;' => "unknown event \"pushes\", $EVENTS" ],
    [ 'events Push;'        => "unknown event \"Push\", did you mean \"push\"? $EVENTS" ],
    [ 'events issues;'      => "unknown event \"issues\", did you mean \"issue\"? $EVENTS" ],
    [ 'events mergerequest:open;' => "unknown event \"mergerequest:open\", did you mean \"merge_request\"? $EVENTS" ],
    [ 'events unknown;'     => "unknown event \"unknown\", $EVENTS" ],
    [ 'events push,issue;'  => "unknown event \"push,issue\", $EVENTS" ],
    [ 'events all:create;'  => "unknown event \"all:create\", $EVENTS" ],

    # actions
    [ 'events push:;'                     => 'invalid event "push:"' ],
    [ 'events push:create,;'              => 'invalid event "push:create,"' ],
    [ 'events push:created;'              => "unknown action \"created\" in event \"push:created\", did you mean \"create\"? $PUSH" ],
    [ 'events issue:opened;'              => 'unknown action "opened" in event "issue:opened", there are: open, close, reopen, update' ],
    [ 'events merge_request:open,merged;' => "unknown action \"merged\" in event \"merge_request:open,merged\", did you mean \"merge\"? $MERGE" ],
    [ 'events wiki_page:open;'            => "unknown action \"open\" in event \"wiki_page:open\", $PUSH" ],

    # twice
    [ 'events push:create push:update;' => 'duplicate event "push:update"' ],
    [ 'events push push:create;'        => 'duplicate event "push:create"' ],
    [ 'events push push;'               => 'duplicate event "push"' ],
    [ 'events note:create note;'        => 'duplicate event "note"' ],

    # GitHub's name of an event that is there
    [ 'events merge_request pull_request;' => 'duplicate event "pull_request"' ],

    # the line is that of the word, not of the directive
    [ "events push\n       pushes;"   => "unknown event \"pushes\", $EVENTS" ],
    [ "events push {\n}"              => 'unexpected "{"' ],
);

# statuses, to which a sender may add others
taken(
    { in => 'route' },
    'events pipeline:running,waiting_for_callback,stale deployment:approved alert:ignored job:canceling;',
);

warned(
    { in => 'route' },

    [ 'events pipeline:sucess;'         => "$UNUSUAL \"pipeline:sucess\", did you mean \"success\"? $PIPELINE" ],
    [ 'events pipeline:failed,broken;'  => "$UNUSUAL \"pipeline:broken\", $PIPELINE" ],
    [ 'events deployment:cancelled;'    => "$UNUSUAL \"deployment:cancelled\", did you mean \"canceled\"? $DEPLOYMENT" ],
    [ 'events alert:resolve;'           => "$UNUSUAL \"alert:resolve\", did you mean \"resolved\"? known are: triggered, acknowledged, resolved, ignored" ],
    [
        'message pipeline:faild "a";' => [
            "$UNUSUAL \"pipeline:faild\", did you mean \"failed\"? $PIPELINE",
            '"message" has "pipeline", which the route never takes'
        ]
    ],
);

done_testing();
