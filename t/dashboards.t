# util/monitoring: the alert rules, their tests and the dashboard, by promtool;
# each metric that they name is one the module tells, with the labels that it
# has there.

use strict;
use warnings;

use File::Temp qw(tempdir);
use FindBin;
use JSON::PP ();
use Test::More;

my $ROOT = "$FindBin::RealBin/..";
my $DIR  = "$ROOT/util/monitoring";

my ($promtool) = grep { -x $_ } map { "$_/promtool" } split /:/, $ENV{PATH};

# what the module tells: those of each channel, and the others
my $source = slurp("$ROOT/ngx_slack_notify_module/status/ngx_slack_status_metrics.c");
my %told = map { ("slack_notify_$_" => 1) } $source =~ /"(\w+)", "(?:counter|gauge)"/g;

cmp_ok scalar keys %told, '>', 15, 'the module tells metrics';

my $rules     = slurp("$DIR/slack_notify.rules.yml");
my $dashboard = slurp("$DIR/grafana-dashboard.json");

for my $text ([ 'the rules', $rules ], [ 'their tests', slurp("$DIR/slack_notify.rules.test.yml") ],
    [ 'the dashboard', $dashboard ], [ 'README.md', slurp("$ROOT/README.md") ], [ 'outbox.md', slurp("$ROOT/util/manual/outbox.md") ])
{
    my %named = map { $_ => 1 } $text->[1] =~ /\b(slack_notify_[a-z_]+[a-z])\b(?!\.)/g;
    is_deeply [ grep { !$told{$_} } sort keys %named ], [], "$text->[0] name none that is not told";
}

my $board = eval { JSON::PP->new->utf8->decode($dashboard) };
ok $board, 'the dashboard is JSON' or diag $@;

my @expressions = map { $_->{expr} } map { @{ $_->{targets} } } @{ $board->{panels} };
push @expressions, map { $_->{expr} } @{ $board->{annotations}{list} };
cmp_ok scalar @expressions, '>', 20, 'the dashboard asks';

my %used = map { $_ => 1 } map { /\b(slack_notify_\w+)/g } @expressions, $dashboard =~ /label_values\(.*?\)/g;
is_deeply [ grep { !$used{$_} } sort keys %told ], [], 'the dashboard shows all metrics';

# panels neither overlap nor leave the grid
my %taken;
for my $panel (@{ $board->{panels} }) {
    my ($x, $y, $w, $h) = @{ $panel->{gridPos} }{qw(x y w h)};

    for my $place (map { my $i = $_; map { "$i $_" } $y .. $y + $h - 1 } $x .. $x + $w - 1) {
        $taken{$place}++;
    }

    cmp_ok $x + $w, '<=', 24, "$panel->{title}: within the grid";
}
is_deeply [ grep { $_ > 1 } values %taken ], [], 'panels do not overlap';

# every alert has a test, a summary and a next step
for my $alert ($rules =~ /^      - alert: (\w+)$/mg) {
    like slurp("$DIR/slack_notify.rules.test.yml"), qr/\b$alert\b/, "$alert is tested";
}

SKIP: {
    skip 'NOT TESTED: promtool is not installed, run util/setup --ci', 3 if !$promtool;

    # a question of the dashboard is an expression as that of a rule
    my $dir = tempdir(CLEANUP => 1);
    my $n   = 0;

    open my $fh, '>', "$dir/asked.yml" or die "cannot write $dir/asked.yml: $!\n";
    print {$fh} "groups:\n  - name: asked\n    rules:\n";
    for my $expression (@expressions) {
        $n++;
        $expression =~ s/\$__rate_interval/5m/g;
        print {$fh} "      - record: asked_$n\n        expr: |-\n          $expression\n";
    }
    close $fh or die "cannot write $dir/asked.yml: $!\n";

    succeeds('what the dashboard asks is right', $promtool, 'check', 'rules', "$dir/asked.yml");
    succeeds('the rules are right', $promtool, 'check', 'rules', "$DIR/slack_notify.rules.yml");
    succeeds('the rules tell what they should', $promtool, 'test', 'rules', "$DIR/slack_notify.rules.test.yml");
}

done_testing;


sub succeeds {
    my ($what, @command) = @_;

    open my $out, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', @command or die "cannot run $command[0]: $!\n";
    my $said = do { local $/; <$out> };
    close $out;

    is $?, 0, $what or diag $said;

    return;
}


sub slurp {
    my ($name) = @_;

    open my $fh, '<:raw', $name or die "cannot read $name: $!\n";
    local $/;

    return scalar <$fh>;
}
