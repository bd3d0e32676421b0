# People: who is named in a message, and who is notified.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use JSON::PP ();
use SlackPayload qw(answer);
use SlackProof qw(received requests until_true);
use SlackStatus ();
use SlackTest;
use SlackThread qw(requests_of settled);

$ENV{TEST_NGINX_API} = SlackTest::url() . '/api';

our $Map = <<'EOC';
    map $slack_person $who {
        jane  U024BE7LH;
        bob   W0BOB00BOB;
        team  S0TEAM0000;
        one   <!channel>;
        two   "U024BE7LH>|x";
        three "u@v|w.x";
        four  <@U024BE7LH>;
        five  U1;
        six   "U024BE7LH ";
        seven "here@acme.test\r\n.evil.test";
        eight "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@acme.test";
        ~^m(?<n>[0-9]+)$  U0000000$n;
    }
EOC

our $Route = <<'EOC';
    location = /hook {
        slack_route acme {
            events merge_request:open,close,merge,update issue note pipeline push;
            people assignee reviewer author mentioned;
        }
    }
EOC

no_long_string();

# nginx has no reload without a master
master_on();

plan 'no_plan';
run_tests();


sub users { return [ map { { id => 1, username => $_, name => ucfirst } } @_ ] }


# a merge request of GitLab, caused by ole
sub request {
    my ($iid, $action, %more) = @_;

    return JSON::PP->new->utf8->canonical->encode({
        object_kind       => 'merge_request',
        user              => { id => 9, username => 'ole', name => 'Ole' },
        project           => { id => 15, path_with_namespace => 'a/b', web_url => 'https://gl.test/a/b' },
        object_attributes => {
            iid => $iid, action => $action, title => 'X', state => 'opened', url => 'https://gl.test/a/b/1',
            source_branch => 'x', target_branch => 'main', %{ delete $more{attributes} // {} },
        },
        %more,
    });
}


sub tell {
    my ($payload, $expected) = @_;

    like(answer('/hook', $payload, 'X-Gitlab-Event: System Hook'), $expected // qr/^202/, 'taken');

    return;
}


sub pings { return [ map { @{ $_->{pings} // [] } } received($_[0]) ] }


sub pretexts { return [ map { map { $_->{pretext} // $_->{text} } @{ $_->{payload}{attachments} } } received($_[0]) ] }


sub arrived {
    my ($n, $channel) = @_;

    until_true { received($channel) >= $n };
    is(scalar(my @all = received($channel)), $n, "$n messages");

    return;
}

__DATA__

=== a plain map gives each of two people the own ID
--- http_config eval: $::Map
--- workspace
        member $who;
--- config eval: $::Route
--- request
GET /_slack/_received
--- after
main::tell(main::request(1, 'open', assignees => main::users(qw(jane bob)), reviewers => main::users('team')));
main::arrived(1, '#general');

is_deeply(main::pings('#general'), [qw(<@U024BE7LH> <@W0BOB00BOB> <!subteam^S0TEAM0000>)], 'each once, in their order');
like(main::pretexts('#general')->[0], qr/\ncc <\@U024BE7LH>, <\@W0BOB00BOB>, <!subteam\^S0TEAM0000>\z/, 'at the end');
--- no_error_log
[error]
[alert]
[crit]



=== values that are nobody's stay names
--- http_config eval: $::Map
--- workspace
        member $who;
--- config eval: $::Route
--- request
GET /_slack/_received
--- after
main::tell(main::request(1, 'open', assignees => [
    main::users(qw(one two three four five six seven eight))->@*, { username => 'none', name => '<!here> *x* @all' } ]));
main::arrived(1, '#general');

is_deeply(main::pings('#general'), [], 'nobody is notified');

my $text = main::pretexts('#general')->[0];

like($text, qr/cc One, Two, Three, Four, Five, Six, Seven, Eight, /, 'all are named');
like($text, qr/&lt;!here&gt;/, 'escaped');
unlike($text, qr/<[@!]/, 'nothing else is written');
--- no_error_log
[error]
[alert]
[crit]



=== at most ten, those who are known first, and never who acts
--- http_config eval: $::Map
--- workspace
        member $who;
--- config eval: $::Route
--- request
GET /_slack/_received
--- after
main::tell(main::request(1, 'open', assignees => main::users('ole', map { ("x$_", "m$_") } 10 .. 59)));
main::tell(main::request(2, 'open', assignees => main::users(map { "x$_" } 10 .. 59)));
main::tell(main::request(3, 'open', assignees => main::users(map({ "x$_" } 10 .. 29), 'm70', 'jane')));
main::arrived(3, '#general');

is_deeply(main::pings('#general'), [ map({ "<\@U0000000$_>" } 10 .. 19), '<@U000000070>', '<@U024BE7LH>' ], 'known ones');

my @texts = main::pretexts('#general')->@*;

like($texts[0], qr/cc (?:<\S+>(?:, |\z)){10}\z/, 'ten of fifty');
like($texts[1], qr/cc (?:X\d\d(?:, |\z)){10}\z/, 'ten names');
like($texts[2], qr/cc <\@U000000070>, <\@U024BE7LH>, (?:X\d\d(?:, |\z)){8}\z/, 'those who are known come first');
unlike($texts[0], qr/cc.*Ole/, 'not who acts');
--- no_error_log
[error]
[alert]
[crit]



=== an update names whom it added, and no text twice
--- http_config eval: $::Map
--- workspace
        member $who;
--- config eval: $::Route
--- request
GET /_slack/_received
--- after
my ($jane, $both) = (main::users('jane'), main::users(qw(jane bob)));

main::tell(main::request(1, 'update', assignees => $jane, attributes => { description => '@bob' }));
main::tell(main::request(1, 'update', assignees => $both,
    changes => { assignees => { previous => $jane, current => $both } }));
main::tell(main::request(1, 'close', attributes => { description => '@jane' }));
main::tell(main::request(1, 'open', attributes => { description => "hi \@jane, not `\@team`" }));
main::arrived(4, '#general');

is_deeply([ map { m/\ncc (.*)/ ? $1 : '' } main::pretexts('#general')->@* ], [ '', '<@W0BOB00BOB>', '', '<@U024BE7LH>' ],
    'whom each of them names');
--- no_error_log
[error]
[alert]
[crit]



=== the roles of the route, and who made a pipeline fail
--- http_config eval: $::Map
--- workspace
        member $who;
--- config
    location = /hook {
        slack_route acme {
            events pipeline;
            people author;
        }
        slack_route acme {
            events pipeline;
            channel git;
            people committer;
        }
        slack_route acme {
            events pipeline;
            channel nobody;
        }
    }
--- request
GET /_slack/_received
--- after
main::tell(JSON::PP->new->utf8->encode({
    object_kind => 'pipeline', object_attributes => { id => 1, ref => 'main', status => 'failed' },
    user => { username => 'jane', name => 'Jane' },
    commit => { id => 'a' x 40, author => { name => 'Bob', email => 'bob@acme.test' } },
    project => { path_with_namespace => 'a/b', web_url => 'https://gl.test/a/b' },
}));
main::arrived(1, $_) for '#general', '#git', '#nobody';

is_deeply(main::pings('#general'), ['<@U024BE7LH>'], 'who has started it');
is_deeply(main::pings('#git'), [], 'a commit has no username');
like(main::pretexts('#git')->[0], qr/(?:^|\n)cc Bob\z/, 'but a name');
unlike(main::pretexts('#nobody')->[0], qr/\bcc\b/, 'without roles nobody');
--- no_error_log
[error]
[alert]
[crit]



=== a name, a card and a line
--- http_config eval: $::Map
--- workspace
        member $who;
--- config
    location = /hook {
        slack_route acme {
            events merge_request;
            channel cards;
            format card;
            people assignee;
        }
        slack_route acme {
            events merge_request;
            channel lines;
            format compact;
            people assignee;
        }
    }
--- request
GET /_slack/_received
--- after
main::tell(main::request(1, 'open', assignees => main::users(qw(jane none)), attributes => { title => 'Long ' x 80 }));
main::arrived(1, $_) for '#cards', '#lines';

is_deeply(main::pings($_), ['<@U024BE7LH>'], $_) for '#cards', '#lines';
is(main::pretexts('#cards')->[0], 'cc <@U024BE7LH>, None', 'above the card');
like(main::pretexts('#lines')->[0], qr/ \xb7 cc <\@U024BE7LH>, None\z/, 'at the end of the line');
cmp_ok(length main::pretexts('#lines')->[0], '<=', 300, 'which is no longer than others');
--- no_error_log
[error]
[alert]
[crit]



=== one mention of a person per channel and minute
--- http_config eval: $::Map
--- workspace
        member $who;
--- config
    location = /hook {
        slack_route acme {
            events  merge_request;
            channel dev,ops;
            people  assignee;
        }
    }
--- request
GET /_slack/_received
--- after
for my $iid (1 .. 3) {
    main::tell(main::request($iid, 'open', assignees => main::users('jane', $iid == 3 ? 'bob' : ())));
    main::arrived($iid, $_) for '#dev', '#ops';
}

is_deeply(main::pings($_), [qw(<@U024BE7LH> <@W0BOB00BOB>)], "$_: once") for '#dev', '#ops';
is_deeply([ map { m/\ncc (.*)/ ? $1 : '' } main::pretexts('#dev')->@* ],
    [ '<@U024BE7LH>', 'Jane', 'Jane, <@W0BOB00BOB>' ], 'then the name');

SlackProof::reload();
main::tell(main::request(4, 'open', assignees => main::users('jane')));
main::arrived(4, '#dev');

is(scalar main::pings('#dev')->@*, 2, 'also after a reload');
--- no_error_log
[error]
[alert]
[crit]



=== a post that Slack did not take has notified nobody
--- http_config eval: $::Map
--- workspace
        member $who;
        retry  50ms 50ms;
--- config eval: $::Route
--- faults
["500:oops", "error:internal_error", "429:x;Retry-After: 1"]
--- request
GET /_slack/_received
--- after
main::tell(main::request(1, 'open', assignees => main::users('jane')));
main::arrived(1, '#general');

is_deeply(main::pings('#general'), ['<@U024BE7LH>'], 'the one that it took has');
--- no_error_log
[alert]
[crit]



=== messages that share a post notify somebody once
--- http_config eval: $::Map
--- workspace
        member $who;
        rate   1r/s;
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_route acme {
            events  merge_request;
            people  assignee;
        }
    }
--- request
GET /_slack/_received
--- after
SlackStatus::act(pause => { workspace => 'acme' });
main::tell(main::request($_, 'open', assignees => main::users('jane', "m1$_"))) for 1 .. 8;
SlackStatus::act(resume => { workspace => 'acme' });

until_true { main::pretexts('#general')->@* == 8 };
is(scalar main::pretexts('#general')->@*, 8, 'all are there');
cmp_ok(scalar(my @posts = received('#general')), '<', 8, 'in fewer posts');
my @pings = main::pings('#general')->@*;
is_deeply([ sort @pings ], [ map({ "<\@U00000001$_>" } 1 .. 8), '<@U024BE7LH>' ], 'each once');
--- no_error_log
[error]
[alert]
[crit]



=== a change notifies nobody, a reply to it does
--- http_config eval: $::Map
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
        member     $who;
--- config
    location = /hook {
        slack_route acme {
            events merge_request:open,update;
            thread update;
            people assignee reviewer;
        }
    }
--- request
GET /_slack/_received
--- after
my ($jane, $both) = (main::users('jane'), main::users(qw(jane bob)));

main::tell(main::request(1, 'open', assignees => $jane));
settled(1);
is_deeply(main::pings('#dev'), ['<@U024BE7LH>'], 'the root does');

main::tell(main::request(1, 'update', assignees => $both,
    changes => { assignees => { previous => $jane, current => $both } }));
until_true { requests_of('chat.update') && received('#dev') == 2 };

my @all = received('#dev');

is_deeply([ map { $_->{payload}{thread_ts} ? 'reply' : 'root' } @all ], [qw(root reply)], 'a reply');
is_deeply($all[1]{pings}, ['<@W0BOB00BOB>'], 'that notifies');
is($all[0]{updates}[0]{attachments}[0]{pretext}, 'cc Bob', 'the change shows the name');

main::tell(main::request(1, 'update', attributes => { title => 'Y' }));
until_true { requests_of('chat.update') == 2 };
is(scalar(@all = received('#dev')), 2, 'no reply without people');
--- no_error_log
[error]
[alert]
[crit]



=== whom a root was to notify that shows a newer state already
--- http_config eval: $::Map
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
        member     $who;
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_route acme {
            events merge_request:open,update;
            thread update;
            people assignee reviewer;
        }
    }
--- request
GET /_slack/_received
--- after
SlackStatus::act(pause => { workspace => 'acme' });
main::tell(main::request(1, 'open', assignees => main::users('jane'), reviewers => main::users('none')));
main::tell(main::request(1, 'update', attributes => { title => 'Y' }));
SlackStatus::act(resume => { workspace => 'acme' });
main::arrived(1, '#dev');

my ($root) = received('#dev');

is($root->{payload}{text}, 'cc <@U024BE7LH>', 'above the message');
like($root->{payload}{attachments}[0]{title}, qr/Y/, 'of the newer state');
is_deeply($root->{pings}, ['<@U024BE7LH>'], 'once');
--- no_error_log
[error]
[alert]
[crit]



=== what "if=" and the log see is nobody
--- http_config eval: $::Map . '    log_format who "[$who$slack_person]";'
--- workspace
        member $who;
--- config
    access_log logs/who.log who;
    location = /hook {
        slack_route acme if=$who$arg_go {
            events merge_request;
            people assignee;
        }
    }
--- request
GET /_slack/_received
--- after
like(answer('/hook?go=1', main::request(1, 'open', assignees => main::users(qw(jane bob))),
    'X-Gitlab-Event: Merge Request Hook'), qr/^202/, 'taken');
like(answer('/hook', main::request(1, 'open', assignees => main::users(qw(jane bob))),
    'X-Gitlab-Event: Merge Request Hook'), qr/"reason":"if"/, 'the map has no value');
main::arrived(1, '#general');

is_deeply(main::pings('#general'), [qw(<@U024BE7LH> <@W0BOB00BOB>)], 'both are found nevertheless');

my $log = SlackTest::payload("$ENV{TEST_NGINX_SERVER_ROOT}/logs/who.log");

unlike($log, qr/U024|W0BOB|jane|bob/, 'the log shows nobody');
--- no_error_log
[error]
[alert]
[crit]



=== a direct message to each person of a role
--- http_config eval: $::Map
--- workspace
        bot_token  xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url    $TEST_NGINX_API;
        rate       1000r/s burst=100;
        channel    dev;
        member     $who;
        username   GitLab;
--- config
    location = /hook {
        slack_route acme {
            events  merge_request;
            channel @assignee;
        }
    }
    location = /both {
        slack_route acme {
            events  merge_request;
            channel dev,@assignee,U024BE7LH;
            people  assignee;
        }
    }
--- request
GET /_slack/_received
--- after
main::tell(main::request(1, 'open', assignees => main::users(qw(jane none team bob ole))));
until_true { SlackProof::ask('/_received')->@* == 2 };

my @all = SlackProof::ask('/_received')->@*;

is_deeply([ sort map { $_->{payload}{channel} } @all ], [qw(U024BE7LH W0BOB00BOB)], 'to those who are members');
is_deeply([ map { ($_->{slackbot} // '') . ($_->{payload}{username} // '') } @all ], [ '', '' ], 'from the app itself');

main::tell(main::request(2, 'open', assignees => main::users(qw(none team))), qr/^200 \{"status":"filtered","reason":"person"/);
main::tell(main::request(3, 'open'), qr/"reason":"person"/);

like(answer('/both', main::request(4, 'open', assignees => main::users(qw(jane))), 'X-Gitlab-Event: System Hook'),
    qr/^202 .*"messages":2/, 'once to each');
--- no_error_log
[error]
[alert]
[crit]



=== what explain shows of it, and of an address
--- http_config eval: $::Map
--- workspace
        member $who$slack_person_email;
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_route acme {
            events  merge_request;
            people  assignee;
        }
    }
--- request
GET /_slack/_received
--- after
my (undef, $answer) = SlackStatus::act('explain?location=/hook&event=Merge+Request+Hook',
    main::request(1, 'open', assignees => [ main::users('jane')->@*, { username => 'ann', email => 'ann@acme.test' } ]));

like($answer->{message}{attachments}[0]{pretext}, qr/\ncc <\@U024BE7LH>, ann\z/, 'an ID, and a name');
is_deeply([ received('#general') ], [], 'nobody is notified');
--- no_error_log
[error]
[alert]
[crit]
