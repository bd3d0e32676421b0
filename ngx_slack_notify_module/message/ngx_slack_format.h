
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Private to message/: what the formatters of the event kinds share.  An event
 * kind is a formatter in a file of its own and its row in ngx_slack_message.c.
 * Runs in the event loop.  A failed allocation sets text->failed, or is kept
 * in the JSON writer.
 */


#ifndef _NGX_SLACK_FORMAT_H_INCLUDED_
#define _NGX_SLACK_FORMAT_H_INCLUDED_


#include <ngx_slack_event.h>
#include <ngx_slack_text.h>
#include <ngx_slack_markdown.h>
#include <ngx_slack_json_writer.h>


/* code points of a value in a sentence */

#define NGX_SLACK_NAME_MAX         80     /* people, stages, jobs */
#define NGX_SLACK_REF_MAX         255
#define NGX_SLACK_HEADLINE_MAX    255     /* titles; GitLab's limit */
#define NGX_SLACK_VALUE_MAX       2000    /* a field that is one value */


#define NGX_SLACK_COLOR_GOOD      "good"
#define NGX_SLACK_COLOR_WARNING   "warning"
#define NGX_SLACK_COLOR_DANGER    "danger"
#define NGX_SLACK_COLOR_NEUTRAL   "#334455"
#define NGX_SLACK_COLOR_ATTENTION "#C95823"


/* an attachment while it is written */

typedef struct {
    ngx_slack_json_writer_t      json;
    ngx_slack_text_t             text;      /* the current value */
    const ngx_slack_receiver_t  *receiver;
    size_t                       sum;       /* code points of the parts, if
                                               the receiver limits them */
    ngx_array_t                 *cc;        /* ngx_slack_cc_t, whom it names;
                                               NULL: nobody */
    ngx_uint_t                   shift;     /* how often limits are halved */
    unsigned                     pretext:1; /* parts it has, for mrkdwn_in */
    unsigned                     body:1;
    unsigned                     fields:1;
} ngx_slack_attachment_t;


typedef void (*ngx_slack_sentence_pt)(ngx_slack_text_t *text,
    ngx_slack_event_t *event);

typedef void (*ngx_slack_body_pt)(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


typedef struct {

    /*
     * Writes the event as a sentence.  It is called twice: for the fallback,
     * without links (text->plain), and for the pretext, with links.
     */
    ngx_slack_sentence_pt      sentence;

    /* Writes the other parts of the attachment; NULL: there are none. */
    ngx_slack_body_pt          body;

    /* The body says everything: write no pretext. */
    ngx_uint_t                 no_pretext;
} ngx_slack_formatter_t;


/*
 * The label of a link while it is written.  It is not escaped yet, because a
 * label is escaped as a whole.  The buffer holds the maximum of code points,
 * so it never grows.
 */

#define NGX_SLACK_REASON_MAX  512

typedef struct {
    ngx_slack_text_t           text;
    u_char                     buf[4 * NGX_SLACK_REASON_MAX + 4];
} ngx_slack_words_t;


/* a sender's word and the wording in a message */

typedef struct {
    ngx_str_t                  word;      /* empty in the last row: any word */
    ngx_str_t                  said;
} ngx_slack_wording_t;


extern const ngx_slack_formatter_t  ngx_slack_format_push;
extern const ngx_slack_formatter_t  ngx_slack_format_issue;
extern const ngx_slack_formatter_t  ngx_slack_format_merge_request;
extern const ngx_slack_formatter_t  ngx_slack_format_note;
extern const ngx_slack_formatter_t  ngx_slack_format_pipeline;
extern const ngx_slack_formatter_t  ngx_slack_format_wiki_page;
extern const ngx_slack_formatter_t  ngx_slack_format_deployment;
extern const ngx_slack_formatter_t  ngx_slack_format_alert;
extern const ngx_slack_formatter_t  ngx_slack_format_release;
extern const ngx_slack_formatter_t  ngx_slack_format_job;
extern const ngx_slack_formatter_t  ngx_slack_format_milestone;
extern const ngx_slack_formatter_t  ngx_slack_format_feature_flag;
extern const ngx_slack_formatter_t  ngx_slack_format_emoji;
extern const ngx_slack_formatter_t  ngx_slack_format_member;
extern const ngx_slack_formatter_t  ngx_slack_format_group;
extern const ngx_slack_formatter_t  ngx_slack_format_vulnerability;
extern const ngx_slack_formatter_t  ngx_slack_format_access_token;


#define ngx_slack_format_str(text, s)                                         \
    ngx_slack_text_raw(text, (s)->data, (s)->len)


#define ngx_slack_format_is(s, word)                                          \
    ((s)->len == sizeof(word) - 1                                             \
     && ngx_memcmp((s)->data, word, sizeof(word) - 1) == 0)


/* returns the event's action, or its state if there is none */

ngx_str_t *ngx_slack_format_status(ngx_slack_event_t *event);


/* returns the colour for the status of a pipeline, a job or a deployment */

const char *ngx_slack_format_status_color(ngx_slack_event_t *event);


/*
 * Returns the wording of a word; NULL if the table has a row neither for it
 * nor for any word.  The second function initialises words.
 */

const ngx_str_t *ngx_slack_format_wording(const ngx_slack_wording_t *table,
    ngx_str_t *word);


void ngx_slack_format_words(ngx_slack_words_t *words);


/*
 * Appends the words as the label of a link and frees them.  "url" NULL: no
 * link.
 */

void ngx_slack_format_link(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_slack_words_t *words);


/* append "Jane Doe (jdoe)", the second function as a link */

void ngx_slack_format_actor(ngx_slack_text_t *text, ngx_slack_event_t *event);
void ngx_slack_format_actor_link(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


/* appends " by " and the actor; nothing if the sender names none */

void ngx_slack_format_by_actor(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


/*
 * appends a space and the wording of the status; without one the status itself
 */

void ngx_slack_format_said(ngx_slack_text_t *text,
    const ngx_slack_wording_t *table, ngx_slack_event_t *event);


/* appends the project's full name as a link; nothing if there is no project */

void ngx_slack_format_project(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


/* appends " in " and the project, likewise */

void ngx_slack_format_in_project(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


/* appends " (Compare changes)" as a link; nothing if it would not be a link */

void ngx_slack_format_compare(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


/*
 * The same of any URL, a page with this name.
 */

void ngx_slack_format_page(ngx_slack_text_t *text, ngx_str_t *url,
    const char *name);


/*
 * Appends ": " and what an update changed; nothing if that is not known, and
 * not the reviewers.
 */

void ngx_slack_format_edits(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


/* appends "!41 Title" as a link, the merge request of a pipeline or a job */

void ngx_slack_format_request(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


/* writes it as a field; nothing if there is none */

void ngx_slack_format_request_field(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


/*
 * Appends a link of an alert to those before it.  A value that is not a URL is
 * shown as text, because a runbook may be a name.
 */

void ngx_slack_format_alert_link(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_str_t *name);


/*
 * Writes the failed jobs of a pipeline as a field, as links, and how many more
 * there are.  A "narrow" field may stand beside others.
 */

void ngx_slack_format_jobs_field(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event, ngx_uint_t narrow);


/*
 * Appends "#17 Title" as a link to the event's URL; a space precedes it unless
 * the text is empty.  "sigil" is the "#".  A title's mark of a draft is left
 * out, because the sentence says it.
 */

void ngx_slack_format_object(ngx_slack_text_t *text, ngx_slack_event_t *event,
    char sigil);


/*
 * Appends "and 7 more jobs" as a link, if "shown" of "total" things are
 * listed.  "what" is the singular, "job".
 */

void ngx_slack_format_more(ngx_slack_text_t *text, ngx_uint_t shown,
    ngx_uint_t total, const char *what, ngx_str_t *url);


/* returns the first 8 characters of a SHA, part of the same memory */

ngx_str_t ngx_slack_format_short_sha(ngx_str_t *sha);


/*
 * Write a field whose value is a label, a humanised word, or a link.  Nothing
 * is written if the value is empty.
 */

void ngx_slack_format_label_field(ngx_slack_attachment_t *a,
    const char *title, ngx_str_t *label);
void ngx_slack_format_word_field(ngx_slack_attachment_t *a,
    const char *title, ngx_str_t *word);
void ngx_slack_format_link_field(ngx_slack_attachment_t *a,
    const char *title, ngx_str_t *url, ngx_str_t *label);


/* appends a part of a time of day, "07" */

void ngx_slack_format_two_digits(ngx_slack_text_t *text, ngx_uint_t n);


/*
 * appends a sender's word in readable form: "in_progress" becomes "In
 * progress"
 */

void ngx_slack_format_humanise(ngx_slack_text_t *text, ngx_str_t *word);


/* writes a body of the event's text, which is Markdown, and its time */

void ngx_slack_format_quote(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


/* returns a->text, emptied for the next value, which is limited as "part" */

ngx_slack_text_t *ngx_slack_format_begin(ngx_slack_attachment_t *a,
    ngx_slack_part_e part);


/*
 * Write a->text as a value, the body, or a field.  Nothing is written if it is
 * empty.
 */

void ngx_slack_format_value(ngx_slack_attachment_t *a, const char *key);
void ngx_slack_format_body(ngx_slack_attachment_t *a);
void ngx_slack_format_field(ngx_slack_attachment_t *a, const char *title,
    ngx_uint_t is_short);


/* ends the fields, after the last one */

void ngx_slack_format_fields_end(ngx_slack_attachment_t *a);


/* Write a value.  A URL that Slack would not accept is left out. */

void ngx_slack_format_label(ngx_slack_attachment_t *a, const char *key,
    ngx_str_t *label, ngx_slack_part_e part);
void ngx_slack_format_url(ngx_slack_attachment_t *a, const char *key,
    ngx_str_t *url);
void ngx_slack_format_color(ngx_slack_attachment_t *a, const char *color);
void ngx_slack_format_time(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


/* Writes the project with its icon, and the time, below an attachment. */

void ngx_slack_format_footer(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


#endif /* _NGX_SLACK_FORMAT_H_INCLUDED_ */
