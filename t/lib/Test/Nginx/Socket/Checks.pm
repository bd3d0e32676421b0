package Test::Nginx::Socket::Checks;

# The tests which a block's sections ask for.  Every test of a response or
# a log is made here, so that a block which cannot run skips as many.

use strict;
use warnings;

use Digest::MD5 ();
use Digest::SHA ();
use Exporter 'import';
use JSON::PP ();
use Test::Base ();
use Test::LongString ();
use Test::More ();
use Time::HiRes qw(sleep);

use Test::Nginx::Socket::Log qw(
    access_log_lines log_patterns matched_part matches new_error_log_lines
);
use Test::Nginx::Socket::Options qw(%Opt bail_out expand value_of);

our @EXPORT_OK = qw(
    check_logs check_death check_peers check_response check_shutdown_logs
    check_timing_out is_str make_test skip_tests todo_tests wants_logs
    wants_shutdown_logs
);

# why the tests are skipped rather than made, when they are
our $DryRun;

my @LogSections = qw(
    error_log no_error_log grep_error_log access_log no_access_log
);

my %BodyFilters = (
    md5_hex  => \&Digest::MD5::md5_hex,
    sha1_hex => \&Digest::SHA::sha1_hex,
    length   => sub { length $_[0] },
    uc       => sub { uc $_[0] },
    lc       => sub { lc $_[0] },
    ucfirst  => sub { ucfirst $_[0] },
    lcfirst  => sub { lcfirst $_[0] },
);


# Makes a test by the code, or skips one.
sub make_test {
    my ($name, $code) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 2;

    if (defined $DryRun) {
        skip_tests(1, "$name - $DryRun");
        return;
    }

    return $code->($name);
}


sub skip_tests {
    my ($count, $why) = @_;

    SKIP: {
        Test::More::skip($why, $count);
    }

    return;
}


sub todo_tests {
    my ($count, $why) = @_;

    TODO: {
        Test::More::todo_skip($why, $count);
    }

    return;
}


# Equality of texts, or a match when a regular expression is expected.
sub is_str {
    my ($got, $expected, $name) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    return _like($got, $expected, $name) if ref $expected eq 'Regexp';

    return $Opt{long_string}
        ? Test::LongString::is_string($got, $expected, $name)
        : Test::Base::is($got, $expected, $name);
}


sub _like {
    my ($got, $pattern, $name) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    return $Opt{long_string}
        ? Test::LongString::like_string($got, $pattern, $name)
        : Test::More::like($got, $pattern, $name);
}


sub _unlike {
    my ($got, $pattern, $name) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    return $Opt{long_string}
        ? Test::LongString::unlike_string($got, $pattern, $name)
        : Test::More::unlike($got, $pattern, $name);
}


sub _name {
    my ($block) = @_;

    return "$0 " . $block->name;
}


# What a section expects of one request of several.
sub _expected {
    my ($block, $section, $at) = @_;

    my $value = value_of($block, $section);

    return ($value) if ref $value ne 'ARRAY' && !$at->{several};

    if (ref $value ne 'ARRAY') {
        bail_out(_name($block) . " - there are several requests, so"
                 . " $section must be an array with an element for each");
    }

    return $value->[ $at->{index} ];
}


sub _has {
    my ($block, $section) = @_;

    return defined value_of($block, $section);
}


sub _expand_ports {
    my ($block, $text) = @_;

    return $text if !defined $text || ref $text;

    $text =~ s/\$ServerPortForClient\b/$Opt{client_port}/g;
    $text =~ s/\$ServerPort\b/$Opt{server_port}/g;
    return $text;
}


# All tests of one response.  "at" tells which it is: "index" of the request,
# "repeat", and whether there are "several" requests.
sub check_response {
    my ($block, $response, $at) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    for my $error (@{ $response->{errors} }) {
        make_test(_name($block) . " - $error", \&Test::More::fail);
    }

    for my $warning (@{ $response->{warnings} }) {
        print {*STDERR} '# WARNING: ' . _name($block) . " - $warning\n";
    }

    _check_status($block, $response, $at);
    _check_headers($block, $response, $at);
    _check_raw_headers($block, $response, $at);
    _check_body($block, $response, $at);

    for my $code (@{ $Opt{body_checks} }) {
        $code->($block, $response->{body}, @$at{qw(index repeat)},
                $DryRun // 0);
    }

    return;
}


sub _check_status {
    my ($block, $response, $at) = @_;

    my $code = $response->{code};
    my $name = _name($block) . " - status code ($at->{label})";

    if (_has($block, 'error_code_like')) {
        my $pattern = _expected($block, 'error_code_like', $at);

        make_test($name, sub {
            Test::More::like($code, qr/$pattern/sm, $_[0]);
        });
        return;
    }

    my $expected = _has($block, 'error_code')
        ? _expected($block, 'error_code', $at) : 200;

    make_test($name, sub { Test::More::is($code, $expected, $_[0]) });
    return;
}


# Lines "Name: value" and "! Name".  A line given twice could only be
# checked once, so it is refused.
sub _header_lines {
    my ($block, $section, $at) = @_;

    my $text = _expand_ports($block, _expected($block, $section, $at));
    my (@lines, %seen);

    for my $line (split /\r?\n/, $text // '') {
        next if $line =~ /\A\s*(?:[#]|\z)/;

        my ($absent, $name, $value) =
            $line =~ /\A\s*(!\s*)?([^:\s]+)\s*(?::\s*(.*?)\s*)?\z/;

        if (!defined $name || !$absent && !defined $value) {
            bail_out(_name($block) . " - $section: \"$line\" is no header;"
                     . ' write Name: value, or ! Name when it must not be'
                     . ' there');
        }

        if ($seen{ lc $name }++) {
            bail_out(_name($block) . " - $section: $name is given twice;"
                     . ' the values of a repeated header are joined by ", "');
        }

        push @lines, [$name, $absent ? undef : $value];
    }

    return @lines;
}


sub _check_headers {
    my ($block, $response, $at) = @_;

    my $like = !_has($block, 'response_headers');
    my $section = $like ? 'response_headers_like' : 'response_headers';
    return unless _has($block, $section);

    for my $line (_header_lines($block, $section, $at)) {
        my ($name, $value) = @$line;
        my $title = _name($block) . " - header $name ($at->{label})";

        if (!defined $value) {
            make_test($title, sub {
                Test::More::unlike($response->{raw_headers},
                                   qr/^\Q$name\E\s*:/im, $_[0]);
            });
            next;
        }

        my $got = $response->{headers}->header($name) // '';

        make_test($title, sub {
            $like ? Test::More::like($got, qr/^$value$/, $_[0])
                  : Test::More::is($got, $value, $_[0]);
        });
    }

    return;
}


sub _check_raw_headers {
    my ($block, $response, $at) = @_;

    my $got = $response->{raw_headers};

    for my $kind (qw(like unlike)) {
        my $section = "raw_response_headers_$kind";
        next unless _has($block, $section);

        my $pattern = _expected($block, $section, $at);

        make_test(_name($block) . " - $section ($at->{label})", sub {
            $kind eq 'like' ? _like($got, qr/$pattern/s, $_[0])
                            : _unlike($got, qr/$pattern/s, $_[0]);
        });
    }

    return;
}


sub _check_body {
    my ($block, $response, $at) = @_;

    my ($section) = grep { _has($block, $_) } qw(
        response_body response_body_eval response_body_like
        response_body_unlike
    );
    return unless defined $section;

    my $expected = _expected($block, $section, $at);
    my $name = _name($block) . " - $section ($at->{label})";
    my $body = defined $DryRun ? '' : _filtered_body($block, $response, $at);

    if ($section eq 'response_body_eval') {
        $expected = eval $expected;  ## no critic (eval)
        bail_out(_name($block) . " - $section: $@") if $@;
    }

    $expected = _expand_ports($block, $expected);

    if ($section eq 'response_body_like') {
        make_test($name, sub { _like($body, qr/$expected/s, $_[0]) });
        return;
    }

    if ($section eq 'response_body_unlike') {
        make_test($name, sub { _unlike($body, qr/$expected/s, $_[0]) });
        return;
    }

    $expected = expand($block, $expected) unless ref $expected;
    make_test($name, sub { is_str($body, $expected, $_[0]) });
    return;
}


# The body as the filters leave it: names or code, all of them, or a list
# of lists with an element for each request.
sub _filtered_body {
    my ($block, $response, $at) = @_;

    my $body = $response->{body};
    my $filters = value_of($block, 'response_body_filters');

    if (ref $filters eq 'ARRAY' && ref $filters->[0] eq 'ARRAY') {
        $filters = $filters->[ $at->{index} ];
    }

    my @filters = ref $filters eq 'ARRAY' ? @$filters
        : ref $filters ? $filters : split ' ', $filters // '';

    for my $filter (@filters) {
        my $code = ref $filter eq 'CODE' ? $filter : $BodyFilters{$filter};

        if (!$code) {
            bail_out(_name($block) . " - response_body_filters: there is no"
                     . " filter \"$filter\", only "
                     . join ', ', sort keys %BodyFilters);
        }

        $body = $code->($body);
    }

    return $body unless _has($block, 'response_body_json_sort');

    my $json = JSON::PP->new->canonical->allow_nonref->utf8;
    my $data = eval { $json->decode($body) };

    # what is no JSON fails by what is expected
    return $@ ? $body : $json->encode($data) . "\n";
}


# An extra test which fails: the client gave up waiting.
sub check_timing_out {
    my ($block) = @_;

    return make_test(_name($block) . ' - the client does not time out',
                     \&Test::More::fail);
}


sub wants_logs {
    my ($block) = @_;

    return scalar grep { _has($block, $_) } @LogSections;
}


# Tests of the logs after a request.  "settle" leaves nginx the time to
# write what it has to say after the response.
sub check_logs {
    my ($block, $at, %with) = @_;

    return unless wants_logs($block) || wants_shutdown_logs($block);

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    sleep 3 * $Opt{sleep} if $with{settle} && !defined $DryRun;

    my @lines = defined $DryRun ? () : new_error_log_lines();

    _check_grep($block, $at, \@lines);
    _check_lines($block, 'error_log', 'error.log', $at, \@lines);
    _check_no_lines($block, 'no_error_log', 'error.log', $at, \@lines);
    _warn_of_alerts($block, \@lines);

    return if $with{response_ignored};
    return unless _has($block, 'access_log') || _has($block, 'no_access_log');

    my @access = defined $DryRun ? () : access_log_lines($block);

    _check_lines($block, 'access_log', 'access.log', $at, \@access);
    _check_no_lines($block, 'no_access_log', 'access.log', $at, \@access);
    return;
}


sub _check_lines {
    my ($block, $section, $file, $at, $lines) = @_;

    for my $pattern (log_patterns($block, $section)) {
        my $name = _name($block) . " - \"$pattern\" matches a line of $file"
            . " ($at->{label})";

        make_test($name, sub {
            return Test::More::pass($_[0])
                if grep { matches($_, $pattern) } @$lines;

            Test::More::fail($_[0]);
            _show_lines($file, $lines);
        });
    }

    return;
}


# What was there instead, as far as it says something.
sub _show_lines {
    my ($file, $lines) = @_;

    my @shown = grep { !/ \[debug\] / } @$lines;
    splice @shown, 0, @shown - 10 if @shown > 10;

    Test::More::diag("new lines of $file, without those of level debug:\n",
                     @shown ? @shown : "(none)\n");
    return;
}


# One test for a pattern which matches nothing, else one for each line.
sub _check_no_lines {
    my ($block, $section, $file, $at, $lines) = @_;

    for my $pattern (log_patterns($block, $section)) {
        my $name = _name($block) . " - \"$pattern\" matches no line of $file"
            . " ($at->{label})";

        make_test($name, sub {
            my @found = grep { matches($_, $pattern) } @$lines;

            return Test::More::pass($_[0]) unless @found;

            for my $line (@found) {
                Test::More::fail($_[0]);
                Test::More::diag("it matches: $line");
            }
        });
    }

    return;
}


sub _check_grep {
    my ($block, $at, $lines) = @_;

    my $pattern = value_of($block, 'grep_error_log');
    my $expected = value_of($block, 'grep_error_log_out');

    if (defined $pattern != defined $expected) {
        bail_out(_name($block) . ' - grep_error_log and grep_error_log_out'
                 . ' need each other');
    }

    return unless defined $pattern;

    $expected = $expected->[ $at->{repeat} ] if ref $expected eq 'ARRAY';
    $expected = expand($block, $expected) unless ref $expected;

    my @parts = grep { defined } map { matched_part($_, $pattern) } @$lines;
    my $got = join '', map { "$_\n" } @parts;

    make_test(_name($block) . " - grep_error_log_out ($at->{label})",
              sub { is_str($got, $expected // '', $_[0]) });
    return;
}


sub _warn_of_alerts {
    my ($block, $lines) = @_;

    my @expected = map { log_patterns($block, $_) } qw(
        error_log grep_error_log
    );

    for my $line (@$lines) {
        next unless $line =~ /\[(?:alert|crit|emerg)\]/;
        next if grep { matches($line, $_) } @expected;

        print {*STDERR} '# WARNING: ' . _name($block) . " - $line";
    }

    return;
}


sub wants_shutdown_logs {
    my ($block) = @_;

    return _has($block, 'shutdown_error_log')
        || _has($block, 'no_shutdown_error_log');
}


# Tests of what nginx wrote while it was stopped.
sub check_shutdown_logs {
    my ($block) = @_;

    my $at = { label => 'shutdown' };
    my @lines = defined $DryRun ? () : new_error_log_lines();

    _check_lines($block, 'shutdown_error_log', 'error.log', $at, \@lines);
    _check_no_lines($block, 'no_shutdown_error_log', 'error.log', $at,
                    \@lines);
    return;
}


# The test of "must_die": by its status, undef when nginx lives on.
sub check_death {
    my ($block, $status, $at) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    my $expected = value_of($block, 'must_die');
    my $name = _name($block) . " - nginx refuses to start ($at->{label})";

    make_test($name, sub {
        if (!defined $status) {
            Test::More::fail($_[0]);
            Test::More::diag('nginx has started');

        } elsif ($status & 127) {
            Test::More::fail($_[0]);
            Test::More::diag('nginx was killed by signal ', $status & 127);

        } elsif ($expected =~ /\A\d+\z/) {
            Test::More::is($status >> 8, $expected, $_[0]);

        } else {
            Test::More::isnt($status >> 8, 0, $_[0]);
        }
    });
    return;
}


# Tests of what the mock peers were sent, by kind.
sub check_peers {
    my ($block, $queries, $at) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    for my $kind (qw(tcp udp)) {
        my $query = $queries->{$kind};
        my $name = _name($block) . " - ${kind}_query";

        if (_has($block, "${kind}_query")) {
            make_test("$name ($at->{label})", sub {
                is_str($query, value_of($block, "${kind}_query"), $_[0]);
            });
        }

        if ($kind eq 'tcp' && _has($block, 'tcp_query_len')) {
            make_test("${name}_len ($at->{label})", sub {
                Test::More::is(length($query // ''),
                               value_of($block, 'tcp_query_len'), $_[0]);
            });
        }
    }

    return;
}


1;
