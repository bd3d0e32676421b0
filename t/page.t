# The page of slack_status: what can be read of it without its script, that
# nothing from outside becomes HTML, and, where there is a Chromium, that its
# script draws the same.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackBrowser;
use SlackStatus qw(acted get);
use SlackTest;
use SlackProof qw(stored_messages notify);

no_long_string();
plan 'no_plan';
run_tests();


# the text of a part of the page, tags taken out
sub part {
    my ($html, $id) = @_;

    my ($part) = $html =~ m{<section id="$id".*?>(.*?)</section>}s or return '';

    $part =~ s/<[^>]*>/ /g;
    return $part =~ s/\s+/ /gr;
}


sub page { return get('/slack/')->{content} }

__DATA__

=== nothing has happened yet; page, style and script with their headers
--- config
    location /slack/ { slack_status actions; }
    location = /hook { slack_notify acme dev; }
--- request
GET /_slack/_received
--- after
my $answer = get('/slack/');

is($answer->{status}, 200, 'the page');
is($answer->{headers}{'content-type'}, 'text/html; charset=utf-8', 'HTML');
like($answer->{headers}{'content-security-policy'}, qr/^default-src 'none'; script-src 'self'; style-src 'self';/, 'its policy');
unlike($answer->{content}, qr{(?:src|href)="(?:https?:)?//}, 'nothing from elsewhere');
unlike($answer->{content}, qr/<script>|<[^>]*\s(?:style|on[a-z]+)=|\{\{/, 'nothing its policy forbids');
like(part($answer->{content}, 'queue'), qr/Nothing waits/, 'no message waits');
like(part($answer->{content}, 'dead'), qr/No dead letters/, 'none is dead');
like($answer->{content}, qr/<noscript>/, 'a word for those without its script');

is(get('/slack/page.css')->{headers}{'content-type'}, 'text/css; charset=utf-8', 'its style');
is(get('/slack/page.js')->{headers}{'content-type'}, 'text/javascript; charset=utf-8', 'its script');
is(get('/slack/other')->{status}, 404, 'nothing else');
--- no_error_log
[error]
[alert]



=== messages, events and why not, dead letters as Slack would show them
--- config
    location /slack/ { slack_status actions; }
    location = /hook {
        slack_route acme { events push pipeline; branches main; channel dev; pipelines broken; }
        slack_route acme { events wiki_page; channel wiki; }
    }
--- workspace
        coalesce 1;
--- faults
#wiki ["400:no_text"]
--- hook
push.json             => 202
wiki_create.json      => 202
pipeline_success.json => 200
--- after
# counts of earlier tests stay over a reload
stored_messages();
my $html = page();

like(part($html, 'now'), qr/Sent [1-9].*Dead letters 1 /, 'how things stand');
like($html, qr{<a href="#dead-(\d+)">dead</a>.*|.*<article class="dead-letter" id="dead-\1"}s, 'a link to the dead letter');
like($html, qr{<title>\(1\) 1 channel needs you \S+ Slack messages of [^<]+</title>}, 'the verdict is the title');
like($html, qr{<h1 id="verdict"><span class="bad">.*?1 channel needs you</span></h1>}, 'and the heading');
like($html, qr{<p id="about"><b>[^<]+</b>, ngx_slack_notify_module [0-9.]+; worker \d+ delivers for \d}, 'host, version, leader, since when');
like(part($html, 'needs'), qr/acme #wiki .* failing , 1 dead letter HTTP 400 &quot;no_text&quot;, .* ago Slack has refused .* Test Pause Replay Drop /, 'what needs somebody, why, what to do');
like(part($html, 'channels'), qr/acme #wiki \S+ failing 0 0 0 1 .*HTTP 400 &quot;no_text&quot;.* acme #dev \S+ idle 0 [1-9]\d* 0 0 .* ago/, 'channels, in trouble first');
like(part($html, 'hour'), qr/[2-9]\d* queued [1-9]\d* filtered or ignored/, 'the last hour');
like(part($html, 'events'), qr/pipeline success gitlab acme\/rocket \/hook nginx\.conf:\d+ \S+ filtered refused by &quot;pipelines&quot; The nearest route does not take it: see the filter in \S+nginx\.conf:\d+ /, 'which filter said no');
like(part($html, 'events'), qr/push update gitlab acme\/rocket \/hook nginx\.conf:\d+ \S+ queued acme #dev: sent /, 'what was taken');
like(part($html, 'dead'), qr/acme #wiki .*HTTP 400 &quot;no_text&quot;.* created /, 'a dead letter with Slack\'s answer');
like($html, qr{<a href="https://gitlab\.example\.com/[^"]*"[^>]*rel="[^"]*noreferrer}, 'with its links');

is(acted(drop => { all => JSON::PP::true() })->{count}, 1, 'it is dropped');
like(part(page(), 'dead'), qr/No dead letters/, 'and gone');
--- no_error_log
[alert]
[crit]



=== what comes from outside stays text
--- config
    location /slack/ { slack_status actions; }
    location = /hook { slack_notify acme dev; }
--- faults
["400:no_text"]
--- request
GET /_slack/_received
--- after
my $bad = '</div><script>alert(1)</script><img src=x onerror=alert(1)>&amp;*b* _i_ ~s~ `c` <javascript:alert(1)|x> \\"q\\"';

notify('wiki_create.json', '/hook', sub {
    $_[0] =~ s/"(title|message|path_with_namespace|name)": *"[^"]*"/"$1": "$bad"/gr });
stored_messages();

my $html = page();
my %known = map { $_ => 1 } qw(
    a article b body br button caption code col datalist dd defs del details dialog div dl dt em figcaption figure footer form g h1 h2 h3
    head header html i img input label legend li link main meta nav noscript ol option output p path pattern pre q rect
    s script section select small span strong summary svg table tbody td textarea tfoot th thead time title
    tr ul);

my @tags = $html =~ m{<([^\s/!>]+)}g;

is_deeply([ grep { !$known{$_} } @tags ], [], 'known elements');
is(scalar(grep { $_ eq 'script' } @tags), 1, 'one script, the page\'s own');
is(scalar(grep { $_ eq 'img' } @tags), 0, 'no pictures');
unlike($html, qr/<[^>]*\son\w+=/, 'no handlers');
unlike($html, qr/(?:href|src)="\s*javascript/i, 'no links that run');
like($html, qr/&lt;script&gt;alert\(1\)/, 'it is there, as text');

SKIP: {
    skip('no Chromium', 4) if !SlackBrowser::program();

    my $browser = SlackBrowser->new;

    $browser->open_page('http://127.0.0.1:' . server_port() . '/slack/');
    $browser->wait_for('document.querySelector("#state").textContent.startsWith("As it is at ")');

    my $drawn = $browser->value('document.documentElement.outerHTML');

    like($drawn, qr/As it is at /, 'drawn by the script');
    unlike($drawn, qr/<script>|<img src="?x|href="\s*javascript/i, 'the script lets nothing through');
    like(part($drawn, 'dead'), qr/HTTP 400 "no_text"/, 'the dead letter');
    is(join("\n", $browser->problems), '', 'the browser has nothing to say of it');
}
--- no_error_log
[alert]
