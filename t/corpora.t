# util/corpora on payloads of ours, so that it still works when somebody needs it.

use strict;
use warnings;

use Test::More;

my $said = qx{$^X util/corpora --source gitea t/data/gitea 2>&1};

is($?, 0, 'status');
like($said, qr/^ +[0-9]+  202 queued push$/m, 'answers are counted');
like($said, qr/^[1-9][0-9]+ passed, 0 failed$/m, 'payloads are counted') or diag($said);

done_testing;
