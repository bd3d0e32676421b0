# The directive "format": what nginx says to wrong ones, and which is the
# default, tables of lines in a slack_route; what explain says of each.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackStatus qw(act);
use SlackTest;
use SlackProof;

no_long_string();
plan 'no_plan';
run_tests();

__DATA__

=== TEST 1: none
--- config
    location /hook {
        slack_route acme {
            format;
        }
    }
--- refused
invalid number of arguments in "format" directive



=== TEST 2: two
--- config
    location /hook {
        slack_route acme {
            format full card;
        }
    }
--- refused
invalid number of arguments in "format" directive



=== TEST 3: unknown
--- config
    location /hook {
        slack_route acme {
            format short;
        }
    }
--- refused
invalid value "short" in "format", it must be "full", "compact" or "card"



=== TEST 4: upper case
--- config
    location /hook {
        slack_route acme {
            format Card;
        }
    }
--- refused
invalid value "Card" in "format", it must be "full", "compact" or "card"



=== TEST 5: the beginning of one
--- config
    location /hook {
        slack_route acme {
            format compac;
        }
    }
--- refused
invalid value "compac" in "format", it must be "full", "compact" or "card"



=== TEST 6: empty
--- config
    location /hook {
        slack_route acme {
            format "";
        }
    }
--- refused
invalid value "" in "format", it must be "full", "compact" or "card"



=== TEST 7: a secret in the wrong place
--- config
    location /hook {
        slack_route acme {
            format xoxb-1-1-sesamesesame;
        }
    }
--- refused
invalid value "(hidden)" in "format", it must be "full", "compact" or "card"



=== TEST 8: twice
--- config
    location /hook {
        slack_route acme {
            format card;
            format card;
        }
    }
--- refused
"format" directive is duplicate



=== TEST 9: in a workspace
--- workspace
    format card;
--- config
    location /hook { slack_notify acme; }
--- refused
unknown directive "format" in "slack_workspace", see "Inside slack_workspace" in the README



=== TEST 10: as a parameter of slack_notify, it is no channel
--- config
    location /hook { slack_notify acme format=card; }
--- refused
invalid channel "format=card", write its name, of small letters, digits, "-" and "_", or its ID, such as C024BE7LR



=== TEST 11: the default, and what is said instead of it
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $SLACK/api;
        channel    dev;
--- config
    location /slack/ { slack_status actions; }
    location /hook {
        slack_route acme { channel a; }
        slack_route acme { channel b; thread off; }
        slack_route acme { channel c; thread reply; }
        slack_route acme { channel d; thread update; }
        slack_route acme { channel e; thread both; }
        slack_route acme { channel f; format compact; }
        slack_route acme { channel g; format card; }
        slack_route acme { channel h; format full; thread update; }
        slack_route acme { channel i; thread both; format compact; }
        slack_notify acme j;
    }
--- request
GET /_slack/_received
--- after
my (undef, $answer) = act('explain', SlackTest::payload('push.json'));

is(join(' ', map { "@{ $_->{channels} }=$_->{format}" } @{ $answer->{routes} }),
    '#a=full #b=full #c=full #d=card #e=card #f=compact #g=card #h=full #i=compact #j=full', 'of each route');
--- no_error_log
[error]
[alert]
