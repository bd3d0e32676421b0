package SlackStandin::Webhook;

# Incoming webhooks: Slack's, and those with which Mattermost, Rocket.Chat and Discord
# take what was written for Slack.

use Mojo::Base -strict, -signatures;

use Exporter qw(import);
use Digest::SHA qw(sha1_hex);
use Mojo::JSON qw(encode_json);

use SlackStandin::Answers qw(webhook_status secret_error);
use SlackStandin::Decode qw(decode_webhook plain_value);
use SlackStandin::Judge;
use SlackStandin::Request qw(take refuse limit_rate);
use SlackStandin::Text qw(pings_of_mattermost pings_of_discord italics);

our @EXPORT_OK = qw(slack_webhook receiver_webhook);

my $JSON = 'application/json; charset=utf-8';

# Discord's limits of embeds, in characters; all texts of a message have one limit, too:
# https://discord.com/developers/docs/resources/message#embed-object-embed-limits and
# https://github.com/discord/discord-api-docs/issues/2575
my %DISCORD = (
    text        => 2_000,
    attachments => 10,
    title       => 256,
    body        => 4_096,
    field_title => 256,
    value       => 1_024,
    author      => 256,
    footer      => 2_048,
);

use constant DISCORD_SUM => 6_000;

my %RECEIVER = (
    mattermost => {
        form    => 'receiver',
        channel => '#town-square',
        ok      => ['ok', 'text/plain'],
        rings   => \&pings_of_mattermost,
        error   => \&_mattermost_error,
        limit   => sub ($in, $wait) { { text => 'limit exceeded', type => 'text/plain' } },
    },
    rocketchat => {
        form    => 'receiver',
        channel => '#general',
        ok      => ['{"success":true}', $JSON],
        rings   => \&pings_of_mattermost,
        error   => sub ($in, $error) { (400, { success => Mojo::JSON->false, error => $error }) },
        limit   => sub ($in, $wait) { _json({ success => Mojo::JSON->false,
                                              error => 'error-too-many-requests' }) },
    },
    discord => {
        form    => 'discord',
        channel => '#discord',
        ok      => ['ok', 'text/html; charset=utf-8'],
        rings   => \&pings_of_discord,
        limits  => \%DISCORD,
        error   => \&_discord_error,
        limit   => sub ($in, $wait) { _json({ message => 'You are being rate limited.',
                                              retry_after => $wait - 0.25,
                                              global => Mojo::JSON->false }) },
    },
);


# POST /services/TEAM/BID/SECRET
sub slack_webhook ($app, $c) {
    my ($team, $bid, $secret, @more) = split m{/}, $c->stash('hook'), -1;
    my $known  = defined $secret && !@more && !grep { $_ !~ m/^\w+\z/ } $team, $bid, $secret;
    my $modern = ($bid // '') =~ m/^BAPP/;

    return $c->render(text => 'ok') if _of_others($app, $team // '');

    my $in = _request($c, {
        team   => $team // '',
        bid    => $bid // '',
        form   => 'webhook',
        obeys  => !$modern,
        denied => $known ? secret_error($secret) : 'no_service',
        ok     => ['ok', 'text/html'],
        error_answer => \&_slack_error,
        limit_answer => \&_slack_limit,
    });

    _place($app, $in, '#general', $modern ? "#app-$bid" : undef);
    take($app, $c, $in);

    return;
}


# POST /hooks/KEY, /hooks/ID/TOKEN and /api/webhooks/ID/TOKEN/slack
sub receiver_webhook ($app, $c, $name) {
    my $receiver = $RECEIVER{$name};
    my @parts    = split m{/}, $c->stash('hook'), -1;
    my ($team)   = $parts[0] =~ m/^(T[A-Z]*[0-9][A-Z0-9]*)(?:-|\z)/;

    return _render_ok($c, $receiver->{ok}) if _of_others($app, $team // '');

    my $in = _request($c, {
        team     => $team // '',
        bid      => $name eq 'discord' ? $parts[0] : 'H' . substr(uc sha1_hex($c->stash('hook')), 0, 10),
        receiver => $name,
        form     => $receiver->{form},
        obeys    => $name ne 'discord',
        ok       => $receiver->{ok},
        denied   => $parts[-1] =~ m/^(?:revoked|badtoken)\z/ ? secret_error($parts[-1]) : undef,
        error_answer => sub ($in, $error, %more) {
            my ($status, $json) = $receiver->{error}->($in, $error);
            return { status => $status, %{ _json($json) } };
        },
        limit_answer => sub ($in, $wait) {
            return { status => 429, headers => { 'Retry-After' => $wait },
                     %{ $receiver->{limit}->($in, $wait) } };
        },
    });

    _place($app, $in, $receiver->{channel}, $name eq 'discord' ? $receiver->{channel} : undef);
    take($app, $c, $in);

    return;
}


# What another test left behind is neither shown nor does it use up faults, and the
# nginx of that one, which ends, has nothing to complain of in a later log.
sub _of_others ($app, $team) { return $app->team ne '' && $team ne '' && $team ne $app->team }


sub _render_ok ($c, $ok) {
    $c->res->headers->content_type($ok->[1]);
    $c->render(data => $ok->[0]);

    return;
}


sub _request ($c, $in) {
    $in->{via}     = 'webhook';
    $in->{message} = 1;
    $in->{verdict} = \&_verdict;

    decode_webhook($c, $in);

    return $in;
}


# Where the message goes: to the only CHANNEL of the webhook, or to the one it names.
sub _place ($app, $in, $default, $only) {
    my $wanted = ref $in->{payload} eq 'HASH' ? plain_value($in->{payload}{channel}) : undef;

    $in->{place} = $app->channels->place($only // $wanted // $default, '');
    $in->{hold}  = $in->{channel} = $in->{place}{channel};

    return;
}


sub _verdict ($app, $c, $in) {
    return refuse($in, $in->{denied}) if defined $in->{denied};

    my $wait = $app->pace->wait_for($in->{channel});

    return limit_rate($app, $in, $wait)     if $wait;
    return refuse($in, @{ $in->{broken} })  if $in->{broken};

    my $receiver = $RECEIVER{ $in->{receiver} // '' };
    my $judge    = SlackStandin::Judge->new(
        strict => $app->strict,
        $receiver ? (rings => $receiver->{rings}, limits => $receiver->{limits} // {}) : (),
    );

    $judge->judge($in->{payload}, $in->{form});
    _judge_sum($judge, $in->{payload}) if ($in->{receiver} // '') eq 'discord';

    return refuse($in, $judge->error, $judge->why) if defined $judge->error;

    my $error = _place_error($app, $in);

    return refuse($in, $error) if defined $error;

    my $record = $app->store->add_message(_record($app, $c, $in, $judge->pings));

    @{ $in->{request} }{qw(error message record)} = ('ok', $record->{n}, $record);

    return { status => 200, text => $in->{ok}[0], type => $in->{ok}[1] };
}


sub _place_error ($app, $in) {
    return if !$in->{obeys};

    # Slack's IDs are nothing to others
    return 'channel_not_found' if $in->{receiver} && $in->{place}{by_id};

    return $app->channels->refusal_of_webhook($in->{place});
}


sub _record ($app, $c, $in, $pings) {
    my %payload = %{ $in->{payload} };
    my $now     = $in->{request}{time};
    my $place   = $in->{place};

    $app->channels->note($place);

    my %record = (
        time         => $now,
        via          => 'webhook',
        team         => $in->{team},
        bid          => $in->{bid},
        channel      => $place->{channel},
        channel_id   => $place->{channel_id},
        ts           => $app->store->new_ts($now, $place->{channel_id}),
        payload      => \%payload,
        pings        => [@$pings],
        content_type => $c->req->headers->content_type // '',
        user_agent   => $c->req->headers->user_agent // '',
    );

    # the webhook of an app has one name, and Discord knows no emoji for it
    if ($in->{obeys} || $in->{receiver}) {
        my $icon = $in->{obeys} ? $payload{icon_emoji} // $payload{icon_url} : $payload{icon_url};

        $record{username} = $payload{username} if defined $payload{username};
        $record{icon}     = $icon              if defined $icon;
    }

    if ($in->{receiver}) {
        $record{receiver} = $in->{receiver};
        $record{italic}   = [ map { italics($_) } _texts(\%payload) ]
            if $in->{receiver} eq 'mattermost';
    }

    return \%record;
}


# The texts of a message that have marks.
sub _texts ($payload) {
    my @attachments = @{ $payload->{attachments} // [] };

    return grep { defined } $payload->{text}, map {
        (@$_{qw(pretext text)}, map { $_->{value} } @{ $_->{fields} // [] })
    } @attachments;
}


sub _judge_sum ($judge, $payload) {
    return if $judge->error;

    my $sum = 0;

    for my $attachment (@{ $payload->{attachments} // [] }) {
        $sum += length for grep { defined }
            @$attachment{qw(title text author_name footer)},
            map { @$_{qw(title value)} } @{ $attachment->{fields} // [] };
    }

    return if $sum <= DISCORD_SUM;

    $judge->add_fault('invalid_attachments', '/attachments',
                      "$sum characters in all, more than " . DISCORD_SUM);
    return;
}


# ---- answers ----

sub _json ($data) { return { text => encode_json($data), type => $JSON } }


sub _slack_error ($in, $error, %more) {
    return { status => webhook_status($error), text => $error };
}


# as Slack has been seen to write it
sub _slack_limit ($in, $wait) {
    return {
        status  => 429,
        text    => qq({"retry_after":$wait,"ok":false,"error":"rate_limited"}),
        type    => $JSON,
        headers => { 'Retry-After' => $wait },
    };
}


sub _mattermost_error ($in, $error) {
    my ($status, $id, $message) =
        $error eq 'channel_not_found' ? (404, 'channel', "Couldn't find the channel.")
      : $error =~ m/^(?:no_service|invalid_token)\z/ ? (400, 'invalid', 'Invalid webhook.')
      :                                 (400, 'parse', 'Unable to parse incoming data.');

    return ($status, {
        id => "web.incoming_webhook.$id.app_error", message => $message, detailed_error => '',
        status_code => $status,
    });
}


sub _discord_error ($in, $error) {
    return (404, { message => 'Unknown Webhook', code => 10_015 })       if $error eq 'no_service';
    return (401, { message => 'Invalid Webhook Token', code => 50_027 }) if $error eq 'invalid_token';
    return (400, { message => 'Invalid Form Body', code => 50_035,
                   errors => { _errors => [ { code => 'BASE_TYPE_INVALID', message => $error } ] } });
}


1;
