
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * core/ngx_slack_text for receivers other than Slack: what must not ring, and
 * bold.  And the messages of both, whose limits differ.
 */

/* unit: core/ngx_slack_text.c core/ngx_slack_text_value.c
 *       core/ngx_slack_text_url.c core/ngx_slack_text_markdown.c
 *       core/ngx_slack_text_scrub.c core/ngx_slack_receiver.c
 *       core/ngx_slack_shown.c json/ngx_slack_json_writer.c
 *       core/ngx_slack_time.c source/ngx_slack_event.c message/
 * libs: -lyajl
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_message.h>
#include <ngx_slack_text.h>
#include <ngx_slack_markdown.h>

#include "tap.h"
#include "events.h"
#include "expect.h"
#include "judge.h"


#define Z  "\xe2\x80\x8b"     /* U+200B */


typedef void (*write_pt)(ngx_slack_text_t *text, ngx_str_t *s);


static void
label(ngx_slack_text_t *text, ngx_str_t *s)
{
    ngx_slack_text_label(text, s, 99);
}


static void
bold(ngx_slack_text_t *text, ngx_str_t *s)
{
    ngx_slack_text_bold(text, s, 99);
}


static void
link_(ngx_slack_text_t *text, ngx_str_t *s)
{
    ngx_str_t  u;

    set(u, "https://x.test/a");

    ngx_slack_text_link(text, &u, s, 99);
}


static void
link_to(ngx_slack_text_t *text, ngx_str_t *s)
{
    ngx_str_t  l;

    set(l, "@l");

    ngx_slack_text_link(text, s, &l, 99);
}


static void
url(ngx_slack_text_t *text, ngx_str_t *s)
{
    (void) ngx_slack_text_url(text, s);
}


static void
markdown(ngx_slack_text_t *text, ngx_str_t *s)
{
    ngx_str_t  base;

    set(base, P);

    ngx_slack_text_markdown(text, s, &base);
}


static void
written(write_pt write, const char *value, size_t limit,
    const char *expected, const char *name)
{
    u_char            buf[8192];
    ngx_str_t         s;
    ngx_slack_text_t  text;

    s.data = (u_char *) value;
    s.len = strlen(value);

    ngx_slack_text_init(&text, NULL, buf, sizeof(buf), limit);
    ngx_slack_text_receiver(&text, &ngx_slack_receivers[receiver]);
    write(&text, &s);
    tap_is(text.start, text.len, expected, name);
    ngx_slack_text_done(&text);
}


static void
slack(void)
{
    receiver = NGX_SLACK_RECEIVER_SLACK;

    written(label, "@all a@b", 0, "@all a@b", "Slack: label");
    written(bold, "@all", 0, "*@all*", "Slack: bold");
    written(link_to, "https://u@x.test/@all", 0,
            "<https://u@x.test/@all|@l>", "Slack: URL");
    written(markdown, "**@all**", 0, "*@all*", "Slack: Markdown");
}


static void
guarded(void)
{
    written(label, "@all", 0, "@" Z "all", "label");
    written(label, "@", 0, "@" Z, "alone");
    written(label, "a@b @@here\\@all", 0,
            "a@" Z "b @" Z "@" Z "here\\@" Z "all", "each of them");
    written(label, "<!channel> <@U1> <@&1>", 0,
            "&lt;!channel&gt; &lt;@" Z "U1&gt; &lt;@" Z "&amp;1&gt;",
            "and escaped");
    written(label, "a `@all` b", 0, "a `@" Z "all` b", "in code");
    written(label, "abc@all", 5, "abc\xe2\x80\xa6",
            "cut before it, not behind");
    written(label, "abc@all", 6, "abc@" Z "\xe2\x80\xa6",
            "cut behind both");

    written(label, "see https://x.test/@all/b, @all", 0,
            "see https://x.test/%40all/b, @" Z "all", "URL in a label");
    written(label, "https://x.test?a=@all#@here", 0,
            "https://x.test?a=%40all#%40here", "its query and fragment");
    written(label, "https://@all/@here", 0,
            "https://@" Z "all/%40here", "in place of its user");
    written(label, "https://x.test/a|@all", 0,
            "https://x.test/a|@" Z "all", "behind it");
    written(label, "a:// @all", 0, "a:// @" Z "all", "no URL");
    written(label, "//@all /@all :/@all", 0,
            "//@" Z "all /@" Z "all :/@" Z "all", "no scheme");

    written(bold, "@all *.c", 0, "**@" Z "all \xe2\x88\x97.c**", "bold");
    written(bold, "abcdef", 8, "**abc\xe2\x80\xa6**", "bold cut");
    written(bold, "abcdef", 4, "\xe2\x80\xa6", "bold, no mark fits");
    written(bold, " ", 0, "", "blank in bold");

    written(link_, "@all", 0, "<https://x.test/a|@" Z "all>",
            "label of a link");
    written(link_to, "https://x.test/@all?a=b@c", 0,
            "<https://x.test/%40all?a=b%40c|@" Z "l>", "URL of a link");
    written(link_to, "https://u:p@x.test/", 0, "@" Z "l",
            "no link with a user");
    written(url, "https://x.test/@all", 0, "https://x.test/%40all",
            "URL as a value");
    written(url, "https://u@x.test/@all", 0, "", "no URL with a user");

    written(markdown, "@all\n\n`@here` **@channel** *a*", 0,
            "@" Z "all\n\n`@" Z "here` **@" Z "channel** *a*", "Markdown");
    written(markdown, "```\n@all\n```", 0, "```\n@" Z "all\n```",
            "in a fence");
    written(markdown, "https://x.test/@all @all", 0,
            "https://x.test/%40all @" Z "all", "URL in Markdown");
    written(markdown, "[@all](https://x.test/@all)@all", 0,
            "<https://x.test/%40all|@" Z "all>@" Z "all",
            "link in Markdown");
    written(markdown, "![@a](https://x.test/@all)@all", 0,
            "https://x.test/%40all@" Z "all", "image in Markdown");
    written(markdown, "![a](/uploads/1/@all.png)", 0,
            P "/uploads/1/%40all.png", "uploaded image");
    written(markdown, "abcd@all", 9, "abcd\xe2\x80\xa6", "Markdown cut");
}


/* the pieces of a message: nothing is forgotten */

static void
messages(void)
{
    ngx_str_t            attachment;
    ngx_slack_event_t    event;
    ngx_slack_commit_t  *commit;

    common(&event, NGX_SLACK_EVENT_PUSH);
    set(event.user_name, "@all");
    set(event.user, "jdoe");
    set(event.ref, "@here");
    set(event.project_name, "a/@channel");

    commit = ngx_array_push(&event.commits);
    if (commit == NULL) {
        exit(2);
    }

    ngx_memzero(commit, sizeof(ngx_slack_commit_t));
    set(commit->id, "0123456789");
    set(commit->title, "*.c: @everyone");
    set(commit->author, "@jdoe");

    expect_part(&event, "text", "01234567: *.c: @" Z "everyone - @" Z "jdoe",
                "title of a commit keeps its asterisk");

    tap_ok(ngx_slack_message_attachment(&event, receiver, format, pool,
                                        &attachment)
           == NGX_OK && judge(&attachment, receiver), "push");
}


static void
limits(void)
{
    size_t              n;
    u_char             *big;
    ngx_str_t           value, attachment;
    ngx_uint_t          i, ok, round;
    ngx_slack_pair_t   *fact;
    ngx_slack_event_t   event;

    n = 20000;

    big = malloc(n);
    if (big == NULL) {
        exit(2);
    }

    ngx_memset(big, 'a', n);
    value.data = big;
    value.len = n;

    common(&event, NGX_SLACK_EVENT_ALERT);
    set(event.action, "triggered");
    event.title = value;

    if (ngx_array_init(&event.facts, pool, 3, sizeof(ngx_slack_pair_t))
        != NGX_OK)
    {
        exit(2);
    }

    fact = ngx_array_push_n(&event.facts, 3);
    if (fact == NULL) {
        exit(2);
    }

    for (i = 0; i < 3; i++) {
        set(fact[i].name, "Fact");
        fact[i].value = value;
    }

    ok = 1;

    for (round = 0; ok && round < 2; round++) {

        event.text = value;

        for (format = 0; ok && format < NGX_SLACK_FORMAT_MAX; format++) {
            ok = (ngx_slack_message_attachment(&event, receiver, format, pool,
                                               &attachment)
                  == NGX_OK) && judge(&attachment, receiver);
        }

        /* the same in characters of three bytes */

        for (i = 0; i + 3 <= n; i += 3) {
            ngx_memcpy(big + i, "\xe2\x82\xac", 3);
        }

        event.text.len = event.title.len = i;
        fact[0].value.len = fact[1].value.len = fact[2].value.len = i;
    }

    format = NGX_SLACK_FORMAT_FULL;

    if (!tap_ok(ok != 0, "each part and all of them are within the limits")) {
        printf("# %s\n", why);
    }

    free(big);
}


int
main(void)
{
    pool = ngx_create_pool(4096, NULL);
    if (pool == NULL) {
        return 2;
    }

    slack();

    for (receiver = NGX_SLACK_RECEIVER_MATTERMOST;
         receiver < NGX_SLACK_RECEIVER_MAX;
         receiver++)
    {
        guarded();
        messages();
        limits();
    }

    ngx_destroy_pool(pool);

    return tap_done();
}
