-- What delivery and operators write.


-- Locks the threads, and the memory of states, of some messages.

CREATE OR REPLACE FUNCTION lock_messages(ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM thread AS t WHERE t.id IN (
        SELECT m.thread FROM message AS m
        WHERE m.id = ANY (ids) AND m.thread <> 0)
    ORDER BY t.id FOR NO KEY UPDATE;

    PERFORM FROM memory AS y
    WHERE y.message <> 0
          AND y.message IN (SELECT announced_by(i) FROM unnest(ids) AS i)
    ORDER BY y.key FOR NO KEY UPDATE;
END
$$;


-- The first message of those with which the states of a message were told; 0:
-- it has told none first.

CREATE OR REPLACE FUNCTION announced_by(id bigint)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT CASE WHEN y.messages > id - y.message
                                 THEN y.message END
                     FROM memory AS y
                     WHERE y.message <> 0 AND y.message <= id
                     ORDER BY y.message DESC LIMIT 1), 0)
$$;


-- One more, or less, of the messages that tell of states waits or was sent.

CREATE OR REPLACE FUNCTION announced(id bigint, more integer)
RETURNS void LANGUAGE sql AS $$
    UPDATE memory SET alive = greatest(0, least(messages, alive + more))
    WHERE message <> 0 AND message = announced_by(id)
$$;


-- A message is the root of its thread, with a handle.

CREATE OR REPLACE FUNCTION set_root(thread bigint, message bigint, part bigint,
    handle bytea)
RETURNS void LANGUAGE sql AS $$
    UPDATE thread AS t
    SET handle = set_root.handle, root = set_root.message,
        flags = t.flags & 4 | root_flag(set_root.part)
    WHERE t.id = set_root.thread
$$;


-- What a message was to its thread is gone: if it was the root, the waiting
-- change takes its place.

CREATE OR REPLACE FUNCTION lost(id bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    t  thread;
BEGIN
    SELECT * INTO t FROM thread AS x WHERE x.id = lost.id;

    IF FOUND AND t.change <> 0 AND has_root(t) = 0 THEN
        t := succeed(t);
        PERFORM set_thread(t);
    END IF;
END
$$;


CREATE OR REPLACE FUNCTION end_change(id bigint, change bigint)
RETURNS void LANGUAGE sql AS $$
    UPDATE thread AS t SET change = 0, since = 0
    WHERE t.id = end_change.id AND t.change = end_change.change
$$;


-- The receiver refuses what a message was to be, but not the message: see
-- NGX_SLACK_SETTLE_ROOT (5), _REPLY (6) and _PLAIN (7).

CREATE OR REPLACE FUNCTION refuse(m message, outcome integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    t      thread;
    waits  boolean := m.state IN (0, 3);
    id     bigint;
BEGIN
    IF m.thread = 0 THEN
        RETURN;
    END IF;

    SELECT * INTO t FROM thread AS x WHERE x.id = m.thread;

    IF NOT FOUND THEN
        IF waits THEN
            PERFORM turn(m.id, 0);
        END IF;

        RETURN;
    END IF;

    IF outcome = 5 THEN

        -- nothing changes if this is not the first to say so

        IF (CASE WHEN t.root = m.id THEN NOT waits
                 ELSE has_root(t) = 1 END)
        THEN
            RETURN;
        END IF;

        t.handle := '';
        t.flags := t.flags & 4;
        t.root := 0;

        IF NOT waits THEN
            t := succeed(t);

        ELSE
            t.root := m.id;
            t.flags := t.flags | root_flag(m.part);

            IF t.change = m.id THEN
                t.change := 0;
                t.since := 0;
            END IF;

            PERFORM turn(m.id, CASE WHEN m.part & 7 IN (2, 5) THEN 2
                                    ELSE 1 END);
        END IF;

        PERFORM set_thread(t);
        RETURN;
    END IF;

    IF outcome = 7 THEN
        t.flags := t.flags | 2;
        id := CASE WHEN waits THEN m.id ELSE 0 END;
    ELSE

        -- what has replaced it meanwhile will be refused, too

        t.flags := t.flags | 1;
        id := CASE WHEN waits THEN m.id ELSE t.change END;
    END IF;

    IF id <> 0 THEN
        IF t.change = id THEN
            t.change := 0;
            t.since := 0;
        END IF;

        PERFORM turn(id, CASE WHEN outcome = 7 THEN 0 ELSE 3 END);

        IF t.root = id THEN
            t.root := 0;
            t := succeed(t);
        END IF;
    END IF;

    PERFORM set_thread(t);
END
$$;


-- Stores an outcome.  Returns 1 if the message does not wait any more.

CREATE OR REPLACE FUNCTION settle_message(at bigint, s jsonb)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    m        message;
    outcome  integer := s -> 'outcome';
    handle   bytea := decode(coalesce(s ->> 'handle', ''), 'hex');
    role     integer;
BEGIN
    SELECT * INTO m FROM message AS x
    WHERE x.id = (s -> 'id') :: bigint FOR NO KEY UPDATE;

    IF NOT FOUND THEN
        RETURN 0;
    END IF;

    IF outcome IN (5, 6, 7) THEN
        PERFORM refuse(m, outcome);
        RETURN 0;
    END IF;

    IF m.state NOT IN (0, 3) THEN

        -- only its handle is of use

        IF outcome = 1 AND handle <> '' AND m.thread <> 0 THEN
            PERFORM set_root(m.thread, m.id, m.part, handle);
        END IF;

        RETURN 0;
    END IF;

    IF outcome = 2 THEN
        UPDATE message
        SET due = (s -> 'due') :: bigint, attempts = (s -> 'attempts') ::
            integer, answer = s ->> 'answer'
        WHERE id = m.id;

        RETURN 0;
    END IF;

    IF outcome = 3 THEN
        UPDATE message
        SET state = 2, done = at, attempts = (s -> 'attempts') :: integer,
            answer = s ->> 'answer'
        WHERE id = m.id;

        PERFORM announced(m.id, -1);

    ELSE
        UPDATE message
        SET state = 1, done = at, attempts = (s -> 'attempts') :: integer,
            answer = CASE WHEN outcome = 4 THEN 'superseded'
                          ELSE s ->> 'answer' END,
            envelope = '', body = ''
        WHERE id = m.id;
    END IF;

    IF m.thread = 0 THEN
        RETURN 1;
    END IF;

    role := m.part & 7;

    IF role = 5 THEN
        PERFORM end_change(m.thread, m.id);
    END IF;

    IF outcome = 1 AND handle <> '' THEN
        PERFORM set_root(m.thread, m.id, m.part, handle);
    ELSIF role IN (1, 2) THEN

        -- a change waits for ever for a root that has no handle

        PERFORM lost(m.thread);
    END IF;

    RETURN 1;
END
$$;


-- Whether the term of a leader lasts.  It does until the end of the
-- transaction.

CREATE OR REPLACE FUNCTION leads(mine bigint, who text)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM leader AS l WHERE l.term = mine AND l.holder = who FOR SHARE;

    RETURN FOUND;
END
$$;


-- "memos": [[key, value, expires], ...]

CREATE OR REPLACE FUNCTION set_memos(memos jsonb)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO memo AS m
    SELECT DISTINCT ON (1) decode(e ->> 0, 'hex'), decode(e ->> 1, 'hex'),
           (e -> 2) :: bigint
    FROM jsonb_array_elements(memos) WITH ORDINALITY AS x (e, n)
    ORDER BY 1, n DESC
    ON CONFLICT (key) DO UPDATE
    SET value = excluded.value, expires = excluded.expires
$$;


CREATE OR REPLACE FUNCTION memorize(mine bigint, who text, memos jsonb)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT leads(mine, who) THEN
        RETURN false;
    END IF;

    PERFORM set_memos(memos);

    RETURN true;
END
$$;


-- Stores outcomes of messages and standings of channels.  Returns false if the
-- term is over.

CREATE OR REPLACE FUNCTION settle(at bigint, mine bigint, who text, outcomes jsonb,
    standings jsonb, memos jsonb)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    s  jsonb;
    n  bigint := 0;
BEGIN
    IF NOT leads(mine, who) THEN
        RETURN false;
    END IF;

    PERFORM lock_messages((SELECT array_agg((o -> 'id') :: bigint)
                           FROM jsonb_array_elements(outcomes) AS o));

    FOR s IN SELECT jsonb_array_elements(outcomes) LOOP
        n := n + settle_message(at, s);
    END LOOP;

    PERFORM add_waiting(-n);

    UPDATE destination AS d
    SET not_before = (o -> 'not_before') :: bigint,
        failures = (o -> 'failures') :: bigint, answer = o ->> 'answer',
        settled = at,
        handle = coalesce(decode(o ->> 'handle', 'hex'), d.handle)
    FROM jsonb_array_elements(standings) AS o
    WHERE d.id = (o -> 'id') :: bigint;

    PERFORM set_memos(memos);

    RETURN true;
END
$$;


-- Stores to which channels the leader can deliver.

CREATE OR REPLACE FUNCTION serve(mine bigint, who text, list jsonb)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT leads(mine, who) THEN
        RETURN false;
    END IF;

    DELETE FROM served AS s WHERE NOT EXISTS (
        SELECT FROM jsonb_array_elements(list) AS e
        WHERE e ->> 0 = s.workspace AND e ->> 1 = s.channel);

    INSERT INTO served SELECT e ->> 0, e ->> 1
    FROM jsonb_array_elements(list) AS e ON CONFLICT DO NOTHING;

    RETURN true;
END
$$;


-- Becomes the leader; null: another one leads.

CREATE OR REPLACE FUNCTION lead(who text, lease interval)
RETURNS bigint LANGUAGE sql AS $$
    UPDATE leader SET term = term + 1, holder = who,
                      until = clock_timestamp() + lease
    WHERE until < clock_timestamp()
    RETURNING term
$$;


CREATE OR REPLACE FUNCTION renew(mine bigint, who text, lease interval)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE leader SET until = clock_timestamp() + lease
    WHERE term = mine AND holder = who;

    RETURN FOUND;
END
$$;


CREATE OR REPLACE FUNCTION resign(mine bigint, who text)
RETURNS void LANGUAGE sql AS $$
    UPDATE leader SET until = '-infinity', holder = ''
    WHERE term = mine AND holder = who
$$;


-- Deletes channels of which nothing is stored but their row, and that had no
-- standing since "before".  In a transaction of its own.

CREATE OR REPLACE FUNCTION purge_channels(before bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM destination AS d
                   WHERE greatest(d.settled, d.made) < before)
    THEN
        RETURN;
    END IF;

    PERFORM pg_advisory_xact_lock('destination' :: regclass :: oid :: bigint);

    DELETE FROM destination AS d
    WHERE greatest(d.settled, d.made) < before
          AND NOT EXISTS (SELECT FROM message AS m
                          WHERE m.destination = d.id AND m.state = 0)
          AND NOT EXISTS (SELECT FROM message AS m
                          WHERE m.destination = d.id AND m.state = 3)
          AND NOT EXISTS (SELECT FROM message AS m
                          WHERE m.destination = d.id AND m.state = 2)
          AND d.id NOT IN (SELECT m.destination FROM message AS m
                           WHERE m.state = 1)
          AND NOT EXISTS (SELECT FROM thread AS t WHERE t.destination = d.id)
          AND NOT EXISTS (SELECT FROM pause AS p
                          WHERE p.workspace = d.workspace AND NOT p.whole
                                AND p.channel = d.channel AND p.until = 0);
END
$$;


-- Deletes some of what has expired.  Returns true if there may be more.

CREATE OR REPLACE FUNCTION purge(at bigint, sent bigint, dead bigint, keys bigint,
    threads bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    n     bigint;
    more  boolean := false;
BEGIN
    DELETE FROM message WHERE id IN (
        SELECT m.id FROM message AS m WHERE m.state = 1 AND m.done < sent
        ORDER BY m.done LIMIT 100 FOR UPDATE SKIP LOCKED);

    GET DIAGNOSTICS n = ROW_COUNT;
    more := more OR n = 100;

    DELETE FROM message WHERE id IN (
        SELECT m.id FROM message AS m WHERE m.state = 2 AND m.done < dead
        ORDER BY m.done LIMIT 100 FOR UPDATE SKIP LOCKED);

    GET DIAGNOSTICS n = ROW_COUNT;
    more := more OR n = 100;

    DELETE FROM delivery WHERE key IN (
        SELECT d.key FROM delivery AS d WHERE d.created < keys
        ORDER BY d.created LIMIT 100 FOR UPDATE SKIP LOCKED);

    GET DIAGNOSTICS n = ROW_COUNT;
    more := more OR n = 100;

    DELETE FROM memory WHERE key IN (
        SELECT y.key FROM memory AS y
        WHERE y.created < at - 90 * 24 * 3600000 :: bigint
        ORDER BY y.created LIMIT 100 FOR UPDATE SKIP LOCKED);

    GET DIAGNOSTICS n = ROW_COUNT;
    more := more OR n = 100;

    DELETE FROM memo WHERE key IN (
        SELECT m.key FROM memo AS m WHERE m.expires <= at
        ORDER BY m.expires LIMIT 100 FOR UPDATE SKIP LOCKED);

    GET DIAGNOSTICS n = ROW_COUNT;
    more := more OR n = 100;

    DELETE FROM batch WHERE token IN (
        SELECT b.token FROM batch AS b WHERE b.stored < at - 600000
        ORDER BY b.stored LIMIT 1000 FOR UPDATE SKIP LOCKED);

    GET DIAGNOSTICS n = ROW_COUNT;
    more := more OR n = 1000;

    DELETE FROM pause
    WHERE until <> 0 AND greatest(until, tried) < at - 24 * 3600000 :: bigint;

    -- threads that are not known any more, and the oldest of too many

    DELETE FROM thread WHERE id IN (
        SELECT t.id FROM thread AS t
        WHERE (t.expires < at OR t.key IS NULL) AND t.change = 0
              AND NOT EXISTS (SELECT FROM message AS m
                              WHERE m.thread = t.id AND m.thread <> 0
                                    AND m.state IN (0, 3))
        LIMIT 100 FOR UPDATE SKIP LOCKED);

    GET DIAGNOSTICS n = ROW_COUNT;
    more := more OR n = 100;

    SELECT count(*) - threads INTO n FROM thread;

    IF n > 0 THEN
        DELETE FROM thread WHERE id IN (
            SELECT t.id FROM thread AS t
            WHERE t.change = 0
                  AND NOT EXISTS (SELECT FROM message AS m
                                  WHERE m.thread = t.id AND m.thread <> 0
                                        AND m.state IN (0, 3))
            ORDER BY t.touched, t.id LIMIT least(n, 100)
            FOR UPDATE SKIP LOCKED);

        more := more OR n > 100;
    END IF;

    RETURN more;
END
$$;
