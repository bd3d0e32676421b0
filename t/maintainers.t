# ngx_slack_notify_module/README.md, for maintainers: its map names the rooms
# there are and what they know, as util/lint holds them, what an addition costs is what the examples took, and no name or
# comment has a word that its glossary replaces by another.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use Test::More;

use lib dirname(__FILE__) . '/../util/lib';

use Lint::C;

my $ROOT   = abs_path(dirname(__FILE__) . '/..');
my $MODULE = "$ROOT/ngx_slack_notify_module";

my $README = slurp("$MODULE/README.md");

# by their path below the module
my %source = map { s{^\Q$MODULE\E/}{}r => slurp($_) } glob "$MODULE/{,*/,*/*/}*.[ch]";

map_of_rooms();
named_files();
additions();
glossary();

done_testing();


sub map_of_rooms {
    my ($table) = $README =~ /^## The map\n(.*?)^## /ms;

    my @rooms = sort $table =~ m{^\| `([\w/]+)/` \|}mg;
    my %there = map { dirname($_) => 1 } grep { m{/} } keys %source;

    is_deeply \@rooms, [ sort keys %there ], 'the map has the rooms there are';

    my @rows = map { [ m{^\| `([\w/]+)/` \|.*\| ([^|]*) \|\z} ] }
        grep { m{^\| `[\w/]+/` } } split /\n/, $table;

    my ($door) = $table =~ /^\| `ngx_slack_notify_module\.c` .*\| ([^|]*) \|$/m;

    unshift @rows, [ '', $door ];

    my %knows = map { my $room = $_->[0]; $room => [ sort(known($room, $_->[1], @rows)) ] } @rows;
    my %held = map { $_ => [ sort @{ $Lint::C::ROOMS{$_} } ] } keys %Lint::C::ROOMS;

    is_deeply \%knows, \%held, 'what each knows is what util/lint lets it include';

    return;
}


# the rooms that a row of the map names, and those below them
sub known {
    my ($room, $text, @rows) = @_;

    my %known = map { $_ => 1 } $text =~ m{`([\w/]+)/`}g;

    if (my ($top) = $text =~ m{`([\w/]+)/` and below}) {
        my $below = 0;

        for my $other (map { $_->[0] } @rows) {
            $below = 1 if $other eq $top;
            $known{$other} = 1 if $below && $other !~ m{/};
        }
    }

    $known{core} = 1 if $room ne 'core';

    return keys %known;
}


# paths of the module, and of the repository
sub named_files {
    my %named = map { $_ => 1 } grep { !/NAME|PID/ }
        $README =~ m{(?<![\w/.])((?:\w+/)+[\w.]+\.(?:[cht]|md|pm|expected)|(?:util|t)/\w[\w./-]*\w)(?![\w*])}g;

    cmp_ok scalar keys %named, '>', 30, 'the page names files';

    is_deeply [ grep { !-e "$MODULE/$_" && !-e "$ROOT/$_" } sort keys %named ], [],
        'which are there';

    return;
}


sub additions {
    my ($part) = $README =~ /^## What an addition costs\n(.*?)^## /ms;

    my @walked;

    for my $section (split /^### /m, $part) {
        my ($title) = $section =~ /\A(.*)/;

        my ($example, $names) = $section =~ /^For example `(\w+)`:\s+(.*?)\.\n\n/ms or next;
        my ($list) = $section =~ /^(1\. .*?)(?:^Besides|\z)/ms;

        my @names = map { s/\s+/ /gr } $names =~ /`([^`]+)`/g;
        my %listed = map { s/NAME/$example/gr => 1 } heads($list);

        # with a formatter or a sender the names are in its own file, too
        my @found = grep { has_one($source{$_}, @names) } sort keys %source;

        ok @found > 0, "$title: $example is there";
        is_deeply \@found, [ sort keys %listed ], "$title costs what the page says";

        push @walked, $title;
    }

    cmp_ok scalar @walked, '>=', 7, 'the lists that were walked';

    return;
}


# the files of a numbered list that its points begin with: "1. `a.c`: ...", and
# "1. `a.c` and `b.c`: ..."
sub heads {
    my ($list) = @_;

    my @files;

    for my $point (split /^\d+\. /m, $list) {
        my ($head) = $point =~ m{\A((?:`[\w/.]+\.[ch]`(?:\s+and\s+)?)+)} or next;

        push @files, $head =~ /`([^`]+)`/g;
    }

    return @files;
}


sub has_one {
    my ($text, @names) = @_;

    for my $name (@names) {
        my $pattern = join '\s+', map { quotemeta } split / /, $name;

        $pattern = "(?<!\\w)$pattern" if $name =~ /^\w/;

        return 1 if $text =~ /$pattern(?!\w)/;
    }

    return 0;
}


# the last column of the table of words has those that are not used; tables and
# columns of the outbox keep the names that files were written with
sub glossary {
    my ($table) = $README =~ /^## Words\n(.*?)^## /ms;

    my %not = map { $_ => 1 } grep { /\w/ } map { split /, / } map { /\|\s*([^|]+?)\s*\|\z/ ? $1 : () }
        grep { !/^\| (?:word|---)/ } $table =~ /^(\|.*)$/mg;

    cmp_ok scalar keys %not, '>', 8, 'there are words that are not used';

    # other senses: the letters of a name, Slack's and GitLab's own words
    my %sense = (
        letter => qr/dead[\W_]+letters?|small letters|letters? (?:and|other)|letters?,/i,
        hook   => qr/webhooks?|\w+\s+hooks?\b|_hooks?\b|\bhook_id\b|hook\.go|hooks\.slack\.com/i,
        mail   => qr/e-?mails?|mailto/i,
        flight => qr/in[\W_]+flight/i,
    );

    for my $word (sort keys %not) {
        my @used;

        for my $file (sort keys %source) {
            next if $word eq 'destination' && $file =~ m{^outbox/(?:sqlite|postgres)/};

            my $text = $source{$file};
            $text =~ s/$sense{$word}//g if $sense{$word};

            # paths and headers are words of the sender
            $text =~ s/"[^"\n]*"//g if $file =~ m{^source/};

            push @used, $file if $text =~ /(?<![a-z])\Q$word\Es?(?![a-z])/i;
        }

        is_deeply \@used, [], "\"$word\" is not used";
    }

    return;
}


sub slurp {
    my ($file) = @_;

    open my $fh, '<', $file or die "cannot read $file: $!\n";
    my $text = do { local $/; <$fh> };
    close $fh;

    return $text;
}
