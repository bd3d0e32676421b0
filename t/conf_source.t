# slack_source and slack_on_error: their words, at each level.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

my $WORDS = 'in "slack_on_error" directive, it must be "fail" or "pass"';

for my $level (qw(http server location)) {
    refused(
        { in => $level, title => "$level:" },

        [ 'slack_source bitbucket;' => 'unknown source "bitbucket", see "slack_source" in the README' ],
        [ 'slack_on_error ignore;'  => "invalid value \"ignore\" $WORDS" ],
    );
}

refused(
    { in => 'location' },

    arguments('slack_source;', 'slack_on_error;'),
    duplicate("slack_source gitlab;\nslack_source auto;", "slack_on_error pass;\nslack_on_error pass;"),
    [ 'slack_source svn;' => 'unknown source "svn", see "slack_source" in the README' ],
);

done_testing();
