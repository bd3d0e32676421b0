package Test::Nginx::Socket::SelfTest;

# Runs test files by the bundled harness, in processes of their own, and
# compares what they report with what they should.  For t/harness*.t.
#
# A case is written as
#
#     CASE its name
#     repeat: 2                what repeat_each() is given, 1 if left out
#     head: code               a line of Perl before run_tests()
#     env: USE_HUP=1           TEST_NGINX_USE_HUP for the file
#     expect: ok 2, not_ok 1   also skip and todo; or: nothing
#     fails: 1                 for a file which fails without a "not ok"
#     output: pattern          found in all it says
#
#     === TEST 1: its blocks, after an empty line
#
# Blocks without a configuration are given one with /a, /b, /slow and /peer.

use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter 'import';
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use POSIX ();
use Test::More;

our @EXPORT_OK = qw(
    counts finish_test read_file run_cases start_test write_file write_test
);

my @Kinds = qw(ok not_ok skip todo);
my $Lib = abs_path(dirname(__FILE__) . '/../../..');
my $Dir = tempdir(CLEANUP => 1);
my $Nginx = find_nginx();

# programs which take the place of nginx and say or do something more
my %Programs = (
    REPORTING => 'print {*STDERR} "==$$== Invalid read of size 8\n";',
    EXITING   => <<'_END_',
my $pid = fork // die;
$SIG{QUIT} = sub { kill 'QUIT', $pid; waitpid $pid, 0; exit 3 };
if ($pid) { waitpid $pid, 0; exit $? >> 8 }
_END_
    STUBBORN  => <<'_END_',
my $pid = fork // die;
$SIG{QUIT} = 'IGNORE';
if ($pid) { sleep 1 while 1 }
_END_
    PRELOADED => 'print {*STDERR} "preload is $ENV{LD_PRELOAD}\n";'
        . ' delete $ENV{LD_PRELOAD};',
);


sub run_cases {
    my ($handle) = @_;

    write_programs();
    run_case($_) for read_cases($handle);
    return;
}


sub find_nginx {
    my $name = $ENV{TEST_NGINX_BINARY} || 'nginx';

    my @paths = $name =~ m{/} ? $name : map { "$_/$name" }
        split(/:/, $ENV{PATH}), '/usr/local/sbin', '/usr/sbin';
    my ($path) = grep { -x } @paths;

    return $path // BAIL_OUT("cannot find $name; set TEST_NGINX_BINARY");
}


sub write_file {
    my ($path, $text, $mode) = @_;

    open my $file, '>', $path or die "$path: $!";
    print {$file} $text;
    close $file or die "$path: $!";
    chmod $mode, $path if defined $mode;
    return $path;
}


sub read_file {
    my ($path) = @_;

    open my $file, '<', $path or return '';
    local $/ = undef;
    return <$file> // '';
}


sub write_programs {
    mkdir "$Dir/bin" or die "$Dir/bin: $!";

    for my $name (keys %Programs) {
        write_file("$Dir/bin/$name",
                   "#!$^X\n$Programs{$name}\nexec '$Nginx', \@ARGV;\n",
                   oct 755);
    }

    # it runs what valgrind would run, and tells with which options
    write_file("$Dir/bin/valgrind", <<"_END_", oct 755);
#!$^X
my \@options;
push \@options, shift while \@ARGV && \$ARGV[0] =~ /^-/;
print {*STDERR} "valgrind options: \@options\\n";
exec {\$ARGV[0]} \@ARGV;
_END_

    mkdir "$Dir/util" or die "$Dir/util: $!";
    write_file("$Dir/util/valgrind.supp", '');
    return;
}


sub read_cases {
    my ($handle) = @_;

    my @parts = split /^CASE (.*)\n/m, do { local $/ = undef; <$handle> };
    my @cases;

    shift @parts;

    while (my ($name, $text) = splice @parts, 0, 2) {
        my ($keys, $blocks) = split /\n\n/, $text, 2;
        my %case = (name => $name, blocks => $blocks, output => []);

        for my $line (split /\n/, $keys) {
            my ($key, $value) = $line =~ /\A(\w+): (.*)\z/
                or die "case \"$name\": cannot read \"$line\"";

            if ($key eq 'env') {
                my ($variable, $setting) = split /=/, $value, 2;
                $case{env}{"TEST_NGINX_$variable"} = $setting;

            } elsif ($key eq 'head') {
                $case{head} .= "$value\n";

            } elsif ($key eq 'output') {
                push @{ $case{output} }, $value;

            } else {
                $case{$key} = $value;
            }
        }

        push @cases, \%case;
    }

    return @cases;
}


sub write_test {
    my ($dir, $name, %case) = @_;

    my $repeat = $case{repeat} // 1;
    my $head = $case{head} // '';

    return write_file("$dir/$name.t", <<"_END_");
use Test::Nginx::Socket 'no_plan';

repeat_each($repeat);
no_shuffle();

add_block_preprocessor(sub {
    my (\$block) = \@_;

    return if defined \$block->config;
    \$block->set_value(config => <<'_CONFIG_');
location = /a { return 200 "hello\\n"; }
location = /b { add_header X-A one; add_header X-A two; return 201 "bye\\n"; }
location = /slow { limit_rate 1; return 200 "slow\\n"; }
location = /peer {
    proxy_pass http://127.0.0.1:\$TEST_NGINX_RAND_PORT_1;
    proxy_set_header Host x;
}
_CONFIG_
});

$head
run_tests();

__DATA__

$case{blocks}
_END_
}


# Starts a file; all it says goes to FILE.out.
sub start_test {
    my ($path, %env) = @_;

    my $pid = fork;
    die "fork: $!" unless defined $pid;
    return $pid if $pid;

    my $dir = dirname($path);

    delete $ENV{$_} for grep { /\ATEST_NGINX_/ } keys %ENV;
    $ENV{TEST_NGINX_BINARY} = $Nginx;
    $ENV{TEST_NGINX_RANDOMIZE} = 1;
    $ENV{TMPDIR} = $dir;
    $ENV{PATH} = "$Dir/bin:$ENV{PATH}";

    for my $name (keys %env) {
        $ENV{$name} = $env{$name} =~ s{\bBIN/}{$Dir/bin/}r;
    }

    chdir $dir or POSIX::_exit(126);
    open STDIN, '<', '/dev/null' or POSIX::_exit(126);
    unlink "$path.out";
    open STDOUT, '>>', "$path.out" or POSIX::_exit(126);
    open STDERR, '>>', "$path.out" or POSIX::_exit(126);
    no warnings 'exec';
    exec $^X, "-I$Lib", $path;
    return POSIX::_exit(127);
}


sub finish_test {
    my ($path, $pid) = @_;

    waitpid $pid, 0;

    my %result = (status => $?, text => read_file("$path.out"));

    for my $line (split /\n/, $result{text}) {
        next unless $line =~ /\A(not )?ok \d+/;

        my $kind = $line =~ /# TODO & SKIP/ ? 'todo'
            : $line =~ /# skip/ ? 'skip'
            : $1 ? 'not_ok' : 'ok';

        $result{$kind}++;
    }

    return \%result;
}


# "ok 3, skip 1"
sub counts {
    my ($result) = @_;

    my @counts = map { "$_ $result->{$_}" } grep { $result->{$_} } @Kinds;

    return @counts ? join(', ', @counts) : 'nothing';
}


sub run_case {
    my ($case) = @_;

    my $path = write_test($Dir, 'case', %$case);
    my $result = finish_test($path,
                             start_test($path, %{ $case->{env} || {} }));
    my $bad = $case->{expect} =~ /not_ok/ || $case->{fails};

    my $good = is(counts($result), $case->{expect}, "$case->{name}: tests");

    $good &= ok($bad ? $result->{status} != 0 : $result->{status} == 0,
                "$case->{name}: exit status");

    for my $pattern (@{ $case->{output} }) {
        $good &= ok($result->{text} =~ /$pattern/s,
                    "$case->{name}: output has $pattern");
    }

    diag($result->{text}) unless $good;
    return;
}


1;
