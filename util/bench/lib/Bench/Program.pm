package Bench::Program;

# What the benchmarks share: their options, the manual, an end in any case, and
# a file of figures for util/bench/all.

use strict;
use warnings;

use Exporter qw(import);
use Getopt::Long qw(GetOptions);

use Bench::Figures qw(table);

our @EXPORT_OK = qw(conclude end_on_signals note options);

my $file;
my %noted;


# { name => value } of the command line, beside --help and --figures; what
# takes longer than so many seconds hangs

sub options {
    my ($usage, $limit, @wanted) = @_;

    my %option;

    GetOptions(\%option, @wanted, qw(help figures=s)) && !@ARGV
        or die "usage: $usage\n";

    if ($option{help}) {
        require Pod::Usage;
        Pod::Usage::pod2usage(-verbose => 2, -noperldoc => 1, -exitval => 0);
    }

    $file = delete $option{figures};

    end_on_signals();

    $SIG{ALRM} = sub { die "$0 takes longer than $limit seconds\n" };
    alarm $limit;

    $| = 1;

    return \%option;
}


# an exit takes servers and directories along

sub end_on_signals {
    $SIG{$_} = sub { exit 1 } for qw(HUP INT TERM);

    return;
}


sub note {
    my ($name, $value) = @_;

    $noted{$name} = $value;

    return if !$file;

    open my $fh, '>>', $file or die "$file: $!\n";
    print {$fh} "$name = $value\n";
    close $fh or die "$file: $!\n";

    return;
}


# the table of what was noted, unless it goes to a file

sub conclude {
    print "\n", table(\%noted) if %noted && !$file;

    return;
}


1;
