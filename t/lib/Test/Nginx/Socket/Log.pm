package Test::Nginx::Socket::Log;

# What is in nginx's logs: which part of the error log is new, which lines
# match.  Knows neither processes nor tests.

use strict;
use warnings;

use Exporter 'import';
use Time::HiRes qw(sleep time);

use Test::Nginx::Socket::Config qw(log_path);
use Test::Nginx::Socket::Options qw(%Opt value_of);

our @EXPORT_OK = qw(
    access_log_lines append_log crash_lines expect_lines log_patterns
    log_tail matched_part matches new_error_log_lines report_lines rewind_log
);

my $Position = 0;
my @Expected;


# A new nginx, or new logs: all is new.
sub rewind_log {
    $Position = 0;
    @Expected = ();
    return;
}


# Lines of the error log since the last call, or all of them when the file
# called check_accum_error_log().
sub new_error_log_lines {
    my ($from) = $Opt{accum_error_log} ? 0 : $Position;

    my ($lines, $end) = _read_lines(log_path('error.log'), $from);
    $Position = $end;
    return @$lines;
}


# Waits for what a block says of them, as a request is logged after its response
# was sent.
sub access_log_lines {
    my ($block) = @_;

    my @patterns = log_patterns($block, 'access_log');
    my $end = time + $Opt{timeout};

    while (1) {
        my ($lines) = _read_lines(log_path('access.log'), 0);
        my @missing = grep {
            my $pattern = $_;
            !grep { matches($_, $pattern) } @$lines;
        } @patterns;

        return @$lines if !@missing || time > $end;

        sleep 0.02;
    }
}


sub _read_lines {
    my ($path, $from) = @_;

    open my $file, '<:raw', $path or return ([], 0);

    $from = 0 if $from > -s $file;
    seek $file, $from, 0;
    my @lines = <$file>;
    return (\@lines, tell $file);
}


# Patterns of a section: a line of text is a substring, an array holds
# substrings and regular expressions.
sub log_patterns {
    my ($block, $section) = @_;

    my $value = value_of($block, $section);

    return unless defined $value;
    return $value if ref $value eq 'Regexp';
    return @$value if ref $value eq 'ARRAY';
    return grep { length } split /\n/, $value;
}


sub matches {
    my ($line, $pattern) = @_;

    return ref $pattern eq 'Regexp' ? $line =~ $pattern
                                    : index($line, $pattern) >= 0;
}


# The part of the line which the pattern matches, undef when it does not.
sub matched_part {
    my ($line, $pattern) = @_;

    if (ref $pattern ne 'Regexp') {
        return index($line, $pattern) >= 0 ? $pattern : undef;
    }

    return $line =~ $pattern ? substr($line, $-[0], $+[0] - $-[0]) : undef;
}


# Patterns which the block expects: lines they match are no surprise.
sub expect_lines {
    push @Expected, @_;
    return;
}


# Lines about processes which died, unless the block expects them.
sub crash_lines {
    my ($lines) = _read_lines(log_path('error.log'), 0);
    my @bad;

    for my $line (@$lines) {
        next unless $line =~ /\bprocess\ \d+\ exited\ (?: on\ signal\ \d+
                              | with\ (?:fatal\ )?code\ [1-9]\d* )/x
            || $line =~ /Assertion .* failed/;
        next if grep { matches($line, $_) } @Expected;

        push @bad, $line =~ s/\s+\z//r;
    }

    return @bad;
}


# Reports of sanitizers, which write to stderr: nginx points that at its
# error log once it has started.  All but nginx's own lines belongs to them.
sub report_lines {
    my ($lines) = _read_lines(log_path('error.log'), 0);
    my @report = grep { !m{^\d{4}/\d\d/\d\d } } @$lines;

    shift @report while @report && $report[0] !~
        /^==\d+==(?:ERROR|WARNING):\ \w+Sanitizer
         | ^\S+:\d+:\d+:\ runtime\ error:/x;

    return @report;
}


# The last lines of the error log but those of level debug.
sub log_tail {
    my ($lines) = _read_lines(log_path('error.log'), 0);
    my @tail = grep { !/ \[debug\] / } @$lines;

    splice @tail, 0, @tail - 10 if @tail > 10;
    return join '', @tail;
}


# Copies the log to the file of TEST_NGINX_ERROR_LOG before it is removed.
sub append_log {
    my ($title) = @_;

    my $path = $ENV{TEST_NGINX_ERROR_LOG} or return;
    my ($lines) = _read_lines(log_path('error.log'), 0);

    open my $file, '>>', $path or die "cannot write $path: $!\n";
    print {$file} "=== $title\n", @$lines or die "cannot write $path: $!\n";
    close $file or die "cannot write $path: $!\n";
    return;
}


1;
