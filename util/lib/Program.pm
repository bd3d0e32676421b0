package Program;

# Compiles a C program of t/ against nginx's headers, without nginx: a comment
# in the program names the sources of the module it wants and what to link,
#
#     /* fuzz: http/ngx_slack_form.c message/ libs: -lyajl */
#
# A folder means all its sources, which are compiled as one, as nginx's headers
# take most of the time; t/unit/shim.c stands for nginx core.  Objects are kept
# in build/programs/, by what the compiler is told, and programs share them: a
# directory of the tests is told only to a source of the tests, a macro only to a
# source that names it.

use strict;
use warnings;

use Cwd qw(abs_path);
use Digest::MD5 qw(md5_hex);
use File::Basename qw(basename dirname);
use File::Path qw(make_path);

my $ROOT   = abs_path(dirname(__FILE__) . '/../..');
my $SOURCE = "$ROOT/ngx_slack_notify_module";
my $NGINX  = $ENV{NGINX_SRC} || '/usr/share/nginx/src';

my @WARN = qw(-Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
              -Wno-unused-parameter -Werror);


# Options: kind (the word of the comment), dir (for what is made), cc, cflags,
# macros (name => value), more (further sources), include (further directories).
sub new {
    my ($class, %self) = @_;

    die "there are no nginx headers in $NGINX; run util/setup\n"
        if !-f "$NGINX/src/core/nginx.h";

    my $self = bless { more => [], include => [], macros => {}, %self }, $class;

    make_path($self->{dir});

    $self->{compile} = [ $self->{cc}, '-g', '-O1', @WARN, @{ $self->{cflags} },
        $self->_includes ];

    return $self;
}


# The programs of a directory that have such a comment.
sub all {
    my ($self, $dir) = @_;

    return map { basename($_, '.c') } grep { $self->_wanted($_) } sort glob "$dir/*.c";
}


# The path of the program made of a file; dies with the compiler's words.
sub make {
    my ($self, $file) = @_;

    my $wanted  = $self->_wanted($file) or die "$file names no sources\n";
    my $program = "$self->{dir}/" . basename($file, '.c');

    my @objects = map { $self->_object($_) }
        (map { m{/\z} ? $self->_room($_) : "$SOURCE/$_" } @{ $wanted->{sources} }),
        "$ROOT/t/unit/shim.c", @{ $self->{more} }, $file;

    $self->_run($self->{cc}, @{ $self->{cflags} }, '-pthread', '-o', $program, @objects,
        @{ $wanted->{libs} });

    return $program;
}


sub _wanted {
    my ($self, $file) = @_;

    _text($file) =~ m{/\*[\s*]*$self->{kind}:(.*?)\*/}s or return undef;

    my ($sources, $libs) = split /\blibs:/, $1, 2;

    return {
        sources => [ grep { $_ ne '*' } split ' ', $sources ],
        libs    => [ grep { $_ ne '*' } split ' ', $libs // '' ],
    };
}


# A source that includes all of a folder, written anew if they are others now.
sub _room {
    my ($self, $name) = @_;

    my $file = "$ROOT/build/programs/" . $name =~ s{/\z}{.c}r =~ s{/}{_}gr;
    my $text = join '', map { qq{#include "$_"\n} } sort glob "$SOURCE/$name*.c";

    return $file if -f $file && _text($file) eq $text;

    make_path(dirname($file));

    open my $fh, '>', "$file.$$" or die "cannot write $file.$$: $!\n";
    print $fh $text;
    close $fh or die "cannot write $file.$$: $!\n";

    rename "$file.$$", $file or die "cannot rename $file.$$: $!\n";

    return $file;
}


# Compiled once, and again when its source or a header that it includes is
# newer.  Two tests may compile the same one at once.
sub _object {
    my ($self, $source) = @_;

    my @compile = (@{ $self->{compile} }, $self->_own($source));
    my $objects = "$ROOT/build/programs/" . md5_hex("@compile");

    my $name = $source =~ s{^\Q$ROOT\E/}{}r;
    $name =~ s{[^\w.]}{_}g;

    my $object = "$objects/$name.o";

    return $object if _is_fresh($object);

    make_path($objects);

    $self->_run(@compile, '-c', '-MMD', '-MF', "$object.$$.d", '-o', "$object.$$",
        $source);

    for my $made ([ "$object.$$.d", "$object.d" ], [ "$object.$$", $object ]) {
        rename $made->[0], $made->[1] or die "cannot rename $made->[0]: $!\n";
    }

    return $object;
}


# What is told of one source alone.
sub _own {
    my ($self, $source) = @_;

    my @own;

    my $text = _text($source);

    # of a room
    $text .= join '', map { _text($_) } $text =~ m/^#include "(\Q$SOURCE\E[^"]+\.c)"/mg;

    for my $macro (sort keys %{ $self->{macros} }) {
        push @own, "-D$macro=$self->{macros}{$macro}"
            if $text =~ m/\b$macro\b/;
    }

    push @own, map { ('-I', $_) } @{ $self->{include} }
        if $source =~ m{^\Q$ROOT\E/t/};

    return @own;
}


sub _text {
    my ($file) = @_;

    open my $fh, '<', $file or die "cannot read $file: $!\n";
    my $text = do { local $/; <$fh> };
    close $fh;

    return $text;
}


sub _is_fresh {
    my ($object) = @_;

    my $made = (stat $object)[9] // return 0;

    open my $fh, '<', "$object.d" or return 0;
    my $text = do { local $/; <$fh> };
    close $fh;

    my (undef, @files) = split ' ', $text =~ s/\\\n//gr;

    for my $file (@files) {
        my $changed = (stat $file)[9] // return 0;
        return 0 if $changed >= $made;
    }

    return 1;
}


sub _includes {
    my ($self) = @_;

    my ($objs) = map { dirname($_) }
                 grep { -f $_ } glob "$ROOT/build/{,*/}ngx_auto_config.h";

    $objs //= $self->_configure;

    return (
        (map { ('-isystem', "$NGINX/src/$_") }
             qw(core event event/modules event/quic os/unix http http/modules
                http/v2 http/v3)),
        '-I', $objs,
        (split ' ', `pkg-config --cflags libpq`),
        map { ('-I', $_) } grep { -d $_ } glob "$SOURCE/{*,outbox/*}",
    );
}


# nginx's generated headers, when the module was not built here.
sub _configure {
    my ($self) = @_;

    my $script = 'cd "$1" && . ./conf_flags && '
        . './configure "${NGX_CONF_FLAGS[@]}" --builddir="$2"';

    $self->_run('bash', '-c', $script, 'bash', $NGINX, "$self->{dir}/objs");

    return "$self->{dir}/objs";
}


sub _run {
    my ($self, @command) = @_;

    my $pid = open(my $out, '-|') // die "cannot fork: $!\n";

    if ($pid == 0) {
        open STDERR, '>&', \*STDOUT or die "cannot redirect: $!\n";
        exec { $command[0] } @command;
        die "cannot run $command[0]: $!\n";
    }

    my $said = do { local $/; <$out> } // '';
    close $out;

    die "$said\n@command\nfailed\n" if $? != 0;

    return;
}


1;
