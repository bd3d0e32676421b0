# The filters of slack_route besides "events": branches, protected_branches,
# pipelines, labels, users, projects, paths, match, repeat.

use strict;
use warnings;

use lib 't/util';

use SlackConf;
use Test::More;

refused(
    { in => 'route' },

    arguments(map { "$_;" } qw(branches protected_branches pipelines labels users projects paths match repeat)),
    arguments('labels any;', 'match object_kind;', 'pipelines all broken;'),

    duplicate(
        "branches all;\nbranches all;",
        "branches main;\nbranches release/*;",
        "protected_branches a;\nprotected_branches b;",
        "pipelines all;\npipelines broken;",
        "users a;\nusers b;",
        "projects a;\nprojects b;",
        "paths a;\npaths !b;",
        "repeat on;\nrepeat off;",
    ),
);

# patterns
for my $directive ('branches', 'protected_branches', 'users', 'projects', 'paths', 'match object_kind') {
    refused(
        { in => 'route' },

        [ "$directive \"\";" => 'invalid pattern ""' ],
        [ "$directive !;"    => 'invalid pattern "!"' ],
        [ "$directive ~;"    => 'invalid pattern "~"' ],
        [ "$directive !~*;"  => 'invalid pattern "!~*"' ],
    );
}

refused(
    { in => 'route' },

    # regular expressions
    [ 'users ~^(a;'  => 'pcre2_compile() failed: missing closing parenthesis in "^(a"' ],
    [ 'branches ~(;' => 'pcre2_compile() failed: missing closing parenthesis in "("' ],

    # classes of branches
    (
        map { [ "branches main !$_;" => "a class of branches cannot be excluded, \"!$_\"; for a branch of this name use \"!~^$_\$\"" ] }
            qw(all default protected default_and_protected)
    ),

    # words
    [ 'pipelines failed;' => 'invalid value "failed" in "pipelines" directive, it must be "all", "broken" or "changed"' ],
    [ 'pipelines red;'    => 'invalid value "red" in "pipelines" directive, it must be "all", "broken" or "changed"' ],
    [ 'repeat maybe;'     => 'invalid value "maybe" in "repeat" directive, it must be "on" or "off"' ],
    [ 'labels some bug;'  => 'invalid value "some" in "labels" directive, it must be "any", "all" or "none"' ],
    [ 'labels some Bug;'  => 'invalid value "some" in "labels" directive, it must be "any", "all" or "none"' ],

    # paths into the payload
    (
        map { [ 'match ' . ($_ || '""') . ' x;' => "invalid path \"$_\"" ] } '', 'a..b', '.a', 'a.', 'labels[0].title',
            'labels[.title', 'labels[]title', 'labels].title', '[]'
    ),
    [ 'match a..b c;' => 'invalid path "a..b"' ],
);

done_testing();
