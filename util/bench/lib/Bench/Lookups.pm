package Bench::Lookups;

# What statements PostgreSQL executes, how long, and by which plans: it logs
# them itself (auto_explain), also those within functions.

use strict;
use warnings;

use Exporter qw(import);
use Time::HiRes qw(sleep time);

use Bench::Usage qw(median);

our @EXPORT_OK = qw(explain lookups);

# seconds after which messages have been delivered and the status has been made
# anew
my $LASTS = 4;

my %SETTINGS = (
    'auto_explain.log_min_duration' => 0,
    'auto_explain.log_nested_statements' => 'on',
    'session_preload_libraries' => "'auto_explain'"
);


# sessions that begin from now on tell what they do

sub explain {
    my ($database) = @_;

    $database->query("ALTER DATABASE postgres SET $_ = $SETTINGS{$_}")
        for sort { $b cmp $a } keys %SETTINGS;

    return;
}


# { statement => { ms, plan } } of an nginx while it does something; "plan"
# is that of one that looks through all messages

sub lookups {
    my ($database, $nginx, $meanwhile) = @_;

    my $file = "$database->{dir}/log";

    open my $log, '<', $file or die "$file: $!\n";
    seek $log, 0, 2;

    # its workers connect anew
    kill 'HUP', $nginx->{pid};

    my $end = time + $LASTS;

    while (time < $end) {
        system(qw(curl -s -o /dev/null),
            "http://127.0.0.1:$nginx->{port}/status/?format=json");

        $meanwhile->() if $meanwhile;
        $meanwhile = undef;

        sleep 0.5;
    }

    my %found;

    for my $text (plans($log)) {
        my ($ms, $query, $plan) = $text =~
            /^duration: ([\d.]+) ms  plan:\n\tQuery Text: (.*?)\n(\t\w[^\n]*\(cost=.*)/s
            or next;

        my $name = name_of($query);

        push @{$found{$name}{all}}, $ms;
        $found{$name}{plan} = $plan if $plan =~ /Seq Scan on (?:\w+\.)?message\b/;
    }

    $_->{ms} = median(@{delete $_->{all}}) for values %found;

    return \%found;
}


sub plans {
    my ($log) = @_;

    my $text = join '', <$log>;

    return map { s/^.*?LOG:\s+//r } split /^(?=\S)/m, $text;
}


# one line, without what differs from one execution to the next

sub name_of {
    my ($query) = @_;

    $query =~ s/^.* SET LOCAL \w+ = \w+; //s;
    $query =~ s/; COMMIT\s*\z//;
    $query =~ s/'[^']*'/?/g;
    $query =~ s/\b\d+\b/?/g;
    $query =~ s/\s+/ /g;

    return $query;
}


1;
