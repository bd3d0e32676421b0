package SlackStandin::Token;

# A bot token of the stand-in says itself what it is: the words between its hyphens name
# the workspace, the app, the scopes it lacks and what is wrong with it.

use Mojo::Base -base, -signatures;

use Digest::SHA qw(sha1_hex);
use SlackStandin::Answers qw(token_error);

has 'error';           # what every method answers, or undef
has team     => 'TSTANDIN';
has own_team => '';    # the workspace, if the token names it
has app      => '';    # the app's ID
has id       => '';    # tells an app in a workspace from all others
has scopes   => sub { [] };
has org      => 0;     # an organisation-wide token
has rotating => 0;     # a token that expires

my @SCOPES = qw(chat:write chat:write.public chat:write.customize channels:join im:write
                users:read users:read.email);

my %LACKS = (
    nowrite     => ['chat:write'],
    nopublic    => ['chat:write.public'],
    nocustomize => ['chat:write.customize'],
    nojoin      => ['channels:join'],
    noim        => ['im:write'],
    noemail     => ['users:read.email'],
    noscope     => [@SCOPES],
);


# Reads TEXT, which may be undef.
sub parse ($class, $text) {
    return $class->new(error => 'not_authed') if !defined $text || $text eq '';
    return $class->new(error => 'invalid_auth') if $text !~ m/^xoxb-([A-Za-z0-9_-]+)\z/;

    my $self = $class->new;
    my ($app, %lacks);

    for my $word (split m/-/, $1) {
        my $error = token_error($word);

        if    (defined $error)    { $self->error($error) }
        elsif ($LACKS{$word})     { $lacks{$_} = 1 for @{ $LACKS{$word} } }
        elsif ($word eq 'org')    { $self->org(1) }
        elsif ($word eq 'rotating') { $self->rotating(1) }
        elsif ($word =~ m/^T(?=[A-Z]*[0-9])[A-Z0-9]+\z/) { $self->team($word)->own_team($word) }
        elsif ($word =~ m/^A(?=[A-Z]*[0-9])[A-Z0-9]+\z/) { $app = $word }
    }

    # all tokens of an app in a workspace share messages, channels and limits
    $self->id(substr uc sha1_hex(defined $app ? $self->team . " $app" : $text), 0, 10);
    $self->app($app // 'A' . $self->id);
    $self->scopes([ grep { !$lacks{$_} } @SCOPES ]);

    return $self;
}


sub bot ($self) { return 'B' . $self->id }

sub user ($self) { return 'U' . $self->id }

sub has_scope ($self, $scope) { return scalar grep { $_ eq $scope } @{ $self->scopes } }

# The scopes as Slack writes them in answers and headers.
sub provided ($self) { return join(',', @{ $self->scopes }) || 'none' }


1;
