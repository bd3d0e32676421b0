use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: every directive
--- config
    location = /hook {
        slack_route acme {
            events push:create,update issue pipeline:failed,running note;
            branches default release/* ~^v[0-9]+$ !release/old* !~*wip;
            protected_branches main stable/*;
            pipelines changed;
            labels any bug "help wanted";
            labels all backend;
            labels none wontfix;
            users * !bot-*;
            projects acme/*;
            paths src/* !*.md;
            match object_kind push pipeline;
            match project.path_with_namespace ~^acme/;
            channel dev, "#builds" U024BE7LH;
            username "Build bot";
            icon_emoji rocket;
            icon_url https://example.com/icon.png;
        }
    }
--- request: GET /
--- no_error_log
[error]
[alert]
[crit]



=== TEST 2: nothing in it
--- config
    location = /hook {
        slack_route acme {

        }
    }
--- hook
push.json
issue_open.json | X-Gitlab-Event: Issue Hook
issue_confidential_open.json | X-Gitlab-Event: Confidential Issue Hook
--- answers
202 {"status":"queued","event":"push","messages":1}
202 {"status":"queued","event":"issue","messages":1}
200 {"status":"filtered","reason":"events","event":"confidential_issue"}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 3: "all", and the actions of one event
--- config
    location = /hook {
        slack_route acme {
            events all merge_request:merge;
        }
    }
--- hook
push.json
merge_request_open.json
merge_request_merge.json
--- answers
202 {"status":"queued","event":"push","messages":1}
200 {"status":"filtered","reason":"action","event":"merge_request"}
202 {"status":"queued","event":"merge_request","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 4: the actions of one event, and "all"
--- config
    location = /hook {
        slack_route acme {
            events merge_request:merge all;
        }
    }
--- hook
merge_request_open.json
push.json
--- answers
200 {"status":"filtered","reason":"action","event":"merge_request"}
202 {"status":"queued","event":"push","messages":1}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 5: in http, server and location
--- http_config
    slack_route acme {
        channel http;
    }
--- config
    slack_route acme {
        channel server;
    }

    location = /hook {
        slack_route acme {
            channel location;
        }
    }
--- hook
push.json
--- slack_like
^#location as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== TEST 6: without a workspace
--- config
    location = /hook {
        slack_route {
        }
    }
--- refused
invalid number of arguments in "slack_route" directive



=== TEST 7: too many parameters
--- config
    location = /hook {
        slack_route acme if=1 if=2 {
        }
    }
--- refused
invalid number of arguments in "slack_route" directive



=== TEST 8: a parameter that is not "if"
--- config
    location = /hook {
        slack_route acme dev {
        }
    }
--- refused
invalid parameter "dev", write "if=CONDITION"



=== TEST 9: an empty "if"
--- config
    location = /hook {
        slack_route acme if= {
        }
    }
--- refused
invalid parameter "if=", write "if=CONDITION"



=== TEST 10: not a block
--- config
    location = /hook {
        slack_route acme;
    }
--- refused
directive "slack_route" has no opening "{"



=== TEST 11: in an "if" block
--- config
    location = /hook {
        if ($arg_a) {
            slack_route acme {
            }
        }
    }
--- refused
"slack_route" directive is not allowed here



=== TEST 12: outside http
--- main_config
slack_route acme {
}
--- refused
"slack_route" directive is not allowed here



=== TEST 13: an unknown directive, in http
--- http_config
    slack_route acme {
        event push;
    }
--- refused
unknown directive "event" in "slack_route", see "Inside slack_route" in the README



=== TEST 14: a wrong event, in http
--- http_config
    slack_route acme {
        events pushes;
    }
--- refused
unknown event "pushes", see "Events and actions" in the README



=== TEST 15: a wrong parameter, in http
--- http_config
    slack_route acme iff=1 {
    }
--- refused
invalid parameter "iff=1", write "if=CONDITION"



=== TEST 16: slack_notify with a wrong channel, in http
--- http_config
    slack_notify acme @joe;
--- refused
invalid channel "@joe", a direct message needs the member ID, such as U024BE7LH



=== TEST 17: slack_source nobody knows, in http
--- http_config
    slack_source bitbucket;
--- refused
unknown source "bitbucket", see "slack_source" in the README



=== TEST 18: slack_secret empty, in http
--- http_config
    slack_secret "";
--- refused
"slack_secret" directive has an empty secret



=== TEST 19: slack_on_error neither, in http
--- http_config
    slack_on_error ignore;
--- refused
invalid value "ignore" in "slack_on_error" directive, it must be "fail" or "pass"



=== TEST 20: an unknown directive, in server
--- config
    slack_route acme {
        event push;
    }
--- refused
unknown directive "event" in "slack_route", see "Inside slack_route" in the README



=== TEST 21: a wrong event, in server
--- config
    slack_route acme {
        events pushes;
    }
--- refused
unknown event "pushes", see "Events and actions" in the README



=== TEST 22: a wrong parameter, in server
--- config
    slack_route acme iff=1 {
    }
--- refused
invalid parameter "iff=1", write "if=CONDITION"



=== TEST 23: slack_notify with a wrong channel, in server
--- config
    slack_notify acme @joe;
--- refused
invalid channel "@joe", a direct message needs the member ID, such as U024BE7LH



=== TEST 24: slack_source nobody knows, in server
--- config
    slack_source bitbucket;
--- refused
unknown source "bitbucket", see "slack_source" in the README



=== TEST 25: slack_secret empty, in server
--- config
    slack_secret "";
--- refused
"slack_secret" directive has an empty secret



=== TEST 26: slack_on_error neither, in server
--- config
    slack_on_error ignore;
--- refused
invalid value "ignore" in "slack_on_error" directive, it must be "fail" or "pass"



=== TEST 27: an unknown directive
--- config
    location = /hook {
        slack_route acme {
            event push;
        }
    }
--- refused
unknown directive "event" in "slack_route", see "Inside slack_route" in the README



=== TEST 28: a directive of workspaces
--- config
    location = /hook {
        slack_route acme {
            rate 1r/s;
        }
    }
--- refused
unknown directive "rate" in "slack_route", see "Inside slack_route" in the README



=== TEST 29: a block within
--- config
    location = /hook {
        slack_route acme {
            events push {
            }
        }
    }
--- refused
unexpected "{"



=== TEST 30: events without arguments
--- config
    location = /hook {
        slack_route acme {
            events;
        }
    }
--- refused
invalid number of arguments in "events" directive



=== TEST 31: branches without arguments
--- config
    location = /hook {
        slack_route acme {
            branches;
        }
    }
--- refused
invalid number of arguments in "branches" directive



=== TEST 32: protected_branches without arguments
--- config
    location = /hook {
        slack_route acme {
            protected_branches;
        }
    }
--- refused
invalid number of arguments in "protected_branches" directive



=== TEST 33: pipelines without arguments
--- config
    location = /hook {
        slack_route acme {
            pipelines;
        }
    }
--- refused
invalid number of arguments in "pipelines" directive



=== TEST 34: labels without arguments
--- config
    location = /hook {
        slack_route acme {
            labels;
        }
    }
--- refused
invalid number of arguments in "labels" directive



=== TEST 35: users without arguments
--- config
    location = /hook {
        slack_route acme {
            users;
        }
    }
--- refused
invalid number of arguments in "users" directive



=== TEST 36: projects without arguments
--- config
    location = /hook {
        slack_route acme {
            projects;
        }
    }
--- refused
invalid number of arguments in "projects" directive



=== TEST 37: paths without arguments
--- config
    location = /hook {
        slack_route acme {
            paths;
        }
    }
--- refused
invalid number of arguments in "paths" directive



=== TEST 38: match without arguments
--- config
    location = /hook {
        slack_route acme {
            match;
        }
    }
--- refused
invalid number of arguments in "match" directive



=== TEST 39: channel without arguments
--- config
    location = /hook {
        slack_route acme {
            channel;
        }
    }
--- refused
invalid number of arguments in "channel" directive



=== TEST 40: username without arguments
--- config
    location = /hook {
        slack_route acme {
            username;
        }
    }
--- refused
invalid number of arguments in "username" directive



=== TEST 41: icon_emoji without arguments
--- config
    location = /hook {
        slack_route acme {
            icon_emoji;
        }
    }
--- refused
invalid number of arguments in "icon_emoji" directive



=== TEST 42: icon_url without arguments
--- config
    location = /hook {
        slack_route acme {
            icon_url;
        }
    }
--- refused
invalid number of arguments in "icon_url" directive



=== TEST 43: labels, a wrong number of arguments
--- config
    location = /hook {
        slack_route acme {
            labels any;
        }
    }
--- refused
invalid number of arguments in "labels" directive



=== TEST 44: match, a wrong number of arguments
--- config
    location = /hook {
        slack_route acme {
            match object_kind;
        }
    }
--- refused
invalid number of arguments in "match" directive



=== TEST 45: pipelines, a wrong number of arguments
--- config
    location = /hook {
        slack_route acme {
            pipelines all broken;
        }
    }
--- refused
invalid number of arguments in "pipelines" directive



=== TEST 46: username, a wrong number of arguments
--- config
    location = /hook {
        slack_route acme {
            username Git Lab;
        }
    }
--- refused
invalid number of arguments in "username" directive



=== TEST 47: icon_emoji, a wrong number of arguments
--- config
    location = /hook {
        slack_route acme {
            icon_emoji a b;
        }
    }
--- refused
invalid number of arguments in "icon_emoji" directive



=== TEST 48: icon_url, a wrong number of arguments
--- config
    location = /hook {
        slack_route acme {
            icon_url https://a b;
        }
    }
--- refused
invalid number of arguments in "icon_url" directive



=== TEST 49: events twice, push
--- config
    location = /hook {
        slack_route acme {
            events push;
            events issue;
        }
    }
--- refused
"events" directive is duplicate



=== TEST 50: branches twice, all
--- config
    location = /hook {
        slack_route acme {
            branches all;
            branches all;
        }
    }
--- refused
"branches" directive is duplicate



=== TEST 51: branches twice, main
--- config
    location = /hook {
        slack_route acme {
            branches main;
            branches release/*;
        }
    }
--- refused
"branches" directive is duplicate



=== TEST 52: protected_branches twice, a
--- config
    location = /hook {
        slack_route acme {
            protected_branches a;
            protected_branches b;
        }
    }
--- refused
"protected_branches" directive is duplicate



=== TEST 53: pipelines twice, all
--- config
    location = /hook {
        slack_route acme {
            pipelines all;
            pipelines broken;
        }
    }
--- refused
"pipelines" directive is duplicate



=== TEST 54: users twice, a
--- config
    location = /hook {
        slack_route acme {
            users a;
            users b;
        }
    }
--- refused
"users" directive is duplicate



=== TEST 55: projects twice, a
--- config
    location = /hook {
        slack_route acme {
            projects a;
            projects b;
        }
    }
--- refused
"projects" directive is duplicate



=== TEST 56: paths twice, a
--- config
    location = /hook {
        slack_route acme {
            paths a;
            paths !b;
        }
    }
--- refused
"paths" directive is duplicate



=== TEST 57: channel twice, a
--- config
    location = /hook {
        slack_route acme {
            channel a;
            channel b;
        }
    }
--- refused
"channel" directive is duplicate



=== TEST 58: username twice, a
--- config
    location = /hook {
        slack_route acme {
            username a;
            username b;
        }
    }
--- refused
"username" directive is duplicate



=== TEST 59: icon_emoji twice, a
--- config
    location = /hook {
        slack_route acme {
            icon_emoji a;
            icon_emoji b;
        }
    }
--- refused
"icon_emoji" directive is duplicate



=== TEST 60: icon_url twice, https://a
--- config
    location = /hook {
        slack_route acme {
            icon_url https://a;
            icon_url https://b;
        }
    }
--- refused
"icon_url" directive is duplicate



=== TEST 61: events pushes
--- config
    location = /hook {
        slack_route acme {
            events pushes;
        }
    }
--- refused
unknown event "pushes", see "Events and actions" in the README



=== TEST 62: events Push
--- config
    location = /hook {
        slack_route acme {
            events Push;
        }
    }
--- refused
unknown event "Push", see "Events and actions" in the README



=== TEST 63: events push:
--- config
    location = /hook {
        slack_route acme {
            events push:;
        }
    }
--- refused
invalid event "push:"



=== TEST 64: events push:create,
--- config
    location = /hook {
        slack_route acme {
            events push:create,;
        }
    }
--- refused
invalid event "push:create,"



=== TEST 65: events push:created
--- config
    location = /hook {
        slack_route acme {
            events push:created;
        }
    }
--- refused
unknown action in event "push:created", see "Events and actions" in the README



=== TEST 66: events merge_request:open,merged
--- config
    location = /hook {
        slack_route acme {
            events merge_request:open,merged;
        }
    }
--- refused
unknown action in event "merge_request:open,merged", see "Events and actions" in the README



=== TEST 67: events wiki_page:open
--- config
    location = /hook {
        slack_route acme {
            events wiki_page:open;
        }
    }
--- refused
unknown action in event "wiki_page:open", see "Events and actions" in the README



=== TEST 68: events all:create
--- config
    location = /hook {
        slack_route acme {
            events all:create;
        }
    }
--- refused
unknown event "all:create", see "Events and actions" in the README



=== TEST 69: events unknown
--- config
    location = /hook {
        slack_route acme {
            events unknown;
        }
    }
--- refused
unknown event "unknown", see "Events and actions" in the README



=== TEST 70: events push,issue
--- config
    location = /hook {
        slack_route acme {
            events push,issue;
        }
    }
--- refused
unknown event "push,issue", see "Events and actions" in the README



=== TEST 71: events push:create push:update
--- config
    location = /hook {
        slack_route acme {
            events push:create push:update;
        }
    }
--- refused
duplicate event "push:update"



=== TEST 72: events push push
--- config
    location = /hook {
        slack_route acme {
            events push push;
        }
    }
--- refused
duplicate event "push"



=== TEST 73: events note:create note
--- config
    location = /hook {
        slack_route acme {
            events note:create note;
        }
    }
--- refused
duplicate event "note"



=== TEST 74: statuses GitLab may add
--- config
    location = /hook {
        slack_route acme {
            events pipeline:running,waiting_for_callback deployment:approved alert:ignored;
        }
    }
--- request: GET /
--- no_error_log
[error]
[alert]
[crit]



=== TEST 75: branches, pattern empty
--- config
    location = /hook {
        slack_route acme {
            branches "";
        }
    }
--- refused
invalid pattern ""



=== TEST 76: branches, pattern !
--- config
    location = /hook {
        slack_route acme {
            branches !;
        }
    }
--- refused
invalid pattern "!"



=== TEST 77: branches, pattern ~
--- config
    location = /hook {
        slack_route acme {
            branches ~;
        }
    }
--- refused
invalid pattern "~"



=== TEST 78: branches, pattern !~*
--- config
    location = /hook {
        slack_route acme {
            branches !~*;
        }
    }
--- refused
invalid pattern "!~*"



=== TEST 79: protected_branches, pattern empty
--- config
    location = /hook {
        slack_route acme {
            protected_branches "";
        }
    }
--- refused
invalid pattern ""



=== TEST 80: protected_branches, pattern !
--- config
    location = /hook {
        slack_route acme {
            protected_branches !;
        }
    }
--- refused
invalid pattern "!"



=== TEST 81: protected_branches, pattern ~
--- config
    location = /hook {
        slack_route acme {
            protected_branches ~;
        }
    }
--- refused
invalid pattern "~"



=== TEST 82: protected_branches, pattern !~*
--- config
    location = /hook {
        slack_route acme {
            protected_branches !~*;
        }
    }
--- refused
invalid pattern "!~*"



=== TEST 83: users, pattern empty
--- config
    location = /hook {
        slack_route acme {
            users "";
        }
    }
--- refused
invalid pattern ""



=== TEST 84: users, pattern !
--- config
    location = /hook {
        slack_route acme {
            users !;
        }
    }
--- refused
invalid pattern "!"



=== TEST 85: users, pattern ~
--- config
    location = /hook {
        slack_route acme {
            users ~;
        }
    }
--- refused
invalid pattern "~"



=== TEST 86: users, pattern !~*
--- config
    location = /hook {
        slack_route acme {
            users !~*;
        }
    }
--- refused
invalid pattern "!~*"



=== TEST 87: projects, pattern empty
--- config
    location = /hook {
        slack_route acme {
            projects "";
        }
    }
--- refused
invalid pattern ""



=== TEST 88: projects, pattern !
--- config
    location = /hook {
        slack_route acme {
            projects !;
        }
    }
--- refused
invalid pattern "!"



=== TEST 89: projects, pattern ~
--- config
    location = /hook {
        slack_route acme {
            projects ~;
        }
    }
--- refused
invalid pattern "~"



=== TEST 90: projects, pattern !~*
--- config
    location = /hook {
        slack_route acme {
            projects !~*;
        }
    }
--- refused
invalid pattern "!~*"



=== TEST 91: paths, pattern empty
--- config
    location = /hook {
        slack_route acme {
            paths "";
        }
    }
--- refused
invalid pattern ""



=== TEST 92: paths, pattern !
--- config
    location = /hook {
        slack_route acme {
            paths !;
        }
    }
--- refused
invalid pattern "!"



=== TEST 93: paths, pattern ~
--- config
    location = /hook {
        slack_route acme {
            paths ~;
        }
    }
--- refused
invalid pattern "~"



=== TEST 94: paths, pattern !~*
--- config
    location = /hook {
        slack_route acme {
            paths !~*;
        }
    }
--- refused
invalid pattern "!~*"



=== TEST 95: match object_kind, pattern empty
--- config
    location = /hook {
        slack_route acme {
            match object_kind "";
        }
    }
--- refused
invalid pattern ""



=== TEST 96: match object_kind, pattern !
--- config
    location = /hook {
        slack_route acme {
            match object_kind !;
        }
    }
--- refused
invalid pattern "!"



=== TEST 97: match object_kind, pattern ~
--- config
    location = /hook {
        slack_route acme {
            match object_kind ~;
        }
    }
--- refused
invalid pattern "~"



=== TEST 98: match object_kind, pattern !~*
--- config
    location = /hook {
        slack_route acme {
            match object_kind !~*;
        }
    }
--- refused
invalid pattern "!~*"



=== TEST 99: a class cannot be excluded, all
--- config
    location = /hook {
        slack_route acme {
            branches main !all;
        }
    }
--- refused
a class of branches cannot be excluded, "!all"; for a branch of this name use "!~^all$"



=== TEST 100: a class cannot be excluded, default
--- config
    location = /hook {
        slack_route acme {
            branches main !default;
        }
    }
--- refused
a class of branches cannot be excluded, "!default"; for a branch of this name use "!~^default$"



=== TEST 101: a class cannot be excluded, protected
--- config
    location = /hook {
        slack_route acme {
            branches main !protected;
        }
    }
--- refused
a class of branches cannot be excluded, "!protected"; for a branch of this name use "!~^protected$"



=== TEST 102: a class cannot be excluded, default_and_protected
--- config
    location = /hook {
        slack_route acme {
            branches main !default_and_protected;
        }
    }
--- refused
a class of branches cannot be excluded, "!default_and_protected"; for a branch of this name use "!~^default_and_protected$"



=== TEST 103: pipelines
--- config
    location = /hook {
        slack_route acme {
            pipelines failed;
        }
    }
--- refused
invalid value "failed" in "pipelines" directive, it must be "all", "broken" or "changed"



=== TEST 104: labels
--- config
    location = /hook {
        slack_route acme {
            labels some bug;
        }
    }
--- refused
invalid value "some" in "labels" directive, it must be "any", "all" or "none"



=== TEST 105: match, path empty
--- config
    location = /hook {
        slack_route acme {
            match "" x;
        }
    }
--- refused
invalid path ""



=== TEST 106: match, path a..b
--- config
    location = /hook {
        slack_route acme {
            match a..b x;
        }
    }
--- refused
invalid path "a..b"



=== TEST 107: match, path .a
--- config
    location = /hook {
        slack_route acme {
            match .a x;
        }
    }
--- refused
invalid path ".a"



=== TEST 108: match, path a.
--- config
    location = /hook {
        slack_route acme {
            match a. x;
        }
    }
--- refused
invalid path "a."



=== TEST 109: match, path labels[0].title
--- config
    location = /hook {
        slack_route acme {
            match labels[0].title x;
        }
    }
--- refused
invalid path "labels[0].title"



=== TEST 110: match, path labels[.title
--- config
    location = /hook {
        slack_route acme {
            match labels[.title x;
        }
    }
--- refused
invalid path "labels[.title"



=== TEST 111: match, path labels[]title
--- config
    location = /hook {
        slack_route acme {
            match labels[]title x;
        }
    }
--- refused
invalid path "labels[]title"



=== TEST 112: match, path labels].title
--- config
    location = /hook {
        slack_route acme {
            match labels].title x;
        }
    }
--- refused
invalid path "labels].title"



=== TEST 113: match, path []
--- config
    location = /hook {
        slack_route acme {
            match [] x;
        }
    }
--- refused
invalid path "[]"



=== TEST 114: channel @joe
--- config
    location = /hook {
        slack_route acme {
            channel @joe;
        }
    }
--- refused
invalid channel "@joe", a direct message needs the member ID, such as U024BE7LH



=== TEST 115: channel a/b
--- config
    location = /hook {
        slack_route acme {
            channel a/b;
        }
    }
--- refused
invalid channel "a/b", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR



=== TEST 116: channel ,
--- config
    location = /hook {
        slack_route acme {
            channel ",";
        }
    }
--- refused
empty list of channels, name one



=== TEST 117: channel a b c d e f g h i j k
--- config
    location = /hook {
        slack_route acme {
            channel a b c d e f g h i j k;
        }
    }
--- refused
more than 10 channels



=== TEST 118: username of 81 characters
--- config
    location = /hook {
        slack_route acme {
            username aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;
        }
    }
--- refused
"username" directive is longer than 80 characters



=== TEST 119: icon_emoji
--- config
    location = /hook {
        slack_route acme {
            icon_emoji :rocket;
        }
    }
--- refused
"icon_emoji" directive is not the name of an emoji



=== TEST 120: icon_url
--- config
    location = /hook {
        slack_route acme {
            icon_url rocket.png;
        }
    }
--- refused
"icon_url" directive is neither http nor https



=== TEST 121: slack_notify without arguments
--- config
    location = /hook {
        slack_notify;
    }
--- refused
invalid number of arguments in "slack_notify" directive



=== TEST 122: slack_notify off, and more
--- config
    location = /hook {
        slack_notify off dev;
    }
--- refused
invalid parameter "dev", write "if=CONDITION"



=== TEST 123: slack_notify off twice
--- config
    location = /hook {
        slack_notify off;
        slack_notify off;
    }
--- refused
"slack_notify" directive is duplicate



=== TEST 124: slack_notify off beside a route
--- config
    location = /hook {
        slack_notify acme;
        slack_notify off;
    }
--- refused
"slack_notify" directive "off" conflicts with another route of the same level



=== TEST 125: a route beside slack_notify off
--- config
    location = /hook {
        slack_notify off;
        slack_notify acme;
    }
--- refused
"slack_notify" directive conflicts with "slack_notify off"



=== TEST 126: slack_route beside slack_notify off
--- config
    location = /hook {
        slack_notify off;
        slack_route acme {
        }
    }
--- refused
"slack_route" directive conflicts with "slack_notify off"



=== TEST 127: "if" before the channels
--- config
    location = /hook {
        slack_notify acme if=1 dev;
    }
--- refused
invalid parameter "if=1", write "if=CONDITION"



=== TEST 128: "if" twice
--- config
    location = /hook {
        slack_notify acme if=1 if=2;
    }
--- refused
invalid parameter "if=1", write "if=CONDITION"



=== TEST 129: slack_notify with an empty "if"
--- config
    location = /hook {
        slack_notify acme if=;
    }
--- refused
invalid parameter "if=", write "if=CONDITION"



=== TEST 130: slack_notify, a channel with a variable
--- config
    location = /hook {
        slack_notify acme $slack_branch;
    }
--- refused
invalid channel "$slack_branch", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR



=== TEST 131: slack_notify as a block
--- config
    location = /hook {
        slack_notify acme {
        }
    }
--- refused
directive "slack_notify" is not terminated by ";"



=== TEST 132: slack_notify in an "if" block
--- config
    location = /hook {
        if ($arg_a) {
            slack_notify acme;
        }
    }
--- refused
"slack_notify" directive is not allowed here



=== TEST 133: a channel without a webhook
--- workspace
        webhook_url $SLACK_HOOK channel=dev;
        channel dev;
--- config
    location = /hook {
        slack_notify acme dev,builds;
    }
--- refused
no webhook of workspace "acme" serves channel "#builds"; give its webhook "channel=builds", or say "legacy" of a webhook that takes any channel, or use "bot_token"



=== TEST 134: no channel, and a webhook for one only
--- http_config
    slack_workspace acme {
        webhook_url $SLACK_HOOK channel=dev;
    }
--- config
    location = /hook {
        slack_notify acme;
    }
--- refused
no channel, and workspace "acme" has neither a "channel" nor a webhook without "channel="



=== TEST 135: slack_source twice
--- config
    location = /hook {
        slack_source gitlab;
        slack_source auto;
    }
--- refused
"slack_source" directive is duplicate



=== TEST 136: slack_source without arguments
--- config
    location = /hook {
        slack_source;
    }
--- refused
invalid number of arguments in "slack_source" directive



=== TEST 137: slack_source nobody knows
--- config
    location = /hook {
        slack_source bitbucket;
    }
--- refused
unknown source "bitbucket", see "slack_source" in the README



=== TEST 138: slack_on_error twice
--- config
    location = /hook {
        slack_on_error pass;
        slack_on_error pass;
    }
--- refused
"slack_on_error" directive is duplicate



=== TEST 139: slack_on_error neither
--- config
    location = /hook {
        slack_on_error ignore;
    }
--- refused
invalid value "ignore" in "slack_on_error" directive, it must be "fail" or "pass"



=== TEST 140: slack_on_error without arguments
--- config
    location = /hook {
        slack_on_error;
    }
--- refused
invalid number of arguments in "slack_on_error" directive



=== TEST 141: the place of what is wrong: a directive in a route
--- user_files
>>> hook.conf
slack_route acme {
    events push;
    branch main;
}
--- config
    location = /hook {
        include ../html/hook.conf;
    }
--- must_die
--- error_log eval
qr{\] \S+ unknown directive "branch" in "slack_route", see "Inside slack_route" in the README in \S+/html/hook\.conf:3$}



=== TEST 142: the place of what is wrong: an event
--- user_files
>>> hook.conf
slack_route acme {
    channel dev;
    events push
           pushes;
}
--- config
    location = /hook {
        include ../html/hook.conf;
    }
--- must_die
--- error_log eval
qr{\] \S+ unknown event "pushes", see "Events and actions" in the README in \S+/html/hook\.conf:4$}



=== TEST 143: the place of what is wrong: an unknown workspace
--- user_files
>>> hook.conf
# one
slack_route nobody {
    events push;
}
--- config
    location = /hook {
        include ../html/hook.conf;
    }
--- must_die
--- error_log eval
qr{\] \S+ unknown workspace "nobody", no slack_workspace in http has that name in \S+/html/hook\.conf:2$}



=== TEST 144: the place of what is wrong: slack_notify of an unknown workspace
--- user_files
>>> hook.conf
# one
# two
slack_notify nobody dev;
--- config
    location = /hook {
        include ../html/hook.conf;
    }
--- must_die
--- error_log eval
qr{\] \S+ unknown workspace "nobody", no slack_workspace in http has that name in \S+/html/hook\.conf:3$}



=== TEST 145: the place of what is wrong: a regex
--- user_files
>>> hook.conf
slack_route acme {
    users ~^(a;
}
--- config
    location = /hook {
        include ../html/hook.conf;
    }
--- must_die
--- error_log eval
qr{\] \S+ pcre2_compile\(\) failed: missing closing parenthesis in "\^\(a" in \S+/html/hook\.conf:2$}



=== TEST 146: another channel than that of the only webhook
--- workspace
        webhook_url $SLACK_HOOK;
--- config
    location = /hook {
        slack_route acme {
            events confidential_issue;
            channel private-dev;
        }
    }
--- refused
no webhook of workspace "acme" serves channel "#private-dev"; give its webhook "channel=private-dev", or say "legacy" of a webhook that takes any channel, or use "bot_token"



=== TEST 147: a channel, and a webhook that has only its own
--- http_config
    slack_workspace acme {
        webhook_url $SLACK_HOOK;
    }
--- config
    location = /hook {
        slack_notify acme general;
    }
--- refused
no webhook of workspace "acme" serves channel "#general"; give its webhook "channel=general", or say "legacy" of a webhook that takes any channel, or use "bot_token"



=== TEST 148: a direct message by an app's webhook
--- workspace
        webhook_url $SLACK_HOOK;
--- config
    location = /hook {
        slack_notify acme general,U024BE7LH;
    }
--- refused
the webhook of a Slack app sends no direct message to "U024BE7LH"; say "legacy" of a webhook that takes any channel, or use "bot_token"



=== TEST 149: the place of what is wrong: a channel that nothing serves
--- user_files
>>> hook.conf
# one
slack_route acme {
    events  push;
    channel dev;
}
--- workspace
        webhook_url $SLACK_HOOK;
--- config
    location = /hook {
        include ../html/hook.conf;
    }
--- must_die
--- error_log eval
qr{\] \S+ no webhook of workspace "acme" serves channel "#dev"; .* in \S+/html/hook\.conf:2$}



=== TEST 150: an app's webhook ignores the name of a route
--- user_files
>>> hook.conf
slack_route acme {
    username Robot;
}
--- http_config
    slack_workspace acme {
        webhook_url $SLACK/services/$SLACK_TEAM/BAPP1/secret;
        channel dev;
    }
--- config
    location = /hook {
        include ../html/hook.conf;
    }
--- request
GET /_slack/_received
--- error_log eval
qr{\[warn\] .*name and icon of the route are not sent to channel "#dev", the webhook of a Slack app ignores them; say "legacy" of a webhook that takes any channel, or use "bot_token" in \S+/html/hook\.conf:1$}
--- no_error_log
[error]
[alert]
[crit]



=== TEST 151: a member ID of a workspace with receiver mattermost
--- workspace
        receiver mattermost;
--- config
    location = /hook {
        slack_route acme {
            channel dev,U024BE7LH;
        }
    }
--- refused
invalid channel "U024BE7LH", "receiver mattermost" does not know Slack's IDs, write the name of the channel, or "@NAME" for a direct message



=== TEST 152: slack_notify and a member ID with receiver mattermost
--- workspace
        receiver mattermost;
--- config
    location = /hook {
        slack_notify acme U024BE7LH;
    }
--- refused
invalid channel "U024BE7LH", "receiver mattermost" does not know Slack's IDs, write the name of the channel, or "@NAME" for a direct message



=== TEST 153: a channel of a workspace with receiver discord
--- http_config
    slack_workspace acme {
        webhook_url https://a.example/1;
        receiver    discord;
    }
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- refused
invalid channel "#dev", a webhook of "receiver discord" posts to its own channel only, write a slack_workspace for each webhook
