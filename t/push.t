use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackPayload qw(attachment said);
use SlackProof qw(received);
use SlackTest;

our $Config = <<'EOC';
    location /slack/ { slack_status actions; }
    location /gitlab { slack_source gitlab; slack_notify acme; }
    location /github { slack_source github; slack_notify acme; }
    location /gitea { slack_source gitea; slack_notify acme; }
EOC

plan 'no_plan';
run_tests();

__DATA__

=== a push
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push.json => 202 queued push
--- slack
#dev as GitLab
[#334455] pretext: Mira Okafor (mokafor) pushed to branch <https://gitlab.example.com/acme/rocket/-/commits/main|main> of <https://gitlab.example.com/acme/rocket|Acme / Rocket> (<https://gitlab.example.com/acme/rocket/-/compare/6b1d8b144bba9a0620748c256b4610eac99ff381...6d909b36a78b4d2f94a1d997f52647d9e8a7f887|Compare changes>)
  text: <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late - Tomasz Lind\n<https://gitlab.example.com/acme/rocket/-/commit/f38135a41ec6ba9a9cf074525127fa70eb43841a|f38135a4>: Show the wind limit in m/s &amp; knots - Yuki Hartmann\n<https://gitlab.example.com/acme/rocket/-/commit/6d909b36a78b4d2f94a1d997f52647d9e8a7f887|6d909b36>: Merge branch 'fuel-gauge-retry' into 'main' - Mira Okafor
  fallback: Mira Okafor (mokafor) pushed to branch main of Acme / Rocket
--- no_error_log
[error]
[alert]



=== a new branch has neither compare link nor commits
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push_new_branch.json => 202 queued push
--- slack
#dev as GitLab
[] pretext: Tomasz Lind (tlind) pushed new branch <https://gitlab.example.com/acme/rocket/-/commits/fuel-gauge-retry|fuel-gauge-retry> to <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Tomasz Lind (tlind) pushed new branch fuel-gauge-retry to Acme / Rocket
--- no_error_log
[error]
[alert]



=== a removed branch is no link
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push_delete_branch.json => 202 queued push
--- slack
#dev as GitLab
[] pretext: Priya Vance (pvance) removed branch old/telemetry-v1 from <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Priya Vance (pvance) removed branch old/telemetry-v1 from Acme / Rocket
--- no_error_log
[error]
[alert]



=== more commits than listed: and N more
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push_many.json => 202 queued push
--- slack
#dev as GitLab
[#334455] pretext: Yuki Hartmann (yhartmann) pushed to branch <https://gitlab.example.com/acme/rocket/-/commits/flight-software|flight-software> of <https://gitlab.example.com/acme/rocket|Acme / Rocket> (<https://gitlab.example.com/acme/rocket/-/compare/ee16214df831fe041b924cb43e80616eb20cc612...343e0ccddcacfdddff2226d3536f81b5266df911|Compare changes>)
  text: <https://gitlab.example.com/acme/rocket/-/commit/90830303de813bcdf8840d4c3243cfde8c784a99|90830303>: Calibrate the gyroscope before ignition - Mira Okafor\n<https://gitlab.example.com/acme/rocket/-/commit/e18526412d41e7ce5c323d4a45bf22deab8bc5ad|e1852641>: Log the valve state once a second - Tomasz Lind\n<https://gitlab.example.com/acme/rocket/-/commit/2217f1634602fad1f258e1038bd5d83d9f89c86f|2217f163>: Drop the second heartbeat - Yuki Hartmann\n<https://gitlab.example.com/acme/rocket/-/commit/02d058af195de0934b1dbe27056f1a6c4dc70726|02d058af>: Move the abort rules into one table - Priya Vance\n<https://gitlab.example.com/acme/rocket/-/commit/4c9e9ebe55662401b8f95e94aa2414e617413360|4c9e9ebe>: Name the stages in the flight plan - Léo Aldana\n<https://gitlab.example.com/acme/rocket/-/commit/a4263a8d0e341cdf6d57ab23fa65f0b3d5aa93e9|a4263a8d>: Check the battery before the tower retracts - Mira Okafor\n<https://gitlab.example.com/acme/rocket/-/commit/9c31e8f904310e9ff069723bceabcc76cddcdd2c|9c31e8f9>: Round the altitude only for display - Tomasz Lind\n<https://gitlab.example.com/acme/rocket/-/commit/696692b3c9e45fe7bfab45c776fb567eb9de1ece|696692b3>: Use a ring buffer for telemetry frames - Yuki Hartmann\n<https://gitlab.example.com/acme/rocket/-/commit/abe653c6c5f29be6a2e18dd35bf7766031771f5f|abe653c6>: Ask for two keys on the manual abort - Priya Vance\n<https://gitlab.example.com/acme/rocket/-/commit/e95b372fba572af7a645003b4338bb2a03a7e9bb|e95b372f>: Translate the hold reasons - Léo Aldana\n<https://gitlab.example.com/acme/rocket/-/commit/ea8a44463751e422102cb20bf661e27a1113002b|ea8a4446>: Test the parachute timer with a slow clock - Mira Okafor\n<https://gitlab.example.com/acme/rocket/-/commit/7b29a4e8aea7ef27b7e860a7368e5ce4046d9110|7b29a4e8>: Close the log file on a lost link - Tomasz Lind\n<https://gitlab.example.com/acme/rocket/-/commit/eeb0925d4d8af8a323256bfde1737474d8fb1a06|eeb0925d>: Reject frames with a wrong checksum - Yuki Hartmann\n<https://gitlab.example.com/acme/rocket/-/commit/35c6cb2c916618a2699bcb25fa5baee5e9b9a2c1|35c6cb2c>: Document the hold at T-10 - Priya Vance\n<https://gitlab.example.com/acme/rocket/-/commit/364f1eba575efc51d5a80866255cc9dbb0f95e68|364f1eba>: Delete the unused pump driver - Léo Aldana\n<https://gitlab.example.com/acme/rocket/-/commit/805c67b1b16f78ba69b25d6b21929fd3c5d1a90f|805c67b1>: Keep the last good wind reading - Mira Okafor\n<https://gitlab.example.com/acme/rocket/-/commit/9373e0dadf64e03d798263a18fad97b688e77a13|9373e0da>: Sort the checklist by subsystem - Tomasz Lind\n<https://gitlab.example.com/acme/rocket/-/commit/e7398d9f9fba2f5dd9f3c4972fa1acbeb9aa3deb|e7398d9f>: Send the tower its own heartbeat - Yuki Hartmann\n<https://gitlab.example.com/acme/rocket/-/commit/e2f224014d56029d03d55f9c8d8e767b5d4d2410|e2f22401>: Warn on a full recorder - Priya Vance\n<https://gitlab.example.com/acme/rocket/-/commit/343e0ccddcacfdddff2226d3536f81b5266df911|343e0ccd>: Bump the protocol to 7 - Léo Aldana\n<https://gitlab.example.com/acme/rocket/-/compare/ee16214df831fe041b924cb43e80616eb20cc612...343e0ccddcacfdddff2226d3536f81b5266df911|and 25 more commits>
  fallback: Yuki Hartmann (yhartmann) pushed to branch flight-software of Acme / Rocket
--- no_error_log
[error]
[alert]



=== GitLab 13: titles from messages
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push_old.json => 202 queued push
--- slack
#dev as GitLab
[#334455] pretext: Tomasz Lind (tlind) pushed to branch <https://gitlab.example.com/acme/rocket/-/commits/main|main> of <https://gitlab.example.com/acme/rocket|Acme / Rocket> (<https://gitlab.example.com/acme/rocket/-/compare/6b1d8b144bba9a0620748c256b4610eac99ff381...c161b10082f6b1cda88fb47a1442b141ece3be36|Compare changes>)
  text: <https://gitlab.example.com/acme/rocket/-/commit/dfb2a3be60b89e0ce70685ef4b4762fa92b00e3a|dfb2a3be>: Retry the fuel gauge when it answers late - Tomasz Lind\n<https://gitlab.example.com/acme/rocket/-/commit/c161b10082f6b1cda88fb47a1442b141ece3be36|c161b100>: Show the wind limit in m/s &amp; knots - Tomasz Lind
  fallback: Tomasz Lind (tlind) pushed to branch main of Acme / Rocket
--- no_error_log
[error]
[alert]



=== a ref with everything git allows is encoded in links
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push_special_ref.json => 202 queued push
--- slack
#dev as GitLab
[#334455] pretext: Yuki Hartmann (yhartmann) pushed to branch <https://gitlab.example.com/acme/rocket/-/commits/feature/a%23b%25c%22%3C%26%3E%7Cx%27%C3%A9|feature/a#b%c"&lt;&amp;&gt;¦x'é> of <https://gitlab.example.com/acme/rocket|Acme / Rocket> (<https://gitlab.example.com/acme/rocket/-/compare/295852d5b9c14899f8ab6ee1ee5ffb7f16fb4e2c...f38135a41ec6ba9a9cf074525127fa70eb43841a|Compare changes>)
  text: <https://gitlab.example.com/acme/rocket/-/commit/f38135a41ec6ba9a9cf074525127fa70eb43841a|f38135a4>: Show the wind limit in m/s &amp; knots - Yuki Hartmann
  fallback: Yuki Hartmann (yhartmann) pushed to branch feature/a#b%c"&lt;&amp;&gt;|x'é of Acme / Rocket
--- no_error_log
[error]
[alert]



=== a repository with SHA-256
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push_sha256.json => 202 queued push
--- slack
#dev as GitLab
[#334455] pretext: Mira Okafor (mokafor) pushed to branch <https://gitlab.example.com/acme/rocket/-/commits/main|main> of <https://gitlab.example.com/acme/rocket|Acme / Rocket> (<https://gitlab.example.com/acme/rocket/-/compare/6db7d803e74f1ffa7d8f5adc0bf95b3e15bf4c8373fffadf546227cc6c6742cb...e6ada529bc3097c01bd85c666bb8a26e4bd2ca99c8c6b3921fd1ffe7ad2d2b15|Compare changes>)
  text: <https://gitlab.example.com/acme/rocket/-/commit/acc733e8297845067211ad541c7e832f86739c7ba23a2b86bf2402dd5d31bc65|acc733e8>: Retry the fuel gauge when it answers late - Tomasz Lind\n<https://gitlab.example.com/acme/rocket/-/commit/e6ada529bc3097c01bd85c666bb8a26e4bd2ca99c8c6b3921fd1ffe7ad2d2b15|e6ada529>: Show the wind limit in m/s &amp; knots - Yuki Hartmann
  fallback: Mira Okafor (mokafor) pushed to branch main of Acme / Rocket
--- no_error_log
[error]
[alert]



=== a system hook lists no commits
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push_system.json => 202 queued push
--- slack
#dev as GitLab
[#334455] pretext: Mira Okafor (mokafor) pushed to branch <https://gitlab.example.com/acme/rocket/-/commits/main|main> of <https://gitlab.example.com/acme/rocket|Acme / Rocket> (<https://gitlab.example.com/acme/rocket/-/compare/6b1d8b144bba9a0620748c256b4610eac99ff381...6d909b36a78b4d2f94a1d997f52647d9e8a7f887|Compare changes>)
  text: <https://gitlab.example.com/acme/rocket/-/compare/6b1d8b144bba9a0620748c256b4610eac99ff381...6d909b36a78b4d2f94a1d997f52647d9e8a7f887|3 commits>
  fallback: Mira Okafor (mokafor) pushed to branch main of Acme / Rocket
--- no_error_log
[error]
[alert]



=== null where GitLab may send null
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push_null.json => 202 queued push
--- slack
#dev as GitLab
[#334455] pretext: Mira Okafor pushed to branch <https://gitlab.example.com/acme/rocket/-/commits/main|main> of <https://gitlab.example.com/acme/rocket|Acme / Rocket> (<https://gitlab.example.com/acme/rocket/-/compare/6b1d8b144bba9a0620748c256b4610eac99ff381...6d909b36a78b4d2f94a1d997f52647d9e8a7f887|Compare changes>)
  text: <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late
  fallback: Mira Okafor pushed to branch main of Acme / Rocket
--- no_error_log
[error]
[alert]



=== a ref with a slash
--- config
    location = /hook {
        slack_notify acme dev;
    }
--- hook
push_protected.json => 202 queued push
--- slack
#dev as GitLab
[#334455] pretext: Tomasz Lind (tlind) pushed to branch <https://gitlab.example.com/acme/rocket/-/commits/release/2.4|release/2.4> of <https://gitlab.example.com/acme/rocket|Acme / Rocket> (<https://gitlab.example.com/acme/rocket/-/compare/a21324ebb8c386a33261172890ffaefea0d41dd6...f38135a41ec6ba9a9cf074525127fa70eb43841a|Compare changes>)
  text: <https://gitlab.example.com/acme/rocket/-/commit/7c23b3d20a51a1d5fba3d72197a0582f05d7ff1e|7c23b3d2>: Retry the fuel gauge when it answers late - Tomasz Lind\n<https://gitlab.example.com/acme/rocket/-/commit/f38135a41ec6ba9a9cf074525127fa70eb43841a|f38135a4>: Show the wind limit in m/s &amp; knots - Yuki Hartmann
  fallback: Tomasz Lind (tlind) pushed to branch release/2.4 of Acme / Rocket
--- no_error_log
[error]
[alert]



=== actions can be named
--- config
    location = /hook {
        slack_route acme {
            events push:create,delete;
            channel dev;
        }
    }
--- hook
push.json               => 200 filtered push: action
push_new_branch.json    => 202 queued push
push_delete_branch.json => 202 queued push
tag_push.json           => 200 filtered tag_push: events
--- slack
#dev as GitLab
[] pretext: Tomasz Lind (tlind) pushed new branch <https://gitlab.example.com/acme/rocket/-/commits/fuel-gauge-retry|fuel-gauge-retry> to <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Tomasz Lind (tlind) pushed new branch fuel-gauge-retry to Acme / Rocket

#dev as GitLab
[] pretext: Priya Vance (pvance) removed branch old/telemetry-v1 from <https://gitlab.example.com/acme/rocket|Acme / Rocket>
  fallback: Priya Vance (pvance) removed branch old/telemetry-v1 from Acme / Rocket
--- no_error_log
[error]
[alert]



=== forced, and without new commits
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
my %to = (
    gitlab => 'Mira Okafor (mokafor) pushed to branch main of Acme / Rocket',
    github => 'mokafor pushed to branch main of acme/rocket',
    gitea  => 'Mira Okafor (mokafor) pushed to branch main of acme/rocket',
);
my $none = ' without new commits';

sub forced { return $_[0] =~ s/pushed/force-pushed/r }

for my $row (
    [ 'gitlab', $to{gitlab} ],
    [ 'gitlab', commits => '[]', total_commits_count => '0', $to{gitlab} . $none ],
    [ 'gitlab', commits => '[]', total_commits_count => '3', $to{gitlab} ],
    [ 'gitlab', commits => '[]', total_commits_count => '0', after => '-', $to{gitlab} ],
    [ 'gitea', $to{gitea} ],
    [ 'gitea', commits => '[]', total_commits => '0', $to{gitea} . $none ],
    [ 'github', $to{github} ],
    [ 'github', forced => 'true', forced($to{github}) ],
    [ 'github', forced => 'true', commits => '[]', forced($to{github}) . $none ],
    [ 'github', forced => 'null', commits => '[]', $to{github} . $none ],
    [ 'github', forced => 'true', before => '"' . '0' x 40 . '"', 'mokafor pushed new branch main to acme/rocket' ],
    [ 'github', forced => 'true', after => '"' . '0' x 40 . '"', 'mokafor removed branch main from acme/rocket' ],
    [ 'github', forced => 'true', ref => '"refs/tags/v1"', commits => '[]', 'mokafor force-pushed to tag v1 of acme/rocket' ],
) {
    my ($sender, @changes) = @$row;
    my $said = pop @changes;

    is(said("/$sender", $sender eq 'gitlab' ? 'Push Hook' : 'push', "$sender/push", @changes), $said, "$sender @changes");
}
--- no_error_log
[error]
[alert]



=== commits that are on other branches; commits of a new branch
--- config eval: $::Config
--- request
GET /_slack/_received
--- after
my $compare = 'https://github.example.com/acme/rocket/compare/51de2b835bd3...a625406f6977';

sub commits {
    return '[' . join(',', map { qq({"id":"$_","message":"$_","distinct":) . (m/new/ ? 'true' : 'false') . '}' } @_) . ']';
}

for my $row (
    [ commits('new1', 'new2'), "new1: new1\nnew2: new2" ],
    [ commits('new1', 'old', 'new2'), "new1: new1\nnew2: new2\n<$compare|1 commit that is on another branch>" ],
    [ commits('old1', 'old2'), "<$compare|2 commits that are on other branches>" ],
    [ '[{"id":"old","distinct":null},{"id":"old","distinct":[]}]', "old\nold" ],
    [ before => '"' . '0' x 40 . '"', commits('new1', 'old'), 'new1: new1' ],
    [ before => '"' . '0' x 40 . '"', commits('old'), undef ],
    [ before => '"' . '0' x 40 . '"', ref => '"refs/tags/v1"', commits('new1'), undef ],
    [ after => '"' . '0' x 40 . '"', commits('new1'), undef ],
) {
    my ($text, $commits, @changes) = reverse @$row;

    is(attachment('/github', 'push', 'github/push', commits => $commits, reverse @changes)->{text}, $text, "@$row[0 .. $#$row - 1]");
}

is(said('/github', 'push', 'github/push', commits => commits('old')), 'mokafor pushed to branch main of acme/rocket without new commits', 'no commit is new');

my @new = (before => '"' . '0' x 40 . '"', ref => '"refs/heads/fuel"');

is(attachment('/gitlab', 'Push Hook', 'gitlab/push_system', @new, total_commits_count => '3')->{text},
    '<https://gitlab.example.com/acme/rocket/-/commits/fuel|3 commits>', 'a new branch whose commits are only counted');
like(attachment('/gitea', 'push', 'gitea/push', @new)->{text}, qr{\|and [0-9]+ more commits>\z}, 'some commits of a new branch of Gitea');
--- no_error_log
[error]
[alert]
