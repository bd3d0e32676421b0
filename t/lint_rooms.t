# What util/lint says of several files together: rooms and circles.

use strict;
use warnings;

use lib 't/util';

use Test::More;

use SlackLint;

my ($status, $output);

# a folder that is not in the table of rooms would be held by nothing

($status, $output) = run($lint, sample('room', 'other/ngx_slack_a.c', "#include <curl/curl.h>\n"));

is($status, 1, 'a room that is not in the table: exit status');
like($output, qr{:1: other/ is none of the rooms}, 'it is told');

# circles, which several files make together

for my $case (
    [ 'calls, over another room', 1,
      'http/ngx_slack_a.c' => "void\nngx_slack_a(void)\n{\n    ngx_slack_b();\n}\n",
      'conf/ngx_slack_b.c' => "void\nngx_slack_b(void)\n{\n    ngx_slack_c();\n}\n",
      'http/ngx_slack_c.c' => "void\nngx_slack_c(void)\n{\n    ngx_slack_a();\n}\n" ],
    [ 'a function and a variable', 1,
      'core/ngx_slack_a.c' =>
          "ngx_str_t  ngx_slack_name[] = {\n    ngx_null_string\n};\n\n\n"
          . "ngx_int_t\nngx_slack_a(void)\n{\n    return ngx_slack_b(1);\n}\n",
      'core/ngx_slack_b.c' => "ngx_int_t\nngx_slack_b(ngx_int_t b)\n{\n"
          . "    return ngx_slack_name[b].len;\n}\n" ],
    [ 'headers', 1,
      'core/ngx_slack_a.h' => "#include <ngx_slack_b.h>\n",
      'core/ngx_slack_b.h' => "#include <ngx_slack_a.h>\n" ],
    [ 'one way', 0,
      'core/ngx_slack_a.c' => "void\nngx_slack_a(void)\n{\n    ngx_slack_b();\n}\n",
      'core/ngx_slack_b.c' => "/* not ngx_slack_a() */\n\n\nvoid\nngx_slack_b(void)\n{\n"
          . "    say(\"ngx_slack_a\");\n}\n" ],
    [ 'static names', 0,
      'core/ngx_slack_a.c' => "static void\nngx_slack_x(void)\n{\n    ngx_slack_b();\n}\n",
      'core/ngx_slack_b.c' => "void\nngx_slack_b(void)\n{\n    ngx_slack_x();\n}\n" ],
    [ 'the module\'s number', 0,
      'ngx_slack_notify_module.c' =>
          "ngx_module_t  ngx_slack_notify_module = {\n    ngx_slack_b\n};\n",
      'http/ngx_slack_b.c' => "void\nngx_slack_b(void)\n{\n"
          . "    ngx_slack_c(&ngx_slack_notify_module);\n}\n" ],
) {
    my ($name, $found, %files) = @$case;

    my $module = "$dir/circle" . $name =~ s/\W//gr . '/ngx_slack_notify_module';

    put("$module/$_", $files{$_} =~ /^#/ ? $files{$_} : "$opening$files{$_}") for keys %files;

    ($status, $output) = run($lint, map { "$module/$_" } sort keys %files);

    my @circles = $output =~ /: a circle: (.*)$/mg;

    is(scalar @circles, $found, "circle: $name") or diag $output;
    is(() = ($circles[0] // '') =~ /ngx_slack_\w+\.[ch]/g, $found * 2 * keys %files,
        'with all its files') or diag $output if $found && $name !~ /headers/;
}

done_testing();
