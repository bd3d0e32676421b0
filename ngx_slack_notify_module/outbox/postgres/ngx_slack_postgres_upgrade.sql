-- What brings the tables of an earlier version to the present one; then all
-- functions are replaced.  It is executed in one transaction while others use
-- the outbox, so each statement must be short, may find its work done, and must
-- leave to modules of the version "oldest" what they know.  A function whose
-- arguments or rows change gets another name.

-- 2: says itself which modules can use it; a channel says since when it is there

ALTER TABLE meta ADD COLUMN IF NOT EXISTS oldest integer NOT NULL DEFAULT 1;
ALTER TABLE meta ALTER COLUMN oldest DROP DEFAULT;

ALTER TABLE destination ADD COLUMN IF NOT EXISTS made bigint NOT NULL
    DEFAULT (1000 * extract(epoch FROM clock_timestamp())) :: bigint;

-- 3: append() stores plain entries by one statement

UPDATE meta SET version = 3, oldest = 1;
