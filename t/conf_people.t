# What nginx says to wrong people.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $MAP    = 'map $slack_person $who { jane U024BE7LH; }';
my $MEMBER = 'member $who;';
my $TOKEN  = 'bot_token xoxb-17653672481-19874698323-sesame; channel dev;';

my $CONST = 'directive is the same for all people, write a variable that a "map" sets by $slack_person';
my $ROLE  = 'in "people", it must be "assignee", "reviewer", "author", "committer" or "mentioned"';

# people of a route

refused(
    { in => 'route', http => $MAP, workspace => $MEMBER },

    arguments('people;'),
    duplicate("people author;\npeople author;"),
    (
        map { [ "people $_;" => "invalid value \"" . (m/(\S+)$/)[0] . "\" $ROLE" ] } 'asignee', 'assignee Reviewer',
            'assignee,author', '$who'
    ),
    [ 'people "";' => "invalid value \"\" $ROLE" ],
    [
        'people author;' => '"people" is for Slack only, and workspace "acme" has another "receiver"; leave "people" out',
        'block', { workspace => "receiver mattermost; $MEMBER" }
    ],
    [ 'people author;' => 'unknown "nothing" variable', 'nowhere', { workspace => 'member $nothing;' } ],
    [
        'people assignee;' =>
            '"people" needs to know who people are in Slack, and workspace "acme" has no "member"; give it one, or leave "people" out',
        'block', { workspace => '' }
    ],
);

taken(
    { in => 'route', http => $MAP, workspace => $MEMBER },

    'people assignee reviewer author committer mentioned;',
    'people author author;',
    [ 'people author;', { workspace => 'member "$slack_person@acme.test";' } ],
    [ 'people author;', { workspace => 'member $slack_person_email;' } ],
    [ 'people author;', { workspace => "$TOKEN $MEMBER", bare => 1 } ],
    [ 'channel dev,@assignee @author U024BE7LH;', { workspace => "$TOKEN $MEMBER", bare => 1 } ],
);

# direct messages to a role

refused(
    { in => 'route', http => $MAP },

    [
        'channel @assignee;' =>
            '"channel @ROLE" needs the token of a Slack app, and workspace "acme" has a webhook; give it a "bot_token", or name a channel',
        'block'
    ],
    [
        'channel @assignee;' =>
            '"channel @ROLE" needs to know who people are in Slack, and workspace "acme" has no "member"; give it one, or leave "channel @ROLE" out',
        'block', { workspace => $TOKEN, bare => 1 }
    ],
    [
        'channel @jdoe;' => 'invalid channel "@jdoe", a direct message needs the member ID, such as U024BE7LH',
        'block', { workspace => "$TOKEN $MEMBER", bare => 1 }
    ],
);

# member of a workspace

refused(
    { in => 'workspace', http => $MAP },

    arguments('member;', 'member $who $who;'),
    duplicate("member \$who;\nmember \$who;"),
    [ 'member "";'        => '"member" directive is empty, write a variable that a "map" sets by $slack_person' ],
    [ 'member U024BE7LH;' => "\"member\" $CONST" ],
);

taken({ in => 'workspace', http => $MAP }, $MEMBER);

done_testing();
