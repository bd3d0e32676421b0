
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The form of the SQLite engine's file: its tables, and how they were changed
 * since.  Only data: no function runs here.
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
 * A change of a thread's root that waits has the state 3, so that it is not in
 * the index of its channel's line.  Meanwhile its "done" is its channel, so
 * that the other index finds the changes of a channel.
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
 *
 * "thread" has a row for each thread.  Its id is that of the message that
 * began it.  One that has ended, has expired or was forgotten gives up its key
 * when another thread takes it, and is kept while messages of it wait.  "last"
 * and "touched" are written once a minute, see ngx_slack_sqlite_thread.h.
 *
 * A column of "message" costs each append, and SQLite reads the whole table
 * when it is added.  So "part" has all that a message is to its thread: its
 * role in bits 0 to 2, "final" in bit 3, the clock in bits 4 to 11, and the
 * stamp above.
 *
 * A row of "memory" belongs to the messages that told of it: their first id,
 * how many there are, and how many are neither dead letters nor dropped.  It
 * is written anew with each message, but only news changes its index.
 *
 * "memo" is what delivery remembers; keys are hashes.
 *
 * "counter.threads" changes when a thread is not what others may remember of
 * it, see ngx_slack_sqlite_thread_cache.c.  Triggers count for all programs
 * that write the file, also for earlier versions of the module.
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

    { 0, NULL, NGX_SLACK_SQLITE_HAS("thread"),
      "CREATE TABLE thread (\n"
      "    id          INTEGER PRIMARY KEY,\n"
      "    destination INTEGER NOT NULL REFERENCES destination,\n"
      "    key         TEXT,  -- NULL: nobody finds it any more\n"
      "    handle      TEXT NOT NULL,  -- '': the root was not sent\n"
      "    stamp       INTEGER NOT NULL,\n"
      "    rank        INTEGER NOT NULL,  -- 2 * clock + final\n"
      "    flags       INTEGER NOT NULL,\n"
      "    root        INTEGER NOT NULL,  -- message\n"
      "    change      INTEGER NOT NULL,  -- message that waits, 0: none\n"
      "    since       INTEGER NOT NULL,  -- when the first change waited\n"
      "    touched     INTEGER NOT NULL,\n"
      "    expires     INTEGER NOT NULL,\n"
      "    last        INTEGER NOT NULL,  -- message, about the newest\n"
      "    UNIQUE (destination, key)\n"
      ") STRICT;\n" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS_COLUMN("message", "thread"),
      "ALTER TABLE message ADD COLUMN thread INTEGER NOT NULL DEFAULT 0" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS_COLUMN("message", "part"),
      "ALTER TABLE message ADD COLUMN part INTEGER NOT NULL DEFAULT 0" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS_COLUMN("memory", "since"),
      "ALTER TABLE memory ADD COLUMN since INTEGER NOT NULL DEFAULT 0" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS_COLUMN("memory", "message"),
      "ALTER TABLE memory ADD COLUMN message INTEGER NOT NULL DEFAULT 0" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS_COLUMN("memory", "messages"),
      "ALTER TABLE memory ADD COLUMN messages INTEGER NOT NULL DEFAULT 0" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS_COLUMN("memory", "alive"),
      "ALTER TABLE memory ADD COLUMN alive INTEGER NOT NULL DEFAULT 0" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS("memory_message"),
      "CREATE INDEX memory_message ON memory (message)\n"
      "    WHERE message <> 0;\n" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS("memo"),
      "CREATE TABLE memo (\n"
      "    key         BLOB PRIMARY KEY,\n"
      "    value       BLOB NOT NULL,\n"
      "    expires     INTEGER NOT NULL\n"
      ") STRICT, WITHOUT ROWID;\n" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS("memo_expires"),
      "CREATE INDEX memo_expires ON memo (expires);\n" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS_COLUMN("counter", "threads"),
      "ALTER TABLE counter ADD COLUMN threads INTEGER NOT NULL DEFAULT 0" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS("thread_changed"),
      "CREATE TRIGGER thread_changed\n"
      "    AFTER UPDATE OF key, handle, flags ON thread\n"
      "    WHEN new.key IS NOT old.key OR new.flags <> old.flags\n"
      "        OR (new.handle = '' AND old.handle <> '')\n"
      "BEGIN\n"
      "    UPDATE counter SET threads = (threads & 2147483647) + 1;\n"
      "END;\n" },

    { 0, NULL, NGX_SLACK_SQLITE_HAS("thread_deleted"),
      "CREATE TRIGGER thread_deleted AFTER DELETE ON thread\n"
      "    WHEN old.key IS NOT NULL\n"
      "BEGIN\n"
      "    UPDATE counter SET threads = (threads & 2147483647) + 1;\n"
      "END;\n" },

    { 0, NULL, NULL, NULL }
};
