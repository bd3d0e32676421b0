package Bench::Routes;

# The routes of util/sample.conf, as they matter for what a push costs.

use strict;
use warnings;

use Exporter qw(import);

our @EXPORT_OK = qw(routes);


# in a location, of a workspace

sub routes {
    my ($workspace) = @_;

    return <<"END";
            slack_route $workspace {
                events push tag_push merge_request:open,merge wiki_page;
                channel dev;
            }

            slack_route $workspace {
                events issue note alert;
            }

            slack_route $workspace {
                events pipeline deployment;
                pipelines broken;
                channel builds;
            }
END
}


1;
