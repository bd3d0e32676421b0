# Words that notify people: what the operator writes does, what a sender sends
# does not, however it gets there.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

use JSON::PP ();

# An issue that somebody closes, with any attributes.
sub issue {
    my (%attributes) = @_;

    my $body = JSON::PP->new->ascii->canonical->encode({
        object_kind       => 'issue',
        user              => { name => 'Mira', username => $attributes{username} // 'mira' },
        project           => { path_with_namespace => 'acme/rocket' },
        object_attributes => {
            iid    => 7,
            action => 'close',
            title  => 'Title',
            url    => 'https://gitlab.example.com/-/issues/7',
            %attributes
        },
    });

    return "POST /hook\n$body";
}

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== in front of the message, in each format, and of a template
--- http_config
    map $slack_event $oncall { issue "<!subteam^S024BE7LH>"; default ""; }
--- config
    location = /hook {
        slack_route acme {
            events  issue push;
            mention "$oncall";
            channel full;
        }

        slack_route acme {
            events  issue pipeline:failed;
            mention "<!here>";
            format  compact;
            channel compact;
        }

        slack_route acme {
            events  issue;
            mention "<@U024BE7LH>, R&D:";
            format  card;
            channel card;
        }

        slack_route acme {
            events  issue;
            mention "<!channel>";
            message issue "$slack_action";
            channel words;
        }

        slack_route acme {
            events  pipeline:failed;
            mention "<!here>";
            channel pipeline;
        }
    }
--- hook
issue_open.json
push.json
pipeline_failed.json
--- slack_like
#full as GitLab\n\[#C95823\] pretext: <!subteam\^S024BE7LH> .*opened by .*\n
#full as GitLab\n\[#334455\] pretext: Mira Okafor
#compact as GitLab\n\[#C95823\] pretext: <!here>\n  text: Opened ·
#compact as GitLab\n\[danger\] pretext: <!here>\n  text: Failed ·
#card as GitLab\n\[#C95823\] pretext: <@U024BE7LH>, R&amp;D:\n  title: Open ·
#words as GitLab\n\[#C95823\] pretext: <!channel>\n  text: open\n  fallback: open\n
#pipeline as GitLab\n\[danger\] pretext: <!here>\n
--- slack_wait
7
--- no_error_log
[error]
[alert]



=== what a sender sends rings for nobody, also through maps that were looked at before
--- http_config
    map $slack_title $title   { default $slack_title; }
    map $slack_title $at      { default "<@$slack_user>"; }
    map $slack_title $bang    { default "<!$slack_json_object_attributes__state>"; }
    map $slack_title $nested  { default "$title"; }
    map $slack_title $group   { "~nothing" S024BE7LH; default $slack_user; }
    map $slack_title $yes     { default "<!here>"; }
    map $slack_title $broken  { default "<!channel <@U024BE7LH"; }
--- config
    location = /hook {
        slack_route acme if=$title$at$bang$nested {
            events  issue;
            mention "$title|$at|$bang|$nested|<@$group>|$broken|$yes";
            message issue "$title $at";
        }
    }
--- request eval
[main::issue(title => '<!channel>', username => 'U024BE7LH', state => 'everyone'),
 'GET /_slack/_received.txt?wait=1&timeout=10']
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200]
--- response_body_like eval
my $mention = '&lt;!channel&gt;|&lt;@U024BE7LH&gt;|&lt;!everyone&gt;|&lt;!channel&gt;|U024BE7LH|&lt;!channel &lt;@U024BE7LH|<!here>';
['queued', 'pretext: ' . quotemeta($mention) . '\n  text: &lt;!channel&gt; &lt;@U024BE7LH&gt;\n']
--- no_error_log
[error]
[alert]



=== afterwards variables are what they were
--- http_config
    map $slack_title $title { default $slack_title; }
    log_format slack 'T=$title S=$slack_title B=$before.';
    access_log logs/access.log slack;
--- config
    location = /hook {
        set $before "kept";
        slack_route acme {
            events  issue;
            mention "$title $before";
        }
    }
--- request eval
[main::issue(title => 'a <b> & c'), 'GET /_slack/_received.txt?wait=1&timeout=10']
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200]
--- response_body_like eval
['queued', 'pretext: a &lt;b&gt; &amp; c kept \[acme/rocket\] Issue <']
--- access_log eval
qr/T=a <b> & c S=a <b> & c B=kept\./
--- no_error_log
[error]
[alert]



=== several events of a request: each has its own
--- http_config
    map $slack_title $who { default "$slack_title"; one "<@U024BE7LH>"; two "<@U024BE7L2>"; }
--- config
    location = /hook {
        slack_source alertmanager;
        slack_route acme {
            events  alert;
            mention $who;
            format  compact;
        }
    }
--- request eval
[(map { my $name = $_; "POST /hook\n" . JSON::PP->new->canonical->encode({ version => '4', groupKey => $name, status => 'firing',
    receiver => 'r', groupLabels => {}, commonLabels => {}, commonAnnotations => {}, externalURL => 'http://a.test', alerts => [
    { status => 'firing', labels => { alertname => $name }, annotations => {}, startsAt => '2026-01-01T00:00:00Z',
      fingerprint => $name } ] }) } qw(one two three)),
 'GET /_slack/_received.txt?wait=3&timeout=10']
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 202, 202, 200]
--- response_body_like eval
[('queued') x 3, '(?s)pretext: <@U024BE7LH>\n.*pretext: <@U024BE7L2>\n.*pretext: three\n']
--- no_error_log
[error]
[alert]



=== a long one is cut, and what is not there is not
--- http_config
    map $slack_title $long { default $slack_title; none ""; }
--- config
    location = /hook {
        slack_route acme {
            events  issue;
            mention "$long";
        }
    }
--- request eval
[main::issue(title => '<' x 250), main::issue(title => 'none'), 'GET /_slack/_received.txt?wait=2&timeout=10']
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 202, 200]
--- response_body_like eval
['queued', 'queued', '(?s)pretext: (?:&lt;){124}\S+ \[acme/rocket\] Issue <.*pretext: \[acme/rocket\] Issue <']
--- no_error_log
[error]
[alert]



=== Mattermost
--- workspace
        webhook_url $SLACK_HOOK;
        receiver    mattermost;
        channel     town-square;
        rate        1000r/s burst=100;
--- http_config
    map $slack_title $title { default $slack_title; }
--- config
    location = /hook {
        slack_route acme {
            events  issue;
            mention "@here $title";
        }
    }
--- request eval
[main::issue(title => '@channel'), 'GET /_slack/_received.txt?wait=1&timeout=10']
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200]
--- response_body_like eval
['queued', 'pretext: @here @\\\\x\{200B\}channel \[acme/rocket\] Issue <']
--- no_error_log
[error]
[alert]
