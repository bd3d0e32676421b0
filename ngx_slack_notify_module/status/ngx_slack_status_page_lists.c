
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The dead letters on the page, each with its message as Slack would show it.
 * Runs in a pool thread.
 */


#include <ngx_slack_status_page.h>
#include <ngx_slack_equal.h>


typedef enum {
    NGX_SLACK_SHOWN_COLOR = 0,
    NGX_SLACK_SHOWN_PRETEXT,
    NGX_SLACK_SHOWN_AUTHOR,
    NGX_SLACK_SHOWN_AUTHOR_LINK,
    NGX_SLACK_SHOWN_TITLE,
    NGX_SLACK_SHOWN_TITLE_LINK,
    NGX_SLACK_SHOWN_TEXT,
    NGX_SLACK_SHOWN_FIELD,
    NGX_SLACK_SHOWN_VALUE,
    NGX_SLACK_SHOWN_FOOTER,
    NGX_SLACK_SHOWN_FALLBACK,
    NGX_SLACK_SHOWN_LAST
} ngx_slack_shown_e;


/* a stored message as it was read: the values at each of these paths */

typedef struct {
    ngx_slack_json_t           *json;
    ngx_int_t                   slots[NGX_SLACK_SHOWN_LAST];
} ngx_slack_shown_t;


static ngx_slack_json_paths_t *ngx_slack_lists_paths(
    ngx_slack_status_snapshot_t  *s, ngx_slack_shown_t *shown);
static void ngx_slack_lists_dead_letter(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t  *text, ngx_slack_status_dead_letter_t *dead_letter);
static void ngx_slack_lists_message(ngx_slack_text_t *text,
    ngx_slack_shown_t *shown);
static void ngx_slack_lists_fields(ngx_slack_text_t *text,
    ngx_slack_shown_t *shown);
static ngx_str_t *ngx_slack_lists_value(ngx_slack_shown_t *shown,
    ngx_slack_shown_e which);
static void ngx_slack_lists_marked(ngx_slack_text_t *text, const char *name,
    ngx_str_t *value);
static void ngx_slack_lists_color(ngx_slack_text_t *text, ngx_str_t *color);


static ngx_str_t  ngx_slack_lists_names[NGX_SLACK_SHOWN_LAST] = {
    [NGX_SLACK_SHOWN_COLOR] = ngx_string("attachments[].color"),
    [NGX_SLACK_SHOWN_PRETEXT] = ngx_string("attachments[].pretext"),
    [NGX_SLACK_SHOWN_AUTHOR] = ngx_string("attachments[].author_name"),
    [NGX_SLACK_SHOWN_AUTHOR_LINK] = ngx_string("attachments[].author_link"),
    [NGX_SLACK_SHOWN_TITLE] = ngx_string("attachments[].title"),
    [NGX_SLACK_SHOWN_TITLE_LINK] = ngx_string("attachments[].title_link"),
    [NGX_SLACK_SHOWN_TEXT] = ngx_string("attachments[].text"),
    [NGX_SLACK_SHOWN_FIELD] = ngx_string("attachments[].fields[].title"),
    [NGX_SLACK_SHOWN_VALUE] = ngx_string("attachments[].fields[].value"),
    [NGX_SLACK_SHOWN_FOOTER] = ngx_string("attachments[].footer"),
    [NGX_SLACK_SHOWN_FALLBACK] = ngx_string("attachments[].fallback")
};


void
ngx_slack_page_dead_letters(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text)
{
    ngx_uint_t                       i, more;
    ngx_slack_status_dead_letter_t  *dead_letter;

    if (s->dead_letters.nelts == 0) {
        ngx_slack_page_put(text, "<div class=\"empty\"><p>No dead letters: "
                                 "Slack has refused nothing for good.</p>"
                                 "</div>");
        return;
    }

    dead_letter = s->dead_letters.elts;

    for (i = 0; i < s->dead_letters.nelts; i++) {
        ngx_slack_lists_dead_letter(s, text, &dead_letter[i]);
    }

    if (s->dead_letters.nelts > NGX_SLACK_DEAD_LETTERS_DEFAULT) {
        ngx_slack_page_put(text, "<p class=\"soft\">");
        ngx_slack_html_number(text, s->dead_letters.nelts);
        ngx_slack_page_put(text, " are shown. <a href=\"?#dead\" "
                                 "data-set=\"dead=\">Show fewer</a></p>");

    } else if (s->dead > s->dead_letters.nelts) {
        more = s->dead - s->dead_letters.nelts;

        ngx_slack_page_put(text, "<p class=\"soft\">");
        ngx_slack_html_number(text, more);
        ngx_slack_page_put(text, " older ones are not shown; Replay all and "
                                 "Drop all take them, too.");
        ngx_slack_page_put(text, " <a href=\"?dead=100#dead\" "
                                 "data-set=\"dead=100\">Show more</a></p>");
    }
}


static void
ngx_slack_lists_dead_letter(ngx_slack_status_snapshot_t *s,
    ngx_slack_text_t *text, ngx_slack_status_dead_letter_t *dead_letter)
{
    u_char                  *last, id[NGX_INT64_LEN];
    ngx_str_t                hint;
    ngx_slack_shown_t        shown;
    ngx_slack_json_paths_t  *paths;

    last = ngx_sprintf(id, "%L", dead_letter->id);

    ngx_slack_page_put(text, "<article class=\"dead-letter\" id=\"dead-");
    ngx_slack_text_append(text, id, (size_t) (last - id));
    ngx_slack_page_put(text, "\" data-key=\"");
    ngx_slack_text_append(text, id, (size_t) (last - id));
    ngx_slack_page_put(text, "\"><div class=\"head\"><input type=\"checkbox\" "
                             "class=\"live\" data-dead-letter=\"");
    ngx_slack_text_append(text, id, (size_t) (last - id));
    ngx_slack_page_put(text, "\" aria-label=\"Choose dead letter ");
    ngx_slack_text_append(text, id, (size_t) (last - id));
    ngx_slack_page_put(text, "\"><h3>");
    ngx_slack_html_value(text, &dead_letter->workspace);
    ngx_slack_page_put(text, " ");
    ngx_slack_page_channel(text, &dead_letter->channel);
    ngx_slack_page_put(text, "</h3><span>");
    ngx_slack_html_value(text, &dead_letter->event);
    ngx_slack_page_put(text, " <span class=\"soft\">");
    ngx_slack_html_value(text, &dead_letter->project);
    ngx_slack_page_put(text, "</span></span><span class=\"soft\">died ");
    ngx_slack_html_time(text, dead_letter->died, s->now);
    ngx_slack_page_put(text, ", ");
    ngx_slack_page_many(text, dead_letter->attempts, "attempt");
    ngx_slack_page_put(text, ", no. ");
    ngx_slack_text_append(text, id, (size_t) (last - id));
    ngx_slack_page_put(text, "</span><span class=\"do\">");
    ngx_slack_page_button(s, text, "replay", NULL, NULL, dead_letter->id);
    ngx_slack_page_button(s, text, "drop", NULL, NULL, dead_letter->id);
    ngx_slack_page_put(text, "</span></div><p class=\"answer\">");
    ngx_slack_html_value(text, &dead_letter->answer);

    if (dead_letter->hint) {
        hint.data = (u_char *) dead_letter->hint;
        hint.len = ngx_strlen(dead_letter->hint);

        ngx_slack_page_put(text, ": ");
        ngx_slack_html_value(text, &hint);
    }

    ngx_slack_page_put(text, "</p><div class=\"shown\" data-fixed=\"");
    ngx_slack_text_append(text, id, (size_t) (last - id));
    ngx_slack_page_put(text, "\">");

    paths = ngx_slack_lists_paths(s, &shown);

    shown.json = paths ? ngx_slack_json_create(paths, s->pool) : NULL;

    if (shown.json == NULL) {
        text->failed = 1;
        return;
    }

    if (dead_letter->message.len
        && ngx_slack_json_parse(shown.json, dead_letter->message.data,
                                dead_letter->message.len)
           == NGX_OK
        && ngx_slack_json_finish(shown.json) == NGX_OK)
    {
        ngx_slack_lists_message(text, &shown);

    } else {
        ngx_slack_page_put(text, "<span class=\"soft\">The message cannot be "
                                 "read.</span>");
    }

    ngx_slack_page_put(text, "</div></article>");
}


static ngx_slack_json_paths_t *
ngx_slack_lists_paths(ngx_slack_status_snapshot_t *s, ngx_slack_shown_t *shown)
{
    ngx_uint_t               i;
    ngx_slack_json_paths_t  *paths;

    paths = ngx_slack_json_paths_create(s->pool);
    if (paths == NULL) {
        return NULL;
    }

    for (i = 0; i < NGX_SLACK_SHOWN_LAST; i++) {

        shown->slots[i] = ngx_slack_json_paths_add(paths,
                                                   &ngx_slack_lists_names[i]);
        if (shown->slots[i] == NGX_ERROR) {
            return NULL;
        }
    }

    return (ngx_slack_json_paths_compile(paths) == NGX_OK) ? paths : NULL;
}


/* a dead letter is one attachment */

static void
ngx_slack_lists_message(ngx_slack_text_t *text, ngx_slack_shown_t *shown)
{
    ngx_str_t   none, *value, *link;
    ngx_uint_t  title;

    ngx_str_null(&none);

    ngx_slack_lists_marked(text, "text",
                           ngx_slack_lists_value(shown,
                                                 NGX_SLACK_SHOWN_PRETEXT));

    ngx_slack_page_put(text, "<div class=\"attachment\">");

    ngx_slack_lists_color(text, ngx_slack_lists_value(shown,
                                                      NGX_SLACK_SHOWN_COLOR));

    ngx_slack_page_put(text, "<div class=\"inside\">");

    for (title = 0; title < 2; title++) {

        value = ngx_slack_lists_value(shown, title ? NGX_SLACK_SHOWN_TITLE
                                                   : NGX_SLACK_SHOWN_AUTHOR);
        link = ngx_slack_lists_value(shown,
                                     title ? NGX_SLACK_SHOWN_TITLE_LINK
                                           : NGX_SLACK_SHOWN_AUTHOR_LINK);

        if (value) {
            ngx_slack_page_put(text, title ? "<div class=\"title\">"
                                           : "<div class=\"author\">");
            ngx_slack_html_link(text, link ? link : &none, value);
            ngx_slack_page_put(text, "</div>");
        }
    }

    value = ngx_slack_lists_value(shown, NGX_SLACK_SHOWN_TEXT);

    if (value == NULL
        && ngx_slack_lists_value(shown, NGX_SLACK_SHOWN_PRETEXT) == NULL
        && ngx_slack_lists_value(shown, NGX_SLACK_SHOWN_TITLE) == NULL)
    {
        value = ngx_slack_lists_value(shown, NGX_SLACK_SHOWN_FALLBACK);
    }

    ngx_slack_lists_marked(text, "text", value);

    ngx_slack_lists_fields(text, shown);

    ngx_slack_lists_marked(text, "footer",
                           ngx_slack_lists_value(shown,
                                                 NGX_SLACK_SHOWN_FOOTER));

    ngx_slack_page_put(text, "</div></div>");
}


static void
ngx_slack_lists_fields(ngx_slack_text_t *text, ngx_slack_shown_t *shown)
{
    ngx_int_t               *slots;
    ngx_slack_json_value_t  *name, *value;

    slots = shown->slots;

    name = ngx_slack_json_values(shown->json,
                                 (ngx_uint_t) slots[NGX_SLACK_SHOWN_FIELD]);
    value = ngx_slack_json_values(shown->json,
                                  (ngx_uint_t) slots[NGX_SLACK_SHOWN_VALUE]);

    if (value == NULL) {
        return;
    }

    ngx_slack_page_put(text, "<div class=\"fields\">");

    for ( /* void */ ; value; value = value->next) {

        ngx_slack_page_put(text, "<div class=\"field short\">");

        if (name) {
            ngx_slack_lists_marked(text, "name", &name->text);
            name = name->next;
        }

        ngx_slack_lists_marked(text, "value", &value->text);
        ngx_slack_page_put(text, "</div>");
    }

    ngx_slack_page_put(text, "</div>");
}


/* NULL: there is no value */

static ngx_str_t *
ngx_slack_lists_value(ngx_slack_shown_t *shown, ngx_slack_shown_e which)
{
    ngx_slack_json_value_t  *value;

    value = ngx_slack_json_value(shown->json,
                                 (ngx_uint_t) shown->slots[which]);

    return (value && value->text.len) ? &value->text : NULL;
}


static void
ngx_slack_lists_marked(ngx_slack_text_t *text, const char *name,
    ngx_str_t *value)
{
    if (value == NULL) {
        return;
    }

    ngx_slack_page_put(text, "<div class=\"");
    ngx_slack_page_put(text, name);
    ngx_slack_page_put(text, "\">");
    ngx_slack_html_mrkdwn(text, value);
    ngx_slack_page_put(text, "</div>");
}


/*
 * Appends a color as an attribute of SVG, because the page's policy does not
 * allow style attributes.  Slack's names of colors:
 * docs.slack.dev/messaging/formatting-message-text
 */

static void
ngx_slack_lists_color(ngx_slack_text_t *text, ngx_str_t *color)
{
    ngx_str_t  *shown;
    ngx_uint_t  i;

    static struct {
        ngx_str_t   name;
        ngx_str_t   color;
    } names[] = {
        { ngx_string("good"), ngx_string("#2eb67d") },
        { ngx_string("warning"), ngx_string("#daa038") },
        { ngx_string("danger"), ngx_string("#a30200") }
    };

    shown = NULL;

    if (color && color->len == 7 && color->data[0] == '#'
        && ngx_hextoi(color->data + 1, 6) != NGX_ERROR)
    {
        shown = color;
    }

    for (i = 0; color && i < sizeof(names) / sizeof(names[0]); i++) {

        if (ngx_slack_equal(color, &names[i].name)) {
            shown = &names[i].color;
        }
    }

    ngx_slack_page_put(text, "<div class=\"bar\">");

    if (shown) {
        ngx_slack_page_put(text, "<svg class=\"color\" aria-hidden=\"true\">"
                                 "<rect width=\"4\" height=\"100%\" rx=\"2\" "
                                 "fill=\"");
        ngx_slack_html_value(text, shown);
        ngx_slack_page_put(text, "\"></rect></svg>");
    }

    ngx_slack_page_put(text, "</div>");
}
