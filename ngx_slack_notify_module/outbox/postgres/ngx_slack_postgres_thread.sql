-- What a new message is to its thread, and what becomes of threads when
-- messages are sent, refused or lost.  The caller holds the locks of the
-- threads, see ngx_slack_postgres_append.sql.


CREATE OR REPLACE FUNCTION set_thread(t thread)
RETURNS void LANGUAGE sql AS $$
    UPDATE thread
    SET handle = t.handle, stamp = t.stamp, rank = t.rank, flags = t.flags,
        root = t.root, change = t.change, since = t.since,
        touched = t.touched, expires = t.expires
    WHERE id = t.id
$$;


-- Puts a waiting message into its channel's line.

CREATE OR REPLACE FUNCTION turn(which bigint, role integer)
RETURNS void LANGUAGE sql AS $$
    UPDATE message SET state = 0, due = 0, part = part & ~7 :: bigint | role
    WHERE id = which AND state IN (0, 3)
$$;


-- Makes the waiting change of a thread, if there is one, its root.

CREATE OR REPLACE FUNCTION succeed(INOUT t thread) LANGUAGE plpgsql AS $$
BEGIN
    IF t.change <> 0 THEN
        PERFORM turn(t.change, 2);

        t.root := t.change;
        t.change := 0;
        t.since := 0;
    END IF;
END
$$;


-- A change has waited that a newer one replaces.  Returns 1 if it was there.

CREATE OR REPLACE FUNCTION supersede(at bigint, change bigint)
RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    IF change = 0 THEN
        RETURN 0;
    END IF;

    UPDATE message SET state = 1, done = at, answer = 'superseded',
                       envelope = '', body = ''
    WHERE id = change AND state = 3;

    RETURN CASE WHEN FOUND THEN 1 ELSE 0 END;
END
$$;


-- What a new message becomes.  "was": what became of the state that the message goes with; null: none.

CREATE OR REPLACE FUNCTION place(at bigint, m jsonb, channel bigint, id bigint,
    changed boolean, anew boolean, was integer)
RETURNS placed LANGUAGE plpgsql AS $$
DECLARE
    kind     integer := m -> 'part';    -- 1 start, 2 reply, 3 state, 4 history
    mark     bigint := m -> 'stamp';
    rank     bigint := m -> 'rank';
    whole    boolean := kind = 3 OR m ? 'whole';
    ends     boolean := m ? 'ends' AND kind <> 4;
    expires  bigint := m -> 'keep';
    part     bigint;
    flag     integer;
    t        thread;
    has      integer;
    old      boolean;
    known    boolean;
    alone    boolean := kind <> 1 AND (m ? 'known'
                                       OR m ? 'changed' AND NOT changed);
    tells    boolean := kind = 1 OR kind = 3 OR kind = 2 AND m ? 'ends';
    role     integer;
BEGIN
    part := (mark << 13) | CASE WHEN whole THEN 4096 ELSE 0 END | (rank << 3);
    flag := root_flag(part);

    expires := at + 1000 * CASE WHEN ends THEN greatest(expires, 3600)
                           ELSE expires END;

    IF kind <> 4 THEN
        was := 0;
    ELSIF was IN (2, 4) THEN
        RETURN (NULL, 0, 0, 0, 0) :: placed;
    END IF;

    was := coalesce(was, 0);

    SELECT * INTO t FROM thread AS x
    WHERE x.destination = channel AND x.key = decode(m ->> 'key', 'hex');

    known := FOUND AND t.expires >= at AND kind <> 1;
    has := CASE WHEN known THEN has_root(t) ELSE 0 END;

    -- after the end of a thread stamps matter for an hour

    old := known AND older(t, mark, rank)
           AND (t.flags & 4 = 0 OR at - t.touched <= 3600000);

    IF kind = 3 AND old THEN
        RETURN (NULL, 0, 0, 2, 1) :: placed;
    END IF;

    -- what goes with a state goes to its thread, even if that has ended it

    known := known
             AND NOT (t.flags & 4 <> 0 AND was = 0 AND (kind <> 2 OR NOT old))
             AND NOT (kind = 3 AND t.flags & 8 <> 0 AND has <> 0)
             AND NOT (anew AND was = 0 AND whole);

    IF alone AND (NOT known OR has = 0) THEN
        RETURN (NULL, 0, 0, 3, 0) :: placed;
    END IF;

    IF NOT known THEN
        UPDATE thread AS x SET key = NULL
        WHERE x.destination = channel AND x.key = decode(m ->> 'key', 'hex');

        role := CASE WHEN kind = 3 THEN 2 ELSE 1 END;

        INSERT INTO thread (id, destination, key, stamp, rank, flags, root,
                            touched, expires)
        VALUES (id, channel, decode(m ->> 'key', 'hex'),
                CASE WHEN tells THEN mark ELSE 0 END,
                CASE WHEN tells THEN rank ELSE 0 END,
                flag | CASE WHEN ends THEN 4 ELSE 0 END, id, at, expires);

        RETURN (0, id, part | role, 0, 2) :: placed;
    END IF;

    expires := greatest(expires, t.expires);

    IF kind = 3 THEN
        RETURN place_state(at, m, t, has, id, part, expires);
    END IF;

    -- a reply

    IF has = 0 THEN
        t.root := id;
        t.flags := t.flags & 4 | flag;
        role := 1;
    ELSIF t.flags & 2 <> 0 THEN
        role := 0;
    ELSE
        role := CASE WHEN m ? 'broadcast' THEN 4 ELSE 3 END;
    END IF;

    IF ends THEN
        t.flags := t.flags | 4;
        t := stamped(t, mark, rank);
    END IF;

    IF ends OR has = 0 OR at - t.touched > 60000
       OR expires - t.expires > 60000
    THEN
        t.touched := at;
        t.expires := expires;
        PERFORM set_thread(t);
    END IF;

    RETURN (0, t.id, part | role, 0, 0) :: placed;
END
$$;


-- A state without a stamp is news, and still no reason to show an older one
-- after it.

CREATE OR REPLACE FUNCTION stamped(INOUT t thread, mark bigint, rank bigint)
LANGUAGE plpgsql AS $$
BEGIN
    IF mark > 0 THEN
        t.stamp := mark;
        t.rank := rank;
    ELSE
        t.rank := t.rank & ~1 | (rank & 1) :: integer;
    END IF;
END
$$;


CREATE OR REPLACE FUNCTION place_state(at bigint, m jsonb, t thread, has integer,
    id bigint, part bigint, expires bigint)
RETURNS placed LANGUAGE plpgsql AS $$
DECLARE
    replaced  integer := supersede(at, t.change);
    since     bigint := CASE WHEN replaced = 1 THEN t.since ELSE at END;
    state     integer := 0;
    role      integer;
    became    integer;
BEGIN
    t.change := 0;
    t.since := 0;

    IF has = 0 THEN
        t.root := id;
        t.flags := t.flags & 4;
        became := 2;
        role := 2;
    ELSIF t.flags & 1 <> 0 AND has = 2 THEN
        became := 4;
        role := CASE WHEN t.flags & 2 <> 0 THEN 0
                     WHEN m ? 'broadcast' THEN 4 ELSE 3 END;
    ELSE
        t.since := since;
        t.change := id;
        state := 3;
        became := 3;
        role := 5;
    END IF;

    t := stamped(t, (m -> 'stamp') :: bigint, (m -> 'rank') :: bigint);

    IF m ? 'ends' THEN
        t.flags := t.flags | 4;
    END IF;

    t.touched := at;
    t.expires := expires;

    PERFORM set_thread(t);

    RETURN (state, t.id, part | role, 4 * replaced, became) :: placed;
END
$$;
