package Test::Nginx::Socket::Options;

# What a test file or the environment may set, and the helpers which every
# other part of the harness needs: expansion of variables, free ports, the
# list of known sections, giving up.  Knows nothing of nginx processes.

use strict;
use warnings;

use Cwd ();
use Exporter 'import';
use Fcntl qw(:flock);
use File::Path ();
use File::Spec;
use IO::Socket::INET;
use Test::More ();

our @EXPORT_OK = qw(
    %Opt add_cleanup bail_out check_environment check_sections cleanup_all
    expand free_port is_owner parse_time release_ports repeat_count value_of
);

# sections which a test file's own preprocessors and body checks consume
our @ExtraSections;

my @Supported = qw(
    config http_config main_config post_main_config server_name user_files
    init post_setup_server_root error_log_file log_level
    server_addr_for_client
    request request_eval raw_request raw_request_middle_delay
    pipelined_requests more_headers timeout abort shutdown wait
    error_code error_code_like response_body response_body_eval
    response_body_like response_body_unlike response_body_filters
    response_body_json_sort response_headers response_headers_like
    raw_response_headers_like raw_response_headers_unlike ignore_response
    http09
    error_log no_error_log grep_error_log grep_error_log_out access_log
    no_access_log shutdown_error_log no_shutdown_error_log
    must_die suppress_stderr reload_fails
    tcp_listen tcp_reply tcp_reply_delay tcp_query tcp_query_len
    tcp_query_auto_timeout tcp_no_close tcp_shutdown tcp_shutdown_delay
    udp_listen udp_reply udp_reply_delay udp_query
    skip_nginx skip_nginx2 skip_openssl skip_eval todo todo_nginx
    no_check_leak no_http2 no_http3
    SKIP ONLY LAST
);

my @Unsupported = qw(
    http2 http3 curl curl_options curl_protocol curl_error
    stap stap_out stap_out_like stap_out_unlike
);

my @UnsupportedModes = qw(
    USE_HTTP2 USE_HTTP3 USE_STAP USE_RR CHECK_LEAK BENCHMARK
);

my $Owner = $$;

our %Opt = (
    repeat_each        => 1,
    shuffle            => !$ENV{TEST_NGINX_NO_SHUFFLE},
    long_string        => 1,
    log_level          => $ENV{TEST_NGINX_LOG_LEVEL} || 'debug',
    workers            => 1,
    worker_connections => 64,
    master             => ($ENV{TEST_NGINX_MASTER_PROCESS} || 'off') eq 'on',
    use_hup            => $ENV{TEST_NGINX_USE_HUP} ? 1 : 0,
    timeout            => $ENV{TEST_NGINX_TIMEOUT} || 3,
    sleep              => $ENV{TEST_NGINX_SLEEP} || 0.015,
    server_addr        => '127.0.0.1',
    server_name        => 'localhost',
    root_location      => 1,
    config_preamble    => '',
    accum_error_log    => 0,
    env_to_nginx       => [],
    preprocessors      => [],
    body_checks        => [],
    block_cleanups     => [],
    force_restart      => $ENV{TEST_NGINX_FORCE_RESTART_ON_TEST} // 1,
    managed            => !$ENV{TEST_NGINX_NO_NGINX_MANAGER},
    verbose            => $ENV{TEST_NGINX_VERBOSE},
);

my (@Cleanups, %Locks, %BlockPorts);


# Actions to run when the file ends or gives up, last added first.
sub add_cleanup {
    my ($code) = @_;

    unshift @Cleanups, $code;
    return;
}


sub cleanup_all {
    while (my $code = shift @Cleanups) {
        next if eval { $code->(); 1 };
        print {*STDERR} "# cleanup failed: $@";
    }

    return;
}


# False in forked children, which must leave processes and files alone.
sub is_owner {
    return $$ == $Owner;
}


# Stops the whole test session, not just this file.  TAP has one line for it:
# prove drops the ones that follow, in which a sanitizer tells what it found.
sub bail_out {
    my ($why) = @_;

    my ($line, $more) = split /\n/, $why, 2;

    cleanup_all();
    Test::More::diag($more) if defined $more && $more =~ /\S/;
    return Test::More::BAIL_OUT($line);
}


# Seconds from "300ms", "2s" or a plain number.
sub parse_time {
    my ($text, $what) = @_;

    if (defined $text && $text =~ /\A \s* (\d+ (?: [.]\d* )? | [.]\d+)
                                   \s* (ms|s)? \s* \z/x)
    {
        return ($2 // 's') eq 'ms' ? $1 / 1000 : $1 + 0;
    }

    return bail_out(sprintf '%s: "%s" is no time; write 300ms, 2s or 2',
                    $what, $text // '');
}


sub repeat_count {
    return $Opt{repeat_each};
}


# Refuses modes which only the full Test::Nginx has, rather than running
# something else than what was asked for.
sub check_environment {
    for my $mode (@UnsupportedModes) {
        my $name = "TEST_NGINX_$mode";
        next unless $ENV{$name};

        bail_out("$name is not supported by the bundled harness;"
                 . ' unset it or run the tests with Test::Nginx itself');
    }

    parse_time($Opt{$_}, "TEST_NGINX_\U$_") for qw(timeout sleep);
    return;
}


# A misspelt section would silently remove a check: refuse it by name.
sub check_sections {
    my @blocks = @_;

    my %known = map { $_ => 1 } @Supported, @ExtraSections;
    my %unsupported = map { $_ => 1 } @Unsupported;
    delete @unsupported{@ExtraSections};

    for my $block (@blocks) {
        my %seen;

        for my $section (@{ $block->{_section_order}[0] || [] }) {
            my $where = "$0 " . $block->name;

            if ($unsupported{$section}) {
                bail_out("$where - section \"$section\" is not supported by"
                         . ' the bundled harness');
            }

            if (!$known{$section}) {
                bail_out("$where - unknown section \"$section\"; if a"
                         . ' preprocessor of the file consumes it, name it in'
                         . ' @Test::Nginx::Socket::ExtraSections');
            }

            if ($seen{$section}++) {
                bail_out("$where - section \"$section\" is given twice; only"
                         . ' the last one would count');
            }
        }
    }

    return;
}


# Value of a section, undef when it is absent.
sub value_of {
    my ($block, $section) = @_;

    my $values = $block->{$section};
    return $values ? $values->[0] : undef;
}


# Replaces $TEST_NGINX_... by environment variables; RAND_PORT_n by a free
# port, the same one all over a block.
sub expand {
    my ($block, $text) = @_;

    return $text unless defined $text && index($text, '$TEST_NGINX_') >= 0;

    $text =~ s{\$(TEST_NGINX_[_A-Z0-9]+)}{ _variable($block, $1) }ge;
    return $text;
}


sub _variable {
    my ($block, $name) = @_;

    if ($name =~ /\ATEST_NGINX_RAND_PORT_(\d+)\z/) {
        return $BlockPorts{$1} ||= free_port();
    }

    return $ENV{$name} if defined $ENV{$name};

    return bail_out("$0 " . $block->name . " - \$$name is used, but there is"
                    . " no environment variable $name");
}


sub release_ports {
    delete $Locks{$_} for values %BlockPorts;
    %BlockPorts = ();
    return;
}


# A port which nothing listens on, below the range the system takes ports
# of outgoing connections from.  Test files running side by side keep each
# other off it by a lock on a file, for nginx leaves it free for a moment
# whenever it restarts.
sub free_port {
    for (1 .. 1000) {
        my $port = 1988 + int rand(32_768 - 1988);
        next if $Locks{$port};

        my $lock = _lock_port($port) or next;
        next unless _can_bind($port);

        $Locks{$port} = $lock;
        return $port;
    }

    return bail_out('there is no free port between 1988 and 32767');
}


sub _can_bind {
    my ($port) = @_;

    my $tcp = IO::Socket::INET->new(
        LocalAddr => '0.0.0.0',
        LocalPort => $port,
        Listen    => 1,
        ReuseAddr => 1,
    );

    my $udp = IO::Socket::INET->new(
        LocalAddr => '0.0.0.0',
        LocalPort => $port,
        Proto     => 'udp',
    );

    return $tcp && $udp;
}


sub _lock_port {
    my ($port) = @_;

    my $dir = File::Spec->catdir(File::Spec->tmpdir, "test-nginx-ports-$<");
    File::Path::make_path($dir, { mode => oct 700 });

    my $file = File::Spec->catfile($dir, $port);
    open my $lock, '>', $file
        or bail_out("cannot write $file: $!; set TMPDIR to a directory where"
                    . ' you may write');

    return flock($lock, LOCK_EX | LOCK_NB) ? $lock : undef;
}


# Ports and directories have to be known when the file is loaded: it may
# pass them on in the environment before it runs its tests.
sub _set_places {
    my $random = $ENV{TEST_NGINX_RANDOMIZE};
    my $port = $random ? free_port()
        : $ENV{TEST_NGINX_SERVER_PORT} || $ENV{TEST_NGINX_PORT} || 1984;

    $Opt{random} = $random ? 1 : 0;
    $Opt{server_port} = $port;
    $Opt{client_port} = $random ? $port
        : $ENV{TEST_NGINX_CLIENT_PORT} || $ENV{TEST_NGINX_PORT} || $port;

    my $root = $random ? "t/servroot_$port"
        : $ENV{TEST_NGINX_SERVROOT} || 't/servroot';

    $Opt{server_root} = File::Spec->rel2abs($root, Cwd::cwd());

    # named in nginx.conf and in many tests: no more surprises than needed
    if ($Opt{server_root} =~ /["'\$;{}\\\n]/) {
        bail_out("the server root \"$Opt{server_root}\" has characters which"
                 . ' cannot stand in nginx.conf; set TEST_NGINX_SERVROOT to'
                 . ' another directory');
    }

    $ENV{TEST_NGINX_SERVER_ROOT} = $Opt{server_root};
    return;
}

_set_places();


1;
