
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The SQL of the SQLite engine's statements.  Only data: no function runs
 * here.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>


/* rows of "pause" that concern a channel "d" */

#define NGX_SLACK_SQLITE_MARKS                                                \
    "FROM pause AS p WHERE p.workspace = d.workspace"                         \
    " AND (p.whole = 1 OR p.channel = d.channel)"

#define NGX_SLACK_SQLITE_PAUSED                                               \
    "EXISTS (SELECT 1 " NGX_SLACK_SQLITE_MARKS " AND p.until = 0)"

/* read by ngx_slack_sqlite_channel_row() */

#define NGX_SLACK_SQLITE_DESTINATION                                          \
    "SELECT d.id, d.workspace, d.channel, d.not_before, d.failures, "         \
    NGX_SLACK_SQLITE_PAUSED ","                                               \
    " (SELECT p.since " NGX_SLACK_SQLITE_MARKS " AND p.since < p.until"       \
    " ORDER BY p.until DESC LIMIT 1),"                                        \
    " (SELECT max(p.until) " NGX_SLACK_SQLITE_MARKS                           \
    " AND p.since < p.until),"                                                \
    " (SELECT max(p.tried) " NGX_SLACK_SQLITE_MARKS "), d.settled,"           \
    " (SELECT h.handle FROM handle AS h WHERE h.destination = d.id)"


/* waiting changes, which are not in the index of lines, see above */

#define NGX_SLACK_SQLITE_CHANGES                                              \
    "FROM message INDEXED BY message_done WHERE state = 3 AND state <> 0"

/*
 * Channels of which nothing is stored any more: the row alone is left.  Sent
 * messages, which are small, are read only if there is a candidate.
 */

#define NGX_SLACK_SQLITE_IDLE                                                 \
    "FROM destination WHERE settled < ?1 AND id < ?1"                         \
    " AND NOT EXISTS (SELECT 1 FROM message AS m INDEXED BY message_waiting"  \
    " WHERE m.destination = destination.id AND m.state = 0)"                  \
    " AND NOT EXISTS (SELECT 1 FROM message AS m INDEXED BY message_dead"     \
    " WHERE m.destination = destination.id AND m.state = 2)"                  \
    " AND NOT EXISTS (SELECT 1 FROM message AS m INDEXED BY message_done"     \
    " WHERE m.state = 3 AND m.state <> 0 AND m.done = destination.id)"        \
    " AND NOT EXISTS (SELECT 1 FROM thread AS t"                              \
    " WHERE t.destination = destination.id)"                                  \
    " AND NOT EXISTS (SELECT 1 FROM pause AS p"                               \
    " WHERE p.workspace = destination.workspace AND p.whole = 0"              \
    " AND p.channel = destination.channel AND p.until = 0)"                   \
    " AND id NOT IN (SELECT m.destination FROM message AS m"                  \
    " INDEXED BY message_done WHERE m.state = 1 AND m.state <> 0)"

/* the least of two ids, each of which may be missing; 0: both are */

#define NGX_SLACK_SQLITE_FIRST(one, other)                                    \
    "min(coalesce(" one ", " other "), coalesce(" other ", " one "))"

#define NGX_SLACK_SQLITE_CHANGING                                             \
    NGX_SLACK_SQLITE_DESTINATION                                              \
    ", t.id, t.since, m.created, m.part & 8 FROM message AS m"

#define NGX_SLACK_SQLITE_CHANGED                                              \
    " CROSS JOIN thread AS t ON t.id = m.thread"                              \
    " CROSS JOIN destination AS d ON d.id = m.destination"                    \
    " WHERE m.state = 3 AND m.state <> 0 AND m.id > ?1 AND t.change = m.id"   \
    " AND t.handle <> ''"

/* "t.root" is sought only where the thread has no handle */

#define NGX_SLACK_SQLITE_IS_WAITING                                           \
    "EXISTS (SELECT 1 FROM message AS r WHERE r.id = t.root"                  \
    " AND r.state = 0)"

/* read by ngx_slack_sqlite_thread_row() */

#define NGX_SLACK_SQLITE_THREAD                                               \
    "SELECT t.id, t.destination, t.stamp, t.rank, t.flags, t.root,"           \
    " t.change, t.since, t.touched, t.expires, t.last,"                       \
    " CASE WHEN t.handle <> '' THEN 2 ELSE " NGX_SLACK_SQLITE_IS_WAITING      \
    " END, t.key IS NOT NULL FROM thread AS t"

/* read by ngx_slack_sqlite_threads() */

#define NGX_SLACK_SQLITE_THREADS                                              \
    "SELECT t.id, d.workspace, d.channel, t.key, t.handle, t.stamp,"          \
    " t.touched, t.expires, t.rank & 1, t.change, t.flags & 4,"               \
    " t.handle <> '' OR " NGX_SLACK_SQLITE_IS_WAITING                         \
    " FROM thread AS t JOIN destination AS d ON d.id = t.destination"


const char  *ngx_slack_sqlite_statements[] = {

    /* NGX_SLACK_SQL_BEGIN */
    "BEGIN IMMEDIATE",

    /* NGX_SLACK_SQL_COMMIT */
    "COMMIT",

    /* NGX_SLACK_SQL_COUNTER */
    "SELECT settled, coalesce((SELECT max(id) FROM message), settled), 0"
    " FROM counter WHERE id = 1",

    /* NGX_SLACK_SQL_COUNTERS: NGX_SLACK_SQL_COUNTER in a file without it */
    "SELECT settled, coalesce((SELECT max(id) FROM message), settled),"
    " threads FROM counter WHERE id = 1",

    /* NGX_SLACK_SQL_SET_COUNTER */
    "UPDATE counter SET settled = ?1 WHERE id = 1",

    /* NGX_SLACK_SQL_RECOUNT: the stored and the correct value */
    "SELECT c.settled, coalesce((SELECT max(id) FROM message), c.settled)"
    " - (SELECT count(*) FROM message INDEXED BY message_waiting"
    " WHERE state = 0) - (SELECT count(*) " NGX_SLACK_SQLITE_CHANGES ")"
    " FROM counter AS c WHERE c.id = 1",

    /* NGX_SLACK_SQL_KEY */
    "SELECT message FROM delivery WHERE key = ?1 AND created >= ?2",

    /* NGX_SLACK_SQL_ADD_KEY: changes no key that has not expired */
    "INSERT INTO delivery (key, message, created) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (key) DO UPDATE"
    " SET message = excluded.message, created = excluded.created"
    " WHERE created < ?4",

    /* NGX_SLACK_SQL_MEMORY: NGX_SLACK_SQL_STATE in a file without these */
    "SELECT value, created FROM memory WHERE key = ?1",

    /* NGX_SLACK_SQL_SET_MEMORY: NGX_SLACK_SQL_SET_STATE, likewise */
    "INSERT INTO memory (key, value, created) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (key) DO UPDATE"
    " SET value = excluded.value, created = excluded.created",

    /* NGX_SLACK_SQL_DESTINATION */
    "SELECT id FROM destination WHERE workspace = ?1 AND channel = ?2",

    /* NGX_SLACK_SQL_ADD_DESTINATION */
    "INSERT INTO destination (id, workspace, channel)"
    " SELECT max(?1, coalesce(max(id), 0) + 1), ?2, ?3 FROM destination"
    " WHERE id < 4611686018427387903",

    /* NGX_SLACK_SQL_ADD_MESSAGE */
    "INSERT INTO message (id, destination, state, created, due, attempts,"
    " done, event, project, answer, envelope, body)"
    " VALUES (?1, ?2, 0, ?3, 0, 0, 0, ?4, ?5, '', ?6, ?7)",

    /* NGX_SLACK_SQL_NEWEST */
    "SELECT coalesce((SELECT max(id) FROM message), settled),"
    " (SELECT revision FROM steering) FROM counter WHERE id = 1",

    /* NGX_SLACK_SQL_REVISION */
    "SELECT (SELECT revision FROM steering), 0",

    /* NGX_SLACK_SQL_RECENT: searches the few newest messages */
    NGX_SLACK_SQLITE_DESTINATION " FROM destination AS d"
    " WHERE d.id IN (SELECT destination FROM message NOT INDEXED"
    " WHERE id > ?1 AND state = 0)",

    /* NGX_SLACK_SQL_DESTINATIONS: searches all channels */
    NGX_SLACK_SQLITE_DESTINATION " FROM destination AS d"
    " WHERE EXISTS (SELECT 1 FROM message AS m INDEXED BY message_waiting"
    " WHERE m.destination = d.id AND m.state = 0 AND m.id > ?1)",

    /* NGX_SLACK_SQL_MESSAGES: a root that changes has its newest state */
    "SELECT m.id, m.created, m.due, m.attempts,"
    " coalesce(c.envelope, m.envelope), coalesce(c.body, m.body),"
    " t.id, m.part, t.handle, t.flags,"
    " CASE WHEN t.handle = '' AND t.root < m.id"
    " THEN " NGX_SLACK_SQLITE_IS_WAITING " ELSE 0 END, c.id,"
    " iif(c.id IS NULL, NULL, m.body)"
    " FROM message AS m INDEXED BY message_waiting"
    " LEFT JOIN thread AS t ON t.id = m.thread"
    " LEFT JOIN message AS c ON c.id = iif(m.part & 7 = 2, t.change, 0)"
    " AND c.state = 3"
    " WHERE m.destination = ?1 AND m.state = 0 ORDER BY m.id LIMIT ?2",

    /* NGX_SLACK_SQL_CHANGES: searches all changes */
    NGX_SLACK_SQLITE_CHANGING " INDEXED BY message_done"
    NGX_SLACK_SQLITE_CHANGED,

    /* NGX_SLACK_SQL_RECENT_CHANGES: searches the few newest messages */
    NGX_SLACK_SQLITE_CHANGING " NOT INDEXED" NGX_SLACK_SQLITE_CHANGED,

    /* NGX_SLACK_SQL_CHANGE: as NGX_SLACK_SQL_MESSAGES */
    "SELECT m.id, m.created, m.due, m.attempts, m.envelope, m.body,"
    " t.id, m.part, t.handle, t.flags, 0, 0, NULL"
    " FROM thread AS t JOIN message AS m ON m.id = t.change AND m.state = 3"
    " WHERE t.id = ?1 AND t.handle <> ''",

    /* NGX_SLACK_SQL_SETTLE: a sent message needs no body any more */
    "UPDATE message SET state = ?2, done = ?3, attempts = ?4, answer = ?5,"
    " envelope = iif(?2 = 1, x'', envelope), body = iif(?2 = 1, x'', body)"
    " WHERE id = ?1 AND state IN (0, 3) RETURNING destination, thread, part",

    /* NGX_SLACK_SQL_POSTPONE */
    "UPDATE message SET due = ?2, attempts = ?3, answer = ?4"
    " WHERE id = ?1 AND state IN (0, 3)",

    /* NGX_SLACK_SQL_SET_STANDING */
    "UPDATE destination SET not_before = ?2, failures = ?3, answer = ?4,"
    " settled = ?5 WHERE id = ?1",

    /* NGX_SLACK_SQL_PURGE_MESSAGES */
    "DELETE FROM message WHERE id IN (SELECT id"
    " FROM message INDEXED BY message_done"
    " WHERE state = ?1 AND state <> 0 AND done < ?2"
    " AND id < (SELECT max(id) FROM message) ORDER BY done LIMIT ?3)",

    /* NGX_SLACK_SQL_SCAN_KEYS */
    "SELECT key, created FROM delivery WHERE key > ?1 ORDER BY key LIMIT ?2",

    /* NGX_SLACK_SQL_DELETE_KEY */
    "DELETE FROM delivery WHERE key = ?1 AND created < ?2",

    /* NGX_SLACK_SQL_SCAN_MEMORY */
    "SELECT key, created FROM memory WHERE key > ?1 ORDER BY key LIMIT ?2",

    /* NGX_SLACK_SQL_DELETE_MEMORY */
    "DELETE FROM memory WHERE key = ?1 AND created < ?2",

    /* NGX_SLACK_SQL_LOOK: the queries that follow see the same snapshot */
    "BEGIN",

    /* NGX_SLACK_SQL_MARK */
    "SELECT c.settled, coalesce((SELECT max(id) FROM message), c.settled),"
    " (SELECT revision FROM steering) FROM counter AS c WHERE c.id = 1",

    /* NGX_SLACK_SQL_FIRST_DEAD: the next one to be purged */
    "SELECT done, id FROM message INDEXED BY message_done"
    " WHERE state = 2 AND state <> 0 ORDER BY done, id LIMIT 1",

    /* NGX_SLACK_SQL_SURVEY */
    "SELECT d.id, d.workspace, d.channel, d.settled, d.not_before,"
    " d.failures, d.answer, " NGX_SLACK_SQLITE_PAUSED ","
    " EXISTS (SELECT 1 FROM message INDEXED BY message_dead"
    " WHERE destination = d.id AND state = 2)"
    " FROM destination AS d ORDER BY d.workspace, d.channel",

    /* NGX_SLACK_SQL_ALL_WAITING: in the order of two indexes */
    "SELECT destination, id, created FROM message INDEXED BY message_waiting"
    " WHERE state = 0 UNION ALL SELECT done, id, created "
    NGX_SLACK_SQLITE_CHANGES,

    /* NGX_SLACK_SQL_FIRST_WAITING: reads only indexes, as the next one */
    "SELECT coalesce(" NGX_SLACK_SQLITE_FIRST(
        "(SELECT id FROM message INDEXED BY message_waiting"
        " WHERE destination = ?1 AND state = 0 ORDER BY id LIMIT 1)",
        "(SELECT id " NGX_SLACK_SQLITE_CHANGES " AND done = ?1"
        " ORDER BY id LIMIT 1)") ", 0)",

    /* NGX_SLACK_SQL_COUNT_WAITING */
    "SELECT (SELECT count(*) FROM message INDEXED BY message_waiting"
    " WHERE destination = ?1 AND state = 0 AND id > ?2 AND id <= ?3)"
    " + (SELECT count(*) " NGX_SLACK_SQLITE_CHANGES " AND done = ?1"
    " AND id > ?2 AND id <= ?3)",

    /* NGX_SLACK_SQL_COUNT_DEAD: reads only the index */
    "SELECT count(*) FROM message INDEXED BY message_dead"
    " WHERE destination = ?1 AND state = 2",

    /* NGX_SLACK_SQL_STORED: the newest message up to an id */
    "SELECT id, created FROM message NOT INDEXED WHERE id <= ?1"
    " ORDER BY id DESC LIMIT 1",

    /* NGX_SLACK_SQL_WAITING: the oldest waiting message from an id on */
    "SELECT id, created FROM message WHERE id = " NGX_SLACK_SQLITE_FIRST(
        "(SELECT id FROM message INDEXED BY message_waiting"
        " WHERE destination = ?1 AND state = 0 AND id >= ?2"
        " ORDER BY id LIMIT 1)",
        "(SELECT id " NGX_SLACK_SQLITE_CHANGES " AND done = ?1 AND id >= ?2"
        " ORDER BY id LIMIT 1)"),

    /* NGX_SLACK_SQL_PAUSES */
    "SELECT workspace, channel, since, whole FROM pause WHERE until = 0"
    " ORDER BY workspace, whole DESC, channel",

    /* NGX_SLACK_SQL_DEAD */
    "SELECT m.id, d.workspace, d.channel, m.event, m.project, m.created,"
    " m.done, m.attempts, m.answer, m.envelope, m.body"
    " FROM message AS m INDEXED BY message_done"
    " JOIN destination AS d ON d.id = m.destination"
    " WHERE m.state = 2 AND m.state <> 0"
    " AND m.done <= ?1 AND (m.done < ?1 OR m.id < ?2)"
    " ORDER BY m.done DESC, m.id DESC LIMIT ?3",

    /* NGX_SLACK_SQL_FATE: nothing waits before a change */
    "SELECT iif(m.state = 3, 0, m.state), m.attempts, m.answer <> '',"
    " d.settled, d.not_before, d.failures,"
    " iif(m.answer <> '', m.answer, d.answer),"
    " (SELECT count(*) FROM message AS o INDEXED BY message_waiting"
    " WHERE o.destination = m.destination AND o.state = 0 AND o.id < m.id"
    " AND m.state <> 3) FROM message AS m"
    " JOIN destination AS d ON d.id = m.destination WHERE m.id = ?1",

    /* NGX_SLACK_SQL_DEAD_IDS */
    "SELECT id FROM message INDEXED BY message_dead WHERE state = 2"
    " AND (?1 OR destination IN (SELECT id FROM destination"
    " WHERE workspace = ?2 AND (?3 OR channel = ?4)))"
    " ORDER BY id",

    /* NGX_SLACK_SQL_REPLAY */
    "UPDATE message SET state = ?3, created = ?2, due = 0, attempts = 0,"
    " done = ?4, answer = '', part = (part & ~7) | ?5"
    " WHERE id = ?1 AND state = 2",

    /* NGX_SLACK_SQL_DROP: it needs no body any more */
    "UPDATE message SET state = 1, done = ?2, answer = ?4,"
    " envelope = x'', body = x'' WHERE id = ?1 AND state = ?3",

    /* NGX_SLACK_SQL_PAUSE */
    "INSERT INTO pause (workspace, whole, channel, since, until, tried)"
    " VALUES (?1, ?2, ?3, ?4, 0, 0)"
    " ON CONFLICT (workspace, whole, channel) DO UPDATE"
    " SET since = iif(until = 0, since, excluded.since), until = 0",

    /* NGX_SLACK_SQL_RESUME */
    "INSERT INTO pause (workspace, whole, channel, since, until, tried)"
    " VALUES (?1, ?2, ?3, ?4, ?4, ?4)"
    " ON CONFLICT (workspace, whole, channel) DO UPDATE"
    " SET until = iif(until = 0, excluded.until, until),"
    " tried = excluded.tried",

    /* NGX_SLACK_SQL_NUDGE */
    "INSERT INTO pause (workspace, whole, channel, since, until, tried)"
    " VALUES (?1, ?2, ?3, ?4, ?4, ?4)"
    " ON CONFLICT (workspace, whole, channel) DO UPDATE"
    " SET tried = excluded.tried",

    /* NGX_SLACK_SQL_FORGET_PAUSES */
    "DELETE FROM pause WHERE until <> 0 AND until < ?1 AND tried < ?1",

    /* NGX_SLACK_SQL_IS_PAUSED */
    "SELECT EXISTS (SELECT 1 FROM pause WHERE workspace = ?1 AND until = 0"
    " AND (whole = 1 OR (?2 = 0 AND channel = ?3)))",

    /* NGX_SLACK_SQL_REVISE */
    "UPDATE steering SET revision = (revision & 2147483647) + 1",

    /* NGX_SLACK_SQL_SERVED */
    "SELECT workspace, channel FROM served",

    /* NGX_SLACK_SQL_CLEAR_SERVED */
    "DELETE FROM served",

    /* NGX_SLACK_SQL_ADD_SERVED */
    "INSERT OR IGNORE INTO served (workspace, channel) VALUES (?1, ?2)",

    /* NGX_SLACK_SQL_UNSERVED: no rows until a leader has stored its list */
    "SELECT d.id, d.workspace, d.channel,"
    " (SELECT count(*) FROM message INDEXED BY message_waiting"
    " WHERE destination = d.id AND state = 0)"
    " + (SELECT count(*) " NGX_SLACK_SQLITE_CHANGES " AND done = d.id) AS n"
    " FROM destination AS d WHERE EXISTS (SELECT 1 FROM served)"
    " AND NOT EXISTS (SELECT 1 FROM served AS s"
    " WHERE s.workspace = d.workspace AND s.channel IN"
    " (iif(d.channel = '', '', '*'),"
    " iif(substr(d.channel, 1, 1) = '#', substr(d.channel, 2), d.channel)))"
    " AND n > 0",

    /* NGX_SLACK_SQL_IDENTITY */
    "SELECT bytes FROM identity WHERE id = 1",

    /* NGX_SLACK_SQL_SET_HANDLE */
    "INSERT INTO handle (destination, handle) VALUES (?1, ?2)"
    " ON CONFLICT (destination) DO UPDATE SET handle = excluded.handle",

    /* NGX_SLACK_SQL_SAVE: before an entry that may need too much room */
    "SAVEPOINT entry",

    /* NGX_SLACK_SQL_UNDO */
    "ROLLBACK TO entry",

    /* NGX_SLACK_SQL_RELEASE */
    "RELEASE entry",

    /* NGX_SLACK_SQL_ADD_PART: a message with a thread */
    "INSERT INTO message (id, destination, state, created, due, attempts,"
    " done, event, project, answer, envelope, body, thread, part)"
    " VALUES (?1, ?2, ?8, ?3, 0, 0, iif(?8 = 3, ?2, 0), ?4, ?5, '', ?6, ?7,"
    " ?9, ?10)",

    /* NGX_SLACK_SQL_PART */
    "SELECT state, destination, thread, part FROM message WHERE id = ?1",

    /* NGX_SLACK_SQL_TURN: a waiting message goes to its line */
    "UPDATE message SET state = 0, done = 0, due = 0,"
    " part = (part & ~7) | ?2 WHERE id = ?1 AND state IN (0, 3)",

    /* NGX_SLACK_SQL_THREAD_OF: by its key */
    NGX_SLACK_SQLITE_THREAD " WHERE t.destination = ?1 AND t.key = ?2",

    /* NGX_SLACK_SQL_THREAD */
    NGX_SLACK_SQLITE_THREAD " WHERE t.id = ?1",

    /* NGX_SLACK_SQL_ADD_THREAD: its first message is its root */
    "INSERT INTO thread (id, destination, key, handle, stamp, rank, flags,"
    " root, change, since, touched, expires, last)"
    " VALUES (?1, ?2, ?3, '', ?4, ?5, ?6, ?1, 0, 0, ?7, ?8, ?1)"
    " ON CONFLICT DO NOTHING",

    /* NGX_SLACK_SQL_YIELD_KEY */
    "UPDATE thread SET key = NULL WHERE destination = ?1 AND key = ?2",

    /* NGX_SLACK_SQL_SET_THREAD: it may lose its handle */
    "UPDATE thread SET stamp = ?2, rank = ?3, flags = ?4, root = ?5,"
    " change = ?6, since = ?7, touched = ?8, expires = ?9, last = ?10,"
    " handle = iif(?11, handle, '') WHERE id = ?1",

    /* NGX_SLACK_SQL_SET_STATED: unless the row was changed meanwhile */
    "UPDATE thread SET stamp = ?2, rank = ?3, change = ?4, since = ?5,"
    " touched = ?6, expires = max(expires, ?7), last = ?8"
    " WHERE id = ?1 AND stamp = ?9 AND rank = ?10 AND change = ?11"
    " AND since = ?12 AND (handle = '') = ?13",

    /* NGX_SLACK_SQL_REVISE_THREADS */
    "UPDATE counter SET threads = (threads & 2147483647) + 1",

    /* NGX_SLACK_SQL_SET_ROOT: what was refused was that of the former one */
    "UPDATE thread SET handle = ?2, root = ?3, flags = (flags & 4) | ?4"
    " WHERE id = ?1",

    /* NGX_SLACK_SQL_END_CHANGE */
    "UPDATE thread SET change = 0, since = 0 WHERE id = ?1 AND change = ?2",

    /* NGX_SLACK_SQL_FORGET_THREAD */
    "UPDATE thread SET key = NULL WHERE id = ?1",

    /* NGX_SLACK_SQL_THREAD_IDS */
    "SELECT id FROM thread WHERE key IS NOT NULL"
    " AND (?1 OR destination IN (SELECT id FROM destination"
    " WHERE workspace = ?2 AND (?3 OR channel = ?4)))"
    " ORDER BY id",

    /* NGX_SLACK_SQL_THREADS */
    NGX_SLACK_SQLITE_THREADS
    " WHERE t.key IS NOT NULL AND t.expires >= ?5"
    " AND (?1 OR d.workspace = ?2 AND (?3 OR d.channel = ?4))"
    " ORDER BY t.last DESC",

    /* NGX_SLACK_SQL_THREADS_OF: a key, which an index finds */
    NGX_SLACK_SQLITE_THREADS
    " WHERE t.destination IN (SELECT id FROM destination"
    " WHERE ?1 OR workspace = ?2 AND (?3 OR channel = ?4))"
    " AND t.key = ?6 AND t.expires >= ?5"
    " ORDER BY t.last DESC",

    /* NGX_SLACK_SQL_COUNT_THREADS: more than this many */
    "SELECT count(*) - ?1, 0 FROM thread",

    /* NGX_SLACK_SQL_OLD_THREAD: the last one of so many with old messages */
    "SELECT last FROM thread ORDER BY last LIMIT 1 OFFSET ?1 - 1",

    /* NGX_SLACK_SQL_SCAN_THREADS */
    "SELECT id, key IS NULL, expires, last FROM thread WHERE id > ?1"
    " ORDER BY id LIMIT ?2",

    /* NGX_SLACK_SQL_DELETE_THREAD: unless a message of it may wait */
    "DELETE FROM thread WHERE id = ?1 AND change = 0"
    " AND (key IS NULL OR expires < ?2 OR last <= ?3)"
    " AND NOT EXISTS (SELECT 1 FROM message AS m INDEXED BY message_waiting"
    " WHERE m.destination = thread.destination AND m.state = 0"
    " AND m.id >= thread.id AND m.id <= thread.last + ?4)",

    /* NGX_SLACK_SQL_STATE */
    "SELECT value, created, since, message, messages, alive FROM memory"
    " WHERE key = ?1",

    /* NGX_SLACK_SQL_SET_STATE */
    "INSERT INTO memory (key, value, created, since, message, messages, alive)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    " ON CONFLICT (key) DO UPDATE"
    " SET value = excluded.value, created = excluded.created,"
    " since = excluded.since, message = excluded.message,"
    " messages = excluded.messages, alive = excluded.alive",

    /* NGX_SLACK_SQL_ANNOUNCED: the states of the event of a message */
    "UPDATE memory SET alive = max(0, min(messages, alive + ?2))"
    " WHERE message <> 0 AND message = (SELECT message"
    " FROM memory INDEXED BY memory_message"
    " WHERE message <> 0 AND message <= ?1 ORDER BY message DESC LIMIT 1)"
    " AND messages > ?1 - message",

    /* NGX_SLACK_SQL_MEMO */
    "SELECT value, expires FROM memo WHERE key = ?1 AND expires > ?2",

    /* NGX_SLACK_SQL_SET_MEMO */
    "INSERT INTO memo (key, value, expires) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (key) DO UPDATE"
    " SET value = excluded.value, expires = excluded.expires",

    /* NGX_SLACK_SQL_PURGE_MEMOS */
    "DELETE FROM memo WHERE key IN (SELECT key FROM memo"
    " INDEXED BY memo_expires WHERE expires <= ?1 ORDER BY expires LIMIT ?2)",

    /* NGX_SLACK_SQL_ADD_DEAD: a message that is a dead letter at once */
    "INSERT INTO message (id, destination, state, created, due, attempts,"
    " done, event, project, answer, envelope, body)"
    " VALUES (?1, ?2, 2, ?3, 0, 0, ?3, ?4, ?5, ?8, ?6, ?7)",

    /* NGX_SLACK_SQL_AT */
    "SELECT workspace, channel FROM destination WHERE id = ?1",

    /* NGX_SLACK_SQL_MOVE */
    "UPDATE message SET destination = ?2, thread = 0, part = 0"
    " WHERE id = ?1 AND state = 2",

    /* NGX_SLACK_SQL_IDLE */
    "SELECT count(*), 0 " NGX_SLACK_SQLITE_IDLE,

    /* NGX_SLACK_SQL_FORGET_CHANNELS */
    "DELETE " NGX_SLACK_SQLITE_IDLE,

    /* NGX_SLACK_SQL_FORGET_HANDLES */
    "DELETE FROM handle"
    " WHERE destination NOT IN (SELECT id FROM destination)"
};
