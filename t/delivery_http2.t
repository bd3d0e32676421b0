use strict;
use warnings;

use File::Temp qw(tempdir);

use lib 't/util';
use Test::Nginx::Socket;
use SlackFront;
use SlackServer;
use SlackTest;

# a Slack that speaks HTTP/2: nginx before the stand-in

our $dir = tempdir(CLEANUP => 1);
our $port = SlackServer::free_port();

SlackFront::certificate($dir);

plan 'no_plan';
run_tests();


sub front {
    return SlackFront::server($dir, $port, listen => 'ssl http2', more => 'access_log logs/front.log;'
        . ' proxy_http_version 1.1; proxy_set_header Connection "";');
}


sub workspace {
    my ($name, $bid) = @_;

    return <<"END";
    slack_workspace $name {
        webhook_url https://127.0.0.1:$port/services/\$SLACK_TEAM/$bid/secret legacy;
        trusted_certificate $dir/cert.pem;
        coalesce 1;
        rate 1000r/s burst=100;
    }
END
}


__DATA__

=== a webhook after another, while a request to that is under way
--- http_config eval
::front() . ::workspace('acme', 'B0ACME') . ::workspace('beta', 'B0BETA')
--- config
    location = /slow {
        slack_notify acme slow;
    }

    location = /swift {
        slack_notify acme swift;
    }

    location = /other {
        slack_notify beta other;
    }
--- faults
["slow:4"]
--- request eval
my $body = SlackTest::payload('wiki_create.json');

["POST /slow\n$body",
 "GET /_slack/_requests.txt?wait=1&timeout=10",
 "POST /swift\n$body",
 "GET /_slack/_received.txt?wait=1&timeout=10",
 "POST /other\n$body",
 "GET /_slack/_received.txt?wait=2&timeout=10",
 "GET /_slack/_received.txt?wait=3&timeout=10"]
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200, 202, 200, 202, 200, 200]
--- response_body_like eval
[qr/queued/, qr//, qr/queued/, qr/#swift/, qr/queued/, qr/#other/, qr/#slow/]
--- timeout: 30s
--- no_error_log
[error]
[alert]
