# util/slack-probe, which asks a workspace what Slack's documentation leaves open.  Here
# the workspace is the stand-in.

use strict;
use warnings;
use utf8;

use Test::More;

use FindBin;
use lib "$FindBin::Bin/util";

use File::Temp qw(tempdir);
use IPC::Open3 qw(open3);
use StandinClient;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output todo_output);

start_standin();

my $PROBE = "$FindBin::Bin/../util/slack-probe";
my $TOKEN = 'xoxb-T1-A1-notToBeSeen';

$ENV{SLACK_BOT_TOKEN} = $TOKEN;


# Runs it and returns its status and all that it said.
sub probe {
    my ($input, @arguments) = @_;

    my $child = open3(my $in, my $out, undef, $^X, $PROBE, '--api-url', url() . '/api', '--pause', 0, @arguments);

    print {$in} $input;
    close $in;
    binmode $out, ':encoding(UTF-8)';

    my $said = join '', readline $out;

    waitpid $child, 0;
    unlike $said, qr/\Q$SECRET\E/, 'the token is not told';

    return ($? >> 8, $said);
}


# What was seen of question N.
sub seen {
    my ($said, $n) = @_;

    my ($part) = $said =~ m/^$n  [^\n]+\n(.*?)^\n/ms or return 'nothing';
    my @seen;

    for my $line (split m/\n/, $part) {
        last if $line =~ m/^   changes /;
        if ($line =~ m/^   seen     (.*)/) { push @seen, $1 } else { $seen[-1] .= $line =~ s/^ +/ /r }
    }

    return join "\n", @seen;
}


# All messages that are left.
sub left { return join "\n", map { "$_->{channel} $_->{payload}{text}" } grep { !$_->{deleted} } @{ received() } }


subtest 'all questions' => sub {
    reset_all('?post_rate=600&post_burst=40');

    my ($status, $said) = probe('', '--after', 0.1, '--after', 0.2, '--member', 'U0ADA', '--flood', 200,
                                '--second', 'other', 'probe');

    is $status, 0, 'status';
    like $said, qr/^Workspace Stand-in \(T1\), bot bot of app A1$/m, 'the workspace';
    like $said, qr/^Scopes: chat:write,/m, 'the scopes';
    like $said, qr/^Channel probe is C[0-9A-F]{10}$/m, 'the channel';

    is seen($said, 1), <<'END' =~ s/\n\z//r, 'the same id twice';
at first: taken
again after 0.1 s: taken, the ts of the first, is_duplicate true
again after 0.2 s: taken, the ts of the first, is_duplicate true
with another text: taken, the ts of the first, is_duplicate true
after the first was deleted: refused: duplicate_message_not_found
END
    is seen($said, 2), 'taken, as a message of the channel: no message.thread_ts', 'a deleted parent';
    like seen($said, 3), qr/^taken; message.edited is there\nlook in Slack whether/, 'an edit';
    is seen($said, 4), 'taken, message.metadata is there', 'metadata';
    like seen($said, 5), qr/^after [0-9]+ messages: HTTP 429, Retry-After 1, body \{"error":"ratelimited","ok":false\}
auth\.test at once: taken\nanother channel at once: HTTP 429, ratelimited$/, 'a 429';
    like seen($said, 6), qr/^taken, subtype absent\n/, 'a broadcast';
    is seen($said, 7), 'taken', 'many attachments';
    like seen($said, 8), qr/^without: taken, in D\w+\nwith username: taken, in D\w+\ntwo different conversations/, 'a member';
    is scalar(() = $said =~ m/^   changes  \S/mg), 8, 'each says what it changes';

    like $said, qr/^These messages are still there, delete them by hand:\n  D\w+ [0-9.]+: refused: channel_not_found \[ERROR\] no direct messages of this app\n\z/m,
        'what cannot be deleted is listed';
    is left(), 'U0ADA slack-probe 8, under a name', 'and nothing else is left';
};


subtest 'a workspace that answers otherwise' => sub {
    reset_all('?client_msg_id=0');

    my ($status, $said) = probe('', '--after', 0, 'probe');

    is $status, 0, 'status';
    like seen($said, 1), qr/again after 0 s: taken, a new ts, no is_duplicate/, 'the id has no effect';
    like seen($said, 5), qr/^not asked/, 'no flood by itself';
    like seen($said, 8), qr/^not asked/, 'no member';
    like $said, qr/All messages that Slack confirmed are deleted again\.\n\z/, 'all is deleted';
    is left(), '', 'indeed';

    reset_all();
    faults([ ('ok') x 3, 'error:metadata_must_be_sent_from_app:by an app only' ]);
    ($status, $said) = probe('', '--only', 4, 'probe');
    is_deeply [$status, seen($said, 1)], [0, 'nothing'], 'one question only';
    is seen($said, 4), 'taken, message.metadata is there', 'is asked';

    ($status, $said) = probe('', '--only', 4, 'probe');
    is seen($said, 4), 'refused: metadata_must_be_sent_from_app [ERROR] by an app only', 'an error is an answer';

    reset_all();
    ($status, $said) = probe('', '--only', 2, '--keep', 'probe');
    isnt left(), '', 'what is kept';
};


subtest 'when it is interrupted, or Slack goes away' => sub {
    reset_all();
    faults(['ok', 'slow:1']);

    my $child = open3(my $in, my $out, undef, $^X, $PROBE, '--api-url', url() . '/api', '--pause', 0, 'probe');

    get('/_received?wait=2&timeout=30');
    kill 'INT', $child;

    my $said = join '', readline $out;

    waitpid $child, 0;
    is $? >> 8, 1, 'status';
    like $said, qr/^slack-probe: .*interrupted$/m, 'says so';
    is scalar(grep { !$_->{deleted} } @{ received() }), 1, 'deletes what it knows of';

    reset_all();
    faults(['ok', 'reset']);
    faults(['reset'], '?method=chat.delete');
    (my $status, $said) = probe('', 'probe');
    is $status, 1, 'no answer';
    like $said, qr/^slack-probe: chat\.postMessage: no answer: .*^slack-probe: some messages are still there: chat\.delete: no answer/ms,
        'is told';
};


subtest 'the token' => sub {
    reset_all();

    my @only = ('--only', 4);

    {
        local $ENV{SLACK_BOT_TOKEN};
        delete $ENV{SLACK_BOT_TOKEN};

        is((probe('', @only, 'probe'))[0], 2, 'none');
        is((probe("$TOKEN\n", @only, '-', 'probe'))[0], 0, 'on standard input');
        is((probe('', @only, $TOKEN, 'probe'))[0], 0, 'as an argument');
    }

    is((probe('', @only, 'probe'))[0], 0, 'in the environment');
    is((probe('', @only, 'xoxp-notToBeSeen', 'probe'))[0], 2, 'of another kind');

    my ($status, $said) = probe('', @only, 'xoxb-revoked', 'probe');
    is $status, 1, 'a revoked one';
    like $said, qr/^slack-probe: auth\.test: refused: token_revoked$/m, 'is told';

    ($status, $said) = probe('', @only, 'xoxb-nowrite', 'probe');
    is $status, 1, 'one without the scope';
    like $said, qr/a first message to probe: refused: missing_scope \(needs the scope chat:write\)/, 'is told';
};


subtest 'by curl' => sub {
    my $dir = tempdir(CLEANUP => 1);

    plan skip_all => 'needs curl, openssl and IO::Socket::SSL'
        if !eval { require IO::Socket::SSL; 1 } || system('curl --version >/dev/null 2>&1')
           || system("openssl req -x509 -newkey rsa:2048 -nodes -keyout $dir/key.pem -out $dir/cert.pem "
                     . '-days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 2>/dev/null');

    my ($child, $in, $out, $where) = started('--tls-cert', "$dir/cert.pem", '--tls-key', "$dir/key.pem");
    my $ssl = "$dir/IO/Socket";

    # a Perl without IO::Socket::SSL
    mkdir "$dir/IO";
    mkdir $ssl;
    open my $fh, '>', "$ssl/SSL.pm" or die "cannot write: $!\n";
    print {$fh} "die 'not here';\n";
    close $fh;

    local $ENV{PERL5LIB}        = $dir;
    local $ENV{CURL_CA_BUNDLE}  = "$dir/cert.pem";

    my ($status, $said) = probe('', '--api-url', "$where/api", '--after', 0, 'probe "x"');
    is $status, 1, 'a channel that is none';
    like $said, qr/channel_not_found/, 'is told';

    ($status, $said) = probe('', '--api-url', "$where/api", '--after', 0, 'probe');
    is $status, 0, 'status';
    like $said, qr/^Scopes: chat:write,/m, 'the scopes';
    like seen($said, 1), qr/is_duplicate true/, 'answers';
    like $said, qr/All messages that Slack confirmed are deleted again\./, 'and deletes';

    close $in;
    waitpid $child, 0;
};


subtest 'wrong use' => sub {
    reset_all();

    for my $wrong ([], ['a', 'b', 'c'], ['--member', 'ada', 'probe'], ['--flood', 1_000, 'probe'], ['--unknown', 'probe'],
                   ['--pause', -1, 'probe'], ['--api-url', 'http://slack.example/api', 'probe'],
                   ['--api-url', 'https://u:p@slack.example/api', 'probe']) {
        my ($status, $said) = probe('', @$wrong);

        is $status, 2, "wrong: @$wrong";
        like $said, qr/usage: slack-probe/, 'is told';
    }

    like((probe('', '--help'))[1], qr/SYNOPSIS.*EXIT STATUS/s, 'help');
    is text('/_requests.txt'), '', 'nothing was asked';
};


stop_standin();
done_testing;
