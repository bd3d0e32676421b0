# slack_route and slack_notify: what nginx says to their parameters, to what is
# no directive of a route, and where they may not stand.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $IF       = 'write "if=CONDITION"';
my $EVENTS   = 'see "Events and actions" in the README';
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
