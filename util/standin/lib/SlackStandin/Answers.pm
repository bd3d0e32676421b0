package SlackStandin::Answers;

# Slack's errors: the HTTP status that a webhook gives each, which secrets of webhooks
# and words of tokens call them forth, and to which requests a channel gives them.

use strict;
use warnings;

use Exporter qw(import);

our @EXPORT_OK = qw(webhook_status secret_error token_error channel_errors webhook_error
                    error_of_channel);

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

# Words of a token that every method answers with an error.
my %TOKEN = (
    revoked  => 'token_revoked',
    expired  => 'token_expired',
    inactive => 'account_inactive',
    map { $_ => $_ } qw(
        token_revoked token_expired account_inactive missing_scope invalid_auth not_authed
        is_bot not_allowed_token_type no_permission ekm_access_denied accesslimited
        access_denied org_login_required two_factor_setup_required team_access_not_granted
        enterprise_is_restricted app_access_restricted method_deprecated
        deprecated_endpoint unknown_method internal_error fatal_error service_unavailable
        request_timeout team_added_to_org ratelimited rate_limited
    ),
);

# Errors that a channel may be declared with, and the requests that get them: a root is
# a post without thread_ts, a reply one with it.
my %CHANNEL = (
    is_archived                              => [qw(root reply join)],
    is_inactive                              => [qw(update)],
    channel_not_found                        => [qw(root reply update join)],
    not_in_channel                           => [qw(root reply)],
    restricted_action                        => [qw(root reply)],
    restricted_action_read_only_channel      => [qw(root reply)],
    restricted_action_thread_only_channel    => [qw(root)],
    restricted_action_thread_locked          => [qw(reply)],
    restricted_action_non_threadable_channel => [qw(reply)],
    cannot_reply_to_message                  => [qw(reply)],
    messages_tab_disabled                    => [qw(root reply)],
    message_limit_exceeded                   => [qw(root reply update)],
    ekm_access_denied                        => [qw(root reply)],
    team_not_found                           => [qw(root reply update)],
    external_channel_migrating               => [qw(root reply)],
    edit_window_closed                       => [qw(update)],
    cant_update_message                      => [qw(update)],
    message_not_found                        => [qw(update)],
    posting_to_channel_denied                => [qw(update)],
    block_mismatch                           => [qw(update)],
    streaming_state_conflict                 => [qw(update)],
    update_failed                            => [qw(update)],
    channel_is_limited_access                => [qw(join)],
    too_many_members                         => [qw(join)],
    method_not_supported_for_channel_type    => [qw(join)],
);

# What a webhook says where the Web API has one of these.
my %WEBHOOK = (
    is_archived       => 'channel_is_archived',
    channel_not_found => 'channel_not_found',
    not_in_channel    => 'channel_not_found',
    restricted_action => 'action_prohibited',
    restricted_action_read_only_channel => 'action_prohibited',
);


sub webhook_status { return $STATUS{ $_[0] } // 400 }

sub secret_error { return $SECRET{ $_[0] } }

sub token_error { return $TOKEN{ $_[0] } }

sub channel_errors { return sort keys %CHANNEL }

sub webhook_error { return $WEBHOOK{ $_[0] } }


# The first of the declared ERRORS that a request of this KIND gets: root, reply, update
# or join; undef when it gets none.
sub error_of_channel {
    my ($kind, @errors) = @_;

    for my $error (sort @errors) {
        return $error if grep { $_ eq $kind } @{ $CHANNEL{$error} // [] };
    }

    return undef;
}


1;
