package SlackStandin::Strict;

# A JSON reader that refuses what a lenient one lets pass: malformed UTF-8, lone
# surrogates, NUL, raw control characters, keys given twice, anything after the
# value.  A message that only some readers understand is a message Slack may refuse.

use strict;
use warnings;

use Encode    ();
use Exporter  qw(import);
use Mojo::JSON ();

our @EXPORT_OK = qw(decode_strict decode_utf8_strict);

use constant MAX_DEPTH => 64;

my %ESCAPE = (
    '"'  => '"',
    '\\' => '\\',
    '/'  => '/',
    b    => "\b",
    f    => "\f",
    n    => "\n",
    r    => "\r",
    t    => "\t",
);


# Bytes in, characters out; dies with a reason that ends in a newline.
sub decode_utf8_strict {
    my ($bytes) = @_;

    my $copy = $bytes;
    my $text = eval { Encode::decode('UTF-8', $copy, Encode::FB_CROAK) };

    die "not valid UTF-8\n" if !defined $text;

    return $text;
}


# Bytes of one JSON text in, Perl data out; dies with a reason that ends in a newline.
sub decode_strict {
    my ($bytes) = @_;

    local $_ = decode_utf8_strict($bytes);

    my $value = _value(0);

    m/\G[ \t\r\n]*/gc;
    _fail('something after the JSON value') if pos() < length;

    return $value;
}


sub _fail {
    my ($reason) = @_;

    die sprintf "%s at character %d\n", $reason, pos() // 0;
}


sub _value {
    my ($depth) = @_;

    m/\G[ \t\r\n]*/gc;

    return _object($depth) if m/\G\{/gc;
    return _array($depth)  if m/\G\[/gc;
    return _string()       if m/\G"/gc;

    return 0 + $1 if m/\G(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)/gc;

    return Mojo::JSON->true  if m/\Gtrue\b/gc;
    return Mojo::JSON->false if m/\Gfalse\b/gc;
    return undef             if m/\Gnull\b/gc;

    return _fail('no JSON value');
}


sub _object {
    my ($depth) = @_;

    my %object;

    _fail('nested too deeply') if $depth >= MAX_DEPTH;

    return \%object if m/\G[ \t\r\n]*\}/gc;

    while (1) {
        m/\G[ \t\r\n]*"/gc or _fail('no key');
        my $key = _string();

        _fail("key \"$key\" twice") if exists $object{$key};

        m/\G[ \t\r\n]*:/gc or _fail('no colon');
        $object{$key} = _value($depth + 1);

        next if m/\G[ \t\r\n]*,/gc;
        last if m/\G[ \t\r\n]*\}/gc;
        _fail('neither comma nor brace');
    }

    return \%object;
}


sub _array {
    my ($depth) = @_;

    my @array;

    _fail('nested too deeply') if $depth >= MAX_DEPTH;

    return \@array if m/\G[ \t\r\n]*\]/gc;

    while (1) {
        push @array, _value($depth + 1);

        next if m/\G[ \t\r\n]*,/gc;
        last if m/\G[ \t\r\n]*\]/gc;
        _fail('neither comma nor bracket');
    }

    return \@array;
}


sub _string {
    my $string = '';

    while (1) {
        $string .= $1 if m/\G([^"\\\x00-\x1f]+)/gc;

        last if m/\G"/gc;

        if (m{\G\\(["\\/bfnrt])}gc) {
            $string .= $ESCAPE{$1};
        }

        elsif (m/\G\\u([0-9a-fA-F]{4})/gc) {
            $string .= _unicode(hex $1);
        }

        else {
            _fail(pos() < length ? 'bad escape or control character in a string'
                                 : 'string without an end');
        }
    }

    return $string;
}


sub _unicode {
    my ($code) = @_;

    _fail('NUL in a string') if $code == 0;

    if ($code >= 0xd800 && $code <= 0xdbff) {
        m/\G\\u([dD][c-fC-F][0-9a-fA-F]{2})/gc or _fail('lone surrogate');
        return chr(0x10000 + (($code - 0xd800) << 10) + (hex($1) - 0xdc00));
    }

    _fail('lone surrogate') if $code >= 0xdc00 && $code <= 0xdfff;

    return chr $code;
}


1;
