
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * People's markup, in any receiver's text of any length: the first byte says
 * whose it is, and how long it may be.  What comes out must be what the
 * receiver understands, and ring for nobody.
 */

/* fuzz: core/ngx_slack_text.c core/ngx_slack_text_value.c
 *       core/ngx_slack_text_url.c core/ngx_slack_text_markdown.c
 *       core/ngx_slack_text_scrub.c core/ngx_slack_receiver.c
 *       core/ngx_slack_shown.c json/ngx_slack_json_writer.c
 *       core/ngx_slack_time.c source/ngx_slack_event.c message/
 * libs: -lyajl
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_markdown.h>
#include <ngx_slack_text.h>

#include "fuzz.h"
#include "judge.h"


static ngx_str_t  base = ngx_string("https://x.test/p");


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t             limit, n;
    u_char            *in, *clean, *out;
    ngx_str_t          markdown;
    ngx_uint_t         receiver;
    ngx_slack_text_t   text;

    if (size == 0) {
        return 0;
    }

    receiver = data[0] % NGX_SLACK_RECEIVER_MAX;
    limit = (data[0] & 0x80)
            ? ngx_slack_receivers[receiver].parts[NGX_SLACK_PART_TEXT]
            : 1 + (size_t) data[0];

    /* values come scrubbed, as from the reader of JSON */

    in = fuzz_dup(data + 1, size - 1);
    clean = malloc(3 * size);
    if (clean == NULL) {
        exit(2);
    }

    n = ngx_slack_text_scrub(clean, in, size - 1);
    free(in);

    markdown.data = fuzz_dup(clean, n);
    markdown.len = n;
    free(clean);

    ngx_slack_text_init(&text, NULL, NULL, 0, limit);
    ngx_slack_text_receiver(&text, &ngx_slack_receivers[receiver]);
    ngx_slack_text_markdown(&text, &markdown, &base);

    out = malloc(text.len + 1);
    if (out == NULL) {
        exit(2);
    }

    if (text.len) {
        ngx_memcpy(out, text.start, text.len);
    }

    out[text.len] = '\0';

    judged_receiver = receiver;
    judged_sum = 0;
    judged_description = 0;

    fuzz_check(judge_text("text", (char *) out, limit, 1)
               && judge_at("text", (char *) out), why);

    free(out);
    free(markdown.data);
    ngx_slack_text_done(&text);

    return 0;
}
