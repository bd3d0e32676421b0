# The directive "thread": what nginx says to wrong ones, a table of lines in a
# slack_route, each for a run of "nginx -t".

use strict;
use warnings;

use File::Temp qw(tempdir);
use Test::More;

my $DIR = tempdir(CLEANUP => 1);

# nginx without root
my $NGINX = $ENV{TEST_NGINX_BINARY} || (grep { -x } map { "$_/nginx" } split(m/:/, $ENV{PATH}), '/usr/sbin')[0];

my $TOKEN = 'bot_token xoxb-17653672481-19874698323-sesamesesame;';
my $HOOK  = 'webhook_url https://hooks.slack.com/services/T1/B1/sesamesesame;';

my $MODES = 'it must be "off", "reply", "update" or "both"';
my $SEE   = 'in "thread", see "Inside slack_route" in the README';
my $NONE  = '"thread" directive has "broadcast=none" beside another "broadcast="';

# the lines of a route, what is said
my @refused = (
    [ 'thread;',                              'invalid number of arguments in "thread" directive' ],
    [ 'thread on;',                           "invalid value \"on\" in \"thread\", $MODES" ],
    [ 'thread Reply;',                        "invalid value \"Reply\" in \"thread\", $MODES" ],
    [ 'thread "";',                           "invalid value \"\" in \"thread\", $MODES" ],
    [ 'thread xoxb-1-1-sesamesesame;',        "invalid value \"(hidden)\" in \"thread\", $MODES" ],
    [ "thread reply;\nthread reply;",         '"thread" directive is duplicate' ],
    [ "thread off;\nthread both;",            '"thread" directive is duplicate' ],
    [ 'thread off key=a;',                    '"thread" directive "off" takes no parameters' ],
    [ 'thread off keep=1d;',                  '"thread" directive "off" takes no parameters' ],
    [ 'thread reply update;',                 "invalid parameter \"update\" $SEE" ],
    [ 'thread reply keep;',                   "invalid parameter \"keep\" $SEE" ],
    [ 'thread reply keep=;',                  "invalid parameter \"keep=\" $SEE" ],
    [ 'thread reply keep=0;',                 "invalid parameter \"keep=0\" $SEE" ],
    [ 'thread reply keep=soon;',              "invalid parameter \"keep=soon\" $SEE" ],
    [ 'thread reply keep=-1d;',               "invalid parameter \"keep=-1d\" $SEE" ],
    [ 'thread reply keep=4000d;',             '"keep=4000d" is too long, it may be at most 10 years, "3650d"' ],
    [ 'thread reply keep=1d keep=2d;',        '"thread" directive has a duplicate "keep="' ],
    [ 'thread reply key=;',                   '"thread" directive has an empty "key=", give it a value such as "key=$slack_branch"' ],
    [ 'thread reply key=a key=b;',            '"thread" directive has a duplicate "key="' ],
    [ 'thread reply key=$slack_nothing;',     'unknown "slack_nothing" variable' ],
    [ 'thread both broadcast=;',              "invalid parameter \"broadcast=\" $SEE" ],
    [ 'thread both "broadcast= ";',           "invalid parameter \"broadcast= \" $SEE" ],
    [ 'thread both broadcast=merges;',        'unknown event "merges", see "Events and actions" in the README' ],
    [ 'thread both broadcast=issue:merge;',   'unknown action in event "issue:merge", see "Events and actions" in the README' ],
    [ 'thread both "broadcast=note issue:";', 'invalid event "issue:"' ],
    [ 'thread both "broadcast=note note";',   'duplicate event "note"' ],
    [ 'thread both broadcast=note broadcast=none;', $NONE ],
    [ 'thread both broadcast=none broadcast=note;', $NONE ],
    [ 'thread both broadcast=none broadcast=none;', $NONE ],
);

my @taken = (
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

# lines of a route, the kind that the warning names
my @warned = (
    [ "events push;\nthread both broadcast=issue;",                     'issue' ],
    [ "thread both broadcast=confidential_issue;",                      'confidential_issue' ],
    [ "thread both broadcast=pipeline:failed;\nevents pipeline:success;", 'pipeline' ],
    [ "events issue;\nthread both broadcast=issue:update;",             'issue' ],
    [ "events issue:open;\nthread both broadcast=issue:close;",         'issue' ],
    [ "thread both broadcast=merge_request:update;",                  'merge_request' ],
);

mkdir "$DIR/$_" for qw(conf logs temp outbox);

for my $row (@refused) {
    my ($line, $want) = @$row;
    my ($said) = said($TOKEN, $line);

    like $said, qr/^\[emerg\] \Q$want\E(?:.* in \S+:\d+)?$/, title($line);
}

for my $line (@taken) {
    is join("\n", said($TOKEN, $line)), '', title($line);
}

for my $row (@warned) {
    my ($line, $kind) = @$row;
    my ($said) = said($TOKEN, $line);

    like $said, qr/^\[warn\] "broadcast=" has "$kind", which the route never takes in \S+:\d+$/, title($line);
}

is join("\n", said($HOOK, 'thread off;')), '', 'a webhook without threads';

for my $mode (qw(reply update both)) {
    my ($said) = said($HOOK, "thread $mode;");

    like $said, qr/^\[emerg\] "thread" needs the token of a Slack app, and workspace "acme" has a webhook; give it a "bot_token", or leave "thread" out in \S+:\d+$/, "a webhook and \"$mode\"";
}

done_testing();


sub title { return $_[0] =~ s/\s+/ /gr }


# what "nginx -t" says, without "nginx: "
sub said {
    my ($endpoint, $lines) = @_;

    my $conf = join '', (map { "load_module $_;\n" } split ' ', $ENV{TEST_NGINX_LOAD_MODULES} // ''),
        "error_log logs/error.log;\npid logs/nginx.pid;\nthread_pool slack threads=2;\nevents { }\n",
        'http { slack_thread_pool slack; slack_outbox sqlite:outbox/outbox.db; ',
        (map { "${_}_temp_path temp; " } qw(client_body proxy fastcgi uwsgi scgi)), 'access_log off;', "\n",
        "slack_workspace acme {\n$endpoint\nchannel dev;\n}\n",
        "server { listen 127.0.0.1:1; slack_secret off; location / { slack_route acme {\n$lines\n} } }\n}\n";

    open my $fh, '>', "$DIR/conf/nginx.conf" or die "nginx.conf: $!\n";
    print {$fh} $conf;
    close $fh or die "nginx.conf: $!\n";

    local $ENV{LD_PRELOAD} = $ENV{TEST_NGINX_LD_PRELOAD} if $ENV{TEST_NGINX_LD_PRELOAD};

    open my $pipe, '-|', "$NGINX -t -q -p $DIR -e logs/error.log -c conf/nginx.conf 2>&1" or die "nginx: $!\n";
    my @said = <$pipe>;
    close $pipe;

    chomp @said;

    return map { s/^nginx: //r } grep { m/^nginx: \[(?:emerg|alert|crit|error|warn)\]/ } @said;
}
