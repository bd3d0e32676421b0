package Bench::Push;

# Bodies of exactly as many bytes as wanted, as GitLab sends them when somebody
# has pushed.

use strict;
use warnings;

use Digest::SHA qw(sha1_hex);
use Exporter qw(import);

our @EXPORT_OK = qw(push_body);

my $SITE = 'https://gitlab.example.com';
my $PROJECT = "$SITE/acme/rocket";

# GitLab sends 20 commits of a push at most
my $COMMITS = 20;

my @AUTHORS = ('Mira Okafor', 'Tomasz Lind', 'Yuki Hartmann', 'Priya Vance');
my @VERBS = qw(Retry Show Merge Drop Check Split);
my @THINGS = ('the fuel gauge', 'the wind limit', 'the countdown',
    'the pressure sensors', 'the tower\'s log');
my @FOLDERS = qw(lib app/views spec config/locales docs/checklist);

my $PROSE = 'The gauge needs up to 40 ms after a cold start, reading it once'
    . ' and giving up made the countdown stop for no reason.\n\n'
    . 'Now it is asked three times & the log says which try answered.\n';


# a small one has no commit and not all addresses; a large one has 20 commits
# and the files which they touch

sub push_body {
    my ($size) = @_;

    return small($size) if $size < 3000;

    my $n = int $size / 1400;
    $n = $n > $COMMITS ? $COMMITS : $n;

    my $bare = length body($n, 0, 0);

    die "no push has $size bytes\n" if $bare > $size;

    # half of the rest is prose, but at most some paragraphs of each commit
    my $prose = int(($size - $bare) / (2 * $n));
    $prose = $prose > 900 ? 900 : $prose;

    my ($files, $more) = (0, 1);

    while (length(body($n, $prose, $more)) <= $size) {
        $files = $more;
        $more *= 2;
    }

    while ($more - $files > 1) {
        my $middle = int(($files + $more) / 2);
        my $fits = length(body($n, $prose, $middle)) <= $size;

        ($files, $more) = $fits ? ($middle, $more) : ($files, $middle);
    }

    return fill(body($n, $prose, $files), $size);
}


sub small {
    my ($size) = @_;

    my $text = sprintf '{"object_kind":"push","event_name":"push",'
        . '"before":"%s","after":"%s","ref":"refs/heads/main",'
        . '"checkout_sha":"%s","user_id":4,"user_name":"Mira Okafor",'
        . '"user_username":"mokafor","project_id":15,"project":{"id":15,'
        . '"name":"Rocket","description":"","web_url":"%s",'
        . '"path_with_namespace":"acme/rocket","default_branch":"main"},'
        . '"commits":[%s],"total_commits_count":1}',
        sha1_hex('before'), sha1_hex('after'), sha1_hex('after'), $PROJECT,
        commit(0, 0, 0);

    return fill($text, $size);
}


sub body {
    my ($commits, $prose, $files) = @_;

    my $name = 'acme/rocket';
    my $ssh = "git\@gitlab.example.com:$name.git";
    my $common = '"description":"Flight control for the small launcher"';

    return sprintf '{"object_kind":"push","event_name":"push","before":"%s",'
        . '"after":"%s","ref":"refs/heads/main","ref_protected":true,'
        . '"checkout_sha":"%s","message":null,"user_id":4,'
        . '"user_name":"Mira Okafor","user_username":"mokafor",'
        . '"user_email":"","user_avatar":"%s/uploads/-/system/user/avatar/4/'
        . 'avatar.png","project_id":15,"project":{"id":15,"name":"Rocket",'
        . '%s,"web_url":"%s","avatar_url":null,"git_ssh_url":"%s",'
        . '"git_http_url":"%s.git","namespace":"Acme","visibility_level":0,'
        . '"path_with_namespace":"%s","default_branch":"main",'
        . '"ci_config_path":"","homepage":"%s","url":"%s","ssh_url":"%s",'
        . '"http_url":"%s.git"},"commits":[%s],"total_commits_count":%d,'
        . '"push_options":{},"repository":{"name":"Rocket","url":"%s",%s,'
        . '"homepage":"%s","git_http_url":"%s.git","git_ssh_url":"%s",'
        . '"visibility_level":0}}',
        sha1_hex('before'), sha1_hex('after'), sha1_hex('after'), $SITE,
        $common, $PROJECT, $ssh, $PROJECT, $name, $PROJECT, $ssh, $ssh,
        $PROJECT, join(',', map { commit($_, $prose, $files) } 1 .. $commits),
        $commits, $ssh, $common, $PROJECT, $PROJECT, $ssh;
}


sub commit {
    my ($n, $prose, $files) = @_;

    my $id = sha1_hex("commit $n");
    my $author = $AUTHORS[$n % @AUTHORS];
    my $title = "$VERBS[$n % @VERBS] $THINGS[$n % @THINGS]";
    my $text = substr $PROSE x 8, 0, $prose;

    # no escape cut in two
    $text =~ s/\\+$//;

    my @names = map {
        sprintf '"%s/part_%d/file_%d.rb"', $FOLDERS[$_ % @FOLDERS], $n, $_
    } 1 .. $files;

    my @added = splice @names, 0, int(@names / 4);

    return sprintf '{"id":"%s","message":"%s\n\n%s","title":"%s",'
        . '"timestamp":"2026-03-04T15:%02d:07+01:00",'
        . '"url":"%s/-/commit/%s","author":{"name":"%s",'
        . '"email":"dev%d@acme.example"},"added":[%s],"modified":[%s],'
        . '"removed":[]}',
        $id, $title, $text, $title, $n, $PROJECT, $id, $author, $n,
        join(',', @added), join(',', @names);
}


# the description of the project takes what is missing

sub fill {
    my ($text, $size) = @_;

    my $missing = $size - length $text;

    die "no push has $size bytes\n" if $missing < 0;

    my $words = substr 'flight control for small launchers ' x
        ($missing / 30 + 1), 0, $missing;

    $text =~ s/("description":")/$1$words/;

    return $text;
}


1;
