#!/usr/bin/perl

# Compiles the unit programs t/unit/NAME.c with sanitizers against nginx's
# headers, runs them, and passes their results on.  A program says in a comment
# which sources of the module it wants and what else to link:
#
#     /* unit: core/ngx_slack_text.c core/ngx_slack_clock.c libs: -lyajl */
#
# t/unit/shim.c stands for nginx core.  Environment: CC (gcc), UNIT_CFLAGS (in
# place of the sanitizers), UNIT (only the programs of these names).

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Temp qw(tempdir);
use Test::More;

my $ROOT   = abs_path(dirname(__FILE__) . '/..');
my $SOURCE = "$ROOT/ngx_slack_notify_module";
my $NGINX  = $ENV{NGINX_SRC} || '/usr/share/nginx/src';
my $CC     = $ENV{CC} || 'gcc';

my @WARN = qw(-Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
              -Wno-unused-parameter -Werror);

my @FLAGS = defined $ENV{UNIT_CFLAGS}
    ? split ' ', $ENV{UNIT_CFLAGS}
    : ('-fsanitize=address,undefined', '-fno-sanitize-recover=undefined',
       '-fno-omit-frame-pointer');

my %ONLY = map { $_ => 1 } split ' ', $ENV{UNIT} // '';

plan skip_all => "no nginx headers in $NGINX (apt-get install nginx-dev)"
    if !-f "$NGINX/src/core/nginx.h";

my $TMP = tempdir('ngx-slack-unit-XXXXXX', TMPDIR => 1, CLEANUP => 1);

my @UNITS = grep { !%ONLY || $ONLY{ basename($_, '.c') } }
            grep { defined wanted($_) } sort glob "$ROOT/t/unit/*.c";

my @INCLUDES = includes();

plan tests => scalar @UNITS;

unit($_) for @UNITS;


# The sources and libraries a program names, undef if it is none.
sub wanted {
    my ($file) = @_;

    open my $fh, '<', $file or die "unit: cannot read $file: $!\n";
    my $text = do { local $/; <$fh> };
    close $fh;

    $text =~ m{/\*[\s*]*unit:(.*?)\*/}s or return undef;

    my ($sources, $libs) = split /\blibs:/, $1, 2;

    return {
        sources => [ grep { $_ ne '*' } split ' ', $sources ],
        libs    => [ grep { $_ ne '*' } split ' ', $libs // '' ],
    };
}


sub includes {
    my ($objs) = map { dirname($_) }
                 grep { -f $_ } glob "$ROOT/build/{,*/}ngx_auto_config.h";

    $objs //= configure();

    return (
        (map { ('-isystem', "$NGINX/src/$_") }
             qw(core event event/modules os/unix)),
        '-isystem', $objs,
        '-I', "$ROOT/t/unit",
        map { ('-I', $_) } grep { -d $_ } glob "$SOURCE/*",
    );
}


# nginx's generated headers, when the module was not built here.
sub configure {
    my $script = '. ./conf_flags && '
        . './configure "${NGX_CONF_FLAGS[@]}" --builddir="$1"';

    my $pid = fork // die "unit: cannot fork: $!\n";

    if ($pid == 0) {
        chdir $NGINX or die "unit: cannot enter $NGINX: $!\n";
        open STDOUT, '>', "$TMP/configure.log" or die "unit: $!\n";
        open STDERR, '>&', \*STDOUT or die "unit: $!\n";
        exec 'bash', '-c', $script, 'bash', "$TMP/objs";
        die "unit: cannot run bash: $!\n";
    }

    waitpid $pid, 0;

    if ($? != 0) {
        diag(slurp("$TMP/configure.log"));
        die "unit: nginx's configure failed\n";
    }

    return "$TMP/objs";
}


sub unit {
    my ($file) = @_;

    my $name   = basename($file, '.c');
    my $wanted = wanted($file);

    subtest $name => sub {
        my @objects;

        for my $source ((map { "$SOURCE/$_" } @{ $wanted->{sources} }),
                        "$ROOT/t/unit/shim.c", $file)
        {
            my $object = object($source);

            if (!$object) {
                fail("$source compiles");
                done_testing();
                return;
            }

            push @objects, $object;
        }

        my $program = "$TMP/$name";

        if (!run("$TMP/log", $CC, @FLAGS, '-pthread', '-o', $program,
                 @objects, @{ $wanted->{libs} }))
        {
            diag(slurp("$TMP/log"));
            fail('links');
            done_testing();
            return;
        }

        results($name, $program);
        done_testing();
    };

    return;
}


# The object of a source, compiled once for all programs.
sub object {
    my ($source) = @_;

    (my $object = $source) =~ s{[^\w.]}{_}g;
    $object = "$TMP/$object.o";

    return $object if -f $object;

    return $object
        if run("$TMP/log", $CC, '-g', '-O1', @WARN, @FLAGS, @INCLUDES, '-c',
               '-o', $object, $source);

    diag(slurp("$TMP/log"));
    return undef;
}


# Passes a program's TAP on as tests of this file.
sub results {
    my ($name, $program) = @_;

    my $clean = run_in($TMP, "$TMP/out", "$TMP/err", $program);
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


sub run {
    my ($log, @command) = @_;

    return run_in('.', $log, $log, @command);
}


sub run_in {
    my ($dir, $out, $err, @command) = @_;

    my $pid = fork // die "unit: cannot fork: $!\n";

    if ($pid == 0) {
        chdir $dir or die "unit: cannot enter $dir: $!\n";
        open STDOUT, '>', $out or die "unit: $!\n";

        if ($err eq $out) {
            open STDERR, '>&', \*STDOUT or die "unit: $!\n";

        } else {
            open STDERR, '>', $err or die "unit: $!\n";
        }

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
