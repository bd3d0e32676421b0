# How a slack_workspace reaches Slack: trusted_certificate, ssl_verify, proxy.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $DIR    = SlackConf::dir();
my $NEEDED = 'a file with the certificates of CAs to trust is needed: stat()';
my $ABSENT = 'failed (2: No such file or directory)';
my $WRITE  = 'no certificate in PEM, write those of the CAs to trust into it: "-----BEGIN CERTIFICATE-----" and what follows';
my $SCHEME = '"proxy" directive has a URL that is neither http nor https, write "http://HOST:PORT"';

SlackConf::file('cut.pem', <<'PEM');
-----BEGIN CERTIFICATE-----
MIIBszCCAVmgAwIBAgIUQw
-----END CERTIFICATE-----
PEM

SlackConf::file('text.pem', "not a certificate\n");

refused(
    { in => 'workspace' },

    arguments('trusted_certificate;', 'trusted_certificate a b;', 'ssl_verify;', 'ssl_verify on off;'),
    arguments('proxy;', 'proxy http://a http://b;'),

    duplicate(
        map { "$_;\n$_;" } 'trusted_certificate /etc/ssl/certs/ca-certificates.crt', 'ssl_verify on',
            'proxy http://127.0.0.1:3128'
    ),

    # trusted_certificate
    [ 'trusted_certificate /nowhere/ca.pem;' => "$NEEDED \"/nowhere/ca.pem\" $ABSENT" ],
    [ 'trusted_certificate nowhere.pem;'     => "$NEEDED \"$DIR/conf/nowhere.pem\" $ABSENT" ],
    [ 'trusted_certificate /etc/passwd;' => "\"/etc/passwd\" has $WRITE" ],
    [ 'trusted_certificate /etc;'        => '"/etc" is no file, write all certificates into one' ],
    [ 'trusted_certificate text.pem;'    => "\"$DIR/conf/text.pem\" has $WRITE" ],
    [ 'trusted_certificate cut.pem;'     => "\"$DIR/conf/cut.pem\" has something that is $WRITE" ],

    # ssl_verify
    (
        map { [ "ssl_verify $_;" => "invalid value \"$_\" in \"ssl_verify\" directive, it must be \"on\" or \"off\"" ] }
            qw(yes maybe)
    ),

    # proxy
    same($SCHEME, map { "proxy $_;" } 'proxy.example:3128', 'socks5://proxy.example:1080', 'socks5://127.0.0.1'),
    same('no host in the URL of "proxy"', 'proxy http://;', 'proxy http://user:pass@;'),
    [ 'proxy http://user:pass@proxy:port;' => 'invalid port in the URL of "proxy"' ],
);

done_testing();
