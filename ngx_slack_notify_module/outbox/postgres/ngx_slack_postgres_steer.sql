-- What operators do.


CREATE OR REPLACE FUNCTION revise()
RETURNS void LANGUAGE sql AS $$
    UPDATE meta SET revision = revision + 1
$$;


-- A dead letter goes back to its place in the line.  Returns 1, or 0 if it is
-- not sent again, as it is not the newest state.

CREATE OR REPLACE FUNCTION replay_message(at bigint, m message)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    t      thread;
    has    integer;
    role   integer := m.part & 7;
    state  boolean;
BEGIN
    PERFORM announced(m.id, 1);

    IF role <> 0 AND m.thread <> 0 THEN
        SELECT * INTO t FROM thread AS x WHERE x.id = m.thread;
    END IF;

    IF t.id IS NULL THEN
        role := 0;

    ELSE
        state := role IN (2, 5);
        has := has_root(t);

        IF state AND (t.change <> 0
                      OR older(t, m.part >> 13, (m.part >> 3) & 511))
        THEN
            UPDATE message SET state = 1, done = at, answer = 'superseded',
                               envelope = '', body = ''
            WHERE id = m.id;

            RETURN 0;
        END IF;

        -- it had no thread to wait for, and may find it changed

        IF has = 0 THEN
            t.root := m.id;
            t.flags := t.flags & 4 | root_flag(m.part);
            role := CASE WHEN state THEN 2 ELSE 1 END;
        ELSIF state AND t.flags & 9 = 0 THEN
            role := 5;
            t.change := m.id;
            t.since := at;
        ELSIF role <> 4 THEN
            role := 3;
        END IF;

        PERFORM set_thread(t);
    END IF;

    UPDATE message AS x
    SET state = CASE WHEN role = 5 THEN 3 ELSE 0 END, created = at, due = 0,
        attempts = 0, done = 0, answer = '',
        part = x.part & ~7 :: bigint | role
    WHERE x.id = m.id;

    RETURN 1;
END
$$;


-- Replays dead letters, at most "room" of which may wait, "name": to this
-- channel ('': their own; those that have none, "?", stay).  "stopped": not
-- all, as the outbox is full.

CREATE OR REPLACE FUNCTION replay(at bigint, room bigint, name text, ids bigint[],
    OUT done bigint, OUT stopped boolean)
LANGUAGE plpgsql AS $$
DECLARE
    m        message;
    d        destination;
    next     bigint;
    waiting  bigint;
    more     bigint := 0;
BEGIN
    done := 0;
    stopped := false;

    PERFORM lock_channels();
    PERFORM lock_messages(ids);

    SELECT sum(c.waiting) INTO waiting FROM counted AS c;

    FOREACH next IN ARRAY ids LOOP
        SELECT * INTO m FROM message AS x
        WHERE x.id = next AND x.state = 2 FOR NO KEY UPDATE;

        IF NOT FOUND THEN
            CONTINUE;
        END IF;

        IF waiting + more >= room THEN
            stopped := true;
            EXIT;
        END IF;

        SELECT * INTO d FROM destination AS x WHERE x.id = m.destination;

        IF name <> '' THEN
            m.destination := destination_of(d.workspace, name);
            m.thread := 0;
            m.part := 0;

            UPDATE message SET destination = m.destination, thread = 0, part = 0
            WHERE id = m.id;
        ELSIF d.channel = '?' THEN
            CONTINUE;
        END IF;

        more := more + replay_message(at, m);
        done := done + 1;
    END LOOP;

    PERFORM add_waiting(more);
    PERFORM revise();
END
$$;


-- Drops dead letters, and with "all" messages that wait.  Returns how many.

CREATE OR REPLACE FUNCTION drop_messages(at bigint, "all" boolean, ids bigint[])
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    m       message;
    next    bigint;
    n       bigint := 0;
    waited  bigint := 0;
BEGIN
    PERFORM lock_messages(ids);

    FOREACH next IN ARRAY ids LOOP
        SELECT * INTO m FROM message AS x
        WHERE x.id = next AND (x.state = 2 OR "all" AND x.state IN (0, 3))
        FOR NO KEY UPDATE;

        IF NOT FOUND THEN
            CONTINUE;
        END IF;

        UPDATE message SET state = 1, done = at, answer = 'dropped',
                           envelope = '', body = ''
        WHERE id = m.id;

        n := n + 1;

        IF m.state = 2 THEN
            CONTINUE;
        END IF;

        waited := waited + 1;
        PERFORM announced(m.id, -1);

        IF m.state = 3 THEN
            PERFORM end_change(m.thread, m.id);
        ELSIF m.thread <> 0 THEN
            PERFORM lost(m.thread);
        END IF;
    END LOOP;

    PERFORM add_waiting(-waited);
    PERFORM revise();

    RETURN n;
END
$$;


-- Forgets threads.  Returns how many.

CREATE OR REPLACE FUNCTION forget(at bigint, ids bigint[])
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    t  thread;
    n  bigint := 0;
BEGIN
    FOR t IN SELECT * FROM thread AS x
             WHERE x.id = ANY (ids) AND x.key IS NOT NULL AND x.expires >= at
             ORDER BY x.id FOR UPDATE
    LOOP
        t.handle := '';
        t.flags := t.flags & ~3;

        IF has_root(t) = 0 THEN
            t := succeed(t);
        END IF;

        PERFORM set_thread(t);
        UPDATE thread SET key = NULL WHERE id = t.id;

        n := n + 1;
    END LOOP;

    PERFORM revise();

    RETURN n;
END
$$;


-- Pauses (0), resumes (1) or nudges (2) a channel, or a whole workspace.
-- Returns whether it is paused then.

CREATE OR REPLACE FUNCTION mark(at bigint, action integer, space text, is_whole boolean,
    name text)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO pause AS p (workspace, whole, channel, since, until, tried)
    VALUES (space, is_whole, name, at, CASE WHEN action = 0 THEN 0 ELSE at END,
            CASE WHEN action = 0 THEN 0 ELSE at END)
    ON CONFLICT ON CONSTRAINT pause_pkey DO UPDATE
    SET since = CASE WHEN action = 0 AND p.until <> 0 THEN at ELSE p.since END,
        until = CASE WHEN action = 0 THEN 0
                     WHEN action = 1 AND p.until = 0 THEN at
                     ELSE p.until END,
        tried = CASE WHEN action = 0 THEN p.tried ELSE at END;

    PERFORM revise();

    RETURN EXISTS (SELECT FROM pause AS p
                   WHERE p.workspace = space AND p.until = 0
                         AND (p.whole OR NOT is_whole AND p.channel = name));
END
$$;


-- The channels: messages that wait, by age, and dead letters.  They are counted
-- channel by channel, which leaves no choice but the indexes that have all of
-- it; else the planner may prefer another one and visit each row.

CREATE OR REPLACE FUNCTION survey(at bigint)
RETURNS TABLE (id bigint, workspace text, channel text, settled bigint,
    not_before bigint, failures bigint, answer text, paused boolean,
    dead bigint, waiting bigint, first bigint, oldest bigint,
    unserved boolean, age1 bigint, age2 bigint, age3 bigint, age4 bigint,
    age5 bigint, age6 bigint, age7 bigint)
LANGUAGE sql STABLE AS $$
    SELECT d.id, d.workspace, d.channel, d.settled, d.not_before, d.failures,
           d.answer,
           EXISTS (SELECT FROM pause AS p
                   WHERE p.workspace = d.workspace AND p.until = 0
                         AND (p.whole OR p.channel = d.channel)),
           (SELECT count(*) FROM message AS m
            WHERE m.destination = d.id AND m.state = 2),
           w.n, coalesce(w.first, 0),
           coalesce((SELECT m.created FROM message AS m WHERE m.id = w.first),
                    0),
           EXISTS (SELECT FROM served) AND NOT EXISTS (
               SELECT FROM served AS s
               WHERE s.workspace = d.workspace AND s.channel IN
                     (CASE d.channel WHEN '' THEN '' ELSE '*' END,
                      ltrim(d.channel, '#'))),
           w.age1, w.age2, w.age3, w.age4, w.age5, w.age6, w.age7
    FROM destination AS d CROSS JOIN LATERAL (
        SELECT count(*) AS n, min(m.id) AS first,
               count(*) FILTER (WHERE at - m.stored < 60000) AS age1,
               count(*) FILTER (WHERE at - m.stored >= 60000
                                AND at - m.stored < 300000) AS age2,
               count(*) FILTER (WHERE at - m.stored >= 300000
                                AND at - m.stored < 900000) AS age3,
               count(*) FILTER (WHERE at - m.stored >= 900000
                                AND at - m.stored < 3600000) AS age4,
               count(*) FILTER (WHERE at - m.stored >= 3600000
                                AND at - m.stored < 21600000) AS age5,
               count(*) FILTER (WHERE at - m.stored >= 21600000
                                AND at - m.stored < 86400000) AS age6,
               count(*) FILTER (WHERE at - m.stored >= 86400000) AS age7
        FROM (SELECT x.id, x.stored FROM message AS x
              WHERE x.destination = d.id AND x.state = 0
              UNION ALL
              SELECT x.id, x.stored FROM message AS x
              WHERE x.destination = d.id AND x.state = 3) AS m) AS w
$$;
