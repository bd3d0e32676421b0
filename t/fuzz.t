#!/usr/bin/perl

# Compiles the fuzz targets t/fuzz/NAME.c with sanitizers and has each try its
# corpus, without libFuzzer; then has the stand-in for Slack judge the messages
# made of the senders' events.  "util/fuzz" is what searches for more.
# Environment: CC (gcc, else clang).

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $ROOT;

BEGIN {
    $ROOT = abs_path(dirname(__FILE__) . '/..');
    unshift @INC, "$ROOT/util/lib", "$ROOT/util/standin/lib";
}

use Program;

my $CORPUS_MAX = 400 * 1024;

my $TMP = tempdir('ngx-slack-fuzz-XXXXXX', TMPDIR => 1, CLEANUP => 1);

my @SENDERS = qw(alertmanager gitea github gitlab);

my %MORE = map { $_ => ["$ROOT/t/data/$_"] } @SENDERS;
$MORE{skim} = ["$ROOT/t/fuzz/corpus/json"];

my ($CC) = grep { defined && found($_) } $ENV{CC}, 'gcc', 'clang';

plan skip_all => 'no compiler' if !$CC;

my $builder = eval {
    Program->new(
        kind    => 'fuzz',
        dir     => $TMP,
        cc      => $CC,
        cflags  => [
            '-fsanitize=address,undefined', '-fno-sanitize-recover=undefined',
            '-fno-omit-frame-pointer'
        ],
        more    => [ "$ROOT/t/fuzz/core.c", "$ROOT/t/fuzz/replay.c" ],
        include => [ "$ROOT/t/fuzz", "$ROOT/t/unit" ],
    );
};

plan skip_all => $@ if !$builder;

my @targets = $builder->all("$ROOT/t/fuzz");

ok(@targets >= 6, 'there are targets');

replay($_) for @targets;
judge();
small();

done_testing();


sub found {
    my ($command) = @_;

    return scalar grep { -x "$_/$command" } split m/:/, $ENV{PATH};
}


sub replay {
    my ($target) = @_;

    my @dirs    = ("$ROOT/t/fuzz/corpus/$target", @{ $MORE{$target} // [] });
    my $files   = grep { -f $_ } map { glob "$_/*" } @dirs;
    my $program = eval { $builder->make("$ROOT/t/fuzz/$target.c") };

    ok($program, "$target compiles") or diag($@);
    return if !$program;

    ok(-s "$ROOT/t/fuzz/dict/$target.dict", "$target has a dictionary");

    my $out = output($target, $program, @dirs);

    is($?, 0, "$target has no finding") or diag($out);
    is($out =~ m/^(\d+) files$/m ? $1 : 'none', $files, "$target tried its corpus");

    return;
}


# With FUZZ_MESSAGES for the messages it makes.
sub output {
    my ($target, @command) = @_;

    local $ENV{FUZZ_MESSAGES} = "$TMP/$target.messages";

    my $pid = open(my $fh, '-|') // die "cannot fork: $!\n";

    if ($pid == 0) {
        open STDERR, '>&', \*STDOUT or die "cannot redirect: $!\n";
        exec { $command[0] } @command;
        die "cannot run $command[0]: $!\n";
    }

    my $out = do { local $/; <$fh> } // '';
    close $fh;

    return $out;
}


# What the stand-in says to each message, as it would to one that is posted.
sub judge {
    SKIP: {
        skip 'no Mojolicious', 3 if !eval { require Mojolicious; 1 };

        require SlackStandin::Judge;
        require SlackStandin::Strict;

        my ($messages, %seen, @refused, @pings) = (0);

        for my $line (map { lines("$TMP/$_.messages") } @SENDERS) {
            next if $seen{$line}++;
            chomp $line;
            $messages++;

            my $message = eval { SlackStandin::Strict::decode_strict($line) };
            my $judge   = SlackStandin::Judge->new->judge($message, 'webhook');

            push @refused, ($message ? $judge->why : $@) . ": $line" if $judge->error;
            push @pings, $line if @{ $judge->pings };
        }

        cmp_ok($messages, '>', 200, 'messages were made');
        is(join("\n", @refused), '', 'Slack takes all of them');
        is(join("\n", @pings), '', 'none notifies anybody');
    }

    return;
}


sub lines {
    my ($path) = @_;

    open my $fh, '<:raw', $path or die "cannot read $path: $!\n";

    return <$fh>;
}


sub small {
    my $size = 0;

    $size += -s $_ for grep { -f $_ } glob "$ROOT/t/fuzz/corpus/*/*";

    cmp_ok($size, '<', $CORPUS_MAX, 'the corpus is small');

    return;
}
