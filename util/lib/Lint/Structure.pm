package Lint::Structure;

# The rules for C that need to know the braces: indentation, functions, names,
# locals.

use strict;
use warnings;

use Exporter qw(import);

use Lint::Report qw(finding);

our @EXPORT_OK = qw(check_structure);


# walks over the code, keeping the open braces: indentation, and what is said
# of functions and of names

sub check_structure {
    my ($plain, $raw, $comment, $directive, $room) = @_;

    my $c = {
        plain => $plain, raw => $raw, comment => $comment,
        directive => $directive, room => $room,
        open => [], parens => 0, statement => '', line => 0,
    };

    my @conditions;

    for my $n (1 .. @$plain) {
        my $word = $directive->[$n - 1];

        if ($word) {
            if ($word =~ /^if/) {
                push @conditions, [[@{ $c->{open} }], $c->{parens}];

            } elsif ($word =~ /^el/ && @conditions) {
                $c->{open} = [@{ $conditions[-1][0] }];
                $c->{parens} = $conditions[-1][1];

            } elsif ($word eq 'endif') {
                pop @conditions;
            }

            next;
        }

        next if $plain->[$n - 1] !~ /\S/;

        check_indent($c, $n);
        walk_line($c, $n);
    }
}


sub check_indent {
    my ($c, $n) = @_;

    return if $c->{statement} =~ /\S/ || $c->{parens};
    return if grep { $_ eq 'value' || $_ eq 'bare' } @{ $c->{open} };

    my ($indent, $line) = $c->{plain}[$n - 1] =~ /^(\s*)(.*)/;
    my $depth = @{ $c->{open} };

    $depth-- if $line =~ /^\}/ && $depth > 0;
    $depth-- if $line =~ /^(?:case\b|default\s*:)/ && $depth > 0;

    return if length $indent == 4 * $depth;
    return if $line =~ /^\w+:\s*$/ && length($indent) % 4 == 0;

    finding($n, 'indented by ' . length($indent) . ', not by ' . 4 * $depth);
}


sub walk_line {
    my ($c, $n) = @_;

    while ($c->{plain}[$n - 1] =~ /([(){};:]|[^(){};:]+)/g) {
        my ($token, $column) = ($1, $-[0]);

        if ($token eq '(') {
            $c->{parens}++;

        } elsif ($token eq ')') {
            $c->{parens}-- if $c->{parens};

        } elsif ($token eq '{') {
            open_brace($c, $n, $column);
            next;

        } elsif ($token eq '}') {
            my $kind = pop(@{ $c->{open} }) // '';

            $c->{statement} = $kind =~ /value|type/ ? '}' : '';
            next;

        } elsif ($token eq ';' && !$c->{parens}) {
            end_statement($c) if !@{ $c->{open} };
            $c->{statement} = '';
            next;

        } elsif ($token eq ':' && !$c->{parens}
                 && $c->{statement} =~ /^\s*(?:case\b[^?]*|\w+\s*)$/s)
        {
            $c->{statement} = '';
            next;
        }

        $c->{line} = $n if $c->{statement} !~ /\S/;
        $c->{statement} .= $token;
    }

    $c->{statement} .= "\n" if $c->{statement} ne '';
}


sub open_brace {
    my ($c, $n, $column) = @_;

    my $statement = $c->{statement};
    my $kind = 'block';

    # what begins in the first column is outside of everything
    if ($column == 0) {
        $c->{open} = [];
        $c->{parens} = 0;
    }

    if ($c->{parens} || $statement =~ /[=,]\s*$/
        || (@{ $c->{open} } && $c->{open}[-1] eq 'value'))
    {
        $kind = 'value';
        end_statement($c) if !@{ $c->{open} };

    } elsif ($statement =~ /^\s*(?:(?:typedef|static|const)\s+)*
                             (?:struct|union|enum)\b[^()]*$/x)
    {
        $kind = 'type';

    } elsif (!@{ $c->{open} } && $statement =~ /\)\s*$/) {
        check_function($c, $n);

    } elsif (@{ $c->{open} } && $statement !~ /\S/) {
        $kind = 'bare';
    }

    push @{ $c->{open} }, $kind;
    $c->{statement} = '';
}


# a declaration outside functions has ended

sub end_statement {
    my ($c) = @_;

    my $statement = $c->{statement} =~ s/\b__attribute__\s*\(\(.*?\)\)//sr;
    my $line = $c->{line};

    return if $statement =~ /^\s*(?:typedef\b|\})/;

    if ($statement =~ /\w\(\)/) {
        finding($line, 'parameter list without "void"');
    }

    return if !$c->{room} || $statement =~ /^\s*(?:static|extern)\b/;

    # a function pointer's name stands in parentheses of its own
    my ($name) = $statement =~ /^[^()=\[]*?(\w+)\s*(?:[(=\[]|$)/;

    return if !defined $name || $statement !~ /\w[\s*]+\w/;
    return if $statement =~ /^\s*(?:struct|union|enum)\s+\w+\s*$/;

    check_name($name, $line);
}


sub check_name {
    my ($name, $line) = @_;

    return if $name =~ /^ngx_slack_/;

    finding($line, "\"$name\" is neither static nor named \"ngx_slack_...\"");
}


sub check_function {
    my ($c, $n) = @_;

    my $head = $c->{statement} =~ s/\b__attribute__\s*\(\(.*?\)\)//sr;
    my $first = $c->{line};
    my ($name) = $head =~ /(\w+)\s*\(/;

    return if !defined $name;

    finding($n, "brace of function \"$name\" is not on its own line")
        if $c->{plain}[$n - 1] !~ /^\{\s*$/;
    finding($first, "return type of \"$name\" is not on its own line")
        if $head !~ /^\Q$name\E\s*\(/m || $head =~ /\A\s*\Q$name\E\s*\(/;
    finding($first, 'parameter list without "void"')
        if $head =~ /\Q$name\E\s*\(\s*\)/;

    check_name($name, $first) if $c->{room} && $head !~ /\bstatic\b/;

    my $blanks = blanks_above($c, $first);

    if (defined $blanks && $blanks != 2) {
        finding($first, "$blanks blank lines before function \"$name\","
            . ' not 2');
    }

    check_locals($c, $n + 1);
}


# how many blank lines are above a function and its comment; undef where
# the preprocessor or nothing stands there

sub blanks_above {
    my ($c, $line) = @_;

    while (1) {
        my $blanks = 0;

        for ($line--; $line > 0; $line--) {
            last if $c->{raw}[$line - 1] =~ /\S/;
            $blanks++;
        }

        return if $line == 0;
        return if $c->{directive}[$line - 1] && $blanks;
        return $blanks if $c->{comment}[$line - 1] !~ /\S/
                          || $c->{plain}[$line - 1] =~ /\S/;
        return $blanks if $blanks > 1;

        $line-- while $line > 1 && $c->{comment}[$line - 1] !~ m{/\*};
    }
}


# locals at the top of a function: sorted by the length of their types, names
# in one column, two spaces after the longest type

sub check_locals {
    my ($c, $line) = @_;

    my (@group, $continued, $apart);

    # a static below may set the column
    my $wide = grep { defined $_ && /^    static / }
        @{ $c->{plain} }[$line - 1 .. $line + 20];

    for (; $line <= @{ $c->{plain} }; $line++) {
        my $text = $c->{plain}[$line - 1];

        # what depends on a condition is not sorted among the others
        if ($c->{directive}[$line - 1]) {
            $apart = 1;
            next;
        }

        if ($text !~ /\S/) {
            next if !@group;
            check_group(\@group, $wide);
            @group = ();
            next;
        }

        if ($continued) {
            $continued = $text !~ /;\s*$/;
            next;
        }

        my $word = qr/[A-Za-z_]\w*/;

        if ($text !~ /^\ {4}
                (
                    (?:(?:static|const|volatile|struct|union|enum
                       |unsigned|signed|long|short)\ )*
                    $word (?:\ (?:int|long|char|short|const))*
                )
                (\s+) (\**) ($word) (.*)$/x)
        {
            last;
        }

        my ($type, $gap, $stars, $name, $rest) = ($1, $2, $3, $4, $5);

        last if $rest !~ /^(?:\[|\s*[,;=]|$)/
                || $type =~ /^(?:return|goto|else|case|static)\b/;

        push @group, {
            line => $line, type => $type, gap => length $gap, name => $name,
            stars => length $stars,
            column => 4 + length("$type$gap$stars"),
            value => $rest =~ /^\s*=/ ? 1 : 0, apart => $apart,
        };

        $apart = 0;

        $continued = $text !~ /;\s*$/;
    }

    check_group(\@group, $wide);
}


sub check_group {
    my ($group, $wide) = @_;

    return if !@$group;

    # the argument of a handler, cast: one space is enough
    return if !grep { !$_->{value} } @$group;

    my ($least) = sort { $a <=> $b } map { $_->{gap} } @$group;
    my ($stars) = sort { $b <=> $a } map { $_->{stars} } @$group;

    for my $i (0 .. $#$group) {
        my $local = $group->[$i];

        if ($local->{column} != $group->[0]{column}) {
            finding($local->{line},
                    "local \"$local->{name}\" is out of column");
            return;
        }

        if ($i > 0 && !$local->{apart}
            && length $local->{type} < length $group->[$i - 1]{type})
        {
            finding($local->{line}, "local \"$local->{name}\": type is"
                . ' shorter than the one above');
        }
    }

    # the column of the stars may be kept free

    if ($least < 2 || ($least > 2 + $stars && !$wide)) {
        finding($group->[0]{line},
                "$least spaces between the longest type and its name, not 2");
    }
}


1;
