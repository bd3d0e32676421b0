use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== kinds that must be named
--- config
    location = /hook {
        slack_route acme {
            events all confidential_issue confidential_note;
            channel dev;
        }
    }
--- hook
access_token_expiring.json             => 200 filtered: events
emoji_award.json                       => 200 filtered: events
feature_flag.json                      => 200 filtered: events
job.json                               => 200 filtered: events
member_add.json                        => 200 filtered: events
milestone_create.json                  => 200 filtered: events
project_create.json                    => 200 filtered: events
subgroup_create.json                   => 200 filtered: events
vulnerability.json                     => 200 filtered: events
job.json | X-Gitlab-Event: System Hook => 200 filtered job: events
--- slack
--- no_error_log
[error]
[alert]



=== a body made by a custom webhook template
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
template_custom.json | X-Gitlab-Event: Push Hook => 200 ignored: unknown event
--- slack
--- no_error_log
[error]
[alert]
