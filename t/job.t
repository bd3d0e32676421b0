use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackPayload qw(attachment);
use SlackProof qw(received);
use SlackTest;

our $Config = <<'EOC';
    location /slack/ { slack_status actions; }
    location /gitlab { slack_source gitlab; slack_route acme { events job; } }
EOC

plan 'no_plan';
run_tests();

__DATA__

=== failed ones are announced
--- config
    location = /hook {
        slack_route acme {
            events job;
            channel dev;
        }
    }
--- hook
job.json         => 202 queued job
job_success.json => 200 filtered job: action
--- slack
#dev as GitLab
[danger] pretext: Job <https://gitlab.example.com/acme/rocket/-/jobs/8106|#8106 bench &lt;cold&gt;> failed in <https://gitlab.example.com/acme/rocket|Acme / Rocket> by Mira Okafor (mokafor)
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late (short)
  field: Stage = test (short)
  field: Pipeline = <https://gitlab.example.com/acme/rocket/-/pipelines/9302|9302> (short)
  field: Reason = Script failure (short)
  ts: 1772638041
  fallback: Job #8106 bench &lt;cold&gt; failed in Acme / Rocket by Mira Okafor (mokafor)
--- no_error_log
[error]
[alert]



=== actions can be named, tags are no branches
--- config
    location = /hook {
        slack_route acme {
            events job:success,skipped;
            branches none-such;
            channel dev;
        }
    }
--- hook
job.json         => 200 filtered job: action
job_success.json => 202 queued job
--- slack
#dev as GitLab
[good] pretext: Job <https://gitlab.example.com/acme/rocket/-/jobs/8107|#8107 bench &lt;cold&gt;> succeeded in <https://gitlab.example.com/acme/rocket|Acme / Rocket> by Mira Okafor (mokafor)
  field: Tag = <https://gitlab.example.com/acme/rocket/-/tags/v2.4.0|v2.4.0> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late (short)
  field: Stage = test (short)
  field: Pipeline = <https://gitlab.example.com/acme/rocket/-/pipelines/9302|9302> (short)
  ts: 1772638041
  fallback: Job #8107 bench &lt;cold&gt; succeeded in Acme / Rocket by Mira Okafor (mokafor)
--- no_error_log
[error]
[alert]



=== branches are filtered
--- config
    location = /hook {
        slack_route acme {
            events job;
            branches release/*;
            channel dev;
        }
    }
--- hook
job.json => 200 filtered job: branches
--- slack
--- no_error_log
[error]
[alert]



=== an old version, and one that may fail
--- config
    location = /hook {
        slack_route acme {
            events job;
            channel dev;
        }
    }
--- hook
job_old.json => 202 queued job
--- slack
#dev as GitLab
[warning] pretext: Job <https://gitlab.example.com/acme/rocket/-/jobs/8106|#8106 lint> failed (allowed to fail) in <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  field: Branch = <https://gitlab.example.com/acme/rocket/-/commits/main|main> (short)
  field: Commit = <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late (short)
  field: Stage = test (short)
  field: Pipeline = <https://gitlab.example.com/acme/rocket/-/pipelines/9302|9302> (short)
  field: Reason = Runner system failure (short)
  ts: 1772638041
  fallback: Job #8106 lint failed (allowed to fail) in Acme / Rocket
--- no_error_log
[error]
[alert]



=== of a merge request; one that may fail, and one that did not
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
my $job = attachment('/gitlab', 'Job Hook', 'gitlab/job', build_allow_failure => 'true',
    merge_request => '{"iid":42,"title":"Retry","url":"https://gitlab.example.com/acme/rocket/-/merge_requests/42"}');

my ($field) = grep { $_->{title} eq 'Merge request' } @{ $job->{fields} };
is($field->{value}, '<https://gitlab.example.com/acme/rocket/-/merge_requests/42|!42 Retry>', 'the merge request');
like($job->{fallback}, qr/ failed \(allowed to fail\) in /, 'it may fail');

like(attachment('/gitlab', 'Job Hook', 'gitlab/job')->{fallback}, qr/ failed in /, 'it may not');
unlike(attachment('/gitlab', 'Job Hook', 'gitlab/job', build_status => '"failed"', build_allow_failure => '"yes"')->{fallback}, qr/allowed/, 'it does not say so');
--- no_error_log
[error]
[alert]
