# What nginx says to wrong people: a table of workspaces and routes, each for a
# run of "nginx -t".

use strict;
use warnings;

use File::Temp qw(tempdir);
use Test::More;

my $DIR = tempdir(CLEANUP => 1);

# nginx without root
my $NGINX = $ENV{TEST_NGINX_BINARY} || (grep { -x } map { "$_/nginx" } split(m/:/, $ENV{PATH}), '/usr/sbin')[0];

my $HOOK   = 'webhook_url https://hooks.slack.com/services/T1/B1/secret legacy;';
my $TOKEN  = 'bot_token xoxb-17653672481-19874698323-secret;';
my $MEMBER = 'member $who;';
my $CONST  = 'directive is the same for all people, write a variable that a "map" sets by $slack_person';
my $ROLE   = 'in "people", it must be "assignee", "reviewer", "author", "committer" or "mentioned"';

# Each row: lines of the workspace, of the route; what is said, of which line:
# "ws" or "in" (the last of these), "route".
my @refused = (
    [ '', 'people assignee;', '"people" needs to know who people are in Slack, and workspace "acme" has no "member"; give it one, or leave "people" out', 'route' ],
    [ $MEMBER, 'people asignee;', "invalid value \"asignee\" $ROLE", 'in' ],
    [ $MEMBER, 'people assignee Reviewer;', "invalid value \"Reviewer\" $ROLE", 'in' ],
    [ $MEMBER, 'people assignee,author;', "invalid value \"assignee,author\" $ROLE", 'in' ],
    [ $MEMBER, 'people $who;', "invalid value \"\$who\" $ROLE", 'in' ],
    [ $MEMBER, 'people "";', "invalid value \"\" $ROLE", 'in' ],
    [ $MEMBER, 'people;', 'invalid number of arguments in "people" directive', 'in' ],
    [ $MEMBER, "people author;\npeople author;", '"people" directive is duplicate', 'in' ],
    [ 'member $nothing;', 'people author;', 'unknown "nothing" variable', 'none' ],
    [ 'member "";', '', '"member" directive is empty, write a variable that a "map" sets by $slack_person', 'ws' ],
    [ 'member U024BE7LH;', '', "\"member\" $CONST", 'ws' ],
    [ 'member;', '', 'invalid number of arguments in "member" directive', 'ws' ],
    [ 'member $who $who;', '', 'invalid number of arguments in "member" directive', 'ws' ],
    [ "member \$who;\nmember \$who;", '', '"member" directive is duplicate', 'ws' ],
    [ '', 'channel @assignee;', '"channel @ROLE" needs the token of a Slack app, and workspace "acme" has a webhook; give it a "bot_token", or name a channel', 'route' ],
    [ '', 'channel @assignee;', '"channel @ROLE" needs to know who people are in Slack, and workspace "acme" has no "member"; give it one, or leave "channel @ROLE" out', 'route', $TOKEN ],
    [ $MEMBER, 'channel @jdoe;', 'invalid channel "@jdoe", a direct message needs the member ID, such as U024BE7LH', 'route', $TOKEN ],
    [ "receiver mattermost;\n$MEMBER", 'people author;', '"people" is for Slack only, and workspace "acme" has another "receiver"; leave "people" out', 'route' ],
);

my @taken = (
    [ $MEMBER, 'people assignee reviewer author committer mentioned;' ],
    [ $MEMBER, '' ],
    [ $MEMBER, 'people author author;' ],
    [ 'member "$slack_person@acme.test";', 'people author;' ],
    [ 'member $slack_person_email;', 'people author;' ],
    [ $MEMBER, 'people author;', $TOKEN ],
    [ $MEMBER, 'channel dev,@assignee @author U024BE7LH;', $TOKEN ],
);

plan skip_all => 'no nginx' if !$NGINX;

for my $name (qw(conf logs temp outbox)) {
    mkdir "$DIR/$name" or die "$name: $!\n";
}

for my $row (@refused) {
    my ($workspace, $route, $message, $place, $endpoint) = @$row;
    my ($said, %line) = said($workspace, $route, $endpoint);

    my $where = $place eq 'none' ? '' : " in $DIR/conf/nginx.conf:$line{$place}";

    is($said, "[emerg] $message$where", title("$workspace $route"));
}

for my $row (@taken) {
    my ($said) = said(@$row);

    is($said, '', title("@$row[0, 1]") . ' is taken');
}

done_testing();


sub title { return $_[0] =~ s/\s+/ /gr }


sub lines { return $_[0] =~ tr/\n// }


# What "nginx -t" says without its last word, and the numbers of lines.
sub said {
    my ($workspace, $route, $endpoint) = @_;

    my $text = join '', (map { "load_module $_;\n" } split ' ', $ENV{TEST_NGINX_LOAD_MODULES} // ''),
        "error_log logs/error.log;\npid logs/nginx.pid;\nthread_pool slack threads=2;\nevents { }\n",
        'http { slack_thread_pool slack; slack_outbox sqlite:outbox/outbox.db; ',
        (map { "${_}_temp_path temp; " } qw(client_body proxy fastcgi uwsgi scgi)), "access_log off;\n",
        "map \$slack_person \$who { jane U024BE7LH; }\n",
        "slack_workspace acme { channel dev; ", $endpoint // $HOOK, "\n$workspace";

    my %line = (ws => 1 + lines($text));

    $text .= "\n}\nserver { listen 127.0.0.1:1; location / {\n";
    $line{route} = 1 + lines($text);
    $text .= "slack_route acme {\n$route";
    $line{in} = 1 + lines($text);
    $text .= "\n} } }\n}\n";

    open my $fh, '>', "$DIR/conf/nginx.conf" or die "nginx.conf: $!\n";
    print {$fh} $text;
    close $fh or die "nginx.conf: $!\n";

    local $ENV{LD_PRELOAD} = $ENV{TEST_NGINX_LD_PRELOAD} if $ENV{TEST_NGINX_LD_PRELOAD};

    open my $pipe, '-|', "$NGINX -t -q -p $DIR -e logs/error.log -c conf/nginx.conf 2>&1" or die "nginx: $!\n";
    my @said = <$pipe>;
    close $pipe;

    my ($first) = grep { m/^nginx: \[(?:emerg|alert|crit|error|warn)\]/ } @said;
    $first //= '';
    chomp $first;

    return ($first =~ s/^nginx: //r, %line);
}
