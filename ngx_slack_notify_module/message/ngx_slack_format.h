
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Private to message/: what the formatters of the event kinds share.  An
 * event kind is a formatter in a file of its own and its row in
 * ngx_slack_message.c.
 */


#ifndef _NGX_SLACK_FORMAT_H_INCLUDED_
#define _NGX_SLACK_FORMAT_H_INCLUDED_


#include <ngx_slack_event.h>
#include <ngx_slack_text.h>
#include <ngx_slack_json_writer.h>


/*
 * Code points a part of an attachment may have: below Slack's limits where it
 * names any (footer 300, field 2000) and below what it shows ("Show more"
 * from 700 on); 1024 for titles is what Alertmanager found.
 */

#define NGX_SLACK_PRETEXT_MAX    3000
#define NGX_SLACK_BODY_MAX       7000
#define NGX_SLACK_FALLBACK_MAX   1000
#define NGX_SLACK_TITLE_MAX      1000
#define NGX_SLACK_FIELD_MAX      2000
#define NGX_SLACK_FOOTER_MAX      300
#define NGX_SLACK_AUTHOR_MAX      256


/* code points a value may have in a sentence */

#define NGX_SLACK_NAME_MAX         80     /* people, stages, jobs */
#define NGX_SLACK_REF_MAX         255
#define NGX_SLACK_HEADLINE_MAX    255     /* titles; as long as GitLab's */


#define NGX_SLACK_COLOR_GOOD      "good"
#define NGX_SLACK_COLOR_WARNING   "warning"
#define NGX_SLACK_COLOR_DANGER    "danger"
#define NGX_SLACK_COLOR_NEUTRAL   "#334455"
#define NGX_SLACK_COLOR_ATTENTION "#C95823"


/* an attachment being written */

typedef struct {
    ngx_slack_json_writer_t    json;
    ngx_slack_text_t           text;      /* the value being made */
    ngx_uint_t                 shift;     /* limits are halved so often */
    unsigned                   pretext:1; /* what there is: for mrkdwn_in */
    unsigned                   body:1;
    unsigned                   fields:1;
} ngx_slack_attachment_t;


typedef void (*ngx_slack_sentence_pt)(ngx_slack_text_t *text,
    ngx_slack_event_t *event);

typedef void (*ngx_slack_body_pt)(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


typedef struct {

    /*
     * the event in a sentence, written twice: plain, as the fallback, and
     * with links, as the pretext
     */
    ngx_slack_sentence_pt      sentence;

    /* what else there is to say; NULL: nothing */
    ngx_slack_body_pt          body;

    /* the body says it all: no pretext */
    ngx_uint_t                 no_pretext;
} ngx_slack_formatter_t;


/*
 * The words of a link's label, not escaped yet: a label has one escaping.
 * Room for all code points there may be, so that it does not grow.
 */

#define NGX_SLACK_REASON_MAX  512

typedef struct {
    ngx_slack_text_t           text;
    u_char                     buf[4 * NGX_SLACK_REASON_MAX + 4];
} ngx_slack_words_t;


/* a word of a sender and how it is said */

typedef struct {
    ngx_str_t                  word;      /* the last one is empty: any */
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


/* the event's action, its state if there is none */

ngx_str_t *ngx_slack_format_status(ngx_slack_event_t *event);


/* how a word is said; NULL if the table has neither it nor "any" */

const ngx_str_t *ngx_slack_format_wording(const ngx_slack_wording_t *table,
    ngx_str_t *word);


void ngx_slack_format_words(ngx_slack_words_t *words);


/* the words as a link's label, which ends them */

void ngx_slack_format_link(ngx_slack_text_t *text, ngx_str_t *url,
    ngx_slack_words_t *words);


/* "Jane Doe (jdoe)", also as a link */

void ngx_slack_format_actor(ngx_slack_text_t *text, ngx_slack_event_t *event);
void ngx_slack_format_actor_link(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


/* " by " and the actor; nothing if the sender told none */

void ngx_slack_format_by_actor(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


/* a space and how the status is said: by the table, else as it is written */

void ngx_slack_format_said(ngx_slack_text_t *text,
    const ngx_slack_wording_t *table, ngx_slack_event_t *event);


/* the project's full name as a link; nothing if there is no project */

void ngx_slack_format_project(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


/* " in " and the project */

void ngx_slack_format_in_project(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


/* " (Compare changes)" as a link; nothing where it would be none */

void ngx_slack_format_compare(ngx_slack_text_t *text,
    ngx_slack_event_t *event);


/* "#17 Title" as a link to the event's URL, after a space if need be */

void ngx_slack_format_object(ngx_slack_text_t *text, ngx_slack_event_t *event,
    char sigil);


/* of "total" things "shown" are listed: "and 7 more jobs" as a link */

void ngx_slack_format_more(ngx_slack_text_t *text, ngx_uint_t shown,
    ngx_uint_t total, const char *what, ngx_str_t *url);


/* a sha as people write it: its first 8 characters */

ngx_str_t ngx_slack_format_short_sha(ngx_str_t *sha);


/*
 * Fields of a value each: a label, a word made for the eye, a link.  Nothing
 * if the value is empty.
 */

void ngx_slack_format_label_field(ngx_slack_attachment_t *a,
    const char *title, ngx_str_t *label);
void ngx_slack_format_word_field(ngx_slack_attachment_t *a,
    const char *title, ngx_str_t *word);
void ngx_slack_format_link_field(ngx_slack_attachment_t *a,
    const char *title, ngx_str_t *url, ngx_str_t *label);


/* for times of day */

void ngx_slack_format_two_digits(ngx_slack_text_t *text, ngx_uint_t n);


/* a word of a sender for the eye: "in_progress" becomes "In progress" */

void ngx_slack_format_humanise(ngx_slack_text_t *text, ngx_str_t *word);


/* a body: the event's text as it was written, and when */

void ngx_slack_format_quote(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


/* a-> text for the next value, empty, of at most "max" code points */

ngx_slack_text_t *ngx_slack_format_begin(ngx_slack_attachment_t *a,
    size_t max);


/* writes a->text; an empty one is left out */

void ngx_slack_format_value(ngx_slack_attachment_t *a, const char *key);
void ngx_slack_format_body(ngx_slack_attachment_t *a);
void ngx_slack_format_field(ngx_slack_attachment_t *a, const char *title,
    ngx_uint_t is_short);


/* after the last field */

void ngx_slack_format_fields_end(ngx_slack_attachment_t *a);


/* writes a value; what Slack would not take as a URL is left out */

void ngx_slack_format_label(ngx_slack_attachment_t *a, const char *key,
    ngx_str_t *label, size_t max);
void ngx_slack_format_url(ngx_slack_attachment_t *a, const char *key,
    ngx_str_t *url);
void ngx_slack_format_color(ngx_slack_attachment_t *a, const char *color);
void ngx_slack_format_time(ngx_slack_attachment_t *a,
    ngx_slack_event_t *event);


#endif /* _NGX_SLACK_FORMAT_H_INCLUDED_ */
