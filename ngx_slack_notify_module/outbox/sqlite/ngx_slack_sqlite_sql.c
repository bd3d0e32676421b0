
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * All SQL of the SQLite engine.  Only data: no function runs here.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_slack_sqlite.h>



/*
 * Ids of messages are consecutive.  So the greatest id and counter.settled,
 * which counts the messages that do not wait any more, give the number of
 * waiting messages.  Storing a message need not write a counter: each page
 * that is written takes a seventh of the time of a short transaction.  The
 * message with the greatest id is never purged.
 *
 * Ids begin with the time of the file's creation in milliseconds, so that a
 * file that was moved away and its successor do not share ids. counter.settled
 * begins with the same value.
 *
 * All times are milliseconds since the epoch.  Small columns come first, so
 * that they can be read without the overflow pages of a long body.
 *
 * "delivery" and "memory" have no index by age: each append would have to
 * write it, and they can be purged by walking.  SQLite reuses free pages but
 * does not shrink the file: it stays as large as it ever was.
 */

const char  ngx_slack_sqlite_tables[] =

    "CREATE TABLE counter (\n"
    "    id          INTEGER PRIMARY KEY CHECK (id = 1),\n"
    "    settled     INTEGER NOT NULL\n"
    ") STRICT;\n"

    "CREATE TABLE destination (\n"
    "    id          INTEGER PRIMARY KEY,\n"
    "    workspace   TEXT NOT NULL,\n"
    "    channel     TEXT NOT NULL,\n"
    "    not_before  INTEGER NOT NULL DEFAULT 0,\n"
    "    failures    INTEGER NOT NULL DEFAULT 0,\n"
    "    settled     INTEGER NOT NULL DEFAULT 0,\n"
    "    answer      TEXT NOT NULL DEFAULT '',\n"
    "    UNIQUE (workspace, channel)\n"
    ") STRICT;\n"

    "CREATE TABLE message (\n"
    "    id          INTEGER PRIMARY KEY,\n"
    "    destination INTEGER NOT NULL REFERENCES destination,\n"
    "    state       INTEGER NOT NULL,  -- 0 waiting, 1 sent, 2 dead\n"
    "    created     INTEGER NOT NULL,\n"
    "    due         INTEGER NOT NULL,\n"
    "    attempts    INTEGER NOT NULL,\n"
    "    done        INTEGER NOT NULL,\n"
    "    event       TEXT NOT NULL,\n"
    "    project     TEXT NOT NULL,\n"
    "    answer      TEXT NOT NULL,\n"
    "    envelope    BLOB NOT NULL,\n"
    "    body        BLOB NOT NULL\n"
    ") STRICT;\n"

    "CREATE INDEX message_waiting ON message (destination)\n"
    "    WHERE state = 0;\n"

    "CREATE INDEX message_done ON message (state, done)\n"
    "    WHERE state <> 0;\n"

    "CREATE TABLE delivery (\n"
    "    key         TEXT PRIMARY KEY,\n"
    "    message     INTEGER NOT NULL,\n"
    "    created     INTEGER NOT NULL\n"
    ") STRICT, WITHOUT ROWID;\n"

    "CREATE TABLE memory (\n"
    "    key         TEXT PRIMARY KEY,\n"
    "    value       TEXT NOT NULL,\n"
    "    created     INTEGER NOT NULL\n"
    ") STRICT, WITHOUT ROWID;\n"

    "INSERT INTO counter VALUES (1,\n"
    "    CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));\n"

    "PRAGMA application_id = 1936485985;\n"
    "PRAGMA user_version = 1;\n";


/*
 * Migrations after version 1 of the file.  Rows are only appended and never
 * changed. ngx_slack_sqlite_schema.c applies them.
 *
 * A pause that has ended is kept for a while, as its duration does not count
 * for the age of a message.  "tried" is the time of the last request for an
 * immediate try.  "revision" changes when earlier messages must be read again.
 *
 * "form" names the version of the module that knows the file's form, for
 * modules that do not.  "served" lists where the leader can deliver to:
 * channels without '#', or '*', which no channel is called, for all channels
 * of a workspace that have a name.  "identity" tells this outbox from others;
 * "handle" is how the receiver knows a channel.
 */

const ngx_slack_sqlite_migration_t  ngx_slack_sqlite_migrations[] = {

    { 0, NULL, NGX_SLACK_SQLITE_HAS("message_dead"),
      "CREATE INDEX message_dead ON message (destination)\n"
      "    WHERE state = 2;\n" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS("pause"),
      "CREATE TABLE pause (\n"
      "    workspace   TEXT NOT NULL,\n"
      "    whole       INTEGER NOT NULL,  -- 1: all channels\n"
      "    channel     TEXT NOT NULL,\n"
      "    since       INTEGER NOT NULL,\n"
      "    until       INTEGER NOT NULL,  -- 0: it lasts\n"
      "    tried       INTEGER NOT NULL,\n"
      "    PRIMARY KEY (workspace, whole, channel)\n"
      ") STRICT, WITHOUT ROWID;\n" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS("steering"),
      "CREATE TABLE steering (\n"
      "    id          INTEGER PRIMARY KEY CHECK (id = 1),\n"
      "    revision    INTEGER NOT NULL\n"
      ") STRICT;\n"
      "INSERT INTO steering VALUES (1, 0);\n" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS("form"),
      "CREATE TABLE form (\n"
      "    version     INTEGER PRIMARY KEY,  -- PRAGMA user_version\n"
      "    module      TEXT NOT NULL\n"
      ") STRICT;\n"
      "INSERT INTO form VALUES (1, '1.0.0');\n" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS("served"),
      "CREATE TABLE served (\n"
      "    workspace   TEXT NOT NULL,\n"
      "    channel     TEXT NOT NULL,\n"
      "    PRIMARY KEY (workspace, channel)\n"
      ") STRICT, WITHOUT ROWID;\n" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS("identity"),
      "CREATE TABLE identity (\n"
      "    id          INTEGER PRIMARY KEY CHECK (id = 1),\n"
      "    bytes       BLOB NOT NULL\n"
      ") STRICT;\n"
      "INSERT INTO identity VALUES (1, randomblob(16));\n" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS("handle"),
      "CREATE TABLE handle (\n"
      "    destination INTEGER PRIMARY KEY REFERENCES destination,\n"
      "    handle      TEXT NOT NULL\n"
      ") STRICT;\n" },

    { 0, NULL, NULL, NULL }
};


/* rows of "pause" that concern a channel "d" */

#define NGX_SLACK_SQLITE_MARKS                                                \
    "FROM pause AS p WHERE p.workspace = d.workspace"                         \
    " AND (p.whole = 1 OR p.channel = d.channel)"

#define NGX_SLACK_SQLITE_PAUSED                                               \
    "EXISTS (SELECT 1 " NGX_SLACK_SQLITE_MARKS " AND p.until = 0)"

#define NGX_SLACK_SQLITE_DESTINATION                                          \
    "SELECT d.id, d.workspace, d.channel, d.not_before, d.failures, "         \
    NGX_SLACK_SQLITE_PAUSED ","                                               \
    " (SELECT p.since " NGX_SLACK_SQLITE_MARKS " AND p.since < p.until"       \
    " ORDER BY p.until DESC LIMIT 1),"                                        \
    " (SELECT max(p.until) " NGX_SLACK_SQLITE_MARKS                           \
    " AND p.since < p.until),"                                                \
    " (SELECT max(p.tried) " NGX_SLACK_SQLITE_MARKS "), d.settled,"           \
    " (SELECT h.handle FROM handle AS h WHERE h.destination = d.id)"          \
    " FROM destination AS d"


const char  *ngx_slack_sqlite_statements[] = {

    /* NGX_SLACK_SQL_BEGIN */
    "BEGIN IMMEDIATE",

    /* NGX_SLACK_SQL_COMMIT */
    "COMMIT",

    /* NGX_SLACK_SQL_COUNTER */
    "SELECT settled, coalesce((SELECT max(id) FROM message), settled)"
    " FROM counter WHERE id = 1",

    /* NGX_SLACK_SQL_SET_COUNTER */
    "UPDATE counter SET settled = ?1 WHERE id = 1",

    /* NGX_SLACK_SQL_RECOUNT: the stored and the correct value */
    "SELECT c.settled, coalesce((SELECT max(id) FROM message), c.settled)"
    " - (SELECT count(*) FROM message INDEXED BY message_waiting"
    " WHERE state = 0) FROM counter AS c WHERE c.id = 1",

    /* NGX_SLACK_SQL_KEY */
    "SELECT message FROM delivery WHERE key = ?1 AND created >= ?2",

    /* NGX_SLACK_SQL_ADD_KEY: changes no key that has not expired */
    "INSERT INTO delivery (key, message, created) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (key) DO UPDATE"
    " SET message = excluded.message, created = excluded.created"
    " WHERE created < ?4",

    /* NGX_SLACK_SQL_MEMORY */
    "SELECT value FROM memory WHERE key = ?1",

    /* NGX_SLACK_SQL_SET_MEMORY */
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

    /* NGX_SLACK_SQL_RECENT: searches the few newest messages */
    NGX_SLACK_SQLITE_DESTINATION
    " WHERE d.id IN (SELECT destination FROM message NOT INDEXED"
    " WHERE id > ?1 AND state = 0)",

    /* NGX_SLACK_SQL_DESTINATIONS: searches all channels */
    NGX_SLACK_SQLITE_DESTINATION
    " WHERE EXISTS (SELECT 1 FROM message AS m INDEXED BY message_waiting"
    " WHERE m.destination = d.id AND m.state = 0 AND m.id > ?1)",

    /* NGX_SLACK_SQL_MESSAGES */
    "SELECT id, created, due, attempts, envelope, body"
    " FROM message INDEXED BY message_waiting"
    " WHERE destination = ?1 AND state = 0 ORDER BY id LIMIT ?2",

    /* NGX_SLACK_SQL_SETTLE: a sent message needs no body any more */
    "UPDATE message SET state = ?2, done = ?3, attempts = ?4, answer = ?5,"
    " envelope = iif(?2 = 1, x'', envelope), body = iif(?2 = 1, x'', body)"
    " WHERE id = ?1 AND state = 0 RETURNING destination",

    /* NGX_SLACK_SQL_POSTPONE */
    "UPDATE message SET due = ?2, attempts = ?3, answer = ?4"
    " WHERE id = ?1 AND state = 0",

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
    " coalesce((SELECT id FROM message INDEXED BY message_waiting"
    " WHERE destination = d.id AND state = 0 ORDER BY id LIMIT 1), 0),"
    " EXISTS (SELECT 1 FROM message INDEXED BY message_dead"
    " WHERE destination = d.id AND state = 2)"
    " FROM destination AS d ORDER BY d.workspace, d.channel",

    /* NGX_SLACK_SQL_COUNT_WAITING: reads only the index */
    "SELECT count(*) FROM message INDEXED BY message_waiting"
    " WHERE destination = ?1 AND state = 0 AND id > ?2 AND id <= ?3",

    /* NGX_SLACK_SQL_COUNT_DEAD: reads only the index */
    "SELECT count(*) FROM message INDEXED BY message_dead"
    " WHERE destination = ?1 AND state = 2",

    /* NGX_SLACK_SQL_STORED: the newest message up to an id */
    "SELECT id, created FROM message NOT INDEXED WHERE id <= ?1"
    " ORDER BY id DESC LIMIT 1",

    /* NGX_SLACK_SQL_WAITING: the oldest waiting message from an id on */
    "SELECT id, created FROM message INDEXED BY message_waiting"
    " WHERE destination = ?1 AND state = 0 AND id >= ?2 ORDER BY id LIMIT 1",

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

    /* NGX_SLACK_SQL_FATE */
    "SELECT m.state, m.attempts, m.answer <> '', d.settled, d.not_before,"
    " d.failures, iif(m.answer <> '', m.answer, d.answer),"
    " (SELECT count(*) FROM message AS o INDEXED BY message_waiting"
    " WHERE o.destination = m.destination AND o.state = 0 AND o.id < m.id)"
    " FROM message AS m JOIN destination AS d ON d.id = m.destination"
    " WHERE m.id = ?1",

    /* NGX_SLACK_SQL_DEAD_IDS */
    "SELECT id FROM message INDEXED BY message_dead WHERE state = 2"
    " AND (?1 OR destination IN (SELECT id FROM destination"
    " WHERE workspace = ?2 AND (?3 OR channel = ?4)))"
    " ORDER BY id",

    /* NGX_SLACK_SQL_REPLAY */
    "UPDATE message SET state = 0, created = ?2, due = 0, attempts = 0,"
    " done = 0, answer = '' WHERE id = ?1 AND state = 2",

    /* NGX_SLACK_SQL_DROP */
    "UPDATE message SET state = 1, done = ?2, answer = 'dropped',"
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
    " (SELECT count(*) FROM message AS m INDEXED BY message_waiting"
    " WHERE m.destination = d.id AND m.state = 0) AS n"
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
    " ON CONFLICT (destination) DO UPDATE SET handle = excluded.handle"
};
