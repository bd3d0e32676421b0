package SlackProof;

# What the tests of delivery look at besides answers: the requests that came to
# the stand-in, the rows of the outbox, the log, again and again until it is as
# it should be.  Told in the POD below.

use strict;
use warnings;

use Exporter qw(import);
use HTTP::Tiny;
use SlackJson qw(json);
use SlackTest;
use Test::More ();
use Test::Nginx::Socket;
use Time::HiRes ();

our @EXPORT_OK = qw(
    edit log_count log_lines log_text notify outbox outbox_file received reload
    requests rewrite_conf standings stored_messages stamps until_true
);

# how long anything may take; only a failure lasts that long
my $PATIENCE = 30;

my $Block;

{
    no warnings 'once';
    push @Test::Nginx::Socket::ExtraSections, qw(after);
}

add_response_body_check(\&check);


sub check {
    my ($block, undef, $n, undef, $dry) = @_;

    my $last = ref $block->request eq 'ARRAY' ? $#{ $block->request } : 0;

    return if $dry || !defined $block->after || ($n // 0) != $last;

    $Block = $block;

    my $code = "package main; no strict q{vars};\n#line 1 \"after of " . $block->name . "\"\n" . $block->after;

    Test::More::subtest($block->name . ' - after', sub {
        eval "$code\n;1" or Test::More::fail("after: $@");  ## no critic (eval)
        show_log() if !Test::More->builder->is_passing;
        Test::More::done_testing();
    });

    return;
}


sub show_log {
    Test::More::diag(join "\n", grep { m{^[0-9]{4}/} && !m{\[debug\]} } split m{\n}, log_text());

    return;
}


# The last value of CODE, called until it is true or patience is over.
sub until_true (&;$) {
    my ($code, $patience) = @_;

    my $end = Time::HiRes::time() + ($patience // $PATIENCE);
    my $value;

    while (1) {
        $value = $code->();
        return $value if $value || Time::HiRes::time() > $end;
        Time::HiRes::sleep(0.03);
    }
}


sub ask {
    my ($path) = @_;

    my $answer = HTTP::Tiny->new(timeout => $PATIENCE + 10)->get(SlackTest::url() . $path);

    die "stand-in: $path: $answer->{status} $answer->{content}\n" unless $answer->{success};

    return json()->decode($answer->{content});
}


# What came to the stand-in, to CHANNEL only if it is given; waits for N.
sub requests {
    my ($channel, $n) = @_;

    return only($channel, $n, '/_requests');
}


sub received {
    my ($channel, $n) = @_;

    return only($channel, $n, '/_received');
}


sub only {
    my ($channel, $n, $path) = @_;

    my @found;

    until_true {
        @found = grep { !defined $channel || ($_->{channel} // '') eq $channel } @{ ask($path) };
        @found >= ($n // 0);
    };

    return @found;
}


# The times of requests, in seconds from START.
sub stamps {
    my ($start, @requests) = @_;

    return map { $_->{time} - $start } @requests;
}


sub outbox_file {
    my ($path) = $Block->http_config =~ m{^\s*slack_outbox\s+sqlite:([^\s;]+)}m
        or die "the block has no outbox of its own\n";

    return $path =~ s/\$(TEST_NGINX_[A-Z0-9_]+)/$ENV{$1}/gr;
}


# The rows of a query on the block's outbox, columns joined by "|".
sub outbox {
    my ($query) = @_;

    my $path = outbox_file();

    open my $pipe, '-|', 'sqlite3', '-readonly', '-cmd', '.timeout 5000', $path, $query
        or die "cannot run sqlite3: $!\n";
    my @rows = <$pipe>;
    close $pipe or die "sqlite3 failed: $query\n";
    chomp @rows;

    return @rows;
}


# Changes rows of the block's outbox, as somebody might.
sub edit {
    my ($sql) = @_;

    system('sqlite3', '-batch', '-cmd', '.timeout 10000', outbox_file(), $sql) == 0
        or die "sqlite3 failed: $sql\n";

    return;
}


# The messages, oldest first: "#channel waiting|sent|dead attempts answer".  Waits until
# none waits, unless STILL says how many may.
sub stored_messages {
    my ($still) = @_;

    my @rows;

    until_true {
        @rows = outbox(q{
            SELECT d.channel || ' '
                || CASE m.state WHEN 0 THEN 'waiting' WHEN 1 THEN 'sent' ELSE 'dead' END
                || ' ' || m.attempts || ' ' || m.answer
            FROM message m JOIN destination d ON d.id = m.destination ORDER BY m.id});

        (grep { m/^\S* waiting / } @rows) <= ($still // 0);
    };

    return @rows;
}


# "#channel failures answer" of each destination.
sub standings {
    return outbox(q{SELECT channel || ' ' || (failures & 1073741823) || ' ' || answer
        FROM destination ORDER BY channel});
}


sub log_text { return SlackTest::payload("$ENV{TEST_NGINX_SERVER_ROOT}/logs/error.log") }


# The lines of the log without its debug lines that match; waits for N.
sub log_lines {
    my ($pattern, $n) = @_;

    my @lines;

    until_true {
        @lines = grep { m/$pattern/ && !m/\[debug\]/ } split m/\n/, log_text();
        @lines >= ($n // 1);
    };

    return @lines;
}


sub log_count {
    my ($pattern) = @_;

    return scalar grep { m/$pattern/ && !m/\[debug\]/ } split m/\n/, log_text();
}


# Posts FILE of t/data to URI; the body may be changed by CODE.
sub notify {
    my ($file, $uri, $code) = @_;

    my $body = SlackTest::payload($file);
    $body = $code->($body) if $code;

    my %headers = map { m/^([^:]+):\s*(.*)\z/ ? ($1, $2) : () } SlackTest::headers($file);

    my $answer = HTTP::Tiny->new->post(
        'http://127.0.0.1:' . server_port_for_client() . ($uri // '/hook'),
        { content => $body, headers => \%headers });

    Test::More::is($answer->{status}, 202, "$file is taken")
        or Test::More::diag($answer->{content});

    return;
}


# Changes nginx.conf, which is $_ in CODE.
sub rewrite_conf {
    my ($change) = @_;

    my $path = "$ENV{TEST_NGINX_SERVER_ROOT}/conf/nginx.conf";

    local $_ = SlackTest::payload($path);
    $change->();
    open my $fh, '>', $path or die "cannot write $path: $!\n";
    print {$fh} $_;
    close $fh or die "cannot write $path: $!\n";

    return;
}


# A new generation of workers; returns when it serves.
sub reload {
    my $pid_file = "$ENV{TEST_NGINX_SERVER_ROOT}/logs/nginx.pid";
    my ($pid)    = SlackTest::payload($pid_file) =~ m/^([1-9][0-9]*)$/m or die "no nginx runs\n";
    my %old      = map { $_ => 1 } children($pid);

    kill 'HUP', $pid or die "cannot signal nginx: $!\n";

    until_true {
        my @now = children($pid);
        @now && !grep { $old{$_} } @now;
    } or die "nginx was not reloaded\n";

    return;
}


sub children {
    my ($pid) = @_;

    open my $fh, '<', "/proc/$pid/task/$pid/children" or return;
    my $line = <$fh> // '';

    return split ' ', $line;
}


1;


__END__

=head1 NAME

SlackProof - what became of messages, for the tests of delivery

=head1 SYNOPSIS

    use SlackTest;
    use SlackProof qw(stored_messages requests);

    __DATA__

    === a dead letter
    --- config
        location = /hook { slack_notify acme dev; }
    --- faults
    ["400:invalid_blocks"]
    --- hook
    wiki_create.json
    --- after
    is_deeply([stored_messages()], ['#dev dead 1 HTTP 400 "invalid_blocks"'], 'in the outbox');

=head1 DESCRIPTION

A block's section C<after> is Perl, run in package main while nginx still runs, after the
answer to the block's last request; it is a subtest.  Whatever waits does so for 30 seconds
at most.

=cut
