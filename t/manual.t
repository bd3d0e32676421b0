# The manual, which is README.md and util/manual/, and the man page made from it:
# both name every directive, variable, sender and answer there is.

use strict;
use warnings;

use FindBin;
use Pod::Checker;
use Test::More;

my $ROOT = "$FindBin::RealBin/..";
my $MODULE = "$ROOT/ngx_slack_notify_module";

my $readme = slurp("$ROOT/README.md");
my %manual = map { s{.*/}{}r => slurp($_) } "$ROOT/README.md", glob "$ROOT/util/manual/*.md";
my $pod    = `"$^X" "$ROOT/util/man" --pod`;
my $page   = `"$^X" "$ROOT/util/man"`;

is $?, 0, 'the page can be made';

my $checker = Pod::Checker->new(-quiet => 1);

open my $in, '<', \$pod or die $!;
open my $words, '>', \my $said or die $!;
$checker->parse_from_file($in, $words);
is $checker->num_errors, 0, 'its source is right' or diag $said;

ok $page =~ qr/^\.TH ngx_slack_notify_module 5 /im, 'it has its name';
ok $page =~ qr/^ngx_slack_notify_module \\?- receives.*[^.]$/m, 'and one line that tells what it is';

ok $page !~ qr/Back to TOC|\]\(#|\*\*|^\|/m, 'no Markdown is left';
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

# what is told in tables: the variables, the senders, the answers and their reasons
sub part {
    my ($title) = @_;

    my ($part) = join('', @manual{qw(README.md answers.md)}) =~ /^\Q$title\E\n(?:=+|-+)\n(.*?)^(?:\[Back to TOC|\S[^\n]*\n-+\n)/ms;

    return $part // '';
}

my $variables = part('Variables');
my @variables = (
    slurp("$MODULE/http/ngx_slack_http_variables.c") =~ /^    \{ ngx_string\("(slack_\w+)"\), NULL,/mg,
    slurp("$MODULE/message/ngx_slack_list.c") =~ /^    \{ ngx_string\("(slack_\w+)"\), \d,/mg,
);

cmp_ok scalar @variables, '>', 15, 'there are variables';
is_deeply [ grep { $variables !~ /^\|[^|]*`\$$_`/m } @variables ], [], 'README.md tells them all';

my %variable = map { $_ => 1 } @variables, 'slack_json_NAME';
is_deeply [ grep { !$variable{$_} } join('', $variables =~ /^(\|[^|]*\|)/mg) =~ /`\$(\w+)`/g ], [], '... and no others';

my ($listed) = $readme =~ /^\*\*syntax:\*\* \*slack_source ([\w|]+);/m;
my ($registry) = slurp("$MODULE/source/ngx_slack_source.c") =~ /ngx_slack_sources\[\] = \{\n(.*?)^\};/ms;

is_deeply [ sort split /\|/, $listed // '' ], [ sort 'auto', ($registry // '') =~ /&ngx_slack_source_(\w+)/g ],
    'README.md tells all senders of slack_source';

my $answers  = part('Answers to the sender');
my @statuses = slurp("$MODULE/http/ngx_slack_http_result.c") =~ /^    \[NGX_SLACK_RESULT_\w+\] = ngx_string\("(\w+)"\)/mg;
my @reasons  = map { slurp($_) =~ /ngx_str_set\(&reason, "([^"]+)"\)/g } glob "$MODULE/http/*.c";

cmp_ok scalar @statuses, '>', 5, 'there are statuses of answers';
cmp_ok scalar @reasons, '>', 8, 'and reasons';
is_deeply [ grep { $answers !~ /^\| \d+ \| `$_` \|/m } @statuses ], [], 'answers.md tells all statuses';
is_deeply [ grep { $answers !~ /`\Q$_\E`/ } @reasons ], [], 'answers.md tells all reasons';

# links into a page lead to a heading of it
my %anchors = map { $_ => { map { anchor($_) => 1 } $manual{$_} =~ /^(\S.*)\n(?:=+|-+)$/mg } } keys %manual;

for my $page (sort keys %manual) {
    my @links = $manual{$page} =~ /\]\(([\w.\/]*#[\w-]+)\)/g;

    cmp_ok scalar @links, '>', 3, "$page has links";
    is_deeply [ grep { m{(?:.*/)?(.*)#(.*)} && !$anchors{ $1 || $page }{$2} } @links ], [], "... and they lead somewhere";
}

# each chapter is in the page
for my $title (map { /\A(.*)\n/ } @manual{ grep { !/README/ } sort keys %manual }) {
    like $pod, qr/^=head1 \U$title\E$/m, "the page has \"$title\"";
}

done_testing;


# as GitHub and GitLab make them of headings
sub anchor {
    my ($title) = @_;

    return lc($title) =~ s/[^\w\- ]//gr =~ tr/ /-/r;
}


sub slurp {
    my ($name) = @_;

    open my $fh, '<', $name or die "cannot read $name: $!\n";
    local $/;

    return scalar <$fh>;
}
