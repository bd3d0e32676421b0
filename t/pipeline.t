use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackPayload qw(attachment said);
use SlackProof qw(received);
use SlackTest;

our $Config = <<'EOC';
    location /slack/ { slack_status actions; }
    location /gitlab { slack_source gitlab; slack_notify acme; }
    location /github { slack_source github; slack_notify acme; }
    location /gitea { slack_source gitea; slack_notify acme; }
EOC

plan 'no_plan';
run_tests();

__DATA__

=== passed
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_success.json => 202 queued pipeline
--- slack
#dev as GitLab
[good]
  title: Acme / Rocket: Pipeline #9302 has passed in 05:31 -> https://gitlab.example.com/acme/rocket/-/pipelines/9302
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9302 of branch main by Mira Okafor (mokafor) has passed in 05:31
--- no_error_log
[error]
[alert]



=== failed
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_failed.json => 202 queued pipeline
--- slack
#dev as GitLab
[danger]
  title: Acme / Rocket: Pipeline #9302 has failed in 01:02:05 -> https://gitlab.example.com/acme/rocket/-/pipelines/9302/failures
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  field: Failed stage = test (short)
  field: Failed jobs = <https://gitlab.example.com/acme/rocket/-/jobs/8103|lint &amp; spell> (allowed to fail), <https://gitlab.example.com/acme/rocket/-/jobs/8104|rspec 2/2>, <https://gitlab.example.com/acme/rocket/-/jobs/8106|bench &lt;cold&gt;> (short)
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9302 of branch main by Mira Okafor (mokafor) has failed in 01:02:05
--- no_error_log
[error]
[alert]



=== passed with warnings
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_warnings.json => 202 queued pipeline
--- slack
#dev as GitLab
[warning]
  title: Acme / Rocket: Pipeline #9302 has passed with warnings in 05:31 -> https://gitlab.example.com/acme/rocket/-/pipelines/9302/failures
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  field: Failed stage = test (short)
  field: Failed job = <https://gitlab.example.com/acme/rocket/-/jobs/8202|lint &amp; spell> (allowed to fail) (short)
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9302 of branch main by Mira Okafor (mokafor) has passed with warnings in 05:31
--- no_error_log
[error]
[alert]



=== of a tag
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_tag.json => 202 queued pipeline
--- slack
#dev as GitLab
[good]
  title: Acme / Rocket: Pipeline #9310 has passed in 05:31 -> https://gitlab.example.com/acme/rocket/-/pipelines/9310
  author: Priya Vance (pvance) -> https://gitlab.example.com/pvance
  field: Tag = <https://gitlab.example.com/acme/rocket/-/tags/v2.4.0|v2.4.0> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/b4e6f0e5b1f922f3b9a0d0799139ac91831c4941|Prepare release 2.4.0> (short)
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9310 of tag v2.4.0 by Priya Vance (pvance) has passed in 05:31
--- no_error_log
[error]
[alert]



=== of a merge request
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_mr.json => 202 queued pipeline
--- slack
#dev as GitLab
[danger]
  title: Acme / Rocket: Pipeline #9301 has failed in 05:31 -> https://gitlab.example.com/acme/rocket/-/pipelines/9301/failures
  author: Tomasz Lind (tlind) -> https://gitlab.example.com/tlind
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/fuel-gauge-retry|fuel-gauge-retry> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  field: Merge request = <https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry the fuel gauge when it answers late> (short)
  field: Failed stage = test (short)
  field: Failed jobs = <https://gitlab.example.com/acme/rocket/-/jobs/8803|lint &amp; spell> (allowed to fail), <https://gitlab.example.com/acme/rocket/-/jobs/8804|rspec 2/2>, <https://gitlab.example.com/acme/rocket/-/jobs/8806|bench &lt;cold&gt;> (short)
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9301 of merge request !42 Retry the fuel gauge when it answers late by Tomasz Lind (tlind) has failed in 05:31
--- no_error_log
[error]
[alert]



=== ten failed jobs, and N more
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_many_failed.json => 202 queued pipeline
--- slack
#dev as GitLab
[danger]
  title: Acme / Rocket: Pipeline #9311 has failed in 05:31 -> https://gitlab.example.com/acme/rocket/-/pipelines/9311/failures
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  field: Failed stages = test, bench (short)
  field: Failed jobs = <https://gitlab.example.com/acme/rocket/-/jobs/8901|rspec 1/8>, <https://gitlab.example.com/acme/rocket/-/jobs/8902|rspec 2/8>, <https://gitlab.example.com/acme/rocket/-/jobs/8903|rspec 3/8>, <https://gitlab.example.com/acme/rocket/-/jobs/8904|rspec 4/8>, <https://gitlab.example.com/acme/rocket/-/jobs/8905|rspec 5/8>, <https://gitlab.example.com/acme/rocket/-/jobs/8906|rspec 6/8>, <https://gitlab.example.com/acme/rocket/-/jobs/8907|rspec 7/8>, <https://gitlab.example.com/acme/rocket/-/jobs/8908|rspec 8/8>, <https://gitlab.example.com/acme/rocket/-/jobs/8909|bench 9>, <https://gitlab.example.com/acme/rocket/-/jobs/8910|bench 10>, <https://gitlab.example.com/acme/rocket/-/pipelines/9311/failures|and 4 more jobs> (short)
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9311 of branch main by Mira Okafor (mokafor) has failed in 05:31
--- no_error_log
[error]
[alert]



=== no user, no commit
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_null_user.json => 202 queued pipeline
--- slack
#dev as GitLab
[good]
  title: Acme / Rocket: Pipeline #9312 has passed in 05:31 -> https://gitlab.example.com/acme/rocket/-/pipelines/9312
  author: API
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9312 of branch main by API has passed in 05:31
--- no_error_log
[error]
[alert]



=== with a name
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_named.json => 202 queued pipeline
--- slack
#dev as GitLab
[good]
  title: Acme / Rocket: Pipeline #9313 has passed in 05:31 -> https://gitlab.example.com/acme/rocket/-/pipelines/9313
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  field: Pipeline name = Nightly bench, cold &amp; hot
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9313 of branch main by Mira Okafor (mokafor) has passed in 05:31
--- no_error_log
[error]
[alert]



=== running is not announced
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_running.json => 200 filtered pipeline: action
--- slack
--- no_error_log
[error]
[alert]



=== canceled is not announced
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_canceled.json => 200 filtered pipeline: action
--- slack
--- no_error_log
[error]
[alert]



=== running, named
--- config
    location = /hook {
        slack_route acme {
            events pipeline:running;
            channel dev;
        }
    }
--- hook
pipeline_running.json => 202 queued pipeline
--- slack
#dev as GitLab
[#334455]
  title: Acme / Rocket: Pipeline #9302 is running -> https://gitlab.example.com/acme/rocket/-/pipelines/9302
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  footer: Acme / Rocket
  fallback: Acme / Rocket: Pipeline #9302 of branch main by Mira Okafor (mokafor) is running
--- no_error_log
[error]
[alert]



=== canceled, named
--- config
    location = /hook {
        slack_route acme {
            events pipeline:canceled;
            channel dev;
        }
    }
--- hook
pipeline_canceled.json => 202 queued pipeline
--- slack
#dev as GitLab
[warning]
  title: Acme / Rocket: Pipeline #9302 was canceled in 05:31 -> https://gitlab.example.com/acme/rocket/-/pipelines/9302
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9302 of branch main by Mira Okafor (mokafor) was canceled in 05:31
--- no_error_log
[error]
[alert]



=== fixed
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_fixed.json => 202 queued pipeline
--- slack
#dev as GitLab
[good]
  title: Acme / Rocket: Pipeline #9305 has passed in 05:31 (fixed) -> https://gitlab.example.com/acme/rocket/-/pipelines/9305
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9305 of branch main by Mira Okafor (mokafor) has passed in 05:31 (fixed)
--- no_error_log
[error]
[alert]



=== still failing
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_still_failing.json => 202 queued pipeline
--- slack
#dev as GitLab
[danger]
  title: Acme / Rocket: Pipeline #9304 has failed in 05:31 (still failing) -> https://gitlab.example.com/acme/rocket/-/pipelines/9304/failures
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  field: Failed stage = test (short)
  field: Failed jobs = <https://gitlab.example.com/acme/rocket/-/jobs/8603|lint &amp; spell> (allowed to fail), <https://gitlab.example.com/acme/rocket/-/jobs/8604|rspec 2/2>, <https://gitlab.example.com/acme/rocket/-/jobs/8606|bench &lt;cold&gt;> (short)
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9304 of branch main by Mira Okafor (mokafor) has failed in 05:31 (still failing)
--- no_error_log
[error]
[alert]



=== null where GitLab may send null
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_null.json => 202 queued pipeline
--- slack
#dev as GitLab
[danger]
  title: Acme / Rocket: Pipeline #9302 has failed in 00:00 -> https://gitlab.example.com/acme/rocket/-/pipelines/9302
  author: API
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  footer: Acme / Rocket
  fallback: Acme / Rocket: Pipeline #9302 of branch main by API has failed in 00:00
--- no_error_log
[error]
[alert]



=== neither URL nor detailed status, as old versions send it
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_old.json => 202 queued pipeline
--- slack
#dev as GitLab
[danger]
  title: Acme / Rocket: Pipeline #9302 has failed in 01:02:05 -> https://gitlab.example.com/acme/rocket/-/pipelines/9302/failures
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  field: Failed stage = test (short)
  field: Failed jobs = <https://gitlab.example.com/acme/rocket/-/jobs/8103|lint &amp; spell> (allowed to fail), <https://gitlab.example.com/acme/rocket/-/jobs/8104|rspec 2/2>, <https://gitlab.example.com/acme/rocket/-/jobs/8106|bench &lt;cold&gt;> (short)
  footer: Acme / Rocket
  ts: 1772638322
  fallback: Acme / Rocket: Pipeline #9302 of branch main by Mira Okafor (mokafor) has failed in 01:02:05
--- no_error_log
[error]
[alert]



=== a status of tomorrow is not announced
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
pipeline_unknown_status.json => 200 filtered pipeline: action
--- slack
--- no_error_log
[error]
[alert]



=== a status of tomorrow, named
--- config
    location = /hook {
        slack_route acme {
            events pipeline:waiting_for_callback;
            channel dev;
        }
    }
--- hook
pipeline_unknown_status.json => 202 queued pipeline
pipeline_success.json        => 200 filtered pipeline: action
--- slack
#dev as GitLab
[#334455]
  title: Acme / Rocket: Pipeline #9302 is waiting_for_callback -> https://gitlab.example.com/acme/rocket/-/pipelines/9302
  author: Mira Okafor (mokafor) -> https://gitlab.example.com/mokafor
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|Retry the fuel gauge when it answers late> (short)
  footer: Acme / Rocket
  fallback: Acme / Rocket: Pipeline #9302 of branch main by Mira Okafor (mokafor) is waiting_for_callback
--- no_error_log
[error]
[alert]



=== the merge request, or pull request, that it was run for
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
my $gl = 'https://gitlab.example.com/acme/rocket/-';
my $gh = 'https://github.example.com/acme/rocket';

# the fields "Branch" and of the request; the fallback up to " by"
sub run_for {
    my $attachment = attachment(@_);
    my %field = map { $_->{title} => $_->{value} } @{ $attachment->{fields} };
    my ($said) = $attachment->{fallback} =~ m/Pipeline #[0-9]+ (?:of )?(.*?) ?by /;

    return join ' / ', map { $_ // '-' } $said, $field{Branch}, $field{'Merge request'} // $field{'Pull request'};
}

for my $row (
    [ "merge request !42 Retry the fuel gauge when it answers late / <$gl/commits/fuel-gauge-retry|fuel-gauge-retry> / <$gl/merge_requests/42|!42 Retry the fuel gauge when it answers late>" ],
    [ 'object_attributes.ref' => '"refs/merge-requests/42/merge"', 'merge_request.title' => '"a <b> | c"',
        "merge request !42 a &lt;b&gt; | c / <$gl/commits/fuel-gauge-retry|fuel-gauge-retry> / <$gl/merge_requests/42|!42 a &lt;b&gt; \x{a6} c>" ],
    # without a URL: of this project; of another one, which is not known
    [ 'merge_request.url' => '-', 'merge_request.title' => '-', "merge request !42 / <$gl/commits/fuel-gauge-retry|fuel-gauge-retry> / <$gl/merge_requests/42|!42>" ],
    [ 'merge_request.url' => '-', 'merge_request.title' => '-', 'merge_request.target_project_id' => '7',
        "merge request !42 / <$gl/commits/fuel-gauge-retry|fuel-gauge-retry> / !42" ],
    [ 'merge_request.url' => '"javascript:1"', 'merge_request.title' => '-', "merge request !42 / <$gl/commits/fuel-gauge-retry|fuel-gauge-retry> / !42" ],
    # the branch of a fork is not the project's
    [ 'merge_request.title' => '-', 'merge_request.source_project_id' => '7', "merge request !42 / fuel-gauge-retry / <$gl/merge_requests/42|!42>" ],
    [ 'merge_request' => 'null', "branch fuel-gauge-retry / <$gl/commits/fuel-gauge-retry|fuel-gauge-retry> / -" ],
    [ 'merge_request' => '{"iid":[],"title":"a"}', "branch fuel-gauge-retry / <$gl/commits/fuel-gauge-retry|fuel-gauge-retry> / -" ],
) {
    my (@changes) = @$row;
    my $said = pop @changes;

    is(run_for('/gitlab', 'Pipeline Hook', 'gitlab/pipeline_mr', @changes), $said, "GitLab @changes");
}

my $pull = '{"number":42,"base":{"repo":{"id":700123}}}';

for my $row (
    [ "[$pull]", "pull request #42 / <$gh/tree/late-gauge|late-gauge> / <$gh/pull/42|#42>" ],
    [ "[$pull,$pull]", "branch late-gauge / <$gh/tree/late-gauge|late-gauge> / -" ],
    [ '[]', "branch late-gauge / <$gh/tree/late-gauge|late-gauge> / -" ],
    [ '[{"number":42,"base":{"repo":{"id":7}}}]', "branch late-gauge / <$gh/tree/late-gauge|late-gauge> / -" ],
) {
    is(run_for('/github', 'workflow_run', 'github/workflow_run_pull', 'workflow_run.head_branch' => '"late-gauge"',
        'workflow_run.pull_requests' => $row->[0]), $row->[1], "GitHub $row->[0]");
}
--- no_error_log
[error]
[alert]



=== jobs that may fail
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
sub failed {
    my ($builds) = @_;

    my $attachment = attachment('/gitlab', 'Pipeline Hook', 'gitlab/pipeline_failed', builds => $builds);

    return join '', map { $_->{value} =~ s/<[^|]*\|(.*?)>/$1/gr } grep { $_->{title} =~ m/^Failed job/ } @{ $attachment->{fields} };
}

is(failed('[{"id":1,"name":"a","status":"failed","allow_failure":true},{"id":2,"name":"b","status":"failed","allow_failure":false},{"id":3,"name":"c","status":"success","allow_failure":true}]'),
    'b, a (allowed to fail)', 'one of two');
is(failed('[{"id":1,"name":"a","status":"failed","allow_failure":null},{"id":2,"name":"b","status":"failed","allow_failure":"maybe"},{"id":3,"name":"c","status":"failed"}]'),
    'c, b, a', 'none that says so');
--- no_error_log
[error]
[alert]
