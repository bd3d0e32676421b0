#!/usr/bin/perl

# Compiles the unit programs t/unit/NAME.c with sanitizers against nginx's
# headers, runs them, and passes their results on.  A program says in a comment
# which sources of the module it wants and what else to link:
#
#     /* unit: core/ngx_slack_text.c core/ngx_slack_clock.c libs: -lyajl */
#
# and if it has threads, the same after "threads:", to be searched for races.
# t/unit/shim.c stands for nginx core.  So is t/engine/suite.c, the contract of
# outbox engines, after "engine:", with the other sources of t/engine/.
# Environment: CC (gcc), UNIT_CFLAGS (in place of the sanitizers), UNIT (only
# the programs of these names).

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $ROOT;

BEGIN {
    $ROOT = abs_path(dirname(__FILE__) . '/..');
    unshift @INC, "$ROOT/util/lib", "$ROOT/t/util";
}

use Program;
use SlackPostgres;

my %ONLY = map { $_ => 1 } split ' ', $ENV{UNIT} // '';

my $TMP = tempdir('ngx-slack-unit-XXXXXX', TMPDIR => 1, CLEANUP => 1);

my $BUILDER = eval {
    Program->new(
        kind    => 'unit',
        dir     => $TMP,
        cc      => $ENV{CC} || 'gcc',
        cflags  => [
            defined $ENV{UNIT_CFLAGS} ? split ' ', $ENV{UNIT_CFLAGS}
            : ('-fsanitize=address,undefined', '-fno-sanitize-recover=undefined',
               '-fno-omit-frame-pointer')
        ],
        include => ["$ROOT/t/unit"],
    );
};

plan skip_all => $@ if !$BUILDER;

# those which say "threads:" too run once more, with ThreadSanitizer
my $RACES = Program->new(
    kind    => 'threads',
    dir     => "$TMP/threads",
    cc      => $ENV{CC} || 'gcc',
    cflags  => ['-fsanitize=thread'],
    include => ["$ROOT/t/unit"],
);

# the contract of engines, on each of t/engine/engines.h
my $ENGINES = Program->new(
    kind    => 'engine',
    dir     => "$TMP/engine",
    cc      => $ENV{CC} || 'gcc',
    cflags  => $BUILDER->{cflags},
    macros  => { NGX_SLACK_OUTBOX_THREADS => 150 },
    more    => [ grep { !m{/suite\.c\z} } sort glob "$ROOT/t/engine/*.c" ],
    include => ["$ROOT/t/unit", "$ROOT/t/engine"],
);

# if its server is installed, also on PostgreSQL
my $POSTGRES;

my @UNITS = grep { !%ONLY || $ONLY{$_} } $BUILDER->all("$ROOT/t/unit");
my @RACES = grep { !%ONLY || $ONLY{$_} } $RACES->all("$ROOT/t/unit");

my @SUITES = grep { !%ONLY || $ONLY{$_} } $ENGINES->all("$ROOT/t/engine");

plan tests => @UNITS + @RACES + @SUITES;

if (@SUITES) {
    $POSTGRES = SlackPostgres->new;
    $ENV{SLACK_TEST_POSTGRES} = $POSTGRES->conninfo if $POSTGRES;
    diag('PostgreSQL is not installed: its engine is not tested') if !$POSTGRES;
}

unit($BUILDER, "unit/$_", $_) for @UNITS;
unit($RACES, "unit/$_", "$_, its threads") for @RACES;
unit($ENGINES, "engine/$_", "$_, of engines") for @SUITES;


sub unit {
    my ($builder, $name, $title) = @_;

    subtest $title => sub {
        my $program = eval { $builder->make("$ROOT/t/$name.c") };

        if ($program) {
            # ThreadSanitizer's shadow memory leaves the kernel little choice
            results($builder == $RACES ? ('setarch', '-R', $program) : $program);

        } else {
            diag($@);
            fail('compiles');
        }

        done_testing();
    };

    return;
}


# Passes a program's TAP on as tests of this file.
sub results {
    my @command = @_;

    my $clean = run_in($TMP, "$TMP/out", "$TMP/err", @command);
    my $code  = $?;

    my ($seen, $plan) = (0, undef);

    for my $line (split /\n/, slurp("$TMP/out")) {

        if ($line =~ m/^1\.\.(\d+)/) {
            $plan = $1;
            next;
        }

        if ($line =~ m/^(not )?ok\b\s*\d*\s*-?\s*(.*)/) {
            ok(!$1, $2);
            $seen++;
            next;
        }

        diag($line) if $line =~ m/^#/;
    }

    is($seen, $plan // 'none', 'tests as planned');

    ok($clean, 'ends well')
        or diag($code & 127 ? 'signal ' . ($code & 127)
                            : 'exit code ' . ($code >> 8),
                "\n", slurp("$TMP/err"));

    return;
}


sub run_in {
    my ($dir, $out, $err, @command) = @_;

    my $pid = fork // die "unit: cannot fork: $!\n";

    if ($pid == 0) {
        chdir $dir or die "unit: cannot enter $dir: $!\n";
        open STDOUT, '>', $out or die "unit: $!\n";
        open STDERR, '>', $err or die "unit: $!\n";

        exec { $command[0] } @command;
        die "unit: cannot run $command[0]: $!\n";
    }

    waitpid $pid, 0;

    return $? == 0;
}


sub slurp {
    my ($file) = @_;

    open my $fh, '<', $file or return '';
    local $/;
    return scalar <$fh> // '';
}
