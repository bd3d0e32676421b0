package SlackCtl::Location;

# The location with slack_status: finds its URL, asks it, and makes of what goes
# wrong a text with the next step and the program's status.

use strict;
use warnings;

use Exporter qw(import);
use HTTP::Tiny;
use JSON::PP;
use MIME::Base64 qw(encode_base64);

our @EXPORT_OK = qw($OK $FAILED $USAGE $UNREACHABLE $REFUSED escape slurp stop);

our ($OK, $FAILED, $USAGE, $UNREACHABLE, $REFUSED) = 0 .. 4;


# ends what runs by an exception of a status and a text

sub stop {
    my ($code, $text) = @_;

    die { code => $code, text => $text };
}


# the contents of a file, "-" is the standard input

sub slurp {
    my ($name) = @_;

    my $fh = \*STDIN;

    if ($name ne '-') {
        open $fh, '<', $name or stop($USAGE, "cannot read $name: $!");
    }

    binmode $fh;
    local $/;

    return scalar(<$fh>) // '';
}


# for an argument of a URL

sub escape {
    my ($text) = @_;

    $text =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ge;

    return $text;
}


# option, environment, file, in this order; of the options url, config and
# timeout

sub new {
    my ($class, $option) = @_;

    my ($file) = defined $option->{config} ? $option->{config}
        : grep { -e } (defined $ENV{HOME} ? "$ENV{HOME}/.slackctl" : ()),
                      '/etc/nginx/slackctl.conf';
    my %file = defined $file ? config($file) : ();

    my $url = $option->{url} // $ENV{SLACKCTL_URL} // $file{url}
        // 'http://127.0.0.1/slack/';

    stop($USAGE, "\"$url\" is no URL of a slack_status location; it looks like"
         . ' http://127.0.0.1/slack/')
        if $url !~ m{^https?://[^/\s?#@]+(?:/[^\s?#]*)?\z};

    $url .= '/' if $url !~ m{/\z};

    return bless { url => $url, user => $ENV{SLACKCTL_USER} // $file{user},
                   timeout => $option->{timeout} }, $class;
}


sub config {
    my ($name) = @_;

    open my $fh, '<:encoding(UTF-8)', $name
        or stop($USAGE, "cannot read $name: $!");

    my %value;

    while (my $line = <$fh>) {
        next if $line =~ /^\s*(?:#|\z)/;

        $line =~ /^\s*(url|user)\s+(\S+)\s*\z/
            or stop($USAGE, "$name:$.: neither \"url URL\" nor"
                    . ' "user NAME:PASSWORD"');
        $value{$1} = $2;
    }

    return %value;
}


sub get {
    my ($self, $path) = @_;

    return $self->call('GET', $path);
}


sub post {
    my ($self, $path, $body) = @_;

    $body = JSON::PP->new->utf8->canonical->encode($body) if ref $body;

    return $self->call('POST', $path, $body);
}


# the answer, decoded; what is wrong with it ends the program

sub call {
    my ($self, $method, $path, $body) = @_;

    my $url = $self->{url};
    my %headers;

    $headers{'Content-Type'} = 'application/json' if $method eq 'POST';
    $headers{Authorization} = 'Basic ' . encode_base64($self->{user}, '')
        if defined $self->{user};

    my $http = HTTP::Tiny->new(
        agent => 'slackctl', timeout => $self->{timeout}, max_redirect => 0,
        verify_SSL => 1, max_size => 64 * 1024 * 1024,
        # a proxy for the world is none for this machine
        no_proxy => [qw(localhost 127.0.0.1 [::1]),
                     split /[\s,]+/, $ENV{no_proxy} // '']);

    my $answer = $http->request($method, $url . $path, {
        headers => \%headers, defined $body ? (content => $body) : () });

    my ($code, $content) = @$answer{qw(status content)};

    if ($code == 599) {
        my ($why) = $content =~ /^(.*?)(?: at \S+ line \d+\.)?\s*\z/s;
        stop($UNREACHABLE, "$url does not answer: $why\nIs nginx running, and"
             . ' is --url that of the location with slack_status?');
    }

    my $data = eval { JSON::PP->new->utf8->decode($content) };

    if ($code == 200) {
        return $data if ref $data eq 'HASH';
        stop($UNREACHABLE, "$url is not a location with slack_status: its"
             . ' answer is no JSON; set --url');
    }

    my $words = ref $data eq 'HASH' ? $data->{error} : undef;

    # an answer writes no lines of ours
    $words = join ' ', split /\n/, $words if defined $words;

    # explain tells which there are
    my @locations = ref $data eq 'HASH' && ref $data->{locations} eq 'ARRAY'
        ? map { join ' ', split /\n/ } @{ $data->{locations} } : ();

    stop($REFUSED, "refused (HTTP $code)" . (defined $words ? ": $words" : '')
         . $self->advice($code, $words)
         . (@locations ? "\nLocations with routes: @locations\nName one:"
                         . ' --location=NAME' : ''));
}


sub advice {
    my ($self, $code, $words) = @_;

    return "\nSet the credentials: SLACKCTL_USER=name:password, or \"user\" in"
         . ' a file (see --help)' if $code == 401;
    return "\nDoes the location \"allow\" this machine?"
        if $code == 403 && !defined $words;
    return "\nIs --url ($self->{url}) that of the location with slack_status?"
        if $code == 404 && !defined $words || $code =~ /^3/;

    return '';
}

1;
