# A secret in a wrong place: what nginx says to it does not show it.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $HOOK      = 'https://hooks.slack.com/services/T1/B1/sesame';
my $PROXY     = 'user:sesame@proxy.example:3128';
my $CHANNEL   = 'write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR';
my $WORKSPACE = 'see "Inside slack_workspace" in the README';
my $UNKNOWN   = 'unknown workspace "(hidden)", no slack_workspace in http has that name';
my $NO_FILE   = 'a secret is given instead of the name of a file with it';

# a webhook's URL
refused(
    { in => 'http' },

    [
        "slack_workspace other {\n    channel dev\n    webhook_url $HOOK;\n}" =>
            'invalid channel "webhook_url", a ";" is missing before it; a name with "#" needs quotes'
    ],
    [ "slack_workspace other {\n    $HOOK;\n}" => "unknown directive \"(hidden)\" in \"slack_workspace\", $WORKSPACE" ],
    [ "slack_workspace other {\n    webhook_url $HOOK\n}" => 'unexpected "}"', 3 ],
    [ "slack_workspace $HOOK {\n}" => 'invalid workspace name "(hidden)", choose a word of letters and digits, but not "off"' ],
);

refused(
    { in => 'location' },

    [ "slack_notify $HOOK;"           => $UNKNOWN ],
    [ "slack_route $HOOK {\n}"        => $UNKNOWN ],
    [ "slack_notify acme $HOOK;"      => "invalid channel \"(hidden)\", $CHANNEL" ],
    [ "slack_route acme $HOOK {\n}"   => 'invalid parameter "(hidden)", write "if=CONDITION"' ],
);

refused({ in => 'route' }, [ "events push\n$HOOK;" => "unknown event \"(hidden)\", $EVENTS" ]);

refused(
    { in => 'workspace' },

    [ "webhook_url_file $HOOK;"           => $NO_FILE ],
    [ "webhook_url $HOOK $HOOK;"          => 'invalid parameter "(hidden)", write "channel=NAME" or "legacy"' ],
    [ "webhook_url $HOOK channel=$HOOK;"  => "invalid channel \"(hidden)\", $CHANNEL" ],
    arguments("webhook_url $HOOK channel=dev legacy 1;"),
    [ "webhook_url $HOOK {"               => 'unexpected "{"' ],
    [ "webhook_url \"$HOOK\"x;"           => 'unexpected "x"' ],
    [ 'webhook_url https://hooks.slack.com:x/services/T1/B1/sesame;' => 'invalid port in the URL of "webhook_url"' ],
);

# a proxy's password
refused(
    { in => 'workspace' },

    [ "proxy $PROXY;"                     => '"proxy" directive has a URL that is neither http nor https, write "http://HOST:PORT"' ],
    [ "retry 1s\nproxy http://$PROXY;"    => 'a ";" is missing before "proxy", which is read as a parameter of "retry"' ],
    [ "retry 1s 1m\nhttp://$PROXY;"       => "invalid parameter \"(hidden)\", $WORKSPACE" ],
);

# a signing secret, of which this is the base64
refused({ in => 'location', secret => 'c2VzYW1l' }, [ 'slack_secret_file whsec_c2VzYW1l;' => $NO_FILE ]);

done_testing();
