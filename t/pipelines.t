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

=== TEST 1: all, the default: success and failed
--- config
    location = /hook {
        slack_route acme {
            events all;
        }
    }
--- hook
pipeline_success.json
pipeline_failed.json
pipeline_warnings.json
pipeline_still_failing.json
pipeline_running.json
pipeline_canceled.json
pipeline_unknown_status.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"action","event":"pipeline"}
200 {"status":"filtered","reason":"action","event":"pipeline"}
200 {"status":"filtered","reason":"action","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 2: all
--- config
    location = /hook {
        slack_route acme {
            pipelines all;
        }
    }
--- hook
pipeline_success.json
pipeline_failed.json
pipeline_running.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"action","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 3: all, and a status that is named
--- config
    location = /hook {
        slack_route acme {
            events pipeline:running;
            pipelines all;
        }
    }
--- hook
pipeline_running.json
pipeline_success.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"action","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 4: broken
--- config
    location = /hook {
        slack_route acme {
            pipelines broken;
        }
    }
--- hook
pipeline_failed.json
pipeline_failed.json
pipeline_still_failing.json
pipeline_success.json
pipeline_warnings.json
pipeline_fixed.json
pipeline_running.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
200 {"status":"filtered","reason":"action","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 5: broken, and a status that is named
--- config
    location = /hook {
        slack_route acme {
            events pipeline:running,failed;
            pipelines broken;
        }
    }
--- hook
pipeline_running.json
pipeline_failed.json
--- answers
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
202 {"status":"queued","event":"pipeline","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 6: other events are not filtered
--- config
    location = /hook {
        slack_route acme {
            pipelines broken;
        }
    }
--- hook
push.json
deployment_success.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"deployment","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 7: changed, as ref_status_name tells
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_fixed.json
pipeline_fixed.json
pipeline_still_failing.json
pipeline_named.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 8: changed, by the last status
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_success.json
pipeline_success.json
pipeline_failed.json
pipeline_failed.json
pipeline_many_failed.json
pipeline_warnings.json
pipeline_success.json
--- answers
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 9: changed: the first failure of a ref is news, the first success is not
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_failed.json
pipeline_mr.json
pipeline_mr.json
pipeline_tag.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 10: changed: each project has statuses of its own
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_failed.json
pipeline_failed_moon.json
pipeline_failed_moon.json
pipeline_success.json
pipeline_failed_moon.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 11: changed: statuses that are no result change nothing
--- config
    location = /hook {
        slack_route acme {
            events pipeline:running,canceled,success,failed;
            pipelines changed;
        }
    }
--- hook
pipeline_failed.json
pipeline_running.json
pipeline_canceled.json
pipeline_failed.json
pipeline_success.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
202 {"status":"queued","event":"pipeline","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 12: changed, beside a route that takes all
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
pipeline_success.json
pipeline_failed.json
pipeline_failed.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"pipeline","messages":2}
202 {"status":"queued","event":"pipeline","messages":1}
--- slack_wait: 4
--- slack_like
^#changes as GitLab
--- no_error_log
[error]
[alert]
[crit]



=== TEST 13: changed, beside a route to the same channel
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
pipeline_failed.json
pipeline_failed.json
pipeline_success.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
--- slack_wait: 3
--- slack_like
^#general as GitLab
--- no_error_log
[error]
[alert]
[crit]



=== TEST 14: changed, over a restart: before
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_failed.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
--- http_config
    slack_outbox sqlite:$TEST_NGINX_OUTBOX;
--- no_error_log
[error]
[alert]
[crit]



=== TEST 15: changed, over a restart: after
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_failed.json
pipeline_success.json
--- answers
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
202 {"status":"queued","event":"pipeline","messages":1}
--- http_config
    slack_outbox sqlite:$TEST_NGINX_OUTBOX;
--- no_error_log
[error]
[alert]
[crit]
