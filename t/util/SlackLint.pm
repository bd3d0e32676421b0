package SlackLint;

# Samples for util/lint, in trees of their own, and what it says of them.

use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(basename dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);

our @EXPORT = qw($root $lint $dir $opening function sample put run findings);

our $root = abs_path(dirname(__FILE__) . '/../..');
our $lint = "$root/util/lint";
our $dir = tempdir(CLEANUP => 1);

our $opening = "\n/*\n * A sample that knows nothing of the other rooms and"
    . " does nothing at all.\n * Runs in any thread.\n */\n\n\n";

# of a sample, the lines of the opening comment
my %offset;


# a function with these locals and this body
sub function {
    my ($body) = @_;

    return "static ngx_int_t\nngx_slack_sample(ngx_pool_t *pool, int a)\n"
        . "{\n$body}\n";
}


# writes a file of a tree of its own, so that its room is told by its path; C
# files of the module get an opening comment unless the text is a reference,
# scripts become executable likewise

sub sample {
    my ($tree, $path, $text) = @_;

    my $module = "$dir/$tree/ngx_slack_notify_module";
    my $offset = 0;

    for my $room (qw(core json source route message outbox slack delivery conf
                      http status)) {
        put("$module/$room/ngx_slack_$room.h", '');
    }

    make_path(dirname("$module/$path"));

    my $file = abs_path(dirname("$module/$path")) . '/' . basename($path);

    if (ref $text) {
        put($file, $$text);

    } elsif ($path =~ /^\w.*\.c$/) {
        put($file, $opening . $text);
        $offset = $opening =~ tr/\n//;

    } else {
        put($file, $text);
        chmod 0755, $file if $text =~ /\A#!/;
    }

    $offset{$file} = $offset;

    return $file;
}


sub put {
    my ($file, $text) = @_;

    make_path(dirname($file));
    open my $fh, '>:raw', $file or die "cannot write $file: $!\n";
    print $fh $text;
    close $fh or die "cannot write $file: $!\n";
}


# exit status and what is said on both outputs

sub run {
    my (@words) = @_;

    my $pid = open(my $pipe, '-|') // die "cannot fork: $!\n";

    if ($pid == 0) {
        open STDERR, '>&', \*STDOUT or die "cannot redirect: $!\n";
        exec $^X, @words or die "cannot run $words[0]: $!\n";
    }

    my $said = do { local $/; <$pipe> } // '';

    close $pipe;

    return ($? >> 8, $said);
}


# by file, "line: message", the lines counted from the sample's own first

sub findings {
    my ($said) = @_;

    my %by_file;

    while ($said =~ /^([^:\n]+):(\d+): (.*)$/mg) {
        my ($file, $line, $message) = ($1, $2, $3);

        push @{ $by_file{$file} },
            ($line - ($offset{$file} // 0)) . ": $message";
    }

    return %by_file;
}


1;
