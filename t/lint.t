# Each rule of util/lint with a sample that keeps it and one that does not.

use strict;
use warnings;

use lib 't/util';

use File::Path qw(make_path);
use Test::More;

use SlackLint;

my $mark = 'TO' . 'DO';

# rule, path below the module (C) or of the script, good, bad, message
my @rules = (
    ['long line', 'core/a.c',
        "/* " . 'x' x 73 . " */\n",
        "/* " . 'x' x 74 . " */\n",
        qr/^1: line is longer than 79 columns/],
    ['columns are characters', 'core/a.c',
        "/* " . "\xc3\xa9" x 73 . " */\n",
        "/* " . "\xc3\xa9" x 74 . " */\n",
        qr/^1: line is longer than 79 columns/],
    ['tab', 'core/a.c',
        function("    return a;     /* the same */\n"),
        function("    return a;\t/* the same */\n"),
        qr/^4: tab/],
    ['trailing space', 'core/a.c',
        function("    return a;\n"),
        function("    return a;\x20\n"),
        qr/^4: trailing white space/],
    ['carriage return', 'core/a.h',
        "#define NGX_SLACK_A  1\n",
        "#define NGX_SLACK_A  1\r\n",
        qr/^1: trailing white space/],
    ['newline at the end', 'core/a.h',
        "#define NGX_SLACK_A  1\n",
        "#define NGX_SLACK_A  1",
        qr/^1: no newline at the end/],
    ['blank line at the end', 'core/a.h',
        "#define NGX_SLACK_A  1\n",
        "#define NGX_SLACK_A  1\n\n",
        qr/^2: blank line at the end/],
    ['mark', 'core/a.c',
        function("    /* done */\n    return a;\n"),
        function("    /* $mark: do it */\n    return a;\n"),
        qr/^4: left-over mark "$mark"/],
    ['// comment', 'core/a.c',
        function("    return a;  /* \"//\" */\n"),
        function("    return a;  // a\n"),
        qr{^4: a "//" comment}],
    ['// in a string', 'core/a.c',
        function("    return ngx_slack_a(\"http://a\", '\"');\n"),
        function("    return ngx_slack_a(\"http://a\", '\"');  // b\n"),
        qr{^4: a "//" comment}],
    ['space after if', 'core/a.c',
        function("    if (a) {\n        a = 1;\n    }\n\n    return a;\n"),
        function("    if(a) {\n        a = 1;\n    }\n\n    return a;\n"),
        qr/^4: no space after "if"/],
    ['space after for', 'core/a.c',
        function("    for ( ;; ) {\n        a++;\n    }\n"),
        function("    for( ;; ) {\n        a++;\n    }\n"),
        qr/^4: no space after "for"/],
    ['space before a brace', 'core/a.c',
        function("    while (a) {\n        a--;\n    }\n\n    return a;\n"),
        function("    while (a){\n        a--;\n    }\n\n    return a;\n"),
        qr/^4: no space between "\)" and "\{"/],
    ['comma', 'core/a.c',
        function("    return ngx_slack_a(a, \",a,\", ',');\n"),
        function("    return ngx_slack_a(a,\",a,\", ',');\n"),
        qr/^4: no space after a comma/],
    ['space before a comma', 'core/a.c',
        function("    return ngx_slack_a(a, a);\n"),
        function("    return ngx_slack_a(a , a);\n"),
        qr/^4: space before a comma/],
    ['indent', 'core/a.c',
        function("    if (a) {\n        a = 1;\n    }\n\n    return a;\n"),
        function("    if (a) {\n      a = 1;\n    }\n\n    return a;\n"),
        qr/^5: indented by 6, not by 8/],
    ['indent by depth', 'core/a.c',
        function("    if (a) {\n        a = 1;\n    }\n\n    return a;\n"),
        function("    if (a) {\n        a = 1;\n    }\n\n"
            . "        return a;\n"),
        qr/^8: indented by 8, not by 4/],
    ['indent of case', 'core/a.c',
        function("    switch (a) {\n\n    case 'a':\n        a = 1;\n"
            . "        break;\n\n    default:\n        a = 2;\n    }\n\n"
            . "    return a;\n"),
        function("    switch (a) {\n\n        case 'a':\n        a = 1;\n"
            . "        break;\n\n    default:\n        a = 2;\n    }\n\n"
            . "    return a;\n"),
        qr/^6: indented by 8, not by 4/],
    ['indent of continued lines', 'core/a.c',
        function("    if (a\n        && ngx_slack_a(a,\n"
            . "                       a))\n    {\n        a = 1;\n    }\n\n"
            . "    return a;\n"),
        function("    if (a\n        && ngx_slack_a(a,\n"
            . "                       a))\n    {\n    a = 1;\n    }\n\n"
            . "    return a;\n"),
        qr/^8: indented by 4, not by 8/],
    ['indent under conditions', 'core/a.c',
        function("#if (NGX_A)\n    if (a) {\n#else\n    if (!a) {\n#endif\n"
            . "        a = 1;\n    }\n\nfailed:\n\n    return a;\n"),
        function("#if (NGX_A)\n    if (a) {\n#else\n    if (!a) {\n#endif\n"
            . "        a = 1;\n    }\n\nfailed:\n\n  return a;\n"),
        qr/^14: indented by 2, not by 4/],
    ['indent in structs', 'core/a.h',
        "typedef struct {\n    ngx_str_t  name;\n} ngx_slack_a_t;\n",
        "typedef struct {\n  ngx_str_t  name;\n} ngx_slack_a_t;\n",
        qr/^2: indented by 2, not by 4/],
    ['values are laid out freely', 'core/a.c',
        "static ngx_command_t  ngx_slack_commands[] = {\n\n"
            . "    { ngx_string(\"a\"),\n      NGX_CONF_TAKE1,\n"
            . "      NULL },\n\n      ngx_null_command\n};\n",
        "static ngx_command_t  ngx_slack_commands[] = {\n\n"
            . "    { ngx_string(\"a\"),\n      NGX_CONF_TAKE1,\n"
            . "      NULL },\n\n      ngx_null_command\n};\n"
            . "  static int  ngx_slack_a;\n",
        qr/^9: indented by 2, not by 0/],
    ['braces of if', 'core/a.c',
        function("    if (a) {\n        return 1;\n    }\n\n    return a;\n"),
        function("    if (a)\n        return 1;\n\n    return a;\n"),
        qr/^4: body of "if" without braces/],
    ['braces of while', 'core/a.c',
        function("    do {\n        a--;\n    } while (a);\n\n"
            . "    return a;\n"),
        function("    a = 2;\n\n    while (a--);\n\n    return a;\n"),
        qr/^6: body of "while" without braces/],
    ['empty while after a block', 'core/a.c',
        function("    if (a) {\n        a = 2;\n    }\n\n"
            . "    while (a--) { /* void */ }\n"),
        function("    if (a) {\n        a = 2;\n    }\n\n"
            . "    while (a--);\n"),
        qr/^8: body of "while" without braces/],
    ['braces of else', 'core/a.c',
        function("    if (a) {\n        a = 1;\n\n    } else {\n"
            . "        a = 2;\n    }\n\n    return a;\n"),
        function("    if (a) {\n        a = 1;\n\n    } else\n"
            . "        a = 2;\n\n    return a;\n"),
        qr/^7: body of "else" without braces/],
    ['blank line before else', 'core/a.c',
        function("    if (a) {\n        a = 1;\n\n    } else if (!a) {\n"
            . "        a = 2;\n    }\n\n    return a;\n"),
        function("    if (a) {\n        a = 1;\n    } else if (!a) {\n"
            . "        a = 2;\n    }\n\n    return a;\n"),
        qr/^6: no blank line before "\} else"/],
    ['else beside its brace', 'core/a.c',
        function("    if (a) {\n        a = 1;\n\n    } else {\n"
            . "        a = 2;\n    }\n\n    return a;\n"),
        function("    if (a) {\n        a = 1;\n    }\n    else {\n"
            . "        a = 2;\n    }\n\n    return a;\n"),
        qr/^7: "else" is not on the line/],
    ['yoda NULL', 'core/a.c',
        function("    if (pool == NULL) {\n        a = 1;\n    }\n"),
        function("    if (NULL == pool) {\n        a = 1;\n    }\n"),
        qr/^4: constant on the left/],
    ['yoda number', 'core/a.c',
        function("    if (a && a != 5) {\n        a = 1;\n    }\n"),
        function("    if (a && 5 != a) {\n        a = 1;\n    }\n"),
        qr/^4: constant on the left/],
    ['yoda macro', 'core/a.c',
        function("    if (a == NGX_OK) {\n        a = 1;\n    }\n"),
        function("    if (NGX_OK == a) {\n        a = 1;\n    }\n"),
        qr/^4: constant on the left/],
    ['space around =', 'core/a.c',
        function("    a = -1;\n    return a;\n"),
        function("    a= -1;\n    return a;\n"),
        qr/^4: no space around "="/],
    ['space around &&', 'core/a.c',
        function("    return a && !a\n           && &a;\n"),
        function("    return a&&!a\n           && &a;\n"),
        qr/^4: no space around "&&"/],
    ['space around +', 'core/a.c',
        function("    a++;\n    return a + -1;\n"),
        function("    a++;\n    return a+-1 - pool->a+a;\n"),
        qr/^5: no space around "\+"/],
    ['space around -', 'core/a.c',
        function("    return pool->a - a - (-a);\n"),
        function("    return pool->a-a - (-a);\n"),
        qr/^4: no space around "-"/],
    ['space around *', 'core/a.c',
        function("    return a * *pool->a * (char **) a;\n"),
        function("    return a*a;\n"),
        qr/^4: no space around "\*"/],
    ['space around &', 'core/a.c',
        function("    return (a & ~a) | (A|B) | ngx_slack_b(&a);\n"),
        function("    return (a&a) | (A|B) | ngx_slack_b(&a);\n"),
        qr/^4: no space around "&"/],
    ['space around <<', 'core/a.c',
        function("    return a << 2;\n"),
        function("    return a<<2;\n"),
        qr/^4: no space around "<<"/],
    ['space around ?', 'core/a.c',
        function("    return a ? 1 : 2;\n"),
        function("    return a? 1 : 2;\n"),
        qr/^4: no space around "\?"/],
    ['return type', 'core/a.c',
        "static ngx_int_t\nngx_slack_a(void)\n{\n    return 1;\n}\n",
        "static ngx_int_t ngx_slack_a(void)\n{\n    return 1;\n}\n",
        qr/^1: return type of "ngx_slack_a" is not on its own line/],
    ['return type after an attribute', 'core/a.c',
        "__attribute__((weak)) ngx_int_t\nngx_slack_a(void)\n{\n}\n",
        "__attribute__((weak)) ngx_int_t ngx_slack_a(void)\n{\n}\n",
        qr/^1: return type of "ngx_slack_a" is not on its own line/],
    ['brace of a function', 'core/a.c',
        "static ngx_int_t\nngx_slack_a(void)\n{\n    return 1;\n}\n",
        "static ngx_int_t\nngx_slack_a(void) {\n    return 1;\n}\n",
        qr/^2: brace of function "ngx_slack_a" is not on its own line/],
    ['blank lines before a function', 'core/a.c',
        "static int  ngx_slack_b;\n\n\n" . function("    return a;\n"),
        "static int  ngx_slack_b;\n\n" . function("    return a;\n"),
        qr/^3: 1 blank lines before function "ngx_slack_sample"/],
    ['too many blank lines', 'core/a.c',
        "static int  ngx_slack_b;\n\n\n" . function("    return a;\n"),
        "static int  ngx_slack_b;\n\n\n\n" . function("    return a;\n"),
        qr/^5: 3 blank lines before function/],
    ['blank lines above its comment', 'core/a.c',
        "static int  ngx_slack_b;\n\n\n/*\n * says why\n */\n\n"
            . function("    return a;\n"),
        "static int  ngx_slack_b;\n\n/*\n * says why\n */\n\n"
            . function("    return a;\n"),
        qr/^7: 1 blank lines before function/],
    ['blank lines after #if', 'core/a.c',
        "static int  ngx_slack_b;\n\n\n#if (NGX_A)\n\n"
            . function("    return a;\n") . "\n#endif\n",
        "static int  ngx_slack_b;\n\n\n#if (NGX_A)\n"
            . function("    return a;\n") . "\n#endif\n",
        qr/^5: 0 blank lines before function/],
    ['columns of locals', 'core/a.c',
        function("    u_char     *p, *last;\n    size_t      len;\n"
            . "    ngx_str_t  *s;\n\n    return a;\n"),
        function("    u_char     *p, *last;\n    size_t     len;\n"
            . "    ngx_str_t  *s;\n\n    return a;\n"),
        qr/^5: local "len" is out of column/],
    ['order of locals', 'core/a.c',
        function("    size_t      len;\n    struct tm   tm;\n"
            . "    ngx_str_t  *s;\n\n    return a;\n"),
        function("    ngx_str_t  *s;\n    size_t      len;\n"
            . "    struct tm   tm;\n\n    return a;\n"),
        qr/^5: local "len": type is shorter/],
    ['distance of locals', 'core/a.c',
        function("    size_t     len;\n    ngx_str_t  s;\n\n    return a;\n"),
        function("    size_t    len;\n    ngx_str_t s;\n\n    return a;\n"),
        qr/^4: 1 spaces between the longest type/],
    ['great distance of locals', 'core/a.c',
        function("    size_t     len;\n    ngx_str_t  s;\n\n    return a;\n"),
        function("    size_t      len;\n    ngx_str_t   s;\n\n"
            . "    return a;\n"),
        qr/^4: 3 spaces between the longest type/],
    ['a cast argument stands apart', 'core/a.c',
        function("    ngx_slack_a_t *s = data;\n\n    size_t  len;\n\n"
            . "    return a;\n"),
        function("    ngx_slack_a_t *s = data;\n\n    size_t len;\n\n"
            . "    return a;\n"),
        qr/^6: 1 spaces between the longest type/],
    ['allocation', 'core/a.c',
        function("    pool->p = ngx_palloc(pool, 2 * (a + 1));\n"
            . "    if (pool->p == NULL) {\n        return NGX_ERROR;\n"
            . "    }\n"),
        function("    pool->p = ngx_palloc(pool, 2 * (a + 1));\n"
            . "    pool->p[0] = 1;\n"),
        qr/^4: "pool->p" is not compared with NULL/],
    ['allocation with a cast', 'core/a.c',
        function("    p = (u_char *) ngx_pnalloc(pool, a);\n"
            . "    q = ngx_array_push(b);\n"
            . "    if (p == NULL || q == NULL) {\n"
            . "        return NGX_ERROR;\n    }\n"),
        function("    p = (u_char *) ngx_pnalloc(pool, a);\n"
            . "    q = ngx_array_push(b);\n"
            . "    if (p == NULL) {\n"
            . "        return NGX_ERROR;\n    }\n\n    q->a = p;\n"),
        qr/^5: "q" is not compared with NULL/],
    ['allocation in branches', 'core/a.c',
        function("    if (a) {\n        p = malloc(a);\n\n    } else {\n"
            . "        p =\n            realloc(q, a);\n    }\n\n"
            . "    if (p == NULL) {\n        return NGX_ERROR;\n    }\n"),
        function("    if (a) {\n        p = malloc(a);\n\n    } else {\n"
            . "        p = q;\n    }\n\n"
            . "    if (p == NULL) {\n        return NGX_ERROR;\n    }\n"),
        qr/^5: "p" is not compared with NULL/],
    ['allocation returned', 'core/a.c',
        function("    return ngx_pcalloc(pool, a);\n"),
        function("    ngx_pcalloc(pool, a);\n"),
        qr/^4: result of an allocation is not kept/],
    ['prototype of an allocator', 'core/a.h',
        "void *ngx_slack_alloc(ngx_pool_t *pool);\n",
        "void *ngx_palloc(ngx_pool_t *pool);\n",
        qr/^1: "ngx_palloc" is neither static nor/],
    ['void in a prototype', 'core/a.h',
        "void ngx_slack_a(void);\n",
        "void ngx_slack_a();\n",
        qr/^1: parameter list without "void"/],
    ['void in a definition', 'core/a.c',
        "void\nngx_slack_a(void)\n{\n    ngx_slack_b();\n}\n",
        "void\nngx_slack_a()\n{\n    ngx_slack_b();\n}\n",
        qr/^1: parameter list without "void"/],
    ['name of a function', 'core/a.c',
        "static void\nhelper(void)\n{\n}\n\n\nvoid\nngx_slack_a(void)\n{\n}\n",
        "void\nhelper(void)\n{\n}\n\n\nvoid\nngx_slack_a(void)\n{\n}\n",
        qr/^1: "helper" is neither static nor named "ngx_slack_/],
    ['name of data', 'core/a.c',
        "static int  table[2];\nngx_str_t    ngx_slack_a[] = {\n"
            . "    ngx_null_string\n};\n",
        "static int  table[2];\nngx_str_t    names[] = {\n"
            . "    ngx_null_string\n};\n",
        qr/^2: "names" is neither static nor/],
    ['names outside of the module', '../util/fuzz/a.c',
        "int\nLLVMFuzzerTestOneInput(void)\n{\n    return 0;\n}\n",
        "int\nLLVMFuzzerTestOneInput()\n{\n    return 0;\n}\n",
        qr/^1: parameter list without "void"/],
    ['opening comment', 'core/a.c',
        \($opening . "#include <ngx_config.h>\n"),
        \"#include <ngx_config.h>\n",
        qr/^1: no comment at the top/],
    ['opening comment: thread', 'core/a.c',
        \($opening . "#include <ngx_config.h>\n"),
        \("/*\n * A sample that knows nothing of the other rooms and does"
            . " nothing at all.\n */\n\n\n#include <ngx_config.h>\n"),
        qr/^1: the comment at the top does not say which thread/],
    ['opening comment: purpose', 'core/a.c',
        \($opening . "#include <ngx_config.h>\n"),
        \"/* any thread */\n\n\n#include <ngx_config.h>\n",
        qr/^1: the comment at the top does not say what/],
    ['rooms: upwards', 'source/a.c',
        "#include <ngx_slack_core.h>\n",
        "#include <ngx_slack_route.h>\n",
        qr{^1: source/ may not include <ngx_slack_route.h> of route/}],
    ['rooms: sideways', 'message/a.c',
        "#include \"ngx_slack_source.h\"\n#include <ngx_slack_message.h>\n",
        "#include \"ngx_slack_outbox.h\"\n#include <ngx_slack_message.h>\n",
        qr{^1: message/ may not include <ngx_slack_outbox.h> of outbox/}],
    ['rooms: delivery', 'delivery/a.c',
        "#include <ngx_slack_outbox.h>\n#include <ngx_slack_message.h>\n",
        "#include <ngx_slack_source.h>\n#include <ngx_slack_message.h>\n",
        qr{^1: delivery/ may not include <ngx_slack_source.h>}],
    ['rooms: outbox', 'outbox/a.c',
        "#include <ngx_slack_core.h>\n",
        "#include <ngx_slack_delivery.h>\n",
        qr{^1: outbox/ may not include <ngx_slack_delivery.h>}],
    ['rooms: an engine', 'outbox/sqlite/a.c',
        "#include <ngx_slack_outbox.h>\n#include <sqlite3.h>\n",
        "#include <ngx_slack_delivery.h>\n#include <sqlite3.h>\n",
        qr{^1: outbox/sqlite/ may not include <ngx_slack_delivery.h>}],
    ['rooms: another engine', 'outbox/postgres/a.c',
        "#include <ngx_slack_outbox.h>\n#include <libpq-fe.h>\n",
        "#include <ngx_slack_slack.h>\n#include <libpq-fe.h>\n",
        qr{^1: outbox/postgres/ may not include <ngx_slack_slack.h>}],
    ['an engine elsewhere', 'outbox/a.c',
        "#include <ngx_slack_core.h>\n",
        "#include <sqlite3.h>\n",
        qr{^1: <sqlite3.h> is for outbox/sqlite only}],
    ['rooms: the door', 'ngx_slack_a.c',
        "#include <ngx_slack_http.h>\n#include <ngx_slack_status.h>\n",
        "#include <ngx_slack_http.h>\n#include <curl/curl.h>\n",
        qr{^2: <curl/curl.h> is for slack only}],
    ['rooms: http', 'http/a.c',
        "#include <ngx_slack_conf.h>\n",
        "#include <ngx_slack_status.h>\n",
        qr{^1: http/ may not include <ngx_slack_status.h> of status/}],
    ['rooms: conf', 'conf/a.c',
        "#include <ngx_http.h>\n",
        "#include <ngx_slack_http.h>\n",
        qr{^1: conf/ may not include <ngx_slack_http.h> of http/}],
    ['rooms: slack', 'slack/a.c',
        "#include <ngx_slack_json.h>\n#include <curl/curl.h>\n",
        "#include <ngx_slack_outbox.h>\n",
        qr{^1: slack/ may not include <ngx_slack_outbox.h> of outbox/}],
    ['rooms: json', 'json/a.c',
        "#include <ngx_core.h>\n#include <yajl/yajl_gen.h>\n",
        "#include <ngx_core.h>\n#include <ngx_slack_source.h>\n",
        qr{^2: json/ may not include <ngx_slack_source.h> of source/}],
    ['rooms: core', 'core/a.c',
        "#include <ngx_core.h>\n",
        "#include <ngx_core.h>\n#include <ngx_slack_http.h>\n",
        qr{^2: core/ may not include <ngx_slack_http.h> of http/}],
    ['rooms: route', 'route/a.c',
        "#include <ngx_slack_core.h>\n#include <ngx_slack_source.h>\n",
        "#include <ngx_slack_core.h>\n#include <ngx_slack_message.h>\n",
        qr{^2: route/ may not include <ngx_slack_message.h>}],
    ['ngx_http above conf/ only', 'http/a.c',
        "#include <ngx_http.h>\n",
        "#include <ngx_http.h>\n#include <curl/curl.h>\n",
        qr{^2: <curl/curl.h> is for slack only}],
    ['ngx_http elsewhere', 'delivery/a.c',
        "#include <ngx_event.h>\n",
        "#include <ngx_http.h>\n",
        qr{^1: <ngx_http.h> is for conf http guard status the door only}],
    ['events below delivery/', 'message/a.c',
        "#include <ngx_core.h>\n",
        "#include <ngx_event.h>\n",
        qr{^1: <ngx_event.h> is for conf http status delivery outbox task the door only}],
    ['length of a file', 'core/a.h',
        "#define NGX_SLACK_A  1\n" x 600,
        "#define NGX_SLACK_A  1\n" x 601,
        qr/^601: file has 601 lines; split it/],
    ['perl -c', '../util/a',
        "#!/usr/bin/perl\n\nuse strict;\nuse warnings;\n\nmy \$a1 = 1;\n",
        "#!/usr/bin/perl\n\nuse strict;\nuse warnings;\n\n\$a1 = 1;\n",
        qr/^6: perl -c: Global symbol "\$a1" requires/],
    ['strict', '../util/lib/A.pm',
        "package A;\n\nuse strict;\nuse warnings;\n\n1;\n",
        "package A;\n\nuse warnings;\n\n1;\n",
        qr/^1: no "use strict;"/],
    ['warnings', '../util/lib/A.pm',
        "package A;\n\nuse v5.36;\n\n1;\n",
        "package A;\n\nuse strict;\n\n1;\n",
        qr/^1: no "use warnings;"/],
    ['t files are not compiled', '../t/a.t',
        "use No::Such::Module;\n",
        "use No::Such::Module;\x20\n",
        qr/^1: trailing white space/],
    ['bash -n', '../util/a',
        "#!/bin/bash\n\na=(1 2)\nif [[ \$a ]]; then\n    echo\nfi\n",
        "#!/bin/bash\n\na=(1 2)\nif [[ \$a ]]; then\n    echo\n",
        qr/^\d+: bash -n: syntax error/],
    ['sh -n', '../util/a.sh',
        "case \$a in\n    b) echo ;;\nesac\n",
        "case \$a in\n    b) echo ;;\nesac\nfi\n",
        qr/^4: sh -n: /],
    ['config is a shell script', '../config',
        "ngx_addon_name=a\n",
        "ngx_addon_name=\$(a\n",
        qr/^\d+: sh -n: /],
    ['executable', '../util/a',
        "#!/bin/sh\n\necho\n",
        \"#!/bin/sh\n\necho\n",
        qr/^1: script is not executable/],
    ['CHANGES', '../CHANGES',
        "\nChanges with ngx_slack 0.2.0               02 Dec 2026\n\n"
            . "    *) Feature: the \"a\" directive, which does\n"
            . "       a thing.\n\n    *) Bugfix: in b.\n\n\n"
            . "Changes with ngx_slack 0.1.0               23 Nov 2026\n\n"
            . "    *) Feature: all of it.\n",
        "\nChanges with ngx_slack 0.2.0               02 Dec 2026\n\n"
            . "    *) Improvement: the \"a\" directive.\n\n"
            . "    *) Bugfix: in b.\n",
        qr/^4: neither "Changes with NAME/],
    ['CHANGES: blank line', '../CHANGES',
        "Changes with a 0.1.0    02 Dec 2026\n\n    *) Change: a.\n\n"
            . "    *) Change: b.\n",
        "Changes with a 0.1.0    02 Dec 2026\n\n    *) Change: a.\n"
            . "    *) Change: b.\n",
        qr/^4: no blank line before the entry/],
    ['CHANGES: date', '../CHANGES',
        "Changes with a 0.1.0    unreleased\n\n    *) Change: a.\n",
        "Changes with a 0.1.0    02 Dec 2026\n\n    *) Change: a.\n\n\n"
            . "Changes with a 0.0.9    2026-12-01\n",
        qr/^6: neither "Changes with NAME/],
    ['CHANGES: empty release', '../CHANGES',
        "Changes with a 0.1.0    02 Dec 2026\n\n    *) Change: a.\n",
        "Changes with a 0.1.0    02 Dec 2026\n",
        qr/^1: release without an entry/],
);

my (@good, @bad);

for my $i (0 .. $#rules) {
    my ($name, $path, $good, $bad) = @{ $rules[$i] };

    push @good, sample("good$i", $path, $good);
    push @bad, sample("bad$i", $path, $bad);
}

my ($status, $output) = run($lint, @good);

is($status, 0, 'good samples: exit status');
is($output, 'lint: ' . @good . " files, 0 findings\n",
    'good samples: only the summary');

($status, $output) = run($lint, @bad);

my %said = findings($output);

is($status, 1, 'bad samples: exit status');

for my $i (0 .. $#rules) {
    my @messages = @{ $said{ $bad[$i] } // [] };

    is(scalar @messages, 1, "$rules[$i][0]: one finding")
        or diag map { "  $_\n" } @messages;
    like($messages[0] // '', $rules[$i][4], "$rules[$i][0]: the right one");
}

# the length of scripts and tests

for my $name ("$dir/long.pl", "$dir/long.t") {
    put($name, "use strict;\nuse warnings;\n" . "1;\n" x 648);
    ($status, $output) = run($lint, $name);

    is("$status $output", "1 $name:601: file has 650 lines; split it\n"
        . "lint: 1 files, 1 findings\n", "$name: the length");
}

# what is left alone

put("$dir/t/data/body.json", "{}\x20");
put("$dir/fuzz/corpus/1", "\t\x20\n");
put("$dir/binary", "\0\x20\n");
($status, $output) = run($lint, map { "$dir/$_" }
    qw(t/data/body.json fuzz/corpus/1 binary));
is("$status $output", "0 lint: 0 files, 0 findings\n",
    'data, corpora and binaries are left alone');

# wrong use

($status, $output) = run($lint, "$dir/none.c");
is($status, 2, 'a file that is not there: exit status');
like($output, qr/no such file: \Q$dir\E\/none\.c/, 'and it is named');

($status, $output) = run($lint, '--fix');
is($status, 2, 'unknown option: exit status');
like($output, qr/usage: /, 'and the usage');

# without names

SKIP: {
    my $repository = "$dir/repository";

    make_path("$repository/util");
    skip 'no git', 2
        if system("cp -r '$lint' '$root/util/lib' '$repository/util/'"
            . " && git init -q '$repository' 2>/dev/null") != 0;

    put("$repository/.gitignore", "/build/\n");
    put("$repository/build/a.c", "\t\n");
    put("$repository/sub/new.c", "int\ta;\n");
    put("$repository/README.md", "text\x20\n");

    ($status, $output) = run("$repository/util/lint");
    is($status, 1, 'the whole repository: exit status');
    like($output, qr{\AREADME.md:1:\ trailing\ white\ space\n
        sub/new.c:1:\ tab\n
        lint:\ \d+\ files,\ 2\ findings\n\z}x,
        'the whole repository, without what git ignores');
}

done_testing();
