# "webhook_url" and "webhook_url_file" of slack_workspace: URLs that are no
# webhook's, parameters, and webhooks that do not fit to channels and names.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $DIR  = SlackConf::dir();
my $HOOK = 'https://hooks.slack.com/services/T1/B1/sesame';
my $A    = 'https://a.example/1';
my $B    = 'https://a.example/2';

my $WHOLE   = 'write the whole one that Slack shows for the incoming webhook, "https://hooks.slack.com/services/..."';
my $SCHEME  = "\"webhook_url\" directive has a URL that is neither http nor https, $WHOLE";
my $ENCODED = '"webhook_url" directive has a URL with a space or another character that must be encoded';
my $NO_PATH = "\"webhook_url\" directive has a URL without a path, $WHOLE";
my $PAGE    = "\"webhook_url\" directive has the URL of a page of Slack, $WHOLE";
my $WRITE   = 'write "channel=NAME" or "legacy"';
my $LEGACY  = 'say "legacy" of a webhook that takes any channel, or use "bot_token"';
my $ONE     = '"webhook_url" directive is duplicate, give each but one a "channel="';
my $SEVERAL = 'workspace "acme" has several channels, but a webhook without "channel=" serves only one; '
    . "give each channel a webhook with \"channel=\", or $LEGACY";
my $NAMES   = "name and icon of workspace \"acme\" are not sent, the webhook of a Slack app ignores them; $LEGACY";

# URLs
refused(
    { in => 'workspace' },

    arguments('webhook_url;', 'webhook_url https://a/b channel=c legacy d;'),

    same(
        $SCHEME,
        'webhook_url hooks.slack.com/services/T1;',
        'webhook_url hooks.slack.com/services/T/B/sesame;',
        'webhook_url ftp://hooks.slack.com/T1;',
    ),
    same($ENCODED, 'webhook_url "https://hooks.slack.com/T 1";', "webhook_url https://hooks.slack.com/T\xc3\xa4;"),
    same(
        'no host in the URL of "webhook_url"',
        'webhook_url https://;',
        'webhook_url https:///services/T1;',
        'webhook_url https://:8065/services/T1;',
    ),
    [ 'webhook_url http://unix:/run/slack;' => 'invalid host in the URL of "webhook_url"' ],
    same(
        'invalid port in the URL of "webhook_url"',
        'webhook_url https://hooks.slack.com:0/services/T1;',
        'webhook_url https://hooks.slack.com:x/services/T1;',
        'webhook_url https://hooks.slack.com:65536/services/T1;',
    ),
    [
        'webhook_url http://hooks.slack.com/services/T1/B1/sesame;' =>
            "\"webhook_url\" directive has a URL of Slack that is not https, $WHOLE"
    ],
    same($NO_PATH, map { "webhook_url $_;" } 'https://hooks.slack.com', 'https://hooks.slack.com/', 'https://a.example'),
    same(
        $PAGE,
        'webhook_url https://acme.slack.com/archives/C024BE7LR;',
        'webhook_url https://Slack.com/api/chat.postMessage;',
    ),
    [
        'webhook_url https://hooks.slack.com/workflows/T1/A1/1/sesame;' =>
            "\"webhook_url\" directive has a URL of Slack that is not an incoming webhook's, $WHOLE"
    ],
);

# files
SlackConf::file('wrong', "hooks.slack.com/services/T1/B1/sesame\n");
SlackConf::file('empty', "\n");
SlackConf::file('two',   "$A\n$B\n");

refused(
    { in => 'workspace' },

    arguments('webhook_url_file;'),
    [
        'webhook_url_file /nowhere/url;' =>
            'a file with one line, the secret, is needed: open() "/nowhere/url" failed (2: No such file or directory)'
    ],
    [ 'webhook_url_file /etc;'      => '"/etc" is not a file with one line, the secret' ],
    [ 'webhook_url_file /dev/null;' => '"/dev/null" is not a file with one line, the secret' ],
    [ 'webhook_url_file wrong;'     => $SCHEME =~ s/webhook_url/webhook_url_file/r ],
    [ 'webhook_url_file empty;'     => "\"$DIR/conf/empty\" is empty, write the secret into it" ],
    [ 'webhook_url_file two;'       => "\"$DIR/conf/two\" has more than one line, give each secret a file" ],
);

# parameters
refused(
    { in => 'workspace' },

    [ "webhook_url $A chan=dev;"                => "invalid parameter \"chan=dev\", $WRITE" ],
    [ "webhook_url $A channel=;"                => "invalid parameter \"channel=\", $WRITE" ],
    [ "webhook_url $A channel=a,b;"             => "invalid parameter \"channel=a,b\", $WRITE" ],
    [ "webhook_url $A channel=dev channel=ops;" => "invalid parameter \"channel=ops\", $WRITE" ],
    [ "webhook_url $A legacy legacy;"           => "invalid parameter \"legacy\", $WRITE" ],
    [ "webhook_url $A Legacy;"                  => "invalid parameter \"Legacy\", $WRITE" ],
    [ "webhook_url $A legacy=on;"               => "invalid parameter \"legacy=on\", $WRITE" ],
    [ "webhook_url $A legacy=;"                 => "invalid parameter \"legacy=\", $WRITE" ],
    [ "webhook_url $A channel=\@joe;" => 'invalid channel "@joe", a direct message needs the member ID, such as U024BE7LH', 'block' ],
);

# several webhooks
refused(
    { in => 'workspace' },

    [ "webhook_url $A;\nwebhook_url $B;"               => $ONE ],
    [ "webhook_url $A legacy;\nwebhook_url $B legacy;" => $ONE ],
    [
        "webhook_url $A channel=dev;\nwebhook_url $B channel=#dev;" =>
            '"webhook_url" directive is duplicate for the channel'
    ],
);

# several channels
refused(
    { in => 'workspace', at => 'block' },

    [ "webhook_url $HOOK;\nchannel dev,ops;"                           => $SEVERAL ],
    [ "webhook_url $A;\nwebhook_url $B channel=ops;\nchannel dev,ops;" => $SEVERAL ],
    [ "webhook_url $A channel=dev;\nchannel dev,ops;"                  => unserved('#ops', 'ops') ],
    [ "webhook_url $A channel=dev;\nchannel C024BE7LR;"                => unserved('C024BE7LR') ],
    [
        "webhook_url $A;\nwebhook_url $B channel=dev;\nchannel dev;" =>
            'workspace "acme" has two webhooks for its channel "#dev", one with "channel=" and one without'
    ],
);

# direct messages
refused(
    { in => 'workspace', at => 'block' },

    [ "webhook_url $A channel=U024BE7LH;"                   => direct('U024BE7LH') ],
    [ "webhook_url $A channel=W012A3CDE;"                   => direct('W012A3CDE') ],
    [ "webhook_url $A channel=D024BE7LH;"                   => direct('D024BE7LH') ],
    [ "webhook_url $A;\nchannel U024BE7LH;"                 => direct('U024BE7LH') ],
    [ "webhook_url $A channel=dev;\nchannel dev,U024BE7LH;" => direct('U024BE7LH') ],
);

# channels of routes
refused(
    { in => 'location', workspace => "webhook_url $HOOK channel=dev;\nchannel dev;" },
    [ 'slack_notify acme dev,builds;' => unserved('#builds', 'builds') ],
);

refused(
    { in => 'location', workspace => "webhook_url $HOOK channel=dev;", bare => 1 },
    [ 'slack_notify acme;' => 'no channel, and workspace "acme" has neither a "channel" nor a webhook without "channel="' ],
);

refused(
    { in => 'route', workspace => "webhook_url $HOOK;" },
    [ "events confidential_issue;\nchannel private-dev;" => unserved('#private-dev', 'private-dev'), 'block' ],
);

refused(
    { in => 'location', workspace => "webhook_url $HOOK;" },
    [
        "slack_route acme { events push; }\nslack_route acme { events confidential_issue; channel private-dev; }" =>
            unserved('#private-dev', 'private-dev')
    ],
);

refused(
    { in => 'location', workspace => "webhook_url $HOOK;", bare => 1 },
    [ 'slack_notify acme general;' => unserved('#general', 'general') ],
);

refused(
    { in => 'location', workspace => "webhook_url $HOOK;" },
    [ 'slack_notify acme general,U024BE7LH;' => direct('U024BE7LH') ],
);

SlackConf::file('hook.conf', "# one\nslack_route acme {\n    events  push;\n    channel dev;\n}\n");

refused(
    { in => 'location', workspace => "webhook_url $HOOK;" },
    [ 'include hook.conf;' => unserved('#dev', 'dev'), 'hook.conf:2' ],
);

# names and icons
warned(
    { in => 'workspace', at => 'block', bare => 1 },

    [ "webhook_url $HOOK;\nusername Robot;"                         => $NAMES ],
    [ "webhook_url $HOOK;\nicon_emoji rocket;"                      => $NAMES ],
    [ "webhook_url $HOOK;\nicon_url https://example.com/icon.png;"  => $NAMES ],
);

SlackConf::file('hook.conf', "slack_route acme {\n    username Robot;\n}\n");

warned(
    { in => 'location', workspace => "webhook_url $HOOK;\nchannel dev;", bare => 1 },
    [
        'include hook.conf;' =>
            "name and icon of the route are not sent to channel \"#dev\", the webhook of a Slack app ignores them; $LEGACY",
        'hook.conf:1'
    ],
);

# channels with variables want webhooks that have names
refused(
    { in => 'location', workspace => "webhook_url $HOOK;", bare => 1 },
    [
        'slack_notify acme $slack_branch;' => 'no webhook of workspace "acme" serves a channel by its name, as "$slack_branch" wants it; '
            . "give its webhooks \"channel=\", or $LEGACY"
    ],
);

SlackConf::file('hook.conf', "slack_route acme {\n    username Robot;\n    channel \$slack_branch;\n}\n");

warned(
    { in => 'location', workspace => "webhook_url $HOOK;\nchannel dev;", bare => 1 },
    [
        'include hook.conf;' =>
            "name and icon of the route are not sent to channel \"dev\", the webhook of a Slack app ignores them; $LEGACY",
        'hook.conf:1'
    ],
);

done_testing();


sub unserved {
    my ($channel, $name) = @_;

    $name //= $channel;

    return "no webhook of workspace \"acme\" serves channel \"$channel\"; give its webhook \"channel=$name\", or $LEGACY";
}


sub direct { return "the webhook of a Slack app sends no direct message to \"$_[0]\"; $LEGACY" }
