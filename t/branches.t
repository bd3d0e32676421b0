use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: all, the default
--- config
    location = /hook {
        slack_route acme {
            events all;
        }
    }
--- hook
push.json
push_many.json
push_delete_branch.json
pipeline_mr.json
deployment_success.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"deployment","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 2: all
--- config
    location = /hook {
        slack_route acme {
            branches all;
        }
    }
--- hook
push.json
push_many.json
pipeline_mr.json
deployment_success.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"deployment","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 3: default
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
push_new_branch.json
pipeline_success.json
pipeline_mr.json
deployment_success.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"push"}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"branches","event":"pipeline"}
202 {"status":"queued","event":"deployment","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 4: default, of a project that does not tell its default branch
--- config
    location = /hook {
        slack_route acme {
            branches default;
        }
    }
--- hook
push_null.json
--- answers
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 5: protected
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
pipeline_success.json
pipeline_mr.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"branches","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 6: protected: the default branch is not if GitLab says so
--- config
    location = /hook {
        slack_route acme {
            branches protected;
        }
    }
--- hook
push_unprotected.json
--- answers
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 7: protected: not told, so no
--- config
    location = /hook {
        slack_route acme {
            branches protected;
        }
    }
--- hook
push_old.json
pipeline_old.json
deployment_success.json
--- answers
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"pipeline"}
200 {"status":"filtered","reason":"branches","event":"deployment"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 8: protected: not told, so by protected_branches
--- config
    location = /hook {
        slack_route acme {
            branches protected;
            protected_branches stable/* ~^MAI main;
        }
    }
--- hook
push_old.json
pipeline_old.json
deployment_success.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
202 {"status":"queued","event":"deployment","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 9: protected_branches with an exclusion
--- config
    location = /hook {
        slack_route acme {
            branches protected;
            protected_branches * !main;
        }
    }
--- hook
push_old.json
deployment_success.json
--- answers
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"deployment"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 10: protected_branches do not overrule what GitLab says
--- config
    location = /hook {
        slack_route acme {
            branches protected;
            protected_branches *;
        }
    }
--- hook
push_unprotected.json
push_many.json
pipeline_mr.json
--- answers
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 11: protected_branches alone filter nothing
--- config
    location = /hook {
        slack_route acme {
            protected_branches stable;
        }
    }
--- hook
push_many.json
push_old.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 12: default_and_protected
--- config
    location = /hook {
        slack_route acme {
            branches default_and_protected;
        }
    }
--- hook
push.json
push_unprotected.json
push_protected.json
push_many.json
pipeline_mr.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 13: default and protected, each by its name
--- config
    location = /hook {
        slack_route acme {
            branches default protected;
        }
    }
--- hook
push_unprotected.json
push_protected.json
push_many.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 14: globs
--- config
    location = /hook {
        slack_route acme {
            branches release/* flight-???????? x*;
        }
    }
--- hook
push_protected.json
push_many.json
push.json
push_delete_branch.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 15: globs: a star goes over slashes
--- config
    location = /hook {
        slack_route acme {
            branches *2*4;
        }
    }
--- hook
push_protected.json
push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 16: globs are exact, from end to end
--- config
    location = /hook {
        slack_route acme {
            branches release flight mai ain Main;
        }
    }
--- hook
push_protected.json
push_many.json
push.json
--- answers
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 17: regular expressions
--- config
    location = /hook {
        slack_route acme {
            branches ~^(main|old/) ~4$;
        }
    }
--- hook
push.json
push_delete_branch.json
push_protected.json
push_many.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 18: regular expressions without regard to case
--- config
    location = /hook {
        slack_route acme {
            branches ~*^MAIN$ ~^FLIGHT;
        }
    }
--- hook
push.json
push_many.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 19: a class or a pattern
--- config
    location = /hook {
        slack_route acme {
            branches default release/*;
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
[crit]



=== TEST 20: exclusions win over classes and patterns
--- config
    location = /hook {
        slack_route acme {
            branches all release/* !release/2.* !~^flight;
        }
    }
--- hook
push.json
push_protected.json
push_many.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 21: nothing but exclusions: all others pass
--- config
    location = /hook {
        slack_route acme {
            branches !release/*;
        }
    }
--- hook
push.json
push_many.json
push_protected.json
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 22: a branch that is called like a class
--- config
    location = /hook {
        slack_route acme {
            branches ~^default$;
        }
    }
--- hook
push.json
--- answers
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 23: names with anything in them
--- config
    location = /hook {
        slack_route acme {
            branches "feature/a#b%c\"<&>|x'?";
        }
    }
--- hook
push_special_ref.json
push.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 24: tags are no branches: they pass
--- config
    location = /hook {
        slack_route acme {
            branches nothing;
        }
    }
--- hook
tag_push.json
tag_push_delete.json
pipeline_tag.json
push.json
--- answers
202 {"status":"queued","event":"tag_push","messages":1}
202 {"status":"queued","event":"tag_push","messages":1}
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 25: other events have no branch: they pass
--- config
    location = /hook {
        slack_route acme {
            branches nothing;
        }
    }
--- hook
issue_open.json
note_issue.json
wiki_create.json
alert_triggered.json | X-Gitlab-Event: -
--- answers
202 {"status":"queued","event":"issue","messages":1}
202 {"status":"queued","event":"note","messages":1}
202 {"status":"queued","event":"wiki_page","messages":1}
202 {"status":"queued","event":"alert","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 26: deployments that do not tell their ref pass
--- config
    location = /hook {
        slack_route acme {
            branches nothing;
        }
    }
--- hook
deployment_old.json
deployment_success.json
--- answers
202 {"status":"queued","event":"deployment","messages":1}
200 {"status":"filtered","reason":"branches","event":"deployment"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 27: merge requests: patterns look at the target
--- config
    location = /hook {
        slack_route acme {
            branches release/* fuel-gauge-retry;
        }
    }
--- hook
merge_request_open.json
merge_request_merge.json
--- answers
200 {"status":"filtered","reason":"branches","event":"merge_request"}
200 {"status":"filtered","reason":"branches","event":"merge_request"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 28: merge requests: the target matches
--- config
    location = /hook {
        slack_route acme {
            branches ~^ma;
        }
    }
--- hook
merge_request_open.json
merge_request_merge.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
202 {"status":"queued","event":"merge_request","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 29: merge requests: the target is excluded
--- config
    location = /hook {
        slack_route acme {
            branches all !main;
        }
    }
--- hook
merge_request_open.json
push_many.json
push.json
--- answers
200 {"status":"filtered","reason":"branches","event":"merge_request"}
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 30: merge requests: classes alone do not filter them
--- config
    location = /hook {
        slack_route acme {
            branches protected;
        }
    }
--- hook
merge_request_open.json
push_many.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
200 {"status":"filtered","reason":"branches","event":"push"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 31: merge requests: a class beside a pattern counts
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
[crit]



=== TEST 32: merge requests: protected beside a pattern, by protected_branches
--- config
    location = /hook {
        slack_route acme {
            branches protected release/*;
            protected_branches main;
        }
    }
--- hook
merge_request_open.json
--- answers
202 {"status":"queued","event":"merge_request","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 33: the pipeline of a fork has its source branch
--- config
    location = /hook {
        slack_route acme {
            branches fuel-*;
        }
    }
--- hook
pipeline_mr.json
pipeline_success.json
--- answers
202 {"status":"queued","event":"pipeline","messages":1}
200 {"status":"filtered","reason":"branches","event":"pipeline"}
--- no_error_log
[error]
[alert]
[crit]
