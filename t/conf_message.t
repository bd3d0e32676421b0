# What nginx says to wrong words of the operator: "message" and "mention".

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my %ROUTE = (in => 'route', bare => 1, workspace => 'bot_token xoxb-17653672481-19874698323-sesamesesame; channel dev;');

my $HIDE  = 'xoxb-1-1-sesamesesame';
my $ARGS  = 'invalid number of arguments in "message" directive';
my $NONE  = '"message" directive has no template, write it behind the events, in quotes';
my $BARE  = 'write "&lt;" for the character itself';
my $ID    = 'there must be an ID, such as U024BE7LH, or one variable and nothing else between "<" and ">" of';
my $BANG  = 'only "<!here>", "<!channel>", "<!everyone>" and "<!subteam^ID>" may begin with "<!", not';
my $LINK  = 'a link must begin with "https://", "http://", "mailto:" or a variable, not';
my $SPACE = 'a link has a space in its URL or a line break in';
my $LONG  = 'x' x 3001;

# the lines of a route, what is said
my @refused = (

    # events
    [ 'message;',                            $ARGS ],
    [ 'message push;',                       $ARGS ],
    [ 'message "a template";',               $ARGS ],
    [ 'message push issue;',                 $NONE ],
    [ 'message push issue:open,close;',      $NONE ],
    [ 'message push confidential_note;',     $NONE ],
    [ 'message pushes "a";',                 "unknown event \"pushes\", $EVENTS" ],
    [ 'message issue push:merge "a";',       'unknown action "merge" in event "push:merge", there are: create, update, delete' ],
    [ 'message issue: "a";',                 'invalid event "issue:"' ],
    [ 'message issue issue:open "a";',       'duplicate event "issue:open"' ],
    [ 'message issue a template;',           "unknown event \"a\", $EVENTS" ],
    [ "message $HIDE \"a\";",                "unknown event \"(hidden)\", $EVENTS" ],

    # variables
    [ 'message issue $nothing;',             'unknown variable "$nothing" in "message"' ],
    [ 'message issue "a ${slack_titel}";',   'unknown variable "$slack_titel" in "message"' ],
    [ "message issue a;\nmessage push \"\n\$slack_titel\";", 'unknown variable "$slack_titel" in "message"' ],
    [ 'message issue "<https://x/$nil|x>";', 'unknown variable "$nil" in "message"' ],
    [ 'message issue "<@$nil>";',            'unknown variable "$nil" in "message"' ],
    [ 'message issue "a $";',                '"$" begins no name of a variable in "$"' ],
    [ 'message issue "$ 5";',                '"$" begins no name of a variable in "$ 5"' ],
    [ 'message issue "${slack_title";',      'the closing bracket of the variable is missing in "${slack_title"' ],
    [ 'message issue "a $1";',               'a numbered capture is not there any more when a message is written, use one with a name instead of "$1"' ],
    [ 'message issue $slack_json_;',         'variable "$slack_json_" names no field', 4 ],

    # "<"
    [ 'message issue "a < b";',              "\"<\" has no \">\" in \"< b\", $BARE" ],
    [ 'message issue "a <b <c>";',           "\"<\" has no \">\" in \"<b <c>\", $BARE" ],
    [ 'message issue "<!here";',             "\"<\" has no \">\" in \"<!here\", $BARE" ],
    [ 'message issue "<!all>";',             "$BANG \"<!all>\"" ],
    [ 'message issue "<!$slack_title>";',    "$BANG \"<!\$slack_title>\"" ],
    [ 'message issue "<!here|x>";',          "$BANG \"<!here|x>\"" ],
    [ 'message issue "<@jane>";',            "$ID \"<\@jane>\"" ],
    [ 'message issue "<@U$slack_user>";',    "$ID \"<\@U\$slack_user>\"" ],
    [ 'message issue "<@S024BE7LH>";',       "$ID \"<\@S024BE7LH>\"" ],
    [ 'message issue "<!subteam^ops>";',     "$ID \"<!subteam^ops>\"" ],
    [ 'message issue "<#dev>";',             "$ID \"<#dev>\"" ],
    [ 'message issue "<x>";',                "$LINK \"<x>\"" ],
    [ 'message issue "<>";',                 "$LINK \"<>\"" ],
    [ 'message issue "<javascript:x|x>";',   "$LINK \"<javascript:x|x>\"" ],
    [ 'message issue "<x$slack_url|x>";',    "$LINK \"<x\$slack_url|x>\"" ],
    [ 'message issue "<https://a b|c>";',    "$SPACE \"(hidden)\"" ],
    [ 'message issue "<https://a|b|c>";',    'a link has a second "|" in "(hidden)"' ],
    [ 'message issue "<https://a|<@U024BE7LH>>";', "\"<\" has no \">\" in \"(hidden)\", $BARE" ],

    # characters
    [ "message issue \"a\x01\";",            'a control character is in "a"' ],
    [ "message issue \"\xff\";",          "\"\xef\xbf\xbd\" is not valid UTF-8" ],
    [ "message issue $LONG;",                'more than 3000 characters begin with "' . 'x' x 40 . '"' ],
    [ "message issue \"<$HIDE\";",           '"<" has no ">" in "(hidden)", ' . $BARE ],

    # mention
    [ 'mention;',                            'invalid number of arguments in "mention" directive' ],
    [ 'mention <!here> now;',                'invalid number of arguments in "mention" directive' ],
    [ 'mention "";',                         '"mention" directive is empty' ],
    [ "mention <!here>;\nmention ops;",      '"mention" directive is duplicate' ],
    [ 'mention "<!here";',                   "\"<\" has no \">\" in \"<!here\", $BARE" ],
    [ 'mention <!$hostname>;',               "$BANG \"<!\$hostname>\"" ],
    [ 'mention $nothing;',                   'unknown variable "$nothing" in "mention"' ],
    [ 'mention ' . 'x' x 501 . ';',          '"mention" directive has more than 500 characters' ],
    map { [ "mention \"ops \$$_\";", "\"mention\" has \"\$$_\", but what is sent must not say who is notified; choose words of your own by a \"map\" of it" ] }
        qw(slack_title slack_json_a http_x arg_team cookie_a args query_string request request_uri request_body uri document_uri)
);

my @taken = (
    'message issue "";',
    'message issue push:create "a";',
    'message issue "$slack_title <$slack_url|open> `$arg_a` <!here> <@U024BE7LH> <!subteam^$slack_json_a> R&D > 5";',
    "events issue push;\nmessage issue \"a\";\nmessage push \"b\\n\$slack_commits\";\nmessage issue:open \"c\";",
    'message all "$slack_event $slack_action $slack_failed_jobs $slack_assignees $slack_reviewers $slack_labels";',
    'message issue "${SLACK_TITLE}";',
    'message issue "' . 'x' x 3000 . '";',
    'mention "<!here> <@U024BE7LH> <!subteam^S024BE7LH>, R&D, see <https://x.test|this>";',
    'mention "<@$hostname>";',
    'mention $hostname;',
);

# lines of a route, the kind that the warning names
my @warned = (
    [ "events push;\nmessage issue \"a\";",                        'issue' ],
    [ "message confidential_issue \"a\";",                         'confidential_issue' ],
    [ "events pipeline:failed;\nmessage pipeline:success \"a\";",  'pipeline' ],
);

refused(\%ROUTE, @refused);
taken(\%ROUTE, @taken);
warned(\%ROUTE, map { [ $_->[0] => "\"message\" has \"$_->[1]\", which the route never takes" ] } @warned);

# the line is that of the directive, not of the end of the block or of the file
refused(\%ROUTE, [ "events issue;\nmessage issue \"\$slack_titel\";\nformat full;" => 'unknown variable "$slack_titel" in "message"', 2 ]);

done_testing();
