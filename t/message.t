# Words of the operator: which template an event gets, what becomes of its
# variables, and that neither payloads nor maps can do anything with them.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackProof qw(until_true);
use SlackTest;
use SlackStatus ();
use SlackThread qw(requests_of settled shown tell);

use JSON::PP ();

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

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

# all that the attachments of a channel show
sub texts_of {
    my ($channel) = @_;

    return map { join "\n", map { $_->{text} // '' } @{ $_->{payload}{attachments} } }
        grep { ($_->{channel} // '') eq $channel } @{ SlackProof::ask('/_received') };
}

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== the first that fits, in each format; what has none is as always
--- config
    location = /hook {
        slack_route acme {
            events  issue:open,close,update push;
            message issue:close,update "closed: $slack_title";
            message push issue:open "<$slack_url|$slack_event $slack_action> by *${slack_user}* & co.";
            message issue "never for open or close";
            channel full;
        }

        slack_route acme {
            events  issue;
            format  compact;
            message issue:open "compact\n$slack_project";
            channel compact;
        }

        slack_route acme {
            events  issue;
            format  card;
            message issue:open "card of <@U024BE7LH>";
            channel card;
        }

        slack_route acme {
            events  issue merge_request;
            message issue "";
            message merge_request "$arg_nothing";
            format  compact;
            channel empty;
        }
    }
--- hook
issue_open.json
issue_close.json
merge_request_open.json
--- slack_like
#full as GitLab\n\[#C95823\]\n  text: <https://gitlab.example.com/acme/rocket/-/issues/118\|issue open> by \*mokafor\* &amp; co\.\n  fallback: issue open by \*mokafor\* &amp; co\.\n
#full as GitLab\n\[#6F42C1\]\n  text: closed: Countdown stops at T-40 s\n  fallback: closed: Countdown stops at T-40 s\n
#compact as GitLab\n\[#C95823\]\n  text: compact\\nacme/rocket\n
#compact as GitLab\n\[#6F42C1\]\n  text: Closed · <\S+\|Issue #118
#card as GitLab\n\[#C95823\]\n  text: card of <@U024BE7LH>\n  fallback: card of \n
#card as GitLab\n\[#6F42C1\]\n  title: Closed · Issue #118
#empty as GitLab\n\[#C95823\]\n  text: Opened · <\S+\|Issue #118
#empty as GitLab\n\[good\]\n  text: Opened · <\S+\|!42
--- slack_wait
9
--- no_error_log
[error]
[alert]



=== neither a title nor a map rings, or breaks a link
--- http_config
    map $slack_user $who   { default $slack_title; }
    map $slack_user $group { default "S024BE7LH>|x"; }
    map $slack_user $all   { default "<!channel>"; }
    map $slack_user $jane  { mira U024BE7LH; default $slack_user; }
--- config
    location = /hook {
        slack_route acme {
            events  issue;
            message issue "<@$who> <@$jane> <!subteam^$group> $all <#$who> $slack_title <$slack_title|$who> <https://x.test/$who|$all> <!here>";
        }
    }
--- request eval
[main::issue(title => '<!channel>'), main::issue(title => '<@U024BE7LH>|x', username => 'U024BE7LH>'),
 'GET /_slack/_received.txt?wait=2&timeout=10']
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 202, 200]
--- response_body_like eval
my $one = '&lt;!channel&gt; <@U024BE7LH> S024BE7LH&gt;|x &lt;!channel&gt; &lt;!channel&gt; &lt;!channel&gt; &lt;!channel&gt; <https://x.test/%3C%21channel%3E|&lt;!channel&gt;> <!here>';
my $two = '&lt;@U024BE7LH&gt;|x U024BE7LH&gt; S024BE7LH&gt;|x &lt;!channel&gt; &lt;@U024BE7LH&gt;|x &lt;@U024BE7LH&gt;|x &lt;@U024BE7LH&gt;|x <https://x.test/%3C%40U024BE7LH%3E%7Cx|&lt;!channel&gt;> <!here>';
['queued', 'queued', '(?s)\n  text: ' . quotemeta($one) . '\n.*\n  text: ' . quotemeta($two) . '\n']
--- no_error_log
[error]
[alert]



=== a value of 1 MB, of any variable, in every place
--- http_config
    client_max_body_size 4m;
--- config
    location = /hook {
        client_body_buffer_size 4m;
        slack_route acme {
            events  issue;
            message issue "$slack_title <https://x.test/$slack_title|$slack_description> $request_body <@$request_body> <https://x.test|the end>";
        }
    }
--- request eval
[main::issue(title => '<&' x 500_000, description => "<!here>\n" x 10_000), 'GET /_slack/_received?wait=1&timeout=10']
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200]
--- response_body_like eval
['queued', '"text":"(?:&lt;&amp;)+']
--- response_body_unlike eval
['rejected', '<!']
--- no_error_log
[error]
[alert]



=== the lists, each on lines where it is worth it
--- config
    location = /hook {
        slack_route acme {
            events  push merge_request pipeline;
            message push          "$slack_branch:\n$slack_commits";
            message merge_request "$slack_assignees; $slack_reviewers; $slack_labels; $slack_description";
            message pipeline      "$slack_failed_jobs in <$slack_json_object_attributes__url|#$slack_json_object_attributes__id>";
        }
    }
--- hook
push.json
merge_request_open.json
pipeline_failed.json
--- slack_like
text: main:\\n7c23b3d2 Retry .* - Tomasz Lind\\nf38135a4 Show .* m/s &amp; knots - Yuki Hartmann\\n6d909b36 Merge
text: Tomasz Lind; Priya Vance; Bug; The gauge .*\\n\\nCloses #118
text: lint &amp; spell \(allowed to fail\), rspec 2/2, bench &lt;cold&gt; in <https://gitlab\.example\.com/\S+\|#9302>
--- slack_wait
3
--- no_error_log
[error]
[alert]



=== the lists as variables: in a log, a map and if=, on one line
--- http_config
    log_format slack 'C=$slack_commits A=$slack_assignees R=$slack_reviewers L=$slack_labels D=$slack_description J=$slack_failed_jobs.';
    access_log logs/access.log slack;
    map $slack_labels $bug { "~Bug" 1; default 0; }
--- config
    location = /hook {
        slack_notify acme "if=$bug";
    }
--- hook
merge_request_open.json      => 202 queued merge_request
issue_confidential_open.json => 200
--- access_log eval
qr/C=- A=Tomasz Lind R=Priya Vance L=Bug D=\S[^\n]+ J=-\.\n/
--- no_error_log
[error]
[alert]



=== several events of one request: each has its own values, also in maps
--- http_config
    map $slack_title $name { default "[$slack_title]"; }
--- config
    location = /hook {
        slack_source alertmanager;
        slack_route acme {
            events  alert;
            message alert "$name $slack_action";
        }
    }
--- request eval
["POST /hook\n" . JSON::PP->new->canonical->encode({ version => '4', groupKey => 'g', status => 'firing', receiver => 'r',
    groupLabels => {}, commonLabels => {}, commonAnnotations => {}, externalURL => 'http://a.test', alerts => [
    map { { status => 'firing', labels => { alertname => $_ }, annotations => {}, startsAt => '2026-01-01T00:00:00Z', fingerprint => $_ } } 'one' ] }),
 'GET /_slack/_received.txt?wait=1&timeout=10']
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200]
--- response_body_like eval
['queued', 'text: \[one\] triggered']
--- no_error_log
[error]
[alert]



=== Mattermost: what a value has rings for nobody there, what is written may
--- workspace
        webhook_url $SLACK_HOOK;
        receiver    mattermost;
        channel     town-square;
        rate        1000r/s burst=100;
--- config
    location = /hook {
        slack_route acme {
            events  issue;
            message issue "@here $slack_title <$slack_url|$slack_title>";
        }
    }
--- request eval
[main::issue(title => '@channel <!channel>'), 'GET /_slack/_received.txt?wait=1&timeout=10']
--- more_headers
Content-Type: application/json
--- error_code eval
[202, 200]
--- response_body_like eval
['queued', 'text: @here @\\\\x\{200B\}channel &lt;!channel&gt; <https://gitlab.example.com/-/issues/7\|@\\\\x\{200B\}channel &lt;!channel&gt;>']
--- no_error_log
[error]
[alert]



=== messages with words of their own share a post
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1r/s;
        channel    dev;
--- config
    location = /hook {
        slack_route acme {
            events  issue;
            message issue "<!here> $slack_action $slack_title";
        }
    }
--- request
GET /_slack/_received
--- after
tell($_, 202) for qw(issue_open.json issue_close.json issue_reopen.json);

until_true { my @all = texts_of('#dev'); join("\n", @all) =~ m/reopen/ };

is(join("\n", texts_of('#dev')), join("\n", map { "<!here> $_ Countdown stops at T-40 s" } qw(open close reopen)),
    'all of them, in order');
--- no_error_log
[error]
[alert]



=== threads: the root, its change and the replies have the words
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        coalesce   1;
        channel    dev;
--- config
    location = /hook {
        slack_route acme {
            events  merge_request:open,merge note;
            thread  both;
            message merge_request "$slack_action: <$slack_url|$slack_title>";
            message note "$slack_user says: $slack_description";
        }
    }
--- request
GET /_slack/_received
--- after
tell('merge_request_open.json', 202);
settled(1);

my $link = '<https://gitlab.example.com/acme/rocket/-/merge_requests/42|Retry the fuel gauge when it answers late>';

is(join("\n", texts_of('#dev')), "open: $link", 'the root');

tell('note_mr.json', 202);
tell('merge_request_merge.json', 202);

until_true { my ($root) = shown('#dev'); $root->{updates} && @{ $root->{replies} } == 2 };

my ($root, @replies) = texts_of('#dev');

is($root, "merge: $link", 'the change');
like($replies[0], qr/^pvance says: \S/, 'a reply');
is($replies[1], "merge: $link", 'the history');
--- no_error_log
[error]
[alert]
