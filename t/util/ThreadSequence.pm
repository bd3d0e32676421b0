package ThreadSequence;

# Random lives of merge requests, pipelines, issues and alerts: what their
# senders post of them, and the same as events of ThreadModel.  Told in the POD
# below.

use strict;
use warnings;

use Exporter qw(import);
use POSIX qw(strftime);

use SlackJson qw(json);
use SlackTest;

our @EXPORT_OK = qw(life states request shuffled pick chance);

# when all begins; the clock of the payloads
my $Begin = 1_773_100_000;

# the part of a request that says who sends what
my %Header = (
    (map { $_ => 'X-Gitlab-Event: ' . join(' ', map { ucfirst } split m/_/) . ' Hook' }
        qw(merge_request pipeline issue note)),
    confidential_issue => 'X-Gitlab-Event: Confidential Issue Hook',
    confidential_note  => 'X-Gitlab-Event: Confidential Note Hook',
    alert              => 'User-Agent: Alertmanager/0.27.0',
);

my %Life = (merge_request => \&merge_request, pipeline => \&pipeline, issue => \&issue, alert => \&alert);

my %Template;


sub pick { return $_[ rand @_ ] }

sub chance { return rand() < $_[0] }


# A life of the object with this NUMBER: its events in the order in which they
# happen.  KIND is one of %Life.
sub life {
    my ($kind, $number) = @_;

    return named($number, $Life{$kind}->($number));
}


# The events of an object get their ids, and somebody did them.
sub named {
    my ($number, @events) = @_;

    my $i = 0;

    for my $event (@events) {
        $event->{id} = "ev-$number-" . $i++;
        $event->{values}{MARK} = $event->{id};
        $event->{values}{USER} = $event->{user} = chance(0.2) ? 'mallory' : 'pvance';
    }

    return @events;
}


# An order in which they may come: some twice, with or without an id of the
# delivery by which the second one is known.
sub shuffled {
    my @events = @_;

    my @come;

    for my $event (@events) {
        # an alert that is told twice is not known as such
        my $named = $event->{kind} ne 'alert' && chance(0.5);

        $event->{delivery} = $named ? "delivery-$event->{id}" : undef;
        push @come, $event;
        push @come, $event if chance($named ? 0.3 : 0.05) && $event->{kind} ne 'alert';
    }

    return @come if chance(0.3);

    # a neighbour overtakes, or all are mixed
    if (chance(0.5)) {
        my $i = int rand @come;
        push @come, splice @come, $i, 1;
        return @come;
    }

    return map { splice @come, rand @come, 1 } 1 .. @come;
}


# The request that tells an event to PATH.
sub request {
    my ($event, $path) = @_;

    my $body = join '', map { ref ? $event->{values}{$$_} // die "no $$_\n" : $_ } @{ template($event->{file}) };
    my $id   = defined $event->{delivery} ? "\r\nIdempotency-Key: $event->{delivery}" : '';

    return "POST $path HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        . "$Header{ $event->{kind} }$id\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
}


sub at { my ($second) = @_; return strftime('%Y-%m-%d %H:%M:%S UTC', gmtime($Begin + $second)) }

sub iso { my ($second) = @_; return strftime('%Y-%m-%dT%H:%M:%S.000Z', gmtime($Begin + $second)) }


# Mostly later, sometimes in the same second.
sub later { my ($second) = @_; return $second + (chance(0.1) ? 0 : 1 + int rand 40) }


# ---- lives ----

sub merge_request {
    my ($number) = @_;

    my $second = 10 + int rand 10;
    my %is     = (kind => 'merge_request', object => "merge_request $number", belongs => 'whole');
    my @events = whole(\%is, $number, 'open', 'opened', $second);

    for (1 .. int rand 4) {
        $second = later($second);

        if (chance(0.3)) {
            push @events, note($number, 'merge_request', $second);
        }

        else {
            push @events, whole(\%is, $number, pick(qw(update update approved)), 'opened', $second);
        }
    }

    if (chance(0.4)) {
        push @events, pipeline($number, $second);
    }

    if (chance(0.3)) {
        push @events, whole(\%is, $number, 'close', 'closed', $second = later($second));
        push @events, whole(\%is, $number, 'reopen', 'opened', $second = later($second)) if chance(0.5);
    }

    if ($events[-1]{action} ne 'close' && chance(0.6)) {
        push @events, whole(\%is, $number, 'merge', 'merged', $second + 50);
        push @events, whole(\%is, $number, 'update', 'merged', $second + 60) if chance(0.2);
    }

    return @events;
}


sub issue {
    my ($number) = @_;

    my $second = 10 + int rand 10;
    my $secret = 0;
    my @events;

    for my $action ('open', map { pick(qw(update update note close reopen)) } 1 .. 1 + int rand 4) {
        $second = later($second);
        $secret = 1 if chance(0.05);

        my %is = (
            kind => $secret ? 'confidential_issue' : 'issue', object => "issue $number", belongs => 'whole',
            confidential => $secret,
        );

        push @events, $action eq 'note' ? note($number, 'issue', $second, $secret)
            : whole(\%is, $number, $action, $action eq 'close' ? 'closed' : 'opened', $second);
    }

    return @events;
}


# An event with all of an issue or a merge request.
sub whole {
    my ($is, $number, $action, $state, $second) = @_;

    return {
        %$is, action => $action, stamp => $second, final => $state ne 'opened',
        file   => ($is->{kind} =~ s/^confidential_//r) . '_' . $action,
        values => {
            N => $number, STATE => $state, TIME => at($second), START => at(0),
            CONFIDENTIAL => $is->{confidential} ? 'true' : 'false', TYPE => $is->{kind},
        },
    };
}


sub note {
    my ($number, $on, $second, $secret) = @_;

    my $kind = $secret ? 'confidential_note' : 'note';

    return {
        kind => $kind, object => "$on $number", belongs => 'part', action => 'create', confidential => $secret,
        file => $on eq 'issue' ? 'note_issue' : 'note_mr',
        values => {
            N => $number, TIME => at($second), START => at(0), CONFIDENTIAL => $secret ? 'true' : 'false',
            TYPE => $kind,
        },
    };
}


# A pipeline, of a merge request if it begins at some SECOND of it.
sub pipeline {
    my ($number, $begin) = @_;

    my %time   = (created => $begin // 10);
    my $second = $time{created};
    my @events = map { pipeline_state($number, $_, defined $begin, %time) } grep { chance(0.6) } qw(created pending);

    # a retry goes on with a later job
    for my $run (0 .. (chance(0.2) ? 1 : 0)) {
        $time{started} = $second += 1 + int rand 20;
        push @events, pipeline_state($number, 'running', defined $begin, %time);

        next if $run && chance(0.2);

        $second += 1 + int rand 30;
        push @events, pipeline_state($number, pick(qw(success failed canceled)), defined $begin, %time,
            finished => $second);
    }

    return @events;
}


# A pipeline with these states, one after another; the last one is its end.
sub states {
    my ($number, @states) = @_;

    my $end    = pop @states;
    my $second = 10;
    my @events = map { pipeline_state($number, $_, 0, created => 10, started => ++$second) } @states;

    return named($number, @events,
        pipeline_state($number, $end, 0, created => 10, started => $second, finished => $second + 10));
}


sub pipeline_state {
    my ($number, $status, $of, %time) = @_;

    return {
        kind => 'pipeline', object => "pipeline $number", belongs => 'whole', action => $status,
        parent => $of ? "merge_request $number" : undef,
        stamp  => $time{finished} // $time{started} // $time{created}, final => defined $time{finished},
        file   => $of ? 'pipeline_of' : 'pipeline',
        values => {
            N => $number, STATE => $status, CREATED => at($time{created}),
            map { uc $_ => defined $time{$_} ? '"' . at($time{$_}) . '"' : 'null' } qw(started finished),
        },
    };
}


sub alert {
    my ($number) = @_;

    my $second = 10;
    my @events;

    for (1 .. 1 + int rand 3) {
        my $start = $second += 1 + int rand 30;
        my $end   = $second += 1 + int rand 30;

        for my $action ('triggered', chance(0.8) ? 'resolved' : ()) {
            my $over = $action eq 'resolved';

            push @events, {
                kind => 'alert', object => "alert $number", belongs => 'whole', action => $action,
                stamp => $over ? $end : $start, final => $over, ends => $over,
                file => $over ? '../alertmanager/resolved' : '../alertmanager/firing',
                values => { N => $number, STARTED => iso($start), ENDED => iso($end) },
            };
        }
    }

    return @events;
}


# ---- payloads ----

# A payload of t/data in pieces: text, and references to names of values.
sub template {
    my ($name) = @_;

    return $Template{$name} //= do {
        my ($file, $change) = made_of($name);
        my $payload = json()->decode(SlackTest::payload("$file.json"));

        $change->($payload);

        my $json = json()->encode($payload);

        # "#NAME#" is not a string but JSON of another kind
        $json =~ s/"#([A-Z]+)#"/\@$1\@/g;

        my $i = 0;
        [ map { $i++ % 2 ? \(my $value = $_) : $_ } split m/\@([A-Z]+)\@/, $json ];
    };
}


sub made_of {
    my ($name) = @_;

    return ($name, \&alert_template) if $name =~ m/alertmanager/;
    return ($name, \&note_template)  if $name =~ m/^note/;
    return ($name eq 'pipeline_of' ? 'pipeline_mr' : 'pipeline_failed', \&pipeline_template) if $name =~ m/^pipeline/;
    return ($name, \&whole_template);
}


sub whole_template {
    my ($payload) = @_;

    my $of   = $payload->{object_attributes};
    my $path = $payload->{object_kind} eq 'issue' ? 'issues' : 'merge_requests';

    @$of{qw(id iid)} = ('#N#') x 2;
    @$of{qw(title state updated_at created_at)} = qw(@MARK@ @STATE@ @TIME@ @START@);
    $of->{url} =~ s{/-/.*}{/-/$path/\@N\@};
    $of->{closed_at} = undef if exists $of->{closed_at};
    $of->{prepared_at} = '@START@' if exists $of->{prepared_at};
    $of->{confidential} = '#CONFIDENTIAL#' if $path eq 'issues';
    $payload->{event_type} = '@TYPE@';
    $payload->{changes} = {};
    $payload->{user}{username} = '@USER@';

    return;
}


sub note_template {
    my ($payload) = @_;

    my $on = $payload->{issue} // $payload->{merge_request};

    @{ $payload->{object_attributes} }{qw(note description created_at updated_at)} = qw(@MARK@ @MARK@ @TIME@ @TIME@);
    @$on{qw(id iid)} = ('#N#') x 2;
    @$on{qw(created_at updated_at)} = qw(@START@ @TIME@);
    $payload->{issue}{confidential} = '#CONFIDENTIAL#' if $payload->{issue};
    $payload->{event_type} = '@TYPE@';
    $payload->{user}{username} = '@USER@';

    return;
}


sub pipeline_template {
    my ($payload) = @_;

    my $of = $payload->{object_attributes};

    @$of{qw(id iid)} = ('#N#') x 2;
    @$of{qw(name status detailed_status created_at finished_at)} = ('@MARK@', ('@STATE@') x 2, '@CREATED@', '#FINISHED#');
    $of->{url} =~ s{/pipelines/.*}{/pipelines/\@N\@};
    delete $of->{ref_status_name};
    $payload->{user}{username} = '@USER@';

    my $job = $payload->{builds}[-1];

    @$job{qw(status created_at started_at finished_at)} = ('@STATE@', '@CREATED@', '#STARTED#', '#FINISHED#');
    $payload->{builds} = [$job];

    @{ $payload->{merge_request} }{qw(id iid)} = ('#N#') x 2 if $payload->{merge_request};

    return;
}


sub alert_template {
    my ($payload) = @_;

    my $alert = $payload->{alerts}[0];

    $payload->{groupKey} = '{}:{alertname="@N@"}';
    @$alert{qw(fingerprint startsAt)} = qw(@N@ @STARTED@);
    $alert->{endsAt} = '@ENDED@' if $payload->{status} eq 'resolved';
    $_->{instance} = '@N@'  for $alert->{labels}, $payload->{commonLabels};
    $_->{summary} = '@MARK@' for $alert->{annotations}, $payload->{commonAnnotations};

    return;
}


1;

__END__

=head1 NAME

ThreadSequence - random sequences of events that belong together

=head1 SYNOPSIS

    use ThreadSequence qw(life shuffled request);

    my @events = life('pipeline', 17);

    for my $event (shuffled(@events)) {
        $model->deliver($event);
        push @requests, request($event, '/hook');
    }

=head1 DESCRIPTION

An event is one of ThreadModel; besides it has C<user>, C<file> and C<values>, of which its
payload is made.  The mark C<ev-NUMBER-N> is the event's id and stands where its message shows
it.  All is drawn by C<rand>: call C<srand> first.

=cut
