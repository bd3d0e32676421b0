package Bench::Build;

# What is measured: builds the module as util/build does, and the benchmark's
# own modules beside it.

use strict;
use warnings;

use Exporter qw(import);
use FindBin;
use File::Path qw(make_path);
use Cwd qw(abs_path);

our @EXPORT_OK = qw(build root module own_module find_nginx);

my $ROOT = abs_path("$FindBin::RealBin/../..");
my $SOURCES = '/usr/share/nginx/src';


sub root { return $ROOT }


# another build may be measured, to compare them in turns

sub module {
    return $ENV{BENCH_MODULE} // "$ROOT/build/ngx_slack_notify_module.so";
}


sub own_module {
    my ($name) = @_;

    return "$ROOT/build/bench/ngx_http_${name}_module.so";
}


sub build {
    die "NGINX_SRC is set, but what is measured is the installed nginx\n"
        if $ENV{NGINX_SRC};

    quietly("$ROOT/util/build") if !$ENV{BENCH_MODULE};
    make_path("$ROOT/build/bench");

    my @make = (
        qw(make -s -C), $SOURCES, '-f', "$ROOT/util/bench/readbody/Makefile",
        "BUILD=$ROOT/build", "HERE=$ROOT/util/bench/readbody", 'bench'
    );

    quietly(@make);

    return;
}


sub quietly {
    my @command = @_;

    open my $out, '-|', @command or die "$command[0]: $!\n";
    my @said = <$out>;

    close $out or die "\"@command\" failed\n", @said;

    return;
}


# /usr/sbin is not in every user's PATH

sub find_nginx {
    for my $folder (split(/:/, $ENV{PATH} // ''), '/usr/sbin') {
        return "$folder/nginx" if -x "$folder/nginx";
    }

    die "nginx is not installed; run util/setup\n";
}


1;
