
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A template and the values of its variables: the first byte says for whom,
 * the first line is the template, and each other line a value.  Values, too,
 * are of one line, or of several that U+0001 separates.
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
#include <ngx_slack_template.h>

#include "fuzz.h"
#include "judge_template.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t                 limit, i;
    u_char                *in;
    ngx_str_t              rest, source, where, *values;
    ngx_uint_t             receiver, k;
    ngx_slack_text_t       text;
    ngx_slack_template_t   template;

    if (size < 2) {
        return 0;
    }

    receiver = data[0] % NGX_SLACK_RECEIVER_MAX;
    limit = (data[0] & 0x80) ? NGX_SLACK_TEMPLATE_MAX : 1 + (size_t) data[0];

    in = fuzz_dup(data + 1, size - 1);
    rest.data = in;
    rest.len = size - 1;

    ngx_memzero(&template, sizeof(ngx_slack_template_t));

    pool = fuzz_pool();

    if (!fuzz_line(&rest, &source)
        || ngx_slack_template_parse(pool, &source, &template, &where) != NULL)
    {
        ngx_destroy_pool(pool);
        free(in);
        return 0;
    }

    values = ngx_pcalloc(pool, (template.variables.nelts + 1)
                               * sizeof(ngx_str_t));
    if (values == NULL) {
        exit(2);
    }

    for (k = 0; k < template.variables.nelts; k++) {

        if (!fuzz_line(&rest, &values[k])) {
            break;
        }

        for (i = 0; i < values[k].len; i++) {
            if (values[k].data[i] == 1) {
                values[k].data[i] = LF;
            }
        }

        if (ngx_slack_template_value(pool, &values[k]) != NGX_OK) {
            exit(2);
        }
    }

    ngx_slack_text_init(&text, NULL, NULL, 0, limit);
    ngx_slack_text_receiver(&text, &ngx_slack_receivers[receiver]);
    ngx_slack_template_write(&text, &template, values);

    fuzz_check(text.len == 0
               || judge_template(&template, values, &text, limit, receiver),
               why);

    ngx_slack_text_reset(&text, limit);
    text.plain = 1;
    ngx_slack_template_write(&text, &template, values);

    fuzz_check(text.len == 0
               || judge_template(&template, values, &text, limit, receiver),
               why);

    ngx_slack_text_done(&text);
    ngx_destroy_pool(pool);
    free(in);

    return 0;
}
