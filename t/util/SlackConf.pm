package SlackConf;

# Tables of what nginx says to configurations: each row is a run of the real
# "nginx -t".  The functions are told in the POD below.

use strict;
use warnings;

use Exporter qw(import);
use File::Temp qw(tempdir);
use Test::More ();

our @EXPORT = qw($EVENTS arguments duplicate noted refused same taken warned);

# what follows an event that there is not
our $EVENTS = 'there are: push, tag_push, issue, confidential_issue, merge_request, note, confidential_note, '
    . 'pipeline, wiki_page, deployment, alert, release, job, milestone, feature_flag, emoji, member, subgroup, '
    . 'project, vulnerability, access_token';

# no message and no log may have it
my $SECRET = 'sesame';

my $Dir = tempdir(CLEANUP => 1);

# nginx without root
my ($Nginx) = $ENV{TEST_NGINX_BINARY} || grep { -x } map { "$_/nginx" } split(m/:/, $ENV{PATH}), '/usr/sbin';

my @Modules = split ' ', $ENV{TEST_NGINX_LOAD_MODULES} // '';

Test::More::plan(skip_all => 'no nginx') if !$Nginx;

for my $name (qw(conf logs temp outbox)) {
    mkdir "$Dir/$name" or die "$name: $!\n";
}


# Where nginx runs, its configuration is in "conf" there.
sub dir { return $Dir }


# A file beside nginx.conf; without a mode only its owner may read it.
sub file {
    my ($name, $content, $mode) = @_;

    open my $fh, '>', "$Dir/conf/$name" or die "$name: $!\n";
    print {$fh} $content or die "$name: $!\n";
    close $fh or die "$name: $!\n";
    chmod $mode // 0600, "$Dir/conf/$name" or die "$name: $!\n";

    return;
}


sub refused { return table('emerg', @_) }


sub warned { return table('warn', @_) }


sub taken {
    my @rows = @_;

    my @option = ref $rows[0] eq 'HASH' ? shift @rows : ();

    return table('', @option, map { ref ? [ $_->[0], [], undef, @$_[ 1 .. $#$_ ] ] : [ $_, [] ] } @rows);
}


sub noted {
    my @rows = @_;

    my $shared = ref $rows[0] eq 'HASH' ? shift @rows : {};

    for my $row (@rows) {
        my ($lines, $text, $option) = @$row;

        my %option = (%$shared, %{ $option // {} });
        my $conf   = configuration($lines, \%option);

        check($conf, title($lines, \%option), [], $option{secret});

        my @notes = slurp("$Dir/logs/error.log") =~ m/\[notice\] \d+#\d+: (?!using the )(.*)/g;

        local $Test::Builder::Level = $Test::Builder::Level + 1;
        Test::More::is(join("\n", @notes), $text // '', 'notes of ' . title($lines, \%option));
    }

    return;
}


# Rows of lines to which nginx says the same.
sub same {
    my ($text, @lines) = @_;

    return map { [ $_ => $text ] } @lines;
}


# Rows of lines that have too many arguments, or too few.
sub arguments { return map { [ $_ => 'invalid number of arguments in "' . directive($_) . '" directive' ] } @_ }


# Rows of lines that have a directive twice.
sub duplicate { return map { [ $_ => '"' . directive($_) . '" directive is duplicate' ] } @_ }


# The name of the last directive.
sub directive { return $_[0] =~ m/(\w+)[^\n]*(?:\n\})?\z/ ? $1 : '' }


sub table {
    my ($level, @rows) = @_;

    my $shared = ref $rows[0] eq 'HASH' ? shift @rows : {};

    for my $row (@rows) {
        my ($lines, $texts, $places, $option) = @$row;

        my %option = (%$shared, %{ $option // {} });
        my $conf   = configuration($lines, \%option);

        $texts  = [$texts] if ref $texts ne 'ARRAY';
        $places = [ ($places) x @$texts ] if ref $places ne 'ARRAY';

        my @wanted = map { message($conf, $level, $texts->[$_], $places->[$_] // $option{at}) } 0 .. $#$texts;

        push @wanted, 'exit status 1' if $level eq 'emerg';

        check($conf, title($lines, \%option), \@wanted, $option{secret});
    }

    return;
}


sub title {
    my ($lines, $option) = @_;

    my $title = join ' ', $option->{title} // (), $lines;

    return $title =~ s/\s+/ /gr =~ s/[^\x20-\x7e]/?/gr;
}


# A whole message, with its level and its place.
sub message {
    my ($conf, $level, $text, $place) = @_;

    $place //= $conf->{last};

    my $line = $place eq 'block'     ? 'nginx.conf:' . ($conf->{first} - 1)
             : $place eq 'route'     ? "nginx.conf:$conf->{route}"
             : $place =~ m/\A\d+\z/a ? 'nginx.conf:' . ($conf->{first} + $place - 1)
             :                         $place;

    $text = "[$level] $text" if $text !~ m/\A\[/;
    $text =~ s{/nginx\.conf:\+(\d+)}{'/nginx.conf:' . ($conf->{first} + $1 - 1)}e;

    return $place eq 'nowhere' ? $text : "$text in $Dir/conf/$line";
}


# The text of nginx.conf; in it, the number of the row's first line and of that
# with the route; in the row, the number of the last line.
sub configuration {
    my ($lines, $option) = @_;

    my %at = (%$option, $option->{in} => "\n$lines\n");

    my $given = $at{workspace} // '';
    my @added;

    if (!$option->{bare}) {
        push @added, "webhook_url https://hooks.slack.com/services/T1/B1/$SECRET legacy; "
            if $given !~ m/^\s*(?:webhook_url|bot_token)(?:_file)?\b/m;
        push @added, 'channel general; ' if $given !~ m/^\s*channel\b/m;
    }

    my $http  = $at{http} // '';
    my $route = defined $at{route} ? "slack_route acme { $at{route}}" : $at{location} // 'slack_notify acme;';

    my @parts = (
        map({ "load_module $_;\n" } @Modules),
        "error_log logs/error.log debug;\npid logs/nginx.pid;\nthread_pool slack threads=2;\nevents { }\n",
        $at{main} // '',
        "http {\naccess_log off;\n",
        map({ "${_}_temp_path temp;\n" } qw(client_body proxy fastcgi uwsgi scgi)),
        $http =~ m/^\s*slack_outbox\b/m           ? () : "slack_outbox sqlite:outbox/outbox.db;\n",
        $http =~ m/^\s*slack_thread_pool\b/m      ? () : "slack_thread_pool slack;\n",
        $http,
        $http =~ m/^\s*slack_workspace\s+acme\b/m ? () : ('slack_workspace acme { ', @added, $given, '}'),
        "\nserver { listen 127.0.0.1:1; ",
        $at{server} // '',
        "\nlocation / { $route }\n}\n}\n",
    );

    my $text  = join '', @parts;
    my $above = substr $text, 0, index($text, "\n$lines\n") + 1;
    my ($to_route) = $text =~ m/\A(.*?\nlocation \/ )/s;

    return {
        text  => $text,
        first => 1 + ($above =~ tr/\n//),
        last  => 1 + ($lines =~ s/(?:\n\s*\})+\z//r =~ tr/\n//),
        route => 1 + ($to_route =~ tr/\n//),
    };
}


# One run: what is said is all that is wanted, and no secret is in it, nor in
# the log.
sub check {
    my ($conf, $title, $wanted, $secret) = @_;

    my @said  = run($conf->{text});
    my $shown = join "\n", @said, slurp("$Dir/logs/error.log");

    push @said, map { "the secret \"$_\" is shown" } grep { index($shown, $_) >= 0 } $SECRET, $secret // ();

    # a failure tells the line of the test's own call
    local $Test::Builder::Level = $Test::Builder::Level + 3;

    Test::More::is(join("\n", @said), join("\n", @$wanted), $title);

    return;
}


# What "nginx -t" and a sanitizer say, without "nginx: " and nginx's own summary, and the exit status
# if it is not 0.
sub run {
    my ($text) = @_;

    file('nginx.conf', $text);
    unlink "$Dir/logs/error.log";

    my @command = ($Nginx, '-t', '-q', '-p', $Dir, '-e', 'logs/error.log', '-c', 'conf/nginx.conf');

    my $pid = open(my $pipe, '-|') // die "cannot fork: $!\n";

    if ($pid == 0) {
        $ENV{LD_PRELOAD} = $ENV{TEST_NGINX_LD_PRELOAD} if $ENV{TEST_NGINX_LD_PRELOAD};

        if (open STDERR, '>&', \*STDOUT) {
            no warnings 'exec';
            exec { $command[0] } @command;
        }

        print "nginx: [alert] cannot run $command[0]: $!\n";
        require POSIX;
        POSIX::_exit(127);
    }

    my @said = <$pipe>;
    close $pipe;

    my $status = $? & 127 ? 'killed by signal ' . ($? & 127) : $? ? 'exit status ' . ($? >> 8) : undef;

    chomp @said;

    return map({ s/^nginx: //r } grep { !m/^nginx: configuration file \S+ test failed/ } @said), $status // ();
}


sub slurp {
    my ($path) = @_;

    # an nginx that does not run has no log
    open my $fh, '<:raw', $path or return '';
    local $/;
    return <$fh> // '';
}


1;


__END__

=head1 NAME

SlackConf - tables of what nginx says to configurations

=head1 SYNOPSIS

    use lib 't/util';

    use SlackConf;
    use Test::More;

    refused(
        { in => 'route' },

        arguments('events;'),
        duplicate("events push;\nevents issue;"),
        [ 'events pushes;' => "unknown event \"pushes\", $EVENTS" ],
    );

    taken({ in => 'route' }, 'events push:create,update;');

    done_testing();

=head1 DESCRIPTION

Each row is a run of the real C<nginx -t> and a test of its own: all messages from C<warn> up, with
their levels and places, and the exit status.  No secret may be in them, nor in the log: in the
tables a secret has C<sesame> in it.

=over

=item refused([OPTIONS,] ROW...)

nginx does not take the lines.  A row is C<[ LINES =E<gt> MESSAGE, PLACE, OPTIONS ]>.  The message is
whole but for its level, which is C<emerg>, and for its end, C<in FILE:LINE>.  Without a place it is
the last line of the row that has more than a brace; otherwise the number of one of its lines,
C<block> for the line above the first one, C<route> for the line of the location that the workspace
is used in, C<FILE:LINE> for another file beside nginx.conf, or C<nowhere>.  In the message
C</nginx.conf:+N> is the Nth line of the row.  Several messages and their places are lists; each may
begin with a level of its own.

=item warned([OPTIONS,] ROW...)

nginx takes the lines and says a warning; else as C<refused>.

=item taken([OPTIONS,] LINES...)

nginx takes the lines and says nothing.  C<[ LINES, OPTIONS ]> is a row with options of its own.

=item noted([OPTIONS,] ROW...)

nginx takes the lines and says nothing, but writes a notice into its log.  A row is
C<[ LINES =E<gt> MESSAGE, OPTIONS ]>, without a message if there is to be none.

=item $EVENTS

What nginx says after an event that there is not.

=item same(MESSAGE, LINES...), arguments(LINES...), duplicate(LINES...)

Rows to which nginx says the same; that the number of arguments is wrong; that the directive is a
duplicate.

=item SlackConf::file(NAME, CONTENT [, MODE])

A file beside nginx.conf, which is in C<conf> of the directory that C<SlackConf::dir()> tells.

=back

Options are the same for all rows of a table or are those of one row:

=over

=item in

Where the lines stand: C<main>, C<http>, C<server>, C<location>, C<workspace> (of the name C<acme>),
or C<route> (a C<slack_route acme> in the location).

=item main, http, server, location, workspace, route

What else stands there.  By default the workspace has a legacy webhook and a channel, and the
location C<slack_notify acme>.

=item bare

The workspace has only what is given.

=item at

The place of each message.

=item secret

Another secret than C<sesame>, or a part of one.

=item title

What the names of the tests begin with.

=back

It honours C<TEST_NGINX_BINARY>, C<TEST_NGINX_LOAD_MODULES> and C<TEST_NGINX_LD_PRELOAD>, but not
C<TEST_NGINX_USE_VALGRIND>: nginx does not free its first pool when it only tests a configuration.

=cut
