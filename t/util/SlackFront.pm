package SlackFront;

# TLS before the stand-in for Slack: nginx as its front, and certificates.

use strict;
use warnings;


# One of openssl's commands, in a directory.
sub openssl {
    my ($dir, $command) = @_;

    my $said = `cd '$dir' && $command 2>&1`;

    die "$command failed\n$said" if $? != 0;

    return;
}


# NAME.pem, self-signed, and key.pem, which is made once.  "under": a command
# to run openssl under.
sub certificate {
    my ($dir, %option) = @_;

    my $name  = $option{name}  // 'cert';
    my $under = $option{under} // '';
    my $key   = -e "$dir/key.pem" ? '-key key.pem' : '-newkey rsa:2048 -nodes -keyout key.pem';

    openssl($dir, "$under openssl req -x509 $key -days 2 -subj /CN=127.0.0.1"
        . " -addext subjectAltName=IP:127.0.0.1 -out $name.pem");

    return;
}


# The block "server" for http_config: NAME.pem of the directory at the port, and
# "more" in the block.
sub server {
    my ($dir, $port, %option) = @_;

    my $name   = $option{name}   // 'cert';
    my $listen = $option{listen} // 'ssl';
    my $more   = $option{more}   // '';

    return <<"END";
    server {
        listen 127.0.0.1:$port $listen;
        ssl_certificate $dir/$name.pem;
        ssl_certificate_key $dir/key.pem;
        $more

        location / {
            proxy_pass \$SLACK;
        }
    }
END
}


1;
