
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * message/ngx_slack_template*, message/ngx_slack_list.c: what templates make
 * of values, which of them are refused, and the message they become.
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
#include <ngx_slack_list.h>
#include <ngx_slack_message.h>

#include "tap.h"
#include "events.h"
#include "judge_template.h"


#define HERE   "<!here>"
#define ID     "U024BE7LH"


/* sources, the value of each variable, and what Slack is sent */

static struct {
    const char  *source;
    const char  *value;
    const char  *text;
} written[] = {

    /* what the operator writes is raw */
    { "*Deployed* <!here> <@U024BE7LH> <!subteam^S024BE7LH> <#C024BE7LH>", "",
      "*Deployed* <!here> <@U024BE7LH> <!subteam^S024BE7LH> <#C024BE7LH>" },
    { "<https://x.test/a?b=1&c=2|to &amp; fro>", "",
      "<https://x.test/a?b=1&amp;c=2|to &amp; fro>" },
    { "<https://x.test/a?b=1&amp;c=2>", "", "<https://x.test/a?b=1&amp;c=2>" },
    { "<mailto:ops@x.test|write to us>", "",
      "<mailto:ops@x.test|write to us>" },
    { "R&D &lt;3 &amp &amp;", "", "R&amp;D &lt;3 &amp;amp &amp;" },
    { "> a quotation\nand more", "", "> a quotation\nand more" },

    /* in the text */
    { "$v", "<!channel>", "&lt;!channel&gt;" },
    { "a ${v}b", "<@" ID "> & |", "a &lt;@" ID "&gt; &amp; |b" },
    { "$v-$v", "x", "x-x" },
    { "[$v]", "", "[]" },
    { "[$v]", "one\ntwo", "[one\ntwo]" },
    { "[$v]", "&lt;", "[&amp;lt;]" },
    { "`$v`", "a`b", "`a'b`" },
    { "```\n$v\n```", "a ``` b", "```\na ''' b\n```" },
    { "`x` $v", "`a`", "`x` `a`" },
    { "&$v", "amp;", "&amp;amp;" },

    /* in a link */
    { "<$v|here>", "https://x.test/a b|c>d", "<https://x.test/a%20b%7Cc%3Ed"
      "|here>" },
    { "<$v/diffs|here>", "https://x.test", "<https://x.test/diffs|here>" },
    { "<$v|here>", "javascript:alert(1)", "here" },
    { "<$v|here>", "", "here" },
    { "<$v>", "", "" },
    { "<$v>", "no <URL>", "no &lt;URL&gt;" },
    { "<https://x.test/?q=$v&r=1|a>", "a&r=2#<|>",
      "<https://x.test/?q=a%26r%3D2%23%3C%7C%3E&amp;r=1|a>" },
    { "<https://x.test/$v>", "../@evil.test",
      "<https://x.test/../%40evil.test>" },
    { "<https://$v/a|a>", "", "a" },
    { "<https://$v/a|a>", "x.test", "<https://x.test/a|a>" },
    { "<https://x.test|$v>", "a|b> <!here>",
      "<https://x.test|a\xc2\xa6""b&gt; &lt;!here&gt;>" },
    { "<https://x.test|$v>", "", "<https://x.test>" },
    { "<https://x.test|*$v* &amp;>", "a\nb", "<https://x.test|*a b* &amp;>" },
    { "<mailto:$v|mail>", "a>@x.test", "<mailto:a%3E@x.test|mail>" },
    { "<mailto:$v|mail>", "a", "mail" },
    { "<mailto:$v|mail>", "/a@x.test", "mail" },
    { "<$v|mail>", "mailto:a@x.test", "mail" },

    /* where an ID belongs */
    { "<@$v>", ID, "<@" ID ">" },
    { "<@${v}>", "W024BE7LH", "<@W024BE7LH>" },
    { "<@$v>", "S024BE7LH", "S024BE7LH" },
    { "<@$v>", ID ">", ID "&gt;" },
    { "<@$v>", "U1>|x", "U1&gt;|x" },
    { "<@$v>", "<!channel>", "&lt;!channel&gt;" },
    { "<@$v>", "!channel", "!channel" },
    { "<@$v>", "", "" },
    { "<@$v>", "U024BE7Lh", "U024BE7Lh" },
    { "<@$v>", "U1", "U1" },
    { "<!subteam^$v>", "S024BE7LH", "<!subteam^S024BE7LH>" },
    { "<!subteam^$v>", ID, ID },
    { "<#$v>", "C024BE7LH", "<#C024BE7LH>" },
    { "<#$v>", ID, ID },
    { NULL, NULL, NULL }
};


/* words of the operator, whose values may have markup, but not of senders */

#define MARK  NGX_SLACK_TEMPLATE_FOREIGN

static struct {
    const char  *source;
    const char  *value;
    const char  *text;
} words[] = {
    { "$v", HERE, HERE },
    { "$v", "on call: <@" ID ">, <!subteam^S024BE7LH>",
      "on call: <@" ID ">, <!subteam^S024BE7LH>" },
    { "$v", "<https://x.test/?a=1&b=2|a>", "<https://x.test/?a=1&amp;b=2|a>" },
    { "$v", "<https://x.test/?a=1&amp;b=2>",
      "<https://x.test/?a=1&amp;b=2>" },
    { "$v", "R&D", "R&amp;D" },
    { "$v", "a > b", "a &gt; b" },
    { "$v", "<!channel", "&lt;!channel" },
    { "$v", "<!date^1^x|y>", "&lt;!date^1^x|y&gt;" },
    { "$v", "<@U1>|x", "&lt;@U1&gt;|x" },
    { "$v", "<<!here>", "&lt;" HERE },
    { "$v", "<https://x.test|a|b>", "&lt;https://x.test|a|b&gt;" },
    { "$v", "<x|y>", "&lt;x|y&gt;" },
    { "$v", MARK "&lt;!here&gt;", "&lt;!here&gt;" },
    { "$v", "<!" MARK "here>", "&lt;!here&gt;" },
    { "$v", "<@" MARK ID ">", "&lt;@" ID "&gt;" },
    { "<@$v>", MARK ID, ID },
    { "<@$v>", ID, "<@" ID ">" },
    { "$v", "caf\xc3\xa9 \xe2\x80\x94", "caf\xc3\xa9 \xe2\x80\x94" },
    { NULL, NULL, NULL }
};


/* what is refused, and the place that is told */

static struct {
    const char  *source;
    const char  *where;
} refused[] = {
    { "a <b", "<b" },
    { "a <b <c>", "<b <c>" },
    { "<", "<" },
    { "<>", "<>" },
    { "<x>", "<x>" },
    { "<!>", "<!>" },
    { "<!nobody>", "<!nobody>" },
    { "<!here|here>", "<!here|here>" },
    { "<!$v>", "<!$v>" },
    { "<!date^1^{date}|x>", "<!date^1^{date}|x>" },
    { "<!subteam^>", "<!subteam^>" },
    { "<!subteam^U024BE7LH>", "<!subteam^U024BE7LH>" },
    { "<!subteam^S$v>", "<!subteam^S$v>" },
    { "<@>", "<@>" },
    { "<@jdoe>", "<@jdoe>" },
    { "<@U$v>", "<@U$v>" },
    { "<@$v$v>", "<@$v$v>" },
    { "<@$v|name>", "<@$v|name>" },
    { "<@ $v>", "<@ $v>" },
    { "<#general>", "<#general>" },
    { "<ftp://x.test>", "<ftp://x.test>" },
    { "<javascript:$v>", "<javascript:$v>" },
    { "<https:$v>", "<https:$v>" },
    { "<https://x.test|a|b>", "<https://x.test|a|b>" },
    { "<https://x.test/a b|c>", "<https://x.test/a b|c>" },
    { "<https://x.test|a\nb>", "<https://x.test|a" },
    { "a $", "$" },
    { "a $ b", "$ b" },
    { "a $-b", "$-b" },
    { "a ${v", "${v" },
    { "a ${v-}", "${v-}" },
    { "a ${}", "${}" },
    { "a $1", "$1" },
    { "<$1|a>", "$1|a>" },
    { "<@$>", "$>" },
    { "a\x01", "a\x01" },
    { "a \xff", "a \xff" },
    { NULL, NULL }
};


static ngx_slack_template_t *
parsed(const char *source)
{
    ngx_str_t              s, where;
    ngx_slack_template_t  *template;

    template = ngx_pcalloc(pool, sizeof(ngx_slack_template_t));
    if (template == NULL) {
        exit(2);
    }

    s.data = (u_char *) source;
    s.len = strlen(source);

    return ngx_slack_template_parse(pool, &s, template, &where) ? NULL
                                                                 : template;
}


static void
write_all(ngx_uint_t operator)
{
    ngx_str_t              value;
    ngx_uint_t             i;
    ngx_slack_text_t       text;
    ngx_slack_template_t  *template;

    for (i = 0; operator ? words[i].source != NULL : written[i].source != NULL;
         i++)
    {
        template = parsed(operator ? words[i].source : written[i].source);

        if (template == NULL) {
            tap_ok(0, operator ? words[i].source : written[i].source);
            continue;
        }

        template->words = operator ? 1 : 0;

        value.data = (u_char *) (operator ? words[i].value
                                          : written[i].value);
        value.len = strlen((char *) value.data);

        ngx_slack_text_init(&text, pool, NULL, 0, NGX_SLACK_TEMPLATE_MAX);
        ngx_slack_template_write(&text, template, &value);

        tap_is(text.start, text.len,
               operator ? words[i].text : written[i].text,
               operator ? words[i].source : written[i].source);
    }
}


/* values of senders that could ring between the brackets of a mention */

static void
rings(void)
{
    ngx_str_t   value;
    ngx_uint_t  i;

    static const char  *yes[] = {
        "here", "channel", "everyone", "!here", "<!channel", ID, "S024BE7LH",
        "@U024BE7LH", "<@U024BE7LH", "!subteam^S024BE7LH",
        "subteam^S024BE7LH", "#C024BE7LH", NULL
    };

    static const char  *no[] = {
        "", "heres", "channels", "acme/channel", "acme/rocket", "issue",
        "jdoe", "U1", "U024BE7LH>", "u024be7lh", "!", "@", NULL
    };

    for (i = 0; yes[i]; i++) {
        value.data = (u_char *) yes[i];
        value.len = strlen(yes[i]);
        tap_ok(ngx_slack_template_rings(&value) == 1, yes[i]);
    }

    for (i = 0; no[i]; i++) {
        value.data = (u_char *) no[i];
        value.len = strlen(no[i]);
        tap_ok(ngx_slack_template_rings(&value) == 0, no[i]);
    }
}


static void
refuse_all(void)
{
    ngx_str_t             s, where;
    ngx_uint_t            i;
    ngx_slack_template_t  template;

    for (i = 0; refused[i].source; i++) {

        s.data = (u_char *) refused[i].source;
        s.len = strlen(refused[i].source);

        ngx_memzero(&template, sizeof(ngx_slack_template_t));

        if (ngx_slack_template_parse(pool, &s, &template, &where) == NULL) {
            tap_ok(0, refused[i].source);
            continue;
        }

        tap_is(where.data, where.len, refused[i].where, refused[i].source);
    }
}


static void
fences(void)
{
    ngx_str_t              value;
    ngx_slack_text_t       text;
    ngx_slack_template_t  *template;

    template = parsed("```\n$v\n```");

    set(value, "0123456789");

    ngx_slack_text_init(&text, pool, NULL, 0, 14);

    if (template == NULL) {
        exit(2);
    }

    ngx_slack_template_write(&text, template, &value);

    tap_is(text.start, text.len, "```\n0\xe2\x80\xa6\n```",
           "a fence that was cut is closed");
}


/* the attachment: words take the place of every format */

static void
attachments(void)
{
    ngx_str_t          value, attachment;
    ngx_uint_t         i;
    ngx_slack_own_t    own;
    ngx_slack_event_t  e;

    common(&e, NGX_SLACK_EVENT_ISSUE);
    set(e.action, "open");

    set(value, "Engines <3");

    ngx_memzero(&own, sizeof(ngx_slack_own_t));

    own.template = parsed("*$v* <!here>");
    own.values = &value;

    for (i = 0; i < NGX_SLACK_FORMAT_MAX; i++) {

        ngx_str_null(&attachment);

        if (ngx_slack_message_own(&e, NGX_SLACK_RECEIVER_SLACK, i, &own, pool,
                                  &attachment)
            != NGX_OK)
        {
            exit(2);
        }

        tap_is(attachment.data, attachment.len,
               "{\"fallback\":\"*Engines &lt;3* \",\"color\":\"#C95823\","
               "\"text\":\"*Engines &lt;3* <!here>\","
               "\"mrkdwn_in\":[\"text\"]}",
               (char *) ngx_slack_message_formats[i].data);
    }

    own.template = parsed("<!here>");

    if (ngx_slack_message_own(&e, NGX_SLACK_RECEIVER_SLACK, 0, &own, pool,
                              &attachment)
        != NGX_OK)
    {
        exit(2);
    }

    tap_is(attachment.data, ngx_min(attachment.len, 34),
           "{\"fallback\":\"[Acme / Rocket] Issue",
           "a fallback that would be empty is the usual one");

    own.template = parsed(" $v ");
    ngx_str_set(&value, " ");

    for (i = 0; i < NGX_SLACK_FORMAT_MAX; i++) {
        ngx_str_t  usual;

        if (ngx_slack_message_own(&e, NGX_SLACK_RECEIVER_SLACK, i, &own, pool,
                                  &attachment)
            != NGX_OK
            || ngx_slack_message_attachment(&e, NGX_SLACK_RECEIVER_SLACK, i,
                                            pool, &usual)
               != NGX_OK)
        {
            exit(2);
        }

        tap_ok(usual.len == attachment.len
               && memcmp(usual.data, attachment.data, usual.len) == 0,
               "an empty template is none");
    }
}


static void
list(ngx_slack_event_t *event, const char *name, ngx_uint_t lines,
    const char *expected)
{
    ngx_str_t   s, value;
    ngx_uint_t  i;

    s.data = (u_char *) name;
    s.len = strlen(name);

    i = ngx_slack_list_find(&s);

    if (i == NGX_SLACK_LIST_NONE
        || ngx_slack_list_value(i, event, lines, pool, &value) != NGX_OK)
    {
        tap_ok(0, name);
        return;
    }

    tap_is(value.data, value.len, expected, name);
}


static void
lists(void)
{
    ngx_slack_job_t    *job;
    ngx_slack_event_t   e;

    common(&e, NGX_SLACK_EVENT_PUSH);
    list(&e, "slack_commits", 1, "");

    add_commit(&e, "1111111122222222", "Add engines\n\nmore");
    add_commit(&e, "", "");
    add_commit(&e, "2222222233333333", "Fix <nozzle>");
    e.total_commits = 5;

    list(&e, "slack_commits", 1, "11111111 Add engines - Omar\n"
         "22222222 Fix <nozzle> - Omar\nand 2 more commits");
    list(&e, "slack_commits", 0, "11111111 Add engines - Omar, "
         "22222222 Fix <nozzle> - Omar, and 2 more commits");

    common(&e, NGX_SLACK_EVENT_PIPELINE);
    list(&e, "slack_failed_jobs", 1, "");

    job = ngx_array_push_n(&e.jobs, 2);
    if (job == NULL) {
        exit(2);
    }

    ngx_memzero(job, 2 * sizeof(ngx_slack_job_t));
    set(job[0].name, "lint");
    set(job[1].name, "test");
    job[0].allowed = 1;

    list(&e, "slack_failed_jobs", 1, "lint (allowed to fail), test");

    common(&e, NGX_SLACK_EVENT_MERGE_REQUEST);

    add(&e.stand.assignees, "Jane Doe");
    add(&e.stand.assignees, "Omar");
    add(&e.stand.reviewers, "Yuki");
    add(&e.labels, "bug");
    add(&e.labels, "a, b");
    set(e.text, "one\ntwo");

    list(&e, "slack_assignees", 1, "Jane Doe, Omar");
    list(&e, "slack_reviewers", 0, "Yuki");
    list(&e, "slack_labels", 0, "bug, a, b");
    list(&e, "slack_description", 0, "one\ntwo");
}


int
main(void)
{
    pool = ngx_create_pool(4096, NULL);
    if (pool == NULL) {
        return 2;
    }

    write_all(0);
    write_all(1);
    rings();
    refuse_all();
    fences();
    attachments();
    lists();

    ngx_destroy_pool(pool);

    return tap_done();
}
