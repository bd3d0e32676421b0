package SlackStandin::Command;

# The other direction: a slash command that somebody gives, sent and signed as Slack does, and
# what Slack shows of the answer.

use Mojo::Base -strict, -signatures;

use Digest::SHA qw(hmac_sha256_hex);
use Exporter qw(import);
use Mojo::JSON qw(decode_json);
use Mojo::Parameters;
use Mojo::UserAgent;
use Time::HiRes qw(time);

use SlackStandin::Control qw(complain);

our @EXPORT_OK = qw(give_command);

use constant PATIENCE => 3;    # seconds; https://docs.slack.dev/interactivity/implementing-slash-commands

my $Agent = Mojo::UserAgent->new(connect_timeout => PATIENCE, request_timeout => PATIENCE, max_redirects => 0);


# POST /_command
sub give_command ($app, $c) {
    my %given = map { $_ => $c->param($_) // '' } qw(url secret command text user channel age);

    for my $name (qw(url secret command)) {
        return complain($c, "$name= is wanted") if $given{$name} eq '';
    }

    my $timestamp = int(time) - ($given{age} || 0);
    my $body      = _form(%given)->to_string;
    my $signature = 'v0=' . hmac_sha256_hex("v0:$timestamp:$body", $given{secret});

    $c->render_later;

    $Agent->post_p($given{url} => {
        'Content-Type'              => 'application/x-www-form-urlencoded',
        'User-Agent'                => 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'X-Slack-Request-Timestamp' => $timestamp,
        'X-Slack-Signature'         => $signature,
    } => $body)->then(
        sub ($tx) { return _answer($tx->res) },
        sub ($error) { return { error => $error =~ m/timeout/i ? 'operation_timeout' : 'dispatch_failed' } },
    )->then(sub ($answer) {
        $app->store->add_request({
            time    => time,
            via     => 'command',
            channel => $given{channel} || '#general',
            command => join(' ', grep { length } @given{qw(command text)}),
            user    => $given{user} || 'jdoe',
            %$answer,
        });
        $c->render(json => $answer);
    })->catch(sub ($error) { $c->reply->exception($error) });

    return;
}


sub _form (%given) {
    return Mojo::Parameters->new(
        token        => 'gIkuvaNzQIHg97ATvDxqgjtO',
        team_id      => 'T0001',
        team_domain  => 'example',
        channel_id   => 'C2147483705',
        channel_name => ($given{channel} || 'general') =~ s/\A#//r,
        user_id      => 'U2147483697',
        user_name    => $given{user} || 'jdoe',
        command      => $given{command},
        text         => $given{text},
        response_url => 'https://hooks.slack.com/commands/1234/5678',
        trigger_id   => '13345224609.738474920.8088930838d88f008e0',
        api_app_id   => 'A123456',
    );
}


# What the person sees: the text or the message of a 200, else Slack's own word.
sub _answer ($res) {
    my %answer = (status => 0 + $res->code);

    return { %answer, error => 'dispatch_failed' } if $res->code != 200;

    my $body = $res->body;
    my $message = ($res->headers->content_type // '') =~ m{^application/json\b} ? eval { decode_json($body) } : undef;

    $answer{error} = 'ok';

    if (ref $message eq 'HASH') {
        $answer{answer}  = $message;
        $answer{visible} = ($message->{response_type} // '') eq 'in_channel' ? 'all' : 'one';

    } elsif ($body ne '') {
        $answer{answer}  = { text => $body };
        $answer{visible} = 'one';
    }

    return \%answer;
}


1;
