package Bench::Callgrind;

# Starts nginx under callgrind, and reads what that has written: instructions by
# library.  What is spent in the C library is counted for the library that called
# it.

use strict;
use warnings;

use Exporter qw(import);

use Bench::Server;

our @EXPORT_OK = qw(counted_nginx read_dump);

# any processor that valgrind runs on has what is left
my $PLAIN_CPU = join ',', map { "-$_" } qw(AVX2_Usable AVX2
    AVX_Fast_Unaligned_Load ERMS FSRM AVX512VL AVX512BW);

# the name of a group by the file that the code came from; the first that fits
my @GROUPS = (
    [qr{/ngx_slack_notify_module\.so$}, 'module'],
    [qr{/nginx$|/ngx_http_\w+_module\.so$}, 'nginx'],
    [qr{/libyajl\.so}, 'yajl'],
    [qr{/libsqlite3\.so}, 'sqlite'],
    [qr{/(?:libc|libm|ld-linux[^/]*)\.so|/libpthread}, 'libc'],
    [qr{/libcrypto\.so}, 'crypto']
);

# the whole program is its callee
my $START = qr/libc_start_|below main/;


# it writes to callgrind.PID in the directory

sub counted_nginx {
    my ($dir, $conf) = @_;

    # neither what the C library chooses by processor, nor whether a heap
    # happens to end where memory goes back to the system, may tell them apart
    local $ENV{GLIBC_TUNABLES} =
        "glibc.malloc.trim_threshold=67108864:glibc.cpu.hwcaps=$PLAIN_CPU";

    return Bench::Server->nginx(
        dir => $dir,
        conf => $conf,
        under => [
            qw(valgrind -q --tool=callgrind),
            "--callgrind-out-file=$dir/callgrind.%p"
        ]
    );
}


# { total => N, by group => N }, of all threads

sub read_dump {
    my ($file) = @_;

    open my $fh, '<', $file or die "$file: $!\n";

    my (%name, %start, %cost);
    my $total = 0;
    my $object = 'other';
    my $callee = 'other';
    my ($root, $call) = (0, 0);

    while (my $line = <$fh>) {

        if ($line =~ /^ob=\((\d+)\)(?: (.*))?/) {
            $object = $callee = note_group(\%name, $1, $2);

        } elsif ($line =~ /^cob=\((\d+)\)(?: (.*))?/) {
            $callee = note_group(\%name, $1, $2);

        } elsif ($line =~ /^fn=\((\d+)\)(?: (.*))?/) {
            note_start(\%start, $1, $2);
            $callee = $object;

        } elsif ($line =~ /^cfn=\((\d+)\)(?: (.*))?/) {
            $root = note_start(\%start, $1, $2);

        } elsif ($line =~ /^calls=/) {
            $call = 1;

        } elsif ($line =~ /^[+*\-\d]\S* (\d+)/) {

            if ($call) {

                if ($callee eq 'libc' && $object ne 'libc' && !$root) {
                    $cost{$object} += $1;
                    $cost{libc} -= $1;
                }

                $call = 0;
                $callee = $object;

            } else {
                $cost{$object} += $1;
                $total += $1;
            }
        }
    }

    close $fh;

    return {%cost, total => $total};
}


# names are written out where they come first, and numbers later

sub note_group {
    my ($names, $n, $path) = @_;

    if (defined $path) {
        my ($group) = grep { $path =~ $_->[0] } @GROUPS;
        $names->{$n} = $group ? $group->[1] : 'other';
    }

    return $names->{$n};
}


sub note_start {
    my ($starts, $n, $function) = @_;

    $starts->{$n} = $function =~ $START ? 1 : 0 if defined $function;

    return $starts->{$n};
}


1;
