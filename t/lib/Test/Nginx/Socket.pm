package Test::Nginx::Socket;

# Runs the blocks of a test file against nginx.  A subset of Test::Nginx
# for machines which do not have it; what it can do is in the POD below.

use strict;
use warnings;

use File::Spec;
use List::Util qw(shuffle);
use Test::Base ();
use Test::More ();
use Time::HiRes qw(sleep);

use Test::Nginx::Socket::Checks qw(
    check_death check_logs check_peers check_response check_shutdown_logs
    check_timing_out is_str make_test skip_tests todo_tests wants_logs
    wants_shutdown_logs
);
use Test::Nginx::Socket::Client qw(build_requests exchange parse_responses);
use Test::Nginx::Socket::Config qw(remember_config remove_server_root);
use Test::Nginx::Socket::Log qw(expect_lines log_patterns log_tail);
use Test::Nginx::Socket::Options qw(
    %Opt add_cleanup bail_out check_environment check_sections cleanup_all
    is_owner parse_time release_ports value_of
);
use Test::Nginx::Socket::Peer qw(start_peers stop_peers);
use Test::Nginx::Socket::Server qw(
    is_alive prepare_server run_to_death server_findings stop_server
    take_failures
);
use Test::Nginx::Socket::Skip qw(skip_reason);

our @ISA = ('Test::Base');

our @EXPORT = qw(
    run_tests repeat_each no_shuffle no_long_string log_level workers
    worker_connections master_on master_off master_process_enabled timeout
    server_root html_dir server_port server_port_for_client server_addr
    server_name env_to_nginx no_root_location config_preamble use_hup
    add_block_preprocessor add_cleanup_handler add_test_cleanup_handler
    add_response_body_check check_accum_error_log bail_out is_str
);

our $VERSION = '1.00';

# sections which a test file's own preprocessors and body checks consume
our @ExtraSections;
*ExtraSections = \@Test::Nginx::Socket::Options::ExtraSections;

my ($Previous, $ConnectFailures);


# Setters which return the present value when they are called without one.
sub _option {
    my $name = shift;

    $Opt{$name} = shift if @_;
    return $Opt{$name};
}

sub repeat_each (;$) { return _option('repeat_each', @_) }
sub log_level (;$) { return _option('log_level', @_) }
sub workers (;$) { return _option('workers', @_) }
sub worker_connections (;$) { return _option('worker_connections', @_) }
sub timeout (;$) { return _option('timeout', @_) }
sub server_port (;$) { return _option('server_port', @_) }
sub server_port_for_client (;$) { return _option('client_port', @_) }
sub server_addr (;$) { return _option('server_addr', @_) }
sub server_name (;$) { return _option('server_name', @_) }
sub config_preamble (;$) { return _option('config_preamble', @_) }

sub no_shuffle () { return _option(shuffle => 0) }
sub no_long_string () { return _option(long_string => 0) }
sub no_root_location () { return _option(root_location => 0) }
sub check_accum_error_log () { return _option(accum_error_log => 1) }
sub master_on () { return _option(master => 1) }
sub master_off () { return _option(master => 0) }
sub use_hup () { return _option(use_hup => 1) }

sub master_process_enabled () { return $Opt{master} || $Opt{use_hup} }
sub html_dir () { return "$Opt{server_root}/html" }


sub server_root (;$) {
    if (@_) {
        $Opt{server_root} = $ENV{TEST_NGINX_SERVER_ROOT}
            = File::Spec->rel2abs($_[0]);
    }

    return $Opt{server_root};
}


sub env_to_nginx {
    push @{ $Opt{env_to_nginx} }, @_;
    return;
}


# the one added last runs first
sub add_block_preprocessor {
    my ($code) = @_;

    unshift @{ $Opt{preprocessors} }, $code;
    return;
}


sub add_response_body_check {
    my ($code) = @_;

    push @{ $Opt{body_checks} }, $code;
    return;
}


sub add_test_cleanup_handler {
    my ($code) = @_;

    push @{ $Opt{block_cleanups} }, $code;
    return;
}


sub add_cleanup_handler {
    my ($code) = @_;

    add_cleanup($code);
    return;
}


sub run_tests () {
    check_environment();

    my @blocks = Test::Base::blocks();
    check_sections(@blocks);

    # a harness which is told to stop takes nginx with it
    for my $signal (qw(INT TERM HUP)) {
        $SIG{$signal} = sub {
            exit 1 unless is_owner();
            cleanup_all();
            $SIG{$signal} = 'DEFAULT';
            kill $signal, $$;
        };
    }

    add_cleanup(sub { stop_peers(0) });
    add_cleanup(\&_stop_for_good);

    $ENV{TEST_NGINX_SERVER_PORT} = $Opt{server_port};
    @blocks = shuffle @blocks if $Opt{shuffle};

    for my $block (@blocks) {
        $_->($block) for @{ $Opt{preprocessors} };
        _run_block($block);

        $_->($block) for @{ $Opt{block_cleanups} };
        release_ports();
    }

    return;
}


sub _name {
    my ($block) = @_;

    return "$0 " . $block->name;
}


sub _run_block {
    my ($block) = @_;

    my ($count, $why, $todo) = skip_reason($block);

    if (defined $count) {
        remember_config($block) if defined value_of($block, 'config');

        for (1 .. $Opt{repeat_each}) {
            $todo ? todo_tests($count, _name($block) . " - $why")
                  : skip_tests($count, _name($block) . " - $why");
        }

        return;
    }

    _finish_previous();

    if (defined value_of($block, 'must_die')) {
        _run_deaths($block);
        return;
    }

    local $Test::Nginx::Socket::Checks::DryRun
        = $Test::Nginx::Socket::Checks::DryRun;

    remember_config($block);
    my $missing = prepare_server($block, sub {
        _run_code($block, 'post_setup_server_root');
    });
    _fail_extra();

    if (defined $missing) {
        $Test::Nginx::Socket::Checks::DryRun
            = "unknown directive \"$missing\"";

    } else {
        $Previous = $block;
        expect_lines(map { log_patterns($block, $_) }
                     qw(error_log shutdown_error_log));
        _run_code($block, 'init');
    }

    for my $repeat (0 .. $Opt{repeat_each} - 1) {
        _run_once($block, $repeat);
    }

    return;
}


# Code of a section, in the package of the harness.
sub _run_code {
    my ($block, $section) = @_;

    my $code = value_of($block, $section);
    return unless defined $code;

    eval $code;  ## no critic (eval)
    bail_out(_name($block) . " - $section: $@") if $@;
    return;
}


sub _run_deaths {
    my ($block) = @_;

    for my $repeat (0 .. $Opt{repeat_each} - 1) {
        my $at = { repeat => $repeat, index => 0,
                   label => 'run ' . ($repeat + 1) };

        my $status = run_to_death($block, sub {
            _run_code($block, 'post_setup_server_root');
        });

        check_death($block, $status, $at);
        check_logs($block, $at, response_ignored => 1);
        _fail_extra();
    }

    return;
}


sub _run_once {
    my ($block, $repeat) = @_;

    my $dry = defined $Test::Nginx::Socket::Checks::DryRun;
    my @requests = build_requests($block);
    my $several = @requests > 1 || @{ $requests[0]{methods} } > 1;
    my $index = 0;

    start_peers($block) unless $dry;

    for my $request (@requests) {
        my %at = (
            repeat  => $repeat,
            index   => $index,
            several => $several,
            label   => 'run ' . ($repeat + 1)
                . ($several ? ', request ' . ($index + 1) : ''),
        );

        my $result = $dry ? { text => '' } : _exchange($block, $request);
        my $ignored = defined value_of($block, 'ignore_response');

        if (!$ignored) {
            my @responses = parse_responses($block, $request, $result);

            for my $i (0 .. $#responses) {
                $at{index} = $index + $i;
                $at{label} = 'run ' . ($repeat + 1) . ', request '
                    . ($index + $i + 1) if $several;
                check_response($block, $responses[$i], { %at });
            }
        }

        my $wait = value_of($block, 'wait');
        sleep parse_time($wait, 'wait') if defined $wait && !$dry;

        check_logs($block, \%at, settle => 1, response_ignored => $ignored);
        $index += @{ $request->{methods} };
    }

    my @wanted = grep {
        defined value_of($block, "${_}_query")
            || defined value_of($block, "${_}_query_len")
    } qw(tcp udp);

    my $queries = $dry ? {} : stop_peers(_timeout($block), @wanted);
    check_peers($block, $queries, { label => 'run ' . ($repeat + 1) });
    return;
}


sub _timeout {
    my ($block) = @_;

    return parse_time(value_of($block, 'timeout') // $Opt{timeout},
                      'timeout');
}


sub _exchange {
    my ($block, $request) = @_;

    my $result = exchange($block, $request,
                          $Opt{managed} ? \&is_alive : sub { 1 });

    if (defined $result->{no_connection}) {
        make_test(_name($block) . ' - the client can connect',
                  \&Test::More::fail);
        Test::More::diag($result->{no_connection}, "\n", log_tail());

        if (++$ConnectFailures >= 3) {
            bail_out(_name($block) . ' - cannot connect for the third time');
        }
    }

    if ($result->{timed_out} && !defined value_of($block, 'abort')) {
        check_timing_out($block);
    }

    if (defined $result->{broken}) {
        print {*STDERR} '# WARNING: ' . _name($block)
            . " - reading: $result->{broken}\n";
    }

    return $result;
}


# Fails a test for everything that went wrong while nobody was looking.
sub _fail_extra {
    Test::More::fail($_) for take_failures();
    return;
}


# What has to be checked once the block before is over.
sub _finish_previous {
    my $block = $Previous;

    $Previous = undef;
    return unless $block && $Opt{managed};

    if (wants_shutdown_logs($block)) {
        if ($Opt{use_hup}) {
            my $why = 'nginx is not stopped in HUP mode';
            local $Test::Nginx::Socket::Checks::DryRun = $why;
            check_shutdown_logs($block);

        } else {
            stop_server();
            check_shutdown_logs($block);
        }
    }

    _fail_extra();
    return;
}


sub _stop_for_good {
    return unless $Opt{managed};

    if ($ENV{TEST_NGINX_NO_CLEAN}) {
        print {*STDERR} "# nginx goes on running, on port"
            . " $Opt{server_port}, as $Opt{server_root}/logs/nginx.pid"
            . " says\n";
        return;
    }

    stop_server();
    return;
}


# Runs before the END block of Test::Builder, which counts the tests.
END {
    my $status = $?;

    if (is_owner()) {
        _finish_previous();
        cleanup_all();
        _fail_extra();

        if (my @findings = server_findings()) {
            Test::More::fail("$0 - neither valgrind nor a sanitizer reports"
                             . ' anything');
            Test::More::diag($_) for @findings;
        }

        if ($Opt{random} && !$status && !$ENV{TEST_NGINX_NO_CLEAN}
            && Test::More->builder->is_passing)
        {
            remove_server_root();
        }
    }

    $? = $status;
}


1;

__END__

=head1 NAME

Test::Nginx::Socket - runs blocks of a test file against nginx

=head1 SYNOPSIS

    use Test::Nginx::Socket;

    plan tests => repeat_each() * blocks() * 3;
    run_tests();

    __DATA__

    === TEST 1: a page, by prove -It/lib
    --- config
    location = /hello { return 200 "hello\n"; }
    --- request
    GET /hello
    --- response_body
    hello
    --- no_error_log
    [error]

=head1 DESCRIPTION

A subset of L<Test::Nginx|https://github.com/openresty/test-nginx>, written
anew.  Test files for it run on the real one too, with the same results.  What
a section means is described there; this page says what is here.

It needs Perl 5.26, L<Test::Base>, L<Test::LongString> and L<HTTP::Response>
(Debian: libtest-base-perl, libtest-longstring-perl, libhttp-message-perl).

=head2 Functions

C<run_tests>, C<repeat_each>, C<no_shuffle>, C<no_long_string>, C<log_level>,
C<workers>, C<worker_connections>, C<master_on>, C<master_off>,
C<master_process_enabled>, C<timeout>, C<server_root>, C<html_dir>,
C<server_port>, C<server_port_for_client>, C<server_addr>, C<server_name>,
C<env_to_nginx>, C<no_root_location>, C<config_preamble>, C<use_hup>,
C<add_block_preprocessor>, C<add_cleanup_handler>,
C<add_test_cleanup_handler>, C<add_response_body_check>,
C<check_accum_error_log>, C<bail_out>, C<is_str>, and all of L<Test::Base>
and L<Test::More>.

=head2 Sections

=over

=item the server

C<config>, C<http_config>, C<main_config>, C<post_main_config>,
C<server_name>, C<user_files>, C<init>, C<post_setup_server_root>,
C<error_log_file>, C<log_level>, C<reload_fails>, C<must_die>,
C<suppress_stderr>

=item the request

C<request>, C<request_eval>, C<raw_request>, C<raw_request_middle_delay>,
C<pipelined_requests>, C<more_headers>, C<timeout>, C<abort>, C<shutdown>,
C<wait>, C<server_addr_for_client>, C<http09>

=item the response

C<error_code>, C<error_code_like>, C<response_body>, C<response_body_eval>,
C<response_body_like>, C<response_body_unlike>, C<response_body_filters>,
C<response_body_json_sort>, C<response_headers>, C<response_headers_like>,
C<raw_response_headers_like>, C<raw_response_headers_unlike>,
C<ignore_response>

=item the logs

C<error_log>, C<no_error_log>, C<grep_error_log>, C<grep_error_log_out>,
C<access_log>, C<no_access_log>, C<shutdown_error_log>,
C<no_shutdown_error_log>

=item mock peers

C<tcp_listen>, C<tcp_reply>, C<tcp_reply_delay>, C<tcp_query>,
C<tcp_query_len>, C<tcp_query_auto_timeout>, C<tcp_no_close>,
C<tcp_shutdown>, C<tcp_shutdown_delay>, C<udp_listen>, C<udp_reply>,
C<udp_reply_delay>, C<udp_query>

=item which tests are made

C<skip_nginx>, C<skip_nginx2>, C<skip_openssl>, C<skip_eval>, C<todo>,
C<todo_nginx>, C<SKIP>, C<ONLY>, C<LAST>; without any effect
C<no_check_leak>, C<no_http2>, C<no_http3>

=back

A file whose preprocessors or body checks use sections of their own names
them before C<run_tests>:

    no warnings 'once';
    push @Test::Nginx::Socket::ExtraSections, qw(resp_title);

=head2 Environment

Each with the prefix C<TEST_NGINX_>: C<BINARY>, C<LOAD_MODULES>, C<SERVROOT>,
C<PORT>, C<SERVER_PORT>, C<CLIENT_PORT>, C<RANDOMIZE>, C<USE_HUP>,
C<MASTER_PROCESS>, C<WORKER_USER>, C<LOG_LEVEL>, C<EVENT_TYPE>,
C<POSTPONE_OUTPUT>, C<REUSE_PORT>, C<SLEEP>, C<TIMEOUT>, C<NO_SHUFFLE>,
C<NO_CLEAN>, C<NO_NGINX_MANAGER>, C<FORCE_RESTART_ON_TEST>,
C<FAST_SHUTDOWN>, C<ERROR_LOG>, C<IGNORE_MISSING_DIRECTIVES>, C<VERBOSE>,
C<LD_PRELOAD> (for nginx only), C<USE_VALGRIND> (1, or options; suppressions
are read from F<util/valgrind.supp>), C<VALGRIND_EXIT_ON_FIRST_ERR>.

Set when it is loaded: C<TEST_NGINX_SERVER_ROOT>; when the tests run:
C<TEST_NGINX_SERVER_PORT>.

=head1 DIFFERENCES

=head2 Left out

HTTP/2 and HTTP/3 by curl, C<curl>, SystemTap, rr, benchmarks, the leak check,
mockeagain, and the other modules of the distribution.  Sections and
environment variables which ask for them end the run with a message.

=head2 Stricter

=over

=item *

A section which is not known, or given twice in a block; a header listed
twice in C<response_headers> or C<response_headers_like>: the run ends with a
message.

=item *

An extra test fails when nginx is killed by a signal, exits with a code other
than 0, does not exit within the block's C<timeout> (at least 5 seconds) of
being told to, or when the error log tells of a worker which did.  A line
which the block's C<error_log> expects is no failure.

=item *

One extra test of the file fails when valgrind or a sanitizer reports
anything on stderr or in the error log.  What sanitizers are told to write to
files (C<log_path>) is not looked at.

=back

=head2 Otherwise different

=over

=item *

A block without C<config> is given the configuration of the block before and
a nginx of its own.  The real one leaves nginx running: its error log then
has the lines of the blocks before, and C<shutdown_error_log> of the block
before is not tested.

=item *

nginx runs in the foreground as a child process, so C<daemon> is off.  It is
ready when its pid file is there: no connection is made to see.

=item *

A C<RANDOMIZE>d port is between 1988 and 32767.  Files which run at the same
time keep off each other's by locks in the directory for temporary files.  The
server root of such a file is removed when it passes.

=item *

Interim responses (C<100 Continue>) are skipped.  A chunked body which the
client itself broke off after a time-out need not be complete.

=item *

C<env_to_nginx> quotes values which have white space in them, and a carriage
return at the end of a line of C<more_headers> is dropped.

=back

=cut
