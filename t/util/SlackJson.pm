package SlackJson;

# JSON for tests.  Perl's own JSON::PP takes some 50 ms for a payload that
# GitLab sends; Cpanel::JSON::XS, which has the same methods, takes none that
# counts, if it is installed.

use strict;
use warnings;

use Exporter qw(import);

our @EXPORT_OK = qw(json);

my ($CLASS) = grep { eval "require $_; 1" } qw(Cpanel::JSON::XS JSON::PP);


# Returns a coder of bytes, which sorts the keys of what it writes.
sub json { return $CLASS->new->utf8->canonical }


1;
