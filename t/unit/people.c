
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * source/: whom an event concerns, and as what.
 */

/* unit: json/ngx_slack_json.c json/ngx_slack_json_paths.c
 *       json/ngx_slack_json_values.c
 *       json/ngx_slack_json_decode.c json/ngx_slack_json_skim.c
 *       json/ngx_slack_json_text.c json/ngx_slack_json_token.c
 *       core/ngx_slack_text.c core/ngx_slack_text_value.c
 *       core/ngx_slack_text_url.c core/ngx_slack_text_markdown.c
 *       core/ngx_slack_text_scrub.c core/ngx_slack_receiver.c
 *       core/ngx_slack_shown.c core/ngx_slack_time.c
 *       json/ngx_slack_json_writer.c
 *       source/
 * libs: -lyajl
 */

#include <ngx_config.h>
#include <ngx_core.h>

#define WANT  NGX_SLACK_WANT_PEOPLE

#include "object.h"
#include <ngx_slack_people.h>


/* users as GitLab and Gitea tell them */

#define GL(name)  "{\"id\":1,\"username\":\"" name "\"," \
                  "\"name\":\"" name " X\"}"
#define GT(name)  "{\"login\":\"" name "\",\"full_name\":\"\"," \
                  "\"email\":\"" name "@acme.test\"}"
#define GH(name)  "{\"login\":\"" name "\"}"

#define OLE  "\"user\":{\"id\":9,\"username\":\"ole\",\"name\":\"Ole\"," \
             "\"email\":\"ole@acme.test\"},"
#define SENDER  "\"sender\":" GH("ole") ","

#define MR(more, rest)  "{\"object_kind\":\"merge_request\"," OLE \
                        "\"object_attributes\":{" more "}," rest "}"


/* "r" of each role and username, name, address of each person */

static const row_t  events[] = {

    /* GitLab */

    { "gitlab", "", MR("\"action\":\"open\",\"author_id\":9,"
      "\"description\":\"see @kim and @ole, not `@lou`\"",
      "\"assignees\":[" GL("jane") "," GL("ole") "],\"reviewers\":["
      GL("bob") "," GL("jane") "]"),
      "ar jane,jane X, r bob,bob X, m kim,," },
    { "gitlab", "", MR("\"action\":\"merge\",\"author_id\":4,"
      "\"description\":\"see @kim\"",
      "\"assignees\":[{\"id\":4,\"username\":\"jane\"}],"
      "\"reviewers\":[]"), "aw jane,," },
    { "gitlab", "", MR("\"action\":\"update\",\"author_id\":1,"
      "\"description\":\"see @kim\"",
      "\"assignees\":[" GL("jane") "]"), "" },
    { "gitlab", "", MR("\"action\":\"update\"",
      "\"assignees\":[" GL("jane") ",{\"username\":\"bob\","
      "\"email\":\"bob@acme.test\"}],"
      "\"changes\":{\"assignees\":{\"previous\":[" GL("jane") "],"
      "\"current\":[" GL("jane") "," GL("bob") "," GL("ole") "]}}"),
      "a bob,bob X,bob@acme.test" },
    { "gitlab", "", "gitlab/merge_request_update_reviewers.json",
      "r pvance,Priya Vance,[REDACTED] r yhartmann,Yuki Hartmann,[REDACTED]" },
    { "gitlab", "", MR("\"action\":\"update\"",
      "\"changes\":{\"description\":{\"previous\":\"hi @kim\","
      "\"current\":\"hi @KIM and @lou\"}}"), "m lou,," },
    { "gitlab", "", MR("\"action\":\"update\"",
      "\"changes\":{\"description\":{\"previous\":null,"
      "\"current\":\"@kim\"}}"), "m kim,," },
    { "gitlab", "", "{\"object_kind\":\"note\"," OLE "\"object_attributes\":{"
      "\"note\":\"@jane @ole look\",\"action\":\"create\"}}",
      "m jane,," },
    { "gitlab", "", "{\"object_kind\":\"note\"," OLE "\"object_attributes\":{"
      "\"note\":\"@jane look\",\"action\":\"update\"}}", "" },
    { "gitlab", "", "{\"object_kind\":\"issue\"," OLE "\"object_attributes\":{"
      "\"action\":\"close\",\"description\":\"@kim\"},\"assignees\":["
      GL("jane") "]}", "a jane,jane X," },

    /* who has started a pipeline or a job is not left out */

    { "gitlab", "", "gitlab/pipeline_failed.json",
      "w mokafor,Mira Okafor,[REDACTED] c ,Tomasz Lind,tlind@acme.example" },
    { "gitlab", "", "gitlab/job.json",
      "w mokafor,Mira Okafor,[REDACTED] c ,Tomasz Lind,tlind@acme.example" },
    { "gitlab", "", "gitlab/push.json",
      "c ,Tomasz Lind,tlind@acme.example"
      " c ,Yuki Hartmann,yhartmann@acme.example" },

    /* a commit does not say whom another role means */

    { "gitlab", "", "{\"object_kind\":\"pipeline\"," OLE
      "\"object_attributes\":{\"status\":\"failed\"},\"commit\":{"
      "\"author\":{\"name\":\"Ole\",\"email\":\"evil@evil.test\"}}}",
      "wc ole,Ole,ole@acme.test" },
    { "gitlab", "", "{\"object_kind\":\"pipeline\",\"user\":{\"username\":"
      "\"ole\",\"name\":\"Ole\"},"
      "\"object_attributes\":{\"status\":\"failed\"},\"commit\":{"
      "\"author\":{\"name\":\"Ole\",\"email\":\"evil@evil.test\"}}}",
      "wc ole,Ole," },
    { "gitlab", "", "gitlab/deployment_failed.json", "" },
    { "gitlab", "", "gitlab/alert_triggered.json", "" },

    /* GitHub */

    { "github", "pull_request", "{\"action\":\"opened\"," SENDER
      "\"pull_request\":{\"user\":" GH("ole") ",\"body\":\"cc @kim\","
      "\"assignees\":[" GH("jane") "],\"requested_reviewers\":[" GH("bob")
      "]}}", "a jane,, r bob,, m kim,," },
    { "github", "pull_request", "{\"action\":\"closed\"," SENDER
      "\"pull_request\":{\"user\":" GH("ann") ",\"body\":\"cc @kim\"}}",
      "w ann,," },
    { "github", "pull_request", "{\"action\":\"synchronize\"," SENDER
      "\"pull_request\":{\"user\":" GH("ann") ",\"body\":\"cc @kim\","
      "\"assignees\":[" GH("jane") "]}}", "" },
    { "github", "pull_request", "{\"action\":\"review_requested\"," SENDER
      "\"requested_reviewer\":" GH("bob") ",\"pull_request\":{"
      "\"requested_reviewers\":[" GH("jane") "," GH("bob") "]}}",
      "r bob,," },
    { "github", "issues", "{\"action\":\"assigned\"," SENDER
      "\"assignee\":" GH("bob") ",\"issue\":{\"assignees\":[" GH("jane")
      "," GH("bob") "]}}", "a bob,," },
    { "github", "issues", "{\"action\":\"unassigned\"," SENDER
      "\"assignee\":" GH("bob") ",\"issue\":{\"assignees\":[" GH("jane")
      "]}}", "" },
    { "github", "issues", "{\"action\":\"edited\"," SENDER
      "\"changes\":{\"body\":{\"from\":\"@kim\"}},"
      "\"issue\":{\"body\":\"@kim @lou\"}}", "m lou,," },
    { "github", "issues", "{\"action\":\"edited\"," SENDER
      "\"changes\":{\"title\":{\"from\":\"x\"}},"
      "\"issue\":{\"body\":\"@kim @lou\"}}", "" },
    { "github", "issue_comment", "{\"action\":\"created\"," SENDER
      "\"issue\":{\"user\":" GH("ann") ",\"assignees\":[" GH("jane") "],"
      "\"body\":\"@lou\"},\"comment\":{\"body\":\"@kim\"}}",
      "a jane,, w ann,, m kim,," },
    { "github", "push", "{\"ref\":\"refs/heads/main\"," SENDER
      "\"commits\":[{\"distinct\":true,\"author\":{\"username\":\"jane\","
      "\"name\":\"Jane\",\"email\":\"j@acme.test\"}},{\"distinct\":false,"
      "\"author\":{\"username\":\"bob\"}},{\"author\":{\"username\":"
      "\"ole\"}}]}", "c jane,Jane,j@acme.test" },
    { "github", "workflow_run", "{\"action\":\"completed\"," SENDER
      "\"workflow_run\":{\"triggering_actor\":" GH("ole") ",\"head_commit\":"
      "{\"author\":{\"name\":\"Jane\",\"email\":\"j@acme.test\"}}}}",
      "w ole,, c ,Jane,j@acme.test" },

    /* Gitea */

    { "gitea", "issues", "{\"action\":\"assigned\",\"sender\":" GT("ole")
      ",\"issue\":{\"assignees\":[" GT("jane") "]}}",
      "a jane,,jane@acme.test" },
    { "gitea", "issues", "{\"action\":\"assigned\",\"sender\":" GT("ole")
      ",\"issue\":{\"assignees\":[" GT("jane") "," GT("bob") "]}}", "" },
    { "gitea", "pull_request", "{\"action\":\"opened\",\"sender\":"
      GT("ole") ",\"pull_request\":{\"assignees\":[" GT("jane") "],"
      "\"requested_reviewers\":[" GT("bob") "]}}",
      "a jane,,jane@acme.test r bob,,bob@acme.test" },

    { NULL, NULL, NULL, NULL }
};


/* a text, and whom it mentions */

static const char  *texts[][2] = {
    { "", "" },
    { "@jane", "jane" },
    { "Hi @jane, @bob. (@kim) \"@lou\"", "jane bob kim lou" },
    { "@a.b-c_d @acme/team @Jane", "a.b-c_d acme/team Jane" },
    { "jane@acme.test mailto:x+@jane @ @@x @-x @.x", "" },
    { "https://medium.com/@jane/x", "" },
    { "@fed@example.org @jane", "jane" },
    { "`@jane` ``@bob ` @kim`` @lou", "lou" },
    { "`@jane", "jane" },
    { "`@jane\n@bob` @kim", "kim" },
    { "`@jane\n\n@bob` @kim", "jane bob kim" },
    { "\\`@jane\\` \\@bob", "jane" },
    { "``` @jane\n@bob\n```\n@kim", "kim" },
    { "```\n@bob", "" },
    { "~~~\n@bob\n```\n@jane\n~~~\n@kim", "kim" },
    { "````\n```\n@bob\n````\n@kim", "kim" },
    { "> ```\n> @bob\n> ```\n> @kim", "kim" },
    { "```\n@bob\n``` x\n@jane\n```\n@kim", "kim" },
    { "a ``` @jane ``` b\n``` `@bob` ```\n@kim", "kim" },
    { "<!-- @jane\n\n@bob --> @kim", "kim" },
    { "<!-- @jane", "" },
    { "<code>@jane</code> <PRE>@bob</PRE> @kim", "kim" },
    { "<code>@jane <pre>@bob", "jane bob" },
    { "@all @here @Channel @everyone @alla", "alla" },
    { "\xe4\xbd\xa0\xe5\xa5\xbd@jane", "jane" },
    { NULL, NULL }
};


static void
test_texts(void)
{
    char        buf[256];
    size_t      len;
    ngx_str_t   text, names[16];
    ngx_uint_t  i, k, n;

    for (i = 0; texts[i][0] != NULL; i++) {

        text.data = (u_char *) texts[i][0];
        text.len = strlen(texts[i][0]);

        n = ngx_slack_people_names(&text, names, 16);
        len = 0;

        for (k = 0; k < n; k++) {
            len += (size_t) snprintf(buf + len, sizeof(buf) - len, "%s%.*s",
                                     k ? " " : "", (int) names[k].len,
                                     names[k].data);
        }

        tap_is((u_char *) buf, len, texts[i][1], texts[i][0]);
    }
}


/* no text takes long, and no more are told than there is room for */

static void
test_long(void)
{
    u_char     buf[16384];
    size_t     i, k;
    clock_t    start;
    ngx_str_t  text, names[4];

    static const char  *pieces[] = {
        "`", "` `` ", "```` ", "<code>", "<pre", "<!-", "@", "@a ", "``@x`",
        "~~~\n", "```\n``\n", "\\`", "`\n\n``", "> ", NULL
    };

    for (k = 0; pieces[k] != NULL; k++) {

        for (i = 0; i < sizeof(buf); i++) {
            buf[i] = (u_char) pieces[k][i % strlen(pieces[k])];
        }

        text.data = buf;
        text.len = sizeof(buf);

        start = clock();

        tap_ok(ngx_slack_people_names(&text, names, 4) <= 4
               && clock() - start < CLOCKS_PER_SEC / 4, pieces[k]);
    }
}


static void
test_events(void)
{
    char                 buf[1024];
    size_t               len;
    ngx_int_t            rc;
    ngx_str_t            body, reason;
    ngx_uint_t           i, k;
    const char          *roles = "arwcm";
    const row_t         *row;
    ngx_slack_event_t   *event;
    ngx_slack_person_t  *person;

    for (row = events; row->sender; row++) {

        pool = ngx_create_pool(4096, &quiet);

        if (pool == NULL || load(row->payload, &body) != NGX_OK) {
            tap_ok(0, row->payload);
            continue;
        }

        len = 0;
        rc = event_of(row, &body, &event, &reason);

        person = (rc == NGX_OK) ? event->people.elts : NULL;

        for (i = 0; rc == NGX_OK && i < event->people.nelts; i++) {

            len += (size_t) snprintf(buf + len, sizeof(buf) - len, "%s",
                                     i ? " " : "");

            for (k = 0; roles[k]; k++) {
                if (person[i].roles & ((ngx_uint_t) 1 << k)) {
                    buf[len++] = roles[k];
                }
            }

            len += (size_t) snprintf(buf + len, sizeof(buf) - len,
                                     " %.*s,%.*s,%.*s",
                                     (int) person[i].username.len,
                                     person[i].username.data,
                                     (int) person[i].name.len,
                                     person[i].name.data,
                                     (int) person[i].email.len,
                                     person[i].email.data);
        }

        if (rc != NGX_OK) {
            len = (size_t) snprintf(buf, sizeof(buf), "no event");
        }

        tap_is((u_char *) buf, len, row->expected, row->payload);

        ngx_destroy_pool(pool);
    }
}


int
main(void)
{
    test_texts();
    test_long();
    test_events();

    return tap_done();
}
