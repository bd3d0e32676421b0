
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The contract of engines (ngx_slack_engine.h), as cases: each runs on each
 * engine of engines.h.  The cases are in suite_*.c.
 */

/* engine: core/ngx_slack_log.c core/ngx_slack_log_line.c
 *         core/ngx_slack_text_scrub.c core/ngx_slack_shown.c
 *         core/ngx_slack_history_text.c
 *         outbox/ngx_slack_leader.c
 *         outbox/ngx_slack_outbox.c outbox/ngx_slack_outbox_conf.c
 *         outbox/ngx_slack_state.c outbox/ngx_slack_tally.c
 *         outbox/ngx_slack_turnstile.c outbox/sqlite/ outbox/postgres/
 * libs: -lsqlite3 -lpq -lpthread
 */


#include "suite.h"

#include <ftw.h>
#include <ngx_slack_engine.h>
#include <time.h>

#include "shim.h"
#include "tap.h"


ngx_slack_outbox_conf_t       conf;
ngx_slack_outbox_t           *outbox;
ngx_log_t                     suite_log;
int64_t                       skew;
told_t                        told[ROOM];
ngx_uint_t                    ntold;
ngx_slack_survey_t            survey;
ngx_slack_waiting_message_t   messages[ROOM];
ngx_uint_t                    nmessages;
ngx_slack_fate_t              fate;


#define ENGINE(engine, address)  extern ngx_slack_outbox_engine_t  engine;
#include "engines.h"
#undef ENGINE

/* the registry of the programs */

ngx_slack_outbox_engine_t  *ngx_slack_engines[] = {
#define ENGINE(engine, address)  &engine,
#include "engines.h"
#undef ENGINE
    NULL
};

static const char  *addresses[] = {
#define ENGINE(engine, address)  address,
#include "engines.h"
#undef ENGINE
    NULL
};

static case_t  *tables[] = {
    cases_store, cases_events, cases_delivery, cases_leader, cases_operators,
    cases_threads, cases_entries, cases_settle, cases_known,
    cases_shared, cases_states, cases_memos, cases_random, NULL
};

static char          dir[64];
static char          address[256];
static char          schema[64];
static const char   *running;                /* the case */
static ngx_pool_t   *pool;
static int           ncases;


int64_t
ngx_slack_clock_wall(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_REALTIME, &ts);

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000 + skew;
}


int64_t
ngx_slack_clock_monotonic(void)
{
    return ngx_slack_clock_wall();
}


void
check(int ok, const char *name)
{
    char  text[256];

    (void) snprintf(text, sizeof(text), "%s, %s: %s",
                    (char *) conf.engine->name.data, running, name);

    (void) tap_ok(ok, text);
}


ngx_str_t
str(const char *s)
{
    ngx_str_t  v;

    v.data = (u_char *) s;
    v.len = strlen(s);

    return v;
}


ngx_uint_t
is(ngx_str_t *s, const char *expected)
{
    return s->len == strlen(expected)
           && (s->len == 0 || memcmp(s->data, expected, s->len) == 0);
}


static void
bail_out(const char *why)
{
    printf("Bail out! %s\n", why);
    exit(1);
}


static int
remove_one(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    return remove(name);
}


static ngx_uint_t
is_postgres(const char *template)
{
    return strncmp(template, "postgres:", 9) == 0;
}


static void
setup(const char *template)
{
    void         *field;
    ngx_str_t     value;
    ngx_conf_t    cf;
    const char   *tmp;
    ngx_cycle_t   cycle;

    tmp = getenv("TMPDIR");

    (void) snprintf(dir, sizeof(dir), "%s/engine-XXXXXX",
                    (tmp == NULL || strlen(tmp) > 32) ? "/tmp" : tmp);

    if (mkdtemp(dir) == NULL) {
        bail_out("no directory");
    }

    (void) snprintf(address, sizeof(address), template,
                    is_postgres(template) ? getenv("SLACK_TEST_POSTGRES")
                                          : dir);

    pool = ngx_create_pool(1024, &suite_log);

    if (pool == NULL) {
        bail_out("no memory");
    }

    ngx_memzero(&conf, sizeof(ngx_slack_outbox_conf_t));
    ngx_memzero(&cf, sizeof(ngx_conf_t));
    ngx_memzero(&cycle, sizeof(ngx_cycle_t));

    cycle.pool = pool;
    cf.cycle = &cycle;
    cf.pool = pool;

    skew = 0;
    value = str(address);

    ngx_slack_outbox_conf_init(&conf);

    if (ngx_slack_outbox_choose(&conf, pool, &value) != NGX_OK) {
        bail_out("no engine");
    }

    (void) snprintf(schema, sizeof(schema), "schema=case_%d_%d",
                    (int) getpid(), ++ncases);

    value = str(schema);

    if (ngx_slack_outbox_param(&conf, &value, &field) != NULL) {
        *(ngx_str_t *) field = str(schema + sizeof("schema=") - 1);
    }

    if (ngx_slack_outbox_check(&conf, &cf) != NULL) {
        bail_out("no address");
    }

    outbox = another();
}


static void
teardown(void)
{
    if (survey.pool) {
        ngx_destroy_pool(survey.pool);
        survey.pool = NULL;
    }

    while (nmessages) {
        free(messages[--nmessages].envelope.data);
    }

    ngx_slack_outbox_close(outbox);
    ngx_destroy_pool(pool);

    (void) nftw(dir, remove_one, 16, FTW_DEPTH|FTW_PHYS);
}


ngx_slack_outbox_t *
another(void)
{
    ngx_slack_outbox_t  *other;

    other = ngx_slack_outbox_open(&conf, &suite_log);

    if (other == NULL) {
        bail_out("no store");
    }

    return other;
}


void
reopen(void)
{
    ngx_slack_outbox_close(outbox);

    outbox = another();
}


void
entry_init(ngx_slack_entry_t *entry, ngx_slack_new_message_t *message,
    const char *key, const char *channel, const char *body)
{
    ngx_memzero(entry, sizeof(ngx_slack_entry_t));
    ngx_memzero(message, sizeof(ngx_slack_new_message_t));

    entry->key = str(key);
    entry->event = str("push");
    entry->project = str("group/project");
    entry->messages = message;
    entry->nmessages = 1;

    message->workspace = str("acme");
    message->channel = str(channel);
    message->envelope = str("{\"username\":\"GitLab\"}");
    message->body = str(body);
}


ngx_int_t
append_entries(ngx_slack_outbox_t *by, ngx_slack_entry_t *entries,
    ngx_uint_t n)
{
    ngx_uint_t   i;
    ngx_queue_t  queue;

    ngx_queue_init(&queue);

    for (i = 0; i < n; i++) {
        ngx_queue_insert_tail(&queue, &entries[i].queue);
    }

    return ngx_slack_outbox_append(by, &queue, NULL, NULL);
}


int64_t
append(const char *key, const char *channel, const char *body)
{
    ngx_slack_entry_t        entry;
    ngx_slack_new_message_t  message;

    entry_init(&entry, &message, key, channel, body);

    return (append_entries(outbox, &entry, 1) == NGX_OK
            && entry.result == NGX_SLACK_ENTRY_STORED) ? entry.id : 0;
}


static ngx_int_t
tell_one(ngx_slack_outbox_channel_t *dest, void *data)
{
    told_t  *t;

    if (ntold == ROOM) {
        return NGX_ERROR;
    }

    t = &told[ntold++];

    t->id = dest->id;
    t->as = *dest;

    (void) snprintf(t->name, sizeof(t->name), "%.*s/%.*s",
                    (int) dest->workspace.len, (char *) dest->workspace.data,
                    (int) dest->channel.len, (char *) dest->channel.data);

    (void) snprintf(t->handle, sizeof(t->handle), "%.*s",
                    (int) dest->handle.len, (char *) dest->handle.data);

    return NGX_OK;
}


int
tell(ngx_slack_outbox_t *by, int64_t *last)
{
    ntold = 0;

    return (ngx_slack_outbox_channels(by, last, tell_one, NULL) == NGX_OK)
           ? (int) ntold : -1;
}


told_t *
told_of(const char *name)
{
    ngx_uint_t  i;

    for (i = 0; i < ntold; i++) {
        if (strcmp(told[i].name, name) == 0) {
            return &told[i];
        }
    }

    return NULL;
}


int64_t
channel_id(const char *name)
{
    told_t   *t;
    int64_t   last;

    last = 0;

    (void) tell(outbox, &last);

    t = told_of(name);

    return t ? t->id : 0;
}


int
wait_of(const char *name, ngx_uint_t n)
{
    while (nmessages) {
        free(messages[--nmessages].envelope.data);
    }

    if (ngx_slack_outbox_messages(outbox, channel_id(name), messages, &n)
        != NGX_OK)
    {
        return -1;
    }

    nmessages = n;

    return (int) n;
}


ngx_int_t
settle_all(ngx_slack_settlement_t *settlements, ngx_uint_t n,
    ngx_slack_standing_t *standings, ngx_uint_t m)
{
    int64_t    term;
    ngx_int_t  rc;

    rc = ngx_slack_outbox_lead(outbox, &term);

    if (rc == NGX_OK) {
        rc = ngx_slack_outbox_renew(outbox, term);
    }

    if (rc == NGX_OK) {
        rc = ngx_slack_outbox_settle(outbox, term, settlements, n, standings,
                                     m);
        ngx_slack_outbox_resign(outbox, term);
    }

    return rc;
}


ngx_int_t
settle(int64_t id, ngx_uint_t outcome, int64_t due, ngx_uint_t attempts,
    const char *answer)
{
    ngx_slack_settlement_t  st;

    ngx_memzero(&st, sizeof(ngx_slack_settlement_t));

    st.id = id;
    st.outcome = outcome;
    st.due = due;
    st.attempts = attempts;
    st.answer = str(answer);

    return settle_all(&st, 1, NULL, 0);
}


int64_t
dead(const char *channel, const char *body)
{
    int64_t  id;

    id = append("", channel, body);

    (void) settle(id, NGX_SLACK_SETTLE_DEAD, 0, 1, "channel_not_found");

    return id;
}


int
fate_of(int64_t id)
{
    ngx_memzero(&fate, sizeof(ngx_slack_fate_t));

    fate.id = id;

    return (ngx_slack_outbox_fate(outbox, &fate) == NGX_OK)
           ? (int) fate.state : -1;
}


ngx_int_t
look(ngx_uint_t max)
{
    int64_t  died, id;

    died = survey.after_died;
    id = survey.after_id;

    if (survey.pool) {
        ngx_destroy_pool(survey.pool);
    }

    ngx_memzero(&survey, sizeof(ngx_slack_survey_t));

    survey.max = max;
    survey.after_died = max ? died : 0;
    survey.after_id = max ? id : 0;
    survey.pool = ngx_create_pool(4096, &suite_log);

    if (survey.pool == NULL) {
        bail_out("no memory");
    }

    return ngx_slack_outbox_survey(outbox, &survey);
}


ngx_slack_survey_channel_t *
surveyed(const char *name)
{
    char                         text[64];
    ngx_uint_t                   i;
    ngx_slack_survey_channel_t  *ch;

    ch = survey.channels.elts;

    for (i = 0; i < survey.channels.nelts; i++) {

        (void) snprintf(text, sizeof(text), "%.*s/%.*s",
                        (int) ch[i].workspace.len,
                        (char *) ch[i].workspace.data,
                        (int) ch[i].channel.len, (char *) ch[i].channel.data);

        if (strcmp(text, name) == 0) {
            return &ch[i];
        }
    }

    return NULL;
}


/* of a workspace if channel is NULL; valid until the next one */

ngx_slack_scope_t *
scope(const char *workspace, const char *channel)
{
    static ngx_slack_scope_t  s;

    s.workspace = str(workspace);
    s.channel = str(channel ? channel : "");
    s.whole = (channel == NULL);

    return &s;
}


ngx_int_t
steer(ngx_slack_steer_t *steering, ngx_slack_steer_e action)
{
    steering->action = action;

    return ngx_slack_outbox_steer(outbox, steering);
}


ngx_uint_t
mark(ngx_slack_steer_e action, const char *workspace, const char *channel)
{
    ngx_slack_steer_t  steering;

    ngx_memzero(&steering, sizeof(ngx_slack_steer_t));

    steering.scope = scope(workspace, channel);

    if (steer(&steering, action) != NGX_OK) {
        check(0, "is steered");
    }

    return steering.paused;
}


int
main(int argc, char **argv)
{
    case_t      *c;
    ngx_uint_t   i, k;

    suite_log.log_level = NGX_LOG_INFO;

    setvbuf(stdout, NULL, _IOLBF, 0);

    for (i = 0; addresses[i] != NULL; i++) {

        if (is_postgres(addresses[i])
            && getenv("SLACK_TEST_POSTGRES") == NULL)
        {
            continue;
        }

        for (k = 0; tables[k] != NULL; k++) {

            for (c = tables[k]; c->name != NULL; c++) {
                running = c->name;

                setup(addresses[i]);
                c->run();
                teardown();
            }
        }
    }

    return tap_done();
}
