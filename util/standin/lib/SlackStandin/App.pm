package SlackStandin::App;

# The stand-in's web application: takes messages as Slack does, answers with its words
# or with a fault that was asked for, and shows what came.

use Mojo::Base 'Mojolicious', -signatures;

use Digest::SHA qw(sha1_hex);
use Mojo::IOLoop;
use Mojo::JSON qw(encode_json);
use Time::HiRes qw(time);

use SlackStandin::Answers qw(webhook_status secret_error token_error channel_error);
use SlackStandin::Decode qw(decode_webhook decode_api reason);
use SlackStandin::Faults;
use SlackStandin::Judge;
use SlackStandin::Misbehave qw(misbehave status_of hold_of);
use SlackStandin::Pace;
use SlackStandin::Page qw(front events);
use SlackStandin::Store;
use SlackStandin::Strict qw(decode_strict);

use constant {
    WAIT_SECONDS => 5,          # a long poll without timeout=
    WAIT_MAX     => 3_600,
};

has store  => sub { SlackStandin::Store->new };
has faults => sub { SlackStandin::Faults->new };
has pace   => sub { SlackStandin::Pace->new };
has strict => 1;
has team   => '';
has names  => sub { {} };    # channel ID → the name it was made from
has pages  => sub { die 'no page directories' };

# faults after which Slack's own answer comes nevertheless
my %ANSWERED = (slow => 1, interim => 1);

my %API = ('chat.postMessage' => 'post', 'chat.update' => 'update');


sub startup ($self) {
    my $r = $self->routes;

    $self->mode('production');
    $self->log->level('error');
    $self->secrets(['none: no cookies here']);
    $self->renderer->compress(0);
    $self->static->paths($self->pages);

    $r->post('/services/*hook')->to(cb => sub ($c) { $self->_webhook($c) });
    $r->post('/api/:method' => [ method => qr/[A-Za-z.]+/ ])
      ->to(cb => sub ($c) { $self->_api($c) });

    $r->any([qw(GET POST)] => '/_reset')->to(cb => sub ($c) { $self->_reset($c) });
    $r->post('/_fault')->to(cb => sub ($c) { $self->_add_faults($c) });
    $r->get('/_fault')->to(cb => sub ($c) { $self->_show_faults($c) });
    $r->get('/_received')->to(cb => sub ($c) { $self->_received($c, 'messages_json') });
    $r->get('/_received.txt')->to(cb => sub ($c) { $self->_received($c, 'messages_text') });
    $r->get('/_requests')->to(cb => sub ($c) { $self->_requests($c, 'requests_json') });
    $r->get('/_requests.txt')->to(cb => sub ($c) { $self->_requests($c, 'requests_text') });
    $r->get('/_events')->to(cb => sub ($c) { events($c, $self->store) });
    $r->get('/')->to(cb => sub ($c) { front($c) });
    $r->any('/*rest' => { rest => '' })->to(cb => sub ($c) { $self->_unknown($c) });

    return;
}


# ---- messages ----

sub _webhook ($self, $c) {
    my ($team, $bid, $secret, @more) = split m{/}, $c->stash('hook'), -1;
    my $modern = ($bid // '') =~ m/^BAPP/;

    my %in = (
        via    => 'webhook',
        team   => $team // '',
        bid    => $bid // '',
        form   => 'webhook',
        modern => $modern,
        known  => defined $secret && !@more && !grep { $_ !~ m/^\w+\z/ } $team, $bid, $secret,
    );

    $in{denied} = !$in{known} ? 'no_service' : secret_error($secret);

    # what another test left behind is neither shown nor does it use up faults, and
    # the nginx of that one, which ends, has nothing to complain of in a later log
    return $c->render(text => 'ok')
        if $self->team ne '' && $in{team} ne $self->team;

    decode_webhook($c, \%in);

    my $wanted = ref $in{payload} eq 'HASH' ? $in{payload}{channel} : undef;

    $self->_address(\%in, $modern ? "#app-$bid" : _plain($wanted) // '#general');
    $self->_take($c, \%in);

    return;
}


sub _api ($self, $c) {
    my $method = $c->stash('method');
    my $form   = $API{$method};
    my $token  = ($c->req->headers->authorization // '') =~ m/^Bearer (\S+)\z/ ? $1 : undef;

    my %in = (via => 'api', method => $method, form => $form // 'post', team => 'TSTANDIN');

    decode_api($c, \%in, \$token) if $form;

    $in{denied} = !$form ? 'unknown_method' : token_error($token);
    $in{owner}  = substr uc sha1_hex($token // ''), 0, 10;
    $in{bid}    = "B$in{owner}";

    my $wanted = ref $in{payload} eq 'HASH' ? $in{payload}{channel} : undef;

    $self->_address(\%in, _plain($wanted)) if defined _plain($wanted);
    $self->_take($c, \%in);

    return;
}


sub _plain ($value) { return ref $value || ($value // '') eq '' ? undef : "$value" }


# The channel as people call it, and its ID.
sub _address ($self, $in, $channel) {
    my $name = $self->names->{$channel};

    $in->{by_id} = $channel =~ m/^[CGDUW][A-Z0-9]{2,}\z/;

    $channel = $name        if defined $name;
    $channel = "#$channel"  if !defined $name && !$in->{by_id} && $channel !~ m/^[#@]/;

    $in->{channel} = $channel;

    if ($channel =~ m/^[CGD][A-Z0-9]{2,}\z/) {
        $in->{channel_id} = $channel;
    }

    elsif ($channel =~ m/^[UW]([A-Z0-9]{2,})\z/) {
        $in->{channel_id} = "D$1";
    }

    else {
        utf8::encode(my $bytes = $channel);
        $in->{channel_id} = 'C' . substr uc sha1_hex($bytes), 0, 10;
    }

    return;
}


# A message has come: fault, verdict, record, answer.
sub _take ($self, $c, $in) {
    my $now     = time;
    my $pace    = $self->pace;
    my $fault   = $self->faults->take($in->{channel});
    my $early   = defined $in->{channel} ? $pace->early($in->{channel}) : 0;
    my $request = $in->{request} = {
        time => $now,
        via  => $in->{via},
        team => $in->{team},
        bid  => $in->{bid},
    };

    $request->{method}  = $in->{method}  if defined $in->{method};
    $request->{channel} = $in->{channel} if defined $in->{channel};
    $request->{early}   = $early         if $early;

    if (ref $in->{payload} eq 'HASH') {
        $request->{payload} = { %{ $in->{payload} } };
        delete $request->{payload}{token};
    }

    if ($fault && $fault->{kind} ne 'ok') {
        $request->{fault} = $fault->{spec};

        if (!$fault->{accept}) {
            @$request{qw(error why)} = ('fault', $fault->{spec});
            $self->_do_fault($c, $in, $fault);
            return;
        }
    }

    my $answer = $self->_verdict($c, $in, $now);

    if ($fault && $fault->{kind} ne 'ok') {
        $request->{error} = 'fault' if !$ANSWERED{ $fault->{kind} };
        $request->{why} = join ', ', $fault->{spec}, grep { ($_ // '') ne '' } $request->{why};
        $self->_do_fault($c, $in, $fault, $answer);
        return;
    }

    $request->{status} = $answer->{status};
    $self->store->add_request($request);
    _send($c, $answer);

    return;
}


# Judges, records, and returns the answer: { status, text | json, headers }.
sub _verdict ($self, $c, $in, $now) {
    my $request = $in->{request};

    return $self->_refuse($in, $in->{denied}, '') if defined $in->{denied};

    my $wait = defined $in->{channel} ? $self->pace->wait_for($in->{channel}) : 0;

    return $self->_rate_limited($in, $wait)       if $wait;
    return $self->_refuse($in, @{ $in->{broken} }) if $in->{broken};

    my $judge = SlackStandin::Judge->new(api => $in->{via} eq 'api', strict => $self->strict);

    $judge->judge($in->{payload}, $in->{form});

    if (defined $judge->error) {
        return $self->_refuse($in, $judge->error, $judge->why, $judge->messages);
    }

    my ($error, $why) = $self->_place_error($in);

    return $self->_refuse($in, $error, $why) if defined $error;

    my $record = $self->_record($c, $in, $now, $judge->pings);

    $request->{error}   = 'ok';
    $request->{message} = $record->{n};
    $request->{record}  = $record;

    return { status => 200, text => 'ok' } if $in->{via} eq 'webhook';

    my %message = (type => 'message', bot_id => $in->{bid}, ts => $record->{ts},
                   %{ $record->{payload} });
    delete $message{channel};

    return {
        status => 200,
        json   => {
            ok      => Mojo::JSON->true,
            channel => $record->{channel_id},
            ts      => $record->{ts},
            message => \%message,
            ($in->{form} eq 'update' ? (text => $message{text} // '') : ()),
        },
    };
}


# What is wrong with where the message is to go: error and reason, or nothing.
sub _place_error ($self, $in) {
    my $payload = $in->{payload};
    my $api     = $in->{via} eq 'api';

    return ('invalid_arguments', 'no channel') if !defined $in->{channel};

    if ($in->{form} eq 'update') {
        return ('invalid_arguments', 'no ts') if !defined $payload->{ts};
        return ('channel_not_found', 'chat.update takes the ID of a channel, not its name')
            if !$in->{by_id};

        my $record = $self->store->message($in->{channel_id}, $payload->{ts})
            or return ('message_not_found', 'no message with this ts in this channel');

        return ('cant_update_message', 'the message of somebody else')
            if ($record->{owner} // '') ne $in->{owner};
        return ('edit_window_closed', 'nothing can be edited in #locked')
            if $in->{channel} eq '#locked';

        $in->{edits} = $record;
        return;
    }

    if (!$in->{modern}) {
        my $error = channel_error($in->{channel}, $api);

        return ($error, '') if defined $error;
    }

    if ($api && defined $payload->{thread_ts}) {
        my $parent = $self->store->message($in->{channel_id}, $payload->{thread_ts});

        return ('cannot_reply_to_message', 'thread_ts is no message of this channel')
            if !$parent;
        return ('cannot_reply_to_message', 'thread_ts is itself a reply')
            if defined $parent->{payload}{thread_ts};
    }

    return;
}


sub _record ($self, $c, $in, $now, $pings) {
    my $store   = $self->store;
    my %payload = %{ $in->{payload} };
    my $ts      = $store->new_ts($now);

    if ($in->{edits}) {
        delete @payload{qw(channel ts)};
        $in->{edits}{pings} = [ @{ $in->{edits}{pings} }, @$pings ];
        return $store->edit_message($in->{edits}, \%payload, $ts);
    }

    my %record = (
        time         => $now,
        via          => $in->{via},
        team         => $in->{team},
        bid          => $in->{bid},
        channel      => $in->{channel},
        channel_id   => $in->{channel_id},
        ts           => $ts,
        payload      => \%payload,
        pings        => [@$pings],
        content_type => $c->req->headers->content_type // '',
        user_agent   => $c->req->headers->user_agent // '',
    );

    $record{owner} = $in->{owner} if defined $in->{owner};

    if (!$in->{modern}) {
        my $icon = $payload{icon_emoji} // $payload{icon_url};

        $record{username} = $payload{username} if defined $payload{username};
        $record{icon}     = $icon              if defined $icon;
    }

    $self->names->{ $in->{channel_id} } = $in->{channel};

    return $store->add_message(\%record);
}


sub _refuse ($self, $in, $error, $why, $messages = undef) {
    @{ $in->{request} }{qw(error why)} = ($error, $why);

    return { status => webhook_status($error), text => $error } if $in->{via} eq 'webhook';

    my %json = (ok => Mojo::JSON->false, error => $error);

    $messages //= ["[ERROR] $why"] if $why ne '';

    $json{response_metadata} = { messages => $messages } if $messages;
    @json{qw(needed provided)} = qw(chat:write none) if $error eq 'missing_scope';

    return { status => 200, json => \%json };
}


sub _rate_limited ($self, $in, $wait) {
    $self->pace->hold($in->{channel}, $wait);
    @{ $in->{request} }{qw(error why)} =
        ('rate_limited', $in->{request}{early} ? 'before Retry-After was over' : '');

    # as Slack has been seen to write it
    return {
        status  => 429,
        text    => qq({"retry_after":$wait,"ok":false,"error":"rate_limited"}),
        type    => 'application/json; charset=utf-8',
        headers => { 'Retry-After' => $wait },
    };
}


sub _send ($c, $answer) {
    my $headers = $c->res->headers;

    $headers->header($_ => $answer->{headers}{$_}) for keys %{ $answer->{headers} // {} };

    if ($answer->{json}) {
        $headers->content_type('application/json; charset=utf-8');
        $c->render(data => encode_json($answer->{json}), status => $answer->{status});
        return;
    }

    $headers->content_type($answer->{type} // 'text/html');
    $c->render(data => $answer->{text}, status => $answer->{status});

    return;
}


# ---- faults ----

# Does FAULT to the request instead of giving ANSWER at once.
sub _do_fault ($self, $c, $in, $fault, $answer = undef) {
    my $request = $in->{request};

    $request->{status} = $ANSWERED{ $fault->{kind} } ? $answer->{status} : status_of($fault);
    delete $request->{status} if !defined $request->{status};

    $self->pace->hold($in->{channel}, hold_of($fault))
        if defined $in->{channel} && hold_of($fault);

    $self->store->add_request($request);

    if ($fault->{kind} eq 'slow') {
        $c->render_later;
        Mojo::IOLoop->timer($fault->{seconds} => sub { _send($c, $answer) if $c->tx });
        return;
    }

    misbehave($c, $fault);
    _send($c, $answer) if $fault->{kind} eq 'interim';

    return;
}


# ---- control ----

sub _reset ($self, $c) {
    my %given = map { $_ => $c->param($_) // '' } qw(rate burst strict team);

    for my $key (qw(rate burst)) {
        next if $given{$key} =~ m/^(?:[0-9]+(?:\.[0-9]+)?)?\z/;
        return _complain($c, "$key=$given{$key} is not a number, such as $key=1");
    }

    $self->faults->queue([]);
    $self->pace(SlackStandin::Pace->new(rate => $given{rate} || 0, burst => $given{burst} || 1));
    $self->strict($given{strict} eq '0' ? 0 : 1);
    $self->team($given{team});
    $self->names({});
    $self->store->clear;

    $c->render(text => "ok\n");

    return;
}


sub _complain ($c, $text) {
    $c->res->headers->content_type('text/plain; charset=utf-8');
    $c->render(text => "$text\n", status => 400);

    return;
}


sub _add_faults ($self, $c) {
    my $channel = _plain($c->param('channel'));

    my @faults = eval {
        my $list = decode_strict($c->req->body);

        die "a JSON array of faults is wanted, such as [\"500:oops\",\"reset\"]\n"
            if ref $list ne 'ARRAY';
        map { SlackStandin::Faults->parse($_) } @$list;
    };

    return _complain($c, reason($@)) if $@;

    if (defined $channel) {
        $self->_address(\my %to, $channel);
        $channel = $to{channel};
    }

    $self->faults->add($channel, @faults);
    $c->render(text => @faults . "\n");

    return;
}


sub _show_faults ($self, $c) {
    $c->render(json => [
        map { { fault => $_->{spec}, channel => $_->{channel} } } @{ $self->faults->queue }
    ]);

    return;
}


sub _received ($self, $c, $writer) {
    my ($wait, $edits) = map { $c->param($_) // 0 } qw(wait edits);
    my $store = $self->store;

    $self->_when($c, $writer, sub {
        return @{ $store->messages } >= $wait && $store->edits >= $edits;
    }, $wait, $edits);

    return;
}


sub _requests ($self, $c, $writer) {
    my $wait  = $c->param('wait') // 0;
    my $store = $self->store;

    $self->_when($c, $writer, sub { return @{ $store->requests } >= $wait }, $wait);

    return;
}


# Answers with what WRITER writes when ENOUGH says so, or timeout= is over.
sub _when ($self, $c, $writer, $enough, @numbers) {
    my $timeout = $c->param('timeout') // WAIT_SECONDS;

    for my $number (@numbers, $timeout) {
        next if $number =~ m/^[0-9]+(?:\.[0-9]+)?\z/;
        return _complain($c, "\"$number\" is not a number; wait=, edits= and timeout= are");
    }

    $timeout = WAIT_MAX if $timeout > WAIT_MAX;

    my $type = $writer =~ m/json/ ? 'application/json' : 'text/plain; charset=utf-8';
    my $done = sub {
        my $text = $self->store->$writer;

        utf8::encode($text) if $writer =~ m/text/;
        $c->res->headers->content_type($type);
        $c->render(data => $text);
    };

    return $done->() if $enough->();

    my ($watch, $timer);
    my $stop = sub {
        $self->store->unwatch($watch) if $watch;
        Mojo::IOLoop->remove($timer)  if $timer;
        undef $watch;
        undef $timer;
    };

    $c->render_later;
    $c->tx->on(finish => $stop);

    $timer = Mojo::IOLoop->timer($timeout => sub {
        $stop->();
        $done->();
    });

    $watch = $self->store->watch(sub ($request) {
        return if $request && !$enough->();
        $stop->();
        $done->();
    });

    return;
}


sub _unknown ($self, $c) {
    my $method = $c->req->method;
    my $path   = $c->req->url->path->to_string;

    if ($method eq 'POST' && $path !~ m{^/_}) {
        $self->store->add_request({
            time   => time,
            status => 404,
            error  => 'not_found',
            why    => 'neither /services/TEAM/BID/SECRET nor /api/METHOD',
        });
    }

    $c->res->headers->content_type('text/plain; charset=utf-8');
    $c->render(text => "not found\n", status => 404);

    return;
}


1;
