package Lint::C;

# The rules for C that need no more than the text of a few lines.

use strict;
use warnings;

use Exporter qw(import);
use File::Basename qw(basename dirname);
use Cwd qw(abs_path);

use Lint::Report qw(finding);
use Lint::Structure qw(check_structure);

our @EXPORT_OK = qw(check_c);

# the rooms of the module: which rooms each may include, the engines of the
# outbox one by one; "" is the door.  t/maintainers.t compares them with the map
# of the maintainers' README.
our %ROOMS = (
    core              => [],
    task              => [qw(core)],
    json              => [qw(core)],
    source            => [qw(core json)],
    route             => [qw(core json source)],
    message           => [qw(core json source)],
    outbox            => [qw(core task)],
    'outbox/sqlite'   => [qw(core outbox)],
    'outbox/postgres' => [qw(core outbox)],
    slack             => [qw(core json)],
    delivery          => [qw(core task message outbox slack)],
    conf              => [qw(core task json source route message outbox slack
                             delivery)],
    http              => [qw(core task json source route message outbox slack
                             delivery conf)],
    guard             => [qw(core conf http)],
    status            => [qw(core task json source route message outbox slack
                             delivery conf http guard)],
    ''                => [qw(core task json source route message outbox slack
                             delivery conf http guard status)],
);

# outside headers that belong to some rooms only
my @OUTSIDE = (
    [qr/^ngx_http/, 'conf', 'http', 'guard', 'status', ''],
    [qr/^ngx_(?:event|thread_pool|channel)/,
        'conf', 'http', 'status', 'delivery', 'outbox', 'task', ''],
    [qr{^curl/},    'slack'],
    [qr/^sqlite3/,  'outbox/sqlite'],
    [qr/^libpq/,    'outbox/postgres'],
    [qr{^yajl/},    'json'],
    [qr{^openssl/}, 'core', 'conf'],
);

my %headers;

# calls that return NULL when there is no memory
my $ALLOC = qr{\b(?:
      ngx_(?:p|pn|pc|c)?alloc | ngx_memalign | ngx_pmemalign
    | ngx_array_(?:create|push|push_n) | ngx_list_(?:create|push)
    | ngx_create_pool | ngx_create_temp_buf | ngx_create_chain_of_bufs
    | ngx_alloc_chain_link | ngx_(?:c)?alloc_buf | ngx_calloc_buf
    | ngx_pool_cleanup_add | ngx_http_cleanup_add | ngx_thread_task_alloc
    | ngx_shared_memory_add | ngx_slab_c?alloc(?:_locked)?
    | malloc | calloc | realloc | strdup | strndup
    | yajl_alloc | yajl_gen_alloc
    | curl_easy_init | curl_multi_init | curl_slist_append
)\s*\(}x;


sub check_c {
    my ($name, $text) = @_;

    my $path = abs_path($name);
    my ($module, $room) = $path =~
        m{^(.*/ngx_slack_notify_module)(?:/(.+))?/[^/]+\.[ch]$};

    $room //= '' if defined $module;

    if (defined $room && !$ROOMS{$room}) {
        finding(1, "$room/ is none of the rooms of util/lib/Lint/C.pm");
        undef $room;
    }

    my @raw = split /\n/, $text, -1;
    my ($code, $comment) = mask($text);

    my @code = split /\n/, $code, -1;
    my @comment = split /\n/, $comment, -1;
    my @directive = directives(\@code);
    my @plain = map { $directive[$_] ? '' : $code[$_] } 0 .. $#code;

    for my $n (1 .. @raw) {
        finding($n, 'line is longer than 79 columns')
            if length $raw[$n - 1] > 79;
        finding($n, 'tab') if $raw[$n - 1] =~ /\t/;
    }

    check_spacing(\@plain, \@raw);
    check_braces(\@plain);
    check_allocations(\@plain);
    check_structure(\@plain, \@raw, \@comment, \@directive, $room);

    if (defined $room) {
        check_rooms(\@raw, $module, $room);
        check_opening($name, $text) if $name =~ /\.c$/;
    }
}


# blanks comments and the contents of strings, keeping all columns; returns
# the code and, the other way round, the comments

sub mask {
    my ($text) = @_;

    my $comment = $text;

    $comment =~ s/[^\n]/ /g;

    $text =~ s{
        ( /\*.*?(?:\*/|\z) ) | ( //[^\n]* )
        | ( "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
    }{
        my ($block, $slashes, $string) = ($1, $2, $3);
        my $at = $-[0];
        my $new;

        if (defined $string) {
            $new = $string;
            substr($new, 1, -1) =~ s/[^\n]/_/g if length $new > 2;

        } else {
            $new = $block // $slashes;
            substr($comment, $at, length $new) = $new;

            if (defined $slashes) {
                my $before = substr $comment, 0, $at;
                finding(1 + $before =~ tr/\n//, 'a "//" comment');
            }

            $new =~ s/[^\n]/ /g;
        }

        $new;
    }gsex;

    return ($text, $comment);
}


# for each line whether it belongs to a preprocessor directive: its word, or
# "continued"

sub directives {
    my ($code) = @_;

    my @directive;
    my $inside = 0;

    for my $line (@$code) {
        my $word = $line =~ /^\s*#\s*(\w*)/ ? ($1 || 'null')
                 : $inside                  ? 'continued'
                 :                            '';

        push @directive, $word;
        $inside = $word && $line =~ /\\\s*$/;
    }

    return @directive;
}


sub check_spacing {
    my ($plain, $raw) = @_;

    for my $n (1 .. @$plain) {
        local $_ = $plain->[$n - 1];

        next if /^\s*$/;

        finding($n, "no space after \"$1\"")
            if /\b(if|for|while|switch)\(/;
        finding($n, 'no space between ")" and "{"') if /\)\{/;
        finding($n, 'no space after a comma') if /,[^\s"']/ || /,["']/;
        finding($n, 'space before a comma') if /\S +,/;

        if (/^\s*\} else\b/ && $n > 1 && $raw->[$n - 2] !~ /^\s*$/) {
            finding($n, 'no blank line before "} else"');
        }

        if (/^\s*else\b/) {
            finding($n, '"else" is not on the line of its "}"');
        }

        my $constant = qr/NULL|-?\d\w*|'_+'|NGX_[A-Z0-9_]+/;

        if (/(?:\(|&&|\|\||!|\breturn\b)\s*$constant\s*[!=]=(?!=)/) {
            finding($n, 'constant on the left of a comparison');
        }

        check_operators($n, $_);
    }
}


sub check_operators {
    my ($n, $line) = @_;

    while ($line =~ m{(<<=|>>=|[-+*/%&|^=!<>]=|<<|>>|&&|\|\||=|\?)}g) {
        my ($operator, $start, $end) = ($1, $-[1], $+[1]);

        my $before = $start > 0 ? substr($line, $start - 1, 1) : ' ';
        my $after = $end < length $line ? substr($line, $end, 1) : ' ';

        # at the edge of a line the other side alone is looked at
        finding($n, "no space around \"$operator\"")
            if $before !~ /\s/ || $after !~ /\s/;
    }

    finding($n, "no space around \"$1\"")
        if $line =~ /[\w)\]]([+<>\/%^])[\w(]/
           || $line =~ /[\w)\]](-)(?=[A-Za-z_(])/
           || $line =~ /[)\]](-)\d/
           || $line =~ /[\w\]]([*&])(?=\w)/;
}


# every body of if, else, for, while in braces

sub check_braces {
    my ($plain) = @_;

    my $text = join "\n", @$plain;
    my $line = line_counter(\$text);

    while ($text =~ /(\}[ \t]*)?\b(if|for|while)\b\s*\(/g) {
        my ($block, $word, $start, $open) = ($1, $2, $-[2], $+[0]);
        my $close = closing(\$text, $open);

        pos($text) = $open;

        next if !defined $close;

        my ($next) = substr($text, $close, 1000) =~ /\A\s*(\S)/;

        next if !defined $next || $next eq '{';
        next if $word eq 'while' && $block && $next eq ';';

        finding($line->($start), "body of \"$word\" without braces");
    }

    $line = line_counter(\$text);

    while ($text =~ /\belse\b\s*(\S+)/g) {
        my ($start, $next) = ($-[0], $1);

        next if $next =~ /^\{/ || $next =~ /^if\b/;

        finding($line->($start), 'body of "else" without braces');
    }
}


# the position after the parenthesis that closes the one before $from

sub closing {
    my ($text, $from) = @_;

    my $depth = 1;

    pos($$text) = $from;

    while ($$text =~ /([()])/g) {
        $depth += $1 eq '(' ? 1 : -1;
        return pos $$text if $depth == 0;
    }

    return;
}


# a function that tells the line of a position; positions must not decrease

sub line_counter {
    my ($text) = @_;

    my ($line, $at) = (1, 0);

    return sub {
        my ($position) = @_;

        $line += substr($$text, $at, $position - $at) =~ tr/\n//;
        $at = $position;

        return $line;
    };
}


# what an allocation returns is kept, and the next use of it is a comparison
# with NULL

sub check_allocations {
    my ($plain) = @_;

    my $text = join "\n", @$plain;
    my $line = line_counter(\$text);

    while ($text =~ /$ALLOC/g) {
        my ($start, $open) = ($-[0], $+[0]);
        my $head = substr $text, $start > 400 ? $start - 400 : 0,
                          $start > 400 ? 400 : $start;

        $head =~ s/.*[;{}]//s;
        $head =~ s/\A(?:[ \t]*\n)*//;

        # a prototype or a definition begins in the first column
        next if $head =~ /\A[^\s]/ || $head eq '';

        # a value that is returned, or compared where it is made
        next if $head =~ /\breturn\b/ || $head =~ /\b(?:if|while) \(/;

        my $number = $line->($start);
        my $end = closing(\$text, $open);

        pos($text) = $open;

        my ($variable) = $head =~
            /([\w.>\[\]()*+-]+)[ ]=\s+(?:[^=;]*[?:]\s+)?
             (?:\([^()=]*\)[ ]?)?\z/x;

        if (!defined $variable) {
            finding($number, 'result of an allocation is not kept');
            next;
        }

        next if tested(\$text, $end, $variable);

        finding($number, "\"$variable\" is not compared with NULL"
            . ' after the allocation');
    }
}


sub tested {
    my ($text, $from, $variable) = @_;

    return 1 if !defined $from;

    my ($rest) = substr($$text, $from, 4000) =~ /\A(.*?)(?:\n\}|\z)/s;

    return 0 if $rest !~ /(?<![\w.>])\Q$variable\E(?!\w)(.*)/s;

    # in another branch of an "if" it is allocated in another way
    return $1 =~ /\A [!=]= NULL\b/ || $1 =~ /\A =\s+(?:\([^()=]*\) ?)?$ALLOC/;
}


sub check_opening {
    my ($name, $text) = @_;

    my ($head) = $text =~ m{\A\s*((?:/\*.*?\*/\s*)+)}s;

    if (!defined $head) {
        finding(1, 'no comment at the top: what the file is for, what it may'
            . ' know, which thread runs it');
        return;
    }

    if ($head !~ /\b(?:threads?|event\s+loop|configuration|runs?)\b/) {
        finding(1, 'the comment at the top does not say which thread runs'
            . ' the file');
    }

    my $words = () = $head =~ /[A-Za-z]{2,}/g;

    finding(1, 'the comment at the top does not say what the file is for')
        if $words < 12;
}


# includes go only downwards

sub check_rooms {
    my ($raw, $module, $room) = @_;

    $headers{$module} //= {
        map { basename($_) => dirname($_) =~ s{^\Q$module\E/?}{}r }
        glob "\"$module\"/{*,*/*}/*.h" };

    for my $n (1 .. @$raw) {
        my ($header) = $raw->[$n - 1] =~ /^\s*#\s*include\s*[<"]([^>"]+)/
            or next;
        my $other = $headers{$module}{ basename($header) };

        if (defined $other) {
            next if $other eq $room;

            finding($n, ($room eq '' ? 'the door' : "$room/")
                . " may not include <$header> of $other/")
                if !grep { $_ eq $other } @{ $ROOMS{$room} };
            next;
        }

        for my $rule (@OUTSIDE) {
            next if $header !~ $rule->[0];

            my ($pattern, @allowed) = @$rule;

            finding($n, "<$header> is for "
                . join(' ', map { $_ eq '' ? 'the door' : $_ } @allowed) . ' only')
                if !grep { $_ eq $room } @allowed;
            last;
        }
    }
}


1;
