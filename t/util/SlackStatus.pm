package SlackStatus;

# Asks a location of slack_status from a section "after" of a test.  Told in
# the POD below.

use strict;
use warnings;

use Exporter qw(import);
use HTTP::Tiny;
use SlackJson qw(json);
use Test::Nginx::Socket;

our @EXPORT_OK = qw(act acted channel_of get post status);

my $JSON = json();


sub address { return 'http://127.0.0.1:' . server_port() }


# The answer to a GET, as HTTP::Tiny gives it.
sub get {
    my ($path, %headers) = @_;

    return HTTP::Tiny->new(timeout => 30, max_redirect => 0)
        ->get(address() . $path, { headers => \%headers });
}


# The answer to a POST: (code, what its JSON says).
sub post {
    my ($path, $body, %headers) = @_;

    $headers{'Content-Type'} //= 'application/json';
    delete $headers{'Content-Type'} if $headers{'Content-Type'} eq '-';

    my $answer = HTTP::Tiny->new(timeout => 30, max_redirect => 0)->post(address() . $path,
        { headers => \%headers, content => ref $body ? $JSON->encode($body) : $body });

    return ($answer->{status}, eval { $JSON->decode($answer->{content}) } // $answer->{content});
}


# The answer to an action below /slack/; its object alone.
sub act {
    my ($action, @rest) = @_;

    return post("/slack/$action", @rest);
}


sub acted { return (act(@_))[1] }


# status.json of /slack/, with a query if it is given.
sub status {
    my ($query, $location) = @_;

    my $answer = get(($location // '/slack/') . 'status.json' . (defined $query ? "?$query" : ''));

    die "status.json: $answer->{status} $answer->{content}\n" if !$answer->{success};

    return $JSON->decode($answer->{content});
}


# A channel of the workspace acme in a status.
sub channel_of {
    my ($status, $name, $workspace) = @_;

    my ($found) = grep { $_->{name} eq ($workspace // 'acme') } @{ $status->{workspaces} };

    return (grep { $_->{name} eq $name } @{ $found->{channels} // [] })[0];
}


1;

__END__

=head1 NAME

SlackStatus - asks slack_status, for tests

=head1 SYNOPSIS

    use SlackStatus qw(channel_of get post status);

    is(channel_of(status(), '#dev')->{sent}, 1, 'one was sent');
    is(get('/slack/metrics')->{status}, 200, 'metrics');
    my ($code, $answer) = post('/slack/pause', { workspace => 'acme' });

=cut
