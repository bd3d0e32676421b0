package SlackStandin::Answers;

# Slack's words: its error strings, the HTTP status a webhook gives each, and which
# secrets, tokens and channels of the stand-in call them forth.

use strict;
use warnings;

use Exporter qw(import);

our @EXPORT_OK = qw(webhook_status secret_error token_error channel_error);

my %STATUS = (
    invalid_payload       => 400,
    user_not_found        => 400,
    no_text               => 400,
    too_many_attachments  => 400,
    invalid_blocks        => 400,
    invalid_blocks_format => 400,
    invalid_attachments   => 400,
    msg_too_long          => 400,
    msg_blocks_too_long   => 400,
    action_prohibited     => 403,
    posting_to_general_channel_denied => 403,
    invalid_token         => 403,
    channel_not_found     => 404,
    no_service            => 404,
    no_service_id         => 404,
    no_active_hooks       => 404,
    no_team               => 404,
    team_disabled         => 404,
    channel_is_archived   => 410,
    rollup_error          => 500,
);

# Secrets that read like errors are those errors.
my %SECRET = (
    revoked  => 'no_service',
    badtoken => 'invalid_token',
    map { $_ => $_ } qw(
        no_service no_service_id no_active_hooks no_team team_disabled invalid_token
        action_prohibited posting_to_general_channel_denied channel_is_archived
        channel_not_found rollup_error
    ),
);

my %TOKEN = (
    revoked  => 'token_revoked',
    expired  => 'token_expired',
    inactive => 'account_inactive',
    noscope  => 'missing_scope',
    map { $_ => $_ } qw(
        token_revoked token_expired account_inactive missing_scope invalid_auth
        no_permission ekm_access_denied accesslimited access_denied org_login_required
        two_factor_setup_required not_allowed_token_type team_access_not_granted
        enterprise_is_restricted method_deprecated internal_error fatal_error
        service_unavailable request_timeout team_added_to_org ratelimited
    ),
);

# What the channels with a meaning answer to a webhook, and to the Web API.
my %CHANNEL = (
    '#archived' => [qw(channel_is_archived is_archived)],
    '#nowhere'  => [qw(channel_not_found channel_not_found)],
    '#readonly' => [qw(action_prohibited restricted_action_read_only_channel)],
    '#private'  => [qw(channel_not_found not_in_channel)],
    '@nobody'   => [qw(user_not_found channel_not_found)],
);


sub webhook_status { return $STATUS{ $_[0] } // 400 }

sub secret_error { return $SECRET{ $_[0] } }


# The error for the bot token TOKEN, or undef.
sub token_error {
    my ($token) = @_;

    return 'not_authed' if !defined $token || $token eq '';
    return 'invalid_auth' if $token !~ m/^xoxb-([A-Za-z0-9_-]+)\z/;
    return $TOKEN{$1};
}


# The error for posting to CHANNEL, a name with # or @, or an ID; undef when it can be.
sub channel_error {
    my ($channel, $api) = @_;

    return $CHANNEL{$channel}[ $api ? 1 : 0 ] if $CHANNEL{$channel};

    return if $channel =~ m/^[CGDUW][A-Z0-9]{2,}\z/;
    return if $channel =~ m/^#[^\s.,#\@A-Z]{1,80}\z/;
    return if $channel =~ m/^\@[^\s,#\@]{1,80}\z/ && !$api;

    return 'channel_not_found';
}


1;
