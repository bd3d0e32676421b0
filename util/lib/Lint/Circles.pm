package Lint::Circles;

# Finds circles between the files of the module: sources that call each other,
# directly or by others, and headers that include each other.  A source uses
# another one if it names a function or a variable that the other defines.

use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(basename);

use Lint::Report qw(begin_file finding end_file);

our @EXPORT_OK = qw(check_circles);

# the modules' numbers, by which nginx keeps configurations and contexts; the
# door and the guard define them and all rooms that know nginx's http take them
my %EXEMPT = map { $_ => 1 } qw(ngx_slack_notify_module
    ngx_slack_guard_module);


# Takes the names of files, of which those of one module belong together.
sub check_circles {
    my @names = @_;

    my %modules;

    for my $name (grep { /\.[ch]$/ } @names) {
        my ($module) = abs_path($name) =~ m{^(.*/ngx_slack_notify_module)/};

        push @{ $modules{$module} }, $name if defined $module;
    }

    for my $module (sort keys %modules) {
        my %text = map { $_ => code($_) } @{ $modules{$module} };

        report(calls(\%text));
        report(includes(\%text));
    }

    return;
}


# the text of a file without comments and strings, lines kept
sub code {
    my ($name) = @_;

    open my $fh, '<', $name or die "lint: cannot read $name: $!\n";
    my $text = do { local $/; <$fh> } // '';
    close $fh;

    $text =~ s{
        ( /\*.*?\*/ | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
    }{
        $1 =~ s/[^\n]//gr
    }gsex;

    return $text;
}


# who uses whom: { file => { other => [line, name] } }
sub calls {
    my ($text) = @_;

    my @sources = grep { /\.c$/ } sort keys %$text;
    my (%defined, %uses);

    for my $source (@sources) {
        $defined{$_} = $source for definitions($text->{$source});
    }

    for my $source (@sources) {
        my $line = 1;
        my $said = $text->{$source} =~ s/^[ \t]*#[ \t]*include[^\n]*//gmr;

        while ($said =~ /(\n)|\b(ngx_slack_\w+)\b/g) {
            if (defined $1) {
                $line++;
                next;
            }

            my $other = $defined{$2};

            next if !defined $other || $other eq $source || $EXEMPT{$2};

            $uses{$source}{$other} //= [ $line, "uses $2" ];
        }
    }

    return \%uses;
}


# the names that a source defines for others, as nginx writes them: a function
# at the beginning of a line, its type on the line before
sub definitions {
    my ($text) = @_;

    my @names;

    while ($text =~ /^([^\n]*)\n(ngx_slack_\w+)\([^;{]*\)\s*\n\{/mg) {
        push @names, $2 if $1 !~ /^static\b/;
    }

    while ($text =~ /^([a-z][\w ]*[ ]+\**(ngx_slack_\w+)(?:\[\w*\])*)\s*(?:=|;)/mg) {
        push @names, $2 if $1 !~ /^(?:static|extern|typedef|return)\b/;
    }

    return @names;
}


sub includes {
    my ($text) = @_;

    my %header = map { basename($_) => $_ } grep { /\.h$/ } keys %$text;
    my %uses;

    for my $name (values %header) {
        my $line = 0;

        for (split /\n/, $text->{$name}, -1) {
            $line++;

            my ($other) = /^\s*#\s*include\s*<([^>]+)>/ or next;

            $uses{$name}{ $header{$other} } //= [ $line, "includes <$other>" ]
                if defined $header{$other};
        }
    }

    return \%uses;
}


# a finding for each file that can be reached from itself, once for a circle
sub report {
    my ($uses) = @_;

    my %told;

    for my $file (sort keys %$uses) {
        next if $told{$file};

        my @circle = way_back($uses, $file) or next;

        $told{$_} = 1 for @circle;

        my $said = '';

        for my $i (0 .. $#circle) {
            my $next = $circle[ ($i + 1) % @circle ];

            $said .= ', ' if $i;
            $said .= basename($circle[$i]) . " $uses->{$circle[$i]}{$next}[1]";
            $said .= ' of ' . basename($next) if $said =~ /uses \w+\z/;
        }

        begin_file();
        finding($uses->{$file}{ $circle[1] }[0], "a circle: $said");
        end_file($file);
    }

    return;
}


# the shortest way from a file back to it: the files on it; none: there is none
sub way_back {
    my ($uses, $file) = @_;

    my %from;
    my @next = ($file);

    while (@next) {
        my $at = shift @next;

        for my $other (sort keys %{ $uses->{$at} // {} }) {
            next if exists $from{$other};

            $from{$other} = $at;

            if ($other eq $file) {
                my @way;

                for (my $step = $at; $step ne $file; $step = $from{$step}) {
                    unshift @way, $step;
                }

                return ($file, @way);
            }

            push @next, $other;
        }
    }

    return;
}


1;
