package Test::Nginx::Socket::Skip;

# Decides whether a block's tests are skipped: by version, by code, to do.

use strict;
use warnings;

use Exporter 'import';

use Test::Nginx::Socket::Options qw(bail_out value_of);
use Test::Nginx::Socket::Server qw(nginx_version openssl_version);

our @EXPORT_OK = qw(skip_reason);

my $Op = qr/(<=|>=|<|>|==|=|!=)/;
my $Version = qr/(\d+(?:[.]\d+)*[a-z]?)/;


# Number of tests to skip, why, and whether they are to do; nothing when
# the block has to run.
sub skip_reason {
    my ($block) = @_;

    my %skip = (
        skip_nginx   => [\&_by_version, \&nginx_version],
        skip_nginx2  => [\&_by_version, \&nginx_version],
        skip_openssl => [\&_by_version, \&openssl_version],
        skip_eval    => [\&_by_code],
        todo_nginx   => [\&_by_version, \&nginx_version],
        todo         => [\&_always],
    );

    for my $section (sort keys %skip) {
        my $value = value_of($block, $section);
        next unless defined $value;

        my ($decide, @args) = @{ $skip{$section} };
        my ($count, $rest) = $value =~ /\A\s*(\d+)\s*:\s*(.*?)\s*\z/s;
        my $where = "$0 " . $block->name . " - $section";

        # the only one which has no count: it stands for one test
        ($count, $rest) = (1, $value =~ s/\s+\z//r)
            if $section eq 'todo_nginx';

        if (!defined $count) {
            bail_out("$where: \"$value\" does not say how many tests; write"
                     . ' COUNT: CONDITION');
        }

        my $why = $decide->($rest, $where, @args);
        return ($count, $why, $section =~ /\Atodo/) if defined $why;
    }

    return;
}


sub _always {
    my ($why) = @_;

    return $why;
}


sub _by_code {
    my ($code, $where) = @_;

    my $skip = eval $code;  ## no critic (eval)
    bail_out("$where: $@") if $@;

    return $skip ? 'skip_eval' : undef;
}


sub _by_version {
    my ($text, $where, $get) = @_;

    my ($op, $version, $more, $why) = $text =~ /\A \s* $Op \s* $Version
        (?: \s+ ((?: and | or ) \s+ .*?) )? (?: \s* : \s* (.*) )? \z/xs;
    my ($word, $op2, $version2) = ($more // '') =~
        /\A (and|or) \s+ $Op \s* $Version \z/xs;

    if (!defined $op || defined $more && !defined $word) {
        bail_out("$where: \"$text\" is no condition; write OP VERSION or"
                 . ' OP VERSION and|or OP VERSION, then ": why" if you like');
    }

    my $ours = $get->();
    return 'its version is not known' unless defined $ours;

    my $holds = _compare($ours, $op, $version);

    if (defined $word) {
        my $second = _compare($ours, $op2, $version2);
        $holds = $word eq 'and' ? $holds && $second : $holds || $second;
    }

    return unless $holds;
    return length($why // '') ? $why : "$ours is $op $version";
}


sub _compare {
    my ($left, $op, $right) = @_;

    my $order = _order($left, $right);

    return $op eq '<'  ? $order < 0
         : $op eq '<=' ? $order <= 0
         : $op eq '>'  ? $order > 0
         : $op eq '>=' ? $order >= 0
         : $op eq '!=' ? $order != 0
         :               $order == 0;
}


# 1.1.0h as numbers: the letter counts after the rest
sub _order {
    my ($left, $right) = @_;

    my @left = _numbers($left);
    my @right = _numbers($right);

    while (@left || @right) {
        my $order = (shift(@left) // 0) <=> (shift(@right) // 0);
        return $order if $order;
    }

    return 0;
}


sub _numbers {
    my ($version) = @_;

    my ($digits, $letter) = $version =~ /\A([\d.]+)([a-z]?)/;
    my @numbers = split /[.]/, $digits;

    push @numbers, 0 while @numbers < 3;
    return (@numbers[0 .. 2], length $letter ? ord $letter : 0,
            @numbers[3 .. $#numbers]);
}


1;
