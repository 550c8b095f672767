/// The tables of a store, their indexes, and the number that marks their version.
///
/// Any SQLite tool can open a store. `invocations`, `errors` and `frames` are public: their columns
/// are promised to scripts. The raw events are compressed, and read through the program.
public enum Schema {
  /// `PRAGMA user_version` of a store that this code reads and writes.
  public static let version = 2

  /// `PRAGMA application_id`: "Insi" in ASCII, so that `file` and we know a store from another database.
  public static let applicationID = 0x496E_7369

  static let statements = """
    CREATE TABLE log_groups (
      id INTEGER PRIMARY KEY,
      account TEXT,                  -- twelve digits, NULL where the input does not say
      name TEXT                      -- NULL where the input does not say
    ) STRICT;
    CREATE UNIQUE INDEX log_groups_by_name
      ON log_groups (ifnull(account, ''), ifnull(name, ''));

    CREATE TABLE log_streams (
      id INTEGER PRIMARY KEY,
      log_group_id INTEGER NOT NULL REFERENCES log_groups,
      name TEXT,                     -- NULL where the input does not say
      is_stale INTEGER NOT NULL DEFAULT 0 -- 1: its invocations and errors must be derived again
    ) STRICT;
    CREATE UNIQUE INDEX log_streams_by_name ON log_streams (log_group_id, ifnull(name, ''));

    -- What was ingested: the first byte_count bytes (after inflating) with this hash gave
    -- event_count events. A file that begins with them was seen before, whole or in part.
    CREATE TABLE sources (
      id INTEGER PRIMARY KEY,
      root_id INTEGER NOT NULL,      -- whose events its own go on with: its own id, or that of the
                                     -- first of the sources that it begins with
      path TEXT NOT NULL,
      log_format TEXT NOT NULL,
      log_group TEXT,                -- given by --log-group
      log_stream TEXT,               -- given by --log-stream, or told by the path
      head_hash INTEGER NOT NULL,    -- of the first 64 bytes, to find candidates; 0: there are fewer
      byte_count INTEGER NOT NULL,
      content_hash TEXT NOT NULL,    -- 128 bits in hexadecimal
      event_count INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX sources_by_head ON sources (head_hash);

    -- The raw events in the order of input, some thousands to a segment. A column of a segment is
    -- a block; its id is the segment's times 65,536 plus the number of the column.
    CREATE TABLE segments (
      id INTEGER PRIMARY KEY,
      first_position INTEGER NOT NULL, -- of its first event, in the order of input
      event_count INTEGER NOT NULL,
      min_timestamp INTEGER,           -- epoch milliseconds
      max_timestamp INTEGER,
      text_bytes INTEGER NOT NULL,     -- of all messages
      directory BLOB NOT NULL          -- which fields it has, and what lets it be skipped
    ) STRICT;
    CREATE TABLE segment_blocks (
      id INTEGER PRIMARY KEY,
      data BLOB NOT NULL               -- a byte for the way of compression, then the content
    ) STRICT;

    -- The fields discovered in JSON messages.
    CREATE TABLE fields (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      event_count INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE invocations (
      id INTEGER PRIMARY KEY,
      request_id TEXT,
      log_group TEXT,
      log_stream TEXT,
      attempt INTEGER NOT NULL,      -- from 1, by start time, over all streams of the group
      version TEXT,
      start_ms INTEGER,
      end_ms INTEGER,
      duration_ms REAL,
      billed_ms INTEGER,
      memory_mb INTEGER,
      max_memory_mb INTEGER,
      init_ms REAL,
      restore_ms REAL,
      billed_restore_ms INTEGER,
      status TEXT NOT NULL,          -- success, error, timeout or incomplete
      error_type TEXT,
      cold_start INTEGER NOT NULL,
      timed_out INTEGER NOT NULL,
      oom INTEGER NOT NULL,
      xray_trace_id TEXT,
      log_stream_id INTEGER NOT NULL -- ours: whose rows to derive again when the stream grows
    ) STRICT;
    CREATE INDEX invocations_by_request ON invocations (request_id);
    CREATE INDEX invocations_by_stream ON invocations (log_stream_id);

    CREATE TABLE errors (
      id INTEGER PRIMARY KEY,
      timestamp_ms INTEGER,
      log_group TEXT,
      log_stream TEXT,
      request_id TEXT,
      kind TEXT NOT NULL,            -- unhandled, logged, platform or gateway
      runtime TEXT,
      type TEXT,
      message TEXT,
      top_frame TEXT,
      fingerprint TEXT,
      http_status INTEGER,
      gateway_request_id TEXT,
      traceback TEXT,
      log_stream_id INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX errors_by_stream ON errors (log_stream_id);

    CREATE TABLE frames (
      error_id INTEGER NOT NULL REFERENCES errors,
      position INTEGER NOT NULL,     -- 0 is the innermost
      file TEXT,
      line INTEGER,
      function TEXT,
      code TEXT,
      PRIMARY KEY (error_id, position)
    ) STRICT, WITHOUT ROWID;
    """
}
