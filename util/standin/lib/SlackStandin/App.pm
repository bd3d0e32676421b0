package SlackStandin::App;

# The stand-in's web application: its state, and which part answers which path.

use Mojo::Base 'Mojolicious', -signatures;

use Time::HiRes qw(time);

use SlackStandin::Channels;
use SlackStandin::Command qw(give_command);
use SlackStandin::Control qw(reset_all declare_channels delete_message add_faults show_faults);
use SlackStandin::Faults;
use SlackStandin::Pace;
use SlackStandin::Page qw(front events);
use SlackStandin::Reading qw(received requests);
use SlackStandin::Store;
use SlackStandin::WebApi qw(web_api);
use SlackStandin::Webhook qw(slack_webhook receiver_webhook);

has store    => sub { SlackStandin::Store->new };
has faults   => sub { SlackStandin::Faults->new };
has pace     => sub { SlackStandin::Pace->new };
has channels => sub { SlackStandin::Channels->new };
has strict   => 1;
has duplicates => 1;    # whether client_msg_id tells a message from a retry
has team     => '';
has pages    => sub { die 'no page directories' };


sub startup ($self) {
    my $r = $self->routes;

    $self->mode('production');
    $self->log->level('error');
    $self->secrets(['none: no cookies here']);
    $self->renderer->compress(0);
    $self->static->paths($self->pages);

    my $post = sub ($path, $do) { $r->post($path)->to(cb => sub ($c) { $do->($self, $c) }) };
    my $get  = sub ($path, $do) { $r->get($path)->to(cb => sub ($c) { $do->($self, $c) }) };

    $post->('/services/*hook', \&slack_webhook);

    for my $kind ([ 'discord',    '/api/webhooks/<*hook>/slack',
                    qr{[A-Za-z0-9_-]+/[A-Za-z0-9_-]+} ],
                  [ 'rocketchat', '/hooks/*hook', qr{[A-Za-z0-9_-]+/[A-Za-z0-9_-]+} ],
                  [ 'mattermost', '/hooks/*hook', qr{[A-Za-z0-9_-]+} ])
    {
        my ($name, $path, $pattern) = @$kind;

        $r->post($path => [ hook => $pattern ])
          ->to(cb => sub ($c) { receiver_webhook($self, $c, $name) });
    }

    $r->any([qw(GET POST)] => '/api/:method' => [ method => qr/[A-Za-z.]+/ ])
      ->to(cb => sub ($c) { web_api($self, $c) });

    $r->any([qw(GET POST)] => '/_reset')->to(cb => sub ($c) { reset_all($self, $c) });
    $post->('/_channel', \&declare_channels);
    $post->('/_command', \&give_command);
    $post->('/_delete', \&delete_message);
    $post->('/_fault', \&add_faults);
    $get->('/_fault', \&show_faults);
    $get->('/_received', sub ($app, $c) { received($app, $c, 'messages_json') });
    $get->('/_received.txt', sub ($app, $c) { received($app, $c, 'messages_text') });
    $get->('/_requests', sub ($app, $c) { requests($app, $c, 'requests_json') });
    $get->('/_requests.txt', sub ($app, $c) { requests($app, $c, 'requests_text') });
    $get->('/_events', sub ($app, $c) { events($c, $app->store) });
    $get->('/', sub ($app, $c) { front($c) });
    $r->any('/*rest' => { rest => '' })->to(cb => sub ($c) { _unknown($self, $c) });

    return;
}


sub _unknown ($self, $c) {
    my $method = $c->req->method;
    my $path   = $c->req->url->path->to_string;

    if ($method eq 'POST' && $path !~ m{^/_}) {
        $self->store->add_request({
            time   => time,
            status => 404,
            error  => 'not_found',
            why    => 'no webhook of Slack or another receiver, nor /api/METHOD',
        });
    }

    $c->res->headers->content_type('text/plain; charset=utf-8');
    $c->render(text => "not found\n", status => 404);

    return;
}


1;
