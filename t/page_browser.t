# The page of slack_status as an operator uses it in a browser: by keys alone,
# with dialogs, on a narrow screen, while nginx is away.  Needs a Chromium.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackBrowser;
use SlackStatus qw(status);
use SlackTest;
use SlackPayload qw(answer);
use SlackProof qw(stored_messages notify received);

plan skip_all => 'no Chromium is installed' if !SlackBrowser::program();

no_long_string();
plan 'no_plan';
run_tests();


# The page, drawn by its script.
sub opened {
    my ($path) = @_;

    my $browser = SlackBrowser->new;

    $browser->view(1280, 900);
    $browser->open_page('http://127.0.0.1:' . server_port() . ($path // '/slack/'));
    drawn($browser);

    return $browser;
}


sub drawn {
    my ($browser) = @_;

    return $browser->wait_for('document.querySelector("#state").textContent.startsWith("As it is at ")');
}


# Steps by Tab until what has the focus is called NAME.
sub tab_to {
    my ($browser, $name) = @_;

    my %seen;

    while (1) {
        $browser->press('Tab');

        my $at = focus($browser);

        return $at if $at eq $name;
        return "no $name by Tab" if $seen{$at}++ > 4;
    }
}


# What has the focus: its name for those who do not see it, or its words.
sub focus {
    my ($browser) = @_;

    return $browser->value(q{(() => {
        const at = document.activeElement;

        return at === document.body ? 'nothing' : at.getAttribute('aria-label') || at.innerText || at.id;
    })()});
}


# whether it can be seen where the focus is
sub outlined {
    my ($browser) = @_;

    return $browser->value(q{(() => {
        const style = getComputedStyle(document.activeElement);

        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    })()});
}


sub dead {
    my ($browser, $n) = @_;

    return $browser->wait_for("document.querySelectorAll('#dead article').length === $n");
}


sub clean { return join "\n", $_[0]->problems }

__DATA__

=== a channel is tested, paused and resumed by keys alone
--- config
    location /slack/ { slack_status actions; }
    location = /hook { slack_notify acme dev; }
--- request
GET /_slack/_received
--- after
my $browser = opened();

is(tab_to($browser, 'Skip to the figures'), 'Skip to the figures', 'the first stop leads past the rest');
ok(outlined($browser), 'it can be seen where the focus is');

is(tab_to($browser, 'Test #dev of acme'), 'Test #dev of acme', 'Test is found by Tab');
ok(outlined($browser), 'and seen');
$browser->press('Enter');
ok($browser->wait_for('/test message is sent/.test(document.querySelector("#said").textContent)'), 'what came of it is told');
is(scalar(received(undef, 1)), 1, 'Slack has it');
is(focus($browser), 'Test #dev of acme', 'the focus stays');

is(tab_to($browser, 'Pause #dev of acme'), 'Pause #dev of acme', 'Pause');
$browser->press(' ');
ok($browser->wait_for('/paused/.test(document.querySelector("#channels .cards").textContent)'), 'paused');
is(focus($browser), 'Resume #dev of acme', 'the focus stays where Resume is now');
$browser->press(' ');
ok($browser->wait_for('!/paused/.test(document.querySelector("#channels .cards").textContent)'), 'resumed');
is(clean($browser), '', 'the browser has nothing to say');
--- no_error_log
[alert]
[crit]



=== dead letters are dropped after a question only, and replayed
--- config
    location /slack/ { slack_status actions; }
    location = /hook { slack_notify acme dev; }
--- workspace
        coalesce 1;
        rate 100r/s burst=100;
--- faults
["400:no_text", "400:no_text", "400:no_text"]
--- hook
push.json => 202
push.json => 202
push.json => 202
--- after
is(scalar(stored_messages()), 3, 'three dead letters');

my $browser = opened();

ok(dead($browser, 3), 'they are there');
is($browser->value('[...document.querySelectorAll("[data-of=chosen]")].every((one) => one.disabled)'), 1, 'nothing chosen, nothing to do');

tab_to($browser, 'Replay all');
is(tab_to($browser, 'Drop all'), 'Drop all', 'Drop all is found by Tab');
$browser->press('Enter');
ok($browser->wait_for('document.querySelector("#sure").open'), 'it asks');
is($browser->text('#sure-text'), 'Drop 3 dead letters? They are then gone for good.', 'what it asks');
is(focus($browser), 'Keep', 'the answer at hand is the harmless one');
$browser->press('Escape');
ok($browser->wait_for('!document.querySelector("#sure").open'), 'Escape means no');
is(focus($browser), 'Drop all', 'the focus is back');
is(scalar @{ status()->{dead_letters} }, 3, 'all are still there');

$browser->value('document.querySelector("#dead article:last-of-type input").focus()');
$browser->press(' ');
is($browser->text('#chosen'), '1 chosen', 'one is chosen');
$browser->click('[data-do="replay"][data-of="chosen"]');
ok(dead($browser, 2), 'it is replayed');
is(scalar(received(undef, 1)), 1, 'Slack has it');
ok($browser->wait_for('document.activeElement !== document.body'), 'the focus is not lost');
is(focus($browser), 'Dead letters', 'it is where the list begins');

$browser->click('#dead article button.grave');
ok($browser->wait_for('document.querySelector("#sure").open'), 'one is to be dropped');
$browser->press('Tab', 'Enter');
ok(dead($browser, 1), 'it is');
is(focus($browser), 'Dead letters', 'the focus');

$browser->click('[data-do="replay"][data-of="all"]');
ok(dead($browser, 0), 'all are replayed');
is(scalar(received(undef, 2)), 2, 'Slack has both');
is(focus($browser), 'Dead letters', 'the focus, where the buttons are gone');
like($browser->text('#dead'), qr/No dead letters/, 'it says so');
is(clean($browser), '', 'the browser has nothing to say');
--- no_error_log
[alert]
[crit]



=== a dead letter without a channel: it is asked for, and so is whether that is meant
--- config
    location /slack/ { slack_status actions; }
    location = /hook { slack_route acme { events confidential_issue; channel $arg_c; } }
--- request
GET /_slack/_received
--- after
like(answer('/hook', SlackTest::payload('issue_confidential_open.json'), 'X-Gitlab-Event: Confidential Issue Hook'),
    qr/^202 .*"reason":"channel"/, 'an event for a channel that is none');

my $browser = opened();

ok(dead($browser, 1), 'it is there');

my $replay = '#dead article [data-do="replay"]';

$browser->click($replay);
ok($browser->wait_for('/0 of 1 dead letter wait again.*need one in/.test(document.querySelector("#said").textContent)'),
    'what it lacks is told');

$browser->click('#to');
$browser->type('no, where');
$browser->click($replay);
ok($browser->wait_for('document.querySelector("#sure").open'), 'it asks');
is($browser->text('#sure-text'), 'Replay 1 dead letter to no, where, whatever channel it was for?', 'what it asks');
$browser->press('Tab', 'Enter');
ok($browser->wait_for('/"to" is no channel/.test(document.querySelector("#said").textContent)'), 'a wrong one is told');
is($browser->value('document.querySelector("#to").value'), 'no, where', 'and can be mended');

$browser->value('document.querySelector("#to").select()');
$browser->type('ops');
$browser->click($replay);
ok($browser->wait_for('document.querySelector("#sure").open'), 'it asks again');
$browser->press('Tab', 'Enter');
ok(dead($browser, 0), 'it is replayed');
is(join(' ', map { $_->{channel} } received(undef, 1)), '#ops', 'to that channel');
is($browser->value('document.querySelector("#to").value'), '', 'which is for that replay only');
--- no_error_log
[alert]
[crit]



=== many dead letters and events: more, fewer, found
--- config
    location /slack/ { slack_status actions; }
    location = /hook { slack_notify acme dev; }
--- workspace
        coalesce 1;
        rate 1000r/s burst=1000;
--- faults eval
'[' . '"400:no_text", ' x 39 . '"400:no_text"]'
--- request
GET /_slack/_received
--- after
notify('push.json') for 1 .. 40;
is(scalar(stored_messages()), 40, 'forty');

my $browser = opened();

is($browser->value('document.querySelectorAll("#dead article").length'), 20, 'twenty are shown');
like($browser->text('#dead'), qr/20 older ones are not shown/, 'it says that there are more');
$browser->value('document.querySelector("#dead [data-set]").focus()');
$browser->press('Enter');
ok(dead($browser, 40), 'more');
is(focus($browser), 'Show fewer', 'the focus stays');
$browser->press('Enter');
ok(dead($browser, 20), 'fewer');

is($browser->value('document.querySelectorAll("#events tbody tr").length'), 25, 'the last events');
$browser->value('document.querySelector("#events [data-set]").focus()');
$browser->press('Enter');
ok($browser->wait_for('document.querySelectorAll("#events tbody tr").length >= 40'), 'all');
is(focus($browser), 'Show the last 25', 'the focus stays');

$browser->value('document.querySelector("#find").focus()');
$browser->type('no such thing');
ok($browser->wait_for('/No event is like that/.test(document.querySelector("#found").textContent)'), 'not found');
is($browser->value('document.activeElement.id'), 'find', 'one goes on typing');
is(clean($browser), '', 'the browser has nothing to say');
--- no_error_log
[alert]
[crit]



=== what would become of an event
--- config
    location /slack/ { slack_status actions; }
    location = /hook { slack_route acme { events pipeline; pipelines broken; channel dev; } }
--- request
GET /_slack/_received
--- after
my $browser = opened();

$browser->value('document.querySelector("#payload").focus()');
$browser->type(SlackTest::payload('pipeline_failed.json'));
tab_to($browser, 'Explain');
$browser->press('Enter');
ok($browser->wait_for('/would be queued/.test(document.querySelector("#explained").textContent)'), 'it would be queued');
like($browser->text('#explained'), qr/nginx\.conf:\d+\s+acme #dev\s+yes/, 'by which route');
like($browser->text('#explained'), qr/Pipeline #\d+ has failed/, 'and this is the message');

$browser->value('document.querySelector("#explain-location").focus()');
$browser->type('/nowhere');
$browser->click('#explain button[type=submit]');
ok($browser->wait_for('/Locations with routes: .*\/hook/.test(document.querySelector("#explained").textContent)'), 'a wrong location: which there are');
is(scalar(received(undef, 0)), 0, 'nothing was sent');
--- no_error_log
[alert]
[crit]



=== narrow, dark, without scripts; where actions are refused
--- config
    location /slack/ { slack_status actions; }
    location /plain/ { slack_status; }
    location = /hook { slack_notify acme dev; }
--- hook
push.json => 202
--- after
is(scalar(received(undef, 1)), 1, 'a message');

my $browser = opened();

for my $scheme (qw(light dark)) {
    $browser->view(360, 800, $scheme);
    is($browser->value('document.documentElement.scrollWidth'), 360, "$scheme: nothing is wider than the screen");
}

is($browser->value('getComputedStyle(document.body).backgroundColor'), 'rgb(21, 24, 27)', 'dark is dark');
is($browser->value('[...document.querySelectorAll("button, input, select, textarea")]'
    . '.filter((one) => !(one.getAttribute("aria-label") || one.innerText || one.labels?.length)).length'), 0, 'everything has a name');
is(clean($browser), '', 'the browser has nothing to say');

$browser->open_page('http://127.0.0.1:' . server_port() . '/plain/');
drawn($browser);
like($browser->text('#now'), qr/Actions are refused here: .*"slack_status actions"/, 'to read only: it says what to do');
$browser->click('[data-do="test"]');
ok($browser->wait_for('/to read only/.test(document.querySelector("#said").textContent)'), 'and when one tries');

$browser->scripts(0);
$browser->open_page('http://127.0.0.1:' . server_port() . '/slack/');
like($browser->text('#channels'), qr/#dev/, 'without scripts it is read');
ok(!$browser->value('document.querySelector("#explain").checkVisibility()'), 'and shows nothing that needs them');
--- no_error_log
[alert]
[crit]



=== name and password in the address
--- config
    location /slack/ { auth_basic slack; auth_basic_user_file ../html/operators; slack_status actions; }
    location = /hook { slack_notify acme dev; }
--- user_files
>>> operators
ann:{PLAIN}of-the-test
--- request
GET /_slack/_received
--- after
my $browser = SlackBrowser->new;

$browser->view(1280, 900);
$browser->open_page('http://ann:of-the-test@127.0.0.1:' . server_port() . '/slack/');
ok(drawn($browser), 'the page is drawn anew');

$browser->click('[data-do="test"]');
ok($browser->wait_for('/test message is sent/.test(document.querySelector("#said").textContent)'), 'actions are taken');
is(scalar(received(undef, 1)), 1, 'Slack has the message');
is(clean($browser), '', 'the browser has nothing to say');
--- no_error_log
[alert]
[crit]



=== a page that was never drawn anew says how old it is
--- config
    location /slack/ { slack_status actions; }
    # what a script asks for
    location = /slack/ { if ($http_accept = "*/*") { return 503; } slack_status actions; }
    location = /hook { slack_notify acme dev; }
--- request
GET /_slack/_received
--- after
my $browser = SlackBrowser->new;

$browser->view(1280, 900);
$browser->open_page('http://127.0.0.1:' . server_port() . '/slack/');

ok($browser->wait_for('document.querySelector("#state").textContent.startsWith("Stale")'), 'it is stale');
like($browser->text('#state'), qr/, \d{1,2} s ago\. The server answers 503/, 'since it was loaded, and why');
--- no_error_log
[alert]
[crit]



=== freeze, a question before a workspace is paused, buttons that are not allowed
--- config
    location /slack/ { slack_status actions; }
    location /plain/ { slack_status; }
    location = /hook { slack_notify acme dev; }
--- request
GET /_slack/_received
--- after
my $browser = opened();

like($browser->value('document.title'), qr/^All is well: \d+ sent in the last hour, nothing waits \S+ Slack messages of /, 'the title');
$browser->click('#freeze');
like($browser->text('#state'), qr/^Frozen: as it was at /, 'frozen');
is($browser->value('document.querySelector("#freeze").getAttribute("aria-pressed")'), 'true', 'and it shows');
$browser->click('#freeze');
ok(drawn($browser), 'it goes on');

is(tab_to($browser, 'Pause acme'), 'Pause acme', 'the workspace');
$browser->press('Enter');
ok($browser->wait_for('document.querySelector("#sure").open'), 'it asks');
is($browser->text('#sure-text'), 'Pause all channels of acme? Their messages wait until it is resumed.', 'what it asks');
is(focus($browser), 'Cancel', 'the answer at hand is the harmless one');
$browser->press('Tab', 'Enter');
ok($browser->wait_for('/paused/.test(document.querySelector("#channels .cards").textContent)'), 'its channel is paused');
ok($browser->wait_for('document.title.startsWith("1 channel is paused, nothing waits")'), 'the verdict tells');
$browser->click('[aria-label="Resume acme"]');
ok($browser->wait_for('/idle/.test(document.querySelector("#channels .cards").textContent)'), 'resumed');
is(clean($browser), '', 'the browser has nothing to say');

$browser->open_page('http://127.0.0.1:' . server_port() . '/plain/');
drawn($browser);
is($browser->value('[...document.querySelectorAll("#channels .do button")].every((one) => one.ariaDisabled === "true" && /to read only/.test(one.title))'), 1, 'not allowed: it looks so and says why');
--- no_error_log
[alert]
[crit]



=== channels are found, plots are read by keys
--- config
    location /slack/ { slack_status actions; }
    location = /hook { slack_notify acme dev; }
    location = /many { slack_notify acme c01,c02,c03,c04,c05,c06,c07,c08,c09,c10; }
    location = /more { slack_notify acme c11,c12,c13,c14,c15,c16,c17,c18,c19,c20; }
    location = /bad { slack_notify acme bad; }
--- workspace
        coalesce 1;
        retry 60s 10m;
--- faults
#bad ["500:later"]
--- hook
push.json      => 202
/bad push.json => 202
--- after
SlackProof::until_true { SlackStatus::channel_of(status(), '#bad')->{retried} };

my $browser = opened();
my $names = '[...document.querySelectorAll("#channels tr.channel th")].map((one) => one.innerText).join(" ")';

is($browser->value('document.querySelector("#channels tr.channel th").innerText'), 'acme #bad', 'in trouble first');
like($browser->text('#channels .cards'), qr/#bad\s+\S+\s+retrying, next at \d\d:\d\d:\d\d, in \d+ (?:s|min)/, 'its state');
like($browser->value('document.title'), qr/^1 channel is being retried, 1 message waits /, 'the verdict');
is($browser->text('#channels summary'), '1 more that are well', 'those that are well are folded beyond twenty');

$browser->value('document.querySelector("#q").focus()');
$browser->type('C1');
ok($browser->wait_for("$names === 'acme #c10 acme #c11 acme #c12 acme #c13 acme #c14 acme #c15 acme #c16 acme #c17 acme #c18 acme #c19'"), 'found');
is($browser->value('location.search'), '?q=C1', 'and in the address');
is($browser->value('document.activeElement.id'), 'q', 'one goes on typing');
$browser->open_page('http://127.0.0.1:' . server_port() . '/slack/?state=retrying');
drawn($browser);
is($browser->value($names), 'acme #bad', 'by state');

my $last = $browser->value('(() => { const plot = document.querySelectorAll("svg.plot")[1]; plot.focus(); return plot.getAttribute("aria-valuetext"); })()');
like($last, qr/^\d\d:\d\d: \d+ sent, \d+ to be tried again, 0 dead$/, 'a plot tells its last minute');
is($browser->value('[...document.querySelectorAll("svg.plot")].every((one) => one.getAttribute("role") === "slider")'), 1, 'each of them');
is(clean($browser), '', 'the browser has nothing to say');

$browser->scripts(0);
$browser->open_page('http://127.0.0.1:' . server_port() . '/slack/?q=c02');
is($browser->value($names), 'acme #c02', 'without scripts, too');
--- no_error_log
[alert]
[crit]



=== what the token of a workspace is
--- workspace
        bot_token xoxb-$SLACK_TEAM-A1-nojoin-secretsecret;
        api_url   $SLACK/api;
        join      on;
--- config
    location = /hook { slack_notify acme dev; }
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- request
GET /_slack/_received
--- after
notify('push.json');
is(scalar received('#dev', 1), 1, 'a message');
SlackProof::until_true { status()->{workspaces}[0]{token}{team} };

my $browser = opened();
my $text = 'document.querySelector("#channels .workspace .is").textContent';

ok($browser->wait_for("$text.startsWith('token of team')"), 'the page tells');
like($browser->value($text), qr/^token of team Stand-in, bot bot, missing for what your configuration uses: channels:join$/, 'all of it');
like(SlackStatus::get('/slack/')->{content}, qr/\Q@{[ $browser->value($text) ]}\E/, 'as nginx draws it');
--- no_error_log
[alert]
secretsecret



=== threads
--- workspace
        bot_token xoxb-$SLACK_TEAM-A1-secretsecret;
        api_url   $SLACK/api;
        rate      1000r/s burst=100;
--- config
    location = /hook { slack_route acme { thread both; channel dev; } }
    location /slack/ { slack_status actions; allow 127.0.0.1; deny all; }
--- request
GET /_slack/_received
--- after
notify('issue_open.json');
is(scalar received('#dev', 1), 1, 'a message');
notify('issue_close.json');
notify('issue_open.json');
SlackProof::until_true { status()->{totals}{changed} };

my $browser = opened();
my $text = '([...document.querySelectorAll("#now dl > div")].find((div) => div.firstChild.textContent === "Changes") || document.body).textContent';

ok($browser->wait_for("$text.startsWith('Changes')"), 'the page tells of changes');
like($browser->value($text), qr/^Changes1 1 stale$/, 'of all');
like(SlackStatus::get('/slack/')->{content}, qr{<dt>Changes</dt><dd>1<small> 1 stale</small></dd>}, 'as nginx does');

$browser->value('document.querySelector("#payload").focus()');
$browser->type(SlackTest::payload('pipeline_failed.json'));
tab_to($browser, 'Explain');
$browser->press('Enter');
ok($browser->wait_for('/would be queued/.test(document.querySelector("#explained").textContent)'), 'it would be queued');
like($browser->text('#explained'), qr/pipeline gitlab\.example\.com 9302\s+acme #dev\s+root, final/, 'as a root');
like($browser->text('#explained'), qr/pipeline gitlab\.example\.com 9302\s+acme #dev\s+nothing, as the root tells it/, 'which tells it all');

notify('pipeline_failed.json');
SlackProof::until_true { !SlackProof::outbox('SELECT 1 FROM message WHERE state = 0') };
$browser->press('Enter');
ok($browser->wait_for('/reply, shown in the channel, final/.test(document.querySelector("#explained").textContent)'), 'a reply that is shown in the channel');
like($browser->text('#explained'), qr/pipeline gitlab\.example\.com 9302\s+acme #dev\s+change, final/, 'and a change');
--- no_error_log
[alert]
