use strict;
use warnings;

use lib 't/util';

use File::Temp qw(tempdir);
use Test::Nginx::Socket;
use SlackTest;

# an outbox that two blocks have one after the other
$ENV{TEST_NGINX_OUTBOX} = tempdir(CLEANUP => 1) . '/slack/outbox.db';

mkdir File::Basename::dirname($ENV{TEST_NGINX_OUTBOX}) or die "cannot make a directory: $!\n";

plan 'no_plan';
no_shuffle();
run_tests();

__DATA__

=== all, the default: success and failed
--- config
    location = /hook {
        slack_route acme {
            events all;
        }
    }
--- hook
pipeline_success.json        => 202 queued pipeline
pipeline_failed.json         => 202 queued pipeline
pipeline_warnings.json       => 202 queued pipeline
pipeline_still_failing.json  => 202 queued pipeline
pipeline_running.json        => 200 filtered pipeline: action
pipeline_canceled.json       => 200 filtered pipeline: action
pipeline_unknown_status.json => 200 filtered pipeline: action
--- no_error_log
[error]
[alert]
[crit]



=== all
--- config
    location = /hook {
        slack_route acme {
            pipelines all;
        }
    }
--- hook
pipeline_success.json => 202 queued pipeline
pipeline_failed.json  => 202 queued pipeline
pipeline_running.json => 200 filtered pipeline: action
--- no_error_log
[error]
[alert]
[crit]



=== all, and a status that is named
--- config
    location = /hook {
        slack_route acme {
            events pipeline:running;
            pipelines all;
        }
    }
--- hook
pipeline_running.json => 202 queued pipeline
pipeline_success.json => 200 filtered pipeline: action
--- no_error_log
[error]
[alert]
[crit]



=== broken
--- config
    location = /hook {
        slack_route acme {
            pipelines broken;
        }
    }
--- hook
pipeline_failed.json        => 202 queued pipeline
pipeline_failed.json        => 202 queued pipeline
pipeline_still_failing.json => 202 queued pipeline
pipeline_success.json       => 200 filtered pipeline: pipelines
pipeline_warnings.json      => 200 filtered pipeline: pipelines
pipeline_fixed.json         => 200 filtered pipeline: pipelines
pipeline_running.json       => 200 filtered pipeline: action
--- no_error_log
[error]
[alert]
[crit]



=== broken, and a status that is named
--- config
    location = /hook {
        slack_route acme {
            events pipeline:running,failed;
            pipelines broken;
        }
    }
--- hook
pipeline_running.json => 200 filtered pipeline: pipelines
pipeline_failed.json  => 202 queued pipeline
--- no_error_log
[error]
[alert]
[crit]



=== other events are not filtered
--- config
    location = /hook {
        slack_route acme {
            pipelines broken;
        }
    }
--- hook
push.json               => 202 queued push
deployment_success.json => 202 queued deployment
--- no_error_log
[error]
[alert]
[crit]



=== changed, as ref_status_name tells
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_fixed.json         => 202 queued pipeline
pipeline_fixed.json         => 202 queued pipeline
pipeline_still_failing.json => 200 filtered pipeline: pipelines
pipeline_named.json         => 200 filtered pipeline: pipelines
--- no_error_log
[error]
[alert]
[crit]



=== changed, by the last status
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_success.json     => 200 filtered pipeline: pipelines
pipeline_success.json     => 200 filtered pipeline: pipelines
pipeline_failed.json      => 202 queued pipeline
pipeline_failed.json      => 200 filtered pipeline: pipelines
pipeline_many_failed.json => 200 filtered pipeline: pipelines
pipeline_warnings.json    => 202 queued pipeline
pipeline_success.json     => 200 filtered pipeline: pipelines
--- no_error_log
[error]
[alert]
[crit]



=== changed: the first failure of a ref is news, the first success is not
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_failed.json => 202 queued pipeline
pipeline_mr.json     => 202 queued pipeline
pipeline_mr.json     => 200 filtered pipeline: pipelines
pipeline_tag.json    => 200 filtered pipeline: pipelines
--- no_error_log
[error]
[alert]
[crit]



=== changed: each project has statuses of its own
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_failed.json      => 202 queued pipeline
pipeline_failed_moon.json => 202 queued pipeline
pipeline_failed_moon.json => 200 filtered pipeline: pipelines
pipeline_success.json     => 202 queued pipeline
pipeline_failed_moon.json => 200 filtered pipeline: pipelines
--- no_error_log
[error]
[alert]
[crit]



=== changed: statuses that are no result change nothing
--- config
    location = /hook {
        slack_route acme {
            events pipeline:running,canceled,success,failed;
            pipelines changed;
        }
    }
--- hook
pipeline_failed.json   => 202 queued pipeline
pipeline_running.json  => 200 filtered pipeline: pipelines
pipeline_canceled.json => 200 filtered pipeline: pipelines
pipeline_failed.json   => 200 filtered pipeline: pipelines
pipeline_success.json  => 202 queued pipeline
--- no_error_log
[error]
[alert]
[crit]



=== changed, beside a route that takes all
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
            channel changes;
        }

        slack_route acme {
            channel all;
        }
    }
--- hook
pipeline_success.json => 202 queued pipeline
pipeline_failed.json  => 202 queued pipeline: 2
pipeline_failed.json  => 202 queued pipeline
--- slack_wait: 4
--- slack_like
^#changes as GitLab
--- no_error_log
[error]
[alert]
[crit]



=== changed, beside a route to the same channel
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }

        slack_route acme {
            pipelines broken;
        }
    }
--- hook
pipeline_failed.json  => 202 queued pipeline
pipeline_failed.json  => 202 queued pipeline
pipeline_success.json => 202 queued pipeline
--- slack_wait: 3
--- slack_like
^#general as GitLab
--- no_error_log
[error]
[alert]
[crit]



=== changed, over a restart: before
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_failed.json => 202 queued pipeline
--- http_config
    slack_outbox sqlite:$TEST_NGINX_OUTBOX;
--- no_error_log
[error]
[alert]
[crit]



=== changed, over a restart: after
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_failed.json  => 200 filtered pipeline: pipelines
pipeline_success.json => 202 queued pipeline
--- http_config
    slack_outbox sqlite:$TEST_NGINX_OUTBOX;
--- no_error_log
[error]
[alert]
[crit]
