package Lint::Script;

# The rules for scripts and for CHANGES.

use strict;
use warnings;

use Exporter qw(import);

use Lint::Report qw(finding);

our @EXPORT_OK = qw(check_changes check_perl check_shell);


sub check_perl {
    my ($name, $text, $root) = @_;

    if ($name !~ /\.t$/
        && $text !~ /^use (?:Mojo\S+|v?5\.(?:1[2-9]|[2-9]\d)|5\.01[2-9])/m)
    {
        finding(1, 'no "use strict;"') if $text !~ /^use strict;/m;
        finding(1, 'no "use warnings;"') if $text !~ /^use warnings;/m;
    }

    return if $name =~ /\.t$/;

    my @libs = grep { -d } "$root/t/lib", "$root/t/util", "$root/util/lib",
                           glob "\"$root\"/util/*/lib";
    my $output = output_of($^X, (map { "-I$_" } @libs), '-c', $name);

    return if $? == 0;

    my ($message, $line) =
        $output =~ /^(.*?) at \Q$name\E line (\d+)/m ? ($1, $2)
                                                     : ($output, 1);

    $message =~ s/\n.*//s;
    $message =~ s/ \(you may need.*/; install it (util\/setup)/;
    finding($line, "perl -c: $message");
}


sub check_shell {
    my ($name, $shell) = @_;

    my $output = output_of($shell, '-n', $name);

    return if $? == 0;

    my ($line, $message) =
        $output =~ /^[^\n]*?:\s*(?:line\s+)?(\d+):\s*([^\n]+)/;
    $message =~ s/^line \d+: // if defined $message;

    finding($line // 1, "$shell -n: " . ($message // 'fails'));
}


# what a command says on both of its outputs; its status is left in $?

sub output_of {
    my (@words) = @_;

    my $pid = open(my $pipe, '-|') // die "lint: cannot fork: $!\n";

    if ($pid == 0) {
        open STDERR, '>&', \*STDOUT or die "lint: $!\n";
        exec @words or die "lint: cannot run $words[0]: $!\n";
    }

    my $output = do { local $/; <$pipe> } // '';

    close $pipe;

    return $output;
}


# CHANGES, as nginx writes it

sub check_changes {
    my ($text) = @_;

    my @lines = split /\n/, $text;
    my $kinds = 'Feature|Change|Bugfix|Security|Workaround';
    my $months = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
    my ($release, $entry) = (0, 0);

    for my $n (1 .. @lines) {
        local $_ = $lines[$n - 1];

        my $above = $n > 1 ? $lines[$n - 2] : '';

        if (/^Changes\ with\ \S+\ \d+\.\d+\.\d+\ +
              (?:\d\d\ (?:$months)\ \d{4}|unreleased)$/x)
        {
            finding($release, 'release without an entry')
                if $release && !$entry;
            ($release, $entry) = ($n, 0);

        } elsif (/^    \*\) (?:$kinds): \S/) {
            finding($n, 'entry before the first release') if !$release;
            finding($n, 'no blank line before the entry') if $above ne '';
            $entry = $n;

        } elsif (/^       \S/) {
            finding($n, 'text that belongs to no entry')
                if !$entry || ($above eq '' && $lines[$n - 3] eq '');

        } elsif ($_ ne '') {
            finding($n, 'neither "Changes with NAME N.N.N  DD Mon YYYY", nor'
                . " \"    *) $kinds: ...\","
                . ' nor text indented by 7');
        }

        finding($n, 'line is longer than 79 columns') if length > 79;
    }

    finding($release || 1, 'release without an entry') if !$entry;
}


1;
