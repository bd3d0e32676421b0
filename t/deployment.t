use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackPayload qw(attachment);
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

=== running
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
deployment_running.json => 202 queued deployment
--- slack
#dev as GitLab
[#334455] pretext: Starting deploy to staging
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket> with job <https://gitlab.example.com/acme/rocket/-/jobs/8004|#8004> by <https://gitlab.example.com/mokafor|Mira Okafor (mokafor)>\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  ts: 1772638318
  fallback: Starting deploy to staging in Acme / Rocket
--- no_error_log
[error]
[alert]



=== success
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
deployment_success.json => 202 queued deployment
--- slack
#dev as GitLab
[good] pretext: Deploy to staging succeeded
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket> with job <https://gitlab.example.com/acme/rocket/-/jobs/8004|#8004> by <https://gitlab.example.com/mokafor|Mira Okafor (mokafor)>\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  ts: 1772638318
  fallback: Deploy to staging succeeded in Acme / Rocket
--- no_error_log
[error]
[alert]



=== failed
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
deployment_failed.json => 202 queued deployment
--- slack
#dev as GitLab
[danger] pretext: Deploy to production failed
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket> with job <https://gitlab.example.com/acme/rocket/-/jobs/8004|#8004> by <https://gitlab.example.com/mokafor|Mira Okafor (mokafor)>\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  ts: 1772638318
  fallback: Deploy to production failed in Acme / Rocket
--- no_error_log
[error]
[alert]



=== canceled
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
deployment_canceled.json => 202 queued deployment
--- slack
#dev as GitLab
[warning] pretext: Deploy to staging canceled
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket> with job <https://gitlab.example.com/acme/rocket/-/jobs/8004|#8004> by <https://gitlab.example.com/mokafor|Mira Okafor (mokafor)>\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  ts: 1772638318
  fallback: Deploy to staging canceled in Acme / Rocket
--- no_error_log
[error]
[alert]



=== nothing but what is always there
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
deployment_null.json => 202 queued deployment
--- slack
#dev as GitLab
[good] pretext: Deploy to staging succeeded
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket>\n7c23b3d2
  ts: 1772638318
  fallback: Deploy to staging succeeded in Acme / Rocket
--- no_error_log
[error]
[alert]



=== other statuses as GitLab says them
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
deployment_rejected.json => 202 queued deployment
--- slack
#dev as GitLab
[#334455] pretext: Deploy to staging rejected
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket> with job <https://gitlab.example.com/acme/rocket/-/jobs/8004|#8004> by <https://gitlab.example.com/mokafor|Mira Okafor (mokafor)>\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  ts: 1772638318
  fallback: Deploy to staging rejected in Acme / Rocket
--- no_error_log
[error]
[alert]



=== actions can be named
--- config
    location = /hook {
        slack_route acme {
            events deployment:failed,canceled;
            channel dev;
        }
    }
--- hook
deployment_running.json  => 200 filtered deployment: action
deployment_failed.json   => 202 queued deployment
deployment_canceled.json => 202 queued deployment
deployment_success.json  => 200 filtered deployment: action
--- slack
#dev as GitLab
[danger] pretext: Deploy to production failed
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket> with job <https://gitlab.example.com/acme/rocket/-/jobs/8004|#8004> by <https://gitlab.example.com/mokafor|Mira Okafor (mokafor)>\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  ts: 1772638318
  fallback: Deploy to production failed in Acme / Rocket

#dev as GitLab
[warning] pretext: Deploy to staging canceled
  text: <https://gitlab.example.com/acme/rocket|Acme / Rocket> with job <https://gitlab.example.com/acme/rocket/-/jobs/8004|#8004> by <https://gitlab.example.com/mokafor|Mira Okafor (mokafor)>\n<https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  ts: 1772638318
  fallback: Deploy to staging canceled in Acme / Rocket
--- no_error_log
[error]
[alert]



=== of an external system: its log and its description
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
my @as = ('deployment_status_failure', workflow => 'null', workflow_run => 'null');
my $log = 'https://deploys.example.net/runs/77/log';
my ($project, $by, $commit);

sub text {
    my ($sender, $event, $file, @changes) = @_;

    return attachment("/$sender", $event, "$sender/$file", @changes)->{text};
}

($project, $by, $commit) = text('github', 'deployment_status', @as, 'deployment_status.log_url' => '""', 'deployment_status.target_url' => 'null')
    =~ m/^(<\S+\|acme\/rocket>)( by <\S+?>)\n(.*)\z/s or fail('neither job nor log');

for my $row (
    [ 'deployment_status.log_url' => qq("$log"), 'deployment_status.description' => '"Health check timed out"', "$project$by (<$log|Log>)\n$commit\nHealth check timed out" ],
    [ 'deployment_status.log_url' => '-', 'deployment_status.target_url' => qq("$log"), "$project$by (<$log|Log>)\n$commit" ],
    [ 'deployment_status.log_url' => '"ftp://x"', "$project$by\n$commit" ],
    [ 'deployment_status.log_url' => qq("$log"), 'deployment_status.description' => '"a <!here> & *b*\nc"', "$project$by (<$log|Log>)\n$commit\na &lt;!here&gt; &amp; *b* c" ],
    [ 'deployment_status.log_url' => qq("$log"), 'deployment_status.description' => '{"a":1}', "$project$by (<$log|Log>)\n$commit" ],
    [ 'deployment_status.log_url' => qq("$log"), repository => 'null', sender => 'null', 'deployment_status.creator' => 'null', 'deployment.sha' => 'null', "<$log|Log>" ],
) {
    my (@changes) = @$row;
    my $text = pop @changes;

    is(text('github', 'deployment_status', @as, @changes), $text, "@changes");
}

# GitLab: a job without a number
like(text('gitlab', 'Deployment Hook', 'deployment_success', deployable_id => 'null'), qr{^<\S+\|Acme / Rocket> by .* \(<https://gitlab\.example\.com/acme/rocket/-/jobs/\d+\|Log>\)\n}, 'GitLab');
--- no_error_log
[error]
[alert]
