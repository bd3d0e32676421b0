# The tables of util/manual/ that tell what the log's lines mean: each line that
# the sources can write is there at its level, and no other is.

use strict;
use warnings;

use FindBin;
use Test::More;

my $ROOT = "$FindBin::RealBin/..";

my $manual = slurp("$ROOT/util/manual/log.md");
my $answers = slurp("$ROOT/util/manual/answers.md");
my $string = qr/"(?:[^"\\]|\\.)*"/;

# both sides show what changes as "..."
my @told = map { rows($_) } 'Delivery', 'Operators', 'Outbox', 'Requests', 'Configuration';
my @lines = map { lines($_) } glob "$ROOT/ngx_slack_notify_module/{,*/,*/*/}*.c";

cmp_ok scalar @told,  '>', 25, 'log.md has tables of lines';
cmp_ok scalar @lines, '>', 35, 'the sources write lines';

for my $line (@lines) {
    my ($where, $levels, $text) = @$line;

    my @rows = grep { covers($_->[1], $text) } @told;

    ok @rows, "log.md tells: $text" or diag "$where: add it there";

    for my $level (@$levels) {
        ok !@rows || (grep { $_->[0] =~ /\b$level\b/ } @rows), "... and that it is $level"
            or diag "$where; log.md: $_->[0] $_->[1]" for @rows ? $rows[0] : ();
    }
}

for my $row (@told) {
    ok scalar(grep { covers($row->[1], $_->[2]) } @lines), "the sources write: $row->[1]";
}

# the causes that are put into lines, each of which is in a table; the other way
# round it is only known where a table has nothing else
my $causes = table('\| `outbox "\.\.\."` \|');
my %sqlite = map { $_ => 1 } source('outbox/sqlite/ngx_slack_sqlite_fault.c') =~ /^    \{ ("[^"]+")(?=,)/mg;

is_deeply [ sort map { "\"$_\"" } $causes =~ /^\| `([^`]+)` \|/mg ], [ sort keys %sqlite ],
    'log.md tells what may be wrong with the outbox';

my ($words) = $manual =~ /^Errors of Slack\n-+\n(.*)/ms;
my @words = source('slack/ngx_slack_error.c') =~ /^    \{ "([a-z_*]+)",\s+NGX/mg;

is_deeply [ sort map { s/\.\.\./*/r } join('|', $words =~ /^\| (`.*?) \|/mg) =~ /`([^`]+)`/g ], [ sort @words ],
    'log.md tells all errors of Slack';

my $source = source('slack/ngx_slack_transfer_error.c');
my @errors = map { said($_) } $source =~ /^    +(?:\{ \d+, )?($string), (?:$string|NULL|[A-Z_]+)(?: \}|,\n)/mg;
push @errors, map { said($_) } $source =~ /error_set\(error,\s+((?:$string\s*)+)/g;

cmp_ok scalar @errors, '>', 30, 'the sources know what may be wrong with a transfer';
ok $manual =~ /`[^`\n]*\Q$_\E[^`\n]*`/, "log.md tells: $_" for @errors;

my @refused = map { said($_) } source('http/ngx_slack_http_auth.c') =~ /refuse\(r, [^"]*?((?:$string\s*)+)\)/g;

cmp_ok scalar @refused, '>', 6, 'the sources refuse requests';
ok $answers =~ /401, log: [^|]*\Q$_\E/, "answers.md tells: $_" for @refused;

done_testing;


sub slurp {
    my ($name) = @_;

    open my $fh, '<', $name or die "cannot read $name: $!\n";
    local $/;

    return scalar <$fh>;
}


sub source { return slurp("$ROOT/ngx_slack_notify_module/$_[0]") }


# the value of C's string literals, which stand one after the other
sub said {
    my ($literals) = @_;

    return join '', map { s/^"|"$//gr =~ s/\\(.)/$1/gr } $literals =~ /$string/g;
}


# the table that follows this head
sub table {
    my ($head) = @_;

    my ($table) = $manual =~ /^$head.*\n((?:\|.*\n)+)/m;

    return $table // '';
}


# [levels, line]: one for each line that the rows below the title name
sub rows {
    my ($title) = @_;

    my ($part) = $manual =~ /^\Q$title\E\n-+\n\n\| level .*\n\| --.*\n((?:\|.*\n)+)/m
        or return;

    return map {
        my ($level, $lines) = /^\| (.*?) \| (.*?) \|/;
        map { [ $level, $_ ] } $lines =~ /`([^`]+)`/g;
    } split /\n/, $part;
}


# [place, levels, line]: those that are written while nginx runs, and warnings
# and notices about the configuration
sub lines {
    my ($file) = @_;

    my $text = slurp($file);
    my $name = $file =~ s{.*/}{}r;
    my @found;

    while ($text =~ /\bngx_(?:(?:conf_)?log_error|slack_(?:conf_)?log)\((\w+), ([^"]*?)((?:\s*$string)+)/g) {
        my ($level, $log, $format) = ($1, $2, $3);
        my $line = 1 + (substr($text, 0, $-[0]) =~ tr/\n//);
        my $cf = $log =~ /^cf\b|[(]cf\b/;

        $format = said($format);

        # the master's troubles with closing a file, and errors of nginx -t
        next if $level eq 'NGX_LOG_EMERG' || $cf && $level !~ /_(?:WARN|NOTICE)\z/;
        next if $format =~ /^ "%V" failed$|^ failed: %i$|^%[Vs]$/;

        push @found, [ "$name:$line", levels($level, substr $text, 0, $-[0]), shown($format) ];
    }

    # task/ngx_slack_task.c writes it as an alert when a task takes long
    while ($text =~ /\bslow(?: = |, sizeof)[^";]*?((?:\s*$string)+)/g) {
        my $format = said($1) =~ s/%Z\z//r;
        my $line = 1 + (substr($text, 0, $-[0]) =~ tr/\n//);

        push @found, [ "$name:$line", ['alert'], shown($format) ];
    }

    return @found;
}


# of a variable, the levels that it was last given
sub levels {
    my ($level, $before) = @_;

    if ($level eq 'level') {
        ($level) = $before =~ /.*\blevel = ([^;]+);/s;
    }

    my %word = (ERR => 'error', map { uc() => $_ } qw(info notice warn crit alert));

    return [ map { $word{$_} } $level =~ /NGX_LOG_(\w+)/g ];
}


# with nginx's directives of format as "..."
sub shown {
    my ($format) = @_;

    return $format =~ s/%[0-9.muxX*]*[VvsOPTMzidlDLAfrpcCZN]/.../gr =~ s/(?:\.\.\.){2,}/.../gr;
}


sub covers {
    my ($pattern, $text) = @_;

    my $regex = join '.*', map { quotemeta } split /\.\.\./, $pattern, -1;

    return $text =~ /$regex/;
}
