# slack_thread_pool: pools of any size, declared before or after it, or not at
# all.

use strict;
use warnings;

use lib 't/util';

use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== a pool of one thread
--- main_config
thread_pool few threads=1;
--- http_config
slack_thread_pool few;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== a pool of one thread, declared after its use
--- http_config
slack_thread_pool few;
--- post_main_config
thread_pool few threads=1;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== the pool "default" of one thread
--- main_config
thread_pool default threads=1;
--- http_config
slack_thread_pool default;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== two threads do
--- main_config
thread_pool two threads=2;
--- http_config
slack_thread_pool two;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== the pool "default" need not be declared
--- http_config
slack_thread_pool default;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
push.json
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]
