# The examples of README.md: nginx takes each as it stands there, and the
# synopsis does what is said of it.

use strict;
use warnings;

use CPAN::Meta::YAML;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;

use lib 't/util';
use Test::More ();
use Test::Nginx::Socket;
use SlackFront;
use SlackServer;
use SlackTest;

my $ROOT = "$FindBin::RealBin/..";
my $DIR  = tempdir(CLEANUP => 1);

my $README = SlackTest::payload("$ROOT/README.md");

# where an example of nginx.conf stands: told by its first directive
my %LEVEL = (
    (map { $_ => 'main' } qw(load_module thread_pool)),
    (map { $_ => 'http' } qw(log_format map server slack_outbox slack_workspace)),
    (map { $_ => 'server' } qw(location)),
    (map { $_ => 'location' } qw(slack_notify slack_on_error slack_route slack_secret_file slack_status)),
    (map { $_ => 'workspace' } directives('conf/ngx_slack_conf_workspace.c')),
    (map { $_ => 'route' } directives('route/ngx_slack_filter.c')),
);

files();

for my $example (examples()) {
    my ($line, $text) = @$example;

    my ($first) = $text =~ m/^\s*(?:#.*\n\s*)*(\w+)/;
    my $level   = $LEVEL{$first};
    my $said    = defined $level ? refusal(wrapped($level, placed($text))) : "where is $first?";

    Test::More::is($said, '', "README.md:$line, an example that begins with $first");
}

Test::More::cmp_ok(scalar examples(), '>', 20, 'there are examples');

manifest();

no_long_string();
plan 'no_plan';
run_tests();


sub directives {
    my ($file) = @_;

    return SlackTest::payload("$ROOT/ngx_slack_notify_module/$file") =~ m/\{ ngx_string\("(\w+)"\),\s+NGX_CONF_/g;
}


# The place and the text of each.
sub examples {
    my @found;

    while ($README =~ m/^```nginx\n(.*?)^```$/gms) {
        push @found, [ 1 + (substr($README, 0, $-[0]) =~ tr/\n//), $1 ];
    }

    return @found;
}


# What the examples name: secrets, certificates, directories.
sub files {
    make_path("$DIR/$_") for qw(logs temp tls secrets lib log);
    chmod 0700, "$DIR/secrets";

    SlackFront::certificate("$DIR/tls", name => 'hooks.example.com');
    rename "$DIR/tls/hooks.example.com.pem", "$DIR/tls/hooks.example.com.crt";
    rename "$DIR/tls/key.pem", "$DIR/tls/hooks.example.com.key";

    my %content = (
        url      => 'https://hooks.slack.com/services/T1/B1/x',
        bot      => 'xoxb-1-1-sesamesesame',
        htpasswd => 'alertmanager:$apr1$a$b',
    );

    for my $name ($README =~ m{\bsecrets/([\w.-]+\w)}g) {
        my $kind = $name eq 'slack.token' ? 'bot' : ($name =~ m/\.(\w+)\z/)[0];

        open my $fh, '>', "$DIR/secrets/$name" or die "cannot write $name: $!\n";
        print {$fh} $content{$kind} // 'a secret of 24 characters', "\n";
        close $fh or die "cannot write $name: $!\n";
        chmod 0600, "$DIR/secrets/$name";
    }

    open my $map, '>', "$DIR/slack-members.map" or die "cannot write the map: $!\n";
    print {$map} "jdoe U024BE7LH;\n";
    close $map or die "cannot write the map: $!\n";

    return;
}


# The example as it is here: without root, without a name server.
sub placed {
    my ($text) = @_;

    my $port = SlackServer::free_port();

    $text =~ s{^load_module .*\n}{}m;
    $text =~ s{/etc/nginx/}{$DIR/}g;
    $text =~ s{/var/(lib|log)/nginx/}{$DIR/$1/}g;
    $text =~ s{\bci\.internal\b}{127.0.0.1:1};
    $text =~ s{\blisten 443\b}{listen 127.0.0.1:$port};

    # one that shows the beginning of a block only
    $text .= '}' x (($text =~ tr/{//) - ($text =~ tr/}//));

    return $text;
}


# The whole nginx.conf of an example.
sub wrapped {
    my ($level, $text) = @_;

    my ($main, $http) = ('', '');

    $text = "slack_route acme {\n$text}\n" if $level eq 'route';
    $text = "location = /example {\n$text}\n" if $level =~ m/^(?:route|location)\z/;
    $text = "server {\n listen 127.0.0.1:1;\n$text}\n" if $level =~ m/^(?:route|location|server)\z/;
    $text = "slack_workspace acme {\n$text}\nslack_notify acme;\n" if $level eq 'workspace';

    if ($level ne 'main') {
        $main = "thread_pool default threads=2;\nevents { }\n";
        $http = "limit_req_zone \$binary_remote_addr zone=hooks:1m rate=10r/s;\n";

        # webhooks have no threads
        my $endpoint = $text =~ m/^\s*thread\s/m ? 'bot_token_file secrets/slack.token'
                                                 : 'webhook_url_file secrets/slack.url legacy';

        $http .= "slack_workspace acme { $endpoint; channel general; }\n"
            if $text !~ m/slack_workspace acme/;

        # log_format stands before the location that uses it
        if ($level eq 'http' && $text =~ s/^(log_format .*?;\n)//ms) {
            $http .= $1;
            $text = "server {\n listen 127.0.0.1:1;\n$text}\n";
        }

        $text = "http {\n$http$text}\n";
    }

    $text = "events { }\n$text" if $level eq 'main' && $text !~ m/^events/m;
    $text =~ s/^(http \{\n)/$1 . temp()/me;

    my $user = $> == 0 ? "user root;\n" : '';

    return join '', (map { "load_module $_;\n" } split ' ', $ENV{TEST_NGINX_LOAD_MODULES} // ''),
        "${user}pid logs/nginx.pid;\nerror_log logs/error.log;\n$main$text";
}


# A part of the synopsis, with the stand-in in place of Slack.
sub synopsis {
    my ($part) = @_;

    my ($example) = $README =~ m/^Synopsis\n=+\n.*?^```nginx\n(.*?)^```$/ms;
    my $text = placed($example);

    return join "\n", $text =~ m/^ {8}(location .*?^ {8}\})/gms if $part eq 'locations';

    my ($workspace) = $text =~ m/^ {4}(slack_workspace .*?^ {4}\})/ms;

    return $workspace =~ s/\{\n/{\n api_url \$SLACK\/api;\n/r;
}


# Events as its GitLab sends them.
sub hooks {
    my ($token) = SlackTest::payload("$DIR/secrets/gitlab.token") =~ m/(.*)/;

    return join '', map { "/hooks/gitlab $_.json | X-Gitlab-Token: $token\n" } @_;
}


# The app has the scopes that README.md tells, the smallest ones; the others
# are commented out.
sub manifest {
    my $text = SlackTest::payload("$ROOT/util/slack-app.yml");
    my $app  = CPAN::Meta::YAML->read_string($text)->[0];
    my $bot  = $app->{oauth_config}{scopes}{bot};

    Test::More::is("@$bot", 'chat:write chat:write.public', 'scopes of the app');
    Test::More::is($app->{settings}{token_rotation_enabled}, 'false', 'its token stays');
    Test::More::ok($app->{features}{bot_user}{display_name}, 'it has a bot');

    my ($table) = $README =~ m/^\| scope \| for \|\n(.*?)\n\n/ms;
    my @scopes = $text =~ m/^ +#?- (\S+:\S+)$/gm;

    Test::More::is(join(' ', sort @scopes), join(' ', sort $table =~ m/^\| `(\S+)`/gm), 'README.md tells all scopes');

    return;
}


sub temp {
    return join '', map { "${_}_temp_path temp/$_;\n" } qw(client_body proxy fastcgi uwsgi scgi);
}


# What nginx -t says against it; empty: nothing.
sub refusal {
    my ($conf) = @_;

    open my $fh, '>', "$DIR/nginx.conf" or die "cannot write nginx.conf: $!\n";
    print {$fh} $conf;
    close $fh or die "cannot write nginx.conf: $!\n";

    my $nginx = $ENV{TEST_NGINX_BINARY} || 'nginx';

    local $ENV{LD_PRELOAD} = $ENV{TEST_NGINX_LD_PRELOAD} if $ENV{TEST_NGINX_LD_PRELOAD};
    local $ENV{PATH} = "$ENV{PATH}:/usr/sbin:/usr/local/sbin";

    my $said = `'$nginx' -t -p '$DIR/' -c nginx.conf -e logs/error.log 2>&1`;
    my $ended = $?;

    # without secrets or limits of its own an example is not the whole of it
    my @lines = grep { m/\[(?:warn|error|crit|alert|emerg)\]/ } split m/^/, $said;

    return @lines ? join '', @lines : $ended == 0 ? '' : "status $ended: $said";
}

__DATA__

=== the synopsis
--- http_config eval: main::synopsis('workspace')
--- config eval: main::synopsis('locations')
--- hook eval: main::hooks(qw(push pipeline_failed pipeline_success issue_confidential_open issue_open))
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"pipeline","messages":2}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
202 {"status":"queued","event":"confidential_issue","messages":1}
200 {"status":"filtered","reason":"events","event":"issue"}
--- slack_wait: 4
--- slack_like
^#dev$
^#builds$
^U024BE7LH$
^C024BE91L$
--- no_error_log
[error]
[alert]
