package SlackBrowser;

# A headless Chromium for the tests of the status page, told what to do through
# a pair of pipes.  What it can do is told in the POD below.

use strict;
use warnings;

use Fcntl qw(F_DUPFD);
use File::Path ();
use File::Temp ();
use JSON::PP ();
use MIME::Base64 ();
use POSIX ();
use Time::HiRes ();

# how long an answer or a condition may take; only a failure lasts that long
my $PATIENCE = 20;

my @PROGRAMS = qw(chromium-headless-shell chromium chromium-browser google-chrome);

my @FLAGS = qw(
    --headless --no-sandbox --disable-gpu --disable-quic --no-first-run
    --disable-background-networking --disable-component-update --disable-sync
    --disable-dev-shm-usage --hide-scrollbars --remote-debugging-pipe
);

my %Keys = (
    Tab    => { code => 'Tab', windowsVirtualKeyCode => 9 },
    Enter  => { code => 'Enter', windowsVirtualKeyCode => 13, text => "\r" },
    Escape => { code => 'Escape', windowsVirtualKeyCode => 27 },
    ' '    => { code => 'Space', windowsVirtualKeyCode => 32, text => ' ' },
);


# The path of a browser, or nothing.
sub program {
    for my $name (@PROGRAMS) {
        for my $directory (split m/:/, $ENV{PATH}) {
            return "$directory/$name" if -x "$directory/$name";
        }
    }

    return;
}


sub new {
    my ($class) = @_;

    my $program = program() or die "no Chromium is installed\n";
    my $self    = bless {
        home     => File::Temp::tempdir(),
        id       => 0,
        input    => '',
        events   => [],
        problems => [],
    }, $class;

    pipe my $child_in,  my $to_child   or die "pipe: $!\n";
    pipe my $from_child, my $child_out or die "pipe: $!\n";

    my $pid = fork // die "fork: $!\n";

    if (!$pid) {
        # it reads from descriptor 3 and writes to 4
        my @ends = map { fcntl $_, F_DUPFD, 64 } $child_in, $child_out;

        POSIX::dup2($ends[0], 3);
        POSIX::dup2($ends[1], 4);
        POSIX::close($_) for 5 .. 63;
        open STDIN,  '<', '/dev/null';
        open STDOUT, '>', '/dev/null';
        open STDERR, '>', '/dev/null';
        $ENV{HOME} = "$self->{home}";
        exec($program, @FLAGS, "--user-data-dir=$self->{home}/profile", 'about:blank')
            or POSIX::_exit(127);
    }

    close $child_in;
    close $child_out;

    @$self{qw(pid to from)} = ($pid, $to_child, $from_child);
    $self->{to}->autoflush(1);

    my ($target) = grep { $_->{type} eq 'page' }
        @{ $self->call('Target.getTargets')->{targetInfos} };

    $self->{session} = $self->call('Target.attachToTarget',
        { targetId => $target->{targetId}, flatten => JSON::PP::true })->{sessionId};

    $self->call("$_.enable") for qw(Page Runtime Log Network);

    return $self;
}


# One call of the protocol, its result.
sub call {
    my ($self, $method, $params) = @_;

    my $id = ++$self->{id};

    print { $self->{to} } JSON::PP::encode_json({
        id     => $id,
        method => $method,
        params => $params // {},
        defined $self->{session} ? (sessionId => $self->{session}) : (),
    }), "\0" or die "the browser is gone\n";

    while (1) {
        my $message = $self->next_message($PATIENCE) // die "$method: no answer\n";

        if (($message->{id} // 0) == $id) {
            die "$method: $message->{error}{message}\n" if $message->{error};
            return $message->{result};
        }
    }
}


sub next_message {
    my ($self, $patience) = @_;

    my $end = Time::HiRes::time() + $patience;

    while ($self->{input} !~ m/\0/) {
        my $left = $end - Time::HiRes::time();
        my $bits = '';

        vec($bits, fileno $self->{from}, 1) = 1;
        return if $left <= 0 || !select $bits, undef, undef, $left;

        sysread $self->{from}, $self->{input}, 65536, length $self->{input}
            or die "the browser is gone\n";
    }

    $self->{input} =~ s/\A([^\0]*)\0//;

    my $message = JSON::PP::decode_json($1);

    $self->note($message) if $message->{method};

    return $message;
}


# Keeps what a page must not cause: errors, violations, requests elsewhere.
sub note {
    my ($self, $message) = @_;

    my ($method, $params) = @$message{qw(method params)};

    if ($method eq 'Log.entryAdded' && $params->{entry}{level} =~ m/error|warning/) {
        push @{ $self->{problems} }, "$params->{entry}{source}: $params->{entry}{text}"
            . (defined $params->{entry}{url} ? " ($params->{entry}{url})" : '');

    } elsif ($method eq 'Runtime.exceptionThrown') {
        push @{ $self->{problems} }, $params->{exceptionDetails}{exception}{description}
            // $params->{exceptionDetails}{text};

    } elsif ($method eq 'Runtime.consoleAPICalled') {
        push @{ $self->{problems} }, join ' ', 'console:',
            map { $_->{value} // $_->{description} // '' } @{ $params->{args} };

    } elsif ($method eq 'Network.requestWillBeSent') {
        push @{ $self->{requests} }, $params->{request}{url};

    } elsif ($method eq 'Page.javascriptDialogOpening') {
        push @{ $self->{problems} }, "a dialog: $params->{message}";

    } elsif ($method eq 'Page.loadEventFired') {
        $self->{loaded} = 1;
    }

    return;
}


# Opens URL, returns when it is loaded.
sub open_page {
    my ($self, $url) = @_;

    my $end = Time::HiRes::time() + $PATIENCE;

    $self->{loaded} = 0;

    my $result = $self->call('Page.navigate', { url => $url });
    die "$url: $result->{errorText}\n" if $result->{errorText};

    while (!$self->{loaded}) {
        $self->next_message($end - Time::HiRes::time()) // die "$url: does not load\n";
    }

    return;
}


# The value of an expression of JavaScript; a promise is waited for.
sub value {
    my ($self, $expression) = @_;

    my $result = $self->call('Runtime.evaluate', {
        expression    => $expression,
        returnByValue => JSON::PP::true,
        awaitPromise  => JSON::PP::true,
    });

    die "$expression: $result->{exceptionDetails}{exception}{description}\n"
        if $result->{exceptionDetails};

    return $result->{result}{value};
}


# The expression's value as soon as it is true, or its last one.
sub wait_for {
    my ($self, $expression, $patience) = @_;

    my $end = Time::HiRes::time() + ($patience // $PATIENCE);

    while (1) {
        my $value = $self->value($expression);

        return $value if $value || Time::HiRes::time() > $end;
        Time::HiRes::sleep(0.03);
    }
}


# What is shown of the elements of a selector, one string.
sub text {
    my ($self, $selector) = @_;

    return $self->value('Array.from(document.querySelectorAll(' . quoted($selector)
        . '), (one) => one.innerText).join("\n")');
}


sub quoted { return JSON::PP->new->allow_nonref->encode($_[0]) }


# A click of the mouse into the middle of the first visible element.  One that the
# page moved away from is made again, as people do.
sub click {
    my ($self, $selector) = @_;

    for (1 .. 3) {
        my $at = $self->value('(() => { const one = Array.from(document.querySelectorAll('
            . quoted($selector) . ')).find((node) => node.getClientRects().length);'
            . 'if (!one) return null; one.scrollIntoView({ block: "center", behavior: "instant" });'
            . 'window.clicked = false;'
            . 'one.addEventListener("click", () => { window.clicked = true; }, { capture: true, once: true });'
            . 'const box = one.getBoundingClientRect();'
            . 'return [box.left + box.width / 2, box.top + box.height / 2]; })()')
            // die "nothing to click: $selector\n";

        for my $type (qw(mousePressed mouseReleased)) {
            $self->call('Input.dispatchMouseEvent', { type => $type, x => $at->[0],
                y => $at->[1], button => 'left', clickCount => 1 });
        }

        return if $self->value('window.clicked');
    }

    die "cannot be clicked: $selector\n";
}


# Keys by name, one after the other.
sub press {
    my ($self, @names) = @_;

    for my $name (@names) {
        my %key = (key => $name, %{ $Keys{$name} // die "unknown key $name\n" });

        $self->call('Input.dispatchKeyEvent', { type => 'keyDown', %key });
        $self->call('Input.dispatchKeyEvent', { type => 'keyUp', %key });
    }

    return;
}


sub type {
    my ($self, $text) = @_;

    $self->call('Input.insertText', { text => $text });

    return;
}


# The width and height of the window, "light" or "dark".
sub view {
    my ($self, $width, $height, $scheme) = @_;

    $self->call('Emulation.setDeviceMetricsOverride', { width => $width + 0,
        height => $height + 0, deviceScaleFactor => 1, mobile => JSON::PP::false });
    $self->call('Emulation.setEmulatedMedia', { features =>
        [ { name => 'prefers-color-scheme', value => $scheme // 'light' } ] });

    return;
}


# Whether pages that are opened from now on run scripts.
sub scripts {
    my ($self, $on) = @_;

    $self->call('Emulation.setScriptExecutionDisabled',
        { value => $on ? JSON::PP::false : JSON::PP::true });

    return;
}


# Writes a PNG of the whole page, or of the part that fits into the view.
sub screenshot {
    my ($self, $path, $view_only) = @_;

    my %part = $view_only ? () : (captureBeyondViewport => JSON::PP::true);
    my $data = $self->call('Page.captureScreenshot', { format => 'png', %part })->{data};

    open my $file, '>:raw', $path or die "cannot write $path: $!\n";
    print {$file} MIME::Base64::decode_base64($data);
    close $file or die "cannot write $path: $!\n";

    return;
}


# What went wrong since it was last asked.
sub problems {
    my ($self) = @_;

    my @problems = @{ $self->{problems} };

    $self->{problems} = [];

    return @problems;
}


# The URLs asked for since it was last asked.
sub requested {
    my ($self) = @_;

    my @urls = @{ $self->{requests} // [] };

    $self->{requests} = [];

    return @urls;
}


sub until_gone {
    my ($pid) = @_;

    for (1 .. 100) {
        return 1 if waitpid $pid, POSIX::WNOHANG;
        Time::HiRes::sleep(0.02);
    }

    return 0;
}


sub DESTROY {
    my ($self) = @_;

    my $status = $?;

    if ($self->{pid}) {
        # its helpers still write for a moment
        eval { $self->call('Browser.close') };
        if (!until_gone($self->{pid})) {
            kill 'KILL', $self->{pid};
            waitpid $self->{pid}, 0;
        }
    }

    for (1 .. 100) {
        File::Path::remove_tree($self->{home}, { error => \my $errors });
        last if !@$errors;
        Time::HiRes::sleep(0.02);
    }

    $? = $status;

    return;
}


1;


__END__

=head1 NAME

SlackBrowser - a headless Chromium for tests

=head1 SYNOPSIS

    use SlackBrowser;

    my $browser = SlackBrowser->new;

    $browser->view(360, 800, 'dark');
    $browser->open_page('http://127.0.0.1:1984/slack/');
    $browser->click('button.test');
    $browser->press('Tab', 'Enter');
    is($browser->text('h1'), 'Slack', 'the heading');
    is(join("\n", $browser->problems), '', 'no errors');

=head1 DESCRIPTION

C<program> is the path of the browser that is installed, if one is.  Chromium runs with an
empty profile and is told what to do by its DevTools protocol through two pipes, so that
neither a driver nor a port is needed.  C<problems> are errors and warnings of the console,
among them violations of the page's policy, exceptions and dialogs.

=cut
