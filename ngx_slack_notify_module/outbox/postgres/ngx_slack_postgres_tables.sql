-- The tables of the outbox in PostgreSQL, in a schema of their own, which is
-- the search path when this is executed.  The other files have the functions,
-- which are all that the module calls to write.
--
-- Times are in milliseconds since the epoch, by the clock of the host that
-- writes, but for the lease of the leader, which is on the server's clock.

CREATE TABLE meta (
    one       boolean  PRIMARY KEY DEFAULT true CHECK (one),
    version   integer  NOT NULL,        -- of tables and functions
    oldest    integer  NOT NULL,        -- that a module must know to use them
    identity  bytea    NOT NULL,        -- random, of this outbox for ever
    revision  bigint   NOT NULL         -- of what operators have done
);

INSERT INTO meta (version, oldest, identity, revision)
VALUES (3, 1, decode(md5(gen_random_uuid() :: text), 'hex'), 1);


-- Who delivers: a lease, on the server's clock.

CREATE TABLE leader (
    one       boolean      PRIMARY KEY DEFAULT true CHECK (one),
    term      bigint       NOT NULL,
    holder    text         NOT NULL,
    until     timestamptz  NOT NULL
);

INSERT INTO leader (term, holder, until) VALUES (0, '', '-infinity');


CREATE SEQUENCE destination_id;

CREATE TABLE destination (
    id          bigint  PRIMARY KEY DEFAULT nextval('destination_id'),
    workspace   text    NOT NULL,
    channel     text    NOT NULL,
    not_before  bigint  NOT NULL DEFAULT 0,
    failures    bigint  NOT NULL DEFAULT 0,
    settled     bigint  NOT NULL DEFAULT 0,
    answer      text    NOT NULL DEFAULT '',    -- last refusal
    handle      bytea   NOT NULL DEFAULT '',    -- how Slack knows it
    made        bigint  NOT NULL
                DEFAULT (1000 * extract(epoch FROM clock_timestamp()))
                        :: bigint,
    UNIQUE (workspace, channel)
);


-- A message has the state 0: it waits in its channel's line; 1: sent, or
-- dropped; 2: dead letter; 3: it waits as a change of its thread's root.
--
-- "part" has what it is to its thread: the role (bits 0 to 2), the rank (3 to
-- 11), whether it tells of the whole object (12), the stamp (from 13 on).
--
-- "xact" is the transaction that has stored it.  Who reads what is new asks
-- for transactions that had not ended when he read before, as ids may become
-- visible in another order than they were given.

CREATE SEQUENCE message_id INCREMENT BY 1024 START WITH 1024;

CREATE TABLE message (
    id           bigint    PRIMARY KEY,
    destination  bigint    NOT NULL,
    state        smallint  NOT NULL,
    attempts     integer   NOT NULL DEFAULT 0,
    created      bigint    NOT NULL,            -- or replayed
    stored       bigint    NOT NULL,
    due          bigint    NOT NULL DEFAULT 0,
    done         bigint    NOT NULL DEFAULT 0,
    thread       bigint    NOT NULL DEFAULT 0,
    part         bigint    NOT NULL DEFAULT 0,
    xact         bigint    NOT NULL
                           DEFAULT pg_current_xact_id() :: text :: bigint,
    event        text      NOT NULL,
    project      text      NOT NULL,
    answer       text      NOT NULL DEFAULT '',
    envelope     bytea     NOT NULL,
    body         bytea     NOT NULL
)
WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05);

-- compression costs more of the processor than it saves of the disk

ALTER TABLE message ALTER COLUMN envelope SET STORAGE EXTERNAL,
                    ALTER COLUMN body SET STORAGE EXTERNAL;

-- "stored" is in two of them for the status, which counts by it

CREATE INDEX message_line ON message (destination, id) INCLUDE (stored)
    WHERE state = 0;
CREATE INDEX message_change ON message (destination, id) INCLUDE (stored)
    WHERE state = 3;
CREATE INDEX message_news ON message (xact) WHERE state IN (0, 3);
CREATE INDEX message_thread ON message (thread, id)
    WHERE state IN (0, 3) AND thread <> 0;
CREATE INDEX message_sent ON message (done) WHERE state = 1;
CREATE INDEX message_dead ON message (done, id) WHERE state = 2;
CREATE INDEX message_dead_of ON message (destination) WHERE state = 2;


-- Messages that wait.  The number is the sum of the rows, so that those who
-- store at the same time need not wait for each other.

CREATE TABLE counted (
    slot     integer  PRIMARY KEY,
    waiting  bigint   NOT NULL
)
WITH (fillfactor = 20);

INSERT INTO counted SELECT slot, 0 FROM generate_series(1, 64) AS slot;


-- Delivery ids that are known.

CREATE TABLE delivery (
    key      bytea   PRIMARY KEY,
    message  bigint  NOT NULL,
    created  bigint  NOT NULL
);

CREATE INDEX delivery_created ON delivery (created);


-- States such as whether an alert fires.  Of the messages that have told of it
-- first, "messages" from the id "message" on, "alive" wait or were sent.

CREATE TABLE memory (
    key       bytea   PRIMARY KEY,
    value     bytea   NOT NULL,
    created   bigint  NOT NULL,                 -- heard last
    since     bigint  NOT NULL,
    message   bigint  NOT NULL,
    messages  bigint  NOT NULL,
    alive     bigint  NOT NULL
);

CREATE INDEX memory_message ON memory (message) WHERE message <> 0;
CREATE INDEX memory_created ON memory (created);


-- What delivery remembers until a time, in words of its own.

CREATE TABLE memo (
    key      bytea   PRIMARY KEY,
    value    bytea   NOT NULL,
    expires  bigint  NOT NULL
);

CREATE INDEX memo_expires ON memo (expires);


-- Threads; the id is that of the message that has begun it.  "flags": 1: the
-- root takes no changes, 2: no replies, 4: it has ended, 8: the root tells of
-- a part, and no state changes it.  "key" is null when another thread has it.

CREATE TABLE thread (
    id           bigint    PRIMARY KEY,
    destination  bigint    NOT NULL,
    key          bytea,
    handle       bytea     NOT NULL DEFAULT '',
    stamp        bigint    NOT NULL,
    rank         integer   NOT NULL,            -- 2 * clock + final
    flags        integer   NOT NULL,
    root         bigint    NOT NULL,
    change       bigint    NOT NULL DEFAULT 0,  -- the message that waits
    since        bigint    NOT NULL DEFAULT 0,
    touched      bigint    NOT NULL,            -- late by up to a minute
    expires      bigint    NOT NULL,            -- likewise
    UNIQUE (destination, key)
)
WITH (fillfactor = 85);

CREATE INDEX thread_touched ON thread (touched, id);
CREATE INDEX thread_expires ON thread (expires);


-- What operators have paused ("until" 0: it lasts) or asked to try at once.

CREATE TABLE pause (
    workspace  text     NOT NULL,
    whole      boolean  NOT NULL,
    channel    text     NOT NULL,
    since      bigint   NOT NULL,
    until      bigint   NOT NULL,
    tried      bigint   NOT NULL,
    PRIMARY KEY (workspace, whole, channel)
);


-- To which channels the leader can deliver; "*": to all that have a name.

CREATE TABLE served (
    workspace  text  NOT NULL,
    channel    text  NOT NULL,
    PRIMARY KEY (workspace, channel)
);


-- What was stored by the last transactions, for one whose connection broke
-- before it heard that.  Who inserts the same token learns whether the other
-- transaction was committed, and ends it if it was not.

CREATE TABLE batch (
    token    bytea   PRIMARY KEY,
    stored   bigint  NOT NULL,
    results  jsonb
);

CREATE INDEX batch_stored ON batch (stored);


-- Of an entry.  "result": as ngx_slack_entry_result_e; "events": for each event
-- the messages that were stored, stale, unknown and superseded.

CREATE TYPE stored AS (result integer, id bigint, events jsonb);


-- What a new message became.  "state" is null: it is not stored.  "count":
-- which of the counts of its event is raised: 2 stale, 3 unknown, 4
-- superseded; 0: none.  "became": of a state: 1 stale, 2 root, 3 change, 4
-- reply.

CREATE TYPE placed AS (state integer, thread bigint, part bigint,
                       count integer, became integer);
