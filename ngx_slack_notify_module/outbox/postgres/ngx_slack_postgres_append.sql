-- How entries are stored.  Everything that is decided by delivery ids, states
-- and threads is decided here, in one call, so that no lock is held while a
-- message is on its way to the server or back; see append() in
-- ngx_slack_engine.h for what must be true.
--
-- Who writes takes locks in this order: names of the batch (lock_batch()),
-- threads by id, memory by key, then messages.  So nobody waits in a circle.


-- Whether a state with the same value tells of something that began anew, see
-- ngx_slack_state_anew().

CREATE OR REPLACE FUNCTION state_anew(since bigint, before bigint, heard bigint)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT since > 0 AND (since > heard AND since - before > 15000
                          OR before > 0 AND since - before > 300000)
$$;


-- Whether a stamp is older than that of a thread, as far as they can be
-- compared.

CREATE OR REPLACE FUNCTION older(t thread, stamp bigint, rank bigint)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT stamp <> 0 AND t.stamp <> 0 AND rank >> 1 = t.rank >> 1
           AND (stamp < t.stamp OR stamp = t.stamp AND rank < t.rank)
$$;


-- 0: the thread has no root, 1: it waits, 2: it was sent.

CREATE OR REPLACE FUNCTION has_root(t thread)
RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN t.handle <> '' THEN 2
                WHEN EXISTS (SELECT FROM message AS r
                             WHERE r.id = t.root AND r.state = 0) THEN 1
                ELSE 0 END
$$;


-- The flag of a thread whose root has this "part".

CREATE OR REPLACE FUNCTION root_flag(part bigint)
RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN part & 4096 = 0 THEN 8 ELSE 0 END
$$;


-- Counts messages that wait.  Takes a row that nobody else holds.

CREATE OR REPLACE FUNCTION add_waiting(n bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    free  integer;
BEGIN
    IF n = 0 THEN
        RETURN;
    END IF;

    SELECT c.slot INTO free FROM counted AS c LIMIT 1 FOR UPDATE SKIP LOCKED;

    UPDATE counted SET waiting = waiting + n
    WHERE slot = coalesce(free, 1 + pg_backend_pid() % 64);
END
$$;


-- The first of "n" consecutive ids.  The sequence gives blocks of 1024, so that
-- nobody waits for another one; who needs more takes blocks until as many as
-- that follow each other.

CREATE OR REPLACE FUNCTION message_ids(n bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    first  bigint;
    last   bigint;
    next   bigint;
BEGIN
    IF n < 1 THEN
        RETURN 0;
    END IF;

    first := nextval('message_id');
    last := first;

    WHILE last + 1024 - first < n LOOP
        next := nextval('message_id');

        IF next <> last + 1024 THEN
            first := next;
        END IF;

        last := next;
    END LOOP;

    RETURN first;
END
$$;


-- Idle channels are deleted only while nobody uses their ids; see
-- purge_channels().

CREATE OR REPLACE FUNCTION lock_channels()
RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock_shared('destination' :: regclass :: oid
                                        :: bigint)
$$;


CREATE OR REPLACE FUNCTION destination_of(space text, name text)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    id  bigint;
BEGIN
    LOOP
        SELECT d.id INTO id FROM destination AS d
        WHERE d.workspace = space AND d.channel = name;

        IF FOUND THEN
            RETURN id;
        END IF;

        INSERT INTO destination (workspace, channel) VALUES (space, name)
        ON CONFLICT DO NOTHING;
    END LOOP;
END
$$;


-- Locks all that a batch may read and then write, in an order.

CREATE OR REPLACE FUNCTION lock_batch(batch jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    names  text[];
BEGIN
    SELECT array_agg(DISTINCT n.name) INTO names FROM (
        SELECT 'd' || (e ->> 'key') AS name
        FROM jsonb_array_elements(batch) AS e WHERE e ->> 'key' <> ''

        UNION ALL
        SELECT 's' || (s ->> 'key')
        FROM jsonb_path_query(batch, '$[*].events[*].states[*]') AS s

        UNION ALL
        SELECT concat('t', m ->> 'space', '/', m ->> 'channel', '/',
                      m ->> 'key')
        FROM jsonb_path_query(batch, '$[*].events[*].messages[*]') AS m
        WHERE m ? 'key') AS n;

    IF names IS NULL THEN
        RETURN;
    END IF;

    PERFORM pg_advisory_xact_lock(n.lock) FROM (
        SELECT hashtextextended(name, 'message' :: regclass :: oid :: bigint)
               AS lock
        FROM unnest(names) AS name ORDER BY 1) AS n;

    PERFORM FROM thread AS t JOIN destination AS d ON d.id = t.destination
    JOIN (SELECT DISTINCT m ->> 'space' AS space, m ->> 'channel' AS channel,
                 decode(m ->> 'key', 'hex') AS key
          FROM jsonb_path_query(batch, '$[*].events[*].messages[*]') AS m
          WHERE m ? 'key') AS n
    ON n.space = d.workspace AND n.channel = d.channel AND n.key = t.key
    ORDER BY t.id FOR NO KEY UPDATE OF t;

    PERFORM FROM memory AS m WHERE m.key IN (
        SELECT decode(s ->> 'key', 'hex')
        FROM jsonb_path_query(batch, '$[*].events[*].states[*]') AS s)
    ORDER BY m.key FOR NO KEY UPDATE;
END
$$;


-- Whether a state has changed, by its row in memory (null: none).

CREATE OR REPLACE FUNCTION differs(state jsonb, m memory)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN m.key IS NULL THEN (state -> 'first') :: boolean
           ELSE m.value <> decode(state ->> 'value', 'hex')
                OR m.message <> 0 AND m.alive = 0
                OR state_anew((state -> 'since') :: bigint, m.since, m.created)
           END
$$;


-- "changed": a state of the event has changed, or it has none.  "anew": all of
-- them tell of what began anew, or first.

CREATE OR REPLACE FUNCTION news_of(event jsonb, OUT changed boolean, OUT anew boolean)
LANGUAGE plpgsql AS $$
DECLARE
    state  jsonb;
    known  memory;
    goes   boolean := false;
BEGIN
    changed := jsonb_array_length(event -> 'states') = 0;
    anew := false;

    FOR state IN SELECT jsonb_array_elements(event -> 'states') LOOP
        SELECT * INTO known FROM memory AS m
        WHERE m.key = decode(state ->> 'key', 'hex');

        changed := changed OR differs(state, known);

        IF known.key IS NULL THEN
            CONTINUE;
        END IF;

        IF state_anew((state -> 'since') :: bigint, known.since, known.created)
        THEN
            anew := true;
        ELSE
            goes := true;
        END IF;
    END LOOP;

    anew := anew AND NOT goes;
END
$$;


-- The states of an event that somebody is told of: by "n" messages from the id
-- "first" on, "living" of which are no dead letters.

CREATE OR REPLACE FUNCTION set_states(at bigint, event jsonb, first bigint, n bigint,
    living bigint, superseded boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    state  jsonb;
    r      memory;
    news   boolean;
BEGIN
    FOR state IN SELECT jsonb_array_elements(event -> 'states') LOOP
        SELECT * INTO r FROM memory AS m
        WHERE m.key = decode(state ->> 'key', 'hex');

        news := r.key IS NULL OR differs(state, r);

        IF news OR superseded THEN
            r.message := CASE WHEN n > 0 THEN first ELSE 0 END;
            r.messages := n;
            r.alive := living;
        END IF;

        IF news THEN
            r.since := state -> 'since';
        ELSE
            r.since := greatest(r.since, (state -> 'since') :: bigint);
        END IF;

        r.key := decode(state ->> 'key', 'hex');
        r.value := decode(state ->> 'value', 'hex');
        r.created := at;

        INSERT INTO memory VALUES (r.*)
        ON CONFLICT (key) DO UPDATE
        SET value = excluded.value, created = excluded.created,
            since = excluded.since, message = excluded.message,
            messages = excluded.messages, alive = excluded.alive;
    END LOOP;
END
$$;


-- What nobody is told of is not what was before any more.

CREATE OR REPLACE FUNCTION forget_states(at bigint, event jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    state  jsonb;
BEGIN
    FOR state IN SELECT jsonb_array_elements(event -> 'states') LOOP
        UPDATE memory AS m
        SET value = '', created = at, since = 0, message = 0, messages = 0,
            alive = 0
        WHERE m.key = decode(state ->> 'key', 'hex') AND differs(state, m);
    END LOOP;
END
$$;


-- Whether a message is to be stored, as far as states go.

CREATE OR REPLACE FUNCTION wanted(changed boolean, message jsonb)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT changed OR NOT message ? 'changed'
           OR message ? 'always' AND message ? 'key'
$$;


-- Stores an entry, see the type "stored".  "events": for each event the messages
-- that were stored, stale, unknown, superseded and dead.

CREATE OR REPLACE FUNCTION store_entry(at bigint, entry jsonb, expired bigint, n bigint)
RETURNS stored LANGUAGE plpgsql AS $$
DECLARE
    out     stored;
    name    bytea := decode(entry ->> 'key', 'hex');
    taken   boolean;
    keyed   boolean;
    first   bigint;
    id      bigint;
    known   bigint;
    event   jsonb;
    counts  integer[];
BEGIN
    taken := jsonb_path_exists(entry,
                               '$.events[*].messages[*] ? (!exists(@.known))');
    keyed := length(name) > 0 AND jsonb_path_exists(entry,
                                                   '$.events[*].messages[*]');
    out := (0, 0, '[]');

    IF keyed AND NOT taken THEN
        SELECT d.message INTO known FROM delivery AS d
        WHERE d.key = name AND d.created >= expired;

        IF FOUND THEN
            RETURN (1, known, '[]' :: jsonb) :: stored;
        END IF;
    END IF;

    first := message_ids(n);

    IF keyed AND taken THEN
        INSERT INTO delivery AS d VALUES (name, first, at)
        ON CONFLICT ON CONSTRAINT delivery_pkey DO UPDATE
        SET message = excluded.message, created = excluded.created
        WHERE d.created < expired;

        IF NOT FOUND THEN
            SELECT d.message INTO known FROM delivery AS d
            WHERE d.key = name;

            RETURN (1, known, '[]' :: jsonb) :: stored;
        END IF;
    END IF;

    id := first;

    FOR event IN SELECT jsonb_array_elements(entry -> 'events') LOOP
        counts := store_event(at, event, id);

        IF jsonb_path_exists(event, '$.messages[*] ? (!exists(@.known))') THEN
            PERFORM set_states(at, event, id, counts[1],
                               counts[1] - counts[5], counts[4] > 0);
        ELSE
            PERFORM forget_states(at, event);
        END IF;

        id := id + counts[1];
        out.events := out.events || jsonb_build_array(to_jsonb(counts));
    END LOOP;

    IF id > first THEN
        out.id := first;

        IF keyed AND NOT taken THEN
            INSERT INTO delivery AS d VALUES (name, first, at)
            ON CONFLICT ON CONSTRAINT delivery_pkey DO UPDATE
            SET message = excluded.message, created = excluded.created
            WHERE d.created < expired;
        END IF;

        RETURN out;
    END IF;

    out.result := 2;

    -- the threads want none of the messages now, but may want one when the
    -- event is sent again

    IF n > 0 AND keyed AND taken THEN
        DELETE FROM delivery AS d
        WHERE d.key = name AND d.created < at + 1;
    END IF;

    RETURN out;
END
$$;


-- Stores the messages of an event, from the id "first" on.  Returns how many
-- were stored, stale, unknown, superseded and dead.

CREATE OR REPLACE FUNCTION store_event(at bigint, event jsonb, first bigint)
RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    counts   integer[] := '{0,0,0,0,0}';
    news     record;
    m        jsonb;
    n        integer := 0;
    p        placed;
    became   jsonb := '{}';
    channel  bigint;
    name     text;
BEGIN
    SELECT * INTO news FROM news_of(event);

    FOR m IN SELECT jsonb_array_elements(event -> 'messages') LOOP
        IF NOT wanted(news.changed, m) THEN
            CONTINUE;
        END IF;

        channel := destination_of(m ->> 'space', m ->> 'channel');
        p := (0, 0, 0, 0, NULL);

        IF m ? 'dead' THEN
            p.state := 2;
            counts[5] := counts[5] + 1;
        ELSIF m ? 'key' THEN
            name := concat(channel, '/', m ->> 'key');
            p := place(at, m, channel, first + n, news.changed, news.anew,
                       (became -> name) :: integer);

            IF (m -> 'part') :: integer = 3 THEN
                became := became || jsonb_build_object(name, p.became);
            END IF;

            IF p.count > 0 THEN
                counts[p.count] := counts[p.count] + 1;
            END IF;

            IF p.state IS NULL THEN
                CONTINUE;
            END IF;
        END IF;

        INSERT INTO message (id, destination, state, created, stored, done,
                             answer, thread, part, event, project, envelope,
                             body)
        VALUES (first + n, channel, p.state, at, at,
                CASE p.state WHEN 2 THEN at ELSE 0 END,
                coalesce(m ->> 'dead', ''), p.thread, p.part,
                event ->> 'event', event ->> 'project',
                decode(m ->> 'envelope', 'hex'), decode(m ->> 'body', 'hex'));

        n := n + 1;
    END LOOP;

    counts[1] := n;

    RETURN counts;
END
$$;


-- Stores the entries of a batch in their order, and returns what became of
-- each: [[result, id, [[stored, stale, unknown, superseded, dead], ...]], ...].
-- "room" is for how many messages may wait.

CREATE OR REPLACE FUNCTION append(at bigint, room bigint, dedup bigint, token bytea,
    batch jsonb)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    results  jsonb := '[]';
    entry    jsonb;
    out      stored;
    waiting  bigint;
    before   bigint;
    n        bigint;
    live     bigint;
    parts    bigint;
    expired  bigint;
    known    bigint;
BEGIN
    PERFORM lock_channels();

    IF is_plain(batch) THEN
        results := append_plain(at, room, dedup, batch);

        IF results IS NOT NULL THEN
            INSERT INTO batch (token, stored, results)
            VALUES (token, at, results);

            RETURN results;
        END IF;

        results := '[]';
    END IF;

    PERFORM lock_batch(batch);

    SELECT sum(c.waiting) INTO before FROM counted AS c;
    waiting := before;

    FOR entry IN SELECT jsonb_array_elements(batch) LOOP
        expired := at - 1000 * greatest(dedup, (entry -> 'keep') :: bigint);

        SELECT count(*), count(*) FILTER (WHERE NOT m ? 'dead'),
               count(*) FILTER (WHERE m ? 'key') INTO n, live, parts
        FROM jsonb_array_elements(entry -> 'events') AS e,
             jsonb_array_elements(e -> 'messages') AS m
        WHERE NOT m ? 'changed'
              OR wanted((SELECT changed FROM news_of(e)), m);

        IF live = 0 OR waiting + live <= room THEN
            out := store_entry(at, entry, expired, n);
        ELSE
            SELECT d.message INTO known FROM delivery AS d
            WHERE d.key = decode(entry ->> 'key', 'hex')
                  AND d.created >= expired;

            IF FOUND THEN
                out := (1, known, '[]');
            ELSIF parts = 0 THEN
                out := (3, 0, '[]');
            ELSE
                out := try_entry(at, entry, expired, n, room, waiting);
            END IF;
        END IF;

        SELECT waiting + coalesce(sum((e -> 0) :: bigint - (e -> 3) :: bigint
                                      - (e -> 4) :: bigint), 0)
        INTO waiting FROM jsonb_array_elements(out.events) AS e;

        results := results || jsonb_build_array(
            jsonb_build_array(out.result, out.id, out.events));
    END LOOP;

    PERFORM add_waiting(waiting - before);

    INSERT INTO batch (token, stored, results) VALUES (token, at, results);

    RETURN results;
END
$$;


-- There may be no room for all messages, but states may need none: a change
-- takes the room of the one that it replaces, and a stale one is not stored.

CREATE OR REPLACE FUNCTION try_entry(at bigint, entry jsonb, expired bigint, n bigint,
    room bigint, waiting bigint)
RETURNS stored LANGUAGE plpgsql AS $$
DECLARE
    out   stored;
    more  bigint;
BEGIN
    out := store_entry(at, entry, expired, n);

    SELECT coalesce(sum((e -> 0) :: bigint - (e -> 3) :: bigint), 0)
    INTO more FROM jsonb_array_elements(out.events) AS e;

    IF more > 0 AND waiting + more > room THEN
        RAISE EXCEPTION USING ERRCODE = 'SL001';
    END IF;

    RETURN out;

EXCEPTION
    WHEN SQLSTATE 'SL001' THEN
        RETURN (3, 0 :: bigint, '[]' :: jsonb) :: stored;
END
$$;


-- What became of a batch whose connection broke in the commit: its results, or
-- null if it was not committed, and then never will be.  Waits if the other
-- transaction goes on.

CREATE OR REPLACE FUNCTION committed(at bigint, lost bytea)
RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO batch AS b VALUES (lost, at, NULL) ON CONFLICT DO NOTHING;

    IF FOUND THEN
        RETURN NULL;
    END IF;

    RETURN (SELECT b.results FROM batch AS b WHERE b.token = lost);
END
$$;
