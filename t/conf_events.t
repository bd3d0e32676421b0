# The directive "events" of slack_route: what nginx says to events and actions
# that there are not.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $SEE = 'see "Events and actions" in the README';

refused(
    { in => 'route' },

    arguments('events;'),
    duplicate("events push;\nevents issue;"),

    # events
    [ 'events pushes;'      => "unknown event \"pushes\", $SEE" ],
    [ 'events push pushes;' => "unknown event \"pushes\", $SEE" ],
    [ 'events Push;'        => "unknown event \"Push\", $SEE" ],
    [ 'events unknown;'     => "unknown event \"unknown\", $SEE" ],
    [ 'events push,issue;'  => "unknown event \"push,issue\", $SEE" ],
    [ 'events all:create;'  => "unknown event \"all:create\", $SEE" ],

    # actions
    [ 'events push:;'                     => 'invalid event "push:"' ],
    [ 'events push:create,;'              => 'invalid event "push:create,"' ],
    [ 'events push:created;'              => "unknown action in event \"push:created\", $SEE" ],
    [ 'events issue:opened;'              => "unknown action in event \"issue:opened\", $SEE" ],
    [ 'events merge_request:open,merged;' => "unknown action in event \"merge_request:open,merged\", $SEE" ],
    [ 'events wiki_page:open;'            => "unknown action in event \"wiki_page:open\", $SEE" ],

    # twice
    [ 'events push:create push:update;' => 'duplicate event "push:update"' ],
    [ 'events push push:create;'        => 'duplicate event "push:create"' ],
    [ 'events push push;'               => 'duplicate event "push"' ],
    [ 'events note:create note;'        => 'duplicate event "note"' ],

    # GitHub's name of an event that is there
    [ 'events merge_request pull_request;' => 'duplicate event "pull_request"' ],

    # the line is that of the word, not of the directive
    [ "events push\n       pushes;"   => "unknown event \"pushes\", $SEE" ],
    [ "events push {\n}"              => 'unexpected "{"' ],
);

# statuses that GitLab may add
taken({ in => 'route' }, 'events pipeline:running,waiting_for_callback deployment:approved alert:ignored;');

done_testing();
