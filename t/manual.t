# Man pages: that of the directives says what README.md says, and both name
# every directive there is.

use strict;
use warnings;

use FindBin;
use Pod::Checker;
use Test::More;

my $ROOT = "$FindBin::RealBin/..";
my $MODULE = "$ROOT/ngx_slack_notify_module";

my $readme = slurp("$ROOT/README.md");
my $pod    = `"$^X" "$ROOT/util/man" --pod`;
my $page   = `"$^X" "$ROOT/util/man"`;

is $?, 0, 'the page can be made';

my $checker = Pod::Checker->new(-quiet => 1);

open my $in, '<', \$pod or die $!;
open my $words, '>', \my $said or die $!;
$checker->parse_from_file($in, $words);
is $checker->num_errors, 0, 'its source is right' or diag $said;

ok $page =~ qr/^\.TH ngx_slack_notify_module 5 /im, 'it has its name';
ok $page =~ qr/^ngx_slack_notify_module \\?- takes.*[^.]$/m, 'and one line that tells what it is';

ok $page !~ qr/Back to TOC|\]\(#|\*\*|^\|/m, 'nothing of the marks of README.md is left';
ok $page !~ qr/<(?:lt|gt|verbar)>/, 'nor of those of its source';

# the tables of the directives: at the levels of nginx.conf, in the blocks
my %tables = (
    'ngx_slack_notify_module.c' => [ 'Directives', '^Inside slack_workspace$' ],
    'conf/ngx_slack_conf_workspace.c' => [ 'Inside slack_workspace', '^Inside slack_route$' ],
    'conf/ngx_slack_conf_route.c route/ngx_slack_filter.c' => [ 'Inside slack_route', '^Patterns$' ],
);

for my $file (sort keys %tables) {
    my ($begin, $end) = @{ $tables{$file} };

    # rows of ngx_command_t: a name, then for what it is and how many arguments it takes
    my @names = map { slurp("$MODULE/$_") =~ /\{ ngx_string\("(\w+)"\),\s+NGX_(?:HTTP|CONF)_/g } split / /, $file;
    cmp_ok scalar @names, '>', 5, "$file has a table of directives";

    my ($part) = $readme =~ /^\Q$begin\E\n=+\n(.*?)$end/ms;

    my %heading = map { $_ => 1 } map { split /, / } $part =~ /^([a-z_, ]+)\n-+$/mg;
    is_deeply [ grep { !$heading{$_} } @names ], [], "README.md explains those of $file";

    is_deeply [ grep { $pod !~ /^=head2 .*\b$_\b/m } @names ], [], 'so does the page';

    # one name that is in no table was renamed or never there
    my %known = map { $_ => 1 } @names;
    is_deeply [ grep { !$known{$_} } sort keys %heading ], [], 'README.md explains no others';
}

for my $name ($readme =~ /^    \* \[(slack_\w+)\]\(#\1\)$/mg) {
    like $readme, qr/^\Q$name\E\n-+$/m, "$name of the table of contents is there";
}

done_testing;


sub slurp {
    my ($name) = @_;

    open my $fh, '<', $name or die "cannot read $name: $!\n";
    local $/;

    return scalar <$fh>;
}
