use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;

plan 'no_plan';
run_tests();

__DATA__

=== the workspace's
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
tag_push_delete.json => 202 queued tag_push
--- slack_wait: 1
--- slack_like
^#general as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== several of the workspace
--- workspace
        channel dev,ops;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
tag_push_delete.json => 202 queued tag_push: 2
--- slack_wait: 2
--- slack_like
^#dev as GitLab$
^#ops as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== the route's replace them
--- workspace
        channel dev ops;
--- config
    location = /hook {
        slack_notify acme builds;
    }
--- hook
tag_push_delete.json => 202 queued tag_push
--- slack_wait: 1
--- slack_like
\A#builds as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== commas, spaces, both, "#"
--- config
    location = /hook {
        slack_notify acme a,b "#c,#d, e" "f g";
    }
--- hook
tag_push_delete.json => 202 queued tag_push: 7
--- slack_wait: 7
--- slack_like
^#a as GitLab$
^#b as GitLab$
^#c as GitLab$
^#d as GitLab$
^#e as GitLab$
^#f as GitLab$
^#g as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== ten
--- config
    location = /hook {
        slack_notify acme a,b,c,d,e,f,g,h,i,j;
    }
--- hook
tag_push_delete.json => 202 queued tag_push: 10
--- slack_wait: 10
--- slack_like
^#a as GitLab$
^#b as GitLab$
^#c as GitLab$
^#d as GitLab$
^#e as GitLab$
^#f as GitLab$
^#g as GitLab$
^#h as GitLab$
^#i as GitLab$
^#j as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== member IDs are direct messages
--- config
    location = /hook {
        slack_notify acme U024BE7LH,W012A3CDE,dev;
    }
--- hook
tag_push_delete.json => 202 queued tag_push: 3
--- slack_wait: 3
--- slack_like
^U024BE7LH as GitLab$
^W012A3CDE as GitLab$
^#dev as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== names that only look like IDs
--- config
    location = /hook {
        slack_notify acme u024be7lh,w-1;
    }
--- hook
tag_push_delete.json => 202 queued tag_push: 2
--- slack_wait: 2
--- slack_like
^#u024be7lh as GitLab$
^#w-1 as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== the same twice in a list
--- config
    location = /hook {
        slack_notify acme dev,#dev,dev U024BE7LH,U024BE7LH;
    }
--- hook
tag_push_delete.json => 202 queued tag_push: 2
--- slack_wait: 2
--- slack_like
^#dev as GitLab$
^U024BE7LH as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== the same in several routes: the first one counts
--- config
    location = /hook {
        slack_route acme {
            channel dev;
            username First;
        }

        slack_route acme {
            channel ops "#dev";
            username Second;
        }
    }
--- hook
tag_push_delete.json => 202 queued tag_push: 2
--- slack_wait: 2
--- slack_like
^#dev as First$
^#ops as Second$
--- no_error_log
[error]
[alert]
[crit]



=== the same in two workspaces are two
--- http_config
    slack_workspace other {
        webhook_url $SLACK/services/$SLACK_TEAM/B2/secret legacy;
        username Other;
    }
--- config
    location = /hook {
        slack_notify acme dev;
        slack_notify other dev;
    }
--- hook
tag_push_delete.json => 202 queued tag_push: 2
--- slack_wait: 2
--- slack_like
^#dev as GitLab$
^#dev as Other$
--- no_error_log
[error]
[alert]
[crit]



=== several routes, each its events
--- config
    location = /hook {
        slack_route acme {
            events push;
            channel dev;
        }

        slack_route acme {
            events push issue;
            channel all;
        }
    }
--- hook
push.json        => 202 queued push: 2
issue_open.json  => 202 queued issue
wiki_create.json => 200 filtered: events
--- slack_wait: 3
--- slack_like
^#dev as GitLab$
^#all as GitLab(?s:.*)^#all as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== the webhook's own, where nothing names one
--- http_config
    slack_workspace acme {
        webhook_url $SLACK/services/$SLACK_TEAM/B1/secret;
    }
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
tag_push_delete.json => 202 queued tag_push
--- slack_wait: 1
--- slack_like
^#general$
--- no_error_log
[error]
[alert]
[crit]



=== a webhook for a channel
--- workspace
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPDEV/secret channel=dev;
        webhook_url $SLACK/services/$SLACK_TEAM/B1/secret legacy;
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPBUILDS/secret channel=#builds;
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPLATER/secret channel=C024BE7LR;
--- config
    location = /hook {
        slack_notify acme dev,builds,C024BE7LR,U024BE7LH,rest;
    }
--- hook
tag_push_delete.json => 202 queued tag_push: 5
--- slack_wait: 5
--- slack_like
^#app-BAPPDEV$
^#app-BAPPBUILDS$
^#app-BAPPLATER$
^U024BE7LH as GitLab$
^#rest as GitLab$
--- no_error_log
[error]
[alert]
[crit]



=== webhooks for all channels, none for the rest
--- workspace
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPDEV/secret channel=dev;
        webhook_url $SLACK/services/$SLACK_TEAM/BAPPOPS/secret channel=ops;
        channel dev,ops;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
tag_push_delete.json => 202 queued tag_push: 2
--- slack_wait: 2
--- slack_like
^#app-BAPPDEV$
^#app-BAPPOPS$
--- no_error_log
[error]
[alert]
[crit]



=== one webhook for two channels
--- workspace
        webhook_url $SLACK/services/$SLACK_TEAM/BAPP1/secret channel=dev;
        webhook_url $SLACK/services/$SLACK_TEAM/BAPP1/secret channel=ops;
        channel dev;
--- config
    location = /hook {
        slack_notify acme dev,ops;
    }
--- hook
tag_push_delete.json => 202 queued tag_push: 2
--- slack_wait: 2
--- slack_like
^#app-BAPP1(?s:.*)^#app-BAPP1$
--- no_error_log
[error]
[alert]
[crit]



=== name and icon of the workspace
--- workspace
        username Workspace;
        icon_emoji rocket;
--- config
    location = /hook {
        slack_notify acme;
    }
--- hook
tag_push_delete.json => 202 queued tag_push
--- slack_wait: 1
--- slack_like
^#general as Workspace icon :rocket:$
--- no_error_log
[error]
[alert]
[crit]



=== the route's name, the workspace's icon
--- workspace
        username Workspace;
        icon_emoji rocket;
--- config
    location = /hook {
        slack_route acme {
            username Route;
        }
    }
--- hook
tag_push_delete.json => 202 queued tag_push
--- slack_wait: 1
--- slack_like
^#general as Route icon :rocket:$
--- no_error_log
[error]
[alert]
[crit]



=== the route's icon, the workspace's name
--- workspace
        username Workspace;
        icon_emoji rocket;
--- config
    location = /hook {
        slack_route acme {
            icon_emoji :tada:;
        }
    }
--- hook
tag_push_delete.json => 202 queued tag_push
--- slack_wait: 1
--- slack_like
^#general as Workspace icon :tada:$
--- no_error_log
[error]
[alert]
[crit]



=== the route's icon_url in place of the workspace's icon_emoji
--- workspace
        username Workspace;
        icon_emoji rocket;
--- config
    location = /hook {
        slack_route acme {
            icon_url https://example.com/r.png;
        }
    }
--- hook
tag_push_delete.json => 202 queued tag_push
--- slack_wait: 1
--- slack_like
^#general as Workspace icon https://example.com/r.png$
--- no_error_log
[error]
[alert]
[crit]



=== the route's icon_emoji in place of the workspace's icon_url
--- workspace
        icon_url https://example.com/w.png;
--- config
    location = /hook {
        slack_route acme {
            icon_emoji tada;
        }
    }
--- hook
tag_push_delete.json => 202 queued tag_push
--- slack_wait: 1
--- slack_like
^#general as GitLab icon :tada:$
--- no_error_log
[error]
[alert]
[crit]



=== a name with quotes
--- config
    location = /hook {
        slack_route acme {
            username "\"Bot\" & Co";
        }
    }
--- hook
tag_push_delete.json => 202 queued tag_push
--- slack_wait: 1
--- slack_like
^#general as "Bot" & Co$
--- no_error_log
[error]
[alert]
[crit]
