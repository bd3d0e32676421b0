
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What the cases of the contract share: an outbox that nobody has used yet, a
 * clock that can be moved, short ways to store, settle and ask.  They use the
 * facade alone and know no engine.
 */


#ifndef _NGX_SLACK_ENGINE_SUITE_H_INCLUDED_
#define _NGX_SLACK_ENGINE_SUITE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_clock.h>
#include <ngx_slack_outbox.h>


#define ROOM    256
#define MINUTE  ((int64_t) 60 * 1000)
#define HOUR    (60 * MINUTE)


/* a channel, as it was told last */

typedef struct {
    int64_t                     id;
    char                        name[64];    /* "workspace/channel" */
    char                        handle[64];
    ngx_slack_outbox_channel_t  as;          /* its names are not valid */
} told_t;


extern ngx_slack_outbox_conf_t   conf;
extern ngx_slack_outbox_t       *outbox;     /* of the case */
extern ngx_log_t                 suite_log;
extern int64_t                   skew;       /* of the clock, ms */
extern told_t                    told[ROOM];
extern ngx_uint_t                ntold;
extern ngx_slack_survey_t        survey;
extern ngx_slack_waiting_message_t  messages[ROOM];
extern ngx_uint_t                nmessages;


void check(int ok, const char *name);
ngx_str_t str(const char *s);
ngx_uint_t is(ngx_str_t *s, const char *expected);

/* another store of the outbox, as another process has one */
ngx_slack_outbox_t *another(void);

/* closes the outbox of the case and opens it again */
void reopen(void);


/* an entry with one message; it must have an address of its own */
void entry_init(ngx_slack_entry_t *entry, ngx_slack_new_message_t *message,
    const char *key, const char *channel, const char *body);
ngx_int_t append_entries(ngx_slack_outbox_t *by, ngx_slack_entry_t *entries,
    ngx_uint_t n);

/* stores a message; its id, or 0 */
int64_t append(const char *key, const char *channel, const char *body);


/* channels that are told after *last: how many, or -1; in told[] */
int tell(ngx_slack_outbox_t *by, int64_t *last);

/* the one of that name, of those that were told last */
told_t *told_of(const char *name);

/* of any channel by name; 0: nothing waits there */
int64_t channel_id(const char *name);

/* what waits there, at most "n" (ROOM), in messages[]; how many, or -1 */
int wait_of(const char *name, ngx_uint_t n);


/* leads for a moment */
ngx_int_t settle_all(ngx_slack_settlement_t *settlements, ngx_uint_t n,
    ngx_slack_standing_t *standings, ngx_uint_t m);
ngx_int_t settle(int64_t id, ngx_uint_t outcome, int64_t due,
    ngx_uint_t attempts, const char *answer);

/* a dead letter; its id */
int64_t dead(const char *channel, const char *body);

/* NGX_SLACK_FATE_…, or -1: no such message; all of it in fate */
int fate_of(int64_t id);
extern ngx_slack_fate_t  fate;


/* in survey; with "max" dead letters */
ngx_int_t look(ngx_uint_t max);
ngx_slack_survey_channel_t *surveyed(const char *name);


ngx_slack_scope_t *scope(const char *workspace, const char *channel);
ngx_int_t steer(ngx_slack_steer_t *steering, ngx_slack_steer_e action);

/* is it paused after that? */
ngx_uint_t mark(ngx_slack_steer_e action, const char *workspace,
    const char *channel);


/* suite_thread.c: a message with a thread */

typedef struct {
    int64_t                     stamp;
    ngx_uint_t                  clock;
    unsigned                    final:1;
    unsigned                    ends:1;
    unsigned                    known:1;
    unsigned                    whole:1;
    unsigned                    broadcast:1;
    time_t                      keep;        /* 0: a day */
} put_t;

extern ngx_slack_entry_t         put_entry;  /* of the last one, its results */

/* stores it, NULL: with nothing told; its id, or 0 */
int64_t put(const char *channel, const char *key, ngx_slack_new_part_e part,
    put_t *with, const char *body);

/* the same with a stamp, for states */
int64_t state(const char *key, int64_t stamp, const char *body);

/* a message with a thread of a larger entry */
void put_init(ngx_slack_new_message_t *message, const char *key,
    ngx_slack_new_part_e part, int64_t stamp);

/* what waits in the line of "#dev": that message, or NULL */
ngx_slack_waiting_message_t *line(int64_t id);

/* is it in line with that role, and its thread's handle? */
int waits_as(int64_t id, ngx_slack_role_e role, const char *handle);

/* the waiting change of a thread; its id, or 0; in "changed" */
int64_t change_of(int64_t thread);
extern ngx_slack_waiting_message_t  changed;

/* settles with a handle; or with an outcome for threads */
ngx_int_t sent(int64_t id, const char *handle);
ngx_int_t refused(int64_t id, ngx_uint_t outcome);

/* a thread whose root was sent as a state with that stamp; its id */
int64_t shown(const char *key, int64_t stamp, const char *handle);

/* threads that changes() tells of after *last: how many; in changing[] */
int tell_changes(ngx_slack_outbox_t *by, int64_t *last);
extern ngx_slack_changing_t      changing[ROOM];

/* known threads, "key=handle" of each, in order, separated by blanks */
const char *known(ngx_slack_scope_t *of);
/* those with a key; NULL: all */
const char *known_by(ngx_slack_scope_t *of, const char *key);
extern ngx_slack_thread_info_t   infos[ROOM];    /* no texts */
extern ngx_uint_t                ninfos;


/* the cases; each file ends its table with NULL */

typedef struct {
    const char                 *name;
    void                      (*run)(void);
} case_t;

extern case_t  cases_store[];
extern case_t  cases_events[];
extern case_t  cases_states[];
extern case_t  cases_delivery[];
extern case_t  cases_leader[];
extern case_t  cases_operators[];
extern case_t  cases_threads[];
extern case_t  cases_entries[];
extern case_t  cases_settle[];
extern case_t  cases_known[];
extern case_t  cases_shared[];
extern case_t  cases_memos[];
extern case_t  cases_random[];


#endif /* _NGX_SLACK_ENGINE_SUITE_H_INCLUDED_ */
