package Test::Nginx::Socket::Config;

# The server root: its directories, nginx.conf and the files of a block.
# Knows nothing of processes.

use strict;
use warnings;

use Exporter 'import';
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use POSIX ();

use Test::Nginx::Socket::Options qw(%Opt bail_out expand value_of);

our @EXPORT_OK = qw(
    clean_logs conf_file conf_text error_log_path log_path
    remember_config remove_server_root setup_server_root write_conf
    write_user_files
);

my @TempPaths = qw(client_body proxy fastcgi uwsgi scgi);

# sections which a block without "config" takes over from the one before
my @Inherited = qw(
    config http_config main_config post_main_config server_name
);

my %Last;


sub conf_file {
    return "$Opt{server_root}/conf/nginx.conf";
}


sub log_path {
    my ($name) = @_;

    return "$Opt{server_root}/logs/$name";
}


# Where nginx writes its error log: "error_log_file" only changes the
# directive, the checks go on reading logs/error.log.
sub error_log_path {
    my ($block) = @_;

    my $file = value_of($block, 'error_log_file');
    return defined $file ? expand($block, $file) : log_path('error.log');
}


# Keeps the sections of a block for those after it which have no "config".
sub remember_config {
    my ($block) = @_;

    if (defined value_of($block, 'config')) {
        %Last = map { $_ => value_of($block, $_) } @Inherited;
        return;
    }

    if (!%Last) {
        bail_out("$0 " . $block->name . ' - no "config" section, and there'
                 . ' is no block before this one to take it from');
    }

    return;
}


sub _section {
    my ($block, $name) = @_;

    my $text = value_of($block, $name);

    if (!defined $text && !defined value_of($block, 'config')) {
        $text = $Last{$name};
    }

    return expand($block, $text // '');
}


# Text of nginx.conf.  With "hup_token" a second server on the same port
# tells which version of the configuration is running.
sub conf_text {
    my ($block, %with) = @_;

    my $root = $Opt{server_root};
    my $http = _section($block, 'http_config');
    my $level = value_of($block, 'log_level') || $Opt{log_level};
    my $error_log = error_log_path($block);
    my $server_name = _section($block, 'server_name') || $Opt{server_name};
    my $listen = $Opt{server_port};
    my $master = $with{master} ? 'on' : 'off';

    $listen .= ' reuseport' if $ENV{TEST_NGINX_REUSE_PORT};

    my @lines = (
        "worker_processes $Opt{workers};",
        'daemon off;',
        "master_process $master;",
        qq{error_log "$error_log" $level;},
        qq{pid "$root/logs/nginx.pid";},
        _env_lines(),
        _user_line(),
        _load_module_lines(),
        _section($block, 'main_config'),
        '',
        'http {',
        qq{    access_log "$root/logs/access.log";},
        _temp_path_lines($http),
        '    default_type text/plain;',
        '    keepalive_timeout 68000ms;',
    );

    if ($ENV{TEST_NGINX_POSTPONE_OUTPUT}) {
        push @lines, "    postpone_output $ENV{TEST_NGINX_POSTPONE_OUTPUT};";
    }

    push @lines, (
        $http,
        '    server {',
        "        listen $listen;",
        "        server_name '$server_name';",
        '        client_max_body_size 30M;',
        '        # from config_preamble()',
        expand($block, $Opt{config_preamble}),
        '        # from the block',
        _section($block, 'config'),
        '        # end of the block',
    );

    if ($Opt{root_location}) {
        push @lines, (
            '        location / {',
            qq{            root "$root/html";},
            '            index index.html index.htm;',
            '        }',
        );
    }

    push @lines, '    }', _token_server($listen, $with{hup_token}), '}';
    push @lines, _section($block, 'post_main_config'), _events_lines();

    return join "\n", @lines, '';
}


sub _env_lines {
    my @names = (
        qw(LD_PRELOAD LD_LIBRARY_PATH ASAN_OPTIONS LSAN_OPTIONS
           UBSAN_OPTIONS),
        @{ $Opt{env_to_nginx} },
    );

    return map { /\s/ ? "env '$_';" : "env $_;" } @names;
}


sub _user_line {
    return if $> != 0;

    my $user = $ENV{TEST_NGINX_WORKER_USER} || 'root';
    return "user $user;";
}


sub _load_module_lines {
    my @modules = split ' ', $ENV{TEST_NGINX_LOAD_MODULES} // '';
    return map { qq{load_module "$_";} } @modules;
}


sub _temp_path_lines {
    my ($http) = @_;

    my @wanted = grep { $http !~ /^\s*${_}_temp_path\b/m } @TempPaths;

    return map { qq{    ${_}_temp_path "$Opt{server_root}/${_}_temp";} }
        @wanted;
}


sub _token_server {
    my ($listen, $token) = @_;

    return unless defined $token;

    return (
        '    server {',
        "        listen $listen;",
        "        server_name 'Test-Nginx';",
        '        access_log off;',
        "        location = /ver { return 200 '$token'; }",
        '    }',
    );
}


sub _events_lines {
    my @lines = (
        'events {',
        '    accept_mutex off;',
        "    worker_connections $Opt{worker_connections};",
    );

    if ($ENV{TEST_NGINX_EVENT_TYPE}) {
        push @lines, "    use $ENV{TEST_NGINX_EVENT_TYPE};";
    }

    return @lines, '}';
}


sub write_conf {
    my ($text) = @_;

    _write_file(conf_file(), $text);
    return;
}


sub _write_file {
    my ($path, $text) = @_;

    my $ok = open my $file, '>:raw', $path;
    $ok &&= print {$file} $text;
    $ok &&= close $file;

    bail_out("cannot write $path: $!; see that you may write there")
        unless $ok;

    return;
}


# Makes the directories afresh.  The names known to be the harness's own
# are removed, anything else is somebody's data: it is refused.
sub setup_server_root {
    my ($block) = @_;

    my $root = $Opt{server_root};

    for my $name (_list($root)) {
        if ($name !~ /\A (?: conf | cache | html | logs | .+_(?:temp|cache) )
                      \z/x)
        {
            bail_out("$root has \"$name\" in it, which is none of the"
                     . ' harness\'s own files; remove it, or set'
                     . ' TEST_NGINX_SERVROOT to another directory');
        }
    }

    _remove(map { "$root/$_" } _list($root));
    _make_dirs("$root/conf", "$root/logs");
    _fill_html($block);
    return;
}


# The same for a running nginx, whose pid and temporary files must stay.
sub clean_logs {
    my ($block) = @_;

    my $logs = "$Opt{server_root}/logs";

    _remove(map { "$logs/$_" } grep { $_ ne 'nginx.pid' } _list($logs));
    _remove("$Opt{server_root}/html");
    _fill_html($block);
    return;
}


sub remove_server_root {
    _remove($Opt{server_root});
    return;
}


sub _fill_html {
    my ($block) = @_;

    my $html = "$Opt{server_root}/html";

    _make_dirs($html);
    _write_file("$html/index.html",
                '<html><head><title>It works!</title></head>'
                . '<body>It works!</body></html>');
    write_user_files($block);
    return;
}


sub _list {
    my ($dir) = @_;

    opendir my $handle, $dir or return;
    return grep { !/\A[.]{1,2}\z/ } readdir $handle;
}


sub _make_dirs {
    make_path(@_, { error => \my $errors });
    _check_path_errors('make', $errors);
    return;
}


sub _remove {
    return unless @_;

    remove_tree(@_, { error => \my $errors });
    _check_path_errors('remove', $errors);
    return;
}


sub _check_path_errors {
    my ($verb, $errors) = @_;

    return unless @$errors;

    my ($path, $why) = %{ $errors->[0] };
    return bail_out("cannot $verb $path: $why; was it made by another user?"
                    . ' Remove it, or set TEST_NGINX_SERVROOT to another'
                    . ' directory');
}


# Files of "user_files" below html/: text with ">>> name [time]" lines, or
# an array of [name, text, time].  The time is YYYYMMDDhhmm[.ss], local.
sub write_user_files {
    my ($block) = @_;

    my $files = value_of($block, 'user_files');
    return unless defined $files;

    my @files = ref $files eq 'ARRAY' ? @$files : _parse_user_files($files);

    if (ref $files && ref $files ne 'ARRAY') {
        bail_out("$0 " . $block->name . ' - user_files must be text or an'
                 . ' array of [name, text, time]');
    }

    for my $file (@files) {
        my ($name, $text, $time) = @$file;
        my $path = "$Opt{server_root}/html/$name";

        _make_dirs(dirname($path));
        _write_file($path, expand($block, $text));
        _set_time($block, $path, $time) if defined $time;
    }

    return;
}


sub _parse_user_files {
    my ($text) = @_;

    my @parts = split /^>>>[ \t]+(\S+)(?:[ \t]+(\S+))?[ \t]*\n/m, $text;
    my @files;

    shift @parts;

    while (my ($name, $time, $body) = splice @parts, 0, 3) {
        push @files, [$name, $body // '', $time];
    }

    return @files;
}


sub _set_time {
    my ($block, $path, $text) = @_;

    my @at = $text =~ /\A (\d{4}) (\d\d) (\d\d) (\d\d) (\d\d)
                       (?: [.](\d\d) )? \z/x;

    if (!@at) {
        bail_out("$0 " . $block->name . " - user_files: \"$text\" is no time;"
                 . ' write it as YYYYMMDDhhmm.ss');
    }

    my $time = POSIX::mktime($at[5] // 0, @at[4, 3, 2], $at[1] - 1,
                             $at[0] - 1900, 0, 0, -1);

    utime $time, $time, $path
        or bail_out("cannot set the time of $path: $!");

    return;
}


1;
