package SlackStandin::Decode;

# From the body of a request to the message in it: JSON or form, as webhooks and the
# Web API take them.  Does not judge the message.

use Mojo::Base -strict, -signatures;

use Exporter qw(import);
use Mojo::JSON ();
use Mojo::Parameters;
use SlackStandin::Strict qw(decode_strict decode_utf8_strict);

our @EXPORT_OK = qw(decode_webhook decode_api plain_value reason);


# Reads the body of a webhook: sets payload, or broken to error and reason.
sub decode_webhook ($c, $in) {
    my ($type, $charset) = _content_type($c);

    $in->{payload} = eval {
        die "charset $charset, Slack wants UTF-8\n" if $charset !~ m/^utf-?8\z/i;

        if ($type eq 'application/x-www-form-urlencoded') {
            my $json = _fields($c->req->body)->{payload} // die "form without payload=\n";

            utf8::encode($json);
            decode_strict($json);
        }

        elsif ($type eq 'application/json') {
            decode_strict($c->req->body);
        }

        else {
            die "content type \"$type\", neither JSON nor form\n";
        }
    };

    $in->{broken} = ['invalid_payload', reason($@)] if $@;

    return;
}


# The same for the Web API, where a form may hold the token; JSON tells whether the
# method reads JSON.
sub decode_api ($c, $in, $token, $json) {
    my ($type, $charset) = _content_type($c);

    if ($c->req->method eq 'GET') {
        $in->{payload} = eval { _fields($c->req->url->query->to_string) };
        $in->{broken}  = ['invalid_arguments', reason($@)] if $@;
        delete $in->{payload}{token} if $in->{payload};
    }

    elsif ($charset !~ m/^(?:utf-?8|iso-8859-1)\z/i) {
        $in->{broken} = ['invalid_charset', "charset $charset, Slack wants UTF-8"];
    }

    elsif ($type eq 'application/json') {
        $in->{payload} = eval { decode_strict($c->req->body) };
        $in->{broken}  = ['invalid_json', reason($@)] if $@;
        $in->{broken}  = ['json_not_object', 'not an object']
            if !$@ && ref $in->{payload} ne 'HASH';
        $in->{broken}  = ['invalid_arguments', "$in->{method} takes a form or a query, no JSON"]
            if !$json;
    }

    elsif ($type eq 'application/x-www-form-urlencoded') {
        $in->{payload} = eval { _arguments(_fields($c->req->body)) };
        $in->{broken}  = ['invalid_arguments', reason($@)] if $@;

        my $inside = $in->{payload} && delete $in->{payload}{token};
        $$token //= $inside;
    }

    elsif ($type eq '' && $c->req->body eq '') {
        $in->{payload} = {};
    }

    else {
        $in->{broken} = ['invalid_post_type', "content type \"$type\", neither JSON nor form"];
    }

    return;
}


# VALUE if it can stand for a name, else undef.
sub plain_value ($value) { return ref $value || ($value // '') eq '' ? undef : "$value" }


# What a die said, without its place.
sub reason ($said) { return $said =~ s/\s+\z//r =~ s/ at \S+ line \d+\.\z//r }


sub _content_type ($c) {
    my $header = lc($c->req->headers->content_type // '');
    my ($type) = $header =~ m/^\s*([^;\s]*)/;
    my ($charset) = $header =~ m/;\s*charset\s*=\s*"?([^";\s]+)/;

    return ($type, $charset // 'utf-8');
}


# The fields of a form or a query, as characters.
sub _fields ($text) {
    my $pairs = Mojo::Parameters->new($text)->charset(undef)->to_hash;

    for my $key (keys %$pairs) {
        die "form field \"$key\" twice\n" if ref $pairs->{$key};
        $pairs->{$key} = decode_utf8_strict($pairs->{$key});
    }

    return $pairs;
}


# Form fields as the Web API reads them: structures are JSON, booleans are words.
sub _arguments ($form) {
    for my $key (qw(attachments blocks metadata)) {
        next if !exists $form->{$key};

        utf8::encode(my $json = $form->{$key});
        $form->{$key} = eval { decode_strict($json) } // die "$key: " . reason($@) . "\n";
    }

    for my $key (qw(mrkdwn unfurl_links unfurl_media link_names reply_broadcast)) {
        next if ($form->{$key} // '') !~ m/^(?:true|false|0|1)\z/;

        $form->{$key} = $form->{$key} =~ m/^(?:true|1)\z/ ? Mojo::JSON->true : Mojo::JSON->false;
    }

    return $form;
}


1;
