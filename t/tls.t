# TLS towards Slack: whom we trust, and what the log says when we cannot: the
# cause, the workspace, the directive.

use strict;
use warnings;

use File::Temp qw(tempdir);

use lib 't/util';
use Test::Nginx::Socket;
use SlackFront;
use SlackServer;
use SlackTest;

our $Dir = tempdir(CLEANUP => 1);
our $Port = SlackServer::free_port();

SlackFront::openssl($Dir, "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Test CA' -keyout ca.key -out ca.pem");
SlackFront::openssl($Dir, "openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout key.pem -out signed.csr");
extensions('localhost.ext', 'DNS:localhost, IP:127.0.0.1');
extensions('other.ext', 'DNS:slack.example.com');
SlackFront::openssl($Dir, "openssl x509 -req -days 2 -in signed.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile $_.ext -out $_.pem") for qw(localhost other);

SlackFront::certificate($Dir, name => 'self');
SlackFront::certificate($Dir, name => 'expired', under => "faketime '2020-01-01 00:00:00'");
SlackFront::certificate($Dir, name => 'future', under => "faketime '2037-01-01 00:00:00'");

no_long_string();
plan 'no_plan';
run_tests();


sub extensions {
    my ($file, $names) = @_;

    open my $fh, '>', "$Dir/$file" or die;
    print {$fh} "subjectAltName=$names\n";
    close $fh or die;

    return;
}


# Slack behind TLS with this certificate.
sub front {
    my ($name, $more) = @_;

    return SlackFront::server($Dir, $Port, name => $name, more => $more);
}


sub hook {
    my ($host, $more) = @_;

    return sprintf <<'END', $host // '127.0.0.1', $Port, $more // '';
        webhook_url https://%s:%d/services/$SLACK_TEAM/B1/secret legacy;
        retry 60s 60s;
        connect_timeout 30s;
        %s
END
}

__DATA__

=== a certificate of a CA that trusted_certificate names
--- http_config eval: main::front('localhost')
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::hook(undef, "trusted_certificate $::Dir/ca.pem;")
--- hook
wiki_create.json
--- slack_like
^#dev as GitLab$
--- slack_wait: 1
--- no_error_log
[error]
[alert]



=== unknown certificate authority
--- http_config eval: main::front('localhost')
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::hook()
--- hook
wiki_create.json
--- log_like
\[warn\].*slack_workspace "acme", channel "#dev": certificate verify failed \(unknown certificate authority\); see trusted_certificate; attempt \d+ of message \d+, next in
--- no_error_log
[alert]



=== self-signed
--- http_config eval: main::front('self')
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::hook()
--- hook
wiki_create.json
--- log_like
slack_workspace "acme", channel "#dev": certificate verify failed \(self-signed certificate\); see trusted_certificate;
--- no_error_log
[alert]



=== self-signed, and trusted as it is
--- http_config eval: main::front('self')
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::hook(undef, "trusted_certificate $::Dir/self.pem;")
--- hook
wiki_create.json
--- slack_like
^#dev as GitLab$
--- slack_wait: 1
--- no_error_log
[error]
[alert]



=== ssl_verify off takes any
--- http_config eval: main::front('expired')
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::hook(undef, "ssl_verify off;")
--- hook
wiki_create.json
--- slack_like
^#dev as GitLab$
--- slack_wait: 1
--- no_error_log
[error]
[alert]



=== expired
--- http_config eval: main::front('expired')
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::hook(undef, "trusted_certificate $::Dir/expired.pem;")
--- hook
wiki_create.json
--- log_like
slack_workspace "acme", channel "#dev": certificate verify failed \(certificate has expired\); it must be renewed; check the clock of this machine too;
--- no_error_log
[alert]



=== not yet valid
--- http_config eval: main::front('future')
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::hook(undef, "trusted_certificate $::Dir/future.pem;")
--- hook
wiki_create.json
--- log_like
certificate verify failed \(certificate is not yet valid\); check the clock of this machine;
--- no_error_log
[alert]



=== for another host
--- http_config eval: main::front('other')
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::hook(undef, "trusted_certificate $::Dir/ca.pem;")
--- hook
wiki_create.json
--- log_like
certificate verify failed \(certificate is for another host\); check webhook_url and proxy;
--- no_error_log
[alert]



=== the name is sent (SNI): a server of another name has another certificate
--- http_config eval
main::front('other', 'server_name slack.example.com;') . main::front('localhost', 'server_name localhost;')
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::hook('localhost', "trusted_certificate $::Dir/ca.pem;")
--- hook
wiki_create.json
--- slack_like
^#dev as GitLab$
--- slack_wait: 1
--- no_error_log
[error]
[alert]



=== an old protocol only
--- http_config eval: main::front('localhost', 'ssl_protocols TLSv1.1; ssl_ciphers DEFAULT@SECLEVEL=0;')
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval: main::hook(undef, "trusted_certificate $::Dir/ca.pem;")
--- hook
wiki_create.json
--- log_like
slack_workspace "acme", channel "#dev": TLS handshake failed \(.*(?:protocol|legacy).*\); the other side may speak an old TLS only;
--- no_error_log
[alert]



=== no TLS at all
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- workspace eval
(my $url = SlackTest::url()) =~ s/^http:/https:/; "        webhook_url $url/services/\$SLACK_TEAM/B1/secret legacy;\n        retry 60s 60s;\n        connect_timeout 30s;\n"
--- hook
wiki_create.json
--- log_like
TLS handshake failed \(wrong version number\); the other side does not speak TLS there, check webhook_url and proxy;
--- no_error_log
[alert]
