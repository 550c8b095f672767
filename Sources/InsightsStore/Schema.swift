internal import InsightsSQLite

/// The tables of a store, their indexes, and their version.
///
/// Any SQLite tool can open a store. `invocations`, `errors` and `frames` are public: scripts may
/// rely on their columns. The raw events are compressed, and are read through the program.
public enum Schema {
  /// `PRAGMA user_version` of a store that this code reads and writes.
  public static let version = 9

  /// The first version whose pages have checksums.
  static let firstVersionWithChecksums = 4

  /// `PRAGMA application_id`, "Insi" in ASCII, which distinguishes a store from other databases,
  /// also for `file`.
  public static let applicationID = DatabasePages.storeApplicationID

  /// The SQL that creates an empty store with any SQLite tool, except for the checksums at the end
  /// of its pages.
  public static let sql = """
    PRAGMA application_id = \(applicationID);
    PRAGMA user_version = \(version);

    \(statements)

    """

  /// The tables of facts, which were derived from events; tables that refer to others come first.
  static let factTables = [
    "invocation_details", "invocation_rows", "invocation_groups", "invocation_zones",
    "error_rows", "error_frames", "error_groups", "error_messages", "fact_counts",
  ]

  static let statements = """
    CREATE TABLE log_groups (
      id INTEGER PRIMARY KEY,
      account TEXT,                  -- twelve digits, NULL where the input does not say
      name TEXT,                     -- NULL where the input does not say
      created_ms INTEGER,            -- when the API made it; NULL for one that events came with
      properties TEXT                -- what the API was told of it, a JSON object: retention, tags, class
    ) STRICT;
    CREATE UNIQUE INDEX log_groups_by_name
      ON log_groups (ifnull(account, ''), ifnull(name, ''));

    CREATE TABLE log_streams (
      id INTEGER PRIMARY KEY,
      log_group_id INTEGER NOT NULL REFERENCES log_groups,
      name TEXT,                     -- NULL where the input does not say
      attributes TEXT,               -- system fields that all its events have, a JSON object
      created_ms INTEGER,            -- when the API made it; NULL for one that events came with
      is_stale INTEGER NOT NULL DEFAULT 0 -- 1: its invocations and errors must be derived again
    ) STRICT;
    CREATE UNIQUE INDEX log_streams_by_name
      ON log_streams (log_group_id, ifnull(name, ''), ifnull(attributes, ''));
    CREATE INDEX stale_log_streams ON log_streams (id) WHERE is_stale = 1;

    -- What is kept beside logs, as saved queries and lookup tables of the API.
    CREATE TABLE documents (
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      modified_ms INTEGER NOT NULL,  -- epoch milliseconds
      content TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX documents_by_name ON documents (kind, name);

    -- What was ingested: the first byte_count bytes (after inflating) with this hash gave
    -- event_count events. A file that begins with them was seen before, whole or in part.
    CREATE TABLE sources (
      id INTEGER PRIMARY KEY,
      root_id INTEGER NOT NULL,      -- whose events its own go on with: its own id, or that of the
                                     -- first of the sources that it begins with
      path TEXT NOT NULL,
      log_format TEXT NOT NULL,
      parent_id INTEGER,             -- the source that its beginning is, NULL without one
      log_group TEXT,                -- given by --log-group
      log_stream TEXT,               -- given by --log-stream, or told by the path
      skipped_count INTEGER NOT NULL, -- so many events at its start are stored under other names only
      first_position INTEGER NOT NULL, -- its own events are those of its root from here …
      end_position INTEGER NOT NULL, -- … to the one before this; see segments
      head_hash INTEGER NOT NULL,    -- of the first 64 bytes, to find candidates; 0: there are fewer
      long_head_hash INTEGER NOT NULL, -- the same of the first 4,096 bytes
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
      init_failures INTEGER NOT NULL,  -- INIT_REPORTs and RESTORE_REPORTs that tell of a failure
      suppressed_inits INTEGER NOT NULL, -- and those of an init in the phase of an invocation
      directory BLOB NOT NULL          -- which fields it has, and what lets it be skipped
    ) STRICT;
    CREATE TABLE segment_blocks (
      id INTEGER PRIMARY KEY,
      data BLOB NOT NULL               -- a byte for the way of compression, then the content
    ) STRICT;
    -- Which UUIDs may occur in the messages of a segment; apart, so that one after the other is
    -- quickly read.
    CREATE TABLE segment_uuid_filters (
      id INTEGER PRIMARY KEY REFERENCES segments,
      data BLOB NOT NULL
    ) STRICT;

    -- The fields discovered in JSON messages.
    CREATE TABLE fields (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      event_count INTEGER NOT NULL,
      occurs_behind_limit INTEGER NOT NULL DEFAULT 0 -- 1: in some event it is behind as many values
                                                     -- as become fields, and none
    ) STRICT;

    -- The fields that are indexed, and of each and a segment which values it has not.
    CREATE TABLE field_indexes (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE field_index_filters (
      field_index_id INTEGER NOT NULL REFERENCES field_indexes,
      segment_id INTEGER NOT NULL,
      data BLOB NOT NULL,
      PRIMARY KEY (field_index_id, segment_id)
    ) STRICT, WITHOUT ROWID;

    -- How many rows of invocations and errors there are of each kind; one row.
    CREATE TABLE fact_counts (
      invocations INTEGER NOT NULL DEFAULT 0,
      cold_starts INTEGER NOT NULL DEFAULT 0,
      timeouts INTEGER NOT NULL DEFAULT 0,
      oom INTEGER NOT NULL DEFAULT 0,
      oom_suspects INTEGER NOT NULL DEFAULT 0,
      errors INTEGER NOT NULL DEFAULT 0,
      throttles INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    INSERT INTO fact_counts DEFAULT VALUES;

    -- Invocations as compact as they can be; the view `invocations` shows them to everyone.
    CREATE TABLE invocation_rows (
      id INTEGER PRIMARY KEY,
      group_id INTEGER NOT NULL,
      request_id ANY,                -- the sixteen bytes of a UUID, else its text
      outcome INTEGER NOT NULL,      -- status, 0 to 3; plus 4 cold start, 8 timed out, 16 oom,
                                     -- 32 has details, 64 they tell the billed duration
      start_ms INTEGER,              -- since the base of the group
      end_ms INTEGER,                -- since the start and the duration, where these are known
      duration ANY,                  -- microseconds as an INTEGER, else milliseconds
      max_memory_mb INTEGER
    ) STRICT;
    -- What invocations of a log stream have in common.
    CREATE TABLE invocation_groups (
      id INTEGER PRIMARY KEY,
      log_stream_id INTEGER NOT NULL REFERENCES log_streams,
      version TEXT,
      memory_mb INTEGER,
      base_ms INTEGER NOT NULL       -- epoch milliseconds
    ) STRICT;
    -- What few invocations have.
    CREATE TABLE invocation_details (
      id INTEGER PRIMARY KEY REFERENCES invocation_rows,
      attempt INTEGER,               -- by start time, over all streams of the log group; NULL is 1
      billed_ms INTEGER,             -- unless it is the duration, rounded up
      init ANY,                      -- as duration
      restore ANY,
      billed_restore_ms INTEGER,
      error_type TEXT,
      xray_trace_id TEXT
    ) STRICT;
    -- Between which times the invocations of 4,096 ids start: those whose id >> 12 is this one.
    CREATE TABLE invocation_zones (
      id INTEGER PRIMARY KEY,
      min_start_ms INTEGER,
      max_start_ms INTEGER,
      has_timeless INTEGER NOT NULL  -- 1: some have no start
    ) STRICT;
    CREATE VIEW invocations AS
    SELECT
      r.id AS id,
      \(idText("r.request_id")) AS request_id,
      \(logGroup("i")) AS log_group,
      \(logStream("i")) AS log_stream,
      ifnull(\(detail("attempt")), 1) AS attempt,
      i.version AS version,
      \(InvocationColumns.start) AS start_ms,
      \(InvocationColumns.end) AS end_ms,
      \(InvocationColumns.milliseconds("r.duration")) AS duration_ms,
      \(InvocationColumns.billed(in: "")) AS billed_ms,
      i.memory_mb AS memory_mb,
      r.max_memory_mb AS max_memory_mb,
      \(milliseconds(ofDetail: "init")) AS init_ms,
      \(milliseconds(ofDetail: "restore")) AS restore_ms,
      \(detail("billed_restore_ms")) AS billed_restore_ms,
      CASE r.outcome & 3 WHEN 0 THEN 'success' WHEN 1 THEN 'error' WHEN 2 THEN 'timeout'
        ELSE 'incomplete' END AS status,
      \(detail("error_type")) AS error_type,
      r.outcome >> 2 & 1 AS cold_start,
      r.outcome >> 3 & 1 AS timed_out,
      r.outcome >> 4 & 1 AS oom,
      \(detail("xray_trace_id")) AS xray_trace_id,
      i.log_stream_id AS log_stream_id
    FROM invocation_rows AS r LEFT JOIN \(InvocationColumns.groups);

    -- Errors as compact as they can be; the view `errors` shows them to everyone.
    CREATE TABLE error_rows (
      id INTEGER PRIMARY KEY,
      timestamp_ms INTEGER,
      log_stream_id INTEGER NOT NULL,
      request_id ANY,                -- as that of invocations
      gateway_request_id ANY,        -- likewise
      group_id INTEGER NOT NULL,
      message_id INTEGER             -- NULL without a message
    ) STRICT;
    -- What several errors have in common, kept once.
    CREATE TABLE error_groups (
      id INTEGER PRIMARY KEY,
      hash INTEGER NOT NULL,         -- of the other columns and the frames
      kind TEXT NOT NULL,            -- unhandled, logged, platform or gateway
      runtime TEXT,
      type TEXT,
      top_frame TEXT,
      fingerprint TEXT,
      http_status INTEGER,
      traceback TEXT,                -- without the message in it …
      message_place INTEGER          -- … which follows so many characters; NULL: nothing is left out
    ) STRICT;
    CREATE INDEX error_groups_by_hash ON error_groups (hash);
    CREATE TABLE error_frames (
      group_id INTEGER NOT NULL REFERENCES error_groups,
      position INTEGER NOT NULL,     -- 0 is the innermost
      file TEXT,
      line INTEGER,
      function TEXT,
      code TEXT,
      PRIMARY KEY (group_id, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE error_messages (
      id INTEGER PRIMARY KEY,
      hash INTEGER NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX error_messages_by_hash ON error_messages (hash);
    CREATE VIEW errors AS
    SELECT
      r.id AS id,
      r.timestamp_ms AS timestamp_ms,
      \(logGroup("r")) AS log_group,
      \(logStream("r")) AS log_stream,
      \(idText("r.request_id")) AS request_id,
      e.kind AS kind,
      e.runtime AS runtime,
      e.type AS type,
      \(errorMessage()) AS message,
      e.top_frame AS top_frame,
      e.fingerprint AS fingerprint,
      e.http_status AS http_status,
      \(idText("r.gateway_request_id")) AS gateway_request_id,
      \(traceback(in: "")) AS traceback,
      r.log_stream_id AS log_stream_id
    FROM error_rows AS r LEFT JOIN error_groups AS e ON e.id = r.group_id;
    CREATE VIEW frames AS
    SELECT
      r.id AS error_id,
      f.position AS position,
      f.file AS file,
      f.line AS line,
      f.function AS function,
      f.code AS code
    FROM error_rows AS r JOIN error_frames AS f ON f.group_id = r.group_id;
    """

  /// Returns SQL for the text of an id that is stored as the sixteen bytes of a UUID, or as text.
  private static func idText(_ column: String) -> String {
    let digits = [(1, 4), (5, 2), (7, 2), (9, 2), (11, 6)]
      .map { "hex(substr(\(column), \($0), \($1)))" }
    return """
      CASE typeof(\(column)) WHEN 'blob' THEN lower(
              \(digits.joined(separator: " || '-' ||\n          "))) ELSE \(column) END
      """
  }

  // Unlike joins, subqueries cost nothing if their column is not selected.

  private static func logStream(_ row: String) -> String {
    "(SELECT s.name FROM log_streams AS s WHERE s.id = \(row).log_stream_id)"
  }

  private static func logGroup(_ row: String) -> String {
    """
    (SELECT g.name FROM log_streams AS s JOIN log_groups AS g ON g.id = s.log_group_id
          WHERE s.id = \(row).log_stream_id)
    """
  }

  private static func detail(_ column: String) -> String {
    InvocationColumns.detail(column, in: "")
  }

  private static func milliseconds(ofDetail column: String) -> String {
    InvocationColumns.detail(InvocationColumns.milliseconds(column), in: "")
  }

  /// Returns SQL for the message of the error `r`; `schema` is the schema of the tables, with a
  /// full stop.
  static func errorMessage(in schema: String = "") -> String {
    "(SELECT m.text FROM \(schema)error_messages AS m WHERE m.id = r.message_id)"
  }

  /// Returns SQL for the whole traceback of the error `r` with the group `e`.
  static func traceback(in schema: String) -> String {
    """
    CASE WHEN e.message_place IS NULL THEN e.traceback ELSE substr(e.traceback, 1, e.message_place)
        || \(errorMessage(in: schema)) || substr(e.traceback, e.message_place + 1) END
    """
  }
}
