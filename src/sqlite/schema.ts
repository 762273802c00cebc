/**
 * The tables of a log's first format.
 *
 * `records` is the log. `events`, `lines` and `counters` are an index of it, written in the same transaction as the records
 * they are read from; where they differ, the log is right.
 *
 * An index on `seq` beside other columns names it nowhere: it is the row's own number, by which SQLite ends every index.
 */
export const schema1 = `
  CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    event INTEGER, -- events.number; null: a record of an endpoint's own
    endpoint INTEGER NOT NULL, -- endpoints.number
    kind INTEGER NOT NULL, -- one of recordKinds
    line TEXT NOT NULL, -- as in a JSONL export; secrets sealed
    previous BLOB NOT NULL, -- the sum of the record appended before it; 16 zero bytes before the first
    sum BLOB NOT NULL -- the first 16 bytes of SHA-256 over previous, seq and line
  ) STRICT;
  CREATE INDEX records_of_event ON records (event) WHERE event IS NOT NULL;
  CREATE INDEX records_of_endpoint ON records (endpoint) WHERE event IS NULL;

  CREATE TABLE endpoints (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    configuration INTEGER -- records.seq of its latest; null: removed, or never registered
  ) STRICT;

  CREATE TABLE events (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    endpoint INTEGER NOT NULL, -- endpoints.number
    lane TEXT, -- null: ordering none, a line of its own
    joined INTEGER, -- the seq by which it took its place; null: it neither waits nor holds its line
    status INTEGER, -- one of settledStatuses; null: unsettled
    settled_at INTEGER, -- milliseconds since 1970
    bytes INTEGER NOT NULL, -- of its payload
    idempotency_key TEXT,
    damaged INTEGER NOT NULL DEFAULT 0 -- 1: a record of it is not what was written
  ) STRICT;
  CREATE UNIQUE INDEX events_by_key ON events (endpoint, idempotency_key) WHERE idempotency_key IS NOT NULL;
  -- An event of an endpoint's one line is in the first of these alone, one that waits for no other in the second alone.
  CREATE INDEX events_waiting_in_lane ON events (endpoint, lane, joined, status, bytes)
    WHERE joined IS NOT NULL AND lane IS NOT NULL;
  CREATE INDEX events_waiting_by_lane ON events (endpoint, joined, status, bytes, lane)
    WHERE joined IS NOT NULL AND (lane IS NULL OR lane <> '');
  CREATE INDEX events_settled ON events (settled_at) WHERE status < 3;
  CREATE INDEX dead_letters ON events (settled_at) WHERE status = 3 AND joined IS NULL;
  CREATE INDEX dead_letters_of_endpoint ON events (endpoint, settled_at) WHERE status = 3;

  CREATE TABLE lines (
    endpoint INTEGER NOT NULL, -- endpoints.number
    lane TEXT NOT NULL,
    sequence INTEGER NOT NULL, -- the last place given
    PRIMARY KEY (endpoint, lane)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE counters (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    last_seq INTEGER NOT NULL,
    last_sum BLOB NOT NULL,
    evicted INTEGER NOT NULL, -- records
    submitted INTEGER NOT NULL, -- events
    attempts INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    dead_lettered INTEGER NOT NULL
  ) STRICT;
  INSERT INTO counters VALUES (1, 0, zeroblob(16), 0, 0, 0, 0, 0, 0);
`

/** What {@link schema1} lacks to list events by type and time. Rows that are there already are left as they are. */
export const schema2 = `
  ALTER TABLE events ADD COLUMN type TEXT; -- of the event; null: written by version 1, see its first record
  ALTER TABLE events ADD COLUMN submitted_at INTEGER; -- milliseconds since 1970; null: as above
`

/** And what it lacks to tell which numbers are an evicted event's. Of a file that has evicted any records, any may be. */
export const schema3 = `
  ALTER TABLE counters ADD COLUMN last_evicted INTEGER NOT NULL DEFAULT 0; -- the greatest records.seq of an event ever removed
  UPDATE counters SET last_evicted = last_seq WHERE evicted > 0;
`

/** `records.kind`. */
export const recordKinds = { event: 1, endpointHealth: 2, endpointConfiguration: 3 } as const

/** `events.status`; an index above counts on deadLettered being the last. */
export const settledStatuses = { delivered: 1, failed: 2, deadLettered: 3 } as const
