# slack_route and slack_notify: what nginx says to their parameters, to what is
# no directive of a route, and where they may not stand.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $DIR = SlackConf::dir();

my $IF       = 'write "if=CONDITION"';
my $SEE      = 'in "slack_route", see "Inside slack_route" in the README';
my $CHANNEL  = 'write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR';
my $ID       = 'a direct message needs the member ID, such as U024BE7LH';
my $NOBODY   = 'unknown workspace "nobody", no slack_workspace in http has that name';
my $NOT_HERE = 'directive is not allowed here';

taken({ in => 'route' }, <<'ROUTE' =~ s/\n\z//r);
events push:create,update issue pipeline:failed,running note;
branches default release/* ~^v[0-9]+$ !release/old* !~*wip;
protected_branches main stable/*;
pipelines changed;
labels any bug "help wanted";
labels all backend;
labels none wontfix;
users * !bot-*;
projects acme/*;
paths src/* !*.md;
match object_kind push pipeline;
match project.path_with_namespace ~^acme/;
channel dev, "#builds" U024BE7LH;
username "Build bot";
icon_emoji rocket;
icon_url https://example.com/icon.png;
ROUTE

# slack_route
refused(
    { in => 'location' },

    arguments("slack_route {\n}", "slack_route acme if=1 if=2 {\n}"),
    [ "slack_route acme dev {\n}" => "invalid parameter \"dev\", $IF" ],
    [ 'slack_route acme;'         => 'directive "slack_route" has no opening "{"' ],
    [ "slack_route nobody {\n}"   => $NOBODY ],
    [ "slack_notify off;\nslack_route acme {\n}"   => '"slack_route" directive conflicts with "slack_notify off"' ],
    [ "if (\$arg_a) {\n    slack_route acme {\n    }\n}" => "\"slack_route\" $NOT_HERE" ],
);

refused({ in => 'main' }, [ "slack_route acme {\n}" => "\"slack_route\" $NOT_HERE" ]);

# in it
refused(
    { in => 'route' },

    [ 'event push;'  => "unknown directive \"event\" $SEE" ],
    [ 'rate 1r/s;'   => "unknown directive \"rate\" $SEE" ],
    [ 'colour red;'  => "unknown directive \"colour\" $SEE" ],
    [ "events push {\n}" => 'unexpected "{"' ],
);

# at each level
for my $level (qw(http server location)) {
    refused(
        { in => $level, title => "$level:" },

        [ 'slack_notify acme if=;'     => "invalid parameter \"if=\", $IF" ],
        [ "slack_route acme if= {\n}"  => "invalid parameter \"if=\", $IF" ],
        [ 'slack_notify acme if=$;'    => 'invalid variable name' ],
        [ 'slack_notify acme if=1 dev;' => "invalid parameter \"if=1\", $IF" ],
        [ "slack_route acme if=\$nobody_knows {\n}" => 'unknown "nobody_knows" variable', 'nowhere' ],
        [ "slack_route acme {\n    event push;\n}"    => "unknown directive \"event\" $SEE" ],
        [ "slack_route acme {\n    events pushes;\n}" => "unknown event \"pushes\", $EVENTS" ],
        [ "slack_route acme iff=1 {\n}"               => "invalid parameter \"iff=1\", $IF" ],
        [ 'slack_notify acme @joe;'                   => "invalid channel \"\@joe\", $ID" ],
        [ 'slack_notify nobody;'                      => $NOBODY ],
    );
}

# slack_notify
refused(
    { in => 'location' },

    arguments('slack_notify;'),
    duplicate("slack_notify off;\nslack_notify off;"),
    [ 'slack_notify off dev;'       => "invalid parameter \"dev\", $IF" ],
    [ 'slack_notify acme if=1 if=2;' => "invalid parameter \"if=1\", $IF" ],
    [ 'slack_notify acme format=card;'   => "invalid channel \"format=card\", $CHANNEL" ],
    [ "slack_notify acme {\n}"       => 'directive "slack_notify" is not terminated by ";"' ],
    [ "slack_notify acme;\nslack_notify off;" => '"slack_notify" directive "off" conflicts with another route of the same level' ],
    [ "slack_notify off;\nslack_notify acme;" => '"slack_notify" directive conflicts with "slack_notify off"' ],
    [ "if (\$arg_a) {\n    slack_notify acme;\n}" => "\"slack_notify\" $NOT_HERE" ],
);

# a ";" that is missing: the next directive would be a parameter
refused(
    { in => 'route' },

    map { my ($lines, $next, $of) = @$_; [ $lines => "a \";\" is missing before \"$next\", which is read as a parameter of \"$of\"" ] }
        [ "branches main\nchannel dev;",                  'channel',    'branches' ],
        [ "branches main\nprotected_branches release/*;", 'protected_branches', 'branches' ],
        [ "users root\nevents push;",                     'events',     'users' ],
        [ "paths docs/*\nmatch ref a;",                   'match',      'paths' ],
        [ "match ref a\nusers root;",                     'users',      'match' ],
        [ "events push\nchannel dev;",                    'channel',    'events' ],
        [ "thread reply\nformat card;",                   'format',     'thread' ],
        [ "username Joe\nicon_emoji rocket;",             'icon_emoji', 'username' ],
        [ "repeat\nchannel dev;",                         'channel',    'repeat' ],
        [ "message push \"a\"\nmention here;",            'mention',    'message' ],
);

refused(
    { in => 'workspace' },

    map { my ($lines, $next, $of) = @$_; [ $lines => "a \";\" is missing before \"$next\", which is read as a parameter of \"$of\"" ] }
        [ "rate 1r/s\nretry 1s 5m;",       'retry',    'rate' ],
        [ "timeout 5s\ncoalesce 5;",       'coalesce', 'timeout' ],
        [ "retry 1s 5m\ntimeout 5s;",      'timeout',  'retry' ],
);

# labels and channels may have such names
warned(
    { in => 'route' },
    [ "labels any bug\nusers root;" => 'is a ";" missing before "users", which is read as a parameter of "labels"' ],
    [ "channel dev\nevents push;"   => 'is a ";" missing before "events", which is read as a parameter of "channel"' ],
);

taken(
    { in => 'route' },
    'labels any bug format;', 'users root events;', 'branches main channel;', 'channel dev events;',
    'channel dev "#events" push;', 'message push mention;', 'username channel;',
);

# two routes that are the same
warned(
    { in => 'location' },
    map { [ $_->[0] => "the route is the same as that in $DIR/conf/nginx.conf:+$_->[1] and adds nothing", $_->[2] ] }
        [ "slack_notify acme;\nslack_notify acme;",           1, 2 ],
        [ "slack_notify acme dev;\nslack_notify acme ops;\nslack_notify acme dev;", 1, 3 ],
        [ "slack_notify acme if=\$arg_a;\nslack_notify acme if=\$arg_a;", 1, 2 ],
        [ "slack_route acme {\n    users a;\n}\nslack_route acme {\n    users a;\n}", 1, 4 ],
);

taken(
    { in => 'location' },
    "slack_notify acme dev;\nslack_notify acme ops;",
    "slack_notify acme if=\$arg_a;\nslack_notify acme if=\$arg_b;",
    "slack_route acme {\n    users a;\n}\nslack_route acme {\n    users a b;\n}",
    "slack_route acme {\n    users a b;\n}\nslack_route acme {\n    users a; projects b;\n}",
);

# the place of what is wrong, in a file that is included
for my $row (
    [ "slack_route acme {\n    events push;\n    branch main;\n}",      "unknown directive \"branch\" $SEE", 3 ],
    [ "slack_route acme {\n    channel dev;\n    events push\n           pushes;\n}", "unknown event \"pushes\", $EVENTS", 4 ],
    [ "# one\nslack_route nobody {\n    events push;\n}",               $NOBODY, 2 ],
    [ "# one\n# two\nslack_notify nobody dev;",                         $NOBODY, 3 ],
    [ "slack_route acme {\n    users ~^(a;\n}", 'pcre2_compile() failed: missing closing parenthesis in "^(a"', 2 ],
    )
{
    my ($content, $text, $line) = @$row;

    SlackConf::file('hook.conf', "$content\n");
    refused({ in => 'location', title => "$content by" }, [ 'include hook.conf;' => $text, "hook.conf:$line" ]);
}

done_testing();
