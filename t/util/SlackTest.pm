package SlackTest;

# What the tests of this module share: a stand-in for Slack for each test
# file, a sample configuration around each block, and sections of our own.
# Works with the bundled Test::Nginx::Socket and with the real one.  The
# sections are told in the POD below.

use strict;
use warnings;

use Cwd ();
use Digest::SHA qw(hmac_sha256_hex);
use File::Basename ();
use HTTP::Tiny;
use IPC::Open2 qw(open2);
use Test::Nginx::Socket;
use Test::More ();

my $Root = Cwd::abs_path(File::Basename::dirname(__FILE__) . '/../..');
my $Data = "$Root/t/data/gitlab";

my %EventOf = (
    push          => 'Push Hook',
    tag_push      => 'Tag Push Hook',
    issue         => 'Issue Hook',
    work_item     => 'Issue Hook',
    merge_request => 'Merge Request Hook',
    note          => 'Note Hook',
    pipeline      => 'Pipeline Hook',
    wiki          => 'Wiki Page Hook',
    deployment    => 'Deployment Hook',
    release       => 'Release Hook',
    job           => 'Job Hook',
    milestone     => 'Milestone Hook',
    feature_flag  => 'Feature Flag Hook',
    emoji         => 'Emoji Hook',
    member        => 'Member Hook',
    subgroup      => 'Subgroup Hook',
    project       => 'Project Hook',
    vulnerability => 'Vulnerability Hook',
    access_token  => 'Resource Access Token Hook',
    system        => 'System Hook',
);

# Of the folders of t/data: the header with the event, how the names of files
# begin and what is the event then; the header with a HMAC, what stands before
# it, and whether it is of a form's payload rather than of the form.
my %Sender = (
    gitlab => { event => 'X-Gitlab-Event', names => \%EventOf },
    github => {
        event => 'X-GitHub-Event',
        names => {
            map { $_ => $_ } qw(
                push create delete issues issue_comment commit_comment pull_request
                pull_request_review pull_request_review_comment workflow_run check_suite
                deployment_status release gollum ping star repository_advisory
            )
        },
        signature => [ 'X-Hub-Signature-256', 'sha256=' ],
    },
    gitea => {
        event => 'X-Gitea-Event',
        names => {
            map { $_ => $_ } qw(
                push create delete fork issues issue_comment pull_request pull_request_approved
                pull_request_rejected pull_request_comment workflow_run release wiki repository
            )
        },
        signature => [ 'X-Gitea-Signature', '', 1 ],
    },
);

my ($StandinPid, $StandinOut, $StandinIn, $Url, $Team);
my $Blocks = 0;

start_standin();

{
    no warnings 'once';
    push @Test::Nginx::Socket::ExtraSections,
        qw(hook answers slack slack_like slack_wait log_like refused workspace outbox faults reset plain);
}

workers($ENV{SLACK_TEST_WORKERS}) if $ENV{SLACK_TEST_WORKERS};
add_block_preprocessor(\&prepare);
add_response_body_check(\&check);


# "use SlackTest data => NAME": the folder of t/data with the files of "hook".
sub import {
    my ($class, %option) = @_;

    $Data = "$Root/t/data/$option{data}" if defined $option{data};

    return;
}


# The address of the stand-in, without a slash at its end.
sub url { return $Url }


# The path of the webhook of the block that is being prepared.
sub hook { return "$Url/services/$Team/" . (shift // 'B1') . '/' . (shift // 'secret') }


# The bytes of a payload of t/data.
sub payload {
    my ($name) = @_;

    my $path = $name =~ m{^/} ? $name : "$Data/$name";

    open my $fh, '<:raw', $path or die "cannot read $path: $!\n";
    local $/;
    return scalar <$fh>;
}


sub start_standin {
    $StandinPid = open2($StandinOut, $StandinIn, "$Root/util/slack-standin",
        '--port', 0, '--until-eof');

    my $ready = <$StandinOut> // '';

    ($Url) = $ready =~ m{(http://[0-9.]+:[0-9]+)}
        or die "the stand-in for Slack did not start: $ready\n";

    ($ENV{TEST_NGINX_SLACK_PORT}) = $Url =~ m/([0-9]+)\z/;

    return;
}


sub prepare {
    my ($block) = @_;

    refuse($block) if defined $block->refused;

    return if defined $block->plain;

    $Blocks++;
    $Team = "T$$" . "N$Blocks";

    my $reset = $block->reset // '';
    chomp $reset;
    control("/_reset?team=$Team" . ($reset eq '' ? '' : "&$reset"));
    add_faults($_) for grep { m/\S/ } split m/\n/, $block->faults // '';

    configure($block);
    prepare_hooks($block) if defined $block->hook;
    expect_another_outbox($block) if $ENV{TEST_NGINX_USE_HUP};

    return;
}


# Each block has an outbox of its own, so a reload for it may warn of what waits
# in that of the block before.
sub expect_another_outbox {
    my ($block) = @_;

    my $lines = $block->no_error_log // '';

    return if ref $lines || $lines !~ m/^\[warn\]$/m;

    $block->set_value(no_error_log => [
        map { $_ eq '[warn]' ? qr/\[warn\](?!.* slack_outbox was changed)/ : $_ }
            grep { m/\S/ } split m/\n/, $lines ]);

    return;
}


# nginx must refuse to start, each line is a whole message but for its place.
sub refuse {
    my ($block) = @_;

    my @texts = map { s/\$(TEST_NGINX_[A-Z0-9_]+)/$ENV{$1}/gr }
        grep { m/\S/ } split m/\n/, $block->refused;

    my @patterns = map { qr/^\d\S+ \S+ \[\w+\] \d+#\d+: \Q$_\E in \S+:\d+\s*$/ } @texts;

    $block->set_value(must_die  => '');
    $block->set_value(error_log => \@patterns);

    return;
}


sub control {
    my ($path, $body) = @_;

    my $answer = HTTP::Tiny->new->post("$Url$path", { content => $body // '' });

    die "stand-in: $path: $answer->{status} $answer->{content}\n" unless $answer->{success};

    return;
}


sub add_faults {
    my ($line) = @_;

    my ($channel, $faults) = $line =~ m/^\s*(?:#(\S+)\s+)?(.*)\z/;

    control('/_fault' . (defined $channel ? "?channel=%23$channel" : ''), $faults);

    return;
}


sub configure {
    my ($block) = @_;

    my $http   = $block->http_config // '';
    my $config = $block->config // '';
    my $main   = $block->main_config // '';
    my $added  = '';

    $added .= "    slack_outbox sqlite:\$TEST_NGINX_SERVER_ROOT/outbox_temp/$Blocks.db "
        . one_line($block->outbox) . ";\n"
        if $http !~ m/^\s*slack_outbox\b/m && ($block->outbox // '') !~ m/^default$/m;

    if ($http !~ m/^\s*slack_thread_pool\b/m) {
        $added .= "    slack_thread_pool slack;\n";
        $main  .= "thread_pool slack threads=4;\n";
    }

    if ($http !~ m/^\s*slack_workspace\s+acme\b/m) {
        my $workspace = $block->workspace // '';

        $added .= "    slack_workspace acme {\n";
        $added .= '        webhook_url ' . hook() . " legacy;\n"
            if $workspace !~ m/^\s*(?:webhook_url|bot_token)/m;
        $added .= "        channel general;\n"            if $workspace !~ m/^\s*channel\b/m;
        $added .= "        username GitLab;\n"            if $workspace !~ m/^\s*username\b/m;
        $added .= "        rate 1000r/s burst=1000;\n"    if $workspace !~ m/^\s*rate\b/m;
        $added .= "$workspace    }\n";
    }

    for my $text ($http, $config, $added) {
        $text =~ s{\$SLACK_HOOK\b}{hook()}ge;
        $text =~ s{\$SLACK_TEAM\b}{$Team}g;
        $text =~ s{\$SLACK\b}{$Url}g;
    }

    $config .= "\n    location /_slack/ {\n        slack_notify off;\n"
        . "        proxy_pass $Url/;\n        proxy_read_timeout 30s;\n    }\n";

    $block->set_value(http_config => "$added$http");
    $block->set_value(config      => $config);
    $block->set_value(main_config => $main);

    return;
}


sub one_line {
    my ($text) = @_;

    $text //= '';
    $text =~ s/\s+/ /g;

    return $text;
}


# Turns "hook", "answers" and "slack" into requests and what is expected of each.
sub prepare_hooks {
    my ($block) = @_;

    my (@requests, @headers, @codes, @expected);
    my @answers = grep { m/\S/ } split m/\n/, $block->answers // '';

    for my $row (grep { m/\S/ } split m/\n/, $block->hook) {
        my ($line, $answer) = $row =~ m/^(.*?)\s+=>\s+([0-9]{3}\b.*?)\s*\z/ ? ($1, $2) : ($row);
        my ($what, @fields) = split m/\s*\|\s*/, $line;
        my ($uri, $file) = $what =~ m{^\s*(?:(/\S*)\s+)?(\S+)\s*\z}
            or die $block->name . ": not a hook: $line\n";

        my $body = body($file, \@fields);

        push @requests, 'POST ' . ($uri // '/hook') . "\n$body";
        push @headers, join "\n", headers($file, @fields);

        my ($code, $text) = ($answer // shift(@answers) // '202') =~ m/^\s*([0-9]{3})\s*(.*?)\s*\z/
            or die $block->name . ": not an answer to $line\n";

        push @codes,    $code;
        push @expected, $text eq '' ? undef : { answer => spelled_out($text) };
    }

    my ($slack, $like) = (scalar $block->slack, scalar $block->slack_like);

    if (defined $slack || defined $like) {
        my $wait = $block->slack_wait // (defined $slack ? count($slack) : 1);
        chomp $wait;

        push @requests, "GET /_slack/_received.txt?wait=$wait&timeout=16";
        push @headers,  'X-Test: slack';
        push @codes,    200;
        push @expected, { slack => $slack, like => $like };
    }

    $block->set_value(request      => \@requests);
    $block->set_value(more_headers => \@headers);
    $block->set_value(error_code   => \@codes);
    $block->set_value(timeout      => '20s') unless defined $block->timeout;

    $block->{slack_expected} = \@expected;

    return;
}


# The JSON of an answer in its short form; other texts are what they are.
sub spelled_out {
    my ($text) = @_;

    my ($status, $event, $more) =
        $text =~ m/^(queued|filtered|ignored|duplicate|rejected|error)(?:\s+(\w+))?(?::\s+(.+))?\z/
        or return $text;

    my $json = qq({"status":"$status");

    $json .= qq(,"reason":"$more") if defined $more && $status ne 'queued';
    $json .= qq(,"event":"$event") if defined $event;
    $json .= ',"messages":' . ($more // 1) if $status eq 'queued';

    return "$json}";
}


# How many messages a text of the stand-in has.
sub count {
    my ($text) = @_;

    return scalar(() = $text =~ m/^\S[^\n]*\n(?:\[|text)/mg);
}


# The body of a line of "hook"; the fields "form" and "signed SECRET" become
# headers.
sub body {
    my ($file, $fields) = @_;

    my $payload = payload($file);
    my $form    = grep { $_ eq 'form' } @$fields;
    my $body    = $payload;

    $body = 'payload=' . $payload =~ s/([^A-Za-z0-9_.-])/sprintf '%%%02X', ord $1/ger if $form;

    for my $field (@$fields) {
        if ($field eq 'form') {
            $field = 'Content-Type: application/x-www-form-urlencoded';

        } elsif ($field =~ m/^signed\s+(\S+)\z/) {
            my ($header, $prefix, $of_payload) = @{ sender($file)->{signature} };
            my $signed = $of_payload ? $payload : $body;

            $field = "$header: $prefix" . hmac_sha256_hex($signed, $1);
        }
    }

    return $body;
}


# The entry of %Sender for the folder that a file lies in.
sub sender {
    my ($file) = @_;

    my ($folder) = (Cwd::abs_path("$Data/$file") // '') =~ m{/t/data/(\w+)/};

    return $Sender{ $folder // '' } // {};
}


sub headers {
    my ($file, @fields) = @_;

    my %given  = map { lc((split m/:/)[0]) => 1 } @fields;
    my $sender = sender($file);
    my $kinds  = join '|', reverse sort keys %{ $sender->{names} // {} };
    my ($kind) = File::Basename::basename($file) =~ m/^($kinds)/;

    unshift @fields, 'Content-Type: application/json' unless $given{'content-type'};
    unshift @fields, "$sender->{event}: $sender->{names}{$kind}"
        if $kind && !$given{ lc $sender->{event} };

    return grep { !m/:\s*-\s*\z/ } @fields;
}


sub check {
    my ($block, $body, $n, undef, $dry) = @_;

    my $name = $block->name;
    my $last = ref $block->request eq 'ARRAY' ? $#{ $block->request } : 0;

    return if $dry;

    check_log($block) if defined $block->log_like && ($n // 0) == $last;

    my $expected = $block->{slack_expected} or return;
    $expected = $expected->[ $n // 0 ] or return;

    if (defined $expected->{answer}) {
        (my $answer = $body // '') =~ s/,"id":[1-9][0-9]*\}/}/;
        chomp $answer;
        Test::More::is($answer, $expected->{answer}, "$name - answer " . ($n + 1));
    }

    if (defined $expected->{slack}) {
        (my $wanted = $expected->{slack}) =~ s/\s+\z//;
        (my $got = $body // '') =~ s/\s+\z//;
        Test::More::is($got, $wanted, "$name - what Slack received");
    }

    if (defined $expected->{like}) {
        for my $line (grep { m/\S/ } split m/\n/, $expected->{like}) {
            Test::More::like($body, qr/$line/m, "$name - Slack received /$line/");
        }
    }

    return;
}


# Lines that come some time after the last answer, such as those of delivery.
sub check_log {
    my ($block) = @_;

    my $path = "$ENV{TEST_NGINX_SERVER_ROOT}/logs/error.log";

    for my $pattern (grep { m/\S/ } split m/\n/, $block->log_like) {
        my ($found, $log) = (0, '');

        for (1 .. 200) {
            $log   = payload($path);
            $found = $log =~ m/$pattern/;
            last if $found;
            select undef, undef, undef, 0.05;
        }

        Test::More::ok($found, $block->name . " - error.log has /$pattern/")
            or Test::More::diag(join '', grep { !m/\[debug\]/ } $log =~ m/^\d.*\n/mg);
    }

    return;
}


END {
    my $status = $?;

    close $StandinIn if $StandinIn;
    waitpid $StandinPid, 0 if $StandinPid;
    $? = $status;
}


1;


__END__

=head1 NAME

SlackTest - sections for the tests of ngx_slack_notify_module

=head1 SYNOPSIS

    use lib 't/util';
    use Test::Nginx::Socket;
    use SlackTest;

    plan 'no_plan';
    run_tests();

    __DATA__

    === a push
    --- config
        location = /hook { slack_notify acme dev; }
    --- hook
    push.json       => 202 queued push
    issue_open.json => 200 filtered issue: events
    --- slack
    #dev as GitLab
    [#334455] pretext: ...

=head1 DESCRIPTION

Each file has a stand-in for Slack of its own.  Each block gets an outbox, a thread pool, a
workspace C<acme> (a legacy webhook, channel C<general>, username C<GitLab>, no pacing to speak of) unless its
C<http_config> has them, and a location C</_slack/> that leads to the stand-in: see
C<util/slack-standin --help> for what it knows.  In C<http_config> and C<config>, C<$SLACK> is the
stand-in's address, C<$SLACK_TEAM> the block's team and C<$SLACK_HOOK> its webhook.

=over

=item hook

One request a line: C<< [/uri] FILE [| Header: value ...] [=> ANSWER] >>, FILE in t/data/gitlab, or in the folder
of C<< use SlackTest data => NAME >>, sent to C</hook>. The header with the event comes from the
file's name; C<Header: -> leaves a header out. C<form> instead of a header sends the payload in a
form, C<signed SECRET> signs as the sender does.

The answer is its code, or its code and the text without the id.  202 is the default.  The short form
of the text is C<STATUS [EVENT][: REASON]>, for C<queued> the number of messages if it is not one:
C<200 ignored: unknown event>, C<202 queued push: 2>.

=item answers

The answers of a C<hook> that is computed, one a line.

=item slack, slack_like, slack_wait

The text of all that Slack accepted (C</_received.txt>); or patterns, one a line, that it must
match.  C<slack_wait> is how many messages to wait for; with C<slack> they are counted, else it is
one.

=item log_like

Patterns, one a line, each to be found in error.log, which is waited for.

=item refused

The configuration is wrong: what nginx says of it, one message a line, without
C<in FILE:LINE> which must follow.

=item workspace, outbox

Lines of C<slack_workspace acme>, parameters of C<slack_outbox>; with C<default>, there is no
C<slack_outbox>.

=item faults, reset

JSON arrays for the stand-in's C</_fault>, one a line, with C<#channel> before it for that
channel only; parameters for its C</_reset>.

=item plain

The block is left alone.

=back

C<SLACK_TEST_WORKERS> is the number of workers, with C<TEST_NGINX_MASTER_PROCESS=on>.

=cut
