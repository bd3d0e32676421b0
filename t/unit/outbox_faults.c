
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * outbox/: the SQLite engine when things go wrong: processes that die, a
 * directory that is not there, a file that is locked, too large or corrupt.
 */

/* unit: core/ngx_slack_log.c core/ngx_slack_log_line.c
 *       core/ngx_slack_text_scrub.c
 *       core/ngx_slack_shown.c core/ngx_slack_history_text.c
 *       outbox/ngx_slack_engine.c outbox/ngx_slack_tally.c
 *       outbox/ngx_slack_turnstile.c outbox/ngx_slack_leader.c
 *       outbox/ngx_slack_state.c outbox/sqlite/ outbox/postgres/
 * libs: -lsqlite3 -lpq
 */


#include "outbox.h"

#include <sys/wait.h>


enum { WRITERS = 4, ROUNDS = 100, BATCH = 5, NOBODY = 65534 };


/* forgets, in a child, the parent's store without touching its file */

static void
child_store(void)
{
    store = conf.engine->create(&conf, &test_log);

    if (store == NULL) {
        _exit(2);
    }
}


/* waits for all children; how many of them did not exit with 0 */

static ngx_uint_t
failed_children(void)
{
    int         status;
    ngx_uint_t  n;

    n = 0;

    while (wait(&status) != -1) {
        n += (status != 0);
    }

    return n;
}


static pid_t
fork_child(void)
{
    pid_t  pid;

    (void) fflush(stdout);

    pid = fork();

    if (pid == -1) {
        bail_out("fork");
    }

    return pid;
}


static void
write_much(ngx_uint_t writer)
{
    char                     channels[BATCH][16];
    ngx_uint_t               i, n;
    ngx_slack_entry_t        entries[BATCH];
    ngx_slack_new_message_t  messages[BATCH];

    child_store();

    for (n = 0; n < ROUNDS; n++) {

        for (i = 0; i < BATCH; i++) {
            (void) snprintf(channels[i], sizeof(channels[i]), "#%u",
                            (unsigned) ((n + i + writer) % 20));
            entry_init(&entries[i], &messages[i], "", channels[i], "x");
        }

        if (append_entries(entries, BATCH) != NGX_OK) {
            _exit(1);
        }
    }

    conf.engine->destroy(store);
    _exit(0);
}


static void
test_writers(void)
{
    ngx_uint_t  i;

    fresh();
    conf.engine->destroy(store);
    store = NULL;

    for (i = 0; i < WRITERS; i++) {
        if (fork_child() == 0) {
            write_much(i);
        }
    }

    tap_ok(failed_children() == 0,
           "processes that begin a new outbox and write to it at once");

    tap_ok(ask("SELECT count(*) FROM message") == WRITERS * ROUNDS * BATCH,
           "lose nothing");
    tap_ok(ask("SELECT count(*) FROM destination") == 20,
           "and share their destinations");
    tap_ok(consistent(), "the file is consistent");

    reopen();
}


/* tells each id once it is stored, until killed */

static void
write_until_killed(int fd)
{
    int64_t     id;
    ngx_uint_t  n;

    child_store();

    for (n = 0; /* void */ ; n++) {
        id = append("", (n % 2) ? "#a" : "#b", "y");

        if (id == 0 || write(fd, &id, sizeof(int64_t)) != sizeof(int64_t)) {
            _exit(1);
        }
    }
}


static void
test_killed(void)
{
    int         fds[2], status;
    char        sql[128];
    pid_t       pid;
    int64_t     id;
    ngx_uint_t  round, n, told, lost, bad;

    fresh();
    own.sync = NGX_SLACK_SQLITE_SYNC_FULL;

    told = 0;
    lost = 0;
    bad = 0;

    for (round = 1; round <= 6; round++) {

        if (pipe(fds) == -1) {
            bail_out("pipe");
        }

        pid = fork_child();

        if (pid == 0) {
            (void) close(fds[0]);
            write_until_killed(fds[1]);
        }

        (void) close(fds[1]);

        for (n = 0; read(fds[0], &id, sizeof(int64_t)) == sizeof(int64_t);
             n++)
        {
            told++;

            (void) snprintf(sql, sizeof(sql),
                            "SELECT count(*) FROM message WHERE id = %lld",
                            (long long) id);

            lost += (ask(sql) != 1);

            if (n == round * 7) {
                (void) kill(pid, SIGKILL);
            }
        }

        (void) close(fds[0]);
        (void) waitpid(pid, &status, 0);

        bad += (!WIFSIGNALED(status) || !consistent());

        if (append("", "#c", "z") == 0) {
            bad++;
        }
    }

    tap_ok(told > 6 * 7 && lost == 0, "killed writers lose nothing they told");
    tap_ok(bad == 0, "and leave a good file that nobody holds");

    own.sync = NGX_SLACK_SQLITE_SYNC_NORMAL;
}


/* a step to the next minute, when the same fault may be logged again */

static void
next_minute(void)
{
    skew += 61 * 1000;
}


static void
test_missing(void)
{
    u_char      away[160];
    int64_t     last;
    ngx_uint_t  i, n, lines;

    fresh();

    (void) snprintf((char *) away, sizeof(away), "%s.away", dir);
    (void) rename(dir, (char *) away);

    next_minute();
    lines = ngx_slack_shim_lines;
    n = 0;

    for (i = 0; i < 10; i++) {
        n += (append("", "#dev", "x") != 0);
    }

    last = 0;

    tap_ok(n == 0, "without its directory nothing is stored");
    tap_ok(conf.engine->channels(store, &last, NULL, NULL) == NGX_ERROR
           && conf.engine->purge(store) == NGX_ERROR, "or read, or forgotten");
    tap_ok(ngx_slack_shim_lines == lines + 1
           && strstr((char *) ngx_slack_shim_line, (char *) path) != NULL
           && strstr((char *) ngx_slack_shim_line, "let its directory exist")
              != NULL, "one line tells which, why, and what to do");

    next_minute();
    (void) append("", "#dev", "x");
    tap_ok(ngx_slack_shim_lines == lines + 2, "another one a minute later");

    (void) rename((char *) away, dir);

    tap_ok(append("", "#dev", "x") != 0,
           "it works when the directory is back");
    tap_ok(strstr((char *) ngx_slack_shim_line, "works again") != NULL,
           "which is logged");

    /* the same while the file is open */

    (void) rename(dir, (char *) away);
    tap_ok(append("", "#dev", "x") == 0, "a directory that goes away in use");

    (void) rename((char *) away, dir);
    tap_ok(append("", "#dev", "x") != 0
           && ask("SELECT count(*) FROM message") == 2 && consistent(),
           "and comes back as it was");
}


static void
test_readonly(void)
{
    ngx_uint_t  i, n, lines;

    fresh();

    (void) append("", "#dev", "x");
    reopen();

    /* root may write anything */

    if (geteuid() == 0) {
        (void) chmod(dir, 0755);
        (void) chmod((char *) path, 0644);

        if (seteuid(NOBODY) == -1) {
            bail_out("seteuid");
        }

    } else {
        (void) chmod((char *) path, 0444);
        (void) chmod(dir, 0555);
    }

    next_minute();
    lines = ngx_slack_shim_lines;
    n = 0;

    for (i = 0; i < 5; i++) {
        n += (append("", "#dev", "x") != 0);
    }

    tap_ok(n == 0 && ngx_slack_shim_lines == lines + 1
           && strstr((char *) ngx_slack_shim_line, "worker user") != NULL,
           "a directory that is not ours");

    if (getuid() == 0) {
        (void) seteuid(0);

    } else {
        (void) chmod(dir, 0700);
        (void) chmod((char *) path, 0600);
    }

    tap_ok(append("", "#dev", "x") != 0
           && ask("SELECT count(*) FROM message") == 2, "becomes ours");
}


/* a file system that has no room left, or a disk that fails: no more bytes */

static void
test_limits(void)
{
    char                body[65536];
    int64_t             stored;
    ngx_uint_t          i, n, faults;
    struct rlimit       rlim, old;
    ngx_slack_store_t  *failed;

    fresh();

    memset(body, 'x', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';

    (void) signal(SIGXFSZ, SIG_IGN);
    (void) getrlimit(RLIMIT_FSIZE, &old);

    rlim = old;
    rlim.rlim_cur = 1024 * 1024;

    if (setrlimit(RLIMIT_FSIZE, &rlim) == -1) {
        bail_out("setrlimit");
    }

    next_minute();
    faults = ngx_slack_shim_count[NGX_LOG_CRIT];
    n = 0;

    for (i = 0; i < 40; i++) {
        n += (append("", "#dev", body) != 0);
    }

    (void) setrlimit(RLIMIT_FSIZE, &old);

    tap_ok(n > 0 && n < 40
           && ngx_slack_shim_count[NGX_LOG_CRIT] == faults + 1,
           "a file that cannot grow");

    stored = ask("SELECT count(*) FROM message");

    tap_ok(stored == (int64_t) n, "holds what was acknowledged and no more");

    /* nothing is left that could be written over what others store */

    failed = store;
    store = NULL;
    reopen();
    tap_ok(append("", "#dev", "other") != 0, "another one may store then");
    conf.engine->destroy(store);
    store = failed;

    tap_ok(append("", "#dev", "x") != 0
           && ask("SELECT count(*) FROM message WHERE body = CAST('other'"
                  " AS BLOB)") == 1
           && consistent(),
           "and it works when it may grow again");
}


static void
test_locked(void)
{
    sqlite3    *db;
    ngx_uint_t  lines;

    fresh();
    (void) append("", "#dev", "x");

    next_minute();
    lines = ngx_slack_shim_lines;

    if (sqlite3_open((char *) path, &db) != SQLITE_OK
        || sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
    {
        bail_out("sqlite3");
    }

    tap_ok(append("", "#dev", "x") == 0 && ngx_slack_shim_lines == lines + 1
           && strstr((char *) ngx_slack_shim_line, "locked by") != NULL,
           "somebody else's transaction");

    (void) sqlite3_close(db);

    tap_ok(append("", "#dev", "x") != 0 && consistent(), "ends");
}


/* writes rubbish to the file from an offset on */

static void
spoil(long offset, size_t size)
{
    FILE   *f;
    size_t  i;

    f = fopen((char *) path, "r+b");

    if (f == NULL || fseek(f, offset, SEEK_SET) == -1) {
        bail_out("fopen");
    }

    for (i = 0; i < size; i++) {
        (void) fputc((int) (i * 37 + 11) & 0xff, f);
    }

    (void) fclose(f);
}


static void
fill(ngx_uint_t n)
{
    while (n--) {
        (void) append("", (n % 2) ? "#a" : "#b",
                      "a body which takes some room in the file so that there "
                      "are several pages of it");
    }
}


static void
test_corrupt(void)
{
    int64_t     id;
    ngx_uint_t  i, alerts;

    fresh();
    fill(200);
    alerts = ngx_slack_shim_count[NGX_LOG_ALERT];
    conf.engine->destroy(store);
    store = NULL;
    spoil(0, 100);
    reopen();

    tap_ok(append("", "#dev", "x") != 0
           && ask("SELECT count(*) FROM message") == 1,
           "a spoilt beginning: a new file takes what comes");
    tap_ok(set_aside() == 1
           && ngx_slack_shim_count[NGX_LOG_ALERT] == alerts + 1,
           "the old one is kept, which is logged");

    fresh();
    fill(300);
    conf.engine->destroy(store);
    store = NULL;
    spoil(4096, 40 * 4096);
    reopen();

    tap_ok(append("", "#dev", "x") != 0 && set_aside() == 1,
           "spoilt pages, found when it is opened");

    /* open, its pages not in the cache */

    fresh();
    fill(3000);
    (void) ask("PRAGMA wal_checkpoint(TRUNCATE)");
    id = ask("SELECT max(id) FROM message");
    reopen();
    next_minute();
    (void) append("", "#dev", "x");
    (void) ask("PRAGMA wal_checkpoint(TRUNCATE)");
    spoil(2 * 4096, 4000 * 16);

    for (i = 0; i < 50 && set_aside() == 0; i++) {
        (void) conf.engine->purge(store);
        (void) append("", "#new", "x");
        (void) ask("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    tap_ok(set_aside() == 1, "spoilt pages, found in use");
    tap_ok(append("", "#dev", "x") > id && consistent(),
           "the new file goes on with its ids");

    /* all at once */

    fresh();
    fill(300);
    conf.engine->destroy(store);
    store = NULL;
    spoil(0, 8192);

    for (i = 0; i < WRITERS; i++) {
        if (fork_child() == 0) {
            write_much(i);
        }
    }

    tap_ok(failed_children() == 0, "processes that meet a corrupt file");
    tap_ok(set_aside() == 1
           && ask("SELECT count(*) FROM message") == WRITERS * ROUNDS * BATCH
           && consistent(), "set it aside once and lose nothing");

    reopen();
}


static void
test_foreign(void)
{
    sqlite3    *db;
    ngx_uint_t  lines;

    fresh();
    conf.engine->destroy(store);
    store = NULL;

    if (sqlite3_open((char *) path, &db) != SQLITE_OK
        || sqlite3_exec(db, "CREATE TABLE message (x)", NULL, NULL, NULL)
           != SQLITE_OK)
    {
        bail_out("sqlite3");
    }

    (void) sqlite3_close(db);

    reopen();
    next_minute();
    lines = ngx_slack_shim_lines;

    tap_ok(append("", "#dev", "x") == 0 && append("", "#dev", "x") == 0
           && ngx_slack_shim_lines == lines + 1
           && strstr((char *) ngx_slack_shim_line, "another program") != NULL
           && set_aside() == 0
           && ask("SELECT count(*) FROM pragma_journal_mode()"
                  " WHERE journal_mode = 'delete'") == 1,
           "another program's database is left alone");

    fresh();
    (void) append("", "#dev", "x");
    conf.engine->destroy(store);
    store = NULL;

    if (sqlite3_open((char *) path, &db) != SQLITE_OK
        || sqlite3_exec(db, "PRAGMA user_version = 2", NULL, NULL, NULL)
           != SQLITE_OK)
    {
        bail_out("sqlite3");
    }

    (void) sqlite3_close(db);

    reopen();

    tap_ok(append("", "#dev", "x") == 0
           && strstr((char *) ngx_slack_shim_line, "a later version") != NULL
           && ask("SELECT count(*) FROM message") == 1,
           "and so is a later version's");
}


int
main(void)
{
    setup();

    test_writers();
    test_killed();
    test_missing();
    test_readonly();
    test_limits();
    test_locked();
    test_corrupt();
    test_foreign();

    return teardown();
}
