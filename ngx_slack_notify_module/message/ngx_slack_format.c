
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the formatters share: the phrases that recur in the sentences, which
 * follow GitLab's, and the parts of an attachment.  Knows events and JSON;
 * runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_format.h>
#include <ngx_slack_equal.h>


#define NGX_SLACK_FORMAT_SHA  8


static void ngx_slack_format_person(ngx_slack_text_t *text,
    ngx_slack_event_t *event, ngx_str_t *url);
static void ngx_slack_format_key(ngx_slack_attachment_t *a, const char *key);


ngx_str_t *
ngx_slack_format_status(ngx_slack_event_t *event)
{
    return event->action.len ? &event->action : &event->state;
}


const ngx_str_t *
ngx_slack_format_wording(const ngx_slack_wording_t *table, ngx_str_t *word)
{
    for ( /* void */ ; table->word.len; table++) {

        if (ngx_slack_equal(&table->word, word)) {
            return &table->said;
        }
    }

    return table->said.len ? &table->said : NULL;
}


void
ngx_slack_format_words(ngx_slack_words_t *words)
{
    ngx_slack_text_init(&words->text, NULL, words->buf, sizeof(words->buf),
                        NGX_SLACK_REASON_MAX);
}


void
ngx_slack_format_link(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_slack_words_t *words)
{
    ngx_str_t  label;

    label.data = words->text.start;
    label.len = words->text.len;

    if (url) {
        ngx_slack_text_link(text, url, &label, NGX_SLACK_REASON_MAX);

    } else {
        ngx_slack_text_label(text, &label, NGX_SLACK_REASON_MAX);
    }

    if (words->text.failed) {
        text->failed = 1;
        text->full = 1;
    }

    ngx_slack_text_done(&words->text);
}


static void
ngx_slack_format_person(ngx_slack_text_t *text, ngx_slack_event_t *event,
    ngx_str_t *url)
{
    ngx_str_t          name, user;
    ngx_slack_words_t  words;

    /* a name may be blank */

    name = ngx_slack_text_first_line(&event->user_name);
    user = ngx_slack_text_first_line(&event->user);

    ngx_slack_format_words(&words);

    if (name.len == 0 && user.len == 0) {
        ngx_slack_text_lit(&words.text, "Somebody");

    } else if (name.len == 0) {
        ngx_slack_text_verbatim(&words.text, &user, NGX_SLACK_NAME_MAX);

    } else {
        ngx_slack_text_verbatim(&words.text, &name, NGX_SLACK_NAME_MAX);

        if (user.len) {
            ngx_slack_text_lit(&words.text, " (");
            ngx_slack_text_verbatim(&words.text, &user, NGX_SLACK_NAME_MAX);
            ngx_slack_text_lit(&words.text, ")");
        }
    }

    ngx_slack_format_link(text, url, &words);
}


void
ngx_slack_format_actor(ngx_slack_text_t *text, ngx_slack_event_t *event)
{
    ngx_slack_format_person(text, event, NULL);
}


void
ngx_slack_format_actor_link(ngx_slack_text_t *text, ngx_slack_event_t *event)
{
    ngx_slack_format_person(text, event, &event->user_url);
}


void
ngx_slack_format_by_actor(ngx_slack_text_t *text, ngx_slack_event_t *event)
{
    if (event->user.len || event->user_name.len) {
        ngx_slack_text_lit(text, " by ");
        ngx_slack_format_actor(text, event);
    }
}


void
ngx_slack_format_said(ngx_slack_text_t *text,
    const ngx_slack_wording_t *table, ngx_slack_event_t *event)
{
    ngx_str_t        *status;
    const ngx_str_t  *said;

    status = ngx_slack_format_status(event);
    said = ngx_slack_format_wording(table, status);

    if (said) {
        ngx_slack_text_lit(text, " ");
        ngx_slack_format_str(text, said);

    } else if (status->len) {
        ngx_slack_text_lit(text, " ");
        ngx_slack_text_label(text, status, NGX_SLACK_NAME_MAX);
    }
}


void
ngx_slack_format_project(ngx_slack_text_t *text, ngx_slack_event_t *event)
{
    ngx_str_t  *name;

    name = event->project_name.len ? &event->project_name : &event->project;

    if (name->len) {
        ngx_slack_text_link(text, &event->project_url, name,
                            NGX_SLACK_HEADLINE_MAX);
    }
}


void
ngx_slack_format_in_project(ngx_slack_text_t *text, ngx_slack_event_t *event)
{
    if (event->project_name.len || event->project.len) {
        ngx_slack_text_lit(text, " in ");
        ngx_slack_format_project(text, event);
    }
}


void
ngx_slack_format_compare(ngx_slack_text_t *text, ngx_slack_event_t *event)
{
    ngx_slack_format_page(text, &event->compare_url, "Compare changes");
}


void
ngx_slack_format_page(ngx_slack_text_t *text, ngx_str_t *url,
    const char *name)
{
    size_t     mark;
    ngx_str_t  label;

    if (text->plain || text->full || url->len == 0) {
        return;
    }

    label.data = (u_char *) name;
    label.len = ngx_strlen(name);

    mark = text->len;

    ngx_slack_text_lit(text, " (");
    ngx_slack_text_link(text, url, &label, label.len);

    /* without a link the words are of no use */

    if (text->full || text->start[mark + 2] != '<') {
        ngx_slack_text_rollback(text, mark);
        return;
    }

    ngx_slack_text_lit(text, ")");
}


void
ngx_slack_format_request(ngx_slack_text_t *text, ngx_slack_event_t *event)
{
    ngx_slack_words_t  words;

    ngx_slack_format_words(&words);

    ngx_slack_text_verbatim(&words.text, &event->request, NGX_SLACK_NAME_MAX);

    if (event->request_title.len) {
        ngx_slack_text_lit(&words.text, " ");
        ngx_slack_text_verbatim(&words.text, &event->request_title,
                                NGX_SLACK_HEADLINE_MAX);
    }

    ngx_slack_format_link(text, &event->request_url, &words);
}


void
ngx_slack_format_request_field(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event)
{
    ngx_slack_text_t  *text;

    if (event->request.len == 0) {
        return;
    }

    text = ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD);
    ngx_slack_format_request(text, event);
    ngx_slack_format_field(a, event->request.data[0] == '!' ? "Merge request"
                                                            : "Pull request",
                           1);
}


void
ngx_slack_format_object(ngx_slack_text_t *text, ngx_slack_event_t *event,
    char sigil)
{
    ngx_str_t          title;
    ngx_slack_words_t  words;

    if (event->number.len == 0 && event->title.len == 0
        && event->url.len == 0)
    {
        return;
    }

    if (text->len) {
        ngx_slack_text_lit(text, " ");
    }

    ngx_slack_format_words(&words);

    if (event->number.len) {
        ngx_slack_text_append(&words.text, (u_char *) &sigil, 1);
        ngx_slack_text_verbatim(&words.text, &event->number,
                                NGX_SLACK_NAME_MAX);
        ngx_slack_text_lit(&words.text, " ");
    }

    title = event->title;

    if (event->mark) {
        title.data += event->mark;
        title.len -= event->mark;
    }

    ngx_slack_text_verbatim(&words.text, &title, NGX_SLACK_HEADLINE_MAX);

    ngx_slack_format_link(text, &event->url, &words);
}


void
ngx_slack_format_more(ngx_slack_text_t *text, ngx_uint_t shown,
    ngx_uint_t total, const char *what, ngx_str_t *url)
{
    ngx_slack_words_t  words;

    ngx_slack_format_words(&words);

    if (shown) {
        ngx_slack_text_lit(&words.text, "and ");
    }

    ngx_slack_text_number(&words.text, total - shown);

    if (shown) {
        ngx_slack_text_lit(&words.text, " more");
    }

    ngx_slack_text_lit(&words.text, " ");
    ngx_slack_text_raw(&words.text, (u_char *) what, ngx_strlen(what));

    if (total - shown != 1) {
        ngx_slack_text_lit(&words.text, "s");
    }

    ngx_slack_format_link(text, url, &words);
}


ngx_str_t
ngx_slack_format_short_sha(ngx_str_t *sha)
{
    ngx_str_t  s;

    s.data = sha->data;
    s.len = ngx_slack_text_prefix(sha->data, sha->len, NGX_SLACK_FORMAT_SHA);

    return s;
}


void
ngx_slack_format_two_digits(ngx_slack_text_t *text, ngx_uint_t n)
{
    if (n < 10) {
        ngx_slack_text_lit(text, "0");
    }

    ngx_slack_text_number(text, n);
}


void
ngx_slack_format_humanise(ngx_slack_text_t *text, ngx_str_t *word)
{
    u_char            *p;
    size_t             i;
    ngx_slack_words_t  words;

    ngx_slack_format_words(&words);
    ngx_slack_text_verbatim(&words.text, word, NGX_SLACK_NAME_MAX);

    p = words.text.start;

    for (i = 0; i < words.text.len; i++) {
        if (p[i] == '_') {
            p[i] = ' ';
        }
    }

    if (words.text.len) {
        p[0] = (u_char) ngx_toupper(p[0]);
    }

    ngx_slack_format_link(text, NULL, &words);
}


ngx_slack_text_t *
ngx_slack_format_begin(ngx_slack_attachment_t *a, ngx_slack_part_e part)
{
    ngx_slack_text_reset(&a->text, a->receiver->parts[part] >> a->shift);

    return &a->text;
}


static void
ngx_slack_format_key(ngx_slack_attachment_t *a, const char *key)
{
    ngx_slack_json_writer_string(&a->json, (u_char *) key, ngx_strlen(key));
}


void
ngx_slack_format_value(ngx_slack_attachment_t *a, const char *key)
{
    if (a->text.len == 0) {
        return;
    }

    if (a->receiver->sum != NGX_MAX_SIZE_T_VALUE) {
        a->sum += ngx_slack_text_chars(&a->text);
    }

    ngx_slack_format_key(a, key);
    ngx_slack_json_writer_string(&a->json, a->text.start, a->text.len);
}


void
ngx_slack_format_body(ngx_slack_attachment_t *a)
{
    if (a->text.len) {
        ngx_slack_format_value(a, "text");
        a->body = 1;
    }
}


void
ngx_slack_format_quote(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    ngx_slack_text_markdown(ngx_slack_format_begin(a, NGX_SLACK_PART_TEXT),
                            &event->text, &event->project_url);

    if (a->text.len == 0) {
        return;
    }

    ngx_slack_format_color(a, NGX_SLACK_COLOR_NEUTRAL);
    ngx_slack_format_body(a);
    ngx_slack_format_time(a, event);
}


void
ngx_slack_format_field(ngx_slack_attachment_t *a, const char *title,
    ngx_uint_t is_short)
{
    if (a->text.len == 0) {
        return;
    }

    if (!a->fields) {
        a->fields = 1;
        ngx_slack_json_writer_lit(&a->json, "fields");
        ngx_slack_json_writer_array(&a->json);
    }

    ngx_slack_json_writer_object(&a->json);

    ngx_slack_json_writer_lit(&a->json, "title");
    ngx_slack_format_key(a, title);

    ngx_slack_format_value(a, "value");

    ngx_slack_json_writer_lit(&a->json, "short");
    ngx_slack_json_writer_bool(&a->json, is_short);

    ngx_slack_json_writer_object_end(&a->json);
}


void
ngx_slack_format_label_field(ngx_slack_attachment_t *a, const char *title,
    ngx_str_t *label)
{
    ngx_slack_text_label(ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD),
                         label, NGX_SLACK_HEADLINE_MAX);
    ngx_slack_format_field(a, title, 1);
}


void
ngx_slack_format_word_field(ngx_slack_attachment_t *a, const char *title,
    ngx_str_t *word)
{
    ngx_slack_format_humanise(ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD),
                              word);
    ngx_slack_format_field(a, title, 1);
}


void
ngx_slack_format_link_field(ngx_slack_attachment_t *a, const char *title,
    ngx_str_t *url, ngx_str_t *label)
{
    if (label->len == 0) {
        return;
    }

    ngx_slack_text_link(ngx_slack_format_begin(a, NGX_SLACK_PART_FIELD), url,
                        label, NGX_SLACK_HEADLINE_MAX);
    ngx_slack_format_field(a, title, 1);
}


void
ngx_slack_format_fields_end(ngx_slack_attachment_t *a)
{
    if (a->fields) {
        ngx_slack_json_writer_array_end(&a->json);
    }
}


void
ngx_slack_format_label(ngx_slack_attachment_t *a, const char *key,
    ngx_str_t *label, ngx_slack_part_e part)
{
    ngx_slack_text_label(ngx_slack_format_begin(a, part), label,
                         a->receiver->parts[part]);
    ngx_slack_format_value(a, key);
}


void
ngx_slack_format_url(ngx_slack_attachment_t *a, const char *key,
    ngx_str_t *url)
{
    ngx_slack_text_reset(&a->text, NGX_SLACK_TEXT_NO_LIMIT);

    if (ngx_slack_text_url(&a->text, url) == NGX_OK) {
        ngx_slack_format_key(a, key);
        ngx_slack_json_writer_string(&a->json, a->text.start, a->text.len);
    }
}


void
ngx_slack_format_color(ngx_slack_attachment_t *a, const char *color)
{
    if (a->receiver->hex) {

        /* as Slack shows them */

        if (ngx_strcmp(color, NGX_SLACK_COLOR_GOOD) == 0) {
            color = "#2EB886";

        } else if (ngx_strcmp(color, NGX_SLACK_COLOR_WARNING) == 0) {
            color = "#DAA038";

        } else if (ngx_strcmp(color, NGX_SLACK_COLOR_DANGER) == 0) {
            color = "#A30200";
        }
    }

    ngx_slack_format_key(a, "color");
    ngx_slack_format_key(a, color);
}


void
ngx_slack_format_time(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    /* an alert has fields with its times */

    if (event->time > 0 && event->started.len == 0 && event->ended.len == 0) {
        ngx_slack_json_writer_lit(&a->json, "ts");
        ngx_slack_json_writer_integer(&a->json, event->time);
    }
}


void
ngx_slack_format_footer(ngx_slack_attachment_t *a, ngx_slack_event_t *event)
{
    ngx_slack_format_label(a, "footer",
                           event->project_name.len ? &event->project_name
                                                   : &event->project,
                           NGX_SLACK_PART_FOOTER);

    ngx_slack_format_url(a, "footer_icon", &event->project_avatar);
    ngx_slack_format_time(a, event);
}


const char *
ngx_slack_format_status_color(ngx_slack_event_t *event)
{
    ngx_str_t  *status;

    status = ngx_slack_format_status(event);

    if (ngx_slack_format_is(status, "success")) {
        return event->warnings ? NGX_SLACK_COLOR_WARNING
                               : NGX_SLACK_COLOR_GOOD;
    }

    if (ngx_slack_format_is(status, "failed")) {

        /* a job that is allowed to fail */

        return event->warnings ? NGX_SLACK_COLOR_WARNING
                               : NGX_SLACK_COLOR_DANGER;
    }

    if (ngx_slack_format_is(status, "canceled")) {
        return NGX_SLACK_COLOR_WARNING;
    }

    return NGX_SLACK_COLOR_NEUTRAL;
}
