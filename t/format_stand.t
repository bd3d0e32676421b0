# Cards: what is read only for them: people, milestones, merge requests of
# pipelines, stages, values; and the form that silences an alert.

use strict;
use warnings;
use utf8;

use lib 't/util';
use JSON::PP ();
use Test::Nginx::Socket;
use SlackProof;
use SlackTest;
use SlackThread qw(settled tell);

no_long_string();
plan 'no_plan';
run_tests();


# FILE as CODE changes its data, posted to /hook
sub changed {
    my ($file, $code) = @_;

    tell($file, 202, change => sub {
        my $data = JSON::PP->new->utf8->decode($_[0]);

        $code->($data);

        return JSON::PP->new->utf8->canonical->encode($data);
    });

    return;
}


# the fields of card N, "title=value"
sub fields {
    my ($n) = @_;

    settled($n);

    my ($attachment) = @{ SlackProof::ask('/_received')->[$n - 1]{payload}{attachments} };

    return { map { $_->{title} => $_->{value} } @{ $attachment->{fields} // [] } };
}


# where the link "Silence" of card N leads to, decoded
sub silence {
    my ($n) = @_;

    my ($url) = (fields($n)->{Links} // '') =~ m/<([^|>]+)\|Silence>/ or return '';

    $url = $url =~ s/&amp;/&/gr =~ s/%([0-9A-F]{2})/chr hex $1/ger;
    utf8::decode($url);

    return $url;
}

__DATA__

=== GitHub: reviewers, teams, assignees, milestone
--- config
    location = /hook {
        slack_source github;
        slack_route acme { format card; }
    }
--- request
GET /_slack/_received
--- after
changed('../github/pull_request_opened.json', sub {
    my $pull = $_[0]{pull_request};

    $pull->{requested_reviewers} = [ { login => 'ana' }, { login => 'ben' } ];
    $pull->{requested_teams}     = [ { name => 'Pilots & co' } ];
    $pull->{assignees}           = [ { login => 'cem' } ];
    $pull->{milestone}           = { title => 'June <launch>', html_url => 'https://github.example.com/acme/rocket/milestone/1' };
});

my $fields = fields(1);

is($fields->{Reviewers}, 'ana, ben, Pilots &amp; co', 'who is asked');
is($fields->{Assignee}, 'cem', 'whose it is');
is($fields->{Milestone}, '<https://github.example.com/acme/rocket/milestone/1|June &lt;launch&gt;>', 'what it is for');

changed('../github/issues_opened.json', sub {
    $_[0]{issue}{assignees} = [ map { { login => "u$_" } } 1 .. 13 ];
    $_[0]{issue}{milestone} = { title => 'June' };
});

$fields = fields(2);

is($fields->{Assignees}, join(', ', map { "u$_" } 1 .. 10) . ' and 3 more others', 'many people');
is($fields->{Milestone}, 'June', 'a milestone without a page');

changed('../github/pull_request_review_approved.json', sub {
    $_[0]{pull_request}{state}     = 'closed';
    $_[0]{pull_request}{merged_at} = '2026-03-04T15:00:00Z';
});

fields(3);
is(SlackProof::ask('/_received')->[2]{payload}{attachments}[0]{title},
    "Merged \x{b7} Pull request #42 Retry the fuel gauge when it answers late", 'approved when it was merged');
--- no_error_log
[error]
[alert]



=== GitHub: a run for a pull request of another project has no link to it
--- config
    location = /hook {
        slack_source github;
        slack_route acme { format card; }
    }
--- request
GET /_slack/_received
--- after
changed('../github/workflow_run_pull.json', sub { });
changed('../github/workflow_run_pull.json', sub { $_[0]{workflow_run}{pull_requests}[0]{base}{repo}{id} = 1 });
changed('../github/workflow_run_pull.json', sub { push @{ $_[0]{workflow_run}{pull_requests} }, { number => 43 } });

is(fields(1)->{'Pull request'}, '<https://github.example.com/acme/rocket/pull/42|#42>', 'of this one');
is(fields(2)->{'Pull request'}, undef, 'of another one');
is(fields(3)->{'Pull request'}, undef, 'of several');
--- no_error_log
[error]
[alert]



=== GitLab: people by their usernames, a merge request without a URL
--- config
    location = /hook {
        slack_route acme { events merge_request pipeline; format card; }
    }
--- request
GET /_slack/_received
--- after
changed('merge_request_open.json', sub {
    $_[0]{assignees} = [ { username => 'ana' } ];
    $_[0]{reviewers} = [];
    $_[0]{object_attributes}{milestone} = { title => 'June' };
});

my $fields = fields(1);

is($fields->{Assignee}, 'ana', 'an assignee');
is($fields->{Reviewer}, undef, 'nobody');
is($fields->{Milestone}, 'June', 'a milestone');

changed('pipeline_mr.json', sub { delete $_[0]{merge_request}{url}; $_[0]{merge_request}{title} = 'A | <b>' });
is(fields(2)->{'Merge request'}, '<https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 A ' . "\x{a6}" . ' &lt;b&gt;>', 'its URL is made');
--- no_error_log
[error]
[alert]



=== GitLab: how the stages of a pipeline stand
--- config
    location = /hook {
        slack_route acme { events pipeline:success,failed,running; format card; }
    }
--- request
GET /_slack/_received
--- after
# name, stage, status, and whether it may fail
my @cases = (
    [ [], undef ],
    [ [ [ 'a', 'build', 'success' ], [ 'b', 'build', 'failed' ] ], '*build* failed' ],
    [ [ [ 'a', 'build', 'success' ], [ 'b', 'build', 'failed', 1 ] ], 'build passed with warnings' ],
    [ [ [ 'a', 'build', 'failed' ], [ 'a', 'build', 'success' ] ], 'build passed' ],
    [ [ [ 'a', 'build', 'running' ], [ 'b', 'build', 'pending' ], [ 'c', 'build', 'success' ] ], 'build running' ],
    [ [ [ 'a', 'build', 'created' ], [ 'b', 'test', 'skipped' ] ], 'build not started, test skipped' ],
    [ [ [ 'a', 'build', 'manual' ] ], 'build waits for a manual action' ],
    [ [ [ 'a', 'build', 'success' ], [ 'b', 'build', '<odd>' ] ], 'build &lt;odd&gt;' ],
    [ [ [ 'a', '', 'success' ] ], undef ],
);

my $n = 0;

for my $case (@cases) {
    my ($jobs, $wanted) = @$case;
    my $id = 100 + $n++;

    changed('pipeline_failed.json', sub {
        $_[0]{object_attributes}{id} = $id;
        $_[0]{object_attributes}{stages} = [qw(build test deploy)];
        $_[0]{builds} = [ map { { id => 1, name => $_->[0], stage => $_->[1], status => $_->[2], allow_failure => $_->[3] ? JSON::PP::true : JSON::PP::false } } @$jobs ];
    });

    is(fields($n)->{Stages} // fields($n)->{Stage}, $wanted, $wanted // 'none');
}
--- no_error_log
[error]
[alert]



=== the form that silences an alert
--- config
    location = /hook {
        slack_source alertmanager;
        slack_route acme { format card; repeat on; }
    }
--- request
GET /_slack/_received
--- after
my $page = 'https://alerts.example.com/#/silences/new?filter=';
my $form = 'https://grafana.example.com/alerting/silence/new';
my $n    = 0;

# what is changed, where the link leads to
my @cases = (
    [ sub { }, $page . '{alertname="TankPressureHigh", instance="tank-1", job="rocket", namespace="orbit", severity="critical"}', 'all labels' ],
    [ sub { $_[0]{externalURL} .= '/' }, qr/^\Q$page\E\{/, 'a slash at the end' ],
    [ sub { $_[0]{externalURL} = 'http://am:9093/alert manager' }, qr{^http://am:9093/alert manager/#/silences/new\?filter=\{}, 'below a path' ],
    [ sub { $_[0]{commonLabels} = { a => "q\"u\\o\nte", 'x.y' => '=,{}&#+%é' } },
        qr/^\Q$page\E\{(?=.*a="q\\"u\\\\o\\nte")(?=.*"x\.y"="=,\{\}&#\+%\x{e9}").*\}\z/, 'every sign' ],
    [ sub { $_[0]{commonLabels} = { a => 'x' x 400 } }, $page . '{a="' . 'x' x 400 . '"}', 'a label that is long' ],
    [ sub { $_[0]{commonLabels} = { 'n' x 200 => 'a' } }, $page . '{alertname="TankPressureHigh"}', 'a name that was cut' ],
    [ sub { $_[0]{commonLabels} = { a => 'x' x 3000 } }, $page . '{alertname="TankPressureHigh"}', 'long labels: those of the group' ],
    [ sub { $_[0]{commonLabels} = {}; $_[0]{groupLabels} = {} }, '', 'no labels: no form, it would silence all' ],
    [ sub { $_[0]{externalURL} = 'javascript:alert(1)' }, '', 'no URL' ],
    [ sub { delete $_[0]{externalURL} }, '', 'none' ],
    [ sub { $_->{status} = 'resolved' for $_[0], @{ $_[0]{alerts} } }, '', 'nothing fires' ],
);

for my $case (@cases) {
    my ($change, $wanted, $name) = @$case;

    changed('../alertmanager/firing.json', $change);
    ref $wanted ? like(silence(++$n), $wanted, $name) : is(silence(++$n), $wanted, $name);
}

# Grafana: its own form; of several alerts with the labels that they share
my @grafana = (
    [ sub { $_[0]{alerts}[0]{silenceURL} = "$form?matcher=a%3Db" }, "$form?matcher=a=b", 'of one alert' ],
    [ sub { push @{ $_[0]{alerts} }, { %{ $_[0]{alerts}[0] }, fingerprint => 'f2' } },
        qr/^\Q$form\E\?matcher=(?:alertname=Fuel low&matcher=grafana_folder=Rocket|grafana_folder=Rocket&matcher=alertname=Fuel low)\z/, 'of two' ],
    [ sub { $_[0]{alerts}[0]{silenceURL} = "$form?alertmanager=grafana&matcher=alertname%3DX&matcher=instance%3Da&orgId=1#x";
            push @{ $_[0]{alerts} }, { %{ $_[0]{alerts}[0] }, fingerprint => 'f2' } },
        qr/^\Q$form\E\?alertmanager=grafana&orgId=1&matcher=(?!.*instance)/, 'without the labels of the first' ],
);

for my $case (@grafana) {
    my ($change, $wanted, $name) = @$case;

    changed('../alertmanager/grafana.json', $change);
    ref $wanted ? like(silence(++$n), $wanted, $name) : is(silence(++$n), $wanted, $name);
}

changed('../alertmanager/grafana.json', sub { $_[0]{alerts}[0]{values} = { B => 22.5 } });
is(fields(++$n)->{Values}, 'B=22.5', 'the value of an alert');
--- no_error_log
[error]
[alert]
