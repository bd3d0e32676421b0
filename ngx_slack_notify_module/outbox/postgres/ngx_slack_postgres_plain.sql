-- Entries that need nothing but rows, which most are: no states, no threads, no
-- dead letters.  All of a batch are stored by one statement, not one after the
-- other.


-- Whether all entries of a batch are such ones.

CREATE OR REPLACE FUNCTION is_plain(batch jsonb)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT NOT batch @? '$[*].events[*].states[*]'
           AND NOT batch @? '$[*].events[*].messages[*]
                             ? (exists(@.key) || exists(@.known)
                                || exists(@.changed) || exists(@.dead))'
$$;


-- Stores them as store_entry() does.  Returns null, and has stored nothing, if
-- that must take them one by one: one has no message, or there may be no room
-- for all.  Delivery ids are locked in the order of lock_batch(), so nobody
-- stores one of them meanwhile.

CREATE OR REPLACE FUNCTION append_plain(at bigint, room bigint, dedup bigint,
    batch jsonb)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    results  jsonb;
    fewest   bigint;
    n        bigint;
    start    bigint;
BEGIN
    SELECT min(x.n), sum(x.n) INTO fewest, n
    FROM jsonb_array_elements(batch) AS e CROSS JOIN LATERAL (
        SELECT coalesce(sum(jsonb_array_length(v -> 'messages')), 0) AS n
        FROM jsonb_array_elements(e -> 'events') AS v) AS x;

    IF fewest = 0 OR n + (SELECT sum(c.waiting) FROM counted AS c) > room THEN
        RETURN NULL;
    END IF;

    PERFORM pg_advisory_xact_lock(d.lock) FROM (
        SELECT hashtextextended('d' || (e ->> 'key'),
                                'message' :: regclass :: oid :: bigint) AS lock
        FROM jsonb_array_elements(batch) AS e WHERE e ->> 'key' <> ''
        ORDER BY 1) AS d;

    PERFORM destination_of(d.space, d.name) FROM (
        SELECT DISTINCT m ->> 'space' AS space, m ->> 'channel' AS name
        FROM jsonb_array_elements(batch) AS e,
             jsonb_array_elements(e -> 'events') AS v,
             jsonb_array_elements(v -> 'messages') AS m
        ORDER BY 1, 2) AS d;

    start := message_ids(n);

    -- an entry is new if its delivery id is not known and no entry before it
    -- has the same

    WITH entry AS MATERIALIZED (
        SELECT x.i, x.e -> 'events' AS events,
               decode(x.e ->> 'key', 'hex') AS key,
               at - 1000 * greatest(dedup, (x.e -> 'keep') :: bigint)
               AS expired
        FROM jsonb_array_elements(batch) WITH ORDINALITY AS x (e, i)

    ), sized AS MATERIALIZED (
        SELECT e.i, e.events, e.key, d.message AS known,
               (SELECT sum(jsonb_array_length(v -> 'messages'))
                FROM jsonb_array_elements(e.events) AS v) AS n,
               CASE WHEN e.key = '' THEN e.i
                    ELSE min(e.i) OVER (PARTITION BY e.key) END AS same
        FROM entry AS e LEFT JOIN delivery AS d
        ON e.key <> '' AND d.key = e.key AND d.created >= e.expired

    ), new AS MATERIALIZED (
        SELECT s.i, s.key, s.events,
               start + sum(s.n) OVER (ORDER BY s.i) - s.n AS id
        FROM sized AS s WHERE s.known IS NULL AND s.same = s.i

    ), noted AS (
        INSERT INTO delivery AS d
        SELECT w.key, w.id, at FROM new AS w WHERE w.key <> ''
        ON CONFLICT ON CONSTRAINT delivery_pkey DO UPDATE
        SET message = excluded.message, created = excluded.created

    ), stored AS (
        INSERT INTO message (id, destination, state, created, stored, event,
                             project, envelope, body)
        SELECT start + row_number() OVER (ORDER BY w.i, v.i, m.i) - 1, d.id,
               0, at, at, v.e ->> 'event', v.e ->> 'project',
               decode(m.e ->> 'envelope', 'hex'), decode(m.e ->> 'body', 'hex')
        FROM new AS w,
             jsonb_array_elements(w.events) WITH ORDINALITY AS v (e, i),
             jsonb_array_elements(v.e -> 'messages')
             WITH ORDINALITY AS m (e, i)
        JOIN destination AS d
        ON d.workspace = m.e ->> 'space' AND d.channel = m.e ->> 'channel'
        RETURNING id
    )
    SELECT jsonb_agg(CASE
               WHEN w.id IS NULL THEN
                   jsonb_build_array(1, coalesce(s.known, f.id), '[]' :: jsonb)
               ELSE jsonb_build_array(0, w.id, (
                   SELECT jsonb_agg(jsonb_build_array(
                       jsonb_array_length(v.e -> 'messages'), 0, 0, 0, 0)
                       ORDER BY v.i)
                   FROM jsonb_array_elements(s.events)
                        WITH ORDINALITY AS v (e, i)))
               END ORDER BY s.i),
           (SELECT count(*) FROM stored)
    INTO results, n
    FROM sized AS s LEFT JOIN new AS w ON w.i = s.i
    LEFT JOIN new AS f ON f.i = s.same;

    PERFORM add_waiting(n);

    RETURN results;
END
$$;
