# Requests from Slack: slack_signing_secret lets through to the upstream only
# what Slack has signed, as it came.

use strict;
use warnings;

use lib 't/util';

use Test::Nginx::Socket;
use SlackTest;
use SlackClient;
use SlackGuard;
use SlackSign;
use SlackUpstream;

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== no way around it: redirects, error pages, rewrites
--- config
    location = /slack {
        slack_signing_secret $TEST_NGINX_KEY;
        error_page 401 = /upstream;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /named {
        slack_signing_secret $TEST_NGINX_KEY;
        error_page 401 = @upstream;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location @upstream {
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /upstream {
        internal;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /rewritten {
        slack_signing_secret $TEST_NGINX_KEY;
        rewrite ^ /upstream last;
    }

    location = /back {
        rewrite ^ /slack last;
    }

    location = /two {
        slack_signing_secret $TEST_NGINX_NEW;
        rewrite ^ /slack last;
    }

    location = /tried {
        slack_signing_secret $TEST_NGINX_KEY;
        try_files /none @again;
    }

    location @again {
        slack_signing_secret $TEST_NGINX_KEY;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /friendly {
        slack_signing_secret $TEST_NGINX_KEY;
        error_page 401 =200 @said;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location @said {
        return 200 "who are you\n";
    }

    location = /down {
        slack_signing_secret $TEST_NGINX_KEY;
        error_page 502 504 =200 @later;
        proxy_pass http://127.0.0.1:1;
    }

    location @later {
        default_type application/json;
        return 200 '{"response_type":"ephemeral","text":"GitLab does not answer"}';
    }

    location = /after {
        slack_signing_secret $TEST_NGINX_KEY;
        post_action /upstream;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }
--- client eval
sub {
    my @signed = SlackSign::slack($::Key, $::Body);

    my @rows = (
        [ 200, 401, '/slack' ],
        [ 200, 401, '/named' ],
        [ 200, 401, '/rewritten' ],
        [ 200, 401, '/back' ],
        [ 401, 401, '/two' ],
        [ 200, 401, '/tried' ],
        [ 200, 401, '/after' ],
    );

    for my $row (@rows) {
        my ($signed, $unsigned, $uri) = @$row;

        ::is(::asked($uri, $::Body, @signed), $signed, "$uri, signed");
        ::is(::asked($uri, $::Body), $unsigned, "$uri, not signed");
        ::unlike(::told($uri, $::Body), qr/^POST/, "$uri, not signed: the upstream is not asked");
    }

    ::is(::told('/friendly', $::Body), "who are you\n", 'a friendly refusal');
    ::like(::told('/down', $::Body, @signed), qr/"text":"GitLab does not answer"/, 'a friendly error');
    ::is(::asked('/down', $::Body), 401, 'only for Slack');
}
--- no_error_log
[alert]
[crit]



=== subrequests
--- config
    location = /slack {
        slack_signing_secret $TEST_NGINX_KEY;
        mirror /mirror;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /mirror {
        internal;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /asks {
        auth_request /guarded;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /guarded {
        slack_signing_secret $TEST_NGINX_KEY;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }
--- client eval
sub {
    my @signed = SlackSign::slack($::Key, $::Body);

    ::is(::told('/slack', $::Body, @signed), SlackUpstream::answer('POST', '/slack', $::Body), 'mirrored');
    ::is(::asked('/slack', $::Body), 401, 'not signed');
    ::is(::asked('/asks', $::Body, @signed), 401, 'a subrequest has no body to check');
    ::is(::asked('/guarded', $::Body, @signed), 200, 'the same location asked itself');
}
--- no_error_log
[alert]
[crit]



=== bodies that do not arrive
--- config
    client_body_timeout 1s;

    location = /slack {
        client_max_body_size 1k;
        slack_signing_secret $TEST_NGINX_KEY;
        error_page 400 408 413 /upstream;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /upstream {
        client_max_body_size 1k;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /slack/page {
        client_max_body_size 1k;
        slack_signing_secret $TEST_NGINX_KEY;
        error_page 400 408 413 /slack/error;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }

    location = /slack/error {
        client_max_body_size 1k;
        slack_signing_secret $TEST_NGINX_KEY;
        proxy_pass $TEST_NGINX_UPSTREAM;
    }
--- client eval
sub {
    for my $uri ('/slack', '/slack/page') {
        my $large = 'a' x 3000;

        ::unlike(::told($uri, SlackClient::chunked($large, 1000), SlackSign::slack($::Key, $large), 'Transfer-Encoding: chunked'),
            qr/^POST/m, "$uri: too large, the upstream is not asked");
        ::unlike(::told($uri, "zz\r\n", SlackSign::slack($::Key, ''), 'Transfer-Encoding: chunked'),
            qr/^POST/m, "$uri: no chunk");
        ::unlike(::told($uri, "5\r\nabc", SlackSign::slack($::Key, 'abc'), 'Transfer-Encoding: chunked'),
            qr/^POST/m, "$uri: it stops");
    }

    ::is(::asked('/slack', $::Body, SlackSign::slack($::Key, $::Body)), 200, 'the next one goes on');
}
--- no_error_log
[alert]
[crit]
