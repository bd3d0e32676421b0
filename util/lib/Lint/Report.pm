package Lint::Report;

# Collects the findings of one file after the other.

use strict;
use warnings;

use Exporter qw(import);

our @EXPORT_OK = qw(begin_file finding end_file errors warnings_found);

my %found;
my ($errors, $warnings) = (0, 0);


sub begin_file {
    %found = ();
}


# a message that begins with "warning: " does not make lint fail

sub finding {
    my ($line, $message) = @_;

    return if grep { $_ eq $message } @{ $found{$line} };

    push @{ $found{$line} }, $message;

    if ($message =~ /^warning: /) {
        $warnings++;

    } else {
        $errors++;
    }
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


sub warnings_found {
    return $warnings;
}


1;
