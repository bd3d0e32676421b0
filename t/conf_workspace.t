# slack_workspace: what nginx says to its name, to what is no directive of a
# workspace, and where it may not stand.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $DIR = SlackConf::dir();

my $HOOK     = 'webhook_url https://hooks.slack.com/services/T1/B1/sesame;';
my $NAME     = 'choose a word of letters and digits, but not "off"';
my $SEE      = 'in "slack_workspace", see "Inside slack_workspace" in the README';
my $NOT_HERE = '"slack_workspace" directive is not allowed here';
my $NONE     = 'has no "bot_token" or "webhook_url", also not in a file,';
my $LONG     = 'a' x 65;

SlackConf::file('url', "http://127.0.0.1:1/none\n");

# every directive
taken({ in => 'workspace' }, <<'WORKSPACE' =~ s/\n\z//r);
webhook_url https://hooks.slack.com/services/T1/B1/sesame legacy;
webhook_url_file url legacy channel=builds;
channel dev;
username "Build bot";
icon_emoji rocket;
icon_url https://example.com/icon.png;
rate 100r/s burst=5;
connect_timeout 2s;
timeout 1500ms;
retry 500ms 1m for=2d;
coalesce 100;
on_ambiguous drop;
trusted_certificate /etc/ssl/certs/ca-certificates.crt;
ssl_verify off;
WORKSPACE

# its name
refused(
    { in => 'http' },

    arguments("slack_workspace {\n}"),
    [ "slack_workspace \"\" {\n}"    => "invalid workspace name \"\", $NAME" ],
    [ "slack_workspace off {\n}"     => "invalid workspace name \"off\", $NAME" ],
    [ "slack_workspace a/b {\n}"     => "invalid workspace name \"a/b\", $NAME" ],
    [ "slack_workspace \"a b\" {\n}" => "invalid workspace name \"a b\", $NAME" ],
    [ "slack_workspace $LONG {\n}"   => "invalid workspace name \"$LONG\", $NAME" ],
    [ 'slack_workspace acme;'        => 'directive "slack_workspace" has no opening "{"' ],
    [
        "slack_workspace acme {\n    $HOOK\n}\nslack_workspace acme {\n    $HOOK\n}" =>
            "duplicate workspace \"acme\", see $DIR/conf/nginx.conf:+1",
        4
    ],
    [
        "slack_workspace w { $HOOK }\nslack_workspace w { $HOOK }" =>
            "duplicate workspace \"w\", see $DIR/conf/nginx.conf:+1"
    ],
);

# where it stands
refused({ in => 'server' },   [ "slack_workspace other {\n}" => $NOT_HERE ]);
refused({ in => 'location' }, [ "slack_workspace other {\n}" => $NOT_HERE ]);

# what is in it
refused(
    { in => 'workspace' },

    [ 'colour red;'         => "unknown directive \"colour\" $SEE" ],
    [ 'color red;'          => "unknown directive \"color\" $SEE" ],
    [ 'format card;'        => "unknown directive \"format\" $SEE" ],
    [ 'repeat on;'          => "unknown directive \"repeat\" $SEE" ],
    [ "channel dev {\n}"    => 'unexpected "{"' ],
);

refused(
    { in => 'http' },

    [ "slack_workspace other {\n    channel dev;\n}" => "workspace \"other\" $NONE", 1 ],
    [ 'slack_workspace w { channel dev; }'           => "workspace \"w\" $NONE" ],
);

done_testing();
