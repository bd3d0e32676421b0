package Lint::Report;

# Collects the findings of one file after the other.

use strict;
use warnings;

use Exporter qw(import);

our @EXPORT_OK = qw(begin_file finding end_file errors);

my %found;
my $errors = 0;


sub begin_file {
    %found = ();
}


sub finding {
    my ($line, $message) = @_;

    return if grep { $_ eq $message } @{ $found{$line} };

    push @{ $found{$line} }, $message;

    $errors++;
}


sub end_file {
    my ($name) = @_;

    for my $line (sort { $a <=> $b } keys %found) {
        for my $message (@{ $found{$line} }) {
            print "$name:$line: $message\n";
        }
    }
}


sub errors {
    return $errors;
}


1;
