package SlackStandin::WebApi;

# The Web API: who calls which method with which scopes, and what all methods have in
# common.  The methods that post are in SlackStandin::Chat.

use Mojo::Base -strict, -signatures;

use Digest::SHA qw(sha1_hex);
use Exporter qw(import);
use Mojo::JSON qw(encode_json);
use Time::HiRes qw(time);

use SlackStandin::Chat qw(chat_post chat_update chat_delete);
use SlackStandin::Decode qw(decode_api plain_value);
use SlackStandin::Request qw(take refuse limit_rate);
use SlackStandin::Token;

our @EXPORT_OK = qw(web_api method_of);

use constant TOKEN_LIFE => 43_200;    # of a token that rotates: 12 hours

my $JSON = 'application/json; charset=utf-8';

# do: what answers; scope: which the token must have; json: whether the method reads
# JSON; channel: whether its argument "channel" is a place; message: whether it leaves
# a message, so that the faults and limits of messages are for it.
my %METHOD = (
    'auth.test'           => { do => \&_auth_test, json => 1 },
    'chat.postMessage'    => { do => \&chat_post, json => 1, scope => 'chat:write', channel => 1,
                               message => 1 },
    'chat.update'         => { do => \&chat_update, json => 1, scope => 'chat:write', channel => 1,
                               message => 1 },
    'chat.delete'         => { do => \&chat_delete, json => 1, scope => 'chat:write', channel => 1 },
    'conversations.join'  => { do => \&_join, json => 1, scope => 'channels:join', channel => 1 },
    'conversations.open'  => { do => \&_open, json => 1, scope => 'im:write' },
    'users.lookupByEmail' => { do => \&_lookup, get => 1, scope => 'users:read.email' },
);


sub method_of ($name) { return $METHOD{$name} }


# POST /api/METHOD, and GET for a method that takes a query
sub web_api ($app, $c) {
    my $name   = $c->stash('method');
    my $method = $METHOD{$name};
    my $text   = ($c->req->headers->authorization // '') =~ m/^Bearer (\S+)\z/ ? $1 : undef;
    my $in     = {
        via          => 'api',
        method       => $name,
        message      => $method && $method->{message},
        verdict      => \&_verdict,
        error_answer => \&_error_answer,
        limit_answer => \&_limit_answer,
    };

    if ($method) {
        decode_api($c, $in, \$text, $method->{json});
        $in->{broken} = ['invalid_post_type', 'not a POST']
            if $c->req->method eq 'GET' && !$method->{get};
    }

    my $token = $in->{token} = SlackStandin::Token->parse($text);

    # what another test left behind
    return $c->render(data => _others_answer(), format => 'json')
        if $app->team ne '' && $token->own_team ne '' && $token->own_team ne $app->team;

    $in->{team} = $token->team;
    $in->{bid}  = $token->bot;
    $in->{hold} = "$name " . $token->id;

    my $given = ref $in->{payload} eq 'HASH' ? plain_value($in->{payload}{channel}) : undef;

    if ($method && $method->{channel} && defined $given) {
        $in->{place}   = { %{ $app->channels->place($given, $token->id) }, given => $given };
        $in->{channel} = $in->{place}{channel};
    }

    take($app, $c, $in);

    return;
}


sub _others_answer () {
    return encode_json({ ok => Mojo::JSON->true, channel => 'C0OTHERS',
                         ts => sprintf('%d.000010', time) });
}


sub _verdict ($app, $c, $in) {
    my ($token, $method) = ($in->{token}, $METHOD{ $in->{method} });

    return refuse($in, 'unknown_method') if !$method;
    return refuse($in, $token->error)    if defined $token->error;

    my $wait = $app->pace->wait_for_method($in->{method}, $token->id);

    $wait ||= $app->pace->wait_for($in->{channel})
        if $in->{method} eq 'chat.postMessage' && defined $in->{channel};

    if ($wait) {
        $app->pace->close_method($in->{method}, $token->id, $wait);
        return limit_rate($app, $in, $wait);
    }

    return refuse($in, 'missing_scope', '', needed => $method->{scope})
        if defined $method->{scope} && !$token->has_scope($method->{scope});
    return refuse($in, @{ $in->{broken} }) if $in->{broken};

    my $answer = $method->{do}->($app, $c, $in);

    # an answer is data until here, an error is one already
    return $answer if defined $answer->{status};

    $in->{request}{error} //= 'ok';

    return _answer($in, { ok => Mojo::JSON->true, %$answer });
}


sub _answer ($in, $data) {
    my $scope = ($METHOD{ $in->{method} } // {})->{scope};
    my %headers;

    if (!defined $in->{token}->error) {
        $headers{'X-OAuth-Scopes'}          = $in->{token}->provided;
        $headers{'X-Accepted-OAuth-Scopes'} = $scope if defined $scope;
    }

    return { status => 200, text => encode_json($data), type => $JSON, headers => \%headers };
}


sub _error_answer ($in, $error, %more) {
    my %data = (ok => Mojo::JSON->false, error => $error);

    $data{response_metadata} = { messages => $more{messages} } if $more{messages};

    if ($error eq 'missing_scope') {
        $data{needed}   = $more{needed} // ($METHOD{ $in->{method} } // {})->{scope} // 'chat:write';
        $data{provided} = $in->{token}->provided;
    }

    return _answer($in, \%data);
}


sub _limit_answer ($in, $wait) {
    my $answer = _answer($in, { ok => Mojo::JSON->false, error => 'ratelimited' });

    $answer->{status} = 429;
    $answer->{headers}{'Retry-After'} = $wait;

    return $answer;
}


# ---- methods ----

# The refusal of arguments that are none of NAMES, or nothing.
sub _other_arguments ($in, @names) {
    my %known = map { $_ => 1 } @names;
    my ($key) = grep { !$known{$_} } sort keys %{ $in->{payload} } or return;

    return refuse($in, 'invalid_arguments', "/$key: unknown key");
}


sub _auth_test ($app, $c, $in) {
    my $token   = $in->{token};
    my $refusal = _other_arguments($in);

    return $refusal if $refusal;
    return {
        url         => 'https://stand-in.slack.com/',
        team        => 'Stand-in',
        team_id     => $token->team,
        user        => 'bot',
        user_id     => $token->user,
        bot_id      => $token->bot,
        app_id      => $token->app,
        app_name    => 'App ' . $token->app,
        is_enterprise_install => $token->org ? Mojo::JSON->true : Mojo::JSON->false,
        $token->org      ? (enterprise_id => 'E0STANDIN') : (),
        $token->rotating ? (expires_in => TOKEN_LIFE) : (),
    };
}


sub _join ($app, $c, $in) {
    my ($place, $token) = @$in{qw(place token)};
    my $channels = $app->channels;
    my $refusal  = _other_arguments($in, 'channel');

    return $refusal if $refusal;
    return refuse($in, 'invalid_arguments', 'no channel') if !$place;

    my ($error, $why) = $channels->refusal($place, $token, 'join');

    return refuse($in, $error, $why) if defined $error;

    my $id      = $place->{channel_id};
    my $already = $channels->member($id, $token->id);

    $channels->enter($id, $token->id);

    return {
        channel => {
            id         => $id,
            name       => $place->{channel} =~ s/^#//r,
            is_channel => Mojo::JSON->true,
            is_private => Mojo::JSON->false,
            is_member  => Mojo::JSON->true,
        },
        $already ? (warning => 'already_in_channel',
                    response_metadata => { warnings => ['already_in_channel'] }) : (),
    };
}


sub _open ($app, $c, $in) {
    my ($payload, $token) = @$in{qw(payload token)};
    my $channels = $app->channels;
    my $refusal  = _other_arguments($in, qw(users channel return_im prevent_creation));

    return $refusal if $refusal;

    if (defined plain_value($payload->{channel})) {
        my $dm = $channels->dms->{ $payload->{channel} };

        return $dm && $dm->{app} eq $token->id ? { channel => { id => $payload->{channel} } }
                                               : refuse($in, 'channel_not_found');
    }

    my @users = split m/\s*,\s*/, plain_value($payload->{users}) // '';

    return refuse($in, 'users_list_not_supplied') if !@users;
    return refuse($in, 'missing_scope', '', needed => 'mpim:write') if @users > 1;
    return refuse($in, 'user_not_found')
        if $users[0] !~ m/^[UW][A-Z0-9]{2,}\z/ || $users[0] =~ m/^.0NOBODY\z/;

    my $known = grep { $_->{user} eq $users[0] && $_->{app} eq $token->id }
                values %{ $channels->dms };

    return refuse($in, 'channel_not_found') if !$known && $payload->{prevent_creation};

    return {
        channel => { id => $channels->dm($users[0], $token->id) },
        $known ? (no_op => Mojo::JSON->true, already_open => Mojo::JSON->true) : (),
    };
}


# Every address has a member, except nobody@…
sub _lookup ($app, $c, $in) {
    my $email   = plain_value($in->{payload}{email});
    my $refusal = _other_arguments($in, 'email');

    return $refusal if $refusal;
    return refuse($in, 'invalid_arguments', 'no email') if !defined $email;
    return refuse($in, 'users_not_found') if $email !~ m/^[^@\s]+@[^@\s]+\z/ || $email =~ m/^nobody@/i;

    utf8::encode(my $bytes = lc $email);

    return {
        user => {
            id      => 'U' . substr(uc sha1_hex($bytes), 0, 10),
            team_id => $in->{token}->team,
            name    => $email =~ s/@.*//r,
            deleted => Mojo::JSON->false,
            is_bot  => Mojo::JSON->false,
            profile => { email => $email },
        },
    };
}


1;
