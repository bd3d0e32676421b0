package Faults::Disk;

# The disk of disk.c for an nginx: its environment, its faults, and what would
# be left of its files after a power loss.

use strict;
use warnings;

use Errno ();
use File::Path qw(make_path);

use Faults qw(root slurp spew);

my %Operations = (open => 1, read => 2, write => 4, sync => 8);

my $Sector = 512;


# For the files whose names begin with PATH; DIR is for what it needs.
sub new {
    my ($class, $dir, $path, %option) = @_;

    my $self = bless { dir => "$dir/disk", path => $path }, $class;

    make_path("$self->{dir}/shadow");
    chmod 0777, "$self->{dir}/shadow";

    spew("$self->{dir}/control", pack 'l3', 0, 0, 0);

    my $library = "$self->{dir}/disk.so";

    system($ENV{CC} // 'gcc', qw(-O2 -Wall -shared -fPIC -o), $library,
        root() . '/util/faults/lib/disk.c', '-ldl') == 0
        or die "disk.c does not compile\n";

    $self->{env} = {
        LD_PRELOAD          => $library,
        FAULTS_DISK_PATH    => $path,
        FAULTS_DISK_CONTROL => "$self->{dir}/control",
        ($option{shadow} ? (FAULTS_DISK_SHADOW => "$self->{dir}/shadow") : ()),
    };

    return $self;
}


sub env { return $_[0]{env} }


# Lets the operations fail from now on with the error, such as "ENOSPC"; none:
# all is well again.
sub fail {
    my ($self, $error, @operations) = @_;

    my $bits = 0;

    $bits |= $Operations{$_} for @operations;

    no strict 'refs';
    $self->control(pack 'l2', $bits, $error ? &{"Errno::$error"}() : 0);

    return;
}


# How many operations have failed.
sub failed { my ($self) = @_; return (unpack 'l3', slurp("$self->{dir}/control"))[2] }


# In place: it is mapped.
sub control {
    my ($self, $bytes) = @_;

    open my $fh, '+<:raw', "$self->{dir}/control" or die "control: $!\n";
    syswrite $fh, $bytes;
    close $fh;

    return;
}


# Files as they are, and as they were synced; nobody may write meanwhile.
sub snapshot {
    my ($self) = @_;

    my %files;

    for my $suffix ('', '-wal') {
        $files{$suffix} = {
            new => slurp("$self->{path}$suffix"),
            old => slurp("$self->{dir}/shadow/db$suffix"),
        };
    }

    return \%files;
}


# Writes one of the images a power loss may leave: "old", only what was
# synced; "new", everything; "mixed", any sectors of what was not.
sub image {
    my ($self, $files, $kind, $name) = @_;

    for my $suffix ('', '-wal') {
        my ($new, $old) = @{ $files->{$suffix} }{qw(new old)};

        spew("$name$suffix", $kind eq 'new' ? $new : $kind eq 'old' ? $old : mixed($old, $new));
    }

    unlink "$name-shm";

    return;
}


sub mixed {
    my ($old, $new) = @_;

    my $length = rand() < 0.5 ? length $new : length $old;

    # what was not synced may also be cut off anywhere
    $length = length($old) + int rand(length($new) - length($old) + 1)
        if length $new > length $old && rand() < 0.5;

    my $share = rand;
    my $text  = '';

    for (my $at = 0; $at < $length; $at += $Sector) {
        my $new_has = $at < length $new;
        my $old_has = $at < length $old;
        my $from    = !$old_has || ($new_has && rand() < $share) ? \$new : \$old;
        my $part    = $at < length $$from ? substr $$from, $at, $Sector : '';

        $text .= $part . "\0" x ($Sector - length $part);
    }

    return substr $text, 0, $length;
}


1;
