-- State of the sink, version 1. Readers rely on applied, watermark, quarantine and status.
CREATE TABLE ledger_connect.version (
    version integer NOT NULL,
    since timestamptz NOT NULL DEFAULT now()
);

-- How far each pipeline has applied each partition of each ledger table. The row is locked while rows are written.
CREATE TABLE ledger_connect.applied (
    pipeline text NOT NULL,
    source text NOT NULL,
    channel text NOT NULL,
    partition integer NOT NULL,
    topic text NOT NULL,
    lsn pg_lsn NOT NULL,
    ordinal bigint NOT NULL,
    committed_at timestamptz,
    snapshot boolean NOT NULL,
    PRIMARY KEY (pipeline, source, channel, partition)
) WITH (fillfactor = 50);

-- The ledger table whose rows each reporting table has: one, of one pipeline.
CREATE TABLE ledger_connect.target (
    target text PRIMARY KEY,
    pipeline text NOT NULL,
    source text NOT NULL,
    channel text NOT NULL,
    UNIQUE (pipeline, source, channel)
);

-- Rollups that the database keeps up, and the statements that they were made by.
CREATE TABLE ledger_connect.rollup (
    target text NOT NULL,
    name text NOT NULL,
    rollup_table text NOT NULL,
    definition text NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (target, name)
);

-- The highest truncate of each ledger table that has emptied an upsert table, whichever partition brought it.
CREATE TABLE ledger_connect.truncation (
    pipeline text NOT NULL,
    source text NOT NULL,
    channel text NOT NULL,
    lsn pg_lsn NOT NULL,
    ordinal bigint NOT NULL,
    PRIMARY KEY (pipeline, source, channel)
) WITH (fillfactor = 50);

-- Streams (captures) that feed a pipeline.
CREATE TABLE ledger_connect.stream (
    pipeline text NOT NULL,
    source text NOT NULL,
    stream text NOT NULL,
    start_lsn pg_lsn NOT NULL,
    snapshot boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('active', 'waiting', 'superseded')),
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pipeline, source, stream)
);

-- The last sequence applied of each channel of each stream, and where in Kafka to read on (a hint).
CREATE TABLE ledger_connect.channel (
    pipeline text NOT NULL,
    source text NOT NULL,
    channel text NOT NULL,
    partition integer NOT NULL,
    stream text NOT NULL,
    sequence bigint NOT NULL,
    topic text NOT NULL,
    kafka_partition integer NOT NULL,
    kafka_offset bigint NOT NULL,
    -- Of records without sequences: how many stand at the applied position, which of them came last, the first's hash.
    at_position bigint NOT NULL DEFAULT 0,
    last_at_position bigint NOT NULL DEFAULT 0,
    first_at_position bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (pipeline, source, stream, channel, partition)
) WITH (fillfactor = 50);

-- Watermarks that are not complete yet, and the highest that is, per stream.
CREATE TABLE ledger_connect.watermark (
    pipeline text NOT NULL,
    source text NOT NULL,
    stream text NOT NULL,
    lsn pg_lsn NOT NULL,
    committed_at timestamptz NOT NULL,
    streams text[] NOT NULL, -- its own, or an earlier attempt at its snapshot
    channels text[] NOT NULL,
    partitions integer[] NOT NULL,
    sequences bigint[] NOT NULL,
    PRIMARY KEY (pipeline, source, stream, lsn)
);

-- Records that the database refused, whole.
CREATE TABLE ledger_connect.quarantine (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pipeline text NOT NULL,
    source text NOT NULL,
    channel text NOT NULL,
    target text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    kafka_offset bigint NOT NULL,
    position text NOT NULL,
    lsn pg_lsn NOT NULL,
    ordinal bigint NOT NULL,
    key json,
    value json,
    reason text NOT NULL,
    sqlstate text,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON ledger_connect.quarantine (pipeline, source);

-- Where a sink stands before a hole.
CREATE TABLE ledger_connect.gap (
    pipeline text NOT NULL,
    source text NOT NULL,
    channel text NOT NULL,
    partition integer NOT NULL,
    stream text NOT NULL,
    missing_sequence bigint NOT NULL,
    after_position text NOT NULL,
    next_seen_sequence bigint, -- null while nothing follows
    topic text NOT NULL,
    kafka_partition integer NOT NULL,
    kafka_offset bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pipeline, source, channel, partition, stream)
);

-- The highest complete watermark of every active stream. Sequences rise with watermarks, so the complete ones precede
-- the others.
CREATE VIEW ledger_connect.complete AS
SELECT s.pipeline, s.source, s.stream, w.lsn, w.committed_at
FROM ledger_connect.stream s
CROSS JOIN LATERAL (
    SELECT m.lsn, m.committed_at
    FROM ledger_connect.watermark m
    WHERE (m.pipeline, m.source, m.stream) = (s.pipeline, s.source, s.stream)
      AND NOT EXISTS (
          SELECT FROM unnest(m.streams, m.channels, m.partitions, m.sequences) AS e (stream, channel, partition, sequence)
          LEFT JOIN ledger_connect.channel c
                 ON (c.pipeline, c.source, c.stream) = (m.pipeline, m.source, e.stream)
                AND (c.channel, c.partition) = (e.channel, e.partition)
          WHERE c.sequence IS NULL OR c.sequence < e.sequence)
    ORDER BY m.lsn DESC
    LIMIT 1) w
WHERE s.state = 'active';

-- One row per pipeline and ledger. complete_through_lsn is the end of a commit record (of what the ledger has written
-- by then, where it is idle): every commit with a lower _lsn is there. The next commit may begin at it.
CREATE VIEW ledger_connect.status AS
SELECT p.pipeline,
       p.source,
       c.lsn AS complete_through_lsn,
       nullif(c.committed_at, 'epoch') AS complete_through_time, -- the source may not know the time of an old slot's position
       (SELECT count(*) FROM ledger_connect.quarantine q
        WHERE (q.pipeline, q.source) = (p.pipeline, p.source)) AS quarantined,
       (SELECT string_agg(format('%s partition %s of stream %s: sequence %s is missing after position %s, %s %s',
                                 g.channel, g.partition, g.stream, g.missing_sequence, g.after_position,
                                 g.topic || '-' || g.kafka_partition,
                                 coalesce('goes on with ' || g.next_seen_sequence, 'brings nothing more')),
                          '; ' ORDER BY g.channel, g.partition)
        FROM ledger_connect.gap g
        JOIN ledger_connect.stream s ON (s.pipeline, s.source, s.stream) = (g.pipeline, g.source, g.stream)
        WHERE (g.pipeline, g.source) = (p.pipeline, p.source) AND s.state <> 'superseded') AS gap
FROM (SELECT DISTINCT pipeline, source FROM ledger_connect.stream) p
LEFT JOIN LATERAL (
    SELECT h.lsn, h.committed_at
    FROM ledger_connect.complete h
    WHERE (h.pipeline, h.source) = (p.pipeline, p.source)
    ORDER BY h.lsn DESC
    LIMIT 1) c ON true;

COMMENT ON VIEW ledger_connect.status IS
    'Through which ledger position and time each pipeline holds everything, how many records were refused, and what is missing';

INSERT INTO ledger_connect.version (version) VALUES (1);
