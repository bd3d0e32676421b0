# slack_thread_pool: what nginx refuses.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

refused(
    { in => 'http' },

    arguments('slack_thread_pool;'),
    duplicate("slack_thread_pool slack;\nslack_thread_pool slack;"),
    [ 'slack_thread_pool nowhere;' => 'unknown thread pool "nowhere"' ],
);

refused({ in => 'server' }, [ 'slack_thread_pool default;' => '"slack_thread_pool" directive is not allowed here' ]);

done_testing();
