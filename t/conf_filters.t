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

# names that are like those of classes of branches
for my $row ([ 'defaults', 'default' ], [ 'Default', 'default' ], [ 'protect', 'protected' ], [ 'ALL', 'all' ],
    [ 'default_or_protected', 'default_and_protected' ])
{
    my ($name, $class) = @$row;

    warned(
        { in => 'route' },
        [
            "branches main $name;" =>
                "\"$name\" is the name of a branch, the class of branches is \"$class\"; if the name is meant, write \"~^$name\$\""
        ],
    );
}

# what a shell takes as a choice
for my $pattern ('release/[0-9]*', 'release/[a-zA-Z]*', '[!x]*', '[^x]', '[Mm]ain', 'v[123]', '{main,dev}') {
    for my $directive ('branches', 'protected_branches', 'users', 'projects', 'paths', 'match object_kind') {
        warned(
            { in => 'route' },
            [
                "$directive \"$pattern\";" =>
                    "brackets stand for themselves in \"$pattern\", only \"*\" and \"?\" do not; for a choice write a regular expression, \"~...\""
            ],
        );
    }
}

# branches and names with brackets
taken(
    { in => 'route' },

    'branches small mall fault defaulted_and_so_on ~^defaults$;',
    'users renovate[bot] !dependabot[bot];',
    'paths pages/[slug].tsx pages/[user-id]/* [x [] "{a}" "a}{,";',
    'branches ~^release/[0-9]+$ ~*^[a-z]$;',
);

done_testing();
