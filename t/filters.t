use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: branches all
--- config
    location = /hook {
        slack_route acme {
            branches all;
        }
    }
--- hook
push.json
push_many.json
tag_push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"tag_push","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 2: branches default
--- config
    location = /hook {
        slack_route acme {
            branches default;
        }
    }
--- hook
push.json
push_many.json
push_protected.json
tag_push.json
pipeline_success.json
pipeline_tag.json
deployment_success.json
merge_request_open.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"push"}
202 {"status":"queued","event":"tag_push","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"deployment","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 3: branches protected
--- config
    location = /hook {
        slack_route acme {
            branches protected;
        }
    }
--- hook
push.json
push_protected.json
push_many.json
push_old.json
deployment_success.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"deployment"}
--- no_error_log
[error]
[alert]



=== TEST 4: branches protected, told by protected_branches where GitLab does not
--- config
    location = /hook {
        slack_route acme {
            branches protected;
            protected_branches mai* ~^rel;
        }
    }
--- hook
push_old.json
deployment_success.json
push_many.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"deployment","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]



=== TEST 5: branches default_and_protected
--- config
    location = /hook {
        slack_route acme {
            branches default_and_protected;
        }
    }
--- hook
push.json
push_protected.json
push_many.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]



=== TEST 6: branches by glob, regex and exclusion
--- config
    location = /hook {
        slack_route acme {
            branches release/* ~^flight !*software;
        }
    }
--- hook
push_protected.json
push_many.json
push.json
tag_push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"push"}
202 {"status":"queued","event":"tag_push","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 7: nothing but exclusions: all others pass
--- config
    location = /hook {
        slack_route acme {
            branches !flight*;
        }
    }
--- hook
push.json
push_many.json
push_protected.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 8: patterns look at the target of merge requests
--- config
    location = /hook {
        slack_route acme {
            branches release/*;
        }
    }
--- hook
merge_request_open.json
push_protected.json
--- answers
200 {"status":"filtered","reason":"branches","event":"merge_request"}
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 9: a class beside a pattern counts for merge requests, too
--- config
    location = /hook {
        slack_route acme {
            branches default release/*;
        }
    }
--- hook
merge_request_open.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 10: pipelines broken
--- config
    location = /hook {
        slack_route acme {
            pipelines broken;
        }
    }
--- hook
pipeline_failed.json
pipeline_success.json
pipeline_warnings.json
pipeline_fixed.json
push.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 11: pipelines changed, as GitLab tells
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_fixed.json
pipeline_still_failing.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
--- no_error_log
[error]
[alert]



=== TEST 12: pipelines changed, by the last status that was seen
--- config
    location = /hook {
        slack_route acme {
            pipelines changed;
        }
    }
--- hook
pipeline_success.json
pipeline_failed.json
pipeline_failed.json
pipeline_success.json
pipeline_success.json
--- answers
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"pipelines","event":"pipeline"}
--- no_error_log
[error]
[alert]



=== TEST 13: labels any
--- config
    location = /hook {
        slack_route acme {
            labels any Feature Bug;
        }
    }
--- hook
merge_request_open.json
issue_open.json
note_issue.json
note_commit.json
push.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"issue","messages":1}
202 {"status":"queued","event":"note","messages":1}
200 {"status":"filtered","reason":"labels","event":"note"}
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 14: labels any, exact
--- config
    location = /hook {
        slack_route acme {
            labels any bug;
        }
    }
--- hook
merge_request_open.json
--- answers
200 {"status":"filtered","reason":"labels","event":"merge_request"}
--- no_error_log
[error]
[alert]



=== TEST 15: labels all
--- config
    location = /hook {
        slack_route acme {
            labels all Bug priority::1;
        }
    }
--- hook
merge_request_open.json
issue_open.json
--- answers
200 {"status":"filtered","reason":"labels","event":"merge_request"}
202 {"status":"queued","event":"issue","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 16: labels none
--- config
    location = /hook {
        slack_route acme {
            labels none priority::1;
        }
    }
--- hook
merge_request_open.json
issue_open.json
note_commit.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
200 {"status":"filtered","reason":"labels","event":"issue"}
202 {"status":"queued","event":"note","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 17: labels, and-ed
--- config
    location = /hook {
        slack_route acme {
            labels any Bug;
            labels none priority::1;
        }
    }
--- hook
merge_request_open.json
issue_open.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
200 {"status":"filtered","reason":"labels","event":"issue"}
--- no_error_log
[error]
[alert]



=== TEST 18: users
--- config
    location = /hook {
        slack_route acme {
            users mok* !*bot;
        }
    }
--- hook
push.json
push_many.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"users","event":"push"}
--- no_error_log
[error]
[alert]



=== TEST 19: users, excluded
--- config
    location = /hook {
        slack_route acme {
            users !mokafor;
        }
    }
--- hook
push.json
push_many.json
--- answers
200 {"status":"filtered","reason":"users","event":"push"}
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 20: projects
--- config
    location = /hook {
        slack_route acme {
            projects acme/*;
        }
    }
--- hook
push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 21: projects, another
--- config
    location = /hook {
        slack_route acme {
            projects other/*;
        }
    }
--- hook
push.json
--- answers
200 {"status":"filtered","reason":"projects","event":"push"}
--- no_error_log
[error]
[alert]



=== TEST 22: paths
--- config
    location = /hook {
        slack_route acme {
            paths lib/sensor/*;
        }
    }
--- hook
push.json
push_many.json
issue_open.json
push_new_branch.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"paths","event":"push"}
202 {"status":"queued","event":"issue","messages":1}
200 {"status":"filtered","reason":"paths","event":"push"}
--- no_error_log
[error]
[alert]



=== TEST 23: paths, a push of nothing but excluded files
--- config
    location = /hook {
        slack_route acme {
            paths !lib/* !spec/*;
        }
    }
--- hook
push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 24: match
--- config
    location = /hook {
        slack_route acme {
            match object_attributes.target_branch main ~^rel;
        }
    }
--- hook
merge_request_open.json
push.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
200 {"status":"filtered","reason":"match","event":"push"}
--- no_error_log
[error]
[alert]



=== TEST 25: match in an array
--- config
    location = /hook {
        slack_route acme {
            match labels[].title priority::*;
        }
    }
--- hook
issue_open.json
merge_request_open.json
--- answers
202 {"status":"queued","event":"issue","messages":1}
200 {"status":"filtered","reason":"match","event":"merge_request"}
--- no_error_log
[error]
[alert]



=== TEST 26: match, excluded
--- config
    location = /hook {
        slack_route acme {
            match labels.title !priority::*;
        }
    }
--- hook
issue_open.json
merge_request_open.json
push.json
--- answers
200 {"status":"filtered","reason":"match","event":"issue"}
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 27: actions
--- config
    location = /hook {
        slack_route acme {
            events merge_request:open,merge wiki_page;
        }
    }
--- hook
merge_request_open.json
merge_request_merge.json
merge_request_close.json
wiki_create.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
200 {"status":"filtered","reason":"action","event":"merge_request"}
202 {"status":"queued","event":"wiki_page","messages":1}
--- no_error_log
[error]
[alert]



=== TEST 28: if, with a variable of the event
--- http_config
    map $slack_user $wanted {
        mokafor 1;
        yhartmann 0;
    }
--- config
    location = /hook {
        slack_route acme if=$wanted {
            channel dev;
        }
    }
--- hook
push.json
push_many.json
issue_open.json
merge_request_open.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"if","event":"push"}
202 {"status":"queued","event":"issue","messages":1}
200 {"status":"filtered","reason":"if","event":"merge_request"}
--- no_error_log
[error]
[alert]



=== TEST 29: several routes and channels, each channel once
--- config
    location = /hook {
        slack_notify acme dev,#ops,U024BE7LH;
        slack_route acme {
            channel ops dev more;
            username Other;
        }
    }
--- hook
tag_push_delete.json
--- answers
202 {"status":"queued","event":"tag_push","messages":4}
--- slack_like
^#dev as GitLab$
^#ops as GitLab$
^#more as Other$
^U024BE7LH as GitLab$
--- slack_wait: 4
--- no_error_log
[error]
[alert]
