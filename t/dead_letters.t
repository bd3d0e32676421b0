# What util/manual/outbox.md tells an operator to type about waiting messages and
# dead letters, as it stands there.

use strict;
use warnings;

use lib 't/util';
use Test::Nginx::Socket;
use SlackTest;
use SlackProof qw(stored_messages outbox_file received reload);

# its commands, by a part of theirs
sub command {
    my ($part) = @_;

    open my $file, '<', 'util/manual/outbox.md' or die "util/manual/outbox.md: $!\n";
    my $text = do { local $/ = undef; <$file> };
    close $file;

    my @found = grep { index($_, $part) >= 0 } $text =~ m/^(sqlite3 .*?[^\\]$)(?=\n(?:\n|```))/gms;
    die scalar @found, " commands of the manual have \"$part\"\n" if @found != 1;

    return $found[0];
}


# what it prints, run in the directory of the outbox
sub run_command {
    my ($part, $id) = @_;

    my $file = outbox_file();
    my $command = command($part) =~ s/\boutbox\.db\b/$file/gr;
    $command =~ s/\b[0-9]{13}\b/$id/g if defined $id;

    my $text = `( $command ) 2>&1`;

    return $? == 0 ? $text : "status $?: $text";
}

# a process that is its own worker does not reload
master_on();

plan 'no_plan';
run_tests();

__DATA__

=== a dead letter is found, read and sent again
--- config
    location = /hook { slack_notify acme; }
--- workspace
        coalesce 1;
--- faults
["400:no_text"]
--- hook
wiki_create.json
--- after
is_deeply([ stored_messages() ], [ '#general dead 1 HTTP 400 "no_text"' ], 'it is dead');

my $list = run_command('m.state = 2 ORDER BY');
like($list, qr/^id +workspace +channel +event +project +answer +died *\n.*\n[0-9]{13} +acme +#general +wiki_page .* HTTP 400 "no_text" +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\s*\z/, 'it is listed');

my ($id) = $list =~ m/^([0-9]{13}) /m;
like(run_command('json_extract', $id), qr/wiki/, 'it is read');
is(received('#general', 0), 0, 'nothing has come');

is(run_command('UPDATE counter', $id), '', 'it waits again');
like(run_command('AS waiting'), qr/^acme +#general +1 /m, 'it is listed as waiting');
is(run_command('UPDATE counter', $id), '', 'the same once more changes nothing');

reload();
is_deeply([ stored_messages() ], [ '#general sent 0 HTTP 200 "ok"' ], 'it is sent');
is(received('#general', 1), 1, 'it has come');
--- no_error_log
[alert]
has been counted wrong
