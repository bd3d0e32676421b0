
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * GitLab's payloads through to the message that each receiver gets, which must
 * keep its rules (t/unit/judge.h).  Input: a payload, after a line with the
 * value of X-Gitlab-Event if it does not begin with "{".
 *
 * FUZZ_MESSAGES names a file which the messages are added to, one a line, for
 * another judge.
 */

/* fuzz: json/ngx_slack_json.c json/ngx_slack_json_paths.c
 *       json/ngx_slack_json_values.c
 *       json/ngx_slack_json_decode.c json/ngx_slack_json_skim.c
 *       json/ngx_slack_json_text.c json/ngx_slack_json_token.c
 *       json/ngx_slack_json_writer.c core/ngx_slack_text.c
 *       core/ngx_slack_text_value.c core/ngx_slack_text_url.c
 *       core/ngx_slack_text_markdown.c core/ngx_slack_text_scrub.c
 *       core/ngx_slack_receiver.c core/ngx_slack_shown.c
 *       core/ngx_slack_time.c
 *       source/ message/
 * libs: -lyajl
 */


#include <ngx_slack_message.h>
#include <ngx_slack_source.h>

#include "fuzz.h"
#include "judge.h"
#include "mutate.h"


/* another target may have set its own, see alertmanager.c and github.c */

#ifndef GITLAB_SENDER
#define GITLAB_SENDER  "gitlab"
#endif

#ifndef GITLAB_HEADERS
#define GITLAB_HEADERS  ""
#endif


/* what an input without a header is tried with */

static const char  *gitlab_headers[] = { GITLAB_HEADERS };


static ngx_slack_reader_t  *gitlab_reader;
static FILE                *gitlab_messages;


static void gitlab_setup(void);
static void gitlab_message(ngx_str_t *attachment);
static void gitlab_object(ngx_slack_event_t *event, ngx_str_t *object);
static void gitlab_event(ngx_slack_event_t *event, ngx_pool_t *own);
static void gitlab_attachment(ngx_slack_event_t *event, ngx_uint_t receiver,
    ngx_uint_t format, ngx_pool_t *own);
static void gitlab_read(ngx_slack_events_t *events, ngx_str_t *header,
    ngx_pool_t *own);


static void
gitlab_setup(void)
{
    ngx_str_t                name;
    const char              *file;
    ngx_slack_source_t      *source;
    ngx_slack_json_paths_t  *paths;

    set(name, GITLAB_SENDER);

    pool = fuzz_pool();

    source = ngx_slack_source_find(&name);
    fuzz_check(source != NULL, "no such sender");

    paths = ngx_slack_json_paths_create(pool);
    fuzz_check(paths != NULL, "no memory");

    gitlab_reader = ngx_slack_reader_create(source, paths, pool,
                                            NGX_SLACK_WANT_FILES
                                            |NGX_SLACK_WANT_OBJECTS
                                            |NGX_SLACK_WANT_CARDS);

    fuzz_check(gitlab_reader != NULL
               && ngx_slack_json_paths_compile(gitlab_reader->paths)
                  == NGX_OK, "no memory");

    file = getenv("FUZZ_MESSAGES");

    if (file) {
        gitlab_messages = fopen(file, "a");
        fuzz_check(gitlab_messages != NULL, "FUZZ_MESSAGES");
    }
}


/* twice the attachment, as messages that wait share an envelope */

static void
gitlab_message(ngx_str_t *attachment)
{
    size_t     i;
    yajl_val   tree;
    ngx_str_t  message, both[2];

    ngx_slack_post_head_t  head;

    ngx_memzero(&head, sizeof(ngx_slack_post_head_t));
    set(head.envelope, "{\"username\":\"GitLab\"}");
    set(head.channel, "dev");

    both[0] = *attachment;
    both[1] = *attachment;

    fuzz_check(ngx_slack_message_compose(&head, both, 2, &message)
               == NGX_OK, "no memory");

    tree = parse(&message);
    fuzz_check(YAJL_IS_OBJECT(tree) && tree->u.object.len == 5,
               "the message is no JSON");
    yajl_tree_free(tree);

    for (i = 0; i + 1 < message.len; i++) {
        fuzz_check(message.data[i] >= ' ' && message.data[i] != 0x7f,
                   "a control character");
        fuzz_check(message.data[i] != '<'
                   || message.data[i + 1] == 'h'
                   || ngx_strncmp(message.data + i, "<!date^", 7) == 0,
                   "a token that is no link");
    }

    if (gitlab_messages) {
        fprintf(gitlab_messages, "%.*s\n", (int) message.len, message.data);
        fflush(gitlab_messages);
    }

    free(message.data);
}


static void
gitlab_object(ngx_slack_event_t *event, ngx_str_t *object)
{
    size_t  i;

    for (i = 0; i < object->len; i++) {
        fuzz_check(object->data[i] >= ' ' || object->data[i] == LF
                   || object->data[i] == '\t', "a control character");
        fuzz_check(object->data[i] != 0x7f, "a control character");
    }

    fuzz_check(event->kind == NGX_SLACK_EVENT_ALERT || object->len < 512,
               "a long object");

    fuzz_check(!event->confidential || object->len == 0
               || memmem(object->data, object->len, "confidential_", 13),
               "a confidential event shares its object");
}


static void
gitlab_event(ngx_slack_event_t *event, ngx_pool_t *own)
{
    ngx_uint_t  receiver, format;

    fuzz_check(event->kind != NGX_SLACK_EVENT_UNKNOWN
               && event->kind < NGX_SLACK_EVENT_MAX, "an event of no kind");

    fuzz_check((event->belongs == NGX_SLACK_OBJECT_NONE)
               == (event->object.len == 0), "no object");
    fuzz_check(event->stamp >= 0, "a time before all times");

    gitlab_object(event, &event->object);
    gitlab_object(event, &event->parent);

    for (receiver = 0; receiver < NGX_SLACK_RECEIVER_MAX; receiver++) {
        for (format = 0; format < NGX_SLACK_FORMAT_MAX; format++) {
            gitlab_attachment(event, receiver, format, own);
        }
    }
}


static void
gitlab_attachment(ngx_slack_event_t *event, ngx_uint_t receiver,
    ngx_uint_t format, ngx_pool_t *own)
{
    ngx_str_t  attachment;

    fuzz_check(ngx_slack_message_attachment(event, receiver, format, own,
                                            &attachment)
               == NGX_OK, "no message");

    if (!judge(&attachment, receiver)
        || (format == NGX_SLACK_FORMAT_COMPACT && !judge_compact(&attachment)))
    {
        fprintf(stderr, "receiver %u, format %u: %.*s\n",
                (unsigned) receiver, (unsigned) format, (int) attachment.len,
                attachment.data);
        fuzz_check(0, why);
    }

    gitlab_message(&attachment);
}


static void
gitlab_read(ngx_slack_events_t *events, ngx_str_t *header, ngx_pool_t *own)
{
    ngx_int_t           rc;
    ngx_str_t           reason;
    ngx_uint_t          i;
    ngx_slack_event_t  *event;

    for (i = 0; i < events->nevents; i++) {

        ngx_str_null(&reason);

        rc = ngx_slack_events_read(events, i, header, own, &event, &reason);

        fuzz_check(rc == NGX_OK || rc == NGX_DECLINED, "the event");

        if (rc == NGX_OK) {
            gitlab_event(event, own);

        } else {
            fuzz_check(reason.len != 0, "ignored without a reason");
        }
    }
}


size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    return mutate_json(data, size, max, seed);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t               i;
    u_char              *copy;
    ngx_str_t            rest, header;
    ngx_pool_t          *own;
    ngx_slack_json_t    *json;
    ngx_slack_events_t   events;

    if (gitlab_reader == NULL) {
        gitlab_setup();
    }

    copy = fuzz_dup(data, size);

    rest.data = copy;
    rest.len = size;
    ngx_str_null(&header);

    if (size && copy[0] != '{') {
        (void) fuzz_line(&rest, &header);
    }

    own = fuzz_pool();

    json = ngx_slack_json_create(gitlab_reader->paths, own);
    if (json == NULL) {
        exit(2);
    }

    (void) ngx_slack_json_parse(json, rest.data, rest.len);

    if (ngx_slack_json_finish(json) == NGX_OK) {

        fuzz_check(ngx_slack_reader_events(gitlab_reader, json, &events)
                   == NGX_OK, "the events");
        fuzz_check(events.nevents >= 1
                   && events.nevents <= NGX_SLACK_EVENTS_MAX,
                   "the number of events");

        if (header.len) {
            gitlab_read(&events, &header, own);

        } else {
            for (i = 0; i < sizeof(gitlab_headers) / sizeof(char *); i++) {
                header.data = (u_char *) gitlab_headers[i];
                header.len = strlen(gitlab_headers[i]);

                gitlab_read(&events, &header, own);
            }
        }
    }

    ngx_destroy_pool(own);
    free(copy);

    return 0;
}
